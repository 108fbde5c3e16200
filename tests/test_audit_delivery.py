"""The delivery to the supervisor: what is in it, what is not, and that no child can be found by it."""

import csv
import datetime
import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from inkoopcheck.audit.delivery import FIELDS, write_delivery
from inkoopcheck.audit.rows import ROWS, columns_of
from inkoopcheck.errors import UnusableInput

KEY = b"k" * 32
CLIENT = "geheim-pseudoniem-1"
BASE = {
    "bestand_id": "b1",
    "bericht": "b1-1",
    "gemeente": "0384",
    "aanbieder": "87654321",
    "dagtekening": "2026-02-01",
}
LINE = {
    **BASE,
    "client": CLIENT,
    "toewijzing_nummer": 7,
    "product_categorie": "45",
    "product_code": "45A48",
}
GRANT = {
    **LINE,
    "toewijzingsdatum": "2026-01-15",
    "ingangsdatum": "2026-02-01",
    "einddatum": "2026-12-31",
    "volume": 4,
    "eenheid": "04",
    "frequentie": "2",
    "budget": None,
}
START = {**LINE, "begindatum": "2026-02-10", "status_aanlevering": "1"}
STOP = {**START, "einddatum": "2026-06-30", "reden_beeindiging": "31"}
CARE = {
    **LINE,
    "begindatum": "2026-02-10",
    "einddatum": "2026-02-28",
    "volume": 3,
    "eenheid": "04",
    "bedrag": 30005,
    "credit": False,
}
CURRENT = [("bericht", "VARCHAR"), ("deel", "VARCHAR")]
Row = Mapping[str, Any]


def write(path: Path, columns: Sequence[tuple[str, str]], rows: Sequence[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        made = ", ".join(f"{name} {kind}" for name, kind in columns)
        connection.execute(f"CREATE TABLE t ({made})")
        if rows:
            marks = ", ".join("?" for _ in columns)
            connection.executemany(
                f"INSERT INTO t VALUES ({marks})",  # noqa: S608
                [[row.get(name) for name, _ in columns] for row in rows],
            )
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")


def report(folder: Path, unit: str = "deel=e1", **tables: Sequence[Row]) -> Path:
    """A report with these rows in its store; ``bericht`` is there unless it is given."""
    given: dict[str, Sequence[Row]] = {"bericht": [BASE], **tables}
    for table, rows in given.items():
        columns = [pair for pair in columns_of(ROWS[table]) if pair[0] != "gemeente"]
        for gemeente in sorted({str(row["gemeente"]) for row in rows}):
            chosen = [row for row in rows if row["gemeente"] == gemeente]
            place = folder / "niet_delen" / "eenheden" / unit / table / f"gemeente={gemeente}"
            write(place / "data_0.parquet", columns, chosen)
    current = [
        {"bericht": row["bericht"], "deel": unit.partition("=")[2]} for row in given["bericht"]
    ]
    write(folder / "niet_delen" / "berichten.parquet", CURRENT, current)
    meta = {"peildatum": "2026-07-01", "versie": "1", "invoer": {"vingerafdruk": "f00"}}
    (folder / "audit.json").write_text(json.dumps(meta), encoding="utf-8")
    return folder


def delivered(folder: Path, target: Path, key: bytes | None = KEY) -> list[dict[str, Any]]:
    write_delivery(folder, target, key=key)
    with duckdb.connect() as connection:
        cursor = connection.execute(f"SELECT * FROM '{target / 'levering.parquet'}'")  # noqa: S608
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def test_without_start_or_prestaties_the_fields_are_empty(tmp_path: Path) -> None:
    (row,) = delivered(report(tmp_path / "r", toewijzing=[GRANT]), tmp_path / "uit")
    empty = ("werkelijke_start", "werkelijk_einde", "bedrag")
    assert [row[name] for name in empty] == [None] * 3


def test_the_latest_version_of_a_toewijzing_counts(tmp_path: Path) -> None:
    later = {**GRANT, "dagtekening": "2026-04-01", "einddatum": "2026-05-31"}
    folder = report(tmp_path / "r", toewijzing=[later, GRANT])
    (row,) = delivered(folder, tmp_path / "uit")
    assert row["beoogd_einde"] == datetime.date(2026, 5, 31)


def test_versions_are_told_apart_by_gemeente_and_aanbieder(tmp_path: Path) -> None:
    others = [{**GRANT, "gemeente": "0363"}, {**GRANT, "aanbieder": "11111111"}]
    folder = report(tmp_path / "r", toewijzing=[GRANT, *others], start=[START])
    rows = delivered(folder, tmp_path / "uit")
    assert len(rows) == 3
    assert sum(row["werkelijke_start"] is not None for row in rows) == 1


@pytest.mark.parametrize("day", ["2026-02-01", "2026-03-01"])
def test_a_removed_start_and_stop_do_not_count(tmp_path: Path, day: str) -> None:
    gone = {"dagtekening": day, "status_aanlevering": "3"}
    folder = report(
        tmp_path / "r",
        toewijzing=[GRANT],
        start=[START, {**START, **gone}, {**START, "begindatum": "2026-02-20"}],
        stop=[STOP, {**STOP, **gone}],
    )
    (row,) = delivered(folder, tmp_path / "uit")
    assert row["werkelijke_start"] == datetime.date(2026, 2, 20)
    assert row["werkelijk_einde"] is None
    assert row["reden_einde"] is None


def test_a_start_that_is_sent_again_after_its_removal_counts(tmp_path: Path) -> None:
    removed = {**START, "dagtekening": "2026-03-01", "status_aanlevering": "3"}
    again = {**START, "dagtekening": "2026-03-05"}
    folder = report(tmp_path / "r", toewijzing=[GRANT], start=[START, removed, again])
    (row,) = delivered(folder, tmp_path / "uit")
    assert row["werkelijke_start"] == datetime.date(2026, 2, 10)


def test_help_that_went_on_after_a_temporary_stop_has_no_end(tmp_path: Path) -> None:
    pause = {**STOP, "einddatum": "2026-03-31", "reden_beeindiging": "20"}
    on = {**START, "begindatum": "2026-05-01"}
    folder = report(tmp_path / "r", toewijzing=[GRANT], start=[START, on], stop=[pause])
    (row,) = delivered(folder, tmp_path / "uit")
    assert row["werkelijke_start"] == datetime.date(2026, 2, 10)
    assert (row["werkelijk_einde"], row["reden_einde"]) == (None, None)


def test_pseudonyms_are_not_those_of_the_store(tmp_path: Path) -> None:
    other = {**GRANT, "toewijzing_nummer": 8, "gemeente": "0363"}
    folder = report(tmp_path / "r", toewijzing=[GRANT, other])
    fresh = [delivered(folder, tmp_path / name, None) for name in ("a", "b")]
    assert fresh[0][0]["client"] == fresh[0][1]["client"] != fresh[1][0]["client"]
    keyed = [delivered(folder, tmp_path / name, KEY) for name in ("c", "d")]
    assert keyed[0] == keyed[1]
    assert delivered(folder, tmp_path / "e", b"j" * 32)[0]["client"] != keyed[0][0]["client"]
    for path in tmp_path.glob("[a-e]/*"):
        assert CLIENT.encode() not in path.read_bytes()
        assert KEY.hex().encode() not in path.read_bytes()


def test_the_same_key_gives_the_same_files_whatever_the_order(tmp_path: Path) -> None:
    rows = [{**GRANT, "toewijzing_nummer": n, "product_code": f"45A{n:02}"} for n in range(40)]
    one = report(tmp_path / "een", toewijzing=rows)
    two = report(tmp_path / "twee", toewijzing=list(reversed(rows)))
    for folder in (one, two):
        delivered(folder, tmp_path / f"uit-{folder.name}")
    for name in ("levering.csv", "definitie.csv", "definitie.md"):
        first, second = (tmp_path / f"uit-{n}" / name for n in ("een", "twee"))
        assert first.read_bytes() == second.read_bytes(), name


def test_a_csv_cannot_hold_a_formula(tmp_path: Path) -> None:
    starts = ["=1+1", "+1", "-1", "@x"]
    rows = [{**GRANT, "toewijzing_nummer": n, "eenheid": s} for n, s in enumerate(starts)]
    rows.append({**GRANT, "toewijzing_nummer": 9})
    less = {**CARE, "toewijzing_nummer": 9, "bedrag": -500}
    folder = report(tmp_path / "r", toewijzing=rows, prestatie=[less])
    delivered(folder, tmp_path / "uit")
    with (tmp_path / "uit" / "levering.csv").open(encoding="utf-8-sig", newline="") as file:
        read = list(csv.DictReader(file, delimiter=";"))
    assert {row["toegewezen_eenheid"] for row in read} == {*(f"'{s}" for s in starts), "04"}
    assert "-5.00" in {row["bedrag"] for row in read}, "a number stays a number"


def test_a_delivery_takes_the_place_of_the_former_one(tmp_path: Path) -> None:
    first = report(tmp_path / "a", toewijzing=[GRANT])
    second = report(tmp_path / "b", toewijzing=[{**GRANT, "product_code": "45A04"}])
    delivered(first, tmp_path / "uit")
    (row,) = delivered(second, tmp_path / "uit")
    assert row["product_code"] == "45A04"


def test_a_toewijzing_with_what_became_of_it(tmp_path: Path) -> None:
    folder = report(
        tmp_path / "r", toewijzing=[GRANT], start=[START], stop=[STOP], prestatie=[CARE, CARE]
    )
    (row,) = delivered(folder, tmp_path / "uit")
    assert list(row) == [name for name, *_ in FIELDS]
    expected = {
        "gemeente": "0384",
        "aanbieder": "87654321",
        "product_categorie": "45",
        "product_code": "45A48",
        "toewijzingsdatum": datetime.date(2026, 1, 15),
        "beoogde_start": datetime.date(2026, 2, 1),
        "beoogd_einde": datetime.date(2026, 12, 31),
        "toegewezen_volume": 4,
        "toegewezen_eenheid": "04",
        "toegewezen_frequentie": "2",
        "werkelijke_start": datetime.date(2026, 2, 10),
        "werkelijk_einde": datetime.date(2026, 6, 30),
        "reden_einde": "31",
        "bedrag": Decimal("600.10"),
        "geleverd_volume": 6,
        "geleverde_eenheid": "04",
    }
    assert {name: row[name] for name in expected} == expected
    assert re.fullmatch("[0-9a-f]{20,}", row["client"])


def test_a_withdrawn_toewijzing_is_gone(tmp_path: Path) -> None:
    away = {
        **GRANT,
        "dagtekening": "2026-04-01",
        "einddatum": "2026-02-01",
        "reden_wijziging": "13",
    }
    kept = {**GRANT, "toewijzing_nummer": 8, "product_code": "45A04"}
    folder = report(tmp_path / "r", toewijzing=[GRANT, away, kept], prestatie=[CARE])
    (row,) = delivered(folder, tmp_path / "uit")
    assert (row["product_code"], row["bedrag"]) == ("45A04", None)


def test_a_credit_takes_off_and_units_are_not_added(tmp_path: Path) -> None:
    credit = {**CARE, "bedrag": -30005, "credit": True}
    other = {**CARE, "eenheid": "01", "volume": 90, "bedrag": 9000}
    folder = report(tmp_path / "r", toewijzing=[GRANT], prestatie=[CARE, CARE, credit, other])
    rows = delivered(folder, tmp_path / "uit")
    shown = {(r["geleverde_eenheid"], r["geleverd_volume"], r["bedrag"]) for r in rows}
    assert shown == {("04", 3, Decimal("300.05")), ("01", 90, Decimal("90.00"))}


def test_only_messages_that_still_belong_to_the_audit(tmp_path: Path) -> None:
    gone = {**GRANT, "bericht": "b2-1", "toewijzing_nummer": 8}
    (row,) = delivered(report(tmp_path / "r", toewijzing=[GRANT, gone]), tmp_path / "uit")
    assert row["product_code"] == "45A48"


def test_a_message_counts_in_its_own_unit_only(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    report(folder, toewijzing=[{**GRANT, "product_code": "45A04"}])
    report(folder, unit="deel=123", toewijzing=[GRANT])
    (row,) = delivered(folder, tmp_path / "uit")
    assert row["product_code"] == "45A48"


def test_every_field_is_defined_and_the_assumption_is_named(tmp_path: Path) -> None:
    made = write_delivery(report(tmp_path / "r", toewijzing=[GRANT]), tmp_path / "uit")
    names = ["definitie.csv", "definitie.md", "levering.csv", "levering.parquet"]
    assert sorted(path.name for path in made) == names
    assert sorted(path.name for path in (tmp_path / "uit").iterdir()) == names
    text = (tmp_path / "uit" / "definitie.md").read_text(encoding="utf-8")
    assert "artikel 8f" in text and "aanname" in text and "26-11-2026" in text
    for name, *_ in FIELDS:
        assert f"| `{name}` |" in text


def test_what_is_no_report_or_has_no_messages_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "uit"
    (tmp_path / "leeg").mkdir()
    with pytest.raises(UnusableInput, match="geen heel rapport"):
        write_delivery(tmp_path / "leeg", target)
    (tmp_path / "leeg" / "audit.json").write_text("{}", encoding="utf-8")
    with pytest.raises(UnusableInput, match="niet_delen"):
        write_delivery(tmp_path / "leeg", target)
    with pytest.raises(UnusableInput, match="geen toewijzingen"):
        write_delivery(report(tmp_path / "r"), target)
    assert not target.exists() or not list(target.iterdir())


def test_a_target_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bestand").write_text("x", encoding="utf-8")
    with pytest.raises(UnusableInput, match="niet te schrijven"):
        write_delivery(report(tmp_path / "r", toewijzing=[GRANT]), tmp_path / "bestand")


def test_a_broken_store_is_refused(tmp_path: Path) -> None:
    folder = report(tmp_path / "r", toewijzing=[GRANT])
    for path in folder.rglob("toewijzing/**/*.parquet"):
        path.write_bytes(b"kapot")
    with pytest.raises(UnusableInput):
        write_delivery(folder, tmp_path / "uit")


def test_no_number_of_a_toewijzing_is_in_it(tmp_path: Path) -> None:
    """The number stands in the store and with the gemeente: with it a delivery can be laid beside both."""
    folder = report(tmp_path / "r", toewijzing=[{**GRANT, "toewijzing_nummer": 987654321}])
    (row,) = delivered(folder, tmp_path / "uit")
    assert "987654321" not in map(str, row.values())
    assert "987654321" not in (tmp_path / "uit" / "levering.csv").read_text(encoding="utf-8")
