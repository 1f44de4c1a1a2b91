# Sourced by run.sh and test.sh: looks for what they need, and installs what a bare Debian lacks when it may.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# Build servers that stay behind would keep the caller's output open.
export MSBUILDDISABLENODEREUSE=1

say() { printf '%s\n' "$*" >&2; }

require_dotnet() {
  if ! command -v dotnet > /dev/null; then
    say "The .NET 10 SDK is not installed. Get it from https://dotnet.microsoft.com/download/dotnet/10.0, or run Contacts in containers: docker compose up"
    return 1
  fi
  if ! dotnet --list-sdks | grep -q '^10\.'; then
    say "The .NET 10 SDK is needed; installed is:" "$(dotnet --list-sdks | tr '\n' ' ')"
    say "Get it from https://dotnet.microsoft.com/download/dotnet/10.0, or run Contacts in containers: docker compose up"
    return 1
  fi
}

# Whether PostgreSQL's server programs are where Contacts looks for them.
has_postgres() {
  command -v initdb > /dev/null && command -v postgres > /dev/null && return
  compgen -G '/usr/lib/postgresql/*/bin/initdb' > /dev/null && return
  compgen -G '/usr/pgsql-*/bin/initdb' > /dev/null && return
  compgen -G '/usr/libexec/postgresql*/initdb' > /dev/null && return
  compgen -G '/usr/local/pgsql/bin/initdb' > /dev/null && return
  compgen -G '/opt/homebrew/opt/postgresql@*/bin/initdb' > /dev/null && return
  compgen -G '/usr/local/opt/postgresql@*/bin/initdb' > /dev/null && return
  compgen -G '/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin/initdb' > /dev/null && return
  compgen -G '/c/Program Files/PostgreSQL/*/bin/initdb.exe' > /dev/null
}

# Whether the programs that the typed client's test is made with are there.
has_node() { command -v node > /dev/null && command -v npm > /dev/null; }

# Installs Node.js with npm on Debian and its kin when we are root. Only a test needs it.
install_node() {
  [[ $(id -u) == 0 ]] && command -v apt-get > /dev/null || return 1
  say 'Installing Node.js (apt-get install nodejs npm) …'
  local log
  log=$(mktemp)
  export DEBIAN_FRONTEND=noninteractive
  if { apt-get update && apt-get install -y --no-install-recommends nodejs npm; } < /dev/null > "$log" 2>&1 && has_node; then
    rm -f "$log"
  else
    cat "$log" >&2
    rm -f "$log"
    return 1
  fi
}

# Installs PostgreSQL on Debian and its kin when we are root. The programs only: Debian's own cluster is neither made nor started.
install_postgres() {
  [[ $(id -u) == 0 ]] && command -v apt-get > /dev/null || return 1
  say 'Installing PostgreSQL (apt-get install postgresql) …'
  local log switch=/etc/postgresql-common/createcluster.d/contacts.conf
  log=$(mktemp)
  mkdir -p "$(dirname "$switch")"
  echo 'create_main_cluster = false' > "$switch"
  export DEBIAN_FRONTEND=noninteractive
  if { apt-get update && apt-get install -y --no-install-recommends postgresql; } < /dev/null > "$log" 2>&1; then
    rm -f "$log" "$switch"
  else
    rm -f "$switch"
    cat "$log" >&2
    rm -f "$log"
    return 1
  fi
}

# Whether nginx is there; Debian keeps it where only root looks.
has_nginx() { PATH=$PATH:/usr/sbin command -v nginx > /dev/null; }

# Installs nginx on Debian and its kin when we are root, without starting it. Only a test needs it.
install_nginx() {
  [[ $(id -u) == 0 ]] && command -v apt-get > /dev/null || return 1
  say 'Installing nginx (apt-get install nginx-light) …'
  local log policy=/usr/sbin/policy-rc.d made=
  log=$(mktemp)
  if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' > "$policy"
    chmod +x "$policy"
    made=$policy
  fi
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update && apt-get install -y --no-install-recommends nginx-light; } < /dev/null > "$log" 2>&1 || cat "$log" >&2
  rm -f "$log" ${made:+"$made"}
  has_nginx
}

# Whether the web interface can be looked at: CONTACTS_TEST_BROWSER names a browser, or Chromium is on the path.
has_browser() {
  [[ -z ${CONTACTS_TEST_BROWSER:-} ]] || return 0
  command -v chromium > /dev/null || command -v chromium-browser > /dev/null || command -v google-chrome > /dev/null
}

# Installs Chromium on Debian and its kin when we are root, with a font: without one every letter is a box. Only tests need it.
install_browser() {
  [[ $(id -u) == 0 ]] && command -v apt-get > /dev/null || return 1
  say 'Installing Chromium (apt-get install chromium fonts-dejavu) …'
  local log
  log=$(mktemp)
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update && apt-get install -y --no-install-recommends chromium fonts-dejavu; } < /dev/null > "$log" 2>&1 || cat "$log" >&2
  rm -f "$log"
  has_browser
}
