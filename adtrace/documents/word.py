"""What pandoc leaves out of a Word document: rules as in a book, captions that Word counts, widths, a title.

Everything that it is told of comes in the document itself, by the names of styles: where a group of lines begins, which
heading is of derivatives.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_GROUP = "adtracegroup"
"""The style of the mark that a group begins with."""
_THICK, _THIN, _HAIR = "12", "6", "2"
"""Rules, in eighths of a point."""
_CHARACTER, _MARGIN, _GAP = 122, 70, 240
"""Twentieths of a point: a character of 10 points, the margin at each side of a cell, a column between two traces."""
_SIZE = "20"
"""Half points: the size of cells and captions."""
_PAPER, _MARGINS = (11906, 16838), 1134
"""A4, and its margins of 2 cm."""
_STYLES = f"""
<w:styles xmlns:w="{_W[1:-1]}">
<w:style w:type="character" w:customStyle="1" w:styleId="adtraceprimal"><w:name w:val="adtrace primal"/>
<w:basedOn w:val="DefaultParagraphFont"/><w:rPr><w:b/><w:color w:val="184A7A"/></w:rPr></w:style>
<w:style w:type="character" w:customStyle="1" w:styleId="adtracederived"><w:name w:val="adtrace derived"/>
<w:basedOn w:val="DefaultParagraphFont"/><w:rPr><w:b/><w:color w:val="9E2A2B"/></w:rPr></w:style>
<w:style w:type="character" w:customStyle="1" w:styleId="adtracenote"><w:name w:val="adtrace note"/>
<w:basedOn w:val="DefaultParagraphFont"/><w:rPr><w:sz w:val="18"/></w:rPr></w:style>
<w:style w:type="paragraph" w:customStyle="1" w:styleId="adtracecell"><w:name w:val="adtrace cell"/>
<w:basedOn w:val="Normal"/><w:pPr><w:spacing w:before="30" w:after="30"/></w:pPr><w:rPr><w:sz w:val="20"/></w:rPr>
</w:style>
<w:style w:type="paragraph" w:styleId="Caption"><w:name w:val="caption"/><w:basedOn w:val="Normal"/>
<w:next w:val="Normal"/><w:qFormat/><w:pPr><w:keepNext/><w:spacing w:before="240" w:after="120"/></w:pPr>
<w:rPr><w:sz w:val="20"/></w:rPr></w:style>
</w:styles>
"""
_COUNTED = re.compile(r"(.*?)\s*([0-9]+)\s*([.:]?)", re.DOTALL)
_RELATION = re.compile(r"\s*[=<>≤≥≠≈∈→⊂]|\+=")
_OPERATOR = frozenset("=+−-×·∈≤≥<>⊙⋆")
"""Signs with room on both their sides."""


def finished(document: bytes) -> bytes:
    """The document of pandoc with what it lacks."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        title = ""
        for part in sorted(source.infolist(), key=lambda part: part.filename == "docProps/core.xml"):
            content = source.read(part)
            if part.filename == "word/document.xml":
                content, title = _body(content)
            elif part.filename == "word/styles.xml":
                content = _styles(content)
            elif part.filename == "docProps/core.xml":
                content = _titled(content, title)
            target.writestr(part, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _parsed(content: bytes) -> ET.Element:
    """A part, whose namespaces keep the names that they have."""
    for _, (name, address) in ET.iterparse(io.BytesIO(content), events=["start-ns"]):
        ET.register_namespace(*map(str, (name, address)))
    return ET.fromstring(content)


def _written(root: ET.Element) -> bytes:
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'.encode()


def _body(content: bytes) -> tuple[bytes, str]:
    """The document, and its title: what its first caption begins with."""
    root = _parsed(content)
    for formula in root.iter(f"{_M}oMath"):
        _with_both_sides(formula)
        _with_corners(formula)
        _set_small(formula)
    captions = [_counted(paragraph) for paragraph in root.iter(f"{_W}p") if _style(paragraph) == "TableCaption"]
    widths = [_finish_table(table) for table in root.iter(f"{_W}tbl")]
    across, down = _PAPER
    if max(widths, default=0) > across - 2 * _MARGINS:
        across, down = down, across
    for table, width in zip(root.iter(f"{_W}tbl"), widths, strict=True):
        _fit(table, width, across - 2 * _MARGINS)
    section = root.find(f"{_W}body/{_W}sectPr")
    if section is not None:
        turned = {"orient": "landscape"} if across > down else {}
        _add(section, "pgSz", w=str(across), h=str(down), **turned)
        _add(section, "pgMar", **dict.fromkeys(("top", "right", "bottom", "left"), str(_MARGINS)),
             header="709", footer="709", gutter="0")  # fmt: skip
    return _written(root), captions[0].partition(". ")[0].rstrip(".") if captions else ""


def _with_both_sides(formula: ET.Element) -> None:
    """A relation at the beginning or the end gets an empty text beside it: LibreOffice prints one without a left or a
    right side as a red question mark.
    """
    for place in (len(formula), 0):
        end = formula[min(place, len(formula) - 1)] if len(formula) else None
        if end is not None and end.tag == f"{_M}r" and _RELATION.match(_text(end)):
            formula.insert(place, _worded(""))


def _with_corners(formula: ET.Element) -> None:
    """Floors and ceilings between signs of text: LibreOffice does not read them as brackets."""
    for parent in list(formula.iter()):
        for place, bracket in reversed(list(enumerate(parent))):
            signs = [bracket.find(f"{_M}dPr/{_M}{name}") for name in ("begChr", "endChr")]
            texts = [sign.get(f"{_M}val", "") for sign in signs if sign is not None]
            inner = bracket.find(f"{_M}e")
            if bracket.tag == f"{_M}d" and inner is not None and texts in (["⌊", "⌋"], ["⌈", "⌉"]):
                parent[place : place + 1] = [_worded(texts[0]), *inner, _worded(texts[1])]


def _worded(text: str) -> ET.Element:
    """A run of a formula that is text."""
    run = ET.Element(f"{_M}r")
    ET.SubElement(ET.SubElement(run, f"{_M}rPr"), f"{_M}nor")
    ET.SubElement(run, f"{_M}t").text = text
    return run


def _set_small(formula: ET.Element) -> None:
    """A formula as large as the text round it: its runs do not ask their paragraph.  Text in it is slanted by the
    letter, not by mathematics.
    """
    for run in formula.iter(f"{_M}r"):
        properties = ET.Element(f"{_W}rPr")
        _add(properties, "rFonts", ascii="Cambria Math", hAnsi="Cambria Math")
        own, slant = run.find(f"{_M}rPr"), run.find(f"{_M}rPr/{_M}sty")
        if own is not None and slant is not None and own.find(f"{_M}nor") is not None:
            own.remove(slant)  # Word has the one or the other
            if slant.get(f"{_M}val") == "i":
                _add(properties, "i")
        _add(properties, "sz", val=_SIZE)
        _add(properties, "szCs", val=_SIZE)
        run.insert(1 if len(run) and run[0].tag == f"{_M}rPr" else 0, properties)


def _counted(paragraph: ET.Element) -> str:
    """A caption of Word's own: its number is a field, which Word counts anew.  Its text behind the number."""
    name = paragraph.find(f"{_W}pPr/{_W}pStyle")
    if name is not None:
        name.set(f"{_W}val", "Caption")
    runs = [child for child in paragraph if child.tag == f"{_W}r"]
    number = _COUNTED.fullmatch(_text(runs[0])) if runs else None
    if number is None:
        return _text(paragraph).strip()
    place = list(paragraph).index(runs[0])
    paragraph.remove(runs[0])
    word, counted, mark = number.groups()
    field = ET.Element(f"{_W}fldSimple", {f"{_W}instr": " SEQ Table \\* ARABIC "})
    field.append(_bold_run(counted))
    for element in (_bold_run(mark), field, _bold_run(f"{word} ")):
        paragraph.insert(place, element)
    return _text(paragraph).removeprefix(f"{word} {counted}{mark}").strip()


def _bold_run(text: str) -> ET.Element:
    run = ET.Element(f"{_W}r")
    ET.SubElement(ET.SubElement(run, f"{_W}rPr"), f"{_W}b")
    words = ET.SubElement(run, f"{_W}t", {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
    words.text = text
    return run


def _text(element: ET.Element) -> str:
    """All that is printed in an element."""
    if element.tag in (f"{_W}t", f"{_M}t"):
        return element.text or ""
    inner = "".join(map(_text, element))
    if element.tag != f"{_M}d":
        return inner
    signs = [element.find(f"{_M}dPr/{_M}{name}") for name in ("begChr", "endChr")]
    before, after = ("" if sign is None else sign.get(f"{_M}val", "") for sign in signs)
    return f"{before}{inner}{after}"


def _style(paragraph: ET.Element) -> str:
    name = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return "" if name is None else name.get(f"{_W}val", "")


def _finish_table(table: ET.Element) -> int:
    """Rules, margins and widths of a table; how wide it is."""
    properties = table.find(f"{_W}tblPr")
    assert properties is not None
    for child in list(properties):
        if child.tag in (f"{_W}tblW", f"{_W}tblCaption"):
            properties.remove(child)
    rows = table.findall(f"{_W}tr")
    heads = [row for row in rows if row.find(f"{_W}trPr/{_W}tblHeader") is not None]
    widths = _widths(rows)
    gaps = [column for column, width in enumerate(widths) if not width]
    for row in rows:
        _finish_row(row, gaps, last=bool(heads) and row is heads[-1])
    widths = [width or _GAP for width in widths]
    grid = table.find(f"{_W}tblGrid")
    assert grid is not None
    for column, width in zip(grid, widths, strict=False):
        column.set(f"{_W}w", str(width))
    return sum(widths)


def _finish_row(row: ET.Element, gaps: list[int], *, last: bool) -> None:
    """A row that no page divides; below the last of the head a rule, and a hairline above the first of a group, but
    for the gaps between two traces.
    """
    properties = row.find(f"{_W}trPr")
    if properties is None:
        properties = ET.Element(f"{_W}trPr")
        row.insert(0, properties)
    properties.insert(0, ET.Element(f"{_W}cantSplit"))
    marks = [(p, r) for p in row.iter(f"{_W}p") for r in p.findall(f"{_W}r") if _run_style(r) == _GROUP]
    for paragraph, mark in marks:
        paragraph.remove(mark)
    for column, _, cell in _spanned([row]):
        name = cell.find(f"{_W}p/{_W}pPr/{_W}pStyle")
        if name is not None:
            name.set(f"{_W}val", "adtracecell")
        own = cell.find(f"{_W}tcPr")
        assert own is not None
        rules = {"bottom": _THIN} if last else {"top": _HAIR} if marks else {}
        if rules and column not in gaps:
            borders = ET.SubElement(own, f"{_W}tcBorders")
            for side, size in rules.items():
                _add(borders, side, val="single", sz=size, space="0", color="auto")
        _add(own, "vAlign", val="center")


def _run_style(run: ET.Element) -> str:
    name = run.find(f"{_W}rPr/{_W}rStyle")
    return "" if name is None else name.get(f"{_W}val", "")


def _spanned(rows: list[ET.Element]) -> Iterator[tuple[int, int, ET.Element]]:
    """The cells with the column in which each begins, and how many it covers."""
    for row in rows:
        column = 0
        for cell in row.findall(f"{_W}tc"):
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            columns = 1 if span is None else int(span.get(f"{_W}val", "1"))
            yield column, columns, cell
            column += columns


def _widths(rows: list[ET.Element]) -> list[int]:
    """The width of each column, by what its cells take when they are set; 0 for one with nothing in it."""
    cells = list(_spanned(rows))
    widths = [0] * max((column + columns for column, columns, _ in cells), default=0)
    for column, columns, cell in sorted(cells, key=_covered):
        text = max(map(_characters, cell.findall(f"{_W}p")), default=0)
        wanted = round(text * _CHARACTER) + 2 * _MARGIN if text else 0
        widths[column + columns - 1] += max(0, wanted - sum(widths[column : column + columns]))
    return widths


def _covered(cell: tuple[int, int, ET.Element]) -> int:
    return cell[1]


def _characters(element: ET.Element) -> float:
    """How many characters wide an element is set: a fraction as its wider line, indices small."""
    tag = element.tag.rpartition("}")[2]
    parts = [_characters(child) for child in element]
    if tag == "t":
        text = element.text or ""
        return len(text) + 0.8 * sum(map(_OPERATOR.__contains__, text))
    if tag in ("f", "m", "limUpp", "limLow"):
        return max(parts, default=0) + (0.5 if tag == "f" else 0)
    if tag in ("sub", "sup"):
        return 0.75 * sum(parts)
    return sum(parts) + {"d": 1.2, "rad": 1.5, "nary": 3, "e": 0.0, "mr": len(parts)}.get(tag, 0)


def _fit(table: ET.Element, width: int, room: int) -> None:
    """The table in the middle of the page, in columns of their widths, narrower where there is less room."""
    share = min(1, room / width)
    grid = table.find(f"{_W}tblGrid")
    properties = table.find(f"{_W}tblPr")
    assert grid is not None
    assert properties is not None
    for column in grid:
        column.set(f"{_W}w", str(int(int(column.get(f"{_W}w", "0")) * share)))
    widths = [int(column.get(f"{_W}w", "0")) for column in grid]
    for place, columns, cell in _spanned(table.findall(f"{_W}tr")):
        own = cell.find(f"{_W}tcPr")
        assert own is not None
        wide = ET.Element(f"{_W}tcW", {f"{_W}w": str(sum(widths[place : place + columns])), f"{_W}type": "dxa"})
        own.insert(0, wide)
    look = properties.find(f"{_W}tblLook")
    if look is not None:
        properties.remove(look)
    _add(properties, "tblW", w=str(sum(widths)), type="dxa")
    _add(properties, "jc", val="center")
    borders = ET.SubElement(properties, f"{_W}tblBorders")
    for side in ("top", "bottom"):
        _add(borders, side, val="single", sz=_THICK, space="0", color="auto")
    _add(properties, "tblLayout", type="fixed" if share < 1 else "autofit")
    margins = ET.SubElement(properties, f"{_W}tblCellMar")
    for side in ("left", "right"):
        _add(margins, side, w=str(_MARGIN), type="dxa")
    if look is not None:
        properties.append(look)


def _add(parent: ET.Element, tag: str, **attributes: str) -> None:
    ET.SubElement(parent, f"{_W}{tag}", {f"{_W}{name}": value for name, value in attributes.items()})


def _styles(content: bytes) -> bytes:
    """The styles, ours in place of those of the same name."""
    root, ours = _parsed(content), ET.fromstring(_STYLES)
    names = {style.get(f"{_W}styleId") for style in ours}
    for style in root.findall(f"{_W}style"):
        if style.get(f"{_W}styleId") in names:
            root.remove(style)
    root.extend(list(ours))
    return _written(root)


def _titled(content: bytes, title: str) -> bytes:
    """The properties with a title."""
    root = _parsed(content)
    own = root.find(f"{_DC}title")
    if own is not None:
        own.text = title
    return _written(root)
