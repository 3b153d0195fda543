"""NVMe admin commands dword by dword, and what drives answer to them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.techniques import ErasureState, Technique
from drivers.commands import nvme, nvme_replies, nvme_status
from drivers.commands.fields import MalformedError
from drivers.commands.nvme import ALL_NAMESPACES, NvmeAnswer, SanitizeAction, SecureErase, Structure
from drivers.commands.outcome import Done, Doubt, Refused, Unclear, Why
from drivers.commands.transport import NvmeReply, TransportError
from support.nvme_pages import controller, namespace, sanitize_log
from support.scripted import ScriptedDrive


def test_identify_and_logs() -> None:
    assert nvme.identify(Structure.NAMESPACE, 3).nsid == 3
    listed = nvme.identify(Structure.CONTROLLERS, controller=7)
    assert (listed.opcode, listed.cdw[0], listed.length) == (0x06, 0x00070013, 4096)
    log = nvme.sanitize_log()
    assert (log.opcode, log.nsid, log.cdw[0], log.cdw[1], log.length) == (0x02, ALL_NAMESPACES, 0x007F0081, 0, 512)
    assert nvme.smart_log().cdw[0] == 0x007F0002
    assert nvme.get_log(0x81, 4 * 0x10000).cdw[:2] == (0xFFFF0081, 0)
    assert nvme.get_log(0x81, 4 * 0x10001).cdw[:2] == (0x00000081, 1)
    for length in (0, 5):
        with pytest.raises(ValueError, match="log"):
            nvme.get_log(0x81, length)


@pytest.mark.parametrize(
    ("dword", "value"),
    [
        (nvme.sanitize_dword(SanitizeAction.CRYPTO_ERASE), 0x004),
        (nvme.sanitize_dword(SanitizeAction.BLOCK_ERASE), 0x002),
        (nvme.sanitize_dword(SanitizeAction.BLOCK_ERASE, keep_allocated=True), 0x202),
        (nvme.sanitize_dword(SanitizeAction.EXIT_FAILURE_MODE), 0x001),
        (nvme.sanitize_dword(SanitizeAction.OVERWRITE), 0x013),  # one pass, not sixteen
        (nvme.sanitize_dword(SanitizeAction.OVERWRITE, passes=16), 0x003),
        (nvme.sanitize_dword(SanitizeAction.OVERWRITE, passes=3, invert=True), 0x133),
        (nvme.sanitize_dword(SanitizeAction.BLOCK_ERASE, unrestricted_exit=True), 0x00A),
    ],
)
def test_sanitize_dwords(dword: int, value: int) -> None:
    assert dword == value
    request = nvme.sanitize(dword, 0xA5A5A5A5)
    assert (request.opcode, request.nsid, request.cdw) == (0x84, 0, (value, 0xA5A5A5A5, 0, 0, 0, 0))


def test_sanitize_has_limits() -> None:
    for passes in (0, 17):
        with pytest.raises(ValueError, match="passes"):
            nvme.sanitize_dword(SanitizeAction.OVERWRITE, passes=passes)
    with pytest.raises(ValueError, match="BLOCK"):
        nvme.sanitize_dword(SanitizeAction.BLOCK_ERASE, passes=2)


def test_format_carries_the_format_in_use() -> None:
    assert nvme.format_dword(1, 0, SecureErase.USER_DATA) == 0x201
    assert nvme.format_dword(0, 0, SecureErase.CRYPTO) == 0x400
    assert nvme.format_dword(2, 0b10101, SecureErase.USER_DATA) == 0x352  # PIL, PI type 2, metadata in the block
    assert nvme.format_dword(0x25, 0, SecureErase.USER_DATA) == 0x2205  # LBAFU in bits 13:12
    assert nvme.format_dword(0, 0, SecureErase.NONE) & 0xE00 == 0  # which erases nothing
    for index, settings in ((64, 0), (-1, 0), (0, 0x20)):
        with pytest.raises(ValueError, match="format"):
            nvme.format_dword(index, settings, SecureErase.CRYPTO)
    request = nvme.format_nvm(1, 0x201, timeout=600)
    assert (request.opcode, request.nsid, request.cdw[0], request.timeout) == (0x80, 1, 0x201, 600)


@given(st.integers(0, 63), st.integers(0, 1), st.integers(0, 3), st.integers(0, 1))
def test_what_identify_says_is_what_format_is_given(index: int, extended: int, protection: int, first: int) -> None:
    data = namespace(blocks=1000, formats=63, used=index, extended=extended, protection=protection | first << 3)
    found = nvme_replies.namespace(data, 1)
    dword = nvme.format_dword(found.format_index, found.metadata_settings, SecureErase.USER_DATA)
    assert (dword & 0x0F) | (dword >> 12 & 3) << 4 == index
    assert (dword >> 4 & 1, dword >> 5 & 7, dword >> 8 & 1, dword >> 9 & 7) == (extended, protection, first, 1)


def test_security_commands() -> None:
    request = nvme.security_receive(1, 0x07FE, 512)
    assert (request.opcode, request.cdw[0], request.cdw[1], request.length) == (0x82, 0x0107FE00, 512, 512)
    sent = nvme.security_send(1, 1, b"abcd")
    assert (sent.opcode, sent.cdw[0], sent.cdw[1], sent.data) == (0x81, 0x01000100, 4, b"abcd")


def test_statuses_have_names_and_reasons() -> None:
    assert nvme_status.name(0x4001) == nvme_status.StatusName(
        why=Why.UNSUPPORTED, code="NVMe 0h/01h Invalid Command Opcode"
    )
    assert nvme_status.name(0x001D).why is Why.SANITIZE_RUNNING
    assert nvme_status.name(0x001C).why is Why.SANITIZE_FAILED
    assert nvme_status.name(0x010A).why is Why.INVALID
    assert nvme_status.name(0x0286).why is Why.LOCKED
    assert nvme_status.name(0x07FF).why is Why.OTHER
    assert nvme_status.succeeded(0x4000)  # hints alone are no error
    assert not nvme_status.succeeded(0x0001)


def test_replies_become_outcomes() -> None:
    request = nvme.sanitize_log()
    answers: list[tuple[NvmeReply | TransportError, object]] = [
        (NvmeReply(status=0, result=5, data=bytes(512)), Done(value=NvmeAnswer(result=5, data=bytes(512)))),
        (NvmeReply(status=0x4109), Refused(why=Why.UNSUPPORTED, code="NVMe 1h/09h Invalid Log Page")),
        (TransportError("gone", 19), Unclear(doubt=Doubt.LOST, detail="gone", errno=19)),
    ]
    for answer, outcome in answers:
        assert nvme.send(ScriptedDrive(nvme_answers={"log-81": answer}), request) == outcome
    short = nvme.send(ScriptedDrive(nvme_answers={"log-81": NvmeReply(status=0, data=b"x")}), request)
    assert isinstance(short, Unclear)


def test_controller() -> None:
    found = nvme_replies.controller(controller(abilities=0x0B, sanitize=0x03, scope=0x06, unallocated=1 << 70))
    assert (found.model, found.serial, found.firmware) == ("TR NVME", "TR-N1", "1.0")
    assert (found.security, found.formats, found.manages_namespaces) == (True, True, True)
    assert found.sanitizes == (Technique.NVME_SANITIZE_CRYPTO, Technique.NVME_SANITIZE_BLOCK)
    assert (found.format_hits_all, found.erase_hits_all, found.erases_keys) == (False, True, True)
    assert found.unallocated == 1 << 70
    for wrong in (bytes(4096), b"\xff" * 4096, controller()[:-1]):
        with pytest.raises(MalformedError):
            nvme_replies.controller(wrong)


def test_lists() -> None:
    def listed(*ids: int) -> bytes:
        return b"".join(nsid.to_bytes(4, "little") for nsid in ids).ljust(4096, b"\0")

    assert nvme_replies.namespace_list(listed(1, 2, 9)) == (1, 2, 9)
    assert nvme_replies.namespace_list(listed()) == ()
    assert len(nvme_replies.namespace_list(listed(*range(1, 1025)))) == 1024
    for wrong in (listed(2, 1), listed(1, 1), listed(1, 0, 3), listed(0xFFFFFFFF), listed(1)[:-1]):
        with pytest.raises(MalformedError):
            nvme_replies.namespace_list(wrong)
    assert nvme_replies.controller_list(bytes.fromhex("020001000300").ljust(4096, b"\0")) == (1, 3)
    for text in ("ffff", "020003000100", "020001000100"):
        with pytest.raises(MalformedError):
            nvme_replies.controller_list(bytes.fromhex(text).ljust(4096, b"\0"))


def test_namespace() -> None:
    found = nvme_replies.namespace(namespace(blocks=1000, shift=12), 5)
    assert (found.nsid, found.size, found.block, found.format_index, found.active) == (5, 4096000, 4096, 0, True)
    # With up to sixteen formats, bits 6:5 of FLBAS are reserved and mean nothing.
    assert nvme_replies.namespace(namespace(blocks=9, formats=3, used=2, high=3), 1).format_index == 2
    for wrong in (
        bytes(4096),
        namespace(blocks=0),
        namespace(blocks=9, shift=8),
        namespace(blocks=9, formats=0, used=1),
        namespace(blocks=(1 << 64) - 1),
        namespace(blocks=9)[:-1],
    ):
        with pytest.raises(MalformedError):
            nvme_replies.namespace(wrong, 1)


def test_command_sets() -> None:
    def described(*pairs: tuple[int, bytes]) -> bytes:
        return b"".join(bytes((kind, len(data), 0, 0)) + data for kind, data in pairs).ljust(4096, b"\0")

    eui = (1, bytes(8))
    assert nvme_replies.command_set(described(eui)) == 0
    assert nvme_replies.command_set(described(eui, (4, b"\x00"))) == 0
    assert nvme_replies.command_set(described(eui, (4, b"\x02"))) == nvme_replies.ZONED_COMMANDS
    for wrong in (bytes(4096), bytes(10), b"\x01\xff" * 2048):
        with pytest.raises(MalformedError):
            nvme_replies.command_set(wrong)


@pytest.mark.parametrize(
    ("code", "state"),
    [
        (0, ErasureState.NEVER),
        (1, ErasureState.DONE),
        (2, ErasureState.RUNNING),
        (3, ErasureState.FAILED),
        (4, ErasureState.DONE),  # with deallocation: success too
        (5, ErasureState.UNKNOWN),
        (7, ErasureState.UNKNOWN),
    ],
)
def test_sanitize_states(code: int, state: ErasureState) -> None:
    found = nvme_replies.sanitize_log(sanitize_log(status=code, mark=0x202, progress=0x8000))
    assert (found.state, found.mark, found.deallocated) == (state, 0x202, code == 4)
    assert found.progress == (500 if state is ErasureState.RUNNING else None)


def test_sanitize_log_must_be_one() -> None:
    for wrong in (b"\xff" * 512, bytes(511)):
        with pytest.raises(MalformedError):
            nvme_replies.sanitize_log(wrong)


def test_smart() -> None:
    data = bytearray(512)
    data[0], data[112], data[128], data[160] = 4, 7, 200, 9
    found = nvme_replies.smart(bytes(data))
    assert (found.warnings, found.power_cycles, found.power_on_hours, found.media_errors) == (4, 7, 200, 9)
    for wrong in (bytes(512), b"\xff" * 512, bytes(data[:100])):
        with pytest.raises(MalformedError):
            nvme_replies.smart(wrong)
