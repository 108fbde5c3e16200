"""Read the rows of a tariff table, and a matrix of prices with codes, into tariffs."""

import datetime
import re
from dataclasses import dataclass, replace

from inkoopcheck.dutch import join_words
from inkoopcheck.findings.model import Bladlezing
from inkoopcheck.readers.layout import MATRIX_STEPS, PER_YEAR, Block, ColumnUse, Layout
from inkoopcheck.readers.records import Collector, Record
from inkoopcheck.readers.sheet import Address, Sheet, Value
from inkoopcheck.readers.values import (
    NotUnderstood,
    Price,
    as_text,
    is_empty,
    looks_like_code,
    mask_personal_data,
    names_code,
    other_codes_in,
    parse_codes,
    parse_prices,
    period_in,
    unit_in_name,
    without_years,
    years_in,
)
from inkoopcheck.readers.vocabulary import Vocabulary, plain

_PGB = re.compile(r"\bpgb\b|persoonsgebonden budget")
_CENTS = re.compile(r"\b(?:euro)?cent(?:en)?\b", re.IGNORECASE)


@dataclass
class Context:
    """What titles and subheadings say of the rows below them, with the cell that says it."""

    perceel: tuple[str, Address] | None = None
    year: tuple[int, Address] | None = None
    unit: tuple[str, str, Address] | None = None
    code: tuple[tuple[str, ...], str | None, Address] | None = None
    start: tuple[datetime.date, Address] | None = None
    scheme: tuple[str, Address] | None = None

    def read(self, text: str, address: Address, vocabulary: Vocabulary) -> None:
        """Take over a subheading: a year, a unit, or the name of a part, which ends a unit."""
        years = years_in(text)
        words = plain(without_years(text))
        if _PGB.search(words):
            self.scheme = "pgb", address
        kind = re.search(r"\b([a-z]+)tarie(?:f|ven)\b|\bper ([a-z]+)", words)
        unit = vocabulary.unit(kind[1] or kind[2]) if kind else None
        name = re.sub(r"\b(?:[a-z]*tarie(?:f|ven)|prijzen|jaar|per|in|euro|de|alle)\b", " ", words)
        if unit and kind:
            name = re.sub(rf"\b{kind[1] or kind[2]}\b", " ", name)
        if name.strip():
            found = parse_codes(text) if names_code(text) else None
            self.code = (found.codes, found.rest, address) if found else None
            self.perceel = mask_personal_data(text), address
            self.unit = None
        if unit:
            self.unit = unit, text, address
        if len(years) == 1:
            self.year = years[0], address
            start, _ = period_in(text)
            self.start = (start, address) if start else None


class TariffReader:
    """Turns rows of tariff tables into tariffs: one per code, price and year."""

    def __init__(self, collector: Collector) -> None:
        self._collector = collector
        self._vocabulary = collector.vocabulary
        self._above: dict[int, tuple[Block, int, tuple[str, ...], Address, str | None]] = {}

    def row(
        self,
        sheet: Sheet,
        row: int,
        cells: dict[int, Value],
        block: Block,
        context: Context,
        reading: Bladlezing,
    ) -> int:
        """Add the tariffs of one row and give their number."""
        groups = sorted(
            {use.group for use in block.columns if use.field in ("tarief", "minuuttarief")}
        )
        number = 0
        for group in groups or [0]:
            shared = Record(sheet, row)
            for use in block.columns:
                if (
                    use.field in (None, "tarief", "productcode", "minuuttarief")
                    or (use.field in PER_YEAR and use.year is not None)
                    or use.group not in (0, group)
                ):
                    continue
                address = (row, use.column)
                if use.column not in cells:
                    # An empty cell has a place too: there the user fills in what is missing.
                    shared.cells.setdefault(str(use.field), sheet.place(address))
                    continue
                value = cells[use.column]
                if use.field == "omschrijving" and shared.get("omschrijving"):
                    self._extend(shared, value)
                else:
                    self._collector.put(sheet, shared, "tarief", use.field, address, value)
            if context.scheme:
                shared.put("regeling", *context.scheme)
            if context.perceel and "perceel" not in shared:
                shared.put("perceel", *context.perceel)
            if context.year and context.start and "geldig_van" not in shared:
                shared.put("geldig_van", *context.start)
            elif context.year and "jaar" not in shared and "geldig_van" not in shared:
                shared.put("jaar", *context.year)
            number += self._tariff_group(sheet, row, cells, block, shared, group, context, reading)
        return number

    def _extend(self, record: Record, value: Value) -> None:
        """A second column with a name, such as the product below a voorziening."""
        text = mask_personal_data(as_text(value))
        if len(text) < 80 and not is_empty(value) and text not in record["omschrijving"]:
            record["omschrijving"] = f"{record['omschrijving']} – {text}"

    def _tariff_group(
        self,
        sheet: Sheet,
        row: int,
        cells: dict[int, Value],
        block: Block,
        shared: Record,
        group: int,
        context: Context,
        reading: Bladlezing,
    ) -> int:
        codes, code_address, label, rest = self._codes(sheet, row, cells, block, group)
        priced = self._prices(sheet, row, cells, block, group, "tarief")
        minute = self._prices(sheet, row, cells, block, group, "minuuttarief")
        if minute and not priced:
            # Only a minute tariff: the tariff itself is per minute.
            priced = [
                (use, address, [Price(p.amount, "01", "minuut", p.level, p.remark) for p in prices])
                for use, address, prices in minute
            ]
            minute = []
        if not priced:
            words = not any(re.search(r"\d", code) for code in codes)
            if not codes or (words and "omschrijving" not in shared and "eenheid" not in shared):
                return 0
            if self._empty_on_purpose(cells, block, group):
                return 0
        if codes:
            self._above[group] = (
                block,
                row,
                codes,
                code_address,
                shared.get("omschrijving") or rest,
            )
        elif priced and not rest and self._continues(block, row, group, shared):
            _, _, codes, code_address, rest = self._above[group]
            self._above[group] = (block, row, codes, code_address, rest)
            reading.opmerkingen.append(f"Rij {row} heeft de productcode van de rij erboven.")
        elif priced and not rest and context.code and shared.get("omschrijving") is None:
            codes, rest, code_address = context.code
        elif rest and "omschrijving" in block.fields() and code_address[1] in cells:
            self._collector.not_understood(
                sheet,
                code_address,
                cells[code_address[1]],
                "een productcode, zoals 45A48",
                "Productcode",
            )
            rest = None
        if codes and rest is None:
            named = other_codes_in(str(shared.get("omschrijving") or ""), codes)
            if named:
                address = (
                    row,
                    next(
                        (u.column for u in block.columns if u.field == "omschrijving"),
                        code_address[1],
                    ),
                )
                self._collector.report(
                    "omschrijving noemt andere codes",
                    sheet,
                    address,
                    join_words(named),
                    "elke productcode op een eigen rij",
                    "omschrijving",
                )
        number = 0
        offers: list[tuple[ColumnUse | None, Address, Price | None]] = [
            (use, address, price) for use, address, prices in priced for price in prices
        ]
        for code in codes or (None,):
            for use, address, price in offers or [(None, code_address, None)]:
                record = Record(sheet, row)
                record.update(shared)
                record.cells.update(shared.cells)
                if code is not None:
                    record.put("productcode", code, code_address)
                if rest:
                    record.put("omschrijving", rest, code_address)
                self._price(record, use, price, address, label)
                if price is None:
                    self._without_price(sheet, row, cells, block, group, record)
                if price is not None and record.get("eenheid_tekst") is None:
                    self._unit(record, block, context)
                if use is not None:
                    self._dated(record, use, cells, block, group)
                for minute_use, minute_address, minute_prices in minute:
                    if use is None or minute_use.year in (None, use.year):
                        record.put("minuuttarief", minute_prices[0].amount, minute_address)
                        self._collector.offer("tarief", ("minuuttarief",))
                self._collector.add("tarief", record)
                number += 1
        return number

    def _continues(self, block: Block, row: int, group: int, shared: Record) -> bool:
        """Whether a row without code and name tells more of the product right above it."""
        above = self._above.get(group)
        return (
            above is not None
            and above[0] is block
            and above[1] == row - 1
            and shared.get("omschrijving") is None
            and any(shared.get(name) for name in ("niveau", "zwaarte", "doelgroep"))
        )

    def _codes(
        self, sheet: Sheet, row: int, cells: dict[int, Value], block: Block, group: int
    ) -> tuple[tuple[str, ...], Address, str | None, str | None]:
        uses = [u for u in block.columns if u.field == "productcode" and u.group in (group, 0)]
        first = (row, uses[0].column if uses else min(cells))
        rest = None
        for use in sorted(uses, key=lambda use: use.spare):
            address = (row, use.column)
            value = cells.get(use.column)
            try:
                found = parse_codes(value)
            except NotUnderstood as problem:
                kind = "code als getal" if isinstance(value, int | float) else "niet begrepen"
                self._collector.report(
                    kind,
                    sheet,
                    address,
                    as_text(value) if value is not None else "",
                    problem.expected,
                    "Productcode",
                )
                return (), address, use.label, None
            if found.codes:
                return found.codes, address, use.label, found.rest
            if found.rest and rest is None:
                first, rest = address, found.rest
        return (), first, None, rest

    def _prices(
        self, sheet: Sheet, row: int, cells: dict[int, Value], block: Block, group: int, name: str
    ) -> list[tuple[ColumnUse, Address, list[Price]]]:
        found = []
        headed = {use.column for use in block.columns if use.field}
        for use in block.columns:
            if use.field != name or use.group not in (group, 0) or use.column not in cells:
                continue
            address, value = (row, use.column), cells[use.column]
            beside = (row, use.column + 1)
            if value in ("€", "EUR") and beside[1] in cells and beside[1] not in headed:
                address, value = beside, cells[beside[1]]
            try:
                if address in sheet.percentages:
                    raise NotUnderstood("een bedrag, geen percentage")
                prices = parse_prices(value, self._vocabulary)
                if _CENTS.search(use.heading):
                    prices = [replace(price, amount=price.amount / 100) for price in prices]
            except NotUnderstood as problem:
                self._collector.not_understood(sheet, address, value, problem.expected, use.heading)
                continue
            for price in prices:
                if price.remark:
                    self._collector.report(
                        "bedrag dubbelzinnig",
                        sheet,
                        address,
                        as_text(value),
                        "een bedrag met twee cijfers na de komma, zoals 1.146,00",
                        use.heading[:60],
                    )
            if prices:
                found.append((use, address, prices))
        return found

    def _without_price(
        self,
        sheet: Sheet,
        row: int,
        cells: dict[int, Value],
        block: Block,
        group: int,
        record: Record,
    ) -> None:
        """Note the cell where the price should stand, and what stands there instead."""
        for use in block.columns:
            if use.field != "tarief" or use.group not in (group, 0):
                continue
            address, value = (row, use.column), cells.get(use.column)
            record.cells.setdefault("tarief", sheet.place(address))
            if value is not None and not is_empty(value):
                record.put("tarief_tekst", mask_personal_data(as_text(value)), address)
            elif address in sheet.formulas_without_value or address in sheet.error_values:
                record.put("tarief_tekst", "formule", address)

    def _empty_on_purpose(self, cells: dict[int, Value], block: Block, group: int) -> bool:
        """Whether the tariff cells of this group say n.v.t. and nothing else."""
        values = [
            cells.get(use.column)
            for use in block.columns
            if use.field == "tarief" and use.group in (group, 0)
        ]
        said = [value for value in values if value is not None]
        return bool(said) and all(is_empty(value) for value in said)

    def _price(
        self,
        record: Record,
        use: ColumnUse | None,
        price: Price | None,
        address: Address,
        label: str | None,
    ) -> None:
        label = (use.label if use else None) or label
        if label:
            record["omschrijving"] = " – ".join(
                part for part in (record.get("omschrijving"), label) if part
            )
        if use is not None:
            for name, day in (("geldig_van", use.start), ("geldig_tot", use.end)):
                if day:
                    record.put(name, day, address)
                    self._collector.offer("tarief", (name,))
            if use.year:
                record.put("jaar", use.year, address)
                self._collector.offer("tarief", ("jaar",))
            for name, value in (("niveau", use.level), ("zwaarte", use.weight)):
                if value:
                    record.put(name, value, address)
                    self._collector.offer("tarief", (name,))
        if price is None:
            return
        record.put("tarief", price.amount, address)
        if price.level:
            record["niveau"] = price.level
            record.cells["niveau"] = record.cells["tarief"]
            self._collector.offer("tarief", ("niveau",))
        unit, unit_text = price.unit, price.unit_text
        if (
            unit_text is None
            and use is not None
            and use.unit
            and record.get("eenheid_tekst") is None
        ):
            unit, unit_text = use.unit, use.heading
        if unit_text is not None:
            record["eenheid"], record["eenheid_tekst"] = unit, mask_personal_data(unit_text)
            record.cells["eenheid"] = record.cells["eenheid_tekst"] = record.cells["tarief"]
            self._collector.offer("tarief", ("eenheid",))

    def _unit(self, record: Record, block: Block, context: Context) -> None:
        """The unit of a price that has none of its own: from a subheading, else from the name."""
        if context.unit:
            unit, text, address = context.unit
        elif "eenheid" in block.fields() or not record.get("omschrijving"):
            return
        else:
            found = unit_in_name(record["omschrijving"], self._vocabulary)
            if found is None:
                return
            unit, text = found
            record.cells["eenheid"] = record.cells.get("omschrijving", record.cells["tarief"])
            address = None
        record["eenheid"], record["eenheid_tekst"] = unit, mask_personal_data(text)
        if address is not None:
            record.cells["eenheid"] = record.sheet.place(address)
        record.cells["eenheid_tekst"] = record.cells["eenheid"]
        self._collector.offer("tarief", ("eenheid",))

    def _dated(
        self, record: Record, use: ColumnUse, cells: dict[int, Value], block: Block, group: int
    ) -> None:
        """Index and volume that stand in a column of their own for the year of this tariff."""
        year = record.get("jaar")
        for name in PER_YEAR:
            own = [
                u
                for u in block.columns
                if u.field == name and u.year is not None and u.group in (0, group)
            ]
            fitting = [u for u in own if u.year == year] or ([] if year and len(own) > 1 else own)
            if year and use.year and name == "indexpercentage":
                fitting = [u for u in own if u.year == year]
            if fitting and fitting[-1].column in cells:
                address = (record.row, fitting[-1].column)
                value = cells[address[1]]
                self._collector.put(record.sheet, record, "tarief", name, address, value)

    # --- matrix -----------------------------------------------------------------------------

    def matrix(
        self, sheet: Sheet, layout: Layout, reading: Bladlezing, left_out: dict[str, list[int]]
    ) -> set[int]:
        """Prices with their code beside, above or below them; labels from the row and column."""
        down, right = MATRIX_STEPS[layout.matrix or "onder"]
        used: set[int] = set()
        self._collector.offer("tarief", ("productcode", "omschrijving", "tarief"))
        reading.opmerkingen.append(f"Matrix: de productcode staat {layout.matrix} het bedrag.")
        titles = [
            as_text(v)
            for (row, _), v in sorted(sheet.cells.items())
            if row in layout.title_rows and isinstance(v, str)
        ]
        years = {year for title in titles for year in years_in(title)}
        if not years and len(years_in(sheet.name)) == 1:
            years = set(years_in(sheet.name))
        paired: set[Address] = set()
        for address, value in sorted(sheet.cells.items()):
            code_address = (address[0] + down, address[1] + right)
            if looks_like_code(value) or not looks_like_code(sheet.cells.get(code_address)):
                continue
            paired |= {address, code_address}
            used |= {address[0], code_address[0]}
            try:
                prices = parse_prices(value, self._vocabulary)
                codes = parse_codes(sheet.cells[code_address]).codes
            except NotUnderstood as problem:
                self._collector.not_understood(sheet, address, value, problem.expected, "Tarief")
                continue
            label = self._matrix_label(sheet, address)
            for code in codes:
                for price in prices:
                    record = Record(sheet, address[0])
                    record.put("productcode", code, code_address)
                    if label:
                        record.put("omschrijving", label, address)
                    if len(years) == 1:
                        record.put("jaar", next(iter(years)), address)
                        self._collector.offer("tarief", ("jaar",))
                    self._price(record, None, price, address, None)
                    self._collector.add("tarief", record)
                    reading.records += 1
        if used and (headings := [row for row in layout.title_rows if row < min(used)]):
            reading.kopregels = [max(headings)]
            left_out["kopregel"] = reading.kopregels
        for address, value in sorted(sheet.cells.items()):
            if looks_like_code(value) and address not in paired:
                self._collector.report(
                    "niet begrepen",
                    sheet,
                    address,
                    as_text(value),
                    "een bedrag naast de productcode",
                    "Productcode",
                )
        return used

    def _matrix_label(self, sheet: Sheet, address: Address) -> str:
        """The first text of the row and the heading of the column."""
        row, column = address
        side = next(
            (
                as_text(sheet.cells[row, c])
                for c in range(1, column)
                if isinstance(sheet.cells.get((row, c)), str)
                and not looks_like_code(sheet.cells[row, c])
            ),
            "",
        )
        top = next(
            (
                as_text(value)
                for r in range(row - 1, 0, -1)
                if isinstance(value := sheet.cells.get((r, column)), str)
                and not looks_like_code(value)
                and not is_empty(value)
                and "€" not in value
            ),
            "",
        )
        return " – ".join(part for part in (side, top) if part)
