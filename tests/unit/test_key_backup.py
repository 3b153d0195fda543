"""The encrypted backup: restored whole from whatever somebody typed, or refused with the line that is wrong."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import key_backup, key_restore, key_ring
from bench.key_backup import BackupError, backup_lines, compact, open_backup
from bench.key_files import KeyFileError
from bench.key_ring import KeyRing
from bench.keys import private_pem
from bench.messages import BenchError
from bench.seal_key import private_pem as seal_pem
from bench.state import StateFolder
from support import key_samples as sample


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return sample.rotated(tmp_path_factory.mktemp("keys"), 1)[-1]


@pytest.fixture(scope="module")
def lines(ring: KeyRing) -> tuple[str, ...]:
    return backup_lines(ring, sample.PASSPHRASE, cost=sample.CHEAP)


def same(one: KeyRing, other: KeyRing) -> bool:
    return (
        private_pem(one.station) == private_pem(other.station)
        and seal_pem(one.seal.private) == seal_pem(other.seal.private)
        and one.seal.certificate == other.seal.certificate
        and one.listed == other.listed
    )


def refused(text: str, passphrase: str = sample.PASSPHRASE) -> BackupError:
    with pytest.raises(BackupError) as caught:
        open_backup(text, passphrase)
    return caught.value


def test_it_comes_back_as_it_was(ring: KeyRing, lines: tuple[str, ...]) -> None:
    assert same(open_backup("\n".join(lines), sample.PASSPHRASE), ring)


def test_it_is_typed_as_people_type(ring: KeyRing, lines: tuple[str, ...]) -> None:
    typed = "\r\n\r\n".join(f"  {line.lower().replace(' ', '')}" for line in reversed(lines))
    mistaken = typed.replace("0", "o").replace("1", "l")
    for text in (typed, mistaken, "\n".join(lines).replace(" ", "-").replace("1", "I"), "\n".join((*lines, *lines))):
        assert same(open_backup(f"Notes de l’atelier : du 4 au 5.\n{text}\n", sample.PASSPHRASE), ring)


def test_qr_codes_hold_the_same_in_their_alphabet(ring: KeyRing, lines: tuple[str, ...]) -> None:
    codes = [compact(lines[i : i + 12]) for i in range(0, len(lines), 12)]
    assert set("".join(codes)) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    assert same(open_backup("\n".join(codes), sample.PASSPHRASE), ring)


def test_the_format_is_the_one_described(ring: KeyRing, lines: tuple[str, ...]) -> None:
    """Opened with the description alone."""
    crockford, rfc4648 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    whole = b""
    for number, line in enumerate(lines, start=1):
        label, _, groups = line.partition(": ")
        *data, check = groups.split()
        text = "".join(data).translate(str.maketrans(crockford, rfc4648))
        piece = base64.b32decode(text + "=" * (-len(text) % 8))
        digest = base64.b32encode(hashlib.sha256(f"{number}:".encode() + piece).digest()).decode()
        assert check == digest[:4].translate(str.maketrans(rfc4648, crockford))
        assert label == f"{number:02}"
        whole += piece
    sealed, check_bytes = whole[:-4], whole[-4:]
    assert check_bytes == hashlib.sha256(sealed).digest()[:4]
    header = sealed[:33]
    assert (header[:4], header[4]) == (b"TRK1", sample.CHEAP)
    secret = hashlib.scrypt(sample.PASSPHRASE.encode(), salt=header[5:21], n=1 << header[4], r=8, p=1, dklen=32)
    fields = json.loads(zlib.decompress(ChaCha20Poly1305(secret).decrypt(header[21:], sealed[33:], header)))
    assert fields["format"] == "tablerase-backup-1"
    assert base64.b64decode(fields["station_key"]) == ring.station.private.private_bytes_raw()
    value = int.from_bytes(base64.b64decode(fields["seal_key"]), "big")
    assert value == ring.seal.private.private_numbers().private_value
    assert fields["key_list"]["station"] == sample.STATION


@settings(max_examples=300)
@given(data=st.data())
def test_any_wrong_character_names_its_line(lines: tuple[str, ...], data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(lines) - 1))
    line = lines[number]
    place = data.draw(st.sampled_from([i for i in range(4, len(line)) if line[i] != " "]))
    wrong = data.draw(st.sampled_from([char for char in "0123456789ABCDEFGHJKMNPQRSTVWXYZU" if char != line[place]]))
    changed = (*lines[:number], line[:place] + wrong + line[place + 1 :], *lines[number + 1 :])
    message = refused("\n".join(changed)).messages[0]
    assert message.id == "keys-backup-wrong-line"
    assert (message.params["number"], message.params["place"]) == (number + 1, number + 1)


def test_two_swapped_groups_and_a_wrong_number_are_found(lines: tuple[str, ...]) -> None:
    label, _, groups = lines[4].partition(": ")
    first, second, *rest = groups.split()
    swapped = f"{label}: {second} {first} {' '.join(rest)}"
    assert refused("\n".join((*lines[:4], swapped, *lines[5:]))).messages[0].params["number"] == 5
    renumbered = f"06{lines[4][2:]}"
    assert refused("\n".join((*lines[:4], renumbered, *lines[6:]))).messages[0].id == "keys-backup-wrong-line"


def test_what_is_missing_is_named(ring: KeyRing, lines: tuple[str, ...]) -> None:
    message = refused("\n".join((*lines[:6], *lines[8:]))).messages[0]
    assert (message.id, dict(message.params)) == ("keys-backup-missing", {"number": 7, "count": 2})
    message = refused("\n".join(lines[:-1])).messages[0]
    assert (message.id, message.params["number"]) == ("keys-backup-incomplete", len(lines) - 1)
    for text in ("", "no line at all\n12.30 h\n", "01 ABCDE"):
        assert refused(text).messages[0].id == "keys-backup-empty"
    other = backup_lines(ring, sample.PASSPHRASE, cost=sample.CHEAP)
    mixed = "\n".join((*lines[:3], *other[3:]))
    assert refused(mixed).messages[0].id == "keys-backup-incomplete"
    assert refused("\n".join((*lines, other[3]))).messages[0].id == "keys-backup-two-lines"


def test_another_passphrase_is_told_from_wrong_lines(lines: tuple[str, ...]) -> None:
    assert refused("\n".join(lines), "cheval correct pile agraff").messages[0].id == "keys-backup-passphrase"


def test_a_passphrase_is_the_same_however_its_accents_are_typed(ring: KeyRing) -> None:
    composed, decomposed = "é" * 12, "e\N{COMBINING ACUTE ACCENT}" * 12
    text = "\n".join(backup_lines(ring, composed, cost=sample.CHEAP))
    assert same(open_backup(text, decomposed), ring)


def test_a_short_passphrase_protects_nothing(ring: KeyRing) -> None:
    with pytest.raises(BackupError) as caught:
        backup_lines(ring, "onze lettres"[:11])
    assert caught.value.messages[0].id == "keys-passphrase-short"


def test_no_secret_is_in_it_and_no_two_are_alike(ring: KeyRing, lines: tuple[str, ...]) -> None:
    assert set(backup_lines(ring, sample.PASSPHRASE, cost=sample.CHEAP)).isdisjoint(lines)
    assert sample.PASSPHRASE not in "".join(lines)


def test_a_cost_that_would_stop_the_machine_is_refused(lines: tuple[str, ...]) -> None:
    piece = bytes([*b"TRK1", 40]) + bytes(60)
    whole = piece + hashlib.sha256(piece).digest()[:4]
    text = "\n".join(key_backup._line(n + 1, whole[i : i + 25]) for n, i in enumerate(range(0, len(whole), 25)))
    assert refused(text).messages[0].id == "keys-backup-other-format"
    assert lines


@settings(max_examples=200)
@given(text=st.text(max_size=200))
def test_any_text_is_refused_in_words(text: str) -> None:
    refused(text)


def folder_at(path: Path) -> StateFolder:
    folder = StateFolder(path)
    folder.create()
    return folder


def test_it_is_restored_where_there_are_no_keys(ring: KeyRing, tmp_path: Path) -> None:
    folder = folder_at(tmp_path)
    key_restore.restore(folder, ring)
    found = key_ring.load_or_create(folder.key.parent, station="x", organisation="", at=sample.at(99))
    assert same(found, ring)
    assert folder.station_name("another") == sample.STATION


@pytest.mark.parametrize(
    "lost", [("station.key",), ("seal.key",), ("station.keys.json",), ("station.key", "seal.key", "seal.crt")]
)
def test_what_was_lost_of_the_same_keys_is_put_back(ring: KeyRing, tmp_path: Path, lost: tuple[str, ...]) -> None:
    folder = folder_at(tmp_path)
    key_restore.restore(folder, ring)
    for name in lost:
        (folder.key.parent / name).unlink()
    key_restore.restore(folder, ring)
    assert same(key_ring.load_or_create(folder.key.parent, station="x", organisation="", at=sample.at(99)), ring)


def test_a_later_revocation_is_not_forgotten(tmp_path: Path) -> None:
    folder = folder_at(tmp_path)
    folder.station_name(sample.STATION)
    rings = sample.rotated(folder.key.parent, 1)
    backup = rings[-1]
    first = rings[0].station.fingerprint
    later = key_ring.revoke(folder.key.parent, backup, first, reason="Volée", since=sample.at(3).isoformat())
    (folder.key.parent / "station.key").unlink()
    assert key_restore.restore(folder, backup).listed == later.listed == key_ring.read_list(folder.key.parent)


def test_other_keys_are_never_replaced(ring: KeyRing, tmp_path: Path) -> None:
    def refusal(folder: StateFolder, backup: KeyRing) -> str:
        before = {item: item.read_bytes() for item in sorted(folder.root.rglob("*")) if item.is_file()}
        with pytest.raises(BenchError) as caught:
            key_restore.restore(folder, backup)
        assert {item: item.read_bytes() for item in sorted(folder.root.rglob("*")) if item.is_file()} == before
        return caught.value.messages[0].id

    used = folder_at(tmp_path / "used")
    sample.first(used.key.parent)
    assert refusal(used, ring) == "keys-restore-other"
    (used.key.parent / "station.keys.json").unlink()
    assert refusal(used, ring) == "keys-restore-other"
    (used.key.parent / "station.key").unlink()
    assert refusal(used, ring) == "keys-restore-other-seal"
    rotated = folder_at(tmp_path / "rotated")
    rings = sample.rotated(rotated.key.parent, 1)
    assert refusal(rotated, rings[0]) == "keys-restore-other"
    resealed = folder_at(tmp_path / "resealed")
    before = sample.first(resealed.key.parent)
    for name in ("seal.key", "seal.crt", "station.keys.json"):
        (resealed.key.parent / name).unlink()
    sample.first(resealed.key.parent)
    assert refusal(resealed, before) == "keys-restore-other-seal"
    named = folder_at(tmp_path / "named")
    named.station_name("atelier-2")
    assert refusal(named, ring) == "keys-restore-other-station"
    readable = folder_at(tmp_path / "readable")
    sample.first(readable.key.parent)
    (readable.key.parent / "station.keys.json").unlink()
    (readable.key.parent / "station.key").write_bytes(b"damaged")
    with pytest.raises(KeyFileError):
        key_restore.restore(readable, ring)
