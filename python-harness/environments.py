"""The harness's Python environments: `.venvs/NAME`, made from `requirements/NAME.txt`.

    python3 environments.py ensure NAME...   make what is missing, print each python's path
    python3 environments.py list             print every name
    python3 environments.py lock NAME...     write NAME.txt anew from NAME.in

An environment carries a stamp of all that it was made from, so making it again does nothing.
Only the standard library is used here: this file runs before anything is installed.
"""

import concurrent.futures
import contextlib
import datetime
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST, NEWEST = (3, 9), (3, 14)
"""CPython versions for which the pinned files name a wheel of every package."""

HERE = Path(__file__).resolve().parent
REQUIREMENTS = HERE / "requirements"
VENVS = HERE / ".venvs"
REMOVED_NAMES = HERE / "removed_names.py"


class SetupError(Exception):
    """What is missing and how to get it, in one line."""


def names():
    """Every environment that can be made."""
    return sorted(path.stem for path in REQUIREMENTS.glob("*.txt"))


def ensure(name):
    """Make the environment unless it is there already, and return its python's path."""
    if name not in names():
        raise SetupError(f"there is no environment {name!r}; there are: {', '.join(names())}")
    with _locked(name):
        if not _is_complete(name):
            _make(name)
    return _python(name)


def lock(name):
    """Write NAME.txt from NAME.in: each version pinned, each wheel's hash, for every Python.

    Two comments in NAME.in are orders. `# as of YYYY-MM-DD`: take what there was on that day, but
    for what the file pins by hand (`==`), which may be newer. `# without dependencies`.
    """
    source = (REQUIREMENTS / f"{name}.in").read_text()
    command = [ensure("uv").with_name("uv"), "pip", "compile", "--quiet", "--universal"]
    command += ["--python-version", "{}.{}".format(*OLDEST), "--generate-hashes", "--no-header"]
    command += ["--only-binary", ":all:", "--upgrade", "--no-emit-index-url"]
    as_of = re.search(r"^# as of (\d{4}-\d{2}-\d{2})", source, re.MULTILINE)
    if as_of:
        today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
        command += ["--exclude-newer", as_of[1]]
        for package in re.findall(r"^([\w.-]+)(?:\[.*?\])?==", source, re.MULTILINE):
            command += ["--exclude-newer-package", f"{package}={today}"]
    if re.search(r"^# without dependencies$", source, re.MULTILINE):
        command += ["--no-deps"]
    target = f"{name}.txt"
    subprocess.run([*command, f"{name}.in", "--output-file", target], cwd=REQUIREMENTS, check=True)
    return REQUIREMENTS / target


@contextlib.contextmanager
def _locked(name):
    """One process at a time works on an environment; the lock falls with its holder."""
    VENVS.mkdir(exist_ok=True)
    with open(VENVS / f"{name}.lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _python(name):
    return VENVS / name / "bin" / "python"


def _stamp(name):
    """All that an environment depends on: the pins, the interpreter, its own place."""
    made_from = [
        (REQUIREMENTS / f"{name}.txt").read_text(),
        REMOVED_NAMES.read_text(),
        sys.version,
        sys.base_prefix,
        str(VENVS),
    ]
    return hashlib.sha256("\0".join(made_from).encode()).hexdigest()


def _is_complete(name):
    """Whether the last attempt came to its end, with what is asked for now."""
    stamp = VENVS / name / "stamp"
    return _python(name).exists() and stamp.exists() and stamp.read_text() == _stamp(name)


def _make(name):
    print(f"making the Python environment {name}", file=sys.stderr, flush=True)
    shutil.rmtree(VENVS / name, ignore_errors=True)
    if name == "pip":
        _create(name)
        installer = [_python(name), "-m", "pip"]
    else:
        # One pip serves every environment: unpacking it into each takes longer than all the rest.
        installer = [ensure("pip"), "-m", "pip", "--python", _python(name)]
        _create(name, "--without-pip")
    _install(installer, REQUIREMENTS / f"{name}.txt")
    if sys.version_info >= (3, 14):
        _restore_removed_names(name)
    (VENVS / name / "stamp").write_text(_stamp(name))


def _create(name, *options):
    command = [sys.executable, "-m", "venv", *options, VENVS / name]
    result = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if result.returncode == 0:
        return
    if "ensurepip" in result.stdout or "No module named" in result.stdout:
        raise SetupError(
            "python3 has no complete venv module; get it with: apt-get install python3-venv"
        )
    raise SetupError(f"python3 -m venv failed: {_last_line(result.stdout)}")


def _install(installer, requirements):
    # No package is ever built here: that would run its code and need a compiler.
    command = [*installer, "install", "--quiet", "--require-hashes", "--no-deps"]
    command += ["--only-binary", ":all:", "--cache-dir", VENVS / ".pip-cache"]
    command += ["--disable-pip-version-check", "--no-input", "-r", requirements]
    # An exported PYTHONPATH or a user site would hide what is missing.
    environment = {**os.environ, "PYTHONNOUSERSITE": "1", "PIP_USER": "0"}
    environment.pop("PYTHONPATH", None)
    result = subprocess.run(
        command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment
    )
    if result.returncode == 0:
        return
    said = _last_line(result.stdout)
    if re.search(r"connection|timed? ?out|name resolution|proxy|SSL", result.stdout, re.IGNORECASE):
        raise SetupError(
            f"the Python package index cannot be reached: connect, or set pip's proxy ({said})"
        )
    raise SetupError(f"cannot install {requirements.name}: {said}")


def _restore_removed_names(name):
    """Have every program of the environment import removed_names before anything else."""
    packages = VENVS / name / "lib" / "python{}.{}".format(*sys.version_info[:2]) / "site-packages"
    shutil.copy(REMOVED_NAMES, packages)
    (packages / "removed_names.pth").write_text("import removed_names\n")


def _last_line(output):
    """The line that says most: the last one that pip marks as an error, or just the last."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")]
    return (errors or lines or ["no output"])[-1]


def _run_under_a_supported_python():
    """Go on as another CPython from PATH when this one is too old or too new for the pins."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        other = shutil.which(f"python3.{minor}")
        # pyenv puts a command on PATH for each version, also for those that are switched off.
        if other and subprocess.run([other, "-c", ""], stderr=subprocess.DEVNULL).returncode == 0:
            os.execv(other, [other, *sys.argv])
    raise SetupError(
        "python3 is {}.{}, and {}.{} to {}.{} is needed; get one with: apt-get install "
        "python3 python3-venv".format(*sys.version_info[:2], *OLDEST, *NEWEST)
    )


def main(arguments):
    """Run one command; 0 when all went well, 1 after a line that says what is missing."""
    if not arguments or arguments[0] not in ("ensure", "list", "lock"):
        print(__doc__, file=sys.stderr)
        return 2
    command, rest = arguments[0], arguments[1:]
    try:
        _run_under_a_supported_python()
        if command == "list":
            print("\n".join(names()))
        else:
            work = ensure if command == "ensure" else lock
            with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
                for path in pool.map(work, rest):
                    print(path)
    except SetupError as error:
        print(f"environments: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
