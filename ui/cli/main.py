"""The entry point: language first, then the command; every refusal in words, and a status that says what was done."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

import click

from bench.event_codec import MalformedEventError, UnknownEventError
from bench.messages import BenchError, Message, say
from ui.cli.app import PROGRAM, Status, cell, console
from ui.cli.local import explain, help_command
from ui.cli.tree import build
from ui.texts import Texts, detect_language, texts


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status (`Status`)."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _tolerate_encodings()
    try:
        language = detect_language(os.environ, _asked_language(given))
    except BenchError as error:
        return _refuse(texts(detect_language(os.environ)), error.messages)
    return _answering(texts(language), lambda: _run(texts(language), given))


def _run(t: Texts, arguments: list[str]) -> int:
    return int(build(t).main(arguments, prog_name=PROGRAM, standalone_mode=False))


def _answering(t: Texts, run: Callable[[], int]) -> int:
    """Run, and put into words whatever keeps it from running."""
    try:
        return run()
    except click.exceptions.NoArgsIsHelpError as help_page:
        click.echo(help_page.format_message(), err=True)
        return Status.REFUSED
    except click.UsageError as error:
        return _refuse(t, [explain(error), say("cli-see-help", command=help_command(error))])
    except BenchError as error:
        return _refuse(t, error.messages)
    except (UnknownEventError, MalformedEventError) as error:
        return _refuse(t, [say("journal-not-understood", why=str(error))])
    except (click.Abort, KeyboardInterrupt):
        _refuse(t, [say("cli-interrupted")])
        return Status.INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; Python would complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Status.REFUSED
    except OSError as error:
        return _refuse(t, [say("cli-system-error", what=str(error))])


def _refuse(t: Texts, messages: Sequence[Message]) -> Status:
    err = console(sys.stderr)
    for message in dict.fromkeys(messages):
        err.print(cell(t.text(message)), soft_wrap=not err.is_terminal)
    return Status.REFUSED


def _asked_language(arguments: Sequence[str]) -> str:
    """The value of the last `--lang`, wherever it stands; empty if it is not asked for."""
    asked = ""
    for place, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == "--lang" and place + 1 < len(arguments):
            asked = arguments[place + 1]
        elif argument.startswith("--lang="):
            asked = argument.partition("=")[2]
    return asked


def _tolerate_encodings() -> None:
    """A terminal that cannot show a character shows a question mark; it does not stop an erasure."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
