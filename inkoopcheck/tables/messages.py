"""The schema of the message tables: one table per berichtklasse, one row per element of that class.

Column names are the element names of the standard in snake_case. A leaf whose name says nothing
without its parent takes the name of the parent in front (``Product/Code`` is ``product_code``).
What a rule does not need of a person is not here: a BSN becomes a pseudonym and the outcome of its
check, a name becomes "is there one", an address becomes which parts it has.
"""

from dataclasses import dataclass

from inkoopcheck.tables.schema import Column, Kind, Provenance, Table

MESSAGE_PROVENANCE: Provenance = (
    ("rij_id", "BIGINT"),
    ("bericht_id", "BIGINT"),
    ("ouder_id", "BIGINT"),
    ("client_id", "BIGINT"),
    ("volgnummer", "INTEGER"),
    ("regelnummer", "INTEGER"),
    ("pad", "VARCHAR"),
    ("onleesbaar", "VARCHAR[]"),
)
"""Every row: a number unique within the run; the rows of its message, of the class around it and
of its client; which one it is within the class around it; the line and the path of its element;
and the columns whose value could not be read (these are empty although the element is there)."""

PROVENANCE_TEXT = {
    "rij_id": "Nummer van de rij, uniek binnen de run.",
    "bericht_id": "`rij_id` van het bericht in de tabel bericht.",
    "ouder_id": "`rij_id` van de klasse waar deze in staat. Staat zij direct in het bericht: van het bericht.",
    "client_id": "`rij_id` van de cliënt waar deze rij onder valt; leeg als er geen cliënt omheen staat.",
    "volgnummer": "De hoeveelste binnen de ouder, vanaf 1.",
    "regelnummer": "Regel in het bestand.",
    "pad": "Pad met posities, zoals `Bericht/Declaratie/Clienten/Client[3]/Prestaties/Prestatie[2]`.",
    "onleesbaar": "Namen van de kolommen met een waarde die niet te lezen was (bijvoorbeeld een datum als 31-02). De kolom zelf is dan leeg. Een regel die zo'n kolom gebruikt is in die rij vanzelf 'niet te bepalen'.",
}


@dataclass(frozen=True)
class Leaf(Column):
    """A column read from a message: ``path`` is the place below the class, as in ``Omvang/Volume``.

    ``reading`` replaces the usual way to make the value: an SQL expression over ``waarde``, the
    text of the element. Only its outcome is kept.
    """

    path: str = ""
    reading: str | None = None


@dataclass(frozen=True)
class MessageTable(Table):
    """A table with one row for every element named ``element`` that holds a berichtklasse."""

    element: str = ""


def _leaf(
    name: str, kind: Kind, path: str, explanation: str = "", reading: str | None = None
) -> Leaf:
    return Leaf(name, kind, path.replace("/", " "), explanation, path=path, reading=reading)


def _present(name: str, path: str, explanation: str = "") -> Leaf:
    return _leaf(name, Kind.PRESENT, path, explanation or f"Staat {path} in het bericht?")


def _column(name: str, kind: Kind, explanation: str) -> Leaf:
    """A column that the reader fills itself."""
    return Leaf(name, kind, name.replace("_", " "), explanation)


# One column per line: this part is read as a table.
# fmt: off
_PRODUCT = (
    _present("heeft_product", "Product"),
    _leaf("product_categorie", Kind.CODE, "Product/Categorie"),
    _leaf("product_code", Kind.CODE, "Product/Code"),
)
_OMVANG = (
    _present("heeft_omvang", "Omvang"),
    _leaf("volume", Kind.WHOLE, "Omvang/Volume", "Bij eenheid 83 in eurocent."),
    _leaf("eenheid", Kind.CODE, "Omvang/Eenheid"),
    _leaf("frequentie", Kind.CODE, "Omvang/Frequentie"),
    _leaf("budget", Kind.CENTS, "Budget"),
)
_GEBOORTE = (
    _leaf("geboortedatum", Kind.PRIVATE_DATE, "Geboortedatum/Datum", "Alleen voor voorwaarden; mag niet in een tekst van een regel."),
    _leaf("datum_gebruik", Kind.CODE, "Geboortedatum/DatumGebruik"),
)

BERICHT = MessageTable(
    "bericht",
    "Een bericht per rij: de klasse Header, met wat er over het bestand te zeggen is.",
    (
        _column("bestand", Kind.TEXT, "Naam van het bestand, of van het bestand in een zip."),
        _column("berichtsoort", Kind.CODE, "JW301, JW323 enzovoort; volgt uit de namespace."),
        _column("release", Kind.CODE, "Release van de standaard, zoals 3.2."),
        _column("xsd_geldig", Kind.YES_NO, "Klopt het bericht met het schema?"),
        _column("aantal_schemafouten", Kind.INTEGER, "Aantal fouten tegen het schema."),
        _column("bestand_bytes", Kind.WHOLE, "Grootte van het bericht in bytes."),
        _column("bestand_extensie", Kind.TEXT, "Extensie in kleine letters met punt: .xml"),
        _column("heeft_bom", Kind.YES_NO, "Begint het bestand met een byte order mark?"),
        _column("regeleinde", Kind.CODE, "CRLF, LF, CR, gemengd, of geen (alles op een regel)."),
        _column("tekenset", Kind.TEXT, "Tekenset in de XML-declaratie in kleine letters; leeg als die er niet staat."),
        _column("omhulsel", Kind.TEXT, "Wat er om het bericht heen stond (SOAP, StUF, VECOZO); leeg als er niets omheen stond."),
        _leaf("bericht_code", Kind.CODE, "BerichtCode"),
        _leaf("bericht_versie", Kind.INTEGER, "BerichtVersie"),
        _leaf("bericht_subversie", Kind.INTEGER, "BerichtSubversie"),
        _leaf("afzender", Kind.CODE, "Afzender"),
        _leaf("ontvanger", Kind.CODE, "Ontvanger"),
        _leaf("identificatie", Kind.TEXT, "BerichtIdentificatie/Identificatie"),
        _leaf("dagtekening", Kind.DATE, "BerichtIdentificatie/Dagtekening"),
        _leaf("basisschema_xsd_versie", Kind.TEXT, "XsdVersie/BasisschemaXsdVersie"),
        _leaf("bericht_xsd_versie", Kind.TEXT, "XsdVersie/BerichtXsdVersie"),
        _leaf("identificatie_retour", Kind.TEXT, "IdentificatieRetour"),
        _leaf("dagtekening_retour", Kind.DATE, "DagtekeningRetour"),
        _leaf("declaratie_identificatie", Kind.TEXT, "DeclaratieIdentificatie/Identificatie", "JW325: het JW323 dat wordt beantwoord."),
        _leaf("declaratie_identificatie_dagtekening", Kind.DATE, "DeclaratieIdentificatie/Dagtekening"),
        _leaf("xslt_versie", Kind.TEXT, "XsltVersie"),
        _leaf("basisschema_xsd_versie_retour", Kind.TEXT, "XsdVersieRetour/BasisschemaXsdVersie"),
        _leaf("bericht_xsd_versie_retour", Kind.TEXT, "XsdVersieRetour/BerichtXsdVersie"),
        _leaf("basisschema_xsd_versie_declaratie", Kind.TEXT, "XsdVersieDeclaratie/BasisschemaXsdVersie"),
        _leaf("bericht_xsd_versie_declaratie", Kind.TEXT, "XsdVersieDeclaratie/BerichtXsdVersie"),
    ),
    element="Header",
)

CLIENT = MessageTable(
    "client",
    "Een cliënt in een bericht. Het BSN zelf staat er niet in.",
    (
        _leaf("client", Kind.PSEUDONYM, "Bsn", "Pseudoniem van het BSN: gelijk voor hetzelfde BSN, binnen deze run."),
        _column("bsn_elfproef", Kind.YES_NO, "Doorstaat het BSN de elfproef? Leeg als het geen negen cijfers zijn. 000000000 doorstaat de proef."),
        _column("bsn_nul", Kind.YES_NO, "Bestaat het BSN alleen uit nullen?"),
        *_GEBOORTE,
        _present("heeft_partnernaam", "Naam/Partnernaam"),
        _leaf("naam_gebruik", Kind.CODE, "Naam/NaamGebruik"),
        _leaf("communicatie_vorm", Kind.CODE, "Communicatie/Vorm"),
        _present("heeft_communicatie", "Communicatie"),
        _present("heeft_taal", "Communicatie/Taal"),
        _present("heeft_commentaar", "Commentaar"),
    ),
    element="Client",
)

RELATIE = MessageTable(
    "relatie",
    "Een relatie van een cliënt.",
    (
        _leaf("nummer", Kind.PSEUDONYM, "Nummer", "Pseudoniem van het nummer: alleen om gelijke nummers te vinden."),
        _leaf("volgorde", Kind.INTEGER, "Volgorde"),
        _leaf("soort", Kind.CODE, "Soort"),
        *_GEBOORTE,
        _present("heeft_partnernaam", "Naam/Partnernaam"),
        _leaf("naam_gebruik", Kind.CODE, "Naam/NaamGebruik"),
    ),
    element="Relatie",
)

CONTACT = MessageTable(
    "contact",
    "Contactgegevens van een cliënt of van een relatie (zie contact_van).",
    (
        _leaf("soort", Kind.CODE, "Soort", "Soort adres."),
        _present("heeft_adres", "Adres"),
        _present("heeft_huis", "Adres/Huis"),
        _present("heeft_postcode", "Adres/Postcode"),
        _leaf("postcode_nl", Kind.YES_NO, "Adres/Postcode", "Heeft de postcode de Nederlandse vorm: vier cijfers (niet met 0 vooraan) en twee letters, zonder spatie? Leeg als er geen postcode is.", reading="regexp_full_match(waarde, '[1-9][0-9]{3}[a-zA-Z]{2}')"),
        _leaf("land_code", Kind.CODE, "Adres/LandCode"),
        _present("heeft_telefoon", "Telefoon"),
        _present("heeft_emailadres", "Emailadres"),
        _present("heeft_organisatie", "Organisatie"),
        _present("heeft_periode", "Periode"),
        _leaf("begindatum", Kind.DATE, "Periode/Begindatum"),
        _leaf("einddatum", Kind.DATE, "Periode/Einddatum"),
    ),
    element="Contact",
)

TOEGEWEZEN_PRODUCT = MessageTable(
    "toegewezen_product",
    "Een toegewezen product (JW301, JW302).",
    (
        _leaf("toewijzing_nummer", Kind.WHOLE, "ToewijzingNummer"),
        _leaf("referentie_aanbieder", Kind.TEXT, "ReferentieAanbieder"),
        *_PRODUCT,
        _leaf("toewijzingsdatum", Kind.DATE, "Toewijzingsdatum"),
        _leaf("toewijzingstijd", Kind.TEXT, "Toewijzingstijd", "Als tekst, UU:MM:SS."),
        _leaf("ingangsdatum", Kind.DATE, "Ingangsdatum"),
        _leaf("einddatum", Kind.DATE, "Einddatum"),
        _leaf("reden_wijziging", Kind.CODE, "RedenWijziging"),
        *_OMVANG,
        _present("heeft_commentaar", "Commentaar"),
    ),
    element="ToegewezenProduct",
)

START_PRODUCT = MessageTable(
    "start_product",
    "Een start van levering (JW305, JW306).",
    (
        _leaf("toewijzing_nummer", Kind.WHOLE, "ToewijzingNummer"),
        *_PRODUCT,
        _leaf("toewijzing_ingangsdatum", Kind.DATE, "ToewijzingIngangsdatum"),
        _leaf("begindatum", Kind.DATE, "Begindatum"),
        _leaf("status_aanlevering", Kind.CODE, "StatusAanlevering"),
    ),
    element="StartProduct",
)

STOP_PRODUCT = MessageTable(
    "stop_product",
    "Een stop van levering (JW307, JW308).",
    (
        _leaf("toewijzing_nummer", Kind.WHOLE, "ToewijzingNummer"),
        *_PRODUCT,
        _leaf("toewijzing_ingangsdatum", Kind.DATE, "ToewijzingIngangsdatum"),
        _leaf("begindatum", Kind.DATE, "Begindatum"),
        _leaf("reden_beeindiging", Kind.CODE, "RedenBeeindiging"),
        _leaf("einddatum", Kind.DATE, "Einddatum"),
        _leaf("status_aanlevering", Kind.CODE, "StatusAanlevering"),
    ),
    element="StopProduct",
)

AANGEVRAAGD_PRODUCT = MessageTable(
    "aangevraagd_product",
    "Een aangevraagd product (JW315, JW316).",
    (
        _leaf("referentie_aanbieder", Kind.TEXT, "ReferentieAanbieder"),
        _leaf("beschikking_nummer", Kind.WHOLE, "BeschikkingNummer"),
        *_PRODUCT,
        _leaf("beschikking_ingangsdatum", Kind.DATE, "BeschikkingIngangsdatum"),
        _leaf("toewijzing_ingangsdatum", Kind.DATE, "ToewijzingIngangsdatum"),
        _leaf("toewijzing_einddatum", Kind.DATE, "ToewijzingEinddatum"),
        *_OMVANG,
        _leaf("verwijzer_type", Kind.CODE, "Verwijzer/Type"),
        _present("heeft_verwijzer_naam", "Verwijzer/Naam"),
        _present("heeft_zorgverlener_code", "Verwijzer/ZorgverlenerCode"),
        _leaf("raamcontract", Kind.CODE, "Raamcontract", "1 is ja, 2 is nee."),
        _present("heeft_commentaar", "Commentaar"),
    ),
    element="AangevraagdProduct",
)

VERZOEK = MessageTable(
    "verzoek",
    "Een verzoek om wijziging (JW317, JW318).",
    (
        _leaf("referentie_aanbieder", Kind.TEXT, "ReferentieAanbieder"),
        _leaf("reden_verzoek", Kind.CODE, "RedenVerzoek"),
    ),
    element="Verzoek",
)

ONGEWIJZIGD_PRODUCT = MessageTable(
    "ongewijzigd_product",
    "Een product dat in een verzoek om wijziging hetzelfde blijft (JW317, JW318).",
    (
        _leaf("toewijzing_nummer", Kind.WHOLE, "ToewijzingNummer"),
    ),
    element="OngewijzigdProduct",
)

TE_WIJZIGEN_PRODUCT = MessageTable(
    "te_wijzigen_product",
    "Een product dat in een verzoek om wijziging verandert (JW317, JW318).",
    (
        _leaf("toewijzing_nummer", Kind.WHOLE, "ToewijzingNummer"),
        _leaf("gewenste_ingangsdatum", Kind.DATE, "GewensteIngangsdatum"),
        _leaf("einddatum", Kind.DATE, "Einddatum"),
        *_OMVANG,
    ),
    element="TeWijzigenProduct",
)

NIEUW_PRODUCT = MessageTable(
    "nieuw_product",
    "Een nieuw product in een verzoek om wijziging (JW317, JW318).",
    (
        *_PRODUCT,
        _leaf("gewenste_ingangsdatum", Kind.DATE, "GewensteIngangsdatum"),
        _leaf("einddatum", Kind.DATE, "Einddatum"),
        *_OMVANG,
    ),
    element="NieuwProduct",
)

ANTWOORD = MessageTable(
    "antwoord",
    "Een antwoord op een verzoek (JW319, JW320).",
    (
        _leaf("referentie_aanbieder", Kind.TEXT, "ReferentieAanbieder"),
        _leaf("verzoek_antwoord", Kind.CODE, "VerzoekAntwoord"),
        _leaf("reden_afwijzing_verzoek", Kind.CODE, "RedenAfwijzingVerzoek"),
        _present("heeft_woonplaatsbeginsel", "Woonplaatsbeginsel"),
    ),
    element="Antwoord",
)

WOONPLAATSBEGINSEL = MessageTable(
    "woonplaatsbeginsel",
    "De gemeente die verantwoordelijk is, in een antwoord (JW319, JW320).",
    (
        _leaf("woonplaats_gemeente", Kind.CODE, "Gemeente"),
    ),
    element="Woonplaatsbeginsel",
)

DECLARATIE = MessageTable(
    "declaratie",
    "Een declaratie (JW323).",
    (
        _leaf("declaratie_nummer", Kind.TEXT, "DeclaratieNummer"),
        _leaf("begindatum", Kind.DATE, "DeclaratiePeriode/Begindatum"),
        _leaf("einddatum", Kind.DATE, "DeclaratiePeriode/Einddatum"),
        _leaf("declaratie_dagtekening", Kind.DATE, "DeclaratieDagtekening"),
        _leaf("totaal_bedrag", Kind.CENTS, "TotaalIngediendBedrag/TotaalBedrag", "Zonder teken; zie debet_credit."),
        _leaf("debet_credit", Kind.CODE, "TotaalIngediendBedrag/DebetCredit"),
    ),
    element="Declaratie",
)

PRESTATIE = MessageTable(
    "prestatie",
    "Een prestatie (JW323), of een afgewezen prestatie in een antwoord (JW325).",
    (
        _leaf("referentie_nummer", Kind.TEXT, "ProductReferentie/ReferentieNummer"),
        _leaf("vorig_referentie_nummer", Kind.TEXT, "ProductReferentie/VorigReferentieNummer"),
        _leaf("toewijzing_nummer", Kind.WHOLE, "ToewijzingNummer"),
        _leaf("product_categorie", Kind.CODE, "ProductCategorie"),
        _leaf("product_code", Kind.CODE, "ProductCode"),
        _leaf("begindatum", Kind.DATE, "ProductPeriode/Begindatum"),
        _leaf("einddatum", Kind.DATE, "ProductPeriode/Einddatum"),
        _leaf("geleverd_volume", Kind.WHOLE, "GeleverdVolume", "Bij eenheid 83 in eurocent."),
        _leaf("eenheid", Kind.CODE, "Eenheid"),
        _leaf("product_tarief", Kind.CENTS, "ProductTarief"),
        _leaf("bedrag", Kind.CENTS, "IngediendBedrag/Bedrag", "Zonder teken; zie debet_credit."),
        _leaf("debet_credit", Kind.CODE, "IngediendBedrag/DebetCredit"),
    ),
    element="Prestatie",
)

DECLARATIE_ANTWOORD = MessageTable(
    "declaratie_antwoord",
    "Het antwoord op een declaratie (JW325).",
    (
        _leaf("declaratie_nummer", Kind.TEXT, "DeclaratieNummer"),
        _leaf("totaal_ingediend_bedrag", Kind.CENTS, "TotaalIngediendBedrag/TotaalBedrag"),
        _leaf("totaal_ingediend_debet_credit", Kind.CODE, "TotaalIngediendBedrag/DebetCredit"),
        _leaf("totaal_toegekend_bedrag", Kind.CENTS, "TotaalToegekendBedrag/TotaalBedrag"),
        _leaf("totaal_toegekend_debet_credit", Kind.CODE, "TotaalToegekendBedrag/DebetCredit"),
        _present("heeft_clienten", "Clienten"),
    ),
    element="DeclaratieAntwoord",
)

RETOURCODE = MessageTable(
    "retourcode",
    "Een retourcode, met de klasse waar zij bij hoort (`ouder_id` is de rij van die klasse).",
    (
        _leaf("retour_code", Kind.CODE, "."),
    ),
    element="RetourCode",
)

SCHEMAFOUT = MessageTable(
    "schemafout",
    "Een fout tegen het XML-schema. Per soort en bestand hooguit een vast aantal; zie aantal.",
    (
        _column("soort", Kind.CODE, "Soort fout; elke soort heeft een eigen regel in de familie schema."),
        _column("element", Kind.TEXT, "Naam van het element waar het om gaat."),
        _column("gevonden", Kind.TEXT, "Wat er staat. Persoonsgegevens zijn afgeschermd."),
        _column("verwacht", Kind.TEXT, "Wat er had moeten staan."),
        _column("uitleg", Kind.TEXT, "Wat er mis is, in een zin."),
        _column("aantal", Kind.INTEGER, "Hoeveel fouten van deze soort het bestand heeft."),
        _column("getoond", Kind.INTEGER, "Hoeveel daarvan er in deze tabel staan."),
    ),
)
# fmt: on

MESSAGE_TABLES: dict[str, MessageTable] = {
    table.name: table
    for table in (
        BERICHT,
        CLIENT,
        RELATIE,
        CONTACT,
        TOEGEWEZEN_PRODUCT,
        START_PRODUCT,
        STOP_PRODUCT,
        AANGEVRAAGD_PRODUCT,
        VERZOEK,
        ONGEWIJZIGD_PRODUCT,
        TE_WIJZIGEN_PRODUCT,
        NIEUW_PRODUCT,
        ANTWOORD,
        WOONPLAATSBEGINSEL,
        DECLARATIE,
        PRESTATIE,
        DECLARATIE_ANTWOORD,
        RETOURCODE,
        SCHEMAFOUT,
    )
}

TABLE_BY_ELEMENT = {table.element: table for table in MESSAGE_TABLES.values() if table.element}
"""The table for the name of an element that holds a berichtklasse."""
