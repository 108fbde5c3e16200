"""``inkoopcheck bericht``: check iJw messages and write the report."""

from pathlib import Path
from typing import Any

import click

from inkoopcheck.cli import checking
from inkoopcheck.cli.dutch import command
from inkoopcheck.cli.output import EXISTING, exit_code


@command("Controleer iJw-berichten (xml, zip of een map).")
@click.argument("bestanden", nargs=-1, required=True, type=EXISTING, metavar="BESTAND...")
@checking.REPORT
@checking.SETTINGS
def bericht(bestanden: tuple[Path, ...], **given: Any) -> int:
    """Controleer iJw-berichten: klopt de opbouw, en kloppen de regels binnen het bericht?

    Geef bestanden, mappen of zip-bestanden. Met --dossier legt u ze ook naast eerdere berichten. In het
    rapport staan geen BSN, namen of geboortedatums.

    Uitkomst: 0 in orde, 1 er zijn afwijkingen, 2 een bestand of opdracht is niet bruikbaar.
    """
    checking.check_target(bestanden, given)
    result = checking.prepare(given).checker.run(bestanden)
    checking.write_report(result, bestanden, given)
    return exit_code(result, given["fail_op"])
