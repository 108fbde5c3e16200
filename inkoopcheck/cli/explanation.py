"""``inkoopcheck verklaar``: say which rules lie behind the codes in a JW325."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inkoopcheck.cli import checking, options
from inkoopcheck.cli.dutch import command
from inkoopcheck.cli.output import EXISTING, new_file, say

if TYPE_CHECKING:
    from inkoopcheck.findings.refusal import Verklaring


@command("Leg uit waarom prestaties in een JW325 zijn afgewezen.")
@click.argument("bestand", type=EXISTING, metavar="JW325")
@click.option(
    "--formaat",
    "form",
    type=click.Choice(("terminal", "html", "json")),
    default="terminal",
    show_default=True,
    help="Vorm van het rapport.",
)
@click.option("--uit", "out", type=EXISTING, help="Bestand voor het rapport; anders het scherm.")
@checking.SETTINGS
@options.QUIET
def verklaar(bestand: Path, form: str, out: Path | None, quiet: bool, **settings: Any) -> int:
    """Leg uit waarom een gemeente prestaties afwees, en wat u kunt doen.

    Geef met --dossier uw declaratie (JW323) en de toewijzingen (JW301). Het programma kijkt de declaratie
    opnieuw na en zegt bij elke retourcode welke regel erachter zit, wat met wat is vergeleken en wat u
    kunt verbeteren.

    Uitkomst: 0 alles is toegekend, 1 er is iets afgewezen, 2 een bestand of opdracht is niet bruikbaar.
    """
    from inkoopcheck.explain import explain_refusal

    prepared = checking.prepare(settings, all_findings=True, chain=True)
    explanation = explain_refusal(prepared.checker, prepared.ruleset, bestand)
    if out is not None:
        with new_file(out) as new:
            new.write_text(_text(explanation, form), encoding="utf-8")
        say(f"Rapport: {out}", quiet)
    elif not quiet and form == "terminal":
        from rich.console import Console

        from inkoopcheck.reports import refusal

        refusal.render(explanation, Console())
    elif not quiet:
        sys.stdout.write(_text(explanation, form))
    return 1 if explanation.refused else 0


def _text(explanation: "Verklaring", form: str) -> str:
    if form == "json":
        return explanation.model_dump_json(indent=2) + "\n"
    if form == "html":
        from inkoopcheck.reports import html

        return html.render_refusal(explanation)
    import io

    from rich.console import Console

    from inkoopcheck.reports import refusal

    buffer = io.StringIO()
    refusal.render(explanation, Console(file=buffer, width=100, no_color=True))
    return buffer.getvalue()
