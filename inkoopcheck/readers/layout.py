"""Find out how a sheet is laid out: which table it holds, where its heading rows are, and which
column is which field. What is found can be written to a mapping file, corrected and given back.
"""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from inkoopcheck.readers.sheet import Address, Sheet, Value
from inkoopcheck.readers.values import (
    as_text,
    is_empty,
    looks_like_code,
    without_years,
    years_in,
)
from inkoopcheck.readers.vocabulary import Vocabulary, plain
from inkoopcheck.tables.schema import TABLES

TABLE_KINDS = (
    "tarief",
    "tariefopbouw",
    "administratie",
    "kwaliteit",
    "uitleg",
    "aanbieder",
    "contract",
)

_ENOUGH: dict[str, tuple[tuple[frozenset[str], int], ...]] = {
    # Sets of fields and how many of them a heading row must hold, to be a heading of that table.
    "tarief": (
        (frozenset({"tarief", "minuuttarief"}), 1),
        (frozenset({"productcode", "omschrijving", "productcategorie", "eenheid"}), 1),
    ),
    "tariefopbouw": (
        (
            frozenset(
                {
                    "kosten_beroepskrachten",
                    "overige_clientgebonden",
                    "overhead",
                    "overhead_percentage",
                    "indexering",
                    "productiviteit",
                    "risico_marge",
                    "index_percentage",
                }
            ),
            2,
        ),
    ),
    "administratie": (
        (frozenset({"omschrijving"}), 1),
        (
            frozenset(
                {
                    "categorie",
                    "grondslag",
                    "telleenheid",
                    "minuten_per_keer",
                    "via_berichtenverkeer",
                    "vindplaats",
                }
            ),
            2,
        ),
    ),
    "kwaliteit": (
        (frozenset({"omschrijving"}), 1),
        (frozenset({"landelijk_kader", "grondslag"}), 1),
    ),
    "uitleg": ((frozenset({"regel"}), 1), (frozenset({"reden"}), 1)),
    "aanbieder": ((frozenset({"aanbieder"}), 1), (frozenset({"kvk", "agb", "jeugdhulpvorm"}), 1)),
    "contract": (
        (
            frozenset(
                {
                    "startdatum",
                    "einddatum",
                    "verlengingsopties",
                    "betaaltermijn_dagen",
                    "contractstandaard",
                }
            ),
            2,
        ),
    ),
}
_LEVELS = {"mbo": "mbo", "hbo": "hbo", "wo": "wo"}
_WEIGHTS = ("extra zwaar", "middelzwaar", "zwaar", "middel", "midden", "licht")
_PRICES = ("tarief", "minuuttarief")
_SCAN_ROWS = 200
_MAX_HEADING_LENGTH = 90


@dataclass
class ColumnUse:
    """How one column is read: its field, and what the heading adds (year, unit, level, weight)."""

    column: int
    heading: str
    field: str | None = None
    year: int | None = None
    unit: str | None = None
    level: str | None = None
    weight: str | None = None
    label: str | None = None
    group: int = 0
    personal: bool = False
    exact: bool = False


@dataclass
class Block:
    """A table within a sheet: heading rows, data rows and columns."""

    table: str
    heading_rows: list[int]
    first_row: int
    last_row: int
    columns: list[ColumnUse]

    def fields(self) -> set[str]:
        return {use.field for use in self.columns if use.field}


@dataclass
class LabelValue:
    """A label with its value beside it, in an upright sheet or above a table."""

    label: Address
    heading: str
    value: Address
    table: str
    field: str


@dataclass
class Layout:
    """Everything recognised in one sheet."""

    sheet: str
    blocks: list[Block] = field(default_factory=list)
    pairs: list[LabelValue] = field(default_factory=list)
    matrix: str | None = None
    title_rows: list[int] = field(default_factory=list)
    unknown_labels: list[Address] = field(default_factory=list)

    @property
    def recognised(self) -> bool:
        return bool(self.blocks or self.pairs or self.matrix)


MATRIX_STEPS: dict[str, Address] = {
    "onder": (1, 0),
    "boven": (-1, 0),
    "rechts": (0, 1),
    "links": (0, -1),
}
"""Where the code stands, seen from the price: below, above, right, left."""


def recognise(sheet: Sheet, vocabulary: Vocabulary) -> Layout:
    """Recognise the layout of a sheet: tables under headings, labels with values, or a matrix."""
    return _Recogniser(sheet, vocabulary).run()


class _Recogniser:
    def __init__(self, sheet: Sheet, vocabulary: Vocabulary) -> None:
        self._sheet = sheet
        self._vocabulary = vocabulary
        self._rows = sheet.filled_rows()
        named = plain(sheet.name)
        self._named = next(
            (t.name for t in TABLES.values() if t.sheet and plain(t.sheet) == named), None
        )

    def run(self) -> Layout:
        layout = Layout(self._sheet.name)
        upright = self._labels(list(self._rows), exact=False)
        enough = 3 if self._named == "contract" else 5
        headings = self._find_blocks()
        if headings and not (self._named == "contract" and len(upright) >= 3):
            layout.blocks = headings
            first = headings[0].heading_rows[0]
            above = [row for row in self._rows if row < first]
            layout.pairs = self._labels(above, exact=True)
            layout.title_rows = above
        elif len(upright) >= enough or (upright and self._named == "contract"):
            layout.pairs = upright
            layout.unknown_labels = self._unknown_labels(upright)
        else:
            layout.matrix = self._find_matrix()
            if layout.matrix:
                layout.title_rows = [row for row in self._rows if row <= 3]
        return layout

    # --- tables under a heading -------------------------------------------------------------

    def _find_blocks(self) -> list[Block]:
        blocks: list[Block] = []
        numbers = list(self._rows)
        position = 0
        while position < len(numbers):
            row = numbers[position]
            if not blocks and position > _SCAN_ROWS:
                break
            found = self._heading_at(
                row, numbers[position + 1] if position + 1 < len(numbers) else None
            )
            if found is None:
                position += 1
                continue
            table, rows, columns = found
            if blocks:
                blocks[-1].last_row = row - 1
            blocks.append(Block(table, rows, rows[-1] + 1, numbers[-1], columns))
            position += len(rows)
        for block in blocks:
            self._use_contents(block)
        return [block for block in blocks if self._holds_enough(block.table, block.columns)]

    def _heading_at(
        self, row: int, following: int | None
    ) -> tuple[str, list[int], list[ColumnUse]] | None:
        if not self._can_be_heading(row):
            return None
        best: tuple[int, str, list[int], list[ColumnUse]] | None = None
        options: list[list[int]] = [[row]]
        if following == row + 1 and self._can_be_heading(following):
            options.append([row, following])
        for rows in options:
            for table in TABLE_KINDS:
                columns = self._read_headings(table, rows)
                if not self._may_hold_enough(table, columns, rows[-1]):
                    continue
                score = sum(3 if use.exact else 2 for use in columns if use.field)
                score += sum(1 for use in columns if use.year or use.label or use.level)
                score += 4 if table == self._named else 0
                if best is None or score > best[0]:
                    best = (score, table, rows, columns)
        if best is None:
            return None
        _, table, rows, columns = best
        if len(rows) == 2 and not self._upper_row_adds(table, rows, columns):
            # The first row is explanation or a title; the heading is found at the next row.
            return None
        return table, rows, columns

    def _upper_row_adds(self, table: str, rows: list[int], columns: list[ColumnUse]) -> bool:
        """Whether the upper of two heading rows says something that the lower does not."""
        lower = self._read_headings(table, rows[1:])
        if not self._may_hold_enough(table, lower, rows[1]):
            return True

        def said(uses: list[ColumnUse]) -> set[tuple[object, ...]]:
            return {
                (use.column, use.field, use.year, use.level, use.weight, use.unit)
                for use in uses
                if use.field
            }

        repeated = [use for use in lower if use.field in ("tarief", "productcode")]
        needs_labels = len(
            {(use.field, use.year, use.level, use.weight, use.unit) for use in repeated}
        ) < len(repeated)
        has_labels = (
            len({use.label for use in columns if use.field in ("tarief", "productcode")}) > 1
        )
        return not said(columns) <= said(lower) or (needs_labels and has_labels)

    def _can_be_heading(self, row: int) -> bool:
        cells = self._rows.get(row, {})
        if len(cells) < 2:
            return False
        for value in cells.values():
            if isinstance(value, bool | datetime.date):
                return False
            if isinstance(value, int | float) and not (
                isinstance(value, int) and 2000 <= value <= 2049
            ):
                return False
            if isinstance(value, str) and (
                looks_like_code(value) or re.match(r"^\s*€?\s*\d+[.,]\d", value)
            ):
                return False
        texts = [value for value in cells.values() if isinstance(value, str)]
        sentences = sum(
            1 for text in texts if text.rstrip().endswith((".", "?", "!")) and " " in text
        )
        return sentences * 2 < len(texts) and any(len(t) <= _MAX_HEADING_LENGTH for t in texts)

    def _read_headings(self, table: str, rows: list[int]) -> list[ColumnUse]:
        last = max(max(self._rows[row]) for row in rows)
        uses: list[ColumnUse] = []
        upper_text = ""
        for column in range(1, last + 1):
            if len(rows) == 1:
                upper, lower = "", self._heading_text(rows[0], column)
            else:
                own = self._heading_text(rows[0], column)
                lower = self._heading_text(rows[1], column)
                upper_text = own or (upper_text if lower else "")
                upper = upper_text
            heading = " ".join(part for part in (upper, lower) if part)
            if not heading:
                continue
            uses.append(self._column(table, column, upper, lower))
        self._number_groups(uses)
        self._drop_repeats(uses)
        return uses

    def _heading_text(self, row: int, column: int) -> str:
        origin = self._sheet.origin((row, column))
        value = self._sheet.cells.get(origin)
        return "" if value is None or origin[0] < row else as_text(value)

    def _column(self, table: str, column: int, upper: str, lower: str) -> ColumnUse:
        heading = " ".join(part for part in (upper, lower) if part)
        use = ColumnUse(column, heading)
        if self._vocabulary.is_personal(lower or upper):
            use.personal = True
            return use
        years = years_in(heading)
        use.year = years[0] if len(years) == 1 else None
        lower_words, upper_words = without_years(lower), without_years(upper)
        match = self._vocabulary.field(table, lower_words) if plain(lower_words) else None
        above = self._vocabulary.field(table, upper_words) if plain(upper_words) else None
        if match is None and above is not None and self._only_attributes(lower_words):
            match, lower_words, upper_words = above, f"{above.rest} {lower_words}", ""
        elif match is not None:
            lower_words = match.rest
        if match is not None:
            use.field, use.exact = match.field, match.exact
        self._attributes(use, f"{upper_words} {lower_words}", table)
        if match is None and table == "tarief":
            unit = self._tariff_word(heading)
            if unit:
                use.field, use.unit = "tarief", unit
        if table == "tarief" and use.field in ("tarief", "productcode"):
            if match is not None and match.field == "tarief":
                special = [
                    word
                    for word in ("zin", "pgb", "nieuw", "oud", "huidig")
                    if word in plain(lower or upper).split()
                ]
                lower_words = " ".join([*special, lower_words]) if special else lower_words
            label = upper_words if above is None or not above.exact else ""
            rest = lower_words if match is not None else ""
            use.label = (
                " ".join(f"{label} {'' if self._only_attributes(rest) else rest}".split()) or None
            )
        if use.field == "tarief" and use.unit == "01":
            use.field = "minuuttarief"
        return use

    def _tariff_word(self, heading: str) -> str | None:
        """The unit in a heading such as Uurtarief or Etmaaltarief 2026."""
        found = re.search(
            r"\b(uur|minuut|etmaal|dagdeel|dag|maand|jaar|traject)(?:tarief|prijs)", plain(heading)
        )
        return self._vocabulary.unit(found[1]) if found else None

    def _only_attributes(self, text: str) -> bool:
        """Whether a heading says nothing but a year, unit, level or weight."""
        words = plain(without_years(text))
        for word in (
            *_WEIGHTS,
            *_LEVELS,
            "excl",
            "incl",
            "btw",
            "exclusief",
            "inclusief",
            "eur",
            "euro",
            "in",
            "jaar",
            "per",
        ):
            words = re.sub(rf"\b{word}\b", " ", words)
        words = " ".join(words.split())
        return not words or self._vocabulary.unit(words) is not None

    def _attributes(self, use: ColumnUse, text: str, table: str) -> None:
        words = plain(text)
        level = re.search(r"\b(mbo|hbo|wo)\b", words)
        use.level = level[1] if level else None
        use.weight = next((w for w in _WEIGHTS if re.search(rf"\b{w}\b", words)), None)
        if use.field in ("tarief", None) and table in ("tarief", "tariefopbouw"):
            per = re.search(r"\bper ([a-z]+)", words)
            unit = self._vocabulary.unit(per[1]) if per else self._vocabulary.unit(words)
            use.unit = unit

    def _number_groups(self, uses: list[ColumnUse]) -> None:
        """Number tables that stand side by side: Code, Tarief, Code, Tarief.

        A field that occurs once belongs to all groups (group 0). A new group starts where a field
        other than a tariff occurs again.
        """
        named = [use.field for use in uses if use.field]
        repeated = {name for name in named if named.count(name) > 1 and name not in _PRICES}
        anchor = "productcode" if "productcode" in named else "omschrijving"
        if anchor not in repeated:
            return
        group, present = 1, set[str]()
        for use in uses:
            if use.field is None:
                continue
            if use.field in repeated and use.field in present:
                group += 1
                present = set()
            present.add(use.field)
            use.group = group if use.field in repeated or use.field in _PRICES else 0

    def _drop_repeats(self, uses: list[ColumnUse]) -> None:
        """Keep the first of columns that claim the same; with VAT is second to without."""
        prices = [use for use in uses if use.field in _PRICES]
        for use in prices:
            words = plain(use.heading)
            if "incl" in words and "btw" in words and len(prices) > 1:
                use.field = None
        seen: set[tuple[object, ...]] = set()
        for use in uses:
            if use.field is None:
                continue
            key: tuple[object, ...] = (use.field, use.group)
            if use.field in _PRICES:
                key = (*key, use.year, use.unit, use.level, use.weight, use.label)
            if key in seen:
                use.field = None
            seen.add(key)

    def _may_hold_enough(self, table: str, columns: list[ColumnUse], heading_row: int) -> bool:
        if sum(1 for use in columns if use.field) < 2 and table != "tarief":
            return False
        if self._holds_enough(table, columns):
            return True
        if table != "tarief" or not any(use.field for use in columns):
            return False
        return bool(self._price_columns(columns, heading_row + 1))

    def _holds_enough(self, table: str, columns: list[ColumnUse]) -> bool:
        fields = {use.field for use in columns}
        return all(len(fields & wanted) >= number for wanted, number in _ENOUGH[table])

    def _price_columns(self, columns: list[ColumnUse], first_row: int) -> list[ColumnUse]:
        """Columns without a field, headed by a year, level, weight or unit, that hold amounts."""
        return [
            use
            for use in columns
            if use.field is None
            and not use.personal
            and (use.year or use.level or use.weight or use.unit)
            and self._only_attributes(use.heading)
            and self._share(use.column, first_row, _looks_like_amount) >= 0.5
        ]

    def _share(self, column: int, first_row: int, test: Callable[[Value], bool]) -> float:
        values = [
            cells[column]
            for row, cells in self._rows.items()
            if row >= first_row and column in cells and not is_empty(cells[column])
        ][:200]
        return sum(1 for value in values if test(value)) / len(values) if values else 0.0

    def _use_contents(self, block: Block) -> None:
        """Correct what headings say by what the columns hold."""
        if block.table != "tarief":
            return
        for use in self._price_columns(block.columns, block.first_row):
            use.field = "tarief"
        if "productcode" not in block.fields():
            candidates = [
                (self._share(use.column, block.first_row, looks_like_code), use)
                for use in block.columns
                if use.field in (None, "productcategorie", "perceel", "omschrijving")
                and not use.personal
            ]
            share, best = max(candidates, key=lambda item: item[0], default=(0.0, None))
            if best is not None and share >= 0.5:
                best.field = "productcode"

    # --- labels with values -----------------------------------------------------------------

    def _labels(self, rows: list[int], *, exact: bool) -> list[LabelValue]:
        found: list[LabelValue] = []
        seen: set[tuple[str, str]] = set()
        for row in rows:
            cells = self._rows[row]
            for column in sorted(cells)[:3]:
                value = cells[column]
                if not isinstance(value, str) or len(value) > _MAX_HEADING_LENGTH:
                    continue
                heading, colon, behind = value.partition(":")
                for table in ("contract", "aanbieder"):
                    match = self._vocabulary.field(table, heading)
                    if match is None or (not match.exact and (exact or match.rest.split()[2:])):
                        continue
                    if (table, match.field) in seen:
                        break
                    if colon and behind.strip():
                        address = (row, column)
                    else:
                        address = self._value_beside(row, column)
                    if exact and address not in self._sheet.cells:
                        break
                    seen.add((table, match.field))
                    found.append(LabelValue((row, column), heading, address, table, match.field))
                    break
                else:
                    continue
                break
        return found

    def _value_beside(self, row: int, column: int) -> Address:
        merged = next(
            (m for m in self._sheet.merged if m[0] <= row <= m[2] and m[1] <= column <= m[3]), None
        )
        return (row, (merged[3] if merged else column) + 1)

    def _unknown_labels(self, pairs: list[LabelValue]) -> list[Address]:
        """Filled label and value that no field was found for."""
        columns = {pair.label[1] for pair in pairs}
        known = {pair.label for pair in pairs}
        unknown = []
        for row, cells in self._rows.items():
            for column in columns:
                address = (row, column)
                if (
                    address not in known
                    and isinstance(cells.get(column), str)
                    and not any(
                        (row, other.label[1]) == other.label
                        for other in pairs
                        if other.label[0] == row
                    )
                    and (row, column + 1) in self._sheet.cells
                    and plain(str(cells[column])) not in ("onderwerp", "veld", "label", "vraag")
                ):
                    unknown.append(address)
        return unknown

    # --- matrix -----------------------------------------------------------------------------

    def _find_matrix(self) -> str | None:
        """Direction in which codes stand next to prices, when there is no heading for them."""
        codes = {a for a, value in self._sheet.cells.items() if looks_like_code(value)}
        if len(codes) < 2:
            return None
        prices = {
            a
            for a, value in self._sheet.cells.items()
            if a not in codes and _looks_like_amount(value)
        }
        counts = {
            name: sum(1 for row, column in prices if (row + step[0], column + step[1]) in codes)
            for name, step in MATRIX_STEPS.items()
        }
        best = max(counts, key=lambda name: counts[name])
        return best if counts[best] * 2 >= len(codes) else None


def _looks_like_amount(value: Value) -> bool:
    if isinstance(value, bool | datetime.date):
        return False
    if isinstance(value, int | float):
        return True
    return (
        isinstance(value, str)
        and bool(re.match(r"^\s*(?:€|eur)?\s*-?\d[\d.,]*(?:,-)?", value, re.IGNORECASE))
        and not looks_like_code(value)
    )
