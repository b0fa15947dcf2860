"""Rules: who may use which way, and how fast, by its tags; one function a rule."""
