"""All rows of a gemeente, for people as a workbook and for programs as JSON."""

import datetime
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from inkoopcheck.reports.audit_words import (
    COUNTRY,
    HIDDEN,
    TOTAL,
    UNKNOWN,
    Area,
    Book,
    Result,
    Row,
    date_text,
    number_of,
    page_name,
    unit_title,
)
from inkoopcheck.reports.common import clean, family_title, neutralise, shorten

_MAX_CELL_TEXT = 2000
_ROWS = 100_000
"""Rows of a sheet at most; a spreadsheet holds a million, but opens no file of that size with pleasure."""
_EURO, _NUMBER, _WHOLE, _DATE = '"€" #,##0.00', "#,##0.##", "#,##0", "d-m-yyyy"
_LEVELS = ("bevinding", "cijfer", "rangorde", "standaardisatie")
_GEMEENTE_TABLES = ("contract", "contract_bevinding", "tarief", "eigen_code")


@dataclass(frozen=True)
class _Column:
    title: str
    value: Callable[[Row], object]
    width: int = 16
    number: str = _NUMBER


def write_gemeente_files(result: Result, folder: Path) -> None:
    """Write ``gemeente/<code>.xlsx`` and ``gemeente/<code>.json`` for every gemeente of an audit."""
    book = Book(result)
    target = folder / "gemeente"
    target.mkdir(parents=True, exist_ok=True)
    for row in book.of_level("gemeente"):
        name = page_name(row["code"])
        (target / f"{name}.json").write_text(
            _json(book, row), encoding="utf-8", errors="replace", newline="\n"
        )
        _workbook(book, row).save(target / f"{name}.xlsx")


def _json(book: Book, row: Row) -> str:
    code = row["code"]
    area = ("gemeente", code)
    content: dict[str, Any] = {
        "audit": {
            name: book.meta.get(name)
            for name in (
                "versie",
                "regelversie",
                "peildatum",
                "drempel",
                "indexjaar",
                "overschreven",
            )
        },
        "gebied": row,
    }
    for name in _LEVELS:
        rows = book.figures.get(area, {}).values() if name == "cijfer" else book.rows(name, area)
        content[name] = list(rows)
    for name in _GEMEENTE_TABLES:
        content[name] = book.rows_of(name, code)
    return json.dumps(content, ensure_ascii=False, indent=1, default=_plain) + "\n"


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        # Written out: 1E+3 is a number to Python, but not to every reader.
        return format(value, "f")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)


def _workbook(book: Book, row: Row) -> Workbook:
    workbook = Workbook(write_only=True)
    workbook.properties.creator = "inkoopcheck"
    workbook.properties.title = f"Audit van {clean(book.name(('gemeente', row['code'])))}"
    code, area = row["code"], ("gemeente", row["code"])
    region: Area = ("jeugdregio", row.get("regio_code") or "")
    _summary(workbook, book, row)
    figures = list(book.figures.get(area, {}).values())
    _sheet(workbook, "Cijfers", _figure_columns(book, region), figures)
    contract = [*book.contract_findings(code, explained=False)]
    contract += book.contract_findings(code, explained=True)
    _sheet(workbook, "Afwijkingen contract", _CONTRACT_FINDINGS, contract)
    _sheet(workbook, "Afwijkingen berichten", _MESSAGE_FINDINGS, book.findings(area, "bericht"))
    _sheet(workbook, "Tarieven", _TARIFFS, book.rows_of("tarief", code))
    _sheet(workbook, "Contracten", _CONTRACTS, book.rows_of("contract", code))
    return workbook


def _summary(workbook: Workbook, book: Book, row: Row) -> None:
    code = row["code"]
    area = ("gemeente", code)
    region: Area = ("jeugdregio", row.get("regio_code") or "")
    sheet = _Sheet(workbook, "Samenvatting", (44, 18, 18, 18, 18))
    rank = book.rank(area) or {}
    if rank.get("rang"):
        place = f"{rank['rang']} (tussen {rank['rang_laag']} en {rank['rang_hoog']})"
    else:
        place = f"geen rang: {rank.get('reden') or UNKNOWN}"
    facts: tuple[tuple[str, object], ...] = (
        ("Gemeente", f"{book.name(area)} ({code})"),
        ("Jeugdregio", row.get("regio_naam") or "onbekend"),
        ("Standaardisatie-index (0–100)", _shown(book.index(area), "score")),
        ("Index van de regio", _shown(book.index(region), "score")),
        ("Index van Nederland", _shown(book.index(COUNTRY), "score")),
        ("Rang onder de gemeenten", place),
        ("Contracten", row.get("contracten")),
        ("Aanbieders in berichten", row.get("aanbieders")),
        ("Berichten", _shown(row, "berichten")),
        ("Kinderen in berichten", _shown(row, "clienten")),
        ("Peildatum", date_text(book.meta.get("peildatum"))),
        ("Gemaakt met", f"inkoopcheck {book.meta.get('versie') or 'onbekend'}"),
        ("Afgeschermd", f"Cijfers onder de {book.threshold} zijn afgeschermd."),
    )
    for label, value in facts:
        sheet.row([label, value], ["vet"])
    sheet.row([])
    sheet.headings(
        ("Onderdeel van de index", "Gewicht (%)", "Score (0–100)", "Bijdrage", "Waarnemingen")
    )
    for part in [*book.parts(area), *filter(None, [book.index(area)])]:
        values = [_shown(part, name) for name in ("gewicht", "score", "bijdrage", "rijen")]
        sheet.row([part["titel"], *values], ["vet" if part["onderdeel"] == TOTAL else ""])
    own_codes = book.rows_of("eigen_code", code)
    if own_codes:
        sheet.row([])
        sheet.headings(
            ("Eigen code", "Contract", "Standaardcode die lijkt", "Naam daarvan", "Gelijkenis")
        )
    for own in own_codes[:_ROWS]:
        name = f"{own['productcode']} {own['omschrijving'] or ''}".strip()
        columns = ("contract", "standaardcode", "standaardomschrijving", "gelijkenis")
        sheet.row([name, *(own[column] for column in columns)])


def _figure_columns(book: Book, region: Area) -> tuple[_Column, ...]:
    def beside(area: Area) -> Callable[[Row], object]:
        return lambda r: _shown(book.figure(area, r["cijfer"], r["uitsplitsing"] or ""), "waarde")

    return (
        _Column("Cijfer", lambda r: book.explained.get(r["cijfer"], {}).get("titel") or r["cijfer"], 34),
        _Column("Uitsplitsing", lambda r: r["uitsplitsing"] or "", 20),
        _Column("Eenheid", lambda r: book.unit(r["cijfer"]), 12),
        _Column("Gemeente", lambda r: _shown(r, "waarde"), 14),
        _Column("Regio", beside(region), 14),
        _Column("Nederland", beside(COUNTRY), 14),
        _Column("Een kwart tot", lambda r: _optional(r, "p25"), 14),
        _Column("Drie kwart tot", lambda r: _optional(r, "p75"), 14),
        _Column("Teller", lambda r: _optional(r, "teller"), 14),
        _Column("Noemer", lambda r: _optional(r, "noemer"), 14),
        _Column("Waarnemingen", lambda r: _optional(r, "rijen"), 14, _WHOLE),
        _Column("Kinderen", lambda r: _optional(r, "clienten"), 12, _WHOLE),
        _Column("Hoe berekend", lambda r: book.explained.get(r["cijfer"], {}).get("definitie"), 70),
    )  # fmt: skip


def _of(name: str) -> Callable[[Row], object]:
    return lambda row: row[name]


def _yes_no(name: str) -> Callable[[Row], object]:
    return lambda row: UNKNOWN if row[name] is None else "ja" if row[name] else "nee"


_FAMILY = _Column("Onderwerp", lambda r: family_title(r["familie"]), 22)
_CONTRACT_FINDINGS = (
    _Column("Ernst", _of("ernst"), 15),
    _Column("Regel", _of("regel"), 12),
    _FAMILY,
    _Column("Wat klopt er niet", _of("titel"), 40),
    _Column("Contract", _of("contract"), 18),
    _Column("Aanbieder", _of("aanbieder"), 24),
    _Column("Bestand", _of("bestand"), 36),
    _Column("Blad", _of("blad"), 14),
    _Column("Cel", _of("cel"), 8),
    _Column("Melding", _of("melding"), 60),
    _Column("Gevonden", _of("gevonden"), 24),
    _Column("Verwacht", _of("verwacht"), 24),
    _Column("Wat u kunt doen", _of("herstel"), 50),
    _Column("Norm", _of("norm"), 36),
    _Column("Bedrag", _of("bedrag"), 14, _EURO),
    _Column("Uitgelegd", _of("uitgelegd"), 40),
    _Column("Vingerafdruk", _of("vingerafdruk"), 20),
)
_MESSAGE_FINDINGS = (
    _Column("Ernst", _of("ernst"), 15),
    _Column("Regel", _of("regel"), 14),
    _FAMILY,
    _Column("Wat klopt er niet", _of("titel"), 60),
    _Column("Aantal", lambda r: _shown(r, "aantal"), 14, _WHOLE),
    _Column("Bedrag", lambda r: HIDDEN if r["onderdrukt"] else r["bedrag"], 16, _EURO),
)
_TARIFFS = (
    _Column("Productcode", _of("productcode"), 13),
    _Column("Product", _of("omschrijving"), 44),
    _Column("Per", lambda r: unit_title(r["eenheid"]), 14),
    _Column("Standaardcode", _yes_no("is_standaard"), 14),
    _Column("Contract", _of("contract"), 18),
    _Column("Aanbieder", _of("aanbieder"), 26),
    _Column("Jaar", _of("jaar"), 8, "0"),
    _Column("Tarief", _of("tarief"), 12, _EURO),
    _Column("In prijzen van het indexjaar", _of("tarief_indexjaar"), 16, _EURO),
    _Column("Indexjaar", _of("indexjaar"), 10, "0"),
    _Column("Een kwart in het land tot", _of("land_p25"), 14, _EURO),
    _Column("Mediaan land", _of("land_mediaan"), 14, _EURO),
    _Column("Drie kwart in het land tot", _of("land_p75"), 14, _EURO),
    _Column("Positie", lambda r: r["positie"] or "te weinig tarieven", 18),
    _Column("Nagerekend tarief", lambda r: r["band_oordeel"] or UNKNOWN, 26),
)
_CONTRACTS = (
    _Column("Contract", _of("contract"), 20),
    _Column("Aanbieder", _of("aanbieder"), 28),
    _Column("Bestand", _of("bestand"), 40),
    _Column("Startdatum", _of("startdatum"), 13),
    _Column("Einddatum", _of("einddatum"), 13),
    _Column("Maanden", _of("maanden"), 11),
    _Column("Verlenging (maanden)", _of("verlenging_maanden"), 14),
    _Column("Indexering", _yes_no("indexering"), 15),
    _Column("Contractstandaard", _yes_no("contractstandaard"), 17),
    _Column("Uitvoeringsvariant", _of("uitvoeringsvariant"), 20),
    _Column("Tarieven", _of("tarieven"), 11, _WHOLE),
    _Column("Standaardtarieven", _of("standaardtarieven"), 17, _WHOLE),
    _Column("Eigen codes", _of("eigen_codes"), 12, _WHOLE),
    _Column("Administratie LD-1 (%)", _of("lasten_ld1"), 15),
    _Column("Administratie LD-2 (%)", _of("lasten_ld2"), 15),
    _Column("Administratie LD-3 (%)", _of("lasten_ld3"), 15),
)


def _shown(row: Row | None, column: str) -> object:
    """A number that may be shown, or why it is not there."""
    if row is not None and row.get("onderdrukt"):
        return HIDDEN
    value = number_of(row, column)
    return UNKNOWN if value is None else value


def _optional(row: Row, column: str) -> object:
    """A number that not every figure has: then the cell stays empty."""
    return HIDDEN if row.get("onderdrukt") else row.get(column)


def _sheet(workbook: Workbook, title: str, columns: Sequence[_Column], rows: Sequence[Row]) -> None:
    sheet = _Sheet(workbook, title, [column.width for column in columns])
    sheet.sheet.freeze_panes = "A2"
    sheet.sheet.print_title_rows = "1:1"
    last = get_column_letter(len(columns))
    sheet.sheet.auto_filter.ref = f"A1:{last}{max(2, min(len(rows), _ROWS) + 1)}"
    sheet.headings(column.title for column in columns)
    looks = [column.number for column in columns]
    for row in rows[:_ROWS]:
        sheet.row((column.value(row) for column in columns), looks)
    if not rows:
        sheet.row(["Geen."])
    if len(rows) > _ROWS:
        sheet.row([f"… en nog {len(rows) - _ROWS}; alles staat in de JSON."])


_TOP = Alignment(vertical="top", wrap_text=True)
_BOLD = Font(bold=True)
_HEAD_FONT = Font(bold=True, color="FFFFFF")
_HEAD_FILL = PatternFill("solid", start_color="154273")
_HEAD = "kop"
_LOOKS: tuple[str, ...] = ("General", "vet", _HEAD, _EURO, _NUMBER, _WHOLE, _DATE, "0")


def _styles(sheet: Any) -> dict[str, Any]:
    """The looks of cells, made once per sheet: comparing styles takes longer than writing cells."""
    made: dict[str, Any] = {}
    for look in _LOOKS:
        cell: Any = WriteOnlyCell(sheet)
        cell.alignment = _TOP
        if look == "vet":
            cell.font = _BOLD
        elif look == _HEAD:
            cell.font, cell.fill = _HEAD_FONT, _HEAD_FILL
        else:
            cell.number_format = look
        made[look] = cell._style
    return made


class _Sheet:
    """A sheet that is written row by row, in which text stays text."""

    def __init__(self, workbook: Workbook, title: str, widths: Iterable[int]) -> None:
        self.sheet: Any = workbook.create_sheet(title)
        self._styles = _styles(self.sheet)
        for number, width in enumerate(widths, 1):
            self.sheet.column_dimensions[get_column_letter(number)].width = width
        self.sheet.page_setup.orientation = "landscape"
        self.sheet.page_setup.fitToWidth, self.sheet.page_setup.fitToHeight = 1, 0
        self.sheet.sheet_properties.pageSetUpPr.fitToPage = True

    def headings(self, titles: Iterable[str]) -> None:
        """Write the headings of a table."""
        self.sheet.append([self._cell(title, _HEAD) for title in titles])

    def row(self, values: Iterable[object], looks: Iterable[str] = ()) -> None:
        """Write a row; ``looks`` are number formats, or ``vet``."""
        pairs = zip_longest(values, looks, fillvalue="")
        self.sheet.append([self._cell(value, str(look)) for value, look in pairs])

    def _cell(self, value: object, look: str) -> Any:
        """A cell in which text is never a formula, and never an error value."""
        if value is None:
            return None
        cell: Any = WriteOnlyCell(self.sheet)
        if isinstance(value, bool):
            value = "ja" if value else "nee"
        if isinstance(value, Decimal | int | float):
            cell.value = value
            cell._style = self._styles[look or _NUMBER]
        elif isinstance(value, datetime.date):
            cell.value = value
            cell._style = self._styles[_DATE]
        else:
            cell.value = neutralise(shorten(clean(str(value)), _MAX_CELL_TEXT))
            cell.data_type = "s"
            cell._style = self._styles[look if look in ("vet", _HEAD) else "General"]
        return cell
