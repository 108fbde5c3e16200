"""Write workbooks that are the same byte for byte each time: our template filled in, a free
xlsx, an xls, an ods or a csv.

A package (xlsx, ods) gets canonical XML, fixed dates and no compression, so that neither the
clock nor the XML library or the zlib of a computer shows in it.
"""

import csv
import datetime
import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import canonicalize

import openpyxl
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from inkoopcheck.engine.codelists import Codelist
from inkoopcheck.engine.ruleset import load_codelists
from inkoopcheck.tables.schema import AANBIEDER, CONTRACT, TABLES, Column
from inkoopcheck.template.workbook import (
    EMPTY_ROWS,
    EXAMPLE_ROW,
    UPRIGHT_HEADING_ROW,
    template_columns,
    write_template,
)

MADE_ON = datetime.datetime(2026, 1, 5, 9, 0)
"""The date that every sample carries as its date of making and of changing."""

MADE_WITH = {"odfpy": "1.4.1", "openpyxl": "3.1.5", "xlwt": "1.3.0"}
"""The versions that the samples in this folder were made with; others may write other bytes."""

SPARE_ROWS = 8
"""Empty rows to fill in that stay below the filled rows of a sheet; the rest is left out."""

Row = Mapping[str, Any]
Edit = Callable[[Workbook], None]
Outcomes = Mapping[tuple[str, str], str]

_XML = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def fill_template(
    target: Path,
    contract: Row,
    tables: Mapping[str, Sequence[Row]],
    edit: Edit | None = None,
    outcomes: Outcomes | None = None,
) -> None:
    """Write our own template with values, as a user types them or picks them from a list.

    Args:
        target: the workbook to write.
        contract: values of the upright sheet by column name, of the contract and the provider.
        tables: per table its rows, by column name.
        edit: what else happens to the workbook before it is saved.
        outcomes: the stored outcome of formulas, by sheet and cell.
    """
    codelists = load_codelists()
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "leeg.xlsx"
        write_template(empty, codelists)
        book = openpyxl.load_workbook(empty)
    _fill_upright(book["Contract"], contract, codelists)
    for name, table in TABLES.items():
        if table.sheet and not table.upright:
            _fill_rows(book[table.sheet], template_columns(table), tables.get(name, ()), codelists)
    if edit:
        edit(book)
    save_xlsx(book, target, outcomes)


def column_letter_of(sheet: Worksheet, heading: str) -> str:
    """The letter of the column of our template that has this heading."""
    for cell in sheet[EXAMPLE_ROW - 1]:
        if cell.value == heading:
            return str(cell.column_letter)
    raise KeyError(heading)


def _fill_upright(sheet: Worksheet, values: Row, codelists: Mapping[str, Codelist]) -> None:
    columns = {c.title: c for c in (*AANBIEDER.columns, *CONTRACT.columns)}
    left = dict(values)
    for row in range(UPRIGHT_HEADING_ROW + 1, sheet.max_row + 1):
        column = columns.get(str(sheet.cell(row, 1).value))
        if column and column.name in left:
            sheet.cell(row, 2).value = _as_typed(column, left.pop(column.name), codelists)
    if left:
        raise KeyError(f"no place in the sheet Contract for {', '.join(left)}")


def _fill_rows(
    sheet: Worksheet,
    columns: Sequence[Column],
    rows: Sequence[Row],
    codelists: Mapping[str, Codelist],
) -> None:
    number_of = {column.name: number for number, column in enumerate(columns, start=2)}
    for number, row in enumerate(rows, start=EXAMPLE_ROW + 1):
        for name, value in row.items():
            column = columns[number_of[name] - 2]
            sheet.cell(number, number_of[name]).value = _as_typed(column, value, codelists)
    sheet.delete_rows(EXAMPLE_ROW + 1 + len(rows) + SPARE_ROWS, EMPTY_ROWS)


def _as_typed(column: Column, value: Any, codelists: Mapping[str, Codelist]) -> Any:
    """A value as it stands in the cell: a yes as ``ja``, a code with its meaning behind it."""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(column.choices, str) and isinstance(value, str):
        meaning = codelists[column.choices].meaning(value)
        return f"{value} {meaning}" if meaning else value
    return value


def save_xlsx(book: Workbook, target: Path, outcomes: Outcomes | None = None) -> None:
    """Save a workbook, with stored outcomes for some formulas (openpyxl stores none)."""
    book.properties.created = book.properties.modified = MADE_ON
    book.properties.lastModifiedBy = "inkoopcheck"
    parts = {name: f"xl/worksheets/sheet{n}.xml" for n, name in enumerate(book.sheetnames, start=1)}
    buffer = io.BytesIO()
    book.save(buffer)
    package = _unpack(buffer.getvalue())
    for (sheet, cell), outcome in (outcomes or {}).items():
        package[parts[sheet]] = _with_outcome(package[parts[sheet]], cell, outcome)
    core = package["docProps/core.xml"].decode()
    stamp = f"{MADE_ON.isoformat()}Z"
    core = re.sub(r"(<dcterms:modified[^>]*>)[^<]*", rf"\g<1>{stamp}", core)
    package["docProps/core.xml"] = core.encode()
    _pack(target, package)


def _with_outcome(part: bytes, cell: str, outcome: str) -> bytes:
    pattern = rf'(<c [^>]*\br="{cell}"[^>]*><f>[^<]*</f><v>)(</v>)'
    found, number = re.subn(pattern, rf"\g<1>{outcome}\g<2>", part.decode())
    if number != 1:
        raise KeyError(f"no formula without an outcome in {cell}")
    return found.encode()


def save_ods(document: Any, target: Path) -> None:
    """Save an odfpy document."""
    buffer = io.BytesIO()
    document.write(buffer)
    _pack(target, _unpack(buffer.getvalue()), first="mimetype")


def save_csv(target: Path, rows: Iterable[Sequence[str]], encoding: str) -> None:
    """Write rows with ``;`` between the cells."""
    with target.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=";", lineterminator="\r\n").writerows(rows)


def _unpack(content: bytes) -> dict[str, bytes]:
    """The parts of a package, XML in its one canonical form."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    return {
        name: _XML + canonicalize(part.decode()).encode()
        if name.endswith((".xml", ".rels"))
        else part
        for name, part in parts.items()
    }


def _pack(target: Path, parts: Mapping[str, bytes], first: str = "[Content_Types].xml") -> None:
    names = [first, *sorted(name for name in parts if name != first)]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as package:
        for name in names:
            info = zipfile.ZipInfo(name, MADE_ON.timetuple()[:6])
            info.create_system = 0
            package.writestr(info, parts[name])
