"""From a message without faults, one change at a time: exactly the rule that is broken speaks up.

Every case runs the whole check, from the bytes of a file to the findings, with all rules on messages.
"""

import datetime
import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import etree

from benchmarks.messages import make_message, to_bytes
from inkoopcheck.check_messages import MessageChecker
from inkoopcheck.engine.ruleset import MESSAGE_FAMILIES, load_ruleset
from inkoopcheck.findings.model import Berichtresultaat
from inkoopcheck.locations import rules_folder
from inkoopcheck.schemas.structure import Node, load_release

MESSAGES = load_release().messages
TODAY = datetime.date(2026, 6, 1)
HEADER = {
    "BerichtVersie": "3",
    "BerichtSubversie": "2",
    "BerichtIdentificatie": {"Identificatie": "A1", "Dagtekening": "2026-05-06"},
    "XsdVersie": {"BasisschemaXsdVersie": "0.1.0", "BerichtXsdVersie": "0.1.0"},
}
DESCRIBED: dict[str, dict[str, Any]] = yaml.safe_load("""
JW301:
  Client:
    Bsn: "999900006"
    Geboortedatum: {Datum: "2010-01-01"}
    Geslacht: "1"
    Naam: {Geslachtsnaam: {Achternaam: Wit}, Partnernaam: {Achternaam: Galen}, NaamGebruik: "1"}
    Communicatie: {Vorm: "1", Taal: Zweeds}
    Relaties:
      Relatie:
        - Nummer: "1"
          Soort: "12"
          Geboortedatum: {Datum: "1971-04-07"}
          Naam: {Geslachtsnaam: {Achternaam: Bakker}, NaamGebruik: "1"}
          Contact: &contact
            Soort: "03"
            Adres: {Huis: {Huisnummer: "9"}, Postcode: 9999XX, Plaatsnaam: Arnhem, LandCode: NL}
            Telefoon: {Telefoon01: {Telefoonnummer: "0201234567", Landnummer: "0031"}}
    Contactgegevens:
      Contact:
        - *contact
        - Soort: "04"
          Adres: {Huis: {Huisnummer: "9"}, Postcode: 9999XX, Plaatsnaam: Arnhem, LandCode: NL}
          Telefoon: {Telefoon01: {Telefoonnummer: "0201234567", Landnummer: "0031"}}
          Periode: {Begindatum: "2026-01-01", Einddatum: "2026-03-31"}
    ToegewezenProducten:
      ToegewezenProduct:
        - ToewijzingNummer: "300201"
          Product: {Categorie: "55", Code: 55A11}
          Toewijzingsdatum: "2026-04-01"
          Toewijzingstijd: "12:34:56"
          Ingangsdatum: "2026-04-01"
          Einddatum: "2026-07-14"
          Omvang: {Volume: "2", Eenheid: "16", Frequentie: "2"}
        - ToewijzingNummer: "300202"
          Product: {Categorie: "45"}
          Toewijzingsdatum: "2026-04-01"
          Toewijzingstijd: "12:34:56"
          Ingangsdatum: "2026-04-01"
          Einddatum: "2026-07-14"
          Budget: "100000"
        - ToewijzingNummer: "300203"
          Product: {Categorie: "54"}
          Toewijzingsdatum: "2026-04-01"
          Toewijzingstijd: "12:34:56"
          Ingangsdatum: "2026-04-01"
JW305:
  Client: &client
    Bsn: "999900006"
    Geboortedatum: {Datum: "2010-01-01"}
    Geslacht: "1"
    Naam: {Geslachtsnaam: {Achternaam: Wit}}
    StartProducten:
      StartProduct:
        - ToewijzingNummer: "300201"
          Product: {Categorie: "55", Code: 55A11}
          Begindatum: "2026-04-01"
          StatusAanlevering: "1"
JW307:
  Client:
    <<: *client
    StopProducten:
      StopProduct:
        - ToewijzingNummer: "300201"
          Product: {Categorie: "55", Code: 55A11}
          Begindatum: "2026-04-01"
          RedenBeeindiging: "31"
          Einddatum: "2026-04-30"
          StatusAanlevering: "1"
JW315:
  Client:
    <<: *client
    AangevraagdeProducten:
      AangevraagdProduct:
        - ReferentieAanbieder: REF1
          BeschikkingNummer: "123"
          Product: {Categorie: "55", Code: 55A11}
          BeschikkingIngangsdatum: "2026-03-15"
          ToewijzingIngangsdatum: "2026-04-01"
          ToewijzingEinddatum: "2027-06-30"
          Omvang: {Volume: "2", Eenheid: "16", Frequentie: "2"}
          Verwijzer: {Type: "02", ZorgverlenerCode: "12345678"}
        - ReferentieAanbieder: REF2
          Product: {Categorie: "45"}
          ToewijzingIngangsdatum: "2026-04-01"
          ToewijzingEinddatum: "2027-06-30"
          Budget: "100000"
          Verwijzer: {Type: "04", Naam: Wit}
        - ReferentieAanbieder: REF3
          Product: {Categorie: "54"}
          ToewijzingIngangsdatum: "2026-04-01"
          Verwijzer: {Type: "01"}
JW317:
  Client:
    Bsn: "999900006"
    Verzoek:
      ReferentieAanbieder: REF1
      RedenVerzoek: "1"
      TeWijzigenProducten:
        TeWijzigenProduct:
          - ToewijzingNummer: "300201"
            GewensteIngangsdatum: "2026-06-01"
            Einddatum: "2026-12-31"
            Omvang: {Volume: "2", Eenheid: "16", Frequentie: "2"}
          - ToewijzingNummer: "300202"
            GewensteIngangsdatum: "2026-06-01"
            Einddatum: "2026-12-31"
            Budget: "100000"
      NieuweProducten:
        NieuwProduct:
          - Product: {Categorie: "55", Code: 55A12}
            GewensteIngangsdatum: "2026-06-01"
            Einddatum: "2026-12-31"
            Omvang: {Volume: "2", Eenheid: "16", Frequentie: "2"}
          - Product: {Categorie: "45"}
            GewensteIngangsdatum: "2026-06-01"
            Einddatum: "2026-12-31"
            Budget: "100000"
          - Product: {Categorie: "54"}
            GewensteIngangsdatum: "2026-06-01"
JW319:
  Antwoord: {ReferentieAanbieder: REF1, VerzoekAntwoord: "1", RedenAfwijzingVerzoek: "5"}
JW323:
  Declaratie:
    DeclaratieNummer: DN001
    DeclaratiePeriode: {Begindatum: "2026-04-01", Einddatum: "2026-04-30"}
    DeclaratieDagtekening: "2026-05-06"
    TotaalIngediendBedrag: {TotaalBedrag: "8000", DebetCredit: D}
    Clienten: &clienten
      Client:
        - Bsn: "999900006"
          Prestaties:
            Prestatie:
              - ProductReferentie: {ReferentieNummer: R1}
                ToewijzingNummer: "10072"
                ProductCategorie: "45"
                ProductCode: 45A03
                ProductPeriode: {Begindatum: "2026-04-01", Einddatum: "2026-04-30"}
                GeleverdVolume: "4"
                Eenheid: "04"
                ProductTarief: "1250"
                IngediendBedrag: {Bedrag: "5000", DebetCredit: D}
              - ProductReferentie: {ReferentieNummer: R2, VorigReferentieNummer: R0}
                ToewijzingNummer: "10073"
                ProductCategorie: "45"
                ProductCode: 45A03
                ProductPeriode: {Begindatum: "2026-04-01", Einddatum: "2026-04-30"}
                GeleverdVolume: "2000"
                Eenheid: "83"
                IngediendBedrag: {Bedrag: "2000", DebetCredit: C}
              - ProductReferentie: {ReferentieNummer: R3}
                ToewijzingNummer: "10074"
                ProductCategorie: "45"
                ProductCode: 45A03
                ProductPeriode: {Begindatum: "2026-04-01", Einddatum: "2026-04-30"}
                GeleverdVolume: "4"
                Eenheid: "04"
                ProductTarief: "1250"
                IngediendBedrag: {Bedrag: "5000", DebetCredit: D}
JW325:
  DeclaratieAntwoord:
    DeclaratieNummer: DN001
    TotaalIngediendBedrag: {TotaalBedrag: "8000", DebetCredit: D}
    TotaalToegekendBedrag: {TotaalBedrag: "0", DebetCredit: D}
    RetourCodes: {RetourCode: ["0200"]}
    Clienten: *clienten
""")


def _complete(described: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The messages with their headers; every part is a copy of its own, so a change stays local."""
    found: dict[str, dict[str, Any]] = json.loads(json.dumps(described))
    for kind, content in found.items():
        from_gemeente = kind in ("JW301", "JW319", "JW325")
        sender, receiver = ("0384", "42420001") if from_gemeente else ("42420001", "0384")
        code = MESSAGES[kind].berichtcode
        parties = {"BerichtCode": code, "Afzender": sender, "Ontvanger": receiver}
        content["Header"] = {**deepcopy(HEADER), **parties}
    answer = found["JW325"]
    answer["Header"] |= {
        "DeclaratieIdentificatie": {"Identificatie": "A0", "Dagtekening": "2026-05-01"},
        "XsdVersieDeclaratie": HEADER["XsdVersie"],
        "RetourCodes": {"RetourCode": ["0200"]},
    }
    for client in answer["DeclaratieAntwoord"]["Clienten"]["Client"]:
        client["RetourCodes"] = {"RetourCode": ["0200"]}
        for prestatie in client["Prestaties"]["Prestatie"]:
            prestatie["RetourCodes"] = {"RetourCode": ["0611"]}
    return found


CONTENT = _complete(DESCRIBED)


def _fill(parent: etree._Element, node: Node, content: Mapping[str, Any]) -> None:
    for child in node.children:
        found = content.get(child.name)
        for item in found if isinstance(found, list) else [] if found is None else [found]:
            element = etree.SubElement(parent, child.tag)
            if isinstance(item, str):
                element.text = item
            else:
                _fill(element, child, item)


def _to_xml(kind: str, content: Mapping[str, Any]) -> bytes:
    message = MESSAGES[kind]
    root = etree.Element(message.root.tag, nsmap={None: message.namespace})
    _fill(root, message.root, content)
    return to_bytes(root)


@dataclass(frozen=True)
class Case:
    """Changes to the message without faults, and what must be said of it.

    A change gives an element another text or content; None takes it away.
    """

    kind: str
    changes: Mapping[str, Any]
    rule: str = ""
    also: tuple[str, ...] = ()
    """Rules that speak of the same fault: the standard has them twice, or the schema sees it too."""

    @property
    def name(self) -> str:
        return f"{self.rule or 'goed'} {self.kind} {self.changes}"

    def content(self) -> bytes:
        content = deepcopy(CONTENT[self.kind])
        for path, value in self.changes.items():
            *steps, last = path.split("/")
            place: Any = content
            for step in steps:
                place = place[int(step)] if step.isdigit() else place.setdefault(step, {})
            if value is None:
                del place[last]
            else:
                place[last] = value
        return _to_xml(self.kind, content)


CONTACT = "Client/Contactgegevens/Contact/0"
TIJDELIJK = "Client/Contactgegevens/Contact/1"
RELATIE = "Client/Relaties/Relatie/0"
TOEGEWEZEN = "Client/ToegewezenProducten/ToegewezenProduct"
START = "Client/StartProducten/StartProduct/0"
STOP = "Client/StopProducten/StopProduct/0"
GEVRAAGD = "Client/AangevraagdeProducten/AangevraagdProduct"
WIJZIG = "Client/Verzoek/TeWijzigenProducten/TeWijzigenProduct"
NIEUW = "Client/Verzoek/NieuweProducten/NieuwProduct"
PRESTATIE = "Declaratie/Clienten/Client/0/Prestaties/Prestatie"
ANTWOORD = "DeclaratieAntwoord/Clienten/Client/0/Prestaties/Prestatie"
OMVANG = {"Volume": "2", "Eenheid": "04", "Frequentie": "4"}

FAULTS = [
    # Contact, of the client and of a relation
    *(
        case
        for place in (CONTACT, f"{RELATIE}/Contact")
        for case in (
            Case("JW301", {f"{place}/Adres/LandCode": None}, "CD005"),
            Case(
                "JW301",
                {f"{place}/Soort": "02", f"{place}/Adres/Postcode": None},
                "CD005",
                ("TR006",),
            ),
            Case("JW301", {f"{place}/Periode": {"Begindatum": "2026-01-01"}}, "CD009"),
            Case("JW301", {f"{place}/Periode": {}}, "CD009"),
            Case("JW301", {f"{place}/Adres/Huis": None}, "CD025", ("TR006",)),
            Case(
                "JW301",
                {f"{place}/Adres/Postcode": None, f"{place}/Adres/LandCode": None},
                "CD034",
                ("TR006",),
            ),
            Case("JW301", {f"{place}/Adres": None}, "CD034"),
            Case("JW301", {f"{place}/Adres/Postcode": "9999 XX"}, "CS089"),
            Case("JW301", {f"{place}/Adres/Postcode": "0999XX"}, "CS089"),
            Case("JW301", {f"{place}/Adres/Postcode": "9999X1"}, "CS089"),
            Case("JW301", {f"{place}/Adres/Postcode": "9999XXX"}, "CS089"),
        )
    ),
    Case("JW301", {f"{TIJDELIJK}/Periode/Einddatum": "2025-12-31"}, "CS003"),
    # Client and relation
    Case("JW301", {"Client/Communicatie/Taal": None}, "CD007"),
    Case("JW301", {"Client/Communicatie/Vorm": "2"}, "CD007"),
    *(
        Case(kind, {f"{place}/Bsn": bsn}, "CS002")
        for kind, place in {
            "JW301": "Client",
            "JW305": "Client",
            "JW307": "Client",
            "JW315": "Client",
            "JW317": "Client",
            "JW323": "Declaratie/Clienten/Client/0",
            "JW325": "DeclaratieAntwoord/Clienten/Client/0",
        }.items()
        for bsn in ("999900007", "000000000")
    ),
    *(
        Case(kind, {f"{place}/Geboortedatum": {"Datum": date, "DatumGebruik": use}}, "CS139")
        for kind, place in (
            ("JW301", "Client"),
            ("JW301", RELATIE),
            ("JW305", "Client"),
            ("JW307", "Client"),
            ("JW315", "Client"),
        )
        for use, date in (("1", "2010-01-02"), ("2", "2010-02-01"), ("3", "2010-01-01"))
    ),
    Case("JW301", {"Client/Naam/NaamGebruik": "5"}, "CS050"),
    Case("JW301", {"Client/Naam/Partnernaam": None, "Client/Naam/NaamGebruik": "2"}, "CS050"),
    Case("JW301", {"Client/Naam/NaamGebruik": "6"}, "CS318", ("CS050",)),
    Case("JW301", {"Client/Naam/Partnernaam": None, "Client/Naam/NaamGebruik": "6"}, "CS318"),
    Case("JW301", {f"{RELATIE}/Naam/NaamGebruik": "4"}, "CS050"),
    Case("JW301", {f"{RELATIE}/Naam/NaamGebruik": "5"}, "CS050"),
    # Products: 0 has a code and omvang, 1 a category and budget, 2 only a category
    *(
        case
        for kind, place, end, begin in (
            ("JW301", TOEGEWEZEN, "Einddatum", "Ingangsdatum"),
            ("JW315", GEVRAAGD, "ToewijzingEinddatum", "ToewijzingIngangsdatum"),
            ("JW317", NIEUW, "Einddatum", "GewensteIngangsdatum"),
        )
        for case in (
            Case(kind, {f"{place}/0/Omvang": None}, "CD041"),
            Case(kind, {f"{place}/1/{end}": None}, "CD075"),
            Case(kind, {f"{place}/1/{end}": None, f"{place}/1/Budget": "0"}, "CD075"),
            Case(kind, {f"{place}/0/{end}": None}, "CD076"),
            Case(kind, {f"{place}/0/Budget": "1"}, "CD077", ("CD078",)),
            Case(kind, {f"{place}/0/Budget": "0"}, "CD078", ("CD077",)),
            Case(kind, {f"{place}/2/Product": None}, "CD079", ("TR302", "TR386", "TR410")),
            Case(
                kind,
                {f"{place}/2/Omvang": OMVANG},
                {"JW301": "CD080", "JW315": "CD095", "JW317": "CD096"}[kind],
            ),
            *(
                Case(
                    kind,
                    {f"{place}/0/Omvang/Eenheid": unit, f"{place}/0/Omvang/Frequentie": "1"},
                    "CS343" if kind == "JW315" else "CS338",
                )
                for unit in ("14", "16", "83", "84")
            ),
            Case(
                kind,
                {f"{place}/1/{end}": "2026-03-31", f"{place}/1/{begin}": "2026-06-01"},
                "CS003",
            ),
        )
    ),
    Case("JW317", {f"{WIJZIG}/1/Einddatum": None}, "CD075"),
    Case("JW317", {f"{WIJZIG}/0/Einddatum": None}, "CD076"),
    Case("JW317", {f"{WIJZIG}/1/Omvang": OMVANG}, "CD077", ("CD078",)),
    Case("JW317", {f"{WIJZIG}/0/Budget": "1"}, "CD078", ("CD077",)),
    Case("JW317", {f"{WIJZIG}/0/Omvang/Frequentie": "1"}, "CS338"),
    Case("JW317", {f"{WIJZIG}/0/Einddatum": "2026-05-31"}, "CS003"),
    Case("JW301", {f"{TOEGEWEZEN}/0/RedenWijziging": "01"}, "CS336"),
    Case("JW301", {f"{TOEGEWEZEN}/0/RedenWijziging": "13"}, "CS335"),
    Case("JW301", {f"{TOEGEWEZEN}/2/RedenWijziging": "13"}, "CS335"),
    *(
        Case(kind, {f"{place}/StatusAanlevering": status}, "CS058")
        for kind, place in (("JW305", START), ("JW307", STOP))
        for status in ("2", "9")
    ),
    Case("JW315", {f"{GEVRAAGD}/0/BeschikkingNummer": None}, "CD043"),
    Case("JW315", {f"{GEVRAAGD}/0/BeschikkingIngangsdatum": None}, "CD043"),
    Case("JW315", {f"{GEVRAAGD}/0/Verwijzer/Naam": "Wit"}, "CD066"),
    Case("JW315", {f"{GEVRAAGD}/0/Verwijzer/ZorgverlenerCode": None}, "CD067"),
    Case("JW315", {f"{GEVRAAGD}/1/Verwijzer/Naam": None}, "CD067"),
    *(
        Case("JW315", {f"{GEVRAAGD}/0/Verwijzer/Type": kind}, "CD068")
        for kind in ("01", "06", "08")
    ),
    # Answers
    Case("JW319", {"Antwoord/RedenAfwijzingVerzoek": None}, "CD085"),
    Case("JW319", {"Antwoord/VerzoekAntwoord": "2"}, "CD086"),
    # Declaratie
    Case("JW323", {f"{PRESTATIE}/1/ProductReferentie/VorigReferentieNummer": None}, "CD060"),
    Case("JW323", {f"{PRESTATIE}/0/ProductReferentie/VorigReferentieNummer": "R0A"}, "CD060"),
    Case("JW325", {f"{ANTWOORD}/1/ProductReferentie/VorigReferentieNummer": None}, "CD060"),
    Case("JW325", {f"{ANTWOORD}/0/ProductReferentie/VorigReferentieNummer": "R0A"}, "CD060"),
    Case("JW323", {f"{PRESTATIE}/0/ProductTarief": None}, "CD087"),
    Case("JW323", {f"{PRESTATIE}/1/ProductTarief": "0"}, "CD087"),
    Case("JW323", {f"{PRESTATIE}/1/GeleverdVolume": "2001"}, "CS339"),
    Case(
        "JW323",
        {
            "Declaratie/DeclaratiePeriode": {
                "Begindatum": "2020-12-01",
                "Einddatum": "2020-12-31",
            },
        },
        "CS100",
        ("TR335",),
    ),
    Case(
        "JW323",
        {
            f"{PRESTATIE}/0/ProductPeriode": {
                "Begindatum": "2020-12-01",
                "Einddatum": "2020-12-31",
            },
        },
        "CS100",
        ("TR335",),
    ),
    Case("JW323", {f"{PRESTATIE}/0/ProductPeriode/Begindatum": "2026-03-31"}, "CS337"),
    Case("JW323", {f"{PRESTATIE}/0/ProductPeriode/Begindatum": "2025-04-01"}, "CS337"),
    Case("JW323", {"Declaratie/DeclaratiePeriode/Begindatum": "2026-04-02"}, "CS340"),
    Case("JW323", {"Declaratie/DeclaratiePeriode/Einddatum": "2026-04-29"}, "CS340"),
    Case("JW323", {"Declaratie/DeclaratiePeriode/Begindatum": "2026-03-01"}, "CS340"),
    Case(
        "JW323",
        {
            f"{PRESTATIE}/1/GeleverdVolume": "0",
            f"{PRESTATIE}/1/IngediendBedrag/Bedrag": "0",
            "Declaratie/TotaalIngediendBedrag/TotaalBedrag": "10000",
        },
        "CS325",
    ),
    Case(
        "JW323",
        {
            f"{PRESTATIE}/1/GeleverdVolume": "10000",
            f"{PRESTATIE}/1/IngediendBedrag/Bedrag": "10000",
            "Declaratie/TotaalIngediendBedrag": {"TotaalBedrag": "0", "DebetCredit": "C"},
        },
        "CS325",
    ),
    Case("JW325", {f"{ANTWOORD}/1/IngediendBedrag/Bedrag": "0"}, "CS325", ("TR342",)),
    Case("JW325", {"DeclaratieAntwoord/TotaalToegekendBedrag/DebetCredit": "C"}, "CS325"),
    Case(
        "JW325",
        {
            "DeclaratieAntwoord/TotaalIngediendBedrag": {"TotaalBedrag": "0", "DebetCredit": "C"},
        },
        "CS325",
        ("TR342",),
    ),
    # Seen by the schema, too
    *(
        case
        for kind in CONTENT
        for case in (
            Case(kind, {"Header/BerichtSubversie": "1"}, "CS015", ("schema",)),
            Case(kind, {"Header/BerichtVersie": "2"}, "CS025", ("schema",)),
        )
    ),
    Case("JW323", {"Declaratie/DeclaratieNummer": "DN 001"}, "CS319", ("schema",)),
]

ALLOWED = [
    *(Case(kind, {}) for kind in CONTENT),
    Case("JW301", {f"{CONTACT}/Adres/LandCode": "BE", f"{CONTACT}/Adres/Postcode": "1000 B"}),
    Case("JW301", {f"{CONTACT}/Adres/Postcode": "9999xx"}),
    Case("JW301", {f"{TIJDELIJK}/Periode": {}}),
    Case("JW301", {f"{TIJDELIJK}/Periode": None}),
    Case("JW301", {f"{TIJDELIJK}/Periode/Einddatum": "2026-01-01"}),
    Case("JW301", {f"{TIJDELIJK}/Periode": {"Einddatum": "2001-01-01"}}),
    Case("JW301", {f"{TIJDELIJK}/Adres": None}),
    Case("JW301", {"Client/Communicatie": None}),
    Case("JW301", {"Client/Communicatie": {"Vorm": "3"}}),
    Case("JW301", {"Client/Naam/NaamGebruik": "4"}),
    Case("JW301", {f"{RELATIE}/Naam/NaamGebruik": "6"}),
    Case("JW301", {"Client/Geboortedatum": {"Datum": "1900-01-01", "DatumGebruik": "3"}}),
    Case("JW301", {"Client/Geboortedatum": {"Datum": "2010-01-01", "DatumGebruik": "2"}}),
    Case("JW305", {"Client/Geboortedatum": {"Datum": "2010-05-01", "DatumGebruik": "1"}}),
    Case("JW301", {f"{TOEGEWEZEN}/0/Einddatum": "2026-04-01"}),
    Case(
        "JW301", {f"{TOEGEWEZEN}/0/Einddatum": "2026-04-01", f"{TOEGEWEZEN}/0/RedenWijziging": "13"}
    ),
    Case("JW301", {f"{TOEGEWEZEN}/1/Budget": "0"}),
    Case("JW301", {f"{TOEGEWEZEN}/0/Omvang": {"Volume": "1", "Eenheid": "04", "Frequentie": "1"}}),
    Case(
        "JW301",
        {
            f"{TOEGEWEZEN}/2/Omvang": {"Volume": "1", "Eenheid": "14", "Frequentie": "1"},
            f"{TOEGEWEZEN}/2/Ingangsdatum": "2020-01-01",
            f"{TOEGEWEZEN}/2/Einddatum": "2020-12-31",
        },
    ),
    Case(
        "JW315",
        {
            f"{GEVRAAGD}/2/Omvang": {"Volume": "1", "Eenheid": "14", "Frequentie": "1"},
            f"{GEVRAAGD}/2/ToewijzingIngangsdatum": "2020-01-01",
            f"{GEVRAAGD}/2/ToewijzingEinddatum": "2020-12-31",
        },
    ),
    Case("JW305", {f"{START}/StatusAanlevering": "3"}),
    Case("JW307", {f"{STOP}/StatusAanlevering": "3"}),
    Case("JW315", {f"{GEVRAAGD}/2/Verwijzer": {"Type": "06", "Naam": "Rechtbank"}}),
    Case("JW319", {"Antwoord": {"ReferentieAanbieder": "REF1", "VerzoekAntwoord": "2"}}),
    Case("JW323", {f"{PRESTATIE}/0/ProductPeriode/Begindatum": "2026-04-30"}),
    Case(
        "JW323",
        {
            "Header/BerichtIdentificatie/Dagtekening": "2024-03-06",
            "Declaratie/DeclaratieDagtekening": "2024-03-06",
            "Declaratie/DeclaratiePeriode": {
                "Begindatum": "2024-02-01",
                "Einddatum": "2024-02-29",
            },
            **{
                f"{PRESTATIE}/{n}/ProductPeriode": {
                    "Begindatum": "2024-02-01",
                    "Einddatum": "2024-02-29",
                }
                for n in (0, 1, 2)
            },
        },
    ),
]


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Berichtresultaat]:
    """All messages of this file, checked in one go, by the name of their case."""
    folder = tmp_path_factory.mktemp("berichten")
    names = {}
    for number, case in enumerate([*FAULTS, *ALLOWED]):
        path = folder / f"{number}.xml"
        path.write_bytes(case.content())
        names[path.name] = case.name
    checker = MessageChecker(load_ruleset(MESSAGE_FAMILIES), TODAY)
    result = checker.run([folder])
    assert not result.onbruikbaar
    return {names[Path(message.bestand.naam).name]: message for message in result.berichten}


def _rules(message: Berichtresultaat) -> set[str]:
    return {
        "schema" if a.familie == "schema" else a.regel.removeprefix("IJW-")
        for a in message.afwijkingen
        if a.ernst.value == "fout"
    }


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: case.name)
def test_one_fault_is_reported_by_the_rule_that_is_broken(
    checked: dict[str, Berichtresultaat], case: Case
) -> None:
    message = checked[case.name]
    found = _rules(message)
    assert case.rule in found
    assert found <= {case.rule, *case.also}
    assert message.xsd_geldig is ("schema" not in case.also)
    own = [a for a in message.afwijkingen if a.regel == f"IJW-{case.rule}"]
    assert len(own) == 1
    assert own[0].plaats.pad and own[0].plaats.pad.startswith("Bericht/")


@pytest.mark.parametrize("case", ALLOWED, ids=lambda case: case.name)
def test_what_is_just_allowed_is_not_reported(
    checked: dict[str, Berichtresultaat], case: Case
) -> None:
    message = checked[case.name]
    assert message.xsd_geldig
    assert not _rules(message)


def test_every_condition_and_constraint_is_broken_once() -> None:
    built = {
        path.stem.removeprefix("IJW-") for path in (rules_folder() / "ijw").glob("IJW-C*.yaml")
    }
    assert built == {case.rule for case in FAULTS}
    assert len(built) == 41


def test_a_return_message_that_repeats_a_fault_is_not_judged_again(tmp_path: Path) -> None:
    number = 0
    for message in MESSAGES.values():
        if message.soort == "retour":
            for seed in range(6):
                root = make_message(message, seed, "maximal" if seed % 2 else "random")
                (tmp_path / f"{message.naam}_{seed}.xml").write_bytes(to_bytes(root))
                number += 1
    result = MessageChecker(load_ruleset(MESSAGE_FAMILIES), TODAY).run([tmp_path])
    assert len(result.berichten) == number == 36
    found = {rule for message in result.berichten for rule in _rules(message)}
    assert not {rule for rule in found if rule.startswith(("CD", "CS"))}
