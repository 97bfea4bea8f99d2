"""The Sentinel or Cluster that tests/support/servers.sh started, and the death
of its masters."""

import itertools
import os
import re
import secrets
import signal
import subprocess
import time

from house import wait_for


def cli(port, *args):
  """What the server says; nothing if it is away or hangs."""
  try:
    done = subprocess.run(['redis-cli', '-p', str(port), *args],
                          capture_output=True, text=True, timeout=3)
  except subprocess.TimeoutExpired:
    return ''
  return done.stdout.strip()


def info(port, section):
  return dict(line.split(':', 1) for line in cli(port, 'info', section).split('\n')
              if ':' in line)


class RedisGroup:
  """`kind` is sentinel or cluster."""

  def __init__(self, kind, url):
    self.kind = kind
    self.url = url
    self.prefix = 'e2e-' + secrets.token_hex(4)
    self.ports = [int(port) for port in re.findall(r':(\d+)', url)]
    self.turns = itertools.count()

  def members(self):
    """Port of each server to whether it is a master now, as the group says."""
    if self.kind == 'sentinel':
      sentinel = self.ports[0]
      master = cli(sentinel, 'sentinel', 'get-master-addr-by-name', 'huifang')
      replicas = re.findall(r'^port\n(\d+)$',
                            cli(sentinel, 'sentinel', 'replicas', 'huifang'), re.M)
      return {int(p): False for p in replicas} | {int(master.split('\n')[1]): True}
    for entry in self.ports:
      lines = [line.split() for line in cli(entry, 'cluster', 'nodes').split('\n')]
      if len(lines) > 1:
        return {int(line[1].split('@')[0].split(':')[1]):
                    'master' in line[2] and len(line) > 8 for line in lines}
    raise AssertionError('no server of the cluster answers')

  def masters(self):
    return sorted(port for port, master in self.members().items() if master)

  def next_master(self):
    """Each of the masters in turn."""
    masters = self.masters()
    return masters[next(self.turns) % len(masters)]

  def process_of(self, port):
    return int(info(port, 'server')['process_id'])

  def is_whole(self):
    """As many replicas as there were follow their masters."""
    following = [port for port, master in self.members().items() if not master and
                 info(port, 'replication').get('master_link_status') == 'up']
    return len(following) == (2 if self.kind == 'sentinel' else 3)

  def lose_master(self, behind=0):
    """Kills a master, waits for its successor, and starts it again: when it died.
    Its replicas do not know what it was told in the `behind` seconds before."""
    wait_for('the Redis group is whole', self.is_whole, 90)
    victim = self.next_master()
    process = self.process_of(victim)
    config = info(victim, 'server')['config_file']
    if behind:
      cli(victim, 'acl', 'setuser', 'default', '-psync', '-sync')
      cli(victim, 'client', 'kill', 'type', 'replica')
      time.sleep(behind)
    os.kill(process, signal.SIGKILL)
    died = time.time()
    wait_for('another master', lambda: not self.members().get(victim), 60)
    subprocess.run(['redis-server', config], check=True,
                   stdout=subprocess.DEVNULL)
    return died
