"""How far an audit is, on a terminal; nothing in a pipe."""

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from inkoopcheck.audit.model import UnitOutcome


class _Shown:
    """Shows files, rows, speed and time left."""

    def __init__(self, bar: "Bar") -> None:
        self._bar = bar
        self._task: Any = None
        self._lines = 0
        self._files = 0
        self._all = 0

    def reading(self, files: int, size: int) -> None:
        self._all = files
        if files:
            self._task = self._bar.add_task("Lezen", total=max(size, 1), stand=self._stand())

    def read(self, outcome: "UnitOutcome", files: int, size: int) -> None:
        self._files += files
        self._lines += outcome.lines
        if self._task is not None:
            self._bar.update(self._task, advance=size, stand=self._stand())

    def judging(self, name: str) -> None:
        if self._task is not None:
            self._bar.remove_task(self._task)
        self._task = self._bar.add_task("Beoordelen", total=None, stand=name.removesuffix("_uit"))

    def _stand(self) -> str:
        from inkoopcheck.dutch import format_number

        return (
            f"{format_number(self._files)} van {format_number(self._all)} bestanden,"
            f" {format_number(self._lines)} regels"
        )


@contextlib.contextmanager
def progress(*, quiet: bool) -> Iterator[_Shown | None]:
    """Something to tell how far an audit is; None when nothing is to be shown, or nobody looks."""
    from rich.console import Console

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield None
        return
    from rich.progress import (
        BarColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[stand]}"),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    ) as bar:
        yield _Shown(bar)
