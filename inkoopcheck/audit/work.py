"""Where units are read: in this process, in processes of this machine, or on a Dask cluster."""

import multiprocessing
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import TYPE_CHECKING

from inkoopcheck.audit.model import Settings, Unit, UnitOutcome
from inkoopcheck.audit.read import bring_home, read_away, read_unit
from inkoopcheck.errors import UnusableInput

if TYPE_CHECKING:
    from distributed import Client

_PATIENCE = "20s"
"""How long a cluster may take to answer."""
_RETRIES = 3
"""How often a unit is given to another worker when one was lost."""


def read_here(units: Iterable[Unit], settings: Settings) -> Iterator[UnitOutcome]:
    """Read units one after another, in this process."""
    for unit in units:
        yield read_unit(unit, settings)


def read_in_processes(
    units: Sequence[Unit], settings: Settings, processes: int
) -> Iterator[UnitOutcome]:
    """Read units in processes of this machine; outcomes come as they are ready.

    Raises:
        UnusableInput: a process was ended from outside, for instance for want of memory.
    """
    from concurrent.futures.process import BrokenProcessPool

    # A fresh interpreter: a fork would take locks of DuckDB and libxml2 along in an unknown state.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(processes, mp_context=context, initializer=_prepare)
    try:
        futures = [pool.submit(read_unit, unit, settings) for unit in units]
        for future in as_completed(futures):
            yield future.result()
    except BrokenProcessPool:
        raise UnusableInput(
            "Een van de processen is onverwacht gestopt, misschien door te weinig geheugen."
            " Geef hetzelfde commando nog eens, met een lagere --processen: wat af is blijft bewaard."
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _prepare() -> None:
    """Make a process fit to read for another one.

    Ctrl-C goes to all processes; the first one decides, and lets the others finish their unit. When the first
    one is killed, nobody would tell the others: they end with it.
    """
    import os
    import signal
    import threading

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()

    def end_with_parent() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=end_with_parent, daemon=True).start()


def read_on_cluster(
    units: Sequence[Unit], settings: Settings, address: str
) -> Iterator[UnitOutcome]:
    """Read units on the workers of a Dask cluster; a unit whose worker is lost goes to another one.

    All workers must reach the files by the same path or address, and have the same version of inkoopcheck. What
    they read comes back over the cluster: they need not see the report.

    Raises:
        UnusableInput: the extra ``cluster`` is not installed, or nothing answers at the address.
    """
    try:
        from distributed import Client
        from distributed import as_completed as in_order_of_completion
    except ImportError:
        raise UnusableInput(
            "Voor --cluster is een uitbreiding nodig. Installeer haar met: pip install 'inkoopcheck[cluster]'"
        ) from None
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError):
        raise UnusableInput(
            f"Op {address} antwoordt geen cluster. Controleer het adres, zoals tcp://planner:8786."
        ) from None
    with client:
        _check_versions(client, settings)
        futures = {
            client.submit(
                read_away,
                unit,
                settings,
                key=f"inkoopcheck-{unit.name}-{settings.fingerprint}",
                retries=_RETRIES,
                pure=False,
            ): unit
            for unit in units
        }
        for future in in_order_of_completion(list(futures), loop=client.loop):
            yield bring_home(future.result(), futures.pop(future), settings)
            future.release()


def _version() -> str:
    from inkoopcheck import __version__

    return __version__


def _check_versions(client: "Client", settings: Settings) -> None:
    """Say at once that a worker has no inkoopcheck, another version, or does not reach the files."""
    if not client.scheduler_info()["workers"]:
        raise UnusableInput("Het cluster heeft geen werkers. Start er ten minste een.")
    try:
        versions = client.run(_version)
        seen = client.run(_sees, settings)
    except Exception:
        raise UnusableInput(
            f"Op een werker van het cluster staat inkoopcheck {settings.version} niet. Installeer dezelfde versie."
        ) from None
    for worker, version in versions.items():
        if version != settings.version:
            raise UnusableInput(
                f"De werker {worker} heeft inkoopcheck {version} en niet {settings.version}."
            )
    for worker, sees in seen.items():
        if not sees:
            raise UnusableInput(
                f"De werker {worker} komt niet bij de bestanden, of niet bij uw eigen regels en instellingen. Zet ze"
                " op een plek die elke werker op hetzelfde pad of adres ziet."
            )


def _sees(settings: Settings) -> bool:
    own = (*settings.user_folders, settings.parameter_file, settings.schemas)
    return settings.source.is_there() and all(path is None or path.exists() for path in own)
