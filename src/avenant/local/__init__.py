"""The embedded model: small, offline, in process; its weights, its engine, and its Inspect provider."""
