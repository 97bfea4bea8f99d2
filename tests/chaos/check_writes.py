"""Every acknowledged write is there, unaltered, and there once."""

import collections
import concurrent.futures
import hashlib

from client import Refused
from final import pages
from ledger import digest
from stubs import callback, grading, reporting, ticket


TICKET_WRITES = ('CreateTicket', 'AnswerTicket', 'DispatchTicket', 'AcceptTicket',
                 'ReplyTicket', 'CloseTicket', 'ReturnTicket', 'TransferTicket',
                 'ReopenTicket', 'CancelTicket', 'UpdateTicket')
DELIVERED = {callback.Conveyance.STATE_DELIVERED,
             callback.Conveyance.STATE_ACKNOWLEDGED,
             callback.Conveyance.STATE_CONTACTED}
# Events that no caller asks for: the clock's, and what officers hand back.
UNASKED = {ticket.TicketEvent.TYPE_DEADLINE, ticket.TicketEvent.TYPE_CONVEYED}


def repeated(values):
  return sorted(value for value, times in collections.Counter(values).items()
                if times > 1)


def check_names(final):
  """Nothing is listed twice under one name."""
  for kind, ones in final.listed.items():
    for name in repeated(one.name for one in ones):
      yield f'doubled: {name} is listed more than once among the {kind}'


def check_tickets(ledger, final, events):
  """`events`: those of the ticket service by ticket, in order."""
  tickets = final.by_name['tickets']
  for ack in ledger.by_method(*TICKET_WRITES):
    if ack.name not in tickets:
      yield f'lost: {ack.method} of {ack.name} was acknowledged; there is no such ticket'
      continue
    said = [event for event in events[ack.name] if event.version == ack.version]
    if not said:
      yield f'lost: {ack.method} made version {ack.version} of {ack.name}; no event says so'
    elif said[0].body != ack.message:
      yield f'altered: version {ack.version} of {ack.name} is not what {ack.method} answered'
  for name, one in tickets.items():
    chain = events.get(name)
    if not chain:
      yield f'doubled: {name} exists without an event'
    elif digest(one) != chain[-1].body:
      yield f'altered: {name} is not what its last event says'
  for title in repeated(one.title for one in final.listed['tickets']):
    yield f'doubled: the ticket "{title}" was asked for once and made twice'
  updates = {ack.name: ack for ack in ledger.by_method('UpdateTicket')}
  for name, ack in updates.items():
    one = tickets.get(name)
    if one is not None and (one.category, one.content, one.priority) != (
        ack.more['category'], ack.more['content'], ticket.PRIORITY_URGENT):
      yield f'lost: {name} does not say what it was updated to'


def _step_of(ack, chain):
  """The version that a verb made. Asked again, it is answered with the ticket as it
  is by then: its deadline may have rung since."""
  by_version = {event.version: event for event in chain}
  version = ack.version
  while version in by_version and by_version[version].type in UNASKED:
    version -= 1
  return version


def check_causes(ledger, final, events):
  """Nothing happened that nobody asked for, and one thing for each who did."""
  acks = ledger.by_method(*TICKET_WRITES)
  steps = [(ack.name, _step_of(ack, events.get(ack.name, ()))) for ack in acks]
  asked = set(steps)
  for name, version in repeated(steps):
    yield f'lost: version {version} of {name} was the answer to more than one verb'
  created = {ack.name for ack in acks if ack.method == 'CreateTicket'}
  rows = {row for ack in ledger.by_method('ImportTickets') for row in ack.more['rows']}
  reopened = {one.ticket for one in final.listed['conveyances'] if one.reopen_ticket}
  imported = set()
  for name, one in final.by_name['tickets'].items():
    if one.source_id in rows:
      imported.add(name)
    elif name not in created:
      yield f'doubled: {name} was made by nobody'
  for name, chain in events.items():
    for event in chain if name else ():  # the directory has none
      # check_verbs counts reopenings.
      caused = (event.type in UNASKED or (name, event.version) in asked or
                event.version == 1 and name in imported or
                event.state == ticket.Ticket.STATE_REOPENED and name in reopened)
      if not caused:
        yield (f'doubled: version {event.version} of {name}, '
               f'{ticket.TicketEvent.Type.Name(event.type)}, was asked for by nobody')


def check_verbs(ledger, final, events):
  """A verb acknowledged once happened once: reopenings can be counted."""
  wanted = collections.Counter(
      ack.name for ack in ledger.by_method('ReopenTicket'))
  wanted.update(one.ticket for one in final.listed['conveyances']
                if one.reopen_ticket and not one.failure)
  done = collections.Counter(
      event.name for chain in events.values() for event in chain
      if event.type == ticket.TicketEvent.TYPE_STATE_CHANGED
      and event.state == ticket.Ticket.STATE_REOPENED)
  for name in sorted(wanted.keys() | done.keys()):
    if wanted[name] != done[name]:
      yield f'{name} was reopened {done[name]} times; {wanted[name]} were asked for'


def check_imports(ledger, final):
  by_source = collections.defaultdict(list)
  for one in final.listed['tickets']:
    if one.source_id:
      by_source[one.source_id].append(one)
  for ack in ledger.by_method('ImportTickets'):
    rows = ack.more['rows']
    if ack.more['created'] + ack.more['unchanged'] != len(rows):
      yield f'import of {next(iter(rows))} …: {ack.more}'
    for source, sent in rows.items():
      found = by_source[source]
      if len(found) != 1:
        yield f'{"doubled" if found else "lost"}: row {source} is there {len(found)} times'
      elif not _is_row(found[0], source, sent):
        yield f'altered: row {source} is not what {found[0].name} says'


def _is_row(one, source, sent):
  """Whether a ticket says what the import said. Nobody closes again what an officer
  reopened, and it has no time of closing then."""
  division, handler, created, closed = sent
  if one.state == ticket.Ticket.STATE_REOPENED:
    closed = 0
  return (source == one.title and source in one.content and
          [source in reply.text for reply in one.replies] == [True] and
          (one.division, one.handler, one.create_time.ToMicroseconds(),
           one.close_time.ToMicroseconds()) == (division, handler, created, closed))


def check_setup(ledger, final):
  """What each court was given before the load began."""
  def ask(method, request, nothing):
    try:
      return final.client.call(method, request)
    except Refused:
      return nothing

  for ack in ledger.by_method('ImportDirectory'):
    book = ask('GetDirectory', ticket.GetDirectoryRequest(name=ack.name),
               ticket.Directory())
    there = {one.name: digest(one) for one in (book.court, *book.divisions, *book.staff)}
    for name in sorted(ack.more['sent'].keys() | there.keys()):
      sent, found = ack.more['sent'].get(name), there.get(name)
      if sent != found:
        what = 'altered' if sent and found else 'lost' if sent else 'doubled'
        yield f'{what}: {name} in the directory of {ack.name}'
  for ack in ledger.by_method('ReplaceDeadlinePolicies'):
    policies = ask('ListDeadlinePolicies',
                   ticket.ListDeadlinePoliciesRequest(parent=ack.name),
                   ticket.ListDeadlinePoliciesResponse()).policies
    if ack.more['sent'] not in map(digest, policies[:1]):
      yield f'lost: the deadline policy of {ack.name}'
  for ack in ledger.by_method('CreateSamplingPlan'):
    plan = ask('GetSamplingPlan', callback.GetSamplingPlanRequest(name=ack.name),
               callback.SamplingPlan())
    if digest(plan) != ack.message:
      yield f'altered: {ack.name} is not what CreateSamplingPlan answered'


def _timeline(client, name):
  try:
    return client.call('GetTicketTimeline',
                       ticket.GetTicketTimelineRequest(name=name)).entries
  except Refused:
    return []


def check_notes(ledger, final):
  """Notes, and the callers' words on their way to the ticket."""
  wanted = collections.defaultdict(list)
  for ack in ledger.by_method('AddNote'):
    wanted[ack.name].append(ack.more['words'])
  for one in final.listed['conveyances']:
    if one.state not in DELIVERED:
      yield f'{one.name} was never delivered: {one.failure}'
    wanted[one.ticket].append(one.text)
  with concurrent.futures.ThreadPoolExecutor(8) as pool:
    timelines = pool.map(lambda name: _timeline(final.client, name), wanted)
  for (name, texts), timeline in zip(wanted.items(), timelines):
    said = [entry.detail for entry in timeline]
    for text in texts:
      if said.count(text) != 1:
        yield f'the words "{text}" stand {said.count(text)} times on {name}'


def check_calls(ledger, final):
  """Each attempt and each interview counted once, each lease settled once."""
  settled = collections.defaultdict(list)
  for ack in ledger.by_method('RecordAttempt', 'CompleteCallback'):
    settled[ack.name].append(ack)
  conveyed = collections.Counter(one.callback for one in final.listed['conveyances'])
  calls = final.by_name['callbacks']
  for name, acks in settled.items():
    acks.sort(key=lambda ack: ack.version)
    if name not in calls:
      yield f'lost: {name}, recorded by {acks[-1].method}'
      continue
    one = calls[name]
    wanted = [ack.more['note'] for ack in acks]
    noted = [attempt.note for attempt in one.attempts]
    if noted != wanted:
      yield f'attempts of {name} are {noted}; acknowledged were {wanted}'
    if one.complete_time.seconds and digest(one) != acks[-1].message:
      yield f'altered: {name} is not what {acks[-1].method} answered'
    if conveyed[name] != bool(acks[-1].more['convey']):
      yield f'{name} has {conveyed[name]} conveyances'
  for name, one in calls.items():
    if one.attempts and name not in settled:
      yield f'doubled: {name} has attempts that nobody made'
  for fence in repeated(ack.more['fence'] for acks in settled.values() for ack in acks):
    yield f'doubled: the call lease {fence} was settled twice'


def check_draws(ledger, final):
  draws = final.by_name['draws']
  made = {ack.name for ack in ledger.by_method('CreateDraw')}
  for name in sorted(made ^ draws.keys()):
    yield f'{"lost" if name in made else "doubled"}: {name}'
  drawn = collections.defaultdict(list)
  for one in final.listed['callbacks']:
    drawn[one.draw].append(one.ticket)
  for name, one in draws.items():
    if one.state != callback.Draw.STATE_DRAWN:
      yield f'{name} ended {callback.Draw.State.Name(one.state)}: {one.failure}'
    if len(drawn[name]) != one.sampled or repeated(drawn[name]):
      yield f'{name} has {len(drawn[name])} calls, {one.sampled} were drawn'
  for ack in ledger.by_method('GetDraw'):
    if ack.name in draws and digest(draws[ack.name]) != ack.message:
      yield f'altered: {ack.name} after it was drawn'
  for court in final.courts:
    yield from _check_chain(final.client, court)


def _check_chain(client, court):
  before = '0' * 64
  entries = pages(client, 'ListDrawLog', callback.ListDrawLogRequest(
      parent='courts/' + court), 'entries')
  for number, entry in enumerate(entries, 1):
    if entry.sequence != number:
      yield f'the log of draws of {court} has {entry.sequence} where {number} is due'
      return
    before = hashlib.sha256((before + entry.json).encode()).hexdigest()
    if entry.hash != before:
      yield f'the log of draws of {court} is broken at {number}'
      return


def check_plain(ledger, final):
  """Relations and grades: as they were acknowledged."""
  for method, kind in (('CreateRelation', 'relations'), ('SubmitGrade', 'grades')):
    there = final.by_name.get(kind, {})
    acks = ledger.by_method(method)
    for ack in acks:
      if ack.name not in there:
        yield f'lost: {ack.name}, acknowledged by {method}'
      elif digest(there[ack.name]) != ack.message:
        yield f'altered: {ack.name} is not what {method} answered'
    for name in sorted(there.keys() - {ack.name for ack in acks}):
      yield f'doubled: {name} was made by nobody'


def check_reviews(ledger, final):
  """Recordings that somebody put into the queue."""
  reviews = final.by_name['reviews']
  acks = ledger.by_method('CreateReview')
  for ack in acks:
    one = reviews.get(ack.name)
    if one is None:
      yield f'lost: {ack.name}, acknowledged by CreateReview'
    elif (one.subject, one.reason, one.ticket, one.recording) != (
        grading.SUBJECT_CALL, grading.Review.REASON_REQUESTED, ack.more['ticket'],
        ack.more['recording']):
      yield f'altered: {ack.name} is not what CreateReview was asked for'
  there = [one.recording for one in final.listed['reviews'] if one.recording]
  for recording in repeated(there):
    yield f'doubled: the recording {recording} waits in more than one review'
  for recording in sorted(set(there) - {ack.more['recording'] for ack in acks}):
    yield f'doubled: the recording {recording} was put in by nobody'


def check_grades(ledger, final):
  grades = ledger.by_method('SubmitGrade')
  for fence in repeated(ack.more['fence'] for ack in grades):
    yield f'doubled: the review lease {fence} was settled twice'
  for name in repeated(one.review for one in final.listed['grades']):
    yield f'doubled: {name} has more than one grade'
  graded = {one.review: one.name for one in final.listed['grades']}
  for name, one in final.by_name['reviews'].items():
    is_graded = one.state == grading.Review.STATE_GRADED
    if is_graded != (name in graded) or one.grade != graded.get(name, ''):
      yield f'{name} is {grading.Review.State.Name(one.state)}, its grade {graded.get(name)}'


def check_reports(ledger, final):
  reports = final.by_name['reports']
  made = {ack.name for ack in ledger.by_method('BuildReport')}
  for name in sorted(made ^ reports.keys()):
    yield f'{"lost" if name in made else "doubled"}: {name}'
  versions = collections.defaultdict(list)
  for name, one in reports.items():
    versions[name.split('/')[1], one.period.label, one.division].append(one.version)
    if one.state == reporting.Report.STATE_FAILED:
      yield f'{name} was asked for and failed: {one.failure_reason}'
  for key, numbers in versions.items():
    if sorted(numbers) != list(range(1, len(numbers) + 1)):
      yield f'versions of the report {key} are {sorted(numbers)}'
  last = {}
  for ack in ledger.by_method('GetReport', 'ReviewReport', 'ApproveReport',
                              'DeliverReport', 'AcknowledgeReport'):
    last[ack.name] = ack
  for name, ack in last.items():
    if name not in reports:
      continue
    one = final.client.call('GetReport', reporting.GetReportRequest(name=name))
    if digest(one) != ack.message:
      yield f'altered: {name} is not what {ack.method} answered'
