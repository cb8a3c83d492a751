"""The house rules that can be read off the source: which module imports which, and that no text is ever executed."""

from __future__ import annotations

import ast
import builtins
import re
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from graphlib import TopologicalSorter
from itertools import chain
from pathlib import Path

import pytest

import adtrace
import adtrace.tracing.compiled
from adtrace.elementals import TABLE

PACKAGE = Path(adtrace.__file__).parent
SOURCES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
FRONT = {"__init__", "__main__"}  # the lazy names of the package, and `python -m adtrace`
LAYERED = sorted(set(SOURCES) - FRONT)

RUNS_TEXT = {"eval", "exec", "compile", "__import__", "sympify", "parse_expr", "lambdify", "literal_eval", "execfile"}


@cache
def tree(module: str) -> ast.Module:
    """The syntax tree of a module of the package."""
    return ast.parse(SOURCES[module].read_text(encoding="utf-8"))


@cache
def nodes(module: str) -> tuple[ast.AST, ...]:
    """All of that tree, which is walked once."""
    return tuple(ast.walk(tree(module)))


def imports(parts: Iterable[ast.AST]) -> set[str]:
    """The full names of what is imported."""
    found: set[str] = set()
    for part in parts:
        if isinstance(part, ast.Import):
            found.update(alias.name for alias in part.names)
        elif isinstance(part, ast.ImportFrom):
            assert part.level == 0, "imports are written out in full"
            found.add(part.module or "")
            found.update(f"{part.module}.{alias.name}" for alias in part.names)
    return found


@cache
def own_imports(module: str) -> set[str]:
    """The modules of the package that this module imports, inside functions too."""
    names = {name.removeprefix("adtrace.") for name in imports(nodes(module)) if name.startswith("adtrace.")}
    return {name for name in names if name in SOURCES}


@cache
def foreign_imports(module: str) -> set[str]:
    """The top-level names of what this module imports from elsewhere."""
    return {name.partition(".")[0] for name in imports(nodes(module))} - {"adtrace"}


def stated_order() -> list[str]:
    """The order of the modules as the docstring of the package states it."""
    stated = re.search(r"imports only from those before it:\s*(.*?)\.\n", adtrace.__doc__ or "", re.DOTALL)
    assert stated, "the docstring of the package states the order"
    return [name.strip() for name in stated[1].split(",")]


def text_runners(parts: Iterable[ast.AST]) -> list[str]:
    """Every mention of something that executes text; ``re.compile`` and ``typst.compile`` are none."""
    found = []
    for part in parts:
        if isinstance(part, ast.Name) and part.id in RUNS_TEXT:
            found.append(part.id)
        elif isinstance(part, ast.Attribute) and part.attr in RUNS_TEXT:
            owner = part.value.id if isinstance(part.value, ast.Name) else "?"
            if (owner, part.attr) not in {("re", "compile"), ("typst", "compile")}:
                found.append(f"{owner}.{part.attr}")
        elif isinstance(part, ast.alias) and part.name.rpartition(".")[2] in RUNS_TEXT:
            found.append(part.name)
    return found


def test_every_module_has_its_place_in_the_stated_order() -> None:
    """The docstring of the package lists each module once, and no module that does not exist."""
    order = stated_order()
    assert len(order) == len(set(order))
    assert set(order) == {module.partition(".")[0] for module in LAYERED}


def test_a_module_imports_only_from_those_before_it() -> None:
    """No module imports a later one, nor itself; the modules of a package are one layer."""
    order = stated_order()
    for module in LAYERED:
        layer = module.partition(".")[0]
        allowed = {*order[: order.index(layer)], *([layer] if "." in module or module == "numbers" else [])}
        assert {name.partition(".")[0] for name in own_imports(module)} <= allowed, module


FOLDERS = sorted(module for module in LAYERED if SOURCES[module].name == "__init__.py")


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_names_its_modules(folder: str) -> None:
    """The docstring of a folder says of each of its modules what it is for."""
    inside = {module.removeprefix(f"{folder}.") for module in LAYERED if module.startswith(f"{folder}.")}
    modules = {module for module in inside if "." not in module}  # those of a folder in it are named there
    assert set(re.findall(r"``(\w+)``", ast.get_docstring(tree(folder)) or "")) >= modules


ONE_WAY = ["language", "writing", "tracing", "tables", "graphs", "documents", "networks"]
ONE_WAY += [folder for folder in FOLDERS if folder.partition(".")[0] == "checking"]


@pytest.mark.parametrize("folder", ONE_WAY)
def test_a_module_of_a_folder_imports_only_from_those_before_it(folder: str) -> None:
    """Inside a folder, too, imports run one way: up the list of its docstring."""
    order = re.findall(r"^``(\w+)``", ast.get_docstring(tree(folder)) or "", re.MULTILINE)
    for place, module in enumerate(order):
        inner = [name for name in LAYERED if f"{name}.".startswith(f"{folder}.{module}.")]
        outside = {name for name in chain.from_iterable(map(own_imports, inner)) if name.startswith(f"{folder}.")}
        assert {name.removeprefix(f"{folder}.").partition(".")[0] for name in outside} <= {*order[:place], module}


def test_no_imports_go_round_in_a_circle() -> None:
    """The modules, those inside `numbers` too, can be put in an order in which each comes after what it imports."""
    order = list(TopologicalSorter({module: own_imports(module) for module in LAYERED}).static_order())
    assert set(order) == set(LAYERED)


@pytest.mark.parametrize(
    ("library", "only"),
    [
        ("jinja2", {"documents.render"}),
        (
            "click",
            {
                "cli",
                "networks.command",
                "networks.window_commands",
                "checking.command",
                "latexbuild.commands",
                "fences",
                "progress",
            },
        ),
        ("mpmath", set()),
    ],
)
def test_a_library_is_imported_in_one_place(library: str, only: set[str]) -> None:
    """Jinja is the renderer's affair, click the command line's, and mpmath the tests'."""
    assert {module for module in SOURCES if library in foreign_imports(module)} <= only


COMPUTING = {
    "language.parse", "elementals", "tracing.evaluate", "tracing.lower", "tracing.sweeps", "tracing.formulas",
    "tables.numerals", "tables.cells", "tables.tabulate", "documents.structure", "documents.render",
    *(module for module in SOURCES if module.startswith("numbers")),
}  # fmt: skip


def test_sympy_is_imported_by_none_of_the_core_and_by_nobody_at_once() -> None:
    """No module imports sympy as it is loaded, and those that compute and tabulate never do."""
    for module in SOURCES:
        at_once = {name.partition(".")[0] for name in imports(tree(module).body)}
        assert "sympy" not in at_once, module
        assert module not in COMPUTING or "sympy" not in foreign_imports(module), module


def test_no_module_mentions_what_executes_text() -> None:
    """Nothing in the package calls or even names eval, exec, compile, sympify, parse_expr, lambdify or the like.

    One module compiles code that it writes itself, in one place; the next test reads what it writes.  Another hands
    tokens that it has let through to sympy's parser, which test_sympy_text and test_hostile hold.
    """
    allowed = {"tracing.compiled": ["compile", "exec"], "tracing.sympy_text": ["parser.parse_expr"]}
    assert {module: named for module in SOURCES if (named := text_runners(nodes(module)))} == allowed


def test_the_code_that_is_compiled_holds_no_text_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one compiler is given assignments of numbers and numbered names to numbered names, and known functions."""
    seen: list[str] = []

    def spy(source: str, *rest: str) -> object:
        seen.append(source)
        return builtins.compile(source, *rest)

    monkeypatch.setattr(adtrace.tracing.compiled, "compile", spy, raising=False)
    expression = (
        "f(os, eval) = ln(os)*eval^2.5 + max(os, eval, 1e3) - abs(sin(os/eval)) + sigmoid(-os)^os + atan2(os, 2)"
    )
    trace = adtrace.trace(expression, at={"os": 2, "eval": 3})
    value, gradient = trace.function()([2.0, 3.0])
    assert abs(value - float(trace.value)) < 1e-12
    assert len(gradient) == 2
    (source,) = seen
    names = {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
    functions = {name for name in names if not re.fullmatch(r"[a-z][0-9_]+|x", name)}
    assert functions <= set(adtrace.tracing.compiled.python_functions()) | {"inf", "nan"}
    kinds = {type(node) for node in ast.walk(ast.parse(source))}
    assert not kinds & {ast.Attribute, ast.Import, ast.ImportFrom, ast.Lambda, ast.JoinedStr, ast.Subscript}
    texts = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    assert all(isinstance(text, int | float) for text in texts)


def test_a_row_in_double_precision_is_compiled_from_the_table_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """For each elemental the compiler is given comparisons and arithmetic of u, w and v, and known functions."""
    seen: list[str] = []

    def spy(source: str, *rest: str) -> object:
        seen.append(source)
        return builtins.compile(source, *rest)

    monkeypatch.setattr(adtrace.tracing.compiled, "compile", spy, raising=False)
    adtrace.tracing.compiled.step.cache_clear()
    entries = list(TABLE.values())
    for entry in entries:
        adtrace.tracing.compiled.step(entry, (True,) * entry.arity)
    assert len(seen) == len(entries)
    known = {*adtrace.tracing.compiled.python_functions(), "step", "u", "w", "v", "p0", "p1"}
    allowed = (
        ast.Module, ast.FunctionDef, ast.arguments, ast.arg, ast.If, ast.Return, ast.Assign, ast.Tuple, ast.Name,
        ast.Load, ast.Store, ast.Constant, ast.Call, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.operator,
        ast.unaryop, ast.boolop, ast.cmpop,
    )  # fmt: skip
    for source in seen:
        nodes = list(ast.walk(ast.parse(source)))
        assert all(isinstance(node, allowed) for node in nodes), source
        assert {node.id for node in nodes if isinstance(node, ast.Name)} <= known, source


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("eval(text)", ["eval"]),
        ("run = exec", ["exec"]),
        ("sympy.sympify(text)", ["sympy.sympify"]),
        ("builtins.compile(text, '', 'eval')", ["builtins.compile"]),
        ("from sympy import lambdify as f", ["lambdify"]),
        ("re.compile('x'); compiled(rule); evaluation.at(1)", []),
    ],
)
def test_the_search_for_them_finds_each(source: str, found: list[str]) -> None:
    """The search above sees a call, an alias, an attribute and an import, and passes harmless names."""
    assert text_runners(ast.walk(ast.parse(source))) == found


@pytest.mark.parametrize(
    ("program", "unwanted"),
    [
        ("import adtrace", {"sympy", "jinja2", "flint", "click"}),
        ("import adtrace; adtrace.trace('ln(x)*x', at={'x': 2}).table(format='text')", {"sympy", "mpmath"}),
    ],
)
def test_what_is_not_needed_is_not_loaded(program: str, unwanted: set[str]) -> None:
    """Importing the package loads no library, and a whole text table is made without sympy."""
    ask = f"{program}; import sys; print(*sorted({unwanted!r} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", ask], capture_output=True, text=True, check=True, cwd=PACKAGE.parent, timeout=60
    )
    assert done.stdout.split() == []


@pytest.mark.parametrize("network", ["x: relu, a: conv3-4 of x, b: conv1-4 of x, add of a b", "conv3-4, pool2, fc-3"])
def test_no_two_columns_of_a_comma_separated_table_have_one_heading(network: str) -> None:
    """With branches, too, where the lines are numbered: a program that reads the file finds each column."""
    headings = adtrace.layers(network, input="8x8x3").table(format="csv").splitlines()[0].split(",")
    assert len(set(headings)) == len(headings)
    assert ("number" in headings) == ("of" in headings)
