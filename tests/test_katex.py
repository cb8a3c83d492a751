"""Every formula of our Markdown is typeset by KaTeX in strict mode: no error, no warning, nothing undefined."""

from __future__ import annotations

import json
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from goldens import FOLDER
from outside import missing

import adtrace
from adtrace.elementals import SPELLINGS, TABLE
from adtrace.tables.resources import found

_SCRIPT = """
const katex = require('katex');
const formulas = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const refused = [];
for (const formula of formulas) {
  try { katex.renderToString(formula, {throwOnError: true, strict: 'error', trust: false}); }
  catch (problem) { refused.push([formula, String(problem.message)]); }
}
console.log(JSON.stringify(refused));
"""


@cache
def modules() -> str | None:
    """The folder of node's global modules, if KaTeX stands in it."""
    if missing("node", "npm"):
        return None
    root = subprocess.run(["npm", "root", "-g"], capture_output=True, text=True, check=True).stdout.strip()
    return root if (Path(root) / "katex").is_dir() else None


needs_katex = pytest.mark.skipif(modules() is None, reason="not installed: node with KaTeX (npm install -g katex)")


def refused(formulas: set[str]) -> list[list[str]]:
    """The formulas that KaTeX refuses, each with its reason."""
    done = subprocess.run(
        ["node", "-e", _SCRIPT],
        input=json.dumps(sorted(formulas)),
        capture_output=True,
        text=True,
        check=True,
        env={"NODE_PATH": str(modules()), "PATH": "/usr/bin:/bin:/usr/local/bin"},
    )
    return list(json.loads(done.stdout))


def formulas_of(markdown: str) -> set[str]:
    """What stands between dollar signs."""
    return set(re.findall(r"(?<!\\)\$((?:[^$\\]|\\.)+)\$", markdown))


@needs_katex
def test_formulas_of_the_goldens() -> None:
    """The whole-file goldens in Markdown, captions included."""
    formulas = {formula for path in FOLDER.glob("*/*.md") for formula in formulas_of(path.read_text(encoding="utf-8"))}

    assert len(formulas) > 100
    assert refused(formulas) == []


@needs_katex
def test_formulas_of_every_elemental() -> None:
    """Every function of the language, in every style, with closed forms and with awkward names."""
    formulas: set[str] = set()
    for name, arity in [*TABLE, *SPELLINGS]:
        if name in ("add", "sub", "mul", "div", "neg", "pow"):
            continue
        operands = "beta_1/4, w_out/3" if arity == 2 else "beta_1/4"
        operands = "2, w_out/3" if TABLE[name, arity].order else operands
        text = f"{name}({operands}) + rate^2*w_out + beta_1"
        start = 5 if name.endswith("cosh") else 1
        trace = adtrace.trace(text, at={"beta_1": start, "w_out": "1/2", "rate": "2e-3"})
        formulas |= formulas_of(trace.table(columns="formula,partial,numbers,value"))
    trace = adtrace.trace("exp(-(sin(x) - cos(y))^2)^(1/3) + y^x/v1", at={"x": "pi/2", "y": "pi/3", "v1": -1})
    for style in found(None, "styles", ".toml"):
        formulas |= formulas_of(trace.table(style=style, numbers="exact"))

    assert len(formulas) > 200
    assert refused(formulas) == []
