"""The master of the 退回通知: a section of its own for each return, its pages numbered from 1."""

from __future__ import annotations

from perfxl.documents.masters.paper import package, paragraph, section_end


def notice() -> bytes:
    """Return the master."""
    return package("".join((*_opening(), *_errors(), *_what_to_do(), *_warnings(), *_closing())), "退回通知")


def _opening() -> tuple[str, ...]:
    return (
        paragraph("{%p for notice in notices %}"),
        paragraph("关于退回{% if notice.title %}{{ notice.title }}{% else %}所报文件{% endif %}的通知", "Title"),
        paragraph("", "Gap"),
        paragraph("{% if notice.unit %}{{ notice.unit }}{% else %}报送单位{% endif %}：", "Addressee"),
        paragraph(
            "你单位报送的{% if notice.form %}{{ notice.form }}（{% part %}项目：{{ notice.project }}；{% endpart %}"
            "文件：{{ notice.file }}）已经审核，有错误{{ notice.error_count }}处{% else %}文件“{{ notice.file }}”没有能够审核"
            "{% endif %}，现予退回。请按下列意见改正，{% part %}于{{ notice.deadline }}前{% endpart %}重新报送。"
        ),
    )


def _points(of: str) -> tuple[str, ...]:
    return (
        paragraph(f"{{%p for point in notice.{of} %}}"),
        paragraph(
            "{{ loop.index }}.{% part %}{{ point.place }}：{% endpart %}{{ point.message }}。"
            "{% part %}建议改为：{{ point.suggestion }}。{% endpart %}{% part %}处理办法：{{ point.remedy }}。{% endpart %}"
        ),
        paragraph("{%p endfor %}"),
    )


def _errors() -> tuple[str, ...]:
    return (
        paragraph("一、须改正的错误（{{ notice.error_count }}处）", "Heading1"),
        *_points("errors"),
        paragraph("{%p part %}"),
        paragraph(
            "其余{{ notice.more_errors }}处{% if notice.marked %}见标注件的“错误清单”{% else %}另行告知{% endif %}。"
        ),
        paragraph("{%p endpart %}"),
    )


def _what_to_do() -> tuple[str, ...]:
    return (
        paragraph("二、怎样改正", "Heading1"),
        paragraph("{%p if notice.marked %}"),
        paragraph(
            "请打开随本通知发还的标注件“{{ notice.marked }}”：红底的格是错误，黄底的格请核实，原因写在格的批注里，"
            "“错误清单”逐条列出。在标注件上改好、保存，直接报送即可，颜色和批注不用自己去掉。"
        ),
        paragraph("{%p else %}"),
        paragraph("请按上列意见处理，用下发的空表填报后重新报送；不要改动表上印好的文字和栏目。"),
        paragraph("{%p endif %}"),
    )


def _warnings() -> tuple[str, ...]:
    return (
        paragraph("{%p if notice.warnings or notice.more_warnings %}"),
        paragraph("三、请核实的内容（{{ notice.warning_count }}处）", "Heading1"),
        paragraph("以下各处可能有误，请一并核实；核实无误的，不用改动。"),
        *_points("warnings"),
        paragraph("{%p part %}"),
        paragraph(
            "其余{{ notice.more_warnings }}处{% if notice.marked %}见标注件的“错误清单”{% else %}另行告知{% endif %}。"
        ),
        paragraph("{%p endpart %}"),
        paragraph("{%p endif %}"),
    )


def _closing() -> tuple[str, ...]:
    return (
        paragraph("", "Gap"),
        paragraph("（审核单位盖章）", "Closing"),
        paragraph("年　　月　　日", "Closing"),
        paragraph("{%p if not loop.last %}"),
        section_end(),
        paragraph("{%p endif %}"),
        paragraph("{%p endfor %}"),
    )
