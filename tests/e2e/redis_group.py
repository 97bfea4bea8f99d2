"""The Sentinel or Cluster that tests/support/servers.sh started, and the death
of its masters."""

import os
import re
import secrets
import signal
import subprocess

from house import wait_for


def cli(port, *args):
  done = subprocess.run(['redis-cli', '-p', str(port), *args],
                        capture_output=True, text=True)
  return done.stdout.strip()


class RedisGroup:
  """`kind` is sentinel or cluster."""

  def __init__(self, kind):
    self.kind = kind
    self.url = os.environ[f'HUIFANG_TEST_{kind.upper()}_URL']
    self.prefix = 'e2e-' + secrets.token_hex(4)
    self.ports = [int(port) for port in re.findall(r':(\d+)', self.url)]

  def _members(self):
    """Port of each server to whether it is a master now, as the group says."""
    if self.kind == 'sentinel':
      sentinel = self.ports[0]
      master = cli(sentinel, 'sentinel', 'get-master-addr-by-name', 'huifang')
      replicas = re.findall(r'^port\n(\d+)$',
                            cli(sentinel, 'sentinel', 'replicas', 'huifang'), re.M)
      return {int(master.split('\n')[1]): True} | {int(p): False for p in replicas}
    for entry in self.ports:
      lines = [line.split() for line in cli(entry, 'cluster', 'nodes').split('\n')]
      if len(lines) > 1:
        return {int(line[1].split('@')[0].split(':')[1]):
                    'master' in line[2] and len(line) > 8 for line in lines}
    raise AssertionError('no server of the cluster answers')

  def _info(self, port, section):
    return dict(line.split(':', 1) for line in cli(port, 'info', section).split('\n')
                if ':' in line)

  def _is_whole(self):
    """As many replicas as there were follow their masters."""
    following = [port for port, master in self._members().items() if not master and
                 self._info(port, 'replication').get('master_link_status') == 'up']
    return len(following) == (2 if self.kind == 'sentinel' else 3)

  def lose_master(self):
    """Kills a master, waits for its successor, starts it again."""
    wait_for('the Redis group is whole', self._is_whole, 90)
    victim = next(port for port, master in self._members().items() if master)
    server = self._info(victim, 'server')
    os.kill(int(server['process_id']), signal.SIGKILL)
    wait_for('another master', lambda: not self._members().get(victim), 60)
    subprocess.run(['redis-server', server['config_file']], check=True,
                   stdout=subprocess.DEVNULL)
