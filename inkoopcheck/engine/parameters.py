"""Dated parameters: the figures in norms, each with its source and status.

A value holds from ``van`` up to and including ``tot``. A user can override any of them; the
report then says so.
"""

import datetime
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from inkoopcheck.dutch import format_value
from inkoopcheck.errors import UnusableInput
from inkoopcheck.findings.model import Overschreven, Status, Zekerheid

BAND = frozenset(("laag", "midden", "hoog"))
"""Keys of a parameter that is not certain: its low, middle and high value."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Waarde(_Model):
    """One value: its period, its key (when the parameter has several values) and its source."""

    waarde: Decimal | None = None
    tekst: str | None = None
    sleutel: str | None = None
    van: datetime.date | None = None
    tot: datetime.date | None = None
    bron: str
    status: Status
    zekerheid: Zekerheid
    url: str | None = None
    toelichting: str | None = None

    def holds_on(self, date: datetime.date) -> bool:
        """Whether this value holds on the date."""
        return (self.van is None or self.van <= date) and (self.tot is None or date <= self.tot)


class Parameter(_Model):
    """A named figure with its values through time."""

    naam: str = Field(pattern=r"^[a-z0-9_]+$")
    titel: str
    eenheid: str
    uitleg: str
    waarden: list[Waarde] = Field(min_length=1)

    def value_on(self, date: datetime.date) -> Decimal | None:
        """The value without key that holds on the date, or None."""
        for item in self.waarden:
            if item.sleutel is None and item.holds_on(date):
                return item.waarde
        return None


class Parameters(Mapping[str, Parameter]):
    """All parameters of a run, by name."""

    def __init__(self, parameters: list[Parameter]) -> None:
        self._by_name = {parameter.naam: parameter for parameter in parameters}

    def __getitem__(self, name: str) -> Parameter:
        return self._by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def sql(self, name: str, date_column: str) -> str:
        """SQL expression for the value on the date in ``date_column``; NULL where none holds."""
        branches = []
        for item in self._by_name[name].waarden:
            if item.sleutel is not None or item.waarde is None:
                continue
            conditions = []
            if item.van:
                conditions.append(f"{date_column} >= DATE '{item.van}'")
            if item.tot:
                conditions.append(f"{date_column} <= DATE '{item.tot}'")
            branches.append(f"WHEN {' AND '.join(conditions) or 'true'} THEN {item.waarde}")
        if not branches:
            return "NULL"
        return f"(CASE {' '.join(branches)} END)"

    def rows(self) -> list[tuple[Any, ...]]:
        """Rows for the reference table, for rules that join on a keyed parameter."""
        return [
            (parameter.naam, item.sleutel, item.waarde, item.tekst, item.van, item.tot)
            for parameter in self._by_name.values()
            for item in parameter.waarden
        ]

    def override(self, given: Mapping[str, Any], source: Path) -> list[Overschreven]:
        """Replace values by those of the user and say what changed.

        ``given`` maps a name to a number, or to a mapping with ``waarde`` and ``reden``. A parameter
        with a low, middle and high value takes one number for all three, or ``laag``, ``midden``
        and ``hoog``.

        Raises:
            UnusableInput: a name is unknown or a value is not a number.
        """
        changes = []
        for name, content in given.items():
            if name not in self._by_name:
                raise UnusableInput(
                    f"{source.name} noemt de parameter '{name}', maar die bestaat niet."
                    " Bekijk de namen met: inkoopcheck parameters"
                )
            parameter = self._by_name[name]
            fields = content if isinstance(content, Mapping) else {"waarde": content}
            keys = {item.sleutel for item in parameter.waarden if item.sleutel}
            if keys and keys != BAND:
                raise UnusableInput(
                    f"De parameter '{name}' heeft meer waarden tegelijk."
                    " Pas hem aan in een eigen regelmap (--regels), niet in een parameterbestand."
                )
            chosen: dict[str | None, Any] = {None: fields.get("waarde")}
            if keys and "waarde" not in fields:
                chosen = {key: fields.get(key) for key in ("laag", "midden", "hoog")}
            values = {
                key: _number(value, f"{source.name}: de waarde van '{name}'", name)
                for key, value in chosen.items()
            }
            before = [format_value(item.waarde) for item in parameter.waarden]
            reason = fields.get("reden")
            self._by_name[name] = parameter.model_copy(
                update={
                    "waarden": [
                        Waarde(
                            waarde=value,
                            sleutel=key,
                            bron=f"eigen waarde uit {source.name}",
                            status=Status.AANNAME,
                            zekerheid=Zekerheid.NIET_GEVERIFIEERD,
                        )
                        for key, value in values.items()
                    ]
                }
            )
            changes.append(
                Overschreven(
                    wat=f"parameter {name} ({parameter.titel})",
                    was=" / ".join(before),
                    nu=" / ".join(format_value(value) for value in values.values()),
                    reden=str(reason) if reason else None,
                )
            )
        return changes


def _number(value: Any, what: str, name: str) -> Decimal:
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        raise UnusableInput(f"{what} is geen getal. Schrijf bijvoorbeeld: {name}: 24") from None
    if isinstance(value, bool) or not number.is_finite():
        raise UnusableInput(f"{what} is geen gewoon getal.")
    return number
