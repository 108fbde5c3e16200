"""What the commands on messages share: their options, the checker made from them, and the report."""

import datetime
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from inkoopcheck.cli import options
from inkoopcheck.cli.output import (
    EXISTING,
    choice,
    is_asked_for,
    new_file,
    report_text,
    say,
    switch,
)
from inkoopcheck.errors import UnusableInput, printable

if TYPE_CHECKING:
    from inkoopcheck.check_messages import Dossier, MessageChecker
    from inkoopcheck.contracts import Contracts
    from inkoopcheck.engine.ruleset import Ruleset
    from inkoopcheck.findings.model import Resultaat

_Command = TypeVar("_Command", bound=Callable[..., Any])

_NAMES = {
    "terminal": "berichten-rapport.txt",
    "html": "berichten-rapport.html",
    "xlsx": "berichten-afwijkingen.xlsx",
    "json": "berichten-rapport.json",
    "csv": "berichten-rapport.csv",
}

_DOSSIER = click.option(
    "--dossier",
    "--toewijzing",
    "dossiers",
    type=EXISTING,
    multiple=True,
    help="De eerdere berichten: een map, bestanden, een zip of een dossierbestand (.duckdb). Mag vaker.",
)
_CONTRACT = click.option(
    "--contract",
    "contracts",
    type=EXISTING,
    multiple=True,
    help="De werkmap met het contract tussen deze gemeente en deze aanbieder. Mag vaker.",
)
_FURTHER = click.option(
    "--door",
    "further",
    is_flag=True,
    help="Kijk ook verder als het bericht op zichzelf al wordt afgekeurd.",
)


def _together(*all_options: Callable[[_Command], _Command]) -> Callable[[_Command], _Command]:
    def add(function: _Command) -> _Command:
        for option in reversed(all_options):
            function = option(function)
        return function

    return add


RULE_SETTINGS = _together(
    options.MESSAGE_DATE,
    options.PARAMETERS,
    options.RULES,
    options.OFF,
    options.CHOICES,
    options.SCHEMAS,
)
"""The options that say by which rules and schemas; see ``rules_and_date``."""

SETTINGS = _together(_DOSSIER, options.KEY, _CONTRACT, options.MAPPING, _FURTHER, RULE_SETTINGS)
"""The options that say how messages are checked; a command takes them as ``**settings``."""

REPORT = _together(options.FORMAT, options.OUT, options.FAIL_ON, options.VERBOSE, options.QUIET)
"""The options that say what the report looks like; a command takes them as ``**report``."""


@dataclass(frozen=True)
class Prepared:
    """A checker that is ready, with its rules and the date that counts as today."""

    checker: "MessageChecker"
    ruleset: "Ruleset"
    today: datetime.date


def prepare(
    settings: Mapping[str, Any], *, all_findings: bool = False, chain: bool = False
) -> Prepared:
    """The checker that the options of ``SETTINGS`` ask for.

    Args:
        settings: the values of those options.
        all_findings: give every deviation, and not only the first of each rule in each message.
        chain: run the rules of the keten also without a dossier; most of them then say what they need.

    Raises:
        UnusableInput: an option, a file of the user or the dossier cannot be used.
    """
    from inkoopcheck.check_messages import MessageChecker

    contracts = _contracts(settings)
    dossier = _dossier(settings, chain=chain or contracts is not None)
    key = None
    if dossier is not None and dossier.database is not None:
        from inkoopcheck.dossier.store import key_of

        key = key_of(dossier.database, settings["key_file"])
    ruleset, today = rules_and_date(settings, chain=dossier is not None)
    checker = MessageChecker(
        ruleset,
        today,
        key=key,
        schemas=settings["schemas"],
        all_findings=all_findings,
        dossier=dossier,
        contracts=contracts,
    )
    return Prepared(checker, ruleset, today)


def rules_and_date(
    settings: Mapping[str, Any], *, chain: bool = False
) -> "tuple[Ruleset, datetime.date]":
    """The rules that the options of ``RULE_SETTINGS`` ask for, and the date that counts as today.

    Raises:
        UnusableInput: an option or a file of the user cannot be used, such as a folder without schemas.
    """
    from inkoopcheck.engine.ruleset import (
        CHAIN_FAMILIES,
        MESSAGE_FAMILIES,
        load_ruleset,
        parse_peildatum,
    )

    peildatum = settings["peildatum"]
    ruleset = load_ruleset(
        (*MESSAGE_FAMILIES, *CHAIN_FAMILIES) if chain else MESSAGE_FAMILIES,
        user_folders=settings["rule_folders"],
        parameter_file=settings["parameter_file"],
        off=[switch(item) for item in settings["off"]],
        choices=[choice(item) for item in settings["choices"]],
    )
    if settings["schemas"] is not None:
        # Say it once, and not for every message.
        from inkoopcheck.schemas.find import known_messages

        known_messages(settings["schemas"])
    return ruleset, parse_peildatum(peildatum) if peildatum else datetime.date.today()


def _contracts(settings: Mapping[str, Any]) -> "Contracts | None":
    if not settings["contracts"]:
        return None
    from inkoopcheck.contracts import Contracts
    from inkoopcheck.readers.mapping import load_mapping

    mapping_file = settings["mapping_file"]
    return Contracts(
        settings["contracts"],
        user_folders=settings["rule_folders"],
        mapping=load_mapping(mapping_file) if mapping_file else None,
    )


def _dossier(settings: Mapping[str, Any], *, chain: bool) -> "Dossier | None":
    from inkoopcheck.check_messages import NO_DOSSIER, Dossier

    given: tuple[Path, ...] = settings["dossiers"]
    further = settings["further"]
    if not given:
        return replace(NO_DOSSIER, further=further) if chain else None
    from inkoopcheck.dossier.store import is_database

    databases = [path for path in given if is_database(path)]
    if databases and len(given) > 1:
        raise UnusableInput(
            f"{printable(databases[0].name)} is een dossierbestand. Voeg de andere berichten daaraan toe met:"
            " inkoopcheck dossier voeg-toe"
        )
    for path in given:
        if not path.exists():
            raise UnusableInput(f"Het dossier {printable(path.name)} bestaat niet.")
    name = ", ".join(printable(path.name or str(path)) for path in given)
    if databases:
        return Dossier(name, database=databases[0], further=further)
    return Dossier(name, paths=given, further=further)


def check_target(files: Sequence[Path], report: Mapping[str, Any]) -> None:
    """Say at once, before any work, that the report would take the place of an input.

    Raises:
        UnusableInput: it would.
    """
    _target(files, report["formaat"], report["uit"])


def write_report(result: "Resultaat", files: Sequence[Path], report: Mapping[str, Any]) -> None:
    """Write the report in the form and to the place that the options of ``REPORT`` ask for.

    Raises:
        UnusableInput: the target is an input or cannot be written.
    """
    form, out = report["formaat"], report["uit"]
    target = _target(files, form, out)
    if result.berichten or is_asked_for(form, out):
        _write(result, form, target, verbose=report["verbose"], quiet=report["quiet"])
    for item in result.onbruikbaar:
        click.echo(item.reden, err=True)


def _target(files: Sequence[Path], form: str, out: Path | None) -> Path | None:
    """Where the report goes; None is the screen."""
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
    result: "Resultaat", form: str, target: Path | None, *, verbose: bool, quiet: bool
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
