"""From evidence to the record: what it says, what it refuses to say, and its canonical bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import events as ev
from bench.context import ClockTrust
from bench.drive import Interface, Medium, SizeReading
from bench.evidence import Evidence, FaultRecord, fold
from bench.methods import Pass
from bench.plan import Level, Verify, VerifyKind
from bench.record import process
from bench.record.base import AbsenceReason, Absent, LbaRange
from bench.record.build import Issue, build_record
from bench.record.model import SIMULATION_NOTICE, Kind, Record
from bench.record.process import Access, FaultCounts, PatternContent, StreamContent
from bench.record.reading import MAX_BYTES
from bench.record.result import NotCovered
from bench.record.schema import canonical
from bench.verdict import Judgement, Verdict, judge
from bench.work import Action, FaultKind, Outcome
from support import evidence_samples as sample
from support.event_strategies import of_type

NOT_PROVEN = [sample.failed, sample.fake, sample.given_up, sample.unproven, sample.aborted]


def test_the_samples_end_as_their_names_say() -> None:
    verdicts = [judge(make()).verdict for make in (sample.erased, sample.remarked, sample.sick, *NOT_PROVEN)]
    assert verdicts == [
        Verdict.ERASED,
        Verdict.ERASED_WITH_REMARKS,
        Verdict.ERASED_WITH_REMARKS,
        *[Verdict.FAILED] * 3,
        Verdict.UNPROVEN,
        Verdict.ABORTED,
    ]


@pytest.mark.parametrize("make", [sample.erased, sample.remarked, sample.sick])
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
            make(),
            flattering,
            Issue(number="1", issued=sample.ISSUED, context=sample.CONTEXT, journal_sha256="0" * 64),
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
    log.mismatch(0, offset=1024, length=1, holds=sample.MIB)
    made = sample.record(log.confirm().evidence)
    written, _, read = made.process.passes[0].faults
    not_applicable = Absent(absent=AbsenceReason.NOT_APPLICABLE)
    assert written.range == LbaRange(first=8, last=15)
    assert (written.errno, written.tries, written.outcome) == (5, 3, Outcome.LASTING)
    assert written.belongs_to_bytes == not_applicable
    assert (read.errno, read.belongs_to_bytes) == (not_applicable, sample.MIB)
    last_block = 64 * sample.MIB // 512 - 1
    assert made.result.unwritten == (LbaRange(first=8, last=last_block),)
    assert made.result.mismatching == (LbaRange(first=2, last=2),)
    assert made.result.unreadable == ()


def test_what_was_not_reached_begins_at_the_checkpoint_even_inside_a_fault() -> None:
    log = sample.JobLog(sample.plan()).start(0).fault(0, offset=0, length=512)
    made = sample.record(log.fault(0, offset=4096, length=4096).checkpoint(0, 6144).evidence)
    last_block = 64 * sample.MIB // 512 - 1
    first, second, rest = made.result.unwritten
    assert (first, second, rest) == (
        LbaRange(first=0, last=0),
        LbaRange(first=8, last=11),
        LbaRange(first=12, last=last_block),
    )
    (statement,) = made.process.passes
    assert (statement.synced_bytes, statement.unwritten_bytes) == (6144, 512 + 2048)


def test_separate_ranges_stay_separate() -> None:
    log = sample.JobLog(sample.plan()).write(0).verify_start(0)
    for offset in (40_960, 0, 512):
        log.fault(0, action=Action.READ, offset=offset, length=512)
    assert sample.record(log.confirm().evidence).result.unreadable == (
        LbaRange(first=0, last=1),
        LbaRange(first=80, last=80),
    )


def test_all_bad_ranges_and_what_was_overcome_are_told() -> None:
    made = sample.record(sample.given_up(400))
    (statement,) = made.process.passes
    assert len(made.result.unwritten) == 400
    assert len(made.result.unreadable) == 100
    assert statement.fault_counts == FaultCounts(lasting=500, retried=0, cured=100, rewritten=0)
    assert len(statement.faults) == statement.fault_counts.total == 600
    assert made.result.reasons[0].code == "reason-gave-up-too-many-ranges"
    counts = [item.fault_counts for item in sample.record(sample.sick()).process.passes]
    assert counts == [
        FaultCounts(lasting=2, retried=0, cured=0, rewritten=0),
        FaultCounts(lasting=0, retried=1, cured=1, rewritten=1),
    ]


def test_only_what_was_compared_is_called_compared() -> None:
    log = sample.JobLog(sample.plan()).write(0).verify_start(0)
    log.fault(0, action=Action.READ, offset=0, length=512).mismatch(0, offset=1024, length=1536)
    log.add(ev.VerifyCheckpoint(index=0, offset=sample.MIB)).fault(0, action=Action.READ, offset=2 * sample.MIB)
    check = sample.record(log.evidence).process.passes[0].verification
    assert not isinstance(check, Absent)
    assert (check.compared_bytes, check.unread_bytes) == (sample.MIB - 512, 512 + 4096)
    assert (check.mismatches, check.mismatching_bytes) == (1, 1536)
    check = sample.record(log.verified(0, missed=512 + 4096).evidence).process.passes[0].verification
    assert not isinstance(check, Absent)
    assert check.compared_bytes == 64 * sample.MIB - 512 - 4096


def test_of_too_many_faults_the_worst_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "MOST_FAULTS", 4)
    log = sample.JobLog(sample.plan()).start(0)
    for number in range(5):
        log.fault(0, offset=number * 512, length=512, outcome=Outcome.RETRIED)
    log.fault(0, offset=sample.MIB).fault(0, action=Action.READ, outcome=Outcome.CURED)
    (statement,) = sample.record(log.evidence).process.passes
    retried, cured, lasting = Outcome.RETRIED, Outcome.CURED, Outcome.LASTING
    assert [fault.outcome for fault in statement.faults] == [retried, retried, lasting, cured]
    assert statement.fault_counts.total == 7


def test_the_largest_record_can_still_be_read() -> None:
    log = sample.JobLog(sample.plan(sample.facts(size=1 << 40))).write(0).verify_start(0).evidence
    record = FaultRecord(
        at=log.last_event, action=Action.READ, kind=FaultKind.MISMATCH, offset=0, length=512, errno=5, holds=1 << 39
    )
    many = tuple(replace(record, offset=(1 << 39) + 1024 * number) for number in range(process.MOST_FAULTS))
    evidence = replace(log, passes=(replace(log.passes[0], faults=many),))
    assert len(sample.certificate(evidence)) < MAX_BYTES


@given(st.lists(of_type(ev.FaultSeen) | of_type(ev.GivenUp), max_size=8), st.integers(1, 6))
def test_no_fault_whatever_it_says_keeps_a_record_from_being_made(faults: list[ev.Event], place: int) -> None:
    good = sample.JobLog(sample.plan()).all_passes().logged
    told = [*good[:place], *[replace(good[0], event=fault) for fault in faults], *good[place:]]
    evidence = fold(told)
    evidence = replace(evidence, given_up=None)  # Its reason is checked where it is made, as all messages are.
    canonical(sample.record(evidence))


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


@pytest.mark.parametrize("make", [sample.erased, sample.remarked, sample.sick, *NOT_PROVEN])
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
