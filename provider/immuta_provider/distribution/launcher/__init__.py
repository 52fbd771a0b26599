"""Starts the plugin file: a shell prologue finds a Python, which runs compiled code from a per-user cache.

The plugin is one file: `prologue.sh`, then a zip of Python sources. Terraform executes it:

    prologue.sh   finds a Python >= 3.11 (remembered in the cache) and runs `boot.py` in it
    boot.py       runs the cached compiled copy, if it exists, is complete, and no other user could have written it
    cache.py      makes that copy, if a per-user cache can be used; otherwise the sources in the zip run
    bundle.py     imports modules from the compiled copy, and checks the checksum of each
    certifi.py    replaces certifi's own module, because its certificates are in the zip

Figures behind this form (exec to handshake, CPython 3.11, 36 modules, an empty interpreter being 8.5 ms): zip of sources
136 ms, zip of .pyc 31 ms, folder of .pyc 23 ms, one file of marshalled modules 21 ms.

Only the user and root may be able to change the files that run. The prologue checks the folders above the cache, the remembered
Python and each one on PATH (`safe`), for the price of one `ls` a start. `boot.py` checks the cache folder and the copy in it.

A remembered Python that no longer serves is noticed in one of three ways. One that has lost a file that it needs, such as a
library, is not run. One that runs, but is too old or lacks ssl, starts the prologue again, which looks for another one. One that
does not even run leaves a mark in the cache, and the next start looks.

No file is ever written beside the plugin, because the lock files of a whole team have its folder's hash.

Windows runs neither a shebang nor a shell script, so the plugin there needs another prologue in front of the same zip: a small
`.exe` that starts `python.exe` on itself, as every `pip`-installed console script has one. `__main__.py` in the
zip is there for it.
"""
