"""A computed tariff, step by step, and an offered tariff beside it. Reports read these objects."""

from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from inkoopcheck.dutch import format_euro, format_number, format_percentage
from inkoopcheck.findings.place import Plaats

CENT = Decimal("0.01")


Figure = Annotated[
    Decimal, PlainSerializer(lambda value: format(value, "f"), return_type=str, when_used="json")
]
"""A decimal that JSON shows written out: 1E+3 is a number to Python, but not to every reader."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Invoerwaarde(_Model):
    """A figure that went into a computation, and where it came from."""

    naam: str
    titel: str
    eenheid: str
    waarde: Figure | None
    functie: str | None = Field(
        default=None, description="Bij welke functie; leeg bij het product."
    )
    herkomst: str = Field(description="opgegeven, parameter of standaard.")
    bron: str | None = None
    status: str | None = None
    laag: Figure | None = None
    hoog: Figure | None = None


class Rekenstap(_Model):
    """One step: what it is called, how it is computed and what comes out, not rounded."""

    naam: str
    titel: str
    eenheid: str
    formule: str
    ingevuld: str = Field(
        description="De formule met de cijfers erin; bij meer functies van de mix."
    )
    waarde: Figure | None
    bron: str
    element: str | None = Field(
        default=None,
        description="Kostprijselement a, b, c of d van het Besluit Jeugdwet, of risico.",
    )
    per_functie: list[Figure | None] = Field(default_factory=list)


class Eenheidstarief(_Model):
    """The tariff in one unit, in euros and cents."""

    eenheid: str
    bedrag: Figure
    uitleg: str


class Berekening(_Model):
    """The computation of one product from salary to tariff."""

    productcode: str | None
    omschrijving: str | None
    niveau: str | None
    vorm: str | None
    jaar: int
    prijspeil: int
    plaats: Plaats | None
    functies: list[str]
    invoer: list[Invoerwaarde]
    stappen: list[Rekenstap]
    laag: Figure | None
    midden: Figure | None
    hoog: Figure | None
    tarieven: list[Eenheidstarief]
    mist: list[str] = Field(description="Wat nog nodig is om te rekenen.")
    niet_meegeteld: list[str] = Field(description="Kosten die op nul staan omdat niemand ze gaf.")

    @property
    def naam(self) -> str:
        parts = [self.productcode, self.omschrijving]
        name = " ".join(part for part in parts if part) or "product zonder code"
        return f"{name} ({self.niveau})" if self.niveau else name


class Oordeel(StrEnum):
    """Where an offered tariff lies."""

    ONDER = "onder de bandbreedte"
    BINNEN = "binnen de bandbreedte"
    BOVEN = "boven de bandbreedte"
    ONBEKEND = "niet te bepalen"


class Tarieftoets(_Model):
    """An offered tariff beside the recomputed one."""

    productcode: str | None
    omschrijving: str | None
    niveau: str | None
    jaar: int | None
    eenheid: str | None
    plaats: Plaats
    aangeboden: Figure
    laag: Figure | None = None
    midden: Figure | None = None
    hoog: Figure | None = None
    bron: str | None = Field(default=None, description="kostprijs of tariefopbouw.")
    oordeel: Oordeel
    reden: str | None = None
    tekort: Figure | None = Field(
        default=None, description="Euro per eenheid onder de bandbreedte."
    )
    volume: Figure | None = None
    tekort_jaar: Figure | None = Field(
        default=None, description="Het tekort maal het volume per jaar."
    )
    verklaring: str | None = Field(
        default=None, description="Wat het verschil het meest verklaart."
    )
    niet_meegeteld: list[str] = Field(default_factory=list)

    @property
    def naam(self) -> str:
        parts = [self.productcode, self.omschrijving]
        name = " ".join(part for part in parts if part) or "product zonder code"
        return f"{name} ({self.niveau})" if self.niveau else name


def value_text(value: Decimal | None, unit: str) -> str:
    """A value of an input or step as people write it: euros in cents, other figures in four decimals."""
    if value is None:
        return "ontbreekt"
    if unit.startswith("euro"):
        rounded = value.quantize(CENT, ROUND_HALF_UP)
        return format_euro(rounded)
    if unit == "schakelaar":
        return "ja" if value else "nee"
    rounded = value.quantize(Decimal("0.0001"), ROUND_HALF_UP)
    if unit.startswith("procent"):
        return format_percentage(rounded)
    return f"{format_number(rounded)} {unit}".rstrip()
