"""What a dossier of earlier messages holds. Field names are Dutch: they are the keys of the JSON."""

import datetime

from pydantic import BaseModel, ConfigDict, Field


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Soortoverzicht(_Model):
    """The messages of one kind."""

    berichtsoort: str
    aantal: int
    eerste: datetime.date | None = Field(description="Vroegste dagtekening.")
    laatste: datetime.date | None = Field(description="Laatste dagtekening.")
    afgekeurd_schema: int = Field(description="Hoeveel niet kloppen met het schema.")
    afgekeurd_regels: int = Field(
        description="Hoeveel als geheel niet kloppen met regels binnen het bericht."
    )
    onbeantwoord: int = Field(
        description="Hoeveel er geen retourbericht of declaratie-antwoord hebben in het dossier."
    )


class Dossierbericht(_Model):
    """A message in a dossier, without anything of a person."""

    berichtsoort: str
    identificatie: str | None
    dagtekening: datetime.date | None
    gemeente: str | None
    aanbieder: str | None
    bestand: str
    vingerafdruk: str = Field(description="SHA-256 van het bestand.")


class Dossieroverzicht(_Model):
    """What a dossier holds, for who asks."""

    naam: str
    versie: int = Field(description="Versie van de opbouw van het dossier.")
    gemaakt_op: datetime.datetime | None
    bijgewerkt_op: datetime.datetime | None
    bytes: int
    soorten: list[Soortoverzicht]
    gemeenten: list[str]
    aanbieders: list[str]
    clienten: int
    toewijzingen: int = Field(description="Verschillende toewijzingnummers per gemeente, in JW301.")
    prestaties: int = Field(description="Regels in JW323.")
    open_verzoeken: int = Field(
        description="Verzoeken (JW315 en JW317) zonder toewijzing en zonder afwijzing."
    )
    onbeantwoord: list[Dossierbericht] = Field(
        description="Berichten zonder retourbericht of declaratie-antwoord in het dossier."
    )

    @property
    def berichten(self) -> int:
        """How many messages there are."""
        return sum(kind.aantal for kind in self.soorten)
