"""Generated messages are right by every rule, and a fault that was put in is found by its rule."""

import datetime
import functools
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from benchmarks.cases import FAULTS, KINDS, make_case
from benchmarks.messages import to_bytes
from inkoopcheck.check_messages import MessageChecker
from inkoopcheck.engine.ruleset import MESSAGE_FAMILIES, load_ruleset
from inkoopcheck.findings.model import Berichtresultaat, Ernst
from inkoopcheck.schemas.find import find_schema

PEILDATUM = datetime.date(2026, 7, 1)
EACH_FAULT = [(kind, fault) for fault, of in FAULTS.items() for kind in of.kinds]
SIZES = (1, 7)
MANY = (*SIZES, 120, 400)


@functools.cache
def own_rules() -> frozenset[str]:
    return frozenset(rule.id for rule in load_ruleset(MESSAGE_FAMILIES).rules)


def check(messages: dict[str, bytes]) -> dict[str, Berichtresultaat]:
    """The results of messages by name, from one run."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in messages.items():
            (Path(folder) / f"{name}.xml").write_bytes(content)
        result = MessageChecker(load_ruleset(MESSAGE_FAMILIES), PEILDATUM).run([Path(folder)])
    assert not result.onbruikbaar
    return {item.bestand.naam.removesuffix(".xml"): item for item in result.berichten}


@functools.cache
def results() -> dict[str, Berichtresultaat]:
    messages = {
        f"{kind}-{size}-{seed}": to_bytes(make_case(kind, size, seed))
        for kind in KINDS
        for size in MANY
        for seed in (0, 1)
    }
    messages |= {
        f"{kind}-{fault}-{size}": to_bytes(make_case(kind, size, 3, fault))
        for kind, fault in EACH_FAULT
        for size in SIZES
    }
    return check(messages)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", MANY)
def test_a_generated_message_has_nothing_to_find(kind: str, size: int) -> None:
    for seed in (0, 1):
        found = results()[f"{kind}-{size}-{seed}"]
        assert found.xsd_geldig
        assert [(a.regel, a.melding) for a in found.afwijkingen] == []
        assert found.regels == (1 if kind == "JW319" else size + (kind == "JW317"))


@pytest.mark.parametrize(("kind", "fault"), EACH_FAULT)
@pytest.mark.parametrize("size", SIZES)
def test_a_fault_is_found_by_its_rule_and_by_no_other(kind: str, fault: str, size: int) -> None:
    wanted = {f"IJW-{fault}", *(f"IJW-{rule}" for rule in FAULTS[fault].also)}
    found = results()[f"{kind}-{fault}-{size}"]
    assert found.xsd_geldig, "a fault of a rule leaves the schema alone"
    if missing := wanted - own_rules():
        pytest.skip(f"no rule yet: {', '.join(sorted(missing))}")
    assert {a.regel for a in found.afwijkingen} == wanted


def test_the_same_seed_gives_the_same_message() -> None:
    for kind in KINDS:
        assert to_bytes(make_case(kind, 5, 1)) == to_bytes(make_case(kind, 5, 1))
        assert to_bytes(make_case(kind, 5, 1)) != to_bytes(make_case(kind, 5, 2))


def test_a_fault_in_a_message_that_cannot_have_it_is_refused() -> None:
    with pytest.raises(ValueError, match="TR346 is no fault of a JW301"):
        make_case("JW301", fault="TR346")


def test_a_declaratie_of_twenty_megabytes_has_nothing_to_find() -> None:
    root = make_case("JW323", 27_000)
    content = to_bytes(root)
    assert 20_000_000 < len(content) < 25_000_000
    assert len(list(root.iter("{*}Prestatie"))) == 27_000
    assert find_schema(etree.QName(root).namespace).compiled.validate(root)
    (found,) = check({"groot": content}).values()
    assert found.xsd_geldig
    assert Counter(a.regel for a in found.afwijkingen) == {}


def test_every_rule_within_a_message_has_a_fault_that_shows_it() -> None:
    """A rule that no generated message can break would never be tried on real XML."""
    for rule in load_ruleset(MESSAGE_FAMILIES).rules:
        name = rule.id.removeprefix("IJW-")
        if rule.id.startswith("IJW-") and rule.ernst is Ernst.FOUT and rule.retourcode:
            known = {*FAULTS, *(also for of in FAULTS.values() for also in of.also)}
            assert name in known, rule.id
