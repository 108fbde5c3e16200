"""Compute tariffs outside a contract check: from a workbook, a YAML file or single figures."""

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from inkoopcheck.engine.ruleset import Ruleset, load_yaml
from inkoopcheck.engine.run import Judge
from inkoopcheck.engine.tariffs import calculations, verdicts
from inkoopcheck.errors import UnusableInput, printable
from inkoopcheck.findings.calculation import Berekening, Tarieftoets
from inkoopcheck.readers.values import NotUnderstood, parse_number
from inkoopcheck.readers.vocabulary import Vocabulary
from inkoopcheck.readers.workbook import ReadWorkbook, read_workbook
from inkoopcheck.tables.schema import KOSTPRIJS, Column, Kind
from inkoopcheck.tables.store import Tables

Row = dict[str, Any]
FUNCTIONS = "functies"
YAML_SUFFIXES = (".yaml", ".yml")
_LARGEST = Decimal(10) ** 9


class Calculator:
    """Computes tariffs with one ruleset; its parameters fill what an input leaves open."""

    def __init__(self, ruleset: Ruleset, vocabulary: Vocabulary, peildatum: datetime.date) -> None:
        self._ruleset = ruleset
        self._vocabulary = vocabulary
        self._tables = Tables()
        Judge(ruleset, self._tables).prepare(peildatum)
        self.not_understood: list[str] = []
        """The cells of the last workbook that could not be read, and so play no part."""

    def compute(self, rows: Sequence[Row]) -> list[Berekening]:
        """The computation of every product in rows of the table kostprijs."""
        self._tables.clear()
        self._tables.load("kostprijs", numbered(rows))
        return calculations(self._tables, self._ruleset.parameters)

    def compute_file(self, path: Path) -> list[Berekening]:
        """The same for a YAML file or a workbook with a sheet Kostprijs.

        Raises:
            UnusableInput: the file cannot be used, or holds no cost price.
        """
        if path.suffix.lower() in YAML_SUFFIXES:
            return self.compute(read_cost_yaml(path, self._vocabulary))
        workbook = self._read(path)
        if not workbook.rows.get("kostprijs"):
            raise UnusableInput(
                f"In {path.name} staat geen blad met een kostprijs: functies met een bruto maandloon."
                " Maak een lege werkmap met: inkoopcheck sjabloon contract.xlsx, en vul het blad"
                " Kostprijs in."
            )
        self._tables.clear()
        for table in ("contract", "tarief", "kostprijs"):
            self._tables.load(table, workbook.rows.get(table, []))
        return calculations(self._tables, self._ruleset.parameters)

    def compare(
        self, path: Path, reference: Path | None = None
    ) -> tuple[list[Tarieftoets], list[Berekening]]:
        """Every tariff of a contract beside the recomputed one, and the computations behind it.

        Args:
            path: the contract workbook.
            reference: a YAML file with cost prices for products that the workbook has none of.

        Raises:
            UnusableInput: a file cannot be used, or the workbook holds no tariffs.
        """
        workbook = self._read(path)
        rows = [
            row
            for name in ("tarief", "tariefopbouw", "kostprijs")
            for row in workbook.rows.get(name, [])
        ]
        if not any(row.get("tarief") is not None for row in rows):
            raise UnusableInput(f"In {path.name} staan geen tarieven om te toetsen.")
        self._tables.clear()
        for table in ("contract", "tarief", "tariefopbouw", "kostprijs"):
            self._tables.load(table, workbook.rows.get(table, []))
        if reference is not None:
            given = read_cost_yaml(reference, self._vocabulary)
            highest = max(row["rij_id"] for rows in workbook.rows.values() for row in rows)
            self._tables.load("kostprijs", numbered(self._for_products(given), highest))
        return (
            verdicts(self._tables, self._ruleset.codelists),
            calculations(self._tables, self._ruleset.parameters),
        )

    def _read(self, path: Path) -> ReadWorkbook:
        workbook = read_workbook(path, self._vocabulary)
        self.not_understood = [
            cell
            for row in workbook.rows.get("leesmelding", [])
            if row["soort"] == "niet begrepen"
            for cell in list(row["cellen"].values())[:1]
        ]
        return workbook

    def _for_products(self, given: Sequence[Row]) -> list[Row]:
        """Reference rows for the products without a cost price of their own.

        A row without a code counts for every product of its unit and level; one without a level
        only where no row has the level of the product.
        """
        named = {row["productcode"] for row in given if row.get("productcode")}
        self._tables.derive(["tarief_rij"])
        products = self._tables.query(
            "SELECT DISTINCT t.bestand, t.contract_id, t.productcode, t.niveau_of_afgeleid AS niveau,"
            # Minutes are computed per hour.
            " replace(t.eenheid, '01', '04') AS eenheid, year(t.begin) AS jaar FROM tarief_rij t"
            " WHERE t.productcode IS NOT NULL AND t.eenheid IS NOT NULL"
            " AND t.productcode NOT IN (SELECT productcode FROM basis.kostprijs WHERE productcode IS NOT NULL)"
            " ORDER BY ALL"
        )
        file = products[0]["bestand"] if products else None
        found = [{**row, "bestand": file} for row in given if row.get("productcode")]
        for product in products:
            fitting = [
                row
                for row in given
                if not row.get("productcode")
                and product["productcode"] not in named
                and row.get("eenheid", product["eenheid"]).replace("01", "04") == product["eenheid"]
                and row.get("niveau", "").lower() in ("", (product["niveau"] or "").lower())
            ]
            exact = [row for row in fitting if row.get("niveau")]
            for row in exact or fitting:
                found.append({**row, **product, "jaar": row.get("jaar") or product["jaar"]})
        return found


def numbered(rows: Sequence[Row], highest: int = 0) -> list[Row]:
    """Rows with the numbers that every row of a table has."""
    return [
        {"bestand": "invoer", **row, "rij_id": number, "cellen": {}}
        for number, row in enumerate(rows, highest + 1)
    ]


def read_cost_yaml(path: Path, vocabulary: Vocabulary) -> list[Row]:
    """Rows of the table kostprijs from a YAML file: one product, or a list of products.

    A product is a mapping of columns of the sheet Kostprijs, with ``functies`` a list of mappings of
    the columns that hold per function.

    Raises:
        UnusableInput: a name is unknown or a value is no number; the message names it.
    """
    content = load_yaml(path)
    products = content if isinstance(content, list) else [content]
    rows: list[Row] = []
    for number, product in enumerate(products, start=1):
        where = path.name if len(products) == 1 else f"{path.name}, product {number}"
        if not isinstance(product, Mapping):
            raise UnusableInput(f"{where}: hier horen velden met een waarde, zoals jaar: 2026.")
        functions = product.get(FUNCTIONS) or [{}]
        if not isinstance(functions, list) or not all(isinstance(f, Mapping) for f in functions):
            raise UnusableInput(f"{where}: functies is een lijst van functies met een maandloon.")
        shared = _typed({k: v for k, v in product.items() if k != FUNCTIONS}, vocabulary, where)
        for function in functions:
            own = _typed(function, vocabulary, where)
            rows.append({**shared, **own})
    if not rows:
        raise UnusableInput(f"{path.name} is leeg.")
    return rows


def read_options(given: Sequence[tuple[str, str]], vocabulary: Vocabulary) -> Row:
    """One row of the table kostprijs from names and values as typed on the command line.

    Raises:
        UnusableInput: a name is unknown or a value does not fit.
    """
    return _typed(dict(given), vocabulary, "De invoer")


def _typed(given: Mapping[Any, Any], vocabulary: Vocabulary, where: str) -> Row:
    typed: Row = {}
    for name, value in given.items():
        column = KOSTPRIJS.column_by_name.get(str(name))
        if column is None:
            raise UnusableInput(
                f"{where}: het veld '{printable(str(name))[:40]}' bestaat niet. De namen staan in:"
                " inkoopcheck tabel kostprijs"
            )
        if value is None or value == "":
            continue
        typed[column.name] = _value(column, value, vocabulary, where)
    return typed


def _value(column: Column, value: Any, vocabulary: Vocabulary, where: str) -> Any:
    wrong = UnusableInput(
        f"{where}: bij {column.name} hoort {_EXPECTED.get(column.kind, 'tekst')},"
        f" niet '{printable(str(value))[:40]}'."
    )
    if isinstance(value, bool | Mapping | list):
        raise wrong
    text = str(value).strip()
    if column.kind is Kind.UNIT:
        unit = vocabulary.unit(text) or (text if text.zfill(2) in _UNITS else None)
        if unit is None:
            raise wrong
        return unit.zfill(2) if unit.isdigit() else unit
    if column.kind is Kind.INTEGER:
        if not text.isdigit() or len(text) != 4:
            raise wrong
        return int(text)
    if column.kind not in (Kind.AMOUNT, Kind.NUMBER, Kind.PERCENTAGE):
        return text
    try:
        number = (
            Decimal(text)
            if isinstance(value, int | float)
            else parse_number(text.removeprefix("€").removesuffix("%").strip())[0]
        )
    except (NotUnderstood, ArithmeticError):
        raise wrong from None
    if not number.is_finite() or not -100 < number < _LARGEST:
        raise wrong
    return number


_UNITS = ("01", "04", "14", "16", "82", "84")
_EXPECTED = {
    Kind.UNIT: "een eenheid: minuut, uur, dagdeel, etmaal of stuks",
    Kind.INTEGER: "een jaartal, zoals 2026",
    Kind.AMOUNT: "een bedrag, zoals 3900",
    Kind.NUMBER: "een getal",
    Kind.PERCENTAGE: "een percentage, zoals 7.8",
}
