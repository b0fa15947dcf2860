"""Clock: when everything of a route happens, what it costs, and which rule it breaks, compiled."""
