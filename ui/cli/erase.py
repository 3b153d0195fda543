"""`tablerase erase`: plan, have it confirmed, erase all drives at once, and tell what became of each."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from bench import parties_file
from bench.catalogue import catalogue, find
from bench.correction import with_reference
from bench.facade import Bench
from bench.levels import Level
from bench.messages import BenchError, Message, say
from bench.methods import Method
from bench.parties import Handover
from bench.plan import DrivePlan, EraseRequest, PlanSet, Verify
from bench.settings import Settings
from ui.cli import outcome, params, plan
from ui.cli.app import App, Status, cell
from ui.cli.local import LocalCommand
from ui.cli.running import Session, follow, settings_of
from ui.texts import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was typed."""

    devices: tuple[str, ...]
    method: str
    verify: Verify
    rounds: int
    blank: bool
    methods_file: Path | None
    operator: str
    donor: Path | None
    donor_reference: str | None
    lot: str | None
    yes: bool
    checkpoint: float | None
    settings_file: Path | None
    as_json: bool
    level: Level | None
    policy_file: Path | None
    psid: tuple[str, ...]
    consent: bool

    def request(self, settings: Settings) -> EraseRequest:
        """What is asked of the bench. `BenchError` if the donor's file does not name one."""
        donor = settings.donor if self.donor is None else parties_file.donor_in(self.donor)
        donor = with_reference(donor, self.donor_reference)
        return params.request(
            self.devices,
            method=self.method,
            verify=self.verify,
            rounds=self.rounds,
            blank=self.blank,
            level=self.level,
            policy_file=self.policy_file,
            psid=self.psid,
            operator=self.operator,
            handover=Handover(donor=donor, refurbisher=settings.workshop, lot=self.lot or ""),
        )


def command(t: Texts) -> click.Command:
    """The command."""
    own = [
        params.operator(t),
        *params.handover(t),
        params.flag(t, "--yes", "yes", "cli-option-yes"),
        params.flag(t, "--consent", "consent", "cli-option-consent"),
        params.checkpoint(t),
        params.settings(t),
    ]
    return LocalCommand(t, "erase", run, Options, [params.devices(t), *params.erasure(t), *own, params.as_json(t)])


def run(app: App, options: Options) -> Status:
    """Erase. `BenchError`, and nothing written, if any drive of the set may not be erased."""
    manner = settings_of(options.settings_file, options.checkpoint)
    request = options.request(manner)
    method = find(catalogue(options.methods_file), request.method)
    if not options.yes:
        _require_terminal(app)
    with Session(app, manner, methods_file=options.methods_file) as session:
        plans = session.do(session.bench.plan(request))
        if plans.refusals:
            raise BenchError(
                *(reason for refusal in plans.refusals for reason in refusal.reasons), say("cli-nothing-done")
            )
        if plans.questions and options.yes and not options.consent:
            raise BenchError(*(asked.needs.question for asked in plans.questions), say("plan-consent-missing"))
        consent = "--yes" if options.yes else confirm(app, plans, request, method)
        agreed = _agreed(app, plans, options) if plans.questions else None
        started: dict[str, DrivePlan] = {}
        followed = session.do(
            follow(app, session.bench, lambda: _start(session.bench, plans, (consent, agreed), started))
        )
    results = outcome.outcomes(app, started, outcome.problems(followed.ended))
    return outcome.report(app, results, as_json=options.as_json, interrupted=followed.interrupted)


async def _start(
    bench: Bench, plans: PlanSet, consent: tuple[str, Message | None], started: dict[str, DrivePlan]
) -> Mapping[str, DrivePlan]:
    how, agreed = consent
    jobs = await bench.start(plans, how, agreed)
    # As they were recorded, the operator's agreement with them.
    started.update(zip(jobs, (plans.agreed(agreed) if agreed is not None else plans).plans, strict=True))
    return started


def _agreed(app: App, plans: PlanSet, options: Options) -> Message:
    """The operator's agreement to less than was asked: `--consent`, or a word typed. `BenchError` without it."""
    if not options.consent:
        for asked in plans.questions:
            app.err.print(cell(f"{asked.address}: {app.texts.text(asked.needs.question)}", "bold yellow"))
        word = app.texts.say("cli-consent-word")
        app.err.print(cell(app.texts.say("cli-confirm-question", word=word), "bold"), end=" ")
        if sys.stdin.readline().strip() != word:
            raise BenchError(say("cli-not-confirmed"))
    at = datetime.now().astimezone().isoformat(timespec="seconds")
    return say("stage-consent-operator", operator=options.operator or app.texts.say("cli-none"), at=at)


def _require_terminal(app: App) -> None:
    if not (sys.stdin.isatty() and app.err.is_terminal):
        raise BenchError(say("cli-no-terminal"))


def confirm(app: App, plans: PlanSet, request: EraseRequest, method: Method) -> str:
    """Show every drive and have a word typed; how it was confirmed. `BenchError` for any other word."""
    err, word = app.err, app.texts.say("cli-confirm-word")
    err.print(plan.drives_table(app, plans.plans))
    plan.put_stages(app, plans, err)
    if any(item.passes for item in plans.plans):
        for line in plan.summary(app, request, method):
            err.print(line)
    err.print(cell(app.texts.say("cli-confirm-warning", count=len(plans.plans)), "bold red"))
    err.print(cell(app.texts.say("cli-confirm-question", word=word), "bold"), end=" ")
    if sys.stdin.readline().strip() != word:
        raise BenchError(say("cli-not-confirmed"))
    return f"typed {word}"
