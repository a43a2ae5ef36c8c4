#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guests of which memory and cores cannot be changed: it is seen and heard why, and nothing moves."""

import re

from hand import authority
from hand.tap import Cases, await_that, equal
from hand.world import main
from test_resources import keep_no_core
from test_start_gate import open_sheet, select

cases = Cases()

BALLOON = "<memballoon model='virtio'/>"
STRICT = "<numatune><memory mode='strict' nodeset='0'/></numatune>"
LOCKED = '<memoryBacking><locked/></memoryBacking>'
CARD = """<hostdev mode='subsystem' type='pci' managed='yes'>
  <source><address domain='0x0000' bus='0x7f' slot='0x1f' function='0x7'/></source></hostdev>"""
CORES = "<vcpu placement='static' current='1'>2</vcpu>"


class Small:
    """A guest that boots nothing: its definition is what matters."""

    def __init__(self, world, name, head='', devices=BALLOON, cpus=CORES, way='define',
                 memory=64):
        self.name = name
        path = world.write(f'{name}.xml', f"""<domain type='qemu'><name>{name}</name>
          <memory unit='MiB'>{memory}</memory>{head}{cpus}
          <os><type arch='x86_64' machine='pc'>hvm</type></os>
          <on_poweroff>destroy</on_poweroff><devices>{devices}</devices></domain>""")
        world.guests.virsh(way, path)


def show(world, lodge, guest):
    select(world, lodge, guest)
    open_sheet(lodge)


def is_barred(lodge, role, name, reason):
    """Whether the control cannot be used, and tells a screen reader why."""
    widget = lodge.find(role, name)
    return 'sensitive' not in widget.states and re.search(reason, widget.description)


def await_barred(world, lodge, guest, names, reason):
    """In words on the sheet, and from each of these controls."""
    show(world, lodge, guest)
    lodge.await_one('label', re.compile(reason))
    for role, name in names:
        await_that(f'{name} of {guest.name} is barred and says why',
                   lambda: is_barred(lodge, role, name, reason))
    world.shoot(f'obstacle-{guest.name}')


MEMORY = [('slider', 'Memory'), ('text', 'Memory'), (('check box', 'switch', 'toggle button'), 'Automatic Memory')]
ALL = MEMORY + [('slider', 'Cores'), ('text', 'Cores'), (('toggle button', 'push button', 'button'), 'First')]


@cases.case('guests whose definition stands in the way say so; what is not in the way works')
def by_definition(world):
    world.forget_settings()
    keep_no_core(world)
    transient = Small(world, 'transient', way='create')
    pinned = Small(world, 'pinned', head=STRICT)
    locked = Small(world, 'locked', head=LOCKED)
    card = Small(world, 'card', devices=CARD + BALLOON)
    lodge = world.start_lodge()
    await_barred(world, lodge, transient, ALL, 'gone when it stops')
    world.guests.virsh('start', pinned.name)
    for guest, reason in ((pinned, 'bound to certain parts'), (locked, 'locked in the host’s memory'),
                          (card, 'PCI passthrough')):
        await_barred(world, lodge, guest, MEMORY, reason)
        cores = lodge.find('slider', 'Cores')
        assert 'sensitive' in cores.states, f'the cores of {guest.name} are barred, too'
    cores = lodge.find('slider', 'Cores')
    assert re.search('Cannot be had.*pinned: 1; transient: 1', cores.description), cores.description
    for guest in (pinned, transient):
        world.guests.virsh('destroy', guest.name)
    await_that('the cores are free', lambda: 'Cannot be had' not in cores.description)
    cores.value = 2
    await_that('the cores are changed', lambda: "<vcpu placement='static'>2<" in
               world.guests.virsh('dumpxml', '--inactive', card.name))


@cases.case('no balloon: what is asked waits for the next start, and it is said why')
def no_balloon(world):
    guest = Small(world, 'rigid', devices="<memballoon model='none'/>", memory=128)
    world.guests.virsh('start', guest.name)
    lodge = world.start_lodge()
    show(world, lodge, guest)
    lodge.await_one('label', re.compile('^Has 128.MiB. The guest has no memory balloon'))
    assert is_barred(lodge, *MEMORY[2], 'no memory balloon')
    lodge.find('slider', 'Memory').value = 0.0625
    lodge.await_one('label', re.compile('^Memory: 64.MiB instead of 128.MiB$'))
    world.shoot('obstacle-no-balloon')
    world.guests.virsh('destroy', guest.name)
    world.guests.virsh('start', guest.name)
    lodge.await_one('label', re.compile('^Has 64.MiB'))
    lodge.await_none('label', 'Waits for a Restart')
    assert "<currentMemory unit='KiB'>65536<" in world.guests.virsh('dumpxml', guest.name)


@cases.case('a guest that is saved to disc: first it is to be started')
def saved(world):
    guest = Small(world, 'saved')
    world.guests.virsh('start', guest.name)
    world.guests.virsh('managedsave', guest.name)
    await_barred(world, world.start_lodge(), guest, ALL, 'saved to disc')


@cases.case("another's guest, which the host lets be looked at only")
def others(world):
    world.guests.kill_daemon()
    authority.begin(world.user)
    theirs = Small(world, 'mine')
    world.guests.virsh('domrename', theirs.name, 'theirs')
    theirs.name = 'theirs'
    mine = Small(world, 'mine')
    lodge = world.start_lodge()
    await_barred(world, lodge, theirs, ALL, 'belongs to somebody else')
    show(world, lodge, mine)
    await_that('one’s own can be changed', lambda: 'sensitive' in lodge.find('slider', 'Memory').states)
    equal(lodge.has('label', re.compile('belongs to somebody else')), None, 'words of the other')


if __name__ == '__main__':
    main(cases)
