"""What a drive says it can do, readably: `tablerase drives -v`. What it does not say is shown as such."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rich import box
from rich.table import Table

from bench.capabilities import Answer, Capabilities, CommandSet, HiddenArea, NvmeCapabilities, Opal, Sanitize, Security
from bench.facade import DriveReport
from ui.cli import stages
from ui.cli.app import App, cell
from ui.texts import Texts

Row = tuple[str, str]


def put(app: App, report: DriveReport) -> None:
    """Write one drive's capabilities, or why they are not known."""
    t = app.texts
    app.put()
    app.put(cell(t.say("cli-capabilities", device=report.facts.address), "bold"))
    if report.capabilities is None:
        app.put(t.text(report.unasked) if report.unasked is not None else t.say("cli-capabilities-not-asked"))
        return
    table = Table(box=box.SIMPLE, expand=True, show_header=False, show_edge=False)
    table.add_column(overflow="fold", ratio=2)
    table.add_column(overflow="fold", ratio=5)
    for label, value in rows(t, report.capabilities):
        table.add_row(cell(t.say(f"cli-capability-{label}")), cell(value))
    app.out.print(table)
    for note in report.capabilities.notes:
        app.put(cell(t.text(note), "dim"))


def rows(t: Texts, found: Capabilities) -> list[Row]:
    """Label ids and values, in reading order; what a command set does not have is left out."""
    made = [("commands", t.say("cli-command-set", set=found.command_set.value, bridge=found.bridge or "none"))]
    made.append(("rotation", _rotation(t, found)))
    # One a line: the standards' names have commas in them.
    erasing = "\n".join(stages.title(t, item) for item in found.firmware_erase)
    made.append(("erasing", erasing or t.say("cli-none")))
    made.append(("sanitize", _sanitize(t, found.sanitize)))
    if found.command_set is CommandSet.ATA and found.security.supported is not Answer.INDETERMINATE:
        made.append(("security", _security(t, found.security)))
    made += [("hidden", _hidden(t, area)) for area in found.hidden]
    made.append(("opal", _opal(t, found.opal)))
    if found.nvme is not None:
        made += [("namespaces", line) for line in _nvme(t, found.nvme)]
    for sector in found.formats:
        made.append(("sectors", t.say("cli-sector-format", size=sector.block, protected=_yes(sector.protection))))
    if found.rotation != 0 and found.command_set is not CommandSet.NONE:
        made.append(("retired", _retired(t, found)))
    for label, answer in (("zoned", found.zoned), ("depopulated", found.depopulated)):
        if answer is not Answer.NO:
            made.append((label, _answer(t, answer)))
    made.append(("asked", t.say("cli-commands-sent", count=found.commands)))
    return made


def to_json(app: App, report: DriveReport) -> dict[str, Any] | None:
    """Everything, under the names of `bench.capabilities`; None with the reason in `unasked` where it is not known."""
    found = report.capabilities
    if found is None:
        return {"unasked": app.sentences([report.unasked])[0] if report.unasked is not None else None}
    whole: dict[str, Any] = asdict(found)
    return {**whole, "notes": app.sentences(found.notes)}


def _answer(t: Texts, answer: Answer) -> str:
    return t.say("cli-answer", answer=answer.value)


def _yes(holds: bool) -> str:  # noqa: FBT001 - a plain answer for a text's selector
    return "yes" if holds else "no"


def _rotation(t: Texts, found: Capabilities) -> str:
    if found.rotation is None:
        return _answer(t, Answer.INDETERMINATE)
    return t.say("cli-rotation", rpm=found.rotation, hybrid=found.hybrid.value)


def _retired(t: Texts, found: Capabilities) -> str:
    if found.retired_sectors is None:
        return _answer(t, Answer.INDETERMINATE)
    return t.say("cli-retired-sectors", count=found.retired_sectors)


def _sanitize(t: Texts, sanitize: Sanitize) -> str:
    if sanitize.determined is not Answer.YES:
        return _answer(t, sanitize.determined)
    progress = sanitize.progress if sanitize.progress is not None else 0
    return t.say("cli-sanitize-state", state=sanitize.state.value, permille=progress, frozen=sanitize.frozen.value)


def _security(t: Texts, found: Security) -> str:
    if found.supported is not Answer.YES:
        return _answer(t, found.supported)
    states = [
        t.say(f"cli-security-{name}", answer=value.value)
        for name, value in (("enabled", found.enabled), ("locked", found.locked), ("frozen", found.frozen))
    ]
    times = [
        t.say(f"cli-security-{name}", minutes=minutes)
        for name, minutes in (("minutes", found.erase_minutes), ("enhanced-minutes", found.enhanced_minutes))
        if minutes
    ]
    return ", ".join([*states, *times])


def _hidden(t: Texts, area: HiddenArea) -> str:
    return t.say("cli-hidden-area", kind=area.kind.value, answer=area.in_use.value, size=area.size)


def _opal(t: Texts, opal: Opal) -> str:
    return t.say(
        "cli-opal", kind=opal.kind.value, locked=opal.locked.value, shadowed=opal.shadowed.value,
        blocked=opal.sid_blocked.value,
    )  # fmt: skip


def _nvme(t: Texts, nvme: NvmeCapabilities) -> list[str]:
    shown = ", ".join(t.say("cli-namespace", nsid=item.nsid, size=item.size) for item in nvme.namespaces)
    rest = t.say("cli-nvme", controllers=nvme.controllers, unallocated=nvme.unallocated)
    return [shown, rest] if shown else [rest]
