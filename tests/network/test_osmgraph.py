"""Tests of graphs of osmnx as streets."""

from __future__ import annotations

import networkx as nx

from doorstep.network.osmgraph import find_kerbs
from doorstep.network.rulebook import USUAL, RobotRules, RuleBook


def test_kerbs_of_a_graph() -> None:
    """Raised kerbs are found at the nodes of a graph, as far as robots do not climb them."""
    graph = nx.MultiDiGraph()
    graph.add_node(1, kerb="raised")
    graph.add_node(2, kerb="lowered")
    graph.add_node(3)
    assert find_kerbs(graph, USUAL).tolist() == [0]
    assert not len(find_kerbs(graph, RuleBook(robot=RobotRules(kerb_m=0.2))))
