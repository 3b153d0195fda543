"""Which addresses go together as one drive, and whether they are still the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.drive import DriveFacts, Interface, Kin, Sibling
from bench.guard import unchanged
from bench.kinship import as_planned, shares, together
from support.evidence_samples import facts

SIZES = {1: 64 << 20, 2: 32 << 20, 3: 16 << 20}


def namespace(nsid: int, **changes: object) -> DriveFacts:
    """One of three namespaces of a drive."""
    plain = facts(size=SIZES[nsid])
    identity = replace(plain.identity, wwn=f"eui.{nsid:016x}")
    others = tuple(sibling(other) for other in SIZES if other != nsid)
    made = replace(plain, address=node(nsid), node=node(nsid), identity=identity, unit=nsid, siblings=others)
    return replace(made, **changes)  # type: ignore[arg-type] # any field


def node(nsid: int) -> str:
    return f"/dev/nvme0n{nsid}"


def sibling(nsid: int, **changes: object) -> Sibling:
    plain = facts(size=SIZES[nsid])
    identity = replace(plain.identity, wwn=f"eui.{nsid:016x}")
    made = Sibling(kin=Kin.NAMESPACE, node=node(nsid), unit=nsid, identity=identity, sector=plain.logical_sector)
    return replace(made, **changes)  # type: ignore[arg-type] # any field


def test_what_was_named_first_stands_for_all() -> None:
    (drive,) = together([namespace(2), namespace(1), namespace(3)])
    assert (drive.node, [item.unit for item in drive.together]) == (node(2), [1, 3])


def test_what_was_not_named_does_not_go_with_it() -> None:
    (drive,) = together([namespace(1), namespace(3)])
    assert [(item.unit, item.named) for item in drive.siblings] == [(2, False), (3, True)]


def test_another_drive_stays_another() -> None:
    other = replace(facts(), node="/dev/sdz")
    assert together([namespace(1), other, namespace(2)])[1] is other


def test_after_a_change_of_names_the_same_siblings_are_meant() -> None:
    (drive,) = together([namespace(1), namespace(3)])
    renamed = namespace(1, siblings=(sibling(2, node="/dev/nvme4n2"), sibling(3, node="/dev/nvme4n3")))
    found = as_planned(renamed, drive)
    assert [item.node for item in found.together] == ["/dev/nvme4n3"]
    assert unchanged(drive, found) == ()


@pytest.mark.parametrize(
    ("siblings", "reason"),
    [
        ((sibling(2),), "guard-changed-siblings"),
        ((), "guard-changed-siblings"),
        ((sibling(2), sibling(3), sibling(3, unit=4)), "guard-changed-siblings"),
        (
            (sibling(2), replace(sibling(3), identity=replace(sibling(3).identity, wwn="eui.9"))),
            "guard-changed-siblings",
        ),
        ((sibling(2), replace(sibling(3), identity=replace(sibling(3).identity, size=1 << 20))), "guard-changed-size"),
        ((sibling(2), sibling(3, sector=4096)), "guard-changed-sector"),
    ],
)
def test_what_became_of_the_siblings_is_noticed(siblings: tuple[Sibling, ...], reason: str) -> None:
    (drive,) = together([namespace(1), namespace(3)])
    now = as_planned(namespace(1, siblings=siblings), drive)
    assert reason in {message.id for message in unchanged(drive, now)}


def test_a_namespace_beside_that_changes_its_size_is_nobodys_matter() -> None:
    (drive,) = together([namespace(1), namespace(3)])
    other = replace(sibling(2), identity=replace(sibling(2).identity, size=1 << 20))
    assert unchanged(drive, as_planned(namespace(1, siblings=(other, sibling(3))), drive)) == ()


def test_orders_that_share_a_namespace_are_of_one_drive() -> None:
    (both,) = together([namespace(1), namespace(3)])
    assert shares(both, namespace(3))
    assert not shares(both, namespace(2))


def test_a_drive_may_be_put_into_a_dock_beside_another() -> None:
    alone = facts()
    neighbour = Sibling(
        kin=Kin.UNIT,
        node="/dev/sdz",
        unit=1,
        identity=replace(alone.identity, serial="OTHER"),
        sector=alone.logical_sector,
    )
    now = replace(alone, siblings=(neighbour,))
    docked = Interface.USB
    assert unchanged(replace(alone, interface=docked), replace(now, interface=docked)) == ()
    found = unchanged(replace(alone, interface=Interface.SAS), replace(now, interface=Interface.SAS))
    assert [reason.id for reason in found] == ["guard-changed-siblings"]
