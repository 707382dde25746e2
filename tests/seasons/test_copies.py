from __future__ import annotations

from seasons.copies import copied_name


def test_only_the_default_text_says_that_it_is_a_copy():
    name = {"default": "Summer", "nl": "Zomer"}

    assert copied_name(name) == {"default": "Summer (copy)", "nl": "Zomer"}
    assert name == {"default": "Summer", "nl": "Zomer"}
