#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory and cores by hand: what the sliders say is what the guest has."""

import os
import re
import signal

from hand import demo, widgets
from hand.linux import LinuxGuest
from hand.tap import Cases, await_that, equal
from hand.world import main
from test_appearance import await_all_named

cases = Cases()
DEMO = 'Lodge Demo'


def open_resources(world, guest, *words, env=None):
    lodge = world.start_lodge('--start', guest.name, *words, env=env)
    guest.await_up()
    lodge.open_sheet(re.compile('^(Resources and Devices|Ressourcen und Geräte)$'))
    slider = lodge.await_one('slider', re.compile('^(Memory|Arbeitsspeicher)$'))
    await_that('the slider knows what the guest has', lambda: slider.value > 0.2)
    return lodge, slider


def click(world, lodge, widget):
    x, y, width, height = widget.place
    left, top, _, _ = world.screen.place(lodge.window())
    world.screen.click(left + x + width // 2, top + y + height // 2)


def keep_no_core(world):
    """Machines of tests have few cores; by default one of them is kept for the host."""
    world.user.run('gsettings', 'set', 'org.lodgevm.Lodge', 'reserves', "{'local': (uint64 0, 0)}")


@cases.case('the memory slider by assistive technology: the guest has less, and more again')
def slider_by_value(world):
    world.forget_settings()
    guest = LinuxGuest(world.guests)
    lodge, slider = open_resources(world, guest)
    await_all_named(lodge)
    before = guest.total()
    slider.value = 0.375
    await_that('the guest has 128 MiB less', lambda: abs(before - 128 - guest.total()) < 2)
    await_that('it is said what is reached', lambda: lodge.find(name=re.compile('^Has 384.MiB$')))
    world.shoot('resources')
    slider.value = 0.5
    await_that('the guest has all of it again', lambda: abs(before - guest.total()) < 2)
    equal(world.guests.virsh('dumpxml', '--inactive', guest.name).count("<currentMemory unit='KiB'>524288<"), 1,
          'what the definition has')


@cases.case('the cores slider by keyboard: the guest has two')
def cores_by_keyboard(world):
    keep_no_core(world)
    guest = LinuxGuest(world.guests, cpus="""<vcpu placement='static' current='1'>2</vcpu>
      <vcpus><vcpu id='0' enabled='yes' hotpluggable='no' order='1'/>
      <vcpu id='1' enabled='no' hotpluggable='yes'/></vcpus>""")
    lodge, _ = open_resources(world, guest)
    slider = lodge.await_one('slider', 'Cores')
    click(world, lodge, lodge.find('text', 'Cores'))
    world.screen.key('Tab')
    world.screen.key('Right')
    await_that('the slider has moved', lambda: slider.value == 2)
    lodge.await_one(name=re.compile('^Has 2 cores$'))
    await_that('the guest has two cores', lambda: guest.cores() == 2)


@cases.case('what is written wrong is refused beside the field, and not sent')
def refusals(world):
    guest = LinuxGuest(world.guests)
    lodge, slider = open_resources(world, guest)
    field = lodge.find('text', 'Memory')
    before = guest.total()
    for text, words in (('0', 'cannot do without memory'), ('12 parsecs', 'does not know the unit'),
                        ('999 TiB', 'At most .* Kept for the host'), ('1 MiB', 'must keep')):
        click(world, lodge, field)
        world.screen.key('ctrl+a')
        world.screen.type(text)
        world.screen.key('Return')
        # An alert: a screen reader says it without being asked.
        lodge.await_one('alert', re.compile(words))
    world.shoot('resources-refused')
    world.screen.key('Escape')
    await_that('the field says again what there is', lambda: lodge.find('text', 'Memory').text == '512\xa0MiB')
    assert abs(before - guest.total()) < 2, 'the guest was changed'
    equal(slider.value, 0.5, 'the slider')
    click(world, lodge, field)
    world.screen.key('ctrl+a')
    world.screen.type('400 MiB')
    world.screen.key('Return')
    await_that('the guest has 112 MiB less', lambda: abs(before - 112 - guest.total()) < 2)


@cases.case('more than can be had at once waits for a restart, at one button')
def waits_for_restart(world):
    guest = LinuxGuest(world.guests)
    lodge, slider = open_resources(world, guest)
    before = guest.total()
    slider.value = 1
    lodge.await_one('label', 'Waits for a Restart')
    lodge.await_one('label', re.compile('Memory at most: 1.GiB instead of 512.MiB'))
    lodge.find(('push button', 'button'), 'Restart')
    assert abs(before - guest.total()) < 2, 'the guest was changed'
    world.shoot('resources-pending')


@cases.case('the restart starts the guest anew, with what waited for it')
def restarts(world):
    lodge = world.start_lodge('--demo')
    await_that("the guest's picture is on the screen", lambda: demo.look(world.screen), 40)
    before = world.guests.virsh('domid', DEMO).strip()
    lodge.open_sheet()
    slider = lodge.await_one('slider', 'Memory')
    await_that('the slider knows what the guest has', lambda: slider.value > 0)
    slider.value = 1
    lodge.press('Restart')
    # While it is off it has no number.
    await_that('another QEMU runs it',
               lambda: world.guests.virsh('domid', DEMO).strip() not in (before, '-'), 60)
    lodge.await_none('label', 'Waits for a Restart')
    assert "<currentMemory unit='KiB'>1048576" in world.guests.virsh('dumpxml', DEMO)


@cases.case('a guest without a balloon driver: after ten seconds it is said')
def no_driver(world):
    guest = LinuxGuest(world.guests, memory="<memory unit='GiB'>2</memory>", options='nodrivers')
    lodge, slider = open_resources(world, guest)
    slider.value = 1.25
    lodge.await_one('label', re.compile('nothing has moved for 10 seconds'))
    world.shoot('resources-no-driver')


def shows_in(world, guest, scope, words):
    return words in world.guests.virsh('dumpxml', *scope, guest.name)


@cases.case('a priority on the own session: kept for automatic memory, and what it cannot do is said')
def priority(world):
    guest = LinuxGuest(world.guests)
    lodge, _ = open_resources(world, guest)
    lodge.await_one('label', re.compile('^Automatic memory heeds this here; processor time does not'))
    for name, words in (('First', 'priority level="first"'), ('Background', 'priority level="background"')):
        button = lodge.press(name)
        for scope in ((), ('--inactive',)):
            await_that(f'{name} is in the metadata', lambda: shows_in(world, guest, scope, words))
        await_that(f'{name} is pressed', lambda: 'pressed' in button.states or 'checked' in button.states)
    world.shoot('resources-priority')
    lodge.stop()
    lodge, _ = open_resources(world, guest)
    button = lodge.find(('push button', 'button', 'toggle button'), 'Background')
    await_that('another Lodge shows it', lambda: 'pressed' in button.states or 'checked' in button.states)
    lodge.press('Normal')
    await_that('nothing of it is kept', lambda: not shows_in(world, guest, (), 'lodge:priority'))


def write(world, lodge, name, text):
    """By the keyboard: Tab goes from field to field, and the sheet moves along."""
    if 'focused' not in lodge.await_one('text', name).states:
        click(world, lodge, lodge.find('text', 'Memory'))
    for _ in range(15):
        if 'focused' in lodge.find('text', name).states:
            break
        world.screen.key('Tab')
    assert 'focused' in lodge.find('text', name).states, f'Tab does not lead to {name}'
    world.screen.key('ctrl+a')
    world.screen.type(text)
    world.screen.key('Return')


@cases.case('growth: prepared by one button, and after the next start there is more at once')
def growth(world):
    guest = LinuxGuest(world.guests)
    lodge, slider = open_resources(world, guest)
    lodge.press('Prepare for Growth')
    lodge.await_one('label', 'Waits for a Restart')
    await_that('the next start has room', lambda: shows_in(world, guest, ('--inactive',), "model='virtio-mem'"))
    lodge.await_none(('push button', 'button'), 'Prepare for Growth')
    assert not shows_in(world, guest, (), "model='virtio-mem'"), 'the running one was changed'
    world.shoot('resources-growth')
    # The small guest does not hear the power button.
    world.guests.virsh('destroy', guest.name)
    lodge.press('Start')
    guest.await_up()
    lodge.await_none('label', 'Waits for a Restart')
    await_that('it begins with what it had', lambda: abs(slider.value - 0.5) < 0.01)
    before = guest.total()
    slider.value = 1
    # Its kernel keeps a little of it for its own list of pages.
    await_that('the guest has 512 MiB more', lambda: guest.total() > before + 490, 60)
    lodge.await_one(name=re.compile('^Has 1.GiB$'))
    world.shoot('resources-grown')


@cases.case('automatic: on by a switch, between what is written, and the guest follows')
def automatic(world):
    guest = LinuxGuest(world.guests, memory="<memory unit='GiB'>1</memory>")
    lodge, _ = open_resources(world, guest)
    before = guest.total()
    for name, text, words in (('At least', '16 MiB', 'no guest works'), ('At least', '2 GiB', 'more than its upper end'),
                              ('At most', '100 MiB', 'less than its lower end'),
                              ('At most', '900 GiB', 'Without a restart'), ('At most', 'plenty', 'no amount of memory')):
        write(world, lodge, name, text)
        lodge.await_one(None, re.compile(words))
        world.screen.key('Escape')
        lodge.await_none(None, re.compile(words))
    write(world, lodge, 'At least', '640 MiB')
    await_that('the lower end is kept', lambda: shows_in(world, guest, (), '655360'))
    lodge.press('Automatic Memory', ('check box', 'switch', 'toggle button'))
    await_that('it is kept that it is on', lambda: shows_in(world, guest, ('--inactive',), 'automatic='))
    await_that('the guest gives back what it does not use', lambda: before - guest.total() > 200, 120)
    world.shoot('resources-automatic')
    lodge.await_one('label', re.compile('^Now: '))
    assert guest.total() > before - 390, 'less than the lower end'
    lodge.press('Automatic Memory', ('check box', 'switch', 'toggle button'))
    lodge.await_one('label', re.compile('^What the guest does not use serves the host'))


def hold(world, lodge, slider, by):
    """Takes the slider's knob and moves it, without letting go."""
    x, y, _, height = slider.place
    left, top, _, _ = world.screen.place(lodge.window())
    knob, middle = left + x + 20, top + y + height // 3
    world.screen.point(knob, middle)
    world.screen.hand('mousedown', '1')
    world.screen.point(knob + by, middle)


def side_by_side(world, *lodges):
    for number, lodge in enumerate(lodges):
        window = lodge.window()
        world.screen.resize(window, 630, 860)
        world.screen.hand('windowmove', window.id, number * 640, 0)


def two_windows(world, guest):
    first, one = open_resources(world, guest)
    second = world.start_lodge('--start', guest.name, env=widgets.another_session(world.user))
    second.press('Resources and Devices')
    other = second.await_one('slider', 'Memory')
    await_that('the other knows what the guest has', lambda: abs(other.value - one.value) < 0.001 and one.value > 0.2)
    return first, one, second, other


@cases.case('two windows on one guest: what one changes the other shows, and in the end both say what libvirt says')
def two_windows_agree(world):
    world.forget_settings()
    keep_no_core(world)
    guest = LinuxGuest(world.guests)
    first, one, second, other = two_windows(world, guest)
    side_by_side(world, first, second)
    before = guest.total()
    one.value = 0.375
    await_that('the other shows it', lambda: abs(other.value - 0.375) < 0.001)
    second.await_one(name=re.compile('^Has 384.MiB$'))
    first.press('First')
    await_that('the other shows the priority', lambda: {'pressed', 'checked'} &
               second.find(('push button', 'button', 'toggle button'), 'First').states)
    cores = first.find('slider', 'Cores')
    cores.value = 2
    await_that('the guest has two cores', lambda: shows_in(world, guest, (), "current='2'"))
    await_that('the other shows the cores', lambda: second.find('slider', 'Cores').value == 2)
    equal(cores.value, 2, 'the cores where they were asked for')

    # Held in one while the other changes it: the hand's value stays, and is what counts when it is let go.
    hold(world, first, one, 40)
    await_that('the slider has moved', lambda: one.value > 0.4)
    held = one.value
    other.value = 0.3125
    await_that('the other has asked', lambda: 'KiB\'>327680<' in world.guests.virsh('dumpxml', guest.name))
    equal(one.value, held, 'what is under the hand')
    world.screen.hand('mouseup', '1')
    await_that('both agree', lambda: one.value == other.value)

    # And both at once, again and again.
    for step in range(1, 7):
        one.value = 0.3125 + step / 64
        other.value = 0.5 - step / 64
    def same():
        xml = world.guests.virsh('dumpxml', guest.name)
        has = int(re.search("<currentMemory unit='KiB'>(\\d+)", xml).group(1)) / 1024 ** 2
        return abs(one.value - has) < 0.002 and abs(other.value - has) < 0.002 and abs(
            before - (0.5 - has) * 1024 - guest.total()) < 2
    await_that('both windows, libvirt and the guest agree', same)
    world.screen.settled(1.0)
    assert same(), f'they came apart again: {one.value}, {other.value}'
    stored = re.search("<currentMemory unit='KiB'>(\\d+)", world.guests.virsh('dumpxml', '--inactive', guest.name))
    equal(int(stored.group(1)) / 1024 ** 2, one.value, 'what is stored')
    for lodge in (first, second):
        lodge.await_one(name=re.compile('^Has [0-9]+.MiB$'))
    world.shoot('two-windows')

    # One of them ends it, the other says so.
    world.guests.virsh('destroy', guest.name)
    for lodge in (first, second):
        lodge.await_one('label', re.compile('when it starts'))


@cases.case('libvirt ends while the slider is held: it goes back, and it is said why')
def daemon_ends(world):
    guest = LinuxGuest(world.guests)
    lodge, slider = open_resources(world, guest)
    before = guest.total()
    x, y, width, height = slider.place
    left, top, _, _ = world.screen.place(lodge.window())
    knob = left + x + 20
    middle = top + y + height // 3
    # So that what is asked for cannot be done before it ends.
    os.kill(world.guests.daemon(), signal.SIGSTOP)
    world.screen.point(knob, middle)
    world.screen.hand('mousedown', '1')
    world.screen.point(knob + 60, middle)
    await_that('the slider has moved', lambda: slider.value > 1)
    world.guests.kill_daemon()
    lodge.await_one(name=re.compile('The memory of “linux” was not changed'))
    world.shoot('resources-daemon')
    # Also under the hand: what cannot be moved for a while does not hear that it is let go.
    await_that('it goes back', lambda: abs(slider.value - 0.5) < 0.01)
    world.screen.hand('mouseup', '1')
    await_that('libvirt is there again', lambda: world.guests.state(guest.name) == 'running')
    assert abs(before - guest.total()) < 2, 'the guest was changed'


@cases.case('the sheet: by key, Escape, remembered; beside, over and below the screen')
def sheet(world):
    world.forget_settings()
    guest = LinuxGuest(world.guests)
    lodge = world.start_lodge('--start', guest.name)
    guest.await_up()
    lodge.press('Resources and Devices')
    lodge.await_one('slider', 'Memory')
    world.screen.key('Escape')
    lodge.await_none('slider', 'Memory')
    click(world, lodge, lodge.await_one('list item', guest.name))
    world.screen.key('alt+Return')
    lodge.await_one('slider', 'Memory')
    window = lodge.window()
    for width, height, name in ((700, 700, 'over'), (360, 640, 'below'), (1200, 760, 'beside')):
        world.screen.resize(window, width, height)
        world.screen.settled()
        world.screen.resize(window, width, height)
        await_that(f'the window is {width} wide', lambda: world.screen.place(window)[2] <= width + 12)
        lodge.await_one('slider', 'Memory')
        world.shoot(f'sheet-{name}')
    world.screen.key('F11')
    await_that('it is fullscreen', lambda: '_NET_WM_STATE_FULLSCREEN' in world.screen.states(window))
    lodge.await_one('slider', 'Memory')
    world.shoot('sheet-fullscreen')
    lodge.stop()
    lodge = world.start_lodge('--start', guest.name)
    lodge.await_one('slider', 'Memory')


def focused(lodge):
    for _, widget in lodge.program().walk():
        if 'focused' in widget.states:
            return widget
    raise LookupError('nothing has the keyboard')


def go_to(world, lodge, name, role=None):
    """By Tab alone; what has the keyboard must be in sight."""
    height = world.screen.place(lodge.window())[3]
    on_the_way = []
    for _ in range(25):
        widget = await_that('something has the keyboard', lambda: focused(lodge))
        _, top, _, tall = widget.place
        await_that(f'{widget} is in sight', lambda: widget.place[1] >= 0 and
                   widget.place[1] + widget.place[3] <= height + 60, 5)
        if widget.matches(role, name):
            return widget
        on_the_way.append(str(widget))
        world.screen.key('Tab')
    raise AssertionError(f'Tab does not lead to {name}: {on_the_way}')


NODE = """<node><domain type='test'><name>test</name><memory unit='MiB'>1280</memory>
  <currentMemory unit='GiB'>1</currentMemory><vcpu current='1'>2</vcpu><os><type>hvm</type></os></domain></node>"""


def has(lodge, words):
    return lodge.await_one('label', re.compile(f'^{words}$'))


def put(world, text):
    world.screen.key('ctrl+a')
    world.screen.type(text)
    world.screen.key('Return')


@cases.case('narrow, and by the keyboard alone: the sheet, from its opening to its closing')
def narrow_by_keyboard(world):
    """With libvirt's test driver, whose memory and cores follow at once."""
    world.forget_settings()
    path = world.write('node.xml', NODE)
    lodge = world.start_lodge('--connect', f'test://{path}', env={'ADW_DEBUG_COLOR_SCHEME': 'prefer-dark'})
    click(world, lodge, lodge.await_one('list item', 'test'))
    window = lodge.window()
    world.screen.resize(window, 360, 640)
    await_that('the window is narrow', lambda: world.screen.place(window)[2] <= 372)
    world.screen.key('alt+Return')
    slider = lodge.await_one('slider', 'Memory')
    await_that('the slider knows what the guest has', lambda: slider.value == 1)
    go_to(world, lodge, 'Memory', 'text')
    for text, words in (('abc', 'no amount of memory'), ('-1', 'cannot do without memory'), ('999 TiB', '^At most ')):
        put(world, text)
        lodge.await_one('alert', re.compile(words))
    world.shoot('narrow-refused')
    put(world, '1.125 GiB')
    has(lodge, 'Has 1.1.GiB')
    go_to(world, lodge, 'Memory', 'slider')
    world.screen.key('Right')
    await_that('a step more', lambda: slider.value > 1.125)
    world.screen.key('Page_Up')
    lodge.await_one('label', 'Waits for a Restart')
    assert slider.value > 1.25, f'Page Up leads to {slider.value}'
    world.shoot('narrow-waits')
    go_to(world, lodge, 'Cores', 'text')
    put(world, '2')
    has(lodge, 'Has 2 cores')
    # They cannot be taken back here, and the keyboard does not stay in what is of no use any more.
    await_that('the cores are barred', lambda: 'sensitive' not in lodge.find('slider', 'Cores').states)
    go_to(world, lodge, 'Restart')
    world.shoot('narrow-restart')
    switch = go_to(world, lodge, 'Automatic Memory')
    world.screen.key('space')
    await_that('it is on', lambda: 'checked' in switch.states)
    go_to(world, lodge, 'At least', 'text')
    put(world, '300 MiB')
    go_to(world, lodge, 'At most', 'text')
    put(world, '200 MiB')
    lodge.await_one('alert', re.compile('less than its lower end, 300.MiB'))
    world.shoot('narrow-range')
    world.screen.key('Escape')
    go_to(world, lodge, 'Close the Sheet')
    world.screen.key('Return')
    lodge.await_none('slider', 'Memory')


@cases.case('dark style, high contrast, another language')
def styles(world):
    guest = LinuxGuest(world.guests)
    for name, env in (('dark', {'ADW_DEBUG_COLOR_SCHEME': 'prefer-dark'}),
                      ('high-contrast', {'ADW_DEBUG_HIGH_CONTRAST': '1'}),
                      ('german', {'LANGUAGE': 'de'})):
        lodge, _ = open_resources(world, guest, env=env)
        world.shoot(f'resources-{name}')
        lodge.stop()


@cases.case('the host page says who has what, and keeps a reserve')
def host_page(world):
    guest = LinuxGuest(world.guests)
    lodge = world.start_lodge('--start', guest.name)
    guest.await_up()
    click(world, lodge, lodge.await_one('list item', 'This Computer'))
    lodge.await_one('text', 'Memory to keep')
    world.shoot('host')


if __name__ == '__main__':
    main(cases)
