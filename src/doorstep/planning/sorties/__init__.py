"""Sorties: plans of vans handed out, stop by stop, to the drones and robots that they carry."""
