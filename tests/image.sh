#!/usr/bin/env bash
# Builds the container image and looks at it: it runs without root, without rights and on a read-only file system, and holds the program and nothing else.
#   tests/image.sh [IMAGE]     an image that is there already; without one it is built from this folder
# Needs Docker. Arguments for the build, such as --network=host, go into BUILD_OPTIONS.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
faults=0
say() { printf '%s\n' "$*" >&2; }

check() {
  local what=$1
  shift
  if "$@"; then
    echo "ok      $what"
  else
    echo "FAILED  $what"
    faults=$((faults + 1))
  fi
}

command -v docker > /dev/null && docker info > /dev/null 2>&1 || {
  say 'Docker is not installed here, or its daemon does not answer.'
  exit 1
}
image=${1:-contacts-checked}
if (($# == 0)); then
  # shellcheck disable=SC2086
  docker build -q ${BUILD_OPTIONS:-} --target server -t "$image" "$root" > /dev/null
fi

# As compose runs it.
inside() { docker run --rm --read-only --cap-drop ALL --security-opt no-new-privileges --network none --entrypoint "$1" "$image" "${@:2}"; }

user=$(docker inspect -f '{{.Config.User}}' "$image")
is_not_root() { [[ -n $user && $user != root && $user != 0 && $user != 0:* ]]; }
starts() { inside contacts --help | grep -q 'restore'; }
has_no_sdk() { [[ -z $(inside dotnet --list-sdks) ]]; }
has_no_source() { ! inside find /app -name '*.cs' -o -name '*.csproj' -o -name '*.sln' -o -name '.git' -o -name '*Tests*' | grep -q .; }
has_no_secret() { ! docker history --no-trunc "$image" | grep -Eqi 'password=|token=[0-9a-f]{20}|secret='; }
has_no_test_packages() { ! inside find /app -iname '*xunit*' -o -iname '*playwright*' -o -iname '*Mvc.Testing*' | grep -q .; }
# Without the read-only file system, which would hide it.
cannot_write_itself() { ! docker run --rm --network none --entrypoint find "$image" /app -writable | grep -q .; }
tells_health() { [[ $(docker inspect -f '{{join .Config.Healthcheck.Test " "}}' "$image") == 'CMD contacts health' ]]; }

check "runs as a user without rights ($user)" is_not_root
check 'starts without root, capabilities, network and a file system to write to' starts
check 'has no SDK' has_no_sdk
check 'has no source and no tests' has_no_source
check 'has no package of the tests' has_no_test_packages
check 'cannot write to its own program' cannot_write_itself
check 'has no secret in its layers' has_no_secret
check 'says how to ask for its health' tells_health
echo "The program takes $(inside du -sm /app | cut -f1) MB of the image's $(($(docker inspect -f '{{.Size}}' "$image") / 1000000)) MB."
((faults == 0))
