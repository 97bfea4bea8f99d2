"""Draws and calls: officers lease, call, record, complete, and vanish."""

import datetime
import time

import stubs
from agents import Agent
from client import Code, Refused, new_id
from desk_agents import Importer, last_month
from fleet import PEOPLE
from ledger import OUT_OF_ORDER

pb = stubs.callback
PLAN = 'chaos'


def create_plan(client, court):
  plan = pb.SamplingPlan(display_name='试验方案', floor=1)
  plan.size.fixed = 40
  plan.attempt_rule.any_day = True
  plan.attempt_rule.windows.append('00:00-24:00')
  made = client.call('CreateSamplingPlan', pb.CreateSamplingPlanRequest(
      parent=f'courts/{court}', plan_id=PLAN, plan=plan, request_id=new_id()))
  client.ledger.acknowledge('callback', 'CreateSamplingPlan', made)


class DrawAgent(Agent):
  """Keeps calls waiting in one court. A day is drawn once only, so each draw
  takes the day before the last one's, filled with tickets of its own."""

  pause = 4.0
  WAITING = 60  # calls in a court that are enough for now

  TICKETS = 60  # closed on a day that is to be drawn

  def __init__(self, load, court):
    super().__init__(load, f'draw-{court}')
    self.parent = f'courts/{court}'
    self.importer = Importer(load, f'importer-{court}')
    self.day = last_month()[1]

  def work(self):
    open_calls = self.client.call('ListCallbacks', pb.ListCallbacksRequest(
        parent=self.parent, page_size=500,
        filter=pb.CallbackFilter(states=[pb.Callback.STATE_WAITING])))
    if len(open_calls.callbacks) < self.WAITING:
      self.draw()

  def draw(self):
    day, self.day = self.day, self.day - datetime.timedelta(days=1)
    self.importer.import_batch(self.parent, self.TICKETS, day, day)
    made = self.client.call('CreateDraw', pb.CreateDrawRequest(
        parent=self.parent, plan=f'{self.parent}/plans/{PLAN}',
        from_date=str(day), to_date=str(day),
        request_id=new_id()))
    self.ledger.acknowledge('callback', 'CreateDraw', made)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not self.load.ending.is_set():
      made = self.client.call('GetDraw', pb.GetDrawRequest(name=made.name))
      if made.state == pb.Draw.STATE_DRAWN:
        # Not a write of ours, but a promise all the same: it is frozen.
        self.ledger.acknowledge('callback', 'GetDraw', made)
        return
      time.sleep(0.2)


class Person(Agent):
  """Somebody with a name of their own, until they leave without a word and
  another takes the chair. Their leases run out; when others have what they held,
  they come back and try to settle it."""

  def __init__(self, load, name, chair, chairs):
    super().__init__(load, name)
    self.people = [f'officer-{n}' for n in range(PEOPLE) if n % chairs == chair]
    self.who = self.people[0]
    self.left = []  # lease, who held it, how they will settle it
    self.ever_left = False

  def leaves(self, fate):
    """The first of them at once: within a short run the lease must run out and go
    to another."""
    return fate < 0.04 or not self.ever_left

  def leave(self, lease, settle):
    self.ever_left = True
    self.left.append((lease, self.who, settle))
    self.people.append(self.people.pop(0))
    self.who = self.people[0]

  def come_back(self):
    for one in self.left:
      lease, who, settle = one
      now = self.ledger.newest[lease.name]
      if now.fence == lease.fence or now.granted < lease.granted + OUT_OF_ORDER:
        continue
      self.left.remove(one)
      try:
        settle(who)
        self.load.wronged.append(f'{who} settled {lease.name} with the lease '
                                 f'{lease.fence} after {now.fence} was handed out')
      except Refused as error:
        # Lost, or settled by the other.
        if error.code in (Code.ABORTED, Code.FAILED_PRECONDITION):
          self.load.turned_away += 1
        else:
          self.load.wronged.append(f'{who}, back for {lease.name}: {error}')
      return


class Officer(Person):
  """Makes calls."""

  pause = 0.15

  def work(self):
    self.come_back()
    court = self.court()
    lease = self.client.call('LeaseCallback', pb.LeaseCallbackRequest(
        parent=court, ignore_windows=True), as_=self.who)
    fence = lease.lease_token.hex()
    self.ledger.acknowledge('callback', 'LeaseCallback', lease,
                            name=lease.callback.name, version=lease.callback.version,
                            fence=fence)
    told = self.ledger.lease(lease.callback.name, fence, lease.expire_time)
    self.ledger.signal('lease', time.time())
    held = dict(name=lease.callback.name, lease_token=lease.lease_token)
    fate = self.random.random()
    if self.leaves(fate):
      if fate < 0.006:
        # Nobody else may get it until the later end, which must be seen to be later.
        self.load.ending.wait(self.random.uniform(2, 6))
        self.extend(held)
      request = self.completion(held)
      self.leave(told, lambda who: self.client.call('CompleteCallback', request, as_=who))
    elif fate < 0.08:
      self.ledger.letting_go(fence)
      released = self.client.call('ReleaseCallback', pb.ReleaseCallbackRequest(**held),
                                  as_=self.who)
      self.ledger.acknowledge('callback', 'ReleaseCallback', released, fence=fence)
    elif fate < 0.25:
      self.record(held)
    else:
      if fate < 0.3:
        self.extend(held)
      self.settle('CompleteCallback', self.completion(held), held)

  def extend(self, held):
    fence = held['lease_token'].hex()
    one = self.client.call('ExtendCallback', pb.ExtendCallbackRequest(**held),
                           as_=self.who)
    self.ledger.acknowledge('callback', 'ExtendCallback', one, fence=fence)
    self.ledger.extended(fence, one.lease_expire_time)

  def settle(self, method, request, held):
    self.ledger.letting_go(held['lease_token'].hex())
    answer = self.client.call(method, request, as_=self.who)
    self.ledger.acknowledge('callback', method, answer,
                            fence=held['lease_token'].hex(), note=request.note,
                            convey=getattr(request, 'convey_text', ''))

  def record(self, held):
    request = pb.RecordAttemptRequest(
        **held, note=self.mark(), minutes=1, simulated=True, request_id=new_id())
    if self.random.random() < 0.7:
      request.outcome = pb.OUTCOME_APPOINTMENT
      # Ahead of the fastest wrong clock, which would refuse one in its past.
      request.appointment_time.FromDatetime(
          datetime.datetime.utcnow() + datetime.timedelta(seconds=120))
    else:
      request.outcome = self.random.choice((pb.OUTCOME_REFUSED, pb.OUTCOME_WRONG_NUMBER))
    self.settle('RecordAttempt', request, held)

  def completion(self, held):
    solved = self.random.random() < 0.8
    request = pb.CompleteCallbackRequest(
        **held, note=self.mark(), minutes=4, simulated=True, request_id=new_id())
    items = request.items
    items.judge_called = items.in_time = items.attitude = items.clear = pb.ANSWER_YES
    items.solved = pb.ANSWER_YES if solved else pb.ANSWER_NO
    if not solved:
      request.convey_text = f'希望给个时间 {request.note}'
      request.reopen_ticket = self.random.random() < 0.3
    return request


class Relative(Agent):
  """Declares relations: the callback service's plainest write, for the clock
  of recoveries."""

  pause = 0.5

  def work(self):
    court = self.court()
    reason = self.mark()
    relation = self.client.call('CreateRelation', pb.CreateRelationRequest(
        parent=court, request_id=new_id(), relation=pb.Relation(
            officer='nobody', subject=f'{court}/staff/judge-1', reason=reason)))
    self.ledger.acknowledge('callback', 'CreateRelation', relation)
