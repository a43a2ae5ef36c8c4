#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lodge's command line, its single instance, and what it says where it cannot run."""

import os
import re
import shlex

from hand import demo
from hand.tap import Cases, Skip, await_that, equal
from hand.world import main

cases = Cases()
DEMO = 'Lodge Demo'


def await_picture(world):
    return await_that("the guest's picture is on the screen", lambda: demo.look(world.screen), 40)


def sentence(text):
    """The words must be for people: a sentence, no warning of a library."""
    assert text.strip(), 'nothing was said'
    assert re.search(r'[a-z]{3,}.*[.]\s*$', text.strip().splitlines()[-1]), f'no sentence: {text}'
    assert not re.search(r'CRITICAL|WARNING|assertion|\*\*', text), f'not for people: {text}'


@cases.case('--version prints the version')
def version(world):
    status, output, errors = world.run_lodge('--version', without=('DISPLAY',))
    equal(status, 0, 'the exit status')
    assert re.fullmatch(r'lodge \d+\.\d+\.\d+\n', output), output
    equal(errors, '', 'standard error')


@cases.case('--help names every option')
def help_text(world):
    status, output, _ = world.run_lodge('--help', without=('DISPLAY',))
    equal(status, 0, 'the exit status')
    for option in ('--everyday', '--start=NAME', '--connect=URI', '--version', '--demo'):
        assert option in output, f'{option} is not in the help'


@cases.case('an unknown option is refused')
def unknown_option(world):
    status, _, errors = world.run_lodge('--no-such-thing', without=('DISPLAY',))
    assert status != 0, 'an unknown option was accepted'
    assert '--no-such-thing' in errors, errors


@cases.case('without a display there is a sentence')
def no_display(world):
    status, _, errors = world.run_lodge(without=('DISPLAY', 'GDK_BACKEND'))
    equal(status, 1, 'the exit status')
    assert 'display' in errors, errors
    sentence(errors)


@cases.case('with a display that is gone there is a sentence')
def dead_display(world):
    status, _, errors = world.run_lodge(env={'DISPLAY': ':4711'}, without=('GDK_BACKEND',))
    equal(status, 1, 'the exit status')
    sentence(errors)


@cases.case('with a way to the display that is not there the sentence names it')
def wrong_backend(world):
    for backend in ('wayland', 'nonsense'):
        status, _, errors = world.run_lodge(env={'GDK_BACKEND': backend}, without=('WAYLAND_DISPLAY',))
        equal(status, 1, 'the exit status')
        assert f'GDK_BACKEND={backend}' in errors, errors
        sentence(errors)


@cases.case('without the settings schema there is a sentence')
def no_schema(world):
    # Lodge finds the schema of its build folder by itself, so that has to be out of sight.
    try:
        world.user.run('unshare', '--user', '--map-root-user', '--mount', 'true')
    except AssertionError as error:
        raise Skip(f'no name spaces for users here: {error}') from None
    hide = f'mount -t tmpfs hidden {shlex.quote(world.build)}/data && exec {shlex.quote(world.lodge_path)}'
    done = world.user.finish('unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', hide)
    equal(done.returncode, 1, 'the exit status')
    assert 'schema' in done.stderr, done.stderr
    sentence(done.stderr)


@cases.case('without D-Bus it runs and says what is missing')
def no_bus(world):
    # The bus of assistive technology goes with that of the session.
    lodge = world.start_lodge_unseen(env={'DBUS_SESSION_BUS_ADDRESS': 'unix:path=/nonexistent',
                                          'GTK_A11Y': 'none'})
    await_that('the window is there', lambda: lodge.windows(), 20)
    await_that('it is said', lambda: any('D-Bus' in line for line in lodge.words()))
    assert lodge.alive()


@cases.case('--start shows and starts a guest by its name')
def start(world):
    world.start_lodge('--demo')
    await_picture(world)
    world.end_lodge()
    world.guests.virsh('destroy', DEMO)
    lodge = world.start_lodge('--start', DEMO)
    await_picture(world)
    equal(world.guests.state(DEMO), 'running', "the guest's state")
    assert lodge.alive()


@cases.case('--start with an unknown name says so')
def start_unknown(world):
    lodge = world.start_lodge('--start', 'no such <b>guest</b>')
    await_that('it is said on standard error', lambda: any(
        'no such <b>guest</b>' in line for line in lodge.words()))
    lodge.await_one(name=re.compile('no such <b>guest</b>'))
    world.shoot('unknown-guest')


@cases.case('--everyday starts the everyday guest in fullscreen')
def everyday(world):
    world.start_lodge('--demo')
    await_picture(world)
    world.end_lodge()
    world.guests.virsh('destroy', DEMO)
    lodge = world.start_lodge('--everyday')
    await_picture(world)
    await_that('the window fills the screen',
               lambda: '_NET_WM_STATE_FULLSCREEN' in world.screen.states(lodge.window()))
    world.shoot('everyday')


@cases.case('--everyday without one says what to do')
def no_everyday(world):
    world.forget_settings()
    lodge = world.start_lodge('--everyday')
    await_that('it is said', lambda: any('everyday' in line for line in lodge.words()))


@cases.case('a second start goes to the first window')
def second(world):
    first = world.start_lodge('--demo')
    await_picture(world)
    world.guests.define_small('other')
    first.await_one(name='other')
    status, _, errors = world.run_lodge('--start', 'other')
    equal(status, 0, 'the exit status of the second')
    equal(errors, '', 'what the second said')
    world.guests.await_state('other', 'running')
    equal(len(first.windows()), 1, 'the number of windows')
    status, _, errors = world.run_lodge('--start', 'nobody-there')
    assert 'nobody-there' in errors, errors
    equal(status, 1, 'the exit status for an unknown guest')


@cases.case('--connect takes several hosts and refuses nonsense')
def connect(world):
    lodge = world.start_lodge('--connect', 'test:///default', '--connect', 'not a uri')
    lodge.await_one(name='test')
    await_that('the nonsense is named', lambda: any('not a uri' in line for line in lodge.words()))
    world.end_lodge()
    lodge = world.start_lodge()
    lodge.await_one(name='test')


@cases.case('its actions can be called over D-Bus')
def actions(world):
    world.start_lodge()
    listed = world.user.run('gdbus', 'call', '--session', '-d', 'org.lodgevm.Lodge',
                            '-o', '/org/lodgevm/Lodge', '-m', 'org.gtk.Actions.List')
    for action in ('demo', 'start', 'start-everyday', 'quit'):
        assert f"'{action}'" in listed, f'{action} is not exported: {listed}'
    world.user.run('gdbus', 'call', '--session', '-d', 'org.lodgevm.Lodge', '-o', '/org/lodgevm/Lodge',
                   '-m', 'org.gtk.Actions.Activate', 'demo', '[]', '{}')
    await_picture(world)


if __name__ == '__main__':
    os.umask(0o077)
    main(cases)
