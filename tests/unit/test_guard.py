"""The guard's judgement over sets of drives, and right before a destructive step."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.capabilities import SectorFormat
from bench.drive import OWN_SIZE, DriveFacts, DriveIdentity, Interface, Medium, SizeReading
from bench.guard import (
    HELD,
    Protected,
    check,
    lacks_only_a_size,
    normalised,
    size_objections,
    unchanged,
    with_own_size,
)
from bench.messages import say

SIZE = 1 << 30


def drive(name: str = "sda", **identity: Any) -> DriveFacts:
    """A drive that may be erased."""
    fields = {"model": "Disk", "serial": f"S-{name}", "wwn": f"naa.{name}", "size": SIZE, "source": "vpd_pg89"}
    return DriveFacts(
        address=f"/dev/{name}",
        node=f"/dev/{name}",
        identity=DriveIdentity(**{**fields, **identity}),
        sizes=(SizeReading(source="ioctl", size=SIZE), SizeReading(source="sysfs", size=SIZE)),
        logical_sector=512,
        physical_sector=4096,
        interface=Interface.SATA,
        medium=Medium.ROTATING,
        vendor="",
        firmware="1",
        simulated=False,
    )


def ids(*facts: DriveFacts, protected: tuple[Protected, ...] = ()) -> list[list[str]]:
    """The ids of the reasons for each drive, empty for one that may be erased."""
    refused = {refusal.facts.address: refusal for refusal in check(facts, protected)}
    return [[m.id for m in refused[f.address].reasons] if f.address in refused else [] for f in facts]


def entry(name: str) -> Protected:
    return Protected(name=name, why="the workshop's backup", since="2026-01-02T03:04:05+01:00")


def test_good_drives_are_not_refused() -> None:
    assert check([drive("sda"), drive("sdb")], [entry("other")]) == ()
    assert check([], []) == ()


def test_every_obstacle_and_every_doubt_is_a_reason() -> None:
    facts = replace(drive(), obstacles=(say("a"), say("b")), undetermined=(say("c"), say("a")))
    assert ids(facts) == [["a", "b", "c"]]


@pytest.mark.parametrize("field", ["model", "serial"])
@pytest.mark.parametrize("value", ["", "  "])
def test_an_incomplete_identity(field: str, value: str) -> None:
    assert ids(drive(**{field: value})) == [[f"guard-no-{field}"]]


def test_what_a_bridge_hides_is_not_missing_in_the_drive() -> None:
    facts = replace(drive(serial="", model=""), undetermined=(say("guard-behind-bridge"),))
    assert ids(facts) == [["guard-behind-bridge"]]


def test_a_drive_without_a_wwn_may_be_erased() -> None:
    assert ids(drive(wwn="")) == [[]]


def test_an_identity_that_was_never_read() -> None:
    facts = drive(model="", serial="", wwn="", size=0, source="")
    assert ids(facts) == [["guard-identity-unread"]]
    assert ids(replace(facts, obstacles=(say("guard-not-there"),))) == [["guard-not-there"]]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((), "guard-size-unknown"),
        ((SIZE,), "guard-size-unknown"),
        ((SIZE, SIZE - 512), "guard-size-differs"),
        ((SIZE, SIZE, 0), "guard-size-differs"),
        ((SIZE + 1, SIZE + 1), "guard-size-differs"),
    ],
)
def test_sizes_that_do_not_agree(answers: tuple[int, ...], expected: str) -> None:
    readings = tuple(SizeReading(source=str(place), size=size) for place, size in enumerate(answers))
    assert ids(replace(drive(), sizes=readings)) == [[expected]]


def test_a_size_of_zero() -> None:
    readings = (SizeReading(source="a", size=0), SizeReading(source="b", size=0))
    assert ids(replace(drive(size=0), sizes=readings)) == [["guard-size-zero"]]
    assert ids(drive(size=0)) == [["guard-size-differs"]]


@given(st.lists(st.integers(0, 1 << 60), max_size=4))
def test_only_agreeing_sizes_pass(answers: list[int]) -> None:
    readings = [SizeReading(source=str(place), size=size) for place, size in enumerate(answers)]
    agree = len(answers) >= 2 and len(set(answers)) == 1 and answers[0] > 0
    assert (size_objections("/dev/sda", readings) == ()) is agree


FOREIGN = SectorFormat(block=520, size=520 * 1000)
"""What a drive says of itself that the host cannot read."""


def unsized(**identity: Any) -> DriveFacts:
    """A drive of which the host says that its size is zero, as `drivers.block` tells it."""
    readings = tuple(SizeReading(source=name, size=0) for name in ("BLKGETSIZE64", "sysfs"))
    zero = say("guard-size-zero", node="/dev/sda")
    return replace(drive(**{"size": 0, **identity}), sizes=readings, obstacles=(zero,))


def test_the_drives_own_size_stands_in_for_one_that_the_host_cannot_know() -> None:
    found = with_own_size(unsized(), FOREIGN)
    assert ids(found) == [[]]
    assert (found.identity.size, found.logical_sector) == (520_000, 520)
    assert (found.sizes[0].source, found.tells_own_size) == (OWN_SIZE, True)
    assert [note.id for note in found.notes] == ["guard-note-own-size"]
    assert unchanged(found, found) == ()
    assert [reason.id for reason in unchanged(found, with_own_size(unsized(), replace(FOREIGN, size=520)))] == [
        "guard-changed-size"
    ]


@pytest.mark.parametrize(
    "found",
    [
        SectorFormat(block=512, size=512_000),
        SectorFormat(block=4096, size=4_096_000),
        SectorFormat(block=520),
        SectorFormat(block=520, size=520_001),
    ],
)
def test_a_size_of_sectors_that_the_host_could_read_or_none_helps_nobody(found: SectorFormat) -> None:
    assert with_own_size(unsized(), found) == unsized()


def test_a_drive_of_known_size_keeps_it() -> None:
    assert with_own_size(drive(), FOREIGN) == drive()
    one = replace(unsized(), sizes=(SizeReading(source="a", size=0), SizeReading(source="b", size=512)))
    assert with_own_size(one, FOREIGN) == one
    nobody_asked = replace(unsized(), sizes=())
    assert with_own_size(nobody_asked, FOREIGN) == nobody_asked


def test_an_own_size_beside_another_size_is_a_difference() -> None:
    found = with_own_size(unsized(), FOREIGN)
    more = (*found.sizes, SizeReading(source="lseek", size=512))
    assert [reason.id for reason in size_objections("/dev/sda", more)] == ["guard-size-differs"]


@pytest.mark.parametrize(
    "worse",
    [
        {"obstacles": (say("guard-mounted"),)},
        {"obstacles": (say("guard-system"),)},
        {"obstacles": (say(HELD),)},
        {"obstacles": (say("guard-read-only"),)},
        {"undetermined": (say("guard-size-unread"),)},
        {"undetermined": (say("guard-attribute-missing"),)},
        {"identity": unsized(serial="").identity},
        {"identity": unsized(model="").identity},
        {"identity": unsized(source="").identity},
    ],
)
def test_an_own_size_lifts_no_other_objection(worse: dict[str, Any]) -> None:
    facts = replace(unsized(), **worse)
    (refusal,) = check([facts], [])
    assert not lacks_only_a_size(refusal)
    (still,) = check([with_own_size(facts, FOREIGN)], [])
    assert still.reasons
    assert not {reason.id for reason in still.reasons} & {"guard-size-zero", "guard-size-unknown"}


def test_only_a_drive_without_any_other_objection_lacks_only_its_size() -> None:
    (refusal,) = check([unsized()], [])
    assert lacks_only_a_size(refusal)
    (listed,) = check([unsized()], [entry("S-sda")])
    assert not lacks_only_a_size(listed)
    assert ids(with_own_size(unsized(), FOREIGN), protected=(entry("S-sda"),)) == [["guard-protected"]]
    twice = check([unsized(), unsized()], [])
    assert not any(lacks_only_a_size(one) for one in twice)


@pytest.mark.parametrize("name", ["WD-WCC 4N0 123", "wdwcc4n0123", "Wd Wcc-4n0-123"])
def test_a_protected_serial_however_it_is_written(name: str) -> None:
    assert ids(drive(serial="WD-WCC4N0123"), protected=(entry(name),)) == [["guard-protected"]]


@pytest.mark.parametrize(
    "name", ["0x5000C500A1B2C3D4", "5000c500 a1b2c3d4", "naa.5000c500a1b2c3d4", "5000:C500:A1B2:C3D4"]
)
def test_a_protected_wwn_however_it_is_written(name: str) -> None:
    facts = drive(wwn="naa.5000c500a1b2c3d4")
    (refusal,) = check([facts], [entry(name)])
    assert refusal.reasons[0].params["why"] == "the workshop's backup"


@pytest.mark.parametrize("name", ["", " - ", "0x"])
def test_a_protected_name_that_names_nothing_is_an_error(name: str) -> None:
    with pytest.raises(ValueError, match="serial number or WWN"):
        entry(name)


@given(st.text(st.characters(codec="ascii"), min_size=1))
def test_a_protected_name_covers_itself_in_other_case_and_spacing(name: str) -> None:
    if normalised(name):
        assert entry(f" {name.upper()} ").covers(drive(serial=name.lower()).identity)


def test_the_same_drive_by_two_addresses() -> None:
    other = replace(drive("sda"), address="/dev/disk/by-id/ata-Disk")
    assert ids(drive("sda"), other) == [["guard-same-node"], ["guard-same-node"]]


def test_the_same_address_twice() -> None:
    first, second = check([drive("sda"), drive("sda")], [])
    assert [reason.id for reason in (*first.reasons, *second.reasons)] == ["guard-same-node", "guard-same-node"]


@pytest.mark.parametrize(
    "twin", [{"serial": "S-sda"}, {"wwn": "naa.sda"}, {"wwn": "NAA.SDA"}, {"serial": "S-sda", "wwn": ""}]
)
def test_two_drives_that_may_be_one_name_each_other(twin: dict[str, str]) -> None:
    first, second = check([drive("sda"), drive("sdb", **twin)], [])
    assert [(m.id, m.params["node"], m.params["other"]) for m in first.reasons] == [
        ("guard-may-be-same", "/dev/sda", "/dev/sdb"),
    ]
    assert [(m.id, m.params["node"], m.params["other"]) for m in second.reasons] == [
        ("guard-may-be-same", "/dev/sdb", "/dev/sda"),
    ]


def test_equal_serials_of_different_models_are_two_drives() -> None:
    assert ids(drive("sda", serial="1"), drive("sdb", serial="1", model="Other")) == [[], []]


def test_simulated_and_real_drives_do_not_mix() -> None:
    simulated = replace(drive("sdb"), simulated=True)
    assert ids(drive("sda"), simulated) == [["guard-mixed"], ["guard-mixed"]]


def test_one_bad_drive_does_not_make_the_others_bad() -> None:
    bad = replace(drive("sdb"), obstacles=(say("guard-mounted"),))
    assert ids(drive("sda"), bad, drive("sdc")) == [[], ["guard-mounted"], []]


def test_a_drive_that_is_the_same_may_go_on_even_at_another_address() -> None:
    moved = replace(drive("sda"), address="/dev/sdz", node="/dev/sdz", obstacles=(say(HELD, node="/dev/sdz"),))
    assert unchanged(drive("sda"), moved) == ()


@pytest.mark.parametrize("change", [{"model": "x"}, {"serial": "x"}, {"wwn": "x"}, {"wwn": ""}, {"source": "vpd_pg80"}])
def test_a_changed_identity_is_named(change: dict[str, str]) -> None:
    (field,) = change
    (reason,) = unchanged(drive(), drive(**change))
    assert reason.id == f"guard-changed-{field}"
    assert reason.params["now"] == change[field]


def test_a_changed_size_is_named() -> None:
    smaller = tuple(SizeReading(source=reading.source, size=SIZE // 2) for reading in drive().sizes)
    now = replace(drive(size=SIZE // 2), sizes=smaller)
    assert [(reason.id, reason.params["was"]) for reason in unchanged(drive(), now)] == [("guard-changed-size", SIZE)]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (replace(drive(), logical_sector=4096), "guard-changed-sector"),
        (replace(drive(), interface=Interface.USB), "guard-changed-attachment"),
        (replace(drive(), simulated=True), "guard-mixed"),
        (replace(drive(), sizes=drive().sizes[:1]), "guard-size-unknown"),
        (replace(drive(), sizes=(*drive().sizes, SizeReading(source="x", size=1))), "guard-size-differs"),
        (replace(drive(), obstacles=(say("guard-mounted"), say(HELD))), "guard-mounted"),
        (replace(drive(), undetermined=(say("guard-untraceable"),)), "guard-untraceable"),
    ],
)
def test_anything_else_that_stops_a_drive(now: DriveFacts, expected: str) -> None:
    assert [reason.id for reason in unchanged(drive(), now)] == [expected]
