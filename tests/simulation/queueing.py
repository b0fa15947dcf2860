"""Waiting lines whose waits are known in closed form or bounded."""

from __future__ import annotations

import math

import numpy as np

from doorstep.lockers.occupancy import erlang_b


def erlang_c(offered: float, servers: int) -> float:
    """Return the share of customers that wait in M/M/c, by Erlang's (1917) second formula out of his first."""
    lost, busy = erlang_b(offered, servers), offered / servers
    return lost / (1 - busy * (1 - lost))


def mmc_wait(rate: float, service: float, servers: int) -> float:
    """Return the mean wait in M/M/c."""
    return erlang_c(rate * service, servers) * service / (servers * (1 - rate * service / servers))


def mgc_wait(rate: float, times: np.ndarray, servers: int) -> float:
    """Return the mean wait in M/G/c of given service times, by Lee and Longton (1959); exact for one server.

    That is M/M/c's times half of one and the squared coefficient of variation, by Pollaczek and Khinchine for c = 1.
    """
    variation = float(np.var(times)) / float(np.mean(times)) ** 2
    return (1 + variation) / 2 * mmc_wait(rate, float(np.mean(times)), servers)


def kingman_bound(gaps: np.ndarray, times: np.ndarray) -> float:
    """Return a bound of the mean wait in G/G/1 (Kingman 1961)."""
    rate, busy = 1 / float(np.mean(gaps)), float(np.mean(times) / np.mean(gaps))
    return rate * (float(np.var(gaps)) + float(np.var(times))) / (2 * (1 - busy)) if busy < 1 else math.inf


def in_turn(arrive: np.ndarray, times: np.ndarray, servers: int) -> np.ndarray:
    """Return the waits of customers who are served in the order in which they come, each by the first server free."""
    free, waits = np.zeros(servers), np.empty(len(arrive))
    for k in np.argsort(arrive, kind="stable").tolist():
        server = int(np.argmin(free))
        begin = max(arrive[k], free[server])
        waits[k], free[server] = begin - arrive[k], begin + times[k]
    return waits
