"""Decide which message goes back and which codes it holds, from the findings of a check.

The standard judges in levels and stops at the first that finds a fault: 1 the schema, 2 the rules within the
message (all with code 0001), 3 and 4 the rules that compare with other messages or other sources (each
with a code of its own). A fault in the Header goes before the others.

Source: iJw 3.2, invulinstructies IV028, IV032, IV033, IV087 and IV088, processes OP065, OP090 and OP286.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache

from inkoopcheck.dutch import join_words
from inkoopcheck.errors import UnusableInput
from inkoopcheck.findings.model import Afwijking, Ernst
from inkoopcheck.schemas.structure import ROOT_ELEMENT, Message, load_release

TECHNICALLY_WRONG = "0001"
"""Code of every rule of level 2; the whole message is refused."""
IN_ORDER = "0200"
NOT_JUDGED = "0233"
DECLARATIE_GRANTED = "8001"

HEADER = f"{ROOT_ELEMENT}/Header"
ANSWER = f"{ROOT_ELEMENT}/DeclaratieAntwoord"

NO_REFUSAL = frozenset({IN_ORDER, NOT_JUDGED, DECLARATIE_GRANTED})
"""Codes that refuse nothing by themselves."""
_POSITION = re.compile(r"\[\d+\]")
_FIRST = re.compile(r"\[1\]")
_RENAMED = {"JW325": (f"{ROOT_ELEMENT}/Declaratie", ANSWER)}
"""Where a class has another name in the message that goes back."""


class Outcome(StrEnum):
    """How far a message came in the levels of the standard."""

    NONE = "geen retour"
    """Nothing goes back: this kind of message never gets an answer."""
    SCHEMA = "schema"
    """Level 1: it cannot be read, so no message goes back either."""
    TECHNICAL = "technisch"
    """Level 2: the whole message is refused with code 0001."""
    HEADER = "header"
    """Level 3 or 4, in the Header: the whole message is refused with codes of its own."""
    CONTENT = "inhoud"
    """Level 3 or 4, in other classes."""
    ACCEPTED = "goed"


@dataclass(frozen=True)
class Verdict:
    """What goes back after a check, and why."""

    kind: str
    """The message that was checked, such as ``JW301``."""
    bericht: str | None
    """The message that goes back; None when nothing does."""
    outcome: Outcome
    header: tuple[str, ...]
    """Codes in the Header of what goes back; none says that all is in order."""
    classes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Codes by the path of a class in the checked message; only classes with a fault."""
    rules: tuple[str, ...] = ()
    """The rules that led to it."""

    @property
    def refused(self) -> bool:
        """Is (a part of) the message refused?"""
        return self.outcome not in (Outcome.NONE, Outcome.ACCEPTED)

    @property
    def text(self) -> str:
        """What goes back and why, in Dutch."""
        because = f" Reden: {join_words(list(self.rules))}." if self.rules else ""
        match self.outcome:
            case Outcome.NONE:
                return f"Op een {self.kind} gaat geen bericht terug."
            case Outcome.SCHEMA:
                return (
                    "Er gaat geen bericht terug. Het bericht past niet in het schema; dat meldt het"
                    " systeem dat de berichten bezorgt."
                )
            case Outcome.TECHNICAL | Outcome.HEADER:
                return (
                    f"Er gaat een {self.bericht} terug met alleen een Header en"
                    f" {_codes(self.header)}. Het hele bericht is afgekeurd.{because}"
                )
            case Outcome.CONTENT:
                return f"{self._content_text()}{because}"
        if self.kind == "JW323":
            return (
                f"Er gaat een {self.bericht} terug met retourcode {DECLARATIE_GRANTED}. De hele"
                " declaratie is toegekend."
            )
        return (
            f"Er gaat een {self.bericht} terug met alleen een Header, zonder retourcode. Het bericht"
            " is goedgekeurd."
        )

    def _content_text(self) -> str:
        codes = _codes(sorted({code for found in self.classes.values() for code in found}))
        if self.kind != "JW323":
            return (
                f"Er gaat een {self.bericht} terug met {codes}. Het hele bericht is afgekeurd, en bij"
                " elk onderdeel staat wat ervan is gevonden."
            )
        if any(path.count("/") == 1 for path in self.classes):
            return f"Er gaat een {self.bericht} terug met {codes}. De hele declaratie is afgewezen."
        return (
            f"Er gaat een {self.bericht} terug met {codes}. Wat daarin staat is afgewezen; de andere"
            " prestaties zijn toegekend."
        )


def would_return(kind: str, findings: Iterable[Afwijking], *, xsd_geldig: bool) -> Verdict:
    """What goes back after a check: the message, its codes, and a Dutch text that says why.

    Only a ``fout`` with a retourcode counts. What a person explained is still a fault for the standard.

    Args:
        kind: the message that was checked, such as ``JW301``.
        findings: its findings.
        xsd_geldig: does it fit the schema?

    Raises:
        UnusableInput: a rule has a retourcode that the standard does not know.
    """
    message = load_release().messages.get(kind)
    if message is None or message.soort != "heen" or message.reactie is None:
        return Verdict(kind, None, Outcome.NONE, ())
    if not xsd_geldig:
        return Verdict(kind, None, Outcome.SCHEMA, ())
    faults = [
        (finding, finding.retourcode)
        for finding in findings
        if finding.ernst is Ernst.FOUT
        and finding.retourcode
        and finding.retourcode not in NO_REFUSAL
    ]
    _check_codes(faults)
    technical = [finding for finding, code in faults if code == TECHNICALLY_WRONG]
    if technical:
        return Verdict(
            kind,
            message.reactie,
            Outcome.TECHNICAL,
            (TECHNICALLY_WRONG,),
            rules=_rules(technical),
        )
    placed = [(finding, code, _class_of(message.reactie, finding)) for finding, code in faults]
    in_header = [(finding, code) for finding, code, place in placed if place == HEADER]
    if in_header:
        return Verdict(
            kind,
            message.reactie,
            Outcome.HEADER,
            tuple(sorted({code for _, code in in_header})),
            rules=_rules(finding for finding, _ in in_header),
        )
    # A declaration that is refused as a whole has no refused parts (IV087).
    whole = [item for item in placed if item[2].count("/") == 1 and kind == "JW323"]
    counted = whole or placed
    classes: dict[str, set[str]] = {}
    for _, code, place in counted:
        classes.setdefault(place, set()).add(code)
    header = (IN_ORDER,) if classes or message.reactie == "JW325" else ()
    return Verdict(
        kind,
        message.reactie,
        Outcome.CONTENT if classes else Outcome.ACCEPTED,
        header,
        {place: tuple(sorted(codes)) for place, codes in classes.items()},
        _rules(finding for finding, _, _ in counted),
    )


def reaction_to(kind: str, namespace: str) -> Message:
    """The structure of the message that answers another, in the release of that other.

    Raises:
        UnusableInput: this kind of message gets no answer.
    """
    release = load_release()
    message = release.messages.get(kind)
    if message is None or message.reactie is None:
        raise UnusableInput(f"Op een {kind} gaat geen bericht terug.")
    reaction = release.messages[message.reactie]
    if namespace == message.namespace:
        return reaction
    # Another release has the same names in other namespaces; the reader reads it in the same way.
    own = f"/{kind.lower()}/"
    base = replace(reaction.base, namespace=namespace.replace(own, "/basisschema/"))
    return replace(
        reaction, namespace=namespace.replace(own, f"/{reaction.naam.lower()}/"), base=base
    )


def plain_path(path: str) -> str:
    """A path without the positions that say nothing: a first is written with and without."""
    return _FIRST.sub("", path)


def _check_codes(faults: Sequence[tuple[Afwijking, str]]) -> None:
    known = load_release().base.enkelvoudig["LDT_RetourCode"].waarden
    for finding, code in faults:
        if code not in known:
            raise UnusableInput(
                f"Regel {finding.regel} heeft retourcode {code}. Die kent de standaard niet."
            )


def _class_of(reaction: str, finding: Afwijking) -> str:
    """Path (in the checked message) of the class that gets the code of a finding."""
    if not finding.plaats.pad:
        return HEADER
    classes = _coded_classes(reaction)
    steps = plain_path(finding.plaats.pad).split("/")
    for length in range(len(steps), 1, -1):
        path = "/".join(steps[:length])
        if _POSITION.sub("", path) in classes:
            return path
    return HEADER


@cache
def _coded_classes(reaction: str) -> frozenset[str]:
    """The classes that have RetourCodes, by their path in the message that is answered."""
    message = load_release().messages[reaction]
    found = [
        node.path
        for node in message.root.walk()
        if any(child.name == "RetourCodes" for child in node.children)
    ]
    original, renamed = _RENAMED.get(reaction, ("", ""))
    if renamed:
        found = [path.replace(renamed, original, 1) for path in found]
    return frozenset(found)


def _rules(findings: Iterable[Afwijking]) -> tuple[str, ...]:
    return tuple(sorted({finding.regel for finding in findings}))


def _codes(codes: Sequence[str]) -> str:
    return f"{'retourcode' if len(codes) == 1 else 'retourcodes'} {join_words(list(codes))}"
