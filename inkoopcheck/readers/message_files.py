"""Find the messages in what a user offers: files, folders and zip files.

Nothing is written to disk: a file in a zip is read in memory, whatever its name says. A file that
cannot be used is reported with the reason and never stops the others.
"""

import io
import lzma
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from inkoopcheck.dutch import format_number
from inkoopcheck.errors import printable, why_not

MAX_MESSAGE_BYTES = 250_000_000
"""Ten times what the standard allows (OP179). What is larger is refused, for want of memory."""
MAX_ZIP_ENTRIES = 20_000
MAX_ZIP_BYTES = 2_000_000_000
"""Most bytes that all files of one zip may unpack to together."""
MAX_RATIO = 300
"""Messages shrink to a thirtieth or so; what shrinks ten times more is made to do harm."""
_RATIO_FROM = 10_000_000
_CHUNK = 1 << 20
_NOT_IN_FOLDERS = (".",)
_SUFFIXES = (".xml", ".zip")


@dataclass
class Found:
    """A file that may hold a message, or the reason why it cannot be read."""

    name: str
    """How the user knows it: the file name; in a folder the path below it; in a zip both names."""
    content: bytes = b""
    problem: str | None = None

    def take(self) -> bytes:
        """The contents, which are not kept here any longer: they may be large."""
        content, self.content = self.content, b""
        return content


def find_messages(paths: Iterable[Path]) -> Iterator[Found]:
    """The contents of all files, one at a time, in a stable order.

    In a folder (with what is below it) and in a zip only files that end in .xml are messages; a zip in a
    folder is opened, a zip in a zip is not. What is left out without a reason of its own is no message.
    """
    for path in dict.fromkeys(paths):
        if path.is_dir():
            yield from _in_folder(path)
        else:
            yield from _in_file(path, printable(path.name))


def _in_folder(folder: Path) -> Iterator[Found]:
    found = []
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(_NOT_IN_FOLDERS))
        found += [
            os.path.join(here, name)  # noqa: PTH118 - a Path for each of many files costs time
            for name in sorted(files)
            if name.lower().endswith(_SUFFIXES) and not name.startswith(_NOT_IN_FOLDERS)
        ]
    if not found:
        name = printable(folder.name or str(folder))
        yield Found(name, problem=f"In de map {name} staan geen berichten (.xml of .zip).")
    start = len(os.path.join(folder, ""))  # noqa: PTH118
    for name in found:
        yield from _in_file(name, printable(name[start:].replace(os.sep, "/")))


def _in_file(path: str | Path, name: str) -> Iterator[Found]:
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123
            first = file.read(_first_read(file))
            if not first.startswith((b"PK\x03\x04", b"PK\x05\x06")):
                found = _checked(name, _whole(file, first))
                del first
                yield found
                return
    except OSError as error:
        yield Found(name, problem=f"{name} is niet te openen: {why_not(error)}.")
        return
    yield from _in_zip(path, name)


def in_zip(path: Path, name: str) -> Iterator[Found]:
    """The contents of everything in a zip, one at a time; a zip in it is not opened."""
    return _in_zip(path, name, messages_only=False)


def _first_read(file: io.FileIO) -> int:
    """How much to read at first: the whole file, or as much of it as we would ever read."""
    return max(_CHUNK, min(os.fstat(file.fileno()).st_size, MAX_MESSAGE_BYTES) + 1)


def _whole(file: io.FileIO, first: bytes) -> bytes:
    """What was read of a file with what is left, until it is too large."""
    parts = [first]
    size = len(first)
    # A regular file came at once; a pipe, or a file that grows, comes in pieces.
    while size <= MAX_MESSAGE_BYTES and (part := file.read(_CHUNK)):
        parts.append(part)
        size += len(part)
    return b"".join(parts) if len(parts) > 1 else first


def _checked(name: str, content: bytes) -> Found:
    if not content or content.isspace():
        return Found(name, problem=f"{name} is leeg.")
    if len(content) > MAX_MESSAGE_BYTES:
        return Found(name, problem=_too_large(name))
    return Found(name, content)


def _too_large(name: str) -> str:
    limit = format_number(MAX_MESSAGE_BYTES // 1_000_000)
    return f"{name} is groter dan {limit} MB. Dat is te veel om te controleren. Splits het bericht."


def _in_zip(path: str | Path, name: str, *, messages_only: bool = True) -> Iterator[Found]:
    try:
        package = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError):
        yield Found(name, problem=f"{name} is een beschadigd zip-bestand. Pak het opnieuw in.")
        return
    with package:
        entries = [info for info in package.infolist() if not info.is_dir()]
        if len(entries) > MAX_ZIP_ENTRIES:
            number = format_number(MAX_ZIP_ENTRIES)
            yield Found(name, problem=f"In {name} zitten meer dan {number} bestanden. Splits het.")
            return
        unpacked = 0
        messages = 0
        for info in entries:
            inner = f"{name}/{_plain(info.filename)}"
            if _is_outside(info.filename):
                yield Found(
                    inner,
                    problem=f"In {name} zit een bestand met een pad naar buiten de zip"
                    f" ({_plain(info.filename)}). Zo'n bestand wordt niet gelezen.",
                )
                continue
            suffix = PurePosixPath(info.filename).suffix.lower()
            if suffix == ".zip":
                yield Found(inner, problem=f"In {name} zit nog een zip. Pak die eerst uit.")
            if suffix == ".zip" or (messages_only and suffix != ".xml"):
                continue
            messages += 1
            found = _entry(package, info, name, inner)
            unpacked += len(found.content)
            if unpacked > MAX_ZIP_BYTES:
                limit = format_number(MAX_ZIP_BYTES // 1_000_000)
                yield Found(
                    name, problem=f"{name} wordt uitgepakt groter dan {limit} MB. Splits het."
                )
                return
            yield found
        if not messages:
            what = "berichten (.xml)" if messages_only else "bestanden"
            yield Found(name, problem=f"In {name} zitten geen {what}.")


def _entry(package: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, inner: str) -> Found:
    if info.flag_bits & 0x1:
        return Found(inner, problem=f"{name} is beveiligd met een wachtwoord. Haal dat eraf.")
    parts: list[bytes] = []
    size = 0
    try:
        with package.open(info) as file:
            # What the zip says of the size may be a lie, so count while reading.
            while part := file.read(_CHUNK):
                size += len(part)
                if size > MAX_MESSAGE_BYTES:
                    return Found(inner, problem=_too_large(inner))
                if size > _RATIO_FROM and size > MAX_RATIO * max(info.compress_size, 1):
                    return Found(
                        inner,
                        problem=f"{inner} is zo sterk ingepakt dat het niet veilig is om te openen.",
                    )
                parts.append(part)
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ):
        return Found(inner, problem=f"{inner} is beschadigd. Pak de zip opnieuw in.")
    return _checked(inner, b"".join(parts))


def _is_outside(name: str) -> bool:
    """Does a name in a zip point outside it (``../``, an absolute path, a drive)?"""
    plain = name.replace("\\", "/")
    return plain.startswith("/") or ".." in plain.split("/") or ":" in plain.split("/")[0]


def _plain(name: str) -> str:
    """A name from a zip, fit to show: no control characters and not too long."""
    shown = "".join(c if c.isprintable() else "?" for c in printable(name))
    return shown if len(shown) <= 120 else f"{shown[:117]}…"
