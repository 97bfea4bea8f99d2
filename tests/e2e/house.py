"""The four services with their servers, for end-to-end tests.

Python's standard library only: python3 is on every Debian.
"""

import csv
import hashlib
import io
import json
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time

SERVICES = ('ticket', 'callback', 'grading', 'reporting')
COURT = '110102'
SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HIGH_COURT = '110000'
# Exit codes of huifangctl.
UNAVAILABLE = 3


class CommandError(Exception):
  """A command that was refused."""


def free_port():
  with socket.socket() as probe:
    probe.bind(('127.0.0.1', 0))
    return probe.getsockname()[1]


def wait_for(what, condition, seconds):
  """Polls `condition` until it is true; its last value."""
  deadline = time.monotonic() + seconds
  while True:
    value = condition()
    if value:
      return value
    if time.monotonic() > deadline:
      raise AssertionError(f'not within {seconds} s: {what}')
    time.sleep(0.1)


class House:
  """A directory with keys, tokens and databases, a Redis, and the services.

  Every service runs in `replicas` processes. `engine` is sqlite or postgres
  (on the server of $HUIFANG_TEST_POSTGRES_URL). With `group`, a RedisGroup, the
  services use that instead of the Redis of the house. `flags` are added to
  every service's.
  """

  def __init__(self, bin_dir, engine='sqlite', replicas=1, group=None,
               flags=()):
    self.bin = bin_dir
    self.engine = engine
    self.replicas = replicas
    self.dir = tempfile.mkdtemp(prefix='huifang-e2e-')
    self.processes = {}
    self.ports = {(s, r): free_port() for s in SERVICES for r in range(replicas)}
    self.databases = {}
    self.redis = None
    self.group = group
    self.flags = flags
    self.environment = {}  # of services that start
    self._write_secrets()
    for service in SERVICES:
      self.databases[service] = self._make_database(service)

  def path(self, *parts):
    return os.path.join(self.dir, *parts)

  def _write_secrets(self):
    tokens = []
    for name, role, staff, court in (
        ('admin', 'admin', '', '*'), ('service', 'service', '', '*'),
        ('leader', 'leader', '', '*'), ('officer', 'officer', 'officer-1', '*'),
        ('head', 'head', 'head-1', '*'), ('high', 'leader', '', HIGH_COURT)):
      token = secrets.token_hex(32)
      with open(self.path(name + '.token'), 'w') as file:
        file.write(token + '\n')
      tokens.append({
          'sha256': hashlib.sha256(token.encode()).hexdigest(),
          'principal': name, 'role': role, 'courts': [court],
          'staff': f'courts/{COURT}/staff/{staff}' if staff else ''})
    self._write_private('tokens.json', {'tokens': tokens})
    self._write_private('courts.json', {'superior_courts': [{
        'court': HIGH_COURT, 'display_name': '北京市高级人民法院', 'courts': [
            {'court': '110101', 'display_name': '北京市东城区人民法院'},
            {'court': COURT, 'display_name': '北京市西城区人民法院'}]}]})
    self._write_private(
        'keys.json', {'keys': {'1': secrets.token_hex(32)}, 'current': '1'})

  def _write_private(self, name, value):
    descriptor = os.open(self.path(name), os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, 'w') as file:
      json.dump(value, file)

  def _make_database(self, service):
    if self.engine == 'sqlite':
      return 'sqlite:' + self.path(service + '.db')
    server = os.environ['HUIFANG_TEST_POSTGRES_URL']
    name = f'e2e_{service}_{os.getpid()}_{secrets.token_hex(4)}'
    subprocess.run(['psql', '-q', server, '-c', f'CREATE DATABASE {name}'],
                   check=True)
    return server.rsplit('/', 1)[0] + '/' + name

  # Processes ------------------------------------------------------------

  def start(self):
    if self.group is None:
      self.start_redis()
    for service in SERVICES:
      for replica in range(self.replicas):
        self.start_service(service, replica)
    return self

  def start_redis(self):
    self.redis = subprocess.Popen(
        ['redis-server', '--port', '0', '--unixsocket', self.path('redis.sock'),
         '--dir', self.dir, '--appendonly', 'yes', '--save', '',
         '--maxmemory-policy', 'noeviction'],
        stdout=open(self.path('redis.log'), 'a'), stderr=subprocess.STDOUT)
    wait_for('Redis answers', lambda: self.redis_cli('ping') == 'PONG', 20)

  def redis_cli(self, *args):
    done = subprocess.run(['redis-cli', '-s', self.path('redis.sock'), *args],
                          capture_output=True, text=True)
    return done.stdout.strip()

  def address(self, service):
    """All replicas: gRPC spreads calls over them."""
    ports = [self.ports[service, r] for r in range(self.replicas)]
    if len(ports) == 1:
      return f'127.0.0.1:{ports[0]}'
    return 'ipv4:' + ','.join(f'127.0.0.1:{port}' for port in ports)

  def start_service(self, service, replica=0):
    port_file = self.path(f'{service}-{replica}.port')
    if os.path.exists(port_file):
      os.remove(port_file)
    flags = [
        f'--listen=127.0.0.1:{self.ports[service, replica]}',
        f'--database={self.databases[service]}',
        '--redis_url=' + (self.group.url if self.group is not None
                          else f'unix:{self.path("redis.sock")}'),
        f'--token_file={self.path("tokens.json")}',
        f'--key_file={self.path("keys.json")}',
        f'--port_file={port_file}',
        *self.flags,
    ]
    if self.group is not None:
      flags.append(f'--redis_prefix={self.group.prefix}')
    for peer in SERVICES[:SERVICES.index(service)]:
      # callback follows ticket only; the others follow all before them.
      flags.append(f'--{peer}_address={self.address(peer)}')
    if service != 'ticket':
      flags.append(f'--peer_token_file={self.path("service.token")}')
    if service == 'reporting':
      flags.append(f'--courts_file={self.path("courts.json")}')
    process = subprocess.Popen(
        [os.path.join(self.bin, 'huifang-' + service), *flags],
        stdout=subprocess.DEVNULL,
        stderr=open(self.path(f'{service}-{replica}.log'), 'a'),
        env={'PATH': os.environ['PATH'], **self.environment})
    self.processes[service, replica] = process

    def serves():
      if process.poll() is not None:
        raise AssertionError(f'{service} ended with {process.returncode}:\n' +
                             self.log_tail(service, replica))
      return os.path.exists(port_file)

    wait_for(f'{service} serves', serves, 60)

  def log_tail(self, service, replica=0, lines=15):
    with open(self.path(f'{service}-{replica}.log')) as file:
      return ''.join(file.readlines()[-lines:])

  def kill(self, victim, replica=0):
    """kill -9: no drain, no goodbye."""
    process = self.redis if victim == 'redis' else self.processes[victim, replica]
    process.kill()
    process.wait()

  def restart(self, victim, replica=0):
    if victim == 'redis':
      self.start_redis()
    else:
      self.start_service(victim, replica)

  def partition_by_court(self):
    """What an operator does with fresh databases. Returns the tables split."""
    for process in self.processes.values():
      process.terminate()
    for process in self.processes.values():
      process.wait(30)
    split = []
    for url in self.databases.values():
      subprocess.run([os.path.join(SOURCE, 'deploy/partition-by-court'), url],
                     check=True, capture_output=True)
      split += subprocess.run(
          ['psql', '-XAtq', url, '-c',
           "SELECT relname FROM pg_class WHERE relkind = 'p'"],
          check=True, capture_output=True, text=True).stdout.split()
    for service, replica in self.processes:
      self.start_service(service, replica)
    return split

  def stop(self, keep=False):
    codes = {}
    for process in self.processes.values():
      process.terminate()
    for key, process in self.processes.items():
      try:
        codes[key] = process.wait(30)
      except subprocess.TimeoutExpired:
        process.kill()
        codes[key] = 'did not stop within 30 s'
    if self.redis is not None:
      self.redis.terminate()
      self.redis.wait()
    if self.engine == 'postgres':
      for url in self.databases.values():
        server = os.environ['HUIFANG_TEST_POSTGRES_URL']
        subprocess.run(['psql', '-q', server, '-c',
                        f'DROP DATABASE {url.rsplit("/", 1)[1]} WITH (FORCE)'],
                       check=False)
    if keep:
      print('kept:', self.dir)
    else:
      shutil.rmtree(self.dir, ignore_errors=True)
    return codes

  # Commands -------------------------------------------------------------

  def run(self, program, *args, token='admin', timeout=300):
    """One run of a client; its exit code, stdout and stderr."""
    env = {'PATH': os.environ['PATH'], 'HUIFANG_COURT': COURT,
           'HUIFANG_TOKEN_FILE': self.path(token + '.token')}
    for service in SERVICES:
      env[f'HUIFANG_{service.upper()}_ADDRESS'] = self.address(service)
    done = subprocess.run([os.path.join(self.bin, program), *args],
                          capture_output=True, text=True, env=env, timeout=timeout)
    return done.returncode, done.stdout, done.stderr

  def ctl(self, *args, token='admin', patience=60):
    """huifangctl's stdout. Repeats while a service is away, as people would."""
    deadline = time.monotonic() + patience
    while True:
      code, out, err = self.run('huifangctl', *args, token=token)
      if code == 0:
        return out
      if code != UNAVAILABLE or time.monotonic() > deadline:
        raise CommandError(f'huifangctl {" ".join(args)}: exit {code}\n{err}')
      time.sleep(0.3)

  def table(self, *args, token='admin'):
    """The rows a command prints."""
    text = self.ctl('--format', 'csv', *args, token=token)
    return list(csv.DictReader(io.StringIO(text)))
