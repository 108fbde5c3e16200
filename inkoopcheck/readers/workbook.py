"""Turn the sheets of a contract workbook into rows of the base tables, each with its cells.

Nothing that was read is lost silently: every filled row is used, or left out with a reason that
the report counts; every cell that is not understood becomes a row of ``leesmelding``.
"""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from inkoopcheck.dutch import count_of, join_words
from inkoopcheck.errors import UnusableInput, printable
from inkoopcheck.findings.model import Bladlezing, Kolomlezing, Weglating
from inkoopcheck.readers.layout import (
    Block,
    ColumnUse,
    LabelValue,
    Layout,
    recognise,
)
from inkoopcheck.readers.records import Collector, ReadWorkbook, Record, is_filled, is_indefinite
from inkoopcheck.readers.sheet import Address, Sheet, Value, cell_name, column_letter, ranges
from inkoopcheck.readers.spreadsheet import read_spreadsheet
from inkoopcheck.readers.tariffs import Context, TariffReader
from inkoopcheck.readers.values import (
    NotUnderstood,
    as_text,
    find_dates,
    holds_personal_number,
    is_empty,
    looks_like_code,
    mask_personal_data,
    names_code,
    parse_codes,
    without_dates,
    years_in,
)
from inkoopcheck.readers.vocabulary import Vocabulary, plain
from inkoopcheck.tables.schema import EXAMPLE_MARK, ROW_KIND_TITLE

if TYPE_CHECKING:
    from inkoopcheck.readers.mapping import Mapping

__all__ = ["ReadWorkbook", "read_layouts", "read_workbook"]

_EXAMPLE = plain(EXAMPLE_MARK)
_ROW_KIND = plain(ROW_KIND_TITLE)

_TOTAL = re.compile(
    r"^\s*(?:sub|eind|tussen)?-?totaal\b|^\s*totalen\b|^\s*som\b|\btotaal aantal\b", re.IGNORECASE
)
_FOOTNOTE = re.compile(
    r"^\s*(?:\*|\(?\d{1,2}\)|¹|²|³|bron\b|nb\b|let op\b|toelichting\b|noot\b|voetnoot\b|n\.b\.)",
    re.IGNORECASE,
)
_MAX_TITLE = 120
_DITTO = frozenset(('"', "''", "idem", "id", "”", ",,", "dito"))
_PART = re.compile(r"\s*(?:sub|deel)?(?:perceel|segment|kavel|cluster)\b", re.IGNORECASE)
_FROM = re.compile(r"\b(?:per|vanaf|ingang|ingaande)\b|m\.i\.v\.", re.IGNORECASE)
_NO_TARIFF_YEAR = re.compile(
    r"\b(?:versie|concept|d\.d\.|besluit|vastgesteld|verordening|\w*wet\b|kenmerk|nota|brief|bron|cao)",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"budget|bedrag|kosten|prijs|tarief|vergoeding|omzet|plafond|p ?x ?q|€|\beuro", re.IGNORECASE
)
_SERVICE_SHEETS = frozenset(
    (
        "leeswijzer",
        "toelichting",
        "inhoud",
        "inhoudsopgave",
        "instructie",
        "versiebeheer",
        "colofon",
    )
)
_LIST_SHEETS = frozenset(("keuzelijsten", "keuzelijst", "lijsten", "opzoeklijsten", "lookup"))
"""Sheets with the options of drop-downs; they hold no agreements."""


def read_workbook(
    path: Path, vocabulary: Vocabulary, mapping: "Mapping | None" = None
) -> ReadWorkbook:
    """Read a contract workbook of any supported kind.

    Raises:
        UnusableInput: no workbook, damaged, locked, over a limit, or nothing recognised in it.
    """
    spreadsheet = read_spreadsheet(path)
    collector = Collector(printable(path.name), vocabulary)
    reader = _Reader(collector)
    mapped = mapping.layouts(spreadsheet.sheets) if mapping else {}
    for sheet in spreadsheet.sheets:
        layout = mapped.get(sheet.name) or recognise(sheet, vocabulary)
        reader.read(sheet, layout, skip=mapping is not None and mapping.skips(sheet.name))
    result = collector.result
    result.kind = spreadsheet.kind
    filled = any(
        is_filled(row)
        for table, rows in result.rows.items()
        if table != "leesmelding"
        for row in rows
    )
    if not filled and result.offered:
        raise UnusableInput(f"{path.name} is nog niet ingevuld: er staan alleen koppen in.")
    if not filled:
        raise UnusableInput(
            f"In {path.name} vond inkoopcheck geen blad met tarieven of contractgegevens."
            f" Bekijk met 'inkoopcheck herken {path.name}' wat er wel is gezien, en wijs met een"
            " mapping aan waar de kolommen staan."
        )
    return result


def read_layouts(path: Path, vocabulary: Vocabulary) -> list[tuple[Sheet, Layout]]:
    """The sheets of a workbook with the layout recognised in each, for ``inkoopcheck herken``."""
    return [(s, recognise(s, vocabulary)) for s in read_spreadsheet(path).sheets]


class _Reader:
    def __init__(self, collector: Collector) -> None:
        self._collector = collector
        self._vocabulary = collector.vocabulary
        self._tariffs = TariffReader(collector)
        self._row_above: dict[int, Value] = {}
        self._last: tuple[tuple[object, ...], Context] | None = None

    # --- one sheet --------------------------------------------------------------------------

    def read(self, sheet: Sheet, layout: Layout, *, skip: bool) -> None:
        self._collector.result.layouts.append(layout)
        reading = Bladlezing(blad=sheet.name, soort="niet herkend")
        self._collector.result.sheets.append(reading)
        rows = sheet.filled_rows()
        reading.rijen_gelezen = len(rows)
        self._name_hidden(sheet, reading)
        if skip or plain(sheet.name) in _LIST_SHEETS:
            reason = "blad overgeslagen volgens de mapping" if skip else "blad met keuzelijsten"
            reading.soort = "overgeslagen"
            reading.weggelaten.append(Weglating(reden=reason, rijen=list(rows)))
            return
        if not layout.recognised:
            self._unrecognised(sheet, reading, rows)
            return
        used: set[int] = set()
        left_out: dict[str, list[int]] = {}
        kinds = [block.table for block in layout.blocks]
        if layout.pairs:
            used |= self._read_pairs(sheet, layout, reading)
            if not kinds:
                kinds.append("contract")
        if layout.turned:
            used |= self._read_turned(sheet, layout, reading)
        for block in [] if layout.turned else layout.blocks:
            reading.kopregels.extend(block.heading_rows)
            left_out.setdefault("kopregel", []).extend(block.heading_rows)
            used |= self._read_block(sheet, layout, block, reading, left_out)
        if layout.matrix:
            kinds.append("tarief")
            used |= self._tariffs.matrix(sheet, layout, reading, left_out)
        reading.soort = join_words(list(dict.fromkeys(kinds)))
        accounted = used.union(*left_out.values()) if left_out else used
        for row in rows:
            if row not in accounted:
                reason = (
                    "titel of uitleg boven de tabel"
                    if (layout.blocks and row < layout.blocks[0].first_row)
                    or row in layout.title_rows
                    or any(row in block.titles for block in layout.blocks)
                    else ("uitleg of tekst zonder gegevens")
                )
                left_out.setdefault(reason, []).append(row)
        reading.rijen_gebruikt = len(used)
        reading.weggelaten = [
            Weglating(reden=reason, rijen=sorted(set(numbers) - used))
            for reason, numbers in left_out.items()
        ]
        self._report_cells(sheet, reading)

    def _unrecognised(
        self, sheet: Sheet, reading: Bladlezing, rows: dict[int, dict[int, Value]]
    ) -> None:
        if not rows:
            reading.soort = "leeg"
            return
        reading.weggelaten.append(Weglating(reden="blad niet herkend", rijen=list(rows)))
        amounts = sum(
            1
            for cells in rows.values()
            for value in cells.values()
            if isinstance(value, int | float) and not isinstance(value, bool)
        )
        explains = plain(sheet.name) in _SERVICE_SHEETS or (len(rows) < 60 and amounts <= 2)
        if explains:
            reading.soort = "toelichting"
            reading.weggelaten[-1].reden = "toelichting, geen tabel"
            return
        first = min(sheet.cells)
        self._collector.report(
            "blad niet herkend",
            sheet,
            first,
            sheet.name,
            "een tabel met koppen zoals Productcode en Tarief",
        )

    def _name_hidden(self, sheet: Sheet, reading: Bladlezing) -> None:
        if not sheet.cells:
            return
        columns = sheet.hidden_columns & {column for _, column in sheet.cells}
        rows = sheet.hidden_rows & set(sheet.filled_rows())
        if sheet.hidden and plain(sheet.name) not in _SERVICE_SHEETS:
            reading.verborgen.append("het hele blad")
            self._collector.report(
                "verborgen", sheet, min(sheet.cells), "het hele blad", "een zichtbaar blad"
            )
        if columns:
            letters = join_words([column_letter(column) for column in sorted(columns)])
            text = f"kolom {letters}" if len(columns) == 1 else f"kolommen {letters}"
            reading.verborgen.append(text)
            self._collector.report(
                "verborgen", sheet, (1, min(columns)), text, "zichtbare kolommen"
            )
        if rows:
            numbers = join_words(ranges(rows))
            text = f"rij {numbers}" if len(rows) == 1 else f"rijen {numbers}"
            reading.verborgen.append(text)
            self._collector.report("verborgen", sheet, (min(rows), 1), text, "zichtbare rijen")

    def _report_cells(self, sheet: Sheet, reading: Bladlezing) -> None:
        hidden = self._collector.result.personal_cells.setdefault(sheet.name, set())
        for address, value in sheet.cells.items():
            if (
                isinstance(value, str)
                and holds_personal_number(value)
                and cell_name(address) not in hidden
            ):
                hidden.add(cell_name(address))
                self._collector.report(
                    "lijkt op bsn",
                    sheet,
                    address,
                    "negen cijfers die een bsn kunnen zijn",
                    "geen nummers van personen",
                )
        for address in sheet.formulas_without_value:
            self._collector.report(
                "formule zonder waarde",
                sheet,
                address,
                "een formule zonder uitkomst",
                "een formule met een bewaarde uitkomst",
            )
        for address, error in sheet.error_values.items():
            self._collector.report("foutwaarde", sheet, address, error, "een getal of tekst")

    # --- labels with values -----------------------------------------------------------------

    def _read_pairs(self, sheet: Sheet, layout: Layout, reading: Bladlezing) -> set[int]:
        records: dict[tuple[str, int], Record] = {}
        used: set[int] = set()
        for pair in layout.pairs:
            record = records.setdefault((pair.table, pair.record), Record(sheet, pair.label[0]))
            value = self._pair_value(sheet, pair)
            used.add(pair.label[0])
            if pair.record == 0:
                reading.kolommen.append(
                    Kolomlezing(
                        kolom=cell_name(pair.label),
                        kop=mask_personal_data(pair.heading.strip()),
                        veld=pair.field,
                    )
                )
            names = ("startdatum", "einddatum") if pair.field == "looptijd" else (pair.field,)
            self._collector.offer(pair.table, names)
            if pair.field == "looptijd":
                self._read_term(sheet, record, pair.value, value)
            elif pair.table == "contract" and pair.field == "einddatum" and is_indefinite(value):
                record.put("onbepaalde_tijd", True, pair.value)
                self._collector.offer("contract", ("onbepaalde_tijd",))
            else:
                self._collector.put(sheet, record, pair.table, pair.field, pair.value, value)
        for address in layout.unknown_labels:
            label = as_text(sheet.cells[address])
            used.add(address[0])
            reading.kolommen.append(
                Kolomlezing(kolom=cell_name(address), kop=mask_personal_data(label))
            )
            self._collector.report(
                "label niet herkend",
                sheet,
                address,
                label,
                "een onderwerp uit het sjabloon",
                label[:60],
            )
        for (table, number), record in records.items():
            if table == "aanbieder" and any(other for _, other in records):
                contract = records.get(("contract", number))
                record.setdefault("contract_id", contract.get("contract_id") if contract else None)
            filled = [value for value in record.values() if value is not None]
            if table == "contract" or filled:
                self._collector.add(table, record)
                reading.records += 1
        if records:
            self._collector.result.offered.setdefault("contract", set())
        return used

    def _pair_value(self, sheet: Sheet, pair: LabelValue) -> Value | None:
        if pair.value == pair.label:
            return as_text(sheet.cells[pair.label]).partition(":")[2].strip()
        return sheet.cells.get(pair.value)

    def _read_term(
        self, sheet: Sheet, record: Record, address: Address, value: Value | None
    ) -> None:
        """A term written as two dates: ``1-1-2026 t/m 31-12-2028``."""
        if value is None or is_empty(value):
            return
        try:
            dates = find_dates(as_text(value))
        except NotUnderstood as problem:
            self._collector.not_understood(sheet, address, value, problem.expected, "Looptijd")
            return
        if len(dates) == 2:
            record.put("startdatum", dates[0], address)
            record.put("einddatum", dates[1], address)
        elif is_indefinite(value):
            record.put("onbepaalde_tijd", True, address)
            self._collector.offer("contract", ("onbepaalde_tijd",))
        else:
            self._collector.not_understood(
                sheet, address, value, "een begin- en einddatum", "Looptijd"
            )

    # --- tables -----------------------------------------------------------------------------

    def _read_block(
        self,
        sheet: Sheet,
        layout: Layout,
        block: Block,
        reading: Bladlezing,
        left_out: dict[str, list[int]],
    ) -> set[int]:
        self._name_columns(sheet, block, reading)
        self._collector.offer(block.table, block.fields() - {"looptijd"})
        if block.table == "contract":
            self._collector.result.offered.setdefault("aanbieder", set())
        context = self._context_of(sheet, layout, block, reading)
        used: set[int] = set()
        beside: list[int] = []
        outside = False
        rows = sheet.filled_rows()
        labels = {pair.label[0] for pair in layout.pairs}
        for row in [number for number in rows if block.first_row <= number <= block.last_row]:
            if row in labels:
                continue
            if block.table == "tarief":
                outside = self._is_outside(row, block, rows, outside=outside)
                if outside:
                    beside.append(row)
                    continue
            cells = self._with_merged(sheet, rows[row], row, block)
            reason = self._reason_to_skip(sheet, row, cells, block)
            if reason == "tussenkop":
                column, text = next(iter(rows[row].items()))
                context.read(as_text(text), (row, column), self._vocabulary)
            if reason:
                left_out.setdefault(reason, []).append(row)
                continue
            if block.table == "tarief":
                number = self._tariffs.row(sheet, row, cells, block, context, reading)
            else:
                number = self._plain_row(sheet, row, cells, block, context)
            if number:
                used.add(row)
                reading.records += number
            else:
                left_out.setdefault(self._why_no_record(cells, block), []).append(row)
        if beside:
            left_out.setdefault("andere gegevens bij de tabel", []).extend(beside)
            self._report_other_table(sheet, beside)
        return used

    def _is_outside(
        self, row: int, block: Block, rows: dict[int, dict[int, Value]], *, outside: bool
    ) -> bool:
        """Whether a row is part of something else, below the table and after an empty row."""
        title_above = row - 1 > block.first_row and len(rows.get(row - 1, ())) == 1
        after_gap = row - 1 not in rows or (title_above and row - 2 not in rows)
        if row == block.first_row or not (outside or after_gap):
            return False
        cells = rows[row]
        codes = [
            cells[u.column] for u in block.columns if u.field == "productcode" and u.column in cells
        ]
        if any(looks_like_code(code) or names_code(code) for code in codes):
            return False
        if not after_gap:
            return True
        prices = [
            cells[u.column]
            for u in block.columns
            if u.field in ("tarief", "minuuttarief") and u.column in cells
        ]
        if any(re.search(r"\d", as_text(price)) for price in prices):
            return False
        return len(cells) > 1 and not any(re.search(r"[A-Za-z].*\d", str(code)) for code in codes)

    def _report_other_table(self, sheet: Sheet, numbers: list[int]) -> None:
        """Report the first column of amounts in rows that are not part of the table."""
        rows = sheet.filled_rows()
        for row in numbers:
            for column, value in rows[row].items():
                below = rows.get(row + 1, {}).get(column)
                amount = isinstance(below, str) and "€" in below
                if isinstance(value, str) and (
                    amount
                    or isinstance(below, float)
                    or (type(below) is int and _MONEY.search(value))
                ):
                    self._collector.report(
                        "kolom niet herkend",
                        sheet,
                        (row, column),
                        value,
                        "een kop die inkoopcheck kent",
                        value[:60],
                    )
                    return

    def _read_turned(self, sheet: Sheet, layout: Layout, reading: Bladlezing) -> set[int]:
        """A table with its headings below each other; the rows of the sheet are its columns."""
        reading.opmerkingen.append("Gekanteld gelezen: de koppen staan onder elkaar.")
        turned = sheet.turn()
        used: set[int] = set()
        for block in layout.blocks:
            self._read_block(turned, layout, block, reading, {})
            used |= {use.column for use in block.columns if use.field}
        return used

    def _why_no_record(self, cells: dict[int, Value], block: Block) -> str:
        codes = [cells.get(use.column) for use in block.columns if use.field == "productcode"]
        prices = [cells.get(use.column) for use in block.columns if use.field == "tarief"]
        if (
            block.table == "tarief"
            and any(not is_empty(code) for code in codes)
            and any(price is not None for price in prices)
        ):
            return "bij het tarief staat n.v.t."
        return "geen productcode en geen bedrag" if block.table == "tarief" else "geen gegevens"

    def _name_columns(self, sheet: Sheet, block: Block, reading: Bladlezing) -> None:
        for use in block.columns:
            if plain(use.heading) == _ROW_KIND:
                continue  # The column of our template that marks the example.
            extra = [
                text
                for text in (
                    str(use.year) if use.year else "",
                    f"eenheid {use.unit}" if use.unit else "",
                    use.level or "",
                    use.weight or "",
                    use.label or "",
                )
                if text
            ]
            if use.personal:
                self._personal_column(sheet, block, use)
                extra = ["persoonsgegevens: niet gelezen"]
            elif use.field is None:
                if use.column in sheet.hidden_columns or self._holds_amounts(sheet, block, use):
                    self._collector.report(
                        "kolom niet herkend",
                        sheet,
                        (block.heading_rows[-1], use.column),
                        use.heading,
                        "een kop die inkoopcheck kent",
                        use.heading[:60],
                    )
                extra = ["niet gebruikt"]
            reading.kolommen.append(
                Kolomlezing(
                    kolom=str(use.column) if sheet.turned else column_letter(use.column),
                    kop=mask_personal_data(use.heading),
                    veld=use.field,
                    toelichting=", ".join(extra) or None,
                )
            )

    def _holds_amounts(self, sheet: Sheet, block: Block, use: ColumnUse) -> bool:
        words = plain(use.heading)
        if "incl" in words and "btw" in words and "tarief" in block.fields():
            return False
        cells = sheet.column(use.column, block.first_row, block.last_row)
        kinds = (int, float) if _MONEY.search(use.heading) else (float,)
        amounts = [
            value
            for address, value in cells.items()
            if (isinstance(value, str) and "€" in value)
            or (type(value) in kinds and address not in sheet.percentages)
        ]
        return bool(cells) and len(amounts) * 2 >= len(cells)

    def _personal_column(self, sheet: Sheet, block: Block, use: ColumnUse) -> None:
        filled = list(sheet.column(use.column, block.first_row, block.last_row))
        self._collector.result.personal_cells.setdefault(sheet.name, set()).update(
            sheet.name_of(a) for a in filled
        )
        if filled:
            self._collector.report(
                "persoonsgegevens",
                sheet,
                (block.heading_rows[-1], use.column),
                f"kolom '{use.heading}' met {count_of(len(filled), 'gevulde cel', 'gevulde cellen')}",
                "geen gegevens van cliënten in een contractwerkmap",
                use.heading[:60],
            )

    def _context_of(
        self, sheet: Sheet, layout: Layout, block: Block, reading: Bladlezing
    ) -> Context:
        """Year, unit and part of a whole table: from titles above it or the name of the sheet."""
        if block.table not in ("tarief", "tariefopbouw"):
            return Context()
        previous = self._last
        context = (
            Context(unit=previous[1].unit, perceel=previous[1].perceel)
            if (previous is not None and previous[0] == _headings_of(sheet, block))
            else Context()
        )
        rows = sheet.filled_rows()
        for row in block.titles:
            if len(rows[row]) > 1:
                continue
            ((column, value),) = rows[row].items()
            if not isinstance(value, str) or len(value) > _MAX_TITLE or value.endswith("."):
                continue
            found = Context()
            found.read(value, (row, column), self._vocabulary)
            context.scheme = context.scheme or found.scheme
            if _PART.match(value) and "perceel" not in block.fields():
                context.perceel = found.perceel
            if "tarie" in value.lower():
                context.unit = found.unit or context.unit
                context.start = found.start
        if _PART.match(sheet.name) and not context.perceel and "perceel" not in block.fields():
            context.perceel = sheet.name, (block.heading_rows[0], 1)
        context.year = self._year_of(sheet, layout, block, reading)
        self._last = (_headings_of(sheet, block), context)
        return context

    def _year_of(
        self, sheet: Sheet, layout: Layout, block: Block, reading: Bladlezing
    ) -> tuple[int, Address] | None:
        """The year of a whole table. A title on tariffs goes before the name of the sheet, and
        that before other titles; the date of a letter or decision is no tariff year."""
        if "jaar" in block.fields() or any(
            use.year for use in block.columns if use.field == "tarief"
        ):
            return None
        rows = (sheet.turn() if sheet.turned else sheet).filled_rows()
        for numbers in (block.titles, layout.title_rows):
            titles: dict[bool, dict[int, Address]] = {True: {}, False: {}}
            for row in numbers:
                for column, value in rows[row].items():
                    if isinstance(value, str) and len(value) <= _MAX_TITLE:
                        on_tariffs = re.search(r"tarie|prijs|prijzen", value.lower()) is not None
                        text = value if on_tariffs and _FROM.search(value) else without_dates(value)
                        if on_tariffs or not _NO_TARIFF_YEAR.search(text):
                            for year in years_in(text):
                                address = (column, row) if sheet.turned else (row, column)
                                titles[on_tariffs].setdefault(year, address)
            in_name = dict.fromkeys(years_in(sheet.name), (block.heading_rows[0], 1))
            for found, by_name in ((titles[True], False), (in_name, True), (titles[False], False)):
                if len(found) > 1:
                    return None
                for year, address in found.items():
                    source = (
                        "de naam van het blad"
                        if by_name
                        else f"de titel in cel {sheet.name_of(address)}"
                    )
                    reading.opmerkingen.append(f"Jaar {year} overgenomen uit {source}.")
                    return year, address
        return None

    def _with_merged(
        self, sheet: Sheet, cells: dict[int, Value], row: int, block: Block
    ) -> dict[int, Value]:
        """The row's cells, with the value of cells that are merged with a row above it."""
        filled = dict(cells)
        for column, value in cells.items():
            if isinstance(value, str) and value.strip(" .").lower() in _DITTO:
                filled[column] = self._row_above.get(column, value)
        for use in block.columns:
            if use.column not in filled:
                origin = sheet.origin((row, use.column))
                if (
                    origin != (row, use.column)
                    and block.first_row <= origin[0]
                    and (origin[0] < row or len(cells) > 1)
                    and origin in sheet.cells
                ):
                    filled[use.column] = sheet.cells[origin]
        self._row_above = filled
        return filled

    def _reason_to_skip(
        self, sheet: Sheet, row: int, cells: dict[int, Value], block: Block
    ) -> str | None:
        texts = [
            (column, value) for column, value in sorted(cells.items()) if isinstance(value, str)
        ]
        if (
            texts
            and plain(texts[0][1]).startswith(_EXAMPLE)
            and self._is_example_column(block, texts[0][0])
        ):
            return "voorbeeldrij van het sjabloon"
        if any(_TOTAL.search(text) for _, text in texts[:2]) and not any(
            looks_like_code(v) for v in cells.values()
        ):
            return "totaalregel"
        headings = {use.column: plain(use.heading) for use in block.columns}
        same = sum(1 for column, text in texts if headings.get(column) == plain(text))
        if same >= 2 and same * 2 >= len(cells):
            return "herhaalde kopregel"
        if block.table == "tarief" and row <= block.first_row + 1 and len(cells) > 1:
            words = [as_text(value).strip("() .").lower() for value in cells.values()]
            if words in (
                [*map(str, range(1, len(words) + 1))],
                [*"abcdefghijklmnop"[: len(words)]],
            ):
                return "rij met kolomnummers"
            if self._explains(cells, texts, block):
                return "uitleg onder de kop"
        if block.table == "tarief" and len(cells) == 1 and not texts:
            (value,) = cells.values()
            if type(value) is int and years_in(str(value)):
                return "tussenkop"
        if (
            block.table in ("tarief", "tariefopbouw", "uitleg", "aanbieder")
            and len(cells) == 1
            and len(texts) == 1
        ):
            text = texts[0][1]
            if _FOOTNOTE.match(text) or len(text) > 90:
                return "voetnoot"
            if not looks_like_code(text) and block.table == "tarief":
                return "tussenkop"
        if texts and len(texts) == len(cells) and _FOOTNOTE.match(texts[0][1]) and len(cells) <= 2:
            return "voetnoot"
        if all(is_empty(value) for value in cells.values()):
            return "rij met alleen n.v.t. of streepjes"
        return None

    def _explains(
        self, cells: dict[int, Value], texts: list[tuple[int, str]], block: Block
    ) -> bool:
        """Whether a row right below the headings says what to fill in: no code, no amount."""
        if len(texts) < len(cells):
            return False
        held = {use.field: cells[use.column] for use in block.columns if use.column in cells}
        code, price = str(held.get("productcode") or ""), str(held.get("tarief") or "")
        return (
            bool(price)
            and not is_empty(price)
            and not re.search(r"\d", price)
            and ((" " in code and not re.search(r"\d\d", code)) or plain(code).startswith("code"))
        )

    def _is_example_column(self, block: Block, column: int) -> bool:
        use = next((use for use in block.columns if use.column == column), None)
        return use is None or plain(use.heading) == _ROW_KIND

    def _plain_row(
        self, sheet: Sheet, row: int, cells: dict[int, Value], block: Block, context: Context
    ) -> int:
        table = block.table
        record = Record(sheet, row)
        extra = Record(sheet, row)
        for use in block.columns:
            if use.field is None or use.column not in cells:
                continue
            value, address = cells[use.column], (row, use.column)
            if (
                table == "tariefopbouw"
                and use.field in ("overhead", "indexering")
                and self._is_share(sheet, address, value, use)
            ):
                name = "overhead_percentage" if use.field == "overhead" else "index_percentage"
                self._collector.offer(table, (name,))
                self._collector.put(sheet, record, table, name, address, value)
            elif table == "contract" and use.field == "looptijd":
                self._collector.offer("contract", ("startdatum", "einddatum"))
                self._read_term(sheet, record, address, value)
            elif table == "contract" and use.field == "einddatum" and is_indefinite(value):
                record.put("onbepaalde_tijd", True, address)
                self._collector.offer("contract", ("onbepaalde_tijd",))
            elif (
                table == "tariefopbouw"
                and use.field == "productcode"
                and names_code(value)
                and not looks_like_code(value)
            ):
                codes = parse_codes(value)
                record.put("productcode", codes.codes[0], address)
                record.put("omschrijving", codes.rest, address)
            else:
                self._collector.put(sheet, record, table, use.field, address, value)
        if table == "tariefopbouw" and "eenheid" not in record:
            unit = next(
                (use.unit for use in block.columns if use.field == "tarief" and use.unit), None
            )
            if unit:
                record["eenheid"] = unit
        if table == "contract":
            self._providers_in_contract_row(sheet, row, cells, block, extra)
            if extra:
                extra.setdefault("contract_id", record.get("contract_id"))
                self._collector.add("aanbieder", extra)
        if not any(value is not None for value in record.values()):
            return 0
        if table == "tariefopbouw" and context.year and record.get("jaar") is None:
            record.put("jaar", *context.year)
        self._collector.add(table, record)
        return 1

    def _providers_in_contract_row(
        self, sheet: Sheet, row: int, cells: dict[int, Value], block: Block, record: Record
    ) -> None:
        for use in block.columns:
            if use.field is not None or use.column not in cells or use.personal:
                continue
            match = self._vocabulary.field("aanbieder", use.heading)
            if match and match.exact:
                self._collector.offer("aanbieder", (match.field,))
                self._collector.put(
                    sheet, record, "aanbieder", match.field, (row, use.column), cells[use.column]
                )

    def _is_share(self, sheet: Sheet, address: Address, value: Value, use: ColumnUse) -> bool:
        if address in sheet.percentages or "%" in use.heading:
            return True
        if isinstance(value, str):
            return "%" in value
        return isinstance(value, float) and 0 < value < 1


def _headings_of(sheet: Sheet, block: Block) -> tuple[object, ...]:
    return (sheet.name, *((use.column, use.heading) for use in block.columns))
