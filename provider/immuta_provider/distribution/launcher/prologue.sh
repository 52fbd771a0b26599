#!/bin/sh
# The Terraform provider for Immuta: this prologue finds a Python and runs the zip of Python sources that follows it.
# `unzip -l` lists what is inside, licences included.

# A core dump would hold the API key.
ulimit -S -c 0 2>/dev/null

# Commands are looked for here, because PATH may name folders that other users can write to.
tools=/bin:/usr/bin:/run/current-system/sw/bin
newline='
'
mac= caches=.cache
[ ! -d /System/Library/CoreServices ] || mac=yes caches=Library/Caches

fail() {
    # Terraform shows the first line of a plugin's output unless it is a handshake, whose parts are separated by "|".
    [ -z "${TF_PLUGIN_MAGIC_COOKIE-}" ] || printf '%s\n' "$1" | PATH=$tools tr '|' '/'
    printf '%s\n' "$1" >&2
    exit 1
}

# Succeeds if only this user and root can change what the absolute paths $@ lead to: each folder, file and link on the way.
# `user` is this user's number. Where it is empty, a path has to be known as this user's, and no second user may occur.
# The files `needed` have to be there, and `print` gets a number that changes if one of them is replaced. One `ls` for all of it,
# because a process costs more than what it does here. Three slashes tell these files from the paths.
safe() {
    for rest; do
        case $rest in *"$newline"*) return 1 ;; esac
        at=
        while [ -n "$rest" ]; do
            part=${rest%%/*}
            case $rest in */*) rest=${rest#*/} ;; *) rest= ;; esac
            case $part in
            '' | .) continue ;;
            ..) at=${at%/*} && continue ;;
            esac
            set -- "$@" "$at/$part"
            [ $# -lt 200 ] || return 1 # links that lead in a circle
            if [ -L "$at/$part" ]; then
                target=$(PATH=$tools readlink "$at/$part") || return 1
                case $target in /*) at= ;; esac
                rest=$target/$rest
            else
                at=$at/$part
            fi
        done
    done
    IFS=:
    for part in $needed; do
        case $part in */) place=$part ;; *) set -- "$@" "//$place$part" ;; esac
    done
    lines=$(PATH=$tools LC_ALL=C ls -ldin / "$@" 2>/dev/null) || return 1
    me=$user root= print=0
    IFS=$newline
    for line in $lines; do
        IFS=' '
        set -- $line # inode, mode, links, owner, group, size
        # The target of a link may have three slashes, too.
        case $2$line in
        [!l]*' ///'*)
            case $1$6 in *[!0-9]*) return 1 ;; esac
            print=$((print * 31 + $1 * 7 + $6)) && continue
            ;;
        esac
        root=${root:-$4}
        case $4 in
        0 | "$root") ;;
        *) [ "${me:=$4}" = "$4" ] || return 1 ;;
        esac
        case $2 in
        l* | d????????[tT]*) ;;
        ????????w*) return 1 ;;
        # A user's own group has the user's number. The Mac's administrators (80) own Homebrew's folders.
        ?????w*) case $5 in 0 | "$4") ;; *) [ "$mac$5" = yes80 ] || return 1 ;; esac ;;
        esac
    done
}

# Replaces this shell by the Python $1, which remembers the text $2. The other arguments are the plugin's own.
# What is printed before the plugin runs goes to the error stream: Terraform reads one line only.
boot='import gc, os, sys
gc.disable()
try:
    import _socket, _ssl
    fit = sys.version_info >= (3, 11)
except ImportError:
    fit = False
os.dup2(3, 1)
os.close(3)
if not fit:
    os.environ["IMMUTA_PROVIDER_LOOK_AGAIN"] = "yes"
    os.execv(sys.argv[1], sys.argv[1:2] + sys.argv[5:])
parts = open(sys.argv[1], "rb").read(16384).split(b"\n# boot\n")
exec(parts[1])'
run() {
    python=$1 memory=$2
    shift 2
    exec "$python" -I -S -B -X utf8 -c "$boot" "$0" "$cache" "$memory" "$mark" "$@" </dev/null 3>&1 >&2
}

# Starts again, without what the cache remembers: for a Python that the system has refused to run.
again() {
    trap - EXIT
    IMMUTA_PROVIDER_LOOK_AGAIN=yes
    export IMMUTA_PROVIDER_LOOK_AGAIN
    exec "$0" "$@" >&3 3>&-
}

case "${XDG_CACHE_HOME-}:${HOME-}" in
/*) cache=$XDG_CACHE_HOME/cdktf-immuta ;;
*:/*) cache=$HOME/$caches/cdktf-immuta ;;
*) cache= ;;
esac

given=${IMMUTA_PROVIDER_PYTHON-}
if [ -n "$given" ]; then
    given=$(command -v "$given" 2>/dev/null)
    case $given in
    /*) ;;
    *) fail "terraform-provider-immuta cannot run: IMMUTA_PROVIDER_PYTHON is $IMMUTA_PROVIDER_PYTHON, which is not a program that can be run. Set it to the path of a Python 3.11 or newer, or unset it to have one looked for." ;;
    esac
fi

# The Python that the cache remembers is run if it was chosen under the same circumstances, each file that it needs is the same,
# and nobody else could have named it.
circumstances=$given:${LD_LIBRARY_PATH-}
# A mark that was left behind shows that it did not get as far as the plugin. One of this process is from before `again`.
doubt=${IMMUTA_PROVIDER_LOOK_AGAIN-}
for mark in "$cache"/.start.*; do
    [ ! -e "$mark" ] || { [ "${mark##*.}" != $$ ] && kill -0 "${mark##*.}" 2>/dev/null; } ||
        { doubt=yes && PATH=$tools rm -f "$mark"; }
done
set -f
user=
[ ! -O / ] || user=0
memory=$cache/python
if [ -z "$doubt" ] && [ -f "$memory" ] && [ -O "$memory" ] && [ ! -L "$memory" ] && [ ! -L "$cache" ] &&
    { IFS= read -r python && IFS= read -r remembered && { IFS= read -r needed && IFS= read -r kept || :; }; } <"$memory" &&
    [ "$remembered" = "$circumstances" ] && case $python in /*) ;; *) false ;; esac && [ -s "$python" ] && [ -x "$python" ] &&
    safe "$memory" "$python" && [ "$print" = "${kept:-0}" ]; then
    mark=$cache/.start.$$
    command : 2>/dev/null >"$mark" || mark=
    # A failed `exec` ends the shell, which runs this trap. Only Bash has to be told to go on.
    trap 'again "$@"' EXIT
    [ -z "${BASH_VERSION-}" ] || shopt -s execfail
    exec 3>&1
    run "$python" "" "$@"
    exit
fi
mark= needed=

# Succeeds if $1 is a Python that can serve; `shown` ends with the path of the interpreter behind it, and `needed` has the files
# without which it would not run a line, as far as the system tells: folders, each with its files, and colons between them. Else
# `why` says why not.
probe='import os, sys
python = os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)
files = {python, os.path.realpath(os.__file__)}
try:
    files |= {line[line.find("/") :].strip() for line in open("/proc/self/maps") if ".so" in line}
except OSError:
    pass
folders = {}
for file in sorted(files):
    if file.isascii() and ":" not in file and os.path.exists(file):
        folder, name = os.path.split(file)
        folders.setdefault(folder + "/", []).append(name)
shown = "%d.%d" % sys.version_info[:2]
fit = sys.version_info >= (3, 11)
try:
    import _socket, _ssl
except ImportError:
    shown += " without ssl"
    fit = False
if fit:
    needed = ":".join(part for folder in folders for part in (folder, *folders[folder]))
    shown = needed + "\n" + python
print("\n" + shown)
sys.exit(not fit)'
serves() {
    if shown=$("$1" -I -S -c "$probe" </dev/null 2>/dev/null); then
        needed=${shown%"$newline"*}
        needed=${needed##*"$newline"}
        return
    fi
    why=${shown##*"$newline"}
    case $why in [0-9].*) ;; *) why='does not run' ;; esac
    return 1
}

user=$(PATH=$tools id -u)
top=$cache
while [ -n "$top" ] && { [ "$top" = "$cache" ] || [ ! -e "$top" ]; }; do top=${top%/*}; done
safe "${top:-/}" || cache=

if [ -n "$given" ]; then
    serves "$given" ||
        fail "terraform-provider-immuta needs Python 3.11 or newer with ssl: IMMUTA_PROVIDER_PYTHON is $given ($why). Set it to the path of another one, or unset it to have one looked for."
    safe "$given"
    run "$given" "$given$newline$circumstances$newline$needed$newline$print" "$@"
fi

unfit=
IFS=:
for folder in ${PATH-} /opt/homebrew/bin /usr/local/bin /usr/bin "${HOME-}/.local/bin"; do
    case "$folder" in /*) ;; *) continue ;; esac
    # Apple's own is too old, and opens an installer's window where the developer tools are missing.
    [ "$mac$folder" = yes/usr/bin ] && continue
    for name in python3 python3.14 python3.13 python3.12 python3.11 python; do
        python=$folder/$name
        [ -f "$python" ] && [ -x "$python" ] || continue
        case $unfit in *" $python ("*) continue ;; esac
        needed=
        if ! safe "$python"; then
            why='other users can change it'
        elif serves "$python"; then
            real=${shown##*"$newline"}
            if safe "$real"; then
                run "$real" "$real$newline$circumstances$newline$needed$newline$print" "$@"
            fi
            why="other users can change $real"
        fi
        unfit="$unfit $python ($why),"
    done
done
[ -z "$unfit" ] || unfit=" Not fit:${unfit%,}."
fail "terraform-provider-immuta needs Python 3.11 or newer with ssl, and found none on PATH or in the usual folders.$unfit Install one, or set IMMUTA_PROVIDER_PYTHON to the path of one."
