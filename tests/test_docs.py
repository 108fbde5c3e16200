"""The generated pages are up to date, and every norm has a rule or a reason why not."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from inkoopcheck.engine.ruleset import ALL_FAMILIES

DOCS = Path(__file__).resolve().parent.parent / "docs"


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("genereer", DOCS / "genereer.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def sources(generator: ModuleType) -> object:
    return generator.load_sources()


def test_every_norm_has_a_rule_or_a_reason(generator: ModuleType, sources: object) -> None:
    problems = generator.coverage_problems(sources)
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize(
    "name",
    [
        "normen.md",
        "regels.md",
        "parameters.md",
        "kolommen.md",
        "model-tarief.md",
        "model-lasten.md",
        "berichttabellen.md",
        "dekking.md",
        "resultaat.schema.json",
        *(f"regels/{family}.md" for family in ALL_FAMILIES),
    ],
)
def test_page_is_up_to_date(generator: ModuleType, sources: object, name: str) -> None:
    page = DOCS / name
    assert page.is_file(), f"docs/{name} is missing. Run: make docs"
    wanted = generator.PAGES[name](sources)
    assert page.read_text(encoding="utf-8") == wanted, f"docs/{name} is stale. Run: make docs"


def test_every_generated_page_is_tested(generator: ModuleType) -> None:
    tested = test_page_is_up_to_date.pytestmark[0].args[1]
    assert sorted(tested) == sorted(generator.PAGES)


def test_every_rule_of_the_message_standard_is_built(
    generator: ModuleType, sources: object
) -> None:
    problems = generator.message_coverage_problems(sources)
    assert not problems, "\n".join(problems)


def test_links_between_pages_lead_somewhere() -> None:
    pages = {page.resolve(): page.read_text(encoding="utf-8") for page in DOCS.rglob("*.md")}
    broken = []
    for page, text in pages.items():
        for target, anchor in re.findall(r"\]\(([\w./-]*)#([\w-]+)\)", text):
            other = (page.parent / target).resolve() if target else page
            if f'<a id="{anchor}"></a>' not in pages.get(other, ""):
                broken.append(f"{page.name}: {target}#{anchor}")
    assert not broken, broken
