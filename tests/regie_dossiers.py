"""Small dossiers about toewijzingen, requests, starts and stops: what is in them, at random, and as messages.

The data here are those of the second reading in ``tests/regie_oracle.py``. A dossier is between one gemeente and
one aanbieder, with a little of another gemeente and another aanbieder beside it.
"""

import datetime
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.cases import make_content
from benchmarks.stories import Sent, Story, bsn
from inkoopcheck.engine.ruleset import load_codelists

Product = tuple[str | None, str | None]
"""Category and code; both None for a generic toewijzing."""

GENERIEK: Product = (None, None)
AANGEVRAAGD: tuple[Product, ...] = (("45", "45A48"), ("45", "45A49"))
"""The products of a JW315, in the order of its references."""
TODAY = datetime.date(2026, 12, 31)


def dag(text: str) -> datetime.date:
    """A date such as 2026-03-01."""
    return datetime.date.fromisoformat(text)


@dataclass(frozen=True)
class Levering:
    """A start, or a stop when it has a reden."""

    nummer: int | None
    product: Product
    begin: datetime.date
    einde: datetime.date | None = None
    reden: str | None = None
    status: str = "1"


@dataclass(frozen=True)
class Toewijzing:
    """A version of a toewijzing."""

    nummer: int
    product: Product
    ingang: datetime.date
    einde: datetime.date | None
    moment: datetime.datetime
    reden: str | None = None
    referentie: str | None = None
    volume: int = 8


@dataclass(frozen=True)
class Bericht:
    """A message about one child. ``partij``: 0 the two of the dossier, 1 another gemeente, 2 another aanbieder."""

    soort: str
    dag: datetime.date
    kind: int = 0
    partij: int = 0
    afgekeurd: str | None = None
    """The code in the Header of the return message that refuses it."""
    leveringen: tuple[Levering, ...] = ()
    toewijzingen: tuple[Toewijzing, ...] = ()
    referenties: tuple[str, ...] = ()
    """Of the products of a JW315; the only one of a JW317 or a JW319."""
    ongewijzigd: tuple[int, ...] = ()
    te_wijzigen: tuple[tuple[int, datetime.date], ...] = ()
    antwoord: str | None = None


# --- as messages ----------------------------------------------------------------------------------


@cache
def gemeenten() -> tuple[str, ...]:
    """The codes of the gemeenten that there are."""
    return tuple(item.code for item in load_codelists()["gemeente"].codes)


def story_of(number: int, partij: int) -> Story:
    """Who writes to whom in the dossier with this number; no two dossiers share a gemeente or an aanbieder."""
    story = Story(
        gemeente=gemeenten()[2 * number + (partij == 1)],
        aanbieder=f"{98_000_000 + 2 * number + (partij == 2)}",
    )
    # So that no two stories of a dossier give the same identification.
    story.numbers = 100_000 * partij
    return story


def send(story: Story, bericht: Bericht) -> list[Sent]:
    """The message, and the return message that refuses it."""
    story.day = bericht.dag
    body = make_content(bericht.soort, day=bericht.dag)
    del body["Header"]
    if bericht.soort == "JW319":
        body["Antwoord"] = _antwoord(bericht)
    else:
        client = body["Client"]
        client["Bsn"] = bsn(bericht.kind)
        _FILL[bericht.soort](client, bericht)
    message = story.send(bericht.soort, body)
    if bericht.afgekeurd is None:
        return [message]
    story.wait()
    return [message, story.refuse(message, bericht.afgekeurd)]


def write(
    folder: Path, number: int, eerder: Iterable[Bericht], dit: Bericht
) -> tuple[list[Path], Path]:
    """Write a dossier and the message that is judged beside it; gives the paths of both."""
    folder.mkdir(parents=True, exist_ok=True)
    stories = [story_of(number, partij) for partij in range(3)]
    paths = []
    for bericht in eerder:
        for message in send(stories[bericht.partij], bericht):
            path = folder / f"{number:03}_{len(paths):02}_{message.kind}.xml"
            path.write_bytes(message.to_bytes())
            paths.append(path)
    path = folder / f"{number:03}_dit.xml"
    path.write_bytes(send(stories[dit.partij], dit)[0].to_bytes())
    return paths, path


def _product(product: Product) -> dict[str, Any]:
    category, code = product
    if category is None:
        return {}
    return {"Product": {"Categorie": category, **({"Code": code} if code else {})}}


def _start(client: dict[str, Any], bericht: Bericht) -> None:
    client["StartProducten"] = {"StartProduct": [_levering(item) for item in bericht.leveringen]}


def _stop(client: dict[str, Any], bericht: Bericht) -> None:
    client["StopProducten"] = {
        "StopProduct": [
            {**_levering(item), "RedenBeeindiging": item.reden, "Einddatum": item.einde}
            for item in bericht.leveringen
        ]
    }


def _levering(item: Levering) -> dict[str, Any]:
    return {
        "ToewijzingNummer": item.nummer,
        **_product(item.product),
        "ToewijzingIngangsdatum": item.begin,
        "Begindatum": item.begin,
        "StatusAanlevering": item.status,
    }


def _omvang(volume: int) -> dict[str, Any]:
    return {"Volume": volume, "Eenheid": "04", "Frequentie": "4"}


def _toegewezen(client: dict[str, Any], bericht: Bericht) -> None:
    client["ToegewezenProducten"] = {
        "ToegewezenProduct": [
            {
                "ToewijzingNummer": item.nummer,
                "ReferentieAanbieder": item.referentie,
                **_product(item.product),
                "Toewijzingsdatum": item.moment.date(),
                "Toewijzingstijd": item.moment.time().isoformat(),
                "Ingangsdatum": item.ingang,
                "Einddatum": item.einde,
                "RedenWijziging": item.reden,
                **({"Omvang": _omvang(item.volume)} if item.product[1] else {"Budget": 100_000}),
            }
            for item in bericht.toewijzingen
        ]
    }


def _aanvraag(client: dict[str, Any], bericht: Bericht) -> None:
    (first,) = client["AangevraagdeProducten"]["AangevraagdProduct"]
    client["AangevraagdeProducten"] = {
        "AangevraagdProduct": [
            {
                **first,
                "ReferentieAanbieder": referentie,
                **_product(product),
            }
            for referentie, product in zip(bericht.referenties, AANGEVRAAGD, strict=False)
        ]
    }


def _wijziging(client: dict[str, Any], bericht: Bericht) -> None:
    verzoek: dict[str, Any] = {"ReferentieAanbieder": bericht.referenties[0], "RedenVerzoek": "1"}
    if bericht.ongewijzigd:
        verzoek["OngewijzigdeProducten"] = {
            "OngewijzigdProduct": [{"ToewijzingNummer": nummer} for nummer in bericht.ongewijzigd]
        }
    if bericht.te_wijzigen:
        verzoek["TeWijzigenProducten"] = {
            "TeWijzigenProduct": [
                {
                    "ToewijzingNummer": nummer,
                    "GewensteIngangsdatum": ingang,
                    "Einddatum": dag("2027-03-31"),
                    "Omvang": _omvang(12),
                }
                for nummer, ingang in bericht.te_wijzigen
            ]
        }
    if not bericht.te_wijzigen:
        verzoek["NieuweProducten"] = {
            "NieuwProduct": [
                {
                    "Product": {"Categorie": "50", "Code": "50A50"},
                    "GewensteIngangsdatum": dag("2027-01-01"),
                    "Einddatum": dag("2027-03-31"),
                    "Omvang": _omvang(12),
                }
            ]
        }
    client["Verzoek"] = verzoek


def _antwoord(bericht: Bericht) -> dict[str, Any]:
    refusal = {"RedenAfwijzingVerzoek": "3"} if bericht.antwoord == "1" else {}
    return {
        "ReferentieAanbieder": bericht.referenties[0],
        "VerzoekAntwoord": bericht.antwoord,
        **refusal,
    }


_FILL = {
    "JW301": _toegewezen,
    "JW305": _start,
    "JW307": _stop,
    "JW315": _aanvraag,
    "JW317": _wijziging,
}


# --- at random ------------------------------------------------------------------------------------

Geval = tuple[list[Bericht], Bericht]

_BEGIN = (dag("2026-01-01"), dag("2026-01-01"), dag("2026-01-20"))
_EINDE = (dag("2026-02-10"), dag("2026-02-15"))
_PRODUCTEN: tuple[Product, ...] = (("45", "45A48"), ("45", "45A49"), ("45", None))
_REDEN = ("20", "31")


def _days(rng: random.Random, number: int) -> list[datetime.date]:
    """Different days, since messages of one day have no order."""
    first = dag("2026-03-01")
    return [first + datetime.timedelta(n) for n in sorted(rng.sample(range(60), number))]


def _refused(rng: random.Random, chance: float = 0.15) -> str | None:
    return rng.choice(("0001", "0200", "9056")) if rng.random() < chance else None


def random_leveringen(rng: random.Random) -> Geval:
    """Starts and stops on one or two toewijzingen, in whatever order; the last message is judged."""
    days = _days(rng, rng.randint(2, 7))
    numbers: list[tuple[int | None, Product]] = [(7, _PRODUCTEN[0])]
    numbers += rng.choice(([], [(8, GENERIEK)], [(None, rng.choice(_PRODUCTEN))], [(7, _PRODUCTEN[1])]))  # fmt: skip
    eerder = []
    if rng.random() < 0.9:
        eerder += _allocated(rng, [n for n, _ in numbers if n is not None])
    begins = rng.choice((_BEGIN[:1], _BEGIN))
    for day in days:
        again = [bericht for bericht in eerder if bericht.leveringen]
        if again and rng.random() < 0.1:
            eerder.append(replace(rng.choice(again), dag=day, afgekeurd=_refused(rng)))
            continue
        nummer, product = rng.choice(numbers)
        if rng.random() < 0.05:
            nummer = 9
        item = Levering(nummer, product, rng.choice(begins))
        start = rng.random() < 0.6
        if not start:
            item = replace(item, einde=rng.choice(_EINDE), reden=rng.choice(_REDEN))
        items = [item]
        same = [
            other
            for bericht in eerder
            for other in bericht.leveringen
            if (other.reden is None) == start and other.status == "1"
        ]
        if same and rng.random() < 0.5:
            gone = replace(rng.choice(same), status="3")
            items = [gone] if rng.random() < 0.5 else [item, gone]
        elif rng.random() < 0.2:
            items.append(replace(item, begin=rng.choice(_BEGIN), einde=item.einde and _EINDE[1]))
        unique = {replace(i, status=""): i for i in items}
        rows = list(unique.values())
        rng.shuffle(rows)
        eerder.append(
            Bericht(
                "JW305" if start else "JW307",
                day,
                kind=rng.choice((0, 0, 0, 0, 1)),
                partij=rng.choice((0,) * 12 + (1, 2)),
                afgekeurd=_refused(rng),
                leveringen=tuple(rows),
            )
        )
    dit = eerder.pop()
    return eerder, replace(dit, afgekeurd=None, partij=0)


def _allocated(rng: random.Random, numbers: Sequence[int]) -> list[Bericht]:
    """The JW301s for these numbers; now and then one is withdrawn."""
    found = []
    first = dag("2026-02-01")
    for nummer in dict.fromkeys(numbers):
        product = GENERIEK if nummer == 8 else _PRODUCTEN[0]
        item = Toewijzing(
            nummer, product, _BEGIN[0], dag("2026-12-31"), datetime.datetime(2026, 2, 1, 12)
        )
        found.append(Bericht("JW301", first, toewijzingen=(item,), afgekeurd=_refused(rng, 0.05)))
        if rng.random() < 0.1:
            gone = replace(item, einde=item.ingang, reden="13", moment=datetime.datetime(2026, 2, 2, 12))  # fmt: skip
            day = first + datetime.timedelta(rng.choice((-1, 1)))
            if day < gone.moment.date():
                gone = replace(gone, moment=datetime.datetime(2026, 1, 30, 12))
            found.append(Bericht("JW301", day, toewijzingen=(gone,), afgekeurd=_refused(rng)))
    return found


_CODES = {70: "45A48", 71: "45A49", 72: "45A50"}
_KINDS = ("JW301", "JW315", "JW315", "JW317", "JW317", "JW319", "JW319")


def random_verzoeken(rng: random.Random) -> Geval:
    """Requests, answers and toewijzingen of one child, and a few of another; the last message is judged."""
    days = _days(rng, rng.randint(2, 7))
    eerder: list[Bericht] = []
    for day in days:
        soort = rng.choice(_KINDS)
        if not eerder and rng.random() < 0.7:
            soort = "JW301"
        elif day == days[-1] and rng.random() < 0.4:
            soort = "JW317"
        bericht = Bericht(
            soort,
            day,
            kind=rng.choice((0,) * 8 + (1,)),
            partij=rng.choice((0,) * 12 + (1, 2)),
            afgekeurd=_refused(rng),
        )
        eerder.append(_filled(rng, bericht, eerder))
    dit = eerder.pop()
    return eerder, replace(dit, afgekeurd=None, partij=0)


def _filled(rng: random.Random, bericht: Bericht, eerder: Sequence[Bericht]) -> Bericht:
    asked = [r for b in eerder if b.soort in ("JW315", "JW317") for r in b.referenties]
    fresh = [f"V{len(eerder)}a", f"V{len(eerder)}b"]
    match bericht.soort:
        case "JW315":
            wanted = fresh[: rng.randint(1, 2)]
            if asked and rng.random() < 0.2:
                wanted[0] = rng.choice(asked)
            return replace(bericht, referenties=tuple(dict.fromkeys(wanted)))
        case "JW317":
            reference = rng.choice(asked) if asked and rng.random() < 0.2 else fresh[0]
            known = sorted({t.nummer for b in eerder for t in b.toewijzingen if b.kind == bericht.kind})  # fmt: skip
            named = [nummer for nummer in known if rng.random() < 0.75]
            if not named or rng.random() < 0.1:
                named.append(79)
            changed = [nummer for nummer in named if rng.random() < 0.4]
            begins = (dag("2026-01-01"), dag("2026-01-01"), dag("2026-03-01"), dag("2026-11-01"))
            return replace(
                bericht,
                referenties=(reference,),
                ongewijzigd=tuple(n for n in named if n not in changed),
                te_wijzigen=tuple((nummer, rng.choice(begins)) for nummer in changed),
            )
        case "JW319":
            reference = rng.choice(asked) if asked and rng.random() < 0.9 else "V99"
            return replace(bericht, referenties=(reference,), antwoord=rng.choice("12"))
    return _granted(rng, bericht, eerder, asked)


def _granted(
    rng: random.Random, bericht: Bericht, eerder: Sequence[Bericht], asked: Sequence[str]
) -> Bericht:
    """A JW301: the same version again, or new ones, with references or without."""
    sent = [b for b in eerder if b.soort == "JW301" and b.kind == bericht.kind]
    if sent and rng.random() < 0.2:
        return replace(bericht, toewijzingen=rng.choice(sent).toewijzingen)
    # Numbers of the second child are its own.
    numbers = rng.sample(sorted(_CODES), rng.randint(1, 2))
    one = rng.choice(asked) if asked and rng.random() < 0.8 else None
    rows = []
    for nummer in numbers:
        reference = one
        if rng.random() < 0.3:
            reference = rng.choice([None, "V99", *asked])
        moment = datetime.datetime.combine(bericht.dag, datetime.time(12))
        end = rng.choice((dag("2026-12-31"), dag("2026-12-31"), dag("2026-03-20"), None))
        item = Toewijzing(
            nummer + 10 * bericht.kind,
            ("45", _CODES[nummer]),
            dag("2026-01-01"),
            end,
            moment,
            reden="02" if end else None,
            referentie=reference,
        )
        if rng.random() < 0.1:
            item = replace(item, einde=item.ingang, reden="13")
        elif rng.random() < 0.05:
            # Something else under a number that may have been used.
            item = replace(item, nummer=70, product=("45", "45A51"), ingang=dag("2026-02-01"))
        rows.append(item)
    unique = {item.nummer: item for item in rows}
    return replace(bericht, toewijzingen=tuple(unique.values()))
