"""The trial: designed before the first call, run in blocks, graded blind, and judged by a fixed rule."""
