"""The rules on a declaratie and its answer beside earlier messages: real messages, and a second reading."""

import datetime
import os
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from inkoopcheck.check_messages import Dossier, MessageChecker
from inkoopcheck.engine.ruleset import CHAIN_FAMILIES, MESSAGE_FAMILIES, Ruleset, load_ruleset
from inkoopcheck.findings.model import Berichtresultaat
from tests.declaratie_cases import (
    ANDER_KIND,
    Antwoord,
    Declaratie,
    Jw301,
    Prestatie,
    Toewijzing,
    dag,
    laatste,
    write,
)
from tests.declaratie_dossiers import Case, make
from tests.declaratie_oracle import Found, Reading

TODAY = datetime.date(2026, 12, 31)
ON_DECLARATIE = "307 308 314 318 319 321 322 323 333 338 339 340 341 369 384 387 388 389 390"
CHECKED = {f"TR{number}" for number in ON_DECLARATIE.split()} | {"PR-05", "PR-06"}
"""The rules on a JW323 that are compared with the second reading."""
_PLACE = re.compile(r"/Client(?:\[(\d+)\])?/Prestaties/Prestatie(?:\[(\d+)\])?")

Item = Jw301 | Declaratie


@cache
def rules() -> Ruleset:
    return load_ruleset((*MESSAGE_FAMILIES, *CHAIN_FAMILIES))


def check(dossier: Sequence[Path], judged: Path) -> Berichtresultaat:
    """The result of one message beside a dossier."""
    checker = MessageChecker(
        rules(), TODAY, dossier=Dossier("dossier", paths=tuple(dossier)), all_findings=True
    )
    result = checker.run([judged])
    assert not result.onbruikbaar
    (only,) = result.berichten
    assert only.xsd_geldig, only.afwijkingen
    return only


def judge(
    folder: Path, dossier: Iterable[Item], judged: Declaratie
) -> tuple[Berichtresultaat, Found]:
    """What is found in a declaratie beside a dossier, and of which prestatie."""
    before = write(folder / "dossier", dossier)
    path = folder / "dit.xml"
    path.write_bytes(judged.jw323())
    result = check(before, path)
    return result, found_in(result, judged)


def found_in(result: Berichtresultaat, judged: Declaratie) -> Found:
    clients: dict[str, list[Prestatie]] = {}
    for prestatie in judged.prestaties:
        clients.setdefault(prestatie.bsn, []).append(prestatie)
    lines = list(clients.values())
    found = set()
    for deviation in result.afwijkingen:
        place = _PLACE.search(deviation.plaats.pad or "")
        client, number = (int(place[1] or 1), int(place[2] or 1)) if place else (0, 0)
        reference = lines[client - 1][number - 1].referentie if place else ""
        found.add((deviation.regel.removeprefix("IJW-"), reference))
    return found


# --- one fault at a time --------------------------------------------------------------------------

TOEKENNING = Antwoord()
MAART = (dag("2026-03-01"), dag("2026-03-31"))


def maand(text: str) -> dict[str, datetime.date]:
    """Begin and end of the productperiode of a month."""
    first = dag(f"{text}-01")
    return {"begin": first, "einde": laatste(first)}


def clean() -> tuple[list[Item], Declaratie]:
    """A toewijzing, a granted declaratie over January and February, and one over March that is in order.

    The last one takes February back and declares it anew.
    """
    january = Prestatie("E1", **maand("2026-01"))
    february = Prestatie("E2", **maand("2026-02"))
    before = Declaratie(
        (january, february),
        identificatie="D1",
        nummer="N1",
        maand=dag("2026-02-01"),
        dagtekening=dag("2026-03-05"),
        antwoord=TOEKENNING,
    )
    judged = Declaratie(
        (
            replace(february, referentie="R1", vorig="E2"),
            replace(february, referentie="R2", volume=8),
            Prestatie("R3", **maand("2026-03")),
        ),
        maand=dag("2026-03-01"),
    )
    return [Jw301(Toewijzing(einde=dag("2026-12-31"))), before], judged


def toewijzing(dossier: list[Item], **changes: Any) -> None:
    """Change the toewijzing in a dossier."""
    found = dossier[0]
    assert isinstance(found, Jw301)
    dossier[0] = replace(found, toewijzing=replace(found.toewijzing, **changes))


def eerder(dossier: list[Item], number: int | None = None, **changes: Any) -> None:
    """Change the earlier declaratie in a dossier, or one of its prestaties."""
    found = dossier[1]
    assert isinstance(found, Declaratie)
    dossier[1] = (
        regel(found, number, **changes) if number is not None else replace(found, **changes)
    )


def regel(declaratie: Declaratie, number: int, **changes: Any) -> Declaratie:
    """The declaratie with one of its prestaties changed."""
    lines = list(declaratie.prestaties)
    lines[number] = replace(lines[number], **changes)
    return replace(declaratie, prestaties=tuple(lines))


Change = Callable[[list[Item], Declaratie], Declaratie | None]


def _deleted(dossier: list[Item], judged: Declaratie) -> None:
    later = datetime.datetime(2026, 4, 1)
    version = Toewijzing(einde=dag("2026-01-01"), reden="13", moment=later)
    dossier.append(Jw301(version, identificatie="T2"))


def _shorter(dossier: list[Item], judged: Declaratie) -> Declaratie:
    version = Toewijzing(einde=dag("2026-02-28"), moment=datetime.datetime(2026, 4, 1))
    dossier.append(Jw301(version, identificatie="T2"))
    return regel(judged, 1, volume=2)


def _credited_before(dossier: list[Item], judged: Declaratie) -> Declaratie:
    credit = replace(judged.prestaties[0], referentie="E3")
    dossier.append(
        Declaratie(
            (credit,),
            identificatie="D3",
            nummer="N3",
            maand=dag("2026-02-01"),
            dagtekening=dag("2026-03-25"),
            antwoord=TOEKENNING,
        )
    )
    return judged


FAULTS: dict[str, tuple[Change, set[str]]] = {
    "geen": (lambda d, j: None, set()),
    "TR307": (
        lambda d, j: toewijzing(d, ingang=dag("2026-04-01"), einde=dag("2026-12-31")),
        {"TR307"},
    ),
    "TR307 en TR387": (
        lambda d, j: (
            toewijzing(d, ingang=dag("2026-03-10"), einde=dag("2026-12-31"))
            or replace(j, prestaties=j.prestaties[2:])
        ),
        {"TR307", "TR387"},
    ),
    "TR308": (_shorter, {"TR308"}),
    "TR314 eerder": (lambda d, j: regel(j, 2, referentie="E1"), {"TR314"}),
    "TR314 zelf": (
        lambda d, j: (
            replace(
                j,
                prestaties=(
                    *j.prestaties,
                    Prestatie("R3", toewijzing=9, bsn=ANDER_KIND, **maand("2026-03")),
                ),
            )
            if d.append(Jw301(Toewijzing(9, bsn=ANDER_KIND), identificatie="T9")) is None
            else None
        ),
        {"TR314"},
    ),
    "TR318": (
        lambda d, j: eerder(d, maand=dag("2026-04-01"), dagtekening=dag("2026-05-05")),
        {"TR318"},
    ),
    "PR-05": (lambda d, j: replace(j, maand=dag("2026-04-01")), {"PR-05"}),
    "TR319": (
        lambda d, j: replace(j, maand=dag("2026-02-01")),
        {"TR319"},
    ),
    "TR321": (lambda d, j: regel(j, 2, volume=9), {"TR321"}),
    "TR321 in minuten": (lambda d, j: regel(j, 2, volume=481, eenheid="01"), {"TR321", "PR-03"}),
    "geen, in minuten": (lambda d, j: regel(j, 2, volume=480, eenheid="01"), {"PR-03"}),
    "TR322": (
        # Eight, eight and six hours where six months have one volume.
        lambda d, j: toewijzing(d, volume=19, frequentie="6"),
        {"TR322"},
    ),
    "geen, precies vol": (lambda d, j: toewijzing(d, volume=20, frequentie="6"), set()),
    "TR323 onbekend": (lambda d, j: regel(j, 0, vorig="E9"), {"TR323", "TR389"}),
    "TR323 niet beantwoord": (lambda d, j: eerder(d, antwoord=None), {"TR323"}),
    "TR323 afgewezen": (lambda d, j: eerder(d, antwoord=Antwoord(afgewezen=("E2",))), {"TR323"}),
    "TR323 geheel afgewezen": (
        lambda d, j: eerder(d, antwoord=Antwoord(declaratie="9333")),
        {"TR323"},
    ),
    "TR333": (lambda d, j: replace(j, nummer="N1"), {"TR333"}),
    "geen, nummer van een geweigerde": (
        lambda d, j: d.append(
            Declaratie(
                (Prestatie("R3"),),
                identificatie="D3",
                dagtekening=dag("2026-05-05"),
                antwoord=Antwoord(header="0001"),
            )
        ),
        set(),
    ),
    "TR338": (lambda d, j: regel(j, 2, toewijzing=8), {"TR338"}),
    "TR338 bij een credit": (lambda d, j: regel(j, 0, toewijzing=8), {"TR338", "PR-06"}),
    "TR338 geweigerd": (
        lambda d, j: (
            d.append(Jw301(Toewijzing(8), identificatie="T8", geweigerd=True))
            or regel(j, 2, toewijzing=8)
        ),
        {"TR338"},
    ),
    "TR339": (
        lambda d, j: toewijzing(d, categorie="44", code=None, volume=None, einde=dag("2026-12-31")),
        {"TR339"},
    ),
    "TR340": (lambda d, j: regel(j, 2, code="45A49"), {"TR340"}),
    "TR341": (lambda d, j: regel(j, 2, eenheid="16"), {"TR341"}),
    "TR369": (
        lambda d, j: toewijzing(d, volume=None, code=None, budget=1999, einde=dag("2026-12-31")),
        {"TR369"},
    ),
    "geen, budget precies op": (
        lambda d, j: toewijzing(d, volume=None, code=None, budget=2000, einde=dag("2026-12-31")),
        set(),
    ),
    "TR384": (_deleted, {"TR384"}),
    "TR387": (lambda d, j: regel(j, 2, begin=dag("2026-03-02")), {"TR387"}),
    "TR388": (lambda d, j: regel(j, 2, einde=dag("2026-03-30")), {"TR388"}),
    "TR389": (
        lambda d, j: replace(j, prestaties=j.prestaties[1:]),
        {"TR389"},
    ),
    "TR390": (_credited_before, {"TR390"}),
    "PR-06": (lambda d, j: regel(j, 0, volume=5), {"PR-06"}),
}


@pytest.mark.parametrize("name", FAULTS)
def test_one_fault_in_a_dossier_gives_the_rules_of_that_fault_and_no_other(
    name: str, tmp_path: Path
) -> None:
    dossier, judged = clean()
    change, expected = FAULTS[name]
    judged = change(dossier, judged) or judged
    result, found = judge(tmp_path, dossier, judged)
    assert {rule for rule, _ in found} == expected, result.afwijkingen
    toegewezen = [item for item in dossier if isinstance(item, Jw301)]
    declaraties = [item for item in dossier if isinstance(item, Declaratie)]
    compared = {(rule, prestatie) for rule, prestatie in found if rule in CHECKED}
    assert compared == Reading(judged, toegewezen, declaraties).findings()


def test_a_credit_on_what_is_not_answered_yet_says_so(tmp_path: Path) -> None:
    dossier, judged = clean()
    eerder(dossier, antwoord=None)
    result, _ = judge(tmp_path, dossier, judged)
    (deviation,) = result.afwijkingen
    assert deviation.regel == "IJW-TR323"
    assert "nog geen antwoord" in deviation.melding


# --- worked examples of the standard --------------------------------------------------------------


def worked(tw: Toewijzing, months: Sequence[str], volumes: Sequence[int]) -> Declaratie:
    """A declaratie with a prestatie per month, cut to the toewijzing."""
    lines = []
    for number, (month, volume) in enumerate(zip(months, volumes, strict=True)):
        begin, end = maand(month).values()
        begin = max(begin, tw.ingang)
        end = min(end, tw.einde) if tw.einde else end
        lines.append(
            Prestatie(f"R{number}", begin=begin, einde=end, volume=volume, eenheid=tw.eenheid or "")
        )
    return Declaratie(tuple(lines), maand=dag(f"{months[-1]}-01"), dagtekening=dag("2026-07-06"))


WORKED = {
    "IV076": (
        # Three hours a week: four weeks of July, five of August, one of September.
        Toewijzing(ingang=dag("2025-07-08"), einde=dag("2025-09-05"), volume=3, frequentie="2"),
        ["2025-07", "2025-08", "2025-09"],
        [12, 15, 3],
        27,
    ),
    "IV077 inspanning": (
        Toewijzing(ingang=dag("2025-10-07"), einde=dag("2025-12-31"), volume=3, frequentie="2"),
        ["2025-10", "2025-11", "2025-12"],
        [12, 15, 15],
        39,
    ),
    "IV077 output": (
        # Three Sundays; five and the last week, which has no Sunday of its own any more.
        Toewijzing(
            ingang=dag("2025-10-07"),
            einde=dag("2025-12-03"),
            volume=300,
            frequentie="2",
            eenheid="82",
        ),
        ["2025-10", "2025-11", "2025-12"],
        [900, 1800, 0],
        2700,
    ),
    "IV089": (
        Toewijzing(ingang=dag("2026-04-10"), einde=dag("2026-06-20"), volume=10),
        ["2026-04", "2026-05", "2026-06"],
        [10, 10, 10],
        30,
    ),
}


@pytest.mark.parametrize("name", WORKED)
def test_the_worked_examples_of_the_standard_fit_and_one_more_does_not(
    name: str, tmp_path: Path
) -> None:
    tw, months, most, total = WORKED[name]
    periods = worked(tw, months, most).prestaties
    assert [most_in_period(tw, p.begin, p.einde) for p in periods] == most
    assert tw.einde is not None
    assert most_in_all(tw, tw.einde) == total
    for number in range(len(months)):
        exact = replace(
            worked(tw, months, most), prestaties=(periods[number],), maand=dag(f"{months[-1]}-01")
        )
        if most[number]:
            result, found = judge(tmp_path / f"{number}", [Jw301(tw)], exact)
            assert not found, result.afwijkingen
        _, found = judge(
            tmp_path / f"{number} meer",
            [Jw301(tw)],
            regel(exact, 0, volume=most[number] + 1),
        )
        assert found == {("TR321", f"R{number}")}


@pytest.mark.parametrize("name", ["IV076", "IV077 inspanning"])
def test_the_total_of_a_worked_example_is_less_than_its_months(name: str, tmp_path: Path) -> None:
    tw, months, most, total = WORKED[name]
    assert sum(most) == total + 3, "one week lies in two months"
    result, found = judge(tmp_path, [Jw301(tw)], worked(tw, months, most))
    assert found == {("TR322", "R2")}
    assert f"{sum(most)}" in result.afwijkingen[0].melding
    assert f"hooguit {total} " in result.afwijkingen[0].melding
    less = [*most[:-1], most[-1] - 3]
    if less[-1]:
        assert not judge(tmp_path / "minder", [Jw301(tw)], worked(tw, months, less))[1]


# --- the answer to a declaratie -------------------------------------------------------------------

AnswerChange = Callable[[dict[str, Any]], object]


def _first_refused(content: dict[str, Any]) -> dict[str, Any]:
    client = content["DeclaratieAntwoord"]["Clienten"]["Client"][0]
    found: dict[str, Any] = client["Prestaties"]["Prestatie"][0]
    return found


def _identification(content: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = content["Header"]["DeclaratieIdentificatie"]
    return found


ANSWERS: dict[str, tuple[AnswerChange, set[str]]] = {
    "geen": (lambda c: None, set()),
    "TR337": (lambda c: _identification(c).update(Identificatie="D9"), {"TR337"}),
    "TR337 dagtekening": (
        lambda c: _identification(c).update(Dagtekening=dag("2026-05-31")),
        {"TR337"},
    ),
    "TR366": (
        lambda c: _first_refused(c).update(ProductReferentie={"ReferentieNummer": "R9"}),
        {"TR366"},
    ),
    "TR367 volume": (lambda c: _first_refused(c).update(GeleverdVolume=7), {"TR367"}),
    "TR367 periode": (
        lambda c: _first_refused(c).update(
            ProductPeriode={"Begindatum": dag("2026-02-02"), "Einddatum": dag("2026-02-28")}
        ),
        {"TR367"},
    ),
    "TR371": (
        lambda c: c["Header"]["XsdVersieDeclaratie"].update(BerichtXsdVersie="1.0.0"),
        {"TR371"},
    ),
    "TR376": (lambda c: c["DeclaratieAntwoord"].update(DeclaratieNummer="N9"), {"TR376"}),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_one_fault_in_an_answer_gives_one_rule(name: str, tmp_path: Path) -> None:
    declaratie = Declaratie(
        (Prestatie("R1", **maand("2026-01")), Prestatie("R2", **maand("2026-02"))),
        antwoord=Antwoord(afgewezen=("R2",)),
    )
    change, expected = ANSWERS[name]
    content = declaratie.jw325_content()
    change(content)
    before = write(tmp_path / "dossier", [Jw301(Toewijzing()), replace(declaratie, antwoord=None)])
    path = tmp_path / "antwoord.xml"
    path.write_bytes(message("JW325", content))
    result = check(before, path)
    assert {a.regel.removeprefix("IJW-") for a in result.afwijkingen} == expected
    assert result.retourbericht is None, "nothing goes back on an answer"


def test_a_second_answer_to_a_declaratie_is_told(tmp_path: Path) -> None:
    declaratie = Declaratie(antwoord=TOEKENNING)
    before = write(tmp_path / "dossier", [declaratie])
    content = declaratie.jw325_content()
    content["Header"]["BerichtIdentificatie"]["Identificatie"] = "A9"
    path = tmp_path / "antwoord.xml"
    path.write_bytes(message("JW325", content))
    result = check(before, path)
    assert [a.regel for a in result.afwijkingen] == ["IJW-PR-07"]
    # The same file once more is the same answer.
    assert not check(before, before[-1]).afwijkingen


@pytest.mark.parametrize("first", [True, False])
def test_two_answers_refuse_what_one_of_them_refuses(first: bool, tmp_path: Path) -> None:
    """Which file is read first makes no difference."""
    dossier, judged = clean()
    granted = dossier[1]
    assert isinstance(granted, Declaratie)
    refused = replace(granted, antwoord=Antwoord(afgewezen=("E2",)))
    content = refused.jw325_content()
    content["Header"]["BerichtIdentificatie"]["Identificatie"] = "A9"
    paths = write(tmp_path / "dossier", dossier)
    other = tmp_path / "A9.xml"
    other.write_bytes(message("JW325", content))
    path = tmp_path / "dit.xml"
    path.write_bytes(judged.jw323())
    result = check([other, *paths] if first else [*paths, other], path)
    assert [a.regel for a in result.afwijkingen] == ["IJW-TR323"]


# --- which message is meant -----------------------------------------------------------------------


def test_an_earlier_message_with_the_same_identification_is_not_lost(tmp_path: Path) -> None:
    """A message is left out of what came before when it answers this one, not when it looks like it."""
    dossier, judged = clean()
    eerder(dossier, dagtekening=judged.dagtekening, antwoord=None)
    judged = replace(judged, identificatie="D1", nummer="N1", prestaties=judged.prestaties[2:])
    _, found = judge(tmp_path, dossier, judged)
    assert ("TR333", "") in found


def test_without_toewijzingen_or_declaraties_nothing_is_an_error(tmp_path: Path) -> None:
    result, found = judge(tmp_path, [], clean()[1])
    assert not found, result.afwijkingen


# --- a second reading -----------------------------------------------------------------------------

SEEDS = range(int(os.environ.get("KETEN_SEEDS", "12")))
CHILDREN = 60
"""Each child is a dossier of its own; more seeds make the comparison longer."""


def compare(case: Case, folder: Path, rng: random.Random | None = None) -> None:
    """Judge a case and put what is found beside the second reading."""
    paths = write(folder / "dossier", [*case.toegewezen, *case.declaraties])
    if rng is not None:
        rng.shuffle(paths)
    judged = folder / "dit.xml"
    judged.write_bytes(case.dit.jw323())
    result = check(paths, judged)
    technical = [a for a in result.afwijkingen if a.retourcode == "0001"]
    assert not technical, "the case is refused before the rules of the keten"
    found = {item for item in found_in(result, case.dit) if item[0] in CHECKED}
    expected = Reading(case.dit, case.toegewezen, case.declaraties).findings()
    assert found == expected, (sorted(found - expected), sorted(expected - found))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_rules_and_a_second_reading_agree(seed: int, tmp_path: Path) -> None:
    compare(make(seed, CHILDREN), tmp_path, random.Random(seed))


def test_the_random_dossiers_meet_every_rule() -> None:
    met: Counter[str] = Counter()
    for seed in SEEDS:
        case = make(seed, CHILDREN)
        met.update(r for r, _ in Reading(case.dit, case.toegewezen, case.declaraties).findings())
    assert set(met) == CHECKED


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_the_order_of_the_messages_in_a_dossier_makes_no_difference(
    seed: int, tmp_path: Path
) -> None:
    case = make(seed, CHILDREN)
    for number in range(2):
        compare(case, tmp_path / str(number), random.Random(number))
