"""What a dossier holds, on a screen or in a pipe."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from inkoopcheck.dutch import count_of, format_date, format_number
from inkoopcheck.findings.dossier import Dossierbericht, Dossieroverzicht
from inkoopcheck.reports.common import size_text
from inkoopcheck.reports.terminal import Page

_MOST_SHOWN = 10


def render(found: Dossieroverzicht, console: Console, *, verbose: bool = False) -> None:
    """Print the counts, the parties and what has no answer; ``verbose`` leaves nothing out."""
    page = Page(console, verbose)
    page.line(f"Dossier {found.naam}", style="bold")
    changed = found.bijgewerkt_op or found.gemaakt_op
    since = f", bijgewerkt op {format_date(changed)}" if changed else ""
    page.line(
        f"{count_of(found.berichten, 'bericht', 'berichten')}, {size_text(found.bytes)}{since}."
    )
    if not found.soorten:
        page.line("Er staat nog niets in. Vul het met: inkoopcheck dossier voeg-toe")
        return
    page.line(
        f"{count_of(found.clienten, 'cliënt', 'cliënten')},"
        f" {count_of(found.toewijzingen, 'toewijzing', 'toewijzingen')},"
        f" {count_of(found.prestaties, 'prestatie', 'prestaties')}."
    )
    page.blank()
    console.print(_kinds(found))
    page.blank()
    page.field("Gemeenten", _some(found.gemeenten, verbose))
    page.field("Aanbieders", _some(found.aanbieders, verbose))
    page.field(
        "Verzoeken",
        f"{format_number(found.open_verzoeken)} zonder toewijzing en zonder afwijzing",
    )
    if found.onbeantwoord:
        _unanswered(page, found.onbeantwoord)


def _kinds(found: Dossieroverzicht) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Bericht")
    table.add_column("Aantal", justify="right")
    table.add_column("Van")
    table.add_column("Tot en met")
    for title in ("Schema fout", "Regels fout", "Zonder antwoord"):
        table.add_column(title, justify="right")
    for kind in found.soorten:
        table.add_row(
            kind.berichtsoort,
            format_number(kind.aantal),
            *(format_date(day) if day else "-" for day in (kind.eerste, kind.laatste)),
            *(
                format_number(number) if number else "-"
                for number in (kind.afgekeurd_schema, kind.afgekeurd_regels, kind.onbeantwoord)
            ),
        )
    return table


def _some(names: Sequence[str], verbose: bool) -> str:
    """Codes of parties, or the first of them and how many there are."""
    if verbose or len(names) <= _MOST_SHOWN:
        return ", ".join(names)
    shown = ", ".join(names[:_MOST_SHOWN])
    return f"{shown} en nog {format_number(len(names) - _MOST_SHOWN)}"


def _unanswered(page: Page, messages: Sequence[Dossierbericht]) -> None:
    page.heading("Nog zonder antwoord in dit dossier")
    shown = messages if page.verbose else messages[:_MOST_SHOWN]
    for item in shown:
        day = format_date(item.dagtekening) if item.dagtekening else "zonder dagtekening"
        page.item(
            f"{item.berichtsoort} {item.identificatie or '-'} van {day}, gemeente {item.gemeente or '-'},"
            f" aanbieder {item.aanbieder or '-'}"
        )
    if more := len(messages) - len(shown):
        page.item(f"en nog {format_number(more)}; alles ziet u met --uitgebreid")
