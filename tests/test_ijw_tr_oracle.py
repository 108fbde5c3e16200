"""The TR rules against a second reading of the standard, in Python, straight on the XML.

Messages are valid for the schema and have values from a small set, so that the rules meet many cases: equal
keys, overlapping periods, sums that fit and sums that do not.
"""

import datetime
import random
from collections import Counter
from functools import cache
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from lxml import etree

from benchmarks.messages import make_message, to_bytes
from inkoopcheck.check_messages import MessageChecker
from inkoopcheck.engine.ruleset import MESSAGE_FAMILIES, load_ruleset
from inkoopcheck.schemas.structure import Node, load_release

KINDS = ("JW301", "JW305", "JW307", "JW315", "JW317", "JW319", "JW323", "JW325")
PER_KIND = 150
TODAY = datetime.date(2026, 1, 12)
_LOW = (2, 6, 18, 61, 101, 134, 135, 137)
_HIGH = (302, 315, 316, 335, 342, 352, 353, 358, 377, 380, 383, 386, 409, 410, 416)
CHECKED = frozenset(f"TR{number:03}" for number in (*_LOW, *_HIGH))
Item = etree._Element


def small_values(node: Node, rng: random.Random) -> str | None:
    """Values that often are equal, just before or just after each other."""
    name = node.name
    if "ProductPeriode" in node.path and rng.random() < 0.6:
        return str(TODAY - datetime.timedelta(9 if name == "Begindatum" else 7))
    if name == "DeclaratieDagtekening":
        return str(TODAY)
    if name == "Dagtekening" or (name.endswith("atum") and "Geboorte" not in node.path):
        if rng.random() < 0.04:
            return str(TODAY.replace(year=2021) + datetime.timedelta(rng.randint(-3, 3)))
        return str(TODAY + datetime.timedelta(rng.randint(-8, 2)))
    if "Geboortedatum" in node.path and name == "Datum":
        return rng.choice(["1900-01-01", "1906-01-08", "2010-02-03", "2026-01-11"])
    if name in ("ToewijzingNummer", "Nummer"):
        return rng.choice(["1", "01", "2", "3"]) if name[0] == "T" else rng.choice("123")
    if name in ("ReferentieNummer", "VorigReferentieNummer"):
        return rng.choice("abcdefghi")
    if name == "ReferentieAanbieder":
        return rng.choice("ABCDE")
    if name in ("Categorie", "ProductCategorie"):
        return rng.choice(["45", "44"])
    if name in ("Code", "ProductCode"):
        return rng.choice(["45A48", "44A08"])
    if name == "Bsn":
        return rng.choice(["999900006", "999900018", "999900031"])
    if name in ("Bedrag", "TotaalBedrag"):
        return rng.choice(["0", "5", "10"])
    if name == "RetourCode":
        return rng.choice(["0200", "0233", "8001", "9338"])
    return None


def text(item: Item, path: str) -> str | None:
    found = item.find("/".join(f"{{*}}{step}" for step in path.split("/")))
    return None if found is None else found.text


def day(item: Item, path: str) -> datetime.date | None:
    found = text(item, path)
    return None if found is None else datetime.date.fromisoformat(found)


def all_of(root: Item, name: str) -> list[Item]:
    return list(root.iter(f"{{*}}{name}"))


def years_back(date: datetime.date, years: int) -> datetime.date:
    try:
        return date.replace(year=date.year - years)
    except ValueError:
        return date.replace(year=date.year - years, day=28)


def overlap(items: list[Item], begin: str, end: str) -> bool:
    last = datetime.date.max
    for a, b in combinations(items, 2):
        one, other = (
            (text(a, "Product/Categorie"), text(a, "Product/Code")),
            (
                text(b, "Product/Categorie"),
                text(b, "Product/Code"),
            ),
        )
        same = (
            one[0] is None
            or other[0] is None
            or (one[0] == other[0] and (one[1] is None or other[1] is None or one[1] == other[1]))
        )
        begins = day(a, begin), day(b, begin)
        assert begins[0] and begins[1]
        if same and begins[0] <= (day(b, end) or last) and begins[1] <= (day(a, end) or last):
            return True
    return False


def signed(item: Item, path: str) -> int:
    whole = int(text(item, f"{path}/TotaalBedrag") or text(item, f"{path}/Bedrag") or 0)
    return whole if text(item, f"{path}/DebetCredit") == "D" else -whole


KEYS: dict[str, tuple[str, ...]] = {
    "Relatie": ("Nummer",),
    "ToegewezenProduct": ("#ToewijzingNummer",),
    "StartProduct": ("#ToewijzingNummer", "Product/Categorie", "Product/Code", "Begindatum"),
    "StopProduct": (
        "#ToewijzingNummer",
        "Product/Categorie",
        "Product/Code",
        "Begindatum",
        "RedenBeeindiging",
        "Einddatum",
    ),
    "AangevraagdProduct": ("ReferentieAanbieder",),
    "OngewijzigdProduct": ("#ToewijzingNummer",),
    "TeWijzigenProduct": ("#ToewijzingNummer",),
    "NieuwProduct": ("Product/Categorie", "Product/Code", "GewensteIngangsdatum"),
    "Prestatie": ("ProductReferentie/ReferentieNummer", "ProductReferentie/VorigReferentieNummer"),
}


def key(item: Item, paths: tuple[str, ...]) -> tuple[object, ...]:
    client = next((a for a in item.iterancestors("{*}Client")), None)
    own: list[object] = [None if client is None else text(client, "Bsn")]
    for path in paths:
        value = text(item, path.removeprefix("#"))
        own.append(int(value) if value and path.startswith("#") else value)
    return tuple(own)


def has_twice(values: list[object]) -> bool:
    return any(count > 1 for count in Counter(values).values())


def expected(kind: str, root: Item) -> set[str]:
    """The rules that a message breaks, by the second reading."""
    found = set()
    dated = day(root, "Header/BerichtIdentificatie/Dagtekening")
    assert dated
    clients = all_of(root, "Client")
    contacts = all_of(root, "Contact")
    prestaties = all_of(root, "Prestatie")

    def broken(rule: str, condition: bool) -> None:
        if condition:
            found.add(rule)

    broken("TR135", dated > TODAY)
    for client in clients:
        born = day(client, "Geboortedatum/Datum")
        if born is None:
            continue
        unknown = text(client, "Geboortedatum/DatumGebruik") == "3" and str(born) == "1900-01-01"
        broken("TR002", not unknown and born < years_back(dated, 120))
        broken("TR134", born > dated)
    for contact in contacts:
        house = contact.find("{*}Adres/{*}Huis") is not None
        postcode = contact.find("{*}Adres/{*}Postcode") is not None
        broken("TR006", contact.find("{*}Telefoon") is None and not (house and postcode))
    if kind == "JW301":
        own = [c for c in contacts if c.getparent().tag.endswith("Contactgegevens")]
        broken("TR061", not any(text(c, "Soort") in ("01", "02", "03") for c in own))
        broken("TR101", has_twice([text(c, "Soort") for c in own]))
    broken("TR101", has_twice([text(c, "Bsn") for c in clients]))
    for name, paths in KEYS.items():
        broken("TR101", has_twice([key(item, paths) for item in all_of(root, name)]))
    for name, path in (
        ("Relatie", "Geboortedatum/Datum"),
        ("ToegewezenProduct", "Toewijzingsdatum"),
        ("StartProduct", "Begindatum"),
        ("StopProduct", "Begindatum"),
        ("StopProduct", "Einddatum"),
        ("Declaratie", "DeclaratiePeriode/Begindatum"),
        ("Declaratie", "DeclaratieDagtekening"),
        ("Prestatie", "ProductPeriode/Begindatum"),
    ):
        dates = [day(item, path) for item in all_of(root, name)]
        broken("TR134", any(date > dated for date in dates if date))
    for name, path in (("Declaratie", "DeclaratiePeriode"), ("Prestatie", "ProductPeriode")):
        for item in all_of(root, name):
            begin, end = day(item, f"{path}/Begindatum"), day(item, f"{path}/Einddatum")
            assert begin and end
            broken("TR137", end < begin or end > dated)
    for stop in all_of(root, "StopProduct"):
        begin, end = day(stop, "Begindatum"), day(stop, "Einddatum")
        assert begin and end
        broken("TR018", end < begin)
    lasting = [
        item
        for item in all_of(root, "ToegewezenProduct")
        if not (
            text(item, "RedenWijziging") in ("13", "01")
            and text(item, "Einddatum") == text(item, "Ingangsdatum")
        )
    ]
    requested, new = all_of(root, "AangevraagdProduct"), all_of(root, "NieuwProduct")
    broken("TR302", overlap(lasting, "Ingangsdatum", "Einddatum"))
    broken("TR386", overlap(requested, "ToewijzingIngangsdatum", "ToewijzingEinddatum"))
    broken("TR410", overlap(new, "GewensteIngangsdatum", "Einddatum"))
    broken("TR383", has_twice([text(item, "ReferentieAanbieder") for item in requested]))
    for item in new:
        wanted = day(item, "GewensteIngangsdatum")
        broken("TR380", wanted is not None and wanted <= dated)
    if kind == "JW317":
        kept, changed = (
            len(all_of(root, "OngewijzigdProduct")),
            len(all_of(root, "TeWijzigenProduct")),
        )
        broken("TR352", kept + changed == 0)
        broken("TR353", changed + len(new) == 0)
    if kind == "JW319":
        elsewhere = bool(all_of(root, "Woonplaatsbeginsel"))
        reason = text(root, "Antwoord/RedenAfwijzingVerzoek")
        broken("TR377", reason == "8" and not elsewhere)
        broken("TR409", reason != "8" and elsewhere)
    if kind == "JW323":
        previous = [text(p, "ProductReferentie/VorigReferentieNummer") for p in prestaties]
        own_numbers = {text(p, "ProductReferentie/ReferentieNummer") for p in prestaties}
        filled = [number for number in previous if number is not None]
        broken("TR315", has_twice(list(filled)))
        broken("TR316", bool(own_numbers & set(filled)))
        signed_day = day(root, "Declaratie/DeclaratieDagtekening")
        assert signed_day
        ends = [day(p, "ProductPeriode/Einddatum") for p in prestaties]
        broken("TR335", any(end < years_back(signed_day, 5) for end in ends if end))
        total = sum(signed(p, "IngediendBedrag") for p in prestaties)
        broken("TR358", signed(root, "Declaratie/TotaalIngediendBedrag") != total)
        debit = [
            (
                int(text(p, "ToewijzingNummer") or 0),
                *(text(p, name) for name in ("ProductCategorie", "ProductCode")),
                *(text(p, f"ProductPeriode/{name}") for name in ("Begindatum", "Einddatum")),
            )
            for p in prestaties
            if text(p, "IngediendBedrag/DebetCredit") == "D"
        ]
        broken("TR416", has_twice(list(debit)))
    answer = root.find("{*}DeclaratieAntwoord")
    if answer is not None:
        codes = {code.text for code in answer.findall("{*}RetourCodes/{*}RetourCode")}
        granted = signed(answer, "TotaalToegekendBedrag")
        if codes - {"0200", "8001"}:
            broken("TR342", answer.find("{*}Clienten") is not None or granted != 0)
        else:
            total = sum(signed(p, "IngediendBedrag") for p in prestaties)
            broken("TR342", total != signed(answer, "TotaalIngediendBedrag") - granted)
            for p in prestaties:
                own_codes = {code.text for code in p.findall("{*}RetourCodes/{*}RetourCode")}
                broken("TR342", not own_codes - {"0200", "8001"})
    return found


@cache
def compared() -> dict[str, tuple[set[str], set[str]]]:
    """Per message what the rules found and what the second reading finds."""
    messages = load_release().messages
    wanted = {}
    with TemporaryDirectory() as name:
        for kind in KINDS:
            for seed in range(PER_KIND):
                counts = {"Client": 2} if kind == "JW323" else None
                root = make_message(messages[kind], seed, counts=counts, values=small_values)
                file = f"{kind}-{seed:03}.xml"
                (Path(name) / file).write_bytes(to_bytes(root))
                wanted[file] = expected(kind, root)
        result = MessageChecker(load_ruleset(MESSAGE_FAMILIES), TODAY).run([Path(name)])
    assert not result.onbruikbaar
    assert all(item.xsd_geldig for item in result.berichten)
    return {
        item.bestand.naam: (
            {a.regel.removeprefix("IJW-") for a in item.afwijkingen} & CHECKED,
            wanted[item.bestand.naam],
        )
        for item in result.berichten
    }


@pytest.mark.parametrize("kind", KINDS)
def test_the_rules_find_what_a_second_reading_finds(kind: str) -> None:
    different = {
        name: {"found": found - wanted, "missed": wanted - found}
        for name, (found, wanted) in compared().items()
        if name.startswith(kind) and found != wanted
    }
    assert not different


def test_every_rule_is_met_on_both_sides() -> None:
    broken = Counter(rule for _, wanted in compared().values() for rule in wanted)
    assert {rule for rule in CHECKED if broken[rule] >= 3} == CHECKED
    assert all(broken[rule] < len(compared()) for rule in CHECKED)
