"""Files that are damaged, locked, too large or made to do harm: one clear sentence, exit code 2."""

import os
import random
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from inkoopcheck.errors import UnusableInput
from inkoopcheck.readers import package as limits
from inkoopcheck.readers.spreadsheet import read_spreadsheet
from inkoopcheck.readers.vocabulary import load_vocabulary
from inkoopcheck.readers.workbook import read_workbook
from tests.workbooks import make_workbook

ROWS = [["Code", "Omschrijving", "Tarief", "Eenheid"], ["45A48", "Begeleiding", 78, "uur"]]


def workbook(tmp_path: Path) -> Path:
    return make_workbook(tmp_path / "goed.xlsx", {"Tarieven": ROWS})


def with_part(source: Path, target: Path, part: str, content: bytes) -> Path:
    """A copy of a zipped workbook with one part replaced or added."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != part:
                new.writestr(info, old.read(info))
        new.writestr(part, content)
    return target


def refused(path: Path) -> str:
    with pytest.raises(UnusableInput) as caught:
        read_workbook(path, load_vocabulary())
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is leeg"),
        (b"%PDF-1.7 ...", "is een pdf"),
        (b"<?xml version='1.0'?><x/>", "XML- of webbestand"),
        (b"<html><table></table></html>", "XML- of webbestand"),
        (b"\x00\x01\x02\x03" * 50, "geen werkmap"),
        (b"PK\x03\x04 kapot", "beschadigd"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "beschadigd"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "wachtwoord",
        ),
        (b"losse tekst zonder tabel", "geen blad"),
        (b"\xff\xfe" + "Code;Tarief".encode("utf-16-le")[:-1], "beschadigd"),
    ],
)
def test_what_is_no_workbook_gets_one_sentence(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "bestand.xlsx"
    path.write_bytes(content)
    assert sentence in refused(path)


def test_a_folder_is_named_as_such(tmp_path: Path) -> None:
    assert "is een map" in refused(tmp_path)


def test_another_office_document_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "brief.docx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", "<x/>")
    assert "geen werkmap" in refused(path)


@pytest.mark.parametrize("tenth", range(1, 10))
def test_a_truncated_workbook_is_refused(tmp_path: Path, tenth: int) -> None:
    content = workbook(tmp_path).read_bytes()
    path = tmp_path / "half.xlsx"
    path.write_bytes(content[: len(content) * tenth // 10])
    assert "beschadigd" in refused(path)


def test_damaged_bytes_never_give_a_traceback(tmp_path: Path) -> None:
    content = bytearray(workbook(tmp_path).read_bytes())
    chooser = random.Random(20260701)
    path = tmp_path / "ruis.xlsx"
    for _ in range(150):
        damaged = bytearray(content)
        for _ in range(chooser.randint(1, 6)):
            damaged[chooser.randrange(len(damaged))] = chooser.randrange(256)
        path.write_bytes(bytes(damaged))
        try:
            read_workbook(path, load_vocabulary())
        except UnusableInput as error:
            assert path.name in str(error)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_dtd_in_any_part_is_refused(tmp_path: Path, encoding: str) -> None:
    bomb = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">'
        '<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><sst xmlns="x"><si><t>&b;</t></si></sst>'
    ).encode(encoding)
    path = with_part(workbook(tmp_path), tmp_path / "dtd.xlsx", "xl/sharedStrings.xml", bomb)
    assert "DTD" in refused(path)


def test_an_external_entity_reads_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "geheim.txt"
    secret.write_text("geheim", encoding="utf-8")
    sheet = (
        f'<!DOCTYPE w [<!ENTITY x SYSTEM "file://{secret}">]><worksheet xmlns="x"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>&x;</t></is></c></row></sheetData></worksheet>'
    ).encode()
    path = with_part(workbook(tmp_path), tmp_path / "xxe.xlsx", "xl/worksheets/sheet1.xml", sheet)
    assert "geheim" not in refused(path)


def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path: Path) -> None:
    path = with_part(
        workbook(tmp_path),
        tmp_path / "bom.xlsx",
        "xl/media/bom.bin",
        b"\x00" * (limits.MAX_UNPACKED_BYTES + 1),
    )
    assert path.stat().st_size < 2_000_000
    assert "na uitpakken" in refused(path)


def test_a_size_that_lies_is_refused(tmp_path: Path) -> None:
    path = with_part(
        workbook(tmp_path),
        tmp_path / "liegt.xlsx",
        "xl/worksheets/sheet1.xml",
        b"<worksheet>" + b" " * 5_000_000,
    )
    content = bytearray(path.read_bytes())
    position = content.find(struct.pack("<L", 5_000_011))
    while position >= 0:
        content[position : position + 4] = struct.pack("<L", 100)
        position = content.find(struct.pack("<L", 5_000_011))
    path.write_bytes(bytes(content))
    assert "beschadigd" in refused(path)


def test_too_many_cells_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_CELLS", 5)
    assert "gevulde cellen" in refused(workbook(tmp_path))


def test_one_stray_cell_far_away_is_refused_by_name(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    book = openpyxl.load_workbook(path)
    book.active["XFD1048576"] = "x"
    book.save(path)
    assert "Blad 'Tarieven'" in refused(path)


def test_repeated_cells_in_ods_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "herhaal.ods"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr(
            "content.xml",
            '<o:d xmlns:o="o" xmlns:table="t" xmlns:office="f"><table:table table:name="A">'
            '<table:table-row table:number-rows-repeated="1048576"><table:table-cell'
            ' table:number-columns-repeated="1024" office:value-type="float" office:value="1"/>'
            "</table:table-row></table:table></o:d>",
        )
    assert "gevulde cellen" in refused(path)


def test_an_encrypted_ods_asks_for_the_password_to_go(tmp_path: Path) -> None:
    path = tmp_path / "slot.ods"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", '<m:m xmlns:m="m"><m:encryption-data/></m:m>')
        package.writestr("content.xml", b"\x01\x02")
    assert "wachtwoord" in refused(path)


def test_an_encrypted_zip_part_asks_for_the_password_to_go(tmp_path: Path) -> None:
    content = bytearray(workbook(tmp_path).read_bytes())
    position = content.find(b"PK\x01\x02")
    while position >= 0:
        content[position + 8] |= 1
        position = content.find(b"PK\x01\x02", position + 4)
    path = tmp_path / "slot.xlsx"
    path.write_bytes(bytes(content))
    assert "wachtwoord" in refused(path)


def test_formulas_are_never_computed(tmp_path: Path) -> None:
    rows = [*ROWS, ["45A49", '=HYPERLINK("http://voorbeeld.invalid")', "=1+1", "uur"]]
    path = make_workbook(tmp_path / "formule.xlsx", {"T": rows})
    sheet = read_spreadsheet(path).sheets[0]
    assert (3, 3) not in sheet.cells
    assert sheet.formulas_without_value == [(3, 2), (3, 3)]


def test_csv_with_a_quote_that_never_closes_is_read_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "open.csv"
    path.write_text('Code;Tarief;Eenheid\n45A48;"78;uur\n' + "x" * 1_100_000, encoding="utf-8")
    assert "niet te lezen als csv" in refused(path)


@pytest.mark.parametrize("name", ["kapot.xlsx", "weg.xlsx"])
def test_the_command_gives_exit_code_2_and_no_traceback(tmp_path: Path, name: str) -> None:
    (tmp_path / "kapot.xlsx").write_bytes(b"PK\x03\x04")
    run = subprocess.run(
        [sys.executable, "-m", "inkoopcheck", "contract", str(tmp_path / name)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert run.stdout == ""
    assert len(run.stderr.strip().splitlines()) == 1
    assert "Traceback" not in run.stderr


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    bad = tmp_path / "kapot.xlsx"
    bad.write_bytes(b"PK\x03\x04")
    good = workbook(tmp_path)
    run = subprocess.run(
        [sys.executable, "-m", "inkoopcheck", "contract", str(bad), str(good), "--formaat", "json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert "kapot.xlsx is beschadigd" in run.stderr
    assert '"naam": "goed.xlsx"' in run.stdout
    assert '"kapot.xlsx"' in run.stdout


def test_no_path_of_the_archive_is_written(tmp_path: Path) -> None:
    path = with_part(workbook(tmp_path), tmp_path / "pad.xlsx", "../../uitbraak.xml", b"<x/>")
    before = sorted(tmp_path.rglob("*"))
    read_workbook(path, load_vocabulary())
    assert sorted(tmp_path.rglob("*")) == before


def test_a_file_name_that_is_no_utf8_is_no_problem(tmp_path: Path) -> None:
    good = workbook(tmp_path)
    odd = tmp_path / os.fsdecode(b"tarief\xff.xlsx")
    odd.write_bytes(good.read_bytes())
    for form in ("terminal", "json", "html", "csv", "xlsx"):
        run = subprocess.run(
            [
                sys.executable,
                "-m",
                "inkoopcheck",
                "contract",
                odd,
                "--formaat",
                form,
                "--uit",
                str(tmp_path / f"uit.{form}"),
            ],
            capture_output=True,
            check=False,
        )
        assert run.returncode in (0, 1), run.stderr
        assert (tmp_path / f"uit.{form}").stat().st_size > 100
