"""Check iJw messages: read, validate, judge many at a time. The command line calls this."""

import contextlib
import datetime
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from inkoopcheck import __version__
from inkoopcheck.chain import EVERYTHING, Added, Answer, Chain, Filler, hide_persons, offered_beside
from inkoopcheck.dossier.store import attach_with_key, read_through, understood
from inkoopcheck.engine.ruleset import CHAIN_FAMILIES, Ruleset
from inkoopcheck.engine.run import Judge, Judgement
from inkoopcheck.errors import UnusableInput
from inkoopcheck.findings.model import (
    Afwijking,
    Berichtresultaat,
    Bestand,
    Declaratiegeld,
    NietGetoond,
    Onbruikbaar,
    Regeluitkomst,
    Resultaat,
    Uitkomst,
)
from inkoopcheck.privacy import MASK
from inkoopcheck.readers.message import MessageReader, Personal, ReadMessage
from inkoopcheck.readers.message_files import Found, find_messages
from inkoopcheck.returns.decide import would_return
from inkoopcheck.tables.history import DOSSIER
from inkoopcheck.tables.store import (
    CHAIN_MODEL,
    COMPARE_MODEL,
    CONTRACT_MODEL,
    MESSAGE_MODEL,
    Tables,
)

if TYPE_CHECKING:
    import duckdb

    from inkoopcheck.contracts import Contracts

BATCH_CHARACTERS = 30_000_000
BATCH_MESSAGES = 5_000
"""Messages are judged together up to these sizes, so that memory has a bound."""

_STEP_OF_A_FILE = 200
"""A dossier in a file is filled in steps of this many messages: some seconds of work."""

MOST_OF_A_RULE = 1_000
"""Deviations of one rule (in each table where it holds) that are shown per message; all are counted."""


@dataclass(frozen=True)
class Dossier:
    """The earlier messages beside which messages are put: a database file, or files of this run."""

    name: str
    """How the user knows it."""
    database: Path | None = None
    paths: tuple[Path, ...] = ()
    writes: bool = False
    """May messages be added to the database? Nobody else can use it meanwhile."""
    further: bool = False
    """Judge also what the receiver would not come to, since the message was refused before."""


class RowKeeper(Protocol):
    """Keeps what was read of messages, before the tables are emptied for the next ones."""

    def attach(self, connection: "duckdb.DuckDBPyConnection") -> None:
        """Attach where the rows go; afterwards the connection cannot open anything any more."""

    def keep(self, tables: Tables, messages: Sequence[ReadMessage]) -> None:
        """Copy the rows of these messages, which are all that is in the tables."""


NO_DOSSIER = Dossier("geen dossier")
"""With it the rules of the keten run without messages before."""


class MessageChecker:
    """Checks messages with one ruleset and one database; schemas and rules are made ready once.

    Args:
        ruleset: the rules on messages.
        peildatum: the date that counts as today.
        key: key of the pseudonyms; each run has its own when left out.
        schemas: folder with the schemas of the user, in place of ours.
        all_findings: give every deviation, and not only the first of each rule in each message.
        dossier: what came before; the rules of the keten run only with it, or with a contract.
        contracts: the contracts; the rules that compare with a contract run only with them.
        keeper: gets the rows of all messages that are checked.

    Raises:
        UnusableInput: a rule of the user does not fit the tables, or a contract cannot be used.
    """

    def __init__(
        self,
        ruleset: Ruleset,
        peildatum: datetime.date,
        *,
        key: bytes | None = None,
        schemas: Path | None = None,
        all_findings: bool = False,
        dossier: Dossier | None = None,
        contracts: "Contracts | None" = None,
        keeper: RowKeeper | None = None,
    ) -> None:
        if contracts is not None and dossier is None:
            dossier = NO_DOSSIER
        self._ruleset = ruleset
        self._peildatum = peildatum
        self._most = None if all_findings else MOST_OF_A_RULE
        self._dossier = dossier
        models = [MESSAGE_MODEL] if dossier is None else [MESSAGE_MODEL, CHAIN_MODEL]
        if contracts is not None:
            models = [CONTRACT_MODEL, *models, COMPARE_MODEL]
        database = dossier.database if dossier else None
        attach = None
        if dossier is not None and database is not None:
            attach = partial(attach_with_key, path=database, key=key, writes=dossier.writes)
        self._tables = Tables(*models, attach=attach)
        self._keeper = keeper
        if keeper is not None:
            keeper.attach(self._tables.connection)
        # What is refused of a declaratie follows from all findings.
        self._judge = Judge(ruleset, self._tables, most=None if dossier else self._most)
        self._judge.prepare(peildatum)
        self._compared = contracts.load(self._tables) if contracts else []
        offered = offered_beside(self._compared)
        for rule in ruleset.own:
            if offered.why_absent(rule.tabel):
                continue
            if mistake := self._judge.check_binding(rule):
                raise UnusableInput(f"Uw eigen regel {rule.id} klopt niet: {mistake}.")
        first = 1 + (self._tables.last_number if dossier else 0)
        self._reader = MessageReader(self._tables, key=key, schemas=schemas, first_number=first)
        families = dict.fromkeys(rule.familie for rule in ruleset.rules)
        self._own_families = [name for name in families if name not in CHAIN_FAMILIES]
        self._chain = (
            Chain(ruleset, self._tables, self._judge, offered, further=dossier.further)
            if dossier
            else None
        )
        self._hidden: Mapping[str, str] = {}
        """What stands in the tables in place of which digits in references."""
        self._last: Personal | None = None
        """The persons of the message that was judged last beside the dossier."""

    def add(self, paths: Iterable[Path]) -> Added:
        """Add the messages in files, folders and zips to the dossier, without checking them beside it.

        What is killed half-way is lost for at most the last step, and can be done again.

        Raises:
            UnusableInput: the database is in use, damaged, or the disk is full.
        """
        with self._understood():
            filler = Filler(
                self._tables, self._reader, self._judge, self._own_families, step=_STEP_OF_A_FILE
            )
            added = filler.add(paths)
            self._tables.connection.execute(f"CHECKPOINT {DOSSIER}")
        return added

    def run(self, paths: Iterable[Path]) -> Resultaat:
        """Check all messages in files, folders and zips; one bad file never stops the others.

        Raises:
            UnusableInput: the database with the dossier is damaged.
        """
        return self.run_found(find_messages(paths))

    def run_found(self, found: Iterable[Found]) -> Resultaat:
        """Check messages whose contents were found before; see ``run``."""
        with self._understood():
            result = self._run(found)
            if self._dossier is not None and any(
                rule.uitkomst is Uitkomst.MISLUKT for rule in result.berichtregels
            ):
                # Was it the rule, or could a part of the dossier not be read?
                read_through(self._tables.connection)
        return result

    def close(self) -> None:
        """Let go of the dossier, so that others can use it."""
        self._tables.close()

    def _understood(self) -> contextlib.AbstractContextManager[None]:
        """Says in Dutch what goes wrong with the database of the dossier, if there is one."""
        database = self._dossier.database if self._dossier else None
        return understood(database) if database is not None else contextlib.nullcontext()

    def _run(self, messages: Iterable[Found]) -> Resultaat:
        result = Resultaat(
            versie=__version__,
            regelversie=self._ruleset.fingerprint,
            gemaakt_op=datetime.datetime.now().astimezone().replace(microsecond=0),
            peildatum=self._peildatum,
            controle="bericht",
            overschreven=self._ruleset.overrides,
            vergeleken_contracten=self._compared,
        )
        if self._chain is not None and self._dossier is not None:
            filler = Filler(self._tables, self._reader, self._judge, self._own_families)
            added = filler.add(self._dossier.paths) if self._dossier.paths else Added()
            result.dossier = self._chain.stand(self._dossier.name, added)
        waiting: list[ReadMessage] = []
        for found in messages:
            try:
                waiting.append(self._reader.read(found))
            except UnusableInput as error:
                result.onbruikbaar.append(Onbruikbaar(bestand=found.name, reden=str(error)))
            del found  # The bytes of a large message are not needed any more.
            if (
                len(waiting) >= BATCH_MESSAGES
                or self._reader.pending_characters >= BATCH_CHARACTERS
            ):
                self._finish(result, waiting)
                waiting = []
        self._finish(result, waiting)
        return result

    def answer(self) -> Answer:
        """The JW325 that was checked last, with what the rules say of the declaratie that it answers.

        Raises:
            UnusableInput: the checker has no dossier.
        """
        if self._chain is None:
            raise UnusableInput("Geef met --dossier de map met uw declaratie en de toewijzingen.")
        answer = self._chain.answer(self._own_families)
        for finding in answer.found:
            for name in _FROM_MESSAGE:
                setattr(finding, name, self._shown(getattr(finding, name)))
        for row in answer.prestaties:
            row["referentie_nummer"] = self._shown(row["referentie_nummer"])
        answer.declaratie = self._shown(answer.declaratie)
        return answer

    def _shown(self, text: str | None) -> str | None:
        """A text of the message that was judged last as a report shows it: references whole, no BSN."""
        return self._last.masked(_show_again(text, self._hidden)) if self._last else text

    def _finish(self, result: Resultaat, messages: Sequence[ReadMessage]) -> None:
        """Judge what was read and add it to the result."""
        if not messages:
            return
        self._tables.clear()
        self._reader.flush()
        judgement = self._judge.judge(EVERYTHING, "", self._own_families)
        self._tables.derive(["bericht"])
        headers = {row["rij_id"]: row for row in self._tables.query(_HEADERS)}
        found = _by_message(judgement, {m.bericht_id: m.personal for m in messages})
        outcomes = judgement.regels
        money: dict[int, Declaratiegeld] = {}
        if self._chain is not None:
            replaced: Counter[str] = Counter()
            beside = self._judge_chain(self._chain, messages, found, money, replaced)
            for outcome in outcomes:
                outcome.afwijkingen -= replaced[outcome.regel]
            outcomes = [*outcomes, *beside]
        left_out: dict[int, list[NietGetoond]] = {}
        severity = {rule.id: rule.ernst for rule in self._ruleset.rules}
        for (number, rule), more in judgement.weggelaten.items():
            item = NietGetoond(regel=rule, ernst=severity[rule], aantal=more)
            left_out.setdefault(number, []).append(item)
        for message in messages:
            header = headers[message.bericht_id]
            for name in ("identificatie", "gemeente", "aanbieder"):
                header[name] = message.personal.masked(header[name])
            deviations = found.get(message.bericht_id, [])
            for deviation in deviations:
                deviation.bericht = header["identificatie"]
            back, why = _return_of(message, deviations)
            if self._chain is not None and self._most is not None:
                deviations = _first_of_each(deviations, self._most, left_out, message.bericht_id)
            result.berichten.append(
                Berichtresultaat(
                    bestand=Bestand(
                        naam=message.naam,
                        soort=message.berichtsoort,
                        bytes=message.size,
                        sha256=message.sha256,
                    ),
                    berichtsoort=message.berichtsoort,
                    omschrijving=message.omschrijving,
                    release=message.release,
                    identificatie=header["identificatie"],
                    dagtekening=header["dagtekening"],
                    gemeente=header["gemeente"],
                    aanbieder=header["aanbieder"],
                    omhulsel=message.omhulsel,
                    xsd_geldig=message.xsd_geldig,
                    schemafouten=message.schemafouten,
                    clienten=message.clienten,
                    regels=message.regels,
                    retourbericht=back,
                    retour=why,
                    geld=money.get(message.bericht_id),
                    afwijkingen=deviations,
                    niet_getoond=left_out.get(message.bericht_id, []),
                )
            )
        result.berichtregels = _together(result.berichtregels, outcomes)
        if self._keeper is not None:
            self._keeper.keep(self._tables, messages)

    def _judge_chain(
        self,
        chain: Chain,
        messages: Sequence[ReadMessage],
        found: dict[int, list[Afwijking]],
        money: dict[int, Declaratiegeld],
        replaced: Counter[str],
    ) -> list[Regeluitkomst]:
        """Add to ``found`` what the rules of the keten say of each message, and fill ``money``.

        What such a rule knows better goes out of ``found``, and is counted in ``replaced``.
        """
        outcomes: list[Regeluitkomst] = []
        self._hidden = hide_persons(self._tables, self._reader, messages)
        ordered = chain.in_time(messages)
        for message in ordered:
            before = found.get(message.bericht_id, [])
            judgement, now = chain.judge(message, before)
            kept = judgement.not_replaced(before)
            replaced += Counter(deviation.regel for deviation in before)
            replaced -= Counter(deviation.regel for deviation in kept)
            outcomes = _together(outcomes, now)
            self._last = message.personal
            for deviation in judgement.afwijkingen:
                for name in _FROM_MESSAGE:
                    setattr(deviation, name, _show_again(getattr(deviation, name), self._hidden))
            more = _by_message(judgement, {message.bericht_id: message.personal})
            everything = [*kept, *more.get(message.bericht_id, ())]
            found[message.bericht_id] = everything
            if (asked := chain.money(message, everything)) is not None:
                money[message.bericht_id] = asked
            if message is not ordered[-1]:
                chain.remember(message, everything)
        return outcomes


def _first_of_each(
    deviations: Sequence[Afwijking],
    most: int,
    left_out: dict[int, list[NietGetoond]],
    number: int,
) -> list[Afwijking]:
    """The first deviations of each rule; the others are counted in ``left_out`` of the message."""
    taken: Counter[str] = Counter()
    kept = []
    more: dict[str, NietGetoond] = {}
    for deviation in deviations:
        taken[deviation.regel] += 1
        if taken[deviation.regel] <= most:
            kept.append(deviation)
            continue
        rule = deviation.regel
        item = more.setdefault(rule, NietGetoond(regel=rule, ernst=deviation.ernst, aantal=0))
        item.aantal += 1
    if more:
        left_out.setdefault(number, []).extend(more.values())
    return kept


_HEADERS = "SELECT rij_id, identificatie, dagtekening, gemeente, aanbieder FROM bericht"
_FROM_MESSAGE = ("melding", "gevonden", "verwacht", "gemeente", "productcode")
"""The fields of a deviation that show what stands in a message."""
_HIDDEN = re.compile(rf"{MASK}[0-9a-f]+{MASK}")
_OUTCOME_ORDER = (
    Uitkomst.MISLUKT,
    Uitkomst.UITGESCHAKELD,
    Uitkomst.UITGEVOERD,
    Uitkomst.NIET_TE_BEPALEN,
    Uitkomst.NIET_VAN_TOEPASSING,
)
"""Which outcome a rule has when batches differ: the first of these."""


def _return_of(message: ReadMessage, found: Sequence[Afwijking]) -> tuple[str | None, str]:
    """The kind of message that goes back, and a Dutch text that says why."""
    try:
        verdict = would_return(message.berichtsoort, found, xsd_geldig=message.xsd_geldig)
    except UnusableInput as error:
        # A rule of the user with a code that nobody knows; its findings are worth reading all the same.
        return None, f"Wat er teruggaat is niet te bepalen. {error}"
    return verdict.bericht, verdict.text


def _by_message(judgement: Judgement, personal: dict[int, Personal]) -> dict[int, list[Afwijking]]:
    """The deviations per message, without what may not be shown of the persons in it."""
    found: dict[int, list[Afwijking]] = {}
    for deviation, message in zip(judgement.afwijkingen, judgement.berichten, strict=True):
        if message is None:
            continue
        for name in _FROM_MESSAGE:
            text = getattr(deviation, name)
            masked = personal[message].masked(text)
            if masked != text:
                setattr(deviation, name, masked)
        found.setdefault(message, []).append(deviation)
    return found


def _show_again(text: str | None, hidden: Mapping[str, str]) -> str | None:
    """A text whose references have the digits that they have in the message; see ``hide_persons``."""
    if text is None or MASK not in text:
        return text
    return _HIDDEN.sub(lambda found: hidden.get(found[0], found[0]), text)


def _together(before: Sequence[Regeluitkomst], now: Sequence[Regeluitkomst]) -> list[Regeluitkomst]:
    """The outcomes of the rules over two batches."""
    if not before:
        return list(now)
    merged = []
    for one, other in zip(before, now, strict=True):
        first = min((one, other), key=lambda rule: _OUTCOME_ORDER.index(rule.uitkomst))
        merged.append(
            first.model_copy(
                update={
                    name: getattr(one, name) + getattr(other, name)
                    for name in ("gecontroleerd", "niet_te_bepalen", "afwijkingen")
                }
            )
        )
    return merged
