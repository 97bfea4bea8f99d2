"""What follows from calls, grades and reports is as it was answered last."""

import collections

from check_writes import repeated
from ledger import digest
from stubs import callback, grading

# Who makes one, and who changes it.
VERBS = {
    'suggestions': ('CreateSuggestion', 'RespondToSuggestion'),
    'trainings': ('CreateTraining', 'HoldTraining', 'CancelTraining'),
    'appeals': ('CreateAppeal', 'WithdrawAppeal', 'SetPrecedent'),
    # Made by the calls, and delivered by nobody in particular.
    'conveyances': (None, 'AcknowledgeConveyance', 'RecordConveyanceContact'),
}
REVIEW_OF = {
    grading.Appeal.STATE_OPEN: {grading.Review.STATE_WAITING,
                                grading.Review.STATE_LEASED},
    grading.Appeal.STATE_UPHELD: {grading.Review.STATE_GRADED},
    grading.Appeal.STATE_CHANGED: {grading.Review.STATE_GRADED},
    grading.Appeal.STATE_WITHDRAWN: {grading.Review.STATE_WITHDRAWN},
}
READ = {callback.Conveyance.STATE_ACKNOWLEDGED, callback.Conveyance.STATE_CONTACTED}


def check_follow_up(ledger, final):
  for kind, (maker, *changers) in VERBS.items():
    there = final.by_name.get(kind, {})
    # One agent makes them and waits for each answer, so the last ack is the newest.
    last = {}
    for ack in ledger.by_method(maker, *changers):
      last[ack.name] = ack
    for name, ack in last.items():
      one = there.get(name)
      if one is None:
        yield f'lost: {name}, acknowledged by {ack.method}'
      elif digest(one) != ack.message and not (
          ack.method == 'CreateAppeal' and _is_decided(one) and
          (one.grade, one.grounds) == (ack.more['grade'], ack.more['grounds'])):
        yield f'altered: {name} is not what {ack.method} answered'
    made = {ack.name for ack in ledger.by_method(maker)} if maker else {
        name for name, one in there.items() if one.state not in READ or name in last}
    for name in sorted(there.keys() - made):
      yield f'doubled: {name} was {"made" if maker else "read"} by nobody'
    answers = [(ack.name, ack.message) for ack in ledger.by_method(maker, *changers)]
    for name, _ in repeated(answers):
      yield f'lost: {name} was answered with the same state to more than one verb'


def _is_decided(appeal):
  return appeal.state in (grading.Appeal.STATE_UPHELD, grading.Appeal.STATE_CHANGED)


def check_appeals(final):
  """A decided one was decided by the grade of its own review, and said so; the review
  of another stands as the appeal does."""
  appeals = final.listed['appeals']
  reviews = final.by_name.get('reviews', {})
  for one in appeals:
    review = reviews.get(one.review)
    if review is None or review.state not in REVIEW_OF[one.state]:
      yield (f'{one.name} is {grading.Appeal.State.Name(one.state)}, its review '
             f'{review and grading.Review.State.Name(review.state)}')
  grades = final.by_name.get('grades', {})
  for one in filter(_is_decided, appeals):
    before, after = grades.get(one.grade), grades.get(one.deciding_grade)
    if before is None or after is None or after.review != one.review:
      yield f'{one.name} was decided by {one.deciding_grade or "nothing"}'
    elif (one.state == grading.Appeal.STATE_CHANGED) != (before.tier != after.tier):
      yield f'{one.name} is {grading.Appeal.State.Name(one.state)} wrongly'
  for ticket in repeated(one.ticket for one in appeals
                         if one.state == grading.Appeal.STATE_OPEN):
    yield f'doubled: {ticket} has more than one open appeal'
  deciding = collections.Counter(
      one.deciding_grade for one in appeals if one.deciding_grade)
  for grade in final.listed['grades']:
    wanted = grade.reason == grading.Review.REASON_APPEAL
    if deciding[grade.name] != wanted:
      yield f'{grade.name} decided {deciding[grade.name]} appeals, {int(wanted)} are due'
