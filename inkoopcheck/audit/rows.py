"""What an audit keeps of messages and contracts: rows without anything of a person but a pseudonym.

``ROWS`` names the tables of the store with their columns. Rows of messages are copied by SQL from the
message tables; only messages that fit their schema give rows, since the receiver refuses the others.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from inkoopcheck.audit.model import UNKNOWN
from inkoopcheck.audit.places import Places
from inkoopcheck.readers.message import ReadMessage
from inkoopcheck.tables.store import Tables, quoted

_MESSAGE = (
    "bestand_id VARCHAR, bericht VARCHAR, gemeente VARCHAR, aanbieder VARCHAR, dagtekening DATE"
)
_PRODUCT = f"{_MESSAGE}, client VARCHAR, toewijzing_nummer BIGINT, product_categorie VARCHAR, product_code VARCHAR"

ROWS: Mapping[str, str] = {
    "bericht": f"{_MESSAGE}, sha256 VARCHAR, afgekeurd BOOLEAN, pad VARCHAR",
    "client": f"{_MESSAGE}, client VARCHAR",
    "toewijzing": f"{_PRODUCT}, toewijzingsdatum DATE, ingangsdatum DATE, einddatum DATE,"
    " reden_wijziging VARCHAR, volume BIGINT, eenheid VARCHAR, frequentie VARCHAR, budget BIGINT,"
    " referentie_aanbieder VARCHAR",
    "start": f"{_PRODUCT}, begindatum DATE, status_aanlevering VARCHAR",
    "stop": f"{_PRODUCT}, begindatum DATE, einddatum DATE, reden_beeindiging VARCHAR,"
    " status_aanlevering VARCHAR",
    "aanvraag": f"{_MESSAGE}, client VARCHAR, product_categorie VARCHAR, product_code VARCHAR,"
    " referentie_aanbieder VARCHAR",
    "prestatie": f"{_PRODUCT}, begindatum DATE, einddatum DATE, volume BIGINT, eenheid VARCHAR,"
    " bedrag BIGINT, credit BOOLEAN",
    "antwoord_prestatie": f"{_PRODUCT}, begindatum DATE, einddatum DATE, bedrag BIGINT, credit BOOLEAN,"
    " retourcodes VARCHAR[]",
    "bevinding": f"{_MESSAGE}, regel VARCHAR, familie VARCHAR, ernst VARCHAR, titel VARCHAR, aantal BIGINT,"
    " bedrag DECIMAL(18,2)",
    "contract": "bestand_id VARCHAR, gemeente VARCHAR, contract VARCHAR, naam VARCHAR, bestand VARCHAR,"
    " aanbieder VARCHAR, inkoopschaal VARCHAR, startdatum DATE, einddatum DATE, onbepaalde_tijd BOOLEAN,"
    " maanden BIGINT, verlenging_maanden BIGINT, indexering BOOLEAN, contractstandaard BOOLEAN,"
    " uitvoeringsvariant VARCHAR, lasten_ld1 DECIMAL(9,2), lasten_ld2 DECIMAL(9,2), lasten_ld3 DECIMAL(9,2),"
    " eisen BIGINT, minuten DECIMAL(18,2), minuten_schrapbaar DECIMAL(18,2), kosten_schrapbaar DECIMAL(18,2)",
    "contract_aanbieder": "bestand_id VARCHAR, gemeente VARCHAR, contract VARCHAR, aanbieder VARCHAR,"
    " agb VARCHAR",
    "tarief": "bestand_id VARCHAR, gemeente VARCHAR, contract VARCHAR, aanbieder VARCHAR, rij BIGINT,"
    " productcode VARCHAR, productcategorie VARCHAR, omschrijving VARCHAR, eenheid VARCHAR, jaar INTEGER,"
    " tarief DECIMAL(18,4), is_standaard BOOLEAN, te_beoordelen BOOLEAN, inkoopschaal VARCHAR,"
    " oordeel VARCHAR, pgb BOOLEAN",
    "contract_bevinding": "bestand_id VARCHAR, gemeente VARCHAR, contract VARCHAR, aanbieder VARCHAR,"
    " bestand VARCHAR, blad VARCHAR, cel VARCHAR, regel VARCHAR, familie VARCHAR, ernst VARCHAR,"
    " titel VARCHAR, melding VARCHAR, gevonden VARCHAR, verwacht VARCHAR, norm VARCHAR, herstel VARCHAR,"
    " bedrag DECIMAL(18,2), uitgelegd VARCHAR, vingerafdruk VARCHAR",
}

UNITS = "eenheden"
"""Folder of the store with the units."""
_DATABASE = "verzameld"
_ROWS_AT_ONCE = 10_000
_HEAD = "n.bestand_id, n.bericht, n.gemeente, n.aanbieder, t.dagtekening"
# Codes are kept only when they are codes: a text that stands in their place may tell of a person.
_CATEGORY = (
    "CASE WHEN regexp_full_match(t.product_categorie, '[0-9]{2}') THEN t.product_categorie END"
)
_CODE = "CASE WHEN regexp_full_match(t.product_code, '[0-9A-Z]{5}') THEN t.product_code END"
_LINE = f"{_HEAD}, t.client, t.toewijzing_nummer, {_CATEGORY}, {_CODE}"
# A reference is compared, never shown; a hash of it is enough.
_REFERENCE = "md5(t.referentie_aanbieder)"
_OF_MESSAGE = f"JOIN {_DATABASE}.naam n ON n.bericht_id = t.bericht_id WHERE t.xsd_geldig"
_COPIES: Mapping[str, tuple[str, str]] = {
    "client": ("client", f"SELECT {_HEAD}, t.client FROM client t {_OF_MESSAGE}"),  # noqa: S608
    "toewijzing": (
        "toegewezen_product",
        f"SELECT {_LINE}, t.toewijzingsdatum, t.ingangsdatum, t.einddatum, t.reden_wijziging, t.volume,"  # noqa: S608
        f" t.eenheid, t.frequentie, t.budget, {_REFERENCE} FROM toegewezen_product t"
        f" {_OF_MESSAGE} AND t.berichtsoort = 'JW301'",
    ),
    "start": (
        "start_product",
        f"SELECT {_LINE}, t.begindatum, t.status_aanlevering FROM start_product t"  # noqa: S608
        f" {_OF_MESSAGE} AND t.berichtsoort = 'JW305'",
    ),
    "stop": (
        "stop_product",
        f"SELECT {_LINE}, t.begindatum, t.einddatum, t.reden_beeindiging, t.status_aanlevering"  # noqa: S608
        f" FROM stop_product t {_OF_MESSAGE} AND t.berichtsoort = 'JW307'",
    ),
    "aanvraag": (
        "aangevraagd_product",
        f"SELECT {_HEAD}, t.client, {_CATEGORY}, {_CODE}, {_REFERENCE} FROM aangevraagd_product t"  # noqa: S608
        f" {_OF_MESSAGE} AND t.berichtsoort = 'JW315'",
    ),
    "prestatie": (
        "prestatie",
        f"SELECT {_HEAD}, t.client, t.toewijzing_nummer,"  # noqa: S608
        f" {_CATEGORY}, {_CODE}, t.begindatum, t.einddatum, t.geleverd_volume, t.eenheid, t.bedrag_met_teken,"
        f" t.debet_credit = 'C' FROM prestatie t {_OF_MESSAGE} AND t.berichtsoort = 'JW323'",
    ),
    "antwoord_prestatie": (
        "prestatie",
        f"SELECT {_HEAD}, t.client, t.toewijzing_nummer,"  # noqa: S608
        f" {_CATEGORY}, {_CODE}, t.begindatum, t.einddatum, t.bedrag_met_teken, t.debet_credit = 'C', r.codes"
        " FROM prestatie t LEFT JOIN (SELECT ouder_id, list_sort(list(retour_code)) AS codes"
        " FROM basis.retourcode WHERE regexp_full_match(retour_code, '[0-9]{4}') GROUP BY ouder_id) r"
        f" ON r.ouder_id = t.rij_id {_OF_MESSAGE} AND t.berichtsoort = 'JW325'",
    ),
}


class Collector:
    """Keeps the rows of all messages and workbooks of a unit in a database file, and writes them as Parquet.

    Args:
        path: the database file, which does not exist yet.
        places: the gemeenten that we know.
    """

    def __init__(self, path: Path, places: Places) -> None:
        self._path = path
        self._places = places
        self._connection: duckdb.DuckDBPyConnection
        self._waiting: dict[str, list[Mapping[str, Any]]] = {}
        self._sources: dict[str, tuple[str, str | None]] = {}
        self._number = 0
        self.placed: dict[str, tuple[str, str, str]] = {}
        """Per message by the name of its file: key, gemeente, and what contradicts that gemeente."""

    def expect(self, name: str, file_id: str, folder: str | None) -> None:
        """Say of which file a message comes that will be read, and which gemeente its folder names."""
        self._sources[name] = (file_id, folder)

    def attach(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Attach the database; see ``RowKeeper``."""
        connection.execute(f"ATTACH {quoted(self._path)} AS {_DATABASE}")
        self._connection = connection
        make = [f"CREATE TABLE {_DATABASE}.{name} ({columns})" for name, columns in ROWS.items()]
        make.append(
            f"CREATE TABLE {_DATABASE}.naam (bericht_id BIGINT, bestand_id VARCHAR, bericht VARCHAR,"
            " gemeente VARCHAR, aanbieder VARCHAR)"
        )
        connection.execute(";".join(make))

    def keep(self, tables: Tables, messages: Sequence[ReadMessage]) -> None:
        """Copy the rows of these messages; see ``RowKeeper``."""
        tables.derive(["bericht", *(source for source, _ in _COPIES.values())])
        headers = {row["rij_id"]: row for row in tables.query("SELECT * FROM bericht")}
        named = []
        for message in messages:
            header = headers[message.bericht_id]
            file_id, folder = self._sources[message.naam]
            self._number += 1
            key = f"{file_id}-{self._number}"
            told = self._places.of_code(header["gemeente"])
            conflict = ""
            if told and folder and told != folder:
                conflict = f"Het bericht noemt gemeente {told}, de map gemeente {folder}."
            gemeente = told or folder or UNKNOWN
            self.placed[message.naam] = (key, gemeente, conflict)
            named.append(
                (message.bericht_id, file_id, key, gemeente, provider_code(header["aanbieder"]))
            )
        connection = tables.connection
        connection.execute(f"DELETE FROM {_DATABASE}.naam")  # noqa: S608
        _insert(connection, f"{_DATABASE}.naam", ("BIGINT", *["VARCHAR"] * 4), named)
        for table, (_, select) in _COPIES.items():
            connection.execute(f"INSERT INTO {_DATABASE}.{table} {select}")

    def add(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows to a table of ``ROWS``; a column that a row lacks becomes NULL."""
        self._waiting.setdefault(table, []).extend(rows)

    def _load_waiting(self) -> None:
        """Load the rows that were added, all rows of a table at once: a statement costs more than a row."""
        for table, rows in self._waiting.items():
            columns = columns_of(ROWS[table])
            for start in range(0, len(rows), _ROWS_AT_ONCE):
                _insert(
                    self._connection,
                    f"{_DATABASE}.{table}",
                    [kind for _, kind in columns],
                    [
                        tuple(row.get(name) for name, _ in columns)
                        for row in rows[start : start + _ROWS_AT_ONCE]
                    ],
                )
        self._waiting.clear()

    def write(self, folder: Path) -> None:
        """Write all rows as Parquet below a folder, for each table a folder per gemeente; closes the database."""
        self._load_waiting()
        self._connection.execute(f"DETACH {_DATABASE}")
        with duckdb.connect(str(self._path), config={"threads": 1}) as connection:
            connection.execute("SET enable_progress_bar = false")
            for table in ROWS:
                count = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
                if count is None or not count[0]:
                    continue
                connection.execute(
                    f"COPY (SELECT * FROM {table}) TO {quoted(folder / table)}"  # noqa: S608
                    " (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (gemeente))"
                )


def stored(store: Path, table: str) -> str:
    """What to read a table of the store from, in SQL: all units and gemeenten, also when there are no rows."""
    if not any((store / UNITS).glob(f"deel=*/{table}/gemeente=*/*.parquet")):
        empty = ", ".join(f"NULL::{kind} AS {name}" for name, kind in columns_of(ROWS[table]))
        return f"(SELECT {empty}, NULL::VARCHAR AS deel WHERE false)"
    pattern = quoted(store / UNITS / "deel=*" / table / "gemeente=*" / "*.parquet")
    return (
        f"read_parquet({pattern}, hive_partitioning = true, union_by_name = true,"
        " hive_types = {'deel': VARCHAR, 'gemeente': VARCHAR})"
    )


def columns_of(definition: str) -> list[tuple[str, str]]:
    """Names and SQL types in a definition of ``ROWS``."""
    found: list[tuple[str, str]] = []
    for part in definition.split(", "):
        name, _, kind = part.strip().partition(" ")
        found.append((name, kind))
    return found


def _insert(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    kinds: Sequence[str],
    rows: Sequence[Sequence[Any]],
) -> None:
    if not rows:
        return
    columns = [list(column) for column in zip(*rows, strict=True)]
    expressions = ", ".join(f"unnest(?::{kind}[])" for kind in kinds)
    connection.execute(f"INSERT INTO {table} SELECT {expressions}", columns)


def provider_code(code: object) -> str | None:
    """An AGB-code; anything else may tell of a person."""
    text = str(code or "")
    return text if len(text) == 8 and text.isascii() and text.isdigit() else None
