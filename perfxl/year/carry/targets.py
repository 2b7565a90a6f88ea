"""Which workbooks there are to be: whose, for which project and year, from which sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from perfxl.forms.outgoing import Outgoing
from perfxl.model.carry import Carry
from perfxl.model.error import Error
from perfxl.model.form import Form
from perfxl.model.period import Period
from perfxl.model.roster import Roster, RosterUnit, code_key, name_key
from perfxl.model.submission import Unit
from perfxl.rules.versions import codes_by_name
from perfxl.year.sources import LeftOut, Reason, SourceForm, Survey


class NothingToCarryError(Error):
    """None of the forms given is one that the form takes from; ``sources`` are those that it does."""

    def __init__(self, form: Form, sources: tuple[Form, ...]) -> None:
        self.form = form
        self.sources = sources
        super().__init__(form, sources)

    def __str__(self) -> str:
        if not self.sources:
            return f"《{self.form.title}》没有可以带入的表（它的表样里没有写 carry）"
        named = "、".join(f"《{source.title}》（{source.id}）" for source in self.sources)
        return f"给出的结果里没有可以带入《{self.form.title}》的表；它从这些表带入：{named}"


class CarryTarget(Struct, frozen=True):
    """A workbook to be. ``project`` is "" for a form of the whole unit, ``scope`` 汇总 or 本级 where the sources say so."""

    unit: Unit
    scope: str
    project: str
    period: Period
    entries: tuple[SourceForm, ...]

    @property
    def year(self) -> int | None:
        return self.period.year

    @property
    def unit_said(self) -> str:
        """The unit as its form names it."""
        return f"{self.unit.name or ''}{f'（{self.scope}）' if self.scope else ''}"


class Plan(Struct, frozen=True):
    """The workbooks to be, in their order; what is left out; what else there is to say, in Chinese."""

    targets: tuple[CarryTarget, ...]
    left_out: tuple[LeftOut, ...]
    remarks: tuple[str, ...]


def plan(
    survey: Survey,
    form: Form,
    forms: Mapping[str, Form],
    year: int | None,
    roster: Roster | None,
    period: Period | None = None,
) -> Plan:
    """Return what is to be made of what counts: one workbook for each unit (and project) and period.

    ``year`` is the year that was asked for, ``period`` the part of it; else it is what the sources and the mappings say.
    Units stand in the order of the roster, else by code, name, project. Raises NothingToCarryError.
    """
    carries = {carry.source: carry for carry in form.carries}
    held = {entry.form for entry in survey.entries} | {name for one in survey.left_out for name in one.forms}
    if not held & carries.keys():
        raise NothingToCarryError(form, tuple(forms[name] for name in carries if name in forms))
    work = _Planning(form, forms, carries, year if period is None else period.year, roster)
    usable = [entry for entry in survey.entries if work.takes(entry)]
    groups = work.by_period(work.by_unit(usable))
    groups = groups if period is None else [*work.of_period(groups, period)]
    targets = [target for target in map(work.target, groups) if target is not None]
    used = {entry for target in targets for entry in target.entries}
    remarks = [said for entry, said in survey.undecided if entry in used]
    left_out = (*survey.left_out, *work.left_out)
    return Plan(tuple(work.ordered(targets)), left_out, (*remarks, *work.remarks, *work.listed(targets)))


class _Group(Struct, frozen=True):
    """Entries that belong together."""

    scope: str
    period: Period
    entries: tuple[SourceForm, ...]


class _Planning:
    def __init__(
        self,
        form: Form,
        forms: Mapping[str, Form],
        carries: Mapping[str, Carry],
        year: int | None,
        roster: Roster | None,
    ) -> None:
        self.form = form
        self.forms = forms
        self.carries = carries
        self.year = year
        self.roster = roster
        self.dated = Outgoing.of(form).prints_year()
        self.left_out: list[LeftOut] = []
        self.remarks: list[str] = []

    def leave(self, entry: SourceForm, said: str) -> None:
        title = self.forms[entry.form].title
        self.left_out.append(LeftOut(entry.document.name, Reason.UNCALLED, f"里的《{title}》{said}", (entry.form,)))

    def takes(self, entry: SourceForm) -> bool:
        """Tell whether the form takes from an entry, and whose it is can be told."""
        if entry.form not in self.carries:
            self.leave(entry, f"没有采用：《{self.form.title}》不从它带入")
        elif not entry.unit.code and not name_key(entry.unit.name or ""):
            self.leave(entry, "没有采用：看不出是哪个单位的")
        elif self.form.many and not name_key(entry.project):
            self.leave(entry, "没有采用：没有项目名称")
        else:
            return True
        return False

    # -- who belongs together -------------------------------------------------------------------------------------------

    def by_unit(self, entries: Sequence[SourceForm]) -> list[_Group]:
        """Group entries by unit, and by project for a form of projects.

        A unit is known by its code, else by its name; the roster, or another source with both, tells the code of a name.
        """
        codes = codes_by_name(entry.unit for entry in entries)
        if self.roster is not None:
            codes |= codes_by_name(Unit(unit.name, unit.code) for unit in self.roster.units)
        groups: dict[tuple[str, str], dict[str, list[SourceForm]]] = defaultdict(lambda: defaultdict(list))
        for entry in entries:
            name = name_key(entry.unit.name or "")
            whose = code_key(entry.unit.code or "") or codes.get(name, "") or name
            about = name_key(entry.project) if self.form.many else ""
            groups[whose, about][entry.scope].append(entry)
        order = {entry: number for number, entry in enumerate(entries)}
        return [group for scopes in groups.values() for group in _scoped(scopes, order)]

    def by_period(self, groups: Iterable[_Group]) -> list[_Group]:
        """Part groups by the period of the new form; where a year is asked for, take what is of it."""
        found = []
        for group in groups:
            periods: dict[Period, list[SourceForm]] = defaultdict(list)
            unknown: list[SourceForm] = []
            for entry in group.entries:
                period = self.new_period(entry)
                (periods[period] if period is not None else unknown).append(entry)
            if self.year is not None:
                found += self.asked_for(group, periods, unknown)
            elif len(periods) == 1:
                ((only, some),) = periods.items()
                found.append(replace(group, period=only, entries=self.in_order(group, [*some, *unknown])))
            else:
                found += [replace(group, period=one, entries=tuple(periods[one])) for one in sorted(periods, key=_rank)]
                if unknown:
                    found.append(replace(group, period=self.unknown(None), entries=tuple(unknown)))
        return [self.latest(group) for group in found]

    def of_period(self, groups: Iterable[_Group], period: Period) -> Iterator[_Group]:
        """Yield what leads to a period, and what leads to no part of its year that is known."""
        for group in groups:
            if not group.period.known or group.period == period:
                yield replace(group, period=period)
                continue
            for entry in group.entries:
                self.leave(entry, f"用于{group.period.said}，要的是{period.said}，没有采用")

    def new_period(self, entry: SourceForm) -> Period | None:
        """Return the period of the new form that an entry leads to, None where its year is not known."""
        if entry.year is None:
            return None
        source = replace(entry.period, year=entry.year)
        return self.carries[entry.form].span.period(source, self.form.identity.length)

    def unknown(self, year: int | None) -> Period:
        """Return a period of the new form of which nothing but the year is known."""
        return Period(year, 0, 0) if self.form.identity.parts else Period(year)

    def latest(self, group: _Group) -> _Group:
        """Leave out what earlier periods say on a form (of a project), where several lead to one longer one: nothing is added up."""
        last: dict[tuple[str, str], Period] = {}
        for entry in group.entries:
            known = last.setdefault(_about(entry), entry.period)
            last[_about(entry)] = max(known, entry.period, key=_rank)
        kept = []
        for entry in group.entries:
            later = last[_about(entry)]
            if entry.period == later or entry.period.year is None:
                kept.append(entry)
            else:
                self.leave(entry, f"是 {entry.period.said}的，没有采用：以最后一期（{later.said}）的为准，各期不相加")
        return replace(group, entries=tuple(kept))

    def asked_for(
        self, group: _Group, periods: Mapping[Period, list[SourceForm]], unknown: Sequence[SourceForm]
    ) -> list[_Group]:
        """Return the groups of the year that was asked for: what leads to it, else what leads to the latest year."""
        years = [one.year for one in periods if one.year is not None]
        chosen = self.year if self.year in years or not years else max(years)
        for one, some in periods.items():
            for entry in some:
                if one.year != chosen:
                    self.leave(entry, f"是 {entry.year} 年度的，没有用于 {self.year} 年度")
                elif one.year != self.year:
                    title = self.forms[entry.form].title
                    self.remarks.append(
                        f"“{entry.document.name}”里的《{title}》是 {entry.year} 年度的，按要求用于 {self.year} 年度；请核对"
                    )
        taken = {one: some for one, some in periods.items() if one.year == chosen} or {self.unknown(self.year): []}
        found = []
        for one, some in sorted(taken.items(), key=lambda pair: _rank(pair[0])):
            entries = self.in_order(group, [*some, *(unknown if len(taken) == 1 else ())])
            if entries:
                found.append(replace(group, period=replace(one, year=self.year), entries=entries))
        if len(taken) > 1:
            for entry in unknown:
                self.leave(entry, "没有采用：看不出是哪一期的")
        return found

    @staticmethod
    def in_order(group: _Group, entries: Iterable[SourceForm]) -> tuple[SourceForm, ...]:
        wanted = set(entries)
        return tuple(entry for entry in group.entries if entry in wanted)

    def target(self, group: _Group) -> CarryTarget | None:
        """Return the workbook of a group; None where there are only sources that complete what others bring, or no year."""
        if group.period.year is None and self.dated:
            for entry in group.entries:
                self.leave(entry, f"没有采用：看不出是哪一年的，《{self.form.title}》上印有年度；请用 --year 写明")
            return None
        main = [entry for entry in group.entries if not self.carries[entry.form].supplements]
        if not main:
            for entry in group.entries:
                others = "、".join(
                    f"《{self.forms[name].title}》" for name, carry in self.carries.items() if not carry.supplements
                )
                self.leave(entry, f"没有采用：它只补充{others}带入的内容，没有同一单位的那一份")
            return None
        unit = self.unit([*main, *group.entries])
        about = main[0].project if self.form.many else ""
        return CarryTarget(unit, group.scope, about, group.period, group.entries)

    def unit(self, entries: Sequence[SourceForm]) -> Unit:
        """Return the unit of some entries: the first name, the first code, else the roster's."""
        name = next((entry.unit.name for entry in entries if entry.unit.name), None)
        code = next((entry.unit.code for entry in entries if entry.unit.code), None)
        listed = self.roster_unit(Unit(name, code))
        return Unit(name or (listed.name if listed else None), code or (listed.code if listed else None))

    # -- the roster -----------------------------------------------------------------------------------------------------

    def roster_unit(self, unit: Unit) -> RosterUnit | None:
        if self.roster is None:
            return None
        by_code = self.roster.by_code(unit.code) if unit.code else None
        named = self.roster.by_name(unit.name) if unit.name else ()
        return by_code or (named[0] if len(named) == 1 else None)

    def ordered(self, targets: Sequence[CarryTarget]) -> list[CarryTarget]:
        rows = [unit.row for unit in self.roster.units] if self.roster is not None else []
        places = {row: number for number, row in enumerate(rows)}

        def key(target: CarryTarget) -> tuple[int, bool, str, str, str, str, tuple[int, int, int]]:
            listed = self.roster_unit(target.unit)
            code, name = code_key(target.unit.code or ""), name_key(target.unit.name or "")
            place = places[listed.row] if listed is not None else len(places)
            return place, not code, code, name, target.scope, name_key(target.project), target.period.rank

        return sorted(targets, key=key)

    def listed(self, targets: Sequence[CarryTarget]) -> list[str]:
        """Say which units of the roster have nothing to be carried, and which are not in it."""
        if self.roster is None:
            return []
        found = [(target, self.roster_unit(target.unit)) for target in targets]
        there = {unit.row for _, unit in found if unit is not None}
        lacking = [unit.name for unit in self.roster.units if unit.row not in there]
        strange = dict.fromkeys(target.unit.name or target.unit.code or "" for target, unit in found if unit is None)
        said = []
        if lacking:
            said.append(f"名册里有 {len(lacking)} 个单位没有可以带入的结果：{_few(lacking)}")
        if strange:
            said.append(f"有 {len(strange)} 个单位不在名册里，排在最后：{_few(list(strange))}")
        return said


def _scoped(scopes: Mapping[str, list[SourceForm]], order: Mapping[SourceForm, int]) -> list[_Group]:
    """Part the entries of a unit into 汇总 and 本级; what does not say which goes with the only ones that do."""
    named = [scope for scope in scopes if scope]
    if len(named) != 1 or len(scopes) == 1:
        return [_Group(scope, Period(), tuple(some)) for scope, some in scopes.items()]
    together = sorted((entry for some in scopes.values() for entry in some), key=lambda entry: order[entry])
    return [_Group(named[0], Period(), tuple(together))]


def _about(entry: SourceForm) -> tuple[str, str]:
    return entry.form, name_key(entry.project)


def _rank(period: Period) -> tuple[int, int, int]:
    return period.rank


def _few(names: Sequence[str]) -> str:
    return "、".join(names[:10]) + ("等" if len(names) > 10 else "")
