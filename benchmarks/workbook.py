"""A contract workbook of any size in our own template, the same at every run."""

import datetime
from pathlib import Path

import openpyxl

from inkoopcheck.engine.ruleset import load_codelists, load_standard_products
from inkoopcheck.template.workbook import write_template

_CONTRACT = {
    "Contractnummer": "BM-1",
    "Gemeente": "Voorbeeldstad",
    "Startdatum": datetime.date(2026, 1, 1),
    "Einddatum": datetime.date(2028, 12, 31),
    "Verlengingsopties": "1 x 12 maanden",
    "Betaaltermijn (dagen)": 30,
}


def write_workbook(path: Path, rows: int) -> Path:
    """Write a filled template with the given number of tariffs: standard codes, several years."""
    write_template(path, load_codelists())
    book = openpyxl.load_workbook(path)
    for label, value in book["Contract"].iter_rows(min_col=1, max_col=2):
        if label.value in _CONTRACT:
            value.value = _CONTRACT[label.value]
    sheet = book["Tarieven"]
    heading = next(
        row for row in sheet.iter_rows() if any(cell.value == "Productcode" for cell in row)
    )
    columns = {cell.value: cell.column for cell in heading}
    products = [p for p in load_standard_products() if p.uitvoeringsvariant]
    for number in range(rows):
        product = products[number % len(products)]
        effort = product.uitvoeringsvariant == "inspanningsgericht"
        record = {
            "Productcode": product.productcode,
            "Omschrijving": product.omschrijving,
            "Uitvoeringsvariant": product.uitvoeringsvariant,
            "Eenheid": "04 Uur" if effort else "82 Stuks (output)",
            "Frequentie": "4 Per maand",
            "Tarief (€)": 60 + number / 10,
            "Tariefjaar": 2026 + number // len(products),
        }
        for title, value in record.items():
            sheet.cell(heading[0].row + 2 + number, columns[title]).value = value
    book.save(path)
    return path
