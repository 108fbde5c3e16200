"""Whole cases in messages: exactly the faults that are in them, whichever way the messages come."""

import datetime
import json
import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from benchmarks.stories import simulate
from inkoopcheck.check_messages import Dossier, MessageChecker
from inkoopcheck.engine.ruleset import CHAIN_FAMILIES, MESSAGE_FAMILIES, Ruleset, load_ruleset
from inkoopcheck.findings.model import Berichtresultaat, Ernst, Resultaat
from tests.chain_cases import CASES
from tests.chain_faults import FAULTS

GOLDEN = Path(__file__).resolve().parent / "golden" / "keten"
TODAY = datetime.date(2027, 6, 1)
RENEW = "python -m tests.test_chain_cases"


@cache
def ruleset() -> Ruleset:
    return load_ruleset((*MESSAGE_FAMILIES, *CHAIN_FAMILIES))


def check(paths: Sequence[Path], *dossier: Path) -> Resultaat:
    checker = MessageChecker(ruleset(), TODAY, dossier=Dossier("dossier", paths=dossier))
    return checker.run(paths)


def rules_of(message: Berichtresultaat) -> frozenset[str]:
    """The rules that found something wrong; a question, such as about minutes, is no fault."""
    return frozenset(
        finding.regel for finding in message.afwijkingen if finding.ernst is not Ernst.AANDACHTSPUNT
    )


def by_number(result: Resultaat) -> dict[int, frozenset[str]]:
    return {
        int(message.bestand.naam[:3]): rules
        for message in result.berichten
        if (rules := rules_of(message))
    }


def said(name: str, folder: Path) -> list[dict[str, Any]]:
    """What the check says of every message of a case, in the order of the case."""
    result = check(CASES[name]().story.write(folder))
    assert not result.onbruikbaar
    messages = sorted(result.berichten, key=lambda message: message.bestand.naam)
    return [
        {
            "bestand": message.bestand.naam,
            "afwijkingen": [
                f"{finding.regel} {finding.plaats.pad}: {finding.melding}"
                for finding in message.afwijkingen
            ],
            "terug": message.retour,
            **(
                {"afgewezen": str(message.geld.afgewezen), "toegekend": str(message.geld.toegekend)}
                if message.geld is not None
                else {}
            ),
        }
        for message in messages
    ]


@pytest.mark.parametrize("name", CASES)
def test_a_case_has_exactly_the_faults_that_are_in_it(name: str, tmp_path: Path) -> None:
    case = CASES[name]()
    assert by_number(check(case.story.write(tmp_path))) == case.expected


@pytest.mark.parametrize("name", CASES)
def test_a_case_says_what_it_said_before(name: str, tmp_path: Path) -> None:
    golden = GOLDEN / f"{name}.json"
    assert golden.is_file(), f"{golden.name} is missing. Run: {RENEW}"
    assert said(name, tmp_path) == json.loads(golden.read_text(encoding="utf-8"))


def test_no_golden_file_is_left_over() -> None:
    assert sorted(path.stem for path in GOLDEN.glob("*.json")) == sorted(CASES)


@pytest.mark.parametrize("name", CASES)
def test_a_message_in_the_dossier_is_judged_at_its_place_in_time(name: str, tmp_path: Path) -> None:
    case = CASES[name]()
    paths = case.story.write(tmp_path)
    random.Random(name).shuffle(paths)
    for number in case.expected:
        path = next(tmp_path.glob(f"{number:03}_*"))
        # In any order, and with the message itself and all that came later in the dossier.
        assert by_number(check([path], *paths)) == {number: case.expected[number]}


@pytest.mark.parametrize("name", ["budget_op", "minuten_naast_uren", "dubbel_verzonden"])
def test_messages_that_are_in_the_dossier_too_count_once(name: str, tmp_path: Path) -> None:
    case = CASES[name]()
    paths = case.story.write(tmp_path)
    assert by_number(check(paths, *paths)) == case.expected
    assert by_number(check([*paths, *paths])) == case.expected


@pytest.mark.parametrize("seed", range(12))
def test_a_random_story_without_faults_has_no_findings(seed: int, tmp_path: Path) -> None:
    story = simulate(seed)
    assert by_number(check(story.write(tmp_path))) == {}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", FAULTS)
def test_one_fault_in_a_random_story_gives_exactly_its_rules(
    name: str, seed: int, tmp_path: Path
) -> None:
    rng = random.Random(f"{name} {seed}")
    for attempt in range(20):
        story = simulate(1_000 * seed + attempt, children=1, months=3)
        made = FAULTS[name](story, rng)
        if made is not None:
            break
    else:
        pytest.fail("no story has a place for this fault")
    message, rules = made
    paths = story.write(tmp_path)
    number = next(n for n, sent in enumerate(story.sent, start=1) if sent is message)
    # Only this message: what follows from the fault in later ones is another matter.
    found = by_number(check([paths[number - 1]], *paths[: number - 1]))
    assert found == {number: rules}


def main() -> None:
    """Renew the golden files."""
    import tempfile

    GOLDEN.mkdir(exist_ok=True)
    for name in CASES:
        with tempfile.TemporaryDirectory() as folder:
            text = json.dumps(said(name, Path(folder)), indent=1, ensure_ascii=False)
        (GOLDEN / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
