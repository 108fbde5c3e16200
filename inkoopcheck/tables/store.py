"""The tables of one input in DuckDB: made empty, filled by readers, queried by the engine."""

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import duckdb

from inkoopcheck.locations import derived_tables_file
from inkoopcheck.tables.schema import PROVENANCE, TABLES, create_table_sql

_REFERENCE_TABLES = (
    "CREATE TABLE basis.peildatum (datum DATE)",
    "CREATE TABLE basis.codelijst (lijst VARCHAR, code VARCHAR, betekenis VARCHAR,"
    " geldig_van DATE, geldig_tot DATE)",
    "CREATE TABLE basis.standaardproduct (productcode VARCHAR, omschrijving VARCHAR,"
    " productcategorie VARCHAR, uitvoeringsvariant VARCHAR, hulpvorm_code VARCHAR)",
    "CREATE TABLE basis.parameterrij (naam VARCHAR, sleutel VARCHAR, waarde DECIMAL(18,6),"
    " tekst VARCHAR, geldig_van DATE, geldig_tot DATE)",
)

RULE_TABLES = (*TABLES, "werkmap")
"""Names of the tables that a rule may check."""

_WORD = re.compile(r"\w+")


@lru_cache(maxsize=1)
def _derived() -> tuple[str, dict[str, str]]:
    """The macros, and per derived table the SELECT that fills it, in their order."""
    macros, *parts = derived_tables_file().read_text(encoding="utf-8").split("\n-- tabel: ")
    selects = {}
    for part in parts:
        name, _, select = part.partition("\n")
        selects[name.strip()] = select[: select.rindex(";")]
    return macros, selects


Row = Mapping[str, Any]


class Tables:
    """An in-memory database with the base tables, the reference tables and the derived tables.

    ``close_off`` switches the database's access to files and network off; from then on rules can
    only look at what was loaded.
    """

    def __init__(self) -> None:
        # One thread: a workbook is small, and starting threads costs more than they win.
        self.connection = duckdb.connect(config={"threads": 1})
        macros, _ = _derived()
        statements = [
            "CREATE SCHEMA basis",
            *(create_table_sql(table) for table in TABLES.values()),
            *_REFERENCE_TABLES,
            # is_contract_van names this table; derive fills it.
            "CREATE TABLE main.enig_contract (rij_id BIGINT)",
            macros,
        ]
        self.connection.execute(";".join(statements))
        self._filled: set[str] = set()

    def close_off(self) -> None:
        """Forbid every access to files, network and extensions, for good."""
        self.connection.execute("SET enable_external_access = false")
        self.connection.execute("SET lock_configuration = true")

    def clear(self) -> None:
        """Empty the base tables, so that the next input starts clean."""
        for name in sorted(self._filled):
            self.connection.execute(f"DELETE FROM basis.{name}")  # noqa: S608
        self._filled.clear()

    def derive(self, names: Iterable[str] = RULE_TABLES) -> None:
        """Compute the derived tables that are named, and those they rest on."""
        _, selects = _derived()
        needed: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in needed:
                needed.add(name)
                waiting.extend(set(_WORD.findall(selects[name])) & set(selects))
        # The macro is_contract_van hides that almost every table rests on this one.
        for name, select in selects.items():
            if name in needed or name == "enig_contract":
                self.connection.execute(f"CREATE OR REPLACE TABLE main.{name} AS {select}")

    def set_peildatum(self, peildatum: datetime.date) -> None:
        """Set the date that ``peildatum()`` gives in rules and views."""
        self.connection.execute("DELETE FROM basis.peildatum")
        self.connection.execute("INSERT INTO basis.peildatum VALUES (?)", [peildatum])

    def load(self, table_name: str, rows: Sequence[Row]) -> None:
        """Add rows to a base table; a column that a row lacks becomes NULL.

        Rows hold the provenance columns and the columns of the table, in Python types that fit
        the column's kind (``Decimal`` for amounts, ``date`` for dates).
        """
        if not rows:
            return
        table = TABLES[table_name]
        self._filled.add(table_name)
        expressions: list[str] = []
        parameters: list[Any] = []
        for name, sql_type in (*PROVENANCE, *((c.name, c.sql_type) for c in table.columns)):
            values = [row.get(name) for row in rows]
            if name == "cellen":
                expressions.append("map(unnest(?::VARCHAR[][]), unnest(?::VARCHAR[][]))")
                parameters.append([list(cells or ()) for cells in values])
                parameters.append([list((cells or {}).values()) for cells in values])
            elif all(value is None for value in values):
                expressions.append(f"NULL::{sql_type}")
            else:
                expressions.append(f"unnest(?::{sql_type}[])")
                parameters.append(values)
        self.connection.execute(
            f"INSERT INTO basis.{table_name} SELECT {', '.join(expressions)}",
            parameters,
        )

    def load_reference(self, table_name: str, rows: Iterable[Sequence[Any]]) -> None:
        """Fill a reference table (code list, parameters, product list) with rows in its order."""
        columns = list(zip(*rows, strict=True))
        if not columns:
            return
        types = [
            row[1]
            for row in self.connection.execute(
                "SELECT column_name, data_type FROM information_schema.columns"
                " WHERE table_schema = 'basis' AND table_name = ? ORDER BY ordinal_position",
                [table_name],
            ).fetchall()
        ]
        expressions = ", ".join(f"unnest(?::{sql_type}[])" for sql_type in types)
        self.connection.execute(
            f"INSERT INTO basis.{table_name} SELECT {expressions}",
            [list(column) for column in columns],
        )

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Run a query and give its rows as dictionaries."""
        cursor = self.connection.execute(sql, list(parameters))
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def columns_of(self, table_name: str) -> list[str]:
        """Column names of a table as rules see it."""
        self.derive([table_name])
        return [row[0] for row in self.connection.execute(f"DESCRIBE main.{table_name}").fetchall()]
