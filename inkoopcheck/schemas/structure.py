"""The structure of the messages of one release, read from ``xsd/<standaard>/<release>/*.yaml``.

The same source makes the XML schemas (``xsd/maak_schemas.py``) and tells the reader which leaves a
message has. It holds what the standard says and decides nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

import yaml

from inkoopcheck.locations import xsd_folder

ROOT_ELEMENT = "Bericht"
"""Name of the outermost element of every message."""

_FACETS = ("length", "minLength", "maxLength", "minInclusive", "maxInclusive")
_OCCURS: dict[str, tuple[int, int | None]] = {"": (1, 1), "0..1": (0, 1), "1..*": (1, None)}


@dataclass(frozen=True)
class SimpleType:
    """A value type (LDT): what may stand in a leaf."""

    name: str
    uitleg: str
    basis: str
    """XML Schema type: ``xs:string``, ``xs:integer``, ``xs:date`` or ``xs:time``."""
    facets: Mapping[str, int]
    """Limits by their XML Schema name, such as ``maxLength``."""
    pattern: str | None
    """Pattern as the standard writes it, in the regular expressions of XML Schema."""
    codelijst: str | None
    waarden: Mapping[str, str]
    """The only values allowed, with their meaning; empty when the type has no such list."""


@dataclass(frozen=True)
class Element:
    """An element within a class or composed type."""

    name: str
    type: str
    min: int
    max: int | None
    """Most occurrences, or None when there is no limit."""
    pattern: str | None
    """Pattern that this message lays on top of that of the type."""


@dataclass(frozen=True)
class ComposedType:
    """A class of a message, or a composed type (CDT) of the base schema."""

    name: str
    uitleg: str
    elements: tuple[Element, ...]


@dataclass(frozen=True)
class Node:
    """One element at one place in a message, with what may stand below it."""

    path: str
    """Place from the root, such as ``Bericht/Client/Naam``."""
    tag: str
    """Name as lxml writes it: ``{namespace}Naam``."""
    element: Element
    simple: SimpleType | None
    """The type of the value; None when the element holds other elements."""
    children: tuple["Node", ...]

    @property
    def name(self) -> str:
        return self.element.name

    @property
    def repeats(self) -> bool:
        """May the element occur more than once in a row?"""
        return self.element.max != 1

    def walk(self) -> Iterator["Node"]:
        """This node and all below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def leaves(self) -> Iterator["Node"]:
        """All nodes that hold a value, in document order."""
        return (node for node in self.walk() if node.simple)


@dataclass(frozen=True)
class BaseSchema:
    """The types that all messages of a release share."""

    standaard: str
    release: str
    prefix: str
    namespace: str
    bestand: str
    xsd: Mapping[str, str]
    gelijkwaardige_patronen: Mapping[str, str]
    enkelvoudig: Mapping[str, SimpleType]
    samengesteld: Mapping[str, ComposedType]


@dataclass(frozen=True)
class Message:
    """One message (JW301) of a release."""

    naam: str
    omschrijving: str
    soort: Literal["heen", "retour", "antwoord"]
    """``retour`` answers whether a message was accepted; the JW325 is the only ``antwoord``."""
    van: str
    naar: str
    reactie: str | None
    """The message that answers this one, if there is one."""
    reactie_op: str | None
    """The message that this one answers."""
    prefix: str
    namespace: str
    bestand: str
    xsd: Mapping[str, str]
    klassen: Mapping[str, ComposedType]
    base: BaseSchema

    @property
    def release(self) -> str:
        return self.base.release

    @property
    def berichtcode(self) -> str:
        """Value that Header/BerichtCode must have."""
        code = next(e for e in self.klassen["Header"].elements if e.name == "BerichtCode")
        return code.pattern or ""

    @cached_property
    def root(self) -> Node:
        """The whole message as a tree; a class that occurs twice is there twice."""
        return self._node(Element(ROOT_ELEMENT, "Root", 1, 1, None), "", self.namespace)

    def _node(self, element: Element, parent: str, namespace: str) -> Node:
        path = f"{parent}/{element.name}" if parent else element.name
        simple = self.base.enkelvoudig.get(element.type)
        children: tuple[Node, ...] = ()
        if simple is None:
            shared = self.base.samengesteld.get(element.type)
            inner = self.base.namespace if shared else self.namespace
            composed = shared or self.klassen[element.type]
            children = tuple(self._node(child, path, inner) for child in composed.elements)
        return Node(path, f"{{{namespace}}}{element.name}", element, simple, children)


@dataclass(frozen=True)
class Release:
    """One release of one standard: its shared types and its messages by name."""

    base: BaseSchema
    messages: Mapping[str, Message]

    @cached_property
    def by_namespace(self) -> Mapping[str, Message]:
        """The messages by the namespace of their root element."""
        return {message.namespace: message for message in self.messages.values()}


@cache
def load_release() -> Release:
    """The structure of the release that the project ships; read once per process."""
    return read_release(xsd_folder() / "ijw" / "3.2")


def read_release(folder: Path) -> Release:
    """The structure described by ``datatypen.yaml`` and ``berichten.yaml`` of a folder."""
    types = _read_yaml(folder / "datatypen.yaml")
    base = BaseSchema(
        standaard=types["standaard"],
        release=types["release"],
        prefix=types["prefix"],
        namespace=types["namespace"],
        bestand=types["bestand"],
        xsd=types["xsd"],
        gelijkwaardige_patronen=types["gelijkwaardige_patronen"],
        enkelvoudig={name: _simple(name, of) for name, of in types["enkelvoudig"].items()},
        samengesteld={
            name: ComposedType(name, of["uitleg"], _elements(of["elementen"]))
            for name, of in types["samengesteld"].items()
        },
    )
    messages = {}
    for naam, of in _read_yaml(folder / "berichten.yaml").items():
        classes = of.pop("klassen")
        messages[naam] = Message(
            naam=naam,
            reactie=of.pop("reactie", None),
            reactie_op=of.pop("reactie_op", None),
            klassen={
                name: ComposedType(name, "", _elements(elements))
                for name, elements in classes.items()
            },
            base=base,
            **of,
        )
    return Release(base, messages)


def _read_yaml(path: Path) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
    return data


def _simple(name: str, of: Mapping[str, Any]) -> SimpleType:
    return SimpleType(
        name=name,
        uitleg=of["uitleg"],
        basis=of["basis"],
        facets={facet: of[facet] for facet in _FACETS if facet in of},
        pattern=of.get("pattern"),
        codelijst=of.get("codelijst"),
        waarden=of.get("waarden", {}),
    )


def _elements(items: list[dict[str, Any]]) -> tuple[Element, ...]:
    return tuple(_element(name, of) for item in items for name, of in item.items())


def _element(name: str, of: str | Mapping[str, str]) -> Element:
    text, pattern = (of, None) if isinstance(of, str) else (of["type"], of["pattern"])
    type_name, _, occurs = text.partition(" ")
    least, most = _OCCURS[occurs]
    return Element(name, type_name, least, most, pattern)
