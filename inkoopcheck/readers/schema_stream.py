"""Keep a message that is wrong everywhere from taking hours.

For each error libxml2 counts the elements in front of the one that is wrong, so in a long list of wrong
elements the time grows with the square: half a million of them take an hour. Without a tree it counts
nothing. So a message with a long list is first judged as a stream, which tells how many errors there are.
"""

from typing import Any

from lxml import etree

from inkoopcheck.dutch import format_number
from inkoopcheck.errors import UnusableInput
from inkoopcheck.readers.deadline import Deadline
from inkoopcheck.schemas.structure import Message

LONG_LIST = 200_000_000_000
"""From this size on (bytes times the elements in the longest list) the errors are counted first."""
MOST_STEPS = 2_000_000_000
"""Most errors times elements in the longest list: about a minute of counting."""

_CHUNK = 1 << 20


def is_valid(
    tree: etree._ElementTree,
    size: int,
    schema: etree.XMLSchema,
    message: Message,
    deadline: Deadline,
) -> bool:
    """Does a message fit its schema? The schema then holds the errors.

    Args:
        tree: the message.
        size: its bytes.
        schema: its schema.
        message: its structure.
        deadline: when the reading has to be done.

    Raises:
        UnusableInput: there are too many errors to find the place of, or the time is up.
    """
    # An element takes at least five bytes, so the list of a small message cannot be long.
    if size * size >= 5 * LONG_LIST:
        longest = _longest_list(tree, message)
        if size * longest >= LONG_LIST:
            content = etree.tostring(tree, encoding="utf-8")
            most = MOST_STEPS // longest
            errors = count_errors(content, schema, most, deadline)
            if not errors:
                return True
            if errors > most:
                raise UnusableInput(
                    f"het bericht heeft meer dan {format_number(most)} fouten tegen het schema. Dat"
                    " zijn er te veel om uit te leggen. Splits het bericht, of kijk of het wel een"
                    f" {message.naam} {message.release} is."
                )
    return schema.validate(tree)


def count_errors(content: bytes, schema: etree.XMLSchema, most: int, deadline: Deadline) -> int:
    """How many errors libxml2 finds against a schema; past ``most`` it stops looking.

    Raises:
        UnusableInput: the time is up.
    """
    nothing: Any = _Nothing()  # The stubs do not know a target that asks for nothing.
    parser = etree.XMLParser(target=nothing, schema=schema, resolve_entities=False, no_network=True)
    for start in range(0, len(content), _CHUNK):
        deadline.check()
        parser.feed(content[start : start + _CHUNK])
        errors = len(parser.feed_error_log)
        if errors > most:
            return errors
    parser.close()
    return len(parser.feed_error_log)


class _Nothing:
    """A target that asks for no part of the message, so that no tree is made."""

    def close(self) -> None:
        """Nothing was made."""


def _longest_list(tree: etree._ElementTree, message: Message) -> int:
    """Number of elements in the longest list: next to each other in one element."""
    outer = {
        node.tag for node in message.root.walk() if any(child.repeats for child in node.children)
    }
    return max(map(len, tree.iter(*outer)), default=0)
