"""``inkoopcheck sjabloon``: write an empty contract workbook."""

from pathlib import Path

import click

from inkoopcheck.cli.dutch import command
from inkoopcheck.errors import UnusableInput, why_not


@command("Maak een lege contractwerkmap.")
@click.argument("uit", type=click.Path(path_type=Path), metavar="UIT.xlsx")
@click.option("--vervang", is_flag=True, help="Vervang het bestand als het al bestaat.")
def sjabloon(uit: Path, vervang: bool) -> None:
    """Maak een contractwerkmap met keuzelijsten en uitleg, om in te vullen."""
    from inkoopcheck.engine.ruleset import load_codelists
    from inkoopcheck.template.workbook import write_template

    if uit.suffix.lower() != ".xlsx":
        raise UnusableInput(
            f"Geef het sjabloon een naam die eindigt op .xlsx, zoals {uit.stem}.xlsx."
        )
    if uit.exists() and not vervang:
        raise UnusableInput(f"{uit.name} bestaat al. Kies een andere naam of gebruik --vervang.")
    try:
        write_template(uit, load_codelists())
    except OSError as error:
        raise UnusableInput(f"{uit.name} is niet te schrijven: {why_not(error)}.") from None
    click.echo(f"Sjabloon gemaakt: {uit}")
    click.echo(f"Vul het in en controleer het met: inkoopcheck contract {uit.name}")
