"""An amendment: its file, its anchors, its edits applied, its redline."""
