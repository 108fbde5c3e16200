"""Make the sample region of the audit anew: ``python -m sample_contracts.maak_audit [MAP]``.

Five gemeenten of one jeugdregio with their contracts and messages, all made up. Only the codes and names of
the gemeenten are real, because a message with an unknown code is refused. ``audit/README.md`` says what
differs between the gemeenten and which files are odd on purpose.
"""

import datetime
import random
import re
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import cycle
from pathlib import Path
from typing import Any

from benchmarks.cases import own_bsns
from benchmarks.country import (
    Exchange,
    Message,
    Practice,
    Product,
    own_products,
    write_contract,
    write_zip,
)
from sample_contracts.maak_voorbeelden import (
    _BUILD_UP,
    _GOOD_BUILD_UP,
    _GOOD_CONTRACT,
    _GOOD_COSTS,
    _GOOD_DEMANDS,
    _GOOD_QUALITY,
    _GOOD_TARIFFS,
    _changed,
    _demand,
    _explanation,
    day,
)
from sample_contracts.writing import fill_template

Row = dict[str, Any]

FIRST = datetime.date(2026, 1, 1)
MONTHS = 5
REGION = "Amsterdam-Amstelland"

README = "README.md"
"""Written by hand; all else in the folder comes from this script."""

AANBIEDERS: dict[str, Row] = {
    "proeftuin": {"aanbieder": "Stichting De Proeftuin", "kvk": "12345678", "agb": "98765432"},
    "modelzorg": {"aanbieder": "Modelzorg B.V.", "kvk": "23456789", "agb": "87654321"},
    "voorbeeld": {"aanbieder": "Gezinshuizen Voorbeeld", "kvk": "34567890", "agb": "76543210"},
    "wending": {"aanbieder": "Praktijk De Wending", "kvk": "45678901", "agb": "65432109"},
}

_MOST = {"45A48": 12, "45A53": 10, "41A03": 16, "54001": 8, "44A07": 31, "44A08": 31}
_WAIT = {"45A48": 6, "45A53": 18, "41A03": 12, "54001": 30, "44A07": 3, "44A08": 10}


def _products(*codes: str, level: int = 100) -> list[Product]:
    """Products of the exemplary contract, at a percentage of its tariffs; the first are used most."""
    rows = {row["productcode"]: row for row in _GOOD_TARIFFS}
    return [
        Product(
            categorie=code[:2],
            code=code,
            naam=rows[code]["omschrijving"],
            eenheid=rows[code]["eenheid"],
            tarief=round(rows[code]["tarief"] * level),
            volume=_MOST[code],
            wait=_WAIT[code],
        )
        for code in codes
    ]


@dataclass(frozen=True)
class Gemeente:
    """A gemeente of the sample: what it buys, how it works and what its contracts say."""

    code: str
    naam: str
    products: Sequence[Product]
    practice: Practice
    aanbieders: Mapping[str, int]
    """How many children each aanbieder helps."""
    tables: Callable[[Sequence[Product]], dict[str, list[Row]]]
    terms: Row = field(default_factory=dict)
    without: tuple[str, ...] = ()
    """What the contracts of this gemeente do not say."""
    template: tuple[str, ...] = ()
    """Aanbieders whose contract is in our template; the others are in a workbook of the gemeente."""
    explained: str = ""
    """The aanbieder whose contract explains its deviations."""


# --- contracts -------------------------------------------------------------------------------------


def _tariff_rows(products: Sequence[Product], level: int = 100) -> list[Row]:
    """Rows of the sheet Tarieven as in the exemplary contract, with the tariffs of the products."""
    by_name = {row["omschrijving"]: row for row in _GOOD_TARIFFS}
    rows = []
    for item in products:
        row = dict(by_name.get(item.naam, {}))
        for name in ("tarief_onderaannemer", "minuuttarief", "volume"):
            row.pop(name, None)
        row |= {
            "productcode": item.code,
            "productcategorie": item.categorie,
            "omschrijving": item.naam,
            "eenheid": item.eenheid,
            "tarief": item.tarief / 100,
            "frequentie": "4",
            "einddatum_verplicht": True,
            "jaar": 2026,
            "geldig_van": day("2026-01-01"),
            "geldig_tot": day("2026-12-31"),
            "kwaliteitseis": "SKJ-registratie van de eindverantwoordelijke",
        }
        rows.append(row)
    return rows


def _build_up_rows(products: Sequence[Product]) -> list[Row]:
    """Rows of the sheet Tariefopbouw: the exemplary ones in proportion, to the cent."""
    rows = []
    for item in products:
        base = next(
            (row for row in _GOOD_BUILD_UP if row["omschrijving"] == item.naam), _GOOD_BUILD_UP[0]
        )
        whole = sum(round(base[name] * 100) for name in _BUILD_UP)
        cents = {name: round(base[name] * 100 * item.tarief / whole) for name in _BUILD_UP}
        cents["kosten_beroepskrachten"] += item.tarief - sum(cents.values())
        before = sum(cents[name] for name in _BUILD_UP[:3])
        rows.append(
            {
                **base,
                "productcode": item.code,
                "omschrijving": item.naam,
                "eenheid": item.eenheid,
                "tarief": item.tarief / 100,
                **{name: amount / 100 for name, amount in cents.items()},
                "overhead_percentage": round(
                    100 * cents["overhead"] / cents["kosten_beroepskrachten"], 2
                ),
                "index_percentage": round(100 * cents["indexering"] / before, 2),
            }
        )
    return rows


def _exemplary_tables(products: Sequence[Product]) -> dict[str, list[Row]]:
    """All that a contract should say, with the cost of the tariffs that it has."""
    codes = {item.code for item in products}
    return {
        "tarief": _tariff_rows(products),
        "tariefopbouw": _build_up_rows(products),
        "kostprijs": [row for row in _GOOD_COSTS if row["productcode"] in codes],
        "administratie": _GOOD_DEMANDS,
        "kwaliteit": [row for row in _GOOD_QUALITY if row.get("productcode", "44A08") in codes],
    }


def _sound_tables(products: Sequence[Product]) -> dict[str, list[Row]]:
    """The same without the wages behind the tariffs."""
    tables = _exemplary_tables(products)
    del tables["kostprijs"]
    return tables


def _heavy_tables(products: Sequence[Product]) -> dict[str, list[Row]]:
    """Tariffs without a build-up, and many demands of the gemeente itself."""
    local: Row = {"telleenheid": "cliënt", "minuten_herkomst": "aanname"}
    return {
        "tarief": _tariff_rows(products),
        "administratie": [
            *_GOOD_DEMANDS,
            _demand(
                "B1", "Urenstaat met handtekening bij elke declaratie", "declaratie", "lokaal",
                uitvoerder="professional",
                **{**local, "frequentie_per_eenheid": 12, "minuten_per_keer": 35},
            ),
            _demand(
                "B2", "Voortgangsverslag in het eigen portaal", "voortgang", "lokaal",
                uitvoerder="professional",
                **{**local, "frequentie_per_eenheid": 6, "minuten_per_keer": 90},
            ),
            _demand(
                "B3", "Startmelding per e-mail naast het startbericht", "regie", "lokaal",
                via_berichtenverkeer=True,
                **{**local, "frequentie_per_eenheid": 1, "minuten_per_keer": 20},
            ),
            _demand(
                "B4", "Lijst van wachtenden in een eigen rekenblad", "KPI", "lokaal",
                frequentie_per_eenheid=12, minuten_per_keer=240, al_beschikbaar=True,
            ),
            _demand(
                "B5", "Gesprek over elk kind bij verlenging", "gesprek", "lokaal",
                uitvoerder="professional",
                **{**local, "frequentie_per_eenheid": 2, "minuten_per_keer": 60},
            ),
        ],
    }  # fmt: skip


def _own_tables(products: Sequence[Product]) -> dict[str, list[Row]]:
    """Tariffs with a build-up, most of them under a code of the gemeente itself."""
    return {
        "tarief": _tariff_rows(products),
        "tariefopbouw": _build_up_rows(products),
        "administratie": [
            *_GOOD_DEMANDS,
            _demand(
                "C1", "Doelen scoren in een eigen lijst", "outcome", "lokaal", telleenheid="cliënt",
                frequentie_per_eenheid=2, minuten_per_keer=30, uitvoerder="professional",
                minuten_herkomst="aanname",
            ),
        ],
    }  # fmt: skip


def _bare_tables(products: Sequence[Product]) -> dict[str, list[Row]]:
    """Tariffs, and the costs of aanbieders that they do not cover."""
    codes = {item.code for item in products}
    return {
        "tarief": _tariff_rows(products),
        "kostprijs": [
            _changed(row, ("tarief",)) for row in _GOOD_COSTS if row["productcode"] in codes
        ],
        "administratie": _GOOD_DEMANDS,
    }


_ALL = ("45A48", "45A53", "41A03", "54001", "44A07", "44A08")
_OWN_CODES = ("45A48", "45A53", "41A03")

GEMEENTEN = (
    Gemeente(
        "0384", "Diemen", _products(*_ALL),
        Practice(
            asked=0.5, answer=3, wait=4, months=9, renewed=0.1, refused=0.01, again=0.9,
            credited=0.02, delay=6, faulty=0,
        ),
        {"proeftuin": 24, "modelzorg": 16}, _exemplary_tables,
        template=("proeftuin",),
    ),
    Gemeente(
        "0362", "Amstelveen", _products("45A48", "41A03", "45A53", "44A08", "54001", level=103),
        Practice(
            asked=0.4, answer=4, wait=7, months=9, renewed=0.1, refused=0.03, again=0.9,
            credited=0.03, delay=8, faulty=0,
        ),
        {"proeftuin": 20, "modelzorg": 20, "voorbeeld": 10}, _sound_tables,
        {"startdatum": day("2025-01-01"), "einddatum": day("2027-12-31"), "tekendatum": day("2024-11-20")},
        template=("modelzorg",),
    ),
    Gemeente(
        "0358", "Aalsmeer",
        own_products(_products("45A48", "45A53", "41A03", "44A07", level=98), _OWN_CODES),
        Practice(
            asked=0.5, answer=6, wait=14, months=6, renewed=0.4, refused=0.09, again=0.8,
            credited=0.04, delay=9, faulty=0.2,
        ),
        {"proeftuin": 18, "wending": 14}, _own_tables,
        {"einddatum": day("2027-12-31")},
        template=("proeftuin",), explained="proeftuin",
    ),
    Gemeente(
        "0451", "Uithoorn", _products("45A48", "45A53", "54001", "41A03", level=95),
        Practice(
            asked=0.7, answer=10, wait=16, months=3, renewed=0.8, refused=0.22, again=0.7,
            credited=0.05, delay=16, faulty=0.5,
        ),
        {"proeftuin": 16, "modelzorg": 16}, _heavy_tables,
        {
            "einddatum": day("2026-12-31"),
            "verlengingsopties": "geen",
            "contractstandaard": "eigen contract",
            "inkoopvoorwaarden": "eigen inkoopvoorwaarden",
            "administratieprotocol": "eigen protocol",
            "indexeringsclausule": False,
            "betaaltermijn_dagen": 45,
            "antwoordtermijn_declaratie": 20,
            "toewijzingstermijn": 10,
            "startbericht_voorwaarde_betaling": True,
            "tijdregistratie": True,
            "accountantsverklaring": "altijd",
            "gemeten_administratietijd": 19,
            "ureninformatie_bron": "Opgave van de aanbieder over 2025",
        },
        ("contractstandaard_datum", "index_weging_loon", "index_weging_materieel",
         "verlenging_meldtermijn", "accountant_drempel"),
    ),
    Gemeente(
        "0437", "Ouder-Amstel",
        _products("45A53", "45A48", "54001", "44A07", "44A08", level=64),
        Practice(
            asked=0.3, answer=5, wait=32, months=9, renewed=0.2, refused=0.05, again=0.8,
            credited=0.02, delay=12, faulty=0.2,
        ),
        {"modelzorg": 18, "wending": 10, "voorbeeld": 8}, _bare_tables,
        {"inkoopschaal": "gemeente", "maximale_wachttijd": 20},
        template=("wending",),
    ),
)  # fmt: skip
"""Two near the standard; own codes; one year with much administration; low and bought alone."""

_EXPLANATIONS = [
    _explanation("LOOP-03", "De regio koopt per 2028 samen in. Dit contract overbrugt de tijd tot dan."),
    _explanation(
        "PROD-03", "Voor hulp van een gedragswetenschapper thuis past geen landelijke code.",
        productcode="45V02",
    ),
]  # fmt: skip


def _write_contract(gemeente: Gemeente, who: str, number: int, target: Path) -> None:
    children = gemeente.aanbieders[who]
    contract = _changed(
        _GOOD_CONTRACT,
        gemeente.without,
        contract_id=f"{gemeente.code}-2026-{number:02}",
        gemeente=gemeente.naam,
        gemeentecode=gemeente.code,
        jeugdregio=REGION,
        clienten_per_jaar=children * 2,
        instroom_per_jaar=children,
        uitstroom_per_jaar=children,
        fte_professional=round(children / 5, 1),
        fte_backoffice=round(children / 20, 1),
        fte_gemeente=0.5,
        **{**AANBIEDERS[who], **gemeente.terms},
    )
    tables = gemeente.tables(_offered(gemeente, who))
    if who == gemeente.explained:
        tables["uitleg"] = _EXPLANATIONS
    if who in gemeente.template:
        fill_template(target, contract, tables)
    else:
        write_contract(target, contract, tables)


def _offered(gemeente: Gemeente, who: str) -> list[Product]:
    """What an aanbieder has in its contract: family homes only there, and not everything elsewhere."""
    if who == "voorbeeld":
        return [item for item in gemeente.products if item.categorie == "44"]
    if who == "wending":
        return [item for item in gemeente.products if item.categorie != "44"]
    return list(gemeente.products)


# --- messages ------------------------------------------------------------------------------------


def _exchanges() -> dict[str, list[list[Message]]]:
    """Per gemeente and contract the messages, in the order of time."""
    made: dict[str, list[list[Message]]] = {}
    bsns = cycle(own_bsns())
    number = 0
    for gemeente in GEMEENTEN:
        for who, children in gemeente.aanbieders.items():
            number += 1
            exchange = Exchange(
                gemeente.code,
                AANBIEDERS[who]["agb"],
                number,
                _offered(gemeente, who),
                gemeente.practice,
                random.Random(f"{gemeente.code} {who}"),  # noqa: S311
                bsns,
                FIRST,
                MONTHS,
            )
            for _ in range(children):
                exchange.add_child()
            items = sorted(exchange.messages(), key=lambda item: (item.day, item.name[6:]))
            made.setdefault(gemeente.code, []).append(items)
    return made


def _with_a_wrong_total(message: Message) -> Message:
    """The same declaratie with a total that is ten euros too high: it goes back as a whole."""
    text = message.content.decode()
    mark = re.search(r"<ijw:TotaalBedrag>(\d+)<", text)
    assert mark is not None
    wrong = f"{text[: mark.start(1)]}{int(mark[1]) + 1_000}{text[mark.end(1) :]}"
    return replace(message, content=wrong.encode())


def _refused_as_a_whole(message: Message) -> Message:
    """The same answer with only a Header, which refuses the declaratie with code 0001."""
    text = message.content.decode()
    text = re.sub(
        r"\t<jw325:DeclaratieAntwoord>.*</jw325:DeclaratieAntwoord>\r\n", "", text, flags=re.S
    )
    text = text.replace("<jw325:RetourCode>0200<", "<jw325:RetourCode>0001<")
    return replace(message, content=text.encode())


def main(folder: Path) -> None:
    """Write the region below a folder; what was there under the same name is replaced."""
    exchanges = _exchanges()
    strayed = next(item for item in exchanges["0362"][0] if item.kind == "JW305")
    loose: dict[str, list[Message]] = {}
    for gemeente in GEMEENTEN:
        home = folder / f"{gemeente.naam} ({gemeente.code})"
        (home / "contracten").mkdir(parents=True, exist_ok=True)
        (home / "berichten").mkdir(parents=True, exist_ok=True)
        for number, who in enumerate(gemeente.aanbieders, start=1):
            _write_contract(gemeente, who, number, home / "contracten" / f"contract_{who}.xlsx")
        messages = [item for items in exchanges[gemeente.code] for item in items]
        last = max(item.day for item in messages if item.kind == "JW323")
        single = [
            m for m in messages if m.kind in ("JW323", "JW325") and m.day >= last.replace(day=1)
        ]
        if gemeente.code == "0451":
            wrong = next(item.name[6:] for item in single if item.kind == "JW323")
            change = {"JW323": _with_a_wrong_total, "JW325": _refused_as_a_whole}
            single = [change[m.kind](m) if m.name[6:] == wrong else m for m in single]
        loose[gemeente.code] = single
        names = {strayed.name, *(item.name for item in single)}
        packed = [item for item in messages if item.name not in names]
        write_zip(home / "berichten" / "berichten_2026.zip", packed)
        for item in single:
            (home / "berichten" / f"{item.name}.xml").write_bytes(item.content)
    _write_odd_files(folder, loose, strayed)


def _write_odd_files(folder: Path, loose: Mapping[str, list[Message]], strayed: Message) -> None:
    """What a folder from practice also has: a copy, a broken file, notes, a message of another gemeente."""
    diemen, aalsmeer = folder / "Diemen (0384)", folder / "Aalsmeer (0358)"
    copied = loose["0384"][0]
    (diemen / "berichten" / f"{copied.name} (kopie).xml").write_bytes(copied.content)
    (diemen / "notes.txt").write_text(
        "Nog bellen met de aanbieders over de wachtlijst.\n", encoding="utf-8", newline="\n"
    )
    broken = loose["0358"][0].content
    (aalsmeer / "berichten" / "afgebroken.xml").write_bytes(broken[: len(broken) // 2])
    (aalsmeer / "berichten" / f"{strayed.name}.xml").write_bytes(strayed.content)


def made() -> dict[str, bytes]:
    """All that the script makes, by its path below ``audit/``."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        main(folder)
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "audit")
