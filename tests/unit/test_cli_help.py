"""Help pages and complaints about the command line, in the reader's language and in no other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click
import pytest

from ui.cli.local import LocalContext
from ui.cli.main import main
from ui.cli.tree import build
from ui.formats import Language
from ui.texts import texts

# Words of click's own that would show where a text of ours is missing.
ENGLISH = (
    "Usage",
    "Options:",
    "Commands",
    "Arguments:",
    "Show",
    "help for",
    "Error",
    "Try",
    "required",
    "default",
    "Missing",
)


def walk(command: click.Command, names: Sequence[str] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """A command and all beneath it, with the words that lead there."""
    yield tuple(names), command
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            yield from walk(child, (*names, name))


PATHS = [path for path, _ in walk(build(texts(Language.FR)))]


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_help_is_in_one_language(path: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "fr", *path, "--help"]) == 0
    french = capsys.readouterr().out
    assert main([*path, "-h", "--lang=en"]) == 0
    english = capsys.readouterr().out
    assert french.startswith("Utilisation\N{NO-BREAK SPACE}: tablerase")
    assert english.startswith("Usage: tablerase")
    assert [word for word in ENGLISH if word in french] == []
    assert french.splitlines()[2:3] != english.splitlines()[2:3]


def test_every_option_and_argument_is_explained() -> None:
    for _, command in walk(build(texts(Language.EN))):
        context = LocalContext(command, info_name=command.name)
        page = command.get_help(context)
        for param in command.params:
            shown = param.metavar if isinstance(param, click.Argument) else param.opts[-1]
            assert getattr(param, "hidden", False) or f"\n  {shown}" in page or f", {shown}" in page, (
                command.name,
                shown,
            )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["erasee"], "« erasee » n’est pas une commande. Vouliez-vous dire : erase ?"),
        (["certificate", "lst"], "« lst » n’est pas une commande. Vouliez-vous dire : list ?"),
        (["frobnicate"], "« frobnicate » n’est pas une commande. L’aide les liste."),
        (["erase", "x", "--methode", "zero"], "L’option --methode n’existe pas ici. Vouliez-vous dire : --method"),
        (["erase", "--method", "zero"], "Il manque un argument : DISQUE…"),
        (["erase", "x"], "Il manque l’option --method."),
        (["erase", "x", "--method"], "L’option --method attend une valeur."),
        (["drives", "--json=1"], "L’option --json n’attend pas de valeur."),
        (["ledger", "head", "a", "b"], "Ces arguments sont en trop : a b"),
        (["plan", "x", "--method", "zero", "--rounds", "two"], "--rounds ne convient pas. « two » n’est pas un nombre"),
        (["plan", "x", "--method", "zero", "--verify", "sample:0%"], "choisissez full, none ou sample:P%"),
        (["erase", "x", "--method", "zero", "--checkpoint", "nan"], "donnez de 0,05 à 3600 secondes"),
        (["resume", "--list", "--abandon"], "Une seule de ces options à la fois"),
        (["protect"], "Donnez une seule chose à faire"),
        (["certificate", "verify", "/nonexistent.json"], "Le fichier /nonexistent.json ne peut pas être lu"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_explained(line: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "fr", *line]) == 2
    done = capsys.readouterr()
    assert done.out == ""
    assert said in " ".join(done.err.split())


def test_an_unknown_language_is_refused_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["drives", "--lang", "de"]) == 2
    assert "fr, en" in capsys.readouterr().err


def test_without_a_command_there_is_help(capsys: pytest.CaptureFixture[str]) -> None:
    for line in ([], ["--lang", "fr"], ["certificate"]):
        assert main(line) == 2
        assert "Commandes" in capsys.readouterr().err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("tablerase 0.")
