"""Where something stands."""

import re

from pydantic import BaseModel, ConfigDict, Field

_PATH_PART = re.compile(r"(\w+)(?:\[(\d+)\])?")


class Plaats(BaseModel):
    """Where something stands: in a workbook the sheet and cell, in a message the element.

    A client is named by its number in the message, never by its BSN.
    """

    model_config = ConfigDict(extra="forbid")

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
