"""Figures about a contract (kerncijfers): counted from the same tables as the rules see."""

from dataclasses import dataclass

from inkoopcheck.findings.model import Kerncijfer
from inkoopcheck.tables.store import Tables


@dataclass(frozen=True)
class _Figure:
    name: str
    title: str
    unit: str
    sql: str
    explanation: str


_FIGURES = (
    _Figure(
        "aantal_tarieven",
        "Gelezen tarieven",
        "",
        "SELECT count(*) FROM tarief WHERE tarief IS NOT NULL",
        "Elk tarief telt apart: per productcode, functieniveau en jaar.",
    ),
    _Figure(
        "aantal_producten",
        "Verschillende producten",
        "",
        "SELECT count(DISTINCT productcode) FROM tarief",
        "Hoe meer verschillende productcodes, hoe meer werk voor aanbieders en gemeenten.",
    ),
    _Figure(
        "aandeel_standaardcodes",
        "Aandeel standaardcodes",
        "%",
        "SELECT round(100.0 * count(*) FILTER (is_standaardcode) / nullif(count(*), 0), 1)::DECIMAL(9, 1)"
        " FROM (SELECT DISTINCT productcode, is_standaardcode FROM tarief"
        " WHERE productcode IS NOT NULL AND (is_standaardcode OR NOT lijst_onvolledig))",
        "Productcodes uit de standaardproductcodelijst Jeugdwet, als deel van alle codes die te"
        " beoordelen zijn. Codes uit categorie 54 en 55 tellen niet mee.",
    ),
    _Figure(
        "niet_te_beoordelen_codes",
        "Codes die niet te beoordelen zijn",
        "",
        "SELECT count(DISTINCT productcode) FROM tarief WHERE lijst_onvolledig AND NOT is_standaardcode",
        "De lijst die wij hebben is in categorie 54 en 55 niet compleet. Deze codes noemen wij"
        " daarom nooit een eigen code.",
    ),
    _Figure(
        "eigen_codes",
        "Eigen codes",
        "",
        "SELECT count(DISTINCT productcode) FROM tarief WHERE NOT is_standaardcode AND NOT lijst_onvolledig",
        "Productcodes die niet in de standaardproductcodelijst Jeugdwet staan. Dat mag, maar het"
        " maakt vergelijken moeilijker.",
    ),
    _Figure(
        "looptijd_maanden",
        "Looptijd zonder verlenging",
        "maanden",
        "SELECT min(looptijd_maanden) FROM contract",
        "Hele maanden van de startdatum tot en met de einddatum.",
    ),
    _Figure(
        "lokale_eisen",
        "Eigen administratieve eisen",
        "",
        "SELECT count(*) FROM administratie WHERE regexp_matches(lower(grondslag), 'lokaal|eigen|gemeente|regio')",
        "Eisen die de gemeente of regio zelf stelt, naast wet en landelijke standaard.",
    ),
    _Figure(
        "minuten_eigen_eisen",
        "Tijd van professionals voor eigen of vermijdbare eisen",
        "minuten per jaar",
        "SELECT sum(lasten_professional_lokaal)::DECIMAL(18, 0) FROM contract"
        " WHERE lasten_professional_lokaal > 0",
        "Gerekend met de aantallen, minuten en aannames die bij Administratieve lasten staan.",
    ),
)


def figures(tables: Tables) -> list[Kerncijfer]:
    """The figures that can be given for what was loaded; a figure without data is left out."""
    found = []
    tables.derive(["tarief", "contract", "administratie"])
    for figure in _FIGURES:
        value = tables.query(figure.sql)[0]
        number = next(iter(value.values()))
        if number is None or (
            number == 0
            and figure.name
            in ("aantal_tarieven", "aantal_producten", "lokale_eisen", "niet_te_beoordelen_codes")
        ):
            continue
        found.append(
            Kerncijfer(
                naam=figure.name,
                titel=figure.title,
                waarde=number,
                eenheid=figure.unit,
                toelichting=figure.explanation,
            )
        )
    return found
