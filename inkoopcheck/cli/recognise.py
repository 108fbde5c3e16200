"""``inkoopcheck herken``: show what was recognised in a workbook, and write a mapping."""

from pathlib import Path

import click

from inkoopcheck.cli.dutch import command
from inkoopcheck.errors import UnusableInput, why_not


@command("Laat zien wat er is herkend.")
@click.argument("bestand", type=click.Path(path_type=Path), metavar="BESTAND")
@click.option("--uit", type=click.Path(path_type=Path), help="Schrijf de mapping naar dit bestand.")
@click.option(
    "--regels",
    "rule_folders",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Map met eigen woorden voor koppen.",
)
def herken(bestand: Path, uit: Path | None, rule_folders: tuple[Path, ...]) -> None:
    """Laat per blad zien welke kolommen en onderwerpen inkoopcheck herkent.

    Klopt er iets niet? Schrijf dan met --uit een mapping, verbeter die en gebruik hem met
    inkoopcheck contract BESTAND --mapping MAPPING.
    """
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from inkoopcheck.readers.mapping import mapping_of
    from inkoopcheck.readers.sheet import cell_name, column_letter
    from inkoopcheck.readers.values import mask_personal_data
    from inkoopcheck.readers.vocabulary import load_vocabulary
    from inkoopcheck.readers.workbook import read_layouts

    found = read_layouts(bestand, load_vocabulary(rule_folders))
    console = Console()
    for sheet, layout in found:
        state = "" if layout.recognised else ": geen tabel herkend"
        console.print(f"\n[bold]Blad {escape(sheet.name)}[/bold]{state}", highlight=False)
        for block in layout.blocks:
            # In a turned table rows and columns have changed places.
            along, across = (column_letter, str) if layout.turned else (str, column_letter)
            words = ("koppen in kolom", "kolom") if layout.turned else ("kopregel", "rij")
            headings = ", ".join(along(number) for number in block.heading_rows) or "geen"
            console.print(
                f"Tabel {block.table}: {words[0]} {headings}, gegevens in {words[1]}"
                f" {along(block.first_row)} tot en met {along(block.last_row)}",
                highlight=False,
            )
            table = Table("Rij" if layout.turned else "Kolom", "Kop", "Gelezen als", "Extra")
            for use in block.columns:
                extra = (use.year, use.unit, use.level, use.weight, use.label)
                field = (
                    "persoonsgegevens: niet gelezen"
                    if use.personal
                    else use.field or "niet herkend"
                )
                table.add_row(
                    across(use.column),
                    escape(mask_personal_data(use.heading)),
                    field,
                    escape(", ".join(str(item) for item in extra if item)),
                )
            console.print(table)
        if layout.pairs:
            table = Table("Cel", "Onderwerp", "Gelezen als")
            for pair in layout.pairs:
                table.add_row(
                    cell_name(pair.value), escape(mask_personal_data(pair.heading)), pair.field
                )
            console.print(table)
        for address in layout.unknown_labels:
            console.print(
                f"Niet herkend in {cell_name(address)}:"
                f" {escape(mask_personal_data(str(sheet.cells[address])))}",
                highlight=False,
            )
        if layout.matrix:
            console.print(
                f"Matrix: de productcode staat {layout.matrix} het bedrag.", highlight=False
            )
    if uit is None:
        return
    if uit.resolve() == bestand.resolve():
        raise UnusableInput(
            f"{uit.name} is uw eigen werkmap. Kies een andere naam voor de mapping."
        )
    try:
        uit.write_text(mapping_of([layout for _, layout in found]), encoding="utf-8")
    except OSError as error:
        raise UnusableInput(f"{uit.name} is niet te schrijven: {why_not(error)}.") from None
    console.print(f"\nMapping geschreven: {escape(str(uit))}", highlight=False)
