"""A small audit by hand: four gemeenten in two regions, with names that try to break a page."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Row = dict[str, Any]

HOSTILE = "<script>alert(1)</script>"
FORMULA = "=cmd|' /C calc'!A0"
PARTS = (
    ("standaard_codes", "Standaardcodes in contracten"),
    ("standaard_euro", "Geld op standaardcodes"),
    ("meerjarig", "Meerjarige contracten"),
    ("indexering", "Indexering afgesproken"),
)
GEMEENTEN = {
    "0001": ("Achterveld", "JZ01", (100, 100, 100, 100)),
    "0002": (f"Berg {HOSTILE}", "JZ01", (10, 50, 0, 100)),
    "0003": (FORMULA, "JZ02", (50, 50, 100, 0)),
    "0004": ("Dorp", "JZ02", (80, 90, 50, 100)),
}
SUPPRESSED = Decimal("7777.77")
"""A number that must be gone: the example leaves it out, as an audit does."""


@dataclass
class Example:
    """Stands for the result of an audit."""

    tables: dict[str, list[Row]]
    meta: dict[str, Any]


def example(findings: int = 3) -> Example:
    """An audit result; ``findings`` is the number of findings in the contract of Berg."""
    tables: dict[str, list[Row]] = {
        "gebied": _areas(),
        "cijfer": _figures(),
        "cijfer_uitleg": _explained(),
        "bevinding": _counted(),
        "contract_bevinding": _contract_findings(findings),
        "contract": [_contract("0001"), _contract("0002"), _contract("0003")],
        "tarief": _tariffs(),
        "tariefspreiding": _spreads(),
        "eigen_code": [
            {
                "gemeente": "0002", "contract": "C-0002", "productcode": "45V01",
                "omschrijving": HOSTILE, "eenheid": "04", "standaardcode": "45A48",
                "standaardomschrijving": "Ambulante jeugdhulp", "gelijkenis": 81,
            }
        ],
        "standaardisatie": _parts(),
        "rangorde": _ranks(),
        "contractdruk": [
            {
                "aanbieder": "11111111", "naam": f"Zorg {HOSTILE}", "gemeenten": 3, "contracten": 3,
                "eisen": 12, "minuten": Decimal(6000), "minuten_uniform": Decimal(1500),
                "besparing_uren": Decimal("75.0"), "besparing_euro": Decimal("4125.50"),
            },
            {
                "aanbieder": "../../Alleen naam", "naam": "../../Alleen naam", "gemeenten": 1,
                "contracten": 1, "eisen": 2, "minuten": None, "minuten_uniform": None,
                "besparing_uren": None, "besparing_euro": None,
            },
        ],
        "bestand": [
            _file("a/contract.xlsx", "werkmap", "gelezen", gemeente="0001"),
            _file(f"a/{HOSTILE}.xml", "bericht", "gelezen", gemeente="0002", conflict="Het bericht noemt 0002, de map 0001."),
            _file("a/kopie.xlsx", "werkmap", "dubbel", reden="Dit bestand is gelijk aan a/contract.xlsx."),
            _file("a/kapot.xml", "bericht", "niet bruikbaar", reden="Dit is geen goede XML."),
            _file("a/lees.txt", "overig", "overgeslagen", reden="Dit is geen werkmap en geen bericht."),
        ],
    }  # fmt: skip
    meta = {
        "versie": "0.1.0", "regelversie": "abc", "gemaakt_op": "2026-07-02T10:11:12+02:00",
        "peildatum": "2026-07-01", "opdracht": ["inkoopcheck", "audit", f"map {HOSTILE}"],
        "drempel": 10, "minimum_rijen": 30, "indexjaar": 2026,
        "overschreven": [{"wat": "audit_drempel", "was": "15", "nu": "10", "reden": HOSTILE}],
        "invoer": {"bestanden": 5, "gelezen": 2, "dubbel": 1, "onbruikbaar": 1, "overgeslagen": 1, "vingerafdruk": "f" * 64},
    }  # fmt: skip
    return Example(tables, meta)


def _areas() -> list[Row]:
    def area(level: str, code: str, name: str, **more: Any) -> Row:
        basis = dict.fromkeys(("regio_code", "regio_naam"))
        counts = {"gemeenten": 1, "aanbieders": 1, "contracten": 1, "berichten": 40, "clienten": 20}
        return {"niveau": level, "code": code, "naam": name, **basis, **counts, "onderdrukt": False, **more}  # fmt: skip

    regions = {"JZ01": f"Noord {HOSTILE}", "JZ02": "Zuid"}
    rows = [area("land", "NL", "Nederland", gemeenten=4, contracten=3, berichten=160)]
    rows += [area("jeugdregio", code, name, gemeenten=2) for code, name in regions.items()]
    for code, (name, region, _) in GEMEENTEN.items():
        row = area("gemeente", code, name, regio_code=region, regio_naam=regions[region])
        if code == "0004":
            row.update(berichten=None, clienten=None, onderdrukt=True)
        rows.append(row)
    rows.append(area("aanbieder", "11111111", f"Zorg {HOSTILE}", gemeenten=3))
    return rows


def _explained() -> list[Row]:
    units = {
        "standaard_codes": ("Standaardcodes in contracten", "%", ""),
        "meerjarig": ("Meerjarige contracten", "%", ""),
        "variant": ("Uitvoeringsvarianten", "%", "uitvoeringsvariant"),
        "afkeur": ("Afgewezen prestaties", "%", "retourcode"),
        "wachttijd_toewijzing": ("Wachttijd na toewijzing", "dagen", "productcode"),
        "gedeclareerd": ("Gedeclareerd bedrag", "euro", "productcode"),
    }
    return [
        {
            "cijfer": name, "titel": title, "eenheid": unit, "richting": "hoog is beter",
            "uitsplitsing": part, "definitie": f"Zo berekend {HOSTILE}.", "bron": "JW301",
        }
        for name, (title, unit, part) in units.items()
    ]  # fmt: skip


def _figures() -> list[Row]:
    def figure(level: str, code: str, name: str, value: object, part: str = "", *, hidden: bool = False) -> Row:  # fmt: skip
        number = None if hidden or value is None else Decimal(str(value))
        return {
            "niveau": level, "code": code, "cijfer": name, "uitsplitsing": part, "teller": number,
            "noemer": None, "waarde": number, "p25": number, "mediaan": number, "p75": number,
            "rijen": None if hidden else 40, "clienten": None if hidden else 20, "onderdrukt": hidden,
        }  # fmt: skip

    rows = []
    areas = [
        ("land", "NL"),
        ("jeugdregio", "JZ01"),
        ("jeugdregio", "JZ02"),
        ("aanbieder", "11111111"),
    ]
    areas += [("gemeente", code) for code in GEMEENTEN]
    for level, code in areas:
        small = code == "0004"
        shares = GEMEENTEN[code][2] if code in GEMEENTEN else (60, 70, 60, 75)
        rows += [
            figure(level, code, "standaard_codes", shares[0]),
            figure(level, code, "meerjarig", shares[2]),
            figure(level, code, "variant", 100, "taakgericht"),
            figure(level, code, "afkeur", SUPPRESSED if small else 5, hidden=small),
            figure(level, code, "afkeur", SUPPRESSED, "9307", hidden=True),
            figure(level, code, "wachttijd_toewijzing", SUPPRESSED if small else 12, hidden=small),
            figure(level, code, "wachttijd_toewijzing", SUPPRESSED if small else 14, "45A48", hidden=small),
            figure(level, code, "gedeclareerd", SUPPRESSED if small else "123456.78", hidden=small),
        ]  # fmt: skip
    return rows


def _counted() -> list[Row]:
    rows = []
    for level, code in [
        ("land", "NL"),
        ("jeugdregio", "JZ01"),
        *(("gemeente", c) for c in GEMEENTEN),
    ]:
        for rule, source, family, severity in (
            ("ADM-01", "contract", "administratie", "fout"),
            ("IJW-TR346", "bericht", "ijw", "waarschuwing"),
        ):
            hidden = source == "bericht" and code == "0004"
            rows.append(
                {
                    "niveau": level, "code": code, "bron": source, "familie": family, "ernst": severity,
                    "regel": rule, "titel": f"Titel {HOSTILE}", "aantal": None if hidden else 12,
                    "uitgelegd": None if hidden else 1, "bedrag": None if hidden else Decimal("10.50"),
                    "onderdrukt": hidden,
                }
            )  # fmt: skip
    return rows


def _contract_findings(number: int) -> list[Row]:
    return [
        {
            "gemeente": "0002", "contract": "C-0002", "aanbieder": f"Zorg {HOSTILE}",
            "bestand": "a/contract.xlsx", "blad": "Contract", "cel": f"B{n + 2}", "regel": "ADM-01",
            "familie": "administratie", "ernst": "fout" if n % 2 else "aandachtspunt",
            "titel": "Eigen eis", "melding": f"{FORMULA} {n}", "gevonden": FORMULA,
            "verwacht": "@niets", "norm": "Jeugdwet", "herstel": f"+Schrap {HOSTILE}",
            "bedrag": Decimal("12.50"), "uitgelegd": HOSTILE if n == 0 else None,
            "vingerafdruk": f"{n:016x}",
        }
        for n in range(number)
    ]  # fmt: skip


def _contract(code: str) -> Row:
    return {
        "gemeente": code, "contract": f"C-{code}", "aanbieder": f"Zorg {HOSTILE}",
        "bestand": "a/contract.xlsx", "startdatum": datetime.date(2026, 1, 1),
        "einddatum": datetime.date(2028, 12, 31), "maanden": 36, "verlenging_maanden": None,
        "indexering": None, "contractstandaard": True, "uitvoeringsvariant": "taakgericht",
        "tarieven": 2, "standaardtarieven": 1, "eigen_codes": 1, "lasten_ld1": Decimal("0.66"),
        "lasten_ld2": Decimal("1.5"), "lasten_ld3": None,
    }  # fmt: skip


def _tariffs() -> list[Row]:
    rows = []
    for number, code in enumerate(("0001", "0002", "0003")):
        value = Decimal("80.00") + 10 * number
        rows.append(
            {
                "gemeente": code, "regio_code": GEMEENTEN[code][1], "contract": f"C-{code}",
                "aanbieder": f"Zorg {HOSTILE}", "productcode": "45A48", "omschrijving": FORMULA,
                "eenheid": "04", "jaar": 2026, "tarief": value, "tarief_indexjaar": value,
                "indexjaar": 2026, "is_standaard": True, "land_p25": Decimal("85.00"),
                "land_mediaan": Decimal("90.00"), "land_p75": Decimal("95.00"),
                "positie": ("laag", "midden", "hoog")[number], "band_oordeel": "",
            }
        )  # fmt: skip
    return rows


def _spreads() -> list[Row]:
    return [
        {
            "niveau": level, "code": code, "productcode": "45A48", "omschrijving": f"Hulp {HOSTILE}",
            "eenheid": "04", "indexjaar": 2026, "tarieven": 5, "gemeenten": 3,
            "minimum": Decimal("80.00"), "p25": Decimal("85.00"), "mediaan": Decimal("90.00"),
            "p75": Decimal("95.00"), "maximum": Decimal("100.00"),
        }
        for level, code in (("land", "NL"), ("jeugdregio", "JZ01"))
    ]  # fmt: skip


def _parts() -> list[Row]:
    rows = []
    areas = {("gemeente", code): values for code, (_, _, values) in GEMEENTEN.items()}
    areas |= {("land", "NL"): (60, 70, 60, 75), ("jeugdregio", "JZ01"): (55, 75, 50, 100)}
    for (level, code), values in areas.items():
        for (name, title), value in zip(PARTS, values, strict=True):
            hidden = (code, name) == ("0004", "standaard_euro")
            rows.append(
                {
                    "niveau": level, "code": code, "onderdeel": name, "titel": title,
                    "gewicht": None if hidden else Decimal("25.0"),
                    "score": None if hidden else Decimal(value),
                    "bijdrage": None if hidden else Decimal(value) / 4,
                    "rijen": None if hidden else 40, "onderdrukt": hidden,
                }
            )  # fmt: skip
        total = Decimal(sum(values)) / 4
        rows.append(
            {
                "niveau": level, "code": code, "onderdeel": "totaal", "titel": "Standaardisatie-index",
                "gewicht": Decimal(100), "score": total, "bijdrage": total, "rijen": 160,
                "onderdrukt": False,
            }
        )  # fmt: skip
    return rows


def _ranks() -> list[Row]:
    order = {"0001": 1, "0004": 2, "0003": 3}
    rows = []
    for code, (_, _, values) in GEMEENTEN.items():
        value = Decimal(sum(values)) / 4
        rank = order.get(code)
        rows.append(
            {
                "niveau": "gemeente", "code": code, "cijfer": "totaal", "waarde": value,
                "laag": max(value - 10, Decimal(0)), "hoog": min(value + 10, Decimal(100)),
                "rang": rank, "rang_laag": rank and max(1, rank - 1), "rang_hoog": rank and rank + 1,
                "rijen": 160, "reden": "" if rank else "Er zijn minder dan 30 waarnemingen.",
            }
        )  # fmt: skip
    return rows


def _file(name: str, kind: str, verdict: str, **more: str) -> Row:
    row = {"naam": name, "sha256": "a" * 64, "soort": kind, "oordeel": verdict}
    return {**row, "reden": "", "gemeente": "", "conflict": "", **more}
