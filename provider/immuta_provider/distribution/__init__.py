"""How the provider reaches a user's machine: one self-contained plugin file, and the mirror folder it is installed in."""
