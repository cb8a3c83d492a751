"""Hand-made layer tables, checked: published ones and what is known to be wrong in them, our own, planted slips."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

import adtrace
from adtrace.checking.reporting import EMPTY, FOLLOWING, NOT_READ, RIGHT, WRONG, Report

Marks = Mapping[tuple[str, str], str]


def states(report: Report) -> dict[tuple[str, str], str]:
    """What is not right, by the row and the quantity."""
    return {(one.row, one.quantity): one.state for one in report.findings if one.state not in (RIGHT, "not asked")}


def piped(heading: str, rows: str, prose: str = "") -> str:
    """A Markdown table of lines whose cells are parted by bars."""
    lines = [line.strip() for line in rows.strip().splitlines()]
    rule = "|".join("---" for _ in heading.split("|"))
    return "\n".join([prose, "", f"| {heading} |", f"|{rule}|", *(f"| {line} |" for line in lines)])


LENET = piped("Layer | Activation shape | Activation size | # parameters", """
    Input           | (32,32,3)  | 3072  | 0
    CONV1 (f=5,s=1) | (28,28,8)  | 6272  | (5*5*3+1)*8=608
    POOL1           | (14,14,8)  | 1568  | 0
    CONV2 (f=5,s=1) | (10,10,16) | 1,600 | 3216
    POOL2           | (5,5,16)   | 400   | 0
    FC3             | (120,1)    | 120   | (120*400)+120=48120
    FC4             | (84,1)     | 84    | 16164
    Softmax         | (10,1)     | 10    | 856""")  # fmt: skip
BERKELEY = piped("Layer | Number of Parameters | Dimension of Activations", """
    CONV3-10 | 10+3×3×1×10 = 100   | 28×28×10
    POOL2    | 0                   | 14×14×10
    CONV3-10 | 10+3×3×10×10 = 910  | 14×14×10
    POOL2    | 0                   | 7×7×10
    FLATTEN  | 0                   | 490
    FC-3     | 490×3+3 = 1473      | 3""", "The input is an image of 28×28×1.")  # fmt: skip
SHARIF = piped("Layer | Output Dimension | Parameters", """
    CONV3-10      | 32×32×10 | 3×3×3×10+10
    ReLU          | 32×32×10 | 0
    POOL-2        | 16×16×10 | 0
    CONV3-20(3,2) | 6×6×20   | 3×3×10×20+20
    ReLU          | 6×6×20   | 0
    POOL-2        | 3×3×20   | 0
    FLATTEN       | 180      | 0
    FC-10         | 10       | 180×10+10""")  # fmt: skip
INTROML = piped("Layer | kernel | kernels | padding | Output size | Parameters | Multiplications", """
    conv | 3 | 20 | 0 | 46×62×10 | 3×3×10×20+10 = 1810 | 46×62×10 = 28520""")  # fmt: skip
DEPTHWISE = piped("Layer | Multiplications", "CONV-5-256 | 256x3x5x5x8x8 = 1,28,800")
THREE = piped("Layer | k | filters | s | p | Output size | Parameters", """
    conv | 8 | 64  | 2 | 0 | 125×125×64 |
    pool | 5 |     | 5 | 0 | 25×25×64   | 0
    conv | 4 | 128 | 1 | 1 | 24×24×128  | 64*128*4*4 = 131072""")  # fmt: skip
GOOGLENET = piped("Layer | k | p | s | receptive field", """
    conv1 | 7 | 3 | 2 | 8
    pool1 | 3 | 0 | 2 | 12
    conv2 | 3 | 1 | 1 | 20
    pool2 | 3 | 0 | 2 | 28
    conv3 | 1 | 0 | 1 | 28
    conv4 | 1 | 0 | 1 | 28
    pool3 | 3 | 0 | 2 | 37
    conv5 | 1 | 0 | 1 | 37
    pool4 | 3 | 0 | 2 | 69
    pool5 | 7 | 0 | 1 | 261""")  # fmt: skip
_VGG = (
    ("CONV3-64", "224x224x64", "224*224*64=3.2M", "(3*3*3)*64 = 1,728"),
    ("CONV3-64", "224x224x64", "224*224*64=3.2M", "(3*3*64)*64 = 36,864"),
    ("POOL2", "112x112x64", "112*112*64=800K", "0"),
    ("CONV3-128", "112x112x128", "112*112*128=1.6M", "(3*3*64)*128 = 73,728"),
    ("CONV3-128", "112x112x128", "112*112*128=1.6M", "(3*3*128)*128 = 147,456"),
    ("POOL2", "56x56x128", "56*56*128=400K", "0"),
    ("CONV3-256", "56x56x256", "56*56*256=800K", "(3*3*128)*256 = 294,912"),
    ("CONV3-256", "56x56x256", "56*56*256=800K", "(3*3*256)*256 = 589,824"),
    ("CONV3-256", "56x56x256", "56*56*256=800K", "(3*3*256)*256 = 589,824"),
    ("POOL2", "28x28x256", "28*28*256=200K", "0"),
    ("CONV3-512", "28x28x512", "28*28*512=400K", "(3*3*256)*512 = 1,179,648"),
    ("CONV3-512", "28x28x512", "28*28*512=400K", "(3*3*512)*512 = 2,359,296"),
    ("CONV3-512", "28x28x512", "28*28*512=400K", "(3*3*512)*512 = 2,359,296"),
    ("POOL2", "14x14x512", "14*14*512=100K", "0"),
    ("CONV3-512", "14x14x512", "14*14*512=100K", "(3*3*512)*512 = 2,359,296"),
    ("CONV3-512", "14x14x512", "14*14*512=100K", "(3*3*512)*512 = 2,359,296"),
    ("CONV3-512", "14x14x512", "14*14*512=100K", "(3*3*512)*512 = 2,359,296"),
    ("POOL2", "7x7x512", "7*7*512=25K", "0"),
    ("FC", "1x1x4096", "4096", "7*7*512*4096 = 102,760,448"),
    ("FC", "1x1x4096", "4096", "4096*4096 = 16,777,216"),
    ("FC", "1x1x1000", "1000", "4096*1000 = 4,096,000"),
    ("TOTAL", "", "24M", "138M"),
)
VGG = piped("Layer | shape | memory | weights", "\n".join(
    " | ".join([name, size and f"[{size}]", *rest]) for name, size, *rest in _VGG))  # fmt: skip
RESNET = piped("Layer (type) | Output Shape | Param #", """
    Conv2d-1      | [-1, 64, 112, 112] | 9,408
    BatchNorm2d-2 | [-1, 64, 112, 112] | 128
    ReLU-3        | [-1, 64, 112, 112] | 0
    MaxPool2d-4   | [-1, 64, 56, 56]   | 0
    Conv2d-5      | [-1, 64, 56, 56]   | 36,864""")  # fmt: skip

PUBLISHED: tuple[tuple[str, str, str | None, Marks], ...] = (
    ("deeplearning.ai", LENET, None, {("FC4", "parameters"): WRONG, ("Softmax", "parameters"): WRONG}),
    ("berkeley", BERKELEY, None, {}),
    ("sharif", SHARIF, "32x32x3", {}),
    ("introml", INTROML, "48x64x10", {("conv", "size"): WRONG, ("conv", "parameters"): WRONG,
                                      ("conv", "multiplications"): WRONG}),
    ("depthwise", DEPTHWISE, "12x12x3", {("CONV-5-256", "multiplications"): WRONG}),
    ("three layers", THREE, "256x256x3", {("conv", "parameters"): "empty"}),
    ("googlenet", GOOGLENET, "224x224x3", {
        ("conv1", "receptive field"): WRONG, ("pool1", "receptive field"): FOLLOWING,
        ("conv2", "receptive field"): FOLLOWING, ("pool2", "receptive field"): FOLLOWING,
        ("conv3", "receptive field"): FOLLOWING, ("conv4", "receptive field"): FOLLOWING,
        ("pool3", "receptive field"): WRONG, ("conv5", "receptive field"): FOLLOWING,
        ("pool4", "receptive field"): FOLLOWING, ("pool5", "receptive field"): FOLLOWING}),
    ("cs231n", VGG, "224x224x3", {("TOTAL", "activations"): WRONG}),
    ("torchsummary", RESNET, "3,224,224", {}),
)  # fmt: skip


@pytest.mark.parametrize(("document", "given", "marks"), [c[1:] for c in PUBLISHED], ids=[c[0] for c in PUBLISHED])
def test_published_tables_are_told_as_they_are_known_to_be(document: str, given: str | None, marks: Marks) -> None:
    """Every cell that is known to be wrong is named, as a root or as what follows from one, and no other."""
    report = adtrace.check(document, input=given)
    assert states(report) == marks
    assert report.exit_status == (3 if WRONG in marks.values() else 4 if marks else 0)


@pytest.mark.parametrize(("parameters", "is_told"), [(("36", "72"), True), (("40", "74"), False)])
def test_parameters_may_be_counted_without_biases(parameters: tuple[str, str], is_told: bool) -> None:
    """3*3*1*4 and 3*3*4*2, or with a bias for each channel: right, and said."""
    rows = "| conv 3x3, 4 | 6x6x4 | {} |\n| conv 3x3, 2 | 4x4x2 | {} |\n".format(*parameters)
    report = adtrace.check(f"| layer | output | parameters |\n|---|---|---|\n{rows}", input="8x8x1")
    notes = [problem.sentence for problem in report.problems]
    assert states(report) == {}
    assert ("the parameters are counted without biases" in notes) is is_told


def test_causes_are_named() -> None:
    """A cause is one recomputation with one thing changed; a digit is told last."""
    causes = {one.row: (one.cause, one.sentence) for one in adtrace.check(GOOGLENET, input="224x224x3").mistakes}
    assert causes["conv1"] == ("off by one", "8 should be 7 (one too many)")
    assert causes["pool3"][1].startswith("37 should be 43")
    found = {one.quantity: one.cause for one in adtrace.check(INTROML, input="48x64x10").mistakes}
    assert found == {"size": "channels", "parameters": "bias", "multiplications": "kernel"}
    assert [one.cause for one in adtrace.check(LENET).mistakes] == ["digits", "digits"]
    assert [one.cause for one in adtrace.check(DEPTHWISE, input="12x12x3").mistakes] == ["digits"]


NETWORKS = (
    ("CONV3-10, ReLU, POOL-2, CONV3-20(3,2), ReLU, POOL-2, FLATTEN, FC-10", "32x32x3"),
    ("Conv2d(3, 8, 5), MaxPool2d(2), Conv2d(8, 16, 5), MaxPool2d(3, 2), Flatten(), Linear(256, 10)", "3,32,32"),
    ("CONV-5-6, POOL-2, CONV-5-16, POOL-2, FC-120, FC-84, FC-10", "32x32x1"),
)


@pytest.mark.parametrize("form", ["markdown", "latex", "html", "text"])
@pytest.mark.parametrize(("network", "given"), NETWORKS)
def test_our_own_tables_are_all_right(network: str, given: str, form: str) -> None:
    """What `adtrace.layers` prints comes back without a mistake, in every format, with its totals."""
    network_table = adtrace.layers(network, input=given)
    text = network_table.table(format=form, columns="size,params,multiplications,field")
    report = adtrace.check(text, input=given)
    assert states(report) == {}
    assert report.count(RIGHT) >= 3 * len(network_table.rows)


SLIPS: tuple[tuple[str, str, tuple[str, str], str, Marks], ...] = (
    ("6×6×20   | 3", "7×7×20   | 3", ("CONV3-20(3,2)", "size"), "rounding", {("ReLU", "size"): WRONG}),
    ("3×3×3×10+10", "270", ("CONV3-10", "parameters"), "bias", {}),
    ("3×3×3×10+10", "271", ("CONV3-10", "parameters"), "bias", {}),
    ("3×3×3×10+10", "3×3×10+10", ("CONV3-10", "parameters"), "depth", {}),
    ("3×3×3×10+10", "3×3×10×10+10", ("CONV3-10", "parameters"), "channels", {}),
    ("180×10+10", "20×10+10", ("FC-10", "parameters"), "", {}),
    ("POOL-2        | 16×16×10 | 0", "POOL-2        | 16×16×10 | 40", ("POOL-2", "parameters"), "pooling", {}),
    ("32×32×10 | 3", "30×30×10 | 3", ("CONV3-10", "size"), "padding", {}),
)  # fmt: skip


@pytest.mark.parametrize(("old", "new", "cell", "cause", "more"), SLIPS)
def test_planted_slips_are_found(old: str, new: str, cell: tuple[str, str], cause: str, more: Marks) -> None:
    """One cell of a right table is changed: it is the root, and its cause is named."""
    assert SHARIF.count(old) >= 1
    report = adtrace.check(SHARIF.replace(old, new, 1), input="32x32x3")
    roots = {(one.row, one.quantity): one.cause for one in report.mistakes}
    assert cell in roots
    if cause:
        assert roots[cell] == cause


def test_what_is_computed_rightly_from_a_wrong_size_follows() -> None:
    """A size that is wrong and all that is rightly computed from it: one root."""
    wrong = SHARIF.replace("6×6×20", "7×7×20").replace("3×3×20   |", "3×3×20   |")
    report = adtrace.check(wrong, input="32x32x3")
    assert states(report) == {("CONV3-20(3,2)", "size"): WRONG, ("ReLU", "size"): FOLLOWING}
    assert report.mistakes[0].expected == "6×6×20"


def test_other_languages_and_an_input_that_nobody_says() -> None:
    """German headings; an input that nobody says is as the numbers of the first row have it, or that is not judged."""
    german = piped("Schicht | Ausgabegröße | Parameter | Multiplikationen", """
        CONV3-10 | 32×32×10 | 280 | 276.480
        POOL-2   | 16×16×10 | 0   | 0
        FC-10    | 10       | 25.610 | 25.600
        Summe    |          | 25.890 | 302.080""")  # fmt: skip
    assert states(adtrace.check(german, input="32x32x3")) == {}
    wrong = german.replace("25.890", "25.980")
    assert states(adtrace.check(wrong, input="32x32x3")) == {("Summe", "parameters"): WRONG}
    assert states(adtrace.check(german)) == {}
    assert "taken as 3×32×32" in adtrace.check(german).problems[0].sentence
    report = adtrace.check(german.replace(" 280 ", " 300 ").replace("25.890", "25.910"))
    assert [one.state for one in report.findings if one.row == "CONV3-10"] == [NOT_READ] * 3
    assert {one.state for one in report.findings if one.row != "CONV3-10"} == {RIGHT}  # by the size above them
    assert "--input 32x32x3" in report.problems[0].sentence


def test_traces_are_no_layer_tables() -> None:
    """A trace of a network with a column of layers is judged as a trace."""
    trace = adtrace.trace("ln(x1) + x1*x2 - sin(x2)", at={"x1": 2, "x2": 5}).table(format="markdown")
    assert not any(one.quantity == "size" for one in adtrace.check(trace).findings)


def test_every_number_matters() -> None:
    """Each digit of a right table, changed, is a mistake: no number passes unseen."""
    places = list(re.finditer(r"\d+(?= \|| ?$)", SHARIF, re.MULTILINE))
    for found in places:
        text: Any = SHARIF[: found.start()] + str(int(found.group()) + 3) + SHARIF[found.end() :]
        report = adtrace.check(text, input="32x32x3")
        assert report.mistakes, found


def test_a_stride_of_nothing_is_told() -> None:
    """A row whose window cannot be is not read, in a sentence."""
    report = adtrace.check(GOOGLENET.replace("pool1 | 3 | 0 | 2", "pool1 | 3 | 0 | 0"), input="224x224x3")
    assert [one.sentence for one in report.of(NOT_READ) if one.row == "pool1"] == [
        "its layer is not read: its stride is 0"
    ]


ASKED = """CONV3-10, ReLU, POOL-2, FC-10 on an input of 32×32×3

| layer | size | parameters |
|---|---|---|
| CONV3-10 | 32×32×10 | 281 |
| ReLU | 32×32×10 | 0 |
| POOL-2 | 17×17×10 | 0 |
| FC-10 | 10 | 25610 |
"""


@pytest.mark.parametrize(("asked", "wrong", "others"), [
    (("size",), ["size"], 4), (("parameters",), ["parameters"], 4), (("size", "parameters"), ["parameters", "size"], 0),
    ((), ["parameters", "size"], 0),
])  # fmt: skip
def test_what_is_not_asked_of_layers_is_not_judged(asked: tuple[str, ...], wrong: list[str], others: int) -> None:
    """Sizes alone, parameters alone, both: 281 is one too many, and 17 is no half of 32."""
    report = adtrace.check(ASKED, asked=asked)
    assert sorted(mistake.quantity for mistake in report.mistakes) == wrong, str(report)
    assert report.count("not asked") == others


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_code_is_no_number_of_its_row(at: int) -> None:
    """POOL-2 is a pool of 2 in the second row, too, as its neighbours are not numbered: 17 is no half of 32."""
    rows = ["| ReLU | 32×32×10 | 0 |"] * (at - 1)
    text = ASKED.replace("| ReLU | 32×32×10 | 0 |\n", "".join(f"{row}\n" for row in rows))
    report = adtrace.check(text)
    assert [(one.row, one.quantity) for one in report.mistakes] == [("CONV3-10", "parameters"), ("POOL-2", "size")]


def test_layers_with_the_numbers_of_their_rows_are_read() -> None:
    """As torchsummary prints them, numbered all: the windows and the outputs are told by the sizes."""
    text = """| Layer (type) | Output shape | Param # |
|---|---|---|
| Conv2d-1 | [-1, 10, 30, 30] | 280 |
| BatchNorm2d-2 | [-1, 10, 30, 30] | 20 |
| MaxPool2d-3 | [-1, 10, 15, 15] | 0 |
| Flatten-4 | [-1, 2250] | 0 |
| Linear-5 | [-1, 10] | 22,511 |
| Trainable params: 22811 | | |
"""
    report = adtrace.check(text, input="3,32,32")
    assert [(one.row, one.expected) for one in report.mistakes] == [("Linear-5", "22,510")], str(report)
    assert not report.of(NOT_READ)
    wrong = adtrace.check(text.replace("22,511", "22,510"), input="3,32,32")
    assert [(one.row, one.expected) for one in wrong.mistakes] == [("Trainable params", "22,810")], str(wrong)


def test_a_quantity_that_is_asked_for_and_has_no_column_is_missing() -> None:
    """Nothing passes unseen: no column of multiplications."""
    report = adtrace.check(ASKED.replace("281", "280").replace("17×17", "16×16"), asked=("size", "multiplications"))
    assert report.exit_status == 4
    missing = [problem.sentence for problem in report.problems if problem.kind == "missing row"]
    assert missing == ["no multiplications is given"]


PADDED = """CONV3-10(1,1), POOL-2, CONV3-20(2,1) on an input of 32×32×3

| layer | padding | stride | size | parameters | receptive field |
|---|---|---|---|---|---|
| CONV3-10(1,1) | {p} | 1 | 32×32×10 | 280 | 3 |
| POOL-2 | 0 | 2 | 16×16×10 | 0 | 4 |
| CONV3-20(2,1) | 1 | {s} | 8×8×20 | 1820 | 8 |
"""


@pytest.mark.parametrize(("p", "s", "wrong"), [
    (1, 2, []), (2, 2, ["padding"]), (1, 1, ["stride"]), (0, 3, ["padding", "stride"]),
])  # fmt: skip
def test_a_padding_or_a_stride_that_is_none_of_its_code_is_found_in_its_cell(p: int, s: int, wrong: list[str]) -> None:
    """The sizes beside it, which are those of the code, are right."""
    report = adtrace.check(PADDED.format(p=p, s=s))
    assert [mistake.quantity for mistake in report.mistakes] == wrong, str(report)


@pytest.mark.parametrize("form", ["markdown", "text", "latex", "html", "csv", "typst", "rst", "asciidoc"])
def test_tables_of_windows_are_judged_and_those_of_products_are_not(form: str) -> None:
    """Our own: the lengths that windows come to, and that a convolution is not checked."""
    report = adtrace.check(adtrace.convolution([1, 2, 3, 4], [1, 0, 2]).table(format=form), kind=form)
    assert (report.mistakes, report.exit_status) == ((), 2), str(report)
    assert "which is not checked" in str(report)
    found = adtrace.window(in_=64, out=32, k=8, d=1).table(format=form)
    findings = adtrace.check(found, kind=form).findings
    assert (len(findings) > 1, {one.state for one in findings}) == (True, {RIGHT})


def test_an_emptied_result_of_our_own_is_empty() -> None:
    """A count or a size whose working is still there, zeros of layers without parameters, sums, the input's size."""
    table = adtrace.layers("CONV3-4, ReLU, POOL-2, CONV3-8, ReLU, FLATTEN, FC-3", input="8x8x3").table(
        format="markdown"
    )
    lines, tried = table.split("\n"), 0
    for k, line in enumerate(lines):
        cells = line.split("|")
        for j, cell in enumerate(cells):
            if re.fullmatch(r" \$(?:= )?(?:\\mathbf\{)?[\d{,}]+(?: \\times \d+)*\}?\$ ", cell) and "$1$" not in cell:
                emptied = "|".join([*cells[:j], "  ", *cells[j + 1 :]])
                report = adtrace.check("\n".join([*lines[:k], emptied, *lines[k + 1 :]]))
                assert report.exit_status == 4, (line, cell, str(report))
                tried += 1
    assert tried > 25


def test_a_working_is_judged_where_the_input_is_not_known() -> None:
    """Items that count parameters, and say nothing of sizes."""
    listed = "Number of learnable parameters:\n\n* conv1: 3*3*1*32 + 32 = {}\n* conv2: 3*3*32*64 + 64 = {}\n"
    assert {one.state for one in adtrace.check(listed.format(320, 18496)).findings} == {NOT_READ}
    wrong = adtrace.check(listed.format(288, 18496)).mistakes
    assert [(one.line, one.expected, one.cause) for one in wrong] == [(3, "320", "arithmetic")]


def test_gates_are_no_windows() -> None:
    """A cell of an LSTM has columns i, f and o and a state s, of decimals."""
    prose = "i = sigmoid(x), f = sigmoid(x/2), o = sigmoid(x/5), s = i*o at x = 0.5"
    report = adtrace.check(
        f"{prose}\n\n| t | i | f | o | s |\n|-|-|-|-|-|\n| 1 | 0.6225 | 0.5622 | 0.5250 | 0.3268 |\n"
    )
    assert "size" not in {one.quantity for one in report.findings}


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "pt", "zh", "ja", "ko"])
@pytest.mark.parametrize("form", ["markdown", "text", "latex", "html", "csv", "typst"])
def test_windows_that_are_transposed_or_round_up_are_not_blamed(form: str, language: str) -> None:
    """Their lengths are others: they are not read, or right."""
    for document in (adtrace.window(16, 32, k=4, s=2, transposed=True), adtrace.window(33, 17, k=2, s=2, ceil=True)):
        assert not adtrace.check(document.table(format=form, language=language), kind=form).mistakes


@pytest.mark.parametrize(("line", "cell", "expected"), [
    ("| 1 | 64 | 3 | 1 | 8 | 2 | 31 |", "31", "32"),
    ("| 2 | 32 | 0 | 1 | 8 | 4 | (32-8)/4+1 = 8 |", "(32-8)/4+1 = 8", "7"),
    ("| 3 | 8 | 2 | 2 | 3 | 2 | (8+4-5)/2+1 = 4.5 = 4 |", "", ""), ("| 4 | 8 | 2 | 2 | 3 | | 4 |", "4", ""),
    ("| 5 | 4 | 0 | 1 | 5 | 1 | 0 |", "", ""), ("| 6 | 8 | 2 | 2 | 3 | 2 | |", "", ""),
])  # fmt: skip
def test_configurations_of_windows_are_judged_each_by_itself(line: str, cell: str, expected: str) -> None:
    """The length of the output in a row of i, p, d, k, s and o (IFT6135, homework 2)."""
    report = adtrace.check(f"| | i | p | d | k | s | o |\n|---|---|---|---|---|---|---|\n{line}\n")
    (one,) = report.findings
    assert (one.text, one.expected) == (cell, expected) or (not cell and one.state in (RIGHT, EMPTY))
    assert report.exit_status == {RIGHT: 0, WRONG: 3, EMPTY: 4, NOT_READ: 2}[one.state]


def test_a_kernel_may_be_told_with_its_depth() -> None:
    """3x3x64 is a window of 3x3 over the 64 that there are: 3*3*64*128 + 128 parameters."""
    heading = "Layer | k | filters | s | p | Output size | Parameters"
    table = piped(heading, "conv | 3×3×64 | 128 | 1 | 1 | 24×24×128 | 73856", "The input is 24×24×64.")
    assert [one.state for one in adtrace.check(table).findings if one.quantity in ("size", "parameters")] == [RIGHT] * 2
    wrong = adtrace.check(table.replace("73856", "73857")).mistakes
    assert [one.expected for one in wrong] == ["73,856"]


BRANCHES = "x: relu, a: conv3-64(1,1) of x, b: conv1-64 of x, add of a b"


@pytest.mark.parametrize("form", ["markdown", "text", "latex", "html", "csv", "typst", "rst", "asciidoc"])
def test_our_tables_with_branches_are_read_again(form: str) -> None:
    """Each row on what its column *of* says: conv1-64 on row 1, not on the row above it; a wrong count is found."""
    text = adtrace.layers(BRANCHES, input="8x8x3").table(format=form)
    report = adtrace.check(text, kind=form, input="8x8x3")
    assert (report.mistakes, report.count("right")) == ((), 20), str(report)
    changed = text.replace("256", "4160")  # as on the row above it
    found = adtrace.check(changed, kind=form, input="8x8x3").mistakes
    assert [(one.row, one.quantity, one.expected) for one in found][:1] == [("conv1-64", "parameters", "256")]


def test_a_row_that_reads_none_of_the_table_is_not_judged() -> None:
    """A stranger in the column *from* is said; nobody guesses what is meant."""
    text = """| layer | from | size | parameters |
|---|---|---|---|
| pool1 (POOL-2) | | 4x4x3 | 0 |
| CONV1-8 | pool1 | 4x4x8 | 32 |
| CONV1-4 | pool7 | 4x4x4 | 36 |
"""
    report = adtrace.check(text, input="8x8x3")
    assert not report.mistakes
    assert {one.row for one in report.of(NOT_READ)} == {"CONV1-4"}
    assert "it reads pool7, which is no row above it" in str(report)


OWN = [
    ("Dense(64, activation='relu')\nDropout(0.2)\nDense(10)", "100", {"format": "text"}),
    ("CONV5-8(2,2), ReLU, FLATTEN, FC-32", "8x8x1", {"format": "latex"}),
    ("CONV5-8(2,2), ReLU, FLATTEN, FC-32", "8x8x1", {"format": "json"}),
    ("CONV5-8(2,2), ReLU, FLATTEN, FC-32", "8x8x1", {"format": "latex", "overlay": True}),
    ("CONV5-8(2,2), ReLU, FLATTEN, FC-32", "8x8x1", {"format": "text", "language": "ko"}),
    ("CONV5-8(2,2), ReLU, FC-32", "8x8x1", {"format": "text", "language": "ja", "columns": "size,weights,biases"}),
    ("CONV5-8(2,2), ReLU, FLATTEN, FC-32", "8x8x1", {"format": "asciidoc", "layout": "stacked"}),
    ("CONV5-8(2,2), ReLU, FLATTEN, FC-32", "8x8x1", {"columns": "size,params,multiplications,field,jump"}),
    ("conv 3x3, 64, pad 1\nmaxpool 2\nfc 10", "32x32x3", {"format": "typst"}),
    ("nn.Conv1d(2, 8, 5, padding=2)\nnn.ReLU()\nnn.Flatten()\nnn.Linear(128, 3)", "2,16", {"merge": True}),
    ("nn.Linear(784, 128)\nnn.ReLU()\nnn.Linear(128, 10, bias=False)\nnn.Softmax(dim=1)", "784", {"merge": True}),
    ("nn.Conv2d(3, 16, 3, stride=2, padding=1)\nnn.ReLU()", "3,64,64", {"format": "html"}),
    ("nn.Conv2d(3, 16, 3, stride=2, padding=1)\nnn.ReLU()", "3,64,64", {"format": "csv"}),
    ("nn.Conv2d(3, 16, 3, stride=2, padding=1)\nnn.ReLU()", "3,64,64", {"caption": ""}),
]  # fmt: skip


@pytest.mark.parametrize(("network", "size", "options"), OWN)
def test_our_own_layer_tables_are_read_back(network: str, size: str, options: dict[str, object]) -> None:
    """In every format and language, stacked, merged, on slides, with shortened names: each number is judged."""
    form = str(options.get("format", "markdown"))
    table = adtrace.layers(network, input=size).table(**options)
    report = adtrace.check(table, kind=form if form in ("csv", "typst") else None, input=size)
    assert report.exit_status == 0, str(report)
    unjudged = [cell.text for cell in report.cells if cell.state == "not asked" and cell.text.startswith(("=", "$="))]
    assert not unjudged, str(report)


@pytest.mark.parametrize(
    ("form", "right", "wrong"), [("latex", "4\\adtx 4\\adtx 8", "4\\adtx 5\\adtx 8"), ("json", "208", "209")]
)
def test_wrong_numbers_of_our_own_layer_tables_are_found(form: str, right: str, wrong: str) -> None:
    """A size below a formula, which passed unread, and a number of JSON."""
    table = adtrace.layers("CONV5-8(2,2), ReLU, FLATTEN, FC-32", input="8x8x1").table(format=form)
    assert right in table
    report = adtrace.check(table.replace(right, wrong, 1), input="8x8x1")
    assert [mistake.row for mistake in report.mistakes] == ["CONV5-8(2,2)"], str(report)


def test_a_padding_layer_has_no_kernel_to_halve() -> None:
    """A wrong size of a layer that only pads is a mistake; it ended in a traceback."""
    report = adtrace.check("| layer | output size |\n|---|---|\n| input | 8x8x3 |\n| pad 1 | 9x9x3 |\n", input="8x8x3")
    assert [mistake.row for mistake in report.mistakes] == ["pad 1"], str(report)


def test_a_note_tells_layers_whole_whose_names_are_shortened() -> None:
    """Without a caption that has the network, a note has the layer with all of its options."""
    table = adtrace.layers("nn.Conv2d(3, 16, 3, stride=2, padding=1)", input="3,8,8").table(caption="Mine.")
    assert "`nn.Conv2d(3, 16, 3, ...)` = `nn.Conv2d(3, 16, 3, stride=2, padding=1)`." in table


@pytest.mark.parametrize(("right", "wrong"), [
    (r"$128 \cdot 32 + 32$", r"$128 \cdot 33 + 32$"), (r"$32 \cdot 128$", r"$32 \cdot 129$"),
    (r"\lfloor (8 + 2 \cdot 2 - 5)/2", r"\lfloor (9 + 2 \cdot 2 - 5)/2"), (r"$1 + 4 \cdot 1$", r"$2 + 4 \cdot 1$"),
])  # fmt: skip
def test_a_wrong_working_in_a_column_of_its_own_is_found(right: str, wrong: str) -> None:
    """Of a count, a product alone, a size, a receptive field, beside the number that is right; they passed."""
    table = adtrace.layers("CONV5-8(2,2), ReLU, FLATTEN, FC-32", input="8x8x1").table()
    assert right in table
    report = adtrace.check(table.replace(right, wrong, 1), input="8x8x1")
    assert len(report.mistakes) == 1, str(report)


@pytest.mark.parametrize(
    ("text", "function"),
    [
        ("Take a linear neuron with 2 inputs.\n\na = 2*x = 6\nb = a + 2 = 8\n\nThe output is 8.\n", "2*x + 2"),
        (
            "f(x) = relu(x*3) at x = 3. First a = x*3 = 9. Then the relu gives b = relu(a) = 9. The output is 9.",
            "relu(3*x)",
        ),
        ("- linear layer: output = 2*3 + 1 = 7\n- relu: output = max(0, 7) = 7\n", "relu(2*x + 1)"),
    ],
)
def test_traces_in_sentences_are_no_layers(text: str, function: str) -> None:
    """Outputs without sizes are values, whatever the prose says of layers."""
    report = adtrace.check(text, at={"x": 3}, function=function)
    assert not any(sheet.heading[0] == "layer" and "output size" in sheet.heading for sheet in report.sheets)
    assert report.exit_status == 0


@pytest.mark.parametrize(
    ("heading", "rows", "said"),
    [
        ("layer | shape | parameters", ("CONV3-10 | 32×32×10 | {}",), "empty: parameters of CONV3-10"),
        (
            "layer | shape | parameters",
            ("CONV3-10 | {} | 280", "POOL-2 | {} | 0"),
            "empty: size of CONV3-10 and POOL-2",
        ),
        (
            "layer | activations | parameters",
            ("CONV3-10 | 10240 | 280", "POOL-2 | 2560 | 0", "Total | 12800 | {}"),
            "empty: parameters of Total",
        ),
    ],
)
def test_what_a_template_leaves_to_do_is_empty(heading: str, rows: tuple[str, ...], said: str) -> None:
    """A column in which nothing stands at all, and the sum of one below others; sums that are told apart are none."""
    document = f"| {heading} |\n|---|---|---|\n" + "".join(f"| {row.format('')} |\n" for row in rows)
    report = adtrace.check(document, input="32x32x3")
    assert (report.exit_status, said in str(report)) == (4, True)
    apart = ("CONV3-10 | 10240 | 280", "Total memory | 10240 | ", "Total parameters | | 280")
    document = "| layer | activations | parameters |\n|---|---|---|\n" + "".join(f"| {row} |\n" for row in apart)
    assert adtrace.check(document, input="32x32x3").exit_status == 0


@pytest.mark.parametrize(
    "table",
    [
        "layer | units | parameters\n---|---|---\ninput | 10 | 0\ndense | 20 | 220\ndense | 5 | @105",
        "layer | neurons | weights\n---|---|---\ninput layer | 784 | -\nhidden layer | 128 | 100480\n"
        "output layer | 10 | @1290",
        "layer | nodes | activation | parameters\n---|---|---|---\ninput | 4 | |\n"
        "FC | 8 | ReLU | 40\nFC | 3 | softmax | @27",
        "Layer | Number of units | Number of parameters\n---|---|---\nInput layer | 784 |\n"
        "1st hidden layer | 300 | 235,500\n2nd hidden layer | 100 | 30,100\nOutput layer | 10 | @1010",
        "Layer | Output | Parameters\n---|---|---\nInput | 784 | 0\nDense (ReLU) | 128 | 100,480\nDropout | 128 | 0\n"
        "Dense (softmax) | 10 | @1290",
        "Layer | Output | Parameters\n---|---|---\nInput | 32x32x3 | 0\nConv 3x3, 8 (ReLU) | 30x30x8 | 224\n"
        "Dense (softmax) | 10 | @72010",
        "Layer | Type | Activation | Output | Params\n---|---|---|---|---\n"
        "0 | Input | - | 20 | 0\n1 | Dense | tanh | 16 | 336\n"
        "2 | Dense | sigmoid | 1 | @17",
        "Layer | Output length | Channels | Parameters\n---|---|---|---\nInput | 100 | 1 | 0\n"
        "Conv1D (8 filters, kernel 5) | 96 | 8 | 48\nMaxPool (2) | 48 | 8 | 0\n"
        "Conv1D (16 filters, kernel 3) | 46 | 16 | @400",
        "Layer | Output size | Channels | Parameters\n---|---|---|---\n"
        "Input | 32x32 | 3 | 0\nCONV3-8 | 30x30 | @8 | 224",
        "Layer | Output size | Filters | Parameters\n---|---|---|---\n"
        "Input | 32x32 | | 0\nConv 3x3, 8 | 30x30 | 8 | @224",
        "Layer | Formula | Result\n---|---|---\nInput | | 28x28x1\nconv1 (5x5, 8 filters) | (28 - 5)/1 + 1 | 24x24x8\n"
        "pool1 (2x2, stride 2) | (24 - 2)/2 + 1 | @12x12x8",
        "Layer | Output | Parameters\n---|---|---\nInput | 3 × 9 × 9 | 0\nConv $5\\times 5$, 16 | 16 × 5 × 5 | 1216\n"
        "MaxPool $2\\times 2$, stride 1 | 16 × 4 × 4 | 0\nOutput FC | 10 | @2570",
        "Given a 224 x 224 RGB image.\n\n"
        "1. Conv layer: 64 filters of size 7x7, stride 2, padding 3 -> output 112x112x64\n"
        "2. Max pooling 3x3, stride 2, padding 1 -> output @56x56x64",
        "Layer | In | Out | Kernel | Stride | RF\n---|---|---|---|---|---\nconv1 | 3 | 16 | 3 | 1 | 3\n"
        "conv2 | 16 | 32 | 3 | 2 | @5",
        "Layer | In | Out | Kernel | Params\n---|---|---|---|---\nConv1d | 1 | 16 | 3 | 64\nConv1d | @16 | 8 | 3 | 392",
        "Layer | Parameters\n---|---\nEmbedding(5000, 64) | 320,000\nLSTM(64, 128) | 98,816\nDense(128, 1) | @129",
        "U-Net, input 1×68×68\n\nOperation | Output\n---|---\nconv 3x3, 8 | 66×66×8\nmax pool 2x2 | 33×33×8\n"
        "up-conv 2x2, 4 | @66×66×4",
        "layer | in | out | W | b | params\n---|---|---|---|---|---\n"
        "hidden | 2 | 3 | 6 | 3 | 9\noutput | @3 | 1 | 3 | 1 | 4",
        "Layer | W shape | b shape | params\n---|---|---|---\n"
        "fc1 | (128, 784) | (128,) | 100480\nfc2 | (10, 128) | (10,) | @1290",
        "Bloque | Neuronas | Parámetros\n---|---|---\nEntrada | 13 | 0\nCapa oculta | 64 | 896\nSalida | 1 | @65",
        "Schicht | Neuronen | Parameter\n---|---|---\n"
        "Eingabe | 13 | 0\nverborgene Schicht | 64 | 896\nAusgabe | 1 | @65",
        "Couche | Neurones | Paramètres\n---|---|---\nEntrée | 13 | 0\nCouche cachée | 64 | 896\nSortie | 1 | @65",
        "- Input: 784\n- Hidden layer 1: 128 neurons, parameters: 784 × 128 + 128 = 100480\n"
        "- Output layer: 10 neurons, parameters: 128 × 10 + 10 = 1290\n- Total: @101770",
        "nn.Linear(784, 256): 784·256 + 256 = 200,960 parameters\nnn.Linear(256, 10): 256·10 + 10 = 2,570 parameters\n"
        "Total: @203,530",
    ],
)
def test_networks_without_windows_are_tables_of_layers(table: str) -> None:
    """The number of the input is its size, and a function behind a layer is no class of it."""
    assert adtrace.check(rows := table.replace("@", "")).exit_status == 0, rows
    report = adtrace.check(re.sub(r"@(\d)", lambda digit: str(int(digit[1]) + 1), table))
    assert [(mistake.line, mistake.state) for mistake in report.mistakes] == [(table.count("\n") + 1, "wrong")]


def test_a_total_of_what_nothing_tells_is_not_right() -> None:
    """Where no row is computed from others and the layers are none, it is held against nothing."""
    rows = "| a | 784*128 + 128 = 100,480 |\n| b | 64*10 + 10 = 650 |\n| Total | 101,131 |"
    table = f"| Part | Parameters |\n|---|---|\n{rows}"
    report = adtrace.check(table)
    assert [(f.row, f.state) for f in report.findings if f.state != "right"] == [("Total", "not read")]


@pytest.mark.parametrize(
    "options", ["(stride 2, pad 1, 32)", "(32, stride 2, pad 1)", "(stride 2, padding 1, 32 filters)"]
)
def test_what_brackets_tell_is_not_taken_from_the_size(options: str) -> None:
    """Behind a window without a blank; a stride of 4 passed, as any window was tried with any stride."""
    table = f"| Layer | Output |\n|---|---|\n| Input | 64x64x3 |\n| Conv3x3 {options} | 32x32x32 |\n"
    assert adtrace.check(table).exit_status == 0
    for slip in (
        table.replace("stride 2", "stride 4"),
        table.replace("pad 1", "pad 4").replace("padding 1", "padding 4"),
    ):
        assert [mistake.text for mistake in adtrace.check(slip).mistakes] == ["32×32×32"], slip


def test_workings_before_the_sizes_are_worked_out() -> None:
    """A column of formulas was passed over."""
    rows = ["conv1 (5x5, 8 filters) | (28 - 5)/1 + 1 | 24x24x8", "pool1 (2x2, stride 2) | (24 - 2)/2 + 1 | 12x12x8"]
    table = "\n".join(f"| {row} |" for row in ["Layer | Formula | Result", "---|---|---", "Input | | 28x28x1", *rows])
    assert adtrace.check(table).exit_status == 0
    (mistake,) = adtrace.check(table.replace("2)/2", "2)/4")).mistakes
    assert (mistake.line, "(24 - 2)/4 + 1 is 13/2" in mistake.sentence) == (5, True)


@pytest.mark.parametrize(
    "table",
    [
        "We have a 6x6 grayscale image and a 3x3 filter.\n\nPadding | Stride | Output size\n---|---|---\n0 | 1 | 4x4\n"
        "1 | 2 | 3x3\n2 | 1 | @8x8",
        "The input is 7x7, the kernel 3x3.\n\nStride | Padding | Output\n---|---|---\n1 | 0 | 5\n2 | 1 | @4",
        "Input size 32, kernel size 5.\n\np | s | n_out\n---|---|---\n0 | 1 | 28\n2 | 2 | @16",
        "Input | Kernel | Stride | Padding | Output\n---|---|---|---|---\n7×7 | 3×3 | 2 | 0 | @3×3",
    ],
)
def test_windows_of_which_the_prose_tells_the_sides(table: str) -> None:
    """The same input and kernel for all rows; 4x4 was four times a variable, and a right stride was blamed."""
    assert adtrace.check(table.replace("@", "")).exit_status == 0
    (mistake,) = adtrace.check(table.replace("@", "1")).mistakes
    assert (mistake.line, mistake.quantity) == (table.count("\n") + 1, "size")
