"""The whole audit: find files, read what is new, judge all of it, and put a report in place."""

import contextlib
import datetime
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from inkoopcheck import __version__
from inkoopcheck.audit import work
from inkoopcheck.audit.discover import into_units
from inkoopcheck.audit.judge import Judge, fingerprint_of
from inkoopcheck.audit.model import (
    AuditResult,
    FileRecord,
    InputFile,
    Kind,
    Settings,
    Unit,
    UnitOutcome,
    Verdict,
)
from inkoopcheck.audit.open_data import FOLDER, write_open_data
from inkoopcheck.audit.read import BUSY, outcome_in, shown
from inkoopcheck.audit.rows import UNITS
from inkoopcheck.audit.source import FolderSource, source_of
from inkoopcheck.dossier.key import make_key, read_key
from inkoopcheck.engine.ruleset import (
    CONTRACT_FAMILIES,
    MESSAGE_FAMILIES,
    Ruleset,
    load_ruleset,
)
from inkoopcheck.errors import UnusableInput, why_not

STORE, META = "niet_delen", "audit.json"
_KEY, _LOCK, _NOTE = "sleutel", "bezig.slot", "LEES_MIJ.txt"
_RESULTS = ("index.html", "bestanden.html", "regio", "gemeente", "aanbieder", "hulp", FOLDER, META)
"""What of a report is made anew; the store stays."""
_NOTE_TEXT = (
    "Deze map hoort bij een audit van inkoopcheck. Deel haar niet: zij bevat gegevens per kind onder een\r\n"
    "pseudoniem, en de sleutel daarvan. Zonder deze map is een volgende audit langzamer, meer niet.\r\n"
)


class Progress(Protocol):
    """Is told how far an audit is."""

    def reading(self, files: int, size: int) -> None:
        """Reading begins, of so many files and bytes that were not read before."""

    def read(self, outcome: UnitOutcome, files: int, size: int) -> None:
        """A unit is read, of so many files and bytes."""

    def judging(self, name: str) -> None:
        """This part of the judgement begins."""


@dataclass(frozen=True)
class Wishes:
    """What the user asks of an audit, beside the folders."""

    peildatum: datetime.date
    user_folders: tuple[Path, ...] = ()
    parameter_file: Path | None = None
    off: tuple[tuple[str, str], ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    schemas: Path | None = None
    processes: int = 1
    cluster: str | None = None
    command: tuple[str, ...] = field(default=(), compare=False)


def audit(
    place: Path | str, report: Path, wishes: Wishes, progress: Progress | None = None
) -> AuditResult:
    """Audit everything below a folder, or at an address that fsspec knows; the report appears when it is whole.

    Reading goes on where an earlier run with the same wishes stopped.

    Raises:
        UnusableInput: a folder, file or wish cannot be used.
    """
    return Audit(place, report, wishes, progress).run()


class Audit:
    """One run of an audit; see ``audit``."""

    def __init__(
        self, place: Path | str, report: Path, wishes: Wishes, progress: Progress | None
    ) -> None:
        self._source = source_of(place)
        self._report = report
        self._wishes = wishes
        self._progress = progress
        self._store = report / STORE

    def run(self) -> AuditResult:
        """Read, judge, and put the report in place."""
        self._check_folders()
        ruleset = load_ruleset(
            (*CONTRACT_FAMILIES, *MESSAGE_FAMILIES),
            user_folders=self._wishes.user_folders,
            parameter_file=self._wishes.parameter_file,
            off=self._wishes.off,
            choices=self._wishes.choices,
        )
        if self._wishes.schemas is not None:
            from inkoopcheck.schemas.find import known_messages

            known_messages(self._wishes.schemas)
        try:
            self._store.mkdir(parents=True, exist_ok=True)
            (self._store / _NOTE).write_text(_NOTE_TEXT, encoding="utf-8", newline="")
            with _alone(self._store / _LOCK):
                return self._run(ruleset)
        except OSError as error:
            raise UnusableInput(f"Het rapport is niet te schrijven: {why_not(error)}.") from None

    def _check_folders(self) -> None:
        if not self._source.is_there():
            raise UnusableInput(f"{self._source.absent}.")
        if self._source == FolderSource(self._report.resolve()):
            raise UnusableInput(
                "Het rapport kan niet in de map zelf. Kies met --uit een andere map."
            )
        if self._report.exists() and not self._report.is_dir():
            raise UnusableInput(f"{self._report.name} is een bestand en geen map.")
        if self._report.is_dir():
            names = {path.name for path in self._report.iterdir() if not path.name.startswith(".")}
            if names and not (names & {STORE, META}):
                raise UnusableInput(
                    f"In de map {self._report.name} staat iets anders dan een audit. Kies een lege map."
                )

    def _run(self, ruleset: Ruleset) -> AuditResult:
        started = time.monotonic()
        # What a run that was killed left half made; nobody else is at work, see ``_alone``.
        shutil.rmtree(self._store / BUSY, ignore_errors=True)
        settings = self._settings(ruleset)
        files, left_out = self._source.find(self._report)
        known, units = self._known(files, settings)
        self._read(units, settings, known)
        reading = time.monotonic() - started
        outcomes = [*known.values(), _left_out(left_out)]
        with tempfile.TemporaryDirectory(prefix="oordeel-", dir=self._busy()) as name:
            scratch = Path(name)
            judge = Judge(
                self._store, outcomes, ruleset, self._wishes.peildatum, self._wishes.processes
            )
            tables = judge.run(scratch, self._tell)
            judging = time.monotonic() - started - reading
            meta = self._meta(ruleset, judge, tables, (reading, judging))
            result = AuditResult(tables, meta)
            self._tell("rapport")
            made = scratch / "rapport"
            made.mkdir()
            self._write(result, made)
            self._put_in_place(made, scratch)
        return result

    def _tell(self, name: str) -> None:
        if self._progress:
            self._progress.judging(name)

    def _busy(self) -> Path:
        busy = self._store / BUSY
        busy.mkdir(exist_ok=True)
        return busy

    def _settings(self, ruleset: Ruleset) -> Settings:
        wishes = self._wishes
        return Settings(
            source=self._source,
            store=self._store.resolve(),
            peildatum=wishes.peildatum,
            key=_key(self._store / _KEY),
            rules=ruleset.fingerprint,
            version=__version__,
            user_folders=tuple(path.resolve() for path in wishes.user_folders),
            parameter_file=wishes.parameter_file.resolve() if wishes.parameter_file else None,
            off=wishes.off,
            choices=wishes.choices,
            schemas=wishes.schemas.resolve() if wishes.schemas else None,
        )

    def _known(
        self, files: Sequence[InputFile], settings: Settings
    ) -> tuple[dict[str, UnitOutcome], list[Unit]]:
        """What was read before and still counts, per unit; and the units that must be read.

        A unit of which a file changed or is gone counts for its other files. What was read by other rules is
        thrown away.
        """
        wanted = {(shown(file.path), file.size, file.modified): file for file in files}
        known: dict[str, UnitOutcome] = {}
        done: set[str] = set()
        for folder in sorted((self._store / UNITS).glob("deel=*")):
            outcome = outcome_in(folder, settings.fingerprint)
            if outcome is None:
                shutil.rmtree(folder)
                continue
            counts: set[str] = set()
            for record in outcome.records:
                if record.deel:
                    continue
                file = wanted.get((record.pad, record.bytes, record.gewijzigd))
                if file is not None and file.path not in done:
                    done.add(file.path)
                    counts.add(record.pad)
            kept = [r for r in outcome.records if _file_of(r, counts)]
            if kept:
                outcome.records = kept
                known[outcome.unit] = outcome
            else:
                shutil.rmtree(folder)
        new = [file for file in files if file.path not in done]
        return known, [Unit(chosen) for chosen in into_units(new)]

    def _read(self, units: list[Unit], settings: Settings, known: dict[str, UnitOutcome]) -> None:
        sizes = {
            unit.name: (len(unit.files), sum(file.size for file in unit.files)) for unit in units
        }
        if self._progress:
            self._progress.reading(
                sum(files for files, _ in sizes.values()), sum(size for _, size in sizes.values())
            )
        for outcome in self._outcomes(units, settings):
            known[outcome.unit] = outcome
            if self._progress:
                self._progress.read(outcome, *sizes[outcome.unit])

    def _outcomes(self, units: list[Unit], settings: Settings) -> Iterator[UnitOutcome]:
        if self._wishes.cluster and units:
            return work.read_on_cluster(units, settings, self._wishes.cluster)
        if self._wishes.processes > 1 and len(units) > 1:
            return work.read_in_processes(units, settings, min(self._wishes.processes, len(units)))
        return work.read_here(units, settings)

    def _meta(
        self,
        ruleset: Ruleset,
        judge: Judge,
        tables: dict[str, list[dict[str, Any]]],
        seconds: tuple[float, float],
    ) -> dict[str, Any]:
        files = [record for record in judge.records if not record.deel]
        counted = {
            verdict: sum(1 for record in files if record.oordeel == verdict.value)
            for verdict in Verdict
        }
        hashes = sorted(record.sha256 for record in files if record.sha256)
        parameters = ruleset.parameters
        return {
            "versie": __version__,
            "regelversie": ruleset.fingerprint,
            "gemaakt_op": datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
            "peildatum": self._wishes.peildatum.isoformat(),
            "opdracht": list(self._wishes.command),
            "instellingen": {
                "regels": [str(path.resolve()) for path in self._wishes.user_folders],
                "parameters": str(self._wishes.parameter_file.resolve())
                if self._wishes.parameter_file
                else None,
                "zonder": [list(pair) for pair in self._wishes.off],
                "keuzes": [list(pair) for pair in self._wishes.choices],
                "xsd": str(self._wishes.schemas.resolve()) if self._wishes.schemas else None,
            },
            "drempel": _whole(parameters["audit_drempel"].value_on(self._wishes.peildatum)),
            "minimum_rijen": _whole(
                parameters["audit_minimum_rijen"].value_on(self._wishes.peildatum)
            ),
            "indexjaar": judge.index_year,
            "index_aangenomen": judge.assumed_years,
            "overschreven": [item.model_dump(mode="json") for item in ruleset.overrides],
            "invoer": {
                "map": self._source.address,
                "bestanden": len(files),
                "gelezen": counted[Verdict.READ],
                "dubbel": counted[Verdict.DOUBLE],
                "onbruikbaar": counted[Verdict.UNUSABLE],
                "overgeslagen": counted[Verdict.SKIPPED],
                "vingerafdruk": hashlib.sha256("\n".join(hashes).encode()).hexdigest(),
            },
            "prestaties": judge.counts["prestatie"],
            "berichten": judge.counts["bericht"],
            "contracten": judge.counts["contract"],
            "lezen_seconden": round(seconds[0], 1),
            "oordelen_seconden": round(seconds[1], 1),
            "uitkomst": fingerprint_of(tables),
            "processen": self._wishes.processes,
        }

    def _write(self, result: AuditResult, folder: Path) -> None:
        from inkoopcheck.reports.audit_files import write_gemeente_files
        from inkoopcheck.reports.audit_site import write_site

        write_open_data(result.tables, folder)
        write_site(result, folder)
        write_gemeente_files(result, folder)
        (folder / META).write_text(
            json.dumps(result.meta, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
        )

    def _put_in_place(self, made: Path, scratch: Path) -> None:
        """Move the new report in place of the old one; ``audit.json`` goes last, and says that it is whole."""
        old = scratch / "oud"
        old.mkdir()
        for name in reversed(_RESULTS):
            if (self._report / name).exists():
                (self._report / name).replace(old / name)
        for name in _RESULTS:
            if (made / name).exists():
                (made / name).replace(self._report / name)


def _file_of(record: FileRecord, counts: set[str]) -> bool:
    """Does a record belong to one of these files? A part of a zip has the zip in front of its name."""
    if not record.deel:
        return record.pad in counts
    return any(record.pad.startswith(f"{path}/") for path in counts)


def _left_out(left_out: Sequence[tuple[str, str]]) -> UnitOutcome:
    return UnitOutcome(
        "",
        [
            FileRecord(shown(path), 0, 0, Kind.OTHER.value, Verdict.SKIPPED.value, reden=reason)
            for path, reason in left_out
        ],
    )


def _key(path: Path) -> bytes:
    """The key of the pseudonyms of this report; made when it is not there yet.

    Raises:
        UnusableInput: the file is there and holds no key.
    """
    return read_key(path) if path.exists() else make_key(path)


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep a second run away from the same report; the lock goes with the process, however it ends.

    Raises:
        UnusableInput: another run is busy.
    """
    with path.open("a+b") as file:
        try:
            _lock(file.fileno())
        except OSError:
            raise UnusableInput(
                "Een andere audit is met dit rapport bezig. Wacht tot die klaar is, of kies een andere --uit."
            ) from None
        yield


if os.name == "nt":  # pragma: no cover - the tests run on Linux

    def _lock(number: int) -> None:
        import msvcrt

        msvcrt.locking(number, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]

else:

    def _lock(number: int) -> None:
        import fcntl

        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _whole(value: Any) -> int:
    return int(value or 0)
