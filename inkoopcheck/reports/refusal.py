"""Why a declaratie was refused, on a screen: per prestatie the codes, what lies behind them and what to do."""

from rich.console import Console

from inkoopcheck.dutch import count_of, format_date, format_euro, join_words
from inkoopcheck.findings.refusal import AfgewezenPrestatie, Codeuitleg, Verklaring
from inkoopcheck.reports.common import compared_sentences
from inkoopcheck.reports.terminal import CAP, Page

NOT_FOUND = (
    "In het dossier is niets gevonden dat deze code verklaart. Misschien heeft de gemeente berichten of"
    " afspraken die hier niet staan. Vraag de gemeente waarmee zij heeft vergeleken."
)


def prestatie_title(item: AfgewezenPrestatie) -> str:
    """Which prestatie it is, in one line."""
    parts = [f"Prestatie {item.referentie_nummer}"]
    if item.client_nr is not None:
        parts.append(f"cliënt {item.client_nr}")
    if item.toewijzing is not None:
        parts.append(f"toewijzing {item.toewijzing}")
    if item.productcode:
        parts.append(f"product {item.productcode}")
    if item.begindatum and item.einddatum:
        parts.append(f"{format_date(item.begindatum)} t/m {format_date(item.einddatum)}")
    if item.bedrag is not None:
        parts.append(format_euro(item.bedrag))
    return ", ".join(parts)


def code_title(code: Codeuitleg) -> str:
    """A code with its meaning and the rules behind it."""
    rules = f" (regel {join_words(code.regels)})" if code.regels else ""
    return f"Retourcode {code.code}: {code.betekenis}{rules}"


def render(explanation: Verklaring, console: Console) -> None:
    """Print the explanation."""
    page = Page(console, verbose=True)
    page.line("Waarom is er afgewezen?", style="bold")
    page.field("Antwoord", f"{explanation.bestand.naam} ({explanation.identificatie})", indent=0)
    page.field("Declaratie", explanation.declaratie or "onbekend", indent=0)
    page.blank()
    page.line(explanation.samenvatting)
    if explanation.geheel:
        page.heading("De hele declaratie")
        for code in explanation.geheel:
            _code(page, code)
    for item in explanation.prestaties:
        page.heading(prestatie_title(item))
        for code in item.codes:
            _code(page, code)
        page.item(item.vervolg)
    page.heading("Waarmee is vergeleken")
    for sentence in compared_sentences(explanation):
        page.line(sentence)


def _code(page: Page, code: Codeuitleg) -> None:
    page.line(code_title(code), style="bold")
    for cause in code.oorzaken[:CAP]:
        page.item(f"{cause.regel}: {cause.melding}")
        page.field("gevonden", cause.gevonden, indent=4, column=11)
        page.field("verwacht", cause.verwacht, indent=4, column=11)
    if len(code.oorzaken) > CAP:
        page.item(f"en nog {count_of(len(code.oorzaken) - CAP, 'afwijking', 'afwijkingen')}")
    if not code.oorzaken:
        page.item(NOT_FOUND)
    for advice in code.herstel:
        page.item(f"Wat te doen: {advice}")
