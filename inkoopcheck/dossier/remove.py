"""Take messages out of a dossier, so that nothing of them stays in the file."""

import datetime
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from inkoopcheck.dossier.overview import messages, open_dossier
from inkoopcheck.dossier.store import discard, new_database, rewritten, understood
from inkoopcheck.errors import UnusableInput, printable
from inkoopcheck.findings.dossier import Dossierbericht
from inkoopcheck.tables.chain import HISTORY_TABLES
from inkoopcheck.tables.history import DOSSIER
from inkoopcheck.tables.store import Tables

_NEW = "nieuw"


@dataclass(frozen=True)
class Selection:
    """Which messages: those that any of these point at."""

    identificaties: tuple[str, ...] = ()
    vingerafdrukken: tuple[str, ...] = ()
    bestanden: tuple[str, ...] = ()
    ouder_dan: datetime.date | None = None
    """Sent, or answered, before this day. Of a message without a readable day this is unknown."""


class Removal:
    """A dossier that is open to take messages out of; see ``removal``."""

    def __init__(self, path: Path, tables: Tables, selection: Selection) -> None:
        self._path = path
        self._tables = tables
        self._parameters = [
            list(selection.identificaties),
            [digest.lower() for digest in selection.vingerafdrukken],
            [printable(name) for name in selection.bestanden],
            selection.ouder_dan,
        ]
        with understood(path):
            self.found: list[Dossierbericht] = messages(tables, _CONDITION, self._parameters)
            """The messages that go."""

    def running(self, today: datetime.date) -> int:
        """How many of the toewijzingen that go have not ended."""
        with understood(self._path):
            (row,) = self._tables.query(_RUNNING, [*self._parameters, today])
        return int(row["aantal"])

    def carry_out(self) -> None:
        """Write the dossier anew without the messages; until that is done the old one stands.

        Raises:
            UnusableInput: there is no room, or the folder cannot be written.
        """
        connection = self._tables.connection
        new = rewritten(self._path)
        try:
            with understood(self._path):
                new_database(connection, new, _NEW)
                for name in HISTORY_TABLES:
                    own = "rij_id" if name == "bericht" else "bericht_id"
                    connection.execute(
                        f"INSERT INTO {_NEW}.main.{name} SELECT * FROM {DOSSIER}.main.{name}"  # noqa: S608
                        f" WHERE {own} NOT IN (SELECT rij_id FROM overzicht WHERE {_CONDITION})",
                        self._parameters,
                    )
                connection.execute(
                    f"DELETE FROM {_NEW}.main.stand; INSERT INTO {_NEW}.main.stand"  # noqa: S608
                    f" SELECT * REPLACE (?::TIMESTAMP AS bijgewerkt_op) FROM {DOSSIER}.main.stand",
                    [datetime.datetime.now()],
                )
                connection.execute(f"CHECKPOINT {_NEW}; CHECKPOINT {DOSSIER}")
                shutil.copymode(self._path, new)
                self._exchange(new)
        finally:
            discard(new)

    def _exchange(self, new: Path) -> None:
        connection = self._tables.connection
        away = [f"DETACH {DOSSIER}", f"DETACH {_NEW}"]
        if os.name == "nt":
            # Windows replaces no file that is open. Elsewhere the locks last until it is done, so that nobody
            # can write in the old file any more.
            connection.execute(";".join(away))
            away = []
        new.replace(self._path)
        for statement in away:
            connection.execute(statement)


@contextmanager
def removal(path: Path, selection: Selection) -> Iterator[Removal]:
    """Open a dossier to take messages out of it; nobody else can use it meanwhile.

    Raises:
        UnusableInput: the file is in use, damaged or no dossier, or the selection names nothing.
    """
    if selection == Selection():
        raise UnusableInput(
            "Zeg welke berichten weg mogen: met --identificatie, --vingerafdruk, --bestand of --ouder-dan."
        )
    tables = open_dossier(path, writes=True)
    try:
        yield Removal(path, tables, selection)
    finally:
        tables.close()


_CONDITION = """(list_contains(?::VARCHAR[], identificatie) OR list_contains(?::VARCHAR[], vingerafdruk)
    OR list_contains(?::VARCHAR[], bestand) OR coalesce(dag < ?::DATE, false))"""
_RUNNING = f"""
SELECT count(DISTINCT (gemeente, t.toewijzing_nummer)) AS aantal
FROM eerder.toegewezen_product t
JOIN (SELECT * FROM overzicht WHERE {_CONDITION}) o ON o.rij_id = t.bericht_id AND o.berichtsoort = 'JW301'
WHERE coalesce(t.einddatum >= ?, true)
"""  # noqa: S608
