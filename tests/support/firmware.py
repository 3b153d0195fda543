"""Virtual drives with firmware, full of secrets, and a bench that has them erase themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bench.drive import Medium
from bench.evidence import Evidence
from bench.levels import Level
from bench.local import LocalBench
from bench.messages import say
from bench.plan import EraseRequest, PlanSet
from bench.policy import Policy
from bench.policy_file import shipped
from bench.techniques import Technique
from drivers.sim import launch
from drivers.sim.command_faults import SanitizeFailure
from drivers.sim.commands.spec import CommandSpec, Personality
from drivers.sim.faults import Sickness
from drivers.sim.folder import DriveSpec
from support.benches import CONSENT, MIB, addresses, plant, until_ended

PSID = CommandSpec().psid
QUICK = {"erase_ms": 60, "crypto_ms": 30}
AGREED = say("stage-consent-operator", operator="OP-07", at="2026-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One drive to be made."""

    commands: CommandSpec
    sicknesses: tuple[Sickness, ...] = ()
    size: int = 4 * MIB


def made(personality: Personality, *sicknesses: Sickness, size: int = 4 * MIB, **firmware: object) -> Made:
    """A drive that erases itself in a moment, with this firmware.

    One that fails takes longer: a second failure that nobody has seen begin might as well be the first one's.
    """
    pace = {"erase_ms": 800} if any(isinstance(item, SanitizeFailure) for item in sicknesses) else {}
    spec = CommandSpec(personality=personality, **{**QUICK, **pace, **firmware})  # type: ignore[arg-type] # any field
    return Made(commands=spec, sicknesses=sicknesses, size=size)


@contextmanager
def firmware_drives(folder: Path, *wanted: Made) -> Iterator[tuple[Path, ...]]:
    """Running drives full of secrets; off afterwards."""
    drives = tuple(folder / f"drive-{number}" for number in range(len(wanted)))
    for number, (where, item) in enumerate(zip(drives, wanted, strict=True)):
        flash = item.commands.personality.is_flash
        spec = DriveSpec(
            size=item.size,
            model="Disque d’essai",
            serial=f"ESSAI-{number:04}",
            wwn=f"5000c500a1b2{number:04x}",
            medium=Medium.FLASH if flash else Medium.ROTATING,
            cache_size=MIB,
            seed=number + 1,
            sicknesses=item.sicknesses,
            commands=item.commands,
        )
        launch.create(where, spec)
        plant(where, spec.medium_size)
        launch.start(where)
    try:
        yield drives
    finally:
        for where in drives:
            if launch.is_running(where):
                launch.power_cut(where)


def only(*techniques: Technique, **changes: object) -> Policy:
    """A policy that takes the drive's word for nothing and allows these techniques only, whatever they reach."""
    level = Level.CLEAR
    policy = replace(shipped(Level.PURGE), name="essai", level=level, flash=techniques, disk=techniques)
    return replace(policy, crypto_before_block=False, **changes)  # type: ignore[arg-type] # any field


def order(
    drives: Sequence[Path],
    *,
    level: Level | None = Level.PURGE,
    policy: Policy | None = None,
    psids: Mapping[str, str] | None = None,
) -> EraseRequest:
    """An order to have drives erase themselves."""
    return EraseRequest(
        addresses=addresses(drives),
        method="random",
        operator="OP-07",
        level=None if policy is not None else level,
        policy=policy,
        psids=psids or {},
    )


async def planned(bench: LocalBench, request: EraseRequest) -> PlanSet:
    """The plan, which must have no refusal."""
    plans = await bench.plan(request)
    assert not plans.refusals, plans.refusals
    return plans


async def start(bench: LocalBench, request: EraseRequest) -> list[str]:
    """Plan and arm."""
    return list(await bench.start(await planned(bench, request), CONSENT, AGREED))


async def purge(bench: LocalBench, request: EraseRequest) -> tuple[Evidence, ...]:
    """Have drives erased to the end; the evidence of each, in order."""
    stream = bench.updates()
    jobs = await start(bench, request)
    await until_ended(stream, jobs)
    by_name = {evidence.job: evidence for evidence in await bench.jobs()}
    return tuple(by_name[job] for job in jobs)


def verdict(evidence: Evidence) -> str:
    """The verdict as recorded."""
    assert evidence.concluded is not None, evidence.interruptions
    assert evidence.anomalies == ()
    return evidence.concluded.verdict


def reasons(evidence: Evidence) -> list[str]:
    """The ids of the reasons as recorded."""
    assert evidence.concluded is not None, evidence.interruptions
    return [reason.id for reason in evidence.concluded.reasons]
