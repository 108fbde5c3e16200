"""What reports say of computed tariffs, in words."""

from collections.abc import Sequence
from decimal import Decimal

from inkoopcheck.dutch import count_of, format_euro, format_value, join_words
from inkoopcheck.findings.calculation import (
    Invoerwaarde,
    Oordeel,
    Rekenstap,
    Tarieftoets,
    value_text,
)

ELEMENTS = {
    "a": "element a van het Besluit Jeugdwet",
    "b": "element b van het Besluit Jeugdwet",
    "c": "element c van het Besluit Jeugdwet",
    "d": "element d van het Besluit Jeugdwet",
    "risico": "geen element van het Besluit Jeugdwet",
}
ORIGINS = {
    "opgegeven": "van u",
    "parameter": "standaard van inkoopcheck",
    "standaard": "niet opgegeven",
    "ontbreekt": "ontbreekt",
}
NOT_COUNTED = (
    "Niet meegeteld, want niet opgegeven en er is geen cijfer met een bron: {}."
    " Het echte tarief is dan hoger."
)
CAUTION = (
    "Waar u een cijfer niet gaf, rekent inkoopcheck met een lage, middelste en hoge waarde. Zo ontstaat"
    " een bandbreedte. Zij helpt bij het gesprek en is geen norm: de wet noemt elementen, geen bedragen."
)


def verdict_sentence(verdicts: Sequence[Tarieftoets]) -> str:
    """How many tariffs lie where, in one sentence."""
    if not verdicts:
        return (
            "Er is geen tarief van een aanbieder om te toetsen. Een pgb en een pleegvergoeding zijn dat"
            " niet."
        )
    counts = [
        f"{sum(v.oordeel is outcome for v in verdicts)} {words}"
        for outcome, words in (
            (Oordeel.ONDER, "onder de bandbreedte"),
            (Oordeel.BINNEN, "erbinnen"),
            (Oordeel.BOVEN, "erboven"),
            (Oordeel.ONBEKEND, "niet te bepalen"),
        )
        if any(v.oordeel is outcome for v in verdicts)
    ]
    return f"{count_of(len(verdicts), 'tarief', 'tarieven')}: {join_words(counts)}."


def by_reason(verdicts: Sequence[Tarieftoets]) -> list[tuple[str, list[Tarieftoets]]]:
    """Verdicts that could not be given, per reason."""
    found: dict[str, list[Tarieftoets]] = {}
    for item in verdicts:
        found.setdefault(item.reden or "", []).append(item)
    return list(found.items())


def band_text(low: Decimal | None, middle: Decimal | None, high: Decimal | None) -> str:
    """A band in words: one amount when it is a point."""
    if low is None or middle is None or high is None:
        return "niet te bepalen"
    if low == high:
        return format_euro(low)
    return f"{format_euro(low)} tot {format_euro(high)} (midden {format_euro(middle)})"


def shortfall_text(item: Tarieftoets) -> str | None:
    """How much a tariff is below the band, per unit and, with a volume, per year."""
    if item.tekort is None:
        return None
    per_year = (
        f"; dat is {format_euro(item.tekort_jaar)} per jaar bij {format_value(item.volume)} eenheden"
        if item.tekort_jaar is not None
        else "; het volume per jaar is niet bekend"
    )
    return f"{format_euro(item.tekort)} per {item.eenheid or 'eenheid'} te laag{per_year}"


def is_shown(step: Rekenstap) -> bool:
    """Whether a step says something: it has a value, and is no empty alternative of another step."""
    values = [step.waarde, *step.per_functie]
    if all(value is None for value in values):
        return False
    return step.element is not None or any(values)


def origin_text(item: Invoerwaarde) -> str:
    """Where an input came from: the user, or a parameter with its source and range."""
    if item.herkomst != "parameter":
        return ORIGINS[item.herkomst]
    band = (
        f"; laag {value_text(item.laag, item.eenheid)}, hoog {value_text(item.hoog, item.eenheid)}"
        if item.laag is not None
        else ""
    )
    status = f"{item.status}: " if item.status else ""
    return f"{ORIGINS['parameter']} ({status}{item.bron}{band})"
