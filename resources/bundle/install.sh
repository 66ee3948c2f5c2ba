#!/bin/sh
# Makes RVC Studio known to the desktop of the user who runs this: a command, an entry in the menu, and its icon.
#
#   sh install.sh              for the bundle that this lies in; again after that was moved or replaced
#   sh install.sh PROGRAM      for a program elsewhere, such as .../rvc-studio/bin/rvcstudio of an environment
#   sh install.sh --remove     takes all of it back; recordings, models and the bundle itself stay
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
data=${XDG_DATA_HOME:-$HOME/.local/share}
command=$HOME/.local/bin/rvcstudio
entry=$data/applications/rvcstudio.desktop
icon=$data/icons/hicolor/scalable/apps/rvcstudio.svg

main() {
    case ${1:-} in
        --remove) rm -f "$command" "$entry" "$icon" ;;
        *) install_for "${1:-$here/rvcstudio}" ;;
    esac
    tell_desktop
}

install_for() {
    if [ ! -f "$1" ] || [ ! -x "$1" ]; then fail "$1 is no program: run this from an unpacked bundle, or name one."; fi
    program=$(CDPATH='' cd -- "$(dirname -- "$1")" && pwd)/$(basename -- "$1")
    mkdir -p "${command%/*}" "${entry%/*}" "${icon%/*}"
    ln -sfn "$program" "$command"
    picture=$here/app.svg
    [ -f "$picture" ] || picture=$here/../icons/app.svg
    cp -f "$picture" "$icon"
    # the whole path, as not every desktop looks into ~/.local/bin; the specification of entries wants it quoted twice
    quoted=$(printf '%s' "$program" | sed 's/[\\"`$]/\\&/g; s/\\/\\\\/g; s/%/%%/g')
    while IFS= read -r line; do
        case $line in
            Exec=*) printf 'Exec="%s" %%F\n' "$quoted" ;;
            *) printf '%s\n' "$line" ;;
        esac
    done <"$here/rvcstudio.desktop" >"$entry.new"
    mv -f "$entry.new" "$entry"
    echo "RVC Studio is in the menu, and is called rvcstudio in a terminal."
}

# Desktops look for themselves after a while; these programs let them look at once.
tell_desktop() {
    ! command -v update-desktop-database >/dev/null || update-desktop-database -q "${entry%/*}" || true
    ! command -v gtk-update-icon-cache >/dev/null || gtk-update-icon-cache -qtf "$data/icons/hicolor" || true
}

fail() {
    echo "$1" >&2
    exit 1
}

main "$@"
