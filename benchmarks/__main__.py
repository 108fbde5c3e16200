"""Measure inkoopcheck against a bare baseline in the same run: ``python -m benchmarks``.

The machine's speed drifts, so every figure is a ratio of runs in turn (A B A B ...), with the
median. Nothing here passes or fails; the aims are printed beside the figures.
"""

import argparse
import shutil
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
    run = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    taken = time.perf_counter() - start
    # 1 says that there are deviations; what could not be used at all says nothing about speed.
    assert run.returncode in (0, 1), command
    return taken


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


BARE_MESSAGES = """
import sys, time, pathlib
from lxml import etree
from inkoopcheck.schemas.find import find_schema
paths = sorted(pathlib.Path(sys.argv[1]).glob("*.xml"))
for path in paths[:14]:
    find_schema(etree.QName(etree.parse(path).getroot()).namespace)
start = time.perf_counter()
for path in paths:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.fromstring(path.read_bytes(), parser)
    assert find_schema(etree.QName(root).namespace).compiled.validate(root)
seconds = time.perf_counter() - start
status = pathlib.Path("/proc/self/status").read_text()
print(seconds, int(status.split("VmHWM:")[1].split()[0]) / 1024)
"""
CHECK_MESSAGES = """
import sys, time, datetime, pathlib
from inkoopcheck.check_messages import MessageChecker
from inkoopcheck.engine.ruleset import MESSAGE_FAMILIES, load_ruleset
from inkoopcheck.reports import jsonfile
checker = MessageChecker(load_ruleset(MESSAGE_FAMILIES), datetime.date(2026, 7, 1))
start = time.perf_counter()
result = checker.run([pathlib.Path(sys.argv[1])])
jsonfile.render(result)
seconds = time.perf_counter() - start
assert all(message.xsd_geldig for message in result.berichten) and not result.onbruikbaar
status = pathlib.Path("/proc/self/status").read_text()
print(seconds, int(status.split("VmHWM:")[1].split()[0]) / 1024)
"""


def figures_of(script: str, *paths: Path) -> tuple[float, float]:
    """Seconds and peak memory in MB that a script prints of itself."""
    run = subprocess.run(
        [sys.executable, "-c", script, *map(str, paths)], capture_output=True, text=True, check=True
    )
    seconds_text, memory = run.stdout.split()
    return float(seconds_text), float(memory)


def against_bare(name: str, folder: Path, runs: int, aim: str, memory_aim: str) -> None:
    """Compare a check with bare parsing and validating of the same messages, in turn."""
    times, memories = [], []
    for _ in range(runs):
        bare, bare_memory = figures_of(BARE_MESSAGES, folder)
        mine, memory = figures_of(CHECK_MESSAGES, folder)
        times.append(mine / bare)
        memories.append(memory / bare_memory)
    report(f"{name}, against bare parse and validation", times, "x", aim)
    report(f"{name}, peak memory against bare", memories, "x", memory_aim)


def messages(options: argparse.Namespace) -> None:
    """The figures about messages: one large declaration, and many small messages."""
    from benchmarks.declaration import declaration, small_messages

    with tempfile.TemporaryDirectory() as folder:
        large, quarter, small = (Path(folder) / name for name in ("groot", "kwart", "klein"))
        for path in (large, quarter, small):
            path.mkdir()
        (large / "JW323.xml").write_bytes(declaration(options.prestaties))
        (quarter / "JW323.xml").write_bytes(declaration(options.prestaties // 4))
        for number, content in enumerate(small_messages(options.messages)):
            (small / f"{number:05}.xml").write_bytes(content)
        name = f"JW323 of {options.prestaties} prestaties"
        against_bare(name, large, options.runs, "at most 2", "at most 1.3")
        growth = [
            figures_of(CHECK_MESSAGES, large)[0] / figures_of(CHECK_MESSAGES, quarter)[0]
            for _ in range(options.runs)
        ]
        report("check of a message four times as large", growth, "x", "at most 4.4")
        name = f"{options.messages} small messages"
        against_bare(name, small, options.runs, "at most 3", "-")


CHECK_BESIDE = """
import sys, time, datetime, pathlib
from inkoopcheck.check_messages import Dossier, MessageChecker
from inkoopcheck.dossier.store import key_of
from inkoopcheck.engine.ruleset import CHAIN_FAMILIES, MESSAGE_FAMILIES, load_ruleset
from inkoopcheck.reports import jsonfile
message, *database = map(pathlib.Path, sys.argv[1:])
ruleset = load_ruleset((*MESSAGE_FAMILIES, *CHAIN_FAMILIES) if database else MESSAGE_FAMILIES)
start = time.perf_counter()
dossier = Dossier("x", database=database[0]) if database else None
key = key_of(database[0], None) if database else None
checker = MessageChecker(ruleset, datetime.date(2026, 7, 1), key=key, dossier=dossier)
result = checker.run([message])
jsonfile.render(result)
seconds = time.perf_counter() - start
(checked,) = result.berichten
assert not checked.afwijkingen, checked.afwijkingen[0]
status = pathlib.Path("/proc/self/status").read_text()
print(seconds, int(status.split("VmHWM:")[1].split()[0]) / 1024)
"""


def dossiers(options: argparse.Namespace) -> None:
    """The figures about a dossier in a file: adding to it, and checking beside it."""
    from benchmarks.cases import make_content
    from benchmarks.dossier import write_dossier, write_message, write_month

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        content = make_content("JW323", options.prestaties)
        message = write_message(folder / "declaratie", "JW323", content)
        write_month(folder / "maand", options.messages)
        small, large = folder / "klein.dossier", folder / "groot.dossier"
        write_dossier(small, options.toewijzingen // 100, content)
        write_dossier(large, options.toewijzingen, content)

        def adding(dossier: Path) -> float:
            copy = folder / "kopie.dossier"
            shutil.copy(dossier, copy)
            shutil.copy(f"{dossier}.sleutel", f"{copy}.sleutel")
            command = [sys.executable, "-m", "inkoopcheck", "dossier", "voeg-toe"]
            return seconds([*command, str(copy), str(folder / "maand")])

        little, much = in_turn([lambda: adding(small), lambda: adding(large)], options.runs)
        ratios = [mine / base for mine, base in zip(much, little, strict=True)]
        report(
            f"{options.messages} messages into a dossier 100 times as large", ratios, "x", "about 1"
        )
        alone, beside = in_turn(
            [
                lambda: figures_of(CHECK_BESIDE, message)[0],
                lambda: figures_of(CHECK_BESIDE, message, large)[0],
            ],
            options.runs,
        )
        ratios = [mine / base for mine, base in zip(beside, alone, strict=True)]
        lines = options.toewijzingen * 10 // 3
        report(f"JW323 beside {lines} prestaties, against alone", ratios, "x", "at most 3")


AUDIT = """
import sys, json, pathlib, resource
from inkoopcheck.cli.main import main
folder, report, processes = sys.argv[1:]
arguments = ["audit", folder, "--uit", report, "--processen", processes, "--peildatum", "2026-07-01", "--stil"]
try:
    main(arguments)
except SystemExit as end:
    assert end.code == 0, end.code
meta = json.loads((pathlib.Path(report) / "audit.json").read_text(encoding="utf-8"))
highest = max(
    resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
)
print(meta["lezen_seconden"], meta["oordelen_seconden"], highest / 1024, meta["uitkomst"])
"""


def audits(options: argparse.Namespace) -> None:
    """The figures about an audit: one process against two, and a country four times as large."""
    from benchmarks.country import write_country

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sizes = (options.country // 4, options.country)
        for size in sizes:
            write_country(folder / str(size), gemeenten=20, prestaties=size, seed=1, zips=True)

        def run(size: int, processes: int) -> tuple[float, float]:
            report_folder = folder / "rapport"
            shutil.rmtree(report_folder, ignore_errors=True)
            start = time.perf_counter()
            script = [sys.executable, "-c", AUDIT, str(folder / str(size)), str(report_folder)]
            told = subprocess.run(
                [*script, str(processes)], capture_output=True, text=True, check=True
            ).stdout.split()
            taken = time.perf_counter() - start
            reading, judging, memory = map(float, told[:3])
            print(
                f"  {size} prestaties, {processes} process(es): {taken:.0f} s, {size / taken:.0f} per second,"
                f" reading {reading / taken:.0%}, judging {judging / taken:.0%}, largest process {memory:.0f} MB"
            )
            return taken, memory

        one, two, large = run(sizes[0], 1), run(sizes[0], 2), run(sizes[1], 2)
        report("audit: two processes against one", [one[0] / two[0]], "x", "at least 1.8")
        report("audit: four times the country", [large[0] / two[0]], "x", "at most 4")
        report("audit: largest process", [large[1]], "MB", "at most 2048 together")


def main() -> None:
    """Run all benchmarks and print one line per figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=500, help="rows in the tariff sheet")
    parser.add_argument("--runs", type=int, default=7, help="counted runs of each command")
    parser.add_argument("--prestaties", type=int, default=27_000, help="in the large declaration")
    parser.add_argument("--messages", type=int, default=2_000, help="number of small messages")
    parser.add_argument("--only-messages", action="store_true", help="leave the workbooks out")
    parser.add_argument("--toewijzingen", type=int, default=300_000, help="in the large dossier")
    parser.add_argument("--only-dossier", action="store_true", help="nothing but the dossier")
    parser.add_argument("--country", type=int, default=1_000_000, help="prestaties in the audit")
    parser.add_argument("--only-audit", action="store_true", help="nothing but the audit")
    options = parser.parse_args()
    if options.only_audit:
        audits(options)
        return
    if not options.only_dossier:
        messages(options)
    if options.only_messages:
        return
    dossiers(options)
    if options.only_dossier:
        return
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
