"""Messages for the tests: valid by construction, with values that a test can look for."""

import random
from pathlib import Path

from lxml import etree

from benchmarks.messages import make_message, to_bytes
from inkoopcheck.schemas.structure import Node, load_release

RELEASE = load_release()
PERSONAL = {
    "Bsn": "999900006",
    "Achternaam": "Zandstra-Ypma",
    "Voornamen": "Fenna Liudgard",
    "Voorletters": "FLQ",
    "Straatnaam": "Quaestiuslaan",
    "Plaatsnaam": "Xenoburg",
    "Postcode": "9871QZ",
    "Telefoonnummer": "0598712345",
    "Emailadres": "fenna@zandstra.example",
    "Commentaar": "Fenna woont bij tante Wikje",
    "Organisatie": "Stichting Voogdijnaam",
    "Taal": "Westerlauwers",
    "Naam": "Dokter Qwibus",
    "ZorgverlenerCode": "01999876",
    "Huisnummer": "98431",
    "HuisnummerToevoeging": "qzx",
}
BIRTH_DATE = "2011-09-23"
SECRETS = [
    *(v for k, v in PERSONAL.items() if len(v) > 5),
    "Zandstra",
    "Fenna",
    "Liudgard",
    "Qwibus",
    BIRTH_DATE,
    "23-9-2011",
    "23-09-2011",
]
"""What may stand in no output: of each person in a message made here, in every way it is written."""


def personal_values(node: Node, rng: random.Random) -> str | None:
    """Values for the leaves about a person; None leaves the choice to the generator."""
    if "Geboortedatum" in node.path and node.name == "Datum":
        return BIRTH_DATE
    if node.simple and node.name == "Naam" and "Verwijzer" not in node.path:
        return None
    if node.name == "Nummer" and "Relatie" in node.path:
        return "999900018"
    return PERSONAL.get(node.name)


def message(name: str, seed: int = 0, **counts: int) -> bytes:
    """A valid message with everything that it can hold, about persons with the values above."""
    root = make_message(
        RELEASE.messages[name], seed, "maximal", counts or None, values=personal_values
    )
    return to_bytes(root)


def changed(content: bytes, element: str, value: str | None, number: int = 0) -> bytes:
    """A message with the value of one element changed, or the element taken out."""
    root = etree.fromstring(content)
    found = list(root.iter(f"{{*}}{element}"))[number]
    if value is None:
        parent = found.getparent()
        assert parent is not None
        parent.remove(found)
    else:
        found.text = value
    return to_bytes(root)


def written(folder: Path, name: str, content: bytes) -> Path:
    """The content as a file."""
    path = folder / name
    path.write_bytes(content)
    return path
