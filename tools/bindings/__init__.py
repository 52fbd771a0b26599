"""The Python constructs as text, derived from the model and from the provider's schemas."""
