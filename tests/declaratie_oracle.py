"""A second reading of the rules on a declaratie beside what came before it, in plain Python, without SQL.

It works on the data of ``tests/declaratie_cases.py``: what the standard says of a declaratie, read from the text
of its rules (iJw 3.2: TR307 to TR390 and the instructions that they name).
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from tests.declaratie_cases import Declaratie, Jw301, Prestatie, Toewijzing, laatste

DAY = datetime.timedelta(1)
Found = set[tuple[str, str]]
"""A rule with the number of the prestatie, which is empty for what concerns the whole declaratie."""


def weeks(begin: datetime.date, end: datetime.date) -> int:
    """The weeks from Monday to Sunday that a period touches."""
    return len({day.isocalendar()[:2] for day in days(begin, end)})


def days(begin: datetime.date, end: datetime.date) -> list[datetime.date]:
    """All days of a period."""
    return [begin + DAY * number for number in range((end - begin).days + 1)]


def sundays(begin: datetime.date, end: datetime.date) -> list[datetime.date]:
    """The Sundays in a period."""
    return [day for day in days(begin, end) if day.isoweekday() == 7]


def most_in_period(tw: Toewijzing, begin: datetime.date, end: datetime.date) -> int:
    """How much a toewijzing leaves for one productperiode, in its own unit (TR321)."""
    assert tw.volume is not None
    if tw.frequentie == "1":
        return tw.volume * len(days(begin, end))
    if tw.frequentie != "2":
        return tw.volume
    if tw.eenheid not in ("82", "83"):
        return tw.volume * weeks(begin, end)
    assert tw.einde is not None
    in_all = sundays(tw.ingang, tw.einde)
    if not in_all:
        return tw.volume if begin <= tw.einde <= end else 0
    times = len(sundays(begin, end))
    last = in_all[-1]
    if last != tw.einde and begin <= last <= end:
        times += 1
    return tw.volume * times


def most_in_all(tw: Toewijzing, end: datetime.date) -> int:
    """How much a toewijzing gives over its whole term, in its own unit (TR322)."""
    assert tw.volume is not None
    if tw.frequentie == "1":
        return tw.volume * len(days(tw.ingang, end))
    if tw.frequentie == "4":
        return tw.volume * len({(day.year, day.month) for day in days(tw.ingang, end)})
    if tw.frequentie == "6":
        return tw.volume
    if tw.eenheid in ("82", "83"):
        return tw.volume * (len(sundays(tw.ingang, end)) + (end.isoweekday() != 7))
    return tw.volume * weeks(tw.ingang, end)


def fits(prestatie: Prestatie, tw: Toewijzing) -> bool:
    """Does the unit go with that of the toewijzing (TR341)?"""
    return prestatie.eenheid == tw.eenheid or (tw.eenheid, prestatie.eenheid) == ("04", "01")


def minutes(prestatie: Prestatie, tw: Toewijzing) -> int:
    """The volume, with hours as minutes where the toewijzing is in hours (IV081)."""
    hours = tw.eenheid == "04" and prestatie.eenheid == "04"
    return prestatie.volume * 60 if hours else prestatie.volume


@dataclass(frozen=True)
class Earlier:
    """A prestatie of an earlier declaratie and what became of it."""

    prestatie: Prestatie
    declaratie: Declaratie

    @property
    def granted(self) -> bool:
        """Was it answered, and not refused?"""
        return self.declaratie.antwoord is not None and not self.refused

    @property
    def refused(self) -> bool:
        """Does the answer name it?"""
        answer = self.declaratie.antwoord
        return answer is not None and self.prestatie.referentie in answer.afgewezen


def is_processed(declaratie: Declaratie) -> bool:
    """Does an earlier declaratie count as sent? Not when it was refused as a whole (OP286)."""
    if declaratie.antwoord is not None:
        return not declaratie.antwoord.geheel_geweigerd
    return not declaratie.totaal_fout


class Reading:
    """What is wrong with a declaratie beside the toewijzingen and declaraties before it."""

    def __init__(
        self, dit: Declaratie, toegewezen: Sequence[Jw301], declaraties: Sequence[Declaratie]
    ) -> None:
        self.dit = dit
        between = [
            m for m in toegewezen if (m.gemeente, m.aanbieder) == (dit.gemeente, dit.aanbieder)
        ]
        self.toewijzingen_known = bool(between)
        accepted = sorted(
            (m.toewijzing for m in between if not m.geweigerd), key=lambda t: t.moment
        )
        self.current = {(t.bsn, t.nummer): t for t in accepted}
        self.clients = {t.bsn for t in accepted}
        self.numbers = {t.nummer for t in accepted}
        own = [d for d in declaraties if d.aanbieder == dit.aanbieder]
        self.declaraties_known = any(d.gemeente == dit.gemeente for d in own)
        self.processed = [d for d in own if is_processed(d)]
        self.earlier = [Earlier(p, d) for d in self.processed for p in d.prestaties]
        self.here = [e for e in self.earlier if e.declaratie.gemeente == dit.gemeente]
        self.lines = dit.in_volgorde
        self.credits_here = [p for p in self.lines if p.credit]
        self.credits_before = [e for e in self.earlier if e.prestatie.credit and not e.refused]

    def findings(self) -> Found:
        """Rules with the prestatie (or nothing) of which they speak."""
        found = {(rule, "") for rule in self._of_the_whole()}
        for number, prestatie in enumerate(self.lines):
            found |= {(rule, prestatie.referentie) for rule in self._of(number, prestatie)}
        return found

    def _of_the_whole(self) -> set[str]:
        found = set()
        if any(d.nummer == self.dit.nummer for d in self.processed):
            found.add("TR333")
        months = [d.maand for d in self.processed if d.gemeente == self.dit.gemeente]
        if months:
            last = max(months)
            if self.dit.maand < last:
                found.add("TR318")
            if self.dit.maand > laatste(last) + DAY:
                found.add("PR-05")
        return found

    def _of(self, number: int, p: Prestatie) -> set[str]:
        found = set()
        same_number = [q for q in self.lines if q.referentie == p.referentie]
        before = [e for e in self.earlier if e.prestatie.referentie == p.referentie]
        if len(same_number) > 1 or before:
            found.add("TR314")
        if p.einde > laatste(self.dit.maand):
            found.add("TR319")
        tw = self.current.get((p.bsn, p.toewijzing))
        # An unknown client and a number of somebody else are a matter of TR304.
        mine = p.bsn in self.clients and p.toewijzing not in self.numbers
        if self.toewijzingen_known and tw is None and mine:
            found.add("TR338")
        if p.credit:
            return found | self._of_credit(p)
        if any(
            not e.refused and not e.prestatie.credit and not self._taken_back(e, in_period=True)
            for e in self.here
            if self._delivery(e.prestatie) == self._delivery(p)
        ):
            found.add("TR389")
        if tw is None:
            return found
        if tw.reden == "13":
            return found | {"TR384"}
        return found | self._beside(tw, number, p)

    @staticmethod
    def _delivery(p: Prestatie) -> tuple[object, ...]:
        return p.toewijzing, p.categorie, p.code, p.begin, p.einde

    def _taken_back(self, earlier: Earlier, *, in_period: bool = False) -> bool:
        """Is there a credit on it, before or in this message, and (TR389) about the same period?"""
        credits_on = [*self.credits_here, *(e.prestatie for e in self.credits_before)]
        p = earlier.prestatie
        return any(
            c.vorig == p.referentie and (not in_period or (c.begin, c.einde) == (p.begin, p.einde))
            for c in credits_on
        )

    def _of_credit(self, p: Prestatie) -> set[str]:
        found = set()
        reversed_ = [
            e for e in self.earlier if not e.prestatie.credit and e.prestatie.referentie == p.vorig
        ]
        own = [e for e in reversed_ if e.prestatie.bsn == p.bsn]
        if not any(e.granted for e in own) and (
            self.toewijzingen_known or self.declaraties_known or reversed_
        ):
            found.add("TR323")
        if any(e.prestatie.vorig == p.vorig for e in self.credits_before):
            found.add("TR390")
        best = sorted(own, key=lambda e: (not e.granted, e.declaratie.dagtekening))[:1]
        if any(self._content(e.prestatie) != self._content(p) for e in best):
            found.add("PR-06")
        return found

    @staticmethod
    def _content(p: Prestatie) -> tuple[object, ...]:
        delivery = Reading._delivery(p)
        return *delivery, p.volume, p.eenheid, None if p.eenheid == "83" else p.tarief

    def _beside(self, tw: Toewijzing, number: int, p: Prestatie) -> set[str]:
        found = set()
        if p.begin < tw.ingang:
            found.add("TR307")
        if tw.einde is not None and p.einde > tw.einde:
            found.add("TR308")
        first = p.begin.replace(day=1)
        same_month = tw.ingang.replace(day=1) == first
        if p.begin != (tw.ingang if same_month else first):
            found.add("TR387")
        last = laatste(p.einde)
        ends_here = tw.einde is not None and laatste(tw.einde) == last
        if p.einde != (tw.einde if ends_here else last):
            found.add("TR388")
        if tw.categorie is not None and p.categorie != tw.categorie:
            found.add("TR339")
        if tw.code is not None and p.code != tw.code:
            found.add("TR340")
        on_it = [q for q in self.lines if (q.bsn, q.toewijzing) == (p.bsn, p.toewijzing)]
        before = [
            e
            for e in self.here
            if (e.prestatie.bsn, e.prestatie.toewijzing) == (p.bsn, p.toewijzing) and not e.refused
        ]
        up_to_here = [
            q
            for q in self.lines[: number + 1]
            if (q.bsn, q.toewijzing) == (p.bsn, p.toewijzing) and not q.credit
        ]
        if tw.volume is not None:
            if not fits(p, tw):
                found.add("TR341")
            else:
                found |= self._volume(tw, p, on_it, before, up_to_here)
        if tw.budget is not None:
            total = sum(e.prestatie.saldo for e in before)
            total += sum(q.saldo for q in [*up_to_here, *(q for q in on_it if q.credit)])
            if total > tw.budget:
                found.add("TR369")
        return found

    def _volume(
        self,
        tw: Toewijzing,
        p: Prestatie,
        on_it: Sequence[Prestatie],
        before: Sequence[Earlier],
        up_to_here: Sequence[Prestatie],
    ) -> set[str]:
        found = set()
        factor = 60 if tw.eenheid == "04" else 1
        if minutes(p, tw) > most_in_period(tw, p.begin, p.einde) * factor:
            found.add("TR321")
        counted = [
            *(e.prestatie for e in before if not e.prestatie.credit and not self._taken_back(e)),
            *up_to_here,
        ]
        # A volume in another unit than that of the toewijzing adds nothing to it.
        total = sum(minutes(q, tw) for q in counted if fits(q, tw))
        end = tw.einde or max([q.einde for q in on_it] + [e.prestatie.einde for e in before])
        if total > most_in_all(tw, end) * factor:
            found.add("TR322")
        return found
