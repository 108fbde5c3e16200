"""The cost model of a real tariff: read from ``rules/modellen/reeel_tarief.yaml``, written as SQL.

The model file holds every input and every formula once. From it follow the tables of
``derived.sql`` that rules and commands look at, the steps that the calculator prints and the live
formulas of its workbook.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import yaml

from inkoopcheck.locations import cost_model_file
from inkoopcheck.tables.formula import Formula

FUNCTION, PRODUCT = "functie", "product"
SCENARIOS = ("laag", "midden", "hoog")
"""The cheapest, the middle and the dearest outcome of what a workbook leaves open."""

POSTS = {
    "posten_beroepskrachten": "Vaste bedragen voor beroepskrachten",
    "posten_clientgebonden": "Vaste bedragen voor cliënten",
    "posten_overhead": "Vaste bedragen voor overhead",
}
"""Fixed amounts per year, added up per cost element from the rows without a salary."""

_KEYS = {name: name for name in SCENARIOS}


@dataclass(frozen=True)
class Input:
    """A figure that goes in. What a workbook does not give comes from ``parameter`` or ``default``;
    without either it is ``required`` (nothing can be computed) or free."""

    name: str
    title: str
    unit: str
    per: str
    forms: tuple[str, ...]
    required: tuple[str, ...] = ()
    parameter: str | None = None
    keys: Mapping[str, str] = field(default_factory=lambda: _KEYS)
    default: str | None = None
    rises: bool | None = None
    reported: bool = False
    replaced_by: str | None = None

    @property
    def uncertain(self) -> bool:
        return self.parameter is not None


@dataclass(frozen=True)
class Step:
    """One line of the computation, in some or all forms."""

    name: str
    title: str
    unit: str
    per: str
    forms: tuple[str, ...]
    formula: Formula
    source: str
    element: str | None = None


@dataclass(frozen=True)
class CostModel:
    """All inputs and steps, in the order of the computation."""

    forms: Mapping[str, str]
    inputs: tuple[Input, ...]
    steps: tuple[Step, ...]

    def input(self, name: str) -> Input | None:
        return next((item for item in self.inputs if item.name == name), None)

    def steps_of(self, form: str, per: str | None = None) -> list[Step]:
        """The steps of a form in order, of functions, of the product or both."""
        return [s for s in self.steps if form in s.forms and per in (None, s.per)]

    def inputs_of(self, form: str, per: str | None = None) -> list[Input]:
        return [i for i in self.inputs if form in i.forms and per in (None, i.per)]

    @cached_property
    def names(self) -> frozenset[str]:
        """Every input, step and sum of fixed amounts."""
        return frozenset(self._titles)

    def title(self, name: str) -> str:
        """What a reader calls an input or step."""
        return self._titles[name]

    @cached_property
    def _titles(self) -> dict[str, str]:
        found = dict(POSTS)
        for item in self.inputs:
            found.setdefault(item.name, item.title)
        for step in self.steps:
            found.setdefault(step.name, step.title)
        return found


@lru_cache(maxsize=1)
def cost_model() -> CostModel:
    """The model that ships with inkoopcheck.

    Raises:
        ValueError: the file is wrong: an unknown name, a step before what it needs, a bad formula.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content = yaml.load(cost_model_file().read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
    return parse_model(content)


def parse_model(content: Mapping[str, Any]) -> CostModel:
    """The model in the content of a model file; see ``cost_model``."""
    forms = dict(content["vormen"])
    every = tuple(forms)
    inputs = tuple(
        Input(
            name=item["naam"],
            title=item["titel"],
            unit=item["eenheid"],
            per=item["per"],
            forms=tuple(item.get("vormen", every)),
            required=_forms_of(item.get("verplicht", False), item.get("vormen", every)),
            parameter=item.get("parameter"),
            keys=item.get("sleutels", _KEYS),
            default=str(item["standaard"]) if "standaard" in item else None,
            rises={"omhoog": True, "omlaag": False}.get(item.get("richting", "")),
            reported=item.get("melden", False),
            replaced_by=item.get("vervalt_bij"),
        )
        for item in content["invoer"]
    )
    steps = tuple(
        Step(
            name=item["naam"],
            title=item["titel"],
            unit=item["eenheid"],
            per=item["per"],
            forms=tuple(item.get("vormen", every)),
            formula=Formula(str(item["formule"])),
            source=item["bron"],
            element=item.get("element"),
        )
        for item in content["stappen"]
    )
    model = CostModel(forms, inputs, steps)
    _check(model)
    return model


def _forms_of(required: bool | Sequence[str], forms: Sequence[str]) -> tuple[str, ...]:
    if isinstance(required, bool):
        return tuple(forms) if required else ()
    return tuple(required)


def _check(model: CostModel) -> None:
    for form in model.forms:
        known = {i.name for i in model.inputs_of(form)} | set(POSTS)
        for step in model.steps_of(form):
            if unknown := step.formula.names - known:
                raise ValueError(
                    f"stap {step.name} ({form}) gebruikt {sorted(unknown)[0]}, maar die is er nog niet"
                )
            known.add(step.name)
    names = [i.name for i in model.inputs]
    if len(set(names)) < len(names):
        raise ValueError("een invoer heeft een naam die al bestaat")


# --- SQL -----------------------------------------------------------------------------------------


def parameter_sql() -> str:
    """Per year the low, middle and high value of every input that has a parameter.

    A value without key counts for all three. Values hold on the first day of the year.
    """
    columns = []
    for item in cost_model().inputs:
        if item.parameter is None:
            continue
        for scenario in SCENARIOS:
            key = item.keys[scenario]
            columns.append(
                f"max(waarde) FILTER (naam = '{item.parameter}' AND coalesce(sleutel, '{key}') = '{key}')"
                f" AS {item.name}_{scenario}"
            )
    names = sorted({i.parameter for i in cost_model().inputs if i.parameter})
    wanted = ", ".join(f"'{name}'" for name in names)
    return (
        f"SELECT jaar, {', '.join(columns)}\n"
        "FROM (SELECT unnest(range(2015, 2051)) AS jaar)\n"
        "JOIN basis.parameterrij ON make_date(jaar, 1, 1)"
        " BETWEEN coalesce(geldig_van, DATE '1900-01-01') AND coalesce(geldig_tot, DATE '2999-12-31')\n"
        f"WHERE naam IN ({wanted})\nGROUP BY jaar"
    )


def functions_sql() -> str:
    """Every step of every function in ``kostprijs_rij``, per scenario."""
    return _functions(SCENARIOS, sensitivity=False)


def outcome_sql() -> str:
    """Every step of every product in ``kostprijs_product``, per scenario, on ``kostprijs_functie``."""
    return _products("kostprijs_functie", SCENARIOS, sensitivity=False)


def sensitivity_sql() -> str:
    """The outcome of every product with one uncertain input at its cheap (``-name``) or dear
    (``+name``) end, also where the workbook gives it, and all else in the middle."""
    scenarios = [f"{sign}{i.name}" for i in cost_model().inputs if i.uncertain for sign in "-+"]
    return _products(f"({_functions(scenarios, sensitivity=True)})", scenarios, sensitivity=True)


def product_sql() -> str:
    """One row per product of ``kostprijs_rij``: what its rows say of the product as a whole."""
    given = ",\n    ".join(
        f"arg_min({i.name}, rij_id) AS {i.name}" for i in cost_model().inputs if i.per == PRODUCT
    )
    posts = ",\n    ".join(
        f"coalesce(sum(jaarbedrag) FILTER (element_groep = '{name.removeprefix('posten_')}'), 0) AS {name}"
        for name in POSTS
    )
    return (
        "SELECT product_nr AS rij_id, any_value(vorm) AS vorm, any_value(prijspeil) AS prijspeil,\n"
        "    any_value(jaar_of_afgeleid) AS jaar_of_afgeleid, any_value(contract_rij_id) AS contract_rij_id,\n"
        "    any_value(contract_sleutel) AS contract_sleutel, any_value(productcode) AS productcode,\n"
        "    any_value(omschrijving) AS omschrijving, any_value(niveau_sleutel) AS niveau, any_value(jaar) AS jaar,\n"
        "    any_value(product_naam) AS product_naam, any_value(buiten_besluit) AS buiten_besluit,\n"
        "    any_value(profiel) AS profiel, any_value(eenheid) AS eenheid, arg_min(tarief, rij_id) AS tarief,\n"
        "    count(*) FILTER (is_functie) AS aantal_functies,\n"
        "    sum(aandeel) FILTER (is_functie) AS som_aandeel,\n"
        f"    {posts},\n    {given}\nFROM kostprijs_rij\nGROUP BY product_nr"
    )


def contradiction_sql(row: str, product: str) -> str:
    """SQL list of the product inputs of which a row says something else than its product's first."""
    parts = [
        f"CASE WHEN {row}.{i.name} <> {product}.{i.name} THEN '{i.title.lower()}' END"
        for i in cost_model().inputs
        if i.per == PRODUCT
    ]
    return f"list_filter([{', '.join(parts)}], lambda x: x IS NOT NULL)"


def _functions(scenarios: Sequence[str], *, sensitivity: bool) -> str:
    model = cost_model()
    inputs = [i for i in model.inputs if i.per == FUNCTION]
    source = (
        "SELECT r.rij_id, r.product_nr, r.vorm, s.scenario, "
        + ", ".join(_value(i, f"r.{i.name}", sensitivity=sensitivity) for i in inputs)
        + f"\nFROM kostprijs_rij r CROSS JOIN (VALUES {_rows(scenarios)}) s (scenario)\n"
        "LEFT JOIN kostprijs_parameter p ON p.jaar = r.prijspeil\nWHERE r.is_functie"
    )
    return _layered(source, [s for s in model.steps if s.per == FUNCTION])


def _products(functions: str, scenarios: Sequence[str], *, sensitivity: bool) -> str:
    model = cost_model()
    inputs = [i for i in model.inputs if i.per == PRODUCT]
    totals = dict(_totals(model))
    sums = ", ".join(
        f"CASE WHEN count({sql}) = count(*) THEN sum({sql}) END AS {name}"
        for name, sql in totals.items()
    )
    per_product = (
        f"SELECT product_nr, scenario, {sums}\nFROM {functions}\nGROUP BY product_nr, scenario"
    )
    source = (
        "SELECT r.rij_id AS product_nr, r.vorm, s.scenario,\n    "
        + ", ".join(f"r.{name}" for name in POSTS)
        + ",\n    "
        + ",\n    ".join(_value(i, f"r.{i.name}", sensitivity=sensitivity) for i in inputs)
        + ",\n    "
        # A product that consists of fixed amounts alone has no functions to add up.
        + ", ".join(
            f"vast(CASE WHEN r.aantal_functies = 0 THEN 0 ELSE f.{name} END) AS {name}"
            for name in totals
        )
        + f"\nFROM kostprijs_product r CROSS JOIN (VALUES {_rows(scenarios)}) s (scenario)\n"
        "LEFT JOIN kostprijs_parameter p ON p.jaar = r.prijspeil\n"
        f"LEFT JOIN ({per_product}) f ON f.product_nr = r.rij_id AND f.scenario = s.scenario"
    )
    return _layered(source, [s for s in model.steps if s.per == PRODUCT])


def _rows(scenarios: Sequence[str]) -> str:
    return ", ".join(f"('{name}')" for name in scenarios)


def missing_sql(row: str) -> str:
    """SQL list of the titles of what a product still needs, in a row of ``kostprijs_uitkomst``."""
    parts = [
        f"CASE WHEN {row}.vorm IN ({_words(_needed_in(i))}) AND {row}.{i.name} IS NULL THEN '{i.title.lower()}' END"
        for i in cost_model().inputs
        if i.per == PRODUCT and _needed_in(i)
    ]
    return f"list_filter([{', '.join(parts)}], lambda x: x IS NOT NULL)"


def missing_function_sql() -> str:
    """The same for the functions of a product, as an aggregate over ``kostprijs_functie``."""
    parts = [
        f"CASE WHEN bool_or(vorm IN ({_words(_needed_in(i))}) AND {i.name} IS NULL"
        + (f" AND {i.replaced_by} IS NULL" if i.replaced_by else "")
        + f") THEN '{i.title.lower()}' END"
        for i in cost_model().inputs
        if i.per == FUNCTION and _needed_in(i)
    ]
    return f"list_filter([{', '.join(parts)}], lambda x: x IS NOT NULL)"


def uncounted_sql(row: str, product: str) -> str:
    """SQL list of the costs that count as nothing because nobody gave them and no source exists."""
    parts = [
        f"CASE WHEN {row}.vorm IN ({_words(i.forms)}) AND {product}.{i.name} IS NULL THEN '{i.title.lower()}' END"
        for i in cost_model().inputs
        if i.per == PRODUCT and i.reported
    ]
    return f"list_filter([{', '.join(parts)}], lambda x: x IS NOT NULL)"


def _needed_in(item: Input) -> tuple[str, ...]:
    """The forms in which nothing can be computed without the input."""
    return item.forms if item.uncertain else item.required


def _words(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _value(item: Input, given: str, *, sensitivity: bool) -> str:
    """The value of an input in a scenario: given, or else by parameter or default."""
    fallback = "NULL" if item.default is None else item.default
    if item.parameter is not None:
        low, high = ("laag", "hoog") if item.rises else ("hoog", "laag")
        middle = f"p.{item.name}_midden"
        if sensitivity:
            return (
                f"vast(CASE s.scenario WHEN '-{item.name}' THEN p.{item.name}_{low}"
                f" WHEN '+{item.name}' THEN p.{item.name}_{high}"
                f" ELSE coalesce({given}, {middle}) END) AS {item.name}"
            )
        fallback = (
            f"CASE s.scenario WHEN 'laag' THEN p.{item.name}_{low}"
            f" WHEN 'hoog' THEN p.{item.name}_{high} ELSE {middle} END"
        )
    if item.required and item.default is not None:
        fallback = f"CASE WHEN r.vorm NOT IN ({_words(item.required)}) THEN {fallback} END"
    value = f"coalesce({given}, {fallback})"
    if set(item.forms) != set(cost_model().forms):
        # In another form the input plays no part; a value given all the same does no harm.
        value = f"coalesce({given}, CASE WHEN r.vorm IN ({_words(item.forms)}) THEN {fallback} ELSE 0 END)"
    return f"vast({value}) AS {item.name}"


def _totals(model: CostModel) -> Iterator[tuple[str, str]]:
    """Sums over functions that product steps ask for: column name and what is added."""
    seen = set()
    for step in model.steps:
        if step.per != PRODUCT:
            continue
        for node in ast.walk(ast.parse(step.formula.text, mode="eval")):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "som"):
                continue
            names = [n.id for n in ast.walk(node.args[0]) if isinstance(n, ast.Name)]
            column = f"som_{'_x_'.join(names)}"
            if column not in seen:
                seen.add(column)
                yield column, names[0] if len(names) == 1 else f"maal({names[0]}, {names[1]})"


def _layered(source: str, steps: Sequence[Step]) -> str:
    """Steps as nested queries: each layer computes what rests on the layers below it."""
    by_name: dict[str, list[Step]] = {}
    for step in steps:
        by_name.setdefault(step.name, []).append(step)
    depth: dict[str, int] = {}
    for name, variants in by_name.items():
        needs = set().union(*(s.formula.names for s in variants))
        depth[name] = 1 + max((depth[n] for n in needs if n in depth), default=0)
    query = source
    for level in range(1, max(depth.values()) + 1):
        columns = ",\n    ".join(
            f"{_expression(by_name[name])} AS {name}" for name in by_name if depth[name] == level
        )
        query = f"SELECT *,\n    {columns}\nFROM ({query})"
    return query


def _expression(variants: Sequence[Step]) -> str:
    if len(variants) == 1 and set(variants[0].forms) == set(cost_model().forms):
        return variants[0].formula.sql()
    branches = " ".join(
        f"WHEN vorm IN ({_words(s.forms)}) THEN {s.formula.sql()}" for s in variants
    )
    return f"CASE {branches} END"
