# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases in the order they are written, reported in TAP."""

import os
import sys
import time
import traceback


class Skip(Exception):
    """The case cannot be tried here; the text says why."""


class Cases:
    def __init__(self):
        self.cases = []
        self.cleanups = []

    def case(self, name):
        def register(function):
            self.cases.append((name, function))
            return function
        return register

    def run(self, world, only=()):
        """Runs the cases, of which every one gets the world, and exits. With `only`, just those
        with one of these words in their names."""
        cases = [(n, f) for n, f in self.cases if not only or any(word in n for word in only)]
        print(f'1..{len(cases)}', flush=True)
        failed = 0
        for number, (name, function) in enumerate(cases, 1):
            began = time.monotonic()
            try:
                function(world)
                result = f'ok {number} - {name}'
            except Skip as reason:
                result = f'ok {number} - {name} # SKIP {reason}'
            except Exception:
                failed += 1
                for line in traceback.format_exc().splitlines():
                    print(f'# {line}')
                for line in world.describe_failure(name):
                    print(f'# {line}')
                result = f'not ok {number} - {name}'
            try:
                world.after_case()
            except Exception:
                failed += 1
                print('# after the case:', *traceback.format_exc().splitlines(), sep='\n# ')
                result = 'not ' + result if result.startswith('ok') else result
            print(f'# {time.monotonic() - began:.1f} s')
            print(result, flush=True)
        return failed


def await_that(what, condition, seconds=45.0):
    """Waits until `condition` returns something true, and returns it. `what` is for people."""
    deadline = time.monotonic() + seconds * float(os.environ.get('LODGE_TEST_PATIENCE', '1'))
    last = None
    while True:
        try:
            last = None
            value = condition()
            if value:
                return value
        except (LookupError, OSError, ValueError) as error:
            last = error
        if time.monotonic() > deadline:
            raise AssertionError(f'not within {seconds:g} s: {what}' + (f' ({last})' if last else ''))
        time.sleep(0.03)


def equal(found, wanted, what=''):
    if found != wanted:
        raise AssertionError(f'{what}: {found!r} is not {wanted!r}')


def say(*words):
    """A word beside the results."""
    print('#', *words, file=sys.stdout, flush=True)
