"""Rows of hand-made layer tables, one small table for each thing that a hand may do; what is right was found by hand.

A convolution of k×k over c channels, n of them made, has k·k·c·n + n parameters; a map of x has (x + 2p - k)/s + 1.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from test_check_layers import VGG, piped, states

import adtrace
from adtrace.checking.layer_tables.columns import JUDGED
from adtrace.checking.reporting import FOLLOWING, NOT_READ, WRONG


class Case(NamedTuple):
    """A table, and all that is not right in it: what should be there, or in which state it is."""

    heading: str
    rows: str
    found: dict[tuple[str, str], str]
    given: str | None = "32x32x3"
    prose: str = ""
    cause: str = ""


SIZES, COUNTS, FIELDS = "layer | size", "layer | size | parameters", "layer | k | s | p | size | receptive field"
CASES = {
    "a kernel, a stride and a padding in words": Case(
        "layer | k | kernels | padding | size | parameters",
        """
        conv1 | 3 | 10 | same  | 32×32×10 | 280
        conv2 | 3 | 10 | valid | 30×30×10 | 910
        conv3 | 3 | 10 | valid | 30×30×10 | 910""",
        {("conv3", "size"): "28×28×10"}, cause="padding"),
    "two layers in a row": Case(
        COUNTS, """
        CONV3-10, POOL-2 | 16×16×10 | 280
        CONV3-10, ReLU   | 15×16×10 | 910""",
        {("CONV3-10, ReLU", "size"): "16×16×10"}),
    "lines with numbers, and remarks beside the layers": Case(
        " | layer | | size", """
        1 | CONV3-10 | first  | 32×32×10
        2 | POOL-2   | second | 17×16×10""",
        {("POOL-2", "size"): "16×16×10"}),
    "a fully connected layer as a window over the map": Case(
        "layer | kernel | filters | size | parameters", """
        FC1 | 7 | 4096 | 1×1×4096 | 102764544
        FC2 |   | 1000 | 1000     | 4097001""",
        {("FC2", "parameters"): "4,097,000"}, "7x7x512"),
    "names that only their brackets tell the kinds of": Case(
        "Layer (type) | Output Shape | Param #", """
        block1_a (Conv2D)       | (None, 30, 30, 8) | 224
        block1_b (MaxPooling2D) | (None, 15, 15, 8) | 0
        block1_c (Flatten)      | (None, 1800)      | 0
        predictions (Dense)     | (None, 10)        | 18011""",
        {("predictions (Dense)", "parameters"): "18,010"}),
    "sizes are told from other numbers by their products": Case(
        "layer | output", """
        CONV3-10 | 32×32×10
        POOL-2   | 17×17×10""",
        {("POOL-2", "size"): "16×16×10"}, cause="plus one"),
    "convolutions without a padding that nothing tells": Case(
        COUNTS, """
        CONV3-10 | 30×30×10 | 280
        POOL-2   | 15×15×10 | 0
        CONV5-10 | 11×11×10 | 2511""",
        {("CONV5-10", "parameters"): "2,510"}),
    "the size of the input in a heading": Case(
        "Layer | Output shape (input 32×32×3) | params", """
        CONV3-10 | 32×32×10 | 280
        POOL-2   | 17×16×10 | 0""",
        {("POOL-2", "size"): "16×16×10"}, None),
    "the input in a column of what is read, below a title": Case(
        "layer | input size | output size", """
        stage 1  |          |
        CONV3-10 | 32×32×3  | 32×32×10
        POOL-2   | 32×32×10 | 17×16×10""",
        {("POOL-2", "size"): "16×16×10"}, None),
    "the input as one side in a column of what is read": Case(
        "layer | k | s | p | input size | output size", """
        conv  | 3 | 1 | 0 | 32 | 30
        pool1 | 2 | 2 | 0 | 30 | 16
        pool2 | 2 | 2 | 0 | 15 | 7""",
        {("pool1", "size"): "15"}, None),
    "a title above the input": Case(
        COUNTS, """
        stage 1  |          |
        Input    | 32×32×3  | 0
        CONV3-10 | 32×32×10 | 281""",
        {("CONV3-10", "parameters"): "280"}, None, cause="digits"),
    "a wrong size is handed on by a row that prints none": Case(
        COUNTS, """
        CONV3-10 | 34×34×10 | 280
        ReLU     |          | 0
        POOL-2   | 17×17×10 | 0""",
        {("CONV3-10", "size"): "32×32×10", ("POOL-2", "size"): FOLLOWING}),
    "sides without channels, and what follows from them": Case(
        "layer | k | s | p | size", """
        conv1 | 3 | 1 | 1 | 30×30
        relu  |   |   |   | 30×30
        pool  | 2 | 2 | 0 | 15×15
        conv2 | 5 | 1 | 0 | 12×12""",
        {("conv1", "size"): "32×32", ("relu", "size"): FOLLOWING, ("pool", "size"): FOLLOWING}, cause="padding"),
    "one side, and what follows from it": Case(
        "layer | k | s | p | size", """
        conv1 | 3 | 1 | 1 | 30
        relu  |   |   |   | 30
        pool  | 2 | 2 | 0 | 15
        conv2 | 5 | 1 | 0 | 12""",
        {("conv1", "size"): "32", ("relu", "size"): FOLLOWING, ("pool", "size"): FOLLOWING}, cause="padding"),
    "a flattened map that is wrong": Case(
        COUNTS, """
        CONV3-10 | 32×32×10 | 280
        FLATTEN  | 10420    | 0
        FC1-10   | 10       | 104210
        FC2-10   | 10       | 110""",
        {("FLATTEN", "size"): "10240", ("FC1-10", "parameters"): FOLLOWING}),
    "fields along both axes": Case(
        FIELDS, """
        conv1 | 3 | 1 | 1 | 32×32×8 | 4×4
        pool  | 2 | 2 | 0 | 16×16×8 | 5×5
        conv2 | 3 | 1 | 1 | 16×16×8 | 9×9
        relu  |   |   |   | 16×16×8 | 10×10""",
        {("conv1", "receptive field"): "3", ("pool", "receptive field"): FOLLOWING,
         ("conv2", "receptive field"): FOLLOWING, ("relu", "receptive field"): "8"}, cause="off by one"),
    "the field of a layer without a window": Case(
        "layer | size | receptive field", """
        CONV3-10 | 32×32×10 | 3
        ReLU     | 32×32×10 | 14""",
        {("ReLU", "receptive field"): "3"}),
    "a field where there are no places": Case(
        "layer | size | receptive field", "FC-10 | 10 | 32", {("FC-10", "receptive field"): NOT_READ}, "32"),
    "the field of a sequence": Case(
        "layer | size | receptive field", "LSTM(12, 16) | 20×16 | 3", {("LSTM(12, 16)", "receptive field"): NOT_READ},
        "20x12"),
    "a working that is wrong beside a number that is right": Case(
        COUNTS, """
        CONV3-10 | 32×32×10 | 9×3×10+11 = 280
        POOL-2   | 16×16×10 | 0""",
        {("CONV3-10", "parameters"): "280"}, cause="working"),
    "dashes and words for numbers": Case(
        "layer | size | parameters | receptive field", """
        CONV3-10 | 32×32×10 | —     | —
        POOL-2   | 16×16×10 | none  | see above
        CONV5-10 | many     | a lot | 12""",
        {("CONV3-10", "parameters"): "empty", ("CONV5-10", "size"): NOT_READ, ("CONV5-10", "parameters"): NOT_READ}),
    "kernels that are no squares, padded": Case(
        "layer | kernel | filters | padding | size | parameters", """
        conv1 | 5×1 | 8 | 0 | 32×32×8 | 128
        conv2 | 1×5 | 8 | 0 | 28×28×8 | 328""",
        {("conv1", "size"): "28×32×8"}, cause="padding"),
    "kernels that are no squares, counted": Case(
        "layer | kernel | filters | padding | size | parameters", """
        conv1 | 5×1 | 8 | 0 | 28×32×8 | 128
        conv2 | 1×5 | 4 | 0 | 28×28×4 | 84""",
        {("conv2", "parameters"): "164"}, cause="channels"),
    "counts from the row's own wrong size": Case(
        "layer | size | activations | multiplications", """
        CONV3-10         | 30×30×10 | 9000 | 243000
        CONV3-10, POOL-2 | 15×15×10 | 2250 | 810000""",
        {("CONV3-10, POOL-2", "size"): "14×14×10", ("CONV3-10, POOL-2", "activations"): FOLLOWING,
         ("CONV3-10, POOL-2", "multiplications"): FOLLOWING}),
    "a layer at each step of a sequence": Case(
        COUNTS, "Linear(12, 16) | 20×16 | 204", {("Linear(12, 16)", "parameters"): "208"}, "20x12", cause="bias"),
    "one output at each step of a sequence": Case(
        "layer | size | multiplications", "Linear(12, 16) | 20×16 | 320",
        {("Linear(12, 16)", "multiplications"): "3,840"}, "20x12", cause="kernel"),
    "a dense layer on a whole map, and on each of its places": Case(
        COUNTS, """
        Dense(10) | 32×32×10 | 40
        Dense(7)  | 1×1×7    | 71687
        Dense(5)  | 5        | 49""",
        {("Dense(5)", "parameters"): "40"}, cause="digits"),
    "a factor of ten": Case(COUNTS, "CONV3-10 | 32×32×10 | 2800", {("CONV3-10", "parameters"): "280"}, cause="digits"),
    "filters beside pools and activations": Case(
        "layer | k | s | filters | p | size", """
        conv | 3 | 1 | 4 | 1 | 32×32×4
        relu | 2 | 2 | 4 | 0 | 32×32×4
        pool | 2 | 2 | 4 | 0 | 16×16×5""",
        {("pool", "size"): "16×16×4"}),
    "a kernel that is padded as a word says": Case(
        "layer | k | filters | padding | size", "conv | 3 | 4 | same | 31×31×4", {("conv", "size"): "32×32×4"},
        cause="plus one"),
    "a sum where a row is not read, as the column has it": Case(
        COUNTS, """
        CONV3-10 | 32×32×10 | 280
        Blorp    | 32×32×10 | 100
        Total    |          | 380""",
        {("Blorp", "size"): NOT_READ, ("Blorp", "parameters"): NOT_READ}),
    "a sum where nobody knows what a row adds to it": Case(
        COUNTS, """
        CONV3-10 | 32×32×10 | 280
        Blorp    | 32×32×10 |
        Total    |          | 390""",
        {("Blorp", "size"): NOT_READ, ("Total", "parameters"): NOT_READ}),
    "a sum that leaves out what is empty": Case(
        COUNTS, """
        CONV3-10 | 32×32×10 | 280
        CONV1-10 | 32×32×10 |
        Total    |          | 280""",
        {("CONV1-10", "parameters"): "empty", ("Total", "parameters"): FOLLOWING}),
    "a pool whose window nothing tells is not of stride 1": Case(
        COUNTS, """
        CONV3-8  | 32×32×8  | 224
        POOL     | 15×15×8  | 0
        CONV3-16 | 16×16×16 | 1168
        POOL     | 8×8×16   | 0""",
        {("POOL", "size"): "16×16×8"}, cause="plus one"),
    "one size that is rounded up is a mistake": Case(
        COUNTS, """
        Conv2D(8, 3)  | 13×13×8 | 80
        MaxPool(2x2)  | 7×7×8   | 0""",
        {("MaxPool(2×2)", "size"): "6×6×8"}, "15x15x1", cause="rounding"),
    "one size that is rounded up, as is said": Case(
        COUNTS, """
        Conv2D(8, 3)  | 13×13×8 | 80
        MaxPool(2x2)  | 7×7×8   | 0""",
        {}, "15x15x1", "Pooling has ceil_mode=True."),
    "a convolution whose window the parameters tell, or the size": Case(
        "Layer (type) | Output Shape | Param #", """
        a (Conv2D)       | (None, 26, 26, 32) | 230
        b (MaxPooling2D) | (None, 13, 13, 32) | 0
        c (Conv2D)       | (None, 12, 11, 64) | 18496
        d (MaxPooling2D) | (None, 5, 5, 64)   | 0""",
        {("a (Conv2D)", "parameters"): "320", ("c (Conv2D)", "size"): "11×11×64"}, "28x28x1"),
    "weights and biases apart, kernels in words, and no sizes": Case(
        "Layer | Weights | Biases", """
        Conv 3x3, 8 filters  | 3*3*3*8 = 216     | 8
        POOL-2               | 0                 | 0
        Conv 3x3, 16 filters | 3*3*8*16 = 1152   | 8
        POOL-2               | 0                 | 0
        FC-10                | 8*8*16*10 = 10240 | 10
        Total                | 11680             | 34""",
        {("Conv 3×3, 16 filters", "biases"): "16", ("Total", "weights"): "11,608"}),
    "layers that say what they read, where no size is asked": Case(
        "Layer | Weights | Biases | Parameters", """
        nn.Linear(784, 128) | 784*128 = 100352 | 128 | 100480
        nn.ReLU()           | 0                | 0   | 0
        nn.Linear(128, 64)  | 128*64 = 8192    | 128 | 8256""",
        {("nn.Linear(128, 64)", "biases"): "64"}, None),
    "labels before layers": Case(
        "Layer | Kernel | Stride | Output size | Parameters", """
        C1 Conv      | 5×5, 6  | 1 | 28×28×6 | (5·5·1 + 1)·6 = 156
        S2: AvgPool  | 2×2     | 2 | 14×14×6 | 0
        C3 Conv      | 5×5, 16 | 1 | 10×9×16 | 2416
        S4: AvgPool  | 2×2     | 2 | 5×5×16  | 0
        Output FC-10 |         |   | 10      | 4001""",
        {("C3 Conv", "size"): "10×10×16", ("Output FC-10", "parameters"): "4,010"}, "32x32x1"),
}  # fmt: skip
for total in ("12800", "15872", "23040", "26112"):  # without the ReLU, and with the input, 3072, or both
    CASES[f"activations that add up to {total}"] = Case("layer | activations | parameters", f"""
        CONV3-10 | 10240 | 280
        ReLU     | 10240 | 0
        POOL-2   | 2560  | 0
        Total    | {total} | 280""", {})  # fmt: skip
CASES["activations that do not add up"] = Case("layer | activations | parameters", """
        CONV3-10 | 10240 | 280
        ReLU     | 10240 | 0
        POOL-2   | 2560  | 0
        Total    | 12810 | 280""", {("Total", "activations"): "23,040"}, cause="sum")  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_in_a_row_is_found(name: str) -> None:
    """All that is not right, and nothing else; of what is wrong what should be there, and its cause."""
    case = CASES[name]
    report = adtrace.check(piped(case.heading, case.rows, case.prose), input=case.given)
    should = {(one.row, one.quantity): one.expected for one in report.mistakes}
    found: dict[Any, Any] = {key: should[key] if state == WRONG else state for key, state in states(report).items()}
    assert found == case.found, str(report)
    if case.cause:
        assert {one.cause for one in report.mistakes} == {case.cause}


@pytest.mark.parametrize(("shown", "slip"), [
    ("152520", "a factor of ten"), ("15253", "one digit is wrong"), ("12552", "two digits are exchanged"),
    ("152532", "a digit too many"), ("1552", "a digit is missing"), ("25152", "two digits are exchanged"),
    ("15343", ""),
])  # fmt: skip
def test_a_slip_in_the_digits_is_the_last_cause(shown: str, slip: str) -> None:
    """123·123 + 123 = 15252 parameters; digits that are none of the right ones have no cause."""
    mistake = adtrace.check(piped("layer | parameters", f"FC-123 | {shown}"), input="123").mistakes[0]
    assert (mistake.expected, mistake.cause) == ("15,252", "digits" if slip else "")
    assert slip in mistake.sentence


def test_rounded_numbers_add_up_to_a_rounded_sum() -> None:
    """The activations of VGG add up to 15,087,080 without the input, which is 15M; 24M, as is published, is none."""
    assert not adtrace.check(VGG.replace("24M", "15M"), input="224x224x3").mistakes
    assert [one.expected for one in adtrace.check(VGG, input="224x224x3").mistakes] == ["15,087,080"]


def test_layers_alone_make_no_layer_table() -> None:
    """A trace of arrays with a ReLU in it and a column of shapes is one; values beside layers are no sizes."""
    trace = """z = [-1, 2]

| row | operation | shape | value |
|---|---|---|---|
| z | | 2 | [-1, 2] |
| h | relu(z) | 2 | [0, 3] |
| L | sum(h) | | 3 |
"""
    assert [(one.row, one.expected) for one in adtrace.check(trace).mistakes] == [("h", "[0, 2]")]
    values = piped("layer | working | output", "linear | 2×3 | 6\nrelu | 6 | 6")
    assert not any(one.quantity == "size" for one in adtrace.check(values, input="32x32x3").findings)


def test_what_is_read_otherwise_is_said() -> None:
    """A code whose padding only the sizes tell, and an input that the table says."""
    report = adtrace.check(piped(COUNTS, "CONV3-10 | 30×30×10 | 280", "The input is an image of 32×32×3."))
    notes = [problem.sentence for problem in report.problems]
    assert notes == ["the input is 32×32×3, as the document says", "the table is read so: CONVk-N has padding 0"]


def test_all_that_a_layer_table_has_may_be_asked_for() -> None:
    """Columns that it has not are not missing, if all is asked for."""
    text = piped(COUNTS, "CONV3-10 | 32×32×10 | 280")
    assert adtrace.check(text, input="32x32x3", asked=JUDGED).exit_status == 0
    assert adtrace.check(text, input="32x32x3", asked=JUDGED[:-1]).exit_status == 4


WORDED = """LeNet on grey images of 32x32x1

| Layer | Filter | Output size | Parameters | Multiplications |
|---|---|---|---|---|
| Conv1 | 6 filters of 5x5, stride 1 | 28x28x6 | {first} | 117600 |
| AvgPool1 | 2x2, stride 2 | 14x14x6 | 0 | 0 |
| Conv2 | 16 filters 5x5, stride 1 | 10x10x16 | 2416 | {mults} |
| AvgPool2 | 2x2, stride 2 | 5x5x16 | 0 | 0 |
| FC1 | 120 | 120 | {fc} | 48000 |
| Total | | | 50692 | |
"""


def test_filters_are_told_in_words() -> None:
    """How many, how large, by which stride; of an FC its outputs.  One wrong cell is one mistake, and none other is."""
    right = {"first": 156, "mults": 240000, "fc": 48120}
    assert adtrace.check(WORDED.format(**right)).ok
    for cell, wrong, row in (("first", 150, "Conv1"), ("mults", 24000, "Conv2"), ("fc", 48000, "FC1")):
        report = adtrace.check(WORDED.format(**right | {cell: wrong}))
        assert [one.row for one in report.mistakes] == [row], str(report)


def test_options_in_words_behind_a_layer_and_a_sum_of_a_block() -> None:
    """The block of a ResNet, without names of what its addition reads."""
    text = """A block on 56x56x64 inputs

| layer | output shape | # params | MACs |
|---|---|---|---|
| conv 3x3, 64, pad 1 | 56x56x64 | 36928 | {} |
| batch norm | 56x56x64 | 128 | |
| conv 3x3, 32, stride 2, padding 1 | 28x28x32 | 18464 | 14.5M |
| add | 28x28x32 | 0 | |
"""
    assert adtrace.check(text.format("115,605,504")).ok
    wrong = adtrace.check(text.format("107,495,424"))
    assert [(one.row, one.quantity) for one in wrong.mistakes] == [("conv 3×3, 64, pad 1", "multiplications")]
    assert [one.row for one in adtrace.check(text.format("115.6M").replace("| 0 |", "| 1 |")).mistakes] == ["add"]


def test_what_comes_behind_a_layer_that_is_not_read_reads_its_printed_size() -> None:
    """A layer that nobody knows: the pool behind it is right."""
    text = WORDED.format(first=156, mults=240000, fc=48120).replace("Conv2 | 16 filters 5x5", "Qux | 16 quarks 5x5")
    report = adtrace.check(text)
    assert (report.mistakes, report.exit_status) == ((), 4), str(report)


_RULE = "=" * 65
KERAS = f"""Model: "sequential"
{"_" * 65}
 Layer (type)                Output Shape              Param #
{_RULE}
 conv2d (Conv2D)             (None, 26, 26, 32)        «first»

 max_pooling2d (MaxPooling2D  (None, 13, 13, 32)       0
 )

 flatten (Flatten)           (None, 5408)              0

 dense (Dense)               (None, 10)                «dense»

{_RULE}
Total params: «total» (212.54 KB)
Trainable params: 54,410
"""
BOXED = """┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━┓
┃ Layer (type)                  ┃ Output Shape         ┃     Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━┩
│ conv2d (Conv2D)               │ (None, 26, 26, 32)   │         «first» │
├───────────────────────────────┼──────────────────────┼─────────────┤
│ max_pooling2d (MaxPooling2D)  │ (None, 13, 13, 32)   │           0 │
│ flatten (Flatten)             │ (None, 5408)         │           0 │
│ dense (Dense)                 │ (None, 10)           │      «dense» │
└───────────────────────────────┴──────────────────────┴─────────────┘
 Total params: «total» (212.54 KB)
"""
TORCH = f"""{"-" * 64}
        Layer (type)               Output Shape         Param #
{"=" * 64}
            Conv2d-1           [-1, 32, 26, 26]             «first»
         MaxPool2d-2           [-1, 32, 13, 13]               0
           Flatten-3                 [-1, 5408]               0
            Linear-4                   [-1, 10]          «dense»
{"=" * 64}
Total params: «total»
Trainable params: 54,410
"""


@pytest.mark.parametrize(("summary", "given"), [(KERAS, "28x28x1"), (BOXED, "28x28x1"), (TORCH, "1,28,28")])
def test_printed_summaries_of_networks(summary: str, given: str) -> None:
    """Every number of them is judged: biases left out, a wrong total, and no other cell is blamed."""
    right = {"first": "320", "dense": "54,090", "total": "54,410"}

    def check(**changed: str) -> adtrace.checking.reporting.Report:
        text = summary
        for name, shown in (right | changed).items():
            text = text.replace(f"«{name}»", shown)
        return adtrace.check(text, input=given)

    assert check().ok, str(check())
    for name, wrong, place in (("first", "288", 0), ("dense", "54,080", 3), ("total", "54,140", 4)):
        report = check(**{name: wrong})
        assert [one.place.row for one in report.mistakes] == [place], str(report)


SUMMARY = """Model: "functional", input shape (32, 32, 3)
┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
│ conv2d (Conv2D)                 │ (None, 32, 32, 16)     │           448 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ batch_normalization             │ (None, 32, 32, 16)     │            64 │
│ (BatchNormalization)            │                        │               │
└─────────────────────────────────┴────────────────────────┴───────────────┘
 Total params: 512 (2.00 KB)
 Trainable params: {} (1.88 KB)
 Non-trainable params: {} (128.00 B)
"""


@pytest.mark.parametrize(("trained", "kept", "wrong"), [
    ("480", "32", {}), ("482", "32", {"Trainable params": "480"}), ("480", "64", {"Non-trainable params": "32"}),
    ("512", "32", {"Trainable params": "480"}), ("64", "448", {}),
])  # fmt: skip
def test_what_is_trained_and_what_is_kept_are_sums_too(trained: str, kept: str, wrong: dict[str, str]) -> None:
    """Keras counts the means that a normalisation keeps, 2 of 4 for each channel; first layers may be frozen."""
    report = adtrace.check(SUMMARY.format(trained, kept))
    assert {one.row: one.expected for one in report.mistakes} == wrong, str(report)
    assert report.exit_status == (3 if wrong else 0), str(report)


@pytest.mark.parametrize("rows", [
    "| Camada | Passo | Saída |\n|---|---|---|\n| conv 3x3, 8 | 2 | {}x{}x8 |",
    "| 层 | 输出 |\n|---|---|\n| conv 3x3, 8, 步长 2 | {}x{}x8 |",
])  # fmt: skip
def test_strides_in_headings_and_in_cells_are_in_the_same_languages(rows: str) -> None:
    """A right size was blamed."""
    for side, status in ((16, 0), (14, 3)):
        assert adtrace.check(f"input 32x32x3\n\n{rows.format(side, side)}\n").exit_status == status
