"""What each figure of an audit means, and the tables that are published with their columns.

``FIGURES`` defines the figures of the table ``cijfer``; ``PUBLISHED`` the columns of the open data.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A figure about an area: how it is computed and how to read it."""

    cijfer: str
    titel: str
    soort: str
    """aandeel (teller of noemer, in %), verdeling (idem; a part as % of the whole), mediaan, som or per_client."""
    eenheid: str
    richting: str
    definitie: str
    bron: str
    uitsplitsing: str = ""
    per_kind: bool = True
    """Of a figure about messages: are children counted behind it? Otherwise its rows are."""


_CONTRACT = "contractwerkmappen"
FIGURES: tuple[Figure, ...] = (
    Figure(
        "standaard_codes",
        "Standaardcodes in contracten",
        "aandeel",
        "%",
        "hoog is beter",
        "Deel van de productcodes in contracten dat in de standaardproductcodelijst Jeugdwet staat. Elke code telt"
        " een keer per contract. Codes in categorie 54 en 55 die niet op de lijst staan tellen niet mee: daar is de lijst"
        " die wij hebben niet compleet.",
        _CONTRACT,
    ),
    Figure(
        "standaard_toewijzingen",
        "Standaardcodes in toewijzingen",
        "aandeel",
        "%",
        "hoog is beter",
        "Deel van de geldende toewijzingen met een productcode uit de standaardproductcodelijst; categorie 54 en 55 zoals"
        " bij contracten.",
        "JW301",
    ),
    Figure(
        "standaard_euro",
        "Geld op standaardcodes",
        "aandeel",
        "%",
        "hoog is beter",
        "Deel van het gedeclareerde bedrag op productcodes uit de standaardproductcodelijst.",
        "JW323",
    ),
    Figure(
        "producten",
        "Verschillende productcodes",
        "som",
        "aantal",
        "laag is beter",
        "Aantal verschillende productcodes in de contracten.",
        _CONTRACT,
    ),
    Figure(
        "eigen_codes",
        "Eigen codes",
        "som",
        "aantal",
        "laag is beter",
        "Aantal verschillende productcodes dat niet in de standaardproductcodelijst staat.",
        _CONTRACT,
    ),
    Figure(
        "uniform_product",
        "Standaardcodes onder alle codes",
        "aandeel",
        "%",
        "hoog is beter",
        "Aantal verschillende standaardcodes als deel van alle verschillende codes van het gebied samen.",
        _CONTRACT,
    ),
    Figure(
        "contractduur",
        "Duur van contracten",
        "mediaan",
        "maanden",
        "hoog is beter",
        "Hele maanden van de startdatum tot en met de einddatum, zonder verlengingen. Het middelste contract.",
        _CONTRACT,
    ),
    Figure(
        "meerjarig",
        "Meerjarige contracten",
        "aandeel",
        "%",
        "hoog is beter",
        "Deel van de contracten dat zonder verlenging ten minste zo lang duurt als de parameter minimale_looptijd,"
        " of geen einddatum heeft.",
        _CONTRACT,
    ),
    Figure(
        "verlenging",
        "Ruimte voor verlenging",
        "mediaan",
        "maanden",
        "",
        "Maanden waarmee het contract met opties langer kan duren. Het middelste contract.",
        _CONTRACT,
    ),
    Figure(
        "indexering",
        "Contracten met indexering",
        "aandeel",
        "%",
        "hoog is beter",
        "Deel van de contracten dat zegt hoe tarieven elk jaar stijgen. Contracten die er niets over zeggen tellen niet mee.",
        _CONTRACT,
    ),
    Figure(
        "contractstandaard",
        "Contracten met een contractstandaard",
        "aandeel",
        "%",
        "hoog is beter",
        "Deel van de contracten dat een landelijke contractstandaard gebruikt.",
        _CONTRACT,
    ),
    Figure(
        "variant",
        "Uitvoeringsvarianten",
        "aandeel",
        "%",
        "",
        "Deel van de contracten per uitvoeringsvariant.",
        _CONTRACT,
        "uitvoeringsvariant",
    ),
    Figure(
        "lasten_ld1",
        "Administratie door eigen eisen",
        "mediaan",
        "%",
        "laag is beter",
        "Deel van de netto werktijd van professionals dat eigen of vermijdbare eisen van het contract kosten"
        " (laag LD-1 van het lastenmodel). Het middelste contract.",
        _CONTRACT,
    ),
    Figure(
        "lasten_ld2",
        "Administratie door het contract",
        "mediaan",
        "%",
        "laag is beter",
        "Deel van de netto werktijd van professionals dat alles kost wat bij het contract hoort (laag LD-2)."
        " Het middelste contract.",
        _CONTRACT,
    ),
    Figure(
        "lasten_ld3",
        "Gemeten administratie",
        "mediaan",
        "%",
        "laag is beter",
        "Deel van de hele werktijd dat professionals volgens een meting aan administratie besteden (laag LD-3)."
        " Het middelste contract. Het streven is hooguit 10%.",
        _CONTRACT,
    ),
    Figure(
        "specialistisch_lokaal",
        "Zware hulp door één gemeente ingekocht",
        "aandeel",
        "%",
        "laag is beter",
        "Deel van de tarieven voor verblijf, crisis, jeugdbescherming en jeugdreclassering in contracten die één"
        " gemeente alleen sluit (zie regel VOORW-26).",
        _CONTRACT,
    ),
    Figure(
        "regionale_inkoop",
        "Zware hulp samen ingekocht",
        "aandeel",
        "%",
        "hoog is beter",
        "Deel van de tarieven voor verblijf, crisis, jeugdbescherming en jeugdreclassering in contracten van een regio,"
        " meer regio's of het land (zie regel VOORW-26). Het andere deel is specialistisch_lokaal.",
        _CONTRACT,
    ),
    Figure(
        "reeel_tarief",
        "Tarieven die niet te laag zijn",
        "aandeel",
        "%",
        "hoog is beter",
        "Deel van de tarieven dat niet onder de bandbreedte ligt van het tarief dat uit lonen, uren en kosten volgt"
        " (docs/model-tarief.md). Alleen tarieven met een kostprijs in de werkmap.",
        _CONTRACT,
    ),
    Figure(
        "berichten_per_client",
        "Berichten per cliënt",
        "per_client",
        "aantal",
        "laag is beter",
        "Hoe vaak een kind gemiddeld in een bericht staat.",
        "alle berichten",
    ),
    Figure(
        "afkeur",
        "Afgewezen prestaties",
        "verdeling",
        "%",
        "laag is beter",
        "Prestaties die in een JW325 zijn afgewezen, als deel van de ingediende prestaties in JW323-berichten."
        " Per retourcode: als deel van alle afgewezen prestaties.",
        "JW323 en JW325",
        "retourcode",
    ),
    Figure(
        "berichten_afgekeurd",
        "Berichten met een fout",
        "aandeel",
        "%",
        "laag is beter",
        "Deel van de berichten dat niet klopt met het schema of met een regel binnen het bericht.",
        "alle berichten",
        per_kind=False,
    ),
    Figure(
        "herindiening",
        "Opnieuw ingediende prestaties",
        "aandeel",
        "%",
        "laag is beter",
        "Deel van de debetregels dat dezelfde hulp aan hetzelfde kind in dezelfde periode nog eens declareert,"
        " in een ander bericht.",
        "JW323",
    ),
    Figure(
        "wachttijd_toewijzing",
        "Wachttijd na toewijzing",
        "mediaan",
        "dagen",
        "laag is beter",
        "Dagen van de toewijzingsdatum tot de eerste dag van de hulp. Begon de hulp eerder, dan telt 0. De middelste toewijzing.",
        "JW301 en JW305",
        "productcode",
    ),
    Figure(
        "wachttijd_aanvraag",
        "Wachttijd na aanvraag",
        "mediaan",
        "dagen",
        "laag is beter",
        "Dagen van de dagtekening van het verzoek om toewijzing tot de eerste dag van de hulp. Het middelste verzoek.",
        "JW315, JW301 en JW305",
        "productcode",
    ),
    Figure(
        "duur_toewijzing",
        "Duur van toewijzingen",
        "mediaan",
        "dagen",
        "",
        "Dagen van de ingangsdatum tot en met de einddatum. De middelste toewijzing met een einddatum.",
        "JW301",
    ),
    Figure(
        "herindicatie",
        "Toewijzingen die een eerdere opvolgen",
        "aandeel",
        "%",
        "laag is beter",
        "Deel van de toewijzingen dat kort na het einde van een eerdere begint, voor hetzelfde kind en dezelfde hulp"
        " (parameter audit_herindicatie_dagen).",
        "JW301",
    ),
    Figure(
        "declaratievertraging",
        "Tijd tot declareren",
        "mediaan",
        "dagen",
        "laag is beter",
        "Dagen van het einde van de maand waarin de hulp was tot de dagtekening van de declaratie. De middelste prestatie.",
        "JW323",
    ),
    Figure(
        "gedeclareerd",
        "Gedeclareerd bedrag",
        "som",
        "euro",
        "",
        "Ingediende bedragen, credits eraf. Ook wat later is afgewezen telt mee.",
        "JW323",
        "productcode",
    ),
)


@dataclass(frozen=True)
class Part:
    """A part of the standardisation index: a figure, and what share of the way it is."""

    onderdeel: str
    titel: str
    cijfer: str


PARTS: tuple[Part, ...] = (
    Part("standaard_codes", "Standaardcodes in contracten", "standaard_codes"),
    Part("standaard_euro", "Geld op standaardcodes", "standaard_euro"),
    Part("meerjarig", "Meerjarige contracten", "meerjarig"),
    Part("indexering", "Indexering afgesproken", "indexering"),
    Part("contractstandaard", "Contractstandaard gebruikt", "contractstandaard"),
    Part("uniform_product", "Weinig eigen codes", "uniform_product"),
    Part("lasten", "Tijd voor administratie", "lasten_ld2"),
    Part("reeel_tarief", "Tarieven die niet te laag zijn", "reeel_tarief"),
    Part("regionale_inkoop", "Zware hulp samen ingekocht", "regionale_inkoop"),
)
TOTAL = "totaal"

_AREA = (
    ("niveau", "Land, jeugdregio, gemeente of aanbieder."),
    ("code", "NL, code van de jeugdregio of gemeente, of AGB-code."),
)
_HIDDEN = ("onderdrukt", "Ja: het aantal is te klein om te laten zien. De getallen zijn dan leeg.")
_CONTRACT_NAME = ("contract", "Nummer of naam van het contract.")
_PROVIDER = ("aanbieder", "Naam of AGB-code van de aanbieder.")
_GEMEENTE = ("gemeente", "Code van de gemeente (CBS).")

PUBLISHED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "gebied": (
        *_AREA,
        ("naam", "Naam van het gebied of de aanbieder."),
        ("regio_code", "Jeugdregio van een gemeente."),
        ("regio_naam", "Naam van die jeugdregio."),
        ("gemeenten", "Aantal gemeenten waarvan iets is gelezen."),
        ("aanbieders", "Aantal aanbieders in berichten."),
        ("contracten", "Aantal contracten."),
        ("berichten", "Aantal berichten."),
        ("clienten", "Aantal kinderen in berichten."),
        _HIDDEN,
    ),
    "cijfer": (
        *_AREA,
        ("cijfer", "Welk cijfer; zie de tabel cijfer_uitleg."),
        ("uitsplitsing", "Leeg voor het geheel, anders de productcode, retourcode of variant."),
        ("teller", "Wat er telt, bij een aandeel of een som."),
        ("noemer", "Waarvan het een deel is."),
        ("waarde", "Het cijfer zelf, in de eenheid van cijfer_uitleg."),
        ("p25", "Een kwart van de waarnemingen is hooguit dit."),
        ("mediaan", "De middelste waarneming."),
        ("p75", "Drie kwart van de waarnemingen is hooguit dit."),
        ("rijen", "Aantal waarnemingen."),
        ("clienten", "Aantal kinderen; leeg als het cijfer niet over kinderen gaat."),
        _HIDDEN,
    ),
    "cijfer_uitleg": (
        ("cijfer", "Naam van het cijfer."),
        ("titel", "Hoe het in het rapport heet."),
        ("eenheid", "%, dagen, maanden, euro of aantal."),
        ("richting", "Of hoog of laag beter is; leeg als dat er niet is."),
        ("uitsplitsing", "Waar het cijfer naar is uitgesplitst."),
        ("definitie", "Hoe het is berekend."),
        ("bron", "Waaruit."),
    ),
    "bevinding": (
        *_AREA,
        ("bron", "contract of bericht."),
        ("familie", "Groep van regels."),
        ("ernst", "fout, waarschuwing of aandachtspunt."),
        ("regel", "Code van de regel."),
        ("titel", "Wat er niet klopt."),
        ("aantal", "Hoe vaak."),
        ("uitgelegd", "Hoe vaak daarvan met een geldige uitleg (pas toe of leg uit)."),
        ("bedrag", "Het geld waar het om gaat, in euro; leeg als dat niet te berekenen is."),
        _HIDDEN,
    ),
    "contract_bevinding": (
        _GEMEENTE,
        _CONTRACT_NAME,
        _PROVIDER,
        ("bestand", "De werkmap."),
        ("blad", "Het blad."),
        ("cel", "De cel."),
        ("regel", "Code van de regel."),
        ("familie", "Groep van regels."),
        ("ernst", "fout, waarschuwing of aandachtspunt."),
        ("titel", "Wat er niet klopt."),
        ("melding", "Wat er precies is gevonden, in een zin."),
        ("gevonden", "Wat er staat."),
        ("verwacht", "Wat er hoort te staan."),
        ("norm", "Waar dat op rust."),
        ("herstel", "Wat u kunt doen."),
        ("bedrag", "Het geld waar het om gaat, in euro."),
        ("uitgelegd", "De uitleg, als die er is."),
        ("vingerafdruk", "Sleutel van de inhoud: gelijk in twee audits als er niets veranderde."),
    ),
    "contract": (
        _GEMEENTE,
        _CONTRACT_NAME,
        _PROVIDER,
        ("bestand", "De werkmap."),
        ("startdatum", "Eerste dag."),
        ("einddatum", "Laatste dag."),
        ("maanden", "Hele maanden, zonder verlenging."),
        ("verlenging_maanden", "Maanden verlenging, als alle opties worden gebruikt."),
        ("indexering", "Is indexering afgesproken? Leeg: dat staat er niet."),
        ("contractstandaard", "Volgt het een contractstandaard? Leeg: dat staat er niet."),
        ("uitvoeringsvariant", "inspanningsgericht, outputgericht of taakgericht."),
        ("tarieven", "Aantal tarieven."),
        ("standaardtarieven", "Aantal daarvan met een standaardcode."),
        ("eigen_codes", "Aantal eigen productcodes."),
        ("lasten_ld1", "Procent van de werktijd door eigen of vermijdbare eisen."),
        ("lasten_ld2", "Procent van de werktijd door alles van het contract."),
        ("lasten_ld3", "Procent van de werktijd zoals gemeten."),
    ),
    "tarief": (
        _GEMEENTE,
        ("regio_code", "Jeugdregio."),
        _CONTRACT_NAME,
        _PROVIDER,
        ("productcode", "Productcode."),
        ("omschrijving", "Naam van het product."),
        ("eenheid", "Eenheid (iJw)."),
        ("jaar", "Jaar van het tarief."),
        ("tarief", "Tarief in euro per eenheid."),
        ("tarief_indexjaar", "Hetzelfde in prijzen van het indexjaar."),
        ("indexjaar", "Het jaar waarnaar is omgerekend."),
        ("is_standaard", "Is het een standaardcode?"),
        ("land_p25", "Een kwart van de tarieven in het land is hooguit dit."),
        ("land_mediaan", "Het middelste tarief in het land."),
        ("land_p75", "Drie kwart van de tarieven is hooguit dit."),
        ("positie", "laag, midden of hoog in het land; leeg bij minder dan 4 tarieven."),
        ("band_oordeel", "Oordeel naast het nagerekende tarief, als een kostprijs is gegeven."),
    ),
    "tariefspreiding": (
        *_AREA,
        ("productcode", "Productcode."),
        ("omschrijving", "Naam van het product."),
        ("eenheid", "Eenheid (iJw)."),
        ("indexjaar", "Het jaar waarnaar is omgerekend."),
        ("tarieven", "Aantal tarieven."),
        ("gemeenten", "Aantal gemeenten; een contract van een regio telt een keer."),
        ("minimum", "Laagste tarief."),
        ("p25", "Een kwart is hooguit dit."),
        ("mediaan", "Het middelste tarief."),
        ("p75", "Drie kwart is hooguit dit."),
        ("maximum", "Hoogste tarief."),
    ),
    "eigen_code": (
        _GEMEENTE,
        _CONTRACT_NAME,
        ("productcode", "De eigen code."),
        ("omschrijving", "De naam van het product."),
        ("eenheid", "Eenheid (iJw)."),
        ("standaardcode", "De standaardcode met de meest gelijke naam."),
        ("standaardomschrijving", "De naam daarvan."),
        ("gelijkenis", "Hoe gelijk de namen zijn, van 0 tot 100. Beoordeel het zelf."),
    ),
    "standaardisatie": (
        *_AREA,
        ("onderdeel", "Deel van de index; totaal is de index zelf."),
        ("titel", "Wat het is."),
        ("gewicht", "Hoe zwaar het telt, in procent van wat bekend is."),
        ("score", "0 tot 100; leeg als het onbekend is."),
        ("bijdrage", "Gewicht maal score."),
        ("rijen", "Aantal waarnemingen."),
        _HIDDEN,
    ),
    "rangorde": (
        *_AREA,
        ("cijfer", "Waarop."),
        ("waarde", "De waarde."),
        ("laag", "Onderkant van de onzekerheid (95%)."),
        ("hoog", "Bovenkant."),
        ("rang", "Plaats; 1 is het best."),
        ("rang_laag", "Beste plaats die past bij de onzekerheid."),
        ("rang_hoog", "Slechtste plaats."),
        ("rijen", "Aantal waarnemingen."),
        ("reden", "Waarom er geen plaats is."),
    ),
    "contractdruk": (
        ("aanbieder", "AGB-code of naam."),
        ("naam", "Naam."),
        ("gemeenten", "Aantal gemeenten."),
        ("contracten", "Aantal contracten."),
        ("eisen", "Aantal eisen in die contracten samen."),
        ("minuten", "Minuten administratie per jaar volgens het lastenmodel."),
        ("minuten_uniform", "Minuten als alleen wet en standaard iets vragen."),
        ("besparing_uren", "Het verschil in uren."),
        ("besparing_euro", "Wat dat scheelt in kosten, in euro per jaar."),
    ),
    "bestand": (
        ("naam", "Plaats in de map; een nummer dat een BSN kan zijn is verborgen."),
        ("sha256", "Vingerafdruk van de inhoud."),
        ("soort", "werkmap, bericht, zip of overig."),
        ("oordeel", "gelezen, dubbel, niet bruikbaar of overgeslagen."),
        ("reden", "Waarom."),
        ("gemeente", "Van welke gemeenten."),
        ("conflict", "Wat elkaar tegenspreekt over de gemeente."),
    ),
}
"""Per published table its columns, each with its meaning."""
