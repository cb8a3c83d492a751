r"""Whole arrays in a text, put into the words of the language: matrices, vectors, transposes, sums over indices.

    \begin{bmatrix}1 & 2 \\ 3 & 4\end{bmatrix}  ->  [[1, 2], [3, 4]]        8 (2, -1)   ->  8 @ [2, -1]
    \sum_{j} \exp(p_{i,j}) z_{i,j}              ->  sum(exp(p) z, axis=1, keepdims=True)
    W^{\mathsf T} d                             ->  W.T d

What names and their indices must not be mistaken for, ``conv1d`` and ``axis=1``, is written as commands until names
are found: `restored` takes that back.
"""

from __future__ import annotations

import re
from itertools import accumulate
from string import ascii_letters

from adtrace.checking.brackets import BRACKETS, closed_at, outside
from adtrace.checking.patterns import FIGURES, MATRIX, NUMBER, PRINTED
from adtrace.checking.readings.bare import ONES, subscripted
from adtrace.checking.readings.names import is_function
from adtrace.language.calls import CALLS

DIAG, DET = "diag", "det"
RULES = dict.fromkeys(("spread", "unpool", "place", "pick", DIAG, DET), (1, None)) | {
    f"{head}adjoint": (1, None) for head in ("convoned", "convtwod", "convolve", "avgpooloned", "avgpooltwod")
}
"""Functions of rules in our own tables, that of others, and how many operands they have."""
_DIGITS = {"1": "one", "2": "two"}
_HEADS = {re.sub(r"[12]", lambda m: _DIGITS[m[0]], head).replace("_", ""): head for head in CALLS}
_HEADS |= {name: name for name in RULES} | {
    "maxpool": "maxpool2d",
    "avgpool": "avgpool2d",
    "vec": "flatten",
    "tr": "trace",
}
_HEADS |= {"convolveoned": "convolve", "convolvetwod": "convolve"}
_OPTIONS = ("axis", "keepdims", "stride", "padding", "dilation", "mode", "size", "eps", "reduction", "shape", "axes")
_CALL = re.compile(r"(?<![A-Za-z\\_.])([A-Za-z][A-Za-z_]*(?:[12][A-Za-z_]*)?)\s*\(")
_OPTION = re.compile(
    rf"(?<=[,(;])\s*({'|'.join(_OPTIONS)})\s*=\s*(?:(True|False|None)\b|'?(full|same|valid|sum|mean|none)\b'?)?"
)
_COMMAND = re.compile(r"\\(q?)([A-Za-z]+)")


def hidden(text: str) -> str:
    """Calls of functions of arrays, and their options, as commands."""

    def called(match: re.Match[str]) -> str:
        key = re.sub(r"[12]", lambda m: _DIGITS[m[0]], match[1]).replace("_", "")
        return f"\\{key}(" if key in _HEADS and key not in ("max", "min", "dot") else match[0]

    def valued(match: re.Match[str]) -> str:
        value = f"\\{match[2]}" if match[2] else f"\\q{match[3]}" if match[3] else ""
        return f" \\{match[1]}={value}"

    return _OPTION.sub(valued, _CALL.sub(called, text))


def restored(text: str) -> str:
    """What `hidden` hid."""

    def command(match: re.Match[str]) -> str:
        quoted, word = match[1], match[2]
        if not quoted and (word in _HEADS or word in _OPTIONS or word in ("True", "False", "None")):
            return _HEADS.get(word, word)
        return f"'{word}'" if quoted else match[0]

    return _COMMAND.sub(command, text)


_CALLED_ARRAY = re.compile(rf"^{PRINTED}(\[.*\]|{NUMBER})(?:,\s*\w+\s*=[^()]*?)?\)$", re.S)
_MATRIX = re.compile(rf"\\begin\s*\{{({MATRIX})\}}(?:\{{[^{{}}]*\}})?(.*?)\\end\s*\{{\1\}}", re.S)
_IN_BRACKETS = re.compile(
    r"(?:\\left\s*)?\[\s*(\\begin\s*\{(matrix|array)\}(?:(?!\\begin).)*?\\end\s*\{\2\})\s*(?:\\right\s*)?\]", re.S
)
_BESIDE = re.compile("(?:\x02|(?<=[\\w)\\]}\u0300-\u036f]))\\s*\x01|\x02\\s*(?=[\\w(\\\\])")
"""Between a matrix and what stands beside it."""
_BRACKETED = re.compile(r"[(\[]\s*(\[.*\])\s*[)\]]", re.S)
_TRANSPOSED = re.compile(r"(?<=[)\]])\s*(?:\^\s*\{?\s*[T⊤]\s*\}?|ᵀ|\.T|')\s*$")
TRANSPOSE = re.compile(r"\^\s*(?:\{\s*[T⊤]\s*\}|[T⊤])|ᵀ")
_OF_INVERSE = re.compile(r"\^\s*\{?\s*[-−]\s*[T⊤]\s*\}?|⁻ᵀ")
"""The transpose of an inverse, ``X^{-T}``."""
_ENTRY_IN_BOLD = re.compile(rf"(?<=[\[(, -]){ONES}(?=\s*[\]),])")
"""A bold 1 that is all of an entry is a number, and no vector of ones."""
_SUM_OF_ONES = re.compile(rf"(?<!(?!{ONES})[\w.])[1{ONES}]\s*\.T\s*(?=[^\W\d_])([^-+*/()]+)")
_ROW_OF_ONES = re.compile(rf"(?<!(?!{ONES})[\w.])[1{ONES}]\s*\.T(?!\w)")


_ROW_SUMS = re.compile(rf"(?<![\w.])([A-Z](?:_?\{{?\d+\}}?)?(?:\.T)?)\s*@?\s*{ONES}(?!\s*[\w(])")
"""A matrix times ones, ``P^T 𝟏``."""


def as_lists(text: str, declared: frozenset[str]) -> str:
    """Matrices of LaTeX, MATLAB and numpy's print as lists in brackets; vectors in round brackets; transposes; sums."""
    text = as_calls(text)
    if "matrix" in text or "array" in text:
        text = _IN_BRACKETS.sub(r"\1", text)
        text = _BESIDE.sub(" @ ", _MATRIX.sub(lambda m: f"\x01{_matrix(m)}\x02", text))
        text = text.replace("\x01", "").replace("\x02", "").strip()
        whole_matrix = _BRACKETED.fullmatch(text)
        text = whole_matrix.group(1) if whole_matrix and "]" not in whole_matrix.group(1)[:-1] else text
    text = _CALLED_ARRAY.sub(r"\1", subscripted(text))
    if text[:1] in ("(", "["):
        text = _literal(text if "T" in declared else untransposed(text))
    if "^" in text or "ᵀ" in text:
        text = _OF_INVERSE.sub(".T^(-1) ", text)
        text = text.replace("ᵀ", ".T ") if "T" in declared else TRANSPOSE.sub(".T ", text)
        text = _ROW_OF_ONES.sub(" spread(1).T", _SUM_OF_ONES.sub(r"sum(\1)", text))
    text = _GROUP.sub(r"(\1)", text) if "[" in text else text
    if "\\sum" in text or "Σ" in text:
        text = _summed(text if declared & {"Sigma", "sum"} else _SIGMA.sub(r"\\sum ", text))
    if ONES in text:
        text = _ENTRY_IN_BOLD.sub("1", _ROW_SUMS.sub(r"sum(\1, axis=1)", text)).replace(ONES, " spread(1) ")
    return _vectors(text)


_GROUP = re.compile(r"(?<![\w\])}])\s*\[((?=[^\[\],;]*[^\W\d_])[^\[\],;]*[-+*/ ][^\[\],;]*)\](?!\s*\.T)")
"""Square brackets round a sum or a product, which are no list: ``-\\sum_k [y_k \\ln p_k + ...]``."""


def untransposed(text: str) -> str:
    """A list of numbers or names without the transpose that makes it a column: ``(1, 2)^T``, but not ``(A B)^T``."""
    sign = _TRANSPOSED.search(text)
    if sign is None or closed_at(text) != sign.start() - 1:
        return text
    inside = text[1 : sign.start() - 1]
    listed = _has_comma(inside) or not re.search(r"[^\W\d_]", inside)
    return text[: sign.start()] if listed and not inside.lstrip().startswith("[") and ";" not in inside else text


def _literal(text: str) -> str:
    """``[1 2; 3 4]`` and what numpy prints, ``[[1. 2.] [3. 4.]]``, with commas."""
    if text[0] != "[":
        return text
    text = re.sub(r"(?<=[\d.])\s+(?=[-+]?\.?\d)|(?<=\])\s*(?=\[)", ", ", text)
    if ";" in text and closed_at(text) == len(text) - 1:
        return "[" + ", ".join(f"[{row.strip()}]" for row in text[1:-1].split(";")) + "]"
    return text


def _matrix(match: re.Match[str]) -> str:
    lines = [line for line in re.split(r"\\\\|\\cr(?![A-Za-z])|\n", match.group(2)) if line.strip()]
    rows = [", ".join(map(str.strip, line.split("&"))) for line in lines]
    return f"[{', '.join(f'[{row}]' if '&' in match.group(2) else row for row in rows)}]"


def _vectors(text: str) -> str:
    """``(2, -1)`` beside something else as a list, unless it is the operands of a function or a tuple alone."""
    position, found = 0 if "," in text or ";" in text else len(text), text
    while (start := found.find("(", position)) >= 0:
        position = start + 1
        end = closed_at(found, start)
        before = re.search(r"([A-Za-z]*)[}'\d]*\s*$", found[:start])
        called = before is not None and before[1] and (is_function(before[1]) or found[:start].rstrip()[-1:].isalpha())
        if end <= start or called or not _has_comma(found[start + 1 : end]) or (start == 0 and end == len(found) - 1):
            continue
        sign = "@ " if re.search(r"[\w)\]}\u0300-\u036f]\s*$", found[:start]) else ""
        after = " @ " if re.match(r"\s*[\w(\\\[]", found[end + 1 :]) else ""
        found = f"{found[:start]}{sign}[{found[start + 1 : end]}]{after}{found[end + 1 :]}"
    return found


def _has_comma(inside: str) -> bool:
    parted = ";" in inside and re.fullmatch(rf"[{FIGURES}/]+", inside)  # numbers with decimal commas
    return bool(parted) or any(sign[0] == "," for sign in outside(inside, _OPERAND_ENDS))


_OPERAND_ENDS = re.compile(rf"{BRACKETS}|(?P<sign>[-+,=])")
_SIGMA = re.compile(r"Σ(?=\s*[\w(\[{\\])")
_LETTERS = r"[a-z](?:\s*,?\s*[a-z])*"
_SUM = re.compile(
    rf"\\sum(?![A-Za-z])\s*(?:_\s*(?:\{{\s*({_LETTERS})\s*(?:=\s*[01]\s*)?\}}|([a-z]))\s*)?"
    r"(?:\^\s*(?:\{\s*(?:\w+(?:\s*-\s*1)?)?\s*\}|\w)\s*)?"
)
"""A sum over all of an index, or of all: ``\\sum_i``, ``\\sum_{i,j}``, ``\\sum_{ij}``, ``\\sum_{i=1}^n``, ``\\sum``."""


def _indices(letters: str) -> re.Pattern[str]:
    """Indices that are letters, in braces behind others, or without: ``_{1,i}``, ``_ij``, ``[i]``."""
    one = f"[ijkl{letters}]"
    listed = rf"{one}(?:\s*,?\s*{one})*"
    return re.compile(rf"_\{{((?:[^{{}},\[\]]+,\s*)*?)({listed})\}}|_({one}{{1,3}})(?![A-Za-z])|\[\s*({listed})\s*\]")


def _over(inside: str, letters: list[str]) -> str:
    """What is summed, without the indices that are letters, and over which axis."""
    index = _indices("".join(letters))
    of = next(index.finditer(inside), None)
    axes = re.findall("[a-z]", of[2] or of[3] or of[4]) if of else letters
    bare = index.sub(lambda m: f"_{{{m[1].rstrip(', ')}}}" if m[1] else " ", inside)
    places = [axes.index(letter) for letter in letters if letter in axes]
    over = f", axis={places[0]}, keepdims=True" if len(places) == 1 and not set(axes) <= set(letters) else ""
    if of and axes == letters[:1] and all(m.string[: m.start()][-1:].isupper() for m in index.finditer(inside)):
        over = ", axis=0"  # the rows of a matrix
    return f"{bare}{over}"


def _summed(text: str) -> str:
    r"""``\sum_j x_{i,j}`` as a sum over the axis that the letter is of."""
    for _ in range(8):
        match = max(_SUM.finditer(text), key=re.Match.start, default=None)  # the innermost of several
        if match is None:
            break
        letters = re.findall("[a-z]", match[1] or match[2] or "")
        end = _end_of_sum(text, match.end(), letters)
        inside = _over(text[match.end() : end], letters)
        text = f"{text[: match.start()]}sum({inside}){text[end:]}"
    return text


def _end_of_sum(text: str, begin: int, letters: list[str]) -> int:
    """Where a sum ends: at its bracket, or before the next addend that is without its index."""
    running = re.compile(rf"_\s*\{{?(?:[^{{}}]*[^A-Za-z{{}}])?[{''.join(letters) or '.'}](?![A-Za-z])")
    signs = [sign for sign in outside(text, _OPERAND_ENDS, begin) if sign.start() > begin]
    for sign, after in zip(signs, [*(other.start() for other in signs), len(text)][1:], strict=True):
        if sign[0] not in "+-" or not letters or not running.search(text, sign.end(), after):
            return sign.start()
    return len(text)


_WORD = "_." + ascii_letters
_METHOD = re.compile(
    r"(?<=[\w)\]}])\.(sum|mean|dot|matmul|mm|t|transpose|reshape|view|flatten|ravel|tanh|relu|exp|log|sigmoid|sqrt|sin|cos)\("
)
_OWNER = re.compile(
    r"(?<![\w.])(?:[d∂][A-Za-z]\w*/(?=[d∂]))?(?!(?:np|numpy|jnp|torch|tf|F|nn|c?[Mm]ath|std|sympy|sp|jax)$)[^\W\d_]\w*(?:_?\{[^{}]*\})?(?:\.T)*$"
)
_ENTRYWISE = re.compile(r"(?<![\^{\s\d])\s*(?:\\circ(?![A-Za-z])|∘)")
_NEW_AXIS = re.compile(r"([^\W\d]\w*)\[(?:(:)\s*,\s*(?:None|np\.newaxis)|(?:None|np\.newaxis)\s*,\s*:)\]")
_NORM = re.compile(
    r"(?:‖|\\lVert|\|\|)((?:(?!‖|\\[lr]Vert|\|\|).)+)(?:‖|\\rVert|\|\|)\s*(?:_\s*(?:\{\s*[2F]\s*\}|[2F](?!\w)))?"
)


_OUTER = re.compile(r"([^\s*/+\-=()]+)\s*(?:⊗|\\otimes(?![A-Za-z]))\s*([^\s*/+\-=()]+)")
_SPREAD_OF = re.compile(r"(?<![\w.])(?:np\.)?(std|var)\(\s*([^\W\d]\w*)\s*\)")
"""The standard deviation and the variance of all entries, divided by their number."""


_MEANT = (
    (re.compile(r"\(([^()]*[<>][^()]*)\)\.astype\([^()]*\)"), r"where(\1, 1, 0)"),
    (re.compile(r"(?<![\w.])len\(\s*([^\W\d]\w*)\s*\)"), r"sum(1 + 0*\1, axis=0)"),
    (
        re.compile(r"^\s*(sum|mean) (?:of|over) (?:all |the )*(?:entries |elements )?(?:of )?([^\W\d]\w*)\s*$", re.I),
        r"\1(\2)",
    ),
    (re.compile(r"(?<![A-Za-z])(tr|det)\s*([A-Z])\b"), r"\1(\2)"),
    (re.compile(r"\bsigmo(?:ide|i\u0308de|ïde|idal)\b"), "sigmoid"),
)
"""Conditions as numbers, the number of rows, a sum in words, and a function in other languages."""


def as_calls(text: str) -> str:
    """Methods and products in signs as calls: ``X.T.dot(d)``, ``d.sum(axis=0)``, ``‖X w - y‖``, ``a ∘ b``."""
    text = _NORM.sub(r"norm(\1)", _OUTER.sub(r"outer(\1, \2)", _ENTRYWISE.sub(" * ", text)))
    for spelling, meant in _MEANT:
        text = spelling.sub(meant, text)
    if "std(" in text or "var(" in text:
        text = _SPREAD_OF.sub(lambda m: f"{'sqrt' if m[1] == 'std' else ''}(mean(({m[2]} - mean({m[2]}))^2))", text)
    if "[" in text:
        text = _NEW_AXIS.sub(lambda m: f"reshape({m[1]}, {'(-1, 1)' if m[2] else '(1, -1)'})", text)
    position = 0
    while method := _METHOD.search(text, position):
        position, close = method.end(), closed_at(text, method.end() - 1)
        begin = _begin_of(text, method.start())
        if begin < 0 or close < 0:
            continue
        owner, operands = text[begin : method.start()], text[method.end() : close]
        if method[1] in ("sum", "mean"):
            options = re.sub(r"\bdim=|^(?=-?\d)", "axis=", operands).replace("keepdim=", "keepdims=")
            put = f"{method[1]}({owner}{options and ', '}{options})"
        elif method[1] in ("reshape", "view"):
            put = f"reshape({owner}, ({operands.strip('()')},))"
        elif method[1] in ("t", "transpose"):
            put = f"{owner}.T"
        elif method[1] in ("dot", "matmul", "mm"):
            put = f"({owner} @ ({operands}))"
        else:
            put = f"{method[1].replace('ravel', 'flatten')}({owner})"
        text, position = f"{text[:begin]}{put}{text[close + 1 :]}", begin
    return text


def _begin_of(text: str, end: int) -> int:
    """Where that begins which ends before a place: a name, brackets, or a call."""
    depths = accumulate((sign in ")]") - (sign in "([") for sign in reversed(text[:end]))
    begin = end - 1 - next((k for k, depth in enumerate(depths) if depth <= 0), end)
    if text[end - 1] not in ")]":
        name = _OWNER.search(text, 0, end)
        return name.start() if name else -1
    return begin if begin < 0 else len(text[:begin].rstrip(_WORD))
