"""The computation of tariffs as a workbook with live formulas: change a figure, see the tariff move."""

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, cast

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from inkoopcheck.dutch import join_words
from inkoopcheck.findings.calculation import Berekening, Invoerwaarde
from inkoopcheck.reports.common import clean, neutralise, shorten
from inkoopcheck.reports.tariff_words import CAUTION, ELEMENTS, NOT_COUNTED, band_text, origin_text
from inkoopcheck.tables.costmodel import FUNCTION, POSTS, PRODUCT, Step, cost_model

_NAVY, _YELLOW, _GREY = "1F3A5F", "FFF6D6", "5B6470"
_BOX = Border(*(Side(style="thin", color="C9D1DA"),) * 4)
_FIRST_FUNCTION = 3
_FORMAT = {"euro": "€ #,##0.00", "procent": '0.00"%"', "uur": "#,##0.00"}


def render(calculations: Sequence[Berekening], target: Path) -> None:
    """Write one sheet per product: yellow cells to change, formulas for every step.

    Args:
        calculations: the computations; one that lacks figures is written with empty yellow cells.
        target: the new file.
    """
    book = Workbook()
    book.remove(cast(Worksheet, book.active))
    book.properties.creator = "inkoopcheck"
    names: set[str] = set()
    for number, calculation in enumerate(calculations, start=1):
        sheet = book.create_sheet(_sheet_name(calculation, number, names))
        _ProductSheet(sheet, calculation).write()
    book.save(target)


def _sheet_name(calculation: Berekening, number: int, taken: set[str]) -> str:
    text = calculation.productcode or calculation.omschrijving or f"product {number}"
    name = re.sub(r"[\[\]:*?/\\']", " ", clean(text)).strip()[:24] or f"product {number}"
    if name.lower() in taken:
        name = f"{name} ({number})"
    taken.add(name.lower())
    return name


class _ProductSheet:
    """One product: inputs on top, then the steps, then the tariff per unit."""

    def __init__(self, sheet: Worksheet, calculation: Berekening) -> None:
        self._sheet = sheet
        self._calculation = calculation
        self._functions = max(1, len(calculation.functies))
        self._total = _FIRST_FUNCTION + self._functions
        self._row = 0
        self._cells: dict[str, tuple[int, str]] = {}
        """Per name its row, and whether it stands per function or for the product."""

    def write(self) -> None:
        sheet, calculation = self._sheet, self._calculation
        self._line(f"Tarief van {calculation.naam}", bold=True, size=16)
        self._line(
            f"{calculation.vorm or 'eenheid onbekend'}, tariefjaar {calculation.jaar}, lonen en"
            f" kosten van {calculation.prijspeil}. Verander een gele cel en het tarief rekent mee."
        )
        self._line(CAUTION)
        if calculation.mist:
            self._line(f"Vul nog in: {join_words(calculation.mist)}.", bold=True)
        if calculation.niet_meegeteld:
            self._line(NOT_COUNTED.format(join_words(calculation.niet_meegeteld)))
        self._headings("Invoer", "Eenheid", "Herkomst")
        form = next((n for n, t in cost_model().forms.items() if t == calculation.vorm), None)
        if form is None:
            self._line("De eenheid is niet bekend, dus er is niets te berekenen.")
            self._widths()
            return
        self._inputs(form)
        self._headings("Stap", "Eenheid", "Bron")
        for step in cost_model().steps_of(form):
            self._step(step)
        self._headings("Tarief", "Eenheid", "Uitleg")
        self._tariffs(form)
        self._widths()
        sheet.freeze_panes = f"{get_column_letter(_FIRST_FUNCTION)}2"

    def _inputs(self, form: str) -> None:
        given = {(item.naam, item.functie): item for item in self._calculation.invoer}
        for item in cost_model().inputs_of(form, FUNCTION):
            self._row += 1
            self._cells[item.name] = (self._row, FUNCTION)
            self._label(item.title, item.unit)
            first: Invoerwaarde | None = None
            for number, name in enumerate(self._calculation.functies):
                value = given.get((item.name, name))
                first = first or value
                self._knob(_FIRST_FUNCTION + number, value, item.unit)
            self._note(origin_text(first) if first else "vul in als u dit wilt rekenen")
        for item in cost_model().inputs_of(form, PRODUCT):
            self._row += 1
            self._cells[item.name] = (self._row, PRODUCT)
            self._label(item.title, item.unit)
            value = given.get((item.name, None))
            knob = self._knob(self._total, value, item.unit)
            if item.unit == "schakelaar":
                choice = DataValidation(type="list", formula1='"0,1"', allow_blank=True)
                self._sheet.add_data_validation(choice)
                choice.add(knob.coordinate)
            self._note(origin_text(value) if value else "")
        for name, title in POSTS.items():
            amounts = [i.waarde for i in self._calculation.invoer if i.naam == name and i.waarde]
            self._row += 1
            self._cells[name] = (self._row, PRODUCT)
            self._label(title, "euro per jaar")
            knob = self._knob(self._total, None, "euro")
            knob.value = float(sum(amounts)) if amounts else 0
            self._note("van u" if amounts else "niet opgegeven")

    def _step(self, step: Step) -> None:
        self._row += 1
        self._cells[step.name] = (self._row, step.per)
        self._label(step.title, step.unit)
        columns = (
            range(_FIRST_FUNCTION, _FIRST_FUNCTION + self._functions)
            if step.per == FUNCTION
            else [self._total]
        )
        for column in columns:
            formula = step.formula.excel(partial(self._address, column=column), self._range)
            cell = self._formula(column, formula)
            cell.number_format = _number_format(step.unit)
        source = f"{ELEMENTS[step.element]}; {step.source}" if step.element else step.source
        self._note(source)

    def _tariffs(self, form: str) -> None:
        result = self._address("tarief_onafgerond", self._total)
        unit = {"stuks": "stuk", "pleegzorg": "etmaal"}.get(form, form)
        lines = [(f"per {unit}", f"ROUND({result},2)", "afgerond op centen")]
        first = f"{get_column_letter(self._total)}{self._row + 1}"
        if form == "uur":
            lines += [
                ("per minuut", f"ROUND({first}/60,2)", "uurtarief : 60 (iJw-regel IV081)"),
                (
                    "per uur, als 60 × minuut",
                    f"60*ROUND({result}/60,2)",
                    "eerst de minuut afgerond",
                ),
            ]
        elif unit == "etmaal":
            lines.append(("per maand", f"ROUND({first}*365/12,2)", "etmaaltarief × 365 : 12"))
        for title, formula, note in lines:
            self._row += 1
            self._label(title, "euro")
            cell = self._formula(self._total, formula)
            cell.number_format = _FORMAT["euro"]
            cell.font = Font(bold=True)
            self._note(note)
        calculation = self._calculation
        if calculation.midden is not None:
            band = band_text(calculation.laag, calculation.midden, calculation.hoog)
            self._row += 1
            self._line(f"Bandbreedte bij het maken van deze rekenmap: {band}.")

    def _address(self, name: str, column: int) -> str:
        row, per = self._cells[name]
        return f"${get_column_letter(column if per == FUNCTION else self._total)}${row}"

    def _range(self, name: str) -> str:
        row, _ = self._cells[name]
        last = get_column_letter(_FIRST_FUNCTION + self._functions - 1)
        return f"${get_column_letter(_FIRST_FUNCTION)}${row}:${last}${row}"

    def _knob(self, column: int, value: Invoerwaarde | None, unit: str) -> Cell:
        # A workbook holds no decimals, only floats; they show the same figure.
        number = float(value.waarde) if value is not None and value.waarde is not None else None
        cell = self._at(column, number)
        cell.fill = PatternFill("solid", fgColor=_YELLOW)
        cell.border = _BOX
        cell.number_format = _number_format(unit)
        return cell

    def _label(self, title: str, unit: str) -> None:
        self._at(1, title)
        self._at(2, "ja = 1, nee = 0" if unit == "schakelaar" else unit)

    def _note(self, text: str) -> None:
        cell = self._at(self._total + 1, shorten(text, 400))
        cell.font = Font(color=_GREY, size=9)
        cell.alignment = Alignment(wrap_text=True, vertical="top")

    def _headings(self, first: str, second: str, last: str) -> None:
        self._row += 2
        names = [first, second, *self._calculation.functies]
        names += [""] * (self._total - 1 - len(names)) + ["Product", last]
        for column, name in enumerate(names, start=1):
            cell = self._at(column, name)
            cell.font = Font(bold=True, color="FFFFFF")
            cell.fill = PatternFill("solid", fgColor=_NAVY)

    def _line(self, text: str, *, bold: bool = False, size: int = 11) -> None:
        self._row += 1
        self._at(1, text).font = Font(bold=bold, size=size)

    def _at(self, column: int, value: Any) -> Cell:
        cell = cast(Cell, self._sheet.cell(self._row, column))
        cell.value = neutralise(clean(value)) if isinstance(value, str) else value
        return cell

    def _formula(self, column: int, formula: str) -> Cell:
        """A cell with a formula of our own; a text from a user never comes here."""
        cell = self._at(column, None)
        cell.value = f"={formula}"
        return cell

    def _widths(self) -> None:
        widths = [46, 16, *[16] * self._functions, 16, 80]
        for number, width in enumerate(widths, start=1):
            self._sheet.column_dimensions[get_column_letter(number)].width = width


def _number_format(unit: str) -> str:
    return next((shape for start, shape in _FORMAT.items() if unit.startswith(start)), "General")
