"""What may not be shown of a person, wherever it stands."""

import operator
import re
from collections.abc import Callable

MASK = "•••"
"""What stands in a report where something of a person stood."""

_BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_NINE = 9
_ROW_OF_DIGITS = re.compile(r"[0-9]{9,}")
_ALONE = re.compile(r"(?<!\d)[0-9]{9}(?!\d)")


def passes_elfproef(digits: str) -> bool:
    """Do nine digits pass the elfproef of a BSN (iJw 3.2, CS002)?"""
    total: int = sum(map(operator.mul, _BSN_WEIGHTS, map(int, digits)))
    return total % 11 == 0


def without_bsn(text: str) -> str:
    """A text, such as a file name, with a mask in place of every nine digits that may be a BSN."""
    return _ALONE.sub(lambda found: MASK if passes_elfproef(found[0]) else found[0], text)


def without_any_bsn(text: str, name: Callable[[str], str | None]) -> str:
    """A text in which every nine digits that may be a BSN have given way, also within a longer row of digits.

    Only the text itself decides, so equal texts stay equal and different ones different.

    Args:
        text: a reference or the like.
        name: what comes in the place of nine digits; None when they are no BSN.
    """

    def replace(found: re.Match[str]) -> str:
        digits = found[0]
        made = []
        at = 0
        while at <= len(digits) - _NINE:
            new = name(digits[at : at + _NINE])
            made.append(digits[at] if new is None else new)
            at += 1 if new is None else _NINE
        return "".join(made) + digits[at:]

    return _ROW_OF_DIGITS.sub(replace, text)
