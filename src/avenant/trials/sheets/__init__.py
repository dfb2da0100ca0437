"""Sheets for graders: as a table, a Word file or a web page, and what they say once they are filled in."""
