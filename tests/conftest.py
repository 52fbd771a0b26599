from __future__ import annotations

from hypothesis import settings

# How long one example takes says nothing on a machine where other tests run at the same time.
settings.register_profile("quick", deadline=None)
settings.register_profile("soak", deadline=None, max_examples=2000)
settings.load_profile("quick")
