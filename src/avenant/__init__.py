"""Avenant: improve the documents that say how AI models should behave."""

__version__ = "0.1.0"
