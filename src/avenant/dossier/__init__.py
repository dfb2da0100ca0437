"""Dossiers: what an amendment leaves the workspace as, under the placeholder or, for the lab alone, the real name."""
