"""A dossier in a DuckDB file: make it, attach it to a run, and say in Dutch what is wrong with it.

One process at a time may write; any number may read while nobody writes. DuckDB keeps that lock, and its
log keeps what was committed when a process is killed.
"""

import contextlib
import datetime
import hmac
import os
from collections.abc import Iterator
from pathlib import Path

import duckdb

from inkoopcheck.dossier.key import key_beside, make_key, proof_of, put_in_place, read_key
from inkoopcheck.errors import UnusableInput, printable, why_not
from inkoopcheck.tables.chain import HISTORY_TABLES
from inkoopcheck.tables.history import DOSSIER, FORMAT, create_dossier_sql, layout
from inkoopcheck.tables.store import quoted

_STORAGE = "v1.3.0"
"""The oldest DuckDB that must be able to read a dossier: the oldest that we work with."""
_MAGIC = slice(8, 12)


def create_dossier(path: Path, key_file: Path | None) -> tuple[bytes, Path | None]:
    """Make an empty dossier.

    Args:
        path: the new file.
        key_file: the file with the key of its pseudonyms. Without it the one beside the dossier is taken,
            or made.

    Returns:
        The key, and the file with the key when it is new.

    Raises:
        UnusableInput: the file cannot be made, or the key cannot be read.
    """
    made = None
    if key_file is not None:
        key = read_key(key_file)
    else:
        beside = key_beside(path)
        try:
            key = make_key(beside)
            made = beside
        except FileExistsError:
            key = read_key(beside)
    try:
        _make_file(path, key)
    except FileExistsError:
        # Another process was just before us: its dossier is as good, when it has our key.
        made = None
    except BaseException:
        if made is not None:
            made.unlink(missing_ok=True)
        raise
    return key, made


def _make_file(path: Path, key: bytes) -> None:
    temporary = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        with understood(path), duckdb.connect() as connection:
            new_database(connection, temporary, DOSSIER)
            connection.execute(
                f"UPDATE {DOSSIER}.main.stand SET sleutelproef = ?, gemaakt_op = ?",  # noqa: S608
                [proof_of(key), datetime.datetime.now()],
            )
            connection.execute(f"DETACH {DOSSIER}")
            put_in_place(temporary, path)
    finally:
        discard(temporary)


def new_database(connection: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    """Make a database file with the tables of a dossier and attach it under a name."""
    connection.execute(
        f"ATTACH {quoted(path.absolute())} AS {name} (TYPE DUCKDB, STORAGE_VERSION '{_STORAGE}')"
    )
    connection.execute(";".join(create_dossier_sql(f"{name}.main")))


def key_of(path: Path, key_file: Path | None) -> bytes:
    """The key that goes with a dossier: in the file that the user names, or the one beside the dossier.

    Raises:
        UnusableInput: there is none, or the file is no dossier at all.
    """
    _look_at(path)
    if key_file is not None:
        return read_key(key_file)
    beside = key_beside(path)
    if not beside.exists():
        raise UnusableInput(
            f"De sleutel van dossier {printable(path.name)} ontbreekt. Zonder sleutel is geen cliënt te"
            f" herkennen. Geef het bestand met de sleutel met --sleutel, of zet {printable(beside.name)}"
            " naast het dossier."
        )
    return read_key(beside)


def attach_dossier(
    connection: duckdb.DuckDBPyConnection, path: Path, *, writes: bool = False
) -> None:
    """Attach the dossier in a file under its fixed name.

    Raises:
        UnusableInput: the file is not there, in use, damaged, or no dossier that we can read.
    """
    _look_at(path)
    with understood(path):
        mode = "READ_WRITE" if writes else "READ_ONLY"
        connection.execute(f"ATTACH {quoted(path.absolute())} AS {DOSSIER} (TYPE DUCKDB, {mode})")
        if writes:
            # Nobody else writes now, so this is what a killed command left.
            discard(rewritten(path))
    with _or_let_go(connection, path):
        _check_layout(connection, path)


def attach_with_key(
    connection: duckdb.DuckDBPyConnection, path: Path, key: bytes | None, *, writes: bool = False
) -> None:
    """Attach the dossier in a file, when the key belongs to it: with another one no client would be found.

    Raises:
        UnusableInput: as ``attach_dossier``; or there is no key, or it is another one.
    """
    attach_dossier(connection, path, writes=writes)
    with _or_let_go(connection, path):
        _check_key(connection, path, key)


@contextlib.contextmanager
def _or_let_go(connection: duckdb.DuckDBPyConnection, path: Path) -> Iterator[None]:
    """Detach a dossier that turns out to be unusable, so that nobody waits for it."""
    try:
        with understood(path):
            yield
    except UnusableInput:
        connection.execute(f"DETACH {DOSSIER}")
        raise


def _check_layout(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    name = printable(path.name)
    try:
        found = connection.execute(f"SELECT versie FROM {DOSSIER}.main.stand").fetchone()  # noqa: S608
    except (duckdb.CatalogException, duckdb.BinderException):
        raise UnusableInput(_FOREIGN.format(name=name)) from None
    version = found[0] if found else None
    if isinstance(version, int) and version > FORMAT:
        raise UnusableInput(
            f"{name} is gemaakt met een nieuwere inkoopcheck. Zet hier de nieuwste inkoopcheck neer."
        )
    if isinstance(version, int) and version < FORMAT:
        raise UnusableInput(
            f"{name} is gemaakt met een oudere inkoopcheck en past niet meer. Maak een nieuw dossier van"
            " uw berichten."
        )
    rows = connection.execute(
        "SELECT c.table_name, c.column_name FROM duckdb_columns() c JOIN duckdb_tables() t"
        " USING (database_name, schema_name, table_name)"
        " WHERE c.database_name = ? AND c.schema_name = 'main'",
        [DOSSIER],
    ).fetchall()
    if version is None or not layout() <= set(rows):
        raise UnusableInput(_FOREIGN.format(name=name))


def _check_key(connection: duckdb.DuckDBPyConnection, path: Path, key: bytes | None) -> None:
    name = printable(path.name)
    if key is None:
        raise UnusableInput(
            f"Bij dossier {name} hoort een sleutel. Geef het bestand met --sleutel."
        )
    (found,) = connection.execute(f"SELECT sleutelproef FROM {DOSSIER}.main.stand").fetchall()[0]  # noqa: S608
    if not hmac.compare_digest(found or "", proof_of(key)):
        raise UnusableInput(
            f"Deze sleutel hoort niet bij dossier {name}. Geef de sleutel waarmee het dossier is gemaakt."
            " Wilt u een andere sleutel? Maak dan een nieuw dossier van uw berichten."
        )


def read_through(connection: duckdb.DuckDBPyConnection) -> None:
    """Read everything in the attached dossier.

    Raises:
        duckdb.Error: a part of the file is damaged.
    """
    for name in HISTORY_TABLES:
        connection.execute(f"SELECT max(hash(t)) FROM {DOSSIER}.main.{name} t").fetchall()  # noqa: S608


@contextlib.contextmanager
def understood(path: Path) -> Iterator[None]:
    """Turn what the database or the disk says of a dossier into a Dutch sentence.

    Raises:
        UnusableInput: in place of an error of the database or the disk.
    """
    try:
        yield
    except (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException):
        raise  # Our own mistake, in SQL.
    except duckdb.Error as error:
        raise UnusableInput(_explain(error, path)) from None
    except FileExistsError:
        raise
    except OSError as error:
        raise UnusableInput(
            f"Dossier {printable(path.name)} is niet te schrijven: {why_not(error)}."
        ) from None


def rewritten(path: Path) -> Path:
    """Where a dossier is written anew, before it takes the place of the old one."""
    return path.with_name(f".{path.name}-nieuw")


def discard(path: Path) -> None:
    """Remove a database, if it is there."""
    path.unlink(missing_ok=True)
    log_of(path).unlink(missing_ok=True)


def log_of(path: Path) -> Path:
    """Where DuckDB keeps what was committed but is not yet in the file itself."""
    return path.with_name(f"{path.name}.wal")


def is_database(path: Path) -> bool:
    """Does a file begin as a database does? Its name may be anything. What cannot be read is none."""
    try:
        return _begins_as_database(path)
    except OSError:
        return False


def _begins_as_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(_MAGIC.stop)[_MAGIC] == b"DUCK"


def _look_at(path: Path) -> None:
    """See for ourselves what can be seen of a file: the system says that in clearer words than the database."""
    name = printable(path.name)
    try:
        there = _begins_as_database(path)
    except OSError as error:
        raise UnusableInput(f"Dossier {name} is niet te openen: {why_not(error)}.") from None
    if not there:
        raise UnusableInput(_FOREIGN.format(name=name))


_FOREIGN = "{name} is geen dossier van inkoopcheck. Geef een ander bestand op, of een nieuwe naam."
_SAFE = "Wat al was toegevoegd, staat in het dossier."
_REASONS = (
    (
        (
            "set lock on file",
            "Conflicting lock",
            "being used by another process",
            "already attached",
        ),
        "Dossier {name} is in gebruik door een andere opdracht. Probeer het opnieuw als die klaar is.",
    ),
    (
        ("Permission denied", "Read-only file system", "read-only mode", "Access is denied"),
        "Dossier {name} is niet te schrijven: u hebt geen toegang tot het bestand of tot de map.",
    ),
    (
        ("No space left", "File too large", "Disk quota", "not enough space", "Could not write"),
        "Dossier {name} is niet te schrijven: er is geen ruimte meer op de schijf. " + _SAFE,
    ),
    (
        ("newer version", "version number", "newer DuckDB"),
        "{name} is gemaakt met een nieuwere inkoopcheck. Zet hier de nieuwste inkoopcheck neer.",
    ),
)
_DAMAGED = (
    "Dossier {name} is beschadigd en niet te lezen. Neem een kopie die u eerder hebt bewaard, of maak een"
    " nieuw dossier van uw berichten."
)


def _explain(error: duckdb.Error, path: Path) -> str:
    text = str(error)
    reasons = (reason for signs, reason in _REASONS if any(sign in text for sign in signs))
    return next(reasons, _DAMAGED).format(name=printable(path.name))
