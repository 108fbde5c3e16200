"""What all reports share: titles, severities, verdicts, grouping, caps and safe text."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from inkoopcheck.dutch import count_of, format_euro, format_number, join_words
from inkoopcheck.findings.model import (
    Afwijking,
    Berichtresultaat,
    Contractresultaat,
    Declaratiegeld,
    Dossierstand,
    Ernst,
    Kerncijfer,
    Regeluitkomst,
    Resultaat,
    Uitkomst,
    VergelekenContract,
)
from inkoopcheck.findings.refusal import Verklaring
from inkoopcheck.tables.schema import TABLES

FAMILY_TITLES = {
    "lezen": "Gelezen gegevens",
    "product": "Producten en codes",
    "tarief": "Tarieven",
    "looptijd": "Looptijd",
    "administratie": "Administratie",
    "voorwaarden": "Voorwaarden",
    "schema": "Opbouw van het bericht",
    "ijw": "Regels van de iJw-standaard",
    "keten": "Regels over berichten heen",
}
"""Rule families in the order of the report, with their Dutch titles."""


@dataclass(frozen=True)
class SeverityLook:
    """How a severity is named and coloured in every report.

    ``colour`` is for shapes and contrasts at least 3:1 with white, ``ink`` is text on it,
    ``dark`` is text on ``tint`` or white; both pairs contrast at least 4.5:1.
    """

    singular: str
    plural: str
    explanation: str
    colour: str
    ink: str
    tint: str
    dark: str


SEVERITIES = {
    Ernst.FOUT: SeverityLook(
        "fout",
        "fouten",
        "in strijd met een bindende norm of met de eigen gegevens",
        colour="#a4262c",
        ink="#ffffff",
        tint="#fbe5e6",
        dark="#8a1f24",
    ),
    Ernst.WAARSCHUWING: SeverityLook(
        "waarschuwing",
        "waarschuwingen",
        "wijkt af; ga na of daar een reden voor is",
        colour="#c97b00",
        ink="#1a1a1a",
        tint="#fdf0d9",
        dark="#7a4a00",
    ),
    Ernst.AANDACHTSPUNT: SeverityLook(
        "aandachtspunt",
        "aandachtspunten",
        "een vraag voor het gesprek",
        colour="#3a6ea5",
        ink="#ffffff",
        tint="#e5eef7",
        dark="#1d4e80",
    ),
}
"""Severities, worst first."""

EXPLAINED_LOOK = SeverityLook(
    "uitgelegd",
    "uitgelegd",
    "er is een reden om af te wijken; telt niet mee",
    colour="#6b7280",
    ink="#ffffff",
    tint="#eceef1",
    dark="#454b55",
)

OUTCOME_TITLES = {
    Uitkomst.MISLUKT: "Mislukt",
    Uitkomst.NIET_TE_BEPALEN: "Niet te bepalen",
    Uitkomst.UITGESCHAKELD: "Uitgeschakeld",
    Uitkomst.NIET_VAN_TOEPASSING: "Niet van toepassing",
    Uitkomst.UITGEVOERD: "Uitgevoerd",
}
"""Outcomes of a rule, the ones that need attention first."""

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")


def clean(text: str) -> str:
    """Text without control characters, so that it cannot steer a screen or break a file."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """Clean text on one line."""
    return " ".join(clean(text).split())


def shorten(text: str, limit: int) -> str:
    """Text of at most ``limit`` characters, with an ellipsis where it was cut."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def neutralise(text: str) -> str:
    """Text that a spreadsheet cannot take as a formula: dangerous starts get an apostrophe."""
    if text.startswith(_FORMULA_STARTS) or text.lstrip(" \xa0").startswith(_FORMULA_STARTS):
        return f"'{text}"
    return text


def safe_url(url: str | None) -> str | None:
    """The address if it is an ordinary web address, else None; only those become links."""
    if not url or url != one_line(url) or " " in url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def family_title(family: str) -> str:
    return FAMILY_TITLES.get(family, family)


def figure_text(figure: Kerncijfer) -> str:
    """A key figure with its unit, in at most two decimals."""
    if figure.waarde is None:
        return "niet te bepalen"
    value = figure.waarde
    if -int(value.as_tuple().exponent) > 2:
        value = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    if figure.eenheid in ("%", "procent"):
        return f"{format_number(value)}%"
    if figure.eenheid in ("€", "euro"):
        return format_euro(value)
    return f"{format_number(value)} {figure.eenheid}".rstrip()


def size_text(size: int) -> str:
    """The size of a file as people say it."""
    if size < 1000:
        return f"{size} bytes"
    if size < 1_000_000:
        return f"{format_number(Decimal(size) / 1000, 0)} kB"
    return f"{format_number(Decimal(size) / 1_000_000, 1)} MB"


def row_ranges(rows: Iterable[int], limit: int = 30) -> str:
    """Row numbers as a short list: ``3, 7 t/m 12 en 40``; counts on after ``limit`` parts."""
    parts: list[tuple[int, int]] = []
    for row in sorted(set(rows)):
        if parts and row == parts[-1][1] + 1:
            parts[-1] = (parts[-1][0], row)
        else:
            parts.append((row, row))
    words: list[str] = []
    for number, (first, last) in enumerate(parts):
        if number == limit:
            rest = sum(b - a + 1 for a, b in parts[limit:])
            return f"{', '.join(words)} en nog {count_of(rest, 'rij', 'rijen')}"
        if last - first < 2:
            words += [str(row) for row in range(first, last + 1)]
        else:
            words.append(f"{first} t/m {last}")
    return join_words(words)


@dataclass(frozen=True)
class RuleGroup:
    """The deviations from one rule; unexplained ones first."""

    findings: Sequence[Afwijking]
    more: int = 0
    """How many there are that were only counted."""

    @property
    def first(self) -> Afwijking:
        return self.findings[0]

    @property
    def key(self) -> int:
        """Tells groups of one report apart."""
        return id(self.first)

    @property
    def open(self) -> Sequence[Afwijking]:
        return [a for a in self.findings if a.uitgelegd is None]

    def shown(self, cap: int) -> Sequence[Afwijking]:
        return self.findings[:cap]

    def hidden(self, cap: int) -> int:
        """How many deviations a report with this cap leaves out."""
        return max(0, len(self.findings) - cap) + self.more


@dataclass(frozen=True)
class FamilyGroup:
    """The deviations from the rules of one family; the worst rules first."""

    family: str
    rules: Sequence[RuleGroup]

    @property
    def title(self) -> str:
        return family_title(self.family)

    @property
    def total(self) -> int:
        return sum(len(rule.findings) + rule.more for rule in self.rules)

    def count(self, severity: Ernst) -> int:
        """Number of deviations of this severity that are not explained."""
        counted = sum(rule.more for rule in self.rules if rule.first.ernst is severity)
        return counted + sum(1 for rule in self.rules for a in rule.open if a.ernst is severity)

    @property
    def explained(self) -> int:
        return sum(len(rule.findings) - len(rule.open) for rule in self.rules)


def group_by_family(
    findings: Iterable[Afwijking], more: Mapping[str, int] | None = None
) -> list[FamilyGroup]:
    """Deviations per family and rule, in the order in which every report shows them.

    ``more`` says of rules how many deviations were only counted.

    Texts that come from the rule are shown once per group, so a finding whose rule texts differ
    starts a group of its own.
    """
    rules: dict[tuple[object, ...], list[Afwijking]] = {}
    for a in findings:
        norm = a.norm
        key = (
            a.familie, a.regel, a.ernst, a.titel, a.waarom, a.herstel,
            norm.bron, norm.status, norm.zekerheid, norm.url, norm.toelichting,
        )  # fmt: skip
        rules.setdefault(key, []).append(a)
    families: dict[str, list[RuleGroup]] = {}
    waiting = dict(more or {})
    for group in rules.values():
        group.sort(key=lambda a: a.uitgelegd is not None)
        counted = waiting.pop(group[0].regel, 0)
        families.setdefault(group[0].familie, []).append(RuleGroup(group, counted))
    for members in families.values():
        members.sort(key=_urgency)
    return [FamilyGroup(name, families[name]) for name in sorted(families, key=_family_order)]


def most_urgent(findings: Iterable[Afwijking], limit: int) -> list[RuleGroup]:
    """The rules to look at first: with open deviations, errors first, then the most frequent."""
    groups = [rule for family in group_by_family(findings) for rule in family.rules if rule.open]
    groups.sort(key=lambda rule: (*_urgency(rule), -len(rule.open)))
    return groups[:limit]


def _urgency(rule: RuleGroup) -> tuple[bool, int]:
    return (not rule.open, -rule.first.ernst.rank)


def _family_order(family: str) -> tuple[int, str]:
    known = list(FAMILY_TITLES)
    return (known.index(family) if family in FAMILY_TITLES else len(known), family)


def rules_by_reason(
    rules: Iterable[Regeluitkomst],
) -> list[tuple[Uitkomst, str, list[Regeluitkomst]]]:
    """Rules that gave no judgement, together per outcome and reason, biggest group first."""
    groups: dict[tuple[Uitkomst, str], list[Regeluitkomst]] = {}
    for rule in rules:
        reason = rule.reden or "Geen reden opgegeven."
        groups.setdefault((rule.uitkomst, reason), []).append(rule)
    order = list(OUTCOME_TITLES)
    keys = sorted(groups, key=lambda key: (order.index(key[0]), -len(groups[key])))
    return [(outcome, reason, groups[outcome, reason]) for outcome, reason in keys]


def not_applicable(contract: Contractresultaat | Resultaat) -> list[Regeluitkomst]:
    return [r for r in contract.regels if r.uitkomst is Uitkomst.NIET_VAN_TOEPASSING]


def partly_checked(contract: Contractresultaat | Resultaat) -> list[Regeluitkomst]:
    """Rules that ran but could not decide some of the rows."""
    return [r for r in contract.regels if r.uitkomst is Uitkomst.UITGEVOERD and r.niet_te_bepalen]


def severity_counts(count: Callable[[Ernst], int]) -> list[str]:
    """``['3 fouten', '1 waarschuwing']``: the severities that occur, worst first."""
    return [
        count_of(count(severity), look.singular, look.plural)
        for severity, look in SEVERITIES.items()
        if count(severity)
    ]


class Tone(StrEnum):
    """The colour of a verdict. There is no verdict 'good' as long as something is unchecked."""

    FOUT = "fout"
    WAARSCHUWING = "waarschuwing"
    AANDACHTSPUNT = "aandachtspunt"
    ONBEPAALD = "onbepaald"
    GOED = "goed"


@dataclass(frozen=True)
class Verdict:
    """A judgement in one heading and a few sentences."""

    heading: str
    sentence: str
    tone: Tone


def field_title(kind: str, name: str | None) -> str:
    """What a reader calls a field: its heading in our template; ``kind`` is the sheet's table."""
    tables = [TABLES[kind]] if kind in TABLES else []
    for table in (*tables, *TABLES.values()):
        if name in table.column_by_name:
            return table.column_by_name[str(name)].title
    return str(name or "").replace("_", " ")


def verdict(contract: Contractresultaat) -> Verdict:
    """The judgement on one contract; without any rule that ran there is none."""
    outcomes = Counter(rule.uitkomst for rule in contract.regels)
    ran, not_run = outcomes[Uitkomst.UITGEVOERD], len(contract.not_run)
    coverage = _coverage(len(contract.regels), ran, not_run)
    counts = severity_counts(contract.count)
    explained = _explained(contract.explained)
    if counts:
        worst = next(s for s in SEVERITIES if contract.count(s))
        heading = {
            Ernst.FOUT: "Dit contract heeft fouten",
            Ernst.WAARSCHUWING: "Dit contract heeft waarschuwingen",
            Ernst.AANDACHTSPUNT: "Dit contract heeft aandachtspunten",
        }[worst]
        found = f"Gevonden: {join_words(counts)}."
        return Verdict(heading, " ".join(filter(None, [found, explained, coverage])), Tone(worst))
    if not ran:
        return Verdict(
            "Over dit contract is geen oordeel mogelijk",
            "Er is geen enkele regel gecontroleerd. Kijk hieronder waarom niet.",
            Tone.ONBEPAALD,
        )
    found = "In wat is gecontroleerd, zijn geen afwijkingen gevonden."
    if contract.explained:
        found = "Er zijn geen afwijkingen zonder uitleg gevonden."
    heading = (
        "Alle afwijkingen zijn uitgelegd" if contract.explained else "Geen afwijkingen gevonden"
    )
    tone = Tone.GOED
    if not_run:
        heading, tone = f"{heading}, maar niet alles gecontroleerd", Tone.ONBEPAALD
    return Verdict(heading, " ".join(filter(None, [found, explained, coverage])), tone)


def run_verdict(result: Resultaat) -> str:
    """One sentence about all contracts of a run together."""
    if not result.contracten:
        return "Er is geen contract gecontroleerd."

    def count(severity: Ernst) -> int:
        return sum(contract.count(severity) for contract in result.contracten)

    checked = count_of(len(result.contracten), "contract", "contracten")
    counts = severity_counts(count)
    found = f"gevonden: {join_words(counts)}" if counts else "geen afwijkingen zonder uitleg"
    sentence = f"{checked} gecontroleerd; {found}."
    if result.onbruikbaar:
        files = count_of(len(result.onbruikbaar), "bestand was", "bestanden waren")
        sentence += f" {files} niet te gebruiken."
    return sentence


def message_verdict(message: Berichtresultaat) -> Verdict:
    """The judgement on one message: does it fit the schema, and do the rules find anything?"""
    counts = severity_counts(message.count)
    found = f"Gevonden: {join_words(counts)}." if counts else ""
    if not message.xsd_geldig:
        number = count_of(message.schemafouten, "fout", "fouten")
        sentence = (
            f"Het bericht heeft {number} tegen het schema. Een ontvanger kan het zo niet verwerken."
        )
        return Verdict("Niet geldig", sentence, Tone.FOUT)
    if message.count(Ernst.FOUT):
        money = message.geld
        partly = money is not None and 0 < money.afgewezen_regels < money.regels
        refused = "wijst een deel af" if partly else "keurt het af"
        return Verdict(
            "Geldig, maar met fouten",
            f"Het bericht klopt met het schema. {found} Een ontvanger {refused}.",
            Tone.FOUT,
        )
    if counts:
        worst = next(s for s in SEVERITIES if message.count(s))
        return Verdict("Geldig", f"Het bericht klopt met het schema. {found}", Tone(worst))
    return Verdict("Geldig", "Het bericht klopt met het schema en er is niets gevonden.", Tone.GOED)


def messages_verdict(result: Resultaat) -> Verdict:
    """The judgement on all messages of a run together."""
    messages = result.berichten
    if len(messages) == 1 and not result.onbruikbaar:
        only = message_verdict(messages[0])
        return Verdict(only.heading, f"{only.sentence} {_rules_sentence(result)}", only.tone)
    if not messages:
        number = count_of(len(result.onbruikbaar), "bestand was", "bestanden waren")
        sentence = f"{number} niet te lezen. Er is dus niets gecontroleerd."
        return Verdict("Er is geen bericht gelezen", sentence, Tone.ONBEPAALD)
    invalid = sum(not m.xsd_geldig for m in messages)
    parts = [f"{count_of(len(messages), 'bericht', 'berichten')} gelezen."]
    if invalid:
        verb = "klopt" if invalid == 1 else "kloppen"
        parts.append(f"Daarvan {verb} er {format_number(invalid)} niet met het schema.")

    def count(severity: Ernst) -> int:
        return sum(message.count(severity) for message in messages)

    counts = severity_counts(count)
    if counts:
        parts.append(f"Gevonden: {join_words(counts)}.")
    if left_out := sum(message.left_out for message in messages):
        number = count_of(left_out, "afwijking is", "afwijkingen zijn")
        parts.append(
            f"Een regel staat per bericht een beperkt aantal keer in de lijst; {number} alleen geteld."
        )
    if result.onbruikbaar:
        files = count_of(len(result.onbruikbaar), "bestand was", "bestanden waren")
        parts.append(f"{files} niet te lezen.")
    parts.append(_rules_sentence(result))
    tone = Tone.GOED
    heading = "Geen afwijkingen gevonden"
    if counts:
        worst = next(s for s in SEVERITIES if count(s))
        tone = Tone(worst)
        heading = {
            Ernst.FOUT: "Er zijn berichten met fouten",
            Ernst.WAARSCHUWING: "Er zijn berichten met waarschuwingen",
            Ernst.AANDACHTSPUNT: "Er zijn berichten met aandachtspunten",
        }[worst]
    elif result.onbruikbaar or result.not_run:
        heading, tone = f"{heading}, maar niet alles gecontroleerd", Tone.ONBEPAALD
    return Verdict(heading, " ".join(parts), tone)


def _rules_sentence(result: Resultaat) -> str:
    outcomes = Counter(rule.uitkomst for rule in result.berichtregels)
    return _coverage(len(result.berichtregels), outcomes[Uitkomst.UITGEVOERD], len(result.not_run))


def message_title(message: Berichtresultaat) -> str:
    """``JW323 declaratie``."""
    return f"{message.berichtsoort} {message.omschrijving}"


def message_content(message: Berichtresultaat) -> str:
    """``2 cliënten, 3 regels``: how much is in a message."""
    clients = count_of(message.clienten, "cliënt", "cliënten")
    return f"{clients}, {count_of(message.regels, 'regel', 'regels')}"


def message_parties(message: Berichtresultaat) -> str:
    """From whom to whom a message is, as far as it says."""
    parts = []
    if message.gemeente:
        parts.append(f"gemeente {message.gemeente}")
    if message.aanbieder:
        parts.append(f"aanbieder {message.aanbieder}")
    return ", ".join(parts)


def most_telling(messages: Iterable[Berichtresultaat]) -> list[Berichtresultaat]:
    """Messages with the worst and most deviations first, then in the order of reading."""
    return sorted(
        messages,
        key=lambda m: (m.xsd_geldig, *(-m.count(severity) for severity in SEVERITIES)),
    )


def money_sentence(money: Declaratiegeld) -> str:
    """What a declaratie asks, what would be refused and what is left."""
    asked = f"Ingediend: {format_euro(money.ingediend)} in {count_of(money.regels, 'prestatie', 'prestaties')}."
    if not money.afgewezen_regels:
        return f"{asked} Alles wordt toegekend."
    refused = count_of(money.afgewezen_regels, "prestatie", "prestaties")
    verb = "wordt" if money.afgewezen_regels == 1 else "worden"
    return (
        f"{asked} Daarvan {verb} {refused} afgewezen: {format_euro(money.afgewezen)}."
        f" Toegekend: {format_euro(money.toegekend)}."
    )


def month_title(month: str | None) -> str:
    """``april 2026`` for ``2026-04``."""
    if month is None:
        return "onbekende maand"
    year, number = month.split("-")
    return f"{_MONTHS[int(number) - 1]} {year}"


def dossier_sentences(dossier: Dossierstand) -> list[str]:
    """What the messages were put beside, and what of it could not be used."""
    if not dossier.berichten:
        sentences = [
            "Er zijn geen eerdere berichten gegeven. Geef met --dossier de toewijzingen, declaraties en"
            " antwoorden mee; dan zijn meer regels te controleren."
        ]
    else:
        kinds = [f"{number} × {kind}" for kind, number in dossier.berichten.items()]
        total = sum(dossier.berichten.values())
        sentences = [
            f"Vergeleken met {count_of(total, 'bericht', 'berichten')} uit {dossier.naam}: {', '.join(kinds)}."
        ]
    if dossier.afgekeurd:
        verb = "klopt" if dossier.afgekeurd == 1 else "kloppen"
        sentences.append(
            f"Daarvan {verb} {dossier.afgekeurd} niet met het schema of met een regel binnen het bericht."
            " Zonder antwoord van de ontvanger telt zo'n bericht als niet verzonden."
        )
    if dossier.dubbel:
        verb = "stond" if len(dossier.dubbel) == 1 else "stonden"
        number = count_of(len(dossier.dubbel), "bestand", "bestanden")
        sentences.append(
            f"{number} {verb} er al in en {'telt' if verb == 'stond' else 'tellen'} één keer."
        )
    sentences += [f"Overgeslagen: {item.reden}" for item in dossier.overgeslagen]
    return sentences


def contract_sentences(contract: VergelekenContract) -> list[str]:
    """Which contract messages were put beside, what was read of it, and what was not."""
    name = contract.bestand.naam
    described = [
        " ".join(
            part
            for part, there in (
                (f"contract {heading.contract}", heading.contract),
                (f"van {heading.gemeente}", heading.gemeente),
                (f"met {heading.aanbieder}", heading.aanbieder),
                (f"({heading.periode})", heading.periode),
            )
            if there
        )
        for heading in contract.contracten[:_MOST_CONTRACTS]
    ]
    more = len(contract.contracten) - _MOST_CONTRACTS
    if more > 0:
        described.append(f"nog {count_of(more, 'contract', 'contracten')}")
    what = join_words([text for text in described if text])
    sentences = [f"Vergeleken met {name}{f': {what}' if what else ''}."]
    used = [
        f"{sheet.blad} ({count_of(sheet.rijen_gebruikt, 'rij', 'rijen')})"
        for sheet in contract.bladen
        if sheet.records
    ]
    tariffs = count_of(contract.tarieven, "tarief", "tarieven")
    sentences.append(f"Gelezen uit {name}: {join_words(used)}. Dat zijn {tariffs}.")
    unknown = [sheet.blad for sheet in contract.bladen if sheet.soort == "niet herkend"]
    if unknown:
        sentences.append(f"Niet herkend en niet gebruikt in {name}: {join_words(unknown)}.")
    if contract.leesmeldingen:
        cells = count_of(contract.leesmeldingen, "cel", "cellen")
        sentences.append(
            f"In {name} is over {cells} twijfel. U ziet welke met: inkoopcheck contract {name}"
        )
    return sentences


def compared_sentences(result: Resultaat | Verklaring) -> list[str]:
    """What the messages were put beside: the dossier and the contracts."""
    sentences = dossier_sentences(result.dossier) if result.dossier else []
    for contract in result.vergeleken_contracten:
        sentences += contract_sentences(contract)
    return sentences


_MOST_CONTRACTS = 3
"""Contracts of one workbook that a sentence names; the others are counted."""

_MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)


def contract_name(contract: Contractresultaat) -> str:
    """The contract's own number or name, else its file."""
    return contract.contract or contract.bestand.naam


def rest_text(number: int) -> str:
    """What a report says below a list that was cut."""
    return f"en nog {count_of(number, 'afwijking', 'afwijkingen')} van deze regel"


def _coverage(total: int, ran: int, not_run: int) -> str:
    rules = count_of(total, "regel", "regels")
    verb = "is" if ran == 1 else "zijn"
    sentence = f"Van de {rules} {verb} er {format_number(ran)} gecontroleerd"
    if not_run:
        sentence += f" en {format_number(not_run)} niet"
    if rest := total - ran - not_run:
        verb = "is" if rest == 1 else "zijn"
        sentence += f"; {format_number(rest)} {verb} niet van toepassing"
    return f"{sentence}."


def _explained(number: int) -> str:
    if not number:
        return ""
    return (
        f"{count_of(number, 'afwijking is', 'afwijkingen zijn')} uitgelegd "
        f"en {'telt' if number == 1 else 'tellen'} niet mee."
    )


def plain_picture(root: Any, identity: str, title: str, description: str) -> Any:
    """Leave of pygal's SVG only the picture, with a name and a description."""
    for parent in list(root.iter()):
        for child in list(parent):
            tag = child.tag if isinstance(child.tag, str) else ""
            kind = tag.rpartition("}")[2]
            tooltip = "tooltip-overlay" in child.get("class", "") if tag else False
            if not tag or kind in ("script", "desc", "title") or tooltip:
                parent.remove(child)
    root.set("id", identity)
    root.set("role", "img")
    root.set("aria-labelledby", f"{identity}-titel {identity}-uitleg")
    for number, (kind, text) in enumerate((("title", title), ("desc", description))):
        node = root.makeelement(kind, {"id": f"{identity}-{'uitleg' if number else 'titel'}"})
        node.text = clean(text)
        root.insert(number, node)
    return root
