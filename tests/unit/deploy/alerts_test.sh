#!/usr/bin/env bash
# The alerts that are shipped: Prometheus reads them, each fires when it should
# and not before (deploy/prometheus/alerts_test.yml), and the services have the
# metrics that they and the documents name. Exit code 77: there is no promtool.
set -euo pipefail
cd "$(dirname "$0")/../../.."
command -v promtool >/dev/null || exit 77
promtool check config deploy/prometheus/prometheus.yml
promtool test rules deploy/prometheus/alerts_test.yml

# What Prometheus and its client library add themselves.
theirs='up|rpc_seconds_(bucket|sum|count)'
named=$(grep -oE '\b[a-z]+(_[a-z]+)*_(total|seconds|bytes|bucket|backlog|open|submitted|tasks|due|dead|reachable)\b' \
  deploy/prometheus/alerts.yml docs/operations*.md -h | sort -u |
  grep -vxE "$theirs")
missing=0
for name in $named; do
  # Outcomes of a task are put together: queue_done_total and others.
  grep -rqF "\"$name\"" services --include='*.cc' --include='*.h' ||
    { [[ $name == queue_*_total ]] &&
      grep -qF "\"${name#queue_}\"" <(sed -n 's/.*outcome = \("[a-z_]*"\).*/\1/p' \
        services/common/worker.cc | sed 's/"$/_total"/'); } ||
    { echo "no service has $name"; missing=1; }
done
exit "$missing"
