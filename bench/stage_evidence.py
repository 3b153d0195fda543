"""What is proven about one stage, and how each event of it changes that.

As in `bench.pass_evidence`: every function takes what was proven and one event, and gives what is proven after it, or
raises `DoesNotFollowError` where the event cannot have come next.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from bench import stage_events as se
from bench.capabilities import HiddenKind
from bench.drive import DriveIdentity
from bench.faults import DoesNotFollowError, require
from bench.messages import Message
from bench.stages import PlannedStage, StageKind
from bench.techniques import ErasureState


class StageState(StrEnum):
    """How far a stage has come."""

    WAITING = "waiting"
    STARTED = "started"
    ACCEPTED = "accepted"
    """The drive took the command."""
    REFUSED = "refused"
    FAILED = "failed"
    """It ended, and not as a success."""
    DONE = "done"

    @property
    def has_ended(self) -> bool:
        """Whether nothing more comes of it, unless it is started again."""
        return self in {StageState.REFUSED, StageState.FAILED, StageState.DONE}


@dataclass(frozen=True, slots=True, kw_only=True)
class StageEvidence:
    """One stage. `seen_running` says that the drive itself reported the erasure under way since the latest start.

    `at_work` says that it was started or adopted and neither ended nor interrupted since. `before` is the status just
    before the command, `final` the one it ended with, `readings` all between. Of a plant, check, power cycle,
    restoration, comparison or reading back, the event that ended it is kept.
    """

    index: int
    planned: PlannedStage
    state: StageState = StageState.WAITING
    started: str = ""
    ended: str = ""
    starts: int = 0
    adoptions: int = 0
    at_work: bool = False
    before: se.StatusReading | None = None
    mark: int | None = None
    accepted: str = ""
    estimate: int = 0
    password_chosen: bool = False
    seen_running: bool = False
    readings: tuple[se.StatusReading, ...] = ()
    final: se.StatusReading | None = None
    refused: Message | None = None
    failure_mode_left: bool = False
    asked: str = ""
    planted: se.CanariesPlanted | None = None
    check: se.CanariesChecked | None = None
    power: se.PowerCycleSeen | None = None
    restored: se.HiddenAreaRestored | None = None
    compared: se.CapabilitiesRead | None = None
    read_back: se.StageReadBack | None = None

    @property
    def kind(self) -> StageKind:
        """What it does."""
        return self.planned.kind

    @property
    def resumes_by_itself(self) -> bool:
        """Whether the drive goes on with it after a power loss: it is adopted then, and never ordered again blindly."""
        return self.planned.technique is not None and self.planned.technique.survives_power_loss

    @property
    def is_behind(self) -> bool:
        """Whether the plan goes on after it: it is done, or failed and the medium was opened for what follows."""
        return self.state is StageState.DONE or (self.state is StageState.FAILED and self.failure_mode_left)

    @property
    def leaves_it_closed(self) -> bool:
        """Whether it is a sanitize that failed: until another one, a drive may not even say how large it is."""
        return self.kind is StageKind.ERASE and self.state is StageState.FAILED and not self.failure_mode_left

    @property
    def may_be_running(self) -> bool:
        """Whether a command was, or may have been, given and its end is not known."""
        return self.kind.commands_the_drive and self.state in {StageState.STARTED, StageState.ACCEPTED}


_WORKING = frozenset({StageState.STARTED, StageState.ACCEPTED})


def on_stage_started(item: StageEvidence, event: se.StageStarted, at: str) -> StageEvidence:
    """A stage begins, or begins again: never a second order on top of an erasure that goes on."""
    require(item.state is not StageState.DONE, "started-after-its-end")
    if item.kind is StageKind.ERASE:
        require(event.before.state is not ErasureState.RUNNING, "started-over-a-running-one")
    return StageEvidence(
        index=item.index,
        planned=item.planned,
        state=StageState.STARTED,
        started=item.started or at,
        starts=item.starts + 1,
        adoptions=item.adoptions,
        at_work=True,
        before=event.before,
        mark=event.mark,
        failure_mode_left=item.failure_mode_left,
    )


def on_password_chosen(item: StageEvidence, event: se.SecurityPasswordChosen) -> StageEvidence:
    """The password is in the log before the drive has it."""
    _working(item, {StageKind.ERASE, StageKind.UNLOCK})
    require(item.state is StageState.STARTED and bool(event.password), "password-out-of-turn")
    return replace(item, password_chosen=True)


def on_accepted(item: StageEvidence, event: se.CommandAccepted, at: str) -> StageEvidence:
    """The drive took the command."""
    _working(item, {StageKind.ERASE, StageKind.UNLOCK, StageKind.REFORMAT, StageKind.RESTORE})
    require(item.state is StageState.STARTED and event.seconds >= 0, "accepted-out-of-turn")
    return replace(item, state=StageState.ACCEPTED, accepted=at, estimate=event.seconds)


def on_refused(item: StageEvidence, event: se.CommandRefused, at: str) -> StageEvidence:
    """The drive did not take it."""
    require(item.at_work and item.state in _WORKING, "refused-while-not-at-work")
    return replace(item, state=StageState.REFUSED, refused=event.reason, ended=at, at_work=False)


def on_seen(item: StageEvidence, event: se.ErasureSeen) -> StageEvidence:
    """The drive says how far it is. Before it took our command, whatever it says is not of ours."""
    _working(item, {StageKind.ERASE, StageKind.WAIT, StageKind.REFORMAT})
    require(item.kind is StageKind.WAIT or item.state is StageState.ACCEPTED, "seen-before-it-was-accepted")
    return _with_reading(item, event.reading)


def on_adopted(item: StageEvidence, event: se.ErasureAdopted, at: str) -> StageEvidence:
    """What goes on is watched again. Where its acceptance was not told, what the drive does tells it.

    An erasure that would not survive a power loss is still in the hands of its worker: it tells the acceptance itself.
    """
    require(item.kind is StageKind.ERASE, "adopted-what-is-no-erasure")
    require(not item.at_work and item.state in _WORKING, "adopted-while-not-interrupted")
    if not item.resumes_by_itself:
        require(event.reading.state in {ErasureState.RUNNING, ErasureState.UNKNOWN}, "adopted-what-does-not-resume")
    elif item.state is StageState.STARTED:
        require(event.reading.state is ErasureState.RUNNING, "adopted-before-it-was-accepted")
        # Where the drive keeps a mark, somebody else's command shows; else none but ours was given since the snapshot.
        require(event.reading.mark == item.mark, "adopted-with-another-mark")
        item = replace(item, state=StageState.ACCEPTED, accepted=at)
    return _with_reading(replace(item, at_work=True, adoptions=item.adoptions + 1), event.reading)


def on_stage_finished(item: StageEvidence, event: se.StageFinished, at: str) -> StageEvidence:
    """It ended as the drive says; what does not say "done" is no success."""
    _working(item, {StageKind.ERASE, StageKind.WAIT, StageKind.UNLOCK})
    require(item.kind is StageKind.WAIT or item.state is StageState.ACCEPTED, "ended-before-it-was-accepted")
    require(event.reading.state is not ErasureState.RUNNING, "ended-while-running")
    # Of a stranger's sanitize only the end matters; what it says of itself proves nothing.
    waited = item.kind is StageKind.WAIT
    state = StageState.DONE if waited or event.reading.state is ErasureState.DONE else StageState.FAILED
    return replace(item, state=state, final=event.reading, ended=at, at_work=False)


def on_failure_mode_left(item: StageEvidence) -> StageEvidence:
    """The medium is open again, and nothing else is better than it was."""
    require(item.kind is StageKind.ERASE and item.state is StageState.FAILED, "failure-mode-left-without-a-failure")
    return replace(item, failure_mode_left=True)


def on_planted(item: StageEvidence, event: se.CanariesPlanted, at: str) -> StageEvidence:
    """Canaries are on the medium."""
    _working(item, {StageKind.PLANT})
    everywhere = {canary.place for canary in (*event.planted, *event.kept)}
    require(len(everywhere) == len(event.planted) + len(event.kept), "planted-twice-at-a-place")
    require(len(event.planted) >= item.planned.count and bool(event.seed), "planted-fewer-than-planned")
    return replace(item, state=StageState.DONE, planted=event, ended=at, at_work=False)


def on_checked(
    item: StageEvidence, event: se.CanariesChecked, at: str, planted: se.CanariesPlanted | None
) -> StageEvidence:
    """Canaries were looked for: all that were planted last."""
    _working(item, {StageKind.CHECK})
    require(planted is not None, "checked-without-canaries")
    known = {canary.place for canary in (*planted.planted, *planted.kept)} if planted is not None else set()
    require(event.checked == len(known), "checked-other-canaries")
    require(known >= {*event.survivors, *event.unread}, "checked-other-canaries")
    return replace(item, state=StageState.DONE, check=event, ended=at, at_work=False)


def on_power_asked(item: StageEvidence, at: str) -> StageEvidence:
    """The power is to be cut."""
    _working(item, {StageKind.POWER_CYCLE})
    return replace(item, asked=item.asked or at)


def on_power_seen(item: StageEvidence, event: se.PowerCycleSeen, at: str) -> StageEvidence:
    """The power was cut, as the drive itself shows."""
    _working(item, {StageKind.POWER_CYCLE})
    require(bool(item.asked), "power-cut-not-asked-for")
    if event.before is not None and event.after is not None:
        require(event.after > event.before, "power-cut-not-counted")
    else:
        require(event.witness is not se.PowerWitness.COUNTER, "power-cut-not-counted")
    return replace(item, state=StageState.DONE, power=event, ended=at, at_work=False)


def on_restored(item: StageEvidence, event: se.HiddenAreaRestored, at: str) -> StageEvidence:
    """A hidden area was opened."""
    _working(item, {StageKind.RESTORE})
    require(event.kind is item.planned.hidden, "restored-another-area")
    require(item.state is StageState.ACCEPTED, "ended-before-it-was-accepted")
    return replace(item, state=StageState.DONE, restored=event, ended=at, at_work=False)


def on_reformatted(item: StageEvidence, event: se.Reformatted, at: str) -> StageEvidence:
    """The drive has other sectors."""
    _working(item, {StageKind.REFORMAT})
    require(item.state is StageState.ACCEPTED, "ended-before-it-was-accepted")
    require(event.logical_sector > 0 and event.identity.size % event.logical_sector == 0, "formatted-to-nothing")
    state = StageState.DONE if event.reading.state is ErasureState.DONE else StageState.FAILED
    return replace(item, state=state, final=event.reading, ended=at, at_work=False)


def on_compared(item: StageEvidence, event: se.CapabilitiesRead, at: str) -> StageEvidence:
    """What the drive has become is known."""
    _working(item, {StageKind.COMPARE})
    return replace(item, state=StageState.DONE, compared=event, ended=at, at_work=False)


def on_read_back(item: StageEvidence, event: se.StageReadBack, at: str, expected: tuple[int, int]) -> StageEvidence:
    """A share was read: all `expected` places and bytes of it."""
    _working(item, {StageKind.READ_BACK})
    require(event.permille == item.planned.permille and bool(event.seed), "read-back-not-as-planned")
    require((event.places, event.moved) == expected, "read-back-of-other-places")
    require(0 <= event.missed + event.blank <= event.moved, "read-back-of-other-places")
    require(min(event.missed, event.blank, event.survivors) >= 0, "read-back-of-other-places")
    return replace(item, state=StageState.DONE, read_back=event, ended=at, at_work=False)


def on_interruption(item: StageEvidence) -> StageEvidence:
    """Nobody watches it any more; the drive may go on."""
    return replace(item, at_work=False)


def opened(stages: tuple[StageEvidence, ...]) -> frozenset[HiddenKind]:
    """The hidden areas that were opened so far."""
    return frozenset(item.restored.kind for item in stages if item.restored is not None)


def same_drive(one: DriveIdentity, other: DriveIdentity) -> bool:
    """Whether two readings are of one drive, whose size may be another."""
    return replace(one, size=0) == replace(other, size=0)


def _with_reading(item: StageEvidence, reading: se.StatusReading) -> StageEvidence:
    # A stranger's erasure, by what is waited for or by the mark the drive keeps, shows nothing of ours.
    ours = item.kind is not StageKind.WAIT and reading.mark == item.mark
    running = item.seen_running or (ours and reading.state is ErasureState.RUNNING)
    return replace(item, readings=(*item.readings, reading), seen_running=running)


def _working(item: StageEvidence, kinds: set[StageKind]) -> None:
    if item.kind not in kinds:
        raise DoesNotFollowError("event-of-another-kind-of-stage")
    require(item.at_work and item.state in _WORKING, "event-while-not-at-work")
