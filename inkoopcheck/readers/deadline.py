"""A limit on the time that reading one message may take."""

import time
from collections.abc import Callable

from inkoopcheck.dutch import format_number
from inkoopcheck.errors import UnusableInput

MAX_SECONDS = 120
"""Far more than a message of ten times the allowed size takes; what takes longer is made to do harm."""


class Deadline:
    """When the reading of a message has to be done.

    libxml2 cannot be stopped halfway, so whoever reads asks between its steps.

    Args:
        seconds: how long the reading may take, from now.
        clock: what gives the time in seconds.
    """

    def __init__(
        self, seconds: float = MAX_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds = seconds
        self._clock = clock
        self._end = clock() + seconds

    def check(self) -> None:
        """Go on only when there is time left.

        Raises:
            UnusableInput: the time is up.
        """
        if self._clock() >= self._end:
            raise UnusableInput(
                f"het lezen duurde langer dan {format_number(self._seconds)} seconden. Zo lang duurt"
                " geen gewoon bericht. Splits het, of vraag de afzender om een nieuw bericht."
            )
