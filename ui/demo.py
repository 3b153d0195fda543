"""`tablerase demo`: the whole journey on virtual drives, with its unhappy ends, and the proof that it worked."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import click
from rich import box
from rich.table import Table

from bench import keys
from bench.facade import Bench
from bench.levels import Level
from bench.messages import BenchError, say
from bench.plan import DrivePlan, EraseRequest, PlanSet, Refusal
from bench.stages import StagePlan
from bench.state import StateFolder
from bench.techniques import Technique
from bench.verdict import judge
from bench.verification import Overall, verify
from ui import compose
from ui.cli import outcome, page, params, stages
from ui.cli.app import App, Status, cell
from ui.cli.local import LocalCommand
from ui.cli.outcome import Outcome
from ui.cli.progress import VERDICT_STYLES
from ui.cli.running import Session, follow
from ui.compose import RackDrive
from ui.texts import Texts

METHOD = "random"
"""Where the host has to overwrite."""
_MIB = 1 << 20
_UNITS = {"": _MIB, "M": _MIB, "G": 1 << 30}
_SIZE = re.compile(r"([0-9]{1,6})([MG]?)(?:i?B)?", re.IGNORECASE)
_LEAST, _MOST = 16 * _MIB, 1 << 40
_MARKER = ".tablerase-demo"
"""In a folder that a demo made, and may therefore remove."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was typed."""

    size: int
    folder: Path


def command(t: Texts) -> click.Command:
    """The command."""
    size = params.value(
        t, "--size", "size", metavar="cli-metavar-size", about="cli-option-demo-size", convert=_size, default="64M"
    )
    folder = params.value(
        t,
        "--folder",
        "folder",
        metavar="cli-metavar-dir",
        about="cli-option-demo-folder",
        convert=Path,
        default="demo",
    )
    return LocalCommand(t, "demo", run, Options, [size, folder])


def run(app: App, options: Options) -> Status:
    """Make eight drives with data on them, erase them, check the records, and search every drive for the data."""
    folder = _fresh(options.folder.absolute())
    app = replace(app, folder=StateFolder(folder / "state"))
    app.say("demo-planting", size=options.size, style="bold")
    rack = compose.demo_rack(folder, options.size)
    app.say(f"demo-planted-{'files' if rack[0].filesystem else 'text'}", count=sum(drive.traces() for drive in rack))
    with compose.demo_power(rack), Session(app) as session:
        plans = _planned(app, session, rack)
        started: dict[str, DrivePlan] = {}
        at = datetime.now().astimezone().isoformat(timespec="seconds")
        agreed = say("stage-consent-operator", operator="DEMO", at=at)

        async def start(bench: Bench = session.bench) -> dict[str, DrivePlan]:
            jobs = await bench.start(replace(plans, refusals=()), "demo", agreed)
            started.update(zip(jobs, plans.agreed(agreed).plans, strict=True))
            return started

        followed = session.do(follow(app, session.bench, start))
    results = outcome.outcomes(app, started, outcome.problems(followed.ended))
    if followed.interrupted:
        return outcome.report(app, results, as_json=False, interrupted=True)
    return _prove(app, rack, results, plans.refusals)


def _planned(app: App, session: Session, rack: Sequence[RackDrive]) -> PlanSet:
    """What the Purge policy comes to for each drive; what it refuses is told and left out, as an operator would."""
    addresses = tuple(drive.address for drive in rack)
    plans = session.do(session.bench.plan(_request(addresses)))
    refused = {refusal.facts.address for refusal in plans.refusals}
    for refusal in plans.refusals:
        app.say("demo-refused", device=refusal.facts.address, serial=refusal.facts.identity.serial, style="bold")
        app.complain(refusal.reasons)
    for item in plans.plans:
        if item.stage_plan is not None:
            app.say("demo-planned", serial=item.facts.identity.serial, what=_in_short(app.texts, item.stage_plan))
    for asked in plans.questions:
        app.say("demo-consent", device=asked.address, level=asked.needs.lesser.level.value, style="yellow")
    if not refused:
        return plans
    # Planned once more without it: a single refusal keeps a set from starting.
    rest = session.do(session.bench.plan(_request(tuple(item for item in addresses if item not in refused))))
    return replace(rest, refusals=plans.refusals)


def _request(addresses: tuple[str, ...]) -> EraseRequest:
    return EraseRequest(addresses=addresses, method=METHOD, operator="DEMO", level=Level.PURGE)


def _in_short(t: Texts, plan: StagePlan) -> str:
    """What erases the drive: its techniques in order, or the bench."""
    return ", ".join(stages.title(t, item) for item in plan.erasures or (Technique.OVERWRITE,))


def _prove(app: App, rack: Sequence[RackDrive], results: Sequence[Outcome], refusals: Sequence[Refusal]) -> Status:
    """Check ledger and certificates with the public key alone, and search the drives."""
    found_on = {drive.address: drive.traces() for drive in rack}
    traces = [found_on[result.evidence.plan.facts.address] for result in results]
    app.out.print(_table(app, results, traces, [(item, found_on[item.facts.address]) for item in refusals]))
    public = keys.load_public(keys.public_path(app.folder.key))
    report = app.onlooker().audit([public])
    documents = sorted(app.folder.certificates.glob("*.json"))
    intact = [verify(document.read_bytes(), [public]).overall is Overall.INTACT for document in documents]
    app.complain(report.findings)
    sound = not report.findings and all(intact) and len(documents) == len(results)
    app.put(app.texts.say(f"demo-ledger-{'intact' if sound else 'altered'}", count=report.records))
    page.write_page(app.folder.certificates / page.FILE_NAME)
    app.put(app.texts.say("demo-documents", folder=str(app.folder.certificates)))
    app.put(app.texts.say("demo-page", file=page.FILE_NAME, key=keys.public_path(app.folder.key).name))
    erased = [judge(result.evidence).verdict.proves_erasure for result in results]
    betrayed = sum(found for found, proven in zip(traces, erased, strict=True) if proven)
    app.put(app.texts.say("demo-traces-none" if not betrayed else "demo-traces-found", count=betrayed))
    return Status.DONE if sound and not betrayed and any(erased) else Status.NOT_ALL


def _table(
    app: App, results: Sequence[Outcome], traces: Sequence[int], refused: Sequence[tuple[Refusal, int]]
) -> Table:
    t = app.texts
    table = Table(box=box.HORIZONTALS, show_lines=True, expand=True, title=t.say("demo-title"))
    table.add_column(t.say("cli-column-drive"), no_wrap=True)
    table.add_column(t.say("cli-column-verdict"), overflow="fold", ratio=5)
    table.add_column(t.say("demo-column-traces"), justify="right", min_width=12)
    for result, found in zip(results, traces, strict=True):
        judgement = judge(result.evidence)
        lines = [
            cell(t.say(f"verdict-{judgement.verdict.value}"), VERDICT_STYLES[judgement.verdict]),
            cell(t.say(f"level-{judgement.level_achieved.value}"), "dim"),
            *(cell(t.text(reason)) for reason in judgement.reasons),
            cell(result.number, "dim"),
        ]
        identity = result.evidence.plan.facts.identity
        drive = cell(f"{identity.serial}\n{identity.model}")
        table.add_row(drive, cell("\n").join(lines), cell(t.say("demo-traces", count=found)))
    for refusal, found in refused:
        identity = refusal.facts.identity
        why = [cell(t.say("demo-not-begun"), "bold"), *(cell(t.text(reason)) for reason in refusal.reasons[:1])]
        drive = cell(f"{identity.serial}\n{identity.model}")
        table.add_row(drive, cell("\n").join(why), cell(t.say("demo-traces", count=found)))
    return table


def _fresh(folder: Path) -> Path:
    """An empty folder. What an earlier demo left is removed; anything else is somebody's and stays."""
    if folder.exists():
        if any(folder.iterdir()) and not (folder / _MARKER).is_file():
            raise BenchError(say("demo-folder-taken", folder=str(folder)))
        compose.demo_stop_leftovers(folder)
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / _MARKER).touch()
    return folder


def _size(text: str) -> int:
    match = _SIZE.fullmatch(text.strip())
    size = int(match[1]) * _UNITS[match[2].upper()] if match else 0
    if not _LEAST <= size <= _MOST:
        raise BenchError(say("demo-bad-size", found=text, least=_LEAST))
    return size
