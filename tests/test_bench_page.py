"""The page of the benchmarks' results: ratios are taken round by round, and what was not measured is left empty."""

from __future__ import annotations

from bench.machine import told_of_machine
from bench.measured import Measured
from bench.page import COLUMNS, written
from bench.scene import Sizes

READ = Measured(
    "list",
    {"ours": [100, 50], "statement": [200, 200], "stock": [10, 10], "ours alone": [20], "statement alone": [40]},
    [2.0],
    [1.0],
)
WRITE = Measured("create", {"ours": [300], "statement": [600]})


def cells(text: str, name: str) -> list[str]:
    [*_, line] = [line for line in text.splitlines() if line.startswith(f"| {name} |")]
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_each_shape_has_a_line_with_its_ratios():
    text = written([READ, WRITE], {}, Sizes(1000, 2000, 30), "A machine.\n")

    assert "A machine." in text
    assert "1,000 coupons, 2,000 uses and 30 seasons" in text
    assert cells(text, "list") == [
        "list", "75 (50 to 100)", "0.38 (0.25 to 0.50)", "7.5 (5.0 to 10.0)", "", "2.00 (2.00 to 2.00)", "1.00 (1.00 to 1.00)",
        "2.00 (2.00 to 2.00)",
    ]  # fmt: skip
    assert cells(text, "create") == ["create", "300 (300 to 300)", "0.50 (0.50 to 0.50)", *[""] * (len(COLUMNS) - 3)]
    assert "As the uses grow" not in text


def test_growth_is_told_in_what_one_caller_waits():
    few, many = Measured("key", {"ours alone": [500.0]}), Measured("key", {"ours alone": [250.0]})

    text = written([], {10_000: [few], 5_000_000: [many]}, Sizes(), "")

    assert cells(text, "shape") == ["shape", "10,000 uses", "5,000,000 uses"]
    assert cells(text, "key") == ["key", "2.00 (2.00 to 2.00)", "4.00 (4.00 to 4.00)"]


def test_the_machine_is_told_with_the_day_and_its_load():
    assert " UTC; " in told_of_machine()
    assert "load before it began" in told_of_machine()
