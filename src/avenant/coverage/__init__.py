"""What a document covers: threat models, the clauses about them, and what those clauses say."""
