"""What a certificate says of the drive's own erasure, hidden areas and power cuts: as rows, in reading order."""

from __future__ import annotations

from bench.record.base import Absent
from bench.record.firmware import FirmwareCommand, HiddenAreaStatement, PowerCycleStatement
from bench.record.process import Process
from bench.stages import StageKind
from ui.paper.rows import Row, row, stated_row
from ui.texts import Texts


def firmware_rows(process: Process, texts: Texts) -> list[Row]:
    """Everything: commands with their proof, hidden areas, power cuts. Empty for a job of the host's passes alone."""
    if isinstance(process.firmware_commands, Absent) and isinstance(process.power_cycles, Absent):
        return []
    hidden = hidden_rows(process.hidden_areas, texts)
    return [*command_rows(process, texts), *hidden, *power_rows(process.power_cycles, texts)]


def brief_firmware_rows(process: Process, texts: Texts) -> list[Row]:
    """What the drive was told to do to erase itself, for the first page; the proof is in the annex."""
    if isinstance(process.firmware_commands, Absent):
        return []
    erasures = [command for command in process.firmware_commands if command.kind is StageKind.ERASE]
    return [row(_stage(command.stage, command.kind, texts), _command(command, texts)) for command in erasures]


def command_rows(process: Process, texts: Texts) -> list[Row]:
    """One row for each command given to the drive, and one for the canaries and the reading back of each erasure."""
    if isinstance(process.firmware_commands, Absent):
        return []
    found: list[Row] = []
    for command in process.firmware_commands:
        found.append(row(_stage(command.stage, command.kind, texts), _command(command, texts)))
        found += _proof(command, texts)
    return found


def hidden_rows(areas: tuple[HiddenAreaStatement, ...] | Absent, texts: Texts) -> list[Row]:
    """One row for each way of hiding capacity: whether it was in use, what was done, and whether it is now."""
    if isinstance(areas, Absent):
        return [stated_row(texts.say("paper-hidden"), areas, texts)]
    return [
        row(
            texts.say("paper-hidden-area", kind=area.kind.value),
            texts.say(
                "paper-hidden-value",
                before=area.in_use_before.value,
                action=area.action.value,
                after="unsaid" if isinstance(area.in_use_after, Absent) else area.in_use_after.value,
            ),
        )
        for area in areas
    ]


def power_rows(cycles: tuple[PowerCycleStatement, ...] | Absent, texts: Texts) -> list[Row]:
    """One row for each time the power was cut, or was to be."""
    if isinstance(cycles, Absent):
        return []
    return [row(_stage(cycle.stage, StageKind.POWER_CYCLE, texts), _power(cycle, texts)) for cycle in cycles]


def _stage(number: int, kind: StageKind, texts: Texts) -> str:
    return texts.say("paper-stage", number=number, kind=texts.say(f"stage-kind-{kind.value}"))


def _command(command: FirmwareCommand, texts: Texts) -> str:
    parts = [] if isinstance(command.title, Absent) else [command.title]
    parts.append(texts.say("paper-stage-state", state=command.state.value))
    if not isinstance(command.started, Absent) and not isinstance(command.ended, Absent):
        parts.append(texts.say("paper-period-value", start=command.started, end=command.ended))
    if command.seen_running:
        parts.append(texts.say("paper-seen-running"))
    if command.starts > 1:
        parts.append(texts.say("paper-starts", count=command.starts))
    return ", ".join(parts)


def _proof(command: FirmwareCommand, texts: Texts) -> list[Row]:
    found: list[Row] = []
    canaries = command.canaries
    if not isinstance(canaries, Absent):
        checked, survivors = canaries.checked, canaries.survivors
        value = (
            texts.say("paper-canaries-unchecked", planted=canaries.planted)
            if isinstance(checked, Absent) or isinstance(survivors, Absent)
            else texts.say(
                "paper-canaries-value",
                planted=canaries.planted,
                kept=canaries.kept,
                survivors=survivors,
                unread=0 if isinstance(canaries.unread, Absent) else canaries.unread,
            )
        )
        found.append(row(texts.say("paper-canaries"), value))
    read = command.read_back
    if not isinstance(read, Absent):
        value = texts.say(
            "paper-read-back-value",
            permille=read.share_permille,
            size=read.read_bytes,
            blank=read.blank_bytes,
            unread=read.unread_bytes,
            survivors=read.survivors,
        )
        found.append(row(texts.say("paper-read-back"), value))
    return found


def _power(cycle: PowerCycleStatement, texts: Texts) -> str:
    if isinstance(cycle.seen, Absent):
        return texts.say("paper-power-not-seen")
    if isinstance(cycle.count_before, Absent) or isinstance(cycle.count_after, Absent):
        return texts.say("paper-power-vanished", at=cycle.seen)
    return texts.say("paper-power-counted", at=cycle.seen, before=cycle.count_before, after=cycle.count_after)
