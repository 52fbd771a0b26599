#!/bin/sh
# The Terraform provider for Immuta: this prologue finds a Python and runs the zip of Python sources that follows it.
# `unzip -l` lists what is inside, licences included.

fail() {
    # Terraform shows the first line of a plugin's output; its error stream goes to the log.
    [ -z "${TF_PLUGIN_MAGIC_COOKIE-}" ] || printf '%s\n' "$1"
    printf '%s\n' "$1" >&2
    exit 1
}

# Python takes the text between the two marks below this script, so that a list of processes stays readable.
run='import sys
if sys.version_info < (3, 11):
    old = (sys.executable,) + sys.version_info[:2]
    print("terraform-provider-immuta needs Python 3.11 or newer: %s is %d.%d. Set IMMUTA_PROVIDER_PYTHON to a newer one." % old)
    sys.exit(1)
exec(open(sys.argv[1], "rb").read(16384).split(b"\n# boot\n")[1])'

case "${XDG_CACHE_HOME-}" in
/*) cache=$XDG_CACHE_HOME/cdktf-immuta ;;
*)
    case "${HOME-}" in
    /*)
        if [ -d /System/Library/CoreServices ]; then
            cache=$HOME/Library/Caches/cdktf-immuta
        else
            cache=$HOME/.cache/cdktf-immuta
        fi
        ;;
    *) cache= ;;
    esac
    ;;
esac

if [ -n "${IMMUTA_PROVIDER_PYTHON-}" ]; then
    python=$(command -v "$IMMUTA_PROVIDER_PYTHON" 2>/dev/null) ||
        fail "terraform-provider-immuta cannot run: IMMUTA_PROVIDER_PYTHON is $IMMUTA_PROVIDER_PYTHON, which is no program that can be run. Set it to a Python 3.11 or newer, or unset it to have one looked for."
    exec "$python" -I -S -B -X utf8 -c "$run" "$0" "$cache" given "$@"
fi

if [ -n "$cache" ] && [ -O "$cache" ] && [ -f "$cache/python" ] && [ ! -L "$cache/python" ] &&
    [ -O "$cache/python" ] && IFS= read -r python <"$cache/python" && [ -f "$python" ] && [ -x "$python" ]; then
    exec "$python" -I -S -B -X utf8 -c "$run" "$0" "$cache" remembered "$@"
fi

unfit=
probe='import sys; print("%d.%d" % sys.version_info[:2]); import _socket, _ssl; sys.exit(sys.version_info < (3, 11))'
set -f
saved=$IFS
IFS=:
for folder in ${PATH-} /opt/homebrew/bin /usr/local/bin /usr/bin "${HOME-}/.local/bin"; do
    case "$folder" in /*) ;; *) continue ;; esac
    for name in python3 python3.14 python3.13 python3.12 python3.11 python; do
        python=$folder/$name
        [ -f "$python" ] && [ -x "$python" ] || continue
        # Apple's own is too old, and opens an installer's window where the developer tools are missing.
        [ "$folder" = /usr/bin ] && [ -d /System/Library/CoreServices ] && continue
        if version=$("$python" -I -S -c "$probe" </dev/null 2>/dev/null); then
            IFS=$saved
            exec "$python" -I -S -B -X utf8 -c "$run" "$0" "$cache" found "$@"
        fi
        unfit="$unfit $python (${version:-does not run}),"
    done
done
[ -z "$unfit" ] || unfit=" Not fit:${unfit%,}."
fail "terraform-provider-immuta needs Python 3.11 or newer with ssl, and found none on PATH or in the usual folders.$unfit Install one, or set IMMUTA_PROVIDER_PYTHON to the path of one."
exit 1
