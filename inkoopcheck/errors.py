"""The one exception that means: this input or this call cannot be used."""

from inkoopcheck.privacy import without_bsn


class UnusableInput(Exception):
    """Input or call that cannot be used; the command line exits with code 2.

    The message is a clear Dutch sentence for the user: what is wrong and what to do.
    It never holds personal data.
    """


def printable(text: str) -> str:
    """Text that can be written anywhere; a file name may hold bytes that are no UTF-8, or a BSN."""
    return without_bsn(text.encode("utf-8", "replace").decode("utf-8"))


def why_not(error: OSError) -> str:
    """Why the system could not open or write a file, in Dutch, to end a sentence with."""
    if isinstance(error, FileNotFoundError):
        return "het bestaat niet"
    if isinstance(error, PermissionError):
        return "u hebt geen toegang"
    if isinstance(error, IsADirectoryError):
        return "het is een map"
    if isinstance(error, FileExistsError | NotADirectoryError):
        return "een deel van het pad is een bestand"
    return "de schijf of het netwerk werkt niet mee"
