"""Whole cases in messages: what a gemeente and an aanbieder send each other about children, over time.

A ``Story`` keeps what both sides know, so that what it sends is right by the rules over messages too: the
toewijzing before the declaratie, the answer before the credit. ``simulate`` tells a random one. Everything
can be changed afterwards, to see what a check says of it.
"""

import datetime
import random
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.cases import Content, contact, own_bsns, standard_products, to_element
from benchmarks.messages import to_bytes
from inkoopcheck.schemas.structure import load_release

GEMEENTE, AANBIEDER = "0384", "98765432"
_VERSIONS = {"BasisschemaXsdVersie": "0.1.0", "BerichtXsdVersie": "0.1.0"}
_DAY = datetime.timedelta(1)
_OPEN = datetime.date(9999, 12, 31)


@dataclass
class Toewijzing:
    """A toewijzing as it is now."""

    nummer: int
    child: int
    categorie: str | None
    code: str | None
    ingang: datetime.date
    einde: datetime.date | None = None
    volume: int | None = None
    eenheid: str = "04"
    frequentie: str = "4"
    budget: int | None = None
    referentie: str | None = None
    reden: str | None = None
    sent: int = 0
    """How often it was sent; each time it gets a later Toewijzingstijd."""
    stated: datetime.date | None = None

    @property
    def product(self) -> Content | None:
        """The Product of the messages, or None for a generic toewijzing."""
        if self.categorie is None:
            return None
        return {"Categorie": self.categorie, **({"Code": self.code} if self.code else {})}

    @property
    def omvang(self) -> Content | None:
        """The Omvang of the messages, or None."""
        if self.volume is None:
            return None
        return {"Volume": self.volume, "Eenheid": self.eenheid, "Frequentie": self.frequentie}


@dataclass
class Line:
    """A prestatie: a debit, or a credit of an earlier one."""

    toewijzing: Toewijzing
    begin: datetime.date
    einde: datetime.date
    volume: int
    eenheid: str
    tarief: int | None
    bedrag: int
    nummer: str
    vorig: str | None = None
    code: str | None = None

    @property
    def content(self) -> Content:
        """The Prestatie of a JW323."""
        reference = {"ReferentieNummer": self.nummer}
        if self.vorig:
            reference["VorigReferentieNummer"] = self.vorig
        code = self.code or self.toewijzing.code
        return {
            "ProductReferentie": reference,
            "ToewijzingNummer": self.toewijzing.nummer,
            "ProductCategorie": self.toewijzing.categorie,
            "ProductCode": code,
            "ProductPeriode": {"Begindatum": self.begin, "Einddatum": self.einde},
            "GeleverdVolume": self.volume,
            "Eenheid": self.eenheid,
            **({} if self.tarief is None else {"ProductTarief": self.tarief}),
            "IngediendBedrag": {"Bedrag": self.bedrag, "DebetCredit": "C" if self.vorig else "D"},
        }


@dataclass
class Sent:
    """A message of a story."""

    kind: str
    name: str
    content: Content

    def to_bytes(self) -> bytes:
        """The message as it stands on disk."""
        return to_bytes(to_element(load_release().messages[self.kind], self.content))


@dataclass
class Story:
    """Sends messages in the order of time, and keeps what was agreed and delivered."""

    gemeente: str = GEMEENTE
    aanbieder: str = AANBIEDER
    day: datetime.date = datetime.date(2026, 1, 5)
    sent: list[Sent] = field(default_factory=list)
    numbers: int = 0

    def next_number(self) -> int:
        """A number that was not used before in this story."""
        self.numbers += 1
        return self.numbers

    def wait(self, days: int = 1) -> None:
        """Let time pass."""
        self.day += datetime.timedelta(days)

    def write(self, folder: Path) -> list[Path]:
        """Write the messages to files, and give these in the order of the story."""
        folder.mkdir(parents=True, exist_ok=True)
        paths = []
        for number, message in enumerate(self.sent, start=1):
            path = folder / f"{number:03}_{message.name}.xml"
            path.write_bytes(message.to_bytes())
            paths.append(path)
        return paths

    # --- requests ---------------------------------------------------------------------------------

    def request(self, wanted: Sequence[Toewijzing]) -> Sent:
        """A JW315 for these toewijzingen, each with a reference of its own."""
        products = []
        for item in wanted:
            item.referentie = item.referentie or f"VOT{self.next_number():06}"
            products.append(
                {
                    "ReferentieAanbieder": item.referentie,
                    "Product": item.product,
                    "ToewijzingIngangsdatum": item.ingang,
                    "ToewijzingEinddatum": item.einde,
                    "Omvang": item.omvang,
                    "Budget": item.budget,
                    "Verwijzer": {"Type": "02", "Naam": "Huisartsenpraktijk"},
                    "Raamcontract": "1",
                }
            )
        client = _short_client(wanted[0].child)
        client["AangevraagdeProducten"] = {"AangevraagdProduct": products}
        return self.send("JW315", {"Client": client})

    def request_change(
        self,
        child: int,
        same: Sequence[Toewijzing] = (),
        changed: Sequence[tuple[Toewijzing, Mapping[str, Any]]] = (),
        new: Sequence[Toewijzing] = (),
        referentie: str | None = None,
    ) -> Sent:
        """A JW317: these stay, these change (with the elements to set) and these are new."""
        verzoek: Content = {
            "ReferentieAanbieder": referentie or f"VOW{self.next_number():06}",
            "RedenVerzoek": "1",
        }
        if same:
            verzoek["OngewijzigdeProducten"] = {
                "OngewijzigdProduct": [{"ToewijzingNummer": item.nummer} for item in same]
            }
        if changed:
            verzoek["TeWijzigenProducten"] = {
                "TeWijzigenProduct": [
                    {
                        "ToewijzingNummer": item.nummer,
                        "GewensteIngangsdatum": item.ingang,
                        "Einddatum": item.einde,
                        "Omvang": item.omvang,
                        "Budget": item.budget,
                        **more,
                    }
                    for item, more in changed
                ]
            }
        if new:
            verzoek["NieuweProducten"] = {
                "NieuwProduct": [
                    {
                        "Product": item.product,
                        "GewensteIngangsdatum": item.ingang,
                        "Einddatum": item.einde,
                        "Omvang": item.omvang,
                        "Budget": item.budget,
                    }
                    for item in new
                ]
            }
        return self.send("JW317", {"Client": {"Bsn": bsn(child), "Verzoek": verzoek}})

    def answer_request(self, referentie: str, answer: str) -> Sent:
        """A JW319: 1 refuses, 2 says that the request is being looked into."""
        antwoord: Content = {"ReferentieAanbieder": referentie, "VerzoekAntwoord": answer}
        if answer == "1":
            antwoord["RedenAfwijzingVerzoek"] = "3"
        return self.send("JW319", {"Antwoord": antwoord})

    # --- toewijzingen, starts and stops ------------------------------------------------------------

    def allocate(
        self, items: Sequence[Toewijzing], references: Mapping[int, str] | None = None
    ) -> Sent:
        """A JW301 with toewijzingen of one child as they are now.

        Args:
            items: the toewijzingen.
            references: by number the reference of the request that is granted; none for the others.
        """
        products = []
        for item in items:
            item.sent += 1
            item.stated = self.day
            products.append(
                {
                    "ToewijzingNummer": item.nummer,
                    "ReferentieAanbieder": (references or {}).get(item.nummer),
                    "Product": item.product,
                    "Toewijzingsdatum": self.day,
                    "Toewijzingstijd": f"{9 + item.sent % 10:02}:{self.next_number() % 60:02}:00",
                    "Ingangsdatum": item.ingang,
                    "Einddatum": item.einde,
                    "RedenWijziging": item.reden,
                    "Omvang": item.omvang,
                    "Budget": item.budget,
                }
            )
        client = _short_client(items[0].child)
        client["Naam"]["NaamGebruik"] = "1"
        client["Contactgegevens"] = {"Contact": [contact()]}
        client["ToegewezenProducten"] = {"ToegewezenProduct": products}
        return self.send("JW301", {"Client": client})

    def start(self, *items: tuple[Toewijzing, datetime.date], status: str = "1") -> Sent:
        """A JW305: these start on these days; status 3 takes the start back."""
        products = [
            {**_delivery(item, begin), "StatusAanlevering": status} for item, begin in items
        ]
        client = _short_client(items[0][0].child)
        client["StartProducten"] = {"StartProduct": products}
        return self.send("JW305", {"Client": client})

    def stop(
        self,
        *items: tuple[Toewijzing, datetime.date, datetime.date, str],
        status: str = "1",
    ) -> Sent:
        """A JW307: these, started on these days, stop on these days for these reasons."""
        products = [
            {
                **_delivery(item, begin),
                "RedenBeeindiging": reden,
                "Einddatum": einde,
                "StatusAanlevering": status,
            }
            for item, begin, einde, reden in items
        ]
        client = _short_client(items[0][0].child)
        client["StopProducten"] = {"StopProduct": products}
        return self.send("JW307", {"Client": client})

    # --- declaraties ------------------------------------------------------------------------------

    def line(
        self,
        item: Toewijzing,
        month: datetime.date,
        volume: int,
        tarief: int | None = 9_000,
        eenheid: str | None = None,
        code: str | None = None,
    ) -> Line:
        """A debit for one month of a toewijzing, with the period that the standard wants."""
        begin, einde = period(item, month)
        bedrag = volume if tarief is None else volume * tarief
        unit = eenheid or item.eenheid
        number = f"P{self.next_number():07}"
        return Line(item, begin, einde, volume, unit, tarief, bedrag, number, code=code)

    def credit(self, line: Line) -> Line:
        """A credit of an earlier line."""
        return Line(**{**vars(line), "nummer": f"P{self.next_number():07}", "vorig": line.nummer})

    def declare(
        self, month: datetime.date, lines: Sequence[Line], number: str | None = None
    ) -> Sent:
        """A JW323 over a month."""
        clients: dict[int, list[Content]] = {}
        for item in lines:
            clients.setdefault(item.toewijzing.child, []).append(item.content)
        total = sum(-item.bedrag if item.vorig else item.bedrag for item in lines)
        declaratie = {
            "DeclaratieNummer": number or f"D{self.next_number():06}",
            "DeclaratiePeriode": {"Begindatum": month.replace(day=1), "Einddatum": last_day(month)},
            "DeclaratieDagtekening": self.day,
            "TotaalIngediendBedrag": _total(total),
            "Clienten": {
                "Client": [
                    {"Bsn": bsn(child), "Prestaties": {"Prestatie": prestaties}}
                    for child, prestaties in clients.items()
                ]
            },
        }
        return self.send("JW323", {"Declaratie": declaratie})

    def reply(self, declaratie: Sent, refused: Mapping[str, str] | None = None) -> Sent:
        """A JW325 that grants a declaratie, without the prestaties in ``refused`` (number and code)."""
        wrong = refused or {}
        source = declaratie.content["Declaratie"]
        clients, total = [], 0
        for client in source["Clienten"]["Client"]:
            found = []
            for prestatie in client["Prestaties"]["Prestatie"]:
                code = wrong.get(prestatie["ProductReferentie"]["ReferentieNummer"])
                if code is None:
                    continue
                money = prestatie["IngediendBedrag"]
                total += money["Bedrag"] * (-1 if money["DebetCredit"] == "C" else 1)
                found.append({**prestatie, "RetourCodes": {"RetourCode": [code]}})
            if found:
                clients.append(
                    {
                        "Bsn": client["Bsn"],
                        "Prestaties": {"Prestatie": found},
                        "RetourCodes": {"RetourCode": ["0200"]},
                    }
                )
        asked = source["TotaalIngediendBedrag"]
        signed = asked["TotaalBedrag"] * (-1 if asked["DebetCredit"] == "C" else 1)
        answer: Content = {
            "DeclaratieNummer": source["DeclaratieNummer"],
            "TotaalIngediendBedrag": dict(asked),
            "TotaalToegekendBedrag": _total(signed - total),
            **({"Clienten": {"Client": clients}} if clients else {}),
            "RetourCodes": {"RetourCode": ["0200" if clients else "8001"]},
        }
        more = {
            "DeclaratieIdentificatie": dict(declaratie.content["Header"]["BerichtIdentificatie"]),
            "XsdVersieDeclaratie": dict(_VERSIONS),
            "RetourCodes": {"RetourCode": ["0200"]},
        }
        return self.send("JW325", {"DeclaratieAntwoord": answer}, more)

    # --- all messages -----------------------------------------------------------------------------

    def refuse(self, message: Sent, code: str = "0001") -> Sent:
        """A return message that refuses a JW301 to JW319 as a whole, with a code in its Header."""
        return self._return(message, {"RetourCodes": {"RetourCode": [code]}})

    def accept(self, message: Sent) -> Sent:
        """A return message that accepts a JW301 to JW319."""
        return self._return(message, {})

    def _return(self, message: Sent, more: Content) -> Sent:
        release = load_release()
        kind = release.messages[message.kind].reactie or ""
        header = {
            **{
                name: message.content["Header"][name]
                for name in ("BerichtVersie", "BerichtSubversie", "Afzender", "Ontvanger")
            },
            "BerichtCode": release.messages[kind].berichtcode,
            "BerichtIdentificatie": dict(message.content["Header"]["BerichtIdentificatie"]),
            "XsdVersie": dict(_VERSIONS),
            "IdentificatieRetour": f"R{self.next_number():06}",
            "DagtekeningRetour": self.day,
            "XsdVersieRetour": dict(_VERSIONS),
            **more,
        }
        item = Sent(kind, kind, {"Header": header})
        self.sent.append(item)
        return item

    def send(self, kind: str, body: Content, more: Content | None = None) -> Sent:
        """Put a header before a body and send it today."""
        message = load_release().messages[kind]
        parties = (self.gemeente, self.aanbieder)
        sender, receiver = parties if message.van == "gemeente" else parties[::-1]
        header = {
            "BerichtCode": message.berichtcode,
            "BerichtVersie": "3",
            "BerichtSubversie": "2",
            "Afzender": sender,
            "Ontvanger": receiver,
            "BerichtIdentificatie": {
                "Identificatie": f"B{self.next_number():07}",
                "Dagtekening": self.day,
            },
            "XsdVersie": dict(_VERSIONS),
            **(more or {}),
        }
        item = Sent(kind, kind, {"Header": header, **body})
        self.sent.append(item)
        return item


def bsn(child: int) -> str:
    """The test BSN of a made-up child."""
    return own_bsns()[child]


def last_day(day: datetime.date) -> datetime.date:
    """The last day of the month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def next_month(day: datetime.date) -> datetime.date:
    """The first day of the next month."""
    return last_day(day) + _DAY


def period(item: Toewijzing, month: datetime.date) -> tuple[datetime.date, datetime.date]:
    """The productperiode of a toewijzing in a month (iJw 3.2, TR387 and TR388)."""
    return max(month.replace(day=1), item.ingang), min(last_day(month), item.einde or _OPEN)


def _short_client(child: int) -> Content:
    return {
        "Bsn": bsn(child),
        "Geboortedatum": {"Datum": "2013-09-21"},
        "Geslacht": "2",
        "Naam": {"Geslachtsnaam": {"Achternaam": "Proef"}, "Voorletters": "T"},
    }


def _delivery(item: Toewijzing, begin: datetime.date) -> Content:
    return {
        "ToewijzingNummer": item.nummer,
        "Product": item.product,
        "ToewijzingIngangsdatum": item.ingang,
        "Begindatum": begin,
    }


def _total(cents: int) -> Content:
    return {"TotaalBedrag": abs(cents), "DebetCredit": "C" if cents < 0 else "D"}


# --- a random story -------------------------------------------------------------------------------


@dataclass
class _Care:
    """A toewijzing with what is delivered on it."""

    item: Toewijzing
    begun: datetime.date
    stopped: bool = False
    lines: list[Line] = field(default_factory=list)


def simulate(seed: int, children: int = 2, months: int = 4) -> Story:
    """A random story in which everything goes by the rules.

    Args:
        seed: the same seed gives the same story.
        children: how many children get help.
        months: over how many months is declared.
    """
    rng = random.Random(seed)
    story = Story(day=datetime.date(2025, 12, 1) + datetime.timedelta(rng.randrange(20)))
    cares: list[_Care] = []
    for child in range(children):
        cares += _begin(story, rng, child)
        story.wait(rng.randint(1, 3))
    month = datetime.date(2026, 1, 1)
    for _ in range(months):
        story.day = max(story.day, next_month(month) + datetime.timedelta(rng.randint(0, 8)))
        _maybe_change(story, rng, cares, month)
        _declare(story, rng, cares, month)
        month = next_month(month)
    return story


def _begin(story: Story, rng: random.Random, child: int) -> list[_Care]:
    """One or two toewijzingen of a child, asked for or not, and their starts."""
    items = []
    for category, code in rng.sample(standard_products(), rng.randint(1, 2)):
        ingang = datetime.date(2026, 1, 1) + datetime.timedelta(rng.choice([0, 0, 9, 14]))
        item = Toewijzing(
            nummer=10_000 + story.next_number(),
            child=child,
            categorie=category,
            code=code,
            ingang=ingang,
            einde=rng.choice([datetime.date(2026, 12, 31), datetime.date(2026, 7, 14)]),
            volume=rng.randint(8, 20),
            eenheid=rng.choice(["04", "04", "16"]),
            frequentie=rng.choice(["2", "4", "4"]),
        )
        items.append(item)
    references: dict[int, str] = {}
    if rng.random() < 0.6:
        request = story.request(items)
        references = {item.nummer: str(item.referentie) for item in items}
        if rng.random() < 0.3:
            story.accept(request)
        story.wait(2)
        if rng.random() < 0.3:
            story.answer_request(references[items[0].nummer], "2")
            story.wait(5)
    allocated = story.allocate(items, references)
    if rng.random() < 0.5:
        story.accept(allocated)
    cares = [_Care(item, max(item.ingang, story.day)) for item in items]
    story.day = max(story.day, max(care.begun for care in cares))
    story.wait(rng.randint(1, 4))
    story.start(*((care.item, care.begun) for care in cares))
    return cares


def _maybe_change(
    story: Story, rng: random.Random, cares: Sequence[_Care], month: datetime.date
) -> None:
    """A stop for good, a stop and a new start, or a longer toewijzing."""
    care = rng.choice(cares)
    if care.stopped or care.begun > month:
        return
    what = rng.random()
    end = last_day(month)
    if what < 0.2:
        story.stop((care.item, care.begun, end, "31"))
        care.stopped = True
    elif what < 0.4:
        story.stop((care.item, care.begun, end, "20"))
        story.wait(1)
        care.begun = story.day
        story.start((care.item, care.begun))
    elif what < 0.6:
        same = [other.item for other in cares if other.item.child == care.item.child]
        care.item.einde = datetime.date(2027, 1, 31)
        care.item.reden = "02"
        story.allocate(same)
        for other in same:
            other.reden = None
    story.wait(1)


def _declare(
    story: Story, rng: random.Random, cares: Sequence[_Care], month: datetime.date
) -> None:
    """What was delivered in a month, with corrections of what was granted before, and the answer."""
    lines = []
    for care in cares:
        for old in [line for line in care.lines if not line.vorig and rng.random() < 0.1]:
            lines.append(story.credit(old))
            care.lines.remove(old)
            again = story.line(
                care.item, old.begin, max(1, old.volume - 1), old.tarief, old.eenheid
            )
            lines.append(again)
            care.lines.append(again)
        begin, end = period(care.item, month)
        if care.stopped or begin > end or care.begun > end:
            continue
        volume = rng.randint(1, int(care.item.volume or 1))
        line = story.line(care.item, month, volume)
        if care.item.eenheid == "04" and rng.random() < 0.3:
            line = story.line(care.item, month, volume * 60 - 15, tarief=150, eenheid="01")
        lines.append(line)
        care.lines.append(line)
    if not lines:
        return
    declaratie = story.declare(month, lines)
    story.wait(rng.randint(2, 6))
    debits = [line for line in lines if not line.vorig]
    wrong = {}
    if rng.random() < 0.3:
        refused = rng.choice(debits)
        wrong = {refused.nummer: "9340"}
        for care in cares:
            care.lines = [line for line in care.lines if line.nummer != refused.nummer]
    story.reply(declaratie, wrong)
    story.wait(1)
