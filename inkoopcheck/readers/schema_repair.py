"""Find what libxml2 does not say of a message that it refused.

libxml2 stops looking within an element once a child is missing or does not belong there. What stands
further on is then never judged. Here the part that it gave up is copied, what it named is mended in the
copy, and libxml2 judges the copy; until it has nothing more to say. So it is always the schema that decides,
also one of the user, and a message that is valid is never touched.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import islice
from typing import Any

from lxml import etree

from inkoopcheck.readers.deadline import Deadline
from inkoopcheck.schemas.structure import Message, Node

MAX_PARTS = 500
"""Parts of one message that are looked at again; a message with more has enough to mend."""
MAX_ERRORS = 3_000
"""Errors that are looked up in one copy; each lookup takes longer in a longer message."""
MAX_ELEMENTS = 1_000_000
"""Most elements of a message that is looked at again: twice what the largest allowed message has. Each
of them takes memory and time, and tiny elements that mean nothing make a small file hold millions."""
MAX_ROUNDS = 30
"""Each round mends one place in every class; no class has more elements than this."""
_FEW_ROUNDS = 4
_MANY_ELEMENTS = 100_000

CONTENT = "SCHEMAV_ELEMENT_CONTENT"
MISSING = "Missing child element"
_EXPECTED = re.compile(r"Expected is (?:one of )?\( (.*?) \)", re.DOTALL)
_QUALIFIED = re.compile(r"\{([^{}]*)\}([^\s,{}]+)|(##other|\*)")
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_XSI_ERRORS = (
    "SCHEMAV_CVC_ELT_3_1",
    "SCHEMAV_CVC_ELT_3_2_1",
    "SCHEMAV_CVC_ELT_4_1",
    "SCHEMAV_CVC_ELT_4_2",
    "SCHEMAV_CVC_ELT_4_3",
)
"""Errors in xsi:type and xsi:nil, after which libxml2 leaves the element."""


@dataclass(frozen=True)
class Entry:
    """One error: as libxml2 logged it, about an element of the message itself."""

    element: etree._Element
    type_name: str
    message: str
    line: int
    tag: str
    """The name by which libxml2 knew the element: that of the message, or mended."""
    told: frozenset[str] = frozenset()
    """Names that an earlier error about the same class called missing."""


def error_log(schema: etree.XMLSchema) -> list[Any]:
    """What libxml2 said at the last validation; kept when the schema validates something else."""
    log: Any = schema.error_log
    return list(log)


def expected_tags(message: str) -> list[tuple[str, str]]:
    """Namespace and name of what libxml2 would have accepted, out of what it says."""
    found = _EXPECTED.search(message)
    return (
        [(space, name) for space, name, _ in _QUALIFIED.findall(found[1]) if name] if found else []
    )


def plain_path(element: etree._Element) -> str:
    """Path of an element in names, without positions."""
    names = [etree.QName(item).localname for item in element.iterancestors()]
    return "/".join([*reversed(names), etree.QName(element).localname])


def locate(tree: etree._ElementTree, path: str | None) -> etree._Element:
    """The element that an error is about; when it cannot be found, the outermost."""
    root = tree.getroot()
    if path:
        namespaces = {p: n for p, n in root.nsmap.items() if p}
        try:
            found = tree.xpath(path, namespaces=namespaces)
        except etree.XPathError:
            found = [e for e in root.iter() if tree.getpath(e) == path]
        if isinstance(found, list) and found and isinstance(found[0], etree._Element):
            return found[0]
    return root


def further_errors(
    tree: etree._ElementTree,
    log: Iterable[Any],
    message: Message,
    schema: etree.XMLSchema,
    deadline: Deadline,
) -> Iterator[Entry]:
    """The errors behind those in ``log``; those in it come by again. None in too large a message.

    Args:
        tree: the message; it is not changed.
        log: what libxml2 said of it.
        message: the structure of the message.
        schema: the schema that refused it.
        deadline: when the reading has to be done.

    Raises:
        UnusableInput: the time is up.
    """
    if next(islice(tree.iter(), MAX_ELEMENTS, None), None) is not None:
        return
    repair = _Repair(tree, message, schema, deadline)
    waiting = _outermost(repair.given_up(log))
    seen: set[etree._Element] = set()
    while waiting:
        taken_out: list[etree._Element] = []
        for parts in repair.by_place(waiting):
            yield from repair.judge(parts, taken_out)
        seen.update(waiting)
        waiting = [part for part in dict.fromkeys(taken_out) if part not in seen][:MAX_PARTS]


@dataclass
class _Copy:
    """Copies of parts of a message, and what is known of them."""

    origin: dict[etree._Element, etree._Element]
    """Which element of the message each copied element is."""
    told: dict[etree._Element, set[str]]
    """Per copied class the names that were called missing."""
    tree: etree._ElementTree


class _Repair:
    def __init__(
        self,
        tree: etree._ElementTree,
        message: Message,
        schema: etree.XMLSchema,
        deadline: Deadline,
    ) -> None:
        self._tree = tree
        self._message = message
        self._schema = schema
        self._deadline = deadline
        self._prefixes: Any = tree.getroot().nsmap
        self._nodes = {node.path: node for node in message.root.walk()}

    def given_up(self, log: Iterable[Any]) -> list[etree._Element]:
        """The elements in which libxml2 stopped looking."""
        found: dict[etree._Element, None] = {}
        for entry in log:
            self._deadline.check()
            if entry.type_name == CONTENT:
                element = locate(self._tree, entry.path)
                found.setdefault(_class_of(entry, element))
            elif entry.type_name in _XSI_ERRORS:
                found.setdefault(locate(self._tree, entry.path))
            if len(found) >= MAX_PARTS:
                break
        return list(found)

    def by_place(self, parts: Iterable[etree._Element]) -> Iterator[list[etree._Element]]:
        """The parts that the standard knows, those at the same place together."""
        places: dict[str, list[etree._Element]] = {}
        for part in parts:
            path = plain_path(part)
            if path in self._nodes:
                places.setdefault(path, []).append(part)
        yield from places.values()

    def judge(
        self, parts: Sequence[etree._Element], taken_out: list[etree._Element]
    ) -> Iterator[Entry]:
        """The errors in parts that stand at one place, mending what libxml2 stumbles over.

        What has to be taken out to go on is added to ``taken_out``, to be judged by itself.
        """
        for copy in self._copies(parts):
            rounds = _FEW_ROUNDS if len(copy.origin) > _MANY_ELEMENTS else MAX_ROUNDS
            for _ in range(rounds):
                self._deadline.check()
                if self._schema.validate(copy.tree):
                    break
                mended = False
                # Every place is looked up before the first is mended, since mending moves places.
                entries = error_log(self._schema)[:MAX_ERRORS]
                log = [(entry, self._located(copy, entry)) for entry in entries]
                for entry, element in log:
                    self._deadline.check()
                    if element not in copy.origin:
                        continue
                    parent = _class_of(entry, element)
                    original = copy.origin[element]
                    told = frozenset(copy.told.get(parent, ()))
                    line: Any = original.sourceline or 0
                    yield Entry(
                        original, entry.type_name, entry.message, line, str(element.tag), told
                    )
                    if entry.type_name == CONTENT:
                        self._mend(copy, entry.message, element, parent, taken_out)
                        mended = True
                    elif entry.type_name in _XSI_ERRORS:
                        for name in ("type", "nil"):
                            element.attrib.pop(f"{_XSI}{name}", "")
                        mended = True
                if not mended:
                    break

    def _located(self, copy: _Copy, entry: Any) -> etree._Element:
        self._deadline.check()
        return locate(copy.tree, entry.path)

    def _copies(self, parts: Sequence[etree._Element]) -> Iterator[_Copy]:
        """Messages with copies of the parts, and empty elements where others are demanded."""
        origin: dict[etree._Element, etree._Element] = {}
        made = []
        for part in parts:
            copied = deepcopy(part)
            copied.tail = None
            origin.update(zip(copied.iter(), part.iter(), strict=True))
            made.append([copied])
        chain = self._chain(plain_path(parts[0]))
        for outer, inner in zip(reversed(chain[:-1]), reversed(chain[1:]), strict=True):
            if inner.repeats:
                made = [[element for bundle in made for element in bundle]]
            made = [[self._around(outer, inner, bundle)] for bundle in made]
        for (root,) in made:
            yield _Copy(origin, {}, root.getroottree())

    def _chain(self, path: str) -> list[Node]:
        """The nodes from the root to the one at a path."""
        steps = path.split("/")
        return [self._nodes["/".join(steps[:length])] for length in range(1, len(steps) + 1)]

    def _around(self, outer: Node, inner: Node, elements: list[etree._Element]) -> etree._Element:
        """An element that holds the elements at their place, between those that it must have."""
        # The same prefixes, since the places that libxml2 names are written with them.
        around = etree.Element(outer.tag, nsmap=self._prefixes)
        for child in outer.children:
            if child is inner:
                around.extend(elements)
            elif child.element.min:
                etree.SubElement(around, child.tag)
        return around

    def _mend(
        self,
        copy: _Copy,
        message: str,
        element: etree._Element,
        parent: etree._Element,
        taken_out: list[etree._Element],
    ) -> None:
        """Change a class so that libxml2 gets past one error, in the order in which it is explained."""
        node = self._nodes.get(plain_path(parent))
        told = copy.told.setdefault(parent, set())
        if MISSING in message:
            for tag in missing_tags(message, node, set()):
                etree.SubElement(parent, tag)
                told.add(etree.QName(tag).localname)
            return
        local = etree.QName(element).localname
        known = next((c for c in node.children if c.name == local), None) if node else None
        if known and known.tag != element.tag:
            _rename(element, known)
            return
        order = [child.name for child in node.children] if node else []
        for tag in missing_tags(message, node, _local_names(parent)):
            if known is None or order.index(etree.QName(tag).localname) < order.index(local):
                _insert(parent, etree.Element(tag), order)
                told.add(etree.QName(tag).localname)
                if known:
                    return
        children = list(parent.iterchildren(etree.Element))
        twice = next(element.itersiblings(element.tag, preceding=True), None) is not None
        in_order = _sorted(children, order)
        if known and not (twice and not known.repeats) and in_order != children:
            parent[:] = in_order
            return
        parent.remove(element)
        if known:
            taken_out.append(copy.origin[element])


def missing_tags(message: str, node: Node | None, present: set[str]) -> list[str]:
    """The tags that libxml2 expected, that are demanded, and that are nowhere in the class."""
    expected = [f"{{{space}}}{name}" for space, name in expected_tags(message)]
    if node is None:
        return []
    demanded = {child.name for child in node.children if child.element.min}
    found = [tag for tag in expected if etree.QName(tag).localname in demanded]
    if not found and MISSING in message:
        return expected[:1]
    return [tag for tag in found if etree.QName(tag).localname not in present]


def _class_of(entry: Any, element: etree._Element) -> etree._Element:
    """The class in which libxml2 stopped: the element itself when a child is missing at its end."""
    parent = element.getparent()
    if entry.type_name != CONTENT or MISSING in entry.message or parent is None:
        return element
    return parent


def _outermost(elements: Sequence[etree._Element]) -> list[etree._Element]:
    """The elements that are in none of the others."""
    chosen = set(elements)
    return [e for e in elements if not any(outer in chosen for outer in e.iterancestors())]


def _sorted(children: Sequence[etree._Element], order: Sequence[str]) -> list[etree._Element]:
    """The children in the order of the standard; a stranger stays behind the one before it."""
    places = []
    at = 0
    for child in children:
        name = etree.QName(child).localname
        at = order.index(name) if name in order else at
        places.append(at)
    return [child for _, child in sorted(zip(places, children, strict=True), key=lambda p: p[0])]


def _insert(parent: etree._Element, element: etree._Element, order: Sequence[str]) -> None:
    """Put an element before the first that comes after it in the order of the standard."""
    at = order.index(etree.QName(element).localname)
    for child in parent.iterchildren(etree.Element):
        name = etree.QName(child).localname
        if name in order and order.index(name) > at:
            child.addprevious(element)
            return
    parent.append(element)


def _local_names(parent: etree._Element) -> set[str]:
    return {etree.QName(child).localname for child in parent.iterchildren(etree.Element)}


def _rename(element: etree._Element, node: Node) -> None:
    """Put an element, and what stands below it in the same wrong namespace, where they belong."""
    wrong = etree.QName(element).namespace
    element.tag = node.tag
    for child in element.iterchildren(etree.Element):
        name = etree.QName(child)
        below = next((c for c in node.children if c.name == name.localname), None)
        if below and name.namespace == wrong:
            _rename(child, below)
