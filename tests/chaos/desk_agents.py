"""Tickets: typed in and handled step by step, or imported in batches."""

import datetime
import time

from agents import Agent
from client import Code, new_id
from ledger import digest
from stubs import ticket as pb

SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))

DIVISIONS = {'civil-1': ('judge-1', 'assistant-1'), 'civil-2': ('judge-2',)}
MATTERS = ('案件何时开庭', '判决书何时送达', '执行款何时发放', '想联系承办法官',
           '立案材料需要哪些', '保全申请进展如何')
REPLIES = ('已与当事人电话联系，说明案件定于本月二十日开庭，传票已寄出，当事人表示知晓。',
           '经核实，判决书已于三日前邮寄，快递单号已告知诉求人，如未收到可来院领取。',
           '执行款已到账，正在办理发放审批，预计五个工作日内发放至申请人账户。',
           '法官已回电，就保全进展作了说明，并告知补充材料的方式和期限。')
# Seconds from the dispatch of a ticket, or its creation while it has none, until its
# deadline rings for the first time.
WARNS_AFTER = 8.64


def last_month(today=None):
  """First and last day of the month before."""
  today = today or datetime.datetime.now(SHANGHAI).date()
  last = today.replace(day=1) - datetime.timedelta(days=1)
  return last.replace(day=1), last


def import_directory(client, court):
  parent = f'courts/{court}'
  book = pb.Directory(court=pb.Court(name=parent, display_name=f'试验法院{court}'))
  for division, people in DIVISIONS.items():
    book.divisions.add(name=f'{parent}/divisions/{division}', display_name=division)
    for person in people:
      book.staff.add(name=f'{parent}/staff/{person}', display_name=person,
                     role=pb.Staff.ROLE_JUDGE,
                     division=f'{parent}/divisions/{division}')
  book.staff.add(name=f'{parent}/staff/head', display_name='head',
                 role=pb.Staff.ROLE_HEAD)
  answer = client.call('ImportDirectory', pb.ImportDirectoryRequest(
      parent=parent, directory=book, request_id=new_id()))
  client.ledger.acknowledge(
      'ticket', 'ImportDirectory', answer, name=parent,
      sent={one.name: digest(one)
            for one in (book.court, *book.divisions, *book.staff)})


def set_deadlines(client, court):
  """One limit for every ticket, so short before its first step that this rings while
  the run lasts; the next one is a day away."""
  parent = f'courts/{court}'
  policy = pb.DeadlinePolicy(name=f'{parent}/deadlinePolicies/chaos', hours=24,
                             warn_share=WARNS_AFTER / (24 * 3600))
  answer = client.call('ReplaceDeadlinePolicies', pb.ReplaceDeadlinePoliciesRequest(
      parent=parent, policies=[policy], request_id=new_id()))
  client.ledger.acknowledge('ticket', 'ReplaceDeadlinePolicies', answer, name=parent,
                            sent=digest(policy))


class DeskAgent(Agent):
  """Takes one ticket through its life, now and then on a detour."""

  pause = 0.1
  # Nobody else touches its tickets: each is there, is new when it is made, and is
  # in the state that the last answer said.
  never = frozenset((Code.NOT_FOUND, Code.ALREADY_EXISTS, Code.FAILED_PRECONDITION))

  def __init__(self, load, name):
    super().__init__(load, name)
    self.put_off = []  # until when, court, ticket

  def work(self):
    for one in self.put_off:
      until, court, ticket = one
      if until < time.monotonic():
        self.put_off.remove(one)
        self.handle(court, ticket)
        return
    court = self.court()
    mark = self.mark()
    request = pb.CreateTicketRequest(parent=court, request_id=new_id())
    one = request.ticket
    one.title = mark
    one.content = f'{self.random.choice(MATTERS)}？编号{mark}'
    one.channel = pb.CHANNEL_PHONE
    one.kind = self.random.choice((pb.KIND_CONSULT, pb.KIND_CASE_QUERY,
                                   pb.KIND_CONTACT_JUDGE, pb.KIND_COMPLAINT))
    one.caller.phone = f'138{self.random.randrange(10**8):08}'
    made = self.client.call('CreateTicket', request)
    self.ledger.acknowledge('ticket', 'CreateTicket', made, mark=mark)
    self.live(court, made)

  def live(self, court, one):
    chance = self.random.random
    if chance() < 0.15:
      return  # stays open
    if chance() < 0.2:
      one = self.verb('AnswerTicket', one, reply=self.reply())
      self.load.closed_tickets[court[7:]].append(one.name)
      return
    one = self.dispatch(court, one)
    if chance() < 0.08:
      # Rings are looked for once a minute: some find their ticket between two verbs.
      self.put_off.append((time.monotonic() + self.random.uniform(5, 75), court, one))
    else:
      self.handle(court, one)

  def handle(self, court, one):
    """From the dispatch on."""
    chance = self.random.random
    if chance() < 0.1:
      one = self.update(one)
    if chance() < 0.1:
      one = self.verb('ReturnTicket', one, reason='不属本庭')
      one = self.dispatch(court, one)
    if chance() < 0.1:
      other = 'civil-2' if one.division.endswith('civil-1') else 'civil-1'
      one = self.verb('TransferTicket', one, reason='改由他庭办理',
                      division=f'{court}/divisions/{other}')
    if chance() < 0.05:
      self.verb('CancelTicket', one, reason='重复登记', approver=f'{court}/staff/head')
      return
    handler = self.random.choice(DIVISIONS[one.division.rsplit('/', 1)[1]])
    one = self.verb('AcceptTicket', one, handler=f'{court}/staff/{handler}')
    if chance() < 0.3:
      self.note(one)
    one = self.verb('ReplyTicket', one, reply=self.reply())
    one = self.verb('CloseTicket', one)
    self.load.closed_tickets[court[7:]].append(one.name)
    if chance() < 0.1:
      one = self.verb('ReopenTicket', one, reason='诉求人称未解决')
      self.verb('AnswerTicket', one, reply=self.reply())

  def reply(self):
    return pb.Reply(text=f'{self.random.choice(REPLIES)}（{self.count}）')

  def dispatch(self, court, one):
    division = self.random.choice(sorted(DIVISIONS))
    return self.verb('DispatchTicket', one, division=f'{court}/divisions/{division}')

  def verb(self, method, one, **fields):
    """One change, guarded by the etag half of the time."""
    request = getattr(pb, method + 'Request')(name=one.name, request_id=new_id(),
                                              **fields)
    if self.random.random() < 0.5:
      request.etag = one.etag
    changed = self.client.call(method, request)
    self.ledger.acknowledge('ticket', method, changed)
    return changed

  def update(self, one):
    """More is known of the matter. The mark in its title stays."""
    mark = self.mark()
    request = pb.UpdateTicketRequest(request_id=new_id())
    request.ticket.name = one.name
    if self.random.random() < 0.5:
      request.ticket.etag = one.etag
    request.ticket.category = mark
    request.ticket.content = f'{one.content}，补充{mark}'
    request.ticket.priority = pb.PRIORITY_URGENT
    request.update_mask.paths.extend(('category', 'content', 'priority'))
    changed = self.client.call('UpdateTicket', request)
    self.ledger.acknowledge('ticket', 'UpdateTicket', changed, category=mark,
                            content=request.ticket.content)
    return changed

  def note(self, one):
    words = self.mark()
    entry = self.client.call('AddNote', pb.AddNoteRequest(
        name=one.name, text=words, request_id=new_id()))
    self.ledger.acknowledge('ticket', 'AddNote', entry, name=one.name, words=words)


class Importer(Agent):
  """Closed tickets of the last month, or of other days, from another system, a
  batch at a time."""

  pause = 2.0
  rows = 20
  never = DeskAgent.never

  def work(self):
    self.import_batch(self.court())

  def import_batch(self, court, rows=None, first=None, last=None):
    request = pb.ImportTicketsRequest(parent=court)
    if first is None:
      first, last = last_month()
    begin = datetime.datetime.combine(first, datetime.time(9), SHANGHAI)
    for line in range(rows or self.rows):
      mark = self.mark()
      row = request.rows.add(line=line + 1)
      one = row.ticket
      one.source_id = mark
      one.title = mark
      one.content = f'{self.random.choice(MATTERS)}？编号{mark}'
      one.channel = pb.CHANNEL_PHONE
      one.kind = pb.KIND_CASE_QUERY
      one.state = pb.Ticket.STATE_CLOSED
      created = begin + datetime.timedelta(
          minutes=self.random.randrange((last - first).days * 1440 + 600))
      one.create_time.FromDatetime(created)
      one.close_time.FromDatetime(created + datetime.timedelta(hours=5))
      one.caller.phone = f'139{self.random.randrange(10**8):08}'
      one.replies.add(text=f'{self.random.choice(REPLIES)}（{mark}）')
      division = self.random.choice(sorted(DIVISIONS))
      one.division = f'{court}/divisions/{division}'
      one.handler = f'{court}/staff/{DIVISIONS[division][0]}'
    [answer] = self.client.stream('ImportTickets', [request], seconds=8)
    self.ledger.acknowledge(
        'ticket', 'ImportTickets', answer, name=court,
        rows={row.ticket.source_id: (
            row.ticket.division, row.ticket.handler,
            row.ticket.create_time.ToMicroseconds(),
            row.ticket.close_time.ToMicroseconds()) for row in request.rows},
        created=answer.created_count, unchanged=answer.unchanged_count,
        rejected=answer.rejected_count)
