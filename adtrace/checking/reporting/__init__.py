"""From findings to reports: what a person reads of a checked document, and the marks of a class.

    Finding ... ──records──▶ Account ──sentences, layouts──▶ text, Markdown, HTML;  ──report──▶ JSON

``marks``      points for a document
``records``    states, places, findings, and the account of one document that counts all of them
``sentences``  what is said in words, and what is kept back from a student
``formulas``   a cell as a formula
``layouts``    an account as what a template gets
``report``     the account as a `Report`, and as plain data
``files``      the files of a class: submissions, reports, marks, and each student's point
``classroom``  the marks of a class, its reports, and where most of it went wrong
"""
# ruff: noqa: I001 - a few lines of names

from adtrace.checking.reporting.marks import Marks, Rubric
from adtrace.checking.reporting.records import (
    BY_HAND, CUT, EMPTY, EXACT, FOLLOWING, HIDE, HINT, MISSING_ROW, NOTE, NOT_ASKED, NOT_READ, OTHER_FUNCTION, RIGHT,
    ROUNDED, STATES, UNREAD_TABLE, WRONG, Finding, Judged, Place, Problem, Verdict,
)  # fmt: skip
from adtrace.checking.reporting.report import Report

__all__ = (
    "BY_HAND", "CUT", "EMPTY", "EXACT", "FOLLOWING", "HIDE", "HINT", "MISSING_ROW", "NOTE", "NOT_ASKED", "NOT_READ",
    "OTHER_FUNCTION", "RIGHT", "ROUNDED", "STATES", "UNREAD_TABLE", "WRONG", "Finding", "Judged", "Marks", "Place",
    "Problem", "Report", "Rubric", "Verdict",
)  # fmt: skip
