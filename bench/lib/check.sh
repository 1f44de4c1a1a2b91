# Sourced by run.sh: whether what was written reads back.

# Reads the samples of the last run through the API and compares; prints GOOD/ALL. Slots that write nothing print 0/0.
# What differs is kept in the file mismatches.
check_samples() {
  [[ -s $work/samples ]] || { echo 0/0; return; }
  local urn value
  while IFS=$'\t' read -r urn value; do
    printf 'url = "%s/api/v2/contacts.json?urn=%s"\nheader = "Authorization: Token %s"\nsilent\nwrite-out = "\\n"\nnext\n' "$url" "$urn" "$token"
  done < "$work/samples" | sed '$d' > "$work/read-back.curl"
  curl -K "$work/read-back.curl" > "$work/read-back" || fail 'Reading back failed.'
  awk -F '\t' -v seen="$out/mismatches" '
    NR == FNR { urn[FNR] = $1; value[FNR] = $2; all++; next }
    index($0, "\"name\":\"Contact " value[FNR] "\"") && index($0, "\"field_1\":\"" value[FNR] "\"") { good++; next }
    { print urn[FNR], value[FNR], $0 >> seen }
    END { printf "%d/%d\n", good, all }' "$work/samples" "$work/read-back"
}
