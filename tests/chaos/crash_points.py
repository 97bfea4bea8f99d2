"""Walks through every place between "done" and "said to be done": each service, of
several replicas the one that comes there first, dies there by its own hand, under
load, and starts again."""

import contextlib
import random
import signal
import time

from fleet import SERVICES
from servers import wait_for

# services/common/crash_point.h says what each is.
EVERYWHERE = ('before_commit', 'after_commit', 'before_reply', 'after_reply')
WORKING = ('before_enqueue', 'after_enqueue', 'after_take', 'before_settle',
           'after_settle')
FOLLOWING = ('before_apply', 'after_apply')
# The ticket service follows nobody; the callback service asks for what it needs.
POINTS = {
    'ticket': EVERYWHERE + WORKING,
    'callback': EVERYWHERE + WORKING,
    'grading': EVERYWHERE + WORKING + FOLLOWING,
    'reporting': EVERYWHERE + WORKING + FOLLOWING,
}
PATIENCE = 60  # seconds for the load to reach a point


def times(dice, service, point):
  """How often it comes to the point until it dies there. The first commits and replies
  are what waited for its start."""
  if point in EVERYWHERE:
    return dice.randint(5, 40)
  if service == 'ticket':
    return 1  # it queues rings at its start, then once a minute, and takes many at once
  return dice.randint(1, 3)


def first_to_end(replicas):
  """Who ended by itself within PATIENCE; None: nobody."""
  end = time.monotonic() + PATIENCE
  while time.monotonic() < end:
    for one in replicas:
      if one.process.poll() is not None:
        return one
    time.sleep(0.02)
  return None


def visit(fleet, service, where, report):
  """Problems in words. Of several replicas any may be the one that comes to the
  place: who follows the events of the load's court holds its shard alone."""
  replicas = fleet.of(service)
  problems = []
  with contextlib.ExitStack() as held:
    for one in replicas:
      held.enter_context(one.lock)
    for one in replicas:
      problems += one.end()
      one.crash_at = where
      one.start()
      one.crash_at = ''
    ended = first_to_end(replicas)
    if ended is None:
      problems.append(f'{service} did not come to {where} in {PATIENCE} s')
    elif ended.process.returncode == -signal.SIGKILL:
      report(f'{ended.name} died at {where}')
    for one in replicas:
      problems += [f'{text}, sent to {where}' for text in one.end(may_die=True)]
      one.start()
    for one in replicas:
      wait_for(f'{one.name} is healthy', one.healthy, 60)
  return problems


def walk(fleet, seed, report):
  """Problems in words."""
  dice = random.Random(f'crash/{seed}')
  problems = []
  died = 0
  for service in SERVICES:
    for point in POINTS[service]:
      found = visit(fleet, service, f'{point}:{times(dice, service, point)}', report)
      problems += found
      died += not found
  report(f'died at {died} of {sum(map(len, POINTS.values()))} places')
  return problems
