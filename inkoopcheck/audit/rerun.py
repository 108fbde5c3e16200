"""Make a report again from its own metadata, and say what differs."""

import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inkoopcheck.audit.run import META, Audit, Progress, Wishes
from inkoopcheck.audit.source import source_of
from inkoopcheck.engine.ruleset import parse_peildatum
from inkoopcheck.errors import UnusableInput, printable


@dataclass
class Rerun:
    """Whether the same came out, and otherwise what differs, in Dutch sentences."""

    differences: list[str] = field(default_factory=list)

    @property
    def same(self) -> bool:
        return not self.differences


def read_meta(report: Path) -> dict[str, Any]:
    """The metadata of a report.

    Raises:
        UnusableInput: the folder holds no whole report.
    """
    try:
        meta: dict[str, Any] = json.loads((report / META).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise UnusableInput(
            f"In {printable(report.name or str(report))} staat geen heel rapport van een audit."
        ) from None
    return meta


def rerun(report: Path, place: Path | str | None, progress: Progress | None) -> Rerun:
    """Read and judge everything again in a folder of its own, and compare with the report.

    Args:
        report: the folder with the report; it stays as it is.
        place: where the input is now (a folder or an address), when not where it was.
        progress: is told how far it is.

    Raises:
        UnusableInput: there is no report, or the input or settings are gone.
    """
    meta = read_meta(report)
    asked = meta["instellingen"]
    place = place or str(meta["invoer"]["map"])
    source = source_of(place)
    if not source.is_there():
        raise UnusableInput(
            f"{source.absent}. Zijn de bestanden verplaatst? Wijs ze dan aan met --map."
        )
    wishes = Wishes(
        peildatum=parse_peildatum(meta["peildatum"]),
        user_folders=tuple(map(Path, asked["regels"])),
        parameter_file=Path(asked["parameters"]) if asked["parameters"] else None,
        off=tuple((rule, reason) for rule, reason in asked["zonder"]),
        choices=tuple((rule, name) for rule, name in asked["keuzes"]),
        schemas=Path(asked["xsd"]) if asked["xsd"] else None,
        processes=meta["processen"],
    )
    with tempfile.TemporaryDirectory(prefix="inkoopcheck-herleid-") as name:
        again = Audit(place, Path(name) / "rapport", wishes, progress).run().meta
    return Rerun(list(_differences(meta, again)))


_NAMES = (
    ("versie", "De versie van inkoopcheck"),
    ("regelversie", "De versie van de regels"),
    ("peildatum", "De peildatum"),
    ("berichten", "Het aantal berichten"),
    ("prestaties", "Het aantal prestaties"),
    ("contracten", "Het aantal contracten"),
)


def _differences(meta: dict[str, Any], again: dict[str, Any]) -> list[str]:
    found = [
        f"{text} is anders: toen {meta[name]}, nu {again[name]}."
        for name, text in _NAMES
        if meta[name] != again[name]
    ]
    if meta["invoer"]["vingerafdruk"] != again["invoer"]["vingerafdruk"]:
        found.append(
            f"De bestanden zijn anders: toen {meta['invoer']['bestanden']}, nu {again['invoer']['bestanden']}."
        )
    if meta["uitkomst"] != again["uitkomst"]:
        found.append(
            "De cijfers zijn niet gelijk. Vergelijk de rapporten met: inkoopcheck vergelijk"
        )
    return found
