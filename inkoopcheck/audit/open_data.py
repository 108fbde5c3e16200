"""The published tables as Parquet and CSV, with a data dictionary."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from inkoopcheck.audit.figures import PUBLISHED
from inkoopcheck.reports.common import neutralise
from inkoopcheck.tables.store import quoted

FOLDER = "open_data"
_TYPES: Mapping[str, str] = {
    "teller": "DECIMAL(18,2)",
    "noemer": "DECIMAL(18,2)",
    "waarde": "DECIMAL(18,2)",
    "p25": "DECIMAL(18,2)",
    "mediaan": "DECIMAL(18,2)",
    "p75": "DECIMAL(18,2)",
    "rijen": "BIGINT",
    "clienten": "BIGINT",
    "onderdrukt": "BOOLEAN",
    "aantal": "BIGINT",
    "uitgelegd": "BIGINT",
    "bedrag": "DECIMAL(18,2)",
    "gemeenten": "BIGINT",
    "aanbieders": "BIGINT",
    "contracten": "BIGINT",
    "berichten": "BIGINT",
    "startdatum": "DATE",
    "einddatum": "DATE",
    "maanden": "BIGINT",
    "verlenging_maanden": "BIGINT",
    "indexering": "BOOLEAN",
    "contractstandaard": "BOOLEAN",
    "tarieven": "BIGINT",
    "standaardtarieven": "BIGINT",
    "eigen_codes": "BIGINT",
    "lasten_ld1": "DECIMAL(9,2)",
    "lasten_ld2": "DECIMAL(9,2)",
    "lasten_ld3": "DECIMAL(9,2)",
    "jaar": "INTEGER",
    "indexjaar": "INTEGER",
    "tarief": "DECIMAL(18,2)",
    "tarief_indexjaar": "DECIMAL(18,2)",
    "is_standaard": "BOOLEAN",
    "land_p25": "DECIMAL(18,2)",
    "land_mediaan": "DECIMAL(18,2)",
    "land_p75": "DECIMAL(18,2)",
    "minimum": "DECIMAL(18,2)",
    "maximum": "DECIMAL(18,2)",
    "gelijkenis": "INTEGER",
    "gewicht": "DECIMAL(9,1)",
    "score": "DECIMAL(9,1)",
    "bijdrage": "DECIMAL(9,1)",
    "laag": "DECIMAL(9,1)",
    "hoog": "DECIMAL(9,1)",
    "rang": "INTEGER",
    "rang_laag": "INTEGER",
    "rang_hoog": "INTEGER",
    "eisen": "BIGINT",
    "minuten": "DECIMAL(18,0)",
    "minuten_uniform": "DECIMAL(18,0)",
    "besparing_uren": "DECIMAL(18,1)",
    "besparing_euro": "DECIMAL(18,2)",
}
"""SQL types of the columns that are no text. One name has one type, but for ``_TEXT``."""
_TEXT = frozenset({("contract_bevinding", "uitgelegd")})


def write_open_data(tables: Mapping[str, Sequence[Mapping[str, Any]]], report: Path) -> None:
    """Write all published tables below ``report``."""
    folder = report / FOLDER
    folder.mkdir()
    with duckdb.connect(config={"threads": 1}) as connection:
        for name, columns in PUBLISHED.items():
            names = [column for column, _ in columns]
            rows = [[row.get(column) for column in names] for row in tables[name]]
            _write_parquet(connection, folder / f"{name}.parquet", name, names, rows)
            _write_csv(folder / f"{name}.csv", names, rows)
    _write_csv(
        folder / "datawoordenboek.csv",
        ["tabel", "kolom", "soort", "uitleg"],
        [
            [name, column, _type(name, column), text]
            for name, columns in PUBLISHED.items()
            for column, text in columns
        ],
    )
    (folder / "datawoordenboek.md").write_text(_dictionary(), encoding="utf-8")


def _type(table: str, column: str) -> str:
    return "VARCHAR" if (table, column) in _TEXT else _TYPES.get(column, "VARCHAR")


def _write_parquet(
    connection: duckdb.DuckDBPyConnection,
    target: Path,
    table: str,
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
) -> None:
    values = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in names]
    listed = ", ".join(f'unnest(?::{_type(table, name)}[]) AS "{name}"' for name in names)
    connection.execute(
        f"COPY (SELECT {listed}) TO {quoted(target)} (FORMAT parquet, COMPRESSION zstd)", values
    )


def _write_csv(target: Path, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([cell_text(value) for value in row] for row in rows)
    target.write_text(buffer.getvalue(), encoding="utf-8-sig", newline="")


def cell_text(value: Any) -> str:
    """A value as a cell of a CSV; text that a spreadsheet would run is made harmless."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    return neutralise(value) if isinstance(value, str) else str(value)


_KIND_WORDS = {"VARCHAR": "tekst", "BOOLEAN": "ja/nee", "DATE": "datum", "BIGINT": "geheel getal"}


def _dictionary() -> str:
    lines = [
        "# Datawoordenboek",
        "",
        "Elke tabel staat hier als Parquet en als CSV (puntkomma, UTF-8, punt als decimaalteken).",
        "Getallen over te weinig kinderen zijn leeg; de kolom `onderdrukt` zegt dan ja.",
    ]
    for name, columns in PUBLISHED.items():
        lines += ["", f"## {name}", "", "| kolom | soort | uitleg |", "|---|---|---|"]
        for column, text in columns:
            kind = _type(name, column)
            word = _KIND_WORDS.get(kind, "geheel getal" if kind == "INTEGER" else "getal")
            lines.append(f"| `{column}` | {word} | {text} |")
    return "\n".join(lines) + "\n"
