#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guests of another computer: over SSH, with a password, with TLS, and when it goes away."""

import re

from hand import demo
from hand.remote import Remote
from hand.tap import Cases, await_that, equal
from hand.world import main

cases = Cases()
SPICE = "<graphics type='spice' {}>{}</graphics><video><model type='vga'/></video>"
LOOPBACK = "<listen type='address' address='127.0.0.1'/>"
PASSWORD = "port='-1' autoport='yes' passwd='opensesame'"


class There:
    remote = None


def other(world):
    """The other computer, which all cases share, without guests."""
    if There.remote is None:
        There.remote = Remote(world.user)
    There.remote.guests.clear()
    world.forget_settings()
    return There.remote


def await_picture(world):
    return await_that("the guest's picture is on the screen", lambda: demo.look(world.screen), 60)


def answers(world):
    shown = await_picture(world)
    world.screen.click(*shown.at(500, 300))

    def answered():
        # Each channel has an ssh of its own, and that of the keys may come after the picture's.
        world.screen.key('a')
        world.screen.settled(0.3, 1)
        return demo.look(world.screen).key[0] == demo.SCANCODES['a']
    await_that('the guest answers', answered)


def await_keyboard(lodge):
    """The question for the password has the keyboard by itself."""
    await_that('the question has the keyboard',
               lambda: 'focused' in lodge.find('password text').states)


@cases.case('a guest behind SSH starts and answers; no port of it is open to others')
def over_ssh(world):
    there = other(world)
    there.guests.define_demo(world.build, 'far', SPICE.format("port='-1' autoport='yes'", LOOPBACK))
    lodge = world.start_lodge('--connect', there.uri, '--start', 'far')
    answers(world)
    world.shoot('over-ssh')
    there.guests.virsh('suspend', 'far')
    lodge.await_one(name=re.compile('^Paused'))
    there.guests.clear()


@cases.case('a socket of the other computer is reached, too')
def socket_over_ssh(world):
    there = other(world)
    there.guests.define_demo(world.build, 'socket', SPICE.format('', "<listen type='socket'/>"))
    world.start_lodge('--connect', there.uri, '--start', 'socket')
    answers(world)
    there.guests.clear()


@cases.case('a password is asked for in the window; a wrong one is asked for again')
def password(world):
    there = other(world)
    there.guests.define_demo(world.build, 'secret', SPICE.format(PASSWORD, LOOPBACK))
    lodge = world.start_lodge('--connect', there.uri, '--start', 'secret')
    lodge.await_one(name='The guest’s screen is protected by a password.')
    world.shoot('password')
    await_keyboard(lodge)
    world.screen.type('wrong')
    world.screen.key('Return')
    lodge.await_one(name='That was not the password. Try again.')
    world.shoot('password-wrong')
    await_keyboard(lodge)
    world.screen.type('opensesame')
    world.screen.key('Return')
    answers(world)
    assert not any('opensesame' in line for line in lodge.words()), 'the password was logged'
    world.end_lodge()
    kept = world.user.run('grep', '-rl', 'opensesame', world.user.env['XDG_CONFIG_HOME'],
                          world.user.env['XDG_CACHE_HOME'], world.user.env['XDG_STATE_HOME'], check=False)
    equal(kept, '', 'files of this computer with the password')
    there.guests.clear()


@cases.case('a screen with TLS at an address: shown if the signature is known, else refused in words')
def encrypted(world):
    there = other(world)
    authority = there.encrypt()
    there.guests.kill_daemon_of(there.path('run'))
    there.guests.define_demo(world.build, 'encrypted', SPICE.format(
        "autoport='yes' defaultMode='secure'", "<listen type='address' address='0.0.0.0'/>"))
    lodge = world.start_lodge('--connect', there.uri, '--start', 'encrypted')
    there.guests.await_state('encrypted', 'running')
    address = there.guests.virsh('domdisplay', 'encrypted')
    assert 'tls-port' in address and not re.search(r':\d', address), address
    lodge.await_one(name='Screen Not Connected')
    lodge.await_one(name=re.compile('certificate', re.IGNORECASE))
    world.shoot('tls-refused')
    world.end_lodge()
    world.start_lodge('--connect', there.uri, '--start', 'encrypted', env={'SSL_CERT_FILE': authority})
    answers(world)
    world.shoot('tls')
    there.guests.clear()


@cases.case('the other computer goes away: it is said, and comes back by itself')
def vanishes(world):
    there = other(world)
    there.guests.define_demo(world.build, 'far', SPICE.format("port='-1' autoport='yes'", LOOPBACK))
    lodge = world.start_lodge('--connect', there.uri, '--start', 'far')
    await_picture(world)
    there.vanish()
    lodge.await_one(name=re.compile('^Not connected, retrying'))
    world.shoot('remote-gone')
    there.start()
    lodge.await_none(name=re.compile('^Not connected, retrying'), seconds=90)
    answers(world)
    there.guests.clear()


if __name__ == '__main__':
    main(cases)
