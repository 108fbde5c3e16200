"""Dated code lists: the lists of the standard as data, replaceable by the user."""

import csv
import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Code(_Model):
    """One code with its meaning and, where it does not always hold, its period."""

    code: str
    betekenis: str
    toelichting: str | None = None
    van: datetime.date | None = None
    tot: datetime.date | None = None


class Codelist(_Model):
    """A code list: the name that rules use, what the standard calls it, its source and codes."""

    naam: str = Field(pattern=r"^[a-z_]+$")
    standaard: str
    titel: str
    bron: str
    uitgave: datetime.date
    bestand: str | None = Field(
        default=None, description="CSV file beside this one with the codes."
    )
    codes: list[Code] = Field(default_factory=list)

    def meaning(self, code: str) -> str | None:
        """The meaning of a code, or None when the list does not have it."""
        return next((item.betekenis for item in self.codes if item.code == code), None)


class StandardProduct(_Model):
    """A row of the standaardproductcodelijst Jeugdwet."""

    productcode: str
    omschrijving: str
    productcategorie: str | None
    uitvoeringsvariant: str | None
    hulpvorm_code: str | None


def read_codes(path: Path) -> list[Code]:
    """Read the codes of a long list from a CSV file with the columns code, betekenis, toelichting."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Code.model_construct(None, **row, van=None, tot=None) for row in csv.DictReader(file)
        ]


def read_standard_products(path: Path) -> list[StandardProduct]:
    """Read the standaardproductcodelijst from our CSV file (comma separated, with a header)."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            StandardProduct.model_construct(
                None, **{key: value or None for key, value in row.items()}
            )
            for row in csv.DictReader(file)
        ]
