"""What each technique is worth, and on which conditions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.capabilities import Answer, HiddenArea, HiddenKind, OpalKind
from bench.drive import Medium
from bench.levels import BLOCK, CRYPTO, SOURCES, TITLES, Ground, Level, credit, is_flash
from bench.techniques import Technique
from support.stage_samples import NOTHING_HIDDEN, ata
from support.stage_strategies import answers, hidden
from ui.formats import Language
from ui.texts import texts

T = Technique
DISK = Ground(flash=False, hidden=NOTHING_HIDDEN, opal=OpalKind.NONE)
FLASH = replace(DISK, flash=True)
OPAL = replace(FLASH, opal=OpalKind.OPAL, encrypts=Answer.YES)
VOUCHED = replace(OPAL, basis="Letter of the manufacturer")
HIDING = replace(DISK, hidden=(HiddenArea(kind=HiddenKind.HPA, in_use=Answer.YES, size=10**9),))
UNSURE = replace(DISK, hidden=(HiddenArea(kind=HiddenKind.HPA, in_use=Answer.INDETERMINATE),))


@pytest.mark.parametrize(
    ("technique", "ground", "level", "limits"),
    [
        (T.OVERWRITE, DISK, Level.CLEAR, ["level-limit-overwrite"]),
        (T.OVERWRITE, FLASH, Level.CLEAR, ["level-limit-overwrite"]),
        (T.OVERWRITE, VOUCHED, Level.CLEAR, ["level-limit-overwrite"]),
        (T.OVERWRITE, UNSURE, Level.CLEAR, ["level-limit-overwrite"]),
        (T.OVERWRITE, HIDING, Level.NONE, ["level-limit-hidden-area"]),
        (T.ATA_SANITIZE_BLOCK, FLASH, Level.PURGE, []),
        (T.ATA_SANITIZE_OVERWRITE, DISK, Level.PURGE, []),
        (T.NVME_SANITIZE_BLOCK, FLASH, Level.PURGE, []),
        (T.SCSI_SANITIZE_OVERWRITE, HIDING, Level.PURGE, []),
        (T.ATA_SANITIZE_CRYPTO, OPAL, Level.CLEAR, ["level-limit-crypto-alone"]),
        (T.ATA_SANITIZE_CRYPTO, VOUCHED, Level.PURGE, []),
        (T.NVME_FORMAT_CRYPTO, FLASH, Level.CLEAR, ["level-limit-crypto-alone"]),
        (T.NVME_FORMAT_CRYPTO, VOUCHED, Level.PURGE, []),
        (T.NVME_FORMAT_USER_DATA, VOUCHED, Level.CLEAR, ["level-limit-command"]),
        (T.SCSI_FORMAT_UNIT, DISK, Level.CLEAR, ["level-limit-command"]),
        (T.ATA_SECURE_ERASE, DISK, Level.CLEAR, ["level-limit-command"]),
        (T.ATA_SECURE_ERASE, HIDING, Level.NONE, ["level-limit-hidden-area"]),
        (T.ATA_SECURE_ERASE_ENHANCED, DISK, Level.PURGE, []),
        (T.ATA_SECURE_ERASE_ENHANCED, FLASH, Level.CLEAR, ["level-limit-enhanced-on-flash"]),
        (T.ATA_SECURE_ERASE_ENHANCED, UNSURE, Level.CLEAR, ["level-limit-enhanced-hidden-unknown"]),
        (T.ATA_SECURE_ERASE_ENHANCED, replace(DISK, hidden=()), Level.CLEAR, ["level-limit-enhanced-hidden-unknown"]),
        (T.ATA_SECURE_ERASE_ENHANCED, HIDING, Level.NONE, ["level-limit-hidden-area"]),
        (T.OPAL_PSID_REVERT, OPAL, Level.CLEAR, ["level-limit-crypto-alone"]),
        (T.OPAL_PSID_REVERT, VOUCHED, Level.PURGE, []),
        (T.OPAL_PSID_REVERT, replace(VOUCHED, opal=OpalKind.PYRITE), Level.NONE, ["level-limit-no-encryption"]),
        (T.OPAL_PSID_REVERT, replace(VOUCHED, opal=OpalKind.INDETERMINATE), Level.NONE, ["level-limit-no-encryption"]),
        (T.OPAL_PSID_REVERT, replace(VOUCHED, encrypts=Answer.NO), Level.NONE, ["level-limit-no-encryption"]),
        (T.ATA_SANITIZE_BLOCK, replace(FLASH, depopulated=Answer.YES), Level.CLEAR, ["level-limit-depopulated"]),
    ],
)
def test_credits(technique: Technique, ground: Ground, level: Level, limits: list[str]) -> None:
    worth = credit(technique, ground)
    assert (worth.level, [limit.id for limit in worth.limits]) == (level, limits)


grounds = st.builds(
    Ground,
    flash=st.booleans(),
    hidden=hidden,
    opal=st.sampled_from(OpalKind),
    encrypts=answers,
    depopulated=answers,
    basis=st.sampled_from(["", "somebody's word"]),
)


@given(grounds)
def test_overwriting_is_clear_at_most_always(ground: Ground) -> None:
    assert Level.CLEAR.reaches(credit(T.OVERWRITE, ground).level)


@given(grounds, st.sampled_from(Technique))
def test_less_than_purge_says_why_and_purge_has_no_limits(ground: Ground, technique: Technique) -> None:
    worth = credit(technique, ground)
    assert bool(worth.limits) is (worth.level is not Level.PURGE)


@given(grounds, st.sampled_from(sorted(CRYPTO)))
def test_crypto_alone_is_never_purge_without_somebodys_word(ground: Ground, technique: Technique) -> None:
    assert credit(technique, replace(ground, basis="")).level is not Level.PURGE


@pytest.mark.parametrize(
    ("medium", "rotation", "hybrid", "flash"),
    [
        (Medium.ROTATING, 7200, Answer.NO, False),
        (Medium.ROTATING, None, Answer.INDETERMINATE, False),
        (Medium.UNKNOWN, 7200, Answer.NO, False),
        (Medium.UNKNOWN, None, Answer.NO, True),
        (Medium.FLASH, None, Answer.NO, True),
        (Medium.ROTATING, 0, Answer.NO, True),
        (Medium.ROTATING, 7200, Answer.YES, True),
    ],
)
def test_hybrids_and_what_does_not_say_count_as_flash(
    medium: Medium, rotation: int | None, hybrid: Answer, flash: bool
) -> None:
    assert is_flash(medium, replace(ata(), rotation=rotation, hybrid=hybrid)) is flash


def test_levels_are_in_order() -> None:
    assert [one.value for one in Level for other in Level if one.reaches(other)] == [
        "none", "clear", "clear", "purge", "purge", "purge",
    ]  # fmt: skip


@pytest.mark.parametrize("technique", list(Technique))
def test_every_technique_has_its_source_and_names(technique: Technique) -> None:
    assert SOURCES[technique]
    assert TITLES[technique]
    for language in Language:
        assert texts(language).knows(f"technique-{technique.value}")
        assert technique is T.OVERWRITE or texts(language).knows(f"method-{technique.value}-title")


def test_block_erase_is_no_crypto_erase() -> None:
    assert not BLOCK & CRYPTO
