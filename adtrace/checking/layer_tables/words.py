"""What people tell of a layer in words and lengths: ``6 convolutions 5×5, stride 2``, ``3×3×32 dw``, ``784 → 128``."""

from __future__ import annotations

import re
from functools import reduce
from typing import Any

from adtrace.checking.patterns import ARROW
from adtrace.checking.words import BIASES, HIDDEN, LAYERS, NEURONS, OUTPUTS
from adtrace.networks import names

KERNEL, STRIDE, PADDING, DILATION, KERNELS = names.K, names.S, names.P, names.D, names.OUT

SAID = {
    STRIDE: r"stride|schrittweite|\bpas(?:s?o)?(?![^\W\d])|步[长幅]|ストライド",
    PADDING: r"padding|\bpad(?![^\W\d])|auffüll(?:ung)?|remplissage|relleno|填充|パディング",
    DILATION: r"dilat\w*",
    KERNEL: r"kernels?|kerne|filt(?:ers?|ern|res?|ros?)|필터",
}
"""The words for the options of a window, as patterns, in headings and in cells."""
WITHOUT = "no|without|ohne|sans|sin|sem"

_KINDS = tuple((re.compile(pattern, re.IGNORECASE), name) for pattern, name in (
    (r"^\W*concat", "concat"),
    (r"\b(?:self|multi-?head(?:ed)?)[- ](?:self[- ])?attention", "attention"),
    (r"\bd(?:epth)?-?wise\b|\bdw[ -]?conv|\bconv\w*[ -]dw\b|\d ?dw\b", "dwconv"),
    (r"\b(?:transposed?|up)[ -]?conv|\bdeconv|conv\w*[ -]?transpose", "convt"),
    (r"\bglobal[ -]+(?:avg|average|mean)", "gap"),
    (r"\bglobal[ -]+max", "gmp"),
    (r"\b(?:avg|average|mean|mittelwert)[ -]*pool|平均(?:プーリング|池化)|평균 ?풀링", "avgpool"),
    (r"\bpool(?:ing)?\b|\bsub-?sampling\b|\bmaxpool|プーリング|池化|풀링", "pool"),
    (r"\bconv(?:[123]d|olution(?:s|al)?|ol\w*)?\b|\bfaltung|卷积|畳み込み|합성곱", "conv"),
    (r"\b(?:fully|totalmente|completamente|entièrement|vollständig)[- ]?(?:connect|conect|verb)|vollver"
     r"|\binner ?product"
     rf"|\bfc\b|\b(?:dense|linear|affine)[- ]layer\b|^(?:(?:{LAYERS})\w* )?(?:{HIDDEN}|{OUTPUTS})\w*(?: ?\d| ?\(\d|$)"
     rf"|(?:\b|_)(?:{HIDDEN}|{OUTPUTS})[- ]?(?:{LAYERS})"
     rf"|\d ?{ARROW} ?\d|全连接|全結合|완전 ?연결", "fc"),
    (r"^\W*\d+ ?\* ?\d+ ?, ?\d+\b|^C\d$", "conv"),
    (r"^S\d$", "avgpool"),
    (r"^F\d$", "fc"),
))  # fmt: skip
"""The words by which people call a kind, and its name in codes; the first that is there counts.  C1, S2 and F6 are
those of LeCun et al. (1998, figure 2).
"""
_LETTERS = {"k": KERNEL, "f": KERNEL, "s": STRIDE, "p": PADDING, "d": DILATION, "n": KERNELS, "filters": KERNELS,
            "g": "groups", "kernel": KERNEL, "kernel_size": KERNEL, "units": KERNELS}  # fmt: skip
_LETTERED = re.compile(rf"[,;]?\s*(?<!\w)({'|'.join(_LETTERS)})\s*[=:]\s*(\d+)(?!\s*[*x\d])", re.IGNORECASE)
_WORDED = {
    option: re.compile(rf"\s*[,;]?\s*\b(?:{SAID[option]})\s*(?:of|von|de|di|=|:)?\s*(\d+)(?!\s*[*x\d])", re.IGNORECASE)
    for option in (STRIDE, PADDING, DILATION)
}
_UNPADDED = re.compile(
    rf"\s*[,;]?\s*\b(?:unpadded|(?:{WITHOUT}|zero) (?:zero-?)?(?:{SAID[PADDING]}))(?!\w)", re.IGNORECASE
)
UNBIASED = re.compile(
    rf"[,;]?\s*\b(?:(?:{WITHOUT}|ignor\w+|neglect\w*) (?:the |any )?|no [a-z ]{{3,30}} ha(?:s|ve) (?:an? )?)"
    rf"(?:{BIASES})",
    re.IGNORECASE,
)
_KEPT = re.compile(r"\s*[,;]?\s*\b(?:(same|valid)[ -]padd(?:ing|ed)|padding:? (same|valid))\b", re.IGNORECASE)
_COUNT = re.compile(
    rf"(\d+)\s*(?:(?:conv\w*\s+)?(?:{SAID[KERNEL]})|feature maps|convolutions"
    rf"|(?:output )?channels|(?:(?:{HIDDEN}) )?(?:{NEURONS})|outputs)\b(?:\s+of(?:\s+size)?)?", re.IGNORECASE,
)  # fmt: skip
_ONLY_COUNT = re.compile(
    r"(?<![\w*/.])(\d+)(?:\s*@|\s+(?=\d+\s*\*))|@\s*(\d+)(?!\s*[\w*])|\(\s*,?\s*(\d+)\s*,?\s*\)"
    r"|,\s*(\d+)(?!\s*[\w*/.=@])(?![^(]*\))|(?<=\s)(\d+)\s*$"
)
"""A number of kernels without a word: ``16@5*5``, ``16 5*5``, ``(16)``, at the end."""
_PADDED = re.compile(r"(?<=\s)p(\d+)\b")
_PLACED = re.compile(rf"\b(?:hidden|output|{LAYERS})\s*\d+\b", re.IGNORECASE)
_WINDOW = re.compile(
    r"(?:(?<![\w*])|(?<=[Cc]onv|[Pp]ool))(\d+)\s*\*\s*(\d+)(?:\s*\*\s*(\d+))?(?:\s*\*\s*(\d+))?(?![\w*])"
)
_SLASH = re.compile(r"/\s*s?\s*(\d+)(?![\w*])|(?<=\s)s(\d+)\b")
_FROM_TO = re.compile(rf"(\d+)\s*{ARROW}\s*(\d+)")


def has_kernels(text: str) -> bool:
    """Whether a text tells in words how many kernels there are."""
    return bool(_COUNT.search(text))


def kind_said(text: str) -> str:
    """The name in codes of the kind that a text speaks of; empty where it speaks of none."""
    told = re.sub(r"\b\d+\s*:", " ", text)
    return next((name for pattern, name in _KINDS if pattern.search(told)), "") if "=" not in told else ""


def parted(text: str) -> tuple[str, dict[str, Any]]:
    """A text without what it tells in words, and that: ``conv 3*3, 64, pad 1``."""
    options: dict[str, Any] = {option: int(n) for option, worded in _WORDED.items() for n in worded.findall(text)}
    options |= {PADDING: 0} if _UNPADDED.search(text) else {}
    options |= {PADDING: kept.group(kept.lastindex or 0).lower()} if (kept := _KEPT.search(text)) else {}
    options |= {"bias": False} if UNBIASED.search(text) else {}
    patterns = (*_WORDED.values(), _UNPADDED, _KEPT, UNBIASED)
    rest = reduce(lambda rest, worded: worded.sub("", rest), patterns, text) or text
    if lengths := _FROM_TO.search(rest):
        options |= {"in_features": int(lengths[1]), "out_features": int(lengths[2])}
        rest = re.sub(r"\(\s*\)", "", _FROM_TO.sub("", rest)).strip() or "FC"
    return rest, options


def without_count(text: str) -> str:
    """A text without the word of what it counts: ``6 filters 5*5``; convolutions are the layer itself."""
    return _COUNT.sub(lambda count: count[1] + " conv" * ("convolutions" in count[0]), text)


def told(text: str) -> dict[str, Any]:
    """All that a text tells in words of a window and of the kernels: ``6 convolutions of 5*5, stride 1``."""
    text, options = parted(text)
    options |= {_LETTERS[word.lower()]: int(length) for word, length in _LETTERED.findall(text)}
    text = _PLACED.sub(" ", _LETTERED.sub(" ", text))
    if count := _COUNT.search(text) or _ONLY_COUNT.search(_SLASH.sub(" ", text)):
        options.setdefault(KERNELS, int(next(filter(None, count.groups()))))
    text = _COUNT.sub(" ", text)
    if window := _WINDOW.search(text):
        options = of_lengths(tuple(int(n) for n in window.groups() if n)) | options
        text = text[: window.start()] + " " + text[window.end() :]
    if padding := _PADDED.search(text):
        options.setdefault(PADDING, int(padding[1]))
    if step := _SLASH.search(text):
        options.setdefault(STRIDE, int(step[1] or step[2]))
    return options


def of_lengths(lengths: tuple[int, ...]) -> dict[str, Any]:
    """The window and the number of kernels of the shape of filters: channels behind it, or before it as in PyTorch."""
    if len(lengths) < 3:
        return {KERNEL: length(lengths)}
    is_last = lengths[-1] != lengths[-2] or lengths[0] == lengths[1]
    window = lengths[:2] if is_last else lengths[-2:]
    count = {KERNELS: lengths[-1] if is_last else lengths[0]} if len(lengths) == 4 else {}
    return {KERNEL: length(window), **count}


def length(lengths: tuple[int, ...]) -> int | tuple[int, ...]:
    """Lengths along all axes, as one where they are alike."""
    return lengths[0] if len({*lengths}) == 1 else lengths
