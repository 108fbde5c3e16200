"""The pages and files of an audit: whole, safe, readable for everyone, and silent on small numbers."""

import itertools
import json
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from openpyxl import load_workbook

from inkoopcheck.reports.audit_files import write_gemeente_files
from inkoopcheck.reports.audit_site import CAP, write_site
from tests.audit_example import FORMULA, GEMEENTEN, HOSTILE, Example, example

LATER = ("open_data/",)
"""What other parts of an audit write."""
VOID = {"meta", "link", "input", "br", "img", "hr"}


class Page(HTMLParser):
    """What a page holds, and whether its tags are in order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += f" {data}"

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.tags if name == tag]

    @property
    def ids(self) -> list[str]:
        return [attrs["id"] for _, attrs in self.tags if "id" in attrs]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("rapport")
    write_site(example(), made)
    write_gemeente_files(example(), made)
    return made


@cache
def page(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


def pages(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


def words(path: Path) -> str:
    return " ".join(page(path).text.split())


def test_every_area_has_a_page_in_the_folder(folder: Path) -> None:
    names = {str(path.relative_to(folder)) for path in pages(folder)}
    assert {"index.html", "bestanden.html", "regio/JZ01.html", "regio/JZ02.html"} <= names
    assert {f"gemeente/{code}.html" for code in GEMEENTEN} <= names
    assert "aanbieder/11111111.html" in names
    # A provider known by a name that looks like a path stays inside its folder.
    assert len(names) == 2 + 2 + 4 + 2


def test_links_resolve(folder: Path) -> None:
    for path in pages(folder):
        found = page(path)
        assert len(found.ids) == len(set(found.ids)), path
        for _, attrs in found.tags:
            for name in ("href", "src"):
                if name not in attrs:
                    continue
                parts = urlsplit(attrs[name])
                assert not parts.scheme and not parts.netloc, attrs[name]
                target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
                inside = target.relative_to(folder.resolve()).as_posix() if parts.path else ""
                if inside.startswith(LATER):
                    continue
                assert target.is_file(), (path, attrs[name])
                if parts.fragment:
                    assert parts.fragment in page(target).ids, (path, attrs[name])
        for name in ("aria-labelledby", "for"):
            for _, attrs in found.tags:
                for identity in attrs.get(name, "").split():
                    assert identity in found.ids, (path, identity)


def test_nothing_comes_from_elsewhere(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.suffix in (".html", ".css", ".js"):
            text = path.read_text(encoding="utf-8")
            text = re.sub(r'xmlns(:xlink)?="[^"]*"', "", text)
            assert not re.search(r"https?:|//[a-z]|@import|url\(|fetch\(|XMLHttp", text), path


def test_names_of_others_are_text(folder: Path) -> None:
    for path in pages(folder):
        assert [script["src"].endswith("hulp/sorteer.js") for script in page(path).all("script")] == [True]  # fmt: skip
        assert not any(name.startswith("on") for _, attrs in page(path).tags for name in attrs)
    assert HOSTILE in words(folder / "gemeente/0002.html")


def test_pages_are_accessible(folder: Path) -> None:
    for path in pages(folder):
        found = page(path)
        assert found.all("html") == [{"lang": "nl"}]
        assert found.all("a")[0] == {"class": "skip", "href": "#inhoud"}
        headings = [int(tag[1]) for tag, _ in found.tags if re.fullmatch("h[1-6]", tag)]
        assert headings.count(1) == 1 and headings[0] == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(headings))  # fmt: skip
        assert all(attrs.get("scope") in ("col", "row") for attrs in found.all("th"))
        assert len(found.all("caption")) == len(found.all("table"))
        for chart in found.all("svg"):
            assert chart["role"] == "img" and chart["aria-labelledby"]


def test_each_chart_has_a_title_and_a_table_in_its_section(folder: Path) -> None:
    charted = 0
    for path in pages(folder):
        for section in re.split(r"<section", path.read_text(encoding="utf-8")):
            if "<svg" in section:
                charted += 1
                assert "<figcaption>" in section and "<table" in section, path
                assert section.count("<svg") == section.count("<figcaption>")
    assert charted >= 8


def test_the_newcomer_reads_which_three_and_why(folder: Path) -> None:
    text = (folder / "index.html").read_text(encoding="utf-8")
    block = text[text.index('id="meest"') : text.index('id="cijfers"')]
    links = re.findall(r'<h3><a href="gemeente/(\d+)\.html"', block)
    assert links == ["0002", "0003", "0004"]
    assert "Geen enkel contract loopt lang genoeg (meerjarig)." in block
    assert "10% van de productcodes in contracten is een standaardcode." in block


def test_small_numbers_are_not_shown(folder: Path) -> None:
    gemeente = words(folder / "gemeente/0004.html")
    assert "Wachttijd na toewijzing afgeschermd" in gemeente
    assert "kinderen in berichten" in gemeente and "afgeschermd kinderen in berichten" in gemeente
    for path in folder.rglob("*"):
        if path.suffix in (".html", ".json"):
            assert "7777" not in path.read_text(encoding="utf-8")
    for path in pages(folder):
        assert "minder dan 10" in words(path)
        assert "Cijfers onder de 10 zijn afgeschermd" in words(path)
    # Nor as a number to sort on, nor as a difference with what is shown.
    text = (folder / "gemeente/0004.html").read_text(encoding="utf-8")
    for cell in re.findall(r"<td[^>]*>afgeschermd</td>", text):
        assert 'data-waarde=""' in cell or "data-waarde" not in cell
    row = next(r for r in text.split("<tr>") if "Wachttijd na toewijzing</th>" in r)
    assert row.count("–") >= 2


def test_index_is_never_without_its_build_up(folder: Path) -> None:
    for code in GEMEENTEN:
        found = words(folder / f"gemeente/{code}.html")
        assert "Waaruit de index is opgebouwd" in found
        assert "Meerjarige contracten 25%" in found


def test_ranking_shows_uncertainty(folder: Path) -> None:
    found = words(folder / "index.html")
    assert "3 (tussen 2 en 4)" in found
    assert "geen rang: er zijn minder dan 30 waarnemingen" in found


def test_gemeente_tells_place_remedy_and_explanation(folder: Path) -> None:
    found = words(folder / "gemeente/0002.html")
    assert "a/contract.xlsx blad Contract, cel B3" in found
    assert "+Schrap" in found
    explained = found[found.index("Hier wijkt het contract af") :]
    assert HOSTILE in explained and "cel B2" in explained


def test_long_lists_are_cut_and_say_so(tmp_path: Path) -> None:
    result = example(findings=CAP + 51)
    write_site(result, tmp_path)
    found = words(tmp_path / "gemeente/0002.html")
    assert "… en nog 50. Alles staat in de werkmap (XLSX) van deze gemeente." in found
    assert (tmp_path / "gemeente/0002.html").stat().st_size < 300_000


def test_provider_sees_gemeenten_side_by_side(folder: Path) -> None:
    found = words(folder / "aanbieder/11111111.html")
    assert "€ 80,00 Achterveld" in found and "75 uur en € 4.125,50 per jaar" in found


def test_files_page_tells_what_became_of_each_file(folder: Path) -> None:
    found = words(folder / "bestanden.html")
    for text in ("Dit is geen goede XML.", "gelijk aan a/contract.xlsx", "de map 0001", "lees.txt"):
        assert text in found


def test_footer_tells_how_it_was_made(folder: Path) -> None:
    found = words(folder / "gemeente/0001.html")
    for text in ("inkoopcheck 0.1.0", "1-7-2026", "audit_drempel: was 15, nu 10", "inkoopcheck audit map"):  # fmt: skip
        assert text in found


def test_workbook_holds_text_never_formulas(folder: Path) -> None:
    workbook = load_workbook(folder / "gemeente/0002.xlsx")
    assert workbook.sheetnames == [
        "Samenvatting", "Cijfers", "Afwijkingen contract", "Afwijkingen berichten", "Tarieven", "Contracten",
    ]  # fmt: skip
    texts = []
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate)
                if isinstance(cell.value, str):
                    texts.append(cell.value)
                    assert not cell.value.startswith(("=", "+", "-", "@")), cell.value
    assert f"'{FORMULA}" in texts
    assert workbook["Tarieven"]["H2"].value == 90
    assert workbook["Contracten"]["D2"].number_format == "d-m-yyyy"


def test_workbook_hides_small_numbers(folder: Path) -> None:
    sheet = load_workbook(folder / "gemeente/0004.xlsx")["Cijfers"]
    rows = {(row[0], row[1]): row for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert rows["Afgewezen prestaties", None][3] == "afgeschermd"
    assert set(rows["Afgewezen prestaties", None][6:12]) == {"afgeschermd"}


def test_json_holds_the_rows_of_the_gemeente(folder: Path) -> None:
    content = json.loads((folder / "gemeente/0002.json").read_text(encoding="utf-8"))
    assert content["gebied"]["code"] == "0002"
    assert content["contract"][0]["startdatum"] == "2026-01-01"
    assert content["tarief"][0]["tarief"] == "90.00"
    assert len(content["contract_bevinding"]) == 3
    assert {row["code"] for row in content["cijfer"]} == {"0002"}


def test_two_runs_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_site(example(), tmp_path)
    write_gemeente_files(example(), tmp_path)
    for path in folder.rglob("*"):
        if path.suffix in (".html", ".json", ".css", ".js"):
            again = tmp_path / path.relative_to(folder)
            assert again.read_bytes() == path.read_bytes(), path


def test_an_empty_audit_still_gives_pages(tmp_path: Path) -> None:
    result = Example(tables={}, meta={})
    write_site(result, tmp_path)
    write_gemeente_files(result, tmp_path)
    assert "niet te bepalen" in words(tmp_path / "index.html")
