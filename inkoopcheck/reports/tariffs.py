"""Computed tariffs and verdicts on offered ones, on a screen or in a pipe."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from inkoopcheck.dutch import format_euro, join_words
from inkoopcheck.findings.calculation import (
    Berekening,
    Invoerwaarde,
    Oordeel,
    Rekenstap,
    Tarieftoets,
    value_text,
)
from inkoopcheck.reports.common import one_line
from inkoopcheck.reports.tariff_words import (
    CAUTION,
    ELEMENTS,
    NOT_COUNTED,
    band_text,
    by_reason,
    is_shown,
    origin_text,
    shortfall_text,
    verdict_sentence,
)
from inkoopcheck.reports.terminal import Page

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
        if not is_shown(step):
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
    if step.ingevuld:
        page.line(f"= {step.ingevuld}", indent=6)
    page.line(f"= {step.formule}", style="dim", indent=6)
    if step.element:
        page.line(ELEMENTS[step.element], style="dim", indent=6)
    if page.verbose:
        page.line(f"Bron: {step.bron}", style="dim", indent=6)
