"""Small numbers: nothing that is shared may point to a child, also not by taking numbers from each other.

A number about fewer than the threshold is hidden, and so is a share of which the part or the rest is that small:
two refused prestaties in a thousand are as easy to find as two children. Then, wherever numbers add up to a whole that is shown,
hiding one of them hides nothing: so at least two are hidden there, and what they hide together is not small
either. That is repeated until no sum gives anything away.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, MutableMapping, Sequence
from typing import Any

from inkoopcheck.audit.figures import FIGURES

Row = MutableMapping[str, Any]
Measures = tuple[int, ...]
"""What may not be small of a row: always in the same order, so that rows can be added up."""
_OF_THINGS = frozenset(
    f.cijfer
    for f in FIGURES
    if f.soort in ("aandeel", "verdeling") and f.cijfer != "standaard_euro"
)
"""Figures whose ``teller`` counts things, and not euros."""
_NUMBERS = ("teller", "noemer", "waarde", "p25", "mediaan", "p75", "rijen", "clienten")
_FINDING_NUMBERS = ("aantal", "uitgelegd", "bedrag")
_AREA_NUMBERS = ("clienten", "berichten")


def suppress(
    tables: Mapping[str, Sequence[Row]], region_of: Mapping[str, str], threshold: int
) -> None:
    """Hide small numbers in the tables ``cijfer``, ``bevinding`` and ``gebied``, in place.

    Args:
        tables: the tables; hidden rows get empty numbers and ``onderdrukt`` true.
        region_of: code of the jeugdregio by gemeente.
        threshold: numbers below it are hidden; 0 itself tells nothing and may be shown.
    """
    figures = [row for row in tables["cijfer"] if row.pop("over_kinderen")]
    _hide(
        figures,
        _of_figure,
        lambda row: (row["cijfer"],),
        lambda row: row["uitsplitsing"],
        region_of,
        threshold,
        _NUMBERS,
    )
    findings = [row for row in tables["bevinding"] if row["bron"] == "bericht"]
    _hide(
        findings,
        lambda row: (int(row["aantal"]),),
        lambda row: ("regel",),
        lambda row: row["regel"],
        region_of,
        threshold,
        _FINDING_NUMBERS,
    )
    _hide(
        list(tables["gebied"]),
        lambda row: (int(row["clienten"]),),
        lambda row: ("gebied",),
        lambda row: "",
        region_of,
        threshold,
        _AREA_NUMBERS,
    )


def _of_figure(row: Row) -> Measures:
    """Children (or rows, where children are unknown), and of a share the part and the rest."""
    children = int(row["rijen"] if row["clienten"] is None else row["clienten"])
    if row["cijfer"] not in _OF_THINGS:
        return children, 0, 0
    part = int(row["teller"] or 0)
    # The rest of a breakdown is the other parts, which are guarded as such.
    rest = int(row["noemer"] or 0) - part if not row["uitsplitsing"] else 0
    return children, part, max(rest, 0)


def _hide(
    rows: Sequence[Row],
    measures: Callable[[Row], Measures],
    subject: Callable[[Row], tuple[str, ...]],
    part: Callable[[Row], str],
    region_of: Mapping[str, str],
    threshold: int,
    numbers: Sequence[str],
) -> None:
    found = {id(row): measures(row) for row in rows}
    hidden = {id(row) for row in rows if any(0 < number < threshold for number in found[id(row)])}
    sums = list(_sums(rows, subject, part, region_of))
    changed = True
    while changed:
        changed = False
        for whole, members in sums:
            if whole is None or id(whole) in hidden:
                continue
            more = _needed(whole, members, found, hidden, threshold)
            if more:
                hidden |= more
                changed = True
    for row in rows:
        if id(row) in hidden:
            row["onderdrukt"] = True
            for name in numbers:
                row[name] = None


def _needed(
    whole: Row,
    members: Sequence[Row],
    found: Mapping[int, Measures],
    hidden: set[int],
    threshold: int,
) -> set[int]:
    """Which more must be hidden so that the whole minus what is shown tells nothing.

    When hiding all parts is not enough, the whole itself goes.
    """
    gone = [id(row) for row in members if id(row) in hidden]
    if not gone:
        return set()
    left = sorted(
        (row for row in members if id(row) not in hidden and any(found[id(row)])),
        key=lambda row: (found[id(row)], row["niveau"], row["code"]),
    )
    more: list[int] = []
    while len(gone) + len(more) < 2 or any(
        0 < sum(numbers) < threshold
        for numbers in zip(*(found[one] for one in (*gone, *more)), strict=True)
    ):
        if not left:
            return {id(whole)}
        more.append(id(left.pop(0)))
    return set(more)


def _sums(
    rows: Iterable[Row],
    subject: Callable[[Row], tuple[str, ...]],
    part: Callable[[Row], str],
    region_of: Mapping[str, str],
) -> Iterable[tuple[Row | None, list[Row]]]:
    """Rows with those that add up to them: areas in a larger area, and parts in a whole."""
    found: dict[Hashable, Row] = {}
    groups: defaultdict[tuple[Hashable, str], list[Row]] = defaultdict(list)
    for row in rows:
        name, piece = subject(row), part(row)
        found[row["niveau"], row["code"], name, piece] = row
        if row["niveau"] == "gemeente":
            region = region_of.get(row["code"], "")
            groups[("jeugdregio", region, name, piece), "gemeente"].append(row)
        if row["niveau"] != "land":
            groups[("land", "NL", name, piece), row["niveau"]].append(row)
        if piece:
            groups[(row["niveau"], row["code"], name, ""), "deel"].append(row)
    return [(found.get(whole), members) for (whole, _), members in groups.items()]
