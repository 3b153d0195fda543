"""The seal's key and certificate: what is in it, read by OpenSSL, and what becomes of the files."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key

from bench.key_files import KeyFileError
from bench.seal_key import SealKey, is_seal_of, load_or_create_seal, load_seal, new_seal
from support import key_samples as sample

FINGERPRINT = "ab" * 32


def make(folder: Path) -> SealKey:
    return load_or_create_seal(
        folder, station=sample.STATION, fingerprint=FINGERPRINT, organisation="Atelier d’essai", at=sample.START
    )


def refusal(caught: pytest.ExceptionInfo[KeyFileError]) -> str:
    return caught.value.messages[0].id


def openssl(*arguments: str | Path) -> str:
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl")
    command = ["openssl", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout


def test_openssl_reads_the_certificate_as_meant(tmp_path: Path) -> None:
    make(tmp_path)
    text = openssl("x509", "-in", tmp_path / "seal.crt", "-noout", "-text", "-nameopt", "utf8")
    for part in (
        "Signature Algorithm: ecdsa-with-SHA256",
        "Atelier d’essai",
        "CN=atelier-1",
        "Not Before: May  4 10:20:30 2026 GMT",
        "Not After : May  4 10:20:30 2046 GMT",
        "ASN1 OID: prime256v1",
        "Digital Signature, Non Repudiation",
        "1.3.6.1.5.5.7.3.36",
        f"URI:urn:tablerase:station-key:{FINGERPRINT}",
        "CA:FALSE",
    ):
        assert part.replace(" ", "") in text.replace(" ", ""), part
    trusted = openssl("verify", "-CAfile", tmp_path / "seal.crt", "-partial_chain", tmp_path / "seal.crt")
    assert trusted.strip().endswith("OK")


def test_the_digest_is_that_of_the_certificate(tmp_path: Path) -> None:
    seal = make(tmp_path)
    printed = openssl("x509", "-in", tmp_path / "seal.crt", "-noout", "-fingerprint", "-sha256")
    assert printed.strip().partition("=")[2].replace(":", "").lower() == seal.digest
    assert is_seal_of(seal.certificate, FINGERPRINT)
    assert not is_seal_of(seal.certificate, "cd" * 32)


def test_it_is_made_once_and_only_the_owner_reads_it(tmp_path: Path) -> None:
    made = make(tmp_path)
    again = load_or_create_seal(
        tmp_path, station="x", fingerprint="cd" * 32, organisation="", at=datetime(2030, 1, 1, tzinfo=UTC)
    )
    assert again.certificate == made.certificate == load_seal(tmp_path).certificate
    assert again.private.private_numbers() == made.private.private_numbers()
    assert {item.name: item.stat().st_mode & 0o777 for item in tmp_path.iterdir()} == {
        "seal.key": 0o600,
        "seal.crt": 0o644,
    }


def test_serial_numbers_differ_and_names_stay_within_the_standard() -> None:
    names = {"station": "é" * 200, "organisation": "o" * 200}
    seals = [new_seal(**names, fingerprint=FINGERPRINT, at=sample.START) for _ in range(2)]
    assert seals[0].certificate.serial_number != seals[1].certificate.serial_number
    assert [item.value for item in seals[0].certificate.subject] == ["o" * 61 + "…", "é" * 30 + "…"]


def test_a_key_without_its_certificate_gets_one_and_a_certificate_without_its_key_does_not(tmp_path: Path) -> None:
    made = make(tmp_path)
    (tmp_path / "seal.crt").unlink()
    again = make(tmp_path)
    assert again.private.private_numbers() == made.private.private_numbers()
    (tmp_path / "seal.key").unlink()
    with pytest.raises(KeyFileError) as caught:
        make(tmp_path)
    assert refusal(caught) == "seal-key-missing"


def test_what_does_not_belong_together_or_is_of_another_kind_is_refused(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "other").mkdir()
    make(tmp_path / "other")
    shutil.copy(tmp_path / "other" / "seal.crt", tmp_path)
    with pytest.raises(KeyFileError) as caught:
        load_seal(tmp_path)
    assert refusal(caught) == "seal-mismatch"
    (tmp_path / "seal.crt").write_bytes(b"no certificate")
    with pytest.raises(KeyFileError) as caught:
        load_seal(tmp_path)
    assert refusal(caught) == "seal-certificate-unreadable"
    other = generate_private_key(SECP384R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "seal.key").write_bytes(other)
    with pytest.raises(KeyFileError) as caught:
        load_seal(tmp_path)
    assert refusal(caught) == "seal-not-p256"
    (tmp_path / "seal.key").chmod(0o640)
    with pytest.raises(KeyFileError) as caught:
        load_seal(tmp_path)
    assert refusal(caught) == "key-readable-by-others"
