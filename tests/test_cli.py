"""The installed command as a user meets it: help in Dutch, exit codes, formats, no lost files."""

import json
import re
import subprocess
import sys
from pathlib import Path

import click
import jsonschema
import openpyxl
import pytest

from inkoopcheck.cli.main import _COMMANDS, cli
from inkoopcheck.reports.jsonfile import schema
from tests.workbooks import make_workbook

ROWS = [
    ["Productcode", "Omschrijving", "Eenheid", "Tarief 2026"],
    ["45A48", "Begeleiding", "uur", 78],
    ["99A99", "Iets", "uur", -1],
]
SHORT = [
    ["Contractnummer", "C-1"],
    ["Startdatum", "1-1-2026"],
    ["Einddatum", "31-12-2027"],
    ["Gemeente", "X"],
]


def run(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "inkoopcheck", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
    )


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    return make_workbook(tmp_path / "contract.xlsx", {"Tarieven": ROWS})


def test_help_is_dutch_and_lists_every_command() -> None:
    text = run("--help").stdout
    assert "Gebruik:" in text
    assert all(name in text for name in _COMMANDS)
    assert not re.search(r"\b(Usage|Options|Show this|Commands)\b", text)


@pytest.mark.parametrize("name", sorted(_COMMANDS))
def test_every_command_explains_itself_in_dutch(name: str) -> None:
    text = run(name, "--help").stdout
    assert text.startswith("Gebruik: inkoopcheck")
    assert not re.search(r"\b(Usage|Options|Show this|default)\b", text)


@pytest.mark.parametrize("name", sorted(_COMMANDS))
def test_every_option_has_a_help_text(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.name}"


def test_readme_documents_every_command() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    for name in _COMMANDS:
        assert f"inkoopcheck {name}" in readme, name


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["contract"],
        ["contrct"],
        ["contract", "--formaat", "doc", "x"],
        ["contract", "x", "--peildatum", "morgen"],
        ["contract", "x", "--zonder", "LOOP-03"],
        ["regel", "LOOP-XX"],
        ["codelijst", "zzz"],
        ["tabel", "zzz"],
        ["regels", "--familie", "zzz"],
        ["herken", "weg.xlsx"],
        ["sjabloon", "x.txt"],
        ["contract", "x", "--regels", "weg"],
        ["contract", "x", "--mapping", "weg"],
        ["contract", "x", "--uitleg", "weg"],
    ],
)
def test_a_wrong_call_gets_dutch_and_exit_code_2(arguments: list[str], tmp_path: Path) -> None:
    outcome = run(*arguments, cwd=tmp_path)
    assert outcome.returncode == 2
    assert "Traceback" not in outcome.stderr
    assert not re.search(r"\b(Error|Usage|Invalid|Missing|No such)\b", outcome.stderr)


@pytest.mark.parametrize(
    ("level", "code"), [("fout", 1), ("waarschuwing", 1), ("aandachtspunt", 1), ("nooit", 0)]
)
def test_exit_code_follows_fail_op(workbook: Path, level: str, code: int) -> None:
    assert run("contract", workbook, "--fail-op", level, "--stil").returncode == code


def test_exit_code_0_without_deviations_at_that_level(tmp_path: Path) -> None:
    path = make_workbook(tmp_path / "kort.xlsx", {"Contract": SHORT})
    assert run("contract", path, "--stil").returncode == 0
    assert run("contract", path, "--fail-op", "waarschuwing", "--stil").returncode == 1


def test_quiet_prints_nothing(workbook: Path) -> None:
    outcome = run("contract", workbook, "--stil")
    assert (outcome.stdout, outcome.stderr) == ("", "")


def test_a_pipe_gets_no_colours(workbook: Path) -> None:
    assert "\x1b" not in run("contract", workbook).stdout


def test_json_follows_its_published_schema(workbook: Path) -> None:
    outcome = run("contract", workbook, "--formaat", "json", "--peildatum", "1-7-2026")
    report = json.loads(outcome.stdout)
    published = json.loads(
        (Path(__file__).parents[1] / "docs" / "resultaat.schema.json").read_text(encoding="utf-8")
    )
    assert published == schema()
    jsonschema.validate(report, published)
    assert report["peildatum"] == "2026-07-01"
    assert len(report["contracten"][0]["bestand"]["sha256"]) == 64


@pytest.mark.parametrize(
    ("form", "name"), [("html", "contract-rapport.html"), ("xlsx", "contract-afwijkingen.xlsx")]
)
def test_files_get_a_clear_name_where_the_user_stands(
    workbook: Path, tmp_path: Path, form: str, name: str
) -> None:
    place = tmp_path / "hier"
    place.mkdir()
    outcome = run("contract", workbook, "--formaat", form, cwd=place)
    assert [path.name for path in place.iterdir()] == [name]
    assert name in outcome.stderr


@pytest.mark.parametrize("form", ["terminal", "html", "json", "csv"])
def test_every_form_goes_to_a_file_or_a_folder(workbook: Path, tmp_path: Path, form: str) -> None:
    folder = tmp_path / "uit"
    folder.mkdir()
    run("contract", workbook, "--formaat", form, "--uit", folder)
    run("contract", workbook, "--formaat", form, "--uit", folder / "diep" / "rapport.x")
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 2
    assert not list(folder.rglob(".inkoopcheck-*"))


def test_the_own_workbook_is_never_overwritten(workbook: Path) -> None:
    before = workbook.read_bytes()
    outcome = run("contract", workbook, "--formaat", "xlsx", "--uit", workbook)
    assert outcome.returncode == 2
    assert workbook.read_bytes() == before


def test_a_place_that_cannot_be_written_is_named(workbook: Path, tmp_path: Path) -> None:
    (tmp_path / "bestand").write_text("x", encoding="utf-8")
    outcome = run(
        "contract", workbook, "--formaat", "html", "--uit", tmp_path / "bestand" / "x.html"
    )
    assert outcome.returncode == 2
    assert "niet te schrijven" in outcome.stderr


def test_two_workbooks_give_two_annotated_copies(workbook: Path, tmp_path: Path) -> None:
    other = make_workbook(tmp_path / "tweede.xlsx", {"Tarieven": ROWS})
    run("contract", workbook, other, "--formaat", "xlsx", "--uit", tmp_path / "uit")
    assert sorted(path.name for path in (tmp_path / "uit").iterdir()) == [
        "contract-afwijkingen.xlsx",
        "tweede-afwijkingen.xlsx",
    ]


def test_a_recognised_mapping_can_be_given_back(workbook: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yaml"
    assert "productcode" in run("herken", workbook, "--uit", mapping).stdout
    direct = json.loads(run("contract", workbook, "--formaat", "json").stdout)
    mapped = json.loads(run("contract", workbook, "--formaat", "json", "--mapping", mapping).stdout)
    assert mapped["contracten"][0]["afwijkingen"] == direct["contracten"][0]["afwijkingen"]


def test_a_rule_is_explained_and_checked() -> None:
    text = run("regel", "loop-03").stdout
    assert "Waarom:" in text
    assert "Norm:" in text
    path = Path(__file__).parents[1] / "rules" / "looptijd" / "LOOP-03.yaml"
    assert "klopt" in run("regel", "LOOP-03", "--controleer", path).stdout
    assert json.loads(run("regel", "LOOP-03", "--formaat", "json").stdout)["id"] == "LOOP-03"


def test_a_rule_over_messages_is_explained_with_what_came_before() -> None:
    text = run("regel", "IJW-TR071").stdout
    assert "Goed: eerder (start_product: toewijzing_nummer = 7," in text
    assert "loopt_sinds\tdatum\t" in run("tabel", "keten_start").stdout
    assert "IJW-TR071\tfout\t" in run("regels", "--familie", "keten").stdout


def test_lists_can_be_searched() -> None:
    assert "45A48" in run("codelijst", "productcode", "--zoek", "45A48").stdout
    assert "Etmaal" in run("codelijst", "eenheid").stdout
    assert "minimale_looptijd" in run("parameters").stdout
    assert "looptijd_maanden" in run("tabel", "contract").stdout
    assert len(json.loads(run("regels", "--formaat", "json").stdout)) > 100


def test_a_pipe_without_euro_sign_still_gets_the_report(workbook: Path) -> None:
    outcome = subprocess.run(
        [sys.executable, "-m", "inkoopcheck", "contract", str(workbook)],
        capture_output=True,
        check=False,
        env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "PATH": ""},
    )
    assert outcome.returncode == 1
    assert b"Traceback" not in outcome.stderr
    assert "€" in outcome.stdout.decode("utf-8")


PERSONAL = [
    ["BSN", "Naam cliënt", "Geboortedatum", "Productcode", "Omschrijving", "Eenheid", "Tarief"],
    [123456782, "Jansen-Testpersoon", "3-4-2012", "45A48", "Begeleiding", "uur", 78],
    ["111222333", "De Proef", "5-6-2013", "45A49", "traject van 123456782", "uur", "bsn 111222333"],
]


@pytest.mark.parametrize("form", ["terminal", "html", "json", "csv", "xlsx"])
def test_no_personal_data_reach_any_report(tmp_path: Path, form: str) -> None:
    path = make_workbook(tmp_path / "persoon.xlsx", {"Tarieven": PERSONAL})
    target = tmp_path / f"uit.{form}"
    outcome = run("contract", path, "--formaat", form, "--uit", target)
    if form == "xlsx":
        book = openpyxl.load_workbook(target)
        text = "\n".join(
            str(c.value) for s in book for row in s.iter_rows() for c in row if c.value is not None
        )
    else:
        text = target.read_text(encoding="utf-8")
    for secret in ("123456782", "111222333", "Jansen", "De Proef", "3-4-2012", "5-6-2013"):
        assert secret not in text + outcome.stdout + outcome.stderr, secret
    assert "LEES-07" in text


def test_recognition_shows_no_personal_data(tmp_path: Path) -> None:
    path = make_workbook(tmp_path / "persoon.xlsx", {"Tarieven": PERSONAL})
    text = run("herken", path, "--uit", tmp_path / "m.yaml").stdout + (
        tmp_path / "m.yaml"
    ).read_text(encoding="utf-8")
    assert "123456782" not in text
    assert "Jansen" not in text
