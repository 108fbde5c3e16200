"""What differs between two audits: findings, figures, the index, and what went in."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Change:
    """A number in the earlier and in the later audit."""

    niveau: str
    code: str
    naam: str
    wat: str
    """Name of the figure, part of the index, or severity."""
    titel: str
    eenheid: str
    uitsplitsing: str
    toen: Decimal | None
    """None when it is hidden or was not there."""
    nu: Decimal | None
    toen_afgeschermd: bool = False
    """Is the number too small to show, or does it leave out such a number?"""
    nu_afgeschermd: bool = False

    @property
    def verschil(self) -> Decimal | None:
        """Later minus earlier; None when either is not known in full."""
        if self.toen is None or self.nu is None or self.toen_afgeschermd or self.nu_afgeschermd:
            return None
        return self.nu - self.toen

    @property
    def veranderd(self) -> bool:
        """Does what is shown differ?"""
        return (self.toen, self.toen_afgeschermd) != (self.nu, self.nu_afgeschermd)


@dataclass
class Comparison:
    """Two audits side by side. Holds nothing but what the reports themselves show."""

    nieuw: list[dict[str, Any]] = field(default_factory=list)
    """Contract findings of the later audit that the earlier one did not have, the worst first."""
    opgelost: list[dict[str, Any]] = field(default_factory=list)
    """Contract findings of the earlier audit that are gone."""
    gebleven: list[dict[str, Any]] = field(default_factory=list)
    """Contract findings of both, as in the later one; ``uitgelegd_toen`` is their explanation in the earlier."""
    cijfers: list[Change] = field(default_factory=list)
    """Figures that changed."""
    index: list[Change] = field(default_factory=list)
    """The standardisation index of each area, changed or not, and the parts that changed."""
    aantallen: list[Change] = field(default_factory=list)
    """Findings per area and severity that changed in number; ``uitsplitsing`` says of contracts or messages."""
    bestanden_nieuw: list[dict[str, Any]] = field(default_factory=list)
    bestanden_weg: list[dict[str, Any]] = field(default_factory=list)
    bestanden_gewijzigd: list[dict[str, Any]] = field(default_factory=list)
    """Files of the later audit that had other contents in the earlier."""
    kanttekeningen: list[str] = field(default_factory=list)
    """What else is different, so that a difference need not come from contracts or messages; Dutch sentences."""
    toen: dict[str, Any] = field(default_factory=dict)
    """Of the earlier audit: peildatum and gemaakt_op."""
    nu: dict[str, Any] = field(default_factory=dict)

    @property
    def nieuw_open(self) -> list[dict[str, Any]]:
        """The new findings that are not explained."""
        return [row for row in self.nieuw if not row["uitgelegd"]]
