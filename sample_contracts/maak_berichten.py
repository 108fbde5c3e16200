"""Make the sample messages anew: ``python -m sample_contracts.maak_berichten [MAP]``.

One case of one made-up child, from request to stop, and the same case with faults. ``berichten/README.md``
says what each file shows; ``FAULTS`` says it to the tests.
"""

import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

from benchmarks.cases import Content, to_element
from benchmarks.messages import to_bytes
from inkoopcheck.schemas.structure import load_release

GEMEENTE = "0384"
"""The code has to be one that the CBS knows (TR378); it is the one of the examples of the standard."""
AANBIEDER = "98765432"
BSN = "999990019"

CLEAN, FAULTY = "casus_goed", "casus_met_fouten"

_TALKS = {"Categorie": "45", "Code": "45A48"}
_DAYS = {"Categorie": "41", "Code": "41A03"}
_TALKS_RATE, _DAYS_RATE = 9_850, 14_200
_TERM = ("2026-03-01", "2027-02-28")


def _header(kind: str, name: str, dagtekening: str) -> Content:
    message = load_release().messages[kind]
    parties = (GEMEENTE, AANBIEDER) if message.van == "gemeente" else (AANBIEDER, GEMEENTE)
    return {
        "BerichtCode": message.berichtcode,
        "BerichtVersie": "3",
        "BerichtSubversie": "2",
        "Afzender": parties[0],
        "Ontvanger": parties[1],
        "BerichtIdentificatie": {"Identificatie": name, "Dagtekening": dagtekening},
        "XsdVersie": _versions(),
    }


def _versions() -> Content:
    return {"BasisschemaXsdVersie": "0.1.0", "BerichtXsdVersie": "0.1.0"}


def _client(**rest: Any) -> Content:
    return {
        "Bsn": BSN,
        "Geboortedatum": {"Datum": "2013-09-21"},
        "Geslacht": "2",
        "Naam": {
            "Geslachtsnaam": {"Achternaam": "Proef", "Voorvoegsel": "van der"},
            "Voornamen": "Tess",
            "Voorletters": "T",
        },
        **rest,
    }


def _omvang(volume: int, eenheid: str) -> Content:
    return {"Volume": volume, "Eenheid": eenheid, "Frequentie": "4"}


def _address(number: int) -> Content:
    return {
        "Huis": {"Huisnummer": number},
        "Postcode": "1111ZZ",
        "Straatnaam": "Proefweg",
        "Plaatsnaam": "Proefstad",
        "LandCode": "NL",
    }


def _request() -> Content:
    products = [
        {
            "ReferentieAanbieder": reference,
            "Product": product,
            "ToewijzingIngangsdatum": _TERM[0],
            "ToewijzingEinddatum": _TERM[1],
            "Omvang": omvang,
            "Verwijzer": {"Type": "02", "Naam": "Huisartsenpraktijk De Proef"},
            "Raamcontract": "1",
        }
        for reference, product, omvang in (
            ("VOT-2026-001", _TALKS, _omvang(8, "04")),
            ("VOT-2026-002", _DAYS, _omvang(6, "16")),
        )
    ]
    return {
        "Header": _header("JW315", "VOT260001", "2026-02-16"),
        "Client": _client(
            GezagsdragerBekend="1", AangevraagdeProducten={"AangevraagdProduct": products}
        ),
    }


def _allocation() -> Content:
    products = [
        {
            "ToewijzingNummer": number,
            "ReferentieAanbieder": reference,
            "Product": product,
            "Toewijzingsdatum": "2026-02-20",
            "Toewijzingstijd": "10:15:00",
            "Ingangsdatum": _TERM[0],
            "Einddatum": _TERM[1],
            "Omvang": omvang,
        }
        for number, reference, product, omvang in (
            (38_400_101, "VOT-2026-001", _TALKS, _omvang(8, "04")),
            (38_400_102, "VOT-2026-002", _DAYS, _omvang(6, "16")),
        )
    ]
    phone = {"Telefoon01": {"Telefoonnummer": "0201234567", "Landnummer": "0031"}}
    parent = {
        "Nummer": "1",
        "Volgorde": 1,
        "Soort": "10",
        "Naam": {
            "Geslachtsnaam": {"Achternaam": "Proef", "Voorvoegsel": "van der"},
            "Voorletters": "P",
            "NaamGebruik": "1",
        },
        "Contact": {"Soort": "01", "Adres": _address(12), "Telefoon": phone},
    }
    client = _client(
        Relaties={"Relatie": [parent]},
        Contactgegevens={"Contact": [{"Soort": "01", "Adres": _address(12), "Telefoon": phone}]},
        ToegewezenProducten={"ToegewezenProduct": products},
    )
    client["Naam"]["NaamGebruik"] = "1"
    return {"Header": _header("JW301", "TOE260001", "2026-02-20"), "Client": client}


def _start() -> Content:
    products = [
        {
            "ToewijzingNummer": number,
            "Product": product,
            "ToewijzingIngangsdatum": _TERM[0],
            "Begindatum": "2026-03-02",
            "StatusAanlevering": "1",
        }
        for number, product in ((38_400_101, _TALKS), (38_400_102, _DAYS))
    ]
    client = _client(StartProducten={"StartProduct": products})
    return {"Header": _header("JW305", "STA260001", "2026-03-05"), "Client": client}


def _stop() -> Content:
    stop = {
        "ToewijzingNummer": 38_400_102,
        "Product": _DAYS,
        "ToewijzingIngangsdatum": _TERM[0],
        "Begindatum": "2026-03-02",
        "RedenBeeindiging": "31",
        "Einddatum": "2026-05-29",
        "StatusAanlevering": "1",
    }
    client = _client(StopProducten={"StopProduct": [stop]})
    return {"Header": _header("JW307", "STO260001", "2026-06-03"), "Client": client}


def _prestatie(reference: str, month: tuple[str, str], days: bool, volume: int) -> Content:
    product = _DAYS if days else _TALKS
    rate = _DAYS_RATE if days else _TALKS_RATE
    return {
        "ProductReferentie": {"ReferentieNummer": reference},
        "ToewijzingNummer": 38_400_102 if days else 38_400_101,
        "ProductCategorie": product["Categorie"],
        "ProductCode": product["Code"],
        "ProductPeriode": {"Begindatum": month[0], "Einddatum": month[1]},
        "GeleverdVolume": volume,
        "Eenheid": "16" if days else "04",
        "ProductTarief": rate,
        "IngediendBedrag": {"Bedrag": volume * rate, "DebetCredit": "D"},
    }


_MARCH, _APRIL = ("2026-03-01", "2026-03-31"), ("2026-04-01", "2026-04-30")


def _declaratie(
    number: str, dagtekening: str, month: tuple[str, str], prestaties: list[Content]
) -> Content:
    total = sum(
        p["IngediendBedrag"]["Bedrag"] * (1 if p["IngediendBedrag"]["DebetCredit"] == "D" else -1)
        for p in prestaties
    )
    return {
        "Header": _header("JW323", number, dagtekening),
        "Declaratie": {
            "DeclaratieNummer": number,
            "DeclaratiePeriode": {"Begindatum": month[0], "Einddatum": month[1]},
            "DeclaratieDagtekening": dagtekening,
            "TotaalIngediendBedrag": {"TotaalBedrag": total, "DebetCredit": "D"},
            "Clienten": {"Client": [{"Bsn": BSN, "Prestaties": {"Prestatie": prestaties}}]},
        },
    }


def _march() -> Content:
    prestaties = [_prestatie("P0001", _MARCH, False, 7), _prestatie("P0002", _MARCH, True, 6)]
    return _declaratie("DEC2603", "2026-04-08", _MARCH, prestaties)


def _april() -> Content:
    """The month itself, and a correction of March: six hours of talks and not seven."""
    credit = _prestatie("P0003", _MARCH, False, 7)
    credit["ProductReferentie"]["VorigReferentieNummer"] = "P0001"
    credit["IngediendBedrag"]["DebetCredit"] = "C"
    prestaties = [
        credit,
        _prestatie("P0004", _MARCH, False, 6),
        _prestatie("P0005", _APRIL, False, 8),
        _prestatie("P0006", _APRIL, True, 5),
    ]
    return _declaratie("DEC2604", "2026-05-07", _APRIL, prestaties)


def _answer(declaratie: Content, name: str, dagtekening: str) -> Content:
    """Everything in the declaratie is granted."""
    header = _header("JW325", name, dagtekening)
    header |= {
        "DeclaratieIdentificatie": deepcopy(declaratie["Header"]["BerichtIdentificatie"]),
        "XsdVersieDeclaratie": _versions(),
        "RetourCodes": {"RetourCode": ["0200"]},
    }
    total = declaratie["Declaratie"]["TotaalIngediendBedrag"]
    return {
        "Header": header,
        "DeclaratieAntwoord": {
            "DeclaratieNummer": declaratie["Declaratie"]["DeclaratieNummer"],
            "TotaalIngediendBedrag": dict(total),
            "TotaalToegekendBedrag": dict(total),
            "RetourCodes": {"RetourCode": ["8001"]},
        },
    }


def case() -> dict[str, Content]:
    """The messages of the case by file name, in the order in which they are sent."""
    march, april = _march(), _april()
    return {
        "1_JW315_verzoek": _request(),
        "2_JW301_toewijzing": _allocation(),
        "3_JW305_start": _start(),
        "4_JW323_maart": march,
        "5_JW325_maart": _answer(march, "ANT2603", "2026-04-13"),
        "6_JW323_april": april,
        "7_JW325_april": _answer(april, "ANT2604", "2026-05-11"),
        "8_JW307_stop": _stop(),
    }


# --- the same case with faults -------------------------------------------------------------------


def _spoil_request(content: Content) -> None:
    first, second = content["Client"]["AangevraagdeProducten"]["AangevraagdProduct"]
    first["Verwijzer"] |= {"Type": "01", "ZorgverlenerCode": "01234567"}
    second["ToewijzingEinddatum"] = "2026-02-28"


def _spoil_allocation(content: Content) -> None:
    client = content["Client"]
    address = client["Contactgegevens"]["Contact"][0]["Adres"]
    del address["Postcode"], address["LandCode"]
    again = deepcopy(client["ToegewezenProducten"]["ToegewezenProduct"][0])
    again |= {"ToewijzingNummer": 38_400_103, "Ingangsdatum": "2026-09-01"}
    client["ToegewezenProducten"]["ToegewezenProduct"].append(again)


def _spoil_start(content: Content) -> None:
    content["Client"]["StartProducten"]["StartProduct"][0]["StatusAanlevering"] = "9"
    content["Client"]["StartProducten"]["StartProduct"][1]["Begindatum"] = "2026-03-09"


def _spoil_march(content: Content) -> None:
    (client,) = content["Declaratie"]["Clienten"]["Client"]
    client["Prestaties"]["Prestatie"][0]["IngediendBedrag"]["Bedrag"] += 9_850
    content["Declaratie"]["TotaalIngediendBedrag"]["TotaalBedrag"] += 9_850


def _spoil_answer(content: Content) -> None:
    content["DeclaratieAntwoord"]["TotaalToegekendBedrag"]["TotaalBedrag"] -= 9_850


def _spoil_april(content: Content) -> None:
    declaratie = content["Declaratie"]
    declaratie["TotaalIngediendBedrag"]["TotaalBedrag"] += 10
    (client,) = declaratie["Clienten"]["Client"]
    prestaties = client["Prestaties"]["Prestatie"]
    prestaties[1]["ProductPeriode"]["Einddatum"] = "2026-04-02"
    prestaties[2]["ProductReferentie"]["VorigReferentieNummer"] = "P0099"


def _spoil_answer_april(content: Content) -> None:
    """Not valid: an element is missing and a code does not exist."""
    del content["DeclaratieAntwoord"]["DeclaratieNummer"]
    content["Header"]["RetourCodes"]["RetourCode"] = ["9999"]


def _spoil_stop(content: Content) -> None:
    (stop,) = content["Client"]["StopProducten"]["StopProduct"]
    stop["Einddatum"] = "2026-02-27"


FAULTS: dict[str, tuple[Callable[[Content], None], tuple[str, ...]]] = {
    "1_JW315_verzoek": (_spoil_request, ("IJW-CD068", "IJW-CS003")),
    "2_JW301_toewijzing": (_spoil_allocation, ("IJW-CD034", "IJW-TR302")),
    "3_JW305_start": (_spoil_start, ("IJW-CS058", "IJW-TR134")),
    "4_JW323_maart": (_spoil_march, ("IJW-TR346",)),
    "5_JW325_maart": (_spoil_answer, ("IJW-TR342",)),
    "6_JW323_april": (_spoil_april, ("IJW-CD060", "IJW-CS337", "IJW-TR358")),
    "7_JW325_april": (_spoil_answer_april, ("IJW-XSD-01", "IJW-XSD-07")),
    "8_JW307_stop": (_spoil_stop, ("IJW-TR018",)),
}
"""Per file what is done to it, and the rules that say so."""


def messages() -> dict[str, bytes]:
    """All sample messages by their path below ``berichten/``."""
    made = {}
    release = load_release()
    for name, content in case().items():
        message = release.messages[name.split("_")[1]]
        made[f"{CLEAN}/{name}.xml"] = to_bytes(to_element(message, content))
        spoiled = deepcopy(content)
        FAULTS[name][0](spoiled)
        made[f"{FAULTY}/{name}.xml"] = to_bytes(to_element(message, spoiled))
    return made


def main(folder: Path) -> None:
    """Write all sample messages below a folder."""
    for name, content in messages().items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "berichten")
