"""The command ``bericht`` and its reports: exit codes, forms, and nothing of a person in any of them."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import jsonschema
import openpyxl
import pytest

from inkoopcheck.reports import jsonfile
from tests.messages import SECRETS, changed, message, written

FORMS = ("terminal", "html", "xlsx", "json", "csv")


def bericht(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "inkoopcheck", "bericht", *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        encoding="utf-8",
    )


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Messages with all kinds of faults: in the schema, in rules, and one that cannot be read."""
    folder = tmp_path_factory.mktemp("zaak")
    written(folder, "start.xml", message("JW305"))
    stop = changed(message("JW307", StopProduct=2), "Begindatum", "2026-03-01")
    written(folder, "stop.xml", changed(stop, "Einddatum", "2026-02-01"))
    toewijzing = message("JW301")
    for element in ("Bsn", "Achternaam", "Postcode", "Telefoonnummer", "Geslacht"):
        toewijzing = changed(toewijzing, element, "99990000Q")
    written(folder, "toewijzing.xml", changed(toewijzing, "Code", "999900006"))
    written(folder, "kapot.xml", message("JW323")[:-400])
    return folder


@pytest.mark.parametrize("form", FORMS)
def test_no_report_shows_anything_of_a_person(case: Path, form: str, tmp_path: Path) -> None:
    suffix = {"terminal": "txt"}.get(form, form)
    target = tmp_path / f"rapport.{suffix}"
    run = bericht(case, ".", "--formaat", form, "--uit", str(target), "--uitgebreid")
    assert run.returncode == 2, run.stderr
    text = run.stdout + run.stderr
    if form == "xlsx":
        with zipfile.ZipFile(target) as package:
            text += "".join(package.read(n).decode("utf-8", "replace") for n in package.namelist())
    else:
        text += target.read_text(encoding="utf-8")
    assert "stop.xml" in text and "kapot.xml" in text
    shown = [secret for secret in [*SECRETS, "99990000Q"] if secret in text]
    assert not shown


def test_the_json_report_follows_its_schema(case: Path) -> None:
    run = bericht(case, ".", "--formaat", "json")
    data = json.loads(run.stdout)
    jsonschema.Draft202012Validator(jsonfile.schema()).validate(data)
    stop = next(m for m in data["berichten"] if m["bestand"]["naam"] == "stop.xml")
    finding = next(a for a in stop["afwijkingen"] if a["regel"] == "IJW-TR018")
    assert finding["retourcode"] == "0001"
    assert finding["plaats"]["pad"].endswith("StopProduct[1]/Einddatum")
    assert finding["bericht"] == stop["identificatie"]
    assert [u["bestand"] for u in data["onbruikbaar"]] == ["kapot.xml"]


def test_the_csv_report_has_a_row_per_deviation(case: Path) -> None:
    rows = list(
        csv.DictReader(
            io.StringIO(bericht(case, "stop.xml", "--formaat", "csv").stdout), delimiter=";"
        )
    )
    assert {"IJW-TR018"} <= {row["Regel"] for row in rows}
    assert all(row["Bestand"] == "stop.xml" and row["Pad"] for row in rows)


def test_the_workbook_lists_findings_and_messages(case: Path, tmp_path: Path) -> None:
    target = tmp_path / "uit.xlsx"
    bericht(case, ".", "--formaat", "xlsx", "--uit", str(target), "--stil")
    workbook = openpyxl.load_workbook(target)
    assert workbook.sheetnames == ["Afwijkingen", "Berichten", "Verantwoording"]
    assert workbook["Berichten"].max_row == 4


def test_the_terminal_report_says_what_a_colleague_would_say(case: Path) -> None:
    run = bericht(case, "stop.xml", "--uitgebreid")
    assert run.returncode == 1
    for text in (
        "JW307 stop levering",
        "Geldig, maar met fouten.",
        "StopProduct 1, Einddatum (regel ",
        "De hulp stopt op 1-2-2026,",
        "Wat te doen",
    ):
        assert text in run.stdout, run.stdout


def test_findings_on_a_message_that_is_not_valid_are_marked(case: Path, tmp_path: Path) -> None:
    content = changed((case / "stop.xml").read_bytes(), "RedenBeeindiging", "99")
    run = bericht(tmp_path, str(written(tmp_path, "x.xml", content)))
    assert "Niet geldig." in run.stdout
    assert "Het bericht klopt niet met het schema." in run.stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["stop.xml"], 1),
        (["stop.xml", "--fail-op", "nooit"], 0),
        (["stop.xml", "--stil"], 1),
        (["kapot.xml"], 2),
        (["stop.xml", "kapot.xml"], 2),
        (["bestaat-niet.xml"], 2),
        (["stop.xml", "--zonder", "IJW-TR018"], 2),
        (["stop.xml", "--keuze", "IJW-TR018=onzin"], 2),
        (["stop.xml", "--keuze", "IJW-TR018"], 2),
        (["stop.xml", "--xsd", "nergens"], 2),
        (["stop.xml", "--uit", "stop.xml", "--formaat", "html"], 2),
    ],
)
def test_exit_codes(case: Path, arguments: list[str], code: int) -> None:
    run = bericht(case, *arguments)
    assert run.returncode == code, run.stdout + run.stderr
    assert "Traceback" not in run.stderr
    if "--stil" in arguments:
        assert run.stdout == ""


def test_a_rule_can_be_switched_off_and_a_choice_made(case: Path) -> None:
    off = bericht(case, "stop.xml", "--zonder", "IJW-TR018=getest", "--formaat", "json")
    data = json.loads(off.stdout)
    assert not any(a["regel"] == "IJW-TR018" for m in data["berichten"] for a in m["afwijkingen"])
    assert data["overschreven"][0]["reden"] == "getest"
    content = changed((case / "stop.xml").read_bytes(), "StatusAanlevering", "3")
    path = written(case, "verwijderd.xml", content)
    try:
        for choice, expected in (("altijd", 1), ("niet_bij_verwijderen", 0)):
            run = bericht(case, path.name, "--keuze", f"IJW-TR018={choice}", "--formaat", "json")
            data = json.loads(run.stdout)
            found = [
                a for m in data["berichten"] for a in m["afwijkingen"] if a["regel"] == "IJW-TR018"
            ]
            assert len([a for a in found if "[1]" in a["plaats"]["pad"]]) == expected
    finally:
        path.unlink()


def test_an_own_rule_on_messages_runs_here_and_is_left_alone_by_contract(
    case: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "eigen" / "regio"
    folder.mkdir(parents=True)
    (folder / "EIGEN-01.yaml").write_text(
        """
id: EIGEN-01
titel: Start zonder toewijzing
ernst: aandachtspunt
norm: {bron: afspraak in onze regio van 1-1-2026, status: convenant, zekerheid: V}
tabel: start_product
waar: toewijzing_nummer > 0
velden: [toewijzing_nummer]
melding: Toewijzing {toewijzing_nummer}.
gevonden: "{toewijzing_nummer}"
verwacht: niets
waarom: Dat hebben wij zo afgesproken in de regio.
herstel: Overleg met de regio over deze toewijzing.
voorbeelden:
  goed: [{toewijzing_nummer: 0}]
  fout: [{toewijzing_nummer: 1}]
""",
        encoding="utf-8",
    )
    run = bericht(case, "start.xml", "--regels", str(tmp_path / "eigen"), "--formaat", "json")
    assert "EIGEN-01" in run.stdout, run.stderr
    sample = Path(__file__).parents[1] / "sample_contracts" / "uitgelegd.xlsx"
    other = subprocess.run(
        [
            sys.executable,
            "-m",
            "inkoopcheck",
            "contract",
            str(sample),
            "--regels",
            str(tmp_path / "eigen"),
        ],
        capture_output=True,
        text=True,
    )
    assert other.returncode in (0, 1), other.stderr
    private = (
        (folder / "EIGEN-01.yaml").read_text(encoding="utf-8").replace("start_product", "client")
    )
    private = private.replace("toewijzing_nummer > 0", "geboortedatum IS NOT NULL")
    private = private.replace("toewijzing_nummer", "geboortedatum")
    (folder / "EIGEN-01.yaml").write_text(private, encoding="utf-8")
    refused = bericht(case, "start.xml", "--regels", str(tmp_path / "eigen"))
    assert refused.returncode == 2
    assert "persoonsgegeven" in refused.stderr


@pytest.mark.parametrize("command", ["bericht", "contract"])
def test_a_report_is_made_even_when_nothing_could_be_read(command: str, tmp_path: Path) -> None:
    """A back office that waits for the report must learn from it what went wrong."""
    name = "kapot 123456782.xml" if command == "bericht" else "kapot 123456782.xlsx"
    (tmp_path / name).write_text("<x", encoding="utf-8")

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "inkoopcheck", command, name, *arguments],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            encoding="utf-8",
        )

    as_json = run("--formaat", "json")
    data = json.loads(as_json.stdout)
    jsonschema.Draft202012Validator(jsonfile.schema()).validate(data)
    assert data["controle"] == command
    assert [item["bestand"] for item in data["onbruikbaar"]] == [name.replace("123456782", "•••")]
    page = run("--formaat", "html", "--uit", "uit.html")
    text = run("--uit", "uit.txt")
    plain = run()
    for done in (as_json, page, text, plain):
        assert done.returncode == 2
        assert "kapot" in done.stderr
        assert "123456782" not in done.stdout + done.stderr
    assert plain.stdout == ""
    for file in ("uit.html", "uit.txt"):
        said = (tmp_path / file).read_text(encoding="utf-8")
        assert "kapot •••" in said and "123456782" not in said
        assert "zijn gecontroleerd." not in said


def test_a_number_of_a_person_in_a_file_name_is_in_no_report(case: Path, tmp_path: Path) -> None:
    content = (case / "stop.xml").read_bytes()
    number = "123456782"
    with zipfile.ZipFile(tmp_path / f"zip_{number}.zip", "w") as package:
        package.writestr(f"stop_{number}.xml", content)
    (tmp_path / f"start-{number}-20260401.xml").write_bytes((case / "start.xml").read_bytes())
    (tmp_path / "bericht_123456789.xml").write_bytes(content)
    for form in FORMS:
        target = tmp_path / f"rapport.{form}"
        run = bericht(tmp_path, ".", "--formaat", form, "--uit", str(target), "--uitgebreid")
        data = target.read_bytes()
        if form == "xlsx":
            with zipfile.ZipFile(target) as package:
                data = b"".join(package.read(name) for name in package.namelist())
        data = data.replace(b"&#8226;", "•".encode())
        assert number not in run.stdout + run.stderr
        assert number.encode() not in data
        # A number that cannot be a BSN says which file it is.
        assert b"bericht_123456789.xml" in data
        assert "start-•••-20260401.xml".encode() in data


def test_the_report_says_what_goes_back_in_every_form(case: Path, tmp_path: Path) -> None:
    said = "Er gaat een JW308 terug met alleen een Header en retourcode 0001."
    for form in ("terminal", "html", "json"):
        target = tmp_path / f"rapport.{form}"
        bericht(case, "stop.xml", "--formaat", form, "--uit", str(target), "--stil")
        text = " ".join(target.read_text(encoding="utf-8").split())
        assert said in text, form
    target = tmp_path / "rapport.xlsx"
    bericht(case, "stop.xml", "--formaat", "xlsx", "--uit", str(target), "--stil")
    sheet = openpyxl.load_workbook(target)["Berichten"]
    assert any(said in str(cell.value) for row in sheet.iter_rows() for cell in row)
    rows = bericht(case, "stop.xml", "--formaat", "csv").stdout
    assert next(csv.DictReader(io.StringIO(rows), delimiter=";"))["Retourbericht"] == "JW308"


def test_a_return_code_that_nobody_knows_does_not_stop_the_report(
    case: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "eigen" / "regio"
    folder.mkdir(parents=True)
    (folder / "EIGEN-02.yaml").write_text(
        """
id: EIGEN-02
titel: Toewijzing die wij niet kennen
ernst: fout
retourcode: "4711"
norm: {bron: afspraak in onze regio van 1-1-2026, status: convenant, zekerheid: V}
tabel: start_product
waar: toewijzing_nummer > 0
velden: [toewijzing_nummer]
melding: Toewijzing {toewijzing_nummer}.
gevonden: "{toewijzing_nummer}"
verwacht: niets
waarom: Dat hebben wij zo afgesproken in de regio.
herstel: Overleg met de regio over deze toewijzing.
voorbeelden:
  goed: [{toewijzing_nummer: 0}]
  fout: [{toewijzing_nummer: 1}]
""",
        encoding="utf-8",
    )
    run = bericht(case, "start.xml", "--regels", str(tmp_path / "eigen"), "--formaat", "json")
    assert run.returncode == 1, run.stderr
    item = json.loads(run.stdout)["berichten"][0]
    assert "EIGEN-02" in {a["regel"] for a in item["afwijkingen"]}
    assert item["retourbericht"] is None
    assert item["retour"].startswith("Wat er teruggaat is niet te bepalen.")
