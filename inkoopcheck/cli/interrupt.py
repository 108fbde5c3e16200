"""Ctrl-C, which must end with a sentence. Loads nothing else: every command begins with it."""

import contextlib
from collections.abc import Iterator

from inkoopcheck.errors import UnusableInput


@contextlib.contextmanager
def interruptible(text: str) -> Iterator[None]:
    """Let Ctrl-C end with a sentence.

    Raises:
        UnusableInput: the user pressed Ctrl-C.
    """
    try:
        yield
    except KeyboardInterrupt:
        raise UnusableInput(text) from None
    except RuntimeError as error:
        # What DuckDB makes of Ctrl-C during a query.
        if str(error) != "Query interrupted":
            raise
        raise UnusableInput(text) from None
