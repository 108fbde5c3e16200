"""Read iJw messages: parse, validate, and put what they say in the message tables.

One parse per message. libxml2 validates the tree that the rows are taken from; for a large message
both happen at the same time, since neither changes the tree.
"""

import hashlib
import re
import secrets
import threading
from collections.abc import Callable, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TypeVar

from lxml import etree

from inkoopcheck.errors import UnusableInput
from inkoopcheck.privacy import MASK, passes_elfproef
from inkoopcheck.readers.deadline import MAX_SECONDS, Deadline
from inkoopcheck.readers.message_extract import Extractor
from inkoopcheck.readers.message_files import Found
from inkoopcheck.readers.message_xml import ParsedMessage, line_ends, parse_message
from inkoopcheck.readers.schema_errors import SchemaErrors, explain_errors
from inkoopcheck.readers.schema_stream import is_valid
from inkoopcheck.schemas.find import MessageSchema, find_schema
from inkoopcheck.schemas.structure import Message, load_release
from inkoopcheck.tables.store import Tables

_LARGE = 1_000_000
"""From this size on, a second thread wins more than it costs."""
_LOOK_FURTHER_BYTES = 50_000_000
"""Up to this size (twice what the standard allows) errors behind other errors are told; it takes memory."""
_RELEASE_IN_NAMESPACE = re.compile(r"(http://www\.istandaarden\.nl/ijw/)\d+_\d+(/\w+/schema)")
_T = TypeVar("_T")
_S = TypeVar("_S")


@dataclass(frozen=True)
class ReadMessage:
    """What was read of one message; its rows are in the tables after ``flush``."""

    naam: str
    bericht_id: int
    berichtsoort: str
    omschrijving: str
    release: str
    omhulsel: str | None
    size: int
    sha256: str
    xsd_geldig: bool
    schemafouten: int
    clienten: int
    regels: int
    personal: "Personal" = field(repr=False)
    message: Message = field(repr=False)


@dataclass(frozen=True)
class Personal:
    """Recognises what may not be shown of the persons in a message, without keeping it in the open.

    ``texts`` are names and birth dates; they are collected only from a message that does not fit the
    schema, since only there they can stand where a code or number belongs. For the same reason ``strict``
    takes every number that could be a BSN for one in such a message. The pseudonyms are complete when the rows of
    the message are loaded.
    """

    pseudonyms: Set[str]
    texts: frozenset[str]
    pseudonym: Callable[[str], str] = field(repr=False)
    strict: bool = False

    def masked(self, text: str | None) -> str | None:
        """The text without the BSNs, names and birth dates of this message."""
        if text is None:
            return None
        if self.pseudonyms or self.strict:
            text = _NINE_DIGITS.sub(self._mask_bsn, text)
        for personal in self._in(text) if self.texts else ():
            if len(personal) >= _LONG_TEXT:
                text = text.replace(personal, MASK)
            else:
                # A short name may be part of a word that means something else.
                text = re.sub(rf"(?<!\w){re.escape(personal)}(?!\w)", MASK, text)
        return text

    def _in(self, text: str) -> list[str]:
        """The personal texts that stand in a text, the longest first."""
        starts = {text[at : at + _START] for at in range(len(text))}
        starts |= {start[:length] for start in starts for length in range(1, _START)}
        near = [part for start in starts for part in self._by_start.get(start, ())]
        return sorted((part for part in near if part in text), key=lambda part: (-len(part), part))

    @cached_property
    def _by_start(self) -> dict[str, list[str]]:
        """The texts by how they begin: a message may have tens of thousands of them."""
        found: dict[str, list[str]] = {}
        for text in self.texts:
            found.setdefault(text[:_START], []).append(text)
        return found

    def _mask_bsn(self, found: re.Match[str]) -> str:
        digits = found[0]
        for start in range(len(digits) - 8):
            part = digits[start : start + 9]
            if self.pseudonym(part) in self.pseudonyms or (self.strict and passes_elfproef(part)):
                return MASK
        return digits


_LONG_TEXT = 6
_START = 3
_NINE_DIGITS = re.compile(r"\d{9,40}")


class MessageReader:
    """Reads messages one after another into one set of tables.

    Args:
        tables: tables with the message model.
        key: key of the pseudonyms. Without one each run has its own.
        schemas: folder with the schemas of the user, in place of ours.
        first_number: the first ``rij_id``; those of a dossier beside these tables are lower.
        seconds: how long the reading of one message may take.
    """

    def __init__(
        self,
        tables: Tables,
        *,
        key: bytes | None = None,
        schemas: Path | None = None,
        first_number: int = 1,
        seconds: float = MAX_SECONDS,
    ) -> None:
        self._tables = tables
        load_release()  # Made ready once, like the rules; not while the first message waits.
        self._extractor = Extractor(tables, key or secrets.token_bytes(32), first_number)
        self._schemas = schemas
        self._seconds = seconds
        self._known: dict[str | None, tuple[MessageSchema, Message]] = {}
        self._faults: list[dict[str, object]] = []

    def read(self, found: Found) -> ReadMessage:
        """Read one message, taking the bytes out of ``found``; its rows are loaded by ``flush``.

        Raises:
            UnusableInput: the file cannot be read, takes too long, or is no message that we know.
        """
        if found.problem:
            raise UnusableInput(found.problem)
        try:
            return self._read(found)
        except UnusableInput as error:
            reason = str(error)
            raise UnusableInput(f"{found.name}: {reason[0].upper()}{reason[1:]}") from None

    @property
    def pending_characters(self) -> int:
        """How much text waits to be loaded."""
        return self._extractor.pending_characters

    @property
    def last_number(self) -> int:
        """The highest ``rij_id`` that a row got."""
        return self._extractor.last_number

    def pseudonym(self, text: str) -> str:
        """What stands in the tables instead of a BSN."""
        return self._extractor.pseudonym(text)

    def flush(self) -> None:
        """Load what was read into the tables."""
        self._extractor.flush()
        self._tables.load("schemafout", self._faults)
        self._faults = []

    def _schema(self, namespace: str | None) -> tuple[MessageSchema, Message]:
        if namespace not in self._known:
            schema = find_schema(namespace, self._schemas)
            self._known[namespace] = (schema, _structure(schema))
        return self._known[namespace]

    def _read(self, found: Found) -> ReadMessage:
        deadline = Deadline(self._seconds)
        parsed, size, digest, ends = _open(found.take(), deadline)
        schema, message = self._schema(parsed.namespace)
        deadline.check()
        valid, text = self._look_at(parsed.tree, size, schema.compiled, message, deadline)
        deadline.check()
        errors = (
            SchemaErrors()
            if valid
            else explain_errors(
                parsed.tree,
                schema.compiled,
                message,
                deadline,
                all_of_them=size <= _LOOK_FURTHER_BYTES,
            )
        )
        facts = {
            "bestand": found.name,
            "berichtsoort": message.naam,
            "release": message.release,
            "xsd_geldig": valid,
            "aantal_schemafouten": errors.total,
            "bestand_bytes": size,
            "bestand_extensie": PurePosixPath(found.name).suffix.lower(),
            "heeft_bom": parsed.heeft_bom,
            "regeleinde": ends,
            "tekenset": parsed.tekenset,
            "omhulsel": parsed.omhulsel,
        }
        envelope = parsed.omhulsel
        del parsed  # The tree is large; letting go of it makes room for the rows.
        added = self._extractor.add(message, text, facts, valid=valid)
        for number, fault in enumerate(errors.shown, start=1):
            client = added.client_ids[fault.client - 1 : fault.client] if fault.client else []
            self._faults.append(
                {
                    "rij_id": self._extractor.new_number(),
                    "bericht_id": added.bericht_id,
                    "ouder_id": added.bericht_id,
                    "client_id": client[0] if client else None,
                    "volgnummer": number,
                    "regelnummer": fault.line,
                    "pad": fault.path,
                    "soort": fault.kind,
                    "element": fault.element,
                    "gevonden": fault.found,
                    "verwacht": fault.expected,
                    "uitleg": fault.sentence,
                    "aantal": errors.counts[fault.kind],
                    "getoond": errors.shown_counts[fault.kind],
                }
            )
        added.pseudonyms.update(map(self._extractor.pseudonym, errors.bsns))
        return ReadMessage(
            naam=found.name,
            bericht_id=added.bericht_id,
            berichtsoort=message.naam,
            omschrijving=message.omschrijving,
            release=message.release,
            omhulsel=envelope,
            size=size,
            sha256=digest,
            xsd_geldig=valid,
            schemafouten=errors.total,
            clienten=len(added.client_ids),
            regels=added.lines,
            personal=Personal(
                added.pseudonyms,
                errors.personal,
                self._extractor.pseudonym,
                strict=not valid,
            ),
            message=message,
        )

    def _look_at(
        self,
        tree: etree._ElementTree,
        size: int,
        schema: etree.XMLSchema,
        message: Message,
        deadline: Deadline,
    ) -> tuple[bool, str]:
        """Does a message fit its schema, and the text with its rows."""
        return _both(
            lambda: is_valid(tree, size, schema, message, deadline),
            lambda: self._extractor.extract(message, tree),
            at_once=size >= _LARGE,
        )


def _open(content: bytes, deadline: Deadline) -> tuple[ParsedMessage, int, str, str]:
    """The parsed message, with the size, the SHA-256 and the line ends of its bytes."""
    # The tree is made in this thread: what another one allocates, this one cannot use again.
    (digest, ends), parsed = _both(
        lambda: (hashlib.sha256(content).hexdigest(), line_ends(content)),
        lambda: parse_message(content, deadline),
        at_once=len(content) >= _LARGE,
    )
    return parsed, len(content), digest, ends


def _both(one: Callable[[], _T], other: Callable[[], _S], *, at_once: bool) -> tuple[_T, _S]:
    """The outcomes of two calls, made at the same time or one after the other."""
    if not at_once:
        return one(), other()
    outcome: list[_T] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(one())
        except BaseException as error:
            failure.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        second = other()
    finally:
        thread.join()
    if failure:
        raise failure[0]
    return outcome[0], second


_renamed: dict[str, Message] = {}


def _structure(schema: MessageSchema) -> Message:
    """The structure to read a message by.

    A release of which we have only a schema of the user is read by the structure that we ship: the same
    names in other namespaces. What is new in it is validated, but no rule looks at it.

    Raises:
        UnusableInput: the schema is not one of an iJw message that we can read.
    """
    own = load_release().by_namespace
    if schema.namespace in own:
        return own[schema.namespace]
    if schema.namespace not in _renamed:
        like = _RELEASE_IN_NAMESPACE.fullmatch(schema.namespace)
        message = next((m for m in own.values() if like and m.naam == schema.bericht), None)
        if like is None or message is None:
            known = ", ".join(m.naam for m in own.values())
            raise UnusableInput(
                f"van het bericht {schema.bericht} {schema.release} is er wel een schema, maar dit"
                f" programma kan het niet lezen. Het kent: {known}."
            )
        numbers = schema.release.replace(".", "_")
        base = replace(
            message.base,
            release=schema.release,
            namespace=_RELEASE_IN_NAMESPACE.sub(rf"\g<1>{numbers}\g<2>", message.base.namespace),
        )
        _renamed[schema.namespace] = replace(message, namespace=schema.namespace, base=base)
    return _renamed[schema.namespace]
