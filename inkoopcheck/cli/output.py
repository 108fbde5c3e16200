"""What the checking commands share: options, new files, messages and the exit code."""

import contextlib
import os
import tempfile
from pathlib import Path

import click

from inkoopcheck.errors import UnusableInput, printable, why_not
from inkoopcheck.findings.model import Ernst, Resultaat

EXISTING = click.Path(path_type=Path)


def switch(text: str) -> tuple[str, str]:
    """Read ``--zonder REGEL=REDEN``.

    Raises:
        UnusableInput: there is no equals sign.
    """
    rule, equals, reason = text.partition("=")
    if not equals:
        raise UnusableInput(
            f'Schrijf --zonder als REGEL=REDEN, bijvoorbeeld --zonder "{text}=reden".'
        )
    return rule, reason


def choice(text: str) -> tuple[str, str]:
    """Read ``--keuze REGEL=KEUZE``.

    Raises:
        UnusableInput: there is no equals sign.
    """
    rule, equals, name = text.partition("=")
    if not equals:
        raise UnusableInput(
            f"Schrijf --keuze als REGEL=KEUZE. Wat u kunt kiezen ziet u met: inkoopcheck regel {rule}"
        )
    return rule, name


def exit_code(result: Resultaat, fail_on: str) -> int:
    """0 nothing at or above the severity, 1 deviations, 2 a file that could not be used."""
    if result.onbruikbaar:
        return 2
    worst = result.worst()
    if fail_on == "nooit" or worst is None:
        return 0
    return int(worst.rank >= Ernst(fail_on).rank)


def is_asked_for(form: str, out: Path | None) -> bool:
    """Does the user want a report in a file, or for another program, also when nothing could be read?"""
    return out is not None or form != "terminal"


def report_text(result: Resultaat, form: str, *, verbose: bool) -> str:
    """The report as text: html, json, csv, or what the terminal shows."""
    if form == "html":
        from inkoopcheck.reports import html

        return html.render(result)
    if form == "json":
        from inkoopcheck.reports import jsonfile

        return jsonfile.render(result)
    if form == "csv":
        from inkoopcheck.reports import csvfile

        return csvfile.render(result)
    import io

    from rich.console import Console

    from inkoopcheck.reports import terminal

    buffer = io.StringIO()
    terminal.render(result, Console(file=buffer, width=100, no_color=True), verbose=verbose)
    return buffer.getvalue()


def say(text: str, quiet: bool) -> None:
    """Tell the user something beside the report."""
    if not quiet:
        click.echo(printable(text), err=True)


class new_file(contextlib.AbstractContextManager[Path]):  # noqa: N801
    """A file that appears under its name only when it is complete."""

    def __init__(self, target: Path) -> None:
        self._target = target

    def __enter__(self) -> Path:
        try:
            self._target.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(
                dir=self._target.parent, prefix=".inkoopcheck-", suffix=self._target.suffix
            )
        except OSError as error:
            raise UnusableInput(
                f"Het rapport {self._target.name} is niet te schrijven: {why_not(error)}."
            ) from None
        os.close(handle)
        self._temporary = Path(name)
        return self._temporary

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is not None:
            self._temporary.unlink(missing_ok=True)
            return
        self._temporary.chmod(0o644)
        try:
            self._temporary.replace(self._target)
        except OSError as problem:
            self._temporary.unlink(missing_ok=True)
            raise UnusableInput(
                f"Het rapport {self._target.name} is niet te schrijven: {why_not(problem)}."
            ) from None
