"""Random dossiers about many children at once: toewijzingen, declaraties with answers, and one to judge.

Every child is a small dossier of its own. Messages keep to the rules within a message, so that nothing but the
rules of the keten can refuse a declaratie; the numbers are small, so that limits are often met exactly.
"""

import datetime
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from benchmarks.cases import own_bsns
from tests.declaratie_cases import (
    AANBIEDER,
    ANDERE_AANBIEDER,
    ANDERE_GEMEENTE,
    GEMEENTE,
    Antwoord,
    Declaratie,
    Jw301,
    Prestatie,
    Toewijzing,
    laatste,
)

MONTHS = [datetime.date(2025, 11, 1), datetime.date(2025, 12, 1)]
MONTHS += [datetime.date(2026, month, 1) for month in range(1, 6)]
PRODUCTS = [("45", "45A48"), ("45", "45A49"), ("44", "44A08")]
_EFFORT, _OUTPUT = ("01", "04", "14", "16", "84"), ("82", "83")


@dataclass(frozen=True)
class Case:
    """A declaratie to judge, with everything that came before it."""

    dit: Declaratie
    toegewezen: tuple[Jw301, ...]
    declaraties: tuple[Declaratie, ...]


def make(seed: int, children: int) -> Case:
    """A case with this many children; the same seed gives the same case."""
    return _Maker(random.Random(seed), children).case()


class _Maker:
    def __init__(self, rng: random.Random, children: int) -> None:
        self.rng = rng
        self.bsns = own_bsns()[:children]
        self.numbers = iter(range(1, 1_000_000))
        self.toegewezen: list[Jw301] = []
        self.of_child: dict[str, list[Toewijzing]] = {}
        self.before: list[Prestatie] = []
        self.used = 0

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def case(self) -> Case:
        for bsn in self.bsns:
            self._assign(bsn)
        parties = [(GEMEENTE, AANBIEDER)] * 3
        if self.chance(0.5):
            parties.append((ANDERE_GEMEENTE, AANBIEDER))
        if self.chance(0.3):
            parties.append((GEMEENTE, ANDERE_AANBIEDER))
        earlier = [self._earlier(number, *pair) for number, pair in enumerate(parties, start=1)]
        if self.chance(0.05):
            earlier = []
        dit = Declaratie(
            tuple(self._lines(0.9, judged=True)),
            identificatie="DIT",
            nummer=self.rng.choice(["N1", "N2", *["N9"] * 8]),
            maand=self.rng.choice(MONTHS[-3:]),
            dagtekening=datetime.date(2026, 6, 10),
        )
        return Case(dit, tuple(self.toegewezen), tuple(earlier))

    # --- toewijzingen -----------------------------------------------------------------------------

    def _assign(self, bsn: str) -> None:
        if self.chance(0.03):
            return
        for _ in range(self.rng.randint(1, 2)):
            first = self._toewijzing(bsn)
            versions = [first]
            while self.chance(0.35):
                versions.append(self._next_version(versions[-1]))
            for version in versions:
                self.toegewezen.append(
                    Jw301(
                        version,
                        identificatie=f"T{next(self.numbers)}",
                        gemeente=ANDERE_GEMEENTE if self.chance(0.05) else GEMEENTE,
                        aanbieder=ANDERE_AANBIEDER if self.chance(0.05) else AANBIEDER,
                        geweigerd=self.chance(0.07),
                    )
                )
            self.of_child.setdefault(bsn, []).append(self.rng.choice(versions))

    def _toewijzing(self, bsn: str) -> Toewijzing:
        begin = self.rng.choice(MONTHS[:5])
        if self.chance(0.5):
            begin += datetime.timedelta(self.rng.randint(0, 27))
        end: datetime.date | None = begin + datetime.timedelta(self.rng.randint(0, 200))
        if self.chance(0.15):
            end = begin + datetime.timedelta(self.rng.randint(0, 8))
        category, code = self.rng.choice(PRODUCTS)
        base = Toewijzing(
            nummer=next(self.numbers), ingang=begin, einde=end, bsn=bsn, moment=self._moment()
        )
        if self.chance(0.25):
            kind = self.rng.random()
            return replace(
                base,
                categorie=None if kind < 0.4 else category,
                code=None,
                volume=None,
                budget=None if kind > 0.8 else self.rng.randint(10, 60),
            )
        unit = self.rng.choice(_EFFORT + _OUTPUT)
        often = self.rng.choice("246" if unit in ("14", "16", "83", "84") else "1246")
        if often != "2" and self.chance(0.3):
            base = replace(base, einde=None)
        volume = self.rng.randint(1, 3)
        if often == "6":
            volume = self.rng.randint(3, 15)
        return replace(
            base, categorie=category, code=code, volume=volume, eenheid=unit, frequentie=often
        )

    def _next_version(self, tw: Toewijzing) -> Toewijzing:
        later = replace(tw, moment=self._moment(), reden="03")
        kind = self.rng.random()
        if kind < 0.2:
            return replace(later, einde=tw.ingang, reden="13")
        if tw.einde is not None and kind < 0.7:
            length = max(0, (tw.einde - tw.ingang).days + self.rng.randint(-60, 60))
            later = replace(later, einde=tw.ingang + datetime.timedelta(length))
        if tw.budget is not None:
            later = replace(later, budget=self.rng.randint(10, 60))
        if tw.frequentie == "6" and tw.volume is not None:
            later = replace(later, volume=self.rng.randint(3, 15))
        return later

    def _moment(self) -> datetime.datetime:
        """When a version was made: no two at the same time, in no order."""
        first = datetime.datetime(2025, 9, 1)
        return first + datetime.timedelta(
            days=self.rng.randint(0, 200), seconds=10 * next(self.numbers)
        )

    # --- declaraties ------------------------------------------------------------------------------

    def _earlier(self, number: int, gemeente: str, aanbieder: str) -> Declaratie:
        lines = tuple(self._lines(0.6, judged=False))
        made = Declaratie(
            lines,
            identificatie=f"D{number}",
            nummer=f"N{number}",
            maand=self.rng.choice(MONTHS[3:6]),
            dagtekening=datetime.date(2026, 5, 31) + datetime.timedelta(number),
            gemeente=gemeente,
            aanbieder=aanbieder,
        )
        self.before += lines
        kind = self.rng.random()
        if kind < 0.08:
            return replace(made, totaal_fout=True)
        if kind < 0.2:
            return made
        if kind < 0.28:
            return replace(made, antwoord=Antwoord(declaratie=self.rng.choice(["9333", "8214"])))
        if kind < 0.33:
            return replace(made, antwoord=Antwoord(header="9056"))
        share = self.rng.choice([0, 0.2, 0.5])
        refused = tuple(p.referentie for p in lines if self.chance(share))
        return replace(made, antwoord=Antwoord(afgewezen=refused))

    def _lines(self, share: float, *, judged: bool) -> Iterator[Prestatie]:
        """Prestaties of many children that keep to the rules within a message."""
        references: set[str] = set()
        reversed_: set[str | None] = set()
        delivered: set[tuple[object, ...]] = set()
        for bsn in self.bsns:
            if not self.chance(share):
                continue
            own = [p for p in self.before if p.bsn == bsn]
            wanted = [self._debit(bsn) for _ in range(self.rng.randint(1, 3))]
            wanted += [self._credit(bsn, own) for _ in range(self.rng.randint(0, 2))]
            if own and self.chance(0.5):
                again = self.rng.choice(own)
                wanted.append(replace(again, referentie=self._new(), vorig=None))
            self.rng.shuffle(wanted)
            for p in wanted:
                delivery = (p.toewijzing, p.categorie, p.code, p.begin, p.einde)
                if p.credit and (p.vorig in reversed_ or p.vorig in references):
                    continue
                if not p.credit and delivery in delivered:
                    continue
                if judged and self.chance(0.04):
                    p = replace(p, referentie=self._old(references, p))
                if (
                    p.referentie in {p.vorig, *reversed_}
                    or (bsn, p.referentie, p.vorig) in delivered
                ):
                    continue
                delivered |= {delivery} if not p.credit else set()
                delivered.add((bsn, p.referentie, p.vorig))
                reversed_ |= {p.vorig} if p.credit else set()
                references.add(p.referentie)
                yield p

    def _new(self) -> str:
        return f"R{next(self.numbers)}"

    def _old(self, references: set[str], p: Prestatie) -> str:
        """A number that was used before, here or in an earlier message."""
        known = [*sorted(references)[:3], *(q.referentie for q in self.before[:5])]
        return self.rng.choice(known) if known else p.referentie

    def _debit(self, bsn: str) -> Prestatie:
        rng = self.rng
        own = self.of_child.get(bsn)
        tw = rng.choice(own) if own else rng.choice(self.toegewezen).toewijzing
        month = rng.choice(MONTHS)
        if self.chance(0.7):
            days = (tw.einde or MONTHS[-1]) - tw.ingang
            month = (tw.ingang + datetime.timedelta(rng.randint(0, max(0, days.days)))).replace(
                day=1
            )
            month = min(month, MONTHS[-1])
        begin, end = month, laatste(month)
        if tw.ingang.replace(day=1) == month and self.chance(0.95):
            begin = tw.ingang
        if tw.einde and tw.einde.replace(day=1) == month and self.chance(0.95):
            end = tw.einde
        if self.chance(0.06):
            begin, end = sorted(
                month + datetime.timedelta(rng.randint(0, laatste(month).day - 1)) for _ in "be"
            )
        category, code = rng.choice(PRODUCTS)
        if tw.code and self.chance(0.95):
            category, code = tw.categorie or category, tw.code
        elif tw.categorie and self.chance(0.9):
            category, code = next(p for p in PRODUCTS if p[0] == tw.categorie)
        unit = tw.eenheid or "04"
        if self.chance(0.06):
            unit = rng.choice(_EFFORT + _OUTPUT)
        minutes = tw.eenheid == "04" and unit == "04" and self.chance(0.4)
        volume = self._volume(tw)
        if minutes:
            unit, volume = "01", max(1, volume * 60 + rng.choice([-1, 0, 0, 1]))
        number = tw.nummer
        if self.chance(0.05):
            number = rng.choice([999_999, rng.choice(self.toegewezen).toewijzing.nummer])
        return Prestatie(
            self._new(),
            toewijzing=number,
            categorie=category,
            code=code,
            begin=begin,
            einde=max(begin, end),
            volume=volume,
            eenheid=unit,
            tarief=rng.randint(1, 3),
            bsn=bsn,
        )

    def _volume(self, tw: Toewijzing) -> int:
        """Around what fits in a month."""
        base = tw.volume or 6
        times = {"1": [28, 30, 31, 32], "2": [3, 4, 5, 6, 7]}.get(tw.frequentie or "", [1])
        if tw.frequentie == "6":
            return self.rng.randint(1, base + 1)
        return max(1, base * self.rng.choice(times) + self.rng.choice([-1, 0, 0, 1]))

    def _credit(self, bsn: str, own: Sequence[Prestatie]) -> Prestatie:
        debits = [p for p in own if not p.credit]
        if not debits or self.chance(0.05):
            unknown = self._debit(bsn)
            strange = [f"X{next(self.numbers)}", *(p.referentie for p in self.before)]
            return replace(unknown, vorig=self.rng.choice(strange[:40]))
        reverses = self.rng.choice(debits)
        credit = replace(reverses, referentie=self._new(), vorig=reverses.referentie)
        if self.chance(0.1):
            other = self._debit(bsn)
            changes: list[dict[str, object]] = [
                {"toewijzing": other.toewijzing},
                {"begin": other.begin, "einde": other.einde},
                {"volume": reverses.volume + 1},
                {"tarief": reverses.tarief + 1},
            ]
            credit = replace(credit, **self.rng.choice(changes))  # type: ignore[arg-type]
        return credit
