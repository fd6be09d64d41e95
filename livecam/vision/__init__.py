"""Faces and expressions found on this machine, with OpenCV alone."""
