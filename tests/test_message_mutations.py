"""One change at a time to messages that are right: always a verdict, and what goes back always fits.

The changes come from ``tests/mutations.py`` (what systems and attackers get wrong) and from values that
the schema allows but the rules may not. Everything goes through the real check.
More of them: ``python -m tests.test_message_mutations 20000``.
"""

import datetime
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from benchmarks.cases import KINDS, make_case
from benchmarks.messages import make_message, to_bytes
from inkoopcheck.check_messages import MessageChecker
from inkoopcheck.engine.ruleset import MESSAGE_FAMILIES, load_ruleset
from inkoopcheck.findings.model import Ernst, Resultaat, Uitkomst
from inkoopcheck.returns.decide import Outcome, would_return
from inkoopcheck.returns.make import make_return
from inkoopcheck.schemas.structure import load_release
from tests.mutations import mutate

PEILDATUM = datetime.date(2026, 7, 1)
RELEASE = load_release()
NUMBER = 1200
UNAVOIDABLE = {"IJW-TR378", "IJW-TR378-OUDER"}
"""A JW325 names the gemeente that the declaratie was sent to, also when nobody knows it (IV087)."""


def base(kind: str, rng: random.Random) -> etree._Element:
    """A message to change: right by all rules, or for the other kinds by the schema."""
    if kind in KINDS:
        return make_case(kind, rng.choice([1, 2, 12]), rng.randrange(5))
    return make_message(RELEASE.messages[kind], rng.randrange(20))


def other_value(root: etree._Element, rng: random.Random, kind: str) -> tuple[str, bytes]:
    """A leaf gets another value that the schema allows at that place."""
    changed = deepcopy(root)
    donor = make_message(RELEASE.messages[kind], rng.randrange(1_000), "maximal")
    leaves = [item for item in changed.iter(etree.Element) if not len(item)]
    item = rng.choice([leaf for leaf in leaves if "Xsd" not in leaf.tag])
    parent = item.getparent()
    assert parent is not None
    item.text = rng.choice(
        [i.text for i in donor.iter(item.tag) if i.getparent().tag == parent.tag]
    )
    return "other_value", to_bytes(changed)


def product_twice(root: etree._Element, rng: random.Random, kind: str) -> tuple[str, bytes]:
    """A class that may repeat is there twice, or once less."""
    changed = deepcopy(root)
    names = {node.name for node in RELEASE.messages[kind].root.walk() if node.repeats}
    found = [i for i in changed.iter(etree.Element) if etree.QName(i).localname in names]
    if found:
        item = rng.choice(found)
        item.addnext(deepcopy(item))
    return "product_twice", to_bytes(changed)


def optional_gone(root: etree._Element, rng: random.Random, kind: str) -> tuple[str, bytes]:
    """An element that the schema does not demand is gone."""
    changed = deepcopy(root)
    optional = {node.tag for node in RELEASE.messages[kind].root.walk() if node.element.min == 0}
    found = [i for i in changed.iter(etree.Element) if i.tag in optional]
    if found:
        item = rng.choice(found)
        item.getparent().remove(item)  # type: ignore[union-attr]
    return "optional_gone", to_bytes(changed)


def changed_messages(number: int) -> Iterator[tuple[str, bytes]]:
    """Changed messages with a name that tells how to make each of them again."""
    # Twice as many of the messages that are answered: most can go wrong there.
    kinds = [*RELEASE.messages, *(m.naam for m in RELEASE.messages.values() if m.reactie)]
    for seed in range(number):
        rng = random.Random(seed)
        kind = kinds[seed % len(kinds)]
        root = base(kind, rng)
        choice = rng.random()
        if choice < 0.6:
            change, content = mutate(root, seed, RELEASE.messages[kind])
        elif choice < 0.85:
            change, content = other_value(root, rng, kind)
        elif choice < 0.93:
            change, content = product_twice(root, rng, kind)
        else:
            change, content = optional_gone(root, rng, kind)
        yield f"{kind}-{seed:06}-{change}.xml", content


def check(folder: Path) -> Resultaat:
    return MessageChecker(load_ruleset(MESSAGE_FAMILIES), PEILDATUM).run([folder])


def whole_run(number: int) -> tuple[Resultaat, Resultaat, Counter[Outcome], set[str]]:
    """The results of changed messages and of what goes back, with the outcomes and all names."""
    with tempfile.TemporaryDirectory() as name:
        sent, back = Path(name) / "heen", Path(name) / "terug"
        sent.mkdir()
        back.mkdir()
        names = set()
        for file, content in changed_messages(number):
            (sent / file).write_bytes(content)
            names.add(file)
        first = check(sent)
        outcomes: Counter[Outcome] = Counter()
        for item in first.berichten:
            verdict = would_return(item.berichtsoort, item.afwijkingen, xsd_geldig=item.xsd_geldig)
            outcomes[verdict.outcome] += 1
            assert verdict.text
            if verdict.bericht is not None:
                file = item.bestand.naam
                made = make_return((sent / file).read_bytes(), verdict, PEILDATUM)
                (back / file).write_bytes(made)
        return first, check(back), outcomes, names


@cache
def run_once() -> tuple[Resultaat, Resultaat, Counter[Outcome], set[str]]:
    return whole_run(NUMBER)


def problems(
    first: Resultaat, second: Resultaat, outcomes: Counter[Outcome], names: set[str]
) -> list[str]:
    """What is wrong with a run, in sentences."""
    found = []
    judged = {b.bestand.naam for b in first.berichten} | {o.bestand for o in first.onbruikbaar}
    found += [f"{name}: no verdict" for name in sorted(names - judged)]
    found += [f"{r.regel}: {r.reden}" for r in first.regels if r.uitkomst is Uitkomst.MISLUKT]
    for item in first.berichten:
        schema = [a for a in item.afwijkingen if a.familie == "schema"]
        if item.xsd_geldig == bool(schema):
            found.append(f"{item.bestand.naam}: verdict of the schema and findings differ")
        if not item.xsd_geldig and not any(a.ernst is Ernst.FOUT for a in schema):
            found.append(f"{item.bestand.naam}: not valid, and no fout says so")
    found += [f"{o.bestand}: answer unreadable: {o.reden}" for o in second.onbruikbaar]
    for item in second.berichten:
        rules = {a.regel for a in item.afwijkingen} - UNAVOIDABLE
        if not item.xsd_geldig or rules:
            found.append(f"{item.bestand.naam}: answer has {sorted(rules) or 'schema errors'}")
    return found


def test_every_changed_message_gets_a_verdict_and_what_goes_back_is_right() -> None:
    assert problems(*run_once()) == []


@pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.CONTENT])
def test_the_changes_lead_to_every_outcome(outcome: Outcome) -> None:
    """Without this, a run in which nothing happens would pass."""
    assert run_once()[2][outcome] >= (1 if outcome is Outcome.HEADER else 10)


def test_no_personal_data_in_what_is_said_of_a_changed_message() -> None:
    first, _, _, _ = run_once()
    said = first.model_dump_json()
    for root in (make_case(kind, 12, seed) for kind in KINDS for seed in range(5)):
        for item in root.iter("{*}Bsn"):
            assert (item.text or "") not in said


if __name__ == "__main__":
    outcome = whole_run(int(sys.argv[1]))
    wrong = problems(*outcome)
    print(dict(outcome[2]), f"unusable: {len(outcome[0].onbruikbaar)}")
    print("\n".join(wrong) or "nothing wrong")
    sys.exit(bool(wrong))
