"""A virtual NVMe controller: its admin commands (NVM Express 1.4 chapter 5), Format NVM and Sanitize above all."""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping
from typing import TypeAlias

from drivers.commands.transport import NvmeReply, NvmeRequest
from drivers.sim.commands import nvme_logs, tcg_session
from drivers.sim.commands.core import Core
from drivers.sim.commands.memory import EraseKind, Erasure, SanitizeState
from drivers.sim.commands.nvme_features import NUMBER_OF_QUEUES, ONE_QUEUE_PAIR_MORE, Features
from drivers.sim.commands.nvme_identify import FORMATS, block, eui, namespaces, structure
from drivers.sim.commands.spec import Tcg
from drivers.sim.protocol import NamespaceInfo

_DO_NOT_RETRY = 0x4000
INVALID_OPCODE, INVALID_FIELD, INVALID_NAMESPACE = 0x001, 0x002, 0x00B
SANITIZE_FAILED, SANITIZING = 0x01C, 0x01D
INVALID_LOG_PAGE, INVALID_FORMAT, FEATURE_NOT_SAVEABLE, FEATURE_NOT_CHANGEABLE = 0x109, 0x10A, 0x10D, 0x10E
ACCESS_DENIED = 0x286
EVERY_NAMESPACE = 0xFFFFFFFF
_GET_LOG, _IDENTIFY, _SET_FEATURES, _GET_FEATURES, _SELF_TEST = 0x02, 0x06, 0x09, 0x0A, 0x14
_FORMAT, _SEND, _RECEIVE, _SANITIZE = 0x80, 0x81, 0x82, 0x84
_READING = {_GET_LOG, _IDENTIFY, _GET_FEATURES, _SELF_TEST, _RECEIVE}
_DURING_SANITIZE = {_GET_LOG, _IDENTIFY, _GET_FEATURES}
_EXIT_FAILURE = 1
_KINDS = {2: (EraseKind.BLOCK, "block"), 3: (EraseKind.OVERWRITE, "overwrite"), 4: (EraseKind.CRYPTO, "crypto")}
_NO_DEALLOCATE = 0x200

Answer: TypeAlias = Callable[[NvmeRequest], bytes]


class NvmeError(Exception):
    """The command ends with this status code type and status code."""

    def __init__(self, status: int, *, retry: bool = False) -> None:
        super().__init__(f"status {status:#x}")
        self.status = status | (0 if retry else _DO_NOT_RETRY)


class NvmeController:
    """One controller with its namespaces, from power-on. Block requests are for namespace 1, which comes first."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._features = Features(core)

    @property
    def size(self) -> int:
        """Bytes of namespace 1."""
        return namespaces(self._core)[1][1]

    @property
    def block(self) -> int:
        """Data bytes of a sector of namespace 1."""
        return block(self._core, 1)

    def area(self, nsid: int) -> tuple[int, int]:
        """First byte on the medium and size of a namespace. Raises ENXIO where there is none."""
        spaces = namespaces(self._core)
        if nsid not in spaces:
            raise OSError(errno.ENXIO, f"there is no namespace {nsid}")
        return spaces[nsid]

    def listed(self) -> tuple[NamespaceInfo, ...]:
        """All namespaces, where there is more than one."""
        core, spaces = self._core, namespaces(self._core)
        return tuple(
            NamespaceInfo(nsid=nsid, size=size, sector=block(core, nsid), wwn=f"eui.{eui(core, nsid).hex()}")
            for nsid, (_, size) in spaces.items()
            if len(spaces) > 1
        )

    def changes(self, request: NvmeRequest) -> bool:
        """Whether a command may change data or settings."""
        return request.opcode not in _READING

    def refusal(self, *, write: bool) -> int:
        """The error number with which the kernel would end a read or write now, or 0."""
        state, core = self._core.memory.sanitize.state, self._core
        if state in {SanitizeState.RUNNING, SanitizeState.FAILED} or core.memory.format.corrupt:
            return errno.EIO
        if FORMATS[core.memory.format.block][1]:
            return errno.EIO  # the kernel makes no ordinary disk of a namespace with metadata
        return (
            errno.EIO if (core.tcg.locked and not (core.tcg.shadow and not write)) or (write and core.tcg.shadow) else 0
        )

    def execute(self, request: NvmeRequest) -> NvmeReply:
        """Perform a command. Raises `HostResetError`."""
        answers: Mapping[int, Answer] = {
            _GET_LOG: self._log,
            _IDENTIFY: self._identify,
            _SELF_TEST: self._self_test,
            _FORMAT: self._format,
            _SEND: self._send,
            _RECEIVE: self._receive,
            _SANITIZE: self._sanitize,
        }
        results = {_GET_FEATURES: self._get_feature, _SET_FEATURES: self._set_feature}
        try:
            self._check_state(request)
            if request.opcode in results:
                return NvmeReply(status=0, result=results[request.opcode](request))
            answer = answers.get(request.opcode, _unknown)
            return NvmeReply(status=0, data=answer(request)[: request.length])
        except NvmeError as error:
            return NvmeReply(status=error.status)

    def _check_state(self, request: NvmeRequest) -> None:
        state = self._core.memory.sanitize.state
        if state is SanitizeState.RUNNING and request.opcode not in _DURING_SANITIZE:
            raise NvmeError(SANITIZING, retry=True)
        if state is SanitizeState.FAILED and request.opcode == _FORMAT:
            raise NvmeError(SANITIZE_FAILED)

    def _identify(self, request: NvmeRequest) -> bytes:
        data = structure(self._core, request.cdw[0] & 0xFF, request.nsid)
        if data is None:
            raise NvmeError(INVALID_FIELD)
        return data

    def _get_feature(self, request: NvmeRequest) -> int:
        value = self._features.get(request.cdw[0] & 0xFF, request.cdw[1])
        if value is None:
            raise NvmeError(INVALID_FIELD)
        return value

    def _set_feature(self, request: NvmeRequest) -> int:
        number, value = request.cdw[0] & 0xFF, request.cdw[1]
        if self._features.get(number, value) is None:
            raise NvmeError(INVALID_FIELD)
        if request.cdw[0] >> 31:
            raise NvmeError(FEATURE_NOT_SAVEABLE)
        if not self._features.can_set(number, value):
            raise NvmeError(FEATURE_NOT_CHANGEABLE)
        self._features.set(number, value)
        return ONE_QUEUE_PAIR_MORE if number == NUMBER_OF_QUEUES else 0

    def _self_test(self, request: NvmeRequest) -> bytes:
        """Device Self-test (1.4 5.8): short, extended, or an abort of what has ended already."""
        code = request.cdw[0] & 0xF
        if code not in {1, 2, 0xF}:
            raise NvmeError(INVALID_FIELD)
        if code != 0xF:
            nvme_logs.tested(self._core, code)
        return b""

    def _receive(self, request: NvmeRequest) -> bytes:
        protocol, specific, length = _protocol(request)
        data = tcg_session.protocol_in(self._core, protocol, specific, length)
        if data is None:
            raise NvmeError(self._not_supported)
        return data[:length].ljust(length, b"\0")

    def _send(self, request: NvmeRequest) -> bytes:
        protocol, specific, length = _protocol(request)
        data = request.data[:length]
        if not tcg_session.protocol_out(self._core, protocol, specific, data, request.timeout):
            raise NvmeError(self._not_supported)
        return b""

    @property
    def _not_supported(self) -> int:
        """Why a security protocol is refused."""
        return INVALID_OPCODE if self._core.spec.tcg is Tcg.NONE else INVALID_FIELD

    def _format(self, request: NvmeRequest) -> bytes:
        """Format NVM (1.4 5.23). A secure erase setting of 0 erases nothing here, as the standard leaves open."""
        setting, index = request.cdw[0] >> 9 & 7, request.cdw[0] & 0xF
        if setting > 2:
            raise NvmeError(INVALID_FIELD)
        if index >= len(FORMATS) or request.cdw[0] >> 5 & 7:
            raise NvmeError(INVALID_FORMAT)
        spaces = namespaces(self._core)
        if request.nsid not in spaces and request.nsid != EVERY_NAMESPACE:
            raise NvmeError(INVALID_NAMESPACE)
        if self._core.refuses_while_locked:
            raise NvmeError(ACCESS_DENIED)
        kind = (EraseKind.FORMAT_NOTHING, EraseKind.FORMAT, EraseKind.FORMAT_CRYPTO)[setting]
        first, end = self._reached(request.nsid)
        duration = self._core.spec.erase_ms if setting == 1 else self._core.spec.crypto_ms
        self._core.run(Erasure(kind=kind, first=first, end=end, ms=duration), request.timeout)
        if not self._core.swallows and first == 0:
            self._core.memory.format.block = index
        return b""

    def _reached(self, nsid: int) -> tuple[int, int]:
        """Which bytes of the medium a format of this namespace erases, by FNA."""
        if nsid == EVERY_NAMESPACE or self._core.spec.format_hits_all:
            return 0, self._core.drive.medium_size
        first, size = namespaces(self._core)[nsid]
        return first, first + (self._core.drive.size if nsid == 1 else size)

    def _sanitize(self, request: NvmeRequest) -> bytes:
        """Sanitize (1.4 5.24): always in the background, of all namespaces."""
        word, memory = request.cdw[0], self._core.memory.sanitize
        action = word & 7
        if not self._core.spec.sanitizes:
            raise NvmeError(INVALID_OPCODE)
        if action == _EXIT_FAILURE:
            if memory.state is SanitizeState.FAILED:
                if not memory.may_leave_failure:
                    raise NvmeError(SANITIZE_FAILED)
                memory.state = SanitizeState.IDLE
            return b""
        kind, name = _KINDS.get(action, (EraseKind.NONE, ""))
        if name not in self._core.spec.sanitizes:
            raise NvmeError(INVALID_FIELD)
        if self._core.refuses_while_locked:
            raise NvmeError(ACCESS_DENIED)
        unrestricted = bool(word & 8)
        if memory.state is SanitizeState.FAILED and unrestricted and not memory.may_leave_failure:
            raise NvmeError(SANITIZE_FAILED)
        passes = (word >> 4 & 0xF or 16) if kind is EraseKind.OVERWRITE else 1
        pattern = request.cdw[1] if kind is EraseKind.OVERWRITE else 0
        if word & 0x100 and passes % 2 == 0:
            pattern ^= 0xFFFFFFFF
        if not self._core.swallows:
            memory.mark, memory.passes = word, passes if kind is EraseKind.OVERWRITE else 0
            memory.may_leave_failure = unrestricted
            memory.deallocated_anyway = bool(word & _NO_DEALLOCATE)
        self._core.sanitize(kind, pattern.to_bytes(4, "little").hex() if pattern else "", passes=passes)
        return b""

    def _log(self, request: NvmeRequest) -> bytes:
        dwords = (request.cdw[0] >> 16 | (request.cdw[1] & 0xFFFF) << 16) + 1
        offset = request.cdw[2] | request.cdw[3] << 32
        page = nvme_logs.page(self._core, request.cdw[0] & 0xFF)
        if page is None:
            raise NvmeError(INVALID_LOG_PAGE)
        return page.ljust(offset + dwords * 4, b"\0")[offset : offset + dwords * 4]


def _protocol(request: NvmeRequest) -> tuple[int, int, int]:
    """Security protocol, what is specific to it, and bytes (1.4 5.25, 5.26)."""
    return request.cdw[0] >> 24 & 0xFF, request.cdw[0] >> 8 & 0xFFFF, request.cdw[1]


def _unknown(_: NvmeRequest) -> bytes:
    raise NvmeError(INVALID_OPCODE)
