# The product's main job: tickets in, reports out. Sourced by deploy/quickstart.
# shellcheck shell=bash disable=SC2154 # variables come from quickstart

sample_size=60

# Work that was done once has a file in state/.
done_before() {
  if [[ -e $home/state/$1 ]]; then
    note "done before"
    return 0
  fi
  return 1
}
remember() { touch "$home/state/$1"; }
# Something that reports count has changed.
changed() { touch "$home/state/changed"; }

generate_court() {
  if done_before generated; then return; fi
  huifang-generate court --court "$court" --weeks "$weeks" --out "$home/demo"
  remember generated
  note "$(($(wc -l <"$home/demo/tickets.csv") - 1)) tickets, marked as generated"
}

import_directory() {
  local file=$home/demo/directory.json
  if done_before directory; then return; fi
  if [[ -n $directory_file ]]; then
    file=$directory_file
  elif [[ -n $import_file ]]; then
    # Whoever the export names; --directory tells more.
    huifang-generate directory "$import_file" --mapping "$mapping_file" \
      ${encoding:+--encoding "$encoding"} >"$file.new"
    mv "$file.new" "$file"
  fi
  huifangctl directory import "$file"
  remember directory
  note "$(basename "$file")"
}

# Safe to repeat: rows are known by their ids.
import_tickets() {
  local file=${import_file:-$home/demo/tickets.csv}
  local mapping=${mapping_file:-$home/demo/mapping.json}
  local rejects=$home/reports/rejects.csv
  if done_before imported && [[ $home/state/imported -nt $file ]]; then return; fi
  huifangctl --format csv tickets import --mapping "$mapping" \
    ${encoding:+--encoding "$encoding"} --rejects "$rejects" "$file" |
    tee "$home/state/import.csv"
  changed
  remember imported
  local refused=0
  if [[ -s $rejects ]]; then refused=$(($(wc -l <"$rejects") - 1)); fi
  note "imported"
  if [[ $refused -gt 0 ]]; then note "imported; $refused refused: $rejects"; fi
}

closed_count() {
  huifangctl --format csv tickets list --limit 0 --state CLOSED \
    --state ANSWERED_AT_DESK | tail -n +2 | grep -c . || true
}
inspected_count() {
  huifangctl --format csv inspections list --limit 0 | tail -n +2 |
    grep -c . || true
}

# Nobody waits, and no inspection was asked for anew.
inspections_done() {
  [[ $(inspected_count) -ge $1 ]] && [[ $(queue_tasks grading) == 0 ]]
}

# Tasks in the queues of one service.
queue_tasks() {
  huifangctl --format csv queues list --service "$1" |
    awk -F, 'NR == 1 { for (i = 1; i <= NF; ++i) if ($i == "tasks") c = i }
             NR > 1 { sum += $c } END { print sum + 0 }'
}

wait_for_inspections() {
  local closed
  closed=$(closed_count)
  wait_until 600 inspections_done "$closed" || {
    echo "only $(inspected_count) of $closed closed tickets were inspected;"
    echo "see $home/logs/grading.log and huifangctl queues list"
    return 1
  }
  note "$closed closed tickets"
}

# The complete weeks in which tickets were closed, newest last: the four
# last to draw from, the two last and their months to report on.
find_periods() {
  local day monday sunday today week
  declare -gA week_monday=() week_sunday=()
  recent_weeks=()
  today=$(TZ=Asia/Shanghai date +%F)
  while read -r week monday; do
    sunday=$(date -u -d "$monday +6 days" +%F)
    [[ $sunday < $today ]] || continue
    week_monday[$week]=$monday
    week_sunday[$week]=$sunday
    recent_weeks+=("$week")
  done < <(huifangctl --format csv tickets list --limit 0 --state CLOSED \
    --state ANSWERED_AT_DESK |
    awk -F, 'NR == 1 { for (i = 1; i <= NF; ++i) if ($i == "closed_at") c = i }
             NR > 1 && $c != "" { print substr($c, 1, 10) }' | sort -u |
    date -u -f - '+%G-W%V %F %u' | while read -r week day weekday; do
    echo "$week $(date -u -d "$day -$((weekday - 1)) days" +%F)"
  done | sort -u)
  if [[ ${#recent_weeks[@]} -eq 0 ]]; then
    die "no ticket was closed in a complete week: nothing to draw or report"
  fi
  local count=${#recent_weeks[@]}
  recent_weeks=("${recent_weeks[@]:$((count > 4 ? count - 4 : 0))}")
  count=${#recent_weeks[@]}
  report_weeks=("${recent_weeks[@]:$((count > 2 ? count - 2 : 0))}")
  report_months=()
  for day in "${week_monday[${recent_weeks[0]}]}" \
    "${week_sunday[${recent_weeks[-1]}]}"; do
    if [[ " ${report_months[*]-} " != *" ${day:0:7} "* ]]; then
      report_months+=("${day:0:7}")
    fi
  done
  report_months=("${report_months[-1]}")
}

draw_week() {
  local week=$1
  local drawn
  if done_before "draw-$week"; then return; fi
  # A run that was stopped may have drawn without noting it.
  drawn=$(huifangctl --format csv draws list |
    awk -F, -v week="$week" '$2 == week && $3 == "DRAWN" { print $1 }')
  if [[ -n $drawn ]]; then
    huifangctl --format json draws show "$drawn"
  else
    huifangctl --format json draws create --from "${week_monday[$week]}" \
      --to "${week_sunday[$week]}" --size "$sample_size"
  fi | tee "$home/state/draw.json"
  # The officer's simulated people are asked about new draws only.
  rm -f "$home/state/calls" "$home/state/grades"
  changed
  mv "$home/state/draw.json" "$home/state/draw-$week"
  note "$(draw_number "$week" sampled) of $(draw_number "$week" population) \
closed tickets"
}

# A number of the draw itself: the first of that name at the outer level.
draw_number() {
  sed -n "s/^ \"$2\": \"\?\([0-9]*\)\"\?,\?$/\1/p" "$home/state/draw-$1"
}

simulate_calls() {
  if done_before calls; then return; fi
  huifang-generate officer --court "$court" \
    --callback-address "$HUIFANG_CALLBACK_ADDRESS" \
    --token-file "$home/secrets/officer.token" | tee "$home/state/calls.txt"
  changed
  remember calls
  note "$(cat "$home/state/calls.txt")"
}

# Two people: some grades are given twice, blind, by another one.
simulate_grades() {
  local who
  if done_before grades; then return; fi
  for who in reviewer reviewer2; do
    huifang-generate reviewer --court "$court" \
      --grading-address "$HUIFANG_GRADING_ADDRESS" \
      --token-file "$home/secrets/$who.token"
  done | tee "$home/state/grades.txt"
  changed
  remember grades
  note "$(paste -sd ' ' "$home/state/grades.txt")"
}

# The newest week as reporting counts it: closed tickets, inspections,
# interviews, passes.
week_facts() {
  huifangctl --format csv statistics query --from "${week_monday[$1]}" \
    --to "${week_sunday[$1]}" \
    --measure tickets_closed,inspected,callbacks_completed,pass_rate
}

# Facts arrive as events. They are all there when every closed ticket is counted
# and inspected, and the counts stand still.
facts_settled() {
  local week=$1 closed=$2 now before
  before=$(cat "$home/state/facts" 2>/dev/null) || true
  now=$(week_facts "$week")
  printf '%s\n' "$now" >"$home/state/facts"
  [[ $now == "$before" ]] &&
    [[ $(awk -F, '$1 == "tickets_closed" || $1 == "inspected" { print $2 }' \
      <<<"$now" | sort -u) == "$closed" ]] && return
  sleep 0.5
  return 1
}

wait_for_reporting() {
  local week=${recent_weeks[-1]} closed
  rm -f "$home/state/facts"
  closed=$(huifangctl --format csv tickets list --limit 0 --state CLOSED \
    --state ANSWERED_AT_DESK --closed-from "${week_monday[$week]}" \
    --closed-to "${week_sunday[$week]}" | tail -n +2 | grep -c . || true)
  wait_until 120 facts_settled "$week" "$closed" || {
    echo "reporting has not counted all $closed closed tickets of $week;"
    echo "see $home/logs/reporting.log"
    week_facts "$week"
    return 1
  }
  note "$closed closed tickets of $week counted"
}

# build_reports --week|--month PERIOD
build_reports() {
  local folder=$home/reports/$2
  if [[ -e $home/state/report-$2 && $home/state/report-$2 -nt $home/state/changed ]]; then
    note "built before: $folder"
    return
  fi
  huifangctl --format csv --deadline 120 reports build "$@" \
    --format html,xlsx,csv -o "$folder"
  remember "report-$2"
  note "$folder"
}

show_end() {
  local newest=${report_weeks[-1]} name
  say ""
  say "Ready after $(elapsed)."
  say "  Reports   $home/reports/ (HTML, XLSX, CSV)"
  find "$home/reports/$newest" -name '*.html' 2>/dev/null | sort | head -n 3 |
    sed 's/^/            /'
  say "  Logs      $home/logs/"
  say "  Secrets   $home/secrets/ (a token for each role, the sealing key)"
  for name in "${services[@]}"; do
    say "  $(printf '%-9s' "$name") $(address "$name"), metrics 127.0.0.1:$(cat "$home/run/$name.metrics"), pid $(cat "$home/run/$name.pid")"
  done
  say "  Try       . $home/env && huifangctl tickets list --limit 10"
  say "  Stop      deploy/quickstart --stop    Remove: deploy/quickstart --clean"
  if [[ -z $import_file ]]; then
    say "The court, its people and its tickets are made up (generated data)."
  fi
  if [[ $people == yes ]]; then
    say "The calls and the grades were SIMULATED; the reports say so."
  fi
}
