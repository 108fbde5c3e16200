"""What the pages and files of an audit share: its rows by area, and how they look to a reader."""

import datetime
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol

from inkoopcheck.dutch import format_date, format_euro, format_number, format_value
from inkoopcheck.findings.model import Ernst

Row = Mapping[str, Any]
Area = tuple[str, str]
"""A level and a code: ``('gemeente', '0384')``."""

COUNTRY: Area = ("land", "NL")
UNKNOWN = "niet te bepalen"
HIDDEN = "afgeschermd"
TOTAL = "totaal"
SEVERITY_ORDER = {severity.value: number for number, severity in enumerate(reversed(Ernst))}
UNITS = {
    "01": "minuut",
    "04": "uur",
    "14": "etmaal",
    "16": "dagdeel",
    "82": "stuk (output)",
    "83": "euro",
    "84": "stuk (inspanning)",
}
_SAFE_NAME = re.compile(r"[A-Za-z0-9]{1,20}")


class Result(Protocol):
    """What an audit hands over: tables of rows, and how they were made."""

    @property
    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """The aggregated tables by name."""
        ...

    @property
    def meta(self) -> dict[str, Any]:
        """Versions, dates, parameters and the command."""
        ...


def page_name(code: str) -> str:
    """A file name for a code; what someone wrote as a code never steers where a file lands."""
    if _SAFE_NAME.fullmatch(code):
        return code
    return f"x{hashlib.sha256(code.encode(errors='replace')).hexdigest()[:16]}"


def unit_title(code: str | None) -> str:
    """The unit of a tariff as a word."""
    return UNITS.get(code or "", code or "")


def amount_text(value: object, unit: str = "") -> str:
    """A value with its unit; what is missing is ``niet te bepalen``."""
    if value is None or value == "":
        return UNKNOWN
    if isinstance(value, bool) or not isinstance(value, Decimal | int | float):
        return format_value(value)
    if unit == "euro":
        return format_euro(Decimal(str(value)))
    if unit == "%":
        return f"{format_number(round(Decimal(str(value)), 1))}%"
    if unit in ("", "aantal"):
        return format_number(value)
    return f"{format_number(value)} {_singular(unit) if value == 1 else unit}"


def _singular(unit: str) -> str:
    return {"dagen": "dag", "maanden": "maand", "punten": "punt"}.get(unit, unit)


def figure_text(row: Row | None, unit: str = "", column: str = "waarde") -> str:
    """A figure of a row: its value, or why there is none."""
    if row is None:
        return UNKNOWN
    if row.get("onderdrukt"):
        return HIDDEN
    return amount_text(row.get(column), unit)


def difference_text(row: Row | None, other: Row | None, unit: str) -> str:
    """How far one figure is above or below another, when both may be shown."""
    value, beside = number_of(row), number_of(other)
    if value is None or beside is None:
        return "–"
    difference = value - beside
    if unit == "%":
        return signed(round(difference, 1), "procentpunt")
    return signed(difference, unit)


def number_of(row: Row | None, column: str = "waarde") -> Decimal | None:
    """The number of a row that may be shown, or nothing."""
    if row is None or row.get("onderdrukt") or row.get(column) is None:
        return None
    return Decimal(str(row[column]))


def signed(value: Decimal, unit: str = "") -> str:
    """A difference with its sign: ``+3``, ``−12,5%``."""
    if not value:
        return "gelijk"
    text = format_euro(abs(value)) if unit == "euro" else format_number(round(abs(value), 2))
    sign = "+" if value > 0 else "−"
    return f"{sign}{text}" + (
        "%" if unit == "%" else "" if unit in ("", "euro", "aantal") else f" {unit}"
    )


def date_text(value: object) -> str:
    """A date, also when it comes as ISO text."""
    if isinstance(value, str):
        try:
            value = datetime.datetime.fromisoformat(value)
        except ValueError:
            return str(value)
        value = value if value.time() != datetime.time.min else value.date()
    if isinstance(value, datetime.datetime):
        return f"{format_date(value)} {value:%H:%M}"
    return format_date(value) if isinstance(value, datetime.date) else UNKNOWN


def flag_text(value: object) -> str:
    """Yes, no, or nothing known."""
    return UNKNOWN if value is None else "ja" if value else "nee"


def percent_of(value: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """How far a tariff is above (or below) another, in percent of the other."""
    if value is None or not whole:
        return None
    return (Decimal(value) / Decimal(whole) - 1) * 100


class Book:
    """The tables of an audit, with the rows of an area at hand."""

    def __init__(self, result: Result) -> None:
        tables = result.tables
        self.tables: dict[str, list[dict[str, Any]]] = defaultdict(list, tables)
        self.meta = result.meta
        self.threshold = int(result.meta.get("drempel") or 10)
        self.areas: dict[Area, Row] = {}
        for area in self.tables["gebied"]:
            self.areas[area["niveau"], area["code"]] = area
        self.explained = {r["cijfer"]: r for r in self.tables["cijfer_uitleg"]}
        self.figures: dict[Area, dict[tuple[str, str], Row]] = defaultdict(dict)
        for row in self.tables["cijfer"]:
            self.figures[row["niveau"], row["code"]][row["cijfer"], row["uitsplitsing"] or ""] = row
        self._by_area: dict[str, dict[Area, list[Row]]] = {
            name: _grouped(self.tables[name], "niveau", "code")
            for name in ("bevinding", "tariefspreiding", "standaardisatie", "rangorde")
        }
        self._by_gemeente: dict[str, dict[tuple[str, ...], list[Row]]] = {
            name: _grouped(self.tables[name], "gemeente")
            for name in ("contract", "contract_bevinding", "tarief", "eigen_code")
        }
        self.tariffs_of_provider = _grouped(self.tables["tarief"], "aanbieder")
        self.pressure = {r["aanbieder"]: r for r in self.tables["contractdruk"]}
        for code, pressure in self.pressure.items():
            # A provider that is known by name only has contracts, but no messages.
            known = {"niveau": "aanbieder", "code": code, **pressure}
            self.areas.setdefault(("aanbieder", code), known)
        self.products = {
            r["productcode"]: r["omschrijving"]
            for r in reversed(self.tables["tariefspreiding"])
            if r["niveau"] == "land"
        }
        self.providers: dict[str, str] = {}
        for (level, code), named in sorted(self.areas.items(), key=lambda i: i[0], reverse=True):
            if level == "aanbieder":
                self.providers[named.get("naam") or code] = code
                self.providers[code] = code

    def of_level(self, level: str) -> list[Row]:
        """The areas of a level, by name."""
        found = [row for (name, _), row in self.areas.items() if name == level]
        return sorted(found, key=lambda r: (str(r.get("naam") or r["code"]).lower(), r["code"]))

    def gemeenten_of(self, region: str) -> list[Row]:
        """The gemeenten of a jeugdregio, by name."""
        return [row for row in self.of_level("gemeente") if row["regio_code"] == region]

    def rows(self, table: str, area: Area) -> list[Row]:
        """The rows of an area in a table with levels."""
        return self._by_area[table].get(area, [])

    def rows_of(self, table: str, gemeente: str) -> list[Row]:
        """The rows of a gemeente in a table that has only gemeenten."""
        return self._by_gemeente[table].get((gemeente,), [])

    def name(self, area: Area) -> str:
        """What an area is called."""
        row = self.areas.get(area)
        return str((row or {}).get("naam") or area[1])

    def figure(self, area: Area, name: str, part: str = "") -> Row | None:
        """One figure of an area."""
        return self.figures.get(area, {}).get((name, part))

    def parts(self, area: Area) -> list[Row]:
        """The parts of the index of an area, without the total."""
        return [r for r in self.rows("standaardisatie", area) if r["onderdeel"] != TOTAL]

    def index(self, area: Area) -> Row | None:
        """The standardisation index of an area."""
        rows = self.rows("standaardisatie", area)
        return next((r for r in rows if r["onderdeel"] == TOTAL), None)

    def index_value(self, area: Area) -> Decimal | None:
        """The index of an area as a number, when it may be shown."""
        return number_of(self.index(area), "score")

    def rank(self, area: Area, figure: str = TOTAL) -> Row | None:
        """The place of an area on a figure."""
        return next((r for r in self.rows("rangorde", area) if r["cijfer"] == figure), None)

    def unit(self, figure: str) -> str:
        """The unit of a figure."""
        return str(self.explained.get(figure, {}).get("eenheid") or "")

    def product(self, code: str) -> str:
        """A product code with its name, when a contract gives one."""
        name = self.products.get(code)
        return f"{code} {name}" if name else code

    def breakdown(self, area: Area, figure: str) -> list[Row]:
        """The parts of a figure, the largest first."""
        rows = [
            r for (name, part), r in self.figures.get(area, {}).items() if name == figure and part
        ]
        return sorted(rows, key=lambda r: (-(number_of(r) or Decimal(-1)), r["uitsplitsing"]))

    def spread(self, figure: str, areas: Sequence[Row]) -> tuple[Row, Row, Row] | None:
        """The areas with the lowest, the middle and the highest value of a figure."""
        found = [self.figure((a["niveau"], a["code"]), figure) for a in areas]
        shown = [r for r in found if r is not None and number_of(r) is not None]
        if not shown:
            return None
        shown.sort(key=lambda r: (number_of(r), r["code"]))
        return shown[0], shown[(len(shown) - 1) // 2], shown[-1]

    def findings(self, area: Area, source: str = "") -> list[Row]:
        """Counted findings of an area: worst first, then the most often."""
        rows = [r for r in self.rows("bevinding", area) if not source or r["bron"] == source]
        return sorted(rows, key=_urgency)

    def most_often(self, area: Area, limit: int) -> list[Row]:
        """The rules with the most findings, whatever their severity."""
        rows = [r for r in self.rows("bevinding", area) if number_of(r, "aantal")]
        return sorted(rows, key=lambda r: (-r["aantal"], r["regel"], r["bron"]))[:limit]

    def contract_findings(self, gemeente: str, *, explained: bool) -> list[Row]:
        """Findings in contracts with their place, worst first."""
        rows = self.rows_of("contract_bevinding", gemeente)
        kept = [r for r in rows if (r["uitgelegd"] is not None) is explained]
        return sorted(
            kept, key=lambda r: (SEVERITY_ORDER.get(r["ernst"], 9), r["regel"], r["bestand"] or "")
        )

    def most_different(self, limit: int = 3) -> list[Row]:
        """The gemeenten with the lowest index."""
        found = [
            (value, row)
            for row in self.of_level("gemeente")
            if (value := self.index_value(("gemeente", row["code"]))) is not None
        ]
        found.sort(key=lambda pair: (pair[0], pair[1]["code"]))
        return [row for _, row in found[:limit]]

    def lost(self, area: Area, limit: int = 3) -> list[tuple[Row, Decimal]]:
        """The parts of the index that cost an area most points, with those points."""
        found = []
        for row in self.parts(area):
            weight, share = number_of(row, "gewicht"), number_of(row, "bijdrage")
            if weight is not None and share is not None and weight - share >= Decimal("0.1"):
                found.append((row, weight - share))
        found.sort(key=lambda pair: (-pair[1], pair[0]["onderdeel"]))
        return found[:limit]

    def tariffs_of(self, provider: Row) -> list[Row]:
        """The tariffs of a provider, known in contracts by name or by code."""
        names = dict.fromkeys((str(provider["code"]), str(provider.get("naam") or "")))
        rows = [r for name in names for r in self.tariffs_of_provider.get((name,), [])]
        return sorted(
            rows,
            key=lambda r: (
                r["productcode"],
                r["eenheid"] or "",
                r["gemeente"],
                r["contract"] or "",
            ),
        )


def _grouped(rows: Iterable[Row], *columns: str) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[tuple(row[column] for column in columns)].append(row)
    return dict(found)


def _urgency(row: Row) -> tuple[int, bool, int, str]:
    count = row["aantal"]
    return SEVERITY_ORDER.get(row["ernst"], 9), count is None, -(count or 0), row["regel"]
