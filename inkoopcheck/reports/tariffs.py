"""Computed tariffs and verdicts on offered ones, on a screen or in a pipe."""

from collections.abc import Sequence
from decimal import Decimal

from rich.console import Console
from rich.text import Text

from inkoopcheck.dutch import count_of, format_euro, format_value, join_words
from inkoopcheck.findings.calculation import (
    Berekening,
    Invoerwaarde,
    Oordeel,
    Rekenstap,
    Tarieftoets,
    value_text,
)
from inkoopcheck.reports.common import one_line
from inkoopcheck.reports.terminal import Page

ELEMENTS = {
    "a": "element a van het Besluit Jeugdwet",
    "b": "element b van het Besluit Jeugdwet",
    "c": "element c van het Besluit Jeugdwet",
    "d": "element d van het Besluit Jeugdwet",
    "risico": "geen element van het Besluit Jeugdwet",
}
ORIGINS = {
    "opgegeven": "van u",
    "parameter": "standaard van inkoopcheck",
    "standaard": "niet opgegeven",
    "ontbreekt": "ontbreekt",
}
NOT_COUNTED = (
    "Niet meegeteld, want niet opgegeven en er is geen cijfer met een bron: {}."
    " Het echte tarief is dan hoger."
)
CAUTION = (
    "De bandbreedte volgt uit cijfers die u niet gaf. Het is een hulpmiddel voor het gesprek en geen"
    " norm: de wet noemt elementen, geen bedragen."
)
_STYLES = {
    Oordeel.ONDER: "bold red",
    Oordeel.BINNEN: "bold green",
    Oordeel.BOVEN: "bold yellow",
    Oordeel.ONBEKEND: "dim",
}


def render_calculations(
    calculations: Sequence[Berekening], console: Console, *, verbose: bool = False
) -> None:
    """Print every step of every computation: inputs with their source, then steps, then tariffs."""
    page = Page(console, verbose)
    for number, calculation in enumerate(calculations):
        if number:
            page.blank()
        _calculation(page, calculation)


def render_verdicts(
    verdicts: Sequence[Tarieftoets], console: Console, *, verbose: bool = False
) -> None:
    """Print per tariff where it lies, by how much and why; what could not be decided comes last."""
    page = Page(console, verbose)
    page.line("Tarieven naast de kostprijs", style="bold")
    page.line(verdict_sentence(verdicts))
    for item in verdicts:
        if item.oordeel is not Oordeel.ONBEKEND:
            _verdict(page, item)
    undecided = [item for item in verdicts if item.oordeel is Oordeel.ONBEKEND]
    if undecided:
        page.heading(f"Niet te bepalen ({len(undecided)})")
        for reason, items in by_reason(undecided):
            page.item(reason)
            page.line("; ".join(f"{i.plaats.label} {i.naam}" for i in items), "dim", indent=4)
    page.blank()
    page.line(CAUTION, style="dim")


def verdict_sentence(verdicts: Sequence[Tarieftoets]) -> str:
    """How many tariffs lie where, in one sentence."""
    counts = [
        f"{sum(v.oordeel is outcome for v in verdicts)} {words}"
        for outcome, words in (
            (Oordeel.ONDER, "onder de bandbreedte"),
            (Oordeel.BINNEN, "erbinnen"),
            (Oordeel.BOVEN, "erboven"),
            (Oordeel.ONBEKEND, "niet te bepalen"),
        )
        if any(v.oordeel is outcome for v in verdicts)
    ]
    return f"{count_of(len(verdicts), 'tarief', 'tarieven')}: {join_words(counts)}."


def by_reason(verdicts: Sequence[Tarieftoets]) -> list[tuple[str, list[Tarieftoets]]]:
    """Verdicts that could not be given, per reason."""
    found: dict[str, list[Tarieftoets]] = {}
    for item in verdicts:
        found.setdefault(item.reden or "", []).append(item)
    return list(found.items())


def band_text(low: Decimal | None, middle: Decimal | None, high: Decimal | None) -> str:
    """A band in words: one amount when it is a point."""
    if low is None or middle is None or high is None:
        return "niet te bepalen"
    if low == high:
        return format_euro(low)
    return f"{format_euro(low)} tot {format_euro(high)} (midden {format_euro(middle)})"


def shortfall_text(item: Tarieftoets) -> str | None:
    """How much a tariff is below the band, per unit and, with a volume, per year."""
    if item.tekort is None:
        return None
    per_year = (
        f"; dat is {format_euro(item.tekort_jaar)} per jaar bij {format_value(item.volume)} eenheden"
        if item.tekort_jaar is not None
        else "; het volume per jaar is niet bekend"
    )
    return f"{format_euro(item.tekort)} per {item.eenheid or 'eenheid'} te laag{per_year}"


def _verdict(page: Page, item: Tarieftoets) -> None:
    page.blank()
    page.line(
        Text.assemble(
            (f"{item.oordeel.value.upper()} ", _STYLES[item.oordeel]), (one_line(item.naam), "bold")
        )
    )
    unit = f" per {item.eenheid}" if item.eenheid else ""
    year = f", {item.jaar}" if item.jaar else ""
    page.field("Tarief", f"{format_euro(item.aangeboden)}{unit}{year} ({item.plaats.label})")
    source = "de kostprijs" if item.bron == "kostprijs" else "de opbouw"
    page.field("Nagerekend", f"{band_text(item.laag, item.midden, item.hoog)}, uit {source}")
    if shortfall := shortfall_text(item):
        page.field("Tekort", shortfall)
    if item.verklaring:
        page.field("Door", item.verklaring)
    if item.niet_meegeteld:
        page.field("Let op", NOT_COUNTED.format(join_words(item.niet_meegeteld)))


def _calculation(page: Page, calculation: Berekening) -> None:
    page.line(f"Tarief van {one_line(calculation.naam)}", style="bold")
    page.line(
        f"{calculation.vorm or 'eenheid onbekend'}, tariefjaar {calculation.jaar},"
        f" lonen en kosten van {calculation.prijspeil}"
    )
    if calculation.mist:
        page.blank()
        page.line(
            f"Nog niet te berekenen. Geef op: {join_words(calculation.mist)}.", style="bold yellow"
        )
    page.heading("Invoer")
    for item in calculation.invoer:
        _input(page, item)
    page.heading("Stappen")
    number = 0
    for step in calculation.stappen:
        if step.waarde is None and not any(v is not None for v in step.per_functie):
            continue
        number += 1
        _step(page, number, step, calculation.functies)
    if calculation.tarieven:
        page.heading("Tarief")
        for tariff in calculation.tarieven:
            page.line(
                Text.assemble(f"per {tariff.eenheid}: ", (format_euro(tariff.bedrag), "bold"))
            )
            page.line(tariff.uitleg, style="dim", indent=2)
        page.line(
            f"Bandbreedte: {band_text(calculation.laag, calculation.midden, calculation.hoog)}."
        )
    if calculation.niet_meegeteld:
        page.line(NOT_COUNTED.format(join_words(calculation.niet_meegeteld)))
    page.line(CAUTION, style="dim")


def _input(page: Page, item: Invoerwaarde) -> None:
    who = f" ({one_line(item.functie)})" if item.functie else ""
    text = Text.assemble(
        f"{item.titel}{who}: ",
        (value_text(item.waarde, item.eenheid), "bold"),
        f" - {origin_text(item)}",
    )
    page.line(text, indent=2)


def origin_text(item: Invoerwaarde) -> str:
    """Where an input came from: the user, or a parameter with its source and range."""
    if item.herkomst != "parameter":
        return ORIGINS[item.herkomst]
    band = (
        f"; laag {value_text(item.laag, item.eenheid)}, hoog {value_text(item.hoog, item.eenheid)}"
        if item.laag is not None
        else ""
    )
    status = f"{item.status}: " if item.status else ""
    return f"{ORIGINS['parameter']} ({status}{item.bron}{band})"


def _step(page: Page, number: int, step: Rekenstap, functions: Sequence[str]) -> None:
    lead = f"{number:>2}. "
    value = value_text(step.waarde, step.eenheid)
    several = len(step.per_functie) > 1
    if several:
        parts = ", ".join(
            f"{one_line(name)} {value_text(v, step.eenheid)}"
            for name, v in zip(functions, step.per_functie, strict=True)
        )
        value = f"{value} in de mix ({parts})" if step.waarde is not None else parts
    page.line(Text.assemble(f"{step.titel}: ", (value, "bold")), indent=4, lead=lead)
    page.line(f"= {step.formule}", style="dim", indent=6)
    if step.element:
        page.line(ELEMENTS[step.element], style="dim", indent=6)
    if page.verbose:
        page.line(f"Bron: {step.bron}", style="dim", indent=6)
