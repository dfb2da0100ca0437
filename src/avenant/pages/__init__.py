"""Pages: what Avenant knows as HTML files that stand alone, without script or network."""
