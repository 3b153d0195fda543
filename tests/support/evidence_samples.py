"""Jobs as their event logs would tell them, for tests: build events, fold them, take record or certificate."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench import events as ev
from bench import sampling
from bench.certificate import Proof, assemble, proof_of
from bench.context import ClockTrust, RunContext
from bench.drive import DriveFacts, DriveIdentity, Interface, Medium, SizeReading
from bench.evidence import Evidence, fold
from bench.faults import chained
from bench.keys import StationKey
from bench.ledger.merkle import Frontier, inclusion_path, leaf_hash
from bench.ledger.note import TreeHead, origin_of, sign_head
from bench.messages import say
from bench.methods import Pass
from bench.parties import Donor, Handover, Organisation
from bench.plan import DrivePlan, Level, Verify, VerifyKind
from bench.record.build import Issue, build_record
from bench.record.model import Record
from bench.record.schema import canonical
from bench.verdict import judge
from bench.work import Action, Algorithm, FaultKind, Outcome

MIB = 1 << 20
KEY = StationKey(private=Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER_KEY = StationKey(private=Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
ISSUED = "2026-05-04T18:20:30.123+00:00"
CONTEXT = RunContext(
    station="atelier-1",
    program="tablerase",
    version="0.1.0",
    commit="0123456789abcdef0123456789abcdef01234567",
    kernel="Linux 6.12.9",
    architecture="x86_64",
    python="3.11.2",
    clock=ClockTrust.SYNCHRONISED,
    clock_source="systemd-timesyncd",
)
HANDOVER = Handover(
    donor=Donor(
        name="Région Hauts-de-France",
        address="151, avenue du Président-Hoover\n59555 Lille Cedex",
        siret="20005374200017",
        contact="dpo@example.org",
        reference="Inventaire 2026-114",
    ),
    refurbisher=Organisation(name="Atelier de réemploi", siret="73282932000074"),
    lot="BR-2026-017",
)
STREAM = Pass(pattern="", verify=True)
ZEROS = Pass(pattern="00")


def facts(
    *,
    model: str = "Example HD1000",
    serial: str = "SN-0001",
    wwn: str = "5000c500a1b2c3d4",
    size: int = 64 * MIB,
    interface: Interface = Interface.SATA,
    medium: Medium = Medium.ROTATING,
    simulated: bool = False,
) -> DriveFacts:
    identity = DriveIdentity(model=model, serial=serial, wwn=wwn, size=size, source="vpd_pg89")
    sources = ("BLKGETSIZE64", "sysfs", "lseek")
    return DriveFacts(
        address="/dev/sdz",
        node="/dev/sdz",
        identity=identity,
        sizes=tuple(SizeReading(source=source, size=size) for source in sources),
        logical_sector=512,
        physical_sector=4096,
        interface=interface,
        medium=medium,
        vendor="Example",
        firmware="FW01",
        simulated=simulated,
    )


def plan(
    drive: DriveFacts | None = None,
    *,
    passes: Sequence[Pass] = (STREAM,),
    verify: Verify | None = None,
    method: str = "random",
    operator: str = "OP7",
    handover: Handover | None = None,
) -> DrivePlan:
    return DrivePlan(
        facts=drive or facts(),
        method=method,
        method_title="One random pass",
        method_source="common practice",
        site_method=False,
        passes=tuple(passes),
        verify=verify or Verify(),
        rounds=1,
        operator=operator,
        level_asked=Level.CLEAR,
        handover=handover or Handover(),
    )


@dataclass
class JobLog:
    """A job's log that grows by what is told to happen, one second after another."""

    plan: DrivePlan
    context: RunContext = CONTEXT
    job: str = "job-1"
    logged: list[ev.Logged] = field(default_factory=list)
    now: datetime = datetime(2026, 5, 4, 10, 20, 30, 123_000, tzinfo=UTC)

    def __post_init__(self) -> None:
        self.add(ev.JobPlanned(plan=self.plan, context=self.context, consent="typed"))

    @property
    def size(self) -> int:
        return self.plan.facts.identity.size

    @property
    def evidence(self) -> Evidence:
        return fold(self.logged)

    def told(self, index: int) -> str:
        """The digest over the faults of a pass that were told until now."""
        digest = ""
        for item in self.logged:
            if isinstance(item.event, ev.FaultSeen) and item.event.index == index:
                digest = chained(digest, item.event)
        return digest

    def add(self, event: ev.Event, *, after: int = 1) -> JobLog:
        self.now += timedelta(seconds=after)
        at = self.now.isoformat(timespec="milliseconds")
        self.logged.append(ev.Logged(id=len(self.logged) + 1, job=self.job, at=at, event=event))
        return self

    def start(self, index: int, offset: int = 0, *, direct_io: bool = True) -> JobLog:
        stream = self.plan.passes[index].is_stream
        return self.add(
            ev.PassStarted(
                index=index,
                offset=offset,
                algorithm=Algorithm.AES_256_CTR if stream else None,
                key=hashlib.sha256(f"pass {index}".encode()).hexdigest() if stream else "",
                identity=self.plan.facts.identity.digest,
                direct_io=direct_io,
            )
        )

    def checkpoint(self, index: int, offset: int) -> JobLog:
        return self.add(ev.PassCheckpoint(index=index, offset=offset), after=30)

    def window(self, index: int, end: int, *, unchanged: bool = True) -> JobLog:
        return self.add(ev.WindowChecked(index=index, start=end - MIB, end=end, unchanged=unchanged))

    def written(self, index: int, offset: int = 0, *, missed: int = 0) -> JobLog:
        moved = self.size - offset - missed
        busy_ms = max(1, moved // 150_000)
        faults = self.told(index)
        done = ev.PassWritten(index=index, moved=moved, missed=missed, faults=faults, busy_ms=busy_ms)
        return self.add(done, after=3600)

    def write(self, index: int, *, direct_io: bool = True) -> JobLog:
        return self.start(index, direct_io=direct_io).written(index)

    def verify_start(self, index: int) -> JobLog:
        asked = self.plan.verifies(index)
        return self.add(
            ev.VerifyStarted(
                index=index,
                kind=asked.kind,
                permille=asked.permille,
                offset=0,
                seed="5e" * 32 if asked.kind is VerifyKind.SAMPLE else "",
                identity=self.plan.facts.identity.digest,
                direct_io=True,
            )
        )

    def verify(self, index: int) -> JobLog:
        if self.plan.verifies(index).kind is VerifyKind.NONE:
            return self
        return self.verify_start(index).verified(index)

    def verified(self, index: int, offset: int = 0, *, missed: int = 0) -> JobLog:
        asked = self.plan.verifies(index)
        places, wanted = 0, self.size - offset
        if asked.kind is VerifyKind.SAMPLE:
            places, wanted = sampling.total(self.size, asked.permille, self.plan.facts.logical_sector)
        moved = wanted - missed
        busy_ms = max(1, moved // 180_000)
        done = ev.VerifyFinished(
            index=index, moved=moved, missed=missed, faults=self.told(index), busy_ms=busy_ms, places=places
        )
        return self.add(done, after=3000)

    def fault(
        self,
        index: int,
        *,
        action: Action = Action.WRITE,
        kind: FaultKind = FaultKind.IO_ERROR,
        offset: int = MIB,
        length: int = 4096,
        outcome: Outcome = Outcome.LASTING,
        holds: int | None = None,
    ) -> JobLog:
        return self.add(
            ev.FaultSeen(
                index=index,
                action=action,
                kind=kind,
                offset=offset,
                length=length,
                errno=5 if kind is FaultKind.IO_ERROR else 0,
                tries=2 if outcome is Outcome.RETRIED else 3,
                outcome=outcome,
                holds=holds,
            )
        )

    def mismatch(self, index: int, *, offset: int = MIB, length: int = 4096, holds: int | None = None) -> JobLog:
        kind = FaultKind.MISMATCH
        return self.fault(index, action=Action.READ, kind=kind, offset=offset, length=length, holds=holds)

    def give_up(self, index: int) -> JobLog:
        return self.add(ev.GivenUp(index=index, reason=say("reason-gave-up-too-many-ranges", **{"pass": index + 1})))

    def confirm(self) -> JobLog:
        return self.add(ev.IdentityRead(identity=self.plan.facts.identity))

    def all_passes(self, *, direct_io: bool = True) -> JobLog:
        for index in range(len(self.plan.passes)):
            self.write(index, direct_io=direct_io).verify(index)
        return self.confirm()


def erased(drive: DriveFacts | None = None, *, passes: Sequence[Pass] = (STREAM,), method: str = "random") -> Evidence:
    return JobLog(plan(drive, passes=passes, method=method)).all_passes().evidence


def remarked() -> Evidence:
    """Sampled, stopped by the operator and resumed, one pass started anew, not direct."""
    log = JobLog(plan(verify=Verify(kind=VerifyKind.SAMPLE, permille=50)))
    log.start(0, direct_io=False).checkpoint(0, 32 * MIB)
    log.add(ev.Interrupted(cause=ev.Cause.OPERATOR))
    log.add(ev.Resumed(cause=ev.Cause.OPERATOR, context=CONTEXT), after=7200)
    log.window(0, 32 * MIB).start(0, 32 * MIB, direct_io=False).checkpoint(0, 40 * MIB)
    log.add(ev.Resumed(cause=ev.Cause.PROGRAM_ENDED, context=replace(CONTEXT, version="0.1.1")), after=300)
    log.window(0, 40 * MIB, unchanged=False).start(0, direct_io=False)
    return log.written(0).verify(0).confirm().evidence


def sick() -> Evidence:
    """Erased in the end: errors of the first pass, and in the second one retried, one cured, one rewritten."""
    log = JobLog(plan(passes=(ZEROS, STREAM))).start(0).fault(0, offset=MIB).fault(0, offset=3 * MIB, length=512)
    log.written(0, missed=4096 + 512).start(1).fault(1, offset=9 * MIB).checkpoint(1, 32 * MIB)
    log.add(ev.Resumed(cause=ev.Cause.PROGRAM_ENDED, context=CONTEXT), after=300)
    log.window(1, 8 * MIB).start(1, 8 * MIB).fault(1, offset=40 * MIB, outcome=Outcome.RETRIED).written(1, 8 * MIB)
    log.verify_start(1).fault(1, action=Action.READ, offset=50 * MIB, outcome=Outcome.CURED).verified(1)
    return log.confirm().evidence


def failed() -> Evidence:
    """One place of the last pass could not be written, nor read back; another holds something else."""
    log = JobLog(plan(passes=(ZEROS, STREAM))).write(0).start(1).checkpoint(1, MIB).fault(1).written(1, missed=4096)
    log.verify_start(1).fault(1, action=Action.READ).mismatch(1, offset=2 * MIB, length=512).verified(1, missed=4096)
    return log.confirm().evidence


def given_up(count: int = 400) -> Evidence:
    """Many places could be neither written nor read back, until it was enough."""
    log = JobLog(plan()).start(0)
    for number in range(count):
        log.fault(0, offset=number * 128 * 1024, length=512 * (1 + number % 3))
    missed = sum(512 * (1 + number % 3) for number in range(count))
    log.written(0, missed=missed).verify_start(0)
    for number in range(count // 4):
        kind = FaultKind.SHORT if number % 2 else FaultKind.IO_ERROR
        log.fault(0, action=Action.READ, kind=kind, offset=number * 128 * 1024, length=512)
        log.fault(0, action=Action.READ, offset=number * 128 * 1024 + 65_536, outcome=Outcome.CURED)
    return log.give_up(0).evidence


def fake() -> Evidence:
    """A drive that has room for a quarter of what it says: it keeps the last that was written for each place."""
    log = JobLog(plan()).write(0).verify_start(0)
    for number in range(48):
        log.mismatch(0, offset=number * MIB, length=MIB, holds=(number % 16 + 48) * MIB)
    return log.verified(0).confirm().evidence


def unproven() -> Evidence:
    return JobLog(plan(verify=Verify(kind=VerifyKind.NONE, permille=0))).all_passes().evidence


def aborted() -> Evidence:
    log = JobLog(plan()).start(0).checkpoint(0, 8 * MIB)
    return log.add(ev.JobStopped(cancelled=True, reason=say("reason-identity-not-confirmed"))).evidence


def record(
    evidence: Evidence,
    *,
    number: str = "TR-ABCDEF-000001",
    context: RunContext = CONTEXT,
    seal: str = "",
    correction: ev.Corrected | None = None,
) -> Record:
    issue = Issue(
        number=number,
        issued=ISSUED,
        context=context,
        journal_sha256=hashlib.sha256(b"journal").hexdigest(),
        seal=seal,
        correction=correction,
        concluded=ISSUED,
    )
    return build_record(evidence, judge(evidence), issue)


def corrected(reason: str = "Donateur mal saisi.", *, version: int = 2, handover: Handover = HANDOVER) -> ev.Corrected:
    """A correction that says whose drive it was."""
    return ev.Corrected(
        number=f"TR-ABCDEF-{version:06}",
        supersedes=f"TR-ABCDEF-{version - 1:06}",
        version=version,
        reason=reason,
        operator="OP-07",
        handover=handover,
        corrector="OP-01",
    )


def prove(leaves: Sequence[bytes], index: int, head: str) -> Proof:
    """The proof that leaf `index` is in the ledger of these leaves, whose signed head (a note) is `head`."""
    path = inclusion_path(leaves, index)
    return proof_of(leaves[index], index=index, size=len(leaves), path=path, head=head)


def certificate(evidence: Evidence, *, before: int = 3, after: int = 2, key: StationKey = KEY, seal: str = "") -> bytes:
    """A certificate file whose record stands in the ledger after and before other leaves."""
    content = canonical(record(evidence, seal=seal))
    leaves = [leaf_hash(f"entry {number}".encode()) for number in range(before + 1 + after)]
    leaves[before] = leaf_hash(content)
    head = TreeHead(origin=origin_of(CONTEXT.station), size=len(leaves), root=Frontier.of(leaves).root, time=ISSUED)
    proof = prove(leaves, before, sign_head(head, key.private))
    return assemble(content, key.private.sign(content), key.public, proof)
