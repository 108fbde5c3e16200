"""The result as one self-contained HTML file: no scripts, styles or images from elsewhere."""

import base64
import functools
import hashlib
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from inkoopcheck.dutch import (
    count_of,
    format_date,
    format_euro,
    format_number,
    format_value,
    join_words,
)
from inkoopcheck.findings.calculation import value_text
from inkoopcheck.findings.model import ZEKERHEID_UITLEG, Contractresultaat, Lasten, Resultaat
from inkoopcheck.findings.refusal import Verklaring
from inkoopcheck.locations import report_templates_folder
from inkoopcheck.reports.common import (
    EXPLAINED_LOOK,
    OUTCOME_TITLES,
    SEVERITIES,
    FamilyGroup,
    clean,
    compared_sentences,
    contract_name,
    family_title,
    field_title,
    figure_text,
    group_by_family,
    message_content,
    message_parties,
    message_title,
    message_verdict,
    messages_verdict,
    money_sentence,
    month_title,
    most_telling,
    most_urgent,
    not_applicable,
    partly_checked,
    plain_picture,
    rest_text,
    row_ranges,
    rules_by_reason,
    run_verdict,
    safe_url,
    shorten,
    size_text,
    verdict,
)
from inkoopcheck.reports.pages import page_environment
from inkoopcheck.reports.tariff_words import (
    CAUTION,
    ELEMENTS,
    NOT_COUNTED,
    band_text,
    by_reason,
    is_shown,
    origin_text,
    shortfall_text,
    verdict_sentence,
)

if TYPE_CHECKING:
    from jinja2 import Template

CAP = 100
"""Findings shown per rule and file; the rest is counted."""

CAP_CALCULATIONS = 30
"""Computations shown in full; the rest is counted."""
MESSAGES = 500
"""Messages shown in the list; the rest is counted."""

_URGENT = 5
_MAX_TEXT = 2000
_CHART_WIDTH = 480
_CHART_CSS = """
#{id} {{ font-family: inherit; }}
#{id} .background {{ fill: none; }}
#{id} text {{ fill: #1f2933; font-family: inherit; font-size: 14px; stroke: none; }}
#{id} .axis.x text {{ fill: #4b5563; font-size: 12px; text-anchor: middle; }}
#{id} .axis.y text {{ text-anchor: end; }}
#{id} .axis.y path {{ stroke: none; }}
#{id} .axis path {{ fill: none; stroke: #e3e7ec; stroke-width: 1; }}
#{id} .bar rect {{ stroke: #fff; stroke-width: 1; }}
#{id} .text-overlay text {{ font-weight: 600; }}
"""


def render(result: Resultaat) -> str:
    """The report as a complete HTML document, readable without scripts and on paper."""
    from markupsafe import Markup

    folder = report_templates_folder()
    script = (folder / "filter.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    # Our own files and the chart, which pygal escapes itself, are the only markup.
    page = "berichten.html.j2" if result.controle == "bericht" else "report.html.j2"
    return _template(page).render(
        result=result,
        contracts=result.contracten,
        style=Markup((folder / "report.css").read_text(encoding="utf-8")),  # noqa: S704
        script=Markup(script),  # noqa: S704
        script_hash=digest,
        chart=lambda families, number: Markup(_chart(families, f"grafiek-{number}")),  # noqa: S704
        burden_chart=lambda burden, name: Markup(_burden_chart(burden, f"{name}-grafiek")),  # noqa: S704
    )


def render_burdens(result: Resultaat) -> str:
    """Only the administrative burden of the contracts, as a complete HTML document."""
    from markupsafe import Markup

    folder = report_templates_folder()
    return _template("lasten_pagina.html.j2").render(
        result=result,
        contracts=result.contracten,
        style=Markup((folder / "report.css").read_text(encoding="utf-8")),  # noqa: S704
        burden_chart=lambda burden, name: Markup(_burden_chart(burden, f"{name}-grafiek")),  # noqa: S704
    )


def render_refusal(explanation: Verklaring) -> str:
    """Why a declaratie was refused, as a complete HTML document."""
    from markupsafe import Markup

    from inkoopcheck.reports import refusal

    style = (report_templates_folder() / "report.css").read_text(encoding="utf-8")
    return _template("verklaring.html.j2").render(
        explanation=explanation,
        style=Markup(style),  # noqa: S704
        NOT_FOUND=refusal.NOT_FOUND,
        code_title=refusal.code_title,
        prestatie_title=refusal.prestatie_title,
    )


@functools.cache
def _template(page: str = "report.html.j2") -> "Template":
    """The compiled template; compiling takes longer than rendering, so it happens once."""
    environment = page_environment(_page_text)
    environment.globals.update(_HELPERS)
    environment.filters["veldtitel"] = lambda name, kind: field_title(kind, name)
    return environment.get_template(page)


def _page_text(value: object) -> object:
    """Texts come from other people's workbooks: take out what could steer or swamp a page."""
    if type(value) is not str:
        return value
    return shorten(clean(value), _MAX_TEXT).replace("€ ", "€\xa0")


_HELPERS: dict[str, Any] = {
    "CAP": CAP,
    "CAP_CALCULATIONS": CAP_CALCULATIONS,
    "CAUTION": CAUTION,
    "ELEMENTS": ELEMENTS,
    "NOT_COUNTED": NOT_COUNTED,
    "band_text": band_text,
    "by_reason": by_reason,
    "is_shown": is_shown,
    "origin_text": origin_text,
    "shortfall_text": shortfall_text,
    "value_text": value_text,
    "verdict_sentence": verdict_sentence,
    "CERTAINTY": ZEKERHEID_UITLEG,
    "EXPLAINED": EXPLAINED_LOOK,
    "OUTCOMES": OUTCOME_TITLES,
    "SEVERITIES": SEVERITIES,
    "contract_name": contract_name,
    "count_of": count_of,
    "family_title": family_title,
    "figure_text": figure_text,
    "format_date": format_date,
    "format_euro": format_euro,
    "format_number": format_number,
    "format_value": format_value,
    "group_by_family": group_by_family,
    "join_words": join_words,
    "MESSAGES": MESSAGES,
    "message_content": message_content,
    "message_parties": message_parties,
    "message_title": message_title,
    "message_verdict": message_verdict,
    "messages_verdict": messages_verdict,
    "money_sentence": money_sentence,
    "month_title": month_title,
    "compared_sentences": compared_sentences,
    "most_telling": most_telling,
    "most_urgent": lambda contract: most_urgent(contract.afwijkingen, _URGENT),
    "not_applicable": not_applicable,
    "partly_checked": partly_checked,
    "rest_text": rest_text,
    "row_ranges": row_ranges,
    "rules_by_reason": rules_by_reason,
    "run_verdict": run_verdict,
    "safe_url": safe_url,
    "shorten": shorten,
    "size_text": size_text,
    "verdict": verdict,
    "totals": lambda contract: _totals(contract),
    "anchors": lambda families: _anchors(families),
}


def _anchors(families: Sequence[FamilyGroup]) -> dict[int, str]:
    """Where on the page each group of deviations stands."""
    return {
        rule.key: f"r{number}-{position}"
        for number, family in enumerate(families, 1)
        for position, rule in enumerate(family.rules, 1)
    }


def _totals(contract: Contractresultaat) -> list[tuple[str, str, int, str]]:
    """The summary cards: a class for the colour, a label, a number and what it means."""
    cards = [
        (severity.value, look.plural, contract.count(severity), look.explanation)
        for severity, look in SEVERITIES.items()
    ]
    look = EXPLAINED_LOOK
    cards.append(("uitgelegd", look.plural, contract.explained, look.explanation))
    missing = "regels die niet konden worden gecontroleerd; dat is geen goedkeuring"
    cards.append(("onbepaald", "regels niet gecontroleerd", len(contract.not_run), missing))
    return cards


def _chart(families: Sequence[FamilyGroup], identity: str) -> str:
    """Deviations per family as a stacked bar, in plain SVG without scripts or outside sources."""
    import pygal
    from pygal.style import Style

    looks = [*SEVERITIES.values(), EXPLAINED_LOOK]
    series = [[f.count(severity) for f in reversed(families)] for severity in SEVERITIES]
    series.append([f.explained for f in reversed(families)])
    highest = max(sum(values) for values in zip(*series, strict=True))
    step = next(s for s in _steps() if highest <= 5 * s)
    colours = "".join(
        f"#{identity} .color-{n}, #{identity} .color-{n} rect {{ fill: {look.colour}; }}\n"
        f"#{identity} .text-overlay .color-{n} text {{ fill: {look.ink}; }}\n"
        for n, look in enumerate(looks)
    )
    chart = pygal.HorizontalStackedBar(
        js=[],
        css=["inline:" + _CHART_CSS.format(id=identity) + colours],
        disable_xml_declaration=True,
        # Only for the room that pygal keeps for labels; the looks are in the css.
        style=Style(label_font_size=15, major_label_font_size=15, font_family="sans-serif"),
        width=_CHART_WIDTH,
        height=46 * len(families) + 50,
        margin=8,
        spacing=10,
        show_legend=False,
        print_values=True,
        print_zeroes=False,
        formatter=format_number,
        range=(0, highest),
    )
    chart.uuid = identity
    chart.x_labels = [shorten(clean(f.title), 22) for f in reversed(families)]
    chart.y_labels = list(range(0, highest + 1, step))
    for look, values in zip(looks, series, strict=True):
        # A narrow piece of a bar has no room for its number; the table beside it does.
        chart.add(
            look.plural,
            [
                {"value": v, "formatter": format_number if 16 * v > highest else _nothing}
                if v else None
                for v in values
            ],
        )  # fmt: skip
    title = "Afwijkingen per onderwerp en ernst"
    sums = [f"{f.title}: {count_of(f.total, 'afwijking', 'afwijkingen')}" for f in families]
    chart.add_xml_filter(lambda root: plain_picture(root, identity, title, f"{'; '.join(sums)}."))
    return str(chart.render(is_unicode=True))


_LOCAL_COLOUR, _STANDARD_COLOUR = "#a4262c", "#3a6ea5"
_BARS = 8


def _burden_chart(burden: Lasten, identity: str) -> str:
    """The acts that cost a professional most: what can go and what law or standard asks."""
    import pygal
    from pygal.style import Style

    acts = [a for a in burden.eisen if a.minuten_professional][:_BARS]
    if not acts:
        return ""
    share = all(a.aandeel is not None for a in acts)
    values = [float((a.aandeel if share else a.minuten_professional) or 0) for a in acts]
    step = next(s / 100 for s in _steps() if 100 * max(values) <= 5 * s)
    ticks = max(1, math.ceil(max(values) / step))
    unit = "% van de werktijd van professionals" if share else "minuten per jaar van professionals"
    colours = "".join(
        f"#{identity} .color-{n}, #{identity} .color-{n} rect {{ fill: {colour}; }}\n"
        for n, colour in enumerate((_LOCAL_COLOUR, _STANDARD_COLOUR))
    )
    chart = pygal.HorizontalStackedBar(
        js=[],
        css=["inline:" + _CHART_CSS.format(id=identity) + colours],
        disable_xml_declaration=True,
        style=Style(label_font_size=15, major_label_font_size=15, font_family="sans-serif"),
        width=_CHART_WIDTH,
        height=36 * len(acts) + 50,
        margin=8,
        spacing=10,
        show_legend=False,
        formatter=lambda value: format_number(value, 2 if share else 0),
        range=(0, ticks * step),
        print_values=False,
        truncate_label=-1,
    )
    chart.uuid = identity
    chart.y_labels = [
        {"value": n * step, "label": format_number(round(n * step, 2))} for n in range(ticks + 1)
    ]
    chart.x_labels = [shorten(clean(a.naam), 26) for a in reversed(acts)]
    for title, local in (("eigen of vermijdbare eis", True), ("wet of standaard", False)):
        chart.add(
            title,
            [
                value if act.lokaal is local else None
                for act, value in reversed(list(zip(acts, values, strict=True)))
            ],
        )
    described = "; ".join(
        f"{a.naam}: {format_number(v, 2)}" for a, v in zip(acts, values, strict=True)
    )
    title = f"Handelingen die professionals de meeste tijd kosten, in {unit}"
    chart.add_xml_filter(lambda root: plain_picture(root, identity, title, f"{described}."))
    legend = "".join(
        f'<li><span class="swatch" style="background:{colour}" aria-hidden="true"></span>{text}</li>'
        for colour, text in (
            (_LOCAL_COLOUR, "eigen of vermijdbare eis"),
            (_STANDARD_COLOUR, "wet of landelijke standaard"),
        )
    )
    heading = f'<p class="charted">Meeste tijd, in {unit}</p>'
    return f'<div>{heading}{chart.render(is_unicode=True)}<ul class="legend">{legend}</ul></div>'


def _steps() -> Sequence[int]:
    return [factor * 10**power for power in range(9) for factor in (1, 2, 5)]


def _nothing(value: object) -> str:
    return ""
