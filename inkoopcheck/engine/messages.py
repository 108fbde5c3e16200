"""Fill in the texts of a rule with what was found: ``{tarief:euro}``, ``{parameter.naam:getal}``."""

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from string import Formatter
from typing import Any

from inkoopcheck.dutch import (
    format_date,
    format_euro,
    format_number,
    format_percentage,
    format_value,
    join_words,
)
from inkoopcheck.engine.codelists import Codelist
from inkoopcheck.engine.parameters import Parameters


@cache
def _parts(text: str) -> tuple[tuple[str, str | None, str], ...]:
    """The pieces of a text: what stands in front of a placeholder, its name and its format."""
    return tuple((literal, name, spec or "") for literal, name, spec, _ in Formatter().parse(text))


class MessageFormatter:
    """Formats rule texts in Dutch; an empty value becomes the word ``leeg``."""

    def __init__(self, parameters: Parameters, codelists: Mapping[str, Codelist]) -> None:
        self._parameters = parameters
        self._codelists = codelists
        self._formats: dict[str, Callable[[Any], str]] = {
            "euro": lambda value: format_euro(Decimal(str(value))),
            "eurocent": lambda value: format_euro(Decimal(int(value)) / 100),
            "datum": lambda value: (
                format_date(value) if isinstance(value, datetime.date) else str(value)
            ),
            "procent": lambda value: format_percentage(Decimal(str(value))),
            "getal": lambda value: format_number(Decimal(str(value))),
            "eenheid": lambda value: self._meaning("eenheid", value),
            "frequentie": lambda value: self._meaning("frequentie", value),
            "variant": str,
        }

    def _meaning(self, codelist: str, code: Any) -> str:
        meaning = (
            self._codelists[codelist].meaning(str(code)) if codelist in self._codelists else None
        )
        return f"{meaning.lower()} ({code})" if meaning else str(code)

    def fill(self, text: str, row: Mapping[str, Any], date: datetime.date) -> str:
        """The text with every placeholder replaced by the value in the row or the parameter."""
        # What ``vformat`` does, without taking the text apart for every row.
        filled = "".join(
            literal
            if name is None
            else literal + self.format_field(self._value(name, row, date), spec)
            for literal, name, spec in _parts(text)
        )
        return " ".join(filled.replace(" (leeg)", "").split())

    def _value(self, name: str, row: Mapping[str, Any], date: datetime.date) -> Any:
        if name in row:
            return row[name]
        parameter = self._parameters.get(name.removeprefix("parameter."))
        if not name.startswith("parameter.") or parameter is None:
            raise KeyError(name)
        return parameter.value_on(date)

    def format_field(self, value: Any, format_spec: str) -> str:
        if value is None or value == "":
            return "leeg"
        if not format_spec:
            return format_value(value)
        if isinstance(value, list):
            return join_words([self._formats[format_spec](item) for item in value], "of")
        return self._formats[format_spec](value)
