"""Clips on S3 and what stored video says of them.

Uploaded, analysed, fetched; each step written down before it is taken.
"""
