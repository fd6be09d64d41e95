"""Turning pictures into bytes: one codec per file."""
