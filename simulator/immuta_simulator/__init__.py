"""A local Immuta: its Integrations API over HTTP, with faults that can be switched on.

It shares no code with the provider or the constructs, so a mistake in their model is not repeated here and shows up
as a failing request. Start it with `cdktf-immuta simulator`, or use it in-process with `app.create_app`.
"""
