"""The mapping file: how a sheet must be read, when recognition gets it wrong.

``inkoopcheck herken BESTAND --uit mapping.yaml`` writes what was recognised in this form; the user
corrects it and gives it back with ``--mapping``.
"""

import datetime
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from inkoopcheck.errors import UnusableInput, why_not
from inkoopcheck.readers.layout import (
    MATRIX_STEPS,
    TABLE_KINDS,
    Block,
    ColumnUse,
    LabelValue,
    Layout,
)
from inkoopcheck.readers.sheet import Sheet, cell_name, column_letter, column_number
from inkoopcheck.tables.schema import TABLES
from inkoopcheck.validation import explain_validation

_SKIP = "overslaan"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MappedColumn(_Model):
    """A column: its field, with what holds for the whole column."""

    veld: str
    jaar: int | None = Field(default=None, ge=2000, le=2100)
    eenheid: str | None = None
    niveau: str | None = None
    zwaarte: str | None = None
    label: str | None = None
    groep: int = 0
    reserve: bool = False
    van: datetime.date | None = None
    tot: datetime.date | None = None


class MappedTable(_Model):
    """A table in a sheet. ``kopregels`` and rows are the numbers that the spreadsheet shows."""

    soort: str
    kopregels: list[int] = Field(default_factory=list)
    eerste_rij: int = Field(ge=1)
    laatste_rij: int | None = None
    kolommen: dict[str, str | MappedColumn]


class MappedSheet(_Model):
    """A sheet: its tables, its labels with values, a matrix, or ``soort: overslaan``.

    With ``gekanteld`` the headings stand below each other: the letters of ``kolommen`` count the
    rows (A is row 1), and row numbers count the columns.
    """

    blad: str
    soort: str | None = None
    tabellen: list[MappedTable] = Field(default_factory=list)
    velden: dict[str, str] = Field(default_factory=dict, description="Cel met de waarde -> veld.")
    matrix: str | None = None
    gekanteld: bool = False


class Mapping(_Model):
    """A whole mapping file. Sheets it does not name are recognised as usual."""

    bladen: list[MappedSheet]

    def skips(self, sheet: str) -> bool:
        """Whether the user said to leave this sheet out."""
        return any(item.blad == sheet and item.soort == _SKIP for item in self.bladen)

    def layouts(self, sheets: list[Sheet]) -> dict[str, Layout]:
        """Layouts for the sheets that the mapping names.

        Raises:
            UnusableInput: the mapping names a sheet that the workbook does not have.
        """
        by_name = {sheet.name: sheet for sheet in sheets}
        found: dict[str, Layout] = {}
        for item in self.bladen:
            if item.blad not in by_name:
                raise UnusableInput(
                    f"De mapping noemt het blad '{item.blad}', maar de werkmap heeft alleen:"
                    f" {', '.join(by_name)}."
                )
            found[item.blad] = _layout(item, by_name[item.blad])
        return found


def _layout(item: MappedSheet, sheet: Sheet) -> Layout:
    layout = Layout(item.blad, matrix=item.matrix, turned=item.gekanteld)
    if item.gekanteld:
        sheet = sheet.turn()
    for table in item.tabellen:
        columns = []
        for letters, content in table.kolommen.items():
            mapped = MappedColumn(veld=content) if isinstance(content, str) else content
            column = column_number(letters)
            heading = next(
                (
                    str(sheet.cells[row, column])
                    for row in reversed(table.kopregels)
                    if (row, column) in sheet.cells
                ),
                letters.upper(),
            )
            columns.append(
                ColumnUse(
                    column,
                    heading,
                    mapped.veld,
                    mapped.jaar,
                    mapped.eenheid,
                    mapped.niveau,
                    mapped.zwaarte,
                    mapped.label,
                    mapped.groep,
                    spare=mapped.reserve,
                    start=mapped.van,
                    end=mapped.tot,
                )
            )
        if table.soort == "contract" and table.kopregels:
            # Columns that the mapping leaves out may tell of the provider.
            mapped_columns = {use.column for use in columns}
            columns += [
                ColumnUse(column, str(value))
                for column, value in sheet.filled_rows().get(table.kopregels[-1], {}).items()
                if column not in mapped_columns
            ]
        layout.blocks.append(
            Block(
                table.soort,
                table.kopregels,
                table.eerste_rij,
                table.laatste_rij or sheet.last_row,
                columns,
            )
        )
    _add_titles(layout, sheet)
    for cell, name in item.velden.items():
        letters = cell.rstrip("0123456789")
        address = (int(cell[len(letters) :]), column_number(letters))
        owner = (
            "contract" if name in (*TABLES["contract"].column_by_name, "looptijd") else "aanbieder"
        )
        layout.pairs.append(
            LabelValue(
                (address[0], max(1, address[1] - 1)),
                name,
                address,
                owner,
                name,
                sum(pair.field == name for pair in layout.pairs),
            )
        )
    return layout


def _add_titles(layout: Layout, sheet: Sheet) -> None:
    """The rows between tables; a year or part that stands there holds for the table below."""
    if layout.turned:
        first = min((use.column for block in layout.blocks for use in block.columns), default=1)
        layout.title_rows = [row for row in sheet.turn().filled_rows() if row < first]
        return
    end = 0
    for block in layout.blocks:
        start = min([*block.heading_rows, block.first_row])
        block.titles = [row for row in sheet.filled_rows() if end < row < start]
        end = block.last_row
    layout.title_rows = layout.blocks[0].titles if layout.blocks else []


def load_mapping(path: Path) -> Mapping:
    """Read a mapping file.

    Raises:
        UnusableInput: no YAML, an unknown field or kind, or a missing part; the message says which.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        mapping = Mapping.model_validate(content)
    except OSError as error:
        raise UnusableInput(
            f"De mapping {path.name} is niet te openen: {why_not(error)}."
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise UnusableInput(f"De mapping {path.name} is geen geldige YAML.") from None
    except ValidationError as error:
        raise UnusableInput(
            f"De mapping {path.name} klopt niet: {explain_validation(error)}."
        ) from None
    for sheet in mapping.bladen:
        _check(sheet, path)
    return mapping


def _check(sheet: MappedSheet, path: Path) -> None:
    if sheet.matrix is not None and sheet.matrix not in MATRIX_STEPS:
        raise UnusableInput(
            f"De mapping {path.name} noemt matrix '{sheet.matrix}'; kies uit {', '.join(MATRIX_STEPS)}."
        )
    for cell, name in sheet.velden.items():
        known = (
            *TABLES["contract"].column_by_name,
            *TABLES["aanbieder"].column_by_name,
            "looptijd",
        )
        if name not in known:
            raise UnusableInput(
                f"De mapping {path.name} noemt het veld '{name}', maar dat bestaat niet."
            )
        letters = cell.rstrip("0123456789")
        if not letters.isalpha() or len(letters) > 3 or not cell[len(letters) :]:
            raise UnusableInput(
                f"De mapping {path.name} noemt de cel '{cell}'; schrijf bijvoorbeeld B4."
            )
    for table in sheet.tabellen:
        if table.soort not in TABLE_KINDS:
            raise UnusableInput(
                f"De mapping {path.name} noemt de soort '{table.soort}'; kies uit {', '.join(TABLE_KINDS)}."
            )
        for letters, content in table.kolommen.items():
            name = content if isinstance(content, str) else content.veld
            if not letters.isalpha() or len(letters) > 3:
                raise UnusableInput(
                    f"De mapping {path.name} noemt de kolom '{letters}'; schrijf letters, zoals B."
                )
            if name not in TABLES[table.soort].column_by_name:
                raise UnusableInput(
                    f"De mapping {path.name} noemt bij kolom {letters} het veld '{name}';"
                    f" dat bestaat niet in {table.soort}."
                )


def mapping_of(layouts: list[Layout]) -> str:
    """The mapping file that says what was recognised, as YAML text with a short explanation."""
    sheets: list[dict[str, Any]] = []
    for layout in layouts:
        item: dict[str, Any] = {"blad": layout.sheet}
        if not layout.recognised:
            item["soort"] = _SKIP
        if layout.blocks:
            item["tabellen"] = [_table_content(block) for block in layout.blocks]
        if layout.pairs:
            item["velden"] = {
                cell_name(pair.value): pair.field
                for pair in layout.pairs
                if pair.value != pair.label
            }
        if layout.matrix:
            item["matrix"] = layout.matrix
        if layout.turned:
            item["gekanteld"] = True
        sheets.append(item)
    text = yaml.safe_dump({"bladen": sheets}, allow_unicode=True, sort_keys=False, width=100)
    return (
        "# Mapping voor inkoopcheck: zo zijn de bladen gelezen. Verbeter wat niet klopt en gebruik\n"
        "# dit bestand met: inkoopcheck contract BESTAND --mapping DIT-BESTAND\n"
        "# Een blad overslaan: soort: overslaan. De namen van velden staan in docs/kolommen.md.\n"
        + text
    )


def _table_content(block: Block) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for use in block.columns:
        if use.field is None:
            continue
        extra = {
            "jaar": use.year,
            "eenheid": use.unit,
            "niveau": use.level,
            "zwaarte": use.weight,
            "label": use.label,
            "groep": use.group or None,
            "reserve": use.spare or None,
            "van": use.start,
            "tot": use.end,
        }
        filled = {key: value for key, value in extra.items() if value is not None}
        columns[column_letter(use.column)] = {"veld": use.field, **filled} if filled else use.field
    return {
        "soort": block.table,
        "kopregels": block.heading_rows,
        "eerste_rij": block.first_row,
        "laatste_rij": block.last_row,
        "kolommen": columns,
    }
