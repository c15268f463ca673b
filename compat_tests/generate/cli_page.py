"""docs/cli.md: the commands, out of the parser."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from compat_tests.generate.markdown import code, generated_from, table
from mabridge.cli import make_parser


def cli_page() -> str:
    """The document."""
    parser = make_parser()
    commands = dict(subcommands(parser))
    lines = [
        generated_from("`mabridge.cli.make_parser()`"),
        "# The command line",
        "",
        parser.description or "",
        "",
        "Exit codes: 0 done (parity: equal), 1 parity found a difference, 2 it could not be done; then one message on stderr says why.",
    ]
    for name, command in commands.items():
        lines += ["", f"## mabridge {name}", "", command.description or "", "", "```text", _usage(f"mabridge {name}", command), "```"]
        rows = [(_shown(action), _what(action)) for action in _told(command)]
        if rows:
            lines += ["", *table(("argument", "what it says"), rows)]
    return "\n".join(lines) + "\n"


def subcommands(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """The commands of a parser, by name, in order."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def _told(command: argparse.ArgumentParser) -> list[argparse.Action]:
    return [action for action in command._actions if not isinstance(action, argparse._HelpAction)]


def _values(action: argparse.Action) -> str:
    if action.nargs == 0:
        return ""
    if action.metavar is not None:
        return str(action.metavar)
    return "|".join(action.choices) if action.choices else action.dest.upper()


def _shown(action: argparse.Action) -> str:
    names = " / ".join(action.option_strings)
    return code(f"{names} {_values(action)}".strip())


def _what(action: argparse.Action) -> str:
    return f"{action.help or ''}{' (required)' if action.option_strings and action.required else ''}"


def _usage(name: str, command: argparse.ArgumentParser) -> str:
    given = [_values(action) for action in _told(command) if not action.option_strings]
    needed = [f"{action.option_strings[0]} {_values(action)}" for action in _told(command) if action.option_strings and action.required]
    optional = any(action.option_strings and not action.required for action in _told(command))
    return " ".join([name, *given, *needed, *(["[OPTIONS]"] if optional else [])])
