"""What is said of a file that a worker was lost on: it took too long or too much memory, or the process died (F03, F13)."""

from __future__ import annotations

from perfxl.model.finding import Finding, Severity
from perfxl.package.limits import Limits
from perfxl.receive.run import Lost

_LIGHTER = "请删去图片、附件、多余的工作表和空行，另存后重新交回"


def explain(lost: Lost, limits: Limits) -> Finding:
    """Return the finding that says why there is no outcome, and what to do."""
    match lost:
        case Lost.TIME:
            message = f"读取这个文件超过 {limits.max_seconds:g} 秒还没有读完，已停止。{_LIGHTER}"
            return Finding("F13", Severity.ERROR, message)
        case Lost.MEMORY:
            message = f"读取这个文件需要的内存超过允许的 {limits.max_memory // 1_000_000} MB，已停止。{_LIGHTER}"
            return Finding("F03", Severity.ERROR, message)
        case Lost.DIED:
            message = "读取这个文件时程序意外中断，没有读完；请保留原件并告知维护人员，其余文件不受影响"
            return Finding("F13", Severity.ERROR, message)
