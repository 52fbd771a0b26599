"""Lives of metadata that are more than one route a verb."""
