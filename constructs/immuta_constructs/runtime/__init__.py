"""The base classes and helpers of the generated constructs; a stack does not import them."""
