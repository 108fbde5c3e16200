"""Small numbers: whatever is added and taken away, nothing under the threshold comes out."""

from collections import defaultdict
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from inkoopcheck.audit.suppress import suppress

REGIONS = {"0001": "R1", "0002": "R1", "0003": "R1", "0004": "R2", "0005": "R2"}
THRESHOLD = 10


def figures(counts: dict[tuple[str, str], int]) -> list[dict[str, Any]]:
    """Rows of a figure with parts, that add up over gemeenten, regio's, the country and the parts."""
    sums: defaultdict[tuple[str, str, str], int] = defaultdict(int)
    for (gemeente, part), number in counts.items():
        for shown in ("", part):
            sums["gemeente", gemeente, shown] += number
            sums["jeugdregio", REGIONS[gemeente], shown] += number
            sums["land", "NL", shown] += number
    return [
        {
            "niveau": level,
            "code": code,
            "cijfer": "duur",
            "uitsplitsing": part,
            "teller": number,
            "noemer": None,
            "waarde": number,
            "p25": None,
            "mediaan": None,
            "p75": None,
            "rijen": number,
            "clienten": number,
            "over_kinderen": True,
            "onderdrukt": False,
        }
        for (level, code, part), number in sums.items()
    ]


def hidden_sets(rows: list[dict[str, Any]], truth: dict[int, int]) -> list[tuple[int, int]]:
    """Of every sum whose whole is shown: how many parts are hidden, and what they are together."""
    found = []
    by = {(row["niveau"], row["code"], row["uitsplitsing"]): row for row in rows}

    def add(whole: dict[str, Any] | None, parts: list[dict[str, Any]]) -> None:
        if whole is None or whole["onderdrukt"]:
            return
        gone = [row for row in parts if row["onderdrukt"]]
        if gone:
            found.append((len(gone), sum(truth[id(row)] for row in gone)))

    names = {row["uitsplitsing"] for row in rows}
    for part in names:
        for region in set(REGIONS.values()):
            add(
                by.get(("jeugdregio", region, part)),
                [
                    row
                    for row in rows
                    if row["uitsplitsing"] == part
                    and row["niveau"] == "gemeente"
                    and REGIONS[row["code"]] == region
                ],
            )
        for level in ("gemeente", "jeugdregio"):
            add(
                by.get(("land", "NL", part)),
                [r for r in rows if r["uitsplitsing"] == part and r["niveau"] == level],
            )
    for (level, code, part), row in by.items():
        if part == "":
            add(
                row,
                [
                    r
                    for r in rows
                    if (r["niveau"], r["code"]) == (level, code) and r["uitsplitsing"]
                ],
            )
    return found


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(sorted(REGIONS)), st.sampled_from(["45A48", "45A53", "54001"])),
        st.integers(1, 60),
        max_size=15,
    )
)
def test_no_sum_gives_a_small_number_away(counts: dict[tuple[str, str], int]) -> None:
    rows = figures(counts)
    truth = {id(row): row["clienten"] for row in rows}
    suppress({"cijfer": rows, "bevinding": [], "gebied": []}, REGIONS, THRESHOLD)
    for row in rows:
        if not row["onderdrukt"]:
            assert truth[id(row)] >= THRESHOLD
            assert row["clienten"] == truth[id(row)]
        else:
            assert row["waarde"] is None
            assert row["rijen"] is None
    for number, together in hidden_sets(rows, truth):
        # With one hidden, or little hidden together, taking away what is shown would tell it.
        assert number > 1
        assert together >= THRESHOLD


def test_what_is_large_everywhere_stays() -> None:
    rows = figures({(code, "45A48"): 40 for code in REGIONS})
    suppress({"cijfer": rows, "bevinding": [], "gebied": []}, REGIONS, THRESHOLD)
    assert not any(row["onderdrukt"] for row in rows)


def test_findings_and_areas_are_hidden_too() -> None:
    finding = {
        "niveau": "gemeente",
        "code": "0001",
        "bron": "bericht",
        "regel": "IJW-TR101",
        "aantal": 3,
        "uitgelegd": 0,
        "bedrag": 5,
        "onderdrukt": False,
    }
    of_contract = {**finding, "bron": "contract"}
    area = {
        "niveau": "gemeente",
        "code": "0001",
        "clienten": 4,
        "berichten": 20,
        "onderdrukt": False,
    }
    suppress(
        {"cijfer": [], "bevinding": [finding, of_contract], "gebied": [area]}, REGIONS, THRESHOLD
    )
    assert finding["aantal"] is None
    assert of_contract["aantal"] == 3
    assert area["clienten"] is None
    assert area["onderdrukt"]


def test_a_small_part_of_a_large_whole_is_hidden_and_so_is_a_small_rest() -> None:
    def share(code: str, part: int, whole: int) -> dict[str, Any]:
        (row,) = figures({(code, "x"): whole})[:1]
        return {
            **row,
            "cijfer": "herindicatie",
            "uitsplitsing": "",
            "teller": part,
            "noemer": whole,
        }

    rows = [
        share("0001", 3, 400),
        share("0002", 397, 400),
        share("0003", 200, 400),
        share("0004", 0, 400),
    ]
    suppress({"cijfer": rows, "bevinding": [], "gebied": []}, REGIONS, THRESHOLD)
    assert [row["onderdrukt"] for row in rows] == [True, True, False, False]


def test_a_small_part_is_not_what_is_left_of_the_country() -> None:
    rows = [
        {
            **figures({("0001", "x"): 400})[0],
            "niveau": level,
            "code": code,
            "cijfer": "herindicatie",
            "uitsplitsing": "",
            "teller": part,
            "noemer": whole,
            "clienten": whole,
        }
        for level, code, part, whole in (
            ("gemeente", "0001", 3, 400),
            ("gemeente", "0002", 0, 300),
            ("gemeente", "0003", 40, 400),
            ("gemeente", "0004", 50, 500),
            ("land", "NL", 93, 1600),
        )
    ]
    suppress({"cijfer": rows, "bevinding": [], "gebied": []}, REGIONS, THRESHOLD)
    shown = [row["teller"] for row in rows[:4] if not row["onderdrukt"]]
    left = 93 - sum(shown)
    assert rows[0]["onderdrukt"]
    assert rows[4]["onderdrukt"] or left >= THRESHOLD
