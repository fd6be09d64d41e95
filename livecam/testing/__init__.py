"""Fakes at the plugs, for livecam's tests and for yours. Never imported at run time."""
