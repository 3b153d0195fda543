"""The station's key on a real file system."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from bench.key_files import KeyFileError
from bench.keys import (
    create,
    fingerprint,
    grouped,
    load,
    load_or_create,
    load_public,
    public_path,
    public_pem,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "station.key"


def refusal(caught: pytest.ExceptionInfo[KeyFileError]) -> str:
    return caught.value.messages[0].id


def test_a_key_is_made_once_and_read_again(path: Path) -> None:
    made = load_or_create(path)
    again = load_or_create(path)
    assert made.fingerprint == again.fingerprint == load(path).fingerprint
    assert load_public(public_path(path)) == made.public


def test_only_the_owner_may_read_it(path: Path) -> None:
    previous = os.umask(0)
    try:
        load_or_create(path)
    finally:
        os.umask(previous)
    assert path.stat().st_mode & 0o777 == 0o600
    assert public_path(path).stat().st_mode & 0o777 == 0o644


def test_nothing_is_left_beside_it(path: Path) -> None:
    load_or_create(path)
    assert sorted(item.name for item in path.parent.iterdir()) == ["station.key", "station.key.pub"]


def test_an_existing_key_is_never_replaced(path: Path) -> None:
    made = create(path)
    with pytest.raises(KeyFileError) as caught:
        create(path)
    assert refusal(caught) == "key-exists"
    assert load(path).fingerprint == made.fingerprint
    assert [item.name for item in path.parent.iterdir()] == ["station.key"]


@pytest.mark.parametrize("left", [None, b"", b"-----BEGIN PUB"])
def test_a_public_file_lost_or_cut_short_is_written_again(path: Path, left: bytes | None) -> None:
    made = load_or_create(path)
    public_path(path).unlink()
    if left is not None:
        public_path(path).write_bytes(left)
    load_or_create(path)
    assert load_public(public_path(path)) == made.public


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o660])
def test_a_key_that_others_can_reach_is_refused(path: Path, mode: int) -> None:
    create(path)
    path.chmod(mode)
    with pytest.raises(KeyFileError) as caught:
        load_or_create(path)
    assert refusal(caught) == "key-readable-by-others"
    assert caught.value.messages[0].params["mode"] == f"{mode:04o}"


def test_what_is_not_a_key_is_refused_by_name(path: Path) -> None:
    path.write_bytes(b"not a key")
    path.chmod(0o600)
    with pytest.raises(KeyFileError) as caught:
        load(path)
    assert refusal(caught) == "key-unreadable"
    assert caught.value.messages[0].params["path"] == str(path)
    with pytest.raises(KeyFileError) as caught:
        load_public(path)
    assert refusal(caught) == "key-unreadable"


def test_a_key_behind_a_password_is_refused(path: Path) -> None:
    encrypted = create(path).private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"secret")
    )
    path.write_bytes(encrypted)
    with pytest.raises(KeyFileError) as caught:
        load(path)
    assert refusal(caught) == "key-unreadable"


def test_a_key_of_another_kind_is_refused(path: Path) -> None:
    other = generate_private_key(SECP256R1())
    pem = other.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(pem)
    path.chmod(0o600)
    with pytest.raises(KeyFileError) as caught:
        load(path)
    assert refusal(caught) == "key-not-ed25519"
    path.write_bytes(
        other.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    with pytest.raises(KeyFileError) as caught:
        load_public(path)
    assert refusal(caught) == "key-not-ed25519"


def test_a_link_and_a_folder_are_refused(path: Path, tmp_path: Path) -> None:
    create(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(KeyFileError) as caught:
        load(path)
    assert refusal(caught) == "key-cannot-open"
    with pytest.raises(KeyFileError) as caught:
        load(tmp_path)
    assert refusal(caught) == "key-not-a-file"
    with pytest.raises(KeyFileError) as caught:
        load_public(tmp_path / "absent")
    assert refusal(caught) == "key-cannot-open"


def test_the_fingerprint_is_over_the_raw_key(path: Path) -> None:
    key = create(path)
    assert fingerprint(key.public) == key.fingerprint
    assert len(key.fingerprint) == 64
    assert grouped(key.fingerprint).split() == [key.fingerprint[i : i + 4] for i in range(0, 64, 4)]
    assert public_pem(key.public).startswith(b"-----BEGIN PUBLIC KEY-----")
