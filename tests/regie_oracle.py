"""A second reading of the rules on starts, stops, requests and answers: plain Python, no SQL, no tables.

Written from the rules of the standard, over the data of ``tests/regie_dossiers.py``. Gives what must be found as
pairs of a rule and the place in the message: the number of the class from 0, or a letter in front of it.
"""

import datetime
from collections.abc import Iterable, Sequence

from tests.regie_dossiers import AANGEVRAAGD, Bericht, Levering, Toewijzing

Found = set[tuple[str, str]]
Sleutel = tuple[object, ...]


def sleutel(item: Levering) -> Sleutel:
    """The logical key: of a stop also its end and reason."""
    return (item.nummer, item.product, item.begin, item.einde, item.reden)


class Reading:
    """What is known before the message, and what it does wrong."""

    def __init__(self, eerder: Iterable[Bericht], dit: Bericht) -> None:
        ordered = sorted(eerder, key=lambda bericht: bericht.dag)
        self.dit = dit
        self.all = [b for b in ordered if b.partij == 0]
        """Between the two parties, refused or not."""
        self.good = [b for b in self.all if b.afgekeurd is None]
        self.of_aanbieder = [b for b in ordered if b.partij != 2 and b.afgekeurd is None]
        self.of_gemeente = [b for b in ordered if b.partij != 1 and b.afgekeurd is None]

    # --- toewijzingen -----------------------------------------------------------------------------

    def current(self, kind: int) -> dict[int, Toewijzing]:
        """The newest version of every toewijzing of a child; which came in last makes no difference."""
        found: dict[int, Toewijzing] = {}
        for bericht in self.good:
            for item in bericht.toewijzingen:
                if bericht.kind == kind:
                    other = found.get(item.nummer)
                    if other is None or item.moment >= other.moment:
                        found[item.nummer] = item
        return found

    def in_force(self, kind: int, day: datetime.date) -> set[int]:
        """The numbers that a request to change must name."""
        return {
            nummer
            for nummer, item in self.current(kind).items()
            if not withdrawn(item) and (item.einde is None or item.einde >= day)
        }

    @property
    def has_toewijzingen(self) -> bool:
        return any(b.soort == "JW301" for b in self.all)

    # --- starts and stops --------------------------------------------------------------------------

    def leveringen(self) -> Found:
        """TR019, TR063, TR071, TR074, TR326, TR382 and TR413 to TR415."""
        if self.dit.soort not in ("JW305", "JW307"):
            return set()
        found: Found = set()
        active = self._active()
        known = any(b.soort in ("JW301", "JW305", "JW307") for b in self.all)
        removed = {sleutel(item) for item in self.dit.leveringen if item.status == "3"}
        left = [item for item in active if sleutel(item) not in removed]
        current = self.current(self.dit.kind)
        for place, item in enumerate(self.dit.leveringen):
            here = str(place)
            if item.status == "3":
                if known and sleutel(item) not in {sleutel(other) for other in active}:
                    found.add(("TR063", here))
                if item.reden is None and any(_stops(other, item) for other in active):
                    found.add(("TR071", here))
                continue
            tw = current.get(item.nummer) if item.nummer is not None else None
            unknown = item.nummer is not None and (tw is None or withdrawn(tw))
            if unknown and self.has_toewijzingen:
                found.add(("TR019", here))
            if sleutel(item) in {sleutel(other) for other in left}:
                found.add(("TR074", here))
            above = [other for other in self.dit.leveringen[:place] if other.status == "1"]
            if item.reden is None:
                found |= {("TR326", here)} if self._runs(item, [*left, *above]) else set()
                continue
            starts = [o.begin for o in active if o.reden is None and _same_product(o, item)]
            if known and not (unknown and self.has_toewijzingen) and item.begin != max(starts, default=None):  # fmt: skip
                found.add(("TR382", here))
            found |= {(rule, here) for rule in _after_a_stop(item, [*left, *above])}
        return found

    def _active(self) -> list[Levering]:
        """What was delivered for this child and not taken back, message after message, removals first."""
        found: dict[Sleutel, Levering] = {}
        for bericht in self.good:
            if bericht.kind != self.dit.kind:
                continue
            for item in bericht.leveringen:
                if item.status == "3":
                    found.pop(sleutel(item), None)
            for item in bericht.leveringen:
                if item.status == "1":
                    found[sleutel(item)] = item
        return list(found.values())

    def _runs(self, item: Levering, others: Sequence[Levering]) -> bool:
        return any(
            other.reden is None
            and _same_product(other, item)
            and not any(_stops(stop, other) for stop in others)
            for other in others
        )

    # --- requests and answers ----------------------------------------------------------------------

    def is_open(self, reference: str) -> bool:
        """Was a request with this reference neither granted nor refused?"""
        return not any(
            (b.antwoord == "1" and reference in b.referenties)
            or any(item.referentie == reference for item in b.toewijzingen)
            for b in self.good
        )

    def asked(self, kinds: Sequence[str], kind: int | None = None) -> set[str]:
        """The references of the accepted requests of a child, or of any."""
        return {
            reference
            for b in self.good
            if b.soort in kinds and kind in (None, b.kind)
            for reference in b.referenties
        }

    def verzoeken(self) -> Found:
        """TR304 on a JW317, TR332, TR347, TR349 to TR351, TR355, TR357, TR359, TR360, TR365, TR374, TR379 and its question."""
        match self.dit.soort:
            case "JW315" | "JW317":
                found = self._request()
                return found | (self._change() if self.dit.soort == "JW317" else set())
            case "JW319":
                return self._answer()
            case "JW301":
                return self._granted()
        return set()

    def _request(self) -> Found:
        used = {
            reference
            for b in self.of_aanbieder
            if b.soort in ("JW315", "JW317")
            for reference in b.referenties
        }
        found = {("TR347", str(n)) for n, r in enumerate(self.dit.referenties) if r in used}
        waiting = self.asked(("JW315", "JW317"), self.dit.kind)
        if any(self.is_open(reference) for reference in waiting):
            found.add(("TR374", "0"))
        return found

    def _change(self) -> Found:
        dit = self.dit
        if not self.has_toewijzingen:
            return set()
        found: Found = set()
        current = self.current(dit.kind)
        actual = self.in_force(dit.kind, dit.dag)
        named = {*dit.ongewijzigd, *(nummer for nummer, _ in dit.te_wijzigen)}
        if actual - named:
            found.add(("TR349", "0"))
        if not current:
            # Of an unknown client nothing else is judged.
            return found | {("TR304", "0")}
        found |= {("TR350", f"O{n}") for n, nummer in enumerate(dit.ongewijzigd) if nummer not in actual}  # fmt: skip
        for place, (nummer, begin) in enumerate(dit.te_wijzigen):
            if nummer not in actual:
                found.add(("TR351", f"T{place}"))
            elif begin <= dit.dag and begin != current[nummer].ingang:
                found.add(("TR357", f"T{place}"))
        return found

    def _answer(self) -> Found:
        (reference,) = self.dit.referenties
        found: Found = set()
        if any(b.soort in ("JW315", "JW317") for b in self.all) and reference not in self.asked(
            ("JW315", "JW317")
        ):
            found.add(("TR355", "0"))
        if any(item.referentie == reference for b in self.good for item in b.toewijzingen):
            found.add(("TR359", "0"))
        before = [b.antwoord for b in self.good if b.antwoord and reference in b.referenties]
        if self.dit.antwoord == "2" and before:
            found.add(("TR360", "0"))
        if "1" in before:
            found.add(("TR365", "0"))
        return found

    def _waits_for(self, item: Toewijzing) -> bool:
        """Is there an open JW315 of this child for the product, that this message does not name?"""
        named = {other.referentie for other in self.dit.toewijzingen}
        return any(
            product == item.product and reference not in named and self.is_open(reference)
            for b in self.good
            if b.soort == "JW315" and b.kind == self.dit.kind
            for reference, product in zip(b.referenties, AANGEVRAAGD, strict=False)
        )

    def _granted(self) -> Found:
        found: Found = set()
        versions = [(b, item) for b in self.of_gemeente for item in b.toewijzingen]
        changes = self.asked(("JW317",), self.dit.kind)
        grants_change = any(
            item.referentie in changes and self.is_open(item.referentie)
            for item in self.dit.toewijzingen
            if item.referentie
        )
        anything = any(b.soort in ("JW315", "JW317") for b in self.all)
        for place, item in enumerate(self.dit.toewijzingen):
            if any(
                old.nummer == item.nummer
                and (b.kind, b.partij, old.product, old.ingang)
                != (self.dit.kind, 0, item.product, item.ingang)
                for b, old in versions
            ):
                found.add(("TR332", str(place)))
            again = any(
                (old.nummer, old.moment, old.referentie)
                == (item.nummer, item.moment, item.referentie)
                for _, old in versions
            )
            if item.referentie is None:
                wrong = grants_change
            elif again and not grants_change:
                wrong = False
            else:
                wanted = self.asked(("JW315", "JW317"), self.dit.kind)
                wrong = anything and not (item.referentie in wanted and self.is_open(item.referentie))  # fmt: skip
            if wrong:
                found.add(("TR379", str(place)))
            is_new = item.nummer not in {old.nummer for _, old in versions}
            if item.referentie is None and item.reden != "13" and is_new and self._waits_for(item):
                found.add(("TR379-LEEG", str(place)))
        return found


def withdrawn(item: Toewijzing) -> bool:
    """Taken back as if it was never sent."""
    return item.reden in ("01", "13") and item.einde == item.ingang


def _same_product(one: Levering, other: Levering) -> bool:
    return (one.nummer, one.product) == (other.nummer, other.product)


def _stops(stop: Levering, start: Levering) -> bool:
    return stop.reden is not None and _same_product(stop, start) and stop.begin == start.begin


def _after_a_stop(item: Levering, others: Sequence[Levering]) -> set[str]:
    """What is wrong with a stop, seen the stops on the same start (without a number: of the same product)."""
    same = [
        other
        for other in others
        if other.reden is not None
        and (other.nummer, other.begin) == (item.nummer, item.begin)
        and (item.nummer is not None or other.product == item.product)
    ]
    found = set()
    if item.reden == "20" and any(other.reden == "20" for other in same):
        found.add("TR413")
    if any(other.einde is not None and item.einde is not None and other.einde > item.einde for other in same):  # fmt: skip
        found.add("TR414")
    if any(other.reden != "20" for other in same):
        found.add("TR415")
    return found
