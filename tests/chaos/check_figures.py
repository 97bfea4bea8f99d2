"""The reports count everything once; the facts are those of the services."""

import collections
import datetime
import time

from client import new_id
from desk_agents import SHANGHAI
from final import TRANSIENT, queues
from fleet import SERVICES
from stubs import callback, grading, reporting, ticket

CLOSED = {ticket.Ticket.STATE_CLOSED, ticket.Ticket.STATE_ANSWERED_AT_DESK}


def month_of(timestamp):
  return datetime.datetime.fromtimestamp(
      timestamp.seconds, SHANGHAI).strftime('%Y-%m')


def build(client, court, month):
  """A report on the settled facts."""
  made = client.call('BuildReport', reporting.BuildReportRequest(
      parent=f'courts/{court}', period=month, request_id=new_id(),
      correction_reason='核对'))  # it may have been delivered
  deadline = time.monotonic() + 60
  while made.state == reporting.Report.STATE_BUILDING and time.monotonic() < deadline:
    time.sleep(0.2)
    made = client.call('GetReport', reporting.GetReportRequest(name=made.name))
  return made


def wanted_figures(final, court, month):
  """Counted here, from what the other three services say."""
  prefix = f'courts/{court}/'
  tickets = [one for one in final.listed['tickets'] if one.name.startswith(prefix)]
  closed = [one for one in tickets
            if one.state in CLOSED and month_of(one.close_time) == month]
  calls = [one for one in final.listed['callbacks'] if one.name.startswith(prefix)
           and month_of(one.ticket_close_time) == month]
  return {
      'MEASURE_TICKETS_CREATED': sum(
          month_of(one.create_time) == month for one in tickets),
      'MEASURE_TICKETS_CLOSED': len(closed),
      'MEASURE_INSPECTED': len(closed),
      'MEASURE_CALLBACKS_DRAWN': len(calls),
      'MEASURE_CALLBACKS_COMPLETED': sum(
          one.disposition == callback.DISPOSITION_COMPLETE for one in calls),
  }, collections.Counter(_tiers(final, closed))


def _tiers(final, closed):
  """The tier that stands for each closed ticket: the newest grade that counts,
  or else what the machine proposed."""
  newest = {}
  for grade in final.listed['grades']:
    if grade.counts and grade.subject == grading.SUBJECT_TICKET:
      at = grade.create_time.ToMicroseconds()
      if at >= newest.get(grade.ticket, (0, ''))[0]:
        newest[grade.ticket] = (at, grade.tier)
  proposed = {one.ticket: one.proposed_tier for one in final.listed['inspections']}
  for one in closed:
    yield newest[one.name][1] if one.name in newest else proposed.get(one.name, '?')


def check_reports(final):
  for court in final.courts:
    months = {month_of(one.close_time) for one in final.listed['tickets']
              if one.state in CLOSED and one.name.startswith(f'courts/{court}/')}
    for month in sorted(months):
      report = build(final.client, court, month)
      if report.state != reporting.Report.STATE_READY:
        yield f'the last report of {court} for {month} is not ready: {report.failure_reason}'
        continue
      wanted, tiers = wanted_figures(final, court, month)
      got = {reporting.Measure.Name(one.measure): int(one.current.value)
             for one in report.figures}
      for measure, value in wanted.items():
        if got.get(measure) != value:
          yield f'{court} {month}: {measure} is {got.get(measure)}, counted were {value}'
      reported = {one.tier: one.count for one in report.tiers if one.count}
      if reported != dict(tiers):
        yield f'{court} {month}: tiers are {reported}, counted were {dict(tiers)}'


def check_facts(fleet, final):
  """Row by row: each consumer's projection is at the version of its source."""
  def table(service, sql):
    return {row[0]: row[1:] for row in fleet.query(service, sql)}

  def differ(what, source, copy):
    for key in sorted(source.keys() | copy.keys()):
      if source.get(key) != copy.get(key):
        yield f'{what} {key}: {copy.get(key)} in the projection, {source.get(key)} at the source'

  yield from differ(
      'ticket', table('ticket', 'SELECT ticket_id, version FROM tickets'),
      table('reporting', 'SELECT ticket_id, version FROM ticket_facts'))
  done = f"SELECT ticket, version FROM inspections WHERE state = {grading.Inspection.STATE_DONE}"
  yield from differ(
      'inspection', table('grading', done),
      table('reporting', 'SELECT ticket_id, inspection_version FROM quality_facts '
                         'WHERE inspected = 1'))
  closed = {one.name.rsplit('/', 1)[1] for one in final.listed['tickets']
            if one.state in CLOSED}
  for name in sorted(closed ^ table('grading', done).keys()):
    yield f'ticket {name} is {"closed and not" if name in closed else "open and"} inspected'
  calls = {one.name.rsplit('/', 1)[1]: (str(one.disposition),)
           for one in final.listed['callbacks']}
  yield from differ(
      'callback', calls,
      table('reporting', 'SELECT callback_id, disposition FROM call_facts'))


def check_queues(final):
  """Nothing is stuck: no task buried, none without a row that asks for it."""
  for service in SERVICES:
    for name, queue in queues(final.client, service).items():
      if queue.dead_count:
        yield f'queue {name} has {queue.dead_count} buried tasks'
      if name in TRANSIENT and queue.task_count:
        yield f'queue {name} still holds {queue.task_count} tasks'
