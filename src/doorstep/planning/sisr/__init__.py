"""Slack induction by string removals, compiled: the search for routes over the whole-number tables of a problem."""
