"""Judge messages beside the messages before them: the rules on a toewijzing, a start, a request, a prestatie.

A dossier is what came before. It is read into the tables of ``tables/history.py``; then each message is judged
in the order of time, and the next one sees what was found of it.
"""

import contextlib
import datetime
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from inkoopcheck.engine.ruleset import CHAIN_FAMILIES, Ruleset
from inkoopcheck.engine.run import Judge, Judgement, Offered, without_judgement
from inkoopcheck.errors import UnusableInput
from inkoopcheck.findings.model import (
    Afwijking,
    Declaratiedeel,
    Declaratiegeld,
    Dossierstand,
    Ernst,
    Onbruikbaar,
    Regeluitkomst,
    VergelekenContract,
)
from inkoopcheck.privacy import MASK, passes_elfproef, without_any_bsn
from inkoopcheck.readers.message import MessageReader, ReadMessage
from inkoopcheck.readers.message_extract import tables_of
from inkoopcheck.readers.message_files import Found, find_messages
from inkoopcheck.returns.decide import Outcome, Verdict, would_return
from inkoopcheck.tables.chain import (
    CONTRACT_CHAIN_TABLES,
    HISTORY_TABLES,
    PRODUCT_TABLES,
    ROW_TABLES,
)
from inkoopcheck.tables.history import DOSSIER, RUN, copy_sql, restore_sql
from inkoopcheck.tables.messages import MESSAGE_TABLES
from inkoopcheck.tables.schema import Kind
from inkoopcheck.tables.store import CHAIN_MODEL, COMPARE_MODEL, Tables

_OF_THE_CANDIDATE = frozenset((*CHAIN_MODEL.derived, *COMPARE_MODEL.derived))
"""What follows from which message is judged."""

EVERYTHING = Offered(dict.fromkeys(ROW_TABLES))

NO_CONTRACT = "Dit vraagt het contract. Geef met --contract de werkmap met het contract van deze gemeente en deze aanbieder."
NO_TARIFFS = "Dit vraagt tarieven. In het contract dat is gegeven vond inkoopcheck geen tarieven."

REFUSED_BEFORE = (
    "Het bericht is al afgekeurd op het schema of op een regel binnen het bericht. De ontvanger kijkt dan niet"
    " verder. Met --door ziet u wel wat deze regels vinden."
)
_STEP_BYTES = 30_000_000
_STEP_MESSAGES = 500
"""A dossier is filled in steps of this size; a step is there wholly or not at all."""
_NOBODY = "000000000"
"""Passes the elfproef and is nobody's BSN."""
_PSEUDONYM_SHOWN = 12
_WHOLE = (Outcome.SCHEMA, Outcome.TECHNICAL, Outcome.HEADER)


@dataclass
class Added:
    """What became of the files that were offered to a dossier."""

    berichten: int = 0
    dubbel: list[str] = field(default_factory=list)
    """Names of the files that were there already, byte for byte."""
    overgeslagen: list[Onbruikbaar] = field(default_factory=list)
    """The files that hold no message that we can read."""
    soorten: Counter[str] = field(default_factory=Counter)
    """How many messages of each kind came in."""
    afgekeurd: Counter[str] = field(default_factory=Counter)
    """How many of them are refused, by what ``level`` says."""


@dataclass
class Answer:
    """A JW325 with the declaratie that it answers, judged anew."""

    declaratie: str | None
    """Identificatie of the declaratie."""
    there: bool
    """Is the declaratie in the dossier?"""
    whole: list[str]
    """Codes of the Header and of the DeclaratieAntwoord."""
    clients: list[dict[str, Any]]
    """Path and codes of the clients in the answer."""
    prestaties: list[dict[str, Any]]
    """The prestaties in the answer with their codes, and where they stand in the declaratie."""
    found: list[Afwijking]
    """What the rules say of the declaratie."""


class Filler:
    """Puts messages in a dossier, with what can be said of each by itself.

    Args:
        tables: tables with the message model and an attached dossier.
        reader: reads into these tables.
        judge: runs the rules within a message.
        families: the families of those rules.
        step: how many messages go in at a time. What a step costs hardly grows with the messages in it.
    """

    def __init__(
        self,
        tables: Tables,
        reader: MessageReader,
        judge: Judge,
        families: Sequence[str],
        *,
        step: int = _STEP_MESSAGES,
    ) -> None:
        self._tables = tables
        self._reader = reader
        self._judge = judge
        self._families = families
        self._step = step

    def add(self, paths: Iterable[Path]) -> Added:
        """Add the messages in files, folders and zips; the same file twice is there once."""
        added = Added()
        waiting: list[Found] = []
        size = 0
        for found in find_messages(paths):
            waiting.append(found)
            size += len(found.content)
            if len(waiting) >= self._step or size >= _STEP_BYTES:
                self._add(waiting, added)
                waiting, size = [], 0
        self._add(waiting, added)
        return added

    def _add(self, files: Sequence[Found], added: Added) -> None:
        """Add one step; ``added`` tells of it when it is in the dossier."""
        digests = [hashlib.sha256(found.content).hexdigest() for found in files]
        known = self._known(digests)
        messages: list[ReadMessage] = []
        for found, digest in zip(files, digests, strict=True):
            if not found.problem and digest in known:
                added.dubbel.append(found.name)
                continue
            try:
                messages.append(self._reader.read(found))
            except UnusableInput as error:
                added.overgeslagen.append(Onbruikbaar(bestand=found.name, reden=str(error)))
                continue
            known.add(digest)
        if messages:
            levels = self._keep(messages)
            added.berichten += len(messages)
            added.soorten.update(message.berichtsoort for message in messages)
            added.afgekeurd.update(text for text in levels if text != "goed")

    def _known(self, digests: Sequence[str]) -> set[str]:
        """Those of the fingerprints that the dossier has."""
        rows = self._tables.query(
            f"SELECT vingerafdruk FROM {DOSSIER}.main.bericht"  # noqa: S608
            " WHERE kort IN (SELECT kort(d) FROM (SELECT unnest(?::VARCHAR[]) AS d))",
            [digests],
        )
        return {row["vingerafdruk"] for row in rows}

    def _keep(self, messages: Sequence[ReadMessage]) -> list[str]:
        """Put messages in the dossier, with how far each came, which is also what is given back."""
        self._tables.clear()
        self._reader.flush()
        judgement = self._judge.judge(EVERYTHING, "", self._families)
        found = by_message(judgement)
        levels = [level(message, found.get(message.bericht_id, ())) for message in messages]
        set_verdicts(self._tables, zip(messages, levels, strict=True))
        hide_persons(self._tables, self._reader, messages)
        connection = self._tables.connection
        connection.execute("BEGIN")
        try:
            for name in HISTORY_TABLES:
                if self._tables.is_filled(name):
                    connection.execute(
                        copy_sql(name, f"{DOSSIER}.main", "SELECT bericht_id FROM basis.oordeel")
                    )
            connection.execute(
                f"UPDATE {DOSSIER}.main.stand SET laatste_nummer = ?, bijgewerkt_op = ?",  # noqa: S608
                [self._reader.last_number, datetime.datetime.now()],
            )
            connection.execute("COMMIT")
        except BaseException:
            # After an error of the disk there may be no transaction left to roll back.
            with contextlib.suppress(duckdb.Error):
                connection.execute("ROLLBACK")
            raise
        self._tables.clear()
        return levels


def offered_beside(contracts: Sequence[VergelekenContract]) -> Offered:
    """The tables that rules of the keten may look at, with these contracts beside the messages."""
    if not contracts:
        absent = dict.fromkeys(CONTRACT_CHAIN_TABLES, NO_CONTRACT)
    elif not any(contract.tarieven for contract in contracts):
        absent = dict.fromkeys(PRODUCT_TABLES, NO_TARIFFS)
    else:
        absent = {}
    return Offered(EVERYTHING.columns, absent)


class Chain:
    """Judges messages one after another beside the dossier and the messages before them in this run.

    Args:
        ruleset: the rules, those of the keten among them.
        tables: tables with the message model, the chain model and the dossier.
        judge: runs the rules.
        offered: the tables that the rules may look at.
        further: judge also what the receiver would not come to, since the message was refused before.
    """

    def __init__(
        self,
        ruleset: Ruleset,
        tables: Tables,
        judge: Judge,
        offered: Offered,
        *,
        further: bool = False,
    ) -> None:
        self._tables = tables
        self._judge = judge
        self._offered = offered
        self._further = further
        self._rules = [rule for rule in ruleset.rules if rule.familie in CHAIN_FAMILIES]
        self._tables_of: dict[str, frozenset[str]] = {}
        self._remembered: set[str] = set()

    def in_time(self, messages: Sequence[ReadMessage]) -> list[ReadMessage]:
        """The messages in the order in which they were sent; an answer follows what it answers."""
        rows = self._tables.query(_IN_TIME)
        place = {row["rij_id"]: number for number, row in enumerate(rows)}
        return sorted(messages, key=lambda message: place[message.bericht_id])

    def judge(
        self, message: ReadMessage, before: Sequence[Afwijking]
    ) -> tuple[Judgement, list[Regeluitkomst]]:
        """What the rules of the keten say of one message, which is in the tables.

        Args:
            message: the message.
            before: what the rules within the message found.
        """
        connection = self._tables.connection
        connection.execute("DELETE FROM basis.kandidaat")
        connection.execute(
            "INSERT INTO basis.kandidaat VALUES (?, ?)", [message.bericht_id, message.sha256]
        )
        self._tables.outdate(_OF_THE_CANDIDATE)
        verdict = _verdict(message, before)
        if not self._further and verdict.outcome in (Outcome.SCHEMA, Outcome.TECHNICAL):
            kind = message.berichtsoort
            return Judgement(), [
                without_judgement(rule, kind, REFUSED_BEFORE) for rule in self._rules
            ]
        judgement = self._judge.judge(self._offered, "", CHAIN_FAMILIES, [message.berichtsoort])
        return judgement, judgement.regels

    def remember(self, message: ReadMessage, found: Sequence[Afwijking]) -> None:
        """Let the next messages see this one, with what was found of it; the same file twice is seen once."""
        if message.sha256 in self._remembered:
            return
        self._remembered.add(message.sha256)
        set_verdicts(self._tables, [(message, level(message, found))])
        kind = message.berichtsoort
        if kind not in self._tables_of:
            self._tables_of[kind] = tables_of(message.message)
        for name in HISTORY_TABLES:
            if name in self._tables_of[kind]:
                self._tables.connection.execute(
                    copy_sql(name, RUN, "SELECT bericht_id FROM basis.oordeel")
                )
        if refused := _refused_parts(_verdict(message, found)):
            self._tables.connection.execute(
                f"INSERT INTO eerder.afgewezen SELECT rij_id FROM ({_REFUSED})",  # noqa: S608
                [message.bericht_id, refused],
            )

    def money(self, message: ReadMessage, found: Sequence[Afwijking]) -> Declaratiegeld | None:
        """What a declaratie asks and what of it is refused; None for another message."""
        if message.berichtsoort != "JW323":
            return None
        verdict = _verdict(message, found)
        whole = verdict.outcome in _WHOLE or any(path.count("/") == 1 for path in verdict.classes)
        rows = self._tables.query(
            _MONEY, [message.bericht_id, _refused_parts(verdict), message.bericht_id, whole]
        )
        (total,) = (row for row in rows if row["alles"])
        parts = [
            Declaratiedeel(
                client_nr=row["client_nr"],
                toewijzing=row["toewijzing_nummer"],
                maand=row["maand"],
                regels=row["regels"],
                afgewezen_regels=row["afgewezen_regels"],
                ingediend=Decimal(row["ingediend"]) / 100,
                afgewezen=Decimal(row["afgewezen"]) / 100,
            )
            for row in rows
            if not row["alles"]
        ]
        return Declaratiegeld(
            regels=total["regels"],
            afgewezen_regels=total["afgewezen_regels"],
            ingediend=Decimal(total["ingediend"]) / 100,
            afgewezen=Decimal(total["afgewezen"]) / 100,
            delen=parts,
        )

    def answer(self, families: Sequence[str]) -> Answer:
        """The JW325 that was judged last, and what the rules say of the declaratie that it answers.

        The declaratie is put back in the tables from the dossier, and judged at its place in time.

        Args:
            families: the families of the rules within a message.
        """
        connection = self._tables.connection
        self._tables.derive(["beantwoorde_declaratie", "retourcode", "prestatie", "client"])
        codes = self._tables.query(_CODES)
        clients = self._tables.query(_REFUSED_CLIENTS)
        declared = self._tables.query(
            "SELECT rij_id, vingerafdruk FROM eerder.bericht"
            " WHERE rij_id IN (SELECT rij_id FROM beantwoorde_declaratie)"
        )
        (header,) = self._tables.query(
            "SELECT rij_id, declaratie_identificatie FROM basis.bericht"
            " WHERE rij_id = (SELECT bericht_id FROM basis.kandidaat)"
        )
        found: list[Afwijking] = []
        number = declared[0]["rij_id"] if declared else None
        if number is not None:
            for name in ("bericht", "client", "declaratie", "prestatie"):
                connection.execute(restore_sql(name), [number])
                self._tables.mark_filled(name)
            connection.execute(
                "UPDATE basis.kandidaat SET bericht_id = ?, vingerafdruk = ?",
                [number, declared[0]["vingerafdruk"]],
            )
            self._tables.outdate()
            for chosen in (families, CHAIN_FAMILIES):
                judgement = self._judge.judge(self._offered, "", chosen, ["JW323"])
                found = judgement.not_replaced(found)
                found += by_message(judgement).get(number, [])
            connection.execute("UPDATE basis.kandidaat SET bericht_id = ?", [header["rij_id"]])
        prestaties = self._tables.query(_REFUSED_PRESTATIES, [number])
        return Answer(
            declaratie=header["declaratie_identificatie"],
            there=number is not None,
            whole=[row["retour_code"] for row in codes],
            clients=clients,
            prestaties=prestaties,
            found=found,
        )

    def stand(self, name: str, added: Added) -> Dossierstand:
        """What the dossier holds, for the report."""
        rows = self._tables.query(
            f"SELECT berichtsoort, count(*) AS aantal, count(*) FILTER (oordeel <> 'goed') AS afgekeurd"  # noqa: S608
            f" FROM {DOSSIER}.main.bericht GROUP BY berichtsoort ORDER BY berichtsoort"
        )
        return Dossierstand(
            naam=name,
            berichten={row["berichtsoort"]: row["aantal"] for row in rows},
            afgekeurd=sum(row["afgekeurd"] for row in rows),
            dubbel=added.dubbel,
            overgeslagen=added.overgeslagen,
        )


def set_verdicts(tables: Tables, verdicts: Iterable[tuple[ReadMessage, str]]) -> None:
    """Fill ``basis.oordeel``, which says what goes beside a message into a history."""
    rows = [(message.bericht_id, message.sha256, text) for message, text in verdicts]
    tables.connection.execute("DELETE FROM basis.oordeel")
    tables.connection.execute(
        "INSERT INTO basis.oordeel SELECT unnest(?::BIGINT[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
        [list(column) for column in zip(*rows, strict=True)],
    )


def hide_persons(
    tables: Tables, reader: MessageReader, messages: Iterable[ReadMessage]
) -> dict[str, str]:
    """Take BSNs, names and birth dates out of the texts of messages that a history keeps.

    They stand where they do not belong: a reference made of a BSN, or a name in a message that does not fit
    the schema. What may be a BSN gives way to a pseudonym by its digits alone, so that messages still find
    each other; do this also to the message that is judged.

    Returns:
        What came in the place of which digits.
    """
    personal = {message.bericht_id: message.personal for message in messages}
    # In a valid message a code has no room for nine digits, and a name only stands where names belong.
    loose = [number for number, known in personal.items() if known.strict]
    hidden: dict[str, str] = {}

    def name(digits: str) -> str | None:
        if not passes_elfproef(digits) or digits == _NOBODY:
            return None
        mark = f"{MASK}{reader.pseudonym(digits)[:_PSEUDONYM_SHOWN]}{MASK}"
        hidden[mark] = digits
        return mark

    def clean(number: int, column: str, text: str) -> str | None:
        known = personal[number]
        if column != "bestand":
            text = without_any_bsn(text, name)
        return known.masked(text) if known.strict or column == "bestand" else text

    for table in filter(tables.is_filled, HISTORY_TABLES):
        for column in MESSAGE_TABLES[table].columns:
            if column.kind is not Kind.TEXT and not (loose and column.kind is Kind.CODE):
                continue
            rows = tables.query(
                f"SELECT DISTINCT bericht_id, {column.name} AS tekst FROM basis.{table}"  # noqa: S608
                f" WHERE regexp_matches({column.name}, '[0-9]{{9}}')"
                f" OR ({column.name} IS NOT NULL AND list_contains(?::BIGINT[], bericht_id))",
                [loose],
            )
            changes = [
                (number, text, new)
                for number, text in ((row["bericht_id"], row["tekst"]) for row in rows)
                if (new := clean(number, column.name, text)) != text
            ]
            if changes:
                tables.connection.execute(
                    f"UPDATE basis.{table} SET {column.name} = nieuw FROM (SELECT"  # noqa: S608
                    " unnest(?::BIGINT[]) AS van, unnest(?::VARCHAR[]) AS oud, unnest(?::VARCHAR[]) AS nieuw)"
                    f" WHERE bericht_id = van AND {column.name} = oud",
                    [list(values) for values in zip(*changes, strict=True)],
                )
                tables.outdate()
    return hidden


def by_message(judgement: Judgement) -> Mapping[int, list[Afwijking]]:
    """The deviations per ``bericht_id``."""
    found: dict[int, list[Afwijking]] = {}
    for deviation, message in zip(judgement.afwijkingen, judgement.berichten, strict=True):
        if message is not None:
            found.setdefault(message, []).append(deviation)
    return found


def level(message: ReadMessage, found: Sequence[Afwijking]) -> str:
    """How far a message came, as the column ``oordeel`` of a history says it.

    Returns:
        ``goed``, or where it is refused: ``schema`` (level 1), ``technisch`` (level 2), ``header`` (level 3 or 4,
        in the Header) or ``inhoud`` (there, elsewhere, as a whole).
    """
    verdict = _verdict(message, found)
    match verdict.outcome:
        case Outcome.SCHEMA:
            return "schema"
        case Outcome.TECHNICAL:
            return "technisch"
        case Outcome.HEADER:
            return "header"
        case Outcome.CONTENT:
            # Of a declaratie only the parts with a fault are refused, unless it is the declaratie itself.
            parts = message.berichtsoort == "JW323" and _refused_parts(verdict)
            return "goed" if parts else "inhoud"
        case Outcome.NONE:
            if not message.xsd_geldig:
                return "schema"
            wrong = any(deviation.ernst is Ernst.FOUT for deviation in found)
            return "technisch" if wrong else "goed"
    return "goed"


def _verdict(message: ReadMessage, found: Sequence[Afwijking]) -> Verdict:
    try:
        return would_return(message.berichtsoort, found, xsd_geldig=message.xsd_geldig)
    except UnusableInput:
        # A rule of the user with a code that nobody knows refuses nothing.
        return Verdict(message.berichtsoort, None, Outcome.ACCEPTED, ())


def _refused_parts(verdict: Verdict) -> list[str]:
    """Paths of the clients and prestaties of a declaratie that are refused while the rest is not."""
    if verdict.outcome is not Outcome.CONTENT or verdict.kind != "JW323":
        return []
    return [path for path in verdict.classes if path.count("/") > 1]


_CODES = """
SELECT retour_code FROM retourcode
WHERE bericht_id = (SELECT bericht_id FROM basis.kandidaat) AND klasse IN ('Header', 'DeclaratieAntwoord')
ORDER BY rij_id
"""
_REFUSED_CLIENTS = """
SELECT c.pad, list(r.retour_code ORDER BY r.rij_id) AS codes
FROM basis.client c JOIN basis.retourcode r ON r.ouder_id = c.rij_id
WHERE c.bericht_id = (SELECT bericht_id FROM basis.kandidaat) GROUP BY c.rij_id, c.pad
"""
_REFUSED_PRESTATIES = """
SELECT p.*, k.pad AS client_pad, replace(i.pad, '[1]', '') AS ingediend_pad,
    replace(ik.pad, '[1]', '') AS ingediend_client_pad, coalesce(ik.volgnummer, k.volgnummer) AS client_nr,
    -- One without codes does not fit the schema, and is refused all the same.
    coalesce(r.codes, []) AS codes
FROM (SELECT * EXCLUDE (bedrag), met_teken(bedrag, debet_credit) AS bedrag FROM basis.prestatie) p
LEFT JOIN basis.client k ON k.rij_id = p.client_id
LEFT JOIN (SELECT ouder_id, list(retour_code ORDER BY rij_id) AS codes FROM basis.retourcode GROUP BY ouder_id) r
    ON r.ouder_id = p.rij_id
LEFT JOIN basis.prestatie i ON i.bericht_id = ? AND i.referentie_nummer = p.referentie_nummer
LEFT JOIN basis.client ik ON ik.rij_id = i.client_id
WHERE p.bericht_id = (SELECT bericht_id FROM basis.kandidaat)
ORDER BY p.rij_id
"""
_IN_TIME = """
SELECT rij_id FROM bericht ORDER BY
    berichtdag(dagtekening, dagtekening_retour) NULLS FIRST,
    berichtrang(coalesce(heenbericht(berichtsoort), berichtsoort)),
    CASE WHEN berichtsoort = 'JW325' THEN declaratie_identificatie ELSE identificatie END,
    heenbericht(berichtsoort) IS NOT NULL, identificatie, rij_id
"""
# A path is written without the position of a first; a client takes its prestaties along (IV087).
_REFUSED = """
WITH gevraagd AS (SELECT ?::BIGINT AS bericht_id, ?::VARCHAR[] AS paden),
    pad AS (SELECT unnest(paden) AS pad FROM gevraagd)
SELECT p.rij_id FROM basis.prestatie p JOIN gevraagd g ON g.bericht_id = p.bericht_id
WHERE replace(p.pad, '[1]', '') IN (SELECT pad FROM pad)
    OR replace(regexp_replace(p.pad, '/Prestaties/.*', ''), '[1]', '') IN (SELECT pad FROM pad)
"""
_MONEY = f"""
WITH afgewezen AS ({_REFUSED}), regel AS (
    SELECT p.client_nr, p.toewijzing_nummer, p.bedrag_met_teken, strftime(p.begindatum, '%Y-%m') AS maand,
        a.rij_id IS NOT NULL OR w.alles AS weg
    FROM prestatie p
    JOIN (SELECT ?::BIGINT AS bericht_id, ?::BOOLEAN AS alles) w ON w.bericht_id = p.bericht_id
    LEFT JOIN afgewezen a ON a.rij_id = p.rij_id
)
SELECT client_nr, toewijzing_nummer, maand, grouping(client_nr) = 1 AS alles,
    count(*) AS regels, count(*) FILTER (weg) AS afgewezen_regels,
    coalesce(sum(bedrag_met_teken), 0)::BIGINT AS ingediend,
    coalesce(sum(bedrag_met_teken) FILTER (weg), 0)::BIGINT AS afgewezen
FROM regel GROUP BY GROUPING SETS ((), (client_nr, toewijzing_nummer, maand))
HAVING alles OR afgewezen_regels > 0 ORDER BY ALL
"""  # noqa: S608
