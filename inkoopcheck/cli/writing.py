"""Write what a command makes: a file appears only when it is complete."""

import contextlib
import os
import tempfile
from pathlib import Path

import click

from inkoopcheck.errors import UnusableInput, why_not


def say(text: str, *, quiet: bool) -> None:
    """Tell the user something beside the report."""
    if not quiet:
        click.echo(text, err=True)


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
