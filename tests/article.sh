#!/usr/bin/env bash
# Every example of Weni's article, in its order, against ./run.sh, as a newcomer would send them: exits with 1 at the first surprise.
# The article's doubled quotes are a fault of printing; its uuids are replaced by those that the book gave out.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=$(mktemp -d)
"$root/run.sh" --data "$folder/data" --urls http://127.0.0.1:0 > "$folder/out" 2> "$folder/log" &
server=$!
trap 'kill -TERM "$server" 2> /dev/null || true; wait "$server" 2> /dev/null || true; rm -rf "$folder"' EXIT
for _ in $(seq 600); do
  grep -q curl "$folder/out" && break
  kill -0 "$server" 2> /dev/null || { cat "$folder/log" >&2; exit 1; }
  sleep 0.2
done
url=$(sed -n 's/^ *URL *//p' "$folder/out")
token=$(sed -n 's/^ *Token *//p' "$folder/out")

# send WHAT STATUS METHOD PATH [BODY]: the answer is left in $answer.
send() {
  local got
  got=$(curl -sS -o "$folder/answer" -w '%{http_code}' -X "$3" "$url/api/v2/$4" -H "Authorization: Token $token" \
    ${5:+-H 'Content-Type: application/json' --data-binary "$5"})
  answer=$(cat "$folder/answer")
  if [[ $got != "$2" ]]; then
    echo "$1: expected $2, got $got: $answer" >&2
    exit 1
  fi
  echo "$1: $got"
}

uuid() { grep -o '"uuid":"[^"]*"' <<< "$answer" | head -n 1 | cut -d '"' -f 4; }

# What the examples take for granted.
send 'The group of the examples' 201 POST groups.json '{"name":"Devs"}'
group=$(uuid)
send 'The field nickname' 201 POST fields.json '{"label":"Nickname","value_type":"text"}'
send 'The field side_kick' 201 POST fields.json '{"label":"Side kick","value_type":"text"}'

send 'Adding a contact' 201 POST contacts.json '{"name":"John Cordeiro","language":"por",
  "urns":["tel:+558299331122","whatsapp:558299331122","mailto:john.dalton@ilhasoft.com.br","ext:123456"],
  "groups":["'"$group"'"],"fields":{"nickname":"Macklemore","side_kick":"Ryan Lewis"}}'
contact=$(uuid)
send 'Updating it by uuid' 200 POST "contacts.json?uuid=$contact" '{"name":"John Cordeiro","language":"por",
  "urns":["tel:+558299331122","whatsapp:558299331122"],"groups":[{"name":"Devs","uuid":"'"$group"'"}],"fields":{}}'
send 'Updating by a URN that nobody has' 201 POST 'contacts.json?urn=tel%3A%2B250783835665' '{"fields":{"nickname":"Ben"}}'
send 'Updating by a URN that somebody has' 200 POST 'contacts.json?urn=tel%3A%2B250783835665' '{"fields":{"nickname":"Ben"}}'
send 'The Spanish article: a short number' 201 POST 'contacts.json?urn=tel%3A%2B90987877' '{"fields":{"nickname":"Manu"}}'
send 'Deleting by uuid' 204 DELETE "contacts.json?uuid=$contact"
send 'Deleting it again' 404 DELETE "contacts.json?uuid=$contact"
send 'Deleting by URN' 204 DELETE 'contacts.json?urn=tel%3A%2B250783835665'
send 'Adding a field' 201 POST fields.json '{"label":"Nick name","value_type":"text"}'
[[ $answer == *'"key":"nick_name","label":"Nick name","value_type":"text"'* ]] || { echo "An unexpected field: $answer" >&2; exit 1; }
send 'Adding a group as it is printed, without a name' 400 POST groups.json '{"name":""}'
send 'Adding a group' 201 POST groups.json '{"name":"Reporters"}'
group=$(uuid)
send 'Updating the group' 200 POST "groups.json?uuid=$group" '{"name":"Checked"}'
send 'A campaign holds it' 201 POST campaigns.json '{"name":"Reminders","group":"Checked"}'
send 'Deleting it while it is used' 400 DELETE "groups.json?uuid=$group"
send 'Another group for the campaign' 200 POST "campaigns.json?uuid=$(curl -sS "$url/api/v2/campaigns.json" -H "Authorization: Token $token" | grep -o '"uuid":"[^"]*"' | head -n 1 | cut -d '"' -f 4)" \
  '{"name":"Reminders","group":"Devs"}'
send 'Deleting the group' 204 DELETE "groups.json?uuid=$group"
echo 'Every example of the article works.'
