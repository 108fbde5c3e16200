"""Generate the reference pages from the rules, the norm register and the schema.

    python docs/genereer.py                  write the pages
    python docs/genereer.py --controleer     fail when a page is stale

The pages say what the files say, in a fixed order; nothing here is written twice.
"""

import datetime
import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from inkoopcheck.dutch import count_of, format_date, format_euro, format_value, join_words
from inkoopcheck.engine.codelists import Codelist
from inkoopcheck.engine.parameters import Parameter
from inkoopcheck.engine.rulefile import Geldigheid, Rule
from inkoopcheck.engine.ruleset import (
    ALL_FAMILIES,
    CHAIN_FAMILIES,
    MESSAGE_FAMILIES,
    Ruleset,
    load_ruleset,
    load_yaml,
)
from inkoopcheck.engine.run import Judge
from inkoopcheck.engine.tariffs import calculations
from inkoopcheck.errors import UnusableInput
from inkoopcheck.findings.calculation import value_text
from inkoopcheck.findings.model import ZEKERHEID_UITLEG, Status, Zekerheid
from inkoopcheck.locations import rules_folder
from inkoopcheck.reports import jsonfile
from inkoopcheck.reports.common import family_title
from inkoopcheck.schemas.structure import load_release
from inkoopcheck.tables.chain import CHAIN_TABLES, ChainTable
from inkoopcheck.tables.costmodel import FUNCTION, PRODUCT, cost_model
from inkoopcheck.tables.messages import MESSAGE_TABLES, PROVENANCE_TEXT, Leaf, MessageTable
from inkoopcheck.tables.schema import AANBIEDER, CONTRACT, TABLES, Column, Kind, Table
from inkoopcheck.tables.store import MESSAGE_MODEL, Tables
from inkoopcheck.template.workbook import example_row, upright_columns

DOCS = Path(__file__).resolve().parent

NORM_GROUPS = {
    "RP": "Reële prijs",
    "CS-IDX": "Indexering",
    "JW": "Jeugdwet: standaardisatie en gegevens",
    "REG": "Regio en beschikbaarheid",
    "UV": "Uitvoeringsvarianten",
    "PC": "Productcodes",
    "DEC": "Declareren, antwoorden en betalen",
    "CS": "Contractstandaard",
    "ACC": "Accountant",
    "JB": "Jeugdbescherming en jeugdreclassering",
    "PZ": "Pleegzorg en verblijf",
    "GH": "Gezinshuis",
    "PL": "Plausibiliteit",
    "NVO": "Norm voor Opdrachtgeverschap",
    "CON": "Convenanten",
    "HA": "Hervormingsagenda",
}

GENERATED = (
    "<!-- Gemaakt met docs/genereer.py (make docs). Pas de bron aan, niet deze pagina. -->\n"
)


class Normregel(BaseModel):
    """A row of the norm register ``rules/normen.yaml``."""

    model_config = ConfigDict(extra="forbid")

    id: str
    norm: str
    bron: str
    status: Status
    zekerheid: Zekerheid
    geldt: Geldigheid = Geldigheid()
    url: str | None = None
    geen_regel: str | None = None

    @property
    def group(self) -> str:
        return self.id.rpartition("-")[0]


class Berichtregel(BaseModel):
    """A rule of the iJw standard in ``rules/dekking.yaml``, with what our rule does not see."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(pattern=r"^(TR|CD|CS)\d{3}$")
    niveau: Literal[2, 3, 4]
    ook_schema: bool = False
    beperking: str | None = None


class Bewijs(BaseModel):
    """A value that the schema accepts and one that it refuses, at the limit of a facet."""

    model_config = ConfigDict(extra="forbid")

    type: str
    goed: str
    fout: str


class Schemagrens(BaseModel):
    """A limit (RS) that the standard sets to values, which our schema guards."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(pattern=r"^RS\d{3}$")
    titel: str
    typen: list[str] = Field(min_length=1)
    bewijs: Bewijs
    in_bericht: str | None = None
    """Path of the element in a JW301 that has the limit, when it is not that of the type."""


class Dekking(BaseModel):
    """What became of each rule and limit of the iJw standard."""

    model_config = ConfigDict(extra="forbid")

    regels: list[Berichtregel]
    rs: list[Schemagrens]


@dataclass
class Sources:
    """What the pages are made of."""

    ruleset: Ruleset
    norms: list[Normregel]
    coverage: Dekking

    @property
    def rules_by_norm(self) -> dict[str, list[Rule]]:
        found: dict[str, list[Rule]] = defaultdict(list)
        for rule in sorted(self.ruleset.rules, key=lambda rule: rule.id):
            for fact in rule.norm.feiten:
                found[fact].append(rule)
        return found


def load_sources() -> Sources:
    """Load all rules and the norm register."""
    norms = TypeAdapter(list[Normregel]).validate_python(load_yaml(rules_folder() / "normen.yaml"))
    coverage = Dekking.model_validate(load_yaml(rules_folder() / "dekking.yaml"))
    return Sources(load_ruleset(ALL_FAMILIES, examples=True), norms, coverage)


def coverage_problems(sources: Sources) -> list[str]:
    """Where the norm register and the rules do not fit together."""
    covered = sources.rules_by_norm
    known = {norm.id for norm in sources.norms}
    problems = [
        f"regel {rule.id} noemt de norm {fact}, maar die staat niet in rules/normen.yaml"
        for fact in sorted(set(covered) - known)
        for rule in covered[fact]
    ]
    for norm in sources.norms:
        if norm.group not in NORM_GROUPS:
            problems.append(
                f"norm {norm.id}: geef de groep {norm.group} een naam in docs/genereer.py"
            )
        if norm.id in covered and norm.geen_regel:
            ids = join_words([rule.id for rule in covered[norm.id]])
            problems.append(f"norm {norm.id} heeft een regel ({ids}): haal geen_regel weg")
        if norm.id not in covered and not norm.geen_regel:
            problems.append(
                f"norm {norm.id} heeft geen regel: maak er een of zeg in geen_regel waarom niet"
            )
    return problems


def message_coverage_problems(sources: Sources) -> list[str]:
    """Where ``rules/dekking.yaml``, the rules on messages and the schema do not fit together."""
    known = {item.code for item in sources.coverage.regels}
    problems = [
        f"regel {rule.id} staat niet in rules/dekking.yaml"
        for rule in sources.ruleset.rules
        if re.fullmatch(r"IJW-(TR|CD|CS)\d{3}", rule.id) and rule.id[4:] not in known
    ]
    problems += [
        f"{item.code} staat in rules/dekking.yaml, maar er is geen regel IJW-{item.code}"
        for item in sources.coverage.regels
        if not sources.ruleset.rule(f"IJW-{item.code}")
    ]
    types = load_release().base.enkelvoudig
    problems += [
        f"{limit.code} noemt het type {name}, maar dat heeft ons schema niet"
        for limit in sources.coverage.rs
        for name in (*limit.typen, limit.bewijs.type)
        if name not in types
    ]
    codes = [item.code for item in (*sources.coverage.regels, *sources.coverage.rs)]
    problems += [
        f"{code} staat twee keer in rules/dekking.yaml"
        for code in sorted({code for code in codes if codes.count(code) > 1})
    ]
    return problems


# --- Markdown ------------------------------------------------------------------------------


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return (
        "\n".join("| " + " | ".join(_cell(text) for text in line) + " |" for line in lines) + "\n"
    )


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _page(title: str, *parts: str) -> str:
    return "\n".join((GENERATED, f"# {title}\n", *parts)).rstrip() + "\n"


def _link(text: str, url: str | None) -> str:
    return f"[{text}]({url})" if url else text


def _rule_link(rule: Rule) -> str:
    return f"[{rule.id}](regels/{rule.familie}.md#{rule.id})"


def _period(period: Geldigheid) -> str:
    parts = []
    if period.van:
        parts.append(f"vanaf {format_date(period.van)}")
    if period.tot:
        parts.append(f"tot en met {format_date(period.tot)}")
    return " ".join(parts)


# --- The pages -----------------------------------------------------------------------------


def norms_page(sources: Sources) -> str:
    """Every norm with its source, certainty and rules, or the reason that there is no rule."""
    covered = sources.rules_by_norm
    with_rule = sum(norm.id in covered for norm in sources.norms)
    parts = [
        "Deze pagina toont alle normen die wij vonden. Bij elke norm staat welke regels haar"
        " controleren, of waarom er geen regel is. De woorden zijn van ons; de bron beslist.\n",
        f"Er zijn {count_of(len(sources.norms), 'norm', 'normen')}. Daarvan hebben er {with_rule}"
        f" een regel. Er zijn {count_of(len(sources.ruleset.rules), 'regel', 'regels')}.\n",
        "De letter zegt hoe zeker wij zijn:\n",
        _table(
            ["letter", "betekenis"],
            [(certainty.value, text) for certainty, text in ZEKERHEID_UITLEG.items()],
        ),
    ]
    for group, title in NORM_GROUPS.items():
        rows = [_norm_row(norm, covered) for norm in sources.norms if norm.group == group]
        parts += [
            f"## {title}\n",
            _table(["id", "norm", "bron", "zeker", "regels, of waarom niet"], rows),
        ]
    return _page("Normen", *parts)


def _norm_row(norm: Normregel, covered: Mapping[str, list[Rule]]) -> Sequence[str]:
    rules = [f"{_rule_link(rule)} ({rule.ernst})" for rule in covered.get(norm.id, ())]
    period = _period(norm.geldt)
    return (
        f'<a id="{norm.id}"></a>{norm.id}',
        norm.norm + (f" (Geldt {period}.)" if period else ""),
        f"{_link(norm.bron, norm.url)}; {norm.status}",
        norm.zekerheid.value,
        ", ".join(rules) or f"Geen regel. {norm.geen_regel or ''}",
    )


def _rules_by_family(sources: Sources) -> dict[str, list[Rule]]:
    by_family: dict[str, list[Rule]] = {family: [] for family in ALL_FAMILIES}
    for rule in sorted(sources.ruleset.rules, key=lambda rule: rule.id):
        by_family[rule.familie].append(rule)
    return by_family


def rules_page(sources: Sources) -> str:
    """The index of all rules: id, title and severity, with a link to the page of its family."""
    parts = []
    for family, rules in _rules_by_family(sources).items():
        rows = [(_rule_link(rule), rule.titel, rule.ernst) for rule in rules]
        parts += [f"## {family_title(family)}\n", _table(["regel", "titel", "ernst"], rows)]
    intro = (
        "Een **fout** botst met een bindende norm. Een **waarschuwing** wijkt af van een standaard"
        " of is niet zeker genoeg voor een fout. Een **aandachtspunt** is een vraag voor het"
        " gesprek.\n"
    )
    return _page("Regels", intro, *parts)


_CHAIN_INTRO = """\
Deze regels leggen een bericht naast de berichten van ervoor: naast het dossier. Staat iets niet in het
dossier, dan zegt de regel dat het niet te bepalen is. De tabellen `keten_...` en hun kolommen staan in
[Tabellen van berichten](../berichttabellen.md#keten).

In een voorbeeld staat onder **Eerder** het dossier en onder **Nu** het bericht dat wordt gecontroleerd.
Een rij van vroeger zit in een bericht van de gewone soort: een toegewezen product in bericht 101 (een
JW301), een start in 105 (JW305), een stop in 107, een aanvraag in 115, een verzoek in 117, een antwoord
in 119, een prestatie in 123 en een antwoord daarop in 125. Een `bericht_id` zegt dat het een ander
bericht is. Het retourbericht op bericht 101 is bericht 102, enzovoort. Staat er geen cliënt bij, dan gaat
het om hetzelfde kind; `client_id` 2 is een ander kind.
"""


def family_page(sources: Sources, family: str) -> str:
    """The rules of one family: norm, query, why each matters and its examples."""
    rules = _rules_by_family(sources)[family]
    intro = [_CHAIN_INTRO] if family in CHAIN_FAMILIES else []
    return _page(family_title(family), *intro, *(_rule_part(rule) for rule in rules))


def _rule_part(rule: Rule) -> str:
    norm = rule.norm
    facts = ", ".join(f"[{fact}](../normen.md#{fact})" for fact in norm.feiten)
    certainty = f"{norm.zekerheid} ({ZEKERHEID_UITLEG[norm.zekerheid]})"
    period = _period(rule.geldig)
    lines = [
        f'<a id="{rule.id}"></a>\n\n## {rule.id} {rule.titel}\n',
        f"**Ernst:** {rule.ernst}\n",
        f"**Norm:** {_link(norm.bron, norm.url)}. Soort: {norm.status}. Zekerheid: {certainty}.\n",
        f"**In het register:** {facts}.\n" if facts else "",
        f"**Niet zeker:** {norm.toelichting}\n" if norm.toelichting else "",
        f"**Geldt** {period}.\n" if period else "",
        f"**Retourcode:** {rule.retourcode}.\n" if rule.retourcode else "",
        *(
            f"**Wat wordt{' ook' if number else ''} gecontroleerd:** {_what_is_checked(part)}\n\n"
            f"```sql\n{(part.waar or part.query or '').strip()}\n```\n"
            for number, part in enumerate(rule.parts())
        ),
        _choice(rule),
        f"**Verwacht:** {_plain_placeholders(rule.verwacht)}\n",
        f"**Waarom:** {' '.join(rule.waarom.split())}\n",
        f"**Wat te doen:** {' '.join(rule.herstel.split())}\n",
        "**In orde:**\n",
        *(_example(rule, example) for example in rule.voorbeelden.goed),
        "**Wordt gemeld:**\n",
        *(_example(rule, example) for example in rule.voorbeelden.fout),
    ]
    return "\n".join(line for line in lines if line)


def _choice(rule: Rule) -> str:
    """The choice that was made where the norm is unclear, and how a user makes another."""
    if rule.keuze is None:
        return ""
    ways = [
        f"- `{name}`{' (zo doen wij het)' if name == rule.keuze.standaard else ''}: {way.uitleg}"
        for name, way in rule.keuze.mogelijkheden.items()
    ]
    other = next(name for name in rule.keuze.mogelijkheden if name != rule.keuze.standaard)
    return "\n".join(
        (
            f"**Keuze:** {rule.keuze.vraag}\n",
            *ways,
            f"\nAnders kiezen: `--keuze {rule.id}={other}`.\n",
        )
    )


def _what_is_checked(rule: Rule) -> str:
    rows = f"elke rij van `{rule.tabel}`"
    if rule.als:
        rows += f" waarvoor geldt: `{' '.join(rule.als.split())}`"
    sentences = [f"{rows[0].upper()}{rows[1:]}."]
    if rule.nodig:
        names = join_words([f"`{name}`" for name in rule.nodig])
        sentences.append(f"Is {names} niet ingevuld, dan is de regel niet te bepalen.")
    if rule.gevraagd:
        names = join_words([f"`{name}`" for name in rule.gevraagd])
        sentences.append(f"De werkmap moet plaats bieden voor {names}.")
    sentences.append("Gemeld wordt:")
    return " ".join(sentences)


def _plain_placeholders(text: str) -> str:
    """``{looptijd_maanden:getal}`` as the name of the column, ``{parameter.x:getal}`` as a link."""
    text = re.sub(r"\{parameter\.(\w+)(?::\w*)?\}", r"[\1](../parameters.md#\1)", text)
    return re.sub(r"\{(\w+)(?::\w*)?\}", r"*\1*", text)


def _example(rule: Rule, example: Mapping[str, Any]) -> str:
    content = dict(example)
    date = content.pop("peildatum", None)
    dossier = content.pop("dossier", None)
    tables = {*TABLES, *MESSAGE_TABLES}
    is_rows = all(isinstance(rows, list) for rows in content.values())
    per_table = content if set(content) <= tables and is_rows else {rule.tabel: [content]}
    lines = [f"Op {format_date(date)}:\n"] if date else []
    if dossier:
        lines += ["Eerder:\n", *_example_tables(dossier), "Nu:\n"]
    return "\n".join((*lines, *_example_tables(per_table)))


def _example_tables(per_table: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[str]:
    for table, rows in per_table.items():
        names = list(dict.fromkeys(name for row in rows for name in row))
        if not names:
            yield f"`{table}`: {count_of(len(rows), 'lege rij', 'lege rijen')}.\n"
            continue
        cells = [[table, *(_value(row.get(name)) for name in names)] for row in rows]
        yield _table(["tabel", *names], cells)


def _value(value: Any) -> str:
    return "" if value is None else format_value(value)


def parameters_page(sources: Sources) -> str:
    """Every parameter with its values, dates, sources and the rules that use it."""
    used: dict[str, list[str]] = defaultdict(list)
    for rule in sorted(sources.ruleset.rules, key=lambda rule: rule.id):
        for name in rule.parameters_used():
            used[name].append(_rule_link(rule))
    parts = [
        "Getallen uit normen staan nooit in een regel, maar hier. U kunt een waarde vervangen met"
        " `--parameters BESTAND`. Het rapport zegt dan dat u dat deed.\n"
    ]
    for name in sorted(sources.ruleset.parameters):
        parts.append(_parameter_part(sources.ruleset.parameters[name], used[name]))
    return _page("Parameters", *parts)


def _parameter_part(parameter: Parameter, used_by: list[str]) -> str:
    rows = [
        (
            item.sleutel or "",
            item.tekst or "" if item.waarde is None else format_value(item.waarde),
            format_date(item.van) if item.van else "",
            format_date(item.tot) if item.tot else "",
            _link(item.bron, item.url) + (f" ({item.toelichting})" if item.toelichting else ""),
            item.status.value,
            item.zekerheid.value,
        )
        for item in parameter.waarden
    ]
    headings = ["sleutel", "waarde", "van", "tot en met", "bron", "status", "zeker"]
    first = 0 if any(item.sleutel for item in parameter.waarden) else 1
    return "\n".join(
        (
            f'<a id="{parameter.naam}"></a>\n\n## {parameter.titel}\n',
            f"`{parameter.naam}`, in {parameter.eenheid}. {parameter.uitleg}\n",
            _table(headings[first:], [row[first:] for row in rows]),
            f"Gebruikt door: {', '.join(used_by)}.\n" if used_by else "",
        )
    )


def columns_page(sources: Sources) -> str:
    """Every table with its columns: the heading in the template and the name in rules."""
    parts = [
        "Dit zijn de bladen en kolommen van onze werkmap (`inkoopcheck sjabloon`). De naam in de"
        " laatste kolom gebruikt u in een regel. Een cel leeg laten mag altijd.\n"
    ]
    for table in TABLES.values():
        parts.append(_table_part(table, sources.ruleset.codelists))
    return _page("Tabellen en kolommen", *parts)


def _table_part(table: Table, codelists: Mapping[str, Codelist]) -> str:
    upright = upright_columns() if table in (CONTRACT, AANBIEDER) else ()
    examples = example_row(table)
    rows = []
    for column in table.columns:
        offered = column in upright or bool(table.sheet and column.template)
        rows.append(
            (
                column.title,
                column.explanation + ("" if offered else " (Staat niet in het sjabloon.)"),
                f"{column.kind.value}{_choices(column, codelists)}",
                _value(examples.get(column.name)),
                f"`{column.name}`",
            )
        )
    sheet = CONTRACT.sheet if table is AANBIEDER else table.sheet
    return "\n".join(
        (
            f"## {table.name.capitalize()}\n",
            f"{table.explanation} "
            + (f"Blad: **{sheet}**.\n" if sheet else "Deze tabel maakt de lezer zelf.\n"),
            _table(["kop", "uitleg", "soort", "voorbeeld", "naam in regels"], rows),
        )
    )


DERIVED_TEXT = {
    "bestand": "Naam van het bestand.",
    "berichtsoort": "JW301, JW323 enzovoort.",
    "is_retour": "Is het een retourbericht (JW302, 306, 308, 316, 318, 320)?",
    "dagtekening": "Dagtekening uit de Header.",
    "gemeente": "Code van de gemeente: afzender of ontvanger, naar de berichtsoort.",
    "aanbieder": "AGB-code van de aanbieder: ontvanger of afzender, naar de berichtsoort.",
    "xsd_geldig": "Klopt het bericht met het schema?",
    "toetsdatum": "De dagtekening, of de peildatum als die ontbreekt.",
    "client": "Pseudoniem van de cliënt.",
    "client_nr": "De hoeveelste cliënt in het bericht.",
    "contact_van": "`Client` of `Relatie`: van wie de contactgegevens zijn.",
    "bedrag_met_teken": "bedrag, negatief bij C.",
    "totaal_met_teken": "totaal_bedrag, negatief bij C.",
    "ingediend_met_teken": "totaal_ingediend_bedrag, negatief bij C.",
    "toegekend_met_teken": "totaal_toegekend_bedrag, negatief bij C.",
    "klasse": "Klasse waar de retourcode bij staat: Header, Client, Prestatie enzovoort.",
    "is_afkeur": "Is het een afkeurcode (niet 0200, 0233 of 8001)?",
}
_HEAD = ("bestand", "berichtsoort", "is_retour", "dagtekening", "gemeente", "aanbieder", "xsd_geldig", "toetsdatum")  # fmt: skip


def message_tables_page(sources: Sources) -> str:
    """Every message table with its columns, the element each is read from, and how to use it."""
    tables = Tables(MESSAGE_MODEL)
    parts = [
        "Dit zijn de tabellen waar de regels over iJw-berichten op werken: een tabel per"
        " berichtklasse. Dezelfde klasse in een ander bericht staat in dezelfde tabel; de kolom"
        " `berichtsoort` houdt ze uit elkaar. Hoe u er een regel op schrijft staat in"
        " [CONTRIBUTING](../CONTRIBUTING.md).\n",
        "Bedragen zijn hele eurocenten zonder teken. Getallen zoals ToewijzingNummer zijn getallen:"
        " 007 en 7 zijn gelijk. Codes en teksten worden teken voor teken vergeleken. Een element"
        " dat er niet staat is leeg (`NULL`). Van een persoon staat er alleen wat een regel nodig"
        " heeft: geen BSN, geen naam, geen adres.\n",
        "## Kolommen in elke tabel\n",
        _table(["naam in regels", "uitleg"], [(f"`{n}`", t) for n, t in PROVENANCE_TEXT.items()]),
        "Daarnaast weet elke rij van welk bericht zij is, en onder een cliënt ook van wie:\n",
        _table(
            ["naam in regels", "uitleg"],
            [(f"`{n}`", DERIVED_TEXT[n]) for n in (*_HEAD, "client", "client_nr")],
        ),
    ]
    for table in MESSAGE_TABLES.values():
        derived = [name for name in tables.columns_of(table.name) if name in DERIVED_TEXT]
        parts.append(_message_table_part(table, derived))
    parts.append(
        '<a id="keten"></a>\n\n# Tabellen over berichten heen\n\nRegels in `rules/keten/` werken op deze'
        " tabellen. Elke tabel heeft de rijen van het bericht dat wordt gecontroleerd, met alle kolommen"
        " van de tabel die erbij staat. Daarnaast zeggen de kolommen hieronder wat er in het dossier staat.\n"
    )
    parts += [_chain_table_part(table) for table in CHAIN_TABLES.values()]
    return _page("Tabellen van berichten", *parts)


def _chain_table_part(table: ChainTable) -> str:
    known = MESSAGE_TABLES[table.base].column_by_name
    rows = [
        (
            f"`{column.name}`",
            column.kind.value,
            column.explanation or f"{column.title.capitalize()}.",
        )
        for column in table.columns
        if column.name not in known
    ]
    return "\n".join(
        (
            f"## {table.name}\n",
            f"{table.explanation} Met de kolommen van `{table.base}`.\n",
            _table(["naam in regels", "soort", "uitleg"], rows),
        )
    )


def _message_table_part(table: MessageTable, derived: Sequence[str]) -> str:
    rows = [
        (
            f"`{column.name}`",
            column.kind.value,
            f"`{column.path}`" if isinstance(column, Leaf) and column.path else "",
            column.explanation,
        )
        for column in table.columns
    ]
    known = {column.name for column in table.columns}
    shared = set() if table.name == "bericht" else {*_HEAD, "client", "client_nr"}
    rows += [
        (f"`{name}`", "afgeleid", "", DERIVED_TEXT[name])
        for name in derived
        if name not in known | shared
    ]
    return "\n".join(
        (
            f"## {table.name}\n",
            f"{table.explanation}" + (f" Element: `{table.element}`.\n" if table.element else "\n"),
            _table(["naam in regels", "soort", "element", "uitleg"], rows),
        )
    )


def coverage_page(sources: Sources) -> str:
    """What became of every rule and limit of the iJw standard, with the proof or the reason."""
    rules = sources.coverage.regels
    parts = [
        f"De iJw-standaard 3.2 heeft {len(rules)} regels en {len(sources.coverage.rs)} grenzen aan"
        " waarden. Ze zijn allemaal gebouwd en bewezen. Deze pagina zegt van elk waar en hoe, en wat"
        " wij niet kunnen zien. De woorden zijn van ons; de standaard beslist.\n",
        "Niveau 2 is te beslissen met het bericht alleen. Niveau 3 vraagt ook andere berichten."
        " Niveau 4 vraagt iets van buiten, zoals een lijst met codes.\n",
        "Elke gebouwde regel bewijst zichzelf met voorbeelden; die draaien in"
        " `tests/test_rules.py`. De genoemde tests veranderen een goed bericht op een plek en"
        " kijken of precies die regel iets zegt.\n",
    ]
    for kind, title in {
        "CD": "Condities (CD)",
        "CS": "Beperkingen (CS)",
        "TR": "Technische regels (TR)",
    }.items():
        chosen = [item for item in rules if item.code.startswith(kind)]
        for level in sorted({item.niveau for item in chosen}):
            rows = [_coverage_row(sources, item) for item in chosen if item.niveau == level]
            parts += [
                f"## {title}, niveau {level}\n",
                _table(["regel", "wat", "bewijs, en wat wij niet zien"], rows),
            ]
    parts += [
        "## Grenzen aan waarden (RS)\n",
        "Deze grenzen bewaakt het XML-schema. Van elke grens keurt `tests/test_dekking.py` een"
        " waarde goed die net mag, en een waarde af die net niet mag."
        " `tests/test_schemas.py` doet dat op elke plek in elk bericht.\n",
        _table(
            ["grens", "wat", "stand", "waar"],
            [
                (limit.code, limit.titel, "gedekt door het schema", _in_types(limit))
                for limit in sources.coverage.rs
            ],
        ),
        "## Andere regels over berichten\n",
        "Deze regels staan niet in de lijst van de standaard. Ze gaan over het bestand, het"
        " schema, of de wet en de praktijk.\n",
        _table(["regel", "wat", "ernst"], _other_message_rules(sources)),
    ]
    return _page("Dekking van de iJw-standaard", *parts)


def _coverage_row(sources: Sources, item: Berichtregel) -> Sequence[str]:
    rule = sources.ruleset.rule(f"IJW-{item.code}")
    if rule is None:
        raise UnusableInput("; ".join(message_coverage_problems(sources)))
    examples = rule.voorbeelden
    proof = f"{len(examples.goed)} keer goed, {len(examples.fout)} keer fout"
    if tests := _tests_of(item.code):
        proof += f"; {join_words([f'`{name}`' for name in tests])}"
    proof += "; het schema keurt dit ook af" * item.ook_schema
    return _rule_link(rule), rule.titel, f"{proof}.{f' {item.beperking}' if item.beperking else ''}"


def _tests_of(code: str) -> list[str]:
    """The tests on whole messages that prove the rule: of its kind, and with a generated fault."""
    tests = DOCS.parent / "tests"
    patterns = (f"test_ijw_*{code[:2].lower()}*.py", "test_keten_*.py", "chain_cases.py")
    found = [
        f"tests/{path.name}"
        for path in sorted(path for pattern in patterns for path in tests.glob(pattern))
        if re.search(rf"\b{code}\b", path.read_text(encoding="utf-8"), re.IGNORECASE)
    ]
    faults = (DOCS.parent / "benchmarks" / "cases.py").read_text(encoding="utf-8")
    return found + ["tests/test_cases.py"] * (f'    "{code}": Fault(' in faults)


def _in_types(limit: Schemagrens) -> str:
    return ", ".join(name.removeprefix("LDT_") for name in limit.typen)


def _other_message_rules(sources: Sources) -> list[Sequence[str]]:
    listed = {f"IJW-{item.code}" for item in sources.coverage.regels}
    return [
        (_rule_link(rule), rule.titel, rule.ernst)
        for family in (*MESSAGE_FAMILIES, *CHAIN_FAMILIES)
        for rule in _rules_by_family(sources)[family]
        if rule.id not in listed
    ]


def _choices(column: Column, codelists: Mapping[str, Codelist]) -> str:
    if not column.choices or column.kind is Kind.YES_NO:
        return ""
    if isinstance(column.choices, str):
        return f": {codelists[column.choices].titel.lower()}"
    return f": {', '.join(column.choices)}"


_TARIFF_INTRO = """\
Deze pagina legt uit hoe inkoopcheck een tarief narekent. Dezelfde formules gelden voor
`inkoopcheck tarief bereken`, voor `inkoopcheck tarief toets`, voor de regels en voor het rapport.

Het Besluit Jeugdwet (artikel 2.3, Stb. 2024, 69) noemt vier delen waar een reële prijs op rust:
**a** beroepskrachten, **b** andere cliëntgebonden kosten, **c** overhead en **d** indexering. Het
besluit noemt geen bedragen en geen percentages. Die spreken gemeente en aanbieder met elkaar af.

inkoopcheck kiest dus geen tarief. Het rekent na wat uit uw eigen cijfers volgt. Zegt u over een cijfer
niets? Dan rekent het met een lage, een middelste en een hoge waarde. Zo ontstaat een **bandbreedte**.
Hoe meer cijfers u geeft, hoe smaller zij is. Ligt een tarief eronder, dan kan de hulp met deze cijfers
niet uit. Dat is een vraag voor het gesprek, geen bewijs.

Let op de **definitie** van elk percentage. 25% overhead als opslag op het loon is iets heel anders dan
25% als deel van het geheel. De rechter zette om zulke verschillen een streep door tarieven (Rb Den Haag
22-10-2019, ECLI:NL:RBDHA:2019:11096; Hof Den Haag 7-7-2020, ECLI:NL:GHDHA:2020:1120).

Niets wordt tussendoor afgerond. Alleen het tarief zelf gaat naar hele centen, een halve cent omhoog. Bij
declareren per minuut blijft het uurtarief de basis: uurtarief × minuten : 60 (iJw-regel IV081).

Wat wij niet invullen: lonen. Een loontabel met een bron die wij zelf lazen, hebben wij niet. Geef het
loon in het blad Kostprijs, en desgewenst de tabel van de cao in het blad Cao-schalen. Ook voor materiaal,
huisvesting, caseload en de bouwstenen van een gezinshuis is er geen cijfer met een bron. Staat er niets,
dan tellen ze niet mee en zegt het rapport dat.
"""


def tariff_model_page(sources: Sources) -> str:
    """The cost model: every step with its formula and source, every input with its values."""
    model = cost_model()
    parts = [_TARIFF_INTRO, "## Voorbeeld\n", _worked_example(sources), "## De stappen\n"]
    for form, title in model.forms.items():
        rows = [
            (
                step.title,
                step.formula.words(lambda name: model.title(name).lower()),
                step.element or "",
                step.source,
            )
            for step in model.steps_of(form, PRODUCT)
        ]
        parts += [f"### Een tarief {title}\n", _table(["stap", "formule", "element", "bron"], rows)]
    rows = [
        (s.title, s.formula.words(lambda name: model.title(name).lower()), "a", s.source)
        for s in model.steps
        if s.per == FUNCTION
    ]
    parts += [
        "### Loonkosten van een functie\n",
        "Deze stappen gaan vooraf aan alle andere, voor elke functie apart.\n",
        _table(["stap", "formule", "element", "bron"], rows),
        "## De cijfers die inkoopcheck invult\n",
        "Alleen waar de werkmap niets zegt. Een **aanname** is geen norm; u kunt haar vervangen.\n",
    ]
    for item in model.inputs:
        if item.parameter is not None:
            parts.append(_parameter_part(sources.ruleset.parameters[item.parameter], []))
    needed = [i.title for i in model.inputs if i.parameter is None and (i.required or i.reported)]
    parts += ["## De cijfers die u zelf geeft\n", *(f"- {title}" for title in needed)]
    return _page("Het model van een reëel tarief", *parts)


def _worked_example(sources: Sources) -> str:
    tables = Tables()
    Judge(sources.ruleset, tables).prepare(datetime.date(2026, 1, 1))
    tables.load("kostprijs", [{**example_row(TABLES["kostprijs"]), "rij_id": 1, "cellen": {}}])
    (found,) = calculations(tables, sources.ruleset.parameters)
    rows = [
        (step.titel, step.ingevuld, value_text(step.waarde, step.eenheid), step.element or "")
        for step in found.stappen
        if step.waarde
    ]
    rest = [f"- per {t.eenheid}: **{format_euro(t.bedrag)}** ({t.uitleg})" for t in found.tarieven]
    return "\n".join(
        (
            "Dit is de voorbeeldrij uit het blad Kostprijs van onze werkmap. De bedragen zijn verzonnen.\n",
            _table(["stap", "berekening", "uitkomst", "element"], rows),
            *rest,
            "",
        )
    )


BURDEN_PARAMETERS = (
    "lasten_streefwaarde",
    "lasten_aandacht",
    "lasten_achtergrond",
    "kostprijs_uren_bruto",
    "kostprijs_verlof_uren",
    "kostprijs_feestdag_uren",
    "kostprijs_verzuim",
    "lasten_uren_per_werkdag",
    "lasten_declarabel",
    "lasten_uurkosten_professional",
    "lasten_uurkosten_backoffice",
)

_BURDEN_TEXT = """## Wat rekent dit model uit?

Het model telt hoeveel minuten per jaar een contract kost aan administratie. Het vergelijkt die
minuten met de tijd die mensen voor het contract werken. U ziet ook welke eisen de meeste tijd
kosten, en wat u terugkrijgt als u een eis schrapt. Gebruik: `inkoopcheck lasten contract.xlsx`.

## De 10% is een wens

Cliënten, professionals en aanbieders vroegen in 2022 om hooguit 10% van de tijd aan administratie.
De bron zegt niet wat administratie is, en ook niet waarover de 10% telt. Daarom kiezen wij zelf en
zetten wij onze keuze bij elke uitkomst:

* **Administratie** is elke handeling die de wet, een landelijke standaard of het contract vraagt om
  toe te wijzen, te melden, te declareren, te registreren en te verantwoorden. Verslagen voor de hulp
  zelf en regels van de aanbieder zelf tellen niet mee.
* **Werktijd** is het aantal fte maal de netto werkbare uren. Dat zijn de contracturen zonder verlof,
  feestdagen en ziekte.
* **De andere noemer** is het aantal fte maal de contracturen. Die uitkomst staat er altijd naast.

Wij vergelijken zonder af te ronden. Precies 10% voldoet.

## Drie lagen, altijd apart

| laag | wat | waar het vandaan komt |
| --- | --- | --- |
| LD-1 | eigen of vermijdbare eisen, boven op wet en landelijke standaard | blad Administratie |
| LD-2 | alles wat bij het contract hoort | LD-1 en de handelingen hieronder |
| LD-3 | wat de aanbieder mat over de hele werktijd | blad Contract |

Een contract bewijst alleen LD-1 en LD-2. Het rapport zegt daarom: dit contract gebruikt een deel van
de 10%-ruimte. Het zegt nooit dat het doel is gehaald. LD-3 is geen som van de andere twee. Wel moet
LD-3 ten minste zo hoog zijn als LD-2; anders klopt een getal niet.

## De formules

```
minuten van een eis    = aantal eenheden x keer per jaar x minuten per keer
netto werkbare uren    = (contracturen - verlof - feestdagen) x (1 - verzuim)
werktijd               = fte x netto werkbare uren x 60
aandeel professional   = som van (minuten x deel professional) / werktijd van professionals
aandeel backoffice     = som van (minuten x deel backoffice) / werktijd van de backoffice
aandeel gemeente       = som van minuten van de gemeente / werktijd van de gemeente
kosten                 = minuten / 60 x kosten van een uur
```

Aantal maal prijs is het standaardkostenmodel (Meten is weten II, Regiegroep Regeldruk, 2007).

De opgelegde uren werken door in de kostprijs: hetzelfde loon gaat over minder uren.

```
stijging van de kostprijs per uur = (loon + overhead per uur) x opgelegde uren / (uren - opgelegde uren)
```

Bij € 94,43 per uur, 1.323,97 uur per jaar en 52 opgelegde uren is dat € 3,86 per uur.

## Waarover telt een eis?

| geldt per | aantal per jaar |
| --- | --- |
| cliënt | cliënten per jaar; niet ingevuld: de instroom |
| toewijzing | instroom per jaar; niet ingevuld: het aantal cliënten |
| declaratieregel | instroom maal gemiddelde duur in maanden, hooguit twaalf per cliënt; een cliënt heeft één product tegelijk |
| medewerker-werkdag | fte professionals; tot en met drie keer telt per werkdag, meer telt per jaar |
| contract | één |

Vult u bij een eis het aantal eenheden in? Dan geldt dat. Geldt een eis voor één product, dan telt het
deel van dat product in de omzet. Zijn er geen volumes, dan telt elk product even zwaar. Hetzelfde geldt
als producten een verschillende variant hebben.

Is het aantal fte niet ingevuld? Dan leiden wij de werktijd af uit de uren die het contract koopt. Dat
kan alleen als elk product per minuut of uur wordt betaald en een volume heeft. Is het aantal cliënten
niet ingevuld, dan geven wij alleen de minuten per cliënt.

## Uw eigen eisen en onze handelingen

Een rij op het blad Administratie die een handeling noemt, zoals JW315 of productieverantwoording, komt
in de plaats van onze handeling. Een eigen eis over zo'n bericht komt er bovenop. Mist een rij minuten of
hoe vaak? Dan nemen wij het cijfer van dezelfde soort eis, en het rapport zegt dat. Is er geen cijfer, dan
telt de rij niet mee en noemt het rapport haar. Een eis die niet bij de variant hoort maar wel in het
contract staat, kost tijd en telt dus mee.

Wat de wet of een landelijke standaard vraagt, kan een gemeente niet schrappen. Zulke handelingen staan
nooit bij de beste stappen.
"""


def burden_page(sources: Sources) -> str:
    """The model of administrative burden, with every act and figure it counts with."""
    acts = [
        (
            f"`{a.sleutel}`",
            a.naam,
            a.eenheid + ("" if a.wanneer == "altijd" else " (als het contract erom vraagt)"),
            " / ".join(format_value(v) for v in a.frequentie.model_dump().values()),
            f"{format_value(a.minuten.laag)} / {format_value(a.minuten.midden)}"
            f" / {format_value(a.minuten.hoog)}",
            f"{format_value(a.aandeel_professional)}%" if a.partij == "aanbieder" else "gemeente",
            f"{a.minuten_bron}. Hoe vaak: {a.frequentie_bron}."
            + (f" {a.toelichting}" if a.toelichting else ""),
            f"{a.status.value}, {a.vastgesteld}",
        )
        for a in sources.ruleset.activities
    ]
    figures = []
    for name in BURDEN_PARAMETERS:
        parameter = sources.ruleset.parameters[name]
        figures += [
            (
                parameter.titel + (f" ({item.sleutel})" if item.sleutel else ""),
                f"{format_value(item.waarde)} {parameter.eenheid}",
                format_date(item.van) if item.van else "",
                item.bron + (f" {item.toelichting}" if item.toelichting else ""),
                f"{item.status.value}, {item.zekerheid.value}",
            )
            for item in parameter.waarden
        ]
    return _page(
        "Administratieve lasten: zo rekenen wij",
        _BURDEN_TEXT,
        "## De handelingen\n",
        "Minuten per handeling zijn nergens gepubliceerd. Elk aantal minuten is onze aanname, met een"
        " laag, een midden en een hoog cijfer. Hoe vaak en de minuten staan op volgorde:"
        " inspanningsgericht / outputgericht / taakgericht, en laag / midden / hoog. Zijn laag en hoog"
        " gelijk, dan hebben wij geen bandbreedte.\n",
        _table(
            ["sleutel", "handeling", "telt per", "keer per jaar", "minuten per keer",
             "deel professional", "bron", "status"],
            acts,
        ),
        "## De cijfers\n",
        _table(["cijfer", "waarde", "vanaf", "bron", "status, zekerheid"], figures),
        "Voor een uur van de gemeente of van een accountant is geen bedrag met een bron gevonden. Die"
        " tijd telt wel mee, maar krijgt geen prijs.\n",
        "## Een cijfer aanpassen\n",
        "Zet uw cijfers in een bestand en geef dat mee met `--parameters`. Het rapport zegt wat u"
        " veranderde.\n",
        "```yaml\nlasten_uurkosten_backoffice: {waarde: 42, reden: onze eigen cao}\nhandelingen:\n"
        "  tijdschrijven: {minuten: 10, reden: gemeten in onze regio}\n"
        "  jw315: {minuten: {laag: 4, midden: 8, hoog: 12}, aandeel_professional: 0}\n```\n",
    )  # fmt: skip


def result_schema(sources: Sources) -> str:
    """The JSON schema of the result, as the JSON report publishes it."""
    return json.dumps(jsonfile.schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


PAGES: dict[str, Callable[[Sources], str]] = {
    "normen.md": norms_page,
    "regels.md": rules_page,
    "parameters.md": parameters_page,
    "kolommen.md": columns_page,
    "model-tarief.md": tariff_model_page,
    "model-lasten.md": burden_page,
    "berichttabellen.md": message_tables_page,
    "dekking.md": coverage_page,
    "resultaat.schema.json": result_schema,
    **{f"regels/{family}.md": partial(family_page, family=family) for family in ALL_FAMILIES},
}


def stale_pages(sources: Sources) -> list[str]:
    """Names of the pages that differ from what they should be."""
    return [
        name
        for name, make in PAGES.items()
        if not (DOCS / name).is_file() or (DOCS / name).read_text(encoding="utf-8") != make(sources)
    ]


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or with ``--controleer`` say which are stale."""
    try:
        sources = load_sources()
    except UnusableInput as error:
        print(error, file=sys.stderr)
        return 2
    problems = coverage_problems(sources) + message_coverage_problems(sources)
    if "--controleer" in arguments:
        problems += [f"docs/{name} is verouderd. Draai: make docs" for name in stale_pages(sources)]
    else:
        for name, make in PAGES.items():
            (DOCS / name).parent.mkdir(exist_ok=True)
            (DOCS / name).write_text(make(sources), encoding="utf-8")
    print("\n".join(problems), end="\n" if problems else "", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
