"""The reference documentation, derived from the model, the provider's schema and one table of example requests."""
