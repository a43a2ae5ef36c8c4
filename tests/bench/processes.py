# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes and what they cost, read from /proc."""

import contextlib
import glob
import os
import re
import signal
import time

TICK = os.sysconf("SC_CLK_TCK")
now = time.monotonic


class Stat:
    """One line of /proc/PID/stat."""

    def __init__(self, pid):
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
        self.state = fields[0]
        self.parent = int(fields[1])
        self.reaped = (int(fields[13]) + int(fields[14])) / TICK


def all_stats():
    """pid -> Stat of every process there is."""
    stats = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                stats[int(name)] = Stat(int(name))
    return stats


def tree(root):
    """The process and its descendants, without those that have ended."""
    stats = all_stats()
    children = {}
    for pid, stat in stats.items():
        children.setdefault(stat.parent, []).append(pid)
    found, left = [], [root]
    while left:
        pid = left.pop()
        left += children.get(pid, [])
        if pid in stats and stats[pid].state != "Z":
            found.append(pid)
    return found


def marked(word):
    """Processes in whose environment that word stands, whoever their parent is now."""
    found, word = set(), word.encode()
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError):
                with open(f"/proc/{name}/environ", "rb") as file:
                    if word in file.read():
                        found.add(int(name))
    return found


def cpu(pids, with_reaped=False):
    """Seconds of processor time, exact to the nanosecond: each process' own CPU clock.

    with_reaped adds that of children which ended and were waited for.
    """
    total = 0.0
    for pid in pids:
        with contextlib.suppress(OSError, ValueError, IndexError):
            # clock_getcpuclockid(3): the scheduler's clock of another process.
            total += time.clock_gettime((~pid << 3) | 2)
            if with_reaped:
                total += Stat(pid).reaped
    return total


def _kib(path, key):
    with open(path, encoding="ascii", errors="replace") as file:
        match = re.search(rf"^{key}:\s+(\d+)", file.read(), re.M)
    return int(match[1]) if match else 0


def memory(pids):
    """MiB of PSS and RSS: shared pages divided among those who map them, and not."""
    pss = rss = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            pss += _kib(f"/proc/{pid}/smaps_rollup", "Pss")
            rss += _kib(f"/proc/{pid}/smaps_rollup", "Rss")
    return {"pss": round(pss / 1024, 1), "rss": round(rss / 1024, 1)}


def wakeups(pids):
    """How often all threads of these processes have gone to sleep, and so were woken, till now."""
    total = 0
    for pid in pids:
        for path in glob.glob(f"/proc/{pid}/task/*/status"):
            with contextlib.suppress(OSError):
                total += _kib(path, "voluntary_ctxt_switches")
    return total


def _machine_busy():
    """Busy seconds of all processors; user, nice, system, irq, softirq."""
    with open("/proc/stat", encoding="ascii") as file:
        ticks = [int(field) for field in file.readline().split()[1:]]
    return (ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6]) / TICK


class Noise:
    """What processes that are not ours use from now on, as a share of one processor.

    list_own gives the process ids that are ours.
    """

    def __init__(self, list_own):
        self.list_own = list_own
        self.begin, self.busy, self.own = now(), _machine_busy(), self._own()

    def _own(self):
        return cpu(self.list_own(), with_reaped=True)

    def share(self):
        """The share since this was made."""
        taken = now() - self.begin
        foreign = (_machine_busy() - self.busy) - (self._own() - self.own)
        return round(max(0.0, foreign) / max(taken, 1e-3), 3)


def await_quiet(list_own, limit, longest):
    """Waits until others use less than limit of one processor for a second, at most longest s."""
    end = now() + longest
    while now() < end:
        noise = Noise(list_own)
        time.sleep(1)
        if noise.share() < limit:
            return True
    return False


def _alive(pid):
    try:
        return Stat(pid).state != "Z"
    except (OSError, ValueError, IndexError):
        return False


def end_processes(pids, patience=4.0):
    """Asks these to end, then makes them; by pid, and only these."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        left = [pid for pid in pids if _alive(pid)]
        for pid in left:
            with contextlib.suppress(OSError):
                os.kill(pid, number)
        end = now() + patience
        while left and now() < end:
            time.sleep(0.02)
            left = [pid for pid in left if _alive(pid)]
        if not left:
            return
