#!/usr/bin/env bash
# Builds Contacts when something has changed, and runs it with the arguments given:
#   ./run.sh                     serves; --help names the options
#   ./run.sh token create …      any other command
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/prerequisites.sh
source "$root/scripts/prerequisites.sh"

project=$root/src/Contacts.Api
output=$project/bin/Release/net10.0
built=$project/obj/run.built

# Folders count too: theirs is the time that a removed file leaves.
is_built() {
  [[ -f $output/contacts.dll && -f $built ]] || return 1
  local newer
  newer=$(cd "$root" && find src Directory.Build.props Directory.Packages.props .editorconfig global.json \
    \( -name bin -o -name obj \) -prune -o -newer "$built" -print -quit)
  [[ -z $newer ]]
}

build() {
  say 'Building Contacts …'
  local log
  log=$(mktemp)
  # The time before the build counts: a change that is saved during it belongs to the next one.
  touch "$built.new"
  if ! dotnet build "$project" --configuration Release --verbosity quiet -p:UseSharedCompilation=false > "$log" 2>&1 9>&-; then
    cat "$log" >&2
    rm -f "$log"
    return 1
  fi
  rm -f "$log"
  touch -r "$built.new" "$built"
  rm -f "$built.new"
}

# One build at a time: whoever starts meanwhile waits for it, and then has none to make.
if ! is_built; then
  require_dotnet
  mkdir -p "$project/obj"
  exec 9> "$project/obj/run.lock"
  ! command -v flock > /dev/null || flock 9
  is_built || build
  exec 9>&-
fi

# Without the programs, and without the right to install them, Contacts itself says what the ways on are.
if [[ -z ${ConnectionStrings__Contacts:-} ]] && ! has_postgres; then
  install_postgres || true
fi

# In the shell's place, so that signals reach the server.
exec dotnet "$output/contacts.dll" "$@"
