"""An audit of files on another system: the same as of a folder, and what goes wrong there is told."""

import datetime
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from inkoopcheck.audit.run import Wishes, audit
from inkoopcheck.audit.source import FolderSource, RemoteSource, source_of
from inkoopcheck.errors import UnusableInput

fsspec = pytest.importorskip("fsspec")

SAMPLE = Path(__file__).parent.parent / "sample_contracts" / "audit"
WISHES = Wishes(datetime.date(2026, 7, 1))
COMMAND = [sys.executable, "-m", "inkoopcheck"]


@pytest.fixture
def memory() -> Any:
    """A system with nothing in it, and the address of its folder ``land``."""
    system = fsspec.filesystem("memory")
    system.store.clear()
    system.pseudo_dirs[:] = [""]
    system.makedirs("/land")
    return system


def one_gemeente() -> Path:
    return next(path for path in sorted(SAMPLE.iterdir()) if path.is_dir())


def packed(target: Path) -> str:
    """The address of a zip with a gemeente of the sample region."""
    folder = one_gemeente()
    with zipfile.ZipFile(target, "w") as package:
        for path in sorted(folder.rglob("*")):
            package.write(path, path.relative_to(folder.parent))
    return f"zip://::{target}"


class Watch:
    def __init__(self) -> None:
        self.files: list[int] = []

    def reading(self, files: int, size: int) -> None:
        self.files.append(files)

    def read(self, outcome: object, files: int, size: int) -> None: ...

    def judging(self, name: str) -> None: ...


def test_elsewhere_gives_the_same_as_here_and_is_read_once(memory: Any, tmp_path: Path) -> None:
    name = one_gemeente().name
    memory.put(str(one_gemeente()), f"/land/{name}", recursive=True)
    memory.pipe("/land/.verborgen/x.xml", b"<a/>")
    memory.pipe("/land/~$open.xlsx", b"x")
    memory.pipe("/land2/buur.xml", b"<a/>")
    folder = tmp_path / "land"
    memory.get(f"/land/{name}", str(folder / name), recursive=True)
    (folder / "~$open.xlsx").write_bytes(b"x")
    here = audit(folder, tmp_path / "hier", WISHES)
    watch = Watch()
    there = audit("memory://land", tmp_path / "daar", WISHES, watch)
    assert here.meta["berichten"] and here.meta["contracten"]
    assert there.meta["uitkomst"] == here.meta["uitkomst"]
    assert there.meta["invoer"] == {**here.meta["invoer"], "map": "memory://land"}
    for table in ("cijfer", "bestand", "tarief", "bevinding"):
        one = (tmp_path / "hier" / "open_data" / f"{table}.csv").read_bytes()
        assert one == (tmp_path / "daar" / "open_data" / f"{table}.csv").read_bytes()
    audit("memory://land", tmp_path / "daar", WISHES, watch)
    changed = next(path for path in memory.find(f"/land/{name}") if path.endswith(".xml"))
    memory.pipe(changed, memory.cat(changed) + b"\n")
    audit("memory://land", tmp_path / "daar", WISHES, watch)
    assert watch.files == [watch.files[0], 0, 1]
    assert not list((tmp_path / "daar").rglob("bron-*"))


def test_a_file_that_cannot_be_fetched_does_not_stop_the_others(
    memory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.put(str(one_gemeente()), "/land/x", recursive=True)
    files = sorted(path for path in memory.find("/land") if path.endswith(".xml"))
    fetch = type(memory).get_file

    def broken(self: Any, path: str, *rest: Any, **more: Any) -> Any:
        if path == files[1]:
            raise RuntimeError("sleutel geheim=123")
        return fetch(self, path, *rest, **more)

    monkeypatch.setattr(type(memory), "get_file", broken)
    result = audit("memory://land", tmp_path / "rapport", WISHES)
    (wrong,) = [row for row in result.tables["bestand"] if "niet te openen" in row["reden"]]
    assert (f"/land/{wrong['naam']}", wrong["oordeel"]) == (files[1], "niet bruikbaar")
    assert "geheim" not in str(result.tables["bestand"])
    assert result.meta["invoer"]["gelezen"] > len(files) / 2


def test_a_list_of_files_that_cannot_be_had_is_told(
    memory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise ValueError("sleutel geheim=123")

    monkeypatch.setattr(type(memory), "find", broken)
    with pytest.raises(UnusableInput, match="memory://land is niet op te vragen") as caught:
        audit("memory://land", tmp_path / "rapport", WISHES)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("memory://weg", "bestaat niet of is van hier niet te bereiken"),
        ("onzin://bak/map", "Met een adres dat begint met onzin:// kan dit programma niets"),
        ("zip://::/bestaat/niet.zip", "niet te bereiken"),
        ("s3://gebruiker:geheim@bak/map", "wachtwoord"),
        ("http://[", "kan dit programma niets|uitbreiding"),
        ("file:///bestaat/niet", "bestaat niet"),
    ],
)
def test_an_address_that_cannot_be_used_is_told(
    address: str, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(UnusableInput, match=sentence) as caught:
        audit(address, tmp_path / "rapport", WISHES)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("told", [{"CRC": 1}, {"ETag": "a"}, {"created": 5}, {}])
def test_a_file_that_changed_is_another_one_also_with_the_same_size(
    told: dict[str, Any], memory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A system that tells nothing of a change has its files read every time."""

    def found(facts: dict[str, Any]) -> Any:
        files = {"/land/x.xml": {"name": "/land/x.xml", "size": 5, **facts}}
        monkeypatch.setattr(type(memory), "find", lambda *_, **__: files)
        return source_of("memory://land").find(tmp_path)

    first = found(told)
    assert (found(told) == first) is bool(told)
    assert found(dict.fromkeys(told, 9)) != first


def test_what_is_on_this_machine_is_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "een map"
    folder.mkdir()
    assert source_of(folder) == source_of(str(folder)) == FolderSource(folder.resolve())
    assert source_of(folder.as_uri()) == FolderSource(folder.resolve())
    assert source_of("s3://bak/map") == RemoteSource("s3://bak/map")


def test_the_installed_command_audits_and_derives_again_from_an_address(tmp_path: Path) -> None:
    report = tmp_path / "rapport"
    address = packed(tmp_path / "land.zip")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        everywhere = {**os.environ, "PYTHONIOENCODING": "utf-8"}
        return subprocess.run(
            [*COMMAND, *arguments],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            env=everywhere,
        )

    made = run("audit", address, "--uit", str(report), "--peildatum", "2026-07-01")
    assert made.returncode == 0 and "Gelezen: 8 bestanden" in made.stderr, made.stderr
    assert (report / "index.html").exists()
    again = run("herleid", str(report))
    assert again.returncode == 0 and "Er komt precies hetzelfde uit." in again.stderr
    (tmp_path / "land.zip").rename(tmp_path / "ander.zip")
    gone = run("herleid", str(report))
    assert gone.returncode == 2 and "Wijs ze dan aan met --map" in gone.stderr, gone.stderr
    moved = run("herleid", str(report), "--map", f"zip://::{tmp_path / 'ander.zip'}")
    assert moved.returncode == 0, moved.stdout
