"""The command line: thin commands that load only what they need."""

import gc
import importlib
import io
import sys
from typing import Any

import click

from inkoopcheck import __version__
from inkoopcheck.cli.dutch import DutchGroup
from inkoopcheck.cli.interrupt import interruptible
from inkoopcheck.errors import UnusableInput, printable

_COMMANDS = {
    "contract": (
        "inkoopcheck.cli.contract",
        "Controleer contractwerkmappen (xlsx, xlsm, xls, ods, csv).",
    ),
    "tarief": ("inkoopcheck.cli.tariff", "Reken een reëel tarief na, of toets tarieven daaraan."),
    "lasten": (
        "inkoopcheck.cli.burden",
        "Bereken hoeveel tijd een contract kost aan administratie.",
    ),
    "bericht": ("inkoopcheck.cli.message", "Controleer iJw-berichten (xml, zip of een map)."),
    "declaratie": (
        "inkoopcheck.cli.declaration",
        "Controleer een declaratie naast toewijzingen, eerdere berichten en het contract.",
    ),
    "verklaar": (
        "inkoopcheck.cli.explanation",
        "Leg uit waarom prestaties in een JW325 zijn afgewezen.",
    ),
    "retour": ("inkoopcheck.cli.returns", "Maak het retourbericht dat bij een bericht hoort."),
    "dossier": (
        "inkoopcheck.cli.dossier",
        "Bewaar eerdere berichten, om nieuwe ernaast te leggen.",
    ),
    "audit": (
        "inkoopcheck.cli.audit",
        "Controleer een hele map met contracten en berichten van veel gemeenten.",
    ),
    "vergelijk": ("inkoopcheck.cli.audit", "Vergelijk twee rapporten van een audit."),
    "levering": ("inkoopcheck.cli.audit", "Maak een levering voor de NZa uit een rapport."),
    "herleid": ("inkoopcheck.cli.audit", "Maak een rapport opnieuw en kijk of het gelijk is."),
    "sjabloon": ("inkoopcheck.cli.template", "Maak een lege contractwerkmap om in te vullen."),
    "herken": ("inkoopcheck.cli.recognise", "Laat zien wat er in een werkmap is herkend."),
    "regel": ("inkoopcheck.cli.rules", "Leg een regel uit, of controleer een eigen regelbestand."),
    "regels": ("inkoopcheck.cli.rules", "Toon alle regels."),
    "parameters": ("inkoopcheck.cli.rules", "Toon alle cijfers in de regels, met bron en datum."),
    "codelijst": ("inkoopcheck.cli.rules", "Toon een codelijst of zoek daarin."),
    "tabel": ("inkoopcheck.cli.rules", "Toon de kolommen die een regel kan gebruiken."),
}
_DUTCH_ERRORS = (
    ("No such option", "Deze optie bestaat niet"),
    ("No such command", "Dit commando bestaat niet"),
    ("Missing argument", "Er ontbreekt iets"),
    ("Missing option", "Deze optie is verplicht"),
    ("Invalid value for", "Ongeldige waarde voor"),
    ("Got unexpected extra argument", "Dit hoort er niet bij"),
    ("does not exist", "bestaat niet"),
    ("requires an argument", "vraagt een waarde"),
    ("is a directory", "is een map"),
    ("Did you mean", "Bedoelt u"),
    ("is not one of", "is niet een van"),
)


class LazyGroup(DutchGroup):
    """Loads a command only when it is called, so that ``--help`` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _ = _COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commando's"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["--help", "-h"]},
    options_metavar="",
    subcommand_metavar="COMMANDO ...",
)
@click.version_option(
    __version__, "--versie", message="inkoopcheck %(version)s", help="Toon de versie."
)
def cli() -> None:
    """Controleer contracten en iJw-berichten voor jeugdhulp op de wet en de landelijke standaarden.

    Alles gebeurt op uw eigen computer. Er wordt niets verstuurd.

    Begin met: inkoopcheck contract contract.xlsx
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: 0 in order, 1 deviations, 2 unusable input or call."""
    # A short run makes many objects that live to its end; looking for cycles among them is wasted.
    gc.set_threshold(100_000, 50, 50)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.encoding.lower() != "utf-8":
            # An old console or a pipe that knows no euro sign must not end in a traceback.
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
    try:
        with interruptible("Afgebroken."):
            outcome: Any = cli.main(args=arguments, prog_name="inkoopcheck", standalone_mode=False)
    except UnusableInput as error:
        _fail(str(error))
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "", err=True)
        sys.exit(2)
    except click.ClickException as error:
        _fail(f"{_in_dutch(error.format_message())} Meer uitleg: inkoopcheck --help")
    except click.Abort:
        _fail("Afgebroken.")
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    sys.exit(outcome if isinstance(outcome, int) else 0)


def _in_dutch(message: str) -> str:
    for english, dutch in _DUTCH_ERRORS:
        message = message.replace(english, dutch)
    return message


def _fail(message: str) -> None:
    click.echo(printable(message), err=True)
    sys.exit(2)
