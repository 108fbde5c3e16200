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
    names_code,
    period_in,
    without_note_mark,
    without_years,
    years_in,
)
from inkoopcheck.readers.vocabulary import Vocabulary, plain
from inkoopcheck.tables.schema import TABLES

TABLE_KINDS = (
    "tarief",
    "tariefopbouw",
    "kostprijs",
    "caoschaal",
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
        (frozenset({"productcode", "omschrijving", "productcategorie", "eenheid", "doelgroep"}), 1),
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
    "kostprijs": (
        (frozenset({"bruto_maandloon", "jaarbedrag"}), 1),
        (
            frozenset(
                {
                    "productcode",
                    "omschrijving",
                    "aandeel",
                    "fte",
                    "verzuim",
                    "uren_bruto",
                    "element",
                }
            ),
            2,
        ),
    ),
    "caoschaal": (
        (frozenset({"bedrag"}), 1),
        (frozenset({"schaal"}), 1),
        (frozenset({"geldig_van", "cao"}), 2),
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
_MAX_TURNED = 60
_COST_ELEMENTS = ("kosten_beroepskrachten", "overige_clientgebonden", "overhead", "indexering")
_LEVELS = {"mbo": "mbo", "hbo": "hbo", "wo": "wo"}
_WEIGHTS = ("extra zwaar", "middelzwaar", "zwaar", "middel", "midden", "licht")
_PRICES = ("tarief", "minuuttarief")
_MOMENTS = frozenset(
    (
        "zin",
        "pgb",
        "formeel",
        "informeel",
        "professioneel",
        "weekend",
        "avond",
        "feestdagen",
        "weekdagen",
    )
)
"""Words that by themselves head a column of tariffs, beside the tariff itself."""
_SAYS_LITTLE = frozenset(
    (
        *("excl", "incl", "btw", "exclusief", "inclusief", "eur", "euro", "in", "per", "met", "na"),
        *("nieuw", "oud", "huidig", "definitief", "vastgesteld", "maximaal", "max", "procent"),
        *("geindexeerd", "indexatie", "indexering", "index", "prijspeil", "van", "de", "het"),
    )
)
_STANDARD_CODE = re.compile(r"\b(?:landelijke?|standaard|ijw|istandaard|jz21|nieuwe?)\b")
_OWN_CODE = re.compile(r"\b(?:gemeentelijke?|eigen|lokale?|interne?|oude?|regionale?|vervallen)\b")
_SCAN_ROWS = 200
_MAX_HEADING_LENGTH = 90


def _price_rank(heading: str) -> int:
    """How surely a heading means the price of one unit; a bare "Bedrag" may be a total."""
    words = plain(heading)
    if "tarie" in words or "per eenheid" in words or "per stuk" in words:
        return 2
    return 1 if "prijs" in words else 0


@dataclass
class ColumnUse:
    """How one column is read: its field, and what the heading adds (year, unit, level, weight).

    ``spare`` marks a second column with codes, which counts where the first is empty.
    """

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
    start: datetime.date | None = None
    end: datetime.date | None = None
    spare: bool = False


@dataclass
class Block:
    """A table within a sheet: heading rows, data rows and columns."""

    table: str
    heading_rows: list[int]
    first_row: int
    last_row: int
    columns: list[ColumnUse]
    titles: list[int] = field(default_factory=list)

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
    record: int = 0


@dataclass
class Layout:
    """Everything recognised in one sheet."""

    sheet: str
    blocks: list[Block] = field(default_factory=list)
    pairs: list[LabelValue] = field(default_factory=list)
    matrix: str | None = None
    title_rows: list[int] = field(default_factory=list)
    unknown_labels: list[Address] = field(default_factory=list)
    turned: bool = False

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
    layout = _Recogniser(sheet, vocabulary).run()
    if not layout.pairs and _may_be_turned(sheet, vocabulary):
        turned = _Recogniser(_without_titles(sheet).turn(), vocabulary).run_turned()
        if turned is not None and _strength(turned) > _strength(layout):
            first = min(use.column for use in turned.blocks[0].columns if use.field)
            turned.title_rows = [row for row in sheet.filled_rows() if row < first]
            return turned
    return layout


def _may_be_turned(sheet: Sheet, vocabulary: Vocabulary) -> bool:
    """A quick look: whether known headings stand below each other in one of the first columns."""
    rows = sheet.filled_rows()
    return len(rows) <= _MAX_TURNED and any(
        sum(
            match is not None and match.exact
            for cells in rows.values()
            if isinstance(text := cells.get(column), str)
            for match in [vocabulary.field(table, text)]
        )
        >= 2
        for column in (1, 2)
        for table in ("tarief", "tariefopbouw")
    )


def _without_titles(sheet: Sheet) -> Sheet:
    """The sheet without rows of one cell."""
    rows = sheet.filled_rows()
    cells = {address: v for address, v in sheet.cells.items() if len(rows[address[0]]) > 1}
    return Sheet(sheet.name, cells, sheet.merged)


def _strength(layout: Layout) -> int:
    """How sure a layout is: the fields found under exactly known headings."""
    return max(
        (
            len({use.field for use in block.columns if use.field and use.exact})
            for block in layout.blocks
        ),
        default=0,
    )


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
            layout.pairs = self._labels(above, exact=True) + self._labels_below(headings)
            layout.title_rows = above
        elif len(upright) >= enough or (upright and self._named == "contract"):
            layout.pairs = upright + self._more_contracts(upright)
            layout.unknown_labels = self._unknown_labels(upright)
        else:
            layout.matrix = self._find_matrix()
            if layout.matrix:
                layout.title_rows = [row for row in self._rows if row <= 3]
        return layout

    def run_turned(self) -> Layout | None:
        """A table of tariffs or cost build-ups whose headings stand below each other."""
        blocks = self._find_blocks()
        if len(blocks) != 1 or blocks[0].table not in ("tarief", "tariefopbouw"):
            return None
        block = blocks[0]
        numbers = (*_PRICES, *_COST_ELEMENTS)
        used = [use for use in block.columns if use.field in numbers]
        if len(block.fields()) < 3 or not all(
            self._share(use.column, block.first_row, _looks_like_amount) >= 0.5 for use in used
        ):
            return None
        return Layout(self._sheet.name, blocks, turned=True)

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
            titles = self._titles_above(numbers[:position], blocks[-1] if blocks else None)
            if blocks:
                blocks[-1].last_row = (titles[0] if titles else row) - 1
            blocks.append(Block(table, rows, rows[-1] + 1, numbers[-1], columns, titles))
            position += len(rows)
        for block in blocks:
            self._use_contents(block)
        return [block for block in blocks if self._holds_enough(block.table, block.columns)]

    def _titles_above(self, numbers: list[int], previous: Block | None) -> list[int]:
        """The rows above a heading that hold one text, up to the table before it."""
        if previous is None:
            return numbers
        titles: list[int] = []
        for row in reversed(numbers):
            cells = list(self._rows[row].values())
            if row < previous.first_row or len(cells) > 1 or not isinstance(cells[0], str):
                break
            if _is_code(cells[0]) or cells[0].lstrip().startswith(("*", "¹")):
                break
            titles.insert(0, row)
        return titles

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
                if table != "tarief" and not self._may_head(table, rows):
                    continue
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

    def _may_head(self, table: str, rows: list[int]) -> bool:
        """A quick look: whether any cell of these rows names a field of the table."""
        return any(
            self._vocabulary.field(table, without_years(value))
            for row in rows
            for value in self._rows[row].values()
            if isinstance(value, str)
        )

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
        years = {use.year for use in columns if use.year}
        more_years = len(years) > 1 and years != {use.year for use in lower if use.year}
        return more_years or not said(columns) <= said(lower) or (needs_labels and has_labels)

    def _can_be_heading(self, row: int) -> bool:
        cells = self._rows.get(row, {})
        if len(cells) < 2:
            return False
        for value in cells.values():
            if isinstance(value, bool):
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
        upper_text, spans = "", False
        for column in range(1, last + 1):
            if len(rows) == 1:
                upper, lower = "", self._heading_text(rows[0], column)
            else:
                own = self._heading_text(rows[0], column)
                lower = self._heading_text(rows[1], column)
                upper_text = own or (upper_text if lower and not spans else "")
                spans = bool(own) and self._is_wide(rows[0], column)
                upper = upper_text
            heading = " ".join(part for part in (upper, lower) if part)
            if not heading:
                continue
            uses.append(self._column(table, column, upper, lower, rows[-1] + 1))
        self._number_groups(uses)
        self._drop_repeats(uses, rows[-1] + 1)
        _trim_labels(uses)
        return uses

    def _is_wide(self, row: int, column: int) -> bool:
        """Whether a heading is merged with the cell at its right or left."""
        origin = self._sheet.origin((row, column))
        return any(
            origin[1] == self._sheet.origin((row, beside))[1] for beside in (column - 1, column + 1)
        )

    def _heading_text(self, row: int, column: int) -> str:
        origin = self._sheet.origin((row, column))
        value = self._sheet.cells.get(origin)
        return "" if value is None or origin[0] < row else without_note_mark(as_text(value))

    def _column(self, table: str, column: int, upper: str, lower: str, first_row: int) -> ColumnUse:
        heading = " ".join(part for part in (upper, lower) if part)
        use = ColumnUse(column, heading)
        if self._vocabulary.is_personal(lower or upper):
            use.personal = True
            return use
        years = years_in(heading)
        use.year = years[0] if len(years) == 1 else None
        if years and table == "tarief":
            use.start, use.end = period_in(heading)
        lower_words, upper_words = without_years(lower), without_years(upper)
        match = self._vocabulary.field(table, lower_words) if plain(lower_words) else None
        above = self._vocabulary.field(table, upper_words) if plain(upper_words) else None
        if (
            match is None
            and above is not None
            and (
                self._only_attributes(lower_words)
                or self._is_kind_of_tariff(table, above.field, column, lower, first_row)
            )
        ):
            match, lower_words, upper_words = above, f"{above.rest} {lower_words}", ""
        elif match is not None:
            lower_words = match.rest
        if match is not None:
            use.field, use.exact = match.field, match.exact
        self._attributes(use, f"{upper_words} {lower_words}", table)
        if match is None and table == "tarief":
            words = plain(without_years(heading))
            kind = re.search(r"\b([a-z]*)(?:tarief|tarieven|prijs)\b", words)
            if kind and not self._vocabulary.excludes("tarief.tarief", f"{heading} {kind[1]}"):
                use.field, use.unit = "tarief", self._vocabulary.unit(kind[1]) or use.unit
                if not kind[1]:
                    use.label = " ".join(words.replace(kind[0], " ").split()) or None
                elif self._vocabulary.unit(kind[1]) is None:
                    use.label = kind[1].capitalize()
        if table == "tarief" and use.field in ("tarief", "productcode"):
            if match is not None and match.field == "tarief":
                special = [
                    word
                    for word in ("zin", "pgb", "nieuw", "oud", "huidig")
                    if word in plain(lower or upper).split()
                    and word not in plain(lower_words).split()
                ]
                lower_words = " ".join([*special, lower_words]) if special else lower_words
            label = upper_words if above is None or not above.exact else ""
            rest = lower_words if match is not None else use.label or ""
            use.label = (
                " ".join(f"{label} {'' if self._only_attributes(rest) else rest}".split()) or None
            )
        if use.field == "tarief" and use.unit == "01":
            use.field = "minuuttarief"
        return use

    def _is_kind_of_tariff(
        self, table: str, above: str, column: int, lower: str, first_row: int
    ) -> bool:
        """Whether a heading below Tarief names a kind of tariff: ZIN, Weekend, Groep 1."""
        return (
            table == "tarief"
            and above == "tarief"
            and bool(plain(lower))
            and self._sheet.origin((first_row - 2, column))[1] > 1
            and not self._vocabulary.excludes("tarief.tarief", lower)
            and self._share(column, first_row, _looks_like_amount) >= 0.5
        )

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
        priced: set[int] = set()
        group, present = 1, set[str]()
        for use in uses:
            if use.field is None:
                continue
            if use.field in repeated and use.field in present:
                group += 1
                present = set()
            present.add(use.field)
            use.group = group if use.field in repeated or use.field in _PRICES else 0
            if use.field in _PRICES:
                priced.add(group)
        if len(priced) < group:
            # Two columns with codes or names before one tariff: no tables side by side.
            for use in uses:
                use.group = 0

    def _drop_repeats(self, uses: list[ColumnUse], first_row: int) -> None:
        """Keep the first of columns that claim the same; with VAT is second to without."""
        prices = [use for use in uses if use.field in _PRICES]
        for use in prices:
            words = plain(use.heading)
            if "incl" in words and "btw" in words and len(prices) > 1:
                use.field = None
        seen: dict[tuple[object, ...], ColumnUse] = {}
        for use in uses:
            if use.field is None or use.field == "productcode":
                continue
            key: tuple[object, ...] = (use.field, use.group)
            if use.field in _PRICES:
                key = (*key, use.year, use.unit, use.level, use.weight, use.label, use.start)
            elif use.field in PER_YEAR:
                key = (*key, use.year, use.column if use.year is None else 0)
            if key not in seen:
                seen[key] = use
                continue
            if use.field == "omschrijving" and use.group == 0:
                continue
            first = seen[key]
            if use.field in _PRICES and (
                self._amounts(use, first_row) > self._amounts(first, first_row)
                or _price_rank(use.heading) > _price_rank(first.heading)
            ):
                # A heading merged over a column with euro signs, or a cost price before a tariff.
                first.field, seen[key] = None, use
            else:
                use.field = None

    def _amounts(self, use: ColumnUse, first_row: int) -> float:
        return self._share(use.column, first_row, _looks_like_amount)

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
            and (
                (
                    (use.year or use.level or use.weight or use.unit or use.start)
                    and self._only_attributes(use.heading)
                )
                or (
                    (words := set(plain(use.heading).split()) - {str(use.year)})
                    and words <= _MOMENTS
                )
            )
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
        if block.table == "tariefopbouw" and "productcode" not in block.fields():
            self._find_codes(block)
        if block.table != "tarief":
            return
        for use in self._price_columns(block.columns, block.first_row):
            use.field = "tarief"
            if set(plain(use.heading).split()) & _MOMENTS:
                use.label = without_years(use.heading).strip()
        for use in block.columns:
            wrong = _is_number if use.field == "uitvoeringsvariant" else _is_amount
            if use.field in _NO_AMOUNT and self._share(use.column, block.first_row, wrong) > 0.5:
                use.field = None
        self._find_codes(block)
        self._date_indexes(block.columns)

    def _find_codes(self, block: Block) -> None:
        """Which column holds the product codes; of two columns the standard code goes first."""

        def share(use: ColumnUse) -> float:
            return self._share(use.column, block.first_row, lambda v: _is_code(v) or names_code(v))

        headed = [use for use in block.columns if use.field == "productcode" and use.group == 0]
        if "productcode" in block.fields() and not headed:
            return
        shares = {use.column: share(use) for use in headed}
        if not any(shares.values()):
            others = [
                (share(use), use)
                for use in block.columns
                if use.field in (None, "productcategorie", "perceel", "omschrijving")
                and not use.personal
            ]
            best_share, best = max(others, key=lambda item: item[0], default=(0.0, None))
            if best is not None and best_share >= 0.5:
                best.field, best.label = "productcode", None
                for use in headed:
                    use.spare = True
                return

        def rank(use: ColumnUse) -> tuple[int, float]:
            words = plain(use.heading)
            said = -1 if _STANDARD_CODE.search(words) else int(bool(_OWN_CODE.search(words)))
            return said, -shares[use.column]

        for use in sorted(headed, key=rank)[1:]:
            use.spare = True
        for use in headed:
            use.label = None

    def _date_indexes(self, columns: list[ColumnUse]) -> None:
        """An index or volume between the tariffs of two years belongs to the later year."""
        prices = [use for use in columns if use.field == "tarief"]
        if len({use.year for use in prices} - {None}) < 2:
            return
        for use in columns:
            if use.field in PER_YEAR and use.year is None:
                after = [p.year for p in prices if p.column > use.column and p.year]
                before = [p.year for p in prices if p.year]
                use.year = after[0] if after and prices[0].column < use.column else max(before)

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
                    whole = self._vocabulary.field(table, value) if behind.strip() else None
                    if whole and whole.exact:
                        # A colon within the label itself.
                        match, heading, behind = whole, value, ""
                    if match is None or (not match.exact and (exact or match.rest.split()[2:])):
                        continue
                    if (table, match.field) in seen:
                        break
                    if colon and behind.strip():
                        address = (row, column)
                    else:
                        address = self._value_beside(row, column)
                        if exact and address not in self._sheet.cells:
                            address = self._next_filled(row, address[1])
                    if exact and address not in self._sheet.cells:
                        break
                    seen.add((table, match.field))
                    found.append(LabelValue((row, column), heading, address, table, match.field))
                    break
                else:
                    continue
                break
        return found if exact else self._moved(found)

    def _next_filled(self, row: int, column: int) -> Address:
        return next(
            ((row, c) for c in range(column, column + 4) if c in self._rows[row]), (row, column)
        )

    def _moved(self, pairs: list[LabelValue]) -> list[LabelValue]:
        """The pairs, with the values looked up further right if no label has one beside it."""
        beside = [pair for pair in pairs if pair.value != pair.label]
        if len(beside) < 3 or any(pair.value in self._sheet.cells for pair in beside):
            return pairs
        columns = [self._next_filled(*pair.value)[1] for pair in beside]
        column = max(set(columns), key=columns.count)
        between = range(beside[0].value[1], column)
        texts = [str(self._sheet.cells.get((pair.value[0], column), "")) for pair in beside]
        if any(c in between for _, c in self._sheet.cells) or max(map(len, texts)) > 80:
            # An empty form with its explanation at the right.
            return pairs
        for pair in beside:
            pair.value = (pair.value[0], column)
        return pairs

    def _labels_below(self, blocks: list[Block]) -> list[LabelValue]:
        """Contract data below a table of tariffs: a label with its value, after an empty row."""
        found: list[LabelValue] = []
        last = blocks[-1]
        if last.table not in ("tarief", "tariefopbouw"):
            return found
        own: set[int] = set()
        for row, cells in self._rows.items():
            if (
                row > last.first_row
                and len(cells) <= 3
                and (row - 1 not in self._rows or row - 1 in own)
            ):
                pairs = self._labels([row], exact=True)
                if pairs and pairs[0].table == "contract":
                    own.add(row)
                    found.extend(pairs)
        return found

    def _more_contracts(self, pairs: list[LabelValue]) -> list[LabelValue]:
        """The same labels for contracts in columns further right, told by their dates."""
        dated = [pair for pair in pairs if pair.field in ("startdatum", "einddatum", "looptijd")]
        if not dated or any(pair.value == pair.label for pair in dated):
            return []
        last = max(column for _, column in self._sheet.cells)
        more: list[LabelValue] = []
        number = 0
        for column in range(dated[0].value[1] + 1, last + 1):
            if all(self._is_date((pair.value[0], column)) for pair in dated):
                number += 1
                more += [
                    LabelValue(
                        pair.label,
                        pair.heading,
                        (pair.value[0], column),
                        pair.table,
                        pair.field,
                        number,
                    )
                    for pair in pairs
                ]
        return more

    def _is_date(self, address: Address) -> bool:
        value = self._sheet.cells.get(address)
        if isinstance(value, str):
            return len(value) < 40 and bool(years_in(value)) and value[0].isdigit()
        return isinstance(value, datetime.date)

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


PER_YEAR = ("indexpercentage", "volume")
"""Fields that a table may hold once per year, each in its own column."""
_NO_AMOUNT = ("eenheid", "uitvoeringsvariant", "frequentie")


def _trim_labels(uses: list[ColumnUse]) -> None:
    """Take off labels that are not needed to tell tariffs apart and say little."""
    for group in {use.group for use in uses}:
        prices = [use for use in uses if use.field == "tarief" and use.group == group]
        years = [use.year for use in prices]
        if len(prices) == 1 or (None not in years and len(set(years)) == len(years)):
            for use in prices:
                words = plain(use.label or "").split()
                if all(word in _SAYS_LITTLE or word.isdigit() for word in words):
                    use.label = None


def _is_code(value: Value) -> bool:
    return looks_like_code(without_note_mark(value) if isinstance(value, str) else value)


def _is_number(value: Value) -> bool:
    return type(value) in (int, float)


def _is_amount(value: Value) -> bool:
    return isinstance(value, float) or (isinstance(value, str) and "€" in value)


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
