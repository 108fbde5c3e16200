"""The made-up country and the sample region of the audit: the same each time, valid, and coherent."""

import datetime
import importlib
import importlib.metadata
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

pytest.importorskip("odf", reason="odf is needed to make the samples")
pytest.importorskip("xlwt", reason="xlwt is needed to make the samples")

from benchmarks.cases import own_bsns
from benchmarks.country import OWN, write_country
from inkoopcheck.check import ContractChecker
from inkoopcheck.check_messages import MessageChecker
from inkoopcheck.engine.ruleset import MESSAGE_FAMILIES, load_ruleset
from inkoopcheck.findings.model import Resultaat
from inkoopcheck.locations import xsd_folder
from inkoopcheck.readers.vocabulary import load_vocabulary
from sample_contracts.maak_audit import AANBIEDERS, GEMEENTEN, README, made

FOLDER = Path(__file__).resolve().parent.parent / "sample_contracts" / "audit"
DAY = datetime.date(2026, 7, 1)
PRESTATIES = 600
REMAKE = "Run: python -m sample_contracts.maak_audit"


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("land")
    write_country(folder, gemeenten=3, prestaties=PRESTATIES, seed=3)
    return folder


def files(folder: Path) -> dict[str, bytes]:
    """The content of all files by their path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def inside(content: bytes) -> list[tuple[str, tuple[int, ...], bytes]]:
    """What is in a zip; the bytes around it depend on the zlib of a computer."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return [(i.filename, i.date_time, package.read(i)) for i in package.infolist()]


def messages(folder: Path) -> Iterator[tuple[str, bytes]]:
    """All messages by name, those in a zip too."""
    for name, content in files(folder).items():
        if name.endswith(".xml"):
            yield name, content
        elif name.endswith(".zip"):
            for inner, _, text in inside(content):
                yield f"{name}/{inner}", text


def values(content: bytes, name: str) -> list[str]:
    """The texts of an element, wherever it stands."""
    return re.findall(rf"<\w+:{name}>([^<]*)<", content.decode())


def kind(name: str) -> str:
    return Path(name).name[:5]


@cache
def schema(message: str) -> etree.XMLSchema:
    path = xsd_folder() / "ijw" / "3.2" / f"{message.lower()}.xsd"
    return etree.XMLSchema(etree.parse(path))


def check_messages(folder: Path) -> Resultaat:
    checker = MessageChecker(load_ruleset(families=MESSAGE_FAMILIES), DAY, all_findings=True)
    try:
        return checker.run([folder])
    finally:
        checker.close()


def check_contracts(folder: Path) -> Resultaat:
    checker = ContractChecker(load_ruleset(), load_vocabulary(), DAY)
    return checker.run(sorted(folder.rglob("*.xlsx")))


# --- a country -------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_country(country: Path, tmp_path: Path) -> None:
    write_country(tmp_path / "weer", gemeenten=3, prestaties=PRESTATIES, seed=3)
    write_country(tmp_path / "anders", gemeenten=3, prestaties=PRESTATIES, seed=4)
    assert files(tmp_path / "weer") == files(country)
    assert files(tmp_path / "anders") != files(country)


def test_a_country_has_the_prestaties_that_were_asked_for(country: Path) -> None:
    declared = [text for name, text in messages(country) if kind(name) == "JW323"]
    assert sum(len(values(text, "GeleverdVolume")) for text in declared) == PRESTATIES
    assert len(list(country.iterdir())) == 3
    assert len(list(country.rglob("*.xlsx"))) == 6


def test_messages_about_one_child_can_go_in_zips(country: Path, tmp_path: Path) -> None:
    write_country(tmp_path, gemeenten=3, prestaties=PRESTATIES, seed=3, zips=True)
    assert {Path(n).name: t for n, t in messages(tmp_path)} == {
        Path(n).name: t for n, t in messages(country)
    }
    assert {kind(path.name) for path in tmp_path.rglob("*.xml")} == {"JW323", "JW325"}


def test_the_messages_of_a_country_belong_together(country: Path) -> None:
    found: dict[str, Counter[str]] = {}
    begun: set[str] = set()
    references: set[str] = set()
    for name, text in sorted(messages(country), key=lambda item: kind(item[0])):
        gemeente = name.split("/")[0]
        numbers = [f"{gemeente} {number}" for number in values(text, "ToewijzingNummer")]
        found.setdefault(kind(name), Counter()).update(numbers)
        assert set(values(text, "Bsn")) <= set(own_bsns())
        if kind(name) == "JW323":
            assert len(values(text, "Bsn")) == len(set(values(text, "Bsn")))
            own = [f"{gemeente} {x}" for x in values(text, "ReferentieNummer")]
            assert not references & set(own)
            references |= set(own)
            begun |= {f"{gemeente} {x}" for x in values(text, "VorigReferentieNummer")}
    assert begun and begun <= references
    assert max(found["JW301"].values()) == 1
    for other in ("JW305", "JW307", "JW323", "JW325"):
        assert found[other].keys() <= found["JW301"].keys()
    assert found["JW323"].keys() <= found["JW305"].keys()


def test_the_rules_find_only_what_was_put_in_a_country(country: Path) -> None:
    result = check_messages(country)
    assert not result.onbruikbaar
    rules = {a.regel for item in result.berichten for a in item.afwijkingen if a.ernst == "fout"}
    assert rules <= {"IJW-TR346"}


def test_the_contracts_of_a_country_can_be_read(country: Path) -> None:
    result = check_contracts(country)
    assert not result.onbruikbaar
    assert {item.gemeente for item in result.contracten} == {
        path.name.rpartition(" (")[0] for path in country.iterdir()
    }
    assert all(item.kerncijfers for item in result.contracten)


# --- the sample region -------------------------------------------------------------------------------


def test_the_sample_region_is_what_the_script_makes() -> None:
    writing = importlib.import_module("sample_contracts.writing")
    for package, version in writing.MADE_WITH.items():
        if (found := importlib.metadata.version(package)) != version:
            pytest.skip(f"made with {package} {version}, and here is {found}")
    region, stored = made(), files(FOLDER)
    del stored[README]
    assert stored.keys() == region.keys(), REMAKE
    for name, content in region.items():
        if name.endswith(".zip"):
            assert inside(stored[name]) == inside(content), f"{name}. {REMAKE}"
        else:
            assert stored[name] == content, f"{name}. {REMAKE}"


def test_the_sample_region_is_small() -> None:
    assert sum(map(len, files(FOLDER).values())) < 3_000_000


def test_the_sample_messages_are_valid() -> None:
    count: Counter[str] = Counter()
    for name, text in messages(FOLDER):
        if Path(name).name == "afgebroken.xml":
            with pytest.raises(etree.XMLSyntaxError):
                etree.fromstring(text)
            continue
        assert schema(kind(name)).validate(etree.fromstring(text)), name
        count[kind(name)] += 1
    assert set(count) == {"JW301", "JW305", "JW307", "JW315", "JW323", "JW325"}
    assert count["JW323"] == count["JW325"] + 1, "one JW323 is there twice"


def test_the_rules_find_only_what_was_put_in_the_sample_region() -> None:
    result = check_messages(FOLDER)
    assert [Path(item.bestand).name for item in result.onbruikbaar] == ["afgebroken.xml"]
    found = Counter(
        (a.regel, item.bestand.naam.split("/")[0])
        for item in result.berichten
        for a in item.afwijkingen
        if a.ernst == "fout"
    )
    assert found["IJW-TR358", "Uithoorn (0451)"] == 1
    assert {rule for rule, _ in found} == {"IJW-TR346", "IJW-TR358"}


def test_the_totals_of_the_sample_answers_follow_from_the_declaraties() -> None:
    declared = {}
    for name, text in messages(FOLDER):
        if kind(name) == "JW323" and "kopie" not in name:
            declared[values(text, "DeclaratieNummer")[0]] = values(text, "TotaalBedrag")[0]
    answers = [text for name, text in messages(FOLDER) if kind(name) == "JW325"]
    refused = [text for text in answers if not values(text, "DeclaratieNummer")]
    assert [values(text, "RetourCode") for text in refused] == [["0001"]]
    for text in answers:
        for number in values(text, "DeclaratieNummer"):
            asked, granted = map(int, values(text, "TotaalBedrag"))
            lost = sum(map(int, values(text, "Bedrag")))
            assert declared[number] == str(asked)
            assert "<ijw:DebetCredit>C<" in text.decode() or asked - granted == lost


def test_the_sample_contracts_differ_as_the_readme_says() -> None:
    result = check_contracts(FOLDER)
    assert not result.onbruikbaar
    assert len(result.contracten) == sum(len(item.aanbieders) for item in GEMEENTEN) == 12
    rules: dict[str, set[str]] = {}
    explained = set()
    for contract in result.contracten:
        rules.setdefault(contract.gemeente or "", set()).update(
            a.regel for a in contract.afwijkingen
        )
        explained |= {(contract.gemeente, a.regel) for a in contract.afwijkingen if a.uitgelegd}
    assert rules["Diemen"] | rules["Amstelveen"] <= {"ADM-43"}
    assert {"PROD-03", "PROD-06", "LOOP-03"} <= rules["Aalsmeer"]
    assert {"LOOP-03", "LOOP-12", "ADM-01", "VOORW-01"} <= rules["Uithoorn"]
    assert {"TAR-32", "VOORW-26"} <= rules["Ouder-Amstel"]
    assert explained == {("Aalsmeer", "LOOP-03"), ("Aalsmeer", "PROD-03")}


def test_some_figures_of_the_sample_region_are_small_and_others_are_not() -> None:
    children: dict[tuple[str, str], set[str]] = {}
    for name, text in messages(FOLDER):
        if kind(name) == "JW301":
            for code in values(text, "Code"):
                children.setdefault((name.split("/")[0], code), set()).update(values(text, "Bsn"))
    sizes = [len(found) for found in children.values()]
    assert min(sum(size < 10 for size in sizes), sum(size >= 10 for size in sizes)) >= 8
    for gemeente in GEMEENTEN:
        assert 25 <= sum(gemeente.aanbieders.values()) <= 60
    own = {code for code, _ in OWN.values()}
    assert {name for name, code in children if code in own} == {"Aalsmeer (0358)"}


def test_each_aanbieder_of_the_sample_region_works_for_more_gemeenten() -> None:
    for who in AANBIEDERS:
        assert sum(who in item.aanbieders for item in GEMEENTEN) >= 2
