"""What somebody holds: by one at a time, settled once by them, or given back."""

import collections

from check_writes import repeated
from ledger import OUT_OF_ORDER, digest
from stubs import grading


def _by_name(ledger):
  """All leases that somebody was told of, by what they are of."""
  by_name = collections.defaultdict(list)
  for lease in ledger.leases:
    by_name[lease.name].append(lease)
  return by_name


def check_leases(ledger, wrong_clocks):
  """What somebody holds is given to nobody else. `wrong_clocks`: when a process
  had another time than the rest, for it a lease may have run out early."""
  for name, leases in _by_name(ledger).items():
    for a, b in zip(leases, leases[1:]):
      ended = max(a.expires, ledger.kept_until.get(a.fence, 0))
      ended = min(ended, ledger.let_go.get(a.fence, ended))
      skewed = any(begin < b.granted and a.granted < end for begin, end in wrong_clocks)
      if a.fence != b.fence and b.granted < ended and not skewed:
        yield (f'{name} was given to two at once: lease {a.fence} held when '
               f'{b.fence} was handed out')


def check_fences(ledger):
  """What was settled was settled by who was told last that they hold it."""
  by_name = _by_name(ledger)
  for ack in ledger.by_method('RecordAttempt', 'CompleteCallback', 'SubmitGrade'):
    fence = ack.more['fence']
    leases = by_name[ack.more.get('review', ack.name)]
    granted = [lease.granted for lease in leases if lease.fence == fence]
    if not granted:
      yield f'{ack.name} was settled with the lease {fence}, which nobody was told of'
      continue
    for later in leases:
      # What was handed out after the settlement began may be the next lease.
      if (later.fence != fence and granted[-1] + OUT_OF_ORDER < later.granted and
          later.granted < ledger.let_go[fence]):
        yield (f'{ack.name} was settled with the lease {fence} after {later.fence} '
               'was handed out')


def check_given_back(ledger, final):
  """Calls that were kept for longer or given back, reviews that were given back."""
  calls = final.by_name['callbacks']
  acks = ledger.by_method('ExtendCallback', 'ReleaseCallback')
  settled = ledger.by_method('RecordAttempt', 'CompleteCallback')
  for name, version in repeated((ack.name, ack.version) for ack in acks + settled):
    yield f'lost: version {version} of {name} was the answer to more than one call'
  for ack in acks:
    one = calls.get(ack.name)
    if one is None:
      yield f'lost: {ack.name}, acknowledged by {ack.method}'
    elif one.version < ack.version:
      yield (f'lost: {ack.method} made version {ack.version} of {ack.name}, which is at '
             f'{one.version}')
    elif one.version == ack.version and digest(one) != ack.message:
      yield f'altered: {ack.name} is not what {ack.method} answered'
  yield from _check_released_reviews(ledger, final)


def _check_released_reviews(ledger, final):
  """A review has no version, and whoever is not answered any more may hold one that
  the ledger does not know of. But each lease has an end of its own, to the
  microsecond, and nothing that waits has changed since it was given back last."""
  by_name = _by_name(ledger)
  for ack in ledger.by_method('ReleaseReview'):
    one = final.by_name['reviews'].get(ack.name)
    if one is None:
      yield f'lost: {ack.name}, acknowledged by ReleaseReview'
      continue
    leases = by_name[ack.name]
    given_back = [lease for lease in leases if lease.fence == ack.more['fence']]
    later = [lease for lease in leases if lease.granted > given_back[-1].granted]
    end = one.lease_expire_time.ToMicroseconds() / 1e6
    if one.state == grading.Review.STATE_LEASED and end in {
        lease.expires for lease in given_back}:
      yield f'lost: {ack.name} was given back and is still held'
    if (one.state == grading.Review.STATE_WAITING and not later and
        digest(one) != ack.message):
      yield f'altered: {ack.name} is not what ReleaseReview answered'
