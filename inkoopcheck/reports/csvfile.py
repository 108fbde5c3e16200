"""The findings as CSV: one row per deviation, for a spreadsheet or another program."""

import csv
import io
from decimal import Decimal

from inkoopcheck.dutch import count_of, format_date, format_number
from inkoopcheck.findings.model import (
    ZEKERHEID_UITLEG,
    Afwijking,
    Berichtresultaat,
    Contractresultaat,
    NietGetoond,
    Resultaat,
)
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


MESSAGE_COLUMNS = (
    "Bestand",
    "Berichtsoort",
    "Bericht",
    "Dagtekening",
    "Gemeente",
    "Aanbieder",
    "Klopt met schema",
    "Retourbericht",
    "Ernst",
    "Familie",
    "Regel",
    "Titel",
    "Plaats",
    "Regelnummer",
    "Cliënt",
    "Pad",
    "Andere plaatsen",
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
    "Onder voorbehoud",
    "Vingerafdruk",
)
"""The columns when messages were checked."""


def render(result: Resultaat) -> str:
    """All findings of a run as CSV with ``;`` between the cells.

    Write it with the encoding ``utf-8-sig`` and ``newline=""``, so that Excel reads it well.
    """
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    if result.controle == "bericht":
        writer.writerow(MESSAGE_COLUMNS)
        for message in result.berichten:
            writer.writerows(_message_row(message, a) for a in message.afwijkingen)
            writer.writerows(_left_out_row(message, item) for item in message.niet_getoond)
        return target.getvalue()
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


def _left_out_row(message: Berichtresultaat, item: NietGetoond) -> list[str]:
    """Says how many deviations of a rule were counted, but have no row of their own."""
    number = count_of(item.aantal, "afwijking", "afwijkingen")
    cells = {
        "Bestand": _text(message.bestand.naam),
        "Berichtsoort": _text(message.berichtsoort),
        "Bericht": _text(message.identificatie),
        "Ernst": item.ernst.value,
        "Regel": _text(item.regel),
        "Melding": f"En nog {number} van deze regel in dit bericht: wel geteld, hier niet getoond.",
    }
    return [cells.get(name, "") for name in MESSAGE_COLUMNS]


def _message_row(message: Berichtresultaat, a: Afwijking) -> list[str]:
    place = a.plaats
    return [
        _text(message.bestand.naam),
        _text(message.berichtsoort),
        _text(message.identificatie),
        format_date(message.dagtekening) if message.dagtekening else "",
        _text(message.gemeente),
        _text(message.aanbieder),
        "ja" if message.xsd_geldig else "nee",
        _text(message.retourbericht),
        a.ernst.value,
        _text(family_title(a.familie)),
        _text(a.regel),
        _text(a.titel),
        _text(place.label),
        str(place.regelnummer or ""),
        str(place.client_nr or ""),
        _text(place.pad),
        _text(", ".join(other.label for other in a.ook)),
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
        _text(a.voorbehoud),
        a.vingerafdruk,
    ]


def _text(value: str | None) -> str:
    return neutralise(one_line(value)) if value else ""


def _amount(value: Decimal | None) -> str:
    # An amount is made here, so its minus sign is safe: a number, not a formula.
    return "" if value is None else format_number(value).replace(".", "")
