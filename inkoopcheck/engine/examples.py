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
from inkoopcheck.tables.chain import HISTORY_TABLES
from inkoopcheck.tables.history import DOSSIER, copy_sql
from inkoopcheck.tables.messages import MESSAGE_TABLES, MessageTable
from inkoopcheck.tables.schema import TABLES, Kind, Table
from inkoopcheck.tables.store import (
    CHAIN_MODEL,
    COMPARE_MODEL,
    CONTRACT_MODEL,
    MESSAGE_MODEL,
    Tables,
)

EXAMPLE_DATE = datetime.date(2026, 1, 1)
"""Peildatum of examples that name none."""

_BELOW_CLIENT = frozenset(MESSAGE_TABLES) - {
    "bericht",
    "antwoord",
    "woonplaatsbeginsel",
    "declaratie",
    "declaratie_antwoord",
    "retourcode",
    "schemafout",
}
_MESSAGE_OF = {
    "start_product": "JW305",
    "stop_product": "JW307",
    "aangevraagd_product": "JW315",
    "verzoek": "JW317",
    "ongewijzigd_product": "JW317",
    "te_wijzigen_product": "JW317",
    "nieuw_product": "JW317",
    "antwoord": "JW319",
    "woonplaatsbeginsel": "JW319",
    "declaratie": "JW323",
    "prestatie": "JW323",
    "declaratie_antwoord": "JW325",
}
"""The message that an example is about when it does not say so; JW301 for the other tables."""
_ALL_TABLES = Offered(dict.fromkeys((*TABLES, *MESSAGE_TABLES)))

GEMEENTE, AANBIEDER = "0363", "65656055"
_FROM_GEMEENTE = frozenset({"JW301", "JW302", "JW319", "JW320", "JW325"})
_DAYS_BEFORE = datetime.timedelta(30)
"""How long before the example the messages of its dossier were made, when they do not say so."""


class ExampleRunner:
    """Runs examples in tables of its own."""

    def __init__(self, ruleset: Ruleset) -> None:
        self._ruleset = ruleset
        self._tables = Tables(
            CONTRACT_MODEL, MESSAGE_MODEL, CHAIN_MODEL, COMPARE_MODEL, plan_simply=True
        )
        Judge(ruleset, self._tables).prepare(EXAMPLE_DATE)

    def problems(self, rule: Rule) -> list[str]:
        """What is wrong with a rule, in sentences that teach; empty when its examples prove it."""
        problems = self._problems(rule)
        for name, way in rule.keuze.mogelijkheden.items() if rule.keuze else ():
            if rule.keuze is None or name == rule.keuze.standaard:
                continue
            if way.voorbeelden is None:
                problems.append(f"de mogelijkheid '{name}' van keuze mist voorbeelden")
                continue
            problems += [f"keuze {name}: {text}" for text in self._problems(rule.chosen(name))]
        return problems

    def _problems(self, rule: Rule) -> list[str]:
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
        self._load_dossier(content.pop("dossier", {}), date)
        known = self._tables.base
        if set(content) <= set(known) and all(isinstance(rows, list) for rows in content.values()):
            per_table = content
        elif rule.tabel in MESSAGE_TABLES:
            per_table = _with_header(rule.tabel, content)
        else:
            per_table = {rule.tabel: [content]}
        self._tables.clear()
        self._tables.set_peildatum(date)
        if set(per_table) & set(MESSAGE_TABLES):
            per_table = _with_surroundings(per_table, date)
        for table, rows in per_table.items():
            self._tables.load(
                table,
                [_typed_row(known[table], row, number) for number, row in enumerate(rows, start=1)],
            )
        candidate = max((row["rij_id"] for row in per_table.get("bericht", ())), default=0)
        self._tables.connection.execute("DELETE FROM basis.kandidaat")
        self._tables.connection.execute("INSERT INTO basis.kandidaat VALUES (?, '')", [candidate])
        self._tables.outdate()

    def _load_dossier(
        self, content: Mapping[str, list[Mapping[str, Any]]], date: datetime.date
    ) -> None:
        """Fill the dossier with the messages of an example, and nothing else."""
        connection = self._tables.connection
        for name in HISTORY_TABLES:
            connection.execute(f"DELETE FROM {DOSSIER}.main.{name}")  # noqa: S608
        if not content:
            return
        self._tables.clear()
        per_table, verdicts = _history(content, date - _DAYS_BEFORE)
        for table, rows in per_table.items():
            known = self._tables.base[table]
            self._tables.load(table, [_typed_row(known, row, 1) for row in rows])
        connection.execute("DELETE FROM basis.oordeel")
        connection.executemany("INSERT INTO basis.oordeel VALUES (?, ?, ?)", verdicts)
        for name in per_table:
            connection.execute(
                copy_sql(name, f"{DOSSIER}.main", "SELECT bericht_id FROM basis.oordeel")
            )


def _with_header(table: str, row: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """A single row may also name columns of its bericht, such as berichtsoort and dagtekening."""
    own = {*MESSAGE_TABLES[table].column_by_name, *_row_columns(MESSAGE_TABLES[table])}
    header = {name: value for name, value in row.items() if name not in own}
    rest = {name: value for name, value in row.items() if name in own}
    if table == "bericht":
        return {"bericht": [dict(row)]}
    unknown = sorted(set(header) - set(MESSAGE_TABLES["bericht"].column_by_name))
    if unknown:
        raise UnusableInput(f"de kolom '{unknown[0]}' bestaat niet in de tabel {table}")
    return {"bericht": [header], table: [rest]} if header else {table: [rest]}


def _with_surroundings(
    per_table: Mapping[str, list[Mapping[str, Any]]], date: datetime.date
) -> dict[str, list[Mapping[str, Any]]]:
    """The rows of an example with the messages and clients that they are in.

    A row is in message 1 and, in a class below the client, of client 1, unless it says otherwise.
    A message that the example does not describe is of the usual kind, dated on the peildatum.
    """
    found: dict[str, list[Mapping[str, Any]]] = {}
    messages: dict[int, str] = {}
    clients: dict[int, int] = {}
    for table, rows in per_table.items():
        if table not in MESSAGE_TABLES:
            found[table] = rows
            continue
        placed: list[Mapping[str, Any]] = []
        for number, row in enumerate(rows, start=1):
            rij_id = row.get("rij_id", number)
            message = rij_id if table == "bericht" else row.get("bericht_id", 1)
            client = row.get("client_id", 1 if table in _BELOW_CLIENT else None)
            if table == "client":
                client = rij_id
            row = {"ouder_id": client or message, "volgnummer": number, **row}
            placed.append({**row, "rij_id": rij_id, "bericht_id": message, "client_id": client})
            if table != "bericht":
                messages.setdefault(message, _MESSAGE_OF.get(table, "JW301"))
            if client is not None:
                clients.setdefault(client, message)
        found[table] = placed
    described = {row["rij_id"]: row for row in found.get("bericht", ())}
    found["bericht"] = [
        {
            "rij_id": number,
            "bericht_id": number,
            "volgnummer": 1,
            "berichtsoort": messages.get(number, "JW301"),
            "dagtekening": date,
            "xsd_geldig": True,
            **_parties(
                described.get(number, {}).get("berichtsoort", messages.get(number, "JW301"))
            ),
            **described.get(number, {}),
        }
        for number in sorted({*messages, *described} or {1})
    ]
    own = {row["rij_id"] for row in found.get("client", ())}
    found["client"] = [
        *found.get("client", ()),
        *(
            {
                "rij_id": number,
                "bericht_id": message,
                "client_id": number,
                "volgnummer": number,
                "client": f"client {number}",
                "bsn_elfproef": True,
                "bsn_nul": False,
            }
            for number, message in clients.items()
            if number not in own
        ),
    ]
    return found


def _parties(kind: str) -> dict[str, str]:
    """Who sends a message of this kind to whom, in every example the same two; an answer keeps to them (IV032)."""
    if kind in _FROM_GEMEENTE:
        return {"afzender": GEMEENTE, "ontvanger": AANBIEDER}
    return {"afzender": AANBIEDER, "ontvanger": GEMEENTE}


def _history(
    content: Mapping[str, list[Mapping[str, Any]]], date: datetime.date
) -> tuple[dict[str, list[dict[str, Any]]], list[tuple[int, str, str]]]:
    """The rows of a dossier with their messages and clients, and the verdict on each message.

    A row is in the message of its usual kind: 101 is a JW301, 123 a JW323 and so on. It is of client 1 unless
    it says otherwise; client 2 is another child, in whatever message. A JW325 answers message 123; another
    return message the one that has its number less one.
    """
    found: dict[str, list[dict[str, Any]]] = {"bericht": [], "client": []}
    described = {row["rij_id"]: dict(row) for row in content.get("bericht", ())}
    clients: set[tuple[int, int]] = set()
    number = 10_000
    messages = set(described)
    for table, rows in content.items():
        if table == "bericht":
            continue
        if table not in HISTORY_TABLES:
            raise UnusableInput(f"de tabel '{table}' hoort niet in een dossier")
        usual = 100 + int(_MESSAGE_OF.get(table, "JW301")[3:])
        for row in rows:
            number += 1
            message = row.get("bericht_id", usual)
            messages.add(message)
            client = row.get("client_id", 1) if table in _BELOW_CLIENT else None
            if client is not None:
                clients.add((message, client))
            own = None if client is None else message * 1000 + client
            found.setdefault(table, []).append(
                {
                    **row,
                    "rij_id": number,
                    "bericht_id": message,
                    "client_id": own,
                    "ouder_id": own or message,
                    "volgnummer": 1,
                }
            )
    verdicts = []
    for message in sorted(messages):
        given = described.get(message, {})
        kind = given.get("berichtsoort", f"JW3{message % 100:02}")
        answers = message - 1 if kind in _ANSWERS else message
        verdicts.append((message, f"D{message}", given.pop("oordeel", "goed")))
        header = {
            "rij_id": message,
            "bericht_id": message,
            "volgnummer": 1,
            "berichtsoort": kind,
            "dagtekening": date,
            "xsd_geldig": True,
            "identificatie": f"D{answers}",
            **_parties(kind),
            **({"declaratie_identificatie": "D123"} if kind == "JW325" else {}),
            **({"declaratie_identificatie_dagtekening": date} if kind == "JW325" else {}),
            **given,
        }
        found["bericht"].append(header)
    for message, client in sorted(clients):
        own = message * 1000 + client
        found["client"].append(
            {
                "rij_id": own,
                "bericht_id": message,
                "client_id": own,
                "ouder_id": message,
                "volgnummer": client,
                "client": f"client {client}",
            }
        )
    return {table: rows for table, rows in found.items() if rows}, verdicts


_ANSWERS = frozenset({"JW302", "JW306", "JW308", "JW316", "JW318", "JW320"})


def _row_columns(table: Table) -> tuple[str, ...]:
    """The columns about where a row stands that an example may fill in."""
    if isinstance(table, MessageTable):
        return ("rij_id", "bericht_id", "ouder_id", "client_id", "volgnummer", "pad", "onleesbaar")
    return ()


def _typed_row(table: Table, row: Mapping[str, Any], number: int) -> dict[str, Any]:
    columns = table.column_by_name
    typed: dict[str, Any]
    if isinstance(table, MessageTable):
        typed = {"bestand": "voorbeeld", "regelnummer": number}
        typed["pad"] = f"Bericht/{table.element}[{number}]"
    else:
        typed = {
            "rij_id": number,
            "bestand": "voorbeeld",
            "blad": table.sheet or table.name,
            "rij": number,
            "cellen": {name: f"{table.name}!{name}{number}" for name in row},
        }
    given = _row_columns(table)
    for name, value in row.items():
        if name in given:
            typed[name] = value
            continue
        if name not in columns:
            raise UnusableInput(f"de kolom '{name}' bestaat niet in de tabel {table.name}")
        kind = columns[name].kind
        if value is None:
            typed[name] = None
        elif kind in (Kind.AMOUNT, Kind.NUMBER, Kind.PERCENTAGE):
            typed[name] = Decimal(str(value))
        elif kind in (Kind.DATE, Kind.PRIVATE_DATE, Kind.YES_NO, Kind.PRESENT):
            expected = datetime.date if kind in (Kind.DATE, Kind.PRIVATE_DATE) else bool
            if not isinstance(value, expected):
                raise UnusableInput(f"de waarde van '{name}' is geen {kind.value}")
            typed[name] = value
        elif kind in (Kind.INTEGER, Kind.WHOLE, Kind.CENTS):
            typed[name] = int(value)
        elif not isinstance(value, str):
            raise UnusableInput(f"zet de waarde van '{name}' tussen aanhalingstekens")
        else:
            typed[name] = value
    return typed
