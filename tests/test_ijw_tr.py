"""The TR rules on whole messages: every path of the standard, on both sides of each boundary.

``tests/test_cases.py`` puts one fault per rule in a message. Here every class and every element that a rule
looks at gets its turn, with what is just allowed beside what is just wrong, and the search for overlapping
periods is held against a comparison of all pairs.
"""

import datetime
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.cases import DAY, Content, make_content, to_element
from benchmarks.messages import to_bytes
from inkoopcheck.check_messages import MessageChecker
from inkoopcheck.engine.ruleset import MESSAGE_FAMILIES, Ruleset, load_rule, load_ruleset
from inkoopcheck.engine.run import Judge, Offered
from inkoopcheck.findings.model import Berichtresultaat
from inkoopcheck.locations import rules_folder
from inkoopcheck.schemas.structure import load_release
from inkoopcheck.tables.messages import MESSAGE_TABLES
from inkoopcheck.tables.store import MESSAGE_MODEL, Tables

Change = Callable[[Content], None]
TOMORROW = DAY + datetime.timedelta(1)
YEAR_2026 = datetime.date(2026, 1, 1)


def part(content: Content, *steps: str | int) -> Any:
    """The piece of a message at the end of these steps."""
    found: Any = content
    for step in steps:
        found = found[step]
    return found


def put(*steps: str | int, value: Any) -> Change:
    """A change that gives one element another value; None leaves it out."""

    def change(content: Content) -> None:
        part(content, *steps[:-1])[steps[-1]] = value

    return change


def twice(*steps: str | int, **values: Any) -> Change:
    """A change that repeats the last item of a list, with other values."""

    def change(content: Content) -> None:
        items = part(content, *steps)
        items.append(deepcopy(items[-1]) | deepcopy(values))

    return change


def both(*changes: Change) -> Change:
    def change(content: Content) -> None:
        for single in changes:
            single(content)

    return change


RELATIE = {
    "Nummer": "1",
    "Soort": "03",
    "Geboortedatum": {"Datum": "1980-01-01"},
    "Naam": {"Geslachtsnaam": {"Achternaam": "Wit"}, "NaamGebruik": "1"},
    "Contact": {
        "Soort": "02",
        "Telefoon": {"Telefoon01": {"Telefoonnummer": "0201234567", "Landnummer": "0031"}},
    },
}


def relaties(*changes: dict[str, Any]) -> Change:
    return put("Client", "Relaties", value={"Relatie": [RELATIE | change for change in changes]})


BORN = ("Client", "Geboortedatum", "Datum")
TOEGEWEZEN = ("Client", "ToegewezenProducten", "ToegewezenProduct")
START = ("Client", "StartProducten", "StartProduct")
STOP = ("Client", "StopProducten", "StopProduct")
AANGEVRAAGD = ("Client", "AangevraagdeProducten", "AangevraagdProduct")
VERZOEK = ("Client", "Verzoek")
NIEUW = (*VERZOEK, "NieuweProducten", "NieuwProduct")
ONGEWIJZIGD = (*VERZOEK, "OngewijzigdeProducten", "OngewijzigdProduct")
CLIENTEN = ("Declaratie", "Clienten", "Client")
PRESTATIES = (*CLIENTEN, 0, "Prestaties", "Prestatie")
ANTWOORD = ("DeclaratieAntwoord", "Clienten", "Client")
AFGEWEZEN = (*ANTWOORD, 0, "Prestaties", "Prestatie")
HEADER = ("Header", "BerichtIdentificatie", "Dagtekening")
TE_WIJZIGEN = {
    "ToewijzingNummer": 998,
    "GewensteIngangsdatum": TOMORROW,
    "Einddatum": TOMORROW,
    "Budget": 1,
}


def all_refused(content: Content) -> None:
    """The whole declaratie is refused, as it should be."""
    answer = content["DeclaratieAntwoord"]
    answer |= {"Clienten": None, "RetourCodes": {"RetourCode": ["9333"]}}
    answer["TotaalToegekendBedrag"] = {"TotaalBedrag": 0, "DebetCredit": "D"}


def minutes(amount: int) -> Change:
    """450 minutes at 1,51 euro; at 90,50 euro an hour that is 678,75."""

    def change(content: Content) -> None:
        prestatie = part(content, *PRESTATIES, 0)
        prestatie |= {"Eenheid": "01", "GeleverdVolume": 450, "ProductTarief": 151}
        before = prestatie["IngediendBedrag"]["Bedrag"]
        prestatie["IngediendBedrag"]["Bedrag"] = amount
        content["Declaratie"]["TotaalIngediendBedrag"]["TotaalBedrag"] += amount - before

    return change


def add_to_total(content: Content, index: int) -> None:
    """Bring the total back in line after a prestatie was added."""
    amount = part(content, *PRESTATIES, index)["IngediendBedrag"]["Bedrag"]
    content["Declaratie"]["TotaalIngediendBedrag"]["TotaalBedrag"] += amount


def second_client(**prestatie: Any) -> Change:
    """A second client with a copy of the prestatie of the first."""

    def change(content: Content) -> None:
        clients = part(content, *CLIENTEN)
        other = deepcopy(clients[0])
        other["Bsn"] = "999900006" if other["Bsn"] != "999900006" else "999900018"
        other["Prestaties"]["Prestatie"][0] |= prestatie
        clients.append(other)
        add_to_total(content, 0)

    return change


def same_client(content: Content) -> None:
    second_client(ProductReferentie={"ReferentieNummer": "X"}, ToewijzingNummer=1)(content)
    clients = part(content, *CLIENTEN)
    clients[1]["Bsn"] = clients[0]["Bsn"]


def as_months_ago(date: datetime.date) -> Change:
    return put(
        *PRESTATIES,
        0,
        "ProductPeriode",
        value={"Begindatum": date.replace(day=1), "Einddatum": date},
    )


def signed_total(sign: str) -> Change:
    """One credit, so the balance is negative."""

    def change(content: Content) -> None:
        prestatie = part(content, *PRESTATIES, 0)
        prestatie["ProductReferentie"]["VorigReferentieNummer"] = "EERDER"
        prestatie["IngediendBedrag"]["DebetCredit"] = "C"
        content["Declaratie"]["TotaalIngediendBedrag"]["DebetCredit"] = sign

    return change


WRONG: list[tuple[str, str, Change, set[str]]] = [
    # --- TR101: every class with a key of its own
    ("client", "JW323", same_client, {"TR101"}),
    ("relatie", "JW301", relaties({}, {}), {"TR101"}),
    ("contact", "JW301", twice("Client", "Contactgegevens", "Contact"), {"TR101"}),
    (
        "toewijzing",
        "JW301",
        twice(*TOEGEWEZEN, Product={"Categorie": "49", "Code": "49A01"}),
        {"TR101"},
    ),
    ("start", "JW305", twice(*START, StatusAanlevering="3"), {"TR101"}),
    (
        "start zonder nummer",
        "JW305",
        both(put(*START, 0, "ToewijzingNummer", value=None), twice(*START)),
        {"TR101"},
    ),
    ("stop", "JW307", twice(*STOP, StatusAanlevering="3"), {"TR101"}),
    ("ongewijzigd", "JW317", twice(*ONGEWIJZIGD), {"TR101"}),
    (
        "ongewijzigd, anders geschreven",
        "JW317",
        twice(*ONGEWIJZIGD, ToewijzingNummer="000999"),
        {"TR101"},
    ),
    (
        "te wijzigen",
        "JW317",
        put(
            *VERZOEK, "TeWijzigenProducten", value={"TeWijzigenProduct": [TE_WIJZIGEN, TE_WIJZIGEN]}
        ),
        {"TR101"},
    ),
    ("nieuw", "JW317", twice(*NIEUW), {"TR101", "TR410"}),
    (
        "aangevraagd",
        "JW315",
        twice(*AANGEVRAAGD, Product={"Categorie": "49", "Code": "49A01"}),
        {"TR101", "TR383"},
    ),
    (
        "afgewezen prestatie",
        "JW325",
        both(
            twice(*AFGEWEZEN),
            put(*AFGEWEZEN, 1, "IngediendBedrag", value={"Bedrag": 0, "DebetCredit": "D"}),
        ),
        {"TR101"},
    ),
    # --- TR134: every date
    *(
        (f"geboren, {kind}", kind, put(*BORN, value=TOMORROW), {"TR134"})
        for kind in ("JW301", "JW305", "JW307", "JW315")
    ),
    ("relatie geboren", "JW301", relaties({"Geboortedatum": {"Datum": TOMORROW}}), {"TR134"}),
    (
        "toewijzingsdatum",
        "JW301",
        put(*TOEGEWEZEN, 0, "Toewijzingsdatum", value=TOMORROW),
        {"TR134"},
    ),
    ("start", "JW305", put(*START, 0, "Begindatum", value=TOMORROW), {"TR134"}),
    ("stop", "JW307", put(*STOP, 0, "Einddatum", value=TOMORROW), {"TR134"}),
    ("stop, begin", "JW307", put(*STOP, 0, "Begindatum", value=TOMORROW), {"TR134", "TR018"}),
    (
        "dagtekening declaratie",
        "JW323",
        put("Declaratie", "DeclaratieDagtekening", value=TOMORROW),
        {"TR134"},
    ),
    # --- TR137
    (
        "periode begint later",
        "JW325",
        put(*AFGEWEZEN, 0, "ProductPeriode", value={"Begindatum": DAY, "Einddatum": YEAR_2026}),
        {"TR137"},
    ),
    (
        "periode eindigt later",
        "JW325",
        put(*AFGEWEZEN, 0, "ProductPeriode", "Einddatum", value=TOMORROW),
        {"TR137"},
    ),
    # --- TR302, TR386 and TR410: less specific products
    (
        "zonder code",
        "JW301",
        twice(*TOEGEWEZEN, ToewijzingNummer=1, Product={"Categorie": "40"}, Omvang=None, Budget=1),
        {"TR302"},
    ),
    (
        "zonder product",
        "JW301",
        twice(*TOEGEWEZEN, ToewijzingNummer=1, Product=None, Omvang=None, Budget=1),
        {"TR302"},
    ),
    (
        "zonder code",
        "JW317",
        twice(*NIEUW, Product={"Categorie": "40"}, Omvang=None, Budget=1),
        {"TR410"},
    ),
    (
        "zonder product",
        "JW315",
        twice(*AANGEVRAAGD, ReferentieAanbieder="X", Product=None, Omvang=None, Budget=1),
        {"TR386"},
    ),
    # --- TR315, TR316 and TR416: over clients
    (
        "twee clienten",
        "JW323",
        second_client(ProductReferentie={"ReferentieNummer": "X"}),
        {"TR416"},
    ),
    (
        "ander nummer, zelfde levering",
        "JW323",
        both(
            twice(*PRESTATIES, ProductReferentie={"ReferentieNummer": "X"}),
            lambda c: add_to_total(c, 1),
        ),
        {"TR416"},
    ),
    # --- TR335
    ("vijf jaar en een dag", "JW323", both(as_months_ago(datetime.date(2021, 5, 5))), {"TR335"}),
    # --- TR342
    (
        "alles afgewezen, wel toegekend",
        "JW325",
        both(
            all_refused, put("DeclaratieAntwoord", "TotaalToegekendBedrag", "TotaalBedrag", value=1)
        ),
        {"TR342"},
    ),
    (
        "alles afgewezen, wel clienten",
        "JW325",
        put("DeclaratieAntwoord", "RetourCodes", "RetourCode", value=["9333"]),
        {"TR342"},
    ),
    (
        "prestatie niet afgewezen",
        "JW325",
        put(*AFGEWEZEN, 0, "RetourCodes", "RetourCode", value=["0200"]),
        {"TR342"},
    ),
    # --- TR346
    ("minuten", "JW323", minutes(60_000), {"TR346"}),
    # --- TR358
    ("teken van het totaal", "JW323", signed_total("D"), {"TR358"}),
    # --- TR378
    (
        "woonplaats",
        "JW319",
        put(
            "Antwoord",
            value={
                "ReferentieAanbieder": "R",
                "VerzoekAntwoord": "1",
                "RedenAfwijzingVerzoek": "8",
                "Woonplaatsbeginsel": {"Gemeente": "9999"},
            },
        ),
        {"TR378-OUDER"},
    ),
    (
        "ook een toewijzing van eerder",
        "JW301",
        both(
            put("Header", "Afzender", value="0457"),
            put(*TOEGEWEZEN, 0, "Ingangsdatum", value="2025-12-31"),
        ),
        {"TR378-OUDER"},
    ),
    # --- TR381
    *(
        (
            f"code zonder vaste variant, {kind}",
            kind,
            put(*path, 0, "Product", value={"Categorie": "41", "Code": "40A00"}),
            {"TR381"},
        )
        for kind, path in (
            ("JW301", TOEGEWEZEN),
            ("JW305", START),
            ("JW307", STOP),
            ("JW315", AANGEVRAAGD),
            ("JW317", NIEUW),
        )
    ),
    # --- TR409
    (
        "gemeente zonder reden",
        "JW319",
        put(
            "Antwoord",
            value={
                "ReferentieAanbieder": "R",
                "VerzoekAntwoord": "2",
                "Woonplaatsbeginsel": {"Gemeente": "0363"},
            },
        ),
        {"TR409"},
    ),
]

RIGHT: list[tuple[str, str, Change]] = [
    ("op de dag 120 jaar", "JW305", put(*BORN, value=DAY.replace(year=DAY.year - 120))),
    (
        "onbekend geboren",
        "JW301",
        put("Client", "Geboortedatum", value={"Datum": "1900-01-01", "DatumGebruik": "3"}),
    ),
    (
        "relaties en contact van gelijke soort",
        "JW301",
        relaties({}, {"Nummer": "2"}, {"Nummer": "01"}),
    ),
    ("alleen telefoon", "JW301", relaties({})),
    (
        "correspondentieadres",
        "JW301",
        put("Client", "Contactgegevens", "Contact", 0, "Soort", value="02"),
    ),
    (
        "opnieuw met andere reden",
        "JW307",
        twice(*STOP, RedenBeeindiging="20", StatusAanlevering="3"),
    ),
    ("start op dagtekening", "JW305", put(*START, 0, "Begindatum", value=DAY)),
    ("stop op dagtekening", "JW307", put(*STOP, 0, "Einddatum", value=DAY)),
    ("toewijzing begint later", "JW301", put(*TOEGEWEZEN, 0, "Ingangsdatum", value=TOMORROW)),
    ("vijf jaar", "JW323", as_months_ago(datetime.date(2021, 5, 6))),
    ("minuten op een uurtarief", "JW323", minutes(67_875)),
    ("minuten op het minuuttarief", "JW323", minutes(67_950)),
    ("negatief totaal", "JW323", signed_total("C")),
    ("alles afgewezen", "JW325", all_refused),
    ("niet beoordeeld", "JW325", put(*AFGEWEZEN, 0, "RetourCodes", "RetourCode", value=["0233"])),
    (
        "reden 8 met gemeente",
        "JW319",
        put(
            "Antwoord",
            value={
                "ReferentieAanbieder": "R",
                "VerzoekAntwoord": "1",
                "RedenAfwijzingVerzoek": "8",
                "Woonplaatsbeginsel": {"Gemeente": "0363"},
            },
        ),
    ),
    ("dag na dagtekening", "JW317", put(*NIEUW, 0, "GewensteIngangsdatum", value=TOMORROW)),
    (
        "alleen wijzigen",
        "JW317",
        both(
            put(*VERZOEK, "OngewijzigdeProducten", value=None),
            put(*VERZOEK, "NieuweProducten", value=None),
            put(*VERZOEK, "TeWijzigenProducten", value={"TeWijzigenProduct": [TE_WIJZIGEN]}),
        ),
    ),
    (
        "code van categorie 54",
        "JW301",
        put(*TOEGEWEZEN, 0, "Product", value={"Categorie": "54", "Code": "54001"}),
    ),
    ("zelfde nummer bij een andere client", "JW323", second_client(ToewijzingNummer=1)),
]


def name_of(number: int, group: str) -> str:
    return f"{group}{number:03}.xml"


@cache
def results() -> dict[str, Berichtresultaat]:
    messages = load_release().messages
    with TemporaryDirectory() as name:
        folder = Path(name)
        for group, cases in (("fout", WRONG), ("goed", RIGHT)):
            for number, (_, kind, change, *_) in enumerate(cases):
                content = make_content(kind)
                change(content)
                file = folder / name_of(number, group)
                file.write_bytes(to_bytes(to_element(messages[kind], content)))
        checker = MessageChecker(load_ruleset(MESSAGE_FAMILIES), TOMORROW)
        return {item.bestand.naam: item for item in checker.run([folder]).berichten}


def found(item: Berichtresultaat) -> set[str]:
    """The rules that found something, questions about practice left out."""
    return {a.regel.removeprefix("IJW-") for a in item.afwijkingen if "-PR-" not in a.regel}


@pytest.mark.parametrize(
    "number", range(len(WRONG)), ids=[f"{kind} {name}" for name, kind, *_ in WRONG]
)
def test_one_fault_gives_the_rule_that_speaks_of_it(number: int) -> None:
    item = results()[name_of(number, "fout")]
    assert item.xsd_geldig, item.afwijkingen
    assert found(item) == WRONG[number][3]


@pytest.mark.parametrize(
    "number", range(len(RIGHT)), ids=[f"{kind} {name}" for name, kind, _ in RIGHT]
)
def test_what_is_just_allowed_gives_nothing(number: int) -> None:
    item = results()[name_of(number, "goed")]
    assert item.xsd_geldig, item.afwijkingen
    assert found(item) == set()


# --- overlap against all pairs ------------------------------------------------------------------

PRODUCTS = st.sampled_from([(None, None), ("45", None), ("45", "A"), ("45", "B"), ("44", "A")])
DAYS = st.integers(0, 12)
LENGTHS = st.one_of(st.none(), st.integers(-4, 12))
PERIODS = st.lists(st.tuples(PRODUCTS, DAYS, LENGTHS), min_size=1, max_size=9)


def same(one: tuple[str | None, str | None], other: tuple[str | None, str | None]) -> bool:
    if one[0] is None or other[0] is None:
        return True
    return one[0] == other[0] and (one[1] is None or other[1] is None or one[1] == other[1])


def place(row: dict[str, Any]) -> tuple[datetime.date, bool, int]:
    """Where a period comes when the later one of two is to be reported."""
    begin, end = row["ingangsdatum"], row["einddatum"] or datetime.date.max
    return min(begin, end), end < begin, row["rij_id"]


@cache
def overlap_judge() -> tuple[Judge, Tables]:
    everything = load_ruleset(MESSAGE_FAMILIES)
    rule = load_rule(rules_folder() / "ijw" / "IJW-TR302.yaml")
    single = Ruleset([rule], everything.parameters, everything.codelists, [], "")
    tables = Tables(MESSAGE_MODEL)
    judge = Judge(single, tables)
    judge.prepare(DAY)
    return judge, tables


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(PERIODS)
def test_overlap_is_found_exactly_where_comparing_all_pairs_finds_it(
    periods: list[tuple[tuple[str | None, str | None], int, int | None]],
) -> None:
    judge, tables = overlap_judge()
    tables.clear()
    rows: list[dict[str, Any]] = []
    for number, (product, first, length) in enumerate(periods, start=1):
        begin = YEAR_2026 + datetime.timedelta(first)
        rows.append(
            {
                "rij_id": number,
                "bericht_id": 100,
                "ouder_id": 200,
                "client_id": 200,
                "pad": str(number),
                "product_categorie": product[0],
                "product_code": product[1],
                "heeft_product": product[0] is not None,
                "ingangsdatum": begin,
                "einddatum": None if length is None else begin + datetime.timedelta(length),
            }
        )
    message = {"rij_id": 100, "bericht_id": 100, "berichtsoort": "JW301", "dagtekening": DAY}
    tables.load("bericht", [message])
    tables.load("client", [{"rij_id": 200, "bericht_id": 100, "client_id": 200, "client": "x"}])
    tables.load("toegewezen_product", rows)
    judgement = judge.judge(Offered(dict.fromkeys(MESSAGE_TABLES)), "")
    last = datetime.date.max
    pairs = [
        (one, other)
        for one, other in combinations(rows, 2)
        if same(periods[one["rij_id"] - 1][0], periods[other["rij_id"] - 1][0])
        and one["ingangsdatum"] <= (other["einddatum"] or last)
        and other["ingangsdatum"] <= (one["einddatum"] or last)
    ]
    later = {max(pair, key=place)["rij_id"] for pair in pairs}
    flagged = {int(a.plaats.pad.split("/")[0]) for a in judgement.afwijkingen if a.plaats.pad}
    assert flagged == later
