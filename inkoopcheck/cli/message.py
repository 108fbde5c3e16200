"""``inkoopcheck bericht``: check iJw messages and write the report."""

import datetime
import sys
from pathlib import Path

import click

from inkoopcheck.cli import options
from inkoopcheck.cli.dutch import command
from inkoopcheck.cli.output import (
    EXISTING,
    check_schemas,
    choice,
    exit_code,
    is_asked_for,
    new_file,
    report_text,
    say,
    switch,
)
from inkoopcheck.errors import UnusableInput, printable
from inkoopcheck.findings.model import Resultaat

_NAMES = {
    "terminal": "berichten-rapport.txt",
    "html": "berichten-rapport.html",
    "xlsx": "berichten-afwijkingen.xlsx",
    "json": "berichten-rapport.json",
    "csv": "berichten-rapport.csv",
}


@command("Controleer iJw-berichten (xml, zip of een map).")
@click.argument("bestanden", nargs=-1, required=True, type=EXISTING, metavar="BESTAND...")
@options.FORMAT
@options.OUT
@options.FAIL_ON
@options.MESSAGE_DATE
@options.PARAMETERS
@options.RULES
@options.OFF
@options.CHOICES
@options.SCHEMAS
@options.VERBOSE
@options.QUIET
def bericht(
    bestanden: tuple[Path, ...],
    formaat: str,
    uit: Path | None,
    fail_op: str,
    peildatum: str | None,
    parameter_file: Path | None,
    rule_folders: tuple[Path, ...],
    off: tuple[str, ...],
    choices: tuple[str, ...],
    schemas: Path | None,
    verbose: bool,
    quiet: bool,
) -> int:
    """Controleer iJw-berichten: klopt de opbouw, en kloppen de regels binnen het bericht?

    Geef bestanden, mappen of zip-bestanden. In het rapport staan geen BSN, namen of geboortedatums.

    Uitkomst: 0 in orde, 1 er zijn afwijkingen, 2 een bestand of opdracht is niet bruikbaar.
    """
    from inkoopcheck.check_messages import MessageChecker
    from inkoopcheck.engine.ruleset import MESSAGE_FAMILIES, load_ruleset, parse_peildatum

    date = parse_peildatum(peildatum) if peildatum else datetime.date.today()
    target = _target(bestanden, formaat, uit)
    ruleset = load_ruleset(
        MESSAGE_FAMILIES,
        user_folders=rule_folders,
        parameter_file=parameter_file,
        off=[switch(item) for item in off],
        choices=[choice(item) for item in choices],
    )
    if schemas is not None:
        check_schemas(schemas)
    result = MessageChecker(ruleset, date, schemas=schemas).run(bestanden)
    if result.berichten or is_asked_for(formaat, uit):
        _write(result, formaat, target, verbose=verbose, quiet=quiet)
    for item in result.onbruikbaar:
        click.echo(item.reden, err=True)
    return exit_code(result, fail_op)


def _target(files: tuple[Path, ...], form: str, out: Path | None) -> Path | None:
    """Where the report goes; None is the screen.

    Raises:
        UnusableInput: the target is an input.
    """
    if out is None:
        if form not in ("html", "xlsx"):
            return None
        out = Path()
    name = _NAMES[form]
    if len(files) == 1 and not files[0].is_dir():
        name = name.replace("berichten", printable(files[0].stem), 1)
    target = out / name if out.is_dir() else out
    if any(target.resolve() == file.resolve() for file in files):
        raise UnusableInput(
            f"{target.name} is uw eigen bericht. Kies een andere naam voor het rapport."
        )
    return target


def _write(
    result: Resultaat, form: str, target: Path | None, *, verbose: bool, quiet: bool
) -> None:
    if target is None and quiet:
        return
    if form == "xlsx" and target is not None:
        from inkoopcheck.reports import message_workbook

        with new_file(target) as new:
            message_workbook.render(result, new)
    elif form == "terminal" and target is None:
        from rich.console import Console

        from inkoopcheck.reports import terminal

        terminal.render(result, Console(), verbose=verbose)
    else:
        text = report_text(result, form, verbose=verbose)
        if target is None:
            sys.stdout.write(text)
            return
        with new_file(target) as new:
            new.write_text(text, encoding="utf-8-sig" if form == "csv" else "utf-8", newline="")
    if target is not None:
        say(f"Rapport: {target}", quiet)
