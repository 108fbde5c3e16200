"""Reading messages: what ends up in the tables, what is said of the schema, what is left out."""

import base64
import datetime
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from inkoopcheck.check_messages import MessageChecker
from inkoopcheck.engine.ruleset import MESSAGE_FAMILIES, Ruleset, load_ruleset
from inkoopcheck.errors import UnusableInput
from inkoopcheck.findings.model import Afwijking, Berichtresultaat, Resultaat
from inkoopcheck.locations import xsd_folder
from inkoopcheck.readers.message import MessageReader, ReadMessage
from inkoopcheck.readers.message_files import Found, find_messages
from inkoopcheck.tables.messages import MESSAGE_TABLES, TABLE_BY_ELEMENT, Leaf
from inkoopcheck.tables.schema import Kind
from inkoopcheck.tables.store import MESSAGE_MODEL, Tables
from tests.messages import BIRTH_DATE, PERSONAL, RELEASE, changed, message, written

PEILDATUM = datetime.date(2026, 7, 1)
RULESET = load_ruleset(MESSAGE_FAMILIES)


def read(*contents: bytes, key: bytes = b"k" * 32) -> tuple[Tables, list[ReadMessage]]:
    tables = Tables(MESSAGE_MODEL)
    tables.set_peildatum(PEILDATUM)
    reader = MessageReader(tables, key=key)
    found = [reader.read(Found(f"b{n}.xml", content)) for n, content in enumerate(contents)]
    reader.flush()
    tables.derive(tables.rule_tables)
    return tables, found


def check(*paths: Path, ruleset: Ruleset | None = None) -> Resultaat:
    return MessageChecker(ruleset or RULESET, PEILDATUM).run(paths)


def one(tmp_path: Path, content: bytes) -> Berichtresultaat:
    result = check(written(tmp_path, "bericht.xml", content))
    assert not result.onbruikbaar, result.onbruikbaar
    return result.berichten[0]


def schema_findings(tmp_path: Path, content: bytes) -> list[Afwijking]:
    return [a for a in one(tmp_path, content).afwijkingen if a.familie == "schema"]


def refused(content: bytes, name: str = "bericht.xml") -> str:
    with pytest.raises(UnusableInput) as caught:
        MessageReader(Tables(MESSAGE_MODEL)).read(Found(name, content))
    return str(caught.value)


# --- Rows ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(RELEASE.messages))
def test_every_leaf_of_every_message_ends_up_in_its_column(name: str) -> None:
    content = message(name)
    tables, _ = read(content)
    root = etree.fromstring(content)
    for table in TABLE_BY_ELEMENT.values():
        elements = [
            e for e in root.iter(f"{{*}}{table.element}") if len(e) or table.name == "retourcode"
        ]
        rows = tables.query(f"SELECT * FROM {table.name} ORDER BY regelnummer, rij_id")  # noqa: S608
        assert len(rows) == len(elements), table.name
        for element, row in zip(elements, rows, strict=True):
            assert row["pad"].replace("[1]", "") == plain_path(element).replace("[1]", "")
            assert row["regelnummer"] == element.sourceline
            for column in table.columns:
                if isinstance(column, Leaf) and column.path:
                    expect(column, element, row)


def plain_path(element: etree._Element) -> str:
    parts = []
    for item in (*reversed(list(element.iterancestors())), element):
        before = sum(1 for _ in item.itersiblings(item.tag, preceding=True))
        parts.append(f"{etree.QName(item).localname}[{before + 1}]")
    return "/".join(parts)


def expect(column: Leaf, element: etree._Element, row: dict[str, Any]) -> None:
    path = "." if column.path == "." else "/".join(f"{{*}}{s}" for s in column.path.split("/"))
    found = element if path == "." else element.find(path)
    value = row[column.name]
    if column.kind is Kind.PRESENT:
        assert value is (found is not None), column.name
    elif found is None:
        assert value is None, column.name
    elif column.kind in (Kind.CENTS, Kind.WHOLE, Kind.INTEGER):
        assert value == int(found.text or ""), column.name
    elif column.kind in (Kind.DATE, Kind.PRIVATE_DATE):
        assert value == datetime.date.fromisoformat(found.text or ""), column.name
    elif column.kind is Kind.PSEUDONYM:
        assert value and value != found.text, column.name
    elif column.reading is None:
        assert value == found.text, column.name


def test_every_row_knows_its_message_parent_and_client() -> None:
    content = message("JW325", Client=3, Prestatie=2, RetourCode=2)
    tables, messages = read(content, content)
    assert [m.clienten for m in messages] == [3, 3]
    assert [m.regels for m in messages] == [6, 6]
    rows = tables.query(
        "SELECT r.pad, r.klasse, o.rij_id, o.pad AS ouder, r.client_nr, r.bericht_id, o.bericht_id AS zelfde"
        " FROM retourcode r JOIN prestatie o ON o.rij_id = r.ouder_id WHERE r.klasse = 'Prestatie'"
    )
    assert len(rows) == 24
    for row in rows:
        assert row["pad"].startswith(row["ouder"] + "/RetourCodes/RetourCode[")
        assert f"/Client[{row['client_nr']}]/" in row["pad"]
        assert row["bericht_id"] == row["zelfde"]
    classes = {row["klasse"] for row in tables.query("SELECT DISTINCT klasse FROM retourcode")}
    assert classes == {"Header", "DeclaratieAntwoord", "Client", "Prestatie"}


def test_numbers_dates_and_white_space_are_read_as_xml_schema_means_them() -> None:
    content = changed(message("JW301"), "ToewijzingNummer", " +0007\n")
    content = changed(content, "Ingangsdatum", "\t2026-01-31 ")
    content = changed(content, "Budget", "000000000000000000000000012")
    tables, (found, *_) = read(content)
    assert found.xsd_geldig
    row = tables.query("SELECT * FROM toegewezen_product ORDER BY rij_id")[0]
    assert row["toewijzing_nummer"] == 7
    assert row["ingangsdatum"] == datetime.date(2026, 1, 31)
    assert row["budget"] == 12
    assert row["onleesbaar"] is None


@pytest.mark.parametrize(
    ("element", "column", "value"),
    [
        ("Ingangsdatum", "ingangsdatum", "2026-02-31"),
        ("Ingangsdatum", "ingangsdatum", "31-01-2026"),
        ("Ingangsdatum", "ingangsdatum", "infinity"),
        ("Ingangsdatum", "ingangsdatum", "12026-01-01"),
        ("Budget", "budget", "12,50"),
        ("Budget", "budget", "2.5"),
        ("Budget", "budget", "1e3"),
        ("Budget", "budget", "9" * 40),
        ("ToewijzingNummer", "toewijzing_nummer", "0x10"),
    ],
)
def test_what_cannot_be_read_is_empty_and_named(element: str, column: str, value: str) -> None:
    tables, _ = read(changed(message("JW301"), element, value))
    row = tables.query("SELECT * FROM toegewezen_product ORDER BY rij_id")[0]
    assert row[column] is None
    assert row["onleesbaar"] == [column]


def test_a_rule_on_an_unreadable_value_is_undecided_and_never_passed(tmp_path: Path) -> None:
    content = changed(message("JW307", StopProduct=1), "Einddatum", "2026-02-31")
    result = check(written(tmp_path, "b.xml", content))
    outcome = next(r for r in result.berichtregels if r.regel == "IJW-TR018")
    assert (outcome.gecontroleerd, outcome.niet_te_bepalen) == (0, 1)


@pytest.mark.parametrize(
    ("bsn", "passes", "zeros"),
    [("999900006", True, False), ("999900007", False, False), ("000000000", True, True)],
)
def test_a_bsn_becomes_a_pseudonym_with_the_outcome_of_its_check(
    bsn: str, passes: bool, zeros: bool
) -> None:
    tables, _ = read(changed(message("JW317"), "Bsn", bsn))
    row = tables.query("SELECT * FROM client")[0]
    assert (row["bsn_elfproef"], row["bsn_nul"]) == (passes, zeros)
    assert bsn not in row["client"]


def test_a_pseudonym_is_the_same_with_the_same_key_only() -> None:
    def pseudonyms(key: bytes) -> set[str]:
        tables, _ = read(message("JW317"), message("JW305"), key=key)
        return {row["client"] for row in tables.query("SELECT client FROM client")}

    first = pseudonyms(b"a" * 32)
    assert len(first) == 1
    assert first == pseudonyms(b"a" * 32) != pseudonyms(b"b" * 32)


@pytest.mark.parametrize("name", RELEASE.messages)
def test_rows_that_are_put_together_while_others_are_loaded_are_the_same(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rows() -> list[Any]:
        # Also one that does not fit the schema, and one of another kind in between.
        contents = (message(name), message("JW301"), message(name).replace(b"<Bsn>", b"<Bsn> "))
        tables, found = read(*contents)
        assert found[1].personal.pseudonyms
        people = [one.personal.pseudonyms for one in found]
        return [people, *(tables.query(f"FROM basis.{table}") for table in MESSAGE_TABLES)]

    small = rows()
    monkeypatch.setattr("inkoopcheck.readers.message_extract._LARGE", 0)
    assert rows() == small


def test_no_table_holds_the_text_of_a_person() -> None:
    tables, _ = read(*(message(name) for name in RELEASE.messages))
    for table in MESSAGE_TABLES:
        for row in tables.query(f"SELECT * FROM {table}"):  # noqa: S608
            texts = [str(v) for k, v in row.items() if k != "geboortedatum" and v is not None]
            for secret in (*PERSONAL.values(), BIRTH_DATE):
                assert secret not in texts, (table, secret)


def test_a_message_that_is_not_valid_still_gets_rows_and_marked_findings(tmp_path: Path) -> None:
    content = message("JW307", StopProduct=2)
    content = changed(content, "Begindatum", "2026-03-01")
    content = changed(content, "Einddatum", "2026-02-01")
    content = changed(content, "RedenBeeindiging", "99", number=1)
    found = one(tmp_path, content)
    assert not found.xsd_geldig
    stop = next(a for a in found.afwijkingen if a.regel == "IJW-TR018")
    assert stop.voorbehoud is not None
    assert stop.plaats.pad == "Bericht/Client/StopProducten/StopProduct[1]/Einddatum"
    assert stop.retourcode == "0001"
    assert all(a.voorbehoud is None for a in found.afwijkingen if a.familie == "schema")


# --- The schema explained --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("element", "value", "rule", "expected"),
    [
        ("Eenheid", "99", "IJW-XSD-07", "01 (Minuut)"),
        ("Eenheid", None, "IJW-XSD-01", "Eenheid vóór ProductTarief"),
        ("Eenheid", "", "IJW-XSD-11", "01 (Minuut)"),
        ("GeleverdVolume", "vier", "IJW-XSD-09", "heel getal van 0 tot en met 99.999.999"),
        ("ProductTarief", "-1", "IJW-XSD-10", "eurocenten"),
        ("DeclaratieNummer", "D" * 13, "IJW-XSD-08", "hooguit 12 tekens"),
        ("DeclaratieDagtekening", "2026-02-31", "IJW-XSD-09", "JJJJ-MM-DD"),
        ("DeclaratieDagtekening", "2026-02-01Z", "IJW-XSD-09", "JJJJ-MM-DD"),
        ("Bsn", "1234", "IJW-XSD-09", "precies 9 cijfers"),
        ("BerichtCode", "436", "IJW-XSD-09", "altijd 490"),
        ("IngediendBedrag", None, "IJW-XSD-01", "IngediendBedrag in Prestatie"),
    ],
)
def test_a_schema_error_says_what_belongs_there(
    tmp_path: Path, element: str, value: str | None, rule: str, expected: str
) -> None:
    content = changed(message("JW323", Client=2, Prestatie=2), element, value)
    findings = schema_findings(tmp_path, content)
    assert [a.regel for a in findings] == [rule]
    assert expected in findings[0].verwacht
    assert findings[0].plaats.regelnummer


def with_change(content: bytes, path: str, kind: str) -> bytes:
    """A message with one element doubled, moved, renamed, put in another namespace or given text."""
    root = etree.fromstring(content)
    element = root.findall(f".//{{*}}{path}")[0]
    parent = element.getparent()
    assert parent is not None
    space = etree.QName(element).namespace
    if kind == "double":
        copied = etree.fromstring(etree.tostring(element))
        element.addnext(copied)
    elif kind == "move":
        parent.append(element)
    elif kind == "rename":
        element.tag = f"{{{space}}}Eenhied"
    elif kind == "namespace":
        element.tag = f"{{{RELEASE.base.namespace}}}{path}"
    elif kind == "text":
        parent.text = "los"
    elif kind == "attribute":
        element.set("a", "1")
    elif kind == "child":
        etree.SubElement(element, f"{{{space}}}Bsn").text = "999900006"
    elif kind == "elsewhere":
        parent.insert(0, etree.fromstring(f'<x:Bsn xmlns:x="{space}">999900006</x:Bsn>'))
    return etree.tostring(root)


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("double", "IJW-XSD-03"),
        ("move", "IJW-XSD-01"),
        ("rename", "IJW-XSD-05"),
        ("namespace", "IJW-XSD-06"),
        ("text", "IJW-XSD-12"),
        ("attribute", "IJW-XSD-13"),
        ("child", "IJW-XSD-12"),
        ("elsewhere", "IJW-XSD-04"),
    ],
)
def test_each_kind_of_change_in_the_structure_has_its_own_explanation(
    tmp_path: Path, kind: str, rule: str
) -> None:
    content = with_change(message("JW323", Client=2, Prestatie=2), "Eenheid", kind)
    findings = schema_findings(tmp_path, content)
    wanted = {rule} if kind != "move" else {"IJW-XSD-01", "IJW-XSD-02"}
    assert {a.regel for a in findings} & wanted, [(a.regel, a.melding) for a in findings]
    assert "999900006" not in repr(findings)


def test_a_wrong_outermost_element_is_named(tmp_path: Path) -> None:
    content = message("JW317").replace(b"jw317:Bericht", b"jw317:Berigt")
    assert [a.regel for a in schema_findings(tmp_path, content)] == ["IJW-XSD-14"]


def test_all_errors_are_counted_and_the_list_is_capped(tmp_path: Path) -> None:
    content = message("JW323", Client=5, Prestatie=60).replace(b":Eenheid>", b":Eenhied>")
    found = one(tmp_path, content)
    assert found.schemafouten == 300
    assert sum(a.regel == "IJW-XSD-05" for a in found.afwijkingen) == 100


def test_a_client_is_named_by_number(tmp_path: Path) -> None:
    content = changed(message("JW323", Client=3, Prestatie=1), "Eenheid", "99", number=2)
    (finding,) = schema_findings(tmp_path, content)
    assert finding.plaats.client_nr == 3
    assert finding.plaats.label.startswith("Client 3, Prestatie 1, Eenheid (regel ")


# --- Files, envelopes, releases --------------------------------------------------------------------


def test_folders_and_zips_are_searched_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "diep" / "dieper").mkdir(parents=True)
    written(tmp_path / "diep" / "dieper", "a.XML", message("JW305"))
    written(tmp_path / "diep", "lees.txt", b"geen bericht")
    written(tmp_path, ".verborgen.xml", message("JW305"))
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as package:
        package.writestr("map/c.xml", message("JW307"))
        package.writestr("map/lees.md", "geen bericht")
    result = check(tmp_path)
    assert [m.bestand.naam for m in result.berichten] == ["b.zip/map/c.xml", "diep/dieper/a.XML"]
    assert not result.onbruikbaar


def test_one_bad_file_never_stops_the_others(tmp_path: Path) -> None:
    paths = [
        written(tmp_path, "a.xml", message("JW305")),
        written(tmp_path, "b.xml", b"<a>"),
        written(tmp_path, "c.xml", message("JW307")),
        tmp_path / "bestaat-niet.xml",
    ]
    result = check(*paths)
    assert [m.bestand.naam for m in result.berichten] == ["a.xml", "c.xml"]
    assert [u.bestand for u in result.onbruikbaar] == ["b.xml", "bestaat-niet.xml"]


@pytest.mark.parametrize("wrapped", ["element", "cdata", "base64"])
def test_a_message_is_taken_out_of_its_envelope(tmp_path: Path, wrapped: str) -> None:
    content = changed(message("JW307", StopProduct=1), "RedenBeeindiging", "99")
    inner = content.split(b"?>", 1)[1]
    body = {
        "element": inner,
        "cdata": b"<x:inhoud><![CDATA[" + content + b"]]></x:inhoud>",
        "base64": b"<x:inhoud>" + base64.b64encode(content) + b"</x:inhoud>",
    }[wrapped]
    envelope = (
        b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:x="urn:x">'
        b"<s:Header/><s:Body>" + body + b"</s:Body></s:Envelope>"
    )
    found = one(tmp_path, envelope)
    assert found.omhulsel == "SOAP"
    assert found.berichtsoort == "JW307"
    assert [a.regel for a in found.afwijkingen if a.familie == "schema"] == ["IJW-XSD-07"]


def test_two_messages_in_one_envelope_are_refused() -> None:
    inner = message("JW307").split(b"?>", 1)[1]
    assert "2 berichten" in refused(b"<x>" + inner + inner + b"</x>")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (b"3_2/jw307", b"3_1/jw307", "JW307 van iJw 3.1"),
        (b"ijw/3_2/jw307", b"iwmo/3_2/wmo307", "WMO307"),
        (b"http://www.istandaarden.nl/ijw/3_2/jw307/schema", b"urn:iets", "geen bekend bericht"),
    ],
)
def test_an_unknown_message_is_refused_with_what_is_known(
    old: bytes, new: bytes, sentence: str
) -> None:
    reason = refused(message("JW307").replace(old, new))
    assert sentence in reason
    assert "JW301" in reason


def test_schemas_of_the_user_take_the_place_of_ours(tmp_path: Path) -> None:
    folder = tmp_path / "xsd"
    folder.mkdir()
    for name in ("basisschema.xsd", "jw307.xsd"):
        text = (xsd_folder() / "ijw" / "3.2" / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace("3_2", "3_3"), encoding="utf-8")
    content = message("JW307").replace(b"3_2", b"3_3")
    result = MessageChecker(RULESET, PEILDATUM, schemas=folder).run(
        [written(tmp_path, "nieuw.xml", content), written(tmp_path, "oud.xml", message("JW307"))]
    )
    assert [(m.release, m.xsd_geldig, m.regels > 0) for m in result.berichten] == [
        ("3.3", True, True)
    ]
    assert "JW307 van iJw 3.2" in result.onbruikbaar[0].reden


def test_what_the_bytes_say_is_in_the_table() -> None:
    plain = message("JW307")
    tables, _ = read(plain, b"\xef\xbb\xbf" + plain.replace(b"\r\n", b"\n"))
    first, second = tables.query("SELECT * FROM bericht ORDER BY rij_id")
    assert (first["heeft_bom"], first["regeleinde"], first["tekenset"]) == (False, "CRLF", "utf-8")
    assert (second["heeft_bom"], second["regeleinde"]) == (True, "LF")
    assert first["bestand_bytes"] == len(plain)
    assert first["bestand_extensie"] == ".xml"


def test_a_large_message_gives_the_same_rows_as_a_small_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = message("JW323", Client=40, Prestatie=10)

    def rows(limit: int) -> list[dict[str, Any]]:
        monkeypatch.setattr("inkoopcheck.readers.message._LARGE", limit)
        return read(content)[0].query("SELECT * FROM prestatie ORDER BY rij_id")

    assert rows(10**9) == rows(0)


def test_marks_that_keep_rows_apart_cannot_be_smuggled_in() -> None:
    content = changed(message("JW323"), "ReferentieNummer", "A\ufdd0B")
    assert "U+FDD0" in refused(content)
    content = changed(message("JW323"), "ReferentieNummer", "A\ufdd1\ufdd0B")
    assert "U+FDD0" in refused(content)


def test_batches_give_the_same_result_as_one_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, name in enumerate(sorted(RELEASE.messages)):
        written(tmp_path, f"{number:02}.xml", message(name, seed=number))

    def outcome() -> Any:
        result = check(tmp_path)
        data = result.model_dump(exclude={"gemaakt_op"})
        return data

    whole = outcome()
    monkeypatch.setattr("inkoopcheck.check_messages.BATCH_MESSAGES", 3)
    batched = outcome()
    for one, other in zip(batched["berichtregels"], whole["berichtregels"], strict=True):
        assert one == other
    assert batched == whole


def test_find_messages_reads_a_zip_from_memory_only(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("a.xml", b"<a/>")
    path = written(tmp_path, "zonder-extensie", buffer.getvalue())
    assert [(f.name, f.content) for f in find_messages([path])] == [
        ("zonder-extensie/a.xml", b"<a/>")
    ]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["zonder-extensie"]
