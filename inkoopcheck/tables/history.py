"""The tables of the messages that came before: of the dossier, and of this run.

A dossier is a database beside that of the run, with the message tables as they were read. ``eerder`` shows
its rows together with those of the messages that this run judged before.
"""

from inkoopcheck.tables.chain import HISTORY_TABLES
from inkoopcheck.tables.messages import MESSAGE_PROVENANCE, MESSAGE_TABLES
from inkoopcheck.tables.schema import Kind

DOSSIER = "dossier"
"""Name of the attached database with the dossier."""
RUN = "verloop"
"""Schema with the messages that this run judged before the present one."""

FORMAT = 1
"""Version of the layout of a dossier file; goes up with every change of the columns below."""

_MORE: dict[str, tuple[tuple[str, str], ...]] = {
    "bericht": (("vingerafdruk", "VARCHAR"), ("kort", "BIGINT"), ("oordeel", "VARCHAR")),
    "retourcode": (("klasse", "VARCHAR"),),
}
"""Columns that the history has beside those of the message: the fingerprint of the file, its beginning as a
number, and what was judged of the message by itself; the class that a code belongs to."""
_STAND = (
    ("versie", "INTEGER"),
    ("sleutelproef", "VARCHAR"),
    ("laatste_nummer", "BIGINT"),
    ("gemaakt_op", "TIMESTAMP"),
    ("bijgewerkt_op", "TIMESTAMP"),
)


def history_columns(name: str) -> list[tuple[str, str]]:
    """Name and SQL type of the columns of a table of the history."""
    columns = [(column.name, column.sql_type) for column in MESSAGE_TABLES[name].columns]
    return [*MESSAGE_PROVENANCE, *columns, *_MORE.get(name, ())]


def create_history_sql(place: str) -> list[str]:
    """The statements that make the empty tables of a history in a database or schema."""
    return [
        f"CREATE TABLE {place}.{name} ("
        + ", ".join(f"{column} {sql_type}" for column, sql_type in history_columns(name))
        + ")"
        for name in HISTORY_TABLES
    ]


def create_dossier_sql(place: str) -> list[str]:
    """The statements that make an empty dossier: a history, and one row that says how it stands.

    ``stand`` holds the layout, a proof of the key of the pseudonyms (for a file) and the highest ``rij_id`` ever
    given out.
    """
    columns = ", ".join(f"{column} {sql_type}" for column, sql_type in _STAND)
    return [
        *create_history_sql(place),
        f"CREATE TABLE {place}.stand ({columns})",
        f"INSERT INTO {place}.stand (versie, laatste_nummer) VALUES ({FORMAT}, 0)",  # noqa: S608
    ]


def layout() -> set[tuple[str, str]]:
    """Table and column of everything that a dossier holds."""
    tables = {(name, column) for name in HISTORY_TABLES for column, _ in history_columns(name)}
    return tables | {("stand", column) for column, _ in _STAND}


def earlier_views_sql() -> list[str]:
    """The statements that make ``eerder``: the dossier and this run together."""
    views = [
        f"CREATE VIEW eerder.{name} AS FROM {DOSSIER}.main.{name} UNION ALL FROM {RUN}.{name}"
        for name in HISTORY_TABLES
        if name != "bericht"
    ]
    # A message that is in the dossier and was judged in this run too is there once, with what was found of it.
    views.append(
        f"CREATE VIEW eerder.bericht AS FROM {DOSSIER}.main.bericht"  # noqa: S608
        f" WHERE vingerafdruk NOT IN (SELECT vingerafdruk FROM {RUN}.bericht)"
        f" UNION ALL FROM {RUN}.bericht"
    )
    return [
        "CREATE SCHEMA eerder",
        f"CREATE SCHEMA {RUN}",
        *create_history_sql(RUN),
        *views,
        "CREATE TABLE eerder.afgewezen (rij_id BIGINT)",
        "CREATE TABLE basis.kandidaat (bericht_id BIGINT, vingerafdruk VARCHAR)",
        "CREATE TABLE basis.oordeel (bericht_id BIGINT, vingerafdruk VARCHAR, oordeel VARCHAR)",
    ]


def copy_sql(name: str, place: str, numbers: str) -> str:
    """SQL that copies the rows of messages from the base tables into a history.

    ``numbers`` is a query for their ``bericht_id``; the facts that a history has beside a message stand in
    the table ``basis.oordeel``. Birth dates are not copied.
    """
    private = {c.name for c in MESSAGE_TABLES[name].columns if c.kind is Kind.PRIVATE_DATE}
    columns = []
    for column, sql_type in history_columns(name):
        if column in private:
            columns.append(f"NULL::{sql_type}")
        elif column in ("vingerafdruk", "oordeel"):
            columns.append(f"o.{column}")
        elif column == "kort":
            columns.append("kort(o.vingerafdruk)")
        elif column == "klasse":
            columns.append("klasse_van(t.pad)")
        else:
            columns.append(f"t.{column}")
    return (
        f"INSERT INTO {place}.{name} SELECT {', '.join(columns)} FROM basis.{name} t"  # noqa: S608
        f" JOIN basis.oordeel o ON o.bericht_id = t.bericht_id WHERE t.bericht_id IN ({numbers})"
    )


def restore_sql(name: str) -> str:
    """SQL that puts the rows of one earlier message (a ``bericht_id``) back in the base tables."""
    columns = [column for column, _ in history_columns(name)]
    columns = [column for column in columns if column not in dict(_MORE.get(name, ()))]
    return (
        f"INSERT INTO basis.{name} ({', '.join(columns)}) SELECT {', '.join(columns)}"  # noqa: S608
        f" FROM eerder.{name} WHERE bericht_id = ?"
    )
