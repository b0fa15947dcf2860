"""Osm: a file of OpenStreetMap as arrays, before any street is laid."""
