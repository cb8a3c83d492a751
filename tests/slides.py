"""Slides as they are read: where each word stands on each page of a PDF."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from pathlib import Path

Words = Counter[tuple[str, str, str]]
"""The words of a page, each with the place of its corner."""

_WORD = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)"[^>]*>([^<]*)</word>')


def pages(pdf: Path) -> list[Words]:
    """The words of each page, to a hundredth of a point."""
    command = ["pdftotext", "-bbox", str(pdf), "-"]
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    return [
        Counter((word, f"{float(x):.2f}", f"{float(y):.2f}") for x, y, word in _WORD.findall(page))
        for page in text.split("<page ")[1:]
    ]


def texts(pdf: Path) -> list[str]:
    """The text of each page, line by line."""
    command = ["pdftotext", "-layout", str(pdf), "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode().split("\f")[:-1]
