"""What the parts of an audit hand to each other."""

import datetime
import hashlib
import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inkoopcheck.audit.source import Source

UNKNOWN = "0000"
"""Stands for a gemeente that nothing in a file or folder tells."""


class Kind(StrEnum):
    """What a file is, by its content."""

    WORKBOOK = "werkmap"
    MESSAGE = "bericht"
    ARCHIVE = "zip"
    OTHER = "overig"


class Verdict(StrEnum):
    """What became of a file."""

    READ = "gelezen"
    DOUBLE = "dubbel"
    UNUSABLE = "niet bruikbaar"
    SKIPPED = "overgeslagen"


@dataclass(frozen=True)
class InputFile:
    """A file in the folder to audit: what tells, without reading it, whether it was read before."""

    path: str
    """Below the folder, with forward slashes."""
    size: int
    modified: int
    """In nanoseconds, as the file system says."""


@dataclass(frozen=True)
class Unit:
    """Files that are read together by one process; what they gave appears all at once, or not."""

    files: tuple[InputFile, ...]

    @property
    def name(self) -> str:
        """The same files give the same name."""
        parts = [f"{file.path}\x1f{file.size}\x1f{file.modified}" for file in self.files]
        return hashlib.sha256("\x1e".join(parts).encode()).hexdigest()[:20]


@dataclass(frozen=True)
class Settings:
    """How to read, for every process alike. Two reads with the same ``fingerprint`` may be mixed."""

    source: "Source"
    store: Path
    peildatum: datetime.date
    key: bytes = field(repr=False)
    rules: str
    """Fingerprint of the rules, parameters and code lists."""
    version: str
    user_folders: tuple[Path, ...] = ()
    parameter_file: Path | None = None
    off: tuple[tuple[str, str], ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    schemas: Path | None = None

    @property
    def fingerprint(self) -> str:
        """What the outcome of reading depends on, beside the files."""
        parts = [self.version, self.rules, str(self.peildatum), self.key.hex()]
        parts += [str(self.off), str(self.choices), str(self.schemas)]
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:20]


@dataclass
class FileRecord:
    """What became of a file, or of a part of a zip."""

    pad: str
    bytes: int
    gewijzigd: int
    soort: str
    oordeel: str
    id: str = ""
    """Of a file that was read: the same contents in the same place have the same id."""
    sha256: str = ""
    reden: str = ""
    gemeente: str = ""
    conflict: str = ""
    berichten: int = 0
    deel: bool = False
    """Is it a part of a zip? Then it is not a file by itself."""


@dataclass
class UnitOutcome:
    """What reading a unit gave."""

    unit: str
    records: list[FileRecord] = field(default_factory=list)
    messages: int = 0
    lines: int = 0
    """Products, prestaties and answers."""
    seconds: float = 0.0

    def to_json(self, fingerprint: str) -> str:
        """The outcome as it is kept beside the rows of the unit."""
        return json.dumps({**asdict(self), "instellingen": fingerprint}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "tuple[UnitOutcome, str]":
        """The outcome that was kept, with the fingerprint of its settings."""
        content = json.loads(text)
        fingerprint = content.pop("instellingen")
        records = [FileRecord(**record) for record in content.pop("records")]
        return cls(records=records, **content), fingerprint


@dataclass
class AuditResult:
    """All that an audit tells: the aggregated tables (see ``figures``), and how they were made."""

    tables: dict[str, list[dict[str, Any]]]
    meta: dict[str, Any]
