"""Whole programs around a run that measure it; each in a folder of its own."""
