"""The rules on toewijzingen, requests, starts and stops beside earlier messages: real messages, a second reading."""

import datetime
import os
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from benchmarks.stories import Sent, Story, Toewijzing
from inkoopcheck.check_messages import Dossier, MessageChecker
from inkoopcheck.engine.ruleset import CHAIN_FAMILIES, MESSAGE_FAMILIES, Ruleset, load_ruleset
from inkoopcheck.findings.model import Berichtresultaat, Ernst
from tests.regie_dossiers import TODAY, Geval, dag, random_leveringen, random_verzoeken, write
from tests.regie_oracle import Found, Reading

PER_RULE = int(os.environ.get("KETEN_GEVALLEN", "3"))
"""Random dossiers with a fault against each rule; at most ten."""
_CLASS = re.compile(
    r"/(StartProduct|StopProduct|ToegewezenProduct|AangevraagdProduct|OngewijzigdProduct|TeWijzigenProduct)"
    r"(?:\[(\d+)\])?(?:/|$)"
)


@cache
def rules() -> Ruleset:
    return load_ruleset((*MESSAGE_FAMILIES, *CHAIN_FAMILIES))


def check(
    dossier: Sequence[Path], judged: Sequence[Path], *choices: tuple[str, str]
) -> list[Berichtresultaat]:
    ruleset = (
        load_ruleset((*MESSAGE_FAMILIES, *CHAIN_FAMILIES), choices=choices) if choices else rules()
    )
    checker = MessageChecker(ruleset, TODAY, dossier=Dossier("dossier", paths=tuple(dossier)))
    result = checker.run(judged)
    assert not result.onbruikbaar
    assert all(message.xsd_geldig for message in result.berichten)
    return result.berichten


# --- one fault at a time --------------------------------------------------------------------------

Case = Callable[[Story, bool], Sent]
"""Sends the messages of a case, with its fault or without; gives the message that is judged."""

CASES: dict[str, Case] = {}
"""By rule (a letter behind it tells cases of one rule apart). The judged message is the last one of its kind."""


def case(make: Case) -> Case:
    CASES[make.__name__] = make
    return make


JAN, FEB, MAR = dag("2026-01-01"), dag("2026-02-01"), dag("2026-03-01")


def talks(story: Story, **changes: object) -> Toewijzing:
    """Eight hours of talks a month, all year."""
    item = Toewijzing(
        nummer=1_000 + story.next_number(),
        child=0,
        categorie="45",
        code="45A48",
        ingang=JAN,
        einde=dag("2026-12-31"),
        volume=8,
    )
    return replace(item, **changes)  # type: ignore[arg-type]


def allocated(story: Story, **changes: object) -> Toewijzing:
    item = talks(story, **changes)
    story.allocate([item])
    story.wait()
    return item


def started(story: Story, begin: datetime.date = JAN, **changes: object) -> Toewijzing:
    item = allocated(story, **changes)
    story.start((item, begin))
    story.wait()
    return item


def omvang(volume: int, frequentie: str = "4") -> dict[str, object]:
    return {"Volume": volume, "Eenheid": "04", "Frequentie": frequentie}


@case
def tr019(story: Story, fault: bool) -> Sent:
    item = allocated(story)
    return story.start((replace(item, nummer=9_999) if fault else item, JAN))


@case
def tr019_stop(story: Story, fault: bool) -> Sent:
    # The toewijzing is taken back after the start.
    item = started(story)
    if fault:
        story.allocate([replace(item, einde=item.ingang, reden="13")])
    story.day = MAR
    return story.stop((item, JAN, dag("2026-02-20"), "31"))


@case
def tr056(story: Story, fault: bool) -> Sent:
    item = allocated(story)
    if fault:
        # Not the number of the JW301 but that of another JW305, even one that was refused.
        wrong = story.start((replace(item, nummer=9_999), JAN))
        story.wait()
        story.refuse(wrong, "0200")
    story.wait()
    start = story.start((item, JAN))
    used = story.sent[1 if fault else 0].content["Header"]["BerichtIdentificatie"]
    start.content["Header"]["BerichtIdentificatie"]["Identificatie"] = used["Identificatie"]
    return start


@case
def tr063(story: Story, fault: bool) -> Sent:
    item = started(story)
    return story.start((item, dag("2026-01-02") if fault else JAN), status="3")


@case
def tr063_stop(story: Story, fault: bool) -> Sent:
    item = started(story)
    story.day = MAR
    stop = (item, JAN, dag("2026-02-20"), "31")
    story.stop(stop)
    story.wait()
    if fault:
        story.stop(stop, status="3")
        story.wait()
    return story.stop(stop, status="3")


@case
def tr071(story: Story, fault: bool) -> Sent:
    item = started(story)
    story.day = MAR
    stop = (item, JAN, dag("2026-02-20"), "20")
    story.stop(stop)
    story.wait()
    if not fault:
        story.stop(stop, status="3")
        story.wait()
    return story.start((item, JAN), status="3")


@case
def tr074(story: Story, fault: bool) -> Sent:
    # After a stop the same start again: no start runs, so only the key is wrong.
    item = started(story)
    story.day = MAR
    story.stop((item, JAN, dag("2026-02-20"), "20"))
    story.wait()
    return story.start((item, JAN if fault else dag("2026-02-25")))


@case
def tr326(story: Story, fault: bool) -> Sent:
    item = started(story)
    story.day = MAR
    if not fault:
        story.stop((item, JAN, dag("2026-02-20"), "31"))
        story.wait()
    return story.start((item, dag("2026-02-25")))


@case
def tr382(story: Story, fault: bool) -> Sent:
    item = started(story)
    story.day = MAR
    return story.stop((item, dag("2026-01-02") if fault else JAN, dag("2026-02-20"), "31"))


@case
def tr382_zonder_start(story: Story, fault: bool) -> Sent:
    item = allocated(story) if fault else started(story)
    story.day = MAR
    return story.stop((item, JAN, dag("2026-02-20"), "31"))


@case
def tr413(story: Story, fault: bool) -> Sent:
    item = started(story)
    story.day = MAR
    story.stop((item, JAN, dag("2026-02-10"), "20"))
    story.wait()
    return story.stop((item, JAN, dag("2026-02-20"), "20" if fault else "31"))


@case
def tr414(story: Story, fault: bool) -> Sent:
    item = started(story)
    story.day = MAR
    story.stop((item, JAN, dag("2026-02-10"), "20"))
    story.wait()
    return story.stop((item, JAN, dag("2026-02-09" if fault else "2026-02-10"), "31"))


@case
def tr415(story: Story, fault: bool) -> Sent:
    item = started(story)
    story.day = MAR
    first = (item, JAN, dag("2026-02-10"), "31")
    story.stop(first)
    story.wait()
    second = story.stop((item, JAN, dag("2026-02-20"), "31"))
    if not fault:
        # In one message: the removal of the first counts before the second, though it stands below.
        stops = second.content["Client"]["StopProducten"]["StopProduct"]
        stops.append({**stops[0], "Einddatum": first[2], "StatusAanlevering": "3"})
    return second


def changed(story: Story, item: Toewijzing, **more: object) -> Sent:
    """A JW317 that changes one toewijzing from March on."""
    return story.request_change(
        item.child,
        changed=[(item, {"GewensteIngangsdatum": MAR, "Omvang": omvang(12), **more})],
    )


@case
def tr304(story: Story, fault: bool) -> Sent:
    item = allocated(story)
    return changed(story, replace(item, child=1) if fault else item)


@case
def tr332(story: Story, fault: bool) -> Sent:
    item = allocated(story)
    return story.allocate([replace(item, ingang=dag("2026-01-02")) if fault else item])


@case
def tr347(story: Story, fault: bool) -> Sent:
    story.request([talks(story, referentie="V1")])
    story.wait()
    story.answer_request("V1", "1")
    story.wait()
    item = allocated(story, code="45A49")
    return story.request_change(
        0,
        changed=[(item, {"GewensteIngangsdatum": MAR, "Omvang": omvang(12)})],
        referentie="V1" if fault else "V2",
    )


@case
def tr349(story: Story, fault: bool) -> Sent:
    one, two = talks(story), talks(story, code="45A49", ingang=dag("2026-06-01"))
    story.allocate([one, two])
    story.wait()
    more = {"GewensteIngangsdatum": MAR, "Omvang": omvang(12)}
    return story.request_change(0, same=[] if fault else [two], changed=[(one, more)])


@case
def tr350(story: Story, fault: bool) -> Sent:
    end = dag("2026-01-05" if fault else "2026-01-06")
    one, two = talks(story), talks(story, code="45A49", einde=end)
    story.allocate([one, two])
    story.day = dag("2026-01-06")
    more = {"GewensteIngangsdatum": MAR, "Omvang": omvang(12)}
    return story.request_change(0, same=[two], changed=[(one, more)])


@case
def tr351(story: Story, fault: bool) -> Sent:
    # It has a budget too, so that it could only change from its begin on (TR373); but it is not there any more.
    one = talks(story)
    two = talks(
        story, categorie="41", code=None, volume=None, budget=90_000, einde=dag("2026-01-05")
    )
    story.allocate([one, two])
    story.day = dag("2026-01-06" if fault else "2026-01-05")
    more = {"GewensteIngangsdatum": MAR if fault else JAN, "Einddatum": dag("2026-06-30")}
    return story.request_change(0, same=[one], changed=[(two, more)])


@case
def tr355(story: Story, fault: bool) -> Sent:
    story.request([talks(story, referentie="V1")])
    story.wait()
    return story.answer_request("V9" if fault else "V1", "1")


@case
def tr357(story: Story, fault: bool) -> Sent:
    item = allocated(story)
    day = story.day if fault else story.day + datetime.timedelta(1)
    return changed(story, item, GewensteIngangsdatum=day)


@case
def tr359(story: Story, fault: bool) -> Sent:
    item = talks(story, referentie="V1")
    story.request([item])
    story.wait()
    granted = story.allocate([item], {item.nummer: "V1"})
    story.wait()
    if not fault:
        story.refuse(granted)
        story.wait()
    return story.answer_request("V1", "1")


@case
def tr360(story: Story, fault: bool) -> Sent:
    story.request([talks(story, referentie="V1")])
    story.wait()
    story.answer_request("V1", "2")
    story.wait()
    return story.answer_request("V1", "2" if fault else "1")


@case
def tr361(story: Story, fault: bool) -> Sent:
    # A new product that overlaps with what goes on until the change.
    item = allocated(story)
    new = replace(item, ingang=dag("2026-02-10"), einde=dag("2026-02-20"))
    return story.request_change(
        0,
        changed=[(item, {"GewensteIngangsdatum": MAR, "Omvang": omvang(12)})],
        new=[new if fault else replace(new, code="45A49")],
    )


@case
def tr365(story: Story, fault: bool) -> Sent:
    story.request([talks(story, referentie="V1")])
    story.wait()
    story.answer_request("V1", "2")
    story.wait()
    if fault:
        story.answer_request("V1", "1")
        story.wait()
    return story.answer_request("V1", "1")


@case
def tr373(story: Story, fault: bool) -> Sent:
    item = allocated(story, frequentie="6", volume=40)
    begin = MAR if fault else JAN
    return changed(story, item, GewensteIngangsdatum=begin, Omvang=omvang(60, "6"))


@case
def tr374(story: Story, fault: bool) -> Sent:
    one, two = talks(story, referentie="V1"), talks(story, code="45A49", referentie="V2")
    story.request([one, two])
    story.wait()
    story.allocate([one], {one.nummer: "V1"})
    story.wait()
    # Every product of the request must have its answer.
    story.answer_request("V2", "2" if fault else "1")
    story.wait()
    return story.request([talks(story, code="45A50", referentie="V3")])


@case
def tr374_wijziging(story: Story, fault: bool) -> Sent:
    item = allocated(story)
    refused = changed(story, item)
    story.wait()
    if not fault:
        story.refuse(refused, "0200")
        story.wait()
    return changed(story, item)


@case
def tr375(story: Story, fault: bool) -> Sent:
    item = allocated(story, categorie=None, code=None, volume=None, budget=90_000)
    more = {"Omvang": omvang(12), "Budget": None} if fault else {"Omvang": None}
    return changed(story, item, GewensteIngangsdatum=JAN, **more)


@case
def tr379(story: Story, fault: bool) -> Sent:
    # What a gemeente changes of its own accord has no reference, whatever it had before.
    item = talks(story, referentie="V1")
    story.request([item])
    story.wait()
    story.allocate([item], {item.nummer: "V1"})
    story.wait()
    longer = replace(item, einde=dag("2027-01-31"), reden="02")
    return story.allocate([longer], {item.nummer: "V1"} if fault else None)


@case
def tr379_wijziging(story: Story, fault: bool) -> Sent:
    one, two = talks(story), talks(story, code="45A49")
    story.allocate([one, two])
    story.wait()
    more = {"GewensteIngangsdatum": MAR, "Omvang": omvang(12)}
    story.request_change(0, same=[two], changed=[(one, more)], referentie="V1")
    story.wait()
    new = talks(story, ingang=MAR, volume=12)
    shorter = replace(one, einde=dag("2026-02-28"), reden="02")
    references = {item.nummer: "V1" for item in (shorter, two, new)}
    if fault:
        del references[two.nummer]
    return story.allocate([shorter, two, new], references)


@case
def tr379_leeg(story: Story, fault: bool) -> Sent:
    item = talks(story, referentie="V1")
    story.request([item])
    story.wait()
    return story.allocate([item], None if fault else {item.nummer: "V1"})


@case
def tr385(story: Story, fault: bool) -> Sent:
    item = allocated(story)
    story.day = dag("2026-02-05")
    line = story.line(item, JAN, 8)
    story.reply(story.declare(JAN, [line]))
    story.day = dag("2026-03-05")
    back = story.declare(FEB, [story.credit(line)])
    story.wait()
    # Without an answer the credit is not granted yet.
    if not fault:
        story.reply(back)
        story.wait()
    return story.allocate([replace(item, einde=item.ingang, reden="13")])


@case
def tr411(story: Story, fault: bool) -> Sent:
    item = allocated(story)
    more = {"Omvang": None, "Budget": 90_000} if fault else {}
    return changed(story, item, **more)


@case
def tr412(story: Story, fault: bool) -> Sent:
    item = allocated(story, code=None, volume=None, budget=90_000)
    more = {"Omvang": omvang(12), "Budget": None} if fault else {"Omvang": None}
    return changed(story, item, GewensteIngangsdatum=JAN, **more)


def rules_found(message: Berichtresultaat) -> set[str]:
    return {finding.regel.removeprefix("IJW-") for finding in message.afwijkingen}


def judged(
    story: Story, message: Sent, folder: Path, *choices: tuple[str, str]
) -> Berichtresultaat:
    paths = story.write(folder)
    place = next(n for n, sent in enumerate(story.sent) if sent is message)
    (result,) = check(paths[:place], [paths[place]], *choices)
    return result


@pytest.mark.parametrize("name", CASES)
def test_a_message_that_is_in_order_has_no_findings(name: str, tmp_path: Path) -> None:
    story = Story()
    message = CASES[name](story, False)
    assert rules_found(judged(story, message, tmp_path)) == set()


@pytest.mark.parametrize("name", CASES)
def test_a_message_with_one_fault_has_exactly_its_rules(name: str, tmp_path: Path) -> None:
    story = Story()
    message = CASES[name](story, True)
    rule = "TR379-LEEG" if name == "tr379_leeg" else name[:5].upper()
    assert rules_found(judged(story, message, tmp_path)) == {rule}


# --- choices --------------------------------------------------------------------------------------


def test_an_empty_number_is_a_fault_only_when_one_says_so(tmp_path: Path) -> None:
    story = Story()
    item = allocated(story)
    start = story.start((item, JAN))
    del start.content["Client"]["StartProducten"]["StartProduct"][0]["ToewijzingNummer"]
    assert rules_found(judged(story, start, tmp_path)) == set()
    wanted = ("IJW-TR019", "nummer_verplicht")
    assert rules_found(judged(story, start, tmp_path, wanted)) == {"TR019"}


def test_a_refused_message_uses_up_its_identification_unless_one_says_otherwise(
    tmp_path: Path,
) -> None:
    story = Story()
    message = tr056(story, True)
    assert rules_found(judged(story, message, tmp_path)) == {"TR056"}
    other = ("IJW-TR056", "goedgekeurd")
    assert rules_found(judged(story, message, tmp_path, other)) == set()


def test_a_number_of_another_child_is_a_fault_of_the_client_or_of_the_prestatie(
    tmp_path: Path,
) -> None:
    story = Story()
    allocated(story)
    other = allocated(story, child=1, code="45A49")
    story.day = dag("2026-02-05")
    message = story.declare(JAN, [story.line(replace(other, child=0), JAN, 8)])
    first = judged(story, message, tmp_path)
    assert rules_found(first) == {"TR304"}
    assert [(f.retourcode, f.bedrag) for f in first.afwijkingen] == [("8187", 720)]
    choice = (("IJW-TR304", "nummer"), ("IJW-TR338", "nummer"))
    assert rules_found(judged(story, message, tmp_path, *choice)) == {"TR338"}


# --- time and order -------------------------------------------------------------------------------


def test_on_one_day_a_start_can_be_sent_taken_back_and_sent_again(tmp_path: Path) -> None:
    story = Story()
    item = allocated(story)
    for status in ("1", "3", "1"):
        story.start((item, JAN), status=status)
    gone = story.start((item, JAN), status="3")
    assert rules_found(judged(story, gone, tmp_path / "once")) == set()
    again = story.start((item, JAN), status="3")
    assert rules_found(judged(story, again, tmp_path / "twice")) == {"TR063"}


def test_of_two_messages_of_one_day_with_one_identification_the_second_is_wrong(
    tmp_path: Path,
) -> None:
    story = Story()
    one, two = talks(story), talks(story, code="45A49")
    story.allocate([one, two])
    story.wait()
    first, second = story.start((one, JAN)), story.start((two, JAN))
    second.content["Header"]["BerichtIdentificatie"] = first.content["Header"]["BerichtIdentificatie"]  # fmt: skip
    paths = story.write(tmp_path)
    # Both are in the dossier, so that only one of them came before the other.
    assert [rules_found(m) for m in check(paths, [paths[1]])] == [set()]
    assert [rules_found(m) for m in check(paths, [paths[2]])] == [{"TR056"}]


def test_the_answer_to_a_message_of_another_day_with_the_same_identification_is_not_its_own(
    tmp_path: Path,
) -> None:
    story = Story()
    item = allocated(story)
    wrong = story.start((item, JAN))
    story.wait()
    story.refuse(wrong, "0200")
    story.wait()
    again = story.start((item, JAN))
    again.content["Header"]["BerichtIdentificatie"]["Identificatie"] = wrong.content["Header"]["BerichtIdentificatie"]["Identificatie"]  # fmt: skip
    # The first was refused, so the second is no double; only the identification is.
    assert rules_found(judged(story, again, tmp_path)) == {"TR056"}


# --- a second reading -----------------------------------------------------------------------------


def place_of(path: str) -> str:
    """The place as the second reading tells it."""
    found = _CLASS.search(path)
    if found is None:
        return "0"
    letter = {"OngewijzigdProduct": "O", "TeWijzigenProduct": "T"}.get(found[1], "")
    return f"{letter}{int(found[2] or 1) - 1}"


def found_in(message: Berichtresultaat) -> Found:
    return {
        (finding.regel.removeprefix("IJW-"), place_of(finding.plaats.pad or ""))
        for finding in message.afwijkingen
        if finding.familie in CHAIN_FAMILIES
    }


RULES: dict[Callable[[random.Random], Geval], str] = {
    random_leveringen: "TR019 TR063 TR071 TR074 TR326 TR382 TR413 TR414 TR415",
    random_verzoeken: "TR304 TR332 TR347 TR349 TR350 TR351 TR355 TR357 TR359 TR360 TR365 TR374 TR379 TR379-LEEG",
}
"""The rules that a kind of dossier is about."""


def chosen(make: Callable[[random.Random], Geval], each: int) -> list[tuple[Geval, Found]]:
    """Random dossiers with what the second reading says: each rule breaks that often, or more; a third is clean."""
    left = Counter(dict.fromkeys(RULES[make].split(), each))
    left["clean"] = each * len(left) // 3
    found = []
    number = 0
    while +left:
        number += 1
        case = make(random.Random(number))
        reading = Reading(*case)
        wanted = reading.leveringen() | reading.verzoeken()
        names = {rule for rule, _ in wanted} or {"clean"}
        if any(left[name] > 0 for name in names):
            left.subtract(names)
            found.append((case, wanted))
    return found


def written(
    folder: Path, cases: Sequence[tuple[Geval, Found]]
) -> tuple[list[Path], list[Path], dict[str, Found]]:
    """The paths of the dossiers and of the messages to judge, and what must be found, by file name."""
    dossier: list[Path] = []
    judge: list[Path] = []
    expected: dict[str, Found] = {}
    for number, (case, wanted) in enumerate(cases):
        paths, path = write(folder, number, *case)
        dossier += paths
        judge.append(path)
        expected[path.name] = wanted
    return dossier, judge, expected


@pytest.mark.parametrize("make", RULES)
def test_a_second_reading_finds_the_same(
    make: Callable[[random.Random], Geval], tmp_path: Path
) -> None:
    dossier, judge, expected = written(tmp_path, chosen(make, PER_RULE))
    random.Random(1).shuffle(dossier)
    results = check(dossier, judge)
    # Every message of these dossiers must reach the rules over messages.
    level2 = MessageChecker(load_ruleset(MESSAGE_FAMILIES), TODAY).run([tmp_path])
    faults = [f.regel for b in level2.berichten for f in b.afwijkingen if f.ernst is Ernst.FOUT]
    assert not faults
    assert {m.bestand.naam: found_in(m) for m in results} == expected


@pytest.mark.parametrize("make", RULES)
def test_the_order_of_a_dossier_makes_no_difference(
    make: Callable[[random.Random], Geval], tmp_path: Path
) -> None:
    dossier, judge, _ = written(tmp_path, chosen(make, 1))
    said = []
    for seed in range(3):
        random.Random(seed).shuffle(dossier)
        results = check(dossier, random.Random(seed).sample(judge, len(judge)))
        said.append(
            {
                m.bestand.naam: [(f.regel, f.plaats.pad, f.melding) for f in m.afwijkingen]
                for m in results
            }
        )
    assert said[0] == said[1] == said[2]
    assert any(said[0].values())
