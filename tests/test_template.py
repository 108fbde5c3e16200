"""Our own workbook: what the command makes, and that the reader understands all of it."""

import datetime
import subprocess
import sys
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from inkoopcheck.engine.codelists import Codelist
from inkoopcheck.engine.ruleset import load_codelists
from inkoopcheck.readers.layout import Layout
from inkoopcheck.readers.sheet import Sheet
from inkoopcheck.readers.vocabulary import load_vocabulary
from inkoopcheck.readers.workbook import read_layouts, read_workbook
from inkoopcheck.tables.schema import AANBIEDER, CONTRACT, TABLES, Column, Kind, Table
from inkoopcheck.template import workbook as template

CODELISTS = load_codelists()
COLUMN_TABLES = [table for table in TABLES.values() if table.sheet and not table.upright]
BY_NAME = pytest.mark.parametrize("table", COLUMN_TABLES, ids=lambda table: table.name)
PROVIDER = ("aanbieder", "kvk", "agb", "jeugdhulpvorm")


def run(*arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "inkoopcheck", *map(str, arguments)],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template as the command makes it."""
    folder = tmp_path_factory.mktemp("sjabloon")
    made = run("sjabloon", "contract.xlsx", folder=folder)
    assert made.returncode == 0, made.stderr
    return folder / "contract.xlsx"


@pytest.fixture(scope="module")
def book(empty: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(empty)


@pytest.fixture(scope="module")
def layouts(empty: Path) -> dict[str, tuple[Sheet, Layout]]:
    return {sheet.name: (sheet, layout) for sheet, layout in read_layouts(empty, load_vocabulary())}


# --- the command -------------------------------------------------------------------------------


def test_command_says_what_it_made_and_what_comes_next(tmp_path: Path) -> None:
    made = run("sjabloon", "nieuw.xlsx", folder=tmp_path)
    assert made.returncode == 0
    assert (tmp_path / "nieuw.xlsx").is_file()
    assert "inkoopcheck contract nieuw.xlsx" in made.stdout


def test_existing_file_stays_as_it_is_unless_it_may_be_replaced(tmp_path: Path) -> None:
    target = tmp_path / "contract.xlsx"
    target.write_bytes(b"mijn werk")
    refused = run("sjabloon", "contract.xlsx", folder=tmp_path)
    assert refused.returncode == 2
    assert "bestaat al" in refused.stderr and "--vervang" in refused.stderr
    assert target.read_bytes() == b"mijn werk"
    assert run("sjabloon", "contract.xlsx", "--vervang", folder=tmp_path).returncode == 0
    assert openpyxl.load_workbook(target).sheetnames[0] == template.README_SHEET


def test_other_kind_of_file_is_refused(tmp_path: Path) -> None:
    refused = run("sjabloon", "contract.ods", folder=tmp_path)
    assert refused.returncode == 2
    assert ".xlsx" in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_unfilled_template_is_refused_with_a_clear_sentence(empty: Path) -> None:
    refused = run("contract", empty.name, folder=empty.parent)
    assert refused.returncode == 2
    assert refused.stdout == ""
    assert refused.stderr.strip() == (
        "contract.xlsx is nog niet ingevuld: er staan alleen koppen in."
    )


# --- what it looks like ------------------------------------------------------------------------


def test_sheets_stand_in_the_order_of_filling_in(book: openpyxl.Workbook) -> None:
    filled_in = [table.sheet for table in TABLES.values() if table.sheet]
    assert book.sheetnames == [template.README_SHEET, *filled_in, template.CHOICES_SHEET]
    assert all(sheet.sheet_state == "visible" for sheet in book)


def test_readme_names_every_sheet(book: openpyxl.Workbook) -> None:
    named = {cell.value for row in book[template.README_SHEET] for cell in row}
    assert named >= set(book.sheetnames[1:])


@BY_NAME
def test_sheet_has_every_column_with_an_example(book: openpyxl.Workbook, table: Table) -> None:
    sheet = book[str(table.sheet)]
    columns = template.template_columns(table)
    headings = [cell.value for cell in sheet[template.HEADING_ROW]]
    assert headings == [template.ROW_KIND_TITLE, *(column.title for column in columns)]
    example = [cell.value for cell in sheet[template.EXAMPLE_ROW]]
    assert example[0] == template.EXAMPLE_MARK
    given = {columns[number].name for number, value in enumerate(example[1:]) if value is not None}
    assert given == set(template.example_row(table)) & {column.name for column in columns}
    assert sheet.cell(template.EXAMPLE_ROW + 1, 1).value is None


def test_code_columns_hold_text_so_that_no_code_becomes_a_number(book: openpyxl.Workbook) -> None:
    found = 0
    for sheet, column, cells in _inputs(book):
        if column.kind in (Kind.CODE, Kind.UNIT, Kind.FREQUENCY):
            found += 1
            assert {sheet[cell].number_format for cell in cells} == {"@"}, (
                sheet.title,
                column.name,
            )
    assert found >= 10


def test_every_choice_has_a_drop_down_with_exactly_its_options(book: openpyxl.Workbook) -> None:
    lists = 0
    for sheet, column, cells in _inputs(book):
        found = [v for v in sheet.data_validations.dataValidation if _covers(v, cells)]
        if not column.choices:
            assert all(v.type != "list" for v in found), (sheet.title, column.name)
            continue
        lists += 1
        assert [v.type for v in found] == ["list"], (sheet.title, column.name)
        options = [
            cell.value for (cell,) in book[template.CHOICES_SHEET][_range(found[0].formula1)]
        ]
        assert options == _options(column), (sheet.title, column.name)
    assert lists >= 20


def _inputs(book: openpyxl.Workbook) -> Iterable[tuple[Worksheet, Column, list[str]]]:
    """Per sheet and column the cells to fill in, the first and the last."""
    titles = {column.title: column for column in template.upright_columns()}
    upright = book["Contract"]
    for row in range(template.UPRIGHT_HEADING_ROW + 1, upright.max_row + 1):
        if column := titles.get(upright.cell(row, 1).value):
            yield upright, column, [f"B{row}"]
    last = template.EXAMPLE_ROW + template.EMPTY_ROWS
    for table in COLUMN_TABLES:
        sheet = book[str(table.sheet)]
        for number, column in enumerate(template.template_columns(table), start=2):
            letter = sheet.cell(template.HEADING_ROW, number).column_letter
            yield sheet, column, [f"{letter}{template.EXAMPLE_ROW + 1}", f"{letter}{last}"]


def _covers(validation: Any, cells: list[str]) -> bool:
    return all(cell in validation.sqref for cell in cells)


def _range(formula: str) -> str:
    return formula.partition("!")[2].replace("$", "")


def _options(column: Column) -> list[str]:
    if isinstance(column.choices, str):
        return [f"{item.code} {item.betekenis}" for item in CODELISTS[column.choices].codes]
    return list(column.choices)


# --- what the reader makes of it ---------------------------------------------------------------


@BY_NAME
def test_every_heading_is_recognised_as_its_own_column(
    layouts: Mapping[str, tuple[Sheet, Layout]], table: Table
) -> None:
    _, layout = layouts[str(table.sheet)]
    (block,) = layout.blocks
    assert block.table == table.name
    assert block.heading_rows == [template.HEADING_ROW]
    assert [(use.heading, use.field) for use in block.columns] == [
        (template.ROW_KIND_TITLE, None),
        *((column.title, column.name) for column in template.template_columns(table)),
    ]
    assert not layout.pairs and not layout.unknown_labels


def test_every_label_is_recognised_as_its_own_field(
    layouts: Mapping[str, tuple[Sheet, Layout]],
) -> None:
    sheet, layout = layouts["Contract"]
    assert not layout.blocks
    found = {sheet.cells[pair.label]: (pair.table, pair.field, pair.value) for pair in layout.pairs}
    rows = {value: row for (row, column), value in sheet.cells.items() if column == 1}
    assert found == {
        column.title: (
            "aanbieder" if column.name in PROVIDER else "contract",
            column.name,
            (rows[column.title], 2),
        )
        for column in template.upright_columns()
    }


def test_no_section_heading_is_taken_for_a_label(empty: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(empty)
    sheet = book["Contract"]
    sections = set(template._SECTIONS.values())
    rows = [row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value in sections]
    assert len(rows) == len(sections)
    for row in range(template.UPRIGHT_HEADING_ROW + 1, sheet.max_row + 1):
        if row not in rows:
            sheet.cell(row, 2).value = "ingevuld"
    book.save(tmp_path / "vol.xlsx")
    layout = next(
        layout
        for sheet, layout in read_layouts(tmp_path / "vol.xlsx", load_vocabulary())
        if sheet.name == "Contract"
    )
    assert not {pair.label[0] for pair in layout.pairs} & set(rows)
    assert layout.unknown_labels == []


def test_other_sheets_hold_no_agreements(layouts: Mapping[str, tuple[Sheet, Layout]]) -> None:
    assert not layouts[template.README_SHEET][1].recognised


# --- there and back ----------------------------------------------------------------------------

_BY_KIND: dict[Kind, Any] = {
    Kind.TEXT: "Wat hier staat, komt zo terug.",
    Kind.CODE: "45A48",
    Kind.AMOUNT: Decimal("1146.36"),
    Kind.NUMBER: Decimal("12.5"),
    Kind.PERCENTAGE: Decimal("3.5"),
    Kind.INTEGER: 7,
    Kind.DATE: datetime.date(2026, 7, 1),
    Kind.YES_NO: True,
    Kind.VARIANT: "outputgericht",
}


def _value(table: Table, column: Column) -> Any:
    """The example of a column; where it has none, something of its kind."""
    if (example := template.example_row(table).get(column.name)) is not None:
        return example
    if isinstance(column.choices, str):
        return CODELISTS[column.choices].codes[0].code
    if column.choices and column.kind is not Kind.YES_NO:
        return column.choices[0]
    return _BY_KIND[column.kind]


def _typed(column: Column, value: Any, codelists: Mapping[str, Codelist] = CODELISTS) -> Any:
    """A value as a user picks or types it."""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(column.choices, str):
        return f"{value} {codelists[column.choices].meaning(value)}"
    return float(value) if isinstance(value, Decimal) else value


def test_every_field_comes_back_as_it_was_filled_in(empty: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(empty)
    wanted: dict[str, dict[str, Any]] = {}
    for sheet, column, cells in _inputs(book):
        table = next(t for t in TABLES.values() if t.sheet == sheet.title)
        if sheet.title == "Contract" and column.name in PROVIDER:
            table = AANBIEDER
        value = _value(table, column)
        wanted.setdefault(table.name, {})[column.name] = value
        sheet[cells[0]].value = _typed(column, value)
    book.save(tmp_path / "vol.xlsx")
    workbook = read_workbook(tmp_path / "vol.xlsx", load_vocabulary())

    assert set(wanted) == {CONTRACT.name, AANBIEDER.name, *(t.name for t in COLUMN_TABLES)}
    assert "leesmelding" not in workbook.rows, workbook.rows["leesmelding"]
    for name, values in wanted.items():
        (row,) = workbook.rows[name]
        assert {field: row.get(field) for field in values} == values, name
        offered = workbook.offered[name]
        assert offered is None or offered >= set(values), name


def test_example_row_is_counted_and_not_read(empty: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(empty)
    book["Tarieven"].cell(template.EXAMPLE_ROW + 1, 3).value = "45A48"
    book.save(tmp_path / "een.xlsx")
    workbook = read_workbook(tmp_path / "een.xlsx", load_vocabulary())
    assert [row["rij"] for row in workbook.rows["tarief"]] == [template.EXAMPLE_ROW + 1]
    reading = next(sheet for sheet in workbook.sheets if sheet.blad == "Tarieven")
    left_out = {item.reden: item.rijen for item in reading.weggelaten}
    assert left_out["voorbeeldrij van het sjabloon"] == [template.EXAMPLE_ROW]
