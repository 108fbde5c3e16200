"""Options that several commands share, each written once."""

import click

from inkoopcheck.cli.output import EXISTING
from inkoopcheck.findings.model import Ernst

FORMATS = ("terminal", "html", "xlsx", "json", "csv")

FAIL_ON = click.option(
    "--fail-op",
    type=click.Choice([*(item.value for item in Ernst), "nooit"]),
    default=Ernst.FOUT.value,
    show_default=True,
    help="Vanaf welke ernst is de uitkomst 1?",
)
PARAMETERS = click.option(
    "--parameters", "parameter_file", type=EXISTING, help="Bestand met eigen cijfers."
)
RULES = click.option(
    "--regels",
    "rule_folders",
    type=EXISTING,
    multiple=True,
    help="Map met eigen regels. Mag vaker.",
)
OFF = click.option(
    "--zonder",
    "off",
    multiple=True,
    metavar="REGEL=REDEN",
    help="Zet een regel uit, met een reden.",
)
CHOICES = click.option(
    "--keuze",
    "choices",
    multiple=True,
    metavar="REGEL=KEUZE",
    help="Kies anders waar de standaard onduidelijk is. Zie: inkoopcheck regel REGEL.",
)
SCHEMAS = click.option(
    "--xsd",
    "schemas",
    type=EXISTING,
    help="Map met schema's die in de plaats komen van de onze, zoals de officiële.",
)
KEY = click.option(
    "--sleutel",
    "key_file",
    type=EXISTING,
    help="Bestand met de sleutel van het dossier. Standaard dat naast het dossier.",
)
FORMAT = click.option(
    "--formaat",
    type=click.Choice(FORMATS),
    default="terminal",
    show_default=True,
    help="Vorm van het rapport.",
)
OUT = click.option(
    "--uit",
    type=EXISTING,
    help="Bestand of map voor het rapport. Zonder deze optie komt html en xlsx naast u te staan"
    " en gaan de andere vormen naar het scherm.",
)
VERBOSE = click.option(
    "--uitgebreid", "verbose", is_flag=True, help="Toon alles, ook als de lijst lang is."
)
QUIET = click.option(
    "--stil", "quiet", is_flag=True, help="Toon niets op het scherm; de uitkomst telt."
)
MAPPING = click.option(
    "--mapping", "mapping_file", type=EXISTING, help="Bestand dat zegt waar de kolommen staan."
)
DATE = click.option(
    "--peildatum", help="Datum waarop u toetst, zoals 2026-07-01. Standaard vandaag."
)
MESSAGE_DATE = click.option("--peildatum", help="Datum die als vandaag telt, zoals 2026-07-01.")
