"""Read a spreadsheet file of any supported kind into sheets, within stated limits.

The kind is recognised by content, not by name: xlsx, xlsm (macros are never run), xls, ods, csv.
"""

import contextlib
import csv
import datetime
import io
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from inkoopcheck.errors import UnusableInput
from inkoopcheck.readers import package as zipped
from inkoopcheck.readers.sheet import Sheet, Value

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UNKNOWN = (
    "{name} is geen werkmap die inkoopcheck kan lezen."
    " Gebruik een bestand van het type xlsx, xlsm, xls, ods of csv."
)


@dataclass
class Spreadsheet:
    """The sheets of a file and what kind of file it is (``xlsx``, ``xls``, ``ods`` or ``csv``)."""

    kind: str
    sheets: list[Sheet]


def read_spreadsheet(path: Path) -> Spreadsheet:
    """Read all sheets of a spreadsheet file.

    Raises:
        UnusableInput: not a spreadsheet, damaged, locked, or over a limit; one Dutch sentence.
    """
    if path.is_dir():
        raise UnusableInput(f"{path.name} is een map. Geef de bestanden zelf op.")
    zipped.check_size(path)
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"PK"):
        return _read_package(path)
    if head.startswith(_OLE):
        return Spreadsheet("xls", _read_xls(path))
    if head.startswith(b"%PDF"):
        raise UnusableInput(
            f"{path.name} is een pdf. Vraag het bestand op als spreadsheet (xlsx) en probeer het opnieuw."
        )
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"<"):
        raise UnusableInput(
            f"{path.name} is een XML- of webbestand, geen werkmap."
            " Open het in uw spreadsheetprogramma en bewaar het als xlsx."
        )
    if b"\x00" in head and _utf16(head) is None:
        raise UnusableInput(_UNKNOWN.format(name=path.name))
    return Spreadsheet("csv", [_read_csv(path)])


def _read_package(path: Path) -> Spreadsheet:
    with zipped.open_package(path) as package:
        names = set(package.namelist())
        if "xl/workbook.xml" in names:
            kind, facts = "xlsx", zipped.inspect_xlsx(package, path)
        elif "content.xml" in names and b"spreadsheet" in _mimetype(package):
            kind, facts = "ods", zipped.inspect_ods(package, path)
        elif "xl/workbook.bin" in names:
            raise UnusableInput(
                f"{path.name} is een binaire werkmap (xlsb). Bewaar hem als xlsx en probeer het opnieuw."
            )
        else:
            raise UnusableInput(_UNKNOWN.format(name=path.name))
    return Spreadsheet(kind, _read_with_calamine(path, facts))


def _mimetype(package: zipfile.ZipFile) -> bytes:
    try:
        with package.open("mimetype") as file:
            return file.read(200)
    except (KeyError, OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError):
        return b""


def _read_with_calamine(path: Path, facts: dict[str, zipped.SheetFacts]) -> list[Sheet]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    sheets = []
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        for metadata in workbook.sheets_metadata:
            if metadata.typ != SheetTypeEnum.WorkSheet:
                continue
            found = workbook.get_sheet_by_name(metadata.name)
            known = facts.get(metadata.name, zipped.SheetFacts())
            sheet = Sheet(
                metadata.name,
                hidden=known.hidden or "Hidden" in str(metadata.visible),
                hidden_rows=known.hidden_rows,
                hidden_columns=known.hidden_columns,
                percentages=known.percentages,
                formulas_without_value=known.formulas_without_value,
                error_values=known.error_values,
            )
            if found.start is not None:
                _fill(sheet, found.to_python(skip_empty_area=True), *found.start)
            sheet.merged = [
                (first[0] + 1, first[1] + 1, last[0] + 1, last[1] + 1)
                for first, last in found.merged_cell_ranges or ()
                if (last[0] - first[0] + 1) * (last[1] - first[1] + 1) <= 100_000
            ]
            sheets.append(sheet)
    except UnusableInput:
        raise
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # a panic of the Rust library is no Exception
        raise UnusableInput(zipped.damaged(path)) from None
    return sheets


def _fill(
    sheet: Sheet, rows: Iterable[Iterable[object]], first_row: int, first_column: int
) -> None:
    for row_number, row in enumerate(rows, start=first_row + 1):
        for column_number, value in enumerate(row, start=first_column + 1):
            cleaned = _clean(value)
            if cleaned is not None:
                sheet.cells[row_number, column_number] = cleaned


def _clean(value: object) -> Value | None:
    if value is None:
        return None
    if isinstance(value, str):
        text = value.replace("\xa0", " ").replace("\u202f", " ").replace("\u2009", " ").strip()
        return text or None
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date()
    if isinstance(value, bool | int | datetime.date):
        return value
    return str(value)


def _read_xls(path: Path) -> list[Sheet]:
    import xlrd

    head = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in head:
        raise UnusableInput(locked_or_damaged(path, locked=True))
    try:
        book = xlrd.open_workbook(file_contents=head, formatting_info=True, logfile=io.StringIO())
        return [_xls_sheet(book, sheet) for sheet in book.sheets()]
    except xlrd.biffh.XLRDError as error:
        message = str(error).lower()
        raise UnusableInput(
            locked_or_damaged(path, locked="encrypt" in message or "password" in message)
        ) from None
    except (KeyboardInterrupt, MemoryError):
        raise
    except Exception:
        # xlrd fails in many ways on damaged files (struct, index, assertion errors).
        raise UnusableInput(zipped.damaged(path)) from None


def locked_or_damaged(path: Path, *, locked: bool) -> str:
    """The sentence for a workbook that does not open."""
    return zipped.locked(path) if locked else zipped.damaged(path)


def _xls_sheet(book: "xlrd.book.Book", source: "xlrd.sheet.Sheet") -> Sheet:  # type: ignore[name-defined]  # noqa: F821
    import xlrd

    sheet = Sheet(source.name, hidden=source.visibility != 0)
    for row in range(source.nrows):
        for column in range(source.row_len(row)):
            cell = source.cell(row, column)
            address = (row + 1, column + 1)
            value: object = cell.value
            if cell.ctype == xlrd.XL_CELL_DATE:
                try:
                    value = xlrd.xldate.xldate_as_datetime(cell.value, book.datemode)
                except (ValueError, OverflowError):
                    value = cell.value
            elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
                value = bool(cell.value)
            elif cell.ctype == xlrd.XL_CELL_ERROR:
                sheet.error_values[address] = xlrd.error_text_from_code.get(cell.value, "#FOUT")
                continue
            elif cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                continue
            cleaned = _clean(value)
            if cleaned is not None:
                sheet.cells[address] = cleaned
                if cell.ctype == xlrd.XL_CELL_NUMBER and "%" in _xls_format(book, cell):
                    sheet.percentages.add(address)
    sheet.hidden_rows = {row + 1 for row, info in source.rowinfo_map.items() if info.hidden}
    sheet.hidden_columns = {
        column + 1 for column, info in source.colinfo_map.items() if info.hidden
    }
    sheet.merged = [
        (first_row + 1, first_column + 1, last_row, last_column)
        for first_row, last_row, first_column, last_column in source.merged_cells
    ]
    return sheet


def _xls_format(book: "xlrd.book.Book", cell: "xlrd.sheet.Cell") -> str:  # type: ignore[name-defined]  # noqa: F821
    try:
        return str(book.format_map[book.xf_list[cell.xf_index].format_key].format_str)
    except (IndexError, KeyError, TypeError):
        return ""


def _utf16(content: bytes) -> str | None:
    """The name of the UTF-16 encoding of a text, by byte order mark or by its zero bytes."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    start = content[:200]
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, others = start[first::2], start[1 - first :: 2]
        if zeros and zeros.count(0) * 10 >= len(zeros) * 9 and 0 not in others:
            return encoding
    return None


def _decode(path: Path) -> str:
    """Text of a csv file: UTF-16 when it shows, else UTF-8 if it fits, else Windows-1252."""
    content = path.read_bytes()
    wide = _utf16(content)
    encodings = (wide,) if wide else ("utf-8-sig", "cp1252", "latin-1")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnusableInput(zipped.damaged(path))


def _delimiter(text: str) -> str:
    """The separator that cuts most lines into the same number of fields, more than one."""
    first_line = text.split("\n", 1)[0].strip().lower()
    if first_line.startswith("sep=") and len(first_line) == 5:
        return first_line[4]
    best, best_score = ";", 0
    for candidate in (";", "\t", "|", ","):
        widths: dict[int, int] = {}
        start = io.StringIO(text[:200_000], newline="")
        with contextlib.suppress(csv.Error):
            for row in csv.reader(start, delimiter=candidate):
                if len(row) > 1:
                    widths[len(row)] = widths.get(len(row), 0) + 1
        score = max((count * min(width, 12) for width, count in widths.items()), default=0)
        if score > best_score:
            best, best_score = candidate, score
    return best


def _read_csv(path: Path) -> Sheet:
    text = _decode(path).replace("\x00", "").removeprefix("\ufeff")
    sheet = Sheet(path.stem)
    csv.field_size_limit(1_000_000)
    delimiter = _delimiter(text)
    lines = io.StringIO(text, newline="")
    filled = 0
    try:
        for row_number, row in enumerate(csv.reader(lines, delimiter=delimiter), start=1):
            if row_number == 1 and len(row) <= 2 and row and row[0].strip().lower() == "sep=":
                continue
            for column_number, raw in enumerate(row, start=1):
                cleaned = _clean(raw)
                if cleaned is not None:
                    sheet.cells[row_number, column_number] = cleaned
                    filled += 1
            if filled > zipped.MAX_CELLS:
                raise UnusableInput(
                    f"{path.name} heeft meer dan {zipped.MAX_CELLS:,} gevulde cellen.".replace(
                        ",", "."
                    )
                )
    except csv.Error:
        raise UnusableInput(
            f"{path.name} is niet te lezen als csv: een cel is te lang of een aanhalingsteken sluit niet."
        ) from None
    if not sheet.cells:
        raise UnusableInput(f"{path.name} is leeg.")
    return sheet
