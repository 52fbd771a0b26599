"""What starts the plugin file: a shell prologue that finds a Python, and the code that runs from a per-user cache.

The plugin is one file: `prologue.sh`, then a zip of Python sources. Terraform executes it:

    prologue.sh   finds a Python >= 3.11 (remembered in the cache) and runs `boot.py` in it
    boot.py       runs the cached compiled copy, if it is there, whole, and nobody else could have written it
    cache.py      makes that copy, where a per-user cache can be used; without one, the sources in the zip run
    bundle.py     imports modules from the compiled copy, each after a look at its checksum
    certifi.py    stands in for certifi's module of that name: its certificates lie in the zip

Figures behind this form (exec to handshake, CPython 3.11, 36 modules, an empty interpreter being 8.5 ms): zip of sources
136 ms, zip of .pyc 31 ms, folder of .pyc 23 ms, one file of marshalled modules 21 ms.

Nobody but the user and root may be able to change what is run: the prologue judges the folders above the cache, the remembered
Python and each one on PATH (`safe`), at the price of one `ls` a start; `boot.py` judges the cache folder and the copy in it.

A remembered Python that no longer serves is noticed in one of three ways. One that has lost a file that it needs, such as a
library, is not run. One that runs, but is too old or lacks ssl, starts the prologue again, which looks for another one. One that
does not even run leaves a mark in the cache, and the next start looks.

Nothing is ever written beside the plugin: its folder's hash stands in the lock files of a whole team.

Windows runs neither a shebang nor a shell script, so the plugin there needs another prologue in front of the same zip: a small
`.exe` that starts `python.exe` on itself, as every `pip`-installed console script has one. `__main__.py` in the
zip is there for it.
"""
