"""A rolling restart of everything, under load, as an operator does it."""

import time

from fleet import SERVICES
from servers import wait_for


def restart_all(fleet, report, next_bin=None, together=0):
  """SIGTERM, wait, start, wait until healthy: one process after the other.
  Problems in words. With `next_bin` they come back from there: another version,
  which migrates the database that the old one goes on to use for `together`
  seconds; then an old process that ended must be able to come back. Where services
  are called by names each comes back at another address, as containers do."""
  problems = []
  for service in SERVICES:
    for number, one in enumerate(fleet.of(service)):
      if next_bin and number > 0:
        time.sleep(together)
        problems += restart(fleet, one, report)
      problems += restart(fleet, one, report, next_bin)
  return problems


def restart(fleet, one, report, next_bin=None):
  """Problems in words."""
  with one.lock:
    begun = time.monotonic()
    problems = one.end()
    ended = time.monotonic()
    one.bin = next_bin or one.bin
    if fleet.names:
      one.move()
    one.start()
    wait_for(f'{one.name} is healthy', one.healthy, 60)
    if fleet.names:
      fleet.tell_names(one.service)
  report(f'restarted {one.name}{" as the next version" if next_bin else ""}: ended '
         f'within {ended - begun:.1f} s, healthy {time.monotonic() - ended:.1f} s later')
  # Clients find it again before the next one goes.
  time.sleep(3)
  return problems
