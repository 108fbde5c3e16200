"""The result of a check: deviations (afwijkingen), what was read, and which rules ran.

Reports read these objects and compute nothing of their own. Field names are Dutch: they are the
keys of the JSON report, whose schema is published in ``docs/resultaat.schema.json``.
"""

import datetime
import hashlib
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from inkoopcheck.findings.calculation import Berekening, Tarieftoets
from inkoopcheck.findings.place import Plaats


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


class Lastenuitkomst(_Model):
    """Minutes of administration of one party in one layer, against its working time.

    Shares are percentages, rounded to show; ``boven_streefwaarde`` compares unrounded.
    """

    laag: str = Field(description="LD-1 eigen eisen, LD-2 het hele contract, LD-3 gemeten.")
    titel: str
    partij: str
    minuten: Decimal | None = Field(default=None, description="Minuten per jaar, midden.")
    minuten_laag: Decimal | None = None
    minuten_hoog: Decimal | None = None
    werktijd: Decimal | None = Field(
        default=None, description="Netto werkbare minuten van deze partij per jaar."
    )
    aandeel: Decimal | None = Field(default=None, description="Procent van de netto werktijd.")
    aandeel_laag: Decimal | None = None
    aandeel_hoog: Decimal | None = None
    aandeel_contracturen: Decimal | None = Field(
        default=None, description="Hetzelfde, als procent van de contracturen."
    )
    ruimte: Decimal | None = Field(
        default=None, description="Procent van de ruimte die de streefwaarde geeft."
    )
    boven_streefwaarde: bool | None = None
    reden: str | None = Field(default=None, description="Waarom het aandeel niet te bepalen is.")


class Lasteneis(_Model):
    """An act or demand that costs time, with what dropping or halving it would give."""

    naam: str
    plaats: Plaats | None = None
    herkomst: str
    grondslag: str | None = None
    lokaal: bool
    uitvoerder: str
    eenheid: str | None = None
    aantal: Decimal | None = None
    keer: Decimal | None = None
    minuten_per_keer: Decimal | None = None
    minuten_per_keer_laag: Decimal | None = None
    minuten_per_keer_hoog: Decimal | None = None
    minuten_aangenomen: bool = Field(
        description="De minuten zijn een aanname: niet gemeten door de aanbieder."
    )
    per_client: bool = Field(
        default=False, description="De minuten zijn per cliënt: het aantal cliënten is onbekend."
    )
    minuten: Decimal | None = Field(default=None, description="Minuten per jaar, van iedereen.")
    minuten_professional: Decimal | None = None
    aandeel: Decimal | None = Field(
        default=None, description="Procent van de netto werktijd van professionals."
    )
    kosten: Decimal | None = Field(default=None, description="Euro per jaar bij de aanbieder.")
    te_schrappen: bool = Field(description="Nee: wet of landelijke standaard vraagt dit.")
    winst_schrappen: Decimal | None = Field(
        default=None, description="Procentpunt dat professionals terugkrijgen."
    )
    winst_halveren: Decimal | None = None
    minuten_bij_streefwaarde: Decimal | None = Field(
        default=None,
        description="Bij zo veel minuten per keer komt het contract op de streefwaarde uit.",
    )
    aannames: list[str] = Field(default_factory=list)


class Lastenvariant(_Model):
    """What professionals would spend if the whole contract had this uitvoeringsvariant."""

    variant: str
    huidig: bool
    minuten_professional: Decimal
    aandeel: Decimal | None = None
    verschil: Decimal | None = Field(default=None, description="Procentpunt minder (of meer).")


class Lastenzet(_Model):
    """A change that gives time back; gains of several changes may overlap."""

    omschrijving: str
    minuten_professional: Decimal
    minuten: Decimal
    procentpunt: Decimal | None = None
    kosten: Decimal


class Lastenkosten(_Model):
    """Cost per year at the aanbieder, low, middle and high (standaardkostenmodel: P x Q)."""

    partij: str
    uurkosten: Decimal
    uren: Decimal
    laag: Decimal
    midden: Decimal
    hoog: Decimal


class Kostprijseffect(_Model):
    """What the hours that a contract imposes do to the cost price of a product, in euros per hour."""

    product: str
    per_uur: Decimal | None = Field(description="Door alle opgelegde uren.")
    per_uur_lokaal: Decimal | None = Field(description="Daarvan door eigen of vermijdbare eisen.")


class Lasten(_Model):
    """How much time of professionals, back office and gemeente a contract takes in administration."""

    contract: str | None = None
    variant: str
    streefwaarde: Decimal
    achtergrond: Decimal | None = None
    oordeel: str
    definities: list[str]
    aannames: list[str]
    uitkomsten: list[Lastenuitkomst]
    eisen: list[Lasteneis]
    niet_geteld: list[str]
    minuten_per_client: Decimal | None = None
    kosten: list[Lastenkosten]
    varianten: list[Lastenvariant]
    zetten: list[Lastenzet]
    uren_per_fte: Decimal | None = Field(
        default=None, description="Uren per fte per jaar die dit contract aan professionals oplegt."
    )
    uren_per_fte_lokaal: Decimal | None = Field(
        default=None, description="Daarvan door eigen of vermijdbare eisen (LD-1)."
    )
    kostprijseffecten: list[Kostprijseffect] = Field(
        default_factory=list, description="Alleen bij producten met een kostprijs per uur."
    )

    def outcome(self, layer: str, party: str = "professional") -> Lastenuitkomst | None:
        """The outcome of a layer for a party, if there is one."""
        return next((u for u in self.uitkomsten if u.laag == layer and u.partij == party), None)


class Bestand(_Model):
    """An input file: its name (never its path), its size and its SHA-256."""

    naam: str
    soort: str
    bytes: int
    sha256: str


class Contractkop(_Model):
    """Who agreed what, for how long."""

    contract: str | None = None
    gemeente: str | None = None
    aanbieder: str | None = None
    periode: str | None = None


class VergelekenContract(_Model):
    """A contract workbook that messages were put beside, with what was read of it."""

    bestand: Bestand
    contracten: list[Contractkop]
    tarieven: int = Field(description="Aantal tarieven dat is gelezen.")
    bladen: list[Bladlezing]
    leesmeldingen: int = Field(
        description="Aantal cellen dat niet of niet zeker is begrepen; inkoopcheck contract noemt ze."
    )


class Contractresultaat(Contractkop):
    """Everything about one contract workbook."""

    bestand: Bestand
    bladen: list[Bladlezing]
    afwijkingen: list[Afwijking]
    regels: list[Regeluitkomst]
    kerncijfers: list[Kerncijfer]
    tarieftoetsen: list[Tarieftoets] = Field(
        default_factory=list,
        description="Elk tarief naast het nagerekende; alleen met een kostprijs.",
    )
    berekeningen: list[Berekening] = Field(
        default_factory=list, description="Van loon naar tarief, per product met een kostprijs."
    )
    lasten: list[Lasten] = Field(
        default_factory=list,
        description="Administratieve lasten, per contract waarover iets te zeggen is.",
    )

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


class Declaratiedeel(_Model):
    """What of a declaratie is refused: of one client, toewijzing and month. Euros; a credit is negative."""

    client_nr: int | None
    toewijzing: int | None
    maand: str | None = Field(description="Maand van de prestaties, zoals 2026-04.")
    regels: int
    afgewezen_regels: int
    ingediend: Decimal
    afgewezen: Decimal


class Declaratiegeld(_Model):
    """What a declaratie asks, and what of it would be refused. Euros; a credit is negative."""

    regels: int
    afgewezen_regels: int
    ingediend: Decimal
    afgewezen: Decimal
    delen: list[Declaratiedeel] = Field(
        description="Per cliënt, toewijzing en maand; alleen waar iets is afgewezen."
    )

    @property
    def toegekend(self) -> Decimal:
        """What is left to pay."""
        return self.ingediend - self.afgewezen

    def per_month(self) -> dict[str | None, Decimal]:
        """What is refused per month."""
        found: dict[str | None, Decimal] = {}
        for part in self.delen:
            found[part.maand] = found.get(part.maand, Decimal(0)) + part.afgewezen
        return dict(sorted(found.items(), key=lambda item: item[0] or ""))


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
    geld: Declaratiegeld | None = Field(
        default=None, description="Alleen bij een JW323 dat naast een dossier is gelegd."
    )
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


class Dossierstand(_Model):
    """The earlier messages beside which messages were put."""

    naam: str
    berichten: dict[str, int] = Field(description="Aantal berichten per soort.")
    afgekeurd: int = Field(
        description="Hoeveel daarvan niet kloppen met het schema of met regels binnen het bericht."
    )
    dubbel: list[str] = Field(
        default_factory=list, description="Bestanden die er al waren; zij tellen een keer."
    )
    overgeslagen: list[Onbruikbaar] = Field(
        default_factory=list, description="Bestanden zonder bericht dat te lezen is."
    )


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
    dossier: Dossierstand | None = Field(
        default=None, description="De eerdere berichten waar de berichten naast zijn gelegd."
    )
    vergeleken_contracten: list[VergelekenContract] = Field(
        default_factory=list, description="De contracten waar de berichten naast zijn gelegd."
    )
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
