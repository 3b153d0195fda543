"""Any capabilities, policy and plan of stages at all, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from bench.capabilities import (
    Answer,
    Capabilities,
    CommandSet,
    HiddenArea,
    HiddenKind,
    Namespace,
    NvmeCapabilities,
    Opal,
    OpalKind,
    Sanitize,
    SectorFormat,
    Security,
)
from bench.levels import Level
from bench.messages import say
from bench.policy import DISK_ORDER, CryptoBasis, Downgrade, FrozenRule, HiddenRule, Policy, RetiredRule
from bench.stage_case import Circumstances
from bench.stages import Choice, Decision, Overwriting, PlannedStage, StageKind, StagePlan
from bench.techniques import ErasureState, Technique

SIZES = st.sampled_from([0, 64 << 20, 128 << 20, 10**12])
answers = st.sampled_from(Answer)
techniques = st.sampled_from(Technique)
firmware = st.sampled_from([item for item in Technique if item.is_firmware])
ordered = st.lists(techniques, unique=True, max_size=16).map(tuple)

security = st.builds(
    Security,
    supported=answers,
    enabled=answers,
    locked=answers,
    frozen=answers,
    expired=answers,
    enhanced=answers,
    erase_minutes=st.one_of(st.none(), st.integers(1, 65_000)),
)
sanitize = st.builds(
    Sanitize,
    techniques=ordered,
    determined=answers,
    state=st.sampled_from(ErasureState),
    progress=st.one_of(st.none(), st.integers(0, 1000)),
    mark=st.one_of(st.none(), st.integers(0, 2**32 - 1)),
    frozen=answers,
)
hidden = st.lists(
    st.builds(HiddenArea, kind=st.sampled_from(HiddenKind), in_use=answers, size=SIZES, frozen=answers),
    max_size=3,
    unique_by=lambda area: area.kind,
).map(tuple)
opal = st.builds(
    Opal, kind=st.sampled_from(OpalKind), encrypts=answers, locking=answers, locked=answers, shadowed=answers
)
namespaces = st.lists(
    st.builds(
        Namespace,
        nsid=st.integers(1, 4),
        size=SIZES,
        block=st.sampled_from([512, 4096]),
        format_index=st.just(0),
        metadata_settings=st.just(0),
        active=st.booleans(),
    ),
    max_size=3,
    unique_by=lambda item: item.nsid,
).map(tuple)
nvme = st.builds(
    NvmeCapabilities,
    namespaces=namespaces,
    controllers=st.integers(1, 2),
    formats=answers,
    format_crypto=answers,
    format_hits_all=answers,
    unallocated=SIZES,
)
capabilities = st.builds(
    Capabilities,
    command_set=st.sampled_from(CommandSet),
    bridge=st.sampled_from(["", "JMicron"]),
    rotation=st.sampled_from([None, 0, 7200]),
    hybrid=answers,
    retired_sectors=st.sampled_from([None, 0, 3]),
    depopulated=answers,
    security=security,
    sanitize=sanitize,
    hidden=hidden,
    opal=opal,
    nvme=st.one_of(st.none(), nvme),
    formats=st.lists(st.builds(SectorFormat, block=st.sampled_from([512, 520, 4096]), protection=st.booleans())).map(
        tuple
    ),
    format_unit=answers,
    firmware_erase=st.lists(firmware, unique=True, max_size=15).map(tuple),
)


@st.composite
def calm(draw: st.DrawFn) -> Capabilities:
    """Capabilities with nothing in the way, so that most of them can be planned for."""
    family = draw(st.sampled_from([CommandSet.ATA, CommandSet.SCSI, CommandSet.NVME]))
    offered = tuple(item for item in Technique if item.value.startswith(family.value) and draw(st.booleans()))
    one = Namespace(nsid=1, size=64 << 20, block=512, format_index=0, metadata_settings=0)
    return Capabilities(
        command_set=family,
        rotation=draw(st.sampled_from([None, 0, 7200])),
        hybrid=draw(answers),
        depopulated=draw(st.sampled_from([Answer.NO, Answer.NO, Answer.YES])),
        security=Security(
            supported=Answer.YES,
            enabled=Answer.NO,
            locked=Answer.NO,
            frozen=draw(answers),
            expired=Answer.NO,
            enhanced=draw(answers),
        ),
        sanitize=Sanitize(
            techniques=tuple(item for item in offered if item.is_sanitize),
            determined=Answer.YES,
            state=draw(st.sampled_from(ErasureState)),
            frozen=draw(answers),
        ),
        hidden=draw(hidden) if family is CommandSet.ATA else (),
        opal=Opal(kind=draw(st.sampled_from(OpalKind)), locked=Answer.NO, shadowed=Answer.NO),
        nvme=None
        if family is not CommandSet.NVME
        else NvmeCapabilities(
            namespaces=(one,), controllers=1, formats=Answer.YES, format_crypto=Answer.YES, format_hits_all=Answer.YES
        ),
        formats=(SectorFormat(block=draw(st.sampled_from([512, 520]))),) if family is CommandSet.SCSI else (),
        format_unit=Answer.YES if family is CommandSet.SCSI else Answer.NO,
        firmware_erase=offered,
    )


policies = st.builds(
    Policy,
    name=st.just("any"),
    level=st.sampled_from([Level.CLEAR, Level.PURGE]),
    downgrade=st.sampled_from(Downgrade),
    flash=st.one_of(st.just(DISK_ORDER), ordered),
    disk=st.one_of(st.just(DISK_ORDER), ordered),
    crypto_before_block=st.booleans(),
    crypto_alone=st.sampled_from([(), (CryptoBasis(statement="Letter of the manufacturer", models=("example*",)),)]),
    overwrite_on_top=st.booleans(),
    canaries=st.sampled_from([0, 64]),
    read_back=st.sampled_from([0, 50, 1000]),
    power_cycle=st.booleans(),
    hidden_areas=st.sampled_from(HiddenRule),
    retired_sectors=st.sampled_from(RetiredRule),
    frozen=st.sampled_from(FrozenRule),
)
circumstances = st.builds(
    Circumstances,
    psid=st.booleans(),
    own_password=st.booleans(),
    own_job=st.sampled_from(["", "job-1"]),
    siblings=st.sampled_from([(), (), ("/dev/sdq",)]),
    units=st.sampled_from([(), (), ("/dev/sdr",)]),
    held=st.lists(st.integers(1, 4), unique=True).map(tuple),
    controllers=st.integers(1, 2),
)
stages = st.builds(
    PlannedStage,
    kind=st.sampled_from(StageKind),
    reason=st.just(say("stage-check")),
    technique=firmware,
    hidden=st.sampled_from(HiddenKind),
    size=SIZES,
    count=st.integers(1, 100),
    permille=st.integers(1, 1000),
)
stage_plans = st.builds(
    StagePlan,
    policy=st.just("any"),
    level_asked=st.just(Level.CLEAR),
    level=st.sampled_from([Level.CLEAR, Level.PURGE]),
    capabilities=capabilities,
    stages=st.lists(stages, max_size=3).map(tuple),
    decisions=st.lists(
        st.builds(Decision, technique=techniques, choice=st.sampled_from(Choice), reason=st.just(say("stage-check"))),
        max_size=2,
    ).map(tuple),
    overwriting=st.just(Overwriting.ALONE),
)
