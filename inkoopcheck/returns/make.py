"""From the bytes of a checked message to the bytes of the message that goes back."""

import datetime
from pathlib import Path

from lxml import etree

from inkoopcheck.errors import UnusableInput
from inkoopcheck.readers.message_xml import parse_message
from inkoopcheck.returns.build import Stamp, build_return, identification_of, message_bytes
from inkoopcheck.returns.decide import Verdict, reaction_to
from inkoopcheck.schemas.find import find_schema


def make_return(
    content: bytes,
    verdict: Verdict,
    dagtekening: datetime.date,
    *,
    identificatie: str | None = None,
    schemas: Path | None = None,
) -> bytes:
    """The message that goes back, ready to write to a file; it fits its schema.

    Args:
        content: the checked message, as it was offered.
        verdict: what ``would_return`` said of it.
        dagtekening: date on which the message that goes back is made.
        identificatie: its identification; follows from the message when left out.
        schemas: folder with the schemas of the user, in place of ours.

    Raises:
        UnusableInput: nothing goes back, the date or identification is not possible, or what is made does
            not fit the schema of the user.
    """
    tree = parse_message(content).tree
    namespace = etree.QName(tree.getroot()).namespace or ""
    reaction = reaction_to(verdict.kind, namespace)
    schema = find_schema(reaction.namespace, schemas)
    name = identification_of(content) if identificatie is None else identificatie
    stamp = Stamp(name, dagtekening, schema.versies)
    made = message_bytes(build_return(tree, verdict, stamp))
    if not schema.compiled.validate(parse_message(made).tree):
        raise UnusableInput(
            f"Het {reaction.naam} dat terug moet, past niet in het schema. Er is niets gemaakt."
        )
    return made
