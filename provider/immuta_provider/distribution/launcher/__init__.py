"""Starts the plugin file: a shell prologue finds a Python, which runs compiled code from a per-user cache.

The plugin is one file: `prologue.sh`, then a zip of Python sources. Terraform executes it:

    prologue.sh   finds a Python >= 3.11 (remembered in the cache) and runs `boot.py` in it
    boot.py       finds the cached compiled copy, if it exists, is complete, and no other user could have written it
    start.py      runs the provider, from that copy, or from the sources if there is none
    cache.py      makes that copy, if a per-user cache can be used; otherwise the sources in the zip run
    bundle.py     imports modules from the compiled copy, and checks the checksum of each
    certifi.py    replaces certifi's own module, because its certificates are in the zip

Figures behind this form (exec to handshake, CPython 3.11, 36 modules, an empty interpreter being 8.5 ms): zip of sources
136 ms, zip of .pyc 31 ms, folder of .pyc 23 ms, one file of marshalled modules 21 ms.

Only the user and root may be able to change the files that run. The prologue checks the folders above the cache, the remembered
Python and each one on PATH (`safe`), for the price of one `ls` a start. `boot.py` checks the cache folder and the copy in it.

A remembered Python that no longer serves is noticed in one of four ways. It is not run if a file that it needs, such as a
library, is missing or is another one than when the Python was chosen: the same `ls` tells. If the system refuses to run it, or if
it is too old or lacks ssl, the prologue starts again and looks for another one. One that ends before it runs a line for any other
reason leaves a mark in the cache, and the next start looks: only a process that waits for it could look at once, and that
process would be the one whose end Terraform waits for.

No file is ever written beside the plugin, because the lock files of a whole team have its folder's hash.

Windows runs neither a shebang nor a shell script, so the plugin there needs another prologue in front of the same zip: a small
`.exe` that starts `python.exe` on itself, as every `pip`-installed console script has one. `__main__.py` in the
zip is there for it.
"""
