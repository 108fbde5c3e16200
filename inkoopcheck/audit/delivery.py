"""What a supervisor gets from the berichtenverkeer: a row per toewijzing, with a pseudonym of the child."""

import csv
import hmac
import secrets
import shutil
import tempfile
from pathlib import Path

import duckdb

from inkoopcheck.audit.judge import CURRENT, sections
from inkoopcheck.audit.open_data import cell_text
from inkoopcheck.audit.rerun import read_meta
from inkoopcheck.audit.rows import stored
from inkoopcheck.audit.run import STORE
from inkoopcheck.errors import UnusableInput, why_not
from inkoopcheck.tables.store import quoted

_PSEUDONYM_LENGTH = 20
_NAME = "levering"

FIELDS: tuple[tuple[str, str, str, str], ...] = (
    ("gemeente", "tekst", "Code van de gemeente.", "Header van JW301"),
    ("aanbieder", "tekst", "AGB-code van de aanbieder.", "Header van JW301"),
    (
        "client",
        "tekst",
        "Pseudoniem van het kind; geen BSN en niet terug te rekenen.",
        "Client/Bsn",
    ),
    (
        "toewijzing",
        "tekst",
        "Pseudoniem van de toewijzing: rijen met hetzelfde pseudoniem horen bij een toewijzing.",
        "JW301 ToewijzingNummer",
    ),
    ("product_categorie", "tekst", "Productcategorie.", "JW301 Product/Categorie"),
    (
        "product_code",
        "tekst",
        "Productcode; leeg bij een toewijzing zonder code.",
        "JW301 Product/Code",
    ),
    (
        "toewijzingsdatum",
        "datum",
        "Dag waarop de gemeente de hulp toewees.",
        "JW301 Toewijzingsdatum",
    ),
    ("beoogde_start", "datum", "Eerste dag van de toewijzing.", "JW301 Ingangsdatum"),
    (
        "beoogd_einde",
        "datum",
        "Laatste dag van de toewijzing; leeg als die open is.",
        "JW301 Einddatum",
    ),
    ("werkelijke_start", "datum", "Eerste dag van de hulp.", "JW305 Begindatum"),
    (
        "werkelijk_einde",
        "datum",
        "Laatste dag van de hulp; leeg als zij nog loopt.",
        "JW307 Einddatum",
    ),
    ("reden_einde", "tekst", "Code van de reden.", "JW307 RedenBeeindiging"),
    (
        "toegewezen_volume",
        "nummer",
        "Volume van de toewijzing; bij eenheid 83 eurocent.",
        "JW301 Omvang/Volume",
    ),
    ("toegewezen_eenheid", "tekst", "Eenheid daarvan.", "JW301 Omvang/Eenheid"),
    ("toegewezen_frequentie", "tekst", "Waarover het volume telt.", "JW301 Omvang/Frequentie"),
    ("geleverd_volume", "nummer", "Gedeclareerd volume, credits eraf.", "JW323 GeleverdVolume"),
    ("geleverde_eenheid", "tekst", "Eenheid daarvan.", "JW323 Eenheid"),
    ("bedrag", "bedrag in euro", "Gedeclareerd bedrag, credits eraf.", "JW323 IngediendBedrag"),
    ("prestaties", "nummer", "Aantal regels in declaraties.", "JW323 Prestatie"),
)
"""Per field its kind, its meaning, and where in the messages it comes from."""

_ABOUT = """# Definitie van de levering

Een rij per toewijzing die nu geldt, per geleverde eenheid. Een toewijzing die is ingetrokken staat er niet in, en een
start- of stopbericht dat is verwijderd telt niet mee. Tellen doen alleen berichten die kloppen met het schema.

De velden volgen wat artikel 8f van de Regeling Jeugdwet noemt zoals onze opdracht het omschrijft: toewijzingsdatum,
beoogde en werkelijke start, einde en reden, bedrag en volume, per product, gemeente en aanbieder. De tekst van het
artikel zelf hebben wij niet kunnen inzien. Dat deze velden samen genoeg zijn is daarom een **aanname** (26-11-2026).

| veld | soort | betekenis | herkomst |
|---|---|---|---|
"""

_SELECT = """
WITH stop_nu AS (
    SELECT gemeente, aanbieder, client, toewijzing_nummer, einddatum AS werkelijk_einde, reden_beeindiging AS reden_einde
    FROM (
        SELECT * FROM stop
        QUALIFY row_number() OVER (PARTITION BY gemeente, aanbieder, client, toewijzing_nummer, begindatum, einddatum
            ORDER BY dagtekening DESC, status_aanlevering DESC) = 1
    ) WHERE status_aanlevering IS DISTINCT FROM '3'
    -- The last stop; help that went on after it has no end, see below.
    QUALIFY row_number() OVER (PARTITION BY gemeente, aanbieder, client, toewijzing_nummer
        ORDER BY einddatum DESC, reden_beeindiging) = 1
),
geleverd AS (
    SELECT gemeente, aanbieder, client, toewijzing_nummer, eenheid AS geleverde_eenheid,
        sum(CASE WHEN credit THEN -volume ELSE volume END)::BIGINT AS geleverd_volume,
        (sum(bedrag)::DECIMAL(20,0) * 0.01::DECIMAL(3,2))::DECIMAL(18,2) AS bedrag, count(*) AS prestaties
    FROM prestatie GROUP BY ALL
)
SELECT gemeente, aanbieder, client, toewijzing_nummer, product_categorie, product_code, toewijzingsdatum,
    ingangsdatum AS beoogde_start, einddatum AS beoogd_einde, begindatum AS werkelijke_start,
    CASE WHEN laatste_start > werkelijk_einde THEN NULL ELSE werkelijk_einde END AS werkelijk_einde,
    CASE WHEN laatste_start > werkelijk_einde THEN NULL ELSE reden_einde END AS reden_einde,
    volume AS toegewezen_volume, t.eenheid AS toegewezen_eenheid, frequentie AS toegewezen_frequentie,
    geleverd_volume, geleverde_eenheid, bedrag, prestaties
FROM toewijzing_nu t
LEFT JOIN start_nu USING (gemeente, aanbieder, client, toewijzing_nummer)
LEFT JOIN stop_nu USING (gemeente, aanbieder, client, toewijzing_nummer)
LEFT JOIN geleverd USING (gemeente, aanbieder, client, toewijzing_nummer)
"""


def write_delivery(report: Path, target: Path, *, key: bytes | None = None) -> list[Path]:
    """Write the delivery from a report: ``levering.parquet``, ``levering.csv`` and what the fields mean.

    Args:
        report: the folder with the report of an audit.
        target: the folder for the delivery.
        key: key of the pseudonyms, to tell the same child in later deliveries. Without it nobody can.

    Returns:
        The files that were written.

    Raises:
        UnusableInput: there is no report, it holds no toewijzingen, or the target cannot be written.
    """
    read_meta(report)
    store = report / STORE
    if not (store / CURRENT).is_file():
        raise UnusableInput(
            f"De map {STORE} van dit rapport is weg. Maak het rapport opnieuw met: inkoopcheck audit"
        )
    try:
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".levering-", dir=target) as name:
            aside = Path(name)
            _write(store, aside, key or secrets.token_bytes(32))
            return [
                Path(shutil.move(path, target / path.name))
                for path in sorted(aside.iterdir())
                if path.suffix != ".duckdb"
            ]
    except OSError as error:
        raise UnusableInput(f"De levering is niet te schrijven: {why_not(error)}.") from None
    except duckdb.Error:
        raise UnusableInput(
            f"Wat in {STORE} staat, is niet te gebruiken. Maak het rapport opnieuw met: inkoopcheck audit"
        ) from None


def _write(store: Path, folder: Path, key: bytes) -> None:
    with duckdb.connect(
        str(folder / "werk.duckdb"), config={"memory_limit": "1GB", "threads": 2}
    ) as connection:
        connection.execute("SET enable_progress_bar = false")
        for table in ("toewijzing", "start", "stop", "prestatie"):
            connection.execute(f"CREATE VIEW {table} AS {_source(store, table)}")
        # What counts as a toewijzing and as its start is what an audit says of it.
        for name, select in sections():
            if name in ("toewijzing_nu", "start_nu"):
                connection.execute(f"CREATE VIEW {name} AS {select}")
        connection.execute(
            "CREATE TABLE pseudoniem AS SELECT DISTINCT client, client AS nieuw FROM toewijzing"
            " WHERE client IS NOT NULL"
        )
        clients = [row[0] for row in connection.execute("SELECT client FROM pseudoniem").fetchall()]
        if not clients:
            raise UnusableInput("In dit rapport staan geen toewijzingen (JW301) om te leveren.")
        # Other pseudonyms than those of the store: a delivery cannot be laid beside it.
        fresh = [
            hmac.digest(key, client.encode(), "sha256").hex()[:_PSEUDONYM_LENGTH]
            for client in clients
        ]
        connection.execute(
            "CREATE OR REPLACE TABLE pseudoniem AS"
            " SELECT unnest(?::VARCHAR[]) AS client, unnest(?::VARCHAR[]) AS nieuw",
            [clients, fresh],
        )
        # The number is that of the administration of the gemeente, and of the store.
        numbers = connection.execute(
            "SELECT DISTINCT gemeente, aanbieder, client, toewijzing_nummer FROM toewijzing"
            " WHERE toewijzing_nummer IS NOT NULL"
        ).fetchall()
        if not numbers:
            raise UnusableInput("In dit rapport staan geen toewijzingen (JW301) om te leveren.")
        hidden = [
            hmac.digest(key, "\x1f".join(map(str, row)).encode(), "sha256").hex()[
                :_PSEUDONYM_LENGTH
            ]
            for row in numbers
        ]
        gemeenten, aanbieders, children, nummers = (list(c) for c in zip(*numbers, strict=True))
        connection.execute(
            "CREATE TABLE toewijzing_pseudoniem AS SELECT unnest(?::VARCHAR[]) AS gemeente,"
            " unnest(?::VARCHAR[]) AS aanbieder, unnest(?::VARCHAR[]) AS client,"
            " unnest(?::BIGINT[]) AS toewijzing_nummer, unnest(?::VARCHAR[]) AS toewijzing",
            [gemeenten, aanbieders, children, nummers, hidden],
        )
        names = [name for name, *_ in FIELDS]
        listed = ", ".join(
            {"client": "p.nieuw AS client", "toewijzing": "n.toewijzing"}.get(name, f"l.{name}")
            for name in names
        )
        connection.execute(
            f"CREATE TABLE {_NAME} AS SELECT {listed} FROM ({_SELECT}) l"  # noqa: S608
            " JOIN pseudoniem p ON p.client = l.client"
            " JOIN toewijzing_pseudoniem n ON n.gemeente = l.gemeente AND n.client = l.client"
            " AND n.aanbieder IS NOT DISTINCT FROM l.aanbieder"
            " AND n.toewijzing_nummer = l.toewijzing_nummer ORDER BY ALL"
        )
        connection.execute(
            f"COPY {_NAME} TO {quoted(folder / f'{_NAME}.parquet')} (FORMAT parquet, COMPRESSION zstd)"
        )
        _write_csv(connection, folder / f"{_NAME}.csv", names)
    lines = [f"| `{name}` | {kind} | {text} | {source} |" for name, kind, text, source in FIELDS]
    (folder / "definitie.md").write_text(_ABOUT + "\n".join(lines) + "\n", encoding="utf-8")
    with (folder / "definitie.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["veld", "soort", "betekenis", "herkomst"])
        writer.writerows(FIELDS)


def _source(store: Path, table: str) -> str:
    """The rows of a table of the store that count."""
    current = quoted(store / CURRENT)
    return (
        f"SELECT * FROM {stored(store, table)}"  # noqa: S608
        f" SEMI JOIN (SELECT deel, bericht FROM read_parquet({current})) nu USING (deel, bericht)"
    )


def _write_csv(connection: duckdb.DuckDBPyConnection, target: Path, names: list[str]) -> None:
    rows = connection.execute(f"SELECT * FROM {_NAME}")  # noqa: S608
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(names)
        while part := rows.fetchmany(10_000):
            writer.writerows([cell_text(value) for value in row] for row in part)
