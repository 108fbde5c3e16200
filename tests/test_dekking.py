"""The proof behind docs/dekking.md: the limits of the schema, and the rules against the facts."""

import csv
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from benchmarks.messages import make_message
from inkoopcheck.engine.ruleset import (
    CHAIN_FAMILIES,
    MESSAGE_FAMILIES,
    load_ruleset,
    load_yaml,
)
from inkoopcheck.locations import rules_folder, xsd_folder
from inkoopcheck.schemas.find import find_schema
from inkoopcheck.schemas.structure import load_release

RELEASE = load_release()
COVERAGE: dict[str, list[dict[str, Any]]] = load_yaml(rules_folder() / "dekking.yaml")
FACTS = Path(__file__).parents[1].parent / "shared" / "facts" / "ijw"
with_facts = pytest.mark.skipif(not FACTS.is_dir(), reason="the facts are not part of the project")


@cache
def _schema_for(type_name: str) -> etree.XMLSchema:
    base = RELEASE.base
    content = f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:ijw="{base.namespace}">
        <xs:import namespace="{base.namespace}" schemaLocation="{base.bestand}"/>
        <xs:element name="waarde" type="ijw:{type_name}"/></xs:schema>"""
    place = xsd_folder() / "ijw" / RELEASE.base.release / "proef.xsd"
    return etree.XMLSchema(etree.fromstring(content, base_url=place.as_uri()))


def _accepts(limit: dict[str, Any], value: str) -> bool:
    if path := limit.get("in_bericht"):
        message = RELEASE.messages["JW301"]
        root = make_message(message)
        found = root.find("/".join(f"{{{message.namespace}}}{step}" for step in path.split("/")))
        assert found is not None
        found.text = value
        return find_schema(message.namespace).compiled.validate(root)
    element = etree.Element("waarde")
    element.text = value
    return _schema_for(limit["bewijs"]["type"]).validate(element)


@pytest.mark.parametrize("limit", COVERAGE["rs"], ids=lambda limit: limit["code"])
def test_the_schema_accepts_what_is_just_allowed_and_refuses_what_is_not(
    limit: dict[str, Any],
) -> None:
    assert limit["bewijs"]["type"] in limit["typen"]
    assert _accepts(limit, limit["bewijs"]["goed"])
    assert not _accepts(limit, limit["bewijs"]["fout"])


def _facts(name: str) -> list[dict[str, str]]:
    with (FACTS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@with_facts
def test_the_matrix_has_every_rule_and_limit_of_the_standard() -> None:
    rules = {(item["code"], str(item["niveau"])) for item in COVERAGE["regels"]}
    assert rules == {(row["code"], row["niveau"]) for row in _facts("regels.tsv")}
    assert len(rules) == len(COVERAGE["regels"]) == 121
    types: dict[str, set[str]] = {}
    for row in _facts("datatypes.tsv"):
        for code in filter(None, (row["rs_regels"] or "").split(",")):
            types.setdefault(code, set()).add(row["type"])
    assert {item["code"]: set(item["typen"]) for item in COVERAGE["rs"]} == types
    assert len(COVERAGE["rs"]) == 36


@with_facts
def test_every_condition_and_constraint_looks_at_all_its_messages_and_gives_its_code() -> None:
    ruleset = load_ruleset(MESSAGE_FAMILIES)
    for row in _facts("regels.tsv"):
        if row["type"] == "TR":
            continue
        rule = ruleset.rule(f"IJW-{row['code']}")
        assert rule is not None, row["code"]
        wanted = None if row["retourcode"] == "n.v.t." else row["retourcode"]
        assert rule.retourcode == wanted, rule.id
        named = {kind for part in rule.parts() for kind in re.findall(r"JW\d{3}", part.als or "")}
        assert named == set(row["berichten"].split(",")), rule.id


@with_facts
def test_every_rule_over_messages_looks_at_its_messages_and_gives_its_code() -> None:
    rules = {rule.id: rule for rule in load_ruleset(CHAIN_FAMILIES).rules}
    facts = {f"IJW-{row['code']}": row for row in _facts("regels.tsv")}
    for name in facts.keys() & rules.keys():
        rule, row = rules[name], facts[name]
        wanted = None if row["retourcode"] == "n.v.t." else row["retourcode"]
        assert rule.retourcode == wanted, name
        named = {kind for part in rule.parts() for kind in re.findall(r"JW\d{3}", part.als or "")}
        assert named == set(row["berichten"].split(",")), name
    built = rules.keys() | {rule.id for rule in load_ruleset(MESSAGE_FAMILIES).rules}
    assert facts.keys() <= built
