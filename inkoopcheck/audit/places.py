"""Which gemeente a file is about, by the code list and by the names of its folders."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from inkoopcheck.engine.codelists import Codelist
from inkoopcheck.readers.vocabulary import plain

_ALSO_CALLED = {"den haag": "s gravenhage", "den bosch": "s hertogenbosch"}
_CODE = re.compile(r"(?<!\d)\d{4}(?!\d)")


@dataclass(frozen=True)
class Place:
    """A gemeente with its jeugdregio."""

    code: str
    naam: str
    regio_code: str
    regio_naam: str


class Places:
    """The gemeenten and jeugdregio's that we know.

    Args:
        codelists: the code lists ``gemeente`` (with the jeugdregio as explanation) and ``jeugdregio``.
    """

    def __init__(self, codelists: Mapping[str, Codelist]) -> None:
        regions = {item.betekenis: item.code for item in codelists["jeugdregio"].codes}
        self.by_code: dict[str, Place] = {}
        for item in codelists["gemeente"].codes:
            region = (item.toelichting or "").strip()
            self.by_code[item.code] = Place(
                item.code, item.betekenis, regions.get(region, ""), region
            )
        self._by_name: dict[str, str] = {
            plain(place.naam): place.code for place in self.by_code.values()
        }
        for name, official in _ALSO_CALLED.items():
            if official in self._by_name:
                self._by_name[name] = self._by_name[official]
        self._by_region = {plain(name): code for name, code in regions.items()}
        names = sorted(filter(None, self._by_name), key=len, reverse=True)
        self._name = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")

    def of_code(self, code: object) -> str | None:
        """The code when it is one of a gemeente."""
        text = str(code or "").strip()
        text = text.zfill(4) if text.isdigit() else text
        return text if text in self.by_code else None

    def of_name(self, name: object) -> str | None:
        """The code of the gemeente with this name, with or without the word gemeente."""
        words: str = plain(str(name or "")).removeprefix("gemeente ").strip()
        return self._by_name.get(words)

    def of_region(self, name: object) -> list[str]:
        """The codes of the gemeenten in the jeugdregio with this name or code."""
        text = str(name or "").strip()
        words = plain(text).removeprefix("jeugdregio ").removeprefix("regio ").strip()
        code = self._by_region.get(words, text.upper())
        return [place.code for place in self.by_code.values() if code and place.regio_code == code]

    def of_path(self, path: str) -> str | None:
        """The gemeente that a folder around a file names, by code or by name; the nearest folder first.

        A folder that names several gemeenten tells nothing.
        """
        for part in reversed(path.split("/")[:-1]):
            codes: set[str] = {code for code in _CODE.findall(part) if code in self.by_code}
            if not codes:
                codes = {self._by_name[name] for name in self._name.findall(plain(part))}
            if len(codes) == 1:
                return codes.pop()
        return None
