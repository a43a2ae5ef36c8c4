#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lodge beside its peers, measured in one run. See README.md; run.sh prepares and calls this."""

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import time

import report
from clients import ALL, find
from desktop import Desktop, Failure
from measures import GROUPS, MEASURES

# What METRIC may be: groups of measures by a short word.
METRICS = {
    "start": ("mapped", "painted"),
    "click": ("click",),
    "key": ("key",),
    "memory": ("memory",),
    "idle": ("idle",),
    "caret": ("caret", "caret-lost"),
    "region": ("region", "region-lost"),
    "full": ("full", "full-lost"),
    "full-hd": ("full-hd", "full-hd-lost"),
    "many": ("listed", "listed-idle", "listed-cpu"),
}


def log(*words):
    """One line of progress."""
    print(time.strftime("%H:%M:%S"), *words, file=sys.stderr, flush=True)


def parse():
    """The command line."""
    parser = argparse.ArgumentParser(prog="run.sh", description=__doc__)
    parser.add_argument("metrics", nargs="*", metavar="METRIC",
                        help=f"what to measure (default: all): {', '.join(METRICS)}")
    parser.add_argument("--clients", default=",".join(client.name for client in ALL),
                        help="which programs, with commas between (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=7, help="rounds over all clients (7)")
    parser.add_argument("--seconds", type=float, default=8, help="length of a sample (8)")
    parser.add_argument("--presses", type=int, default=30, help="key presses in a sample (30)")
    parser.add_argument("--noise", type=float, default=0.15,
                        help="share of a processor that others may use in a quiet sample (0.15)")
    parser.add_argument("--quiet-wait", type=float, default=60,
                        help="seconds to wait at most for quiet before each sample (60)")
    parser.add_argument("--out", default="lodge-bench.json", help="file of samples and medians")
    parser.add_argument("--shots", help="folder for a picture of each failure")
    parser.add_argument("--tools", required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    unknown = [name for name in options.metrics if name not in METRICS]
    if unknown:
        parser.error(f"no such metric: {', '.join(unknown)}; there are {', '.join(METRICS)}")
    options.clients = find(options.clients.split(","))
    options.measures = {measure for name in options.metrics or METRICS
                        for measure in METRICS[name]}
    if options.shots:
        os.makedirs(options.shots, exist_ok=True)
    options.tools = json.loads(options.tools)
    return options


class Run:
    """All that one call of the program measures."""

    def __init__(self, options):
        self.options = options
        self.samples = []

    def all(self):
        """One group after the other on one desktop."""
        with Desktop(self.options.tools, self.options.shots) as desktop:
            for group in GROUPS:
                if not set(group.measures) & self.options.measures:
                    continue
                group = group(desktop, self.options)
                try:
                    self.group(group)
                finally:
                    group.close()

    def group(self, group):
        """Rounds over all clients in turn: what disturbs the machine meets all of them.

        The round before the first warms caches; it is short and thrown away.
        """
        clients = [client for client in self.options.clients if group.takes(client)]
        for turn in range(self.options.rounds + 1):
            for client in clients:
                self.turn(group, client, turn)
            self.save()
            if turn == 0:
                group.warmed()

    def turn(self, group, client, turn):
        """One client's round; a failure is kept and does not end the run."""
        def record(measure, values, noise, **details):
            if not turn or measure not in self.options.measures:
                return
            values = [round(value, 3) for value in values]
            self.samples.append({"measure": measure, "client": client.name, "round": turn,
                                 "values": values, "noise": noise, **details})
            middle = sorted(values)[len(values) // 2] if values else None
            log(f"{turn}/{self.options.rounds} {client.name}: {MEASURES[measure].title} "
                f"{middle} {MEASURES[measure].unit}, others used {noise:.0%} of a processor")

        try:
            group.round(client, record)
        except Failure as failure:
            log(f"{turn}/{self.options.rounds} {client.name}: {failure}")
            self.samples.append({"measure": group.measures[0], "client": client.name,
                                 "round": turn, "failure": str(failure)})

    def save(self):
        """Writes what there is so far: a run that is broken off is of use too."""
        meta = {"date": time.strftime("%F %T"), "machine": platform.platform(),
                "processors": os.cpu_count(), "commit": commit(), "packages": packages(),
                "rounds": self.options.rounds, "noise": self.options.noise}
        summary = report.summarize(self.samples, self.options.noise)
        for row in summary.values():
            for client, figures in row.items():
                share = report.ratio(row, client)
                figures["lodge_ratio"] = round(share, 3) if share is not None else None
        with open(self.options.out + ".new", "w", encoding="utf-8") as file:
            json.dump({"meta": meta, "summary": summary, "samples": self.samples}, file, indent=1,
                      ensure_ascii=False)
        os.replace(self.options.out + ".new", self.options.out)


def commit():
    """The commit that was measured."""
    done = subprocess.run(["git", "-C", os.path.dirname(os.path.abspath(__file__)), "describe",
                           "--always", "--dirty"], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def packages():
    """The peers' versions, where dpkg knows them."""
    names = ["virt-manager", "gnome-boxes", "virt-viewer", "spice-client-gtk", "libgtk-4-1",
             "qemu-system-x86", "libvirt-daemon"]
    done = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version}\n", *names],
                          capture_output=True, text=True, check=False)
    return dict(line.split(" ", 1) for line in done.stdout.splitlines() if " " in line)


def stop(number, unused_frame):
    """Lets every `with` end what it started; more signals do not disturb that."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    sys.exit(128 + number)


def main():
    """Measures, then prints the table."""
    options = parse()
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, stop)
    run = Run(options)
    try:
        run.all()
    finally:
        if run.samples:
            run.save()
            summary = report.summarize(run.samples, options.noise)
            print(report.table(summary, [client.name for client in options.clients]))
            print("\n(in brackets: Lodge's figure divided by that one; * taken while others used "
                  "the machine)")
    failures = [sample for sample in run.samples if "failure" in sample]
    print(f"{len(run.samples) - len(failures)} samples, {len(failures)} failures, "
          f"written to {options.out}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
