"""Set perfxl up beside this file and run it: ``python run.py demo``, ``python run.py test [pytest's arguments]``.

Any other words go to perfxl as they are: ``python run.py forms``. Nothing but Python is needed. The environment
``.venv`` is made once, from the lock files with their hashes, and made anew when a lock, the project's settings,
the Python or the folder is another one, or when making it was interrupted; otherwise the program starts at once.
What the set-up has to say goes to stderr, so that stdout holds the program's output alone. The file itself is kept
readable for Python 3.6 and later (no ``from __future__ import annotations``), so that an old one gets a sentence.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - the one file that an older Python gets to read; it has to say so
    sys.exit(
        "perfxl 需要 Python 3.11 或更高版本，当前为 {0}。请安装后再运行。\n"
        "perfxl needs Python 3.11 or newer, this is {0}.".format(".".join(map(str, sys.version_info[:3])))
    )

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
DONE = VENV / "perfxl-ready"
RUN_LOCK = ROOT / "requirements.lock"
TEST_LOCK = ROOT / "requirements-dev.lock"
"""Holds all that ``RUN_LOCK`` holds, so an environment made for the tests serves perfxl too."""


def main(words: list[str]) -> int:
    """Make the environment where it is missing, run what the words ask for, return its exit code."""
    if words[:1] == ["test"]:
        prepare(TEST_LOCK, serving=[TEST_LOCK])
        os.chdir(ROOT)
        return start("python", "-m", "pytest", "-n", "auto", *words[1:])
    prepare(RUN_LOCK, serving=[RUN_LOCK, TEST_LOCK])
    return start("perfxl", *words)


def prepare(lock: Path, *, serving: list[Path]) -> None:
    """Make the environment from a lock, unless one made from any of ``serving`` stands there whole.

    Raises SystemExit with a sentence for the user where that fails.
    """
    if program("python").exists() and DONE.exists() and DONE.read_text("utf-8") in map(fingerprint, serving):
        return
    try:
        make(lock)
    except (OSError, subprocess.CalledProcessError) as error:
        reason = error if isinstance(error, OSError) else "见上文 (see above)"
        sys.exit(
            f"\n未能备好运行环境：{reason}\n请检查网络，关闭正在使用 {VENV} 的程序，再运行同一命令，会自动重做。\n"
            "The set-up failed. Check the network, close what uses the environment, and run the same command again."
        )
    except KeyboardInterrupt:
        sys.exit("\n已中断，下次运行会自动重做。Interrupted; the next run starts afresh.")


def make(lock: Path) -> None:
    """Make the environment from nothing; the mark that it is whole is written last."""
    import venv  # noqa: PLC0415 - costs as much as all the rest of a start, and is needed once

    say("正在准备运行环境（约一分钟，需要网络）… Setting up, about a minute …")
    DONE.unlink(missing_ok=True)
    try:
        import ensurepip  # noqa: F401, PLC0415 - Debian and Ubuntu keep it in a package of its own
    except ModuleNotFoundError:
        sys.exit(
            "这个 Python 缺少 venv 组件。Debian、Ubuntu 上请先运行：sudo apt-get install python3-venv\n"
            "This Python has no ensurepip. On Debian and Ubuntu: sudo apt-get install python3-venv"
        )
    venv.EnvBuilder(clear=True, with_pip=True, symlinks=os.name == "posix").create(VENV)
    say(f"  {lock.name}")
    pip("--require-hashes", "--requirement", str(lock))
    say("  perfxl")
    pip("--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    DONE.write_text(fingerprint(lock), "utf-8")
    say("环境已就绪。Ready.\n")


def pip(*arguments: str) -> None:
    """Install with the environment's own pip. Raises CalledProcessError; pip has said why on stderr."""
    command = [str(program("python")), "-m", "pip", "install", "--quiet", "--no-input", *arguments]
    settings = {**os.environ, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    subprocess.run(command, check=True, env=settings, stdout=sys.stderr)  # noqa: S603 - our own words


def fingerprint(lock: Path) -> str:
    """Return what an environment made from a lock, here and now, is known by."""
    digest = hashlib.sha256(f"{sys.version}\n{sys.base_prefix}\n{ROOT}\n".encode())
    for file in (lock, ROOT / "pyproject.toml"):
        digest.update(file.read_bytes())
    return f"{lock.name} {digest.hexdigest()}"


def program(name: str) -> Path:
    """Return where the environment keeps a program."""
    return VENV / "Scripts" / f"{name}.exe" if os.name == "nt" else VENV / "bin" / name


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
    """Write a line for the user beside the program's output."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
