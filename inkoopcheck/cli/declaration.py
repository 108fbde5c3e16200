"""``inkoopcheck declaratie``: check a declaratie beside the messages before it and the contract."""

from pathlib import Path
from typing import Any

import click

from inkoopcheck.cli import checking
from inkoopcheck.cli.dutch import command
from inkoopcheck.cli.output import EXISTING, exit_code, new_file, say
from inkoopcheck.errors import UnusableInput

_ONE = "Met --herstel kan er maar één declaratie tegelijk."


@command("Controleer een declaratie naast toewijzingen, eerdere berichten en het contract.")
@click.argument("bestanden", nargs=-1, required=True, type=EXISTING, metavar="BESTAND...")
@checking.REPORT
@checking.SETTINGS
@click.option(
    "--herstel",
    "repaired",
    type=EXISTING,
    help="Schrijf hier een verbeterde declaratie. Alleen wat zeker is wordt verbeterd: bedragen en totalen.",
)
def declaratie(bestanden: tuple[Path, ...], repaired: Path | None, **given: Any) -> int:
    """Controleer een declaratie (JW323) voordat u haar verstuurt, of als u haar ontvangt.

    Met --dossier geeft u de eerdere berichten: toewijzingen (JW301), declaraties (JW323) en antwoorden
    (JW325). Met --contract geeft u de contractwerkmap. Het rapport zegt welke prestaties de gemeente zou
    afwijzen, op welke regel, om hoeveel geld het gaat en welk antwoord er teruggaat. Ook andere
    iJw-berichten mogen: zij worden net zo naast het dossier gelegd.

    Uitkomst: 0 in orde, 1 er zijn afwijkingen, 2 een bestand of opdracht is niet bruikbaar.
    """
    checking.check_target(bestanden, given)
    if repaired is not None:
        _check_repair(bestanden, repaired)
    result = checking.prepare(given, chain=True).checker.run(bestanden)
    checking.write_report(result, bestanden, given)
    if repaired is not None:
        _repair(bestanden, repaired, given["schemas"], quiet=given["quiet"])
    return exit_code(result, given["fail_op"])


def _check_repair(files: tuple[Path, ...], target: Path) -> None:
    """Say at once, before any work, that there is nothing to mend or no place for it."""
    if len(files) > 1 or files[0].is_dir():
        raise UnusableInput(_ONE)
    if target.is_dir() or target.resolve() == files[0].resolve():
        raise UnusableInput(
            f"{target.name} bestaat al als map of is uw eigen bericht. Kies een andere naam bij --herstel."
        )


def _repair(files: tuple[Path, ...], target: Path, schemas: Path | None, *, quiet: bool) -> None:
    from inkoopcheck.dutch import count_of
    from inkoopcheck.readers.message_files import find_messages
    from inkoopcheck.repair import repair

    found = [item for item in find_messages(files) if not item.problem]
    if len(found) != 1:
        raise UnusableInput(_ONE)
    outcome = repair(found[0].content, schemas)
    if not outcome.changes:
        say("Er is niets dat zeker te verbeteren is. Er is geen bestand gemaakt.", quiet)
        return
    with new_file(target) as new:
        new.write_bytes(outcome.content)
    say(f"Verbeterd bericht: {target}", quiet)
    say(f"{count_of(len(outcome.changes), 'verbetering', 'verbeteringen')}:", quiet)
    for change in outcome.changes:
        say(f"  {change.path}: was {change.was}, nu {change.now} ({change.rule})", quiet)
