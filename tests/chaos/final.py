"""The state in which a run ends: waited for, then read through the services."""

import collections
import itertools
import time

from fleet import SERVICES
from stubs import callback, common, grading, reporting, ticket

# Which streams each service follows, by the name of its checkpoints.
STREAMS = {'grading': ('tickets', 'callbacks'),
           'reporting': ('tickets', 'callbacks', 'grades')}
SOURCE_OF = {'tickets': 'ticket', 'callbacks': 'callback', 'grades': 'grading'}
# Queues whose tasks end by themselves; the others hold what waits for people or
# for a time.
TRANSIENT = {'draw', 'convey', 'judge', 'inspect', 'learn', 'build'}
# A deadline that may ring before the checks are through (seconds) is waited for, that
# of a ticket too which the fastest of the wrong clocks made just now.
RINGS_WITHIN = 120


def pages(client, method, request, field):
  """All of a listing."""
  while True:
    page = client.call(method, request, seconds=30)
    yield from getattr(page, field)
    if not page.next_page_token:
      return
    request.page_token = page.next_page_token


def heads(fleet, service):
  return {int(shard): int(sequence) for shard, sequence in
          fleet.query(service, 'SELECT shard, sequence FROM event_heads')}


def queues(client, service):
  answer = client.call((service, 'ListQueues'), common.ListQueuesRequest())
  return {queue.name: queue for queue in answer.queues}


def unsettled(fleet, client, followers):
  """What is still under way, in words; empty when nothing is."""
  waits = []
  at = {service: heads(fleet, service) for service in SERVICES}
  for service, streams in STREAMS.items():
    rows = fleet.query(service, 'SELECT stream, shard, sequence FROM checkpoints')
    done = {(stream, int(shard)): int(sequence) for stream, shard, sequence in rows}
    for stream in streams:
      for shard, head in at[SOURCE_OF[stream]].items():
        if done.get((stream, shard), 0) != head:
          waits.append(f'{service} has applied {done.get((stream, shard), 0)} of '
                       f'{head} events of {stream}, shard {shard}')
  for follower in followers:
    for shard, head in at[follower.service].items():
      if follower.heads[shard] != head:
        waits.append(f'{follower.name} has {follower.heads[shard]} of {head} events '
                     f'of shard {shard}')
  for service in SERVICES:
    for name, queue in queues(client, service).items():
      if name in TRANSIENT and queue.task_count:
        waits.append(f'queue {name} holds {queue.task_count} tasks')
  [[open_calls]] = fleet.query(
      'callback', f'SELECT COUNT(*) FROM callbacks WHERE state IN '
                  f'({callback.Callback.STATE_WAITING}, {callback.Callback.STATE_LEASED})')
  tasks = queues(client, 'callback')['call'].task_count
  if tasks != int(open_calls):
    waits.append(f'queue call holds {tasks} tasks for {open_calls} open calls')
  # Rings are looked for once a minute, and make events.
  soon = int((time.time() + RINGS_WITHIN) * 1e6)
  for service, what, sql in (
      ('ticket', 'deadlines are about to ring',
       f'SELECT COUNT(*) FROM tickets WHERE ring_time > 0 AND ring_time <= {soon}'),
      ('grading', 'tickets wait for their inspection',
       'SELECT COUNT(*) FROM inspections WHERE pending = 1'),
      ('callback', 'draws are not drawn',
       'SELECT COUNT(*) FROM draws WHERE job = 1'),
      ('callback', 'conveyances are not delivered',
       f'SELECT COUNT(*) FROM conveyances WHERE state = {callback.Conveyance.STATE_PENDING}'),
      ('reporting', 'reports are being built',
       f'SELECT COUNT(*) FROM reports WHERE state = {reporting.Report.STATE_BUILDING}')):
    [[count]] = fleet.query(service, sql)
    if int(count):
      waits.append(f'{count} {what}')
  # What was under way may have ended, with an event, after its heads were read.
  if not waits:
    waits = [f'{service} makes events' for service in SERVICES
             if heads(fleet, service) != at[service]]
  return waits


def settle(fleet, client, followers, report, seconds):
  """Waits until nothing is under way; what still is then."""
  deadline = time.monotonic() + seconds
  said = time.monotonic()
  while waits := unsettled(fleet, client, followers):
    if time.monotonic() > deadline:
      return waits
    if time.monotonic() > said + 10:
      said = time.monotonic()
      report(f'settling: {"; ".join(waits[:3])}')
    time.sleep(0.5)
  return []


class Final:
  """Everything the services say, read once, by name."""

  def __init__(self, fleet, client, courts):
    self.fleet = fleet
    self.client = client
    self.courts = courts
    # Lists, not only dictionaries: a thing listed twice must show.
    self.listed = collections.defaultdict(list)
    for court in courts:
      self._read('courts/' + court)
    self.by_name = {kind: {one.name: one for one in ones}
                    for kind, ones in self.listed.items()}

  def _read(self, parent):
    chain = itertools.chain.from_iterable
    client = self.client
    self.listed['tickets'] += chain(part.tickets for part in client.stream(
        'ExportTickets', ticket.ExportTicketsRequest(parent=parent)))
    self.listed['callbacks'] += chain(part.callbacks for part in client.stream(
        'ExportCallbacks', callback.ExportCallbacksRequest(parent=parent)))
    for kind, method, request in (
        ('draws', 'ListDraws', callback.ListDrawsRequest),
        ('relations', 'ListRelations', callback.ListRelationsRequest),
        ('conveyances', 'ListConveyances', callback.ListConveyancesRequest),
        ('grades', 'ListGrades', grading.ListGradesRequest),
        ('reviews', 'ListReviews', grading.ListReviewsRequest),
        ('inspections', 'ListInspections', grading.ListInspectionsRequest),
        ('appeals', 'ListAppeals', grading.ListAppealsRequest),
        ('reports', 'ListReports', reporting.ListReportsRequest),
        ('suggestions', 'ListSuggestions', reporting.ListSuggestionsRequest),
        ('trainings', 'ListTrainings', reporting.ListTrainingsRequest)):
      self.listed[kind] += pages(client, method,
                                 request(parent=parent, page_size=500), kind)
