"""Why a declaratie was refused: per code in a JW325 the rule behind it, and what was compared with what."""

import datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from inkoopcheck.findings.model import Afwijking, Bestand, Dossierstand, VergelekenContract


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Codeuitleg(_Model):
    """One retourcode with what lies behind it."""

    code: str
    betekenis: str
    regels: list[str] = Field(description="De regels van de standaard met deze code.")
    oorzaken: list[Afwijking] = Field(
        description="Wat inkoopcheck in de declaratie vindt bij deze code, naast het dossier."
    )
    herstel: list[str] = Field(
        description="Wat te doen; uit de gevonden oorzaken, of anders uit de regels met deze code."
    )


class AfgewezenPrestatie(_Model):
    """A prestatie that a JW325 refuses."""

    client_nr: int | None
    referentie_nummer: str | None
    toewijzing: int | None
    productcode: str | None
    begindatum: datetime.date | None
    einddatum: datetime.date | None
    bedrag: Decimal | None = Field(description="In euro; een creditregel is negatief.")
    codes: list[Codeuitleg]
    vervolg: str = Field(description="Hoe u deze prestatie opnieuw indient.")


class Verklaring(_Model):
    """What a JW325 refuses, and why."""

    bestand: Bestand
    identificatie: str | None = Field(description="Identificatie van het JW325.")
    declaratie: str | None = Field(description="Identificatie van het JW323 dat is beantwoord.")
    declaratie_gevonden: bool
    samenvatting: str
    geheel: list[Codeuitleg] = Field(
        description="Codes bij de kop of de declaratie: dan is alles afgewezen."
    )
    prestaties: list[AfgewezenPrestatie]
    dossier: Dossierstand | None = None
    vergeleken_contracten: list[VergelekenContract] = Field(default_factory=list)
    gemaakt_op: datetime.datetime
    versie: str

    @property
    def refused(self) -> bool:
        """Is anything refused?"""
        return bool(self.geheel or self.prestaties)
