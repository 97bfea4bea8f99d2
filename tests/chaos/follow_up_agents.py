"""What follows from calls, grades and reports: words that are read, grades that are
objected to, suggestions that are answered, trainings that are held."""

import stubs
from agents import Agent
from client import Code, new_id
from desk_agents import DIVISIONS, last_month

callback = stubs.callback
grading = stubs.grading
reporting = stubs.reporting

DECIDED = (grading.Appeal.STATE_UPHELD, grading.Appeal.STATE_CHANGED)


class Clerk(Agent):
  """The only one who touches what it makes, but for the appeals, which reviewers
  decide."""

  pause = 0.15
  # All that it changes is there, is new when it is made, and is as it was told last.
  never = frozenset((Code.NOT_FOUND, Code.ALREADY_EXISTS, Code.ABORTED))

  def __init__(self, load, name):
    super().__init__(load, name)
    self.open_appeals = []

  def work(self):
    self.random.choice((self.suggest, self.train, self.appeal, self.read_words))()

  def tell(self, service, method, request, **more):
    """One write, as it was answered."""
    request.request_id = new_id()
    answer = self.client.call(method, request)
    self.ledger.acknowledge(service, method, answer, **more)
    return answer

  def suggest(self):
    court = self.court()
    mark = self.mark()
    request = reporting.CreateSuggestionRequest(parent=court)
    request.suggestion.title = mark
    request.suggestion.text = f'建议统一告知口径 {mark}'
    for division in DIVISIONS:
      request.suggestion.departments.add(division=f'{court}/divisions/{division}')
    made = self.tell('reporting', 'CreateSuggestion', request)
    State = reporting.Suggestion
    for division in DIVISIONS:
      for state in self.random.choice((
          (), (State.STATE_DECLINED,), (State.STATE_ACCEPTED,),
          (State.STATE_ACCEPTED, State.STATE_DONE))):
        made = self.tell('reporting', 'RespondToSuggestion',
                         reporting.RespondToSuggestionRequest(
                             name=made.name, division=f'{court}/divisions/{division}',
                             state=state, response=self.mark(), etag=made.etag))

  def train(self):
    court = self.court()
    request = reporting.CreateTrainingRequest(parent=court)
    request.training.title = self.mark()
    # Whatever a wrong clock says, it is over.
    request.training.day = str(last_month()[0])
    made = self.tell('reporting', 'CreateTraining', request)
    fate = self.random.random()
    if fate < 0.4:
      self.tell('reporting', 'HoldTraining', reporting.HoldTrainingRequest(
          name=made.name, attendees=[f'{court}/staff/judge-1'], etag=made.etag))
    elif fate < 0.8:
      self.tell('reporting', 'CancelTraining', reporting.CancelTrainingRequest(
          name=made.name, reason=self.mark(), etag=made.etag))

  def appeal(self):
    """Objects to one of the newest grades, or sees what came of an objection."""
    if self.open_appeals and self.random.random() < 0.5:
      self.see_appeal(self.open_appeals.pop(0))
      return
    court = self.court()
    grades = self.load.grades[court[7:]]
    if not grades:
      return
    request = grading.CreateAppealRequest(parent=court)
    request.appeal.grade = self.random.choice(grades[-20:])
    request.appeal.grounds = self.mark()
    made = self.tell('grading', 'CreateAppeal', request, grade=request.appeal.grade,
                     grounds=request.appeal.grounds)
    if self.random.random() < 0.7:
      self.open_appeals.append(made.name)
    else:
      self.withdraw(made)

  def see_appeal(self, name):
    one = self.client.call('GetAppeal', grading.GetAppealRequest(name=name))
    if one.state in DECIDED:
      self.tell('grading', 'SetPrecedent', grading.SetPrecedentRequest(
          name=name, precedent=True, note=self.mark(), etag=one.etag))
    elif self.random.random() < 0.1:
      self.withdraw(one)
    else:
      self.open_appeals.append(name)

  def withdraw(self, one):
    # Without its etag: it may be decided meanwhile, which is an answer of its own.
    self.tell('grading', 'WithdrawAppeal', grading.WithdrawAppealRequest(name=one.name))

  def read_words(self):
    """One of the conveyances that wait for their reader."""
    there = self.client.call('ListConveyances', callback.ListConveyancesRequest(
        parent=self.court(), states=[callback.Conveyance.STATE_DELIVERED])).conveyances
    if not there:
      return
    one = self.random.choice(there)
    fate = self.random.random()
    if fate < 0.7:
      one = self.tell('callback', 'AcknowledgeConveyance',
                      callback.AcknowledgeConveyanceRequest(
                          name=one.name, response=self.mark(), etag=one.etag))
    if fate > 0.4:
      self.tell('callback', 'RecordConveyanceContact',
                callback.RecordConveyanceContactRequest(name=one.name, etag=one.etag))
