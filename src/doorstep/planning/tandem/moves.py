"""Moves: small changes to a row of tasks, written into the row on trial; each returns its length, -1 for no change."""

from __future__ import annotations

from doorstep.network.compiled import inner_code
from doorstep.planning.sisr.dice import pick, share
from doorstep.planning.tandem.layout import ASIDE, DRIVE, DRONES, LAUNCH, MAY_RETURN, RECOVER, ROW, SERVE, TRIAL

REACH = 4
"""How far a task is moved among its neighbours."""
NEAREST = 12
"""Neighbours beside which a customer is put."""
FURTHER = 0.5
"""Chance that a drone is taken in one stop later still."""
SAME_STOP = 0.2
EARLY_SERVE = 0.7


@inner_code
def same_aside(s, source, target):  # type: ignore[no-untyped-def]
    """Let one row have the depot's own drones serve the same customers as another."""
    for x in range(s.aside.shape[1]):
        s.aside[target, x] = s.aside[source, x]


@inner_code
def without(g, s, x):  # type: ignore[no-untyped-def]
    """Copy the present row without a customer's tasks; return its length."""
    sites, n = g.van_s.shape[0], 0
    for k in range(s.lengths[ROW]):
        token = s.row[k]
        if token % sites != x:
            s.trial[n] = token
            n += 1
    same_aside(s, ROW, TRIAL)
    s.aside[TRIAL, x] = 0
    return n


@inner_code
def put(row, n, where, token):  # type: ignore[no-untyped-def]
    """Insert a task before position `where`; return the new length."""
    for k in range(n, where, -1):
        row[k] = row[k - 1]
    row[where] = token
    return n + 1


@inner_code
def next_drive(row, n, sites, where):  # type: ignore[no-untyped-def]
    """Return the position of the first drive from `where` on; the length where there is none."""
    k = where
    while k < n and row[k] // sites != DRIVE:
        k += 1
    return k


@inner_code
def _beside(g, s, n, x):  # type: ignore[no-untyped-def]
    """Return a position near a neighbour of a customer, no later than the drive home."""
    sites = g.van_s.shape[0]
    y = g.near[x, pick(s.dice, min(NEAREST, g.near.shape[1]))]
    home = n - 1
    while s.trial[home] // sites != DRIVE:
        home -= 1
    found = -1
    for k in range(home):
        token = s.trial[k]
        if token % sites == y and (token // sites == DRIVE or token // sites == LAUNCH):
            found = k
            break
    if y == 0 or found < 0:
        if share(s.dice) < 0.5:  # noqa: PLR2004 - either end
            return pick(s.dice, next_drive(s.trial, n, sites, 0) + 1)
        return home
    if share(s.dice) < 0.5:  # noqa: PLR2004 - before or after
        return found
    end = next_drive(s.trial, n, sites, found + 1)
    return min(home, found + 1 + pick(s.dice, end - found))


@inner_code
def elsewhere(g, s, x):  # type: ignore[no-untyped-def]
    """Take a customer out and put it back at random near a neighbour, served by whatever may."""
    sites = g.van_s.shape[0]
    n = without(g, s, x)
    flown = g.by_drone[x] and g.numbers[DRONES] > 0.0
    aside = g.numbers[ASIDE] > 0.0 and g.beside_s[x] < 1e300  # noqa: PLR2004 - finite
    ways = int(g.by_van[x]) + int(flown) + int(aside)
    way = pick(s.dice, ways)
    if g.by_van[x]:
        if way == 0:
            where = _beside(g, s, n, x)
            n = put(s.trial, n, where, DRIVE * sites + x)
            then = where + 1
            if share(s.dice) > EARLY_SERVE:
                then += pick(s.dice, next_drive(s.trial, n, sites, where + 1) - where)
            return put(s.trial, n, then, SERVE * sites + x)
        way -= 1
    if flown:
        if way == 0:
            return _by_drone(g, s, n, x)
        way -= 1
    s.aside[TRIAL, x] = 1
    return n


@inner_code
def _by_drone(g, s, n, x):  # type: ignore[no-untyped-def]
    sites = g.van_s.shape[0]
    where = _beside(g, s, n, x)
    stops = 1
    if g.numbers[MAY_RETURN] > 0.0 and share(s.dice) < SAME_STOP:
        stops = 0
    while stops > 0 and share(s.dice) < FURTHER:
        stops += 1
    then = where
    for _ in range(stops):
        ahead = next_drive(s.trial, n, sites, then)
        if ahead == n:
            break
        then = ahead + 1
    then += pick(s.dice, next_drive(s.trial, n, sites, then) - then + 1)
    n = put(s.trial, n, then, RECOVER * sites + x)
    return put(s.trial, n, where, LAUNCH * sites + x)


@inner_code
def shifted(g, s):  # type: ignore[no-untyped-def]
    """Move one task, no drive, a few places."""
    sites, n = g.van_s.shape[0], s.lengths[ROW]
    k = pick(s.dice, n)
    if s.row[k] // sites == DRIVE:
        return -1
    to = k + pick(s.dice, 2 * REACH + 1) - REACH
    if to < 0 or to >= n or to == k:
        return -1
    m = 0
    for j in range(n):
        if j != k:
            s.trial[m] = s.row[j]
            m += 1
    same_aside(s, ROW, TRIAL)
    return put(s.trial, m, to, s.row[k])


@inner_code
def exchanged(g, s, x, y):  # type: ignore[no-untyped-def]
    """Let two customers change places and ways to be served."""
    sites = g.van_s.shape[0]
    for k in range(s.lengths[ROW]):
        token = s.row[k]
        if token % sites == x:
            token += y - x
        elif token % sites == y:
            token += x - y
        s.trial[k] = token
    same_aside(s, ROW, TRIAL)
    s.aside[TRIAL, x], s.aside[TRIAL, y] = s.aside[ROW, y], s.aside[ROW, x]
    return s.lengths[ROW]


@inner_code
def find_drives(g, s):  # type: ignore[no-untyped-def]
    """Note where the drives of the present row are; return how many there are before the one home."""
    sites, count = g.van_s.shape[0], 0
    for k in range(s.lengths[ROW]):
        if s.row[k] // sites == DRIVE:
            s.drives[count] = k
            count += 1
    return count - 1


@inner_code
def turned(g, s, first, last):  # type: ignore[no-untyped-def]
    """Turn round the stops from `first` to `last`, counted from 0, with what happens at them."""
    sites, n = g.van_s.shape[0], s.lengths[ROW]
    low, high = s.drives[first], s.drives[last + 1]
    s.marks[:] = 0
    for k in range(low, high):
        kind, x = s.row[k] // sites, s.row[k] % sites
        if kind == LAUNCH:
            s.marks[0, x] = 1
        elif kind == RECOVER:
            s.marks[1, x] = 1
    m = 0
    for k in range(low):
        s.trial[m] = s.row[k]
        m += 1
    for stop in range(last, first - 1, -1):
        s.trial[m] = s.row[s.drives[stop]]
        m += 1
        for k in range(s.drives[stop + 1] - 1, s.drives[stop], -1):
            kind, x = s.row[k] // sites, s.row[k] % sites
            token = s.row[k]
            if kind >= LAUNCH and s.marks[0, x] and s.marks[1, x]:
                token = (LAUNCH + RECOVER - kind) * sites + x
            s.trial[m] = token
            m += 1
    for k in range(high, n):
        s.trial[k] = s.row[k]
    same_aside(s, ROW, TRIAL)
    return n


@inner_code
def carried(s, first, last, before):  # type: ignore[no-untyped-def]
    """Move the stops from `first` to `last`, with what happens at them, before another stop."""
    n, low, high, to = s.lengths[ROW], s.drives[first], s.drives[last + 1], s.drives[before]
    if low <= to <= high:
        return -1
    m = 0
    for k in range(n):
        if k == to:
            for j in range(low, high):
                s.trial[m] = s.row[j]
                m += 1
        if k < low or k >= high:
            s.trial[m] = s.row[k]
            m += 1
    same_aside(s, ROW, TRIAL)
    return m


@inner_code
def revisited(g, s):  # type: ignore[no-untyped-def]
    """Let the van come by a customer once more, or no longer."""
    sites, n = g.van_s.shape[0], s.lengths[ROW]
    same_aside(s, ROW, TRIAL)
    stops = find_drives(g, s)
    if stops < 1 or n + 1 >= s.row.size:
        return -1
    chosen = s.drives[pick(s.dice, stops)]
    x = s.row[chosen] % sites
    for k in range(chosen + 1, next_drive(s.row, n, sites, chosen + 1)):
        if s.row[k] == SERVE * sites + x:
            for j in range(n):
                s.trial[j] = s.row[j]
            return put(s.trial, n, pick(s.dice, s.drives[stops] + 1), DRIVE * sites + x)
    m = 0
    for j in range(n):
        if j != chosen:
            s.trial[m] = s.row[j]
            m += 1
    return m
