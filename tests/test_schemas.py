"""Our schemas accept and refuse what the standard does, and are found by the message's own namespace."""

import csv
import itertools
import runpy
import shutil
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path

import pytest
import xmlschema
from lxml import etree

from benchmarks.messages import Fill, make_message, to_bytes
from inkoopcheck.errors import UnusableInput
from inkoopcheck.locations import xsd_folder
from inkoopcheck.schemas.find import MessageSchema, find_schema, known_messages
from inkoopcheck.schemas.structure import Message, Node, load_release
from tests.mutations import MUTATIONS, mutate
from tests.structure_oracle import Oracle

FOLDER = xsd_folder() / "ijw" / "3.2"
SHARED = Path(__file__).parents[1].parent / "shared"
FACTS = SHARED / "facts" / "ijw"
MESSAGES = load_release().messages
JW301 = MESSAGES["JW301"]
with_facts = pytest.mark.skipif(not FACTS.is_dir(), reason="the facts are not part of the project")
each_message = pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)


def schema_of(message: Message) -> MessageSchema:
    return find_schema(message.namespace)


@cache
def second_opinion(message: str) -> xmlschema.XMLSchema:
    """The same schema in an implementation that shares no code with libxml2."""
    return xmlschema.XMLSchema(str(FOLDER / MESSAGES[message].bestand))


@cache
def valid_message(naam: str, variant: int) -> etree._Element:
    fills: tuple[Fill, ...] = ("minimal", "maximal", "random", "random")
    return make_message(MESSAGES[naam], seed=variant, fill=fills[variant % 4])


def mutated(numbers: range) -> Iterator[tuple[str, Message, bytes]]:
    """Changed messages: the mutation with its number, the message it was, the file."""
    messages = list(MESSAGES.values())
    for number in numbers:
        message = messages[number % len(messages)]
        kind, content = mutate(valid_message(message.naam, number % 23), number, message)
        yield f"{kind} {number} in {message.naam}", message, content


# The schemas themselves


def test_the_schemas_are_what_the_source_says() -> None:
    stale: Callable[[Path], list[Path]] = runpy.run_path(str(xsd_folder() / "maak_schemas.py"))[
        "stale"
    ]
    old = [path.name for path in stale(FOLDER)]
    assert not old, f"Verouderd: {', '.join(old)}. Draai python xsd/maak_schemas.py."


@each_message
def test_every_schema_compiles_in_two_implementations(message: Message) -> None:
    assert schema_of(message).bericht == message.naam
    assert schema_of(message).release == message.release
    assert schema_of(message).versies["BerichtXsdVersie"] == message.xsd["versie"]
    assert set(second_opinion(message.naam).elements) == {"Bericht"}


@each_message
@pytest.mark.parametrize("fill", ["minimal", "maximal", "random"])
def test_a_generated_message_is_valid(message: Message, fill: Fill) -> None:
    for seed in range(10):
        content = to_bytes(make_message(message, seed, fill))
        schema_of(message).compiled.assertValid(etree.fromstring(content))
        if seed < 2:
            second_opinion(message.naam).validate(content.decode())


def test_a_generated_message_is_the_same_at_every_run_and_has_the_size_asked_for() -> None:
    message = MESSAGES["JW323"]
    first, second = (make_message(message, 7, counts={"Client": 5, "Prestatie": 9}) for _ in "ab")
    assert to_bytes(first) == to_bytes(second)
    assert len(first.findall(f".//{{{message.namespace}}}Prestatie")) == 45
    assert to_bytes(first) != to_bytes(make_message(message, 8))


@each_message
def test_every_leaf_of_the_structure_occurs_in_the_fullest_message(message: Message) -> None:
    root = make_message(message, fill="maximal")
    tree = root.getroottree()
    found = {
        "/".join(
            etree.QName(step).localname for step in (*reversed(list(item.iterancestors())), item)
        )
        for item in tree.iter(etree.Element)
    }
    assert found == {node.path for node in message.root.walk()}


def limits() -> Iterator[tuple[str, str, bool]]:
    """Of each value type: values on the limit and just over it."""
    for simple in JW301.base.enkelvoudig.values():
        facets = simple.facets
        if simple.basis == "xs:integer":
            yield simple.name, str(facets["maxInclusive"]), True
            yield simple.name, str(facets["maxInclusive"] + 1), False
            yield simple.name, str(facets["minInclusive"]), True
            yield simple.name, str(facets["minInclusive"] - 1), False
            yield simple.name, "1.0", False
            yield simple.name, " +01\n", True
        for code in simple.waarden:
            yield simple.name, code, True
            yield simple.name, f"{code} ", False
        if simple.waarden:
            yield simple.name, "zz", False
        elif simple.basis == "xs:string" and "maxLength" in facets:
            digit = "1" * facets["maxLength"]
            accepted = simple.name not in {"LDT_Voorletters"}
            yield simple.name, digit, accepted
            yield simple.name, f"{digit}1", False
        yield simple.name, "", False
        if simple.pattern in {r".*[^\s].*", r"([.\s]*\S+[.\s]*)+"}:
            yield simple.name, " ", False
            yield simple.name, "-", True
        elif simple.pattern and simple.pattern.startswith("[0-9]"):
            yield simple.name, "x" * simple.facets.get("maxLength", 4), False
        elif simple.basis == "xs:string" and not simple.pattern and not simple.waarden:
            yield simple.name, " ", True
    for date, right in {
        "2024-02-29": True,
        "2026-02-29": False,
        "2026-06-31": False,
        "2026-06-01Z": False,
        "2026-06-01+02:00": False,
        " 2026-06-01\t": True,
        "01-06-2026": False,
    }.items():
        yield "LDT_Datum", date, right
    for clock, right in {"12:34:56.5": True, "12:34:56Z": False, "12:34:56+01:00": False}.items():
        yield "LDT_Tijd", clock, right
    yield "LDT_Naam", "\u00a0", True
    yield "LDT_Naam", " \t ", False
    yield "LDT_Naam", "a\nb", False
    yield "LDT_Commentaar", " a\nb ", True
    yield "LDT_Commentaar", " \n ", False
    yield "LDT_Versie", "1.0.00", False


@pytest.mark.parametrize("type_name", JW301.base.enkelvoudig)
def test_a_value_is_accepted_up_to_its_limit_and_not_beyond(type_name: str) -> None:
    schema = _schema_for_type(type_name)
    verdicts = [(value, right) for name, value, right in limits() if name == type_name]
    assert {right for _, right in verdicts} >= {False}
    for value, right in verdicts:
        assert schema.validate(_one_element(value)) is right, value


@cache
def _schema_for_type(type_name: str) -> etree.XMLSchema:
    base = JW301.base
    content = f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:ijw="{base.namespace}">
        <xs:import namespace="{base.namespace}" schemaLocation="{base.bestand}"/>
        <xs:element name="waarde" type="ijw:{type_name}"/></xs:schema>"""
    return etree.XMLSchema(etree.fromstring(content, base_url=(FOLDER / "proef.xsd").as_uri()))


def _one_element(value: str) -> etree._Element:
    element = etree.Element("waarde")
    element.text = value
    return element


@pytest.mark.parametrize(("standard", "ours"), JW301.base.gelijkwaardige_patronen.items())
def test_our_form_of_a_pattern_accepts_exactly_the_same_texts(standard: str, ours: str) -> None:
    theirs = xmlschema.XMLSchema(_schema_for_pattern(standard))
    mine = etree.XMLSchema(etree.fromstring(_schema_for_pattern(ours)))
    for length in range(5):
        for letters in itertools.product(" \t\n\r.xZ-", repeat=length):
            element = _one_element("".join(letters))
            assert theirs.is_valid(element) == mine.validate(element), letters


def _schema_for_pattern(pattern: str) -> str:
    return f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="waarde">
        <xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="{pattern}"/>
        </xs:restriction></xs:simpleType></xs:element></xs:schema>"""


@pytest.mark.parametrize("name", ["LDT_Naam", "LDT_Commentaar", "LDT_Voorletters", "LDT_Versie"])
def test_a_hostile_text_does_not_make_a_pattern_slow(name: str) -> None:
    schema = _schema_for_type(name)
    start = time.perf_counter()
    for text in ("ab. cd " * 15_000 + "\n", " " * 100_000, "." * 100_000, "1." * 50_000):
        schema.validate(_one_element(text))
    assert time.perf_counter() - start < 5


# Every place in every message, one by one


def first_at(root: etree._Element, node: Node) -> etree._Element:
    """The first element at a place in the fullest message, where every place is filled."""
    for step in node.path.split("/")[1:]:
        root = next(child for child in root if etree.QName(child).localname == step)
    return root


def changed_at(message: Message, node: Node, change: Callable[[etree._Element], None]) -> bool:
    """Is the fullest message still valid after a change at one place?"""
    root = deepcopy(valid_message(message.naam, 1))
    change(first_at(root, node))
    return schema_of(message).compiled.validate(root)


def _drop_all(item: etree._Element) -> None:
    parent = item.getparent()
    assert parent is not None
    for same in parent.findall(item.tag):
        parent.remove(same)


def _double(item: etree._Element) -> None:
    item.addnext(deepcopy(item))


def _last(item: etree._Element) -> None:
    parent = item.getparent()
    assert parent is not None
    parent.append(item)


def _odd_attribute(item: etree._Element) -> None:
    item.set("id", "1")


def _empty(item: etree._Element) -> None:
    item[:] = []
    item.text = None


@each_message
def test_at_every_place_an_element_occurs_as_often_as_the_structure_says(message: Message) -> None:
    for node in message.root.walk():
        if node is not message.root:
            assert changed_at(message, node, _drop_all) is (node.element.min == 0), node.path
            assert changed_at(message, node, _double) is node.repeats, node.path


@each_message
def test_at_every_place_order_namespace_and_attributes_are_fixed(message: Message) -> None:
    base, own = message.base.namespace, message.namespace
    for node in message.root.walk():

        def flip(item: etree._Element) -> None:
            name = etree.QName(item)
            item.tag = f"{{{own if name.namespace == base else base}}}{name.localname}"

        assert not changed_at(message, node, flip), node.path
        assert not changed_at(message, node, _odd_attribute), node.path
        may_be_empty = not node.simple and all(child.element.min == 0 for child in node.children)
        assert changed_at(message, node, _empty) is may_be_empty, node.path
        is_last_child = any(
            parent.children and parent.children[-1] is node for parent in message.root.walk()
        )
        if node is not message.root and not is_last_child:
            assert not changed_at(message, node, _last), node.path


@each_message
def test_at_every_leaf_the_limits_of_its_type_hold(message: Message) -> None:
    for node in message.root.leaves():
        assert node.simple is not None
        verdicts = [(value, right) for name, value, right in limits() if name == node.simple.name]
        for value, right in verdicts if len(verdicts) < 100 else verdicts[::25]:

            def put(item: etree._Element, value: str = value) -> None:
                item.text = value

            allowed = right and node.element.pattern in {None, value}
            if node.name != "DeclaratieNummer":
                assert changed_at(message, node, put) is allowed, (node.path, value)


def test_a_declaratienummer_holds_letters_and_digits_in_a_declaratie_only() -> None:
    for naam, with_space in {"JW323": False, "JW325": True}.items():
        message = MESSAGES[naam]
        node = next(leaf for leaf in message.root.leaves() if leaf.name == "DeclaratieNummer")
        for value, right in {"DN001": True, "DN 001": with_space, "é1": with_space}.items():

            def put(item: etree._Element, value: str = value) -> None:
                item.text = value

            assert changed_at(message, node, put) is right, (naam, value)


# Three judges: libxml2, xmlschema, and the facts


def _python_reads_more(content: bytes) -> bool:
    """Spaces and digits of Unicode, and 1_000: xmlschema takes them as Python does, XML Schema does not."""
    odd = ["\u0085", "\u00a0", "\u2003", "\u2028", "\u3000", "٣", "٠٣٦٣", "５", "1_000"]
    return any(text in content.decode() for text in odd)


def test_two_implementations_give_the_same_verdict_on_changed_messages() -> None:
    verdicts, kinds = set(), set()
    for what, message, content in mutated(range(1500)):
        if _python_reads_more(content):
            continue
        verdict = schema_of(message).compiled.validate(etree.fromstring(content))
        assert verdict == _second_verdict(message, content), what
        verdicts.add(verdict)
        kinds.add(what.split()[0])
    assert verdicts == {True, False}
    assert len(kinds) == len(MUTATIONS)


def _second_verdict(message: Message, content: bytes) -> bool:
    try:
        return second_opinion(message.naam).is_valid(content.decode())
    except KeyError:  # how xmlschema says that an xsi:type names no type
        return False


@with_facts
def test_the_schemas_and_the_facts_give_the_same_verdict_on_changed_messages() -> None:
    oracle = Oracle(FACTS)
    for what, message, content in mutated(range(1500, 5500)):
        root = etree.fromstring(content)
        verdict = schema_of(message).compiled.validate(root)
        assert verdict == oracle.allows(message.naam, root), what


@with_facts
def test_the_source_holds_every_element_of_the_facts_in_the_same_order() -> None:
    with (FACTS / "berichten.tsv").open(encoding="utf-8") as file:
        facts = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    ours = [
        (message.naam, node.path, node.element.type, node.element.min, node.element.max)
        for message in MESSAGES.values()
        for node in message.root.walk()
    ]
    theirs = [
        (
            row["bericht"],
            row["pad"],
            row["type"].partition(":")[2],
            int(row["minOccurs"]),
            None if row["maxOccurs"] == "unbounded" else int(row["maxOccurs"]),
        )
        for row in facts
    ]
    assert ours == theirs


@with_facts
def test_the_source_holds_every_data_type_of_the_facts() -> None:
    with (FACTS / "datatypes.tsv").open(encoding="utf-8") as file:
        facts = [
            row
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            if row["soort"] == "LDT"
        ]
    limit_names = ("length", "minLength", "maxLength", "minInclusive", "maxInclusive")
    theirs = [
        (
            row["type"],
            row["basis"],
            {name: int(row[name]) for name in limit_names if row[name]},
            row["pattern"] or None,
            row["enumeratie"].split("|") if row["enumeratie"] else [],
        )
        for row in facts
    ]
    ours = [
        (simple.name, simple.basis, dict(simple.facets), simple.pattern, list(simple.waarden))
        for simple in JW301.base.enkelvoudig.values()
    ]
    assert ours == theirs


@with_facts
def test_published_samples_get_the_verdict_that_the_facts_predict() -> None:
    with (FACTS / "berichten_meta.tsv").open(encoding="utf-8") as file:
        facts = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        predicted = {row["bericht"]: row["voorbeeld_valideert"] == "ja" for row in facts}
    samples = sorted((SHARED / "data" / "berichten").glob("*.xml"))
    assert samples
    for path in samples:
        root = etree.parse(str(path)).getroot()
        schema = find_schema(etree.QName(root).namespace)
        assert schema.compiled.validate(root) is predicted[schema.bericht], path.name


# Finding a schema


def test_a_schema_is_compiled_once() -> None:
    assert find_schema(JW301.namespace) is find_schema(JW301.namespace)


def test_all_known_messages_are_named_with_their_release() -> None:
    assert known_messages() == {"iJw 3.2": list(MESSAGES)}


@pytest.mark.parametrize(
    ("namespace", "found"),
    [
        (None, "het heeft geen namespace"),
        ("", "het heeft geen namespace"),
        ("urn:iets", "'urn:iets'"),
        (JW301.base.namespace, "basisschema"),
        (JW301.namespace.replace("3_2", "3_1"), "een JW301 van iJw 3.1"),
        (
            JW301.namespace.replace("ijw", "iwmo").replace("jw301", "wmo301"),
            "een WMO301 van iWmo 3.2",
        ),
    ],
)
def test_an_unknown_message_is_refused_with_what_was_found_and_what_is_known(
    namespace: str | None, found: str
) -> None:
    with pytest.raises(UnusableInput) as refusal:
        find_schema(namespace)
    assert found in str(refusal.value)
    assert "iJw 3.2 (JW301, JW302" in str(refusal.value)


def test_a_refusal_shows_no_number_that_may_be_a_bsn_and_no_control_characters() -> None:
    with pytest.raises(UnusableInput) as refusal:
        find_schema("urn:999900006:\x1b[31m" + "x" * 1000)
    assert "999900006" not in str(refusal.value)
    assert "\x1b" not in str(refusal.value)
    assert len(str(refusal.value)) < 400


@pytest.fixture
def own_folder(tmp_path: Path) -> Path:
    """A folder of a user, with a name that an address has to escape."""
    folder = tmp_path / "schema's van het ÷ 100%"
    folder.mkdir()
    for name in ("basisschema.xsd", "jw301.xsd"):
        shutil.copy(FOLDER / name, folder / name)
    return folder


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_schemas_of_the_user_take_the_place_of_ours(own_folder: Path) -> None:
    change(own_folder / "jw301.xsd", 'value="436"', 'value="999"')
    root = make_message(JW301)
    schema = find_schema(JW301.namespace, own_folder)
    assert schema.bestand.parent == own_folder
    assert not schema.eigen
    assert not schema.compiled.validate(root)
    assert find_schema(JW301.namespace).compiled.validate(root)
    assert known_messages(own_folder) == {"iJw 3.2": ["JW301"]}


def test_a_newer_release_is_another_folder_beside_the_old_one(own_folder: Path) -> None:
    newer = own_folder / "4.0"
    newer.mkdir()
    for name in ("basisschema.xsd", "jw301.xsd"):
        shutil.copy(own_folder / name, newer / name)
        change(newer / name, "/3_2/", "/4_0/")
    found = find_schema(JW301.namespace.replace("3_2", "4_0"), own_folder)
    assert (found.release, found.bestand.parent) == ("4.0", newer)
    assert find_schema(JW301.namespace, own_folder).bestand.parent == own_folder


def test_a_message_that_the_user_has_no_schema_for_is_not_judged_by_ours(own_folder: Path) -> None:
    with pytest.raises(UnusableInput, match=r"een JW323 van iJw 3\.2\. In de map .* \(JW301\)"):
        find_schema(MESSAGES["JW323"].namespace, own_folder)


@pytest.mark.parametrize(
    "place", ["http://127.0.0.1:9/basis.xsd", "../elders/Basisschema.xsd", "file:///etc/passwd"]
)
def test_an_import_from_elsewhere_is_answered_from_the_folder(own_folder: Path, place: str) -> None:
    change(own_folder / "jw301.xsd", "basisschema.xsd", place)
    assert find_schema(JW301.namespace, own_folder).compiled.validate(make_message(JW301))


def _break_xml(folder: Path) -> None:
    change(folder / "jw301.xsd", "</xs:schema>", "")


def _add_doctype(folder: Path) -> None:
    change(folder / "jw301.xsd", "<xs:schema", '<!DOCTYPE x [<!ENTITY a "b">]><xs:schema')


def _break_schema(folder: Path) -> None:
    change(folder / "jw301.xsd", 'type="ijw:LDT_Persoonsid"', 'type="ijw:Niets"')


def _remove_base(folder: Path) -> None:
    (folder / "basisschema.xsd").unlink()


def _include_outside(folder: Path) -> None:
    (folder.parent / "geheim.xsd").write_bytes((folder / "jw301.xsd").read_bytes())
    change(
        folder / "jw301.xsd", "<xs:import", '<xs:include schemaLocation="../geheim.xsd"/><xs:import'
    )


def _no_schema(folder: Path) -> None:
    (folder / "jw301.xsd").write_text("<geen/>", encoding="utf-8")


def _two_versions(folder: Path) -> None:
    shutil.copy(folder / "jw301.xsd", folder / "kopie.xsd")
    change(folder / "kopie.xsd", 'value="436"', 'value="437"')


def _too_large(folder: Path) -> None:
    (folder / "jw301.xsd").write_bytes(b" " * 6_000_000)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_break_xml, "jw301.xsd is geen geldige XML"),
        (_add_doctype, "jw301.xsd heeft een DOCTYPE"),
        (_break_schema, "jw301.xsd is niet te gebruiken"),
        (_remove_base, "verwijst naar basisschema.xsd"),
        (_include_outside, "verwijst naar ../geheim.xsd"),
        (_no_schema, "jw301.xsd is geen XML-schema"),
        (_two_versions, "kopie.xsd"),
        (_too_large, "jw301.xsd is te groot"),
    ],
)
def test_a_folder_that_cannot_be_used_is_refused_by_name(
    own_folder: Path, spoil: Callable[[Path], None], says: str
) -> None:
    spoil(own_folder)
    with pytest.raises(UnusableInput) as refusal:
        find_schema(JW301.namespace, own_folder)
    assert says in str(refusal.value)


def test_a_folder_without_schemas_or_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "weg"):
        with pytest.raises(UnusableInput, match=r"map"):
            find_schema(JW301.namespace, folder)


def test_a_message_cannot_bring_its_own_schema(tmp_path: Path) -> None:
    loose = tmp_path / "los.xsd"
    loose.write_text('<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:los">'
                     '<xs:attribute name="extra"/></xs:schema>')  # fmt: skip
    root = make_message(JW301)
    root.set(
        "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation", f"urn:los {loose.as_uri()}"
    )
    assert find_schema(JW301.namespace).compiled.validate(root)
    root.set("{urn:los}extra", "x")
    assert not find_schema(JW301.namespace).compiled.validate(root)


def test_the_pattern_of_a_time_stands_as_the_standard_writes_it() -> None:
    """libxml2 overlooks the hyphen at its end, and so judges a time zone of the west as it judges it
    by the official schema; an engine that sees the hyphen refuses it."""
    pattern = JW301.base.enkelvoudig["LDT_Tijd"].pattern
    assert pattern == "[^Z+-]+"
    schema = _schema_for_pattern(pattern)
    west = _one_element("12:34:56-01:00")
    assert etree.XMLSchema(etree.fromstring(schema)).validate(west)
    assert not xmlschema.XMLSchema(schema).is_valid(west)
