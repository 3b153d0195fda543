"""All commands, joined in one language."""

from __future__ import annotations

import importlib.metadata
import sys
from pathlib import Path

import click

from bench.state import StateFolder
from ui import demo
from ui.cli import bus, certificate, drives, erase, keys, ledger, methods, plan, protect, resume
from ui.cli.app import PROGRAM, STATE_VARIABLE, App, console, default_state
from ui.cli.local import LocalGroup, LocalOption
from ui.texts import Texts

COMMANDS = (
    drives.command,
    methods.command,
    plan.command,
    erase.command,
    resume.command,
    protect.command,
    bus.command,
    certificate.command,
    ledger.command,
    keys.command,
    demo.command,
)


def build(t: Texts) -> click.Group:
    """The whole command in one language."""

    def enter(*, state: str | None) -> None:
        folder = StateFolder((Path(state) if state else default_state()).absolute())
        context = click.get_current_context()
        context.obj = App(texts=t, folder=folder, out=console(sys.stdout), err=console(sys.stderr))

    return LocalGroup(
        t, PROGRAM, [make(t) for make in COMMANDS], callback=enter, params=[_state(t), _language(t), _version(t)]
    )


def _state(t: Texts) -> click.Parameter:
    metavar, about = t.say("cli-metavar-dir"), t.say("cli-option-state", variable=STATE_VARIABLE)
    return LocalOption(["--state"], metavar=metavar, envvar=STATE_VARIABLE, help=about)


def _language(t: Texts) -> click.Parameter:
    # Read before the tree is built; here for the help page and to be accepted.
    return LocalOption(["--lang"], metavar="fr|en", expose_value=False, help=t.say("cli-option-lang"))


def _version(t: Texts) -> click.Parameter:
    def show(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's signature
        if value and not ctx.resilient_parsing:
            click.echo(f"{PROGRAM} {importlib.metadata.version(PROGRAM)}")
            ctx.exit()

    about = t.say("cli-option-version")
    return LocalOption(["--version"], is_flag=True, is_eager=True, expose_value=False, help=about, callback=show)
