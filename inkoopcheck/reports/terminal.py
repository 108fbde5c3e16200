"""The result on a screen or in a pipe: the summary first, then the findings per family."""

from collections.abc import Iterable

from rich.console import Console
from rich.style import Style
from rich.text import Text

from inkoopcheck.dutch import (
    count_of,
    format_date,
    format_euro,
    format_number,
    format_value,
    join_words,
)
from inkoopcheck.findings.model import (
    ZEKERHEID_UITLEG,
    Afwijking,
    Berichtresultaat,
    Bladlezing,
    Contractresultaat,
    Lasten,
    Lasteneis,
    Lastenuitkomst,
    Resultaat,
    Status,
    Uitkomst,
)
from inkoopcheck.reports.common import (
    OUTCOME_TITLES,
    SEVERITIES,
    RuleGroup,
    Tone,
    compared_sentences,
    contract_name,
    field_title,
    figure_text,
    group_by_family,
    message_content,
    message_parties,
    message_title,
    message_verdict,
    messages_verdict,
    money_sentence,
    month_title,
    most_telling,
    not_applicable,
    one_line,
    partly_checked,
    rest_text,
    row_ranges,
    rules_by_reason,
    run_verdict,
    safe_url,
    shorten,
    size_text,
    verdict,
)
from inkoopcheck.reports.tariff_words import band_text, verdict_sentence

CAP = 20
"""Findings shown per rule and file; the rest is counted."""
_ACTS = 6
"""Acts shown when not everything is asked for."""

_MAX_WIDTH = 100
_MAX_TEXT = 600
_STYLES = {
    Tone.FOUT: "bold red",
    Tone.WAARSCHUWING: "bold yellow",
    Tone.AANDACHTSPUNT: "bold blue",
    Tone.ONBEPAALD: "bold yellow",
    Tone.GOED: "bold green",
}


def render(result: Resultaat, console: Console, verbose: bool = False) -> None:
    """Print the result.

    Args:
        result: the result of the run.
        console: where to print; one that is no terminal gets no colours and no links.
        verbose: also show why a rule matters, the status of its norm and all columns read.
    """
    page = Page(console, verbose)
    if result.controle == "bericht":
        _messages(page, result)
        return
    for number, contract in enumerate(result.contracten):
        if number:
            page.blank()
        _contract(page, contract)
    if len(result.contracten) != 1:
        page.heading("Alle contracten samen")
        page.line(run_verdict(result))
    if result.onbruikbaar:
        page.heading("Niet te gebruiken bestanden")
        for unusable in result.onbruikbaar:
            page.item(f"{unusable.bestand}: {unusable.reden}")
    _footer(page, result)


class Page:
    """Prints lines that fit the width, with hanging indents and without trailing spaces."""

    def __init__(self, console: Console, verbose: bool) -> None:
        self.console = console
        self.verbose = verbose
        self.width = max(20, min(console.width, _MAX_WIDTH))
        self.narrow = self.width < 60

    def blank(self) -> None:
        self.console.print()

    def line(
        self, text: str | Text, style: str = "", indent: int = 0, lead: str | Text = ""
    ) -> None:
        """One paragraph; ``lead`` stands before its first line, within the indent."""
        body = text if isinstance(text, Text) else Text(one_line(text), style=style)
        start = lead if isinstance(lead, Text) else Text(lead)
        for part in body.wrap(self.console, max(10, self.width - indent), overflow="fold"):
            part.rstrip()
            pad = " " * (indent - start.cell_len)
            whole = Text.assemble(start, pad, part)
            # Not even bold in a pipe, whatever colour system the console was made with.
            shown = whole if self.console.is_terminal else Text(whole.plain)
            self.console.print(shown, soft_wrap=True)
            start = Text("")

    def heading(self, text: str) -> None:
        self.blank()
        self.line(text, style="bold")
        rule = "-" if self.console.options.ascii_only else "─"
        self.line(rule * min(len(one_line(text)), self.width), style="dim")

    def item(self, text: str | Text, style: str = "") -> None:
        self.line(text, style, indent=2, lead="- ")

    def field(self, label: str, value: str | Text, indent: int = 2, column: int = 13) -> None:
        """A label with its value: beside it, or run on when there is little width."""
        if self.narrow:
            body = value if isinstance(value, Text) else Text(one_line(value))
            self.line(Text.assemble((f"{label}: ", "dim"), body), indent=indent)
        else:
            lead = Text.assemble(" " * indent, (label.ljust(column), "dim"))
            self.line(value, indent=indent + column, lead=lead)


def _contract(page: Page, contract: Contractresultaat) -> None:
    page.line(f"Contract {contract_name(contract)}", style="bold")
    for label, value in (
        ("Gemeente", contract.gemeente),
        ("Aanbieder", contract.aanbieder),
        ("Periode", contract.periode),
        ("Bestand", f"{contract.bestand.naam} ({size_text(contract.bestand.bytes)})"),
    ):
        if value:
            page.field(label, value, indent=0)
    judgement = verdict(contract)
    page.blank()
    page.line(f"{judgement.heading}.", style=_STYLES[judgement.tone])
    page.line(judgement.sentence)
    _reading(page, contract)
    if contract.kerncijfers:
        page.heading("Kerncijfers")
        for figure in contract.kerncijfers:
            page.line(Text.assemble(one_line(figure.titel), ": ", (figure_text(figure), "bold")))
            page.line(figure.toelichting, style="dim", indent=2)
    if contract.berekeningen:
        _tariffs(page, contract)
    for burden in contract.lasten:
        _burden(page, burden, several=len(contract.lasten) > 1)
    for family in group_by_family(contract.afwijkingen):
        number = count_of(family.total, "afwijking", "afwijkingen")
        page.heading(f"{one_line(family.title)} ({number})")
        for rule in family.rules:
            _rule(page, rule)
    _unchecked(page, contract)


def _tariffs(page: Page, contract: Contractresultaat) -> None:
    page.heading("Tarieven nagerekend")
    page.line(verdict_sentence(contract.tarieftoetsen))
    for calculation in contract.berekeningen[:CAP]:
        outcome = (
            f"nog nodig: {join_words(calculation.mist)}"
            if calculation.mist
            else band_text(calculation.laag, calculation.midden, calculation.hoog)
        )
        page.item(f"{calculation.naam}, {calculation.jaar}: {outcome}")
    if len(contract.berekeningen) > CAP:
        rest = len(contract.berekeningen) - CAP
        page.line(f"en nog {count_of(rest, 'product', 'producten')}", indent=2)
    page.line(
        "Alle stappen van loon naar tarief staan in het rapport als html, of zie:"
        f" inkoopcheck tarief bereken {contract.bestand.naam}",
        style="dim",
    )


def render_burdens(result: Resultaat, console: Console) -> None:
    """Print only the administrative burden of the contracts, with all that it rests on."""
    page = Page(console, verbose=True)
    for contract in result.contracten:
        page.line(f"Contract {contract_name(contract)}", style="bold")
        for burden in contract.lasten:
            _burden(page, burden, several=len(contract.lasten) > 1)
        if not contract.lasten:
            page.line(
                "Er is te weinig ingevuld om iets te zeggen. Vul op het blad Contract in hoeveel"
                " cliënten en hoeveel fte het contract heeft, of vul het blad Administratie in."
            )
    _footer(page, result)


def _burden(page: Page, burden: Lasten, *, several: bool) -> None:
    name = f" van contract {burden.contract}" if several and burden.contract else ""
    page.heading(f"Administratieve lasten{name}")
    page.line(burden.oordeel)
    if burden.minuten_per_client is not None:
        page.line(
            f"Per cliënt per jaar: {format_number(burden.minuten_per_client)} minuten bij de aanbieder."
        )
    page.line(f"Uitvoeringsvariant: {burden.variant}.")
    for outcome in burden.uitkomsten:
        if page.verbose or outcome.aandeel is not None or outcome.partij == "professional":
            page.item(_outcome_line(outcome, page.verbose))
    for text in burden.definities:
        page.line(text, style="dim", indent=2)
    for effect in burden.kostprijseffecten:
        if effect.per_uur is not None and effect.per_uur_lokaal is not None:
            page.item(
                f"Kostprijs {effect.product}: de opgelegde uren verhogen die met"
                f" {format_euro(effect.per_uur)} per uur; daarvan {format_euro(effect.per_uur_lokaal)}"
                " door eigen of vermijdbare eisen."
            )
    if burden.zetten:
        page.line("Dit levert het meeste op (niet optellen):", style="bold")
        for number, move in enumerate(burden.zetten, 1):
            points = (
                f", {format_number(move.procentpunt, 2)}% van de werktijd"
                if move.procentpunt is not None
                else ""
            )
            minutes = format_number(move.minuten_professional, 0)
            page.line(
                f"{move.omschrijving}: {minutes} minuten van professionals{points};"
                f" {format_euro(move.kosten)} per jaar.",
                indent=3,
                lead=f"{number}. ",
            )
    acts = burden.eisen if page.verbose else burden.eisen[:_ACTS]
    if acts:
        page.line("Hier gaat de tijd aan op, per jaar:", style="bold")
    for act in acts:
        share = (
            ""
            if act.aandeel is None
            else f", {format_number(act.aandeel, 2)}% van de werktijd van professionals"
        )
        per = " per cliënt" if act.per_client else ""
        ground = "eigen of vermijdbare eis" if act.lokaal else "wet of landelijke standaard"
        page.item(
            f"{act.naam}: {format_number(act.minuten or 0, 0)} minuten{per} door"
            f" {act.uitvoerder}{share} ({ground}; per keer {_each_time(act)})"
        )
        if page.verbose and act.aannames:
            page.line(f"aangenomen: {join_words(act.aannames)}", indent=4, style="dim")
    if len(acts) < len(burden.eisen):
        page.line(
            f"… en nog {count_of(len(burden.eisen) - len(acts), 'handeling', 'handelingen')}",
            indent=4,
        )
    for cost in burden.kosten:
        page.item(
            f"Kosten {cost.partij}: {format_euro(cost.midden)} per jaar"
            f" ({format_euro(cost.laag)} tot {format_euro(cost.hoog)})"
        )
    if burden.varianten and page.verbose:
        page.line("Professionals bij een andere variant:", style="bold")
        for variant in burden.varianten:
            share = (
                ""
                if variant.aandeel is None
                else f", {format_number(variant.aandeel, 2)}% van de werktijd"
            )
            now = " (dit contract)" if variant.huidig else ""
            page.item(
                f"{variant.variant}{now}: {format_number(variant.minuten_professional, 0)} minuten{share}"
            )
    for text in burden.niet_geteld:
        page.item(f"Telt niet mee: {text}")
    for text in burden.aannames if page.verbose else ():
        page.line(text, style="dim", indent=2)


def _each_time(act: Lasteneis) -> str:
    low, high = act.minuten_per_keer_laag, act.minuten_per_keer_hoog
    text = f"{format_number(act.minuten_per_keer or 0)} minuten"
    if low is not None and high is not None and low != high:
        text += f", {format_number(low)} tot {format_number(high)}"
    return f"{text}, {'aanname' if act.minuten_aangenomen else 'gemeten'}"


def _outcome_line(outcome: Lastenuitkomst, verbose: bool) -> str:
    text = f"{outcome.laag} {outcome.titel}, {outcome.partij}: "
    if outcome.aandeel is None:
        minutes = (
            ""
            if outcome.minuten is None
            else f"{format_number(outcome.minuten, 0)} minuten; aandeel "
        )
        return f"{text}{minutes}niet te bepalen. {outcome.reden or ''}"
    text += f"{format_number(outcome.aandeel, 2)}% van de netto werktijd"
    if outcome.aandeel_laag is not None and outcome.aandeel_hoog is not None:
        text += f" ({format_number(outcome.aandeel_laag, 2)}% tot {format_number(outcome.aandeel_hoog, 2)}%)"
    if outcome.aandeel_contracturen is not None:
        text += f", {format_number(outcome.aandeel_contracturen, 2)}% van de contracturen"
    return f"{text}."


def _messages(page: Page, result: Resultaat) -> None:
    messages = result.berichten
    if len(messages) == 1:
        _message_facts(page, messages[0])
    judgement = messages_verdict(result)
    page.line(f"{judgement.heading}.", style=_STYLES[judgement.tone])
    page.line(judgement.sentence)
    if len(messages) == 1:
        page.line(messages[0].retour)
        if messages[0].geld is not None:
            page.line(money_sentence(messages[0].geld))
    if len(messages) > 1:
        page.heading("Berichten")
        shown = most_telling(messages)[: None if page.verbose else CAP]
        for message in shown:
            one = message_verdict(message)
            found = [a for a in message.afwijkingen if a.familie != "schema"]
            total = len(found) + message.left_out
            rest = f"; {count_of(total, 'afwijking', 'afwijkingen')} van regels" if found else ""
            page.item(
                Text.assemble(
                    (one_line(message.bestand.naam), "bold"),
                    f": {message_title(message)}. ",
                    (f"{one.heading}", _STYLES[one.tone]),
                    f" ({_schema_text(message)}{rest})",
                )
            )
            page.line(message.retour, indent=4)
            if message.geld is not None:
                page.line(money_sentence(message.geld), indent=4)
        if len(shown) < len(messages):
            number = count_of(len(messages) - len(shown), "bericht", "berichten")
            page.line(f"en nog {number}", indent=4, lead="  … ")
    for message in messages:
        if message.geld is not None and message.geld.delen:
            _money(page, message, several=len(messages) > 1)
    findings = [a for message in messages for a in message.afwijkingen]
    for family in group_by_family(findings, result.left_out):
        number = count_of(family.total, "afwijking", "afwijkingen")
        page.heading(f"{one_line(family.title)} ({number})")
        for rule in family.rules:
            _rule(page, rule, with_file=len(messages) > 1)
    if messages:
        _unchecked(page, result)
    if result.dossier is not None:
        page.heading("Waarmee is vergeleken")
        for sentence in compared_sentences(result):
            page.line(sentence)
    if result.onbruikbaar:
        page.heading("Niet te lezen bestanden")
        for unusable in result.onbruikbaar:
            page.item(unusable.reden)
    _footer(page, result)


def _money(page: Page, message: Berichtresultaat, *, several: bool) -> None:
    money = message.geld
    if money is None:
        return
    name = f" ({message.bestand.naam})" if several else ""
    page.heading(f"Geld dat niet wordt toegekend{name}")
    months = [f"{month_title(m)} {format_euro(amount)}" for m, amount in money.per_month().items()]
    page.line(f"Per maand: {join_words(months)}.")
    shown = money.delen if page.verbose else money.delen[:CAP]
    for part in shown:
        lines = count_of(part.afgewezen_regels, "prestatie", "prestaties")
        page.item(
            f"cliënt {part.client_nr}, toewijzing {part.toewijzing}, {month_title(part.maand)}:"
            f" {format_euro(part.afgewezen)} ({lines})"
        )
    if len(shown) < len(money.delen):
        rest = count_of(len(money.delen) - len(shown), "onderdeel", "onderdelen")
        page.line(f"en nog {rest}", indent=4, lead="  … ")


def _schema_text(message: Berichtresultaat) -> str:
    if message.xsd_geldig:
        return "klopt met het schema"
    return count_of(message.schemafouten, "fout tegen het schema", "fouten tegen het schema")


def _message_facts(page: Page, message: Berichtresultaat) -> None:
    page.line(message_title(message), style="bold")
    dated = f" van {format_date(message.dagtekening)}" if message.dagtekening else ""
    number = f"{message.identificatie}{dated}" if message.identificatie else None
    for label, value in (
        ("Bericht", number),
        ("Tussen", message_parties(message)),
        ("Release", f"iJw {message.release}"),
        ("Inhoud", message_content(message)),
        ("Omhulsel", message.omhulsel),
        ("Bestand", f"{message.bestand.naam} ({size_text(message.bestand.bytes)})"),
    ):
        if value:
            page.field(label, value, indent=0)
    page.blank()


def _reading(page: Page, contract: Contractresultaat) -> None:
    page.heading("Wat is gelezen")
    if not contract.bladen:
        page.line("Er zijn geen bladen gelezen.")
    for sheet in contract.bladen:
        page.item(f"{sheet.blad}: {_sheet_sentence(sheet)}")
        for omission in sheet.weggelaten:
            number = count_of(len(omission.rijen), "rij", "rijen")
            where = row_ranges(omission.rijen, 100 if page.verbose else 6)
            page.line(f"weggelaten: {number} ({where}): {omission.reden}", indent=4)
        unknown = [c for c in sheet.kolommen if c.veld is None]
        if unknown:
            names = [f"{c.kolom} ({c.kop or 'zonder kop'})" for c in unknown]
            page.line(f"niet herkend: kolom {join_words(names)}", indent=4)
        if page.verbose:
            known = [c for c in sheet.kolommen if c.veld is not None]
            names = [f"{c.kolom} = {field_title(sheet.soort, c.veld)}" for c in known]
            if names:
                page.line(f"herkend: {', '.join(names)}", indent=4)
        if sheet.verborgen:
            page.line(f"verborgen, wel gelezen: {', '.join(sheet.verborgen)}", indent=4)
        for remark in sheet.opmerkingen:
            page.line(remark, indent=4)


def _sheet_sentence(sheet: Bladlezing) -> str:
    if sheet.soort == "niet herkend":
        return "niet herkend, dus niet gecontroleerd"
    read = count_of(sheet.rijen_gelezen, "rij", "rijen")
    return f"{sheet.soort}, {read} gelezen, {sheet.rijen_gebruikt} gebruikt"


def _rule(page: Page, rule: RuleGroup, *, with_file: bool = False) -> None:
    page.blank()
    first = rule.first
    look = SEVERITIES[first.ernst]
    if rule.open:
        tag = Text(f"{look.singular.upper()} ", _STYLES[Tone(first.ernst)])
    else:
        tag = Text(f"UITGELEGD ({look.singular}) ", "dim")
    page.line(Text.assemble(tag, (one_line(first.regel), "bold"), f" · {one_line(first.titel)}"))
    for finding in rule.shown(CAP):
        _finding(page, finding, with_file=with_file)
    if rule.hidden(CAP):
        page.line(rest_text(rule.hidden(CAP)), indent=4, lead="  … ")
    if page.verbose:
        page.field("Waarom", _cut(first.waarom))
    if first.norm.status is not Status.GEGEVENS:
        page.field("Norm", _norm(page, first))
    page.field("Wat te doen", _cut(first.herstel))


def _finding(page: Page, finding: Afwijking, *, with_file: bool) -> None:
    label = one_line(finding.plaats.label)
    if with_file:
        label = f"{one_line(finding.plaats.bestand)}: {label}"
    place = Text.assemble((label, "bold"), ": ")
    page.line(Text.assemble(place, _cut(finding.melding)), indent=4, lead="  - ")
    if page.verbose:
        page.field("gevonden", _cut(finding.gevonden), indent=4, column=11)
    page.field("verwacht", _cut(finding.verwacht), indent=4, column=11)
    if finding.retourcode and page.verbose:
        page.field("retourcode", finding.retourcode, indent=4, column=11)
    if finding.voorbehoud:
        page.field("let op", _cut(finding.voorbehoud), indent=4, column=11)
    if page.verbose and finding.ook:
        page.field("zie ook", ", ".join(p.label for p in finding.ook[:10]), indent=4, column=11)
    if explanation := finding.uitgelegd:
        until = f", geldig t/m {format_date(explanation.tot)}" if explanation.tot else ""
        text = f"{_cut(explanation.reden)} ({explanation.door}{until})"
        page.field("uitgelegd", text, indent=4, column=11)


def _norm(page: Page, finding: Afwijking) -> Text:
    norm = finding.norm
    url = safe_url(norm.url)
    linked = Style(link=url) if url and page.console.is_terminal else Style()
    text = Text(_cut(norm.bron), style=linked)
    text.append(f" ({norm.status.value}; {ZEKERHEID_UITLEG[norm.zekerheid]})", Style())
    if page.verbose:
        if norm.toelichting:
            text.append(f" {_cut(norm.toelichting)}")
        if url:
            text.append(f" {url}")
    return text


def _unchecked(page: Page, contract: Contractresultaat | Resultaat) -> None:
    page.heading("Wat is niet gecontroleerd")
    for outcome, reason, rules in rules_by_reason(contract.not_run):
        lead = "" if outcome is Uitkomst.NIET_TE_BEPALEN else f"{OUTCOME_TITLES[outcome]}: "
        page.item(f"{lead}{reason}")
        _names(page, [f"{r.regel} {r.titel}" if page.verbose else r.regel for r in rules])
    if not contract.not_run:
        page.line("Alle regels die van toepassing zijn, zijn gecontroleerd.")
    if partly := partly_checked(contract):
        page.item("Deels gecontroleerd; in deze rijen ontbrak iets:")
        _names(
            page,
            [f"{r.regel} ({count_of(r.niet_te_bepalen, 'rij', 'rijen')})" for r in partly],
        )
    if other := not_applicable(contract):
        page.item(f"Niet van toepassing: {count_of(len(other), 'regel', 'regels')}.")
        if page.verbose:
            _names(page, [r.regel for r in other])


def _names(page: Page, names: Iterable[str]) -> None:
    page.line(", ".join(names), indent=4, style="dim")


def _footer(page: Page, result: Resultaat) -> None:
    page.heading("Verantwoording")
    page.field("Programma", f"inkoopcheck {result.versie}")
    page.field("Regels", f"versie {result.regelversie}")
    page.field("Peildatum", format_date(result.peildatum))
    page.field("Gemaakt op", format_value(result.gemaakt_op))
    for contract in result.contracten:
        page.field("SHA-256", f"{contract.bestand.sha256} ({contract.bestand.naam})")
    if len(result.berichten) == 1 or page.verbose:
        for message in result.berichten:
            page.field("SHA-256", f"{message.bestand.sha256} ({message.bestand.naam})")
    for change in result.overschreven:
        reason = f" Reden: {change.reden}" if change.reden else " Zonder reden."
        page.field("Aangepast", f"{change.wat}: was {change.was}, nu {change.nu}.{reason}")


def _cut(text: str) -> str:
    return shorten(one_line(text), _MAX_TEXT)
