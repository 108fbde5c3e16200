"""Pas toe of leg uit: match explanations with deviations.

An explained deviation stays in the report, marked with the reason, and does not count for the exit
code. An explanation that is expired, incomplete or matches nothing is reported itself.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from inkoopcheck.dutch import format_date
from inkoopcheck.findings.model import Afwijking, Uitleg
from inkoopcheck.findings.place import Plaats


@dataclass(frozen=True)
class Explanation:
    """An explanation as given: for a rule, and for one product or all."""

    rule: str
    product: str | None
    reason: str | None
    by: str | None
    until: datetime.date | None
    place: Plaats


@dataclass(frozen=True)
class Problem:
    """An explanation that does not count: what is wrong, and what would do."""

    explanation: Explanation
    found: str
    expected: str


def apply_explanations(
    deviations: Sequence[Afwijking], explanations: Iterable[Explanation], peildatum: datetime.date
) -> list[Problem]:
    """Mark the deviations that are explained; give the explanations that do not count.

    An explanation counts when it has a reason and somebody who decided it, and is not expired on
    the peildatum.
    """
    problems = []
    for item in explanations:
        name = f"uitleg bij {item.rule}"
        if not item.reason or not item.by:
            missing = "zonder reden" if not item.reason else "zonder wie hem vaststelde"
            problems.append(
                Problem(item, f"{name} {missing}", "een reden en wie de uitleg vaststelde")
            )
            continue
        if item.until is not None and item.until < peildatum:
            problems.append(
                Problem(
                    item,
                    f"{name}, geldig tot en met {format_date(item.until)}",
                    f"een uitleg die op {format_date(peildatum)} nog geldt",
                )
            )
            continue
        matched = [
            deviation
            for deviation in deviations
            if deviation.regel == item.rule.strip().upper()
            and (not item.product or deviation.productcode == item.product)
        ]
        if not matched:
            product = f" voor {item.product}" if item.product else ""
            problems.append(
                Problem(
                    item,
                    f"{name}{product}, die bij geen afwijking past",
                    "een uitleg bij een afwijking",
                )
            )
        for deviation in matched:
            if deviation.uitgelegd is None:
                deviation.uitgelegd = Uitleg(
                    reden=item.reason, door=item.by, tot=item.until, plaats=item.place
                )
    return problems
