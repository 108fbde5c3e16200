"""A message that is wrong everywhere: what is shown has a maximum, what is counted has none."""

import datetime
import io
import json
from collections import Counter
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks.declaration import declaration
from inkoopcheck.check_messages import MOST_OF_A_RULE, MessageChecker
from inkoopcheck.engine.ruleset import MESSAGE_FAMILIES, load_ruleset
from inkoopcheck.findings.model import Ernst, Resultaat
from inkoopcheck.readers.message import MASK, Personal
from inkoopcheck.reports import csvfile, jsonfile, terminal

PRESTATIES = 1_205
RULE = "IJW-TR346"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("fout")
    wrong = declaration(PRESTATIES).replace(b">1250</", b">1251</")
    (folder / "fout.xml").write_bytes(wrong)
    (folder / "weinig.xml").write_bytes(declaration(5, 2).replace(b">1250</", b">1251</"))
    return [folder / "fout.xml", folder / "weinig.xml"]


def check(files: list[Path], *, all_findings: bool = False) -> Resultaat:
    ruleset = load_ruleset(MESSAGE_FAMILIES)
    day = datetime.date(2026, 7, 1)
    return MessageChecker(ruleset, day, all_findings=all_findings).run(files)


def test_of_each_rule_the_first_are_shown_and_all_are_counted(files: list[Path]) -> None:
    result = check(files)
    many, few = result.berichten
    shown = Counter(finding.regel for finding in many.afwijkingen)
    assert shown[RULE] == MOST_OF_A_RULE
    assert [(i.regel, i.aantal) for i in many.niet_getoond] == [(RULE, PRESTATIES - MOST_OF_A_RULE)]
    assert (few.niet_getoond, few.count(Ernst.FOUT)) == ([], 5)
    assert many.count(Ernst.FOUT) == PRESTATIES
    (outcome,) = [rule for rule in result.berichtregels if rule.regel == RULE]
    assert outcome.afwijkingen == PRESTATIES + 5
    places = [finding.plaats.pad for finding in many.afwijkingen if finding.regel == RULE]
    assert places[0] is not None and "Client[1]/Prestaties/Prestatie[1]/" in places[0]
    assert len(set(places)) == MOST_OF_A_RULE


def test_with_all_findings_nothing_is_left_out_and_the_first_are_the_same(
    files: list[Path],
) -> None:
    capped, whole = check(files).berichten[0], check(files, all_findings=True).berichten[0]
    assert whole.niet_getoond == []
    assert len(whole.afwijkingen) == PRESTATIES
    assert whole.afwijkingen[:MOST_OF_A_RULE] == capped.afwijkingen
    assert whole.retour == capped.retour


def test_every_report_says_how_many_were_only_counted(files: list[Path]) -> None:
    result = check(files)
    rest = PRESTATIES - MOST_OF_A_RULE
    (entry, _) = json.loads(jsonfile.render(result))["berichten"]
    assert entry["niet_getoond"] == [{"regel": RULE, "ernst": "fout", "aantal": rest}]
    assert f"En nog {rest} afwijkingen van deze regel in dit bericht" in csvfile.render(result)
    console = Console(file=io.StringIO(), width=120)
    terminal.render(result, console)
    assert isinstance(console.file, io.StringIO)
    text = " ".join(console.file.getvalue().split())
    assert f"{rest} afwijkingen zijn alleen geteld" in text
    assert "(1.210 afwijkingen)" in text


def test_what_is_personal_is_found_among_many_texts() -> None:
    texts = frozenset({"Ann", "Anna Maria", "Jan", *(f"Naam{number}" for number in range(20_000))})
    personal = Personal(frozenset(), texts, lambda text: text)
    assert personal.masked("Anna Maria en Ann, Januari, Naam19999.") == (
        f"{MASK} en {MASK}, Januari, {MASK}."
    )
    assert personal.masked("niets") == "niets"
    assert personal.masked("") == ""
