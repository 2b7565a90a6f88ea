"""Set perfxl up beside this file and run it: ``python run.py demo``, ``python run.py test [--all] [pytest's arguments]``.

Any other words go to perfxl as they are: ``python run.py forms``. Nothing but Python is needed. The environment
``.venv`` is made once, from the lock files with their hashes, and made anew when a lock, what the project asks for, the
Python or the folder is another one, or when making it was interrupted; otherwise the program starts at once. Where
making it fails, the one that was there before is put back, and the reason is said.
What the set-up has to say goes to stderr, so that stdout holds the program's output alone. The file itself is kept
readable for Python 3.6 and later (no ``from __future__ import annotations``), so that an old one gets a sentence.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

if sys.version_info < (3, 11):  # noqa: UP036 - the one file that an older Python gets to read; it has to say so
    sys.exit(
        "perfxl 需要 Python 3.11 或更高版本，当前为 {0}。请安装后再运行。\n"
        "perfxl needs Python 3.11 or newer, this is {0}.".format(".".join(map(str, sys.version_info[:3])))
    )

import tomllib

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BEFORE = ROOT / ".venv-before"
"""The environment that worked before, while another one is made in its place: programs of one know their folder."""
CLAIM = ROOT / ".venv-lock"
READY = "perfxl-ready"
RUN_LOCK = ROOT / "requirements.lock"
TEST_LOCK = ROOT / "requirements-dev.lock"
"""Holds all that ``RUN_LOCK`` holds, so an environment made for the tests serves perfxl too."""
ALL_LOCK = ROOT / "requirements-all.lock"
"""Holds all that ``TEST_LOCK`` holds, and what only the long tests need: setting it up takes twice as long."""
QUICK = ("-m", "not client and not slow")
"""The tests that take less than two minutes together; a later ``-m`` of the user's goes before it."""

CAUSES = (
    (
        r"No module named '?(?:ensurepip|venv)",
        "这个 Python 缺少 venv 组件",
        "Debian、Ubuntu 上请先运行：sudo apt-get install python3-venv",
    ),
    (r"No space left on device|Errno 28\b|WinError 112\b|Disk quota exceeded", "磁盘已满", "请清出至少 500 MB 空间"),
    (r"DO NOT MATCH THE HASHES", "下载到的文件与锁定的校验值不符", "多为下载不完整或镜像站的文件有误，请换一个软件源"),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLCertVerification",
        "与软件源的加密连接未通过验证",
        "请检查系统时间，以及单位的代理、证书设置",
    ),
    (r"ProxyError|Tunnel connection failed|\b407 Proxy", "代理服务器连不上", "请检查代理设置"),
    (
        r"NewConnectionError|ConnectTimeout|SSLError|timed out|Connection (?:refused|reset)|getaddrinfo|name resolution|unreachable",
        "连不上软件源",
        "请检查网络",
    ),
    (
        r"Permission denied|Errno 13\b|WinError (?:5|32)\b|Access is denied",
        "没有写入权限，或文件正被占用",
        "请关闭正在使用这个文件夹的程序",
    ),
    (
        r"No matching distribution found|Could not find a version",
        "软件源里没有所需的版本，或没有适合这个 Python 的",
        "请换一个软件源，或换 Python 3.11 至 3.14",
    ),
    (r"must have their versions pinned", "锁定文件不完整", "请告知维护人员，或换一个版本的 Python"),
    (
        r"subprocess-exited-with-error|Failed (?:to build|building)|metadata-generation-failed",
        "有组件没有适合这台电脑的安装包",
        "请换 64 位的 Python 3.11 至 3.14",
    ),
)
"""What pip, Python and the system say (first match counts), what it means, what to do."""


class SetUpError(Exception):
    """An environment that could not be made: what a program or the system said of it."""


def main(words: list[str]) -> int:
    """Make the environment where it is missing, run what the words ask for, return its exit code."""
    if words[:1] == ["test"]:
        if "--all" in words:
            prepare(ALL_LOCK, serving=[ALL_LOCK])
        else:
            prepare(TEST_LOCK, serving=[TEST_LOCK, ALL_LOCK])
        os.chdir(ROOT)
        # Tests start many processes, each of which would compile all modules anew.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        chosen = [word for word in words[1:] if word != "--all"]
        # Who has no test left takes of the others': those of programs take minutes, and would be waited for.
        spread = ("-n", "auto", "--dist", "worksteal")
        return start("python", "-m", "pytest", *spread, *(() if "--all" in words else QUICK), *chosen)
    prepare(RUN_LOCK, serving=[RUN_LOCK, TEST_LOCK, ALL_LOCK])
    return start("perfxl", *words)


def prepare(lock: Path, *, serving: list[Path]) -> None:
    """Make the environment from a lock, unless one made from any of ``serving`` stands there whole.

    Raises SystemExit with a sentence for the user and exit code 3 where that fails; the environment that was there
    before is then there again.
    """
    if serves(serving):
        return
    try:
        with claimed():
            if BEFORE.exists() and not whole(VENV):  # making was ended from outside
                put_back()
            if serves(serving):  # another run has just made it
                return
            set_aside()
            try:
                make(lock)
            except BaseException:
                put_back()
                raise
            shutil.rmtree(BEFORE, ignore_errors=True)
    except (OSError, SetUpError) as error:
        say(f"\n{explained(str(error))}")
        kept = f"原来的环境没有动，可照旧使用：{program('perfxl')}\n" if whole(VENV) else ""
        say(f"{kept}处理后再运行同一命令。The set-up failed; put it right and run the same command again.")
        sys.exit(3)
    except KeyboardInterrupt:
        say("\n已中断，下次运行会自动重做。Interrupted; the next run starts afresh.")
        sys.exit(130)


def serves(locks: list[Path]) -> bool:
    """Tell whether the environment is whole and was made from one of these locks, here and now."""
    return whole(VENV) and (VENV / READY).read_text("utf-8") in map(fingerprint, locks)


def whole(environment: Path) -> bool:
    """Tell whether an environment was made to its end, and its Python is still there."""
    return (environment / READY).exists() and program("python", environment).exists()


def set_aside() -> None:
    """Keep the environment that is there, if it is whole, where it can be fetched from; else remove it. Raises OSError."""
    remove(BEFORE)
    if whole(VENV):
        VENV.rename(BEFORE)
    else:
        remove(VENV)


def put_back() -> None:
    """Put the environment that was set aside where it was; leave nothing half made. Raises OSError."""
    remove(VENV)
    if whole(BEFORE):
        BEFORE.rename(VENV)
    else:
        remove(BEFORE)


def remove(folder: Path) -> None:
    """Remove a folder where it is there. Raises OSError."""
    if folder.exists():
        shutil.rmtree(folder)


def make(lock: Path) -> None:
    """Make the environment from nothing; the mark that it is whole is written last. Raises SetUpError and OSError."""
    say("正在准备运行环境（约一分钟，需要网络）… Setting up, about a minute …")
    try:
        import ensurepip  # noqa: F401, PLC0415 - Debian and Ubuntu keep it in a package of its own
        import venv  # noqa: PLC0415 - costs as much as all the rest of a start, and is needed once
    except ModuleNotFoundError as error:
        raise SetUpError(str(error)) from None
    try:
        venv.EnvBuilder(with_pip=True, symlinks=os.name == "posix").create(VENV)
    except subprocess.CalledProcessError as error:  # ensurepip, whose output was kept
        raise SetUpError(bytes(error.output or b"").decode(errors="replace") or str(error)) from None
    say(f"  {lock.name}")
    # The tests use a part of their lock, and keep what they compile; perfxl may run where nothing can be written.
    pip("--require-hashes", "--requirement", str(lock), "--no-compile" if lock == TEST_LOCK else "--compile")
    say("  perfxl")
    pip("--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    (VENV / READY).write_text(fingerprint(lock), "utf-8")
    say("环境已就绪。Ready.\n")


def pip(*arguments: str) -> None:
    """Install with the environment's own pip. Raises SetUpError with what it said, OSError."""
    command = [str(program("python")), "-m", "pip", "install", "--quiet", "--no-input", *arguments]
    settings = {**os.environ, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONIOENCODING": "utf-8"}
    said: list[str] = []
    with subprocess.Popen(  # noqa: S603 - our own words
        command, env=settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace"
    ) as process:
        assert process.stdout  # noqa: S101 - it was asked for
        for line in process.stdout:
            if "Retrying" in line and not any("Retrying" in earlier for earlier in said):
                say("  软件源没有应答，正在重试 … No answer, trying again …")
            said.append(line)
    if process.returncode:
        raise SetUpError("".join(said))


def explained(said: str) -> str:
    """Return what a failed set-up has to say, as a sentence that names the cause, with the lines that it is known by."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    for pattern, cause, remedy in CAUSES:
        telling = [number for number, line in enumerate(lines) if re.search(pattern, line, re.IGNORECASE)]
        if telling:
            shown = lines[telling[-1] :][:2]
            return "\n  ".join([f"未能备好运行环境：{cause}。{remedy}。", *shown])
    return "\n  ".join(["未能备好运行环境，原因如下：", *lines[-3:]])


@contextmanager
def claimed() -> Iterator[None]:
    """Let one run at a time make the environment; the others wait. The system lets go for a run that was killed."""
    with CLAIM.open("w") as claim:
        if not hold(claim, wait=False):
            say("另一个窗口正在准备运行环境，等它完成 … Another run is setting up, waiting for it …")
            while not hold(claim, wait=True):
                pass
        yield


if sys.platform == "win32":
    import msvcrt

    def hold(file: IO[str], *, wait: bool) -> bool:
        """Lock a file against other processes, waiting for some seconds if asked to; tell whether it was to be had."""
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def hold(file: IO[str], *, wait: bool) -> bool:
        """Lock a file against other processes, waiting for it if asked to; tell whether it was to be had."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True


def fingerprint(lock: Path) -> str:
    """Return what an environment made from a lock, here and now, is known by.

    A later patch of the same Python serves it as well, and what pyproject.toml says to tools makes no difference.
    """
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = [settings.get("build-system"), settings.get("project"), settings.get("tool", {}).get("hatch")]
    digest = hashlib.sha256(
        f"{sys.implementation.cache_tag} {sys.maxsize}\n{sys.base_prefix}\n{ROOT}\n{asked}".encode()
    )
    digest.update(lock.read_bytes())
    return f"{lock.name} {digest.hexdigest()}"


def program(name: str, environment: Path | None = None) -> Path:
    """Return where the environment, or another one, keeps a program."""
    folder = environment or VENV
    return folder / "Scripts" / f"{name}.exe" if os.name == "nt" else folder / "bin" / name


def start(name: str, *arguments: str) -> int:
    """Run a program of the environment in this one's place, so that signals reach it; return its exit code."""
    command = [str(program(name)), *arguments]
    if os.name == "posix":
        os.execv(command[0], command)  # noqa: S606 - no shell is wanted
    try:
        return subprocess.call(command)  # noqa: S603 - the user's own words for our own program
    except KeyboardInterrupt:
        return 130


def say(line: str) -> None:
    """Write a line for the user next to the program's output."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
