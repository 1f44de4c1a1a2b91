#!/usr/bin/env bash
# Everything that CI checks: builds with warnings as errors, checks the format, runs all tests on real PostgreSQL.
# Arguments go to `dotnet test` (./test.sh --filter Upsert). CONTACTS_TEST_POSTGRES, a connection string, points the tests at another server.
# ./test.sh --soak runs the long tests instead, which the ordinary run leaves out; CONTACTS_SOAK_MINUTES, CONTACTS_SOAK_REQUESTS and
# CONTACTS_SOAK_SEED set how long, how much and from which seed (docs/reliability.md).
# The last line is always "N passed, N failed".
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$root"
# shellcheck source=scripts/prerequisites.sh
source scripts/prerequisites.sh

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

# A check that fails before the tests counts as one failure.
give_up() {
  say "$1"
  echo '0 passed, 1 failed'
  exit 1
}

require_dotnet || give_up 'The tests were not run.'
chosen=('Soak!=Yes')
patience=10m
if [[ ${1:-} == --soak ]]; then
  shift
  chosen=('Soak=Yes')
  patience=3h
fi
arguments=("$@")
if ! has_postgres && ! install_postgres; then
  [[ -n ${CONTACTS_TEST_POSTGRES:-} ]] || give_up 'PostgreSQL is not installed. Install it (sudo apt-get install postgresql), or name a server in CONTACTS_TEST_POSTGRES.'
  say "Left out: the tests of the private PostgreSQL, whose programs are not installed here."
  chosen+=('Needs!=PostgresPrograms')
fi
if ! has_node && ! install_node; then
  say 'Left out: the tests of a typed client, since Node.js with npm is not installed here (sudo apt-get install nodejs npm).'
  chosen+=('Needs!=Node')
fi
if ! has_nginx && ! install_nginx; then
  say 'Left out: the test of several servers, since nginx is not installed here (sudo apt-get install nginx-light).'
  chosen+=('Needs!=Nginx')
fi
if ! has_browser && ! install_browser; then
  say 'Left out: the tests of the web interface in a browser, since Chromium is not installed here (sudo apt-get install chromium), and CONTACTS_TEST_BROWSER names none.'
  chosen+=('Needs!=Browser')
fi
if [[ " $* " != *' --filter'* ]]; then
  arguments+=(--filter "$(IFS='&' && echo "${chosen[*]}")")
fi

# A trx logger among the arguments takes the place of one that is given here: then its file is counted, wherever it goes, and stays the caller's.
counted=$results/tests.trx
own=(--results-directory "$results" --logger 'trx;LogFileName=tests.trx')
[[ " $* " =~ ' '(--logger|-l)[' '=:]trx ]] && own=()

echo 'Building, warnings as errors …'
dotnet build Contacts.sln --configuration Release --verbosity quiet -warnaserror -p:UseSharedCompilation=false -p:RestoreLockedMode=true || give_up 'The build failed.'
echo 'Checking the format …'
dotnet format Contacts.sln --verify-no-changes --no-restore || give_up 'The format differs: run dotnet format.'

echo 'Testing …'
code=0
run_tests() {
  dotnet test Contacts.sln --configuration Release --no-build --blame-hang-timeout "$patience" --blame-hang-dump-type none ${own[@]+"${own[@]}"} "${arguments[@]}"
}
if ((${#own[@]})); then
  run_tests || code=$?
else
  DOTNET_CLI_UI_LANGUAGE=en run_tests | tee "$results/output" || code=$?
  counted=$(sed -n 's/^ *Results File: //p' "$results/output" | tail -n 1)
fi

# The counts come from the result file; a run that crashed leaves none, or counts fewer failures than it had.
counters=$(grep -o '<Counters [^>]*>' "$counted" 2> /dev/null || true)
count() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<< "$counters"; }
executed=$(count executed)
passed=$(count passed)
executed=${executed:-0} passed=${passed:-0}
failed=$((executed - passed))

if ((code != 0 && failed == 0)); then
  say "The test run ended with code $code without naming a failed test: it crashed, or found no tests."
  failed=1
elif ((executed == 0)); then
  say 'No test was run.'
  failed=1
fi
echo "$passed passed, $failed failed"
((failed == 0))
