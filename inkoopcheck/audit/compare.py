"""Lay two reports of an audit side by side: what is new, solved or the same, and which figures changed."""

from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from inkoopcheck.audit.figures import TOTAL
from inkoopcheck.audit.model import Verdict
from inkoopcheck.audit.open_data import FOLDER
from inkoopcheck.audit.rerun import read_meta
from inkoopcheck.dutch import format_value
from inkoopcheck.errors import UnusableInput, printable
from inkoopcheck.findings.comparison import Change, Comparison
from inkoopcheck.findings.model import Ernst
from inkoopcheck.tables.store import quoted, rows_of

Row = dict[str, Any]
_LEVELS = ("land", "jeugdregio", "gemeente")
_RANK = {severity.value: severity.rank for severity in Ernst}
_TABLES = (
    "contract_bevinding",
    "cijfer",
    "cijfer_uitleg",
    "standaardisatie",
    "bevinding",
    "gebied",
    "bestand",
)
_CAVEATS = (
    ("versie", "De versie van inkoopcheck is anders"),
    ("regelversie", "De versie van de regels, parameters en codelijsten is anders"),
    ("peildatum", "De peildatum is anders"),
    ("drempel", "De drempel voor kleine aantallen is anders"),
    ("minimum_rijen", "Het kleinste aantal waarnemingen voor een rangorde is anders"),
    ("indexjaar", "Het jaar waarnaar tarieven zijn omgerekend is anders"),
)
_SETTINGS = (
    ("regels", "De eigen regels zijn anders."),
    ("zonder", "Er zijn andere regels uitgeschakeld."),
    ("keuzes", "Bij regels met een keuze is anders gekozen."),
    ("xsd", "De schema's van de berichten kwamen uit een andere map."),
)


def compare(old: Path, new: Path) -> Comparison:
    """Compare two reports of an audit by their open data.

    Args:
        old: the folder of the earlier report.
        new: the folder of the later one.

    Raises:
        UnusableInput: a folder holds no whole report.
    """
    before, after = _read(old), _read(new)
    metas = read_meta(old), read_meta(new)
    names = {(r["niveau"], r["code"]): r["naam"] for r in [*before["gebied"], *after["gebied"]]}
    found = Comparison(
        toen={name: metas[0].get(name) for name in ("peildatum", "gemaakt_op", "versie")},
        nu={name: metas[1].get(name) for name in ("peildatum", "gemaakt_op", "versie")},
        kanttekeningen=_caveats(*metas),
    )
    _findings(found, before["contract_bevinding"], after["contract_bevinding"])
    _files(found, before["bestand"], after["bestand"])
    about = {r["cijfer"]: r for r in [*before["cijfer_uitleg"], *after["cijfer_uitleg"]]}

    def figure(key: tuple[str, ...]) -> tuple[str, str]:
        meaning = about.get(key[2], {})
        return meaning.get("titel") or key[2], meaning.get("eenheid") or ""

    found.cijfers = [
        change
        for change in _changes(
            _numbers(before["cijfer"], "waarde", "cijfer", "uitsplitsing"),
            _numbers(after["cijfer"], "waarde", "cijfer", "uitsplitsing"),
            names,
            figure,
        )
        if change.veranderd
    ]
    titles = {
        r["onderdeel"]: r["titel"] for r in [*before["standaardisatie"], *after["standaardisatie"]]
    }
    found.index = [
        change
        for change in _changes(
            _numbers(before["standaardisatie"], "score", "onderdeel"),
            _numbers(after["standaardisatie"], "score", "onderdeel"),
            names,
            lambda key: (titles[key[2]], "punten"),
        )
        if change.veranderd
        or (change.wat == TOTAL and (change.toen is not None or change.nu is not None))
    ]
    found.index.sort(key=lambda c: (_LEVELS.index(c.niveau), c.code, c.wat != TOTAL))
    found.aantallen = [
        change
        for change in _changes(
            _counts(before["bevinding"]),
            _counts(after["bevinding"]),
            names,
            lambda key: (key[2], "aantal"),
            nothing=Decimal(0),
        )
        if change.veranderd
    ]
    return found


def _read(report: Path) -> dict[str, list[Row]]:
    """The open data of a report that are compared."""
    read_meta(report)
    name = printable(report.name or str(report))
    folder = report / FOLDER
    tables: dict[str, list[Row]] = {}
    with duckdb.connect(config={"threads": 1}) as connection:
        for table in _TABLES:
            path = folder / f"{table}.parquet"
            try:
                tables[table] = rows_of(
                    connection.execute(f"SELECT * FROM read_parquet({quoted(path)})")  # noqa: S608
                )
            except duckdb.Error:
                raise UnusableInput(
                    f"In {name} ontbreekt {FOLDER}/{path.name}, of het is niet te lezen."
                    " Doe de audit opnieuw."
                ) from None
    return tables


def _findings(found: Comparison, before: Sequence[Row], after: Sequence[Row]) -> None:
    """Tell findings apart by their contents; equal ones are counted off one by one."""
    waiting: defaultdict[tuple[str, str], deque[Row]] = defaultdict(deque)
    for row in sorted(before, key=_place):
        waiting[row["gemeente"], row["vingerafdruk"]].append(row)
    for row in sorted(after, key=_place):
        same = waiting[row["gemeente"], row["vingerafdruk"]]
        if same:
            found.gebleven.append({**row, "uitgelegd_toen": same.popleft()["uitgelegd"]})
        else:
            found.nieuw.append(row)
    found.opgelost = sorted((row for rows in waiting.values() for row in rows), key=_place)


def _place(row: Row) -> tuple[Any, ...]:
    return (
        -_RANK.get(row["ernst"], 0),
        *(
            row[n] or ""
            for n in ("gemeente", "contract", "regel", "bestand", "blad", "cel", "melding")
        ),
        row["vingerafdruk"] or "",
    )


Number = tuple[Decimal | None, bool]


def _numbers(rows: Sequence[Row], value: str, *names: str) -> dict[tuple[str, ...], Number]:
    """A column by area and the named columns; a hidden number is None, whatever stands there."""
    return {
        (row["niveau"], row["code"], *(row[name] or "" for name in names)): (
            None if row["onderdrukt"] else row[value],
            bool(row["onderdrukt"]),
        )
        for row in rows
        if row["niveau"] in _LEVELS
    }


def _counts(rows: Sequence[Row]) -> dict[tuple[str, ...], Number]:
    """Findings by area, severity and source; when one of the numbers is hidden the sum tells less than all."""
    made: dict[tuple[str, ...], Number] = {}
    for row in rows:
        if row["niveau"] in _LEVELS:
            key = (row["niveau"], row["code"], row["ernst"], row["bron"])
            number, hidden = made.get(key, (Decimal(0), False))
            shown = 0 if row["onderdrukt"] else row["aantal"] or 0
            made[key] = ((number or 0) + Decimal(shown), hidden or bool(row["onderdrukt"]))
    # The part of a sum that is shown can be made from the reports, but beside a hidden part it misleads.
    return {key: (None if hidden else number, hidden) for key, (number, hidden) in made.items()}


def _changes(
    before: Mapping[tuple[str, ...], Number],
    after: Mapping[tuple[str, ...], Number],
    names: Mapping[tuple[str, str], str],
    describe: Callable[[tuple[str, ...]], tuple[str, str]],
    nothing: Decimal | None = None,
) -> list[Change]:
    made = []
    order = sorted(before.keys() | after.keys(), key=lambda k: (_LEVELS.index(k[0]), k[1:]))
    for key in order:
        then, then_hidden = before.get(key, (nothing, False))
        now, now_hidden = after.get(key, (nothing, False))
        title, unit = describe(key)
        made.append(
            Change(
                key[0],
                key[1],
                names.get((key[0], key[1])) or key[1],
                key[2],
                title,
                unit,
                key[3] if len(key) > 3 else "",
                then,
                now,
                then_hidden,
                now_hidden,
            )
        )
    return made


def _files(found: Comparison, before: Sequence[Row], after: Sequence[Row]) -> None:
    """What went in: by contents, so a file that only moved is no news."""
    counted = (Verdict.READ.value, Verdict.DOUBLE.value)

    def usable(rows: Sequence[Row]) -> list[Row]:
        return sorted(
            (r for r in rows if r["oordeel"] in counted and r["sha256"]), key=lambda r: r["naam"]
        )

    old, new = usable(before), usable(after)
    old_hashes, new_hashes = {r["sha256"] for r in old}, {r["sha256"] for r in new}
    gone = [row for row in old if row["sha256"] not in new_hashes]
    come = [row for row in new if row["sha256"] not in old_hashes]
    both = {row["naam"] for row in gone} & {row["naam"] for row in come}
    found.bestanden_gewijzigd = [row for row in come if row["naam"] in both]
    found.bestanden_nieuw = [row for row in come if row["naam"] not in both]
    found.bestanden_weg = [row for row in gone if row["naam"] not in both]


def _caveats(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What differs between the runs themselves."""
    made = [
        f"{text}: toen {format_value(old.get(name))}, nu {format_value(new.get(name))}."
        for name, text in _CAVEATS
        if old.get(name) != new.get(name)
    ]
    before, after = old.get("instellingen") or {}, new.get("instellingen") or {}
    made += [text for name, text in _SETTINGS if before.get(name) != after.get(name)]
    changes = [
        {(item.get("wat"), item.get("nu")) for item in meta.get("overschreven") or []}
        for meta in (old, new)
    ]
    made += [
        f"Alleen {when} aangepast: {wat} (naar {format_value(value)})."
        for when, only in (("toen", changes[0] - changes[1]), ("nu", changes[1] - changes[0]))
        for wat, value in sorted(only, key=str)
    ]
    if (old.get("index_aangenomen") or []) != (new.get("index_aangenomen") or []):
        made.append(
            "De jaren waarvan de stijging van lonen en prijzen is aangenomen, zijn anders:"
            f" toen {format_value(old.get('index_aangenomen') or None)},"
            f" nu {format_value(new.get('index_aangenomen') or None)}."
        )
    return made
