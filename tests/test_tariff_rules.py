"""Index figures and salary scales behind the tariff rules, and what those rules say together."""

import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkoopcheck.engine.examples import _ALL_TABLES, ExampleRunner
from inkoopcheck.engine.ruleset import Ruleset, load_ruleset
from inkoopcheck.engine.run import Judge
from inkoopcheck.tables.store import Tables

HALF_MICRO = Decimal("0.0000005")


@lru_cache(maxsize=1)
def ruleset() -> Ruleset:
    return load_ruleset()


@lru_cache(maxsize=1)
def tables() -> Tables:
    made = Tables()
    Judge(ruleset(), made).prepare(datetime.date(2026, 1, 1))
    made.derive(["index_cijfers"])
    return made


def index(year: int, way: str, wages: int = 90) -> Decimal | None:
    (row,) = tables().query(
        f"SELECT gewogen_index(?, ?, ova_{way}, ppc_{way}) AS index FROM index_cijfers WHERE jaar = ?",  # noqa: S608
        [wages, 100 - wages, year],
    )
    return row["index"]


@pytest.mark.parametrize(
    ("year", "way", "wanted"),
    [
        # T-A2: 0,9 x (6,00 - 4,94) + 0,1 x (3,10 - 2,51) + 0,9 x 4,18 + 0,1 x 1,82 = 4,957.
        (2025, "clausule", "4.957"),
        # 0,9 x (4,94 + 6,36 - 4,74) + 0,1 x (2,51 + 7,02 - 4,87) = 0,9 x 6,56 + 0,1 x 4,66.
        (2024, "clausule", "6.370"),
        # In the first year of a contract nothing is settled afterwards: 0,9 x 4,18 + 0,1 x 1,82.
        (2025, "voorlopig", "3.944"),
    ],
)
def test_the_index_follows_from_the_published_figures(year: int, way: str, wanted: str) -> None:
    assert index(year, way) == Decimal(wanted)


@pytest.mark.parametrize(
    ("year", "ova", "ppc", "wanted"),
    [
        (2025, ("4.18", "4.94", "6.00"), ("1.82", "2.51", "3.10"), "4.910646"),
        (2024, ("4.94", "4.74", "6.36"), ("2.51", "4.87", "7.02"), "6.294034"),
    ],
)
def test_the_index_as_a_ratio_is_the_other_published_one(
    year: int, ova: tuple[str, ...], ppc: tuple[str, ...], wanted: str
) -> None:
    def part(figures: tuple[str, ...]) -> Decimal:
        now, provisional, final = map(Decimal, figures)
        return now + ((1 + final / 100) / (1 + provisional / 100) - 1) * 100

    by_ratio = index(year, "verhouding")
    assert by_ratio is not None
    exact = Decimal("0.9") * part(ova) + Decimal("0.1") * part(ppc)
    assert abs(by_ratio - exact) < Decimal("0.00000000001")
    assert abs(by_ratio - Decimal(wanted)) < 2 * HALF_MICRO
    assert by_ratio < Decimal(str(index(year, "clausule")))


def test_a_year_without_figures_has_no_index() -> None:
    known = {row["jaar"] for row in tables().query("SELECT jaar FROM index_cijfers")}
    assert 2026 not in known
    assert index(2023, "clausule") is None  # the final prices of 2022 are of another series
    assert index(2023, "voorlopig") == Decimal("4.753")


@given(st.integers(0, 100))
def test_the_index_lies_between_those_of_wages_and_prices(wages: int) -> None:
    between = index(2025, "clausule", wages)
    assert between is not None
    assert Decimal("2.41") <= between <= Decimal("5.24")


@lru_cache(maxsize=1)
def judge() -> tuple[ExampleRunner, Judge]:
    runner = ExampleRunner(ruleset())
    return runner, Judge(ruleset(), runner._tables)


def said(**workbook: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Per rule of the family what it says of a workbook with these rows."""
    runner, over_all = judge()
    runner._load(ruleset().rules[0], workbook)
    found: dict[str, list[Any]] = {}
    for deviation in over_all.judge(_ALL_TABLES, "werkmap", ["tarief"]).afwijkingen:
        found.setdefault(deviation.regel, []).append(deviation)
    return found


COMPLETE = {
    "productcode": "45A48", "eenheid": "04", "jaar": 2025, "basisjaar": 2025, "functie": "begeleider",
    "cao": "Jeugdzorg", "schaal": "8", "trede": "5", "bruto_maandloon": 4140, "vakantietoeslag": 8,
    "eindejaarsuitkering": 8.33, "werkgeverslasten": 28, "overig_personeel": 2, "uren_bruto": 1878,
    "verlof_uren": 200, "feestdag_uren": 46.8, "verzuim": 7.8, "scholing_uren": 40, "overleg_uren": 80,
    "organisatie_uren": 60, "indirect": 25, "declarabel": "alleen direct", "overhead_percentage": 20,
    "overhead_vorm": "opslag", "overhead_grondslag": "loonkosten", "materieel": 0, "huisvesting": 0,
    "risico": 2, "tarief": 92.61,
}  # fmt: skip
SCALE = [{"cao": "Jeugdzorg", "schaal": "8", "trede": "5", "bedrag": 4140, "geldig_van": datetime.date(2025, 1, 1)}]  # fmt: skip
OFFER = {"productcode": "45A48", "eenheid": "04", "jaar": 2025, "tarief": 92.61, "volume": 1000}
NEW = {f"TAR-{number}" for number in range(32, 63)}


def about_cost_price(**workbook: list[dict[str, Any]]) -> dict[str, list[Any]]:
    return {rule: found for rule, found in said(**workbook).items() if rule in NEW}


def test_a_sound_cost_price_raises_nothing() -> None:
    assert about_cost_price(kostprijs=[COMPLETE], caoschaal=SCALE, tarief=[OFFER]) == {}
    for cent in (92.60, 92.62):
        offer = OFFER | {"tarief": cent}
        found = about_cost_price(kostprijs=[COMPLETE], caoschaal=SCALE, tarief=[offer])
        assert not found, "a cent is rounding"


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        ({"verzuim": 15, "tarief": None}, {"TAR-36", "TAR-32"}),
        ({"verlof_uren": 25, "tarief": None}, {"TAR-38", "TAR-33"}),
        ({"overhead_vorm": None, "tarief": None}, {"TAR-45"}),
        ({"declarabel": None, "tarief": None}, {"TAR-46"}),
        ({"aandeel": 80, "tarief": None}, {"TAR-47", "TAR-33"}),
        ({"bruto_maandloon": 4000, "tarief": None}, {"TAR-51", "TAR-33"}),
        ({"schaal": "9"}, {"TAR-52"}),
        ({"tarief": 95}, {"TAR-49", "TAR-50"}),
    ],
)
def test_one_fault_in_a_cost_price_is_named_and_nothing_else(
    change: dict[str, Any], rules: set[str]
) -> None:
    found = about_cost_price(kostprijs=[COMPLETE | change], caoschaal=SCALE, tarief=[OFFER])
    assert set(found) == rules


def test_a_tariff_below_the_band_has_an_amount_per_year() -> None:
    found = about_cost_price(kostprijs=[COMPLETE], caoschaal=SCALE, tarief=[OFFER | {"tarief": 80}])
    (below,) = found["TAR-32"]
    assert below.bedrag == Decimal("12610.00")  # (92,61 - 80) x 1000
    assert "€ 12.610,00" in below.melding
    assert below.plaats.cel == "tarief1"


def test_a_default_raises_no_question() -> None:
    """A cost price of nothing but a salary: all else is ours, so there is nothing to ask about it."""
    found = about_cost_price(kostprijs=[{"productcode": "45A48", "eenheid": "04", "jaar": 2025, "bruto_maandloon": 4140}])  # fmt: skip
    assert set(found) == {"TAR-46"}


def test_the_index_of_another_weight_is_judged_once_per_year() -> None:
    contract = [{"startdatum": datetime.date(2022, 1, 1), "index_weging_loon": 75, "index_weging_materieel": 25}]  # fmt: skip
    rows = [
        {"productcode": code, "eenheid": "14", "jaar": year, "tarief": tariff}
        for code in ("44A08", "44A09")
        for year, tariff in ((2024, 100), (2025, 103), (2026, 110))
    ]
    found = about_cost_price(contract=contract, tarief=rows)
    (one,) = found["TAR-53"]
    # 0,75 x 5,24 + 0,25 x 2,41 = 4,5325; of 2026 nothing is known, so nothing is said.
    assert "2025" in one.melding
    assert "4,53" in one.verwacht
    assert len(one.ook) == 1
