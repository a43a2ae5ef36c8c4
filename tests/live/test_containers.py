#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""System containers of libvirt (lxc:///system), started, typed into and stopped like any guest."""

import re

from hand.guests import Guests
from hand.tap import Cases, await_that, equal
from hand.world import main

cases = Cases()
URI = 'lxc:///system'


@cases.case('a container starts, takes what is typed, and stops')
def container(world):
    boxes = Guests(world.user, URI)
    lodge = world.start_lodge('--connect', URI, '--start', 'box')
    boxes.await_state('box', 'running')
    lodge.await_one(name=re.compile('^Running'))
    terminal = lodge.await_one(name='Text console of the guest')
    await_that('the console has the keyboard', lambda: 'focused' in terminal.states)
    before = bright(world)
    world.screen.type('busybox --help\n')
    await_that('the container answers', lambda: bright(world) > before + 1000)
    world.shoot('container')
    lodge.open_menu('Guest Menu')
    lodge.press('Force Off…')
    lodge.press('Force Off')
    boxes.await_state('box', 'shut off')
    lodge.await_one(name=re.compile('^Off'))
    world.shoot('container-off')
    world.end_lodge()

    # It is remembered, and what others do with it shows.
    lodge = world.start_lodge()
    lodge.await_one(name='box')
    boxes.virsh('start', 'box')
    lodge.await_one(name='Running')
    boxes.virsh('destroy', 'box')
    lodge.await_none(name='Running')
    equal(boxes.names('--all'), ['box'], 'the containers of the host')


def bright(world):
    """How many pixels are as bright as a terminal's letters."""
    return sum(count for colour, count in world.screen.picture().colours(step=1).items() if colour == 0xc0c0c0)


if __name__ == '__main__':
    main(cases)
