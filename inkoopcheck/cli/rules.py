"""Commands that explain: rules, parameters, code lists and tables."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from inkoopcheck.cli.dutch import command
from inkoopcheck.errors import UnusableInput

_FOLDERS = click.option(
    "--regels",
    "rule_folders",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Map met eigen regels. Mag vaker.",
)


@command("Leg een regel uit.")
@click.argument("regel_id", metavar="REGEL")
@click.option(
    "--controleer",
    "rule_file",
    type=click.Path(path_type=Path),
    help="Controleer dit regelbestand en zijn voorbeelden.",
)
@click.option(
    "--formaat",
    type=click.Choice(["terminal", "json"]),
    default="terminal",
    show_default=True,
    help="Vorm van de uitleg.",
)
@_FOLDERS
def regel(
    regel_id: str, rule_file: Path | None, formaat: str, rule_folders: tuple[Path, ...]
) -> int:
    """Leg uit wat een regel controleert, waarom, en wat u kunt doen."""
    from inkoopcheck.engine.ruleset import ALL_FAMILIES, load_rule, load_ruleset

    ruleset = load_ruleset(ALL_FAMILIES, user_folders=rule_folders, examples=True)
    if rule_file is not None:
        found = load_rule(rule_file)
        if found.id != regel_id.strip().upper():
            raise UnusableInput(f"{rule_file.name} bevat regel {found.id}, niet {regel_id}.")
        return _check_rule(ruleset, found)
    rule = ruleset.rule(regel_id)
    if rule is None:
        raise UnusableInput(
            f"De regel {regel_id} bestaat niet. Bekijk alle regels met: inkoopcheck regels"
        )
    if formaat == "json":
        click.echo(
            json.dumps(
                rule.model_dump(mode="json", exclude_none=True), ensure_ascii=False, indent=2
            )
        )
        return 0
    from inkoopcheck.findings.model import ZEKERHEID_UITLEG

    parts = [
        f"{rule.id}  {rule.titel}",
        f"Ernst: {rule.ernst}",
        f"Waarom: {rule.waarom}",
        f"Verwacht: {rule.verwacht}",
        f"Wat te doen: {rule.herstel}",
        f"Norm: {rule.norm.bron} ({rule.norm.status}; {ZEKERHEID_UITLEG[rule.norm.zekerheid]})",
    ]
    if rule.norm.toelichting:
        parts.append(f"Let op: {rule.norm.toelichting}")
    if rule.norm.url:
        parts.append(f"Meer lezen: {rule.norm.url}")
    if rule.retourcode:
        parts.append(f"Retourcode: {rule.retourcode}")
    if rule.keuze:
        parts.append(f"Keuze: {rule.keuze.vraag}")
        parts += [
            f"  {name}{' (standaard)' if name == rule.keuze.standaard else ''}: {way.uitleg}"
            for name, way in rule.keuze.mogelijkheden.items()
        ]
    for title, examples in (("Goed", rule.voorbeelden.goed), ("Fout", rule.voorbeelden.fout)):
        parts += [f"{title}: {_example(example)}" for example in examples[:3]]
    click.echo("\n\n".join(parts))
    return 0


def _check_rule(ruleset: Any, rule: Any) -> int:
    from inkoopcheck.engine.examples import ExampleRunner

    problems = ExampleRunner(ruleset).problems(rule)
    for problem in problems:
        click.echo(f"{rule.id}: {problem}", err=True)
    if problems:
        return 1
    count = len(rule.voorbeelden.goed) + len(rule.voorbeelden.fout)
    click.echo(f"{rule.id} klopt: alle {count} voorbeelden doen wat ze moeten doen.")
    return 0


def _example(example: dict[str, Any]) -> str:
    from inkoopcheck.dutch import format_value

    def row_text(row: dict[str, Any]) -> str:
        return ", ".join(f"{name} = {format_value(value)}" for name, value in row.items())

    parts = []
    for name, value in example.items():
        if isinstance(value, dict):
            parts.append(f"eerder ({_example(value)})")
        elif isinstance(value, list):
            parts.append(f"{name}: " + "; ".join(row_text(row) for row in value))
        else:
            parts.append(row_text({name: value}))
    return ", ".join(parts)


@command("Toon alle regels.")
@click.option("--familie", help="Alleen deze familie, zoals tarief.")
@click.option(
    "--formaat",
    type=click.Choice(["terminal", "json"]),
    default="terminal",
    show_default=True,
    help="Vorm van de lijst.",
)
@_FOLDERS
def regels(familie: str | None, formaat: str, rule_folders: tuple[Path, ...]) -> None:
    """Toon alle regels met hun ernst en titel."""
    from inkoopcheck.engine.ruleset import ALL_FAMILIES, load_ruleset

    ruleset = load_ruleset(ALL_FAMILIES, user_folders=rule_folders)
    families = {rule.familie for rule in ruleset.rules}
    if familie is not None and familie not in families:
        raise UnusableInput(
            f"De familie '{familie}' bestaat niet. Kies uit: {', '.join(sorted(families))}."
        )
    chosen = [rule for rule in ruleset.rules if familie in (None, rule.familie)]
    if formaat == "json":
        rows = [
            {
                "id": r.id,
                "familie": r.familie,
                "ernst": r.ernst,
                "titel": r.titel,
                "bron": r.norm.bron,
            }
            for r in chosen
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    _table(("Regel", "Ernst", "Titel"), [(rule.id, rule.ernst, rule.titel) for rule in chosen])
    click.echo(f"{len(chosen)} regels. Meer over een regel: inkoopcheck regel {chosen[0].id}")


@command("Toon alle cijfers in de regels.")
@_FOLDERS
def parameters(rule_folders: tuple[Path, ...]) -> None:
    """Toon alle parameters: de cijfers in de regels, met waarde, datum en bron."""
    from inkoopcheck.dutch import format_date, format_value
    from inkoopcheck.engine.ruleset import load_ruleset

    rows = []
    ruleset = load_ruleset(user_folders=rule_folders)
    for parameter in ruleset.parameters.values():
        for item in parameter.waarden:
            period = " ".join(
                part
                for part in (
                    f"vanaf {format_date(item.van)}" if item.van else "",
                    f"tot en met {format_date(item.tot)}" if item.tot else "",
                )
                if part
            )
            value = format_value(item.waarde if item.waarde is not None else item.tekst)
            key = f" ({item.sleutel})" if item.sleutel else ""
            rows.append(
                (
                    f"{parameter.naam}{key}",
                    f"{value} {parameter.eenheid}",
                    period,
                    item.status,
                    item.bron,
                )
            )
    rows += [
        (
            f"handeling {activity.sleutel}",
            f"{activity.minuten} minuten",
            f"vastgesteld {activity.vastgesteld}",
            activity.status,
            activity.minuten_bron,
        )
        for activity in ruleset.activities
    ]
    _table(("Naam", "Waarde", "Geldig", "Status", "Bron"), rows)


@command("Toon een codelijst.")
@click.argument("naam", required=False, metavar="[LIJST]")
@click.option("--zoek", help="Toon alleen codes waarin dit voorkomt.")
def codelijst(naam: str | None, zoek: str | None) -> None:
    """Toon een codelijst, zoals eenheid of productcode. Zonder naam: alle lijsten."""
    from inkoopcheck.engine.ruleset import load_codelists, load_standard_products

    lists = load_codelists()
    rows: list[tuple[str, ...]]
    if naam is None:
        rows = [(c.naam, c.titel, c.bron) for c in lists.values()]
        rows.append(
            (
                "productcode",
                "Standaardproductcodelijst Jeugdwet",
                "Zorginstituut Nederland, uitgave februari 2025",
            )
        )
        _table(("Lijst", "Titel", "Bron"), rows)
        return
    if naam == "productcode":
        rows = [
            (p.productcode, p.omschrijving, p.uitvoeringsvariant or "")
            for p in load_standard_products()
        ]
    elif naam in lists:
        rows = [(c.code, c.betekenis, c.toelichting or "") for c in lists[naam].codes]
    else:
        raise UnusableInput(
            f"De codelijst '{naam}' bestaat niet. Kies uit: {', '.join([*lists, 'productcode'])}."
        )
    wanted = (zoek or "").lower()
    chosen = [row for row in rows if wanted in " ".join(row).lower()]
    _table(("Code", "Betekenis", "Toelichting"), chosen)
    click.echo(f"{len(chosen)} van de {len(rows)} codes.")


@command("Toon de kolommen voor een regel.")
@click.argument("naam", metavar="TABEL")
def tabel(naam: str) -> None:
    """Toon welke kolommen een regel over deze tabel kan gebruiken."""
    from inkoopcheck.tables.chain import CHAIN_TABLES
    from inkoopcheck.tables.store import (
        CHAIN_MODEL,
        COMPARE_MODEL,
        CONTRACT_MODEL,
        MESSAGE_MODEL,
        Tables,
    )

    tables = Tables(CONTRACT_MODEL, MESSAGE_MODEL, CHAIN_MODEL, COMPARE_MODEL)
    if naam not in tables.rule_tables:
        names = ", ".join(tables.rule_tables)
        raise UnusableInput(f"De tabel '{naam}' bestaat niet. Kies uit: {names}.")
    described = {**tables.base, **CHAIN_TABLES}
    base = described[naam].column_by_name if naam in described else {}
    rows = []
    for column in tables.columns_of(naam):
        known = base.get(column)
        rows.append(
            (
                column,
                known.kind if known else "afgeleid",
                known.explanation or known.title if known else "",
            )
        )
    _table(("Kolom", "Soort", "Uitleg"), rows)


def _table(headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """A table on a terminal; in a pipe one line per row with tabs between the cells."""
    if not sys.stdout.isatty():
        for row in (headings, *rows):
            click.echo("\t".join(" ".join(str(item).split()) for item in row))
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(*headings)
    for row in rows:
        table.add_row(*(escape(str(item)) for item in row))
    Console().print(table)
