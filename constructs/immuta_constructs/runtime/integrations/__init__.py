"""The checks that only integrations need."""
