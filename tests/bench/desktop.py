# SPDX-License-Identifier: GPL-3.0-or-later
"""A private desktop for the benchmark, the guest on it, and a client that runs there."""

import contextlib
import json
import os
import pwd
import re
import select
import shutil
import struct
import subprocess
import tempfile
import uuid
import zlib

import processes
from processes import now

KEPT = ("TERM", "TZ")
# Room for a guest of 1920 × 1080 with a window around it.
SCREEN = "2560x1440x24"


class Failure(Exception):
    """A measurement that did not come about; the run goes on with the next."""


class Desktop:
    """X server, D-Bus, window manager, libvirt session and home folder of one run.

    All of it lies in one temporary folder. Run by root, everything belongs to an ordinary user
    (LODGE_BENCH_USER, else nobody), because root's qemu:///session is the system's daemon.
    """

    def __init__(self, tools, shots=None):
        self.folder = tempfile.mkdtemp(prefix="lodge-bench-")
        self.home = f"{self.folder}/home"
        self.user = {}
        self.prepared = set()
        for name in ("home/.config", "home/.cache", "home/.local/share", "home/.local/state",
                     "run", "log"):
            os.makedirs(f"{self.folder}/{name}", mode=0o700)
        self.tools, self.shots = dict(tools), shots
        self.env = self._environment()
        try:
            self.tools["find_button"] = os.path.join(os.path.dirname(__file__), "find-button.py")
            for name in ("probe", "floor", "null", "guest", "find_button"):
                self.tools[name] = shutil.copy(self.tools[name], self.folder)
            if os.geteuid() == 0:
                self._give_to(os.environ.get("LODGE_BENCH_USER", "nobody"))
            self._start()
        except BaseException:
            self.close()
            raise

    def _environment(self):
        env = {key: os.environ[key] for key in KEPT if key in os.environ}
        env.update(
            HOME=self.home, PATH="/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", LANG="C.UTF-8",
            XDG_RUNTIME_DIR=f"{self.folder}/run", XDG_CONFIG_HOME=f"{self.home}/.config",
            XDG_CACHE_HOME=f"{self.home}/.cache", XDG_DATA_HOME=f"{self.home}/.local/share",
            XDG_STATE_HOME=f"{self.home}/.local/state",
            XDG_DATA_DIRS=f"{self.tools['data']}:/usr/local/share:/usr/share",
            XDG_SESSION_TYPE="x11", XDG_CURRENT_DESKTOP="GNOME", GDK_BACKEND="x11",
            USER=os.environ.get("USER", "root"))
        return env

    def _give_to(self, name):
        user = pwd.getpwnam(name)
        self.user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        self.env.update(USER=name, LOGNAME=name)
        os.chown(self.folder, user.pw_uid, user.pw_gid)
        for base, folders, files in os.walk(self.folder):
            for entry in folders + files:
                os.chown(f"{base}/{entry}", user.pw_uid, user.pw_gid)
        # An ordinary user's X server cannot make this folder as it should be.
        if not os.path.isdir("/tmp/.X11-unix"):
            os.mkdir("/tmp/.X11-unix")
            os.chmod("/tmp/.X11-unix", 0o1777)

    def _start(self):
        read, write = os.pipe()
        self.xvfb = self.spawn(["Xvfb", "-displayfd", str(write), "-screen", "0", SCREEN,
                                "-nolisten", "tcp", "-noreset", "-dpi", "96"], pass_fds=[write])
        os.close(write)
        with open(read, encoding="ascii") as file:
            number = file.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start: " + self.log("Xvfb"))
        self.env["DISPLAY"] = ":" + number
        self.bus = self.spawn(["dbus-daemon", "--session", "--nofork", "--print-address=1"],
                              stdout=subprocess.PIPE, text=True)
        self.env["DBUS_SESSION_BUS_ADDRESS"] = self.bus.stdout.readline().strip()
        self.probe = Talker(self.spawn([self.tools["probe"]], talk=True))
        self.window_manager = self.spawn(["openbox"])
        # It draws nothing by itself; once it is there the root window names it.
        self.await_true(lambda: "window id" in self.run("xprop", "-root",
                                                        "_NET_SUPPORTING_WM_CHECK"),
                        10, "the window manager")
        # In a new home folder libvirt asks every QEMU there is what it can, once.
        self.virsh("capabilities", check=True)

    def spawn(self, argv, env=None, talk=False, **options):
        """Starts a process of the desktop's user; its errors go to log/NAME."""
        # pylint: disable=consider-using-with
        log = open(f"{self.folder}/log/{os.path.basename(argv[0])}", "ab")
        if talk:
            options.update(stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        options.setdefault("stdin", subprocess.DEVNULL)
        options.setdefault("stdout", log)
        with log:
            return subprocess.Popen(argv, env={**self.env, **(env or {})}, stderr=log,
                                    start_new_session=True, cwd=self.folder, **self.user, **options)

    def run(self, *argv, check=False, timeout=120, **options):
        """Runs a command to its end; what it wrote."""
        done = subprocess.run(argv, env=self.env, cwd=self.folder, capture_output=True, text=True,
                              timeout=timeout, check=False, start_new_session=True,
                              **self.user, **options)
        if check and done.returncode:
            raise Failure(f"{' '.join(argv)}: {done.stderr.strip()}")
        return done.stdout

    def virsh(self, *argv, **options):
        """virsh on the user's own session."""
        return self.run("virsh", "-q", "-c", "qemu:///session", *argv, **options)

    def log(self, name):
        """The end of what a process wrote to its standard error."""
        with contextlib.suppress(OSError):
            with open(f"{self.folder}/log/{name}", encoding="utf-8", errors="replace") as file:
                return file.read()[-600:]
        return ""

    def await_true(self, function, longest, what):
        """Asks again and again, ten times a second, until it holds."""
        end = now() + longest
        while not function():
            if now() > end:
                raise Failure(f"waited {longest} s in vain for {what}")
            select.select([], [], [], 0.1)

    def pids(self):
        """Every process of this desktop and this program: its folder stands in their environment.

        Daemons that fork twice (libvirtd, QEMU) are found by that too.
        """
        return processes.marked(self.folder) | {os.getpid()}

    def find_pids(self, names):
        """Those of our processes that are called so."""
        found = []
        for pid in self.pids():
            with contextlib.suppress(OSError):
                with open(f"/proc/{pid}/comm", encoding="utf-8", errors="replace") as file:
                    if file.read().strip() in names:
                        found.append(pid)
        return found

    def shot(self, path):
        """Saves the screen as a PNG file."""
        raw = f"{self.folder}/shot.ppm"
        self.probe.ask(f"shot {raw}")
        with open(raw, "rb") as file:
            file.readline()
            width, height = map(int, file.readline().split())
            file.readline()
            pixels = file.read()
        os.unlink(raw)
        lines = b"".join(b"\0" + pixels[y * width * 3:(y + 1) * width * 3] for y in range(height))
        with open(path, "wb") as file:
            file.write(b"\x89PNG\r\n\x1a\n")
            for kind, data in ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
                               (b"IDAT", zlib.compress(lines)), (b"IEND", b"")):
                file.write(struct.pack(">I", len(data)) + kind + data +
                           struct.pack(">I", zlib.crc32(kind + data)))

    def close(self):
        """Ends every process that was started here, by pid, and removes the folder."""
        # libvirtd first, so that it does not wonder about QEMU; what the others stand on last.
        last = {getattr(self, name).pid for name in ("bus", "xvfb") if hasattr(self, name)}
        processes.end_processes(self.find_pids({"libvirtd"}))
        processes.end_processes(self.pids() - last - {os.getpid()})
        processes.end_processes(self.pids() - {os.getpid()})
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()


class Talker:
    """A process that answers each line with a line of JSON (bench-probe, bench-null)."""

    def __init__(self, process):
        self.process = process
        self.rest = b""
        self.events = []

    def _lines(self, timeout):
        if not select.select([self.process.stdout], [], [], timeout)[0]:
            return []
        data = os.read(self.process.stdout.fileno(), 1 << 20)
        if not data:
            raise Failure(f"{self.process.args[0]} has ended")
        *lines, self.rest = (self.rest + data).split(b"\n")
        return [json.loads(line) for line in lines]

    def ask(self, command, timeout=20):
        """Sends a command; its answer. Events that come before it are kept."""
        self.process.stdin.write(command.encode() + b"\n")
        self.process.stdin.flush()
        end = now() + timeout
        while now() < end:
            for line in self._lines(max(0, end - now())):
                if isinstance(line, dict) and "event" in line:
                    self.events.append(line)
                else:
                    return line
        raise Failure(f"no answer to “{command}”")

    def watch(self, least=0):
        """Forgets what was seen and watches anew, for a guest whose marks are so wide at least."""
        answer = self.ask(f"watch {least}")
        self.events.clear()
        return answer["t"]

    def wait(self, event, timeout, process=None):
        """The time at which that was seen, or None."""
        end = now() + timeout
        while True:
            for seen in self.events:
                if seen["event"] == event:
                    return seen["t"]
            if now() > end or (process and process.poll() is not None):
                return None
            self.events += self._lines(0.1)


DOMAIN = """<domain type='qemu'>
  <name>{name}</name>
  <uuid>{uuid}</uuid>
  {metadata}
  <memory unit='MiB'>64</memory>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <kernel>{kernel}</kernel>
    <cmdline>{arguments}</cmdline>
  </os>
  <features><acpi/></features>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <controller type='usb' model='none'/>
    <graphics type='spice' autoport='yes'>
      <listen type='address' address='127.0.0.1'/>
      <image compression='off'/>
    </graphics>
    <video><model type='vga' vram='32768'/></video>
    <channel type='spicevmc'><target type='virtio' name='com.redhat.spice.0'/></channel>
    <memballoon model='none'/>
  </devices>
</domain>
"""


# By it Lodge shows the guest on top, with a Start button.
EVERYDAY = """<metadata>
    <lodge:guest xmlns:lodge="https://lodgevm.org/xmlns/domain/1">
      <lodge:everyday since="1700000000"/>
    </lodge:guest>
  </metadata>"""


def domain_xml(name, number, kernel, arguments, metadata=""):
    """A guest that boots the demo image; by software emulation, so that it is alike everywhere."""
    return DOMAIN.format(name=name, uuid=uuid.UUID(int=number), kernel=kernel, arguments=arguments,
                         metadata=metadata)


class Guest:
    """The demo guest, defined on the desktop's libvirt session."""

    def __init__(self, desktop, mode="1024x768", name="bench"):
        self.desktop, self.name = desktop, name
        self.width, self.height = map(int, mode.split("x"))
        self.uuid = str(uuid.UUID(int=1))
        self.path = f"{desktop.folder}/{name}.xml"
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(domain_xml(name, 1, desktop.tools["guest"],
                                  f"mode={mode} wl=1 quiet", EVERYDAY))
        os.chmod(self.path, 0o644)
        self.define()

    def define(self):
        """Defines it anew: Boxes rewrites guests that it sees, and then viewers find no screen."""
        self.desktop.virsh("define", self.path, check=True)

    def start(self):
        """Starts it and returns once QEMU runs."""
        self.desktop.virsh("start", self.name, check=True)

    def stop(self):
        """Forces it off, where it runs."""
        self.desktop.virsh("destroy", self.name)

    def remove(self):
        """Forces it off and forgets it."""
        self.stop()
        self.desktop.virsh("undefine", self.name)

    def address(self):
        """spice://…"""
        return self.desktop.virsh("domdisplay", self.name, check=True).strip()

    def press(self, key):
        """Presses a key in the guest, past every client."""
        self.desktop.virsh("send-key", self.name, key, check=True)

    def pids(self):
        """QEMU."""
        with open(f"{self.desktop.folder}/run/libvirt/qemu/run/{self.name}.pid",
                  encoding="ascii") as file:
            return [int(file.read())]


class Running:
    """A client that was just started, and what has been seen of it."""

    def __init__(self, desktop, client, argv, guest=None):
        self.desktop = desktop
        if client.name not in desktop.prepared:
            desktop.prepared.add(client.name)
            for command in client.settings:
                desktop.run(*command)
        argv = [self._fill(word, guest) for word in argv]
        desktop.probe.watch()
        self.begin = now()
        self.process = desktop.spawn(argv, env=client.env)

    def _fill(self, word, guest):
        values = dict(self.desktop.tools, uri="qemu:///session")
        if guest:
            values.update(name=guest.name, uuid=guest.uuid)
            if "{address}" in word:
                values["address"] = guest.address()
        return re.sub(r"\{(\w+)\}", lambda match: values[match[1]], word)

    def seen(self, event, timeout=30):
        """The time of that event on the screen; Failure if it does not come."""
        t = self.desktop.probe.wait(event, timeout, self.process)
        if t is None:
            code = self.process.poll()
            why = f"ended with {code}" if code is not None else f"{timeout} s passed"
            name = os.path.basename(self.process.args[0])
            raise Failure(f"no “{event}”: {why}; {self.desktop.log(name)[-300:].strip()}")
        return t

    def pids(self):
        """The client's processes."""
        return processes.tree(self.process.pid)

    def __enter__(self):
        return self

    def __exit__(self, kind, *unused):
        with contextlib.suppress(Failure):
            self.desktop.probe.ask("rest")
            if kind is Failure and self.desktop.shots:
                name = os.path.basename(self.process.args[0])
                self.desktop.shot(f"{self.desktop.shots}/{name}-{self.process.pid}.png")
        processes.end_processes(self.pids())
        self.process.wait()
