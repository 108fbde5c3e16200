"""One change at a time to a valid message: what real systems and attackers get wrong."""

import random
from collections.abc import Callable
from copy import deepcopy

from lxml import etree

from inkoopcheck.schemas.structure import Message

XSI = "http://www.w3.org/2001/XMLSchema-instance"

Mutation = Callable[[etree._Element, random.Random, Message], None]

DATES = [
    "2026-02-29",
    "2024-02-29",
    "2026-13-01",
    "2026-00-10",
    "2026-06-31",
    "2026-6-1",
    "26-06-01",
    "01-06-2026",
    "2026/06/01",
    "20260601",
    "2026-06-01Z",
    "2026-06-01+01:00",
    "2026-06-01-05:00",
    "2026-06-01T00:00:00",
    "0000-01-01",
    "0001-01-01",
    "-2026-06-01",
    "12026-06-01",
    "+2026-06-01",
    "99999999-01-01",
    "2026-06-01T",
    "2100-02-29",
    "2000-02-29",
    "-0004-02-29",
]
TIMES = [
    "24:00:00",
    "23:59:60",
    "23:59:59.999",
    "12:34",
    "12:34:56Z",
    "12:34:56+01:00",
    "1:02:03",
    "25:00:00",
    "12:60:00",
    "12:34:56.",
    "12:34:56,5",
    "123456",
    "12:34:56.000000000001",
    "00:00:00",
    "24:00:01",
    "24:00:00.0",
]
NUMBERS = [
    "+5",
    "-5",
    "-0",
    "+0",
    "007",
    "1.0",
    "1.",
    ".5",
    "1e3",
    "0x10",
    "1,0",
    "1_000",
    "٣",
    "５",
    "99",
    "100",
    "999",
    "99999",
    "100000",
    "99999999",
    "100000000",
    "999999999",
    "1000000000",
    "999999999999",
    "1000000000000",
    "99999999999999999999999999999999",
    "00000000000000000000000000000000000000005",
    "--5",
    "+-5",
    "+",
    "-",
    "NaN",
    "INF",
    "½",
    "0",
    "1",
    "2",
    "3",
    "4",
    "03",
    "3.0",
    "+3",
    "02",
    "436",
    "490",
    "4360",
    "00000000000000000000000000099999999",
    "-1",
    "++1",
    "1+",
    "5−",
]
TEXTS = [
    *("", " ", "\t", "\n", "\r", "  ", "\u00a0", "\u2003", "\u3000", "\u0085", "\u2028", "\ufeff"),
    *(".", "..", ". .", " . ", "a\nb", "a\rb", "\na", "a\n", "a\r", " a", "a ", "a\tb", "\u200b"),
    *("x" * length for length in (1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 20, 21, 24, 25, 26, 35, 36, 37)),
    *("x" * length for length in (64, 65, 80, 81, 200, 201, 1000)),
    *("1" * length for length in (1, 3, 4, 5, 7, 8, 9, 10, 15, 16)),
    *(
        "😀",
        "😀" * 4,
        "😀" * 5,
        "😀" * 6,
        "e\u0301",
        "À",
        "ỳ",
        "Ỵ",
        "÷×",
        "¿",
        "ÀÀ",
        "я",
        "ß",
        "ﬁ",
        "ơ",
    ),
    *(
        "01",
        "1",
        "001",
        "D",
        "d",
        "C",
        "DC",
        "NL",
        "nl",
        "NLD",
        "0001",
        "9355",
        "9999",
        "S300",
        "s300",
    ),
    *(
        "1.0.0",
        "01.0.0",
        "1.0",
        "1.0.0.0",
        "1.0.00",
        "0.0.0",
        "1.0.0 ",
        "1.0.a",
        "10.20.30",
        "-1.0.0",
    ),
    *(
        "0363",
        "363",
        "٠٣٦٣",
        "1234567a",
        "12345678",
        "DN 001",
        "DN-001",
        "DN001",
        "é1",
        "T.",
        "T J",
    ),
]


def _any(root: etree._Element, rng: random.Random) -> etree._Element:
    return rng.choice(list(root.iter(etree.Element)))


def _inner(root: etree._Element, rng: random.Random) -> etree._Element:
    return rng.choice([item for item in root.iter(etree.Element) if len(item)])


def _below(root: etree._Element, rng: random.Random) -> etree._Element:
    return rng.choice(list(root.iterdescendants(etree.Element)))


def _leaf(root: etree._Element, rng: random.Random) -> etree._Element:
    return rng.choice([item for item in root.iter(etree.Element) if not len(item)])


def _remove(item: etree._Element) -> None:
    parent = item.getparent()
    assert parent is not None
    parent.remove(item)


def drop(root: etree._Element, rng: random.Random, message: Message) -> None:
    _remove(_below(root, rng))


def drop_all_children(root: etree._Element, rng: random.Random, message: Message) -> None:
    item = _inner(root, rng)
    for child in list(item):
        item.remove(child)


def double(root: etree._Element, rng: random.Random, message: Message) -> None:
    item = _below(root, rng)
    item.addnext(deepcopy(item))


def copy_elsewhere(root: etree._Element, rng: random.Random, message: Message) -> None:
    item, parent = deepcopy(_below(root, rng)), _inner(root, rng)
    parent.insert(rng.randint(0, len(parent)), item)


def move(root: etree._Element, rng: random.Random, message: Message) -> None:
    item = _below(root, rng)
    _remove(item)
    parent = rng.choice(list(root.iter(etree.Element)))
    parent.insert(rng.randint(0, len(parent)), item)


def swap_neighbours(root: etree._Element, rng: random.Random, message: Message) -> None:
    item = _below(root, rng)
    following = item.getnext()
    if following is not None:
        following.addnext(item)


def shuffle(root: etree._Element, rng: random.Random, message: Message) -> None:
    item = _inner(root, rng)
    item[:] = rng.sample(list(item), len(item))


def merge_lists(root: etree._Element, rng: random.Random, message: Message) -> None:
    item = _inner(root, rng)
    for child in list(item):
        item.append(deepcopy(child))


def wrap(root: etree._Element, rng: random.Random, message: Message) -> None:
    item = _below(root, rng)
    outer = etree.Element(item.tag)
    item.addprevious(outer)
    outer.append(item)


def unwrap(root: etree._Element, rng: random.Random, message: Message) -> None:
    item = _below(root, rng)
    for child in list(item):
        item.addprevious(child)
    _remove(item)


def unknown_element(root: etree._Element, rng: random.Random, message: Message) -> None:
    parent = _any(root, rng)
    space = rng.choice([message.namespace, message.base.namespace, "urn:other", None])
    name = f"{{{space}}}Onbekend" if space else "Onbekend"
    parent.insert(rng.randint(0, len(parent)), etree.Element(name))


def missing_optional(root: etree._Element, rng: random.Random, message: Message) -> None:
    """Put in an element that the structure knows, at a place of its own choice."""
    node = rng.choice(list(message.root.walk()))
    parent = _inner(root, rng)
    item = etree.Element(node.tag)
    item.text = rng.choice(TEXTS + DATES + NUMBERS) if node.simple else None
    parent.insert(rng.randint(0, len(parent)), item)


def rename(root: etree._Element, rng: random.Random, message: Message) -> None:
    item = _any(root, rng)
    name = etree.QName(item).localname
    other = etree.QName(_any(root, rng)).localname
    names = [name.lower(), name.upper(), f"{name}en", name[:-1] or "x", other]
    item.tag = f"{{{etree.QName(item).namespace}}}{rng.choice(names)}"


def other_namespace(root: etree._Element, rng: random.Random, message: Message) -> None:
    item = _any(root, rng)
    spaces = [
        message.namespace,
        message.base.namespace,
        message.namespace.replace("3_2", "3_1"),
        f"{message.namespace}/",
        "urn:other",
    ]
    space = rng.choice(spaces)
    targets = list(item.iter(etree.Element)) if rng.random() < 0.3 else [item]
    for target in targets:
        target.tag = f"{{{space}}}{etree.QName(target).localname}"


def no_namespace(root: etree._Element, rng: random.Random, message: Message) -> None:
    item = _any(root, rng)
    item.tag = etree.QName(item).localname


def inner_as_root(root: etree._Element, rng: random.Random, message: Message) -> None:
    item = _inner(root, rng)
    root[:] = list(deepcopy(item))
    root.tag = item.tag


def odd_text(root: etree._Element, rng: random.Random, message: Message) -> None:
    _leaf(root, rng).text = rng.choice(TEXTS)


def odd_number(root: etree._Element, rng: random.Random, message: Message) -> None:
    _of_type(root, rng, message, "xs:integer").text = rng.choice(NUMBERS)


def odd_date(root: etree._Element, rng: random.Random, message: Message) -> None:
    _of_type(root, rng, message, "xs:date").text = rng.choice(DATES)


def odd_time(root: etree._Element, rng: random.Random, message: Message) -> None:
    _of_type(root, rng, message, "xs:time").text = rng.choice(TIMES)


def any_odd_value(root: etree._Element, rng: random.Random, message: Message) -> None:
    _leaf(root, rng).text = rng.choice(DATES + TIMES + NUMBERS + TEXTS)


def _of_type(
    root: etree._Element, rng: random.Random, message: Message, basis: str
) -> etree._Element:
    tags = {
        node.tag for node in message.root.leaves() if node.simple and node.simple.basis == basis
    }
    found = [item for item in root.iter(etree.Element) if item.tag in tags]
    return rng.choice(found) if found else _leaf(root, rng)


def around_text(root: etree._Element, rng: random.Random, message: Message) -> None:
    item = _leaf(root, rng)
    space = rng.choice([" ", "\t", "\n", "\r", "\r\n", "\u00a0", "  ", "\n\t\t"])
    before, after = rng.choice([(space, ""), ("", space), (space, space)])
    item.text = f"{before}{item.text or ''}{after}"


def within_text(root: etree._Element, rng: random.Random, message: Message) -> None:
    item = _leaf(root, rng)
    text = item.text or ""
    place = rng.randint(0, len(text))
    item.text = (
        text[:place] + rng.choice([" ", "\n", "\t", "é", "-", "1", "Z", "x", "."]) + text[place:]
    )


def lengthen(root: etree._Element, rng: random.Random, message: Message) -> None:
    item = _leaf(root, rng)
    item.text = (item.text or "x") + (item.text or "x")[-1] * rng.choice([1, 2, 5, 50, 300])


def shorten(root: etree._Element, rng: random.Random, message: Message) -> None:
    item = _leaf(root, rng)
    item.text = (item.text or "")[: -rng.randint(1, 3)]


def change_case(root: etree._Element, rng: random.Random, message: Message) -> None:
    item = _leaf(root, rng)
    item.text = (item.text or "").swapcase()


def value_of_other(root: etree._Element, rng: random.Random, message: Message) -> None:
    _leaf(root, rng).text = _leaf(root, rng).text


def other_code(root: etree._Element, rng: random.Random, message: Message) -> None:
    """A code of one list in a place for another."""
    simple = rng.choice([t for t in message.base.enkelvoudig.values() if t.waarden])
    _leaf(root, rng).text = rng.choice(list(simple.waarden))


def empty(root: etree._Element, rng: random.Random, message: Message) -> None:
    _leaf(root, rng).text = rng.choice(["", None])


def loose_text(root: etree._Element, rng: random.Random, message: Message) -> None:
    item = _inner(root, rng)
    text = rng.choice(["x", " ", "\n", "\u00a0", "0", "\r", "."])
    if rng.random() < 0.5:
        item.text = (item.text or "") + text
    else:
        child = rng.choice(list(item))
        child.tail = (child.tail or "") + text


def child_in_leaf(root: etree._Element, rng: random.Random, message: Message) -> None:
    item = _leaf(root, rng)
    item.append(deepcopy(_leaf(root, rng)))


def comment(root: etree._Element, rng: random.Random, message: Message) -> None:
    """Comments and instructions say nothing, not even in the middle of a value."""
    item = _any(root, rng)
    odd = rng.choice([etree.Comment(" x "), etree.ProcessingInstruction("x", "y")])
    if not len(item) and item.text:
        place = rng.randint(0, len(item.text))
        odd.tail, item.text = item.text[place:], item.text[:place]
        item.append(odd)
    else:
        item.insert(rng.randint(0, len(item)), odd)


def cdata(root: etree._Element, rng: random.Random, message: Message) -> None:
    item = _leaf(root, rng)
    item.text = etree.CDATA(item.text or "")


def attribute(root: etree._Element, rng: random.Random, message: Message) -> None:
    names = [
        *("id", "BerichtCode", "{urn:other}a", f"{{{message.namespace}}}a", "lang"),
        *("{http://www.w3.org/XML/1998/namespace}lang", f"{{{XSI}}}other"),
    ]
    _any(root, rng).set(rng.choice(names), rng.choice(["", "1", "nl"]))


def nil(root: etree._Element, rng: random.Random, message: Message) -> None:
    item = _any(root, rng)
    item.set(f"{{{XSI}}}nil", rng.choice(["true", "false", "1", "0", "x"]))
    if rng.random() < 0.5 and not len(item):
        item.text = None


def schema_location(root: etree._Element, rng: random.Random, message: Message) -> None:
    location = f"{message.namespace} http://127.0.0.1:9/none.xsd"
    if rng.random() < 0.5:
        _any(root, rng).set(f"{{{XSI}}}schemaLocation", location)
    else:
        _any(root, rng).set(f"{{{XSI}}}noNamespaceSchemaLocation", "none.xsd")


def type_of_its_own(root: etree._Element, rng: random.Random, message: Message) -> None:
    item = _any(root, rng)
    own = [f"{message.prefix}:{name}" for name in message.klassen]
    shared = [f"{message.base.prefix}:{name}" for name in message.base.enkelvoudig]
    composed = [f"{message.base.prefix}:{name}" for name in message.base.samengesteld]
    true = [f"{message.prefix}:{etree.QName(item).localname}"]
    name = rng.choice(rng.choice([own, shared, composed, true, ["x:y", "LDT_Naam", ""]]))
    item.set(f"{{{XSI}}}type", name)


MUTATIONS: tuple[Mutation, ...] = (
    drop, drop_all_children, double, copy_elsewhere, move, swap_neighbours, shuffle, merge_lists,
    wrap, unwrap, unknown_element, missing_optional, rename, other_namespace, no_namespace,
    inner_as_root, odd_text, odd_number, odd_date, odd_time, any_odd_value, around_text, within_text,
    lengthen, shorten, change_case, value_of_other, other_code, empty, loose_text, child_in_leaf,
    comment, cdata, attribute, nil, schema_location, type_of_its_own,
)  # fmt: skip


def mutate(root: etree._Element, seed: int, message: Message) -> tuple[str, bytes]:
    """One change to a copy of a message: its name, and the changed message as a file."""
    rng = random.Random(seed)
    mutation = rng.choice(MUTATIONS)
    changed = deepcopy(root)
    mutation(changed, rng, message)
    return mutation.__name__, etree.tostring(changed, xml_declaration=True, encoding="UTF-8")


Change = Callable[[etree._Element, random.Random, Message], None]
"""A change at one place: to this element, or right beside it."""


def _gone(item: etree._Element, rng: random.Random, message: Message) -> None:
    _remove(item)


def _twice(item: etree._Element, rng: random.Random, message: Message) -> None:
    item.addnext(deepcopy(item))


def _stranger(item: etree._Element, rng: random.Random, message: Message) -> None:
    namespace = rng.choice([message.namespace, message.base.namespace, "urn:other"])
    item.addprevious(etree.Element(f"{{{namespace}}}Onbekend"))


def _misspelt(item: etree._Element, rng: random.Random, message: Message) -> None:
    name = etree.QName(item)
    item.tag = f"{{{name.namespace}}}{rng.choice([name.localname.lower(), f'{name.localname}en'])}"


def _elsewhere(item: etree._Element, rng: random.Random, message: Message) -> None:
    item.tag = f"{{urn:other}}{etree.QName(item).localname}"


def _last_becomes_first(item: etree._Element, rng: random.Random, message: Message) -> None:
    parent = item.getparent()
    assert parent is not None
    parent.insert(0, item)


def _odd(item: etree._Element, rng: random.Random, message: Message) -> None:
    if not len(item):
        item.text = rng.choice(DATES + TIMES + NUMBERS + TEXTS)


def _emptied(item: etree._Element, rng: random.Random, message: Message) -> None:
    if not len(item):
        item.text = None


def _with_attribute(item: etree._Element, rng: random.Random, message: Message) -> None:
    item.set(
        rng.choice(["id", f"{{{XSI}}}type", f"{{{XSI}}}nil"]), rng.choice(["1", "true", "x:y"])
    )


def _with_loose_text(item: etree._Element, rng: random.Random, message: Message) -> None:
    item.tail = "x"


PLACE_CHANGES: tuple[Change, ...] = (
    _gone, _twice, _stranger, _misspelt, _elsewhere, _last_becomes_first, _odd, _odd, _odd, _emptied,
    _with_attribute, _with_loose_text,
)  # fmt: skip


def mutate_twice(
    root: etree._Element, rng: random.Random, message: Message
) -> tuple[str, etree._Element, etree._Element, etree._Element]:
    """Two changes at two places, neither within the other: their names, then a message with the first,
    one with the second, and one with both.

    Half of the time both are in one class, where the first hides the second from libxml2.
    """
    items = list(root.iterdescendants(etree.Element))
    first = second = items[0]
    while second in (first, *first.iterancestors(), *first.iterdescendants()):
        first = rng.choice(items)
        parent = first.getparent()
        assert parent is not None
        near = list(parent.iterdescendants(etree.Element))
        second = rng.choice(near if rng.random() < 0.5 else items)
    places = [items.index(first), items.index(second)]
    changes = [rng.choice(PLACE_CHANGES) for _ in places]
    seeds = [rng.random() for _ in places]
    made = []
    for wanted in ((0,), (1,), (0, 1)):
        changed = deepcopy(root)
        found = list(changed.iterdescendants(etree.Element))
        for number in wanted:
            changes[number](found[places[number]], random.Random(seeds[number]), message)
        made.append(changed)
    name = " and ".join(
        f"{change.__name__.strip('_')} {etree.QName(items[place]).localname}"
        for change, place in zip(changes, places, strict=True)
    )
    return name, made[0], made[1], made[2]
