"""Make the sample contracts anew: ``python -m sample_contracts.maak_voorbeelden [MAP]``.

Everything in them is made up: municipalities, providers, numbers and prices. ``README.md`` says
what each file shows.
"""

import datetime
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import xlwt
from odf import table as odf_table
from odf import text as odf_text
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableColumnProperties
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from sample_contracts.writing import (
    column_letter_of,
    fill_template,
    save_csv,
    save_ods,
    save_xlsx,
)

Row = dict[str, Any]


def day(text: str) -> datetime.date:
    """A date written as 2026-01-31."""
    return datetime.date.fromisoformat(text)


# --- an exemplary contract -------------------------------------------------------------------

_PROVIDER: Row = {
    "aanbieder": "Stichting De Proeftuin",
    "kvk": "12345678",
    "agb": "98765432",
    "jeugdhulpvorm": "ambulante jeugdhulp, dagbehandeling, pleegzorg en gezinshuizen",
}

_GOOD_CONTRACT: Row = {
    "contract_id": "RP-2026-001",
    "jeugdregio": "Proefland",
    "inkoopschaal": "regio",
    "contractvorm": "overeenkomst",
    "tekendatum": day("2025-11-20"),
    "startdatum": day("2026-01-01"),
    "einddatum": day("2028-12-31"),
    "onbepaalde_tijd": False,
    "verlengingsopties": "1 x 12 maanden",
    "verlenging_meldtermijn": 6,
    "opzegtermijn_opdrachtgever": 6,
    "opzegtermijn_opdrachtnemer": 6,
    "procedure": "SAS met EMVI",
    "maximum_aanbieders": 8,
    "weging_prijs": 30,
    "ervaringsdeskundigen": True,
    "contractstandaard": "Contractstandaard Jeugd",
    "contractstandaard_datum": day("2023-10-13"),
    "inkoopvoorwaarden": "VNG Model Algemene Inkoopvoorwaarden 2024",
    "uitvoeringsvariant": "inspanningsgericht",
    "ijw_berichten": True,
    "administratieprotocol": "SAP Inspanningsgericht",
    "productcodelijst_datum": day("2025-10-01"),
    "catalogus_vastgesteld": day("2025-10-14"),
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
    "accountant_drempel": 200000,
    "accountantsprotocol": True,
    "indexeringsclausule": True,
    "index_weging_loon": 90,
    "index_weging_materieel": 10,
    "onderaanneming": True,
    "onderaanneming_toestemming": True,
    "onderaanneming_reele_prijs": True,
    "maximale_wachttijd": 6,
    "verzekerd_per_gebeurtenis": 2500000,
    "verzekerd_per_jaar": 5000000,
    "micro_onderneming": False,
    "korting_niet_nakoming": 5,
    "sroi_percentage": 2,
    "sroi_toelichting": "Leerwerkplekken in de groep en op kantoor",
    "beschikbaarheidsbekostiging": "hier niet nodig",
    "onderzoeksagenda": True,
    "bestedingsruimte": 1450000,
    "bestedingsruimte_signaal": 70,
    "opdrachtwaarde": 5800000,
    "tarief_na_verhuizing_gelijk": True,
    "clienten_per_jaar": 240,
    "instroom_per_jaar": 150,
    "uitstroom_per_jaar": 145,
    "gemiddelde_duur_maanden": 9,
    "fte_professional": 14,
    "fte_backoffice": 4,
    "fte_gemeente": 1.5,
    "netto_uren_per_fte": 1504,
    "werkdagen_per_fte": 208,
    **_PROVIDER,
}


def _tariff(code: str | None, name: str | None, unit: str | None, amount: Any, **more: Any) -> Row:
    """A row of the sheet Tarieven for 2026; what is empty is left out."""
    row: Row = {
        "productcode": code,
        "productcategorie": code[:2] if code and code[:2].isdigit() else None,
        "omschrijving": name,
        "eenheid": unit,
        "tarief": amount,
        "geldig_van": day("2026-01-01"),
        "kwaliteitseis": "SKJ-registratie van de eindverantwoordelijke",
        **more,
    }
    return {field: value for field, value in row.items() if value is not None}


_THIS_YEAR: Row = {
    "frequentie": "4",
    "einddatum_verplicht": True,
    "jaar": 2026,
    "geldig_tot": day("2026-12-31"),
}

_GOOD_TARIFFS = [
    _tariff(
        "45A48", "Ambulante jeugdhulp regulier, individueel", "04", 82.80, perceel="Ambulant",
        niveau="hbo", minuuttarief=1.38, volume=5200, tarief_onderaannemer=79.20, **_THIS_YEAR,
    ),
    _tariff(
        "45A53", "Ambulante jeugdhulp specialistisch, individueel", "04", 104.40,
        perceel="Ambulant", niveau="wo", minuuttarief=1.74, volume=2100, **_THIS_YEAR,
    ),
    _tariff(
        "41A03", "Dagbehandeling regulier", "16", 79.28, perceel="Dagbehandeling", niveau="hbo",
        volume=1900, **_THIS_YEAR,
    ),
    _tariff(
        "44A07", "Pleegzorg, met pleegvergoeding", "14", 52.14, perceel="Verblijf", volume=7300,
        **_THIS_YEAR,
    ),
    _tariff("44A08", "Gezinshuis", "14", 171.36, perceel="Verblijf", volume=2920, **_THIS_YEAR),
    _tariff(
        "54001", "Jeugd-ggz, behandeling", "04", 118.80, perceel="Jeugd-ggz", niveau="wo",
        minuuttarief=1.98, volume=1500, **_THIS_YEAR,
    ),
]  # fmt: skip

_BUILD_UP = (
    "kosten_beroepskrachten",
    "overige_clientgebonden",
    "overhead",
    "indexering",
    "risico_marge",
)
_SHARES = "Overhead: opslag over beroepskrachten. Indexering: over de drie delen ervoor."


def _build_up(tariff: Row, amounts: tuple[float, ...], **more: Any) -> Row:
    """The row of the sheet Tariefopbouw that belongs to a tariff."""
    same = ("productcode", "omschrijving", "niveau", "eenheid", "tarief", "jaar")
    professionals, other, overhead, indexation, _ = amounts
    return {
        **{name: tariff[name] for name in same if name in tariff},
        **dict(zip(_BUILD_UP, amounts, strict=True)),
        "productiviteit": 72,
        "overhead_percentage": round(100 * overhead / professionals, 2),
        "index_percentage": round(100 * indexation / (professionals + other + overhead), 2),
        "percentage_definitie": _SHARES,
        **more,
    }


_GOOD_BUILD_UP = [
    _build_up(tariff, amounts, functie=job, cao=cao, schaal=scale)
    for tariff, amounts, job, cao, scale in zip(
        _GOOD_TARIFFS,
        (
            (56.15, 4.60, 16.85, 3.10, 2.10),
            (71.15, 5.60, 21.35, 3.70, 2.60),
            (50.22, 9.20, 15.06, 2.80, 2.00),
            (17.34, 26.90, 5.20, 1.80, 0.90),
            (108.00, 21.50, 32.06, 6.00, 3.80),
            (81.38, 5.90, 24.42, 4.20, 2.90),
        ),
        (
            "Jeugdhulpverlener", "Gedragswetenschapper", "Pedagogisch medewerker",
            "Pleegzorgbegeleider", "Gezinshuisouder", "Gezondheidszorgpsycholoog",
        ),
        ("Cao Jeugdzorg",) * 5 + ("Cao GGZ",),
        ("9", "11", "8", "9", "8", "FWG 65"),
        strict=True,
    )
]  # fmt: skip


# Wages, hours and costs from which the tariffs above follow to the cent. No real salary scale.
_COST: Row = {
    "jaar": 2026,
    "basisjaar": 2025,
    "vakantietoeslag": 8,
    "eindejaarsuitkering": 8.33,
    "premies": 18.72,
    "maximum_premieloon": 75864,
    "pensioen": 25.8,
    "franchise": 17283,
    "werkgeversdeel": 50,
    "overig_personeel": 2,
    "uren_bruto": 1878,
    "verlof_uren": 200,
    "feestdag_uren": 46.8,
    "verzuim": 7.8,
    "scholing_uren": 40,
    "overleg_uren": 80,
    "organisatie_uren": 60,
    "overhead_vorm": "opslag",
    "overhead_grondslag": "loonkosten",
    "risico": 2.7,
    "index_percentage": 3.9,
    "herkomst": "lokaal",
}


def _cost(tariff: Row, job: str, scale: str, salary: float, **more: Any) -> Row:
    """A row of the sheet Kostprijs for a function that works on a product."""
    same = ("productcode", "omschrijving", "niveau", "eenheid", "tarief")
    return {
        **{name: tariff[name] for name in same if name in tariff},
        **_COST,
        "functie": job,
        "cao": "Cao GGZ" if scale.startswith("FWG") else "Cao Jeugdzorg",
        "schaal": scale,
        "bruto_maandloon": salary,
        **more,
    }


_PER_HOUR: Row = {"aandeel": 100, "indirect": 25, "declarabel": "direct en indirect"}
_GROUP: Row = {
    "uren_inzet": 4,
    "groepsgrootte": 8,
    "bezetting": 90,
    "overhead_percentage": 30,
    "materieel": 4.96,
    "huisvesting": 4.00,
}

_GOOD_COSTS = [
    _cost(
        _GOOD_TARIFFS[0], "Jeugdhulpverlener", "9", 4105, overhead_percentage=30, materieel=4.60,
        huisvesting=0, **_PER_HOUR,
    ),
    _cost(
        _GOOD_TARIFFS[1], "Gedragswetenschapper", "11", 5165, overhead_percentage=30,
        materieel=5.43, huisvesting=0, **_PER_HOUR,
    ),
    _cost(_GOOD_TARIFFS[2], "Pedagogisch medewerker A", "8", 3550, **_GROUP),
    _cost(_GOOD_TARIFFS[2], "Pedagogisch medewerker B", "7", 3110, **_GROUP),
    _cost(
        _GOOD_TARIFFS[3], "Pleegzorgbegeleider", "9", 4190, profiel="pleegzorg", caseload=12, fte=1,
        pleegvergoeding=25.21, overhead_percentage=30, materieel=1.12,
    ),
    _cost(
        _GOOD_TARIFFS[5], "Gezondheidszorgpsycholoog", "FWG 65", 5945, overhead_percentage=30,
        materieel=5.95, huisvesting=0, **_PER_HOUR,
    ),
]  # fmt: skip


def _demand(number: str, text: str, kind: str, ground: str, **more: Any) -> Row:
    """A row of the sheet Administratie."""
    return {
        "eis_id": number,
        "omschrijving": text,
        "categorie": kind,
        "grondslag": ground,
        "vindplaats": f"Bijlage 4, eis {number}",
        "telleenheid": "contract",
        "frequentie_per_eenheid": 1,
        "uitvoerder": "backoffice",
        **more,
    }


_GOOD_DEMANDS = [
    _demand(
        "A1", "Declareren met het declaratiebericht JW323", "declaratie", "landelijke standaard",
        telleenheid="cliënt", frequentie_per_eenheid=12, minuten_per_keer=3,
        minuten_herkomst="gemeten", via_berichtenverkeer=True, al_beschikbaar=False,
    ),
    _demand(
        "A2", "Productieverantwoording over het jaar", "accountant", "landelijke standaard",
        minuten_per_keer=1440, minuten_herkomst="aanname", via_berichtenverkeer=False,
        al_beschikbaar=False,
    ),
    _demand(
        "A3", "Openbare jaarverantwoording", "overig", "wet", minuten_per_keer=960,
        minuten_herkomst="aanname", via_berichtenverkeer=False, al_beschikbaar=True,
        toelichting="De gemeente leest de cijfers die de aanbieder al openbaar maakt.",
    ),
]  # fmt: skip

_GOOD_QUALITY: list[Row] = [
    {
        "eis_id": "K1",
        "omschrijving": "Een geregistreerde professional is eindverantwoordelijk",
        "grondslag": "landelijk kader",
        "landelijk_kader": "Norm verantwoorde werktoedeling",
    },
    {
        "eis_id": "K2",
        "omschrijving": "Gezinshuizen voldoen aan de kwaliteitscriteria",
        "productcode": "44A08",
        "grondslag": "landelijk kader",
        "landelijk_kader": "Kwaliteitscriteria gezinshuizen",
    },
]


def _good_tables() -> dict[str, list[Row]]:
    return {
        "tarief": _GOOD_TARIFFS,
        "tariefopbouw": _GOOD_BUILD_UP,
        "kostprijs": _GOOD_COSTS,
        "administratie": _GOOD_DEMANDS,
        "kwaliteit": _GOOD_QUALITY,
    }


def exemplary(target: Path) -> None:
    """A contract as it should be: nothing deviates, so there is nothing to explain."""
    fill_template(target, _GOOD_CONTRACT, _good_tables())


def for_messages(target: Path) -> None:
    """The contract behind the case in ``berichten``: its parties, its two products and their tariffs."""
    ambulant, _, group, *_ = _GOOD_TARIFFS
    talks = {
        **_changed(ambulant, ("tarief_onderaannemer",)),
        "tarief": 98.50,
        "minuuttarief": 1.64,
    }
    days = {**group, "tarief": 142.00}
    fill_template(
        target,
        _changed(
            _GOOD_CONTRACT,
            contract_id="DI-2026-003",
            gemeente="Diemen",
            gemeentecode="0384",
            jeugdregio="Amsterdam-Amstelland",
            inkoopschaal="gemeente",
        ),
        {
            "tarief": [talks, days],
            "tariefopbouw": [
                _build_up(
                    talks, (66.80, 5.50, 20.00, 3.70, 2.50), functie="Jeugdhulpverlener",
                    cao="Cao Jeugdzorg", schaal="9",
                ),
                _build_up(
                    days, (89.90, 16.50, 27.00, 5.00, 3.60), functie="Pedagogisch medewerker",
                    cao="Cao Jeugdzorg", schaal="8",
                ),
            ],
            "administratie": _GOOD_DEMANDS,
            "kwaliteit": _GOOD_QUALITY,
        },
    )  # fmt: skip


# --- every rule --------------------------------------------------------------------------------

_BAD_CONTRACT: Row = {
    "contract_id": "MD-2026-002",
    "gemeente": "Modeldam",
    "gemeentecode": "9999",
    "jeugdregio": "Proefland",
    "inkoopschaal": "gemeente",
    "contractvorm": "overeenkomst",
    "tekendatum": day("2026-01-20"),
    "startdatum": day("2026-01-01"),
    "einddatum": day("2027-06-30"),
    "onbepaalde_tijd": False,
    "verlengingsopties": "geen",
    "opzegtermijn_opdrachtgever": 6,
    "procedure": "SAS zonder EMVI",
    "weging_prijs": 100,
    "ervaringsdeskundigen": False,
    "contractstandaard": "Contractstandaard Jeugd",
    "contractstandaard_datum": day("2023-01-15"),
    "inkoopvoorwaarden": "eigen inkoopvoorwaarden",
    "uitvoeringsvariant": "inspanningsgericht",
    "ijw_berichten": False,
    "administratieprotocol": "eigen protocol",
    "productcodelijst_datum": day("2023-10-01"),
    "catalogus_vastgesteld": day("2025-12-01"),
    "declaratiefrequentie": "per 4 weken",
    "declaratietermijn_dagen": 14,
    "antwoordtermijn_declaratie": 20,
    "betaaltermijn_dagen": 90,
    "retourtermijn": 5,
    "toewijzingstermijn": 10,
    "onderzoekstermijn_weken": 12,
    "woonplaatstermijn_dagen": 30,
    "startstoptermijn": 10,
    "startbericht_voorwaarde_betaling": True,
    "tijdregistratie": True,
    "accountantsverklaring": "altijd",
    "accountantsprotocol": False,
    "indexeringsclausule": True,
    "index_weging_loon": 80,
    "index_weging_materieel": 20,
    "onderaanneming": True,
    "onderaanneming_toestemming": False,
    "onderaanneming_reele_prijs": False,
    "maximale_wachttijd": 26,
    "verzekerd_per_gebeurtenis": 1000000,
    "verzekerd_per_jaar": 2000000,
    "micro_onderneming": False,
    "korting_niet_nakoming": 15,
    "sroi_percentage": 5,
    "beschikbaarheidsbekostiging": "nee",
    "onderzoeksagenda": False,
    "bestedingsruimte": 900000,
    "bestedingsruimte_signaal": 90,
    "opdrachtwaarde": 1350000,
    "tarief_na_verhuizing_gelijk": False,
    "aanbieder": "Modelzorg B.V.",
    "kvk": "1234567",
    "agb": "1234567",
}

_BAD_TARIFFS = [
    # Frequencies, minutes, quality.
    _tariff(
        "45A48", "Ambulante jeugdhulp regulier, individueel", "04", 82.80, niveau="hbo",
        frequentie="2", einddatum_verplicht=False, minuuttarief=1.35, kwaliteitseis=None,
    ),
    # What heavier and more specialist help costs.
    _tariff(
        "45A53", "Ambulante jeugdhulp specialistisch, individueel", "04", 76.80, niveau="hbo",
        frequentie="2", einddatum_verplicht=True, tarief_onderaannemer=58.20,
    ),
    _tariff("45A49", "Ambulante jeugdhulp regulier, groep", "04", 48.00),
    _tariff("45A54", "Ambulante jeugdhulp specialistisch, groep", "04", 48.00),
    _tariff("44A27", "Verblijf licht", "14", 188.40),
    _tariff("44A28", "Verblijf middel", "14", 176.10),
    _tariff("44A29", "Verblijf middelzwaar", "14", 203.50),
    _tariff("44A30", "Verblijf zwaar", "14", 203.50),
    # Amounts.
    _tariff("44A07", "Pleegzorg", "14", 22.50),
    _tariff("41A03", "Dagbehandeling regulier", "16", 79.275),
    _tariff("45A04", "Ambulante jeugdhulp regulier", "04", 15.00),
    _tariff("45A05", "Ambulante jeugdhulp specialistisch", "01", 97.20),
    _tariff("44A08", "Gezinshuis", "14", 0),
    _tariff("43A12", "JeugdzorgPlus", "14", None),
    _tariff(None, "Pleegvergoeding 0 tot en met 8 jaar", "14", 24.00),
    _tariff(None, "Pleegvergoeding 9 tot en met 11 jaar", "14", 24.50),
    # Units.
    _tariff("42A03", "Vervoer, enkele reis", "82", 9.45),
    _tariff("45A50", "Ambulante jeugdhulp regulier, op afstand", "83", 75.00),
    _tariff("44A09", "Logeren", "per dag", 164.20, frequentie="1"),
    _tariff("45A51", "Ambulante jeugdhulp regulier, gezin", "per week", 310.00),
    _tariff("45A52", "Ambulante jeugdhulp regulier, op locatie", None, 81.00),
    _tariff(
        "45A02", "Ambulante jeugdhulp specialistisch", "04", 98.40,
        uitvoeringsvariant="outputgericht",
    ),
    # Codes.
    _tariff("AMB-01", "Begeleiding in de wijk", "04", 79.80),
    _tariff("45X10", "Weerbaarheidstraining", "04", 74.40, productcategorie="44"),
    _tariff("45X11", "Muziektherapie", "04", 84.00),
    _tariff("45X12", "Muziektherapie", "04", 88.20),
    _tariff("45A56", "Ambulante jeugdhulp specialistisch, gezin", "04", 97.80, productcategorie="44"),
    _tariff("60A01", "Begeleiding volwassenen", "04", 71.40),
    _tariff("35A01", "Pleegzorg oud", "14", 48.30),
    _tariff(None, "Coördinatie van zorg", "04", 86.40),
    _tariff("45A65", "Behandeling", "04", 112.20),
    _tariff("45A65", "Behandeling", "04", 115.80),
    _tariff("45A57", "Ambulante jeugdhulp specialistisch, op locatie", "04", 99.00,
            geldig_tot=day("2026-12-31")),
    _tariff("45A57", "Ambulante jeugdhulp specialistisch, op locatie", "04", 101.40,
            geldig_van=day("2026-07-01"), geldig_tot=day("2027-06-30")),
    _tariff("45A06", "Diagnostiek", "04", 118.20),
    _tariff("45A06", "Diagnostiek", "04", 118.20),
    _tariff("45A63", "Begeleiding overdag", "04", 58.80),
    _tariff("45A63", "Begeleiding in de avond", "04", 66.00),
    _tariff("45A69", "Behandeling op locatie", "04", 109.80, geldig_van=day("2026-04-01")),
    _tariff("45A10", "Ambulante jeugdhulp regulier, individueel", "04", 80.40),
    _tariff("45A74", "Pleegzorg in het weekend", "04", 62.40),
    # Youth protection and nationally bought care.
    _tariff("48A01", "Ondertoezichtstelling, eerste jaar", "04", 94.20),
    _tariff("48A04", "Ondertoezichtstelling, eerste jaar", "04", 96.00),
    _tariff("55001", "Landelijk ingekochte ggz", "04", 132.60),
    # What cannot be read as meant.
    _tariff("54001", "Jeugd-ggz, ook voor 54002 en 54004", "04", 118.80),
    {**_tariff("45E04", "Ambulante jeugdhulp", "04", 84.00), "productcode": 450000},
    _tariff("45A73", "Ambulante jeugdhulp laag tarief, gezin", "04", "maatwerk"),
    _tariff("43A07", "Verblijf met behandeling", "14", "1.146"),
    _tariff("45A70", "Ambulante jeugdhulp laag tarief, individueel", "04", "=82.8*0.75"),
    _tariff("45A71", "Ambulante jeugdhulp laag tarief, groep", "04", "#REF!"),
]  # fmt: skip


def _add_what_reads_badly(book: Workbook) -> None:
    """An unknown label, columns that do not belong, something hidden and a sheet without headings."""
    sheet = book["Contract"]
    row = sheet.max_row + 1
    sheet.cell(row, 1, "Contractmanager")
    sheet.cell(row, 2, "afdeling Inkoop")
    tariffs = book["Tarieven"]
    column = tariffs.max_column + 1
    for number, heading in enumerate(("Reservering", "Cliëntnummer"), start=column):
        tariffs.cell(4, number, heading)
    for row in (6, 7, 8):
        tariffs.cell(row, column, 12.5 + row / 4)
        tariffs.cell(row, column + 1, f"voorbeeld-{row}")
    tariffs.column_dimensions[column_letter_of(tariffs, "Opmerking")].hidden = True
    tariffs.cell(6, column - 1, "Nog af te stemmen")
    old = book.create_sheet("Prijzen vorig contract")
    for text, *amounts in (("Begeleiding", 71.4, 73.8, 76.2), ("Verblijf", 152.6, 157.3, 161.9)):
        old.append([text, *amounts])


def every_rule(target: Path) -> None:
    """Bought by effort by one municipality, with as many deviations as can stand together."""
    fill_template(
        target,
        _BAD_CONTRACT,
        {
            "tarief": _BAD_TARIFFS,
            "administratie": [
                _demand("A1", "Urenstaat als bijlage bij elke declaratie", "declaratie", "lokaal"),
                _demand(
                    "A2", "Maandlijst van gestarte cliënten", "overig", "lokaal",
                    via_berichtenverkeer=True, al_beschikbaar=False,
                ),
                _demand(
                    "A3", "Wachttijden per kwartaal", "KPI", "lokaal",
                    via_berichtenverkeer=False, al_beschikbaar=True,
                ),
                _demand(
                    "A4", "Voortgangsverslag elk half jaar", "voortgang", "lokaal",
                    toelichting="Zie het voorbeeld in dossier 123456782.",
                ),
                _demand("A5", "Startmelding per e-mail", "regie", "lokaal"),
                {"eis_id": "A6", "omschrijving": "Kwartaalgesprek", "categorie": "gesprek"},
            ],
            "kwaliteit": [
                {
                    "eis_id": "K1",
                    "omschrijving": "Elke hulpverlener volgt de training van Modeldam",
                    "productcode": "45A53",
                    "grondslag": "lokaal",
                }
            ],
            "uitleg": [
                {
                    "regel": "LOOP-05",
                    "reden": "Het vorige contract liep door.",
                    "door": "Afdeling Inkoop",
                    "tot": day("2026-12-31"),
                }
            ],
        },
        _add_what_reads_badly,
    )  # fmt: skip


def _changed(base: Row, empty: tuple[str, ...] = (), **changes: Any) -> Row:
    return {name: value for name, value in {**base, **changes}.items() if name not in empty}


_RESULT = "De doelen uit het plan zijn gehaald; de jeugdige en de aanbieder stellen dat samen vast."


def _output(code: str, name: str, amount: float, year: int, **more: Any) -> Row:
    return _tariff(
        code, name, "82", amount, frequentie="6", einddatum_verplicht=True, resultaat=_RESULT,
        jaar=year, geldig_van=day(f"{year}-01-01"), geldig_tot=day(f"{year}-12-31"), **more,
    )  # fmt: skip


def every_rule_output(target: Path) -> None:
    """Bought by result by a region that admits providers, with indexed tariffs and a build-up."""
    tariffs = [
        _output("45A01", "Ambulante jeugdhulp regulier, traject", 1200.00, 2024),
        _output("45A01", "Ambulante jeugdhulp regulier, traject", 1240.00, 2025),
        _output(
            "45A01", "Ambulante jeugdhulp regulier, traject", 1288.00, 2026, indexpercentage=3.5
        ),
        _output("45A02", "Ambulante jeugdhulp specialistisch, traject", 1500.00, 2024),
        _output(
            "45A02",
            "Ambulante jeugdhulp specialistisch, traject",
            1573.65,
            2025,
            indexpercentage=4.91,
        ),
        _output("45A03", "Diagnostiek, traject", 1750.00, 2026),
        _output("41A01", "Dagbehandeling regulier, traject", 2310.00, 2026),
        _output("44A04", "Gezinshuis, traject", 15560.00, 2026),
        {
            **_output("45A12", "Ambulante jeugdhulp regulier, gezin", 1800.00, 2026),
            "eenheid": "83",
        },
    ]
    del tariffs[5]["resultaat"]
    build_up: list[Row] = [
        _build_up(
            tariffs[2], (810.00, 70.00, 309.00, 47.00, 32.00), niveau="hbo", cao="Cao Jeugdzorg"
        ),
        _build_up(tariffs[5], (1120.00, 0, 480.00, 60.00, 40.00), functie="Gedragswetenschapper"),
        _build_up(
            tariffs[6], (1440.00, 270.00, 500.00, 80.00, 60.00), cao="Cao Jeugdzorg", niveau="hbo"
        ),
    ]
    del build_up[1]["percentage_definitie"]
    del build_up[2]["indexering"], build_up[2]["index_percentage"]
    build_up[0]["tarief"] = 1268.00
    fill_template(
        target,
        _changed(
            _GOOD_CONTRACT,
            ("verlenging_meldtermijn", "maximale_wachttijd", "bestedingsruimte",
             "bestedingsruimte_signaal"),
            contract_id="RP-2024-003",
            gemeentecode="123",
            tekendatum=day("2023-11-15"),
            startdatum=day("2024-01-01"),
            einddatum=day("2028-12-31"),
            verlengingsopties="in overleg",
            procedure="toelatingsprocedure",
            maximum_aanbieders=5,
            contractstandaard="Contractstandaard Wmo",
            contractstandaard_datum=day("2022-12-02"),
            uitvoeringsvariant="outputgericht",
            productcodelijst_datum=day("2023-10-01"),
            catalogus_vastgesteld=day("2023-10-17"),
            betaaltermijn_dagen=45,
            tijdregistratie=True,
            accountant_drempel=100000,
            index_weging_loon=70,
            index_weging_materieel=30,
            verzekerd_per_gebeurtenis=5000000,
            verzekerd_per_jaar=10000000,
        ),
        {
            "tarief": tariffs,
            "tariefopbouw": build_up,
            "administratie": [
                *_GOOD_DEMANDS,
                _demand("A4", "Uren per cliënt bijhouden", "tijdschrijven", "lokaal"),
            ],
            "kwaliteit": _GOOD_QUALITY[:1],
        },
    )  # fmt: skip


def every_rule_task(target: Path) -> None:
    """Bought as a task, for an indefinite time that does have an end."""
    fill_template(
        target,
        _changed(
            _GOOD_CONTRACT,
            ("index_weging_loon", "index_weging_materieel", "maximum_aanbieders"),
            contract_id="VS-2026-004",
            gemeente="Voorbeeldstad",
            inkoopschaal="gemeente",
            einddatum=day("2030-12-31"),
            onbepaalde_tijd=True,
            verlengingsopties="2 x 12 maanden",
            verlenging_meldtermijn=3,
            motivering_looptijd="De aanbieder bouwt een team op in elke wijk.",
            procedure="onderhands",
            contractstandaard_datum=day("2022-06-01"),
            uitvoeringsvariant="taakgericht",
            administratieprotocol="SAP Taakgericht",
            declaratiefrequentie="niet per cliënt",
            indexeringsclausule=False,
        ),
        {
            "tarief": [
                _tariff("45A04", "Ambulante jeugdhulp regulier in de wijk", "04", 81.60, **_THIS_YEAR),
                _tariff(
                    "50A00", "Budget voor de hele taak", None, 1400000.00,
                    opmerking="Vast bedrag per jaar voor alle jeugdigen in de stad.", **_THIS_YEAR,
                ),
            ],
            "kwaliteit": _GOOD_QUALITY[:1],
        },
    )  # fmt: skip


def every_rule_no_variant(target: Path) -> None:
    """No variant, no dates, no contract standard and no build-up of the tariffs."""
    fill_template(
        target,
        _changed(
            _GOOD_CONTRACT,
            ("uitvoeringsvariant", "startdatum", "einddatum", "onbepaalde_tijd", "verlengingsopties",
             "verlenging_meldtermijn", "contractstandaard_datum", "productcodelijst_datum"),
            contract_id="MD-2026-005",
            gemeente="Modeldam",
            inkoopschaal="gemeente",
            contractstandaard="geen",
            declaratietermijn_dagen=60,
            tijdregistratie=True,
            catalogus_vastgesteld=day("2026-03-15"),
        ),
        {
            "tarief": [
                _tariff("45A48", "Ambulante jeugdhulp regulier, individueel", "04", 80.40, **_THIS_YEAR),
                _tariff("45X20", "Ouderavond", "stuk", 145.00, **_THIS_YEAR),
            ],
            "kwaliteit": _GOOD_QUALITY[:1],
        },
    )  # fmt: skip


def every_rule_no_end(target: Path) -> None:
    """A tendered contract that goes on for ever."""
    fill_template(
        target,
        _changed(
            _GOOD_CONTRACT,
            ("einddatum", "verlengingsopties", "verlenging_meldtermijn"),
            contract_id="MD-2026-007",
            gemeente="Modeldam",
            onbepaalde_tijd=True,
        ),
        {"tarief": _GOOD_TARIFFS[:1], "tariefopbouw": _GOOD_BUILD_UP[:1]},
    )


def every_rule_subsidy(target: Path) -> None:
    """A subsidy: many rules do not apply to it, but a wrong year still shows."""
    fill_template(
        target,
        _changed(
            _GOOD_CONTRACT,
            ("procedure", "maximum_aanbieders", "weging_prijs", "contractstandaard",
             "contractstandaard_datum", "inkoopvoorwaarden", "opzegtermijn_opdrachtgever",
             "opzegtermijn_opdrachtnemer", "verlengingsopties", "verlenging_meldtermijn"),
            contract_id="VS-2026-006",
            gemeente="Voorbeeldstad",
            inkoopschaal="gemeente",
            contractvorm="subsidie",
            volledige_bekostiging=True,
            einddatum=day("2025-12-31"),
        ),
        {
            "tarief": _GOOD_TARIFFS[:1],
            "tariefopbouw": _GOOD_BUILD_UP[:1],
            "administratie": _GOOD_DEMANDS,
            "kwaliteit": _GOOD_QUALITY[:1],
        },
    )  # fmt: skip


# --- tariffs and administration computed --------------------------------------------------------


def computed(target: Path) -> None:
    """Tariffs of which some do not cover their cost, and demands that take much of the 10%."""
    ambulant, special, group, foster, _, ggz = _GOOD_TARIFFS
    tariffs = [
        {**ambulant, "tarief": 72.60, "minuuttarief": 1.21, "tarief_onderaannemer": 72.60},
        {**special, "tarief": 104.40},
        group,
        {**foster, "tarief": 46.10},
        ggz,
    ]
    # What a provider knows by heart; the rest is left to the ranges of inkoopcheck.
    known = (
        "vakantietoeslag",
        "eindejaarsuitkering",
        "overhead_vorm",
        "overhead_grondslag",
        "jaar",
        "basisjaar",
        "index_percentage",
        "herkomst",
    )
    few = {name: _COST[name] for name in known}
    same = ("productcode", "omschrijving", "niveau", "eenheid")
    loose = [
        {
            **{name: row[name] for name in same if name in row},
            **few,
            "functie": job,
            "cao": cao,
            "schaal": scale,
            "bruto_maandloon": salary,
            "overhead_percentage": 24,
            "declarabel": "direct en indirect",
            "aandeel": 100,
            "materieel": 3.5,
            "huisvesting": 2.5,
        }
        for row, job, cao, scale, salary in (
            (special, "Gedragswetenschapper", "Cao Jeugdzorg", "11", 5165),
            (ggz, "Gezondheidszorgpsycholoog", "Cao GGZ", "FWG 65", 5945),
        )
    ]
    fill_template(
        target,
        _changed(
            _GOOD_CONTRACT,
            contract_id="RP-2026-012",
            tijdregistratie=True,
            clienten_per_jaar=90,
            instroom_per_jaar=60,
            uitstroom_per_jaar=58,
            gemiddelde_duur_maanden=9,
            fte_professional=6,
            fte_backoffice=1.2,
            fte_gemeente=0.8,
            gemeten_administratietijd=32,
        ),
        {
            "tarief": tariffs,
            "kostprijs": [
                {name: value for name, value in _GOOD_COSTS[0].items() if name != "tarief"},
                *loose,
                *_GOOD_COSTS[2:4],
                {name: value for name, value in _GOOD_COSTS[4].items() if name != "tarief"},
            ],
            "administratie": [
                *_GOOD_DEMANDS,
                _demand(
                    "A4", "Tijdschrijven per cliënt per dag", "tijdschrijven", "lokaal",
                    telleenheid="medewerker-werkdag", minuten_per_keer=20,
                    minuten_herkomst="gemeten", uitvoerder="professional",
                ),
                _demand(
                    "A5", "Voortgangsverslag elk kwartaal", "voortgang", "lokaal",
                    telleenheid="cliënt", frequentie_per_eenheid=4, minuten_per_keer=45,
                    minuten_herkomst="aanname", uitvoerder="professional",
                ),
                _demand(
                    "A6", "Herindicatie na zes maanden", "herindicatie", "lokaal",
                    telleenheid="cliënt", frequentie_per_eenheid=1, minuten_per_keer=90,
                    minuten_herkomst="aanname", uitvoerder="professional",
                ),
                _demand(
                    "A7", "Kwartaalrapport met kengetallen", "KPI", "lokaal",
                    frequentie_per_eenheid=4, minuten_per_keer=480, minuten_herkomst="aanname",
                ),
            ],
            "kwaliteit": _GOOD_QUALITY,
        },
    )  # fmt: skip


def _cost_row(code: str, unit: str, **more: Any) -> Row:
    return {"productcode": code, "eenheid": unit, "jaar": 2026, "bruto_maandloon": 3800, **more}


_SOUND: Row = {
    **_COST,
    **_PER_HOUR,
    "basisjaar": 2026,
    "overhead_percentage": 20,
    "materieel": 0,
    "huisvesting": 0,
    "index_percentage": 0,
    "functie": "Begeleider",
    "cao": "Cao Jeugdzorg",
    "schaal": "8",
}


def every_rule_cost(target: Path) -> None:
    """Every deviation in a cost price, and administration that does not fit in the time."""
    names = {
        "45A48": "Ambulante jeugdhulp regulier, individueel",
        "45A49": "Ambulante jeugdhulp regulier, groep",
        "45A53": "Ambulante jeugdhulp specialistisch, individueel",
        "45A54": "Ambulante jeugdhulp specialistisch, groep",
    }
    tariffs = [
        _tariff("45A48", names["45A48"], "04", 50.40, volume=1000, **_THIS_YEAR),
        _tariff("45A53", names["45A53"], "04", 190.20, **_THIS_YEAR),
        _tariff("45A49", names["45A49"], "04", 95.40, tarief_onderaannemer=39.60, **_THIS_YEAR),
        _tariff("45A54", names["45A54"], "04", 90.00, **_THIS_YEAR),
        _tariff("44A07", "Pleegzorg", "14", 46.00, **_THIS_YEAR),
        _tariff("44A08", "Gezinshuis", "14", 171.36, **_THIS_YEAR),
    ]
    index = {"jaar": 2024, "geldig_van": day("2024-01-01"), "geldig_tot": day("2024-12-31")}
    later = {"jaar": 2025, "geldig_van": day("2025-01-01"), "geldig_tot": day("2025-12-31")}
    for code, amount in (("44A09", 103.00), ("44A27", 104.63)):
        tariffs += [
            _tariff(code, f"Verblijf {code}", "14", 100.00, **index),
            _tariff(code, f"Verblijf {code}", "14", amount, **later),
        ]
    costs = [
        _cost_row("45A48", "04", overhead_percentage=45, werkgeverslasten=40, verlof_uren=25,
                  risico=6, index_percentage=12, basisjaar=2025, verzuim=15, scholing_uren=0,
                  overleg_uren=0, indirect=60, declarabel="alleen direct"),
        _cost_row("45A53", "04", basisjaar=2025, index_percentage=0, overhead_vorm="opslag",
                  overhead_percentage=20),
        {**_cost_row("45A49", "04"), **_SOUND, "aandeel": 60, "bruto_maandloon": 3800,
         "schaal": "99"},
        {**_cost_row("45A49", "04"), **_SOUND, "aandeel": 30, "bruto_maandloon": 3100,
         "verzuim": 6},
        {**_cost_row("45A54", "04", tarief=99.00), **_SOUND, "bruto_maandloon": 3800},
        _cost_row("44A07", "14", profiel="pleegzorg", pleegvergoeding=20, caseload=12, fte=1),
        _cost_row("44A10", "14", profiel="pleegzorg", tarief=20, caseload=12, fte=1),
        _cost_row("48A01", "82", profiel="jeugdbescherming"),
        {"productcode": "44A08", "eenheid": "14", "jaar": 2026, "profiel": "gezinshuis",
         "functie": "Inkomen gezinshuisouder", "jaarbedrag": 60000, "element": "beroepskrachten",
         "plaatsen": 4, "bezetting": 60},
    ]  # fmt: skip
    fill_template(
        target,
        _changed(
            _GOOD_CONTRACT,
            ("netto_uren_per_fte",),
            contract_id="RP-2022-013",
            tekendatum=day("2021-11-15"),
            startdatum=day("2022-01-01"),
            index_weging_loon=80,
            index_weging_materieel=20,
            clienten_per_jaar=10,
            instroom_per_jaar=10,
            fte_professional=1,
            fte_backoffice=1,
            fte_gemeente=1,
            werkdagen_per_fte=1504,
            gemeten_administratietijd=38,
        ),
        {
            "tarief": tariffs,
            "tariefopbouw": [
                _build_up(
                    tariffs[2], (40.00, 5.00, 20.00, 6.00, 4.00), functie="Begeleider",
                    cao="Cao Jeugdzorg", schaal="8", tarief=95.40, overhead_percentage=50,
                    productiviteit=95, index_percentage=9,
                )
            ],
            "kostprijs": costs,
            "caoschaal": [
                {"cao": "Cao Jeugdzorg", "schaal": "8", "bedrag": 3900,
                 "geldig_van": day("2025-01-01"), "bron": "verzonnen"}
            ],
            "administratie": [
                _demand("A1", "Eigen rapport", "overig", "lokaal", minuten_per_keer=100000,
                        uitvoerder="professional"),
                _demand("A2", "Eigen overzicht", "overig", "lokaal", minuten_per_keer=20000),
                _demand("A3", "Eigen controle", "overig", "lokaal", minuten_per_keer=20000,
                        uitvoerder="gemeente"),
                {"eis_id": "A4", "omschrijving": "Halfjaarlijkse lijst", "categorie": "overig",
                 "grondslag": "lokaal", "telleenheid": "contract", "frequentie_per_eenheid": 2},
            ],
        },
    )  # fmt: skip


def every_rule_burden(target: Path) -> None:
    """Administration between 5% and 10% of the time of everyone, and a measured share below it."""
    fill_template(
        target,
        _changed(
            _GOOD_CONTRACT,
            contract_id="RP-2026-014",
            uitvoeringsvariant="taakgericht",
            administratieprotocol="SAP Taakgericht",
            clienten_per_jaar=10,
            instroom_per_jaar=10,
            fte_professional=1,
            fte_backoffice=1,
            fte_gemeente=1,
            netto_uren_per_fte=1500,
            gemeten_administratietijd=3,
        ),
        {
            "administratie": [
                _demand("A1", "Eigen rapport", "overig", "lokaal", minuten_per_keer=5000,
                        uitvoerder="professional"),
                _demand("A2", "Eigen overzicht", "overig", "lokaal", minuten_per_keer=4000),
                _demand("A3", "Eigen controle", "overig", "lokaal", minuten_per_keer=5000,
                        uitvoerder="gemeente"),
            ],
        },
    )  # fmt: skip


# --- comply or explain -------------------------------------------------------------------------


def _explanation(rule: str, reason: str, until: str | None = "2027-12-31", **more: Any) -> Row:
    row = {"regel": rule, "reden": reason, "door": "Portefeuillehoudersoverleg Proefland", **more}
    return {**row, "tot": day(until)} if until else row


_OWN_PRODUCT = _tariff(
    "45X20",
    "Ouderavond voor pleegouders",
    "84",
    145.00,
    perceel="Verblijf",
    volume=24,
    **_THIS_YEAR,
)

_EXPLANATIONS = [
    _explanation(
        "LOOP-03",
        "De regio koopt per 2028 samen in met de buurregio. Dit contract overbrugt de tijd tot dan.",
    ),
    _explanation(
        "ADM-06",
        "De gemeenten stappen in 2026 over op een nieuw systeem. Tot dan is 15 werkdagen nodig.",
        "2026-12-31",
    ),
    _explanation(
        "ADM-04", "Aanbieders en gemeenten spreken elk kwartaal de wachtlijst door. Dat blijft nodig."
    ),
    _explanation(
        "PROD-03", "Er is geen landelijke code voor een ouderavond.", productcode="45X20"
    ),
    _explanation("PROD-06", "Alleen de ouderavond heeft een eigen code."),
    _explanation("VOORW-38", "Gezinshuizen zijn schaars. Voor hulp zonder verblijf geldt 6 weken."),
]  # fmt: skip


def _explained(target: Path, explanations: list[Row]) -> None:
    tables = _good_tables()
    amounts = (101.50, 6.50, 30.50, 4.20, 2.30)
    fill_template(
        target,
        _changed(
            _GOOD_CONTRACT,
            contract_id="RP-2026-007",
            einddatum=day("2027-12-31"),
            antwoordtermijn_declaratie=15,
            maximale_wachttijd=16,
        ),
        {
            **tables,
            "tarief": [*_GOOD_TARIFFS, _OWN_PRODUCT],
            "tariefopbouw": [
                *_GOOD_BUILD_UP,
                _build_up(_OWN_PRODUCT, amounts, functie="Trainer", cao="Cao Jeugdzorg", schaal="9"),
            ],
            "administratie": [
                *_GOOD_DEMANDS,
                _demand("A4", "Gesprek per kwartaal over wachtlijsten", "gesprek", "lokaal"),
            ],
            "uitleg": explanations,
        },
    )  # fmt: skip


def explained(target: Path) -> None:
    """Every deviation has an explanation that holds."""
    _explained(target, _EXPLANATIONS)


def badly_explained(target: Path) -> None:
    """The same contract, with explanations that expired, fit nothing, or are not complete."""
    expired = {**_EXPLANATIONS[1], "tot": day("2026-03-31")}
    stale = _explanation("LOOP-05", "Het contract loopt door tot de nieuwe inkoop klaar is.")
    incomplete = {k: v for k, v in _EXPLANATIONS[5].items() if k != "door"}
    _explained(target, [_EXPLANATIONS[0], expired, *_EXPLANATIONS[2:5], incomplete, stale])


# --- workbooks as found in practice --------------------------------------------------------------


def _put(sheet: Any, rows: list[list[Any]], first: int = 1) -> None:
    for row, values in enumerate(rows, start=first):
        for column, value in enumerate(values, start=1):
            if value is not None:
                sheet.cell(row, column).value = value


def messy(target: Path) -> None:
    """A workbook that grew over the years: everything that makes reading hard, in one file."""
    book = openpyxl.Workbook()
    first = book.active
    first.title = "Toelichting"
    _put(
        first,
        [
            ["Bijlage 3 bij de overeenkomst jeugdhulp Voorbeeldstad"],
            ["Op de volgende bladen staan de afspraken en de tarieven. Bedragen zijn zonder btw."],
            ["Versie 4, na de vragenronde."],
        ],
    )
    terms = book.create_sheet("Contractgegevens")
    _put(
        terms,
        [
            ["Contractgegevens"],
            [],
            ["Contractnummer", "VS-2025-118"],
            ["Opdrachtgever", "Voorbeeldstad"],
            ["Opdrachtnemer", "Jeugdhulp Modelland B.V."],
            ["KvK nr.", 12345678],
            ["AGB-code", 1234567],
            ["Looptijd", "1 januari 2025 t/m 31 december 2027"],
            ["Verlenging", "2x1 jaar"],
            ["Opzegtermijn gemeente", "zes maanden"],
            ["Opzegtermijn aanbieder", "3 maanden"],
            ["Datum ondertekening", "12-11-2024"],
            ["Inkoopprocedure", "Open house"],
            ["Contractstandaard", "Contractstandaard Jeugd, versie oktober 2023"],
            ["Bekostiging", "PxQ"],
            ["Betaaltermijn", "30 dagen"],
            ["Declaratieperiode", "maandelijks"],
            ["Tijdschrijven", "nee"],
            ["Indexering", "ja, 90% OVA en 10% PPC"],
            ["Onderaanneming", "Toegestaan"],
            ["Toestemming onderaanneming", "ja, vooraf en schriftelijk"],
            ["Wachttijd", "maximaal 6 weken"],
            ["Onderzoek naar verzoek", "zo snel mogelijk"],
            ["Escalatie", "eerst het kwartaalgesprek, dan het bestuur"],
        ],
    )
    _messy_ambulatory(book)
    _messy_stay(book)
    save_xlsx(
        book,
        target,
        {
            ("Tarieven ambulant", "F8"): "89.39",
            ("Verblijf 2026", "D6"): "176.5",
            ("Verblijf 2026", "F4"): "500371.2",
            ("Verblijf 2026", "F5"): "380622",
            ("Verblijf 2026", "F6"): "70600",
            ("Verblijf 2026", "F7"): "276150",
            ("Verblijf 2026", "F8"): "1227743.2",
        },
    )


def _messy_ambulatory(book: Workbook) -> None:
    sheet = book.create_sheet("Tarieven ambulant")
    _put(
        sheet,
        [
            ["Tarievenblad ambulante jeugdhulp"],
            ["Vastgesteld door het college"],
            [],
            ["Product", None, None, "Tarief", None, None, "Intern", "Opmerkingen"],
            ["Code", "Naam", "Per", 2025, 2026, 2027, "Inkoopkosten", None],
            ["Perceel 1: hulp zonder verblijf"],
            [
                "45A48",
                "Begeleiding individueel",
                "uur",
                "€ 79,80",
                "€ 82,80",
                "n.t.b.",
                61.25,
                None,
            ],
            [
                "45A53",
                "Begeleiding specialistisch",
                "uur",
                94.2,
                97.8,
                "=E8*0.914",
                70.5,
                "tarief 2027 onder voorbehoud",
            ],
            ["45A04 / 45A51", "Begeleiding regulier en gezin", "uur", "78,-", "81,-", None, 59.75],
            ["45A49", "Begeleiding groep", None, "€ 38,40 per uur", "€ 39,60 per uur", None, 30.1],
            [54001, "Jeugd-ggz behandeling (ook voor 54002)", "uur", 115.2, 118.8, None, 88.4],
            ["Vervallen: 45A50", "Begeleiding op afstand", "uur", "n.v.t.", "n.v.t.", None, None],
            ["41A03", "Dagbehandeling", "dagdeel", 76.6, "=VLOOKUP(A13,Oud!A:B,2)", None, 58.0],
            ["Perceel 2: trajecten"],
            ["45A65", "Behandeltraject", "traject", "€ 1.098,36", "€ 1.146,36", None, 800.5],
            ["45A66", "Behandeltraject licht", "traject", 890, "#REF!", None, 650.25],
            ["Totaal aantal producten", 9],
            [],
            ["* Prijspeil 2026. Tarieven zijn all-in."],
            ["Let op: voor 2027 volgt een nieuw besluit."],
        ],
    )
    for cells in ("A1:H1", "A4:C4", "D4:F4"):
        sheet.merge_cells(cells)
    for row in (1, 4, 5):
        for cell in sheet[row]:
            cell.font = Font(bold=True)
            cell.alignment = Alignment(horizontal="center")
    sheet.column_dimensions["G"].hidden = True
    sheet.row_dimensions[12].hidden = True
    sheet.column_dimensions["B"].width = 38


def _messy_stay(book: Workbook) -> None:
    sheet = book.create_sheet("Verblijf 2026")
    _put(
        sheet,
        [
            ["Tarieven verblijf, prijspeil 2026"],
            [],
            ["Soort hulp", "Productcode", "Tariefeenheid", "Prijs per eenheid", "Aantal", "Bedrag"],
            ["Gezinshuis", "44A08", "etmaal", 171.36, 2920, "=D4*E4"],
            ["Pleegzorg", "44A07", "per dag", "52,14", 7300, "=E5*52.14"],
            ["Logeren", "44A09", "etmaal", "=160*1.103125", 400, "=D6*E6"],
            [
                "Verblijf licht\nVerblijf middel",
                "44A27 en 44A28",
                "etmaal",
                "€ 184,10",
                1500,
                "=184.1*E7",
            ],
            ["Subtotaal", None, None, None, 12120, "=SUM(F4:F7)"],
            ["1) Pleegzorg is met de pleegvergoeding."],
        ],
    )


def open_house(target: Path) -> None:
    """A region that admits every provider; an ods with sheets of its own making."""
    document = OpenDocumentSpreadsheet()
    wide = Style(name="breed", family="table-column")
    wide.addElement(TableColumnProperties(columnwidth="6cm"))
    document.automaticstyles.addElement(wide)
    _ods_sheet(
        document,
        wide,
        "Overeenkomst",
        [
            ["Overeenkomst open house jeugdhulp"],
            ["Contractnummer", "PROEF-OH-2026"],
            ["Jeugdregio", "Proefland"],
            ["Inkoopschaal", "regio"],
            ["Inkoopprocedure", "toelatingsprocedure (open house)"],
            ["Maximum aantal aanbieders", 12],
            ["Ingangsdatum", day("2026-01-01")],
            ["Einddatum", "onbepaalde tijd"],
            ["Opzegtermijn gemeente", "6 maanden"],
            ["Opzegtermijn aanbieder", "6 maanden"],
            ["Contractstandaard", "Contractstandaard Jeugd"],
            ["Bekostiging", "inspanningsgericht"],
            ["iJw-berichten", "ja"],
            ["Administratieprotocol", "SAP Inspanningsgericht"],
            ["Declaratieperiode", "per maand"],
            ["Betaaltermijn", "30 dagen"],
            ["Indexering", "ja"],
            ["Weging lonen", 0.85],
            ["Weging prijzen", 0.15],
            ["Onderaanneming", "nee"],
            ["Maximale wachttijd", "10 weken"],
        ],
    )
    _ods_sheet(
        document,
        wide,
        "Aanbieders",
        [
            ["Naam aanbieder", "KvK-nummer", "AGB-code", "Jeugdhulpvorm"],
            ["Stichting De Proeftuin", "12345678", "98765432", "ambulante jeugdhulp"],
            ["Modelzorg B.V.", "23456789", "87654321", "ambulante jeugdhulp en dagbehandeling"],
            ["Gezinshuis Voorbeeld", "34567890", None, "gezinshuis"],
        ],
    )
    _ods_sheet(
        document,
        wide,
        "Tarieven 2026",
        [
            ["Productcode", "Omschrijving", "Functieniveau", "Eenheid", "Tarief", "Indexatie"],
            ["45A48", "Ambulant regulier, individueel", "mbo", "uur", 64.80, 3.5],
            ["45A48", "Ambulant regulier, individueel", "hbo", "uur", 82.20, 3.5],
            ["45A53", "Ambulant specialistisch, individueel", "hbo", "uur", 94.20, 3.5],
            ["45A53", "Ambulant specialistisch, individueel", "wo", "uur", 105.00, 3.5],
            ["41A03", "Dagbehandeling", None, "dagdeel", 78.60, 3.5],
            ["44A08", "Gezinshuis", None, "etmaal", 172.45, 3.5],
            ["54001", "Jeugd-ggz", "wo", "uur", 119.40, 3.5],
        ],
    )
    save_ods(document, target)


def _ods_sheet(document: Any, wide: Any, name: str, rows: list[list[Any]]) -> None:
    sheet = odf_table.Table(name=name)
    sheet.addElement(odf_table.TableColumn(stylename=wide, numbercolumnsrepeated="6"))
    for values in rows:
        row = odf_table.TableRow()
        for value in values:
            row.addElement(_ods_cell(value))
        sheet.addElement(row)
    document.spreadsheet.addElement(sheet)


def _ods_cell(value: Any) -> Any:
    if value is None:
        return odf_table.TableCell()
    if isinstance(value, datetime.date):
        cell = odf_table.TableCell(valuetype="date", datevalue=value.isoformat())
        shown = f"{value.day}-{value.month}-{value.year}"
    elif isinstance(value, int | float):
        cell = odf_table.TableCell(valuetype="float", value=str(value))
        shown = str(value).replace(".", ",")
    else:
        cell = odf_table.TableCell(valuetype="string")
        shown = value
    cell.addElement(odf_text.P(text=shown))
    return cell


def tariff_csv(target: Path) -> None:
    """An export for Excel: semicolons, Windows-1252, a title above and a footer below."""
    save_csv(
        target,
        [
            ["Tarieven jeugdhulp Modeldam 2026", "", "", "", ""],
            ["Productcode", "Omschrijving", "Eenheid", "Tarief", "Ingangsdatum"],
            ["45A48", "Ambulante jeugdhulp regulier, individueel", "uur", "€ 81,60", "1-1-2026"],
            [
                "45A53",
                "Ambulante jeugdhulp specialistisch, individueel",
                "uur",
                "€ 96,60",
                "1-1-2026",
            ],
            ["45A49", "Ambulante jeugdhulp regulier, groep", "uur", "€ 38,40", "1-1-2026"],
            ["41A03", "Dagbehandeling regulier", "dagdeel", "€ 77,85", "1-1-2026"],
            ["44A08", "Gezinshuis", "etmaal", "€ 168,90", "1-1-2026"],
            ["44A07", "Pleegzorg, met pleegvergoeding", "etmaal", "€ 51,75", "1-1-2026"],
            ["43A12", "JeugdzorgPlus", "etmaal", "€ 1.146", "1-1-2026"],
            ["54001", "Jeugd-ggz, behandeling", "uur", "€ 117,60", "1-1-2026"],
            ["Totaal aantal producten", "8", "", "", ""],
            ["Bron: financiële administratie Modeldam, 15 januari 2026", "", "", "", ""],
        ],
        "cp1252",
    )


def pgb_list(target: Path) -> None:
    """A page of maximum pgb tariffs in the old xls format, with several prices in a cell."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("pgb 2026")
    bold = xlwt.easyxf("font: bold on; align: wrap on")
    wrapped = xlwt.easyxf("align: wrap on, vert top")
    rows: list[list[str]] = [
        ["Maximale tarieven persoonsgebonden budget Voorbeeldstad 2026"],
        [],
        ["Categorie", "Soort professionele zorg", "Maximaal tarief 2026"],
        ["45A48", "Begeleiding individueel", "€ 54,60 per uur (MBO)\n€ 66,00 per uur (HBO)"],
        ["45A53", "Begeleiding specialistisch", "€ 75,60 per uur (HBO)\n€ 88,80 per uur (WO)"],
        ["45A49 / 45A54", "Begeleiding groep", "€ 31,20 per uur"],
        ["41A03", "Dagbehandeling", "€ 62,30 per dagdeel"],
        ["44A09", "Logeren", "€ 132,70 per etmaal; sociaal netwerk € 30,- per etmaal"],
        ["54001 / 54002", "Jeugd-ggz", "€ 95,40 per uur (HBO)\n€ 111,60 per uur (WO)"],
        ["42A03", "Vervoer", "€ 8,75 per rit"],
        ["", "Informele hulp", "€ 25,37 per uur"],
        ["* Deze bedragen gelden niet voor zorg in natura."],
    ]
    for number, values in enumerate(rows):
        for column, value in enumerate(values):
            if value:
                sheet.write(number, column, value, bold if number in (0, 2) else wrapped)
    for column, width in enumerate((16, 34, 44)):
        sheet.col(column).width = width * 256
    book.save(str(target))


SAMPLES: dict[str, Callable[[Path], None]] = {
    "voorbeeldig.xlsx": exemplary,
    "bij_de_berichten.xlsx": for_messages,
    "alle_afwijkingen.xlsx": every_rule,
    "alle_afwijkingen_2.xlsx": every_rule_output,
    "alle_afwijkingen_3.xlsx": every_rule_task,
    "alle_afwijkingen_4.xlsx": every_rule_no_variant,
    "alle_afwijkingen_5.xlsx": every_rule_subsidy,
    "alle_afwijkingen_6.xlsx": every_rule_no_end,
    "alle_afwijkingen_7.xlsx": every_rule_cost,
    "alle_afwijkingen_8.xlsx": every_rule_burden,
    "narekenen.xlsx": computed,
    "rommelig.xlsx": messy,
    "regio_open_house.ods": open_house,
    "tarieven.csv": tariff_csv,
    "uitgelegd.xlsx": explained,
    "uitleg_verlopen.xlsx": badly_explained,
    "pgb_blad.xls": pgb_list,
}


def main(folder: Path = Path(__file__).parent) -> None:
    """Write all samples to a folder; what was there under the same name is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in SAMPLES.items():
        make(folder / name)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
