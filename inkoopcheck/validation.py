"""Say in Dutch what pydantic found wrong in a file of the user."""

from pydantic import ValidationError

_MESSAGES = {
    "missing": "dit veld ontbreekt",
    "extra_forbidden": "dit veld bestaat niet",
    "string_type": "hier hoort tekst; zet een getal of datum tussen aanhalingstekens",
    "int_type": "hier hoort een heel getal",
    "int_parsing": "hier hoort een heel getal",
    "int_from_float": "hier hoort een heel getal",
    "decimal_parsing": "hier hoort een getal",
    "decimal_type": "hier hoort een getal",
    "bool_parsing": "hier hoort ja of nee",
    "list_type": "hier hoort een lijst",
    "dict_type": "hier horen velden met een waarde",
    "model_type": "hier horen velden met een waarde",
    "date_from_datetime_parsing": "hier hoort een datum, zoals 2026-07-01",
    "date_parsing": "hier hoort een datum, zoals 2026-07-01",
    "date_type": "hier hoort een datum, zoals 2026-07-01",
    "too_short": "hier hoort ten minste één waarde",
    "string_too_short": "dit veld is leeg",
    "string_pattern_mismatch": "deze schrijfwijze mag niet",
}


def explain_validation(error: ValidationError) -> str:
    """The problems as one line, each with the field it concerns."""
    parts = []
    for problem in error.errors():
        place = ".".join(str(step) for step in problem["loc"] if step != "[key]")
        if problem["type"] == "enum":
            message = f"kies uit {problem['ctx']['expected']}".replace(" or ", " of ")
        elif problem["type"] == "greater_than_equal":
            message = f"hier hoort een getal van ten minste {problem['ctx']['ge']}"
        else:
            message = _MESSAGES.get(problem["type"], problem["msg"].removeprefix("Value error, "))
        parts.append(f"{place}: {message}" if place else message)
    return "; ".join(parts)
