"""The format of a rule file: one file, one rule, its own proof.

The field names are Dutch because domain people write these files. What each field means stands in
``CONTRIBUTING.md``; a mistake gives an error that names the file and says what to do.
"""

import datetime
import re
from string import Formatter
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from inkoopcheck.findings.model import Ernst, Status, Zekerheid

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
RULE_ID = re.compile(r"^[A-Z]{2,6}-[A-Z0-9]+(-[A-Z0-9]+)*$")
PARAMETER_CALL = re.compile(
    r"parameter\(\s*'(?P<naam>[a-z0-9_]+)'\s*(?:,\s*(?P<datum>[\w.]+)\s*)?\)"
)
FORMATS = (
    "",
    "euro",
    "eurocent",
    "datum",
    "procent",
    "getal",
    "eenheid",
    "frequentie",
    "variant",
)


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Norm(_Model):
    """Where the rule comes from. ``feiten`` are the ids of the norm register it rests on."""

    bron: Text
    status: Status
    zekerheid: Zekerheid
    feiten: list[str] = Field(default_factory=list)
    url: str | None = None
    toelichting: Text | None = None


class Geldigheid(_Model):
    """First day and last day on which the rule holds, by the date of the thing checked."""

    van: datetime.date | None = None
    tot: datetime.date | None = None


class Voorbeelden(_Model):
    """Examples that prove the rule: ``goed`` must pass, ``fout`` must be reported.

    An example is one row of the rule's table, or a mapping from table names to lists of rows.
    """

    goed: list[dict[str, Any]] = Field(min_length=1)
    fout: list[dict[str, Any]] = Field(min_length=1)


class Vindplaats(_Model):
    """Another table where the same rule holds; what is left out is as in the rule itself.

    What is named with ``null`` is not there: ``bedrag: null`` where the table has no money.
    """

    tabel: Text
    als: Text | None = None
    nodig: list[str] | None = None
    gevraagd: list[str] | None = None
    waar: Text | None = None
    query: Text | None = None
    velden: list[str] | None = None
    melding: Text | None = None
    gevonden: Text | None = None
    verwacht: Text | None = None
    bedrag: str | None = None

    def changes(self) -> dict[str, Any]:
        """The fields of the rule that are different here."""
        found = {name: value for name, value in self if name in self.model_fields_set}
        if self.waar or self.query:
            found |= {"waar": self.waar, "query": self.query}
        return found


class Mogelijkheid(_Model):
    """A way to read an unclear norm; what it names replaces that field of the rule.

    Only the standard reading changes nothing. Every other one proves itself with examples.
    """

    uitleg: Text
    als: Text | None = None
    waar: Text | None = None
    query: Text | None = None
    ook_in: list[Vindplaats] | None = None
    voorbeelden: Voorbeelden | None = None


class Keuze(_Model):
    """A choice that had to be made because the norm is unclear; a user can make it otherwise."""

    vraag: Text
    standaard: str
    mogelijkheden: dict[str, Mogelijkheid] = Field(min_length=2)

    @model_validator(mode="after")
    def _consistent(self) -> "Keuze":
        if self.standaard not in self.mogelijkheden:
            raise ValueError("keuze.standaard is geen van de mogelijkheden")
        for name, way in self.mogelijkheden.items():
            changes = (way.als, way.waar, way.query, way.ook_in)
            if (name == self.standaard) == any(changes):
                raise ValueError(
                    f"de mogelijkheid '{name}': alleen een andere keuze dan de standaard verandert"
                    " als, waar, query of ook_in"
                )
        return self


class Rule(_Model):
    """A rule. ``waar`` (row rule) or ``query`` (query rule) says what is a deviation.

    ``als`` limits the rows it applies to, ``nodig`` names the columns that a row must have filled
    before anything can be said, ``gevraagd`` the columns that the workbook must offer at all.
    ``ook_in`` names the other tables where the same rule holds. ``vervangt`` names a rule within the
    message that knows less: of a row where this rule can say something, that one says nothing.
    """

    id: str
    titel: Text
    ernst: Ernst
    norm: Norm
    geldig: Geldigheid = Geldigheid()
    datum: str = "toetsdatum"
    tabel: Text
    als: Text | None = None
    nodig: list[str] = Field(default_factory=list)
    gevraagd: list[str] = Field(default_factory=list)
    waar: Text | None = None
    query: Text | None = None
    velden: list[str] = Field(default_factory=list)
    ook_in: list[Vindplaats] = Field(default_factory=list)
    melding: Text
    gevonden: Text
    verwacht: Text
    waarom: Text
    herstel: Text
    bedrag: str | None = None
    retourcode: str | None = None
    vervangt: str | None = None
    keuze: Keuze | None = None
    voorbeelden: Voorbeelden
    familie: str = ""

    @field_validator("id")
    @classmethod
    def _stable_id(cls, value: str) -> str:
        if not RULE_ID.match(value):
            raise ValueError(
                "een id bestaat uit hoofdletters, een streepje en een naam of nummer, zoals LOOP-03"
            )
        return value

    @model_validator(mode="after")
    def _consistent(self) -> "Rule":
        if (self.waar is None) == (self.query is None):
            raise ValueError("geef precies een van waar en query")
        if self.ernst is Ernst.FOUT and self.norm.zekerheid not in (
            Zekerheid.GELEZEN,
            Zekerheid.LOGISCH,
        ):
            raise ValueError(
                "ernst fout vraagt een norm met zekerheid V of L;"
                " maak er een waarschuwing of aandachtspunt van en zeg in norm.toelichting waarom"
            )
        if (
            self.norm.zekerheid in (Zekerheid.AFGELEID, Zekerheid.DEELS)
            and not self.norm.toelichting
        ):
            raise ValueError("bij zekerheid A of D hoort norm.toelichting: wat is er niet zeker?")
        if any(place.waar and place.query for place in self.ook_in):
            raise ValueError("geef in ook_in hooguit een van waar en query")
        for text in (text for part in self.parts() for text in part.texts()):
            for _, name, spec, _ in Formatter().parse(text):
                if name is not None and spec not in FORMATS:
                    raise ValueError(
                        f"onbekende opmaak '{spec}' bij {{{name}}}; kies uit {', '.join(FORMATS[1:])}"
                    )
        return self

    def chosen(self, name: str) -> "Rule":
        """This rule with another possibility of its ``keuze``.

        Raises:
            KeyError: the rule has no such possibility.
        """
        way = self.keuze.mogelijkheden[name] if self.keuze else None
        if way is None:
            raise KeyError(name)
        changes: dict[str, Any] = {}
        if way.als:
            changes["als"] = way.als
        if way.waar or way.query:
            changes |= {"waar": way.waar, "query": way.query}
        if way.ook_in is not None:
            changes["ook_in"] = way.ook_in
        if way.voorbeelden:
            changes["voorbeelden"] = way.voorbeelden
        return self.model_copy(update=changes)

    def parts(self) -> list["Rule"]:
        """The rule once for each table where it holds: each part looks at one table only."""
        own = self.model_copy(update={"ook_in": []}) if self.ook_in else self
        return [own, *(own.model_copy(update=place.changes()) for place in self.ook_in)]

    def texts(self) -> tuple[str, str, str]:
        """The texts that show what was found in a row."""
        return self.melding, self.gevonden, self.verwacht

    def placeholders(self) -> set[str]:
        """Column names that the texts use; parameters (``parameter.naam``) left out."""
        found: set[str] = set()
        for text in self.texts():
            for _, name, _, _ in Formatter().parse(text):
                if name and not name.startswith("parameter."):
                    found.add(name)
        return found

    def parameters_used(self) -> set[str]:
        """Names of the parameters in the SQL and in the texts, in every table where it holds."""
        used: set[str] = set()
        for part in self.parts():
            sql = " ".join(text for text in (part.als, part.waar, part.query) if text)
            used |= {match["naam"] for match in PARAMETER_CALL.finditer(sql)}
            for text in part.texts():
                for _, name, _, _ in Formatter().parse(text):
                    if name and name.startswith("parameter."):
                        used.add(name.removeprefix("parameter."))
        return used
