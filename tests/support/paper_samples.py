"""Certificate files to look at: ordinary ones, and those that are hard to set: long, sick, foreign, interrupted."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

from bench import events as ev
from bench.certificate import assemble
from bench.drive import DriveFacts, Interface, Medium
from bench.evidence import Evidence
from bench.ledger.merkle import Frontier, leaf_hash
from bench.ledger.note import TreeHead, origin_of, sign_head
from bench.messages import say
from bench.methods import Pass
from bench.parties import (
    MAX_ADDRESS,
    MAX_CONTACT,
    MAX_LOT,
    MAX_NAME,
    MAX_REASON,
    MAX_REFERENCE,
    Donor,
    Handover,
    Organisation,
)
from bench.plan import Verify, VerifyKind
from bench.record.schema import canonical
from bench.surface import MIB, SlowRange, Zone, zone_size
from bench.work import Action, FaultKind, Outcome
from support import evidence_samples as sample
from ui.formats import Language
from ui.paper.pdf import render_pdf

DISK = 500_107_862_016
SEAL = hashlib.sha256(b"seal").hexdigest()
GUTMANN = [Pass(pattern=f"{number * 7 % 256:02X}" * (1 + number % 3)) for number in range(34)]
VSITR = [Pass(pattern=pattern) for pattern in ("00", "FF", "00", "FF", "00", "FF")]


def disk(**changed: object) -> DriveFacts:
    """A rotating disk of 500 GB."""
    plain = sample.facts(size=DISK, model="Example HD5000-24J", serial="EX-W4Z1K7P0")
    return replace(plain, **changed)  # type: ignore[arg-type]  # the caller names fields of DriveFacts


def zones(size: int, seed: int, *, tables: int, fastest: int = 190, dips: Sequence[int] = ()) -> tuple[Zone, ...]:
    """A rotating disk as it is measured: slower inwards, a little noise, and slow zones where asked for."""
    luck = random.Random(seed)
    zone = zone_size(size, tables)
    found = []
    for number in range(-(-size // zone)):
        there = min(zone, size - number * zone)
        inwards = number * zone / size
        rate = fastest * 1_000_000 * (1 - 0.48 * inwards**1.4) * luck.uniform(0.985, 1.0)
        slow, retried, lost = 0, 0, 0
        if number in dips:
            slow, retried, lost = 1 + number % 3, number % 2, 1_400_000 * (1 + number % 3)
        median = int(MIB / rate * 1_000_000)
        p99 = int(median * luck.uniform(1.6, 3.4))
        worst = max(p99, int(p99 * luck.uniform(1.1, 7)), lost and 900_000 + 1_000 * number)
        busy = max(worst, int(there / rate * 1_000_000) + lost)
        found.append(
            Zone(
                number=number,
                bytes=there,
                busy_us=busy,
                retried=retried,
                slow=slow,
                median_us=median,
                p99_us=p99,
                worst_us=worst,
            )
        )
    return tuple(found)


def measure(
    log: sample.JobLog,
    index: int,
    action: Action,
    *,
    seed: int = 0,
    tables: int = 2,
    until: float = 1.0,
    dips: Sequence[int] = (),
) -> None:
    """Tell what was measured in a pass, from the drive's start to a share of it."""
    table = zones(log.size, seed * 7 + index * 2 + (action is Action.READ), tables=tables, dips=dips)
    slow = [SlowRange(offset=zone_size(log.size, tables) * at, length=MIB, took_us=900_000 + 1_000 * at) for at in dips]
    log.add(
        ev.SurfaceMeasured(
            index=index,
            action=action,
            zone_size=zone_size(log.size, tables),
            zones=table[: max(1, int(len(table) * until))],
            slow=tuple(slow),
        )
    )


def measured_passes(log: sample.JobLog, *, dips: Sequence[int] = ()) -> sample.JobLog:
    """All passes of the plan, each with its surface, to the end."""
    tables = 2 * len(log.plan.passes)
    for index in range(len(log.plan.passes)):
        log.start(index)
        measure(log, index, Action.WRITE, tables=tables, dips=dips)
        log.written(index)
        if log.plan.verifies(index).kind is not VerifyKind.NONE:
            log.verify_start(index)
            measure(log, index, Action.READ, tables=tables)
            log.verified(index)
    return log.confirm()


def job(
    drive: DriveFacts | None = None,
    *,
    passes: Sequence[Pass] = (sample.STREAM,),
    method: str = "random",
    verify: Verify | None = None,
    handover: Handover = sample.HANDOVER,
) -> sample.JobLog:
    """A log of a job that has a donor, a workshop and a lot."""
    plan = sample.plan(
        drive or disk(), passes=passes, method=method, verify=verify, operator="OP-07", handover=handover
    )
    return sample.JobLog(plan)


def ordinary() -> bytes:
    return certificate(measured_passes(job()).evidence)


def simulated() -> bytes:
    facts = disk(simulated=True, interface=Interface.SIMULATED, vendor="", firmware="")
    return certificate(measured_passes(job(facts)).evidence)


def simulated_failure() -> bytes:
    facts = disk(simulated=True, interface=Interface.SIMULATED, vendor="", firmware="")
    log = job(facts).start(0).checkpoint(0, DISK // 5 // MIB * MIB)
    measure(log, 0, Action.WRITE, until=0.2)
    return certificate(log.add(ev.JobStopped(cancelled=True, reason=say("reason-identity-not-confirmed"))).evidence)


def seven_passes() -> bytes:
    return certificate(
        measured_passes(job(passes=[*VSITR, Pass(pattern="AA", verify=True)], method="vsitr"), dips=(20, 61)).evidence
    )


def many_passes() -> bytes:
    return certificate(measured_passes(job(passes=[*GUTMANN, sample.STREAM], method="gutmann")).evidence)


def sampled() -> bytes:
    verify = Verify(kind=VerifyKind.SAMPLE, permille=50)
    flash = disk(medium=Medium.FLASH, interface=Interface.NVME)
    return certificate(measured_passes(job(flash, verify=verify)).evidence)


def interrupted() -> bytes:
    """Stopped and resumed twelve times, by the operator and by power cuts."""
    log = job()
    log.start(0)
    measure(log, 0, Action.WRITE, dips=(60, 61, 140))
    at = 0
    for number in range(1, 13):
        at = number * DISK // 14 // MIB * MIB
        log.checkpoint(0, at)
        if number % 3:
            cause = ev.Cause.OPERATOR if number % 2 else ev.Cause.WORKER_LOST
            log.add(ev.Interrupted(cause=cause)).add(ev.Resumed(cause=cause, context=sample.CONTEXT), after=7200)
        else:
            log.add(ev.Resumed(cause=ev.Cause.PROGRAM_ENDED, context=sample.CONTEXT), after=7200)
        log.window(0, at).start(0, at)
    log.written(0, at).verify_start(0)
    measure(log, 0, Action.READ)
    return certificate(log.verified(0).confirm().evidence)


def failed() -> bytes:
    """One place of the last pass could be neither written nor read back; another holds something else."""
    log = job(passes=(sample.ZEROS, sample.STREAM)).write(0).start(1).fault(1, offset=DISK // 512 // 3 * 512)
    measure(log, 1, Action.WRITE, tables=4, dips=(42,))
    log.written(1, missed=4096).verify_start(1).fault(1, action=Action.READ, offset=DISK // 512 // 3 * 512)
    log.mismatch(1, offset=2 * MIB, length=512)
    measure(log, 1, Action.READ, tables=4)
    return certificate(log.verified(1, missed=4096).confirm().evidence)


def hopeless(count: int = 400) -> bytes:
    """A drive with hundreds of bad ranges, given up at last."""
    log = job().start(0)
    luck = random.Random(count)
    places = sorted(luck.sample(range(DISK // 3 // 4096, DISK // 2 // 4096), count))
    sizes = [4096 * (1 + number % 3) for number in range(count)]
    starts = [at * 4096 + 12_288 * number for number, at in enumerate(places)]
    for at, size in zip(starts, sizes, strict=True):
        log.fault(0, offset=at, length=size)
    dips = sorted({at // zone_size(DISK, 2) for at in starts})
    measure(log, 0, Action.WRITE, dips=dips)
    log.written(0, missed=sum(sizes)).verify_start(0)
    for number, at in enumerate(starts[: count // 4]):
        kind = FaultKind.SHORT if number % 2 else FaultKind.IO_ERROR
        log.fault(0, action=Action.READ, kind=kind, offset=at, length=512)
        log.fault(0, action=Action.READ, offset=at + 65_536_000, outcome=Outcome.CURED)
    measure(log, 0, Action.READ, until=0.4, dips=dips[:20])
    return certificate(log.give_up(0).evidence)


def fake() -> bytes:
    return certificate(sample.fake())


def unproven() -> bytes:
    return certificate(measured_passes(job(verify=Verify(kind=VerifyKind.NONE, permille=0))).evidence)


def aborted() -> bytes:
    log = job().start(0).checkpoint(0, DISK // 5 // MIB * MIB)
    measure(log, 0, Action.WRITE, until=0.2)
    return certificate(log.add(ev.JobStopped(cancelled=True, reason=say("reason-identity-not-confirmed"))).evidence)


def longest_names() -> bytes:
    """Everything as long as it may be."""
    long = "Syndicat intercommunal de gestion des équipements numériques des établissements scolaires du second degré "
    party = {
        "name": (long * 2)[:MAX_NAME].strip(),
        "address": ("Bâtiment C, 1 bis, rue du Général-de-Gaulle\n" * 9)[:MAX_ADDRESS].strip(),
        "siret": "73282932000074",
    }
    contact = ("delegue.protection.donnees@" + "exemple-tres-long." * 9)[: MAX_CONTACT - 7] + "example"
    donor = Donor(**party, contact=contact, reference=("Inventaire 2026 – " * 9)[:MAX_REFERENCE].strip())
    handover = Handover(
        donor=donor, refurbisher=Organisation(**party, contact=contact), lot=("LOT-2026-" * 20)[:MAX_LOT]
    )
    facts = sample.facts(
        size=18_000_207_937_536,
        model="WDC WD180EDGZ-11B2DA0 MANUFACTURER MODEL",
        serial="2CK9R7ND-0123456789AB",
        wwn="eui.6479a77f8af0123456789abcdef01234",
    )
    correction = replace(
        sample.corrected(("Donateur mal saisi : " * 20)[:MAX_REASON].strip(), version=7), handover=handover
    )
    return certificate(measured_passes(job(facts, handover=handover)).evidence, correction=correction)


def many_scripts() -> bytes:
    """Greek, Turkish and Ukrainian names; and ones that the embedded fonts lack."""
    donor = Donor(
        name="Δήμος Ηρακλείου Κρήτης – Διεύθυνση Παιδείας",
        address="Αγίου Τίτου 1\n712 02 Ηράκλειο",
        contact="Şükrü İğdır Işık",
    )
    refurbisher = Organisation(name="Майстерня «Ґанок» – Їжакевич", address="вул. Хрещатик, 36, Київ")
    facts = disk()
    facts = replace(facts, identity=replace(facts.identity, model="ΔΙΣΚΟΣ Τύπος 5 ĞÜŞİÖÇ ıi 日本", serial="שלום-1"))
    return certificate(measured_passes(job(facts, handover=Handover(donor=donor, refurbisher=refurbisher))).evidence)


def no_serial() -> bytes:
    facts = disk()
    facts = replace(facts, identity=replace(facts.identity, serial="", wwn="", model=""), vendor="", firmware="")
    return certificate(measured_passes(job(facts, handover=Handover())).evidence)


def corrected() -> bytes:
    return certificate(measured_passes(job(handover=Handover())).evidence, correction=sample.corrected())


def certificate(evidence: Evidence, *, correction: ev.Corrected | None = None, seal: str = SEAL) -> bytes:
    """The file of a record that is the fourth of six in its ledger, bound to a seal."""
    number = correction.number if correction else "TR-ABCDEF-000001"
    content = canonical(sample.record(evidence, number=number, seal=seal, correction=correction))
    leaves = [leaf_hash(f"entry {place}".encode()) for place in range(6)]
    leaves[3] = leaf_hash(content)
    origin = origin_of(sample.CONTEXT.station)
    head = TreeHead(origin=origin, size=len(leaves), root=Frontier.of(leaves).root, time=sample.ISSUED)
    key = sample.KEY
    return assemble(
        content, key.private.sign(content), key.public, sample.prove(leaves, 3, sign_head(head, key.private))
    )


SAMPLES: dict[str, Callable[[], bytes]] = {
    "ordinary": ordinary,
    "simulated": simulated,
    "simulated-failure": simulated_failure,
    "seven-passes": seven_passes,
    "many-passes": many_passes,
    "sampled": sampled,
    "interrupted": interrupted,
    "failed": failed,
    "hopeless": hopeless,
    "fake": fake,
    "unproven": unproven,
    "aborted": aborted,
    "longest-names": longest_names,
    "many-scripts": many_scripts,
    "no-serial": no_serial,
    "corrected": corrected,
}
"""By name: what there is to look at."""


@cache
def file_of(name: str) -> bytes:
    """The certificate file of a sample; made once."""
    return SAMPLES[name]()


@cache
def pdf_of(name: str, language: Language) -> bytes:
    """The PDF of a sample; made once."""
    return render_pdf(file_of(name), language)
