"""The result as JSON, for other programs, and the schema of exactly that JSON."""

from decimal import Decimal
from typing import Any

from pydantic_core import to_json

from inkoopcheck.findings.model import Contractresultaat, Ernst, Resultaat


def render(result: Resultaat) -> str:
    """The whole result, with a fingerprint per deviation and totals per contract."""
    data = result.model_dump(mode="json")
    for message, entry in zip(result.berichten, data["berichten"], strict=True):
        for finding, item in zip(message.afwijkingen, entry["afwijkingen"], strict=True):
            item["bedrag"] = _plain(finding.bedrag)
            item["vingerafdruk"] = finding.vingerafdruk
    for contract, entry in zip(result.contracten, data["contracten"], strict=True):
        entry["totalen"] = _totals(contract)
        for finding, item in zip(contract.afwijkingen, entry["afwijkingen"], strict=True):
            item["bedrag"] = _plain(finding.bedrag)
            item["vingerafdruk"] = finding.vingerafdruk
        for figure, item in zip(contract.kerncijfers, entry["kerncijfers"], strict=True):
            item["waarde"] = _plain(figure.waarde)
    # As json.dumps with indent=2 writes it, which takes ten times as long.
    return to_json(data, indent=2).decode() + "\n"


def burdens(result: Resultaat) -> dict[str, Any]:
    """Only the administrative burden: per contract what the whole report has under ``lasten``."""
    data = result.model_dump(mode="json")
    keys = ("bestand", "contract", "gemeente", "aanbieder", "periode", "lasten")
    data["contracten"] = [{key: entry[key] for key in keys} for entry in data["contracten"]]
    return data


def schema() -> dict[str, Any]:
    """JSON schema (2020-12) of what ``render`` gives; every key is always there."""
    made = Resultaat.model_json_schema(mode="serialization")
    definitions = made["$defs"]
    definitions["Afwijking"]["properties"]["vingerafdruk"] = {
        "description": "Sleutel van de inhoud: blijft gelijk als een rij verschuift.",
        "type": "string",
        "pattern": "^[0-9a-f]{16}$",
    }
    definitions["Totalen"] = {
        "description": "Aantallen per contract; uitgelegde afwijkingen tellen apart.",
        "type": "object",
        "properties": {
            name: {"description": text, "type": "integer", "minimum": 0}
            for name, text in _TOTALS.items()
        },
        "additionalProperties": False,
    }
    definitions["Contractresultaat"]["properties"]["totalen"] = {"$ref": "#/$defs/Totalen"}
    for definition in (made, *definitions.values()):
        if "properties" in definition:
            definition["required"] = list(definition["properties"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **made,
        "title": "Resultaat van inkoopcheck",
    }


_TOTALS = {
    **{e.value: f"Afwijkingen met ernst {e.value}, zonder uitleg." for e in reversed(Ernst)},
    "uitgelegd": "Afwijkingen met een geldige uitleg.",
    "niet_gecontroleerd": "Regels die niet zijn gecontroleerd.",
}


def _totals(contract: Contractresultaat) -> dict[str, int]:
    totals = {severity.value: contract.count(severity) for severity in reversed(Ernst)}
    totals["uitgelegd"] = contract.explained
    totals["niet_gecontroleerd"] = len(contract.not_run)
    return totals


def _plain(value: Decimal | None) -> str | None:
    # Written out: 1E+3 is a number to Python, but not to every reader of the report.
    return None if value is None else format(value, "f")
