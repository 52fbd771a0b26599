from __future__ import annotations

import math
import os
import subprocess
import sys

from bench_terraform import NARROW, OURS, WIDE, Run, cpu_of_children, median, table

BURN = "import time\nwhile time.process_time() < {}: pass"


def test_cpu_time_of_children_is_apart_from_that_of_their_parent() -> None:
    child = [sys.executable, "-S", "-c", BURN.format(0.2)]
    parent = f"import subprocess\nsubprocess.run({child!r})\n{BURN.format(0.4)}"
    process = subprocess.Popen([sys.executable, "-S", "-c", parent])
    children = cpu_of_children(process.pid)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    if sys.platform != "linux":
        assert math.isnan(children)
    else:
        assert 0.19 <= children < 0.39 <= usage.ru_utime + usage.ru_stime - children


def test_the_table_has_every_run_and_the_ratios_of_ours() -> None:
    runs = {OURS: Run(3, 1.5, 1, 90), WIDE: Run(2, 1, 0.5, 60), NARROW: Run(1, 0.5, 0, 45)}
    assert (
        table(runs)
        == """\
  ours                            3.00              1.50              1.00      90
  Go, equal state                 2.00              1.00              0.50      60
  Go, narrow state                1.00              0.50              0.00      45
  ours / Go, equal state          1.50              1.50              2.00    1.50
  ours / Go, narrow state         3.00              3.00               nan    2.00"""
    )


def test_the_median_is_of_each_column() -> None:
    assert median([Run(1, 6, 7, 1), Run(2, 5, 9, 3), Run(3, 4, 8, 2)]) == Run(2, 5, 8, 2)
