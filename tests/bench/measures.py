# SPDX-License-Identifier: GPL-3.0-or-later
"""What is measured, in groups that share a desktop; each group does one round over one client."""

import dataclasses
import json
import os
import select

import processes
from clients import Client
from desktop import Failure, Guest, Running, Talker, domain_xml
from processes import Noise, cpu, memory, now, wakeups


@dataclasses.dataclass(frozen=True)
class Measure:
    """One figure. goal is what Lodge's must not exceed; best says that it must beat all peers."""

    name: str
    title: str
    unit: str
    goal: float = None
    best: bool = False


MEASURES = {measure.name: measure for measure in (
    Measure("mapped", "start to mapped window", "ms", 250),
    Measure("painted", "start to painted window", "ms"),
    Measure("click", "click on Start to first guest pixel", "ms", 560, best=True),
    Measure("key", "key held 90 ms to pixel", "ms", 20),
    Measure("memory", "memory (PSS) with a guest shown", "MiB", 90),
    Measure("idle", "idle wake-ups with a guest shown", "/s", 0),
    Measure("caret", "CPU a frame: caret at 30 Hz", "ms", 1.0),
    Measure("caret-lost", "frames lost: caret", "%", 0),
    Measure("region", "CPU a frame: 640×360 region", "ms", 2.6),
    Measure("region-lost", "frames lost: region", "%", 0),
    Measure("full", "CPU a frame: full screen 1024×768", "ms", 6.0),
    Measure("full-lost", "frames lost: full screen 1024×768", "%", 0),
    Measure("full-hd", "CPU a frame: full screen 1920×1080", "ms", 11.0),
    Measure("full-hd-lost", "frames lost: full screen 1920×1080", "%", 0),
    Measure("listed", "1,000 guests listed", "s", 1.0),
    Measure("listed-idle", "idle wake-ups with 1,000 guests", "/s", 0),
    Measure("listed-cpu", "idle CPU with 1,000 guests", "%", 0),
)}

def rest(seconds):
    """Waits while nothing here runs."""
    select.select([], [], [], seconds)


class Group:
    """Measures that, in a round, share one run of the client."""

    measures = ()
    guest = None

    def __init__(self, desktop, options):
        self.desktop, self.options = desktop, options
        self.counts, self.seconds, self.presses = False, 1, 2

    def warmed(self):
        """From now on it counts: samples of full length."""
        self.counts = True
        self.seconds, self.presses = self.options.seconds, self.options.presses

    def close(self):
        """Takes back what it brought to the desktop."""
        if self.guest:
            self.guest.remove()

    def takes(self, client: Client):
        """Whether this client can be measured so."""
        raise NotImplementedError

    def round(self, client: Client, record):
        """One round; record (measure, values, noise, **details) keeps a figure."""
        raise NotImplementedError

    def begin_sample(self):
        """Waits for quiet, once it counts, and notes noise from here on."""
        own = self.desktop.pids
        if self.counts:
            processes.await_quiet(own, self.options.noise, self.options.quiet_wait)
        return Noise(own)


class Start(Group):
    """From exec to the main window; clients without one start on a guest that runs."""

    measures = ("mapped", "painted")

    def __init__(self, desktop, options):
        super().__init__(desktop, options)
        self.guest = Guest(desktop)
        self.guest.start()

    def takes(self, client):
        return not client.headless

    def round(self, client, record):
        noise = self.begin_sample()
        argv = client.window or client.screen
        with Running(self.desktop, client, argv, self.guest) as running:
            mapped, painted = running.seen("map"), running.seen("painted")
            used = cpu(running.pids())
        share = noise.share()
        record("mapped", [(mapped - running.begin) * 1e3], share, cpu_ms=round(used * 1e3))
        record("painted", [(painted - running.begin) * 1e3], share)


class Click(Group):
    """From the click on Start to the guest's marks on the screen."""

    measures = ("click",)

    def __init__(self, desktop, options):
        super().__init__(desktop, options)
        self.guest = Guest(desktop)
        self.buttons = {}

    def takes(self, client):
        return bool(client.screen) and not client.headless

    def round(self, client, record):
        self.guest.stop()
        self.guest.define()
        if not client.click:
            noise = self.begin_sample()
            begin = now()
            self.guest.start()
            with Running(self.desktop, client, client.screen, self.guest) as running:
                seen = running.seen("guest")
        else:
            argv = getattr(client, client.click)
            with Running(self.desktop, client, argv, self.guest) as running:
                running.seen("painted")
                self.desktop.probe.ask("settle 1500 15000")
                noise = self.begin_sample()
                x, y = self.place_of_button(client)
                # A picture that is there before is one of the last time, and smaller.
                self.desktop.probe.watch(self.desktop.probe.ask("find 1024 768").get("mark", 0) + 2)
                begin = self.desktop.probe.ask(f"click {x} {y}")["t"]
                seen = running.seen("guest")
        record("click", [(seen - begin) * 1e3], noise.share())

    def place_of_button(self, client):
        """Where on the screen Start is; the first time asks for it by name, where that works."""
        window = self.desktop.probe.ask("windows")[0]
        if client.button_name and not self.buttons.get(client.name):
            found = json.loads(self.desktop.run(
                "/usr/bin/python3", "-W", "ignore", self.desktop.tools["find_button"],
                client.button_name, check=True))
            # GTK counts from the inside of the shadow that it draws around its window.
            self.buttons[client.name] = (
                found["x"] + (window["width"] - found["width"]) // 2,
                found["y"] + (window["height"] - found["height"]) // 2)
        x, y = self.buttons.get(client.name, client.button)
        return window["x"] + x, window["y"] + y


class Shown(Group):
    """A client that shows the guest at its own size: memory, idleness, keys, painting."""

    mode = "1024x768"
    measures = ("key", "memory", "idle", "caret", "caret-lost", "region", "region-lost",
                "full", "full-lost")
    # What the demo guest draws after these keys.
    workloads = {"caret": "KEY_F9", "region": "KEY_F3", "full": "KEY_F4"}
    still = "KEY_F1"

    def __init__(self, desktop, options):
        super().__init__(desktop, options)
        self.guest = Guest(desktop, self.mode)
        self.guest.start()

    def takes(self, client):
        return bool(client.screen)

    def round(self, client, record):
        self.guest.press(self.still)
        if client.headless:
            self.round_headless(client, record)
            return
        with Running(self.desktop, client, client.screen, self.guest) as running:
            running.seen("guest")
            self.desktop.probe.ask("rest")
            self.desktop.probe.ask("settle 1500 15000")
            place = self.show_one_to_one()
            if {"memory", "idle"} & set(self.measures) & self.options.measures:
                self.measure_idle(running, record)
            for name, key in self.workloads.items():
                if {name, f"{name}-lost"} & self.options.measures:
                    self.measure_frames(name, key, running, place, record)
            self.guest.press(self.still)
            if "key" in self.measures and "key" in self.options.measures:
                self.measure_keys(place, record)

    def show_one_to_one(self):
        """Makes the window fit the guest; where its picture then is."""
        guest, probe = self.guest, self.desktop.probe
        for attempt in range(6):
            place = probe.ask(f"find {guest.width} {guest.height}")
            window = probe.ask("windows")[0]
            if not place["found"] or not place["whole"]:
                size = guest.width + 60, guest.height + 150 + 40 * attempt
            elif (place["width"], place["height"]) == (guest.width, guest.height):
                self.focus(place)
                return place
            else:
                size = (window["width"] + guest.width - int(place["width"]),
                        window["height"] + guest.height - int(place["height"]))
            probe.ask(f"resize {window['window']} {size[0]} {size[1]}")
            probe.ask("settle 1000 8000")
        raise Failure("the guest cannot be shown at its own size")

    def focus(self, place):
        """Gives the window the keyboard, and the guest the pointer."""
        probe = self.desktop.probe
        window = probe.ask("windows")[0]["window"]
        probe.ask(f"focus {window} {place['x'] + self.guest.width // 2} "
                  f"{place['y'] + self.guest.height * 3 // 4}")
        probe.ask("settle 700 5000")

    def measure_idle(self, running, record):
        """Memory, then how often it wakes up while nothing happens."""
        rest(3)
        noise = self.begin_sample()
        pids = running.pids()
        used = memory(pids)
        woken, ran, begin = wakeups(pids), cpu(pids), now()
        rest(self.seconds)
        taken = now() - begin
        share = noise.share()
        record("memory", [used["pss"]], share, rss=used["rss"])
        record("idle", [(wakeups(pids) - woken) / taken], share,
               cpu_percent=round((cpu(pids) - ran) / taken * 100, 3))

    def measure_frames(self, name, key, running, place, record):
        """CPU of client, X server and QEMU while the guest draws, and the frames that came."""
        x, y = place["x"] + 96, place["y"] + 16
        self.guest.press(key)
        rest(1)
        noise = self.begin_sample()
        groups = {"client": running.pids(), "x": [self.desktop.xvfb.pid], "qemu": self.guest.pids()}
        before = {group: cpu(pids) for group, pids in groups.items()}
        seconds = self.seconds
        seen = self.desktop.probe.ask(f"frames {x} {y} {seconds}", seconds + 10)
        spent = {group: cpu(pids) - before[group] for group, pids in groups.items()}
        self.record_frames(name, seen, spent, noise.share(), record)

    @staticmethod
    def record_frames(name, seen, spent, share, record):
        """Per frame that was shown: what was lost did not cost less for those that came."""
        if not seen["shown"]:
            raise Failure(f"no frame of “{name}” was shown")
        each = {f"{group}_ms": round(s * 1e3 / seen["shown"], 3) for group, s in spent.items()}
        record(name, [each["client_ms"]], share, **each, **seen)
        record(f"{name}-lost", [100 * (1 - seen["shown"] / max(seen["made"], 1))], share)

    def measure_keys(self, place, record):
        """Each press held 90 ms: clients that delay a press show it."""
        self.focus(place)
        noise = self.begin_sample()
        count = self.presses
        seen = self.desktop.probe.ask(f"keys {place['x'] + 160} {place['y'] + 16} a {count} 90 300",
                                      count * 2.2 + 10)["times"]
        times = [t for t in seen if t >= 0]
        if not times:
            raise Failure("no key was answered")
        record("key", times, noise.share(), missed=len(seen) - len(times))

    def round_headless(self, client, record):
        """The same from a client which counts by itself: what no client can go below."""
        argv = [word.format(address=self.guest.address(), **self.desktop.tools)
                for word in client.screen]
        process = self.desktop.spawn(argv, talk=True)
        try:
            talker = Talker(process)
            talker.ask("ready")
            for name, key in self.workloads.items():
                if not {name, f"{name}-lost"} & self.options.measures:
                    continue
                self.guest.press(key)
                rest(1)
                noise = self.begin_sample()
                before = cpu([process.pid])
                seconds = self.seconds
                seen = talker.ask(f"frames {seconds}", seconds + 10)
                spent = {"client": cpu([process.pid]) - before}
                self.record_frames(name, seen, spent, noise.share(), record)
            self.guest.press(self.still)
            if "key" in self.measures and "key" in self.options.measures:
                noise = self.begin_sample()
                count = self.presses
                times = talker.ask(f"keys {count} 300", count * 2.2 + 10)["times"]
                record("key", [t for t in times if t >= 0], noise.share())
        finally:
            processes.end_processes([process.pid])
            process.wait()


class ShownHd(Shown):
    """The same at 1920 × 1080."""

    mode = "1920x1080"
    measures = ("full-hd", "full-hd-lost")
    workloads = {"full-hd": "KEY_F4"}


class Many(Group):
    """A session with 1,000 guests that are off."""

    measures = ("listed", "listed-idle", "listed-cpu")
    count = 1000
    longest = 60

    def __init__(self, desktop, options):
        super().__init__(desktop, options)
        script = f"{desktop.folder}/define"
        with open(script, "w", encoding="utf-8") as commands:
            for number in range(self.count):
                path = f"{desktop.folder}/guest-{number}.xml"
                with open(path, "w", encoding="utf-8") as file:
                    file.write(domain_xml(f"guest-{number:04}", 1000 + number,
                                          desktop.tools["guest"], "wl=1"))
                os.chmod(path, 0o644)
                commands.write(f"define {path}\n")
        with open(script, encoding="utf-8") as commands:
            desktop.virsh(stdin=commands, timeout=900)
        defined = len(desktop.virsh("list", "--all", "--name").split())
        if defined != self.count:
            raise Failure(f"{defined} guests defined instead of {self.count}")

    def takes(self, client):
        return bool(client.window) and client.name != "floor"

    def round(self, client, record):
        noise = self.begin_sample()
        with Running(self.desktop, client, client.window) as running:
            running.seen("map")
            self.desktop.probe.ask("rest")
            busy_until = self.await_calm(running)
            share = noise.share()
            record("listed", [busy_until - running.begin], share)
            rest(3)
            noise = self.begin_sample()
            pids, daemon = running.pids(), self.desktop.find_pids({"libvirtd", "virtqemud"})
            woken, ran, served, begin = wakeups(pids), cpu(pids), cpu(daemon), now()
            rest(self.seconds)
            taken = now() - begin
            share = noise.share()
            record("listed-idle", [(wakeups(pids) - woken) / taken], share)
            record("listed-cpu", [(cpu(pids) - ran) / taken * 100], share,
                   libvirtd_percent=round((cpu(daemon) - served) / taken * 100, 2),
                   **memory(pids))

    def await_calm(self, running):
        """The end of the last 50 ms of hard work by client and libvirtd, before 2 s of calm."""
        daemon = self.desktop.find_pids({"libvirtd", "virtqemud"})
        begin = last = then = now()
        spent = cpu(running.pids() + daemon)
        while now() - last < 2:
            # One that asks about every guest each second never calms down.
            if now() - begin > self.longest:
                return running.begin + self.longest
            rest(0.05)
            t, total = now(), cpu(running.pids() + daemon)
            if (total - spent) / (t - then) >= 0.2:
                last = t
            then, spent = t, total
        return last


GROUPS = (Start, Click, Shown, ShownHd, Many)
