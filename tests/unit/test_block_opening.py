"""What is said when a drive cannot be held. Holding real ones: tests/e2e/test_guard_loop.py."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from bench.ports import DriveGoneError
from drivers.block.opening import explain, open_exclusive


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (errno.ENOENT, "guard-not-there"),
        (errno.ENXIO, "guard-not-there"),
        (errno.EBUSY, "guard-held"),
        (errno.EACCES, "guard-permission"),
        (errno.EROFS, "guard-read-only"),
        (errno.EIO, "guard-open-failed"),
    ],
)
def test_every_errno_has_its_sentence(code: int, expected: str) -> None:
    message = explain("/dev/sdx", OSError(code, os.strerror(code)))
    assert message.id == expected
    assert message.params["node"] == "/dev/sdx"


def test_a_drive_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DriveGoneError, match="guard-not-there") as caught:
        open_exclusive(str(tmp_path / "sdx"))
    assert [message.id for message in caught.value.messages] == ["guard-not-there"]


def test_a_plain_file_is_not_held(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"kept")
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(DriveGoneError, match="guard-not-block-device"):
        open_exclusive(str(file))
    assert len(list(Path("/proc/self/fd").iterdir())) == before, "the descriptor is closed"
    assert file.read_bytes() == b"kept"
