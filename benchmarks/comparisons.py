"""Which measurements are compared, with which targets. Names here are those under which `suite` files its samples."""

from __future__ import annotations

from benchmarks.findings import Findings, Line, Relation, Target

NWIPE_CPU = "nwipe cpu, "
MANY = 16


def lines(found: Findings) -> tuple[Line, ...]:
    """Every comparison that `make bench` makes, in the order of its table."""
    return (*_cpu(found), *_speed(found), *_many(found), *_starts(found))


def _cpu(found: Findings) -> tuple[Line, ...]:
    generator, nwipe = found.cheapest(NWIPE_CPU)
    nwipe_name = f"nwipe {generator}, its fastest generator"
    ours, unit = found.least("random+verify cpu"), "CPU s/GiB"
    what = "random + full verify"
    write = found.least("random cpu")
    return (
        Line(what=what, unit=unit, ours=ours, peer=nwipe_name, theirs=nwipe, target=_at_most(0.2)),
        Line(
            what=what,
            unit=unit,
            ours=ours,
            peer="floor in memory, one thread",
            theirs=found.least("floor cpu"),
            target=_at_most(1.25),
        ),
        Line(
            what=what,
            unit=unit,
            ours=ours,
            peer="floor in memory, every processor busy",
            theirs=found.least("busy floor cpu"),
        ),
        Line(
            what=f"{what}, whole command with its certificate",
            unit=unit,
            ours=found.least("command cpu"),
            peer=nwipe_name,
            theirs=nwipe,
        ),
        Line(what="random, not read back", unit=unit, ours=write, peer="shred", theirs=found.least("shred cpu")),
    )


def _speed(found: Findings) -> tuple[Line, ...]:
    unit = "GiB/s"
    device = max(found.most("fio rate"), found.most("dd rate"), key=lambda sample: sample.value)
    generator = found.most("generator rate")
    slower = (
        ("the device alone (fio or dd)", device)
        if device.value <= generator.value
        else ("the generator alone", generator)
    )
    return (
        Line(
            what="zero pass",
            unit=unit,
            ours=found.most("zero rate"),
            peer="dd oflag=direct bs=4M",
            theirs=found.most("dd rate"),
            target=_at_least(0.95),
        ),
        Line(
            what="random pass",
            unit=unit,
            ours=found.most("random rate"),
            peer=slower[0],
            theirs=slower[1],
            target=_at_least(0.9),
        ),
    )


def _many(found: Findings) -> tuple[Line, ...]:
    return (
        Line(
            what=f"{MANY} drives at once",
            unit="CPU s/GiB",
            ours=found.least("many cpu"),
            peer="one of them alone",
            theirs=found.least("one of many cpu"),
            target=_at_most(1.15),
        ),
        Line(
            what=f"{MANY} drives at once",
            unit="CPU s/GiB",
            ours=found.least("many cpu"),
            peer=f"floor in memory, {MANY} processes at once",
            theirs=found.least("floor many cpu"),
        ),
        Line(
            what=f"{MANY} drives at once",
            unit="CPU s/GiB",
            ours=found.least("many cpu"),
            peer=f"nwipe, {MANY} drives at once",
            theirs=found.least("nwipe many cpu"),
        ),
        Line(
            what=f"{MANY} drives at once: zeros by dd",
            unit="CPU s/GiB",
            ours=found.least("dd many cpu"),
            peer="dd, one of them alone",
            theirs=found.least("dd one of many cpu"),
        ),
        Line(
            what=f"memory of the largest of {MANY} workers",
            unit="MiB PSS",
            ours=found.most("many pss"),
            peer="one worker alone",
            theirs=found.most("one pss"),
            target=_at_most(30, absolute=True),
        ),
    )


def _starts(found: Findings) -> tuple[Line, ...]:
    return (
        Line(
            what="erase to first byte written",
            unit="s",
            ours=found.median("first byte"),
            peer="nwipe",
            theirs=found.median("nwipe first byte"),
            target=_at_most(1.0, absolute=True),
        ),
        Line(
            what=f"resume to all {MANY} drives written to",
            unit="s",
            ours=found.median("resume"),
            peer=f"nwipe, {MANY} drives from the start",
            theirs=found.median("nwipe first bytes"),
            target=_at_most(2.0, absolute=True),
        ),
    )


def _at_most(limit: float, *, absolute: bool = False) -> Target:
    return Target(relation=Relation.AT_MOST, limit=limit, absolute=absolute)


def _at_least(limit: float) -> Target:
    return Target(relation=Relation.AT_LEAST, limit=limit)
