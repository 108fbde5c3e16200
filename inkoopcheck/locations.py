"""Where the project's own data lives. No other module builds a path to it.

An installed package has ``rules`` and ``xsd`` inside ``inkoopcheck``; a checkout has them
beside it, at the top, where the people who keep them look first.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _data_folder(name: str) -> Path:
    inside_package = _PACKAGE / name
    return inside_package if inside_package.is_dir() else _PACKAGE.parent / name


def rules_folder() -> Path:
    """Folder with the rule families, parameters, code lists and column synonyms."""
    return _data_folder("rules")


def xsd_folder() -> Path:
    """Folder with the XML schemas of the messages, per standard and release."""
    return _data_folder("xsd")


def derived_tables_file() -> Path:
    """SQL file with the macros and the tables derived from the base tables of contracts."""
    return _PACKAGE / "tables" / "derived.sql"


def cost_model_file() -> Path:
    """YAML file with the inputs and formulas of a real tariff."""
    return rules_folder() / "modellen" / "reeel_tarief.yaml"


def message_burden_file() -> Path:
    """SQL file with the views that show administrative burden in messages."""
    return _PACKAGE / "tables" / "berichtlasten.sql"


def derived_message_tables_file() -> Path:
    """SQL file with the macros and the tables derived from the base tables of messages."""
    return _PACKAGE / "tables" / "messages.sql"


def chain_tables_file() -> Path:
    """SQL file with the macros and the tables that put a message beside the messages before it."""
    return _PACKAGE / "tables" / "chain.sql"


def contract_tables_file() -> Path:
    """SQL file with the macros and the tables that put a message beside the contract."""
    return _PACKAGE / "tables" / "contract.sql"


def audit_tables_file() -> Path:
    """SQL file with the tables that an audit makes of the rows in its store."""
    return _PACKAGE / "audit" / "aggregates.sql"


def report_templates_folder() -> Path:
    """Folder with the Jinja2 templates of the HTML report."""
    return _PACKAGE / "reports" / "templates"
