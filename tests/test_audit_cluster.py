"""The same audit on a Dask cluster, also when a worker is lost on the way."""

import contextlib
import datetime
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from inkoopcheck.audit import discover
from inkoopcheck.audit.model import UnitOutcome
from inkoopcheck.audit.run import Wishes, audit
from inkoopcheck.errors import UnusableInput

distributed = pytest.importorskip("distributed")

SAMPLE = Path(__file__).parent.parent / "sample_contracts" / "audit"
DAY = datetime.date(2026, 7, 1)


@contextlib.contextmanager
def two_workers() -> Iterator[tuple[str, list[int]]]:
    """The address of a cluster with two workers, and their processes."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
    ) as cluster:
        with distributed.Client(cluster, set_as_default=False) as client:
            processes = list(client.run(os.getpid).values())
        yield cluster.scheduler_address, processes


@pytest.mark.parametrize("shared", [True, False])
def test_a_lost_worker_changes_nothing(
    shared: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when the workers share no folder, and reach the files by an address only."""
    folder = tmp_path / "invoer"
    chosen = next(path for path in sorted(SAMPLE.iterdir()) if path.is_dir())
    shutil.copytree(chosen, folder / chosen.name)
    place: Path | str = folder
    if not shared:
        place = f"zip://::{shutil.make_archive(str(tmp_path / 'invoer'), 'zip', folder)}"
    # Small units, so that the worker is lost while others wait.
    monkeypatch.setattr(discover, "MAX_UNIT_FILES", 2)
    here = audit(folder, tmp_path / "hier", Wishes(DAY))

    with two_workers() as (address, processes):

        class Killer:
            done = 0

            def reading(self, files: int, size: int) -> None: ...

            def read(self, outcome: UnitOutcome, files: int, size: int) -> None:
                self.done += 1
                if self.done == 1:
                    os.kill(processes[0], signal.SIGKILL)

            def judging(self, name: str) -> None: ...

        watch = Killer()
        there = audit(place, tmp_path / "daar", Wishes(DAY, cluster=address), watch)
    assert watch.done > 2
    assert there.meta["uitkomst"] == here.meta["uitkomst"]
    for name in ("cijfer", "bestand", "tarief"):
        one = (tmp_path / "hier" / "open_data" / f"{name}.csv").read_bytes()
        assert one == (tmp_path / "daar" / "open_data" / f"{name}.csv").read_bytes()


def test_no_cluster_at_the_address_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inkoopcheck.audit.work._PATIENCE", "1s")
    with pytest.raises(UnusableInput, match="antwoordt geen cluster"):
        audit(SAMPLE, tmp_path / "rapport", Wishes(DAY, cluster="tcp://127.0.0.1:9"))
