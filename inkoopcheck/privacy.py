"""What may not be shown of a person, wherever it stands."""

import operator
import re

MASK = "•••"
"""What stands in a report where something of a person stood."""

_BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_ALONE = re.compile(r"(?<!\d)[0-9]{9}(?!\d)")


def passes_elfproef(digits: str) -> bool:
    """Do nine digits pass the elfproef of a BSN (iJw 3.2, CS002)?"""
    total: int = sum(map(operator.mul, _BSN_WEIGHTS, map(int, digits)))
    return total % 11 == 0


def without_bsn(text: str) -> str:
    """A text, such as a file name, with a mask in place of every nine digits that may be a BSN."""
    return _ALONE.sub(lambda found: MASK if passes_elfproef(found[0]) else found[0], text)
