"""click in the reader's own language: its commands, help pages and complaints, built from our texts."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import click

from bench.messages import BenchError, Message, say
from bench.state import StateFolder
from ui.cli.app import PROGRAM, App
from ui.texts import Texts

Options = TypeVar("Options")


class UsageProblem(click.UsageError):
    """Wrong usage that we found ourselves; carries the sentence."""

    def __init__(self, message: Message, ctx: click.Context) -> None:
        super().__init__(message.id, ctx)
        self.sentence = message


class LocalFormatter(click.HelpFormatter):
    """Headings come with their own punctuation."""

    def write_heading(self, heading: str) -> None:
        """Write a heading."""
        self.write(f"{'':>{self.current_indent}}{heading}\n")


class LocalContext(click.Context):
    """Help is laid out by `LocalFormatter`."""

    formatter_class = LocalFormatter


class LocalArgument(click.Argument):
    """An argument that help explains."""

    def __init__(self, name: str, *, metavar: str, about: str, many: bool = False, required: bool = True) -> None:
        super().__init__([name], metavar=metavar, nargs=-1 if many else 1, required=required)
        self.about = about


class LocalOption(click.Option):
    """An option whose help is our text alone: click would add English words."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:  # noqa: ARG002 - click's signature
        """The option's names and what it is for."""
        if self.hidden:
            return None
        names = ", ".join(self.opts)
        return (names if self.is_flag else f"{names} {self.metavar}"), self.help or ""


class _Localised(click.Command):
    """What commands and groups share. `key` is the stem of their text ids: `cli-KEY-help`, `cli-KEY-short`."""

    context_class = LocalContext
    texts: Texts

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does; every complaint knows the command it is about."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=f"{self.texts.say('cli-usage')} ")

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the whole page."""
        self.format_usage(ctx, formatter)
        self.format_help_text(ctx, formatter)
        self._section(formatter, "cli-arguments", _arguments(self))
        self._section(formatter, "cli-options", _options(self, ctx))
        self._section(formatter, "cli-commands", _commands(self, ctx))

    def _section(self, formatter: click.HelpFormatter, heading: str, rows: list[tuple[str, str]]) -> None:
        if rows:
            with formatter.section(self.texts.say(heading)):
                formatter.write_dl(rows)


class LocalCommand(_Localised):
    """A command: `run(app, options)` gives the exit status; `options` is built from the values of `params`."""

    def __init__(
        self,
        texts: Texts,
        key: str,
        run: Callable[[App, Options], int],
        options: Callable[..., Options],
        params: Sequence[click.Parameter],
    ) -> None:
        def callback(**values: object) -> int:
            return run(_app(click.get_current_context()), options(**values))

        super().__init__(
            key.rpartition("-")[2],
            callback=callback,
            params=[*params, *_everywhere(texts), help_option(texts)],
            help=texts.say(f"cli-{key}-help"),
            short_help=texts.say(f"cli-{key}-short"),
            add_help_option=False,
            options_metavar=texts.say("cli-metavar-options"),
            context_settings={"allow_extra_args": True},
        )
        self.texts = texts

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, with our own sentence for what is too much."""
        rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            raise UsageProblem(say("cli-too-many-arguments", found=" ".join(rest), count=len(rest)), ctx)
        return rest


class LocalGroup(click.Group, _Localised):
    """A command made of commands. `params` are the first command's; other groups take the general options unseen."""

    def __init__(
        self,
        texts: Texts,
        key: str,
        commands: Sequence[click.Command],
        *,
        callback: Callable[..., None] | None = None,
        params: Sequence[click.Parameter] = (),
    ) -> None:
        def entry(**values: object) -> None:
            if callback is not None:
                callback(**values)
            ctx = click.get_current_context()
            if ctx.invoked_subcommand is None:
                raise click.exceptions.NoArgsIsHelpError(ctx)

        super().__init__(
            key,
            commands=list(commands),
            callback=entry,
            invoke_without_command=True,
            params=[*(params or _everywhere(texts)), help_option(texts)],
            help=texts.say(f"cli-{key}-help"),
            short_help=texts.say(f"cli-{key}-short"),
            add_help_option=False,
            options_metavar=texts.say("cli-metavar-options"),
            subcommand_metavar=texts.say("cli-metavar-command"),
        )
        self.texts = texts

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """In the order in which they were given: that of a day's work."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of that name; ours if there is none, with the nearest names."""
        if args[0] not in self.commands:
            raise UsageProblem(_unknown("command", args[0], self.commands), ctx)
        return super().resolve_command(ctx, args)


def help_option(texts: Texts) -> click.Option:
    """`--help`, eager like click's own."""

    def show(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's signature
        if value and not ctx.resilient_parsing:
            click.echo(ctx.get_help())
            ctx.exit()

    about = texts.say("cli-option-help")
    return LocalOption(["-h", "--help"], is_flag=True, is_eager=True, expose_value=False, help=about, callback=show)


def explain(error: click.UsageError) -> Message:
    """What is wrong with a command line, as one of our messages."""
    match error:
        case UsageProblem():
            return error.sentence
        case click.NoSuchOption():
            known = [name for param in error.ctx.command.params for name in param.opts] if error.ctx else []
            return _unknown("option", error.option_name, known)
        case click.BadOptionUsage():
            kind = "surplus" if _is_flag(error) else "missing"
            return say(f"cli-option-value-{kind}", option=error.option_name)
        case click.MissingParameter():
            kind = "option" if isinstance(error.param, click.Option) else "argument"
            return say(f"cli-missing-{kind}", name=_name(error.param))
        case click.BadParameter():
            return say("cli-bad-value", name=_name(error.param), why=error.message)
        case _:
            return say("cli-usage-problem", what=error.format_message())


def help_command(error: click.UsageError) -> str:
    """The command that shows the help page that answers the error."""
    return f"{error.ctx.command_path if error.ctx else PROGRAM} --help"


def converted(texts: Texts, convert: Callable[[str], object]) -> Callable[..., object]:
    """A click callback that turns what was typed into a value; a `BenchError` becomes click's own."""

    def callback(ctx: click.Context, param: click.Parameter, value: str | None) -> object:
        if value is None:
            return None
        try:
            return convert(value)
        except BenchError as error:
            raise click.BadParameter(texts.text(error.messages[0]), ctx, param) from None

    return callback


def _app(ctx: click.Context) -> App:
    app: App = ctx.obj
    return app


def _everywhere(texts: Texts) -> list[click.Option]:
    """The general options, taken after the command as well; help shows them once, on the first page."""

    def state(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
        if value is not None:
            ctx.obj = replace(_app(ctx), folder=StateFolder(Path(value).absolute()))

    return [
        LocalOption(["--state"], hidden=True, expose_value=False, callback=state, metavar=texts.say("cli-metavar-dir")),
        LocalOption(["--lang"], hidden=True, expose_value=False, metavar="fr|en"),
    ]


def _unknown(kind: str, name: str, known: Iterable[str]) -> Message:
    close = difflib.get_close_matches(name, list(known))
    if close:
        return say(f"cli-unknown-{kind}-close", name=name, close=", ".join(close))
    return say(f"cli-unknown-{kind}", name=name)


def _is_flag(error: click.BadOptionUsage) -> bool:
    params = error.ctx.command.params if error.ctx else []
    return any(isinstance(param, click.Option) and param.is_flag for param in params if error.option_name in param.opts)


def _name(param: click.Parameter | None) -> str:
    if isinstance(param, click.Option):
        return param.opts[-1]
    return str(param.metavar) if param is not None else "?"


def _arguments(command: click.Command) -> list[tuple[str, str]]:
    return [(str(param.metavar), param.about) for param in command.params if isinstance(param, LocalArgument)]


def _options(command: click.Command, ctx: click.Context) -> list[tuple[str, str]]:
    records = [param.get_help_record(ctx) for param in command.params if isinstance(param, click.Option)]
    return [record for record in records if record is not None]


def _commands(command: click.Command, ctx: click.Context) -> list[tuple[str, str]]:
    if not isinstance(command, click.Group):
        return []
    return [(name, command.commands[name].short_help or "") for name in command.list_commands(ctx)]
