"""How the templates of web pages are read, for every kind of report alike."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from inkoopcheck.locations import report_templates_folder

if TYPE_CHECKING:
    from jinja2 import Environment


def page_environment(finalize: Callable[[object], object], folder: str = "") -> "Environment":
    """The templates in a folder of the templates; what is put in a page is escaped, and must be there.

    Args:
        finalize: cleans each value before it is escaped.
        folder: below the folder with templates.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(report_templates_folder() / folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=finalize,
    )
