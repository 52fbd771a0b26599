#!/bin/sh
# Prints the path of a Python >= 3.11 that can make virtual environments: the real one, where PATH has a shim for it.
# PYTHON=/path/to/python names one instead.

probe='
import os, sys
sys.version_info >= (3, 11) or sys.exit(1)
import ensurepip, ssl, venv
print(os.path.realpath(sys._base_executable))'

tried=
for python in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.14 python}; do
    tried="$tried $python"
    if path=$("$python" -I -c "$probe" </dev/null 2>/dev/null) && [ -x "$path" ]; then
        printf '%s\n' "$path"
        exit 0
    fi
done
echo "No Python 3.11 or newer with venv and ssl found (tried:$tried). Install one (Debian: python3-venv, too), or name one: make PYTHON=/path/to/python3" >&2
exit 1
