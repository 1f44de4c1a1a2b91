#!/usr/bin/env bash
# Two servers behind nginx on one PostgreSQL, as docs/scaling.md says, with the configuration that stands there: exits with 1 at the first surprise.
# CONTACTS names the program to run, ./run.sh by itself.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/prerequisites.sh
source "$root/scripts/prerequisites.sh"
read -ra contacts <<< "${CONTACTS:-$root/run.sh}"
PATH=$PATH:/usr/sbin
has_nginx || install_nginx || { say 'nginx is not installed: sudo apt-get install nginx-light'; exit 1; }

folder=$(mktemp -d)
started=()
trap 'for pid in "${started[@]}"; do kill -TERM "$pid" 2> /dev/null || true; done; wait 2> /dev/null || true; rm -rf "$folder"' EXIT
token=$(od -An -N20 -tx1 /dev/urandom | tr -d ' \n')

surprise() { say "$*"; tail -n 5 "$folder"/*.log >&2; exit 1; }
expect() { [[ $2 == "$3" ]] && echo "$1: $2" || surprise "$1: expected $3, got $2"; }

free_port() {
  local port
  for port in $(shuf -i 20000-29999 -n 20); do
    (: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null || { echo "$port"; return; }
  done
}

# serve NAME PORT ARGUMENTS…: starts a server and waits until it is ready.
serve() {
  local name=$1 port=$2
  shift 2
  "${contacts[@]}" --urls "http://127.0.0.1:$port" --proxies 127.0.0.1 --token "$token" "$@" > "$folder/$name.out" 2> "$folder/$name.log" &
  started+=($!)
  for _ in $(seq 600); do
    curl -fs -o /dev/null "http://127.0.0.1:$port/health/ready" && return
    kill -0 $! 2> /dev/null || surprise "$name ended at its start"
    sleep 0.1
  done
  surprise "$name is not ready"
}

# The configuration of the documentation, with these ports; DOWN marks a server.
configure() {
  {
    [[ $(id -u) != 0 ]] || echo 'user root;'
    echo "worker_processes 1; daemon off; pid $folder/nginx.pid; events { worker_connections 1024; } http { log_format to \$upstream_addr; access_log $folder/access to;"
    for kind in client_body proxy fastcgi uwsgi scgi; do echo "${kind}_temp_path $folder/$kind;"; done
    sed -n '/^```nginx/,/^```/{/^```/!p}' "$root/docs/scaling.md" | sed "s/127.0.0.1:5081/127.0.0.1:$one/; s/127.0.0.1:5082/127.0.0.1:$two${1:+ $1}/; s/listen 80/listen 127.0.0.1:$front/"
    echo '}'
  } > "$folder/nginx.conf"
}

# call PORT STATUS METHOD PATH [BODY] [HEADER]: the answer is left in $answer, its headers in $headers.
call() {
  local got
  got=$(curl -sS -o "$folder/answer" -D "$folder/headers" -w '%{http_code}' -X "$3" "http://127.0.0.1:$1/$4" -H "Authorization: Token $token" \
    ${5:+-H 'Content-Type: application/json' --data-binary "$5"} ${6:+-H "$6"})
  answer=$(< "$folder/answer") headers=$(< "$folder/headers")
  [[ $got == "$2" ]] || surprise "$3 $4 on $1: expected $2, got $got: $answer"
}

# storm PORT COUNT PATH BODY [HEADER]: sends a call many times at once, # in path and body is its number; "status number" a line.
storm() {
  local n
  for ((n = 1; n <= $2; n++)); do
    printf 'url = "http://127.0.0.1:%s/%s"\noutput = /dev/null\nwrite-out = "%%{http_code} %s\\n"\nheader = "Authorization: Token %s"\n' "$1" "${3//#/$n}" "$n" "$token"
    [[ -z $4 ]] || printf 'header = "Content-Type: application/json"\ndata = "%s"\n' "$(sed 's/"/\\"/g' <<< "${4//#/$n}")"
    [[ -z ${5:-} ]] || printf 'header = "%s"\n' "$5"
    echo next
  done | sed '$d' > "$folder/storm"
  curl -sS --no-progress-meter --parallel --parallel-immediate --parallel-max 16 --config "$folder/storm" 2> "$folder/storm.log" || true
}

with() { grep -c "^$1 " || true; }
uuid() { grep -o '"uuid":"[^"]*"' <<< "$answer" | head -n 1 | cut -d '"' -f 4; }
count() { call "$front" 200 GET "api/v2/groups.json?uuid=$1"; grep -o '"count":[0-9]*' <<< "$answer" | cut -d : -f 2; }

# within_two_seconds WHAT COMMAND…: the promise of the caches; a little more for the call itself.
within_two_seconds() {
  local what=$1 began=${EPOCHREALTIME//[.,]/} took
  shift
  until "$@"; do
    took=$(((${EPOCHREALTIME//[.,]/} - began) / 1000))
    ((took < 2200)) || surprise "$what: not within two seconds"
    sleep 0.05
  done
  echo "$what: within two seconds"
}

one=$(free_port) two=$(free_port) front=$(free_port)
serve one "$one" --data "$folder/data"
database=$(sed -n 's/.*"ConnectionString":"\([^"]*\)".*/\1/p' "$folder/data/connection.json" | sed "s/\\\\u0027/'/g")
[[ -n $database ]] || surprise 'connection.json names no database'
export ConnectionStrings__Contacts=$database
serve two "$two"
second=${started[-1]}
configure
nginx -c "$folder/nginx.conf" -e "$folder/nginx.log" 2>> "$folder/nginx.log" &
started+=($!)
for _ in $(seq 100); do curl -fs -o /dev/null "http://127.0.0.1:$front/health/ready" && break; sleep 0.05; done

# One contact of racing calls, and addresses that lead back to nginx.
storm "$front" 200 'api/v2/contacts.json?urn=ext:one#never' '{"name":"Ana"}' > "$folder/statuses"
expect 'Of 200 racing upserts of one URN, made' "$(with 201 < "$folder/statuses")" 1
expect 'and updated' "$(with 200 < "$folder/statuses")" 199
for port in "$one" "$two"; do
  (($(grep -c ":$port" "$folder/access") > 50)) || surprise "nginx asked 127.0.0.1:$port seldom"
done
call "$front" 201 POST api/v2/contacts.json '{"name":"Bia"}'
call "$front" 200 GET 'api/v2/contacts.json?limit=1'
[[ $answer == *"\"next\":\"http://127.0.0.1:$front/api/v2/contacts.json"* || $answer == *'"next":null'* ]] || surprise "a next page elsewhere: $answer"

# A call under a key is carried out once, whichever servers get it.
call "$one" 201 POST api/v2/contacts.json '{"name":"Keyed"}' 'Idempotency-Key: order-1'
first=$answer
call "$two" 201 POST api/v2/contacts.json '{"name":"Keyed"}' 'Idempotency-Key: order-1'
expect 'The same call under a key on the other server' "$answer" "$first"
[[ ${headers,,} == *'idempotent-replayed: true'* ]] || surprise 'it was not marked as a replay'
storm "$front" 60 'api/v2/groups.json' '{"name":"Once"}' 'Idempotency-Key: group-1' > "$folder/statuses"
expect 'Of 60 racing calls under a key, others than 201 and 409' "$(grep -cvE '^(201|409) ' "$folder/statuses" || true)" 0
call "$front" 200 GET api/v2/groups.json
expect 'and the groups that they made' "$(grep -o '"name":"Once"' <<< "$answer" | wc -l)" 1

# Caches: at once for what is named, within two seconds for what is shown.
call "$two" 200 GET 'api/v2/contacts.json?urn=ext:one'
call "$one" 201 POST api/v2/fields.json '{"label":"Nick Name","value_type":"text"}'
call "$two" 200 POST 'api/v2/contacts.json?urn=ext:one' '{"fields":{"nick_name":"Nina"}}'
echo 'A field made on one server can be written on the other: at once'
call "$one" 201 POST api/v2/groups.json '{"name":"Shown"}'
shown=$(uuid)
call "$one" 200 POST 'api/v2/contacts.json?urn=ext:one' "{\"groups\":[\"$shown\"]}"
shows_group() { call "$two" 200 GET 'api/v2/contacts.json?urn=ext:one' && [[ $answer == *Shown* ]]; }
within_two_seconds 'A group made on one server is shown by the other' shows_group

# Background work: counts are squashed and members removed by both, and stay exact.
call "$front" 201 POST api/v2/groups.json '{"name":"Everyone"}'
everyone=$(uuid)
call "$front" 201 POST api/v2/groups.json '{"name":"Leaving"}'
leaving=$(uuid)
for ((n = 1; n <= 6000; n++)); do echo "{\"urn\":\"ext:bulk-$n\",\"groups\":[\"$everyone\",\"$leaving\"]}"; done > "$folder/lines"
curl -sS -o "$folder/bulk" "http://127.0.0.1:$front/api/v2/contacts_bulk.json" -H "Authorization: Token $token" -H 'Content-Type: application/x-ndjson' --data-binary "@$folder/lines"
expect 'Contacts made in bulk' "$(grep -c '"status":201' "$folder/bulk")" 6000
call "$one" 204 DELETE "api/v2/groups.json?uuid=$leaving"
storm "$front" 300 'api/v2/contacts.json?urn=ext:bulk-#' '{"groups":[]}' > "$folder/statuses"
expect 'Contacts that left their groups' "$(with 200 < "$folder/statuses")" 300
expect 'The count of their group, while both servers tidy up' "$(count "$everyone")" 5700
is_gone() { [[ $(sql "SELECT count(*) FROM group_members WHERE group_id = '$leaving'") == 0 ]]; }
programs=$(dirname "$(compgen -G '/usr/lib/postgresql/*/bin/psql' || command -v psql)")
socket=$(sed -n 's/.*Host=\([^;"]*\).*/\1/p' <<< "$database")
sql() { "$programs/psql" -X -A -t -h "$socket" -U contacts -d contacts -c "$1"; }
within_two_seconds 'The members of the deleted group are gone' is_gone
expect 'and the count is still' "$(count "$everyone")" 5700

# One limit of requests.
call "$one" 200 PATCH manage/api/workspace '{"hourly_limit":60}'
sleep 2
storm "$one" 40 'api/v2/flows.json?n=#' '' > "$folder/statuses"
expect 'With 60 an hour, 40 on one server' "$(with 200 < "$folder/statuses")" 40
sleep 2.2
storm "$two" 40 'api/v2/flows.json?n=#' '' > "$folder/statuses"
expect 'then 40 on the other: let through' "$(with 200 < "$folder/statuses")" 20
expect 'and refused' "$(with 429 < "$folder/statuses")" 20
call "$one" 200 PATCH manage/api/workspace '{"hourly_limit":null}'
sleep 2

# One is taken away in order, under load: no call fails.
storm "$front" 400 'api/v2/contacts.json?urn=ext:orderly-#' '{"name":"N #"}' > "$folder/statuses" &
load=$!
configure down
nginx -c "$folder/nginx.conf" -e "$folder/nginx.log" -s reload
sleep 0.3
kill -TERM "$second"
wait "$second" || true
wait "$load"
expect 'While one server was taken away in order, calls that failed' "$(grep -cv '^201 ' "$folder/statuses" || true)" 0

# One is killed under load: what was answered is in the book, and every call is wholly in or out.
serve two "$two"
second=${started[-1]}
configure
nginx -c "$folder/nginx.conf" -e "$folder/nginx.log" -s reload
sleep 0.3
storm "$front" 600 'api/v2/contacts.json?urn=ext:killed-#' '{"name":"N #","groups":["Everyone"]}' > "$folder/statuses" &
load=$!
sleep 0.4
kill -KILL "$second"
wait "$second" 2> /dev/null || true
wait "$load"
answered=$(with 201 < "$folder/statuses")
((answered > 300)) || surprise "only $answered of 600 calls were answered"
echo "While one server was killed, calls that were answered: $answered of 600"
sed -n 's/^201 //p' "$folder/statuses" | sort > "$folder/answered"
sql "SELECT substr(identity, 12) FROM contact_urns WHERE identity LIKE 'ext:killed-%'" | sort > "$folder/found"
expect 'and of those, missing in the book' "$(comm -23 "$folder/answered" "$folder/found" | wc -l)" 0
expect 'and half written' "$(sql "SELECT count(*) FROM contacts c JOIN contact_urns u ON u.contact_id = c.id WHERE identity LIKE 'ext:killed-%' AND (name <> 'N ' || substr(identity, 12) OR NOT EXISTS (SELECT FROM group_members m WHERE m.contact_id = c.id))")" 0
storm "$front" 50 'api/v2/contacts.json?urn=ext:after-#' '{"name":"N #"}' > "$folder/statuses"
expect 'The other server goes on alone' "$(with 201 < "$folder/statuses")" 50
echo 'Two servers are one.'
