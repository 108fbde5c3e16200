"""How amounts, dates and numbers look to a Dutch reader. No locale needed."""

import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any


def _group(digits: str) -> str:
    return f"{int(digits):,}".replace(",", ".")


def format_number(value: Decimal | int | float, decimals: int | None = None) -> str:
    """A number with a decimal comma and points between thousands: ``1.146,5``.

    ``decimals`` fixes the number of decimals (rounded half up); without it trailing zeros go.
    """
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    if decimals is None:
        text = format(number.normalize(), "f")
    else:
        text = format(number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP), "f")
    sign = "-" if text.startswith("-") else ""
    whole, _, fraction = text.lstrip("-").partition(".")
    return sign + _group(whole) + (f",{fraction}" if fraction else "")


def format_euro(value: Decimal | int) -> str:
    """An amount in euros: ``€ 1.146,36``; more decimals only when the amount has them."""
    amount = Decimal(value)
    decimals = max(2, -int(amount.normalize().as_tuple().exponent))
    return f"€ {format_number(amount, decimals)}"


def format_date(value: datetime.date) -> str:
    """A date as people write it: ``1-7-2026``."""
    return f"{value.day}-{value.month}-{value.year}"


def format_percentage(value: Decimal | int | float) -> str:
    """A percentage, where 5 means five per cent: ``4,96%``."""
    return f"{format_number(value)}%"


def format_value(value: Any) -> str:
    """Any value of a table as text for a Dutch reader; nothing becomes ``leeg``."""
    if value is None or value == "":
        return "leeg"
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, datetime.datetime):
        return f"{format_date(value)} {value:%H:%M}"
    if isinstance(value, datetime.date):
        return format_date(value)
    if isinstance(value, Decimal | float):
        return format_number(value)
    if isinstance(value, list | tuple):
        return ", ".join(format_value(item) for item in value)
    return str(value)


def join_words(words: list[str], last: str = "en") -> str:
    """Words as a list in a sentence: ``a, b en c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def count_of(number: int, singular: str, plural: str) -> str:
    """A number with its noun: ``1 rij``, ``2 rijen``."""
    return f"{format_number(number)} {singular if number == 1 else plural}"
