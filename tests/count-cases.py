#!/usr/bin/env python3
"""count-cases.py FOLDER SUITE…: counts the test cases in meson's logs run-SUITE.json.

SPDX-License-Identifier: GPL-3.0-or-later

Names those that failed, with what their programs said at last. The last line is
"N passed, N failed, N skipped". A program that broke down or ran too long is a failure more than
its cases say; a program without TAP is one case.
"""

import json
import re
import sys

CASE = re.compile(r'^( *)(not )?ok\b(.*)$')
PLAN = re.compile(r'^1\.\.(\d+)(.*)$')
SKIP = re.compile(r'#\s*skip', re.IGNORECASE)
TODO = re.compile(r'#\s*todo', re.IGNORECASE)
ERROR = re.compile(r'^\s*# (\w+\.)*\w*(Error|Exception|Expired)\b')


def reason(said):
    """What a case said before it failed, up to its error: the record of the screen follows that."""
    for number, line in enumerate(said):
        if ERROR.match(line):
            return said[max(0, number - 11):number + 1]
    return said[-12:]


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
    """What a program that failed said at last: most often the reason."""
    lines = [line for line in (test.get('stdout') or '').splitlines() if 'Bail out!' in line]
    lines += (test.get('stderr') or '').splitlines()
    return [line.rstrip() for line in lines if line.strip()][-12:]


def main():
    folder, totals, tests = sys.argv[1], [0, 0, 0], 0
    for suite in sys.argv[2:]:
        with open(f'{folder}/run-{suite}.json', encoding='utf-8') as file:
            for line in file:
                test = json.loads(line)
                tests += 1
                *counts, names = count_test(test)
                totals = [a + b for a, b in zip(totals, counts)]
                for name in names:
                    print(f'FAILED {suite}: {test["name"]}: {name}')
                if names:
                    print(*last_words(test), sep='\n')
    if not tests:
        totals[1] = 1
        print('FAILED no test ran')
    print('{} passed, {} failed, {} skipped'.format(*totals))
    return totals[1] > 0


sys.exit(main())
