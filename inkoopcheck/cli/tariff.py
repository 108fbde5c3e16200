"""``inkoopcheck tarief``: compute a tariff, or lay the tariffs of a contract beside their cost price."""

import datetime
import json
from pathlib import Path
from typing import Any

import click

from inkoopcheck.cli import options
from inkoopcheck.cli.dutch import DutchGroup, command
from inkoopcheck.cli.output import EXISTING, new_file, say
from inkoopcheck.errors import UnusableInput

_PEILDATUM = click.option(
    "--peildatum", help="Datum voor wat zelf geen jaar noemt, zoals 2026-07-01. Standaard vandaag."
)
_VERBOSE = click.option("--uitgebreid", "verbose", is_flag=True, help="Toon ook de bronnen.")


@click.group(cls=DutchGroup, subcommand_metavar="COMMANDO ...", options_metavar="")
def tarief() -> None:
    """Reken een reëel tarief na, stap voor stap.

    Begin met: inkoopcheck tarief bereken --loon 3900 --eenheid uur
    """


@command("Bereken een tarief uit lonen, uren en kosten.")
@click.argument("bestand", required=False, type=EXISTING, metavar="[BESTAND]")
@click.option("--loon", help="Bruto maandloon van een volledige baan, in euro.")
@click.option("--eenheid", help="minuut, uur, dagdeel, etmaal of stuks.")
@click.option("--jaar", help="Tariefjaar.")
@click.option(
    "--zet",
    "given",
    multiple=True,
    metavar="NAAM=WAARDE",
    help="Een ander cijfer, zoals overhead_percentage=25. Mag vaker. Namen: inkoopcheck tabel kostprijs.",
)
@click.option(
    "--formaat",
    type=click.Choice(["terminal", "json", "xlsx"]),
    default="terminal",
    show_default=True,
    help="xlsx is een rekenmap met formules.",
)
@click.option("--uit", type=EXISTING, help="Schrijf naar dit bestand.")
@_PEILDATUM
@options.PARAMETERS
@options.RULES
@_VERBOSE
def bereken(
    bestand: Path | None,
    loon: str | None,
    eenheid: str | None,
    jaar: str | None,
    given: tuple[str, ...],
    formaat: str,
    uit: Path | None,
    peildatum: str | None,
    parameter_file: Path | None,
    rule_folders: tuple[Path, ...],
    verbose: bool,
) -> int:
    """Bereken een tarief uit een werkmap met het blad Kostprijs, uit een YAML-bestand of uit losse
    cijfers. Alle stappen staan erbij, met de cijfers die inkoopcheck zelf invult en hun bron.

    Uitkomst: 0 berekend, 1 er ontbreekt een cijfer, 2 de invoer is niet bruikbaar.
    """
    from inkoopcheck.calculator import read_options
    from inkoopcheck.readers.vocabulary import load_vocabulary

    figures = [
        (n, v) for n, v in (("bruto_maandloon", loon), ("eenheid", eenheid), ("jaar", jaar)) if v
    ]
    figures += [_pair(item) for item in given]
    if (bestand is None) == (not figures):
        raise UnusableInput(
            "Geef een bestand, of losse cijfers zoals --loon 3900 --eenheid uur."
            if bestand is None
            else "Geef een bestand of losse cijfers, niet allebei."
        )
    calculator = _calculator(peildatum, parameter_file, rule_folders)
    if bestand is not None:
        found = calculator.compute_file(bestand)
    else:
        found = calculator.compute([read_options(figures, load_vocabulary(rule_folders))])
    _tell_unread(calculator.not_understood)
    if formaat == "xlsx":
        from inkoopcheck.reports import tariff_workbook

        target = uit or Path(f"{bestand.stem if bestand else 'tarief'}-berekening.xlsx")
        if bestand is not None and target.resolve() == bestand.resolve():
            raise UnusableInput(f"{target.name} is uw eigen bestand. Kies een andere naam.")
        with new_file(target) as new:
            tariff_workbook.render(found, new)
        say(f"Rekenmap: {target}", quiet=False)
    else:
        data = [item.model_dump(mode="json") for item in found]
        _show(data, formaat, uit, lambda console: _print_calculations(found, console, verbose))
    return int(any(item.mist for item in found))


@command("Leg de tarieven van een contract naast hun kostprijs.")
@click.argument("bestand", type=EXISTING, metavar="CONTRACT")
@click.option(
    "--invoer",
    type=EXISTING,
    help="YAML-bestand met een kostprijs, voor producten waarvan de werkmap er geen heeft.",
)
@click.option(
    "--formaat",
    type=click.Choice(["terminal", "json"]),
    default="terminal",
    show_default=True,
    help="Vorm van de uitkomst.",
)
@click.option("--uit", type=EXISTING, help="Schrijf naar dit bestand.")
@_PEILDATUM
@options.PARAMETERS
@options.RULES
@_VERBOSE
def toets(
    bestand: Path,
    invoer: Path | None,
    formaat: str,
    uit: Path | None,
    peildatum: str | None,
    parameter_file: Path | None,
    rule_folders: tuple[Path, ...],
    verbose: bool,
) -> int:
    """Zeg per tarief of het onder, binnen of boven de nagerekende bandbreedte ligt.

    Uitkomst: 0 geen tarief ligt eronder, 1 wel, 2 de werkmap is niet bruikbaar.
    """
    from inkoopcheck.findings.calculation import Oordeel
    from inkoopcheck.reports import tariffs

    calculator = _calculator(peildatum, parameter_file, rule_folders)
    found, computed = calculator.compare(bestand, invoer)
    _tell_unread(calculator.not_understood)
    data = {
        "toetsen": [item.model_dump(mode="json") for item in found],
        "berekeningen": [item.model_dump(mode="json") for item in computed],
    }

    def show(console: Any) -> None:
        tariffs.render_verdicts(found, console, verbose=verbose)
        if verbose and computed:
            console.print()
            tariffs.render_calculations(computed, console, verbose=True)

    _show(data, formaat, uit, show)
    return int(any(item.oordeel is Oordeel.ONDER for item in found))


tarief.add_command(bereken)
tarief.add_command(toets)


def _print_calculations(found: Any, console: Any, verbose: bool) -> None:
    from inkoopcheck.reports import tariffs

    tariffs.render_calculations(found, console, verbose=verbose)


def _tell_unread(cells: list[str]) -> None:
    """Name on the error stream what was not read, so that nothing is lost silently."""
    if not cells:
        return
    from inkoopcheck.dutch import count_of

    more = " en meer" if len(cells) > 8 else ""
    number = count_of(len(cells), "cel is", "cellen zijn")
    say(
        f"{number} niet begrepen en telt niet mee: {', '.join(cells[:8])}{more}."
        " Waarom, zegt: inkoopcheck contract",
        quiet=False,
    )


def _calculator(
    peildatum: str | None, parameter_file: Path | None, rule_folders: tuple[Path, ...]
) -> Any:
    from inkoopcheck.calculator import Calculator
    from inkoopcheck.engine.ruleset import load_ruleset, parse_peildatum
    from inkoopcheck.readers.vocabulary import load_vocabulary

    date = parse_peildatum(peildatum) if peildatum else datetime.date.today()
    # Only parameters and code lists are needed, no rules.
    ruleset = load_ruleset((), user_folders=rule_folders, parameter_file=parameter_file)
    return Calculator(ruleset, load_vocabulary(rule_folders), date)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not value.strip():
        raise UnusableInput(
            f"Schrijf --zet als NAAM=WAARDE, bijvoorbeeld --zet risico=2, niet '{text}'."
        )
    return name.strip(), value.strip()


def _show(data: Any, form: str, out: Path | None, show: Any) -> None:
    import io
    import sys

    if form == "json":
        text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    elif out is None:
        from rich.console import Console

        show(Console())
        return
    else:
        from rich.console import Console

        buffer = io.StringIO()
        show(Console(file=buffer, width=100, no_color=True))
        text = buffer.getvalue()
    if out is None:
        sys.stdout.write(text)
        return
    with new_file(out) as new:
        new.write_text(text, encoding="utf-8")
    say(f"Geschreven: {out}", quiet=False)
