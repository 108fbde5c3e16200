"""The engine: what ran, what could not run, overrides, user rules, comply-or-explain."""

import datetime
import threading
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest

from inkoopcheck.check import ContractChecker, load_explanations
from inkoopcheck.engine.ruleset import Ruleset, load_ruleset
from inkoopcheck.errors import UnusableInput
from inkoopcheck.findings.model import Contractresultaat, Ernst, Regeluitkomst, Uitkomst
from inkoopcheck.readers.vocabulary import load_vocabulary
from inkoopcheck.tables.store import Tables
from tests.workbooks import make_workbook

PEILDATUM = datetime.date(2026, 7, 1)
CONTRACT = [
    ["Contractnummer", "C-1"],
    ["Gemeente", "Voorbeeldstad"],
    ["Startdatum", "1-1-2026"],
    ["Einddatum", "31-12-2026"],
    ["Verlengingsopties", "geen"],
]
TARIEVEN = [
    ["Productcode", "Omschrijving", "Eenheid", "Tarief"],
    ["45A48", "Begeleiding", "uur", 78],
]
RULE = """
id: EIGEN-01
titel: Tarief boven honderd euro
ernst: fout
norm: {bron: afspraak in onze regio van 1-1-2026, status: convenant, zekerheid: V}
tabel: tarief
nodig: [tarief]
waar: tarief > parameter('grens')
velden: [tarief]
melding: "{tarief:euro} is meer dan {parameter.grens:euro}."
gevonden: "{tarief:euro}"
verwacht: "hooguit {parameter.grens:euro}"
waarom: Dat hebben wij zo afgesproken in de regio.
herstel: Verlaag het tarief of leg het uit.
voorbeelden:
  goed: [{tarief: 100}]
  fout: [{tarief: 101}]
"""
PARAMETER = """
- naam: grens
  titel: Grens
  eenheid: euro
  uitleg: Onze grens.
  waarden:
    - {waarde: 100, tot: 2026-12-31, bron: afspraak in onze regio, status: convenant, zekerheid: V}
    - {waarde: 110, van: 2027-01-01, bron: afspraak in onze regio, status: convenant, zekerheid: V}
"""


def check(path: Path, ruleset: Ruleset | None = None, **settings: Any) -> Contractresultaat:
    checker = ContractChecker(ruleset or load_ruleset(), load_vocabulary(), PEILDATUM, **settings)
    return checker.check(path)


def outcome(result: Contractresultaat, rule: str) -> Regeluitkomst:
    return next(item for item in result.regels if item.regel == rule)


def own_rules(tmp_path: Path, rule: str = RULE, settings: str | None = None) -> Path:
    folder = tmp_path / "eigen"
    (folder / "regio").mkdir(parents=True)
    (folder / "parameters").mkdir()
    (folder / "regio" / "EIGEN-01.yaml").write_text(rule, encoding="utf-8")
    (folder / "parameters" / "regio.yaml").write_text(PARAMETER, encoding="utf-8")
    if settings:
        (folder / "instellingen.yaml").write_text(settings, encoding="utf-8")
    return folder


def test_a_rule_without_its_sheet_is_not_run_and_never_passed(tmp_path: Path) -> None:
    result = check(make_workbook(tmp_path / "t.xlsx", {"Tarieven": TARIEVEN}))
    found = outcome(result, "LOOP-03")
    assert found.uitkomst is Uitkomst.NIET_TE_BEPALEN
    assert found.reden == "Het blad Contract ontbreekt in deze werkmap."
    assert found in result.not_run


def test_a_rule_without_its_column_says_which(tmp_path: Path) -> None:
    result = check(make_workbook(tmp_path / "t.xlsx", {"Contract": CONTRACT, "Tarieven": TARIEVEN}))
    found = outcome(result, "VOORW-14")
    assert found.uitkomst is Uitkomst.NIET_TE_BEPALEN
    assert found.reden == "De werkmap zegt niets over: Betaaltermijn (dagen)."


def test_an_empty_cell_is_undecided_and_counted(tmp_path: Path) -> None:
    rows = [*TARIEVEN, ["45A49", "Groep", "uur", None]]
    ruleset = load_ruleset(user_folders=[own_rules(tmp_path)])
    result = check(make_workbook(tmp_path / "t.xlsx", {"Tarieven": rows}), ruleset)
    found = outcome(result, "EIGEN-01")
    assert found.uitkomst is Uitkomst.UITGEVOERD
    assert (found.gecontroleerd, found.niet_te_bepalen) == (1, 1)


def test_the_reason_is_of_this_workbook_and_not_of_the_one_before(tmp_path: Path) -> None:
    checker = ContractChecker(load_ruleset(), load_vocabulary(), PEILDATUM)
    without = [["Contractnummer", "C-1"], ["Startdatum", "1-1-2026"], ["Einddatum", None]]
    checker.check(make_workbook(tmp_path / "a.xlsx", {"Contract": CONTRACT}))
    result = checker.check(make_workbook(tmp_path / "b.xlsx", {"Contract": without}))
    assert outcome(result, "LOOP-03").reden == "Niet ingevuld: Einddatum."


def test_a_finding_names_cell_norm_and_remedy(tmp_path: Path) -> None:
    result = check(make_workbook(tmp_path / "t.xlsx", {"Contract": CONTRACT}))
    finding = next(a for a in result.afwijkingen if a.regel == "LOOP-03")
    assert finding.plaats.label == "Contract!B4"
    assert finding.gevonden == "12 maanden"
    assert finding.verwacht == "ten minste 36 maanden, zonder verlengingen"
    assert finding.contract == "C-1"
    assert finding.gemeente == "Voorbeeldstad"
    assert finding.norm.bron
    assert finding.herstel


def test_the_fingerprint_survives_inserted_rows(tmp_path: Path) -> None:
    first = check(make_workbook(tmp_path / "a.xlsx", {"Contract": CONTRACT}))
    second = check(make_workbook(tmp_path / "b.xlsx", {"Contract": [["Titel"], [], *CONTRACT]}))
    assert {a.vingerafdruk for a in first.afwijkingen} == {
        a.vingerafdruk for a in second.afwijkingen
    }


def test_a_parameter_file_changes_the_outcome_and_is_reported(tmp_path: Path) -> None:
    own = tmp_path / "eigen.yaml"
    own.write_text("minimale_looptijd: {waarde: 12, reden: proef}\n", encoding="utf-8")
    ruleset = load_ruleset(parameter_file=own)
    result = check(make_workbook(tmp_path / "t.xlsx", {"Contract": CONTRACT}), ruleset)
    assert all(a.regel != "LOOP-03" for a in result.afwijkingen)
    change = ruleset.overrides[0]
    assert (change.was, change.nu, change.reden) == ("36", "12", "proef")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("bestaat_niet: 3", "die bestaat niet"),
        ("minimale_looptijd: veel", "is geen getal"),
        ("minimale_looptijd: .nan", "geen gewoon getal"),
        ("- 3", "geen lijst van parameters"),
        ("pleegvergoeding_dag: 3", "meer waarden tegelijk"),
        ("a: [", "geen geldige YAML"),
    ],
)
def test_a_wrong_parameter_file_gets_a_clear_message(
    tmp_path: Path, content: str, sentence: str
) -> None:
    own = tmp_path / "eigen.yaml"
    own.write_text(content, encoding="utf-8")
    with pytest.raises(UnusableInput, match=sentence):
        load_ruleset(parameter_file=own)


def test_own_rules_run_beside_ours_with_dated_parameters(tmp_path: Path) -> None:
    rows = [
        [*TARIEVEN[0], "Tariefjaar"],
        ["45A48", "A", "uur", 105, 2026],
        ["45A48", "A", "uur", 105, 2027],
    ]
    ruleset = load_ruleset(user_folders=[own_rules(tmp_path)])
    result = check(make_workbook(tmp_path / "t.xlsx", {"Tarieven": rows}), ruleset)
    found = [a for a in result.afwijkingen if a.regel == "EIGEN-01"]
    assert [a.melding for a in found] == ["€ 105,00 is meer dan € 100,00."]
    assert found[0].ernst is Ernst.FOUT
    assert "eigen regel uit EIGEN-01.yaml" in ruleset.overrides[0].nu


def test_settings_switch_rules_off_and_change_severity_visibly(tmp_path: Path) -> None:
    settings = (
        "uitgezet: [{regel: LOOP-03, reden: proefperiode}]\nernst: {EIGEN-01: aandachtspunt}\n"
    )
    ruleset = load_ruleset(user_folders=[own_rules(tmp_path, settings=settings)])
    result = check(make_workbook(tmp_path / "t.xlsx", {"Contract": CONTRACT}), ruleset)
    found = outcome(result, "LOOP-03")
    assert (found.uitkomst, found.reden) == (Uitkomst.UITGESCHAKELD, "proefperiode")
    assert {o.wat for o in ruleset.overrides} >= {"regel LOOP-03", "ernst van regel EIGEN-01"}


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (RULE.replace("EIGEN-01", "LOOP-03"), "staat in twee bestanden"),
        (RULE.replace("parameter('grens')", "parameter('weg')"), "parameter 'weg' bestaat niet"),
        (RULE.replace("waar: tarief >", "waar: prijs >"), "klopt niet"),
        (RULE.replace("ernst: fout", "ernst: erg"), "kies uit"),
        ("", "leeg"),
    ],
)
def test_a_wrong_own_rule_is_refused_by_name(tmp_path: Path, rule: str, sentence: str) -> None:
    with pytest.raises(UnusableInput, match=sentence):
        ruleset = load_ruleset(user_folders=[own_rules(tmp_path, rule)])
        ContractChecker(ruleset, load_vocabulary(), PEILDATUM)


def test_switching_off_needs_a_known_rule_and_a_reason() -> None:
    with pytest.raises(UnusableInput, match="bestaat niet"):
        load_ruleset(off=[("LOOP-XX", "omdat")])
    with pytest.raises(UnusableInput, match="reden"):
        load_ruleset(off=[("LOOP-03", " ")])


def test_rules_cannot_reach_files_or_network() -> None:
    tables = Tables()
    tables.close_off()
    for sql in ("SELECT * FROM read_csv('/etc/passwd')", "SET enable_external_access = true"):
        with pytest.raises(duckdb.Error):
            tables.query(sql)
        with pytest.raises(duckdb.Error):
            on_both(tables, sql)


UITLEG = [["Regel", "Productcode", "Reden", "Vastgesteld door", "Geldig tot en met"]]


def explained(tmp_path: Path, *rows: list[Any]) -> Contractresultaat:
    return check(
        make_workbook(tmp_path / "t.xlsx", {"Contract": CONTRACT, "Uitleg": [*UITLEG, *rows]})
    )


def test_an_explained_deviation_stays_but_does_not_count(tmp_path: Path) -> None:
    result = explained(
        tmp_path, ["LOOP-03", None, "proef van een jaar", "afdeling inkoop", "31-12-2026"]
    )
    finding = next(a for a in result.afwijkingen if a.regel == "LOOP-03")
    assert finding.uitgelegd is not None
    assert finding.uitgelegd.reden == "proef van een jaar"
    assert finding.uitgelegd.plaats.label == "Uitleg!A2"
    assert result.explained == 1


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (["LOOP-03", None, "oud besluit", "inkoop", "30-6-2026"], "geldig tot en met 30-6-2026"),
        (["LOOP-03", None, None, "inkoop", None], "zonder reden"),
        (["LOOP-03", None, "omdat", None, None], "zonder wie hem vaststelde"),
        (["TAR-18", None, "omdat", "inkoop", None], "bij geen afwijking past"),
        (["LOOP-03", "45A48", "omdat", "inkoop", None], "bij geen afwijking past"),
    ],
)
def test_an_explanation_that_does_not_count_is_reported(
    tmp_path: Path, row: list[Any], text: str
) -> None:
    result = explained(tmp_path, row)
    assert result.explained == 0
    notes = [a.gevonden for a in result.afwijkingen if a.regel == "LEES-12"]
    assert len(notes) == 1
    assert text in notes[0]


def test_an_explanation_holds_on_its_last_day(tmp_path: Path) -> None:
    assert explained(tmp_path, ["LOOP-03", None, "besluit", "inkoop", "1-7-2026"]).explained == 1


def test_explanations_from_a_file_work_the_same(tmp_path: Path) -> None:
    path = tmp_path / "uitleg.yaml"
    path.write_text(
        "- {regel: LOOP-03, reden: proef, door: inkoop, tot: 2026-12-31}\n", encoding="utf-8"
    )
    workbook = make_workbook(tmp_path / "t.xlsx", {"Contract": CONTRACT})
    assert check(workbook, explanations=load_explanations(path)).explained == 1
    path.write_text("- {regel: LOOP-03, waarom: proef}\n", encoding="utf-8")
    with pytest.raises(UnusableInput, match="waarom: dit veld bestaat niet"):
        load_explanations(path)


def test_amounts_stay_exact_in_the_tables() -> None:
    tables = Tables()
    tables.set_peildatum(PEILDATUM)
    tables.load(
        "tarief", [{"rij_id": 1, "tarief": Decimal("0.1")}, {"rij_id": 2, "tarief": Decimal("0.2")}]
    )
    assert tables.query("SELECT sum(tarief) AS som FROM basis.tarief")[0]["som"] == Decimal("0.3")


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("2 x 12 maanden", 24),
        ("2x1 jaar", 24),
        ("twee maal een jaar", 24),
        ("2 optiejaren", 24),
        ("twee opties van één jaar", 24),
        ("2 verlengingen van telkens 12 maanden", 24),
        ("1x 12 mnd en 1x 6 mnd", 18),
        ("1+1+1 jaar", 36),
        ("24 maanden", 24),
        ("2 x 12 maanden (tot en met 31-12-2030)", 24),
        ("eenmalig 24 maanden", 24),
        ("geen", 0),
        ("2", None),
        ("in overleg", None),
        ("2 keer", None),
    ],
)
def test_extension_options_are_read(text: str, months: int | None) -> None:
    tables = Tables()
    tables.set_peildatum(PEILDATUM)
    tables.load("contract", [{"rij_id": 1, "verlengingsopties": text}])
    tables.derive(["contract"])
    assert (
        tables.query("SELECT verlenging_maanden FROM contract")[0]["verlenging_maanden"] == months
    )


def test_a_slow_query_writes_nothing_between_the_lines_of_a_report() -> None:
    """DuckDB draws a bar on standard output when a query takes some seconds, unless told not to."""
    assert on_both(Tables(), "SELECT current_setting('enable_progress_bar')") == [False, False]


def on_both(tables: Tables, sql: str) -> list[Any]:
    """What a query gives on each of the two connections of tables, held up until both are busy."""
    busy = threading.Barrier(2, timeout=30)

    def ask(connection: duckdb.DuckDBPyConnection) -> Any:
        busy.wait()
        return connection.execute(sql).fetchall()[0][0]

    return tables.at_once([ask, ask])


def number_of(number: int, connection: duckdb.DuckDBPyConnection) -> Any:
    return connection.execute("SELECT ?", [number]).fetchall()[0][0]


def test_calls_are_carried_out_two_at_a_time_and_answer_in_their_order() -> None:
    tables = Tables()
    assert tables.at_once([]) == []
    for length in (1, 2, 50):
        calls = [partial(number_of, number) for number in range(length)]
        assert tables.at_once(calls) == list(range(length))
    tables.connection.execute("INSERT INTO basis.peildatum VALUES ('2026-01-01')")
    assert on_both(tables, "SELECT count(*) FROM basis.peildatum") == [1, 1]


@pytest.mark.parametrize("wrong", [0, 9, 19])
def test_a_call_that_fails_is_told_and_leaves_the_connections_usable(wrong: int) -> None:
    def fail(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute("SELECT * FROM bestaat_niet")

    tables = Tables()
    calls: list[Any] = [partial(number_of, number) for number in range(20)]
    calls[wrong] = fail
    with pytest.raises(duckdb.Error, match="bestaat_niet"):
        tables.at_once(calls)
    assert on_both(tables, "SELECT 7") == [7, 7]
