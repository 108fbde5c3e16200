"""Find the XML schema of a message and compile it, from our own folder or from one of the user.

A schema is chosen by the namespace of the message itself, which holds its standard and release. Nothing is
fetched: a schema that refers to a file outside its folder is refused.
"""

import os.path
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from inkoopcheck.dutch import join_words
from inkoopcheck.errors import UnusableInput, printable, why_not
from inkoopcheck.locations import xsd_folder
from inkoopcheck.schemas.structure import ROOT_ELEMENT

if TYPE_CHECKING:
    from lxml import etree

XS = "http://www.w3.org/2001/XMLSchema"

_LINKS = tuple(f"{{{XS}}}{tag}" for tag in ("import", "include", "redefine"))

MAX_SCHEMA_BYTES = 5_000_000
"""The largest schema of the standard is far below this; more is a mistake or an attack."""
MAX_SCHEMAS = 500
"""Most schema files in one folder; a folder with more was not meant."""
_LEVELS = ("*", "*/*", "*/*/*")
"""Our own folder has schemas two levels down; deeper would search a whole disk."""
_SHOWN_NAMESPACE = 120

_LONG_NUMBER = re.compile(r"\d{8,}")
"""A number that could be a BSN is not shown, wherever it stands."""
_NAMESPACE = re.compile(r"http://www\.istandaarden\.nl/([a-z]+)/(\d+)_(\d+)/([a-z]+\d+)/schema")


@dataclass(frozen=True)
class MessageSchema:
    """The compiled schema for one message of one release."""

    bericht: str
    """Name of the message, such as ``JW301``."""
    release: str
    """Release that the namespace names, such as ``3.2``; empty when it names none."""
    namespace: str
    bestand: Path
    eigen: bool
    """Is it the schema that we ship, or one of the user (``--xsd``)?"""
    versies: Mapping[str, str]
    """What the schema says of itself, such as ``BerichtXsdVersie: 0.1.0``."""
    compiled: "etree.XMLSchema" = field(repr=False)
    """Give it a parsed tree. Its error log belongs to the last validation: one thread at a time."""


def find_schema(namespace: str | None, folder: Path | None = None) -> MessageSchema:
    """The schema for messages whose root element stands in a namespace; compiled once per process.

    Args:
        namespace: namespace of the root element of the message, None when it has none.
        folder: folder with schemas that the user puts in place of ours; with it, only those count.

    Raises:
        UnusableInput: no such message is known, or a schema in the folder cannot be used.
    """
    return _compile(namespace or "", (folder or xsd_folder()).resolve(), folder is None)


def known_messages(folder: Path | None = None) -> dict[str, list[str]]:
    """The messages that have a schema, per standard and release: ``{"iJw 3.2": ["JW301", ...]}``.

    Raises:
        UnusableInput: a schema in the folder cannot be used.
    """
    return _by_release(_scan((folder or xsd_folder()).resolve()))


@dataclass(frozen=True)
class _Source:
    """One schema file that was read but not yet compiled."""

    number: int
    path: Path
    content: bytes
    namespace: str
    is_message: bool
    """Does it declare the element Bericht? The base schema only holds types."""
    versies: Mapping[str, str]


@cache
def _compile(namespace: str, folder: Path, own: bool) -> MessageSchema:
    from lxml import etree

    sources = _scan(folder)
    source = next((s for s in sources.values() if s.namespace == namespace and s.is_message), None)
    if source is None:
        raise UnusableInput(_unknown(namespace, sources, own))
    contents = _closed(source, sources)
    parser = _parser()
    parser.resolvers.add(_only(contents))
    try:
        tree = etree.fromstring(contents[_address(source)], parser)
        compiled = etree.XMLSchema(tree)
    except etree.LxmlError as error:
        raise UnusableInput(
            f"Het schema {printable(source.path.name)} is niet te gebruiken: het is geen geldig "
            f"XML-schema{_line(error)}."
        ) from None
    _, release, message = _names(namespace) or ("", "", source.path.stem)
    return MessageSchema(
        bericht=message.upper(),
        release=release,
        namespace=namespace,
        bestand=source.path,
        eigen=own,
        versies=source.versies,
        compiled=compiled,
    )


@cache
def _scan(folder: Path) -> dict[Path, _Source]:
    """All schema files of a folder and the folders in it, read once."""
    if not folder.is_dir():
        raise UnusableInput(
            f"De map met schema's {printable(str(folder))} is geen map of bestaat niet."
        )
    try:
        paths = sorted(
            path
            for level in _LEVELS
            for path in folder.glob(level)
            if path.suffix.lower() == ".xsd" and path.is_file()
        )
    except OSError as error:
        raise UnusableInput(
            f"De map met schema's {printable(str(folder))} is niet te lezen: {why_not(error)}."
        ) from None
    if not paths:
        raise UnusableInput(f"In de map {printable(str(folder))} staan geen schema's (.xsd).")
    if len(paths) > MAX_SCHEMAS:
        raise UnusableInput(
            f"In de map {printable(str(folder))} staan {len(paths)} schema's. Meer dan {MAX_SCHEMAS} "
            "gaat niet; wijs de map van één standaard aan."
        )
    sources = {path: _read(path, number) for number, path in enumerate(paths)}
    _check_unique(sources.values())
    return sources


def _read(path: Path, number: int) -> _Source:
    from lxml import etree

    name = printable(path.name)
    try:
        with path.open("rb") as file:
            content = file.read(MAX_SCHEMA_BYTES + 1)
    except OSError as error:
        raise UnusableInput(f"Het schema {name} is niet te openen: {why_not(error)}.") from None
    if len(content) > MAX_SCHEMA_BYTES:
        raise UnusableInput(f"Het schema {name} is te groot om een schema te zijn.")
    try:
        root = etree.fromstring(content, _parser())
    except etree.XMLSyntaxError as error:
        raise UnusableInput(f"Het schema {name} is geen geldige XML{_line(error)}.") from None
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        raise UnusableInput(f"Het schema {name} heeft een DOCTYPE. Dat mag niet.")
    if root.tag != f"{{{XS}}}schema":
        raise UnusableInput(f"Het bestand {name} is geen XML-schema.")
    namespace = root.get("targetNamespace", "")
    return _Source(
        number=number,
        path=path,
        content=content,
        namespace=namespace,
        is_message=any(
            element.get("name") == ROOT_ELEMENT for element in root.iterchildren(f"{{{XS}}}element")
        ),
        versies={
            etree.QName(item).localname: (item.text or "").strip()
            for item in root.iterfind(f"{{{XS}}}annotation/{{{XS}}}appinfo/*")
            if isinstance(item.tag, str)
        },
    )


def _parser() -> "etree.XMLParser":
    from lxml import etree

    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def _check_unique(sources: Iterable[_Source]) -> None:
    seen: dict[str, _Source] = {}
    for source in sources:
        if not source.is_message:
            continue
        other = seen.setdefault(source.namespace, source)
        if other.content != source.content:
            raise UnusableInput(
                f"De schema's {printable(str(other.path))} en {printable(str(source.path))} beschrijven "
                "allebei hetzelfde bericht, maar niet hetzelfde. Laat er één staan."
            )


def _closed(source: _Source, sources: Mapping[Path, _Source]) -> dict[str, bytes]:
    """A schema and all that it leans on, by an address of our own; nothing points outside.

    An import that points elsewhere (to a website, or to a file under another name) gets the schema
    in the folder that has the namespace it asks for.
    """
    from lxml import etree

    closed: dict[str, bytes] = {}
    todo = [source]
    while todo:
        current = todo.pop()
        if _address(current) in closed:
            continue
        root = etree.fromstring(current.content, _parser())
        for link in root.iterchildren(*_LINKS):
            target = _target(link, current, sources)
            link.set("schemaLocation", _address(target))
            todo.append(target)
        closed[_address(current)] = etree.tostring(root)
    return closed


def _address(source: _Source) -> str:
    """An address that no library can read anything from, nor write in another way."""
    return f"schema:{source.number}"


def _target(link: "etree._Element", current: _Source, sources: Mapping[Path, _Source]) -> _Source:
    """The schema that an import or include means."""
    place = link.get("schemaLocation", "")
    parts = urlsplit(place)
    target = None
    if place and not parts.scheme and not parts.netloc:
        target = sources.get(Path(os.path.normpath(current.path.parent / unquote(parts.path))))
    if target is None:
        target = _with_namespace(link.get("namespace", current.namespace), current, sources)
    if target is None:
        raise UnusableInput(
            f"Het schema {printable(current.path.name)} verwijst naar "
            f"{printable(place) or 'een schema zonder plaats'}. Dat bestand staat niet in de map met "
            "schema's. Zet het erbij; er wordt niets opgehaald."
        )
    return target


def _with_namespace(
    namespace: str, current: _Source, sources: Mapping[Path, _Source]
) -> _Source | None:
    """The one other schema with a namespace, if there is exactly one."""
    if namespace == current.namespace:
        return None
    found = [source for source in sources.values() if source.namespace == namespace]
    return found[0] if len(found) == 1 else None


def _only(contents: Mapping[str, bytes]) -> "etree.Resolver":
    """Answers every reference from what was read, and refuses any other."""
    from lxml import etree

    class Only(etree.Resolver):
        def resolve(  # type: ignore[override]
            self, system_url: str, public_id: str, context: object
        ) -> object:
            if system_url not in contents:
                raise etree.LxmlError("reference outside the folder")
            return self.resolve_string(contents[system_url], context, base_url=system_url)

    return Only()


def _names(namespace: str) -> tuple[str, str, str] | None:
    """Standard, release and message that a namespace of the standard names."""
    found = _NAMESPACE.fullmatch(namespace)
    if found is None:
        return None
    standard, major, minor, message = found.groups()
    return f"i{standard[1:].title()}", f"{major}.{minor}", message.upper()


def _by_release(sources: Mapping[Path, _Source]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for source in sources.values():
        if source.is_message:
            standard, release, message = _names(source.namespace) or ("", "", source.path.stem)
            messages = found.setdefault(f"{standard} {release}".strip() or "Overig", [])
            if message not in messages:
                messages.append(message)
    return {release: sorted(messages) for release, messages in sorted(found.items())}


def _unknown(namespace: str, sources: Mapping[Path, _Source], own: bool) -> str:
    names = _names(namespace)
    if names:
        standard, release, message = names
        found = f"Dit is een {message} van {standard} {release}."
    elif namespace:
        shown = _LONG_NUMBER.sub("…", namespace)[:_SHOWN_NAMESPACE]
        shown = "".join(c if c.isprintable() else "?" for c in shown)
        found = f"Dit is geen bekend bericht: het staat in de namespace '{printable(shown)}'."
    else:
        found = "Dit is geen bekend bericht: het heeft geen namespace."
    known = join_words(
        [f"{release} ({', '.join(messages)})" for release, messages in _by_release(sources).items()]
    )
    where = "Inkoopcheck kent" if own else "In de map met schema's staan"
    return f"{found} {where}: {known or 'geen berichten'}."


def _line(error: Exception) -> str:
    line = getattr(error, "lineno", None)
    return f" (regel {line})" if line else ""
