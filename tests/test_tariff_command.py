"""``inkoopcheck tarief`` as a user runs it: calculator and comparison, in all forms."""

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.workbooks import make_workbook

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "sample_contracts" / "narekenen.xlsx"


def run(*arguments: str | Path, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "inkoopcheck", "tarief", *map(str, arguments)],
        cwd=folder or ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
    )


def workbook(path: Path, **sheets: list[list[Any]]) -> Path:
    return make_workbook(path, sheets)


COST_HEADINGS = ["Productcode", "Functie", "Bruto maandloon", "Werkgeverslasten", "Ziekteverzuim",
                 "Overhead", "Vorm van de overhead", "Wat is te declareren?", "Eenheid", "Jaar"]  # fmt: skip
COST = ["45A48", "hbo", 3900, 30, 7.8, 20, "opslag", "direct en indirect", "uur", 2026]
TARIFF_HEADINGS = ["Productcode", "Omschrijving", "Eenheid", "Tarief", "Jaar", "Volume"]


def verdicts(path: Path, *options: str | Path) -> tuple[int, list[dict[str, Any]]]:
    done = run("toets", path, "--formaat", "json", *options)
    assert done.returncode in (0, 1), done.stderr
    return done.returncode, json.loads(done.stdout)["toetsen"]


def test_a_tariff_from_loose_figures_shows_every_step() -> None:
    done = run("bereken", "--loon", "3900", "--eenheid", "uur", "--jaar", "2025")
    assert done.returncode == 0, done.stderr
    assert "Jaarloon: € 46.800,00" in done.stdout
    assert "= 12 × 3.900" in done.stdout
    assert "standaard van inkoopcheck (aanname" in done.stdout
    assert "element c van het Besluit Jeugdwet" in done.stdout
    assert "Niet meegeteld" in done.stdout


def test_a_tariff_from_a_file_is_the_same_as_from_options(tmp_path: Path) -> None:
    path = tmp_path / "tarief.yaml"
    path.write_text(
        "eenheid: uur\njaar: 2025\noverhead_percentage: 25\nfuncties:\n- bruto_maandloon: 3900\n"
    )
    one = run("bereken", path, "--formaat", "json")
    two = run("bereken", "--loon", "3900", "--eenheid", "uur", "--jaar", "2025", "--zet",
              "overhead_percentage=25", "--formaat", "json")  # fmt: skip
    assert json.loads(one.stdout)[0]["midden"] == json.loads(two.stdout)[0]["midden"]


def test_a_missing_figure_is_named_and_gives_code_1() -> None:
    done = run("bereken", "--loon", "3900", "--eenheid", "etmaal")
    assert done.returncode == 1
    words = " ".join(done.stdout.split())
    for needed in ("onregelmatigheidstoeslag (ort)", "aantal plaatsen", "aantal fte"):
        assert needed in words


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Geef een bestand, of losse cijfers"),
        (("--zet", "risico"), "NAAM=WAARDE"),
        (("--zet", "onzin=1"), "bestaat niet"),
        (("--loon", "veel"), "een bedrag"),
        (("--loon", "1e99"), "een bedrag"),
        (("--jaar", "morgen", "--loon", "3900"), "een jaartal"),
        (("bestaat-niet.yaml",), "niet te openen"),
        (("bestaat-niet.xlsx",), "niet te openen"),
        (("README.md", "--loon", "3900"), "niet allebei"),
    ],
)
def test_a_call_that_cannot_be_used_gets_a_dutch_sentence(
    arguments: tuple[str, ...], message: str
) -> None:
    done = run("bereken", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_workbook_without_a_cost_price_says_what_to_do() -> None:
    done = run("bereken", ROOT / "sample_contracts" / "tarieven.csv")
    assert done.returncode == 2
    assert "sjabloon" in done.stderr


def test_the_calculation_of_a_contract_becomes_a_workbook(tmp_path: Path) -> None:
    target = tmp_path / "rekenmap.xlsx"
    done = run("bereken", SAMPLE, "--formaat", "xlsx", "--uit", target)
    assert done.returncode == 0, done.stderr
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["45A48", "45A53", "54001", "41A03", "44A07"]
    formulas = [
        c.value for row in book["45A48"].iter_rows() for c in row if str(c.value).startswith("=")
    ]
    assert len(formulas) > 20
    assert run("bereken", target, "--formaat", "xlsx", "--uit", target).returncode == 2


def test_a_contract_is_laid_beside_its_cost_price() -> None:
    code, found = verdicts(SAMPLE)
    assert code == 1
    outcomes = {item["productcode"]: item["oordeel"] for item in found}
    assert outcomes == {
        "45A48": "onder de bandbreedte",
        "45A53": "binnen de bandbreedte",
        "41A03": "binnen de bandbreedte",
        "44A07": "onder de bandbreedte",
        "54001": "binnen de bandbreedte",
    }
    below = found[0]
    # (82,80 - 72,60) x 5.200 hours
    assert (below["tekort"], below["tekort_jaar"]) == ("10.20", "53040.00")
    assert below["plaats"]["cel"] == "M6"
    assert below["verklaring"]


def test_the_band_decides_to_the_cent(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "c.xlsx", Kostprijs=[COST_HEADINGS, COST], Tarieven=[TARIFF_HEADINGS, ["45A48", "x", "uur", 1, 2026]]
    )  # fmt: skip
    _, (item,) = verdicts(path)
    low, high = Decimal(item["laag"]), Decimal(item["hoog"])
    # No multiples of 0,60, which may differ by rounding of the minute.
    for amount, verdict in (
        (low, "binnen"), (low - Decimal("0.01"), "onder"),
        (high, "binnen"), (high + Decimal("0.01"), "boven"),
    ):  # fmt: skip
        assert amount % Decimal("0.60")
        workbook(path, Kostprijs=[COST_HEADINGS, COST],
                 Tarieven=[TARIFF_HEADINGS, ["45A48", "x", "uur", float(amount), 2026]])  # fmt: skip
        _, (item,) = verdicts(path)
        assert item["oordeel"].startswith(verdict), amount


def test_a_tariff_per_minute_is_compared_per_minute(tmp_path: Path) -> None:
    path = workbook(tmp_path / "c.xlsx", Kostprijs=[COST_HEADINGS, COST],
                    Tarieven=[TARIFF_HEADINGS, ["45A48", "x", "minuut", 0.50, 2026, 60000]])  # fmt: skip
    code, (item,) = verdicts(path)
    assert (code, item["oordeel"]) == (1, "onder de bandbreedte")
    assert Decimal(item["laag"]) < 2
    assert Decimal(item["tekort_jaar"]) == (Decimal(item["laag"]) - Decimal("0.50")) * 60000


def test_a_pgb_tariff_is_no_tariff_of_a_provider(tmp_path: Path) -> None:
    path = workbook(tmp_path / "c.xlsx", Kostprijs=[COST_HEADINGS, COST],
                    Tarieven=[TARIFF_HEADINGS, ["45A48", "begeleiding pgb", "uur", 40, 2026],
                              ["45A48", "begeleiding", "uur", 80, 2026]])  # fmt: skip
    _, found = verdicts(path)
    assert [item["aangeboden"] for item in found] == ["80.0000"]


def test_a_cost_price_of_another_unit_says_nothing(tmp_path: Path) -> None:
    path = workbook(tmp_path / "c.xlsx", Kostprijs=[COST_HEADINGS, COST],
                    Tarieven=[TARIFF_HEADINGS, ["45A48", "x", "dagdeel", 40, 2026]])  # fmt: skip
    code, (item,) = verdicts(path)
    assert (code, item["oordeel"]) == (0, "niet te bepalen")
    assert "Vul het blad Kostprijs in" in item["reden"]


def test_wages_from_a_file_count_for_products_of_their_level(tmp_path: Path) -> None:
    path = workbook(tmp_path / "c.xlsx", Tarieven=[
        [*TARIFF_HEADINGS, "Functieniveau"],
        ["45A48", "x", "uur", 78, 2026, None, "hbo"], ["45A49", "y", "uur", 51, 2026, None, "mbo"],
        ["45A53", "z", "uur", 99, 2026, None, "wo"]])  # fmt: skip
    wages = tmp_path / "lonen.yaml"
    wages.write_text(
        "- {niveau: hbo, eenheid: uur, bruto_maandloon: 3900}\n"
        "- {niveau: mbo, eenheid: uur, bruto_maandloon: 3300}\n"
    )
    _, found = verdicts(path, "--invoer", wages)
    assert [item["bron"] for item in found] == ["kostprijs", "kostprijs", None]
    assert Decimal(found[0]["midden"]) > Decimal(found[1]["midden"])


def test_a_published_build_up_without_a_definition_gets_a_band(tmp_path: Path) -> None:
    """T-A1: 24,68 at 80% with 20% overhead is 37,02 as a surcharge and 38,56 as a share."""
    path = workbook(tmp_path / "c.xlsx", Opbouw=[
        ["Functie", "Cao-kosten", "Productiviteit", "Overhead %", "Uurtarief"],
        ["FWG 45", 24.68, 80, 20, 38], ["FWG 65", 42.22, 80, 20, 64]])  # fmt: skip
    code, found = verdicts(path)
    assert code == 0
    assert [(i["laag"], i["hoog"]) for i in found] == [("37.02", "38.56"), ("63.33", "65.97")]
    assert "opslag" in found[0]["verklaring"]


def test_a_cost_price_with_its_own_tariff_needs_no_list(tmp_path: Path) -> None:
    path = workbook(tmp_path / "c.xlsx", Kostprijs=[[*COST_HEADINGS, "Tarief"], [*COST, 20.10]])
    code, (item,) = verdicts(path)
    assert (code, item["oordeel"], item["bron"]) == (1, "onder de bandbreedte", "kostprijs")


def test_own_figures_move_the_band_and_are_named(tmp_path: Path) -> None:
    figures = tmp_path / "cijfers.yaml"
    figures.write_text("kostprijs_overhead: {laag: 30, midden: 32, hoog: 34}\n")
    base = run("bereken", "--loon", "3900", "--eenheid", "uur", "--formaat", "json")
    own = run("bereken", "--loon", "3900", "--eenheid", "uur", "--formaat", "json", "--parameters", figures)  # fmt: skip
    one, two = json.loads(base.stdout)[0], json.loads(own.stdout)[0]
    assert Decimal(two["laag"]) > Decimal(one["laag"])
    overhead = next(i for i in two["invoer"] if i["naam"] == "overhead")
    assert overhead["bron"] == "eigen waarde uit cijfers.yaml"
    figures.write_text("kostprijs_overhead: {laag: 30}\n")
    assert run("bereken", "--loon", "3900", "--eenheid", "uur", "--parameters", figures).returncode == 2  # fmt: skip


def test_a_cell_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    row = ["n.o.t.k." if value == 3900 else value for value in COST]
    path = workbook(tmp_path / "c.xlsx", Kostprijs=[COST_HEADINGS, row, COST])
    done = run("bereken", path)
    assert "1 cel is niet begrepen en telt niet mee: Kostprijs!C2." in done.stderr
