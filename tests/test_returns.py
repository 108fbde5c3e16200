"""What goes back after a check: the right message, the right codes, and nothing to find in it."""

import datetime
import re
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree

from benchmarks.cases import FAULTS, GEMEENTE, KINDS, make_case, make_content, to_element
from benchmarks.messages import make_message, to_bytes
from inkoopcheck.check_messages import MessageChecker
from inkoopcheck.engine.ruleset import MESSAGE_FAMILIES, load_ruleset
from inkoopcheck.errors import UnusableInput
from inkoopcheck.findings.model import Afwijking, Ernst, Normvermelding, Plaats, Status, Zekerheid
from inkoopcheck.readers.message_xml import line_ends, parse_message
from inkoopcheck.returns.build import identification_of
from inkoopcheck.returns.decide import Outcome, Verdict, would_return
from inkoopcheck.returns.make import make_return
from inkoopcheck.schemas.find import find_schema
from inkoopcheck.schemas.structure import load_release

PEILDATUM = datetime.date(2026, 7, 1)
RELEASE = load_release()
ANSWERED = {
    "JW301": "JW302",
    "JW305": "JW306",
    "JW307": "JW308",
    "JW315": "JW316",
    "JW317": "JW318",
    "JW319": "JW320",
    "JW323": "JW325",
}
CODES = {"JW302": "437", "JW306": "439", "JW308": "441", "JW316": "447", "JW318": "487"}
CODES |= {"JW320": "489", "JW325": "491"}
CLASSES = {
    "JW301": ["Client", "Client/ToegewezenProducten/ToegewezenProduct[2]"],
    "JW305": ["Client", "Client/StartProducten/StartProduct[2]"],
    "JW307": ["Client", "Client/StopProducten/StopProduct[2]"],
    "JW315": ["Client", "Client/AangevraagdeProducten/AangevraagdProduct[2]"],
    "JW317": ["Client", "Client/Verzoek", "Client/Verzoek/NieuweProducten/NieuwProduct[2]"],
    "JW319": ["Antwoord", "Antwoord/Woonplaatsbeginsel"],
}
"""Classes that can have a code, in messages with two products."""


def finding(
    code: str | None, path: str | None = None, ernst: Ernst = Ernst.FOUT, rule: str = "IJW-X"
) -> Afwijking:
    text = "tekst"
    return Afwijking(
        regel=rule,
        familie="ijw",
        titel=text,
        ernst=ernst,
        melding=text,
        plaats=Plaats(bestand="bericht.xml", pad=path and f"Bericht/{path}"),
        gevonden=text,
        verwacht=text,
        waarom=text,
        norm=Normvermelding(bron=text, status=Status.STANDAARD, zekerheid=Zekerheid.GELEZEN),
        herstel=text,
        retourcode=code,
    )


def content_of(kind: str, size: int = 2) -> bytes:
    content = make_content(kind, size)
    if kind == "JW319":
        content["Antwoord"] |= {
            "RedenAfwijzingVerzoek": "8",
            "Woonplaatsbeginsel": {"Gemeente": "0363"},
        }
    return to_bytes(to_element(RELEASE.messages[kind], content))


def build(kind: str, *found: Afwijking, size: int = 2) -> etree._Element:
    made = make_return(
        content_of(kind, size), would_return(kind, found, xsd_geldig=True), PEILDATUM
    )
    return parse_message(made).tree.getroot()


def text_at(root: etree._Element, path: str) -> str | None:
    return root.findtext("/".join(f"{{*}}{step}" for step in path.split("/")))


def codes_at(root: etree._Element, path: str) -> list[str | None]:
    found = root.iterfind("/".join(f"{{*}}{step}" for step in path.split("/")))
    return [code.text for item in found for code in item.iterfind("{*}RetourCodes/{*}RetourCode")]


def test_a_message_that_does_not_fit_the_schema_gets_no_answer() -> None:
    verdict = would_return("JW301", [finding("0001", "Client")], xsd_geldig=False)
    assert verdict.outcome is Outcome.SCHEMA
    assert verdict.bericht is None
    assert verdict.refused
    with pytest.raises(UnusableInput, match="past niet in het schema"):
        make_return(content_of("JW301"), verdict, PEILDATUM)


@pytest.mark.parametrize("kind", [k for k in RELEASE.messages if k not in ANSWERED])
def test_a_message_that_answers_gets_no_answer(kind: str) -> None:
    verdict = would_return(kind, [finding("0001", "Client")], xsd_geldig=True)
    assert verdict == Verdict(kind, None, Outcome.NONE, ())
    assert verdict.text == f"Op een {kind} gaat geen bericht terug."


@pytest.mark.parametrize(("kind", "reaction"), ANSWERED.items())
def test_the_header_is_that_of_the_message_with_the_stamp_of_the_maker(
    kind: str, reaction: str
) -> None:
    content = content_of(kind)
    sent = parse_message(content).tree.getroot()
    root = build(kind)
    assert etree.QName(root).namespace == RELEASE.messages[reaction].namespace
    assert text_at(root, "Header/BerichtCode") == CODES[reaction]
    for name in ("BerichtVersie", "BerichtSubversie"):
        assert text_at(root, f"Header/{name}") == text_at(sent, f"Header/{name}")
    own = identification_of(content)
    identification = "Header/BerichtIdentificatie/Identificatie"
    if kind == "JW323":
        assert text_at(root, "Header/Afzender") == GEMEENTE == text_at(sent, "Header/Ontvanger")
        assert text_at(root, "Header/Ontvanger") == text_at(sent, "Header/Afzender")
        assert text_at(root, identification) == own
        assert text_at(root, "Header/BerichtIdentificatie/Dagtekening") == "2026-07-01"
        place = "Header/DeclaratieIdentificatie/Identificatie"
        assert text_at(root, place) == text_at(sent, identification)
        place = "Header/XsdVersieDeclaratie/BerichtXsdVersie"
    else:
        assert text_at(root, "Header/Afzender") == text_at(sent, "Header/Afzender")
        assert text_at(root, "Header/Ontvanger") == text_at(sent, "Header/Ontvanger")
        assert text_at(root, identification) == text_at(sent, identification)
        assert text_at(root, "Header/IdentificatieRetour") == own
        assert text_at(root, "Header/DagtekeningRetour") == "2026-07-01"
        assert text_at(root, "Header/XsdVersieRetour/BerichtXsdVersie") == "0.1.0"
        place = "Header/XsdVersie/BerichtXsdVersie"
    assert text_at(root, place) == text_at(sent, "Header/XsdVersie/BerichtXsdVersie")
    assert root.find(".//{*}XsltVersie") is None


@pytest.mark.parametrize("kind", [k for k in ANSWERED if k != "JW323"])
def test_a_message_in_order_gets_a_header_without_codes(kind: str) -> None:
    root = build(kind, finding("0001", "Client", Ernst.AANDACHTSPUNT), finding(None, "Client"))
    assert [etree.QName(item).localname for item in root] == ["Header"]
    assert root.find(".//{*}RetourCodes") is None


@pytest.mark.parametrize("kind", ANSWERED)
def test_a_fault_of_level_2_refuses_the_whole_message(kind: str) -> None:
    root = build(
        kind, finding("0001", "Client"), finding("9346", "Client"), finding("S300", "Header")
    )
    assert [etree.QName(item).localname for item in root] == ["Header"]
    assert codes_at(root, "Header") == ["0001"]


@pytest.mark.parametrize("kind", ANSWERED)
@pytest.mark.parametrize("place", ["Header", "Header/Afzender", None])
def test_a_fault_in_the_header_goes_before_the_others(kind: str, place: str | None) -> None:
    lower = finding("9019", CLASSES.get(kind, ["Declaratie"])[0])
    root = build(kind, finding("S300", place), finding("8848", place), lower)
    assert [etree.QName(item).localname for item in root] == ["Header"]
    assert codes_at(root, "Header") == ["8848", "S300"]


@pytest.mark.parametrize(("kind", "place"), [(k, p) for k, ps in CLASSES.items() for p in ps])
def test_a_fault_in_a_class_gives_every_class_a_code(kind: str, place: str) -> None:
    root = build(
        kind, finding("S329", f"{place}/Product"), finding("9019", place), finding("9019", place)
    )
    assert codes_at(root, "Header") == ["0200"]
    seen: dict[str, list[str | None]] = {}
    for item in root.iter("{*}RetourCodes"):
        parent = item.getparent()
        assert parent is not None
        assert item.getnext() is None, "codes come last"
        path = root.getroottree().getelementpath(parent)
        plain = re.sub(r"\{[^}]*\}", "", path).replace("[1]", "")
        seen[plain] = [code.text for code in item]
    del seen["Header"]
    assert seen.pop(place) == ["9019", "S329"]
    for other, codes in seen.items():
        assert codes == (["0233"] if other.startswith(f"{place}/") else ["0200"]), other


def test_a_contact_within_a_relation_has_codes_of_its_own() -> None:
    """The JW302 has RetourCodes in Client, Relatie, Contact (in both places) and ToegewezenProduct."""
    root = make_message(RELEASE.messages["JW301"], 5, "maximal")
    verdict = would_return(
        "JW301", [finding("9019", "Client/Relaties/Relatie[2]")], xsd_geldig=True
    )
    made = make_return(to_bytes(root), verdict, datetime.date(2099, 1, 1))
    back = parse_message(made).tree.getroot()
    assert codes_at(back, "Client/Relaties/Relatie") == ["0200", "9019", "0200"]
    assert codes_at(back, "Client/Relaties/Relatie/Contact") == ["0200", "0233", "0200"]
    assert codes_at(back, "Client/Contactgegevens/Contact") == ["0200"] * 3


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize("fill", ["minimal", "maximal", "random"])
def test_what_the_message_says_comes_back_unchanged(kind: str, fill: str) -> None:
    sent = make_message(RELEASE.messages[kind], 11, fill)  # type: ignore[arg-type]
    verdict = would_return(kind, [finding("9019", CLASSES[kind][0])], xsd_geldig=True)
    made = make_return(to_bytes(sent), verdict, datetime.date(2099, 1, 1))
    back = parse_message(made).tree.getroot()
    for codes in list(back.iter("{*}RetourCodes")):
        codes.getparent().remove(codes)  # type: ignore[union-attr]

    def said(root: etree._Element) -> list[tuple[str, str]]:
        body = list(root)[1]
        return [(etree.QName(i).localname, (i.text or "").strip()) for i in body.iter()]

    assert said(back) == said(sent)


def amounts(root: etree._Element) -> tuple[int, int, int]:
    """Submitted, granted and the sum of what is in the answer, in cents with a sign."""

    def signed(item: etree._Element, name: str) -> int:
        cents = int(text_at(item, name) or "")
        return -cents if text_at(item, "DebetCredit") == "C" else cents

    answer = root.find("{*}DeclaratieAntwoord")
    assert answer is not None
    totals = [
        signed(item, "TotaalBedrag")
        for name in ("TotaalIngediendBedrag", "TotaalToegekendBedrag")
        for item in answer.iterfind(f"{{*}}{name}")
    ]
    listed = sum(signed(item, "Bedrag") for item in answer.iter("{*}IngediendBedrag"))
    return totals[0], totals[1], listed


CLIENT = "Declaratie/Clienten/Client"


def test_a_declaratie_in_order_is_granted_as_a_whole() -> None:
    root = build("JW323")
    assert codes_at(root, "Header") == ["0200"]
    assert codes_at(root, "DeclaratieAntwoord") == ["8001"]
    submitted, granted, _ = amounts(root)
    assert submitted == granted > 0
    assert root.find(".//{*}Clienten") is None


def test_a_refused_prestatie_is_all_that_the_answer_lists() -> None:
    root = build(
        "JW323", finding("9346", f"{CLIENT}[2]/Prestaties/Prestatie[3]/IngediendBedrag"), size=25
    )
    sent = parse_message(content_of("JW323", 25)).tree.getroot()
    assert codes_at(root, "Header") == codes_at(root, "DeclaratieAntwoord") == ["0200"]
    assert codes_at(root, "DeclaratieAntwoord/Clienten/Client") == ["0200"]
    (prestatie,) = root.iter("{*}Prestatie")
    assert codes_at(root, "DeclaratieAntwoord/Clienten/Client/Prestaties/Prestatie") == ["9346"]
    original = sent.findall(".//{*}Prestatie")[12]
    values = [item.text for item in prestatie.iter() if not len(item)]
    assert values[:-1] == [item.text for item in original.iter() if not len(item)]
    submitted, granted, listed = amounts(root)
    assert granted == submitted - listed


def test_a_fault_in_a_client_refuses_all_its_prestaties_unjudged() -> None:
    root = build(
        "JW323",
        finding("8187", f"{CLIENT}[3]"),
        finding("9346", f"{CLIENT}[3]/Prestaties/Prestatie[2]"),
        size=25,
    )
    assert codes_at(root, "DeclaratieAntwoord/Clienten/Client") == ["8187"]
    place = "DeclaratieAntwoord/Clienten/Client/Prestaties/Prestatie"
    assert codes_at(root, place) == ["0233"] * 5
    submitted, granted, listed = amounts(root)
    assert granted == submitted - listed


def test_a_fault_in_the_declaratie_grants_nothing() -> None:
    root = build(
        "JW323",
        finding("8214", "Declaratie/DeclaratiePeriode"),
        finding("9346", f"{CLIENT}[1]/Prestaties/Prestatie[1]"),
    )
    assert codes_at(root, "Header") == ["0200"]
    assert codes_at(root, "DeclaratieAntwoord") == ["8214"]
    assert amounts(root)[1] == 0
    assert root.find(".//{*}Clienten") is None


def test_refusing_a_credit_grants_more_than_was_submitted() -> None:
    content = make_content("JW323", 25)
    flat = [
        p for c in content["Declaratie"]["Clienten"]["Client"] for p in c["Prestaties"]["Prestatie"]
    ]
    number = next(i for i, p in enumerate(flat) if p["IngediendBedrag"]["DebetCredit"] == "C")
    place = f"{CLIENT}[{number // 10 + 1}]/Prestaties/Prestatie[{number % 10 + 1}]"
    root = build("JW323", finding("8017", place), size=25)
    submitted, granted, listed = amounts(root)
    assert listed < 0
    assert granted == submitted - listed > submitted


def test_refusing_everything_grants_a_debit_of_nothing() -> None:
    root = build(
        "JW323", *(finding("9338", f"{CLIENT}[1]/Prestaties/Prestatie[{n}]") for n in (1, 2))
    )
    assert amounts(root)[1] == 0
    assert text_at(root, "DeclaratieAntwoord/TotaalToegekendBedrag/DebetCredit") == "D"


def test_a_negative_total_is_a_credit() -> None:
    content = make_content("JW323", 25)
    clients = content["Declaratie"]["Clienten"]["Client"]
    for client in clients:
        for prestatie in client["Prestaties"]["Prestatie"]:
            prestatie["IngediendBedrag"]["DebetCredit"] = "C"
    total = sum(
        p["IngediendBedrag"]["Bedrag"] for c in clients for p in c["Prestaties"]["Prestatie"]
    )
    content["Declaratie"]["TotaalIngediendBedrag"] = {"TotaalBedrag": total, "DebetCredit": "C"}
    sent = to_bytes(to_element(RELEASE.messages["JW323"], content))
    verdict = would_return(
        "JW323", [finding("8017", f"{CLIENT}[1]/Prestaties/Prestatie[1]")], xsd_geldig=True
    )
    root = parse_message(make_return(sent, verdict, PEILDATUM)).tree.getroot()
    submitted, granted, listed = amounts(root)
    assert submitted == -total
    assert granted == submitted - listed < 0


def test_a_code_that_the_standard_does_not_know_is_refused() -> None:
    with pytest.raises(UnusableInput, match=r"retourcode 1234\. Die kent de standaard niet"):
        would_return("JW301", [finding("1234", "Client")], xsd_geldig=True)


def test_an_answer_is_never_dated_before_the_message() -> None:
    verdict = would_return("JW305", [], xsd_geldig=True)
    with pytest.raises(UnusableInput, match="Kies een andere datum"):
        make_return(content_of("JW305"), verdict, datetime.date(2026, 5, 5))
    assert make_return(content_of("JW305"), verdict, datetime.date(2026, 5, 6))


@pytest.mark.parametrize("name", ["", " ", "1234567890123", "a\nb"])
def test_an_identification_that_the_standard_does_not_allow_is_refused(name: str) -> None:
    verdict = would_return("JW305", [], xsd_geldig=True)
    with pytest.raises(UnusableInput, match="12 tekens"):
        make_return(content_of("JW305"), verdict, PEILDATUM, identificatie=name)


def test_a_comment_in_a_value_does_not_come_back() -> None:
    sent = content_of("JW305").replace(b"Achternaam>", b"Achternaam><!-- geheim -->", 1)
    verdict = would_return("JW305", [finding("9019", "Client")], xsd_geldig=True)
    assert b"geheim" not in make_return(sent, verdict, PEILDATUM)


def test_an_answer_in_another_release_stands_in_the_namespaces_of_that_release(
    tmp_path: Path,
) -> None:
    own = Path(find_schema(RELEASE.messages["JW305"].namespace).bestand).parent
    for path in own.glob("*.xsd"):
        text = path.read_text(encoding="utf-8").replace("/3_2/", "/3_3/")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    sent = content_of("JW305").replace(b"/3_2/", b"/3_3/")
    verdict = would_return("JW305", [finding("9019", "Client")], xsd_geldig=True)
    made = make_return(sent, verdict, PEILDATUM, schemas=tmp_path)
    assert b"/ijw/3_3/jw306/schema" in made
    assert b"/3_2/" not in made


# --- with the real check, and the command -------------------------------------------------------


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "inkoopcheck", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def test_whatever_goes_back_after_a_fault_has_nothing_to_find(tmp_path: Path) -> None:
    """Each fault in each message, checked; what goes back is checked again."""
    sent, back = tmp_path / "heen", tmp_path / "terug"
    sent.mkdir()
    back.mkdir()
    for kind in KINDS:
        (sent / f"{kind}.xml").write_bytes(to_bytes(make_case(kind, 7)))
    for fault, of in FAULTS.items():
        for kind in of.kinds:
            (sent / f"{kind}-{fault}.xml").write_bytes(to_bytes(make_case(kind, 7, 0, fault)))
    checker = MessageChecker(load_ruleset(MESSAGE_FAMILIES), PEILDATUM)
    refused = 0
    for item in checker.run([sent]).berichten:
        verdict = would_return(item.berichtsoort, item.afwijkingen, xsd_geldig=item.xsd_geldig)
        if verdict.bericht is None:
            continue
        refused += verdict.refused
        content = (sent / item.bestand.naam).read_bytes()
        made = make_return(content, verdict, PEILDATUM)
        assert line_ends(made) == "CRLF"
        assert not made.startswith(b"\xef\xbb\xbf")
        (back / item.bestand.naam).write_bytes(made)
    assert refused > 30
    for item in checker.run([back]).berichten:
        assert item.xsd_geldig, item.bestand.naam
        # A JW325 has to name the gemeente that the declaratie was sent to, known or not (IV087).
        unknown = item.bestand.naam == "JW323-TR378-OUDER.xml"
        known = {"IJW-TR378-OUDER"} if unknown else set()
        assert {a.regel for a in item.afwijkingen} <= known, item.bestand.naam


def test_the_command_says_what_goes_back_and_writes_it(tmp_path: Path) -> None:
    good, bad = tmp_path / "goed.xml", tmp_path / "fout.xml"
    good.write_bytes(content_of("JW305"))
    bad.write_bytes(to_bytes(make_case("JW307", 2, 0, "TR018")))
    out = tmp_path / "uit"
    done = run("retour", good, bad, "--uit", out, "--peildatum", "2026-07-01")
    assert done.returncode == 1, done.stderr
    assert (
        "goed.xml: Er gaat een JW306 terug met alleen een Header, zonder retourcode." in done.stdout
    )
    assert (
        "fout.xml: Er gaat een JW308 terug met alleen een Header en retourcode 0001." in done.stdout
    )
    assert "Reden: IJW-TR018." in done.stdout
    assert {path.name for path in out.iterdir()} == {"goed-JW306.xml", "fout-JW308.xml"}
    again = run("bericht", out, "--peildatum", "2026-07-01")
    assert again.returncode == 0, again.stdout
    assert run("retour", good, "--uit", out, "--peildatum", "2026-07-01", "--stil").stdout == ""


def test_the_command_takes_a_date_and_an_identification(tmp_path: Path) -> None:
    path = tmp_path / "goed.xml"
    path.write_bytes(content_of("JW305"))
    done = run(
        *("retour", path, "--uit", tmp_path, "--peildatum", "2026-07-01"),
        *("--dagtekening", "2026-05-07", "--identificatie", "RETOUR-1"),
    )
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "goed-JW306.xml").read_text(encoding="utf-8")
    assert "<jw306:IdentificatieRetour>RETOUR-1<" in text
    assert "<jw306:DagtekeningRetour>2026-05-07<" in text


def test_the_command_warns_that_an_answer_grants_money(tmp_path: Path) -> None:
    path = tmp_path / "declaratie.xml"
    path.write_bytes(content_of("JW323"))
    done = run("retour", path, "--uit", tmp_path, "--peildatum", "2026-07-01")
    assert done.returncode == 0, done.stderr
    assert "is hier niet gecontroleerd" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--dagtekening", "2026-07-02"], "in de toekomst"),
        (["--dagtekening", "morgen"], "is geen datum"),
        (["--dagtekening", "2026-05-05"], "Kies een andere datum"),
        (["--identificatie", "1234567890123"], "12 tekens"),
        (["--keuze", "IJW-CD034"], "Schrijf --keuze als"),
        (["--xsd", "bestaat-niet"], "bestaat niet"),
    ],
)
def test_the_command_explains_what_it_cannot_use(
    tmp_path: Path, arguments: list[str], said: str
) -> None:
    path = tmp_path / "goed.xml"
    path.write_bytes(content_of("JW305"))
    out = tmp_path / "uit"
    done = run("retour", path, "--uit", out, "--peildatum", "2026-07-01", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not out.exists()


def test_the_command_never_overwrites_an_input(tmp_path: Path) -> None:
    path, other = tmp_path / "a.xml", tmp_path / "a-JW306.xml"
    path.write_bytes(content_of("JW305"))
    other.write_bytes(content_of("JW307"))
    for given in ([path, other], [tmp_path]):
        done = run("retour", *given, "--uit", tmp_path, "--peildatum", "2026-07-01")
        assert done.returncode == 2
        assert "is een van uw eigen bestanden" in done.stderr
        assert other.read_bytes() == content_of("JW307")


def test_two_messages_with_one_name_get_two_answers(tmp_path: Path) -> None:
    for folder, kind in (("een", "JW305"), ("twee", "JW305")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.xml").write_bytes(content_of(kind, 1 + len(folder)))
    done = run(
        *("retour", tmp_path / "een" / "a.xml", tmp_path / "twee" / "a.xml"),
        *("--uit", tmp_path / "uit", "--peildatum", "2026-07-01"),
    )
    assert done.returncode == 0, done.stderr
    names = {path.name for path in (tmp_path / "uit").iterdir()}
    assert names == {"a-JW306.xml", "a-JW306-2.xml"}


def test_an_unreadable_file_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "kapot.xml").write_bytes(b"<Bericht>")
    (tmp_path / "goed.xml").write_bytes(content_of("JW305"))
    out = tmp_path / "uit"
    done = run("retour", tmp_path, "--uit", out, "--peildatum", "2026-07-01")
    assert done.returncode == 2
    assert "kapot.xml" in done.stderr
    assert [path.name for path in out.iterdir()] == ["goed-JW306.xml"]


def test_personal_data_reach_the_answer_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(to_bytes(make_case("JW307", 2, 0, "TR018")))
    bsn = text_at(parse_message(path.read_bytes()).tree.getroot(), "Client/Bsn")
    assert bsn
    done = run("retour", path, "--uit", tmp_path / bsn[:4], "--peildatum", "2026-07-01")
    assert bsn not in done.stdout + done.stderr


def test_an_answer_larger_than_the_standard_allows_is_written_without_spaces(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent = content_of("JW301")
    verdict = would_return("JW301", [finding("9019", "Client")], xsd_geldig=True)
    usual = make_return(sent, verdict, PEILDATUM)
    monkeypatch.setattr("inkoopcheck.returns.build.LARGEST_MESSAGE", len(usual) - 1)
    small = make_return(sent, verdict, PEILDATUM)
    assert len(small) < len(usual)
    assert small.count(b"\r\n") == 2

    def said(content: bytes) -> list[tuple[str, str]]:
        root = parse_message(content).tree.getroot()
        return [(item.tag, (item.text or "").strip()) for item in root.iter(etree.Element)]

    assert said(small) == said(usual)
