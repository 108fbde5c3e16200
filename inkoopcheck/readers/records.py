"""Rows of base tables under construction, and the one place where a cell becomes a field."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from inkoopcheck.errors import UnusableInput
from inkoopcheck.findings.model import Bladlezing
from inkoopcheck.readers.layout import Layout
from inkoopcheck.readers.sheet import Address, Sheet, Value
from inkoopcheck.readers.values import (
    NotUnderstood,
    as_text,
    is_empty,
    mask_personal_data,
    parse_codes,
    parse_date,
    parse_frequency,
    parse_number,
    parse_percentage,
    parse_prices,
    parse_unit,
    parse_variant,
    parse_whole,
    parse_yes_no,
    years_in,
)
from inkoopcheck.readers.vocabulary import Vocabulary
from inkoopcheck.tables.schema import TABLES, Kind

_PERIOD_UNIT = {
    "verlenging_meldtermijn": "maand",
    "opzegtermijn_opdrachtgever": "maand",
    "opzegtermijn_opdrachtnemer": "maand",
    "declaratietermijn_dagen": "dag",
    "antwoordtermijn_declaratie": "werkdag",
    "betaaltermijn_dagen": "dag",
    "retourtermijn": "werkdag",
    "toewijzingstermijn": "werkdag",
    "onderzoekstermijn_weken": "week",
    "woonplaatstermijn_dagen": "dag",
    "startstoptermijn": "werkdag",
    "maximale_wachttijd": "week",
}
_CODE_LENGTH = {"kvk": 8, "agb": 8, "gemeentecode": 4}
_MAX_RECORDS = 500_000


@dataclass
class ReadWorkbook:
    """What a workbook holds: rows per base table, the columns it offers, and how it was read."""

    kind: str
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    offered: dict[str, set[str] | None] = field(default_factory=dict)
    sheets: list[Bladlezing] = field(default_factory=list)
    layouts: list[Layout] = field(default_factory=list)
    personal_cells: dict[str, set[str]] = field(default_factory=dict)


class Record(dict[str, Any]):
    """A row of a base table under construction, with the cell of every field."""

    def __init__(self, sheet: Sheet, row: int) -> None:
        super().__init__()
        self.sheet, self.row = sheet, row
        self.cells: dict[str, str] = {}

    def row_number(self) -> int:
        """The row as the spreadsheet numbers it; of a turned table the first row it came from."""
        if not self.sheet.turned:
            return self.row
        return min((int(re.sub(r".*\D", "", cell)) for cell in self.cells.values()), default=1)

    def put(self, name: str, value: Any, address: Address) -> None:
        """Fill a field that is still empty, and note its cell."""
        self.setdefault(name, None)
        if self[name] is None:
            self[name] = value
        self.cells.setdefault(name, self.sheet.place(address))


class Collector:
    """Collects the rows that a workbook gives, with a leesmelding for what is not understood."""

    def __init__(self, file_name: str, vocabulary: Vocabulary) -> None:
        self.result = ReadWorkbook(kind="")
        self.vocabulary = vocabulary
        self._file = file_name
        self._next_id = 0

    def report(
        self,
        kind: str,
        sheet: Sheet,
        address: Address,
        found: str,
        expected: str,
        column: str | None = None,
    ) -> None:
        record = Record(sheet, address[0])
        record.put("soort", kind, address)
        record.put("gevonden", mask_personal_data(found), address)
        record.put("verwacht", expected, address)
        record.put("veld", column, address)
        self.add("leesmelding", record)

    def add(self, table: str, record: Record) -> None:
        self._next_id += 1
        if self._next_id > _MAX_RECORDS:
            raise UnusableInput(
                f"{self._file} geeft meer dan {_MAX_RECORDS} regels. Splits de werkmap."
            )
        record.update(
            rij_id=self._next_id,
            bestand=self._file,
            blad=record.sheet.name,
            rij=record.row_number(),
            cellen=record.cells,
        )
        self.result.rows.setdefault(table, []).append(dict(record))

    def offer(self, table: str, names: Iterable[str]) -> None:
        present = self.result.offered.setdefault(table, set())
        if present is not None:
            present.update(names)

    def not_understood(
        self, sheet: Sheet, address: Address, value: Value, expected: str, column: str
    ) -> None:
        self.report("niet begrepen", sheet, address, as_text(value), expected, column[:60])

    def put(
        self,
        sheet: Sheet,
        record: Record,
        table: str,
        name: str,
        address: Address,
        value: Value | None,
    ) -> None:
        """Read one cell as the field's kind; what cannot be read becomes a leesmelding."""
        column = TABLES[table].column_by_name[name]
        record.setdefault(name, None)
        if value is None or is_empty(value):
            if value is None:
                record.cells.setdefault(name, sheet.place(address))
            return
        try:
            parsed = self._parse(sheet, table, name, column.kind, address, value, record)
        except NotUnderstood as problem:
            record.cells.setdefault(name, sheet.place(address))
            self.not_understood(sheet, address, value, problem.expected, column.title)
            return
        record.put(name, parsed, address)

    def _parse(
        self,
        sheet: Sheet,
        table: str,
        name: str,
        kind: Kind,
        address: Address,
        value: Value,
        record: Record,
    ) -> Any:
        if kind is Kind.AMOUNT:
            prices = parse_prices(value, self.vocabulary)
            if len(prices) != 1:
                raise NotUnderstood("één bedrag, zoals € 78,50")
            return prices[0].amount
        if kind is Kind.PERCENTAGE:
            return parse_percentage(
                value, shown_as_percentage=address in sheet.percentages, field=name
            )
        if kind is Kind.NUMBER:
            try:
                prices = parse_prices(value, self.vocabulary)
            except NotUnderstood:
                if table == "tarief":
                    raise
                raise NotUnderstood("een getal, zoals 60 of 7,5") from None
            return prices[0].amount if prices else None
        if kind is Kind.INTEGER:
            if name == "jaar":
                return _year(value)
            return parse_whole(value, _PERIOD_UNIT.get(name))
        if kind is Kind.DATE and name == "geldig_tot" and is_indefinite(value):
            return None
        if kind is Kind.DATE:
            if table == "tarief" and isinstance(value, int) and 2000 <= value <= 2049:
                record.put("jaar", value, address)
                self.offer("tarief", ("jaar",))
                return None
            return parse_date(value)
        if kind is Kind.YES_NO and name == "indexeringsclausule":
            return self._index_clause(value, address, record)
        if kind is Kind.YES_NO:
            return parse_yes_no(value)
        if kind is Kind.VARIANT:
            return parse_variant(value)
        if kind is Kind.FREQUENCY:
            return parse_frequency(value, self.vocabulary)
        if kind is Kind.UNIT:
            text, unit = parse_unit(value, self.vocabulary)
            if table == "tarief" and text is not None:
                record.put("eenheid_tekst", mask_personal_data(text), address)
            return unit
        if kind is Kind.CODE:
            return _code(table, name, value)
        return mask_personal_data(as_text(value), longest=2_000)

    def _index_clause(self, value: Value, address: Address, record: Record) -> bool:
        """Whether there is an index clause; ``90% OVA en 10% PPC`` also gives the weights."""
        for share, word in _shares(as_text(value)):
            name = (
                "index_weging_loon"
                if word.lower() in ("ova", "loon", "lonen")
                else "index_weging_materieel"
            )
            record.put(name, parse_number(share)[0], address)
            self.offer("contract", (name,))
        try:
            return bool(parse_yes_no(value))
        except NotUnderstood:
            return True

    # --- one field --------------------------------------------------------------------------


_PARTS = r"(ova|loon|lonen|ppc|pcc|prijs|prijzen|materieel)"
_PERCENT = r"(\d{1,3}(?:[.,]\d+)?)"
_SHARES = re.compile(rf"{_PERCENT}\s*%?\s*{_PARTS}", re.IGNORECASE)
_SHARES_BEHIND = re.compile(rf"\b{_PARTS}[\s:=(]{{0,3}}{_PERCENT}\s*%", re.IGNORECASE)


def _shares(text: str) -> list[tuple[str, str]]:
    """Percentage and part of an index: ``90% OVA en 10% PPC``, ``OVA 90%, PPC 10%``."""
    behind = _SHARES_BEHIND.search(text)
    if behind and not re.search(r"\d", text[: behind.start()]):
        return [(share, part) for part, share in _SHARES_BEHIND.findall(text)]
    return _SHARES.findall(text)


def is_filled(row: dict[str, Any]) -> bool:
    return any(
        value is not None
        for name, value in row.items()
        if name not in ("rij_id", "bestand", "blad", "rij", "cellen")
    )


def is_indefinite(value: Value | None) -> bool:
    return isinstance(value, str) and "onbepaald" in value.lower()


def _year(value: Value) -> int:
    years = years_in(as_text(value))
    if len(years) != 1:
        raise NotUnderstood("een jaartal, zoals 2026")
    return years[0]


def _code(table: str, name: str, value: Value) -> str | None:
    if name == "productcode":
        codes = parse_codes(value).codes
        return codes[0] if len(codes) == 1 else ", ".join(codes)
    text = as_text(value)
    if name == "productcategorie":
        found = re.match(r"^(\d{2})\b", text)
        return found[1] if found else text
    length = _CODE_LENGTH.get(name)
    if length is not None:
        digits = re.sub(r"[\s.-]", "", text)
        # A spreadsheet drops the leading zeros of a number.
        return digits.zfill(length) if isinstance(value, int) else digits
    return text
