"""What became of each drive: the verdict with its reasons, for people as a table and for scripts as JSON lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from bench.evidence import Evidence, PassEvidence, Stage
from bench.facade import JobEnded
from bench.messages import Message, say
from bench.plan import VerifyKind
from bench.progress import bytes_done
from bench.verdict import Verdict, judge
from ui.cli.app import App, Status, cell
from ui.cli.progress import SIMULATION_STYLE, VERDICT_STYLES

_MOST_REASONS = 12
"""On the screen: a drive may have thousands of faults. The document and `--json` have more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One drive at the end of a command. `obstacles` is what kept the work from going on, beside the evidence."""

    evidence: Evidence
    obstacles: tuple[Message, ...] = ()

    @property
    def number(self) -> str:
        """The number of its record; empty as long as there is none."""
        return self.evidence.concluded.number if self.evidence.concluded is not None else ""


def outcomes(app: App, jobs: Iterable[str], obstacles: Mapping[str, tuple[Message, ...]]) -> tuple[Outcome, ...]:
    """What the journal says of these jobs now."""
    onlooker = app.onlooker()
    return tuple(Outcome(evidence=onlooker.evidence(job), obstacles=obstacles.get(job, ())) for job in jobs)


def problems(ended: Mapping[str, JobEnded]) -> dict[str, tuple[Message, ...]]:
    """What the log could not say about how these jobs ended."""
    return {job: (end.problem,) for job, end in ended.items() if end.problem is not None}


def report(app: App, results: Sequence[Outcome], *, as_json: bool, interrupted: bool) -> Status:
    """Write what became of the drives; the exit status that follows from it."""
    for result in results if as_json else ():
        app.put_json(to_json(app, result))
    if not as_json and results:
        app.out.print(_table(app, results))
        if any(result.number for result in results):
            app.put(app.texts.say("cli-documents", folder=str(app.folder.certificates)))
    resumable = [result for result in results if result.evidence.is_open]
    if resumable:
        app.say("cli-resume-hint", count=len(resumable), style="bold")
    if interrupted and resumable:
        return Status.INTERRUPTED
    erased = all(judge(result.evidence).verdict.proves_erasure for result in results)
    return Status.DONE if erased else Status.NOT_ALL


def to_json(app: App, result: Outcome) -> dict[str, Any]:
    """One drive for scripts. `certificate` names an attestation only; another record is a `failure_report`."""
    facts, judgement = result.evidence.plan.facts, judge(result.evidence)
    proven = judgement.verdict.proves_erasure
    return {
        "device": facts.address,
        "model": facts.identity.model,
        "serial": facts.identity.serial,
        "wwn": facts.identity.wwn,
        "size": facts.identity.size,
        "simulated": facts.simulated,
        "job": result.evidence.job,
        "verdict": judgement.verdict.value,
        "reasons": app.sentences((*result.obstacles, *judgement.reasons)),
        "level_asked": result.evidence.plan.level_asked.value,
        "level_achieved": judgement.level_achieved.value,
        "certificate": (result.number or None) if proven else None,
        "failure_report": None if proven else (result.number or None),
        "resumable": result.evidence.is_open,
    }


def drive_cell(app: App, evidence: Evidence) -> Text:
    """A drive as people recognise it, its serial whole."""
    facts = evidence.plan.facts
    size = app.texts.say("cli-size", size=facts.identity.size)
    lines = Text("\n").join(
        [cell(facts.address, "bold"), cell(facts.identity.serial, "bold"), cell(f"{facts.identity.model}, {size}")]
    )
    if facts.simulated:
        lines.append("\n").append_text(cell(app.texts.say("cli-simulated"), SIMULATION_STYLE))
    return lines


def _table(app: App, results: Sequence[Outcome]) -> Table:
    table = Table(box=box.HORIZONTALS, show_lines=True, expand=True)
    table.add_column(app.texts.say("cli-column-drive"), overflow="fold", ratio=2)
    table.add_column(app.texts.say("cli-column-verdict"), overflow="fold", ratio=4)
    for result in results:
        table.add_row(drive_cell(app, result.evidence), _explanation(app, result))
    return table


def _explanation(app: App, result: Outcome) -> Text:
    """Verdict, level, the reasons in full sentences, and the number of its document."""
    t, judgement = app.texts, judge(result.evidence)
    proven = judgement.verdict.proves_erasure
    # Of a job that can go on, how far it is says more than what is not proven yet.
    unfinished = result.evidence.is_open and judgement.verdict is Verdict.UNPROVEN
    reasons = (progress_of(result.evidence),) if unfinished else judgement.reasons
    asked = t.say(f"level-{result.evidence.plan.level_asked.value}")
    achieved = t.say(f"level-{judgement.level_achieved.value}")
    lines = [
        cell(t.say(f"verdict-{judgement.verdict.value}"), VERDICT_STYLES[judgement.verdict]),
        *_bullets(app, (*result.obstacles, *reasons)),
    ]
    if not result.evidence.is_open:
        lines.append(cell(t.say("cli-levels", asked=asked, achieved=achieved), "dim"))
    if result.number:
        kind = "certificate" if proven else "failure-report"
        lines.append(cell(t.say(f"cli-document-{kind}", number=result.number), "bold"))
        if not (app.folder.certificates / f"{result.number}.json").exists():
            lines.append(cell(t.say("cli-document-waiting")))
    return Text("\n").join(lines)


def progress_of(evidence: Evidence) -> Message:
    """The first stage or pass that is unfinished, and how much of the whole work the journal proves."""
    stages = evidence.stages.items
    stage = next((item for item in stages if not item.is_behind), None)
    if stage is not None:
        return say("cli-unfinished-stage", number=stage.index + 1, stages=len(stages), kind=stage.kind.value)
    if not evidence.passes:
        return say("cli-unfinished-end")
    passes = len(evidence.passes)
    number = next((item.index + 1 for item in evidence.passes if not _is_done(evidence, item)), passes)
    permille = bytes_done(evidence) * 100 // evidence.plan.bytes_to_move * 10
    return say("cli-unfinished-progress", number=number, passes=passes, permille=permille)


def _is_done(evidence: Evidence, item: PassEvidence) -> bool:
    unread = evidence.plan.verifies(item.index).kind is VerifyKind.NONE
    return item.stage is Stage.VERIFIED or (unread and item.stage is Stage.WRITTEN)


def _bullets(app: App, messages: Sequence[Message]) -> Iterator[Text]:
    for message in messages[:_MOST_REASONS]:
        yield cell(f"• {app.texts.text(message)}")
    if len(messages) > _MOST_REASONS:
        yield cell(app.texts.say("cli-more-reasons", count=len(messages) - _MOST_REASONS))
