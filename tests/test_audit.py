"""The audit as a whole: every file accounted for, figures right, safe to interrupt, nothing of a child."""

import datetime
import json
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from lxml import etree

from inkoopcheck.audit import run as audit_run
from inkoopcheck.audit.figures import FIGURES, PARTS, PUBLISHED
from inkoopcheck.audit.judge import sections
from inkoopcheck.audit.model import AuditResult
from inkoopcheck.audit.places import Places
from inkoopcheck.audit.run import Wishes, audit
from inkoopcheck.engine.ruleset import load_codelists
from inkoopcheck.errors import UnusableInput

SAMPLE = Path(__file__).parent.parent / "sample_contracts" / "audit"
DAY = datetime.date(2026, 7, 1)
WISHES = Wishes(DAY)
NAMESPACE = re.compile(r"\{[^}]*\}")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[AuditResult, Path]:
    """An audit of the sample region, with its report."""
    report = tmp_path_factory.mktemp("audit") / "rapport"
    return audit(SAMPLE, report, WISHES), report


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """A folder with one gemeente of the sample: enough to interrupt and to change."""
    chosen = next(path for path in sorted(SAMPLE.iterdir()) if path.is_dir())
    target = tmp_path / "invoer"
    shutil.copytree(chosen, target / chosen.name)
    # A workbook takes as long as hundreds of messages; one is enough here.
    for path in sorted(target.rglob("*.xlsx"))[1:]:
        path.unlink()
    return target


def outcome(report: Path) -> str:
    text = (report / "audit.json").read_text(encoding="utf-8")
    return str(json.loads(text)["uitkomst"])


def rows(result: AuditResult, table: str, **wanted: Any) -> list[dict[str, Any]]:
    return [
        row
        for row in result.tables[table]
        if all(row[name] == value for name, value in wanted.items())
    ]


def figure(result: AuditResult, code: str, name: str, part: str = "") -> dict[str, Any]:
    (row,) = rows(result, "cijfer", code=code, cijfer=name, uitsplitsing=part)
    return row


def test_every_file_is_accounted_for(made: tuple[AuditResult, Path]) -> None:
    result, _ = made
    on_disk = {path.relative_to(SAMPLE).as_posix() for path in SAMPLE.rglob("*") if path.is_file()}
    told = {row["naam"] for row in result.tables["bestand"]}
    assert on_disk <= told
    assert {row["oordeel"] for row in result.tables["bestand"]} == {
        "gelezen",
        "dubbel",
        "niet bruikbaar",
        "overgeslagen",
    }
    for row in result.tables["bestand"]:
        assert row["reden"] or row["oordeel"] == "gelezen", row
    files = result.meta["invoer"]
    assert files["bestanden"] == len(on_disk)
    assert files["gelezen"] + files["dubbel"] + files["onbruikbaar"] + files["overgeslagen"] == len(
        on_disk
    )
    assert any(row["conflict"] for row in result.tables["bestand"])


def test_the_published_tables_have_their_columns_and_every_figure_occurs(
    made: tuple[AuditResult, Path],
) -> None:
    result, report = made
    for name, columns in PUBLISHED.items():
        expected = [column for column, _ in columns]
        for row in result.tables[name]:
            assert set(expected) <= set(row), name
        source = f"'{report / 'open_data' / name}.parquet'"
        found = duckdb.sql(f"SELECT * FROM {source}")  # noqa: S608
        assert found.columns == expected
        assert found.count("*").fetchall() == [(len(result.tables[name]),)]
    assert {row["cijfer"] for row in result.tables["cijfer"]} == {f.cijfer for f in FIGURES}
    assert {part.cijfer for part in PARTS} <= {f.cijfer for f in FIGURES}


class Counted:
    """A second reading of the sample in plain Python: messages, each once, by gemeente."""

    def __init__(self) -> None:
        self.submitted: defaultdict[str, int] = defaultdict(int)
        self.cents: defaultdict[str, int] = defaultdict(int)
        self.refused: defaultdict[str, int] = defaultdict(int)
        self.messages: defaultdict[str, int] = defaultdict(int)
        self.children: defaultdict[str, set[str]] = defaultdict(set)
        self.secrets: set[str] = set()
        seen = set()
        for content in self._contents():
            if content in seen:
                continue
            seen.add(content)
            try:
                self._count(etree.fromstring(content))
            except etree.XMLSyntaxError:
                continue

    def _contents(self) -> Iterator[bytes]:
        for path in sorted(SAMPLE.rglob("*")):
            if path.suffix == ".xml":
                yield path.read_bytes()
            elif path.suffix == ".zip":
                with zipfile.ZipFile(path) as package:
                    yield from (
                        package.read(name) for name in package.namelist() if name.endswith(".xml")
                    )

    def _count(self, root: Any) -> None:
        kind = etree.QName(root).namespace.rsplit("/", 2)[-2].upper()

        def all_of(name: str) -> list[Any]:
            return [e for e in root.iter() if NAMESPACE.sub("", str(e.tag)) == name]

        def text(element: Any, name: str) -> str | None:
            return next(
                (e.text for e in element.iter() if NAMESPACE.sub("", str(e.tag)) == name), None
            )

        own = kind in ("JW301", "JW319", "JW325")
        gemeente = text(root, "Afzender" if own else "Ontvanger") or ""
        self.messages[gemeente] += 1
        for client in all_of("Client"):
            self.children[gemeente].add(text(client, "Bsn") or "")
            for name in ("Bsn", "Achternaam"):
                self.secrets |= {text(client, name) or "-"}
        for line in all_of("Prestatie"):
            if kind == "JW323":
                self.submitted[gemeente] += 1
                sign = -1 if text(line, "DebetCredit") == "C" else 1
                self.cents[gemeente] += sign * int(text(line, "Bedrag") or 0)
            else:
                self.refused[gemeente] += 1


@pytest.fixture(scope="module")
def counted() -> Counted:
    return Counted()


def test_a_second_reading_counts_the_same(made: tuple[AuditResult, Path], counted: Counted) -> None:
    result, _ = made
    assert result.meta["berichten"] == sum(counted.messages.values())
    assert result.meta["prestaties"] == sum(counted.submitted.values())
    compared = 0
    for area in rows(result, "gebied", niveau="gemeente"):
        code = area["code"]
        if not area["onderdrukt"]:
            assert area["clienten"] == len(counted.children[code])
            assert area["berichten"] == counted.messages[code]
        money = figure(result, code, "gedeclareerd")
        if not money["onderdrukt"]:
            assert money["waarde"] == Decimal(counted.cents[code]) / 100
            compared += 1
        refusal = figure(result, code, "afkeur")
        if not refusal["onderdrukt"]:
            assert refusal["teller"] == counted.refused[code]
            assert refusal["noemer"] == counted.submitted[code]
    assert compared > 3
    assert figure(result, "NL", "afkeur")["teller"] == sum(counted.refused.values())


def test_the_index_is_the_sum_of_its_parts(made: tuple[AuditResult, Path]) -> None:
    result, _ = made
    areas = {(row["niveau"], row["code"]) for row in result.tables["standaardisatie"]}
    for level, code in areas:
        found = {
            row["onderdeel"]: row
            for row in rows(result, "standaardisatie", niveau=level, code=code)
        }
        total = found.pop("totaal")
        assert set(found) == {part.onderdeel for part in PARTS}
        shares = [row["bijdrage"] for row in found.values() if row["bijdrage"] is not None]
        assert abs(total["score"] - sum(shares)) <= Decimal("0.1") * len(shares)
        weights = [row["gewicht"] for row in found.values() if row["gewicht"] is not None]
        assert abs(sum(weights) - 100) <= Decimal("0.1") * len(weights)


def test_a_place_is_only_given_on_enough_rows(made: tuple[AuditResult, Path]) -> None:
    result, _ = made
    seen = set()
    for row in result.tables["rangorde"]:
        seen.add(row["rang"] is None)
        if row["rang"] is None:
            assert row["reden"]
        else:
            assert row["rijen"] >= result.meta["minimum_rijen"]
            assert row["rang_laag"] <= row["rang"] <= row["rang_hoog"]
            assert row["laag"] <= row["hoog"]
    assert seen == {True, False}


def test_nothing_of_a_child_is_in_what_is_shared(
    made: tuple[AuditResult, Path], counted: Counted
) -> None:
    _, report = made
    names = {secret for secret in counted.secrets if len(secret) > 4}
    assert len(names) > 20
    pseudonyms = {
        row[0]
        for row in duckdb.sql(
            f"SELECT DISTINCT client FROM '{report}/niet_delen/eenheden/*/client/*/*.parquet'"  # noqa: S608
        ).fetchall()
    }
    assert pseudonyms
    for path in report.rglob("*"):
        if not path.is_file():
            continue
        content = path.read_bytes().decode("utf-8", "replace")
        if path.suffix == ".parquet":
            content = str(duckdb.sql(f"SELECT * FROM '{path}'").fetchall())  # noqa: S608
        bsns = {name for name in names if name.isdigit() and name in content}
        assert not bsns, path
        if "niet_delen" not in path.parts:
            assert not {name for name in pseudonyms if name in content}, path


def test_small_numbers_are_hidden(made: tuple[AuditResult, Path]) -> None:
    result, _ = made
    hidden = 0
    for row in result.tables["cijfer"]:
        if row["onderdrukt"]:
            hidden += 1
            assert all(
                row[name] is None
                for name in ("teller", "noemer", "waarde", "p25", "mediaan", "p75", "rijen")
            )
        elif row["clienten"] is not None:
            assert row["clienten"] == 0 or row["clienten"] >= 10
    assert hidden


def test_reading_again_reads_nothing_and_gives_the_same(few: Path, tmp_path: Path) -> None:
    report = tmp_path / "rapport"
    first = audit(few, report, WISHES)
    seen: list[int] = []

    class Watch:
        def reading(self, files: int, size: int) -> None:
            seen.append(files)

        def read(self, outcome: object, files: int, size: int) -> None: ...

        def judging(self, name: str) -> None: ...

    second = audit(few, report, WISHES, Watch())
    assert seen == [0]
    assert second.meta["uitkomst"] == first.meta["uitkomst"]
    # A file more, one gone, and one changed: only what is new is read.
    messages = sorted(few.rglob("*.xml"))
    messages[0].unlink()
    (few / "los.xml").write_bytes(messages[-1].read_bytes().replace(b"\n", b"\r\n"))
    third = audit(few, report, WISHES, Watch())
    assert seen[-1] == 1
    fresh = audit(few, tmp_path / "vers", WISHES)
    assert third.meta["uitkomst"] == fresh.meta["uitkomst"]
    assert third.meta["uitkomst"] != first.meta["uitkomst"]


def test_other_rules_are_read_anew(few: Path, tmp_path: Path) -> None:
    report = tmp_path / "rapport"
    audit(few, report, WISHES)
    later = audit(few, report, Wishes(datetime.date(2026, 8, 1)))
    assert later.meta["peildatum"] == "2026-08-01"
    units = list((report / "niet_delen" / "eenheden").iterdir())
    fresh = audit(few, tmp_path / "vers", Wishes(datetime.date(2026, 8, 1)))
    assert later.meta["uitkomst"] == fresh.meta["uitkomst"]
    assert len(units) == len(list((tmp_path / "vers" / "niet_delen" / "eenheden").iterdir()))


def _command(folder: Path, report: Path, *more: str) -> list[str]:
    return [
        sys.executable,
        "-m",
        "inkoopcheck",
        "audit",
        str(folder),
        "--uit",
        str(report),
        "--peildatum",
        str(DAY),
        "--stil",
        *more,
    ]


def _children(parent: int) -> list[int]:
    """The processes that a process started."""
    listed = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(number) for number in listed.read_text().split()] if listed.exists() else []


def _wait_until_gone(processes: list[int]) -> None:
    """Nobody is left at work when the first process is gone."""
    until = time.monotonic() + 30
    while left := [one for one in processes if Path(f"/proc/{one}/exe").exists()]:
        assert time.monotonic() < until, left
        time.sleep(0.1)


def test_killed_at_any_moment_it_goes_on_and_ends_the_same(few: Path, tmp_path: Path) -> None:
    audit(few, tmp_path / "heel", WISHES)
    report = tmp_path / "rapport"
    chance = random.Random(6)
    for _ in range(3):
        process = subprocess.Popen(_command(few, report, "--processen", "2"))
        time.sleep(chance.uniform(0.3, 4))
        children = _children(process.pid)
        process.kill()
        process.wait()
        _wait_until_gone(children)
        if (report / "audit.json").exists():
            assert outcome(report) == outcome(tmp_path / "heel")
    subprocess.run(_command(few, report, "--processen", "2"), check=True)
    assert outcome(report) == outcome(tmp_path / "heel")
    assert not list((report / "niet_delen" / "bezig").iterdir())


def test_ctrl_c_ends_with_a_sentence_and_goes_on_later(few: Path, tmp_path: Path) -> None:
    report = tmp_path / "rapport"
    command = _command(few, report, "--processen", "1")
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    while not (report / "niet_delen" / "bezig").exists():
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert process.returncode == 2
    assert "om verder te gaan" in said
    assert "Traceback" not in said
    assert not (report / "audit.json").exists()


def test_one_bad_file_never_stops_the_others(few: Path, tmp_path: Path) -> None:
    before = audit(few, tmp_path / "goed", WISHES)
    bad = few / "vreemd"
    bad.mkdir()
    (bad / "leeg.xml").write_bytes(b"")
    (bad / "half.xlsx").write_bytes(b"PK\x03\x04 not a zip at all")
    (bad / "plaatje.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    (bad / "doctype.xml").write_bytes(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    (bad / "pagina.html").write_bytes(b"<!doctype html><html></html>")
    (bad / "oud.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    (bad / "123456782.txt").write_text("brief")
    (bad / "~$open.xlsx").write_bytes(b"x")
    with zipfile.ZipFile(bad / "zip.zip", "w") as package:
        package.writestr("../buiten.xml", "<a/>")
        package.writestr("map/binnen.zip", b"PK\x05\x06" + bytes(18))
        package.writestr("brief.docx", b"PK\x03\x04")
        package.writestr("a.xml", "<a>")
    (bad / "kapot.zip").write_bytes(b"PK\x03\x04kapot")
    result = audit(few, tmp_path / "rapport", WISHES)
    told = {row["naam"]: row for row in result.tables["bestand"]}
    assert result.meta["berichten"] == before.meta["berichten"]
    assert result.meta["contracten"] == before.meta["contracten"]
    for name in (
        "leeg.xml",
        "half.xlsx",
        "plaatje.png",
        "doctype.xml",
        "pagina.html",
        "oud.xls",
        "•••.txt",
        "~$open.xlsx",
        "zip.zip/../buiten.xml",
        "zip.zip/map/binnen.zip",
        "zip.zip/brief.docx",
        "zip.zip/a.xml",
        "kapot.zip",
    ):
        row = told[f"vreemd/{name}"]
        assert row["oordeel"] in ("niet bruikbaar", "overgeslagen"), row
        assert row["reden"].endswith("."), row
    unchanged = {
        name: [row for row in result.tables[name] if row]
        for name in ("cijfer", "bevinding", "gebied", "standaardisatie")
    }
    assert unchanged == {name: before.tables[name] for name in unchanged}


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match="bestaat niet"):
        audit(tmp_path / "weg", tmp_path / "rapport", WISHES)
    full = tmp_path / "vol"
    full.mkdir()
    (full / "belangrijk.txt").write_text("x")
    with pytest.raises(UnusableInput, match="iets anders dan een audit"):
        audit(SAMPLE, full, WISHES)
    with pytest.raises(UnusableInput, match="niet in de map zelf"):
        audit(full, full, WISHES)


def test_an_empty_folder_gives_a_report_without_figures(tmp_path: Path) -> None:
    folder = tmp_path / "leeg"
    folder.mkdir()
    result = audit(folder, tmp_path / "rapport", WISHES)
    assert result.meta["berichten"] == 0
    assert result.tables["cijfer"] == []


def test_a_second_run_on_the_same_report_is_refused(tmp_path: Path) -> None:
    lock = tmp_path / "slot"
    with (
        audit_run._alone(lock),
        pytest.raises(UnusableInput, match="met dit rapport bezig"),
        audit_run._alone(lock),
    ):
        raise AssertionError


def test_the_same_message_in_a_zip_and_beside_it_counts_once(few: Path, tmp_path: Path) -> None:
    before = audit(few, tmp_path / "een", WISHES)
    loose = sorted(few.rglob("JW3*.xml"))[0]
    with zipfile.ZipFile(few / "nog_eens.zip", "w") as package:
        package.write(loose, "ander_naam.xml")
    after = audit(few, tmp_path / "twee", WISHES)
    assert after.meta["berichten"] == before.meta["berichten"]
    assert after.tables["cijfer"] == before.tables["cijfer"]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("Utrecht/a.xml", "0344"),
        ("gemeente utrecht 2026/deel/a.xml", "0344"),
        ("0344/a.xml", "0344"),
        ("Diemen (0384)/berichten/2026/a.xml", "0384"),
        ("Utrecht en Amersfoort/a.xml", None),
        ("Den Haag/a.xml", "0518"),
        ("Bergen op Zoom/a.xml", "0748"),
        ("zip/9999/a.xml", None),
        ("Utrecht.xml", None),
    ],
)
def test_a_folder_names_its_gemeente(path: str, code: str | None) -> None:
    assert Places(load_codelists()).of_path(path) == code


def test_every_table_of_the_aggregates_is_used() -> None:
    names = [name for name, _ in sections()]
    assert len(set(names)) == len(names)
    everything = " ".join(select for _, select in sections())
    for name in names:
        published = name.removesuffix("_uit") in PUBLISHED
        assert published or re.search(rf"\b{name}\b", everything), name


def test_a_report_made_again_is_the_same_and_a_change_is_told(few: Path, tmp_path: Path) -> None:
    report = tmp_path / "rapport"
    subprocess.run(_command(few, report, "--processen", "1"), check=True)
    again = [sys.executable, "-m", "inkoopcheck", "herleid", str(report)]
    said = subprocess.run(again, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said
    assert "precies hetzelfde" in said.stderr
    message = sorted(few.rglob("JW3*.xml"))[0]
    message.unlink()
    said = subprocess.run(again, capture_output=True, text=True, check=False)
    assert said.returncode == 1
    assert "De bestanden zijn anders" in said.stdout
    shutil.rmtree(few)
    said = subprocess.run(again, capture_output=True, text=True, check=False)
    assert said.returncode == 2
    assert "--map" in said.stderr


def test_the_command_tells_what_it_read_and_leaves_a_pipe_quiet(few: Path, tmp_path: Path) -> None:
    command = [item for item in _command(few, tmp_path / "rapport") if item != "--stil"]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    assert said.stdout == ""
    assert "Gelezen:" in said.stderr
    assert "index.html" in said.stderr
    assert "\x1b" not in said.stderr
    assert (tmp_path / "rapport" / "index.html").is_file()
