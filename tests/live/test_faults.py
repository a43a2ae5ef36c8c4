#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong around a guest, and what Lodge makes of it."""

import os
import re
import signal
import time

from hand import demo
from hand.rival import take_over
from hand.tap import Cases, await_that
from hand.world import main

cases = Cases()
DEMO = 'Lodge Demo'
SPICE = "<graphics type='spice' {}>{}</graphics><video><model type='vga'/></video>"


def await_picture(world, seconds=40):
    return await_that("the guest's picture is on the screen", lambda: demo.look(world.screen), seconds)


@cases.case('a missing disc: cause, remedy, raw text on demand')
def missing_disc(world):
    world.guests.define_small('broken', devices="""<disk type='file' device='disk'>
      <driver name='qemu' type='qcow2'/><source file='/nowhere/at/all.qcow2'/>
      <target dev='vda' bus='virtio'/></disk>""")
    lodge = world.start_lodge('--start', 'broken')
    lodge.await_one(name=re.compile('could not be started'))
    lodge.await_one(name=re.compile('not where it should be.*Put the file back', re.DOTALL))
    assert not lodge.has(name=re.compile('/nowhere/at/all.qcow2')), 'the raw text shows unasked'
    world.shoot('start-failure')
    lodge.press('Show Details')
    lodge.await_one(name=re.compile('/nowhere/at/all.qcow2'))
    world.shoot('start-failure-details')


@cases.case("libvirt's daemon killed: everything comes back by itself")
def daemon_killed(world):
    lodge = world.start_lodge('--demo')
    await_picture(world)
    world.guests.kill_daemon()
    await_picture(world)
    # The user's own daemon is started by whoever asks for it; here that is Lodge.
    await_that('Lodge is connected again', lambda: world.guests.daemon() and
               os.path.exists(f'/proc/{world.guests.daemon()}'), 30)
    world.guests.virsh('suspend', DEMO)
    lodge.await_one(name=re.compile('^Paused'), seconds=30)
    world.guests.virsh('resume', DEMO)
    lodge.await_one(name=re.compile('^Running'))
    shown = await_picture(world)
    world.screen.click(*shown.at(500, 300))
    world.screen.key('a')
    await_that('the guest still answers',
               lambda: demo.look(world.screen).key[0] == demo.SCANCODES['a'])


@cases.case('QEMU killed: the guest is off, or crashed, and starts again')
def machine_killed(world):
    lodge = world.start_lodge('--demo')
    await_picture(world)
    os.kill(world.guests.machine(DEMO), signal.SIGKILL)
    world.guests.await_state(DEMO, 'shut off')
    lodge.await_one(name=re.compile('^(Off|Crashed)'))
    world.shoot('qemu-killed')
    lodge.press('Start')
    await_picture(world)


@cases.case('another client takes the screen over: dimmed, a sentence, Reconnect')
def taken_over(world):
    world.guests.define_demo(world.build, 'wanted', SPICE.format('', "<listen type='socket'/>"))
    lodge = world.start_lodge('--start', 'wanted')
    shown = await_picture(world)
    bright = shown.picture.pixel(*shown.at(100, 500))
    address = world.guests.virsh('domdisplay', 'wanted').strip()
    rival = take_over(address.replace('spice+unix://', ''))
    lodge.await_one(name='Screen Not Connected')
    lodge.await_one(name=re.compile('Reconnect'))
    place = shown.at(100, 500)
    await_that('the picture is dimmed', lambda: world.screen.picture().pixel(*place) != bright)
    world.shoot('taken-over')
    lodge.press('Reconnect')
    await_picture(world)
    rival.close()
    shown = await_picture(world)
    world.screen.click(*shown.at(500, 300))
    world.screen.key('a')
    await_that('the guest answers again',
               lambda: demo.look(world.screen).key[0] == demo.SCANCODES['a'])


@cases.case('a password is asked for; a wrong one is asked for again')
def password(world):
    world.guests.define_demo(world.build, 'secret', SPICE.format("port='-1' autoport='yes' passwd='opensesame'",
                                              "<listen type='address' address='127.0.0.1'/>"))
    lodge = world.start_lodge('--start', 'secret')

    def asked_or_shown():
        try:
            return demo.look(world.screen) and 'shown'
        except LookupError:
            return 'asked' if lodge.has('password text') else None
    # A local guest lends its socket, which needs no password.
    if await_that('the guest shows or asks', asked_or_shown, 30) == 'shown':
        return
    lodge.await_one('password text').focus()
    world.screen.type('wrong')
    world.screen.key('Return')
    lodge.await_one(name=re.compile('password was wrong', re.IGNORECASE))
    world.shoot('password-wrong')
    lodge.await_one('password text').focus()
    world.screen.type('opensesame')
    world.screen.key('Return')
    await_picture(world)
    assert not any('opensesame' in line for line in lodge.words()), 'the password was logged'


@cases.case('a guest with VNC only: a sentence, and its serial console')
def vnc_only(world):
    world.guests.define_demo(world.build, 'vnc', """<graphics type='vnc'><listen type='socket'/></graphics>
      <video><model type='vga'/></video><serial type='pty'/><console type='pty'/>""")
    lodge = world.start_lodge('--start', 'vnc')
    lodge.await_one(name=re.compile('VNC'))
    terminal = lodge.await_one(name='Text console of the guest')
    await_that('the console has focus', lambda: 'focused' in terminal.states)
    before = world.screen.settled()
    world.screen.type('help\n')
    await_that('the console answers', lambda: inked(world.screen.picture()) > inked(before) + 1000)
    world.shoot('vnc-only')


def inked(picture):
    """How many pixels are as bright as a terminal's letters."""
    return sum(count for colour, count in picture.colours(step=1).items() if colour == 0xc0c0c0)


@cases.case('what is typed on the serial console arrives in the guest')
def serial(world):
    world.guests.define_demo(world.build, 'lines', SPICE.format('', "<listen type='socket'/>")
                + "<serial type='pty'/><console type='pty'/>")
    lodge = world.start_lodge('--start', 'lines')
    shown = await_picture(world)
    lodge.press('Text Console', role='page tab')
    terminal = lodge.await_one(name='Text console of the guest')
    await_that('the console has focus', lambda: 'focused' in terminal.states)
    world.screen.type('rect 0 100 400 300 12ab34\n')
    world.shoot('serial-console')
    lodge.press('Screen', role='page tab')
    await_that('the guest has done what was typed',
               lambda: demo.look(world.screen).picture.pixel(*shown.at(200, 250)) == 0x12ab34)


@cases.case('names by others: markup, right to left, emoji, 255 bytes')
def hostile_names(world):
    names = ['<b>bold<b> & <i>', 'שלום עולם', '🦉🏔️ lodge', '%s%n%d', 'ä' * 100,
             'a-very-long-name-' + 'x' * 180, '"quoted" \'name\'', '-n --help']
    for name in names:
        world.guests.define_small(name)
    world.guests.define_small('titled', title='A <u>title</u> with & and ‮reversed')
    lodge = world.start_lodge()
    for name in names:
        lodge.await_one(name=name)
    lodge.await_one(name='A <u>title</u> with & and ‮reversed')
    world.shoot('hostile-names')
    window = lodge.window()
    assert world.screen.place(window)[2] <= 1280, 'a long name has widened the window'
    world.guests.virsh('destroy', names[0], check=False)
    world.end_lodge()
    lodge = world.start_lodge('--start', names[0])
    world.guests.await_state(names[0], 'running')
    lodge.await_one(name=re.compile(re.escape(names[0])))
    world.shoot('hostile-name-running')


@cases.case('a thousand guests stay fluid')
def thousand(world):
    path = world.user.path('tmp', 'thousand.xml')
    with open(path, 'w', encoding='utf-8') as file:
        file.write("<node>")
        for number in range(1000):
            file.write(f"""<domain type='test'><name>guest-{number:04}</name>
              <memory>4096</memory><vcpu>1</vcpu><os><type>hvm</type></os></domain>""")
        file.write('</node>')
    lodge = world.start_lodge('--connect', f'test://{path}')
    began = time.monotonic()
    lodge.await_one(name='guest-0000')
    assert lodge.alive()
    world.shoot('thousand-guests')
    took = time.monotonic() - began
    assert took < 10, f'the list took {took:.1f} s'
    world.screen.key('ctrl+f')
    world.screen.type('0777')
    lodge.await_one(name='guest-0777')
    lodge.await_none(name='guest-0000')
    world.shoot('thousand-guests-found')


if __name__ == '__main__':
    main(cases)
