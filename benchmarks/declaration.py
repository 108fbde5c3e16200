"""A declaration of any size in which every rule within the message holds, and small ones like it."""

import random
from collections.abc import Iterator

from benchmarks.messages import make_message, to_bytes
from inkoopcheck.schemas.structure import Node, load_release

_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_PER_CLIENT = 5


def _bsns() -> Iterator[str]:
    """Fictitious BSNs that pass the elfproef, all different."""
    number = 900_000_000
    while True:
        number += 1
        digits = str(number)
        if sum(w * int(d) for w, d in zip(_WEIGHTS, digits, strict=True)) % 11 == 0:
            yield digits


def declaration(prestaties: int, number: int = 1) -> bytes:
    """A JW323 over April 2026 with this many prestaties, five for each client."""
    per_client = min(_PER_CLIENT, prestaties)
    clients = prestaties // per_client
    total = clients * per_client
    bsns = _bsns()
    references = iter(range(1, total + 1))
    assigned = iter(range(1, total + 1))
    values = {
        "Afzender": "65656055",
        "Ontvanger": "0363",
        "Identificatie": f"B{number}",
        "Dagtekening": "2026-05-06",
        "DeclaratieNummer": f"D{number}",
        "DeclaratieDagtekening": "2026-05-06",
        "Begindatum": "2026-04-01",
        "Einddatum": "2026-04-30",
        "TotaalBedrag": str(total * 5000),
        "DebetCredit": "D",
        "ProductCategorie": "45",
        "ProductCode": "45A48",
        "GeleverdVolume": "4",
        "Eenheid": "04",
        "ProductTarief": "1250",
        "Bedrag": "5000",
    }

    def value(node: Node, rng: random.Random) -> str | None:
        if node.name == "Bsn":
            return next(bsns)
        if node.name == "ReferentieNummer":
            return f"R{next(references)}"
        if node.name == "ToewijzingNummer":
            return str(next(assigned))
        return values.get(node.name)

    root = make_message(
        load_release().messages["JW323"],
        number,
        "maximal",
        {"Client": clients, "Prestatie": per_client},
        values=value,
    )
    # A debet prestatie has no number of an earlier one.
    for element in list(root.iter("{*}VorigReferentieNummer")):
        parent = element.getparent()
        assert parent is not None
        parent.remove(element)
    return to_bytes(root)


def small_messages(number: int) -> Iterator[bytes]:
    """Declarations of some 6 kB each."""
    for position in range(number):
        yield declaration(5, position + 1)
