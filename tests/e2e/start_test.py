#!/usr/bin/env python3
"""A service that cannot start says why and what to do, and ends with a code;
one whose Redis is away starts."""

import argparse
import os
import sqlite3
import subprocess
import sys

from house import COURT, House, wait_for

SECONDS = 30


class Starts:
  def __init__(self, house):
    self.house = house
    self.flags = {
        'listen': '127.0.0.1:0',
        'database': 'sqlite:' + house.path('alone.db'),
        'redis_url': 'redis://127.0.0.1:1',  # nobody listens there
        'token_file': house.path('tokens.json'),
        'key_file': house.path('keys.json'),
        'port_file': house.path('alone.port'),
    }

  def command(self, more=(), **changed):
    flags = {**self.flags, **changed}
    return [os.path.join(self.house.bin, 'huifang-ticket'), *more,
            *(f'--{name}={value}' for name, value in flags.items())]

  def refused(self, *words, more=(), **changed):
    """Ends by itself, not with 0, and its last words hold `words`."""
    done = subprocess.run(self.command(more, **changed), capture_output=True,
                          text=True, timeout=SECONDS)
    assert done.returncode not in (0, None), f'started: {changed} {more}'
    assert done.returncode > 0, f'crashed: {done.returncode}'
    last = done.stderr.strip().splitlines()[-1]
    for word in words:
      assert word in last, f'no {word!r} in: {last}'
    return done.stderr

  def serve(self):
    process = subprocess.Popen(self.command(), stderr=subprocess.DEVNULL)
    wait_for('the service serves',
             lambda: os.path.exists(self.flags['port_file']), SECONDS)
    return process

  def write(self, name, text):
    path = self.house.path(name)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), 'w') as file:
      file.write(text)
    return path


def main():
  parser = argparse.ArgumentParser(description=__doc__)
  parser.add_argument('--bin', required=True, help='directory of the programs')
  house = House(parser.parse_args().bin)
  starts = Starts(house)

  starts.refused('there is no --nonsense', '--help', more=['--nonsense=1'])
  starts.refused('read_sessions', read_sessions='many')
  starts.refused('must be', database='mysql:x')
  starts.refused('cannot be opened', 'Connection refused',
                 database='postgresql://nobody:geheim@127.0.0.1:1/x')
  noisy = starts.refused('cannot be', database='sqlite:/nowhere/at/all.db')
  assert 'geheim' not in noisy
  starts.refused('cannot be read', key_file='/nowhere')
  starts.refused('64 hex', key_file=starts.write(
      'short.json', '{"keys": {"1": "abc"}, "current": "1"}'))
  starts.refused('staff', token_file=starts.write(
      'nobody.json', '{"tokens": [{"sha256": "%s", "principal": "x", '
      '"role": "officer", "courts": ["%s"]}]}' % ('a' * 64, COURT)))
  open_key = starts.write('open.json', '{}')
  os.chmod(open_key, 0o644)
  starts.refused('chmod 600', key_file=open_key)

  # Redis is away, and the service serves all the same.
  first = starts.serve()
  starts.refused('another process serves', 'PostgreSQL', port_file=house.path('second'))
  first.kill()
  first.wait()
  os.remove(starts.flags['port_file'])
  again = starts.serve()  # a lock does not outlive its holder
  again.terminate()
  assert again.wait(SECONDS) == 0

  # A later release has been here. Its step says who can still go on.
  def migrate(*statements):
    with sqlite3.connect(house.path('alone.db')) as database:
      for statement in statements:
        database.execute(statement)
    database.close()

  migrate("INSERT INTO schema_steps VALUES ('ticket', 99, 'x')",
          'ALTER TABLE tickets ADD COLUMN of_later TEXT')
  os.remove(starts.flags['port_file'])
  before = starts.serve()
  before.terminate()
  assert before.wait(SECONDS) == 0
  migrate("UPDATE schema_runs_on SET step = 99 WHERE component = 'ticket'")
  starts.refused('newer version', 'start that version')
  house.stop()
  print('PASSED')
  return 0


if __name__ == '__main__':
  sys.exit(main())
