#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Linux guest with a desktop and spice-vdagent, in Lodge's window."""

from hand.guests import DesktopGuest
from hand.tap import Cases, await_that, equal
from hand.world import main

cases = Cases()


@cases.case('the desktop guest is up and answers')
def guest_answers(world):
    guest = DesktopGuest(world.guests)
    world.guests.virsh('start', guest.name)
    guest.await_up()
    await_that("the agent's daemon has the agent",
               lambda: 'connected' in guest.ask('cat /var/log/vdagent.out'), 60)
    guest.set_clipboard('grüße, 世界')
    equal(guest.clipboard(), 'grüße, 世界', "the guest's clipboard")
    try:
        guest.ask('exit 3')
    except AssertionError as error:
        assert ': 3:' in str(error), error
    else:
        raise AssertionError('a failure in the guest was not told')


if __name__ == '__main__':
    main(cases)
