"""The sample contracts: what the command says of each of them, and that they can be made anew.

What it says is kept in ``tests/golden``. After a change that is meant, renew it and read the
difference: ``python -m tests.test_samples --vernieuw``.
"""

import csv
import importlib
import importlib.metadata
import json
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from inkoopcheck.engine.ruleset import load_ruleset
from inkoopcheck.readers.vocabulary import load_vocabulary
from inkoopcheck.readers.workbook import read_workbook

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "sample_contracts"
GOLDEN = Path(__file__).resolve().parent / "golden"
SAMPLES = sorted(p.name for p in FOLDER.iterdir() if p.suffix in (".xlsx", ".xls", ".ods", ".csv"))
PEILDATUM = "2026-07-01"
RENEW = "python -m tests.test_samples --vernieuw"
EACH = pytest.mark.parametrize("name", SAMPLES)

NOT_IN_A_SAMPLE: dict[str, str] = {}
"""Rules of which no sample shows a deviation, with the reason why that cannot be."""


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "inkoopcheck", "contract", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


@cache
def contracts() -> dict[str, dict[str, Any]]:
    """What the command says of each sample, from one run over all of them."""
    done = run(*(FOLDER / name for name in SAMPLES), "--formaat", "json", "--peildatum", PEILDATUM)
    assert done.returncode == 1, done.stderr
    found = {c["bestand"]["naam"]: c for c in json.loads(done.stdout)["contracten"]}
    assert sorted(found) == SAMPLES, done.stderr
    return found


def findings(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = contracts()[name]["afwijkingen"]
    return found


def reduced(name: str) -> dict[str, Any]:
    """What should stay the same: the findings, what was read, and what was not checked."""
    done = run(FOLDER / name, "--formaat", "json", "--peildatum", PEILDATUM)
    assert done.stdout, f"{name}: {done.stderr}"
    (contract,) = json.loads(done.stdout)["contracten"]
    outcomes: dict[str, dict[str, list[str]]] = {}
    for rule in contract["regels"]:
        if rule["uitkomst"] != "uitgevoerd":
            reasons = outcomes.setdefault(rule["uitkomst"], {})
            reasons.setdefault(rule["reden"], []).append(rule["regel"])
    return {
        "uitkomst": done.returncode,
        "totalen": contract["totalen"],
        "kerncijfers": {figure["naam"]: figure["waarde"] for figure in contract["kerncijfers"]},
        "bladen": [_sheet(sheet) for sheet in contract["bladen"]],
        "afwijkingen": sorted(_finding(finding) for finding in contract["afwijkingen"]),
        "niet uitgevoerd": {
            outcome: {reason: " ".join(sorted(rules)) for reason, rules in sorted(reasons.items())}
            for outcome, reasons in sorted(outcomes.items())
        },
    }


def _sheet(sheet: dict[str, Any]) -> dict[str, Any]:
    return {
        "blad": sheet["blad"],
        "soort": sheet["soort"],
        "gelezen": sheet["rijen_gelezen"],
        "gebruikt": sheet["rijen_gebruikt"],
        "records": sheet["records"],
        "weggelaten": {
            item["reden"]: " ".join(map(str, item["rijen"])) for item in sheet["weggelaten"]
        },
    }


def _finding(finding: dict[str, Any]) -> str:
    place = finding["plaats"]
    cell = "!".join(part for part in (place["blad"], place["cel"]) if part) or place["bestand"]
    explained = " | uitgelegd" if finding["uitgelegd"] else ""
    return f"{finding['regel']} | {finding['ernst']} | {cell} | {finding['melding']}{explained}"


def golden_file(name: str) -> Path:
    return GOLDEN / f"{name}.json"


def renew() -> None:
    """Write what the command says now as what it should say."""
    said = {name: reduced(name) for name in SAMPLES}
    GOLDEN.mkdir(exist_ok=True)
    for old in GOLDEN.glob("*.json"):
        old.unlink()
    for name, content in said.items():
        text = json.dumps(content, ensure_ascii=False, indent=1)
        golden_file(name).write_text(f"{text}\n", encoding="utf-8", newline="\n")
        print(f"{golden_file(name).relative_to(ROOT)}: {content['totalen']}")


# --- what the command says ---------------------------------------------------------------------


@EACH
def test_command_says_what_it_said_before(name: str) -> None:
    assert golden_file(name).is_file(), f"{golden_file(name).name} is missing. Run: {RENEW}"
    wanted = json.loads(golden_file(name).read_text(encoding="utf-8"))
    assert reduced(name) == wanted, f"Something changed. If that is meant, run: {RENEW}"


def test_no_golden_file_is_left_over() -> None:
    found = sorted(p.name for p in GOLDEN.iterdir() if p.is_file())
    assert found == sorted(golden_file(n).name for n in SAMPLES)


@EACH
def test_every_row_is_used_or_left_out_with_a_reason(name: str) -> None:
    for sheet in contracts()[name]["bladen"]:
        left_out = [row for item in sheet["weggelaten"] for row in item["rijen"]]
        assert max(Counter(left_out).values(), default=1) == 1, sheet["blad"]
        assert sheet["rijen_gelezen"] == sheet["rijen_gebruikt"] + len(left_out), sheet["blad"]


@EACH
def test_no_rule_fails_on_a_sample(name: str) -> None:
    rules = contracts()[name]["regels"]
    assert [rule["regel"] for rule in rules if rule["uitkomst"] == "mislukt"] == []


def test_nothing_deviates_in_the_exemplary_contract() -> None:
    assert [_finding(finding) for finding in findings("voorbeeldig.xlsx")] == []
    sheets = contracts()["voorbeeldig.xlsx"]["bladen"]
    filled = {sheet["blad"] for sheet in sheets if sheet["records"]}
    assert filled == {
        *("Contract", "Tarieven", "Tariefopbouw", "Kostprijs", "Administratie", "Kwaliteit")
    }


def test_samples_show_a_deviation_of_every_rule() -> None:
    names = [name for name in SAMPLES if name.startswith("alle_afwijkingen")]
    shown = {finding["regel"] for name in names for finding in findings(name)}
    rules = {rule.id for rule in load_ruleset().rules}
    assert rules - shown == set(NOT_IN_A_SAMPLE), "a rule without a sample, or a reason too many"


def test_explained_deviations_stay_in_sight_and_do_not_count() -> None:
    found = findings("uitgelegd.xlsx")
    assert [_finding(finding) for finding in found if not finding["uitgelegd"]] == []
    assert {finding["ernst"] for finding in found} == {"fout", "waarschuwing", "aandachtspunt"}


def test_explanations_that_do_not_count_are_reported() -> None:
    found = findings("uitleg_verlopen.xlsx")
    assert len([finding for finding in found if finding["regel"] == "LEES-12"]) == 3
    explained = {finding["regel"]: bool(finding["uitgelegd"]) for finding in found}
    assert explained["LOOP-03"] and not explained["ADM-06"] and not explained["VOORW-38"]


# --- exit codes --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "fail_on", "code"),
    [
        ("voorbeeldig.xlsx", "aandachtspunt", 0),
        ("uitgelegd.xlsx", "waarschuwing", 0),
        ("uitgelegd.xlsx", "aandachtspunt", 0),
        ("uitleg_verlopen.xlsx", "fout", 1),
        ("alle_afwijkingen.xlsx", "fout", 1),
        ("alle_afwijkingen.xlsx", "nooit", 0),
        ("alle_afwijkingen_3.xlsx", "fout", 0),
        ("alle_afwijkingen_3.xlsx", "waarschuwing", 1),
        ("tarieven.csv", "fout", 0),
        ("tarieven.csv", "aandachtspunt", 1),
    ],
)
def test_exit_code_follows_the_severity_asked_for(name: str, fail_on: str, code: int) -> None:
    done = run(FOLDER / name, "--peildatum", PEILDATUM, "--fail-op", fail_on, "--stil")
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "")


def test_unusable_file_gives_two_and_does_not_stop_the_others(tmp_path: Path) -> None:
    broken = tmp_path / "kapot.xlsx"
    broken.write_bytes((FOLDER / "voorbeeldig.xlsx").read_bytes()[:5000])
    done = run(FOLDER / "voorbeeldig.xlsx", broken, "--formaat", "json")
    assert done.returncode == 2
    assert done.stderr.startswith("kapot.xlsx is beschadigd")
    result = json.loads(done.stdout)
    assert [c["bestand"]["naam"] for c in result["contracten"]] == ["voorbeeldig.xlsx"]
    assert [item["bestand"] for item in result["onbruikbaar"]] == ["kapot.xlsx"]


def test_missing_file_gives_two() -> None:
    done = run(FOLDER / "bestaat_niet.xlsx")
    assert done.returncode == 2
    assert "bestaat_niet.xlsx" in done.stderr and done.stdout == ""


# --- reports -----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["html", "csv", "terminal"])
def test_report_on_all_samples_is_written(form: str, tmp_path: Path) -> None:
    target = tmp_path / f"rapport.{form}"
    files = [FOLDER / name for name in SAMPLES]
    done = run(*files, "--formaat", form, "--uit", target, "--peildatum", PEILDATUM)
    assert done.returncode == 1, done.stderr
    text = target.read_text(encoding="utf-8-sig")
    assert [name for name in SAMPLES if findings(name) and name not in text] == []
    if form == "html":
        assert text.rstrip().endswith("</html>")
    if form == "csv":
        rows = list(csv.reader(text.splitlines(), delimiter=";"))
        assert len(rows) == 1 + sum(len(findings(name)) for name in SAMPLES)
        assert len({len(row) for row in rows}) == 1


def test_html_on_one_sample_gets_its_name(tmp_path: Path) -> None:
    done = run(FOLDER / "rommelig.xlsx", "--formaat", "html", "--uit", tmp_path)
    assert done.returncode == 1, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["rommelig-rapport.html"]


def test_copy_of_every_sample_opens_and_holds_the_deviations(tmp_path: Path) -> None:
    files = [FOLDER / name for name in SAMPLES]
    done = run(*files, "--formaat", "xlsx", "--uit", tmp_path, "--peildatum", PEILDATUM)
    assert done.returncode == 1, done.stderr
    for name in SAMPLES:
        copy = openpyxl.load_workbook(tmp_path / f"{Path(name).stem}-afwijkingen.xlsx")
        assert "Afwijkingen" in copy.sheetnames, name
        shown = {cell.value for row in copy["Afwijkingen"] for cell in row}
        assert shown >= {finding["regel"] for finding in findings(name)}, name


# --- what was read -----------------------------------------------------------------------------


def tariffs(name: str) -> list[tuple[Any, ...]]:
    rows = read_workbook(FOLDER / name, load_vocabulary()).rows["tarief"]
    fields = ("productcode", "niveau", "eenheid", "jaar", "tarief")
    return [tuple(row.get(field) for field in fields) for row in rows]


def test_messy_workbook_is_read_as_a_person_reads_it() -> None:
    def both(code: str, unit: str | None, first: str, second: str) -> list[tuple[Any, ...]]:
        return [
            (code, None, unit, 2025, Decimal(first)),
            (code, None, unit, 2026, Decimal(second)),
        ]

    assert [row for row in tariffs("rommelig.xlsx") if row[4] is not None] == [
        *both("45A48", "04", "79.80", "82.80"),
        *both("45A53", "04", "94.2", "97.8"),
        ("45A53", None, "04", 2027, Decimal("89.39")),
        *both("45A04", "04", "78", "81"),
        *both("45A51", "04", "78", "81"),
        *both("45A49", "04", "38.40", "39.60"),
        *both("54001", "04", "115.2", "118.8"),
        ("41A03", None, "16", 2025, Decimal("76.6")),
        *both("45A65", "traject", "1098.36", "1146.36"),
        ("45A66", None, "traject", 2025, Decimal("890")),
        ("44A08", None, "14", 2026, Decimal("171.36")),
        ("44A07", None, "dag", 2026, Decimal("52.14")),
        ("44A09", None, "14", 2026, Decimal("176.5")),
        ("44A27", None, "14", 2026, Decimal("184.10")),
        ("44A28", None, "14", 2026, Decimal("184.10")),
    ]


def test_several_prices_in_a_cell_of_the_old_format() -> None:
    assert tariffs("pgb_blad.xls")[:6] == [
        ("45A48", "mbo", "04", 2026, Decimal("54.60")),
        ("45A48", "hbo", "04", 2026, Decimal("66.00")),
        ("45A53", "hbo", "04", 2026, Decimal("75.60")),
        ("45A53", "wo", "04", 2026, Decimal("88.80")),
        ("45A49", None, "04", 2026, Decimal("31.20")),
        ("45A54", None, "04", 2026, Decimal("31.20")),
    ]


def test_euro_sign_of_windows_is_read() -> None:
    assert (FOLDER / "tarieven.csv").read_bytes().count(b"\x80") == 8
    assert tariffs("tarieven.csv")[0][4] == Decimal("81.60")


# --- making them anew --------------------------------------------------------------------------


def test_readme_names_every_sample() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [name for name in SAMPLES if f"`{name}`" not in text] == []


def test_samples_made_anew_are_the_same_byte_for_byte(tmp_path: Path) -> None:
    for module in ("odf", "openpyxl", "xlwt"):
        pytest.importorskip(module, reason=f"{module} is needed to make the samples")
    writing = importlib.import_module("sample_contracts.writing")
    for package, version in writing.MADE_WITH.items():
        found = importlib.metadata.version(package)
        if found != version:
            pytest.skip(f"made with {package} {version}, and here is {found}")
    maker = importlib.import_module("sample_contracts.maak_voorbeelden")
    maker.main(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == SAMPLES
    changed = [n for n in SAMPLES if (tmp_path / n).read_bytes() != (FOLDER / n).read_bytes()]
    assert changed == [], "Run: python -m sample_contracts.maak_voorbeelden"


if __name__ == "__main__":
    if sys.argv[1:] != ["--vernieuw"]:
        sys.exit(f"Gebruik: {RENEW}")
    renew()
