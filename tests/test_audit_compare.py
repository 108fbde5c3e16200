"""Two audits side by side: by contents, without a number that either report hides."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from inkoopcheck.audit.compare import compare
from inkoopcheck.audit.figures import PUBLISHED
from inkoopcheck.audit.open_data import write_open_data
from inkoopcheck.errors import UnusableInput
from inkoopcheck.findings.comparison import Change, Comparison
from inkoopcheck.reports.comparison import CAP_TERMINAL, render_html, render_terminal

Rows = Sequence[Mapping[str, Any]]
META = {
    "versie": "1.0",
    "regelversie": "abc",
    "peildatum": "2026-01-01",
    "gemaakt_op": "2026-01-02T10:00:00+01:00",
    "drempel": 10,
    "minimum_rijen": 30,
    "indexjaar": 2026,
    "overschreven": [],
    "instellingen": {"regels": [], "zonder": [], "keuzes": [], "xsd": None},
}
FINDING = {
    "gemeente": "0384",
    "contract": "C1",
    "aanbieder": "A",
    "bestand": "c1.xlsx",
    "blad": "Tarieven",
    "cel": "D4",
    "regel": "TAR-01",
    "familie": "tarief",
    "ernst": "waarschuwing",
    "titel": "Laag tarief",
    "melding": "Het tarief is laag.",
    "vingerafdruk": "f1",
}
FIGURE = {
    "niveau": "gemeente",
    "code": "0384",
    "cijfer": "standaard_codes",
    "uitsplitsing": "",
    "waarde": Decimal("60.00"),
    "rijen": 40,
    "clienten": 31,
    "onderdrukt": False,
}
WAIT = {**FIGURE, "cijfer": "wachttijd_toewijzing", "waarde": Decimal("41.00")}
HIDDEN = {"onderdrukt": True, "waarde": None, "rijen": None, "clienten": None}
COUNT = {
    "niveau": "gemeente",
    "code": "0384",
    "bron": "bericht",
    "familie": "ijw",
    "ernst": "fout",
    "regel": "IJW-1",
    "titel": "Iets",
    "aantal": 12,
    "uitgelegd": 0,
    "onderdrukt": False,
}
FILE = {"naam": "a.xml", "sha256": "s1", "soort": "bericht", "oordeel": "gelezen"}
INDEX = {
    "niveau": "gemeente",
    "code": "0384",
    "onderdeel": "totaal",
    "titel": "Standaardisatie-index",
    "gewicht": Decimal("100.0"),
    "score": Decimal("58.0"),
    "bijdrage": Decimal("58.0"),
    "rijen": 90,
    "onderdrukt": False,
}


def report(folder: Path, meta: Mapping[str, Any] | None = None, **tables: Rows) -> Path:
    """A report with these rows in its open data."""
    given: dict[str, Rows] = {
        "gebied": [{"niveau": "gemeente", "code": "0384", "naam": "Diemen"}],
        "cijfer_uitleg": [
            {"cijfer": "standaard_codes", "titel": "Standaardcodes", "eenheid": "%"},
            {"cijfer": "wachttijd_toewijzing", "titel": "Wachttijd", "eenheid": "dagen"},
        ],
        **tables,
    }
    folder.mkdir()
    write_open_data({name: given.get(name, []) for name in PUBLISHED}, folder)
    (folder / "audit.json").write_text(json.dumps({**META, **(meta or {})}), encoding="utf-8")
    return folder


def pair(tmp_path: Path, table: str, before: Rows, after: Rows) -> Comparison:
    old = report(tmp_path / "toen", None, **{table: before})
    return compare(old, report(tmp_path / "nu", None, **{table: after}))


def shown(comparison: Comparison, *, only_new: bool = False) -> str:
    console = Console(width=100, record=True, force_terminal=False, quiet=False)
    with console.capture() as capture:
        render_terminal(comparison, console, only_new=only_new)
    return " ".join(capture.get().split())


def test_findings_are_told_apart_by_their_contents(tmp_path: Path) -> None:
    moved = {**FINDING, "cel": "D9", "bestand": "anders.xlsx"}
    gone = {**FINDING, "vingerafdruk": "f2"}
    new = {**FINDING, "vingerafdruk": "f3"}
    found = pair(tmp_path, "contract_bevinding", [FINDING, gone], [new, moved])
    assert [row["vingerafdruk"] for row in found.nieuw] == ["f3"]
    assert [row["vingerafdruk"] for row in found.opgelost] == ["f2"]
    assert [(row["vingerafdruk"], row["cel"]) for row in found.gebleven] == [("f1", "D9")]


def test_equal_findings_are_counted_one_by_one(tmp_path: Path) -> None:
    found = pair(tmp_path, "contract_bevinding", [FINDING] * 2, [FINDING] * 3)
    assert (len(found.nieuw), len(found.opgelost), len(found.gebleven)) == (1, 0, 2)


def test_the_same_finding_in_another_gemeente_is_another(tmp_path: Path) -> None:
    found = pair(
        tmp_path, "contract_bevinding", [FINDING], [FINDING, {**FINDING, "gemeente": "0363"}]
    )
    assert [row["gemeente"] for row in found.nieuw] == ["0363"]


def test_the_worst_come_first_and_explained_ones_are_told(tmp_path: Path) -> None:
    note = {**FINDING, "ernst": "aandachtspunt", "vingerafdruk": "a"}
    error = {**FINDING, "ernst": "fout", "vingerafdruk": "z", "uitgelegd": "Mag (inkoop)"}
    stayed = {**FINDING, "uitgelegd": "Afgesproken (inkoop)"}
    found = pair(tmp_path, "contract_bevinding", [FINDING], [note, stayed, error])
    assert [row["ernst"] for row in found.nieuw] == ["fout", "aandachtspunt"]
    assert [row["vingerafdruk"] for row in found.nieuw_open] == ["a"]
    assert "2 nieuwe afwijkingen (daarvan 1 met uitleg), 0 opgelost en 1 gebleven" in shown(found)
    assert "1 afwijking nu een uitleg" in render_html(found)


def test_a_report_beside_itself_has_nothing_new(tmp_path: Path) -> None:
    folder = report(
        tmp_path / "r",
        contract_bevinding=[FINDING],
        cijfer=[FIGURE],
        bevinding=[COUNT],
        bestand=[FILE],
        standaardisatie=[INDEX],
    )
    found = compare(folder, folder)
    assert not (found.nieuw or found.opgelost or found.cijfers or found.aantallen)
    assert not (found.bestanden_nieuw or found.bestanden_weg or found.bestanden_gewijzigd)
    assert not found.kanttekeningen
    assert [(c.toen, c.nu, c.verschil) for c in found.index] == [
        (Decimal("58.0"), Decimal("58.0"), Decimal("0.0"))
    ]


def test_figures_that_changed(tmp_path: Path) -> None:
    later = {**FIGURE, "waarde": Decimal("72.50")}
    found = pair(tmp_path, "cijfer", [FIGURE, WAIT], [later, WAIT])
    (change,) = found.cijfers
    assert (change.naam, change.titel, change.verschil) == (
        "Diemen",
        "Standaardcodes",
        Decimal("12.50"),
    )
    text = "Gemeente Diemen, Standaardcodes: toen 60%, nu 72,5% (+12,5 procentpunt)"
    assert text in shown(found)
    assert "+12,5 procentpunt" in render_html(found)


def test_a_figure_that_comes_or_goes_is_unknown_on_the_other_side(tmp_path: Path) -> None:
    found = pair(tmp_path, "cijfer", [FIGURE], [WAIT])
    by_name = {change.wat: change for change in found.cijfers}
    assert by_name["standaard_codes"].nu is None
    assert by_name["wachttijd_toewijzing"].toen is None
    assert all(change.verschil is None for change in found.cijfers)
    assert "Wachttijd: toen onbekend, nu 41 dagen" in shown(found)


@pytest.mark.parametrize("swap", [False, True])
def test_a_hidden_figure_is_never_shown_as_a_number(tmp_path: Path, swap: bool) -> None:
    # Even when a number stands in a row that is hidden.
    hidden = {**WAIT, "onderdrukt": True, "waarde": Decimal("987.00")}
    sides = ([WAIT], [hidden]) if swap else ([hidden], [WAIT])
    found = pair(tmp_path, "cijfer", *sides)
    (change,) = found.cijfers
    assert change.verschil is None
    assert None in (change.toen, change.nu)
    for text in (shown(found), render_html(found)):
        assert "987" not in text and "afgeschermd" in text


def test_what_was_and_stays_hidden_is_no_change(tmp_path: Path) -> None:
    hidden = {**WAIT, **HIDDEN}
    assert not pair(tmp_path, "cijfer", [hidden], [hidden]).cijfers


def test_numbers_of_children_are_not_compared(tmp_path: Path) -> None:
    found = pair(tmp_path, "cijfer", [WAIT], [{**WAIT, "clienten": 32, "waarde": Decimal(42)}])
    assert not {"clienten", "rijen"} & set(vars(found.cijfers[0]))


def test_counts_of_findings_per_area(tmp_path: Path) -> None:
    more = [{**COUNT, "aantal": 15}, {**COUNT, "regel": "IJW-2", "aantal": 30}]
    (change,) = pair(tmp_path, "bevinding", [COUNT], more).aantallen
    assert [change.toen, change.nu, change.verschil] == [12, 45, 33]
    assert (change.wat, change.uitsplitsing) == ("fout", "bericht")


def test_a_count_that_leaves_out_a_small_number_is_hidden(tmp_path: Path) -> None:
    small = {**COUNT, "regel": "IJW-2", "aantal": None, "onderdrukt": True}
    found = pair(tmp_path, "bevinding", [COUNT], [COUNT, small])
    (change,) = found.aantallen
    assert (change.toen, change.nu, change.verschil) == (Decimal(12), None, None)
    assert "fouten in berichten: toen 12, nu afgeschermd" in shown(found)


def test_a_finding_that_was_not_there_counts_as_none(tmp_path: Path) -> None:
    (change,) = pair(tmp_path, "bevinding", [], [COUNT]).aantallen
    assert (change.toen, change.verschil) == (Decimal(0), Decimal(12))


def test_the_index_with_its_parts(tmp_path: Path) -> None:
    part = {**INDEX, "onderdeel": "lasten", "titel": "Tijd voor administratie"}
    same = {**INDEX, "onderdeel": "indexering", "titel": "Indexering afgesproken"}
    later = [{**INDEX, "score": Decimal("61.5")}, {**part, "score": Decimal("70.0")}, same]
    found = pair(tmp_path, "standaardisatie", [part, INDEX, same], later)
    assert [(c.wat, c.verschil) for c in found.index] == [
        ("totaal", Decimal("3.5")),
        ("lasten", Decimal("12.0")),
    ]
    page = render_html(found)
    assert "58 punten" in page and "61,5 punten" in page and "Tijd voor administratie" in page


def test_files_are_compared_by_their_contents(tmp_path: Path) -> None:
    before = [
        FILE,
        {**FILE, "naam": "b.xml", "sha256": "s2"},
        {**FILE, "naam": "c.xml", "sha256": "s3"},
        {**FILE, "naam": "d.pdf", "sha256": "", "oordeel": "overgeslagen"},
    ]
    after = [
        {**FILE, "naam": "elders/a.xml"},
        {**FILE, "naam": "b.xml", "sha256": "s9"},
        {**FILE, "naam": "e.xml", "sha256": "s4"},
    ]
    found = pair(tmp_path, "bestand", before, after)
    assert [row["naam"] for row in found.bestanden_nieuw] == ["e.xml"]
    assert [row["naam"] for row in found.bestanden_gewijzigd] == ["b.xml"]
    assert [row["naam"] for row in found.bestanden_weg] == ["c.xml"]
    assert "1 nieuw bestand, 1 gewijzigd en 1 niet meer aanwezig." in shown(found)


def test_other_versions_and_settings_are_named(tmp_path: Path) -> None:
    old = report(tmp_path / "toen")
    changed = {
        "regelversie": "def",
        "peildatum": "2026-07-01",
        "instellingen": {**META["instellingen"], "zonder": [["LOOP-03", "geen"]]},  # type: ignore[dict-item]
        "overschreven": [{"wat": "parameter audit_drempel", "was": "10", "nu": "20"}],
    }
    found = compare(old, report(tmp_path / "nu", changed))
    assert found.kanttekeningen == [
        "De versie van de regels, parameters en codelijsten is anders: toen abc, nu def.",
        "De peildatum is anders: toen 2026-01-01, nu 2026-07-01.",
        "Er zijn andere regels uitgeschakeld.",
        "Alleen nu aangepast: parameter audit_drempel (naar 20).",
    ]
    for text in (shown(found), shown(found, only_new=True), render_html(found)):
        assert "Er zijn andere regels uitgeschakeld." in text


def test_only_what_is_new(tmp_path: Path) -> None:
    gone = {**FINDING, "vingerafdruk": "f2", "melding": "Dit is weg."}
    new = {**FINDING, "vingerafdruk": "f3", "melding": "Dit is nieuw."}
    found = pair(tmp_path, "contract_bevinding", [gone], [new])
    assert "Dit is weg." in shown(found)
    text = shown(found, only_new=True)
    assert "Dit is nieuw." in text and "Dit is weg." not in text


def test_long_lists_are_cut_and_counted(tmp_path: Path) -> None:
    many = [{**FINDING, "vingerafdruk": f"f{n}"} for n in range(CAP_TERMINAL + 7)]
    text = shown(pair(tmp_path, "contract_bevinding", [], many))
    assert "en nog 7 afwijkingen" in text
    assert text.count("TAR-01") == CAP_TERMINAL


def test_the_order_of_rows_makes_no_difference(tmp_path: Path) -> None:
    findings = [{**FINDING, "vingerafdruk": f"f{n % 5}", "cel": f"D{n}"} for n in range(12)]
    figures = [{**FIGURE, "uitsplitsing": f"45A{n:02}"} for n in range(9)]
    old = report(tmp_path / "toen", contract_bevinding=findings[:6], cijfer=figures[:4])
    one = report(tmp_path / "een", contract_bevinding=findings, cijfer=figures)
    two = report(tmp_path / "twee", contract_bevinding=findings[::-1], cijfer=figures[::-1])
    assert compare(old, one) == compare(old, two)
    assert render_html(compare(old, one)) == render_html(compare(old, two))


def test_texts_from_files_cannot_steer_the_page(tmp_path: Path) -> None:
    bad = {**FINDING, "melding": "<script>alert(1)</script>\x1b[31m", "bestand": "<b>.xlsx"}
    found = pair(tmp_path, "contract_bevinding", [], [bad])
    page = render_html(found)
    assert "<script" not in page and "<b>.xlsx" not in page and "\x1b" not in page
    assert "\x1b" not in shown(found)


def test_what_is_no_report_is_refused(tmp_path: Path) -> None:
    good = report(tmp_path / "goed")
    (tmp_path / "leeg").mkdir()
    with pytest.raises(UnusableInput, match="geen heel rapport"):
        compare(good, tmp_path / "leeg")
    bad = report(tmp_path / "fout")
    (bad / "open_data" / "cijfer.parquet").unlink()
    with pytest.raises(UnusableInput, match=r"open_data/cijfer\.parquet"):
        compare(bad, good)
    (bad / "open_data" / "cijfer.parquet").write_bytes(b"kapot")
    with pytest.raises(UnusableInput, match=r"open_data/cijfer\.parquet"):
        compare(good, bad)


def test_a_change_knows_its_difference_only_when_both_sides_are_known() -> None:
    def change(then: Decimal | None, now: Decimal | None, hidden: bool = False) -> Change:
        return Change("land", "NL", "Nederland", "x", "X", "%", "", then, now, hidden)

    assert change(Decimal(1), Decimal(3)).verschil == 2
    assert change(None, Decimal(3)).verschil is None
    assert change(Decimal(1), Decimal(3), hidden=True).verschil is None


def test_a_report_without_its_store_can_be_compared(tmp_path: Path) -> None:
    """Only what may be shared is read, so a report that was passed on will do."""
    folder = report(tmp_path / "r", contract_bevinding=[FINDING])
    assert not (folder / "niet_delen").exists()
    assert len(compare(folder, folder).gebleven) == 1


def test_the_chart_shows_how_the_index_moved_beside_the_table(tmp_path: Path) -> None:
    def index(code: str, score: str) -> dict[str, Any]:
        return {
            "niveau": "gemeente",
            "code": code,
            "onderdeel": "totaal",
            "titel": "Standaardisatie-index",
            "gewicht": Decimal(100),
            "score": Decimal(score),
            "bijdrage": Decimal(score),
            "rijen": 50,
            "onderdrukt": False,
        }

    before = [index("0358", "40.0"), index("0384", "80.0")]
    moved = pair(
        tmp_path, "standaardisatie", before, [index("0358", "55.5"), index("0384", "80.0")]
    )
    page = render_html(moved)
    assert "<svg" in page
    assert "15,5" in page.split("<svg")[1]
    assert "<script" not in page
    (tmp_path / "gelijk").mkdir()
    still = render_html(pair(tmp_path / "gelijk", "standaardisatie", before, before))
    assert "<svg" not in still
