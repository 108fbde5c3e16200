"""The result of a check of messages as a workbook: the findings, the messages and what was checked."""

from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from inkoopcheck.dutch import format_date, format_value
from inkoopcheck.findings.model import Afwijking, Berichtresultaat, Resultaat
from inkoopcheck.reports.common import (
    OUTCOME_TITLES,
    SEVERITIES,
    compared_sentences,
    family_title,
    group_by_family,
    message_title,
    message_verdict,
    messages_verdict,
    money_sentence,
    month_title,
    most_telling,
    partly_checked,
    rest_text,
    rules_by_reason,
)
from inkoopcheck.reports.spreadsheet import CAP, FILLS, header, new_sheet, put

_FINDINGS = (
    ("Nr.", 6),
    ("Ernst", 15),
    ("Regel", 13),
    ("Onderwerp", 20),
    ("Bestand", 28),
    ("Plaats", 36),
    ("Melding", 52),
    ("Gevonden", 26),
    ("Verwacht", 30),
    ("Wat te doen", 42),
    ("Waarom", 42),
    ("Norm", 34),
    ("Retourcode", 11),
    ("Productcode", 13),
    ("Bedrag", 13),
    ("Onder voorbehoud", 30),
    ("Pad", 60),
)
_MESSAGES = (
    ("Bestand", 34),
    ("Bericht", 30),
    ("Identificatie", 16),
    ("Dagtekening", 13),
    ("Gemeente", 11),
    ("Aanbieder", 11),
    ("Oordeel", 24),
    ("Wat gaat terug", 60),
    ("Fouten in opbouw", 17),
    *((look.plural.capitalize(), 15) for look in SEVERITIES.values()),
    ("Cliënten", 10),
    ("Regels", 10),
    ("SHA-256", 66),
)
_MONEY = (
    ("Bestand", 34),
    ("Cliënt", 10),
    ("Toewijzing", 14),
    ("Maand", 18),
    ("Prestaties", 12),
    ("Afgewezen prestaties", 20),
    ("Ingediend", 15),
    ("Afgewezen", 15),
)
_EURO = '"€" #,##0.00'


def render(result: Resultaat, target: Path) -> None:
    """Write the workbook with the findings on all messages of a run."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    notes = _fill_findings(_sheet(workbook, "Afwijkingen", _FINDINGS), result)
    _fill_messages(_sheet(workbook, "Berichten", _MESSAGES), result)
    if any(message.geld is not None for message in result.berichten):
        _fill_money(_sheet(workbook, "Geld", _MONEY), result)
    _fill_facts(new_sheet(workbook, "Verantwoording"), result, notes)
    workbook.save(target)


def _sheet(workbook: Workbook, title: str, columns: tuple[tuple[str, int], ...]) -> Worksheet:
    sheet = new_sheet(workbook, title)
    header(sheet, 1, [name for name, _ in columns])
    for number, (_, width) in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    return sheet


def _table(sheet: Worksheet, name: str, columns: int, rows: int) -> None:
    if rows > 1:
        sheet.add_table(
            Table(
                displayName=name,
                ref=f"A1:{get_column_letter(columns)}{rows}",
                tableStyleInfo=TableStyleInfo(name="TableStyleLight1", showRowStripes=False),
            )
        )


def _fill_findings(sheet: Worksheet, result: Resultaat) -> list[str]:
    """Writes the findings and gives a note for every rule whose list was cut."""
    notes = []
    row = 1
    for family in group_by_family(
        (a for m in result.berichten for a in m.afwijkingen), result.left_out
    ):
        for rule in family.rules:
            for finding in rule.shown(CAP):
                row += 1
                _finding_row(sheet, row, finding)
            if rule.hidden(CAP):
                notes.append(
                    f"{rule.first.regel}: {rest_text(rule.hidden(CAP))}, hier niet getoond."
                )
    if row == 1:
        put(sheet, 2, 7, messages_verdict(result).sentence)
    _table(sheet, "Afwijkingenlijst", len(_FINDINGS), row)
    return notes


def _finding_row(sheet: Worksheet, row: int, finding: Afwijking) -> None:
    number = sheet.cell(row, 1, row - 1)
    number.alignment = Alignment(vertical="top")
    fill = PatternFill("solid", start_color=FILLS[finding.ernst])
    put(sheet, row, 2, finding.ernst.value, fill=fill, font=Font(bold=True))
    texts = (
        finding.regel,
        family_title(finding.familie),
        finding.plaats.bestand,
        finding.plaats.label,
        finding.melding,
        finding.gevonden,
        finding.verwacht,
        finding.herstel,
        finding.waarom,
        f"{finding.norm.bron} ({finding.norm.status.value})",
        finding.retourcode or "",
        finding.productcode or "",
    )
    for column, text in enumerate(texts, 3):
        put(sheet, row, column, text)
    if finding.bedrag is not None:
        amount = sheet.cell(row, 15, finding.bedrag)
        amount.number_format = _EURO
        amount.alignment = Alignment(vertical="top")
    put(sheet, row, 16, finding.voorbehoud or "")
    put(sheet, row, 17, finding.plaats.pad or "")


def _fill_messages(sheet: Worksheet, result: Resultaat) -> None:
    row = 1
    for message in most_telling(result.berichten):
        row += 1
        _message_row(sheet, row, message)
    _table(sheet, "Berichtenlijst", len(_MESSAGES), row)


def _message_row(sheet: Worksheet, row: int, message: Berichtresultaat) -> None:
    texts = (
        message.bestand.naam,
        message_title(message),
        message.identificatie or "",
        format_date(message.dagtekening) if message.dagtekening else "",
        message.gemeente or "",
        message.aanbieder or "",
        message_verdict(message).heading,
        message.retour,
    )
    for column, text in enumerate(texts, 1):
        put(sheet, row, column, text)
    numbers = (
        message.schemafouten,
        *(message.count(severity) for severity in SEVERITIES),
        message.clienten,
        message.regels,
    )
    for column, number in enumerate(numbers, len(texts) + 1):
        sheet.cell(row, column, number).alignment = Alignment(vertical="top")
    put(sheet, row, len(texts) + len(numbers) + 1, message.bestand.sha256)


def _fill_money(sheet: Worksheet, result: Resultaat) -> None:
    row = 1
    for message in result.berichten:
        for part in message.geld.delen if message.geld is not None else ():
            row += 1
            put(sheet, row, 1, message.bestand.naam)
            for column, number in enumerate((part.client_nr, part.toewijzing), 2):
                sheet.cell(row, column, number)
            put(sheet, row, 4, month_title(part.maand))
            sheet.cell(row, 5, part.regels)
            sheet.cell(row, 6, part.afgewezen_regels)
            for column, amount in enumerate((part.ingediend, part.afgewezen), 7):
                sheet.cell(row, column, amount).number_format = _EURO
    if row == 1:
        put(sheet, 2, 1, "Er wordt niets afgewezen.")
    _table(sheet, "Geldlijst", len(_MONEY), row)


def _fill_facts(sheet: Worksheet, result: Resultaat, notes: list[str]) -> None:
    for letter, width in zip("ABCD", (26, 60, 22, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    judgement = messages_verdict(result)
    facts = [
        ("Oordeel", f"{judgement.heading}. {judgement.sentence}"),
        ("Programma", f"inkoopcheck {result.versie}"),
        ("Versie van de regels", result.regelversie),
        ("Peildatum", format_date(result.peildatum)),
        ("Gemaakt op", format_value(result.gemaakt_op)),
        *(
            (f"Geld: {message.bestand.naam}", money_sentence(message.geld))
            for message in result.berichten
            if message.geld is not None
        ),
        *(("Vergeleken", sentence) for sentence in compared_sentences(result)),
        *(("Ingekort", note) for note in notes),
        *(("Niet te lezen", item.reden) for item in result.onbruikbaar),
        *(
            ("Aangepast", f"{c.wat}: was {c.was}, nu {c.nu}. {c.reden or 'Zonder reden.'}")
            for c in result.overschreven
        ),
    ]
    for row, (label, text) in enumerate(facts, 1):
        put(sheet, row, 1, label, font=Font(bold=True))
        put(sheet, row, 2, text)
    row = len(facts) + 2
    header(sheet, row, ("Regel", "Titel", "Niet gecontroleerd", "Reden"))
    for outcome, reason, rules in rules_by_reason(result.not_run):
        for rule in rules:
            row += 1
            for column, text in enumerate(
                (rule.regel, rule.titel, OUTCOME_TITLES[outcome], reason), 1
            ):
                put(sheet, row, column, text)
    for rule in partly_checked(result):
        row += 1
        missing = f"{rule.niet_te_bepalen} keer ontbrak iets of was iets niet te lezen."
        for column, text in enumerate((rule.regel, rule.titel, "Deels gecontroleerd", missing), 1):
            put(sheet, row, column, text)
