"""A made-up country for the audit: contracts and messages of many gemeenten, the same at every run.

``python -m benchmarks.country MAP --gemeenten 20 --prestaties 100000`` makes a folder per gemeente with its
contracts and the messages of a year. The messages belong together: a child is asked for, gets a toewijzing,
starts, is declared and stops. Gemeenten differ in what they buy, what they pay and how they work, so that an
audit has something to find. Messages are made from templates, because a million prestaties must not take long.
"""

import argparse
import datetime
import random
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from benchmarks.cases import Content, contact, own_bsns, to_element
from benchmarks.messages import to_bytes
from benchmarks.stories import last_day, next_month
from inkoopcheck.engine.ruleset import load_codelists
from inkoopcheck.schemas.structure import load_release
from inkoopcheck.tables.schema import AANBIEDER, CONTRACT, TABLES
from sample_contracts.writing import save_xlsx

Row = dict[str, Any]

MAX_PRESTATIES = 3_000
"""Prestaties in one JW323; what is more goes in a next one."""

ZIP_TIME = (2026, 1, 5, 9, 0, 0)
"""The time that every file in a zip carries."""

_ONE = datetime.timedelta(1)
_VERSIONS = {"BasisschemaXsdVersie": "0.1.0", "BerichtXsdVersie": "0.1.0"}
_CODES = ("9338", "9338", "9322", "9340", "9307", "9341", "0611", "8187")
"""Why a prestatie is refused; what stands here twice happens twice as often."""
_SURNAMES = ("Wit", "Bakker", "Galen", "Veld", "Molen", "Brink", "Duin", "Haag", "Kamp", "Laar")


@dataclass(frozen=True)
class Product:
    """A product of a contract, with what a month of it is like."""

    categorie: str
    code: str
    naam: str
    eenheid: str
    tarief: int
    """In cents, for one unit."""
    volume: int
    """Units in a month at most."""
    wait: int
    """Days that it takes on average to start."""


@dataclass(frozen=True)
class Practice:
    """How a gemeente and its aanbieders work: what the audit has to find back."""

    asked: float = 0.5
    """Share of the toewijzingen that an aanbieder asked for, with a JW315."""
    answer: int = 5
    """Days between a request and the toewijzing, on average."""
    wait: int = 8
    """Days between toewijzing and start, besides those of the product."""
    months: int = 9
    """Length of a toewijzing."""
    renewed: float = 0.3
    """Share of the toewijzingen that end and are followed by another."""
    stopped: float = 0.04
    """Chance in each month that help stops before its time."""
    refused: float = 0.03
    """Share of the prestaties that are refused."""
    again: float = 0.8
    """Share of the refused prestaties that are declared again."""
    credited: float = 0.02
    """Share of the granted prestaties that are corrected later."""
    delay: int = 8
    """Days between the end of the month and its declaratie."""
    faulty: float = 0.05
    """Share of the JW323 with an amount that is not volume times tariff."""


@dataclass(frozen=True)
class Line:
    """A prestatie, with what the gemeente answers."""

    bsn: str
    nummer: str
    vorig: str | None
    toewijzing: int
    product: Product
    begin: datetime.date
    einde: datetime.date
    volume: int
    bedrag: int
    refused: str | None = None

    @property
    def signed(self) -> int:
        """What it adds to the total."""
        return -self.bedrag if self.vorig else self.bedrag

    @property
    def values(self) -> tuple[object, ...]:
        """What stands in the Prestatie, in the order of the standard."""
        product = self.product
        reference = (self.nummer, self.vorig) if self.vorig else (self.nummer,)
        return (
            *reference,
            self.toewijzing,
            product.categorie,
            product.code,
            self.begin,
            self.einde,
            self.volume,
            product.eenheid,
            product.tarief,
            self.bedrag,
            "C" if self.vorig else "D",
        )


@dataclass(frozen=True)
class Message:
    """A message to write to a file."""

    kind: str
    day: datetime.date
    name: str
    content: bytes


# --- templates -----------------------------------------------------------------------------------


@cache
def _template(kind: str, products: int = 1, *, asked: bool = False, credit: bool = False) -> str:
    """The text of a message with %s where a value comes, in the order of the standard."""
    content: Content = {"Header": _header(kind), **_BODIES[kind](products, asked, credit)}
    return to_bytes(to_element(load_release().messages[kind], content)).decode()


def _header(kind: str) -> Content:
    header: Content = {
        "BerichtCode": load_release().messages[kind].berichtcode,
        "BerichtVersie": "3",
        "BerichtSubversie": "2",
        "Afzender": "%s",
        "Ontvanger": "%s",
        "BerichtIdentificatie": {"Identificatie": "%s", "Dagtekening": "%s"},
        "XsdVersie": _VERSIONS,
    }
    if kind == "JW325":
        header["DeclaratieIdentificatie"] = {"Identificatie": "%s", "Dagtekening": "%s"}
        header["XsdVersieDeclaratie"] = _VERSIONS
        header["RetourCodes"] = {"RetourCode": ["0200"]}
    return header


def _child(**rest: Any) -> Content:
    return {
        "Bsn": "%s",
        "Geboortedatum": {"Datum": "%s"},
        "Geslacht": "%s",
        "Naam": {"Geslachtsnaam": {"Achternaam": "%s"}, "Voorletters": "T"},
        **rest,
    }


_PRODUCT = {"Categorie": "%s", "Code": "%s"}
_OMVANG = {"Volume": "%s", "Eenheid": "%s", "Frequentie": "4"}


def _request_body(products: int, asked: bool, credit: bool) -> Content:
    del asked, credit
    product = {
        "ReferentieAanbieder": "%s",
        "Product": _PRODUCT,
        "ToewijzingIngangsdatum": "%s",
        "ToewijzingEinddatum": "%s",
        "Omvang": _OMVANG,
        "Verwijzer": {"Type": "02", "Naam": "Huisartsenpraktijk"},
        "Raamcontract": "1",
    }
    return {"Client": _child(AangevraagdeProducten={"AangevraagdProduct": [product] * products})}


def _allocation_body(products: int, asked: bool, credit: bool) -> Content:
    del credit
    product = {
        "ToewijzingNummer": "%s",
        **({"ReferentieAanbieder": "%s"} if asked else {}),
        "Product": _PRODUCT,
        "Toewijzingsdatum": "%s",
        "Toewijzingstijd": "%s",
        "Ingangsdatum": "%s",
        "Einddatum": "%s",
        "Omvang": _OMVANG,
    }
    child = _child(
        Contactgegevens={"Contact": [contact()]},
        ToegewezenProducten={"ToegewezenProduct": [product] * products},
    )
    child["Naam"]["NaamGebruik"] = "1"
    return {"Client": child}


def _delivery() -> Content:
    return {
        "ToewijzingNummer": "%s",
        "Product": _PRODUCT,
        "ToewijzingIngangsdatum": "%s",
        "Begindatum": "%s",
        "StatusAanlevering": "1",
    }


def _start_body(products: int, asked: bool, credit: bool) -> Content:
    del products, asked, credit
    return {"Client": _child(StartProducten={"StartProduct": [_delivery()]})}


def _stop_body(products: int, asked: bool, credit: bool) -> Content:
    del products, asked, credit
    stop = {**_delivery(), "RedenBeeindiging": "%s", "Einddatum": "%s"}
    return {"Client": _child(StopProducten={"StopProduct": [stop]})}


_TOTAL = {"TotaalBedrag": "%s", "DebetCredit": "%s"}


def _prestatie(*, credit: bool) -> Content:
    return {
        "ProductReferentie": {
            "ReferentieNummer": "%s",
            **({"VorigReferentieNummer": "%s"} if credit else {}),
        },
        "ToewijzingNummer": "%s",
        "ProductCategorie": "%s",
        "ProductCode": "%s",
        "ProductPeriode": {"Begindatum": "%s", "Einddatum": "%s"},
        "GeleverdVolume": "%s",
        "Eenheid": "%s",
        "ProductTarief": "%s",
        "IngediendBedrag": {"Bedrag": "%s", "DebetCredit": "%s"},
    }


def _declaratie_body(products: int, asked: bool, credit: bool) -> Content:
    del products, asked
    client = {"Bsn": "%s", "Prestaties": {"Prestatie": [_prestatie(credit=credit)]}}
    return {
        "Declaratie": {
            "DeclaratieNummer": "%s",
            "DeclaratiePeriode": {"Begindatum": "%s", "Einddatum": "%s"},
            "DeclaratieDagtekening": "%s",
            "TotaalIngediendBedrag": _TOTAL,
            "Clienten": {"Client": [client]},
        }
    }


def _answer_body(products: int, asked: bool, credit: bool) -> Content:
    """With no products everything is granted."""
    del asked
    prestatie = {**_prestatie(credit=credit), "RetourCodes": {"RetourCode": ["%s"]}}
    client = {
        "Bsn": "%s",
        "Prestaties": {"Prestatie": [prestatie]},
        "RetourCodes": {"RetourCode": ["0200"]},
    }
    answer: Content = {
        "DeclaratieNummer": "%s",
        "TotaalIngediendBedrag": _TOTAL,
        "TotaalToegekendBedrag": _TOTAL,
        "RetourCodes": {"RetourCode": ["0200" if products else "8001"]},
    }
    if products:
        answer["Clienten"] = {"Client": [client]}
    return {"DeclaratieAntwoord": answer}


_BODIES = {
    "JW301": _allocation_body,
    "JW305": _start_body,
    "JW307": _stop_body,
    "JW315": _request_body,
    "JW323": _declaratie_body,
    "JW325": _answer_body,
}


@dataclass(frozen=True)
class _Parts:
    """A JW323 or JW325 in parts: what stands around the clients and the prestaties."""

    head: str
    client: str
    debit: str
    credit: str
    end: str
    tail: str


@cache
def _parts(kind: str) -> _Parts:
    debit, credit = _template(kind), _template(kind, credit=True)
    prefix = kind.lower()
    first, last = f"\t\t\t<{prefix}:Client>", f"\t\t\t</{prefix}:Client>\r\n"
    begin, end = f"\t\t\t\t\t<{prefix}:Prestatie>", f"</{prefix}:Prestatie>\r\n"
    head, mark, rest = debit.partition(first)
    inside, close, tail = rest.partition(last)
    client, open_, prestatie = (mark + inside).partition(begin)
    prestatie, shut, after = (open_ + prestatie).partition(end)
    other = credit[credit.index(begin) : credit.index(end)] + end
    return _Parts(head, client, prestatie + shut, other, after + close, tail)


# --- what a gemeente and an aanbieder send each other ------------------------------------------------


@dataclass
class Exchange:
    """All messages between a gemeente and an aanbieder about the help of one contract.

    Args:
        gemeente: code of the gemeente.
        aanbieder: AGB-code.
        number: of the exchange, for numbers that are used nowhere else; less than 10,000.
        products: what the contract has; the first are used most.
        practice: how they work.
        rng: where chance comes from.
        bsns: where children come from.
        first: first day of the first month.
        months: how many months are declared.
    """

    gemeente: str
    aanbieder: str
    number: int
    products: Sequence[Product]
    practice: Practice
    rng: random.Random
    bsns: Iterator[str]
    first: datetime.date
    months: int
    sent: list[Message] = field(default_factory=list)
    lines: list[dict[str, list[Line]]] = field(default_factory=list)
    children: int = 0
    prestaties: int = 0
    _numbers: int = 0
    _month: list[tuple[datetime.date, datetime.date]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Know the months by number."""
        day = self.first
        for _ in range(self.months):
            self._month.append((day, last_day(day)))
            self.lines.append({})
            day = next_month(day)
        self._closed = self._month[-1][1] + 30 * _ONE
        self._weights = [1 / (2 + place) for place in range(len(self.products))]

    def next_number(self) -> int:
        """A number that was not used before in this exchange."""
        self._numbers += 1
        return self._numbers

    def add_child(self, most: int | None = None) -> int:
        """One more child with its messages; gives the number of its prestaties.

        Args:
            most: how many prestaties it may have at most.
        """
        rng, practice = self.rng, self.practice
        bsn = next(self.bsns)
        chosen = rng.choices(self.products, self._weights, k=2)
        chosen = chosen if rng.random() < 0.3 and chosen[0] != chosen[1] else chosen[:1]
        latest = 30 if rng.random() < 0.4 else self.months * 24
        day = self.first + rng.randint(-12, latest) * _ONE
        asked = rng.random() < practice.asked
        decided = day + (rng.randint(1, 2 * practice.answer) * _ONE if asked else 0 * _ONE)
        begin = max(self.first, decided + rng.randint(1, 7) * _ONE)
        self.children += 1
        found = self._help(bsn, chosen, day if asked else None, decided, begin)
        found.sort(key=lambda item: item[0])
        for month, line in found[:most]:
            self.lines[month].setdefault(line.bsn, []).append(line)
        made = len(found[:most])
        self.prestaties += made
        return made

    def _help(
        self,
        bsn: str,
        products: Sequence[Product],
        asked: datetime.date | None,
        decided: datetime.date,
        begin: datetime.date,
    ) -> list[tuple[int, Line]]:
        """Toewijzingen, starts and stops of a child, and the prestaties by the number of the month."""
        rng, practice = self.rng, self.practice
        end = _months_later(begin, max(3, practice.months + rng.randint(-2, 2))) - _ONE
        numbers = [self.number % 90 * 10_000_000 + self.next_number() for _ in products]
        references = [f"VOT{number}" for number in numbers]
        sizes = [
            item.volume if item.eenheid == "14" else max(2, item.volume - rng.randint(0, 4))
            for item in products
        ]
        person = _person(bsn)
        if asked:
            values: list[object] = []
            for item, reference, size in zip(products, references, sizes, strict=True):
                values += [reference, item.categorie, item.code, begin, end, size, item.eenheid]
            self._send("JW315", asked, _template("JW315", len(products)), (*person, *values))
        values = []
        for item, number, reference, size in zip(products, numbers, references, sizes, strict=True):
            time = f"{rng.randint(8, 16):02}:{rng.randint(0, 59):02}:00"
            values += [number, *([reference] if asked else []), item.categorie, item.code]
            values += [decided, time, begin, end, size, item.eenheid]
        text = _template("JW301", len(products), asked=bool(asked))
        self._send("JW301", decided, text, (*person, *values))
        found = []
        for item, number, size in zip(products, numbers, sizes, strict=True):
            found += self._deliver(bsn, item, number, size, decided, begin, end)
        return found

    def _deliver(
        self,
        bsn: str,
        product: Product,
        number: int,
        size: int,
        decided: datetime.date,
        begin: datetime.date,
        end: datetime.date,
    ) -> list[tuple[int, Line]]:
        rng, practice = self.rng, self.practice
        wait = int(rng.triangular(0, 3 * (product.wait + practice.wait), product.wait))
        start = max(begin, decided + wait * _ONE)
        if start > end:
            return []
        same = (*_person(bsn), number, product.categorie, product.code, begin, start)
        self._send("JW305", start + rng.randint(1, 5) * _ONE, _template("JW305"), same)
        found: list[tuple[int, Line]] = []
        stop, reason = end, "31"
        for month, (first, last) in enumerate(self._month):
            if last < start or first > end:
                continue
            period = (max(first, begin), min(last, end))
            most = min(size, (period[1] - max(first, start)).days + 1)
            if product.eenheid != "14":
                most = size
            volume = rng.randint((most + 1) // 2, most)
            found += self._declare(month, bsn, number, product, period, volume)
            if last < end and rng.random() < practice.stopped:
                stop, reason = last, rng.choice(("31", "32", "34", "38"))
                break
        if stop <= self._month[-1][1]:
            day = stop + rng.randint(1, 6) * _ONE
            self._send("JW307", day, _template("JW307"), (*same, reason, stop))
        renewed = stop == end and rng.random() < practice.renewed
        if renewed and end < self._month[-1][0]:
            decided = max(decided, end - rng.randint(0, 12) * _ONE)
            found += self._help(bsn, [product], None, decided, end + _ONE)
        return found

    def _declare(
        self,
        month: int,
        bsn: str,
        number: int,
        product: Product,
        period: tuple[datetime.date, datetime.date],
        volume: int,
    ) -> list[tuple[int, Line]]:
        """The prestatie of a month, with what comes of it a month later."""
        rng, practice = self.rng, self.practice
        chance = rng.random()
        code = rng.choice(_CODES) if chance < practice.refused else None

        def line(volume: int, vorig: str | None = None, refused: str | None = None) -> Line:
            reference = f"P{self.number:04}{self.next_number():08}"
            amount = volume * product.tarief
            return Line(bsn, reference, vorig, number, product, *period, volume, amount, refused)

        debit = line(volume, refused=code)
        found = [(month, debit)]
        later = month + 1 < self.months
        if code and later and rng.random() < practice.again:
            found.append((month + 1, line(volume)))
        elif not code and later and chance > 1 - practice.credited:
            found.append((month + 1, line(volume, debit.nummer)))
            if volume > 1:
                found.append((month + 1, line(volume - 1)))
        return found

    def messages(self) -> Iterator[Message]:
        """Everything that was sent, the declaraties and their answers last."""
        yield from self.sent
        for month, (first, last) in enumerate(self._month):
            clients = self.lines[month]
            if clients:
                day = last + max(1, self.practice.delay + self.rng.randint(-2, 4)) * _ONE
                for part in _portions(clients):
                    yield from self._month_messages(first, last, day, part)

    def _month_messages(
        self,
        first: datetime.date,
        last: datetime.date,
        day: datetime.date,
        clients: Mapping[str, Sequence[Line]],
    ) -> Iterator[Message]:
        if self.rng.random() < self.practice.faulty:
            clients = _with_a_wrong_amount(clients)
        total = sum(line.signed for lines in clients.values() for line in lines)
        refused = {
            bsn: wrong
            for bsn, lines in clients.items()
            if (wrong := [line for line in lines if line.refused])
        }
        granted = total - sum(line.signed for lines in refused.values() for line in lines)
        name, number = self._identification(), f"D{self.number:04}{self.next_number():07}"
        label = f"{first:%Y-%m}_{number}"
        parts = _parts("JW323")
        head = (self.aanbieder, self.gemeente, name, day, number, first, last, day, *_sum(total))
        text = [parts.head % head]
        for bsn, lines in clients.items():
            text.append(parts.client % bsn)
            text += [(parts.credit if x.vorig else parts.debit) % x.values for x in lines]
            text.append(parts.end)
        text.append(parts.tail)
        yield Message("JW323", day, f"JW323_{label}", "".join(text).encode())

        answered = day + self.rng.randint(3, 9) * _ONE
        sender = (self.gemeente, self.aanbieder, self._identification(), answered)
        about = (*sender, name, day, number, *_sum(total), *_sum(granted))
        if refused:
            parts = _parts("JW325")
            text = [parts.head % about]
            for bsn, wrong in refused.items():
                text.append(parts.client % bsn)
                text += [
                    (parts.credit if x.vorig else parts.debit) % (*x.values, x.refused)
                    for x in wrong
                ]
                text.append(parts.end)
            text.append(parts.tail)
        else:
            text = [_template("JW325", 0) % about]
        yield Message("JW325", answered, f"JW325_{label}", "".join(text).encode())

    def _identification(self) -> str:
        return f"{self.number:04}{self.next_number():08}"

    def _send(self, kind: str, day: datetime.date, text: str, values: tuple[object, ...]) -> None:
        """Send a message about one child, if it is still within the time of the exchange."""
        if day > self._closed:
            return
        parties = (self.aanbieder, self.gemeente)
        sender, receiver = parties[::-1] if kind == "JW301" else parties
        name = self._identification()
        content = text % (sender, receiver, name, day, *values)
        self.sent.append(Message(kind, day, f"{kind}_{name}", content.encode()))


def _sum(cents: int) -> tuple[int, str]:
    return abs(cents), "C" if cents < 0 else "D"


@cache
def _person(bsn: str) -> tuple[str, str, str, str]:
    """BSN, date of birth, sex and surname of a made-up child."""
    number = int(bsn)
    born = datetime.date(2009, 1, 1) + number % 3_600 * _ONE
    return bsn, str(born), "12"[number // 7 % 2], _SURNAMES[number // 11 % len(_SURNAMES)]


def _months_later(day: datetime.date, months: int) -> datetime.date:
    place = day.month - 1 + months
    month = datetime.date(day.year + place // 12, place % 12 + 1, 1)
    return month.replace(day=min(day.day, last_day(month).day))


def _portions(clients: Mapping[str, list[Line]]) -> Iterator[dict[str, list[Line]]]:
    """The clients of a month in messages that are not too large."""
    part: dict[str, list[Line]] = {}
    size = 0
    for bsn, lines in clients.items():
        if part and size + len(lines) > MAX_PRESTATIES:
            yield part
            part, size = {}, 0
        part[bsn] = lines
        size += len(lines)
    yield part


def _with_a_wrong_amount(clients: Mapping[str, Sequence[Line]]) -> Mapping[str, Sequence[Line]]:
    """The first refused prestatie gets an amount that is not volume times tariff, and is refused for it."""
    for bsn, lines in clients.items():
        for place, line in enumerate(lines):
            if line.refused:
                wrong = replace(line, bedrag=line.bedrag + 1_000, refused="9346")
                return {**clients, bsn: [*lines[:place], wrong, *lines[place + 1 :]]}
    return clients


# --- contracts ------------------------------------------------------------------------------------


def write_contract(target: Path, contract: Row, tables: Mapping[str, Sequence[Row]]) -> None:
    """A workbook as a gemeente makes it itself: a sheet with the terms and one for every table.

    ``sample_contracts.writing.fill_template`` fills our own template, and takes far longer.
    """
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Contract"
    titles = {column.name: column.title for column in (*AANBIEDER.columns, *CONTRACT.columns)}
    sheet.append(["Overeenkomst jeugdhulp"])
    for name, value in contract.items():
        sheet.append([titles[name], "nee" if value is False else "ja" if value is True else value])
    for table, rows in tables.items():
        columns = {column.name: column.title for column in TABLES[table].columns}
        used = [name for name in columns if any(name in row for row in rows)]
        sheet = book.create_sheet(TABLES[table].sheet)
        sheet.append([columns[name] for name in used])
        for row in rows:
            values = [row.get(name) for name in used]
            sheet.append(["nee" if v is False else "ja" if v is True else v for v in values])
    save_xlsx(book, target)


def tariffs(products: Sequence[Product], year: int) -> list[Row]:
    """The rows of the sheet Tarieven."""
    return [
        {
            "productcode": item.code,
            "productcategorie": item.categorie,
            "omschrijving": item.naam,
            "eenheid": item.eenheid,
            "tarief": item.tarief / 100,
            "jaar": year,
        }
        for item in products
    ]


# --- a country ------------------------------------------------------------------------------------

_YEAR = 2025

STANDARD = (
    Product("45", "45A48", "Jeugdhulp ambulant regulier, individueel", "04", 8_280, 12, 10),
    Product("45", "45A53", "Jeugdhulp ambulant specialistisch, individueel", "04", 10_440, 10, 30),
    Product("41", "41A03", "Dagbehandeling regulier", "16", 7_930, 16, 20),
    Product("54", "54001", "Jeugd-ggz, behandeling", "04", 11_880, 8, 45),
    Product("45", "45A49", "Jeugdhulp ambulant regulier, groep", "04", 4_140, 16, 12),
    Product("44", "44A07", "Pleegzorg", "14", 5_210, 31, 5),
    Product("44", "44A09", "Logeren", "14", 17_650, 6, 25),
    Product("45", "45A54", "Jeugdhulp ambulant specialistisch, groep", "04", 5_220, 12, 28),
    Product("44", "44A08", "Gezinshuis", "14", 17_140, 31, 20),
)
"""What gemeenten buy, with the codes of the national list."""

OWN = {
    "45A48": ("45V01", "Begeleiding individueel thuis"),
    "45A53": ("45V02", "Intensieve begeleiding door een gedragswetenschapper"),
    "41A03": ("41V01", "Dagopvang met behandeling"),
    "45A49": ("45V03", "Groepstraining weerbaarheid"),
    "44A09": ("44V01", "Logeerweekend"),
    "45A54": ("45V04", "Groepsbehandeling ouder en kind"),
}
"""By standard code: a code and a name that a gemeente made up for the same help."""


def own_products(products: Sequence[Product], codes: Sequence[str]) -> list[Product]:
    """The products, those with these codes under a code and a name of the gemeente itself."""
    return [
        replace(item, code=OWN[item.code][0], naam=OWN[item.code][1])
        if item.code in codes
        else item
        for item in products
    ]


def write_country(
    folder: Path,
    *,
    gemeenten: int,
    prestaties: int,
    contracts_per_gemeente: int = 2,
    seed: int = 0,
    zips: bool = False,
) -> None:
    """Write a folder per gemeente with contracts and messages; the same seed gives the same bytes.

    Args:
        folder: where the folders come.
        gemeenten: how many, by the order of the code list.
        prestaties: how many there are in all JW323 together.
        contracts_per_gemeente: how many contracts each gemeente has, each with another aanbieder.
        seed: the same seed gives the same country.
        zips: put the messages about one child in a zip for each month.
    """
    chosen = list(islice(load_codelists()["gemeente"].codes, gemeenten))
    if len(chosen) < gemeenten:
        raise ValueError(f"there are no {gemeenten} gemeenten")
    pool = max(contracts_per_gemeente + 1, gemeenten // 2)
    number, parts = 0, gemeenten * contracts_per_gemeente
    for place, entry in enumerate(chosen):
        code, name = entry.code, entry.betekenis
        rng = random.Random(f"{seed} {code}")
        home = folder / f"{name} ({code})"
        products, practice, terms, demands = _gemeente(rng)
        offset = rng.randrange(len(own_bsns()))
        bsns = cycle((*own_bsns()[offset:], *own_bsns()[:offset]))
        (home / "contracten").mkdir(parents=True, exist_ok=True)
        for contract in range(contracts_per_gemeente):
            who = (place + contract) % pool
            agb = f"98{who:06}"
            row = {
                "contract_id": f"{code}-{_YEAR}-{contract + 1:02}",
                "gemeente": name,
                "gemeentecode": code,
                "jeugdregio": entry.toelichting,
                "inkoopschaal": "gemeente",
                "aanbieder": f"Jeugdhulp {who + 1}",
                "kvk": f"98{who:06}",
                "agb": agb,
                **terms,
            }
            path = home / "contracten" / f"{code}_{contract + 1}_{agb}.xlsx"
            write_contract(
                path, row, {"tarief": tariffs(products, _YEAR), "administratie": demands}
            )
            exchange = Exchange(
                *(code, agb, number, products, practice, rng, bsns),
                datetime.date(_YEAR, 1, 1),
                12,
            )
            quota = prestaties * (number + 1) // parts - prestaties * number // parts
            while exchange.prestaties < quota:
                exchange.add_child(quota - exchange.prestaties)
            write_messages(home / "berichten", exchange.messages(), zips=zips)
            number += 1


def write_messages(folder: Path, messages: Iterator[Message], *, zips: bool = False) -> None:
    """Write messages below a folder, by month; with ``zips`` those about one child in a zip."""
    made: set[Path] = set()
    packed: dict[str, list[Message]] = {}
    for message in messages:
        month = f"{message.day:%Y-%m}"
        if zips and message.kind not in ("JW323", "JW325"):
            packed.setdefault(month, []).append(message)
            continue
        place = folder / month
        if place not in made:
            place.mkdir(parents=True, exist_ok=True)
            made.add(place)
        (place / f"{message.name}.xml").write_bytes(message.content)
    for month, items in packed.items():
        place = folder / month
        place.mkdir(parents=True, exist_ok=True)
        write_zip(place / f"{items[0].name[6:10]}.zip", items)


def write_zip(target: Path, messages: Sequence[Message]) -> None:
    """Messages in a zip without a clock in it."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        for message in messages:
            info = zipfile.ZipInfo(f"{message.name}.xml", ZIP_TIME)
            info.create_system = 0
            info.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(info, message.content)


def _gemeente(rng: random.Random) -> tuple[list[Product], Practice, Row, list[Row]]:
    """What a gemeente buys, how it works, and what its contracts say."""
    level = rng.uniform(0.82, 1.15)
    products = [
        replace(item, tarief=_tens(item.tarief * level * rng.uniform(0.97, 1.03)))
        for item in rng.sample(STANDARD, rng.randint(5, len(STANDARD)))
    ]
    share = rng.choice((0, 0, 0.1, 0.3, 0.5, 0.9))
    own = [item.code for item in products if item.code in OWN and rng.random() < share]
    products = own_products(products, own)
    practice = Practice(
        asked=rng.uniform(0.3, 0.8),
        answer=rng.randint(2, 12),
        wait=rng.randint(2, 30),
        months=rng.choice((5, 9, 12, 12)),
        renewed=rng.uniform(0.1, 0.6),
        refused=rng.uniform(0.005, 0.08),
        again=rng.uniform(0.6, 0.95),
        credited=rng.uniform(0.005, 0.04),
        delay=rng.randint(3, 25),
        faulty=rng.choice((0, 0.02, 0.1)),
    )
    years = rng.choice((1, 1, 2, 3, 4))
    indexed = rng.random() < 0.7
    standard = rng.random() < 0.6
    terms: Row = {
        "startdatum": datetime.date(_YEAR, 1, 1),
        "einddatum": datetime.date(_YEAR + years - 1, 12, 31),
        "verlengingsopties": rng.choice(("geen", "1 x 12 maanden", "2 x 12 maanden")),
        "contractstandaard": "Contractstandaard Jeugd" if standard else "eigen contract",
        "uitvoeringsvariant": "inspanningsgericht",
        "ijw_berichten": True,
        "declaratiefrequentie": "per maand",
        "betaaltermijn_dagen": 30,
        "antwoordtermijn_declaratie": practice.answer + 5,
        "indexeringsclausule": indexed,
        **({"index_weging_loon": 90, "index_weging_materieel": 10} if indexed else {}),
        "clienten_per_jaar": rng.randint(40, 400),
        "fte_professional": rng.randint(4, 30),
        "fte_backoffice": rng.randint(1, 5),
    }
    demands = [
        {
            "eis_id": f"A{place + 1}",
            "omschrijving": text,
            "categorie": kind,
            "grondslag": ground,
            "telleenheid": "cliënt",
            "frequentie_per_eenheid": rng.choice((1, 2, 4, 12)),
            "minuten_per_keer": rng.choice((5, 10, 20, 45)),
            "uitvoerder": who,
        }
        for place, (text, kind, ground, who) in enumerate(_DEMANDS[: rng.randint(1, 5)])
    ]
    return products, practice, terms, demands


def _tens(cents: float) -> int:
    return round(cents / 10) * 10


_DEMANDS = (
    ("Declareren met het declaratiebericht JW323", "declaratie", "landelijke standaard", "backoffice"),
    ("Voortgangsverslag", "voortgang", "lokaal", "professional"),
    ("Urenstaat bij de declaratie", "declaratie", "lokaal", "backoffice"),
    ("Wachttijden in een eigen lijst", "KPI", "lokaal", "backoffice"),
    ("Gesprek over de voortgang met de gemeente", "gesprek", "lokaal", "professional"),
)  # fmt: skip


def main() -> None:
    """Write a country from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("map", type=Path)
    parser.add_argument("--gemeenten", type=int, default=20)
    parser.add_argument("--prestaties", type=int, default=100_000)
    parser.add_argument("--contracten", type=int, default=2, help="contracts per gemeente")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--zip", action="store_true", help="messages about one child in zips")
    given = parser.parse_args()
    write_country(
        given.map,
        gemeenten=given.gemeenten,
        prestaties=given.prestaties,
        contracts_per_gemeente=given.contracten,
        seed=given.seed,
        zips=given.zip,
    )


if __name__ == "__main__":
    main()
