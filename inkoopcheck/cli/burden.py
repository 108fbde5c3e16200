"""``inkoopcheck lasten``: how much time contracts take in administration."""

import datetime
import io
import json
import sys
from pathlib import Path

import click

from inkoopcheck.cli import options
from inkoopcheck.cli.dutch import command
from inkoopcheck.cli.output import EXISTING, new_file
from inkoopcheck.errors import UnusableInput


@command("Bereken de administratieve lasten van contracten.")
@click.argument("bestanden", nargs=-1, required=True, type=EXISTING, metavar="BESTAND...")
@click.option(
    "--formaat",
    type=click.Choice(("terminal", "html", "json")),
    default="terminal",
    show_default=True,
    help="Vorm van de uitkomst.",
)
@click.option("--uit", type=EXISTING, help="Bestand voor de uitkomst, in plaats van het scherm.")
@options.DATE
@options.PARAMETERS
@options.RULES
@options.MAPPING
def lasten(
    bestanden: tuple[Path, ...],
    formaat: str,
    uit: Path | None,
    peildatum: str | None,
    parameter_file: Path | None,
    rule_folders: tuple[Path, ...],
    mapping_file: Path | None,
) -> int:
    """Bereken hoeveel tijd een contract kost aan administratie, en wat u kunt schrappen.

    Uitkomst: 0 berekend, 2 een bestand of opdracht is niet bruikbaar.
    """
    from inkoopcheck.check import ContractChecker
    from inkoopcheck.engine.ruleset import load_ruleset, parse_peildatum
    from inkoopcheck.readers.mapping import load_mapping
    from inkoopcheck.readers.vocabulary import load_vocabulary

    if uit is not None and uit.is_dir():
        raise UnusableInput(f"{uit.name} is een map. Geef met --uit een bestand op.")
    if uit is not None and any(uit.resolve() == path.resolve() for path in bestanden):
        raise UnusableInput(f"{uit.name} is uw eigen werkmap. Kies een andere naam.")
    date = parse_peildatum(peildatum) if peildatum else datetime.date.today()
    ruleset = load_ruleset(user_folders=rule_folders, parameter_file=parameter_file)
    checker = ContractChecker(
        ruleset,
        load_vocabulary(rule_folders),
        date,
        mapping=load_mapping(mapping_file) if mapping_file else None,
    )
    result = checker.run(list(dict.fromkeys(bestanden)))
    for item in result.onbruikbaar:
        click.echo(item.reden, err=True)
    if result.contracten:
        if formaat == "html":
            from inkoopcheck.reports import html

            text = html.render_burdens(result)
        elif formaat == "json":
            from inkoopcheck.reports import jsonfile

            text = json.dumps(jsonfile.burdens(result), ensure_ascii=False, indent=2) + "\n"
        else:
            from rich.console import Console

            from inkoopcheck.reports import terminal

            if uit is None:
                terminal.render_burdens(result, Console())
                return 2 if result.onbruikbaar else 0
            buffer = io.StringIO()
            terminal.render_burdens(result, Console(file=buffer, width=100, no_color=True))
            text = buffer.getvalue()
        if uit is None:
            sys.stdout.write(text)
        else:
            with new_file(uit) as new:
                new.write_text(text, encoding="utf-8", newline="")
            click.echo(f"Rapport: {uit}", err=True)
    return 2 if result.onbruikbaar else 0
