"""Run the examples of a rule: the proof that it fires where it must and stays silent elsewhere."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from inkoopcheck.engine.rulefile import Rule
from inkoopcheck.engine.ruleset import Ruleset
from inkoopcheck.engine.run import Judge, Offered
from inkoopcheck.errors import UnusableInput
from inkoopcheck.findings.model import Uitkomst
from inkoopcheck.tables.schema import TABLES, Kind
from inkoopcheck.tables.store import Tables

EXAMPLE_DATE = datetime.date(2026, 1, 1)
"""Peildatum of examples that name none."""

_ALL_TABLES = Offered(dict.fromkeys(TABLES))


class ExampleRunner:
    """Runs examples in tables of its own."""

    def __init__(self, ruleset: Ruleset) -> None:
        self._ruleset = ruleset
        self._tables = Tables()
        Judge(ruleset, self._tables).prepare(EXAMPLE_DATE)

    def problems(self, rule: Rule) -> list[str]:
        """What is wrong with a rule, in sentences that teach; empty when its examples prove it."""
        single = Ruleset(
            rules=[rule],
            parameters=self._ruleset.parameters,
            codelists=self._ruleset.codelists,
            standard_products=self._ruleset.standard_products,
            fingerprint="",
            activities=self._ruleset.activities,
        )
        judge = Judge(single, self._tables)
        self._tables.clear()
        if mistake := judge.check_binding(rule):
            return [mistake]
        problems = []
        decided_good = 0
        for kind, wanted in (("goed", False), ("fout", True)):
            for number, example in enumerate(getattr(rule.voorbeelden, kind), start=1):
                name = f"voorbeeld {kind} {number}"
                try:
                    self._load(rule, example)
                except (KeyError, ValueError, ArithmeticError, UnusableInput) as error:
                    problems.append(f"{name} past niet in de tabel: {error}")
                    continue
                judgement = judge.judge(_ALL_TABLES, "voorbeeld")
                outcome = judgement.regels[0]
                if outcome.uitkomst is Uitkomst.MISLUKT:
                    problems.append(f"{name}: {outcome.reden}")
                elif wanted and not judgement.afwijkingen:
                    problems.append(
                        f"{name} moet een afwijking geven, maar de regel vindt niets"
                        f" (uitkomst: {outcome.uitkomst}; {outcome.reden or 'gecontroleerd'})"
                    )
                elif not wanted and judgement.afwijkingen:
                    problems.append(
                        f"{name} is in orde, maar de regel meldt: {judgement.afwijkingen[0].melding}"
                    )
                if not wanted and outcome.gecontroleerd:
                    decided_good += 1
        if not problems and not decided_good:
            problems.append(
                "geen enkel voorbeeld goed valt onder de regel; geef er een waarop de regel wel kijkt"
                " en niets vindt, anders bewijst het niets"
            )
        return problems

    def _load(self, rule: Rule, example: Mapping[str, Any]) -> None:
        content = dict(example)
        date = content.pop("peildatum", EXAMPLE_DATE)
        if set(content) <= set(TABLES) and all(isinstance(rows, list) for rows in content.values()):
            per_table = content
        else:
            per_table = {rule.tabel: [content]}
        self._tables.clear()
        self._tables.set_peildatum(date)
        for table, rows in per_table.items():
            self._tables.load(
                table,
                [_typed_row(table, row, number) for number, row in enumerate(rows, start=1)],
            )


def _typed_row(table: str, row: Mapping[str, Any], number: int) -> dict[str, Any]:
    columns = TABLES[table].column_by_name
    typed: dict[str, Any] = {
        "rij_id": number,
        "bestand": "voorbeeld",
        "blad": TABLES[table].sheet or table,
        "rij": number,
        "cellen": {name: f"{table}!{name}{number}" for name in row},
    }
    for name, value in row.items():
        if name not in columns:
            raise UnusableInput(f"de kolom '{name}' bestaat niet in de tabel {table}")
        kind = columns[name].kind
        if value is None:
            typed[name] = None
        elif kind in (Kind.AMOUNT, Kind.NUMBER, Kind.PERCENTAGE):
            typed[name] = Decimal(str(value))
        elif kind in (Kind.DATE, Kind.YES_NO):
            expected = datetime.date if kind is Kind.DATE else bool
            if not isinstance(value, expected):
                raise UnusableInput(f"de waarde van '{name}' is geen {kind.value}")
            typed[name] = value
        elif kind is Kind.INTEGER:
            typed[name] = int(value)
        elif not isinstance(value, str):
            raise UnusableInput(f"zet de waarde van '{name}' tussen aanhalingstekens")
        else:
            typed[name] = value
    return typed
