"""Any event at all, for property tests: well-formed in its fields, with no regard to what came before."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_args

from hypothesis import strategies as st

from bench import events as ev
from bench.canaries import Canary, Place
from bench.capabilities import HiddenKind
from bench.context import ClockTrust, RunContext
from bench.drive import DriveFacts, DriveIdentity, Interface, Medium, SizeReading
from bench.messages import Message
from bench.methods import Pass
from bench.parties import Donor, Handover, Organisation
from bench.plan import DrivePlan, Level, Verify, VerifyKind
from bench.stage_events import PowerWitness, StatusReading
from bench.surface import SlowRange, Zone
from bench.techniques import ErasureState
from bench.work import Action, Algorithm, FaultKind, Outcome
from support.stage_strategies import capabilities, stage_plans

TYPES: tuple[type[Any], ...] = get_args(ev.Event)
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
integers = st.one_of(st.integers(-1, 5), st.integers(-(2**53), 2**53))
messages = st.builds(Message, text, st.dictionaries(text, st.one_of(text, integers), max_size=3))
contexts = st.builds(
    RunContext,
    station=text,
    program=text,
    version=text,
    commit=text,
    kernel=text,
    architecture=text,
    python=text,
    clock=st.sampled_from(ClockTrust),
    clock_source=text,
)
verifies = st.one_of(
    st.just(Verify()),
    st.just(Verify(kind=VerifyKind.NONE, permille=0)),
    st.builds(Verify, kind=st.just(VerifyKind.SAMPLE), permille=st.integers(1, 1000)),
)


def identities(sizes: st.SearchStrategy[int] = integers) -> st.SearchStrategy[DriveIdentity]:
    """Identities of drives that may well be impossible."""
    return st.builds(DriveIdentity, model=text, serial=text, wwn=text, size=sizes, source=text)


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
handovers = st.builds(
    Handover,
    donor=st.builds(Donor, name=names, address=text, siret=text, contact=text, reference=text) | st.just(Donor()),
    refurbisher=st.builds(Organisation, name=names, address=text, siret=text, contact=text),
    lot=text,
)
plans = st.builds(
    DrivePlan,
    facts=st.builds(
        DriveFacts,
        address=text,
        node=text,
        identity=identities(st.integers(1, 2**60)),
        sizes=st.lists(st.builds(SizeReading, source=text, size=integers), max_size=2).map(tuple),
        logical_sector=st.sampled_from([512, 4096]),
        physical_sector=st.sampled_from([512, 4096]),
        interface=st.sampled_from(Interface),
        medium=st.sampled_from(Medium),
        vendor=text,
        firmware=text,
        simulated=st.booleans(),
        obstacles=st.lists(messages, max_size=1).map(tuple),
    ),
    method=text,
    method_title=text,
    method_source=text,
    site_method=st.booleans(),
    passes=st.lists(
        st.builds(Pass, pattern=st.sampled_from(["", "00", "924924"]), verify=st.booleans()), min_size=1, max_size=3
    ).map(tuple),
    verify=verifies,
    rounds=st.integers(1, 3),
    operator=text,
    level_asked=st.sampled_from(Level),
    warnings=st.lists(messages, max_size=1).map(tuple),
    stage_plan=st.one_of(st.none(), stage_plans),
    handover=handovers,
)
counts = st.integers(0, 2**53)


@st.composite
def zones(draw: st.DrawFn) -> Zone:
    """Zones of any drive: their latencies are in order, as a zone demands."""
    median, p99, worst, busy = sorted(draw(st.tuples(counts, counts, counts, counts)))
    number, moved, retried, slow = draw(st.tuples(counts, counts, counts, counts))
    return Zone(
        number=number,
        bytes=moved,
        busy_us=busy,
        retried=retried,
        slow=slow,
        median_us=median,
        p99_us=p99,
        worst_us=worst,
    )


places = st.builds(Place, integers, integers, integers)
canaries = st.builds(Canary, nsid=integers, offset=integers, length=integers, digest=text)
readings = st.builds(
    StatusReading,
    state=st.sampled_from(ErasureState),
    progress=st.one_of(st.none(), integers),
    mark=st.one_of(st.none(), integers),
    raw=text,
)

_OF_TYPE: dict[str, st.SearchStrategy[Any]] = {
    "Action": st.sampled_from(Action),
    "Algorithm | None": st.one_of(st.none(), st.sampled_from(Algorithm)),
    "Capabilities": capabilities,
    "Cause": st.sampled_from(ev.Cause),
    "DriveIdentity": identities(),
    "DrivePlan": plans,
    "FaultKind": st.sampled_from(FaultKind),
    "HiddenKind": st.sampled_from(HiddenKind),
    "Handover": handovers,
    "Message": messages,
    "PowerWitness": st.sampled_from(PowerWitness),
    "StatusReading": readings,
    "Outcome": st.sampled_from(Outcome),
    "RunContext": contexts,
    "VerifyKind": st.sampled_from(VerifyKind),
    "bool": st.booleans(),
    "int": integers,
    "int | None": st.one_of(st.none(), integers),
    "str": text,
    "tuple[Canary, ...]": st.lists(canaries, max_size=2).map(tuple),
    "tuple[Place, ...]": st.lists(places, max_size=2).map(tuple),
    "tuple[SlowRange, ...]": st.lists(
        st.builds(SlowRange, offset=counts, length=counts, took_us=counts), max_size=2
    ).map(tuple),
    "tuple[Zone, ...]": st.lists(zones(), max_size=2).map(tuple),
    "tuple[Message, ...]": st.lists(messages, max_size=2).map(tuple),
}


def of_type(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Events of one type."""
    return st.builds(kind, **{item.name: _OF_TYPE[str(item.type)] for item in fields(kind)})


events: st.SearchStrategy[ev.Event] = st.one_of([of_type(kind) for kind in TYPES])
