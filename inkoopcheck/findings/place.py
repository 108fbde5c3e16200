"""Where something stands."""

from pydantic import BaseModel, ConfigDict


class Plaats(BaseModel):
    """Where something stands: a file, and in a workbook the sheet and cell."""

    model_config = ConfigDict(extra="forbid")

    bestand: str
    blad: str | None = None
    cel: str | None = None

    @property
    def label(self) -> str:
        """``Tarieven!D17``, or the file when there is no cell."""
        if self.blad is None:
            return self.bestand
        return f"{self.blad}!{self.cel}" if self.cel else self.blad
