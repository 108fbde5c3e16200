"""The words by which headings, units and frequencies are recognised; kept as data in
``rules/herkenning`` so that a user can add words."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from inkoopcheck.errors import UnusableInput
from inkoopcheck.locations import rules_folder
from inkoopcheck.tables.schema import TABLES

PERSONAL = "persoonsgegevens"
EXCLUDED = "uitgesloten"
_ONLY_EXACT = frozenset(("van", "vanaf", "tot", "per", "jaar", "prijzen", "duur", "schaal"))
"""Synonyms that are too common to be recognised within a longer heading."""
_EXTRA_FIELDS = {("contract", "looptijd")}


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """Text for comparison: lower case, no accents or punctuation, single spaces, % as a word."""
    decomposed = unicodedata.normalize("NFKD", text)
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(re.sub(r"[^0-9a-z]+", " ", letters.lower().replace("%", " procent ")).split())


@dataclass(frozen=True)
class Match:
    """A heading recognised as a field; ``rest`` is what the heading says beyond the field."""

    field: str
    rest: str
    exact: bool


class Vocabulary:
    """Recognises fields, units and frequencies by words."""

    def __init__(self, columns: Mapping[str, Any], units: Mapping[str, Any]) -> None:
        self.personal = frozenset(plain(word) for word in columns.get(PERSONAL, ()))
        self._fields: dict[str, dict[str, str]] = {}
        for table, fields in columns.items():
            if table in (PERSONAL, EXCLUDED):
                continue
            words: dict[str, str] = {}
            for name, synonyms in fields.items():
                title = TABLES[table].column_by_name.get(name)
                for word in (*synonyms, *((title.title,) if title else ())):
                    words.setdefault(plain(word), name)
            self._fields[table] = words
        self._compact = {
            table: {word.replace(" ", ""): name for word, name in words.items()}
            for table, words in self._fields.items()
        }
        self._excluded = {
            name: re.compile(rf"\b(?:{'|'.join(map(plain, words))})\b")
            for name, words in columns.get(EXCLUDED, {}).items()
        }
        self._found: dict[tuple[str, str], Match | None] = {}
        self._units = {plain(w): code for code, ws in units["eenheid"].items() for w in ws}
        self._frequencies = {plain(w): code for code, ws in units["frequentie"].items() for w in ws}

    def field(self, table: str, heading: str) -> Match | None:
        """The field of a table that a heading stands for, or None."""
        text = plain(heading)
        if (table, text) not in self._found:
            self._found[table, text] = self._find(table, text)
        return self._found[table, text]

    def excludes(self, name: str, text: str) -> bool:
        """Whether a heading says that it is not this field, such as Budget for a tariff."""
        pattern = self._excluded.get(name)
        return pattern is not None and pattern.search(plain(text)) is not None

    def _find(self, table: str, text: str) -> Match | None:
        words = self._fields.get(table, {})
        for candidate in (text, text.removesuffix(" procent")):
            if candidate in words:
                return Match(words[candidate], "", exact=True)
        # Broken over lines or spaced out: "Product- code", "T A R I E F".
        compact = self._compact.get(table, {}).get(text.replace(" ", ""))
        if compact and len(text) > 3:
            return Match(compact, "", exact=True)
        tokens = text.split()
        if not 2 <= len(tokens) <= 8:
            return None
        # The longest synonym that the heading starts or ends with, such as "tarief" in "tarief hbo".
        for length in range(len(tokens) - 1, 0, -1):
            for start in (0, len(tokens) - length):
                part = " ".join(tokens[start : start + length])
                if part in words and len(part) > 2 and part not in _ONLY_EXACT:
                    rest = " ".join(tokens[:start] + tokens[start + length :])
                    if self.excludes(f"{table}.{words[part]}", rest):
                        continue
                    other = words.get(rest, "tarief") if rest not in _ONLY_EXACT else "tarief"
                    if words[part] == "tarief" and other != "tarief":
                        return Match(other, part, exact=False)
                    return Match(words[part], rest, exact=False)
        return None

    def is_personal(self, heading: str) -> bool:
        """Whether a heading announces personal data."""
        return plain(heading) in self.personal

    def unit(self, text: str) -> str | None:
        """The unit that a text stands for: a WJ756 code, ``stuks``, ``dag`` or a word without code."""
        return _lookup(self._units, text)

    def frequency(self, text: str) -> str | None:
        """The WMO757 code that a text stands for."""
        return _lookup(self._frequencies, text)


def _lookup(words: Mapping[str, str], text: str) -> str | None:
    cleaned = plain(text)
    for candidate in (
        cleaned,
        cleaned.removeprefix("per "),
        cleaned.removeprefix("p "),
        cleaned.removeprefix("euro per "),
    ):
        if candidate in words:
            return words[candidate]
    return None


def _load(path: Path) -> Mapping[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise UnusableInput(f"Het bestand herkenning/{path.name} is geen leesbare YAML.") from None
    if not isinstance(content, Mapping):
        raise UnusableInput(
            f"Het bestand herkenning/{path.name} is geen lijst van velden met woorden."
        )
    return content


def load_vocabulary(user_folders: Iterable[Path] = ()) -> Vocabulary:
    """Load our word lists, with those of the user's folders added in front.

    Raises:
        UnusableInput: a word list is not readable or names an unknown table or field.
    """
    folders = [rules_folder(), *user_folders]
    merged: dict[str, dict[str, Any]] = {"kolommen": {}, "eenheden": {}}
    for folder in folders:
        for kind, target in merged.items():
            path = folder / "herkenning" / f"{kind}.yaml"
            if not path.is_file():
                continue
            for group, content in _load(path).items():
                if isinstance(content, list):
                    target.setdefault(group, [])[:0] = content
                    continue
                known = target.setdefault(group, {})
                for name, words in content.items():
                    known[name] = [*words, *known.get(name, [])]
    for table, fields in merged["kolommen"].items():
        if table in (PERSONAL, EXCLUDED):
            continue
        if table not in TABLES:
            raise UnusableInput(
                f"herkenning/kolommen.yaml noemt de tabel '{table}', maar die bestaat niet."
            )
        for name in fields:
            if name not in TABLES[table].column_by_name and (table, name) not in _EXTRA_FIELDS:
                raise UnusableInput(
                    f"herkenning/kolommen.yaml noemt bij '{table}' het veld '{name}', maar dat bestaat niet."
                )
    return Vocabulary(merged["kolommen"], merged["eenheden"])
