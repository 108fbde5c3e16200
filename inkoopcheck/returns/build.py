"""Build the message that goes back: the JW302, 306, 308, 316, 318 or 320, or the JW325.

It repeats what the checked message says, unchanged, so it holds personal data. Give it only to the user who
asked for it.

Source: iJw 3.2, invulinstructies IV028, IV033, IV034, IV087 and IV088, rules TR342 and TR371.
"""

import base64
import datetime
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from inkoopcheck.errors import UnusableInput
from inkoopcheck.returns.decide import (
    DECLARATIE_GRANTED,
    IN_ORDER,
    NOT_JUDGED,
    Outcome,
    Verdict,
    reaction_to,
)
from inkoopcheck.schemas.structure import ROOT_ELEMENT, Message, Node

IDENTIFICATION_LENGTH = 12
"""Most characters of an Identificatie (LDT_IdentificatieBericht)."""
LARGEST_MESSAGE = 25_000_000
"""Most bytes of a message, in the strictest reading of OP179."""

_TEXT = etree.XPath("string()")
"""The text of an element, without what a comment in it says."""
_DECLARATIE = f"{ROOT_ELEMENT}/Declaratie"


@dataclass(frozen=True)
class _Refused:
    """A client in a declaratie with a fault in it."""

    element: etree._Element
    codes: Sequence[str]
    prestaties: Sequence[tuple[Sequence[str], etree._Element]]
    """The refused prestaties, each with its codes."""


@dataclass(frozen=True)
class Stamp:
    """What the maker of the message that goes back decides."""

    identificatie: str
    """Unique among the messages of this kind from this maker."""
    dagtekening: datetime.date
    versions: Mapping[str, str] | None = None
    """``BerichtXsdVersie`` and ``BasisschemaXsdVersie`` of the schemas; ours when left out."""


def identification_of(content: bytes) -> str:
    """An Identificatie of twelve characters that follows from the message that is answered.

    Two different messages get two different ones, and the same message always gets the same.
    """
    digest = hashlib.sha256(content).digest()
    return base64.b32encode(digest).decode("ascii")[:IDENTIFICATION_LENGTH]


def build_return(tree: etree._ElementTree, verdict: Verdict, stamp: Stamp) -> etree._Element:
    """The message that goes back, as its root element.

    Args:
        tree: the checked message; it fits its schema.
        verdict: what ``would_return`` said of it.
        stamp: identification and date of the message that goes back.

    Raises:
        UnusableInput: nothing goes back, or the date or identification is not possible.
    """
    root = tree.getroot()
    if verdict.bericht is None:
        raise UnusableInput(verdict.text)
    reaction = reaction_to(verdict.kind, etree.QName(root).namespace or "")
    _check_stamp(root, verdict, stamp)
    builder = _Builder(reaction, verdict, stamp)
    prefixes = {reaction.base.prefix: reaction.base.namespace, reaction.prefix: reaction.namespace}
    built = etree.Element(reaction.root.tag, nsmap=prefixes)
    header, *bodies = reaction.root.children
    builder.header(built, header, _child(root, "Header"))
    if reaction.naam == "JW325":
        if verdict.outcome not in (Outcome.TECHNICAL, Outcome.HEADER):
            builder.answer(built, bodies[0], _child(root, "Declaratie"))
    elif verdict.outcome is Outcome.CONTENT:
        for node in bodies:
            for item in _children(root, node.name):
                builder.copy(built, node, item, node.path, judged=True)
    return built


def message_bytes(root: etree._Element) -> bytes:
    """A message as the standard wants it on disk (OP192): UTF-8 without BOM, lines that end in CR/LF."""
    etree.indent(root, "\t")
    content = _on_disk(root)
    if len(content) <= LARGEST_MESSAGE:
        return content
    # An answer to a large message is larger still: it adds codes. The spaces can go (OP179).
    for item in root.iter(etree.Element):
        item.tail = None
        if len(item):
            item.text = None
    return _on_disk(root)


def _on_disk(root: etree._Element) -> bytes:
    text = etree.tostring(root, encoding="unicode")
    lines = f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.replace("\n", "\r\n")
    return lines.encode("utf-8")


def _check_stamp(root: etree._Element, verdict: Verdict, stamp: Stamp) -> None:
    name = stamp.identificatie
    if not name.strip() or len(name) > IDENTIFICATION_LENGTH or not name.isprintable():
        raise UnusableInput(
            f"Een identificatie heeft 1 tot en met {IDENTIFICATION_LENGTH} tekens. Kies een andere."
        )
    try:
        sent = datetime.date.fromisoformat(_value(root, "Header/BerichtIdentificatie/Dagtekening"))
    except ValueError:
        return  # A year with five digits fits the schema; there is no date to compare with.
    refused_as_a_whole = verdict.outcome in (Outcome.TECHNICAL, Outcome.HEADER)
    if stamp.dagtekening < sent and not refused_as_a_whole:
        raise UnusableInput(
            f"Het {verdict.bericht} kan geen dagtekening hebben die voor die van het {verdict.kind} ligt"
            f" ({sent.day}-{sent.month}-{sent.year}). Kies een andere datum met --dagtekening."
        )


class _Builder:
    def __init__(self, reaction: Message, verdict: Verdict, stamp: Stamp) -> None:
        self._reaction = reaction
        self._verdict = verdict
        self._stamp = stamp

    def header(self, parent: etree._Element, node: Node, source: etree._Element) -> None:
        """The Header: most of it is that of the checked message."""
        own = {
            "BerichtCode": self._reaction.berichtcode,
            "IdentificatieRetour": self._stamp.identificatie,
            "DagtekeningRetour": self._stamp.dagtekening.isoformat(),
        }
        sources = {child: child for child in ("Afzender", "Ontvanger", "XsdVersie")}
        sources["BerichtIdentificatie"] = "BerichtIdentificatie"
        made: dict[str, Sequence[str]] = {"XsdVersieRetour": self._versions()}
        if self._reaction.naam == "JW325":
            # A JW325 is a message of its own: it turns sender and receiver round (IV087).
            sources |= {"Afzender": "Ontvanger", "Ontvanger": "Afzender"}
            sources |= {"DeclaratieIdentificatie": "BerichtIdentificatie"}
            sources |= {"XsdVersieDeclaratie": "XsdVersie"}
            made["BerichtIdentificatie"] = (
                self._stamp.identificatie,
                self._stamp.dagtekening.isoformat(),
            )
            made["XsdVersie"] = self._versions()
        item = etree.SubElement(parent, node.tag)
        for child in node.children:
            if child.name in own:
                etree.SubElement(item, child.tag).text = own[child.name]
            elif child.name in made:
                inner = etree.SubElement(item, child.tag)
                for leaf, value in zip(child.children, made[child.name], strict=True):
                    etree.SubElement(inner, leaf.tag).text = value
            elif child.name == "RetourCodes":
                self._add_codes(item, child, self._verdict.header)
            else:
                # XsltVersie is only for who judged with the stylesheets of the standard.
                for found in _children(source, sources.get(child.name, child.name)):
                    self._copy_value(item, child, found)

    def copy(
        self,
        parent: etree._Element,
        node: Node,
        source: etree._Element,
        path: str,
        *,
        judged: bool,
    ) -> None:
        """An element as it was, with codes in every class that has them.

        Args:
            parent: element in the message that goes back.
            node: what the element is there.
            source: the element in the checked message.
            path: path of that, as the findings write it.
            judged: False below a class with a fault: what it holds was not judged.
        """
        item = etree.SubElement(parent, node.tag)
        if node.simple is not None:
            item.text = str(_TEXT(source))
            return
        codes = self._verdict.classes.get(path, ())
        own = any(child.name == "RetourCodes" for child in node.children)
        below = judged and not codes
        for child in node.children:
            if child.name == "RetourCodes":
                self._add_codes(item, child, codes or ((IN_ORDER,) if judged else (NOT_JUDGED,)))
                continue
            for number, found in enumerate(_children(source, child.name), start=1):
                self.copy(
                    item,
                    child,
                    found,
                    _below(path, child.name, number),
                    judged=below if own else judged,
                )

    def answer(self, parent: etree._Element, node: Node, source: etree._Element) -> None:
        """The DeclaratieAntwoord of a JW325: totals, and only what is refused."""
        codes = self._verdict.classes.get(_DECLARATIE, ())
        refused = [] if codes else self._refused(source)
        submitted = _signed(source, "TotaalIngediendBedrag", "TotaalBedrag")
        if codes:
            granted = 0
        else:
            granted = submitted - sum(
                _signed(prestatie, "IngediendBedrag", "Bedrag")
                for client in refused
                for _, prestatie in client.prestaties
            )
        item = etree.SubElement(parent, node.tag)
        for child in node.children:
            match child.name:
                case "TotaalToegekendBedrag":
                    total = etree.SubElement(item, child.tag)
                    # Nothing is a debit (CS325).
                    for leaf, value in zip(
                        child.children,
                        (str(abs(granted)), "C" if granted < 0 else "D"),
                        strict=True,
                    ):
                        etree.SubElement(total, leaf.tag).text = value
                case "Clienten" if refused:
                    self._add_clients(etree.SubElement(item, child.tag), child, refused)
                case "RetourCodes":
                    right = (IN_ORDER,) if refused else (DECLARATIE_GRANTED,)
                    self._add_codes(item, child, codes or right)
                case "Clienten":
                    pass
                case _:
                    for found in _children(source, child.name):
                        self._copy_value(item, child, found)

    def _refused(self, source: etree._Element) -> list[_Refused]:
        """The clients with a fault, each with the prestaties that are refused."""
        refused = []
        wanted = {path.split("/Prestaties/")[0] for path in self._verdict.classes}
        clients = _children(_child(source, "Clienten"), "Client")
        for number, client in enumerate(clients, start=1):
            path = _below(f"{_DECLARATIE}/Clienten", "Client", number)
            if path not in wanted:
                continue
            codes = self._verdict.classes.get(path, ())
            prestaties = _children(_child(client, "Prestaties"), "Prestatie")
            found = []
            for place, prestatie in enumerate(prestaties, start=1):
                own = self._verdict.classes.get(
                    _below(f"{path}/Prestaties", "Prestatie", place), ()
                )
                # With a fault in the client none of its prestaties is judged (IV087).
                if codes or own:
                    found.append(((NOT_JUDGED,) if codes else own, prestatie))
            if found:
                refused.append(_Refused(client, codes or (IN_ORDER,), found))
        return refused

    def _add_clients(self, parent: etree._Element, node: Node, refused: Sequence[_Refused]) -> None:
        (client_node,) = node.children
        for client in refused:
            item = etree.SubElement(parent, client_node.tag)
            for child in client_node.children:
                if child.name == "RetourCodes":
                    self._add_codes(item, child, client.codes)
                elif child.name == "Prestaties":
                    inner = etree.SubElement(item, child.tag)
                    for codes, prestatie in client.prestaties:
                        self._add_prestatie(inner, child.children[0], prestatie, codes)
                else:
                    self._copy_value(item, child, _child(client.element, child.name))

    def _add_prestatie(
        self, parent: etree._Element, node: Node, source: etree._Element, codes: Sequence[str]
    ) -> None:
        item = etree.SubElement(parent, node.tag)
        for child in node.children:
            if child.name == "RetourCodes":
                self._add_codes(item, child, codes)
                continue
            for found in _children(source, child.name):
                self._copy_value(item, child, found)

    def _copy_value(self, parent: etree._Element, node: Node, source: etree._Element) -> None:
        """A leaf, or a composed type: nothing in it has codes."""
        item = etree.SubElement(parent, node.tag)
        if node.simple is not None:
            item.text = str(_TEXT(source))
            return
        for child in node.children:
            for found in _children(source, child.name):
                self._copy_value(item, child, found)

    def _add_codes(self, parent: etree._Element, node: Node, codes: Sequence[str]) -> None:
        if not codes:
            return
        item = etree.SubElement(parent, node.tag)
        (leaf,) = node.children
        for code in codes:
            etree.SubElement(item, leaf.tag).text = code

    def _versions(self) -> tuple[str, str]:
        """In the order of CDT_XsdVersie: of the base schema, and of the message."""
        versions = self._stamp.versions or {}
        return (
            versions.get("BasisschemaXsdVersie", self._reaction.base.xsd["versie"]),
            versions.get("BerichtXsdVersie", self._reaction.xsd["versie"]),
        )


def _children(parent: etree._Element, name: str) -> list[etree._Element]:
    return list(parent.iterchildren(f"{{*}}{name}"))


def _child(parent: etree._Element, name: str) -> etree._Element:
    return _children(parent, name)[0]


def _below(path: str, name: str, number: int) -> str:
    return f"{path}/{name}" if number == 1 else f"{path}/{name}[{number}]"


def _value(root: etree._Element, path: str) -> str:
    item = root
    for name in path.split("/"):
        item = _child(item, name)
    return str(_TEXT(item)).strip()


def _signed(parent: etree._Element, name: str, amount: str) -> int:
    """An amount in cents: positive for a debit, negative for a credit."""
    item = _child(parent, name)
    cents = int(_value(item, amount))
    return -cents if _value(item, "DebetCredit") == "C" else cents
