"""Walks through every place between "done" and "said to be done": each process dies
there by its own hand, under load, and starts again."""

import random
import signal
import subprocess

from fleet import SERVICES
from servers import wait_for

# services/common/crash_point.h says what each is.
EVERYWHERE = ('before_commit', 'after_commit', 'before_reply', 'after_reply')
WORKING = ('before_enqueue', 'after_enqueue', 'after_take', 'before_settle',
           'after_settle')
FOLLOWING = ('before_apply', 'after_apply')
# The ticket service follows nobody, and its tasks, the rings of deadlines, fall
# due in days; the callback service asks for what it needs.
POINTS = {
    'ticket': EVERYWHERE,
    'callback': EVERYWHERE + WORKING,
    'grading': EVERYWHERE + WORKING + FOLLOWING,
    'reporting': EVERYWHERE + WORKING + FOLLOWING,
}
PATIENCE = 60  # seconds for the load to reach a point


def walk(fleet, seed, report):
  """Problems in words."""
  dice = random.Random(f'crash/{seed}')
  problems = []
  died = 0
  for service in SERVICES:
    for point in POINTS[service]:
      one = dice.choice(fleet.of(service))
      where = f'{point}:{dice.randint(1, 3)}'
      with one.lock:
        one.stop()
        one.crash_at = where
        one.start()
        one.crash_at = ''
        try:
          code = one.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
          problems.append(f'{one.name} did not come to {where} in {PATIENCE} s')
          one.stop()
          code = None
        if code not in (None, -signal.SIGKILL):
          problems.append(f'{one.name} ended with {code} instead of dying at {where}')
        if code == -signal.SIGKILL:
          died += 1
          report(f'{one.name} died at {where}')
        one.start()
        wait_for(f'{one.name} is healthy', one.healthy, 60)
  report(f'died at {died} of {sum(map(len, POINTS.values()))} places')
  return problems
