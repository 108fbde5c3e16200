"""Workbooks as they really are: every layout that was met in practice, and what must be read."""

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from inkoopcheck.errors import UnusableInput
from inkoopcheck.readers.mapping import load_mapping, mapping_of
from inkoopcheck.readers.vocabulary import load_vocabulary
from inkoopcheck.readers.workbook import ReadWorkbook, read_layouts, read_workbook
from tests.workbooks import make_workbook

VOCABULARY = load_vocabulary()


def read(
    tmp_path: Path, rows: list[list[Any]], name: str = "Blad1", **more: list[list[Any]]
) -> ReadWorkbook:
    path = make_workbook(tmp_path / "werkmap.xlsx", {name: rows, **more})
    return read_workbook(path, VOCABULARY)


def tariffs(workbook: ReadWorkbook, *fields: str) -> list[tuple[Any, ...]]:
    return [tuple(row.get(field) for field in fields) for row in workbook.rows.get("tarief", [])]


def notes(workbook: ReadWorkbook) -> list[tuple[str, str]]:
    return [
        (row["soort"], next(iter(row["cellen"].values())))
        for row in workbook.rows.get("leesmelding", [])
    ]


def test_titles_above_the_heading_are_passed_over_and_counted(tmp_path: Path) -> None:
    workbook = read(
        tmp_path,
        [
            ["Tarieven jeugdhulp 2026"],
            ["Vastgesteld door het college"],
            [],
            ["Productcode", "Omschrijving", "Eenheid", "Tarief"],
            ["45A48", "Begeleiding individueel", "per uur", 78.0],
        ],
    )
    assert tariffs(workbook, "productcode", "tarief", "eenheid", "jaar") == [
        ("45A48", Decimal("78"), "04", 2026)
    ]
    sheet = workbook.sheets[0]
    assert sheet.kopregels == [4]
    assert sheet.rijen_gelezen == sheet.rijen_gebruikt + sum(len(w.rijen) for w in sheet.weggelaten)


def test_years_side_by_side_become_a_tariff_each(tmp_path: Path) -> None:
    workbook = read(
        tmp_path,
        [
            ["Code", "Tarief 2025", "Tarief 2026", "Eenheid"],
            ["45A48", 75, 78, "uur"],
            ["44A08", 150, "n.v.t.", "etmaal"],
        ],
    )
    assert tariffs(workbook, "productcode", "jaar", "tarief") == [
        ("45A48", 2025, Decimal("75")),
        ("45A48", 2026, Decimal("78")),
        ("44A08", 2025, Decimal("150")),
    ]


def test_two_heading_rows_with_years_below_a_merged_heading(tmp_path: Path) -> None:
    path = make_workbook(
        tmp_path / "t.xlsx",
        {
            "Blad1": [
                ["Product", None, None, "Tarief", None],
                ["Code", "Naam", "Per", 2025, 2026],
                ["45A48", "Begeleiding", "uur", "€ 75,-", "€ 78,-"],
            ]
        },
    )
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("A1:C1")
    book.active.merge_cells("D1:E1")
    book.save(path)
    workbook = read_workbook(path, VOCABULARY)
    assert tariffs(workbook, "productcode", "omschrijving", "jaar", "tarief", "eenheid") == [
        ("45A48", "Begeleiding", 2025, Decimal("75"), "04"),
        ("45A48", "Begeleiding", 2026, Decimal("78"), "04"),
    ]


def test_columns_per_level_become_a_tariff_each(tmp_path: Path) -> None:
    workbook = read(
        tmp_path,
        [
            ["Productcode", "Omschrijving", "Eenheid", "MBO", "HBO", "WO"],
            ["45A48", "Begeleiding", "uur", 51, 78, None],
        ],
    )
    assert tariffs(workbook, "niveau", "tarief") == [("mbo", Decimal("51")), ("hbo", Decimal("78"))]


def test_several_codes_and_prices_in_one_cell(tmp_path: Path) -> None:
    workbook = read(
        tmp_path,
        [
            ["Categorie", "Soort Professionele Zorg", "Maximaal tarief 2024"],
            ["54001 / 54002", "Jeugd-ggz", "€ 75,60 per uur (HBO)\n€ 111,60 per uur (WO)"],
        ],
    )
    assert tariffs(workbook, "productcode", "tarief", "niveau", "eenheid", "jaar") == [
        ("54001", Decimal("75.60"), "hbo", "04", 2024),
        ("54001", Decimal("111.60"), "wo", "04", 2024),
        ("54002", Decimal("75.60"), "hbo", "04", 2024),
        ("54002", Decimal("111.60"), "wo", "04", 2024),
    ]


def test_codes_read_as_numbers_stay_codes(tmp_path: Path) -> None:
    workbook = read(
        tmp_path, [["Code", "Tarief", "Eenheid"], [54001, 78, "uur"], [54002.0, 79, "uur"]]
    )
    assert tariffs(workbook, "productcode") == [("54001",), ("54002",)]


def test_a_code_that_became_a_large_number_is_reported(tmp_path: Path) -> None:
    workbook = read(
        tmp_path, [["Code", "Tarief", "Eenheid"], [450000, 78, "uur"], ["45A48", 79, "uur"]]
    )
    assert ("code als getal", "Blad1!A2") in notes(workbook)


def test_totals_footnotes_and_subheadings_are_left_out_with_a_reason(tmp_path: Path) -> None:
    workbook = read(
        tmp_path,
        [
            ["Code", "Omschrijving", "Eenheid", "Tarief"],
            ["Perceel 1: ambulant", None, None, None],
            ["45A48", "Begeleiding", "uur", 78],
            ["Code", "Omschrijving", "Eenheid", "Tarief"],
            ["Perceel 2: verblijf", None, None, None],
            ["44A08", "Gezinshuis", "etmaal", 160],
            [None, "Totaal aantal producten: 2", None, None],
            ["* prijspeil 2026", None, None, None],
        ],
    )
    assert tariffs(workbook, "productcode", "perceel") == [
        ("45A48", "Perceel 1: ambulant"),
        ("44A08", "Perceel 2: verblijf"),
    ]
    reasons = {w.reden: w.rijen for w in workbook.sheets[0].weggelaten}
    assert reasons["totaalregel"] == [7]
    assert reasons["voetnoot"] == [8]
    assert reasons["tussenkop"] == [2, 5]


def test_what_is_not_understood_is_reported_with_its_cell(tmp_path: Path) -> None:
    workbook = read(
        tmp_path,
        [
            ["Code", "Tarief", "Eenheid", "Geldig van"],
            ["45A48", "in overleg", "uur", "31-02-2026"],
            ["45A49", 70, "uur", "1-1-2026"],
        ],
    )
    assert ("niet begrepen", "Blad1!B2") in notes(workbook)
    assert ("niet begrepen", "Blad1!D2") in notes(workbook)
    assert tariffs(workbook, "productcode", "tarief", "geldig_van") == [
        ("45A48", None, None),
        ("45A49", Decimal("70"), datetime.date(2026, 1, 1)),
    ]


def test_hidden_columns_rows_and_sheets_are_read_and_named(tmp_path: Path) -> None:
    path = make_workbook(
        tmp_path / "t.xlsx",
        {
            "Tarieven": [["Code", "Tarief", "Eenheid"], ["45A48", 78, "uur"], ["45A49", 70, "uur"]],
            "Oud": [["Code", "Tarief", "Eenheid"], ["45A50", 60, "uur"]],
        },
    )
    book = openpyxl.load_workbook(path)
    book["Tarieven"].column_dimensions["B"].hidden = True
    book["Tarieven"].row_dimensions[3].hidden = True
    book["Oud"].sheet_state = "veryHidden"
    book.save(path)
    workbook = read_workbook(path, VOCABULARY)
    assert tariffs(workbook, "productcode") == [("45A48",), ("45A49",), ("45A50",)]
    assert workbook.sheets[0].verborgen == ["kolom B", "rij 3"]
    assert workbook.sheets[1].verborgen == ["het hele blad"]


def test_formulas_without_value_and_error_values_are_reported(tmp_path: Path) -> None:
    path = make_workbook(
        tmp_path / "t.xlsx",
        {"T": [["Code", "Tarief", "Eenheid"], ["45A48", "=70*1.05", "uur"], ["45A49", 70, "uur"]]},
    )
    book = openpyxl.load_workbook(path)
    book["T"]["B3"].value = "#REF!"
    book["T"]["B3"].data_type = "e"
    book.save(path)
    found = notes(read_workbook(path, VOCABULARY))
    assert ("formule zonder waarde", "T!B2") in found
    assert ("foutwaarde", "T!B3") in found


def test_matrix_of_prices_with_codes_below(tmp_path: Path) -> None:
    workbook = read(
        tmp_path,
        [
            ["Tarieven 2025"],
            ["Profiel", "A", "B"],
            ["Profiel 1", "€609,84", "n.v.t."],
            [None, "50H1A", None],
            ["Profiel 2", "€1.146,36", "€2.280,60"],
            [None, "50H2A", "50H2B"],
        ],
    )
    assert tariffs(workbook, "productcode", "tarief", "omschrijving", "jaar") == [
        ("50H1A", Decimal("609.84"), "Profiel 1 – A", 2025),
        ("50H2A", Decimal("1146.36"), "Profiel 2 – A", 2025),
        ("50H2B", Decimal("2280.60"), "Profiel 2 – B", 2025),
    ]


def test_groups_of_code_and_tariff_side_by_side(tmp_path: Path) -> None:
    workbook = read(
        tmp_path,
        [
            ["Profiel", "Perspectief", None, "Intensief", None],
            [None, "code", "tarief", "code", "tarief"],
            ["Profiel 1", "501PL", 4170, "501IL", 7024],
            ["Profiel 2", "n.v.t.", "n.v.t.", "502IL", 4682],
        ],
    )
    assert tariffs(workbook, "productcode", "tarief", "omschrijving") == [
        ("501PL", Decimal("4170"), "Profiel 1 – Perspectief"),
        ("501IL", Decimal("7024"), "Profiel 1 – Intensief"),
        ("502IL", Decimal("4682"), "Profiel 2 – Intensief"),
    ]


def test_personal_data_are_never_read(tmp_path: Path) -> None:
    workbook = read(
        tmp_path,
        [
            ["BSN", "Code", "Tarief", "Eenheid"],
            [123456782, "45A48", 78, "uur"],
            ["999999990", "45A49", 70, "uur"],
        ],
    )
    assert ("persoonsgegevens", "Blad1!A1") in notes(workbook)
    assert workbook.personal_cells == {"Blad1": {"A2", "A3"}}
    assert "123456782" not in repr(workbook)
    assert "999999990" not in repr(workbook)


def test_upright_contract_sheet_with_terms_in_words(tmp_path: Path) -> None:
    workbook = read(
        tmp_path,
        [
            ["Contractgegevens"],
            ["Gemeente", "Voorbeeldstad"],
            ["Ingangsdatum", "1 januari 2026"],
            ["Einddatum", datetime.date(2028, 12, 31)],
            ["Betaaltermijn", "30 dagen na ontvangst"],
            ["Opzegtermijn opdrachtgever", "zes maanden"],
            ["Onderaanneming toegestaan", "Ja, met toestemming"],
            ["KvK-nummer", 1234567],
        ],
        name="Overeenkomst",
    )
    contract = workbook.rows["contract"][0]
    assert contract["startdatum"] == datetime.date(2026, 1, 1)
    assert contract["einddatum"] == datetime.date(2028, 12, 31)
    assert contract["betaaltermijn_dagen"] == 30
    assert contract["opzegtermijn_opdrachtgever"] == 6
    assert contract["onderaanneming"] is True
    assert contract["cellen"]["startdatum"] == "Overeenkomst!B3"
    assert workbook.rows["aanbieder"][0]["kvk"] == "01234567"


def test_term_in_one_cell_becomes_two_dates(tmp_path: Path) -> None:
    workbook = read(
        tmp_path,
        [
            ["Looptijd: 1-1-2026 t/m 31-12-2028"],
            ["Gemeente: Voorbeeldstad"],
            [],
            ["Code", "Tarief", "Eenheid"],
            ["45A48", 78, "uur"],
        ],
    )
    contract = workbook.rows["contract"][0]
    assert (contract["startdatum"], contract["einddatum"]) == (
        datetime.date(2026, 1, 1),
        datetime.date(2028, 12, 31),
    )
    assert contract["gemeente"] == "Voorbeeldstad"
    assert len(workbook.rows["tarief"]) == 1


def test_unrecognised_workbook_is_refused_with_advice(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match="inkoopcheck herken"):
        read(tmp_path, [["aap", "noot"], ["mies", 3]])


def test_csv_with_bom_semicolons_and_windows_encoding(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes('Nr;Code;Eenheid;"Prijs (€)"\r\n1;45A48;uur;"€ 1.078,50"\r\n'.encode("cp1252"))
    assert tariffs(read_workbook(path, VOCABULARY), "productcode", "tarief") == [
        ("45A48", Decimal("1078.50"))
    ]
    path.write_text('sep=,\nCode,Eenheid,Tarief\n45A48,uur,"78,50"\n', encoding="utf-8-sig")
    assert tariffs(read_workbook(path, VOCABULARY), "productcode", "tarief") == [
        ("45A48", Decimal("78.50"))
    ]


def test_a_written_mapping_reads_the_same_rows(tmp_path: Path) -> None:
    path = make_workbook(
        tmp_path / "t.xlsx",
        {
            "A": [
                ["Profiel", "P", None, "I", None],
                [None, "code", "tarief", "code", "tarief"],
                ["1", "501PL", 4170, "501IL", 7024],
            ],
            "Contract": [
                ["Startdatum", "1-1-2026"],
                ["Einddatum", "31-12-2028"],
                ["Gemeente", "X"],
            ],
        },
    )
    layouts = [layout for _, layout in read_layouts(path, VOCABULARY)]
    mapping_file = tmp_path / "mapping.yaml"
    mapping_file.write_text(mapping_of(layouts), encoding="utf-8")
    direct = read_workbook(path, VOCABULARY)
    mapped = read_workbook(path, VOCABULARY, load_mapping(mapping_file))
    assert tariffs(mapped, "productcode", "tarief", "omschrijving") == tariffs(
        direct, "productcode", "tarief", "omschrijving"
    )
    assert mapped.rows["contract"][0]["einddatum"] == datetime.date(2028, 12, 31)


def test_a_mapping_reads_a_sheet_without_headings(tmp_path: Path) -> None:
    path = make_workbook(
        tmp_path / "t.xlsx", {"X": [["45A48", "iets", "u", 78], ["45A49", "iets", "u", 70]]}
    )
    mapping_file = tmp_path / "m.yaml"
    mapping_file.write_text(
        "bladen:\n- blad: X\n  tabellen:\n  - soort: tarief\n    eerste_rij: 1\n    kolommen:\n"
        "      A: productcode\n      C: eenheid\n      D: {veld: tarief, jaar: 2026}\n",
        encoding="utf-8",
    )
    workbook = read_workbook(path, VOCABULARY, load_mapping(mapping_file))
    assert tariffs(workbook, "productcode", "eenheid", "tarief", "jaar") == [
        ("45A48", "04", Decimal("78"), 2026),
        ("45A49", "04", Decimal("70"), 2026),
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("bladen: [{blad: Y}]", "noemt het blad 'Y'"),
        (
            "bladen: [{blad: X, tabellen: [{soort: prijs, eerste_rij: 1, kolommen: {A: tarief}}]}]",
            "soort 'prijs'",
        ),
        (
            "bladen: [{blad: X, tabellen: [{soort: tarief, eerste_rij: 1, kolommen: {A: prijs}}]}]",
            "veld 'prijs'",
        ),
        ("bladen: [{blad: X, velden: {4: startdatum}}]", "hier hoort tekst"),
        ("bladen: [{blad: X, velden: {'4': startdatum}}]", "cel '4'"),
        ("bladen: [", "geen geldige YAML"),
        ("", "klopt niet"),
    ],
)
def test_a_wrong_mapping_gets_a_clear_message(tmp_path: Path, content: str, sentence: str) -> None:
    path = make_workbook(tmp_path / "t.xlsx", {"X": [["Code", "Tarief"], ["45A48", 78]]})
    mapping_file = tmp_path / "m.yaml"
    mapping_file.write_text(content, encoding="utf-8")
    with pytest.raises(UnusableInput, match=sentence):
        read_workbook(path, VOCABULARY, load_mapping(mapping_file))
