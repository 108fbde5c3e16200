"""The result in the user's own workbook: a copy with coloured cells, comments and two sheets.

The user's file is never changed. A kind of file that openpyxl does not write (xls, ods, csv), or
a workbook that it cannot copy, gives a new workbook with only the two sheets.
"""

import warnings
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname, range_boundaries
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from inkoopcheck.dutch import count_of, format_date, format_value, join_words
from inkoopcheck.errors import UnusableInput
from inkoopcheck.findings.model import (
    ZEKERHEID_UITLEG,
    Afwijking,
    Contractresultaat,
    Ernst,
    Lasten,
    Resultaat,
)
from inkoopcheck.findings.place import Plaats
from inkoopcheck.reports.common import (
    OUTCOME_TITLES,
    clean,
    family_title,
    figure_text,
    group_by_family,
    neutralise,
    not_applicable,
    partly_checked,
    rest_text,
    row_ranges,
    rules_by_reason,
    safe_url,
    shorten,
    size_text,
    verdict,
)

CAP = 1000
"""Findings shown per rule; the rest is counted."""

HIDDEN = "[verborgen]"

FILLS = {Ernst.FOUT: "F4B6B8", Ernst.WAARSCHUWING: "FBDDA6", Ernst.AANDACHTSPUNT: "BFD7EE"}
_EXPLAINED_FILL = "D9DCE1"
_AUTHOR = "inkoopcheck"
_MAX_CELL_TEXT = 2000
_MAX_COMMENT = 2000
_MAX_COMMENT_PART = 500
_MAX_RANGE = 500
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384

_COLUMNS = (
    ("Nr.", 6),
    ("Ernst", 16),
    ("Regel", 12),
    ("Onderwerp", 18),
    ("Plaats", 20),
    ("Melding", 52),
    ("Gevonden", 26),
    ("Verwacht", 26),
    ("Wat te doen", 42),
    ("Waarom", 42),
    ("Norm", 36),
    ("Zekerheid", 20),
    ("Productcode", 13),
    ("Bedrag", 13),
    ("Uitleg", 36),
)

_LOSSY_PARTS = (
    ("xl/charts/", "grafieken"),
    ("xl/diagrams/", "diagrammen"),
    ("xl/media/", "afbeeldingen"),
    ("xl/drawings/drawing", "tekeningen en tekstvakken"),
    ("xl/ctrlProps/", "knoppen en andere besturingselementen"),
    ("xl/activeX/", "ActiveX-elementen"),
    ("xl/slicers/", "slicers"),
    ("xl/timelines/", "tijdlijnen"),
    ("xl/threadedComments/", "gesprekken bij opmerkingen"),
    ("xl/connections.xml", "gegevensverbindingen"),
    ("xl/model/", "het gegevensmodel"),
)
"""Parts of a workbook that openpyxl drops or changes, by where they stand in the file."""

_LOSSY_WARNINGS = (
    ("Data Validation extension", "keuzelijsten die naar een ander blad verwijzen"),
    ("Conditional Formatting extension", "voorwaardelijke opmaak van een nieuwer soort"),
    ("Sparkline", "sparklines"),
    ("Slicer", "slicers"),
    ("wmf", "afbeeldingen"),
)


def render(
    result: Contractresultaat,
    run: Resultaat,
    source: Path,
    target: Path,
    mask: Mapping[str, set[str]] | None = None,
) -> Path:
    """Write the report of one contract as a workbook.

    Args:
        result: the contract, as part of ``run``.
        run: the run, for versions and dates.
        source: the workbook that was checked; it is only read.
        target: where to write.
        mask: per sheet the cells with personal data, whose value the copy must not hold.

    Returns:
        The file that was written: ``target``, or the same name ending in ``.xlsx`` when an
        ``.xlsm`` was asked for but there are no macros to keep.

    Raises:
        UnusableInput: the report would overwrite the user's own workbook.
    """
    if target.exists() and source.exists() and target.samefile(source):
        raise UnusableInput(
            f"Het rapport zou uw eigen werkmap {source.name} overschrijven. Kies een andere naam."
        )
    notes = [
        "Dit is een nieuwe werkmap. Een kopie met gekleurde cellen kan alleen bij xlsx en xlsm."
    ]
    if result.bestand.soort.lower().lstrip(".") in ("xlsx", "xlsm"):
        try:
            copy = _open_copy(result, source, target)
            _hide(copy, mask or {})
            _mark_cells(copy, result)
            return _write(copy, result, run, target)
        except Exception as error:
            # openpyxl refuses workbooks in many ways; whatever it was, the findings come through.
            notes = [
                "De werkmap was niet te kopiëren, daarom is dit een nieuwe werkmap zonder uw "
                f"eigen bladen ({type(error).__name__}). De controle zelf is wel volledig."
            ]
    return _write(_Report(_empty_workbook(), notes), result, run, target)


@dataclass
class _Report:
    """A workbook in the making, with what its reader must know about it."""

    workbook: Workbook
    notes: list[str] = field(default_factory=list)

    def sheet(self, name: str | None) -> Worksheet | None:
        """The user's sheet with this name; sheets that hold only a chart do not count."""
        if name is None or name not in self.workbook.sheetnames:
            return None
        found = self.workbook[name]
        return found if isinstance(found, Worksheet) else None


def _empty_workbook() -> Workbook:
    workbook = Workbook()
    for sheet in list(workbook.worksheets):
        workbook.remove(sheet)
    return workbook


def _open_copy(result: Contractresultaat, source: Path, target: Path) -> _Report:
    with_macros = result.bestand.soort.lower().lstrip(".") == "xlsm"
    keep_macros = with_macros and target.suffix.lower() == ".xlsm"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        workbook = load_workbook(source, keep_vba=keep_macros, rich_text=True)
    with zipfile.ZipFile(source) as archive:
        names = archive.namelist()
    lost = [text for prefix, text in _LOSSY_PARTS if any(n.startswith(prefix) for n in names)]
    messages = [str(warning.message) for warning in caught]
    lost += [text for word, text in _LOSSY_WARNINGS if any(word in m for m in messages)]
    notes = [
        "Dit is een kopie van uw werkmap. In uw eigen bestand is niets veranderd.",
        "Formules worden opnieuw berekend als u de kopie opent.",
    ]
    if with_macros and not keep_macros:
        lost.append("macro's")
    if lost:
        listed = join_words(list(dict.fromkeys(lost)))
        notes.append(f"Deze onderdelen kunnen in de kopie ontbreken of anders zijn: {listed}.")
    workbook.calculation.fullCalcOnLoad = True
    return _Report(workbook, notes)


def _hide(report: _Report, mask: Mapping[str, set[str]]) -> None:
    """Take personal data out of the copy: the value, its comment and its link."""
    hidden = 0
    for name, addresses in mask.items():
        sheet = report.sheet(name)
        if sheet is None:
            continue
        for cell in _cells(sheet, addresses):
            cell.hyperlink = None
            cell.comment = None
            cell.value = HIDDEN
            hidden += 1
    if hidden:
        for sheet in report.workbook.worksheets:
            # A pivot table keeps its own copy of the cells it was made from.
            vars(sheet)["_pivots"] = []
        number = count_of(hidden, "cel met persoonsgegevens is", "cellen met persoonsgegevens zijn")
        report.notes.append(f"{number} in deze kopie verborgen. Draaitabellen zijn weggelaten.")


def _cells(sheet: Worksheet, addresses: Iterable[str]) -> list[Cell]:
    """The cells at these addresses; of merged cells the one that holds the value."""
    found: dict[str, Cell] = {}
    for address in addresses:
        for row, column in _coordinates(address):
            cell = sheet.cell(row, column)
            if isinstance(cell, MergedCell):
                area = next(r for r in sheet.merged_cells.ranges if cell.coordinate in r)
                cell = sheet.cell(area.min_row, area.min_col)
            if isinstance(cell, Cell):
                found[cell.coordinate] = cell
    return list(found.values())


def _coordinates(address: str) -> list[tuple[int, int]]:
    """Row and column of a cell or of the first cells of a range; nothing if it is neither."""
    try:
        left, top, right, bottom = range_boundaries(address)
    except ValueError:
        return []
    if left is None or top is None or right is None or bottom is None:
        return []
    if not (0 < left <= right <= _LAST_COLUMN and 0 < top <= bottom <= _LAST_ROW):
        return []
    both = ((row, c) for row in range(top, bottom + 1) for c in range(left, right + 1))
    return [pair for pair, _ in zip(both, range(_MAX_RANGE), strict=False)]


def _mark_cells(report: _Report, result: Contractresultaat) -> None:
    """Colour the cells of each finding and say in a comment what is the matter."""
    marks: dict[tuple[str, str], list[tuple[Afwijking, Plaats]]] = {}
    for family in group_by_family(result.afwijkingen):
        for rule in family.rules:
            for finding in rule.shown(CAP):
                for place in (finding.plaats, *finding.ook):
                    if place.blad and place.cel and place.bestand == result.bestand.naam:
                        marks.setdefault((place.blad, place.cel), []).append((finding, place))
    # Places that share a cell, such as the parts of a merged cell, share its comment.
    by_cell: dict[tuple[str, str], tuple[Cell, list[tuple[Afwijking, Plaats]]]] = {}
    for (name, address), found in marks.items():
        sheet = report.sheet(name)
        for cell in _cells(sheet, [address]) if sheet else ():
            by_cell.setdefault((name, cell.coordinate), (cell, []))[1].extend(found)
    for cell, found in by_cell.values():
        _mark(cell, found)


def _mark(cell: Cell, found: Sequence[tuple[Afwijking, Plaats]]) -> None:
    still_open = [a.ernst for a, _ in found if a.uitgelegd is None]
    worst = max(still_open, key=lambda severity: severity.rank, default=None)
    cell.fill = PatternFill("solid", start_color=FILLS[worst] if worst else _EXPLAINED_FILL)
    parts = list(dict.fromkeys(_comment_part(a, place) for a, place in found))
    text, used = "", 0
    for part in parts:
        if used and len(text) + len(part) > _MAX_COMMENT:
            break
        text += f"\n\n{part}" if text else part
        used += 1
    if used < len(parts):
        text += f"\n\nEn nog {count_of(len(parts) - used, 'afwijking', 'afwijkingen')}."
    author = _AUTHOR
    if cell.comment is not None:
        own = clean(str(cell.comment.text))
        text, author = f"{own}\n\n--- inkoopcheck ---\n{text}", cell.comment.author or _AUTHOR
    lines = sum(1 + len(line) // 55 for line in text.split("\n"))
    cell.comment = Comment(text, author, height=min(420, 24 + 17 * lines), width=380)


def _comment_part(finding: Afwijking, place: Plaats) -> str:
    kind = "UITGELEGD" if finding.uitgelegd else finding.ernst.value.upper()
    message = shorten(clean(finding.melding), _MAX_COMMENT_PART)
    if place is not finding.plaats:
        return f"{kind} {finding.regel} (hoort bij {finding.plaats.label}): {message}"
    text = f"{kind} {finding.regel}: {message}"
    if finding.uitgelegd:
        return f"{text}\nUitleg: {shorten(clean(finding.uitgelegd.reden), _MAX_COMMENT_PART)}"
    return f"{text}\nWat te doen: {shorten(clean(finding.herstel), _MAX_COMMENT_PART)}"


def _write(report: _Report, result: Contractresultaat, run: Resultaat, target: Path) -> Path:
    workbook = report.workbook
    findings_sheet = new_sheet(workbook, "Afwijkingen")
    _fill_findings(report, findings_sheet, result)
    for burden in result.lasten:
        _fill_burden(new_sheet(workbook, "Lasten"), burden)
    _fill_facts(report, new_sheet(workbook, "Controle"), result, run)
    views: list[Any] = [sheet.sheet_view for sheet in workbook.worksheets]
    for chart_sheet in workbook.chartsheets:
        views += vars(chart_sheet)["sheetViews"].sheetView
    for view in views:
        # More than one selected sheet means that Excel edits them all at once.
        view.tabSelected = view is findings_sheet.sheet_view
    workbook.active = findings_sheet
    if target.suffix.lower() == ".xlsm" and workbook.vba_archive is None:
        target = target.with_suffix(".xlsx")
    workbook.save(target)
    return target


def new_sheet(workbook: Workbook, title: str) -> Worksheet:
    """Add a sheet of ours, under a name that is still free, ready to print."""
    taken = {name.lower() for name in workbook.sheetnames}
    number, name = 2, title
    while name.lower() in taken:
        name, number = f"{title} ({number})", number + 1
    sheet: Worksheet = workbook.create_sheet(name)
    sheet.sheet_properties.tabColor = "154273"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    return sheet


def put(sheet: Worksheet, row: int, column: int, text: str, **style: Any) -> Cell:
    """Write text that stays text: never a formula, never an error value."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # noqa: S101 - our own sheets have no merged cells
    if text:
        cell.value = neutralise(shorten(clean(text), _MAX_CELL_TEXT))
        cell.data_type = "s"
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    for name, value in style.items():
        setattr(cell, name, value)
    return cell


def header(sheet: Worksheet, row: int, titles: Sequence[str]) -> None:
    """Write the headings of a table in one row."""
    for column, title in enumerate(titles, 1):
        put(
            sheet, row, column, title,
            font=Font(bold=True, color="FFFFFF"),
            fill=PatternFill("solid", start_color="154273"),
        )  # fmt: skip


def _fill_findings(report: _Report, sheet: Worksheet, result: Contractresultaat) -> None:
    titles = [title for title, _ in _COLUMNS]
    header(sheet, 1, titles)
    for column, (_, width) in enumerate(_COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    row = 1
    for family in group_by_family(result.afwijkingen):
        for rule in family.rules:
            for finding in rule.shown(CAP):
                row += 1
                _finding_row(report, sheet, row, finding, result.bestand.naam)
            if rule.hidden(CAP):
                note = f"{rule.first.regel}: {rest_text(rule.hidden(CAP))}, hier niet getoond."
                report.notes.append(note)
    if row == 1:
        put(sheet, 2, 6, f"{verdict(result).heading}. {verdict(result).sentence}")
        return
    table = Table(
        displayName=_table_name(report.workbook),
        ref=f"A1:{get_column_letter(len(titles))}{row}",
        tableStyleInfo=TableStyleInfo(name="TableStyleLight1", showRowStripes=False),
    )
    sheet.add_table(table)


def _finding_row(
    report: _Report, sheet: Worksheet, row: int, finding: Afwijking, file: str
) -> None:
    explanation = finding.uitgelegd
    number = sheet.cell(row, 1, row - 1)
    number.alignment = Alignment(vertical="top")
    kind = f"uitgelegd ({finding.ernst.value})" if explanation else finding.ernst.value
    colour = _EXPLAINED_FILL if explanation else FILLS[finding.ernst]
    put(sheet, row, 2, kind, fill=PatternFill("solid", start_color=colour), font=Font(bold=True))
    put(sheet, row, 3, finding.regel)
    put(sheet, row, 4, family_title(finding.familie))
    place = put(sheet, row, 5, finding.plaats.label)
    target = finding.plaats
    if (
        target.blad and target.cel and target.bestand == file
        and report.sheet(target.blad) and _coordinates(target.cel)
    ):  # fmt: skip
        where = f"{quote_sheetname(target.blad)}!{target.cel}"
        place.hyperlink = Hyperlink(ref=place.coordinate, location=where)
        place.font = Font(color="01639B", underline="single")
    put(sheet, row, 6, finding.melding)
    put(sheet, row, 7, finding.gevonden)
    put(sheet, row, 8, finding.verwacht)
    put(sheet, row, 9, finding.herstel)
    put(sheet, row, 10, finding.waarom)
    norm = put(sheet, row, 11, f"{finding.norm.bron} ({finding.norm.status.value})")
    if url := safe_url(finding.norm.url):
        norm.hyperlink = Hyperlink(ref=norm.coordinate, target=url)
        norm.font = Font(color="01639B", underline="single")
    put(sheet, row, 12, ZEKERHEID_UITLEG[finding.norm.zekerheid])
    put(sheet, row, 13, finding.productcode or "")
    if finding.bedrag is not None:
        amount = sheet.cell(row, 14, finding.bedrag)
        amount.number_format = '"€" #,##0.00'
        amount.alignment = Alignment(vertical="top")
    if explanation:
        until = f" Geldig tot en met {format_date(explanation.tot)}." if explanation.tot else ""
        put(sheet, row, 15, f"{explanation.reden} Vastgesteld door: {explanation.door}.{until}")


def _table_name(workbook: Workbook) -> str:
    taken = {name.lower() for name in workbook.defined_names}
    taken |= {name.lower() for sheet in workbook.worksheets for name in sheet.tables}
    number, name = 2, "Afwijkingenlijst"
    while name.lower() in taken:
        name, number = f"Afwijkingenlijst{number}", number + 1
    return name


def _fill_facts(
    report: _Report, sheet: Worksheet, result: Contractresultaat, run: Resultaat
) -> None:
    for letter, width in zip("ABCD", (26, 60, 20, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    judgement = verdict(result)
    facts = [
        ("Oordeel", f"{judgement.heading}. {judgement.sentence}"),
        ("Contract", result.contract or "niet genoemd"),
        ("Gemeente of regio", result.gemeente or "niet genoemd"),
        ("Aanbieder", result.aanbieder or "niet genoemd"),
        ("Periode", result.periode or "niet genoemd"),
        ("Bestand", f"{result.bestand.naam} ({size_text(result.bestand.bytes)})"),
        ("SHA-256 van het bestand", result.bestand.sha256),
        ("Programma", f"inkoopcheck {run.versie}"),
        ("Versie van de regels", run.regelversie),
        ("Peildatum", format_date(run.peildatum)),
        ("Gemaakt op", format_value(run.gemaakt_op)),
        *(("Over deze werkmap", note) for note in report.notes),
        *((figure.titel, figure_text(figure)) for figure in result.kerncijfers),
        *(
            ("Aangepast", f"{c.wat}: was {c.was}, nu {c.nu}. {c.reden or 'Zonder reden.'}")
            for c in run.overschreven
        ),
        *_reading_facts(result),
    ]
    for row, (label, text) in enumerate(facts, 1):
        put(sheet, row, 1, label, font=Font(bold=True))
        put(sheet, row, 2, text)
    row = len(facts) + 2
    header(sheet, row, ("Regel", "Titel", "Niet gecontroleerd", "Reden"))
    for outcome, reason, rules in (
        *rules_by_reason(result.not_run),
        *rules_by_reason(not_applicable(result)),
    ):
        for rule in rules:
            row += 1
            for column, text in enumerate(
                (rule.regel, rule.titel, OUTCOME_TITLES[outcome], reason), 1
            ):
                put(sheet, row, column, text)
    for rule in partly_checked(result):
        row += 1
        missing = f"In {count_of(rule.niet_te_bepalen, 'rij', 'rijen')} ontbrak iets."
        for column, text in enumerate((rule.regel, rule.titel, "Deels gecontroleerd", missing), 1):
            put(sheet, row, column, text)


_BURDEN_COLUMNS = (
    ("Eis of handeling", 44),
    ("Plaats", 22),
    ("Eigen eis", 11),
    ("Wie", 22),
    ("Telt per", 20),
    ("Aantal", 11),
    ("Keer", 11),
    ("Minuten per keer", 11),
    ("Laag", 9),
    ("Hoog", 9),
    ("Minuten per jaar", 14),
    ("Minuten professional", 14),
    ("Deel werktijd professional (%)", 15),
    ("Kosten per jaar", 14),
    ("Schrappen geeft (%)", 13),
    ("Halveren geeft (%)", 13),
    ("Aannames", 44),
)


def _fill_burden(sheet: Worksheet, burden: Lasten) -> None:
    """Acts with their minutes as numbers, and below them the outcomes and what they rest on."""
    for column, (_, width) in enumerate(_BURDEN_COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    put(sheet, 1, 1, burden.oordeel, font=Font(bold=True))
    sheet.row_dimensions[1].height = 90
    header(sheet, 3, [title for title, _ in _BURDEN_COLUMNS])
    row = 3
    for act in burden.eisen:
        row += 1
        place = act.plaats.label if act.plaats else act.herkomst
        _cells_of(
            sheet, row,
            act.naam, place, "ja" if act.lokaal else "nee", act.uitvoerder, act.eenheid or "",
            act.aantal, act.keer, act.minuten_per_keer, act.minuten_per_keer_laag,
            act.minuten_per_keer_hoog, act.minuten, act.minuten_professional, act.aandeel,
            act.kosten, act.winst_schrappen, act.winst_halveren, join_words(act.aannames),
        )  # fmt: skip
    row += 2
    header(
        sheet, row,
        ("Uitkomst", "Wie", "Laag", "Minuten per jaar", "Deel netto werktijd (%)", "bij weinig",
         "bij veel", "Deel contracturen (%)", "Deel van de ruimte (%)", "", "Reden"),
    )  # fmt: skip
    for outcome in burden.uitkomsten:
        row += 1
        _cells_of(
            sheet, row,
            outcome.titel, outcome.partij, outcome.laag, outcome.minuten, outcome.aandeel,
            outcome.aandeel_laag, outcome.aandeel_hoog, outcome.aandeel_contracturen,
            outcome.ruimte, None, outcome.reden or "",
        )  # fmt: skip
    row += 2
    header(
        sheet, row, ("Wat levert het meeste op?", "", "", "Minuten professional", "Kosten per jaar")
    )
    for move in burden.zetten:
        row += 1
        _cells_of(sheet, row, move.omschrijving, None, None, move.minuten_professional, move.kosten)
    row += 1
    for text in (*burden.niet_geteld, *burden.definities, *burden.aannames):
        row += 1
        put(sheet, row, 1, text)


def _cells_of(sheet: Worksheet, row: int, *values: str | Decimal | None) -> None:
    for column, value in enumerate(values, 1):
        if isinstance(value, str):
            put(sheet, row, column, value)
        elif value is not None:
            cell = sheet.cell(row, column, value)
            cell.number_format = "#,##0.00"
            cell.alignment = Alignment(vertical="top")


def _reading_facts(result: Contractresultaat) -> list[tuple[str, str]]:
    facts = []
    for sheet in result.bladen:
        read = count_of(sheet.rijen_gelezen, "rij", "rijen")
        text = f"{sheet.soort}; {read} gelezen, {sheet.rijen_gebruikt} gebruikt."
        for omission in sheet.weggelaten:
            text += f" Weggelaten (rij {row_ranges(omission.rijen)}): {omission.reden}."
        if sheet.verborgen:
            text += f" Verborgen, wel gelezen: {join_words(sheet.verborgen)}."
        facts.append((f"Blad {sheet.blad}", text))
    return facts
