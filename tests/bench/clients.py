# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs that are measured: how each is started and where its Start button is."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Client:
    """One program. In the commands {uri}, {name}, {uuid} and {address} stand for the guest's.

    window    its main window, where it has one
    screen    shows the guest that runs
    click     what is started for the click on Start: “window” or “screen”; empty: it has no
              such button, so `virsh start` and then `screen` are timed instead
    button    where Start is, from the top left of the window's inside
    button_name  what it is called, to be found by the accessibility bus instead
    settings  commands run once on a new desktop
    headless  it shows nothing: a floor
    """

    name: str
    window: tuple = ()
    screen: tuple = ()
    click: str = ""
    button: tuple = ()
    button_name: str = ""
    settings: tuple = ()
    env: dict = dataclasses.field(default_factory=dict)
    headless: bool = False


ALL = [
    Client(
        "lodge",
        window=("{lodge}", "--connect", "{uri}"),
        screen=("{lodge}", "--connect", "{uri}", "--start", "{name}"),
        click="window",
        button_name="Start",
    ),
    Client(
        "virt-manager",
        window=("virt-manager", "--no-fork", "-c", "{uri}"),
        screen=("virt-manager", "--no-fork", "-c", "{uri}", "--show-domain-console", "{name}"),
        click="screen",
        button=(122, 43),
    ),
    Client(
        "gnome-boxes",
        window=("gnome-boxes",),
        screen=("gnome-boxes", "--open-uuid", "{uuid}"),
        click="window",
        button=(108, 130),
        settings=(("gsettings", "set", "org.gnome.boxes", "first-run", "false"),),
    ),
    Client("remote-viewer", screen=("remote-viewer", "{address}")),
    Client("spicy", screen=("spicy", "--uri={address}")),
    # Floors: an empty libadwaita window, and a SPICE client that decodes and paints nothing.
    Client("floor", window=("{floor}",)),
    Client("null", screen=("{null}", "{address}"), headless=True),
]


def find(names):
    """The clients of these names, in that order."""
    known = {client.name: client for client in ALL}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise SystemExit(f"no such client: {', '.join(unknown)}; there are {', '.join(known)}")
    return [known[name] for name in names]
