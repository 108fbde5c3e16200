"""Judge a message by the facts themselves, in plain Python, without any XML Schema.

Written from the tables of elements and data types, not from our structure source, so that a mistake in
the one shows against the other.
"""

import calendar
import re
from collections import defaultdict
from pathlib import Path

from lxml import etree

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_SPACE = " \t\r\n"
_KNOWN_XSI = {
    f"{XSI}{name}" for name in ("type", "nil", "schemaLocation", "noNamespaceSchemaLocation")
}

# The patterns of the facts, by hand in the dialect of Python.
_PATTERNS = {
    "[0-9]{8}": r"[0-9]{8}",
    "[0-9]{9}": r"[0-9]{9}",
    "[0-9]{4}": r"[0-9]{4}",
    "[0-9]*": r"[0-9]*",
    "[^:Z]*": r"[^:Z]*",
    "[^Z+-]+": r"[^Z+\-]+",
    r".*[^\s].*": r"[^\r\n]*[^ \t\r\n][^\r\n]*",
    r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)": r"((0|[1-9][0-9]*)(\.(?!$)|$)){3}(?<!\.)",
    "([a-zA-ZÀ-ỳ])+": "[a-zA-Z\u00c0-\u1ef3]+",
    "([a-zA-Z0-9])+": "[a-zA-Z0-9]+",
}


class Oracle:
    """Says of a message whether the facts allow it."""

    def __init__(self, facts: Path) -> None:
        self.types = {
            row["type"]: row for row in _rows(facts / "datatypes.tsv") if row["soort"] == "LDT"
        }
        about = {row["bericht"]: row for row in _rows(facts / "berichten_meta.tsv")}
        self.tag: dict[tuple[str, str], str] = {}
        self.rows: dict[tuple[str, str], dict[str, str]] = {}
        self.children: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in _rows(facts / "berichten.tsv"):
            name, path = row["bericht"], row["pad"]
            meta = about[name]
            space = meta["namespace" if row["ns_prefix"] != "ijw" else "namespace_basisschema"]
            parent, _, own = path.rpartition("/")
            self.tag[name, path] = f"{{{space}}}{own}"
            self.rows[name, path] = row
            self.children[name, parent].append(path)

    def allows(self, name: str, root: etree._Element) -> bool:
        """Do the facts allow this document as a message with this name (JW301)?"""
        return root.tag == self.tag[name, "Bericht"] and self._element(name, "Bericht", root)

    def _element(self, name: str, path: str, item: etree._Element) -> bool:
        row = self.rows[name, path]
        if not self._attributes(name, row, item):
            return False
        inside = [child for child in item if isinstance(child.tag, str)]
        text = (item.text or "") + "".join(child.tail or "" for child in item)
        if row["type"].startswith("ijw:LDT"):
            return not inside and self._value(row, text)
        if text.strip(_SPACE):
            return False
        for expected in self.children[name, path]:
            rule = self.rows[name, expected]
            count = 0
            while inside and inside[0].tag == self.tag[name, expected]:
                if rule["maxOccurs"] == "1" and count == 1:
                    break
                if not self._element(name, expected, inside.pop(0)):
                    return False
                count += 1
            if count < int(rule["minOccurs"]):
                return False
        return not inside

    def _attributes(self, name: str, row: dict[str, str], item: etree._Element) -> bool:
        if not set(item.keys()) <= _KNOWN_XSI or item.get(f"{XSI}nil") is not None:
            return False
        named = item.get(f"{XSI}type")
        if named is None:
            return True
        prefix, _, local = named.strip(_SPACE).rpartition(":")
        space = item.nsmap.get(prefix or None)
        wanted_prefix, _, wanted = row["type"].partition(":")
        wanted_space = item.nsmap.get(wanted_prefix)
        # An inline restriction has no name, so no name can mean it.
        return not row["inline_restrictie"] and (space, local) == (wanted_space, wanted)

    def _value(self, row: dict[str, str], text: str) -> bool:
        of = self.types[row["type"].removeprefix("ijw:")]
        if of["basis"] != "xs:string":
            text = " ".join(re.split(r"[ \t\r\n]+", text)).strip(" ")
        extra = row["inline_restrictie"].removeprefix("pattern=")
        if extra and not re.fullmatch(_PATTERNS.get(extra, extra), text):
            return False
        if of["enumeratie"] and text not in of["enumeratie"].split("|"):
            return False
        if of["minLength"] and len(text) < int(of["minLength"]):
            return False
        if of["maxLength"] and len(text) > int(of["maxLength"]):
            return False
        if of["type"] == "LDT_Commentaar":
            return bool(text.strip(_SPACE))
        if of["pattern"] and not re.fullmatch(_PATTERNS[of["pattern"]], text):
            return False
        if of["basis"] == "xs:integer":
            return bool(re.fullmatch(r"[+-]?[0-9]+", text)) and (
                int(of["minInclusive"]) <= int(text) <= int(of["maxInclusive"])
            )
        if of["basis"] == "xs:date":
            return _is_date(text)
        return of["basis"] != "xs:time" or _is_time(text)


def _is_date(text: str) -> bool:
    found = re.fullmatch(r"-?([1-9][0-9]{4,}|[0-9]{4})-([0-9]{2})-([0-9]{2})", text)
    if not found or int(found[1]) == 0 or not 1 <= int(found[2]) <= 12:
        return False
    year = int(found[1])
    return 1 <= int(found[3]) <= _days(-year if text[0] == "-" else year, int(found[2]))


def _days(year: int, month: int) -> int:
    # XML Schema 1.0 has no year 0: the year before 1 is -1, but leap years go by the number itself.
    return 28 + calendar.isleap(year) if month == 2 else calendar.mdays[month]


def _is_time(text: str) -> bool:
    found = re.fullmatch(r"([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?", text)
    if not found:
        return False
    hour, minute, second = int(found[1]), int(found[2]), int(found[3])
    if hour == 24:
        return not minute and not second and not (found[4] or "").strip(".0")
    return hour < 24 and minute < 60 and second < 60


def _rows(path: Path) -> list[dict[str, str]]:
    lines = path.read_text(encoding="utf-8").split("\n")
    head = lines[0].split("\t")
    return [dict(zip(head, line.split("\t"), strict=True)) for line in lines[1:] if line]
