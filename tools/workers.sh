#!/bin/sh
# How many tests run at a time: they mostly wait for processes, so one more than there are cores, up to eight.
cores=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
[ "$cores" -lt 8 ] && echo $((cores + 1)) || echo 8
