"""What a rule may ask of a message together with the messages before it, and with the contract.

These are the tables of ``chain.sql`` and ``contract.sql``. Each holds the rows of one class of the message that
is judged, with columns about earlier messages, or about the contract, beside its own. The names of those columns here are also the words in which a report says what was missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from inkoopcheck.tables.messages import MESSAGE_TABLES, MessageTable
from inkoopcheck.tables.schema import Column, Kind

HISTORY_TABLES = tuple(
    name for name in MESSAGE_TABLES if name not in ("relatie", "contact", "schemafout")
)
"""The message tables of which a dossier keeps the rows; the others say nothing to later messages."""


@dataclass(frozen=True)
class ChainTable(MessageTable):
    """A table of ``chain.sql`` or ``contract.sql``.

    ``base`` is the message table whose rows it repeats; ``absent`` are the words before what it lacks.
    """

    base: str = ""
    absent: str = "Niet in het dossier"


def _chain(name: str, base: str, explanation: str, *more: tuple[str, Kind, str, str]) -> ChainTable:
    return _beside(MESSAGE_TABLES[base], name, explanation, more)


def _beside(
    table: MessageTable, name: str, explanation: str, more: Sequence[tuple[str, Kind, str, str]]
) -> ChainTable:
    extra = tuple(Column(column, kind, title, text) for column, kind, title, text in more)
    base = table.base if isinstance(table, ChainTable) else table.name
    return ChainTable(name, explanation, (*table.columns, *extra), element=table.element, base=base)


def _beside_contract(
    name: str, of: str, explanation: str, *more: tuple[str, Kind, str, str]
) -> ChainTable:
    table = CHAIN_TABLES.get(of) or MESSAGE_TABLES[of]
    return replace(_beside(table, name, explanation, more), absent="Niet bekend")


_TOEWIJZINGEN = "een JW301 van deze gemeente aan deze aanbieder"
_VERZOEKEN = "een JW315 of JW317 van deze aanbieder aan deze gemeente"
_DECLARATIES = "een JW323 van deze aanbieder aan deze gemeente"

# One column per line: this part is read as a table.
# fmt: off
_TOEWIJZING = (
    ("toewijzing_gevonden", Kind.YES_NO, _TOEWIJZINGEN, "Is er een toewijzing met dit nummer voor deze cliënt? Leeg: het dossier heeft geen JW301 tussen deze partijen."),
)
_LEVERINGEN = "een JW301, JW305 of JW307 tussen deze partijen"
_CLIENT = (
    ("client_bekend", Kind.YES_NO, _TOEWIJZINGEN, "Is er een JW301 voor deze cliënt?"),
)
_PRODUCT = (
    *_CLIENT,
    ("botst", Kind.TEXT, "ander product", "Pad van een ander product in het verzoek dat ermee overlapt."),
    ("botst_strikt", Kind.TEXT, "ander product", "Hetzelfde, als een product zonder code alleen botst met een ander zonder code."),
)
_VERZOEK = (
    ("referentie_eerder", Kind.TEXT, "eerder verzoek", "Bestand van een eerder verzoek met dezelfde referentie."),
)

_PRODUCTEN = "tarieven per productcode in het contract voor deze gemeente en deze aanbieder"
_EENHEDEN = "de eenheid van dit product in het contract"
_CONTRACT = (
    ("in_contract", Kind.YES_NO, _PRODUCTEN, "Staat de productcode in het contract?"),
    ("eigen_code", Kind.YES_NO, "product in het contract", "Is het een code die niet in de standaardproductcodelijst staat?"),
    ("contract_eenheden", Kind.CODE, _EENHEDEN, "De eenheden van dit product in het contract (een lijst)."),
    ("variant_past", Kind.YES_NO, "uitvoeringsvariant in het contract", "Past de eenheid bij de uitvoeringsvariant?"),
    ("contract_variant", Kind.TEXT, "uitvoeringsvariant in het contract", "De uitvoeringsvariant van dit product."),
    ("op_periode", Kind.CODE, "product in het contract", "geheel, deel of niet: geldt er in deze periode een tarief?"),
    ("contract_tarieven", Kind.CENTS, "het tarief van dit product in het contract, voor deze eenheid en deze periode", "De tarieven die goed zijn (een lijst)."),
    ("contract_bedragen", Kind.CENTS, "het tarief per uur van dit product in het contract, voor deze periode", "Minuten: de bedragen die goed zijn (een lijst)."),
    ("keer_product", Kind.WHOLE, "product", "De hoeveelste regel met dit product in het bericht."),
)

CHAIN_TABLES: dict[str, ChainTable] = {
    table.name: table
    for table in (
        _chain("keten_bericht", "bericht", "Het bericht zelf, met wat er eerder van dezelfde afzender kwam.",
            ("eerder_gebruikt", Kind.TEXT, "eerder bericht", "Bestand van een eerder bericht met dezelfde identificatie."),
            ("eerder_verzonden", Kind.TEXT, "eerder bericht", "Hetzelfde, zonder berichten die zijn afgekeurd en dus als niet verzonden gelden."),
        ),
        _chain("keten_client", "client", "Een cliënt van het bericht.",
            ("client_bekend", Kind.YES_NO, f"{_TOEWIJZINGEN}, of bij een JW325 het JW323", "Is er een JW301 voor deze cliënt? Bij een JW325: staat de cliënt in het JW323?"),
            ("vreemd_nummer", Kind.WHOLE, "toewijzing van een ander", "Een toewijzingnummer bij deze cliënt dat van een andere cliënt is."),
            ("gedeclareerd", Kind.CENTS, "prestaties", "JW323: het bedrag van alle prestaties van de cliënt, met teken."),
            ("open_verzoek", Kind.TEXT, "open verzoek", "Referentie van een eerder verzoek dat nog open staat."),
        ),
        _chain("keten_start", "start_product", "Een start van levering.",
            *_TOEWIJZING,
            ("zelfde_eerder", Kind.YES_NO, _LEVERINGEN, "Is dezelfde start eerder gestuurd en niet verwijderd?"),
            ("zelfde_actief", Kind.YES_NO, "eerdere start", "Hetzelfde, zonder wat dit bericht verwijdert."),
            ("gestopt_op", Kind.DATE, "stop op deze start", "Einddatum van een stop op deze start."),
            ("loopt_sinds", Kind.DATE, "lopende start", "Begindatum van een start van dit product waar geen stop op is."),
        ),
        _chain("keten_stop", "stop_product", "Een stop van levering.",
            *_TOEWIJZING,
            ("zelfde_eerder", Kind.YES_NO, _LEVERINGEN, "Is dezelfde stop eerder gestuurd en niet verwijderd?"),
            ("zelfde_actief", Kind.YES_NO, "eerdere stop", "Hetzelfde, zonder wat dit bericht verwijdert."),
            ("start_gevonden", Kind.YES_NO, _LEVERINGEN, "Hoort de stop bij de laatste start van dit product?"),
            ("laatste_start", Kind.DATE, "start", "Begindatum van de laatste start van dit product."),
            ("tijdelijk_gestopt_op", Kind.DATE, "tijdelijke stop", "Einddatum van een tijdelijke stop op dezelfde start."),
            ("definitief_gestopt_op", Kind.DATE, "definitieve stop", "Einddatum van een definitieve stop op dezelfde start."),
        ),
        _chain("keten_toegewezen", "toegewezen_product", "Een toewijzing, met de eerdere versies.",
            ("eerder_anders", Kind.TEXT, "eerdere toewijzing", "Wat er eerder anders was bij dit nummer: cliënt, aanbieder, product, ingangsdatum (een lijst)."),
            ("zelfde_verzonden", Kind.YES_NO, "eerdere toewijzing", "Is precies deze versie eerder verzonden, met dezelfde referentie?"),
            ("verzoek_staat_open", Kind.YES_NO, _VERZOEKEN, "Is er een verzoek van deze cliënt met deze referentie dat nog open staat?"),
            ("gehonoreerd_verzoek", Kind.TEXT, "JW317", "Referentie van het verzoek om wijziging dat een andere toewijzing in dit bericht honoreert."),
            ("passend_verzoek", Kind.TEXT, "open verzoek", "Nieuw nummer zonder referentie: de referentie van een open JW315 voor hetzelfde product."),
            ("niet_gecrediteerd", Kind.WHOLE, "toegekende prestaties", "Aantal toegekende prestaties op deze toewijzing die niet zijn gecrediteerd."),
            ("niet_gecrediteerd_bedrag", Kind.CENTS, "toegekende prestaties", "Het bedrag daarvan."),
        ),
        _chain("keten_aangevraagd", "aangevraagd_product", "Een aangevraagd product.", *_VERZOEK),
        _chain("keten_verzoek", "verzoek", "Een verzoek om wijziging.",
            *_VERZOEK,
            ("open_verzoek", Kind.TEXT, "open verzoek", "Referentie van een eerder verzoek dat nog open staat."),
            ("niet_genoemd", Kind.TEXT, _TOEWIJZINGEN, "Actuele toewijzingen die het verzoek niet noemt (een lijst van nummers)."),
        ),
        _chain("keten_ongewijzigd", "ongewijzigd_product", "Een product dat hetzelfde blijft.",
            ("is_actueel", Kind.YES_NO, _TOEWIJZINGEN, "Is het een actuele toewijzing?"),
            *_PRODUCT,
        ),
        _chain("keten_te_wijzigen", "te_wijzigen_product", "Een product dat verandert, met zijn toewijzing (tw_).",
            ("is_actueel", Kind.YES_NO, _TOEWIJZINGEN, "Is het een actuele toewijzing?"),
            ("tw_ingangsdatum", Kind.DATE, "ingangsdatum van de toewijzing", ""),
            ("tw_einddatum", Kind.DATE, "einddatum van de toewijzing", ""),
            ("tw_categorie", Kind.CODE, "categorie van de toewijzing", ""),
            ("tw_code", Kind.CODE, "productcode van de toewijzing", ""),
            ("tw_heeft_product", Kind.YES_NO, "product van de toewijzing", ""),
            ("tw_budget", Kind.CENTS, "budget van de toewijzing", ""),
            ("tw_volume", Kind.WHOLE, "volume van de toewijzing", ""),
            ("tw_eenheid", Kind.CODE, "eenheid van de toewijzing", ""),
            ("tw_frequentie", Kind.CODE, "frequentie van de toewijzing", ""),
            ("wijzigt_totaal", Kind.YES_NO, "toewijzing", "Wijzigt het budget of het volume over de hele looptijd?"),
            *_PRODUCT,
        ),
        _chain("keten_nieuw", "nieuw_product", "Een nieuw product.", *_PRODUCT),
        _chain("keten_antwoord", "antwoord", "Een antwoord op een verzoek.",
            ("verzoek_gevonden", Kind.YES_NO, _VERZOEKEN, "Is er een verzoek met deze referentie?"),
            ("gehonoreerd", Kind.YES_NO, "toewijzing", "Is het verzoek al gehonoreerd met een toewijzing?"),
            ("eerder_beantwoord", Kind.YES_NO, "eerder antwoord", "Was er al een antwoord?"),
            ("eerder_afgehandeld", Kind.YES_NO, "eerder antwoord", "Was dat een ander antwoord dan 'in onderzoek'?"),
        ),
        _chain("keten_declaratie", "declaratie", "Een declaratie.",
            ("nummer_eerder", Kind.TEXT, "eerdere declaratie", "Bestand van een eerdere declaratie met hetzelfde nummer."),
            ("laatste_periode", Kind.DATE, "eerdere declaratie", "Begin van de laatste periode die eerder is gedeclareerd."),
        ),
        _chain("keten_prestatie", "prestatie", "Een prestatie van een JW323, met haar toewijzing (tw_) en wat eerder is gedeclareerd.",
            *_TOEWIJZING,
            ("onder_toewijzing", Kind.YES_NO, _TOEWIJZINGEN, "Moet de prestatie binnen haar toewijzing passen? Ja bij een debetregel op een toewijzing die niet is verwijderd. Leeg: het dossier heeft geen JW301 tussen deze partijen."),
            ("nummer_van_ander", Kind.YES_NO, "toewijzing", "Hoort het nummer bij een andere cliënt?"),
            ("client_bekend", Kind.YES_NO, _TOEWIJZINGEN, "Is er een JW301 voor deze cliënt?"),
            ("tw_reden_wijziging", Kind.CODE, "reden wijziging van de toewijzing", ""),
            ("tw_ingangsdatum", Kind.DATE, "ingangsdatum van de toewijzing", ""),
            ("tw_einddatum", Kind.DATE, "einddatum van de toewijzing", ""),
            ("tw_categorie", Kind.CODE, "categorie van de toewijzing", ""),
            ("tw_code", Kind.CODE, "productcode van de toewijzing", ""),
            ("tw_heeft_omvang", Kind.YES_NO, "omvang van de toewijzing", ""),
            ("tw_volume", Kind.WHOLE, "volume van de toewijzing", ""),
            ("tw_eenheid", Kind.CODE, "eenheid van de toewijzing", ""),
            ("tw_frequentie", Kind.CODE, "frequentie van de toewijzing", ""),
            ("tw_budget", Kind.CENTS, "budget van de toewijzing", ""),
            ("tw_bestand", Kind.TEXT, "bestand van de toewijzing", ""),
            ("eenheid_past", Kind.YES_NO, "eenheid van de toewijzing", "Is de eenheid die van de toewijzing, of minuten bij uren?"),
            ("ruimte_in_periode", Kind.WHOLE, "omvang van de toewijzing", "Hoeveel er in deze productperiode past, in de eenheid van de prestatie."),
            ("rekeneenheid", Kind.CODE, "eenheid van de toewijzing", "De eenheid van de twee volgende kolommen: die van de toewijzing, of minuten als er bij uren ook minuten zijn gedeclareerd."),
            ("ruimte_in_looptijd", Kind.WHOLE, "omvang van de toewijzing", "Hoeveel er in de hele toewijzing past."),
            ("volume_samen", Kind.WHOLE, "eerdere prestaties", "Wat er tot en met deze prestatie op de toewijzing is gedeclareerd, zonder wat is afgewezen of gecrediteerd."),
            ("bedrag_samen", Kind.CENTS, "eerdere prestaties", "Het bedrag dat tot en met deze prestatie op de toewijzing is gedeclareerd, met teken."),
            ("declaratie_einddatum", Kind.DATE, "einde van de declaratieperiode", "Laatste dag van de declaratieperiode van dit bericht."),
            ("nummer_eerder", Kind.TEXT, "eerdere prestatie", "Bestand van een eerdere declaratie met hetzelfde referentienummer."),
            ("keer", Kind.WHOLE, "referentienummer", "Hoe vaak het referentienummer in dit bericht staat."),
            ("debet_eerder", Kind.TEXT, "eerdere prestatie", "Referentienummer van een eerdere debetregel voor dezelfde levering die niet is gecrediteerd."),
            ("vorige_gevonden", Kind.YES_NO, _DECLARATIES, "Creditregel: is er een toegekende debetregel van dezelfde cliënt met het vorige referentienummer? Leeg: het dossier heeft geen JW301 en geen JW323 tussen deze partijen."),
            ("vorige_stand", Kind.CODE, "gecrediteerde prestatie", "toegekend, afgewezen of onbeantwoord; leeg als de prestatie niet in het dossier staat."),
            ("vorige_zelfde_client", Kind.YES_NO, "gecrediteerde prestatie", "Is zij van dezelfde cliënt?"),
            ("vorige_bestand", Kind.TEXT, "gecrediteerde prestatie", "Bestand waarin zij staat."),
            ("credit_eerder", Kind.TEXT, "eerdere creditregel", "Referentienummer van een eerdere creditregel voor dezelfde prestatie."),
            ("credit_verschillen", Kind.TEXT, "gecrediteerde prestatie", "De velden waarin de creditregel afwijkt van de prestatie die zij terugdraait (een lijst)."),
        ),
        _chain("keten_antwoordbericht", "bericht", "De kop van een JW325 naast die van het JW323.",
            ("declaratie_gevonden", Kind.YES_NO, _DECLARATIES, "Is het JW323 er dat wordt beantwoord?"),
            ("declaratie_basisschema", Kind.TEXT, "het JW323 dat wordt beantwoord", ""),
            ("declaratie_berichtschema", Kind.TEXT, "het JW323 dat wordt beantwoord", ""),
            ("eerder_antwoord", Kind.TEXT, "ander JW325", "Bestand van een ander JW325 op hetzelfde JW323."),
        ),
        _chain("keten_declaratie_antwoord", "declaratie_antwoord", "Het antwoord op een declaratie.",
            ("ingediend_nummer", Kind.TEXT, "het JW323 dat wordt beantwoord", "DeclaratieNummer van het JW323."),
        ),
        _chain("keten_afgewezen", "prestatie", "Een afgewezen prestatie in een JW325, naast die in het JW323.",
            ("prestatie_gevonden", Kind.YES_NO, "het JW323 dat wordt beantwoord", "Staat de prestatie in het JW323?"),
            ("verschillen", Kind.TEXT, "het JW323 dat wordt beantwoord", "De velden die anders zijn (een lijst)."),
        ),
    )
}

CONTRACT_CHAIN_TABLES: dict[str, ChainTable] = {
    table.name: table
    for table in (
        _beside_contract("contract_bericht", "bericht", "Het bericht, met de partijen van het contract.",
            ("contracten", Kind.TEXT, "contract", "Hoe de contracten heten."),
            ("gemeente_in_contract", Kind.YES_NO, "de gemeente of de jeugdregio in het contract", "Is het contract van deze gemeente?"),
            ("aanbieder_in_contract", Kind.YES_NO, "de AGB-code van elke aanbieder in het contract", "Is het contract met deze aanbieder?"),
            ("alleen_onderaannemer", Kind.YES_NO, "aanbieder in het contract", "Staat de aanbieder er alleen als onderaannemer?"),
        ),
        _beside_contract("contract_prestatie", "keten_prestatie", "Een prestatie van een JW323, met haar toewijzing (tw_) en wat het contract zegt.", *_CONTRACT),
        _beside_contract("contract_toegewezen", "toegewezen_product", "Een toewijzing, met wat het contract van het product zegt.", *_CONTRACT),
        _beside_contract("contract_start", "start_product", "Een start, met wat het contract van het product zegt.", *_CONTRACT),
        _beside_contract("contract_declaratie", "declaratie", "Een declaratie, met wat er van de bestedingsruimte is gebruikt.",
            ("contract_naam", Kind.TEXT, "contract", "Hoe het contract heet."),
            ("jaar", Kind.INTEGER, "bestedingsruimte in het contract", "Het jaar waar het om gaat."),
            ("bestedingsruimte", Kind.AMOUNT, "bestedingsruimte in het contract", "Het maximum per jaar, in euro."),
            ("bestedingsruimte_signaal", Kind.PERCENTAGE, "signaal in het contract", "Bij dit deel geeft de aanbieder een sein."),
            ("besteed", Kind.CENTS, "eerdere declaraties", "Wat er in dat jaar is gedeclareerd, met dit bericht erbij."),
        ),
    )
}
# fmt: on

PRODUCT_TABLES = ("contract_prestatie", "contract_toegewezen", "contract_start")
"""Those of the contract that say something only with tariffs."""

ROW_TABLES: dict[str, MessageTable] = {
    **MESSAGE_TABLES,
    **CHAIN_TABLES,
    **CONTRACT_CHAIN_TABLES,
}
"""Every table with rows of messages that a rule may check."""


def base_of(table: str) -> str:
    """The message table whose rows a table repeats: itself, or that of a table of the keten."""
    known = ROW_TABLES.get(table)
    return known.base if isinstance(known, ChainTable) else table
