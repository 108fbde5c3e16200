"""Run rules over the loaded tables and give deviations and an outcome per rule.

Row rules on the same table run in one scan, which also counts, for every rule, to how many rows
it applies and how many of those lack what it needs. A rule that cannot be decided is reported as
such, with the reason; it is never shown as passed.
"""

import datetime
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, partial
from itertools import chain
from typing import Any

import duckdb

from inkoopcheck.dutch import format_date, join_words
from inkoopcheck.engine.activities import activity_rows
from inkoopcheck.engine.messages import MessageFormatter
from inkoopcheck.engine.rulefile import PARAMETER_CALL, Rule
from inkoopcheck.engine.ruleset import Ruleset
from inkoopcheck.findings.model import (
    Afwijking,
    Normvermelding,
    Regeluitkomst,
    Uitkomst,
)
from inkoopcheck.findings.place import Plaats
from inkoopcheck.tables.chain import ROW_TABLES, ChainTable, base_of
from inkoopcheck.tables.messages import Leaf
from inkoopcheck.tables.schema import TABLES, Kind
from inkoopcheck.tables.store import Tables, rows_of

_WORD = re.compile(r"\w+")
_KINDS = re.compile(
    r"\s*berichtsoort\s*(?P<soorten>=\s*'\w+'|IN\s*\((?:\s*'\w+'\s*,?)+\))\s*(?P<rest>$|AND\b.*)",
    re.DOTALL,
)
_QUOTED = re.compile(r"'(\w+)'")
_INNER = re.compile(r"\([^()]*\)|'[^']*'")
_OR = re.compile(r"\bOR\b", re.IGNORECASE)
_READ_FROM_TEXT = (Kind.DATE, Kind.PRIVATE_DATE, Kind.CENTS, Kind.WHOLE, Kind.INTEGER)
"""Kinds of message columns whose text may be unreadable."""

NOT_VALID = (
    "Het bericht klopt niet met het schema. Daardoor kan een deel verkeerd of niet zijn gelezen."
)
"""Why a finding of a rule on such a message may be wrong."""
SCHEMA_FAMILY = "schema"
_NOTHING_THERE = "Er is niets waarvoor deze regel geldt."
_NOT_APPLICABLE, _UNDECIDED, _PASSED, _DEVIATES, _OUT_OF_FORCE = "n", "?", "+", "!", "-"
_UNREADABLE = "~"

_COMPLETED = {"tarief": frozenset({"productcategorie", "uitvoeringsvariant", "eenheid"})}
"""Columns that the derived table completes from elsewhere when the sheet does not offer them."""

DERIVED_TITLES = {
    "variant": "uitvoeringsvariant",
    "inspanning_of_output": "uitvoeringsvariant",
    "met_inspanning": "uitvoeringsvariant",
    "begin": "begindatum van het tarief",
    "eind": "einddatum van het tarief",
    "looptijd_maanden": "start- en einddatum",
    "looptijd_met_opties": "start- en einddatum",
    "verlenging_maanden": "verlengingsopties",
    "contract_startdatum": "startdatum van het contract",
    "catalogus_vastgesteld": "datum waarop de productcatalogus is vastgesteld",
    "zwaarte_graad": "zwaarte (licht, middel of zwaar)",
    "specialisme_graad": "specialisme (regulier of specialistisch)",
    "som_elementen": "alle vier kostprijselementen in euro",
    "categorie_nummer": "productcategorie",
    "tarief_vorig_jaar": "tarief van het jaar ervoor",
    "pleegvergoeding_klopt": "leeftijd, eenheid en een jaar waarvan wij de pleegvergoeding kennen",
    "pleegvergoeding_bedrag": "een jaar waarvan wij de pleegvergoeding kennen",
    "cao_minimum": "een bedrag in het blad Cao-schalen",
    "index_afgesproken": "de weging van de index in het contract, en indexcijfers van dat jaar",
    "som_aandeel": "aandeel in de mix",
    "netto_uren": "uren",
    "declarabele_uren": "uren",
    "standaard_uitvoeringsvariant": "variant in de standaardproductcodelijst",
    "standaard_omschrijving": "omschrijving in de standaardproductcodelijst",
    "lasten_professional": "aantal cliënten per jaar",
    "lasten_professional_tijd": "aantal fte professionals voor dit contract",
    "lasten_backoffice": "aantal cliënten per jaar",
    "lasten_backoffice_tijd": "aantal fte van de backoffice voor dit contract",
    "lasten_gemeente": "aantal cliënten per jaar",
    "lasten_gemeente_tijd": "aantal fte van de gemeente voor dit contract",
}
"""What derived columns are called in a reason why a rule could not be decided."""


@dataclass
class Offered:
    """What an input offers: per table the columns that its sheets hold, filled or not.

    ``None`` as value stands for all columns (our own template, and the examples of rules).
    ``absent`` names tables that are not there, each with what is needed, in a Dutch sentence.
    """

    columns: Mapping[str, set[str] | None]
    absent: Mapping[str, str] = field(default_factory=dict)

    def why_absent(self, table: str) -> str | None:
        """Why the input does not have a table; None when it has."""
        if table in self.absent:
            return self.absent[table]
        there = table not in TABLES or table in self.columns or table == "leesmelding"
        return None if there else _missing_sheet(table)

    def missing(self, table: str, names: Sequence[str]) -> list[str]:
        """Those of the named base columns that the input does not have at all."""
        offered = self.columns.get(table)
        if offered is None or table not in TABLES:
            return []
        base = set(TABLES[table].column_by_name) - _COMPLETED.get(table, frozenset())
        return [n for n in names if n in base and n not in offered]


@dataclass
class Judgement:
    """What the rules said of one input."""

    afwijkingen: list[Afwijking] = field(default_factory=list)
    regels: list[Regeluitkomst] = field(default_factory=list)
    berichten: list[int | None] = field(default_factory=list)
    """Per deviation the ``bericht_id`` of its message; None in a contract."""
    weggelaten: Counter[tuple[int, str]] = field(default_factory=Counter)
    """How many deviations were only counted, by ``bericht_id`` and rule."""
    vervangen: dict[str, set[str]] = field(default_factory=dict)
    """By rule the paths of the rows of which a rule that knows more has spoken."""

    def not_replaced(self, found: Sequence[Afwijking]) -> list[Afwijking]:
        """The deviations without those on a row of which a rule that knows more has spoken."""
        return [one for one in found if not self._is_replaced(one)]

    def _is_replaced(self, deviation: Afwijking) -> bool:
        rows = self.vervangen.get(deviation.regel)
        steps = (deviation.plaats.pad or "").split("/")
        return rows is not None and any(
            "/".join(steps[:length]) in rows for length in range(1, len(steps) + 1)
        )


class Judge:
    """Runs a ruleset over tables; makes it once, use it for every input of the run.

    Args:
        ruleset: the rules, parameters and code lists.
        tables: where the input stands.
        most: how many deviations of a rule (in each table where it holds) are given per message; the
            others are only counted. None gives all of them.
    """

    def __init__(self, ruleset: Ruleset, tables: Tables, *, most: int | None = None) -> None:
        self._ruleset = ruleset
        self._tables = tables
        self._most = most
        self._left_out: Counter[tuple[int, str]] = Counter()
        self._replaced: dict[str, set[str]] = {}
        self._message_of: dict[str, dict[int, int]] = {}
        self._kinds_there: set[str] = set()
        self._filled: dict[str, dict[str, int]] = {}
        self._norms: dict[str, Normvermelding] = {}
        self._alike: dict[str, Afwijking] = {}
        """A deviation of each rule, to copy: what comes from the rule is the same in all of them."""
        self._formatter = MessageFormatter(ruleset.parameters, ruleset.codelists)

    def prepare(self, peildatum: datetime.date) -> None:
        """Load code lists and parameters, and forbid the database every outside access."""
        ruleset = self._ruleset
        self._tables.load_reference(
            "codelijst",
            [
                (name, item.code, item.betekenis, item.van, item.tot, item.toelichting)
                for name, codelist in ruleset.codelists.items()
                for item in codelist.codes
            ],
        )
        self._tables.load_reference(
            "standaardproduct",
            [
                (
                    p.productcode,
                    p.omschrijving,
                    p.productcategorie,
                    p.uitvoeringsvariant,
                    p.hulpvorm_code,
                )
                for p in ruleset.standard_products
            ],
        )
        self._tables.load_reference("parameterrij", ruleset.parameters.rows())
        self._tables.load_reference("handeling", activity_rows(ruleset.activities))
        self._tables.set_peildatum(peildatum)
        self._tables.make_views()
        self._tables.close_off()

    def judge(
        self,
        offered: Offered,
        file_name: str,
        families: Sequence[str] | None = None,
        kinds: Collection[str] | None = None,
    ) -> Judgement:
        """Run the rules of the set, or of some families, on the loaded tables.

        Args:
            offered: the tables and columns that the input has.
            file_name: name of the input, for the place of findings about the whole file.
            families: the families to run; all when left out.
            kinds: the kinds of messages to judge, when not those in the tables. Rules about other kinds
                only are not applicable, whatever the tables hold.
        """
        chosen = [r for r in self._ruleset.rules if families is None or r.familie in families]
        parts = [part for rule in chosen for part in rule.parts()]
        self._filled.clear()
        self._message_of.clear()
        self._kinds_there = set(kinds or ())
        self._left_out = Counter()
        self._replaced = {}
        judgement = Judgement(weggelaten=self._left_out, vervangen=self._replaced)
        outcomes: dict[str, list[Regeluitkomst]] = {}
        by_table: dict[str, list[Rule]] = {}
        found: list[_Found] = []
        for rule in parts:
            outcome: Regeluitkomst
            if rule.id in self._ruleset.switched_off:
                outcome = _outcome(
                    rule, Uitkomst.UITGESCHAKELD, self._ruleset.switched_off[rule.id]
                )
            elif kinds is not None and self._is_about_others(rule):
                outcome = _outcome(rule, Uitkomst.NIET_VAN_TOEPASSING, _NOTHING_THERE)
            elif absent := offered.why_absent(rule.tabel):
                outcome = _outcome(rule, Uitkomst.NIET_TE_BEPALEN, absent)
            elif missing := offered.missing(rule.tabel, [*rule.nodig, *rule.gevraagd]):
                outcome = _outcome(
                    rule, Uitkomst.NIET_TE_BEPALEN, _missing_columns(rule.tabel, missing)
                )
            else:
                by_table.setdefault(rule.tabel, []).append(rule)
                continue
            outcomes.setdefault(rule.id, []).append(outcome)
        runs = [rule for rules in by_table.values() for rule in rules]
        # Not for rules that cannot run: what an input has no sheet for costs no time.
        self._tables.derive(
            self._tables_in(*(sql for r in runs for sql in (r.tabel, r.als, r.waar)))
        )
        if kinds is None and any(table in ROW_TABLES for table in by_table):
            read = self._tables.query("SELECT DISTINCT berichtsoort FROM basis.bericht")
            self._kinds_there = {row["berichtsoort"] for row in read}
        groups = self._scan_all(by_table)
        self._query_all(groups)
        for group in groups:
            for rule, outcome, deviations in self._outcomes(group, file_name):
                outcomes.setdefault(rule.id, []).append(outcome)
                found.extend(deviations)
        judgement.regels = [_together(outcomes[rule.id]) for rule in chosen]
        order = {rule.id: number for number, rule in enumerate(chosen)}
        found.sort(key=lambda pair: order[pair[0].regel])
        judgement.afwijkingen = [deviation for deviation, _ in found]
        judgement.berichten = [message for _, message in found]
        return judgement

    def check_binding(self, rule: Rule) -> str | None:
        """Whether the SQL and texts of a rule fit the tables; gives the mistake, or None."""
        return next(filter(None, map(self._check_part, rule.parts())), None)

    def _check_part(self, rule: Rule) -> str | None:
        table = rule.tabel
        known = [name for name in self._tables.rule_tables if name in (*TABLES, *_CHECKED)]
        if table not in known:
            return f"de tabel '{table}' bestaat niet; kies uit {', '.join(known)}"
        if unknown := rule.parameters_used() - set(self._ruleset.parameters):
            return f"de parameter '{sorted(unknown)[0]}' bestaat niet"
        columns = set(self._tables.columns_of(table))
        for name in (*rule.nodig, *rule.gevraagd, *rule.velden, rule.datum):
            if name not in columns:
                return f"de kolom '{name}' bestaat niet in de tabel {table}"
        self._tables.derive(self._tables_in(table, rule.als, rule.waar, rule.query))
        try:
            self._scan(table, [rule], self._tables.connection, plan_all=True)
            if rule.query:
                query = self._query_sql(rule)
                statements = self._tables.connection.extract_statements(query)
                if len(statements) != 1 or statements[0].type is not duckdb.StatementType.SELECT:
                    return "de query moet één SELECT zijn en niets anders"
                cursor = self._tables.connection.execute(f"{query} LIMIT 0")
                names = {column[0] for column in cursor.description or ()}
                if "rij_id" not in names:
                    return "de query moet de kolom rij_id van de afwijkende rij teruggeven"
                columns |= names
        except duckdb.Error as error:
            return f"de SQL klopt niet: {str(error).splitlines()[0]}"
        unknown = (rule.placeholders() | ({rule.bedrag} if rule.bedrag else set())) - columns
        if unknown:
            return f"de tekst noemt een kolom die niet bestaat: {', '.join(sorted(unknown))}"
        if private := rule.placeholders() & _private(table):
            return (
                f"de tekst mag {', '.join(sorted(private))} niet noemen: dat is een persoonsgegeven"
            )
        return None

    def _scan_all(self, by_table: Mapping[str, list[Rule]]) -> list["_Group"]:
        """What the rules say of the rows of each table, as far as that takes no query of a rule."""
        # Most kinds of messages leave most tables empty, and planning a scan costs more than one.
        groups: list[_Group] = []
        calls = []
        for table, rules in by_table.items():
            if table in ROW_TABLES and not self._tables.is_filled(base_of(table)):
                groups.append(_Group(table, rules))
            else:
                calls.append(partial(self._scan_table, table, rules))
        return [*groups, *chain.from_iterable(self._tables.at_once(calls))]

    def _scan_table(
        self, table: str, rules: list[Rule], connection: duckdb.DuckDBPyConnection
    ) -> list["_Group"]:
        try:
            return [_Group(table, rules, self._scan(table, rules, connection))]
        except duckdb.Error as error:
            if len(rules) == 1:
                return [_Group(table, rules, failed={0: error})]
            # One rule breaks the scan of all: run them one by one to find out which.
            return [one for rule in rules for one in self._scan_table(table, [rule], connection)]

    def _query_all(self, groups: Sequence["_Group"]) -> None:
        """Run the queries of rules, where there are rows that these could find."""
        calls = []
        for group in groups:
            for position, rule in enumerate(group.rules):
                if rule.query and group.scan.counts(position)[_PASSED]:
                    try:
                        self._tables.derive(self._tables_in(rule.query))
                    except duckdb.Error as error:
                        group.failed[position] = error
                        continue
                    calls.append(partial(self._run_query, group, position))
        self._tables.at_once(calls)

    def _run_query(
        self, group: "_Group", position: int, connection: duckdb.DuckDBPyConnection
    ) -> None:
        """Note the rows that the query of a rule finds among those to which the rule applies."""
        try:
            rows = rows_of(connection.execute(self._query_sql(group.rules[position])))
        except duckdb.Error as error:
            group.failed[position] = error
            return
        applicable = [row for row in rows if group.scan.code(row["rij_id"], position) == _PASSED]
        group.found[position] = sorted(applicable, key=lambda row: int(row["rij_id"]))

    def _outcomes(
        self, group: "_Group", file_name: str
    ) -> list[tuple[Rule, Regeluitkomst, list["_Found"]]]:
        table, scan = group.table, group.scan
        results: list[tuple[Rule, Regeluitkomst, list[dict[str, Any]]]] = []
        for position, rule in enumerate(group.rules):
            if position in group.failed:
                results.append((rule, _failed(rule, group.failed[position]), []))
                continue
            found = group.deviating(position)
            outcome = self._count(rule, scan.counts(position), len(found))
            self._replace(rule, scan, position)
            results.append((rule, outcome, self._kept(rule, found)))
        rows = self._rows(table, {row["rij_id"] for _, _, found in results for row in found})
        return [
            (
                rule,
                outcome,
                [self._deviation(rule, {**rows[row["rij_id"]], **row}, file_name) for row in found],
            )
            for rule, outcome, found in results
        ]

    def _replace(self, rule: Rule, scan: "_Scan", position: int) -> None:
        """Note of which rows a rule spoke in place of another."""
        if rule.vervangt is None:
            return
        decided = {row for code in (_PASSED, _DEVIATES) for row in scan.rows_with(position, code)}
        paths = self._replaced.setdefault(rule.vervangt, set())
        paths |= {row["pad"] for row in self._rows(rule.tabel, decided).values()}

    def _kept(self, rule: Rule, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The first deviations of a rule in each message; the others are counted as left out."""
        table = rule.tabel
        if self._most is None or len(found) <= self._most or table not in ROW_TABLES:
            return found
        if table not in self._message_of:
            self._message_of[table] = dict(
                self._tables.connection.execute(
                    f"SELECT rij_id, bericht_id FROM basis.{base_of(table)}"  # noqa: S608
                ).fetchall()
            )
        message_of = self._message_of[table]
        taken: Counter[int] = Counter()
        kept = []
        for row in found:
            message = message_of[row["rij_id"]]
            taken[message] += 1
            if taken[message] <= self._most:
                kept.append(row)
        for message, number in taken.items():
            if number > self._most:
                self._left_out[message, rule.id] += number - self._most
        return kept

    def _scan(
        self,
        table: str,
        rules: Sequence[Rule],
        connection: duckdb.DuckDBPyConnection,
        *,
        plan_all: bool = False,
    ) -> "_Scan":
        """Per row of the table one character for each rule: what the rule says of the row.

        ``plan_all`` has the database look at all of the SQL, also where no row needs it.

        Most rows share one outcome, so rows come back in groups with the same characters.
        """
        certain = not plan_all and _is_readable(table, connection)
        codes = ", ".join(
            f"'{_NOT_APPLICABLE}'"
            if certain and self._is_about_others(rule)
            else self._code_sql(rule, readable=certain)
            for rule in rules
        )
        groups = connection.execute(
            f"SELECT codes, list(rij_id) FROM (SELECT rij_id, concat({codes}) AS codes FROM {table})"  # noqa: S608
            " GROUP BY codes"
        ).fetchall()
        return _Scan(dict(groups))

    def _tables_in(self, *sql: str | None) -> list[str]:
        """The tables that pieces of SQL mention, in their fixed order."""
        words = {word for part in sql if part for word in _WORD.findall(part)}
        return [name for name in self._tables.rule_tables if name in words]

    def _rows(self, table: str, numbers: set[int]) -> dict[int, dict[str, Any]]:
        if not numbers:
            return {}
        rows = self._tables.query(
            f"SELECT * FROM {table} WHERE rij_id IN (SELECT unnest(?::BIGINT[]))",  # noqa: S608
            [sorted(numbers)],
        )
        return {row["rij_id"]: row for row in rows}

    def _is_about_others(self, rule: Rule) -> bool:
        """Is a rule only about kinds of messages that are not there? Planning it would be lost time."""
        kinds = _kinds(rule)
        if kinds is None or rule.geldig.van or rule.geldig.tot:
            return False
        return not kinds & self._kinds_there

    def _code_sql(self, rule: Rule, *, readable: bool = False) -> str:
        """SQL that says of a row: not applicable, undecided, unreadable, passed or deviating."""
        branches = []
        in_force = []
        if rule.geldig.van:
            in_force.append(f"{rule.datum} >= DATE '{rule.geldig.van}'")
        if rule.geldig.tot:
            in_force.append(f"{rule.datum} <= DATE '{rule.geldig.tot}'")
        if in_force:
            branches.append(
                f"WHEN NOT coalesce({' AND '.join(in_force)}, false) THEN '{_OUT_OF_FORCE}'"
            )
        if not readable and (unreadable := _unreadable(rule)):
            branches.append(f"WHEN {unreadable} THEN '{_UNREADABLE}'")
        if rule.als:
            applies = self._with_parameters(rule, rule.als)
            branches.append(f"WHEN NOT coalesce(({applies}), false) THEN '{_NOT_APPLICABLE}'")
        undecided = [f"{name} IS NULL" for name in rule.nodig]
        undecided += [
            f"{self._ruleset.parameters.sql(name, rule.datum)} IS NULL"
            for name in sorted(_sql_parameters(rule))
        ]
        if undecided:
            branches.append(f"WHEN {' OR '.join(undecided)} THEN '{_UNDECIDED}'")
        if rule.waar:
            branches.append(f"WHEN ({self._with_parameters(rule, rule.waar)}) THEN '{_DEVIATES}'")
        return f"CASE {' '.join(branches)} ELSE '{_PASSED}' END" if branches else f"'{_PASSED}'"

    def _with_parameters(self, rule: Rule, sql: str) -> str:
        return PARAMETER_CALL.sub(
            lambda match: self._ruleset.parameters.sql(match["naam"], match["datum"] or rule.datum),
            sql,
        )

    def _query_sql(self, rule: Rule) -> str:
        return self._with_parameters(rule, (rule.query or "").strip().rstrip(";"))

    def _count(self, rule: Rule, codes: Counter[str], deviating: int) -> Regeluitkomst:
        decided = codes[_PASSED] + codes[_DEVIATES]
        undecided = codes[_UNDECIDED] + codes[_UNREADABLE]
        if decided:
            outcome = _outcome(rule, Uitkomst.UITGEVOERD)
        elif codes[_UNREADABLE] == undecided > 0:
            outcome = _outcome(
                rule,
                Uitkomst.NIET_TE_BEPALEN,
                "Een waarde die de regel nodig heeft is niet te lezen.",
            )
        elif undecided:
            wanted = list(
                dict.fromkeys(
                    DERIVED_TITLES.get(n) or _title(rule.tabel, n) for n in self._never_filled(rule)
                )
            )
            table = ROW_TABLES.get(rule.tabel)
            absent = table.absent if isinstance(table, ChainTable) else "Niet ingevuld"
            reason = (
                f"{absent}: {join_words(wanted)}."
                if wanted
                else (
                    "Voor deze datum is er geen waarde bekend van een cijfer dat de regel nodig heeft."
                )
            )
            outcome = _outcome(rule, Uitkomst.NIET_TE_BEPALEN, reason)
        elif codes[_OUT_OF_FORCE]:
            outcome = _outcome(rule, Uitkomst.NIET_VAN_TOEPASSING, _period(rule))
        elif not codes and rule.tabel in ("leesmelding", "schemafout"):
            outcome = _outcome(rule, Uitkomst.UITGEVOERD)
        elif codes or rule.tabel in ROW_TABLES:
            outcome = _outcome(rule, Uitkomst.NIET_VAN_TOEPASSING, _NOTHING_THERE)
        else:
            outcome = _outcome(rule, Uitkomst.NIET_TE_BEPALEN, _empty_sheet(rule.tabel))
        outcome.gecontroleerd = decided
        outcome.niet_te_bepalen = undecided
        outcome.afwijkingen = deviating
        return outcome

    def _never_filled(self, rule: Rule) -> list[str]:
        """Those of the needed columns that no row of the table has filled, or else all."""
        if rule.tabel not in self._filled:
            parts = [part for r in self._ruleset.rules for part in r.parts()]
            needed = {n for r in parts if r.tabel == rule.tabel for n in r.nodig}
            counts = ", ".join(f"count({name}) AS {name}" for name in sorted(needed))
            self._filled[rule.tabel] = (
                self._tables.query(f"SELECT {counts} FROM {rule.tabel}")[0] if needed else {}  # noqa: S608
            )
        filled = self._filled[rule.tabel]
        return [name for name in rule.nodig if not filled[name]] or rule.nodig

    def _norm(self, rule: Rule) -> Normvermelding:
        if rule.id not in self._norms:
            self._norms[rule.id] = Normvermelding(**rule.norm.model_dump(exclude={"feiten"}))
        return self._norms[rule.id]

    def _deviation(self, rule: Rule, row: Mapping[str, Any], file_name: str) -> "_Found":
        if rule.tabel in ROW_TABLES:
            return self._message_deviation(rule, row), row["bericht_id"]
        return self._contract_deviation(rule, row, file_name), None

    def _message_deviation(self, rule: Rule, row: Mapping[str, Any]) -> Afwijking:
        date = row.get(rule.datum) or self._tables.peildatum
        columns = ROW_TABLES[rule.tabel].column_by_name
        leaves = [column for column in map(columns.get, rule.velden) if isinstance(column, Leaf)]
        paths = [f"{row['pad']}/{leaf.path}" for leaf in leaves if leaf.path not in ("", ".")]
        paths = [*(paths or [row["pad"]]), *(row.get("ook") or ())]
        own = {
            "bestand": row["bestand"],
            "regelnummer": row["regelnummer"],
            "client_nr": row.get("client_nr"),
        }
        places = [
            _SOMEWHERE.model_copy(update={**own, "pad": path}) for path in dict.fromkeys(paths)
        ]
        not_valid = row.get("xsd_geldig") is False and rule.familie != SCHEMA_FAMILY
        amount = row.get(rule.bedrag) if rule.bedrag else None
        if rule.id not in self._alike:
            self._alike[rule.id] = Afwijking.model_construct(
                **self._texts(rule, row, date), plaats=places[0]
            )
        # Our own values: nothing to validate, and a message may have tens of thousands of them.
        return self._alike[rule.id].model_copy(
            update={
                "melding": self._formatter.fill(rule.melding, row, date),
                "gevonden": self._formatter.fill(rule.gevonden, row, date),
                "verwacht": self._formatter.fill(rule.verwacht, row, date),
                "plaats": places[0],
                "ook": places[1:],
                "gemeente": row.get("gemeente"),
                "bericht": row.get("identificatie"),
                "productcode": row.get("product_code"),
                "bedrag": None if amount is None else Decimal(amount) / 100,
                "voorbehoud": NOT_VALID if not_valid else None,
            }
        )

    def _texts(self, rule: Rule, row: Mapping[str, Any], date: datetime.date) -> dict[str, Any]:
        return {
            "regel": rule.id,
            "familie": rule.familie,
            "titel": rule.titel,
            "ernst": rule.ernst,
            "melding": self._formatter.fill(rule.melding, row, date),
            "gevonden": self._formatter.fill(rule.gevonden, row, date),
            "verwacht": self._formatter.fill(rule.verwacht, row, date),
            "waarom": rule.waarom,
            "norm": self._norm(rule),
            "herstel": rule.herstel,
            "retourcode": rule.retourcode,
        }

    def _contract_deviation(self, rule: Rule, row: Mapping[str, Any], file_name: str) -> Afwijking:
        date = row.get(rule.datum) or self._tables.peildatum
        file = row.get("bestand") or file_name
        cells = row.get("cellen") or {}
        places = [_place(file, cells[name]) for name in rule.velden if name in cells]
        if not places:
            sheet, number = row.get("blad"), row.get("rij")
            places = [
                Plaats(bestand=file, blad=sheet, cel=f"A{number}" if sheet and number else None)
            ]
        others = [_place(file, cell) for cell in dict.fromkeys(row.get("ook") or ()) if cell]
        amount = row.get(rule.bedrag) if rule.bedrag else None
        return Afwijking(
            **self._texts(rule, row, date),
            plaats=places[0],
            ook=_distinct([*places[1:], *others], places[0]),
            gemeente=row.get("gemeente"),
            contract=row.get("contract_id"),
            productcode=row.get("productcode"),
            bedrag=amount,
        )


_SOMEWHERE = Plaats.model_construct(bestand="")
_Found = tuple[Afwijking, int | None]
"""A deviation with the ``bericht_id`` of its message."""
_CHECKED = ("werkmap", *ROW_TABLES)
"""Tables beside those of the contract that a rule may check."""


class _Scan:
    """What the rules on one table say of its rows: rows by their characters, one per rule."""

    def __init__(self, groups: Mapping[str, Sequence[int]]) -> None:
        self._groups = groups

    def counts(self, position: int) -> Counter[str]:
        """How many rows have which character for the rule at this position."""
        counts: Counter[str] = Counter()
        for codes, rows in self._groups.items():
            counts[codes[position]] += len(rows)
        return counts

    def rows_with(self, position: int, wanted: str) -> list[int]:
        """The rows that have this character for the rule, in order."""
        return sorted(
            row for codes, rows in self._groups.items() if codes[position] == wanted for row in rows
        )

    def code(self, row: int, position: int) -> str | None:
        """The character of one row for the rule; None for a row that is not in the table."""
        codes = self._codes.get(row)
        return codes[position] if codes else None

    @cached_property
    def _codes(self) -> dict[int, str]:
        return {row: codes for codes, rows in self._groups.items() for row in rows}


@dataclass
class _Group:
    """Rules on one table, with what was found of each; by its position in ``rules``."""

    table: str
    rules: list[Rule]
    scan: _Scan = field(default_factory=lambda: _Scan({}))
    found: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    failed: dict[int, duckdb.Error] = field(default_factory=dict)

    def deviating(self, position: int) -> list[dict[str, Any]]:
        """The ``rij_id`` of each row that deviates from a rule, with what the query of the rule adds."""
        if self.rules[position].query:
            return self.found.get(position, [])
        return [{"rij_id": row} for row in self.scan.rows_with(position, _DEVIATES)]


def _is_readable(table: str, connection: duckdb.DuckDBPyConnection) -> bool:
    """Could every value in a table of messages be read? Then no rule has to ask for it."""
    if table not in ROW_TABLES:
        return False
    unread = f"SELECT 1 FROM basis.{base_of(table)} WHERE onleesbaar IS NOT NULL LIMIT 1"  # noqa: S608
    return connection.execute(unread).fetchone() is None


def _unreadable(rule: Rule) -> str | None:
    """SQL that is true for a row with an unreadable value in a column that the rule looks at."""
    if rule.tabel not in ROW_TABLES:
        return None
    words = set(rule.nodig)
    for part in (rule.als, rule.waar, rule.query):
        words |= set(_WORD.findall(part or ""))
    columns = ROW_TABLES[rule.tabel].columns
    names = [c.name for c in columns if c.name in words and c.kind in _READ_FROM_TEXT]
    if not names:
        return None
    listed = ", ".join(f"'{name}'" for name in names)
    return f"onleesbaar IS NOT NULL AND list_has_any(onleesbaar, [{listed}])"


def _kinds(rule: Rule) -> set[str] | None:
    """The only kinds of messages that a rule is about, when its condition begins with them."""
    found = _KINDS.match(rule.als or "")
    if found is None or rule.tabel not in ROW_TABLES:
        return None
    rest = found["rest"]
    while (outer := _INNER.sub("", rest)) != rest:
        rest = outer
    return None if _OR.search(rest) else set(_QUOTED.findall(found["soorten"]))


def _private(table: str) -> set[str]:
    """Columns that no text may show."""
    known = ROW_TABLES[table].columns if table in ROW_TABLES else ()
    return {c.name for c in known if c.kind in (Kind.PRIVATE_DATE, Kind.PSEUDONYM)}


def _sql_parameters(rule: Rule) -> set[str]:
    sql = " ".join(part for part in (rule.als, rule.waar, rule.query) if part)
    return {match["naam"] for match in PARAMETER_CALL.finditer(sql)}


def _place(file: str, cell: str) -> Plaats:
    sheet, _, address = cell.rpartition("!")
    # Our own strings: nothing to validate, and there are thousands of them.
    return Plaats.model_construct(bestand=file, blad=sheet or None, cel=address)


def _distinct(places: Sequence[Plaats], without: Plaats) -> list[Plaats]:
    """The places in order, each once, without the one that the finding already points at."""
    found: dict[str, Plaats] = {}
    for place in places:
        found.setdefault(place.label, place)
    found.pop(without.label, None)
    return list(found.values())


def without_judgement(rule: Rule, kind: str, reason: str) -> Regeluitkomst:
    """The outcome of a rule that was not run on a message of some kind, with the reason in Dutch."""
    about = [_kinds(part) for part in rule.parts()]
    if all(kinds is not None and kind not in kinds for kinds in about):
        return _outcome(rule, Uitkomst.NIET_VAN_TOEPASSING, _NOTHING_THERE)
    return _outcome(rule, Uitkomst.NIET_TE_BEPALEN, reason)


def _failed(rule: Rule, error: duckdb.Error) -> Regeluitkomst:
    reason = f"De regel liep vast op deze gegevens ({type(error).__name__})."
    return _outcome(rule, Uitkomst.MISLUKT, reason)


def _outcome(rule: Rule, outcome: Uitkomst, reason: str | None = None) -> Regeluitkomst:
    return Regeluitkomst(
        regel=rule.id,
        titel=rule.titel,
        familie=rule.familie,
        ernst=rule.ernst,
        uitkomst=outcome,
        reden=reason,
    )


_STRONGEST = (
    Uitkomst.MISLUKT,
    Uitkomst.UITGEVOERD,
    Uitkomst.NIET_TE_BEPALEN,
    Uitkomst.UITGESCHAKELD,
    Uitkomst.NIET_VAN_TOEPASSING,
)
"""What a rule that holds in more tables comes to, when its tables differ: the first of these."""


def _together(outcomes: Sequence[Regeluitkomst]) -> Regeluitkomst:
    """One outcome for a rule, from those in the tables where it holds."""
    if len(outcomes) == 1:
        return outcomes[0]
    strongest = min(outcomes, key=lambda outcome: _STRONGEST.index(outcome.uitkomst))
    reason = strongest.reden
    if strongest.uitkomst is Uitkomst.NIET_VAN_TOEPASSING:
        reason = _NOTHING_THERE
    return strongest.model_copy(
        update={
            "reden": reason,
            "gecontroleerd": sum(outcome.gecontroleerd for outcome in outcomes),
            "niet_te_bepalen": sum(outcome.niet_te_bepalen for outcome in outcomes),
            "afwijkingen": sum(outcome.afwijkingen for outcome in outcomes),
        }
    )


def _title(table: str, column: str) -> str:
    known = TABLES.get(table) or ROW_TABLES.get(table)
    found = known.column_by_name.get(column) if known else None
    return found.title if found else column.replace("_", " ")


def _missing_sheet(table: str) -> str:
    sheet = TABLES[table].sheet
    return f"Het blad {sheet} ontbreekt in deze werkmap." if sheet else _nothing_named(table)


def _empty_sheet(table: str) -> str:
    sheet = TABLES[table].sheet if table in TABLES else None
    return f"Het blad {sheet} is leeg." if sheet else _nothing_named(table)


def _nothing_named(table: str) -> str:
    return f"De werkmap noemt geen {table}."


def _missing_columns(table: str, names: Sequence[str]) -> str:
    titles = join_words([_title(table, name) for name in names])
    return f"De werkmap zegt niets over: {titles}."


def _period(rule: Rule) -> str:
    first = f" vanaf {format_date(rule.geldig.van)}" if rule.geldig.van else ""
    last = f" tot en met {format_date(rule.geldig.tot)}" if rule.geldig.tot else ""
    return f"De regel geldt{first}{last}; dit valt daarbuiten."
