"""The findings as CSV: one row per deviation, for a spreadsheet or another program."""

import csv
import io
from decimal import Decimal

from inkoopcheck.dutch import format_date, format_number
from inkoopcheck.findings.model import ZEKERHEID_UITLEG, Afwijking, Contractresultaat, Resultaat
from inkoopcheck.reports.common import family_title, neutralise, one_line

COLUMNS = (
    "Bestand",
    "Contract",
    "Gemeente",
    "Aanbieder",
    "Ernst",
    "Familie",
    "Regel",
    "Titel",
    "Blad",
    "Cel",
    "Andere cellen",
    "Productcode",
    "Melding",
    "Gevonden",
    "Verwacht",
    "Bedrag in euro",
    "Waarom",
    "Wat te doen",
    "Norm",
    "Soort norm",
    "Zekerheid",
    "Link",
    "Retourcode",
    "Uitgelegd",
    "Reden van uitleg",
    "Uitgelegd door",
    "Uitleg geldig tot en met",
    "Vingerafdruk",
)


def render(result: Resultaat) -> str:
    """All findings of a run as CSV with ``;`` between the cells.

    Write it with the encoding ``utf-8-sig`` and ``newline=""``, so that Excel reads it well.
    """
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for contract in result.contracten:
        writer.writerows(_row(contract, a) for a in contract.afwijkingen)
    return target.getvalue()


def _row(contract: Contractresultaat, a: Afwijking) -> list[str]:
    explanation = a.uitgelegd
    return [
        _text(a.plaats.bestand),
        _text(a.contract or contract.contract),
        _text(a.gemeente or contract.gemeente),
        _text(contract.aanbieder),
        a.ernst.value,
        _text(family_title(a.familie)),
        _text(a.regel),
        _text(a.titel),
        _text(a.plaats.blad),
        _text(a.plaats.cel),
        _text(", ".join(place.label for place in a.ook)),
        _text(a.productcode),
        _text(a.melding),
        _text(a.gevonden),
        _text(a.verwacht),
        _amount(a.bedrag),
        _text(a.waarom),
        _text(a.herstel),
        _text(a.norm.bron),
        a.norm.status.value,
        ZEKERHEID_UITLEG[a.norm.zekerheid],
        _text(a.norm.url),
        _text(a.retourcode),
        "ja" if explanation else "nee",
        _text(explanation.reden) if explanation else "",
        _text(explanation.door) if explanation else "",
        format_date(explanation.tot) if explanation and explanation.tot else "",
        a.vingerafdruk,
    ]


def _text(value: str | None) -> str:
    return neutralise(one_line(value)) if value else ""


def _amount(value: Decimal | None) -> str:
    # An amount is made here, so its minus sign is safe: a number, not a formula.
    return "" if value is None else format_number(value).replace(".", "")
