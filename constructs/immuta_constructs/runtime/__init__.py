"""What the generated constructs stand on; nothing here is meant to be imported by a stack."""
