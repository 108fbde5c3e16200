"""Our own contract workbook: empty, with explanations, drop-downs and an example per sheet.

Sheets and columns follow from ``tables.schema``; the choices come from the code lists. The
columns sheets have their headings in row ``HEADING_ROW`` and start with the column
``ROW_KIND_TITLE``; a row that says ``EXAMPLE_MARK`` there is an example and no data. A choice
from a code list is written as code and meaning: ``04 Uur``.
"""

import datetime
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from inkoopcheck.dutch import format_value
from inkoopcheck.engine.codelists import Codelist
from inkoopcheck.tables.schema import (
    AANBIEDER,
    CONTRACT,
    EXAMPLE_MARK,
    ROW_KIND_TITLE,
    TABLES,
    Column,
    Kind,
    Table,
)

README_SHEET = "Leeswijzer"
CHOICES_SHEET = "Keuzelijsten"
EXPLANATION_ROW, HEADING_ROW, EXAMPLE_ROW = 3, 4, 5
UPRIGHT_HEADINGS = ("Onderwerp", "Invullen", "Uitleg")
UPRIGHT_HEADING_ROW = 3
EMPTY_ROWS = 200

Choices = str | tuple[str, ...]

_NAVY, _PALE_BLUE, _YELLOW, _GREY, _PALE_GREY = "1F3864", "DCE6F1", "FFFBE0", "595959", "F2F2F2"
_LINE = Side(style="thin", color="BFBFBF")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)

_NUMBER_FORMAT = {
    Kind.TEXT: "General",
    Kind.CODE: "@",
    Kind.AMOUNT: "#,##0.00",
    Kind.NUMBER: "General",
    Kind.PERCENTAGE: "0.00",
    Kind.INTEGER: "0",
    Kind.DATE: "d-m-yyyy",
    Kind.YES_NO: "General",
    Kind.UNIT: "@",
    Kind.FREQUENCY: "@",
    Kind.VARIANT: "General",
}

_WIDTH = {
    Kind.TEXT: 20,
    Kind.CODE: 18,
    Kind.AMOUNT: 16,
    Kind.NUMBER: 13,
    Kind.PERCENTAGE: 15,
    Kind.INTEGER: 12,
    Kind.DATE: 14,
    Kind.YES_NO: 16,
    Kind.UNIT: 20,
    Kind.FREQUENCY: 22,
    Kind.VARIANT: 20,
}
_WIDE = {"omschrijving": 40, "reden": 60, "toelichting": 34, "opmerking": 34, "resultaat": 30}
_KEY_COLUMNS = ("productcode", "cao", "eis_id", "regel")

_SECTIONS = {
    "contract_id": "Wie koopt in, en waarvoor?",
    "tekendatum": "Hoe lang loopt het?",
    "procedure": "Hoe is er ingekocht?",
    "contractstandaard": "Welke standaarden gelden er?",
    "declaratiefrequentie": "Welke termijnen gelden er?",
    "tijdregistratie": "Wat moet de aanbieder bijhouden?",
    "indexeringsclausule": "Hoe stijgen de tarieven mee?",
    "onderaanneming": "Wat is er verder afgesproken?",
    "clienten_per_jaar": "Hoeveel werk is het?",
    "aanbieder": "Wie levert de hulp?",
}
"""Subheadings of the upright sheet, by the column they stand above. They are questions, so that
no reader takes them for the label of a field."""

_SHEET_PURPOSE = {
    "contract": "De afspraken over looptijd, termijnen, standaarden en geld. En de aanbieder.",
    "tarief": "Alle producten met hun tarief. Een regel per product, eenheid en periode.",
    "tariefopbouw": "Hoe elk tarief is opgebouwd. De wet noemt vier onderdelen van de kostprijs.",
    "kostprijs": "Wat een tarief kost: lonen, uren en kosten. Hieruit rekent inkoopcheck het tarief na.",
    "caoschaal": "Lonen uit de cao, als u die erbij wilt geven. Mag leeg blijven.",
    "administratie": "Alles wat de aanbieder moet registreren, aanleveren of verantwoorden.",
    "kwaliteit": "Alle eisen aan de kwaliteit van de hulp.",
    "uitleg": "Wijkt u met een goede reden af van een regel? Schrijf dat hier op.",
}

_README: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Wat is dit?",
        (
            "In deze werkmap zet u de afspraken van een contract voor jeugdhulp. inkoopcheck"
            " vergelijkt ze met de wet en met de landelijke standaarden.",
            "U krijgt een rapport. Daarin staat per afwijking in welke cel zij staat, waarom het"
            " ertoe doet en wat u kunt doen.",
        ),
    ),
    (
        "Zo vult u de werkmap in",
        (
            "1. Begin met het blad Contract. Vul de gele cellen in.",
            "2. Vul daarna Tarieven en Tariefopbouw in. Gebruik voor elk product een regel. Wilt u een"
            " tarief laten narekenen? Vul dan ook Kostprijs in, met een regel per functie.",
            "3. Vul Administratie en Kwaliteit in. Gebruik voor elke eis een regel.",
            "4. Weet u iets niet? Laat de cel dan leeg. Het rapport zegt wat niet te bepalen was.",
            f"5. De grijze regel met {EXAMPLE_MARK} is een voorbeeld. Die telt niet mee. U mag"
            " haar weghalen.",
            "6. Kies waar het kan uit de lijst in de cel. Past geen keuze? Typ dan zelf iets.",
            "7. Schrijf een percentage als gewoon getal: 5 betekent 5%.",
            "8. Schrijf een datum met dag, maand en jaar: 1-7-2026.",
            "9. Bewaar de werkmap, bijvoorbeeld als contract.xlsx.",
        ),
    ),
    (
        "Zo controleert u het contract",
        (
            "Open een opdrachtvenster in de map waar het bestand staat. Typ:",
            "inkoopcheck contract contract.xlsx",
        ),
    ),
    (
        "Wat gebeurt er met uw gegevens?",
        (
            "De controle draait op uw eigen computer. Er wordt niets verstuurd.",
            "Zet geen namen, adressen of burgerservicenummers van jeugdigen in deze werkmap. Ze"
            " zijn voor de controle niet nodig.",
        ),
    ),
    (
        "Pas toe of leg uit",
        (
            "Soms is er een goede reden om van een regel af te wijken. Zet dan op het blad Uitleg"
            " de code van de regel, uw reden, wie dit besloot en tot wanneer het geldt.",
            "De afwijking blijft zichtbaar in het rapport, met uw reden erbij. Zij telt niet meer"
            " mee als fout.",
        ),
    ),
)

_COMMANDS = ("inkoopcheck contract contract.xlsx",)

_EXAMPLES: dict[str, dict[str, Any]] = {
    "contract": {
        "contract_id": "JH-2026-017",
        "gemeente": "Utrecht",
        "gemeentecode": "0344",
        "jeugdregio": "Utrecht Stad",
        "inkoopschaal": "gemeente",
        "contractvorm": "overeenkomst",
        "tekendatum": datetime.date(2025, 10, 15),
        "startdatum": datetime.date(2026, 1, 1),
        "einddatum": datetime.date(2028, 12, 31),
        "onbepaalde_tijd": False,
        "verlengingsopties": "1 x 12 maanden",
        "verlenging_meldtermijn": 6,
        "opzegtermijn_opdrachtgever": 6,
        "opzegtermijn_opdrachtnemer": 6,
        "procedure": "SAS zonder EMVI",
        "weging_prijs": Decimal(30),
        "ervaringsdeskundigen": True,
        "contractstandaard": "Contractstandaard Jeugd",
        "contractstandaard_datum": datetime.date(2023, 10, 13),
        "inkoopvoorwaarden": "VNG Model Algemene Inkoopvoorwaarden 2024",
        "uitvoeringsvariant": "inspanningsgericht",
        "ijw_berichten": True,
        "administratieprotocol": "SAP Inspanningsgericht",
        "productcodelijst_datum": datetime.date(2025, 2, 1),
        "catalogus_vastgesteld": datetime.date(2025, 10, 14),
        "declaratiefrequentie": "per maand",
        "declaratietermijn_dagen": 30,
        "antwoordtermijn_declaratie": 10,
        "betaaltermijn_dagen": 30,
        "retourtermijn": 3,
        "toewijzingstermijn": 5,
        "onderzoekstermijn_weken": 8,
        "woonplaatstermijn_dagen": 14,
        "startstoptermijn": 5,
        "startbericht_voorwaarde_betaling": False,
        "tijdregistratie": False,
        "accountantsverklaring": "boven drempel",
        "accountant_drempel": Decimal(200000),
        "accountantsprotocol": True,
        "indexeringsclausule": True,
        "index_weging_loon": Decimal(90),
        "index_weging_materieel": Decimal(10),
        "onderaanneming": True,
        "onderaanneming_toestemming": True,
        "onderaanneming_reele_prijs": True,
        "maximale_wachttijd": 4,
        "verzekerd_per_gebeurtenis": Decimal(2500000),
        "verzekerd_per_jaar": Decimal(5000000),
        "micro_onderneming": False,
        "korting_niet_nakoming": Decimal(5),
        "opdrachtwaarde": Decimal(1200000),
        "beschikbaarheidsbekostiging": "hier niet nodig",
        "onderzoeksagenda": True,
        "tarief_na_verhuizing_gelijk": True,
        "clienten_per_jaar": Decimal(60),
        "instroom_per_jaar": Decimal(60),
        "uitstroom_per_jaar": Decimal(60),
        "gemiddelde_duur_maanden": Decimal(9),
        "fte_professional": Decimal(6),
        "fte_backoffice": Decimal("0.5"),
        "ureninformatie_bron": "Opgave van de aanbieder over 2025",
    },
    "aanbieder": {
        "aanbieder": "Stichting Voorbeeld Jeugdhulp",
        "kvk": "12345678",
        "agb": "98765432",
        "jeugdhulpvorm": "ambulante jeugdhulp",
    },
    "tarief": {
        "perceel": "Ambulant",
        "productcode": "45A48",
        "productcategorie": "45",
        "omschrijving": "Ambulante jeugdhulp regulier, individueel",
        "niveau": "hbo",
        "uitvoeringsvariant": "inspanningsgericht",
        "eenheid": "04",
        "frequentie": "2",
        "einddatum_verplicht": True,
        "tarief": Decimal("78.00"),
        "minuuttarief": Decimal("1.30"),
        "jaar": 2026,
        "geldig_van": datetime.date(2026, 1, 1),
        "geldig_tot": datetime.date(2026, 12, 31),
        "indexpercentage": Decimal("3.50"),
        "kwaliteitseis": "SKJ-registratie",
        "volume": Decimal(5200),
    },
    "tariefopbouw": {
        "productcode": "45A48",
        "omschrijving": "Ambulante jeugdhulp regulier, individueel",
        "niveau": "hbo",
        "functie": "Jeugdhulpverlener",
        "cao": "Cao Jeugdzorg",
        "schaal": "8",
        "eenheid": "04",
        "kosten_beroepskrachten": Decimal("51.20"),
        "overige_clientgebonden": Decimal("4.88"),
        "overhead": Decimal("17.92"),
        "indexering": Decimal("2.64"),
        "risico_marge": Decimal("1.36"),
        "tarief": Decimal("78.00"),
        "jaar": 2026,
        "productiviteit": Decimal(72),
        "overhead_percentage": Decimal(35),
        "index_percentage": Decimal("3.50"),
        "percentage_definitie": "Overhead: opslag over beroepskrachten. Index: over de som.",
    },
    "kostprijs": {
        "productcode": "45A48",
        "omschrijving": "Ambulante jeugdhulp regulier, individueel",
        "niveau": "hbo",
        "eenheid": "04",
        "jaar": 2026,
        "basisjaar": 2025,
        "functie": "Jeugdhulpverlener",
        "cao": "Cao Jeugdzorg",
        "schaal": "8",
        "trede": "6",
        "bruto_maandloon": Decimal("3753.50"),
        "aandeel": Decimal(100),
        "vakantietoeslag": Decimal(8),
        "eindejaarsuitkering": Decimal("8.33"),
        "premies": Decimal("18.72"),
        "maximum_premieloon": Decimal(75864),
        "pensioen": Decimal("25.80"),
        "franchise": Decimal(17283),
        "werkgeversdeel": Decimal(50),
        "overig_personeel": Decimal(2),
        "uren_bruto": Decimal(1878),
        "verlof_uren": Decimal(200),
        "feestdag_uren": Decimal("46.8"),
        "verzuim": Decimal("7.8"),
        "scholing_uren": Decimal(40),
        "overleg_uren": Decimal(80),
        "organisatie_uren": Decimal(60),
        "indirect": Decimal(25),
        "declarabel": "direct en indirect",
        "overhead_percentage": Decimal(35),
        "overhead_vorm": "opslag",
        "overhead_grondslag": "loonkosten",
        "materieel": Decimal("3.00"),
        "huisvesting": Decimal("1.88"),
        "risico": Decimal("1.84"),
        "index_percentage": Decimal("3.50"),
        "tarief": Decimal("78.00"),
        "herkomst": "lokaal",
    },
    "caoschaal": {
        "cao": "Cao Jeugdzorg",
        "schaal": "8",
        "trede": "6",
        "bedrag": Decimal("3753.50"),
        "geldig_van": datetime.date(2025, 1, 1),
        "bron": "Voorbeeld, geen echt bedrag",
    },
    "administratie": {
        "eis_id": "A1",
        "omschrijving": "Jaarlijkse productieverantwoording",
        "categorie": "accountant",
        "grondslag": "landelijke standaard",
        "vindplaats": "Artikel 3.10, bladzijde 24",
        "telleenheid": "contract",
        "frequentie_per_eenheid": Decimal(1),
        "minuten_per_keer": Decimal(1440),
        "minuten_herkomst": "aanname",
        "uitvoerder": "backoffice",
        "vermijdbaar": False,
        "via_berichtenverkeer": False,
        "al_beschikbaar": False,
    },
    "kwaliteit": {
        "eis_id": "K1",
        "omschrijving": "Een geregistreerde professional is eindverantwoordelijk",
        "grondslag": "landelijk kader",
        "landelijk_kader": "Norm verantwoorde werktoedeling",
    },
    "uitleg": {
        "regel": "LOOP-03",
        "reden": "De regio koopt in 2027 opnieuw in. Dit contract overbrugt de tijd tot dan.",
        "door": "Afdeling inkoop sociaal domein",
        "tot": datetime.date(2026, 12, 31),
    },
}


def example_row(table: Table) -> Mapping[str, Any]:
    """A realistic row of a table, by column name, in the Python types of the columns."""
    return _EXAMPLES.get(table.name, {})


def template_columns(table: Table) -> tuple[Column, ...]:
    """The columns of a table that the template offers."""
    return tuple(column for column in table.columns if column.template)


def upright_columns() -> tuple[Column, ...]:
    """The labels of the upright sheet: the contract, then the provider."""
    provider = ("aanbieder", "kvk", "agb", "jeugdhulpvorm")
    return template_columns(CONTRACT) + tuple(AANBIEDER.column_by_name[name] for name in provider)


def write_template(target: Path, codelists: Mapping[str, Codelist]) -> None:
    """Write the empty contract workbook; an existing file is replaced."""
    book = Workbook()
    book.properties.title = "Contract jeugdhulp: invulwerkmap"
    book.properties.creator = "inkoopcheck"
    book.properties.language = "nl-NL"
    book.properties.description = "Vul de gele cellen in en controleer met: inkoopcheck contract"
    _write_readme(_new_sheet(book, README_SHEET, _NAVY, first=True))
    choice_sheet = _new_sheet(book, CHOICES_SHEET, _GREY)
    choices = _ChoiceLists(choice_sheet, codelists)
    for table in TABLES.values():
        if table.sheet is None:
            continue
        sheet = _new_sheet(book, table.sheet, "BF9000")
        if table.upright:
            _write_upright(sheet, table, choices)
        else:
            _write_columns(sheet, table, choices)
    book.move_sheet(choice_sheet, len(book.sheetnames))
    choice_sheet.row_dimensions[3].height = 50
    choice_sheet.page_setup.fitToWidth = 4
    book.save(target)


class _ChoiceLists:
    """The options of every drop-down, each list once, in a sheet of their own.

    The drop-downs refer to cell ranges, so they keep working when the sheet is hidden.
    """

    def __init__(self, sheet: Worksheet, codelists: Mapping[str, Codelist]) -> None:
        self._sheet = sheet
        self._codelists = codelists
        self._ranges: dict[Choices, str] = {}
        _title(sheet, CHOICES_SHEET, "Hieruit kiest u op de andere bladen. Hier vult u niets in.")
        sheet.freeze_panes = "A4"

    def option(self, column: Column, value: Any) -> Any:
        """A value as it stands in the drop-down: ``04 Uur`` for the code 04."""
        if isinstance(column.choices, str) and (codelist := self._codelists.get(column.choices)):
            return f"{value} {codelist.meaning(value)}"
        return format_value(value) if isinstance(value, bool) else value

    def range_of(self, column: Column) -> str | None:
        """The cells with the options of a column, or None when it has none."""
        if not column.choices:
            return None
        if column.choices not in self._ranges:
            self._ranges[column.choices] = self._write(column)
        return self._ranges[column.choices]

    def _write(self, column: Column) -> str:
        heading, options = self._content(column)
        letter = get_column_letter(len(self._ranges) + 1)
        _heading(self._sheet[f"{letter}3"], heading)
        for number, option in enumerate(options, start=4):
            self._sheet[f"{letter}{number}"] = option
        self._sheet.column_dimensions[letter].width = max(18, 2 + max(map(len, options)))
        return f"{CHOICES_SHEET}!${letter}$4:${letter}${3 + len(options)}"

    def _content(self, column: Column) -> tuple[str, Sequence[str]]:
        if isinstance(column.choices, str):
            codelist = self._codelists[column.choices]
            return codelist.titel, [f"{item.code} {item.betekenis}" for item in codelist.codes]
        return "Ja of nee" if column.kind is Kind.YES_NO else column.title, column.choices


def _new_sheet(book: Workbook, name: str, tab_colour: str, *, first: bool = False) -> Worksheet:
    sheet = book.worksheets[0] if first else book.create_sheet()
    sheet.title = name
    sheet.sheet_properties.tabColor = tab_colour
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = int(sheet.PAPERSIZE_A4)
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0
    footer = HeaderFooterItem()
    footer.left.text, footer.right.text = "&A", "Bladzijde &P van &N"
    sheet.HeaderFooter.oddFooter = footer
    return sheet


def _write_readme(sheet: Worksheet) -> None:
    sheet.page_setup.orientation = "portrait"
    sheet.column_dimensions["A"].width = 18
    sheet.column_dimensions["B"].width = 84
    _title(sheet, "Contract jeugdhulp: invulwerkmap")
    row = 3
    for heading, lines in _README:
        row = _write_readme_part(sheet, row, heading, lines)
    _subheading(sheet, row, "Wat staat op welk blad?", 2)
    purposes = [(t.sheet, _SHEET_PURPOSE[t.name]) for t in TABLES.values() if t.sheet]
    purposes.append((CHOICES_SHEET, "De keuzes uit de lijsten. Hier hoeft u niets in te vullen."))
    for name, purpose in purposes:
        row += 1
        link = _at(sheet, row, 1, name)
        link.hyperlink = f"#'{name}'!A1"
        link.font = _font(bold=True, underline="single", color=_NAVY)
        _wrapped(_at(sheet, row, 2, purpose))


def _write_readme_part(sheet: Worksheet, row: int, heading: str, lines: Iterable[str]) -> int:
    _subheading(sheet, row, heading, 2)
    for line in lines:
        row += 1
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=2)
        cell = _wrapped(_at(sheet, row, 1, line))
        if line in _COMMANDS:
            cell.font = _font(name="Consolas", bold=True)
        sheet.row_dimensions[row].height = _height(line, 112)
    return row + 2


def _write_upright(sheet: Worksheet, table: Table, choices: _ChoiceLists) -> None:
    _title(sheet, str(table.sheet), "Vul de gele cellen in. Wat u niet weet, laat u leeg.")
    for number, (title, width) in enumerate(
        zip(UPRIGHT_HEADINGS, (42, 46, 88), strict=True), start=1
    ):
        _heading(_at(sheet, UPRIGHT_HEADING_ROW, number), title)
        sheet.column_dimensions[get_column_letter(number)].width = width
    examples = {**example_row(CONTRACT), **example_row(AANBIEDER)}
    row = UPRIGHT_HEADING_ROW
    for column in upright_columns():
        row += 1
        if section := _SECTIONS.get(column.name):
            _subheading(sheet, row, section, len(UPRIGHT_HEADINGS))
            row += 1
        _at(sheet, row, 1, column.title).font = _font(bold=True)
        _input(_at(sheet, row, 2), column)
        # Numbers and dates stand left too: beside their label.
        _at(sheet, row, 2).alignment = Alignment(horizontal="left", vertical="top", wrap_text=True)
        _validate(sheet, column, f"B{row}", choices)
        explanation = _wrapped(_at(sheet, row, 3, _with_example(column, examples.get(column.name))))
        explanation.font = _font(color=_GREY)
        for cell in (_at(sheet, row, 1), explanation):
            cell.border = _BOX
    sheet.freeze_panes = _at(sheet, UPRIGHT_HEADING_ROW + 1, 3)
    sheet.print_title_rows = f"{UPRIGHT_HEADING_ROW}:{UPRIGHT_HEADING_ROW}"


def _with_example(column: Column, example: Any) -> str:
    """The explanation, with an example where it has none and where one cannot choose."""
    if example is None or column.choices or "ijvoorbeeld" in column.explanation:
        return column.explanation
    return f"{column.explanation} Voorbeeld: {format_value(example)}."


def _write_columns(sheet: Worksheet, table: Table, choices: _ChoiceLists) -> None:
    columns = template_columns(table)
    example = example_row(table)
    _title(sheet, str(table.sheet), f"{_SHEET_PURPOSE[table.name]} Vul de gele cellen in.")
    last_row = EXAMPLE_ROW + EMPTY_ROWS
    _small(_at(sheet, EXPLANATION_ROW, 1, "Laat leeg."))
    _heading(_at(sheet, HEADING_ROW, 1), ROW_KIND_TITLE)
    _example(_at(sheet, EXAMPLE_ROW, 1, EXAMPLE_MARK))
    sheet.column_dimensions["A"].width = 13
    explanation_lines = heading_lines = 1
    for number, column in enumerate(columns, start=2):
        letter = get_column_letter(number)
        width = _width(column)
        sheet.column_dimensions[letter].width = width
        sheet.column_dimensions[letter].number_format = _NUMBER_FORMAT[column.kind]
        _small(_at(sheet, EXPLANATION_ROW, number, column.explanation))
        explanation_lines = max(explanation_lines, _lines(column.explanation, width * 1.15))
        heading_lines = max(heading_lines, _lines(column.title, width * 0.85))
        _heading(_at(sheet, HEADING_ROW, number), column.title)
        value = example.get(column.name)
        if value is not None:
            _at(sheet, EXAMPLE_ROW, number, choices.option(column, value))
        _example(_at(sheet, EXAMPLE_ROW, number)).number_format = _NUMBER_FORMAT[column.kind]
        for row in range(EXAMPLE_ROW + 1, last_row + 1):
            _input(_at(sheet, row, number), column)
        _validate(sheet, column, f"{letter}{EXAMPLE_ROW + 1}:{letter}{last_row}", choices)
    sheet.row_dimensions[EXPLANATION_ROW].height = 12.5 * explanation_lines + 4
    sheet.row_dimensions[HEADING_ROW].height = 15.5 * heading_lines + 4
    frozen = next(n for n, c in enumerate(columns, start=3) if c.name in _KEY_COLUMNS)
    sheet.freeze_panes = _at(sheet, HEADING_ROW + 1, frozen)
    sheet.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
    sheet.print_title_cols = f"A:{get_column_letter(frozen - 1)}"
    sheet.page_setup.fitToWidth = math.ceil(len(columns) / 10)


def _validate(sheet: Worksheet, column: Column, cells: str, choices: _ChoiceLists) -> None:
    """A drop-down, or a check on dates and numbers. It warns at most, and never in free text."""
    options = choices.range_of(column)
    if options:
        validation = DataValidation(type="list", formula1=options)
        validation.error = "Dit staat niet in de lijst. Kies liever een van de mogelijkheden."
    elif column.kind is Kind.DATE:
        validation = DataValidation(type="date", operator="greaterThan", formula1="36526")
        validation.error = "Dit is geen datum. Schrijf bijvoorbeeld 1-7-2026."
    elif column.kind is Kind.INTEGER:
        validation = DataValidation(type="whole", operator="greaterThanOrEqual", formula1="0")
        validation.error = "Vul een heel getal in."
    elif column.kind is Kind.PERCENTAGE:
        validation = DataValidation(
            type="decimal", operator="between", formula1="-100", formula2="200"
        )
        validation.error = "Vul een gewoon getal in: 5 betekent 5%."
    elif column.kind in (Kind.AMOUNT, Kind.NUMBER):
        validation = DataValidation(type="decimal", operator="greaterThanOrEqual", formula1="0")
        validation.error = "Vul alleen een getal in, zonder woorden."
    else:
        return
    validation.allow_blank = True
    validation.errorTitle = column.title[:31]
    validation.errorStyle = "warning"
    validation.showErrorMessage = column.kind is not Kind.TEXT
    sheet.add_data_validation(validation)
    validation.add(cells)


def _font(**settings: Any) -> Font:
    return Font(**{"name": "Calibri", "size": 11, **settings})


def _at(sheet: Worksheet, row: int, column: int, value: Any = None) -> Cell:
    """A cell to write in: never a covered cell of a merged range."""
    return cast(Cell, sheet.cell(row, column, value))


def _width(column: Column) -> int:
    longest_word = max(map(len, column.title.split()))
    return max(_WIDE.get(column.name, _WIDTH[column.kind]), longest_word + 3)


def _lines(text: str, width: float) -> int:
    """Number of lines that a text takes when wrapped at words."""
    return len(list(_wrap(text, width)))


def _wrap(text: str, width: float) -> Iterator[str]:
    line = ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            yield line
            line = word
        else:
            line = f"{line} {word}".strip()
    yield line


def _height(text: str, width: float) -> float:
    return math.ceil(15.5 * _lines(text, width))


def _title(sheet: Worksheet, title: str, sentence: str = "") -> None:
    sheet["A1"] = title
    sheet["A1"].font = _font(size=18, bold=True, color=_NAVY)
    sheet.row_dimensions[1].height = 28
    if sentence:
        sheet["A2"] = sentence
        sheet.row_dimensions[2].height = 20


def _heading(cell: Cell, text: str) -> None:
    cell.value = text
    cell.font = _font(bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor=_NAVY)
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    cell.border = _BOX


def _subheading(sheet: Worksheet, row: int, text: str, width: int) -> None:
    _at(sheet, row, 1, text)
    for number in range(1, width + 1):
        _at(sheet, row, number).fill = PatternFill("solid", fgColor=_PALE_BLUE)
        _at(sheet, row, number).font = _font(bold=True, color=_NAVY)
    sheet.row_dimensions[row].height = 19


def _wrapped(cell: Cell) -> Cell:
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _small(cell: Cell) -> None:
    _wrapped(cell).font = _font(size=9, color=_GREY)


def _example(cell: Cell) -> Cell:
    cell.font = _font(italic=True, color=_GREY)
    cell.fill = PatternFill("solid", fgColor=_PALE_GREY)
    cell.border = _BOX
    return _wrapped(cell)


def _input(cell: Cell, column: Column) -> None:
    cell.fill = PatternFill("solid", fgColor=_YELLOW)
    cell.border = _BOX
    cell.number_format = _NUMBER_FORMAT[column.kind]
    _wrapped(cell)
