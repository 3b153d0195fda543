"""From evidence to the record: what it says, what it refuses to say, and its canonical bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from bench.context import ClockTrust
from bench.drive import Interface, Medium, SizeReading
from bench.evidence import Evidence
from bench.methods import Pass
from bench.plan import Level, Verify, VerifyKind
from bench.record.base import AbsenceReason, Absent, LbaRange
from bench.record.build import build_record
from bench.record.model import SIMULATION_NOTICE, Kind, Record
from bench.record.process import Access, PatternContent, StreamContent
from bench.record.result import NotCovered
from bench.record.schema import canonical
from bench.verdict import Judgement, Verdict, judge
from bench.work import Action, FaultKind
from support import evidence_samples as sample

NOT_PROVEN = [sample.failed, sample.failed_badly, sample.unproven, sample.aborted]


def test_the_samples_end_as_their_names_say() -> None:
    verdicts = [
        judge(make()).verdict
        for make in (sample.erased, sample.remarked, sample.failed, sample.unproven, sample.aborted)
    ]
    assert verdicts == [
        Verdict.ERASED,
        Verdict.ERASED_WITH_REMARKS,
        Verdict.FAILED,
        Verdict.UNPROVEN,
        Verdict.ABORTED,
    ]


@pytest.mark.parametrize("make", [sample.erased, sample.remarked])
def test_a_proven_erasure_makes_a_certificate(make: Callable[[], Evidence]) -> None:
    made = sample.record(make())
    assert made.kind is Kind.CERTIFICATE
    assert made.process.level_achieved is Level.CLEAR
    assert made.result.reasons == ()


@pytest.mark.parametrize("make", NOT_PROVEN)
def test_anything_less_makes_a_failure_report(make: Callable[[], Evidence]) -> None:
    made = sample.record(make())
    assert made.kind is Kind.FAILURE_REPORT
    assert made.process.level_achieved is Level.NONE
    assert made.result.reasons
    assert made.result.remarks == ()


@pytest.mark.parametrize("make", NOT_PROVEN)
def test_no_judgement_but_the_evidences_own_makes_a_record(make: Callable[[], Evidence]) -> None:
    flattering = Judgement(verdict=Verdict.ERASED, level_achieved=Level.CLEAR, reasons=())
    with pytest.raises(ValueError, match="does not come from this evidence"):
        build_record(
            make(), flattering, number="1", issued=sample.ISSUED, context=sample.CONTEXT, journal_sha256="0" * 64
        )


@pytest.mark.parametrize("make", NOT_PROVEN)
@pytest.mark.parametrize(
    "flattery",
    [
        {"kind": "erasure-certificate"},
        {"kind": "erasure-certificate", "result": {"verdict": "erased", "reasons": []}},
        {"process": {"level_achieved": "clear"}},
        {"result": {"reasons": []}},
    ],
)
def test_a_failure_report_cannot_be_read_as_more(make: Callable[[], Evidence], flattery: dict[str, object]) -> None:
    fields = json.loads(canonical(sample.record(make())))
    for name, value in flattery.items():
        if isinstance(value, dict):
            fields[name] |= value
        else:
            fields[name] = value
    with pytest.raises(ValueError, match=r"verdict|level|reasons"):
        Record.model_validate_json(json.dumps(fields))


def test_the_drive_is_told_whole() -> None:
    facts = sample.facts(serial="S" * 200, model="Modèle très long " * 9, wwn="")
    drive = sample.record(sample.erased(facts)).drive
    assert drive.identity.serial == "S" * 200
    assert drive.identity.model == "Modèle très long " * 9
    assert drive.identity.wwn == Absent(absent=AbsenceReason.NOT_REPORTED_BY_DRIVE)
    assert drive.identity.digest == facts.identity.digest
    assert drive.identity_at_end == drive.identity
    assert [item.source for item in drive.size_readings] == ["BLKGETSIZE64", "sysfs", "lseek"]


def test_every_size_reading_stands_as_it_was() -> None:
    facts = replace(sample.facts(), sizes=(SizeReading(source="a", size=1), SizeReading(source="b", size=2)))
    readings = sample.record(sample.erased(facts)).drive.size_readings
    assert [(item.source, item.size_bytes) for item in readings] == [("a", 1), ("b", 2)]


def test_passes_tell_content_times_rate_and_access() -> None:
    first, last = sample.record(sample.erased(passes=[Pass(pattern="92"), sample.STREAM])).process.passes
    assert first.content == PatternContent(pattern="92")
    assert first.verification == Absent(absent=AbsenceReason.NOT_ASKED)
    assert isinstance(last.content, StreamContent)
    assert last.content.algorithm == "aes-256-ctr"
    assert isinstance(last.content.key, str)
    assert last.synced_bytes == 64 * sample.MIB
    assert last.throughput_bytes_per_s == 64 * sample.MIB * 1000 // last.busy_ms
    assert last.access is Access.DIRECT
    assert not isinstance(last.verification, Absent)
    assert last.verification.compared_bytes == 64 * sample.MIB
    assert last.verification.seed == Absent(absent=AbsenceReason.NOT_APPLICABLE)


def test_a_pass_that_never_began_says_so() -> None:
    log = sample.JobLog(sample.plan(passes=(sample.ZEROS, sample.STREAM)))
    waiting = sample.record(log.start(0).fault(0).confirm().evidence).process.passes[1]
    not_started = Absent(absent=AbsenceReason.NOT_STARTED)
    assert waiting.content == StreamContent(algorithm=not_started, key=not_started)
    assert (waiting.started, waiting.access, waiting.verification) == (not_started, not_started, not_started)
    assert waiting.starts == 0


def test_interruptions_and_remarks_are_told_with_their_times() -> None:
    made = sample.record(sample.remarked())
    operator, ended = made.process.interruptions
    assert operator.cause == "operator"
    assert isinstance(operator.stopped, str)
    assert isinstance(operator.resumed, str)
    assert ended.stopped == Absent(absent=AbsenceReason.NOT_RECORDED)
    codes = [item.code for item in made.result.remarks]
    assert "remark-sampled" in codes
    assert "remark-interrupted-operator" in codes
    assert "remark-interrupted-program-ended" in codes
    assert "remark-pass-restarted" in codes
    assert "remark-buffered-io" in codes
    assert [tool.version for tool in made.process.tools] == ["0.1.0", "0.1.1"]


def test_faults_become_ranges_of_logical_blocks() -> None:
    log = sample.JobLog(sample.plan()).start(0).checkpoint(0, 4096)
    log.fault(0, offset=4096, length=4096).fault(0, offset=8192, length=512)
    log.fault(0, action=Action.READ, kind=FaultKind.MISMATCH, offset=1024, length=1)
    made = sample.record(log.confirm().evidence)
    fault = made.process.passes[0].faults[0]
    assert fault.range == LbaRange(first=8, last=15)
    assert fault.errno == 5
    assert made.process.passes[0].faults[2].errno == Absent(absent=AbsenceReason.NOT_APPLICABLE)
    last_block = 64 * sample.MIB // 512 - 1
    assert made.result.unwritten == (LbaRange(first=8, last=last_block),)
    assert made.result.mismatching == (LbaRange(first=2, last=2),)
    assert made.result.unreadable == ()


def test_separate_ranges_stay_separate() -> None:
    log = sample.JobLog(sample.plan()).write(0).verify_start(0)
    for offset in (40_960, 0, 512):
        log.fault(0, action=Action.READ, offset=offset, length=512)
    assert sample.record(log.confirm().evidence).result.unreadable == (
        LbaRange(first=0, last=1),
        LbaRange(first=80, last=80),
    )


@pytest.mark.parametrize(
    ("medium", "interface", "expected"),
    [
        (Medium.ROTATING, Interface.SATA, {NotCovered.REALLOCATED_SECTORS, NotCovered.HPA_DCO_NOT_EXAMINED}),
        (Medium.FLASH, Interface.NVME, {NotCovered.OVERPROVISIONING_ON_FLASH, NotCovered.NAMESPACES_NOT_EXAMINED}),
        (Medium.ROTATING, Interface.SAS, {NotCovered.REALLOCATED_SECTORS, NotCovered.HIDDEN_CAPACITY_NOT_EXAMINED}),
        (Medium.FILE, Interface.LOOP, {NotCovered.STORAGE_BENEATH_NOT_EXAMINED}),
        (
            Medium.UNKNOWN,
            Interface.UNKNOWN,
            {
                NotCovered.REALLOCATED_SECTORS,
                NotCovered.OVERPROVISIONING_ON_FLASH,
                NotCovered.HPA_DCO_NOT_EXAMINED,
            },
        ),
    ],
)
def test_what_stays_out_of_reach_is_told(medium: Medium, interface: Interface, expected: set[NotCovered]) -> None:
    made = sample.record(sample.erased(sample.facts(medium=medium, interface=interface)))
    assert set(made.result.not_covered) == expected


@pytest.mark.parametrize("medium", list(Medium))
@pytest.mark.parametrize("interface", list(Interface))
def test_there_is_always_something_out_of_reach(medium: Medium, interface: Interface) -> None:
    facts = sample.facts(medium=medium, interface=interface, simulated=interface is Interface.SIMULATED)
    assert sample.record(sample.erased(facts)).result.not_covered


def test_a_simulated_drive_or_clock_marks_the_record() -> None:
    assert sample.record(sample.erased()).simulation == Absent(absent=AbsenceReason.NOT_APPLICABLE)
    drive = sample.record(sample.erased(sample.facts(simulated=True)))
    clock = sample.record(sample.erased(), context=replace(sample.CONTEXT, clock=ClockTrust.SIMULATED))
    for made in (drive, clock):
        assert made.simulated
        assert made.simulation == SIMULATION_NOTICE


@pytest.mark.parametrize("change", [{"simulated": False}, {"simulation": {"absent": "not-applicable"}}])
def test_the_mark_of_simulation_cannot_be_taken_off(change: dict[str, object]) -> None:
    fields = json.loads(canonical(sample.record(sample.erased(sample.facts(simulated=True)))))
    with pytest.raises(ValueError, match="simulat"):
        Record.model_validate_json(json.dumps(fields | change))


def test_a_file_name_that_is_not_text_still_makes_a_record() -> None:
    made = sample.record(sample.erased(sample.facts(serial="/srv/d\udcffsk.img")))
    assert made.drive.identity.serial == "/srv/d\\udcffsk.img"
    assert Record.model_validate_json(canonical(made)) == made


@pytest.mark.parametrize("make", [sample.erased, sample.remarked, *NOT_PROVEN])
def test_canonical_bytes_read_back_to_the_same_record(make: Callable[[], Evidence]) -> None:
    content = canonical(sample.record(make()))
    again = Record.model_validate_json(content)
    assert canonical(again) == content
    assert b"null" not in content
    names = list(json.loads(content))
    assert names == sorted(names)


def test_sampling_tells_seed_share_and_places() -> None:
    evidence = sample.JobLog(sample.plan(verify=Verify(kind=VerifyKind.SAMPLE, permille=50))).all_passes().evidence
    check = sample.record(evidence).process.passes[0].verification
    assert not isinstance(check, Absent)
    assert (check.share_permille, check.places, check.seed) == (50, 1640, "5e" * 32)
