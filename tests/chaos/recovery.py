"""How long it takes after a fault until all is well again."""

import collections
import threading
import time

from servers import wait_for

PATIENCE = 90  # seconds; what takes longer has not recovered by itself

Recovery = collections.namedtuple('Recovery', 'fault healthy flow alone')


class RecoveryClock:
  """Measures from the end of a fault's cause, or from when it struck if others make
  it good: until the server's health check says so, and until the work that needs
  it flows. `alone`: no other fault was on at any time between."""

  def __init__(self, fleet, ledger, report):
    self.fleet = fleet
    self.ledger = ledger
    self.report = report
    self.lock = threading.Lock()
    self.active = set()
    self.disturbed = set()
    self.recoveries = []
    self.begun = {}
    self.wrong_clocks = []  # from when until when
    self.problems = []

  def begin(self, fault):
    """The fault is on from now until `measure` has returned."""
    with self.lock:
      if self.active:
        self.disturbed |= self.active | {fault}
      self.active.add(fault)
      self.begun[fault] = time.time()
    self.report(f'fault {fault.kind} {fault.target}'
                f'{f" {fault.amount:g}" if fault.amount else ""}'
                f'{f" for {fault.seconds:.1f} s" if fault.seconds else ""}')

  def measure(self, fault, struck=None):
    healed = time.time()
    begun = struck or healed
    healthy = self._until(fault, 'healthy', begun, lambda: all(
        self.fleet.servers[name].healthy() for name in self._servers(fault)))
    flow = self._until(fault, 'work flows', begun, lambda: all(
        self.ledger.first_after(sign, healed) for sign in self._signs(fault)))
    if flow is not None:
      flow = max(self.ledger.first_after(sign, healed)
                 for sign in self._signs(fault)) - begun
    with self.lock:
      self.active.discard(fault)
      if fault.kind == 'clock':
        # What was leased under a wrong clock also ends at a wrong time.
        self.wrong_clocks.append((self.begun[fault], healed + abs(fault.amount)))
      alone = fault not in self.disturbed
      self.recoveries.append(Recovery(fault, healthy, flow, alone))

  def _until(self, fault, what, begun, condition):
    try:
      wait_for(what, condition, PATIENCE)
      return time.time() - begun
    except AssertionError:
      self.problems.append(f'{fault.kind} {fault.target}: not {what} again '
                           f'within {PATIENCE} s')
      return None

  def _servers(self, fault):
    if fault.kind == 'disk':
      return ['postgres'] if self.fleet.postgres else [
          one.name for one in self.fleet.replicas]
    return [] if '>' in fault.target else [fault.target]

  def _signs(self, fault):
    """What shows that work flows again through the target of `fault`."""
    ends = fault.target.split('>')
    if fault.target in ('postgres', 'disk'):
      return ['ticket', 'callback', 'grading', 'reporting']
    if 'redis' in ends:
      return ['inspected', 'lease']
    return [ends[-1 if ends[0] == 'client' else 0].split('-')[0]]

  def table(self):
    """Lines: for each kind how often, and the longest times."""
    groups = collections.defaultdict(list)
    for one in self.recoveries:
      target = one.fault.target.split('>')[-1]
      group = target if target in ('redis', 'postgres', 'disk') else 'service'
      groups[one.fault.kind, group].append(one)
    lines = [f'{"fault":10} {"of":9} {"times":>5}  longest until healthy, until work '
             'flows (of those that no other fault overlapped)']
    for (kind, group), ones in sorted(groups.items()):
      lines.append(f'{kind:10} {group:9} {len(ones):5}  '
                   f'{_longest(ones, "healthy")}, {_longest(ones, "flow")}')
    return lines


def _longest(recoveries, field):
  def most(ones):
    values = [getattr(one, field) for one in ones]
    return max((value for value in values if value is not None), default=0.0)
  alone = [one for one in recoveries if one.alone]
  return f'{most(recoveries):5.1f} s ({most(alone):4.1f} s of {len(alone)})'
