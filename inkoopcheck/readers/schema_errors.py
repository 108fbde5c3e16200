"""Explain in Dutch what libxml2 found against the schema: where, what stands there, what belongs there.

libxml2 decides; the structure of the standard explains. What stands in a message may concern a person,
so a value is shown only where the standard expects a code, a number, a date or a reference, and never
when it looks like a name or a BSN.
"""

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import takewhile
from typing import Any

from lxml import etree

from inkoopcheck.dutch import format_date, format_number, join_words
from inkoopcheck.privacy import passes_elfproef
from inkoopcheck.readers.deadline import Deadline
from inkoopcheck.readers.schema_repair import (
    CONTENT,
    MISSING,
    Entry,
    error_log,
    expected_tags,
    further_errors,
    locate,
    plain_path,
)
from inkoopcheck.schemas.structure import Message, Node, SimpleType

MAX_SHOWN = 100
"""Errors explained per kind and message; the rest is counted."""

_MAX_CODES = 15
_ATTRIBUTE = re.compile(r"attribute '(?:\{([^{}]*)\})?([^']*)'")
_SAFE_NAME = re.compile(r"[A-Za-z_][\w.-]{0,39}")
_SAFE_VALUE = re.compile(r"[A-Za-z0-9.:+\-]{1,20}")
_BSN = re.compile(r"\d{9}")
_NUMERIC = re.compile(r"[0-9.,:+\-/TZeE]{1,20}")
_LONGEST_CODE = 5
_DIGITS = re.compile(r"\[0-9\]\{(\d+)\}")

_VALUE_KINDS = {
    "ENUMERATION": "code",
    "LENGTH": "lengte",
    "MINLENGTH": "lengte",
    "MAXLENGTH": "lengte",
    "PATTERN": "vorm",
    "DATATYPE": "vorm",
    "MININCLUSIVE": "grens",
    "MAXINCLUSIVE": "grens",
}
_VALUE_ERROR = re.compile(r"SCHEMAV_CVC_(\w+?)_VALID")
_ATTRIBUTE_ERRORS = (
    "SCHEMAV_CVC_TYPE_3_1_1",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_2",
    "SCHEMAV_CVC_ELT_3_1",
    "SCHEMAV_CVC_ELT_3_2_1",
    "SCHEMAV_CVC_ELT_4_1",
    "SCHEMAV_CVC_ELT_4_2",
    "SCHEMAV_CVC_ELT_4_3",
)

_SHOWN_TYPES = """
    LDT_AdresSoort LDT_AgbCode LDT_Bedrag LDT_BerichtCode LDT_BerichtSubversie LDT_BerichtVersie
    LDT_Budget LDT_Communicatievorm LDT_Datum LDT_DatumGebruik LDT_DebetCredit LDT_Eenheid
    LDT_Frequentie LDT_Gemeente LDT_IdentificatieBericht LDT_IdentificatieDeclaratie LDT_JaNee
    LDT_LandCode LDT_NaamGebruik LDT_Nummer LDT_ProductCategorie LDT_ProductCode
    LDT_RedenAfwijzingVerzoek LDT_RedenBeeindiging LDT_RedenVerzoek LDT_RedenWijziging
    LDT_Referentie LDT_ReferentieNummer LDT_RelatieVolgorde LDT_RetourCode LDT_SoortRelatie
    LDT_StatusAanlevering LDT_Tijd LDT_TotaalBedrag LDT_TypeVerwijzer LDT_Versie
    LDT_VerzoekAntwoord LDT_Volume
"""
"""Types whose value may be shown: codes, numbers, dates and references."""
_NO_ZONE = {"xs:date": "een datum", "xs:time": "een tijd"}
_NOT_OF_THE_BASIS = {
    "xs:date": "geen bestaande datum",
    "xs:time": "geen bestaande tijd",
    "xs:integer": "geen heel getal",
}
_HIDDEN_ELEMENTS = ("ZorgverlenerCode",)
_PERSONAL_ELEMENTS = (
    "Bsn",
    "Achternaam",
    "Voornamen",
    "Postcode",
    "Straatnaam",
    "Plaatsnaam",
    "Telefoonnummer",
    "Emailadres",
    "Commentaar",
    "Naam",
    "Nummer",
    "Organisatie",
    "ZorgverlenerCode",
)
_NAMES_OF_PERSONS = ("Achternaam", "Voornamen", "Naam")
_SHORTEST_PERSONAL = 3

_PATTERNS = {
    r".*[^\s].*": "op één regel en niet alleen spaties",
    r"([.\s]*\S+[.\s]*)+": "niet alleen spaties",
    r"[0-9]*": "alleen cijfers",
    r"([a-zA-Z0-9])+": "alleen letters en cijfers, zonder spaties",
    r"([a-zA-ZÀ-ỳ])+": "alleen letters, zonder punten of spaties",
    r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)": "drie getallen met punten ertussen, zoals 1.0.0",
}


@dataclass(frozen=True)
class Fault:
    """One error against the schema, explained."""

    kind: str
    line: int | None
    path: str
    client: int
    """Number of the client in the message, from 1; 0 when the error is not in a client."""
    element: str
    sentence: str
    found: str
    expected: str


@dataclass
class SchemaErrors:
    """All errors of one message: the first of each kind explained, all of them counted."""

    total: int = 0
    shown: list[Fault] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    shown_counts: Counter[str] = field(default_factory=Counter)
    personal: frozenset[str] = frozenset()
    """Names, birth dates and the like in the message, to keep out of every text."""
    bsns: frozenset[str] = frozenset()
    """The BSNs in the message, also where none belongs."""


def explain_errors(
    tree: etree._ElementTree,
    schema: etree.XMLSchema,
    message: Message,
    deadline: Deadline | None = None,
    *,
    all_of_them: bool = True,
) -> SchemaErrors:
    """Explain what a validation found, and what it did not come to.

    Args:
        tree: the message.
        schema: the schema, just after it refused the tree.
        message: the structure of the message.
        deadline: when the reading has to be done; the usual one when left out.
        all_of_them: also look behind the errors that libxml2 gives; that takes a copy of a part of the tree.

    Raises:
        UnusableInput: the time is up.
    """
    deadline = deadline or Deadline()
    log = error_log(schema)
    explainer = _Explainer(tree, message)
    bsns = frozenset((e.text or "").strip() for e in tree.iter("{*}Bsn"))
    errors = SchemaErrors(personal=explainer.personal, bsns=bsns)
    seen: set[tuple[str | None, str]] = set()
    by_type: Counter[str] = Counter()
    kinds_of: dict[str, Counter[str]] = {}

    def add(path: str | None, entry: Any, make: Callable[[], Entry]) -> None:
        place = (path, _about(entry))
        if place in seen:
            return  # libxml2 may say the same of an element in two ways.
        seen.add(place)
        errors.total += 1
        by_type[entry.type_name] += 1
        if by_type[entry.type_name] > MAX_SHOWN:
            return
        deadline.check()
        fault = explainer.explain(make())
        kinds_of.setdefault(entry.type_name, Counter())[fault.kind] += 1
        errors.counts[fault.kind] += 1
        errors.shown_counts[fault.kind] += 1
        errors.shown.append(fault)

    for entry in log:
        add(entry.path, entry, partial(_entry, tree, entry))
    if all_of_them:
        for further in further_errors(tree, log, message, schema, deadline):
            add(tree.getpath(further.element), further, partial(_same, further))
        errors.shown.sort(key=lambda fault: fault.line or 0)
    for type_name, number in by_type.items():
        if number > MAX_SHOWN:
            # What was not looked at counts with the kind that this error mostly is.
            errors.counts[kinds_of[type_name].most_common(1)[0][0]] += number - MAX_SHOWN
    return errors


def _entry(tree: etree._ElementTree, entry: etree._LogEntry) -> Entry:
    element = locate(tree, entry.path)
    return Entry(element, entry.type_name, entry.message, int(entry.line), str(element.tag))


def _same(entry: Entry) -> Entry:
    return entry


def _about(entry: Any) -> str:
    """What an error says of its element, so that it is told once."""
    if entry.type_name == CONTENT:
        return str(entry.message)
    if entry.type_name in _ATTRIBUTE_ERRORS:
        found = _ATTRIBUTE.search(entry.message)
        return f"@{found[2]}" if found else "@"
    return "value"


class _Explainer:
    def __init__(self, tree: etree._ElementTree, message: Message) -> None:
        self._root = tree.getroot()
        self._message = message
        self._nodes = {node.path: node for node in message.root.walk()}
        self._names = {node.name for node in self._nodes.values()}
        self.personal = frozenset(_personal_texts(self._root)) - self._names

    def explain(self, entry: Entry) -> Fault:
        element = entry.element
        node = self._nodes.get(plain_path(element))
        name = entry.type_name
        if name == CONTENT:
            return self._content(entry, element, node)
        if found := _VALUE_ERROR.match(name):
            return self._value(entry, element, node, found[1])
        if name in _ATTRIBUTE_ERRORS:
            return self._attribute(entry, element)
        if name == "SCHEMAV_CVC_COMPLEX_TYPE_2_3":
            return self._fault(
                entry,
                element,
                "tekst",
                f"In {self._name(element)} staat losse tekst. Hier horen alleen elementen.",
                "losse tekst (niet getoond)",
                _listed(_required(node)) or "alleen elementen",
            )
        if name in ("SCHEMAV_CVC_TYPE_3_1_2", "SCHEMAV_CVC_COMPLEX_TYPE_2_1"):
            return self._fault(
                entry,
                element,
                "tekst",
                f"In {self._name(element)} staan andere elementen. Hier hoort alleen een waarde.",
                "elementen",
                self._expected_value(node),
            )
        if name == "SCHEMAV_CVC_ELT_1":
            return self._fault(
                entry,
                element,
                "wortel",
                f"Het bericht begint met {self._name(element)}. Het buitenste element heet Bericht.",
                self._name(element),
                "Bericht",
            )
        return self._fault(
            entry,
            element,
            "anders",
            f"{self._name(element)} klopt niet met het schema.",
            "iets wat het schema niet toelaat",
            self._expected_value(node) if node else "wat het schema voorschrijft",
        )

    def _fault(
        self,
        entry: Entry,
        element: etree._Element,
        kind: str,
        sentence: str,
        found: str,
        expected: str,
        about: str | None = None,
    ) -> Fault:
        path, client = self._place(element)
        return Fault(
            kind=kind,
            line=entry.line or None,
            path=path,
            client=client,
            element=about or self._name(element),
            sentence=sentence,
            found=found,
            expected=expected,
        )

    # --- Elements that are missing, unknown, in the wrong place --------------------------------

    def _content(self, entry: Entry, element: etree._Element, node: Node | None) -> Fault:
        expected = _names_expected(entry.message)
        if MISSING in entry.message:
            names = [n for n in _required(node) if n in expected] or expected
            wanted = join_words(names)
            return self._fault(
                entry,
                element,
                "ontbreekt",
                f"In {self._name(element)} ontbreekt {wanted}.",
                f"geen {wanted}",
                f"{wanted} in {self._name(element)}",
                about=names[0] if names else None,
            )
        parent = element.getparent()
        above = self._nodes.get(plain_path(parent)) if parent is not None else None
        name = self._name(element)
        inside = self._name(parent) if parent is not None else "het bericht"
        local = etree.QName(element).localname
        known = next((c for c in above.children if c.name == local), None) if above else None
        if known is None:
            kind = "plaats" if local in self._names else "onbekend"
            sentence = (
                f"{name} hoort niet in {inside}."
                if kind == "plaats"
                else f"Het element {name} bestaat niet in een {self._message.naam}."
            )
            allowed = [c.name for c in above.children] if above else expected
            return self._fault(
                entry, element, kind, sentence, name, self._one_of(expected or allowed)
            )
        if known.tag != entry.tag:
            right = "van het bericht" if self._is_own(known.tag) else "van het basisschema"
            return self._fault(
                entry,
                element,
                "namespace",
                f"{name} staat in de verkeerde namespace.",
                f"{name} in een andere namespace",
                f"{name} in de namespace {right} ({_namespace(known.tag)})",
            )
        present = {
            etree.QName(child).localname
            for child in (parent if parent is not None else ())
            if isinstance(child.tag, str)
        }
        # What comes later in the order is not what is wrong with this element.
        earlier = takewhile(lambda n: n != local, [c.name for c in above.children] if above else [])
        absent = set(expected) - present - entry.told
        required = [n for n in earlier if n in absent and n in _required(above)]
        if required:
            wanted = join_words(required)
            return self._fault(
                entry,
                element,
                "ontbreekt",
                f"In {inside} ontbreekt {wanted}, vóór {name}.",
                f"geen {wanted}",
                f"{wanted} vóór {name}",
                about=required[0],
            )
        before = sum(1 for _ in element.itersiblings(element.tag, preceding=True))
        if before and not known.repeats:
            return self._fault(
                entry,
                element,
                "aantal",
                f"{name} staat meer dan één keer in {inside}.",
                f"{name} nog een keer",
                f"{name} hooguit één keer",
            )
        order = ", ".join(c.name for c in above.children) if above else ""
        return self._fault(
            entry,
            element,
            "volgorde",
            f"{name} staat in {inside} niet op de goede plek.",
            f"{name}, waar {self._one_of(expected)} hoort" if expected else f"{name} te laat",
            f"de volgorde {order}",
        )

    def _one_of(self, names: Sequence[str]) -> str:
        return " of ".join(dict.fromkeys(names)) or "geen element meer"

    def _is_own(self, tag: str) -> bool:
        return _namespace(tag) == self._message.namespace

    # --- Values ----------------------------------------------------------------------------------

    def _value(self, entry: Entry, element: etree._Element, node: Node | None, facet: str) -> Fault:
        text = "".join(map(str, element.itertext()))
        name = self._name(element)
        expected = self._expected_value(node)
        if not text.strip():
            return self._fault(
                entry,
                element,
                "leeg",
                f"{name} is leeg. Laat het element weg of vul het in.",
                "niets" if not text else "alleen spaties",
                expected,
            )
        kind = _VALUE_KINDS.get(facet.split("_")[0], "vorm")
        basis = node.simple.basis if node and node.simple else ""
        if kind == "code":
            problem = "een code die niet bestaat"
        elif kind == "grens":
            problem = f"te {'klein' if facet == 'MININCLUSIVE' else 'groot'}"
        elif basis in _NO_ZONE and facet == "PATTERN":
            problem = f"{_NO_ZONE[basis]} met een tijdzone, en die hoort er niet bij"
        else:
            problem = _NOT_OF_THE_BASIS.get(basis, "niet goed geschreven")
        value = self._visible(text, node)
        if kind == "lengte":
            sentence = f"{name} heeft {_length_problem(text, node)}."
        elif value is None:
            sentence = f"{name} is {problem}."
        else:
            sentence = f"{name} is {value}. Dat is {problem}."
        found = value or f"een waarde van {format_number(len(text))} tekens (niet getoond)"
        return self._fault(entry, element, kind, sentence, found, expected)

    def _visible(self, text: str, node: Node | None) -> str | None:
        """A value as it may be shown; None when it may be about a person."""
        value = text.strip()
        if node is None or node.simple is None or node.simple.name not in _SHOWN_TYPES.split():
            return None
        if "Geboortedatum" in node.path or node.name in _HIDDEN_ELEMENTS:
            return None
        if not _is_safe(value, node.simple) or _holds_bsn(value):
            return None
        if any(personal in value for personal in self.personal):
            return None
        return f"'{value}'" if text != value else value

    def _expected_value(self, node: Node | None) -> str:
        if node is None or node.simple is None:
            return _listed(_required(node)) or "wat het schema voorschrijft"
        return in_words(node.simple, node.element.pattern)

    # --- Attributes --------------------------------------------------------------------------------

    def _attribute(self, entry: Entry, element: etree._Element) -> Fault:
        found = _ATTRIBUTE.search(entry.message)
        attribute = found[2] if found else "nil"
        shown = self._safe(attribute)
        return self._fault(
            entry,
            element,
            "attribuut",
            f"{self._name(element)} heeft een attribuut ({shown}). Dat mag niet in een bericht.",
            f"attribuut {shown}",
            "geen attributen",
        )

    # --- Places ------------------------------------------------------------------------------------

    def _name(self, element: etree._Element) -> str:
        return self._safe(etree.QName(element).localname)

    def _safe(self, name: str) -> str:
        """The name of an element or attribute; one that nobody knows might be a name of a person."""
        if name in self._names:
            return name
        if not _SAFE_NAME.fullmatch(name) or _holds_bsn(name):
            return "(naam niet getoond)"
        return "(naam niet getoond)" if any(p in name for p in self.personal) else name

    def _place(self, element: etree._Element) -> tuple[str, int]:
        """Path with positions, and the number of the client that the element is in."""
        parts = []
        client = 0
        for item in (*reversed(list(element.iterancestors())), element):
            name = self._name(item)
            number = 1 + sum(1 for _ in item.itersiblings(item.tag, preceding=True))
            node = self._nodes.get(plain_path(item))
            more = number > 1 or next(item.itersiblings(item.tag), None) is not None
            parts.append(f"{name}[{number}]" if more or (node and node.repeats) else name)
            if name == "Client":
                client = number
        return "/".join(parts), client


def in_words(simple: SimpleType, extra_pattern: str | None = None) -> str:
    """What may stand in a leaf, in a few Dutch words."""
    if extra_pattern and extra_pattern.isdigit():
        return f"altijd {extra_pattern}"
    if simple.waarden:
        if len(simple.waarden) > _MAX_CODES:
            number = format_number(len(simple.waarden))
            return f"een van de {number} codes uit codelijst {simple.codelijst}"
        codes = ", ".join(f"{code} ({text})" for code, text in simple.waarden.items())
        return f"een van de codes {codes}"
    if simple.basis == "xs:date":
        return "een bestaande datum, geschreven als JJJJ-MM-DD"
    if simple.basis == "xs:time":
        return "een tijd, geschreven als UU:MM:SS"
    if simple.basis == "xs:integer":
        least = format_number(simple.facets.get("minInclusive", 0))
        most = simple.facets.get("maxInclusive")
        end = f" tot en met {format_number(most)}" if most is not None else ""
        cents = " (in eurocenten)" if "eurocent" in simple.uitleg else ""
        return f"een heel getal van {least}{end}{cents}"
    pattern = extra_pattern or simple.pattern
    if pattern and (digits := _DIGITS.fullmatch(pattern)):
        return f"precies {digits[1]} cijfers"
    if pattern and pattern.startswith("(0|[1-9]"):
        return _PATTERNS.get(pattern, pattern)
    form = _PATTERNS.get(pattern, "") if pattern else ""
    most = simple.facets.get("maxLength")
    size = f"hooguit {most} tekens" if most else "een tekst"
    return f"{size}, {form}" if form else size


def _is_safe(value: str, simple: SimpleType) -> bool:
    """Does a value look like what belongs here, and not like a word that may be a name?"""
    if simple.basis != "xs:string":
        return bool(_NUMERIC.fullmatch(value))
    if simple.waarden and len(value) > _LONGEST_CODE:
        return False
    return bool(_SAFE_VALUE.fullmatch(value)) and not (
        value.isalpha() and len(value) > _LONGEST_CODE
    )


def _length_problem(text: str, node: Node | None) -> str:
    size = f"{format_number(len(text))} {'teken' if len(text) == 1 else 'tekens'}"
    most = node.simple.facets.get("maxLength") if node and node.simple else None
    if most is not None and len(text) > most:
        return f"{size}; dat mogen er {most} zijn"
    return f"{size}; dat is te weinig"


def _required(node: Node | None) -> list[str]:
    return [child.name for child in node.children if child.element.min] if node else []


def _listed(names: Sequence[str]) -> str:
    return f"de elementen {join_words(list(names))}" if names else ""


def _names_expected(message: str) -> list[str]:
    return [name for _, name in expected_tags(message)]


def _namespace(tag: str) -> str:
    return tag[1:].partition("}")[0]


def _holds_bsn(text: str) -> bool:
    """Does a text hold nine digits in a row that pass the elfproef?"""
    for run in re.findall(r"\d{9,}", text):
        for start in range(len(run) - 8):
            if passes_elfproef(run[start : start + 9]):
                return True
    return False


def _personal_texts(root: etree._Element) -> Iterable[str]:
    """Names, birth dates, addresses and the like, as they stand and as a report would write them."""
    for element in root.iter(*(f"{{*}}{name}" for name in _PERSONAL_ELEMENTS)):
        text = (element.text or "").strip()
        # A whole BSN is recognised by its pseudonym; there may be thousands of them.
        if len(text) >= _SHORTEST_PERSONAL and not _BSN.fullmatch(text):
            yield text
            if etree.QName(element).localname in _NAMES_OF_PERSONS:
                yield from (part for part in text.split() if len(part) > _SHORTEST_PERSONAL)
    for parent in root.iter("{*}Geboortedatum"):
        for element in parent.iter("{*}Datum"):
            text = (element.text or "").strip()
            if len(text) < _SHORTEST_PERSONAL:
                continue
            yield text
            try:
                yield format_date(datetime.date.fromisoformat(text))
            except ValueError:
                continue
