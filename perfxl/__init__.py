"""Official Excel forms: generate, fill in offline, read back, check, mark.

>>> import perfxl
>>> forms = perfxl.load_forms()
>>> blank = perfxl.generate(forms["hunan-dept-self-eval"], year=2023, unit="石鼓区教育局")
>>> perfxl.read(blank).status
<Status.REJECTED: 'rejected'>
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perfxl.api import generate, generate_each, layout, layouts, marked, read, read_roster
    from perfxl.cluster import Cluster
    from perfxl.documents.mistakes import MasterError
    from perfxl.files import File
    from perfxl.forms.asked_period import OnceAYearError, PeriodError
    from perfxl.forms.data import Data, DataError, Misfit
    from perfxl.forms.definition.problem import DefinitionError, Problem
    from perfxl.forms.named import UnknownFormError
    from perfxl.forms.stock import load_forms
    from perfxl.marks.workbook import CannotMark
    from perfxl.model.address import Box
    from perfxl.model.error import Error
    from perfxl.model.field_type import Type
    from perfxl.model.finding import Finding, Fix, FixKind, Severity
    from perfxl.model.form import Field, Form, Required
    from perfxl.model.layout import Layout, PlacedCell, PlacedRow, Role, RowKind, Stamp
    from perfxl.model.period import Period
    from perfxl.model.record import Record
    from perfxl.model.roster import Expected, Roster, RosterUnit
    from perfxl.model.stage import Chain, Stage
    from perfxl.model.submission import By, FormReturn, Source, Status, Submission, Unit
    from perfxl.model.value import (
        DateValue,
        FrequencyValue,
        IndicatorValue,
        Kind,
        MonthsValue,
        NumberValue,
        Op,
        RangeValue,
        WordValue,
    )
    from perfxl.places import AddressError, NoAccessError
    from perfxl.receive.folder import WouldOverwriteError
    from perfxl.receive.importing import import_returns
    from perfxl.receive.lock import InUseError
    from perfxl.receive.request import ExpectationError
    from perfxl.reporting.overview import Filed, Overview, Return, Standing, UnitLine
    from perfxl.roster.read import RosterError, RosterProblem
    from perfxl.send.naming import PatternError
    from perfxl.workers import ClusterError, OutOfMemory, OutOfTime, Stopped, UnfitClusterError, WorkerDied, Workers
    from perfxl.year.carry.carrying import Carrying, carry
    from perfxl.year.carry.each import Carried, Cell
    from perfxl.year.carry.outcome import Held, Note, NoteKind, Origin
    from perfxl.year.carry.targets import NothingToCarryError
    from perfxl.year.notices.notices import notices
    from perfxl.year.notices.outcome import Notice, NoticeForm, Notifying, Point
    from perfxl.year.report.outcome import NothingToReportError, Report, Reporting
    from perfxl.year.report.reports import report
    from perfxl.year.sources import LeftOut, Reason
    from perfxl.year.summarize.outcome import (
        DuckDBMissingError,
        NothingToSumError,
        OthersFolderError,
        Summary,
        TooManyRowsError,
    )
    from perfxl.year.summarize.summarize import summarize

__version__ = "0.1.0"

_PLACES = {
    "api": ("generate", "generate_each", "layout", "layouts", "marked", "read", "read_roster"),
    "cluster": ("Cluster",),
    "files": ("File",),
    "forms.data": ("Data", "DataError", "Misfit"),
    "forms.asked_period": ("OnceAYearError", "PeriodError"),
    "forms.stock": ("load_forms",),
    "forms.definition.problem": ("DefinitionError", "Problem"),
    "forms.named": ("UnknownFormError",),
    "marks.workbook": ("CannotMark",),
    "model.address": ("Box",),
    "model.error": ("Error",),
    "model.finding": ("Finding", "Fix", "FixKind", "Severity"),
    "model.form": ("Field", "Form", "Required"),
    "model.layout": ("Layout", "PlacedCell", "PlacedRow", "Role", "RowKind", "Stamp"),
    "model.period": ("Period",),
    "model.record": ("Record",),
    "model.roster": ("Expected", "Roster", "RosterUnit"),
    "model.stage": ("Chain", "Stage"),
    "model.submission": ("By", "FormReturn", "Source", "Status", "Submission", "Unit"),
    "model.field_type": ("Type",),
    "model.value": (
        "DateValue",
        "FrequencyValue",
        "IndicatorValue",
        "Kind",
        "MonthsValue",
        "NumberValue",
        "Op",
        "RangeValue",
        "WordValue",
    ),
    "places": ("AddressError", "NoAccessError"),
    "receive.folder": ("WouldOverwriteError",),
    "receive.importing": ("import_returns",),
    "receive.lock": ("InUseError",),
    "receive.request": ("ExpectationError",),
    "reporting.overview": ("Filed", "Overview", "Return", "Standing", "UnitLine"),
    "roster.read": ("RosterError", "RosterProblem"),
    "send.naming": ("PatternError",),
    "workers": ("ClusterError", "OutOfMemory", "OutOfTime", "Stopped", "UnfitClusterError", "WorkerDied", "Workers"),
    "year.carry.carrying": ("Carrying", "carry"),
    "year.carry.each": ("Carried", "Cell"),
    "year.carry.outcome": ("Held", "Note", "NoteKind", "Origin"),
    "year.carry.targets": ("NothingToCarryError",),
    "year.notices.notices": ("notices",),
    "year.notices.outcome": ("Notice", "NoticeForm", "Notifying", "Point"),
    "year.report.outcome": ("NothingToReportError", "Report", "Reporting"),
    "year.report.reports": ("report",),
    "year.sources": ("LeftOut", "Reason"),
    "year.summarize.outcome": (
        "DuckDBMissingError",
        "NothingToSumError",
        "OthersFolderError",
        "Summary",
        "TooManyRowsError",
    ),
    "year.summarize.summarize": ("summarize",),
    "documents.mistakes": ("MasterError",),
}
_MODULES = {name: module for module, names in _PLACES.items() for name in names}

__all__ = [
    "AddressError",
    "Box",
    "By",
    "CannotMark",
    "Carried",
    "Carrying",
    "Cell",
    "Chain",
    "Cluster",
    "ClusterError",
    "Data",
    "DataError",
    "DateValue",
    "DefinitionError",
    "DuckDBMissingError",
    "Error",
    "ExpectationError",
    "Expected",
    "Field",
    "File",
    "Filed",
    "Finding",
    "Fix",
    "FixKind",
    "Form",
    "FormReturn",
    "FrequencyValue",
    "Held",
    "InUseError",
    "IndicatorValue",
    "Kind",
    "Layout",
    "LeftOut",
    "MasterError",
    "Misfit",
    "MonthsValue",
    "NoAccessError",
    "Note",
    "NoteKind",
    "NothingToCarryError",
    "NothingToReportError",
    "NothingToSumError",
    "Notice",
    "NoticeForm",
    "Notifying",
    "NumberValue",
    "OnceAYearError",
    "Op",
    "Origin",
    "OthersFolderError",
    "OutOfMemory",
    "OutOfTime",
    "Overview",
    "PatternError",
    "Period",
    "PeriodError",
    "PlacedCell",
    "PlacedRow",
    "Point",
    "Problem",
    "RangeValue",
    "Reason",
    "Record",
    "Report",
    "Reporting",
    "Required",
    "Return",
    "Role",
    "Roster",
    "RosterError",
    "RosterProblem",
    "RosterUnit",
    "RowKind",
    "Severity",
    "Source",
    "Stage",
    "Stamp",
    "Standing",
    "Status",
    "Stopped",
    "Submission",
    "Summary",
    "TooManyRowsError",
    "Type",
    "UnfitClusterError",
    "Unit",
    "UnitLine",
    "UnknownFormError",
    "WordValue",
    "WorkerDied",
    "Workers",
    "WouldOverwriteError",
    "__version__",
    "carry",
    "generate",
    "generate_each",
    "import_returns",
    "layout",
    "layouts",
    "load_forms",
    "marked",
    "notices",
    "read",
    "read_roster",
    "report",
    "summarize",
]


def __getattr__(name: str) -> object:
    """Import what is asked for when it is asked for: the command line starts without what it does not need."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
