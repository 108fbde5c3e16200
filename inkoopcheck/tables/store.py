"""The tables of an input in DuckDB: made empty, filled by readers, queried by the engine."""

import datetime
import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from inkoopcheck.locations import (
    chain_tables_file,
    contract_tables_file,
    derived_message_tables_file,
    derived_tables_file,
)
from inkoopcheck.tables import costmodel, formula
from inkoopcheck.tables.history import DOSSIER, create_dossier_sql, earlier_views_sql
from inkoopcheck.tables.messages import MESSAGE_PROVENANCE, MESSAGE_TABLES
from inkoopcheck.tables.schema import PROVENANCE, TABLES, Provenance, Table, create_table_sql

_REFERENCE_TABLES = (
    "CREATE TABLE basis.peildatum (datum DATE)",
    "CREATE TABLE basis.codelijst (lijst VARCHAR, code VARCHAR, betekenis VARCHAR,"
    " geldig_van DATE, geldig_tot DATE, toelichting VARCHAR)",
    "CREATE TABLE basis.standaardproduct (productcode VARCHAR, omschrijving VARCHAR,"
    " productcategorie VARCHAR, uitvoeringsvariant VARCHAR, hulpvorm_code VARCHAR)",
    "CREATE TABLE basis.parameterrij (naam VARCHAR, sleutel VARCHAR, waarde DECIMAL(18,6),"
    " tekst VARCHAR, geldig_van DATE, geldig_tot DATE)",
    "CREATE TABLE basis.handeling (volgorde INTEGER, sleutel VARCHAR, naam VARCHAR, categorie VARCHAR,"
    " partij VARCHAR, altijd BOOLEAN, grondslag VARCHAR, eenheid VARCHAR,"
    " keer_inspanning DECIMAL(12,6), keer_output DECIMAL(12,6), keer_taak DECIMAL(12,6),"
    " deel_zonder_tijdseenheid DECIMAL(7,6), minuten_laag DECIMAL(10,3), minuten_midden DECIMAL(10,3),"
    " minuten_hoog DECIMAL(10,3), aandeel_professional DECIMAL(9,6), herkennen VARCHAR[])",
    "CREATE MACRO peildatum() AS (SELECT min(datum) FROM basis.peildatum)",
)

_MODEL = re.compile(r"\{model: (\w+)((?: \w+)*)\}")
_MODEL_SQL: Mapping[str, Callable[..., str]] = {
    "parameter": costmodel.parameter_sql,
    "product": costmodel.product_sql,
    "functions": costmodel.functions_sql,
    "outcome": costmodel.outcome_sql,
    "sensitivity": costmodel.sensitivity_sql,
    "contradiction": costmodel.contradiction_sql,
    "missing": costmodel.missing_sql,
    "missing_function": costmodel.missing_function_sql,
    "uncounted": costmodel.uncounted_sql,
}
"""What a section of ``derived.sql`` may ask of the cost model. It is written when the section is
computed: most inputs hold no cost price, and then the model file is not even read."""
_MODEL_SOURCES = {
    "kostprijs_product": frozenset({"kostprijs_rij"}),
    "kostprijs_functie": frozenset({"kostprijs_rij", "kostprijs_parameter"}),
    "kostprijs_uitkomst": frozenset(
        {"kostprijs_product", "kostprijs_functie", "kostprijs_parameter"}
    ),
    "kostprijs_gevoeligheid": frozenset(
        {"kostprijs_product", "kostprijs_rij", "kostprijs_parameter"}
    ),
}

_SECTION = re.compile(r"\n-- (vaste )?tabel: (\w+)\n")
_SOURCE = re.compile(r"\b(?:FROM|JOIN)\s+(\w+)")


@dataclass(frozen=True)
class _Derived:
    """A section of ``derived.sql``: the SELECT that fills a table, and the tables that it reads.

    A fixed table follows from the reference tables alone, so an input leaves it as it is.
    """

    select: str
    sources: frozenset[str]
    fixed: bool


def _complete(select: str) -> str:
    """The SELECT of a section with the parts that follow from the cost model written out."""
    return _MODEL.sub(lambda match: _MODEL_SQL[match[1]](*match[2].split()), select)


@dataclass(frozen=True)
class Model:
    """The tables of one kind of input: contracts, or messages.

    ``as_views``: what derives from one base table is so little that copying it costs more than
    computing it anew; such a table is then a view.
    """

    tables: Mapping[str, Table]
    provenance: Provenance
    derived_file: Path
    as_views: bool = False
    more_macros: str = ""

    @cached_property
    def macros(self) -> str:
        """The SQL macros of ``derived_file``."""
        return self._parts[0] + self.more_macros

    @cached_property
    def derived(self) -> Mapping[str, _Derived]:
        """The derived tables of ``derived_file``, in their order."""
        sections = {}
        _, *parts = self._parts
        for mark, name, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
            select = text[: text.rindex(";\n")]
            sources = frozenset(_SOURCE.findall(select)) | _MODEL_SOURCES.get(name, frozenset())
            sections[name] = _Derived(select, sources - {name}, fixed=bool(mark))
        return sections

    @cached_property
    def _parts(self) -> list[str]:
        return _SECTION.split(self.derived_file.read_text(encoding="utf-8"))


CONTRACT_MODEL = Model(TABLES, PROVENANCE, derived_tables_file(), more_macros=formula.MACROS)
MESSAGE_MODEL = Model(
    MESSAGE_TABLES, MESSAGE_PROVENANCE, derived_message_tables_file(), as_views=True
)

CHAIN_MODEL = Model({}, (), chain_tables_file())
"""What earlier messages say of a message; goes together with ``MESSAGE_MODEL``."""

COMPARE_MODEL = Model({}, (), contract_tables_file())
"""What the contract says of a message; goes together with the three other models."""

Row = Mapping[str, Any]
_T = TypeVar("_T")


def quoted(path: Path) -> str:
    """The path of a database as a text in SQL."""
    return "'" + str(path).replace("'", "''") + "'"


def rows_of(cursor: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The rows of a query that was executed, as dictionaries."""
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


Call = Callable[[duckdb.DuckDBPyConnection], _T]
Attach = Callable[[duckdb.DuckDBPyConnection], None]


def _attach_memory(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(f"ATTACH ':memory:' AS {DOSSIER}")
    connection.execute(";".join(create_dossier_sql(f"{DOSSIER}.main")))


class Tables:
    """An in-memory database with the base tables, the reference tables and the derived tables.

    ``close_off`` switches the database's access to files and network off; from then on rules can
    only look at what was loaded.

    Args:
        models: the kinds of input to hold; contracts when left out.
        attach: with ``CHAIN_MODEL``: attaches the dossier with the earlier messages to the connection. Without
            it the dossier is an empty one in memory.
        plan_simply: carry queries out as they are written. With a few rows that takes less time than finding a
            better way.
    """

    def __init__(
        self, *models: Model, attach: Attach | None = None, plan_simply: bool = False
    ) -> None:
        self.models = models or (CONTRACT_MODEL,)
        self.base = {name: table for model in self.models for name, table in model.tables.items()}
        self.provenance = {name: m.provenance for m in self.models for name in m.tables}
        self._sections = {
            name: section for model in self.models for name, section in model.derived.items()
        }
        self._views = {name for model in self.models if model.as_views for name in model.tables}
        # One thread for a query: an input is small, and dividing it costs more than it wins.
        self.connection = duckdb.connect(config={"threads": 1})
        self._second = self.connection.cursor()
        settings = [
            # It would stand in the middle of a report that goes to the screen or to another program.
            "SET enable_progress_bar = false",
            *(["PRAGMA disable_optimizer"] if plan_simply else []),
        ]
        for connection in (self.connection, self._second):
            connection.execute(";".join(settings))
        statements = [
            "CREATE SCHEMA basis",
            *(create_table_sql(t, self.provenance[name]) for name, t in self.base.items()),
            *_REFERENCE_TABLES,
            *(model.macros for model in self.models),
        ]
        self.connection.execute(";".join(statements))
        if CHAIN_MODEL in self.models:
            (attach or _attach_memory)(self.connection)
            self.connection.execute(";".join(earlier_views_sql()))
        self.peildatum = datetime.date.min  # set_peildatum comes before any judgement
        self._filled: set[str] = set()
        self._ready: set[str] = set()
        self._kept: set[str] = set()

    def close_off(self) -> None:
        """Forbid every access to files, network and extensions, for good."""
        self.connection.execute("SET enable_external_access = false")
        self.connection.execute("SET lock_configuration = true")

    def close(self) -> None:
        """Let go of the database, and of a file that is attached to it."""
        self._second.close()
        self.connection.close()

    def at_once(self, calls: Sequence[Call[_T]]) -> list[_T]:
        """The outcomes of calls that each work with a connection, two of them at a time.

        To plan a query takes longer than to carry it out on one message, and two can be planned at a time.

        Args:
            calls: they may read any table, and each may fill tables that no other looks at.

        Raises:
            Exception: what the first call that fails raises; the calls that began are carried out.
        """
        outcomes: dict[int, _T] = {}
        waiting = deque(enumerate(calls))

        def work(connection: duckdb.DuckDBPyConnection, take: Callable[[], Any]) -> None:
            while waiting:
                try:
                    number, call = take()
                except IndexError:  # The other took the last one.
                    return
                outcomes[number] = call(connection)

        if len(calls) <= 1:
            work(self.connection, waiting.popleft)
        else:
            # One of the two is this thread: what another one allocates, this one cannot use again.
            with ThreadPoolExecutor(1) as thread:
                beside = thread.submit(work, self._second, waiting.pop)
                work(self.connection, waiting.popleft)
            beside.result()
        return [outcomes[number] for number in range(len(calls))]

    def clear(self) -> None:
        """Empty the base tables, so that the next input starts clean."""
        for name in sorted(self._filled - self._kept):
            self.connection.execute(f"DELETE FROM basis.{name}")  # noqa: S608
        self._filled &= self._kept
        self.outdate()

    def keep(self, model: Model) -> None:
        """Leave what was read of one kind of input in place, with all that derives from it.

        From now on ``clear`` and ``outdate`` pass over it. Nothing more of it may be loaded.
        """
        self._kept |= {*model.tables, *model.derived}

    @property
    def rule_tables(self) -> tuple[str, ...]:
        """Names of the tables that the SQL of a rule may use, in the order of derivation."""
        return tuple(self._sections)

    def derive(self, names: Iterable[str]) -> None:
        """Compute the derived tables that are named and those they rest on, where not yet done."""
        sections = self._sections
        needed: set[str] = set()
        waiting = set(names)
        while waiting:
            name = waiting.pop()
            needed.add(name)
            waiting |= (sections[name].sources & sections.keys()) - needed
        for name, section in sections.items():
            if name in needed and name not in self._ready:
                kind = "VIEW" if name in self._views else "TABLE"
                self.connection.execute(
                    f"CREATE OR REPLACE {kind} main.{name} AS {_complete(section.select)}"
                )
                self._ready.add(name)

    def outdate(self, names: Iterable[str] | None = None) -> None:
        """Note that derived tables are not right any more.

        Args:
            names: these. When left out, all that derive from the base tables: only fixed tables are still
                right, and views, which show what their sources hold now.
        """
        if names is not None:
            self._ready -= set(names)
            return
        self._ready = {
            name
            for name in self._ready
            if self._sections[name].fixed or name in self._views or name in self._kept
        }

    def make_views(self) -> None:
        """Make the derived tables that are views: what they hold follows the base tables by itself."""
        self.derive(self._sections.keys() & self._views)

    def set_peildatum(self, peildatum: datetime.date) -> None:
        """Set the date that ``peildatum()`` gives in rules and derived tables."""
        self.peildatum = peildatum
        self.connection.execute("DELETE FROM basis.peildatum")
        self.connection.execute("INSERT INTO basis.peildatum VALUES (?)", [peildatum])
        self.outdate()

    def load(self, table_name: str, rows: Sequence[Row]) -> None:
        """Add rows to a base table; a column that a row lacks becomes NULL.

        Rows hold the provenance columns and the columns of the table, in Python types that fit
        the column's kind (``Decimal`` for amounts, ``date`` for dates).
        """
        if not rows:
            return
        table = self.base[table_name]
        self.mark_filled(table_name)
        expressions: list[str] = []
        parameters: list[Any] = []
        columns = [(column.name, column.sql_type) for column in table.columns]
        for name, sql_type in (*self.provenance[table_name], *columns):
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

    @property
    def last_number(self) -> int:
        """The highest ``rij_id`` that the attached dossier gave out; 0 when it is empty."""
        (row,) = self.query(f"SELECT laatste_nummer FROM {DOSSIER}.main.stand")  # noqa: S608
        return int(row["laatste_nummer"])

    def is_filled(self, table_name: str) -> bool:
        """Whether a base table got any rows since it was emptied."""
        return table_name in self._filled

    def mark_filled(self, table_name: str) -> None:
        """Note that a base table got rows (for who fills it with SQL of its own)."""
        self._filled.add(table_name)
        self.outdate()

    def load_reference(self, table_name: str, rows: Iterable[Sequence[Any]]) -> None:
        """Fill a reference table (code list, parameters, product list) with rows in its order."""
        self._ready.clear()
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
        return rows_of(self.connection.execute(sql, list(parameters)))

    def columns_of(self, table_name: str) -> list[str]:
        """Column names of a table as rules see it."""
        self.derive([table_name])
        return [row[0] for row in self.connection.execute(f"DESCRIBE main.{table_name}").fetchall()]
