"""An audit as a folder of pages: the country, each jeugdregio, gemeente and aanbieder. Works without a server."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from inkoopcheck.dutch import count_of, format_number
from inkoopcheck.locations import report_templates_folder
from inkoopcheck.reports.audit_charts import Chart, bars, differences, quartiles
from inkoopcheck.reports.audit_words import (
    COUNTRY,
    HIDDEN,
    UNKNOWN,
    Area,
    Book,
    Result,
    Row,
    amount_text,
    date_text,
    difference_text,
    figure_text,
    flag_text,
    number_of,
    page_name,
    percent_of,
    signed,
    unit_title,
)
from inkoopcheck.reports.common import clean, family_title, shorten
from inkoopcheck.reports.pages import page_environment

if TYPE_CHECKING:
    pass

CAP = 200
"""Rows shown of a long list; the rest is counted, and stands in the workbook or the open data."""

_MAX_TEXT = 2000
_CHARTED = 12
_PRODUCTS, _UNITS = 8, 3
_ASSETS = ("stijl.css", "sorteer.js")
_VERDICTS = ("gelezen", "dubbel", "niet bruikbaar", "overgeslagen")
_META = (
    "versie", "regelversie", "gemaakt_op", "peildatum", "opdracht", "drempel", "minimum_rijen",
    "indexjaar", "index_aangenomen", "overschreven", "invoer",
)  # fmt: skip
_WHY = {
    "standaard_codes": "{} van de productcodes in contracten is een standaardcode.",
    "standaard_euro": "{} van het gedeclareerde geld staat op standaardcodes.",
    "meerjarig": "{} van de contracten loopt lang genoeg (meerjarig).",
    "indexering": "In {} van de contracten is indexering afgesproken.",
    "contractstandaard": "{} van de contracten gebruikt een landelijke contractstandaard.",
    "uniform_product": "{} van de verschillende productcodes is een standaardcode; de rest zijn eigen codes.",
    "lasten": "Administratie voor het contract kost professionals {} van hun werktijd.",
    "reeel_tarief": "{} van de tarieven met een kostprijs haalt de ondergrens van het nagerekende tarief.",
    "regionale_inkoop": "{} van de zware hulp is samen met andere gemeenten ingekocht.",
}
"""Per part of the index a sentence with its figure."""
_WHY_NONE = {
    "standaard_codes": "Geen enkele productcode in contracten is een standaardcode.",
    "standaard_euro": "Er staat geen gedeclareerd geld op standaardcodes.",
    "meerjarig": "Geen enkel contract loopt lang genoeg (meerjarig).",
    "indexering": "In geen enkel contract is indexering afgesproken.",
    "contractstandaard": "Geen enkel contract gebruikt een landelijke contractstandaard.",
    "uniform_product": "Alle productcodes zijn eigen codes.",
    "reeel_tarief": "Geen enkel tarief met een kostprijs haalt de ondergrens van het nagerekende tarief.",
    "regionale_inkoop": "Geen zware hulp is samen met andere gemeenten ingekocht.",
}
"""The same for a figure of nothing."""
_FIGURE_OF = {"lasten": "lasten_ld2"}
"""Parts of the index that are called otherwise than their figure."""


def write_site(result: Result, folder: Path) -> None:
    """Write the pages of an audit, and what they need, into a folder."""
    site = _Site(Book(result))
    source = report_templates_folder() / "audit"
    for name in _ASSETS:
        _write(folder / "hulp" / name, (source / name).read_text(encoding="utf-8"))
    for path, text in site.pages():
        _write(folder / path, text)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", errors="replace", newline="\n")


class _Site:
    """Renders pages one by one, so that a country does not have to fit in memory."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.meta = {**dict.fromkeys(_META), **book.meta}
        self.environment = page_environment(_text, "audit")
        self.environment.globals.update(
            {
                "CAP": CAP,
                "book": book,
                "country": COUNTRY,
                "meta": self.meta,
                "amount_text": amount_text,
                "comparable": self.comparable,
                "count_of": count_of,
                "date_text": date_text,
                "day_number": _day_number,
                "difference_text": difference_text,
                "family_rows": self.family_rows,
                "family_title": family_title,
                "figure_text": figure_text,
                "figure_title": self.figure_title,
                "flag_text": flag_text,
                "format_number": format_number,
                "gemeente_link": self.gemeente_link,
                "middle": _middle,
                "page_name": page_name,
                "part_of": self.part_of,
                "percent_of": percent_of,
                "plain": _plain,
                "provider": self.provider_link,
                "rank_reason": _rank_reason,
                "raw": _raw,
                "signed": signed,
                "svg": lambda chart: Markup(chart.svg),  # noqa: S704 - pygal escapes it itself
                "totals": self.totals,
                "unit_title": unit_title,
                "wait_chart": self.wait_chart,
                "waits": self.waits,
                "why": self.why,
            }
        )

    def pages(self) -> Iterator[tuple[str, str]]:
        """Every page, with its place below the folder."""
        yield "index.html", self.country()
        yield "bestanden.html", self.files()
        writers: tuple[tuple[str, str, Callable[[Row], str]], ...] = (
            ("jeugdregio", "regio", self.region),
            ("gemeente", "gemeente", self.gemeente),
            ("aanbieder", "aanbieder", self.provider),
        )
        for level, folder, writer in writers:
            for row in self.book.of_level(level):
                yield f"{folder}/{page_name(row['code'])}.html", writer(row)

    def country(self) -> str:
        """The page to begin with."""
        book = self.book
        regions = book.of_level("jeugdregio")
        return self._render(
            "index.html.j2",
            root="",
            area=COUNTRY,
            titel="Audit van inkoop van jeugdhulp",
            onder_titel=f"Wat {self._size()} laten zien, op {date_text(self.meta['peildatum'])}",
            kruimels=(),
            inhoud=(
                ("meest", "Drie gemeenten die het meest afwijken"),
                ("cijfers", "Nederland in cijfers"),
                ("index", "Index per jeugdregio"),
                ("rangorde", "Rangorde van gemeenten"),
                ("tarieven", "Tarieven"),
                ("wachten", "Wachttijden"),
                ("afwijkingen", "Afwijkingen"),
                ("regios", "Jeugdregio’s"),
                ("gemeenten", "Gemeenten"),
                ("aanbieders", "Aanbieders"),
            ),
            different=book.most_different(),
            gemeenten=book.of_level("gemeente"),
            region_chart=self.index_chart(regions, "index-regio", "Index per jeugdregio (0–100)"),
            region_ranks=self.ranked(regions),
            gemeente_ranks=self.ranked(book.of_level("gemeente")),
            **self._area_parts(COUNTRY),
        )

    def region(self, row: Row) -> str:
        """The page of a jeugdregio."""
        area = ("jeugdregio", row["code"])
        gemeenten = self.book.gemeenten_of(row["code"])
        chart = self.index_chart(gemeenten, "index-gemeente", "Index per gemeente (0–100)")
        return self._render(
            "regio.html.j2",
            root="../",
            area=area,
            titel=f"Jeugdregio {self.book.name(area)}",
            onder_titel=f"Code {row['code']} · {count_of(len(gemeenten), 'gemeente', 'gemeenten')}",
            kruimels=(("Nederland", "index.html"),),
            inhoud=(
                ("opbouw", "Index"),
                ("gemeenten", "Gemeenten naast elkaar"),
                ("cijfers", "Cijfers"),
                ("tarieven", "Tarieven"),
                ("wachten", "Wachttijden"),
                ("afwijkingen", "Afwijkingen"),
            ),
            gemeenten=gemeenten,
            gemeente_chart=chart,
            gemeente_ranks=self.ranked(gemeenten),
            **self._area_parts(area),
        )

    def gemeente(self, row: Row) -> str:
        """The page of a gemeente."""
        book, code = self.book, row["code"]
        area = ("gemeente", code)
        region: Area = ("jeugdregio", row.get("regio_code") or "")
        crumbs = [("Nederland", "index.html")]
        if region in book.areas:
            crumbs.append((f"Jeugdregio {book.name(region)}", f"regio/{page_name(region[1])}.html"))
        tariffs = sorted(book.rows_of("tarief", code), key=_distance)
        return self._render(
            "gemeente.html.j2",
            root="../",
            area=area,
            region=region,
            titel=f"Gemeente {book.name(area)}",
            onder_titel=f"Code {code} · jeugdregio {row.get('regio_naam') or 'onbekend'}",
            kruimels=crumbs,
            inhoud=(
                ("opbouw", "Index"),
                ("cijfers", "Cijfers"),
                ("contracten", "Contracten"),
                ("tarieven", "Tarieven"),
                ("eigen", "Eigen codes"),
                ("afwijkingen", "Afwijkingen in contracten"),
                ("berichten", "Afwijkingen in berichten"),
                ("wachten", "Wachttijden"),
            ),
            cards=self.cards(area),
            contracts=book.rows_of("contract", code),
            tariffs=tariffs,
            tariff_chart=_tariff_chart(tariffs),
            own_codes=book.rows_of("eigen_code", code),
            open=book.contract_findings(code, explained=False),
            explained=book.contract_findings(code, explained=True),
            messages=book.findings(area, "bericht"),
        )

    def provider(self, row: Row) -> str:
        """The page of an aanbieder."""
        book, area = self.book, ("aanbieder", row["code"])
        tariffs = book.tariffs_of(row)
        name = book.name(area)
        return self._render(
            "aanbieder.html.j2",
            root="../",
            area=area,
            titel=f"Aanbieder {name}",
            onder_titel=f"AGB-code {row['code']}" if row["code"] != name else "AGB-code onbekend",
            kruimels=(("Nederland", "index.html"),),
            inhoud=(
                ("overzicht", "Overzicht"),
                ("druk", "Contractdruk"),
                ("tarieven", "Tarieven"),
                ("cijfers", "Cijfers"),
                ("afwijkingen", "Afwijkingen"),
            ),
            cards=self.cards(area),
            pressure=book.pressure.get(row["code"]),
            tariffs=tariffs,
            products=_side_by_side(tariffs),
            findings=book.findings(area, "bericht"),
        )

    def files(self) -> str:
        """What became of every file."""
        rows: Sequence[Row] = self.book.tables["bestand"]
        files: dict[str, list[Row]] = {verdict: [] for verdict in _VERDICTS}
        counts: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
        for row in rows:
            files.setdefault(row["oordeel"], []).append(row)
            counts[row["soort"]][row["oordeel"]] += 1
        return self._render(
            "bestanden.html.j2",
            root="",
            titel="Gelezen bestanden",
            onder_titel=count_of(len(rows), "bestand", "bestanden"),
            kruimels=(("Nederland", "index.html"),),
            inhoud=(
                ("telling", "Wat is gelezen"),
                ("conflicten", "Conflicten over de gemeente"),
                ("nietbruikbaar", "Niet bruikbaar"),
                ("dubbel", "Dubbel"),
                ("overgeslagen", "Overgeslagen"),
                ("gelezen", "Gelezen"),
            ),
            verdicts=_VERDICTS,
            counts=[(k, [counts[k][v] for v in _VERDICTS]) for k in sorted(counts)],
            files=files,
            conflicts=[row for row in rows if row["conflict"]],
        )

    def _render(self, page: str, **values: Any) -> str:
        return self.environment.get_template(page).render(values)

    def _area_parts(self, area: Area) -> dict[str, Any]:
        spreads = sorted(
            self.book.rows("tariefspreiding", area),
            key=lambda r: (-r["tarieven"], r["productcode"], r["eenheid"] or ""),
        )
        return {
            "cards": self.cards(area),
            "spreads": spreads[:CAP],
            "spreads_more": max(0, len(spreads) - CAP),
            "tariff_charts": _spread_charts(spreads[:CAP]),
        }

    def _size(self) -> str:
        sizes = (
            ("contracten", "contract", "contracten"),
            ("berichten", "bericht", "berichten"),
        )
        row = self.book.areas.get(COUNTRY, {})
        known = [
            count_of(int(row[name]), one, more)
            for name, one, more in sizes
            if not row.get("onderdrukt") and row.get(name) is not None
        ]
        return " en ".join(known) or "contracten en berichten"

    def cards(self, area: Area) -> list[tuple[str, str]]:
        """How much was read of an area."""
        row = self.book.areas.get(area, {})
        names = {
            "gemeenten": "gemeenten",
            "aanbieders": "aanbieders",
            "contracten": "contracten",
            "berichten": "berichten",
            "clienten": "kinderen in berichten",
        }
        if area[0] == "gemeente":
            del names["gemeenten"]
        if area[0] == "aanbieder":
            del names["aanbieders"]
        small = row.get("onderdrukt")
        return [
            (HIDDEN if small and name in ("berichten", "clienten") else amount_text(row.get(name)), label)
            for name, label in names.items()
        ]  # fmt: skip

    def totals(self, area: Area) -> list[Row]:
        """The figures of an area as a whole, in the order of their definitions."""
        figures = self.book.figures.get(area, {})
        return [figures[name, ""] for name in self.book.explained if (name, "") in figures]

    def figure_title(self, name: str) -> str:
        """What a figure is called."""
        return str(self.book.explained.get(name, {}).get("titel") or name)

    def comparable(self, name: str) -> bool:
        """Is a difference between a small and a large area of meaning? Not for sums."""
        return name == "berichten_per_client" or self.book.unit(name) not in ("euro", "aantal")

    def part_of(self, area: Area, name: str) -> Row | None:
        """One part of the index of an area."""
        return next((r for r in self.book.parts(area) if r["onderdeel"] == name), None)

    def ranked(self, areas: Sequence[Row]) -> list[tuple[Row, Row]]:
        """Areas with their place, those without a place last."""
        nothing: Row = dict.fromkeys(
            ("waarde", "laag", "hoog", "rang", "rang_laag", "rang_hoog", "rijen", "reden")
        )
        found = [
            (area, self.book.rank((area["niveau"], area["code"])) or nothing) for area in areas
        ]
        found.sort(
            key=lambda pair: (pair[1]["rang"] is None, pair[1]["rang"] or 0, pair[0]["code"])
        )
        return found

    def index_chart(self, areas: Sequence[Row], identity: str, title: str) -> Chart | None:
        """The index per area, the highest first."""
        found = [
            (value, self.book.name(area))
            for row in areas
            if (value := self.book.index_value(area := (row["niveau"], row["code"]))) is not None
        ]
        if not found:
            return None
        found.sort(key=lambda pair: (-pair[0], pair[1]))
        names, values = [name for _, name in found], [value for value, _ in found]
        return bars(identity, title, names, values, full=100)

    def waits(self, area: Area) -> list[tuple[str, Row | None, Row | None]]:
        """Per product, the whole first: days after toewijzing and after a request."""
        figures = self.book.figures.get(area, {})
        names = ("wachttijd_toewijzing", "wachttijd_aanvraag")
        parts = {part for name, part in figures if name in names}
        rows = [
            (part, figures.get((names[0], part)), figures.get((names[1], part))) for part in parts
        ]
        rows.sort(key=lambda r: (r[0] != "", -(number_of(r[1], "rijen") or 0), r[0]))
        return rows[:CAP]

    def wait_chart(self, area: Area, identity: str) -> Chart | None:
        """Days after toewijzing, of the products with the most toewijzingen."""
        found = [
            (self.book.product(part), value)
            for part, after, _ in self.waits(area)
            if part and (value := number_of(after)) is not None
        ][:_CHARTED]
        if not found:
            return None
        title = "Middelste wachttijd na toewijzing per product, in dagen"
        return bars(f"{identity}-grafiek", title, [n for n, _ in found], [v for _, v in found])

    def family_rows(self, area: Area) -> list[dict[str, Any]]:
        """Findings per family and severity; what is hidden is said, not counted."""
        groups: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.book.findings(area):
            groups[row["bron"], row["familie"]].append(row)
        return [
            {
                "bron": source,
                "familie": family,
                "cells": [
                    *(
                        _sum_text([r for r in rows if r["ernst"] == severity], "aantal")
                        for severity in ("fout", "waarschuwing", "aandachtspunt")
                    ),
                    _sum_text(rows, "uitgelegd") if source == "contract" else "–",
                ],
            }
            for (source, family), rows in sorted(groups.items(), reverse=True)
        ]

    def why(self, part: Row) -> str:
        """What lies behind the score of a part of the index, as a sentence."""
        name = str(part["onderdeel"])
        figure = _FIGURE_OF.get(name, name)
        row = self.book.figure((part["niveau"], part["code"]), figure)
        if name not in _WHY or number_of(row) is None:
            return f"{part['titel']}: score {figure_text(part, '', 'score')} van 100."
        if not number_of(row) and name in _WHY_NONE:
            return _WHY_NONE[name]
        return _WHY[name].format(figure_text(row, "%"))

    def provider_link(self, name: str | None) -> str:
        """A provider, with a link to its page when it has one."""
        code = self.book.providers.get(name or "")
        if code is None:
            return name or "onbekend"
        return Markup('<a href="../aanbieder/{}.html">{}</a>').format(page_name(code), _text(name))

    def gemeente_link(self, code: str) -> str:
        """A gemeente, with a link to its page when it has one."""
        area = ("gemeente", code)
        if area not in self.book.areas:
            return code
        link = Markup('<a href="../gemeente/{}.html">{}</a>')
        return link.format(page_name(code), _text(self.book.name(area)))


def _text(value: object) -> object:
    """Texts come from other people's files: take out what could steer or swamp a page."""
    if type(value) is not str:
        return value
    return shorten(clean(value), _MAX_TEXT).replace("€ ", "€\xa0")


def _raw(row: Row | None, column: str = "waarde") -> str:
    """A number to sort on; nothing for what may not be shown."""
    value = number_of(row, column)
    return "" if value is None else format(value, "f")


def _rank_reason(rank: Row | None) -> str:
    """Why there is no place, as part of a sentence."""
    reason = str((rank or {}).get("reden") or UNKNOWN).rstrip(".")
    return reason[:1].lower() + reason[1:]


def _plain(value: int | None) -> Markup:
    text = UNKNOWN if value is None else format_number(value)
    raw = "" if value is None else value
    return Markup('<td class="num" data-waarde="{}">{}</td>').format(raw, text)


def _day_number(value: object) -> str:
    if isinstance(value, str):
        return value[:10].replace("-", "")
    return value.strftime("%Y%m%d") if isinstance(value, datetime.date) else ""


def _middle(row: Row | None) -> str:
    """The middle value, with the middle half."""
    value = number_of(row)
    if row is None or value is None:
        return figure_text(row)
    low, high = number_of(row, "p25"), number_of(row, "p75")
    if low is None or high is None:
        return format_number(value)
    return f"{format_number(value)} ({format_number(low)}–{format_number(high)})"


def _sum_text(rows: Sequence[Row], column: str) -> str:
    shown = sum(int(r[column] or 0) for r in rows if not r["onderdrukt"])
    if not any(r["onderdrukt"] for r in rows):
        return format_number(shown)
    return f"{format_number(shown)} + {HIDDEN}" if shown else HIDDEN


def _distance(row: Row) -> tuple[bool, Decimal, str, str, str]:
    off = percent_of(row["tarief_indexjaar"], row["land_mediaan"])
    far = -abs(off) if off is not None else Decimal(0)
    return off is None, far, row["productcode"] or "", row["contract"] or "", row["eenheid"] or ""


def _tariff_chart(tariffs: Sequence[Row]) -> Chart | None:
    """How far tariffs are from the middle of the country; of a product the farthest."""
    found: dict[tuple[str, str], tuple[str, Decimal]] = {}
    for row in tariffs:
        off = percent_of(row["tarief_indexjaar"], row["land_mediaan"])
        key = (row["productcode"], row["eenheid"])
        if off is not None and row["positie"] and key not in found and len(found) < _CHARTED:
            found[key] = (f"{row['productcode']} {row['omschrijving'] or ''}", round(off, 1))
    if not any(off for _, off in found.values()):
        return None
    title = "Tarief naast de mediaan van Nederland, verschil in procent"
    labels, values = zip(*found.values(), strict=True)
    return differences("tarief-grafiek", title, labels, values)


def _spread_charts(spreads: Sequence[Row]) -> list[Chart]:
    """One chart per unit, as euros per hour and per day cannot share an axis."""
    units: defaultdict[str, list[Row]] = defaultdict(list)
    for row in spreads:
        if row["minimum"] is not None and row["minimum"] < row["maximum"]:
            units[row["eenheid"] or ""].append(row)
    most = sorted(units, key=lambda u: (-sum(r["tarieven"] for r in units[u]), u))[:_UNITS]
    charts = []
    for unit in most:
        rows = units[unit][:_PRODUCTS]
        title = f"Spreiding van tarieven per {unit_title(unit) or 'eenheid'}, in euro"
        labels = [f"{r['productcode']} {r['omschrijving'] or ''}" for r in rows]
        ends = [(r["minimum"], r["p25"], r["mediaan"], r["p75"], r["maximum"]) for r in rows]
        charts.append(quartiles(f"spreiding-{page_name(unit)}", title, labels, ends))
    return charts


def _side_by_side(tariffs: Sequence[Row]) -> list[dict[str, Any]]:
    """Per product its lowest and highest tariff, the largest difference first."""
    groups: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in tariffs:
        if row["tarief_indexjaar"] is not None:
            groups[row["productcode"], row["eenheid"]].append(row)
    made = []
    for rows in groups.values():
        low = min(rows, key=lambda r: r["tarief_indexjaar"])
        high = max(rows, key=lambda r: r["tarief_indexjaar"])
        made.append(
            {
                "first": rows[0],
                "gemeenten": len({r["gemeente"] for r in rows}),
                "low": low,
                "high": high,
                "difference": high["tarief_indexjaar"] - low["tarief_indexjaar"],
            }
        )
    made.sort(key=lambda item: (-item["difference"], item["first"]["productcode"]))
    return made
