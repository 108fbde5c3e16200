"""Faults to put in a story in which everything goes by the rules: one in one message."""

import datetime
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from benchmarks.cases import Content
from benchmarks.stories import Sent, Story, last_day

Fault = Callable[[Story, random.Random], tuple[Sent, frozenset[str]] | None]
"""Changes a story; gives the message that is wrong now with the rules that must say so, or None when the story
has no place for this fault."""

_DAY = datetime.timedelta(1)


def _of(story: Story, kind: str) -> list[Sent]:
    return [message for message in story.sent if message.kind == kind]


def _before(story: Story, message: Sent, kind: str) -> list[Sent]:
    place = next(n for n, sent in enumerate(story.sent) if sent is message)
    return [sent for sent in story.sent[:place] if sent.kind == kind]


def _prestaties(message: Sent) -> list[Content]:
    part = message.content.get("Declaratie") or message.content["DeclaratieAntwoord"]
    clients = part.get("Clienten", {"Client": []})["Client"]
    return [p for client in clients for p in client["Prestaties"]["Prestatie"]]


def _debits(message: Sent) -> list[Content]:
    return [p for p in _prestaties(message) if p["IngediendBedrag"]["DebetCredit"] == "D"]


def _credits(message: Sent) -> list[Content]:
    return [p for p in _prestaties(message) if p["IngediendBedrag"]["DebetCredit"] == "C"]


def _total(message: Sent) -> None:
    """Make the total right again."""
    cents = sum(
        p["IngediendBedrag"]["Bedrag"] * (1 if p["IngediendBedrag"]["DebetCredit"] == "D" else -1)
        for p in _prestaties(message)
    )
    message.content["Declaratie"]["TotaalIngediendBedrag"] = {
        "TotaalBedrag": abs(cents),
        "DebetCredit": "C" if cents < 0 else "D",
    }


def _choose(
    rng: random.Random, places: Iterator[tuple[Sent, Content]] | Sequence[tuple[Sent, Content]]
) -> tuple[Sent, Content] | None:
    found = list(places)
    return rng.choice(found) if found else None


def _current_debits(story: Story) -> list[tuple[Sent, Content]]:
    """Debits for the month of their declaratie, in messages without corrections."""
    return [
        (message, prestatie)
        for message in _of(story, "JW323")
        for prestatie in _debits(message)
        if not _credits(message)
        and prestatie["ProductPeriode"]["Einddatum"]
        >= message.content["Declaratie"]["DeclaratiePeriode"]["Begindatum"]
    ]


def _on_a_debit(
    change: Callable[[Sent, Content], None],
    *rules: str,
    where: Callable[[Content], bool] = lambda prestatie: True,
) -> Fault:
    def fault(story: Story, rng: random.Random) -> tuple[Sent, frozenset[str]] | None:
        found = _choose(rng, [item for item in _current_debits(story) if where(item[1])])
        if found is None:
            return None
        change(*found)
        _total(found[0])
        return found[0], frozenset(f"IJW-{rule}" for rule in rules)

    return fault


def _set(**values: Any) -> Callable[[Sent, Content], None]:
    return lambda message, prestatie: prestatie.update(values)


def _later_begin(message: Sent, prestatie: Content) -> None:
    period = prestatie["ProductPeriode"]
    prestatie["ProductPeriode"] = {**period, "Begindatum": period["Begindatum"] + _DAY}


def _earlier_end(message: Sent, prestatie: Content) -> None:
    period = prestatie["ProductPeriode"]
    prestatie["ProductPeriode"] = {**period, "Einddatum": period["Einddatum"] - _DAY}


def _next_month(message: Sent, prestatie: Content) -> None:
    begin = prestatie["ProductPeriode"]["Einddatum"] + _DAY
    prestatie["ProductPeriode"] = {"Begindatum": begin, "Einddatum": last_day(begin)}
    # Sent when the month is over: help in the future is a fault of another kind (TR137).
    day = last_day(begin) + _DAY
    message.content["Header"]["BerichtIdentificatie"]["Dagtekening"] = day
    message.content["Declaratie"]["DeclaratieDagtekening"] = day


def _too_much(message: Sent, prestatie: Content) -> None:
    """More than any toewijzing of these stories leaves for a month, and less than for the whole term."""
    minutes = prestatie["Eenheid"] == "01"
    # 20 a week in a month that touches six weeks.
    prestatie["GeleverdVolume"] = 121 * (60 if minutes else 1)
    prestatie["IngediendBedrag"]["Bedrag"] = (
        prestatie["GeleverdVolume"] * prestatie["ProductTarief"]
    )


def _ends_at_month(prestatie: Content) -> bool:
    """May the care go on after this month? The toewijzingen end on 14 July, 31 December or later."""
    end: datetime.date = prestatie["ProductPeriode"]["Einddatum"]
    return end == last_day(end) and end.month < 6


def _reused_reference(story: Story, rng: random.Random) -> tuple[Sent, frozenset[str]] | None:
    found = _choose(rng, [i for i in _current_debits(story) if _before(story, i[0], "JW323")])
    if found is None:
        return None
    message, prestatie = found
    earlier = rng.choice(_prestaties(rng.choice(_before(story, message, "JW323"))))
    prestatie["ProductReferentie"] = {
        "ReferentieNummer": earlier["ProductReferentie"]["ReferentieNummer"]
    }
    return message, frozenset({"IJW-TR314"})


def _reused_number(story: Story, rng: random.Random) -> tuple[Sent, frozenset[str]] | None:
    found = [m for m in _of(story, "JW323") if _before(story, m, "JW323")]
    if not found:
        return None
    message = rng.choice(found)
    earlier = rng.choice(_before(story, message, "JW323"))
    message.content["Declaratie"]["DeclaratieNummer"] = earlier.content["Declaratie"]["DeclaratieNummer"]  # fmt: skip
    return message, frozenset({"IJW-TR333"})


def _reused_identification(story: Story, rng: random.Random) -> tuple[Sent, frozenset[str]] | None:
    found = [m for m in story.sent if m.kind in ("JW301", "JW305", "JW323") and _before(story, m, m.kind)]  # fmt: skip
    if not found:
        return None
    message = rng.choice(found)
    earlier = rng.choice(_before(story, message, message.kind))
    # The answers keep to the old one: what matters here is the message itself.
    message.content["Header"]["BerichtIdentificatie"]["Identificatie"] = earlier.content["Header"]["BerichtIdentificatie"]["Identificatie"]  # fmt: skip
    return message, frozenset({"IJW-TR056"})


def _unknown_credit(story: Story, rng: random.Random) -> tuple[Sent, frozenset[str]] | None:
    found = _choose(rng, [(m, p) for m in _of(story, "JW323") for p in _credits(m)])
    if found is None:
        return None
    message, prestatie = found
    again = [
        p for p in _debits(message)
        if p["ToewijzingNummer"] == prestatie["ToewijzingNummer"]
        and p["ProductPeriode"] == prestatie["ProductPeriode"]
    ]  # fmt: skip
    prestatie["ProductReferentie"]["VorigReferentieNummer"] = "ONBEKEND"
    # Without its credit the new debit is a second one for the same month.
    return message, frozenset({"IJW-TR323", *(["IJW-TR389"] if again else [])})


def _start_again(story: Story, rng: random.Random) -> tuple[Sent, frozenset[str]] | None:
    message = rng.choice(_of(story, "JW305"))
    # The stop that may come later is of the first start; the second comes right after it.
    place = next(n for n, sent in enumerate(story.sent) if sent is message)
    content = {
        "Header": {
            **message.content["Header"],
            "BerichtIdentificatie": {
                **message.content["Header"]["BerichtIdentificatie"],
                "Identificatie": f"B{story.next_number():07}",
            },
        },
        "Client": message.content["Client"],
    }
    again = Sent("JW305", "JW305", content)
    story.sent.insert(place + 1, again)
    return again, frozenset({"IJW-TR074", "IJW-TR326"})


def _start_without_allocation(
    story: Story, rng: random.Random
) -> tuple[Sent, frozenset[str]] | None:
    message = rng.choice(_of(story, "JW305"))
    product = rng.choice(message.content["Client"]["StartProducten"]["StartProduct"])
    product["ToewijzingNummer"] = 999_999
    return message, frozenset({"IJW-TR019"})


def _stop_of_another_start(story: Story, rng: random.Random) -> tuple[Sent, frozenset[str]] | None:
    found = _of(story, "JW307")
    if not found:
        return None
    message = rng.choice(found)
    stop = message.content["Client"]["StopProducten"]["StopProduct"][0]
    stop["Begindatum"] = stop["Begindatum"] + _DAY
    return message, frozenset({"IJW-TR382"})


def _unknown_request(story: Story, rng: random.Random) -> tuple[Sent, frozenset[str]] | None:
    found = _choose(
        rng,
        [
            (m, p)
            for m in _of(story, "JW301")
            if _before(story, m, "JW315")
            for p in m.content["Client"]["ToegewezenProducten"]["ToegewezenProduct"]
            if p.get("ReferentieAanbieder")
        ],
    )
    if found is None:
        return None
    found[1]["ReferentieAanbieder"] = "ONBEKEND"
    return found[0], frozenset({"IJW-TR379"})


def _answer_to_nothing(story: Story, rng: random.Random) -> tuple[Sent, frozenset[str]] | None:
    message = rng.choice(_of(story, "JW325"))
    message.content["Header"]["DeclaratieIdentificatie"]["Identificatie"] = "ONBEKEND"
    return message, frozenset({"IJW-TR337"})


def _other_number(story: Story, rng: random.Random) -> tuple[Sent, frozenset[str]] | None:
    message = rng.choice(_of(story, "JW325"))
    message.content["DeclaratieAntwoord"]["DeclaratieNummer"] = "ANDERS"
    return message, frozenset({"IJW-TR376"})


def _other_volume(story: Story, rng: random.Random) -> tuple[Sent, frozenset[str]] | None:
    found = _choose(rng, [(m, p) for m in _of(story, "JW325") for p in _prestaties(m)])
    if found is None:
        return None
    found[1]["GeleverdVolume"] += 1
    return found[0], frozenset({"IJW-TR367"})


def _not_declared(story: Story, rng: random.Random) -> tuple[Sent, frozenset[str]] | None:
    found = _choose(rng, [(m, p) for m in _of(story, "JW325") for p in _prestaties(m)])
    if found is None:
        return None
    found[1]["ProductReferentie"] = {"ReferentieNummer": "ONBEKEND"}
    return found[0], frozenset({"IJW-TR366"})


FAULTS: dict[str, Fault] = {
    "toewijzing onbekend": _on_a_debit(_set(ToewijzingNummer=999_999), "TR338"),
    "andere eenheid": _on_a_debit(_set(Eenheid="14"), "TR341"),
    "begint te laat": _on_a_debit(_later_begin, "TR387"),
    "eindigt te vroeg": _on_a_debit(_earlier_end, "TR388"),
    "maand te laat": _on_a_debit(_next_month, "TR319", where=_ends_at_month),
    "te veel": _on_a_debit(_too_much, "TR321"),
    "referentie hergebruikt": _reused_reference,
    "declaratienummer hergebruikt": _reused_number,
    "identificatie hergebruikt": _reused_identification,
    "credit onbekend": _unknown_credit,
    "dubbele start": _start_again,
    "start zonder toewijzing": _start_without_allocation,
    "stop bij andere start": _stop_of_another_start,
    "verzoek onbekend": _unknown_request,
    "antwoord op niets": _answer_to_nothing,
    "ander declaratienummer": _other_number,
    "ander volume in antwoord": _other_volume,
    "afgewezen maar niet gedeclareerd": _not_declared,
}
