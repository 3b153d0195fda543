"""A station's keys on disk: made whole, changed whole, wherever the process dies."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bench import key_ring
from bench.key_files import KeyFileError
from bench.key_list import KeyListError, KeyStatus, key_list_bytes
from bench.key_ring import KeyRing
from bench.messages import BenchError
from support import key_samples as sample

FILES = {
    "station.key": 0o600,
    "seal.key": 0o600,
    "station.key.pub": 0o644,
    "seal.crt": 0o644,
    "station.keys.json": 0o644,
}
EFFECTS = ("open", "link", "unlink", "rename", "replace", "mkdir", "rmdir", "fsync", "pwrite", "fchmod")
ENOUGH = 500


class CrashError(BaseException):
    """The process is gone; no `except Exception` of the program runs."""


@contextmanager
def crashing(at: int) -> Iterator[list[str]]:
    """From the `at`-th effect on the file system, nothing has any effect any more; the effects done so far."""
    done: list[str] = []

    def fused(name: str, effect: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **options: Any) -> Any:
            if name == "open" and not arguments[1] & os.O_CREAT:
                return effect(*arguments, **options)
            if len(done) + 1 >= at:
                done.append(name)
                raise CrashError
            done.append(name)
            return effect(*arguments, **options)

        return run

    with pytest.MonkeyPatch.context() as patch:
        for name in EFFECTS:
            patch.setattr(os, name, fused(name, getattr(os, name)))
        yield done


def after_a_crash(at: int, work: Callable[[], object]) -> bool:
    """Do work in a process that dies at its `at`-th effect; whether it did."""
    with crashing(at):
        try:
            work()
        except CrashError:
            return True
    return False


def names(folder: Path) -> dict[str, int]:
    return {item.name: item.stat().st_mode & 0o777 for item in folder.iterdir()}


def opened(folder: Path) -> KeyRing:
    return key_ring.load_or_create(folder, station=sample.STATION, organisation="", at=sample.at(900))


def test_the_keys_of_a_station_and_their_list(tmp_path: Path) -> None:
    assert not key_ring.has_keys(tmp_path)
    ring = sample.first(tmp_path)
    assert key_ring.has_keys(tmp_path)
    assert names(tmp_path) == FILES
    assert opened(tmp_path).listed == ring.listed == key_ring.read_list(tmp_path)
    assert ring.listed.current.seal_digest == ring.seal.digest
    assert ring.listed.current.since == sample.START.isoformat()


def test_rotation_destroys_the_old_keys_and_tells_of_them(tmp_path: Path) -> None:
    rings = sample.rotated(tmp_path, 1)
    assert names(tmp_path) == FILES
    again = opened(tmp_path)
    assert again.station.fingerprint == rings[1].station.fingerprint != rings[0].station.fingerprint
    assert again.seal.digest == rings[1].seal.digest != rings[0].seal.digest
    retired = again.listed.keys[0]
    assert (retired.status, retired.reason, retired.until) == (
        KeyStatus.RETIRED,
        "Changement 1",
        again.listed.current.since,
    )


def test_the_bytes_of_an_old_private_key_are_overwritten(tmp_path: Path) -> None:
    """The file that held it, still reachable under another name, holds something else."""
    ring = sample.first(tmp_path)
    for name in ("station.key", "seal.key"):
        os.link(tmp_path / name, tmp_path / f"{name}.kept")
    before = {name: (tmp_path / f"{name}.kept").read_bytes() for name in ("station.key", "seal.key")}
    key_ring.rotate(tmp_path, ring, organisation="", reason="Changement", at=sample.at(1))
    for name, content in before.items():
        left = (tmp_path / f"{name}.kept").read_bytes()
        assert len(left) == len(content)
        assert left[:32] != content[:32]
        assert b"PRIVATE" not in left


def test_making_keys_may_be_cut_off_anywhere(tmp_path: Path) -> None:
    for at in range(1, ENOUGH):
        folder = tmp_path / str(at)
        folder.mkdir()
        crashed = after_a_crash(at, partial(sample.first, folder))
        kept = (folder / "station.key").read_bytes() if (folder / "station.key").exists() else b""
        ring = opened(folder)
        assert names(folder) == FILES
        assert ring.listed.station == sample.STATION
        assert not kept or (folder / "station.key").read_bytes() == kept
        if not crashed:
            break
    else:
        pytest.fail("it never ended")
    assert at > 15, "few effects were seen"


@pytest.mark.parametrize("revoking", [False, True])
def test_a_rotation_may_be_cut_off_anywhere(tmp_path: Path, revoking: bool) -> None:
    """Afterwards either the old keys are in force, all of them, or the new ones; and work goes on with them."""
    made = tmp_path / "made"
    made.mkdir()
    old = sample.first(made)
    since = sample.at(10).isoformat() if revoking else None
    seen = set[bool]()
    for at in range(1, ENOUGH):
        folder = tmp_path / str(at)
        shutil.copytree(made, folder)

        def change(folder: Path = folder) -> KeyRing:
            return key_ring.rotate(
                folder, old, organisation="", reason="Changement", at=sample.at(30), revoked_since=since
            )

        crashed = after_a_crash(at, change)
        # A second crash while cleaning up the first, then a proper start.
        after_a_crash(at % 7 + 1, partial(opened, folder))
        ring = opened(folder)
        assert names(folder) == FILES
        changed = ring.station.fingerprint != old.station.fingerprint
        assert len(ring.listed.keys) == 1 + changed
        assert (ring.seal.digest != old.seal.digest) is changed
        assert ring.listed.keys[0].fingerprint == old.station.fingerprint
        if changed:
            assert ring.listed.keys[0].status is (KeyStatus.REVOKED if revoking else KeyStatus.RETIRED)
        else:
            assert key_list_bytes(ring.listed) == key_list_bytes(old.listed)
        seen.add(changed)
        again = key_ring.rotate(folder, ring, organisation="", reason="Encore", at=sample.at(60))
        assert len(again.listed.keys) == 2 + changed
        if not crashed:
            break
    else:
        pytest.fail("it never ended")
    assert seen == {False, True}
    assert at > 25, "few effects were seen"


def test_private_keys_go_only_after_the_new_list_is_on_the_medium(tmp_path: Path) -> None:
    ring = sample.first(tmp_path)
    with crashing(ENOUGH) as done:
        key_ring.rotate(tmp_path, ring, organisation="", reason="Changement", at=sample.at(1))
    committed = done.index("rename")
    assert done[committed + 1] == "fsync"
    assert done[committed + 2 : committed + 4] == ["replace", "fsync"], "the list comes first"
    assert done.index("pwrite") > committed + 3


def test_a_private_key_that_is_lost_is_not_made_anew(tmp_path: Path) -> None:
    sample.first(tmp_path)
    for name in ("station.key", "seal.key"):
        kept = (tmp_path / name).read_bytes()
        (tmp_path / name).unlink()
        with pytest.raises(KeyFileError) as caught:
            opened(tmp_path)
        assert caught.value.messages[0].id == "keys-lost"
        (tmp_path / name).write_bytes(kept)
        (tmp_path / name).chmod(0o600)
    opened(tmp_path)


def test_public_files_that_are_lost_are_written_again_from_the_list(tmp_path: Path) -> None:
    sample.first(tmp_path)
    kept = {name: (tmp_path / name).read_bytes() for name in ("seal.crt", "station.key.pub")}
    for name in kept:
        (tmp_path / name).unlink()
    opened(tmp_path)
    assert {name: (tmp_path / name).read_bytes() for name in kept} == kept


@pytest.mark.parametrize("name", ["station.key", "seal.crt"])
def test_a_file_from_elsewhere_is_noticed(tmp_path: Path, name: str) -> None:
    for folder in ("here", "there"):
        (tmp_path / folder).mkdir()
        sample.first(tmp_path / folder)
    shutil.copy(tmp_path / "there" / name, tmp_path / "here" / name)
    with pytest.raises(KeyFileError) as caught:
        opened(tmp_path / "here")
    assert caught.value.messages[0].id in {"keys-do-not-match", "seal-mismatch"}


def test_a_damaged_list_is_named(tmp_path: Path) -> None:
    sample.first(tmp_path)
    path = tmp_path / "station.keys.json"
    path.write_bytes(path.read_bytes().replace(b"atelier-1", b"atelier-2"))
    with pytest.raises(KeyListError) as caught:
        opened(tmp_path)
    assert [message.id for message in caught.value.messages] == ["key-list-damaged", "key-list-signature"]


def test_keys_from_before_there_were_lists_are_taken_over(tmp_path: Path) -> None:
    ring = sample.first(tmp_path)
    for name in ("seal.key", "seal.crt", "station.keys.json"):
        (tmp_path / name).unlink()
    assert opened(tmp_path).station.fingerprint == ring.station.fingerprint
    assert names(tmp_path) == FILES


def test_a_reason_that_no_reader_would_accept_is_not_written(tmp_path: Path) -> None:
    ring = sample.first(tmp_path)
    with pytest.raises(BenchError) as caught:
        key_ring.rotate(tmp_path, ring, organisation="", reason="deux\nlignes", at=sample.at(1))
    assert caught.value.messages[0].id == "keys-list-not-written"
    assert opened(tmp_path).listed == ring.listed
