#!/usr/bin/env python3
"""One period of a court through all four services, on real rows.

Tickets in, inspected, drawn, called, graded, reported; then everything is
counted. With --chaos, processes are killed with SIGKILL, Redis is emptied or
loses its master while that goes on, and the same counts must come out.
"""

import argparse
import base64
import collections
import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time

from house import HIGH_COURT, SERVICES, CommandError, House, wait_for
from redis_group import RedisGroup

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MAPPING = os.path.join(SOURCE, 'tests/data/mappings/gov_replies_spread.json')
DIRECTORY = os.path.join(SOURCE, 'tests/data/directories/court_110102.json')
MONTH = '2018-12'
SAMPLE = 30
GRADES = 25


def data_file(name):
  folder = os.environ.get('HUIFANG_DATA_DIR', os.path.join(SOURCE, '../shared/data'))
  return os.path.join(folder, name)


class Chaos(threading.Thread):
  """Disturbs a house until it is told to stop."""

  def __init__(self, house, kind, seed):
    super().__init__(daemon=True)
    self.house = house
    self.kind = kind
    self.random = random.Random(seed)
    self.ending = threading.Event()
    self.done = collections.Counter()
    self.failure = None
    self.victims = []

  def run(self):
    try:
      while not self.ending.wait(self.random.uniform(0.1, 0.6)):
        self.disturb()
    except Exception as error:  # pylint: disable=broad-except
      self.failure = error

  def disturb(self):
    if self.kind == 'flushall':
      self.house.redis_cli('flushall')
      self.done['flushall'] += 1
      return
    if self.kind == 'failover':
      self.house.group.lose_master()
      self.done['failover'] += 1
      return
    # In turns, in an order of the seed's: everybody dies before anybody twice.
    if not self.victims:
      self.victims = list(SERVICES + ('redis',))
      self.random.shuffle(self.victims)
    victim = self.victims.pop()
    replica = self.random.randrange(self.house.replicas)
    self.house.kill(victim, 0 if victim == 'redis' else replica)
    self.done[victim] += 1
    time.sleep(self.random.uniform(0, 0.5))
    self.house.restart(victim, 0 if victim == 'redis' else replica)

  def finish(self):
    self.ending.set()
    self.join()
    if self.failure is not None:
      raise self.failure


def check(condition, message):
  if not condition:
    raise AssertionError(message)


def equal(got, wanted, what):
  check(got == wanted, f'{what}: {got}, wanted {wanted}')


class Week:
  """The steps, each checked by what it leaves behind."""

  def __init__(self, house, disturbed):
    self.house = house
    self.disturbed = disturbed
    with open(data_file('gov_replies.csv'), encoding='utf-8-sig', newline='') as file:
      self.rows = list(csv.DictReader(file))
    self.ids = {row['ticket_id'] for row in self.rows}
    self.month_count = sum(
        row['replied_at'].startswith(MONTH) for row in self.rows)
    self.completed = set()
    self.conveyed = 0

  def import_tickets(self):
    self.house.ctl('directory', 'import', DIRECTORY)
    source = data_file('gov_replies.csv')
    arguments = ('tickets', 'import', '--mapping', MAPPING, source)
    # An import that was cut off is simply run again.
    for _ in range(40):
      code, _, err = self.house.run('huifangctl', *arguments)
      if code == 0:
        break
      check(self.disturbed, f'import: exit {code}\n{err}')
      time.sleep(0.3)
    [totals] = self.house.table(*arguments)
    equal((int(totals['rows']), int(totals['unchanged']), int(totals['rejected'])),
          (len(self.rows), len(self.rows), 0), 'rows, unchanged, rejected on import again')
    tickets = self.house.table('tickets', 'list', '--limit', '0')
    equal(collections.Counter(row['source_id'] for row in tickets),
          collections.Counter(self.ids), 'tickets by source id')
    equal({row['state'] for row in tickets}, {'CLOSED'}, 'states')

  def inspect(self):
    def done():
      rows = self.house.table('inspections', 'list', '--limit', '0')
      return len(rows) >= len(self.ids) and rows
    rows = wait_for('every closed ticket is inspected', done, 120)
    equal(collections.Counter(row['source_id'] for row in rows),
          collections.Counter(self.ids), 'inspections by source id')

  def draw(self):
    # A draw whose answer was lost must not be made twice.
    while not (draws := self.house.table('draws', 'list')):
      try:
        self.house.ctl('draws', 'create', '--from', MONTH + '-01', '--to', MONTH + '-31',
                       '--size', str(SAMPLE), patience=0)
      except CommandError:
        check(self.disturbed, 'draws create failed')
    name = draws[0]['draw']
    wait_for('the draw is drawn',
             lambda: self.house.table('draws', 'list')[0]['state'] == 'DRAWN', 60)
    bundle = self.house.path('bundle.json')
    self.house.ctl('draws', 'export', name, '-o', bundle)
    self.house.ctl('draws', 'verify', bundle)
    outsider = os.path.join(SOURCE, 'docs/methods/verify_draw.py')
    subprocess.run([sys.executable, outsider, bundle], check=True,
                   stdout=subprocess.DEVNULL)
    self.callbacks = self.house.table('callbacks', 'list')
    equal(len(self.callbacks), SAMPLE, 'callbacks')
    equal(len({row['ticket'] for row in self.callbacks}), SAMPLE, 'tickets drawn')

  def next_call(self):
    code, out, err = self.house.run('huifangctl', '--format', 'json', 'callbacks', 'next',
                                    '--any-time', token='officer')
    if code == 0:
      return json.loads(out)
    check(self.disturbed or 'NOTHING_DUE' in err, f'callbacks next: {err}')
    return None

  def record(self, call):
    """Answers one call; one in five is not solved and conveyed."""
    name = call['callback']['name'].rsplit('/', 1)[1]
    unsolved = int(name[-2:], 16) % 5 == 0
    answers = ['--called', 'yes', '--in-time', 'yes', '--attitude', 'yes',
               '--clear', 'yes', '--solved', 'no' if unsolved else 'yes',
               '--minutes', '4', '--simulated']
    if unsolved:
      answers += ['--opinion', '希望给个时间', '--convey', '希望给个时间']
    token = base64.b64decode(call['lease_token']).hex()
    code, _, err = self.house.run('huifangctl', 'callbacks', 'record', name,
                                  '--token', token, *answers, token='officer')
    # A lost lease or a lost answer: the next lease shows where it stands.
    check(code == 0 or self.disturbed, f'callbacks record: {err}')

  def make_calls(self):
    def open_calls():
      return [row for row in self.house.table('callbacks', 'list')
              if row['state'] in ('WAITING', 'LEASED')]
    deadline = time.monotonic() + 180
    while open_calls():
      check(time.monotonic() < deadline, f'calls that never fall due: {open_calls()}')
      call = self.next_call()
      if call is None:
        time.sleep(0.5)
      else:
        self.record(call)
    rows = self.house.table('callbacks', 'list')
    equal([row['state'] for row in rows], ['COMPLETED'] * SAMPLE, 'states of calls')
    equal([row['attempts'] for row in rows], ['1'] * SAMPLE, 'attempts of calls')
    unsolved = sum(row['solved'] == 'no' for row in rows)
    wait_for('opinions reach the tickets', lambda: [
        row['state'] for row in self.house.table('callbacks', 'conveyances')
    ] == ['DELIVERED'] * unsolved, 60)

  def grade(self):
    def graded():
      return self.house.table('grades', 'list')
    deadline = time.monotonic() + 120
    while len(graded()) < GRADES:
      check(time.monotonic() < deadline, 'too few grades')
      code, _, err = self.house.run(
          'huifang-generate', 'reviewer', '--court', '110102', '--grading-address',
          self.house.address('grading'), '--token-file', self.house.path('officer.token'),
          '--limit', str(GRADES - len(graded())))
      check(code == 0 or self.disturbed, f'reviewer: {err}')
    tickets = collections.Counter(
        (row['ticket'], row['reason']) for row in graded())
    equal(max(tickets.values()), 1, 'grades of one ticket for one reason')

  def build_report(self):
    """The figures of the month, from the report's own CSV file."""
    # A build whose answer was lost may have made a version of its own.
    folder = tempfile.mkdtemp(dir=self.house.path('.'))
    self.house.ctl('reports', 'build', '--month', MONTH, '--format', 'html,xlsx,csv',
                   '-o', folder, patience=120)
    [name] = [name for name in os.listdir(folder)
              if name.endswith('.csv') and '全院' in name]
    with open(os.path.join(folder, name), encoding='utf-8-sig', newline='') as file:
      rows = list(csv.reader(file))
    return {row[1]: row[4] for row in rows if row[0] == 'figure'}

  def report(self):
    wanted = {
        'MEASURE_TICKETS_CLOSED': str(self.month_count),
        'MEASURE_INSPECTED': str(self.month_count),
        'MEASURE_CALLBACKS_DRAWN': str(SAMPLE),
        'MEASURE_CALLBACKS_COMPLETED': str(SAMPLE),
    }
    figures = {}
    def agrees():
      figures.update(self.build_report())
      return all(figures.get(key) == value for key, value in wanted.items())
    # Facts arrive as events: soon, not at once.
    try:
      wait_for('the report counts everything once', agrees, 60)
    except AssertionError as error:
      raise AssertionError(f'{error}: {figures}, wanted {wanted}') from error

  def newest_report(self, of_court):
    reports = [row for row in self.house.table('reports', 'list', '--period', MONTH,
                                               '--limit', '500')
               if (row['division'] == '') == of_court]
    return max(reports, key=lambda row: int(row['version']))

  def deliver(self):
    """The court's report goes its way; then it changes only in the open."""
    report = self.newest_report(True)['report']
    self.house.ctl('reports', 'review', report, token='officer')
    code, _, err = self.house.run('huifangctl', 'reports', 'approve', report)
    check(code == 1 and 'built this report' in err, f'approved by its builder: {err}')
    self.house.ctl('reports', 'approve', report, token='leader')
    self.house.ctl('reports', 'deliver', report, token='officer')
    self.house.ctl('reports', 'acknowledge', report, '--note', '已知悉', token='head')
    again = ('reports', 'build', '--month', MONTH, '-o',
             tempfile.mkdtemp(dir=self.house.path('.')))
    code, _, err = self.house.run('huifangctl', *again)
    check(code == 1 and 'correction_reason' in err, f'corrected silently: {err}')
    self.house.ctl(*again, '--reason', '补录漏报工单', patience=120)
    newest = self.newest_report(True)
    check(newest['report'] != report and newest['state'] == 'READY', f'{newest}')

  def roll_up(self):
    """The high court sees what was delivered, and that one court is missing."""
    period = ('--court', HIGH_COURT, '--month', MONTH)
    rows = self.house.table('reports', 'courts', *period, token='high')
    equal([row['court'][:6] for row in rows if row['state'] == 'MISSING'], ['110101'],
          'missing courts')
    [closed] = [row for row in rows if row['court'].startswith('110102')
                and row['measure'] == 'tickets_closed']
    equal(closed['value'], str(self.month_count), 'tickets in the roll-up')
    [response] = [row for row in rows if row['court'].startswith('110102')
                  and row['measure'] == 'response_rate']
    check(0 < int(response['numerator']) <= int(response['denominator']), f'{response}')
    trend = self.house.table('reports', 'courts', *period, '--trend', token='high')
    equal(len({row['period'] for row in trend}), 6, 'months of the trend')
    check({row['standing'] for row in trend if row['period'] != MONTH} <= {'NO_DATA'},
          f'{trend}')
    folder = tempfile.mkdtemp(dir=self.house.path('.'))
    self.house.ctl('reports', 'rollup', *period, '--format', 'html,docx,xlsx,csv', '-o', folder,
                   token='high')
    equal(len(os.listdir(folder)), 4, 'files of the roll-up')
    code, _, err = self.house.run('huifangctl', 'reports', 'list', token='high')
    check(code == 1 and 'not for that court' in err, f'reports of a lower court: {err}')

  def suggest(self):
    division = self.newest_report(False)['division']
    ticket = self.house.table('tickets', 'list', '--limit', '1')[0]['ticket']
    [made] = self.house.table('suggestions', 'create', '--title', '退费', '--text',
                              '建议窗口一次告知', '--to', division, '--ticket', ticket,
                              token='leader')
    self.house.ctl('suggestions', 'respond', made['suggestion'], '--division', division,
                   '--state', 'DONE', '--note', '已印发告知单', token='head')
    [listed] = self.house.table('suggestions', 'list', '--state', 'DONE')
    equal(listed['response'], '已印发告知单', 'answer')
    told = self.house.table('suggestions', 'timeline', made['suggestion'])
    kinds = ['SUGGESTION_CREATED', 'SUGGESTION_ANSWERED']
    equal([row['type'] for row in told], kinds, 'timeline')
    check(told[0]['actor'] != told[1]['actor'], f'one and the same wrote both: {told}')
    whole = self.house.table('tickets', 'timeline', '--ticket', ticket)
    equal([row['type'] for row in whole if row['type'] in kinds], kinds, 'on its ticket')
    check('CREATED' in [row['type'] for row in whole], f'its own entries: {whole}')

  def graded_month(self):
    """Which tickets were graded is chance; those of MONTH need not be among
    them."""
    graded = {row['source_id'] for row in self.house.table('grades', 'list')}
    months = collections.Counter(row['replied_at'][:7] for row in self.rows
                                 if row['ticket_id'] in graded)
    return months.most_common(1)[0][0]

  def appraise(self):
    """No sheet while grades may be appealed; two people exclude a ticket."""
    create = ('appraisals', 'create', '--month', self.graded_month())
    code, _, err = self.house.run('huifangctl', *create, token='officer')
    check(code == 1 and 'APPEALS_NOT_OVER' in err and '申诉' in err,
          f'appraised while grades may be appealed: {err}')
    ticket = self.house.table('tickets', 'list', '--limit', '1')[0]['ticket']
    [asked] = self.house.table('appraisals', 'exclude', ticket, '--reason', '诉求超出职责',
                               token='officer')
    equal(asked['state'], 'REQUESTED', 'exclusion asked for')
    approve = ('appraisals', 'approve', asked['exclusion'])
    code, _, err = self.house.run('huifangctl', *approve, token='officer')
    check(code == 1, 'an officer approved an exclusion')
    self.house.ctl(*approve, token='leader')
    [listed] = self.house.table('appraisals', 'exclusions', '--state', 'APPROVED')
    equal((listed['exclusion'], listed['decided_by']), (asked['exclusion'], 'leader'),
          'exclusion approved')
    equal(self.house.table('appraisals', 'list'), [], 'sheets')

  def nothing_dead(self):
    queues = self.house.table('queues', 'list')
    equal([row for row in queues if row['dead'] != '0'], [], 'buried tasks')

  def is_consistent(self):
    databases = [word for url in self.house.databases.values()
                 for word in ('--database', url)]
    code, out, err = self.house.run('huifangctl', 'admin', 'check', *databases)
    equal(code, 0, f'admin check: {out}{err}')


def main():
  parser = argparse.ArgumentParser()
  parser.add_argument('--bin', required=True)
  parser.add_argument('--engine', choices=['sqlite', 'postgres'], default='sqlite')
  parser.add_argument('--partitioned', action='store_true',
                      help='split the tables by court first; needs postgres')
  parser.add_argument('--replicas', type=int, default=1)
  parser.add_argument('--chaos', choices=['none', 'kill', 'flushall', 'failover'],
                      default='none')
  parser.add_argument('--redis', choices=['own', 'sentinel', 'cluster'], default='own')
  parser.add_argument('--seed', type=int, default=1)
  parser.add_argument('--keep', action='store_true', help='keep the directory')
  options = parser.parse_args()
  ci = 'CI' in os.environ
  if not os.path.exists(data_file('gov_replies.csv')):
    print('gov_replies.csv is absent: set HUIFANG_DATA_DIR')
    return 1 if ci else 77
  if options.engine == 'postgres' and 'HUIFANG_TEST_POSTGRES_URL' not in os.environ:
    print('no PostgreSQL: run under tests/support/servers.sh run --')
    return 1 if ci else 77
  if options.redis != 'own' and 'HUIFANG_TEST_SENTINEL_URL' not in os.environ:
    print('no Redis group: run under tests/support/servers.sh run --')
    return 1 if ci else 77
  if options.chaos != 'none' and (options.redis == 'own') == (options.chaos == 'failover'):
    parser.error('--redis sentinel and cluster go with --chaos failover')

  group = None
  if options.redis != 'own':
    group = RedisGroup(options.redis,
                       os.environ[f'HUIFANG_TEST_{options.redis.upper()}_URL'])
  house = House(options.bin, options.engine, options.replicas, group).start()
  chaos = None
  passed = False
  try:
    if options.partitioned:
      split = house.partition_by_court()
      print('partitioned:', len(split), 'tables')
      for table in ('tickets', 'callbacks', 'inspections', 'reports'):
        check(table in split, f'{table} is not split, only {split}')
    if options.chaos != 'none':
      chaos = Chaos(house, options.chaos, options.seed)
      chaos.start()
    week = Week(house, disturbed=chaos is not None)
    for step in (week.import_tickets, week.inspect, week.draw, week.make_calls, week.grade):
      begun = time.monotonic()
      step()
      print(f'{step.__name__}: ok ({time.monotonic() - begun:.1f} s)', flush=True)
    if chaos is not None:
      # Killed builds, too; whether the figures are right is asked below.
      week.build_report()
      chaos.finish()
      print('disturbed:', dict(chaos.done))
      chaos = None
    # Once more in quiet: nothing was lost, nothing doubled.
    week.inspect()
    week.report()
    week.suggest()
    week.deliver()
    week.roll_up()
    week.appraise()
    week.nothing_dead()
    week.is_consistent()
    passed = True
    print('report: ok')
  finally:
    if chaos is not None:
      chaos.ending.set()
      chaos.join()
    if not passed:
      for service in SERVICES:
        print(f'--- {service}\n{house.log_tail(service)}')
    codes = house.stop(options.keep)
  equal({code for code in codes.values()}, {0}, f'exit codes after SIGTERM {codes}')
  print('PASSED')
  return 0


if __name__ == '__main__':
  sys.exit(main())
