"""Workbooks as gemeenten, regions and providers make them: one idea of layout each.

What a careful person reads in the sheet stands beside it, and so does every cell that must be
reported. No other message may come up.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from inkoopcheck.readers.mapping import load_mapping, mapping_of
from inkoopcheck.readers.vocabulary import load_vocabulary
from inkoopcheck.readers.workbook import ReadWorkbook, read_layouts, read_workbook

VOCABULARY = load_vocabulary()

Rows = list[list[Any]]
Expected = dict[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]]


@dataclass
class Layout:
    """A workbook, the records in it per table, and the messages with their cell."""

    name: str
    sheets: dict[str, Rows]
    expected: Expected
    notes: list[tuple[str, str]] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    percentages: list[str] = field(default_factory=list)

    def save(self, path: Path) -> Path:
        """Write the workbook; merged ranges and percentages are those of the first sheet."""
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, rows in self.sheets.items():
            sheet = book.create_sheet(name)
            for row, values in enumerate(rows, 1):
                for column, value in enumerate(values, 1):
                    if value is not None:
                        sheet.cell(row, column, value)
        for area in self.merged:
            book.worksheets[0].merge_cells(area)
        for cell in self.percentages:
            book.worksheets[0][cell].number_format = "0%"
        book.save(path)
        return path


def plain(value: Any) -> Any:
    """Numbers in one form, so that 78 and 78.00 are the same."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return value
    return Decimal(repr(value) if isinstance(value, float) else value).normalize()


def records(workbook: ReadWorkbook, table: str, fields: tuple[str, ...]) -> list[tuple[Any, ...]]:
    rows = workbook.rows.get(table, [])
    return sorted((tuple(plain(row.get(name)) for name in fields) for row in rows), key=repr)


# fmt: off
LAYOUTS = [
    Layout("title block with logo text and merged cells",
        {"Blad1": [
            ["Gemeente Duinstad"],
            ["Postbus 12, 1234 AB Duinstad", "", "", "Versie 1.2"],
            ["Tarieven Jeugdhulp", " ", "", "d.d. 1-11-2025"],
            [],
            ["Bijlage 4 bij de overeenkomst Jeugdhulp 2026"],
            [],
            ["Productcode", "Omschrijving", "Eenheid", "Tarief"],
            ["45A48", "Begeleiding individueel", "uur", 78.0],
            ["44A08", "Gezinshuis", "etmaal", 160.5],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78, "04", 2026),
            ("44A08", 160.5, "14", 2026),
        ])},
        merged=["A1:D1", "A5:D5"],
    ),
    Layout("three heading rows",
        {"Blad1": [
            ["Tarievenlijst Jeugd", None, None, None, None],
            ["Product", None, None, "Tarief (excl. btw)", None],
            [None, None, None, "per eenheid", None],
            ["Code", "Naam", "Eenheid", 2025, 2026],
            ["45A48", "Begeleiding", "uur", 75, 78],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 75, "04", 2025),
            ("45A48", 78, "04", 2026),
        ])},
        merged=["A1:E1", "A2:C2", "D2:E2", "D3:E3"],
    ),
    Layout("abbreviated headings",
        {"Blad1": [
            ["Prod.code", "Omschr.", "Eenh.", "Trf. 2026"],
            ["45A48", "Begeleiding individueel", "uur", 78.0],
            ["44A08", "Gezinshuis", "etmaal", 160.5],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78, "04", 2026),
            ("44A08", 160.5, "14", 2026),
        ])},
    ),
    Layout("headings with line breaks",
        {"Blad1": [
            ["Product-\ncode", "Om-\nschrijving", "Een-\nheid", "Tarief\n2026\n(excl. btw)"],
            ["45A48", "Begeleiding individueel", "uur", 78.0],
            ["44A08", "Gezinshuis", "etmaal", 160.5],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78, "04", 2026),
            ("44A08", 160.5, "14", 2026),
        ])},
    ),
    Layout("tariff per date in the heading",
        {"Blad1": [
            ["Productcode", "Productnaam", "Eenheid", "Tarief per 1-1-2026"],
            ["45A48", "Begeleiding individueel", "uur", 78.0],
            ["44A08", "Gezinshuis", "etmaal", 160.5],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78, "04", 2026),
            ("44A08", 160.5, "14", 2026),
        ])},
    ),
    Layout("tarieven with year and btw",
        {"Blad1": [
            ["Productcode", "Productnaam", "Eenheid", "Tarieven 2026 (excl. btw)"],
            ["45A48", "Begeleiding individueel", "uur", 78.0],
            ["44A08", "Gezinshuis", "etmaal", 160.5],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78, "04", 2026),
            ("44A08", 160.5, "14", 2026),
        ])},
    ),
    Layout("price level in the title is no tariff year",
        {"Blad1": [
            ["Tarieven 2026, prijspeil 2025"],
            ["Productcode", "Omschrijving", "Eenheid", "Tarief"],
            ["45A48", "Begeleiding individueel", "uur", 78.0],
            ["44A08", "Gezinshuis", "etmaal", 160.5],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78, "04", 2026),
            ("44A08", 160.5, "14", 2026),
        ])},
    ),
    Layout("index between two years",
        {"Blad1": [
            ["Code", "Naam", "Eenheid", "Tarief 2025", "Index", "Tarief 2026"],
            ["45A48", "Beg", "uur", 75.0, 0.04, 78.0],
        ]},
        {"tarief": (("productcode", "tarief", "jaar", "indexpercentage"), [
            ("45A48", 75, 2025, None),
            ("45A48", 78, 2026, 4),
        ])},
    ),
    Layout("index behind two years",
        {"Blad1": [
            ["Code", "Naam", "Eenheid", "Tarief 2025", "Tarief 2026", "Indexering 2026 (%)"],
            ["45A48", "Beg", "uur", 75.0, 78.0, 4],
        ]},
        {"tarief": (("productcode", "tarief", "jaar", "indexpercentage"), [
            ("45A48", 75, 2025, None),
            ("45A48", 78, 2026, 4),
        ])},
    ),
    Layout("years as subheadings",
        {"Blad1": [
            ["Code", "Naam", "Eenheid", "Tarief"],
            ["Tarieven 2025"],
            ["45A48", "Beg", "uur", 75],
            ["Tarieven 2026"],
            ["45A48", "Beg", "uur", 78],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 75, "04", 2025),
            ("45A48", 78, "04", 2026),
        ])},
    ),
    Layout("years as subheadings in numbers",
        {"Blad1": [
            ["Code", "Naam", "Eenheid", "Tarief"],
            [2025],
            ["45A48", "Beg", "uur", 75],
            [2026],
            ["45A48", "Beg", "uur", 78],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 75, "04", 2025),
            ("45A48", 78, "04", 2026),
        ])},
    ),
    Layout("units in subheadings",
        {"Blad1": [
            ["Code", "Naam", "Tarief"],
            ["Tarieven per uur"],
            ["45A48", "Beg", 75],
            ["Tarieven per etmaal"],
            ["44A08", "Gezinshuis", 160.5],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 75, "04", None),
            ("44A08", 160.5, "14", None),
        ])},
    ),
    Layout("unit only in the description",
        {"Blad1": [
            ["Code", "Naam", "Tarief"],
            ["45A48", "Begeleiding individueel (per uur)", 75],
            ["44A08", "Gezinshuis, tarief per etmaal", 160.5],
            ["41A03", "Dagbehandeling per dagdeel", 70],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 75, "04", None),
            ("44A08", 160.5, "14", None),
            ("41A03", 70, "16", None),
        ])},
    ),
    Layout("intensity in the description is no unit",
        {"Blad1": [
            ["Code", "Naam", "Tarief"],
            ["45A48", "Begeleiding, gemiddeld 4 uur per week", 75],
            ["45A49", "Begeleiding max. 3 keer per maand", 70],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 75, None, None),
            ("45A49", 70, None, None),
        ])},
    ),
    Layout("several tables with titles on one sheet",
        {"Blad1": [
            ["Perceel 1 Ambulant"],
            ["Productcode", "Omschrijving", "Eenheid", "Tarief"],
            ["45A48", "Beg", "uur", 75],
            [],
            [],
            ["Perceel 2 Verblijf"],
            ["Code", "Naam", "Etmaaltarief"],
            ["44A08", "Gezinshuis", 160.5],
            [],
            ["Toelichting: tarieven zijn excl. btw"],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "perceel"), [
            ("45A48", 75, "04", "Perceel 1 Ambulant"),
            ("44A08", 160.5, "14", "Perceel 2 Verblijf"),
        ])},
    ),
    Layout("tables side by side with names",
        {"Blad1": [
            ["Ambulant", None, None, None, None, "Verblijf"],
            ["Productcode", "Omschrijving", "Eenheid", "Tarief", None, "Productcode", "Omschrijving", "Eenheid", "Tarief"],
            ["45A48", "Beg", "uur", 75, None, "44A08", "Gezinshuis", "etmaal", 160.5],
            ["45A49", "Beg sp", "uur", 85, None, "43A07", "Groep", "etmaal", 220],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "omschrijving"), [
            ("45A48", 75, "04", "Beg – Ambulant"),
            ("44A08", 160.5, "14", "Gezinshuis – Verblijf"),
            ("45A49", 85, "04", "Beg sp – Ambulant"),
            ("43A07", 220, "14", "Groep – Verblijf"),
        ])},
    ),
    Layout("a sheet per perceel",
        {"Perceel 1": [
            ["Productcode", "Omschrijving", "Eenheid", "Tarief"],
            ["45A48", "Begeleiding individueel", "uur", 78.0],
        ], "Perceel 2": [
            ["Productcode", "Omschrijving", "Eenheid", "Tarief"],
            ["44A08", "Gezinshuis", "etmaal", 160.5],
        ]},
        {"tarief": (("productcode", "tarief", "perceel"), [
            ("45A48", 78, "Perceel 1"),
            ("44A08", 160.5, "Perceel 2"),
        ])},
    ),
    Layout("code and name in one cell",
        {"Blad1": [
            ["Product", "Eenheid", "Tarief"],
            ["45A48 - Begeleiding individueel", "uur", 78],
            ["44A08 – Gezinshuis", "etmaal", 160.5],
            ["54001 Jeugd-ggz", "uur", 100],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "omschrijving"), [
            ("45A48", 78, "04", "Begeleiding individueel"),
            ("44A08", 160.5, "14", "Gezinshuis"),
            ("54001", 100, "04", "Jeugd-ggz"),
        ])},
    ),
    Layout("code between brackets behind the name",
        {"Blad1": [
            ["Product", "Eenheid", "Tarief"],
            ["Begeleiding individueel (45A48)", "uur", 78],
            ["Gezinshuis (44A08)", "etmaal", 160.5],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "omschrijving"), [
            ("45A48", 78, "04", "Begeleiding individueel"),
            ("44A08", 160.5, "14", "Gezinshuis"),
        ])},
    ),
    Layout("JZ21-code",
        {"Blad1": [
            ["JZ21-code", "Omschrijving", "Eenheid", "Tarief"],
            ["45A48", "Begeleiding individueel", "uur", 78.0],
            ["44A08", "Gezinshuis", "etmaal", 160.5],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "omschrijving"), [
            ("45A48", 78, "04", "Begeleiding individueel"),
            ("44A08", 160.5, "14", "Gezinshuis"),
        ])},
    ),
    Layout("own and national code",
        {"Blad1": [
            ["Gemeentelijke code", "Landelijke code", "Omschrijving", "Eenheid", "Tarief"],
            ["JB01", "45A48", "Beg", "uur", 78],
            ["JV02", "44A08", "Gezinshuis", "etmaal", 160.5],
            ["JX03", "n.v.t.", "Eigen module", "uur", 90],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "omschrijving"), [
            ("45A48", 78, "04", "Beg"),
            ("44A08", 160.5, "14", "Gezinshuis"),
            ("JX03", 90, "04", "Eigen module"),
        ])},
    ),
    Layout("national and own code",
        {"Blad1": [
            ["Landelijke productcode", "Gemeentelijke productcode", "Omschrijving", "Eenheid", "Tarief"],
            ["45A48", "JB01", "Beg", "uur", 78],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "omschrijving"), [
            ("45A48", 78, "04", "Beg"),
        ])},
    ),
    Layout("internal number and standard code",
        {"Blad1": [
            ["Eigen code", "Standaardcode", "Product", "Eenheid", "Tarief"],
            ["741", "45A49", "JH2-C", "uur", 78],
            ["742", "45A48", "JH2-B", "uur", 70],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "omschrijving"), [
            ("45A49", 78, "04", "JH2-C"),
            ("45A48", 70, "04", "JH2-B"),
        ])},
    ),
    Layout("old and new code",
        {"Blad1": [
            ["Code oud", "Code nieuw", "Omschrijving", "Eenheid", "Tarief 2026"],
            ["45A01", "45A48", "Beg", "uur", 78],
            ["44A01", "44A08", "Gezinshuis", "etmaal", 160.5],
        ]},
        {"tarief": (("productcode", "tarief", "jaar", "omschrijving"), [
            ("45A48", 78, 2026, "Beg"),
            ("44A08", 160.5, 2026, "Gezinshuis"),
        ])},
    ),
    Layout("levels below a merged tariff",
        {"Blad1": [
            ["Code", "Product", "Eenheid", "Tarief 2026", None, None],
            [None, None, None, "MBO", "HBO", "WO"],
            ["45A48", "Beg", "uur", 51, 78, None],
            ["54001", "GGZ", "uur", None, 100, 120],
        ]},
        {"tarief": (("productcode", "tarief", "niveau", "jaar"), [
            ("45A48", 51, "mbo", 2026),
            ("45A48", 78, "hbo", 2026),
            ("54001", 100, "hbo", 2026),
            ("54001", 120, "wo", 2026),
        ])},
        merged=["D1:F1"],
    ),
    Layout("weights as columns",
        {"Blad1": [
            ["Code", "Product", "Eenheid", "Licht", "Middel", "Zwaar"],
            ["41A22", "Dagbesteding", "dagdeel", 33.6, 43.2, 53.4],
        ]},
        {"tarief": (("productcode", "tarief", "zwaarte"), [
            ("41A22", 33.6, "licht"),
            ("41A22", 43.2, "middel"),
            ("41A22", 53.4, "zwaar"),
        ])},
    ),
    Layout("ZIN and PGB in headings",
        {"Blad1": [
            ["Code", "Product", "Eenheid", "Tarief ZIN 2026", "Tarief PGB 2026"],
            ["45A48", "Beg", "uur", 78, 62.4],
        ]},
        {"tarief": (("productcode", "tarief", "jaar", "omschrijving"), [
            ("45A48", 78, 2026, "Beg – zin"),
            ("45A48", 62.4, 2026, "Beg – pgb"),
        ])},
    ),
    Layout("ZIN and PGB below a merged tariff",
        {"Blad1": [
            ["Code", "Product", "Eenheid", "Tarief 2026", None],
            [None, None, None, "ZIN", "PGB"],
            ["45A48", "Beg", "uur", 78, 62.4],
        ]},
        {"tarief": (("productcode", "tarief", "jaar", "omschrijving"), [
            ("45A48", 78, 2026, "Beg – ZIN"),
            ("45A48", 62.4, 2026, "Beg – PGB"),
        ])},
        merged=["D1:E1"],
    ),
    Layout("pgb kinds as headings",
        {"Blad1": [
            ["Code", "Product", "Eenheid", "Tarief", "PGB formeel", "PGB informeel"],
            ["45A48", "Beg", "uur", 78, 62.4, 25.5],
        ]},
        {"tarief": (("productcode", "tarief", "omschrijving"), [
            ("45A48", 78, "Beg"),
            ("45A48", 62.4, "Beg – PGB formeel"),
            ("45A48", 25.5, "Beg – PGB informeel"),
        ])},
    ),
    Layout("surcharge beside weekend tariff",
        {"Blad1": [
            ["Code", "Product", "Eenheid", "Tarief", "ORT-toeslag", "Weekendtarief"],
            ["45A48", "Beg", "uur", 78, 12.5, 101.5],
        ]},
        {"tarief": (("productcode", "tarief", "omschrijving"), [
            ("45A48", 78, "Beg"),
            ("45A48", 101.5, "Beg – Weekend"),
        ])},
        notes=[("kolom niet herkend", "E1")],
    ),
    Layout("percentage of another tariff",
        {"Blad1": [
            ["Code", "Product", "Eenheid", "Tarief"],
            ["45A48", "Beg", "uur", 78],
            ["45A49", "Beg informeel", "uur", "80% van 45A48"],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78, "04", None),
            ("45A49", None, "04", None),
        ])},
        notes=[("niet begrepen", "D3")],
    ),
    Layout("surcharges as tariff",
        {"Blad1": [
            ["Code", "Product", "Eenheid", "Tarief"],
            ["45A48", "Beg", "uur", 78],
            ["45A49", "Beg weekend", "uur", "+25%"],
            ["45A50", "Beg nacht", "uur", "basistarief + 10%"],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78, "04", None),
            ("45A49", None, "04", None),
            ("45A50", None, "04", None),
        ])},
        notes=[("niet begrepen", "D3"), ("niet begrepen", "D4")],
    ),
    Layout("percentage format in the tariff column",
        {"Blad1": [
            ["Code", "Product", "Eenheid", "Tarief"],
            ["45A48", "Beg", "uur", 78],
            ["45A49", "Beg informeel", "uur", 0.8],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78, "04", None),
            ("45A49", None, "04", None),
        ])},
        notes=[("niet begrepen", "D3")],
        percentages=["D3"],
    ),
    Layout("at most",
        {"Blad1": [
            ["Code", "Product", "Eenheid", "Tarief"],
            ["45A48", "Beg", "uur", "max. € 80,-"],
            ["45A49", "B", "uur", "maximaal 81,50"],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 80, "04", None),
            ("45A49", 81.5, "04", None),
        ])},
    ),
    Layout("from and about",
        {"Blad1": [
            ["Code", "Product", "Eenheid", "Tarief"],
            ["45A48", "Beg", "uur", "vanaf € 80,-"],
            ["45A49", "B", "uur", "ca. 81,50"],
            ["45A50", "B", "uur", "€ 80"],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", None, "04", None),
            ("45A49", None, "04", None),
            ("45A50", 80, "04", None),
        ])},
        notes=[("niet begrepen", "D2"), ("niet begrepen", "D3")],
    ),
    Layout("ranges",
        {"Blad1": [
            ["Code", "Product", "Eenheid", "Tarief"],
            ["45A48", "Beg", "uur", "€ 70 - € 80"],
            ["45A49", "B", "uur", "70-80"],
            ["45A50", "B", "uur", "€ 70,00 tot € 80,00"],
            ["45A51", "B", "uur", "tussen 70 en 80"],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", None, "04", None),
            ("45A49", None, "04", None),
            ("45A50", None, "04", None),
            ("45A51", None, "04", None),
        ])},
        notes=[("niet begrepen", "D2"), ("niet begrepen", "D3"), ("niet begrepen", "D4"), ("niet begrepen", "D5")],
    ),
    Layout("footnote marks",
        {"Blad1": [
            ["Code¹", "Product", "Eenheid", "Tarief 2026*"],
            ["45A48", "Beg", "uur", "78,50 1)"],
            ["45A49*", "B", "uur", "79,50*"],
            ["45A50", "B", "uur", "80,50²"],
            ["45A51 1)", "B", "uur", "€ 81,50 (1)"],
            ["45A52", "B", "uur", "* 82,50"],
            ["45A53", "B", "uur", "83,50 [2]"],
            ["1) alleen na overleg"],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78.5, "04", 2026),
            ("45A49", 79.5, "04", 2026),
            ("45A50", 80.5, "04", 2026),
            ("45A51", 81.5, "04", 2026),
            ("45A52", 82.5, "04", 2026),
            ("45A53", 83.5, "04", 2026),
        ])},
    ),
    Layout("notations of amounts",
        {"Blad1": [
            ["Code", "Product", "Eenheid", "Tarief"],
            ["45A48", "B", "uur", "€ 1.078,00-"],
            ["45A49", "B", "uur", "EUR 1.078,50"],
            ["45A50", "B", "uur", "1,078.50"],
            ["45A51", "B", "uur", "'78,50"],
            ["45A52", "B", "uur", "78.50"],
            ["45A53", "B", "uur", "€78,="],
            ["45A54", "B", "uur", "78,5"],
            ["45A55", "B", "uur", "1 078,50"],
            ["45A56", "B", "uur", "-12,50"],
            ["45A57", "B", "uur", "€ -"],
            ["45A58", "B", "uur", "€ 78,50 p/u"],
            ["45A59", "B", "uur", "78 euro"],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", -1078, "04", None),
            ("45A49", 1078.5, "04", None),
            ("45A50", 1078.5, "04", None),
            ("45A51", 78.5, "04", None),
            ("45A52", 78.5, "04", None),
            ("45A53", 78, "04", None),
            ("45A54", 78.5, "04", None),
            ("45A55", 1078.5, "04", None),
            ("45A56", -12.5, "04", None),
            ("45A58", 78.5, "04", None),
            ("45A59", 78, "04", None),
        ])},
    ),
    Layout("cents",
        {"Blad1": [
            ["Code", "Product", "Eenheid", "Tarief in centen"],
            ["45A48", "Beg", "uur", 7850],
            ["44A08", "Gez", "etmaal", 16050],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78.5, "04", None),
            ("44A08", 160.5, "14", None),
        ])},
    ),
    Layout("dates in all notations",
        {"Blad1": [
            ["Productcode", "Omschrijving", "Eenheid", "Tarief", "Geldig van", "Geldig t/m"],
            ["45A48", "B", "uur", 78, "1 jan 2026", "31-12-26"],
            ["45A49", "B", "uur", 78, 46023, 46387],
            ["45A50", "B", "uur", 78, "01/01/2026", "heden"],
            ["45A51", "B", "uur", 78, "1.1.2026", "onbepaalde tijd"],
            ["45A52", "B", "uur", 78, datetime(2026, 1, 1, 0, 0), datetime(2026, 12, 31, 23, 59, 59)],
            ["45A53", "B", "uur", 78, "20260101", "31-12-9999"],
        ]},
        {"tarief": (("productcode", "geldig_van", "geldig_tot"), [
            ("45A48", date(2026, 1, 1), date(2026, 12, 31)),
            ("45A49", date(2026, 1, 1), date(2026, 12, 31)),
            ("45A50", date(2026, 1, 1), None),
            ("45A51", date(2026, 1, 1), None),
            ("45A52", date(2026, 1, 1), date(2026, 12, 31)),
            ("45A53", date(2026, 1, 1), date(9999, 12, 31)),
        ])},
        notes=[("niet begrepen", "F4")],
    ),
    Layout("booleans",
        {"Blad1": [
            ["Productcode", "Omschrijving", "Eenheid", "Tarief", "Einddatum verplicht"],
            ["45A48", "B", "uur", 78, True],
            ["45A49", "B", "uur", True, "x"],
        ]},
        {"tarief": (("productcode", "tarief", "einddatum_verplicht"), [
            ("45A48", 78, True),
            ("45A49", None, True),
        ])},
        notes=[("niet begrepen", "D3")],
    ),
    Layout("code merged over rows",
        {"Blad1": [
            ["Code", "Niveau", "Eenheid", "Tarief"],
            ["45A48", "mbo", "uur", 51],
            [None, "hbo", "uur", 78],
            [None, "wo", "uur", 99],
            ["45A49", "hbo", "uur", 88],
        ]},
        {"tarief": (("productcode", "tarief", "niveau"), [
            ("45A48", 51, "mbo"),
            ("45A48", 78, "hbo"),
            ("45A48", 99, "wo"),
            ("45A49", 88, "hbo"),
        ])},
        merged=["A2:A4"],
    ),
    Layout("code left empty below the code",
        {"Blad1": [
            ["Code", "Product", "Niveau", "Eenheid", "Tarief"],
            ["45A48", "Beg", "mbo", "uur", 51],
            [None, None, "hbo", "uur", 78],
            [None, None, "wo", "uur", 99],
            ["45A49", "Beg sp", "hbo", "uur", 88],
        ]},
        {"tarief": (("productcode", "tarief", "niveau"), [
            ("45A48", 51, "mbo"),
            ("45A48", 78, "hbo"),
            ("45A48", 99, "wo"),
            ("45A49", 88, "hbo"),
        ])},
    ),
    Layout("empty rows and repeated headings",
        {"Blad1": [
            ["Tarieven 2026"],
            ["Productcode", "Omschrijving", "Eenheid", "Tarief"],
            ["45A48", "Begeleiding individueel", "uur", 78.0],
            [],
            ["Productcode", "Omschrijving", "Eenheid", "Tarief"],
            [],
            ["44A08", "Gezinshuis", "etmaal", 160.5],
            [],
            ["pagina 2 van 3"],
            ["Tarieven 2026"],
            ["Productcode", "Omschrijving", "Eenheid", "Tarief"],
            ["45A49", "Beg sp", "uur", 88],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78, "04", 2026),
            ("44A08", 160.5, "14", 2026),
            ("45A49", 88, "04", 2026),
        ])},
    ),
    Layout("totals halfway",
        {"Blad1": [
            ["Productcode", "Omschrijving", "Eenheid", "Tarief", "Volume", "Budget 2026"],
            ["45A48", "B", "uur", 78, 1000, 78000],
            [None, "Subtotaal ambulant", None, None, 1000, 78000],
            ["44A08", "G", "etmaal", 160, 365, 58400],
            ["Totaal", None, None, None, 1365, 136400],
            ["Eindtotaal", None, None, None, None, 136400],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78, "04", None),
            ("44A08", 160, "14", None),
        ])},
        notes=[("kolom niet herkend", "F1")],
    ),
    Layout("budget beside tariff",
        {"Blad1": [
            ["Code", "Product", "Eenheid", "Tarief 2026", "Volume 2026", "Budget 2026"],
            ["45A48", "B", "uur", 78.5, 1000, 78500.0],
            ["44A08", "G", "etmaal", 160.5, 365, 58582.5],
        ]},
        {"tarief": (("productcode", "tarief", "volume", "jaar"), [
            ("45A48", 78.5, 1000, 2026),
            ("44A08", 160.5, 365, 2026),
        ])},
        notes=[("kolom niet herkend", "F1")],
    ),
    Layout("labels in B and values in D",
        {"Blad1": [
            [None, "Overeenkomst jeugdhulp"],
            [],
            [None, "Gemeente", None, "Duinstad"],
            [None, "Opdrachtnemer", None, "Stichting X"],
            [None, "Ingangsdatum", None, date(2026, 1, 1)],
            [None, "Einddatum", None, date(2028, 12, 31)],
            [None, "Opzegtermijn", None, "6 maanden"],
            [None, "Betaaltermijn", None, "30 dagen"],
            [None, "KvK-nummer", None, "12345678"],
        ]},
        {"contract": (("gemeente", "startdatum", "einddatum", "opzegtermijn_opdrachtgever", "betaaltermijn_dagen"), [
            ("Duinstad", date(2026, 1, 1), date(2028, 12, 31), 6, 30),
        ]), "aanbieder": (("aanbieder", "kvk"), [
            ("Stichting X", "12345678"),
        ])},
    ),
    Layout("two contracts side by side",
        {"Blad1": [
            ["Onderwerp", "Contract A", "Contract B"],
            ["Contractnummer", "C-1", "C-2"],
            ["Gemeente", "Duinstad", "Duinstad"],
            ["Aanbieder", "X", "Y"],
            ["Startdatum", date(2026, 1, 1), date(2025, 1, 1)],
            ["Einddatum", date(2028, 12, 31), date(2027, 12, 31)],
            ["Betaaltermijn (dagen)", 30, 14],
        ]},
        {"contract": (("contract_id", "startdatum", "betaaltermijn_dagen"), [
            ("C-1", date(2026, 1, 1), 30),
            ("C-2", date(2025, 1, 1), 14),
        ]), "aanbieder": (("contract_id", "aanbieder"), [
            ("C-1", "X"),
            ("C-2", "Y"),
        ])},
    ),
    Layout("contracts with providers",
        {"Blad1": [
            ["Contractnummer", "Aanbieder", "KvK", "AGB-code", "Ingangsdatum", "Einddatum", "Opzegtermijn", "Betaaltermijn"],
            ["C-1", "X", 12345678, "01234567", date(2026, 1, 1), date(2028, 12, 31), 6, 30],
            ["C-2", "Y", "87654321", "76543210", "1-1-2026", "onbepaalde tijd", 3, 14],
        ]},
        {"contract": (("contract_id", "einddatum", "onbepaalde_tijd", "betaaltermijn_dagen"), [
            ("C-1", date(2028, 12, 31), None, 30),
            ("C-2", None, True, 14),
        ]), "aanbieder": (("contract_id", "aanbieder", "kvk"), [
            ("C-1", "X", "12345678"),
            ("C-2", "Y", "87654321"),
        ])},
    ),
    Layout("providers",
        {"Tarieven": [
            ["Productcode", "Omschrijving", "Eenheid", "Tarief"],
            ["45A48", "Begeleiding individueel", "uur", 78.0],
            ["44A08", "Gezinshuis", "etmaal", 160.5],
        ], "Aanbieders": [
            ["Overzicht gecontracteerde aanbieders"],
            [],
            ["Nr", "Naam aanbieder", "KvK-nummer", "AGB-code", "Plaats", "Hulpvormen"],
            [1, "Stichting X", 12345678, 1234567, "Duinstad", "ambulant"],
            [2, "Y bv", "87654321", "76543210", "Zeestad", "verblijf"],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78, "04", None),
            ("44A08", 160.5, "14", None),
        ]), "aanbieder": (("aanbieder", "kvk", "agb", "jeugdhulpvorm"), [
            ("Stichting X", "12345678", "01234567", "ambulant"),
            ("Y bv", "87654321", "76543210", "verblijf"),
        ])},
    ),
    Layout("turned build-up",
        {"Tarieven": [
            ["Productcode", "Omschrijving", "Eenheid", "Tarief"],
            ["45A48", "Begeleiding individueel", "uur", 78.0],
            ["44A08", "Gezinshuis", "etmaal", 160.5],
        ], "Kostprijsopbouw": [
            ["Opbouw kostprijs 2026"],
            [],
            ["Productcode", "45A48", "44A08"],
            ["Omschrijving", "Begeleiding", "Gezinshuis"],
            ["Loonkosten", 50, 100],
            ["Overige cliëntgebonden kosten", 5, 20],
            ["Overhead", 15, 30],
            ["Indexering", 3, 6],
            ["Risico en marge", 2, 4.5],
            ["Tarief", 75, 160.5],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78, "04", None),
            ("44A08", 160.5, "14", None),
        ]), "tariefopbouw": (("productcode", "omschrijving", "kosten_beroepskrachten", "overige_clientgebonden", "overhead", "indexering", "risico_marge", "tarief", "jaar"), [
            ("45A48", "Begeleiding", 50, 5, 15, 3, 2, 75, 2026),
            ("44A08", "Gezinshuis", 100, 20, 30, 6, 4.5, 160.5, 2026),
        ])},
    ),
    Layout("turned build-up with codes and names",
        {"Tarieven": [
            ["Productcode", "Omschrijving", "Eenheid", "Tarief"],
            ["45A48", "Begeleiding individueel", "uur", 78.0],
            ["44A08", "Gezinshuis", "etmaal", 160.5],
        ], "Kostprijs": [
            ["Kostprijselement", "45A48 Begeleiding", "45A49 Begeleiding specialistisch"],
            ["Loonkosten per uur", "€ 50,00", "€ 60,00"],
            ["Productiviteit", "75%", "70%"],
            ["Overhead", "20%", "20%"],
            ["Marge", "€ 2,00", "€ 2,00"],
            ["Uurtarief", "€ 78,00", "€ 98,00"],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78, "04", None),
            ("44A08", 160.5, "14", None),
        ]), "tariefopbouw": (("productcode", "kosten_beroepskrachten", "productiviteit", "overhead_percentage", "risico_marge", "tarief"), [
            ("45A48", 50, 75, 20, 2, 78),
            ("45A49", 60, 70, 20, 2, 98),
        ])},
    ),
    Layout("turned tariffs",
        {"Blad1": [
            ["Productcode", "45A48", "44A08", "41A03"],
            ["Omschrijving", "Beg", "Gezinshuis", "Dagbeh"],
            ["Eenheid", "uur", "etmaal", "dagdeel"],
            ["Tarief 2025", 75, 150, 70],
            ["Tarief 2026", 78, 160.5, 73],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 75, "04", 2025),
            ("45A48", 78, "04", 2026),
            ("44A08", 150, "14", 2025),
            ("44A08", 160.5, "14", 2026),
            ("41A03", 70, "16", 2025),
            ("41A03", 73, "16", 2026),
        ])},
    ),
    Layout("build-up of one product",
        {"Tarieven": [
            ["Productcode", "Omschrijving", "Eenheid", "Tarief"],
            ["45A48", "Begeleiding individueel", "uur", 78.0],
            ["44A08", "Gezinshuis", "etmaal", 160.5],
        ], "Opbouw": [
            ["Opbouw uurtarief begeleiding"],
            ["Loonkosten", 50],
            ["Overige cliëntgebonden kosten", 5],
            ["Overhead", 15],
            ["Indexering", 3],
            ["Risico en marge", 2],
            ["Tarief", 75],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78, "04", None),
            ("44A08", 160.5, "14", None),
        ]), "tariefopbouw": (("kosten_beroepskrachten", "overige_clientgebonden", "overhead", "indexering", "risico_marge", "tarief"), [
            (50, 5, 15, 3, 2, 75),
        ])},
    ),
    Layout("old and new tariff",
        {"Blad1": [
            ["Code", "Product", "Eenheid", "Huidig tarief", "Nieuw tarief per 1-1-2026"],
            ["45A48", "B", "uur", 75, 78],
        ]},
        {"tarief": (("productcode", "tarief", "omschrijving", "jaar"), [
            ("45A48", 75, "B – huidig", None),
            ("45A48", 78, "B – nieuw", 2026),
        ])},
    ),
    Layout("minute and hour tariff",
        {"Blad1": [
            ["Code", "Product", "Tarief per minuut", "Tarief per uur"],
            ["45A48", "B", 1.3, 78],
        ]},
        {"tarief": (("productcode", "tarief", "minuuttarief", "eenheid"), [
            ("45A48", 78, 1.3, "04"),
        ])},
    ),
    Layout("a column per unit",
        {"Blad1": [
            ["Code", "Product", "Uurtarief", "Etmaaltarief", "Dagdeeltarief"],
            ["45A48", "B", 78, None, None],
            ["44A08", "G", None, 160.5, None],
            ["41A03", "D", None, None, 70],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78, "04", None),
            ("44A08", 160.5, "14", None),
            ("41A03", 70, "16", None),
        ])},
    ),
    Layout("unit in the tariff cell",
        {"Blad1": [
            ["Code", "Product", "Tarief"],
            ["45A48", "B", "€ 78,00 per uur"],
            ["44A08", "G", "€ 160,50/etmaal"],
            ["41A03", "D", "€ 70,- p. dagdeel"],
            ["54001", "ggz", "€ 1,65 per minuut"],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78, "04", None),
            ("44A08", 160.5, "14", None),
            ("41A03", 70, "16", None),
            ("54001", 1.65, "01", None),
        ])},
    ),
    Layout("to be decided",
        {"Blad1": [
            ["Productcode", "Omschrijving", "Eenheid", "Tarief"],
            ["45A48", "B", "uur", "PM"],
            ["45A49", "B", "uur", "n.t.b."],
            ["45A50", "B", "uur", "nader te bepalen"],
            ["45A51", "B", "uur", "-"],
            ["45A52", "B", "uur", None],
            ["45A53", "B", "uur", 78],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", None, "04", None),
            ("45A49", None, "04", None),
            ("45A50", None, "04", None),
            ("45A52", None, "04", None),
            ("45A53", 78, "04", None),
        ])},
        notes=[("niet begrepen", "D2"), ("niet begrepen", "D3"), ("niet begrepen", "D4")],
    ),
    Layout("with and without btw",
        {"Blad1": [
            ["Code", "Product", "Eenheid", "Tarief excl. btw", "Tarief incl. btw"],
            ["45A48", "B", "uur", 78, 94.38],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78, "04", None),
        ])},
    ),
    Layout("years as headings",
        {"Blad1": [
            ["Productcode", "Product", "Eenheid", 2024, 2025, 2026],
            ["45A48", "B", "uur", 72, 75, 78],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 72, "04", 2024),
            ("45A48", 75, "04", 2025),
            ("45A48", 78, "04", 2026),
        ])},
    ),
    Layout("periods as headings",
        {"Blad1": [
            ["Productcode", "Product", "Eenheid", "1-1-2026 t/m 30-6-2026", "1-7-2026 t/m 31-12-2026"],
            ["45A48", "B", "uur", 75, 78],
        ]},
        {"tarief": (("productcode", "tarief", "geldig_van", "geldig_tot"), [
            ("45A48", 75, date(2026, 1, 1), date(2026, 6, 30)),
            ("45A48", 78, date(2026, 7, 1), date(2026, 12, 31)),
        ])},
    ),
    Layout("date cells as headings",
        {"Blad1": [
            ["Productcode", "Product", "Eenheid", date(2025, 1, 1), date(2026, 1, 1)],
            ["45A48", "B", "uur", 75, 78],
        ]},
        {"tarief": (("productcode", "tarief", "jaar"), [
            ("45A48", 75, 2025),
            ("45A48", 78, 2026),
        ])},
    ),
    Layout("euro sign in a cell of its own",
        {"Blad1": [
            ["Code", "Product", "Eenheid", "Tarief", None],
            ["45A48", "B", "uur", "€", 78],
            ["45A49", "B", "uur", "€", 79],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78, "04", None),
            ("45A49", 79, "04", None),
        ])},
        merged=["D1:E1"],
    ),
    Layout("contract data below the table",
        {"Blad1": [
            ["Productcode", "Omschrijving", "Eenheid", "Tarief"],
            ["45A48", "Begeleiding individueel", "uur", 78.0],
            ["44A08", "Gezinshuis", "etmaal", 160.5],
            [],
            ["Ingangsdatum", "1-1-2026"],
            ["Einddatum", "31-12-2028"],
            ["Opmerkingen: tarieven zijn inclusief reistijd"],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78, "04", None),
            ("44A08", 160.5, "14", None),
        ]), "contract": (("startdatum", "einddatum"), [
            (date(2026, 1, 1), date(2028, 12, 31)),
        ])},
    ),
    Layout("codes with spaces and dashes",
        {"Blad1": [
            ["Productcode", "Omschrijving", "Eenheid", "Tarief"],
            ["45 A 48", "B", "uur", 78],
            ["45-A-49", "B", "uur", 79],
            ["45a50", "B", "uur", 80],
            ["45A51.", "B", "uur", 81],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78, "04", None),
            ("45A49", 79, "04", None),
            ("45A50", 80, "04", None),
            ("45A51", 81, "04", None),
        ])},
    ),
    Layout("units as written in practice",
        {"Blad1": [
            ["Code", "Eenheid", "Tarief"],
            ["45A48", "Uur (60 min.)", 78],
            ["45A49", "p.u.", 78],
            ["44A08", "per etmaal (24 uur)", 160],
            ["41A03", "dagdeel (4 uur)", 70],
            ["54001", "minuten", 1.5],
            ["45A50", "Uren", 78],
            ["45A51", "04 - uur", 78],
            ["45A52", "04", 78],
            ["45A53", "stuks (inspanning)", 500],
            ["45A54", "Per stuk (output)", 500],
            ["45A55", "€/uur", 78],
            ["45A56", "per mnd", 900],
            ["45A57", "UUR", 78],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid"), [
            ("45A48", 78, "04"),
            ("45A49", 78, "04"),
            ("44A08", 160, "14"),
            ("41A03", 70, "16"),
            ("54001", 1.5, "01"),
            ("45A50", 78, "04"),
            ("45A51", 78, "04"),
            ("45A52", 78, "04"),
            ("45A53", 500, "84"),
            ("45A54", 500, "82"),
            ("45A55", 78, "04"),
            ("45A56", 900, "maand"),
            ("45A57", 78, "04"),
        ])},
    ),
    Layout("column numbers below the heading",
        {"Blad1": [
            ["Productcode", "Omschrijving", "Eenheid", "Tarief"],
            ["(1)", "(2)", "(3)", "(4)"],
            ["45A48", "Begeleiding individueel", "uur", 78.0],
            ["44A08", "Gezinshuis", "etmaal", 160.5],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78, "04", None),
            ("44A08", 160.5, "14", None),
        ])},
    ),
    Layout("explanation below the heading",
        {"Blad1": [
            ["Productcode", "Omschrijving", "Eenheid", "Tarief"],
            ["vijf tekens", "naam van het product", "per uur, etmaal", "in euro"],
            ["45A48", "Begeleiding individueel", "uur", 78.0],
            ["44A08", "Gezinshuis", "etmaal", 160.5],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78, "04", None),
            ("44A08", 160.5, "14", None),
        ])},
    ),
    Layout("letter-spaced heading",
        {"Blad1": [
            ["P R O D U C T C O D E", "OMSCHRIJVING ", "EENHEID", "TARIEF  2026 "],
            ["45A48", "Begeleiding individueel", "uur", 78.0],
            ["44A08", "Gezinshuis", "etmaal", 160.5],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78, "04", 2026),
            ("44A08", 160.5, "14", 2026),
        ])},
    ),
    Layout("price times volume",
        {"Blad1": [
            ["Code", "Product", "Eenheid", "P (€)", "Q", "PxQ"],
            ["45A48", "B", "uur", 78.5, 100, 7850.0],
        ]},
        {"tarief": (("productcode", "tarief", "volume"), [
            ("45A48", 78.5, 100),
        ])},
        notes=[("kolom niet herkend", "F1")],
    ),
    Layout("names without codes",
        {"Blad1": [
            ["Tarieven 2026 gemeente Duinstad"],
            ["Voorziening", "Tarief per uur"],
            ["Begeleiding basis", "€ 62,40"],
            ["Begeleiding plus", "€ 81,00"],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar", "omschrijving"), [
            (None, 62.4, "04", 2026, "Begeleiding basis"),
            (None, 81, "04", 2026, "Begeleiding plus"),
        ])},
    ),
    Layout("two tariffs within a year",
        {"Blad1": [
            ["Code", "Product", "Eenheid", "Tarief per 1-1-2026", "Tarief per 1-7-2026"],
            ["45A48", "B", "uur", 75, 78],
        ]},
        {"tarief": (("productcode", "tarief", "jaar", "geldig_van"), [
            ("45A48", 75, 2026, None),
            ("45A48", 78, 2026, date(2026, 7, 1)),
        ])},
    ),
    Layout("differences are no tariffs",
        {"Blad1": [
            ["Code", "Product", "Eenheid", "Tarief 2025", "Tarief 2026", "Verschil tarief", "Stijging %"],
            ["45A48", "B", "uur", 75.5, 78.25, 2.75, 3.6],
        ]},
        {"tarief": (("productcode", "tarief", "jaar"), [
            ("45A48", 75.5, 2025),
            ("45A48", 78.25, 2026),
        ])},
        notes=[("kolom niet herkend", "F1")],
    ),
    Layout("AGB-code is no product code",
        {"Blad1": [
            ["Aanbieder", "AGB-code", "Productcode", "Eenheid", "Tarief"],
            ["X", "76543210", "45A48", "uur", 78],
            ["Y", "76543211", "45A48", "uur", 79],
        ]},
        {"tarief": (("productcode", "tarief", "aanbieder"), [
            ("45A48", 78, "X"),
            ("45A48", 79, "Y"),
        ])},
    ),
    Layout("AGB-code without product code",
        {"Blad1": [
            ["Aanbieder", "AGB-code", "Product", "Eenheid", "Tarief"],
            ["X", "76543210", "Beg", "uur", 78],
        ]},
        {"tarief": (("productcode", "tarief", "aanbieder"), [
            (None, 78, "X"),
        ])},
    ),
    Layout("cost price before the tariff",
        {"Blad1": [
            ["Code", "Product", "Eenheid", "Kostprijs", "Tarief"],
            ["45A48", "B", "uur", 70.5, 80],
        ]},
        {"tarief": (("productcode", "tarief"), [
            ("45A48", 80),
        ])},
        notes=[("kolom niet herkend", "D1")],
    ),
    Layout("years above ZIN and PGB",
        {"Blad1": [
            ["Product", None, 2025, None, 2026, None],
            ["Code", "Eenheid", "ZIN", "PGB", "ZIN", "PGB"],
            ["45A48", "uur", 75, 60, 78, 62],
        ]},
        {"tarief": (("productcode", "tarief", "jaar", "omschrijving"), [
            ("45A48", 75, 2025, "ZIN"),
            ("45A48", 60, 2025, "PGB"),
            ("45A48", 78, 2026, "ZIN"),
            ("45A48", 62, 2026, "PGB"),
        ])},
        merged=["A1:B1", "C1:D1", "E1:F1"],
    ),
    Layout("subheading merged over the table",
        {"Blad1": [
            ["Code", "Product", "Eenheid", "Tarief"],
            ["Begeleiding", None, None, None],
            ["45A48", "Individueel", "uur", 78],
        ]},
        {"tarief": (("productcode", "tarief", "perceel"), [
            ("45A48", 78, "Begeleiding"),
        ])},
        merged=["A2:D2"],
    ),
    Layout("subheading with the code",
        {"Blad1": [
            ["Code", "Niveau", "Eenheid", "Tarief"],
            ["45A48 Begeleiding"],
            [None, "mbo", "uur", 51],
            [None, "hbo", "uur", 78],
        ]},
        {"tarief": (("productcode", "tarief", "niveau"), [
            ("45A48", 51, "mbo"),
            ("45A48", 78, "hbo"),
        ])},
    ),
    Layout("tariff merged over rows",
        {"Blad1": [
            ["Code", "Product", "Eenheid", "Tarief"],
            ["45A48", "B", "uur", 75],
            ["45A49", "B2", "uur", None],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid"), [
            ("45A48", 75, "04"),
            ("45A49", 75, "04"),
        ])},
        merged=["D2:D3"],
    ),
    Layout("years of decisions are no tariff years",
        {"Blad1": [
            ["Besluit van het college van 12 november 2025"],
            ["Vastgesteld op 3-12-2025"],
            ["Jeugdwet 2015"],
            ["Productcode", "Omschrijving", "Eenheid", "Tarief"],
            ["45A48", "Begeleiding individueel", "uur", 78.0],
            ["44A08", "Gezinshuis", "etmaal", 160.5],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78, "04", None),
            ("44A08", 160.5, "14", None),
        ])},
    ),
    Layout("name of the sheet before another title",
        {"Tarieven 2026": [
            ["Verordening jeugdhulp 2024"],
            ["Productcode", "Omschrijving", "Eenheid", "Tarief"],
            ["45A48", "Begeleiding individueel", "uur", 78.0],
            ["44A08", "Gezinshuis", "etmaal", 160.5],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78, "04", 2026),
            ("44A08", 160.5, "14", 2026),
        ])},
    ),
    Layout("term and index in words",
        {"Blad1": [
            ["Gemeente", "Duinstad"],
            ["Looptijd", "1 januari 2026 tot en met 31 december 2028"],
            ["Verlenging", "2 x 12 maanden"],
            ["Betaaltermijn", "30 dagen"],
            ["Opzegtermijn", "drie maanden"],
            ["Indexering", "OVA 90%, PPC 10%"],
        ]},
        {"contract": (("gemeente", "startdatum", "einddatum", "betaaltermijn_dagen", "opzegtermijn_opdrachtgever", "index_weging_loon"), [
            ("Duinstad", date(2026, 1, 1), date(2028, 12, 31), 30, 3, 90),
        ])},
    ),
    Layout("hour and minute tariff per year",
        {"Blad1": [
            ["Productcode", "Naam", "Uurtarief 2025", "Minuuttarief 2025", "Uurtarief 2026", "Minuuttarief 2026"],
            ["54001", "ggz", 96, 1.6, 99, 1.65],
        ]},
        {"tarief": (("productcode", "tarief", "minuuttarief", "jaar"), [
            ("54001", 96, 1.6, 2025),
            ("54001", 99, 1.65, 2026),
        ])},
    ),
    Layout("ditto marks",
        {"Blad1": [
            ["Productcode", "Omschrijving", "Eenheid", "Tarief"],
            ["45A48", "B", "uur", 78],
            ["45A49", "B", '"', 79],
            ["45A50", "B", "idem", 80],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid"), [
            ("45A48", 78, "04"),
            ("45A49", 79, "04"),
            ("45A50", 80, "04"),
        ])},
    ),
    Layout("tariffs from a date within the year",
        {"Blad1": [
            ["Tarieven per 1 juli 2026"],
            ["Productcode", "Omschrijving", "Eenheid", "Tarief"],
            ["45A48", "Begeleiding individueel", "uur", 78.0],
            ["44A08", "Gezinshuis", "etmaal", 160.5],
        ]},
        {"tarief": (("productcode", "geldig_van"), [
            ("45A48", date(2026, 7, 1)),
            ("44A08", date(2026, 7, 1)),
        ])},
    ),
    Layout("tariff in the middle of the heading",
        {"Blad1": [
            ["Code", "Voorziening", "Max. tarief ZIN", "Max. tarief pgb professional", "Max. tarief pgb sociaal netwerk"],
            ["45A48", "B", 78, 62, 25],
        ]},
        {"tarief": (("productcode", "tarief"), [
            ("45A48", 78),
            ("45A48", 62),
            ("45A48", 25),
        ])},
    ),
    Layout("products below each other",
        {"Blad1": [
            ["Product", "Begeleiding"],
            ["Productcode", "45A48"],
            ["Eenheid", "uur"],
            ["Tarief 2026", "€ 78,00"],
            [],
            ["Product", "Gezinshuis"],
            ["Productcode", "44A08"],
            ["Eenheid", "etmaal"],
            ["Tarief 2026", "€ 160,50"],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar", "omschrijving"), [
            ("45A48", 78, "04", 2026, "Begeleiding"),
            ("44A08", 160.5, "14", 2026, "Gezinshuis"),
        ])},
    ),
    Layout("amounts per age",
        {"Blad1": [
            ["Pleegvergoeding 2026"],
            ["Leeftijd", "Bedrag per dag"],
            ["0 t/m 8 jaar", "€ 24,88"],
            ["9 t/m 11 jaar", "€ 25,20"],
        ]},
        {"tarief": (("doelgroep", "tarief", "eenheid", "jaar"), [
            ("0 t/m 8 jaar", 24.88, "dag", 2026),
            ("9 t/m 11 jaar", 25.2, "dag", 2026),
        ])},
    ),
    Layout("name in two columns",
        {"Blad1": [
            ["Hoofdproduct", "Product", "Eenheid", "Tarief"],
            ["Begeleiding", "Licht", "uur", 60],
            ["Begeleiding", "Zwaar", "uur", 80],
        ]},
        {"tarief": (("omschrijving", "tarief"), [
            ("Begeleiding – Licht", 60),
            ("Begeleiding – Zwaar", 80),
        ])},
    ),
    Layout("other table below the tariffs",
        {"Blad1": [
            ["Productcode", "Omschrijving", "Eenheid", "Tarief"],
            ["45A48", "Begeleiding individueel", "uur", 78.0],
            ["44A08", "Gezinshuis", "etmaal", 160.5],
            [],
            ["Overzicht budget"],
            ["Perceel", "Budget 2026"],
            ["1", 100000],
            ["2", 200000],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78, "04", None),
            ("44A08", 160.5, "14", None),
        ])},
        notes=[("kolom niet herkend", "B6")],
    ),
    Layout("version history below the tariffs",
        {"Blad1": [
            ["Productcode", "Omschrijving", "Eenheid", "Tarief"],
            ["45A48", "Begeleiding individueel", "uur", 78.0],
            ["44A08", "Gezinshuis", "etmaal", 160.5],
            [],
            ["Versie", "Datum", "Auteur"],
            ["1.0", date(2025, 1, 1), "inkoop"],
            ["1.1", date(2025, 2, 1), "inkoop"],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78, "04", None),
            ("44A08", 160.5, "14", None),
        ])},
    ),
    Layout("signature below the tariffs",
        {"Blad1": [
            ["Productcode", "Omschrijving", "Eenheid", "Tarief"],
            ["45A48", "Begeleiding individueel", "uur", 78.0],
            ["44A08", "Gezinshuis", "etmaal", 160.5],
            [],
            ["Aldus vastgesteld te Duinstad,"],
            ["Naam", "J. Jansen"],
            ["Datum", "1-12-2025"],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78, "04", None),
            ("44A08", 160.5, "14", None),
        ])},
    ),
    Layout("legend below the tariffs",
        {"Blad1": [
            ["Productcode", "Omschrijving", "Eenheid", "Tarief"],
            ["45A48", "Begeleiding individueel", "uur", 78.0],
            ["44A08", "Gezinshuis", "etmaal", 160.5],
            [],
            ["Legenda"],
            ["*", "tarief geldt per 1-7"],
            ["uur", "60 minuten"],
        ]},
        {"tarief": (("productcode", "tarief", "eenheid", "jaar"), [
            ("45A48", 78, "04", None),
            ("44A08", 160.5, "14", None),
        ])},
    ),
]
# fmt: on


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name.replace(" ", "_"))
def test_layout_is_read_as_a_careful_person_would(tmp_path: Path, layout: Layout) -> None:
    workbook = read_workbook(layout.save(tmp_path / "werkmap.xlsx"), VOCABULARY)
    for table, (fields, expected) in layout.expected.items():
        wanted = sorted((tuple(plain(value) for value in row) for row in expected), key=repr)
        assert records(workbook, table, fields) == wanted
    found = [
        (row["soort"], next(iter(row["cellen"].values())).rpartition("!")[2])
        for row in workbook.rows.get("leesmelding", [])
    ]
    assert sorted(found) == sorted(layout.notes)
    for sheet in workbook.sheets:
        left_out = sum(len(reason.rijen) for reason in sheet.weggelaten)
        assert sheet.rijen_gelezen == sheet.rijen_gebruikt + left_out


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name.replace(" ", "_"))
def test_a_written_mapping_gives_the_same_records(tmp_path: Path, layout: Layout) -> None:
    path = layout.save(tmp_path / "werkmap.xlsx")
    mapping = tmp_path / "mapping.yaml"
    found = [item for _, item in read_layouts(path, VOCABULARY)]
    mapping.write_text(mapping_of(found), encoding="utf-8")
    workbook = read_workbook(path, VOCABULARY, load_mapping(mapping))
    if any(pair.value == pair.label for item in found for pair in item.pairs):
        pytest.skip("a label and its value in one cell cannot be mapped")
    for table, (fields, expected) in layout.expected.items():
        wanted = sorted((tuple(plain(value) for value in row) for row in expected), key=repr)
        assert records(workbook, table, fields) == wanted


COMMA_FILE = "Productcode;Omschrijving;Eenheid;Tarief\r\n45A48;Begeleiding;uur;78,00\r\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (COMMA_FILE, "utf-16"),
        (COMMA_FILE, "utf-16-le"),
        (COMMA_FILE, "utf-16-be"),
        (COMMA_FILE.replace("\r\n", "\r"), "mac_roman"),
        (COMMA_FILE.replace(";", "\t"), "utf-8-sig"),
        (COMMA_FILE.replace(";", "|"), "utf-8"),
        (COMMA_FILE.replace("Begeleiding", '"Begeleiding\nindividueel"'), "cp1252"),
        (COMMA_FILE.replace("\r\n", ";;;;\r\n"), "cp1252"),
    ],
)
def test_text_files_of_every_program(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "tarieven.csv"
    path.write_bytes(text.encode(encoding))
    workbook = read_workbook(path, VOCABULARY)
    fields = ("productcode", "tarief", "eenheid")
    assert records(workbook, "tarief", fields) == [("45A48", Decimal(78), "04")]
