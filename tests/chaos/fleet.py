"""The four services with their Redis, database and network, as processes."""

import concurrent.futures
import hashlib
import json
import os
import secrets
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading

import stubs
from names import Names
from proxy import Proxy
from servers import Disk, Ports, Postgres, Redis, RedisServers, Server, wait_for
from shifted_clock import ShiftedClock

SERVICES = ('ticket', 'callback', 'grading', 'reporting')
COURTS = ('110102', '110105', '110106')
# People die and are replaced: each of them may hold one lease.
PEOPLE = 200


class Replica(Server):
  """One process of a service."""

  def __init__(self, fleet, service, number, port):
    super().__init__(port)
    self.fleet = fleet
    self.service = service
    self.number = number
    self.name = f'{service}-{number}'
    self.host = '127.0.0.1'
    self.bin = fleet.bin
    self.clock = ShiftedClock(self.bin, fleet.path(self.name + '.clock'))
    self.crash_at = ''

  def start(self):
    self.process = subprocess.Popen(
        [self._program(), *self.fleet.flags(self), f'--crash_at={self.crash_at}'],
        env=self._environment(), stdout=subprocess.DEVNULL,
        stderr=open(self.fleet.path(self.name + '.log'), 'a'))

  def _program(self):
    return os.path.join(self.bin, 'huifang-' + self.service)

  def _environment(self):
    env = {'PATH': os.environ['PATH']}
    if os.path.exists(self.clock.library):
      env.update(self.clock.environment())
    return env

  def healthy(self):
    return self.is_running() and stubs.is_serving(f'{self.host}:{self.port}')

  def ahead_when_set(self, ahead):
    """By how many seconds a process so set is ahead, as it says itself."""
    clock = ShiftedClock(self.bin, self.fleet.path('probe.clock'))
    clock.set(ahead)
    return clock.ahead_of(self._program())

  def move(self):
    """Comes back at an address that it has not had: every one of 127/8 is ours."""
    _, service, number, times = map(int, self.host.split('.'))
    self.host = f'127.{service}.{number}.{times + 1}'

  def kill(self):
    ended = not self.is_running()
    super().kill()
    if ended or self.process.returncode != -signal.SIGKILL:
      self.fleet.note_end(self)

  def end(self, may_die=False):
    """SIGTERM, as an operator ends it; what is wrong with how it ended, in words.
    `may_die`: it was just started, may have come to its crash point, or come there
    meanwhile. Before its first line, which blocks it, SIGTERM ends any program."""
    deaths = {-signal.SIGKILL, -signal.SIGTERM} if may_die else set()
    code = self.process.poll()
    if code is not None:
      if may_die and code == -signal.SIGKILL:
        return []
      return [f'{self.name} ended by itself with {code}']
    self.signal_all(signal.SIGCONT)
    self.process.terminate()
    try:
      code = self.process.wait(60)
    except subprocess.TimeoutExpired:
      super().kill()
      return [f'{self.name} did not end within 60 s after SIGTERM']
    return [] if code in {0, *deaths} else [f'{self.name} ended with {code} after SIGTERM']


class Fleet:
  """All processes of a run. `servers` are they by name. `redis`: standalone,
  sentinel or cluster. `named`: the services are called by names, whose addresses
  change with each start."""

  def __init__(self, bin_dir, engine, redis, replicas, report, named=False):
    self.bin = bin_dir
    self.engine = engine
    self.report = report
    self.dir = tempfile.mkdtemp(prefix='huifang-chaos-')
    os.chmod(self.dir, 0o711)  # PostgreSQL runs as another user
    self.tokens = {}
    self._write_secrets()
    ports = Ports()
    self.disk = Disk(self.path('data'))
    if redis == 'standalone':
      self.redis = Redis(self.path('redis'), ports.take())
    else:
      self.redis = RedisServers(redis, self.path('redis'))
    self.servers = {'redis': self.redis}
    self.postgres = None
    if engine == 'postgres':
      self.postgres = Postgres(self.disk, ports.take())
      self.servers['postgres'] = self.postgres
    self.replicas = []
    for service in SERVICES:
      for number in range(replicas):
        self.replicas.append(Replica(self, service, number, ports.take()))
    self.servers.update({one.name: one for one in self.replicas})
    self.names = None
    if named:
      self._name_all(ports)
    self.link_ports = {}
    self.proxy = Proxy(open(self.path('proxy.log'), 'w'))
    self._open_links(ports)
    self.exits = []
    self.crashes = []
    self.ending = threading.Event()
    self.supervisor = threading.Thread(target=self._supervise, daemon=True)

  def path(self, *parts):
    return os.path.join(self.dir, *parts)

  def of(self, service):
    return [one for one in self.replicas if one.service == service]

  # What they are started with -------------------------------------------

  def _write_secrets(self):
    people = [('admin', 'admin'), ('service', 'service')]
    people += [(f'officer-{n}', 'officer') for n in range(PEOPLE)]
    entries = []
    for principal, role in people:
      token = secrets.token_hex(32)
      self.tokens[principal] = token
      entries.append({'sha256': hashlib.sha256(token.encode()).hexdigest(),
                      'principal': principal, 'role': role, 'courts': ['*'],
                      'staff': f'courts/{COURTS[0]}/staff/{principal}'
                               if role == 'officer' else ''})
    self._write_private('tokens.json', json.dumps({'tokens': entries}))
    self._write_private('keys.json', json.dumps(
        {'keys': {'1': secrets.token_hex(32)}, 'current': '1'}))
    self._write_private('service.token', self.tokens['service'] + '\n')

  def _write_private(self, name, text):
    descriptor = os.open(self.path(name), os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, 'w') as file:
      file.write(text)

  def _open_links(self, ports):
    """A proxied port for each pair of processes that talk."""
    links = []

    def add(from_name, to):
      port = ports.take()
      self.link_ports[from_name, to.name] = port
      links.append((f'{from_name}>{to.name}', port, to.port))

    for one in self.replicas:
      add('client', one)
      if self.redis.port:  # a group tells clients the addresses of its servers
        add(one.name, self.redis)
      if self.postgres:
        add(one.name, self.postgres)
      for peer in self.replicas:
        if SERVICES.index(peer.service) < SERVICES.index(one.service) and (
            one.service != 'callback' or peer.service == 'ticket'):
          add(one.name, peer)
    self.proxy.open(links)

  def _name_all(self, ports):
    self.names = Names(ports.take())
    self.names.start()
    for number, service in enumerate(SERVICES):
      port = ports.take()
      for one in self.of(service):
        one.port = port
        one.host = f'127.{1 + number}.{one.number}.1'
      self.tell_names(service)

  def tell_names(self, service):
    """The addresses of all its replicas, as they are now."""
    self.names.set(service, [one.host for one in self.of(service)])

  def target(self, service, caller):
    """All replicas, as `caller` reaches them; past the proxy if that is nobody."""
    if self.names:
      return self.names.target(service, self.of(service)[0].port)
    ports = [self.link_ports[caller, one.name] if caller else one.port
             for one in self.of(service)]
    return 'ipv4:' + ','.join(f'127.0.0.1:{port}' for port in ports)

  def flags(self, one):
    link = lambda to: self.link_ports.get((one.name, to))
    flags = [
        f'--listen={one.host}:{one.port}',
        f'--redis_url={self.redis.url(link("redis"))}',
        f'--token_file={self.path("tokens.json")}',
        f'--key_file={self.path("keys.json")}',
    ]
    if self.postgres:
      url = self.postgres.url('huifang_' + one.service, link('postgres'))
      flags += [f'--database={url}', '--read_sessions=8']
    else:
      flags.append('--database=sqlite:' + self.database(one.service))
    peers = SERVICES[:SERVICES.index(one.service)]
    for peer in peers[:1] if one.service == 'callback' else peers:
      flags.append(f'--{peer}_address={self.target(peer, one.name)}')
    if one.service != 'ticket':
      flags.append(f'--peer_token_file={self.path("service.token")}')
    if one.service == 'callback':
      flags.append('--call_lease=1m')
    if one.service == 'grading':
      flags += ['--random_share_permille=200', '--blind_share_permille=200']
    return flags

  # Life -------------------------------------------------------------------

  def start(self):
    self.redis.start()
    wait_for('Redis answers', self.redis.healthy, 30)
    if self.postgres:
      self.postgres.start()
      wait_for('PostgreSQL answers', self.postgres.healthy, 30)
      for service in SERVICES:
        self.postgres.query('postgres', f'CREATE DATABASE huifang_{service}')
    for one in self.replicas:
      one.start()
    self.supervisor.start()
    for one in self.replicas:
      wait_for(f'{one.name} is healthy', one.healthy, 60)
    return self

  def _supervise(self):
    """Starts again what ended by itself, as an init system would."""
    while not self.ending.wait(0.5):
      for server in self.servers.values():
        if server.lock.acquire(blocking=False):
          try:
            if not server.is_running():
              self.note_end(server)
              server.start()
          finally:
            server.lock.release()

  def note_end(self, server):
    """It ended by itself."""
    code = server.process.returncode
    line = f'{server.name} ended by itself with {code}'
    self.report(line)
    self.exits.append(line)
    # Exit code 1 says that a dependency is away at start; a signal that nobody
    # sent is a crash.
    if isinstance(server, Replica) and code != 1:
      self.crashes.append(line)

  def wait_healthy(self, seconds):
    for server in self.servers.values():
      wait_for(f'{server.name} is healthy', server.healthy, seconds)

  def stop(self):
    """Ends everything; what is wrong with how the services ended, in words."""
    self.ending.set()
    if self.supervisor.is_alive():
      self.supervisor.join()
    started = [one for one in self.replicas if one.process is not None]
    with concurrent.futures.ThreadPoolExecutor() as pool:
      problems = [text for found in pool.map(Replica.end, started) for text in found]
    self.proxy.close()
    if self.names:
      self.names.close()
    for server in (self.redis, self.postgres):
      if server is not None:
        server.stop()
    return problems

  def clear(self, keep):
    """Gives its disk back; takes its directory away unless that is to be kept."""
    if keep and self.disk.mounted:
      shutil.copytree(self.disk.path, self.disk.path + '-kept', dirs_exist_ok=True)
    self.disk.close()
    if not keep:
      shutil.rmtree(self.dir, ignore_errors=True)

  # Their databases, seen from outside ---------------------------------------

  def database(self, service):
    return os.path.join(self.disk.path, service + '.db')

  def database_url(self, service):
    return (self.postgres.url('huifang_' + service) if self.postgres
            else 'sqlite:' + self.database(service))

  def query(self, service, sql):
    """Rows as tuples of text."""
    if self.postgres:
      return [tuple(row) for row in self.postgres.query('huifang_' + service, sql)]
    connection = sqlite3.connect(self.database(service), timeout=30)
    try:
      rows = connection.execute(sql).fetchall()
      connection.commit()
    finally:
      connection.close()
    return [tuple('' if value is None else str(value) for value in row)
            for row in rows]

  def log_tail(self, name, lines=10):
    try:
      with open(self.path(name + '.log'), encoding='utf-8', errors='replace') as file:
        return ''.join(file.readlines()[-lines:])
    except OSError:
      return ''
