"""The sample messages: what the commands say of them, and that they can be made anew.

What they say is kept in ``tests/golden/berichten``. After a change that is meant, renew it and read the
difference: ``python -m tests.test_message_samples --vernieuw``.
"""

import json
import re
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from inkoopcheck.engine.ruleset import MESSAGE_FAMILIES, load_ruleset
from inkoopcheck.readers.message_xml import line_ends
from sample_contracts.maak_berichten import BSN, CLEAN, FAULTS, FAULTY, case, messages

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "sample_contracts" / "berichten"
GOLDEN = Path(__file__).resolve().parent / "golden" / "berichten"
PEILDATUM = ("--peildatum", "2026-07-01")
CASES = (CLEAN, FAULTY)


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "inkoopcheck", *map(str, arguments), *PEILDATUM],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


@cache
def checked(name: str) -> tuple[int, dict[str, list[dict[str, Any]]]]:
    """The exit code for a case, and its findings per file."""
    done = run("bericht", FOLDER / name, "--formaat", "json")
    assert done.stdout, done.stderr
    found = json.loads(done.stdout)["berichten"]
    return done.returncode, {item["bestand"]["naam"]: item["afwijkingen"] for item in found}


@cache
def announced(name: str) -> list[str]:
    """What the report of a check says of what goes back, per file."""
    found = json.loads(run("bericht", FOLDER / name, "--formaat", "json").stdout)["berichten"]
    return [f"{item['bestand']['naam']}: {item['retour']}" for item in found]


@cache
def returned(name: str) -> tuple[int, list[str], dict[str, bytes]]:
    """The exit code of retour for a case, what it says, and what it makes."""
    with tempfile.TemporaryDirectory() as folder:
        done = run("retour", FOLDER / name, "--uit", folder, "--dagtekening", "2026-06-30")
        lines = [line for line in done.stdout.splitlines() if not line.startswith("  ")]
        made = {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}
    return done.returncode, lines, made


def said(name: str) -> dict[str, Any]:
    code, findings = checked(name)
    return {
        "bericht": {
            "uitkomst": code,
            "afwijkingen": {
                file: [
                    f"{a['regel']} | {a['ernst']} | {a['plaats']['pad']} | {a['melding']}"
                    for a in found
                ]
                for file, found in findings.items()
            },
        },
        "retour": {"uitkomst": returned(name)[0], "zegt": returned(name)[1]},
    }


def renew() -> None:
    """Write what the commands say now as what they should say."""
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for name in CASES:
        text = json.dumps(said(name), ensure_ascii=False, indent=1)
        (GOLDEN / f"{name}.json").write_text(f"{text}\n", encoding="utf-8", newline="\n")
        for old in GOLDEN.glob(f"{name}-*.xml"):
            old.unlink()
        for file, content in returned(name)[2].items():
            (GOLDEN / f"{name}-{file}").write_bytes(content)


@pytest.mark.parametrize("name", sorted(messages()))
def test_a_sample_is_what_the_script_makes(name: str) -> None:
    assert (FOLDER / name).read_bytes() == messages()[name]


def test_there_are_no_samples_that_the_script_does_not_make() -> None:
    found = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.xml")}
    assert found == set(messages())


@pytest.mark.parametrize("name", sorted(messages()))
def test_a_sample_has_the_form_that_the_standard_asks(name: str) -> None:
    content = messages()[name]
    assert line_ends(content) == "CRLF"
    assert not content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8").startswith('<?xml version="1.0" encoding="UTF-8"?>')


def test_the_clean_case_has_nothing_to_find() -> None:
    code, findings = checked(CLEAN)
    assert code == 0
    assert list(findings) == [f"{name}.xml" for name in case()]
    assert [a["melding"] for found in findings.values() for a in found] == []


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found_by_its_rule_and_by_no_other(name: str) -> None:
    wanted = set(FAULTS[name][1])
    missing = wanted - {rule.id for rule in load_ruleset(MESSAGE_FAMILIES).rules}
    assert not missing
    code, findings = checked(FAULTY)
    assert code == 1
    assert {a["regel"] for a in findings[f"{name}.xml"]} == wanted


@pytest.mark.parametrize("name", CASES)
def test_the_commands_say_what_they_said_before(name: str) -> None:
    golden = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    assert said(name) == golden


@pytest.mark.parametrize("name", CASES)
def test_the_report_announces_what_retour_makes(name: str) -> None:
    assert announced(name) == returned(name)[1]


@pytest.mark.parametrize("name", CASES)
def test_what_goes_back_is_what_went_back_before(name: str) -> None:
    made = returned(name)[2]
    assert made == {
        path.name.removeprefix(f"{name}-"): path.read_bytes()
        for path in GOLDEN.glob(f"{name}-*.xml")
    }
    assert made


def test_the_readme_lists_every_file_and_every_fault() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)\.xml` \| .+? \| (IJW-[\w-]+) \|$", text, re.MULTILINE)
    assert sorted(rows) == sorted((name, rule) for name, of in FAULTS.items() for rule in of[1])
    clean = text.split("## Dezelfde casus")[0]
    assert re.findall(r"^\| `(\w+)\.xml`", clean, re.MULTILINE) == list(case())


def test_no_bsn_in_what_is_said_of_the_samples() -> None:
    for name in CASES:
        assert BSN not in json.dumps(said(name))


if __name__ == "__main__" and "--vernieuw" in sys.argv:
    renew()
