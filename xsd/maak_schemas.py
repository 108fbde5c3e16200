"""Make the XML schemas of every release from its ``datatypen.yaml`` and ``berichten.yaml``.

    python xsd/maak_schemas.py                  write the schemas
    python xsd/maak_schemas.py --controleer     fail when a schema is stale

The names of types, the namespaces and the order of derivation are those of the standard, so that our
schemas accept and refuse what the official ones accept and refuse, up to ``xsi:type``.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from lxml import etree

from inkoopcheck.locations import xsd_folder
from inkoopcheck.schemas.structure import (
    ROOT_ELEMENT,
    BaseSchema,
    ComposedType,
    Element,
    Message,
    Release,
    SimpleType,
    read_release,
)

XS = "http://www.w3.org/2001/XMLSchema"

GENERATED = (
    "Gemaakt met xsd/maak_schemas.py. Pas datatypen.yaml of berichten.yaml aan, niet dit bestand."
)


def schemas_of(release: Release) -> Iterator[tuple[str, bytes]]:
    """File name and content of each schema of a release."""
    yield release.base.bestand, _base_schema(release.base)
    for message in release.messages.values():
        yield message.bestand, _message_schema(message)


def release_folders() -> list[Path]:
    """The folders with a release that we describe ourselves."""
    return sorted(path.parent for path in xsd_folder().glob("*/*/berichten.yaml"))


def stale(folder: Path) -> list[Path]:
    """Schemas of a folder that differ from what the source says, are missing, or have no source."""
    wanted = dict(schemas_of(read_release(folder)))
    found = {path.name: path.read_bytes() for path in folder.glob("*.xsd")}
    names = wanted.keys() | found.keys()
    return [folder / name for name in sorted(names) if wanted.get(name) != found.get(name)]


def main(arguments: list[str]) -> int:
    """Write the schemas, or with ``--controleer`` only say which are stale."""
    for folder in release_folders():
        if "--controleer" in arguments:
            old = stale(folder)
            if old:
                print("Verouderd, draai python xsd/maak_schemas.py:", *old, sep="\n  ")
                return 1
            continue
        for name, content in schemas_of(read_release(folder)):
            (folder / name).write_bytes(content)
    return 0


def _base_schema(base: BaseSchema) -> bytes:
    schema = _schema(base.namespace, {base.prefix: base.namespace})
    versions = {f"BasisschemaXsd{_title(name)}Versie": value for name, value in base.xsd.items()}
    text = f"Datatypen die alle berichten van iJw {base.release} delen."
    _annotate(
        schema, text, base, {"standaard": base.standaard, "release": base.release, **versions}
    )
    for simple in base.enkelvoudig.values():
        _simple_type(schema, simple, base.gelijkwaardige_patronen)
    for composed in base.samengesteld.values():
        _complex_type(schema, composed, base, base.prefix)
    return _write(schema)


def _message_schema(message: Message) -> bytes:
    base = message.base
    namespaces = {base.prefix: base.namespace, message.prefix: message.namespace}
    schema = _schema(message.namespace, namespaces)
    versions = {f"BerichtXsd{_title(name)}Versie": value for name, value in message.xsd.items()}
    shared = {f"BasisschemaXsd{_title(name)}Versie": value for name, value in base.xsd.items()}
    text = f"{message.naam}, {message.omschrijving}: van {message.van} naar {message.naar}."
    about = {"standaard": base.standaard, "bericht": message.prefix, "release": base.release}
    _annotate(schema, text, base, about | versions | shared)
    _add(schema, "import", namespace=base.namespace, schemaLocation=base.bestand)
    _add(schema, "element", name=ROOT_ELEMENT, type=f"{message.prefix}:Root")
    for composed in message.klassen.values():
        _complex_type(schema, composed, base, message.prefix)
    return _write(schema)


def _title(name: str) -> str:
    return "" if name == "versie" else name.title()


def _schema(namespace: str, prefixes: Mapping[str, str]) -> etree._Element:
    return etree.Element(
        f"{{{XS}}}schema",
        {"targetNamespace": namespace, "elementFormDefault": "qualified"},
        nsmap={"xs": XS, **prefixes},
    )


def _add(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{XS}}}{tag}", attributes)


def _annotate(
    parent: etree._Element, text: str, base: BaseSchema, about: Mapping[str, str] | None = None
) -> None:
    annotation = _add(parent, "annotation")
    if about:
        info = _add(annotation, "appinfo")
        for name, value in about.items():
            etree.SubElement(info, f"{{{base.namespace}}}{name}").text = value
    _add(annotation, "documentation").text = text


def _simple_type(
    schema: etree._Element, simple: SimpleType, equivalents: Mapping[str, str]
) -> None:
    kind = _add(schema, "simpleType", name=simple.name)
    annotation = _add(kind, "annotation")
    source = f" (codelijst {simple.codelijst})" if simple.codelijst else ""
    _add(annotation, "documentation").text = f"{simple.uitleg}{source}."
    restriction = _add(kind, "restriction", base=simple.basis)
    for facet, value in simple.facets.items():
        _add(restriction, facet, value=str(value))
    _pattern(restriction, simple.pattern, equivalents)
    for value, meaning in simple.waarden.items():
        _add(restriction, "enumeration", value=value)
        restriction.append(etree.Comment(f" {meaning.replace('--', '-')} "))


def _pattern(
    restriction: etree._Element, pattern: str | None, equivalents: Mapping[str, str]
) -> None:
    if pattern is not None:
        _add(restriction, "pattern", value=equivalents.get(pattern, pattern))


def _complex_type(
    schema: etree._Element, composed: ComposedType, base: BaseSchema, own_prefix: str
) -> None:
    kind = _add(schema, "complexType", name=composed.name)
    if composed.uitleg:
        annotation = _add(kind, "annotation")
        _add(annotation, "documentation").text = f"{composed.uitleg}."
    sequence = _add(kind, "sequence")
    for element in composed.elements:
        _element(sequence, element, base, own_prefix)


def _element(sequence: etree._Element, element: Element, base: BaseSchema, own_prefix: str) -> None:
    is_shared = element.type in base.enkelvoudig or element.type in base.samengesteld
    type_name = f"{base.prefix if is_shared else own_prefix}:{element.type}"
    item = _add(sequence, "element", name=element.name)
    if element.pattern is None:
        item.set("type", type_name)
    else:
        restriction = _add(_add(item, "simpleType"), "restriction", base=type_name)
        _pattern(restriction, element.pattern, base.gelijkwaardige_patronen)
    if element.min != 1:
        item.set("minOccurs", str(element.min))
    if element.max != 1:
        item.set("maxOccurs", "unbounded" if element.max is None else str(element.max))


def _write(schema: etree._Element) -> bytes:
    etree.indent(schema, "  ")
    _meaning_beside_value(schema.iter(etree.Comment))
    schema.addprevious(etree.Comment(f" {GENERATED} "))
    return etree.tostring(
        schema.getroottree(), xml_declaration=True, encoding="UTF-8", pretty_print=True
    )


def _meaning_beside_value(comments: Iterable[etree._Element]) -> None:
    for comment in comments:
        value = comment.getprevious()
        if value is not None:
            value.tail = " "


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
