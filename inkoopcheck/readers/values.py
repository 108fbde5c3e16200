"""Read what stands in a cell: amounts, dates, codes, units, as people really write them.

Every function gives the value, or None for an empty cell, or raises ``NotUnderstood`` with what
was expected. Nothing is guessed silently: a reading that could also mean something else is
returned with a remark.
"""

import datetime
import math
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from inkoopcheck.readers.sheet import Value
from inkoopcheck.readers.vocabulary import Vocabulary, plain

EMPTY_WORDS = frozenset(("", "n v t", "nvt", "n a", "niet van toepassing", "leeg"))
"""Words for "nothing here". A tariff "nader te bepalen" is something else: it is reported."""
MAX_AMOUNT = Decimal(10) ** 12


class NotUnderstood(ValueError):
    """A filled cell that cannot be read; ``expected`` says in Dutch what would do."""

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected


@dataclass(frozen=True)
class Price:
    """An amount with what the cell says beside it."""

    amount: Decimal
    unit: str | None = None
    unit_text: str | None = None
    level: str | None = None
    remark: str | None = None


def is_empty(value: Value | None) -> bool:
    """Whether a cell holds nothing: empty, a dash, n.v.t. and the like."""
    if value is None:
        return True
    return isinstance(value, str) and plain(value) in EMPTY_WORDS and "?" not in value


def as_text(value: Value) -> str:
    """A cell as text: dates as 1-7-2026, whole numbers without decimals, spaces tidied."""
    if isinstance(value, datetime.date):
        return f"{value.day}-{value.month}-{value.year}"
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")
    return " ".join(str(value).split())


_NINE_DIGITS = re.compile(r"(?<!\d)(?:\d[ .-]?){8}\d(?!\d)")


def mask_personal_data(text: str, longest: int = 80) -> str:
    """Text that may be shown: nine digits that pass the elfproef are hidden, long text is cut."""

    def hide(match: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", match[0])
        weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
        total = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True))
        return "[verborgen]" if total % 11 == 0 else match[0]

    shown = _NINE_DIGITS.sub(hide, " ".join(text.split()))
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


def holds_personal_number(text: str) -> bool:
    """Whether a text holds nine digits that pass the elfproef, and so may be a BSN."""
    return _NINE_DIGITS.search(text) is not None and mask_personal_data(
        text, len(text) + 20
    ) != " ".join(text.split())


def decimal_of(value: float | int) -> Decimal:
    """An exact decimal of a stored number, without the noise of binary fractions."""
    number = Decimal(repr(value))
    if not number.is_finite() or abs(number) > MAX_AMOUNT:
        raise NotUnderstood("een gewoon getal")
    rounded = number.quantize(Decimal("0.0000000001"), ROUND_HALF_UP)
    return Decimal(format(rounded.normalize(), "f")) if rounded else Decimal(0)


_AMOUNT = re.compile(
    r"(?P<euro>€|\beur(?:o)?\b)?\s*(?P<sign>[-−–](?=\s*€?\s*\d)|-/-)?\s*(?P<euro2>€)?\s*"
    r"(?P<number>\d{1,3}(?:[ '](?=\d{3}(?:\D|$))\d{3})+(?:[.,]\d+)?|\d[\d.,]*\d|\d)"
    r"(?P<dash>\s?[.,][-–−=]{1,2})?(?P<minus>(?<=[.,]\d\d)-(?=\s*$))?(?P<after>\s*(?:€|\beuro\b|\beur\b))?",
    re.IGNORECASE,
)
_LEVEL = re.compile(r"\b(mbo|hbo|wo)\b", re.IGNORECASE)
_NOTE_MARK = re.compile(r"\s*(?:\*+|[¹²³⁴⁵⁶⁷⁸⁹]+|\[\d{1,2}\]|\(\d{1,2}\)|(?<=\s)\d{1,2}\))\s*$")
_LOOSE = re.compile(
    r"\b(?:vanaf|minimaal|minimum|(?<!per )min\.(?=\s*€?\s*\d)|ca\b|circa|ongeveer|gemiddeld|indicatief|richtprijs)|±|≥|>",
    re.IGNORECASE,
)
_MOST = frozenset(("max", "maximaal", "maximum", "t m", "tot", "hoogstens", "ten hoogste"))
_RANGE = re.compile(r"\d\s*(?:-|–|tot|t/m)\s*(?:€|eur)?\s*\d", re.IGNORECASE)


def parse_number(text: str) -> tuple[Decimal, str | None]:
    """A number in Dutch or English notation, with a remark when it could mean two things.

    ``1.146,36`` and ``1,146.36`` are 1146.36; ``78,50`` and ``78.50`` are 78.50; ``1.146`` is
    1146 (Dutch thousands), with a remark.
    """
    cleaned = re.sub(r"[ '\u00a0]", "", text).rstrip(".,")
    remark = None
    last_comma, last_point = cleaned.rfind(","), cleaned.rfind(".")
    if last_comma >= 0 and last_point >= 0:
        decimal_mark = "," if last_comma > last_point else "."
        thousands = "." if decimal_mark == "," else ","
        whole, _, fraction = cleaned.rpartition(decimal_mark)
        if decimal_mark in whole or not re.fullmatch(rf"\d{{1,3}}(?:\{thousands}\d{{3}})*", whole):
            raise NotUnderstood("een getal, zoals 1.146,36")
        cleaned = f"{whole.replace(thousands, '')}.{fraction}"
    elif last_comma >= 0 or last_point >= 0:
        mark = "," if last_comma >= 0 else "."
        parts = cleaned.split(mark)
        grouped = all(len(part) == 3 for part in parts[1:]) and 1 <= len(parts[0]) <= 3
        if len(parts) > 2:
            if not grouped:
                raise NotUnderstood("een getal, zoals 1.146,36")
            cleaned = "".join(parts)
        elif grouped and parts[0] != "0":
            # One mark and three digits: thousands in Dutch with a point, a fraction with a comma.
            remark = "Drie cijfers na een punt of komma kan duizend of een deel van een euro zijn."
            cleaned = "".join(parts) if mark == "." else ".".join(parts)
        else:
            cleaned = ".".join(parts)
    try:
        number = Decimal(cleaned)
    except InvalidOperation:
        raise NotUnderstood("een getal, zoals 1.146,36") from None
    if abs(number) > MAX_AMOUNT:
        raise NotUnderstood("een gewoon getal")
    return number, remark


def parse_prices(value: Value | None, vocabulary: Vocabulary) -> list[Price]:
    """All prices in a cell, each with its unit and level when the cell names them.

    ``€ 78,- per uur (HBO)`` on one line and ``€ 51,- per uur (MBO)`` on the next are two prices.

    Raises:
        NotUnderstood: text without an amount, a range, or numbers of which the price is unclear.
    """
    if value is None or is_empty(value):
        return []
    if isinstance(value, bool | datetime.date):
        raise NotUnderstood("een bedrag, zoals € 78,50")
    if isinstance(value, int | float):
        return [Price(decimal_of(value))]
    prices: list[Price] = []
    for part in re.split(r"[\n;|]|\s/\s|\sen\s|\sof\s", value):
        if part.strip() and not is_empty(part):
            prices.extend(_prices_in_part(part, vocabulary))
    if not prices:
        raise NotUnderstood("een bedrag, zoals € 78,50")
    return prices


def without_note_mark(text: str) -> str:
    """The text without the mark of a footnote at its end: ``78,50 1)``, ``Tarief*``."""
    return _NOTE_MARK.sub("", text) if not text.isdigit() else text


def _prices_in_part(part: str, vocabulary: Vocabulary) -> list[Price]:
    part = without_note_mark(part.strip().lstrip("*")) or part
    if _LOOSE.search(part):
        raise NotUnderstood("één vast bedrag, zoals € 78,50")
    if re.fullmatch(r"\(\s*€?\s*\d[\d.,]*\s*\)", part):
        part = f"-{part.strip('()')}"
    tokens = list(_AMOUNT.finditer(part))
    marked = [t for t in tokens if t["euro"] or t["euro2"] or t["dash"] or t["after"]]
    chosen = marked or tokens[:1]
    if not chosen:
        if _LEVEL.search(part) or vocabulary.unit(part):
            return []
        raise NotUnderstood("een bedrag, zoals € 78,50")
    if not marked:
        before = part[: chosen[0].start()]
        if (
            plain(before)
            and plain(before) not in _MOST
            and not _LEVEL.search(before)
            and vocabulary.unit(before) is None
        ):
            raise NotUnderstood("een bedrag, zoals € 78,50")
        if len(tokens) > 1 and not re.match(r"\s*(?:per|/|p[/.])", part[chosen[0].end() :]):
            raise NotUnderstood("één bedrag, zoals € 78,50")
    if len(chosen) > 1 and _RANGE.search(part):
        raise NotUnderstood("één bedrag in plaats van een bedrag van tot")
    prices = []
    for number, token in enumerate(chosen):
        following = chosen[number + 1].start() if number + 1 < len(chosen) else len(part)
        tail = part[token.end() : following]
        context = f"{part[: token.start()] if number == 0 else ''} {tail}"
        amount, remark = parse_number(token["number"])
        if "%" in tail[:3]:
            raise NotUnderstood("een bedrag, geen percentage")
        level = _LEVEL.search(context)
        unit_text, unit = _unit_in(tail, vocabulary)
        if unit is None:
            unit_text, unit = (
                _unit_in(context, vocabulary) if unit_text is None else (unit_text, None)
            )
        prices.append(
            Price(
                -amount if token["sign"] or token["minus"] else amount,
                unit,
                unit_text,
                level[1].lower() if level else None,
                remark,
            )
        )
    return prices


def _unit_in(text: str, vocabulary: Vocabulary) -> tuple[str | None, str | None]:
    """The words after ``per`` or ``/`` that name a unit, and what they stand for."""
    found = re.search(r"(?:\bper\b|/|\bp[/.])\s*([^(),;*]+)", text, re.IGNORECASE)
    words = (found[1] if found else text).strip(" .:*")
    words = re.sub(r"\(.*?\)", "", words).strip()
    tokens = words.split()
    for length in range(min(3, len(tokens)), 0, -1):
        candidate = " ".join(tokens[:length])
        unit = vocabulary.unit(candidate)
        if unit:
            return candidate, unit
    return (words, None) if found and words else (None, None)


_QUANTITY = re.compile(
    r"(?:\d|x|uur|uren|min|minuten|dag|dagen|dagdeel|dagdelen|etmalen|keer|maal|week|weken|maal"
    r"|gesprekken|sessies|contacten)$"
)


def unit_in_name(text: str, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """The unit in a name such as ``Begeleiding per uur``; never one of ``4 uur per week``."""
    found: dict[str, str] = {}
    for match in re.finditer(r"([^\s(]*)[\s(]*\bper\s+([a-z]+)", text.lower()):
        if _QUANTITY.search(match[1]):
            return None
        unit = vocabulary.unit(match[2])
        if unit and unit not in ("week", "jaar"):
            found[unit] = f"per {match[2]}"
    return next(iter(found.items())) if len(found) == 1 else None


def parse_unit(value: Value | None, vocabulary: Vocabulary) -> tuple[str | None, str | None]:
    """The unit as written, and the WJ756 code or word it stands for (None when unknown)."""
    if value is None or is_empty(value):
        return None, None
    text = as_text(value)
    leading = re.match(r"^(01|04|14|16|82|83|84)\b|^([14])$", text)
    if leading:
        return text, leading[0].zfill(2)
    unit = vocabulary.unit(text) or vocabulary.unit(re.sub(r"\(.*?\)", "", text))
    return text, unit or _unit_in(text, vocabulary)[1]


def parse_frequency(value: Value | None, vocabulary: Vocabulary) -> str | None:
    """The WMO757 code of a frequency cell.

    Raises:
        NotUnderstood: not one of the four frequencies.
    """
    if value is None or is_empty(value):
        return None
    text = as_text(value)
    code = re.match(r"^([1246])\b\s*(.*)$", text)
    if code and (not code[2] or vocabulary.frequency(code[2]) == code[1]):
        return code[1]
    found = vocabulary.frequency(re.sub(r"^\d+\s*(?:x|keer)\s*", "", text.lower()))
    if found is None:
        raise NotUnderstood("per dag (1), per week (2), per maand (4) of totaal (6)")
    return found


def parse_variant(value: Value | None) -> str | None:
    """The uitvoeringsvariant of a cell.

    Raises:
        NotUnderstood: none of the three variants, or more than one.
    """
    if value is None or is_empty(value):
        return None
    text = plain(as_text(value))
    found = {
        name
        for name, words in (
            ("inspanningsgericht", ("inspanning", "pxq", "p x q", "p q")),
            ("outputgericht", ("output", "resultaat")),
            ("taakgericht", ("taak", "lumpsum", "lump sum")),
        )
        if any(word in text for word in words)
    }
    if len(found) != 1:
        raise NotUnderstood("inspanningsgericht, outputgericht of taakgericht")
    return found.pop()


_MONTHS = ("jan", "feb", "maa", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_DATE_FORMS = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    re.compile(r"(?<!\d)(?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(r"(?P<d>\d{1,2})\s*[-/.]\s*(?P<m>\d{1,2})\s*[-/.]\s*(?P<y>\d{4}|\d{2})(?!\d)"),
    re.compile(
        r"(?P<d>\d{1,2})\s*[- ]\s*(?P<w>[a-z]{3,9})\.?\s*[- ]?\s*(?P<y>\d{4})", re.IGNORECASE
    ),
)
_EXCEL_EPOCH = datetime.date(1899, 12, 30)


def find_dates(text: str) -> list[datetime.date]:
    """All dates in a text, in order: 1-1-2026, 2026-01-01, 1 januari 2026.

    Raises:
        NotUnderstood: something that looks like a date does not exist, such as 31-02-2026.
    """
    found: list[tuple[int, datetime.date]] = []
    rest = text
    for form in _DATE_FORMS:
        for match in form.finditer(rest):
            parts = match.groupdict()
            if "w" in parts:
                word = plain(parts["w"])[:3].replace("mrt", "maa")
                if word not in _MONTHS:
                    continue
                month = _MONTHS.index(word) + 1
            else:
                month = int(parts["m"])
            year = int(parts["y"])
            try:
                date = datetime.date(year + 2000 if year < 100 else year, month, int(parts["d"]))
            except ValueError:
                raise NotUnderstood("een bestaande datum, zoals 1-7-2026") from None
            found.append((match.start(), date))
        rest = form.sub(lambda match: " " * len(match[0]), rest)
    return [date for _, date in sorted(found)]


def parse_date(value: Value | None) -> datetime.date | None:
    """The date in a cell: a real date, a date as text, or a spreadsheet's serial number.

    Raises:
        NotUnderstood: no date, or more than one.
    """
    if value is None or is_empty(value):
        return None
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        if 20_000 < value < 80_000:
            return _EXCEL_EPOCH + datetime.timedelta(days=value)
        value = str(value)
    dates = find_dates(value) if isinstance(value, str) else []
    if len(dates) != 1:
        raise NotUnderstood("één datum, zoals 1-7-2026")
    return dates[0]


_NUMBER_WORDS = {
    word: number
    for number, word in enumerate(
        (
            "nul",
            "een",
            "twee",
            "drie",
            "vier",
            "vijf",
            "zes",
            "zeven",
            "acht",
            "negen",
            "tien",
            "elf",
            "twaalf",
        )
    )
}
_PLURAL = {"dag": "dagen", "werkdag": "werkdagen", "week": "weken", "maand": "maanden"}
_DAYS_PER = {"dag": 1, "week": 7, "maand": 30, "jaar": 365}
_PERIOD_WORD = re.compile(r"\b(werkdag|dag|week|weken|maand|mnd|jaar|jr)")


def parse_whole(value: Value | None, wanted: str | None = None) -> int | None:
    """A whole number; with ``wanted`` (dag, werkdag, week, maand) a period in that unit.

    ``6 maanden`` is 6 months, ``1 jaar`` is 12 months, ``4 weken`` is 28 days.

    Raises:
        NotUnderstood: no whole number, or a period that does not convert.
    """
    if value is None or is_empty(value):
        return None
    expected = f"een heel aantal {_PLURAL[wanted]}" if wanted else "een heel getal"
    if isinstance(value, bool | datetime.date):
        raise NotUnderstood(expected)
    if isinstance(value, int | float):
        if not math.isfinite(value) or value != int(value) or abs(value) > 1_000_000_000:
            raise NotUnderstood(expected)
        return int(value)
    text = plain(value)
    digits = re.search(r"\d+", text)
    words = [word for word in text.split() if word in _NUMBER_WORDS]
    if digits and re.fullmatch(r"[€\s]*[\d.,]+\s*[a-zA-Z()/. ]*", value.strip()):
        number_text = re.search(r"[\d.,]+", value)
        number, _ = parse_number(number_text[0] if number_text else "")
    elif digits is None and len(words) == 1:
        number = Decimal(_NUMBER_WORDS[words[0]])
    elif digits and len(re.findall(r"\d+", text)) == 1:
        number = Decimal(digits[0])
    else:
        raise NotUnderstood(expected)
    if number != number.to_integral_value():
        raise NotUnderstood(expected)
    whole = int(number)
    named = _PERIOD_WORD.search(text)
    if wanted is None or named is None:
        return whole
    unit = {"weken": "week", "mnd": "maand", "jr": "jaar"}.get(named[1], named[1])
    if unit == wanted:
        return whole
    if wanted == "maand" and unit == "jaar":
        return whole * 12
    if wanted == "dag" and unit in _DAYS_PER:
        return whole * _DAYS_PER[unit]
    if wanted == "werkdag" and unit == "week":
        return whole * 5
    if wanted == "week" and unit == "dag" and whole % 7 == 0:
        return whole // 7
    raise NotUnderstood(expected)


_YES = frozenset(
    ("ja", "j", "yes", "y", "true", "waar", "verplicht", "toegestaan", "wel", "x", "akkoord")
)
_NO = frozenset(
    ("nee", "n", "no", "false", "onwaar", "niet", "geen", "niet toegestaan", "niet verplicht")
)


def parse_yes_no(value: Value | None) -> bool | None:
    """Yes or no; a cell that starts with ``ja,`` or ``nee,`` counts too.

    Raises:
        NotUnderstood: neither.
    """
    if value is None or is_empty(value):
        return None
    if isinstance(value, bool):
        return value
    if value in (0, 1):
        return value == 1
    text = plain(as_text(value))
    if text in _NO or text.startswith(("nee ", "geen ", "niet ")):
        return False
    if text in _YES or text.startswith("ja "):
        return True
    raise NotUnderstood("ja of nee")


_SHARES = (
    *("weging", "index_weging", "productiviteit", "overhead", "aandeel", "bezetting", "indirect"),
    *("werkgever", "premies", "pensioen"),
)
"""Starts of fields that are a part of a whole: there a plain 0.8 is 80%."""


def parse_percentage(
    value: Value | None, *, shown_as_percentage: bool, field: str
) -> Decimal | None:
    """A percentage where 5 means five per cent.

    A cell that the spreadsheet shows as a percentage holds a fraction; so does a plain number up
    to 1 in a share (weging, productiviteit, overhead).

    Raises:
        NotUnderstood: no percentage.
    """
    if value is None or is_empty(value):
        return None
    expected = "een percentage, zoals 4,96"
    if isinstance(value, bool | datetime.date):
        raise NotUnderstood(expected)
    if isinstance(value, int | float):
        number = decimal_of(value)
        share = field.startswith(_SHARES)
        if shown_as_percentage or (share and 0 < number <= 1) or 0 < number < Decimal("0.2"):
            number *= 100
        return number.normalize() if number else Decimal(0)
    found = re.fullmatch(r"\s*([-+]?\d[\d.,]*)\s*(?:%|procent)?.{0,40}", value)
    if not found:
        raise NotUnderstood(expected)
    number, _ = parse_number(found[1].lstrip("+-"))
    return -number if found[1].startswith("-") else number


_CODE = re.compile(r"^\d{2}[0-9A-Z]{3}$")
_CODE_IN_TEXT = re.compile(r"\b(\d{2}[A-Z]\d{2}|5[45]\d{3}|\d{2}[A-Z]\d[A-Z]|\d{3}[A-Z]{2})\b")
_SERIES = re.compile(r"^\s*(\S+)\s*(?:t/m|tot en met|t\.e\.m\.)\s*(\S+)\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Codes:
    """Product codes in a cell, with the text beside them and a remark when read with care."""

    codes: tuple[str, ...]
    rest: str | None = None
    remark: str | None = None


def looks_like_code(value: Value | None) -> bool:
    """Whether a cell holds one or more product codes of five characters and nothing else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return 10_000 <= value <= 99_999 and str(value)[:2] in _NUMERIC_CATEGORIES
    if not isinstance(value, str):
        return False
    parts = [part for part in re.split(r"[/;,+&\n ]+", value.upper()) if part]
    return bool(parts) and all(
        _CODE.match(part) and (not part.isdigit() or part[:2] in _NUMERIC_CATEGORIES)
        for part in parts
    )


_NUMERIC_CATEGORIES = frozenset(str(number) for number in (*range(31, 39), *range(40, 56)))


def parse_codes(value: Value | None) -> Codes:
    """Product codes in a cell: one, several with separators, a series, or a code with its name.

    Raises:
        NotUnderstood: a number that a spreadsheet made of a code such as 45E04, or a broken series.
    """
    if value is None or is_empty(value):
        return Codes(())
    if isinstance(value, bool | datetime.date):
        raise NotUnderstood(
            "een productcode, zoals 45A04 (de spreadsheet heeft er iets anders van gemaakt)"
        )
    if isinstance(value, int | float):
        if isinstance(value, float) or value > 99_999 or value < 0:
            raise NotUnderstood(
                "een productcode als tekst; een code als 45E04 wordt anders een getal"
            )
        return Codes((str(value),))
    text = re.sub(r"^(\d{5})\.0$", r"\1", without_note_mark(" ".join(value.split())))
    series = _SERIES.match(text)
    if series:
        return Codes(_expand(series[1].upper(), series[2].upper()), remark="reeks uitgeschreven")
    parts = [
        part for part in re.split(r"\s*[/;,+&|]\s*|\s+en\s+|\s+of\s+|\s+", text.upper()) if part
    ]
    if all(_CODE.match(part) for part in parts):
        return Codes(tuple(dict.fromkeys(parts)))
    joined = re.sub(r"[\s.-]", "", text.upper())
    if re.fullmatch(r"\d{2}[A-Z]\d{2}|\d{5}", joined):
        return Codes((joined,))
    found = _CODE_IN_TEXT.findall(text.upper())
    if found:
        rest = _CODE_IN_TEXT.sub(" ", text.upper())
        original = re.sub("|".join(map(re.escape, found)), " ", text, flags=re.IGNORECASE)
        original = re.sub(r"\(\s*\)", " ", original)
        leftover = " ".join(re.sub(r"^[\s:/,;–-]+|[\s:/,;(–-]+$", "", original).split())
        has_words = set(plain(rest).split()) - {"en", "of", "t", "m"}
        return Codes(tuple(dict.fromkeys(found)), rest=leftover if has_words else None)
    if plain(text) in _NO_CODE:
        raise NotUnderstood("een productcode, zoals 45A48")
    if " " in text and not (re.search(r"\d", text) and len(text) <= 12):
        # Words where a code is expected: the name of a product, an explanation.
        return Codes((), rest=text)
    return Codes((text.upper() if re.search(r"\d", text) and len(text) <= 12 else text,))


_NO_CODE = frozenset(
    ("ntb", "n t b", "nader te bepalen", "pm", "p m", "volgt", "onbekend", "nog onbekend")
)


def names_code(value: Value) -> bool:
    """Whether a text is a product code with its name: ``45A48 - Begeleiding``, ``Dagbesteding (41A22)``."""
    if not isinstance(value, str) or len(value) > 150:
        return False
    text = value.strip().upper()
    found = list(_CODE_IN_TEXT.finditer(text))
    return len(found) == 1 and (
        found[0].start() == 0 or (text.endswith(")") and found[0].end() >= len(text) - 1)
    )


def _expand(first: str, last: str) -> tuple[str, ...]:
    head = re.match(r"^(.*?)(\d+)(\D*)$", first)
    tail = re.match(r"^(.*?)(\d+)(\D*)$", last)
    expected = "een reeks codes, zoals 45A04 t/m 45A09"
    if not head or not tail or (head[1], head[3], len(head[2])) != (tail[1], tail[3], len(tail[2])):
        raise NotUnderstood(expected)
    low, high = int(head[2]), int(tail[2])
    if not low < high <= low + 99:
        raise NotUnderstood(expected)
    return tuple(f"{head[1]}{number:0{len(head[2])}d}{head[3]}" for number in range(low, high + 1))


_OTHER_CODES = re.compile(r"\b(?:ook|tevens|geldt voor)\b[^()]*", re.IGNORECASE)


def other_codes_in(text: str, known: tuple[str, ...]) -> list[str]:
    """Codes that a description names besides the row's own, after words such as "ook voor"."""
    found = _OTHER_CODES.search(text)
    codes = _CODE_IN_TEXT.findall(found[0].upper()) if found else []
    return [code for code in dict.fromkeys(codes) if code not in known]


_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")
_PRICE_LEVEL = re.compile(
    r"\b(?:prijspeil|prijsniveau|loonpeil|peildatum|basisjaar)\D{0,10}(?:\d{1,2}[-/ ]\d{1,2}[-/ ])?20\d\d",
    re.IGNORECASE,
)
_BEFORE_DATE = r"(?:\b(?:per|vanaf|van|met ingang van|m\.i\.v\.|ingaande|ingang|geldig|tot en met|t/m|tot)\s*)*"
_DAY_IN_YEAR = re.compile(
    rf"{_BEFORE_DATE}(?:"
    r"\b\d{1,2}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*(?=20\d\d)"
    r"|\b\d{1,2}\s+(?:jan|feb|maart|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec)[a-z.]*\s+(?=20\d\d))",
    re.IGNORECASE,
)


def years_in(text: str) -> list[int]:
    """The distinct years from 2000 to 2049 in a text, in order; a price level only if alone."""
    years = _YEAR.findall(_PRICE_LEVEL.sub(" ", text)) or _YEAR.findall(text)
    return list(dict.fromkeys(int(year) for year in years))


def without_years(text: str) -> str:
    """The text with its years and dates taken out."""
    if not _YEAR.search(text):
        return text
    return _YEAR.sub(" ", _DAY_IN_YEAR.sub(" ", text))


def period_in(heading: str) -> tuple[datetime.date | None, datetime.date | None]:
    """First and last day in a heading such as ``Tarief per 1-7-2026``; whole years give nothing."""
    try:
        dates = find_dates(_PRICE_LEVEL.sub(" ", heading))
    except NotUnderstood:
        return None, None
    if len(dates) == 2 and dates[0] < dates[1]:
        whole = (dates[0].month, dates[0].day, dates[1].month, dates[1].day) == (1, 1, 12, 31)
        return (None, None) if whole and dates[0].year == dates[1].year else (dates[0], dates[1])
    announced = re.search(r"\b(?:per|vanaf|ingang|ingaande|geldig)\b|m\.i\.v\.", heading.lower())
    if len(dates) != 1 or not (announced or not plain(without_years(heading))):
        return None, None
    return (None, None) if (dates[0].month, dates[0].day) == (1, 1) else (dates[0], None)


def without_dates(text: str) -> str:
    """The text with full dates taken out; a year that stands alone stays."""
    return re.sub(rf"(?:{_DAY_IN_YEAR.pattern})20\d\d", " ", text, flags=re.IGNORECASE)
