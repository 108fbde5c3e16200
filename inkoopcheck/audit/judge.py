"""Stage two of an audit: from the rows in the store to comparable figures per area."""

import datetime
import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb

from inkoopcheck.audit.figures import FIGURES, PARTS, PUBLISHED, TOTAL
from inkoopcheck.audit.model import UNKNOWN, FileRecord, UnitOutcome, Verdict
from inkoopcheck.audit.places import Places
from inkoopcheck.audit.rows import ROWS, stored
from inkoopcheck.audit.suppress import suppress
from inkoopcheck.engine.ruleset import Ruleset
from inkoopcheck.locations import audit_tables_file
from inkoopcheck.tables.store import quoted, rows_of

MEMORY = "1GB"
"""What the database may use for itself; what does not fit goes to disk."""
CURRENT = "berichten.parquet"
"""In the store: the messages that count."""
_CONTRACT_TABLES = ("contract", "contract_aanbieder", "tarief", "contract_bevinding")
_UNDER = {
    "tarief": "tarief_uit",
    "contract": "contract_uit",
    "bevinding": "bevinding_uit",
    "contract_bevinding": "contract_bevinding_uit",
}
"""Published tables that have the name of a table of the store."""
_Z = 1.96
_FULL, _NONE = Decimal(10), Decimal(20)
"""Share of working time for administration that scores 100, and that scores 0 (docs/index.md)."""
_FEWEST_PARTS = 3
_HUNDRED = Decimal(100)


class Judge:
    """Computes all tables of an audit from a store.

    Args:
        store: the folder of the store.
        outcomes: what was read, of all units that count.
        ruleset: the rules, for parameters and code lists.
        peildatum: the date at which parameters hold.
        threads: how many threads the database may use.
    """

    def __init__(
        self,
        store: Path,
        outcomes: Sequence[UnitOutcome],
        ruleset: Ruleset,
        peildatum: datetime.date,
        threads: int,
    ) -> None:
        self._store = store
        self._outcomes = outcomes
        self._ruleset = ruleset
        self._peildatum = peildatum
        self._threads = threads
        self._places = Places(ruleset.codelists)
        self.records: list[FileRecord] = []
        """All files in order, with doubles marked."""
        self.index_year = peildatum.year
        self.assumed_years: list[int] = []
        """Years whose rise of prices is not known; that of the last known year is taken."""
        self.counts: dict[str, int] = {}

    def run(
        self, scratch: Path, step: Callable[[str], None] = lambda name: None
    ) -> dict[str, list[dict[str, Any]]]:
        """All published tables, with small numbers hidden.

        Args:
            scratch: folder for what does not fit in memory.
            step: is told the name of each table before it is made.
        """
        kept = self._current_files()
        with duckdb.connect(
            str(scratch / "oordeel.duckdb"),
            config={
                "threads": self._threads,
                "memory_limit": MEMORY,
                "temp_directory": str(scratch),
            },
        ) as connection:
            connection.execute("SET enable_progress_bar = false")
            connection.execute("SET preserve_insertion_order = false")
            self._load(connection, kept)
            self._reference(connection)
            for name, select in sections():
                step(name)
                connection.execute(f"CREATE TABLE {name} AS {select}")
            tables = {
                name: _rows(connection, _UNDER.get(name, name), columns)
                for name, columns in PUBLISHED.items()
                if name not in ("cijfer_uitleg", "standaardisatie", "rangorde", "bestand")
            }
            self._keep_current(connection)
            self.counts = {
                name: _count(connection, name) for name in ("bericht", "prestatie", "contract")
            }
        tables["cijfer_uitleg"] = [
            {
                "cijfer": f.cijfer,
                "titel": f.titel,
                "eenheid": f.eenheid,
                "richting": f.richting,
                "uitsplitsing": f.uitsplitsing,
                "definitie": f.definitie,
                "bron": f.bron,
            }
            for f in FIGURES
        ]
        tables["bestand"] = [
            {
                "naam": record.pad,
                "sha256": record.sha256,
                "soort": record.soort,
                "oordeel": record.oordeel,
                "reden": record.reden,
                "gemeente": record.gemeente,
                "conflict": record.conflict,
            }
            for record in self.records
        ]
        regions = {code: place.regio_code for code, place in self._places.by_code.items()}
        suppress(tables, regions, int(self._parameter("audit_drempel")))
        tables["standaardisatie"] = self._index(tables["cijfer"])
        tables["rangorde"] = self._ranks(tables)
        return {name: tables[name] for name in PUBLISHED}

    def _parameter(self, name: str) -> Decimal:
        value = self._ruleset.parameters[name].value_on(self._peildatum)
        return Decimal(0) if value is None else value

    def _current_files(self) -> list[tuple[str, str]]:
        """Which files count, by id and unit: each contents once. Marks the doubles."""
        found = [(record, outcome.unit) for outcome in self._outcomes for record in outcome.records]
        found.sort(key=lambda pair: (pair[0].pad, pair[1]))
        seen: dict[str, str] = {}
        kept = []
        for record, unit in found:
            if record.oordeel == Verdict.READ.value and record.sha256:
                first = seen.setdefault(record.sha256, record.pad)
                if first != record.pad:
                    record.oordeel = Verdict.DOUBLE.value
                    record.reden = f"Dit bestand is gelijk aan {first}. Het telt een keer."
                else:
                    kept.append((record.id, unit))
            self.records.append(record)
        return kept

    def _load(self, connection: duckdb.DuckDBPyConnection, kept: list[tuple[str, str]]) -> None:
        """Make the tables of the store, with only what counts."""
        connection.execute("CREATE TABLE bestand_nu (bestand_id VARCHAR, deel VARCHAR)")
        if kept:
            connection.execute(
                "INSERT INTO bestand_nu SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
                [list(column) for column in zip(*kept, strict=True)],
            )
        for name in ROWS:
            source = stored(self._store, name)
            if name in _CONTRACT_TABLES:
                keys, current = "(bestand_id, deel)", "bestand_nu"
            elif name == "bericht":
                # The same message in two files, such as loose and in a zip, counts once.
                connection.execute(
                    f"CREATE TABLE bericht AS SELECT * FROM {source} SEMI JOIN bestand_nu"  # noqa: S608
                    " USING (bestand_id, deel)"
                    " QUALIFY row_number() OVER (PARTITION BY sha256 ORDER BY pad, bestand_id) = 1"
                )
                continue
            else:
                keys, current = "(deel, bericht)", "bericht"
            kind = "TABLE" if name in _CONTRACT_TABLES else "VIEW"
            connection.execute(
                f"CREATE {kind} {name} AS SELECT * FROM {source} SEMI JOIN {current} USING {keys}"  # noqa: S608
            )

    def _reference(self, connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute(
            "CREATE TABLE gebied_van (gemeente VARCHAR, gemeente_naam VARCHAR, regio VARCHAR, regio_naam VARCHAR);"
            "CREATE TABLE standaardproduct (productcode VARCHAR, omschrijving VARCHAR);"
            "CREATE TABLE instelling (indexjaar INTEGER, minimale_looptijd INTEGER, herindicatie_dagen INTEGER);"
            "CREATE TABLE indexcijfer (jaar INTEGER, factor DECIMAL(18, 10));"
            "CREATE TABLE cijfer_soort (cijfer VARCHAR, soort VARCHAR, per_kind BOOLEAN)"
        )
        rows: dict[str, list[tuple[Any, ...]]] = {
            "gebied_van": [
                (p.code, p.naam, p.regio_code or None, p.regio_naam or None)
                for p in self._places.by_code.values()
            ],
            "standaardproduct": [
                (p.productcode, p.omschrijving) for p in self._ruleset.standard_products
            ],
            "indexcijfer": self._index_factors(),  # Sets the year that is put in ``instelling`` below.
            "cijfer_soort": [(f.cijfer, f.soort, f.per_kind) for f in FIGURES],
        }
        rows["instelling"] = [
            (
                self.index_year,
                int(self._parameter("minimale_looptijd")),
                int(self._parameter("audit_herindicatie_dagen")),
            )
        ]
        for table, content in rows.items():
            if content:
                marks = ", ".join(["unnest(?)"] * len(content[0]))
                connection.execute(
                    f"INSERT INTO {table} SELECT {marks}",
                    [list(column) for column in zip(*content, strict=True)],
                )
        connection.execute(
            "CREATE VIEW gemeente_gezien AS SELECT gemeente FROM bericht"  # noqa: S608
            " UNION SELECT gemeente FROM contract;"
            "CREATE TABLE niveau_van AS"
            " SELECT gemeente, 'gemeente' AS niveau, gemeente AS code FROM gebied_van"
            " UNION ALL SELECT gemeente, 'jeugdregio', regio FROM gebied_van WHERE regio IS NOT NULL"
            " UNION ALL SELECT gemeente, 'land', 'NL' FROM gebied_van"
            f" UNION ALL SELECT '{UNKNOWN}', 'land', 'NL'"
        )

    def _index_factors(self) -> list[tuple[int, Decimal]]:
        """Per year how prices stand to those of the first year; the year of the peildatum is indexed to.

        A year rises by OVA (wages) and PPC (prices), weighed by ``audit_weging_loon``; definitive figures go
        before provisional ones.
        """
        weight = self._parameter("audit_weging_loon") / _HUNDRED
        figures: dict[str, dict[int, Decimal]] = {}
        for name, _, value, _, start, _ in self._ruleset.parameters.rows():
            if name.startswith(("index_ova_", "index_ppc_")) and value is not None and start:
                figures.setdefault(name, {})[start.year] = value

        def rise(kind: str, year: int) -> Decimal | None:
            return figures.get(f"index_{kind}_definitief", {}).get(
                year, figures.get(f"index_{kind}_voorlopig", {}).get(year)
            )

        def rise_of_both(year: int) -> Decimal | None:
            wages, prices = rise("ova", year), rise("ppc", year)
            if wages is None or prices is None:
                return None
            return weight * wages + (1 - weight) * prices

        known = [year for year in range(2015, self._peildatum.year + 1) if rise_of_both(year)]
        if not known:
            return [(self._peildatum.year, Decimal(1))]
        last = known[-1]
        first = last
        while rise_of_both(first - 1) is not None:
            first -= 1
        factor = Decimal(1)
        found = [(first - 1, factor)]
        for year in range(first, self._peildatum.year + 1):
            percent = rise_of_both(year)
            if percent is None:
                # Not published, or not known to us: as in the last year that is known.
                percent = rise_of_both(last) or Decimal(0)
                self.assumed_years.append(year)
            factor *= 1 + percent / _HUNDRED
            found.append((year, factor.quantize(Decimal("1e-10"))))
        self.index_year = found[-1][0]
        return found

    def _keep_current(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Write which messages of the store count, for who reads it later."""
        target = self._store / CURRENT
        aside = target.with_suffix(".nieuw")
        connection.execute(
            f"COPY (SELECT bericht, deel FROM bericht ORDER BY ALL) TO {quoted(aside)} (FORMAT parquet)"  # noqa: S608
        )
        aside.replace(target)

    def _index(self, figures: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The standardisation index per area, with its parts; see docs/index.md."""
        known = {
            (row["niveau"], row["code"], row["cijfer"]): row
            for row in figures
            if not row["uitsplitsing"]
        }
        areas = sorted(
            {(level, code) for level, code, _ in known if level != "aanbieder"},
        )
        weights = {p.onderdeel: self._parameter(f"index_gewicht_{p.onderdeel}") for p in PARTS}
        made = []
        for level, code in areas:
            scores: dict[str, Decimal] = {}
            hidden = set()
            rows: dict[str, int] = {}
            for part in PARTS:
                row = known.get((level, code, part.cijfer))
                if row is None:
                    continue
                if row["onderdrukt"]:
                    hidden.add(part.onderdeel)
                elif row["waarde"] is not None:
                    scores[part.onderdeel] = _score(part.cijfer, row["waarde"])
                    rows[part.onderdeel] = row["rijen"]
            total = sum((weights[name] for name in scores), Decimal(0))
            enough = len(scores) >= _FEWEST_PARTS and total > 0
            whole = Decimal(0)
            for part in PARTS:
                name = part.onderdeel
                score = scores.get(name)
                share = weights[name] / total * _HUNDRED if score is not None and total else None
                # Whole contributions are added, and only what is shown is rounded.
                whole += share * score / _HUNDRED if share is not None and score is not None else 0
                made.append(
                    {
                        "niveau": level,
                        "code": code,
                        "onderdeel": name,
                        "titel": part.titel,
                        "gewicht": _rounded(share),
                        "score": _rounded(score),
                        "bijdrage": _rounded(share * score / _HUNDRED)
                        if share is not None and score is not None
                        else None,
                        "rijen": rows.get(name),
                        "onderdrukt": name in hidden,
                    }
                )
            made.append(
                {
                    "niveau": level,
                    "code": code,
                    "onderdeel": TOTAL,
                    "titel": "Standaardisatie-index",
                    "gewicht": _HUNDRED if enough else None,
                    "score": _rounded(whole) if enough else None,
                    "bijdrage": _rounded(whole) if enough else None,
                    "rijen": sum(rows.values()) if enough else None,
                    "onderdrukt": False,
                }
            )
        return made

    def _ranks(self, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[dict[str, Any]]:
        """A place per area on each figure that has a better side, with the places that chance allows."""
        fewest = int(self._parameter("audit_minimum_rijen"))
        made = []
        for figure in FIGURES:
            if not figure.richting or figure.soort not in ("aandeel", "verdeling"):
                continue
            best_high = figure.richting == "hoog is beter"
            for level in ("jeugdregio", "gemeente"):
                entries = [
                    _with_interval(row)
                    for row in tables["cijfer"]
                    if (row["niveau"], row["cijfer"], row["uitsplitsing"])
                    == (level, figure.cijfer, "")
                ]
                made += _placed(entries, figure.cijfer, fewest, best_high=best_high)
        for level in ("jeugdregio", "gemeente"):
            made += _placed(
                list(_index_intervals(tables["standaardisatie"], level)),
                TOTAL,
                fewest,
                best_high=True,
            )
        return made


def sections() -> list[tuple[str, str]]:
    """The tables of ``aggregates.sql`` in their order, each with its SELECT."""
    _, *parts = audit_tables_file().read_text(encoding="utf-8").split("\n-- tabel: ")
    return [
        (part.split("\n", 1)[0].strip(), part.split("\n", 1)[1].strip().rstrip(";"))
        for part in parts
    ]


def fingerprint_of(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """One value for everything that is published: equal only when all of it is equal."""
    digest = hashlib.sha256()
    for name in sorted(tables):
        digest.update(name.encode())
        for row in tables[name]:
            digest.update(repr(sorted((key, str(value)) for key, value in row.items())).encode())
    return digest.hexdigest()


def _rows(
    connection: duckdb.DuckDBPyConnection, name: str, columns: Sequence[tuple[str, str]]
) -> list[dict[str, Any]]:
    names = [column for column, _ in columns]
    if name == "cijfer":
        names.append("over_kinderen")
    listed = ", ".join(names)
    return rows_of(connection.execute(f"SELECT {listed} FROM {name} ORDER BY ALL"))  # noqa: S608


def _count(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    what = "count(DISTINCT contract)" if name == "contract" else "count(*)"
    found = connection.execute(f"SELECT {what} FROM {name}").fetchone()  # noqa: S608
    return int(found[0]) if found else 0


def _score(figure: str, value: Decimal) -> Decimal:
    """How far a figure is, from 0 to 100."""
    if figure == "lasten_ld2":
        value = (_NONE - value) / (_NONE - _FULL) * _HUNDRED
    return min(max(value, Decimal(0)), _HUNDRED)


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(Decimal("0.1"), ROUND_HALF_UP)


def _with_interval(row: Mapping[str, Any]) -> dict[str, Any]:
    """A share with its 95% interval (Wilson), in percent."""
    entry = {name: row[name] for name in ("niveau", "code", "waarde", "rijen")}
    low = high = None
    if row["waarde"] is not None and row["rijen"]:
        n = int(row["rijen"])
        p = min(max(float(row["waarde"]) / 100, 0.0), 1.0)
        middle = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
        spread = _Z / (1 + _Z**2 / n) * math.sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2))
        low, high = _percent(middle - spread), _percent(middle + spread)
    return {**entry, "laag": low, "hoog": high}


def _index_intervals(parts: Sequence[Mapping[str, Any]], level: str) -> "list[dict[str, Any]]":
    """The index per area with an interval: that of its parts together, each as a share of its rows."""
    found: dict[str, dict[str, Any]] = {}
    variance: dict[str, float] = {}
    for row in parts:
        if row["niveau"] != level:
            continue
        code = row["code"]
        if row["onderdeel"] == TOTAL:
            found[code] = {
                "niveau": level,
                "code": code,
                "waarde": row["score"],
                "rijen": row["rijen"],
                "laag": None,
                "hoog": None,
            }
        elif row["score"] is not None and row["rijen"]:
            n = row["rijen"] + 4  # Agresti-Coull: a share of all or none is not certain either.
            p = (float(row["score"]) / 100 * row["rijen"] + 2) / n
            weight = float(row["gewicht"]) / 100
            variance[code] = variance.get(code, 0.0) + weight**2 * p * (1 - p) / n
    for code, entry in found.items():
        if entry["waarde"] is not None:
            spread = _Z * math.sqrt(variance.get(code, 0.0))
            middle = float(entry["waarde"]) / 100
            entry["laag"], entry["hoog"] = _percent(middle - spread), _percent(middle + spread)
    return list(found.values())


def _percent(share: float) -> Decimal:
    return Decimal(str(round(min(max(share, 0.0), 1.0) * 100, 1)))


def _placed(
    entries: Sequence[dict[str, Any]], figure: str, fewest: int, *, best_high: bool
) -> list[dict[str, Any]]:
    """Entries with their place among those that have enough rows, and the places that chance allows."""
    ranked = [
        entry
        for entry in entries
        if entry["waarde"] is not None and (entry["rijen"] or 0) >= fewest
    ]
    sign = -1 if best_high else 1
    ranked.sort(key=lambda entry: (sign * entry["waarde"], entry["code"]))
    made = []
    for entry in entries:
        row = {**entry, "cijfer": figure, "rang": None, "rang_laag": None, "rang_hoog": None}
        if entry in ranked:
            better = [
                other
                for other in ranked
                if (other["laag"] > entry["hoog"] if best_high else other["hoog"] < entry["laag"])
            ]
            worse = [
                other
                for other in ranked
                if (other["hoog"] < entry["laag"] if best_high else other["laag"] > entry["hoog"])
            ]
            ahead = [o for o in ranked if sign * o["waarde"] < sign * entry["waarde"]]
            row["rang"] = len(ahead) + 1
            row["rang_laag"], row["rang_hoog"] = len(better) + 1, len(ranked) - len(worse)
            row["reden"] = ""
        elif entry["waarde"] is None:
            row["reden"] = "Het cijfer is onbekend of afgeschermd."
        else:
            row["reden"] = f"Er zijn minder dan {fewest} waarnemingen."
        made.append(row)
    return sorted(made, key=lambda row: (row["rang"] is None, row["rang"] or 0, row["code"]))
