# Words and steps. Sourced by deploy/quickstart.
# shellcheck shell=bash disable=SC2154 # home comes from quickstart

say() { printf '%s\n' "$*"; }
die() {
  printf 'quickstart: %s\n' "$*" >&2
  exit 1
}

elapsed() { printf '%d:%02d' $((SECONDS / 60)) $((SECONDS % 60)); }

step_log=
step_note=

# What a step adds to its line, for example how many rows.
note() { step_note=$*; }

# step NAME COMMAND...: runs it with its output in a log, and says how long it
# took. On failure the log's last lines are shown and the script ends.
step() {
  local name=$1 begun=$SECONDS
  shift
  step_note=
  step_log=$home/logs/quickstart.log
  printf '\n=== %s: %s\n' "$(date '+%F %T')" "$name" >>"$step_log"
  if [[ -t 1 ]]; then printf '[%s] %s ...' "$(elapsed)" "$name"; fi
  step_number=$((step_number + 1))
  echo "$step_number" >"$home/run/step"
  show_ticks "$name" 2>/dev/null 9>&- &
  failing=$name
  "$@" >>"$step_log" 2>&1 9>&-
  failing=
  echo done >"$home/run/step"
  if [[ -t 1 ]]; then printf '\r\033[K'; fi
  printf '[%s] %s: %s%s\n' "$(elapsed)" "$name" "${step_note:-done}" \
    "$(took $((SECONDS - begun)))"
}
failing=
step_number=0

took() { if [[ $1 -ge 2 ]]; then printf ' (%d s)' "$1"; fi; }

# Where a long step is: on a terminal in place once a second, elsewhere a line a
# minute.
show_ticks() {
  local name=$1 ticks=0
  # It ends with its step, or with the script, however that ends.
  while sleep 1 >/dev/null && kill -0 $$ &&
    [[ $(cat "$home/run/step") == "$step_number" ]]; do
    ticks=$((ticks + 1))
    if [[ -t 1 ]]; then
      printf '\r\033[K[%s] %s ... %s' "$(elapsed)" "$name" "$(last_words)"
    elif [[ $((ticks % 60)) == 0 ]]; then
      printf '[%s] %s ... %s\n' "$(elapsed)" "$name" "$(last_words)"
    fi
  done
}

last_words() {
  tail -c 300 "$step_log" | tr '\r' '\n' | grep -v '^$' | tail -n 1 |
    cut -c1-60 || true
}

# Says where to look when something failed.
on_exit() {
  local code=$1
  if [[ $code == 0 ]]; then return; fi
  echo failed >"$home/run/step" 2>/dev/null || true
  if [[ -n $failing ]]; then
    printf '\nquickstart: FAILED at "%s". The last lines of %s:\n' \
      "$failing" "$step_log" >&2
    # The failed step's part of it.
    tac "$step_log" | sed '/^=== /q' | tac | tail -n 25 | sed 's/^/    /' >&2
    printf 'Mended what it says? Run the same command again; it goes on there.\n' >&2
  fi
}
