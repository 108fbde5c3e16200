"""The cost model computes published and own examples to the cent, step by step."""

import ast
import datetime
import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inkoopcheck.calculator import Calculator
from inkoopcheck.engine.ruleset import load_ruleset
from inkoopcheck.engine.tariffs import declared_amount, unit_tariffs
from inkoopcheck.findings.calculation import Berekening
from inkoopcheck.readers.vocabulary import load_vocabulary
from inkoopcheck.reports import tariff_workbook
from inkoopcheck.tables.costmodel import cost_model, parse_model
from inkoopcheck.tables.formula import Formula
from inkoopcheck.tables.store import Tables

CALCULATOR = Calculator(load_ruleset(()), load_vocabulary(), datetime.date(2025, 7, 1))

# The shared input of the worked examples T-A3, T-A5 and T-A6 of the fact tables.
SALARY: dict[str, Any] = {
    "vakantietoeslag": Decimal(8),
    "eindejaarsuitkering": Decimal("8.33"),
    "premies": Decimal("18.72"),
    "pensioen": Decimal("25.9"),
    "franchise": Decimal(17283),
    "werkgeversdeel": Decimal(50),
    "overig_personeel": Decimal(2),
}
HOURS: dict[str, Any] = {
    "uren_bruto": Decimal(1878),
    "verlof_uren": Decimal(200),
    "feestdag_uren": Decimal("46.8"),
    "verzuim": Decimal("7.8"),
    "scholing_uren": Decimal(40),
    "overleg_uren": Decimal(80),
    "organisatie_uren": Decimal(60),
}
PRICE: dict[str, Any] = {
    "jaar": 2025,
    "basisjaar": 2024,
    "overhead_percentage": Decimal(25),
    "overhead_vorm": "opslag",
    "overhead_grondslag": "loonkosten",
    "risico": Decimal(2),
    "index_percentage": Decimal("4.96"),
}
AMBULANT = {
    **SALARY,
    **HOURS,
    **PRICE,
    "productcode": "45A48",
    "eenheid": "04",
    "indirect": Decimal(25),
    "declarabel": "alleen direct",
    "materieel": Decimal("3.50"),
    "huisvesting": Decimal("2.50"),
}
HBO = {**AMBULANT, "functie": "hbo", "aandeel": Decimal(80), "bruto_maandloon": Decimal(3900)}
WO = {**AMBULANT, "functie": "wo", "aandeel": Decimal(20), "bruto_maandloon": Decimal(5100)}


def compute(*rows: dict[str, Any]) -> Berekening:
    (found,) = CALCULATOR.compute(rows)
    return found


def cents(value: Decimal | None) -> str:
    assert value is not None
    return str(value.quantize(Decimal("0.01"), ROUND_HALF_UP))


def shown(calculation: Berekening) -> dict[str, str]:
    return {s.naam: cents(s.waarde) for s in calculation.stappen if s.waarde is not None}


def exact(calculation: Berekening, name: str) -> Decimal:
    (value,) = [s.waarde for s in calculation.stappen if s.naam == name]
    assert value is not None
    return value


def test_every_step_of_the_ambulant_example_is_right() -> None:
    """T-A3: two functions, 80% and 20%; the weighted monthly salary is 4.140,00."""
    calculation = compute(HBO, WO)
    steps = shown(calculation)
    assert steps["jaarloon"] == "49680.00"
    assert steps["vakantietoeslag_bedrag"] == "3974.40"
    assert steps["eindejaarsuitkering_bedrag"] == "4138.34"
    assert exact(calculation, "eindejaarsuitkering_bedrag") == Decimal("4138.344")
    assert exact(calculation, "brutoloon") == Decimal("57792.744")
    assert exact(calculation, "premies_bedrag") == Decimal("10818.8016768")
    assert exact(calculation, "pensioen_bedrag") == Decimal("5246.011848")
    assert exact(calculation, "overig_personeel_bedrag") == Decimal("1155.85488")
    assert exact(calculation, "loonkosten") == Decimal("75013.4124048")
    assert exact(calculation, "beschikbare_uren") == Decimal("1631.2")
    assert exact(calculation, "verzuim_uren") == Decimal("127.2336")
    assert exact(calculation, "netto_uren") == Decimal("1503.9664")
    assert exact(calculation, "clientgebonden_uren") == Decimal("1323.9664")
    assert exact(calculation, "declarabele_uren") == Decimal("992.9748")
    assert str(exact(calculation, "loonkosten_eenheid")).startswith("75.544124")
    assert str(exact(calculation, "overhead_eenheid")).startswith("18.886031")
    assert str(exact(calculation, "kostprijs")).startswith("100.430156")
    assert str(exact(calculation, "tarief_basisjaar")).startswith("102.438759")
    assert str(exact(calculation, "tarief_onafgerond")).startswith("107.519721")
    assert steps["kostprijs"] == "100.43"
    assert steps["tarief_basisjaar"] == "102.44"
    # Everything is given, so there is no band.
    assert calculation.laag == calculation.midden == calculation.hoog == Decimal("107.52")
    amounts = {t.eenheid: t.bedrag for t in calculation.tarieven}
    assert amounts == {
        "uur": Decimal("107.52"),
        "minuut": Decimal("1.79"),
        "uur, als 60 × minuut": Decimal("107.40"),
    }


def test_the_weighted_salary_of_a_mix_is_shown_per_function_and_together() -> None:
    step = next(s for s in compute(HBO, WO).stappen if s.naam == "loonkosten")
    assert [cents(v) for v in step.per_functie] == ["70535.06", "92926.82"]
    assert cents(step.waarde) == "75013.41"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"overhead_vorm": "aandeel"}, "114.26"),
        ({"declarabel": "direct en indirect"}, "82.25"),
    ],
)
def test_one_other_definition_weighs_more_than_all_other_figures(
    change: dict[str, Any], expected: str
) -> None:
    """T-A3, sensitivity: the same input with another definition."""
    assert str(compute({**HBO, **change}, {**WO, **change}).midden) == expected


def test_a_group_per_dagdeel_is_right() -> None:
    """T-A5: hbo and mbo, 4,5 hours each, group of 8 at 90%: 92,75."""
    group = {
        **AMBULANT,
        "eenheid": "16",
        "productcode": "41A03",
        "uren_inzet": Decimal("4.5"),
        "groepsgrootte": Decimal(8),
        "bezetting": Decimal(90),
        "materieel": Decimal(6),
        "huisvesting": Decimal(4),
    }
    calculation = compute(
        {**group, "functie": "hbo", "bruto_maandloon": Decimal(3900)},
        {**group, "functie": "mbo", "bruto_maandloon": Decimal(3300)},
    )
    loonkosten = next(s for s in calculation.stappen if s.naam == "loonkosten")
    assert [cents(v) for v in loonkosten.per_functie] == ["70535.06", "59339.18"]
    steps = shown(calculation)
    assert steps["inzet_loonkosten"] == "441.43"
    assert steps["eenheden"] == "7.20"
    wages, overhead = (
        exact(calculation, "loonkosten_eenheid"),
        exact(calculation, "overhead_eenheid"),
    )
    assert cents(wages + overhead) == "76.64"
    assert steps["tarief_basisjaar"] == "88.37"
    assert str(calculation.midden) == "92.75"


def test_stay_per_etmaal_is_right() -> None:
    """T-A6: 4 fte hbo and 3 fte mbo with 10% ORT, 8 places at 92%: 306,99 and 9.337,61 a month."""
    stay = {
        **SALARY,
        **HOURS,
        **PRICE,
        "productcode": "44A09",
        "eenheid": "14",
        "ort": Decimal(10),
        "plaatsen": Decimal(8),
        "bezetting": Decimal(92),
        "huisvesting_jaar": Decimal(96000),
        "verzorging_jaar": Decimal(48000),
    }
    calculation = compute(
        {**stay, "functie": "hbo", "fte": Decimal(4), "bruto_maandloon": Decimal(3900)},
        {**stay, "functie": "mbo", "fte": Decimal(3), "bruto_maandloon": Decimal(3300)},
    )
    loonkosten = next(s for s in calculation.stappen if s.naam == "loonkosten")
    assert [cents(v) for v in loonkosten.per_functie] == ["76790.82", "64632.51"]
    steps = shown(calculation)
    assert steps["inzet_loonkosten"] == "501060.81"
    assert exact(calculation, "etmalen") == Decimal("2686.4")
    assert cents(exact(calculation, "kostprijs") * Decimal("2686.4")) == "770326.02"
    assert steps["kostprijs"] == "286.75"
    assert steps["tarief_basisjaar"] == "292.49"
    assert str(calculation.midden) == "306.99"
    assert {t.eenheid: str(t.bedrag) for t in calculation.tarieven}["maand"] == "9337.61"


def test_a_trajectory_per_stuk_is_right() -> None:
    """Own example. Loonkosten hbo 70.535,06 (T-A3) through 992,9748 hours is 71,0341 an hour.

    30 hours: 2.131,02; overhead 25%: 532,76; materials and housing 30 × 6,00 = 180,00; tests 150,00.
    Cost price 2.993,78; times 1,02 is 3.053,65; times 1,0496 is 3.205,11; in three stuks 1.068,37.
    """
    calculation = compute(
        {
            **HBO,
            "aandeel": None,
            "eenheid": "82",
            "uren_inzet": Decimal(30),
            "overige_kosten": Decimal(150),
            "aantal_stuks": Decimal(3),
        }
    )
    assert shown(calculation)["inzet_loonkosten"] == "2131.02"
    assert cents(exact(calculation, "kostprijs") * 3) == "2993.78"
    assert str(calculation.midden) == "1068.37"


def test_a_month_of_jeugdbescherming_is_right() -> None:
    """Own example. One jeugdbeschermer (70.535,06) and 0,1 fte gedragsdeskundige (92.926,82) for 12
    children: 79.827,74 a year; through 144 client months 554,3593; overhead 25% 138,5898; cost price
    692,9491; times 1,02 and 1,0496 is 741,87."""
    team = {
        **SALARY,
        **HOURS,
        **PRICE,
        "productcode": "48A01",
        "eenheid": "82",
        "caseload": Decimal(12),
    }
    calculation = compute(
        {**team, "functie": "jeugdbeschermer", "fte": Decimal(1), "bruto_maandloon": Decimal(3900)},
        {
            **team,
            "functie": "gedragsdeskundige",
            "fte": Decimal("0.1"),
            "bruto_maandloon": Decimal(5100),
        },
    )
    assert calculation.vorm == "per maand"
    assert shown(calculation)["inzet_loonkosten"] == "79827.74"
    assert str(calculation.midden) == "741.87"


def test_foster_care_holds_the_pleegvergoeding_of_the_year() -> None:
    """Own example, 2025: 70.535,06 for 15 children is 12,8831 a day; overhead 25% 3,2208; with 24,18,
    26,68 or 29,76 for the child; times 1,02 and 1,0496. Never below the lowest pleegvergoeding."""
    row = {
        **SALARY,
        **HOURS,
        **PRICE,
        "basisjaar": 2025,
        "profiel": "pleegzorg",
        "productcode": "44A07",
        "functie": "pleegzorgwerker",
        "bruto_maandloon": Decimal(3900),
        "caseload": Decimal(15),
    }
    calculation = compute(row)
    assert [str(v) for v in (calculation.laag, calculation.midden, calculation.hoog)] == [
        "43.13",
        "45.80",
        "49.10",
    ]
    assert calculation.laag and calculation.laag > Decimal("24.18")


def test_a_gezinshuis_of_fixed_amounts_needs_no_salary() -> None:
    """Own example: 95.000 a year for income, food and housing, 5% overhead as an amount of 4.000, 4
    places at 95%: 99.000 / 1.387 = 71,3771; times 1,02 is 72,80; no index in the same year."""
    shared = {**PRICE, "basisjaar": 2025, "index_percentage": None, "profiel": "gezinshuis",
              "productcode": "44A08", "plaatsen": Decimal(4), "bezetting": Decimal(95),
              "overhead_percentage": Decimal(0)}  # fmt: skip
    calculation = compute(
        {
            **shared,
            "functie": "inkomen gezinshuisouder",
            "jaarbedrag": Decimal(60000),
            "element": "beroepskrachten",
        },
        {
            **shared,
            "functie": "verzorging",
            "jaarbedrag": Decimal(20000),
            "element": "overige cliëntgebonden kosten",
        },
        {**shared, "functie": "huisvesting", "jaarbedrag": Decimal(15000)},
        {**shared, "functie": "administratie", "jaarbedrag": Decimal(4000), "element": "overhead"},
    )
    assert calculation.mist == []
    assert str(calculation.midden) == "72.80"


def test_the_published_build_up_of_a_region_is_right() -> None:
    """T-A1: 24,68 and 42,22 at 80% productivity with 20% overhead, as surcharge and as share."""
    tables = Tables()
    rows = [
        {
            "rij_id": number,
            "kosten_beroepskrachten": Decimal(wages),
            "productiviteit": Decimal(80),
            "overhead_percentage": Decimal(20),
            "percentage_definitie": definition,
            "tarief": Decimal(tariff),
        }
        for number, (wages, tariff, definition) in enumerate(
            [("24.68", 38, None), ("42.22", 64, None), ("24.68", 38, "opslag over loonkosten"),
             ("42.22", 64, "aandeel in het tarief")], start=1)
    ]  # fmt: skip
    tables.set_peildatum(datetime.date(2025, 1, 1))
    tables.load("tariefopbouw", rows)
    tables.derive(["opbouw_tarief", "opbouw_toets"])
    found = tables.query(
        "SELECT round(laag, 2) AS laag, round(hoog, 2) AS hoog FROM opbouw_tarief ORDER BY rij_id"
    )
    assert [(str(r["laag"]), str(r["hoog"])) for r in found] == [
        ("37.02", "38.56"),
        ("63.33", "65.97"),
        ("37.02", "37.02"),
        ("65.97", "65.97"),
    ]
    verdicts = tables.query("SELECT oordeel FROM opbouw_toets ORDER BY rij_id")
    # 2,65% above the surcharge reading, and below the share reading: the definition decides.
    assert [r["oordeel"] for r in verdicts] == ["binnen", "binnen", "boven", "onder"]


@pytest.mark.parametrize(
    ("offered", "expected"), [("95.40", "-11.27"), ("105.60", "-1.79"), ("110.00", "2.31")]
)
def test_how_far_an_offer_is_from_the_computed_tariff(offered: str, expected: str) -> None:
    """T-A3: the offer against 107,52, in percent."""
    tariff = compute(HBO, WO).midden
    assert tariff is not None
    assert cents((Decimal(offered) - tariff) * 100 / tariff) == expected


@pytest.mark.parametrize(
    ("tariff", "minutes", "amount"), [("107.52", 95, "170.24"), ("107.52", 450, "806.40")]
)
def test_minutes_are_paid_by_the_tariff_per_hour(tariff: str, minutes: int, amount: str) -> None:
    """T-A4, IV081."""
    assert str(declared_amount(Decimal(tariff), minutes)) == amount


@pytest.mark.parametrize(
    ("hour", "minute"), [("87.30", "1.46"), ("87.24", "1.45"), ("86.70", "1.45")]
)
def test_half_a_cent_is_rounded_up(hour: str, minute: str) -> None:
    """T-A4: arithmetic rounding, not that of bankers (86,70 / 60 = 1,445)."""
    assert str(unit_tariffs("uur", Decimal(hour))[1].bedrag) == minute
    rounded = Tables().query(f"SELECT round(deel(vast({hour}), vast(60)), 2) AS minuut")[0][
        "minuut"
    ]
    assert str(rounded) == minute


def test_what_is_not_given_widens_the_band_and_names_its_source() -> None:
    calculation = compute(
        {"bruto_maandloon": Decimal(3900), "eenheid": "04", "jaar": 2025, "productcode": "45A48"}
    )
    assert calculation.laag < calculation.midden < calculation.hoog  # type: ignore[operator]
    overhead = next(i for i in calculation.invoer if i.naam == "overhead")
    assert (overhead.waarde, overhead.laag, overhead.hoog) == (20, 16, 25)
    assert overhead.herkomst == "parameter"
    assert overhead.bron and "exploredoc" in overhead.bron
    assert calculation.niet_meegeteld == [
        "materiaal en andere kosten voor de cliënt",
        "huisvesting",
    ]


def test_a_missing_salary_gives_no_tariff_but_says_what_to_fill_in() -> None:
    calculation = compute({**HBO, "bruto_maandloon": None}, WO)
    assert calculation.midden is None
    assert calculation.mist == ["bruto maandloon"]


def test_a_year_without_premiums_says_what_to_fill_in() -> None:
    row = {**HBO, "aandeel": None, "basisjaar": 2022, "jaar": 2022, "premies": None}
    assert compute(row).mist == ["premies werkgever", "hoogste loon waarover premie telt"]
    assert compute({**row, "werkgeverslasten": Decimal(30)}).mist == []


@pytest.mark.parametrize(
    "change",
    [
        {"scholing_uren": Decimal(2000)},
        {"verzuim": Decimal(100)},
        {"overhead_percentage": Decimal(100), "overhead_vorm": "aandeel"},
    ],
)
def test_figures_that_leave_nothing_give_no_tariff_but_a_reason(change: dict[str, Any]) -> None:
    calculation = compute({**HBO, "aandeel": None, "index_percentage": Decimal(3), **change})
    assert calculation.midden is None
    assert calculation.mist and calculation.tarieven == []


def test_two_functions_without_shares_give_no_tariff() -> None:
    calculation = compute({**HBO, "aandeel": None}, {**WO, "aandeel": None})
    assert calculation.mist == ["aandeel in de functiemix"]


def test_a_percentage_of_charges_replaces_premiums_and_pension() -> None:
    """30% of 54.442,44 is 16.332,73; with 2% other costs 71.864,02."""
    calculation = compute({**HBO, "aandeel": None, "werkgeverslasten": Decimal(30)})
    steps = shown(calculation)
    assert steps["werkgeverslasten_bedrag"] == "16332.73"
    assert steps["premies_bedrag"] == steps["pensioen_bedrag"] == "0.00"
    assert steps["loonkosten"] == "71864.02"
    assert not {i.naam for i in calculation.invoer} & {"premies", "pensioen", "franchise"}


def test_premiums_stop_at_the_maximum_wage() -> None:
    """8.000 a month is 111.676,80 with allowances; in 2024 premiums over 71.628 only: 13.408,76."""
    calculation = compute({**HBO, "aandeel": None, "bruto_maandloon": Decimal(8000)})
    assert shown(calculation)["premies_bedrag"] == "13408.76"


def test_the_index_of_several_years_is_multiplied() -> None:
    """2024 6,30% and 2025 4,96%: 1,063 × 1,0496 − 1 = 11,57248%."""
    calculation = compute({**HBO, "aandeel": None, "basisjaar": 2023, "index_percentage": None,
                           "maximum_premieloon": Decimal(66956)})  # fmt: skip
    index = next(i for i in calculation.invoer if i.naam == "index")
    assert index.waarde == Decimal("11.57248")
    assert index.bron and "2024: 6,3%" in index.bron and "2025: 4,96%" in index.bron


def test_a_year_without_an_index_gives_no_tariff() -> None:
    calculation = compute({**HBO, "aandeel": None, "jaar": 2027, "index_percentage": None})
    assert calculation.mist == ["index van basisjaar naar tariefjaar"]


# --- the live workbook --------------------------------------------------------------------------


class _Sheet:
    """Evaluates the few formulas that we write, on Decimals: independent of the database."""

    def __init__(self, path: Path) -> None:
        self._cells = openpyxl.load_workbook(path).active

    def value(self, address: str) -> Decimal | None:
        content = self._cells[address].value
        if isinstance(content, str) and content.startswith("="):
            return self._evaluate(content[1:])
        return None if content is None else Decimal(str(content))

    def row(self, title: str, column: str) -> Decimal | None:
        rows = [c.row for c in self._cells["A"] if c.value == title]
        return self.value(f"{column}{rows[-1]}")

    def _evaluate(self, formula: str) -> Decimal:
        text = re.sub(r"\$([A-Z]+)\$(\d+):\$([A-Z]+)\$(\d+)", r"cells('\1\2:\3\4')", formula)
        text = re.sub(r"\$?\b([A-Z]{1,2})\$?(\d+)\b(?![:'])", r"cell('\1\2')", text)
        text = re.sub(r"(?<![\w'.])(\d+(?:\.\d+)?)(?![\w'])", r"Decimal('\1')", text)
        scope = {
            "Decimal": Decimal,
            "cell": lambda a: self.value(a) or Decimal(0),
            "cells": lambda r: [self.value(c.coordinate) or Decimal(0) for c in self._cells[r][0]],
            "MIN": min,
            "MAX": max,
            "IF": lambda test, yes, no: yes if test else no,
            "ISBLANK": lambda v: v == 0,
            "ROUND": lambda v, n: v.quantize(Decimal(1).scaleb(-int(n)), ROUND_HALF_UP),
            "SUMPRODUCT": lambda *r: sum(
                (a * (b if len(r) > 1 else 1) for a, b in zip(r[0], r[-1], strict=True)), Decimal(0)
            ),
        }
        ast.parse(text, mode="eval")
        return eval(text, {"__builtins__": {}}, scope)  # type: ignore[no-any-return] # noqa: S307


@pytest.mark.parametrize(
    ("rows", "unit"),
    [
        ([HBO, WO], "per uur"),
        ([{**HBO, "werkgeverslasten": Decimal(30)}], "per uur"),
        ([{**HBO, "eenheid": "82", "uren_inzet": Decimal(30), "aandeel": None}], "per stuk"),
        ([{**HBO, "eenheid": "16", "uren_inzet": Decimal(4), "groepsgrootte": Decimal(6)}], "per dagdeel"),
        ([{**HBO, "eenheid": "14", "fte": Decimal(6), "ort": Decimal(8), "plaatsen": Decimal(7),
           "jaarbedrag": None}], "per etmaal"),
    ],
)  # fmt: skip
def test_the_formulas_of_the_workbook_give_the_same_tariff(
    tmp_path: Path, rows: list[dict[str, Any]], unit: str
) -> None:
    calculation = compute(*rows)
    target = tmp_path / "rekenmap.xlsx"
    tariff_workbook.render([calculation], target)
    column = "ABCDEFGH"[2 + len(rows)]
    assert _Sheet(target).row(unit, column) == calculation.midden
    for step in calculation.stappen:
        if step.per_functie:
            assert cents(_Sheet(target).row(step.titel, "C")) == cents(step.per_functie[0])


def test_a_changed_cell_of_the_workbook_moves_the_tariff(tmp_path: Path) -> None:
    target = tmp_path / "rekenmap.xlsx"
    tariff_workbook.render([compute(HBO, WO)], target)
    book = openpyxl.load_workbook(target)
    sheet = book.active
    row = next(c.row for c in sheet["A"] if c.value == "Overhead is een deel van het geheel")
    sheet.cell(row, 5).value = 1
    book.save(target)
    assert str(_Sheet(target).row("per uur", "E")) == "114.26"


def test_text_from_a_user_is_no_formula_in_the_workbook(tmp_path: Path) -> None:
    target = tmp_path / "rekenmap.xlsx"
    evil = '=HYPERLINK("http://kwaad","klik")'
    tariff_workbook.render(
        [compute({**HBO, "functie": evil, "aandeel": None, "omschrijving": evil})], target
    )
    for cells in openpyxl.load_workbook(target).active.iter_rows():
        for cell in cells:
            assert not (isinstance(cell.value, str) and cell.value.startswith("=HYPER"))


# --- properties ---------------------------------------------------------------------------------

money = st.decimals(Decimal(2000), Decimal(7000), places=2)
share = st.decimals(Decimal(0), Decimal(40), places=2)
SETTINGS = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def tariff_with(**change: Any) -> Decimal:
    calculation = compute({**HBO, "aandeel": None, **change})
    return exact(calculation, "tarief_onafgerond")


@SETTINGS
@given(low=money, more=st.decimals(Decimal("0.01"), Decimal(2000), places=2))
def test_the_tariff_rises_with_the_salary(low: Decimal, more: Decimal) -> None:
    assert tariff_with(bruto_maandloon=low) < tariff_with(bruto_maandloon=low + more)


@SETTINGS
@given(
    low=share,
    more=st.decimals(Decimal("0.01"), Decimal(20), places=2),
    form=st.sampled_from(["opslag", "aandeel"]),
)
def test_the_tariff_rises_with_overhead(low: Decimal, more: Decimal, form: str) -> None:
    assert tariff_with(overhead_percentage=low, overhead_vorm=form) < tariff_with(
        overhead_percentage=low + more, overhead_vorm=form
    )


@SETTINGS
@given(
    name=st.sampled_from(
        [
            "verlof_uren",
            "feestdag_uren",
            "scholing_uren",
            "overleg_uren",
            "organisatie_uren",
            "verzuim",
            "indirect",
        ]
    ),
    low=share,
    more=st.decimals(Decimal("0.01"), Decimal(40), places=2),
)
def test_the_tariff_rises_with_time_that_is_not_productive(
    name: str, low: Decimal, more: Decimal
) -> None:
    assert tariff_with(**{name: low}) < tariff_with(**{name: low + more})


@SETTINGS
@given(minute=st.decimals(Decimal("0.01"), Decimal(10), places=2))
def test_a_tariff_per_minute_comes_back_from_the_hour(minute: Decimal) -> None:
    tariffs = {t.eenheid: t.bedrag for t in unit_tariffs("uur", 60 * minute)}
    assert tariffs["minuut"] == minute
    assert tariffs["uur"] == tariffs["uur, als 60 × minuut"] == 60 * minute


@SETTINGS
@given(hour=st.decimals(Decimal("0.60"), Decimal(600), places=2))
def test_an_hour_through_minutes_moves_at_most_thirty_cents(hour: Decimal) -> None:
    tariffs = {t.eenheid: t.bedrag for t in unit_tariffs("uur", hour)}
    assert abs(tariffs["uur, als 60 × minuut"] - hour) <= Decimal("0.30")
    assert declared_amount(hour, 60) == hour


@SETTINGS
@given(
    a=st.decimals(Decimal(0), Decimal(10) ** 7, places=6),
    b=st.decimals(Decimal("0.000001"), Decimal(10) ** 5, places=6),
)
def test_the_division_of_the_database_is_exact_in_twelve_decimals(a: Decimal, b: Decimal) -> None:
    found = Tables().query(f"SELECT deel(vast('{a}'), vast('{b}')) AS deel")[0]["deel"]
    assert abs(found - a / b) <= Decimal("1e-12")


# --- the model file -----------------------------------------------------------------------------


def test_every_step_names_a_source_and_every_input_a_title() -> None:
    model = cost_model()
    assert all(len(step.source) >= 9 for step in model.steps)
    assert all(item.title for item in model.inputs)
    parameters = load_ruleset(()).parameters
    assert all(i.parameter in parameters for i in model.inputs if i.parameter)


def test_every_form_ends_in_a_tariff_made_of_the_four_elements() -> None:
    for form in cost_model().forms:
        steps = cost_model().steps_of(form)
        assert steps[-1].name == "tarief_onafgerond"
        assert {"a", "b", "c", "d"} <= {step.element for step in steps}


def test_a_model_that_uses_what_is_not_there_yet_is_refused() -> None:
    step = {"titel": "x", "eenheid": "euro", "per": "product", "bron": "bron"}
    content = {
        "vormen": {"uur": "per uur"},
        "invoer": [],
        "stappen": [{**step, "naam": "een", "formule": "twee + 1"}],
    }
    with pytest.raises(ValueError, match="twee"):
        parse_model(content)


@pytest.mark.parametrize(
    "text",
    ["__import__('os')", "a ** 2", "a.b", "[1]", "som(a + b)", "a if b else c", "min(a)", "1 +"],
)
def test_a_formula_is_arithmetic_and_nothing_else(text: str) -> None:
    with pytest.raises(ValueError, match="formule"):
        Formula(text)
