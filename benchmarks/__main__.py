"""Measure inkoopcheck against a bare baseline in the same run: ``python -m benchmarks``.

The machine's speed drifts, so every figure is a ratio of runs in turn (A B A B ...), with the
median. Nothing here passes or fails; the aims are printed beside the figures.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.workbook import write_workbook

BARE_READ = """
import sys, openpyxl
workbook = openpyxl.load_workbook(sys.argv[1])
for sheet in workbook:
    for row in sheet.iter_rows():
        for cell in row:
            cell.value
"""
LOAD_RULES = """
import time
start = time.perf_counter()
from inkoopcheck.engine.ruleset import load_ruleset
imported = time.perf_counter()
load_ruleset()
print((time.perf_counter() - imported) * 1000)
"""


def seconds(command: Sequence[str]) -> float:
    """Wall time of a whole process, in seconds."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start


def in_turn(measures: Sequence[Callable[[], float]], runs: int) -> list[list[float]]:
    """Run all measures in turn, after one warm-up each, and give the figures of each."""
    for measure in measures:
        measure()
    figures: list[list[float]] = [[] for _ in measures]
    for _ in range(runs):
        for figure, measure in zip(figures, measures, strict=True):
            figure.append(measure())
    return figures


def report(name: str, figures: Sequence[float], unit: str, aim: str) -> None:
    """Print the median of a figure with its spread and the aim."""
    middle = statistics.median(figures)
    print(
        f"{name:<58}{middle:8.2f} {unit:<3}  ({min(figures):.2f} - {max(figures):.2f})  aim: {aim}"
    )


def main() -> None:
    """Run all benchmarks and print one line per figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=500, help="rows in the tariff sheet")
    parser.add_argument("--runs", type=int, default=7, help="counted runs of each command")
    options = parser.parse_args()
    command = [sys.executable, "-m", "inkoopcheck"]
    with tempfile.TemporaryDirectory() as folder:
        workbook = write_workbook(Path(folder) / "contract.xlsx", options.rows)
        bare, *checks = in_turn(
            [
                lambda: seconds([sys.executable, "-c", BARE_READ, str(workbook)]),
                *(
                    lambda form=form: seconds(
                        [
                            *command,
                            "contract",
                            str(workbook),
                            "--formaat",
                            form,
                            "--uit",
                            f"{folder}/uit.{form}",
                        ]
                    )
                    for form in ("terminal", "json", "html", "xlsx")
                ),
            ],
            options.runs,
        )
        report(f"openpyxl reads {options.rows} rows (baseline)", bare, "s", "-")
        for form, check in zip(("terminal", "json", "html", "xlsx"), checks, strict=True):
            ratios = [mine / base for mine, base in zip(check, bare, strict=True)]
            report(f"whole command, --formaat {form}, against baseline", ratios, "x", "at most 3")
    (helps,) = in_turn([lambda: seconds([*command, "--help"])], options.runs)
    report("inkoopcheck --help", helps, "s", "under 0.3")
    (loads,) = in_turn(
        [
            lambda: float(
                subprocess.run(
                    [sys.executable, "-c", LOAD_RULES], capture_output=True, text=True, check=True
                ).stdout
            )
        ],
        options.runs,
    )
    report("load and validate all rule files", loads, "ms", "under 150")


if __name__ == "__main__":
    main()
