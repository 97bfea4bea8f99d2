"""What the operators' own check says of the databases."""

import csv
import io
import os
import subprocess

from fleet import SERVICES

PREFIX = 'admin check: '


def check_databases(fleet):
  """Of the version that runs at the end, which an upgrade has moved on."""
  program = os.path.join(fleet.replicas[-1].bin, 'huifangctl')
  databases = [word for service in SERVICES
               for word in ('--database', fleet.database_url(service))]
  done = subprocess.run(
      [program, '--format', 'csv', 'admin', 'check', *databases],
      capture_output=True, text=True, timeout=600, check=False)
  rows = list(csv.DictReader(io.StringIO(done.stdout)))
  for row in rows:
    yield (f'{PREFIX}{row["service"]}, table {row["table"]}, {row["key"]}: '
           f'{row["problem"]}')
  if done.returncode != bool(rows):
    yield f'{PREFIX}exit code {done.returncode}: {done.stderr.strip()[-500:]}'
