"""What a plan of stages is made from: the drive, the policy, what is known beside them, and what follows at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bench.capabilities import Answer, Capabilities, CommandSet, HiddenArea
from bench.drive import DriveFacts
from bench.guard import READABLE_SECTORS
from bench.levels import Ground, Level
from bench.policy import FrozenRule, HiddenRule, Policy
from bench.techniques import ErasureState, Technique


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What is known beside the drive's own answers.

    `psid` says that the drive's PSID was given, scanned from its label. `own_password` that the security password set
    is the station's, by its journal. `own_job` names the unfinished job whose sanitize is running. `siblings` are other
    addresses that one firmware erasure would hit too and that are not in the plan; `units` those of which nobody can
    say whether it would. `held` are the NVMe namespaces that this plan holds, none where there is only one address,
    `controllers` the subsystem's controllers that it may hit.
    """

    psid: bool = False
    own_password: bool = False
    own_job: str = ""
    siblings: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    held: tuple[int, ...] = ()
    controllers: int = 1


NOTHING_ELSE = Circumstances()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One drive to be planned for."""

    level: Level
    policy: Policy
    facts: DriveFacts
    capabilities: Capabilities
    circumstances: Circumstances

    @property
    def restored(self) -> tuple[HiddenArea, ...]:
        """Hidden areas in use that the plan opens."""
        return tuple(area for area in self.capabilities.hidden if area.in_use is Answer.YES and self._opens(area))

    @property
    def left(self) -> tuple[HiddenArea, ...]:
        """Hidden areas in use that stay as they are."""
        return tuple(area for area in self.capabilities.hidden if area.in_use is Answer.YES and not self._opens(area))

    @property
    def ground(self) -> Ground:
        """What credits rest on, once the plan has opened what it opens."""
        basis = self.policy.basis(self.facts.identity.model)
        ground = Ground.of(self.facts.medium, self.capabilities, basis)
        opened = self.restored
        hidden = tuple(replace(area, in_use=Answer.NO) if area in opened else area for area in ground.hidden)
        return replace(ground, hidden=hidden)

    @property
    def together(self) -> bool:
        """Whether several namespaces go as one drive."""
        return len(self.circumstances.held) > 1

    @property
    def opal_shut(self) -> bool:
        """Whether Opal locks the data away, or shows another image in its place."""
        opal = self.capabilities.opal
        return Answer.YES in {opal.locked, opal.shadowed}

    @property
    def password_set(self) -> bool:
        """Whether an ATA security password is set."""
        security = self.capabilities.security
        return Answer.YES in {security.enabled, security.locked}

    @property
    def medium_closed(self) -> bool:
        """Whether a sanitize failed: nothing but another sanitize is accepted."""
        return self.capabilities.sanitize.state is ErasureState.FAILED

    @property
    def needs_reformat(self) -> bool:
        """Whether the sectors are such that the host cannot read them."""
        if self.capabilities.formats:
            now = self.capabilities.formats[0]
            return now.block not in READABLE_SECTORS or now.protection
        return self.facts.logical_sector not in READABLE_SECTORS

    @property
    def writable(self) -> bool:
        """Whether the host can write canaries."""
        return not self.medium_closed and not self.needs_reformat

    def frozen_for(self, technique: Technique) -> bool:
        """Whether a freeze that a power cycle lifts keeps the drive from doing this."""
        if technique.is_sanitize:
            return self.capabilities.sanitize.frozen is Answer.YES
        security = self.capabilities.security
        return technique.value.startswith("ata-secure-erase") and security.frozen is Answer.YES

    def thaw_needed(self, techniques: Sequence[Technique]) -> bool:
        """Whether the power must be cut before anything can be done."""
        security = self.capabilities.security
        own = self.password_set and Answer.YES in {security.frozen, security.expired}
        shut = any(area.frozen is Answer.YES for area in self.restored)
        return own or shut or any(self.frozen_for(technique) for technique in techniques)

    def _opens(self, area: HiddenArea) -> bool:
        reachable = self.capabilities.command_set is CommandSet.ATA and not self.medium_closed
        thawed = area.frozen is not Answer.YES or self.policy.frozen is FrozenRule.POWER_CYCLE
        return self.policy.hidden_areas is HiddenRule.RESTORE and reachable and thawed
