"""ATA commands as typed values, each with the table of ACS-4 (or the standard that still has it) that it is from.

Nothing is sent here: `sat` does that. What comes back is read by `identify`, `ata_replies` and `identify_features`.
"""

from __future__ import annotations

from drivers.commands.sat import BLOCK, AtaCommand, Protocol

_PASSWORD = 32


def identify_device() -> AtaCommand:
    """IDENTIFY DEVICE (ECh), ACS-4 7.13."""
    return AtaCommand(name="IDENTIFY DEVICE", command=0xEC, count=1, protocol=Protocol.PIO_IN, blocks=1)


def read_log(address: int, page: int = 0, blocks: int = 1) -> AtaCommand:
    """READ LOG EXT (2Fh), ACS-4 7.22: the log address in LBA(7:0), the page in LBA(39:32) and LBA(15:8)."""
    lba = (page >> 8 & 0xFF) << 32 | (page & 0xFF) << 8 | address
    return AtaCommand(
        name="READ LOG EXT",
        command=0x2F,
        count=blocks,
        lba=lba,
        extended=True,
        protocol=Protocol.PIO_IN,
        blocks=blocks,
    )


def smart_read_data() -> AtaCommand:
    """SMART READ DATA (B0h/D0h), ATA8-ACS 7.53.6. LBA(23:8) is the signature that every SMART command carries."""
    return AtaCommand(
        name="SMART READ DATA",
        command=0xB0,
        feature=0xD0,
        count=1,
        lba=0xC24F00,
        protocol=Protocol.PIO_IN,
        blocks=1,
    )


def element_status(blocks: int = 8) -> AtaCommand:
    """GET PHYSICAL ELEMENT STATUS (12h), ACS-5 7.10: all elements, from the first."""
    return AtaCommand(
        name="GET PHYSICAL ELEMENT STATUS",
        command=0x12,
        count=blocks,
        extended=True,
        protocol=Protocol.DMA,
        blocks=blocks,
    )


def flush_cache(*, extended: bool = True, timeout: float = 120.0) -> AtaCommand:
    """FLUSH CACHE EXT (EAh) or, for disks without 48-bit addresses, FLUSH CACHE (E7h), ACS-4 7.10 and 7.11."""
    command = 0xEA if extended else 0xE7
    return AtaCommand(name="FLUSH CACHE", command=command, extended=extended, timeout=timeout)


def check_power_mode() -> AtaCommand:
    """CHECK POWER MODE (E5h), ACS-4 7.3: the answer is in COUNT(7:0), FFh active or idle, 00h standby."""
    return AtaCommand(name="CHECK POWER MODE", command=0xE5, tells=True)


# Host protected area, ATA8-ACS 7.32 and 7.48. The command before SET MAX must be READ NATIVE MAX of the same width.


def read_native_max(*, extended: bool) -> AtaCommand:
    """READ NATIVE MAX ADDRESS EXT (27h) or READ NATIVE MAX ADDRESS (F8h)."""
    command = 0x27 if extended else 0xF8
    return AtaCommand(name="READ NATIVE MAX ADDRESS", command=command, extended=extended, tells=True)


def set_max(last: int, *, extended: bool, keep: bool) -> AtaCommand:
    """SET MAX ADDRESS EXT (37h) or SET MAX ADDRESS (F9h): the last address that shall be accessible.

    `keep` is the V V bit: beyond the next power cycle. A drive takes one such command per power-on.
    """
    if extended:
        return AtaCommand(
            name="SET MAX ADDRESS EXT", command=0x37, count=int(keep), lba=last, extended=True, tells=True
        )
    if last >> 28:
        raise ValueError("SET MAX ADDRESS has 28 bits")
    return AtaCommand(
        name="SET MAX ADDRESS",
        command=0xF9,
        count=int(keep),
        lba=last & 0xFFFFFF,
        device=0x40 | last >> 24,
        tells=True,
    )


# Device configuration overlay, ATA8-ACS 7.8.


def dco_identify() -> AtaCommand:
    """DEVICE CONFIGURATION IDENTIFY (B1h/C2h)."""
    return AtaCommand(
        name="DEVICE CONFIGURATION IDENTIFY", command=0xB1, feature=0xC2, protocol=Protocol.PIO_IN, count=1, blocks=1
    )


def dco_restore() -> AtaCommand:
    """DEVICE CONFIGURATION RESTORE (B1h/C0h): takes effect whole after a power cycle."""
    return AtaCommand(name="DEVICE CONFIGURATION RESTORE", command=0xB1, feature=0xC0)


def dco_freeze() -> AtaCommand:
    """DEVICE CONFIGURATION FREEZE LOCK (B1h/C1h)."""
    return AtaCommand(name="DEVICE CONFIGURATION FREEZE LOCK", command=0xB1, feature=0xC1)


# Accessible maximum address configuration, ACS-4 7.1.


def native_max_address() -> AtaCommand:
    """GET NATIVE MAX ADDRESS EXT (78h/0000h)."""
    return AtaCommand(name="GET NATIVE MAX ADDRESS EXT", command=0x78, feature=0, extended=True, tells=True)


def set_accessible_max(last: int) -> AtaCommand:
    """SET ACCESSIBLE MAX ADDRESS EXT (78h/0001h): once per power-on."""
    return AtaCommand(
        name="SET ACCESSIBLE MAX ADDRESS EXT", command=0x78, feature=1, lba=last, extended=True, tells=True
    )


def freeze_accessible_max() -> AtaCommand:
    """FREEZE ACCESSIBLE MAX ADDRESS EXT (78h/0002h)."""
    return AtaCommand(name="FREEZE ACCESSIBLE MAX ADDRESS EXT", command=0x78, feature=2, extended=True)


# Security, ACS-4 7.37 to 7.42. Passwords are 32 bytes; they are never part of a name or a message.


def set_password(password: bytes, *, master: bool = False, maximum: bool = False, identifier: int = 0) -> AtaCommand:
    """SECURITY SET PASSWORD (F1h), table 131. `maximum`: the master password then only allows erasing."""
    block = bytearray(_password_block(password, master=master))
    block[1] |= int(maximum)
    block[34:36] = (identifier if master else 0).to_bytes(2, "little")
    return _security("SECURITY SET PASSWORD", 0xF1, bytes(block))


def unlock(password: bytes, *, master: bool = False) -> AtaCommand:
    """SECURITY UNLOCK (F2h), table 133. Wrong passwords are counted: five, then a power cycle."""
    return _security("SECURITY UNLOCK", 0xF2, _password_block(password, master=master))


def erase_prepare() -> AtaCommand:
    """SECURITY ERASE PREPARE (F3h): immediately before SECURITY ERASE UNIT."""
    return AtaCommand(name="SECURITY ERASE PREPARE", command=0xF3)


def erase_unit(password: bytes, *, enhanced: bool, timeout: float, master: bool = False) -> AtaCommand:
    """SECURITY ERASE UNIT (F4h), table 129. It ends when the erasure has; `timeout` must outlast it."""
    block = bytearray(_password_block(password, master=master))
    block[0] |= int(enhanced) << 1
    return _security("SECURITY ERASE UNIT", 0xF4, bytes(block), timeout)


def security_freeze() -> AtaCommand:
    """SECURITY FREEZE LOCK (F5h): until the next power cycle."""
    return AtaCommand(name="SECURITY FREEZE LOCK", command=0xF5)


def disable_password(password: bytes, *, master: bool = False) -> AtaCommand:
    """SECURITY DISABLE PASSWORD (F6h), table 127."""
    return _security("SECURITY DISABLE PASSWORD", 0xF6, _password_block(password, master=master))


def _password_block(password: bytes, *, master: bool) -> bytes:
    if len(password) > _PASSWORD:
        raise ValueError(f"the password has more than {_PASSWORD} bytes")
    return bytes((int(master), 0)) + password.ljust(_PASSWORD, b"\0") + bytes(BLOCK - _PASSWORD - 2)


def _security(name: str, command: int, block: bytes, timeout: float = 15.0) -> AtaCommand:
    return AtaCommand(name=name, command=command, count=1, protocol=Protocol.PIO_OUT, data=block, timeout=timeout)


# Trusted computing, ACS-4 7.56: the protocol in FEATURE, the length in COUNT, the protocol's own field in LBA(23:8).


def trusted_receive(protocol: int, specific: int, blocks: int = 1) -> AtaCommand:
    """TRUSTED RECEIVE (5Ch). Linux refuses it unless libata.allow_tpm is 1."""
    if not 1 <= blocks <= 0xFF:
        raise ValueError(f"{blocks} blocks instead of 1 to 255")
    return AtaCommand(
        name="TRUSTED RECEIVE",
        command=0x5C,
        feature=protocol,
        count=blocks,
        lba=specific << 8,
        protocol=Protocol.PIO_IN,
        blocks=blocks,
    )
