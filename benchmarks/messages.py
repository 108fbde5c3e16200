"""Messages of any size that are valid by construction, the same at every run.

The structure source says which elements and which values are allowed, so every message validates. Nothing
here knows a business rule: pass ``values`` for values that mean something together.
"""

import datetime
import random
from collections.abc import Callable, Mapping
from typing import Literal

from lxml import etree

from inkoopcheck.schemas.structure import Message, Node, SimpleType

Fill = Literal["minimal", "maximal", "random"]
"""Which optional elements: none, all, or each with even chances."""

Values = Callable[[Node, random.Random], str | None]
"""A value for a leaf, or None to leave the choice to this module."""

_MAX_REPEATS = 3
_COMMENT_LENGTH = 400
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZéëïöü"
_ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_TEXT = _LETTERS + "0123456789 .,-'&<>/"
_FIRST_DAY = datetime.date(2022, 4, 1)
_DAYS = 2000


def make_message(
    message: Message,
    seed: int = 0,
    fill: Fill = "random",
    counts: Mapping[str, int] | None = None,
    values: Values | None = None,
) -> etree._Element:
    """The root element of one valid message.

    Args:
        message: which message, from the structure source.
        seed: the same seed gives the same message.
        fill: which optional elements are there; with ``minimal`` and ``maximal`` the values, too, are
            the shortest and the longest or largest that are allowed.
        counts: how often an element occurs in a row, by name: ``{"Client": 10, "Prestatie": 270}``.
        values: gives the value of a leaf where it does not return None.
    """
    maker = _Maker(random.Random(seed), fill, counts or {}, values)
    prefixes = {message.base.prefix: message.base.namespace, message.prefix: message.namespace}
    root = etree.Element(message.root.tag, nsmap=prefixes)
    maker.add_children(root, message.root)
    return root


def to_bytes(root: etree._Element) -> bytes:
    """The message as the standard wants it on disk: UTF-8 without BOM, with CR/LF, indented."""
    etree.indent(root, "\t")
    text = etree.tostring(root, encoding="unicode")
    lines = f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.replace("\n", "\r\n")
    return lines.encode("utf-8")


class _Maker:
    def __init__(
        self, rng: random.Random, fill: Fill, counts: Mapping[str, int], values: Values | None
    ) -> None:
        self.rng = rng
        self.fill = fill
        self.counts = counts
        self.values = values

    def add_children(self, parent: etree._Element, node: Node) -> None:
        for child in node.children:
            for _ in range(self._count(child)):
                item = etree.SubElement(parent, child.tag)
                if child.simple is None:
                    self.add_children(item, child)
                else:
                    item.text = self._value(child, child.simple)

    def _count(self, node: Node) -> int:
        if node.repeats and node.name in self.counts:
            return self.counts[node.name]
        least = node.element.min
        most = _MAX_REPEATS if node.element.max is None else node.element.max
        if self.fill == "minimal":
            return least
        return most if self.fill == "maximal" else self.rng.randint(least, most)

    def _value(self, node: Node, simple: SimpleType) -> str:
        chosen = self.values(node, self.rng) if self.values else None
        return chosen if chosen is not None else self._any_value(simple, node.element.pattern)

    def _any_value(self, simple: SimpleType, extra_pattern: str | None) -> str:
        if simple.waarden:
            return self.rng.choice(list(simple.waarden))
        if extra_pattern and extra_pattern.isdigit():
            return extra_pattern
        if simple.basis == "xs:integer":
            return str(self._number(simple.facets["minInclusive"], simple.facets["maxInclusive"]))
        if simple.basis == "xs:date":
            return str(_FIRST_DAY + datetime.timedelta(self.rng.randrange(_DAYS)))
        if simple.basis == "xs:time":
            return str(datetime.time(*(self.rng.randrange(limit) for limit in (24, 60, 60))))
        return self._text(simple, extra_pattern or simple.pattern)

    def _number(self, least: int, most: int) -> int:
        if self.fill == "minimal":
            return least
        return most if self.fill == "maximal" else self.rng.randint(least, most)

    def _text(self, simple: SimpleType, pattern: str | None) -> str:
        if simple.name == "LDT_BurgerServicenummer":
            return self._bsn()
        length = self._number(
            simple.facets.get("minLength", 1), simple.facets.get("maxLength", _COMMENT_LENGTH)
        )
        match pattern:
            case "[0-9]{4}" | "[0-9]{8}":
                return self._from("0123456789", int(pattern[-2]))
            case "[0-9]*":
                return self._from("0123456789", length)
            case "([a-zA-ZÀ-ỳ])+":
                return self._from(_LETTERS, length)
            case "([a-zA-Z0-9])+" | None:
                return self._from(_ALPHANUMERIC, length)
            case r".*[^\s].*" | r"([.\s]*\S+[.\s]*)+":
                inner = self._from(_TEXT, length - 2) if length > 2 else ""
                return (
                    self._from(_LETTERS, min(length, 1)) + inner + self._from(_LETTERS, length > 1)
                )
            case _ if simple.name == "LDT_Versie":
                return ".".join(str(self._number(0, 99)) for _ in range(3))
        raise NotImplementedError(f"no values for pattern {pattern} of {simple.name}")

    def _from(self, alphabet: str, length: int) -> str:
        return "".join(self.rng.choices(alphabet, k=length))

    def _bsn(self) -> str:
        """A number that passes the elfproef, in the range 9999 that is kept for tests."""
        while True:
            digits = [9, 9, 9, 9, *self.rng.choices(range(10), k=4)]
            rest = sum(digit * (9 - place) for place, digit in enumerate(digits)) % 11
            if rest < 10:
                return "".join(map(str, [*digits, rest]))
