"""One form for the terminal, band by band, and the list of all forms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from perfxl.model.carry import Carry, Take, YearSpan
from perfxl.model.form import Band, Block, Entry, Field, Form, Label, Look, Required, Row, Section, Table
from perfxl.model.stage import BUDGET
from perfxl.reporting.document import document
from perfxl.reporting.spoken import spoken
from perfxl.reporting.typeset import columns, padded
from perfxl.reporting.wording import plain
from perfxl.rules.own import rule_in

_SPANS = {YearSpan.SAME: "同一年度", YearSpan.NEXT: "上一年度", YearSpan.FOLLOWING: "上一期"}


def forms_table(forms: Iterable[Form]) -> str:
    """Return the list of forms as a table: id, title, region, stage, year, numbers of fields and rules."""
    listed = list(forms)
    rows = [("编号", "名称", "地区", "环节", "年度", "填报项", "规则")]
    rows += [
        (
            form.id,
            form.title,
            form.region,
            form.stage.label,
            form.year_basis,
            str(_fields(form)),
            str(len(form.rules)),
        )
        for form in listed
    ]
    widths = [max(columns(row[n]) for row in rows) for n in range(len(rows[0]))]
    lines = ["  ".join(padded(text, width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines += [
        f"{form.id} 现用 {form.version} 版，另有旧版：{'、'.join(one.version for one in form.older)}"
        for form in listed
        if form.older
    ]
    return "\n".join(lines) + "\n"


def forms_json(forms: Iterable[Form]) -> str:
    """Return the list of forms as a JSON array."""
    listed = [
        {
            "id": form.id,
            "title": form.title,
            "version": form.version,
            "older": [one.version for one in form.older],
            "region": form.region,
            "stage": form.stage.name,
            **({} if form.chain.name == BUDGET.name else {"chain": form.chain.name}),
            "year_basis": form.year_basis,
            "fields": _fields(form),
            "rules": len(form.rules),
        }
        for form in forms
    ]
    text = document({"forms": listed}).decode()
    # The encoder takes one object: the array is what stands inside it.
    inner = text[text.index("[") : text.rindex("]") + 1]
    return "\n".join(line.removeprefix("  ") for line in inner.split("\n")) + "\n"


def stage_said(form: Form) -> str:
    """Return the stage of a form, with its chain where that is not the usual one."""
    return form.stage.label if form.chain.name == BUDGET.name else f"{form.chain.title}的{form.stage.label}"


def _fields(form: Form) -> int:
    return sum(not field.hidden for field in form.fields.values())


def form_text(form: Form) -> str:
    """Return one form: who it is for, its bands from top to bottom with every field, its rules, what it takes over."""
    older = f"，另有旧版 {'、'.join(one.version for one in form.older)}" if form.older else ""
    head = [
        f"{form.title}（{form.id}，{form.version} 版{older}）",
        f"地区：{form.region}　环节：{stage_said(form)}　年度：{form.year_basis}",
        f"金额单位：{form.money}　工作表：{'、'.join(part.sheet for part in form.parts)}",
        "",
        "一、各栏",
    ]
    bands = [line for part in form.parts for line in _on_sheet(form, part)]
    lines = [*head, *bands, "", "二、审核规则"]
    lines += [f"  {line}" for line in _rules(form)]
    if form.carries:
        lines += ["", "三、从别的表带入", *(f"  {line}" for carry in form.carries for line in _carry(form, carry))]
    return "\n".join(lines) + "\n"


def _on_sheet(form: Form, part: Form) -> Iterator[str]:
    """Yield what stands on a sheet; of a form on several, below its name."""
    if form.sheets:
        yield f"  工作表“{part.sheet}”："
    yield from _bands(form, part.bands, "    " if form.sheets else "  ")


def _bands(form: Form, bands: Iterable[Band], indent: str) -> Iterator[str]:
    for band in bands:
        match band:
            case Section():
                yield f"{indent}【{_flat(band.spine.text)}】"
                yield from _bands(form, band.bands, indent + "  ")
            case Block():
                yield f"{indent}以下重复填写，空白表 {band.count} 次，可增加（{_rows(band.path)}）："
                if band.spine is not None:
                    yield f"{indent}  {_field(form.fields[band.spine.path], form)}"
                yield from _bands(form, band.bands, indent + "  ")
            case Table():
                yield from _table(form, band, indent)
            case Row():
                yield from _row(form, band, indent)


def _row(form: Form, row: Row, indent: str) -> Iterator[str]:
    for piece in row.pieces:
        if isinstance(piece, Entry):
            for path in (piece.path, *piece.others):
                yield f"{indent}{_field(form.fields[path], form)}"
        elif isinstance(piece, Label) and piece.look is Look.TITLE:
            yield f"{indent}标题：{_flat(piece.text)}"


def _table(form: Form, table: Table, indent: str) -> Iterator[str]:
    per = "每个二级指标 " if table.groups else " "
    printed = f"，印好 {len(table.printed)} 行" if table.printed else f"，空白表{per}{table.rows} 行"
    yield f"{indent}可增行的表{printed}（{_rows(table.path)}）："
    for group in table.groups:
        yield f"{indent}  {_flat(group.text)}：{'、'.join(group.below)}"
    seen: set[str] = set()
    for entry in table.entries:
        if entry.path not in seen:
            seen.add(entry.path)
            yield f"{indent}  {_field(form.fields[entry.path], form)}"
    if table.beside is not None:
        yield f"{indent}右边并列："
        yield from _table(form, table.beside, indent + "  ")


def _rows(path: str) -> str:
    """Say how the rows of a table are called: data counts them from 0."""
    name = path.replace("[]", "[0]")
    return f"数据名称 {name}，从 {name}[0] 数起"


def _field(field: Field, form: Form) -> str:
    facts = [field.type.traits.chinese]
    if field.computed:
        facts.append(
            "自动填入"
            if field.lookup
            else "自动计算"
            if field.formula is None
            else f"自动计算：{spoken(field.formula, form)}"
        )
    if field.required is not Required.NO:
        facts.append("必填" if field.required is Required.ALWAYS else "填了本行就必填")
    if field.needed is not None:
        facts.append(f"必填的条件：{spoken(field.needed, form)}")
    if field.barred is not None:
        facts.append(f"不填的条件：{spoken(field.barred, form)}")
    if field.minimum is not None and field.maximum is not None:
        facts.append(f"{plain(field.minimum)} 到 {plain(field.maximum)}")
    elif field.minimum is not None:
        facts.append(f"不小于 {plain(field.minimum)}")
    elif field.maximum is not None:
        facts.append(f"不大于 {plain(field.maximum)}")
    if field.length is not None:
        facts.append(f"不超过 {field.length} 字")
    if field.list:
        facts.append(f"从清单 {field.list} 的 {len(field.choices)} 项中选")
    elif field.choices:
        # Who prefills the field needs the value, who reads the form its word.
        words = ((choice.value, choice.word) for choice in field.choices)
        facts.append("、".join(value if value == word else f"{value}（{word}）" for value, word in words))
    if isinstance(field.preset, Decimal):
        facts.append(f"印好 {plain(field.preset)}")
    return f"{field.label}（{'，'.join(facts)}）　数据名称 {field.path.replace('[]', '[0]')}"


def _rules(form: Form) -> Iterator[str]:
    for rule in form.rules:
        title = rule_in(form, rule.code).title
        at = rule.over or rule.at or next(iter(rule.pairs), "")
        where = form.groups.get(at) or _label(form, at)
        yield f"{rule.code} {title}" + (f"　{where}" if where else "")


def _label(form: Form, path: str) -> str:
    field = form.fields.get(path)
    return field.label if field is not None else ""


def _flat(text: str) -> str:
    return "".join(text.split())


def _carry(form: Form, carry: Carry) -> Iterator[str]:
    """Yield what a form takes over from another one, what is then locked marked."""
    yield f"{carry.source}（{_SPANS[carry.span]}）"
    if carry.takes:
        yield f"  {_taken(form, carry.takes, '')}"
    for rows in carry.tables:
        named = form.groups.get(rows.table, rows.table)
        yield f"  【{named}】{_taken(form, rows.takes, f'{named} › ')}"


def _taken(form: Form, takes: Iterable[Take], above: str) -> str:
    """Return what is taken, in the words of the form below ``above``."""
    said = ((form.fields[take.path].label.removeprefix(above), take.locked) for take in takes)
    return "、".join(f"{label}{'（锁定）' if locked else ''}" for label, locked in said)
