#!/usr/bin/env python3
"""count-cases.py [--failed] FOLDER SUITE…: counts the test cases in meson's logs run-SUITE.json.

SPDX-License-Identifier: GPL-3.0-or-later

Names those that failed, and in a few lines why. The last line is "N passed, N failed, N skipped". A
program that broke down or ran too long is a failure more than its cases say; a program without TAP is
one case. A program that is in again-SUITE.json was run once more: that run counts, and what failed in
the first is named as unsteady.

  --failed   says no more than the programs of which something failed, as meson wants to have them named
"""

import json
import os
import re
import sys

CASE = re.compile(r'^( *)(not )?ok\b(.*)$')
PLAN = re.compile(r'^1\.\.(\d+)(.*)$')
SKIP = re.compile(r'#\s*skip', re.IGNORECASE)
TODO = re.compile(r'#\s*todo', re.IGNORECASE)
ERROR = re.compile(r'^\s*# (\w+\.)*\w*(Error|Exception|Expired)\b')
PLACE = re.compile(r'^\s*#\s+File ".*/(tests/.*)", line (\d+)')
FATAL = re.compile(r'Bail out!|\bERROR\b|CRITICAL|WARNING|AddressSanitizer|runtime error')
NOISE = re.compile(r'dbind-WARNING|^\(test program exited')


def shorten(lines, most):
    return [line.strip()[:240] for line in lines if line.strip()][-most:]


def reason(said):
    """What a case said before it failed: of a Python error the place and the words, as the record of the
    screen follows; else the last lines."""
    place = []
    for line in said:
        if match := PLACE.match(line):
            place = [f'# {match[1]}:{match[2]}']
        if ERROR.match(line):
            return place + shorten([line], 1)
    return shorten(said, 4)


def count_tap(text):
    """Passed, failed and skipped cases, the names and reasons of those that failed, and whether all of
    the plan ran."""
    passed = failed = skipped = top = 0
    names, said, planned, deeper = [], [], None, 0
    for line in text.splitlines():
        if line.lstrip().startswith('#'):
            said.append(line.rstrip())
        plan = PLAN.match(line)
        if plan:
            planned = int(plan[1])
            skipped += planned == 0
        case = CASE.match(line)
        if not case:
            continue
        depth = len(case[1])
        top += depth == 0
        # A line after deeper ones sums them up.
        sums_up, deeper = deeper > depth, depth
        if SKIP.search(case[3]):
            skipped += 1
        elif case[2] and not TODO.search(case[3]):
            if not sums_up:
                failed += 1
                names.append('\n'.join([case[3].strip(' -')] + reason(said)))
        elif not sums_up:
            passed += 1
        said = []
    return passed, failed, skipped, names, planned is not None and top >= planned


def count_test(test):
    """Cases of one program, as meson wrote them down."""
    result = test['result']
    text = test.get('stdout') or ''
    if any(PLAN.match(line) or CASE.match(line) for line in text.splitlines()):
        passed, failed, skipped, names, complete = count_tap(text)
        if result in ('SKIP', 'OK') or (failed and complete):
            return passed, failed, skipped, names
        return passed, failed + 1, skipped, names + [f'({result.lower()})']
    if result == 'SKIP':
        return 0, 0, 1, []
    if result in ('OK', 'EXPECTEDFAIL'):
        return 1, 0, 0, []
    return 0, 1, 0, [f'({result.lower()})']


def last_words(test):
    """What a program that broke down said at last: most often the reason."""
    lines = [line for line in (test.get('stdout') or '').splitlines() if FATAL.search(line)]
    lines += (test.get('stderr') or '').splitlines()
    return shorten([line for line in lines if not NOISE.search(line)], 4)


def read(path):
    with open(path, encoding='utf-8') as file:
        return [json.loads(line) for line in file]


def read_suite(folder, suite):
    """The tests of a suite, each with its first run, if that does not count."""
    again = {}
    if os.path.exists(f'{folder}/again-{suite}.json'):
        again = {test['name']: test for test in read(f'{folder}/again-{suite}.json')}
    for test in read(f'{folder}/run-{suite}.json'):
        second = again.get(test['name'])
        yield second or test, second and test


def tell(word, suite, test, names):
    for name in names:
        print(f'{word} {suite}: {test["name"].split(" / ")[-1]}: {name}')
    if any(name.startswith('(') for name in names):
        print(*last_words(test), sep='\n')


def main():
    words = sys.argv[1:]
    if words[0] == '--failed':
        print(*(test['name'].replace(' / ', ':').replace(f':{suite}:', ':', 1)
                for suite in words[2:] for test, _ in read_suite(words[1], suite) if count_test(test)[3]))
        return False
    folder, totals, tests = words[0], [0, 0, 0], 0
    for suite in words[1:]:
        for test, first in read_suite(folder, suite):
            tests += 1
            *counts, names = count_test(test)
            totals = [a + b for a, b in zip(totals, counts)]
            if first:
                tell('UNSTEADY', suite, first, count_test(first)[3])
            tell('FAILED', suite, test, names)
    if not tests:
        totals[1] = 1
        print('FAILED no test ran')
    print('{} passed, {} failed, {} skipped'.format(*totals))
    return totals[1] > 0


sys.exit(main())
