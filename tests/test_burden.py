"""The administrative burden of a contract: the worked examples to the cent, and what must hold.

T-B1 to T-B3 are the examples of the facts that the model was made from. Their working time is
6 fte x 1503.9664 net hours x 60 = 541,427.904 minutes.
"""

import datetime
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inkoopcheck.engine.burden import CostPrice, burdens, cost_price_effect
from inkoopcheck.engine.ruleset import Ruleset, load_ruleset
from inkoopcheck.engine.run import Judge
from inkoopcheck.errors import UnusableInput
from inkoopcheck.findings.model import Lasten, Lasteneis, Lastenuitkomst
from inkoopcheck.reports import jsonfile
from inkoopcheck.tables.store import Tables
from tests.workbooks import make_workbook

Row = Mapping[str, Any]
D = Decimal

CONTRACT: Row = {
    "contract_id": "C-1",
    "startdatum": datetime.date(2026, 1, 1),
    "uitvoeringsvariant": "inspanningsgericht",
    "clienten_per_jaar": 60,
    "instroom_per_jaar": 60,
    "uitstroom_per_jaar": 60,
    "gemiddelde_duur_maanden": 9,
    "fte_professional": 6,
}


def demand(
    name: str, kind: str, unit: str | None, times: Any, minutes: Any, who: str | None, **more: Any
) -> Row:
    return {
        "omschrijving": name,
        "categorie": kind,
        "grondslag": "lokaal",
        "telleenheid": unit,
        "frequentie_per_eenheid": times,
        "minuten_per_keer": minutes,
        "uitvoerder": who,
        **more,
    }


WRITING = demand("Tijdschrijven", "tijdschrijven", "medewerker-werkdag", 208, 15, "professional")
DEMANDS = (
    demand("Voortgangsrapport", "voortgang", "cliënt", 1, 60, "professional"),
    demand("Herindicatie", "herindicatie", "cliënt", 1, 90, "professional", aantal_eenheden=12),
    demand("Kwartaalrapport", "KPI", "contract", 4, 480, "backoffice"),
    demand("Productieverantwoording", "accountant", "contract", 1, 1440, "backoffice", grondslag="landelijke standaard"),
    demand("Contractgesprek", "gesprek", "contract", 2, 480, "backoffice"),
)  # fmt: skip


@lru_cache(maxsize=1)
def prepared() -> Tables:
    return prepare(load_ruleset())


def prepare(ruleset: Ruleset) -> Tables:
    tables = Tables()
    Judge(ruleset, tables).prepare(datetime.date(2026, 7, 1))
    return tables


def fill(tables: Tables, **rows: Sequence[Row]) -> Tables:
    tables.clear()
    number = 0
    for table, given_rows in rows.items():
        typed = []
        for row in given_rows:
            number += 1
            typed.append(
                {
                    "rij_id": number,
                    "bestand": "b",
                    "blad": table,
                    "rij": number,
                    "cellen": {},
                    **row,
                }
            )
        tables.load(table, typed)
    return tables


def burden(
    contract: Row = CONTRACT,
    demands: Sequence[Row] = (),
    tariffs: Sequence[Row] = (),
    tables: Tables | None = None,
) -> Lasten:
    used = fill(tables or prepared(), contract=[contract], tarief=tariffs, administratie=demands)
    (found,) = burdens(used)
    return found


def outcome(found: Lasten, layer: str = "LD-2", party: str = "professional") -> Lastenuitkomst:
    result = found.outcome(layer, party)
    assert result is not None
    return result


def act(found: Lasten, name: str) -> Lasteneis:
    return next(a for a in found.eisen if a.naam.startswith(name))


def test_tb1_every_row_has_its_minutes() -> None:
    found = burden(demands=(WRITING, *DEMANDS))
    minutes = {
        a.naam: (a.minuten, a.minuten_professional)
        for a in found.eisen
        if a.uitvoerder != "gemeente"
    }
    assert minutes == {
        "Verzoek om toewijzing (JW315)": (D(600), D(300)),  # 60 x 10, half by the professional
        "Start van de hulp melden (JW305)": (D(180), D(0)),  # 60 x 3
        "Einde van de hulp melden (JW307)": (D(180), D(0)),  # 60 x 3
        "Verzoek om wijziging (JW317)": (D(450), D(225)),  # 60 x 0.5 x 15
        "Tijdschrijven": (D(18720), D(18720)),  # 6 x 208 x 15
        "Declareren (JW323)": (D(1080), D(0)),  # 60 x 9 x 2
        "Voortgangsrapport": (D(3600), D(3600)),  # 60 x 60
        "Herindicatie": (D(1080), D(1080)),  # 12 x 90
        "Kwartaalrapport": (D(1920), D(0)),  # 4 x 480
        "Productieverantwoording": (D(1440), D(0)),
        "Contractgesprek": (D(960), D(0)),  # 2 x 480
    }


def test_tb1_shares_and_euros() -> None:
    found = burden(demands=(WRITING, *DEMANDS))
    whole = outcome(found)
    assert whole.minuten == D(23925)
    assert whole.werktijd == D("541427.90")
    assert whole.aandeel == D("4.42")  # 23,925 / 541,427.904 = 4.418871%
    assert whole.ruimte == D("44.19")
    assert whole.boven_streefwaarde is False
    both = outcome(found, party="professional en backoffice")
    assert (both.minuten, both.aandeel) == (D(30210), D("5.58"))
    costs = {c.partij: (c.uren, c.midden) for c in found.kosten}
    assert costs == {
        "professional": (D("398.75"), D("19889.65")),  # 398.75 x 49.88
        "backoffice": (D("104.75"), D("4190.00")),  # 104.75 x 40
    }
    assert found.minuten_per_client == D("503.50")  # 30,210 / 60


def test_tb1_other_variants_in_the_table_and_as_contract() -> None:
    found = burden(demands=(WRITING, *DEMANDS))
    assert [(v.variant, v.huidig, v.minuten_professional, v.aandeel) for v in found.varianten] == [
        ("inspanningsgericht", True, D(23925), D("4.42")),
        ("outputgericht", False, D(5070), D("0.94")),
        ("taakgericht", False, D(3600), D("0.66")),
    ]
    output = burden({**CONTRACT, "uitvoeringsvariant": "outputgericht"}, DEMANDS)
    assert (outcome(output).minuten, outcome(output).aandeel) == (D(5070), D("0.94"))
    task = burden(
        {**CONTRACT, "uitvoeringsvariant": "taakgericht"},
        [d for d in DEMANDS if d["categorie"] != "herindicatie"],
    )
    assert (outcome(task).minuten, outcome(task).aandeel) == (D(3600), D("0.66"))


def test_tb1_minutes_of_time_writing_at_which_the_contract_takes_ten_percent() -> None:
    # (54,142.7904 - 5,205) / (6 x 208) = 39.21
    found = burden(demands=(WRITING, *DEMANDS))
    assert act(found, "Tijdschrijven").minuten_bij_streefwaarde == D("39.21")


@pytest.mark.parametrize(("minutes", "above"), [(9000, False), (9001, True)])
def test_tb2_exactly_ten_percent_passes_and_a_minute_more_does_not(
    minutes: int, above: bool
) -> None:
    contract = {
        **CONTRACT,
        "uitvoeringsvariant": "taakgericht",
        "fte_professional": 1,
        "netto_uren_per_fte": 1500,
    }
    found = burden(contract, [demand("Rapport", "overig", "contract", 1, minutes, "professional")])
    assert outcome(found).werktijd == D(90000)
    assert outcome(found).aandeel == D("10.00")
    assert outcome(found).boven_streefwaarde is above
    (row,) = (
        prepared().query(
            "SELECT 100 * lasten_professional > 10 * lasten_professional_tijd AS boven FROM contract"
        )
        if prepared().derive(["contract"]) is None
        else ()
    )
    assert row["boven"] is above


def test_tb3_the_other_denominator_stands_beside_the_outcome() -> None:
    # 6 x 1,878 x 60 = 676,080; 23,925 / 676,080 = 3.54%
    assert outcome(burden(demands=(WRITING, *DEMANDS))).aandeel_contracturen == D("3.54")


def test_imposed_hours_raise_the_cost_price_per_hour() -> None:
    # 94.43 x 52 / (1,323.97 - 52) = 3.8604...
    tables = prepared()
    assert cost_price_effect(tables, D("94.43"), D("1323.97"), D(52)) == D("3.86")
    assert cost_price_effect(tables, D("94.43"), D("1323.97"), D(0)) == D("0.00")
    assert cost_price_effect(tables, D("94.43"), D(52), D(52)) is None
    fill(tables, contract=[CONTRACT], administratie=(WRITING, *DEMANDS))
    # 23,925 / 60 / 6 = 66.458... hours per fte; 94.43 x 66.4583 / (1,323.97 - 66.4583) = 4.99
    (found,) = burdens(tables, [CostPrice("45A48", D("94.43"), D("1323.97"))])
    assert (found.uren_per_fte, found.kostprijseffecten[0].per_uur) == (D("66.46"), D("4.99"))


def test_own_example_low_middle_and_high() -> None:
    # Output, 20 clients in and out, 6 months, 2 fte, no demands of its own. Professional:
    # JW315 20 x (5, 10, 20) / 2 = 50, 100, 200; JW317 20 x 0.2 x (5, 15, 30) / 2 = 10, 30, 60.
    contract = {
        **CONTRACT, "uitvoeringsvariant": "outputgericht", "clienten_per_jaar": 20, "instroom_per_jaar": 20,
        "uitstroom_per_jaar": 20, "gemiddelde_duur_maanden": 6, "fte_professional": 2,
    }  # fmt: skip
    whole = outcome(burden(contract))
    assert (whole.minuten_laag, whole.minuten, whole.minuten_hoog) == (D(60), D(130), D(260))
    # 2 x 1,503.9664 x 60 = 180,475.968; 130 / 180,475.968 = 0.072%
    assert whole.aandeel == D("0.07")
    # Gemeente: 20 x 20 + 20 x 6 x 1 = 520.
    assert outcome(burden(contract), party="gemeente").minuten == D(520)


def test_own_example_of_the_gemeente_and_back_office() -> None:
    contract = {**CONTRACT, "fte_backoffice": "0.5", "fte_gemeente": "0.25"}
    found = burden(contract, DEMANDS)
    # Gemeente 60 x 20 + 540 = 1,740 of 0.25 x 90,237.984 = 22,559.496: 7.71%.
    assert outcome(found, party="gemeente").aandeel == D("7.71")
    # Back office 6,285 of 45,118.992: 13.93%, above 10%.
    assert outcome(found, party="backoffice").aandeel == D("13.93")
    assert outcome(found, party="backoffice").boven_streefwaarde is True


def test_a_contract_alone_never_says_that_the_target_is_met() -> None:
    text = burden(demands=DEMANDS).oordeel
    assert "gebruikt" in text and "-ruimte" in text
    assert "zegt dit niet" in text and "meting" in text
    assert "voldoet" not in text and "gehaald" not in text


def test_the_measured_share_stands_apart_and_is_never_a_sum() -> None:
    found = burden({**CONTRACT, "gemeten_administratietijd": 32}, (WRITING, *DEMANDS))
    measured = outcome(found, "LD-3")
    assert (measured.aandeel, measured.boven_streefwaarde) == (D("32.00"), True)
    assert "32,00%" in found.oordeel


def test_local_demands_are_a_layer_of_their_own() -> None:
    found = burden(demands=(WRITING, *DEMANDS))
    assert outcome(found, "LD-1").minuten == D(23400)  # 18,720 + 3,600 + 1,080
    assert outcome(found, "LD-1", "backoffice").minuten == D(2880)  # 1,920 + 960


def test_time_writing_asked_only_on_the_sheet_contract_counts_with_the_default() -> None:
    # 6 fte x 208.884222 days x 15 minutes; 1,503.9664 / 7.2 = 208.884222
    found = burden({**CONTRACT, "tijdregistratie": True})
    assert act(found, "Tijdschrijven").minuten == D("18799.58")
    assert act(found, "Tijdschrijven").lokaal and act(found, "Tijdschrijven").minuten_aangenomen
    assert not [a for a in burden({**CONTRACT, "tijdregistratie": False}).eisen if "Tijd" in a.naam]
    both = burden({**CONTRACT, "tijdregistratie": True}, (WRITING,))
    assert len([a for a in both.eisen if "ijdschrijven" in a.naam]) == 1


@pytest.mark.parametrize(
    ("times", "wanted"), [(208, "18720.00"), (1, "18799.58"), (12, "1080.00"), (None, "18799.58")]
)
def test_a_low_frequency_per_working_day_is_per_day_and_a_high_one_per_year(
    times: int | None, wanted: str
) -> None:
    row = {**WRITING, "frequentie_per_eenheid": times}
    assert act(burden(demands=[row]), "Tijdschrijven").minuten == D(wanted)


def test_a_row_that_names_a_message_replaces_it_but_an_own_demand_comes_on_top() -> None:
    standard = demand(
        "JW315 sturen",
        "toewijzing",
        "toewijzing",
        1,
        8,
        "backoffice",
        grondslag="landelijke standaard",
    )
    replaced = burden(demands=[standard])
    assert not [a for a in replaced.eisen if a.naam.startswith("Verzoek om toewijzing (")]
    assert act(replaced, "JW315 sturen").minuten == D(480)
    own = demand("Eigen bijlage bij JW315", "toewijzing", "toewijzing", 1, 8, "backoffice")
    added = burden(demands=[own])
    assert act(added, "Verzoek om toewijzing (").minuten == D(600)
    assert act(added, "Eigen bijlage").lokaal


def test_another_demand_of_the_standard_is_not_counted_twice() -> None:
    row = demand(
        "Declareren via berichten",
        "declaratie",
        None,
        None,
        None,
        None,
        grondslag="Regeling Jeugdwet",
    )
    found = burden(demands=[row])
    assert [t for t in found.niet_geteld if t.startswith("Declareren via berichten: valt onder")]
    assert act(found, "Declareren (JW323)").minuten == D(1080)


def test_defaults_of_the_kind_are_named_as_assumed() -> None:
    found = burden(demands=[demand("Evaluatie per jaar", "voortgang", None, None, None, None)])
    row = act(found, "Evaluatie")
    assert (row.minuten, row.minuten_aangenomen) == (D(3600), True)
    assert len(row.aannames) == 4


def test_a_measured_number_of_minutes_is_no_assumption() -> None:
    row = {**WRITING, "minuten_herkomst": "gemeten"}
    assert act(burden(demands=[row]), "Tijdschrijven").minuten_aangenomen is False


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (demand("Lijst", "overig", "contract", 1, None, "backoffice"), "aantal minuten ontbreekt"),
        (demand("Lijst", "overig", None, 1, 10, "backoffice"), "waarover de eis telt"),
        (demand("Lijst", "overig", "contract", 1, -5, "backoffice"), "negatief"),
        (demand("Lijst", "overig", "contract", 10**11, 10**11, "backoffice"), "veel te hoog"),
        (demand("Lijst", "overig", "cliënt", 1, 10, "de ouder"), "doet dit zelf"),
    ],
)
def test_a_row_without_a_basis_is_named_and_not_counted(row: Row, reason: str) -> None:
    found = burden(demands=[row])
    assert [t for t in found.niet_geteld if t.startswith("Lijst") and reason in t]
    assert not [a for a in found.eisen if a.naam == "Lijst"]


def test_law_and_standard_cannot_be_dropped_even_when_marked_as_avoidable() -> None:
    row = demand(
        "Jaarverantwoording",
        "overig",
        "contract",
        1,
        600,
        "professional",
        grondslag="wet",
        vermijdbaar=True,
    )
    found = burden(demands=[row])
    assert not act(found, "Jaarverantwoording").te_schrappen
    assert not [z for z in found.zetten if "Jaarverantwoording" in z.omschrijving]


def test_the_best_moves_are_real_candidates_in_their_order() -> None:
    found = burden(demands=(WRITING, *DEMANDS))
    assert [(z.omschrijving, z.minuten_professional, z.kosten) for z in found.zetten] == [
        # 23,925 - 3,600 professional and 6,285 - 4,320 back office: 338.75 x 49.88 + 32.75 x 40
        ("Koop taakgericht in", D(20325), D("18206.85")),
        ("Stop met tijdschrijven (Tijdschrijven)", D(18720), D("15562.56")),  # 312 x 49.88
        ("Schrap de eis: Voortgangsrapport", D(3600), D("2992.80")),  # 60 x 49.88
    ]


def test_a_demand_that_must_stay_can_still_be_asked_half_as_often() -> None:
    needed = {**WRITING, "vermijdbaar": False}
    found = burden(demands=[needed])
    move = next(z for z in found.zetten if z.omschrijving.startswith("Vraag half"))
    assert move.minuten_professional == D(9360)
    row = act(found, "Tijdschrijven")
    assert (row.te_schrappen, row.winst_schrappen, row.winst_halveren) == (False, None, D("1.73"))


def test_what_does_not_fit_the_variant_still_costs_time() -> None:
    found = burden({**CONTRACT, "uitvoeringsvariant": "outputgericht"}, (WRITING,))
    assert act(found, "Tijdschrijven").minuten == D(18720)
    assert found.zetten[0].omschrijving in (
        "Koop taakgericht in",
        "Stop met tijdschrijven (Tijdschrijven)",
    )


def test_without_numbers_there_are_minutes_per_client_and_no_share() -> None:
    contract = {k: v for k, v in CONTRACT.items() if "jaar" not in k and k != "fte_professional"}
    found = burden(contract, DEMANDS)
    whole = outcome(found)
    assert whole.aandeel is None and "cliënten" in (whole.reden or "")
    # One client, nine months: 10 + 3 + 3 + 0.5 x 15 + 9 x 2 + 60 = 101.5
    assert found.minuten_per_client == D("101.50")
    assert not found.kosten and not found.zetten


def test_without_fte_the_working_time_follows_from_the_hours_bought() -> None:
    # 1,000 hours and 60,000 minutes: 120,000 declarable minutes / 66.02% = 181,763.10 net minutes.
    contract = {k: v for k, v in CONTRACT.items() if k != "fte_professional"}
    tariffs = [
        {
            "productcode": "45A48",
            "omschrijving": "a",
            "eenheid": "04",
            "tarief": 78,
            "volume": 1000,
        },
        {
            "productcode": "45A53",
            "omschrijving": "b",
            "eenheid": "01",
            "tarief": 1,
            "volume": 60000,
        },
    ]
    found = burden(contract, tariffs=tariffs)
    assert outcome(found).werktijd == D("181763.10")
    assert [t for t in found.aannames if "wij leiden de werktijd af" in t]
    day = [
        *tariffs,
        {"productcode": "41A01", "omschrijving": "c", "eenheid": "16", "tarief": 90, "volume": 10},
    ]
    assert outcome(burden(contract, tariffs=day)).aandeel is None


def test_mixed_variants_count_by_turnover_and_without_volumes_by_product() -> None:
    contract = {**CONTRACT, "uitvoeringsvariant": None}
    tariffs = [
        {"productcode": "45A48", "omschrijving": "a", "uitvoeringsvariant": "inspanningsgericht", "eenheid": "04", "tarief": 100, "volume": 300},
        {"productcode": "45A53", "omschrijving": "b", "uitvoeringsvariant": "taakgericht", "eenheid": "82", "tarief": 1000, "volume": 10},
    ]  # fmt: skip
    # Turnover 30,000 and 10,000: three quarters effort. JW315 60 x 0.75 x 10 = 450.
    assert act(burden(contract, tariffs=tariffs), "Verzoek om toewijzing (").minuten == D(450)
    without = [{**t, "volume": None} for t in tariffs]
    assert act(burden(contract, tariffs=without), "Verzoek om toewijzing (").minuten == D(300)


def test_a_demand_for_one_product_counts_for_its_share() -> None:
    tariffs = [
        {"productcode": code, "omschrijving": code, "eenheid": "04", "tarief": 80}
        for code in ("45A48", "45A53")
    ]
    row = {**DEMANDS[0], "productcode": "45A48"}
    found = act(burden(demands=[row], tariffs=tariffs), "Voortgangsrapport")
    assert found.minuten == D(1800) and found.aannames
    given_part = {**row, "aandeel_geldt": 25}
    assert act(burden(demands=[given_part], tariffs=tariffs), "Voortgangsrapport").minuten == D(900)


def test_time_writing_is_less_where_products_are_not_paid_by_time() -> None:
    tariffs = [
        {
            "productcode": "44A01",
            "omschrijving": "verblijf",
            "eenheid": "14",
            "tarief": 300,
            "uitvoeringsvariant": "inspanningsgericht",
        }
    ]
    found = burden({**CONTRACT, "tijdregistratie": True, "werkdagen_per_fte": 200}, tariffs=tariffs)
    assert act(found, "Tijdschrijven").minuten == D(1800)  # 6 x 200 x 15 x 0.1


def test_given_numbers_of_changes_and_rejections_are_used() -> None:
    found = burden({**CONTRACT, "wijzigingen_per_jaar": 10, "afgekeurde_regels_per_jaar": 7})
    assert act(found, "Verzoek om wijziging").minuten == D(150)
    assert act(found, "Afgekeurde").minuten == D(70)


def test_a_large_contract_does_not_overflow() -> None:
    contract = {
        **CONTRACT,
        "clienten_per_jaar": 10**7,
        "instroom_per_jaar": 10**7,
        "fte_professional": 10**5,
    }
    rows = [demand("Lijst", "overig", "cliënt", 10**4, 10**5, "professional") for _ in range(50)]
    assert outcome(burden(contract, rows)).minuten is not None
    absurd = {
        **CONTRACT,
        "clienten_per_jaar": 10**11,
        "instroom_per_jaar": 10**11,
        "fte_professional": 10**11,
    }
    assert outcome(burden(absurd, DEMANDS)).aandeel is None


def test_a_contract_that_began_before_the_target_is_counted_as_it_runs_now() -> None:
    old = {
        **CONTRACT,
        "startdatum": datetime.date(2019, 1, 1),
        "einddatum": datetime.date(2027, 12, 31),
    }
    assert outcome(burden(old, DEMANDS)).aandeel is not None
    unknown = {**CONTRACT, "startdatum": None}
    assert outcome(burden(unknown, DEMANDS)).aandeel is not None


def test_nothing_filled_in_gives_nothing_to_say() -> None:
    tables = fill(
        prepared(), contract=[{"contract_id": "C", "uitvoeringsvariant": "inspanningsgericht"}]
    )
    assert burdens(tables) == []
    assert burdens(fill(prepared(), administratie=DEMANDS)) == []


def test_each_contract_of_a_workbook_has_its_own_burden() -> None:
    contracts = [CONTRACT, {**CONTRACT, "contract_id": "C-2", "fte_professional": 12}]
    rows = [{**WRITING, "contract_id": "C-2"}]
    first, second = burdens(fill(prepared(), contract=contracts, administratie=rows))
    assert outcome(first, "LD-1").minuten == D(0)
    assert outcome(second, "LD-1").minuten == D(37440)  # 12 x 208 x 15
    assert outcome(second).werktijd == D("1082855.81")


@pytest.fixture
def parameter_file(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "eigen.yaml"
    path.write_text(
        "lasten_uurkosten_backoffice: 50\n"
        "handelingen:\n  jw315: {minuten: 6, aandeel_professional: 0, reden: gemeten in onze regio}\n",
        encoding="utf-8",
    )
    yield path


def test_a_user_can_change_an_act_and_the_report_says_so(parameter_file: Path) -> None:
    ruleset = load_ruleset(parameter_file=parameter_file)
    found = burden(tables=prepare(ruleset))
    assert act(found, "Verzoek om toewijzing (").minuten == D(360)
    assert act(found, "Verzoek om toewijzing (").uitvoerder == "backoffice"
    texts = [f"{o.wat}: {o.nu} {o.reden}" for o in ruleset.overrides]
    assert any("handeling jw315" in t and "6 (6 tot 6)" in t and "onze regio" in t for t in texts)


@pytest.mark.parametrize(
    ("content", "lesson"),
    [
        ("handelingen: {jw999: {minuten: 1}}", "bestaat niet"),
        ("handelingen: {jw315: {minuten: veel}}", "jw315"),
        ("handelingen: {jw315: {minuten: -1}}", "jw315"),
        ("handelingen: {jw315: {duur: 1}}", "jw315"),
        ("handelingen: [1]", "per handeling"),
    ],
)
def test_a_wrong_change_of_an_act_is_refused_in_dutch(
    tmp_path: Path, content: str, lesson: str
) -> None:
    path = tmp_path / "eigen.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UnusableInput, match=lesson):
        load_ruleset(parameter_file=path)


def test_a_rule_folder_can_replace_an_act(tmp_path: Path) -> None:
    acts = yaml.safe_load(
        (Path(__file__).parents[1] / "rules/lasten/handelingen.yaml").read_text(encoding="utf-8")
    )
    own = {**acts[0], "minuten": {"laag": 1, "midden": 2, "hoog": 3}}
    (tmp_path / "lasten").mkdir()
    (tmp_path / "lasten" / "handelingen.yaml").write_text(
        yaml.safe_dump([own], allow_unicode=True), encoding="utf-8"
    )
    ruleset = load_ruleset(user_folders=[tmp_path])
    assert next(a for a in ruleset.activities if a.sleutel == "jw315").minuten.midden == 2
    assert any("handeling jw315" in o.wat for o in ruleset.overrides)


def test_every_act_has_a_source_and_says_that_minutes_are_assumed() -> None:
    for activity in load_ruleset().activities:
        assert len(activity.frequentie_bron) > 10 and len(activity.minuten_bron) > 10
        assert activity.status == "aanname"


COUNTS = st.integers(0, 40)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    clients=st.integers(1, 60),
    fte=st.integers(5, 60),
    variant=st.sampled_from(["inspanningsgericht", "outputgericht", "taakgericht"]),
    rows=st.lists(
        st.tuples(st.sampled_from(["cliënt", "contract", "toewijzing"]), COUNTS, COUNTS), max_size=3
    ),
)
def test_the_share_lies_between_zero_and_one_and_rises_with_each_demand(
    clients: int, fte: int, variant: str, rows: list[tuple[str, int, int]]
) -> None:
    contract = {
        **CONTRACT,
        "clienten_per_jaar": clients,
        "instroom_per_jaar": clients,
        "uitstroom_per_jaar": clients,
        "fte_professional": fte,
        "uitvoeringsvariant": variant,
    }
    demands: list[Row] = []
    before = outcome(burden(contract)).minuten or D(0)
    for number, (unit, times, minutes) in enumerate(rows):
        demands.append(demand(f"Eis {number}", "overig", unit, times, minutes, "professional"))
        whole = outcome(burden(contract, demands))
        assert (
            whole.minuten is not None and whole.werktijd is not None and whole.aandeel is not None
        )
        units = 1 if unit == "contract" else clients
        assert whole.minuten == before + units * times * minutes
        assert whole.aandeel >= 0
        assert (whole.aandeel <= 100) or whole.minuten > whole.werktijd
        assert whole.minuten_laag is not None and whole.minuten_hoog is not None
        assert whole.minuten_laag <= whole.minuten <= whole.minuten_hoog
        before = whole.minuten


# --- the installed command ------------------------------------------------------------------

SHEET = [
    ["Contractnummer", "JH-1"],
    ["Gemeente", "Voorbeeldstad"],
    ["Startdatum", "1-1-2026"],
    ["Einddatum", "31-12-2028"],
    ["Uitvoeringsvariant", "inspanningsgericht"],
    ["Cliënten per jaar", 60],
    ["Instroom per jaar", 60],
    ["Uitstroom per jaar", 60],
    ["Gemiddelde duur hulp (maanden)", 9],
    ["Professionals voor dit contract (fte)", 6],
]
HEADINGS = ["Eis", "Soort eis", "Grondslag", "Geldt per", "Keer per jaar", "Minuten per keer", "Wie doet het", "Aantal eenheden per jaar"]  # fmt: skip


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    names = ("omschrijving", "categorie", "grondslag", "telleenheid", "frequentie_per_eenheid", "minuten_per_keer", "uitvoerder", "aantal_eenheden")  # fmt: skip
    rows = [[row.get(name) for name in names] for row in (WRITING, *DEMANDS)]
    return make_workbook(
        tmp_path / "werk.xlsx", {"Contract": SHEET, "Administratie": [HEADINGS, *rows]}
    )


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "inkoopcheck", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=Path(__file__).parents[1],
    )


def test_the_command_shows_the_block_and_ends_in_order(workbook: Path) -> None:
    done = run("lasten", workbook)
    assert done.returncode == 0, done.stderr
    for text in (
        "44,19%",
        "4,42%",
        "3,54%",
        "€ 19.889,65",
        "Stop met tijdschrijven",
        "Werktijd is hier",
    ):
        assert text in done.stdout, text


def test_the_command_as_json_says_where_each_demand_stands(workbook: Path) -> None:
    data = json.loads(
        run("lasten", workbook, "--formaat", "json", "--peildatum", "2026-07-01").stdout
    )
    (found,) = data["contracten"][0]["lasten"]
    places = {e["naam"]: e["plaats"] and e["plaats"]["cel"] for e in found["eisen"]}
    assert places["Tijdschrijven"] == "A2" and places["Declareren (JW323)"] is None


def test_the_command_writes_html_that_needs_nothing_from_elsewhere(
    workbook: Path, tmp_path: Path
) -> None:
    target = tmp_path / "uit.html"
    done = run("lasten", workbook, "--formaat", "html", "--uit", target)
    assert done.returncode == 0, done.stderr
    page = target.read_text(encoding="utf-8")
    assert "<svg" in page and "44,19%" in page and 'role="img"' in page
    assert "src=" not in page and "<script" not in page and 'href="http' not in page


def test_a_file_that_cannot_be_used_ends_in_two_with_a_sentence(tmp_path: Path) -> None:
    done = run("lasten", tmp_path / "niets.xlsx")
    assert done.returncode == 2
    assert done.stderr and "Traceback" not in done.stderr


def test_a_workbook_with_too_little_says_what_to_fill_in(tmp_path: Path) -> None:
    done = run("lasten", make_workbook(tmp_path / "w.xlsx", {"Contract": SHEET[:5]}))
    assert done.returncode == 0 and "te weinig ingevuld" in done.stdout


def test_the_report_of_the_check_holds_the_same_block(workbook: Path, tmp_path: Path) -> None:
    done = run("contract", workbook, "--formaat", "json", "--fail-op", "nooit")
    data = json.loads(done.stdout)
    jsonschema.validate(data, jsonfile.schema())
    assert data["contracten"][0]["lasten"][0]["uitkomsten"][4]["aandeel"] == "4.42"
    target = tmp_path / "uit.xlsx"
    run("contract", workbook, "--formaat", "xlsx", "--uit", target, "--fail-op", "nooit")
    sheet = openpyxl.load_workbook(target)["Lasten"]
    assert "44,19%" in sheet["A1"].value
    assert {row[0].value: row[10].value for row in sheet.iter_rows(min_row=4, max_row=16)}[
        "Tijdschrijven"
    ] == 18720
