"""All errors against the schema are told, also those behind the first in a class, and none is told twice.

libxml2 stops within a class at the first child that is missing or out of place. Most of these tests change
a message at two places and compare what is said with what is said of each change alone.
More of them: ``python -m tests.test_schema_errors_complete 20000``.
"""

import random
import re
import sys
from collections.abc import Iterator
from functools import cache

import pytest
from lxml import etree

from benchmarks.cases import KINDS, make_case
from benchmarks.messages import make_message
from inkoopcheck.readers.schema_errors import MAX_SHOWN, Fault, SchemaErrors, explain_errors
from inkoopcheck.readers.schema_repair import MAX_PARTS
from inkoopcheck.schemas.find import find_schema
from inkoopcheck.schemas.structure import load_release
from tests.mutations import mutate_twice

RELEASE = load_release()
NUMBER = 3_000


def explained(root: etree._Element, kind: str, *, all_of_them: bool = True) -> SchemaErrors:
    """What is said of a message as it would be read from a file."""
    tree = etree.ElementTree(etree.fromstring(etree.tostring(root)))
    message = RELEASE.messages[kind]
    schema = find_schema(message.namespace).compiled
    if schema.validate(tree):
        return SchemaErrors()
    before = etree.tostring(tree)
    errors = explain_errors(tree, schema, message, all_of_them=all_of_them)
    assert etree.tostring(tree) == before
    return errors


def key(fault: Fault) -> tuple[str, str, str]:
    return re.sub(r"\[\d+\]", "", fault.path), fault.kind, fault.element


def is_told(fault: Fault, others: list[Fault]) -> bool:
    """Is a fault among others, in the same or in other words?

    When one change stands beside the other, the words may differ: what is missing is said of another
    neighbour, of a wrong order the whole order is told once, and of an element that nobody knows it is
    said which one should stand there.
    """
    if key(fault) in map(key, others):
        return True
    own = key(fault)[0]
    around = {own, own.rpartition("/")[0]}
    name = re.compile(rf"\b{re.escape(fault.element)}\b")
    return any(
        {key(other)[0], key(other)[0].rpartition("/")[0]} & around
        and name.search(f"{other.element} {other.sentence} {other.expected}")
        for other in others
        if other.kind in ("ontbreekt", "volgorde", "onbekend", "namespace")
    )


def pairs(number: int) -> Iterator[tuple[str, list[Fault], list[Fault], list[Fault], list[Fault]]]:
    """A name, the faults of each change alone, those of both, and what libxml2 alone says of both."""
    kinds = list(RELEASE.messages)
    for seed in range(number):
        rng = random.Random(seed)
        kind = kinds[seed % len(kinds)]
        root = (
            make_case(kind, 2, rng.randrange(5))
            if kind in KINDS
            else make_message(RELEASE.messages[kind], rng.randrange(20))
        )
        name, *changed = mutate_twice(root, rng, RELEASE.messages[kind])
        one, other, both = (explained(item, kind).shown for item in changed)
        plain = explained(changed[2], kind, all_of_them=False).shown
        yield f"{seed} {kind} {name}", one, other, both, plain


@cache
def all_pairs() -> list[tuple[str, list[Fault], list[Fault], list[Fault], list[Fault]]]:
    return list(pairs(NUMBER))


def problems(
    found: list[tuple[str, list[Fault], list[Fault], list[Fault], list[Fault]]],
) -> list[str]:
    wrong = []
    for name, one, other, both, plain in found:
        # Two moves may undo each other; then libxml2 says nothing, and neither do we.
        lost = [key(fault) for fault in one + other if plain and not is_told(fault, both)]
        if lost:
            wrong.append(f"{name}: {lost} is not told")
        if not {(f.path, f.sentence) for f in plain} <= {(f.path, f.sentence) for f in both}:
            wrong.append(f"{name}: an error of libxml2 is gone")
        # Strangers of one name may be there twice, in two namespaces.
        known = [(f.path, f.kind, f.element) for f in both if f.kind != "onbekend"]
        if len(set(known)) < len(known):
            wrong.append(f"{name}: told twice")
        wrong += [f"{name}: one change, {len(f)} faults" for f in (one, other) if len(f) > 1]
    return wrong


def test_both_of_two_changes_are_told() -> None:
    assert problems(all_pairs()) == []


def test_the_changes_do_hide_each_other_from_libxml2() -> None:
    """Without this, a run in which nothing is hidden would pass."""
    hidden = [
        name
        for name, one, other, _, plain in all_pairs()
        if any(not is_told(fault, plain) for fault in one + other)
    ]
    assert len(hidden) > NUMBER / 10


def test_hardly_ever_more_is_told_than_was_changed() -> None:
    """A misspelt element beside one out of place is told as unknown and as missing too."""
    more = [name for name, one, other, both, _ in all_pairs() if len(both) > len(one + other)]
    assert len(more) < NUMBER / 200, more


def changed(kind: str, *changes: tuple[str, str | None]) -> etree._Element:
    """A message in which the first element of a name is gone (None) or has another text."""
    root = make_case(kind, 2, 1)
    for name, text in changes:
        item = next(root.iter(f"{{*}}{name}"))
        if text is None:
            item.getparent().remove(item)  # type: ignore[union-attr]
        else:
            item.text = text
    return root


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ([("GeleverdVolume", None), ("Eenheid", "77")], ["ontbreekt", "code"]),
        ([("GeleverdVolume", None), ("Eenheid", None)], ["ontbreekt", "ontbreekt"]),
        ([("GeleverdVolume", None), ("ProductTarief", "1,50")], ["ontbreekt", "vorm"]),
        ([("BerichtCode", None), ("Dagtekening", "gisteren")], ["ontbreekt", "vorm"]),
        ([("BerichtCode", None), ("BasisschemaXsdVersie", "x")], ["ontbreekt", "vorm"]),
    ],
)
def test_a_fault_behind_a_missing_element_is_told(
    changes: list[tuple[str, str | None]], kinds: list[str]
) -> None:
    root = changed("JW323", *changes)
    assert [fault.kind for fault in explained(root, "JW323").shown] == kinds
    assert len(explained(root, "JW323", all_of_them=False).shown) == 1


def test_a_fault_within_what_stands_there_twice_is_told_too() -> None:
    root = make_case("JW301", 2, 1)
    product = next(root.iter("{*}Product"))
    copy = etree.fromstring(etree.tostring(product))
    copy[0].text = "xx"
    product.addnext(copy)
    assert [f.kind for f in explained(root, "JW301").shown] == ["aantal", "code"]


def test_a_whole_part_in_a_wrong_namespace_is_told_once_and_read_on() -> None:
    root = make_case("JW301", 1, 1)
    next(root.iter("{*}Bsn")).text = "x"
    for item in next(root.iter("{*}Client")).iter(etree.Element):
        item.tag = f"{{urn:other}}{etree.QName(item).localname}"
    assert [fault.kind for fault in explained(root, "JW301").shown] == ["namespace", "vorm"]


def test_faults_behind_faults_are_counted_and_bounded_in_a_large_message() -> None:
    """Far more broken classes than are looked at again: the first are complete, the rest is counted."""
    root = make_case("JW323", 2 * MAX_PARTS, 1)
    items = list(root.iter("{*}Prestatie"))
    assert len(items) >= 2 * MAX_PARTS
    for item in items:
        item.remove(next(item.iter("{*}GeleverdVolume")))
        next(item.iter("{*}ProductTarief")).text = "1,50"
    errors = explained(root, "JW323")
    assert errors.counts["ontbreekt"] == len(items)
    assert errors.counts["vorm"] == MAX_PARTS
    assert errors.shown_counts["vorm"] == MAX_SHOWN
    assert errors.total == len(items) + MAX_PARTS


if __name__ == "__main__":
    found = problems(list(pairs(int(sys.argv[1]))))
    print("\n".join(found) or "nothing wrong")
    sys.exit(bool(found))
