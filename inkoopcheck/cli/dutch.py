"""click in Dutch: headings and help texts that click itself writes in English."""

from collections.abc import Callable
from typing import Any

import click


class _DutchHelp(click.Command):
    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = [
            piece.replace("[OPTIONS]", "[OPTIES]") for piece in self.collect_usage_pieces(ctx)
        ]
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix="Gebruik: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = [
            record for param in self.get_params(ctx) if (record := param.get_help_record(ctx))
        ]
        if records:
            with formatter.section("Opties"):
                formatter.write_dl(
                    [(name, text.replace("[default: ", "[standaard: ")) for name, text in records]
                )

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Toon deze uitleg."
        return option


class DutchCommand(_DutchHelp):
    """A command whose help is in Dutch."""


class DutchGroup(_DutchHelp, click.Group):
    """A group whose help is in Dutch."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)


def command(summary: str) -> Callable[[Callable[..., Any]], DutchCommand]:
    """Decorator for a command with Dutch help; ``summary`` is its line in the list of commands."""
    return click.command(cls=DutchCommand, short_help=summary)
