"""Plans of stages, drive by drive: each trap that a plan must know of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.capabilities import (
    Answer,
    Capabilities,
    CommandSet,
    HiddenArea,
    HiddenKind,
    Opal,
    OpalKind,
    SectorFormat,
    Security,
)
from bench.levels import Level
from bench.messages import Message, say
from bench.plan import Refusal
from bench.policy import CryptoBasis, Downgrade, FrozenRule, HiddenRule, Policy, RetiredRule
from bench.stage_case import NOTHING_ELSE, Circumstances
from bench.stage_planner import plan_stages
from bench.stages import Choice, NeedsConsent, Overwriting, PlannedStage, StageKind, StagePlan
from bench.techniques import ErasureState, Technique
from support.stage_samples import (
    CLEAR,
    PURGE,
    QUIET,
    SECURE,
    ata,
    drive,
    drive_plan,
    namespace,
    nvme,
    sanitize,
    sas,
    ssd,
    staged,
)
from ui.formats import Language
from ui.texts import texts

T, K = Technique, StageKind
REFUSE = replace(PURGE, downgrade=Downgrade.REFUSE)
VOUCHED = replace(PURGE, crypto_alone=(CryptoBasis(statement="Letter", models=("Example*",)),))
HPA = HiddenArea(kind=HiddenKind.HPA, in_use=Answer.YES, size=80 << 20)
DCO = HiddenArea(kind=HiddenKind.DCO, in_use=Answer.YES, size=96 << 20)
BRIDGE = replace(ata(), command_set=CommandSet.NONE, bridge="JMicron JMS583")
LOCKED = Opal(kind=OpalKind.OPAL, encrypts=Answer.YES, locking=Answer.YES, locked=Answer.YES, shadowed=Answer.NO)


def asked(
    capabilities: Capabilities, policy: Policy = PURGE, circumstances: Circumstances = NOTHING_ELSE
) -> StagePlan | Refusal | NeedsConsent:
    made = plan_stages(policy.level, policy, drive(capabilities), capabilities, circumstances)
    for message in said(made):
        assert all(texts(language).text(message) for language in Language)
    return made


def said(made: StagePlan | Refusal | NeedsConsent) -> list[Message]:
    if isinstance(made, Refusal):
        return list(made.reasons)
    if isinstance(made, NeedsConsent):
        return [made.question, *said(made.lesser)]
    reasons = [stage.reason for stage in made.stages] + [item.reason for item in made.decisions]
    return [*reasons, *made.remarks, *made.consent]


def shape(plan: StagePlan) -> list[str]:
    """The stages in short: `erase ata-sanitize-block`, `restore hpa`."""

    def one(stage: PlannedStage) -> str:
        named = stage.technique if stage.kind is K.ERASE else stage.hidden
        return f"{stage.kind.value} {named.value}" if named else stage.kind.value

    return [one(stage) for stage in plan.stages]


def planned(capabilities: Capabilities, policy: Policy = PURGE, **circumstances: object) -> StagePlan:
    made = asked(capabilities, policy, Circumstances(**circumstances))  # type: ignore[arg-type] # any field
    assert isinstance(made, StagePlan), made
    return made


def refused(capabilities: Capabilities, policy: Policy = PURGE, **circumstances: object) -> list[str]:
    made = asked(capabilities, policy, Circumstances(**circumstances))  # type: ignore[arg-type] # any field
    assert isinstance(made, Refusal), made
    return [reason.id for reason in made.reasons]


def why_not(plan: StagePlan, technique: Technique) -> str:
    (decision,) = [item for item in plan.decisions if item.technique is technique]
    assert decision.choice is Choice.PASSED_OVER
    return decision.reason.id


def test_a_disk_overwrites_itself() -> None:
    plan = planned(ata())
    assert shape(plan) == [
        "plant", "erase ata-sanitize-overwrite", "power-cycle", "check", "compare", "read-back",
    ]  # fmt: skip
    assert (plan.level_asked, plan.level, plan.overwriting) == (Level.PURGE, Level.PURGE, Overwriting.NONE)
    assert plan.remarks == plan.consent == ()
    assert plan.stages[0].count == 64
    assert plan.stages[-1].permille == 50
    assert why_not(plan, T.ATA_SECURE_ERASE_ENHANCED) == "stage-passed-less-preferred"
    assert why_not(plan, T.ATA_SECURE_ERASE) == "level-limit-command"
    assert why_not(plan, T.OVERWRITE) == "level-limit-overwrite"
    assert why_not(plan, T.ATA_SANITIZE_BLOCK) == "stage-passed-not-offered"


def test_flash_destroys_its_key_and_then_its_blocks() -> None:
    plan = planned(ssd())
    assert shape(plan) == [
        "plant", "erase ata-sanitize-crypto", "check",
        "plant", "erase ata-sanitize-block", "power-cycle", "check", "compare", "read-back",
    ]  # fmt: skip
    assert plan.basis == ""


def test_flash_erases_its_blocks_alone_where_the_policy_wants_that() -> None:
    plan = planned(ssd(), replace(PURGE, crypto_before_block=False, power_cycle=False, canaries=0, read_back=0))
    assert shape(plan) == ["erase ata-sanitize-block", "compare"]


def test_flash_prefers_blocks_to_overwriting_itself() -> None:
    plan = planned(ssd(T.ATA_SANITIZE_OVERWRITE, T.ATA_SANITIZE_BLOCK))
    assert plan.erasures == (T.ATA_SANITIZE_BLOCK,)
    assert why_not(plan, T.ATA_SANITIZE_OVERWRITE) == "stage-passed-less-preferred"


def test_a_hybrid_is_flash() -> None:
    both = (T.ATA_SANITIZE_OVERWRITE, T.ATA_SANITIZE_BLOCK)
    assert planned(ata(*both)).erasures == (T.ATA_SANITIZE_OVERWRITE,)
    assert planned(ata(*both, hybrid=Answer.YES)).erasures == (T.ATA_SANITIZE_BLOCK,)


def test_a_disk_without_sanitize_is_purged_by_enhanced_secure_erase() -> None:
    plan = planned(ata(*SECURE))
    assert plan.erasures == (T.ATA_SECURE_ERASE_ENHANCED,)
    assert plan.level is Level.PURGE


def test_enhanced_secure_erase_is_no_purge_of_flash() -> None:
    made = asked(ssd(*SECURE))
    assert isinstance(made, NeedsConsent)
    assert made.lesser.level is Level.CLEAR


def test_less_than_asked_needs_consent_and_the_words_are_kept() -> None:
    made = asked(ata(T.ATA_SECURE_ERASE))
    assert isinstance(made, NeedsConsent)
    assert made.question == say("stage-consent-question", asked="purge", reached="clear")
    agreed = say("stage-consent-operator", operator="OP-07", at="2026-05-04T10:20:30.123+00:00")
    plan = made.given(agreed)
    assert (plan.level_asked, plan.level) == (Level.PURGE, Level.CLEAR)
    assert plan.consent == (made.question, agreed)
    assert "level-limit-command" in [remark.id for remark in plan.remarks]


def test_less_than_asked_is_refused_or_allowed_as_the_policy_says() -> None:
    assert refused(ata(T.ATA_SECURE_ERASE), REFUSE)[:2] == ["stage-refused-level", "level-limit-command"]
    plan = planned(ata(T.ATA_SECURE_ERASE), replace(PURGE, downgrade=Downgrade.ALLOW))
    assert (plan.level_asked, plan.level) == (Level.PURGE, Level.CLEAR)
    assert [item.id for item in plan.consent] == ["stage-consent-policy"]


def test_no_plan_is_less_than_asked_without_consent() -> None:
    with pytest.raises(ValueError, match="nobody consented"):
        replace(planned(ata(T.ATA_SECURE_ERASE), CLEAR), level_asked=Level.PURGE)


def test_nothing_can_be_planned_for_no_level() -> None:
    with pytest.raises(ValueError, match="asks for a level"):
        plan_stages(Level.NONE, PURGE, drive(ata()), ata())


def test_clear_overwrites_a_disk_and_has_no_stages() -> None:
    plan = planned(ata(), CLEAR)
    assert (plan.stages, plan.overwriting, plan.level) == ((), Overwriting.ALONE, Level.CLEAR)
    assert plan.remarks == ()


def test_overwriting_on_top_follows_the_drives_own_erasure() -> None:
    plan = planned(ata(), replace(PURGE, overwrite_on_top=True))
    assert plan.overwriting is Overwriting.ON_TOP
    made = drive_plan(plan)
    assert (made.method, len(made.passes)) == ("zero", 1)


def test_a_plan_without_passes_is_named_after_its_technique() -> None:
    made = drive_plan(planned(ssd()))
    assert (made.method, made.passes, made.level_asked) == ("ata-sanitize-block", (), Level.PURGE)
    assert made.method_title == "ATA SANITIZE DEVICE, block erase"
    assert "Purge" in made.method_source
    assert made.bytes_to_move == 0


# Bridges, blast radius


def test_a_bridge_that_passes_nothing_gets_no_firmware_command() -> None:
    made = asked(BRIDGE)
    assert isinstance(made, NeedsConsent)
    assert made.lesser.stages == ()
    assert [item.id for item in made.lesser.remarks] == ["level-limit-overwrite", "stage-remark-no-commands"]
    assert {why_not(made.lesser, item) for item in BRIDGE.firmware_erase} == {"stage-passed-no-commands"}
    assert made.lesser.remarks[-1].params == {"bridge": "JMicron JMS583"}
    assert refused(BRIDGE, REFUSE)[0] == "stage-refused-level"


def test_a_drive_without_commands_and_without_a_bridge_is_not_blamed_on_one() -> None:
    made = asked(replace(BRIDGE, bridge=""))
    assert isinstance(made, NeedsConsent)
    assert made.lesser.remarks[-1].params == {"bridge": "none"}


def test_a_sanitize_whose_state_cannot_be_read_is_not_used() -> None:
    blind = ata(sanitize=replace(sanitize(T.ATA_SANITIZE_OVERWRITE), determined=Answer.INDETERMINATE))
    plan = planned(blind)
    assert plan.erasures == (T.ATA_SECURE_ERASE_ENHANCED,)
    assert why_not(plan, T.ATA_SANITIZE_OVERWRITE) == "stage-passed-status-unreadable"


def test_namespaces_that_are_not_in_the_plan_forbid_a_sanitize() -> None:
    two = nvme(spaces=(namespace(1), namespace(2)))
    reasons = refused(two, REFUSE)
    assert reasons[0] == "stage-refused-level"
    assert "stage-passed-namespaces" in reasons
    assert planned(two, held=(1, 2)).erasures == (T.NVME_SANITIZE_CRYPTO, T.NVME_SANITIZE_BLOCK)


def test_a_namespace_that_nobody_can_use_goes_with_the_others() -> None:
    assert planned(nvme(spaces=(namespace(1), namespace(2, active=False)))).erasures


def test_a_drive_that_another_controller_shares_is_not_sanitized() -> None:
    assert "stage-passed-controllers" in refused(nvme(controllers=2), REFUSE)
    assert planned(nvme(controllers=2), controllers=2).erasures
    assert "stage-passed-namespaces-unknown" in refused(replace(nvme(), nvme=None), REFUSE)


def test_siblings_in_use_forbid_every_firmware_erasure() -> None:
    assert "stage-passed-siblings" in refused(sas(), REFUSE, siblings=("/dev/sdq",))


def test_units_of_one_target_forbid_scsi_erasures_and_no_others() -> None:
    assert "stage-passed-units" in refused(sas(), REFUSE, units=("/dev/sdq",))
    assert planned(ata(), units=("/dev/sdq",)).erasures


@pytest.mark.parametrize("scope", Answer)
def test_a_format_is_given_to_every_namespace_and_so_needs_them_all(scope: Answer) -> None:
    formatting = nvme(T.NVME_FORMAT_USER_DATA, spaces=(namespace(1), namespace(2), namespace(3, active=False)))
    assert formatting.nvme is not None
    policy = replace(CLEAR, flash=(T.NVME_FORMAT_USER_DATA,))
    found = replace(formatting, nvme=replace(formatting.nvme, format_hits_all=scope, unallocated=10**9))
    assert "stage-passed-namespaces" in refused(found, policy)
    assert "stage-passed-siblings" in refused(found, policy, held=(1, 2), siblings=("/dev/nvme0n9",))
    plan = planned(found, policy, held=(1, 2))
    assert plan.erasures == (T.NVME_FORMAT_USER_DATA,)
    assert {"stage-remark-unallocated", "stage-remark-namespaces"} <= {item.id for item in plan.remarks}


def test_overwriting_one_namespace_is_not_erasing_the_drive() -> None:
    two = nvme(spaces=(namespace(1), namespace(2)))
    plan = planned(two, held=(1, 2))
    assert why_not(plan, T.OVERWRITE) == "stage-passed-one-namespace"
    assert "stage-remark-together" in {item.id for item in plan.remarks}
    on_top = planned(two, replace(PURGE, overwrite_on_top=True), held=(1, 2))
    assert "stage-remark-one-overwritten" in {item.id for item in on_top.remarks}
    only_overwriting = replace(CLEAR, flash=(T.OVERWRITE,))
    assert "stage-passed-one-namespace" in refused(two, only_overwriting, held=(1, 2))


def test_a_revert_is_refused_where_it_would_reach_other_namespaces() -> None:
    shut = nvme(T.OPAL_PSID_REVERT, spaces=(namespace(1), namespace(2)))
    shut = replace(shut, opal=replace(shut.opal, locked=Answer.YES))
    assert "stage-passed-namespaces" in refused(shut, psid=True)


# Crypto erase


def test_crypto_alone_is_clear_with_a_remark_unless_somebody_answers_for_it() -> None:
    only = nvme(T.NVME_SANITIZE_CRYPTO)
    made = asked(only)
    assert isinstance(made, NeedsConsent)
    assert "level-limit-crypto-alone" in [item.id for item in made.lesser.remarks]
    plan = planned(only, replace(CLEAR, flash=(T.NVME_SANITIZE_CRYPTO,)))
    assert [item.id for item in plan.remarks] == ["level-limit-crypto-alone"]
    plan = planned(only, VOUCHED)
    assert (plan.level, plan.basis, plan.remarks) == (Level.PURGE, "Letter", ())


def test_pyrite_encrypts_nothing() -> None:
    pyrite = ssd(T.OPAL_PSID_REVERT, opal=Opal(kind=OpalKind.PYRITE, locked=Answer.NO, shadowed=Answer.NO))
    made = asked(pyrite, VOUCHED, Circumstances(psid=True))
    assert isinstance(made, NeedsConsent)
    assert made.lesser.overwriting is Overwriting.ALONE
    assert why_not(made.lesser, T.OPAL_PSID_REVERT) == "level-limit-no-encryption"


def test_a_psid_revert_is_an_erasure_where_the_key_is_vouched_for() -> None:
    unlocked = ssd(T.OPAL_PSID_REVERT, opal=replace(LOCKED, locked=Answer.NO))
    plan = planned(unlocked, VOUCHED, psid=True)
    assert shape(plan) == ["plant", "erase opal-psid-revert", "power-cycle", "check", "compare", "read-back"]
    without = asked(unlocked, VOUCHED)
    assert isinstance(without, NeedsConsent)
    assert why_not(without.lesser, T.OPAL_PSID_REVERT) == "stage-passed-no-psid"


# Locks and freezes


@pytest.mark.parametrize(
    ("opal", "reason"),
    [(LOCKED, "stage-refused-opal-locked"), (replace(LOCKED, shadowed=Answer.YES), "stage-refused-opal-shadowed")],
)
def test_what_opal_shuts_is_refused_without_its_psid(opal: Opal, reason: str) -> None:
    shut = ssd(T.ATA_SANITIZE_BLOCK, T.OPAL_PSID_REVERT, opal=opal)
    assert refused(shut) == [reason]
    plan = planned(shut, psid=True)
    assert shape(plan)[:3] == ["unlock", "plant", "erase ata-sanitize-block"]
    assert plan.stages[0].technique is T.OPAL_PSID_REVERT
    assert why_not(plan, T.OPAL_PSID_REVERT) == "stage-passed-revert-unlocks"
    assert refused(ssd(T.ATA_SANITIZE_BLOCK, opal=opal), psid=True) == ["stage-refused-no-revert"]


@pytest.mark.parametrize(
    ("security", "reason"),
    [
        (replace(QUIET, enabled=Answer.YES), "stage-refused-password-set"),
        (replace(QUIET, enabled=Answer.YES, locked=Answer.YES), "stage-refused-password-locked"),
    ],
)
def test_a_strangers_password_is_its_owners_to_take_off(security: Security, reason: str) -> None:
    assert refused(ata(security=security)) == [reason]
    plan = planned(ata(security=security), own_password=True)
    assert shape(plan)[:2] == ["unlock", "plant"]
    assert plan.stages[0].technique is None


def test_our_own_password_after_too_many_tries_waits_for_a_power_cycle() -> None:
    tired = replace(QUIET, enabled=Answer.YES, locked=Answer.YES, expired=Answer.YES)
    assert shape(planned(ata(security=tired), own_password=True))[:2] == ["power-cycle", "unlock"]


def test_a_lock_behind_a_bridge_is_out_of_reach() -> None:
    shut = replace(BRIDGE, security=replace(QUIET, locked=Answer.YES))
    assert refused(shut, own_password=True)[0] == "stage-refused-lock-out-of-reach"


def test_a_frozen_drive_is_thawed_by_a_power_cycle_or_passed_over() -> None:
    frozen = ata(*SECURE, security=replace(QUIET, frozen=Answer.YES))
    plan = planned(frozen)
    assert shape(plan)[:2] == ["power-cycle", "plant"]
    assert plan.stages[0].reason.id == "stage-power-cycle-thaw"
    made = asked(frozen, replace(PURGE, frozen=FrozenRule.PASS_OVER))
    assert isinstance(made, NeedsConsent)
    assert why_not(made.lesser, T.ATA_SECURE_ERASE_ENHANCED) == "stage-passed-frozen"


def test_the_security_freeze_does_not_keep_from_sanitizing() -> None:
    assert shape(planned(ata(security=replace(QUIET, frozen=Answer.YES))))[0] == "plant"
    locked = replace(sanitize(T.ATA_SANITIZE_OVERWRITE), frozen=Answer.YES)
    assert shape(planned(ata(T.ATA_SANITIZE_OVERWRITE, sanitize=locked)))[0] == "power-cycle"


# A sanitize found running, or failed


def test_a_strangers_sanitize_is_waited_out_and_ours_is_resumed() -> None:
    running = ata(sanitize=sanitize(T.ATA_SANITIZE_OVERWRITE, state=ErasureState.RUNNING))
    assert shape(planned(running))[:3] == ["wait", "plant", "erase ata-sanitize-overwrite"]
    assert refused(running, own_job="job-1") == ["stage-refused-own-sanitize"]


def test_a_failed_sanitize_leaves_nothing_but_another() -> None:
    failed = ata(sanitize=sanitize(T.ATA_SANITIZE_OVERWRITE, state=ErasureState.FAILED))
    plan = planned(failed)
    assert shape(plan)[0] == "erase ata-sanitize-overwrite"
    assert "stage-remark-no-canaries" in [item.id for item in plan.remarks]
    closed = replace(failed, firmware_erase=SECURE)
    assert refused(closed)[:1] == ["stage-refused-nothing-usable"]
    assert set(refused(closed)[1:]) == {"stage-passed-medium-closed", "stage-passed-not-offered"}


# Hidden areas


def test_hidden_areas_are_opened_in_their_order_before_anything_is_erased() -> None:
    plan = planned(ata(*SECURE, hidden=(DCO, HPA)))
    assert shape(plan)[:6] == [
        "restore hpa", "restore dco", "power-cycle", "restore hpa", "plant", "erase ata-secure-erase-enhanced",
    ]  # fmt: skip
    assert [stage.size for stage in plan.stages[:2]] == [80 << 20, 96 << 20]
    assert plan.level is Level.PURGE


def test_overwriting_comes_after_the_restoration_too() -> None:
    plan = planned(ata(hidden=(HPA,)), CLEAR)
    assert shape(plan) == ["restore hpa", "power-cycle", "compare"]
    assert plan.overwriting is Overwriting.ALONE


def test_a_frozen_hidden_area_needs_a_power_cycle_first() -> None:
    frozen = replace(HPA, frozen=Answer.YES)
    assert shape(planned(ata(hidden=(frozen,)), CLEAR))[:2] == ["power-cycle", "restore hpa"]
    left = refused(ata(hidden=(frozen,)), replace(CLEAR, frozen=FrozenRule.PASS_OVER, disk=(T.OVERWRITE,)))
    assert left[0] == "stage-refused-nothing-usable"
    assert "level-limit-hidden-area" in left


def test_a_hidden_area_may_be_refused_or_left_to_a_sanitize() -> None:
    hiding = ata(hidden=(HPA,))
    assert refused(hiding, replace(PURGE, hidden_areas=HiddenRule.REFUSE)) == ["stage-refused-hidden"]
    leave = replace(PURGE, hidden_areas=HiddenRule.LEAVE_AND_REMARK)
    plan = planned(hiding, leave)
    assert plan.erasures == (T.ATA_SANITIZE_OVERWRITE,)
    assert [item.id for item in plan.remarks] == ["stage-remark-hidden-left"]
    assert refused(ata(*SECURE, hidden=(HPA,)), leave)[0] == "stage-refused-nothing-usable"


def test_an_indeterminate_hidden_area_is_mentioned() -> None:
    unsure = ata(T.ATA_SECURE_ERASE, hidden=(replace(HPA, in_use=Answer.INDETERMINATE, size=0),))
    plan = planned(unsure, replace(CLEAR, disk=(T.ATA_SECURE_ERASE,)))
    assert [item.id for item in plan.remarks] == ["stage-remark-hidden-indeterminate"]


# Sectors


def test_520_bytes_are_sanitized_and_then_reformatted() -> None:
    plan = planned(sas(block=520))
    assert shape(plan) == ["erase scsi-sanitize-overwrite", "power-cycle", "reformat", "compare", "read-back"]
    assert "stage-remark-no-canaries" in [item.id for item in plan.remarks]
    plan = planned(sas(block=520), CLEAR)
    assert shape(plan) == ["reformat", "compare"]
    assert plan.overwriting is Overwriting.ALONE
    assert refused(sas(block=520, format_unit=Answer.NO)) == ["stage-refused-sectors"]
    protected = sas(formats=(SectorFormat(block=512, protection=True),))
    assert "reformat" in shape(planned(protected))


# Retired sectors, depopulated elements


def test_retired_sectors_send_the_drive_to_sanitize_or_destruction() -> None:
    strict = replace(CLEAR, retired_sectors=RetiredRule.REFUSE_OVERWRITE)
    plan = planned(ata(retired_sectors=3), strict)
    assert plan.erasures == (T.ATA_SANITIZE_OVERWRITE,)
    assert why_not(plan, T.OVERWRITE) == "stage-passed-retired-sectors"
    assert refused(replace(BRIDGE, retired_sectors=3), strict)[0] == "stage-refused-nothing-usable"
    plan = planned(ata(retired_sectors=3), CLEAR)
    assert plan.overwriting is Overwriting.ALONE
    assert [item.id for item in plan.remarks] == ["stage-remark-retired-sectors"]


def test_depopulated_elements_are_no_purge() -> None:
    made = asked(ata(depopulated=Answer.YES))
    assert isinstance(made, NeedsConsent)
    plan = planned(ata(depopulated=Answer.YES), CLEAR)
    assert [item.id for item in plan.remarks] == ["level-limit-depopulated"]


def test_what_the_policy_does_not_name_is_not_used() -> None:
    plan = planned(ata(), replace(PURGE, disk=(T.ATA_SECURE_ERASE_ENHANCED,)))
    assert plan.erasures == (T.ATA_SECURE_ERASE_ENHANCED,)
    assert why_not(plan, T.ATA_SANITIZE_OVERWRITE) == "stage-passed-policy"
    assert staged(ata()).policy == "purge"
