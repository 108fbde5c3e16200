"""A dossier of any size, made straight in SQL, and a declaratie that fits in it.

The toewijzingen of the declaratie, and the prestaties that it takes back, follow from its content: it finds
what it needs. All the rest of the dossier is there to be passed by.
"""

import datetime
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.cases import AANBIEDER, GEMEENTE, KINDS, make_content, standard_products, to_element
from benchmarks.messages import to_bytes
from inkoopcheck.dossier.store import attach_dossier, create_dossier
from inkoopcheck.readers.message import MessageReader
from inkoopcheck.schemas.structure import load_release
from inkoopcheck.tables.history import DOSSIER
from inkoopcheck.tables.store import CHAIN_MODEL, MESSAGE_MODEL, Tables

_MONTHS = [datetime.date(2025, 12, 1), *(datetime.date(2026, month, 1) for month in (1, 2, 3))]
"""What was declared before, on every toewijzing; in the first month on one of every three."""
_BLOCK = 10_000_000
"""Rows are numbered in blocks, one per kind of row, so that no two get the same number."""


def write_message(folder: Path, kind: str, content: dict[str, Any], name: str = "1") -> Path:
    """The content as a file in a folder."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.xml"
    path.write_bytes(to_bytes(to_element(load_release().messages[kind], content)))
    return path


def write_month(folder: Path, number: int) -> None:
    """Small messages of every kind, as a month brings them."""
    for item in range(number):
        kind = KINDS[item % len(KINDS)]
        content = make_content(kind, 1 + item % 3, item)
        content["Header"]["BerichtIdentificatie"]["Identificatie"] = f"N{item}"
        write_message(folder, kind, content, f"{item:05}")


def write_dossier(path: Path, toewijzingen: int, declaration: dict[str, Any]) -> None:
    """Make a dossier with ten prestaties for every three toewijzingen, all answered.

    Args:
        path: the new file; its key comes beside it.
        toewijzingen: how many; the first are those of the declaratie.
        declaration: the content of the JW323 that fits in it.
    """
    key, _ = create_dossier(path, None)
    reader = MessageReader(Tables(MESSAGE_MODEL), key=key)
    with duckdb.connect() as connection:
        connection.execute(CHAIN_MODEL.macros)
        attach_dossier(connection, path, writes=True)
        connection.execute(f"USE {DOSSIER}")
        lines = [
            (
                line["ToewijzingNummer"],
                reader.pseudonym(client["Bsn"]),
                line["ProductCategorie"],
                line["ProductCode"],
                line["Eenheid"],
                line["GeleverdVolume"],
                line["ProductTarief"],
                line["ProductReferentie"].get("VorigReferentieNummer"),
            )
            for client in declaration["Declaratie"]["Clienten"]["Client"]
            for line in client["Prestaties"]["Prestatie"]
        ]
        _load(
            connection, "eigen", lines, *["BIGINT", *["VARCHAR"] * 4, "BIGINT", "BIGINT", "VARCHAR"]
        )
        _load(connection, "product", standard_products(), "VARCHAR", "VARCHAR")
        _load(connection, "maand", [(month,) for month in _MONTHS], "DATE")
        connection.execute(_TOEWIJZING, {"aantal": toewijzingen, "eigen": len(lines)})
        for statement in _FILL:
            connection.execute(statement)
        connection.execute("UPDATE stand SET laatste_nummer = ?", [len(_BLOCKS) * _BLOCK])
        connection.execute(f"USE memory; CHECKPOINT {DOSSIER}; DETACH {DOSSIER}")


def _load(connection: duckdb.DuckDBPyConnection, name: str, rows: Any, *types: str) -> None:
    """A temporary table with rows and their number ``i``; the columns are called a, b, c..."""
    columns = ", ".join(f"unnest(?::{kind}[]) AS {'abcdefgh'[n]}" for n, kind in enumerate(types))
    connection.execute(
        f"CREATE TEMP TABLE {name} AS SELECT *, row_number() OVER () - 1 AS i FROM (SELECT {columns})",  # noqa: S608
        [list(column) for column in zip(*rows, strict=True)],
    )


# The first toewijzingen are those of the declaratie; the others are of other aanbieders and clients.
_TOEWIJZING = f"""
CREATE TEMP TABLE toewijzing AS
SELECT i, a AS nummer, b AS client, c AS categorie, d AS code, e AS eenheid, f AS volume, g AS tarief, h AS vorig,
    '{AANBIEDER}' AS aanbieder
FROM eigen WHERE i < $aantal
UNION ALL
SELECT r.i, 100000 + r.i, left(sha256('client' || r.i // 10), 20), p.a, p.b, '04', 1 + r.i % 60, 6000 + r.i % 900,
    NULL, ({AANBIEDER} + 1 + r.i // 25000)::VARCHAR
FROM range($eigen, $aantal) r(i) JOIN product p ON p.i = r.i % (SELECT count(*) FROM product)
"""  # noqa: S608
# The prestatie that the declaratie takes back is of the last month.
_GEDECLAREERD = f"""
CREATE TEMP TABLE gedeclareerd AS
SELECT t.*, m.i AS maand, m.a AS eerste, last_day(m.a) AS laatste, last_day(m.a) + 7 AS dag,
    m.i * 1000000 + t.i AS regel, m.i * 1000000 + t.i // 10 AS groep, m.i * 1000000 + t.i // 500 AS declaratie,
    CASE WHEN m.i = {len(_MONTHS) - 1} AND vorig IS NOT NULL THEN vorig ELSE 'H' || m.i || '-' || t.i END AS referentie,
    m.i = 0 AND t.i % 99 = 0 AS afgewezen
FROM toewijzing t, maand m WHERE m.i > 0 OR t.i % 3 = 0 ORDER BY m.i, t.i
"""  # noqa: S608
_BLOCKS = (
    *("JW301", "JW302", "JW323", "JW325"),
    *(
        "client_301",
        "client_323",
        "client_325",
        "toewijzing",
        "declaratie",
        "regel",
        "afgewezen",
        "code",
    ),
)


def _id(block: str, number: str) -> str:
    return f"({_BLOCKS.index(block) * _BLOCK} + {number})"


def _insert(table: str, source: str, message: str, own: str, path: str, **values: str) -> str:
    """SQL that fills a table of the dossier; the rest of the columns stays empty."""
    values = {"rij_id": own, "bericht_id": message, "ouder_id": message, "volgnummer": "1"} | values
    values["pad"] = path
    return f"INSERT INTO {table} ({', '.join(values)}) SELECT {', '.join(values.values())} FROM {source}"  # noqa: S608


def _message(kind: str, number: str, source: str, named: str, **more: str) -> str:
    """SQL for messages of a kind; ``named`` gives their Identificatie."""
    own = _id(kind, number)
    print_ = f"sha256('{kind}' || {number})"
    from_gemeente = kind in ("JW301", "JW302", "JW325")
    parties = (f"'{GEMEENTE}'", "aanbieder")
    return _insert(
        "bericht",
        source,
        own,
        own,
        "'Bericht/Header'",
        bestand=f"'{kind}/' || {number} || '.xml'",
        berichtsoort=f"'{kind}'",
        release="'3.2'",
        xsd_geldig="true",
        afzender=parties[not from_gemeente],
        ontvanger=parties[from_gemeente],
        identificatie=named,
        vingerafdruk=print_,
        kort=f"memory.main.kort({print_})",
        oordeel="'goed'",
        **more,
    )


def _clients(block: str, message: str, number: str, source: str) -> str:
    own = _id(block, number)
    return _insert(
        "client",
        f"(SELECT * FROM {source} QUALIFY row_number() OVER (PARTITION BY {number} ORDER BY i) = 1)",  # noqa: S608
        message,
        own,
        "'Bericht/Client[' || (1 + i // 10 % 50) || ']'",
        client="client",
        bsn_elfproef="true",
        bsn_nul="false",
    )


def _prestaties(block: str, message: str, client: str, source: str) -> str:
    return _insert(
        "prestatie",
        source,
        message,
        _id(block, "regel"),
        "'Bericht/Declaratie/Clienten/Client[' || (1 + i // 10 % 50) || ']/Prestaties/Prestatie[' || (1 + i % 10) || ']'",
        ouder_id=client,
        client_id=client,
        referentie_nummer="referentie",
        toewijzing_nummer="nummer",
        product_categorie="categorie",
        product_code="code",
        begindatum="eerste",
        einddatum="laatste",
        geleverd_volume="volume",
        eenheid="eenheid",
        product_tarief="tarief",
        bedrag="volume * tarief",
        debet_credit="'D'",
    )


_PAIR = "(SELECT * FROM toewijzing WHERE i % 2 = 0)"
_DECLARATIE = (
    "(SELECT declaratie, min(aanbieder) AS aanbieder, min(dag) AS dag, min(eerste) AS eerste, min(laatste) AS laatste,"
    " sum(volume * tarief) AS bedrag FROM gedeclareerd GROUP BY declaratie ORDER BY declaratie)"
)
_REFUSED = "(SELECT * FROM gedeclareerd WHERE afgewezen)"
_JW301, _JW323, _JW325 = (
    _id("JW301", "i // 2"),
    _id("JW323", "declaratie"),
    _id("JW325", "declaratie"),
)
_DAY = "DATE '2025-11-03'"
_FILL = (
    _GEDECLAREERD,
    # Two toewijzingen of one client in each JW301.
    _message("JW301", "i // 2", _PAIR, "'T' || i // 2", dagtekening=_DAY),
    _message("JW302", "i // 2", _PAIR, "'T' || i // 2", dagtekening=_DAY),
    _clients("client_301", _JW301, "i // 2", _PAIR),
    _insert(
        "toegewezen_product",
        "toewijzing",
        _JW301,
        _id("toewijzing", "i"),
        "'Bericht/Client/ToegewezenProducten/ToegewezenProduct[' || (1 + i % 2) || ']'",
        client_id=_id("client_301", "i // 2"),
        ouder_id=_id("client_301", "i // 2"),
        toewijzing_nummer="nummer",
        heeft_product="true",
        product_categorie="categorie",
        product_code="code",
        toewijzingsdatum=_DAY,
        toewijzingstijd="'12:00:00'",
        ingangsdatum="DATE '2025-11-01'",
        einddatum="DATE '2027-10-31'",
        heeft_omvang="true",
        volume="1000",
        eenheid="eenheid",
        frequentie="'4'",
    ),
    _message("JW323", "declaratie", _DECLARATIE, "'D' || declaratie", dagtekening="dag"),
    _insert(
        "declaratie",
        _DECLARATIE,
        _JW323,
        _id("declaratie", "declaratie"),
        "'Bericht/Declaratie'",
        declaratie_nummer="'D' || declaratie",
        begindatum="eerste",
        einddatum="laatste",
        declaratie_dagtekening="dag",
        totaal_bedrag="bedrag",
        debet_credit="'D'",
    ),
    _clients("client_323", _JW323, "groep", "gedeclareerd"),
    _prestaties("regel", _JW323, _id("client_323", "groep"), "gedeclareerd"),
    _message(
        "JW325",
        "declaratie",
        _DECLARATIE,
        "'A' || declaratie",
        dagtekening="dag + 5",
        declaratie_identificatie="'D' || declaratie",
        declaratie_identificatie_dagtekening="dag",
    ),
    _clients("client_325", _JW325, "groep", _REFUSED),
    _prestaties("afgewezen", _JW325, _id("client_325", "groep"), _REFUSED),
    _insert(
        "retourcode",
        f"{_DECLARATIE}, (VALUES (0, 'Header', '0200'), (1, 'DeclaratieAntwoord', '8001')) c(nr, klasse, code)",
        _JW325,
        _id("code", "declaratie * 2 + c.nr"),
        "'Bericht/' || c.klasse || '/RetourCodes/RetourCode[1]'",
        retour_code="c.code",
        klasse="c.klasse",
    ),
)
