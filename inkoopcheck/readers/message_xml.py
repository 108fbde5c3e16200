"""From bytes to a parsed message, within limits and without looking at anything outside the bytes.

A DOCTYPE is refused before parsing, so there are no entities, no external files and no expansion. No
schemaLocation is followed and no XInclude is done: nobody asks for it. What cannot be read is refused
with a sentence that says what is wrong, on which line, without showing what stands there.
"""

import base64
import binascii
import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from lxml import etree

from inkoopcheck.dutch import count_of, format_number
from inkoopcheck.errors import UnusableInput
from inkoopcheck.readers.deadline import Deadline
from inkoopcheck.schemas.structure import ROOT_ELEMENT

MAX_ATTRIBUTES = 10_000
"""Most attributes in a file. A message has none; envelopes have a few dozen."""
MAX_ENVELOPES = 3
"""How deep a message may be wrapped: an envelope in an envelope, and one to spare."""

_CHUNK = 1 << 23
_PROLOG = re.compile(rb"\s*(?:<\?.*?\?>|<!--.*?-->)", re.DOTALL)
_DOCTYPE = re.compile(rb"\s*<!\s*(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)
_DECLARATION = re.compile(rb"<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([^\"']{1,40})[\"']")
_ATTRIBUTE = re.compile(rb"=\s*[\"']")
_BOM = b"\xef\xbb\xbf"
_XML_WITH_BOM = _BOM + b"<?xml "
_OTHER_BOMS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"<\x00": "UTF-16",
    b"\x00<": "UTF-16",
    b"\x00\x00\x00<": "UTF-32",
    b"\x4c\x6f\xa7\x94": "EBCDIC",
}
_MESSAGE_NAMESPACE = re.compile(r"http://www\.istandaarden\.nl/.+/schema")
_ENVELOPES = (("soap", "SOAP"), ("stuf", "StUF"), ("vecozo", "VECOZO"))

_SYNTAX = {
    "ERR_TAG_NAME_MISMATCH": "een element is niet goed afgesloten: begin- en eindtag horen niet bij elkaar",
    "ERR_TAG_NOT_FINISHED": "het bestand houdt te vroeg op: niet elk element is afgesloten",
    "ERR_DOCUMENT_END": "na het einde van het bericht staat nog iets",
    "ERR_DOCUMENT_EMPTY": "het bestand begint niet met een element",
    "ERR_LT_REQUIRED": "er staat tekst waar een element hoort",
    "ERR_GT_REQUIRED": "een tag is niet afgesloten met >",
    "ERR_LTSLASH_REQUIRED": "een element is niet afgesloten",
    "ERR_NAME_REQUIRED": "er staat een los < of & in de tekst; schrijf &lt; of &amp;",
    "ERR_ENTITYREF_SEMICOL_MISSING": "er staat een los & in de tekst; schrijf &amp;",
    "ERR_UNDECLARED_ENTITY": "er staat een verwijzing (&...;) die XML niet kent; schrijf een los & als &amp;",
    "ERR_INVALID_CHAR": "er staat een teken dat in XML niet mag",
    "ERR_INVALID_CHARREF": "er staat een verwijzing naar een teken dat in XML niet mag",
    "ERR_INVALID_ENCODING": "er staat een teken dat geen UTF-8 is",
    "ERR_ATTRIBUTE_REDEFINED": "een attribuut staat twee keer in dezelfde tag",
    "ERR_ATTRIBUTE_NOT_STARTED": "een attribuut heeft geen aanhalingstekens",
    "ERR_ATTRIBUTE_NOT_FINISHED": "een attribuut is niet afgesloten met een aanhalingsteken",
    "ERR_ATTRIBUTE_WITHOUT_VALUE": "een attribuut heeft geen waarde",
    "ERR_SPACE_REQUIRED": "tussen twee attributen staat geen spatie",
    "ERR_LT_IN_ATTRIBUTE": "er staat een < in een attribuut",
    "ERR_COMMENT_NOT_FINISHED": "een opmerking (<!--) is niet afgesloten",
    "ERR_CDATA_NOT_FINISHED": "een CDATA-blok is niet afgesloten",
    "ERR_XMLDECL_NOT_FINISHED": "de XML-declaratie op de eerste regel is niet afgesloten",
    "ERR_RESERVED_XML_NAME": "de XML-declaratie staat niet helemaal vooraan in het bestand",
    "NS_ERR_UNDEFINED_NAMESPACE": "een voorvoegsel heeft geen namespace: de xmlns daarvan ontbreekt",
    "ERR_RESOURCE_LIMIT": "het bericht is te diep genest of heeft een tekst die veel te lang is",
    "ERR_EXCESSIVE_DEPTH": "het bericht is te diep genest",
}
_OTHER_SYNTAX = "de XML is niet goed opgebouwd"


@dataclass(frozen=True)
class ParsedMessage:
    """A well-formed message, and what the bytes say that the tree does not."""

    tree: etree._ElementTree
    namespace: str | None
    tekenset: str | None
    heeft_bom: bool
    omhulsel: str | None
    """What stood around the message: SOAP, StUF, VECOZO, or the name of the outer element."""


def parse_message(content: bytes, deadline: Deadline | None = None) -> ParsedMessage:
    """Read a message, taken out of its envelope if it has one.

    Args:
        content: the bytes of the file.
        deadline: when the reading has to be done; the usual one when left out.

    Raises:
        UnusableInput: the file cannot be read or is refused, or the time is up; the sentence has no
            file name.
    """
    deadline = deadline or Deadline()
    encoding = _check_bytes(content)
    root = _parse(content, deadline)
    element, envelope = _unwrap(root, MAX_ENVELOPES, deadline)
    return ParsedMessage(
        tree=element.getroottree(),
        namespace=etree.QName(element).namespace,
        tekenset=encoding,
        heeft_bom=content.startswith(_BOM),
        omhulsel=envelope,
    )


def _check_bytes(content: bytes) -> str | None:
    """Refuse what may not be parsed at all; gives the declared encoding."""
    for mark, name in _OTHER_BOMS.items():
        if content.startswith(mark):
            raise UnusableInput(f"het bestand is {name}. De standaard vraagt UTF-8 (OP192).")
    start = len(_BOM) if content.startswith(_BOM) else 0
    declared = _DECLARATION.match(content, start)
    encoding = declared[1].decode("ascii", "replace").lower() if declared else None
    if encoding not in (None, "utf-8", "utf8"):
        name = re.sub(r"[^\w.:-]", "?", encoding or "")[:20]
        raise UnusableInput(
            f"het bestand zegt dat het in {name} is geschreven. De standaard vraagt UTF-8 (OP192)."
            " Bewaar het als UTF-8 en pas de eerste regel aan."
        )
    position = start
    while found := _PROLOG.match(content, position):
        position = found.end()
    if _DOCTYPE.match(content, position):
        raise UnusableInput(
            "het bestand bevat een DOCTYPE. Dat is niet veilig en hoort niet in een bericht."
        )
    if _has_more(content, b"=", MAX_ATTRIBUTES) and (
        len(_ATTRIBUTE.findall(content)) > MAX_ATTRIBUTES
    ):
        number = format_number(MAX_ATTRIBUTES)
        raise UnusableInput(f"het bestand heeft meer dan {number} attributen. Dat is geen bericht.")
    return encoding


def _parse(content: bytes, deadline: Deadline) -> etree._Element:
    deadline.check()
    blank = _has_only_elements(content)
    # Making a parser takes as long as reading a small message with it.
    parser = _small_parser(blank) if len(content) <= _CHUNK else _parser(blank)
    try:
        if len(content) <= _CHUNK:
            root = etree.fromstring(content, parser)
        else:
            for part in _parts(content):
                deadline.check()
                parser.feed(part)
            root = parser.close()
    except etree.XMLSyntaxError as error:
        raise UnusableInput(_syntax_sentence(content, parser, error)) from None
    except (ValueError, etree.LxmlError):
        raise UnusableInput(f"{_OTHER_SYNTAX}.") from None
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        raise UnusableInput(
            "het bestand bevat een DOCTYPE. Dat is niet veilig en hoort niet in een bericht."
        )
    return root


def _parser(remove_blank_text: bool) -> etree.XMLParser:
    # Without huge_tree libxml2 itself limits depth (256) and the length of a text (10 MB).
    return etree.XMLParser(
        remove_blank_text=remove_blank_text,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        collect_ids=False,
    )


@cache
def _small_parser(remove_blank_text: bool) -> etree.XMLParser:
    return _parser(remove_blank_text)


def _parts(content: bytes) -> Iterator[bytes]:
    """The bytes in pieces that end behind a tag, where no text can be cut in two.

    To libxml2, half of a text is a text too; and white space is only a value when its end tag follows.
    """
    start = 0
    while start < len(content):
        end = content.find(b">", start + _CHUNK) + 1 or len(content)
        yield content[start:end]
        start = end


def _has_only_elements(content: bytes) -> bool:
    """Are there no comments, CDATA, processing instructions and character references in the bytes?

    Then white space between elements means nothing, and libxml2 can leave it out of the tree: a third of
    the memory and time. (Next to a comment it might be a part of a value. White space that is all
    of a value stays.)
    """
    return not (
        (b"!" in content and b"<!" in content)
        or (b"&" in content and b"&#" in content)
        # A question mark behind the declaration; to look for one sign is much faster than for two.
        or (content.find(b"?", max(content.find(b"?>"), 0) + 2) >= 0 and _has_instruction(content))
    )


def _has_instruction(content: bytes) -> bool:
    return content.count(b"<?") > content.startswith((b"<?xml ", _XML_WITH_BOM))


def _has_more(content: bytes, sign: bytes, number: int) -> bool:
    """Whether a sign occurs more often than a number; where it is rare, much faster than counting."""
    position = -1
    for _ in range(number + 1):
        position = content.find(sign, position + 1)
        if position < 0:
            return False
    return True


def _syntax_sentence(content: bytes, parser: etree.XMLParser, error: etree.XMLSyntaxError) -> str:
    log = parser.error_log or parser.feed_error_log
    entries = [e for e in log if e.level_name in ("FATAL", "ERROR")]
    line, column = error.position if error.position else (0, 0)
    name = ""
    if entries:
        name, line, column = entries[0].type_name, entries[0].line, entries[0].column
    if name in ("ERR_TAG_NAME_MISMATCH", "ERR_GT_REQUIRED") and _is_cut_off(content):
        name = "ERR_TAG_NOT_FINISHED"
    what = _SYNTAX.get(name, _OTHER_SYNTAX)
    if not line:
        return f"dit is geen goede XML: {what}."
    return f"dit is geen goede XML. Regel {line}, positie {column}: {what}."


def _is_cut_off(content: bytes) -> bool:
    """Does the file end before its root element does?"""
    return not content.rstrip().endswith(b">") or b"</" not in content[-400:]


def line_ends(content: bytes) -> str:
    """How lines end: ``CRLF``, ``LF``, ``CR``, ``gemengd``, or ``geen`` for a single line."""
    both = content.count(b"\r\n")
    feeds = content.count(b"\n") - both
    returns = content.count(b"\r") - both
    kinds = [n for n, number in (("CRLF", both), ("LF", feeds), ("CR", returns)) if number]
    if not kinds:
        return "geen"
    return kinds[0] if len(kinds) == 1 else "gemengd"


def _unwrap(
    root: etree._Element, levels: int, deadline: Deadline
) -> tuple[etree._Element, str | None]:
    """The message within an envelope: as an element, or as text (CDATA or base64)."""
    if _is_message(root):
        return root, None
    name = _envelope_name(root)
    inside = [e for e in root.iter(f"{{*}}{ROOT_ELEMENT}") if _is_message(e)]
    if len(inside) > 1:
        raise UnusableInput(
            f"in de envelop ({name}) zitten {len(inside)} berichten. Bied ze apart aan."
        )
    if inside:
        return _own_document(inside[0]), name
    payloads = _payloads(root) if levels else []
    if len(payloads) > 1:
        raise UnusableInput(
            f"in de envelop ({name}) zitten {count_of(len(payloads), 'bericht', 'berichten')}."
            " Bied ze apart aan."
        )
    if payloads:
        _check_bytes(payloads[0])
        element, inner = _unwrap(_parse(payloads[0], deadline), levels - 1, deadline)
        return element, f"{name} en {inner}" if inner else name
    return root, None


def _is_message(element: etree._Element) -> bool:
    name = etree.QName(element)
    return name.localname == ROOT_ELEMENT and bool(
        _MESSAGE_NAMESPACE.fullmatch(name.namespace or "")
    )


def _envelope_name(root: etree._Element) -> str:
    """What an envelope is called, by the namespaces that it declares."""
    name = etree.QName(root)
    spaces = " ".join([name.namespace or "", *(root.nsmap or {}).values()]).lower()
    if name.localname == "Envelope" and "soap" in spaces:
        return "SOAP"
    return next((title for word, title in _ENVELOPES if word in spaces), "onbekende envelop")


def _own_document(element: etree._Element) -> etree._Element:
    """A copy of an element as the root of a document of its own; line numbers stay."""
    copied = copy.deepcopy(element)
    copied.tail = None
    return copied


def _payloads(root: etree._Element) -> list[bytes]:
    """The texts in an envelope that are XML themselves, plain or in base64."""
    found = []
    for element in root.iter(etree.Element):
        text = (element.text or "").strip()
        if len(text) < 50:
            continue
        if text.startswith("<"):
            found.append(text.encode("utf-8"))
        elif (decoded := _from_base64(text)) is not None:
            found.append(decoded)
    return found


def _from_base64(text: str) -> bytes | None:
    try:
        decoded = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    return decoded if decoded.removeprefix(_BOM).lstrip().startswith(b"<") else None
