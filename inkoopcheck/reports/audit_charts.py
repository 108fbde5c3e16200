"""Charts of an audit: plain SVG in the page, each with a title and a description; a table stands beside it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from inkoopcheck.dutch import format_number
from inkoopcheck.reports.common import clean, plain_picture, shorten

_WIDTH, _NARROW = 620, 480
_LABEL, _SHORT_LABEL = 34, 24
"""Charts with a table beside them are narrow."""
BLUE, SKY, ORANGE, GREY = "#154273", "#3a7fb5", "#b35900", "#7d8b9a"
_CSS = """
#{id} {{ font-family: inherit; }}
#{id} .background, #{id} .plot_background, #{id} .plot > .background {{ fill: none; }}
#{id} text {{ fill: #1f2933; font-family: inherit; font-size: 13px; stroke: none; }}
#{id} .axis.x text {{ fill: #4b5563; font-size: 12px; text-anchor: middle; }}
#{id} .axis.y text {{ text-anchor: end; }}
#{id} .axis.y path {{ stroke: none; }}
#{id} .axis path {{ fill: none; stroke: #e3e7ec; stroke-width: 1; }}
#{id} .bar rect {{ stroke: #fff; stroke-width: 1; }}
#{id} .text-overlay text {{ font-weight: 600; font-size: 12px; }}
"""


@dataclass(frozen=True)
class Series:
    """Numbers of one colour; without a colour they only make room."""

    title: str
    colour: str | None
    values: Sequence[Decimal | None]


@dataclass(frozen=True)
class Chart:
    """A chart as SVG, with what the reader sees beside it."""

    title: str
    svg: str
    legend: tuple[tuple[str, str], ...] = ()


def bars(
    identity: str,
    title: str,
    labels: Sequence[str],
    values: Sequence[Decimal | None],
    unit: str = "",
    *,
    full: int = 0,
) -> Chart:
    """One bar per label, with its number; the axis reaches ``full`` at least."""
    series = [Series(title, BLUE, values)]
    drawn = _draw(identity, title, labels, series, unit, numbers=True, narrow=True, full=full)
    return Chart(title, drawn)


def differences(
    identity: str, title: str, labels: Sequence[str], values: Sequence[Decimal]
) -> Chart:
    """Bars to the left for less and to the right for more, in percent."""
    low = [value if value < 0 else None for value in values]
    high = [value if value >= 0 else None for value in values]
    series = [
        Series("onder de mediaan van het land", SKY, low),
        Series("erop of erboven", ORANGE, high),
    ]
    drawn = _draw(identity, title, labels, series, "%", numbers=True)
    return Chart(title, drawn, _legend(series))


def trend(identity: str, title: str, labels: Sequence[str], values: Sequence[Decimal]) -> Chart:
    """Bars to the left for what went down and to the right for what went up, in points."""
    series = [
        Series("omlaag", ORANGE, [value if value < 0 else None for value in values]),
        Series("omhoog", BLUE, [value if value >= 0 else None for value in values]),
    ]
    drawn = _draw(identity, title, labels, series, "", numbers=True)
    return Chart(title, drawn, _legend(series))


def quartiles(
    identity: str, title: str, labels: Sequence[str], spreads: Sequence[tuple[Decimal, Decimal, Decimal, Decimal, Decimal]],
) -> Chart:  # fmt: skip
    """Per label the lowest, quartiles and highest as one bar; the middle half is dark."""
    steps = [[s[0] for s in spreads]]
    steps += [[s[n] - s[n - 1] for s in spreads] for n in range(1, 5)]
    series = [
        Series("", None, steps[0]),
        Series("laagste kwart", GREY, steps[1]),
        Series("tweede kwart", SKY, steps[2]),
        Series("derde kwart", BLUE, steps[3]),
        Series("hoogste kwart", GREY, steps[4]),
    ]
    described = [
        f"{label}: laagste {_euro(s[0])}, mediaan {_euro(s[2])}, hoogste {_euro(s[4])}"
        for label, s in zip(labels, spreads, strict=True)
    ]
    drawn = _draw(identity, title, labels, series, "euro", described="; ".join(described))
    kept = (series[1], series[2], series[3])
    legend = (
        (kept[0].colour or "", "laagste en hoogste kwart van de tarieven"),
        (kept[1].colour or "", "tweede kwart, tot de mediaan"),
        (kept[2].colour or "", "derde kwart, vanaf de mediaan"),
    )
    return Chart(title, drawn, legend)


def _legend(series: Sequence[Series]) -> tuple[tuple[str, str], ...]:
    return tuple((s.colour, s.title) for s in series if s.colour)


def _euro(value: Decimal) -> str:
    return f"€ {format_number(value, 2)}"


def _draw(
    identity: str,
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    unit: str,
    *,
    numbers: bool = False,
    narrow: bool = False,
    full: int = 0,
    described: str = "",
) -> str:
    import pygal
    from pygal.style import Style

    count = len(labels)
    totals = [sum((s.values[n] or Decimal(0) for s in series), Decimal(0)) for n in range(count)]
    highest, lowest = max([*totals, Decimal(full)]), min([*totals, Decimal(0)])
    reach = float(max(highest, -lowest)) or 1.0
    step = next(s for s in _steps() if reach <= 5 * s)
    top = math.ceil(float(highest) / step) if highest or not lowest else 0
    bottom = math.floor(float(lowest) / step)
    colours = "".join(
        f"#{identity} .color-{n}, #{identity} .color-{n} rect {{ fill: {s.colour or 'none'};{'' if s.colour else ' stroke: none;'} }}\n"
        for n, s in enumerate(series)
    )
    chart = pygal.HorizontalStackedBar(
        js=[],
        css=["inline:" + _CSS.format(id=identity) + colours],
        disable_xml_declaration=True,
        # Only for the room that pygal keeps for labels; the looks are in the css.
        style=Style(label_font_size=14, major_label_font_size=14, font_family="sans-serif"),
        width=_NARROW if narrow else _WIDTH,
        height=32 * count + 56,
        margin=8,
        margin_right=18,
        spacing=8,
        show_legend=False,
        print_values=False,
        truncate_label=-1,
        range=(bottom * step, max(top, 1 if not bottom else 0) * step),
    )
    chart.uuid = identity
    ends = range(bottom, max(top, 1 if not bottom else 0) + 1)
    chart.y_labels = [{"value": n * step, "label": _tick(n * step)} for n in ends]
    # pygal draws from below.
    shown = [
        shorten(clean(label), _SHORT_LABEL if narrow else _LABEL) for label in reversed(labels)
    ]
    if numbers:
        shown = [
            f"{label}  {_short(total, unit)}"
            for label, total in zip(shown, reversed(totals), strict=True)
        ]
    chart.x_labels = shown
    for item in series:
        values = [None if v is None else float(v) for v in reversed(item.values)]
        chart.add(clean(item.title), values)
    text = described or "; ".join(
        f"{label}: {_short(total, unit)}" for label, total in zip(labels, totals, strict=True)
    )
    chart.add_xml_filter(lambda root: plain_picture(root, identity, title, f"{text}."))
    return str(chart.render(is_unicode=True))


def _short(value: Decimal, unit: str) -> str:
    text = (
        format_number(value, 1) if value != value.to_integral_value() else format_number(value, 0)
    )
    return f"{text}%" if unit == "%" else text


def _tick(value: float) -> str:
    return format_number(round(value, 2))


def _steps() -> Sequence[float]:
    return [factor * 10.0**power for power in range(-2, 10) for factor in (1, 2, 5)]
