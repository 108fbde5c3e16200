"""Load rules, parameters and code lists, with what the user adds, changes or switches off."""

import datetime
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from inkoopcheck.engine.activities import (
    FILE as ACTIVITIES_FILE,
)
from inkoopcheck.engine.activities import (
    PARAMETER_KEY,
    Handeling,
    load_activities,
    override_activities,
)
from inkoopcheck.engine.codelists import (
    Codelist,
    StandardProduct,
    read_codes,
    read_standard_products,
)
from inkoopcheck.engine.parameters import Parameter, Parameters
from inkoopcheck.engine.rulefile import Rule, Voorbeelden
from inkoopcheck.errors import UnusableInput, why_not
from inkoopcheck.findings.model import Ernst, Overschreven
from inkoopcheck.locations import rules_folder
from inkoopcheck.tables.chain import ROW_TABLES, ChainTable
from inkoopcheck.validation import explain_validation

CONTRACT_FAMILIES = ("lezen", "product", "tarief", "looptijd", "administratie", "voorwaarden")
"""Families of rules that a contract workbook needs, in the order of the report."""

MESSAGE_FAMILIES = ("schema", "ijw")
"""Families of rules that a message needs, in the order of the report."""

CHAIN_FAMILIES = ("keten",)
"""Families of rules that put a message beside the messages before it, and beside the contract."""

ALL_FAMILIES = (*CONTRACT_FAMILIES, *MESSAGE_FAMILIES, *CHAIN_FAMILIES)

_NO_FAMILY = ("parameters", "codelijsten", "herkenning", "modellen", "lasten")
_PARAMETER_LIST = TypeAdapter(list[Parameter])


class _SwitchedOff(BaseModel):
    model_config = ConfigDict(extra="forbid")
    regel: str
    reden: str


class _Settings(BaseModel):
    """``instellingen.yaml`` in the user's own rule folder."""

    model_config = ConfigDict(extra="forbid")
    uitgezet: list[_SwitchedOff] = []
    ernst: dict[str, Ernst] = {}
    keuze: dict[str, str] = {}


@dataclass
class Ruleset:
    """Everything a run needs to judge: rules in order, parameters, code lists."""

    rules: list[Rule]
    parameters: Parameters
    codelists: dict[str, Codelist]
    standard_products: list[StandardProduct]
    fingerprint: str
    switched_off: dict[str, str] = field(default_factory=dict)
    overrides: list[Overschreven] = field(default_factory=list)
    sources: dict[str, Path] = field(default_factory=dict)
    own: list[Rule] = field(default_factory=list)
    """The rules that the user added."""
    activities: list[Handeling] = field(default_factory=list)
    """The handelingen of the lasten model."""

    def rule(self, rule_id: str) -> Rule | None:
        """The rule with this id, in any case of letters."""
        wanted = rule_id.strip().upper()
        return next((rule for rule in self.rules if rule.id == wanted), None)


_EXAMPLES = "\nvoorbeelden:"
_EXAMPLES_NOT_READ = Voorbeelden.model_construct(goed=[], fout=[])


def _without_examples(text: str) -> str | None:
    """The text of a rule file up to its examples, when those come last."""
    head, _, examples = text.partition(_EXAMPLES)
    return None if not examples or re.search(r"^\S", examples, re.MULTILINE) else head


def load_yaml(path: Path, shorten: Callable[[str], str | None] = lambda text: None) -> Any:
    """Read a YAML file with the safe loader of libyaml; ``shorten`` may leave out a part.

    Raises:
        UnusableInput: the file is missing, is no text or is no YAML.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        text = path.read_text(encoding="utf-8")
        return yaml.load(shorten(text) or text, Loader=loader)  # noqa: S506
    except OSError as error:
        raise UnusableInput(
            f"Het bestand {path.name} is niet te openen: {why_not(error)}."
        ) from None
    except UnicodeDecodeError:
        raise UnusableInput(f"Het bestand {path.name} is geen tekst in UTF-8.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (regel {mark.line + 1})" if mark else ""
        raise UnusableInput(f"Het bestand {path.name} is geen geldige YAML{where}.") from None


def rule_files(folder: Path, families: Iterable[str] | None = None) -> Iterator[Path]:
    """Rule files below a folder, family by family, in a stable order."""
    chosen = (
        list(families)
        if families is not None
        else sorted(
            child.name
            for child in folder.iterdir()
            if child.is_dir() and child.name not in _NO_FAMILY
        )
    )
    for family in chosen:
        yield from sorted((folder / family).glob("*.yaml"))


def load_rule(path: Path, *, examples: bool = True) -> Rule:
    """Read and validate one rule file, with its examples or (much faster) without.

    Raises:
        UnusableInput: the file is no valid rule; the message names the file and the mistake.
    """
    content = load_yaml(path) if examples else load_yaml(path, _without_examples)
    if not isinstance(content, Mapping):
        raise UnusableInput(f"Het regelbestand {path.name} is leeg of is geen lijst van velden.")
    if not examples:
        content = {"voorbeelden": _EXAMPLES_NOT_READ, **content}
    try:
        return Rule.model_validate({**content, "familie": path.parent.name})
    except ValidationError as error:
        raise UnusableInput(
            f"Het regelbestand {path.name} klopt niet: {explain_validation(error)}"
        ) from None


def _load_parameters(folders: list[Path]) -> Parameters:
    found: dict[str, Parameter] = {}
    for folder in folders:
        for path in sorted((folder / "parameters").glob("*.yaml")):
            try:
                for parameter in _PARAMETER_LIST.validate_python(load_yaml(path)):
                    found[parameter.naam] = parameter
            except ValidationError as error:
                raise UnusableInput(
                    f"Het parameterbestand {path.name} klopt niet: {explain_validation(error)}"
                ) from None
    return Parameters(list(found.values()))


def load_codelists(folders: Iterable[Path] = ()) -> dict[str, Codelist]:
    """Read the code lists; a list in a later folder replaces the one with the same name."""
    found: dict[str, Codelist] = {}
    for folder in (rules_folder(), *folders):
        for path in sorted((folder / "codelijsten").glob("*.yaml")):
            try:
                codelist = Codelist.model_validate(load_yaml(path))
            except ValidationError as error:
                raise UnusableInput(
                    f"De codelijst {path.name} klopt niet: {explain_validation(error)}"
                ) from None
            if codelist.bestand:
                codelist.codes = read_codes(path.parent / codelist.bestand)
            found[codelist.naam] = codelist
    return found


def load_standard_products(folders: Iterable[Path] = ()) -> list[StandardProduct]:
    """Read the standaardproductcodelijst; the last folder that holds one wins."""
    name = Path("codelijsten") / "standaardproductcodelijst_jeugdwet.csv"
    chosen = rules_folder() / name
    for folder in folders:
        if (folder / name).is_file():
            chosen = folder / name
    return read_standard_products(chosen)


def _fits(rule: Rule, families: Iterable[str]) -> bool:
    """Whether a rule of the user is about the kind of input that the families are about."""
    if isinstance(ROW_TABLES.get(rule.tabel), ChainTable):
        return any(family in CHAIN_FAMILIES for family in families)
    about_messages = rule.tabel in ROW_TABLES
    return any((family not in CONTRACT_FAMILIES) == about_messages for family in families)


def _is_of_other_families(ruleset: Ruleset, rule_id: str) -> bool:
    """Whether a rule that is not loaded does exist, for another kind of input."""
    name = f"{rule_id.strip().upper()}.yaml"
    return ruleset.rule(rule_id) is None and any(
        (rules_folder() / family / name).is_file() for family in ALL_FAMILIES
    )


def _fingerprint(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _apply_settings(ruleset: Ruleset, folder: Path) -> None:
    path = folder / "instellingen.yaml"
    if not path.is_file():
        return
    try:
        settings = _Settings.model_validate(load_yaml(path) or {})
    except ValidationError as error:
        raise UnusableInput(f"{path.name} klopt niet: {explain_validation(error)}") from None
    for item in settings.uitgezet:
        if _is_of_other_families(ruleset, item.regel):
            continue
        switch_off(ruleset, item.regel, item.reden)
    for rule_id, name in settings.keuze.items():
        if not _is_of_other_families(ruleset, rule_id):
            choose(ruleset, rule_id, name)
    for rule_id, severity in settings.ernst.items():
        if _is_of_other_families(ruleset, rule_id):
            continue
        rule = ruleset.rule(rule_id)
        if rule is None:
            raise UnusableInput(f"{path.name} noemt de regel {rule_id}, maar die bestaat niet.")
        ruleset.overrides.append(
            Overschreven(wat=f"ernst van regel {rule.id}", was=rule.ernst, nu=severity)
        )
        rule.ernst = severity


def choose(ruleset: Ruleset, rule_id: str, name: str) -> None:
    """Make another choice in a rule whose norm is unclear; the report names it.

    Raises:
        UnusableInput: there is no such rule or possibility.
    """
    rule = ruleset.rule(rule_id)
    if rule is None:
        raise UnusableInput(
            f"De regel {rule_id} bestaat niet. Bekijk alle regels met: inkoopcheck regels"
        )
    if rule.keuze is None:
        raise UnusableInput(f"Bij regel {rule.id} valt niets te kiezen.")
    wanted = name.strip()
    if wanted not in rule.keuze.mogelijkheden:
        names = ", ".join(rule.keuze.mogelijkheden)
        raise UnusableInput(f"Bij regel {rule.id} kunt u kiezen uit: {names}.")
    if wanted == rule.keuze.standaard:
        return
    ruleset.rules[ruleset.rules.index(rule)] = rule.chosen(wanted)
    ruleset.overrides.append(
        Overschreven(
            wat=f"keuze bij regel {rule.id} ({rule.keuze.vraag})",
            was=rule.keuze.standaard,
            nu=wanted,
        )
    )


def switch_off(ruleset: Ruleset, rule_id: str, reason: str) -> None:
    """Switch a rule off for this run; the report names it with the reason.

    Raises:
        UnusableInput: there is no such rule, or no reason is given.
    """
    rule = ruleset.rule(rule_id)
    if rule is None:
        raise UnusableInput(
            f"De regel {rule_id} bestaat niet. Bekijk alle regels met: inkoopcheck regels"
        )
    if not reason.strip():
        raise UnusableInput(f"Geef een reden waarom regel {rule.id} uit moet.")
    ruleset.switched_off[rule.id] = reason.strip()
    ruleset.overrides.append(
        Overschreven(wat=f"regel {rule.id}", was="aan", nu="uit", reden=reason.strip())
    )


def load_ruleset(
    families: Iterable[str] = CONTRACT_FAMILIES,
    *,
    user_folders: Iterable[Path] = (),
    parameter_file: Path | None = None,
    off: Iterable[tuple[str, str]] = (),
    choices: Iterable[tuple[str, str]] = (),
    examples: bool = False,
) -> Ruleset:
    """Load the rules of the given families with parameters and code lists.

    User folders are laid out like ``rules/``; their rules are added (any family), their
    parameters and code lists replace ours by name, their ``instellingen.yaml`` is applied. The
    examples of our own rules are read only when ``examples`` says so; the tests run them.

    Raises:
        UnusableInput: a file is not valid, or two rules share an id.
    """
    own = rules_folder()
    chosen = list(families)
    extra = list(user_folders)
    for folder in extra:
        if not folder.is_dir():
            raise UnusableInput(f"De regelmap {folder.name} bestaat niet.")
    shipped = list(rule_files(own, chosen))
    ours = frozenset(shipped)
    paths = shipped + [path for folder in extra for path in rule_files(folder)]
    sources: dict[str, Path] = {}
    rules = []
    for path in paths:
        rule = load_rule(path, examples=examples or path not in ours)
        if path not in ours and not _fits(rule, chosen):
            continue
        if rule.id in sources:
            raise UnusableInput(
                f"De regel {rule.id} staat in twee bestanden:"
                f" {sources[rule.id].name} en {path.name}. Geef een van beide een ander id."
            )
        sources[rule.id] = path
        rules.append(rule)
    all_folders = [own, *extra]
    support = [
        path
        for folder in all_folders
        for kind in ("parameters", "codelijsten", "lasten")
        for path in sorted((folder / kind).glob("*.*"))
    ]
    ruleset = Ruleset(
        rules=rules,
        parameters=_load_parameters(all_folders),
        codelists=load_codelists(extra),
        standard_products=load_standard_products(extra),
        fingerprint=_fingerprint(paths + support),
        sources=sources,
    )
    ruleset.own = rules[len(shipped) :]
    ruleset.activities, changes = load_activities(
        (path, load_yaml(path))
        for folder in all_folders
        if (path := folder / ACTIVITIES_FILE).is_file()
    )
    ruleset.overrides.extend(changes)
    for rule in ruleset.own:
        name = sources[rule.id].name
        ruleset.overrides.append(
            Overschreven(wat=f"regel {rule.id}", was="geen", nu=f"eigen regel uit {name}")
        )
    for folder in extra:
        _apply_settings(ruleset, folder)
    if parameter_file is not None:
        given = load_yaml(parameter_file)
        if not isinstance(given, Mapping):
            raise UnusableInput(
                f"{parameter_file.name} is geen lijst van parameters. Schrijf per regel: naam: waarde"
            )
        figures = {name: value for name, value in given.items() if name != PARAMETER_KEY}
        ruleset.overrides.extend(ruleset.parameters.override(figures, parameter_file))
        if PARAMETER_KEY in given:
            ruleset.activities, changes = override_activities(
                ruleset.activities, given[PARAMETER_KEY], parameter_file
            )
            ruleset.overrides.extend(changes)
    for rule_id, name in choices:
        choose(ruleset, rule_id, name)
    for rule_id, reason in off:
        switch_off(ruleset, rule_id, reason)
    return ruleset


def parse_peildatum(text: str) -> datetime.date:
    """Read a peildatum as 2026-07-01 or 1-7-2026.

    Raises:
        UnusableInput: the text is no date.
    """
    for form in ("%Y-%m-%d", "%d-%m-%Y"):
        try:
            return datetime.datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    raise UnusableInput(f"'{text}' is geen datum. Schrijf bijvoorbeeld 2026-07-01 of 1-7-2026.")
