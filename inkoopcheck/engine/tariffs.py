"""Computed tariffs (berekeningen) and offered tariffs beside them (toetsen), from the tables.

Nothing is computed here: the steps stand in ``kostprijs_uitkomst``, the verdicts in ``tarief_toets``.
This module lays beside every figure its title, its formula in words and where it came from.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from inkoopcheck.dutch import format_euro, format_number, format_percentage
from inkoopcheck.engine.burden import CostPrice
from inkoopcheck.engine.codelists import Codelist
from inkoopcheck.engine.parameters import Parameters, Waarde
from inkoopcheck.findings.calculation import (
    Berekening,
    Eenheidstarief,
    Invoerwaarde,
    Oordeel,
    Rekenstap,
    Tarieftoets,
)
from inkoopcheck.findings.place import Plaats
from inkoopcheck.tables.costmodel import FUNCTION, PRODUCT, SCENARIOS, Input, Step, cost_model
from inkoopcheck.tables.store import Tables

CENT = Decimal("0.01")
_VERDICTS = {"onder": Oordeel.ONDER, "binnen": Oordeel.BINNEN, "boven": Oordeel.BOVEN}


def calculations(tables: Tables, parameters: Parameters) -> list[Berekening]:
    """Every product with a cost price, from salary to tariff, in the order of the workbook."""
    if not tables.query("SELECT er_is_kostprijs() AS ja")[0]["ja"]:
        return []
    tables.derive(["kostprijs_tarief", "kostprijs_functie", "kostprijs_uitkomst", "kostprijs_rij"])
    products = tables.query("SELECT * FROM kostprijs_tarief ORDER BY rij_id")
    given = _by("product_nr", tables.query("SELECT * FROM kostprijs_rij ORDER BY rij_id"))
    functions = _by("rij_id", tables.query("SELECT * FROM kostprijs_functie"))
    outcomes = {
        (row["product_nr"], row["scenario"]): row
        for row in tables.query("SELECT * FROM kostprijs_uitkomst")
    }
    mixes = {row["product_nr"]: row for row in tables.query(_mix_sql())}
    return [
        _calculation(
            product,
            given[product["rij_id"]],
            functions,
            {name: outcomes[product["rij_id"], name] for name in SCENARIOS},
            mixes.get(product["rij_id"], {}),
            parameters,
        )
        for product in products
    ]


def _mix_sql() -> str:
    """Every step of the functions of a product, weighted with their share in the mix."""
    steps = [s.name for s in cost_model().steps if s.per == FUNCTION]
    sums = ", ".join(
        f"sum(maal(aandeel, {name})) * 0.01 AS {name}" for name in ("bruto_maandloon", *steps)
    )
    return (
        f"SELECT product_nr, {sums} FROM kostprijs_functie"  # noqa: S608
        " WHERE scenario = 'midden' AND vorm = 'uur' GROUP BY product_nr"
    )


def _by(column: str, rows: Sequence[dict[str, Any]]) -> dict[Any, list[dict[str, Any]]]:
    found: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row[column]].append(row)
    return found


def _calculation(
    product: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    functions: Mapping[Any, Sequence[Mapping[str, Any]]],
    outcome: Mapping[str, Mapping[str, Any]],
    mix: Mapping[str, Any],
    parameters: Parameters,
) -> Berekening:
    model = cost_model()
    form = product["vorm"]
    people = [row for row in rows if row["is_functie"]]
    names = [str(row["functie"] or f"functie {number}") for number, row in enumerate(people, 1)]
    price_level = datetime.date(product["prijspeil"], 1, 1)
    inputs: list[Invoerwaarde] = []
    steps: list[Rekenstap] = []
    if form is not None:
        values = [
            {row["scenario"]: row for row in functions.get(person["rij_id"], ())}
            for person in people
        ]
        for name, person, value in zip(names, people, values, strict=True):
            inputs += [
                _input(item, person, value, parameters, price_level, name)
                for item in model.inputs_of(form, FUNCTION)
                if not (item.replaced_by and person[item.replaced_by] is not None)
                and not (item.default is None and not item.required and not item.uncertain
                         and person[item.name] is None)
            ]  # fmt: skip
        inputs += [
            _input(item, product, outcome, parameters, price_level, None)
            for item in model.inputs_of(form, PRODUCT)
        ]
        inputs += _posts(rows)
        present = {i.naam for i in inputs if i.waarde is not None and i.herkomst == "opgegeven"}
        for step in model.steps_of(form):
            each = [value.get("midden", {}).get(step.name) for value in values]
            of_function = step.per == FUNCTION
            if step.element is None and step.formula.text in model.names:
                continue  # Only another name for the same figure.
            steps.append(
                Rekenstap(
                    naam=step.name,
                    titel=step.title,
                    eenheid=step.unit,
                    formule=step.formula.words(
                        lambda name: model.title(name).lower(), given=lambda name: name in present
                    ),
                    ingevuld=""
                    if of_function and len(each) > 1
                    else _filled_in(step, values, outcome["midden"], present),
                    waarde=(mix.get(step.name) if len(each) > 1 else next(iter(each), None))
                    if of_function
                    else outcome["midden"][step.name],
                    bron=step.source,
                    element=step.element,
                    per_functie=each if of_function else [],
                )
            )
    missing = list(dict.fromkeys(product["mist"] or ()))
    complete = not missing and product["midden"] is not None
    return Berekening(
        productcode=product["productcode"],
        omschrijving=product["omschrijving"],
        niveau=product["niveau"],
        vorm=model.forms.get(form) if form else None,
        jaar=product["jaar_of_afgeleid"],
        prijspeil=product["prijspeil"],
        plaats=_place(rows[0], ("bruto_maandloon", "jaarbedrag", "productcode", "functie")),
        functies=names,
        invoer=inputs,
        stappen=steps,
        laag=_cents(product["laag"]) if complete else None,
        midden=_cents(product["midden"]) if complete else None,
        hoog=_cents(product["hoog"]) if complete else None,
        tarieven=unit_tariffs(form, product["midden"]) if complete else [],
        mist=missing,
        niet_meegeteld=list(product["niet_meegeteld"] or ()),
    )


def _filled_in(
    step: Step,
    functions: Sequence[Mapping[str, Mapping[str, Any]]],
    product: Mapping[str, Any],
    present: Collection[str],
) -> str:
    """The formula of a step with its figures, rounded for the eye; the steps are not rounded."""
    one = functions[0].get("midden", {}) if functions else {}

    def figure(name: str) -> str:
        return _short(product.get(name) if step.per == PRODUCT else one.get(name))

    def total(names: list[str]) -> str:
        parts = []
        for function in functions:
            row = function.get("midden", {})
            values = [row.get(name) for name in names]
            parts.append(" × ".join(map(_short, values)))
        return f"({' + '.join(parts)})" if len(parts) > 1 else "".join(parts) or "0"

    return step.formula.words(figure, total, lambda name: name in present)


def _short(value: Decimal | None) -> str:
    if value is None:
        return "?"
    return format_number(value.quantize(Decimal("0.0001"), ROUND_HALF_UP))


def costs_per_hour(calculations: Sequence[Berekening]) -> list[CostPrice]:
    """What an hour costs in wage and overhead, of every product that is computed per hour."""
    found = []
    for item in calculations:
        steps = {step.naam: step.waarde for step in item.stappen}
        wage, overhead = steps.get("loonkosten_eenheid"), steps.get("overhead_eenheid")
        hours = steps.get("clientgebonden_uren")
        if item.vorm == cost_model().forms["uur"] and wage and overhead is not None and hours:
            # Hours of administration come off the hours for clients.
            found.append(CostPrice(item.naam, wage + overhead, hours))
    return found


def unit_tariffs(form: str, unrounded: Decimal) -> list[Eenheidstarief]:
    """A tariff in the units in which it can be agreed, rounded half up to cents once (IV081).

    Args:
        form: a form of the cost model, such as ``uur``.
        unrounded: euros per unit of that form.
    """
    amount = _rounded(unrounded)
    if form == "uur":
        minute = _rounded(unrounded / 60)
        return [
            Eenheidstarief(eenheid="uur", bedrag=amount, uitleg="afgerond op centen"),
            Eenheidstarief(
                eenheid="minuut",
                bedrag=_rounded(amount / 60),
                uitleg="uurtarief : 60, afgerond op centen (iJw-regel IV081). Voor het bedrag van een"
                " declaratie rekent u met het uurtarief: uurtarief × minuten : 60."
                f" Voorbeeld: 95 minuten is {format_euro(declared_amount(amount, 95))}.",
            ),
            Eenheidstarief(
                eenheid="uur, als 60 × minuut",
                bedrag=60 * minute,
                uitleg="eerst het minuuttarief afronden op centen, dan maal 60; zo doen veel regio's het",
            ),
        ]
    if form in ("etmaal", "pleegzorg"):
        return [
            Eenheidstarief(eenheid="etmaal", bedrag=amount, uitleg="afgerond op centen"),
            Eenheidstarief(
                eenheid="maand",
                bedrag=_rounded(amount * 365 / 12),
                uitleg="etmaaltarief × 365 : 12, alleen ter vergelijking",
            ),
        ]
    unit = {"dagdeel": "dagdeel", "maand": "maand", "stuks": "stuk"}[form]
    return [Eenheidstarief(eenheid=unit, bedrag=amount, uitleg="afgerond op centen")]


def declared_amount(hour_tariff: Decimal, minutes: int) -> Decimal:
    """The amount in euros of minutes that are declared on a tariff per hour.

    Source: iJw 3.2, IV081: the tariff per hour times minutes through 60, rounded once; the rounded
    tariff per minute plays no part.
    """
    return _rounded(hour_tariff * minutes / 60)


def verdicts(tables: Tables, codelists: Mapping[str, Codelist]) -> list[Tarieftoets]:
    """Every tariff of the workbook beside the recomputed one, in the order of the workbook."""
    tables.derive(["tarief_rij", "tarief_toets", "opbouw_toets"])
    rows = tables.query(
        "SELECT r.productcode, r.omschrijving, r.niveau, year(r.begin) AS jaar, r.eenheid AS eenheidscode,"
        " r.bestand, r.blad, r.rij, r.cellen, t.*"
        " FROM tarief_toets t JOIN tarief_rij r ON r.rij_id = t.rij_id ORDER BY t.rij_id"
    )
    rows += tables.query(
        "SELECT o.* EXCLUDE (eenheid), o.eenheid AS eenheidscode, r.bestand, r.blad, r.rij, r.cellen,"
        " NULL AS volume, NULL AS tekort_jaar"
        " FROM opbouw_toets o"
        " JOIN (SELECT rij_id, bestand, blad, rij, cellen FROM basis.tariefopbouw"
        " UNION ALL SELECT rij_id, bestand, blad, rij, cellen FROM basis.kostprijs) r ON r.rij_id = o.rij_id"
        " ORDER BY o.rij_id"
    )
    outside = [row for row in rows if row["oordeel"] in ("onder", "boven")]
    reasons: dict[Any, dict[str, Any]] = {}
    if any(row["bron"] == "kostprijs" for row in outside):
        tables.derive(["tarief_verklaring"])
        reasons = {row["rij_id"]: row for row in tables.query("SELECT * FROM tarief_verklaring")}
    units = codelists["eenheid"]
    return [
        Tarieftoets(
            productcode=row["productcode"],
            omschrijving=row["omschrijving"],
            niveau=row["niveau"],
            jaar=row["jaar"],
            eenheid=(units.meaning(row["eenheidscode"]) or row["eenheidscode"]).lower()
            if row["eenheidscode"]
            else None,
            plaats=_place(row, ("tarief", "productcode")),
            aangeboden=row["aangeboden"],
            laag=_cents(row["laag"]),
            midden=_cents(row["midden"]),
            hoog=_cents(row["hoog"]),
            bron=row["bron"],
            oordeel=_VERDICTS.get(row["oordeel"], Oordeel.ONBEKEND),
            reden=row["reden"],
            tekort=_cents(row["tekort"]),
            volume=row["volume"],
            tekort_jaar=_cents(row["tekort_jaar"]),
            verklaring=_explanation(row, reasons.get(row["rij_id"])),
            niet_meegeteld=list(row["niet_meegeteld"] or ()),
        )
        for row in rows
    ]


def _explanation(row: Mapping[str, Any], reason: Mapping[str, Any] | None) -> str | None:
    if row["vorm_onbekend"]:
        return (
            "Er staat niet bij of de overhead een opslag is of een deel van het geheel."
            " Dat bepaalt hier de bandbreedte."
        )
    if reason is None:
        return None
    title = cost_model().title(reason["naam"])
    amount = format_euro(_rounded(reason["verschil"]))
    lower = row["oordeel"] == "onder"
    if reason["bron"] == "opbouw":
        side = "minder" if lower else "meer"
        return f"{title}: in de opbouw van het contract {amount} {side} dan in de kostprijs."
    side = "lager" if lower else "hoger"
    return (
        f"{title}: met de {'gunstigste' if lower else 'ongunstigste'} waarde is het tarief"
        f" {amount} {side}."
    )


def _input(
    item: Input,
    given: Mapping[str, Any],
    outcome: Mapping[str, Mapping[str, Any]],
    parameters: Parameters,
    date: datetime.date,
    function: str | None,
) -> Invoerwaarde:
    middle = outcome.get("midden", {}).get(item.name)
    shown = Invoerwaarde(
        naam=item.name,
        titel=item.title,
        eenheid=item.unit,
        waarde=middle,
        functie=function,
        herkomst="opgegeven",
    )
    if given[item.name] is not None:
        if item.name == "index" and given.get("index_percentage") is None:
            shown.herkomst, shown.bron = "parameter", _index_source(given, parameters)
        return shown
    if item.parameter is None:
        shown.herkomst = "standaard" if item.default is not None else "ontbreekt"
        return shown
    values = {name: _held(parameters, item, name, date) for name in SCENARIOS}
    shown.herkomst = "parameter"
    middle_value = values["midden"]
    if middle_value is not None:
        shown.bron, shown.status = middle_value.bron, middle_value.status.value
    numbers = [v.waarde for v in values.values() if v is not None and v.waarde is not None]
    if numbers and min(numbers) != max(numbers):
        shown.laag, shown.hoog = min(numbers), max(numbers)
    return shown


def _index_source(given: Mapping[str, Any], parameters: Parameters) -> str:
    base, year = given.get("prijspeil"), given.get("jaar_of_afgeleid")
    if base is None or year is None or base >= year:
        return "basisjaar en tariefjaar zijn gelijk"
    parts = []
    for number in range(base + 1, year + 1):
        value = parameters["vng_index"].value_on(datetime.date(number, 1, 1))
        parts.append(f"{number}: {format_percentage(value) if value is not None else 'onbekend'}")
    return f"advies van de VNG per jaar ({', '.join(parts)})"


def _held(parameters: Parameters, item: Input, scenario: str, date: datetime.date) -> Waarde | None:
    key = item.keys[scenario]
    for value in parameters[str(item.parameter)].waarden:
        if value.sleutel in (None, key) and value.holds_on(date):
            return value
    return None


def _posts(rows: Sequence[Mapping[str, Any]]) -> list[Invoerwaarde]:
    groups = {
        "beroepskrachten": "beroepskrachten",
        "overhead": "overhead",
        "clientgebonden": "overige cliëntgebonden kosten",
    }
    return [
        Invoerwaarde(
            naam=f"posten_{row['element_groep']}",
            titel=f"{row['functie'] or 'vast bedrag'} (vast bedrag, {groups[row['element_groep']]})",
            eenheid="euro per jaar",
            waarde=row["jaarbedrag"],
            herkomst="opgegeven",
        )
        for row in rows
        if row["jaarbedrag"] is not None
    ]


def _place(row: Mapping[str, Any], names: Sequence[str]) -> Plaats:
    cells = row["cellen"] or {}
    for name in names:
        if name in cells:
            sheet, _, address = cells[name].rpartition("!")
            return Plaats(bestand=row["bestand"] or "", blad=sheet or None, cel=address)
    number = row["rij"]
    return Plaats(
        bestand=row["bestand"] or "", blad=row["blad"], cel=f"A{number}" if number else None
    )


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def _cents(value: Decimal | None) -> Decimal | None:
    return None if value is None else _rounded(value)
