"""Cells as people write them, and properties that hold whatever they write."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkoopcheck.dutch import format_date, format_euro, format_number
from inkoopcheck.readers import values
from inkoopcheck.readers.sheet import cell_name, column_letter, column_number, ranges
from inkoopcheck.readers.values import NotUnderstood
from inkoopcheck.readers.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
Read = list[tuple[str, str | None, str | None]]


@pytest.mark.parametrize(
    ("cell", "prices"),
    [
        (78, [("78", None, None)]),
        (74.36999999999999, [("74.37", None, None)]),
        ("€ 1.146,36", [("1146.36", None, None)]),
        ("1,146.36", [("1146.36", None, None)]),
        ("1 146,36", [("1146.36", None, None)]),
        ("78,-", [("78", None, None)]),
        ("€ 78,=", [("78", None, None)]),
        ("EUR 78.50", [("78.50", None, None)]),
        ("78 euro", [("78", None, None)]),
        ("€ 78,00*", [("78.00", None, None)]),
        ("-5,00", [("-5.00", None, None)]),
        ("€ -5,00", [("-5.00", None, None)]),
        ("€ 163,59 per etmaal (24 uur)", [("163.59", "14", None)]),
        ("per uur 78,00", [("78.00", "04", None)]),
        ("78,00 p/u", [("78.00", "04", None)]),
        ("€ 78,00 per 60 minuten", [("78.00", "04", None)]),
        ("HBO € 78,- / MBO € 51,-", [("78", None, "hbo"), ("51", None, "mbo")]),
        (
            "€ 75,60 per uur (HBO)\n€ 111,60 per uur (WO)",
            [("75.60", "04", "hbo"), ("111.60", "04", "wo")],
        ),
        ("n.v.t.", []),
        ("nvt", []),
        ("-", []),
        ("–", []),
        ("€ -", []),
    ],
)
def test_prices(cell: str | float, prices: Read) -> None:
    read = [(str(p.amount), p.unit, p.level) for p in values.parse_prices(cell, VOCABULARY)]
    assert read == prices


@pytest.mark.parametrize(
    "cell",
    ["maatwerk", "€ 50,00 - € 60,00", "50 tot 60", "4,96%", "1.2.3,4,5", True, "?", "n.t.b."],
)
def test_what_is_no_price_is_not_understood(cell: str | bool) -> None:
    with pytest.raises(NotUnderstood):
        values.parse_prices(cell, VOCABULARY)


def test_three_decimals_get_a_remark() -> None:
    assert values.parse_prices("€ 1.146", VOCABULARY)[0].amount == 1146
    assert values.parse_prices("€ 1.146", VOCABULARY)[0].remark
    assert values.parse_prices("€ 1,146", VOCABULARY)[0].amount == Decimal("1.146")


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("45A04", ("45A04",)),
        ("45a48", ("45A48",)),
        ("45 A 48", ("45A48",)),
        (54001, ("54001",)),
        ("54001.0", ("54001",)),
        ("54001 / 54002 / 54004", ("54001", "54002", "54004")),
        ("45A48, 45A49 en 45A50", ("45A48", "45A49", "45A50")),
        ("501AL t/m 503AL", ("501AL", "502AL", "503AL")),
        ("45A04 - Jeugdhulp ambulant", ("45A04",)),
        ("JH2-C 45A49", ("45A49",)),
        ("n.v.t.", ()),
    ],
)
def test_codes(cell: str | int, codes: tuple[str, ...]) -> None:
    assert values.parse_codes(cell).codes == codes


@pytest.mark.parametrize("cell", [450000, 45e8, "45A09 t/m 45A04", "45A04 t/m 44B10", True])
def test_what_is_no_code_is_not_understood(cell: str | float) -> None:
    with pytest.raises(NotUnderstood):
        values.parse_codes(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "1-7-2026",
        "01/07/2026",
        "2026-07-01",
        "1 juli 2026",
        "per 1 jul. 2026",
        "1.7.2026",
        "1-7-26",
        46204,
    ],
)
def test_dates(cell: str | int) -> None:
    assert values.parse_date(cell) == datetime.date(2026, 7, 1)


@pytest.mark.parametrize("cell", ["31-2-2026", "2026", "1-1-2026 t/m 31-12-2026", "binnenkort", 7])
def test_what_is_no_date_is_not_understood(cell: str | int) -> None:
    with pytest.raises(NotUnderstood):
        values.parse_date(cell)


@pytest.mark.parametrize(
    ("cell", "unit", "number"),
    [
        ("6 maanden", "maand", 6),
        ("1 jaar", "maand", 12),
        ("4 weken", "dag", 28),
        ("30 dagen na ontvangst", "dag", 30),
        ("zes maanden", "maand", 6),
        ("2 weken", "werkdag", 10),
        (14.0, "dag", 14),
        ("14 dagen", "week", 2),
    ],
)
def test_periods(cell: str | float, unit: str, number: int) -> None:
    assert values.parse_whole(cell, unit) == number


@pytest.mark.parametrize(
    ("cell", "unit"),
    [("1 maand", "werkdag"), ("6,5", None), ("6 tot 8 weken", "week"), ("veel", "dag")],
)
def test_what_is_no_period_is_not_understood(cell: str, unit: str | None) -> None:
    with pytest.raises(NotUnderstood):
        values.parse_whole(cell, unit)


@pytest.mark.parametrize(
    ("cell", "shown", "field", "percentage"),
    [
        ("4,96%", False, "indexpercentage", "4.96"),
        (0.0496, True, "indexpercentage", "4.96"),
        (4.96, False, "indexpercentage", "4.96"),
        (0.9, False, "index_weging_loon", "90.0"),
        (1, False, "weging_prijs", "100"),
        (0, False, "weging_prijs", "0"),
        (0.5, False, "indexpercentage", "0.5"),
    ],
)
def test_percentages(cell: str | float, shown: bool, field: str, percentage: str) -> None:
    assert values.parse_percentage(cell, shown_as_percentage=shown, field=field) == Decimal(
        percentage
    )


@pytest.mark.parametrize(
    ("cell", "unit"),
    [
        ("per etmaal", "14"),
        ("uur", "04"),
        ("04 Uur", "04"),
        (4, "04"),
        ("1", "01"),
        ("stuk", "stuks"),
        ("Stuks (output)", "82"),
        ("dagdeel (4 uur)", "16"),
        ("per traject", "traject"),
        ("€/uur", "04"),
        ("per schaatsles", None),
    ],
)
def test_units(cell: str | int, unit: str | None) -> None:
    assert values.parse_unit(cell, VOCABULARY)[1] == unit


@pytest.mark.parametrize(
    ("cell", "code"),
    [("per week", "2"), ("1x per maand", "4"), ("2 Per week", "2"), (6, "6"), ("totaal", "6")],
)
def test_frequencies(cell: str | int, code: str) -> None:
    assert values.parse_frequency(cell, VOCABULARY) == code


def test_bsn_is_hidden_in_what_is_shown() -> None:
    shown = values.mask_personal_data(
        "kind 123456782 en 1234 56 782, kvk 12345678, bedrag 125000001"
    )
    assert "123456782" not in shown
    assert "1234 56 782" not in shown
    assert "12345678" in shown


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_an_amount_written_in_dutch_reads_back(amount: Decimal) -> None:
    assert [p.amount for p in values.parse_prices(format_euro(amount), VOCABULARY)] == [amount]


@given(st.integers(min_value=0, max_value=10**7))
def test_cents_as_stored_float_stay_cents(cents: int) -> None:
    assert values.decimal_of(cents / 100) == Decimal(cents) / 100


@given(st.dates(min_value=datetime.date(2000, 1, 1), max_value=datetime.date(2049, 12, 31)))
def test_a_date_written_in_dutch_reads_back(date: datetime.date) -> None:
    assert values.parse_date(format_date(date)) == date


@given(st.text(max_size=60))
def test_no_text_breaks_a_reader(text: str) -> None:
    for read in (
        lambda: values.parse_prices(text, VOCABULARY),
        lambda: values.parse_codes(text),
        lambda: values.parse_date(text),
        lambda: values.parse_whole(text, "maand"),
        lambda: values.parse_yes_no(text),
        lambda: values.parse_percentage(text, shown_as_percentage=False, field="x"),
        lambda: values.parse_unit(text, VOCABULARY),
        lambda: values.parse_frequency(text, VOCABULARY),
        lambda: values.parse_variant(text),
        lambda: values.mask_personal_data(text),
    ):
        try:
            read()
        except NotUnderstood as problem:
            assert problem.expected


@given(st.floats())
def test_no_number_breaks_a_reader(number: float) -> None:
    for read in (
        lambda: values.parse_prices(number, VOCABULARY),
        lambda: values.parse_codes(number),
        lambda: values.parse_whole(number),
        lambda: values.parse_percentage(number, shown_as_percentage=True, field="x"),
        lambda: values.parse_date(number),
        lambda: values.as_text(number),
    ):
        try:
            read()
        except NotUnderstood as problem:
            assert problem.expected


@given(st.integers(min_value=1, max_value=16_384))
def test_column_letters_and_numbers_match(column: int) -> None:
    assert column_number(column_letter(column)) == column


def test_cell_names_and_ranges() -> None:
    assert cell_name((17, 28)) == "AB17"
    assert ranges([1, 2, 3, 7, 9, 10]) == ["1-3", "7", "9-10"]


def test_numbers_in_dutch() -> None:
    assert format_number(Decimal("1146.50")) == "1.146,5"
    assert format_euro(Decimal("1146.5")) == "€ 1.146,50"
    assert format_euro(Decimal("1.7919")) == "€ 1,7919"
    assert format_euro(Decimal("-5")) == "€ -5,00"
