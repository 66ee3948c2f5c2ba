#!/bin/sh
# The agent of RVC Studio on a computer that the app reaches over SSH: installs, starts, updates and removes it for
# the user who is logged in. It needs no root, touches nothing but the folders below, and does only what is not done
# yet, so that it may be run again at any time. The app sends it to `sh -s -- COMMAND ...` over the connection.
#
#   probe                     what this computer has
#   install VERSION [--python PATH] [--wheels]
#                             unpack the sources in incoming/, make their environment, and use them from now on;
#                             with --python use that Python's own packages; with --wheels install from wheels/ only
#   start                     run the agent so that it outlives the login; one of another version is replaced
#   place                     where the agent listens
#   token NAME                a new token for NAME
#   stop | free | uninstall [--data]
#
# Lines that begin with "@" are for the app: "@name value". Everything else is a log.
set -eu
umask 077

main() {
    find_places
    command=${1:-probe}
    [ $# = 0 ] || shift
    case $command in
        probe | install | start | place | token | stop | free | uninstall) "do_$command" "$@" ;;
        *) fail usage "there is no command $command" ;;
    esac
    tell done "$command"
}

tell() { printf '@%s %s\n' "$1" "$2"; }

fail() {
    tell failed "$1 $2"
    exit 1
}

find_places() {
    case "$(uname -s)" in
        Darwin)
            data="$HOME/Library/Application Support/rvc-studio"
            state=$data
            ;;
        *)
            data=${XDG_DATA_HOME:-$HOME/.local/share}/rvc-studio
            state=${XDG_STATE_HOME:-$HOME/.local/state}/rvc-studio
            ;;
    esac
    data=${RVC_STUDIO_HOME:-$data}
    state=${RVC_STUDIO_HOME:-$state}
    root=$data/agent-program
    agent_home=$state/agent
    unit=${XDG_CONFIG_HOME:-$HOME/.config}/systemd/user/rvc-agent.service
    version=$(line 1 "$root/current")
    python=$(line 2 "$root/current")
}

line() { if [ -f "$2" ]; then sed -n "$1p" "$2"; fi; }

# --- what is here -----------------------------------------------------------------------------------------------

do_probe() {
    tell system "$(uname -s)"
    tell machine "$(uname -m)"
    tell libc "$({ ldd --version 2>&1 || true; } | sed -n '1s/.* \([0-9.]*\)$/\1/p')"
    tell python "$(find_python || true)"
    tell uv "$(find_uv || true)"
    tell network "$(if reaches_packages; then echo yes; else echo no; fi)"
    tell version "$version"
    tell root "$root"
    tell home "$agent_home"
    mkdir -p "$root"
    tell free_kb "$(df -Pk "$root" | awk 'NR == 2 { print $4 }')"
    tell used_kb "$(used_kb "$root" "$agent_home")"
    if command -v nvidia-smi >/dev/null 2>&1; then
        nvidia-smi --query-gpu=name,memory.total --format=csv,noheader 2>/dev/null | sed 's/^/@gpu /' || true
    fi
    tell_place
}

used_kb() { { du -sk "$@" 2>/dev/null || true; } | awk '{ sum += $1 } END { print sum + 0 }'; }

supports='import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'

find_python() {
    for name in python3.12 python3.11 python3.13 python3; do
        if "$name" -c "$supports" >/dev/null 2>&1; then
            "$name" -c 'import platform, sys; print(sys.executable, platform.python_version())'
            return
        fi
    done
    return 1
}

find_uv() {
    for name in uv "$HOME/.local/bin/uv" "$root/bin/uv"; do
        if command -v "$name" 2>/dev/null; then return; fi
    done
    return 1
}

package_index() {
    set -- "${PIP_CONFIG_FILE:-/etc/pip.conf}" "$HOME/.pip/pip.conf" "$HOME/.config/pip/pip.conf"
    told=$(sed -n 's/^ *index-url *= *//p' "$@" 2>/dev/null | tail -n 1)
    usual="from pip._internal.models.index import PyPI; print(PyPI.simple_url)"
    echo "${PIP_INDEX_URL:-${told:-$(python3 -c "$usual" 2>/dev/null)}}"
}

reaches_packages() {
    index=$(package_index)
    [ -n "$index" ] || return 1
    if command -v curl >/dev/null 2>&1; then
        curl -sSf -m 8 -o /dev/null "${index%/}/pip/" 2>/dev/null
    elif command -v wget >/dev/null 2>&1; then
        wget -q -T 8 -t 1 -O /dev/null "${index%/}/pip/" 2>/dev/null
    else
        python3 -c "import sys, urllib.request as r; r.urlopen(sys.argv[1], timeout=8)" "${index%/}/pip/" 2>/dev/null
    fi
}

# --- the program --------------------------------------------------------------------------------------------------

do_install() {
    wanted=$1
    shift
    be_alone
    given= wheels=
    while [ $# -gt 0 ]; do
        case $1 in
            --python)
                given=$2
                shift
                ;;
            --wheels) wheels=yes ;;
        esac
        shift
    done
    tell step "1 4 unpack"
    unpack "$wanted"
    tell step "2 4 environment"
    if [ -n "$given" ]; then python=$given; else make_environment; fi
    tell step "3 4 check"
    run_python -c 'import torch, faiss, remote_agent.app, rvc.learning.training' ||
        fail broken_environment "$python does not have all packages"
    tell step "4 4 finish"
    printf '%s\n%s\n' "$version" "$python" >"$root/current.new"
    mv -f "$root/current.new" "$root/current"
    rm -rf "$root/incoming" "$root/wheels"
}

# Two installations at once, such as one that was cut off and its successor, would be in each other's way.
be_alone() {
    mkdir -p "$root"
    command -v flock >/dev/null 2>&1 || return 0
    exec 9>"$root/lock"
    flock -n 9 || fail busy "something is being installed or removed there"
}

unpack() {
    version=$1
    if [ ! -d "$root/versions/$version" ]; then
        rm -rf "$root/versions/.new"
        mkdir -p "$root/versions/.new"
        tar -xzf "$root/incoming/$version.tar.gz" -C "$root/versions/.new" || fail damaged_sources "send them again"
        mv "$root/versions/.new" "$root/versions/$version"
    fi
    sources=$root/versions/$version
}

# Environments are named by what they hold: a new version with the same needs shares one, and jobs that still run on
# an older version keep theirs.
make_environment() {
    environment=$root/environments/$(cat "$sources/requirements.id")
    python=$environment/bin/python
    [ ! -e "$environment/.ready" ] || return 0
    mkdir -p "$root/environments"
    if [ -z "$wheels" ] && fetch_uv; then
        [ -x "$python" ] || "$uv" venv --python '>=3.11,<3.14' "$environment" 2>&1 || fail no_python "uv found none"
        "$uv" pip install --default-index "$(package_index)" --python "$python" -r "$sources/requirements.txt" 2>&1 || fail packages "uv could not install"
    else
        own=$(find_python) || fail no_python "there is no Python 3.11 to 3.13 with venv, and uv cannot be had"
        [ -x "$python" ] || "${own% *}" -m venv "$environment" 2>&1 || fail no_python "no environment could be made"
        "$python" -m pip --disable-pip-version-check install --progress-bar off \
            ${wheels:+--no-index --find-links "$root/wheels"} -r "$sources/requirements.txt" 2>&1 ||
            fail packages "pip could not install"
    fi
    : >"$environment/.ready"
}

fetch_uv() {
    if uv=$(find_uv); then return; fi
    command -v curl >/dev/null 2>&1 || return 1
    echo "Fetching uv ..."
    curl -LsSf -m 120 https://astral.sh/uv/install.sh 2>/dev/null |
        UV_UNMANAGED_INSTALL="$root/bin" sh >/dev/null 2>&1 || true
    uv=$(find_uv)
}

run_python() { PYTHONPATH="$root/versions/$version" "$python" -P "$@"; }

agent() { run_python -m remote_agent "$@" --home "$agent_home"; }

# --- the agent ----------------------------------------------------------------------------------------------------

do_start() {
    [ -n "$version" ] || fail not_installed "there is no program to start"
    if find_agent; then
        case "$(running_version)" in
            "$version") tell_place && return ;;
            "") fail foreign_agent "an agent runs that the app did not start" ;;
            *) agent stop ;; # its jobs are processes of their own and go on
        esac
    fi
    mkdir -p "$agent_home"
    if has_service; then start_service; else start_detached; fi
    tries=0
    until find_agent; do
        tries=$((tries + 1))
        [ $tries -lt 240 ] || {
            tail -n 20 "$root/agent.log" 2>/dev/null || true
            fail does_not_start "the agent did not come up within 2 minutes"
        }
        sleep 0.5
    done
    tell_place
}

# Tell whether systemd runs services of this user while nobody is logged in, or may be told to.
has_service() {
    [ -z "${RVC_STUDIO_HOME:-}" ] && [ -d /run/systemd/system ] || return 1
    XDG_RUNTIME_DIR=${XDG_RUNTIME_DIR:-/run/user/$(id -u)}
    export XDG_RUNTIME_DIR
    systemctl --user show-environment >/dev/null 2>&1 || return 1
    [ "$(loginctl show-user "$(id -un)" -p Linger --value 2>/dev/null)" = yes ] ||
        loginctl enable-linger "$(id -un)" >/dev/null 2>&1
}

start_service() {
    mkdir -p "${unit%/*}"
    agent unit --port 0 >"$unit"
    systemctl --user daemon-reload
    systemctl --user enable --quiet rvc-agent
    systemctl --user restart rvc-agent
    tell runs_as service
}

start_detached() {
    session=$(command -v setsid || true)
    PYTHONPATH="$root/versions/$version" nohup $session "$python" -P -m remote_agent serve --port 0 \
        --home "$agent_home" >>"$root/agent.log" 2>&1 </dev/null &
    tell runs_as detached
}

do_place() { tell_place; }

tell_place() {
    if find_agent; then
        tell url "$url"
        tell running "$(running_version)"
    fi
}

# Set $pid and $url where an agent of this user runs. Its card may be that of one that crashed, and the port somebody
# else's by now, who must not be told a token: the process has to be an agent.
find_agent() {
    card=$agent_home/agent.json
    [ -f "$card" ] || return 1
    pid=$(sed -n 's/.*"pid": *\([0-9]*\).*/\1/p' "$card")
    url=$(sed -n 's/.*"url": *"\([^"]*\)".*/\1/p' "$card")
    [ -n "$pid" ] && case "$(ps -ww -o args= -p "$pid" 2>/dev/null)" in
        *remote_agent*serve* | *rvc-agent*serve*) true ;;
        *) false ;;
    esac
}

# Print which version of ours an agent is; nothing of one that the app did not start.
running_version() {
    process_environment | sed -n "s|^PYTHONPATH=$root/versions/\([^:]*\).*|\1|p"
}

process_environment() {
    if [ -r "/proc/$pid/environ" ]; then
        tr '\0' '\n' <"/proc/$pid/environ"
    else
        ps -Eww -o command= -p "$pid" | tr ' ' '\n'
    fi
}

do_token() {
    if [ -z "$version" ]; then
        find_agent || fail not_installed "there is no program that could make a token"
        borrow_agent
    fi
    agent token revoke "$1" >/dev/null 2>&1 || true
    tell token "$(agent token add "$1")"
}

# Let the agent that runs already, which the app did not install, be the program.
borrow_agent() {
    [ -r "/proc/$pid/cmdline" ] || fail not_installed "install the program first"
    words=$(tr '\0' '\n' <"/proc/$pid/cmdline" | sed '/^serve$/,$d')
    path=$(process_environment | sed -n 's/^PYTHONPATH=//p')
    agent() {
        (
            IFS='
'
            set -f
            cd /
            PYTHONPATH=$path exec $words "$@" --home "$agent_home"
        )
    }
}

do_stop() {
    if [ -f "$unit" ] && command -v systemctl >/dev/null 2>&1; then
        XDG_RUNTIME_DIR=${XDG_RUNTIME_DIR:-/run/user/$(id -u)} systemctl --user stop rvc-agent 2>/dev/null || true
    fi
    if [ -n "$version" ]; then agent stop; fi
}

# --- room ---------------------------------------------------------------------------------------------------------

do_free() {
    be_alone
    before=$(used_kb "$root")
    rm -rf "$root/incoming" "$root/wheels" "$root/versions/.new"
    for folder in "$root"/versions/* "$root"/environments/*; do
        [ -d "$folder" ] || continue
        case $folder in
            "$root/versions/$version") continue ;;
        esac
        case $python in "$folder"/*) continue ;; esac
        is_used "$folder" || rm -rf "$folder"
    done
    tell freed_kb $((before - $(used_kb "$root")))
}

# Tell whether a process of ours runs from a folder: a job that began before an upgrade, say.
is_used() {
    if [ -d /proc/self ]; then
        grep -qsF "$1" /proc/[0-9]*/environ /proc/[0-9]*/cmdline
    else
        ps -Awwwe -o command= | grep -v grep | grep -qF "$1"
    fi
}

do_uninstall() {
    do_stop
    if [ -f "$unit" ]; then
        XDG_RUNTIME_DIR=${XDG_RUNTIME_DIR:-/run/user/$(id -u)} systemctl --user disable --quiet rvc-agent 2>/dev/null || true
        rm -f "$unit"
    fi
    rm -rf "$root"
    if [ "${1:-}" = --data ]; then rm -rf "$agent_home"; fi
}

main "$@" </dev/null
exit
