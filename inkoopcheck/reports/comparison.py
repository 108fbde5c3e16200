"""Two audits side by side, in the terminal and as one page: what is new, solved or the same."""

import functools
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from inkoopcheck.dutch import count_of, format_euro, format_number
from inkoopcheck.findings.comparison import Change, Comparison
from inkoopcheck.findings.model import Ernst
from inkoopcheck.locations import report_templates_folder
from inkoopcheck.reports.audit_charts import Chart, trend
from inkoopcheck.reports.common import SEVERITIES, clean, one_line, shorten
from inkoopcheck.reports.pages import page_environment
from inkoopcheck.reports.terminal import Page

if TYPE_CHECKING:
    from jinja2 import Template
    from rich.console import Console

CAP_TERMINAL = 20
"""Rows shown of each list in the terminal; the rest is counted."""
CAP_PAGE = 300
"""Rows shown of each list on the page; the rest is counted."""
HIDDEN = "afgeschermd"
"""Stands for a number that is too small to show, or that leaves out such a number."""
UNKNOWN = "onbekend"
TOTAL = "totaal"
_MAX_TEXT = 600
_CHARTED = 15
"""Areas in the chart."""
_LEVELS = {"land": "Land", "jeugdregio": "Jeugdregio", "gemeente": "Gemeente"}
_SOURCES = {"contract": "contracten", "bericht": "berichten"}


def render_terminal(comparison: Comparison, console: "Console", *, only_new: bool = False) -> None:
    """Print the comparison.

    Args:
        comparison: the two audits side by side.
        console: where to print; one that is no terminal gets no colours.
        only_new: show no more than what is new, and what to keep in mind with it.
    """
    page = Page(console, False)
    page.line(summary(comparison), style="bold")
    page.line(f"{_run('Toen', comparison.toen)} {_run('Nu', comparison.nu)}", style="dim")
    if comparison.kanttekeningen:
        page.heading("Let op")
        for sentence in comparison.kanttekeningen:
            page.item(sentence)
    _finding_list(page, "Nieuw", comparison.nieuw)
    if only_new:
        return
    _finding_list(page, "Opgelost", comparison.opgelost)
    changed = [change for change in comparison.index if change.veranderd]
    _change_list(page, "Standaardisatie-index", changed)
    if changed:
        page.line("De hele opbouw van de index staat in de rapporten.", style="dim")
    _change_list(page, "Veranderde cijfers", whole(comparison.cijfers))
    _change_list(page, "Aantal afwijkingen", comparison.aantallen)
    if text := files_sentence(comparison):
        page.heading("Bestanden")
        page.line(text)


def render_html(comparison: Comparison) -> str:
    """The comparison as a complete HTML document, readable without scripts and on paper."""
    from markupsafe import Markup

    style = (report_templates_folder() / "report.css").read_text(encoding="utf-8")
    return _template().render(
        comparison=comparison,
        style=Markup(style),  # noqa: S704 - our own file
        summary=summary(comparison),
        files_sentence=files_sentence(comparison),
        run=_run,
        totals=totals(comparison.index),
        trend=_trend(comparison),
        svg=lambda chart: Markup(chart.svg),  # noqa: S704 - pygal escapes what it writes
        parts=[change for change in comparison.index if change.wat != TOTAL],
        figures=whole(comparison.cijfers),
        cap=CAP_PAGE,
        area=area,
        what=what,
        number=number,
        difference=difference,
        place=place,
        severity=lambda name: SEVERITIES[Ernst(name)],
        newly_explained=newly_explained(comparison),
        count_of=count_of,
        format_euro=format_euro,
        shorten=shorten,
    )


def _trend(comparison: Comparison) -> Chart | None:
    """How the index of each area moved; the largest moves when there are many. None when nothing moved."""
    moved = [(change, change.verschil) for change in totals(comparison.index) if change.verschil]
    moved.sort(key=lambda pair: -abs(pair[1]))
    if not moved:
        return None
    shown = moved[:_CHARTED]
    title = "Hoe de standaardisatie-index veranderde, in punten"
    if len(moved) > len(shown):
        title += f" (de {format_number(len(shown))} grootste veranderingen)"
    labels = [area(change) for change, _ in shown]
    return trend("verloop", title, labels, [value for _, value in shown])


@functools.cache
def _template() -> "Template":
    return page_environment(_text).get_template("vergelijking.html.j2")


def _text(value: object) -> object:
    """Texts come from other people's files: take out what could steer or swamp a page."""
    if value is None:
        return ""
    return shorten(clean(value), _MAX_TEXT) if type(value) is str else value


def summary(comparison: Comparison) -> str:
    """In one sentence how many findings are new, solved and the same."""
    new, solved, same = (
        len(rows) for rows in (comparison.nieuw, comparison.opgelost, comparison.gebleven)
    )
    explained = len(comparison.nieuw) - len(comparison.nieuw_open)
    beside = f" (daarvan {format_number(explained)} met uitleg)" if explained else ""
    return (
        f"In contracten: {count_of(new, 'nieuwe afwijking', 'nieuwe afwijkingen')}{beside},"
        f" {format_number(solved)} opgelost en {format_number(same)} gebleven."
    )


def newly_explained(comparison: Comparison) -> int:
    """How many findings that stayed have an explanation now, and had none."""
    return sum(
        1 for row in comparison.gebleven if row["uitgelegd"] and not row.get("uitgelegd_toen")
    )


def files_sentence(comparison: Comparison) -> str:
    """How many files are new, changed or gone; empty when none is."""
    new, changed, gone = (
        len(rows)
        for rows in (
            comparison.bestanden_nieuw,
            comparison.bestanden_gewijzigd,
            comparison.bestanden_weg,
        )
    )
    if not (new or changed or gone):
        return ""
    return (
        f"{count_of(new, 'nieuw bestand', 'nieuwe bestanden')}, {format_number(changed)} gewijzigd"
        f" en {format_number(gone)} niet meer aanwezig."
    )


def totals(changes: Sequence[Change]) -> list[Change]:
    """The index itself, without its parts."""
    return [change for change in changes if change.wat == TOTAL]


def whole(changes: Sequence[Change]) -> list[Change]:
    """Figures as a whole, without their breakdown by product or code."""
    return [change for change in changes if not change.uitsplitsing]


def area(change: Change) -> str:
    """Which area a change is about."""
    if change.niveau == "land":
        return change.naam
    return f"{_LEVELS.get(change.niveau, change.niveau)} {change.naam}"


def what(change: Change) -> str:
    """What changed; of findings also where they were found."""
    if change.uitsplitsing in _SOURCES and change.eenheid == "aantal":
        severity = SEVERITIES[Ernst(change.wat)].plural if change.wat in set(Ernst) else change.wat
        return f"{severity} in {_SOURCES[change.uitsplitsing]}"
    return change.titel


def number(value: Decimal | None, hidden: bool, unit: str) -> str:
    """A number with its unit; one that is hidden is never shown."""
    if hidden:
        return HIDDEN
    if value is None:
        return UNKNOWN
    return _with_unit(value, unit)


def difference(change: Change) -> str:
    """How much more or less it became; empty when that is not known."""
    gap = change.verschil
    if gap is None:
        return ""
    unit = "procentpunt" if change.eenheid == "%" else change.eenheid
    return f"+{_with_unit(gap, unit)}" if gap > 0 else _with_unit(gap, unit)


def _with_unit(value: Decimal, unit: str) -> str:
    if unit == "%":
        return f"{format_number(value)}%"
    if unit == "euro":
        return format_euro(value)
    if unit == "aantal":
        return format_number(value)
    return f"{format_number(value)} {unit}".rstrip()


def place(row: dict[str, Any]) -> str:
    """Where a finding is: contract, file and cell."""
    cell = "!".join(part for part in (row["blad"], row["cel"]) if part)
    return ", ".join(one_line(part) for part in (row["contract"], row["bestand"], cell) if part)


def _run(word: str, meta: dict[str, Any]) -> str:
    made = str(meta.get("gemaakt_op") or "")[:10]
    return f"{word}: peildatum {meta.get('peildatum') or UNKNOWN}, gemaakt op {made or UNKNOWN}."


def _finding_list(page: Page, title: str, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    page.heading(f"{title} ({format_number(len(rows))})")
    for row in rows[:CAP_TERMINAL]:
        explained = " Uitgelegd." if row["uitgelegd"] else ""
        page.item(
            f"{row['ernst']} {row['regel']}, gemeente {row['gemeente']}, {place(row)}:"
            f" {shorten(one_line(row['melding'] or ''), _MAX_TEXT)}{explained}"
        )
    _rest(page, len(rows), "afwijking", "afwijkingen")


def _change_list(page: Page, title: str, changes: Sequence[Change]) -> None:
    if not changes:
        return
    page.heading(f"{title} ({format_number(len(changes))})")
    for change in changes[:CAP_TERMINAL]:
        gap = difference(change)
        page.item(
            f"{area(change)}, {what(change)}:"
            f" toen {number(change.toen, change.toen_afgeschermd, change.eenheid)},"
            f" nu {number(change.nu, change.nu_afgeschermd, change.eenheid)}"
            f"{f' ({gap})' if gap else ''}"
        )
    _rest(page, len(changes), "verandering", "veranderingen")


def _rest(page: Page, total: int, singular: str, plural: str) -> None:
    if total > CAP_TERMINAL:
        page.line(
            f"… en nog {count_of(total - CAP_TERMINAL, singular, plural)}."
            " Geef --uit vergelijking.html om meer te zien.",
            indent=2,
        )
