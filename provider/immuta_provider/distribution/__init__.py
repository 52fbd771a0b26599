"""Distributes the provider: builds one self-contained plugin file, and installs it in a mirror folder."""
