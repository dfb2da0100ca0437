"""A lab's published document: its sections and clauses, and its releases on disk."""
