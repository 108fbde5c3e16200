"""The result of a check: deviations (afwijkingen), what was read, and which rules ran.

Reports read these objects and compute nothing of their own. Field names are Dutch: they are the
keys of the JSON report, whose schema is published in ``docs/resultaat.schema.json``.
"""

import datetime
import hashlib
import re
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Ernst(StrEnum):
    """Severity, from a question for support up to a breach of a binding norm."""

    AANDACHTSPUNT = "aandachtspunt"
    WAARSCHUWING = "waarschuwing"
    FOUT = "fout"

    @property
    def rank(self) -> int:
        return list(Ernst).index(self)


class Zekerheid(StrEnum):
    """How certain the norm is; only V and L may make a deviation a ``fout``."""

    GELEZEN = "V"
    DEELS = "D"
    AFGELEID = "A"
    NIET_GEVERIFIEERD = "N"
    LOGISCH = "L"


ZEKERHEID_UITLEG = {
    Zekerheid.GELEZEN: "gelezen in de bron zelf",
    Zekerheid.DEELS: "deels of uit de tweede hand gelezen",
    Zekerheid.AFGELEID: "eigen gevolgtrekking, geen geschreven norm",
    Zekerheid.NIET_GEVERIFIEERD: "niet te controleren",
    Zekerheid.LOGISCH: "volgt uit de gegevens zelf",
}


class Status(StrEnum):
    """What kind of norm it is."""

    WETTELIJK = "wettelijk"
    STANDAARD = "standaard"
    CONVENANT = "convenant"
    STREEFWAARDE = "streefwaarde"
    AANNAME = "aanname"
    GEGEVENS = "gegevens"


class Uitkomst(StrEnum):
    """What became of a rule in this run. Only ``uitgevoerd`` without deviations is a pass."""

    UITGEVOERD = "uitgevoerd"
    NIET_VAN_TOEPASSING = "niet van toepassing"
    NIET_TE_BEPALEN = "niet te bepalen"
    UITGESCHAKELD = "uitgeschakeld"
    MISLUKT = "mislukt"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


_PATH_PART = re.compile(r"(\w+)(?:\[(\d+)\])?")


class Plaats(_Model):
    """Where something stands: in a workbook the sheet and cell, in a message the element.

    A client is named by its number in the message, never by its BSN.
    """

    bestand: str
    blad: str | None = None
    cel: str | None = None
    pad: str | None = Field(default=None, description="Pad van het element in een bericht.")
    regelnummer: int | None = Field(default=None, description="Regel in het bericht.")
    client_nr: int | None = Field(default=None, description="De hoeveelste cliënt in het bericht.")

    @property
    def label(self) -> str:
        """``Tarieven!D17``, ``Client 3, Prestatie 2, Eenheid (regel 88)``, or the file."""
        if self.pad is not None:
            line = f" (regel {self.regelnummer})" if self.regelnummer else ""
            return f"{_short_path(self.pad)}{line}"
        if self.blad is None:
            return self.bestand
        return f"{self.blad}!{self.cel}" if self.cel else self.blad


def _short_path(path: str) -> str:
    """The parts of a path that tell something: those with a number, and the last."""
    parts = _PATH_PART.findall(path)
    told = [f"{name} {number}" for name, number in parts[:-1] if number]
    for name, number in parts[-1:]:
        told.append(f"{name} {number}".rstrip())
    return ", ".join(told)


class Normvermelding(_Model):
    """The norm behind a rule: its source, how binding and how certain it is."""

    bron: str
    status: Status
    zekerheid: Zekerheid
    url: str | None = None
    toelichting: str | None = None


class Uitleg(_Model):
    """Why a deviation was accepted: pas toe of leg uit."""

    reden: str
    door: str
    tot: datetime.date | None = None
    plaats: Plaats


class Afwijking(_Model):
    """One deviation from one rule in one place."""

    regel: str
    familie: str
    titel: str
    ernst: Ernst
    melding: str
    plaats: Plaats
    ook: list[Plaats] = Field(default_factory=list, description="Andere cellen die meedoen.")
    gevonden: str
    verwacht: str
    waarom: str
    norm: Normvermelding
    herstel: str
    gemeente: str | None = None
    contract: str | None = None
    bericht: str | None = Field(default=None, description="Identificatie van het bericht.")
    productcode: str | None = None
    retourcode: str | None = None
    bedrag: Decimal | None = Field(default=None, description="Het geld waar het om gaat, in euro.")
    voorbehoud: str | None = Field(
        default=None, description="Waarom deze afwijking misschien niet klopt."
    )
    uitgelegd: Uitleg | None = None

    @property
    def vingerafdruk(self) -> str:
        """A key made of content, not of row numbers: the same deviation keeps it over time."""
        where = self.contract or self.bericht or ""
        parts = [self.regel, where, self.productcode or "", self.gevonden]
        if self.plaats.pad is not None:
            parts.append(self.plaats.pad)
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


class Regeluitkomst(_Model):
    """What became of one rule: rows checked, rows it could not decide, deviations."""

    regel: str
    titel: str
    familie: str
    ernst: Ernst
    uitkomst: Uitkomst
    reden: str | None = None
    gecontroleerd: int = 0
    niet_te_bepalen: int = 0
    afwijkingen: int = 0


class Weglating(_Model):
    """Rows of a sheet that were read but not used, and why."""

    reden: str
    rijen: list[int]


class Kolomlezing(_Model):
    """How a column (or, in an upright sheet, a label) was understood."""

    kolom: str
    kop: str
    veld: str | None = None
    toelichting: str | None = None


class Bladlezing(_Model):
    """What was read of one sheet."""

    blad: str
    soort: str = Field(description="Tabel waarin de rijen kwamen, of 'niet herkend'.")
    kopregels: list[int] = Field(default_factory=list)
    rijen_gelezen: int = 0
    rijen_gebruikt: int = 0
    records: int = Field(default=0, description="Aantal records dat uit de rijen kwam.")
    weggelaten: list[Weglating] = Field(default_factory=list)
    kolommen: list[Kolomlezing] = Field(default_factory=list)
    verborgen: list[str] = Field(
        default_factory=list, description="Verborgen blad, kolommen en rijen; wel gelezen."
    )
    opmerkingen: list[str] = Field(default_factory=list)


class Kerncijfer(_Model):
    """A figure of the contract, such as the share of standard codes."""

    naam: str
    titel: str
    waarde: Decimal | None
    eenheid: str
    toelichting: str


class Bestand(_Model):
    """An input file: its name (never its path), its size and its SHA-256."""

    naam: str
    soort: str
    bytes: int
    sha256: str


class Contractresultaat(_Model):
    """Everything about one contract workbook."""

    bestand: Bestand
    contract: str | None = None
    gemeente: str | None = None
    aanbieder: str | None = None
    periode: str | None = None
    bladen: list[Bladlezing]
    afwijkingen: list[Afwijking]
    regels: list[Regeluitkomst]
    kerncijfers: list[Kerncijfer]

    def count(self, ernst: Ernst) -> int:
        """Number of deviations of this severity that are not explained."""
        return sum(1 for a in self.afwijkingen if a.ernst is ernst and a.uitgelegd is None)

    @property
    def explained(self) -> int:
        """Number of deviations with a valid explanation."""
        return sum(1 for a in self.afwijkingen if a.uitgelegd is not None)

    @property
    def not_run(self) -> list[Regeluitkomst]:
        """Rules that could not be decided; never a pass."""
        return [
            r
            for r in self.regels
            if r.uitkomst in (Uitkomst.NIET_TE_BEPALEN, Uitkomst.MISLUKT, Uitkomst.UITGESCHAKELD)
        ]


class NietGetoond(_Model):
    """Deviations of one rule in one message that were counted, but are not in the list."""

    regel: str
    ernst: Ernst
    aantal: int


class Berichtresultaat(_Model):
    """Everything about one message."""

    bestand: Bestand
    berichtsoort: str
    omschrijving: str
    release: str
    identificatie: str | None = None
    dagtekening: datetime.date | None = None
    gemeente: str | None = None
    aanbieder: str | None = None
    omhulsel: str | None = Field(
        default=None, description="Wat er om het bericht heen stond, zoals een SOAP-envelop."
    )
    xsd_geldig: bool
    schemafouten: int = Field(
        description="Alle fouten tegen het schema, ook die niet zijn getoond."
    )
    clienten: int
    regels: int = Field(description="Aantal producten, prestaties of antwoorden in het bericht.")
    retourbericht: str | None = Field(
        default=None, description="Soort bericht dat teruggaat, zoals JW302; leeg als er geen is."
    )
    retour: str = Field(description="Wat er teruggaat en waarom, in een of twee zinnen.")
    afwijkingen: list[Afwijking]
    niet_getoond: list[NietGetoond] = Field(
        default_factory=list,
        description="Afwijkingen boven het maximum per regel: wel geteld, niet getoond.",
    )

    def count(self, ernst: Ernst) -> int:
        """Number of deviations of this severity, also those that are not shown."""
        more = sum(item.aantal for item in self.niet_getoond if item.ernst is ernst)
        return more + sum(1 for a in self.afwijkingen if a.ernst is ernst)

    @property
    def left_out(self) -> int:
        """Number of deviations that were counted, but are not in the list."""
        return sum(item.aantal for item in self.niet_getoond)


class Onbruikbaar(_Model):
    """A file that could not be used, with the reason in one Dutch sentence."""

    bestand: str
    reden: str


class Overschreven(_Model):
    """A parameter, severity or rule that the user changed for this run."""

    wat: str
    was: str
    nu: str
    reden: str | None = None


class Resultaat(_Model):
    """The result of one run over one or more workbooks or messages."""

    versie: str
    regelversie: str = Field(description="Vingerafdruk van alle regelbestanden samen.")
    gemaakt_op: datetime.datetime
    peildatum: datetime.date
    controle: Literal["contract", "bericht"] = Field(
        default="contract",
        description="Wat er is gecontroleerd, ook als geen bestand te lezen was.",
    )
    overschreven: list[Overschreven] = Field(default_factory=list)
    contracten: list[Contractresultaat] = Field(default_factory=list)
    berichten: list[Berichtresultaat] = Field(default_factory=list)
    berichtregels: list[Regeluitkomst] = Field(
        default_factory=list, description="Wat er van elke regel werd, over alle berichten samen."
    )
    onbruikbaar: list[Onbruikbaar] = Field(default_factory=list)

    def worst(self) -> Ernst | None:
        """The highest severity among deviations that are not explained."""
        found = {a.ernst for c in self.contracten for a in c.afwijkingen if a.uitgelegd is None}
        found |= {a.ernst for b in self.berichten for a in b.afwijkingen}
        return max(found, key=lambda ernst: ernst.rank, default=None)

    @property
    def left_out(self) -> dict[str, int]:
        """Per rule how many deviations were counted, but are in no list."""
        found: dict[str, int] = {}
        for message in self.berichten:
            for item in message.niet_getoond:
                found[item.regel] = found.get(item.regel, 0) + item.aantal
        return found

    @property
    def regels(self) -> list[Regeluitkomst]:
        """The rules on messages, as a contract has its own."""
        return self.berichtregels

    @property
    def not_run(self) -> list[Regeluitkomst]:
        """Rules on messages that could not be decided; never a pass."""
        return [
            r
            for r in self.berichtregels
            if r.uitkomst in (Uitkomst.NIET_TE_BEPALEN, Uitkomst.MISLUKT, Uitkomst.UITGESCHAKELD)
        ]
