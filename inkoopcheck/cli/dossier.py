"""``inkoopcheck dossier``: keep earlier messages, to lay new ones beside them."""

import datetime
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inkoopcheck.cli import checking, options
from inkoopcheck.cli.dutch import DutchGroup, command
from inkoopcheck.cli.interrupt import interruptible
from inkoopcheck.cli.output import EXISTING, say
from inkoopcheck.errors import UnusableInput, printable

if TYPE_CHECKING:
    from inkoopcheck.chain import Added
    from inkoopcheck.findings.dossier import Dossierbericht

_DOSSIER = click.argument("dossier_file", type=EXISTING, metavar="DOSSIER")
_MOST_SHOWN = 20
_STOPPED = (
    "Afgebroken. Wat al was toegevoegd, staat in het dossier. Geef de opdracht nog eens om de rest toe te"
    " voegen: een bericht dat er al in staat telt niet dubbel."
)


@click.group(cls=DutchGroup, subcommand_metavar="COMMANDO ...", options_metavar="")
def dossier() -> None:
    """Bewaar eerdere berichten, om nieuwe ernaast te leggen.

    In een dossier staan geen BSN, namen of geboortedatums. In plaats van een BSN staat er een code, die
    alleen met de sleutel van het dossier te maken is.

    Begin met: inkoopcheck dossier voeg-toe mijn.dossier berichten
    """


@command("Voeg berichten toe aan een dossier, of maak er een.")
@_DOSSIER
@click.argument("bestanden", nargs=-1, required=True, type=EXISTING, metavar="BESTAND...")
@options.KEY
@checking.RULE_SETTINGS
@options.QUIET
def voeg_toe(
    dossier_file: Path,
    bestanden: tuple[Path, ...],
    key_file: Path | None,
    quiet: bool,
    **settings: Any,
) -> int:
    """Voeg iJw-berichten toe: bestanden, mappen of zip-bestanden. Bestaat het dossier nog niet, dan
    wordt het gemaakt.

    Een bestand dat er al in staat, telt niet dubbel. Wordt de opdracht afgebroken, geef hem dan nog eens.

    Uitkomst: 0 alles staat erin, 2 een bestand of opdracht is niet bruikbaar.
    """
    from inkoopcheck.check_messages import Dossier, MessageChecker
    from inkoopcheck.dossier.store import create_dossier, key_of

    with interruptible(_STOPPED):
        ruleset, date = checking.rules_and_date(settings)
        for path in bestanden:
            if path.resolve() == dossier_file.resolve():
                raise UnusableInput(
                    f"{printable(path.name)} is het dossier zelf. Noem eerst het dossier, dan de berichten."
                )
        if dossier_file.exists():
            key = key_of(dossier_file, key_file)
        else:
            key, made = create_dossier(dossier_file, key_file)
            _tell_key(made, quiet)
        database = Dossier(printable(dossier_file.name), database=dossier_file, writes=True)
        checker = MessageChecker(
            ruleset, date, key=key, schemas=settings["schemas"], dossier=database
        )
        added = checker.add(bestanden)
        checker.close()
    _tell_added(added, quiet)
    return 2 if added.overgeslagen else 0


def _tell_key(made: Path | None, quiet: bool) -> None:
    if made is None:
        return
    say(
        f"Nieuw dossier. De sleutel staat in {made}. Bewaar de sleutel veilig, en niet bij het dossier:"
        " wie allebei heeft, kan BSN's terugvinden. Raakt u de sleutel kwijt, dan is het dossier niet meer"
        " te gebruiken. Hebt u de sleutel verplaatst, wijs haar dan aan met --sleutel.",
        quiet,
    )


def _tell_added(added: "Added", quiet: bool) -> None:
    from inkoopcheck.dutch import count_of, format_number

    kinds = ", ".join(f"{kind} {format_number(n)}" for kind, n in sorted(added.soorten.items()))
    kinds = f": {kinds}" if kinds else ""
    say(f"{count_of(added.berichten, 'bericht', 'berichten')} toegevoegd{kinds}.", quiet)
    if refused := added.afgekeurd["schema"]:
        text = count_of(refused, "bericht klopt", "berichten kloppen")
        say(f"{text} niet met het schema. Wat er niet klopt zegt: inkoopcheck bericht", quiet)
    if refused := added.afgekeurd.total() - added.afgekeurd["schema"]:
        text = count_of(refused, "bericht klopt", "berichten kloppen")
        say(
            f"{text} niet met regels binnen het bericht. Welke dat zijn zegt: inkoopcheck bericht",
            quiet,
        )
    if added.dubbel:
        say(
            f"{count_of(len(added.dubbel), 'bestand stond', 'bestanden stonden')} er al in, en"
            f" {'telt' if len(added.dubbel) == 1 else 'tellen'} niet dubbel.",
            quiet,
        )
    for item in added.overgeslagen:
        say(item.reden, quiet=False)


@command("Toon wat er in een dossier staat.")
@_DOSSIER
@click.option(
    "--formaat",
    type=click.Choice(["terminal", "json"]),
    default="terminal",
    show_default=True,
    help="Vorm van het overzicht.",
)
@options.VERBOSE
def toon(dossier_file: Path, formaat: str, verbose: bool) -> int:
    """Toon hoeveel berichten er in een dossier staan, van wie en van wanneer, en wat nog geen antwoord
    heeft. De sleutel is hier niet voor nodig.

    Uitkomst: 0 getoond, 2 het dossier is niet bruikbaar.
    """
    from inkoopcheck.dossier.overview import overview

    found = overview(dossier_file)
    if formaat == "json":
        data = found.model_dump(mode="json")
        sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
    else:
        from rich.console import Console

        from inkoopcheck.reports import dossier as report

        report.render(found, Console(), verbose=verbose)
    return 0


@command("Haal berichten uit een dossier.")
@_DOSSIER
@click.option(
    "--identificatie",
    "identifications",
    multiple=True,
    help="Berichten met deze identificatie. Mag vaker.",
)
@click.option(
    "--vingerafdruk",
    "fingerprints",
    multiple=True,
    help="Het bericht uit het bestand met deze SHA-256. Mag vaker.",
)
@click.option("--bestand", "names", multiple=True, help="Het bericht uit dit bestand. Mag vaker.")
@click.option(
    "--ouder-dan",
    "before",
    metavar="DATUM",
    help="Berichten met een dagtekening voor deze datum, zoals 2024-01-01.",
)
@click.option("--ja", "agreed", is_flag=True, help="Stel geen vraag vooraf.")
@options.QUIET
def verwijder(
    dossier_file: Path,
    identifications: tuple[str, ...],
    fingerprints: tuple[str, ...],
    names: tuple[str, ...],
    before: str | None,
    agreed: bool,
    quiet: bool,
) -> int:
    """Haal berichten uit een dossier. Daarna staat er niets meer van in het bestand.

    Uitkomst: 0 verwijderd, 2 er is niets verwijderd.
    """
    from inkoopcheck.dossier.remove import Selection, removal
    from inkoopcheck.dutch import count_of
    from inkoopcheck.engine.ruleset import parse_peildatum

    chosen = Selection(
        identifications, fingerprints, names, parse_peildatum(before) if before else None
    )
    with (
        interruptible("Afgebroken. Er is niets verwijderd."),
        removal(dossier_file, chosen) as opened,
    ):
        if not opened.found:
            raise UnusableInput(
                "Zo'n bericht staat niet in het dossier. Er is niets verwijderd. Wat erin staat zegt:"
                " inkoopcheck dossier toon"
            )
        for item in opened.found[:_MOST_SHOWN]:
            say(f"- {_described(item)}", quiet)
        if (more := len(opened.found) - _MOST_SHOWN) > 0:
            say(f"- en nog {count_of(more, 'bericht', 'berichten')}", quiet)
        if running := opened.running(datetime.date.today()):
            text = count_of(running, "toewijzing die nog loopt", "toewijzingen die nog lopen")
            say(
                f"Let op: daarbij {'is' if running == 1 else 'zijn'} {text}. Een declaratie daarop heet"
                " straks een declaratie zonder toewijzing.",
                quiet=False,
            )
        number = count_of(len(opened.found), "bericht", "berichten")
        if not agreed and not _agrees(number):
            raise UnusableInput("Er is niets verwijderd.")
        opened.carry_out()
    say(f"{number} verwijderd.", quiet)
    return 0


def _described(item: "Dossierbericht") -> str:
    from inkoopcheck.dutch import format_date

    day = f" van {format_date(item.dagtekening)}" if item.dagtekening else ""
    return (
        f"{item.berichtsoort} {item.identificatie or 'zonder identificatie'}{day} ({item.bestand})"
    )


def _agrees(number: str) -> bool:
    """Does the user say yes?"""
    answer = click.prompt(
        f"{number} verwijderen? Typ ja of nee", default="nee", show_default=False, err=True
    )
    return str(answer).strip().lower() in ("ja", "j")


dossier.add_command(voeg_toe)
dossier.add_command(toon)
dossier.add_command(verwijder)
