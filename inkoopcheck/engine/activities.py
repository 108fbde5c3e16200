"""Handelingen: the administrative acts whose time the lasten model counts, as data.

Nobody publishes minutes per act, so every number of minutes is an assumption with a low, a middle
and a high value. Users can replace an act in a rule folder, or figures of it in a parameter file.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from inkoopcheck.dutch import format_value
from inkoopcheck.errors import UnusableInput
from inkoopcheck.findings.model import Overschreven, Status, Zekerheid
from inkoopcheck.validation import explain_validation

FILE = Path("lasten") / "handelingen.yaml"
"""Where the acts stand in a rule folder."""

PARAMETER_KEY = "handelingen"
"""Under this name a parameter file changes acts."""

Keer = Field(ge=0, le=10_000, max_digits=12, decimal_places=6)
Minuten = Field(ge=0, le=100_000, max_digits=10, decimal_places=3)


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PerVariant(_Model):
    """Times per unit and year, per uitvoeringsvariant; 0 where the act does not occur."""

    inspanningsgericht: Decimal = Keer
    outputgericht: Decimal = Keer
    taakgericht: Decimal = Keer


class Bandbreedte(_Model):
    """Minutes each time: low, middle and high."""

    laag: Decimal = Minuten
    midden: Decimal = Minuten
    hoog: Decimal = Minuten

    @model_validator(mode="after")
    def _rising(self) -> "Bandbreedte":
        if not self.laag <= self.midden <= self.hoog:
            raise ValueError("laag, midden en hoog moeten oplopen")
        return self

    def __str__(self) -> str:
        return (
            f"{format_value(self.midden)} ({format_value(self.laag)} tot {format_value(self.hoog)})"
        )


class Handeling(_Model):
    """An act: who does it, how often, how long it takes, and where that comes from.

    ``wanneer`` says whether every contract has it or only one whose demands ask for it.
    ``frequentie`` holds f times v: how often, and whether it occurs with that variant.
    ``deel_zonder_tijdseenheid`` is the part that counts when products are not paid by time.
    """

    sleutel: str = Field(pattern=r"^[a-z0-9_]+$")
    naam: str = Field(min_length=3)
    categorie: Literal[
        "toewijzing", "regie", "declaratie", "tijdschrijven", "voortgang", "herindicatie",
        "KPI", "accountant", "gesprek", "overig",
    ]  # fmt: skip
    partij: Literal["aanbieder", "gemeente"]
    wanneer: Literal["altijd", "als gevraagd"]
    grondslag: Literal["wet", "landelijke standaard", "lokaal"]
    eenheid: Literal[
        "instroom", "uitstroom", "cliënt", "toewijzing", "declaratieregel", "afgekeurde regel",
        "medewerker-werkdag", "contract",
    ]  # fmt: skip
    frequentie: PerVariant
    frequentie_bron: str = Field(min_length=10)
    deel_zonder_tijdseenheid: Decimal = Field(default=Decimal(1), ge=0, le=1)
    minuten: Bandbreedte
    minuten_bron: str = Field(
        default="Eigen aanname; er is geen gepubliceerde meting", min_length=10
    )
    status: Status = Status.AANNAME
    zekerheid: Zekerheid = Zekerheid.AFGELEID
    vastgesteld: str = "november 2026"
    aandeel_professional: Decimal = Field(ge=0, le=100)
    herkennen: list[str] = Field(min_length=1)
    toelichting: str | None = None


_LIST = TypeAdapter(list[Handeling])


class _Change(_Model):
    """What a parameter file may change of an act; one number of minutes leaves no range."""

    minuten: Decimal | Bandbreedte | None = None
    frequentie: Decimal | PerVariant | None = None
    aandeel_professional: Decimal | None = Field(default=None, ge=0, le=100)
    reden: str | None = None


def load_activities(
    contents: Iterable[tuple[Path, Any]],
) -> tuple[list[Handeling], list[Overschreven]]:
    """The acts of our own file with those of the user's folders in their place.

    Args:
        contents: path and parsed YAML of each file, ours first.

    Raises:
        UnusableInput: a file is no valid list of acts.
    """
    found: dict[str, Handeling] = {}
    changes = []
    for number, (path, content) in enumerate(contents):
        try:
            activities = _LIST.validate_python(content)
        except ValidationError as error:
            raise UnusableInput(
                f"Het bestand {path.name} klopt niet: {explain_validation(error)}"
            ) from None
        for activity in activities:
            before = found.get(activity.sleutel)
            found[activity.sleutel] = activity
            if number:
                changes.append(
                    Overschreven(
                        wat=f"handeling {activity.sleutel} ({activity.naam})",
                        was=_summary(before) if before else "geen",
                        nu=_summary(activity),
                        reden=activity.toelichting,
                    )
                )
    return list(found.values()), changes


def override_activities(
    activities: list[Handeling], given: Any, source: Path
) -> tuple[list[Handeling], list[Overschreven]]:
    """Change figures of acts as a parameter file says, and tell what changed.

    Raises:
        UnusableInput: an act is unknown or a figure is not valid.
    """
    if not isinstance(given, Mapping):
        raise UnusableInput(
            f"{source.name}: schrijf onder {PARAMETER_KEY} per handeling wat anders is,"
            " bijvoorbeeld: tijdschrijven: {minuten: 10}"
        )
    by_key = {activity.sleutel: activity for activity in activities}
    changes = []
    for key, content in given.items():
        if key not in by_key:
            raise UnusableInput(
                f"{source.name} noemt de handeling '{key}', maar die bestaat niet."
                f" Kies uit: {', '.join(by_key)}."
            )
        before = by_key[key]
        try:
            change = _Change.model_validate(content)
            values: dict[str, Any] = {"minuten_bron": f"eigen waarde uit {source.name}"}
            if change.minuten is not None:
                values["minuten"] = (
                    dict.fromkeys(("laag", "midden", "hoog"), change.minuten)
                    if isinstance(change.minuten, Decimal)
                    else change.minuten.model_dump()
                )
            if change.frequentie is not None:
                values["frequentie"] = (
                    dict.fromkeys(PerVariant.model_fields, change.frequentie)
                    if isinstance(change.frequentie, Decimal)
                    else change.frequentie.model_dump()
                )
                values["frequentie_bron"] = f"eigen waarde uit {source.name}"
            if change.aandeel_professional is not None:
                values["aandeel_professional"] = change.aandeel_professional
            by_key[key] = Handeling.model_validate({**before.model_dump(), **values})
        except ValidationError as error:
            raise UnusableInput(
                f"{source.name}, handeling {key}: {explain_validation(error)}"
            ) from None
        changes.append(
            Overschreven(
                wat=f"handeling {key} ({before.naam})",
                was=_summary(before),
                nu=_summary(by_key[key]),
                reden=change.reden,
            )
        )
    return list(by_key.values()), changes


def activity_rows(activities: Iterable[Handeling]) -> list[tuple[Any, ...]]:
    """Rows for the reference table ``handeling``, in its order."""
    return [
        (
            number,
            a.sleutel,
            a.naam,
            a.categorie,
            a.partij,
            a.wanneer == "altijd",
            a.grondslag,
            a.eenheid,
            a.frequentie.inspanningsgericht,
            a.frequentie.outputgericht,
            a.frequentie.taakgericht,
            a.deel_zonder_tijdseenheid,
            a.minuten.laag,
            a.minuten.midden,
            a.minuten.hoog,
            a.aandeel_professional,
            a.herkennen,
        )
        for number, a in enumerate(activities, start=1)
    ]


def _summary(activity: Handeling) -> str:
    often = "/".join(format_value(value) for value in activity.frequentie.model_dump().values())
    return (
        f"{activity.minuten} minuten, {often} keer,"
        f" {format_value(activity.aandeel_professional)}% professional"
    )
