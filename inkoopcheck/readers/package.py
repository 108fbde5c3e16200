"""Look into a zipped workbook (xlsx, xlsm, ods) before a library opens it.

One streaming pass per part, with expat: refuses a DTD, counts cells against the limits, and notes
what the value reader (calamine) does not tell: hidden rows and columns, formulas without a stored
value, error values and percentages. No entity is ever expanded and no path of the archive is ever
written to disk.
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from inkoopcheck.dutch import format_number
from inkoopcheck.errors import UnusableInput, why_not
from inkoopcheck.readers.sheet import Address, column_number

MAX_FILE_BYTES = 50 * 1024 * 1024
MAX_UNPACKED_BYTES = 300 * 1024 * 1024
MAX_PARTS = 5_000
MAX_CELLS = 2_000_000
MAX_AREA = 10_000_000
"""Limits per workbook. The area is rows times columns of the rectangle around all filled cells of
a sheet: a value reader makes room for all of it."""

_CHUNK = 1 << 20
_CELL = re.compile(r"^([A-Za-z]{1,3})([0-9]{1,7})$")
_BUILTIN_PERCENT = {9, 10}


@dataclass
class SheetFacts:
    """What the value reader does not tell about a sheet."""

    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    percentages: set[Address] = field(default_factory=set)
    formulas_without_value: list[Address] = field(default_factory=list)
    error_values: dict[Address, str] = field(default_factory=dict)


class _Extent:
    """Counts filled cells and the rectangle around them, and stops at the limits."""

    def __init__(self, file_name: str, sheet: str, counter: list[int]) -> None:
        self._file, self._sheet, self._counter = file_name, sheet, counter
        self._rows = [10**9, 0]
        self._columns = [10**9, 0]

    def add(self, row: int, column: int, rows: int = 1, columns: int = 1) -> None:
        self._counter[0] += rows * columns
        self._rows = [min(self._rows[0], row), max(self._rows[1], row + rows - 1)]
        self._columns = [min(self._columns[0], column), max(self._columns[1], column + columns - 1)]
        if self._counter[0] > MAX_CELLS:
            raise UnusableInput(
                f"{self._file} heeft meer dan {format_number(MAX_CELLS)} gevulde cellen."
                " Dat is te veel. Splits de werkmap of haal wat u niet nodig hebt eruit."
            )
        area = (self._rows[1] - self._rows[0] + 1) * (self._columns[1] - self._columns[0] + 1)
        if area > MAX_AREA:
            raise UnusableInput(
                f"Blad '{self._sheet}' in {self._file} loopt door tot rij {self._rows[1]} en"
                f" kolom {self._columns[1]}. Dat is te groot. Wis losse cellen ver van de tabel."
            )


def check_size(path: Path) -> None:
    """Refuse a file that is empty or larger than the limit.

    Raises:
        UnusableInput: with the reason.
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise UnusableInput(f"{path.name} is niet te openen: {why_not(error)}.") from None
    if size == 0:
        raise UnusableInput(f"{path.name} is leeg.")
    if size > MAX_FILE_BYTES:
        raise UnusableInput(
            f"{path.name} is groter dan {MAX_FILE_BYTES // 1024 // 1024} MB."
            " Splits de werkmap of haal plaatjes eruit."
        )


def open_package(path: Path) -> zipfile.ZipFile:
    """Open a zipped workbook and refuse one that unpacks to too much.

    Raises:
        UnusableInput: damaged, or over the limits.
    """
    try:
        package = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, NotImplementedError):
        raise UnusableInput(damaged(path)) from None
    infos = package.infolist()
    if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > MAX_UNPACKED_BYTES:
        raise UnusableInput(
            f"{path.name} wordt na uitpakken groter dan {MAX_UNPACKED_BYTES // 1024 // 1024} MB."
            " Dat is niet veilig om te openen."
        )
    if any(info.flag_bits & 0x1 for info in infos):
        raise UnusableInput(locked(path))
    return package


def damaged(path: Path) -> str:
    """The sentence for a damaged workbook."""
    return (
        f"{path.name} is beschadigd of niet compleet."
        " Open het bestand in uw spreadsheetprogramma en bewaar het opnieuw."
    )


def locked(path: Path) -> str:
    """The sentence for a workbook behind a password."""
    return (
        f"{path.name} is beveiligd met een wachtwoord."
        " Haal het wachtwoord eraf en probeer het opnieuw."
    )


Handler = Callable[[str, Mapping[str, str]], None]


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _stream(
    package: zipfile.ZipFile,
    path: Path,
    part: str,
    start: Handler | None = None,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Parse one part of the package with handlers that get local names; a DTD is refused."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise UnusableInput(
            f"{path.name} bevat een DTD (een stukje XML dat andere bestanden kan ophalen)."
            " Dat is niet veilig; een spreadsheetprogramma maakt dit niet."
        )

    parser.StartDoctypeDeclHandler = refuse
    parser.CharacterDataHandler = text
    try:
        with package.open(part) as stream:
            chunk = stream.read(_CHUNK)
            if b"<worksheet" in chunk[:4096]:
                # Names without prefix, as nearly every program writes them: nothing to take off.
                parser.StartElementHandler, parser.EndElementHandler = start, end
            else:
                if start:
                    begin = start
                    parser.StartElementHandler = lambda name, attributes: begin(
                        _local(name), {_local(key): value for key, value in attributes.items()}
                    )
                if end:
                    finish = end
                    parser.EndElementHandler = lambda name: finish(_local(name))
            while chunk:
                parser.Parse(chunk, False)
                chunk = stream.read(_CHUNK)
            parser.Parse(b"", True)
    except UnusableInput:
        raise
    except (
        expat.ExpatError,
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        KeyError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ):
        raise UnusableInput(damaged(path)) from None


def inspect_xlsx(package: zipfile.ZipFile, path: Path) -> dict[str, SheetFacts]:
    """Per sheet of an xlsx or xlsm package the facts that the value reader does not tell.

    Raises:
        UnusableInput: damaged, over the limits, or with a DTD in any part.
    """
    names = set(package.namelist())
    sheets: list[tuple[str, str, bool]] = []
    targets: dict[str, str] = {}

    def on_workbook(name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            hidden = attributes.get("state", "visible") != "visible"
            sheets.append((attributes.get("name", ""), attributes.get("id", ""), hidden))

    def on_relation(name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship":
            target = attributes.get("Target", "")
            targets[attributes.get("Id", "")] = (
                target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            )

    _stream(package, path, "xl/workbook.xml", on_workbook)
    if "xl/_rels/workbook.xml.rels" in names:
        _stream(package, path, "xl/_rels/workbook.xml.rels", on_relation)
    percent_styles = _percent_styles(package, path) if "xl/styles.xml" in names else set()
    done = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
    facts: dict[str, SheetFacts] = {}
    counter = [0]
    for sheet_name, relation, hidden in sheets:
        part = targets.get(relation, "")
        if part not in names:
            facts[sheet_name] = SheetFacts(hidden=hidden)
            continue
        facts[sheet_name] = _xlsx_sheet(package, path, part, sheet_name, percent_styles, counter)
        facts[sheet_name].hidden = hidden
        done.add(part)
    for part in sorted(names - done):
        if part.endswith((".xml", ".rels", ".vml")):
            _stream(package, path, part)
    return facts


def _percent_styles(package: zipfile.ZipFile, path: Path) -> set[str]:
    """Style numbers (attribute ``s`` of a cell) that show a number as percentage."""
    formats: dict[int, str] = {}
    styles: list[int] = []
    inside = [False]

    def on_start(name: str, attributes: Mapping[str, str]) -> None:
        if name == "numFmt":
            formats[_integer(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            inside[0] = True
        elif name == "xf" and inside[0]:
            styles.append(_integer(attributes.get("numFmtId")))

    def on_end(name: str) -> None:
        if name == "cellXfs":
            inside[0] = False

    _stream(package, path, "xl/styles.xml", on_start, on_end)
    return {
        str(number)
        for number, style in enumerate(styles)
        if style in _BUILTIN_PERCENT or "%" in formats.get(style, "")
    }


def _integer(text: str | None) -> int:
    try:
        return int(text or 0)
    except ValueError:
        return 0


def _xlsx_sheet(
    package: zipfile.ZipFile,
    path: Path,
    part: str,
    sheet_name: str,
    percent_styles: set[str],
    counter: list[int],
) -> SheetFacts:
    facts = SheetFacts()
    extent = _Extent(path.name, sheet_name, counter)
    row, column = 0, 0
    kind, style = "n", ""
    formula, filled, in_value = False, False, False
    value: list[str] = []

    def on_start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal row, column, kind, style, formula, filled, in_value
        if name == "c":
            match = _CELL.match(attributes.get("r", ""))
            if match:
                column, row = column_number(match[1]), int(match[2])
            else:
                column += 1
            kind, style = attributes.get("t", "n"), attributes.get("s", "")
            formula = filled = False
            value.clear()
        elif name == "v" or name == "is":
            in_value = filled = True
        elif name == "f":
            formula = True
        elif name == "row":
            row = _integer(attributes.get("r")) or row + 1
            column = 0
            if attributes.get("hidden") in ("1", "true"):
                facts.hidden_rows.add(row)
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            first = _integer(attributes.get("min"))
            last = min(_integer(attributes.get("max")), 16_384)
            facts.hidden_columns.update(range(first, last + 1))

    def on_end(name: str) -> None:
        nonlocal in_value
        if name in ("v", "is"):
            in_value = False
        elif name == "c" and (filled or formula):
            address = (row, column)
            extent.add(row, column)
            if kind == "e":
                facts.error_values[address] = "".join(value)[:20]
            elif formula and not "".join(value) and kind != "str":
                facts.formulas_without_value.append(address)
            if style in percent_styles and kind == "n":
                facts.percentages.add(address)

    def on_text(text: str) -> None:
        if in_value and len(value) < 4:
            value.append(text)

    _stream(package, path, part, on_start, on_end, on_text)
    return facts


def inspect_ods(package: zipfile.ZipFile, path: Path) -> dict[str, SheetFacts]:
    """Per sheet of an ods package the facts that the value reader does not tell.

    Raises:
        UnusableInput: damaged, encrypted, over the limits, or with a DTD in any part.
    """
    encrypted: list[bool] = []

    def on_manifest(name: str, _: Mapping[str, str]) -> None:
        if name == "encryption-data":
            encrypted.append(True)

    names = set(package.namelist())
    if "META-INF/manifest.xml" in names:
        _stream(package, path, "META-INF/manifest.xml", on_manifest)
    if encrypted:
        raise UnusableInput(locked(path))
    facts: dict[str, SheetFacts] = {}
    current = SheetFacts()
    counter = [0]
    extent = _Extent(path.name, "", counter)
    row, column, row_repeat = 0, 0, 1

    def on_start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal current, extent, row, column, row_repeat
        if name == "table":
            sheet_name = attributes.get("name", f"Blad{len(facts) + 1}")
            current = facts.setdefault(sheet_name, SheetFacts())
            extent = _Extent(path.name, sheet_name, counter)
            row, column, row_repeat = 0, 0, 1
        elif name == "table-column":
            repeat = max(1, _integer(attributes.get("number-columns-repeated")))
            if attributes.get("visibility") in ("collapse", "filter") and repeat <= 16_384:
                current.hidden_columns.update(range(column + 1, column + repeat + 1))
            column += repeat
        elif name == "table-row":
            row += row_repeat
            row_repeat = max(1, _integer(attributes.get("number-rows-repeated")))
            row = max(row, 1)
            column = 0
            if attributes.get("visibility") in ("collapse", "filter") and row_repeat <= 65_536:
                current.hidden_rows.update(range(row, row + row_repeat))
        elif name in ("table-cell", "covered-table-cell"):
            repeat = max(1, _integer(attributes.get("number-columns-repeated")))
            kind = attributes.get("value-type")
            address = (row, column + 1)
            if kind:
                extent.add(row, column + 1, row_repeat, repeat)
                if kind == "percentage":
                    current.percentages.add(address)
            elif "formula" in attributes:
                current.formulas_without_value.append(address)
            column += repeat

    _stream(package, path, "content.xml", on_start)
    for part in sorted(names - {"content.xml", "META-INF/manifest.xml"}):
        if part.endswith(".xml"):
            _stream(package, path, part)
    return facts
