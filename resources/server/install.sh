#!/bin/sh
# A server of RVC Studio on Debian 12 or later, or Ubuntu 24.04 or later: installs the agent for a user of its own,
# starts it with the machine, and prints a token. To be run by root; may be run again at any time, which updates.
#
#   install.sh [SOURCE]       SOURCE is what pip takes: a wheel, a folder with the sources, or git+https://...
#                             Without one: the sources that this script lies in.
#
# May be set in the environment: NAME (admin) whose token is printed, PORT (8765), RAY (the address of a Ray cluster that
# runs the jobs), ROLE=node for a machine of such a cluster, which gets no agent, and NUMBER, the user's number, which is
# to be the same on all of them. What it makes:
#   /opt/rvc-studio           the program
#   /var/lib/rvc-agent        users, jobs, uploads, caches: all that is worth a backup
#   /usr/local/bin/rvc-agent, rvc                     the commands, as the agent's own user
#   /etc/systemd/system/rvc-agent.service, /etc/rvc-agent.env         (ROLE=node: rvc-ray.service)
set -eu
umask 022

user=rvc-agent
program=/opt/rvc-studio
data=/var/lib/rvc-agent
settings=/etc/rvc-agent.env
extras=engine,agent,evaluate,formats
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
supported='import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'

main() {
    source=${1:-$(sources)}
    [ "$(id -u)" = 0 ] || fail "This makes a system service: run it with sudo."
    command -v apt-get >/dev/null || fail "This is for Debian and Ubuntu; docs/server.md has the steps for others."
    say "1/5 System packages and the user $user"
    need_packages
    id "$user" >/dev/null 2>&1 ||
        useradd --system ${NUMBER:+--uid "$NUMBER"} --home-dir "$data" --shell /usr/sbin/nologin "$user"
    install -d -m 0700 -o "$user" -g "$user" "$data"
    say "2/5 The program, into $program (6 GB the first time, mostly PyTorch with CUDA)"
    install_program
    say "3/5 What this machine can do"
    rvc doctor >&2 || say "The agent starts all the same; the lines above say what it cannot do yet."
    if [ "${ROLE:-agent}" = node ]; then
        install_unit rvc-ray
        say "Write RAY_OPTIONS into /etc/rvc-ray.env, as docs/server.md shows; then: systemctl enable --now rvc-ray"
        return
    fi
    say "4/5 The service"
    write_settings
    start_service
    say "5/5 A token"
    wait_until_it_answers
    print_access
}

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$*"
    exit 1
}

# The folder with pyproject.toml, in which this script is resources/server/install.sh.
sources() {
    if [ -f "$here/../../pyproject.toml" ]; then
        (cd "$here/../.." && pwd)
    else
        fail "Say what to install: install.sh SOURCE."
    fi
}

need_packages() {
    "$(python || echo false)" -c "$supported" 2>/dev/null || set -- python3 python3-venv
    command -v curl >/dev/null || set -- "$@" curl
    command -v runuser >/dev/null || set -- "$@" util-linux
    case ${source:-} in git+*) command -v git >/dev/null || set -- "$@" git ;; esac
    [ -s /etc/ssl/certs/ca-certificates.crt ] || set -- "$@" ca-certificates
    [ $# = 0 ] && return
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends "$@" >/dev/null
    python >/dev/null || fail "Python 3.11 to 3.13 is needed; Debian 12, Ubuntu 24.04 and later ones have it."
}

python() {
    for name in python3 python3.13 python3.12 python3.11; do
        if "$name" -c "$supported" >/dev/null 2>&1; then command -v "$name" && return; fi
    done
    return 1
}

install_program() {
    [ -x "$program/bin/python" ] || "$(python)" -m venv "$program"
    "$program/bin/pip" install --quiet --disable-pip-version-check --upgrade \
        "rvc-studio[$(wanted)] @ $(as_address "$source")" >&2
    write_command rvc
    write_command rvc-agent
}

wanted() { if [ -n "${RAY:-}" ] || [ "${ROLE:-}" = node ]; then echo "$extras,ray"; else echo "$extras"; fi; }

as_address() { case $1 in *://*) echo "$1" ;; *) echo "file://$(realpath "$1")" ;; esac; }

# The commands work on the agent's data, so they run as its user, whoever calls them.
write_command() {
    cat >"/usr/local/bin/$1.new" <<END
#!/bin/sh
cd / && exec runuser -u $user -- env HOME=$data RVC_STUDIO_HOME=$data OMP_WAIT_POLICY=PASSIVE $program/bin/$1 "\$@"
END
    chmod 0755 "/usr/local/bin/$1.new"
    mv -f "/usr/local/bin/$1.new" "/usr/local/bin/$1"
    hash -r
}

write_settings() {
    [ -e "$settings" ] || (
        umask 077
        {
            echo "# Options of rvc-agent serve, and variables such as RAY_AUTH_TOKEN; then: systemctl restart rvc-agent"
            echo "RVC_AGENT_OPTIONS=--port ${PORT:-8765}${RAY:+ --ray $RAY}"
            [ -z "${RAY_AUTH_TOKEN:-}" ] || echo "RAY_AUTH_TOKEN=$RAY_AUTH_TOKEN"
        } >"$settings"
    )
}

start_service() {
    if [ -d /run/systemd/system ]; then
        install_unit rvc-agent
        systemctl enable --quiet rvc-agent
        systemctl restart rvc-agent
    else
        say "No systemd runs here: the agent is started once, and not with the machine."
        rvc-agent stop >/dev/null 2>&1 || true
        set -a
        # shellcheck disable=SC1090
        RVC_AGENT_OPTIONS=$(sed -n 's/^RVC_AGENT_OPTIONS=//p' "$settings")
        set +a
        # shellcheck disable=SC2086
        setsid rvc-agent serve $RVC_AGENT_OPTIONS >>"$data/agent.log" 2>&1 </dev/null &
    fi
}

install_unit() {
    file=$here/$1.service
    [ -f "$file" ] || file=$(find "$program/lib" -path "*/rvc/resources/server/$1.service" | head -n 1)
    install -D -m 0644 "$file" "/etc/systemd/system/$1.service"
    [ ! -d /run/systemd/system ] || systemctl daemon-reload
}

wait_until_it_answers() {
    for _ in $(seq 60); do
        if address=$(rvc-agent status 2>/dev/null | sed -n 's/.*\(http[^ ]*\) .*/\1/p') && [ -n "$address" ] &&
            curl -fsS --noproxy '*' -o /dev/null "$address/health" 2>/dev/null; then
            return
        fi
        sleep 1
    done
    fail "The agent does not answer; its log: journalctl -u rvc-agent, or $data/agent.log."
}

print_access() {
    name=${NAME:-admin}
    port=${address##*:}
    say "The agent answers at $address, for this machine only. From yours: ssh -L $port:127.0.0.1:$port $(hostname)"
    if rvc-agent token list | grep -E "^$name +(user|admin) " >/dev/null; then
        say "$name has a token already; a new one: rvc-agent token revoke $name, then rvc-agent token add $name --admin"
    else
        say "The token of $name, shown this once:"
        rvc-agent token add "$name" --admin
    fi
}

main "$@"
