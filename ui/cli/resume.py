"""`tablerase resume`: go on with unfinished jobs, list them, or give them up on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich import box
from rich.table import Table
from rich.text import Text

from bench.evidence import Evidence
from bench.facade import Bench
from bench.messages import BenchError, Message, say
from bench.plan import DrivePlan
from bench.progress import bytes_done
from ui.cli import outcome, params
from ui.cli.app import App, Status, cell
from ui.cli.local import LocalArgument, LocalCommand
from ui.cli.running import Session, follow, settings_of
from ui.texts import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was typed."""

    jobs: tuple[str, ...]
    listing: bool
    abandon: bool
    operator: str
    checkpoint: float | None
    settings_file: Path | None
    as_json: bool
    psid: tuple[str, ...]


def command(t: Texts) -> click.Command:
    """The command."""
    metavar, about = t.say("cli-metavar-jobs"), t.say("cli-argument-jobs")
    return LocalCommand(
        t,
        "resume",
        run,
        Options,
        [
            LocalArgument("jobs", metavar=metavar, about=about, many=True, required=False),
            params.flag(t, "--list", "listing", "cli-option-resume-list"),
            params.flag(t, "--abandon", "abandon", "cli-option-abandon"),
            params.operator(t),
            params.checkpoint(t),
            params.settings(t),
            params.psid(t),
            params.as_json(t),
        ],
    )


def run(app: App, options: Options) -> Status:
    """Do one of the three."""
    if options.listing and options.abandon:
        raise BenchError(say("cli-one-of", options="--list, --abandon"))
    if options.listing:
        return _list(app, options)
    if options.abandon:
        return _abandon(app, options)
    return _resume(app, options)


def _resume(app: App, options: Options) -> Status:
    with Session(app, settings_of(options.settings_file, options.checkpoint)) as session:
        unfinished = session.do(session.bench.jobs(open_only=True))
        attempt = _Attempt(options.jobs, unfinished, params.psids(options.psid))
        if not attempt.wanted:
            app.say("cli-nothing-to-resume")
            return Status.DONE
        followed = session.do(follow(app, session.bench, lambda: attempt.start(session.bench)))
    obstacles = {**attempt.refused, **outcome.problems(followed.ended)}
    results = outcome.outcomes(app, attempt.wanted, obstacles)
    status = outcome.report(app, results, as_json=options.as_json, interrupted=followed.interrupted)
    return status if attempt.resumed else Status.REFUSED


class _Attempt:
    """What resuming comes to: `wanted` are the jobs that were named, or all unfinished ones."""

    def __init__(self, named: Sequence[str], unfinished: Sequence[Evidence], psids: Mapping[str, str]) -> None:
        self._psids = psids
        self._plans = {evidence.job: evidence.plan for evidence in unfinished}
        self.wanted = tuple(dict.fromkeys(named)) or tuple(self._plans)
        self.resumed: dict[str, DrivePlan] = {}
        self.refused: dict[str, tuple[Message, ...]] = {}

    async def start(self, bench: Bench) -> Mapping[str, DrivePlan]:
        """Resume what can be; the plans of what runs again. `BenchError` for a job that is not unfinished."""
        resumption = await bench.resume(self.wanted, self._psids)
        self.resumed = {job: self._plans[job] for job in resumption.resumed}
        self.refused = {job: refusal.reasons for job, refusal in resumption.refused}
        return self.resumed


def _abandon(app: App, options: Options) -> Status:
    """End jobs for good. They must be named: what is given up cannot be resumed."""
    if not options.jobs:
        raise BenchError(say("cli-abandon-which"))
    with Session(app) as session:
        known = {evidence.job for evidence in session.do(session.bench.jobs(open_only=True))}
        unknown = [job for job in options.jobs if job not in known]
        if unknown:
            raise BenchError(*(say("job-not-resumable", job=job) for job in unknown))
        for job in options.jobs:
            session.do(session.bench.cancel(job, options.operator or app.texts.say("cli-none")))
    results = outcome.outcomes(app, options.jobs, {})
    return outcome.report(app, results, as_json=options.as_json, interrupted=False)


def _list(app: App, options: Options) -> Status:
    unfinished = app.onlooker().unfinished()
    unknown = [job for job in options.jobs if job not in {evidence.job for evidence in unfinished}]
    if unknown:
        raise BenchError(*(say("job-not-resumable", job=job) for job in unknown))
    chosen = [evidence for evidence in unfinished if not options.jobs or evidence.job in options.jobs]
    if options.as_json:
        for evidence in chosen:
            app.put_json(_to_json(app, evidence))
    elif chosen:
        app.out.print(_table(app, chosen))
    else:
        app.say("cli-nothing-to-resume")
    return Status.DONE


def _why(evidence: Evidence) -> Message:
    """Why it stopped, as far as somebody could write it down."""
    if evidence.is_halted:
        gap = evidence.interruptions[-1]
        return say("cli-stopped-why", cause=gap.cause.value, at=gap.stopped)
    return say("cli-stopped-unrecorded", at=evidence.last_event)


def _to_json(app: App, evidence: Evidence) -> dict[str, Any]:
    facts = evidence.plan.facts
    return {
        "job": evidence.job,
        "device": facts.address,
        "model": facts.identity.model,
        "serial": facts.identity.serial,
        "size": facts.identity.size,
        "simulated": facts.simulated,
        "method": evidence.plan.method,
        "planned": evidence.planned,
        "last_event": evidence.last_event,
        "bytes_done": bytes_done(evidence),
        "bytes_to_move": evidence.plan.bytes_to_move,
        "stopped": app.sentences([_why(evidence)])[0],
    }


def _table(app: App, unfinished: Sequence[Evidence]) -> Table:
    table = Table(box=box.HORIZONTALS, show_lines=True, expand=True)
    table.add_column(app.texts.say("cli-column-job"), no_wrap=True)
    table.add_column(app.texts.say("cli-column-drive"), overflow="fold", ratio=2)
    table.add_column(app.texts.say("cli-column-state"), overflow="fold", ratio=3)
    for evidence in unfinished:
        state = [cell(app.texts.text(message)) for message in (outcome.progress_of(evidence), _why(evidence))]
        table.add_row(cell(evidence.job, "bold"), outcome.drive_cell(app, evidence), Text("\n").join(state))
    return table
