"""The commands ``declaratie``, ``retour`` and ``verklaar`` on whole cases, as a user runs them."""

import datetime
import json
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from benchmarks.stories import Line, Sent, Story, Toewijzing, bsn
from inkoopcheck.errors import UnusableInput
from inkoopcheck.repair import repair

JANUARY = datetime.date(2026, 1, 1)
TODAY = "--peildatum=2027-06-01"


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "inkoopcheck", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


class Scene:
    """A toewijzing of eight hours a month in a folder, and a declaratie with one month too much."""

    def __init__(self, folder: Path) -> None:
        self.story = Story()
        self.item = Toewijzing(
            nummer=38_400_001,
            child=0,
            categorie="45",
            code="45A48",
            ingang=JANUARY,
            einde=datetime.date(2026, 12, 31),
            volume=8,
        )
        self.other = Toewijzing(
            nummer=38_400_002,
            child=1,
            categorie="45",
            code="45A48",
            ingang=JANUARY,
            einde=datetime.date(2026, 12, 31),
            volume=8,
        )
        self.story.allocate([self.item])
        self.story.allocate([self.other])
        self.dossier = folder / "eerder"
        self.story.write(self.dossier)
        self.story.day = datetime.date(2026, 2, 5)
        self.lines = [
            self.story.line(self.item, JANUARY, 9),
            self.story.line(self.other, JANUARY, 8),
        ]
        self.declaratie = self.story.declare(JANUARY, self.lines)
        self.path = folder / "januari.xml"
        self.path.write_bytes(self.declaratie.to_bytes())


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def test_the_report_says_what_is_refused_and_how_much_money_it_is(scene: Scene) -> None:
    outcome = run("declaratie", scene.path, "--dossier", scene.dossier, "--uitgebreid", TODAY)
    assert outcome.returncode == 1, outcome.stderr
    text = " ".join(outcome.stdout.split())
    assert "IJW-TR321" in text
    assert "Ingediend: € 1.530,00 in 2 prestaties." in text
    assert "Daarvan wordt 1 prestatie afgewezen: € 810,00. Toegekend: € 720,00." in text
    assert "Per maand: januari 2026 € 810,00." in text
    assert "cliënt 1, toewijzing 38400001, januari 2026: € 810,00 (1 prestatie)" in text
    assert "Vergeleken met 2 berichten uit eerder: 2 × JW301." in text
    assert "Een ontvanger wijst een deel af." in text


def test_every_form_tells_of_the_money_and_hides_the_persons(scene: Scene, tmp_path: Path) -> None:
    for form in ("terminal", "html", "xlsx", "json", "csv"):
        target = tmp_path / f"rapport.{form}"
        outcome = run(
            "declaratie", scene.path, "--dossier", scene.dossier, TODAY, f"--formaat={form}", f"--uit={target}"
        )  # fmt: skip
        assert outcome.returncode == 1, outcome.stderr
        if form == "xlsx":
            book = openpyxl.load_workbook(target)
            assert [cell.value for cell in book["Geld"][2]][1:] == [
                1, 38400001, "januari 2026", 1, 1, 810, 810,
            ]  # fmt: skip
            text = str([[c.value for c in row] for sheet in book for row in sheet.iter_rows()])
        else:
            text = target.read_text(encoding="utf-8-sig")
        assert "IJW-TR321" in text
        assert not any(bsn(child) in text + outcome.stdout + outcome.stderr for child in (0, 1))
    money = json.loads((tmp_path / "rapport.json").read_text(encoding="utf-8"))["berichten"][0]
    assert Decimal(money["geld"]["afgewezen"]) == 810
    assert len(money["geld"]["delen"]) == 1


def test_without_a_dossier_it_says_what_it_needs(scene: Scene) -> None:
    outcome = run("declaratie", scene.path, TODAY)
    assert outcome.returncode == 0, outcome.stdout
    text = " ".join(outcome.stdout.split())
    assert "Niet in het dossier: een JW301 van deze gemeente aan deze aanbieder." in text
    assert "Er zijn geen eerdere berichten gegeven." in text


def test_what_is_no_message_in_the_dossier_is_named_and_stops_nothing(scene: Scene) -> None:
    (scene.dossier / "kapot.xml").write_text("<Bericht>", encoding="utf-8")
    first = next(scene.dossier.glob("*JW301*"))
    (scene.dossier / "nog_eens.xml").write_bytes(first.read_bytes())
    outcome = run("declaratie", scene.path, "--dossier", scene.dossier, TODAY)
    assert outcome.returncode == 1
    text = " ".join(outcome.stdout.split())
    assert "Overgeslagen: kapot.xml" in text
    assert "1 bestand stond er al in en telt één keer." in text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [("bestaat_niet", "bestaat niet"), ("leeg", "staan geen berichten")],
)
def test_a_dossier_that_is_not_there_is_said_clearly(
    scene: Scene, tmp_path: Path, wrong: str, sentence: str
) -> None:
    (tmp_path / "leeg").mkdir()
    outcome = run("declaratie", scene.path, "--dossier", tmp_path / wrong, TODAY)
    assert sentence in outcome.stdout + outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_message_refused_at_level_two_is_not_judged_further_unless_asked(scene: Scene) -> None:
    content = scene.declaratie.content["Declaratie"]
    content["TotaalIngediendBedrag"]["TotaalBedrag"] += 1
    scene.path.write_bytes(scene.declaratie.to_bytes())
    plain = run("declaratie", scene.path, "--dossier", scene.dossier, TODAY)
    assert "IJW-TR358" in plain.stdout and "FOUT IJW-TR321" not in plain.stdout
    assert "keurt" in plain.stdout and "--door" in plain.stdout
    # Rules on other messages do not hold here; that is no reason to look further.
    assert "IJW-TR307" in plain.stdout and "IJW-TR349" not in plain.stdout
    further = run("declaratie", scene.path, "--dossier", scene.dossier, TODAY, "--door")
    assert "FOUT IJW-TR358" in further.stdout and "FOUT IJW-TR321" in further.stdout


# --- answers ----------------------------------------------------------------------------------------


def test_the_answer_is_valid_and_brings_the_dossier_to_the_state_that_it_says(
    scene: Scene, tmp_path: Path
) -> None:
    answers = tmp_path / "antwoorden"
    outcome = run("retour", scene.path, "--dossier", scene.dossier, "--uit", answers, TODAY)
    assert outcome.returncode == 1, outcome.stderr
    (answer,) = answers.glob("*-JW325.xml")
    root = etree.parse(answer).getroot()
    texts = {etree.QName(e).localname: e.text for e in root.iter() if e.text and e.text.strip()}
    assert texts["ReferentieNummer"] == scene.lines[0].nummer
    total = root.find(".//{*}TotaalToegekendBedrag/{*}TotaalBedrag")
    assert total is not None and total.text == "72000"
    # The answer itself is right, also beside the declaratie that it answers.
    (scene.dossier / "januari.xml").write_bytes(scene.path.read_bytes())
    checked = run("bericht", answer, "--dossier", scene.dossier, TODAY, "--fail-op=aandachtspunt")
    assert checked.returncode == 0, checked.stdout
    # What was refused may come again; what was granted may not.
    (scene.dossier / "antwoord.xml").write_bytes(answer.read_bytes())
    scene.story.day = datetime.date(2026, 3, 5)
    again = [
        scene.story.line(scene.item, JANUARY, 8),
        scene.story.line(scene.other, JANUARY, 1),
    ]
    later = tmp_path / "februari.xml"
    later.write_bytes(scene.story.declare(JANUARY, again).to_bytes())
    result = run("declaratie", later, "--dossier", scene.dossier, TODAY, "--formaat=json")
    (message,) = json.loads(result.stdout)["berichten"]
    found = {(a["regel"], re.sub(r".*Client\[(\d)\].*", r"\1", a["plaats"]["pad"])) for a in message["afwijkingen"]}  # fmt: skip
    assert found == {("IJW-TR389", "2")}


def answered(scene: Scene, refused: dict[str, str], folder: Path) -> Path:
    scene.story.wait(3)
    answer = folder / "antwoord.xml"
    answer.write_bytes(scene.story.reply(scene.declaratie, refused).to_bytes())
    (scene.dossier / "januari.xml").write_bytes(scene.path.read_bytes())
    return answer


def test_a_refusal_is_explained_with_the_rule_and_what_was_compared(
    scene: Scene, tmp_path: Path
) -> None:
    answer = answered(scene, {scene.lines[0].nummer: "9321"}, tmp_path)
    outcome = run("verklaar", answer, "--dossier", scene.dossier, TODAY)
    assert outcome.returncode == 1, outcome.stderr
    text = " ".join(outcome.stdout.split())
    assert f"Prestatie {scene.lines[0].nummer}, cliënt 1, toewijzing 38400001" in text
    assert "Retourcode 9321" in text and "IJW-TR321:" in text
    assert "Een afgewezen prestatie crediteert u niet." in text
    assert bsn(0) not in outcome.stdout
    explained = run("verklaar", answer, "--dossier", scene.dossier, TODAY, "--formaat=json")
    content = json.loads(explained.stdout)
    (prestatie,) = content["prestaties"]
    assert [a["regel"] for a in prestatie["codes"][0]["oorzaken"]] == ["IJW-TR321"]
    page = tmp_path / "uitleg.html"
    assert run("verklaar", answer, "--dossier", scene.dossier, TODAY, "--formaat=html", f"--uit={page}").returncode == 1  # fmt: skip
    assert "IJW-TR321" in page.read_text(encoding="utf-8")


def test_a_code_that_nothing_explains_is_said_to_be_so(scene: Scene, tmp_path: Path) -> None:
    answer = answered(scene, {scene.lines[1].nummer: "9340"}, tmp_path)
    text = " ".join(run("verklaar", answer, "--dossier", scene.dossier, TODAY).stdout.split())
    assert "regel IJW-TR340" in text
    assert "In het dossier is niets gevonden dat deze code verklaart." in text


def test_an_answer_on_an_unknown_declaratie_still_tells_what_codes_mean(
    scene: Scene, tmp_path: Path
) -> None:
    answer = answered(scene, {scene.lines[1].nummer: "9340"}, tmp_path)
    (scene.dossier / "januari.xml").unlink()
    outcome = run("verklaar", answer, "--dossier", scene.dossier, TODAY)
    assert outcome.returncode == 1
    assert "De declaratie zelf staat niet in het dossier." in " ".join(outcome.stdout.split())


def test_only_a_jw325_can_be_explained(scene: Scene) -> None:
    outcome = run("verklaar", scene.path, "--dossier", scene.dossier, TODAY)
    assert outcome.returncode == 2
    assert "geen JW325 maar JW323" in outcome.stderr


def test_everything_granted_is_told_with_exit_code_zero(scene: Scene, tmp_path: Path) -> None:
    answer = answered(scene, {}, tmp_path)
    outcome = run("verklaar", answer, "--dossier", scene.dossier, TODAY)
    assert outcome.returncode == 0, outcome.stderr
    assert "De gemeente heeft alles toegekend." in outcome.stdout


def test_a_refused_prestatie_without_a_code_is_told_all_the_same(
    scene: Scene, tmp_path: Path
) -> None:
    """It does not fit the schema, and an answer may still hold it."""
    answer = answered(scene, {scene.lines[0].nummer: "9321"}, tmp_path)
    text = re.sub(r"<jw325:RetourCodes>\s*<jw325:RetourCode>9321.*?</jw325:RetourCodes>", "", answer.read_text(encoding="utf-8"), flags=re.DOTALL)  # fmt: skip
    assert "9321" not in text
    answer.write_text(text, encoding="utf-8")
    outcome = run("verklaar", answer, "--dossier", scene.dossier, TODAY)
    assert outcome.returncode == 1, outcome.stderr
    shown = " ".join(outcome.stdout.split())
    assert f"Prestatie {scene.lines[0].nummer}" in shown
    assert "Het JW325 klopt niet met het schema" in shown


def test_a_reference_with_nine_digits_is_shown_as_it_is_but_never_a_bsn(
    scene: Scene, tmp_path: Path
) -> None:
    first, second = (
        client["Prestaties"]["Prestatie"][0]["ProductReferentie"]
        for client in scene.declaratie.content["Declaratie"]["Clienten"]["Client"]
    )
    # Passes the elfproef of a BSN, and is the BSN of nobody here; the other one is that of the child.
    first["ReferentieNummer"], second["ReferentieNummer"] = "123456782", f"X{bsn(1)}"
    scene.path.write_bytes(scene.declaratie.to_bytes())
    answer = answered(scene, {"123456782": "9321", f"X{bsn(1)}": "9340"}, tmp_path)
    outcome = run("verklaar", answer, "--dossier", scene.dossier, TODAY)
    assert "Prestatie 123456782," in " ".join(outcome.stdout.split())
    assert "IJW-TR321:" in outcome.stdout
    assert bsn(1) not in outcome.stdout + outcome.stderr


def test_who_grants_money_without_earlier_messages_is_warned(scene: Scene, tmp_path: Path) -> None:
    scene.declaratie.content["Declaratie"]["Clienten"]["Client"].pop(0)
    scene.declaratie.content["Declaratie"]["TotaalIngediendBedrag"]["TotaalBedrag"] = 72_000
    scene.path.write_bytes(scene.declaratie.to_bytes())
    contract = Path(__file__).parents[1] / "sample_contracts" / "voorbeeldig.xlsx"
    for more, warned in (
        ([], True),
        (["--contract", contract], True),
        (["--dossier", scene.dossier], False),
    ):
        outcome = run("retour", scene.path, *more, "--uit", tmp_path / "terug", TODAY)
        assert ("Of de hulp is toegewezen" in outcome.stderr) is warned, more
    # Says what is needed, and not only the names of the rules.
    assert "Geef met --contract de werkmap" in outcome.stderr


# --- mending ----------------------------------------------------------------------------------------


def spoiled(scene: Scene, *, amount: int = 0, total: int = 0) -> bytes:
    declaratie = scene.declaratie.content["Declaratie"]
    prestatie = declaratie["Clienten"]["Client"][1]["Prestaties"]["Prestatie"][0]
    prestatie["IngediendBedrag"]["Bedrag"] += amount
    declaratie["TotaalIngediendBedrag"]["TotaalBedrag"] += total
    return scene.declaratie.to_bytes()


def test_amounts_and_totals_are_mended_in_a_new_file(scene: Scene, tmp_path: Path) -> None:
    right = scene.declaratie.to_bytes()
    wrong = spoiled(scene, amount=5, total=100)
    scene.path.write_bytes(wrong)
    target = tmp_path / "beter.xml"
    outcome = run(
        "declaratie", scene.path, "--dossier", scene.dossier, TODAY, f"--herstel={target}"
    )
    text = " ".join(outcome.stderr.split())
    assert "2 verbeteringen" in text
    assert "Client[2]/Prestaties/Prestatie[1]/IngediendBedrag/Bedrag: was € 720,05, nu € 720,00 (TR346)" in text  # fmt: skip
    assert target.read_bytes() == right
    assert scene.path.read_bytes() == wrong


def test_nothing_is_mended_where_nothing_is_certain(scene: Scene, tmp_path: Path) -> None:
    target = tmp_path / "beter.xml"
    outcome = run(
        "declaratie", scene.path, "--dossier", scene.dossier, TODAY, f"--herstel={target}"
    )
    assert "niets dat zeker te verbeteren is" in outcome.stderr
    assert not target.exists()


def test_mending_never_takes_the_place_of_the_input(scene: Scene) -> None:
    before = scene.path.read_bytes()
    outcome = run("declaratie", scene.path, TODAY, f"--herstel={scene.path}")
    assert outcome.returncode == 2 and scene.path.read_bytes() == before


def test_minutes_and_euros_stay_as_they_are(scene: Scene) -> None:
    declared = scene.story.declare(
        JANUARY,
        [
            scene.story.line(scene.item, JANUARY, 100, tarief=151, eenheid="01"),
            scene.story.line(scene.item, JANUARY, 100, tarief=None, eenheid="83"),
        ],
    )
    prestatie = declared.content["Declaratie"]["Clienten"]["Client"][0]["Prestaties"]["Prestatie"]
    prestatie[0]["IngediendBedrag"]["Bedrag"] = 1
    declared.content["Declaratie"]["TotaalIngediendBedrag"]["TotaalBedrag"] = 101
    assert repair(declared.to_bytes()).changes == ()


def test_a_credit_of_nothing_keeps_its_sign(scene: Scene) -> None:
    """Without its sign it would be a debit that names an earlier prestatie (CD060)."""
    line = scene.story.line(scene.item, JANUARY, 0)
    declared = scene.story.declare(JANUARY, [scene.story.credit(line)])
    assert repair(declared.to_bytes()).changes == ()


def test_several_messages_cannot_be_mended_at_once_and_that_is_said_first(
    scene: Scene, tmp_path: Path
) -> None:
    other = tmp_path / "nog_een.xml"
    other.write_bytes(scene.path.read_bytes())
    target = tmp_path / "beter.xml"
    outcome = run("declaratie", scene.path, other, TODAY, f"--herstel={target}")
    assert outcome.returncode == 2 and "één declaratie tegelijk" in outcome.stderr
    assert not outcome.stdout and not target.exists()


def test_mending_goes_by_the_schemas_of_the_user(scene: Scene, tmp_path: Path) -> None:
    (tmp_path / "geen_schemas").mkdir()
    with pytest.raises(UnusableInput):
        repair(scene.declaratie.to_bytes(), tmp_path / "geen_schemas")


def test_only_a_valid_jw323_can_be_mended(scene: Scene) -> None:
    with pytest.raises(UnusableInput, match="JW301"):
        repair(scene.story.sent[0].to_bytes())
    scene.declaratie.content["Declaratie"]["DeclaratieNummer"] = ""
    with pytest.raises(UnusableInput, match="schema"):
        repair(scene.declaratie.to_bytes())


_LINES = st.lists(
    st.tuples(st.integers(0, 99), st.integers(0, 20_000), st.integers(0, 10**6), st.booleans()),
    min_size=1,
    max_size=5,
)


@settings(deadline=None, max_examples=40)
@given(_LINES, st.integers(0, 10**6))
def test_what_is_mended_needs_no_more_mending(
    lines: list[tuple[int, int, int, bool]], total: int
) -> None:
    story = Story()
    item = Toewijzing(1, 0, "45", "45A48", JANUARY, volume=8)
    made = [
        Line(
            item,
            JANUARY,
            datetime.date(2026, 1, 31),
            volume,
            "04",
            rate,
            amount,
            f"P{n}",
            f"V{n}" if credit else None,
        )
        for n, (volume, rate, amount, credit) in enumerate(lines)
    ]
    declared: Sent = story.declare(JANUARY, made)
    declared.content["Declaratie"]["TotaalIngediendBedrag"]["TotaalBedrag"] = total
    once = repair(declared.to_bytes())
    root = etree.fromstring(once.content)
    amounts = [
        int(p.findtext("{*}IngediendBedrag/{*}Bedrag") or 0) for p in root.iter("{*}Prestatie")
    ]
    assert amounts == [volume * rate for volume, rate, _, _ in lines]
    assert repair(once.content).changes == ()
