"""What became of each drive: the verdict with its reasons, for people as a table and for scripts as JSON lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from bench.evidence import Evidence
from bench.facade import JobEnded
from bench.messages import Message
from bench.verdict import judge
from ui.cli.app import App, Status, cell
from ui.cli.progress import SIMULATION_STYLE, VERDICT_STYLES


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
    """Verdict, level, every reason in full, and where the documents lie."""
    t, judgement = app.texts, judge(result.evidence)
    asked, achieved = (t.say(f"level-{level.value}") for level in (result.evidence.plan.level_asked, judgement.level_achieved))
    lines = [
        cell(t.say(f"verdict-{judgement.verdict.value}"), VERDICT_STYLES[judgement.verdict]),
        *(cell(f"• {t.text(reason)}") for reason in (*result.obstacles, *judgement.reasons)),
        cell(t.say("cli-levels", asked=asked, achieved=achieved), "dim"),
    ]
    if result.number:
        kind = "certificate" if judgement.verdict.proves_erasure else "failure-report"
        lines.append(cell(t.say(f"cli-document-{kind}", number=result.number), "bold"))
        lines.append(cell(str(app.folder.certificates / f"{result.number}.{t.language.value}.pdf")))
    return Text("\n").join(lines)
