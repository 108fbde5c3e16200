"""From a parsed message to rows of the message tables.

The leaves are taken out by a compiled stylesheet, one per kind of message, made from the structure of
the standard: libxslt walks the tree faster than Python can. Its output is plain text with a row per
element that holds a berichtklasse. Parents come before children, and each row tells how many children
it has, so which child belongs to which parent follows from counting.
"""

import hmac
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from itertools import chain, repeat

import duckdb
from lxml import etree

from inkoopcheck.errors import UnusableInput
from inkoopcheck.privacy import passes_elfproef
from inkoopcheck.schemas.structure import Message, Node
from inkoopcheck.tables.messages import (
    MESSAGE_PROVENANCE,
    MESSAGE_TABLES,
    TABLE_BY_ELEMENT,
    Leaf,
    MessageTable,
)
from inkoopcheck.tables.schema import Kind
from inkoopcheck.tables.store import Tables

FIELD, ROW = "\ufdd0", "\ufdd1"
"""Marks between fields and rows: noncharacters, which no text in any language holds."""

_XSL = "http://www.w3.org/1999/XSL/Transform"
_SAXON = "http://icl.com/saxon"
_PSEUDONYM_LENGTH = 20
_LARGE = 100_000
"""From this number of characters on, rows wait to be put together until the tables are loaded."""
_NO_LINE = frozenset(
    {"bericht", "client", "relatie", "contact", "verzoek", "declaratie"}
    | {"declaratie_antwoord", "retourcode", "woonplaatsbeginsel"}
)
_MARKS = "het bericht bevat tekens (U+FDD0, U+FDD1) die in geen enkele tekst horen."


@dataclass(frozen=True)
class Section:
    """The rows of one class at one place in a message."""

    table: MessageTable
    node: Node
    parent: int | None
    """Position of the section of the class around it; None directly below the root."""
    steps: str
    """Path from the parent (or the root) in names, such as ``Prestaties/Prestatie``."""
    leaves: tuple[Leaf | None, ...]
    """Columns of the table in their order; None for a column that this message does not have."""
    children: tuple[int, ...]


def sections_of(message: Message) -> tuple[Section, ...]:
    """The classes of a message in document order, each with the class around it."""
    found: list[Section] = []
    below: dict[int, list[int]] = {}

    def visit(node: Node, parent: int | None, path: tuple[str, ...]) -> None:
        for child in node.children:
            steps = (*path, child.name)
            table = TABLE_BY_ELEMENT.get(child.name)
            if table is None or (child.simple and table.name != "retourcode"):
                visit(child, parent, steps)
                continue
            here = {descendant.path for descendant in child.walk()}
            number = len(found)
            below[number] = []
            if parent is not None:
                below[parent].append(number)
            leaves = tuple(
                leaf if leaf.path == "." or f"{child.path}/{leaf.path}" in here else None
                for leaf in _leaves(table)
            )
            found.append(Section(table, child, parent, "/".join(steps), leaves, ()))
            visit(child, number, ())

    visit(message.root, None, ())
    return tuple(
        replace(section, children=tuple(below[number])) for number, section in enumerate(found)
    )


def _leaves(table: MessageTable) -> tuple[Leaf, ...]:
    """The columns of a table that are read from the message, in their order."""
    return tuple(c for c in table.columns if isinstance(c, Leaf) and c.path)


def _stylesheet(message: Message, sections: Sequence[Section]) -> etree.XSLT:
    prefixes = {message.namespace: "m", message.base.namespace: "b"}
    root = etree.Element(
        f"{{{_XSL}}}stylesheet",
        nsmap={"xsl": _XSL, "saxon": _SAXON, "m": message.namespace, "b": message.base.namespace},
    )
    root.set("version", "1.0")
    etree.SubElement(root, f"{{{_XSL}}}output", method="text", encoding="UTF-8")
    body = etree.SubElement(root, f"{{{_XSL}}}template", match="/")
    whole = _Names(message.root, prefixes)
    top = [number for number, section in enumerate(sections) if section.parent is None]
    for number in top:
        _value(body, f"count({_first(sections[number], whole)})")
        _text(body, FIELD)
    _text(body, ROW)
    for section in sections:
        names = _Names(section.node, prefixes)
        rows = etree.SubElement(
            body, f"{{{_XSL}}}for-each", select=_select(section, sections, whole)
        )
        _value(rows, "saxon:line-number()")
        for leaf in section.leaves:
            _text(rows, FIELD)
            if leaf is None:
                continue
            path = "." if leaf.path == "." else names.below(leaf.path)
            _value(rows, f"count({path})" if leaf.kind is Kind.PRESENT else path)
        for child in section.children:
            _text(rows, FIELD)
            _value(rows, f"count({names.below(sections[child].steps)})")
        _text(rows, ROW)
    return etree.XSLT(root)


class _Names:
    """Writes paths below a node with the prefixes of the stylesheet."""

    def __init__(self, node: Node, prefixes: Mapping[str, str]) -> None:
        self._node = node
        self._prefixes = prefixes

    def root(self) -> str:
        return self._name(self._node)

    def below(self, path: str) -> str:
        names = []
        node = self._node
        for step in path.split("/"):
            node = next(child for child in node.children if child.name == step)
            names.append(self._name(node))
        return "/".join(names)

    def _name(self, node: Node) -> str:
        namespace, _, name = node.tag[1:].partition("}")
        return f"{self._prefixes[namespace]}:{name}"


def tables_of(message: Message) -> frozenset[str]:
    """The names of the tables that get rows from a message of this kind."""
    return frozenset(section.table.name for section in sections_of(message))


def _absolute(section: Section, sections: Sequence[Section]) -> str:
    if section.parent is None:
        return section.steps
    return f"{_absolute(sections[section.parent], sections)}/{section.steps}"


def _first(section: Section, whole: _Names) -> str:
    """A class directly below the root; of a Header that is there twice the first counts."""
    path = f"{whole.root()}/{whole.below(section.steps)}"
    return f"{path}[1]" if section.table.name == "bericht" else path


def _select(section: Section, sections: Sequence[Section], whole: _Names) -> str:
    if section.parent is None:
        return _first(section, whole)
    return f"{whole.root()}/{whole.below(_absolute(section, sections))}"


def _value(parent: etree._Element, select: str) -> None:
    etree.SubElement(parent, f"{{{_XSL}}}value-of", select=select)


def _text(parent: etree._Element, text: str) -> None:
    etree.SubElement(parent, f"{{{_XSL}}}text").text = text


@dataclass
class Added:
    """What is known of a message whose rows were taken."""

    bericht_id: int
    client_ids: list[int]
    """``rij_id`` of its clients, in order."""
    pseudonyms: set[str]
    """The pseudonyms of their BSNs, after ``flush``."""
    lines: int
    """Number of products, prestaties and answers."""


@dataclass
class _Place:
    """Where the rows of a section stand: their numbers, paths and clients."""

    ids: range
    paths: Sequence[str]
    clients: Sequence[int | str]
    parents: Iterable[int]
    numbers: Iterable[int]
    """Which it is in its parent, from 1."""


@dataclass
class _Piece:
    """The rows of a section of one message, as they were taken out of it."""

    section: Section
    place: _Place
    added: Added
    rows: Sequence[str] = field(repr=False)
    made: Sequence[str] = ()
    """For each row what is not read from the message."""


class _Layout:
    """What is made once for each kind of message: its sections and the stylesheet."""

    def __init__(self, message: Message) -> None:
        self.sections = sections_of(message)
        self.widths = [len(s.leaves) + len(s.children) for s in self.sections]
        self.stylesheet = _stylesheet(message, self.sections)


class Extractor:
    """Takes rows out of messages and loads them, many messages at a time.

    Args:
        tables: where the rows go.
        key: key of the pseudonyms; the same key gives the same BSN the same pseudonym.
        first_number: the first ``rij_id``.
    """

    def __init__(self, tables: Tables, key: bytes, first_number: int = 1) -> None:
        self._tables = tables
        self._keyed = hmac.new(key, digestmod="sha256")
        self._next = first_number
        self._layouts: dict[str, _Layout] = {}
        self._pending: dict[tuple[str, bool], list[_Piece | str]] = {}
        self._lengths: Counter[str] = Counter()
        """How many rows wait for each table."""
        self.pending_characters = 0

    def pseudonym(self, text: str) -> str:
        """What stands in the tables instead of a BSN or a number of a person."""
        keyed = self._keyed.copy()  # The key is in it: half the work of a digest.
        keyed.update(text.encode("utf-8", "replace"))
        return keyed.hexdigest()[:_PSEUDONYM_LENGTH]

    def extract(self, message: Message, tree: etree._ElementTree) -> str:
        """The text with all rows of a message; give it to ``add``.

        The tree stays as it is, and a validation of it may run at the same time.
        """
        return str(self._layout(message).stylesheet(tree))

    def add(
        self, message: Message, text: str, facts: Mapping[str, object], *, valid: bool
    ) -> Added:
        """Keep the rows of a message until ``flush``.

        Args:
            message: the structure of the message.
            text: what ``extract`` gave.
            valid: does the message fit the schema? Then its values need less checking.
            facts: values of the columns of ``bericht`` that are not read from the message.

        Raises:
            UnusableInput: the message holds the marks that keep fields and rows apart.
        """
        layout = self._layout(message)
        sections = layout.sections
        counts, raw = _split(layout, text)
        self.pending_characters += len(text)
        added = Added(self._numbers(1)[0], [], set(), 0)
        places: list[_Place] = []
        for section, count, rows in zip(sections, counts, raw, strict=True):
            if section.table.name == "bericht":
                place = _Place(
                    range(added.bericht_id, added.bericht_id + 1),
                    [section.node.path],
                    [""],
                    (added.bericht_id,),
                    (1,),
                )
                made = [FIELD.join(_fact(facts.get(name)) for name in _FACTS)]
                rows = rows or [FIELD * layout.widths[len(places)]]
                piece = _Piece(section, place, added, rows, made)
            else:
                outer = None if section.parent is None else places[section.parent]
                place = self._place(section, count, outer, added.bericht_id)
                piece = _Piece(section, place, added, rows)
                if section.table.name == "client":
                    place.clients = list(place.ids)
                    added.client_ids += place.ids
                if section.table.name not in _NO_LINE:
                    added.lines += len(rows)
            places.append(place)
            if rows:
                # What a large message holds is put together while other tables are loaded.
                kept = piece if len(text) >= _LARGE else self._placed(piece)
                self._pending.setdefault((section.table.name, valid), []).append(kept)
                self._lengths[section.table.name] += len(rows)
        return added

    def flush(self) -> None:
        """Load the kept rows into the tables."""
        # The longest first, so that the two that are loaded at a time end together.
        names = [name for name, _ in self._lengths.most_common()]
        self._tables.at_once([partial(self._load, name) for name in names])
        for name in names:
            self._tables.mark_filled(name)
        self._pending.clear()
        self._lengths.clear()
        self.pending_characters = 0

    def _load(self, name: str, connection: duckdb.DuckDBPyConnection) -> None:
        """Load the kept rows of one table."""
        for valid in (True, False):
            if kept := self._pending.get((name, valid)):
                parts = (part if isinstance(part, str) else self._placed(part) for part in kept)
                connection.execute(_insert_sql(name, valid), [FIELD, ROW.join(parts), ROW])

    def _placed(self, piece: _Piece) -> str:
        """Rows with in front of each where it stands, and with pseudonyms for what points at a person."""
        place, rows, made = piece.place, piece.rows, piece.made
        if piece.section.table.name == "client":
            rows, made = self._clients(rows, piece.added.pseudonyms)
        elif piece.section.table.name == "relatie":
            rows = self._relations(rows)
        f = FIELD
        if made:
            rows = [f"{first}{f}{row}" for first, row in zip(made, rows, strict=True)]
        bericht_id = piece.added.bericht_id
        placed = [
            f"{own}{f}{bericht_id}{f}{parent}{f}{client}{f}{number}{f}{path}{f}{row}"
            for own, parent, client, number, path, row in zip(
                place.ids,
                place.parents,
                place.clients,
                place.numbers,
                place.paths,
                rows,
                strict=True,
            )
        ]
        return ROW.join(placed)

    @property
    def last_number(self) -> int:
        """The highest number that a row got."""
        return self._next - 1

    def new_number(self) -> int:
        """A number for a row that is made elsewhere."""
        return self._numbers(1)[0]

    def _layout(self, message: Message) -> _Layout:
        if message.namespace not in self._layouts:
            self._layouts[message.namespace] = _Layout(message)
        return self._layouts[message.namespace]

    def _numbers(self, number: int) -> range:
        taken = range(self._next, self._next + number)
        self._next += number
        return taken

    def _place(
        self, section: Section, counts: Sequence[int], outer: _Place | None, bericht_id: int
    ) -> _Place:
        """Where the rows of a section stand in their parents, each parent with the number that it has."""
        ids = self._numbers(sum(counts))
        parents: Sequence[int] = [bericht_id] if outer is None else outer.ids
        paths = ["Bericht"] if outer is None else outer.paths
        own = [""] if outer is None else outer.clients
        numbers = list(chain.from_iterable(range(1, n + 1) for n in counts))
        heads = chain.from_iterable(map(repeat, paths, counts))
        if section.node.repeats:
            steps = f"/{section.steps}["
            found = [f"{head}{steps}{n}]" for head, n in zip(heads, numbers, strict=True)]
        else:
            # More than one is wrong here, and then its number does tell something.
            found = [
                f"{head}/{section.steps}{f'[{n}]' if n > 1 else ''}"
                for head, n in zip(heads, numbers, strict=True)
            ]
        clients = list(chain.from_iterable(map(repeat, own, counts)))
        return _Place(
            ids, found, clients, chain.from_iterable(map(repeat, parents, counts)), numbers
        )

    def _clients(self, rows: Sequence[str], pseudonyms: set[str]) -> tuple[list[str], list[str]]:
        """Rows with a pseudonym instead of the BSN, and what is known of each BSN."""
        at = _at("Client", "Bsn")
        found, made = [], []
        for row in rows:
            fields = row.split(FIELD)
            bsn = fields[at].strip()
            fields[at] = self.pseudonym(bsn) if bsn else ""
            if bsn:
                pseudonyms.add(fields[at])
            found.append(FIELD.join(fields))
            made.append(FIELD.join(_bsn_facts(bsn)))
        return found, made

    def _relations(self, rows: Sequence[str]) -> list[str]:
        at = _at("Relatie", "Nummer")
        found = []
        for row in rows:
            fields = row.split(FIELD)
            fields[at] = self.pseudonym(fields[at]) if fields[at] else ""
            found.append(FIELD.join(fields))
        return found


def _split(layout: _Layout, text: str) -> tuple[list[Sequence[int]], list[list[str]]]:
    """Per section how many rows each parent has, and the rows; refuses marks from the message."""
    sections = layout.sections
    rows = text.split(ROW)
    top = [int(number) for number in rows[0].split(FIELD)[:-1]]
    marks = len(top)
    at = 1
    tops = iter(top)
    counts: list[Sequence[int]] = []
    raw: list[list[str]] = []
    for section, width in zip(sections, layout.widths, strict=True):
        if section.parent is None:
            counts.append([next(tops)])
        else:
            outer = sections[section.parent]
            # The counts of the children stand at the end of a row, in the order of the children.
            behind = len(outer.children) - outer.children.index(len(raw))
            try:
                counts.append(
                    [int(row.rsplit(FIELD, behind)[-behind]) for row in raw[section.parent]]
                )
            except (ValueError, IndexError):
                raise UnusableInput(_MARKS) from None
        total = sum(counts[-1])
        raw.append(rows[at : at + total])
        at += total
        marks += total * width
    if at != len(rows) - 1 or text.count(FIELD) != marks:
        raise UnusableInput(_MARKS)
    return counts, raw


@cache
def _at(element: str, path: str) -> int:
    """Position of a leaf in the raw fields of a row."""
    return 1 + [leaf.path for leaf in _leaves(TABLE_BY_ELEMENT[element])].index(path)


def _made(table: MessageTable) -> list[str]:
    """The columns that are not read from the message, in their order."""
    return [c.name for c in table.columns if not (isinstance(c, Leaf) and c.path)]


def _fact(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value).replace(FIELD, "").replace(ROW, "")


def _bsn_facts(bsn: str) -> tuple[str, str]:
    """Does a BSN pass the elfproef, and is it all zeros? Empty when it is no BSN at all."""
    if len(bsn) != 9 or not (bsn.isascii() and bsn.isdigit()):
        return "", ""
    return "1" if passes_elfproef(bsn) else "0", "1" if bsn == "000000000" else "0"


_FACTS = _made(MESSAGE_TABLES["bericht"])
_PREFIX = ("rij_id", "bericht_id", "ouder_id", "client_id", "volgnummer", "pad")


@cache
def _insert_sql(table_name: str, valid: bool) -> str:
    """SQL that splits a text into rows and fields and puts them in the base table, typed."""
    table = MESSAGE_TABLES[table_name]
    names = [*_PREFIX, *_made(table), "regelnummer", *(leaf.name for leaf in _leaves(table))]
    source = {name: f"f[{position}]" for position, name in enumerate(names, start=1)}
    values = {
        column.name: _reading(column, source[column.name], valid)
        for column in table.columns
        if isinstance(column, Leaf) and column.name in source
    }
    checked = [
        (column.name, source[column.name])
        for column in table.columns
        if column.name in source and column.kind in _CAN_FAIL
    ]
    missing = " OR ".join(f"({text} <> '' AND {name} IS NULL)" for name, text in checked)
    listed = ", ".join(
        f"CASE WHEN {text} <> '' AND {name} IS NULL THEN '{name}' END" for name, text in checked
    )
    unread = f"CASE WHEN {missing} THEN string_split(concat_ws(',', {listed}), ',') END"
    outer = {
        **{
            name: f"TRY_CAST({source[name]} AS {sql_type})"
            for name, sql_type in MESSAGE_PROVENANCE
            if name in source
        },
        "onleesbaar": unread if checked else "NULL",
        **{
            column.name: column.name if column.name in values else "NULL"
            for column in table.columns
        },
    }
    order = [name for name, _ in MESSAGE_PROVENANCE] + [column.name for column in table.columns]
    inner = ", ".join(["f", *(f"{sql} AS {name}" for name, sql in values.items())])
    return (
        f"INSERT INTO basis.{table.name} SELECT {', '.join(outer[name] for name in order)}"  # noqa: S608
        f" FROM (SELECT {inner} FROM (SELECT string_split(r, ?) AS f"
        " FROM (SELECT unnest(string_split(?, ?)) AS r)))"
    )


_CAN_FAIL = (Kind.DATE, Kind.PRIVATE_DATE, Kind.CENTS, Kind.WHOLE, Kind.INTEGER)


_WHITE = "' ' || chr(9) || chr(10) || chr(13)"


def _reading(column: Leaf, text: str, valid: bool) -> str:
    """SQL that makes the value of a column from its text; NULL for what cannot be read."""
    if column.reading:
        return f"CASE WHEN {text} <> '' THEN {column.reading.replace('waarde', text)} END"
    match column.kind:
        case Kind.PRESENT:
            return f"{text} NOT IN ('0', '')"
        case Kind.YES_NO:
            return f"CASE {text} WHEN '1' THEN true WHEN '0' THEN false END"
        case Kind.DATE | Kind.PRIVATE_DATE:
            # Only plain years: other dates exist in XML Schema, but no rule can mean them.
            pattern = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
            plain = f"regexp_full_match({text}, '\\s*{pattern}\\s*') AND trim({text}, {_WHITE}) > '0001'"
            careful = f"WHEN {plain} THEN TRY_CAST(trim({text}, {_WHITE}) AS DATE)"
            quick = f"WHEN len({text}) = 10 AND {text} > '0001' THEN TRY_CAST({text} AS DATE)"
            return f"CASE {quick if valid else ''} {careful} END"
        case Kind.CENTS | Kind.WHOLE | Kind.INTEGER:
            # As XML Schema writes whole numbers: white space, a sign and leading zeros may be there.
            # A cast reads more than that (2.5, 1e3, 0x10), which only a message that is not valid has.
            cast = f"TRY_CAST({text} AS {column.sql_type})"
            if valid:
                return cast
            digits = 9 if column.kind is Kind.INTEGER else 15
            pattern = f"\\s*[+-]?0*[0-9]{{1,{digits}}}\\s*"
            return f"CASE WHEN regexp_full_match({text}, '{pattern}') THEN {cast} END"
        case _:
            return f"nullif({text}, '')"
