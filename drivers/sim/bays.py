"""Virtual drives as the bench sees drives: surveyed, claimed, found again. Addressed `sim:FOLDER`.

Of an NVMe drive with several namespaces, `sim:FOLDER` is the first and `sim:FOLDER#2` another.
"""

from __future__ import annotations

import errno
import os
import re
from dataclasses import replace
from pathlib import Path

from bench.drive import SIM_PREFIX, DriveFacts, DriveIdentity, Interface, Kin, Sibling, SizeReading, unreached
from bench.kinship import as_planned
from bench.messages import Message, say
from bench.ports import DriveGoneError, DriveSickError, PowerSwitch
from drivers.commander import FirmwareCommander
from drivers.commands import own_size
from drivers.commands_at_work import must_not_be_disturbed, worker_of
from drivers.medium import Kind, MediumSpec
from drivers.power_hand import OperatorsHand
from drivers.sim.client import SimConnection
from drivers.sim.commands.nvme_identify import MAIN
from drivers.sim.folder import SPEC, Power
from drivers.sim.held import HeldVirtualDrive
from drivers.sim.power import SimPowerSwitch, SimPresence
from drivers.sim.protocol import DriveInfo
from drivers.sim.transport import SimTransport
from drivers.turns import turn_at
from drivers.worker_client import EraseWorker

_ADDRESS = re.compile(r"(?P<folder>.*?)(?:#(?P<nsid>[1-9]\d{0,2}))?", re.DOTALL)


def is_simulated(address: str) -> bool:
    """Whether an address names a virtual drive."""
    return address.startswith(SIM_PREFIX)


def survey(address: str) -> DriveFacts:
    """Ask a virtual drive; what fails is in the facts."""
    folder, nsid = _folder(address), _namespace(address)
    try:
        with SimConnection.connect(folder) as drive:
            info = drive.info()
            obstacles: tuple[Message, ...] = ()
            try:
                with turn_at(_node(folder, nsid)):
                    drive.claim(nsid)
                    drive.release()
            except OSError as error:
                obstacles = (_busy(address, error),)
    except OSError as error:
        return unreached(address, undetermined=(_unreachable(address, error),))
    return _facts(address, folder, info, obstacles)


def find(identity: DriveIdentity, hint: str) -> str:
    """The hint's own address, if that drive is there; else where it is in a folder beside. Raises `DriveGoneError`.

    Folders beside each other are the bays of one rack. Its size may be another: who looks for it compares that.
    """
    facts = survey(hint)
    if replace(facts.identity, size=identity.size) == identity:
        return hint
    folder, nsid = _folder(hint), _namespace(hint)
    for other in sorted(folder.parent.glob(f"*/{SPEC}")):
        address = _node(other.parent, nsid)
        if other.parent != folder and replace(survey(address).identity, size=identity.size) == identity:
            return address
    if facts.undetermined:
        raise DriveGoneError(*facts.undetermined)
    raise DriveGoneError(say("sim-another-drive", address=hint, serial=facts.identity.serial))


def connect(address: str) -> tuple[SimConnection, int]:
    """A connection that holds nothing, and the namespace that the address means. Raises `OSError`."""
    return SimConnection.connect(_folder(address)), _namespace(address)


def transport(address: str, token: str = "") -> SimTransport:
    """Commands to a virtual drive, over a connection of their own; see `SimTransport`. Raises `TransportError`.

    Without the token of a claim, only commands that change nothing are answered.
    """
    return SimTransport.connect(_folder(address), token)


class ClaimedVirtualDrive:
    """A virtual drive held exclusively; implements `bench.ports.ClaimedDrive`.

    The claim's connection is the worker's; identity is asked over one of its own. Where a command of ours still works
    on the drive (`commands` is their folder), its claim is joined. Where `facts` have the drive's own word for its
    size, it is asked for that again.
    """

    def __init__(self, facts: DriveFacts, commands: Path) -> None:
        address, identity = facts.address, facts.identity
        self._claimed_for = facts
        self._commands = commands
        self._address = address
        self._folder = _folder(address)
        try:
            self._held = SimConnection.connect(self._folder)
        except OSError as error:
            raise DriveGoneError(_unreachable(address, error)) from error
        try:
            _claim_or_join(self._held, facts, commands)
        except OSError as error:
            self._held.close()
            raise DriveGoneError(_busy(address, error)) from error
        self._commanded = HeldVirtualDrive(
            self._folder, identity, self._held, (_namespace(address), *(item.unit for item in facts.together))
        )
        self._commander = FirmwareCommander(self._commanded, commands)
        try:
            self._power = self._held.info().power
        except OSError as error:
            self.release()
            raise DriveGoneError(_unreachable(address, error)) from error

    @property
    def direct_io(self) -> bool:
        """Nothing of a virtual drive is cached by the host."""
        return True

    @property
    def notes(self) -> tuple[Message, ...]:
        """See `ClaimedDrive.notes`. Every flush reaches a virtual drive: there is nothing to say."""
        return ()

    def facts(self) -> DriveFacts:
        """See `ClaimedDrive.facts`."""
        try:
            with SimConnection.connect(self._folder) as drive:
                found = as_planned(_facts(self._address, self._folder, drive.info(), ()), self._claimed_for)
                if self._asks_for_size(found):
                    own = own_size.told(SimTransport(drive))
                    # Its next answer has the size, if the drive was formatted between the two questions.
                    found = own_size.completed(
                        found, own, lambda: _facts(self._address, self._folder, drive.info(), ())
                    )
        except OSError as error:
            # A dead drive answers everything with EIO; one that is off, or away, does not answer.
            kind = DriveSickError if error.errno == errno.EIO else DriveGoneError
            raise kind(_unreachable(self._address, error)) from error
        return found

    async def eraser(self) -> EraseWorker:
        """See `ClaimedDrive.eraser`."""
        return await EraseWorker.start(MediumSpec(fd=self._held.fileno(), kind=Kind.SIMULATED, direct_io=True))

    def commander(self) -> FirmwareCommander:
        """See `ClaimedDrive.commander`."""
        return self._commander

    def power(self) -> PowerSwitch:
        """See `ClaimedDrive.power`."""
        if self._power is Power.BY_HAND:
            return OperatorsHand(SimPresence(self._claimed_for, survey, find))
        return SimPowerSwitch(self._folder)

    def share(self) -> str:
        """A token for `transport`: whoever has it holds the drive too, also after this process has ended."""
        return self._held.share()

    def release(self) -> None:
        """See `ClaimedDrive.release`."""
        self._commanded.close()
        self._held.close()

    def _asks_for_size(self, found: DriveFacts) -> bool:
        unknown = self._claimed_for.tells_own_size and not found.identity.size
        return unknown and not must_not_be_disturbed(self._commands, found.identity)


def _claim_or_join(connection: SimConnection, facts: DriveFacts, commands: Path) -> None:
    """Hold the drive, together with a command of ours where one is at work. Raises `OSError`."""
    worker = worker_of(commands, facts.identity)
    if worker is not None:
        try:
            connection.join(worker.read_order()[1].token)
        except OSError as error:
            if error.errno != errno.EACCES:
                raise
        else:
            return
    # Also where a command's share ended with the drive's power, or with its own end just now. All of it, or nothing:
    # what was claimed ends with the connection.
    connection.claim(_namespace(facts.address))
    for item in facts.together:
        connection.claim(item.unit)


def _busy(address: str, error: OSError) -> Message:
    if error.errno == errno.EBUSY:
        return say("sim-busy", address=address)
    return _unreachable(address, error)


def _unreachable(address: str, error: OSError) -> Message:
    match error:
        case FileNotFoundError():
            return say("sim-absent", address=address)
        case ConnectionRefusedError():
            return say("sim-off", address=address)
        case _:
            return say("sim-no-answer", address=address, error=errno.errorcode.get(error.errno or 0, str(error)))


def _folder(address: str) -> Path:
    path = _ADDRESS.fullmatch(address.removeprefix(SIM_PREFIX))
    return Path(os.path.abspath(path["folder"] if path else ""))  # noqa: PTH100 - resolve() would follow links


def _namespace(address: str) -> int:
    """Which namespace an address means: the drive's own where it names none."""
    path = _ADDRESS.fullmatch(address)
    return int(path["nsid"] or MAIN) if path else MAIN


def _node(folder: Path, nsid: int) -> str:
    return f"{SIM_PREFIX}{folder}" + (f"#{nsid}" if nsid != MAIN else "")


def _facts(address: str, folder: Path, info: DriveInfo, obstacles: tuple[Message, ...]) -> DriveFacts:
    nsid = _namespace(address)
    if nsid != MAIN and nsid not in {item.nsid for item in info.namespaces}:
        return unreached(address, undetermined=(say("sim-absent", address=address),))
    identity, sizes, sector = _identity(info, nsid), info.sizes, info.logical_sector
    if nsid != MAIN:
        sizes = tuple((name, identity.size) for name, _ in sizes)
        sector = next(item.sector for item in info.namespaces if item.nsid == nsid)
    return DriveFacts(
        address=address,
        node=_node(folder, nsid),
        identity=identity,
        sizes=tuple(SizeReading(source=name, size=size) for name, size in sizes),
        logical_sector=sector,
        physical_sector=info.physical_sector,
        interface=Interface.SIMULATED,
        medium=info.medium,
        vendor=info.vendor,
        firmware=info.firmware,
        simulated=True,
        obstacles=obstacles,
        unit=nsid if info.namespaces else 0,
        siblings=tuple(
            Sibling(
                kin=Kin.NAMESPACE,
                node=_node(folder, item.nsid),
                unit=item.nsid,
                identity=_identity(info, item.nsid),
                sector=item.sector,
            )
            for item in info.namespaces
            if item.nsid != nsid
        ),
    )


def _identity(info: DriveInfo, nsid: int) -> DriveIdentity:
    own = DriveIdentity(model=info.model, serial=info.serial, wwn=info.wwn, size=info.size, source="virtual drive")
    if nsid == MAIN:
        return own
    namespace = next(item for item in info.namespaces if item.nsid == nsid)
    return replace(own, wwn=namespace.wwn, size=namespace.size)
