from __future__ import annotations

import signal

from hypothesis import settings

# What this process ignores (Ctrl-C in a shell's background job, the hang-up under nohup), every program that a test starts and
# ends by that signal would ignore, too; a handler is not handed on.
signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:
    signal.signal(signal.SIGHUP, lambda *_: None)

# `make soak` runs the second one. How long one example takes says nothing on a machine where other tests run at the same time.
settings.register_profile("quick", deadline=None)
settings.register_profile("soak", deadline=None, max_examples=2000)
settings.load_profile("quick")
