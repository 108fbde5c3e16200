"""Reading a message takes a limited time, and the time is in step with its size."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from lxml import etree

from benchmarks.declaration import declaration
from inkoopcheck.check_messages import MessageChecker
from inkoopcheck.engine.ruleset import MESSAGE_FAMILIES, load_ruleset
from inkoopcheck.errors import UnusableInput
from inkoopcheck.readers import message as message_reader
from inkoopcheck.readers import message_xml, schema_repair, schema_stream
from inkoopcheck.readers.deadline import Deadline
from inkoopcheck.readers.message import MessageReader
from inkoopcheck.readers.message_files import Found
from inkoopcheck.readers.message_xml import parse_message
from inkoopcheck.readers.schema_errors import explain_errors
from inkoopcheck.readers.schema_stream import count_errors
from inkoopcheck.schemas.find import find_schema
from inkoopcheck.tables.store import MESSAGE_MODEL, Tables
from tests.messages import RELEASE, message, written
from tests.mutations import mutate
from tests.test_message_reader import PEILDATUM, one, refused

TOO_LONG = "duurde langer dan"


class Clock:
    """Goes one second further each time someone looks."""

    def __init__(self) -> None:
        self._ticks: Iterator[int] = count()
        self.looks = 0

    def __call__(self) -> float:
        self.looks += 1
        return next(self._ticks)


def test_a_message_that_takes_too_long_is_refused_with_a_sentence() -> None:
    reader = MessageReader(Tables(MESSAGE_MODEL), seconds=0)
    with pytest.raises(UnusableInput) as caught:
        reader.read(Found("traag.xml", message("JW301")))
    assert str(caught.value) == (
        "traag.xml: Het lezen duurde langer dan 0 seconden. Zo lang duurt geen gewoon bericht."
        " Splits het, of vraag de afzender om een nieuw bericht."
    )


def test_a_slow_message_does_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = iter([120, 0, 120])
    monkeypatch.setattr(message_reader, "Deadline", lambda _: Deadline(next(seconds)))
    for name in ("a", "b", "c"):
        written(tmp_path, f"{name}.xml", message("JW301"))
    result = MessageChecker(load_ruleset(MESSAGE_FAMILIES), PEILDATUM).run([tmp_path])
    assert [found.bestand.naam for found in result.berichten] == ["a.xml", "c.xml"]
    (unusable,) = result.onbruikbaar
    assert unusable.bestand == "b.xml"
    assert TOO_LONG in unusable.reden


def test_the_clock_is_looked_at_while_a_large_message_is_parsed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = message("JW323", Client=20)
    monkeypatch.setattr(message_xml, "_CHUNK", 1000)
    clock = Clock()
    parse_message(content, Deadline(1_000_000, clock))
    assert clock.looks > len(content) // 2000
    for seconds in range(1, clock.looks - 1):
        with pytest.raises(UnusableInput, match=TOO_LONG):
            parse_message(content, Deadline(seconds, Clock()))


def test_the_clock_is_looked_at_while_errors_are_explained() -> None:
    content = declaration(30).replace(b"Eenheid>", b"Eenhied>")
    tree = etree.ElementTree(etree.fromstring(content))
    structure = RELEASE.messages["JW323"]
    schema = find_schema(structure.namespace).compiled
    assert not schema.validate(tree)
    clock = Clock()
    errors = explain_errors(tree, schema, structure, Deadline(1_000_000, clock))
    assert errors.total >= 30
    assert clock.looks > 60
    for seconds in (1, 10, clock.looks // 2, clock.looks - 2):
        schema.validate(tree)
        with pytest.raises(UnusableInput, match=TOO_LONG):
            explain_errors(tree, schema, structure, Deadline(seconds, Clock()))


def test_behind_the_errors_of_a_message_with_too_many_elements_nothing_is_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = declaration(30).replace(b"<jw323:Client>", b"<x/><jw323:Client>", 1)
    content = content.replace(b"<jw323:Eenheid>04", b"<jw323:Eenheid>xx")
    assert one(tmp_path, content).schemafouten == 31
    monkeypatch.setattr(schema_repair, "MAX_ELEMENTS", 100)
    assert one(tmp_path, content).schemafouten == 1


# --- Parsing in pieces -----------------------------------------------------------------------------

TEXTS = (b"   ", b" \r\n ", b"a > b", b" > ", b">>", b"   >   ", b"x>   ", "é>€ ".encode())


@pytest.mark.parametrize("size", [1, 7, 100])
@pytest.mark.parametrize("more", [b"", b"<!-- > -->", b"<![CDATA[ > ]]>"])
def test_parsing_in_pieces_makes_the_same_tree(
    monkeypatch: pytest.MonkeyPatch, size: int, more: bytes
) -> None:
    rows = b"".join(b"\n <a>\n  <b>%s</b> <c/>\r\n</a>" % (text + more) for text in TEXTS * 3)
    content = b'<?xml version="1.0" encoding="UTF-8"?>\n<x>' + rows + b"\n</x>\n"
    whole = parse_message(content).tree
    monkeypatch.setattr(message_xml, "_CHUNK", size)
    pieces = parse_message(content).tree
    assert etree.tostring(pieces) == etree.tostring(whole)
    lines = [[element.sourceline for element in tree.iter()] for tree in (pieces, whole)]
    assert lines[0] == lines[1]


def test_a_mistake_in_a_later_piece_is_told_as_in_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    good = message("JW323", Client=3)
    for at in range(200, len(good), len(good) // 40):
        content = good[:at] + b"<&" + good[at:]
        whole = refused(content)
        with monkeypatch.context() as patch:
            patch.setattr(message_xml, "_CHUNK", 300)
            assert refused(content) == whole


# --- Long lists that are wrong everywhere ----------------------------------------------------------


def test_a_stream_and_a_tree_are_valid_alike() -> None:
    names = sorted(RELEASE.messages)
    refusals = 0
    for seed in range(300):
        structure = RELEASE.messages[names[seed % len(names)]]
        root = etree.fromstring(message(structure.naam, seed))
        if seed % 3:
            _, content = mutate(root, seed, structure)
        else:
            content = etree.tostring(root)
        try:
            tree = parse_message(content).tree
        except UnusableInput:
            continue
        schema = find_schema(structure.namespace).compiled
        errors = count_errors(etree.tostring(tree), schema, 1_000, Deadline())
        assert schema.validate(tree) == (errors == 0), (seed, structure.naam)
        refusals += errors > 0
    assert refusals > 50


def test_a_long_list_that_is_wrong_everywhere_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema_stream, "LONG_LIST", 1_000_000)
    monkeypatch.setattr(schema_stream, "MOST_STEPS", 40_000)
    content = declaration(2_000).replace(b"<jw323:Eenheid>04", b"<jw323:Eenheid>xx")
    reason = refused(content)
    assert "heeft meer dan 100 fouten tegen het schema" in reason
    assert "JW323 3.2" in reason


def test_a_long_list_with_few_errors_or_none_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = declaration(2_000)
    few = good.replace(b"<jw323:Eenheid>04", b"<jw323:Eenheid>xx", 7)
    usual = [one(tmp_path, content).schemafouten for content in (good, few)]
    monkeypatch.setattr(schema_stream, "LONG_LIST", 1_000_000)
    assert [one(tmp_path, content).schemafouten for content in (good, few)] == usual == [0, 7]


def test_counting_stops_when_there_are_enough_and_when_the_time_is_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(schema_stream, "_CHUNK", 10_000)
    content = declaration(2_000).replace(b"<jw323:Eenheid>04", b"<jw323:Eenheid>xx")
    schema = find_schema(RELEASE.messages["JW323"].namespace).compiled
    assert count_errors(content, schema, 10_000, Deadline()) == 2_000
    assert 100 < count_errors(content, schema, 100, Deadline()) < 200
    with pytest.raises(UnusableInput, match=TOO_LONG):
        count_errors(content, schema, 10_000, Deadline(20, Clock()))
