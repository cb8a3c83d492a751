"""adtrace.tables_of(): many tables, in this process or in several."""

from __future__ import annotations

import re
import sys
from typing import Any

import pytest

import adtrace

REQUESTS: list[dict[str, Any]] = [
    {"expression": f"ln(x1)*{k} + x1*x2 - sin({k}*x2)", "at": {"x1": k, "x2": "1/3"}} for k in range(1, 61)
]


def test_the_tables_are_those_of_single_traces() -> None:
    """Each table is the one that trace(...).table(...) makes; a request's own options come before those of all."""
    requests = [*REQUESTS[:3], {**REQUESTS[3], "digits": 2, "arithmetic": "float"}]
    made = adtrace.tables_of(requests, format="text", digits=5)
    alone = [adtrace.trace(**request).table(format="text", digits=5) for request in REQUESTS[:3]]
    alone.append(adtrace.trace(**REQUESTS[3], arithmetic="float").table(format="text", digits=2))
    assert made == alone
    assert adtrace.tables_of([]) == []


def test_processes_make_the_same_tables(capsys: pytest.CaptureFixture[str]) -> None:
    """Two processes give the same tables in the same order; the bar goes to stderr, and only when asked for."""
    joblib = pytest.importorskip("joblib")
    one = adtrace.tables_of(REQUESTS, format="latex")
    assert capsys.readouterr() == ("", "")
    assert adtrace.tables_of(REQUESTS, format="latex", jobs=2, progress=True) == one
    out, bar = capsys.readouterr()
    assert out == ""
    drawn = re.findall(r"\[(#*) *\]  (\d+)/60", bar)
    assert [int(done) for _, done in drawn] == [0, 25, 50, 60]
    assert [len(filled) for filled, _ in drawn] == [0, 10, 20, 24]
    assert bar.endswith("\n")
    with joblib.parallel_config(backend="threading", n_jobs=2):
        assert adtrace.tables_of(REQUESTS, format="latex", jobs=None) == one


# A loaded machine makes dask's scratch folders slowly, and dask warns of that: it says nothing of the tables.
@pytest.mark.filterwarnings("ignore::UserWarning:distributed")
def test_the_workers_of_dask_make_the_same_tables() -> None:
    """A local cluster of two workers, through joblib: the same tables in the same order, and the same errors."""
    joblib = pytest.importorskip("joblib")
    distributed = pytest.importorskip("distributed", reason="not installed: dask[distributed]")
    bad = [*REQUESTS[:30], {"expression": "ln(x)", "at": {"x": -1}}]
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster),
        joblib.parallel_config(backend="dask"),
    ):
        assert adtrace.tables_of(REQUESTS, format="latex", jobs=None) == adtrace.tables_of(REQUESTS, format="latex")
        with pytest.raises(adtrace.DomainError, match=r"^request 31: ln needs u > 0"):
            adtrace.tables_of(bad, jobs=None)


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_names_its_request(jobs: int) -> None:
    """The first request that cannot be traced is named, with the sentence of its error and its kind."""
    if jobs > 1:
        pytest.importorskip("joblib")
    bad = [*REQUESTS[:30], {"expression": "ln(x)", "at": {"x": -1}}, {"expression": "1/2x", "at": {"x": 1}}]
    with pytest.raises(adtrace.DomainError, match=r"^request 31: ln needs u > 0, but v_0 = -1"):
        adtrace.tables_of(bad, jobs=jobs)
    with pytest.raises(adtrace.InputError, match=r"^request 1: this can be read in two ways"):
        adtrace.tables_of(bad[31:], jobs=jobs)
    with pytest.raises(adtrace.OptionError, match="a request has an expression, such as"):
        adtrace.tables_of([{"at": {"x": 1}}], jobs=jobs)


def test_without_joblib_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several processes without the extra are refused with what to install; one process needs nothing."""
    monkeypatch.setitem(sys.modules, "joblib", None)
    with pytest.raises(adtrace.OptionError, match="adtrace\\[batch\\]"):
        adtrace.tables_of(REQUESTS[:1], jobs=2)
    assert len(adtrace.tables_of(REQUESTS[:1])) == 1


@pytest.mark.parametrize("jobs", [0, 1.5, "two"])
def test_jobs_is_a_number_of_processes(jobs: Any) -> None:
    """Anything else is refused."""
    pytest.importorskip("joblib")
    with pytest.raises(adtrace.OptionError, match="jobs is a number of processes"):
        adtrace.tables_of(REQUESTS[:1], jobs=jobs)


def test_a_request_that_is_no_mapping() -> None:
    """A tuple in place of a request is refused with what a request is, and its number."""
    with pytest.raises(adtrace.OptionError, match="request 1: a request has an expression, such as"):
        adtrace.tables_of([("f(x) = x*x", {"x": 2})])  # type: ignore[list-item]
