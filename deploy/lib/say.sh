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
  if [[ -t 1 ]]; then
    printf '[%s] %s ...' "$(elapsed)" "$name"
    show_ticks "$name" &
    ticker=$!
  fi
  failing=$name
  "$@" >>"$step_log" 2>&1 9>&-
  failing=
  if [[ -n $ticker ]]; then
    kill "$ticker" 2>/dev/null || true
    wait "$ticker" 2>/dev/null || true
    ticker=
    printf '\r\033[K'
  fi
  printf '[%s] %s: %s%s\n' "$(elapsed)" "$name" "${step_note:-done}" \
    "$(took $((SECONDS - begun)))"
}
failing=
ticker=

took() { if [[ $1 -ge 2 ]]; then printf ' (%d s)' "$1"; fi; }

# On a terminal: where ninja is, or the last line of the log, once a second.
show_ticks() {
  local last
  while sleep 1; do
    last=$(tail -c 300 "$step_log" | tr '\r' '\n' | grep -v '^$' | tail -1 |
      cut -c1-60) || true
    printf '\r\033[K[%s] %s ... %s' "$(elapsed)" "$1" "$last"
  done
}

# Says where to look when something failed.
on_exit() {
  local code=$1
  if [[ $code == 0 ]]; then return; fi
  if [[ -n $ticker ]]; then kill "$ticker" 2>/dev/null || true; fi
  if [[ -n $failing ]]; then
    printf '\nquickstart: FAILED at "%s". The last lines of %s:\n' \
      "$failing" "$step_log" >&2
    tail -n 25 "$step_log" | sed 's/^/    /' >&2
    printf 'Mended what it says? Run the same command again; it goes on there.\n' >&2
  fi
}
