"""What a dossier holds, counted for who keeps it."""

import contextlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from inkoopcheck.dossier.store import attach_dossier, log_of, understood
from inkoopcheck.errors import printable
from inkoopcheck.findings.dossier import Dossierbericht, Dossieroverzicht, Soortoverzicht
from inkoopcheck.tables.history import DOSSIER
from inkoopcheck.tables.store import CHAIN_MODEL, MESSAGE_MODEL, Tables


def overview(path: Path) -> Dossieroverzicht:
    """What the dossier in a file holds.

    Raises:
        UnusableInput: the file is not there, in use, damaged or no dossier.
    """
    tables = open_dossier(path)
    with understood(path), contextlib.closing(tables):
        (totals,) = tables.query(_TOTALS)
        return Dossieroverzicht(
            naam=printable(path.name),
            bytes=sum(file.stat().st_size for file in (path, log_of(path)) if file.exists()),
            soorten=[Soortoverzicht(**row) for row in tables.query(_KINDS)],
            onbeantwoord=messages(tables, "onbeantwoord"),
            **totals,
        )


def open_dossier(path: Path, *, writes: bool = False) -> Tables:
    """Tables with the dossier, and with ``overzicht``: its messages, with their parties and day.

    Raises:
        UnusableInput: the file is not there, in use, damaged or no dossier.
    """
    attach = partial(attach_dossier, path=path, writes=writes)
    tables = Tables(MESSAGE_MODEL, CHAIN_MODEL, attach=attach)
    with understood(path):
        tables.connection.execute(_MESSAGES)
    return tables


def messages(
    tables: Tables, condition: str, parameters: Sequence[Any] = ()
) -> list[Dossierbericht]:
    """The messages for which a condition on ``overzicht`` is true, in the order of time."""
    rows = tables.query(
        f"SELECT {', '.join(Dossierbericht.model_fields)} FROM overzicht WHERE {condition} ORDER BY dag, identificatie, vingerafdruk",  # noqa: S608
        parameters,
    )
    return [Dossierbericht(**row) for row in rows]


# An answer repeats the Identificatie and the parties of what it answers; a JW325 names them (IV087).
_MESSAGES = """
CREATE TABLE overzicht AS
WITH antwoord AS (
    SELECT DISTINCT heenbericht(berichtsoort) AS soort,
        CASE WHEN berichtsoort = 'JW325' THEN ontvanger ELSE afzender END AS van,
        CASE WHEN berichtsoort = 'JW325' THEN afzender ELSE ontvanger END AS naar,
        CASE WHEN berichtsoort = 'JW325' THEN declaratie_identificatie ELSE identificatie END AS op
    FROM eerder.bericht WHERE heenbericht(berichtsoort) IS NOT NULL
)
SELECT b.*, berichtdag(b.dagtekening, b.dagtekening_retour) AS dag,
    CASE WHEN van_gemeente(b.berichtsoort) THEN b.afzender ELSE b.ontvanger END AS gemeente,
    CASE WHEN van_gemeente(b.berichtsoort) THEN b.ontvanger ELSE b.afzender END AS aanbieder,
    heenbericht(b.berichtsoort) IS NULL AND a.soort IS NULL AS onbeantwoord
FROM eerder.bericht b LEFT JOIN antwoord a
    ON a.soort = b.berichtsoort AND a.van = b.afzender AND a.naar = b.ontvanger AND a.op = b.identificatie
"""
_KINDS = """
SELECT berichtsoort, count(*) AS aantal, min(dagtekening) AS eerste, max(dagtekening) AS laatste,
    count(*) FILTER (oordeel = 'schema') AS afgekeurd_schema,
    count(*) FILTER (oordeel NOT IN ('goed', 'schema')) AS afgekeurd_regels,
    count(*) FILTER (onbeantwoord) AS onbeantwoord
FROM overzicht GROUP BY berichtsoort ORDER BY berichtsoort
"""
# A request is open until a JW319 refuses it or a JW301 names its reference (iJw 3.2, TR374).
_TOTALS = f"""
WITH verzoek AS (
    SELECT bericht_id, referentie_aanbieder FROM eerder.aangevraagd_product
    UNION SELECT bericht_id, referentie_aanbieder FROM eerder.verzoek
), beantwoord AS (
    SELECT o.gemeente, o.aanbieder, t.referentie_aanbieder
    FROM eerder.toegewezen_product t JOIN overzicht o ON o.rij_id = t.bericht_id AND o.berichtsoort = 'JW301'
    UNION SELECT o.gemeente, o.aanbieder, a.referentie_aanbieder
    FROM eerder.antwoord a JOIN overzicht o ON o.rij_id = a.bericht_id AND o.berichtsoort = 'JW319'
    WHERE a.verzoek_antwoord = '1'
)
SELECT s.versie, s.gemaakt_op, s.bijgewerkt_op,
    (SELECT coalesce(list(DISTINCT gemeente ORDER BY gemeente), []) FROM overzicht) AS gemeenten,
    (SELECT coalesce(list(DISTINCT aanbieder ORDER BY aanbieder), []) FROM overzicht) AS aanbieders,
    (SELECT count(DISTINCT client) FROM eerder.client) AS clienten,
    (SELECT count(DISTINCT (o.gemeente, t.toewijzing_nummer)) FROM eerder.toegewezen_product t
        JOIN overzicht o ON o.rij_id = t.bericht_id AND o.berichtsoort = 'JW301') AS toewijzingen,
    (SELECT count(*) FROM eerder.prestatie p
        JOIN overzicht o ON o.rij_id = p.bericht_id AND o.berichtsoort = 'JW323') AS prestaties,
    (SELECT count(*) FROM verzoek v
        JOIN overzicht o ON o.rij_id = v.bericht_id AND o.berichtsoort IN ('JW315', 'JW317')
        ANTI JOIN beantwoord a ON a.gemeente = o.gemeente AND a.aanbieder = o.aanbieder
            AND a.referentie_aanbieder = v.referentie_aanbieder) AS open_verzoeken
FROM {DOSSIER}.main.stand s
"""  # noqa: S608
