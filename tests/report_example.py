"""A rich result to test and look at reports with: two contracts, every kind of content."""

import datetime
from decimal import Decimal

from inkoopcheck.findings.model import (
    Afwijking,
    Bestand,
    Bladlezing,
    Contractresultaat,
    Ernst,
    Kerncijfer,
    Kolomlezing,
    Normvermelding,
    Onbruikbaar,
    Overschreven,
    Regeluitkomst,
    Resultaat,
    Status,
    Uitkomst,
    Uitleg,
    Weglating,
    Zekerheid,
)
from inkoopcheck.findings.place import Plaats

FORMULA = '=HYPERLINK("http://x.example/steel","klik")'
SCRIPT = "<script>alert(1)</script>"
MARKUP = "[bold]x[/bold] [link=http://x.example]y[/link] [/]"
ESCAPE = "\x1b[31mrood\x1b[0m\x00\u202e"
LONG = "Deze omschrijving is veel te lang. " * 200
LONG_WORD = "Wwwwwwwwww" * 30
FILE = "contract-voorbeeldstad-2026.xlsx"
MANY = 130
NORM_URL = "https://vng.nl/artikelen/norm-voor-opdrachtgeverschap"

_NORM_LAW = Normvermelding(
    bron="Besluit Jeugdwet, artikel 2.3 (1-7-2024)",
    status=Status.WETTELIJK,
    zekerheid=Zekerheid.GELEZEN,
    url="https://wetten.overheid.nl/BWBR0035779/",
)
_NORM_STANDARD = Normvermelding(
    bron="Norm voor Opdrachtgeverschap (VNG, 10-6-2020), hoofdstuk 2",
    status=Status.STANDAARD,
    zekerheid=Zekerheid.DEELS,
    url=NORM_URL,
    toelichting="De termijn is gelezen in de toelichting; de tekst van de norm zelf niet.",
)
_NORM_DATA = Normvermelding(
    bron="De gegevens in de werkmap zelf", status=Status.GEGEVENS, zekerheid=Zekerheid.LOGISCH
)
_NORM_BAD_URL = Normvermelding(
    bron="Eigen regel van de regio",
    status=Status.AANNAME,
    zekerheid=Zekerheid.AFGELEID,
    url="javascript:alert(1)",
)


def place(cell: str | None, sheet: str | None = "Tarieven", file: str = FILE) -> Plaats:
    return Plaats(bestand=file, blad=sheet, cel=cell)


def rate_too_low(row: int) -> Afwijking:
    code = f"45A{row:02d}"
    return Afwijking(
        regel="TAR-07",
        familie="tarief",
        titel="Tarief is lager dan de som van de kostprijselementen",
        ernst=Ernst.FOUT,
        melding=f"Tarief {code} is € 71,40. De kostprijselementen zijn samen € 78,00.",
        plaats=place(f"D{row}"),
        ook=[place(f"H{row}", "Tariefopbouw")],
        gevonden="€ 71,40",
        verwacht="ten minste € 78,00",
        waarom="Een reële prijs dekt alle kosten die de wet noemt. Met een lager tarief kan een "
        "aanbieder de hulp niet leveren.",
        norm=_NORM_LAW,
        herstel="Verhoog het tarief of pas de opbouw aan, zodat de som klopt.",
        contract="2026-017",
        productcode=code,
        bedrag=Decimal("6.6000"),
    )


def _findings() -> list[Afwijking]:
    base = rate_too_low(1)
    found = [
        Afwijking(
            regel="LEES-02",
            familie="lezen",
            titel="Bedrag is niet te lezen",
            ernst=Ernst.FOUT,
            melding=f"In de cel staat {FORMULA}; dat is geen bedrag.",
            plaats=place("D4"),
            gevonden=FORMULA,
            verwacht="een bedrag in euro, zoals 71,40",
            waarom="Wat niet te lezen is, kan niet worden gecontroleerd.",
            norm=_NORM_DATA,
            herstel="Vul een bedrag in.",
            contract="2026-017",
        ),
        Afwijking(
            regel="PROD-13",
            familie="product",
            titel="Twee tarieven voor hetzelfde product",
            ernst=Ernst.FOUT,
            melding="Product 45A48 staat er twee keer in: € 78,00 en € 51,00.",
            plaats=place("D9"),
            ook=[place("D8")],
            gevonden="45A48: € 78,00 en € 51,00",
            verwacht="één tarief per productcode, functieniveau, eenheid en periode",
            waarom="Bij elke toewijzing en declaratie moet vaststaan welk tarief geldt.",
            norm=_NORM_DATA,
            herstel="Schrap een van beide regels, of vul in waarin zij verschillen.",
            contract="2026-017",
            productcode="45A48",
        ),
        *(rate_too_low(row) for row in range(10, 10 + MANY)),
        base.model_copy(
            update={
                "regel": "PROD-04",
                "familie": "product",
                "titel": f"Omschrijving wijkt af {SCRIPT}",
                "ernst": Ernst.WAARSCHUWING,
                "melding": f"De omschrijving is {SCRIPT} & {MARKUP}{ESCAPE}.",
                "plaats": place("B5", "Bijlage 'Oud' & nieuw"),
                "ook": [],
                "gevonden": f"{MARKUP} {LONG_WORD}",
                "verwacht": LONG,
                "norm": _NORM_BAD_URL,
                "bedrag": None,
            }
        ),
        base.model_copy(
            update={
                "regel": "LOOP-03",
                "familie": "looptijd",
                "titel": "Contract korter dan drie jaar",
                "ernst": Ernst.WAARSCHUWING,
                "melding": "Het contract loopt 24 maanden (van 1-1-2026 tot en met 31-12-2027). "
                "Aanbevolen is ten minste 36 maanden.",
                "plaats": place("B7", "Contract"),
                "ook": [place("B6", "Contract")],
                "gevonden": "24 maanden",
                "verwacht": "ten minste 36 maanden, zonder verlengingen",
                "waarom": "Een kort contract kost beide partijen elke keer een inkoopronde.",
                "norm": _NORM_STANDARD,
                "herstel": "Kies een latere einddatum, of leg in het blad Uitleg uit waarom niet.",
                "bedrag": None,
                "uitgelegd": Uitleg(
                    reden="Proef met een nieuwe vorm van dagbehandeling.",
                    door="Teamleider inkoop",
                    tot=datetime.date(2026, 12, 31),
                    plaats=place("A2", "Uitleg"),
                ),
            }
        ),
        base.model_copy(
            update={
                "regel": "ADM-11",
                "familie": "administratie",
                "titel": "Eis staat al in de iJw-berichten",
                "ernst": Ernst.AANDACHTSPUNT,
                "melding": "De maandelijkse productielijst staat al in de declaratieberichten.",
                "plaats": place("C3", "Administratie"),
                "ook": [],
                "gevonden": "productielijst, 12 keer per jaar",
                "verwacht": "geen dubbele uitvraag",
                "norm": _NORM_STANDARD,
                "bedrag": Decimal("-1250.5"),
            }
        ),
        base.model_copy(
            update={
                "regel": "REG-01",
                "familie": "regio-eisen",
                "titel": "Regionale afspraak ontbreekt",
                "ernst": Ernst.AANDACHTSPUNT,
                "melding": "Het blad met de regionale afspraken ontbreekt.",
                "plaats": place(None, None),
                "ook": [],
                "gevonden": "geen blad",
                "verwacht": "een blad Regio",
                "bedrag": None,
            }
        ),
    ]
    return found


def _rule(rule: str, family: str, outcome: Uitkomst, reason: str | None = None) -> Regeluitkomst:
    return Regeluitkomst(
        regel=rule,
        titel=f"Titel van regel {rule}",
        familie=family,
        ernst=Ernst.WAARSCHUWING,
        uitkomst=outcome,
        reden=reason,
        gecontroleerd=12 if outcome is Uitkomst.UITGEVOERD else 0,
    )


def _rules() -> list[Regeluitkomst]:
    ran = Uitkomst.UITGEVOERD
    rules = [
        _rule("LEES-02", "lezen", ran),
        _rule("PROD-13", "product", ran),
        _rule("PROD-04", "product", ran),
        _rule("TAR-07", "tarief", ran),
        _rule("LOOP-03", "looptijd", ran),
        _rule("ADM-11", "administratie", ran),
        *(_rule(f"VOOR-{n:02d}", "voorwaarden", ran) for n in range(1, 9)),
    ]
    rules[3].niet_te_bepalen = 4
    missing = "De werkmap zegt niets over: Tekendatum en Opzegtermijn opdrachtgever (maanden)."
    absent = "Het blad Kwaliteit ontbreekt in deze werkmap."
    return [
        *rules,
        _rule("LOOP-05", "looptijd", Uitkomst.NIET_TE_BEPALEN, missing),
        _rule("LOOP-06", "looptijd", Uitkomst.NIET_TE_BEPALEN, missing),
        *(_rule(f"KWAL-{n:02d}", "voorwaarden", Uitkomst.NIET_TE_BEPALEN, absent) for n in (1, 2)),
        _rule("TAR-21", "tarief", Uitkomst.MISLUKT, "De regel liep vast op deze gegevens."),
        _rule("TAR-22", "tarief", Uitkomst.UITGESCHAKELD, f"Geldt niet in onze regio {SCRIPT}."),
        _rule("VOOR-20", "voorwaarden", Uitkomst.NIET_VAN_TOEPASSING, "Er is geen subsidie."),
        _rule("VOOR-21", "voorwaarden", Uitkomst.NIET_VAN_TOEPASSING, "Er is geen subsidie."),
    ]


def _sheets() -> list[Bladlezing]:
    return [
        Bladlezing(
            blad="Contract",
            soort="contract",
            rijen_gelezen=38,
            rijen_gebruikt=38,
            records=1,
            kolommen=[
                Kolomlezing(kolom="A7", kop="Einddatum", veld="einddatum"),
                Kolomlezing(kolom="A12", kop="Kleur van de map", toelichting="geen veld gevonden"),
            ],
        ),
        Bladlezing(
            blad="Tarieven",
            soort="tarief",
            kopregels=[2, 3],
            rijen_gelezen=148,
            rijen_gebruikt=139,
            records=139,
            weggelaten=[
                Weglating(reden="geen productcode en geen tarief", rijen=[4, 5, 6, 88]),
                Weglating(reden="telt op (totaal)", rijen=[144, 145, 147, 149, 150]),
            ],
            kolommen=[
                Kolomlezing(kolom="A", kop="Code", veld="productcode"),
                Kolomlezing(kolom="B", kop="Naam product", veld="omschrijving"),
                Kolomlezing(
                    kolom="D", kop="Tarief 2026", veld="tarief", toelichting="jaar 2026 uit de kop"
                ),
                Kolomlezing(kolom="H", kop=f"Opmerking {SCRIPT}"),
            ],
            verborgen=["kolom F", "rij 20 t/m 24"],
            opmerkingen=["In kolom D staan bedragen als tekst; zij zijn als getal gelezen."],
        ),
        Bladlezing(blad="Bijlage 'Oud' & nieuw", soort="niet herkend", rijen_gelezen=12),
    ]


def _figures() -> list[Kerncijfer]:
    return [
        Kerncijfer(
            naam="aandeel_standaardcodes",
            titel="Aandeel standaardcodes",
            waarde=Decimal("72.4637681"),
            eenheid="%",
            toelichting="Deel van de producten met een code uit de standaardproductcodelijst.",
        ),
        Kerncijfer(
            naam="aantal_producten",
            titel="Aantal producten",
            waarde=Decimal(138),
            eenheid="producten",
            toelichting="Verschillende productcodes in het blad met tarieven.",
        ),
        Kerncijfer(
            naam="administratie",
            titel="Geschatte tijd voor administratie",
            waarde=Decimal("1146.5"),
            eenheid="uur per jaar",
            toelichting="Som van de eisen met een aantal keer en een aantal minuten.",
        ),
        Kerncijfer(
            naam="opdrachtwaarde",
            titel="Opdrachtwaarde",
            waarde=None,
            eenheid="€",
            toelichting="De werkmap noemt geen opdrachtwaarde.",
        ),
    ]


def contract() -> Contractresultaat:
    return Contractresultaat(
        bestand=Bestand(naam=FILE, soort="xlsx", bytes=48213, sha256="ab12" * 16),
        contract="2026-017",
        gemeente="Voorbeeldstad",
        aanbieder="Stichting De Linde",
        periode="1-1-2026 tot en met 31-12-2027",
        bladen=_sheets(),
        afwijkingen=_findings(),
        regels=_rules(),
        kerncijfers=_figures(),
    )


def clean_contract() -> Contractresultaat:
    return Contractresultaat(
        bestand=Bestand(naam="schoon & leeg.csv", soort="csv", bytes=812, sha256="cd34" * 16),
        contract=None,
        gemeente="Elders",
        bladen=[Bladlezing(blad="schoon", soort="tarief", rijen_gelezen=3, rijen_gebruikt=3)],
        afwijkingen=[],
        regels=[
            _rule("TAR-07", "tarief", Uitkomst.UITGEVOERD),
            _rule("LOOP-03", "looptijd", Uitkomst.NIET_TE_BEPALEN, "Het blad Contract ontbreekt."),
        ],
        kerncijfers=[],
    )


def result() -> Resultaat:
    """Two contracts, a file that could not be used and changed settings."""
    return Resultaat(
        versie="0.1.0",
        regelversie="3f9c2a71",
        gemaakt_op=datetime.datetime(2026, 3, 2, 14, 5, tzinfo=datetime.UTC),
        peildatum=datetime.date(2026, 3, 1),
        overschreven=[
            Overschreven(
                wat="minimale_looptijd", was="36", nu="24", reden="Afspraak in de jeugdregio."
            ),
            Overschreven(wat="ernst van LOOP-03", was="fout", nu="waarschuwing"),
        ],
        contracten=[contract(), clean_contract()],
        onbruikbaar=[
            Onbruikbaar(bestand=f"kapot{SCRIPT}.xlsx", reden="De werkmap heeft een wachtwoord.")
        ],
    )


def single() -> Resultaat:
    """One contract, the usual case."""
    return result().model_copy(update={"contracten": [contract()], "onbruikbaar": []})
