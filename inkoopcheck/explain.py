"""Explain a JW325: judge the declaratie that it answers anew, and put the findings beside the codes.

The declaratie comes from the dossier, so its rows are put back in the tables as if it were just read. What
the gemeente knew and the dossier does not hold stays unexplained, and the explanation says so.

Source: iJw 3.2, invulinstructies IV085, IV087 and IV091.
"""

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from inkoopcheck import __version__
from inkoopcheck.check_messages import MessageChecker
from inkoopcheck.dutch import count_of, format_euro
from inkoopcheck.engine.rulefile import Rule
from inkoopcheck.engine.ruleset import Ruleset
from inkoopcheck.errors import UnusableInput
from inkoopcheck.findings.model import Afwijking, Berichtresultaat
from inkoopcheck.findings.refusal import AfgewezenPrestatie, Codeuitleg, Verklaring
from inkoopcheck.returns.decide import NO_REFUSAL, NOT_JUDGED, TECHNICALLY_WRONG, plain_path
from inkoopcheck.schemas.structure import load_release

_AGAIN = (
    "Een afgewezen prestatie crediteert u niet. Verbeter haar en dien haar opnieuw in als nieuwe debetregel, met"
    " een nieuw referentienummer."
)
_AGAIN_CREDIT = (
    "De creditregel is afgewezen. De oorspronkelijke prestatie blijft dus staan. Dien een goede creditregel in, met"
    " een nieuw referentienummer."
)
_WHOLE = (
    "De hele declaratie is afgewezen en geldt als niet verzonden. Verbeter haar en stuur haar opnieuw. De"
    " referentienummers mogen hetzelfde blijven."
)


def explain_refusal(checker: MessageChecker, ruleset: Ruleset, path: Path) -> Verklaring:
    """Explain the codes in a JW325.

    Args:
        checker: a checker with the dossier that holds the declaratie.
        ruleset: the rules of that checker.
        path: the JW325.

    Returns:
        Per refused prestatie its codes, each with the rules behind it and what was found.

    Raises:
        UnusableInput: the file is not one JW325 that can be read.
    """
    result = checker.run([path])
    for problem in result.onbruikbaar:
        raise UnusableInput(problem.reden)
    if len(result.berichten) != 1 or result.berichten[0].berichtsoort != "JW325":
        kinds = ", ".join(sorted({message.berichtsoort for message in result.berichten}))
        raise UnusableInput(
            f"{path.name} is geen JW325 maar {kinds}. Geef het antwoord van de gemeente op een declaratie."
        )
    message = result.berichten[0]
    answer = checker.answer()
    found = _by_place(answer.found)
    texts = load_release().base.enkelvoudig["LDT_RetourCode"].waarden
    behind = _rules_by_code(ruleset)
    own_client = {row["pad"]: row["codes"] for row in answer.clients}

    def explained(codes: Sequence[str], causes: Sequence[Afwijking]) -> list[Codeuitleg]:
        made = []
        for code in codes:
            fitting = [cause for cause in causes if cause.retourcode == code]
            rules = behind.get(code, [])
            advice = [cause.herstel for cause in fitting] or [rule.herstel for rule in rules]
            if code == TECHNICALLY_WRONG:
                rules = [rule for rule in rules if rule.id in {cause.regel for cause in fitting}]
                advice = [cause.herstel for cause in fitting]
            made.append(
                Codeuitleg(
                    code=code,
                    betekenis=texts.get(code, "Onbekende code"),
                    regels=[rule.id for rule in rules],
                    oorzaken=fitting,
                    herstel=list(dict.fromkeys(advice)),
                )
            )
        return made

    whole = [code for code in dict.fromkeys(answer.whole) if code not in NO_REFUSAL]
    everything = [cause for causes in found.values() for cause in causes]
    refused = []
    for row in answer.prestaties:
        codes = [code for code in row["codes"] if code not in NO_REFUSAL]
        causes = found.get(row["ingediend_pad"], [])
        if not codes and NOT_JUDGED in row["codes"]:
            # Not judged, since the client has a fault: the codes of the client are the reason (IV087).
            codes = [c for c in own_client.get(row["client_pad"], ()) if c not in NO_REFUSAL]
            causes = found.get(row["ingediend_client_pad"], [])
        refused.append(
            AfgewezenPrestatie(
                client_nr=row["client_nr"],
                referentie_nummer=row["referentie_nummer"],
                toewijzing=row["toewijzing_nummer"],
                productcode=row["product_code"],
                begindatum=row["begindatum"],
                einddatum=row["einddatum"],
                bedrag=None if row["bedrag"] is None else Decimal(row["bedrag"]) / 100,
                codes=explained(codes, causes),
                vervolg=_AGAIN_CREDIT if row["debet_credit"] == "C" else _AGAIN,
            )
        )
    return Verklaring(
        bestand=message.bestand,
        identificatie=message.identificatie,
        declaratie=answer.declaratie,
        declaratie_gevonden=answer.there,
        samenvatting=_summary(message, whole, refused, there=answer.there),
        geheel=explained(whole, everything),
        prestaties=refused,
        dossier=result.dossier,
        vergeleken_contracten=result.vergeleken_contracten,
        gemaakt_op=datetime.datetime.now().astimezone().replace(microsecond=0),
        versie=__version__,
    )


def _summary(
    message: Berichtresultaat,
    whole: Sequence[str],
    refused: Sequence[AfgewezenPrestatie],
    *,
    there: bool,
) -> str:
    missing = (
        ""
        if there
        else " De declaratie zelf staat niet in het dossier. Daarom is alleen te zeggen wat de codes betekenen."
    )
    if not message.xsd_geldig:
        missing += " Het JW325 klopt niet met het schema; een deel is misschien niet gelezen."
    if whole:
        return f"{_WHOLE}{missing}"
    if not refused:
        return f"De gemeente heeft alles toegekend.{missing}"
    total = sum((item.bedrag or Decimal(0) for item in refused), Decimal(0))
    number = count_of(len(refused), "prestatie is", "prestaties zijn")
    return f"{number} afgewezen, samen {format_euro(total)}.{missing}"


def _rules_by_code(ruleset: Ruleset) -> Mapping[str, list[Rule]]:
    found: dict[str, list[Rule]] = {}
    for rule in ruleset.rules:
        if rule.retourcode:
            found.setdefault(rule.retourcode, []).append(rule)
    return found


def _by_place(findings: Sequence[Afwijking]) -> dict[str, list[Afwijking]]:
    """The findings by the path of their client or prestatie."""
    found: dict[str, list[Afwijking]] = {}
    for finding in findings:
        path = finding.plaats.pad or ""
        steps = path.split("/")
        length = next(
            (n for n, step in reversed(list(enumerate(steps, 1))) if _is_part(step)), len(steps)
        )
        found.setdefault(plain_path("/".join(steps[:length])), []).append(finding)
    return found


def _is_part(step: str) -> bool:
    return step.split("[")[0] in ("Prestatie", "Client")
