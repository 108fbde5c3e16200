"""A second judge: the conditions and constraints once more, in plain Python on the XML itself.

It shares nothing with the rules but the standard. On messages that are valid but otherwise random, with
values around every boundary, both must report exactly the same.
"""

import datetime
import random
import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from benchmarks.messages import make_message, to_bytes
from inkoopcheck.check_messages import MessageChecker
from inkoopcheck.engine.ruleset import MESSAGE_FAMILIES, load_ruleset
from inkoopcheck.schemas.structure import Message, Node, load_release

MESSAGES = {
    name: message for name, message in load_release().messages.items() if message.soort != "retour"
}
MESSAGES_PER_KIND = 120
DATES = (
    *("2020-12-31", "2021-01-01", "2021-01-31", "2024-02-01", "2024-02-29", "1900-01-01"),
    *("2026-01-01", "2026-01-31", "2026-02-01", "2026-02-28", "2026-01-02"),
)
VALUES = {
    "Bsn": ("999900006", "999900007", "000000000"),
    "Postcode": ("1234AB", "1234ab", "0123AB", "1234 AB", "1234A", "12345AB", "1234A1"),
    "LandCode": ("NL", "NL", "BE"),
    "Bedrag": ("0", "1", "100"),
    "TotaalBedrag": ("0", "1"),
    "GeleverdVolume": ("0", "1", "100"),
    "Budget": ("0", "1"),
    "DeclaratieNummer": ("A1",),
    "Eenheid": ("83", "83", "04", "14", "16", "84", "82", "01"),
    "RedenWijziging": ("13", "01", "02"),
}


def near_a_boundary(node: Node, rng: random.Random) -> str | None:
    if node.simple and node.simple.basis == "xs:date":
        return rng.choice(DATES)
    return rng.choice(VALUES[node.name]) if node.name in VALUES else None


class Part:
    """An element, with its parts by name whatever their namespace."""

    def __init__(self, element: etree._Element) -> None:
        self.element = element

    def has(self, path: str) -> bool:
        return self._find(path) is not None

    def text(self, path: str) -> str | None:
        found = self._find(path)
        return None if found is None else found.text

    def date(self, path: str) -> datetime.date | None:
        text = self.text(path)
        return datetime.date.fromisoformat(text) if text else None

    def all(self, name: str) -> list["Part"]:
        return [Part(element) for element in self.element.iter(f"{{*}}{name}")]

    def _find(self, path: str) -> etree._Element | None:
        return self.element.find("/".join(f"{{*}}{step}" for step in path.split("/")))


def second_opinion(kind: str, root: etree._Element) -> Counter[str]:
    """How often each condition and constraint is broken."""
    message = Part(root)
    judges = {
        "JW301": (_clients, _toewijzing),
        "JW305": (_clients, _status),
        "JW307": (_clients, _status),
        "JW315": (_clients, _aanvraag),
        "JW317": (_clients, _wijziging),
        "JW319": (_antwoord,),
        "JW323": (_clients, _declaratie),
        "JW325": (_clients, _declaratieantwoord),
    }[kind]
    return Counter(code for judge in judges for code in judge(message))


def _clients(message: Part) -> Iterator[str]:
    for client in message.all("Client"):
        bsn = client.text("Bsn") or ""
        total = sum(
            weight * int(d) for weight, d in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), bsn, strict=True)
        )
        if total % 11 or bsn == "000000000":
            yield "CS002"
        yield from _birth(client)


def _birth(person: Part) -> Iterator[str]:
    date, use = person.date("Geboortedatum/Datum"), person.text("Geboortedatum/DatumGebruik")
    if date and (
        (use == "3" and date != datetime.date(1900, 1, 1))
        or (use == "2" and (date.month, date.day) != (1, 1))
        or (use == "1" and date.day != 1)
    ):
        yield "CS139"


def _name(person: Part) -> Iterator[str]:
    use = person.text("Naam/NaamGebruik")
    if use not in ("1234" if person.has("Naam/Partnernaam") else "16"):
        yield "CS050"


def _before(part: Part, end: str, begin: str) -> Iterator[str]:
    last, first = part.date(end), part.date(begin)
    if last and first and last < first:
        yield "CS003"


def _toewijzing(message: Part) -> Iterator[str]:
    (client,) = message.all("Client")
    yield from _name(client)
    if client.text("Naam/NaamGebruik") == "6":
        yield "CS318"
    spoken = client.text("Communicatie/Vorm") == "1"
    if client.has("Communicatie") and spoken != client.has("Communicatie/Taal"):
        yield "CD007"
    for relation in message.all("Relatie"):
        yield from _name(relation)
        yield from _birth(relation)
    for contact in message.all("Contact"):
        postcode, country = contact.text("Adres/Postcode"), contact.text("Adres/LandCode")
        if (postcode is None) != (country is None):
            yield "CD005"
        if contact.has("Periode") and contact.text("Soort") != "04":
            yield "CD009"
        if country == "NL" and not contact.has("Adres/Huis"):
            yield "CD025"
        if contact.text("Soort") in ("01", "03") and postcode is None:
            yield "CD034"
        if country == "NL" and postcode and not re.fullmatch("[1-9][0-9]{3}[a-zA-Z]{2}", postcode):
            yield "CS089"
        yield from _before(contact, "Periode/Einddatum", "Periode/Begindatum")
    for product in message.all("ToegewezenProduct"):
        yield from _product(product, "Einddatum", "Ingangsdatum", "CD080", "CS338")
        reason = product.text("RedenWijziging")
        if reason == "01":
            yield "CS336"
        if reason == "13" and product.text("Einddatum") != product.text("Ingangsdatum"):
            yield "CS335"


def _product(part: Part, end: str, begin: str, no_code: str | None, unit: str) -> Iterator[str]:
    omvang, budget, code = part.has("Omvang"), part.has("Budget"), part.has("Product/Code")
    last = part.date(end)
    after_2020 = last is None or last > datetime.date(2020, 12, 31)
    if no_code and code and not omvang:
        yield "CD041"
    if budget and last is None:
        yield "CD075"
    if part.text("Omvang/Frequentie") == "2" and last is None:
        yield "CD076"
    if budget and omvang:
        yield from ("CD077", "CD078")
    if no_code and not budget and not part.has("Product"):
        yield "CD079"
    if no_code and not code and omvang and after_2020:
        yield no_code
    by_week_or_more = part.text("Omvang/Frequentie") in ("2", "4", "6")
    special = part.text("Omvang/Eenheid") in ("14", "16", "83", "84")
    if after_2020 and special and not by_week_or_more:
        yield unit
    yield from _before(part, end, begin)


def _status(message: Part) -> Iterator[str]:
    for product in (*message.all("StartProduct"), *message.all("StopProduct")):
        if product.text("StatusAanlevering") not in ("1", "3"):
            yield "CS058"


def _aanvraag(message: Part) -> Iterator[str]:
    for product in message.all("AangevraagdProduct"):
        yield from _product(
            product, "ToewijzingEinddatum", "ToewijzingIngangsdatum", "CD095", "CS343"
        )
        if product.has("BeschikkingNummer") != product.has("BeschikkingIngangsdatum"):
            yield "CD043"
        agb, name = product.has("Verwijzer/ZorgverlenerCode"), product.has("Verwijzer/Naam")
        if product.text("Verwijzer/Type") in ("02", "03", "04", "05"):
            if agb and name:
                yield "CD066"
            if not agb and not name:
                yield "CD067"
        elif agb:
            yield "CD068"


def _wijziging(message: Part) -> Iterator[str]:
    for product in message.all("NieuwProduct"):
        yield from _product(product, "Einddatum", "GewensteIngangsdatum", "CD096", "CS338")
    for product in message.all("TeWijzigenProduct"):
        yield from _product(product, "Einddatum", "GewensteIngangsdatum", None, "CS338")


def _antwoord(message: Part) -> Iterator[str]:
    (answer,) = message.all("Antwoord")
    reason = answer.has("RedenAfwijzingVerzoek")
    if answer.text("VerzoekAntwoord") == "1" and not reason:
        yield "CD085"
    if answer.text("VerzoekAntwoord") == "2" and reason:
        yield "CD086"


def _credits(message: Part) -> Iterator[str]:
    for total in ("TotaalIngediendBedrag", "TotaalToegekendBedrag"):
        for part in message.all(total):
            if part.text("TotaalBedrag") == "0" and part.text("DebetCredit") == "C":
                yield "CS325"
    for prestatie in message.all("Prestatie"):
        credit = prestatie.text("IngediendBedrag/DebetCredit") == "C"
        if credit != prestatie.has("ProductReferentie/VorigReferentieNummer"):
            yield "CD060"
        if credit and prestatie.text("IngediendBedrag/Bedrag") == "0":
            yield "CS325"


def _declaratie(message: Part) -> Iterator[str]:
    yield from _credits(message)
    for period in (*message.all("DeclaratiePeriode"), *message.all("ProductPeriode")):
        first, last = period.date("Begindatum"), period.date("Einddatum")
        assert first and last
        if min(first, last) < datetime.date(2021, 1, 1):
            yield "CS100"
        if etree.QName(period.element).localname == "ProductPeriode":
            if (first.year, first.month) != (last.year, last.month):
                yield "CS337"
        elif first.day != 1 or last != first.replace(day=monthrange(first.year, first.month)[1]):
            yield "CS340"
    for prestatie in message.all("Prestatie"):
        euros = prestatie.text("Eenheid") == "83"
        if euros == prestatie.has("ProductTarief"):
            yield "CD087"
        if euros and prestatie.text("IngediendBedrag/Bedrag") != prestatie.text("GeleverdVolume"):
            yield "CS339"


def _declaratieantwoord(message: Part) -> Iterator[str]:
    yield from _credits(message)


def random_message(message: Message, seed: int) -> etree._Element:
    return make_message(message, seed, values=near_a_boundary)


@pytest.mark.parametrize("kind", MESSAGES)
def test_two_judges_report_the_same(kind: str, tmp_path: Path) -> None:
    wanted = {}
    for seed in range(MESSAGES_PER_KIND):
        root = random_message(MESSAGES[kind], seed)
        wanted[f"{seed}.xml"] = second_opinion(kind, root)
        (tmp_path / f"{seed}.xml").write_bytes(to_bytes(root))
    result = MessageChecker(load_ruleset(MESSAGE_FAMILIES), datetime.date(2026, 6, 1)).run(
        [tmp_path]
    )
    assert len(result.berichten) == MESSAGES_PER_KIND
    for message in result.berichten:
        assert message.xsd_geldig
        found = Counter(a.regel.removeprefix("IJW-") for a in message.afwijkingen)
        mine = Counter({code: n for code, n in found.items() if re.match("C[DS]", code)})
        assert mine == wanted[message.bestand.naam], message.bestand.naam


def test_the_random_messages_break_every_rule_and_also_keep_it() -> None:
    """Without this the judges could agree because nothing ever happens."""
    broken: Counter[str] = Counter()
    for kind, message in MESSAGES.items():
        for seed in range(MESSAGES_PER_KIND):
            broken += Counter(set(second_opinion(kind, random_message(message, seed))))
    by_the_schema = {"CS015", "CS025", "CS319"}
    names = {rule.id.removeprefix("IJW-") for rule in load_ruleset(MESSAGE_FAMILIES).rules}
    wanted = {name for name in names if re.match("C[DS]", name)} - by_the_schema
    assert set(broken) == wanted
    assert min(broken.values()) >= 5
