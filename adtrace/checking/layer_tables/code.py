"""Layers from the names and codes of a table, and from the code beside it where the table abridges them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache

from adtrace.checking.brackets import closed_at
from adtrace.checking.layer_tables import words
from adtrace.checking.layer_tables.numbers import TOTAL, said
from adtrace.checking.layer_tables.words import KERNEL, KERNELS, PADDING
from adtrace.checking.patterns import ARROW
from adtrace.checking.words import LAYERS
from adtrace.errors import AdtraceError
from adtrace.networks.kinds import JOINT, QUIET, Kind
from adtrace.networks.network import Layer
from adtrace.networks.notation import read

_CALLED = re.compile(r"^([\w.]+)\s+\(([^\W\d]\w*)\)$")
"""A layer with its class behind its name, ``conv1 (Conv2D)``, or its function, ``Dense (ReLU)``."""
_ABRIDGED = re.compile(r"([\w.]+\((?:[^()]|\([^()]*\))*?)(?:, )?\.\.\.\)")
_NO_LAYER = re.compile(r"\s*(?:class|def|super|import|from|return|print|with|if|for)\b|.*\bself\.\w+\(\w|.*\bF\.\w+\("
                       r"|\s*\w+\.(?:compile|summary|fit|build)\b|\s*```")  # fmt: skip
"""A line of code that has no layer."""
_ASIDE = re.compile(r"(?<=[)\d])(?:,? \((?!same|valid)[a-z ]+\)|, (?:last|final|all|each|every|per) [a-z ]+)$")
"""Words behind a code: ``LSTM(128), last output``."""
_MOST_TEXTS, _LONGEST_TEXT = 20, 20_000
_BOTH_WAYS = re.compile(r"^bi(?:[- ]?directional)?(?:_\d+)?(?:[ (-]*(?=(?:lstm|gru|rnn))|$)", re.IGNORECASE)
"""The word that a recurrent layer goes both ways, and nothing behind it where a library cuts names off."""
_ANY_RECURRENT = "LSTM "
_OF_SIZE = ("out_features", "hidden", "dim", "num", "shape", "size")
"""Options of layers without windows that only their printed numbers may tell."""
_OF_WHAT_IT_READS = frozenset(("in_features", "in_channels", "shape"))
"""Options that a name alone does not tell, and what stands before the layer does."""


def read_once(name: str, whole: str, legends: tuple[str, ...]) -> tuple[tuple[Layer, ...], frozenset[str]]:
    """The layer of a name; where it is several, those of the whole code, of which each has its own words."""
    layers, unsaid = _read(name, legends)
    return (layers, unsaid) if len(layers) == 1 or words.parted(whole)[0] == whole else _read(whole, legends)


@lru_cache(maxsize=2048)
def _read(name: str, legends: tuple[str, ...]) -> tuple[tuple[Layer, ...], frozenset[str]]:
    try:
        return tuple(read(_typed(name), legends).layers), frozenset()
    except AdtraceError:
        if (plain := _ASIDE.sub("", name)) != name:
            return _read(plain, legends)
        if (one_way := _one_way(name)) != name:
            layers, unsaid = _read(one_way, legends)
            both = tuple(one._replace(options={**one.options, "bidirectional": True}) for one in layers)
            return both, unsaid | ({"kind"} if one_way == _ANY_RECURRENT else set())
        layer = kind_of(name)
        is_short = "..." in name or "), " in name  # what is left out may be its stride, or a second layer
        if layer is None or is_short or _has_more(name):
            raise
        open_options = _OF_WHAT_IT_READS | ({"stride"} if layer.kind.name == "pool" else set())  # that of its window
        layer = layer._replace(options={**layer.options, **dict.fromkeys(open_options & set(layer.options))})
        return (layer,), frozenset({KERNEL, PADDING, KERNELS, *_OF_SIZE} & set(layer.options))


@lru_cache(maxsize=2048)
def kind_of(name: str) -> Layer | None:
    """A layer of the kind that a name is of, with any numbers."""
    with suppress(AdtraceError):
        if len(layers := read(name).layers) == 1:
            return layers[0]
    called = _one_way(re.sub(r"^([a-z]\w*\.)+", "", re.sub(r"(?<=\dd)_transpose", "Transpose", by_class(name))))
    word = re.match(r"[A-Za-z]+(?:[ _-][A-Za-z]+)*(?:[123][dD](?:Transpose)?(?![A-Za-z\d]))?", called)
    if TOTAL.search(name):
        return None
    begins = word[0] if word else ""
    bases = (begins, begins.replace(" ", ""), words.kind_said(name), begins.split(" ")[0], re.sub(r"\dd$", "", begins))
    for base in dict.fromkeys(filter(None, bases)):
        for probe in (f"{base}(1, 1)", f"{base}(2)", base, f"{base}(k=2)", f"{base}-2", f"{base}3-2"):
            try:
                layers = read(probe).layers
            except AdtraceError:
                continue
            if len(layers) == 1:
                return layers[0]
    return None


def _has_more(name: str) -> bool:
    """Whether a name is of further layers that do more than change values, ``DW 3*3 + PW``, ``GAP → FC``."""
    added = [kind_of(part) for part in re.split(r"\s\+\s", name)[1:]]
    behind = [kind_of(part) for part in re.split(rf"(?<!\d)\s+{ARROW}\s+(?!\d)", name)[1:]]
    return None in added or any(one and one.kind.family != QUIET for one in (*added, *behind))


def _one_way(name: str) -> str:
    """A recurrent layer without the word that it goes both ways; one of any kind where nothing else is told."""
    return _BOTH_WAYS.sub("", name) or (name and _ANY_RECURRENT)


def by_class(name: str) -> str:
    """The class of a layer with that behind its name; a layer with its function behind it has both."""
    called = _CALLED.match(name)
    if called is None:
        return name
    label, behind = (None if "_" in called[1] else kind_of(called[1])), kind_of(called[2])
    if label and behind is None and called[2].islower():  # conv1 (squeeze)
        return called[1]
    both = label and label.kind.family != QUIET and behind and behind.kind.family == QUIET
    return f"{called[1]} + {called[2]}" if both else called[2]


@lru_cache(maxsize=2048)
def is_code(text: str) -> bool:
    """Whether a text is a layer with all that it needs."""
    with suppress(AdtraceError):
        return any(layer.kind.family not in (QUIET, JOINT) for layer in read(_typed(text)).layers)
    return False


def _typed(text: str) -> str:
    """A text of a cell as networks are typed, with ``3x3`` for ``3*3``, ``LSTM(128)`` for ``LSTM (128)``, and
    ``MaxPool (3x3)`` for ``MaxPool-1 (3x3)``.
    """
    typed = re.sub(r"(?<=[^\W\d]) +(?=\(\d+\)$)", "", re.sub(r"(?<=\d)\*(?=\d)", "x", text))
    return re.sub(r"(pool(?:ing)?)[-_ ]?\d+(?= ?\(\d+x\d)", r"\1", typed, flags=re.IGNORECASE)


def numbered(cell: str) -> str:
    """What a cell says behind the number of its row: ``1. CONV3-10``, ``1  CONV3-10``."""
    return re.sub(
        rf"^\(?(?:(?:(?:{LAYERS}|step) )?\d+[.):]|(?:{LAYERS}) \d+ [-–—])\s*(?=[A-Za-z])",
        "",
        said(re.sub(r"^\s*\d+\s{2,}(?=[A-Za-z])", "", cell)),
        flags=re.IGNORECASE,
    )


def labelled(name: str) -> str:
    """The layer behind a label, of ``C3 Conv``, where the label is none."""
    label, _, rest = name.partition(" ")
    layer = rest.lstrip("-–: ")
    is_label = re.fullmatch(r"\w+:?", label) and (not kind_of(label) or len(label) == 2 or is_code(layer))
    return layer if is_label and kind_of(layer) else name


def written_out(names: Sequence[str], prose: str) -> Iterator[str]:
    """Names of layers, those that are abridged, ``nn.Conv2d(3, 16, 3, ...)``, as prose has them whole, in order."""
    times = Counter[str]()
    for name in names:
        written = name
        for short in _ABRIDGED.finditer(name):
            begins = (match.start() for match in re.finditer(re.escape(short[1]), prose))
            whole = [prose[k : closed_at(prose, k + short[1].index("(")) + 1] for k in begins]
            if whole := [code for code in whole if code and "..." not in code]:
                written = written.replace(short[0], whole[min(times[short[0]], len(whole) - 1)])
                times[short[0]] += 1
        yield written


def layers_of_code(kinds: Sequence[Kind], prose: str) -> Sequence[Layer]:
    """The layers of the first network in the code of a prose that has these kinds in this order; else none."""
    for network in _networks(prose):
        rest = iter(network)
        with suppress(StopIteration):  # it has no such layer there
            return [next(layer for layer in rest if layer.kind == kind) for kind in kinds]
    return ()


@lru_cache(maxsize=16)
def _networks(prose: str) -> Sequence[Sequence[Layer]]:
    """The networks that a prose has as code; each legend of a table asks for them again."""
    networks = list[Sequence[Layer]]()
    texts = [text for text in re.split(r"\n\s*\n", prose) if "(" in text and len(text) <= _LONGEST_TEXT]
    for text in texts[:_MOST_TEXTS]:
        lines = [line for line in text.split("\n") if not _NO_LAYER.match(line)]
        with suppress(AdtraceError):
            networks.append(read("\n".join(lines)).layers)
    return networks
