"""Contract workbooks: what the report says of one, and how messages are put beside them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inkoopcheck.dutch import format_date, join_words
from inkoopcheck.errors import UnusableInput, printable
from inkoopcheck.findings.model import Bestand, Contractkop, VergelekenContract
from inkoopcheck.readers.mapping import Mapping
from inkoopcheck.readers.vocabulary import load_vocabulary
from inkoopcheck.readers.workbook import ReadWorkbook, read_workbook
from inkoopcheck.tables.store import CONTRACT_MODEL, Tables

_COMPARED = ("contract", "aanbieder", "tarief")
"""The base tables that messages are put beside."""


def file_of(path: Path, kind: str) -> Bestand:
    """What a report says of a workbook as a file."""
    content = path.read_bytes()
    return Bestand(
        naam=printable(path.name),
        soort=kind,
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def heading_of(contract: dict[str, Any], providers: Sequence[dict[str, Any]]) -> Contractkop:
    """Who agreed what, from a row of the contract table and rows of aanbieders."""
    return Contractkop(
        contract=contract.get("contract_id"),
        gemeente=contract.get("gemeente") or contract.get("jeugdregio"),
        aanbieder=_names(providers),
        periode=_period(contract),
    )


@dataclass(frozen=True)
class Contracts:
    """The contract workbooks that messages are put beside."""

    paths: tuple[Path, ...]
    user_folders: tuple[Path, ...] = ()
    """Folders of the user with words by which columns are recognised."""
    mapping: Mapping | None = None
    """Where the columns stand, when the user says so."""

    def load(self, tables: Tables) -> list[VergelekenContract]:
        """Read the workbooks into tables, where they stay for the whole run; the same file twice counts once.

        Args:
            tables: tables with the contract model, ready to judge.

        Returns:
            Per workbook what was read of it.

        Raises:
            UnusableInput: a workbook cannot be used; the message says why.
        """
        found = self._read()
        # The numbers of the rows and of the contracts become other ones below.
        compared = [_summary(file, workbook) for file, workbook in found]
        highest = 0
        for number, (file, workbook) in enumerate(found, start=1):
            if len(found) > 1:
                _tell_apart(workbook, f"{file.naam} ({number})")
            for table in _COMPARED:
                rows = workbook.rows.get(table, [])
                for row in rows:
                    row["rij_id"] += highest
                tables.load(table, rows)
            highest += sum(len(rows) for rows in workbook.rows.values())
        tables.keep(CONTRACT_MODEL)
        return compared

    def _read(self) -> list[tuple[Bestand, ReadWorkbook]]:
        vocabulary = load_vocabulary(self.user_folders)
        found: dict[str, tuple[Bestand, ReadWorkbook]] = {}
        for path in self.paths:
            try:
                workbook = read_workbook(path, vocabulary, self.mapping)
                file = file_of(path, workbook.kind)
            except UnusableInput as error:
                raise UnusableInput(
                    f"Het contract {printable(path.name)} is niet te gebruiken. {printable(str(error))}"
                ) from None
            found.setdefault(file.sha256, (file, workbook))
        return list(found.values())


def _summary(file: Bestand, workbook: ReadWorkbook) -> VergelekenContract:
    contracts = workbook.rows.get("contract", [])
    providers = workbook.rows.get("aanbieder", [])
    several = len(contracts) > 1
    return VergelekenContract(
        bestand=file,
        contracten=[
            heading_of(
                contract,
                [
                    provider
                    for provider in providers
                    if not several
                    or provider.get("contract_id") in (None, contract.get("contract_id"))
                ],
            )
            for contract in contracts or ([{}] if providers else [])
        ],
        tarieven=len(workbook.rows.get("tarief", [])),
        bladen=workbook.sheets,
        leesmeldingen=len(workbook.rows.get("leesmelding", [])),
    )


def _tell_apart(workbook: ReadWorkbook, name: str) -> None:
    """Give the contracts of a workbook numbers that no other workbook has.

    The tables find what belongs to a contract by its number, and in a single workbook it may be missing.
    """
    contracts = workbook.rows.get("contract", [])
    only = contracts[0].get("contract_id") if len(contracts) == 1 else None
    for table in _COMPARED:
        for row in workbook.rows.get(table, []):
            row["bestand"] = name
            number = row.get("contract_id") or only
            if number is not None:
                row["contract_id"] = f"{number} in {name}"
            elif len(contracts) < 2:
                row["contract_id"] = name


def _names(providers: Sequence[dict[str, Any]]) -> str | None:
    names = list(dict.fromkeys(str(p["aanbieder"]) for p in providers if p.get("aanbieder")))
    if not names:
        return None
    return join_words(names) if len(names) <= 3 else f"{len(names)} aanbieders"


def _period(contract: dict[str, Any]) -> str | None:
    start, end = contract.get("startdatum"), contract.get("einddatum")
    if start is None and end is None:
        return None
    if end is None and start is not None:
        indefinite = ", voor onbepaalde tijd" if contract.get("onbepaalde_tijd") else ""
        return f"vanaf {format_date(start)}{indefinite}"
    first = format_date(start) if start else "onbekend"
    return f"{first} tot en met {format_date(end)}" if end else None
