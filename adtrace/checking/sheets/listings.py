"""Listings of code: what a program printed, put behind the statement that it is of; steps, and equations of no row.

``h = X @ W`` above ``# [[1. 2.]`` and ``#  [3. 4.]]``, ``>>> mu = X.mean(); mu`` above ``array([3., 2.])``,
``print(w.grad)  # tensor(18.)``: as ``h = X @ W = [[1. 2.] [3. 4.]]``, ``w.grad = 18.``
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from unicodedata import normalize

from adtrace.checking.brackets import BRACKETS, closed_at, outside, parted
from adtrace.checking.patterns import ARROW, FIGURES, MINUS, NUMBER, PRINTED
from adtrace.checking.words import MARKS
from adtrace.elementals import FUNCTIONS
from adtrace.errors import BoundError
from adtrace.language.calls import CALLS

_CALL = rf"(?:{PRINTED}\s*)?"
_SHOWN = re.compile(rf"{_CALL}(\[[{FIGURES}()\[\]einaf]*\]|{NUMBER}\.?)(?:\s*,[^\[\]]*)?\)?")
"""A number or an array as programs print it, ``tensor([[1., 2.]], grad_fn=<...>)``, and what of it counts."""
_BEGINS = re.compile(rf"{_CALL}[-+\d.\[]")
_NOTE = re.compile(r"^\s*(?:#>\s*\[\d+\]|#|//|%|--)\s?")
_PROMPT = re.compile(r"^\s*(?:>>>|\.\.\.|In\s*\[\d*\]:)\s")
_CELL = re.compile(r"^\s*(In|Out)\s?\[\d+\]:[ \t]?(.*)$")
PRINTING = re.compile(r"^\s*print\((?:[\"'][^\"']*[\"']\s*,\s*)?(?!f?[\"'])([^#\"']*)\)\s*;?$")
_GRAD = re.compile(
    r"^\s*(?:print\(\s*)?(?:(?:jax|autograd)\.)?grad\(\s*([A-Za-z]\w*)\s*(?:,\s*(?:argnums?\s*=\s*)?(\d)\s*)?\)\(([^()]*)\)\s*\)?\s*;?\s*(?:#(.*))?$"
)
"""``jax.grad(f, argnums=1)(x, y)  # 2.25``."""
_STATEMENT = re.compile(r"^\s*[^\W\d]\w*\s*(?:=(?!=)|<-)\s*\S")
_SHOWING = re.compile(r"^(\s*([^\W\d]\w*)\s*=(?!=).*?)\s*;\s*\2\s*$")
_SEVERAL = re.compile(r"^\s*([^\W\d]\w*(?:\s*,\s*[^\W\d]\w*)+)\s*=(?!=)\s*(.*)$")
_COMMA = re.compile(rf"{BRACKETS}|(?P<comma>,)")
_BLANK = re.compile(rf"{BRACKETS}|(?P<blank>\s+)")
_CUT_OFF = re.compile(r"^\s*([^\W\d]\w*)\[\s*([^\W\d]\w*)\s*<=?\s*0\s*\]\s*=\s*0\s*$")
"""``dh[h <= 0] = 0``, the derivative of a relu."""
_NAME = re.compile(r"(?<![\w.])[^\W\d]\w*")
_ROUNDED = re.compile(r"^(?:np\.)?round\((.*),\s*\d+\)$")
_MOST = 60
"""Lines of one printed array, and changes of variables in a listing."""


def value_of(text: str) -> str:
    """The number or the array of what is printed; nothing where a text is something else."""
    shown = _SHOWN.fullmatch(" ".join(text.split()))
    return shown[1] if shown else ""


def statement_of(line: str) -> str:
    """A line without its prompt: of ``print(x)`` what it prints, of ``mu = X.mean(); mu`` its statement."""
    line = _SHOWING.sub(r"\1", PRINTING.sub(r"\1", _PROMPT.sub("", line)))
    if grad := _GRAD.match(line):
        return _derivative(*grad.groups("")) or line
    if several := _SEVERAL.match(line):
        names, values = (
            several[1].split(","),
            parted(several[2], (sign for sign in outside(several[2], _COMMA) if sign["comma"])),
        )
        if len(names) == len(values):
            return "; ".join(f"{name.strip()} = {value.strip()}" for name, value in zip(names, values, strict=True))
    return line


def _derivative(function: str, place: str, operands: str, said: str) -> str:
    """What a program says of a derivative by the operand at a place, if that is a name: ``df/dy = 2.25``."""
    names = [name.strip() for name in operands.split(",")]
    by = names[int(place or 0)] if int(place or 0) < len(names) else ""
    number = value_of(said.strip().lstrip("=≈->→ "))
    return f"d{function}/d{by}{f' = {number}' if number else ''}" if by.isidentifier() else ""


def with_printed(texts: Sequence[str]) -> list[str]:
    """The lines of a listing, as many as before, each with what is printed below it: in comments, or below prompts.
    Raises `BoundError`.
    """
    lines, last, steps, called = _closed(texts), -1, dict[str, int](), dict[str, str]()
    prompts = any(text.lstrip().startswith(">>>") for text in texts)
    for place in range(len(lines)):
        text = _NAME.sub(lambda name: called.get(name[0], name[0]), lines[place]) if called else lines[place]
        if not text.strip():
            continue
        taken, value = _printed_at(lines[place : place + _MOST], prompts) if last >= 0 else (0, "")
        if taken:
            shown = steps.pop(lines[last].strip(), last)
            lines[shown] = f"{lines[shown].rstrip(' ;')} = {value}"
            lines[place : place + taken] = [""] * taken
            last = -1
        elif changed := _changed(text):
            if len(steps) == _MOST:
                raise BoundError(f"a listing changes variables more than {_MOST} times, which is the bound")
            old, new, lines[place] = changed
            called.update({name: new for name, now in called.items() if now == old} | {old: new})
            steps[new], last = place, place
        else:
            lines[place] = statement_of(text)
            last = place if lines[place] != text or _STATEMENT.match(text) else -1
    return lines


_OPENED = re.compile(rf"^[^\[\]#]*=\s*\[\s*\[[{FIGURES}e]*\]\s*$")
_GOES_ON = re.compile(rf"^\s*\[[{FIGURES}e]*\](?P<end>\]?)\s*$")


def _closed(texts: Sequence[str]) -> list[str]:
    """The lines, each array that goes over several of them in its first: ``dW = [[1.]`` above `` [2.]]``."""
    lines, first = [*_without_options(texts)], -1
    for place, text in enumerate(lines):
        going = _GOES_ON.match(text) if first >= 0 else None
        if going:
            lines[first], lines[place] = f"{lines[first].rstrip()} {text.strip()}", ""
        first = first if going and not going["end"] else place if _OPENED.match(text) else -1
    return lines


_OPTION = re.compile(r"^\s+[^\W\d]\w*\s*=(?!=).*[,)]\s*$")


def _without_options(texts: Sequence[str]) -> Iterator[str]:
    """The lines, nothing of those that tell an option of a call begun above them: ``optimizer='adam',``."""
    opened = 0
    for text in texts:
        yield "" if opened > 0 and _OPTION.match(text) else text
        opened = max(opened, 0) * bool(text.strip()) + text.count("(") - text.count(")")


def _changed(line: str) -> tuple[str, str, str] | None:
    """The variable that a line changes, what it is called from there on, and the line as the statement of that."""
    if cut := _CUT_OFF.match(line):
        return cut[1], f"cut_{cut[1]}", f"cut_{cut[1]} = {cut[1]} * ({cut[2]} > 0)"
    step = re.match(r"^\s*([^\W\d]\w*)\s*(?:-=|=\s*\1\s*-(?!=))\s*([^#]*)(.*)$", line)
    new = f"{step[1]}{'' if '_' in step[1] else '_'}new" if step else ""  # w_new, and w_newnew
    return (step[1], new, f"{new} = {step[1]} - ({step[2].strip()}) {step[3]}") if step else None


def with_outputs(source: Sequence[str], printed: str) -> list[str]:
    """The lines of a notebook's cell, those that print something with that; without it where they do not fit it."""
    lines, values, said = [*map(statement_of, source)], printed_values(printed), defaultdict[int, list[str]](list)
    each = [(k, part) for k in _showing(source, lines) for part in _arguments(lines[k], source[k])]
    for (k, part), value in zip(each, values, strict=False) if len(values) == len(each) else ():
        said[k].append(f"{part} = {value}")
    return ["; ".join(said.get(k, [line])) for k, line in enumerate(lines)]


def _showing(source: Sequence[str], lines: Sequence[str]) -> list[int]:
    """The places of lines that print something."""
    filled = [place for place, line in enumerate(source) if line.strip()]
    told = [k for k in filled if lines[k] != source[k] and not _SEVERAL.match(source[k])]
    return [k for k in filled if PRINTING.match(source[k]) or k in told or (
        k == filled[-1] and re.fullmatch(r"[\w.]+(?:\([^=]*\))?", source[k].strip()))]  # fmt: skip


def _arguments(text: str, source: str) -> list[str]:
    """What a line prints beside each other, ``c, d, round(g, 4)``, without how it is rounded."""
    parts = parted(text.rstrip(" ;"), (sign for sign in outside(text, _COMMA) if sign["comma"]))
    return [_ROUNDED.sub(r"\1", part.strip()) for part in parts]


def with_cells(text: str) -> str:
    """A text in which a notebook is copied, ``In [2]:`` above ``Out[2]: 5.0``, with what its cells show behind their
    statements, on as many lines.
    """
    lines = text.split("\n") if "]:" in text else []
    marks = [(k, mark) for k, line in enumerate(lines) if (mark := _CELL.match(line))]
    for (begin, cell), (end, shown) in pairwise([*marks, *marks[-1:]]):
        lines[begin] = cell[2] if cell[1] == "In" else lines[begin]
        if (cell[1], shown[1]) == ("In", "Out"):
            below = (k for k in range(end + 1, len(lines)) if not lines[k].strip() or _CELL.match(lines[k]))
            last = next(below, len(lines))
            *source, told = with_outputs(
                "\n".join(lines[begin:end]).rstrip().split("\n"), "\n".join([shown[2], *lines[end + 1 : last]]).strip()
            )
            lines[begin:last] = [*source, *[""] * (end - begin - len(source)), told, *[""] * (last - end - 1)]
    return "\n".join(lines) if marks else text


def printed_values(text: str) -> list[str]:
    """The numbers and arrays of a text that holds nothing else, as programs print them; none of another."""
    text = "\n".join(_NOTE.sub("", line) for line in text.strip().split("\n"))
    parts = parted(text, (sign for sign in outside(text, _BLANK) if sign["blank"])) if text else []
    values = [*map(value_of, parts)]
    return values if all(values) else []


def _printed_at(lines: Sequence[str], prompts: bool) -> tuple[int, str]:
    """How many lines are one number or array that is printed, and that; none where they are not."""
    noted, text = bool(_NOTE.match(lines[0])), ""
    if not (noted or prompts) or not _BEGINS.match(_NOTE.sub("", lines[0]).strip()):
        return 0, ""
    for count, line in enumerate(lines[:_MOST], start=1):
        text = f"{text} {_NOTE.sub('', line).strip()}".strip()
        begin = text.find("[")
        if begin < 0 or closed_at(text, begin) >= 0:
            return (count, value) if (value := value_of(text)) else (0, "")
    return 0, ""


_NEXT = r"(?:\\(?:text|mathrm)\s*\{\s*)?(?:new|neu|nouveau|nuevo|novo|\(?[tk]\s*\+\s*1\)?)\s*\}?|\+|\(1\)"
_BEFORE = r"\s*\^\s*\{?\s*(?:(?:\\(?:text|mathrm)\s*\{\s*)?(?:old|alt)\s*\}?|\(?[tk]\)?)(?!\w)\s*\}?"
"""What stands above a variable after a step and before it: ``w^{new}``, ``w^+``, ``w^{(t)}``."""
_STEP = re.compile(
    r"(?P<name>\\?[^\W\d_]+(?:\^\{?\(\d\)\}?(?=.*(?:←|\\leftarrow|\\gets|:=|<-|-=))|\^\{?\[\d\]\}?)?)"
    r"(?:_?\{?(?P<index>\d+|[₀-₉]+)\}?)?\s*"
    rf"(?:(?P<arrow>←|\\(?:leftarrow|gets)\b|:=|<-)\s*|(?P<less>-=)\s*|(?P<above>\^\s*(?:\{{\s*(?:{_NEXT})\s*\}}|\+)|\+|'(?=\s*=\s*[^-=]*-\s*(?:\\eta|\\alpha|[ηα\d])))\s*=\s*)"
    r"(?P<new>[^=\s].*)", re.S
)  # fmt: skip
_WORKED_OUT = re.compile(
    rf"^\s*(?!(?:{MARKS})\s*\()"
    r"((?:\\(?:math|text|operatorname)\w*\s*\{\s*)?[A-Za-z]{1,20}\}?)\s*\((?=\s*\\?[A-Za-z])(?:[^()=\d]|\^\{?\(\d\)\}?){1,20}\)\s*="
    r"(?!.*(?<![\\\w])(?:[^\W\d_]{2,}\s+[^\W\d_]{2,}|at|bei|en|em|for|mit|where|with)\s)"
    r"(?!.*,(?:\s|\\q?quad|\\[ ,;])*[^\W\d]\w{0,3}\s*=)"
    r"(?=.*[^=\s]\s*=(?=[^=]*\d[^=]*$)(?:[^A-Za-z\\=]|\\\\|\\,|\\(?:begin|end)\s*\{[a-z]+\}|\\left|\\right)*$)", re.S
)  # fmt: skip
_OF_NUMBERS = re.compile(r"[-−]?[\d.]+\s*[-−+](?:[^=A-Za-z\\]|\\(?:cdot|times))*(?:=|$)")


_CHANGE = re.compile(r"(?:\\Delta|Δ)\s*([A-Za-z])(?:_\{?(\w+)\}?)?")
_CHANGES = re.compile(
    r"[$\s]*(?:(?:\\Delta|Δ)\s*\w+(?:\{\w+\})?\s*=\s*[-−]\s*(?:\\eta|\\alpha|[ηα\d])|[^=]*(?:\^\s*\{?\+|new)[^=]*=[^=]*(?:\\Delta|Δ))"
)
"""The change of a parameter, ``\\Delta w = -\\eta ...``, and the step with it: no tangent."""
_ADDED = re.compile(r"^(\\(?:bar|overline)\s*[^=+]{1,20}?)\s*(?:←|\\(?:leftarrow|gets)\b|:=|<-)\s*\1\s*\+")
"""The beginning of what is added to an adjoint, ``\\bar x ← \\bar x + ...``."""
_LED_TO = re.compile(rf"([^=]*[^\s\w=][^=]*?)\s*{ARROW}\s*([A-Za-z]\w*)\s*(=\s*{MINUS}[\d.,]+)\s*")


_DESCENT = re.compile(r"\s*\$?([A-Za-z])[\w{}]{0,8}\s*=\s*\1(?![A-Za-z])[^=]*[-+−]")
_SLOPE = re.compile(r"(?<![A-Za-z\\])([A-Za-z])'\s*\(\s*([A-Za-z])(?:_?\{?\w\}?)?\s*\)")
"""The derivative in a step of gradient descent, ``x_1 = x_0 - 0.1 f'(x_0)``."""


def _worked_out(text: str) -> str:
    """``f(x) = 2 x + 3 = 5`` as an equation of f, which is no function that everybody knows."""
    called = _WORKED_OUT.match(text)
    word = called[1].rpartition("{")[2].strip(" }") if called else ""
    return f"{word} = {text[called.end() :]}" if called and word.lower() not in {*FUNCTIONS, *CALLS} else text


def _respelled(text: str) -> str:
    """A step with its derivative, the change of a parameter and what an arrow adds to, as other equations have them."""
    is_led = re.search(ARROW, text) and _LED_TO.fullmatch(text)
    text = _LED_TO.sub(r"\2 = \1 \3", text) if is_led else text
    text = _SLOPE.sub(r"\\frac{d\1}{d\2}", text) if _DESCENT.match(text) else text
    if _CHANGES.match(text):
        text = _CHANGE.sub(lambda of: f"{of[1]}_{{{f'{of[2]},' if of[2] else ''}step}}", text)
    return _ADDED.sub(r"\1 += ", text)


def stepped(text: str) -> str:
    """A step of gradient descent, ``w ← w - 0.1 g``, ``w -= 0.1*g``, ``w^+ = w - 0.1 g`` or ``w^{new} = ...``, as the
    equation of another variable, w_new; ``f(x) = 2 x + 3 = 5`` as one of f; ``a*b -> p = 6`` as one of p.
    """
    text = _respelled(text)
    step = _STEP.fullmatch(text)
    if step is None:
        return _worked_out(text)
    name, new, index = step["name"], step["new"], normalize("NFKC", step["index"] or "")
    if step["less"]:
        code, sign, shown = new.partition("=")
        new = f"{name}{f'_{{{index}}}' if index else ''} - ({code.strip()}){f' = {shown.strip()}' if sign else ''}"
    if step["above"]:
        new = re.sub(rf"({re.escape(name)}(?:_?\{{?{index}\}}?)?){_BEFORE}", r"\1 ", new)
    again = re.match(rf"{re.escape(name)}_?\{{?{index}\}}?(?![\w{{^])", normalize("NFKC", new))
    told = step["arrow"] != ":=" and (not step["above"] or re.search("ne[wu]|n[ou][eo]?v", step["above"]))
    if not again and not (told and _OF_NUMBERS.match(new)):
        return text
    return f"{name}_{{{index},new}} = {new}" if index else f"{name}_{{new}} = {new}"


_CASE = re.compile(rf"^[^=]{{1,30}}=\s*{NUMBER}\s*{ARROW}\s*[a-z]{{3,}}\([^=]*=")
"""A case with what comes of it: ``temperature = 2 → softmax([1, 2]) = [0.269, 0.731]``."""
_PAIR = re.compile(r"_\s*\{?\s*(?:ij|jk|kl|mn|pq|uv)\b")
_INDEX = re.compile(r"[_^]\s*\{?\s*[(\[]?\s*([a-zA-Zℓ])(?!\w)")


_OF_SIGMOID = re.compile(r"[$\s]*\\[dt]?frac\s*\{\s*(?:\\partial|d)\s*\\sigma\s*\}[^=]*=.*\\sigma\s*\(")
"""The derivative of an activation, of whatever it is applied to."""


def is_general(text: str) -> bool:
    r"""Whether an equation is of every row, and of none: ``h_t = \tanh(U h_{t-1})``; or of what leads to another."""
    left, last = text.partition("=")[0], re.sub(r"\\[A-Za-z]+", "", text.rpartition("=")[2])
    index = _INDEX.search(left)
    near = index and re.search(rf"[_^]\s*\{{?\s*[(\[]?\s*{index[1]}\s*[-+]\s*1(?!\d)", text)
    running = index and index[1] in "ijk" and re.search(rf"_\s*\{{?\s*{index[1]}(?!\w)", last)
    running = running or (_PAIR.search(left) and re.search(r"_\s*\{\s*[a-z]{1,2}\s*[-+,}]", last))
    return bool(_CASE.match(text) or _OF_SIGMOID.match(text) or ((near or running) and re.search(r"[^\W\d]", last)))
