"""``inkoopcheck contract``: check contract workbooks and write the report."""

import datetime
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from inkoopcheck.cli import options
from inkoopcheck.cli.dutch import command
from inkoopcheck.cli.output import (
    EXISTING,
    exit_code,
    is_asked_for,
    new_file,
    report_text,
    say,
    switch,
)
from inkoopcheck.errors import UnusableInput, printable
from inkoopcheck.findings.model import Resultaat

_SUFFIX = {"html": "-rapport.html", "xlsx": "-afwijkingen.xlsx"}


@command("Controleer contractwerkmappen.")
@click.argument("bestanden", nargs=-1, required=True, type=EXISTING, metavar="BESTAND...")
@options.FORMAT
@options.OUT
@options.FAIL_ON
@options.DATE
@options.PARAMETERS
@options.RULES
@options.OFF
@click.option("--uitleg", "explanation_file", type=EXISTING, help="Bestand met pas toe of leg uit.")
@options.MAPPING
@options.VERBOSE
@options.QUIET
@click.option(
    "--met-persoonsgegevens",
    "keep_personal",
    is_flag=True,
    help="Laat in de kopie van uw werkmap (xlsx) kolommen met persoonsgegevens staan. Alleen voor"
    " eigen gebruik.",
)
def contract(
    bestanden: tuple[Path, ...],
    formaat: str,
    uit: Path | None,
    fail_op: str,
    peildatum: str | None,
    parameter_file: Path | None,
    rule_folders: tuple[Path, ...],
    off: tuple[str, ...],
    explanation_file: Path | None,
    mapping_file: Path | None,
    verbose: bool,
    quiet: bool,
    keep_personal: bool,
) -> int:
    """Controleer een of meer contractwerkmappen en toon waar ze afwijken van de normen.

    Uitkomst: 0 in orde, 1 er zijn afwijkingen, 2 een bestand of opdracht is niet bruikbaar.
    """
    from inkoopcheck.check import ContractChecker, load_explanations
    from inkoopcheck.engine.ruleset import load_ruleset, parse_peildatum
    from inkoopcheck.readers.mapping import load_mapping
    from inkoopcheck.readers.vocabulary import load_vocabulary

    date = parse_peildatum(peildatum) if peildatum else datetime.date.today()
    ruleset = load_ruleset(
        user_folders=rule_folders,
        parameter_file=parameter_file,
        off=[switch(item) for item in off],
    )
    targets = _targets(bestanden, formaat, uit)
    checker = ContractChecker(
        ruleset,
        load_vocabulary(rule_folders),
        date,
        mapping=load_mapping(mapping_file) if mapping_file else None,
        explanations=load_explanations(explanation_file) if explanation_file else (),
    )
    paths = list(dict.fromkeys(bestanden))
    result = checker.run(paths)
    masks = {} if keep_personal else checker.personal_cells
    if result.contracten or is_asked_for(formaat, uit):
        readable = [
            (path, target)
            for path, target in zip(paths, targets, strict=False)
            if path in checker.checked
        ]
        _write(result, formaat, targets[0], readable, masks, verbose=verbose, quiet=quiet)
    for item in result.onbruikbaar:
        click.echo(item.reden, err=True)
    return exit_code(result, fail_op)


def _targets(files: Sequence[Path], form: str, out: Path | None) -> list[Path | None]:
    """Where reports go: one path for the whole run, or one per file for xlsx; None is the screen.

    Raises:
        UnusableInput: the target is an input, or cannot hold several reports.
    """
    if form == "xlsx":
        names = [f"{printable(file.stem)}{_SUFFIX['xlsx']}" for file in files]
        if out is None:
            found = [Path(name) for name in names]
        elif out.is_dir() or not out.suffix:
            found = [out / name for name in names]
        elif len(files) == 1:
            found = [out]
        else:
            raise UnusableInput("Bij meer werkmappen tegelijk is --uit een map, geen bestand.")
        if len(set(found)) < len(found):
            raise UnusableInput("Twee werkmappen hebben dezelfde naam. Controleer ze apart.")
    elif out is not None:
        if out.is_dir():
            suffix = _SUFFIX.get(form, f"-rapport.{'txt' if form == 'terminal' else form}")
            out = out / f"{printable(files[0].stem) if len(files) == 1 else 'contracten'}{suffix}"
        found = [out]
    elif form == "html":
        found = [
            Path(
                f"{printable(files[0].stem) if len(files) == 1 else 'contracten'}{_SUFFIX['html']}"
            )
        ]
    else:
        return [None]
    for target in found:
        if any(target.resolve() == file.resolve() for file in files):
            raise UnusableInput(
                f"{target.name} is uw eigen werkmap. Kies een andere naam voor het rapport."
            )
    return list(found)


def _write(
    result: Resultaat,
    form: str,
    target: Path | None,
    copies: Sequence[tuple[Path, Path | None]],
    masks: dict[str, dict[str, set[str]]],
    *,
    verbose: bool,
    quiet: bool,
) -> None:
    if form == "xlsx":
        from inkoopcheck.reports import spreadsheet

        for item, (path, copy) in zip(result.contracten, copies, strict=True):
            if copy is None:
                continue
            with new_file(copy) as new:
                spreadsheet.render(item, result, path, new, mask=masks.get(str(path)))
            say(f"Rapport: {copy}", quiet)
        return
    if form == "terminal" and target is None:
        if not quiet:
            from rich.console import Console

            from inkoopcheck.reports import terminal

            terminal.render(result, Console(), verbose=verbose)
        return
    text = report_text(result, form, verbose=verbose)
    if target is None:
        if not quiet:
            sys.stdout.write(text)
        return
    with new_file(target) as new:
        new.write_text(text, encoding="utf-8-sig" if form == "csv" else "utf-8", newline="")
    say(f"Rapport: {target}", quiet)
