"""Messages made to do harm, or cut off: always one clear sentence, never a traceback or a wait."""

import base64
import io
import random
import resource
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from inkoopcheck.check_messages import MessageChecker
from inkoopcheck.engine.ruleset import MESSAGE_FAMILIES, load_ruleset
from inkoopcheck.findings.model import Resultaat
from inkoopcheck.readers import message_files
from tests.messages import RELEASE, SECRETS, message, written
from tests.mutations import mutate
from tests.test_message_reader import PEILDATUM, check, refused

START = b'<?xml version="1.0" encoding="UTF-8"?>\r\n'
GOOD = message("JW307")
BODY = GOOD.split(b"?>", 1)[1]
NAMESPACE = b"http://www.istandaarden.nl/ijw/3_2/jw307/schema"
LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))


@pytest.mark.parametrize(
    "prolog",
    [
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x [<!ENTITY l0 "lol">' + LAUGHS + b"]>",
        b'<!DOCTYPE x SYSTEM "http://example.invalid/x.dtd">',
        b"<!doctype html>",
        b"<!-- opmerking --><?pi x?> \n <!DOCTYPE x []>",
        b'<!-- <x> --><!DOCTYPE x PUBLIC "-//a//b" "http://example.invalid/">',
    ],
)
def test_a_doctype_is_refused_before_parsing(prolog: bytes) -> None:
    assert "DOCTYPE" in refused(START + prolog + BODY)


def test_a_doctype_in_a_wrapped_message_is_refused_too() -> None:
    inner = START + b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + BODY
    for wrapped in (b"<![CDATA[" + inner + b"]]>", base64.b64encode(inner)):
        assert "DOCTYPE" in refused(b"<x>" + wrapped + b"</x>")


def test_the_word_doctype_in_a_text_is_no_doctype() -> None:
    content = GOOD.replace(b"?>", b"?><!-- <!DOCTYPE x> -->", 1)
    assert check_bytes(content).berichten[0].xsd_geldig


def test_xinclude_and_schema_location_are_not_followed(tmp_path: Path) -> None:
    secret = written(tmp_path, "geheim.txt", b"ZEER-GEHEIM")
    include = (
        b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" href="'
        + secret.as_uri().encode()
        + b'"/>'
    )
    content = GOOD.replace(b"<jw307:Client>", b"<jw307:Client>" + include, 1)
    result = check(written(tmp_path, "b.xml", content))
    assert not result.berichten[0].xsd_geldig
    assert "ZEER-GEHEIM" not in result.model_dump_json()
    location = (
        b'<jw307:Bericht xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        b' xsi:schemaLocation="' + NAMESPACE + b' http://example.invalid/eigen.xsd" '
    )
    content = GOOD.replace(b"<jw307:Bericht ", location, 1)
    assert check_bytes(content).berichten[0].xsd_geldig


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is leeg"),
        (b"   \r\n", "is leeg"),
        (b"gewoon tekst", "begint niet met een element"),
        (b"%PDF-1.7", "begint niet met een element"),
        (GOOD.replace(b"StopProducten>", b"\x00StopProducten>", 1), "geen goede XML"),
        (GOOD.replace(b"</jw307:Bsn>", b"\x00</jw307:Bsn>", 1), "een teken dat in XML niet mag"),
        (GOOD.replace(b"</jw307:Bsn>", b"\xff</jw307:Bsn>", 1), "geen UTF-8"),
        (GOOD.replace(b"</jw307:Bsn>", b"&x;</jw307:Bsn>", 1), "schrijf een los & als &amp;"),
        (GOOD.replace(b"</jw307:Bsn>", b"</jw307:Bsm>", 1), "begin- en eindtag"),
        (GOOD + b"<x/>", "na het einde van het bericht staat nog iets"),
        (b"<a>" * 10_000 + b"</a>" * 10_000, "te diep genest"),
        (GOOD.decode().encode("utf-16"), "UTF-16"),
        (b"\xff\xfe\x00\x00" + GOOD.decode().encode("utf-32-le"), "UTF-32"),
        (GOOD.decode().encode("utf-16-le"), "UTF-16"),
        (GOOD.replace(b"UTF-8", b"ISO-8859-1", 1), "iso-8859-1"),
        (GOOD.replace(b"UTF-8", b"UTF-16", 1), "utf-16"),
        (START + b"<x " + b" ".join(b'a%d="1"' % n for n in range(20_000)) + b"/>", "attributen"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence(content: bytes, sentence: str) -> None:
    reason = check_bytes(content).onbruikbaar[0].reden
    assert sentence in reason
    assert not any(secret in reason for secret in SECRETS)


def test_a_syntax_error_names_its_line() -> None:
    content = GOOD.replace(b"</jw307:Bsn>", b"</jw307:Bsm>", 1)
    line = content[: content.index(b"</jw307:Bsm>")].count(b"\n") + 1
    assert f"Regel {line}, " in refused(content)


@pytest.mark.parametrize("tenth", range(1, 10))
def test_a_message_that_is_cut_off_is_refused(tenth: int) -> None:
    for name in ("JW301", "JW323"):
        whole = message(name)
        assert "geen goede XML" in refused(whole[: len(whole) * tenth // 10])


def test_a_huge_text_is_refused_or_reported(tmp_path: Path) -> None:
    huge = GOOD.replace(b"</jw307:Voornamen>", b"A" * 11_000_000 + b"</jw307:Voornamen>")
    huge = huge.replace(b"</ijw:Voornamen>", b"A" * 11_000_000 + b"</ijw:Voornamen>")
    assert len(huge) > 11_000_000
    assert "veel te lang" in check_bytes(huge).onbruikbaar[0].reden
    large = GOOD.replace(b"</ijw:Voornamen>", b"A" * 1_000_000 + b"</ijw:Voornamen>")
    start = time.monotonic()
    result = check_bytes(large)
    assert time.monotonic() - start < 20
    assert not result.berichten[0].xsd_geldig
    assert len(result.model_dump_json()) < 100_000


def test_a_text_with_only_spaces_takes_no_time() -> None:
    content = message("JW301").replace(
        b"</jw301:Commentaar>", b" " * 300_000 + b"x</jw301:Commentaar>"
    )
    start = time.monotonic()
    check_bytes(content)
    assert time.monotonic() - start < 20


def zipped(entries: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as package:
        for name, content in entries.items():
            package.writestr(name, content)
    return buffer.getvalue()


def test_names_in_a_zip_cannot_point_outside(tmp_path: Path) -> None:
    names = ("../buiten.xml", "a/../../buiten.xml", "/etc/x.xml", "C:/x.xml", "..\\buiten.xml")
    path = written(tmp_path, "b.zip", zipped({**dict.fromkeys(names, GOOD), "goed.xml": GOOD}))
    result = check(path)
    assert [m.bestand.naam for m in result.berichten] == ["b.zip/goed.xml"]
    assert len(result.onbruikbaar) == len(names)
    assert all("pad naar buiten" in item.reden for item in result.onbruikbaar)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["b.zip"]


def test_a_zip_bomb_is_refused_without_unpacking_it(tmp_path: Path) -> None:
    bomb = zipped({"bom.xml": b"<a>" + b" " * 200_000_000 + b"</a>", "goed.xml": GOOD})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = check(written(tmp_path, "b.zip", bomb))
    assert "niet veilig" in result.onbruikbaar[0].reden
    assert [m.bestand.naam for m in result.berichten] == ["b.zip/goed.xml"]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04 kapot", "beschadigd"),
        (zipped({"a.xml": GOOD})[:-30], "beschadigd"),
        (zipped({"a.txt": b"x"}), "geen berichten"),
        (zipped({"a.zip": zipped({"b.xml": GOOD})}), "nog een zip"),
    ],
)
def test_a_zip_that_is_no_use_says_why(tmp_path: Path, content: bytes, sentence: str) -> None:
    result = check(written(tmp_path, "b.zip", content))
    assert not result.berichten
    assert any(sentence in item.reden for item in result.onbruikbaar)


def test_a_damaged_file_in_a_zip_does_not_stop_the_rest(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.xml": GOOD, "b.xml": GOOD}, zipfile.ZIP_STORED))
    content[200] ^= 0xFF
    result = check(written(tmp_path, "b.zip", bytes(content)))
    assert [m.bestand.naam for m in result.berichten] == ["b.zip/b.xml"]
    assert "beschadigd" in result.onbruikbaar[0].reden


def test_too_large_a_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_files, "MAX_MESSAGE_BYTES", 1000)
    result = check(
        written(tmp_path, "b.xml", GOOD), written(tmp_path, "b.zip", zipped({"a.xml": GOOD}))
    )
    assert len(result.onbruikbaar) == 2
    assert all("te veel om te controleren" in item.reden for item in result.onbruikbaar)


def test_random_bytes_never_end_in_a_traceback(tmp_path: Path) -> None:
    rng = random.Random(7)
    paths = []
    for number in range(150):
        content = bytearray(message(rng.choice(list(RELEASE.messages)), seed=number))
        for _ in range(rng.randint(1, 4)):
            content[rng.randrange(len(content))] = rng.randrange(256)
        paths.append(written(tmp_path, f"{number}.xml", bytes(content)))
    result = check(*paths)
    assert len(result.berichten) + len(result.onbruikbaar) == len(paths)


def test_every_change_gets_a_verdict_and_shows_nothing_of_a_person(tmp_path: Path) -> None:
    names = sorted(RELEASE.messages)
    root = {name: etree.fromstring(message(name)) for name in names}
    folder = tmp_path / "veranderd"
    folder.mkdir()
    for seed in range(400):
        name = names[seed % len(names)]
        _, content = mutate(root[name], seed, RELEASE.messages[name])
        written(folder, f"{seed:04}.xml", content)
    result = check(folder)
    assert len(result.berichten) + len(result.onbruikbaar) == 400
    text = result.model_dump_json()
    shown = [secret for secret in SECRETS if secret in text]
    assert not shown, shown
    assert not any(r.uitkomst == "mislukt" for r in result.berichtregels)


def test_the_installed_command_refuses_hostile_files_with_exit_code_2(tmp_path: Path) -> None:
    bad = written(
        tmp_path, "xxe.xml", START + b'<!DOCTYPE x SYSTEM "http://example.invalid/">' + BODY
    )
    run = subprocess.run(
        [sys.executable, "-m", "inkoopcheck", "bericht", str(bad)], capture_output=True, text=True
    )
    assert run.returncode == 2
    assert "Traceback" not in run.stderr
    assert run.stderr.strip() == (
        "xxe.xml: Het bestand bevat een DOCTYPE. Dat is niet veilig en hoort niet in een bericht."
    )


def check_bytes(content: bytes) -> Resultaat:
    """Check one message that never was a file, as a zip holds it."""
    checker = MessageChecker(load_ruleset(MESSAGE_FAMILIES), PEILDATUM)
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        return checker.run([written(Path(folder), "bericht.xml", content)])
