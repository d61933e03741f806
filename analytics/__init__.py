"""From ratings to decisions: measures and the managers' dashboard; writes nothing to the store."""
