"""What the services acknowledged, written down before the next step.

Also the times at which work was seen to flow, for the recovery clock.
"""

import bisect
import collections
import copy
import hashlib
import json
import threading
import time


# What is reckoned when a resource is read, and not in every answer.
_RECKONED = {'huifang.reporting.v1.Training': ('effect', 'attendee_count')}


def digest(message):
  """Equal for equal messages, whatever order a map was serialized in."""
  reckoned = _RECKONED.get(message.DESCRIPTOR.full_name, ())
  if reckoned:
    message = copy.deepcopy(message)
  for field in reckoned:
    message.ClearField(field)
  data = message.SerializeToString(deterministic=True)
  return hashlib.sha256(data).hexdigest()[:16]


# What changes on a call when it is leased, given back or put off.
_LEASE_FIELDS = ('state', 'officer', 'officer_staff', 'lease_expire_time',
                 'outside_windows', 'next_attempt_time', 'update_time', 'version', 'etag')


def lasting(call):
  """Digest of what only an event changes on a call."""
  rest = type(call)()
  rest.CopyFrom(call)
  for field in _LEASE_FIELDS:
    rest.ClearField(field)
  return digest(rest)


# Seconds. Answers of two replicas may come in another order than they were given,
# but none is under way for longer: a call is given up sooner.
OUT_OF_ORDER = 10


Lease = collections.namedtuple('Lease', 'name fence granted expires')

# `message` is the digest of the answer; `more` what the checker needs beside it.
Ack = collections.namedtuple('Ack', 'time service method name version message more')


class Ledger:
  """Thread safe."""

  def __init__(self, path):
    self.lock = threading.Lock()
    self.file = open(path, 'a', encoding='utf-8')
    self.acks = []
    self.counts = collections.Counter()
    self.times = collections.defaultdict(list)
    self.odd = collections.Counter()  # answers that no caller should ever see
    self.retries = collections.Counter()
    self.refusals = collections.Counter()
    self.leases = []
    self.newest = {}  # name: the lease that was told of last
    self.let_go = {}  # fence: when its holder began to settle or release it
    self.kept_until = {}  # fence: the end of a lease that was extended

  def acknowledge(self, service, method, answer, name='', version=0, **more):
    """Writes one answer down: that of a write, or of a Get that is a promise."""
    ack = Ack(time.time(), service, method, name or getattr(answer, 'name', ''),
              version or getattr(answer, 'version', 0), digest(answer), more)
    line = json.dumps(ack._asdict(), ensure_ascii=False)
    with self.lock:
      self.file.write(line + '\n')
      self.file.flush()
      self.acks.append(ack)
      if not method.startswith('Get'):
        self.counts[service, method] += 1
        self.times[service].append(ack.time)

  def lease(self, name, fence, expires):
    """Somebody was told that they hold `name` until `expires`."""
    lease = Lease(name, fence, time.time(), expires.ToMicroseconds() / 1e6)
    with self.lock:
      self.leases.append(lease)
      self.newest[name] = lease
    return lease

  def extended(self, fence, expires):
    """Its holder was told that they hold it until `expires`."""
    with self.lock:
      self.kept_until[fence] = expires.ToMicroseconds() / 1e6

  def letting_go(self, fence):
    """Its holder is about to end the lease."""
    with self.lock:
      self.let_go.setdefault(fence, time.time())

  def signal(self, what, when):
    """Something flowed at `when`, for example an inspection."""
    with self.lock:
      bisect.insort(self.times[what], when)

  def first_after(self, what, when):
    """The first sign of `what` after `when`, or None."""
    with self.lock:
      times = self.times[what]
      at = bisect.bisect_right(times, when)
      return times[at] if at < len(times) else None

  def silent_since(self, when, methods):
    """Those of `methods` of which none was acknowledged after `when`."""
    heard = {ack.method for ack in self.acks if ack.time > when}
    return [method for method in methods if method not in heard]

  def by_method(self, *methods):
    return [ack for ack in self.acks if ack.method in methods]

  def note_odd(self, method, code, details):
    with self.lock:
      self.odd[f'{method}: {code.name}: {details[:160]}'] += 1

  def note_retry(self, method, code):
    with self.lock:
      self.retries[method, code.name] += 1

  def note_refusal(self, method, code):
    with self.lock:
      self.refusals[method, code.name] += 1

  def total(self):
    return sum(self.counts.values())
