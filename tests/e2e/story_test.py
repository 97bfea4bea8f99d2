#!/usr/bin/env python3
"""Three years of a court that improves, through all four services.

In the first months most replies are poor, under half of them pass, and a week
has six interviews; in the last, 95 % and more pass, and a week has sixty. The
generator says of every ticket what is true of it (truth.csv): whether the
caller would talk, be satisfied, and whether the reply is good. The simulated
officer and reviewer answer by that. So what each of the 36 monthly reports
says can be held against what was true of all tickets of that month.

Everything goes through the public RPCs. The services stamp calls and grades
with today's time; a report counts them by the day on which the ticket closed,
so 36 months are played in three minutes. Only alerts look at today's week; what
they make of three years tests/contract/reporting/story_contract_test.cc holds.

Run by hand: draws take fresh seeds, so a rise that few charts call one may fail
a run in which all is well.
"""

import argparse
import collections
import csv
import datetime
import json
import math
import os
import sys
import time

from house import SERVICES, CommandError, House, wait_for

WEEKS = 158
PER_WEEK = 120
UNTIL = '2019-08-05'
# The office tries four calls at the end of its first month, then draws weekly.
TRIAL = datetime.date(2016, 8, 22)
FIRST_DRAW = datetime.date(2016, 9, 5)
# Three of four drawn callers are reached: 6 and 60 interviews.
DRAWN_FIRST, DRAWN_LAST = 8, 80
MONTHS = [f'{year}-{month:02}' for year in range(2016, 2020) for month in range(1, 13)]
MONTHS = MONTHS[MONTHS.index('2016-08'):MONTHS.index('2019-07') + 1]
TARGET = 0.95
SATISFACTION = 'MEASURE_SATISFACTION_RATE'
PASS = 'MEASURE_PASS_RATE'
# Callers behind a figure: fewer are not shown, or not even counted.
SHOWN, COUNTED = 5, 3


def check(condition, message):
  if not condition:
    raise AssertionError(message)


def runs_below(chart):
  """Whether the run that signals is one below, at the end: as for an alert."""
  run = 0
  for point in reversed(chart['points']):
    value = point.get('value', 0)
    if point.get('left_out') or value == chart['center']:
      continue
    if value > chart['center']:
      break
    run += 1
  few_crossings = chart.get('crossings', 0) < chart.get('crossings_min', 0)
  return (run > chart['longest_run_max'] or
          few_crossings and run > 0 and run >= chart['longest_run'])


def misses_allowed(intervals):
  """Intervals of 95 % that may miss: more do once in a thousand replays."""
  tail = 1.0
  for misses in range(intervals + 1):
    tail -= math.comb(intervals, misses) * .05**misses * .95**(intervals - misses)
    if tail < 0.001:
      return misses
  return intervals


def draws():
  """First day, last day and size of every draw."""
  yield TRIAL, TRIAL + datetime.timedelta(6), 4
  yield datetime.date(2016, 9, 1), datetime.date(2016, 9, 4), 5
  last = datetime.date.fromisoformat(UNTIL) - datetime.timedelta(7)
  weeks = (last - FIRST_DRAW).days // 7
  for week in range(weeks + 1):
    monday = FIRST_DRAW + datetime.timedelta(7 * week)
    size = DRAWN_FIRST + (DRAWN_LAST - DRAWN_FIRST) * week / weeks
    yield monday, monday + datetime.timedelta(6), round(size)


class Story:
  """The steps, and what is true."""

  def __init__(self, house):
    self.house = house
    self.reports = {}

  def generate(self):
    code, out, err = self.house.run(
        'huifang-generate', 'court', '--improving', '--weeks', str(WEEKS), '--per-week',
        str(PER_WEEK), '--until', UNTIL, '--seed', '12368', '--out', self.house.path('court'))
    check(code == 0, f'{out}{err}')
    with open(self.house.path('court', 'truth.csv'), newline='') as file:
      self.truth = {row['source_id']: {name: row[name] == '1' for name in row}
                    for row in csv.DictReader(file)}

  def import_tickets(self):
    self.house.ctl('directory', 'import', self.house.path('court', 'directory.json'))
    [totals] = self.house.table('tickets', 'import', '--mapping',
                                self.house.path('court', 'mapping.json'),
                                self.house.path('court', 'tickets.csv'))
    check(totals['rejected'] == '0', f'{totals}')
    self.source_of = {}
    self.closed_in = {}
    for row in self.house.table('tickets', 'list', '--limit', '0'):
      self.source_of[row['ticket']] = row['source_id']
      if row['closed_at']:
        self.closed_in[row['source_id']] = row['closed_at'][:7]
    check(set(self.closed_in) == set(self.truth), 'other tickets closed than the truth has')

  def inspect(self):
    def idle():
      return all(row['tasks'] == '0' for row in
                 self.house.table('queues', 'list', '--service', 'grading'))
    def inspected():
      return idle() and (len(self.house.table('inspections', 'list', '--limit', '0')) >=
                         len(self.truth))
    wait_for('every closed ticket is inspected', inspected, 1200)

  def draw(self):
    """Draws every week, and notes of which tickets each draw's frame was."""
    plan = self.house.path('plan.json')
    with open(plan, 'w') as file:
      # Years of calls are made in a day: nobody is called twice about a ticket,
      # and a caller of many tickets is called about each.
      json.dump({'display_name': '三年回放',
                 'attempt_rule': {'max_attempts': 1, 'daily_cap': 20, 'any_day': True}}, file)
    self.house.ctl('plans', 'put', 'story', plan)
    self.framed = set()
    self.drawn = set()
    for first, last, size in draws():
      try:
        self.house.ctl('draws', 'create', '--from', str(first), '--to', str(last), '--size',
                       str(size), '--plan', 'story')
      except CommandError as error:
        # The answer was lost, and the draw is there.
        check('PERIOD_DRAWN' in str(error), error)
    wait_for('every draw is drawn', lambda: all(
        row['state'] == 'DRAWN' for row in self.house.table('draws', 'list')), 300)
    bundle_file = self.house.path('bundle.json')
    for row in self.house.table('draws', 'list'):
      self.house.ctl('draws', 'export', row['draw'], '-o', bundle_file)
      with open(bundle_file) as file:
        bundle = json.load(file)
      self.framed.update(self.source_of[ticket] for ticket, _ in bundle['frame'])
      self.drawn.update(self.source_of[ticket] for part in bundle['sample'] for ticket in part)

  def people(self, who, service):
    arguments = ('huifang-generate', who, f'--{service}-address', self.house.address(service),
                 '--court', '110102', '--token-file', self.house.path('officer.token'),
                 '--truth', self.house.path('court', 'truth.csv'))
    deadline = time.monotonic() + 1800
    while True:
      code, _, err = self.house.run(*arguments, timeout=1800)
      if code == 0:
        return
      # A machine that is busy with others sheds load; people try again.
      check('busy' in err or 'reached' in err or 'Deadline' in err, err)
      check(time.monotonic() < deadline, f'{who}: {err}')
      time.sleep(1)

  def call(self):
    self.people('officer', 'callback')
    states = collections.Counter(row['state'] for row in self.house.table('callbacks', 'list'))
    reached = sum(self.truth[source]['reached'] for source in self.drawn)
    check(states == {'COMPLETED': reached, 'UNREACHED': len(self.drawn) - reached},
          f'calls: {states}, {reached} of {len(self.drawn)} would talk')

  def grade(self):
    self.people('reviewer', 'grading')

  def build(self):
    """All monthly reports of the court, oldest first."""
    self.settle()
    folder = self.house.path('reports')
    for month in MONTHS:
      self.house.ctl('reports', 'build', '--month', month, '--format', 'html', '-o', folder,
                     patience=120)
      [report] = [row['report'] for row in self.house.table('reports', 'list', '--period', month)
                  if row['division'] == '']
      self.reports[month] = json.loads(
          self.house.ctl('--format', 'json', 'reports', 'get', report))

  def settle(self):
    """Facts arrive as events: until they are all there and stand still."""
    # A query spans a year at most.
    years = [('2016-07-25', '2017-07-24'), ('2017-07-25', '2018-07-24'),
             ('2018-07-25', '2019-07-24'), ('2019-07-25', UNTIL)]
    before = []
    def settled():
      now = [row for since, until in years for row in self.house.table(
          'statistics', 'query', '--from', since, '--to', until, '--measure',
          'tickets_closed,inspected,callbacks_completed,pass_rate')]
      same = now == before
      before[:] = now
      counted = [sum(int(row['value']) for row in now if row['measure'] == measure)
                 for measure in ('tickets_closed', 'inspected')]
      return same and counted == [len(self.truth)] * 2
    wait_for('reporting has every fact', settled, 600)

  # What is true of a month ----------------------------------------------

  def heard(self, month):
    return [self.truth[source] for source in self.drawn
            if self.closed_in[source] == month and self.truth[source]['reached']]

  def true_rate(self, month, measure):
    if measure == SATISFACTION:
      values = [self.truth[source]['satisfied'] for source in self.framed
                if self.closed_in[source] == month]
    else:
      values = [truth['good_reply'] for source, truth in self.truth.items()
                if self.closed_in[source] == month]
    return sum(values) / len(values) if values else None

  # What the reports say -------------------------------------------------

  def figure(self, month, measure):
    [figure] = [figure for figure in self.reports[month]['figures']
                if figure['measure'] == measure]
    return figure

  def check_counts(self):
    for month in MONTHS:
      heard = self.heard(month)
      completed = self.figure(month, 'MEASURE_CALLBACKS_COMPLETED')['current']
      check(int(completed.get('numerator', 0)) == len(heard), f'{month}: {completed}')
      value = self.figure(month, SATISFACTION)['current']
      if value['state'] == 'STATE_OK':
        counted = (int(value.get('numerator', 0)), int(value['denominator']))
        played = (sum(truth['satisfied'] for truth in heard), len(heard))
        check(counted == played, f'{month}: {counted} satisfied, played {played}')

  def check_small_cells(self):
    """No rate of too few callers; a number only from where it is no secret."""
    for month in MONTHS:
      report = self.reports[month]
      figures = [self.figure(month, SATISFACTION)] + [
          figure for group in report['groups'] for figure in group['figures']
          if figure['measure'] == SATISFACTION]
      for figure in figures:
        value = figure['current']
        if value['state'] == 'STATE_OK':
          check(int(value['denominator']) >= SHOWN, f'{month}: {value}')
        if value['state'] == 'STATE_NOT_ENOUGH_DATA':
          check(COUNTED <= int(value['denominator']) < SHOWN, f'{month}: {value}')
        if value['state'] != 'STATE_OK':
          check('interval' not in value and figure.get('claim', 'CLAIM_UNSPECIFIED') ==
                'CLAIM_UNSPECIFIED', f'{month}: {figure}')
    first = self.figure(MONTHS[0], SATISFACTION)['current']
    check(first['state'] != 'STATE_OK', f'four calls make a rate: {first}')

  def check_claims(self):
    claims = collections.Counter()
    for month in MONTHS:
      for measure in (SATISFACTION, PASS):
        figure = self.figure(month, measure)
        value = figure['current']
        if value['state'] != 'STATE_OK':
          continue
        wanted = ('CLAIM_MISSED' if value.get('value', 0) < TARGET else
                  'CLAIM_SUPPORTED' if value['interval'].get('lower', 0) >= TARGET else
                  'CLAIM_NOT_SUPPORTED')
        check(figure['claim'] == wanted, f'{month}: {figure}')
        claims[wanted] += 1
    check(len(claims) == 3, f'three years have all three claims: {claims}')
    return dict(claims)

  def check_coverage(self):
    shown = []
    for month in MONTHS:
      for measure in (SATISFACTION, PASS):
        value = self.figure(month, measure)['current']
        if value['state'] == 'STATE_OK':
          interval = value['interval']
          truth = self.true_rate(month, measure)
          shown.append(interval.get('lower', 0) - 1e-9 <= truth <= interval['upper'] + 1e-9)
    check(len(shown) >= 64, f'only {len(shown)} intervals')
    check(shown.count(False) <= misses_allowed(len(shown)),
          f'{shown.count(False)} of {len(shown)} intervals miss the truth')
    return f'{shown.count(True)} of {len(shown)} intervals hold the truth'

  def check_rise(self):
    """The trends end above where they began; signals of charts go upwards. A
    chart is wrong now and then: in one of a hundred of a division's, never in
    the court's."""
    above = looked = 0
    wrong = []
    for month in MONTHS:
      for chart in self.reports[month].get('charts', []):
        if chart.get('measure') not in (SATISFACTION, PASS):  # a rare finding has none
          continue
        last = chart['points'][-1]
        signals = last.get('signals', [])
        where = f'{month}: {chart.get("division", "court")} {chart["measure"]} {last}'
        # Nothing got worse in these years: neither a point nor a run below.
        looked += 1
        above += ('RULE_ABOVE_LIMITS' in signals or
                  'RULE_RUNS' in signals and not runs_below(chart))
        if ('RULE_BELOW_LIMITS' in signals or
            'RULE_RUNS' in signals and runs_below(chart)):
          check('division' in chart, where)
          wrong.append(where)
    check(len(wrong) <= looked // 100, f'{len(wrong)} of {looked} charts: {wrong}')
    check(above >= 6, f'the rise shows in {above} charts')
    for measure in (SATISFACTION, PASS):
      for month in MONTHS[12:-6:6]:
        [trend] = [trend for trend in self.reports[month]['trends']
                   if trend['measure'] == measure]
        values = [point['value']['value'] for point in trend['points']
                  if point['value']['state'] == 'STATE_OK']
        check(len(values) >= 8 and values[-1] > values[0], f'{month}: {measure} {values}')
      # By the intervals: two dozen interviews put a month's rate well beside 0.5.
      limits = [(value['interval'].get('lower', 0), value['interval']['upper'])
                for month in MONTHS
                if (value := self.figure(month, measure)['current'])['state'] == 'STATE_OK']
      (lower, upper), (last_lower, last_upper) = limits[0], limits[-1]
      check(lower < 0.5 and upper < last_lower and TARGET <= last_upper,
            f'{measure}: {limits[0]} to {limits[-1]}')
    return f'{len(wrong)} of {looked} charts signal a fall that was none'

  def check_tones(self):
    """A leader is not told that all is well before it is."""
    tones = [{answer['question']: answer['tone'] for answer in self.reports[month]['answers']}
             for month in MONTHS]
    for question in ('QUESTION_SOLVED', 'QUESTION_COMPLIANT'):
      check(all(tone[question] != 'TONE_GOOD' for tone in tones[:12]), question)
    check(tones[0]['QUESTION_SOLVED'] == 'TONE_UNKNOWN', f'{tones[0]}')

  def table(self):
    labels = {'CLAIM_SUPPORTED': 'at least 95 %', 'CLAIM_NOT_SUPPORTED': 'cannot be said',
              'CLAIM_MISSED': 'missed'}
    states = {'STATE_NOT_ENOUGH_DATA': 'not enough data', 'STATE_SUPPRESSED': 'withheld',
              'STATE_NO_DATA': 'no data'}
    yield ('| month | interviews | satisfied | interval | true | claim | graded | passed | '
           'interval | true | claim |')
    yield '|---|--:|--:|--:|--:|---|--:|--:|--:|--:|---|'
    for month in MONTHS:
      cells = [month]
      for measure in (SATISFACTION, PASS):
        figure = self.figure(month, measure)
        value = figure['current']
        cells.append(str(len(self.heard(month))) if measure == SATISFACTION else
                     value.get('denominator', ''))
        truth = self.true_rate(month, measure)
        truth = '' if truth is None else f'{truth:.1%}'
        if value['state'] == 'STATE_OK':
          interval = value['interval']
          cells += [f'{value.get("value", 0):.1%}',
                    f'{interval.get("lower", 0):.1%} – {interval["upper"]:.1%}', truth,
                    labels[figure['claim']]]
        else:
          cells += [states[value['state']], '', truth, '']
      yield '| ' + ' | '.join(cells) + ' |'


def main():
  parser = argparse.ArgumentParser()
  parser.add_argument('--bin', required=True)
  parser.add_argument('--table', help='file for the table of months, Markdown')
  parser.add_argument('--keep', action='store_true', help='keep the directory')
  options = parser.parse_args()
  house = House(options.bin).start()
  passed = False
  try:
    story = Story(house)
    for step in (story.generate, story.import_tickets, story.inspect, story.draw, story.call,
                 story.grade, story.build):
      begun = time.monotonic()
      step()
      print(f'{step.__name__}: ok ({time.monotonic() - begun:.1f} s)', flush=True)
    table = '\n'.join(story.table())
    print(table)
    if options.table:
      with open(options.table, 'w', encoding='utf-8') as file:
        file.write(table + '\n')
    for look in (story.check_counts, story.check_small_cells, story.check_claims,
                 story.check_coverage, story.check_rise, story.check_tones):
      found = look()
      print(f'{look.__name__}: {found or "ok"}', flush=True)
    passed = True
  finally:
    if not passed:
      for service in SERVICES:
        print(f'--- {service}\n{house.log_tail(service)}')
    house.stop(options.keep)
  print('PASSED')
  return 0


if __name__ == '__main__':
  sys.exit(main())
