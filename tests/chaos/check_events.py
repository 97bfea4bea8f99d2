"""Events: without gaps, once and in order at each consumer, legal step by step."""

import collections

from desk_agents import WARNS_AFTER
from final import SOURCE_OF, STREAMS, heads
from fleet import SERVICES
from ledger import digest, lasting
from stubs import callback, grading, reporting, ticket

_State = ticket.Ticket
# services/ticket/ticket_rules.cc, written down a second time on purpose.
TICKET_MOVES = {
    _State.STATE_OPEN: {_State.STATE_ANSWERED_AT_DESK, _State.STATE_DISPATCHED,
                        _State.STATE_CANCELLED},
    _State.STATE_DISPATCHED: {_State.STATE_ACCEPTED, _State.STATE_RETURNED,
                              _State.STATE_DISPATCHED, _State.STATE_CANCELLED},
    _State.STATE_ACCEPTED: {_State.STATE_REPLIED, _State.STATE_RETURNED,
                            _State.STATE_DISPATCHED, _State.STATE_CANCELLED},
    _State.STATE_REPLIED: {_State.STATE_REPLIED, _State.STATE_CLOSED,
                           _State.STATE_CANCELLED},
    _State.STATE_RETURNED: {_State.STATE_ANSWERED_AT_DESK, _State.STATE_DISPATCHED,
                            _State.STATE_CANCELLED},
    _State.STATE_REOPENED: {_State.STATE_ANSWERED_AT_DESK, _State.STATE_DISPATCHED,
                            _State.STATE_CANCELLED},
    _State.STATE_CLOSED: {_State.STATE_REOPENED},
    _State.STATE_ANSWERED_AT_DESK: {_State.STATE_REOPENED},
    _State.STATE_CANCELLED: set(),
}
# These tell something about a ticket and leave its state alone.
TICKET_KEEPS = {ticket.TicketEvent.TYPE_UPDATED, ticket.TicketEvent.TYPE_DEADLINE,
                ticket.TicketEvent.TYPE_CONVEYED}
FINISHED = {_State.STATE_CLOSED, _State.STATE_ANSWERED_AT_DESK, _State.STATE_CANCELLED}
# Words of the other lives: type by type, the types that may follow.
_Call = callback.CallbackEvent
CALL_LIFE = {
    None: {_Call.TYPE_QUEUED},
    _Call.TYPE_QUEUED: {_Call.TYPE_ATTEMPTED, _Call.TYPE_COMPLETED, _Call.TYPE_UNREACHED},
    _Call.TYPE_ATTEMPTED: {_Call.TYPE_ATTEMPTED, _Call.TYPE_COMPLETED,
                           _Call.TYPE_UNREACHED},
}
DRAW_LIFE = {None: {_Call.TYPE_FRAME_FROZEN}, _Call.TYPE_FRAME_FROZEN: {_Call.TYPE_DRAWN}}
_Report = reporting.ReportEvent
REPORT_LIFE = {
    None: {_Report.TYPE_REQUESTED},
    _Report.TYPE_REQUESTED: {_Report.TYPE_READY, _Report.TYPE_FAILED},
    _Report.TYPE_READY: {_Report.TYPE_REVIEWED},
    _Report.TYPE_REVIEWED: {_Report.TYPE_APPROVED},
    _Report.TYPE_APPROVED: {_Report.TYPE_DELIVERED},
    _Report.TYPE_DELIVERED: {_Report.TYPE_ACKNOWLEDGED},
}
_Words = callback.Conveyance
CONVEYANCE_LIFE = {
    None: {_Words.STATE_PENDING},
    _Words.STATE_PENDING: {_Words.STATE_DELIVERED},
    _Words.STATE_DELIVERED: {_Words.STATE_ACKNOWLEDGED, _Words.STATE_CONTACTED},
    _Words.STATE_ACKNOWLEDGED: {_Words.STATE_CONTACTED},
}
SUGGESTION_LIFE = {None: {_Report.TYPE_SUGGESTION_CREATED}} | {
    step: {_Report.TYPE_SUGGESTION_ANSWERED}
    for step in (_Report.TYPE_SUGGESTION_CREATED, _Report.TYPE_SUGGESTION_ANSWERED)}
TRAINING_LIFE = {None: {_Report.TYPE_TRAINING_PLANNED},
                 _Report.TYPE_TRAINING_PLANNED: {_Report.TYPE_TRAINING_HELD,
                                                 _Report.TYPE_TRAINING_CANCELLED}}
_Grade = grading.GradeEvent
APPEAL_LIFE = {None: {_Grade.TYPE_APPEALED},
               _Grade.TYPE_APPEALED: {_Grade.TYPE_APPEAL_DECIDED,
                                      _Grade.TYPE_APPEAL_WITHDRAWN}}


def by_resource(events):
  """Chains of events of one resource each."""
  chains = collections.defaultdict(list)
  for event in events:
    chains[event.name].append(event)
  return chains


def check_logs(fleet, followers):
  """The tables have no gap, and outside consumers saw what stands in them."""
  for service in SERVICES:
    rows = fleet.query(service, 'SELECT shard, COUNT(*), MIN(sequence), MAX(sequence) '
                                'FROM events GROUP BY shard')
    tables = {int(shard): tuple(map(int, rest)) for shard, *rest in rows}
    for shard, head in heads(fleet, service).items():
      if tables.get(shard) != (head, 1, head):
        yield (f'gap: {service} shard {shard} is at {head}; its table holds '
               f'(count, first, last) {tables.get(shard)}')
  for follower in followers:
    yield from follower.problems
    at = heads(fleet, follower.service)
    seen = collections.Counter(event.shard for event in follower.events)
    if dict(seen) != at:
      yield f'{follower.name} saw {dict(seen)} events; the heads are {at}'


def check_checkpoints(fleet):
  for service, streams in STREAMS.items():
    for stream in streams:
      rows = fleet.query(service, 'SELECT shard, sequence FROM checkpoints WHERE '
                                  f"stream = '{stream}'")
      at = {int(shard): int(sequence) for shard, sequence in rows}
      for shard, head in heads(fleet, SOURCE_OF[stream]).items():
        if at.get(shard) != head:
          yield f'{service} stands at {at.get(shard)} of {stream} shard {shard}, head {head}'


def check_ticket_steps(chains):
  for name, chain in chains.items():
    if not name:
      continue  # the directory
    versions = [event.version for event in chain]
    if versions != list(range(1, len(chain) + 1)):
      yield f'{name} has events of the versions {versions}'
    for before, after in zip(chain, chain[1:]):
      kept = after.type in TICKET_KEEPS and after.state == before.state
      if not kept and after.state not in TICKET_MOVES[before.state]:
        yield (f'illegal: {name} went from {_State.State.Name(before.state)} to '
               f'{_State.State.Name(after.state)} at version {after.version}')


def check_rings(chains, final, now):
  """While a ticket is open each step of its deadline rings once at most, the higher
  after the lower, and the first that was due before `now` has rung. Clocks that were
  wrong do not matter: a ring waits for the times that the ticket itself has."""
  rung = {}  # the last step of those that are open
  for name, chain in chains.items():
    for event in chain if name else ():
      if event.state in FINISHED:
        rung[name] = 0  # reopened, it begins anew
      if event.type != ticket.TicketEvent.TYPE_DEADLINE:
        continue
      if event.state in FINISHED or event.stage <= rung.get(name, 0):
        yield (f'doubled: version {event.version} of {name}, '
               f'{_State.State.Name(event.state)}: step {event.stage} rang after '
               f'{rung.get(name, 0)}')
      rung[name] = event.stage
  for name, one in final.by_name['tickets'].items():
    start = one.dispatch_time if one.HasField('dispatch_time') else one.create_time
    due = start.ToMicroseconds() / 1e6 + WARNS_AFTER
    if one.state not in FINISHED and due < now and not rung.get(name):
      yield f'lost: the deadline of {name}, {now - due:.0f} s ago, never rang'


def _check_life(chains, life, key, names):
  for name, chain in chains.items():
    before = None
    for event in chain:
      step = key(event)
      if step not in life.get(before, set()):
        yield (f'illegal: {name}: {names(step)} after '
               f'{names(before) if before else "nothing"}')
      before = step


def check_other_steps(callback_events, grading_events, report_events):
  by_field = collections.defaultdict(list)
  for event in (*callback_events, *grading_events, *report_events):
    by_field[event.extra].append(event)
  for field, life, names in (
      ('callback', CALL_LIFE, _Call.Type.Name), ('draw', DRAW_LIFE, _Call.Type.Name),
      ('appeal', APPEAL_LIFE, _Grade.Type.Name),
      ('report', REPORT_LIFE, _Report.Type.Name),
      ('suggestion', SUGGESTION_LIFE, _Report.Type.Name),
      ('training', TRAINING_LIFE, _Report.Type.Name)):
    yield from _check_life(by_resource(by_field.pop(field, ())), life,
                           lambda event: event.type, names)
  yield from _check_life(by_resource(by_field.pop('conveyance', ())), CONVEYANCE_LIFE,
                         lambda event: event.state, _Words.State.Name)
  for field in by_field.keys() - {'grade', 'inspection', 'rubric'}:
    yield f'{len(by_field[field])} events of the kind {field}, which nobody asked for'
  graded = collections.Counter(
      event.name for event in grading_events
      if event.type == grading.GradeEvent.TYPE_GRADED)
  for name, times in graded.items():
    if times != 1:
      yield f'doubled: {name} was told of {times} times'


def check_last_events(final, events):
  """Of everything the last event says what it is now. `events`: by service."""
  told = {event.name: event for those in events.values() for event in those}
  kinds = ('draws', 'callbacks', 'conveyances', 'grades', 'reports', 'suggestions',
           'trainings')
  for kind in kinds:
    for name, one in final.by_name.get(kind, {}).items():
      last = told.get(name)
      if last is None:
        yield f'doubled: {name} exists without an event'
      elif digest(one) != last.body and not (
          kind == 'callbacks' and _only_leased(one, last)):
        yield f'altered: {name} is not what its last event says'
  for name, one in final.by_name.get('appeals', {}).items():
    # To be made a precedent is no event.
    if name not in told or told[name].state != one.state:
      yield f'lost: {name} is not in the state that its last event says'
  for name in told:
    kind = name.split('/')[2] if name.count('/') == 3 else ''
    if kind in kinds and name not in final.by_name.get(kind, {}):
      yield f'lost: events tell of {name}; there is no such one'


def _only_leased(call, last):
  """Whether nothing but leases came after its last event: they make none."""
  return (call.version > last.version and lasting(call) == last.lasting and
          call.state in (callback.Callback.STATE_WAITING,
                         callback.Callback.STATE_LEASED) and
          last.state == callback.Callback.STATE_WAITING)


def check_acks(ledger, callback_events, grading_events):
  """What officers and reviewers were answered is what the world was told."""
  graded = {event.name for event in grading_events
            if event.type == grading.GradeEvent.TYPE_GRADED}
  submitted = {ack.name for ack in ledger.by_method('SubmitGrade')}
  for name in sorted(graded ^ submitted):
    yield (f'lost: no event tells of {name}' if name in submitted else
           f'doubled: {name} was told of and submitted by nobody')
  told = {(event.name, event.version): event.body for event in callback_events
          if event.extra == 'callback'}
  for ack in ledger.by_method('RecordAttempt', 'CompleteCallback'):
    if told.get((ack.name, ack.version)) != ack.message:
      yield f'no event says what {ack.method} of {ack.name} answered'
