"""A sheet as the reader sees it, whatever the file format it came from."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field

Value = str | int | float | bool | datetime.date | datetime.datetime
"""A cell's stored value; formulas are never computed, their stored outcome is used."""

Address = tuple[int, int]
"""Row and column, both counted from 1."""


@dataclass
class Sheet:
    """The filled cells of one sheet, with what a reader must know about them."""

    name: str
    cells: dict[Address, Value] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    percentages: set[Address] = field(default_factory=set)
    formulas_without_value: list[Address] = field(default_factory=list)
    error_values: dict[Address, str] = field(default_factory=dict)

    turned: bool = False

    def __post_init__(self) -> None:
        self._origin: dict[Address, Address] | None = None
        self._rows: dict[int, dict[int, Value]] | None = None

    def turn(self) -> "Sheet":
        """The same sheet with rows and columns swapped, for a table whose headings stand below
        each other; ``place`` still names the real cells."""
        return Sheet(
            self.name,
            {(column, row): value for (row, column), value in self.cells.items()},
            [(a, b, c, d) for b, a, d, c in self.merged],
            self.hidden,
            percentages={(column, row) for row, column in self.percentages},
            turned=not self.turned,
        )

    def name_of(self, address: Address) -> str:
        """The name of a cell as the spreadsheet shows it: ``D17``."""
        return cell_name((address[1], address[0]) if self.turned else address)

    def place(self, address: Address) -> str:
        """The sheet and the cell: ``Tarieven!D17``."""
        return f"{self.name}!{self.name_of(address)}"

    @property
    def last_row(self) -> int:
        """Number of the last row with a filled cell; 0 when the sheet is empty."""
        return max((row for row, _ in self.cells), default=0)

    def filled_rows(self) -> dict[int, dict[int, Value]]:
        """Per row its filled cells by column, in the order of the sheet; made once."""
        if self._rows is None:
            self._rows = {}
            for row, column in sorted(self.cells):
                self._rows.setdefault(row, {})[column] = self.cells[row, column]
        return self._rows

    def column(self, column: int, first_row: int, last_row: int) -> dict[Address, Value]:
        """The filled cells of one column between two rows."""
        return {
            (row, column): cells[column]
            for row, cells in self.filled_rows().items()
            if first_row <= row <= last_row and column in cells
        }

    def origin(self, address: Address) -> Address:
        """The top left cell of the merged area that holds this cell, or the cell itself."""
        if self._origin is None:
            self._origin = {
                (row, column): (first_row, first_column)
                for first_row, first_column, last_row, last_column in self.merged
                for row in range(first_row, last_row + 1)
                for column in range(first_column, last_column + 1)
            }
        return self._origin.get(address, address)


def column_letter(column: int) -> str:
    """The letters of a column number: 1 is A, 28 is AB."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The number of a column's letters: A is 1, AB is 28."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def cell_name(address: Address) -> str:
    """``D17`` for row 17, column 4."""
    return f"{column_letter(address[1])}{address[0]}"


def ranges(numbers: Iterator[int] | set[int] | list[int]) -> list[str]:
    """Numbers as short ranges: ``4``, ``7-9``."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return [str(first) if first == last else f"{first}-{last}" for first, last in found]
