"""What the record says of a drive that erased itself, and that a record of host overwriting stays as it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from bench import event_codec as codec
from bench import stage_events as se
from bench.capabilities import Answer, HiddenArea, HiddenKind
from bench.levels import Level
from bench.messages import say
from bench.record import firmware as fw
from bench.record.base import AbsenceReason, Absent, Sentence, absent
from bench.record.model import Kind, Record
from bench.record.result import NotCovered
from bench.record.schema import canonical
from bench.stage_evidence import StageState
from bench.stages import StageKind
from bench.techniques import ErasureState, Technique
from bench.verdict import Verdict
from support import evidence_samples as sample
from support.evidence_samples import MIB
from support.stage_samples import CLEAR, PURGE, SECURE, StageLog, ata, namespace, nvme, sanitize, sas, ssd
from ui.formats import Language
from ui.texts import texts

HPA = HiddenArea(kind=HiddenKind.HPA, in_use=Answer.YES, size=80 * MIB)
WAITING = ata(sanitize=sanitize(Technique.ATA_SANITIZE_OVERWRITE, state=ErasureState.RUNNING))


def record(log: StageLog) -> Record:
    return sample.record(log.evidence)


def commands(made: Record) -> tuple[fw.FirmwareCommand, ...]:
    assert not isinstance(made.process.firmware_commands, Absent)
    return made.process.firmware_commands


def refused() -> StageLog:
    log = StageLog.of(ata())
    log.until(1).begin(1).add(se.CommandRefused(index=1, reason=say("stage-passed-frozen")))
    return log


def survived() -> StageLog:
    log = StageLog.of(ata())
    log.until(3)
    known = log.evidence.stages.canaries
    assert known is not None
    return log.check(3, survivors=[known.planted[0].place]).all()


LOGS: dict[str, Callable[[], StageLog]] = {
    "disk": lambda: StageLog.of(ata()).all(),
    "flash": lambda: StageLog.of(ssd()).all(),
    "nvme": lambda: StageLog.of(nvme(Technique.NVME_SANITIZE_BLOCK)).all(),
    "reformatted": lambda: StageLog.of(sas(block=520)).all(),
    "on-top": lambda: StageLog.of(ata(), replace(PURGE, overwrite_on_top=True)).all(),
    "hiding": lambda: StageLog.of(ata(hidden=(HPA,))).restore(0, 80 * MIB).all(),
    "waited": lambda: StageLog.of(WAITING).all(),
    "planned": lambda: StageLog.of(ssd()),
    "under-way": lambda: StageLog.of(ata()).until(1).begin(1).accept(1),
    "refused": refused,
    "survived": survived,
    "host-only": lambda: StageLog.of(ata(), CLEAR).all(),
}


@pytest.mark.parametrize("name", LOGS)
def test_every_record_passes_an_independent_validator_and_comes_back(name: str) -> None:
    made = record(LOGS[name]())
    schema = json.loads((files("config") / "schema" / "record-1.schema.json").read_text("utf-8"))
    stored = canonical(made)
    Draft202012Validator(schema).validate(json.loads(stored))
    assert Record.model_validate_json(stored) == made
    for sentence in (*made.result.reasons, *made.result.remarks):
        assert all(texts(language).text(sentence.message()) for language in Language)
    for area in made.result.not_covered:
        assert all(texts(language).knows(f"not-covered-{area.value}-why") for language in Language)


def test_a_purge_tells_its_command_with_what_the_drive_said() -> None:
    made = record(LOGS["nvme"]())
    assert (made.kind, made.result.verdict) == (Kind.CERTIFICATE, Verdict.ERASED)
    assert (made.process.level_asked, made.process.level_achieved) == (Level.PURGE, Level.PURGE)
    assert (made.process.method.key, made.process.passes) == ("nvme-sanitize-block", ())
    (command,) = commands(made)
    assert (command.stage, command.technique, command.state) == (2, Technique.NVME_SANITIZE_BLOCK, StageState.DONE)
    assert (command.title, command.policy, command.seen_running) == ("NVMe Sanitize, block erase", "purge", True)
    assert isinstance(command.status_at_end, fw.StatusStatement)
    assert (command.status_at_end.state, command.status_at_end.mark) == (ErasureState.DONE, 0xA)
    assert command.estimate_s == 7200
    assert isinstance(command.canaries, fw.CanaryStatement)
    assert (command.canaries.planted, command.canaries.kept, command.canaries.survivors) == (64, 1, 0)
    assert isinstance(command.read_back, fw.ReadBackStatement)
    assert command.read_back.share_permille == 50


def test_a_proven_purge_covers_what_overwriting_leaves_out() -> None:
    assert record(LOGS["flash"]()).result.not_covered == (NotCovered.LOGICAL_VIEW_ONLY,)
    assert record(LOGS["on-top"]()).result.not_covered == ()
    assert record(LOGS["host-only"]()).result.not_covered == (NotCovered.REALLOCATED_SECTORS,)
    left = record(LOGS["survived"]()).result.not_covered
    assert NotCovered.REALLOCATED_SECTORS in left
    several = nvme(Technique.NVME_SANITIZE_BLOCK, spaces=(namespace(1), namespace(2)))
    assert NotCovered.NAMESPACES_NOT_EXAMINED in record(StageLog.of(several, held=(1, 2)).all()).result.not_covered


def test_both_erasures_of_flash_have_their_own_canaries() -> None:
    crypto, block = commands(record(LOGS["flash"]()))
    assert isinstance(crypto.canaries, fw.CanaryStatement)
    assert isinstance(block.canaries, fw.CanaryStatement)
    assert crypto.read_back == absent(AbsenceReason.NOT_APPLICABLE)
    assert isinstance(block.read_back, fw.ReadBackStatement)


def test_survivors_are_counted_on_a_failure_report() -> None:
    made = record(LOGS["survived"]())
    assert (made.kind, made.process.level_achieved) == (Kind.FAILURE_REPORT, Level.NONE)
    (command,) = commands(made)
    assert isinstance(command.canaries, fw.CanaryStatement)
    assert command.canaries.survivors == 1


def test_what_was_not_done_has_no_values() -> None:
    crypto, _ = commands(record(LOGS["planned"]()))
    assert crypto.state is StageState.WAITING
    assert crypto.started == crypto.canaries == absent(AbsenceReason.NOT_STARTED)
    (command,) = commands(record(LOGS["refused"]()))
    assert isinstance(command.refusal, Sentence)
    assert command.refusal.code == "stage-passed-frozen"
    (bare,) = commands(record(StageLog.of(ata(), replace(PURGE, canaries=0, read_back=0)).all()))
    assert bare.canaries == bare.read_back == absent(AbsenceReason.NOT_ASKED)


def test_waiting_and_reformatting_are_told_as_well() -> None:
    assert [item.kind for item in commands(record(LOGS["waited"]()))] == [StageKind.WAIT, StageKind.ERASE]
    assert [item.kind for item in commands(record(LOGS["reformatted"]()))] == [StageKind.ERASE, StageKind.REFORMAT]


def test_hidden_areas_and_what_was_done_about_them() -> None:
    made = record(LOGS["hiding"]())
    assert made.drive.native_size_bytes == 80 * MIB
    assert made.drive.identity.size_bytes == 64 * MIB
    assert isinstance(made.drive.identity_at_end, type(made.drive.identity))
    assert made.drive.identity_at_end.size_bytes == 80 * MIB
    areas = made.process.hidden_areas
    assert not isinstance(areas, Absent)
    (area,) = areas
    assert (area.in_use_before, area.action, area.in_use_after) == (Answer.YES, fw.HiddenAction.RESTORED, Answer.NO)
    disk = record(LOGS["disk"]())
    assert disk.drive.native_size_bytes == 64 * MIB
    assert not isinstance(disk.process.hidden_areas, Absent)
    assert {item.action for item in disk.process.hidden_areas} == {fw.HiddenAction.NONE_NEEDED}


def test_power_cycles_are_listed_with_what_shows_them() -> None:
    cycles = record(LOGS["hiding"]()).process.power_cycles
    assert not isinstance(cycles, Absent)
    assert [(item.stage, item.witness, item.count_after) for item in cycles] == [
        (2, se.PowerWitness.COUNTER, 12), (5, se.PowerWitness.COUNTER, 12),
    ]  # fmt: skip
    waiting = record(LOGS["planned"]()).process.power_cycles
    assert not isinstance(waiting, Absent)
    assert waiting[0].seen == absent(AbsenceReason.NOT_FINISHED)


def test_namespaces_and_bridge_are_the_drives_own_answers() -> None:
    made = record(LOGS["nvme"]())
    assert not isinstance(made.drive.namespaces, Absent)
    assert [item.nsid for item in made.drive.namespaces] == [1]
    assert made.drive.bridge == absent(AbsenceReason.NOT_APPLICABLE)


def test_a_record_of_host_overwriting_stays_as_it_was() -> None:
    made = sample.record(sample.erased())
    later = absent(AbsenceReason.NOT_YET_SUPPORTED)
    assert made.process.firmware_commands == absent(AbsenceReason.NOT_APPLICABLE)
    assert made.process.hidden_areas == made.process.power_cycles == later
    assert made.drive.bridge == made.drive.native_size_bytes == made.drive.namespaces == later


def test_a_plan_without_stages_is_stored_as_it_was() -> None:
    planned = sample.JobLog(sample.plan()).logged[0].event
    fields = codec.to_fields(planned)
    assert "stage_plan" not in fields["plan"]
    assert codec.from_fields(planned.TYPE, planned.VERSION, json.loads(json.dumps(fields))) == planned


def test_no_record_calls_overwriting_a_purge() -> None:
    flattered = json.loads(canonical(sample.record(sample.erased())))
    flattered["process"]["level_achieved"] = "purge"
    with pytest.raises(ValidationError, match="no Purge"):
        Record.model_validate_json(json.dumps(flattered))
    made = json.loads(canonical(record(StageLog.of(ata(*SECURE)).all())))
    made["process"]["firmware_commands"][0]["state"] = "failed"
    with pytest.raises(ValidationError, match="no Purge"):
        Record.model_validate_json(json.dumps(made))
