"""The key of a dossier: with it a BSN gets the pseudonym that it has there.

Whoever has the key can try numbers until one fits, so the key is the user's and stands in a file of its own.
"""

import hmac
import os
import secrets
from pathlib import Path

from inkoopcheck.errors import UnusableInput, printable, why_not

SUFFIX = ".sleutel"
_BYTES = 32
_PROOF_OF = b"inkoopcheck dossier"


def key_beside(dossier: Path) -> Path:
    """Where the key of a new dossier is put, and looked for when the user names none."""
    return dossier.with_name(dossier.name + SUFFIX)


def make_key(target: Path) -> bytes:
    """Make a key in a new file that only its owner can read.

    Raises:
        UnusableInput: the file cannot be written.
        FileExistsError: the file is there already; it is left alone.
    """
    key = secrets.token_bytes(_BYTES)
    temporary = target.with_name(f".{target.name}-{os.getpid()}")
    try:
        handle = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(key.hex().encode() + b"\n")
            file.flush()
            os.fsync(handle)
        put_in_place(temporary, target)
    except FileExistsError:
        raise
    except OSError as error:
        raise UnusableInput(
            f"De sleutel {printable(target.name)} is niet te schrijven: {why_not(error)}."
        ) from None
    finally:
        temporary.unlink(missing_ok=True)
    return key


def read_key(path: Path) -> bytes:
    """The key in a file.

    Raises:
        UnusableInput: there is no key in it.
    """
    name = printable(path.name)
    try:
        with path.open("rb") as file:
            text = file.read(4 * _BYTES)
    except OSError as error:
        raise UnusableInput(f"De sleutel {name} is niet te lezen: {why_not(error)}.") from None
    try:
        key = bytes.fromhex(text.decode("ascii").strip())
    except ValueError:
        key = b""
    if len(key) != _BYTES:
        raise UnusableInput(
            f"In {name} staat geen sleutel van inkoopcheck. Een sleutel is een regel van"
            f" {2 * _BYTES} tekens. Geef het bestand dat bij uw dossier hoort."
        )
    return key


def proof_of(key: bytes) -> str:
    """What a dossier keeps to recognise its key by; the key does not follow from it."""
    return hmac.digest(key, _PROOF_OF, "sha256").hex()


def put_in_place(temporary: Path, target: Path) -> None:
    """Give a finished file its name.

    Raises:
        FileExistsError: the name is taken.
        OSError: it cannot be done.
    """
    try:
        # Unlike a rename this never takes the place of what another just made.
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError:
        # A file system without links, such as that of a memory stick.
        if target.exists():
            raise FileExistsError(target) from None
        temporary.rename(target)
