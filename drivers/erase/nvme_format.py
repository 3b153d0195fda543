"""Format NVM with a secure erase setting (Base 2.0 5.14). SES 0 erases nothing and is never sent.

Each namespace keeps its format: index, metadata and protection settings are given as they are. Where the controller
says that an erasure reaches all namespaces (FNA), one command is given for all; else one for each.
"""

from __future__ import annotations

from collections.abc import Iterator

from bench.capabilities import Namespace
from bench.firmware_work import Accepted, Ended, NotTaken
from bench.messages import say
from bench.techniques import Technique
from drivers.commands import nvme, nvme_replies
from drivers.commands.nvme import NvmeAnswer, SecureErase, Structure
from drivers.commands.nvme_replies import Controller
from drivers.commands.outcome import Done, Outcome, Refused, Unclear, read
from drivers.commands.transport import Transport
from drivers.erase.steps import Blocking, Given, Step, ended_badly, ended_well, not_taken, patience, settled, unknown

_ERASES = {
    Technique.NVME_FORMAT_USER_DATA: SecureErase.USER_DATA,
    Technique.NVME_FORMAT_CRYPTO: SecureErase.CRYPTO,
}


def commands(
    controller: Controller, namespaces: tuple[Namespace, ...], erase: SecureErase
) -> tuple[tuple[int, int], ...]:
    """What is to be sent: namespace id and command dword 10 of each. `ValueError` for SES 0, or no namespace."""
    if erase is SecureErase.NONE or not namespaces:
        raise ValueError("a format that erases nothing")
    words = {item.nsid: nvme.format_dword(item.format_index, item.metadata_settings, erase) for item in namespaces}
    hits_all = controller.format_hits_all or controller.erase_hits_all
    if hits_all and len(set(words.values())) == 1:
        return ((nvme.ALL_NAMESPACES, next(iter(words.values()))),)
    return tuple(words.items())


def give(transport: Transport, technique: Technique) -> Iterator[Step]:
    """Format all namespaces, and see that they are formatted as before."""
    controller = settled(_controller(transport))
    if not isinstance(controller, Done):
        yield not_taken(controller)
        return
    before = _namespaces(transport)
    if isinstance(before, Refused | Unclear):
        yield not_taken(before)
        return
    if not before:
        yield NotTaken(reason=say("erase-no-namespace"))
        return
    yield Given(before=unknown())
    accepted = False
    for nsid, word in commands(controller.value, before, _ERASES[technique]):
        command = _blocking(transport, nsid, word)
        if command.at_work() and not accepted:
            accepted = True
            yield Accepted(seconds=0)
        outcome = command.outcome()
        if isinstance(outcome, Refused) and accepted:
            yield Ended(reading=ended_badly(outcome))
            return
        if not isinstance(outcome, Done):
            yield not_taken(outcome)
            return
        if not accepted:
            accepted = True
            yield Accepted(seconds=0)
    yield Ended(reading=ended_well() if _namespaces(transport) == before else unknown())


def _blocking(transport: Transport, nsid: int, word: int) -> Blocking[NvmeAnswer]:
    request = nvme.format_nvm(nsid, word, timeout=patience(0))
    return Blocking(lambda: nvme.send(transport, request))


def _controller(transport: Transport) -> Outcome[Controller]:
    answer = nvme.send(transport, nvme.identify(Structure.CONTROLLER))
    return read(answer, lambda found: nvme_replies.controller(found.data))


def _namespaces(transport: Transport) -> tuple[Namespace, ...] | Refused | Unclear:
    """All active namespaces as they are now; one that cannot be read leaves nothing known."""
    listed = settled(
        read(
            nvme.send(transport, nvme.identify(Structure.ACTIVE_NAMESPACES)),
            lambda answer: nvme_replies.namespace_list(answer.data),
        )
    )
    if not isinstance(listed, Done):
        return listed
    found = [settled(_namespace(transport, nsid)) for nsid in listed.value]
    failed = next((one for one in found if not isinstance(one, Done)), None)
    return failed or tuple(one.value for one in found if isinstance(one, Done))


def _namespace(transport: Transport, nsid: int) -> Outcome[Namespace]:
    answer = nvme.send(transport, nvme.identify(Structure.NAMESPACE, nsid))
    return read(answer, lambda found: nvme_replies.namespace(found.data, nsid))
