# shellcheck shell=sh
# What the programs of this folder need from the machine: looks for it, installs what is missing
# where Debian's packages can be had, else says in one sentence what to install.
# Use: `machine_provides rust c libpq postgres browser node`.

postgres_min=14

has() { command -v "$1" >/dev/null 2>&1; }
say() { printf '%s\n' "$*" >&2; }

has_rust() {
    if ! has cargo && [ -x "${HOME:-}/.cargo/bin/cargo" ]; then
        PATH=$HOME/.cargo/bin:$PATH
        export PATH
    fi
    has cargo
}

has_c() { has cc; }

has_libpq() {
    if has pkg-config && pkg-config --exists libpq; then return; fi
    has pg_config && [ -f "$(pg_config --includedir)/libpq-fe.h" ]
}

# The same places, in the same order, as `src/demo/cluster/programs.rs`.
has_postgres() {
    for postgres_bin in /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql@*/bin \
        /usr/local/opt/postgresql@*/bin /usr/pgsql-*/bin $(printf '%s' "$PATH" | tr ':' ' '); do
        if [ -x "$postgres_bin/initdb" ] && is_recent "$postgres_bin" &&
            has_extensions "$postgres_bin"; then
            return 0
        fi
    done
    return 1
}

is_recent() {
    version=$("$1/postgres" --version 2>/dev/null | sed 's/^[^0-9]*//; s/[^0-9].*//')
    [ "${version:-0}" -ge "$postgres_min" ]
}

# Taken for granted where the installation does not tell.
has_extensions() {
    folder=$("$1/pg_config" --sharedir 2>/dev/null) || return 0
    [ -f "$folder/extension/pg_trgm.control" ] && [ -f "$folder/extension/btree_gin.control" ] &&
        [ -f "$folder/extension/unaccent.control" ]
}

has_browser() {
    has chromedriver || return 1
    has chromium || has chromium-browser || has google-chrome || has google-chrome-stable
}

# `URL.parse`, which the tests’ other identity provider uses: 20.19 has it, 18 has not.
has_node() {
    has node && has npm && [ "$(node --print 'typeof URL.parse')" = function ]
}

name_of() {
    case $1 in
    rust) echo 'Rust (https://rustup.rs)' ;;
    c) echo 'a C compiler' ;;
    libpq) echo 'the headers of libpq' ;;
    postgres) echo "Postgres $postgres_min or later with its contrib modules" ;;
    browser) echo 'Chromium with chromedriver' ;;
    node) echo 'Node.js 20.19 or later with npm' ;;
    esac
}

debian_packages_of() {
    case $1 in
    c) echo build-essential ;;
    libpq) echo libpq-dev ;;
    postgres) echo postgresql postgresql-contrib ;;
    # Ubuntu's Chromium is a snap, which root's tests can't drive.
    browser) if ! grep -qs '^ID=ubuntu' /etc/os-release; then echo chromium chromium-driver; fi ;;
    node) echo nodejs npm ;;
    esac
}

missing_of() {
    for part in "$@"; do
        "has_$part" || echo "$part"
    done
}

# "a, b, c" of its lines.
listed() { for part in "$@"; do name_of "$part"; done | paste -s -d, - | sed 's/,/, /g'; }

machine_provides() {
    # Not in a subshell: it may extend PATH.
    has_rust || true
    missing=$(missing_of "$@")
    [ -n "$missing" ] || return 0
    # shellcheck disable=SC2086 # words are wanted
    set -- $missing
    if ! has_rust; then
        say "Missing: $(listed "$@"). Install Rust from https://rustup.rs, then run this again."
        exit 1
    fi
    packages=$(for part in "$@"; do debian_packages_of "$part"; done | paste -s -d ' ' -)
    if [ -n "$packages" ] && may_install; then
        confirm_install "$(listed "$@")"
        install || say 'The packages could not be installed.'
        missing=$(missing_of "$@")
    fi
    # What only some tests need does not keep the others from running.
    needed=
    for part in $missing; do
        case $part in
        browser) say "Without $(name_of browser) the tests in a browser are skipped." ;;
        node) say "Without $(name_of node) the tests with another identity provider and the checks of every page are skipped." ;;
        *) needed="$needed $part" ;;
        esac
    done
    missing=$needed
    [ -z "$missing" ] || advise
}

may_install() {
    has apt-get || return 1
    if [ "$(id -u)" -eq 0 ]; then as_root=; return; fi
    has sudo || return 1
    # Without a terminal there is nobody to type a password.
    [ -t 0 ] || sudo -n true 2>/dev/null || return 1
    as_root=sudo
}

confirm_install() {
    [ -t 0 ] || return 0
    printf 'Missing: %s. Install %s by apt-get? [Y/n] ' "$1" "$packages" >&2
    read -r answer
    case $answer in
    '' | y | Y | yes) ;;
    *) advise ;;
    esac
}

install() (
    # Debian starts a cluster when a server is installed, which we have no use for.
    setting=/etc/postgresql-common/createcluster.d/central.conf
    trap '$as_root rm -f "$setting"' EXIT
    $as_root mkdir -p "${setting%/*}"
    echo 'create_main_cluster = false' | $as_root tee "$setting" >/dev/null
    $as_root apt-get update -q >&2 || exit 1
    # shellcheck disable=SC2086 # words are wanted
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -q --no-install-recommends $packages >&2
)

# One sentence with the command for this machine.
advise() {
    # shellcheck disable=SC2086 # words are wanted
    names=$(listed $missing)
    if has apt-get; then
        say "Missing: $names. Run as root: apt-get install $packages"
    elif has brew || [ "$(uname -s)" = Darwin ]; then
        say "Missing: $names. Run: xcode-select --install; brew install libpq postgresql@17"
    elif has dnf; then
        say "Missing: $names. Run: dnf install gcc libpq-devel postgresql-server postgresql-contrib"
    else
        say "Missing: $names. Install it by this machine's package manager, then run this again."
    fi
    exit 1
}
