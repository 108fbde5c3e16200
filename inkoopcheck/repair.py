"""Mend in a declaratie (JW323) what leaves no doubt: amounts that follow from volume and tarief, and totals.

Everything else asks for a decision of a person: another volume, toewijzing or period changes what is asked.

Source: iJw 3.2, rules TR346 (with IV081), TR358 and CS325.
"""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from lxml import etree

from inkoopcheck.dutch import format_euro
from inkoopcheck.errors import UnusableInput
from inkoopcheck.readers.message_xml import parse_message
from inkoopcheck.returns.build import message_bytes
from inkoopcheck.schemas.find import find_schema
from inkoopcheck.schemas.structure import ROOT_ELEMENT

_CLIENT = f"{ROOT_ELEMENT}/Declaratie/Clienten/Client"
_TOTAL = f"{ROOT_ELEMENT}/Declaratie/TotaalIngediendBedrag"
_DOUBT = ("01", "83")
"""Units at which the amount does not follow from the message: minutes may be counted with an hourly tarief that
it does not show (IV081), and euros have no tarief."""


@dataclass(frozen=True)
class Change:
    """One value that was mended."""

    path: str
    """Path of the element with positions."""
    was: str
    now: str
    rule: str
    """The rule that decides it."""


@dataclass(frozen=True)
class Repaired:
    """A mended declaratie with what was changed; without changes the content is that of the input."""

    content: bytes
    changes: tuple[Change, ...]


def repair(content: bytes, schemas: Path | None = None) -> Repaired:
    """Mend the amounts and totals of a JW323.

    An amount is volume times tarief; where that is in doubt (minutes, euros) it stays as it is.

    Args:
        content: the bytes of the message.
        schemas: folder with the schemas of the user, in place of ours.

    Returns:
        The bytes of the mended message, as the standard wants them on disk, and the changes.

    Raises:
        UnusableInput: it is no JW323 that fits its schema, or the folder has no schema for it.
    """
    parsed = parse_message(content)
    schema = find_schema(parsed.namespace, schemas)
    if schema.bericht != "JW323":
        raise UnusableInput(f"Herstellen kan alleen bij een JW323; dit is een {schema.bericht}.")
    if not schema.compiled.validate(parsed.tree):
        raise UnusableInput(
            "Het bericht past niet in het schema. Verbeter dat eerst; daarna kan het programma de bedragen nalopen."
        )
    root = parsed.tree.getroot()
    declaratie = _child(root, "Declaratie")
    changes: list[Change] = []
    total = 0
    for number, client in enumerate(declaratie.iter("{*}Client"), start=1):
        for position, prestatie in enumerate(client.iter("{*}Prestatie"), start=1):
            money = _child(prestatie, "IngediendBedrag")
            amount, sign = _child(money, "Bedrag"), _child(money, "DebetCredit")
            path = f"{_CLIENT}[{number}]/Prestaties/Prestatie[{position}]/IngediendBedrag"
            if (right := _amount(prestatie, _cents(amount))) is not None:
                changes.append(_change(amount, right, f"{path}/Bedrag", "TR346"))
            # A credit of nothing names an earlier prestatie: as a debit it would be wrong too (CD060).
            earlier = next(
                prestatie.iterfind("{*}ProductReferentie/{*}VorigReferentieNummer"), None
            )
            if _cents(amount) == 0 and sign.text != "D" and earlier is None:
                changes.append(_text_change(sign, "D", f"{path}/DebetCredit", "CS325"))
            total += _cents(amount) * (-1 if sign.text == "C" else 1)
    money = _child(declaratie, "TotaalIngediendBedrag")
    amount, sign = _child(money, "TotaalBedrag"), _child(money, "DebetCredit")
    if _cents(amount) != abs(total):
        changes.append(_change(amount, abs(total), f"{_TOTAL}/TotaalBedrag", "TR358"))
    if sign.text != (right_sign := "C" if total < 0 else "D"):
        rule = "TR358" if total else "CS325"
        changes.append(_text_change(sign, right_sign, f"{_TOTAL}/DebetCredit", rule))
    if not changes:
        return Repaired(content, ())
    made = message_bytes(root)
    if not schema.compiled.validate(parse_message(made).tree):
        raise UnusableInput(
            "Het verbeterde bericht past niet in het schema: een bedrag is te groot. Er is niets gemaakt."
        )
    return Repaired(made, tuple(changes))


def _amount(prestatie: etree._Element, amount: int) -> int | None:
    """The right amount of a prestatie in cents, when there is no doubt that it has another."""
    price = next(prestatie.iterchildren("{*}ProductTarief"), None)
    if price is None or _child(prestatie, "Eenheid").text in _DOUBT:
        return None
    right = _cents(_child(prestatie, "GeleverdVolume")) * _cents(price)
    return None if amount == right else right


def _cents(element: etree._Element) -> int:
    return int(element.text or 0)


def _child(parent: etree._Element, name: str) -> etree._Element:
    return next(parent.iterchildren(f"{{*}}{name}"))


def _change(element: etree._Element, cents: int, path: str, rule: str) -> Change:
    was, now = (format_euro(Decimal(value) / 100) for value in (_cents(element), cents))
    element.text = str(cents)
    return Change(path, was, now, rule)


def _text_change(element: etree._Element, text: str, path: str, rule: str) -> Change:
    was = element.text or ""
    element.text = text
    return Change(path, was, text, rule)
