"""Commands about forms and rules: forms, show, schema, lint, rules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from perfxl.cli.console import USAGE, form_of, load, meant, out, say, usage
from perfxl.cli.options import FormName, Templates


def list_forms(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="按 JSON 输出。")] = False,
    templates: Templates = None,
) -> None:
    """列出全部表式。"""
    from perfxl.reporting.show import forms_json, forms_table

    known = load(templates)
    out(forms_json(known.values()) if as_json else forms_table(known.values()))


def show_form(form: FormName, *, templates: Templates = None) -> None:
    """显示一个表式：各栏、填报要求、审核规则。"""
    from perfxl.reporting.show import form_text

    out(form_text(form_of(load(templates), form)))


def show_schema(form: FormName, *, templates: Templates = None) -> None:
    """输出一个表式数据的 JSON Schema。"""
    from perfxl.forms.data_schema import schema
    from perfxl.reporting.document import document

    out(document(schema(form_of(load(templates), form))).decode())


def lint_forms(
    folder: Annotated[
        Path | None, typer.Argument(metavar="文件夹", help="表样所在的文件夹，默认为自带的表样。")
    ] = None,
    *,
    tried: Annotated[
        bool, typer.Option("--try", help="再试填一遍：每一格填上内容，交回读取，看是否都回到原处。")
    ] = False,
) -> None:
    """检查表样的写法，一次列出全部错误。"""
    from perfxl.forms.definition.load import DEFINITION, definitions, file_of, lint, shipped
    from perfxl.trial.office import soffice, try_formulas
    from perfxl.trial.proof import try_form, try_inputs, try_looks

    place = folder or shipped()
    if not place.is_dir():
        usage(f"没有“{place}”这个文件夹")
    known, found = lint([place])
    newest = {path.parent.name: path for path in definitions([place])}
    files = {newest[name].as_posix(): form for name, form in known.items()}
    for name, form in known.items():
        files |= {file_of(one, newest[name]).as_posix(): one for one in form.older}
    attempts = (try_form, try_looks) if tried else (try_inputs,)
    found = (
        *found,
        *(problem for file, form in files.items() for attempt in attempts for problem in attempt(form, file)),
    )
    if tried and not found and (program := soffice()) is not None:
        found = try_formulas(files, program)
    for problem in sorted(found):
        out(f"{problem}\n")
    if found:
        say(f"共有 {len(found)} 处错误")
        raise typer.Exit(USAGE)
    if not known:
        usage(f"“{place}”里没有表样（{DEFINITION}）")
    say(f"{len(known)} 个表式没有错误")


def show_rules(
    code: Annotated[str | None, typer.Argument(metavar="代码", help="如 M06；不写则列出全部。")] = None,
    *,
    templates: Templates = None,
) -> None:
    """列出审核规则，或解释一条；有 --templates 的，表样自定的代码也在内。"""
    from perfxl.reporting.rulebook import explain, overview
    from perfxl.rules.catalog import CATALOG
    from perfxl.rules.own import own_rule

    forms = [form for form in load(templates).values() if form.codes] if templates else []
    if code is None:
        out(overview(CATALOG.values()))
        for form in forms:
            out(f"\n{form.title}（{form.id}）{overview(map(own_rule, form.codes.values()))}")
        return
    wanted = code.upper()
    own = [(form, form.codes[wanted]) for form in forms if wanted in form.codes]
    for form, one in own:
        out(f"{form.title}（{form.id}）\n{explain(own_rule(one))}")
    if own:
        return
    rule = CATALOG.get(wanted)
    if rule is None:
        usage(f"没有代码“{code}”{meant(wanted, CATALOG)}；全部代码见 perfxl rules，自定的另加 --templates")
    out(explain(rule))
