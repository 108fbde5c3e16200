"""A dossier in a file: each message once, whatever happens, and nothing of a person in it."""

import ctypes
import datetime
import hashlib
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest

from benchmarks.cases import make_content, to_element
from benchmarks.dossier import write_dossier, write_message
from benchmarks.messages import to_bytes
from inkoopcheck.check_messages import Dossier, MessageChecker
from inkoopcheck.cli.main import main
from inkoopcheck.dossier import key as key_module
from inkoopcheck.dossier.key import SUFFIX, read_key
from inkoopcheck.dossier.store import attach_dossier, create_dossier, key_of, understood
from inkoopcheck.engine.ruleset import CHAIN_FAMILIES, MESSAGE_FAMILIES, Ruleset, load_ruleset
from inkoopcheck.errors import UnusableInput
from inkoopcheck.findings.model import Resultaat
from inkoopcheck.readers.message import MessageReader
from inkoopcheck.readers.message_files import find_messages
from inkoopcheck.tables.chain import CHAIN_TABLES, HISTORY_TABLES
from inkoopcheck.tables.history import FORMAT, layout
from inkoopcheck.tables.store import CHAIN_MODEL, MESSAGE_MODEL, Tables
from tests.messages import BIRTH_DATE, PERSONAL, RELEASE, SECRETS, changed, message, written

CASES = Path(__file__).parents[1] / "sample_contracts" / "berichten"
CASE = CASES / "casus_goed"
TODAY = datetime.date(2026, 11, 25)
KINDS = ("JW301", "JW305", "JW307", "JW315", "JW317", "JW319", "JW323", "JW325")


class Said:
    """The outcome of a command."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.out = out
        self.err = err


Run = Callable[..., Said]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run ``inkoopcheck dossier`` in this process."""

    def call(*arguments: str | Path) -> Said:
        with pytest.raises(SystemExit) as ended:
            main(["dossier", *map(str, arguments)])
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Said(ended.value.code, said.out, said.err)

    return call


@pytest.fixture(scope="module")
def ruleset() -> Ruleset:
    return load_ruleset((*MESSAGE_FAMILIES, *CHAIN_FAMILIES))


@pytest.fixture
def dossier(tmp_path: Path, run: Run) -> Path:
    """A dossier with the messages of the sample case."""
    path = tmp_path / "mijn.dossier"
    assert run("voeg-toe", path, CASE).code == 0
    return path


def command(*arguments: str | Path, **options: Any) -> subprocess.Popen[str]:
    """The real command, in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "inkoopcheck", "dossier", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def made(folder: Path, number: int) -> Path:
    """A folder with small messages that all differ."""
    folder.mkdir()
    for item in range(number):
        kind = KINDS[item % len(KINDS)]
        content = make_content(kind, 1 + item % 3, item)
        content["Header"]["BerichtIdentificatie"]["Identificatie"] = f"N{item}"
        written(
            folder,
            f"{item:04}.xml",
            to_bytes(to_element(RELEASE.messages[kind], content)),
        )
    return folder


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{path}' AS d (READ_ONLY); USE d")
        return connection.execute(sql).fetchall()


def canonical(path: Path) -> dict[str, list[str]]:
    """The content of a dossier, apart from the numbers that rows got; those must all differ."""
    found = {}
    numbers: list[int] = []
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{path}' AS d (READ_ONLY); USE d")
        for name in HISTORY_TABLES:
            ids = ", ".join(
                f"t.{i} - b.rij_id AS {i}"
                for i in ("rij_id", "bericht_id", "ouder_id", "client_id")
            )
            kept = connection.execute(
                f"SELECT b.vingerafdruk, t.* REPLACE ({ids}) FROM {name} t"  # noqa: S608
                " JOIN bericht b ON b.rij_id = t.bericht_id"
            ).fetchall()
            (every,) = connection.execute(f"SELECT list(rij_id) FROM {name}").fetchall()[0]  # noqa: S608
            assert len(kept) == len(every or ())
            numbers += every or ()
            found[name] = sorted(map(repr, kept))
        (last,) = connection.execute("SELECT laatste_nummer FROM stand").fetchall()[0]
    assert len(set(numbers)) == len(numbers)
    assert max(numbers, default=0) <= last
    return found


def checked(ruleset: Ruleset, judged: list[Path], dossier: Dossier, key: bytes | None) -> Resultaat:
    checker = MessageChecker(ruleset, TODAY, key=key, dossier=dossier)
    return checker.run(judged)


def told(result: Resultaat) -> Any:
    """A result without what differs between two runs of the same."""
    data = result.model_dump(mode="json", exclude={"gemaakt_op", "dossier"})
    return json.dumps(data, sort_keys=True)


def seen(path: Path, judged: Path) -> dict[str, list[str]]:
    """All that the dossier says of a message, in the tables that the rules look at."""
    tables = Tables(MESSAGE_MODEL, CHAIN_MODEL, attach=partial(attach_dossier, path=path))
    key = read_key(path.with_name(path.name + SUFFIX))
    reader = MessageReader(tables, key=key, first_number=1_000_000)
    read = reader.read(next(iter(find_messages([judged]))))
    reader.flush()
    tables.connection.execute(
        "INSERT INTO basis.kandidaat VALUES (?, ?)", [read.bericht_id, read.sha256]
    )
    names = [name for name in CHAIN_TABLES if tables.is_filled(CHAIN_TABLES[name].base)]
    tables.derive(names)
    return {
        name: sorted(map(repr, tables.query(f"SELECT * FROM {name}")))  # noqa: S608
        for name in names
    }


# --- adding ---------------------------------------------------------------------------------------


def test_the_same_file_twice_is_there_once_and_is_said(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "mijn.dossier"
    first = run("voeg-toe", path, CASE)
    assert first.code == 0 and "8 berichten toegevoegd: JW301 1, JW305 1" in first.err
    before = canonical(path)
    again = run("voeg-toe", path, CASE, CASE / "2_JW301_toewijzing.xml")
    assert again.code == 0 and "0 berichten toegevoegd" in again.err
    assert "9 bestanden stonden er al in" in again.err
    assert canonical(path) == before


def test_the_same_file_under_two_names_in_one_go_is_there_once(tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a.xml", "b.xml"):
        shutil.copy(CASE / "2_JW301_toewijzing.xml", folder / name)
    said = run("voeg-toe", tmp_path / "mijn.dossier", folder)
    assert "1 bericht toegevoegd" in said.err and "1 bestand stond er al in" in said.err


def test_a_file_that_is_no_message_is_told_and_stops_no_other(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "mijn.dossier"
    wrong = written(tmp_path, "brief.xml", b"<brief/>")
    said = run("voeg-toe", path, wrong, CASE)
    assert said.code == 2
    assert "brief.xml" in said.err and "8 berichten toegevoegd" in said.err


def test_adding_says_how_many_messages_are_refused(tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    good = to_bytes(to_element(RELEASE.messages["JW301"], make_content("JW301")))
    written(folder, "schema.xml", changed(good, "Geslacht", "9999"))
    faulty = make_content("JW307", fault="TR018")
    written(folder, "regel.xml", to_bytes(to_element(RELEASE.messages["JW307"], faulty)))
    path = tmp_path / "mijn.dossier"
    said = run("voeg-toe", path, folder)
    assert "1 bericht klopt niet met het schema" in said.err
    assert "1 bericht klopt niet met regels binnen het bericht" in said.err
    kinds = {kind["berichtsoort"]: kind for kind in shown(run, path)["soorten"]}
    assert (kinds["JW301"]["afgekeurd_schema"], kinds["JW301"]["afgekeurd_regels"]) == (1, 0)
    assert (kinds["JW307"]["afgekeurd_schema"], kinds["JW307"]["afgekeurd_regels"]) == (0, 1)


def _twins(folder: Path) -> Path:
    """Messages of which the order matters, if only the order of adding tells them apart."""
    folder.mkdir()
    for number, last in ((1, "2027-03-31"), (2, "2027-04-30")):
        content = make_content("JW301")
        content["Header"]["BerichtIdentificatie"]["Identificatie"] = f"T{number}"
        (product,) = content["Client"]["ToegewezenProducten"]["ToegewezenProduct"]
        product["Einddatum"] = last
        product["ToewijzingNummer"] = 100_000
        content["Client"]["Bsn"] = make_content("JW323")["Declaratie"]["Clienten"]["Client"][0][
            "Bsn"
        ]
        written(folder, f"t{number}.xml", to_bytes(to_element(RELEASE.messages["JW301"], content)))
    earlier = make_content("JW323", day=datetime.date(2026, 4, 7))
    earlier["Header"]["BerichtIdentificatie"]["Identificatie"] = "JW323-1"
    written(folder, "d.xml", to_bytes(to_element(RELEASE.messages["JW323"], earlier)))
    for number, refused in ((1, 1), (2, 0)):
        content = make_content("JW325", day=datetime.date(2026, 4, 7))
        content["Header"]["BerichtIdentificatie"]["Identificatie"] = f"A{number}"
        if not refused:
            del content["DeclaratieAntwoord"]["Clienten"]
        written(folder, f"a{number}.xml", to_bytes(to_element(RELEASE.messages["JW325"], content)))
    return folder


def test_the_dossier_that_is_measured_fits_its_declaratie(tmp_path: Path, ruleset: Ruleset) -> None:
    """The benchmark writes its dossier straight in SQL; here it is small, and must say the same."""
    content = make_content("JW323", 20)
    declaratie = write_message(tmp_path / "declaratie", "JW323", content)
    database = tmp_path / "gemeten.dossier"
    write_dossier(database, 60, content)
    dossier = Dossier("gemeten", database=database)
    checker = MessageChecker(ruleset, TODAY, key=key_of(database, None), dossier=dossier)
    result = checker.run([declaratie])
    (message,) = result.berichten
    assert not message.afwijkingen
    checked = {rule.regel for rule in result.berichtregels if rule.gecontroleerd}
    assert {"IJW-TR307", "IJW-TR321", "IJW-TR322", "IJW-TR323", "IJW-TR389"} <= checked


def test_the_order_of_adding_does_not_matter(tmp_path: Path, ruleset: Ruleset) -> None:
    files = [*sorted(CASE.glob("*.xml")), *sorted(_twins(tmp_path / "in").glob("*.xml"))]
    content = make_content("JW323")
    judged = written(tmp_path, "j.xml", to_bytes(to_element(RELEASE.messages["JW323"], content)))
    contents, views, results = [], [], []
    orders = [files, files[::-1]]
    shutil.copy(_key(tmp_path), tmp_path / "sleutel")
    for number, order in enumerate(orders):
        path = tmp_path / f"{number}.dossier"
        shutil.copy(tmp_path / "sleutel", f"{path}{SUFFIX}")
        # One at a time, so that the numbers of the rows differ as much as they can.
        key, _ = create_dossier(path, tmp_path / "sleutel")
        dossier = Dossier("x", database=path)
        adding = MessageChecker(ruleset, TODAY, key=key, dossier=replace(dossier, writes=True))
        for file in order:
            adding.add([file])
        adding.close()
        contents.append(canonical(path))
        views.append([seen(path, item) for item in (judged, CASE / "5_JW325_maart.xml")])
        results.append(told(checked(ruleset, [judged], dossier, key)))
    assert contents[0] == contents[1]
    assert views[0] == views[1]
    assert results[0] == results[1]


def _key(folder: Path) -> Path:
    path = folder / "een.sleutel"
    path.write_text("ab" * 32)
    return path


def test_a_file_and_a_folder_as_dossier_give_the_same_findings(
    tmp_path: Path, run: Run, ruleset: Ruleset
) -> None:
    folders = [CASE, CASES / "casus_met_fouten", _twins(tmp_path / "in")]
    path = tmp_path / "mijn.dossier"
    assert run("voeg-toe", path, *folders, "--peildatum", TODAY).code == 0
    key = read_key(tmp_path / f"mijn.dossier{SUFFIX}")
    from_file = checked(ruleset, folders, Dossier("x", database=path), key)
    from_folder = checked(ruleset, folders, Dossier("x", paths=tuple(folders)), None)
    assert told(from_file) == told(from_folder)
    assert from_file.dossier and from_folder.dossier
    assert from_file.dossier.berichten == from_folder.dossier.berichten


def test_a_check_leaves_the_dossier_as_it_is(dossier: Path, ruleset: Ruleset) -> None:
    before = dossier.read_bytes()
    key = read_key(dossier.with_name(dossier.name + SUFFIX))
    checked(ruleset, [CASE], Dossier("x", database=dossier), key)
    assert dossier.read_bytes() == before


# --- killed, interrupted, no room ------------------------------------------------------------------


def test_killed_at_any_moment_it_loses_and_doubles_nothing(tmp_path: Path, run: Run) -> None:
    messages = made(tmp_path / "in", 500)
    key = _key(tmp_path)
    whole = tmp_path / "heel.dossier"
    start = time.monotonic()
    process = command("voeg-toe", whole, messages, "--sleutel", key, "--stil")
    assert process.wait(timeout=120) == 0
    takes = time.monotonic() - start
    path = tmp_path / "vaak.dossier"
    rng = random.Random(11)
    killed = 0
    for _ in range(5):
        process = command("voeg-toe", path, messages, "--sleutel", key)
        time.sleep(rng.uniform(0.1, takes))
        if process.poll() is None:
            process.kill()
            killed += 1
        assert process.wait() in (0, -signal.SIGKILL)
    assert killed > 1
    process = command("voeg-toe", path, messages, "--sleutel", key)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 0, error
    assert canonical(path) == canonical(whole)


def test_ctrl_c_ends_with_a_sentence_and_keeps_what_was_added(tmp_path: Path, run: Run) -> None:
    messages = made(tmp_path / "in", 500)
    path = tmp_path / "mijn.dossier"
    process = command("voeg-toe", path, messages)
    # As soon as the first step is there; before, there is nothing to keep.
    log = tmp_path / "mijn.dossier.wal"
    while process.poll() is None and not log.exists():
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "Afgebroken. Wat al was toegevoegd, staat in het dossier." in error
    assert "Traceback" not in error
    assert 0 < sum(kind["aantal"] for kind in shown(run, path)["soorten"]) < 500
    assert run("voeg-toe", path, messages).code == 0
    assert sum(kind["aantal"] for kind in shown(run, path)["soorten"]) == 500


def test_a_full_disk_is_said_and_nothing_is_lost(tmp_path: Path, run: Run) -> None:
    messages = made(tmp_path / "in", 300)
    key = _key(tmp_path)
    whole, path = tmp_path / "heel.dossier", tmp_path / "vol.dossier"
    assert run("voeg-toe", whole, messages, "--sleutel", key).code == 0
    assert run("voeg-toe", path, CASE, "--sleutel", key).code == 0
    assert run("voeg-toe", whole, CASE, "--sleutel", key).code == 0
    for room in (path.stat().st_size, 20_000, 100_000):
        # A file cannot grow beyond this: what the disk says when it is full.
        limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (room, room))
        process = command("voeg-toe", path, messages, "--sleutel", key, preexec_fn=limit)
        _, error = process.communicate(timeout=60)
        assert process.returncode == 2
        assert "er is geen ruimte meer op de schijf" in error and "Traceback" not in error
    assert run("voeg-toe", path, messages, "--sleutel", key).code == 0
    assert canonical(path) == canonical(whole)


def test_a_new_dossier_on_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (4_000, 4_000))
    process = command("voeg-toe", tmp_path / "mijn.dossier", CASE, preexec_fn=limit)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "ruimte" in error and "Traceback" not in error
    assert not list(tmp_path.iterdir())


# --- the lock -------------------------------------------------------------------------------------


@pytest.fixture
def in_use(dossier: Path) -> Iterator[Path]:
    """A dossier in which another process writes."""
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); input()",
            str(dossier),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout and holder.stdout.readline() == "open\n"
    yield dossier
    holder.communicate("\n", timeout=30)


def test_who_comes_while_another_writes_is_told(in_use: Path, run: Run, ruleset: Ruleset) -> None:
    for arguments in (
        ("voeg-toe", in_use, CASE),
        ("toon", in_use),
        ("verwijder", in_use, "--ouder-dan", "2026-03-10", "--ja"),
    ):
        said = run(*arguments)
        assert said.code == 2
        assert "Dossier mijn.dossier is in gebruik door een andere opdracht" in said.err
    key = read_key(in_use.with_name(in_use.name + SUFFIX))
    with pytest.raises(UnusableInput, match="in gebruik"):
        checked(ruleset, [CASE], Dossier("x", database=in_use), key)


def test_two_who_begin_the_same_dossier_at_once_lose_nothing(tmp_path: Path, run: Run) -> None:
    one, other = made(tmp_path / "a", 40), CASE
    path = tmp_path / "mijn.dossier"
    processes = [command("voeg-toe", path, folder) for folder in (one, other)]
    outcomes = [(process.communicate(timeout=60)[1], process.returncode) for process in processes]
    for error, code in outcomes:
        assert code == 0 or "in gebruik" in error, error
    assert any(code == 0 for _, code in outcomes)
    assert run("voeg-toe", path, one, other).code == 0
    assert sum(kind["aantal"] for kind in shown(run, path)["soorten"]) == 48


def test_readers_do_not_hinder_each_other(dossier: Path, run: Run) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{dossier}' AS d (READ_ONLY)")
        process = command("toon", dossier)
        assert process.wait(timeout=60) == 0


# --- the key --------------------------------------------------------------------------------------


def test_a_new_dossier_gets_a_key_that_only_its_owner_can_read(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "mijn.dossier"
    said = run("voeg-toe", path, CASE)
    key = tmp_path / "mijn.dossier.sleutel"
    assert key.stat().st_mode & 0o777 == 0o600
    assert re.fullmatch("[0-9a-f]{64}\n", key.read_text())
    assert str(key) in said.err and "Bewaar de sleutel veilig" in said.err
    assert sorted(tmp_path.iterdir()) == [path, key]
    assert "sleutel" not in run("voeg-toe", path, CASE).err


def test_a_key_of_the_user_is_used_and_no_other_is_made(tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "elders"
    folder.mkdir()
    key = _key(folder)
    path = tmp_path / "mijn.dossier"
    assert run("voeg-toe", path, CASE, "--sleutel", key).code == 0
    assert sorted(tmp_path.iterdir()) == [folder, path]
    before = canonical(path)
    assert run("voeg-toe", path, CASE, "--sleutel", key).code == 0
    assert canonical(path) == before


def test_the_key_beside_a_dossier_that_is_gone_is_kept(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "mijn.dossier"
    assert run("voeg-toe", path, CASE).code == 0
    before = (tmp_path / f"mijn.dossier{SUFFIX}").read_text()
    path.unlink()
    assert run("voeg-toe", path, CASE).code == 0
    assert (tmp_path / f"mijn.dossier{SUFFIX}").read_text() == before


def test_another_key_is_refused(dossier: Path, run: Run, ruleset: Ruleset, tmp_path: Path) -> None:
    said = run("voeg-toe", dossier, CASE, "--sleutel", _key(tmp_path))
    assert said.code == 2 and "Deze sleutel hoort niet bij dossier mijn.dossier" in said.err
    for key, words in ((bytes(32), "hoort niet bij"), (None, "hoort een sleutel")):
        with pytest.raises(UnusableInput, match=words):
            checked(ruleset, [CASE], Dossier("x", database=dossier), key)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "De sleutel mijn.sleutel is niet te lezen: het bestaat niet"),
        (b"", "In mijn.sleutel staat geen sleutel"),
        (b"geheim", "In mijn.sleutel staat geen sleutel"),
        (b"\xff\xfe" * 40, "In mijn.sleutel staat geen sleutel"),
        (b"ab" * 31, "In mijn.sleutel staat geen sleutel"),
        (b"ab" * 33, "In mijn.sleutel staat geen sleutel"),
    ],
)
@pytest.mark.parametrize("there", [True, False])
def test_a_file_without_a_key_is_refused(
    tmp_path: Path, run: Run, content: bytes | None, words: str, there: bool
) -> None:
    path = tmp_path / "mijn.dossier"
    if there:
        assert run("voeg-toe", path, CASE).code == 0
    key = tmp_path / "mijn.sleutel"
    if content is not None:
        key.write_bytes(content)
    said = run("voeg-toe", path, CASE, "--sleutel", key)
    assert said.code == 2 and words in said.err
    assert path.exists() == there


def test_without_its_key_a_dossier_takes_nothing_in(dossier: Path, run: Run) -> None:
    dossier.with_name(dossier.name + SUFFIX).unlink()
    said = run("voeg-toe", dossier, CASE)
    assert said.code == 2
    assert "De sleutel van dossier mijn.dossier ontbreekt" in said.err
    assert run("toon", dossier).code == 0


def test_on_a_disk_without_links_a_dossier_can_be_made(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(key_module.os, "link", refuse)
    path = tmp_path / "mijn.dossier"
    assert run("voeg-toe", path, CASE).code == 0
    key = path.with_name(path.name + SUFFIX)
    kept = key.read_text()
    path.unlink()
    assert run("voeg-toe", path, CASE).code == 0
    assert key.read_text() == kept
    assert sorted(tmp_path.iterdir()) == [path, key]


# --- files that are no dossier ----------------------------------------------------------------------


def _other_database(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE stand (versie INTEGER); INSERT INTO stand VALUES (1)")


def _no_rows(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("DELETE FROM stand")


def _of_version(version: int, path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE stand SET versie = ?", [version])


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:9_000])


_NOT_USABLE = {
    "text": (lambda path: path.write_text("Beste lezer"), "is geen dossier van inkoopcheck"),
    "empty": (lambda path: path.write_bytes(b""), "is geen dossier van inkoopcheck"),
    "folder": (lambda path: (path.unlink(), path.mkdir()), "het is een map"),
    "gone": (lambda path: path.unlink(), "het bestaat niet"),
    "other": (lambda path: (path.unlink(), _other_database(path)), "is geen dossier"),
    "no rows": (_no_rows, "is geen dossier van inkoopcheck"),
    "newer": (partial(_of_version, FORMAT + 1), "gemaakt met een nieuwere inkoopcheck"),
    "older": (partial(_of_version, FORMAT - 1), "gemaakt met een oudere inkoopcheck"),
    "cut": (_cut, "is beschadigd"),
}


@pytest.mark.parametrize("name", _NOT_USABLE)
def test_a_file_that_is_no_dossier_is_told_and_left_alone(
    dossier: Path, run: Run, ruleset: Ruleset, name: str
) -> None:
    spoil, words = _NOT_USABLE[name]
    spoil(dossier)
    before = dossier.read_bytes() if dossier.is_file() else None
    key = read_key(dossier.with_name(dossier.name + SUFFIX))
    calls: list[tuple[str | Path, ...]] = [
        ("toon", dossier),
        ("verwijder", dossier, "--ouder-dan", "2026-03-10", "--ja"),
    ]
    if dossier.exists():  # Otherwise a new one is made.
        calls.append(("voeg-toe", dossier, CASE))
    for arguments in calls:
        said = run(*arguments)
        assert said.code == 2
        assert words in said.err and "mijn.dossier" in said.err
    with pytest.raises(UnusableInput, match=words):
        checked(ruleset, [CASE], Dossier("x", database=dossier), key)
    assert (dossier.read_bytes() if dossier.is_file() else None) == before


def test_what_is_no_dossier_is_told_before_its_key_is_missed(tmp_path: Path, run: Run) -> None:
    other = written(tmp_path, "brief.txt", b"Beste lezer")
    assert "brief.txt is geen dossier" in run("voeg-toe", other, CASE).err
    assert "het is een map" in run("voeg-toe", tmp_path, CASE).err


def test_damage_inside_the_file_never_ends_in_a_traceback(
    tmp_path: Path, run: Run, ruleset: Ruleset
) -> None:
    """Whatever part is damaged: it is either told, or does no harm."""
    whole = tmp_path / "heel.dossier"
    assert run("voeg-toe", whole, CASE).code == 0
    key = read_key(whole.with_name(whole.name + SUFFIX))
    content = whole.read_bytes()
    judged = [CASE / "6_JW323_april.xml"]
    good = told(checked(ruleset, judged, Dossier("x", database=whole), key))
    path = tmp_path / "stuk.dossier"
    found = set()
    blocks = range(12_288, len(content), 262_144)  # Behind three headers.
    for start in (100, 4_196, *(block + 100 for block in blocks)):
        spoiled = bytearray(content)
        spoiled[start : start + 64] = bytes(byte ^ 0xFF for byte in content[start : start + 64])
        path.write_bytes(spoiled)
        said = run("toon", path)
        assert said.code == 0 or "beschadigd" in said.err
        try:
            result = checked(ruleset, judged, Dossier("x", database=path), key)
        except UnusableInput as error:
            assert "beschadigd" in str(error)
            found.add("told")
        else:
            assert told(result) == good
            found.add("no harm")
    assert found == {"told", "no harm"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "IO Error: Trying to read a database file with version number 999, but we can only read"
            " versions between 64 and 67.",
            "gemaakt met een nieuwere inkoopcheck",
        ),
        (
            'IO Error: Cannot open file "c:\\x": The process cannot access the file because it is being'
            " used by another process.",
            "is in gebruik",
        ),
        ('IO Error: Could not write file "x": No space left on device', "geen ruimte meer"),
        ('IO Error: Cannot open file "x.wal": Read-only file system', "u hebt geen toegang"),
        ("INTERNAL Error: something else", "is beschadigd"),
    ],
)
def test_what_the_database_says_is_told_in_dutch(text: str, words: str) -> None:
    with pytest.raises(UnusableInput, match=words), understood(Path("mijn.dossier")):
        raise duckdb.IOException(text)


def test_a_folder_that_cannot_be_written_is_told(
    tmp_path: Path, run: Run, without_rights: Callable[[], None]
) -> None:
    folder = tmp_path / "dicht"
    folder.mkdir()
    path = folder / "mijn.dossier"
    key = _key(tmp_path)
    assert run("voeg-toe", path, CASE, "--sleutel", key).code == 0
    path.chmod(0o444)
    folder.chmod(0o555)
    without_rights()
    assert run("toon", path).code == 0
    for arguments in (
        ("voeg-toe", path, CASE, "--sleutel", key),
        ("voeg-toe", folder / "nieuw.dossier", CASE),
        ("voeg-toe", folder / "nieuw.dossier", CASE, "--sleutel", key),
        ("verwijder", path, "--ouder-dan", "2026-03-10", "--ja"),
    ):
        said = run(*arguments)
        assert said.code == 2
        assert "u hebt geen toegang" in said.err, said.err


@pytest.fixture
def without_rights(tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Makes closed folders hold for root too; for any other user they hold already.

    Root keeps its name, so that what it owns (this checkout, wherever it lies) can still be read;
    it only loses the capabilities that pass over the permissions of a file, see capabilities(7).
    """
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this thread
    before = (ctypes.c_uint32 * 6)()
    is_root = sys.platform == "linux" and os.geteuid() == 0
    library = ctypes.CDLL(None, use_errno=True) if is_root else None

    def become() -> None:
        if library is None:
            return
        assert library.capget(header, before) == 0
        less = (ctypes.c_uint32 * 6)(*before)
        less[0] &= ~0b110  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, of the effective set
        assert library.capset(header, less) == 0

    yield become
    if library is not None and any(before):
        assert library.capset(header, before) == 0
    for folder in tmp_path.iterdir():
        if folder.is_dir():
            folder.chmod(0o755)


def test_the_layout_of_a_dossier_changes_only_with_its_version() -> None:
    """Change FORMAT and this value together: an older dossier is then refused, and not misread."""
    listed = "\n".join(f"{table}.{column}" for table, column in sorted(layout()))
    assert (FORMAT, hashlib.sha256(listed.encode()).hexdigest()[:16]) == (1, "08bf6f0f7e40e440")


# --- persons --------------------------------------------------------------------------------------


def test_nothing_of_a_person_is_in_the_file(tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    bsn = PERSONAL["Bsn"]
    for seed, name in enumerate(RELEASE.messages):
        content = message(name, seed)
        written(folder, f"{name}_{bsn}.xml", content)
        # A BSN where it does not belong, and a message that does not fit the schema.
        written(folder, f"{name}_nummer.xml", changed(content, "Identificatie", f"A{bsn}"))
        # What stands of a person in the message is also known elsewhere in it.
        if f"Bsn>{bsn}".encode() in content:
            written(folder, f"{name}_7{bsn}8.xml", changed(content, "Identificatie", "R7"))
        for number, secret in enumerate((PERSONAL["Achternaam"], BIRTH_DATE)):
            if f">{secret}<".encode() in content:
                wrong = changed(changed(content, "Afzender", secret), "Identificatie", secret)
                written(folder, f"{name}_fout{number}.xml", wrong)
        for element in ("ReferentieNummer", "ReferentieAanbieder", "DeclaratieNummer"):
            if f"{element}>".encode() in content:
                written(folder, f"{name}_{element}.xml", changed(content, element, f"{bsn}12"))
    path = tmp_path / "mijn.dossier"
    said = run("voeg-toe", path, folder)
    assert said.code == 0, said.err
    texts = b"\n".join("\n".join(map(repr, found)).encode() for found in canonical(path).values())
    assert len(texts) > 100_000
    for secret in [*SECRETS, bsn, "999900018", "FLQ"]:
        for form in ("utf-8", "utf-16-le"):
            assert secret.encode(form) not in path.read_bytes(), secret
        assert secret.encode() not in texts, secret
    assert not rows(path, "SELECT 1 FROM client WHERE geboortedatum IS NOT NULL")
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{path}' AS d (READ_ONLY)")
        dates = connection.execute(
            "SELECT table_name, column_name FROM duckdb_columns()"
            " WHERE database_name = 'd' AND data_type = 'DATE'"
        ).fetchall()
        for table, column in dates:
            found = connection.execute(
                f"SELECT count(*) FROM d.{table} WHERE {column} = ?",  # noqa: S608
                [BIRTH_DATE],
            ).fetchone()
            assert found == (0,), (table, column)


@pytest.mark.parametrize(
    ("number", "shown_as"),
    [
        ("{bsn}2", "•••"),  # Of the client: no report shows it.
        ("111222333", "111222333"),  # May be a BSN, of nobody in the message.
        ("20111222333004", "20111222333004"),
    ],
)
def test_a_reference_that_may_be_a_bsn_is_still_found(
    tmp_path: Path, run: Run, ruleset: Ruleset, number: str, shown_as: str
) -> None:
    """The dossier does not keep it, and yet the same reference is known again, and shown as it was."""
    earlier = make_content("JW323", day=datetime.date(2026, 4, 7))
    (client,) = earlier["Declaratie"]["Clienten"]["Client"]
    (prestatie,) = client["Prestaties"]["Prestatie"]
    number = number.format(bsn=client["Bsn"])
    for other in (f"1{number}", number):
        prestatie["ProductReferentie"]["ReferentieNummer"] = other
        earlier["Header"]["BerichtIdentificatie"]["Identificatie"] = f"E{len(other)}"
        content = to_bytes(to_element(RELEASE.messages["JW323"], earlier))
        written(tmp_path, f"e{len(other)}.xml", content)
    again = make_content("JW323")
    (client,) = again["Declaratie"]["Clienten"]["Client"]
    client["Prestaties"]["Prestatie"][0]["ProductReferentie"]["ReferentieNummer"] = number
    judged = written(tmp_path, "j.xml", to_bytes(to_element(RELEASE.messages["JW323"], again)))
    path = tmp_path / "mijn.dossier"
    assert run("voeg-toe", path, *sorted(tmp_path.glob("e*.xml"))).code == 0
    kept = rows(path, "SELECT referentie_nummer FROM prestatie")
    assert len(kept) == 2 and not any(number in text for (text,) in kept)
    key = read_key(path.with_name(path.name + SUFFIX))
    result = checked(ruleset, [judged], Dossier("x", database=path), key)
    (told_of,) = [a for a in result.berichten[0].afwijkingen if a.regel == "IJW-TR314"]
    assert shown_as in told_of.melding
    assert f"e{len(number)}.xml" in told_of.melding


# --- looking --------------------------------------------------------------------------------------


def shown(run: Run, path: Path) -> dict[str, Any]:
    said = run("toon", path, "--formaat", "json")
    assert said.code == 0, said.err
    data: dict[str, Any] = json.loads(said.out)
    return data


def test_it_is_shown_what_a_dossier_holds(dossier: Path, run: Run) -> None:
    data = shown(run, dossier)
    kinds = {kind["berichtsoort"]: kind for kind in data["soorten"]}
    assert {name: kind["aantal"] for name, kind in kinds.items()} == {
        "JW301": 1,
        "JW305": 1,
        "JW307": 1,
        "JW315": 1,
        "JW323": 2,
        "JW325": 2,
    }
    assert (kinds["JW323"]["eerste"], kinds["JW323"]["laatste"]) == ("2026-04-08", "2026-05-07")
    assert (data["gemeenten"], data["aanbieders"]) == (["0384"], ["98765432"])
    assert (data["clienten"], data["toewijzingen"], data["prestaties"]) == (1, 2, 6)
    assert {name: kind["onbeantwoord"] for name, kind in kinds.items()} == {
        "JW301": 1,
        "JW305": 1,
        "JW307": 1,
        "JW315": 1,
        "JW323": 0,
        "JW325": 0,
    }
    assert [item["berichtsoort"] for item in data["onbeantwoord"]] == [
        "JW315",
        "JW301",
        "JW305",
        "JW307",
    ]
    assert data["open_verzoeken"] == 0
    text = run("toon", dossier).out
    for part in ("8 berichten", "6 prestaties", "JW323", "0384", "98765432", "TOE260001"):
        assert part in text


def test_a_request_is_open_until_it_is_answered(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "mijn.dossier"
    asked = written(
        tmp_path, "v.xml", to_bytes(to_element(RELEASE.messages["JW315"], make_content("JW315")))
    )
    refused = written(
        tmp_path, "a.xml", to_bytes(to_element(RELEASE.messages["JW319"], make_content("JW319")))
    )
    run("voeg-toe", path, asked)
    assert shown(run, path)["open_verzoeken"] == 1
    run("voeg-toe", path, refused)
    assert shown(run, path)["open_verzoeken"] == 0


def test_an_answer_to_another_message_is_no_answer(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "mijn.dossier"
    answer = (CASE / "5_JW325_maart.xml").read_bytes()
    other = written(tmp_path, "a.xml", changed(answer, "Ontvanger", "11111111"))
    run("voeg-toe", path, CASE / "4_JW323_maart.xml", other)
    assert [item["identificatie"] for item in shown(run, path)["onbeantwoord"]] == ["DEC2603"]


def test_an_empty_dossier_is_shown(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "mijn.dossier"
    run("voeg-toe", path, CASE / "2_JW301_toewijzing.xml")
    run("verwijder", path, "--bestand", "2_JW301_toewijzing.xml", "--ja")
    assert shown(run, path)["soorten"] == []
    assert "Er staat nog niets in" in run("toon", path).out


# --- taking out -------------------------------------------------------------------------------------


def _values(content: bytes) -> set[str]:
    """Texts of a message that a dossier keeps."""
    names = b"ReferentieNummer|Identificatie|DeclaratieNummer"
    return {text.decode() for text in re.findall(b"<[^<>/]*(?:%b)>([^<]+)<" % names, content)}


def test_what_is_taken_out_is_gone_from_the_file(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "mijn.dossier"
    only = tmp_path / "zonder.dossier"
    key = _key(tmp_path)
    gone = CASE / "6_JW323_april.xml"
    for file in sorted(CASE.glob("*.xml")):
        assert run("voeg-toe", path, file, "--sleutel", key).code == 0
        if file != gone:
            assert run("voeg-toe", only, file, "--sleutel", key).code == 0
    marks = _values(gone.read_bytes()) | {gone.name}
    marks -= {
        value for file in CASE.glob("*.xml") if file != gone for value in _values(file.read_bytes())
    }
    assert any(mark.encode() in path.read_bytes() for mark in marks)
    said = run("verwijder", path, "--bestand", gone.name, "--ja")
    assert said.code == 0
    assert "JW323 DEC2604" in said.err and "1 bericht verwijderd" in said.err
    assert canonical(path) == canonical(only)
    assert not [mark for mark in marks if mark.encode() in path.read_bytes()]
    assert sorted(item.name for item in tmp_path.iterdir()) == sorted(
        [path.name, only.name, key.name]
    )
    # It can come back, with new numbers.
    assert run("voeg-toe", path, gone, "--sleutel", key).code == 0
    canonical(path)


@pytest.mark.parametrize(
    ("arguments", "left"),
    [
        (["--identificatie", "TOE260001"], 7),
        (["--identificatie", "TOE260001", "--identificatie", "DEC2603"], 6),
        (["--bestand", "4_JW323_maart.xml"], 7),
        (["--ouder-dan", "2026-03-05"], 6),
        (["--ouder-dan", "6-3-2026"], 5),
        (["--ouder-dan", "2026-03-05", "--bestand", "8_JW307_stop.xml"], 5),
        (["--ouder-dan", "2030-01-01"], 0),
        (["--vingerafdruk", "FINGERPRINT"], 7),
    ],
)
def test_messages_are_pointed_out_in_four_ways(
    dossier: Path, run: Run, arguments: list[str], left: int
) -> None:
    digest = hashlib.sha256((CASE / "8_JW307_stop.xml").read_bytes()).hexdigest().upper()
    arguments = [digest if item == "FINGERPRINT" else item for item in arguments]
    assert run("verwijder", dossier, *arguments, "--ja").code == 0
    assert sum(kind["aantal"] for kind in shown(run, dossier)["soorten"]) == left


def test_toewijzingen_that_have_not_ended_are_told(dossier: Path, run: Run) -> None:
    said = run("verwijder", dossier, "--identificatie", "TOE260001", "--ja")
    assert re.search(r"Let op: daarbij (is|zijn) \d toewijzing", said.err)
    said = run("verwijder", dossier, "--identificatie", "DEC2603", "--ja")
    assert "Let op" not in said.err


@pytest.mark.parametrize("answer", ["nee\n", "\n", "", "nou\n"])
def test_without_a_yes_nothing_goes(
    dossier: Path, run: Run, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    import io

    before = dossier.read_bytes()
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    said = run("verwijder", dossier, "--identificatie", "TOE260001")
    assert said.code == 2
    assert dossier.read_bytes() == before
    monkeypatch.setattr("sys.stdin", io.StringIO("ja\n"))
    assert run("verwijder", dossier, "--identificatie", "TOE260001").code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Zeg welke berichten weg mogen"),
        (["--identificatie", "BESTAATNIET"], "staat niet in het dossier"),
        (["--ouder-dan", "2001-01-01"], "staat niet in het dossier"),
        (["--ouder-dan", "gisteren"], "is geen datum"),
    ],
)
def test_what_points_at_nothing_is_told(
    dossier: Path, run: Run, arguments: list[str], words: str
) -> None:
    before = dossier.read_bytes()
    said = run("verwijder", dossier, *arguments, "--ja")
    assert said.code == 2 and words in said.err
    assert dossier.read_bytes() == before


@pytest.mark.parametrize("command_name", ["voeg-toe", "verwijder"])
def test_what_a_killed_command_left_is_cleared_away(
    dossier: Path, run: Run, command_name: str
) -> None:
    left = [dossier.with_name(f".mijn.dossier-nieuw{end}") for end in ("", ".wal")]
    for path in left:
        path.write_bytes(b"half")
    arguments = {"voeg-toe": [CASE], "verwijder": ["--identificatie", "DEC2603", "--ja"]}
    assert run(command_name, dossier, *arguments[command_name]).code == 0
    assert not any(path.exists() for path in left)


def test_taking_out_happens_wholly_or_not_at_all(
    dossier: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = canonical(dossier)

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    said = run("verwijder", dossier, "--ouder-dan", "2030-01-01", "--ja")
    assert said.code == 2 and "niet te schrijven" in said.err
    monkeypatch.undo()
    assert canonical(dossier) == before
    assert len(list(dossier.parent.iterdir())) == 2
    assert run("verwijder", dossier, "--ouder-dan", "2030-01-01", "--ja").code == 0
