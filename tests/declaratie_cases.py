"""Toewijzingen, declaraties and their answers as plain data, and the messages that say so.

The tests of the rules of the keten put them in files; ``tests/declaratie_oracle.py`` reads the data itself.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cases import Content, make_content, own_bsns, to_element
from benchmarks.messages import to_bytes
from inkoopcheck.schemas.structure import load_release

GEMEENTE, ANDERE_GEMEENTE = "0384", "0363"
AANBIEDER, ANDERE_AANBIEDER = "98765432", "65656055"
KIND, ANDER_KIND = own_bsns()[0], own_bsns()[1]
_VERSIONS = {"BasisschemaXsdVersie": "0.1.0", "BerichtXsdVersie": "0.1.0"}


def dag(text: str) -> datetime.date:
    """A day, written as in a message."""
    return datetime.date.fromisoformat(text)


def laatste(day: datetime.date) -> datetime.date:
    """The last day of the month of a day."""
    following = (day.replace(day=28) + datetime.timedelta(4)).replace(day=1)
    return following - datetime.timedelta(1)


@dataclass(frozen=True)
class Toewijzing:
    """One version of a toewijzing; eight hours a month when nothing else is said."""

    nummer: int = 7
    ingang: datetime.date = datetime.date(2026, 1, 1)
    einde: datetime.date | None = None
    categorie: str | None = "45"
    code: str | None = "45A48"
    volume: int | None = 8
    eenheid: str | None = "04"
    frequentie: str | None = "4"
    budget: int | None = None
    reden: str | None = None
    moment: datetime.datetime = datetime.datetime(2025, 12, 1, 12)
    bsn: str = KIND

    @property
    def content(self) -> Content:
        """The element ToegewezenProduct."""
        product = {"Categorie": self.categorie, "Code": self.code}
        omvang = {"Volume": self.volume, "Eenheid": self.eenheid, "Frequentie": self.frequentie}
        return {
            "ToewijzingNummer": self.nummer,
            "Product": product if self.categorie else None,
            "Toewijzingsdatum": self.moment.date(),
            "Toewijzingstijd": f"{self.moment:%H:%M:%S}",
            "Ingangsdatum": self.ingang,
            "Einddatum": self.einde,
            "RedenWijziging": self.reden,
            "Omvang": omvang if self.volume is not None else None,
            "Budget": self.budget,
        }


@dataclass(frozen=True)
class Jw301:
    """A message with one toewijzing; ``geweigerd``: there is a JW302 that refuses it."""

    toewijzing: Toewijzing
    identificatie: str = "T1"
    gemeente: str = GEMEENTE
    aanbieder: str = AANBIEDER
    geweigerd: bool = False

    def messages(self) -> dict[str, bytes]:
        """The files, by name."""
        dated = self.toewijzing.moment.date()
        content = make_content("JW301", day=dated)
        content["Header"] |= _header(self.identificatie, dated, self.gemeente, self.aanbieder)
        content["Client"]["Bsn"] = self.toewijzing.bsn
        content["Client"]["ToegewezenProducten"]["ToegewezenProduct"] = [self.toewijzing.content]
        found = {f"{self.identificatie}_JW301.xml": _bytes("JW301", content)}
        if self.geweigerd:
            header = {
                **content["Header"],
                "BerichtCode": "437",
                "IdentificatieRetour": f"R{self.identificatie}",
                "DagtekeningRetour": dated,
                "XsdVersieRetour": dict(_VERSIONS),
                "RetourCodes": {"RetourCode": ["0001"]},
            }
            found[f"{self.identificatie}_JW302.xml"] = _bytes("JW302", {"Header": header})
        return found


@dataclass(frozen=True)
class Prestatie:
    """A line of a declaratie: six hours in January 2026 when nothing else is said."""

    referentie: str = "R1"
    vorig: str | None = None
    toewijzing: int = 7
    categorie: str = "45"
    code: str = "45A48"
    begin: datetime.date = datetime.date(2026, 1, 1)
    einde: datetime.date = datetime.date(2026, 1, 31)
    volume: int = 6
    eenheid: str = "04"
    tarief: int = 100
    bsn: str = KIND

    @property
    def credit(self) -> bool:
        """Does it take another one back?"""
        return self.vorig is not None

    @property
    def bedrag(self) -> int:
        """The amount in cents, without a sign."""
        return self.volume if self.eenheid == "83" else self.volume * self.tarief

    @property
    def saldo(self) -> int:
        """The amount in cents, with its sign."""
        return -self.bedrag if self.credit else self.bedrag

    @property
    def content(self) -> Content:
        """The element Prestatie."""
        reference = {"ReferentieNummer": self.referentie, "VorigReferentieNummer": self.vorig}
        return {
            "ProductReferentie": reference,
            "ToewijzingNummer": self.toewijzing,
            "ProductCategorie": self.categorie,
            "ProductCode": self.code,
            "ProductPeriode": {"Begindatum": self.begin, "Einddatum": self.einde},
            "GeleverdVolume": self.volume,
            "Eenheid": self.eenheid,
            "ProductTarief": None if self.eenheid == "83" else self.tarief,
            "IngediendBedrag": {
                "Bedrag": self.bedrag,
                "DebetCredit": "C" if self.credit else "D",
            },
        }


@dataclass(frozen=True)
class Antwoord:
    """What a JW325 says: a code that refuses the whole, or the numbers of the prestaties that it refuses."""

    header: str = "0200"
    declaratie: str = "0200"
    afgewezen: tuple[str, ...] = ()

    @property
    def geheel_geweigerd(self) -> bool:
        """Is the whole declaratie refused?"""
        return (self.header, self.declaratie) != ("0200", "0200")


@dataclass(frozen=True)
class Declaratie:
    """A JW323, with its JW325 when there is one."""

    prestaties: tuple[Prestatie, ...] = (Prestatie(),)
    identificatie: str = "D2"
    nummer: str = "N2"
    maand: datetime.date = datetime.date(2026, 1, 1)
    dagtekening: datetime.date = datetime.date(2026, 6, 1)
    gemeente: str = GEMEENTE
    aanbieder: str = AANBIEDER
    antwoord: Antwoord | None = None
    totaal_fout: bool = False
    """Is the total wrong, so that the message is refused at level 2?"""

    @property
    def in_volgorde(self) -> list[Prestatie]:
        """The prestaties as they stand in the message: client by client."""
        clients = dict.fromkeys(prestatie.bsn for prestatie in self.prestaties)
        return [p for bsn in clients for p in self.prestaties if p.bsn == bsn]

    def jw323(self) -> bytes:
        """The declaratie as a message."""
        header = {"BerichtCode": "490", "BerichtVersie": "3", "BerichtSubversie": "2"}
        header |= _header(self.identificatie, self.dagtekening, self.aanbieder, self.gemeente)
        total = sum(p.saldo for p in self.prestaties) + self.totaal_fout
        declaratie = {
            "DeclaratieNummer": self.nummer,
            "DeclaratiePeriode": {"Begindatum": self.maand, "Einddatum": laatste(self.maand)},
            "DeclaratieDagtekening": self.dagtekening,
            "TotaalIngediendBedrag": _total(total),
            "Clienten": {"Client": _clients(self.in_volgorde)},
        }
        return _bytes("JW323", {"Header": header, "Declaratie": declaratie})

    def jw325_content(self) -> Content:
        """The content of the answer, to change before it becomes a message."""
        assert self.antwoord is not None
        answer = self.antwoord
        header = {"BerichtCode": "491", "BerichtVersie": "3", "BerichtSubversie": "2"}
        header |= _header(f"A{self.identificatie}", self.dagtekening, self.gemeente, self.aanbieder)
        header |= {
            "DeclaratieIdentificatie": {
                "Identificatie": self.identificatie,
                "Dagtekening": self.dagtekening,
            },
            "XsdVersieDeclaratie": dict(_VERSIONS),
            "RetourCodes": {"RetourCode": [answer.header]},
        }
        if answer.header != "0200":
            return {"Header": header}
        asked = sum(p.saldo for p in self.prestaties)
        refused = [p for p in self.in_volgorde if p.referentie in answer.afgewezen]
        granted = asked - sum(p.saldo for p in refused)
        code = answer.declaratie
        if code == "0200" and not refused:
            code = "8001"
        body = {
            "DeclaratieNummer": self.nummer,
            "TotaalIngediendBedrag": _total(asked),
            "TotaalToegekendBedrag": _total(0 if answer.geheel_geweigerd else granted),
            "Clienten": {"Client": _clients(refused, code="9338")} if refused else None,
            "RetourCodes": {"RetourCode": [code]},
        }
        return {"Header": header, "DeclaratieAntwoord": body}

    def messages(self) -> dict[str, bytes]:
        """The files, by name: the declaratie and its answer."""
        found = {f"{self.identificatie}_JW323.xml": self.jw323()}
        if self.antwoord is not None:
            found[f"{self.identificatie}_JW325.xml"] = _bytes("JW325", self.jw325_content())
        return found


def message(kind: str, content: Content) -> bytes:
    """A message with this content."""
    return _bytes(kind, content)


def write(folder: Path, items: Iterable[Jw301 | Declaratie]) -> list[Path]:
    """Write the messages to a folder and give their files."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for item in items:
        for name, content in item.messages().items():
            paths.append(folder / name)
            paths[-1].write_bytes(content)
    return paths


def _header(identificatie: str, day: datetime.date, sender: str, receiver: str) -> Content:
    return {
        "Afzender": sender,
        "Ontvanger": receiver,
        "BerichtIdentificatie": {"Identificatie": identificatie, "Dagtekening": day},
        "XsdVersie": dict(_VERSIONS),
    }


def _clients(prestaties: Sequence[Prestatie], code: str | None = None) -> list[Content]:
    clients: dict[str, list[Content]] = {}
    for prestatie in prestaties:
        line = prestatie.content
        if code:
            line["RetourCodes"] = {"RetourCode": [code]}
        clients.setdefault(prestatie.bsn, []).append(line)
    more = {"RetourCodes": {"RetourCode": ["0200"]}} if code else {}
    return [
        {"Bsn": bsn, "Prestaties": {"Prestatie": lines}, **more} for bsn, lines in clients.items()
    ]


def _total(cents: int) -> Content:
    return {"TotaalBedrag": abs(cents), "DebetCredit": "C" if cents < 0 else "D"}


def _bytes(kind: str, content: Content) -> bytes:
    return to_bytes(to_element(load_release().messages[kind], content))
