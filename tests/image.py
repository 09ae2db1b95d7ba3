"""The Dockerfile without a container engine: its own instructions, done for real in a bare Debian root.

    make image

makes the root by debootstrap, performs what stands in the Dockerfile, and starts the result as an engine
would: as its user, without a capability, on a root that nobody can write, with /tmp and /data alone left.
Beside it localchat is Telegram. It needs Linux, root and debootstrap, and gets packages from where this
machine gets them.
"""

import asyncio
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from configparser import ConfigParser
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from bot.localchat.server import Localchat
from tests.localchat.visitor import Visitor

HOUSE = Path(__file__).parents[1]
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
TOKEN = "123456789:a-token-that-is-none-of-Telegrams"
UNSHARED = "BACKBEAT_IMAGE_UNSHARED"  # set once this process has mounts of its own
PIP_FILES = (Path("/etc/pip.conf"), Path.home() / ".config/pip/pip.conf")
SOURCES = Path("/etc/apt/sources.list.d/debian.sources")

said = Console(highlight=False, soft_wrap=True)


@dataclass(frozen=True, slots=True)
class Instruction:
    """One of the Dockerfile's, its lines joined."""

    word: str
    rest: str


@dataclass(slots=True)
class Stage:
    """A root in the making, and what holds for whatever runs in it."""

    root: Path
    environ: dict[str, str] = field(default_factory=lambda: {"PATH": SYSTEM_PATH})
    folder: str = "/"
    user: str = "root"
    entry: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)


def instructions(dockerfile: str) -> Iterator[Instruction]:
    lines = [line for line in dockerfile.splitlines() if not line.lstrip().startswith("#")]
    for whole in re.sub(r"\\\n", " ", "\n".join(lines)).splitlines():
        if whole.strip():
            word, _, rest = whole.strip().partition(" ")
            yield Instruction(word, " ".join(rest.split()))


class Builder:
    """Performs instructions, each stage in a folder of its own."""

    def __init__(self, work: Path) -> None:
        self.work = work
        self.stages: dict[str, Stage] = {}
        self.stage: Stage | None = None

    def build(self, dockerfile: str) -> Stage:
        for instruction in instructions(dockerfile):
            began = time.monotonic()
            perform = getattr(self, f"_{instruction.word.lower()}")  # one we don't know is an error
            perform(instruction.rest)
            took = time.monotonic() - began
            said.print(f"{took:6.1f} s  {instruction.word} {instruction.rest[:90]}", markup=False)
        return self._now

    @property
    def _now(self) -> Stage:
        assert self.stage is not None, "a Dockerfile begins with FROM"
        return self.stage

    def _from(self, rest: str) -> None:
        base, _, name = rest.partition(" AS ")
        root = self.work / (name or "last")
        shutil.rmtree(root, ignore_errors=True)
        if base in self.stages:
            below = self.stages[base]
            self.stage = Stage(root, dict(below.environ), below.folder, below.user)
            shell("cp", "--archive", below.root, root)
        else:
            shell("cp", "--archive", bare(base, self.work), root)
            self.stage = Stage(root)
        self.stages[name or "last"] = self.stage

    def _env(self, rest: str) -> None:
        known = self._now.environ
        for pair in shlex.split(rest):
            name, _, value = pair.partition("=")
            known[name] = re.sub(r"\$(\w+)", lambda found: known[found[1]], value)

    def _run(self, rest: str) -> None:
        enter = ("chroot", f"--userspec={self._now.user}", self._now.root, "/bin/sh", "-c")
        with machines_network(self._now.root) as environ:
            shell(*enter, f"cd {self._now.folder} && {rest}", environ=self._now.environ | environ)

    def _copy(self, rest: str) -> None:
        source, target = rest.split()[-2:]
        if rest.startswith("--from="):
            root = self.stages[rest.split()[0].removeprefix("--from=")].root
            shell("cp", "--archive", f"{root}{source}", f"{self._now.root}{target}")
            return
        allowed = (HOUSE / ".dockerignore").read_text("utf-8").splitlines()
        assert f"!{source}" in allowed, f"{source} never reaches an engine: .dockerignore hides it"
        to = Path(f"{self._now.root}{target}")
        if (HOUSE / source).is_dir():
            shutil.copytree(HOUSE / source, to, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(HOUSE / source, to / source if target.endswith("/") else to)

    def _workdir(self, rest: str) -> None:
        self._now.folder = rest

    def _user(self, rest: str) -> None:
        self._now.user = rest

    def _entrypoint(self, rest: str) -> None:
        self._now.entry = json.loads(rest)

    def _cmd(self, rest: str) -> None:
        self._now.command = json.loads(rest)

    def _healthcheck(self, rest: str) -> None:
        self._now.health = json.loads(rest.partition("CMD ")[2])

    def _label(self, rest: str) -> None:
        assert all("=" in pair for pair in shlex.split(rest))

    def _volume(self, rest: str) -> None:
        assert Path(f"{self._now.root}{rest}").is_dir()

    def _stopsignal(self, rest: str) -> None:
        assert rest == "SIGTERM"


def bare(image: str, work: Path) -> Path:
    """What debian:<suite>-slim begins with: the packages that every Debian has, and no others."""
    found = re.fullmatch(r"debian:(\w+)-slim", image)
    assert found is not None, f"{image}: only Debian's own images can be made by debootstrap"
    root = work / "bare"
    if not root.exists():
        [mirror, *_] = re.findall(r"^URIs: (\S+)", SOURCES.read_text("utf-8"), re.MULTILINE)
        shell("debootstrap", "--variant=minbase", found[1], root, mirror)
        shell("rm", "-rf", *(root / part for part in ("usr/share/doc", "usr/share/man")))
    return root


def shell(*words: object, environ: Mapping[str, str] | None = None) -> None:
    """Do it, or stop with what it said."""
    done = subprocess.run(  # the words are ours, or the Dockerfile's
        [str(word) for word in words], env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said.print(done.stdout[-3000:], done.stderr[-3000:], markup=False)
        sys.exit(f"{words[0]} failed with {done.returncode}")


@contextmanager
def machines_network(root: Path) -> Iterator[dict[str, str]]:
    """Names are found as outside, and pip asks whom it asks on this machine; what it takes to do so lies
    on a /run that vanishes, so nothing of it stays in the image, or stands in this repository.
    """
    shell("mount", "-t", "tmpfs", "tmpfs", root / "run")
    shell("mount", "-t", "proc", "proc", root / "proc")
    for name in ("resolv.conf", "hosts"):
        shutil.copy(f"/etc/{name}", root / "etc" / name)
    environ = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    pip = ConfigParser(interpolation=None)
    pip.read(PIP_FILES)
    if certificates := environ.get("PIP_CERT") or pip.get("global", "cert", fallback=None):
        shutil.copy(certificates, root / "run/pip.crt")
        pip.read_dict({"global": {"cert": "/run/pip.crt"}})
        environ["PIP_CERT"] = "/run/pip.crt"
    with (root / "run/pip.conf").open("w") as file:
        pip.write(file)
    try:
        yield {**environ, "PIP_CONFIG_FILE": "/run/pip.conf", "DEBIAN_FRONTEND": "noninteractive"}
    finally:
        shell("umount", root / "proc")
        shell("umount", root / "run")


# What was built, at work.


@contextmanager
def at_work(stage: Stage) -> Iterator[Path]:
    """The root as `docker run --read-only --tmpfs /tmp --volume ...` has it."""
    root = stage.root.parent / "running"
    root.mkdir(exist_ok=True)
    shell("mount", "--bind", stage.root, root)
    shell("mount", "-o", "remount,bind,ro", root)
    shell("mount", "-t", "tmpfs", "-o", "mode=1777", "tmpfs", root / "tmp")
    shell("mount", "-t", "proc", "proc", root / "proc")
    shell("mount", "--rbind", "/dev", root / "dev")
    data = stage.root.parent / "data"
    shutil.rmtree(
        data, ignore_errors=True
    )  # localchat numbers its updates from the start each time
    shell("cp", "--archive", stage.root / "data", data)  # a new volume begins as the folder is
    shell("mount", "--bind", data, root / "data")
    try:
        yield root
    finally:
        shell("umount", "--recursive", "--lazy", root)


def inside(stage: Stage, root: Path, words: Sequence[str]) -> list[str]:
    """These words as the image's user, who has no capability and can get none."""
    user = ("setpriv", f"--reuid={stage.user}", f"--regid={stage.user}", "--clear-groups")
    bare_hands = ("--bounding-set=-all", "--inh-caps=-all", "--no-new-privs")
    into = ("/bin/sh", "-c", f'cd {stage.folder} && exec "$@"', "sh", *words)
    return ["chroot", str(root), *user, *bare_hands, *into]


async def answers(stage: Stage, root: Path) -> None:
    """Start it, talk with it, ask how it is, and end it politely."""
    local = Localchat(token=TOKEN)
    await local.start()
    server = local.api_url.removesuffix("/bot")
    given = {**stage.environ, "TELEGRAM_TOKEN": local.token, "TELEGRAM_API_URL": server}
    began = time.monotonic()
    bot = await asyncio.create_subprocess_exec(
        *inside(stage, root, [*stage.entry, *stage.command]), env=given
    )
    try:
        async with await Visitor.arrive(local) as ada, asyncio.timeout(300):
            await ada.say("/start")
            await ada.wait_for(
                lambda message: bool(message["text"]), timeout=120
            )  # a busy machine reads the list of towns slowly
            said.print(f"answered /start {time.monotonic() - began:.1f} s after its start")
            bare_handed(bot.pid)
            await expect(0, inside(stage, root, stage.health), given)
            said.print("healthy:", *stage.health, markup=False)
            for path in ("/app/bot/x", "/opt/backbeat/x", "/etc/x"):
                await expect(1, inside(stage, root, ["touch", path]), given)
            said.print("the root can't be written")
            bot.send_signal(signal.SIGTERM)
            assert await bot.wait() == 0, bot.returncode
            said.print("SIGTERM: ended with 0")
            await expect(1, inside(stage, root, stage.health), given)
            said.print("unhealthy once it has ended")
            await expect(0, inside(stage, root, [*stage.entry, "doctor"]), given)
    finally:
        if bot.returncode is None:
            bot.kill()
        await local.stop()


def bare_handed(process: int) -> None:
    status = Path(f"/proc/{process}/status").read_text("utf-8")
    told = dict(line.split(":\t", 1) for line in status.splitlines())
    user = told["Uid"].split()[0]
    assert user != "0", "it runs as root"
    assert int(told["CapEff"], 16) == int(told["CapBnd"], 16) == 0
    said.print(f"user {user}, no capability, memory {told['VmRSS'].strip()}")


async def expect(code: int, words: Sequence[str], environ: Mapping[str, str]) -> None:
    done = await asyncio.create_subprocess_exec(
        *words, env=environ, stderr=subprocess.DEVNULL if code else None
    )
    assert await done.wait() == code, (words, done.returncode)


def megabytes(*folders: Path) -> float:
    told = subprocess.check_output(["du", "-s", "--block-size=1", *folders], text=True)
    return sum(int(line.split()[0]) for line in told.splitlines()) / 1e6


def sizes(stage: Stage) -> None:
    ours = megabytes(stage.root / "opt/backbeat", stage.root / "app")
    whole = megabytes(stage.root)
    said.print(
        f"{whole:.0f} MB: Debian with Python {whole - ours:.0f}, Backbeat with its libraries {ours:.0f}"
    )


def main() -> None:
    if UNSHARED not in os.environ:  # mounts of our own, gone with this process whatever happens
        words = ["unshare", "--mount", "--propagation", "private", sys.executable, "-m"]
        os.environ[UNSHARED] = "1"
        os.execvp(words[0], [*words, "tests.image", *sys.argv[1:]])
    kept = sys.argv[1] if sys.argv[1:] else None  # a folder whose bare root serves again
    with nullcontext(kept) if kept else TemporaryDirectory(prefix="backbeat-image-") as name:
        work = Path(name)
        stage = Builder(work).build((HOUSE / "Dockerfile").read_text("utf-8"))
        sizes(stage)
        with at_work(stage) as root:
            asyncio.run(answers(stage, root))


if __name__ == "__main__":
    main()
