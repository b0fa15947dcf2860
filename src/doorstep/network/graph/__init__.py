"""Graph: streets as edges between junctions, and the fastest ways through them, compiled."""
