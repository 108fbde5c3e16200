"""The reports: what they show, what they never show, and what hostile text cannot do."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import jsonschema
import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from rich.cells import cell_len
from rich.console import Console

from inkoopcheck.errors import UnusableInput
from inkoopcheck.findings.model import Ernst, Resultaat, Uitkomst
from inkoopcheck.reports import common, csvfile, html, jsonfile, spreadsheet, terminal
from tests import report_example as example

# --- what the reports share ------------------------------------------------------------------


@pytest.mark.parametrize("text", ["=1+1", "+31 6", "-5", "@SUM(A1)", "\t=1", "\r=1", " =1+1"])
def test_text_that_looks_like_a_formula_is_neutralised(text: str) -> None:
    assert common.neutralise(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "45A48", "€ -5", "a=b", "'=1"])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert common.neutralise(text) == text


@pytest.mark.parametrize(
    "url",
    [None, "", "javascript:alert(1)", "data:text/html,x", "ftp://x.nl", "//x.nl", "https://",
     "http://x.nl/a b", "java\nscript:x", "file:///etc/passwd", "https://[x"],
)  # fmt: skip
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert common.safe_url(url) is None


def test_web_address_is_a_link() -> None:
    assert common.safe_url("https://vng.nl/x?a=1#b") == "https://vng.nl/x?a=1#b"


@pytest.mark.parametrize(
    ("rows", "text"),
    [([], ""), ([3], "3"), ([4, 3], "3 en 4"), ([3, 4, 5], "3 t/m 5"),
     ([1, 2, 3, 5, 8, 9], "1 t/m 3, 5, 8 en 9")],
)  # fmt: skip
def test_row_numbers_are_a_short_list(rows: list[int], text: str) -> None:
    assert common.row_ranges(rows) == text


def test_long_list_of_rows_counts_on() -> None:
    assert common.row_ranges(range(0, 100, 2), limit=2) == "0, 2 en nog 48 rijen"


def test_verdict_without_rules_that_ran_is_no_pass() -> None:
    contract = example.clean_contract()
    for rule in contract.regels:
        rule.uitkomst = Uitkomst.NIET_TE_BEPALEN
    assert common.verdict(contract).tone is common.Tone.ONBEPAALD
    assert "geen oordeel" in common.verdict(contract).heading


def test_verdict_without_findings_says_what_was_not_checked() -> None:
    verdict = common.verdict(example.clean_contract())
    assert verdict.tone is common.Tone.ONBEPAALD
    assert "Van de 2 regels is er 1 gecontroleerd en 1 niet." in verdict.sentence


def test_verdict_is_good_only_when_everything_was_checked() -> None:
    contract = example.clean_contract()
    contract.regels = contract.regels[:1]
    assert common.verdict(contract).tone is common.Tone.GOED


def test_findings_are_grouped_in_the_order_of_the_families() -> None:
    families = common.group_by_family(example.contract().afwijkingen)
    assert [f.title for f in families] == [
        "Gelezen gegevens", "Producten en codes", "Tarieven", "Looptijd", "Administratie",
        "regio-eisen",
    ]  # fmt: skip
    assert [r.first.regel for r in families[1].rules] == ["PROD-13", "PROD-04"]
    assert families[2].count(Ernst.FOUT) == example.MANY
    assert families[3].count(Ernst.WAARSCHUWING) == 0
    assert families[3].explained == 1


@pytest.mark.parametrize(
    ("colour", "ground", "least"),
    [(a, b, least) for look in (*common.SEVERITIES.values(), common.EXPLAINED_LOOK)
     for a, b, least in ((look.ink, look.colour, 4.5), (look.dark, look.tint, 4.5),
                         (look.dark, "#ffffff", 4.5), (look.colour, "#ffffff", 3))],
)  # fmt: skip
def test_colours_have_enough_contrast(colour: str, ground: str, least: float) -> None:
    def luminance(code: str) -> float:
        parts = [int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(colour), luminance(ground)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= least


# --- terminal --------------------------------------------------------------------------------


def on_screen(result: Resultaat, width: int, verbose: bool = False, tty: bool = False) -> str:
    target = io.StringIO()
    console = Console(file=target, width=width, force_terminal=tty, color_system="standard")
    terminal.render(result, console, verbose)
    return target.getvalue()


@pytest.mark.parametrize("width", [30, 40, 80, 200])
@pytest.mark.parametrize("verbose", [False, True])
def test_terminal_fits_the_width_without_colours_in_a_pipe(width: int, verbose: bool) -> None:
    text = on_screen(example.result(), width, verbose)
    assert "\x1b" not in text
    assert not any(cell_len(line) > width for line in text.splitlines())
    assert not any(line != line.rstrip() for line in text.splitlines())


def test_terminal_shows_user_text_as_it_is() -> None:
    text = " ".join(on_screen(example.result(), 100).split())
    assert "[bold]x[/bold] [link=http://x.example]y[/link] [/]" in text
    assert example.SCRIPT in text


def test_terminal_lets_no_control_characters_through() -> None:
    text = on_screen(example.result(), 80, verbose=True, tty=True)
    assert "\x1b[31mrood" not in text
    assert "\x00" not in text
    assert "\u202e" not in text
    assert "\x1b]8;" in text, "on a screen the norm is a link"
    assert "javascript:" not in text


def test_terminal_caps_findings_per_rule_and_counts_on() -> None:
    text = on_screen(example.single(), 100)
    assert text.count("- Tarieven!D") == terminal.CAP + 2
    assert f"en nog {example.MANY - terminal.CAP} afwijkingen van deze regel" in text


def test_terminal_shows_what_was_not_checked_and_the_facts_of_the_run() -> None:
    text = " ".join(on_screen(example.result(), 100).split())
    for part in (
        "Mislukt: De regel liep vast op deze gegevens.", "LOOP-05, LOOP-06",
        "Uitgeschakeld: Geldt niet in onze regio", "TAR-07 (4 rijen)", "ab12" * 16,
        "Peildatum 1-3-2026", "was 36, nu 24", "De werkmap heeft een wachtwoord.",
        "UITGELEGD (waarschuwing) LOOP-03", "Proef met een nieuwe vorm", "kolom F, rij 20 t/m 24",
        "144, 145, 147, 149 en 150", "132 fouten, 1 waarschuwing en 2 aandachtspunten",
        "72,46%", "Geen afwijkingen gevonden, maar niet alles gecontroleerd",
    ):  # fmt: skip
        assert part in text, part


def test_terminal_works_without_contracts() -> None:
    empty = example.result().model_copy(update={"contracten": []})
    assert "Er is geen contract gecontroleerd." in on_screen(empty, 80)


# --- html ------------------------------------------------------------------------------------

_VOID = {"meta", "br", "input", "link", "img", "hr"}


class Page(HTMLParser):
    """Elements with their attributes, checked for nesting, and the visible text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open, f"not closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"closes nothing: {tag}"
        assert self.open[-1] == tag, f"</{tag}> closes <{self.open[-1]}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.open):
            self.words.append(data)

    def all(self, tag: str) -> Iterator[dict[str, str | None]]:
        return (attributes for name, attributes in self.elements if name == tag)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


@pytest.fixture(scope="module")
def source() -> str:
    return html.render(example.result())


@pytest.fixture(scope="module")
def page(source: str) -> Page:
    return Page(source)


@pytest.mark.parametrize("make", [example.result, example.single])
def test_html_is_well_formed_and_has_unique_ids(make: object) -> None:
    page = Page(html.render(make()))  # type: ignore[operator]
    ids = [a["id"] for _, a in page.elements if "id" in a]
    assert len(ids) == len(set(ids))
    for _, attributes in page.elements:
        for name in ("aria-labelledby", "for"):
            assert set((attributes.get(name) or "").split()) <= set(ids)
    targets = {a["href"][1:] for a in page.all("a") if (a["href"] or "").startswith("#")}  # type: ignore[index]
    assert targets <= set(ids)


def test_html_is_self_contained(source: str, page: Page) -> None:
    for tag, attributes in page.elements:
        for name in ("src", "srcset", "data", "action", "xlink:href", "poster", "background"):
            assert name not in attributes, (tag, name)
        assert tag not in ("link", "img", "iframe", "object", "embed", "image", "use", "base")
        if attributes.get("href"):
            assert tag == "a"
    styles = "".join(re.findall(r"<style.*?</style>", source, re.S))
    assert not re.search(r"@import|url\(|https?:", styles)
    links = {a["href"] for a in page.all("a") if not (a["href"] or "").startswith("#")}
    assert links == {example.NORM_URL, "https://wetten.overheid.nl/BWBR0035779/"}
    assert sum(tag == "script" for tag, _ in page.elements) == 1
    assert "default-src 'none'" in source


def test_html_escapes_user_text(source: str, page: Page) -> None:
    assert "<script>alert" not in source
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in source
    assert "javascript:" not in source
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", source)
    assert example.FORMULA in page.text
    assert not any(name.startswith("on") for _, a in page.elements for name in a)


@pytest.mark.parametrize("make", [example.result, example.single])
def test_html_headings_are_in_order(make: object) -> None:
    page = Page(html.render(make()))  # type: ignore[operator]
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))


def test_html_has_landmarks_a_skip_link_and_labels(page: Page) -> None:
    tags = [tag for tag, _ in page.elements]
    assert [tags.count(tag) for tag in ("main", "header", "footer", "nav")] == [1, 1, 1, 1]
    assert next(page.all("html"))["lang"] == "nl"
    assert next(page.all("a"))["href"] == "#inhoud"
    labelled = {a["for"] for a in page.all("label") if "for" in a}
    for tag in ("select", "input"):
        for attributes in page.all(tag):
            assert attributes.get("type") == "checkbox" or attributes["id"] in labelled
    assert all("hidden" in form for form in page.all("form")), "useless without the script"
    assert sum(a.get("aria-live") == "polite" for _, a in page.elements) == 2
    assert tags.count("table") == tags.count("caption")
    assert all(a.get("scope") in ("col", "row") for a in page.all("th"))


def test_html_chart_is_plain_svg_with_a_name_and_the_numbers_in_a_table(page: Page) -> None:
    charts = list(page.all("svg"))
    assert len(charts) == 1
    assert charts[0]["role"] == "img"
    assert "Tarieven: 130 afwijkingen" in page.text
    assert "Dezelfde cijfers in een tabel" in page.text


def test_html_is_the_same_every_time(source: str) -> None:
    assert html.render(example.result()) == source


def test_html_caps_findings_per_rule_and_counts_on(page: Page) -> None:
    shown = sum("finding" in (a.get("class") or "").split() for a in page.all("li"))
    assert shown == len(example.contract().afwijkingen) - example.MANY + html.CAP
    assert f"en nog {example.MANY - html.CAP} afwijkingen van deze regel" in page.text


def test_html_shows_everything_a_reader_needs(page: Page) -> None:
    for part in (
        "Dit contract heeft fouten", "Wat nu eerst?", "72,46%", "niet te bepalen", "Tarieven!D10",
        "Zekerheid: deels of uit de tweede hand gelezen", "Soort norm: wettelijk",
        "Proef met een nieuwe vorm van dagbehandeling. Vastgesteld door: Teamleider inkoop.",
        "De werkmap zegt niets over: Tekendatum", "Dat is geen goedkeuring", "kolom F",
        "144, 145, 147, 149 en 150", "niet herkend", "ab12" * 16, "cd34" * 16, "3f9c2a71",
        "Afspraak in de jeugdregio.", "De werkmap heeft een wachtwoord.",
        "zie ook Tariefopbouw!H10",
    ):  # fmt: skip
        assert part in page.text, part


def test_html_works_without_contracts_or_findings() -> None:
    empty = example.result().model_copy(update={"contracten": []})
    assert "Er is geen contract gecontroleerd." in Page(html.render(empty)).text
    clean = example.result().model_copy(update={"contracten": [example.clean_contract()]})
    assert "geen afwijkingen gevonden in wat is gecontroleerd" in Page(html.render(clean)).text


# --- json and csv ----------------------------------------------------------------------------


def test_json_is_valid_by_its_own_schema() -> None:
    schema = jsonfile.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    data = json.loads(jsonfile.render(example.result()))
    jsonschema.Draft202012Validator(schema).validate(data)


def test_json_schema_refuses_what_is_missing_or_unknown() -> None:
    validator = jsonschema.Draft202012Validator(jsonfile.schema())
    data = json.loads(jsonfile.render(example.result()))
    del data["contracten"][0]["afwijkingen"][0]["vingerafdruk"]
    assert not validator.is_valid(data)
    data = json.loads(jsonfile.render(example.result()))
    data["contracten"][0]["totalen"]["extra"] = 1
    assert not validator.is_valid(data)


def test_json_holds_totals_fingerprints_and_exact_amounts() -> None:
    result = example.single()
    result.contracten[0].kerncijfers[0].waarde = Decimal("1E+3")
    data = json.loads(jsonfile.render(result))["contracten"][0]
    assert data["totalen"] == {
        "fout": 132, "waarschuwing": 1, "aandachtspunt": 2, "uitgelegd": 1, "niet_gecontroleerd": 6,
    }  # fmt: skip
    assert len(data["afwijkingen"]) == len(result.contracten[0].afwijkingen)
    assert data["afwijkingen"][2]["bedrag"] == "6.6000"
    assert data["kerncijfers"][0]["waarde"] == "1000"
    for finding, item in zip(result.contracten[0].afwijkingen, data["afwijkingen"], strict=True):
        assert item["vingerafdruk"] == finding.vingerafdruk


def test_csv_has_a_row_per_finding_and_no_formulas() -> None:
    text = csvfile.render(example.result())
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
    assert len(rows) == len(example.contract().afwijkingen)
    assert len(text.splitlines()) == len(rows) + 1
    assert rows[0]["Gevonden"] == f"'{example.FORMULA}"
    for row in rows:
        for name, cell in row.items():
            assert name == "Bedrag in euro" or not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    amounts = {row["Regel"]: row["Bedrag in euro"] for row in rows}
    assert amounts["ADM-11"] == "-1250,5"
    assert amounts["TAR-07"] == "6,6"
    assert [row["Reden van uitleg"] for row in rows if row["Uitgelegd"] == "ja"] == [
        "Proef met een nieuwe vorm van dagbehandeling."
    ]


# --- spreadsheet -----------------------------------------------------------------------------


@pytest.fixture
def workbook_file(tmp_path: Path) -> Path:
    """A user's workbook with what people put in workbooks."""
    workbook = openpyxl.Workbook()
    rates = workbook.active
    assert rates is not None
    rates.title = "Tarieven"
    rates["A1"] = "Tarieven 2026"
    rates["A1"].font = Font(bold=True, color="FF154273")
    rates.merge_cells("A1:C1")
    rates["D10"] = 71.4
    rates["D10"].number_format = '"€" #,##0.00'
    rates["D10"].fill = PatternFill("solid", start_color="FFFF00")
    rates["D11"] = "=D10*2"
    rates["D12"] = 0.0496
    rates["D12"].number_format = "0.00%"
    rates["D4"] = "=1+1"
    rates["D4"].data_type = "s"
    rates["B20"] = CellRichText("gewoon ", TextBlock(InlineFont(b=True), "vet"), " weer gewoon")
    rates["D9"].comment = Comment("Eigen opmerking van de inkoper", "Inkoper")
    rates["E2"] = "Jan Jansen"
    rates["E2"].comment = Comment("bel Jan", "Inkoper")
    rates["E2"].hyperlink = "mailto:jan@example.nl"
    rates.conditional_formatting.add(
        "D10:D90", CellIsRule(operator="lessThan", formula=["50"], font=Font(bold=True))
    )
    validation = DataValidation(type="list", formula1='"uur,dag"', allow_blank=True)
    validation.add("F10:F90")
    rates.add_data_validation(validation)
    rates.column_dimensions["F"].hidden = True
    rates.freeze_panes = "A3"
    chart = BarChart()
    chart.add_data(Reference(rates, min_col=4, min_row=10, max_row=12))
    workbook.create_chartsheet("Grafiek").add_chart(chart)
    workbook.create_sheet("Bijlage 'Oud' & nieuw")["B5"] = example.FORMULA[1:]
    contract = workbook.create_sheet("Contract")
    contract["A6"] = "Looptijd"
    contract.merge_cells("A6:C7")
    workbook.create_sheet("afwijkingen")["A1"] = "al in gebruik"
    path = tmp_path / example.FILE
    workbook.save(path)
    return path


def annotate(
    source: Path, name: str = "rapport.xlsx", mask: dict[str, set[str]] | None = None
) -> openpyxl.Workbook:
    run = example.single()
    written = spreadsheet.render(run.contracten[0], run, source, source.parent / name, mask)
    return openpyxl.load_workbook(written, rich_text=True)


def test_copy_keeps_what_the_user_made(workbook_file: Path) -> None:
    before = workbook_file.read_bytes()
    rates = annotate(workbook_file)["Tarieven"]
    assert workbook_file.read_bytes() == before
    assert rates["D10"].value == 71.4
    assert rates["D10"].number_format == '"€" #,##0.00'
    assert rates["D11"].value == "=D10*2"
    assert rates["D11"].data_type == "f"
    assert rates["D12"].number_format == "0.00%"
    assert rates["D4"].value == "=1+1"
    assert rates["D4"].data_type == "s", "text that looks like a formula stays text"
    assert str(rates["B20"].value) == "gewoon vet weer gewoon"
    assert isinstance(rates["B20"].value, CellRichText)
    assert [str(r) for r in rates.merged_cells.ranges] == ["A1:C1"]
    assert rates["A1"].font.b
    assert [str(r.sqref) for r in rates.conditional_formatting] == ["D10:D90"]
    assert [str(v.sqref) for v in rates.data_validations.dataValidation] == ["F10:F90"]
    assert rates.column_dimensions["F"].hidden
    assert rates.freeze_panes == "A3"


def test_copy_colours_and_explains_the_cells(workbook_file: Path) -> None:
    workbook = annotate(workbook_file)
    rates = workbook["Tarieven"]
    assert rates["D10"].fill.start_color.rgb == "00F4B6B8"
    comment = rates["D10"].comment.text
    assert "FOUT TAR-07: Tarief 45A10 is € 71,40." in comment
    assert "Wat te doen: Verhoog het tarief" in comment
    own = rates["D9"].comment
    kept = "Eigen opmerking van de inkoper\n\n--- inkoopcheck ---\n"
    assert own.text.startswith(f"{kept}FOUT PROD-13")
    assert own.author == "Inkoper"
    assert "hoort bij Tarieven!D9" in rates["D8"].comment.text
    assert rates["D200"].comment is None


def test_copy_marks_the_first_of_merged_cells(workbook_file: Path) -> None:
    contract = annotate(workbook_file)["Contract"]
    assert [str(r) for r in contract.merged_cells.ranges] == ["A6:C7"]
    assert contract["A6"].fill.start_color.rgb == "00D9DCE1", "explained"
    text = contract["A6"].comment.text
    assert "UITGELEGD LOOP-03: Het contract loopt 24 maanden" in text
    assert "hoort bij Contract!B7" in text


def test_copy_gets_a_sheet_with_all_findings(workbook_file: Path) -> None:
    workbook = annotate(workbook_file)
    assert workbook.sheetnames[-2:] == ["Afwijkingen (2)", "Controle"]
    assert workbook["afwijkingen"]["A1"].value == "al in gebruik"
    sheet = workbook["Afwijkingen (2)"]
    assert workbook.active is sheet
    assert [s.title for s in workbook.worksheets if s.sheet_view.tabSelected] == [sheet.title]
    findings = example.contract().afwijkingen
    assert sheet.max_row == len(findings) + 1
    assert sheet.freeze_panes == "A2"
    (table,) = sheet.tables.values()
    assert table.ref == f"A1:O{len(findings) + 1}"
    assert table.autoFilter is not None
    by_rule = {sheet.cell(row, 3).value: row for row in range(2, sheet.max_row + 1)}
    link = sheet.cell(by_rule["PROD-04"], 5).hyperlink
    assert link.location == "'Bijlage ''Oud'' & nieuw'!B5"
    assert link.target is None
    assert sheet.cell(by_rule["REG-01"], 5).hyperlink is None, "no cell to go to"
    assert sheet.cell(by_rule["PROD-04"], 11).hyperlink is None, "no web address"
    assert sheet.cell(by_rule["LOOP-03"], 11).hyperlink.target == example.NORM_URL
    assert sheet.cell(by_rule["ADM-11"], 14).value == -1250.5
    assert sheet.cell(by_rule["LOOP-03"], 2).value == "uitgelegd (waarschuwing)"


@pytest.mark.parametrize("own_sheet", ["Afwijkingen (2)", "Controle"])
def test_sheets_of_the_report_hold_no_formulas(workbook_file: Path, own_sheet: str) -> None:
    sheet = annotate(workbook_file)[own_sheet]
    for row in sheet.iter_rows():
        for cell in row:
            assert cell.data_type in ("s", "n"), cell.coordinate
            if isinstance(cell.value, str):
                assert not cell.value.startswith(("=", "+", "-", "@", "\t", "\r"))
    if own_sheet != "Controle":
        assert f"'{example.FORMULA}" in [cell.value for cell in sheet["G"]]


def test_sheet_of_the_run_tells_what_was_not_checked(workbook_file: Path) -> None:
    sheet = annotate(workbook_file)["Controle"]
    text = "\n".join(str(c.value) for row in sheet.iter_rows() for c in row if c.value is not None)
    for part in (
        "Dit contract heeft fouten", "ab12" * 16, "3f9c2a71", "1-3-2026", "TAR-21", "Mislukt",
        "Het blad Kwaliteit ontbreekt in deze werkmap.", "Niet van toepassing",
        "Deels gecontroleerd", "was 36, nu 24", "grafieken", "In uw eigen bestand is niets",
    ):  # fmt: skip
        assert part in text, part


def test_masked_cells_are_nowhere_in_the_copy(workbook_file: Path) -> None:
    workbook = annotate(workbook_file, mask={"Tarieven": {"E2"}, "Weg": {"A1"}})
    cell = workbook["Tarieven"]["E2"]
    assert (cell.value, cell.comment, cell.hyperlink) == ("[verborgen]", None, None)
    with zipfile.ZipFile(workbook_file.parent / "rapport.xlsx") as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"Jansen" not in everything
    assert b"bel Jan" not in everything
    assert b"jan@example.nl" not in everything


@pytest.mark.parametrize("kind", ["csv", "ods", "xls"])
def test_other_kinds_get_a_new_workbook(tmp_path: Path, kind: str) -> None:
    source = tmp_path / f"bron.{kind}"
    source.write_text("a;b\n")
    run = example.result()
    contract = run.contracten[0]
    contract.bestand.soort = kind
    written = spreadsheet.render(contract, run, source, tmp_path / "uit.xlsx")
    workbook = openpyxl.load_workbook(written)
    assert workbook.sheetnames == ["Afwijkingen", "Controle"]
    assert all(cell.hyperlink is None for cell in workbook["Afwijkingen"]["E"])


def test_workbook_that_cannot_be_copied_gives_a_new_one_that_says_so(tmp_path: Path) -> None:
    source = tmp_path / "kapot.xlsx"
    source.write_bytes(b"geen werkmap")
    workbook = annotate(source)
    assert workbook.sheetnames == ["Afwijkingen", "Controle"]
    notes = [cell.value for cell in workbook["Controle"]["B"]]
    assert any("niet te kopiëren" in (note or "") for note in notes)


def test_contract_without_findings_gives_its_verdict(tmp_path: Path) -> None:
    run = example.result()
    target = tmp_path / "uit.xlsx"
    spreadsheet.render(run.contracten[1], run, tmp_path / "bron.csv", target)
    sheet = openpyxl.load_workbook(target)["Afwijkingen"]
    assert "niet alles gecontroleerd" in sheet["F2"].value
    assert not sheet.tables


def test_macros_stay_in_an_xlsm(workbook_file: Path) -> None:
    macro_file = workbook_file.with_suffix(".xlsm")
    with zipfile.ZipFile(workbook_file) as old, zipfile.ZipFile(macro_file, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "[Content_Types].xml":
                data = data.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml").replace(
                    b"openxmlformats-officedocument.spreadsheetml.sheet.macro",
                    b"ms-excel.sheet.macro",
                )
                data = data.replace(
                    b"</Types>",
                    b'<Override PartName="/xl/vbaProject.bin" '
                    b'ContentType="application/vnd.ms-office.vbaProject"/></Types>',
                )
            if name == "xl/_rels/workbook.xml.rels":
                data = data.replace(
                    b"</Relationships>",
                    b'<Relationship Id="rIdVba" Target="vbaProject.bin" Type="http://schemas.'
                    b'microsoft.com/office/2006/relationships/vbaProject"/></Relationships>',
                )
            new.writestr(name, data)
        new.writestr("xl/vbaProject.bin", b"macro")
    run = example.single()
    run.contracten[0].bestand.soort = "xlsm"
    target = workbook_file.parent / "uit.xlsm"
    assert spreadsheet.render(run.contracten[0], run, macro_file, target) == target
    with zipfile.ZipFile(target) as archive:
        assert archive.read("xl/vbaProject.bin") == b"macro"
        assert b"macroEnabled.main+xml" in archive.read("[Content_Types].xml")
    rates = openpyxl.load_workbook(target)["Tarieven"]
    assert "FOUT TAR-07" in rates["D10"].comment.text
    assert rates["D9"].comment.text.startswith("Eigen opmerking")


def test_report_without_macros_is_never_called_xlsm(tmp_path: Path) -> None:
    run = example.result()
    source, target = tmp_path / "bron.csv", tmp_path / "uit.xlsm"
    written = spreadsheet.render(run.contracten[1], run, source, target)
    assert written == tmp_path / "uit.xlsx"
    assert not target.exists()


def test_report_never_overwrites_the_users_workbook(workbook_file: Path) -> None:
    before = workbook_file.read_bytes()
    run = example.single()
    with pytest.raises(UnusableInput, match="overschrijven"):
        spreadsheet.render(run.contracten[0], run, workbook_file, workbook_file)
    assert workbook_file.read_bytes() == before


def test_odd_cell_addresses_are_listed_but_not_marked(workbook_file: Path) -> None:
    run = example.single()
    for number, cell in enumerate(("XFE1", "A0", "A1048577", "onzin", "A:A", "D30:D32", "")):
        run.contracten[0].afwijkingen[2 + number].plaats.cel = cell
    written = spreadsheet.render(
        run.contracten[0], run, workbook_file, workbook_file.parent / "uit.xlsx"
    )
    rates = openpyxl.load_workbook(written)["Tarieven"]
    assert rates["D31"].comment is not None


def test_many_findings_in_one_cell_make_one_short_comment(workbook_file: Path) -> None:
    run = example.single()
    for finding in run.contracten[0].afwijkingen:
        if finding.regel == "TAR-07":
            finding.plaats.cel = "D10"
    written = spreadsheet.render(
        run.contracten[0], run, workbook_file, workbook_file.parent / "uit.xlsx"
    )
    text = openpyxl.load_workbook(written)["Tarieven"]["D10"].comment.text
    assert len(text) < 2200
    assert re.search(r"En nog \d+ afwijkingen\.$", text)
