"""``inkoopcheck retour``: make the message that goes back after a check."""

import datetime
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from inkoopcheck.cli import checking, options
from inkoopcheck.cli.dutch import command
from inkoopcheck.cli.output import EXISTING, exit_code, new_file, say
from inkoopcheck.dutch import join_words
from inkoopcheck.errors import UnusableInput

_NOT_IN_A_NAME = re.compile(r"[^\w.-]+")


@command("Maak het retourbericht dat bij een bericht hoort.")
@click.argument("bestanden", nargs=-1, required=True, type=EXISTING, metavar="BERICHT...")
@click.option(
    "--uit",
    type=EXISTING,
    required=True,
    help="Map voor de retourberichten. Bestaat de map niet, dan wordt zij gemaakt.",
)
@click.option(
    "--dagtekening", help="Datum van het retourbericht, zoals 2026-07-01. Standaard vandaag."
)
@click.option(
    "--identificatie",
    help="Kenmerk van het retourbericht, hooguit 12 tekens. Standaard maakt het programma er een dat"
    " bij het bericht hoort. Kan alleen bij één bericht.",
)
@checking.SETTINGS
@options.QUIET
def retour(
    bestanden: tuple[Path, ...],
    uit: Path,
    dagtekening: str | None,
    identificatie: str | None,
    quiet: bool,
    **settings: Any,
) -> int:
    """Maak het retourbericht (JW302, 306, 308, 316, 318, 320) of het declaratie-antwoord (JW325).

    Het programma controleert het bericht en maakt het bericht dat de standaard dan voorschrijft.
    Zonder --dossier kijkt het alleen naar wat in het bericht zelf te zien is. Een goedkeuring zegt dan
    niet dat het bericht past bij de toewijzing of het contract.

    In een retourbericht staan persoonsgegevens: het herhaalt wat in het bericht staat.

    Uitkomst: 0 alles is goedgekeurd, 1 er is iets afgekeurd, 2 een bestand of opdracht is niet bruikbaar.
    """
    from inkoopcheck.findings.model import Onbruikbaar, Uitkomst
    from inkoopcheck.reports.common import rules_by_reason
    from inkoopcheck.returns.decide import Outcome, would_return
    from inkoopcheck.returns.make import make_return

    if uit.exists() and not uit.is_dir():
        raise UnusableInput(f"{uit.name} is een bestand. Wijs met --uit een map aan.")
    asked = _date(dagtekening) if dagtekening else None
    prepared = checking.prepare(settings, all_findings=True)
    date = asked or prepared.today
    if date > prepared.today:
        raise UnusableInput("De dagtekening ligt in de toekomst. Kies een eerdere datum.")
    result = prepared.checker.run(bestanden)
    if identificatie is not None and len(result.berichten) > 1:
        raise UnusableInput("Met --identificatie kan er maar één bericht tegelijk.")
    checked = {item.bestand.sha256: item for item in result.berichten}
    targets = _Targets(uit, bestanden)
    granted = False
    for name, digest, content in _contents(bestanden):
        item = checked.get(digest)
        if item is None:
            continue
        try:
            verdict = would_return(item.berichtsoort, item.afwijkingen, xsd_geldig=item.xsd_geldig)
            if verdict.bericht is None:
                _tell(f"{name}: {verdict.text}", quiet)
                continue
            made = make_return(
                content,
                verdict,
                date,
                identificatie=identificatie,
                schemas=settings["schemas"],
            )
            target = targets.choose(name, verdict.bericht)
            with new_file(target) as new:
                new.write_bytes(made)
        except UnusableInput as error:
            result.onbruikbaar.append(Onbruikbaar(bestand=name, reden=f"{name}: {error}"))
            continue
        granted |= item.berichtsoort == "JW323" and verdict.outcome in (
            Outcome.CONTENT,
            Outcome.ACCEPTED,
        )
        _tell(f"{name}: {verdict.text}\n  Bestand: {target}", quiet)
    if granted and not (result.dossier and result.dossier.berichten):
        say(
            "Let op: een JW325 kent bedragen toe. Of de hulp is toegewezen en niet al eerder is gedeclareerd, is"
            " hier niet gecontroleerd. Doe dat eerst, of geef de eerdere berichten met --dossier.",
            quiet,
        )
    undecided = [rule for rule in result.not_run if rule.uitkomst is not Uitkomst.UITGESCHAKELD]
    for _, reason, rules in rules_by_reason(undecided):
        names = join_words([rule.regel for rule in rules])
        say(f"Let op: niet gecontroleerd: {names}. {reason}", quiet)
    for problem in result.onbruikbaar:
        click.echo(problem.reden, err=True)
    return exit_code(result, "fout")


def _tell(text: str, quiet: bool) -> None:
    if not quiet:
        click.echo(text)


def _date(text: str) -> datetime.date:
    for form in ("%Y-%m-%d", "%d-%m-%Y"):
        try:
            return datetime.datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise UnusableInput(f"De dagtekening '{text}' is geen datum. Schrijf haar als 2026-07-01.")


def _contents(paths: Sequence[Path]) -> Iterable[tuple[str, str, bytes]]:
    """Name, SHA-256 and bytes of every file; those with a problem were told before."""
    import hashlib

    from inkoopcheck.readers.message_files import find_messages

    for found in find_messages(paths):
        if not found.problem:
            yield found.name, hashlib.sha256(found.content).hexdigest(), found.content


class _Targets:
    """Names for the files that are made: one for each message, and never that of an input."""

    def __init__(self, folder: Path, inputs: Iterable[Path]) -> None:
        self._folder = folder
        self._taken: set[Path] = set()
        self._inputs: set[Path] = set()
        for path in inputs:
            self._inputs.add(path.resolve())
            if path.is_dir():
                self._inputs |= {inner.resolve() for inner in path.rglob("*")}

    def choose(self, name: str, reaction: str) -> Path:
        """A name that tells which message is answered and with what.

        Raises:
            UnusableInput: the file is one of the inputs.
        """
        stem = _NOT_IN_A_NAME.sub("_", name.rsplit(".", 1)[0]).strip("_.") or "bericht"
        target = self._folder / f"{stem}-{reaction}.xml"
        number = 2
        while target in self._taken:
            target = self._folder / f"{stem}-{reaction}-{number}.xml"
            number += 1
        if target.resolve() in self._inputs:
            raise UnusableInput(
                f"{target.name} is een van uw eigen bestanden. Kies met --uit een andere map."
            )
        self._taken.add(target)
        return target
