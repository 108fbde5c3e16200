"""Messages that are right by the rules of the standard, of any size, with chosen faults.

``make_case("JW323", size=27_000)`` gives a declaratie that no rule has anything to say about;
``make_case("JW323", fault="TR346")`` the same with one fault. The same seed gives the same message. What
``benchmarks.messages`` makes is only valid for the schema.
"""

import datetime
import random
from calendar import monthrange
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any

from lxml import etree

from inkoopcheck.engine.ruleset import load_standard_products
from inkoopcheck.schemas.structure import Message, Node, load_release

Content = dict[str, Any]
"""The content of an element: a text for a leaf, a dictionary for a class, a list for what repeats."""

GEMEENTE = "0384"
AANBIEDER = "98765432"
DAY = datetime.date(2026, 5, 6)
"""Dagtekening of the messages. Check them with this date or a later one as peildatum."""
KINDS = ("JW301", "JW305", "JW307", "JW315", "JW317", "JW319", "JW323", "JW325")
PER_CLIENT = 10
"""Prestaties of one client in a JW323 or JW325."""

_NAMES = ("Wit", "Bakker", "Galen", "Veld", "Molen", "Brink", "Duin", "Haag", "Kamp", "Laar")
_XSD_VERSIE = {"BasisschemaXsdVersie": "0.1.0", "BerichtXsdVersie": "0.1.0"}


@dataclass(frozen=True)
class Fault:
    """A fault that can be put in a message."""

    kinds: tuple[str, ...]
    change: Callable[[Content], None]
    also: tuple[str, ...] = ()
    """Rules that speak of the same fault; the standard has some of them twice."""


def make_case(
    kind: str, size: int = 1, seed: int = 0, fault: str | None = None, day: datetime.date = DAY
) -> etree._Element:
    """The root element of one message.

    Args:
        kind: one of ``KINDS``.
        size: number of products, prestaties or refused prestaties; a JW319 always has one answer.
        seed: the same seed gives the same message.
        fault: a key of ``FAULTS``, such as ``TR346``; the message must be of one of its kinds.
        day: dagtekening of the message.
    """
    return to_element(load_release().messages[kind], make_content(kind, size, seed, fault, day))


def make_content(
    kind: str, size: int = 1, seed: int = 0, fault: str | None = None, day: datetime.date = DAY
) -> Content:
    """The content of a message, to change before ``to_element`` makes XML of it."""
    content = _MAKERS[kind](_Case(kind, size, random.Random(f"{kind} {seed}"), day))
    late = fault in _AFTER_TOTALS
    if fault is not None:
        if kind not in FAULTS[fault].kinds:
            raise ValueError(f"{fault} is no fault of a {kind}")
        if not late:
            FAULTS[fault].change(content)
    _add_totals(content)
    if fault is not None and late:
        FAULTS[fault].change(content)
    return content


def to_element(message: Message, content: Mapping[str, Any]) -> etree._Element:
    """A message with this content, its elements in the order of the standard.

    Raises:
        KeyError: the content has an element that the message does not have.
    """
    prefixes = {message.base.prefix: message.base.namespace, message.prefix: message.namespace}
    root = etree.Element(message.root.tag, nsmap=prefixes)
    _fill(root, message.root, content)
    return root


def _fill(parent: etree._Element, node: Node, content: Mapping[str, Any]) -> None:
    names = [child.name for child in node.children]
    if unknown := set(content) - set(names):
        raise KeyError(f"{node.path} has no {', '.join(sorted(unknown))}")
    for child in node.children:
        value = content.get(child.name)
        for single in value if isinstance(value, list) else [value]:
            if single is None:
                continue
            item = etree.SubElement(parent, child.tag)
            if isinstance(single, Mapping):
                _fill(item, child, single)
            else:
                item.text = str(single)


# --- what messages are made of ------------------------------------------------------------------


@dataclass
class _Case:
    kind: str
    size: int
    rng: random.Random
    day: datetime.date

    def header(self) -> Content:
        message = load_release().messages[self.kind]
        from_gemeente = message.van == "gemeente"
        return {
            "BerichtCode": message.berichtcode,
            "BerichtVersie": "3",
            "BerichtSubversie": "2",
            "Afzender": GEMEENTE if from_gemeente else AANBIEDER,
            "Ontvanger": AANBIEDER if from_gemeente else GEMEENTE,
            "BerichtIdentificatie": {
                "Identificatie": f"{self.kind}-{self.rng.randrange(1_000_000):06}",
                "Dagtekening": self.day,
            },
            "XsdVersie": dict(_XSD_VERSIE),
        }

    def client(self, *, short: bool) -> Content:
        """A made-up child; ``short`` leaves out how the name is used."""
        name: Content = {
            "Geslachtsnaam": {"Achternaam": self.rng.choice(_NAMES)},
            "Voorletters": "T",
        }
        if not short:
            name["NaamGebruik"] = "1"
        born = self.day - datetime.timedelta(self.rng.randint(2_000, 6_000))
        return {
            "Bsn": self.rng.choice(own_bsns()),
            "Geboortedatum": {"Datum": born},
            "Geslacht": self.rng.choice("12"),
            "Naam": name,
        }

    def product(self, number: int) -> Content:
        products = standard_products()
        category, code = products[number % len(products)]
        return {"Categorie": category, "Code": code}

    def term(self, number: int, first: datetime.date) -> tuple[datetime.date, datetime.date]:
        """A year; the same product comes back only after a year without it."""
        year = first.year + 2 * (number // len(standard_products()))
        begin = first.replace(year=year)
        return begin, begin.replace(year=year + 1) - datetime.timedelta(1)

    def omvang(self) -> Content:
        return {
            "Volume": self.rng.randint(1, 20),
            "Eenheid": self.rng.choice(["04", "16"]),
            "Frequentie": self.rng.choice("24"),
        }


@cache
def own_bsns() -> tuple[str, ...]:
    """The numbers in the range 9999 (kept for tests) that pass the elfproef; some nine thousand."""
    found = []
    for middle in range(10_000):
        digits = [9, 9, 9, 9, *map(int, f"{middle:04}")]
        rest = sum(digit * (9 - place) for place, digit in enumerate(digits)) % 11
        if rest < 10:
            found.append("".join(map(str, [*digits, rest])))
    return tuple(found)


@cache
def standard_products() -> tuple[tuple[str, str], ...]:
    """Category and code of the products of the national list that are bought per effort."""
    return tuple(
        (product.productcategorie, product.productcode)
        for product in load_standard_products()
        if product.uitvoeringsvariant == "inspanningsgericht" and product.productcategorie
    )


def contact(soort: str = "01") -> Content:
    """An address with a telephone number, of no one."""
    return {
        "Soort": soort,
        "Adres": {
            "Huis": {"Huisnummer": "9"},
            "Postcode": "1111ZZ",
            "Straatnaam": "Proefweg",
            "Plaatsnaam": "Proefstad",
            "LandCode": "NL",
        },
        "Telefoon": {"Telefoon01": {"Telefoonnummer": "0201234567", "Landnummer": "0031"}},
    }


def _jw301(case: _Case) -> Content:
    client = case.client(short=False)
    client["Contactgegevens"] = {"Contact": [contact()]}
    products = []
    for number in range(case.size):
        begin, end = case.term(number, case.day.replace(day=1))
        products.append(
            {
                "ToewijzingNummer": 1_000 + number,
                "Product": case.product(number),
                "Toewijzingsdatum": case.day,
                "Toewijzingstijd": "12:00:00",
                "Ingangsdatum": begin,
                "Einddatum": end,
                "Omvang": case.omvang(),
            }
        )
    client["ToegewezenProducten"] = {"ToegewezenProduct": products}
    return {"Header": case.header(), "Client": client}


def _jw305(case: _Case) -> Content:
    client = case.client(short=True)
    begin = case.day - datetime.timedelta(5)
    client["StartProducten"] = {
        "StartProduct": [
            {
                "ToewijzingNummer": 1_000 + number,
                "Product": case.product(number),
                "ToewijzingIngangsdatum": case.day.replace(day=1),
                "Begindatum": begin,
                "StatusAanlevering": "1",
            }
            for number in range(case.size)
        ]
    }
    return {"Header": case.header(), "Client": client}


def _jw307(case: _Case) -> Content:
    content = _jw305(case)
    begun = case.day.replace(year=case.day.year - 1)
    stops = []
    for start in content["Client"].pop("StartProducten")["StartProduct"]:
        stop = {**start, "Begindatum": begun, "ToewijzingIngangsdatum": begun}
        stop |= {"RedenBeeindiging": "31", "Einddatum": case.day - datetime.timedelta(1)}
        stops.append(stop)
    content["Client"]["StopProducten"] = {"StopProduct": stops}
    return content


def _jw315(case: _Case) -> Content:
    client = case.client(short=True)
    products = []
    for number in range(case.size):
        begin, end = case.term(number, case.day.replace(day=1))
        products.append(
            {
                "ReferentieAanbieder": f"VOT-{number + 1}",
                "Product": case.product(number),
                "ToewijzingIngangsdatum": begin,
                "ToewijzingEinddatum": end,
                "Omvang": case.omvang(),
                "Verwijzer": {"Type": "02", "Naam": "Huisartsenpraktijk"},
                "Raamcontract": "1",
            }
        )
    client["AangevraagdeProducten"] = {"AangevraagdProduct": products}
    return {"Header": case.header(), "Client": client}


def _jw317(case: _Case) -> Content:
    products = []
    for number in range(case.size):
        begin, end = case.term(number, case.day.replace(day=1) + datetime.timedelta(40))
        products.append(
            {
                "Product": case.product(number),
                "GewensteIngangsdatum": begin,
                "Einddatum": end,
                "Omvang": case.omvang(),
            }
        )
    verzoek = {
        "ReferentieAanbieder": "VOW-1",
        "RedenVerzoek": "1",
        "OngewijzigdeProducten": {"OngewijzigdProduct": [{"ToewijzingNummer": 999}]},
        "NieuweProducten": {"NieuwProduct": products},
    }
    bsn = case.client(short=True)["Bsn"]
    return {"Header": case.header(), "Client": {"Bsn": bsn, "Verzoek": verzoek}}


def _jw319(case: _Case) -> Content:
    answer = {"ReferentieAanbieder": "VOT-1", "VerzoekAntwoord": "1", "RedenAfwijzingVerzoek": "3"}
    return {"Header": case.header(), "Antwoord": answer}


def _jw323(case: _Case) -> Content:
    last = case.day.replace(day=1) - datetime.timedelta(1)
    earlier = last.replace(day=1) - datetime.timedelta(1)
    clients = []
    bsns = own_bsns()
    for first in range(0, case.size, PER_CLIENT):
        prestaties = []
        for number in range(first, min(first + PER_CLIENT, case.size)):
            credit = number > 0 and case.rng.random() < 0.05
            end = earlier if credit else last
            volume, rate = case.rng.randint(1, 60), case.rng.randint(6_000, 15_000)
            reference = {"ReferentieNummer": f"P{number + 1:08}"}
            if credit:
                reference["VorigReferentieNummer"] = f"E{number + 1:08}"
            product = case.product(number)
            prestaties.append(
                {
                    "ProductReferentie": reference,
                    "ToewijzingNummer": 100_000 + number,
                    "ProductCategorie": product["Categorie"],
                    "ProductCode": product["Code"],
                    "ProductPeriode": {"Begindatum": end.replace(day=1), "Einddatum": end},
                    "GeleverdVolume": volume,
                    "Eenheid": case.rng.choice(["04", "16"]),
                    "ProductTarief": rate,
                    "IngediendBedrag": {
                        "Bedrag": volume * rate,
                        "DebetCredit": "C" if credit else "D",
                    },
                }
            )
        bsn = bsns[first // PER_CLIENT % len(bsns)]
        clients.append({"Bsn": bsn, "Prestaties": {"Prestatie": prestaties}})
    declaratie = {
        "DeclaratieNummer": f"D{case.rng.randrange(100_000):05}",
        "DeclaratiePeriode": {"Begindatum": last.replace(day=1), "Einddatum": last},
        "DeclaratieDagtekening": case.day,
        "TotaalIngediendBedrag": None,
        "Clienten": {"Client": clients},
    }
    return {"Header": case.header(), "Declaratie": declaratie}


def _jw325(case: _Case) -> Content:
    """An answer that refuses every prestatie in it; as much again was granted."""
    declaratie = _jw323(case)["Declaratie"]
    header = case.header()
    header |= {
        "DeclaratieIdentificatie": {"Identificatie": "JW323-1", "Dagtekening": case.day},
        "XsdVersieDeclaratie": dict(_XSD_VERSIE),
        "RetourCodes": {"RetourCode": ["0200"]},
    }
    for client in declaratie["Clienten"]["Client"]:
        client["RetourCodes"] = {"RetourCode": ["0200"]}
        for prestatie in client["Prestaties"]["Prestatie"]:
            prestatie["RetourCodes"] = {"RetourCode": ["9338"]}
    answer = {
        "DeclaratieNummer": declaratie["DeclaratieNummer"],
        "TotaalIngediendBedrag": None,
        "TotaalToegekendBedrag": None,
        "Clienten": declaratie["Clienten"],
        "RetourCodes": {"RetourCode": ["0200"]},
    }
    return {"Header": header, "DeclaratieAntwoord": answer}


_MAKERS: dict[str, Callable[[_Case], Content]] = {
    "JW301": _jw301,
    "JW305": _jw305,
    "JW307": _jw307,
    "JW315": _jw315,
    "JW317": _jw317,
    "JW319": _jw319,
    "JW323": _jw323,
    "JW325": _jw325,
}


def _add_totals(content: Content) -> None:
    for part in ("Declaratie", "DeclaratieAntwoord"):
        if part not in content:
            continue
        item = content[part]
        total = sum(
            prestatie["IngediendBedrag"]["Bedrag"]
            * (-1 if prestatie["IngediendBedrag"]["DebetCredit"] == "C" else 1)
            for prestatie in _prestaties(content)
        )
        granted = 5_000_000
        if part == "DeclaratieAntwoord":
            item["TotaalIngediendBedrag"] = _total(total + granted)
            item["TotaalToegekendBedrag"] = _total(granted)
        else:
            item["TotaalIngediendBedrag"] = _total(total)


def _total(cents: int) -> Content:
    return {"TotaalBedrag": abs(cents), "DebetCredit": "C" if cents < 0 else "D"}


# --- faults ---------------------------------------------------------------------------------------


def _dagtekening(content: Content) -> datetime.date:
    found: datetime.date = content["Header"]["BerichtIdentificatie"]["Dagtekening"]
    return found


def _prestaties(content: Content) -> list[Content]:
    part = content.get("Declaratie") or content["DeclaratieAntwoord"]
    return [p for c in part["Clienten"]["Client"] for p in c["Prestaties"]["Prestatie"]]


_LISTS = {
    "ToegewezenProducten": "ToegewezenProduct",
    "StartProducten": "StartProduct",
    "StopProducten": "StopProduct",
    "AangevraagdeProducten": "AangevraagdProduct",
}


def _products(content: Content) -> list[Content]:
    """The products of a JW301, 305, 307, 315 or 317 (the new ones)."""
    client = content["Client"]
    if "Verzoek" in client:
        return client["Verzoek"]["NieuweProducten"]["NieuwProduct"]  # type: ignore[no-any-return]
    name = next(name for name in _LISTS if name in client)
    return client[name][_LISTS[name]]  # type: ignore[no-any-return]


def _last(content: Content) -> Content:
    return _products(content)[-1]


def _end(product: Content) -> str:
    return "ToewijzingEinddatum" if "ReferentieAanbieder" in product else "Einddatum"


def _begin(product: Content) -> str:
    names = ("Ingangsdatum", "ToewijzingIngangsdatum", "GewensteIngangsdatum")
    return next(name for name in names if name in product)


def _set(get: Callable[[Content], Content], **values: Any) -> Callable[[Content], None]:
    """A change that gives elements another value; None leaves them out."""

    def change(content: Content) -> None:
        get(content).update(deepcopy(values))

    return change


def _client(content: Content) -> Content:
    return content["Client"]  # type: ignore[no-any-return]


def _naam(content: Content) -> Content:
    return _client(content)["Naam"]  # type: ignore[no-any-return]


def _first_contact(content: Content) -> Content:
    return _client(content)["Contactgegevens"]["Contact"][0]  # type: ignore[no-any-return]


def _address(content: Content) -> Content:
    return _first_contact(content)["Adres"]  # type: ignore[no-any-return]


def _antwoord(content: Content) -> Content:
    return content["Antwoord"]  # type: ignore[no-any-return]


def _verzoek(content: Content) -> Content:
    return _client(content)["Verzoek"]  # type: ignore[no-any-return]


def _verwijzer(content: Content) -> Content:
    return _last(content)["Verwijzer"]  # type: ignore[no-any-return]


def _prestatie(content: Content) -> Content:
    return _prestaties(content)[0]


def _add_contact(**values: Any) -> Callable[[Content], None]:
    def change(content: Content) -> None:
        _client(content)["Contactgegevens"]["Contact"].append(deepcopy(values))

    return change


def _only(**values: Any) -> Callable[[Content], None]:
    """A change that keeps one product and gives it other values, None for none."""

    def change(content: Content) -> None:
        products = _products(content)
        del products[1:]
        products[0].update(deepcopy(values))

    return change


def _double(**values: Any) -> Callable[[Content], None]:
    """A change that adds the last product once more, with other values."""

    def change(content: Content) -> None:
        _products(content).append(deepcopy(_last(content)) | deepcopy(values))

    return change


def _double_prestatie(content: Content, **reference: str) -> Content:
    found = _prestatie(content)
    again = deepcopy(found)
    part = content.get("Declaratie") or content["DeclaratieAntwoord"]
    part["Clienten"]["Client"][0]["Prestaties"]["Prestatie"].append(again)
    again["ProductReferentie"] = reference
    return again


def _as_credit(prestatie: Content, previous: str) -> None:
    prestatie["ProductReferentie"]["VorigReferentieNummer"] = previous
    prestatie["IngediendBedrag"]["DebetCredit"] = "C"


def _too_old(content: Content) -> None:
    _client(content)["Geboortedatum"] = {"Datum": "1890-01-01"}


def _stops_before_it_starts(content: Content) -> None:
    stop = _last(content)
    stop["Einddatum"] = stop["Begindatum"] - datetime.timedelta(1)


def _same_key(content: Content) -> None:
    if "Declaratie" in content or "DeclaratieAntwoord" in content:
        again = _double_prestatie(content, **_prestatie(content)["ProductReferentie"])
        again["ToewijzingNummer"] = 1
        return
    other = {"Categorie": "49", "Code": "49A01"}
    again = deepcopy(_last(content))
    if "StatusAanlevering" not in again and "GewensteIngangsdatum" not in again:
        again["Product"] = other
    elif "StatusAanlevering" in again:
        again["ToewijzingIngangsdatum"] = None
    _products(content).append(again)


def _date_after_dagtekening(content: Content) -> None:
    after = _dagtekening(content) + datetime.timedelta(1)
    if "ToegewezenProducten" in _client(content):
        _last(content)["Toewijzingsdatum"] = after
    else:
        _client(content)["Geboortedatum"] = {"Datum": after}


def _dated_far_ahead(content: Content) -> None:
    content["Header"]["BerichtIdentificatie"]["Dagtekening"] = "2098-01-01"


def _period_backwards(content: Content) -> None:
    period = _prestatie(content)["ProductPeriode"]
    period |= {"Begindatum": period["Begindatum"].replace(day=20)}
    period |= {"Einddatum": period["Begindatum"].replace(day=10)}


def _double_credit(content: Content) -> None:
    for number in (1, 2):
        again = _double_prestatie(content, ReferentieNummer=f"X{number}")
        _as_credit(again, "DUBBEL")


def _same_debit(content: Content) -> None:
    _double_prestatie(content, ReferentieNummer="X1")


def _credit_of_own(content: Content) -> None:
    again = _double_prestatie(content, ReferentieNummer="X1")
    _as_credit(again, _prestatie(content)["ProductReferentie"]["ReferentieNummer"])


def _long_ago(year: int, month: int) -> Callable[[Content], None]:
    def change(content: Content) -> None:
        begin = datetime.date(year, month, 1)
        end = begin.replace(day=monthrange(year, month)[1])
        _prestatie(content)["ProductPeriode"] = {"Begindatum": begin, "Einddatum": end}

    return change


def _granted_too_much(content: Content) -> None:
    content["DeclaratieAntwoord"]["TotaalToegekendBedrag"]["TotaalBedrag"] += 1


def _wrong_amount(content: Content) -> None:
    _prestatie(content)["IngediendBedrag"]["Bedrag"] += 100


def _wrong_total(content: Content) -> None:
    content["Declaratie"]["TotaalIngediendBedrag"]["TotaalBedrag"] += 1


def _unknown_gemeente(content: Content) -> None:
    header = content["Header"]
    field = "Afzender" if header["Afzender"] == GEMEENTE else "Ontvanger"
    header[field] = "9999"


def _on_dagtekening(content: Content) -> None:
    _last(content)["GewensteIngangsdatum"] = _dagtekening(content)


def _other_category(content: Content) -> None:
    if "Declaratie" in content:
        _prestatie(content)["ProductCategorie"] = "50"
    else:
        _last(content)["Product"]["Categorie"] = "50"


def _overlapping(content: Content) -> None:
    again = deepcopy(_last(content))
    begin = _begin(again)
    again[begin] += datetime.timedelta(30)
    if "ToewijzingNummer" in again:
        again["ToewijzingNummer"] = 1
    if "ReferentieAanbieder" in again:
        again["ReferentieAanbieder"] = "VOT-X"
    _products(content).append(again)


def _without_end(**values: Any) -> Callable[[Content], None]:
    def change(content: Content) -> None:
        _only(**values)(content)
        product = _last(content)
        product[_end(product)] = None

    return change


def _aspecific(**values: Any) -> Callable[[Content], None]:
    """Only a category; without omvang or budget unless the values say so."""
    return _only(**{"Product": {"Categorie": "45"}, "Omvang": None, **values})


def _ends_before_it_begins(content: Content) -> None:
    product = _last(content)
    product[_end(product)] = product[_begin(product)] - datetime.timedelta(1)


def _in_euros(difference: int = 0, **values: Any) -> Callable[[Content], None]:
    def change(content: Content) -> None:
        prestatie = _prestatie(content)
        prestatie |= {"Eenheid": "83", "ProductTarief": None}
        prestatie["GeleverdVolume"] = prestatie["IngediendBedrag"]["Bedrag"] + difference
        prestatie |= values

    return change


def _credit_of_nothing(content: Content) -> None:
    again = _double_prestatie(content, ReferentieNummer="X1")
    _as_credit(again, "EERDER")
    again |= {"GeleverdVolume": 0}
    again["IngediendBedrag"]["Bedrag"] = 0


def _over_two_months(content: Content) -> None:
    period = _prestatie(content)["ProductPeriode"]
    period["Begindatum"] -= datetime.timedelta(1)


def _day_short(content: Content) -> None:
    content["Declaratie"]["DeclaratiePeriode"]["Einddatum"] -= datetime.timedelta(1)


def _per_day(content: Content) -> None:
    _only(Omvang={"Volume": 1, "Eenheid": "16", "Frequentie": "1"})(content)


_PHONE = {"Telefoon01": {"Telefoonnummer": "0201234567", "Landnummer": "0031"}}
_STREET = {"Straatnaam": "Proefweg", "Plaatsnaam": "Proefstad"}

FAULTS: dict[str, Fault] = {
    "TR002": Fault(("JW301", "JW305", "JW307", "JW315"), _too_old),
    "TR006": Fault(("JW301",), _add_contact(Soort="02", Emailadres="proef@example.nl")),
    "TR018": Fault(("JW307",), _stops_before_it_starts),
    "TR061": Fault(("JW301",), _set(_first_contact, Soort="04")),
    "TR101": Fault(("JW301", "JW305", "JW307", "JW323"), _same_key),
    "TR134": Fault(("JW301", "JW305", "JW307", "JW315"), _date_after_dagtekening),
    "TR135": Fault(("JW301", "JW305", "JW307", "JW315", "JW319", "JW323"), _dated_far_ahead),
    "TR137": Fault(("JW323", "JW325"), _period_backwards),
    "TR302": Fault(("JW301",), _overlapping),
    "TR315": Fault(("JW323",), _double_credit),
    "TR316": Fault(("JW323",), _credit_of_own),
    "TR335": Fault(("JW323",), _long_ago(2021, 3)),
    "TR342": Fault(("JW325",), _granted_too_much),
    "TR346": Fault(("JW323",), _wrong_amount),
    "TR352": Fault(("JW317",), _set(_verzoek, OngewijzigdeProducten=None)),
    "TR353": Fault(("JW317",), _set(_verzoek, NieuweProducten=None)),
    "TR358": Fault(("JW323",), _wrong_total),
    "TR377": Fault(("JW319",), _set(_antwoord, RedenAfwijzingVerzoek="8")),
    "TR378": Fault(("JW301", "JW305", "JW315"), _unknown_gemeente),
    # Without a date in the message the gemeente may have existed earlier.
    "TR378-OUDER": Fault(("JW307", "JW317", "JW319", "JW323", "JW325"), _unknown_gemeente),
    "TR380": Fault(("JW317",), _on_dagtekening),
    "TR381": Fault(("JW301", "JW305", "JW307", "JW315", "JW317", "JW323"), _other_category),
    "TR383": Fault(("JW315",), _same_key, also=("TR101",)),
    "TR386": Fault(("JW315",), _overlapping),
    "TR409": Fault(("JW319",), _set(_antwoord, Woonplaatsbeginsel={"Gemeente": "0363"})),
    "TR410": Fault(("JW317",), _overlapping),
    "TR416": Fault(("JW323",), _same_debit),
    "CD005": Fault(
        ("JW301",),
        _add_contact(
            Soort="02",
            Adres={"Huis": {"Huisnummer": "9"}, **_STREET, "LandCode": "NL"},
            Telefoon=_PHONE,
        ),
    ),
    "CD007": Fault(("JW301",), _set(_client, Communicatie={"Vorm": "1"})),
    "CD009": Fault(("JW301",), _set(_first_contact, Periode={"Begindatum": "2026-01-01"})),
    "CD025": Fault(
        ("JW301",),
        _add_contact(
            Soort="02", Adres={"Postcode": "1111ZZ", **_STREET, "LandCode": "NL"}, Telefoon=_PHONE
        ),
    ),
    "CD034": Fault(("JW301",), _set(_address, Postcode=None, LandCode=None)),
    "CD041": Fault(("JW301", "JW315", "JW317"), _only(Omvang=None)),
    "CD043": Fault(("JW315",), _only(BeschikkingNummer=1)),
    "CD060": Fault(
        ("JW323", "JW325"),
        _set(lambda c: _prestatie(c)["ProductReferentie"], VorigReferentieNummer="EERDER"),
    ),
    "CD066": Fault(("JW315",), _set(_verwijzer, ZorgverlenerCode="01234567")),
    "CD067": Fault(("JW315",), _set(_verwijzer, Naam=None)),
    "CD068": Fault(("JW315",), _set(_verwijzer, Type="01", ZorgverlenerCode="01234567")),
    "CD075": Fault(
        ("JW301", "JW315", "JW317"),
        _without_end(Product={"Categorie": "45"}, Omvang=None, Budget=100_000),
    ),
    "CD076": Fault(
        ("JW301", "JW315", "JW317"),
        _without_end(Omvang={"Volume": 1, "Eenheid": "04", "Frequentie": "2"}),
    ),
    "CD077": Fault(("JW301", "JW315", "JW317"), _only(Budget=100_000), also=("CD078",)),
    "CD079": Fault(("JW301", "JW315", "JW317"), _only(Product=None, Omvang=None)),
    "CD080": Fault(
        ("JW301",), _aspecific(Omvang={"Volume": 1, "Eenheid": "04", "Frequentie": "4"})
    ),
    "CD085": Fault(("JW319",), _set(_antwoord, RedenAfwijzingVerzoek=None)),
    "CD086": Fault(("JW319",), _set(_antwoord, VerzoekAntwoord="2")),
    "CD087": Fault(("JW323",), _in_euros(ProductTarief=100)),
    "CD095": Fault(
        ("JW315",), _aspecific(Omvang={"Volume": 1, "Eenheid": "04", "Frequentie": "4"})
    ),
    "CD096": Fault(
        ("JW317",), _aspecific(Omvang={"Volume": 1, "Eenheid": "04", "Frequentie": "4"})
    ),
    "CS002": Fault(("JW301", "JW305", "JW307", "JW315", "JW317"), _set(_client, Bsn="999999991")),
    "CS003": Fault(("JW301", "JW315", "JW317"), _ends_before_it_begins),
    "CS050": Fault(("JW301",), _set(_naam, NaamGebruik="2")),
    "CS058": Fault(("JW305", "JW307"), _set(_last, StatusAanlevering="2")),
    "CS089": Fault(("JW301",), _set(_address, Postcode="0123AB")),
    "CS100": Fault(("JW323",), _long_ago(2020, 12), also=("TR335",)),
    "CS139": Fault(
        ("JW301", "JW305", "JW307", "JW315"),
        _set(_client, Geboortedatum={"Datum": "2012-03-04", "DatumGebruik": "1"}),
    ),
    "CS318": Fault(("JW301",), _set(_naam, NaamGebruik="6")),
    "CS325": Fault(("JW323", "JW325"), _credit_of_nothing),
    "CS335": Fault(("JW301",), _set(_last, RedenWijziging="13")),
    "CS336": Fault(("JW301",), _set(_last, RedenWijziging="01")),
    "CS337": Fault(("JW323",), _over_two_months),
    "CS338": Fault(("JW301", "JW317"), _per_day),
    "CS339": Fault(("JW323",), _in_euros(difference=1)),
    "CS340": Fault(("JW323",), _day_short),
    "CS343": Fault(("JW315",), _per_day),
}
"""Faults that a message can show by itself, by the rule that speaks of them."""

_AFTER_TOTALS = ("TR358", "TR342")
"""Faults in totals, which must be there first."""
