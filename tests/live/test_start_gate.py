#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What gives way when a guest is started that the computer has too little memory for."""

import re

from hand.linux import LinuxGuest
from hand.tap import Cases, await_that
from hand.world import main

cases = Cases()

DONOR, NEEDS, FREE = 2048, 1024, 800   # MiB
BUTTON = ('push button', 'button')


def be_short(world):
    """With the donor running, about FREE is left: not enough for the other, with what QEMU costs."""
    world.forget_settings()
    total = int(re.search(r'total\s*:\s*(\d+)', world.guests.virsh('nodememstats')).group(1))
    reserve = total - (DONOR + FREE + 250) * 1024
    world.user.run('gsettings', 'set', 'org.lodgevm.Lodge', 'reserves', f"{{'local': (uint64 {reserve}, 0)}}")


def prepare(world):
    be_short(world)
    donor = LinuxGuest(world.guests, 'donor', memory=f"<memory unit='MiB'>{DONOR}</memory>")
    other = LinuxGuest(world.guests, 'other', memory=f"<memory unit='MiB'>{NEEDS}</memory>")
    donor.start()
    # What a guest uses it says only when it is asked.
    world.guests.virsh('dommemstat', donor.name, '--period', '1', '--live')
    lodge = world.start_lodge()
    select(world, lodge, other)
    lodge.press('Start')
    lodge.await_one('label', 'Too Little Memory Is Free for “other”')
    return lodge, donor, other


def click_row(world, lodge, name, shown):
    """At the row's edge: where a pointer has been, its tooltip lies over the row below. The list may move
    between the look and the click."""
    def clicked():
        x, y, _, height = lodge.await_one('list item', name).place
        left, top, _, _ = world.screen.place(lodge.window())
        world.screen.click(left + x + 8, top + y + height // 2)
        try:
            return await_that('it is shown', shown, 5)
        except AssertionError:
            return False
    await_that(f'{name} is shown', clicked)


def select(world, lodge, guest):
    click_row(world, lodge, guest.name, lambda: 'selected' in lodge.find('list item', guest.name).states)


def click_host(world, lodge):
    click_row(world, lodge, 'This Computer', lambda: lodge.find('text', 'Memory to keep'))


def open_sheet(lodge):
    lodge.open_sheet()
    lodge.await_one('slider', 'Memory')


def stored(world, guest):
    return re.search(r'<currentMemory.*', world.guests.virsh('dumpxml', '--inactive', guest.name)).group(0)


@cases.case('memory comes from another guest, which can have it back when it is free again')
def takes_from_another(world):
    lodge, donor, other = prepare(world)
    before, kept = donor.total(), stored(world, donor)
    lodge.find('label', re.compile('That would leave the host .* of the .* that are kept for it'))
    world.shoot('gate')
    lodge.press(re.compile('Take .* Back From “donor”'))
    world.guests.await_state('other', 'running')
    after = donor.total()
    assert before - after > 100, f'the donor has {after} MiB of {before}'
    assert stored(world, donor) == kept, 'its next start would be another'
    other.await_up()
    select(world, lodge, donor)
    open_sheet(lodge)
    lodge.await_one('label', re.compile('^The guest gave .* so that “other” could start'))
    world.shoot('gate-lent')
    select(world, lodge, other)
    lodge.await_none('label', re.compile('^The guest gave'))
    click_host(world, lodge)
    lodge.await_one('label', re.compile('^“donor” gave .* so that “other” could start'))
    world.shoot('gate-host')
    world.guests.virsh('destroy', 'other')
    lodge.await_one(name=re.compile('“donor” can have its .* back'))
    world.shoot('gate-offer')
    lodge.press('Give Back')
    await_that('the donor has all of it again', lambda: abs(before - donor.total()) < 2)
    select(world, lodge, donor)
    open_sheet(lodge)
    lodge.await_none('label', re.compile('^The guest gave'))


@cases.case('a loan outlives Lodge, and is given back from the page of the host')
def outlives(world):
    lodge, donor, other = prepare(world)
    before = donor.total()
    lodge.press(re.compile('Take .* Back From “donor”'))
    other.await_up()
    await_that('it is written down', lambda: 'lodge:loan' in world.guests.virsh('dumpxml', donor.name))
    assert 'lodge:loan' not in world.guests.virsh('dumpxml', '--inactive', donor.name), 'it outlives the guest'
    lodge.stop()
    lodge = world.start_lodge()
    select(world, lodge, donor)
    open_sheet(lodge)
    lodge.await_one('label', re.compile('^The guest gave .* so that “other” could start'))
    world.guests.virsh('destroy', other.name)
    click_host(world, lodge)
    lodge.await_one('label', re.compile('^“donor” gave .* so that “other” could start'))
    lodge.press('Give Back')
    await_that('the donor has all of it again', lambda: abs(before - donor.total()) < 2)
    lodge.await_none('label', re.compile('^“donor” gave'))
    await_that('it is forgotten', lambda: 'lodge:loan' not in world.guests.virsh('dumpxml', donor.name))


@cases.case('it starts with less, and gets the rest when there is enough')
def starts_with_less(world):
    lodge, donor, other = prepare(world)
    lodge.press(re.compile('Start With '))
    other.await_up()
    kept = stored(world, other)
    await_that('it has less', lambda: other.total() < NEEDS - 150)
    open_sheet(lodge)
    lodge.await_one('label', re.compile('^The guest was started with .* less than it is to have'))
    world.shoot('gate-less')
    less = other.total()
    world.guests.virsh('destroy', donor.name)
    await_that('it can be given back', lambda: 'sensitive' in lodge.find(BUTTON, 'Give Back').states)
    await_that('nothing is said to be missing', lambda: not lodge.has(
        'label', re.compile('^The guest was started with .* The host has')))
    lodge.press('Give Back')
    await_that('it has all', lambda: other.total() > less + 150)
    lodge.await_none('label', re.compile('^The guest was started with'))
    assert stored(world, other) == kept, 'its next start would be another'


@cases.case('it starts anyway, if the user wants it')
def starts_anyway(world):
    lodge, donor, other = prepare(world)
    before = donor.total()
    lodge.press('Cancel')
    lodge.await_none('label', 'Too Little Memory Is Free for “other”')
    assert world.guests.state('other') == 'shut off', 'it was started'
    lodge.press('Start')
    lodge.press('Start Anyway')
    other.await_up()
    assert abs(before - donor.total()) < 2, 'the donor was asked'
    assert other.total() > NEEDS - 150, 'it has less'


if __name__ == '__main__':
    main(cases)
