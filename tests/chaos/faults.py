"""What goes wrong, when, and to whom: all of it follows from the seed."""

import collections
import os
import random
import threading
import time

from fleet import SERVICES

Fault = collections.namedtuple('Fault', 'at kind target seconds amount')

# How often each kind comes in one round of the bag.
WEIGHTS = {'kill': 8, 'stop': 4, 'flushall': 2, 'cut': 3, 'reset': 2, 'delay': 2,
           'rollback': 1, 'disk': 1, 'clock': 1}
# Share of the outages that outlast retries, deadlines and attempts.
LONG = 0.12


class Bag:
  """Draws without putting back, so that everything comes before anything comes
  twice."""

  def __init__(self, items, dice):
    self.items = list(items)
    self.dice = dice
    self.left = []

  def draw(self):
    if not self.left:
      self.left = list(self.items)
      self.dice.shuffle(self.left)
    return self.left.pop()


def impossible(fleet):
  """Kinds that cannot be done here, with the reason."""
  reasons = {}
  if not fleet.disk.mounted:
    reasons['disk'] = 'only root may mount a tmpfs for the databases'
  some = fleet.replicas[0]
  if not os.path.exists(some.clock.library):
    reasons['clock'] = f'{some.clock.library} is not built'
  elif not 80 < some.ahead_when_set(90) < 100:
    reasons['clock'] = 'a service that is told another time does not have it'
  return reasons


def make_schedule(seed, seconds, per_minute, servers, links, kinds):
  """Faults in order of time. Pure: the same arguments give the same faults."""
  dice = random.Random(f'faults/{seed}')
  replicas = [name for name in servers if name.split('-')[0] in SERVICES]
  bags = {kind: Bag(sorted(servers), dice) for kind in ('kill', 'stop')}
  bags.update({kind: Bag(sorted(links), dice) for kind in ('cut', 'reset', 'delay')})
  bags.update(flushall=Bag(['redis'], dice), rollback=Bag(['redis'], dice),
              disk=Bag(['disk'], dice), clock=Bag(replicas, dice))
  if not kinds:
    return []
  order = Bag([kind for kind in sorted(kinds) for _ in range(WEIGHTS[kind])], dice)
  spacing = 60 / per_minute
  faults = []
  at = 2.0
  while at < seconds - 3:
    kind = order.draw()
    length = {'kill': dice.uniform(0, 3), 'stop': dice.uniform(1, 8),
              'cut': dice.uniform(1, 8), 'delay': dice.uniform(3, 10),
              'rollback': dice.uniform(1, 5), 'disk': dice.uniform(1, 6),
              'clock': dice.uniform(3, 10)}.get(kind, 0)
    if kind in ('kill', 'stop', 'cut') and dice.random() < LONG:
      length = dice.uniform(10, 25)
    amount = {'delay': dice.uniform(0.02, 0.4),
              'clock': dice.choice((-90, -20, 20, 90))}.get(kind, 0)
    faults.append(Fault(round(at, 2), kind, bags[kind].draw(), round(length, 2),
                        round(amount, 3)))
    at += spacing * dice.uniform(0.4, 1.6)
  return faults


class Tormentor:
  """Carries a schedule out, each fault in a thread of its own; two faults of
  one target come one after the other, others may overlap."""

  def __init__(self, fleet, clock, report):
    self.fleet = fleet
    self.clock = clock
    self.report = report
    self.locks = collections.defaultdict(threading.Lock)
    self.threads = []
    self.done = collections.Counter()
    self.failures = []

  def run(self, schedule, ending):
    begun = time.monotonic()
    for fault in schedule:
      if ending.wait(max(0.0, begun + fault.at - time.monotonic())):
        break
      thread = threading.Thread(target=self._one, args=(fault,), daemon=True)
      thread.start()
      self.threads.append(thread)

  def finish(self):
    for thread in self.threads:
      thread.join()

  def _one(self, fault):
    with self.locks[fault.target]:
      self.clock.begin(fault)
      try:
        struck = getattr(self, '_' + fault.kind)(fault)
        self.done[fault.kind] += 1
        # The target stays ours until it is well again: the next fault on it
        # would only hide how long that took.
        self.clock.measure(fault, struck)
      except Exception as error:  # pylint: disable=broad-except
        # Whoever waits for this thread would take it for done.
        self.failures.append(f'{fault}: {error!r}')

  # What each kind does; see servers.Server for what it returns ---------------

  def _kill(self, fault):
    server = self.fleet.servers[fault.target]
    with server.lock:
      return server.die(fault.seconds)

  def _stop(self, fault):
    server = self.fleet.servers[fault.target]
    with server.lock:
      return server.hang(fault.seconds)

  def _flushall(self, _):
    self.fleet.redis.flush()

  def _cut(self, fault):
    self.fleet.proxy.set('cut', [fault.target])
    time.sleep(fault.seconds)
    self.fleet.proxy.set('pass', [fault.target])

  def _reset(self, fault):
    self.fleet.proxy.set('reset', [fault.target])

  def _delay(self, fault):
    self.fleet.proxy.set('pass', [fault.target], delay=fault.amount)
    time.sleep(fault.seconds)
    self.fleet.proxy.set('pass', [fault.target])

  def _rollback(self, fault):
    with self.fleet.redis.lock:
      return self.fleet.redis.roll_back(fault.seconds)

  def _disk(self, fault):
    self.fleet.disk.fill()
    time.sleep(fault.seconds)
    self.fleet.disk.free()

  def _clock(self, fault):
    """Somebody sets the clock of its machine, and later sets it right."""
    server = self.fleet.servers[fault.target]
    server.clock.set(fault.amount)
    time.sleep(fault.seconds)
    server.clock.set(0)
