"""Reviews that are leased and graded; reports that are built and handed on."""

import datetime
import time

import stubs
from agents import Agent
from call_agents import Person
from client import new_id
from desk_agents import DIVISIONS, SHANGHAI, last_month

grading = stubs.grading
reporting = stubs.reporting


class Reviewer(Person):
  """Grades what waits."""

  pause = 0.3

  def work(self):
    self.come_back()
    lease = self.client.call('LeaseReview', grading.LeaseReviewRequest(
        parent=self.court(), lease_minutes=1, request_id=new_id()), as_=self.who)
    held = dict(name=lease.review.name, lease_token=lease.review.lease_token)
    self.ledger.acknowledge('grading', 'LeaseReview', lease, name=lease.review.name,
                            fence=lease.review.lease_token)
    told = self.ledger.lease(lease.review.name, lease.review.lease_token,
                             lease.review.lease_expire_time)
    fate = self.random.random()
    if self.leaves(fate):
      request = self.marks(lease, held)
      self.leave(told, lambda who: self.client.call('SubmitGrade', request, as_=who))
      return
    self.ledger.letting_go(lease.review.lease_token)
    if fate < 0.08:
      review = self.client.call('ReleaseReview', grading.ReleaseReviewRequest(
          **held, request_id=new_id()), as_=self.who)
      self.ledger.acknowledge('grading', 'ReleaseReview', review,
                              fence=held['lease_token'])
    else:
      grade = self.client.call('SubmitGrade', self.marks(lease, held), as_=self.who)
      self.ledger.acknowledge('grading', 'SubmitGrade', grade,
                              fence=held['lease_token'], review=held['name'])
      self.load.grades[grade.name.split('/')[1]].append(grade.name)

  def marks(self, lease, held):
    request = grading.SubmitGradeRequest(
        **held, comment=self.mark(), request_id=new_id())
    for criterion in lease.rubric.criteria:
      request.scores.add(criterion_id=criterion.id,
                         points=self.random.randint(criterion.max_points // 2,
                                                    criterion.max_points))
    return request


class Listener(Agent):
  """Puts recorded calls into the reviewers' queue: a write at any time."""

  pause = 0.4

  def work(self):
    court = self.court()
    closed = self.load.closed_tickets[court[7:]]
    if not closed:
      return
    asked = grading.Review(subject=grading.SUBJECT_CALL,
                           ticket=self.random.choice(closed), recording=self.mark())
    review = self.client.call('CreateReview', grading.CreateReviewRequest(
        parent=court, request_id=new_id(), review=asked))
    self.ledger.acknowledge('grading', 'CreateReview', review, ticket=asked.ticket,
                            recording=asked.recording)


class Reporter(Agent):
  """Builds reports; every other one is approved, delivered, acknowledged."""

  pause = 0.5

  def work(self):
    court = self.court()
    label = self.random.choice((
        last_month()[0].strftime('%Y-%m'),
        datetime.datetime.now(SHANGHAI).strftime('%Y-%m')))
    request = reporting.BuildReportRequest(parent=court, period=label,
                                           request_id=new_id())
    if self.random.random() < 0.5:
      request.division = f'{court}/divisions/{self.random.choice(sorted(DIVISIONS))}'
    # Another agent may have delivered the period already.
    request.correction_reason = '补录漏报工单'
    report = self.client.call('BuildReport', request, as_='service')
    self.ledger.acknowledge('reporting', 'BuildReport', report)
    report = self.ready(report)
    if report is None or self.random.random() < 0.5:
      return
    # Whoever built or reviewed it may not approve it.
    for verb, who in (('ReviewReport', 'officer-0'), ('ApproveReport', 'admin'),
                      ('DeliverReport', 'admin'), ('AcknowledgeReport', 'admin')):
      request = getattr(reporting, verb + 'Request')(
          name=report.name, etag=report.etag, request_id=new_id())
      report = self.client.call(verb, request, as_=who)
      self.ledger.acknowledge('reporting', verb, report)

  def ready(self, report):
    """The report once it is built; what it says is a promise then."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not self.load.ending.is_set():
      report = self.client.call('GetReport', reporting.GetReportRequest(
          name=report.name))
      if report.state == reporting.Report.STATE_READY:
        self.ledger.acknowledge('reporting', 'GetReport', report)
        return report
      if report.state != reporting.Report.STATE_BUILDING:
        return None
      time.sleep(0.2)
    return None
