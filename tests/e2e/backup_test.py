#!/usr/bin/env python3
"""A backup taken while tickets come in, restored, checked, and served again."""

import argparse
import csv
import json
import sys
import threading

from house import SERVICES, House, wait_for
from week_test import DIRECTORY, MAPPING, check, data_file, equal


class Load(threading.Thread):
  """Imports the rows a few at a time, and the last few after the backup."""

  ROWS = 20  # of a part

  def __init__(self, house):
    super().__init__(daemon=True)
    self.house = house
    self.backed_up = threading.Event()
    self.codes = []
    self.parts = []
    with open(data_file('gov_replies.csv'), encoding='utf-8-sig', newline='') as file:
      header, *self.rows = csv.reader(file)
    for begin in range(0, len(self.rows), self.ROWS):
      self.parts.append(house.path(f'part-{begin}.csv'))
      with open(self.parts[-1], 'w', encoding='utf-8-sig', newline='') as file:
        csv.writer(file).writerows([header, *self.rows[begin:begin + self.ROWS]])

  def run(self):
    for part in self.parts:
      if part == self.parts[-1]:
        self.backed_up.wait()
      code, _, _ = self.house.run('huifangctl', *import_of(part))
      self.codes.append(code)


def import_of(file):
  return 'tickets', 'import', '--mapping', MAPPING, file


def tickets_in(house):
  return len(house.table('tickets', 'list', '--limit', '0'))


def admin(house, *args):
  return house.run('huifangctl', 'admin', *args)


def of_all(databases):
  return [part for url in databases.values() for part in ('--database', url)]


def run(house, fresh):
  house.start()
  house.ctl('directory', 'import', DIRECTORY)
  load = Load(house)
  load.start()
  wait_for('tickets come in',
           lambda: house.table('tickets', 'list', '--limit', '1'), 60)
  backup = house.path('backup')
  before = len(load.codes)
  code, _, err = admin(house, 'backup', '--out', backup, *of_all(house.databases))
  during = len(load.codes) - before
  load.backed_up.set()
  equal(code, 0, f'backup under load: {err}')
  check(during > 0, 'no part came in while the backup was taken')
  with open(backup + '/manifest.json', encoding='utf-8') as file:
    [kept] = [part['rows']['tickets'] for part in json.load(file)['services']
              if part['service'] == 'ticket']
  check(max(1, before * load.ROWS) <= kept < len(load.rows),
        f'{kept} tickets in the backup, after {before} parts of {load.ROWS} and '
        f'before the last of {len(load.rows)}')
  code, out, err = admin(house, 'check', *of_all(house.databases))
  equal(code, 0, f'check under load: {out}{err}')
  code, _, err = admin(house, 'restore', '--from', backup, '--service', 'ticket',
                       '--database', house.databases['ticket'], '--replace')
  check(code == 1 and 'stop' in err, f'restore under a running service: {code} {err}')
  load.join()
  equal(set(load.codes), {0}, f'exit codes of the imports {load.codes}')
  equal(tickets_in(house), len(load.rows), 'tickets imported')
  for process in house.processes.values():
    process.terminate()
  for key, process in house.processes.items():
    equal(process.wait(30), 0, f'exit code of {key} after SIGTERM')

  fresh_databases = {service: fresh(service) for service in SERVICES}
  for service, url in fresh_databases.items():
    code, _, err = admin(house, 'restore', '--from', backup, '--service', service,
                         '--database', url)
    equal(code, 0, f'restore of {service}: {err}')
  code, out, err = admin(house, 'check', *of_all(fresh_databases))
  equal(code, 0, f'check of what was restored: {out}{err}')
  house.databases = fresh_databases
  for service in SERVICES:
    house.start_service(service)
  equal(tickets_in(house), kept, 'tickets restored')
  house.ctl(*import_of(data_file('gov_replies.csv')))
  equal(tickets_in(house), len(load.rows), 'tickets once more imported')
  wait_for('every ticket is inspected', lambda: len(house.table(
      'inspections', 'list', '--limit', '0')) == len(load.rows), 120)
  code, out, err = admin(house, 'check', *of_all(house.databases))
  equal(code, 0, f'check of what runs again: {out}{err}')


def main():
  parser = argparse.ArgumentParser(description=__doc__)
  parser.add_argument('--bin', required=True)
  parser.add_argument('--engine', choices=['sqlite', 'postgres'], default='sqlite')
  options = parser.parse_args()
  house = House(options.bin, options.engine)
  count = iter(range(100))

  def fresh(service):
    if options.engine == 'sqlite':
      return 'sqlite:' + house.path(f'{service}-restored-{next(count)}.db')
    return house._make_database(service)  # pylint: disable=protected-access

  passed = False
  try:
    run(house, fresh)
    passed = True
  finally:
    codes = house.stop(keep=not passed)
  equal(set(codes.values()), {0}, f'exit codes after SIGTERM {codes}')
  print('PASSED')
  return 0


if __name__ == '__main__':
  sys.exit(main())
