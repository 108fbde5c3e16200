"""Where the files of an audit are: a folder of this machine, or a place elsewhere that fsspec knows."""

import hashlib
import itertools
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from inkoopcheck.audit.discover import find_files, why_not_input
from inkoopcheck.audit.model import InputFile
from inkoopcheck.errors import UnusableInput, printable

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_ELSEWHERE = "://"
_TELLS_A_CHANGE = (
    *("ETag", "etag", "md5Hash", "CRC", "mtime", "LastModified", "last_modified", "updated"),
    *("date_time", "created"),
)
"""What systems tell of a file that is another one when the file has changed."""
_numbers = itertools.count()


@dataclass(frozen=True)
class FolderSource:
    """A folder of this machine."""

    path: Path

    @property
    def address(self) -> str:
        """How to point at it again."""
        return str(self.path)

    @property
    def absent(self) -> str:
        """What to say when it is not there, in a Dutch sentence without its end."""
        return f"De map {printable(self.path.name or str(self.path))} bestaat niet"

    def is_there(self) -> bool:
        """Can it be seen from here?"""
        return self.path.is_dir()

    def find(self, without: Path) -> tuple[list[InputFile], list[tuple[str, str]]]:
        """All files in it, and those that are left out with the reason; see ``find_files``."""
        return find_files(self.path, without)

    def fetch(self, file: InputFile, scratch: Path) -> Path:
        """A file of this machine with the contents of a file in it: the file itself."""
        return self.path / file.path


@dataclass(frozen=True)
class RemoteSource:
    """A place elsewhere, such as ``s3://bak/map``. What that asks (keys, an address) stands in its own settings."""

    address: str

    @property
    def absent(self) -> str:
        """What to say when it is not there, in a Dutch sentence without its end."""
        return f"De map {printable(self.address)} bestaat niet of is van hier niet te bereiken"

    def is_there(self) -> bool:
        """Can it be seen from here?

        Raises:
            UnusableInput: the address cannot be used at all.
        """
        try:
            system, root = self._system()
            return bool(system.isdir(root))
        except UnusableInput:
            raise
        except Exception:  # Each system has errors of its own.
            return False

    def find(self, without: Path) -> tuple[list[InputFile], list[tuple[str, str]]]:
        """All files in it in a stable order, and those that are left out with the reason.

        Raises:
            UnusableInput: the place cannot be reached.
        """
        try:
            system, root = self._system()
            details: dict[str, dict[str, Any]] = system.find(root, detail=True)
        except Exception:  # Each system has errors of its own.
            raise UnusableInput(
                f"De lijst van bestanden op {printable(self.address)} is niet op te vragen. Controleer het adres en"
                " uw toegang."
            ) from None
        found: list[InputFile] = []
        left_out: list[tuple[str, str]] = []
        for path, facts in sorted(details.items()):
            shown = path.removeprefix(root).lstrip("/")
            *folders, name = shown.split("/")
            if any(folder.startswith(".") for folder in folders):
                continue
            if reason := why_not_input(name):
                left_out.append((shown, reason))
            else:
                found.append(InputFile(shown, int(facts.get("size") or 0), _state(facts)))
        return found, left_out

    def fetch(self, file: InputFile, scratch: Path) -> Path:
        """A file of this machine with the contents of a file in it: a copy in ``scratch``.

        Raises:
            OSError: the file cannot be fetched.
        """
        system, root = self._system()
        copy = scratch / f"bron-{next(_numbers)}"
        try:
            system.get_file(f"{root.rstrip('/')}/{file.path}", str(copy))
        except OSError:
            raise
        except Exception as error:
            raise OSError(type(error).__name__) from None
        return copy

    def _system(self) -> "tuple[AbstractFileSystem, str]":
        """The system at the address, and the path on it.

        Raises:
            UnusableInput: nothing is known of such an address.
            OSError: the system cannot be reached.
        """
        try:
            from fsspec.core import url_to_fs
        except ImportError:
            raise UnusableInput(
                "Voor een map op een ander systeem is een uitbreiding nodig. Installeer haar met:"
                " pip install 'inkoopcheck[cluster]'"
            ) from None
        kind = self.address.partition(_ELSEWHERE)[0]
        try:
            system, root = url_to_fs(self.address)
        except ImportError:
            raise UnusableInput(
                f"Voor een adres met {kind}:// is nog een uitbreiding van fsspec nodig, zoals s3fs voor s3://."
            ) from None
        except OSError:
            raise
        except Exception:
            raise UnusableInput(
                f"Met een adres dat begint met {kind}:// kan dit programma niets. Kijk of het klopt."
            ) from None
        return system, str(root)


Source = FolderSource | RemoteSource


def source_of(place: Path | str) -> Source:
    """The source that a user points at, with a path or an address. What is on this machine is a folder.

    Raises:
        UnusableInput: there is a password in the address; it would come in the report.
    """
    text = str(place)
    if isinstance(place, Path) or _ELSEWHERE not in text:
        return FolderSource(Path(place).resolve())
    try:
        parts = urlsplit(text)
        secret = parts.password
    except ValueError:
        return RemoteSource(text)  # Which says what is wrong.
    if parts.scheme == "file":
        return FolderSource(Path(url2pathname(parts.path)).resolve())
    if secret:
        raise UnusableInput(
            "Zet geen wachtwoord in het adres: het adres komt in het rapport. Gebruik de instellingen van het systeem."
        )
    return RemoteSource(text)


def _state(facts: dict[str, Any]) -> int:
    """A number that is another one when a file has changed, from what its system tells of it."""
    told = [(name, facts[name]) for name in _TELLS_A_CHANGE if facts.get(name) is not None]
    if not told:
        return time.time_ns()  # Nothing tells whether it changed, so it is read again every time.
    digest = hashlib.sha256(repr(told).encode()).digest()
    return int.from_bytes(digest[:7], "big")
