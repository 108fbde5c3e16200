"""Turn the sheets of a contract workbook into rows of the base tables, each with its cells.

Nothing that was read is lost silently: every filled row is used, or left out with a reason that
the report counts; every cell that is not understood becomes a row of ``leesmelding``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inkoopcheck.dutch import count_of, join_words
from inkoopcheck.errors import UnusableInput
from inkoopcheck.findings.model import Bladlezing, Kolomlezing, Weglating
from inkoopcheck.readers.layout import (
    MATRIX_STEPS,
    Block,
    ColumnUse,
    LabelValue,
    Layout,
    recognise,
)
from inkoopcheck.readers.sheet import Address, Sheet, Value, cell_name, column_letter, ranges
from inkoopcheck.readers.spreadsheet import read_spreadsheet
from inkoopcheck.readers.values import (
    NotUnderstood,
    Price,
    as_text,
    find_dates,
    holds_personal_number,
    is_empty,
    looks_like_code,
    mask_personal_data,
    other_codes_in,
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
from inkoopcheck.readers.vocabulary import Vocabulary, plain
from inkoopcheck.tables.schema import TABLES, Kind

if TYPE_CHECKING:
    from inkoopcheck.readers.mapping import Mapping

EXAMPLE_MARK = "voorbeeld"
"""First word of a row in our template that shows how to fill in; it is never read as data."""

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
_TOTAL = re.compile(r"^\s*(?:sub)?totaal\b|^\s*som\b|\btotaal aantal\b", re.IGNORECASE)
_FOOTNOTE = re.compile(
    r"^\s*(?:\*|\(?\d{1,2}\)|¹|²|³|bron\b|nb\b|let op\b|toelichting\b|noot\b|voetnoot\b|n\.b\.)",
    re.IGNORECASE,
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


def read_workbook(
    path: Path, vocabulary: Vocabulary, mapping: "Mapping | None" = None
) -> ReadWorkbook:
    """Read a contract workbook of any supported kind.

    Raises:
        UnusableInput: no workbook, damaged, locked, over a limit, or nothing recognised in it.
    """
    spreadsheet = read_spreadsheet(path)
    reader = _Reader(path.name, vocabulary)
    mapped = mapping.layouts(spreadsheet.sheets) if mapping else {}
    for sheet in spreadsheet.sheets:
        layout = mapped.get(sheet.name) or recognise(sheet, vocabulary)
        reader.read(sheet, layout, skip=mapping is not None and mapping.skips(sheet.name))
    result = reader.result
    result.kind = spreadsheet.kind
    filled = any(
        _filled(row)
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


class _Record(dict[str, Any]):
    """A row of a base table under construction, with the cell of every field."""

    def __init__(self, sheet: str, row: int) -> None:
        super().__init__()
        self.sheet, self.row = sheet, row
        self.cells: dict[str, str] = {}

    def put(self, name: str, value: Any, address: Address) -> None:
        self.setdefault(name, None)
        if self[name] is None:
            self[name] = value
        self.cells.setdefault(name, f"{self.sheet}!{cell_name(address)}")


class _Reader:
    def __init__(self, file_name: str, vocabulary: Vocabulary) -> None:
        self.result = ReadWorkbook(kind="")
        self._file = file_name
        self._vocabulary = vocabulary
        self._next_id = 0

    # --- one sheet --------------------------------------------------------------------------

    def read(self, sheet: Sheet, layout: Layout, *, skip: bool) -> None:
        self.result.layouts.append(layout)
        reading = Bladlezing(blad=sheet.name, soort="niet herkend")
        self.result.sheets.append(reading)
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
        for block in layout.blocks:
            reading.kopregels.extend(block.heading_rows)
            left_out.setdefault("kopregel", []).extend(block.heading_rows)
            used |= self._read_block(sheet, layout, block, reading, left_out)
        if layout.matrix:
            kinds.append("tarief")
            used |= self._read_matrix(sheet, layout, reading, left_out)
        reading.soort = join_words(list(dict.fromkeys(kinds)))
        accounted = used.union(*left_out.values()) if left_out else used
        for row in rows:
            if row not in accounted:
                reason = (
                    "titel of uitleg boven de tabel"
                    if (layout.blocks and row < layout.blocks[0].first_row)
                    or row in layout.title_rows
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
        self._report(
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
            self._report(
                "verborgen", sheet, min(sheet.cells), "het hele blad", "een zichtbaar blad"
            )
        if columns:
            letters = join_words([column_letter(column) for column in sorted(columns)])
            text = f"kolom {letters}" if len(columns) == 1 else f"kolommen {letters}"
            reading.verborgen.append(text)
            self._report("verborgen", sheet, (1, min(columns)), text, "zichtbare kolommen")
        if rows:
            numbers = join_words(ranges(rows))
            text = f"rij {numbers}" if len(rows) == 1 else f"rijen {numbers}"
            reading.verborgen.append(text)
            self._report("verborgen", sheet, (min(rows), 1), text, "zichtbare rijen")

    def _report_cells(self, sheet: Sheet, reading: Bladlezing) -> None:
        hidden = self.result.personal_cells.setdefault(sheet.name, set())
        for address, value in sheet.cells.items():
            if (
                isinstance(value, str)
                and holds_personal_number(value)
                and cell_name(address) not in hidden
            ):
                hidden.add(cell_name(address))
                self._report(
                    "lijkt op bsn",
                    sheet,
                    address,
                    "negen cijfers die een bsn kunnen zijn",
                    "geen nummers van personen",
                )
        for address in sheet.formulas_without_value:
            self._report(
                "formule zonder waarde",
                sheet,
                address,
                "een formule zonder uitkomst",
                "een formule met een bewaarde uitkomst",
            )
        for address, error in sheet.error_values.items():
            self._report("foutwaarde", sheet, address, error, "een getal of tekst")

    def _report(
        self,
        kind: str,
        sheet: Sheet,
        address: Address,
        found: str,
        expected: str,
        column: str | None = None,
    ) -> None:
        record = _Record(sheet.name, address[0])
        record.put("soort", kind, address)
        record.put("gevonden", mask_personal_data(found), address)
        record.put("verwacht", expected, address)
        record.put("veld", column, address)
        self._add("leesmelding", record)

    def _add(self, table: str, record: _Record) -> None:
        self._next_id += 1
        if self._next_id > _MAX_RECORDS:
            raise UnusableInput(
                f"{self._file} geeft meer dan {_MAX_RECORDS} regels. Splits de werkmap."
            )
        record.update(
            rij_id=self._next_id,
            bestand=self._file,
            blad=record.sheet,
            rij=record.row,
            cellen=record.cells,
        )
        self.result.rows.setdefault(table, []).append(dict(record))

    def _offer(self, table: str, names: Iterable[str]) -> None:
        present = self.result.offered.setdefault(table, set())
        if present is not None:
            present.update(names)

    # --- labels with values -----------------------------------------------------------------

    def _read_pairs(self, sheet: Sheet, layout: Layout, reading: Bladlezing) -> set[int]:
        records: dict[str, _Record] = {}
        used: set[int] = set()
        for pair in layout.pairs:
            record = records.setdefault(pair.table, _Record(sheet.name, pair.label[0]))
            value = self._pair_value(sheet, pair)
            used.add(pair.label[0])
            reading.kolommen.append(
                Kolomlezing(
                    kolom=cell_name(pair.label),
                    kop=mask_personal_data(pair.heading.strip()),
                    veld=pair.field,
                )
            )
            names = ("startdatum", "einddatum") if pair.field == "looptijd" else (pair.field,)
            self._offer(pair.table, names)
            if pair.field == "looptijd":
                self._read_term(sheet, record, pair.value, value)
            elif pair.table == "contract" and pair.field == "einddatum" and _is_indefinite(value):
                record.put("onbepaalde_tijd", True, pair.value)
                self._offer("contract", ("onbepaalde_tijd",))
            else:
                self._put(sheet, record, pair.table, pair.field, pair.value, value)
        for address in layout.unknown_labels:
            label = as_text(sheet.cells[address])
            used.add(address[0])
            reading.kolommen.append(
                Kolomlezing(kolom=cell_name(address), kop=mask_personal_data(label))
            )
            self._report(
                "label niet herkend",
                sheet,
                address,
                label,
                "een onderwerp uit het sjabloon",
                label[:60],
            )
        for table, record in records.items():
            filled = [value for value in record.values() if value is not None]
            if table == "contract" or filled:
                self._add(table, record)
                reading.records += 1
        if "contract" in records or "aanbieder" in records:
            self.result.offered.setdefault("contract", set())
        return used

    def _pair_value(self, sheet: Sheet, pair: LabelValue) -> Value | None:
        if pair.value == pair.label:
            return as_text(sheet.cells[pair.label]).partition(":")[2].strip()
        return sheet.cells.get(pair.value)

    def _read_term(
        self, sheet: Sheet, record: _Record, address: Address, value: Value | None
    ) -> None:
        """A term written as two dates: ``1-1-2026 t/m 31-12-2028``."""
        if value is None or is_empty(value):
            return
        try:
            dates = find_dates(as_text(value))
        except NotUnderstood as problem:
            self._not_understood(sheet, address, value, problem.expected, "Looptijd")
            return
        if len(dates) == 2:
            record.put("startdatum", dates[0], address)
            record.put("einddatum", dates[1], address)
        elif _is_indefinite(value):
            record.put("onbepaalde_tijd", True, address)
            self._offer("contract", ("onbepaalde_tijd",))
        else:
            self._not_understood(sheet, address, value, "een begin- en einddatum", "Looptijd")

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
        self._offer(block.table, block.fields() - {"looptijd"})
        if block.table == "contract":
            self.result.offered.setdefault("aanbieder", set())
        year = self._year_of(sheet, layout, block, reading)
        used: set[int] = set()
        section: str | None = None
        rows = sheet.filled_rows()
        for row in [number for number in rows if block.first_row <= number <= block.last_row]:
            cells = self._with_merged(sheet, rows[row], row, block)
            reason = self._reason_to_skip(sheet, row, cells, block)
            if reason == "tussenkop":
                section = as_text(next(iter(rows[row].values())))
            if reason:
                left_out.setdefault(reason, []).append(row)
                continue
            if block.table == "tarief":
                number = self._tariff_row(sheet, row, cells, block, section, year)
            else:
                number = self._plain_row(sheet, row, cells, block)
            if number:
                used.add(row)
                reading.records += number
            else:
                left_out.setdefault(self._why_no_record(cells, block), []).append(row)
        return used

    def _why_no_record(self, cells: dict[int, Value], block: Block) -> str:
        codes = [cells.get(use.column) for use in block.columns if use.field == "productcode"]
        if block.table == "tarief" and any(not is_empty(code) for code in codes):
            return "bij het tarief staat n.v.t."
        return "geen productcode en geen bedrag" if block.table == "tarief" else "geen gegevens"

    def _name_columns(self, sheet: Sheet, block: Block, reading: Bladlezing) -> None:
        for use in block.columns:
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
                    self._report(
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
                    kolom=column_letter(use.column),
                    kop=mask_personal_data(use.heading),
                    veld=use.field,
                    toelichting=", ".join(extra) or None,
                )
            )

    def _holds_amounts(self, sheet: Sheet, block: Block, use: ColumnUse) -> bool:
        values = list(sheet.column(use.column, block.first_row, block.last_row).values())
        texts = [v for v in values if isinstance(v, str) and "€" in v]
        fractions = [v for v in values if isinstance(v, float)]
        return bool(values) and (len(texts) + len(fractions)) * 2 >= len(values)

    def _personal_column(self, sheet: Sheet, block: Block, use: ColumnUse) -> None:
        filled = list(sheet.column(use.column, block.first_row, block.last_row))
        self.result.personal_cells.setdefault(sheet.name, set()).update(
            cell_name(a) for a in filled
        )
        if filled:
            self._report(
                "persoonsgegevens",
                sheet,
                (block.heading_rows[-1], use.column),
                f"kolom '{use.heading}' met {count_of(len(filled), 'gevulde cel', 'gevulde cellen')}",
                "geen gegevens van cliënten in een contractwerkmap",
                use.heading[:60],
            )

    def _year_of(
        self, sheet: Sheet, layout: Layout, block: Block, reading: Bladlezing
    ) -> tuple[int, Address] | None:
        """The year of a whole table: from titles above it or the name of the sheet."""
        if (
            block.table not in ("tarief", "tariefopbouw")
            or "jaar" in block.fields()
            or any(use.year for use in block.columns)
        ):
            return None
        rows = sheet.filled_rows()
        titles = [
            ((row, column), years_in(value))
            for row in layout.title_rows
            for column, value in rows[row].items()
            if isinstance(value, str) and len(value) < 120
        ]
        found = {year for _, years in titles for year in years}
        if len(found) == 1:
            address = next(address for address, years in titles if years)
            year = found.pop()
            reading.opmerkingen.append(
                f"Jaar {year} overgenomen uit de titel in cel {cell_name(address)}."
            )
            return year, address
        in_name = years_in(sheet.name)
        if not found and len(in_name) == 1:
            reading.opmerkingen.append(f"Jaar {in_name[0]} overgenomen uit de naam van het blad.")
            return in_name[0], (block.heading_rows[0], 1)
        return None

    def _with_merged(
        self, sheet: Sheet, cells: dict[int, Value], row: int, block: Block
    ) -> dict[int, Value]:
        """The row's cells, with the value of cells that are merged with a row above it."""
        filled = dict(cells)
        for use in block.columns:
            if use.column not in filled:
                origin = sheet.origin((row, use.column))
                if (
                    origin != (row, use.column)
                    and origin[0] >= block.first_row
                    and origin in sheet.cells
                ):
                    filled[use.column] = sheet.cells[origin]
        return filled

    def _reason_to_skip(
        self, sheet: Sheet, row: int, cells: dict[int, Value], block: Block
    ) -> str | None:
        texts = [
            (column, value) for column, value in sorted(cells.items()) if isinstance(value, str)
        ]
        if (
            texts
            and plain(texts[0][1]).startswith(EXAMPLE_MARK)
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

    def _is_example_column(self, block: Block, column: int) -> bool:
        use = next((use for use in block.columns if use.column == column), None)
        return use is None or plain(use.heading) == "regelsoort"

    def _plain_row(self, sheet: Sheet, row: int, cells: dict[int, Value], block: Block) -> int:
        table = block.table
        record = _Record(sheet.name, row)
        extra = _Record(sheet.name, row)
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
                self._offer(table, (name,))
                self._put(sheet, record, table, name, address, value)
            elif table == "contract" and use.field == "looptijd":
                self._offer("contract", ("startdatum", "einddatum"))
                self._read_term(sheet, record, address, value)
            elif table == "contract" and use.field == "einddatum" and _is_indefinite(value):
                record.put("onbepaalde_tijd", True, address)
                self._offer("contract", ("onbepaalde_tijd",))
            else:
                self._put(sheet, record, table, use.field, address, value)
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
                self._add("aanbieder", extra)
        if not any(value is not None for value in record.values()):
            return 0
        self._add(table, record)
        return 1

    def _providers_in_contract_row(
        self, sheet: Sheet, row: int, cells: dict[int, Value], block: Block, record: _Record
    ) -> None:
        for use in block.columns:
            if use.field is not None or use.column not in cells or use.personal:
                continue
            match = self._vocabulary.field("aanbieder", use.heading)
            if match and match.exact:
                self._offer("aanbieder", (match.field,))
                self._put(
                    sheet, record, "aanbieder", match.field, (row, use.column), cells[use.column]
                )

    def _is_share(self, sheet: Sheet, address: Address, value: Value, use: ColumnUse) -> bool:
        if address in sheet.percentages or "%" in use.heading:
            return True
        if isinstance(value, str):
            return "%" in value
        return isinstance(value, float) and 0 < value < 1

    # --- tariffs ----------------------------------------------------------------------------

    def _tariff_row(
        self,
        sheet: Sheet,
        row: int,
        cells: dict[int, Value],
        block: Block,
        section: str | None,
        year: tuple[int, Address] | None,
    ) -> int:
        groups = sorted(
            {use.group for use in block.columns if use.field in ("tarief", "minuuttarief")}
        )
        number = 0
        for group in groups or [0]:
            shared = _Record(sheet.name, row)
            for use in block.columns:
                if (
                    use.field in (None, "tarief", "productcode", "minuuttarief")
                    or use.column not in cells
                ):
                    continue
                if use.group in (0, group):
                    self._put(
                        sheet, shared, "tarief", use.field, (row, use.column), cells[use.column]
                    )
            if section and "perceel" not in shared:
                shared["perceel"] = section
            if year and "jaar" not in shared and "geldig_van" not in shared:
                shared.put("jaar", *year)
            number += self._tariff_group(sheet, row, cells, block, shared, group)
        return number

    def _tariff_group(
        self,
        sheet: Sheet,
        row: int,
        cells: dict[int, Value],
        block: Block,
        shared: _Record,
        group: int,
    ) -> int:
        codes, code_address, label, rest = self._codes(sheet, row, cells, block, group)
        priced = self._priced(sheet, row, cells, block, group)
        minute = self._minute_prices(sheet, row, cells, block, group)
        if minute and not priced:
            # Only a minute tariff: the tariff itself is per minute.
            priced = [
                (use, address, [Price(p.amount, "01", "minuut", p.level, p.remark) for p in prices])
                for use, address, prices in minute
            ]
            minute = []
        if not priced:
            if not codes:
                return 0
            if self._empty_on_purpose(cells, block, group):
                return 0
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
                self._report(
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
                record = _Record(sheet.name, row)
                record.update(shared)
                record.cells.update(shared.cells)
                if code is not None:
                    record.put("productcode", code, code_address)
                if rest:
                    record.put("omschrijving", rest, code_address)
                self._price(record, use, price, address, label)
                for minute_use, minute_address, minute_prices in minute:
                    if use is None or minute_use.year in (None, use.year):
                        record.put("minuuttarief", minute_prices[0].amount, minute_address)
                        self._offer("tarief", ("minuuttarief",))
                self._add("tarief", record)
                number += 1
        return number

    def _codes(
        self, sheet: Sheet, row: int, cells: dict[int, Value], block: Block, group: int
    ) -> tuple[tuple[str, ...], Address, str | None, str | None]:
        for use in block.columns:
            if use.field != "productcode" or use.group not in (group, 0):
                continue
            address = (row, use.column)
            value = cells.get(use.column)
            try:
                found = parse_codes(value)
            except NotUnderstood as problem:
                kind = "code als getal" if isinstance(value, int | float) else "niet begrepen"
                self._report(
                    kind,
                    sheet,
                    address,
                    as_text(value) if value is not None else "",
                    problem.expected,
                    "Productcode",
                )
                return (), address, use.label, None
            return found.codes, address, use.label, found.rest
        return (), (row, min(cells)), None, None

    def _priced(
        self, sheet: Sheet, row: int, cells: dict[int, Value], block: Block, group: int
    ) -> list[tuple[ColumnUse, Address, list[Price]]]:
        return self._prices(sheet, row, cells, block, group, "tarief")

    def _minute_prices(
        self, sheet: Sheet, row: int, cells: dict[int, Value], block: Block, group: int
    ) -> list[tuple[ColumnUse, Address, list[Price]]]:
        return self._prices(sheet, row, cells, block, group, "minuuttarief")

    def _prices(
        self, sheet: Sheet, row: int, cells: dict[int, Value], block: Block, group: int, name: str
    ) -> list[tuple[ColumnUse, Address, list[Price]]]:
        found = []
        for use in block.columns:
            if use.field != name or use.group not in (group, 0) or use.column not in cells:
                continue
            address, value = (row, use.column), cells[use.column]
            try:
                prices = parse_prices(value, self._vocabulary)
            except NotUnderstood as problem:
                self._not_understood(sheet, address, value, problem.expected, use.heading)
                continue
            for price in prices:
                if price.remark:
                    self._report(
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

    def _empty_on_purpose(self, cells: dict[int, Value], block: Block, group: int) -> bool:
        """Whether the tariff cells of this group say n.v.t. rather than nothing."""
        values = [
            cells.get(use.column)
            for use in block.columns
            if use.field == "tarief" and use.group in (group, 0)
        ]
        return bool(values) and all(isinstance(value, str) and is_empty(value) for value in values)

    def _price(
        self,
        record: _Record,
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
            if use.year:
                record.put("jaar", use.year, address)
                self._offer("tarief", ("jaar",))
            for name, value in (("niveau", use.level), ("zwaarte", use.weight)):
                if value:
                    record.put(name, value, address)
                    self._offer("tarief", (name,))
        if price is None:
            return
        record.put("tarief", price.amount, address)
        if price.level:
            record["niveau"] = price.level
            record.cells["niveau"] = record.cells["tarief"]
            self._offer("tarief", ("niveau",))
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
            self._offer("tarief", ("eenheid",))

    # --- matrix -----------------------------------------------------------------------------

    def _read_matrix(
        self, sheet: Sheet, layout: Layout, reading: Bladlezing, left_out: dict[str, list[int]]
    ) -> set[int]:
        """Prices with their code beside, above or below them; labels from the row and column."""
        down, right = MATRIX_STEPS[layout.matrix or "onder"]
        used: set[int] = set()
        self._offer("tarief", ("productcode", "omschrijving", "tarief"))
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
                self._not_understood(sheet, address, value, problem.expected, "Tarief")
                continue
            label = self._matrix_label(sheet, address)
            for code in codes:
                for price in prices:
                    record = _Record(sheet.name, address[0])
                    record.put("productcode", code, code_address)
                    if label:
                        record.put("omschrijving", label, address)
                    if len(years) == 1:
                        record.put("jaar", next(iter(years)), address)
                        self._offer("tarief", ("jaar",))
                    self._price(record, None, price, address, None)
                    self._add("tarief", record)
                    reading.records += 1
        if used and (headings := [row for row in layout.title_rows if row < min(used)]):
            reading.kopregels = [max(headings)]
            left_out["kopregel"] = reading.kopregels
        for address, value in sorted(sheet.cells.items()):
            if looks_like_code(value) and address not in paired:
                self._report(
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

    def _index_clause(self, value: Value, address: Address, record: _Record) -> bool:
        """Whether there is an index clause; ``90% OVA en 10% PPC`` also gives the weights."""
        try:
            return bool(parse_yes_no(value))
        except NotUnderstood:
            for share, word in _SHARES.findall(as_text(value)):
                name = (
                    "index_weging_loon"
                    if word.lower() in ("ova", "loon", "lonen")
                    else "index_weging_materieel"
                )
                record.put(name, parse_number(share)[0], address)
                self._offer("contract", (name,))
            return True

    # --- one field --------------------------------------------------------------------------

    def _not_understood(
        self, sheet: Sheet, address: Address, value: Value, expected: str, column: str
    ) -> None:
        self._report("niet begrepen", sheet, address, as_text(value), expected, column[:60])

    def _put(
        self,
        sheet: Sheet,
        record: _Record,
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
                record.cells.setdefault(name, f"{sheet.name}!{cell_name(address)}")
            return
        try:
            parsed = self._parse(sheet, table, name, column.kind, address, value, record)
        except NotUnderstood as problem:
            record.cells.setdefault(name, f"{sheet.name}!{cell_name(address)}")
            self._not_understood(sheet, address, value, problem.expected, column.title)
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
        record: _Record,
    ) -> Any:
        if kind is Kind.AMOUNT:
            prices = parse_prices(value, self._vocabulary)
            if len(prices) != 1:
                raise NotUnderstood("één bedrag, zoals € 78,50")
            return prices[0].amount
        if kind is Kind.PERCENTAGE:
            return parse_percentage(
                value, shown_as_percentage=address in sheet.percentages, field=name
            )
        if kind is Kind.NUMBER:
            prices = parse_prices(value, self._vocabulary)
            return prices[0].amount if prices else None
        if kind is Kind.INTEGER:
            if name == "jaar":
                return _year(value)
            return parse_whole(value, _PERIOD_UNIT.get(name))
        if kind is Kind.DATE:
            if table == "tarief" and isinstance(value, int) and 2000 <= value <= 2049:
                record.put("jaar", value, address)
                self._offer("tarief", ("jaar",))
                return None
            return parse_date(value)
        if kind is Kind.YES_NO and name == "indexeringsclausule":
            return self._index_clause(value, address, record)
        if kind is Kind.YES_NO:
            return parse_yes_no(value)
        if kind is Kind.VARIANT:
            return parse_variant(value)
        if kind is Kind.FREQUENCY:
            return parse_frequency(value, self._vocabulary)
        if kind is Kind.UNIT:
            text, unit = parse_unit(value, self._vocabulary)
            if table == "tarief" and text is not None:
                record.put("eenheid_tekst", mask_personal_data(text), address)
            return unit
        if kind is Kind.CODE:
            return _code(table, name, value)
        return mask_personal_data(as_text(value), longest=2_000)


_SHARES = re.compile(
    r"(\d{1,3}(?:[.,]\d+)?)\s*%?\s*(ova|loon|lonen|ppc|pcc|prijs|prijzen|materieel)", re.IGNORECASE
)


def _filled(row: dict[str, Any]) -> bool:
    return any(
        value is not None
        for name, value in row.items()
        if name not in ("rij_id", "bestand", "blad", "rij", "cellen")
    )


def _is_indefinite(value: Value | None) -> bool:
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
