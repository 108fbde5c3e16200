"""The schema of every base table: the one place that says which columns exist.

From this module follow the tables in DuckDB, the sheets and columns of our own workbook
template, the fields that the reader recognises in other people's sheets, and the columns that
a rule may name. Base tables say what files say, typed; what is derived stands in ``derived.sql``.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a cell of a column holds, and so how it is read and shown."""

    TEXT = "tekst"
    CODE = "code"
    AMOUNT = "bedrag"
    NUMBER = "getal"
    PERCENTAGE = "percentage"
    INTEGER = "geheel"
    DATE = "datum"
    YES_NO = "ja/nee"
    UNIT = "eenheid"
    FREQUENCY = "frequentie"
    VARIANT = "uitvoeringsvariant"
    CENTS = "eurocent"
    WHOLE = "nummer"
    PRESENT = "aanwezig"
    PSEUDONYM = "pseudoniem"
    PRIVATE_DATE = "afgeschermde datum"


SQL_TYPE = {
    Kind.TEXT: "VARCHAR",
    Kind.CODE: "VARCHAR",
    Kind.AMOUNT: "DECIMAL(18,4)",
    Kind.NUMBER: "DECIMAL(18,6)",
    Kind.PERCENTAGE: "DECIMAL(18,6)",
    Kind.INTEGER: "INTEGER",
    Kind.DATE: "DATE",
    Kind.YES_NO: "BOOLEAN",
    Kind.UNIT: "VARCHAR",
    Kind.FREQUENCY: "VARCHAR",
    Kind.VARIANT: "VARCHAR",
    Kind.CENTS: "BIGINT",
    Kind.WHOLE: "BIGINT",
    Kind.PRESENT: "BOOLEAN",
    Kind.PSEUDONYM: "VARCHAR",
    Kind.PRIVATE_DATE: "DATE",
}
"""DuckDB type per kind. Amounts are euros with four decimals; percentages are whole numbers
(5 means 5%). A private date serves conditions only: no text of a rule may show it."""


@dataclass(frozen=True)
class Column:
    """A column of a base table.

    ``title`` is the Dutch heading in our template, ``explanation`` what an inkoper reads beside
    it, ``choices`` the name of a code list or the fixed words of a drop-down. A column with
    ``template=False`` is read from other people's sheets but not offered in our template.
    """

    name: str
    kind: Kind
    title: str
    explanation: str = ""
    choices: str | tuple[str, ...] = ()
    template: bool = True

    @property
    def sql_type(self) -> str:
        return SQL_TYPE[self.kind]


@dataclass(frozen=True)
class Table:
    """A base table; ``sheet`` is the name of its sheet in our template, if it has one.

    ``upright`` means: one record written as a list of labels with the value beside it.
    """

    name: str
    explanation: str
    columns: tuple[Column, ...]
    sheet: str | None = None
    upright: bool = False
    column_by_name: dict[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "column_by_name", {c.name: c for c in self.columns})


ROW_KIND_TITLE = "Regelsoort"
EXAMPLE_MARK = "VOORBEELD"
"""In our template: the column, and the word in it, that mark a row as an example and no data."""

PROVENANCE = (
    ("rij_id", "BIGINT"),
    ("bestand", "VARCHAR"),
    ("blad", "VARCHAR"),
    ("rij", "INTEGER"),
    ("cellen", "MAP(VARCHAR, VARCHAR)"),
)
"""Every row: a number unique within the run, the file, sheet and row it came from, and per
column the cell, such as ``Tarieven!D17``."""

_JANEE = ("ja", "nee")
_VARIANTEN = ("inspanningsgericht", "outputgericht", "taakgericht")

# One column per line: this part is read as a table.
# fmt: off
CONTRACT = Table(
    "contract",
    "De afspraken die voor het hele contract gelden. Een contract per rij.",
    (
        Column("contract_id", Kind.TEXT, "Contractnummer", "Uw eigen nummer of naam van het contract."),
        Column("gemeente", Kind.TEXT, "Gemeente", "De gemeente die het contract sluit. Koopt een regio in? Laat dit dan leeg."),
        Column("gemeentecode", Kind.CODE, "Gemeentecode", "De code van vier cijfers van het CBS, bijvoorbeeld 0344."),
        Column("jeugdregio", Kind.TEXT, "Jeugdregio", "De jeugdregio waar de gemeente bij hoort, of die het contract sluit."),
        Column("inkoopschaal", Kind.TEXT, "Inkoopschaal", "Wie koopt in: een gemeente, een regio, meer regio's samen of het land?", ("gemeente", "regio", "bovenregionaal", "landelijk")),
        Column("contractvorm", Kind.TEXT, "Contractvorm", "Een overeenkomst (opdracht) of een subsidie.", ("overeenkomst", "subsidie")),
        Column("volledige_bekostiging", Kind.YES_NO, "Subsidie bekostigt hulp volledig", "Alleen bij subsidie: is de subsidie bedoeld om hulp aan jeugdigen of ouders volledig te betalen?", _JANEE),
        Column("tekendatum", Kind.DATE, "Tekendatum", "De dag waarop het contract is of wordt getekend."),
        Column("startdatum", Kind.DATE, "Startdatum", "De eerste dag waarop het contract geldt."),
        Column("einddatum", Kind.DATE, "Einddatum", "De laatste dag, zonder verlengingen."),
        Column("onbepaalde_tijd", Kind.YES_NO, "Onbepaalde tijd", "Loopt het contract door zonder einddatum?", _JANEE),
        Column("verlengingsopties", Kind.TEXT, "Verlengingsopties", "Aantal keer en hoe lang, bijvoorbeeld 2 x 12 maanden. Geen opties? Vul in: geen."),
        Column("verlenging_meldtermijn", Kind.INTEGER, "Meldtermijn verlenging (maanden)", "Hoeveel maanden voor het einde meldt de gemeente dat zij verlengt?"),
        Column("motivering_looptijd", Kind.TEXT, "Motivering looptijd", "Duurt het contract langer dan 48 maanden? Schrijf hier waarom."),
        Column("opzegtermijn_opdrachtgever", Kind.INTEGER, "Opzegtermijn opdrachtgever (maanden)", "Opzegtermijn van de gemeente of regio, in maanden."),
        Column("opzegtermijn_opdrachtnemer", Kind.INTEGER, "Opzegtermijn opdrachtnemer (maanden)", "Opzegtermijn van de aanbieder, in maanden."),
        Column("procedure", Kind.TEXT, "Inkoopprocedure", "Hoe is er ingekocht?", ("SAS met EMVI", "SAS zonder EMVI", "toelatingsprocedure")),
        Column("maximum_aanbieders", Kind.INTEGER, "Maximum aantal aanbieders", "Hoeveel aanbieders krijgen hooguit een contract? Geen maximum? Laat leeg."),
        Column("weging_prijs", Kind.PERCENTAGE, "Weging prijs bij gunning (%)", "Hoe zwaar telt de prijs mee bij de keuze? 0 tot en met 100."),
        Column("ervaringsdeskundigen", Kind.YES_NO, "Ervaringsdeskundigen betrokken", "Dachten jongeren of ouders met ervaring mee bij de inkoop?", _JANEE),
        Column("contractstandaard", Kind.TEXT, "Contractstandaard", "Welke contractstandaard gebruikt u?", ("Contractstandaard Jeugd", "Contractstandaard Wmo", "geen")),
        Column("contractstandaard_datum", Kind.DATE, "Datum contractstandaard", "De datum van de versie van de standaard die u gebruikt."),
        Column("inkoopvoorwaarden", Kind.TEXT, "Inkoopvoorwaarden", "Welke algemene inkoopvoorwaarden gelden?", ("VNG Model Algemene Inkoopvoorwaarden 2024", "eigen inkoopvoorwaarden", "geen")),
        Column("uitvoeringsvariant", Kind.VARIANT, "Uitvoeringsvariant", "Inspanningsgericht, outputgericht of taakgericht. Verschilt het per product? Vul het dan in bij Tarieven.", _VARIANTEN),
        Column("ijw_berichten", Kind.YES_NO, "iJw-berichten verplicht", "Gaan toewijzen, leveren en declareren via iJw-berichten?", _JANEE),
        Column("administratieprotocol", Kind.TEXT, "Administratieprotocol", "Het Standaard Administratieprotocol (SAP) dat geldt.", ("SAP Inspanningsgericht", "SAP Outputgericht", "SAP Taakgericht", "SAP Gecertificeerde Instellingen", "eigen protocol", "geen")),
        Column("productcodelijst_datum", Kind.DATE, "Datum productcodelijst", "De uitgave van de standaardproductcodelijst waar het contract op rust."),
        Column("catalogus_vastgesteld", Kind.DATE, "Productcatalogus vastgesteld op", "De dag waarop de gemeente de productcatalogus vaststelde."),
        Column("declaratiefrequentie", Kind.TEXT, "Declaratiefrequentie", "Hoe vaak declareert de aanbieder?", ("per maand", "per 4 weken", "per kwartaal", "per jaar", "niet per cliënt")),
        Column("declaratietermijn_dagen", Kind.INTEGER, "Declaratietermijn (dagen na de maand)", "Binnen hoeveel dagen na de maand moet de declaratie binnen zijn?"),
        Column("antwoordtermijn_declaratie", Kind.INTEGER, "Antwoord op declaratie (werkdagen)", "Binnen hoeveel werkdagen antwoordt de gemeente op een declaratie?"),
        Column("betaaltermijn_dagen", Kind.INTEGER, "Betaaltermijn (dagen)", "Binnen hoeveel dagen betaalt de gemeente?"),
        Column("retourtermijn", Kind.INTEGER, "Retourbericht (werkdagen)", "Binnen hoeveel werkdagen komt er een retourbericht?"),
        Column("toewijzingstermijn", Kind.INTEGER, "Toewijzing na verzoek (werkdagen)", "Binnen hoeveel werkdagen na een verzoek volgt de toewijzing of een antwoord?"),
        Column("onderzoekstermijn_weken", Kind.INTEGER, "Onderzoek naar verzoek (weken)", "Hoe lang mag een verzoek in onderzoek blijven?"),
        Column("woonplaatstermijn_dagen", Kind.INTEGER, "Onderzoek woonplaats (dagen)", "Binnen hoeveel dagen zegt de gemeente wie betaalt?"),
        Column("startstoptermijn", Kind.INTEGER, "Start- en stopbericht (werkdagen)", "Binnen hoeveel werkdagen stuurt de aanbieder een start- of stopbericht?"),
        Column("startbericht_voorwaarde_betaling", Kind.YES_NO, "Startbericht is voorwaarde voor betaling", "Betaalt de gemeente pas na een start- of stopbericht?", _JANEE),
        Column("tijdregistratie", Kind.YES_NO, "Tijdregistratie per cliënt verplicht", "Moeten hulpverleners hun tijd per cliënt bijhouden?", _JANEE),
        Column("accountantsverklaring", Kind.TEXT, "Accountantsverklaring", "Wanneer vraagt u een verklaring van een accountant?", ("altijd", "boven drempel", "nooit")),
        Column("accountant_drempel", Kind.AMOUNT, "Omzetdrempel accountant (€)", "Vanaf welke omzet per jaar is een verklaring nodig?"),
        Column("accountantsprotocol", Kind.YES_NO, "Landelijk accountantsprotocol", "Geldt het landelijke protocol voor de productieverantwoording?", _JANEE),
        Column("indexeringsclausule", Kind.YES_NO, "Indexering afgesproken", "Staat in het contract hoe de tarieven elk jaar stijgen?", _JANEE),
        Column("index_weging_loon", Kind.PERCENTAGE, "Weging lonen (OVA) in index (%)", "Welk deel van de index volgt de lonen? Bijvoorbeeld 90."),
        Column("index_weging_materieel", Kind.PERCENTAGE, "Weging prijzen (PPC) in index (%)", "Welk deel van de index volgt de prijzen? Bijvoorbeeld 10."),
        Column("onderaanneming", Kind.YES_NO, "Onderaanneming toegestaan", "Mag de aanbieder hulp uitbesteden?", _JANEE),
        Column("onderaanneming_toestemming", Kind.YES_NO, "Toestemming voor onderaanneming", "Moet de gemeente vooraf schriftelijk toestemming geven?", _JANEE),
        Column("onderaanneming_reele_prijs", Kind.YES_NO, "Reële prijs voor onderaannemers", "Moet de aanbieder zijn onderaannemers een reële prijs betalen?", _JANEE),
        Column("maximale_wachttijd", Kind.INTEGER, "Maximale wachttijd (weken)", "Hoe lang mag een jeugdige hooguit wachten?"),
        Column("verzekerd_per_gebeurtenis", Kind.AMOUNT, "Verzekerd bedrag per gebeurtenis (€)", "Het bedrag waarvoor de aanbieder per gebeurtenis verzekerd moet zijn."),
        Column("verzekerd_per_jaar", Kind.AMOUNT, "Verzekerd bedrag per jaar (€)", "Het bedrag waarvoor de aanbieder per jaar verzekerd moet zijn."),
        Column("micro_onderneming", Kind.YES_NO, "Aanbieder is micro-onderneming", "Minder dan 10 werknemers en hooguit € 2 miljoen omzet of balans?", _JANEE),
        Column("korting_niet_nakoming", Kind.PERCENTAGE, "Korting bij niet-nakoming (%)", "Hoeveel korting mag de gemeente tijdelijk toepassen?"),
        Column("sroi_percentage", Kind.PERCENTAGE, "Social return (%)", "Welk deel van de opdracht moet de aanbieder aan social return besteden?"),
        Column("sroi_toelichting", Kind.TEXT, "Verband social return met opdracht", "Wat is het verband tussen social return en deze hulp?"),
        Column("beschikbaarheidsbekostiging", Kind.TEXT, "Beschikbaarheidsbekostiging", "Is er een vast bedrag voor hulp die altijd klaar moet staan (crisis, gesloten)?", ("ja", "nee", "hier niet nodig")),
        Column("onderzoeksagenda", Kind.YES_NO, "Implementatie- en onderzoeksagenda", "Doet het contract mee met de landelijke implementatie- en onderzoeksagenda?", _JANEE),
        Column("bestedingsruimte", Kind.AMOUNT, "Bestedingsruimte per jaar (€)", "Is er een maximum per jaar? Vul het bedrag in."),
        Column("bestedingsruimte_signaal", Kind.PERCENTAGE, "Signaal bestedingsruimte (%)", "Bij welk deel van de bestedingsruimte waarschuwt de aanbieder?"),
        Column("opdrachtwaarde", Kind.AMOUNT, "Opdrachtwaarde (€)", "De geschatte waarde van de hele opdracht, met verlengingen."),
        Column("tarief_na_verhuizing_gelijk", Kind.YES_NO, "Zelfde tarief na verhuizing", "Blijft na een verhuizing hetzelfde tarief gelden, tot een jaar?", _JANEE),
        Column("clienten_per_jaar", Kind.NUMBER, "Cliënten per jaar", "Hoeveel jeugdigen krijgen in een jaar hulp uit dit contract?"),
        Column("instroom_per_jaar", Kind.NUMBER, "Instroom per jaar", "Hoeveel jeugdigen beginnen in een jaar met hulp?"),
        Column("uitstroom_per_jaar", Kind.NUMBER, "Uitstroom per jaar", "Bij hoeveel jeugdigen stopt de hulp in een jaar?"),
        Column("gemiddelde_duur_maanden", Kind.NUMBER, "Gemiddelde duur hulp (maanden)", "Hoeveel maanden duurt de hulp gemiddeld?"),
        Column("wijzigingen_per_jaar", Kind.NUMBER, "Wijzigingen per jaar", "Hoe vaak per jaar vraagt de aanbieder om een wijziging van een toewijzing (JW317)?"),
        Column("afgekeurde_regels_per_jaar", Kind.NUMBER, "Afgekeurde declaratieregels per jaar", "Hoeveel declaratieregels keurt de gemeente in een jaar af?"),
        Column("fte_professional", Kind.NUMBER, "Professionals voor dit contract (fte)", "Hoeveel fte hulpverleners werkt voor dit contract?"),
        Column("fte_backoffice", Kind.NUMBER, "Backoffice voor dit contract (fte)", "Hoeveel fte bij de aanbieder doet de administratie van dit contract?"),
        Column("fte_gemeente", Kind.NUMBER, "Gemeente voor dit contract (fte)", "Hoeveel fte bij de gemeente werkt voor dit contract?"),
        Column("netto_uren_per_fte", Kind.NUMBER, "Netto werkbare uren per fte", "Uren per jaar na aftrek van verlof, feestdagen en ziekte. Leeg: wij rekenen met ons eigen cijfer."),
        Column("werkdagen_per_fte", Kind.NUMBER, "Werkdagen per fte", "Gewerkte dagen per fte per jaar. Leeg: wij rekenen met ons eigen cijfer."),
        Column("gemeten_administratietijd", Kind.PERCENTAGE, "Gemeten administratietijd (%)", "Welk deel van hun hele werktijd besteden professionals aan administratie? Alleen als de aanbieder dat mat."),
        Column("ureninformatie_bron", Kind.TEXT, "Bron van deze aantallen en uren", "Waar komen de aantallen, fte's en uren vandaan?"),
    ),
    sheet="Contract",
    upright=True,
)

AANBIEDER = Table(
    "aanbieder",
    "De aanbieders met wie het contract is of wordt gesloten.",
    (
        Column("contract_id", Kind.TEXT, "Contractnummer"),
        Column("aanbieder", Kind.TEXT, "Aanbieder", "De naam van de organisatie."),
        Column("kvk", Kind.CODE, "KvK-nummer", "Acht cijfers."),
        Column("agb", Kind.CODE, "AGB-code", "Acht cijfers."),
        Column("jeugdhulpvorm", Kind.TEXT, "Jeugdhulpvorm", "Welke vormen van jeugdhulp levert de aanbieder?"),
        Column("onderaannemer", Kind.YES_NO, "Is onderaannemer", "Werkt deze organisatie voor een andere aanbieder in dit contract?", _JANEE),
    ),
)

TARIEF = Table(
    "tarief",
    "Een tarief: een product, een eenheid, een periode.",
    (
        Column("contract_id", Kind.TEXT, "Contractnummer", "Alleen nodig als er meer contracten in de werkmap staan.", template=False),
        Column("aanbieder", Kind.TEXT, "Aanbieder", template=False),
        Column("perceel", Kind.TEXT, "Perceel", "Perceel of segment, als u dat gebruikt."),
        Column("productcode", Kind.CODE, "Productcode", "Vijf tekens, liefst uit de standaardproductcodelijst Jeugdwet."),
        Column("productcategorie", Kind.CODE, "Productcategorie", "De eerste twee cijfers van de code.", "productcategorie"),
        Column("omschrijving", Kind.TEXT, "Omschrijving", "De naam van het product."),
        Column("doelgroep", Kind.TEXT, "Doelgroep", "Voor wie, als het tarief daarvan afhangt."),
        Column("niveau", Kind.TEXT, "Functieniveau", "mbo, hbo of wo, als het tarief daarvan afhangt."),
        Column("zwaarte", Kind.TEXT, "Zwaarte", "Licht, middel of zwaar, als het tarief daarvan afhangt.", ("licht", "middel", "middelzwaar", "zwaar", "extra zwaar")),
        Column("uitvoeringsvariant", Kind.VARIANT, "Uitvoeringsvariant", "Alleen als dit product een andere variant heeft dan het contract.", _VARIANTEN),
        Column("eenheid", Kind.UNIT, "Eenheid", "De eenheid van het tarief volgens iJw.", "eenheid"),
        Column("frequentie", Kind.FREQUENCY, "Frequentie", "Waarover het volume telt volgens iJw.", "frequentie"),
        Column("einddatum_verplicht", Kind.YES_NO, "Einddatum toewijzing verplicht", "Moet een toewijzing van dit product een einddatum hebben?", _JANEE),
        Column("tarief", Kind.AMOUNT, "Tarief (€)", "Het tarief per eenheid, zonder btw."),
        Column("minuuttarief", Kind.AMOUNT, "Minuuttarief (€)", "Alleen bij een uurtarief dat per minuut wordt gedeclareerd."),
        Column("jaar", Kind.INTEGER, "Tariefjaar", "Het jaar waarvoor het tarief geldt."),
        Column("geldig_van", Kind.DATE, "Geldig van", "Eerste dag van dit tarief."),
        Column("geldig_tot", Kind.DATE, "Geldig tot en met", "Laatste dag van dit tarief."),
        Column("indexpercentage", Kind.PERCENTAGE, "Index t.o.v. vorig jaar (%)", "De stijging die voor dit tarief is toegepast."),
        Column("resultaat", Kind.TEXT, "Resultaat (bij output)", "Wat is het afgesproken resultaat en hoe stelt u vast dat het is gehaald?"),
        Column("kwaliteitseis", Kind.TEXT, "Kwaliteitseis", "Welke kwaliteit hoort bij dit product?"),
        Column("tarief_onderaannemer", Kind.AMOUNT, "Tarief onderaannemer (€)", "Wat krijgt een onderaannemer voor dezelfde hulp?"),
        Column("volume", Kind.NUMBER, "Volume per jaar", "Hoeveel eenheden verwacht u per jaar?"),
        Column("opmerking", Kind.TEXT, "Opmerking", "Ruimte voor uw toelichting."),
        Column("regeling", Kind.TEXT, "Regeling", "pgb als het een tarief voor een persoonsgebonden budget is.", template=False),
        Column("eenheid_tekst", Kind.TEXT, "Eenheid zoals geschreven", template=False),
        Column("tarief_tekst", Kind.TEXT, "Tarief zoals geschreven", template=False),
    ),
    sheet="Tarieven",
)

TARIEFOPBOUW = Table(
    "tariefopbouw",
    "Hoe een tarief is opgebouwd uit de vier kostprijselementen van het Besluit Jeugdwet.",
    (
        Column("contract_id", Kind.TEXT, "Contractnummer", template=False),
        Column("productcode", Kind.CODE, "Productcode", "Dezelfde code als bij Tarieven."),
        Column("omschrijving", Kind.TEXT, "Omschrijving"),
        Column("niveau", Kind.TEXT, "Functieniveau", "Dezelfde waarde als bij Tarieven."),
        Column("functie", Kind.TEXT, "Functie", "De functie waar het loon bij hoort."),
        Column("cao", Kind.TEXT, "Cao", "De cao die u gebruikt."),
        Column("schaal", Kind.TEXT, "Schaal", "De loonschaal of FWG-groep."),
        Column("eenheid", Kind.UNIT, "Eenheid", "De eenheid van het tarief volgens iJw.", "eenheid"),
        Column("kosten_beroepskrachten", Kind.AMOUNT, "Beroepskrachten (€)", "Element a: loonkosten van hulpverleners per eenheid, ook voor werk zonder cliënt."),
        Column("overige_clientgebonden", Kind.AMOUNT, "Overige cliëntgebonden kosten (€)", "Element b: andere kosten voor deze cliënt, zoals materiaal en een gedragswetenschapper."),
        Column("overhead", Kind.AMOUNT, "Overhead (€)", "Element c: kosten van de organisatie, zoals gebouw, ict en bestuur."),
        Column("indexering", Kind.AMOUNT, "Indexering (€)", "Element d: de stijging van lonen en prijzen."),
        Column("risico_marge", Kind.AMOUNT, "Risico en marge (€)", "Mag 0 zijn."),
        Column("tarief", Kind.AMOUNT, "Tarief (€)", "De som van de bedragen ervoor."),
        Column("jaar", Kind.INTEGER, "Tariefjaar", "Het jaar waarvoor de opbouw geldt."),
        Column("productiviteit", Kind.PERCENTAGE, "Productiviteit (%)", "Deel van de uren dat te declareren is."),
        Column("overhead_percentage", Kind.PERCENTAGE, "Overheadpercentage (%)", "Als u overhead als percentage rekent."),
        Column("index_percentage", Kind.PERCENTAGE, "Indexpercentage (%)", "Als u indexering als percentage rekent."),
        Column("percentage_definitie", Kind.TEXT, "Waarover is het percentage gerekend?", "Bijvoorbeeld: opslag over loonkosten, of deel van het totaal."),
    ),
    sheet="Tariefopbouw",
)

KOSTPRIJS = Table(
    "kostprijs",
    "Wat een tarief kost: de functies, uren en kosten waar het uit volgt. Een rij per functie of vast bedrag.",
    (
        Column("contract_id", Kind.TEXT, "Contractnummer", template=False),
        Column("productcode", Kind.CODE, "Productcode", "Dezelfde code als bij Tarieven. Meer functies bij een product? Gebruik meer rijen met dezelfde code."),
        Column("omschrijving", Kind.TEXT, "Omschrijving", "De naam van het product."),
        Column("niveau", Kind.TEXT, "Functieniveau", "Dezelfde waarde als bij Tarieven, als het tarief daarvan afhangt."),
        Column("eenheid", Kind.UNIT, "Eenheid", "De eenheid van het tarief volgens iJw.", "eenheid"),
        Column("profiel", Kind.TEXT, "Profiel", "Alleen bij bijzondere hulp: zij heeft een eigen opbouw.", ("jeugdbescherming", "jeugdreclassering", "pleegzorg", "gezinshuis")),
        Column("jaar", Kind.INTEGER, "Tariefjaar", "Het jaar waarvoor het tarief geldt."),
        Column("basisjaar", Kind.INTEGER, "Basisjaar", "Het jaar van de lonen en kosten. Is het vroeger dan het tariefjaar? Dan telt er een index bij."),
        Column("functie", Kind.TEXT, "Functie of bouwsteen", "De functie waar het loon bij hoort, of de naam van een vast bedrag."),
        Column("cao", Kind.TEXT, "Cao", "De cao die u gebruikt."),
        Column("schaal", Kind.TEXT, "Schaal", "De loonschaal of FWG-groep."),
        Column("trede", Kind.TEXT, "Trede", "De trede of periodiek in de schaal."),
        Column("bruto_maandloon", Kind.AMOUNT, "Bruto maandloon (€)", "Het loon per maand van een volledige baan, zonder toeslagen."),
        Column("aandeel", Kind.PERCENTAGE, "Aandeel in de mix (%)", "Bij een tarief per uur of minuut: welk deel van de uren doet deze functie? Samen 100."),
        Column("fte", Kind.NUMBER, "Aantal fte", "Bij verblijf, pleegzorg en jeugdbescherming: hoeveel volledige banen?"),
        Column("uren_inzet", Kind.NUMBER, "Uren inzet", "Bij een dagdeel of stuk: hoeveel uur werkt deze functie eraan, met voorbereiding?"),
        Column("jaarbedrag", Kind.AMOUNT, "Vast bedrag per jaar (€)", "Alleen bij een rij zonder loon, zoals het inkomen van gezinshuisouders."),
        Column("element", Kind.TEXT, "Kostprijselement", "Bij een vast bedrag: bij welk deel van de kostprijs hoort het?", ("beroepskrachten", "overige cliëntgebonden kosten", "overhead")),
        Column("vakantietoeslag", Kind.PERCENTAGE, "Vakantietoeslag (%)", "Leeg: 8% van het jaarloon."),
        Column("eindejaarsuitkering", Kind.PERCENTAGE, "Eindejaarsuitkering (%)", "Volgens de cao, van het jaarloon."),
        Column("ort", Kind.PERCENTAGE, "ORT (%)", "Toeslag voor onregelmatig werk, van het jaarloon."),
        Column("overige_toeslagen", Kind.PERCENTAGE, "Overige toeslagen (%)", "Andere toeslagen, van het jaarloon."),
        Column("werkgeverslasten", Kind.PERCENTAGE, "Werkgeverslasten in totaal (%)", "Alleen als u geen premies en pensioen apart rekent: premies en pensioen samen, van het brutoloon."),
        Column("premies", Kind.PERCENTAGE, "Premies werkgever (%)", "Awf, Aof, Whk, kinderopvang en Zvw samen, van het brutoloon."),
        Column("maximum_premieloon", Kind.AMOUNT, "Maximum premieloon (€)", "Boven dit loon per jaar betaalt u geen premies."),
        Column("pensioen", Kind.PERCENTAGE, "Pensioenpremie (%)", "De hele premie, van het loon boven de franchise."),
        Column("franchise", Kind.AMOUNT, "Franchise pensioen (€)", "Het loon per jaar waarover u geen pensioenpremie betaalt."),
        Column("werkgeversdeel", Kind.PERCENTAGE, "Werkgeversdeel pensioen (%)", "Welk deel van de premie betaalt de werkgever?"),
        Column("overig_personeel", Kind.PERCENTAGE, "Overige personeelskosten (%)", "Reizen, opleiding en verzekeringen, van het brutoloon."),
        Column("uren_bruto", Kind.NUMBER, "Contracturen per jaar", "Van een volledige baan."),
        Column("verlof_uren", Kind.NUMBER, "Verlofuren per jaar", "Vakantie en verlofbudget."),
        Column("feestdag_uren", Kind.NUMBER, "Uren op feestdagen", "Feestdagen op werkdagen, in uren per jaar."),
        Column("verzuim", Kind.PERCENTAGE, "Ziekteverzuim (%)", "Van de uren die na verlof en feestdagen overblijven."),
        Column("scholing_uren", Kind.NUMBER, "Uren scholing per jaar", "Per volledige baan."),
        Column("overleg_uren", Kind.NUMBER, "Uren overleg en reflectie per jaar", "Overleg, intervisie en reflectie met collega's, per volledige baan."),
        Column("organisatie_uren", Kind.NUMBER, "Uren voor de organisatie per jaar", "Zoals inwerken en algemene administratie, per volledige baan."),
        Column("indirect", Kind.PERCENTAGE, "Indirecte cliënttijd (%)", "Welk deel van de tijd voor cliënten is geen contact? Zoals reizen, voorbereiden en het dossier."),
        Column("declarabel", Kind.TEXT, "Wat is te declareren?", "Alleen contacttijd, of ook indirecte tijd?", ("alleen direct", "direct en indirect")),
        Column("overhead_percentage", Kind.PERCENTAGE, "Overhead (%)", "Vul ook de twee kolommen hierna in."),
        Column("overhead_vorm", Kind.TEXT, "Vorm van de overhead", "Een opslag komt boven op de kosten. Een aandeel is een deel van het geheel.", ("opslag", "aandeel")),
        Column("overhead_grondslag", Kind.TEXT, "Overhead gerekend over", "Alleen over loonkosten, of over alle kosten?", ("loonkosten", "alle kosten")),
        Column("materieel", Kind.AMOUNT, "Materiaal per eenheid (€)", "Andere kosten voor de cliënt, per uur, dagdeel, etmaal of stuk. Bij een stuk: per uur."),
        Column("huisvesting", Kind.AMOUNT, "Huisvesting per eenheid (€)", "Niet bij verblijf. Bij een stuk: per uur."),
        Column("verzorging_jaar", Kind.AMOUNT, "Verzorging per jaar (€)", "Alleen bij verblijf: eten, kleding en activiteiten, voor alle plaatsen samen."),
        Column("huisvesting_jaar", Kind.AMOUNT, "Huisvesting per jaar (€)", "Alleen bij verblijf: voor alle plaatsen samen."),
        Column("overige_kosten", Kind.AMOUNT, "Overige kosten van het traject (€)", "Alleen bij een stuk: kosten voor het hele traject."),
        Column("groepsgrootte", Kind.NUMBER, "Groepsgrootte", "Alleen bij een dagdeel: plaatsen in de groep."),
        Column("plaatsen", Kind.NUMBER, "Aantal plaatsen", "Alleen bij verblijf."),
        Column("bezetting", Kind.PERCENTAGE, "Bezetting (%)", "Bij een dagdeel of verblijf: hoe vol is het gemiddeld?"),
        Column("aantal_stuks", Kind.NUMBER, "Stuks per traject", "In hoeveel stuks declareert u het traject?"),
        Column("caseload", Kind.NUMBER, "Caseload", "Bij pleegzorg en jeugdbescherming: hoeveel cliënten hebben deze functies samen?"),
        Column("pleegvergoeding", Kind.AMOUNT, "Pleegvergoeding per dag (€)", "Alleen bij pleegzorg, als die in het tarief zit."),
        Column("risico", Kind.PERCENTAGE, "Risico en marge (%)", "Van de kostprijs. Mag 0 zijn."),
        Column("index_percentage", Kind.PERCENTAGE, "Index (%)", "De hele stijging van basisjaar naar tariefjaar."),
        Column("tarief", Kind.AMOUNT, "Tarief volgens u (€)", "Het tarief dat volgens u uit deze kosten volgt."),
        Column("herkomst", Kind.TEXT, "Herkomst van de cijfers", "Ligt het cijfer vast (cao), is het een suggestie of is het van u zelf?", ("vaststaand", "suggestie", "lokaal")),
    ),
    sheet="Kostprijs",
)

CAOSCHAAL = Table(
    "caoschaal",
    "De lonen van een cao, als u die erbij geeft. inkoopcheck levert zelf geen loontabellen.",
    (
        Column("cao", Kind.TEXT, "Cao", "De naam van de cao, zoals in het blad Kostprijs."),
        Column("schaal", Kind.TEXT, "Schaal", "De loonschaal of FWG-groep."),
        Column("trede", Kind.TEXT, "Trede", "Leeg: het laagste loon van de schaal."),
        Column("bedrag", Kind.AMOUNT, "Bruto maandloon (€)", "Bij een volledige baan."),
        Column("geldig_van", Kind.DATE, "Geldig vanaf", "De eerste dag waarop dit loon geldt."),
        Column("geldig_tot", Kind.DATE, "Geldig tot en met", "De laatste dag. Leeg: tot het volgende bedrag."),
        Column("bron", Kind.TEXT, "Bron", "Waar staat deze tabel?"),
    ),
    sheet="Cao-schalen",
)

ADMINISTRATIE = Table(
    "administratie",
    "Elke eis aan administratie, registratie of verantwoording.",
    (
        Column("contract_id", Kind.TEXT, "Contractnummer", template=False),
        Column("eis_id", Kind.TEXT, "Nummer", "Een nummer voor de eis."),
        Column("omschrijving", Kind.TEXT, "Eis", "Wat moet de aanbieder doen of aanleveren?"),
        Column("categorie", Kind.TEXT, "Soort eis", "Waar gaat de eis over?", ("toewijzing", "regie", "declaratie", "tijdschrijven", "voortgang", "herindicatie", "KPI", "accountant", "gesprek", "overig")),
        Column("grondslag", Kind.TEXT, "Grondslag", "Komt de eis uit de wet, uit een landelijke standaard of is hij van de gemeente of regio zelf?", ("wet", "landelijke standaard", "lokaal")),
        Column("vindplaats", Kind.TEXT, "Vindplaats", "Artikel en bladzijde."),
        Column("productcode", Kind.CODE, "Productcode", "Leeg betekent: alle producten."),
        Column("telleenheid", Kind.TEXT, "Geldt per", "Waarover telt de eis?", ("cliënt", "toewijzing", "declaratieregel", "medewerker-werkdag", "contract")),
        Column("frequentie_per_eenheid", Kind.NUMBER, "Keer per jaar", "Hoe vaak per jaar, per cliënt, toewijzing, enzovoort?"),
        Column("minuten_per_keer", Kind.NUMBER, "Minuten per keer", "Hoeveel minuten kost het per keer?"),
        Column("minuten_herkomst", Kind.TEXT, "Herkomst minuten", "Gemeten of geschat?", ("gemeten", "aanname")),
        Column("uitvoerder", Kind.TEXT, "Wie doet het", "", ("professional", "backoffice", "accountant", "gemeente")),
        Column("aandeel_professional", Kind.PERCENTAGE, "Deel door professional (%)", "Welk deel van het werk doet de hulpverlener zelf? De rest doet de backoffice."),
        Column("aantal_eenheden", Kind.NUMBER, "Aantal eenheden per jaar", "Alleen als u het aantal weet: om hoeveel cliënten, toewijzingen of regels gaat het per jaar?"),
        Column("aandeel_geldt", Kind.PERCENTAGE, "Geldt voor deel (%)", "Voor welk deel van de cliënten, toewijzingen of regels geldt de eis? Leeg: voor allemaal."),
        Column("vermijdbaar", Kind.YES_NO, "Kan vervallen", "Kan deze eis vervallen zonder schade voor de hulp of het toezicht?", _JANEE),
        Column("via_berichtenverkeer", Kind.YES_NO, "Staat al in iJw-berichten", "Zijn deze gegevens al bekend uit de iJw-berichten?", _JANEE),
        Column("al_beschikbaar", Kind.YES_NO, "Al bekend bij CBS of NZa", "Levert de aanbieder deze gegevens al aan CBS, NZa of Jeugdautoriteit?", _JANEE),
        Column("toelichting", Kind.TEXT, "Toelichting"),
    ),
    sheet="Administratie",
)

KWALITEIT = Table(
    "kwaliteit",
    "Elke eis aan de kwaliteit van de hulp of de hulpverlener.",
    (
        Column("contract_id", Kind.TEXT, "Contractnummer", template=False),
        Column("eis_id", Kind.TEXT, "Nummer", "Een nummer voor de eis."),
        Column("omschrijving", Kind.TEXT, "Kwaliteitseis", "Wat eist u?"),
        Column("productcode", Kind.CODE, "Productcode", "Leeg betekent: alle producten."),
        Column("grondslag", Kind.TEXT, "Grondslag", "Waar komt de eis vandaan?", ("wet", "landelijk kader", "lokaal")),
        Column("landelijk_kader", Kind.TEXT, "Landelijk kader", "Welk kader of welke richtlijn? Bijvoorbeeld Norm verantwoorde werktoedeling."),
        Column("toelichting", Kind.TEXT, "Toelichting"),
    ),
    sheet="Kwaliteit",
)

UITLEG = Table(
    "uitleg",
    "Pas toe of leg uit: een afwijking waar een goede reden voor is.",
    (
        Column("regel", Kind.TEXT, "Regel", "De code van de regel, bijvoorbeeld LOOP-03."),
        Column("productcode", Kind.CODE, "Productcode", "Leeg betekent: alle producten."),
        Column("reden", Kind.TEXT, "Reden", "Waarom wijkt u af?"),
        Column("door", Kind.TEXT, "Vastgesteld door", "De functie of afdeling die hierover besliste. Liever geen naam van een persoon."),
        Column("tot", Kind.DATE, "Geldig tot en met", "Tot wanneer geldt deze uitleg?"),
    ),
    sheet="Uitleg",
)

LEESMELDING = Table(
    "leesmelding",
    "Wat de lezer niet of niet zeker begreep, met de cel.",
    (
        Column("soort", Kind.TEXT, "Soort"),
        Column("gevonden", Kind.TEXT, "Gevonden"),
        Column("verwacht", Kind.TEXT, "Verwacht"),
        Column("veld", Kind.TEXT, "Veld"),
    ),
)

# fmt: on

TABLES = {
    table.name: table
    for table in (
        CONTRACT,
        AANBIEDER,
        TARIEF,
        TARIEFOPBOUW,
        KOSTPRIJS,
        CAOSCHAAL,
        ADMINISTRATIE,
        KWALITEIT,
        UITLEG,
        LEESMELDING,
    )
}


Provenance = tuple[tuple[str, str], ...]


def create_table_sql(table: Table, provenance: Provenance = PROVENANCE) -> str:
    """SQL that makes the base table in the schema ``basis``."""
    columns = [f"{name} {sql_type}" for name, sql_type in provenance]
    columns += [f"{column.name} {column.sql_type}" for column in table.columns]
    return f"CREATE TABLE basis.{table.name} ({', '.join(columns)})"
