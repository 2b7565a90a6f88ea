"""Forms that units fill in sensibly, and how each is typed into a blank: the stories are in ``clients/sensible``.

A story of a project is told in each form of its year, from the declaration to the self-evaluation; a story of a
department in the department forms of all regions. Texts are typed as they stand in the story.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from perfxl.api import layout
from perfxl.forms.definition.load import load_forms
from perfxl.model.address import cell_name
from perfxl.model.form import Form
from perfxl.model.layout import Layout, PlacedCell, Role

STORIES = Path(__file__).resolve().parent.parent / "clients" / "sensible"
TICK = "√"
FORMS = load_forms()

Story: TypeAlias = Mapping[str, Any]
Step: TypeAlias = dict[str, object]


@dataclass(frozen=True)
class Row:
    """What is typed into a row of a table: under which 二级 ("" where it has none), and the texts by field."""

    table: str
    group: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Filled:
    """A form as a unit fills it in: the texts of its fields by path, the rows of its tables.

    ``suffix`` says what it is saved as. ``signed`` is typed below the form, "" where nothing is. Where it is ``tidied``,
    the rows of growing tables that were not needed are deleted at the end.
    """

    form: Form
    year: int
    texts: Mapping[str, str]
    rows: tuple[Row, ...]
    suffix: str
    signed: str
    tidied: bool

    @cached_property
    def blank(self) -> Layout:
        return layout(self.form, year=self.year)

    def steps(self, sheet: str = "") -> list[Step]:
        """Return what a person does: insert rows where a 二级 has too few, type, tidy up and sign."""
        inserted = sorted(self._inserted())
        steps: list[Step] = [{"unprotect": ""}] if inserted or self.signed or self.tidied else []
        steps += [{"insert_rows": 1, "before": row} for row in reversed(inserted)]
        for row, further, column, text in self._typed():
            moved = row + sum(at <= row for at in inserted) + further
            steps += [{"cell": cell_name(moved, column), "type": text}] if text else []
        if self.signed:
            steps.append({"cell": cell_name(len(self.blank.rows) + len(inserted) + 1, 1), "type": self.signed})
        if self.tidied:
            steps += [{"delete_rows": len(rows), "from": rows[0]} for rows in self._unused()]
        return [{"sheet": sheet or self.form.sheet, **step} for step in steps]

    def _unused(self) -> list[list[int]]:
        """Return the rows of tables that were begun into which nothing is typed, run by run, the last first."""
        begun = {row.table for row in self.rows}
        used = {row + further for row, further, _, _ in self._typed()}
        left = sorted({row for (table, _), rows in self._lines.items() if table in begun for row in rows} - used)
        runs = groupby(enumerate(left), key=lambda each: each[1] - each[0])
        return [[row for _, row in run] for _, run in runs][::-1]

    def _inserted(self) -> Iterator[int]:
        """Yield the rows before which one is inserted: the last of its 二级, so that its merged label grows."""
        for key, count in Counter((row.table, row.group) for row in self.rows).items():
            lines = self._lines[key]
            yield from [lines[-1]] * (count - len(lines))

    def _typed(self) -> Iterator[tuple[int, int, int, str]]:
        """Yield a row of the blank, how many rows below it, the column and the text."""
        for path, text in self.texts.items():
            field, _, option = path.partition("=")
            cell = self._cells[field, option]
            yield cell.box.row, 0, cell.box.column, _with_caption(cell, text)
        counted: Counter[tuple[str, str]] = Counter()
        for row in self.rows:
            lines = self._lines[row.table, row.group]
            number = counted[row.table, row.group]
            counted[row.table, row.group] += 1
            for name, text in row.texts.items():
                field, _, option = name.partition("=")
                cell = self._cells[f"{row.table}[{self._index(row.table, lines[0])}].{field}", option]
                yield lines[0], number, cell.box.column, text

    def _index(self, table: str, row: int) -> int:
        """Return the number of a row in its table."""
        return next(
            int(path[len(table) + 1 :].partition("]")[0])
            for (path, _), cell in self._cells.items()
            if path.startswith(f"{table}[") and cell.box.row == row
        )

    @cached_property
    def _cells(self) -> dict[tuple[str, str], PlacedCell]:
        return {
            (cell.path, cell.option): cell
            for cell in self.blank.cells
            if cell.role is Role.INPUT and cell.field is not None and not cell.field.level
        }

    @cached_property
    def _lines(self) -> dict[tuple[str, str], list[int]]:
        """The rows of each table and 二级."""
        levels: dict[tuple[str, int], str] = {}
        for cell in self.blank.cells:
            if cell.field is not None and cell.field.level == 2:
                table = cell.path.rpartition("[")[0]
                levels |= {(table, row): cell.text for row in range(cell.box.row, cell.box.last_row + 1)}
        found: dict[tuple[str, str], list[int]] = {}
        for (path, _), cell in self._cells.items():
            table = path.rpartition("[")[0]
            if path.rpartition(".")[0].endswith("]") or cell.option:
                lines = found.setdefault((table, levels.get((table, cell.box.row), "")), [])
                if cell.box.row not in lines:
                    lines.append(cell.box.row)
        return found


def _with_caption(cell: PlacedCell, text: str) -> str:
    return f"{cell.caption.before}{text}{cell.caption.after}" if cell.caption is not None else text


def stories(kind: str) -> dict[str, Story]:
    """Return the stories of ``projects`` or ``departments`` by name."""
    return {path.stem: _as_texts(path) for path in sorted((STORIES / kind).iterdir())}


def _as_texts(path: Path) -> Story:
    story: Story = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - it makes nothing but texts
    return story


def sensible() -> dict[str, Filled]:
    """Return all forms, by the name of the story and that of the form."""
    ways = {"projects": _PROJECT_FORMS, "departments": _DEPARTMENT_FORMS}
    told = (
        (name, story, tell) for kind, tells in ways.items() for name, story in stories(kind).items() for tell in tells
    )
    found: dict[str, Filled] = {}
    for name, story, tell in told:
        form_id, texts, rows = tell(story)
        if form_id in story.get("forms", [form_id]):
            found[f"{name}-{form_id}"] = Filled(
                FORMS[form_id],
                int(story["year"]),
                texts,
                tuple(rows),
                suffix=story["save_as"],
                signed=story.get("signed", ""),
                tidied="tidied" in story,
            )
    return found


def _lines(text: str) -> Iterator[list[str]]:
    for line in text.splitlines():
        yield [part.strip() for part in line.split("|")]


_Told: TypeAlias = tuple[str, dict[str, str], list[Row]]


def _declared(story: Story) -> _Told:
    texts = {key: story[key] for key in ("project_name", "supervisor", "implementing_unit", "attribute", "period")}
    texts |= {f"funds.mid.{key}": amount for key, amount in story["mid"].items()}
    texts |= {f"funds.annual.{key}": initial for key, initial, *_ in _lines(story["funds"])}
    texts |= {"goal.mid": story["goal"]["mid"], "goal.annual": story["goal"]["annual"]}
    mid = _lines(story.get("mid_indicators", ""))
    rows = [Row("mid_indicators", group, {"name": name, "target": target}) for group, name, target in mid]
    rows += [
        Row("annual_indicators", group, {"name": name, "target": target})
        for group, name, target, *_ in _lines(story["indicators"])
    ]
    return "mof-project-goal", texts, rows


def _monitored(story: Story) -> _Told:
    texts = {key: story[key] for key in ("project_name", "supervisor", "implementing_unit")}
    for key, initial, _, so_far, forecast, _ in _lines(story["funds"]):
        texts |= {
            f"funds.{key}.initial": initial,
            f"funds.{key}.executed": so_far,
            f"funds.{key}.forecast": forecast,
        }
    texts["goal"] = story["goal"]["annual"]
    said = {name: rest for name, *rest in _lines(story.get("monitored", ""))}
    rows = []
    for group, name, target, so_far, forecast, *_ in _lines(story["indicators"]):
        cells = {"name": name, "target": target, "executed": so_far, "forecast": forecast}
        if target:
            likelihood, causes, reason, remark = said.get(name, ["certain", "", "", ""])
            cells |= {f"likelihood={likelihood}": TICK, "reason": reason, "remark": remark}
            cells |= {f"cause.{cause}": TICK for cause in causes.split(",") if cause}
        rows.append(Row("indicators", group, cells))
    return "mof-project-monitor", texts, rows


def _evaluated(story: Story) -> _Told:
    texts = {key: story[key] for key in ("project_name", "supervisor", "implementing_unit")}
    texts |= _funds_of_evaluation(story)
    rows = [
        Row(
            "indicators",
            group,
            {"name": name, "target": target, "actual": actual, "weight": weight, "score": score, "reason": reason},
        )
        for group, name, target, _, _, actual, weight, score, reason in _lines(story["indicators"])
    ]
    return "mof-project-self-eval", texts, rows


def _evaluated_jilin(story: Story) -> _Told:
    texts = {key: story[key] for key in ("project_name", "implementing_unit")} | _funds_of_evaluation(story)
    rows = [
        Row("indicators", _satisfaction(group), {"name": name, "target": target, "actual": actual, "reason": reason})
        for group, name, target, _, _, actual, _, _, reason in _lines(story["indicators"])
    ]
    return "jilin-project-self-eval", texts, rows


def _funds_of_evaluation(story: Story) -> dict[str, str]:
    texts = {"goal.expected": story["goal"]["annual"], "goal.actual": story["goal"]["actual"]}
    for key, initial, budget, _, _, executed in _lines(story["funds"]):
        texts |= {
            f"funds.{key}.initial": initial,
            f"funds.{key}.budget": budget,
            f"funds.{key}.executed": executed,
        }
    return texts


def _satisfaction(group: str) -> str:
    return group.removeprefix("服务对象") if group.endswith("满意度指标") else group


def _hubei(group: str) -> str:
    return _satisfaction(group).replace("生态效益", "环境效益")


def _hubei_goal(story: Story) -> _Told:
    texts = {key: story[key] for key in ("unit_name", "fill_date", "preparer", "phone", "functions")}
    texts |= {
        "tasks": story["duties"],
        "overall.until": story["until"],
        "overall.long_term": story["long_term"],
        "overall.annual": story["annual_goal"],
    }
    for side in ("income", "expense"):
        for key, amount, prev2, prev1 in _lines(story[side]):
            row = f"funds.{side}.{key}"
            texts |= {f"{row}.amount": amount, f"{row}.prev2": prev2, f"{row}.prev1": prev1}
    columns = ("name", "category", "total_budget", "year_budget", "purpose")
    rows = [Row("projects", "", dict(zip(columns, line, strict=True))) for line in _lines(story["projects"])]
    for number, goal in enumerate(story["long_goals"]):
        texts[f"long_term_goals[{number}].statement"] = goal["statement"]
        rows += [
            Row(
                f"long_term_goals[{number}].indicators",
                _hubei(group),
                {"name": name, "target": target, "basis": basis},
            )
            for group, name, target, basis in _lines(goal["indicators"])
        ]
    for number, goal in enumerate(story["annual_goals"]):
        texts[f"annual_goals[{number}].statement"] = goal["statement"]
        rows += [
            Row(
                f"annual_goals[{number}].indicators",
                _hubei(group),
                {"name": name, "prev2": prev2, "prev1": prev1, "target": target, "basis": basis},
            )
            for group, name, prev2, prev1, target, basis, *_ in _lines(goal["indicators"])
        ]
    return "hubei-dept-goal", texts, rows


def _henan_goal(story: Story) -> _Told:
    form = FORMS["henan-dept-goal"]
    targets = dict(_lines(story["printed"]))
    texts = {"unit_name": story["unit_name"]}
    texts |= {f"goals[{number}].text": goal for number, goal in enumerate(story["own_goals"])}
    for cell in layout(form, year=int(story["year"])).cells:
        if cell.role is Role.PRINTED and cell.path.endswith(".name") and cell.text in targets:
            texts[cell.path.removesuffix("name") + "target"] = targets[cell.text]
    rows = [
        Row("tasks", "", {"name": name, "content": content, "budget_total": total, "budget_fiscal": fiscal})
        for name, content, _, total, fiscal in _lines(story["tasks"])
    ]
    rows += [
        Row("indicators", group, {"name": name, "target": target})
        for group, name, target in _lines(story["own_indicators"])
    ]
    return form.id, texts, rows


def _annual_indicators(story: Story) -> Iterator[list[str]]:
    for goal in story["annual_goals"]:
        yield from _lines(goal["indicators"])


def _hunan_evaluation(story: Story) -> _Told:
    initial, budget, executed = next(_lines(story["funds"]))
    texts = {
        "unit_name": story["unit_name"],
        "funds.total.initial": initial,
        "funds.total.budget": budget,
        "funds.total.executed": executed,
        "goal.expected": story["annual_goal"],
        "goal.actual": story["goal_result"],
    }
    for side in ("by_income", "by_expense"):
        texts |= {f"funds.{side}.{key}": amount for key, amount in story[side].items()}
    rows = [
        Row(
            "indicators",
            group,
            {"name": name, "target": target, "actual": actual, "weight": weight, "score": score, "reason": reason},
        )
        for group, name, _, _, target, _, actual, weight, score, reason in _annual_indicators(story)
    ]
    return "hunan-dept-self-eval", texts, rows


def _hunan_report(story: Story) -> _Told:
    on_duty, retired = next(_lines(story["staff"]))
    texts = {key: story[key] for key in ("unit_name", "organization", "functions", "fund_management")}
    texts |= {key: story[key] for key in ("problems", "measures")}
    texts |= {"staff.on_duty": on_duty, "staff.retired": retired, "goals": story["annual_goal"]}
    texts |= {f"spending.{key}": amount for key, amount in story["spending"].items()}
    texts |= {f"spending.{key}.amount": amount for key, amount in story["amounts"].items()}
    rows = [Row("by_function", "", {"name": name, "amount": amount}) for name, amount in _lines(story["by_function"])]
    rows += [Row("results", "", {"theme": theme, "text": text}) for theme, text in _lines(story["results"])]
    return "hunan-self-eval-report", texts, rows


def _jilin_evaluation(story: Story) -> _Told:
    texts = {key: story[key] for key in ("unit_name", "annual_goal", "goal_result")}
    rows = [
        Row("tasks", "", {"name": name, "content": content, "result": result})
        for name, content, result, *_ in _lines(story["tasks"])
    ]
    rows += [
        Row("indicators", _satisfaction(group), {"name": name, "target": target, "actual": actual})
        for group, name, _, _, target, _, actual, *_ in _annual_indicators(story)
    ]
    return "jilin-dept-self-eval", texts, rows


_PROJECT_FORMS = (_declared, _monitored, _evaluated, _evaluated_jilin)
_DEPARTMENT_FORMS = (_hubei_goal, _henan_goal, _hunan_evaluation, _hunan_report, _jilin_evaluation)
