"""Whole cases in messages, each with what a check must say of every message in it."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from benchmarks.stories import Sent, Story, Toewijzing

_JAN, _FEB, _MAR = (datetime.date(2026, month, 1) for month in (1, 2, 3))
_NEW_YEAR = datetime.date(2026, 12, 31)


@dataclass(frozen=True)
class Case:
    """A case: its messages, and the rules that must fire, by the number of the message from 1."""

    story: Story
    expected: Mapping[int, frozenset[str]]


def _case(story: Story, *faults: tuple[Sent, str]) -> Case:
    """The rules that must fire, each on its message; on every other message none."""
    expected: dict[int, set[str]] = {}
    for message, rules in faults:
        number = next(n for n, sent in enumerate(story.sent, start=1) if sent is message)
        expected.setdefault(number, set()).update(f"IJW-{rule}" for rule in rules.split())
    return Case(story, {number: frozenset(rules) for number, rules in expected.items()})


def _talks(story: Story, child: int = 0, **more: object) -> Toewijzing:
    """Eight hours of talks a month, all year."""
    item = Toewijzing(
        nummer=38_400_000 + story.next_number(),
        child=child,
        categorie="45",
        code="45A48",
        ingang=_JAN,
        einde=_NEW_YEAR,
        volume=8,
    )
    return replace(item, **more)  # type: ignore[arg-type]


def _declared(story: Story, item: Toewijzing, month: datetime.date, volume: int) -> Sent:
    """A month of one toewijzing, declared on the fifth of the next."""
    story.day = datetime.date(month.year + month.month // 12, month.month % 12 + 1, 5)
    return story.declare(month, [story.line(item, month, volume)])


def verhuisd() -> Case:
    """A child moves in February: the old gemeente ends its toewijzing, the new one makes its own."""
    story = Story()
    old = _talks(story)
    story.allocate([old])
    story.wait(3)
    story.start((old, _JAN))
    story.reply(_declared(story, old, _JAN, 6))
    story.wait()
    story.allocate([replace_end(old, datetime.date(2026, 2, 14))])
    story.day = datetime.date(2026, 2, 16)
    story.stop((old, _JAN, datetime.date(2026, 2, 14), "31"))
    story.gemeente = "0363"
    new = _talks(story, ingang=datetime.date(2026, 2, 15))
    story.allocate([new])
    story.day = datetime.date(2026, 3, 5)
    story.declare(_FEB, [story.line(new, _FEB, 4)])
    story.gemeente = "0384"
    good = story.declare(_FEB, [story.line(old, _FEB, 4)])
    story.wait()
    story.reply(good)
    story.day = datetime.date(2026, 4, 5)
    line = replace(story.line(old, _FEB, 2), begin=_MAR, einde=datetime.date(2026, 3, 31))
    late = story.declare(_MAR, [line])
    return _case(story, (late, "TR308"))


def replace_end(item: Toewijzing, einde: datetime.date) -> Toewijzing:
    """The toewijzing with another last day (reden 02)."""
    item.einde = einde
    item.reden = "02"
    return item


def opgerekt() -> Case:
    """A toewijzing of two months becomes longer; the later declaratie fits only then."""
    story = Story()
    item = _talks(story, einde=datetime.date(2026, 2, 28))
    story.allocate([item])
    story.day = datetime.date(2026, 2, 20)
    story.allocate([replace_end(item, datetime.date(2026, 6, 30))])
    declared = _declared(story, item, _MAR, 8)
    story.wait()
    story.reply(declared)
    return _case(story)


def te_vroeg_opgerekt() -> Case:
    """The same, but the longer version is older than the short one: the newest counts, not the last."""
    story = Story()
    item = _talks(story, einde=datetime.date(2026, 6, 30))
    story.allocate([item])
    story.day = datetime.date(2026, 2, 20)
    story.allocate([replace_end(item, datetime.date(2026, 2, 28))])
    story.sent.reverse()
    story.sent[0].content["Header"]["BerichtIdentificatie"]["Dagtekening"] = _JAN
    story.sent[1].content["Header"]["BerichtIdentificatie"]["Dagtekening"] = story.day
    newest = story.sent[0].content["Client"]["ToegewezenProducten"]["ToegewezenProduct"][0]
    assert newest["Toewijzingsdatum"] == story.day
    newest["Toewijzingsdatum"] = _JAN
    oldest = story.sent[1].content["Client"]["ToegewezenProducten"]["ToegewezenProduct"][0]
    oldest["Toewijzingsdatum"] = datetime.date(2025, 12, 20)
    story.day = datetime.date(2026, 4, 5)
    line = replace(story.line(item, _FEB, 4), begin=_MAR, einde=datetime.date(2026, 3, 31))
    late = story.declare(_MAR, [line])
    return _case(story, (late, "TR308"))


def budget_op() -> Case:
    """A budget of 1.500 euro: the third month does not fit; a credit makes room."""
    story = Story()
    item = _talks(story, code=None, volume=None, budget=150_000)
    story.allocate([item])
    first = _declared_budget(story, item, _JAN, 7)
    story.reply(first)
    story.reply(_declared_budget(story, item, _FEB, 7))
    third = _declared_budget(story, item, _MAR, 7)
    story.wait()
    (wrong,) = (p["ProductReferentie"]["ReferentieNummer"] for p in _prestaties(third))
    story.reply(third, {wrong: "9369"})
    story.wait()
    (old,) = _prestaties(first)
    january = story.line(item, _JAN, 7, code="45A48")
    january = replace(january, nummer=old["ProductReferentie"]["ReferentieNummer"])
    story.declare(_MAR, [story.credit(january), story.line(item, _MAR, 7, code="45A48")])
    return _case(story, (third, "TR369"))


def _declared_budget(story: Story, item: Toewijzing, month: datetime.date, volume: int) -> Sent:
    story.day = datetime.date(2026, month.month + 1, 5)
    return story.declare(month, [story.line(item, month, volume, code="45A48")])


def _prestaties(message: Sent) -> list[dict[str, dict[str, str]]]:
    clients = message.content["Declaratie"]["Clienten"]["Client"]
    return [p for client in clients for p in client["Prestaties"]["Prestatie"]]


def credit_over_jaren() -> Case:
    """December is credited and declared anew in February of the next year."""
    story = Story(day=datetime.date(2025, 11, 20))
    december = datetime.date(2025, 12, 1)
    item = _talks(story, ingang=december)
    story.allocate([item])
    story.day = datetime.date(2026, 1, 5)
    wrong = story.line(item, december, 8)
    story.reply(story.declare(december, [wrong]))
    story.day = datetime.date(2026, 2, 5)
    right = story.line(item, december, 5)
    story.declare(_JAN, [story.credit(wrong), right, story.line(item, _JAN, 8)])
    return _case(story)


def credit_zonder_antwoord() -> Case:
    """A credit before the answer has come is refused; so is a debit beside it."""
    story = Story()
    item = _talks(story)
    story.allocate([item])
    story.day = datetime.date(2026, 2, 5)
    wrong = story.line(item, _JAN, 8)
    story.declare(_JAN, [wrong])
    story.wait()
    early = story.declare(_JAN, [story.credit(wrong)])
    return _case(story, (early, "TR323"))


def stop_en_herstart() -> Case:
    """A pause, a restart, and a stop for good; a stop on the first start is then too late."""
    story = Story()
    item = _talks(story)
    story.allocate([item])
    story.wait(3)
    story.start((item, _JAN))
    story.day = datetime.date(2026, 2, 3)
    story.stop((item, _JAN, datetime.date(2026, 1, 31), "20"))
    story.day = datetime.date(2026, 3, 4)
    story.start((item, datetime.date(2026, 3, 2)))
    story.day = datetime.date(2026, 4, 2)
    wrong = story.stop((item, _JAN, datetime.date(2026, 3, 31), "31"))
    story.wait()
    story.refuse(wrong, "0200")
    story.wait()
    story.stop((item, datetime.date(2026, 3, 2), datetime.date(2026, 3, 31), "31"))
    story.wait()
    again = story.stop((item, datetime.date(2026, 3, 2), datetime.date(2026, 3, 31), "33"))
    return _case(story, (wrong, "TR382"), (again, "TR415"))


def minuten_naast_uren() -> Case:
    """Eight hours a month, declared as hours and as minutes; 481 minutes do not fit."""
    story = Story()
    item = _talks(story)
    story.allocate([item])
    story.day = datetime.date(2026, 2, 5)
    story.reply(story.declare(_JAN, [story.line(item, _JAN, 480, tarief=150, eenheid="01")]))
    story.day = datetime.date(2026, 3, 5)
    story.reply(story.declare(_FEB, [story.line(item, _FEB, 8)]))
    story.day = datetime.date(2026, 4, 5)
    over = story.declare(_MAR, [story.line(item, _MAR, 481, tarief=150, eenheid="01")])
    return _case(story, (over, "TR321"))


def dubbel_verzonden() -> Case:
    """The same declaratie again: with the same number it is refused, and a new number does not help."""
    story = Story()
    item = _talks(story)
    story.allocate([item])
    story.day = datetime.date(2026, 2, 5)
    line = story.line(item, _JAN, 8)
    story.reply(story.declare(_JAN, [line], number="D1"))
    story.wait()
    again = story.declare(_JAN, [line], number="D1")
    story.wait()
    other = story.declare(_JAN, [line], number="D2")
    return _case(story, (again, "TR333 TR314 TR389"), (other, "TR314 TR389"))


def ingetrokken() -> Case:
    """A toewijzing cannot be taken back as long as something on it was granted and not credited."""
    story = Story()
    item = _talks(story)
    story.allocate([item])
    story.day = datetime.date(2026, 2, 5)
    line = story.line(item, _JAN, 8)
    story.reply(story.declare(_JAN, [line]))
    story.wait()
    gone = replace(item, einde=item.ingang, reden="13")
    early = story.allocate([gone])
    story.wait()
    story.refuse(early, "0200")
    story.day = datetime.date(2026, 3, 5)
    story.reply(story.declare(_FEB, [story.credit(line)]))
    story.wait()
    story.allocate([gone])
    story.day = datetime.date(2026, 4, 5)
    late = story.declare(_MAR, [story.line(item, _MAR, 8)])
    return _case(story, (early, "TR385"), (late, "TR384"))


def opnieuw_na_afwijzing() -> Case:
    """What was refused comes back mended, with a new reference and without a credit."""
    story = Story()
    item = _talks(story)
    story.allocate([item])
    story.day = datetime.date(2026, 2, 5)
    line = story.line(item, _JAN, 9)
    first = story.declare(_JAN, [line])
    story.wait()
    story.reply(first, {line.nummer: "9321"})
    story.wait()
    story.declare(_JAN, [story.line(item, _JAN, 8)])
    return _case(story, (first, "TR321"))


def verzoek_open() -> Case:
    """Two requests for one child: the second comes too early, and again after the refusal."""
    story = Story()
    first, second = _talks(story), _talks(story, code="45A49")
    story.request([first])
    story.wait()
    early = story.request([second])
    story.wait()
    story.refuse(early, "0200")
    story.answer_request(str(first.referentie), "2")
    story.wait(7)
    story.answer_request(str(first.referentie), "1")
    story.wait()
    late = story.answer_request(str(first.referentie), "1")
    story.wait()
    story.request([replace(second, referentie="OPNIEUW")])
    return _case(story, (early, "TR374"), (late, "TR365"))


def wijziging_gehonoreerd() -> Case:
    """A JW317 that must name all toewijzingen, and the JW301 that grants it."""
    story = Story()
    one, two = _talks(story), _talks(story, categorie="41", code="41A03", eenheid="16")
    story.allocate([one, two])
    story.day = datetime.date(2026, 2, 10)
    more = {"GewensteIngangsdatum": _MAR, "Omvang": {**(one.omvang or {}), "Volume": 12}}
    partial = story.request_change(0, changed=[(one, more)])
    story.wait()
    story.refuse(partial, "0200")
    story.wait()
    story.request_change(0, same=[two], changed=[(one, more)], referentie="VOW9")
    story.wait()
    new = _talks(story, ingang=_MAR, volume=12)
    shorter = replace_end(one, datetime.date(2026, 2, 28))
    story.allocate(
        [shorter, two, new], {one.nummer: "VOW9", two.nummer: "VOW9", new.nummer: "VOW9"}
    )
    story.day = datetime.date(2026, 4, 5)
    story.declare(_MAR, [story.line(new, _MAR, 12)])
    return _case(story, (partial, "TR349"))


def output_per_week() -> Case:
    """Output counts Sundays: four in February 2026 and five in March."""
    story = Story()
    item = _talks(story, eenheid="82", frequentie="2", volume=2)
    story.allocate([item])
    story.reply(_declared(story, item, _FEB, 8))
    story.reply(_declared(story, item, _MAR, 10))
    april = datetime.date(2026, 4, 1)
    over = _declared(story, item, april, 9)
    return _case(story, (over, "TR321"))


def twee_in_een_maand() -> Case:
    """Two toewijzingen follow each other within a month: each has a prestatie of its own."""
    story = Story()
    first = _talks(story, einde=datetime.date(2026, 1, 14))
    second = _talks(story, ingang=datetime.date(2026, 1, 15), volume=10)
    story.allocate([first, second])
    story.day = datetime.date(2026, 2, 5)
    good = story.declare(_JAN, [story.line(first, _JAN, 8), story.line(second, _JAN, 10)])
    story.wait()
    story.reply(good)
    story.day = datetime.date(2026, 3, 5)
    whole = replace(story.line(second, _FEB, 2), begin=_JAN, einde=datetime.date(2026, 1, 31))
    wrong = story.declare(_FEB, [whole])
    return _case(story, (wrong, "TR307 TR387"))


def afgekeurde_start() -> Case:
    """A start that was refused counts as not sent; the right one is then the first."""
    story = Story()
    item = _talks(story)
    story.allocate([item])
    story.wait(3)
    unknown = replace(item, nummer=999)
    wrong = story.start((unknown, _JAN))
    story.wait()
    story.refuse(wrong, "0200")
    story.wait()
    right = story.start((item, _JAN))
    story.wait()
    story.accept(right)
    story.wait()
    story.start((item, _JAN), status="3")
    story.wait()
    story.start((item, datetime.date(2026, 1, 2)))
    story.wait()
    twice = story.start((item, datetime.date(2026, 1, 3)))
    return _case(story, (wrong, "TR019"), (twice, "TR326"))


CASES: dict[str, Callable[[], Case]] = {
    make.__name__: make
    for make in (
        verhuisd,
        opgerekt,
        te_vroeg_opgerekt,
        budget_op,
        credit_over_jaren,
        credit_zonder_antwoord,
        stop_en_herstart,
        minuten_naast_uren,
        dubbel_verzonden,
        ingetrokken,
        opnieuw_na_afwijzing,
        verzoek_open,
        wijziging_gehonoreerd,
        output_per_week,
        twee_in_een_maand,
        afgekeurde_start,
    )
}
