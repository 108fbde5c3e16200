"""Meta-tests: every rule proves itself, and a rule that does not gets a text that teaches."""

import datetime
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from inkoopcheck.audit.figures import PARTS
from inkoopcheck.engine.examples import ExampleRunner
from inkoopcheck.engine.ruleset import (
    ALL_FAMILIES,
    CHAIN_FAMILIES,
    MESSAGE_FAMILIES,
    load_rule,
    load_ruleset,
    rule_files,
)
from inkoopcheck.errors import UnusableInput
from inkoopcheck.findings.model import Ernst, Status, Zekerheid
from inkoopcheck.locations import derived_tables_file, rules_folder

PACKAGE = Path(__file__).parents[1] / "inkoopcheck"
RULE_FILES = {path.stem: path for path in rule_files(rules_folder(), ALL_FAMILIES)}
LESSON = "\n\nZo maakt of verbetert u een regel: CONTRIBUTING.md, 'Add a rule in ten minutes'."


@lru_cache(maxsize=1)
def runner() -> ExampleRunner:
    return ExampleRunner(load_ruleset(ALL_FAMILIES))


@pytest.mark.parametrize("name", sorted(RULE_FILES))
def test_a_rule_is_named_after_its_id_and_its_examples_behave(name: str) -> None:
    rule = load_rule(RULE_FILES[name])
    assert rule.id == name, (
        f"{name}.yaml bevat regel {rule.id}; geef bestand en id dezelfde naam.{LESSON}"
    )
    problems = runner().problems(rule)
    assert not problems, f"{name}: " + "; ".join(problems) + LESSON


@pytest.mark.parametrize("name", sorted(RULE_FILES))
def test_a_rule_says_where_it_comes_from_why_and_what_to_do(name: str) -> None:
    rule = load_rule(RULE_FILES[name])
    if rule.familie in (*MESSAGE_FAMILIES, *CHAIN_FAMILIES):
        # A rule beside one of the standard (IJW-TR378-OUDER) names the same rule.
        code = re.sub(r"(?<=\d)-[A-Z]+$", "", rule.id.removeprefix("IJW-"))
        own = rule.norm.feiten or rule.norm.status in (Status.GEGEVENS, Status.AANNAME)
        assert code in rule.norm.bron or rule.familie == "schema" or own, (
            f"{name}: noem in norm.bron de regel van de standaard ({code}), of een norm uit het"
            f" register in norm.feiten.{LESSON}"
        )
    else:
        assert rule.norm.feiten or rule.norm.status in (Status.GEGEVENS, Status.AANNAME), (
            f"{name}: noem in norm.feiten op welke norm uit rules/normen.yaml de regel rust.{LESSON}"
        )
    if rule.ernst is Ernst.FOUT:
        assert rule.norm.zekerheid in (Zekerheid.GELEZEN, Zekerheid.LOGISCH)
    for field in ("waarom", "herstel"):
        text = getattr(rule, field)
        assert len(text) >= 25, f"{name}: {field} is te kort om iets aan te hebben.{LESSON}"
        assert text.endswith((".", "?", "!")), f"{name}: maak van {field} hele zinnen.{LESSON}"
    longest = max(len(part.split()) for part in rule.waarom.replace("?", ".").split("."))
    assert longest <= 35, (
        f"{name}: schrijf bij waarom kortere zinnen (nu {longest} woorden).{LESSON}"
    )
    assert rule.velden or rule.tabel == "werkmap", (
        f"{name}: noem in velden welke cel de melding aanwijst.{LESSON}"
    )


def test_ids_are_unique_and_families_known() -> None:
    ruleset = load_ruleset(ALL_FAMILIES)
    assert len({rule.id for rule in ruleset.rules}) == len(ruleset.rules) > 100
    assert {rule.familie for rule in ruleset.rules} == set(ALL_FAMILIES)


def test_every_parameter_has_a_source_and_is_used() -> None:
    ruleset = load_ruleset()
    texts = "".join(path.read_text(encoding="utf-8") for path in RULE_FILES.values())
    derived = derived_tables_file().read_text(encoding="utf-8")
    derived += (rules_folder() / "modellen" / "reeel_tarief.yaml").read_text(encoding="utf-8")
    # What an audit asks of parameters, by name or as weight of a part of the index.
    derived += (PACKAGE / "audit" / "judge.py").read_text(encoding="utf-8")
    derived += (PACKAGE / "audit" / "run.py").read_text(encoding="utf-8")
    derived += "".join(f" index_gewicht_{part.onderdeel} " for part in PARTS)
    for name, parameter in ruleset.parameters.items():
        # Some rules build the name from its last part: 'pleegvergoeding_' || per.
        stem = f"{name.rpartition('_')[0]}_' ||"
        used = any(word in text for word in (name, stem) for text in (texts, derived))
        assert used, f"parameter {name} wordt door geen regel gebruikt"
        for value in parameter.waarden:
            assert len(value.bron) > 10, f"parameter {name} mist een bron"
            assert (value.waarde is None) != (value.tekst is None)


GOOD_RULE: dict[str, Any] = {
    "id": "LOOP-99",
    "titel": "Test",
    "ernst": "waarschuwing",
    "norm": {"bron": "een bron", "status": "standaard", "zekerheid": "V", "feiten": ["CS-03"]},
    "tabel": "contract",
    "nodig": ["startdatum"],
    "waar": "startdatum < DATE '2020-01-01'",
    "velden": ["startdatum"],
    "melding": "Begint op {startdatum:datum}.",
    "gevonden": "{startdatum:datum}",
    "verwacht": "later",
    "waarom": "Omdat het zo is.",
    "herstel": "Kies een latere datum.",
    "voorbeelden": {
        "goed": [{"startdatum": datetime.date(2026, 1, 1)}],
        "fout": [{"startdatum": datetime.date(2019, 1, 1)}],
    },
}


def problems_of(tmp_path: Path, change: Callable[[dict[str, Any]], None]) -> str:
    rule = yaml.safe_load(yaml.safe_dump(GOOD_RULE))
    change(rule)
    folder = tmp_path / "looptijd"
    folder.mkdir(exist_ok=True)
    path = folder / "LOOP-99.yaml"
    path.write_text(yaml.safe_dump(rule, allow_unicode=True), encoding="utf-8")
    try:
        return "; ".join(runner().problems(load_rule(path)))
    except UnusableInput as error:
        return str(error)


def test_a_good_rule_has_no_problems(tmp_path: Path) -> None:
    assert problems_of(tmp_path, lambda rule: None) == ""


@pytest.mark.parametrize(
    ("change", "lesson"),
    [
        (lambda r: r["norm"].pop("bron"), "norm.bron: dit veld ontbreekt"),
        (lambda r: r.pop("waarom"), "waarom: dit veld ontbreekt"),
        (lambda r: r.pop("herstel"), "herstel: dit veld ontbreekt"),
        (lambda r: r.pop("voorbeelden"), "voorbeelden: dit veld ontbreekt"),
        (
            lambda r: r["voorbeelden"].update(fout=[]),
            "voorbeelden.fout: hier hoort ten minste één waarde",
        ),
        (lambda r: r.update(herstel="  "), "herstel: dit veld is leeg"),
        (lambda r: r.update(ernst="ernstig"), "kies uit"),
        (lambda r: r.update(id="loop 99"), "hoofdletters"),
        (lambda r: r.update(kleur="rood"), "kleur: dit veld bestaat niet"),
        (lambda r: r.update(query="SELECT 1"), "precies een van waar en query"),
        (
            lambda r: (r.update(ernst="fout"), r["norm"].update(zekerheid="A", toelichting="x")),
            "zekerheid V of L",
        ),
        (lambda r: r["norm"].update(zekerheid="D"), "hoort norm.toelichting"),
        (lambda r: r.update(waar="begindatum < DATE '2020-01-01'"), "begindatum"),
        (lambda r: r.update(velden=["begindatum"]), "kolom 'begindatum' bestaat niet"),
        (lambda r: r.update(nodig=["begindatum"]), "kolom 'begindatum' bestaat niet"),
        (lambda r: r.update(tabel="kontrakt"), "tabel 'kontrakt' bestaat niet"),
        (
            lambda r: r.update(melding="Op {begindatum}."),
            "noemt een kolom die niet bestaat: begindatum",
        ),
        (lambda r: r.update(melding="Op {startdatum:dag}."), "onbekende opmaak 'dag'"),
        (lambda r: r.update(waar="startdatum <"), "de SQL klopt niet"),
        (lambda r: r.update(waar="false"), "moet een afwijking geven"),
        (lambda r: r.update(waar="true"), "is in orde, maar de regel meldt"),
        (
            lambda r: r["voorbeelden"].update(goed=[{"einddatum": datetime.date(2026, 1, 1)}]),
            "bewijst het niets",
        ),
        (
            lambda r: r["voorbeelden"].update(goed=[{"start": datetime.date(2026, 1, 1)}]),
            "kolom 'start' bestaat niet",
        ),
        (lambda r: r["voorbeelden"].update(goed=[{"startdatum": "1-1-2026"}]), "is geen datum"),
        (lambda r: r["voorbeelden"].update(goed=[{"contract_id": 7}]), "tussen aanhalingstekens"),
        (lambda r: r.update(waar="startdatum < parameter('onbekend')"), "onbekend"),
        (lambda r: (r.pop("waar"), r.update(query="SELECT startdatum FROM contract")), "rij_id"),
        (
            lambda r: (r.pop("waar"), r.update(query="SELECT * FROM read_csv('/etc/passwd')")),
            "de SQL klopt niet",
        ),
        (lambda r: (r.pop("waar"), r.update(query="DROP TABLE contract")), "SELECT"),
    ],
)
def test_a_wrong_rule_gets_a_text_that_teaches(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], lesson: str
) -> None:
    assert lesson in problems_of(tmp_path, change)


def test_a_rule_holds_by_the_date_of_the_thing_checked(tmp_path: Path) -> None:
    def change(rule: dict[str, Any]) -> None:
        rule["geldig"] = {"van": datetime.date(2019, 6, 1)}
        rule["voorbeelden"]["fout"] = [{"startdatum": datetime.date(2019, 6, 1)}]
        rule["voorbeelden"]["goed"].append({"startdatum": datetime.date(2019, 5, 31)})

    assert problems_of(tmp_path, change) == ""
