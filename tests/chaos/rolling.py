"""A rolling restart of everything, under load, as an operator does it."""

import time

from fleet import SERVICES
from servers import wait_for


def restart_all(fleet, report):
  """SIGTERM, wait, start, wait until healthy: one process after the other.
  Problems in words."""
  problems = []
  for service in SERVICES:
    for one in fleet.of(service):
      with one.lock:
        begun = time.monotonic()
        one.process.terminate()
        code = one.process.wait(60)
        ended = time.monotonic()
        if code != 0:
          problems.append(f'{one.name} ended with {code} after SIGTERM')
        one.start()
        wait_for(f'{one.name} is healthy', one.healthy, 60)
      report(f'restarted {one.name}: ended within {ended - begun:.1f} s, healthy '
             f'{time.monotonic() - ended:.1f} s later')
      # Clients find it again before the next one goes.
      time.sleep(3)
  return problems
