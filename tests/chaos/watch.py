"""Followers of the four event streams, as any consumer outside would be.

Each keeps its resume token only after it took the events before it, and must
see every event once and in order whatever happens to the services.
"""

import collections
import threading
import time

import grpc
from ledger import digest, lasting
import stubs

# An event as the checker needs it. `body` is the digest of the resource, `lasting`
# that of a call without its lease, `stage` the step of a deadline that rang.
Event = collections.namedtuple(
    'Event', 'shard sequence court type name version state body extra lasting stage')

_ticket = stubs.ticket
_callback = stubs.callback
_grading = stubs.grading
_reporting = stubs.reporting


def _resource(service, event):
  """The resource an event is about, and what else of it is looked at."""
  if service == 'ticket':
    return event.ticket, event.ticket.repeat_of
  if service == 'callback':
    for field in ('callback', 'draw', 'conveyance'):
      if event.HasField(field):
        return getattr(event, field), field
  if service == 'grading':
    for field in ('appeal', 'grade', 'rubric', 'inspection'):
      if event.HasField(field):
        return getattr(event, field), field
  for field in ('suggestion', 'training', 'appraisal', 'appraisal_exclusion'):
    if event.HasField(field):
      return getattr(event, field), field
  return event.report, 'report'


def _boil_down(service, event):
  one, extra = _resource(service, event)
  return Event(event.shard, event.sequence, event.court, event.type, one.name,
               getattr(one, 'version', 0), getattr(one, 'state', 0), digest(one), extra,
               lasting(one) if extra == 'callback' else '',
               getattr(event, 'deadline_stage', 0))


REQUESTS = {
    'ticket': ('WatchTickets', _ticket.WatchTicketsRequest),
    'callback': ('WatchCallbacks', _callback.WatchCallbacksRequest),
    'grading': ('WatchGrades', _grading.WatchGradesRequest),
    'reporting': ('WatchReports', _reporting.WatchReportsRequest),
}


class Follower(threading.Thread):
  """Follows one service's stream until told to stop."""

  def __init__(self, client, ledger, service):
    super().__init__(daemon=True, name='follow-' + service)
    self.client = client
    self.ledger = ledger
    self.service = service
    self.events = []
    self.heads = collections.defaultdict(int)
    self.problems = []
    self.token = ''
    self.interruptions = 0
    self.ending = threading.Event()
    self.stream = None

  def run(self):
    method, request = REQUESTS[self.service]
    while not self.ending.is_set():
      try:
        # A stream that hangs on a dead connection is opened again.
        self.stream = self.client.methods[method](
            request(parent='courts/-', resume_token=self.token), timeout=60,
            metadata=self.client.metadata('service'))
        for response in self.stream:
          for event in response.events:
            self.take(event)
          self.token = response.resume_token
      except grpc.RpcError as error:
        if error.code() in (grpc.StatusCode.INTERNAL, grpc.StatusCode.DATA_LOSS):
          self.ledger.note_odd(method, error.code(), error.details() or '')
        self.interruptions += 1
        self.ending.wait(0.2)

  def take(self, event):
    wanted = self.heads[event.shard] + 1
    if event.sequence != wanted:
      self.problems.append(
          f'{self.service} shard {event.shard}: event {event.sequence} was sent '
          f'where {wanted} was due')
    self.heads[event.shard] = event.sequence
    self.events.append(_boil_down(self.service, event))
    if (self.service == 'grading' and
        event.type == _grading.GradeEvent.TYPE_INSPECTED):
      # Its own time may lie ahead, after a clock was wrong.
      self.ledger.signal('inspected', min(
          event.event_time.ToMicroseconds() / 1e6, time.time()))

  def finish(self):
    self.ending.set()
    if self.stream is not None:
      self.stream.cancel()
    self.join(30)
