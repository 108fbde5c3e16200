"""Messages beside the contract: which tariff, unit and amount are right, and whose contract it is."""

import datetime
import functools
import random
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from benchmarks.cases import standard_products
from benchmarks.stories import AANBIEDER, GEMEENTE, Line, Story, Toewijzing, simulate
from inkoopcheck import check_messages
from inkoopcheck.chain import NO_CONTRACT, NO_TARIFFS
from inkoopcheck.check_messages import Dossier, MessageChecker
from inkoopcheck.contracts import Contracts
from inkoopcheck.engine.ruleset import CHAIN_FAMILIES, MESSAGE_FAMILIES, Ruleset, load_ruleset
from inkoopcheck.errors import UnusableInput
from inkoopcheck.findings.model import Berichtresultaat, Regeluitkomst, Resultaat, Uitkomst
from inkoopcheck.tables.chain import CONTRACT_CHAIN_TABLES
from sample_contracts.maak_berichten import CLEAN
from tests.workbooks import make_workbook

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "sample_contracts"
PEILDATUM = datetime.date(2026, 7, 1)
MARCH = datetime.date(2026, 3, 1)
Row = Mapping[str, Any]


@functools.cache
def rules() -> Ruleset:
    return load_ruleset((*MESSAGE_FAMILIES, *CHAIN_FAMILIES))


@functools.cache
def contract_rules() -> frozenset[str]:
    return frozenset(r.id for r in rules().rules if r.tabel in CONTRACT_CHAIN_TABLES)


# --- contracts ----------------------------------------------------------------------------------

CONTRACT: Row = {"Contractnummer": "C1", "Gemeentecode": GEMEENTE, "Startdatum": "2026-01-01"}
PROVIDERS: Sequence[Row] = ({"Aanbieder": "Stichting Een", "AGB-code": AANBIEDER},)
TALKS: Row = {"Productcode": "45A48", "Omschrijving": "Gesprekken", "Eenheid": "uur"}
TARIFFS: Sequence[Row] = ({**TALKS, "Tarief (€)": 90, "Tariefjaar": 2026},)


def sheet_of(rows: Sequence[Row]) -> list[list[Any]]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return [names, *([row.get(name) for name in names] for row in rows)]


def write_contract(
    path: Path,
    contract: Row = CONTRACT,
    providers: Sequence[Row] = PROVIDERS,
    tariffs: Sequence[Row] = TARIFFS,
) -> Path:
    """A workbook with the sheets Contract, Aanbieders and Tarieven; an empty one is left out."""
    sheets: dict[str, Sequence[Sequence[Any]]] = {}
    if contract:
        sheets["Contract"] = [list(pair) for pair in contract.items()]
    if providers:
        sheets["Aanbieders"] = sheet_of(providers)
    if tariffs:
        sheets["Tarieven"] = sheet_of(tariffs)
    path.parent.mkdir(parents=True, exist_ok=True)
    return make_workbook(path, sheets)


# --- messages -----------------------------------------------------------------------------------


def begin(**more: Any) -> tuple[Story, Toewijzing]:
    """A story with one toewijzing of talks, and its start."""
    story = Story(day=datetime.date(2026, 2, 20))
    agreed: dict[str, Any] = {"volume": 40, "einde": datetime.date(2026, 12, 31), **more}
    item = Toewijzing(7001, 0, "45", agreed.pop("code", "45A48"), MARCH, **agreed)
    story.allocate([item])
    story.day = datetime.date(2026, 3, 3)
    story.start((item, MARCH))
    story.day = datetime.date(2026, 4, 8)
    return story, item


def checker_of(
    folder: Path, story: Story, workbooks: Sequence[Path], last: int = 1
) -> tuple[MessageChecker, list[Path]]:
    """A checker with all but the last messages as dossier, and the files of the last."""
    paths = story.write(folder / "berichten")
    contracts = Contracts(tuple(workbooks)) if workbooks else None
    dossier = Dossier("dossier", paths=tuple(paths[:-last]))
    return MessageChecker(rules(), PEILDATUM, dossier=dossier, contracts=contracts), paths[-last:]


def check(folder: Path, story: Story, *workbooks: Path, last: int = 1) -> Resultaat:
    checker, paths = checker_of(folder, story, workbooks, last)
    result = checker.run(paths)
    assert not result.onbruikbaar
    return result


def found(message: Berichtresultaat) -> set[str]:
    """The rules that speak, without remarks on how one works (minutes are such a choice)."""
    return {a.regel for a in message.afwijkingen if not a.regel.startswith("IJW-PR-")}


def outcome(result: Resultaat, rule: str) -> Regeluitkomst:
    return next(item for item in result.berichtregels if item.regel == rule)


# --- one fault at a time ------------------------------------------------------------------------

HALF_MARCH: Sequence[Row] = (
    {**TALKS, "Tarief (€)": 90, "Geldig van": "2026-01-01", "Geldig tot en met": "2026-03-14"},
    {**TALKS, "Tarief (€)": 92, "Geldig van": "2026-03-15", "Geldig tot en met": "2026-12-31"},
)
LAST_YEAR: Sequence[Row] = ({**TALKS, "Tarief (€)": 90, "Tariefjaar": 2025},)
OTHER_PRODUCT: Sequence[Row] = (
    {**TALKS, "Productcode": "45A53", "Tarief (€)": 90, "Tariefjaar": 2026},
)
NO_VOLUME = {"code": None, "volume": None, "budget": 500_000}
"""A toewijzing of a category, which names no unit."""

FAULTS: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any], set[str]]] = {
    # name: changes of the contract, of the toewijzing and of the line; the rules that must speak.
    "niets": ({}, {}, {}, set()),
    "tarief een cent te hoog": ({}, {}, {"tarief": 9_001}, {"IJW-TR418"}),
    "tarief een cent te laag": ({}, {}, {"tarief": 8_999}, {"IJW-TR418"}),
    "minuten": ({}, {}, {"eenheid": "01", "tarief": 150, "volume": 455}, set()),
    "minuten met het tarief van een uur": (
        {"tariffs": [{**TALKS, "Tarief (€)": 1.5, "Tariefjaar": 2026}]},
        {},
        {"eenheid": "01", "tarief": 150},
        {"IJW-TR418", "IJW-TR346-CONTRACT"},
    ),
    "zonder omvang, eenheid van het contract": ({}, NO_VOLUME, {"code": "45A48"}, set()),
    "zonder omvang, minuten": (
        {},
        NO_VOLUME,
        {"code": "45A48", "eenheid": "01", "tarief": 150, "volume": 60},
        set(),
    ),
    "zonder omvang, andere eenheid": (
        {},
        NO_VOLUME,
        {"code": "45A48", "eenheid": "16"},
        {"IJW-TR341-CONTRACT"},
    ),
    "met omvang, andere eenheid": ({}, {"eenheid": "16"}, {"eenheid": "16"}, {"DECL-11"}),
    "ander product": ({"tariffs": OTHER_PRODUCT}, {}, {}, {"DECL-01"}),
    "eigen code": (
        {"tariffs": [{**TALKS, "Productcode": "45Z99", "Tarief (€)": 90, "Tariefjaar": 2026}]},
        {"code": "45Z99"},
        {},
        {"DECL-02"},
    ),
    "tarieven van vorig jaar": (
        {"contract": {**CONTRACT, "Startdatum": "2025-01-01"}, "tariffs": LAST_YEAR},
        {},
        {},
        {"DECL-03"},
    ),
    "tarief verandert halverwege": ({"tariffs": HALF_MARCH}, {}, {}, {"DECL-04"}),
    "contract begint halverwege": (
        {"contract": {**CONTRACT, "Startdatum": "2026-03-15"}},
        {},
        {},
        {"DECL-04"},
    ),
    "output": (
        {"contract": {**CONTRACT, "Uitvoeringsvariant": "outputgericht"}},
        {},
        {},
        {"DECL-05"},
    ),
    "inspanning": (
        {"contract": {**CONTRACT, "Uitvoeringsvariant": "inspanningsgericht"}},
        {},
        {},
        set(),
    ),
    "andere aanbieder": (
        {"providers": [{"Aanbieder": "Stichting Twee", "AGB-code": "11111111"}]},
        {},
        {"tarief": 9_001},
        {"DECL-06"},
    ),
    "andere gemeente": (
        {"contract": {**CONTRACT, "Gemeentecode": "0344"}},
        {},
        {"tarief": 9_001},
        {"DECL-07"},
    ),
    "onderaannemer": (
        {"providers": [{**PROVIDERS[0], "Is onderaannemer": "ja"}]},
        {},
        {},
        {"DECL-08"},
    ),
    "bijna alle ruimte": (
        {"contract": {**CONTRACT, "Bestedingsruimte per jaar (€)": 1028.57}},
        {},
        {},
        {"DECL-09"},
    ),
    "net genoeg ruimte": (
        {"contract": {**CONTRACT, "Bestedingsruimte per jaar (€)": 1028.58}},
        {},
        {},
        set(),
    ),
    "meer dan de ruimte": (
        {"contract": {**CONTRACT, "Bestedingsruimte per jaar (€)": 719.99}},
        {},
        {},
        {"DECL-10"},
    ),
    "een contract dat niemand noemt": (
        {"contract": {"Contractnummer": "C1"}, "providers": ()},
        {},
        {"tarief": 9_001},
        {"IJW-TR418"},
    ),
    "alleen tarieven": (
        {"contract": {}, "providers": ()},
        {},
        {"tarief": 9_001},
        {"IJW-TR418"},
    ),
    "naam van de gemeente": (
        {"contract": {"Contractnummer": "C1", "Gemeente": "Gemeente Diemen"}},
        {},
        {},
        set(),
    ),
    "naam van een andere gemeente": (
        {"contract": {"Contractnummer": "C1", "Gemeente": "'s-Gravenhage"}},
        {},
        {},
        {"DECL-07"},
    ),
    "de regio": (
        {
            "contract": {
                "Contractnummer": "C1",
                "Jeugdregio": "Amsterdam-Amstelland",
                "Inkoopschaal": "regio",
            }
        },
        {},
        {},
        set(),
    ),
    "een andere regio": (
        {"contract": {"Contractnummer": "C1", "Jeugdregio": "Eemland", "Inkoopschaal": "regio"}},
        {},
        {},
        {"DECL-07"},
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_declaratie_is_put_beside_the_contract(name: str, tmp_path: Path) -> None:
    contract, agreed, declared, wanted = FAULTS[name]
    story, item = begin(**agreed)
    line = {"volume": 8, "tarief": 9_000, **declared}
    story.declare(MARCH, [story.line(item, MARCH, line.pop("volume"), **line)])
    result = check(tmp_path, story, write_contract(tmp_path / "c.xlsx", **contract))
    (message,) = result.berichten
    assert found(message) == wanted
    if agreed is NO_VOLUME:
        assert outcome(result, "IJW-TR341-CONTRACT").gecontroleerd == 1
    assert not [r.regel for r in result.berichtregels if r.uitkomst is Uitkomst.MISLUKT]


@pytest.mark.parametrize(
    ("contract", "wanted"),
    [
        ({}, [set(), set()]),
        ({"tariffs": OTHER_PRODUCT}, [{"DECL-01"}, {"DECL-01"}]),
        (
            {"tariffs": [{**TALKS, "Eenheid": "dagdeel", "Tarief (€)": 90, "Tariefjaar": 2026}]},
            [{"DECL-11"}, set()],
        ),
        (
            {"contract": {**CONTRACT, "Uitvoeringsvariant": "outputgericht"}},
            [{"DECL-05"}, set()],
        ),
        ({"contract": {**CONTRACT, "Gemeentecode": "0344"}}, [{"DECL-07"}, {"DECL-07"}]),
        (
            {"providers": [{"Aanbieder": "Stichting Twee", "AGB-code": "11111111"}]},
            [{"DECL-06"}, {"DECL-06"}],
        ),
        (
            {"providers": [{**PROVIDERS[0], "Is onderaannemer": "ja"}]},
            [{"DECL-08"}, {"DECL-08"}],
        ),
    ],
)
def test_a_toewijzing_and_a_start_are_put_beside_the_contract(
    contract: dict[str, Any], wanted: list[set[str]], tmp_path: Path
) -> None:
    story, _ = begin()
    workbook = write_contract(tmp_path / "c.xlsx", **contract)
    result = check(tmp_path, story, workbook, last=2)
    assert [message.berichtsoort for message in result.berichten] == ["JW301", "JW305"]
    assert [found(message) for message in result.berichten] == wanted


def test_a_finding_says_what_stands_there_and_what_the_contract_has(tmp_path: Path) -> None:
    story, item = begin()
    story.declare(MARCH, [story.line(item, MARCH, 8, 9_050)])
    tariffs = [*TARIFFS, {**TARIFFS[0], "Functieniveau": "wo", "Tarief (€)": 110}]
    (message,) = check(
        tmp_path, story, write_contract(tmp_path / "c.xlsx", tariffs=tariffs)
    ).berichten
    (deviation,) = message.afwijkingen
    assert deviation.melding == (
        "Het tarief van 45A48 is € 90,50. In het contract is dat € 90,00 of € 110,00."
    )
    assert deviation.retourcode == "0611"
    assert deviation.bedrag == Decimal("724.00")
    assert deviation.plaats.pad is not None and deviation.plaats.pad.endswith("/ProductTarief")
    assert message.geld is not None and message.geld.afgewezen == Decimal("724.00")
    assert "0611" in message.retour


# --- minutes ------------------------------------------------------------------------------------


def half_up(amount: Decimal) -> int:
    """Whole eurocents of an amount in eurocents."""
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def many_lines(
    folder: Path, tariffs: Sequence[tuple[Decimal, str]], lines: Sequence[tuple[str, int, int, int]]
) -> list[set[str]]:
    """The rules that speak of each line: of product n in unit, volume, tariff and amount n.

    Every line has a product of its own, with its tariff (and unit) in the contract.
    """
    story = Story(day=datetime.date(2026, 4, 8))
    rows: list[Row] = []
    made = []
    for number, ((euro, agreed), (unit, volume, rate, amount)) in enumerate(
        zip(tariffs, lines, strict=True)
    ):
        category, code = standard_products()[number]
        rows.append(
            {
                "Productcode": code,
                "Omschrijving": f"Product {number}",
                "Eenheid": agreed,
                "Tarief (€)": float(euro),
                "Tariefjaar": 2026,
            }
        )
        item = Toewijzing(7000 + number, 0, category, code, MARCH)
        line = story.line(item, MARCH, volume, rate, unit)
        made.append(Line(**{**vars(line), "bedrag": amount}))
    story.declare(MARCH, made)
    workbook = write_contract(folder / "c.xlsx", tariffs=rows)
    (message,) = check(folder, story, workbook).berichten
    spoken: list[set[str]] = [set() for _ in made]
    for deviation in message.afwijkingen:
        place = re.search(r"/Prestatie(?:\[(\d+)\])?/", deviation.plaats.pad or "")
        if place is not None:
            spoken[int(place[1] or 1) - 1].add(deviation.regel)
    return spoken


MINUTES = [
    # Tariff per hour in euros, minutes, tariff per minute and amount in eurocents (iJw 3.2, IV081).
    ("87.30", 60, 146, 8_730),
    ("87.24", 60, 145, 8_724),
    ("86.70", 60, 145, 8_670),
    ("107.52", 95, 179, 17_024),
    ("107.52", 450, 179, 80_640),
    ("90.50", 450, 151, 67_875),
    ("90.00", 1, 150, 150),
    ("0.29", 1, 0, 0),
    ("0.30", 1, 1, 1),
    ("98.5049", 60, 164, 9_850),
    ("98.5050", 60, 164, 9_851),
]


def test_minutes_are_counted_with_the_tariff_per_hour(tmp_path: Path) -> None:
    tariffs = [(Decimal(euro), "uur") for euro, *_ in MINUTES]
    good = [("01", volume, rate, amount) for _, volume, rate, amount in MINUTES]
    assert many_lines(tmp_path / "goed", tariffs, good) == [set()] * len(good)
    more = [("01", volume, rate, amount + 1) for _, volume, rate, amount in MINUTES]
    assert many_lines(tmp_path / "meer", tariffs, more) == [{"IJW-TR346-CONTRACT"}] * len(more)
    dearer = [("01", volume, rate + 1, amount) for _, volume, rate, amount in MINUTES]
    # The amount is right by the contract, whatever the tariff in the message says.
    assert many_lines(tmp_path / "duurder", tariffs, dearer) == [{"IJW-TR418"}] * len(dearer)


def test_a_tariff_is_rounded_half_up_to_the_cent(tmp_path: Path) -> None:
    tariffs = [(Decimal(euro), "uur") for euro in ("98.5049", "98.5050", "98.50")]
    rates = (9_850, 9_851, 9_850)
    good = [("04", 2, rate, 2 * rate) for rate in rates]
    assert many_lines(tmp_path / "goed", tariffs, good) == [set()] * 3
    dearer = [("04", 2, rate + 1, 2 * rate + 2) for rate in rates]
    assert many_lines(tmp_path / "duurder", tariffs, dearer) == [{"IJW-TR418"}] * 3


EURO = st.decimals(min_value="0.30", max_value="999.9999", places=4)
LINES = st.lists(
    st.tuples(EURO, st.sampled_from(["01", "04"]), st.integers(1, 900), st.integers(0, 2)),
    min_size=20,
    max_size=40,
)


@settings(max_examples=6, deadline=None, phases=[Phase.generate])
@given(lines=LINES)
def test_what_follows_the_formula_is_right_and_one_cent_more_is_not(
    lines: list[tuple[Decimal, str, int, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    declared, wanted = [], []
    for euro, unit, volume, fault in lines:
        cents = euro * 100
        rate = half_up(cents / 60) if unit == "01" else half_up(cents)
        amount = half_up(cents * volume / 60) if unit == "01" else rate * volume
        speaks: set[str] = set()
        if fault == 1:
            # An amount that does not follow: of minutes the contract says so, of hours the message itself.
            amount += 1
            speaks = {"IJW-TR346-CONTRACT" if unit == "01" else "IJW-TR346"}
        elif fault == 2:
            rate += 1
            amount = amount if unit == "01" else rate * volume
            speaks = {"IJW-TR418"}
        declared.append((unit, volume, rate, amount))
        wanted.append(speaks)
    folder = tmp_path_factory.mktemp("minuten")
    assert many_lines(folder, [(euro, "uur") for euro, *_ in lines], declared) == wanted


def test_the_contract_speaks_in_place_of_the_band_of_the_message_rule(tmp_path: Path) -> None:
    story, item = begin()
    wrong = story.line(item, MARCH, 450, 160, "01")
    right = Line(**{**vars(wrong), "bedrag": 67_500})
    story.declare(MARCH, [right])
    workbook = write_contract(tmp_path / "c.xlsx")
    without = check(tmp_path, story)
    assert "IJW-TR346" in found(without.berichten[0])
    assert outcome(without, "IJW-TR346").afwijkingen == 1
    beside = check(tmp_path, story, workbook)
    assert found(beside.berichten[0]) == {"IJW-TR418"}
    assert outcome(beside, "IJW-TR346").afwijkingen == 0
    assert outcome(beside, "IJW-TR346-CONTRACT").gecontroleerd == 1


def test_a_rule_takes_the_place_of_a_rule_within_the_message() -> None:
    replaced = {rule.vervangt for rule in rules().rules if rule.vervangt}
    assert replaced == {"IJW-TR346"}
    assert replaced <= {rule.id for rule in rules().rules if rule.familie in MESSAGE_FAMILIES}


# --- the ceiling --------------------------------------------------------------------------------


def test_the_ceiling_counts_what_was_not_refused_in_the_year(tmp_path: Path) -> None:
    """720 euros a month; March is refused, April credited and declared anew."""
    story, item = begin()
    workbook = write_contract(
        tmp_path / "c.xlsx", contract={**CONTRACT, "Bestedingsruimte per jaar (€)": 2000}
    )
    refused = story.line(item, MARCH, 8)
    story.reply(story.declare(MARCH, [refused]), {refused.nummer: "9340"})
    april, may = datetime.date(2026, 4, 1), datetime.date(2026, 5, 1)
    story.day = datetime.date(2026, 5, 5)
    first = story.line(item, april, 8)
    story.reply(story.declare(april, [first]))
    story.day = datetime.date(2026, 6, 5)
    lines = [story.credit(first), story.line(item, april, 7), story.line(item, may, 8)]
    last = story.declare(may, lines)
    result = check(tmp_path, story, workbook)
    # 720 - 720 + 630 + 720 = 1,350 euros is less than 70% of 2,000.
    assert found(result.berichten[0]) == set()
    lines[2] = Line(**{**vars(lines[2]), "volume": 9, "bedrag": 81_000})
    story.sent.remove(last)
    story.declare(may, lines)
    result = check(tmp_path, story, workbook)
    (deviation,) = result.berichten[0].afwijkingen
    assert deviation.regel == "DECL-09"
    assert "€ 1.440,00" in deviation.melding and "€ 2.000,00" in deviation.melding


def test_the_ceiling_leaves_out_what_was_refused_without_a_jw325(tmp_path: Path) -> None:
    """March is refused as a whole by a JW325, April by the gemeente on its tariff in this very run."""
    story, item = begin()
    workbook = write_contract(
        tmp_path / "c.xlsx", contract={**CONTRACT, "Bestedingsruimte per jaar (€)": 1100}
    )
    march = story.declare(MARCH, [story.line(item, MARCH, 8)])
    story.reply(march).content["Header"]["RetourCodes"] = {"RetourCode": ["0001"]}
    for month, tarief in ((4, 9_001), (5, 9_000)):
        story.day = datetime.date(2026, month + 1, 5)
        begun = datetime.date(2026, month, 1)
        story.declare(begun, [story.line(item, begun, 8, tarief)])
    result = check(tmp_path, story, workbook, last=2)
    assert [found(message) for message in result.berichten] == [{"IJW-TR418"}, set()]
    assert outcome(result, "DECL-09").gecontroleerd == 2


# --- workbooks ----------------------------------------------------------------------------------


def declared(story: Story, item: Toewijzing, tarief: int = 9_000) -> Story:
    story.declare(MARCH, [story.line(item, MARCH, 8, tarief)])
    return story


def test_without_a_contract_its_rules_say_what_they_need(tmp_path: Path) -> None:
    result = check(tmp_path, declared(*begin()))
    assert len(contract_rules()) >= 14
    for name in contract_rules():
        said = outcome(result, name)
        assert (said.uitkomst, said.reden) == (Uitkomst.NIET_TE_BEPALEN, NO_CONTRACT), name
    assert result.vergeleken_contracten == []


def test_a_contract_without_tariffs_still_says_whose_it_is(tmp_path: Path) -> None:
    workbook = write_contract(tmp_path / "c.xlsx", tariffs=())
    result = check(tmp_path, declared(*begin()), workbook)
    for name in ("IJW-TR418", "IJW-TR341-CONTRACT", "IJW-TR346-CONTRACT", "DECL-01", "DECL-05"):
        said = outcome(result, name)
        assert (said.uitkomst, said.reden) == (Uitkomst.NIET_TE_BEPALEN, NO_TARIFFS), name
    for name in ("DECL-06", "DECL-07", "DECL-08"):
        assert outcome(result, name).uitkomst is Uitkomst.UITGEVOERD, name
    assert "bestedingsruimte" in str(outcome(result, "DECL-10").reden)


def test_the_result_says_which_contract_was_read(tmp_path: Path) -> None:
    tariffs = [*TARIFFS, {**TALKS, "Productcode": "45A53", "Tarief (€)": "op offerte"}]
    workbook = write_contract(tmp_path / "c.xlsx", tariffs=tariffs)
    result = check(tmp_path, declared(*begin()), workbook)
    (compared,) = result.vergeleken_contracten
    assert compared.bestand.naam == "c.xlsx"
    assert [(k.contract, k.aanbieder, k.periode) for k in compared.contracten] == [
        ("C1", "Stichting Een", "vanaf 1-1-2026")
    ]
    assert compared.tarieven == 2
    assert {sheet.blad: sheet.rijen_gebruikt for sheet in compared.bladen} == {
        "Contract": 3,
        "Aanbieders": 1,
        "Tarieven": 2,
    }
    assert compared.leesmeldingen == 1


def test_a_contract_stays_when_messages_come_in_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_messages, "BATCH_MESSAGES", 1)
    story, item = begin()
    for month in (MARCH, datetime.date(2026, 4, 1), datetime.date(2026, 5, 1)):
        story.day = datetime.date(2026, month.month + 1, 8)
        story.declare(month, [story.line(item, month, 8, 9_001)])
    result = check(tmp_path, story, write_contract(tmp_path / "c.xlsx"), last=3)
    assert [found(message) for message in result.berichten] == [{"IJW-TR418"}] * 3


def test_the_contract_of_this_aanbieder_counts_when_there_are_more(tmp_path: Path) -> None:
    """Two workbooks with the same contract number, the same sheet and other tariffs."""
    own = write_contract(tmp_path / "c.xlsx")
    (tmp_path / "ander").mkdir()
    other = write_contract(
        tmp_path / "ander" / "c.xlsx",
        providers=[{"Aanbieder": "Stichting Twee", "AGB-code": "11111111"}],
        tariffs=[{**TARIFFS[0], "Tarief (€)": 95}],
    )
    for workbooks in ((own, other), (other, own), (own, own)):
        good = check(tmp_path, declared(*begin()), *workbooks)
        assert found(good.berichten[0]) == set()
        assert len(good.vergeleken_contracten) == len(set(workbooks))
        wrong = check(tmp_path, declared(*begin(), tarief=9_500), *workbooks)
        assert found(wrong.berichten[0]) == {"IJW-TR418"}


def test_two_contracts_that_follow_each_other_both_count(tmp_path: Path) -> None:
    """The tariffs of 2025 and those of 2026 stand in workbooks of their own."""
    old = write_contract(
        tmp_path / "oud.xlsx",
        contract={**CONTRACT, "Startdatum": "2025-01-01", "Einddatum": "2025-12-31"},
        tariffs=[{**TALKS, "Tarief (€)": 88, "Tariefjaar": 2025}],
    )
    new = write_contract(tmp_path / "nieuw.xlsx")
    assert found(check(tmp_path, declared(*begin()), old, new).berichten[0]) == set()
    wrong = check(tmp_path, declared(*begin(), tarief=8_800), old, new)
    assert found(wrong.berichten[0]) == {"IJW-TR418"}


def test_a_list_of_tariffs_per_aanbieder_gives_that_of_this_one(tmp_path: Path) -> None:
    providers = [*PROVIDERS, {"Aanbieder": "Stichting Twee", "AGB-code": "11111111"}]
    tariffs = [
        {**TARIFFS[0], "Aanbieder": "Stichting Een"},
        {**TARIFFS[0], "Aanbieder": "Stichting Twee", "Tarief (€)": 95},
    ]
    workbook = write_contract(tmp_path / "c.xlsx", providers=providers, tariffs=tariffs)
    assert found(check(tmp_path, declared(*begin()), workbook).berichten[0]) == set()
    wrong = check(tmp_path, declared(*begin(), tarief=9_500), workbook)
    assert found(wrong.berichten[0]) == {"IJW-TR418"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"geen werkmap", "kapot.xlsx is"),
        (None, "vond inkoopcheck geen blad met tarieven of contractgegevens"),
    ],
)
def test_an_unusable_contract_is_named_before_any_message_is_read(
    content: bytes | None, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "kapot.xlsx"
    if content is None:
        make_workbook(path, {"Blad1": [["iets anders"]]})
    else:
        path.write_bytes(content)
    with pytest.raises(UnusableInput, match=r"Het contract kapot\.xlsx is niet te gebruiken") as it:
        MessageChecker(rules(), PEILDATUM, contracts=Contracts((path,)))
    assert reason in str(it.value)


# --- from the command line, and whole cases -----------------------------------------------------


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "inkoopcheck", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def test_the_command_says_which_contract_was_used(tmp_path: Path) -> None:
    case = SAMPLES / "berichten" / CLEAN
    asked = ("declaratie", case / "4_JW323_maart.xml", "--dossier", case, "--peildatum", PEILDATUM)
    done = run(*map(str, asked), "--contract", SAMPLES / "bij_de_berichten.xlsx")
    assert done.returncode == 0, done.stdout + done.stderr
    said = " ".join(done.stdout.split())
    assert "bij_de_berichten.xlsx: contract DI-2026-003 van Diemen" in said
    assert "Tarieven (2 rijen)" in said
    other = run(*map(str, asked), "--contract", SAMPLES / "voorbeeldig.xlsx")
    assert other.returncode == 1 and "IJW-TR418" in other.stdout
    broken = tmp_path / "kapot.xlsx"
    broken.write_bytes(b"geen werkmap")
    unusable = run(*map(str, asked), "--contract", broken)
    assert unusable.returncode == 2
    assert "Het contract kapot.xlsx is niet te gebruiken." in unusable.stderr


def test_the_sample_case_has_nothing_to_find_beside_its_contract() -> None:
    folder = SAMPLES / "berichten" / CLEAN
    contracts = Contracts((SAMPLES / "bij_de_berichten.xlsx",))
    checker = MessageChecker(
        rules(), PEILDATUM, dossier=Dossier("casus", paths=(folder,)), contracts=contracts
    )
    result = checker.run([folder])
    assert {m.bestand.naam: sorted(found(m)) for m in result.berichten if m.afwijkingen} == {}
    for name in ("IJW-TR418", "DECL-01", "DECL-03", "DECL-06", "DECL-07", "DECL-09", "DECL-10"):
        assert outcome(result, name).gecontroleerd, name


@pytest.mark.parametrize("seed", range(2))
def test_a_random_case_and_one_wrong_tariff_in_it(seed: int, tmp_path: Path) -> None:
    story = simulate(seed, children=2, months=3)
    bodies = [
        prestatie
        for sent in story.sent
        if sent.kind == "JW323"
        for client in sent.content["Declaratie"]["Clienten"]["Client"]
        for prestatie in client["Prestaties"]["Prestatie"]
    ]
    agreed = {
        (product["Product"]["Code"], "dagdeel" if product["Omvang"]["Eenheid"] == "16" else "uur")
        for sent in story.sent
        if sent.kind == "JW301"
        for product in sent.content["Client"]["ToegewezenProducten"]["ToegewezenProduct"]
    }
    tariffs = [
        {**TALKS, "Productcode": code, "Eenheid": unit, "Tarief (€)": 90, "Tariefjaar": 2026}
        for code, unit in sorted(agreed)
    ]
    workbook = write_contract(tmp_path / "c.xlsx", tariffs=tariffs)

    def judged() -> dict[str, set[str]]:
        folder = tmp_path / "berichten"
        paths = story.write(folder)
        checker = MessageChecker(
            rules(),
            PEILDATUM,
            dossier=Dossier("alles", paths=(folder,)),
            contracts=Contracts((workbook,)),
        )
        return {m.bestand.naam: found(m) for m in checker.run(paths).berichten if m.afwijkingen}

    before = judged()
    assert {name: rules & contract_rules() for name, rules in before.items()} == {
        name: set() for name in before
    }
    hours = [
        body
        for body in bodies
        if body["Eenheid"] == "04" and body["IngediendBedrag"]["DebetCredit"] == "D"
    ]
    minutes = [
        body
        for body in bodies
        if body["Eenheid"] == "01" and body["IngediendBedrag"]["DebetCredit"] == "D"
    ]
    # In minutes the amount does not follow from the tariff that is named, so it stays right.
    random.Random(seed).choice(minutes or hours)["ProductTarief"] += 1
    after = judged()
    new = [after.get(name, set()) - before.get(name, set()) for name in after]
    assert [rules & contract_rules() for rules in new if rules & contract_rules()] == [
        {"IJW-TR418"}
    ]
