"""Stage one of an audit: read a unit of files, judge each message and workbook by itself, keep the rows.

A process reads one unit at a time. What it gives appears in the store all at once: the rows are written
aside and moved into place, so that an audit that was killed never finds half a unit.
"""

import hashlib
import io
import shutil
import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from inkoopcheck.audit import discover
from inkoopcheck.audit.model import (
    UNKNOWN,
    FileRecord,
    InputFile,
    Kind,
    Settings,
    Unit,
    UnitOutcome,
    Verdict,
)
from inkoopcheck.audit.places import Places
from inkoopcheck.audit.rows import UNITS, Collector, provider_code
from inkoopcheck.check import ContractChecker
from inkoopcheck.check_messages import MessageChecker
from inkoopcheck.engine.ruleset import MESSAGE_FAMILIES, Ruleset, load_ruleset
from inkoopcheck.errors import UnusableInput, printable, why_not
from inkoopcheck.findings.model import Berichtresultaat, Contractresultaat, Ernst, Lasten
from inkoopcheck.privacy import without_bsn
from inkoopcheck.readers.message_files import Found, in_zip
from inkoopcheck.readers.vocabulary import load_vocabulary

MAX_MESSAGE = 75_000_000
"""Three times what the standard allows (OP179). A process needs some ten times the size of a message."""
BUSY = "bezig"
_DONE = "unit.json"


def unit_folder(store: Path, name: str) -> Path:
    """Where the rows of a unit are; the form of the name makes it a column of the rows."""
    return store / UNITS / f"deel={name}"


def read_unit(unit: Unit, settings: Settings) -> UnitOutcome:
    """Read a unit, and put its rows in the store. What was read before is not read again.

    Raises:
        OSError: the store cannot be written.
    """
    folder = unit_folder(settings.store, unit.name)
    if known := outcome_in(folder, settings.fingerprint):
        return known
    started = time.monotonic()
    busy = settings.store / BUSY
    busy.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{unit.name}-", dir=busy) as name:
        scratch = Path(name)
        made = scratch / "eenheid"
        made.mkdir()
        outcome = _Reading(unit, settings, scratch).run(made)
        outcome.seconds = round(time.monotonic() - started, 3)
        (made / _DONE).write_text(outcome.to_json(settings.fingerprint), encoding="utf-8")
        _put_in_place(made, folder, settings)
    return outcome


def _put_in_place(made: Path, folder: Path, settings: Settings) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists():
        shutil.rmtree(folder)
    try:
        made.replace(folder)
    except OSError:
        # Another process was first; what it made is the same.
        if outcome_in(folder, settings.fingerprint) is None:
            raise


def read_away(unit: Unit, settings: Settings) -> bytes:
    """Read a unit on a machine that does not see the store; ``bring_home`` puts what is given in the store.

    Raises:
        OSError: there is no room for temporary files.
    """
    with tempfile.TemporaryDirectory(prefix="inkoopcheck-") as name:
        store = Path(name)
        read_unit(unit, replace(settings, store=store))
        folder = unit_folder(store, unit.name)
        packed = io.BytesIO()
        # The rows are compressed already.
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as package:
            for path in sorted(folder.rglob("*")):
                package.write(path, path.relative_to(folder))
        return packed.getvalue()


def bring_home(content: bytes, unit: Unit, settings: Settings) -> UnitOutcome:
    """Put in the store what another machine read of a unit; it appears there all at once.

    Raises:
        OSError: the store cannot be written.
    """
    folder = unit_folder(settings.store, unit.name)
    busy = settings.store / BUSY
    busy.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{unit.name}-", dir=busy) as name:
        made = Path(name) / "eenheid"
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            package.extractall(made)
        _put_in_place(made, folder, settings)
    outcome = outcome_in(folder, settings.fingerprint)
    if outcome is None:
        raise OSError("what a worker gave is not whole")
    return outcome


def outcome_in(folder: Path, fingerprint: str) -> UnitOutcome | None:
    """What a unit in the store gave; None when it is not there, or was read in another way."""
    try:
        outcome, made_by = UnitOutcome.from_json((folder / _DONE).read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return outcome if made_by == fingerprint else None


@cache
def _message_rules(settings: Settings) -> Ruleset:
    return load_ruleset(MESSAGE_FAMILIES, **_rule_settings(settings))


@cache
def _places(settings: Settings) -> Places:
    return Places(_message_rules(settings).codelists)


@cache
def _contract_rules(settings: Settings) -> Ruleset:
    return load_ruleset(**_rule_settings(settings))


@cache
def _contract_checker(settings: Settings) -> ContractChecker:
    vocabulary = load_vocabulary(settings.user_folders)
    return ContractChecker(_contract_rules(settings), vocabulary, settings.peildatum)


def _rule_settings(settings: Settings) -> dict[str, Any]:
    return {
        "user_folders": settings.user_folders,
        "parameter_file": settings.parameter_file,
        "off": settings.off,
        "choices": settings.choices,
    }


class _Reading:
    """The reading of one unit."""

    def __init__(self, unit: Unit, settings: Settings, scratch: Path) -> None:
        self._unit = unit
        self._settings = settings
        self._scratch = scratch
        rules = _message_rules(settings)
        self._places = _places(settings)
        self._collector = Collector(scratch / "rijen.duckdb", self._places)
        self._checker = MessageChecker(
            rules,
            settings.peildatum,
            key=settings.key,
            schemas=settings.schemas,
            keeper=self._collector,
        )
        self._outcome = UnitOutcome(unit.name)
        self._by_message: dict[str, FileRecord] = {}
        """The record of the file that a message came from, by the name of the message."""
        self._workbooks: list[tuple[FileRecord, Path, str]] = []
        self._named: dict[str, set[str]] = {}

    def run(self, target: Path) -> UnitOutcome:
        """Read everything, and write the rows below ``target``."""
        result = self._checker.run_found(self._messages())
        for message in result.berichten:
            self._add_message(message)
        for problem in result.onbruikbaar:
            self._note_problem(problem.bestand, problem.reden)
        for record, path, name in self._workbooks:
            self._add_workbook(record, path, name)
        for record in self._outcome.records:
            record.gemeente = ", ".join(sorted(self._named.get(record.pad, ())))
            record.pad = shown(record.pad)
            record.reden = without_bsn(record.reden)
        self._outcome.messages = len(result.berichten)
        self._outcome.lines = sum(message.regels for message in result.berichten)
        self._collector.write(target)
        return self._outcome

    def _messages(self) -> Iterator[Found]:
        """The messages of all files; workbooks are put aside, other files are noted."""
        for file in self._unit.files:
            record = FileRecord(
                file.path, file.size, file.modified, Kind.OTHER.value, Verdict.SKIPPED.value
            )
            self._outcome.records.append(record)
            try:
                path = self._settings.source.fetch(file, self._scratch)
                yield from self._in_file(file, path, record)
            except OSError as error:
                record.oordeel = Verdict.UNUSABLE.value
                record.reden = f"Dit bestand is niet te openen: {why_not(error)}."
                continue
            if path.parent == self._scratch and record.soort != Kind.WORKBOOK.value:
                path.unlink()

    def _in_file(self, file: InputFile, path: Path, record: FileRecord) -> Iterator[Found]:
        kind, record.reden = discover.kind_of(path)
        record.soort = kind.value
        if kind is Kind.MESSAGE and record.bytes <= MAX_MESSAGE:
            content = path.read_bytes()
            self._identify(record, hashlib.sha256(content).hexdigest())
            yield self._expected(Found(file.path, content), record)
            return
        self._identify(record, _hash(path))
        if kind is Kind.MESSAGE:
            record.oordeel, record.reden = Verdict.UNUSABLE.value, _TOO_LARGE
        elif kind is Kind.WORKBOOK:
            self._workbooks.append((record, path, file.path))
        elif kind is Kind.ARCHIVE:
            yield from self._in_archive(file, path, record)

    def _identify(self, record: FileRecord, digest: str) -> None:
        record.sha256 = digest
        record.id = _file_id(record)

    def _expected(self, found: Found, record: FileRecord) -> Found:
        self._by_message[found.name] = record
        folder = self._places.of_path(found.name)
        self._collector.expect(found.name, record.id, folder)
        return found

    def _in_archive(self, file: InputFile, path: Path, record: FileRecord) -> Iterator[Found]:
        for number, found in enumerate(in_zip(path, file.path)):
            if found.problem:
                if found.name == file.path:
                    record.oordeel, record.reden = Verdict.UNUSABLE.value, found.problem
                else:
                    self._note_part(found.name, Kind.OTHER, Verdict.UNUSABLE, found.problem)
                continue
            kind, reason = _kind_of_content(found.content)
            if kind is Kind.MESSAGE and len(found.content) > MAX_MESSAGE:
                self._note_part(found.name, kind, Verdict.UNUSABLE, _TOO_LARGE)
            elif kind is Kind.MESSAGE:
                yield self._expected(found, record)
            elif kind is Kind.WORKBOOK:
                part = self._note_part(found.name, kind, Verdict.SKIPPED, "")
                self._identify(part, hashlib.sha256(found.content).hexdigest())
                part.bytes = len(found.content)
                copy = self._scratch / f"werkmap-{len(self._workbooks)}-{number}"
                copy.write_bytes(found.take())
                self._workbooks.append((part, copy, found.name))
            else:
                self._note_part(found.name, kind, Verdict.SKIPPED, reason or _NESTED)
        if record.oordeel == Verdict.SKIPPED.value:
            record.oordeel = Verdict.READ.value

    def _note_part(self, name: str, kind: Kind, verdict: Verdict, reason: str) -> FileRecord:
        record = FileRecord(name, 0, 0, kind.value, verdict.value, reden=reason, deel=True)
        self._outcome.records.append(record)
        return record

    def _note_problem(self, name: str, reason: str) -> None:
        """A message that could not be used; in a zip it is noted beside the zip."""
        record = self._by_message[name]
        reason = reason.removeprefix(f"{name}: ")
        if record.soort == Kind.ARCHIVE.value:
            self._note_part(name, Kind.MESSAGE, Verdict.UNUSABLE, reason)
        else:
            record.oordeel, record.reden = Verdict.UNUSABLE.value, reason

    def _add_message(self, message: Berichtresultaat) -> None:
        name = message.bestand.naam
        record = self._by_message[name]
        key, gemeente, conflict = self._collector.placed[name]
        record.oordeel = Verdict.READ.value
        record.berichten += 1
        record.conflict = record.conflict or conflict
        if gemeente != UNKNOWN:
            self._named.setdefault(record.pad, set()).add(gemeente)
        elif not record.reden:
            record.reden = "Nergens staat van welke gemeente dit is. Het telt alleen voor het land."
        found: dict[str, dict[str, Any]] = {}
        provider = provider_code(message.aanbieder)
        where = {
            "bestand_id": record.id,
            "bericht": key,
            "gemeente": gemeente,
            "aanbieder": provider,
            "dagtekening": message.dagtekening,
        }
        for deviation in message.afwijkingen:
            row = found.setdefault(
                deviation.regel,
                {
                    **where,
                    "regel": deviation.regel,
                    "familie": deviation.familie,
                    "ernst": deviation.ernst.value,
                    "titel": deviation.titel,
                    "aantal": 0,
                    "bedrag": Decimal(0),
                },
            )
            row["aantal"] += 1
            row["bedrag"] += abs(deviation.bedrag or Decimal(0))
        for left_out in message.niet_getoond:
            found[left_out.regel]["aantal"] += left_out.aantal
        self._collector.add("bevinding", list(found.values()))
        wrong = any(row["ernst"] == Ernst.FOUT.value for row in found.values())
        self._collector.add(
            "bericht",
            [
                {
                    **where,
                    "sha256": message.bestand.sha256,
                    "afgekeurd": not message.xsd_geldig or wrong,
                    "pad": name,
                }
            ],
        )

    def _add_workbook(self, record: FileRecord, path: Path, name: str) -> None:
        checker = _contract_checker(self._settings)
        try:
            result = checker.check(path)
        except UnusableInput as error:
            record.oordeel = Verdict.UNUSABLE.value
            record.reden = printable(str(error)).replace(path.name, name.rsplit("/", 1)[-1])
            return
        record.oordeel = Verdict.READ.value
        folder = self._places.of_path(name)
        contracts = checker.rows("SELECT * FROM contract ORDER BY rij_id", "contract")
        placed: dict[str | None, list[str]] = {}
        for contract in contracts:
            gemeenten, conflict = self._gemeenten(contract, folder)
            placed[contract["contract_id"]] = gemeenten
            record.conflict = record.conflict or conflict
        if not placed:
            placed[None] = [folder or UNKNOWN]
        named = {code for codes in placed.values() for code in codes} - {UNKNOWN}
        self._named.setdefault(record.pad, set()).update(named)
        if not named:
            record.reden = "Nergens staat van welke gemeente dit is. Het telt alleen voor het land."
        _Contracts(record, name, result, checker, placed, contracts).add_to(self._collector)

    def _gemeenten(self, contract: dict[str, Any], folder: str | None) -> tuple[list[str], str]:
        """The gemeenten of a contract, and what contradicts it; a contract of a regio is of all its gemeenten."""
        told = self._places.of_code(contract["gemeentecode"]) or self._places.of_name(
            contract["gemeente"]
        )
        region = self._places.of_region(contract["jeugdregio"])
        if told:
            if folder and folder != told:
                return [told], f"De werkmap noemt gemeente {told}, de map gemeente {folder}."
            return [told], ""
        if region and (not folder or folder in region):
            return region, ""
        if region:
            return region, f"De werkmap noemt een jeugdregio waar gemeente {folder} niet bij hoort."
        return [folder or UNKNOWN], ""


class _Contracts:
    """The rows of the contracts in one workbook."""

    def __init__(
        self,
        record: FileRecord,
        name: str,
        result: Contractresultaat,
        checker: ContractChecker,
        placed: dict[str | None, list[str]],
        contracts: list[dict[str, Any]],
    ) -> None:
        self._file_id = record.id
        self._name = shown(name)
        self._result = result
        self._placed = placed
        self._contracts = contracts
        self._providers = checker.rows("SELECT * FROM aanbieder ORDER BY rij_id", "aanbieder")
        self._tariffs = checker.rows(
            "SELECT t.*, c.contract_id AS van_contract FROM tarief t"
            " LEFT JOIN contract c ON c.rij_id = t.contract_rij_id"
            " WHERE t.tarief IS NOT NULL OR t.productcode IS NOT NULL ORDER BY t.rij_id",
            "tarief",
            "contract",
        )

    def add_to(self, collector: Collector) -> None:
        collector.add("contract", list(self._contract_rows()))
        collector.add("contract_aanbieder", list(self._provider_rows()))
        collector.add("tarief", list(self._tariff_rows()))
        collector.add("contract_bevinding", list(self._finding_rows()))

    def _key(self, contract: str | None) -> str:
        """A key that no other contract has; its name alone may be that of a contract elsewhere."""
        text = f"{self._file_id}\x1f{contract or ''}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def _places_of(self, contract: str | None) -> list[tuple[str, str | None]]:
        """The gemeenten of a contract, with its number; what names no contract goes with the only one."""
        if contract not in self._placed and len(self._placed) == 1:
            contract = next(iter(self._placed))
        if contract in self._placed:
            return [(code, contract) for code in self._placed[contract]]
        codes = dict.fromkeys(code for codes in self._placed.values() for code in codes)
        return [(code, contract) for code in codes]

    def _provider_names(self, contract: str | None) -> str | None:
        names = [
            row["aanbieder"] or row["agb"]
            for row in self._providers
            if row["contract_id"] in (None, contract) and (row["aanbieder"] or row["agb"])
        ]
        return ", ".join(dict.fromkeys(names)) or None

    def _contract_rows(self) -> Iterator[dict[str, Any]]:
        burdens: dict[str | None, Lasten] = {item.contract: item for item in self._result.lasten}
        for contract in self._contracts or [{}]:
            number = contract.get("contract_id")
            burden = burdens.get(number) or (
                self._result.lasten[0]
                if len(self._result.lasten) == len(self._contracts) == 1
                else None
            )
            index, standard = contract.get("indexeringsclausule"), contract.get("contractstandaard")
            row = {
                "bestand_id": self._file_id,
                "contract": self._key(number),
                "naam": number or self._name.rsplit("/", 1)[-1],
                "bestand": self._name,
                "aanbieder": self._provider_names(number),
                "inkoopschaal": contract.get("inkoopschaal"),
                "startdatum": contract.get("startdatum"),
                "einddatum": contract.get("einddatum"),
                "onbepaalde_tijd": contract.get("onbepaalde_tijd"),
                "maanden": contract.get("looptijd_maanden"),
                "verlenging_maanden": contract.get("verlenging_maanden"),
                "indexering": index,
                "contractstandaard": None
                if standard is None
                else bool(contract.get("volgt_contractstandaard")),
                "uitvoeringsvariant": contract.get("uitvoeringsvariant"),
                **_burden(burden),
            }
            for code, _ in self._places_of(number):
                yield {**row, "gemeente": code}

    def _provider_rows(self) -> Iterator[dict[str, Any]]:
        for row in self._providers:
            if not (row["aanbieder"] or row["agb"]):
                continue
            for code, contract in self._places_of(row["contract_id"]):
                yield {
                    "bestand_id": self._file_id,
                    "gemeente": code,
                    "contract": self._key(contract),
                    "aanbieder": row["aanbieder"],
                    "agb": provider_code(row["agb"]),
                }

    def _tariff_rows(self) -> Iterator[dict[str, Any]]:
        verdicts = {
            (item.plaats.blad, item.plaats.cel): item.oordeel for item in self._result.tarieftoetsen
        }
        for row in self._tariffs:
            cell = (row["cellen"] or {}).get("tarief", "")
            sheet, _, address = cell.rpartition("!")
            verdict = verdicts.get((sheet, address))
            for code, contract in self._places_of(row["van_contract"]):
                yield {
                    "bestand_id": self._file_id,
                    "gemeente": code,
                    "contract": self._key(contract),
                    "aanbieder": row["aanbieder"] or self._provider_names(contract),
                    "rij": row["rij_id"],
                    "productcode": row["productcode"],
                    "productcategorie": row["productcategorie"],
                    "omschrijving": row["omschrijving"] or row["standaard_omschrijving"],
                    "eenheid": row["eenheid"],
                    "jaar": row["jaar"] or (row["begin"].year if row["begin"] else None),
                    "tarief": row["tarief"],
                    "is_standaard": row["is_standaardcode"],
                    "te_beoordelen": row["is_standaardcode"] or not row["lijst_onvolledig"],
                    "inkoopschaal": row["inkoopschaal"],
                    "oordeel": str(verdict) if verdict else None,
                    "pgb": row["is_pgb"],
                }

    def _finding_rows(self) -> Iterator[dict[str, Any]]:
        for deviation in self._result.afwijkingen:
            explained = deviation.uitgelegd
            for code, contract in self._places_of(deviation.contract):
                yield {
                    "bestand_id": self._file_id,
                    "gemeente": code,
                    "contract": contract or self._name.rsplit("/", 1)[-1],
                    "aanbieder": self._provider_names(contract),
                    "bestand": self._name,
                    "blad": deviation.plaats.blad,
                    "cel": deviation.plaats.cel,
                    "regel": deviation.regel,
                    "familie": deviation.familie,
                    "ernst": deviation.ernst.value,
                    "titel": deviation.titel,
                    "melding": deviation.melding,
                    "gevonden": deviation.gevonden,
                    "verwacht": deviation.verwacht,
                    "norm": deviation.norm.bron,
                    "herstel": deviation.herstel,
                    "bedrag": deviation.bedrag,
                    "uitgelegd": f"{explained.reden} ({explained.door})" if explained else None,
                    "vingerafdruk": deviation.vingerafdruk,
                }


def _burden(burden: Lasten | None) -> dict[str, Any]:
    """The shares of working time in the three layers, and what could be dropped, per year."""
    if burden is None:
        return {}
    found: dict[str, Any] = {}
    for layer, name in (("LD-1", "lasten_ld1"), ("LD-2", "lasten_ld2"), ("LD-3", "lasten_ld3")):
        outcome = burden.outcome(layer)
        found[name] = outcome.aandeel if outcome else None
    demands = [item for item in burden.eisen if item.minuten is not None]
    spare = [item for item in demands if item.te_schrappen]
    found["eisen"] = len(burden.eisen)
    found["minuten"] = sum((item.minuten or Decimal(0) for item in demands), Decimal(0))
    found["minuten_schrapbaar"] = sum((item.minuten or Decimal(0) for item in spare), Decimal(0))
    found["kosten_schrapbaar"] = sum((item.kosten or Decimal(0) for item in spare), Decimal(0))
    return found


_TOO_LARGE = (
    f"Dit bericht is groter dan {MAX_MESSAGE // 1_000_000} MB, drie keer wat de standaard toestaat."
    " Controleer het apart met inkoopcheck bericht."
)
_NESTED = "Dit is een zip in een zip. Pak die eerst uit."


def shown(path: str) -> str:
    """A path as a report may show it: a number that may be a BSN is hidden."""
    return without_bsn(printable(path))


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _file_id(record: FileRecord) -> str:
    """The same file in the same place; a part of a zip counts by itself."""
    return hashlib.sha256(f"{record.pad}\x1f{record.sha256}".encode()).hexdigest()[:24]


def _kind_of_content(content: bytes) -> tuple[Kind, str]:
    if not content.startswith(b"PK\x03\x04"):
        return discover.kind_of_text(content[:65_536])
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            kind, reason = discover.kind_of_names(package.namelist())
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError):
        return Kind.OTHER, "Dit bestand is beschadigd."
    return (Kind.OTHER, _NESTED) if kind is Kind.ARCHIVE else (kind, reason)
