"""A setting that cannot be meant stops the start and names its variable."""

from __future__ import annotations

from pathlib import Path

import pytest

from bookingoffice.env import Environment, OddSetting


@pytest.mark.parametrize(
    ("text", "expected"), [("1", True), ("Yes", True), ("off", False), ("", False), (" 0 ", False)]
)
def test_flags_are_read_in_their_usual_spellings(text: str, expected: bool) -> None:
    assert Environment({"DEBUG": text}).flag("DEBUG") is expected


@pytest.mark.parametrize("text", ["2", "ja", "truee", "None"])
def test_other_flags_are_refused(text: str) -> None:
    with pytest.raises(OddSetting, match=r"^DEBUG="):
        Environment({"DEBUG": text}).flag("DEBUG")


@pytest.mark.parametrize("text", ["0", "65536", "80.0", "-1", "eighty", "٨٠"])
def test_numbers_outside_their_range_are_refused(text: str) -> None:
    with pytest.raises(OddSetting, match=r"^PORT=.* a whole number from 1 to 65535"):
        Environment({"PORT": text}).integer("PORT", 8000, least=1, most=65535)


def test_unset_and_empty_are_the_default() -> None:
    assert Environment({"PORT": ""}).integer("PORT", 8000, least=1, most=65535) == 8000
    assert Environment({}).words("HOSTS", ("localhost",)) == ["localhost"]
    assert Environment({}).text("NAME", "x") == "x"


def test_words_are_separated_by_commas() -> None:
    assert Environment({"HOSTS": "a.example, b.example"}).words("HOSTS") == ["a.example", "b.example"]
    with pytest.raises(OddSetting, match=r"^HOSTS="):
        Environment({"HOSTS": "a.example,,b.example"}).words("HOSTS")


def test_a_text_of_two_lines_is_refused() -> None:
    with pytest.raises(OddSetting, match="one line"):
        Environment({"KEY": "one\ntwo"}).text("KEY")


def test_a_folder_is_meant_from_here_and_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()

    assert Environment({"DATA": "state"}).folder("DATA", tmp_path) == tmp_path / "state"
    with pytest.raises(OddSetting, match="and this is a file"):
        Environment({"DATA": "file"}).folder("DATA", tmp_path)
