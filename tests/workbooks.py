"""Make small workbooks for tests."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl


def make_workbook(path: Path, sheets: dict[str, Sequence[Sequence[Any]]]) -> Path:
    """Write an xlsx with the given rows per sheet; None leaves a cell empty."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    workbook.save(path)
    return path
