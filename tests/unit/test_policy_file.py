"""Policies as files: the shipped ones, what a site writes, and what is wrong in it."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from bench.levels import Level
from bench.messages import BenchError
from bench.policy import CryptoBasis, Downgrade, FrozenRule, HiddenRule, Policy, RetiredRule
from bench.policy_file import load_policy, shipped
from bench.techniques import Technique
from ui.formats import Language
from ui.texts import texts

HEAD = 'name = "ours"\nlevel = "purge"\n'


def written(folder: Path, text: str) -> Path:
    file = folder / "policy.toml"
    file.write_text(text, encoding="utf-8")
    return file


def refusals(file: Path) -> list[str]:
    with pytest.raises(BenchError) as refused:
        load_policy(file)
    for message in refused.value.messages:
        assert all(texts(language).text(message) for language in Language)
    return [
        " ".join([message.id, *(str(message.params[key]) for key in ("line", "field") if key in message.params)])
        for message in refused.value.messages
    ]


def test_the_defaults_are_those_of_the_shipped_purge(tmp_path: Path) -> None:
    assert shipped(Level.PURGE) == Policy(name="purge", level=Level.PURGE)
    assert load_policy(written(tmp_path, HEAD)) == Policy(name="ours", level=Level.PURGE)


def test_the_shipped_clear_overwrites_disks_and_lets_flash_erase_itself() -> None:
    policy = shipped(Level.CLEAR)
    assert (policy.name, policy.level, policy.downgrade) == ("clear", Level.CLEAR, Downgrade.REFUSE)
    assert policy.disk[0] is Technique.OVERWRITE
    assert policy.flash[0] is Technique.ATA_SANITIZE_BLOCK
    assert policy.flash[-1] is Technique.OVERWRITE
    assert policy.retired_sectors is RetiredRule.REMARK


def test_nothing_ships_for_no_level() -> None:
    with pytest.raises(ValueError, match="nothing"):
        shipped(Level.NONE)


@pytest.mark.parametrize("name", ["clear.toml", "purge.toml"])
def test_a_shipped_policy_explains_every_field_in_both_languages(name: str) -> None:
    text = (files("config") / "policies" / name).read_text("utf-8")
    for field in Policy.__dataclass_fields__:
        assert field in text
    assert "é" in text
    assert max(map(len, text.splitlines())) <= 125


def test_preferred_order_of_the_shipped_purge() -> None:
    """Block before crypto before overwriting on flash; overwriting by the drive first on disks; then secure erase."""
    policy = shipped(Level.PURGE)
    flash, disk = list(policy.flash), list(policy.disk)
    for family in ("ata", "nvme", "scsi"):
        block, crypto, over = (Technique(f"{family}-sanitize-{how}") for how in ("block", "crypto", "overwrite"))
        assert flash.index(block) < flash.index(crypto) < flash.index(over)
        assert disk.index(over) < disk.index(block) < disk.index(crypto)
    for order in (flash, disk):
        enhanced = order.index(Technique.ATA_SECURE_ERASE_ENHANCED)
        assert all(order.index(item) < enhanced for item in order if item.is_sanitize)
        assert order[-1] is Technique.OVERWRITE


def test_what_is_written_counts(tmp_path: Path) -> None:
    text = (
        'name = "ours"\nlevel = "clear"\ndowngrade = "allow"\ncrypto_before_block = false\noverwrite_on_top = true\n'
        'canaries = 0\nread_back = 1000\npower_cycle = false\nhidden_areas = "leave-and-remark"\n'
        'retired_sectors = "remark"\nfrozen = "pass-over"\n'
        '[techniques]\nflash = ["nvme-sanitize-crypto"]\ndisk = ["overwrite"]\n'
        '[[crypto_alone]]\nstatement = "Letter"\nmodels = ["EXAMPLE SSD 9*"]\n'
    )
    assert load_policy(written(tmp_path, text)) == Policy(
        name="ours",
        level=Level.CLEAR,
        downgrade=Downgrade.ALLOW,
        flash=(Technique.NVME_SANITIZE_CRYPTO,),
        disk=(Technique.OVERWRITE,),
        crypto_before_block=False,
        crypto_alone=(CryptoBasis(statement="Letter", models=("EXAMPLE SSD 9*",)),),
        overwrite_on_top=True,
        canaries=0,
        read_back=1000,
        power_cycle=False,
        hidden_areas=HiddenRule.LEAVE_AND_REMARK,
        retired_sectors=RetiredRule.REMARK,
        frozen=FrozenRule.PASS_OVER,
    )


def test_a_basis_is_for_the_models_it_names() -> None:
    policy = Policy(
        name="any", level=Level.PURGE, crypto_alone=(CryptoBasis(statement="Letter", models=("EXAMPLE SSD 9*",)),)
    )
    assert policy.basis(" Example ssd 970 ") == "Letter"
    assert policy.basis("EXAMPLE SSD 860") == ""
    assert policy.basis("") == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["policy-field-missing name", "policy-field-missing level"]),
        ('name = "ours"\n', ["policy-field-missing level"]),
        (HEAD + "lvel = 1\n", ["policy-field-unknown 3 lvel"]),
        ('name = "ours"\nlevel = "destroy"\n', ["policy-wrong-choice 2 level"]),
        ('name = "ours"\nlevel = "none"\n', ["policy-wrong-choice 2 level"]),
        ('name = "Ours!"\nlevel = "clear"\n', ["policy-wrong-value 1 name"]),
        (HEAD + 'downgrade = "silently"\n', ["policy-wrong-choice 3 downgrade"]),
        (HEAD + "\ncanaries = 4097\n", ["policy-out-of-range 4 canaries"]),
        (HEAD + "canaries = 15\n", ["policy-too-few-canaries 3 canaries"]),
        (HEAD + "canaries = true\n", ["policy-wrong-value 3 canaries"]),
        (HEAD + 'canaries = "64"\n', ["policy-wrong-value 3 canaries"]),
        (HEAD + "read_back = -1\n", ["policy-out-of-range 3 read_back"]),
        (HEAD + "read_back = 0.5\n", ["policy-wrong-value 3 read_back"]),
        (HEAD + "power_cycle = 1\n", ["policy-wrong-value 3 power_cycle"]),
        (HEAD + '[techniques]\nflash = ["melt"]\n', ["policy-wrong-choice 4 techniques.flash.0"]),
        (HEAD + "[techniques]\n# none\ndisk = []\n", ["policy-field-empty 5 techniques.disk"]),
        (HEAD + "[techniques]\ntape = []\n", ["policy-field-unknown 4 techniques.tape"]),
        (HEAD + '[techniques]\ndisk = ["overwrite", "overwrite"]\n', ["policy-technique-twice 4 techniques.disk"]),
        (HEAD + "techniques = 3\n", ["policy-wrong-value 3 techniques"]),
        (
            HEAD
            + '[[crypto_alone]]\nstatement = "a"\nmodels = ["b"]\n[[crypto_alone]]\nstatement = " "\nmodels = []\n',
            ["policy-field-empty 7 crypto_alone.1.statement", "policy-field-empty 8 crypto_alone.1.models"],
        ),
        (HEAD + '[[crypto_alone]]\nstatement = "a"\n', ["policy-field-missing crypto_alone.0.models"]),
        ("name = \n", ["policy-not-toml"]),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert refusals(written(tmp_path, text)) == expected


def test_a_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    assert refusals(tmp_path / "none.toml") == ["policy-unreadable"]
    (tmp_path / "bytes.toml").write_bytes(b"\xff")
    assert refusals(tmp_path / "bytes.toml") == ["policy-not-toml"]
