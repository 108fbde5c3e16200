"""``inkoopcheck audit``, ``vergelijk``, ``levering`` and ``herleid``: a region or the country in one run."""

import datetime
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inkoopcheck.cli import options
from inkoopcheck.cli.checking import RULE_SETTINGS
from inkoopcheck.cli.dutch import command
from inkoopcheck.cli.interrupt import interruptible
from inkoopcheck.cli.output import EXISTING, choice, new_file, say, switch

if TYPE_CHECKING:
    from inkoopcheck.audit.model import AuditResult
    from inkoopcheck.audit.run import Wishes

_STOPPED = "De audit is gestopt. Wat is gelezen blijft bewaard. Geef hetzelfde commando nog eens om verder te gaan."
_REPORT = click.argument("rapport", type=EXISTING, metavar="RAPPORT")


@command("Controleer een hele map met contracten en berichten van veel gemeenten.")
@click.argument("map_", metavar="MAP")
@click.option("--uit", type=EXISTING, required=True, help="De map waar het rapport in komt.")
@click.option(
    "--processen",
    "processes",
    type=click.IntRange(1, 256),
    default=None,
    help="Hoeveel processen tegelijk lezen. Standaard: zoveel als deze computer aankan.",
)
@click.option(
    "--cluster",
    help="Adres van een Dask-cluster dat het leeswerk doet, zoals tcp://planner:8786.",
)
@click.option(
    "--baseline",
    type=EXISTING,
    help="Een eerder rapport. Het overzicht laat dan alleen zien wat nieuw is.",
)
@RULE_SETTINGS
@options.QUIET
def audit(
    map_: str,
    uit: Path,
    processes: int | None,
    cluster: str | None,
    baseline: Path | None,
    quiet: bool,
    **settings: Any,
) -> int:
    """Controleer alles in een map: contractwerkmappen en iJw-berichten, los of in een zip.

    MAP mag ook een adres op een ander systeem zijn, zoals s3://bak/map.

    In RAPPORT komt een website (index.html), per gemeente een werkmap en JSON, en open data. Wat al is
    gelezen, wordt niet opnieuw gelezen: u kunt stoppen en later verder gaan.

    Uitkomst: 0 klaar, 2 een map of opdracht is niet bruikbaar. Afwijkingen staan in het rapport.
    """
    from inkoopcheck.audit.run import audit as run
    from inkoopcheck.cli.audit_progress import progress

    wishes = _wishes(settings, processes, cluster)
    with interruptible(_STOPPED), progress(quiet=quiet) as shown:
        result = run(map_, uit, wishes, shown)
    _tell(result, uit, quiet=quiet)
    if baseline is not None:
        _compare(baseline, uit, None, only_new=True)
    return 0


def _wishes(settings: dict[str, Any], processes: int | None, cluster: str | None) -> "Wishes":
    from inkoopcheck.audit.run import Wishes
    from inkoopcheck.engine.ruleset import parse_peildatum

    date = settings["peildatum"]
    return Wishes(
        peildatum=parse_peildatum(date) if date else datetime.date.today(),
        user_folders=tuple(settings["rule_folders"]),
        parameter_file=settings["parameter_file"],
        off=tuple(switch(item) for item in settings["off"]),
        choices=tuple(choice(item) for item in settings["choices"]),
        schemas=settings["schemas"],
        processes=processes or len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else processes or os.cpu_count() or 1,
        cluster=cluster,
        command=tuple(sys.argv[1:]),
    )


def _tell(result: "AuditResult", report: Path, *, quiet: bool) -> None:
    from inkoopcheck.dutch import count_of, format_number

    meta = result.meta
    files = meta["invoer"]
    lines = [
        f"Gelezen: {count_of(files['gelezen'], 'bestand', 'bestanden')},"
        f" met {count_of(meta['contracten'], 'contract', 'contracten')},"
        f" {count_of(meta['berichten'], 'bericht', 'berichten')} en"
        f" {count_of(meta['prestaties'], 'prestatie', 'prestaties')}.",
    ]
    rest = [
        f"{format_number(files[name])} {word}"
        for name, word in (
            ("dubbel", "dubbel"),
            ("onbruikbaar", "niet bruikbaar"),
            ("overgeslagen", "overgeslagen"),
        )
        if files[name]
    ]
    if rest:
        lines.append(f"Niet meegeteld: {', '.join(rest)}. De redenen staan in bestanden.html.")
    for line in lines:
        say(line, quiet)
    say(f"Rapport: {report / 'index.html'}", quiet)


@command("Vergelijk twee rapporten van een audit: wat is nieuw, opgelost of gebleven.")
@click.argument("eerder", type=EXISTING, metavar="RAPPORT-1")
@click.argument("later", type=EXISTING, metavar="RAPPORT-2")
@click.option("--uit", type=EXISTING, help="Schrijf de vergelijking als webpagina in dit bestand.")
def vergelijk(eerder: Path, later: Path, uit: Path | None) -> int:
    """Vergelijk twee rapporten van een audit: wat is nieuw, opgelost of gebleven.

    Uitkomst: 0 niets nieuws, 1 er zijn nieuwe afwijkingen, 2 een rapport is niet bruikbaar.
    """
    return _compare(eerder, later, uit, only_new=False)


def _compare(old: Path, new: Path, out: Path | None, *, only_new: bool) -> int:
    from inkoopcheck.audit.compare import compare
    from inkoopcheck.reports import comparison as pages

    found = compare(old, new)
    if out is not None:
        with new_file(out) as target:
            target.write_text(pages.render_html(found), encoding="utf-8")
        say(f"Vergelijking: {out}", quiet=False)
    else:
        from rich.console import Console

        pages.render_terminal(found, Console(), only_new=only_new)
    return int(bool(found.nieuw_open))


@command("Maak een levering voor een toezichthouder uit een rapport.")
@click.argument("aan", type=click.Choice(["nza"]), metavar="nza")
@_REPORT
@click.option("--uit", type=EXISTING, required=True, help="De map waar de levering in komt.")
@options.KEY
@options.QUIET
def levering(aan: str, rapport: Path, uit: Path, key_file: Path | None, quiet: bool) -> int:
    """Maak de levering uit het berichtenverkeer, als Parquet en CSV, met de betekenis van elk veld.

    Een kind staat er alleen met een pseudoniem in. Zonder --sleutel is dat elke keer een ander.
    """
    from inkoopcheck.audit.delivery import write_delivery

    key = None
    if key_file is not None:
        from inkoopcheck.dossier.key import read_key

        key = read_key(key_file)
    for path in write_delivery(rapport, uit, key=key):
        say(f"Geschreven: {path}", quiet)
    return 0


@command("Maak een rapport van een audit opnieuw en kijk of er hetzelfde uitkomt.")
@_REPORT
@click.option(
    "--map", "folder", help="De map of het adres met de bestanden, als die zijn verplaatst."
)
@options.QUIET
def herleid(rapport: Path, folder: str | None, quiet: bool) -> int:
    """Lees en beoordeel alles opnieuw, met dezelfde instellingen, en vergelijk met het rapport.

    Uitkomst: 0 er komt hetzelfde uit, 1 er is verschil, 2 een map of rapport is niet bruikbaar.
    """
    from inkoopcheck.audit.rerun import rerun
    from inkoopcheck.cli.audit_progress import progress

    stopped = "Het herleiden is gestopt. Het rapport is niet veranderd."
    with interruptible(stopped), progress(quiet=quiet) as shown:
        outcome = rerun(rapport, folder, shown)
    if outcome.same:
        say("Er komt precies hetzelfde uit.", quiet)
        return 0
    for line in outcome.differences:
        click.echo(line)
    return 1
