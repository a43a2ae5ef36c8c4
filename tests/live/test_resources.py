#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory and cores by hand: what the sliders say is what the guest has."""

import re

from hand.linux import LinuxGuest
from hand.tap import Cases, await_that, equal, say
from hand.world import main

cases = Cases()


def open_resources(world, guest, *words, env=None):
    lodge = world.start_lodge('--start', guest.name, *words, env=env)
    guest.await_up()
    if not lodge.has('slider', 'Memory'):
        lodge.press('Resources and Devices')
    slider = lodge.await_one('slider', 'Memory')
    await_that('the slider knows what the guest has', lambda: slider.value > 0.2)
    return lodge, slider


@cases.case('the memory slider by assistive technology: the guest has less, and more again')
def slider_by_value(world):
    world.forget_settings()
    guest = LinuxGuest(world.guests)
    lodge, slider = open_resources(world, guest)
    before = guest.total()
    slider.value = 0.375
    await_that('the guest has 128 MiB less', lambda: abs(before - 128 - guest.total()) < 2)
    await_that('it is said what is reached', lambda: lodge.find(name=re.compile('^Has 384.MiB$')))
    world.shoot('resources')
    slider.value = 0.5
    await_that('the guest has all of it again', lambda: abs(before - guest.total()) < 2)
    equal(world.guests.virsh('dumpxml', '--inactive', guest.name).count("<currentMemory unit='KiB'>524288<"), 1,
          'what the definition has')


@cases.case('the host page says who has what, and keeps a reserve')
def host_page(world):
    guest = LinuxGuest(world.guests)
    lodge = world.start_lodge('--start', guest.name)
    guest.await_up()
    x, y, width, height = lodge.await_one('list item', 'This Computer').place
    left, top, _, _ = world.screen.place(lodge.window())
    world.screen.click(left + x + width // 2, top + y + height // 2)
    lodge.await_one('text', 'Memory to keep')
    world.shoot('host')


if __name__ == '__main__':
    main(cases)
