#!/usr/bin/env python3
"""A backup taken while tickets come in, restored, checked, and served again."""

import argparse
import sys
import threading

from house import SERVICES, House, wait_for
from week_test import DIRECTORY, MAPPING, check, data_file, equal


def admin(house, *args):
  return house.run('huifangctl', 'admin', *args)


def of_all(databases):
  return [part for url in databases.values() for part in ('--database', url)]


def run(house, fresh):
  house.start()
  house.ctl('directory', 'import', DIRECTORY)
  arguments = ('tickets', 'import', '--mapping', MAPPING, data_file('gov_replies.csv'))
  load = threading.Thread(target=lambda: house.run('huifangctl', *arguments))
  load.start()
  wait_for('tickets come in',
           lambda: house.table('tickets', 'list', '--limit', '1'), 60)
  backup = house.path('backup')
  code, _, err = admin(house, 'backup', '--out', backup, *of_all(house.databases))
  equal(code, 0, f'backup under load: {err}')
  code, out, err = admin(house, 'check', *of_all(house.databases))
  equal(code, 0, f'check under load: {out}{err}')
  code, _, err = admin(house, 'restore', '--from', backup, '--service', 'ticket',
                       '--database', house.databases['ticket'], '--replace')
  check(code == 1 and 'stop' in err, f'restore under a running service: {code} {err}')
  load.join()
  for process in house.processes.values():
    process.terminate()
  for process in house.processes.values():
    process.wait(30)

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
  house.ctl(*arguments)
  wait_for('every ticket is inspected', lambda: len(house.table(
      'inspections', 'list', '--limit', '0')) == len(house.table(
          'tickets', 'list', '--limit', '0')), 120)
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
    house.stop(keep=not passed)
  print('PASSED')
  return 0


if __name__ == '__main__':
  sys.exit(main())
