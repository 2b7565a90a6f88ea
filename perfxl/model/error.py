"""What goes wrong for whoever runs perfxl: its own errors, and those of the system in Chinese.

What is wrong in a returned file never raises; it is a finding.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping
from types import MappingProxyType


class Error(Exception):
    """What perfxl raises by itself; its text says in Chinese what is wrong. Files and folders raise OSError."""

    def __reduce__(self) -> tuple[Callable[..., Error], tuple[object, ...]]:
        """Come back from another process whole: Python would call the class with the text, which is not what it takes."""
        return _restored, (type(self), self.args, self.__dict__)


def _restored(kind: type[Error], args: tuple[object, ...], state: Mapping[str, object]) -> Error:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


def _reasons() -> Mapping[int, str]:
    """Return what each error number of the system means; not every system has every number."""
    said = {
        "ENOENT": "找不到这个文件或文件夹，可能已被移走或改名",
        "EACCES": "没有权限，或文件正被 Excel、WPS 等程序打开；请关闭那个程序，或换一个文件夹",
        "EPERM": "没有权限",
        "EROFS": "那里只能读，不能写（只读的磁盘或光盘）",
        "EEXIST": "那里已有一个同名的文件，不能再建文件夹",
        "ENOTDIR": "路径中有一段是文件，不是文件夹",
        "EISDIR": "这是一个文件夹，不是文件",
        "ENOTEMPTY": "那里已有一个同名的文件夹",
        "ENOSPC": "磁盘已满；请腾出空间，或换一个磁盘",
        "EDQUOT": "磁盘空间的配额已用完；请腾出空间，或换一个磁盘",
        "EFBIG": "文件太大，那个磁盘放不下",
        "ENAMETOOLONG": "名称或路径太长；请换一个短一些的",
        "EINVAL": "名称里有系统不允许的字符",
        "EILSEQ": "名称里有系统不允许的字符",
        "ELOOP": "那里是链接，指向别处或绕成了一圈；请改用真正的文件夹",
        "EBUSY": "正被别的程序占用；请关闭那个程序再试",
        "ETXTBSY": "正被别的程序占用；请关闭那个程序再试",
        "EIO": "磁盘读写出错；请检查磁盘或网络",
        "EMFILE": "打开的文件太多；请关闭一些程序再试",
        "ENFILE": "打开的文件太多；请关闭一些程序再试",
        "ENOMEM": "内存不足；请关闭一些程序再试",
        "ENODEV": "那个磁盘不在了；请检查连接",
        "ENXIO": "那个磁盘不在了；请检查连接",
        "ESTALE": "网络磁盘断开了；请重新连接",
        "ENOTCONN": "网络磁盘断开了；请重新连接",
        "EHOSTDOWN": "网络磁盘断开了；请重新连接",
        "EHOSTUNREACH": "网络磁盘断开了；请重新连接",
        "ENETDOWN": "网络磁盘断开了；请重新连接",
        "ENETUNREACH": "网络磁盘断开了；请重新连接",
        "ECONNRESET": "网络磁盘断开了；请重新连接",
        "ECONNABORTED": "网络磁盘断开了；请重新连接",
        "ETIMEDOUT": "网络磁盘没有回应；请检查网络",
        "EPIPE": "接收输出的程序已经关闭",
        "EXDEV": "不能移到另一个磁盘上",
    }
    return MappingProxyType({getattr(errno, name): text for name, text in said.items() if hasattr(errno, name)})


_REASONS = _reasons()


def reason_of(error: OSError) -> str:
    """Return in Chinese why the system did not do something. What the system says itself is English."""
    if error.errno is None:
        return "系统没有允许"
    return _REASONS.get(error.errno, f"系统没有允许（错误号 {error.errno}）")
