#!/usr/bin/python3
"""Somebody sets a service's clock while it works: no call fails for that, and beside
a Redis and a PostgreSQL that agree on another time it ends and says why."""

import argparse
import os
import sys
import time
import uuid

from house import COURT, SOURCE, House, wait_for
from shifted_clock import LIBRARY, ShiftedClock

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(SOURCE, 'tests/chaos'))
from need_stubs import stubs  # pylint: disable=wrong-import-position

SECONDS = 2.5  # longer than anybody may go by the time that was
STEPS = (90, 0, -90, 0)  # less than what is called wrong
DEADLINE = 10  # seconds: of a call, and less than a step
WRONG = 3600
SKIPPED = 77


def new_ticket():
  request = stubs.ticket.CreateTicketRequest(parent=f'courts/{COURT}',
                                             request_id=str(uuid.uuid4()))
  request.ticket.title = '查询案件进度'
  request.ticket.content = '案件到哪一步了？'
  request.ticket.channel = stubs.ticket.CHANNEL_PHONE
  request.ticket.kind = stubs.ticket.KIND_CASE_QUERY
  request.ticket.caller.phone = '13800000000'
  return request


def check_calls(house, clock):
  with open(house.path('admin.token'), encoding='utf-8') as file:
    metadata = (('authorization', 'Bearer ' + file.read().strip()),)
  request = stubs.ticket.ListTicketsRequest(parent=f'courts/{COURT}', page_size=1)
  with stubs.channel('ticket', house.address('ticket')) as channel:
    tickets = stubs.ticket.TicketServiceStub(channel)
    for ahead in STEPS:
      clock.set(ahead)
      end = time.monotonic() + SECONDS
      while time.monotonic() < end:
        tickets.ListTickets(request, metadata=metadata, timeout=DEADLINE)
        tickets.CreateTicket(new_ticket(), metadata=metadata, timeout=DEADLINE)
        time.sleep(0.005)


def check_is_shifted(house, clock):
  """Otherwise nothing here could fail."""
  clock.set(WRONG)
  ahead = clock.ahead_of(os.path.join(house.bin, 'huifang-ticket'))
  clock.set(0)
  assert WRONG - 60 < ahead < WRONG + 60, f'{ahead} s ahead'


def check_ends(house, clock):
  """And starts again once the clock is right."""
  clock.set(WRONG)
  process = house.processes['ticket', 0]
  wait_for('the service ends', lambda: process.poll() is not None, 60)
  assert process.returncode == 1, f'exit code {process.returncode}'
  last = house.log_tail('ticket', lines=2)
  assert "this machine's clock says" in last, last
  clock.set(0)
  house.start_service('ticket')


def main():
  parser = argparse.ArgumentParser(description=__doc__)
  parser.add_argument('--bin', required=True, help='directory of the programs')
  parser.add_argument('--engine', choices=('sqlite', 'postgres'), default='sqlite')
  args = parser.parse_args()
  if not os.path.exists(os.path.join(args.bin, LIBRARY)):
    print('what sets the clock is built on x86-64 only')
    return SKIPPED
  house = House(args.bin, engine=args.engine)
  clock = ShiftedClock(args.bin, house.path('clock'))
  house.environment = clock.environment()
  failed = True
  try:
    check_is_shifted(house, clock)
    house.start_redis()
    house.start_service('ticket')
    check_calls(house, clock)
    if args.engine == 'postgres':
      check_ends(house, clock)
    failed = False
  finally:
    house.stop(keep=failed)
  print('PASSED')
  return 0


if __name__ == '__main__':
  sys.exit(main())
