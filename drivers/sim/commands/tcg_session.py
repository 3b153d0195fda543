"""As much of a TCG conversation as a PSID revert takes: a session with the Admin SP, in which it is reverted.

Sources: TCG Core 2.01 5.2.3 (StartSession, SyncSession) and 5.1.5 (statuses); Opal 2.02 5.1 (Revert); PSID feature set.
There is one session at a time, and each message is fetched before the next.
"""

from __future__ import annotations

from drivers.sim.commands import tcg
from drivers.sim.commands.core import Core
from drivers.sim.commands.spec import Tcg
from drivers.sim.commands.tcg_tokens import Mark, Message, TcgError, Token, listed, packed, unpacked, waiting

_TCG = 0x01
_SESSION_MANAGER = bytes.fromhex("00000000000000ff")
_START_SESSION, _SYNC_SESSION = bytes.fromhex("000000000000ff02"), bytes.fromhex("000000000000ff03")
_ADMIN_SP = bytes.fromhex("0000020500000001")
_REVERT = bytes.fromhex("0000000600000202")
_PSID = bytes.fromhex("000000090001ff01")
_SUCCESS, _NOT_AUTHORIZED, _NO_SESSIONS_AVAILABLE, _INVALID_PARAMETER = 0x00, 0x01, 0x07, 0x0C
_FIRST_SESSION = 4096
"""Lower numbers are not for sessions that a host starts."""


def protocol_in(core: Core, protocol: int, specific: int, length: int) -> bytes | None:
    """What SECURITY PROTOCOL IN, TRUSTED RECEIVE and Security Receive answer to who wants `length` bytes.

    None: not supported. A message that is longer waits for somebody who asks for all of it.
    """
    if core.spec.tcg is Tcg.NONE or (protocol, specific) != (_TCG, tcg.COM_ID):
        return tcg.protocol_in(core, protocol, specific)
    answer = core.tcg.answer
    if not answer or len(answer) > length:
        return waiting(tcg.COM_ID, len(answer))
    core.tcg.answer = b""
    return answer


def protocol_out(core: Core, protocol: int, specific: int, data: bytes, timeout: float) -> bool:
    """Take what SECURITY PROTOCOL OUT, TRUSTED SEND and Security Send bring; whether it can be taken.

    It cannot before the answer to the one before was fetched. Raises `HostResetError`.
    """
    state = core.tcg
    if core.spec.tcg is Tcg.NONE or (protocol, specific) != (_TCG, tcg.COM_ID) or state.answer:
        return False
    try:
        message = unpacked(data, tcg.COM_ID)
    except TcgError:
        return False
    if (message.tper, message.host) == (0, 0):
        state.answer = _managed(core, message.tokens)
    elif (message.tper, message.host) == (state.session, state.host):
        state.answer = _performed(core, message.tokens, timeout)
    return True  # what belongs to no session is dropped


def _managed(core: Core, tokens: tuple[Token, ...]) -> bytes:
    """The session manager's answer; nothing to what it does not know."""
    match tokens:
        case (
            Mark.CALL,
            bytes() as manager,
            bytes() as method,
            Mark.LIST,
            *arguments,
            Mark.END_LIST,
            Mark.END_OF_DATA,
            Mark.LIST,
            0,
            0,
            0,
            Mark.END_LIST,
        ) if (manager, method) == (_SESSION_MANAGER, _START_SESSION):
            status = _started(core, tuple(arguments))
        case _:
            return b""
    numbers = (core.tcg.host, core.tcg.session) if status == _SUCCESS else ()
    call = (Mark.CALL, _SESSION_MANAGER, _SYNC_SESSION, *listed(*numbers))
    return packed(Message(tper=0, host=0, tokens=(*call, *_ended(status))), tcg.COM_ID)


def _started(core: Core, arguments: tuple[Token, ...]) -> int:
    """Start a session where that may be; the status."""
    match arguments:
        case (
            int() as host,
            bytes() as provider,
            1,
            Mark.NAME,
            0,  # HostChallenge
            bytes() as challenge,
            Mark.END_NAME,
            Mark.NAME,
            3,  # HostSigningAuthority
            bytes() as authority,
            Mark.END_NAME,
        ) if 0 < host <= 0xFFFFFFFF and provider == _ADMIN_SP:
            pass
        case _:
            return _INVALID_PARAMETER
    if core.tcg.session:
        return _NO_SESSIONS_AVAILABLE
    status = tcg.authenticated(core, challenge) if authority == _PSID else _NOT_AUTHORIZED
    if status == _SUCCESS:
        core.tcg.sessions += 1
        core.tcg.session, core.tcg.host = _FIRST_SESSION + core.tcg.sessions, host
    return status


def _performed(core: Core, tokens: tuple[Token, ...], timeout: float) -> bytes:
    """The session's answer. Raises `HostResetError`."""
    state = core.tcg
    tper, host = state.session, state.host
    answer: tuple[Token, ...]
    match tokens:
        case (Mark.END_OF_SESSION, *_):  # Linux sends the end of a method call behind it
            state.session = state.host = 0
            answer = (Mark.END_OF_SESSION,)
        case (
            Mark.CALL,
            bytes() as provider,
            bytes() as method,
            Mark.LIST,
            Mark.END_LIST,
            Mark.END_OF_DATA,
            Mark.LIST,
            0,
            0,
            0,
            Mark.END_LIST,
        ) if (provider, method) == (_ADMIN_SP, _REVERT):
            state.session = state.host = 0  # it ends with its SP's revert, and answers still (Opal 5.1)
            tcg.revert(core, timeout)
            answer = (*listed(), *_ended(_SUCCESS))
        case (Mark.CALL, *_):
            answer = (*listed(), *_ended(_NOT_AUTHORIZED))
        case _:
            answer = (*listed(), *_ended(_INVALID_PARAMETER))
    return packed(Message(tper=tper, host=host, tokens=answer), tcg.COM_ID)


def _ended(status: int) -> tuple[Token, ...]:
    """The end of a method call or of its answer."""
    return (Mark.END_OF_DATA, *listed(status, 0, 0))
