"""Find the files of an audit and say what each is, by what is in it and not by its name."""

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

from inkoopcheck.audit.model import InputFile, Kind

MAX_UNIT_BYTES = 40_000_000
MAX_UNIT_FILES = 1_500
_WORKBOOK_WEIGHT = 6_000_000
"""Reading and judging a workbook takes as long as messages of this size."""
_SHORT = 200
"""Files of this many bytes cost about as much as their opening."""
_HEAD = 65_536
_NOT_INPUT = ("thumbs.db", "desktop.ini")
_MAY_BE_WORKBOOK = (".xlsx", ".xlsm", ".xls", ".ods", ".csv")
_PLAIN_TEXT = "Dit is geen werkmap en geen bericht."


def find_files(folder: Path, without: Path) -> tuple[list[InputFile], list[tuple[str, str]]]:
    """All files below a folder in a stable order, and those that are left out, each with the reason.

    Args:
        folder: the folder to audit.
        without: the folder with the report; it may lie inside.
    """
    report = without.resolve()
    found: list[InputFile] = []
    left_out: list[tuple[str, str]] = []

    def told(error: OSError) -> None:
        where = Path(error.filename or "")
        name = where.relative_to(folder).as_posix() if where.is_relative_to(folder) else where.name
        left_out.append((name, "Deze map is niet te openen."))

    for here, folders, files in os.walk(folder, onerror=told):
        folders[:] = sorted(
            name
            for name in folders
            if (Path(here) / name).resolve() != report and not name.startswith(".")
        )
        for name in sorted(files):
            path = Path(here) / name
            shown = path.relative_to(folder).as_posix()
            if reason := why_not_input(name):
                left_out.append((shown, reason))
                continue
            try:
                facts = path.stat()
            except OSError:
                left_out.append((shown, "Dit bestand is niet te openen."))
                continue
            found.append(InputFile(shown, facts.st_size, facts.st_mtime_ns))
    return found, left_out


def why_not_input(name: str) -> str:
    """Why a file with this name is no input of an audit; empty when it may be."""
    if name.startswith("~$"):
        return "Dit is een tijdelijk bestand van Excel."
    if name.startswith(".") or name.lower() in _NOT_INPUT:
        return "Dit is een verborgen bestand of een bestand van het systeem."
    return ""


def into_units(files: list[InputFile]) -> Iterator[tuple[InputFile, ...]]:
    """Files that are read together: about as much work each, and never a file in two of them."""
    chosen: list[InputFile] = []
    weight = 0
    for file in files:
        own = file.size
        if file.path.lower().endswith(_MAY_BE_WORKBOOK):
            own += _WORKBOOK_WEIGHT
        if chosen and (weight + own > MAX_UNIT_BYTES or len(chosen) >= MAX_UNIT_FILES):
            yield tuple(chosen)
            chosen, weight = [], 0
        chosen.append(file)
        weight += own + _SHORT
    if chosen:
        yield tuple(chosen)


def kind_of(path: Path) -> tuple[Kind, str]:
    """What a file is; of another file also why it is not read.

    Raises:
        OSError: the file cannot be opened.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_package(path)
    return kind_of_text(head)


def kind_of_text(head: bytes) -> tuple[Kind, str]:
    """What a file is that begins with these bytes and is no package."""
    if not head.strip(b"\0 \t\r\n"):
        return Kind.OTHER, "Dit bestand is leeg."
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return Kind.WORKBOOK, ""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        # Two bytes for each character: a message in the wrong encoding, or text saved by Excel.
        return (Kind.MESSAGE if b"<" in head[:8] else Kind.WORKBOOK), ""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"<"):
        if text[:15].lower().startswith((b"<!doctype html", b"<html")):
            return Kind.OTHER, "Dit is een webpagina, geen werkmap of bericht."
        return Kind.MESSAGE, ""
    if b"\0" in head or text.startswith(b"%PDF"):
        return Kind.OTHER, _PLAIN_TEXT
    lines = [line for line in text.splitlines()[:6] if line.strip()]
    if any(len(lines) > 1 and all(mark in line for line in lines[:2]) for mark in (b";", b"\t")):
        return Kind.WORKBOOK, ""
    if len(lines) > 1 and all(line.count(b",") > 1 for line in lines[:2]):
        return Kind.WORKBOOK, ""
    return Kind.OTHER, _PLAIN_TEXT


def _kind_of_package(path: Path) -> tuple[Kind, str]:
    try:
        with zipfile.ZipFile(path) as package:
            names = package.namelist()
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError):
        return Kind.ARCHIVE, ""  # Reading it says what is wrong.
    return kind_of_names(names)


def kind_of_names(names: list[str]) -> tuple[Kind, str]:
    """What a package with these names in it is."""
    if "[Content_Types].xml" in names:
        if any(name.startswith("xl/") for name in names):
            return Kind.WORKBOOK, ""
        return Kind.OTHER, "Dit is een ander Office-bestand, geen werkmap."
    if names and "mimetype" in names and "content.xml" in names:
        return Kind.WORKBOOK, ""
    return Kind.ARCHIVE, ""
