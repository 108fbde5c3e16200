"""Lasten seen in the messages: the views of ``berichtlasten.sql`` on small sample tables."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from inkoopcheck.locations import message_burden_file

TABLES = """
CREATE TABLE bericht (bericht_id INTEGER, berichttype VARCHAR, aanbieder VARCHAR, gemeente VARCHAR, datum DATE);
CREATE TABLE toegewezen_product (aanbieder VARCHAR, gemeente VARCHAR, client VARCHAR, productcode VARCHAR);
CREATE TABLE prestatie (prestatie_id INTEGER, aanbieder VARCHAR, gemeente VARCHAR, client VARCHAR,
    productcode VARCHAR, vorige_prestatie_id INTEGER, begin DATE);
CREATE TABLE prestatie_antwoord (prestatie_id INTEGER, afgekeurd BOOLEAN);
CREATE TABLE standaardproduct (productcode VARCHAR);
"""


@pytest.fixture
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    connection.execute(TABLES)
    connection.execute(message_burden_file().read_text(encoding="utf-8"))
    yield connection
    connection.close()


def rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return connection.execute(sql).fetchall()


def test_messages_per_client_count_the_clients_with_help_in_that_month(
    database: duckdb.DuckDBPyConnection,
) -> None:
    # January: 6 messages and 4 clients, so 1.5; February: 1 message and no client, so unknown.
    database.execute(
        "INSERT INTO bericht SELECT i, '323', 'A', '0344', DATE '2026-01-05' FROM range(6) t(i)"
    )
    database.execute("INSERT INTO bericht VALUES (9, '305', 'A', '0344', DATE '2026-02-03')")
    database.execute(
        "INSERT INTO prestatie SELECT i, 'A', '0344', 'c' || (i % 4), '45A48', NULL,"
        " DATE '2026-01-01' FROM range(8) t(i)"
    )
    found = rows(
        database,
        "SELECT month(maand), berichten, clienten, berichten_per_client FROM lasten_berichten"
        " ORDER BY maand",
    )
    assert found == [(1, 6, 4, Decimal("1.5000")), (2, 1, 0, None)]


def test_rejected_share_counts_answered_lines_and_each_line_once(
    database: duckdb.DuckDBPyConnection,
) -> None:
    # Five lines: 1, 2 and 3 answered (2 rejected, told twice), 4 repeats 2, 5 has no answer. 1/3.
    database.execute(
        "INSERT INTO prestatie VALUES (1,'A','0344','c','45A48',NULL,NULL), (2,'A','0344','c','45A48',NULL,NULL),"
        " (3,'A','0344','c','45A48',NULL,NULL), (4,'A','0344','c','45A48',2,NULL), (5,'A','0344','c','45A48',NULL,NULL)"
    )
    database.execute(
        "INSERT INTO prestatie_antwoord VALUES (1,false), (2,true), (2,true), (3,false), (5,NULL)"
    )
    found = rows(database, "SELECT * EXCLUDE (aanbieder, gemeente) FROM lasten_afkeur")
    assert found == [(5, 3, 1, Decimal("0.333333"), 1)]


def test_own_codes_are_told_apart_from_codes_of_one_gemeente(
    database: duckdb.DuckDBPyConnection,
) -> None:
    database.execute("INSERT INTO standaardproduct VALUES ('45A48'), ('45A48')")
    database.execute(
        "INSERT INTO toegewezen_product VALUES ('A','0344','c1','45A48'), ('A','0363','c2','45A48'),"
        " ('A','0344','c1','45X01'), ('A','0363','c2','45X01'), ('A','0363','c3','45X02'),"
        " ('A','0363','c3',NULL), ('B','0344','c4','45X01')"
    )
    found = rows(database, "SELECT * FROM lasten_producten ORDER BY aanbieder")
    assert found == [("A", 2, 3, 2, 1), ("B", 1, 1, 1, 0)]


def test_no_view_gives_out_a_client(database: duckdb.DuckDBPyConnection) -> None:
    for view in ("lasten_berichten", "lasten_afkeur", "lasten_producten"):
        names = [row[0] for row in rows(database, f"DESCRIBE {view}")]
        assert "client" not in names
