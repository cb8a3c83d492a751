"""Networks layer by layer that are no tables: summaries as Keras and torchsummary print them, and lists of layers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise, takewhile

from adtrace.checking.patterns import ARROW
from adtrace.checking.sheets.columns import LONGEST_LINE
from adtrace.checking.sheets.rows import MOST_ROWS, PROSE, TABLE, UNTOLD, Block, Lines, Row, Taken, prose, table
from adtrace.checking.words import INPUTS, LAYERS, NEURONS, OUTPUTS, PARAMETERS, READS, SIZES, TOTALS

_HEADING = re.compile(r"[\s│┃]*(?:Layer|path|module)\b.*(?:  |[│┃])\s*\S")
_DRAWN = re.compile(r"[\s_=\-─━┏┳┓┡╇┩├┼┤└┴┘╋]*")
_COMMENTED = re.compile(rf"\s*(#{{1,2}}|//)(?={_HEADING.pattern})")
_ENDS = re.compile(r"\s*(?:#|\"\"\"|'''|```)")
"""The end of a text in which a summary stands."""
_CUT_OFF = re.compile(r"\s*\(\w*$")
_TOTAL = re.compile(r"\s*((?:Total|Trainable|Non-trainable) params):\s*([\d,]+)")
_BRANCH = re.compile(r"[│ ]*[├└]─(?=\w)")
_TREE = re.compile(rf"^{_BRANCH.pattern}|(?<=\w): \d+(?:-\d+)+(?=\s)")
"""The branch of a tree before a layer, and its place behind it, ``├─Conv2d: 1-1``."""


def _sum(text: str, heading: Sequence[str]) -> tuple[str, ...]:
    """The cells of a sum below a summary; none for what else stands there."""
    total = _TOTAL.match(text)
    return _row_of_sum(heading, _column(heading) or len(heading) - 1, total[1], total[2]) if total else ()


def _row_of_sum(heading: Sequence[str], at: int, name: str, count: str) -> tuple[str, ...]:
    return name, *[""] * (at - 1), count, *[""] * (len(heading) - at - 1)


def _column(heading: Sequence[str]) -> int:
    """The column of the parameters; 0 where there is none."""
    return next((at for at, text in enumerate(heading) if at and re.search(PARAMETERS, text, re.IGNORECASE)), 0)


_MOST_LINES = 20
"""Lines of one layer of a list."""
_BARS = re.compile(r"\s*[│┃]")
_PARTED = re.compile(r"\s*[│┃]\s*|(?<![│┃])\s{2,}(?![│┃\s])")


def summary_table(lines: Lines, place: int) -> Taken:
    """The summary of a network, with its total: rules between rows, or blank lines."""
    lines = _uncommented(lines, place)
    below = "".join(lines.texts[place + 1 : place + 2]).strip()
    if not _HEADING.match(lines.texts[place][:LONGEST_LINE]) or not below or not _DRAWN.fullmatch(below[:LONGEST_LINE]):
        return None
    heading = _cells(lines.texts[place])
    if len(heading) < 2:
        return None
    starts = [0, *map(lines.texts[place].index, heading[1:])]
    rows, end, ended = [Row(lines.number(place), heading, heading=True)], place + 1, False
    for j, text in enumerate(lines.texts[end : place + 4 * MOST_ROWS], start=end):
        if _DRAWN.fullmatch(text) or _holds(text, "".join(lines.texts[j + 1 : j + 2])):
            continue
        ended = ended or bool(_TOTAL.match(text))
        cells = _sum(text, heading) if ended else _below(text, starts)
        if len(cells) == len(heading):
            rows.append(Row(lines.number(j), cells))
        elif len(cells) == 1 and end == j and not _ENDS.match(text):
            rows[-1] = _going_on(rows[-1], cells[0], is_last=not text[: starts[-1]].strip())
        else:
            break
        end = j + 1
    return ([table(rows)], end) if len(rows) > 2 else None


def _uncommented(lines: Lines, place: int) -> Lines:
    """The lines, from a place on without the sign of comments that begins those of a summary."""
    sign = _COMMENTED.match(lines.texts[place][:LONGEST_LINE])
    if not sign:
        return lines
    texts = takewhile(lambda text: not text.strip() or text.lstrip().startswith(sign[1]), lines.texts[place:])
    plain = [re.sub(rf"^\s*{re.escape(sign[1])}|(?<=\d)\s+#\s.*$", "", text[:LONGEST_LINE]) for text in texts]
    return Lines([*lines.texts[:place], *plain], lines.first)


def _going_on(row: Row, text: str, *, is_last: bool) -> Row:
    """A row whose last cell, or whose name, goes on in the line below."""
    first, *others = row.cells
    cells = [first, *others[:-1], f"{others[-1]}, {text}"] if is_last else [first + text.replace("(", " ("), *others]
    return row._replace(cells=tuple(cells))


def _below(text: str, starts: Sequence[int]) -> tuple[str, ...]:
    """The cells of a line; those that begin below the headings, where a name is cut off before the next cell."""
    cells = _cells(text)
    if _BARS.match(text):
        return cells if all(cells) else (*filter(None, cells),)
    cut = [text[begin:end].strip() for begin, end in pairwise([*starts, len(text)])]
    is_cut = len(cells) < len(cut) and all(cut[:2]) and all(text[begin - 1 : begin] in " " for begin in starts[1:])
    return tuple(_CUT_OFF.sub("", cell) for cell in cut) if is_cut else cells


def _holds(line: str, below: str) -> bool:
    """Whether a line of a tree is of a module that holds those below it."""
    own, other = (_BRANCH.match(text) for text in (line, below))
    return bool(other and line.strip()) and other.end() > (own.end() if own else 0)  # type: ignore[union-attr]


_CALLED = r"(?:\w+\.)*[A-Z]\w+\((?:[^()]|\([^()]*\))*\)"
_CALL = re.compile(_CALLED)
_CODE = re.compile(
    rf"(?:[\w.]+ = |\w+\.add\()?({_CALLED}|(?:\w+\.)*Sequential\(\[?)(?:\([\w\s,\[\]]*\))?[\s,)]*"
    r"(?:(?:#|//)\s*(.*))?"
)
"""A line of code with a layer, or with the first bracket of all, and the comment behind it."""
_ITEM = re.compile(
    rf"(\s*)(?:(?={_CODE.pattern}$)|#{{1,6}}\s+|[-*+•]\s+|\(?(?:\d{{1,3}}|[a-z])[.)]\s+|\*\*|\\item\s+|(?=[A-Za-z][^→>|]{{0,160}}{ARROW}\s*[\d(])"
    rf"|(?=[A-Z][\w()-]*(?: (?:{OUTPUTS}) (?:{SIZES}))?:\s*[\[(]\d))(?=\S)"
)
_KIND = (
    r"conv|pool|faltung|vollver|entièrement|totalmente"
    r"|\b(?:fc|dense|linear|flatten|lstm|gru|rnn|embedding|dropout|(?:batch)?norm|r?e-?lu|softmax|sigmoid|tanh|fully)"
)
_OF_LAYER = re.compile(rf"{_KIND}|\b(?:input|hidden|output|{LAYERS})", re.IGNORECASE)
_OF_WINDOWS = re.compile("conv|pool", re.IGNORECASE)
_IS = r"(?:[^.:=?\d]{0,40}\?|\s*(?:\*\*)?\s*(?::|=|\b(?:is|are|ist|beträgt|est|es)\b)\s*(?:\*\*)?)"
_OF = rf"\s+(?:(?:of|de|der) (?:{SIZES})\s+)?(?=[\d(\[])"
_LABEL = re.compile(
    r"(?:^|(?<=[\s.;,(]))(?:\*\*|[-*+]\s+)?(?:(?:(?:number|nombre|número|anzahl)(?: of| de| der)?|#)\s*)?"
    rf"((?:(?:{OUTPUTS})(?:[ -]?(?:{SIZES}|volume|map|dims?))?|{PARAMETERS})\w*(?={_IS}|{_OF})"
    rf"|(?:(?:{SIZES})\w*(?: (?:de|da) (?:{OUTPUTS}))?|weights|biases|macs|receptive field|(?-i:[rj])(?:_\{{?\w+\}}?)?"
    rf"|flops|multiplications|activations|memory)(?={_IS})|input(?: size)?(?={_IS}?\s*\d))(?:{_IS}|{_OF})?\s*", re.I
)  # fmt: skip
_OUTPUT, _OF_SIZE = "output", re.compile(f"{OUTPUTS}|{SIZES}", re.IGNORECASE)
_UNITS = re.compile(rf"\b(\d+) (?:{NEURONS}|outputs)\b", re.IGNORECASE)
_OF_PARAMETERS = re.compile(rf"{PARAMETERS}|\bweights\b", re.IGNORECASE)
_WORKED = re.compile(r"(.*?):\s+([^=:]*\d\s*=\s*[\d,. ]+)")
"""An item that works a number out."""
_OF_SUM = re.compile(rf"\W*(?:{TOTALS})", re.IGNORECASE)
_WORDS_BEHIND = re.compile(r"(?<=[\d)])(?:\s+[a-z]{2,})+$")
_SUMMED = re.compile(rf"(?:{TOTALS})\s*[:=]\s*(\d[\d,.]*)", re.IGNORECASE)
"""An item with what all have together of what is told last."""
_SIZE = r"[(\[]?\d+(?:\s*[x×*,]\s*\d+)"
_ASKED = re.compile(
    r"(?:how many|wie viele|combien de|cuánt[oa]s) (\w+) (?:does|do|has|hat|a|tiene) (\S[^?]*?)(?: have| need)? ?\? *",
    re.I,
)
_BARE = re.compile(rf"{_SIZE}|[\[(]?\d+,?[\])]?(?:$|,\s)")
_LEADS_TO = re.compile(
    rf"{ARROW}\s*(?=[\d(\[])|\b(?:to|into|gives|yields|produces|makes|leaves|auf|ergibt|donne)\s+(?={_SIZE}{{2}})"
)
_SIZED = re.compile(rf"^([^:]*):(?=\s*{_SIZE}{{1,3}}\s*(?:[],;.(]|$|\sand\s))")
"""A colon before the size of what stands before it."""
_SET = re.compile(r"\$|\\[,;]|`")
_COUNTED = re.compile(
    rf"((?<![\w.,×])(?:[\d(][\d\s()*·×+x]{{0,80}}+=\s*)?\d(?:[\d,.]*\d)?|\bno)\s+(?:{PARAMETERS})\w*+(?!\s*[:=])",
    re.IGNORECASE,
)
_COUNT = r"(?<![\d.,])\d(?:[\d,.']*\d)?(?![\d]| ?[-+*/·×=])"
_SO = re.compile(r",? (?:so|hence|thus|i\.e\.|which is|that is|giving)\s", re.IGNORECASE)
_GOES_ON = re.compile(r"(?<=[\d)\]])[,;.]?\s+\(?(?![x×]\s*\d|[KMG]\b)[^\W\d].*|[.;]\s.*")
"""What a sentence says behind a number."""


def layer_list(lines: Lines, place: int) -> Taken:
    """A list of layers, each with what it comes to behind words: ``2. pool1: 3x3, stride 2. Output: 27 x 27 x 96.``"""
    items, end = _items(lines, place)
    parted = [(line, _parted(text)) for line, text in items]
    if not _is_told(parted) or any(re.search(r"\\partial|\\nabla|[∂∇]", text) for _, text in items):
        return None
    worked = [(line, size[1]) for line, pieces in parted if (size := _OF_SIZES.search(pieces[0]))]
    named = [(line, [_OF_SIZES.sub("", pieces[0]), *pieces[1:]]) for line, pieces in parted]
    return [table(_rows(named)), *(prose(line, text) for line, text in worked)], end


_OF_SIZES = re.compile(r":\s*[A-Za-z]\w*\s*=\s*([^A-Za-z]*\d)(?:\s*=[\sa-z]*)?$")
"""A size that is worked out behind a layer: ``: O = (55 - 3)/2 + 1 = 27``."""
_ARRAY = re.compile(
    r"\s*['\"]?((?:\w+[./])+[\w:]+?)['\"]?[\s:,|]+(?:\w+\.Size\()?([(\[](?:\d+,?\s*)+[)\]])\)?[\s:,|]*(\d[\d,]*)\s*"
)
"""A parameter as a program prints it, ``conv1.weight (6, 1, 5, 5) 150``."""


def arrays_listed(lines: Lines, place: int) -> Taken:
    """Parameters of a network one by one, each with its shape and how many numbers it has."""
    listed = list[Row]()
    while one := _ARRAY.fullmatch(lines.text(place + len(listed))[:LONGEST_LINE]):
        listed.append(Row(lines.number(place + len(listed)), one.groups()))
    heading = Row(lines.number(place), ("array", "shape", "parameters"), heading=True)
    return ([table([heading, *listed])], place + len(listed)) if len(listed) > 1 else None


def _parted(text: str) -> list[str]:
    """A layer, and behind it words and what it comes to, in turn."""
    pieces = [_SO.sub(" = ", piece).strip(" .;*,").removesuffix("(") for piece in _LABEL.split(_named(text))]
    return [_WORDS_BEHIND.sub("", piece) if place % 2 == 0 < place else piece for place, piece in enumerate(pieces)]


def _is_told(parted: Sequence[tuple[int, Sequence[str]]], fewest: int = 2) -> bool:
    """Whether there are layers with numbers."""
    told = [pieces for _, pieces in parted if len(pieces) > 1 and not _OF_SUM.match(pieces[0])]
    is_short = any(word[0] in "rj" and len(word) < 4 for pieces in told for word in pieces[1::2])
    named = _OF_WINDOWS if is_short else _OF_LAYER  # ReLU: r = max(0, z) is of a trace
    return len(told) >= fewest and all(named.search(each[0]) and re.search(r"\d", each[2]) for each in told)


def _rows(parted: Sequence[tuple[int, Sequence[str]]]) -> list[Row]:
    """The rows of a table of layers, with a column for each word."""
    told_of = [_told_of(pieces) for _, pieces in parted]
    words = list(dict.fromkeys(chain.from_iterable(told_of)))
    heading = (f"{word} size" if word == _OUTPUT and _is_sized(parted) else word for word in words)
    rows = [Row(parted[0][0], ("layer", *heading), heading=True)]
    for (line, pieces), told in zip(parted, told_of, strict=True):
        if not told and (summed := _SUMMED.fullmatch(pieces[0])):
            told[words[-1]] = summed[1]
        if count := _UNITS.search(pieces[0]):
            told.setdefault(_OUTPUT, count[1])
        rest = "" if _OF_SUM.match(pieces[0]) else UNTOLD
        rows.append(Row(line, (pieces[0].rstrip(":"), *(told.get(word, rest) for word in words))))
    return rows


def _is_sized(parted: Sequence[tuple[int, Sequence[str]]]) -> bool:
    """Whether outputs are told by their sizes, and not by their values."""
    told = (pair for _, pieces in parted for pair in zip(pieces[1::2], pieces[2::2], strict=True))
    return any(re.search(SIZES, word, re.I) or re.search(r"\d\s*[x×]\s*\d", text) for word, text in told)


def _told_of(pieces: Sequence[str]) -> dict[str, str]:
    """What is told of each quantity, all sizes as those of the output; what is told again is to be the same."""
    told = dict[str, str]()
    for word, text in zip(pieces[1::2], pieces[2::2], strict=True):
        name = "parameters" if re.match(PARAMETERS, word, re.I) else _OUTPUT if _OF_SIZE.match(word) else word.lower()
        told[name] = f"{told[name]} = {text}" if name in told else text
    return told


_SENTENCE = re.compile(r"(?<=[^\W\d)`][.;])\s+|(?<=[)`\d][.;])\s+(?=\D)")
_READ = re.compile(rf"\b(?:{INPUTS}|{READS})\b[^.;\d]{{0,40}}{_SIZE}{{2}}|{_SIZE}+ (?:\w+ )?(?:{INPUTS})\w*", re.I)
"""The size that a layer reads, in its own sentence."""


def layers_told(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, and as one more the layers that their prose tells in sentences, if there are no tables."""
    if any(block.kind == TABLE for block in blocks):
        return list(blocks)
    told = [row for block in blocks if block.kind == PROSE for row in block.rows]
    raw = [(line, _parted(text)) for line, text in _told_one_by_one(told)]
    is_whole = not any(_UNREAD.search(_CALL.sub("", pieces[0])) for _, pieces in raw)
    parted = [(line, _sentences(pieces)) for line, pieces in raw]
    is_told = _is_told(parted, 1) and (
        _is_sized(parted) or any(_COUNTS.match(each[1]) for _, each in parted if each[1:])
    )
    return [*blocks, _with_total(table(_rows(parted)), told)] if is_whole and is_told else list(blocks)


_COUNTS = re.compile(f"{PARAMETERS}|mult|macs|flops", re.IGNORECASE)
_UNREAD = re.compile(rf"{PARAMETERS}|\bweights\b|=\s*[^\s\d]|\b(?:{OUTPUTS})\D*{_SIZE}{{2}}", re.IGNORECASE)
"""An equation, or a count or a size whose number is not read."""
_NETWORKS = "network|net|model|netz|modell|réseau|modèle|red|modelo|rede"
_ALL = re.compile(
    rf"(?=.*\b(?:total|altogether|in all|insgesamt|gesamt|sum|summe|suma|soma)\b"
    rf"|(?!.*\b(?:{LAYERS}|{_KIND})).*\b(?:{_NETWORKS})\w* (?:has|hat|a|tiene|tem) {_COUNT}\s+(?:\w+ )?"
    rf"(?:{PARAMETERS})\w*\W*$|\W*(?:{PARAMETERS})\w*\W*{_COUNT}\W*$)"
    r"(?:.*?(?P<part>(?:non-)?trainable))?.*(?:"
    rf"[\s=](?P<sum>{_COUNT})\s+(?:[a-z]+ )?(?:{PARAMETERS})|(?:{PARAMETERS})\D*[:=\s](?P<last>{_COUNT})\W*$"
    rf"|\b(?:{TOTALS})\s*[:=]?\s*(?P<own>{_COUNT})\W*$)", re.I
)  # fmt: skip
"""A sentence with what all layers have together."""


def with_totals(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, their tables of parameters with the sums that the prose below them tells."""
    ends = [place for place, block in enumerate(blocks) if block.kind == TABLE and block.rows] + [len(blocks)]
    summed = list(blocks)
    for place, end in pairwise(ends):
        told = [row for block in blocks[place:end] if block.kind == PROSE for row in block.rows]
        summed[place] = _with_total(blocks[place], told)
    return summed


def _with_total(block: Block, told: Sequence[Row]) -> Block:
    """A table with the sum of its parameters that prose tells, where that is as long as what they come to."""
    heading = block.rows[0].cells
    at = _column(heading)
    said = [(line, sums) for line, text in _said(told) if (sums := _ALL.match(text))] if at else []
    come_to = len(str(sum(_whole("".join(row.cells[at : at + 1]).rpartition("=")[2]) for row in block.rows if said)))
    below = [Row(line, _row_of_sum(heading, at, f"Total {sums['part'] or ''}", count)) for line, sums in said
             if len(count := str(_whole(sums["sum"] or sums["last"] or sums["own"]))) == come_to]  # fmt: skip
    return block._replace(rows=(*block.rows, *below))


def _whole(text: str) -> int:
    """The last count of a text."""
    return int(re.sub(r"\D", "", (re.findall(_COUNT, text) or "0")[-1]))


def _said(told: Iterable[Row]) -> Iterator[tuple[int, str]]:
    """The sentences of prose, each with its line."""
    for row in told:
        yield from ((row.line, text) for text in _SENTENCE.split(row.cells[0][:LONGEST_LINE].replace("**", "")))


def _told_one_by_one(told: Iterable[Row]) -> list[tuple[int, str]]:
    """The sentences of each layer: one that names it begins them."""
    items = list[tuple[int, str]]()
    for line, text in _said(told):
        if re.search(_KIND, text, re.IGNORECASE) and re.search(r"\d", text):
            items.append((line, text))
        elif items and not _ALL.match(text):
            items[-1] = (items[-1][0], f"{items[-1][1]} {text}")
    return items


def _sentences(pieces: Sequence[str]) -> list[str]:
    """The pieces of sentences: the call that tells the layer alone, and numbers without what is said behind them."""
    call = _CALL.search(pieces[0])
    name = call[0] if call else _READ.sub("", pieces[0]).replace("  ", " ")
    return [name, *(_GOES_ON.sub("", piece).strip(" .") for piece in pieces[1:])]


def _items(lines: Lines, place: int) -> tuple[list[tuple[int, str]], int]:
    """The items of a list, each with its line and with what is indented below it; and where the list ends."""
    items, end = list[tuple[int, str]](), place
    while end < min(len(lines.texts), place + MOST_ROWS) and (item := _ITEM.match(lines.texts[end][:LONGEST_LINE])):
        begin, end, text = end, end + 1, lines.texts[end][item.end() : LONGEST_LINE]
        while end < min(len(lines.texts), begin + _MOST_LINES) and _continues(lines.texts[end][:LONGEST_LINE], item):
            text, end = f"{text} {lines.texts[end].strip()[:LONGEST_LINE]}", end + 1
        items.append((lines.number(begin), text.replace("**", "")))
    above = " ".join(lines.texts[max(place - 3, 0) : place])[-LONGEST_LINE:]
    word = "parameters" if _OF_PARAMETERS.search(above) else "output size" if _OF_SIZE.search(above) else ""
    if word and all(_WORKED.fullmatch(text) for _, text in items):
        items = [(line, _WORKED.sub(rf"\1 {word}: \2", text)) for line, text in items]
    return items, end


def _named(text: str) -> str:
    """An item with words before what it comes to: ``→ 8x32x32, 224 parameters``."""
    text = _ASKED.sub(r"\2. \1: ", text)
    if code := _CODE.fullmatch(text):
        name, said = "input" if re.match(r"(?:\w+\.)*(?:Input|Sequential)\b", code[1]) else code[1], code[2] or ""
        text = f"{name}. {'output size: ' if _BARE.match(said) else ''}{said}"
    typed = _SET.sub("", text).replace("\\times", "×").replace("\\cdot", "·")
    if (size := _SIZED.match(typed)) and not _LABEL.search(size[0]):
        typed = f"{size[1]} output:{typed[size.end() :]}"
    return _COUNTED.sub(r" parameters: \1", _LEADS_TO.sub(" output: ", typed)).replace(", parameters:", " parameters:")


def _continues(line: str, item: re.Match[str]) -> bool:
    """Whether a line below an item belongs to it: below a title all to the next one, else what is indented."""
    if "#" in item[0]:
        return not line.startswith(("#", "|"))
    own = _ITEM.match(line)
    if not line.strip() or _CODE.fullmatch(item.string.strip()):  # a layer in code is one line
        return not line.strip()
    return line[0].isspace() and not (own and (len(own[1]) <= len(item[1]) or _CODE.fullmatch(line.strip())))


def _cells(text: str) -> tuple[str, ...]:
    return tuple(_PARTED.split(_TREE.sub("", text[:LONGEST_LINE]).strip(" \t│┃")))
