"""What some sentences about stages must tell whoever reads them, in both languages."""

from __future__ import annotations

import pytest

from ui.formats import Language
from ui.texts import texts

FR, EN = Language.FR, Language.EN


@pytest.mark.parametrize(
    ("language", "advice", "outcome"),
    [(FR, "Lancez un nouvel effacement", "il apportera la preuve"), (EN, "Start a new erasure", "it will prove it")],
)
def test_an_erasure_given_twice_says_what_will_prove_it(language: Language, advice: str, outcome: str) -> None:
    sentence = texts(language).say("reason-stage-given-twice", stage=2)
    assert advice in sentence
    assert outcome in sentence


@pytest.mark.parametrize(("language", "adapter"), [(FR, "Adaptateur"), (EN, "Adapter")])
def test_an_adapter_is_spoken_of_only_where_there_is_one(language: Language, adapter: str) -> None:
    with_one = texts(language).say("stage-remark-no-commands", bridge="JMS583")
    without = texts(language).say("stage-remark-no-commands", bridge="none")
    assert with_one.startswith(adapter)
    assert "JMS583" in with_one
    assert adapter not in without
    assert "(" not in without


@pytest.mark.parametrize(("language", "way"), [(FR, "Réécrivez"), (EN, "Overwrite")])
def test_other_namespaces_come_with_what_the_operator_can_do(language: Language, way: str) -> None:
    sentence = texts(language).say("stage-passed-namespaces", count=2, namespaces="2")
    assert way in sentence
    assert "nvme-cli" in sentence
    assert "delete-ns" in sentence
