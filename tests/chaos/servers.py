"""A private Redis or group of them, a private PostgreSQL, and disks that can be full."""

import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TESTS, 'e2e'))
from house import wait_for  # noqa: E402
from redis_group import RedisGroup, cli  # noqa: E402


class Ports:
  """Ports below those the kernel gives to outgoing connections: a port stays
  free while its process is down."""

  def __init__(self):
    self.next = 20000 + os.getpid() * 131 % 12000

  def take(self):
    while True:
      self.next = 20000 + (self.next - 20000 + 1) % 12000
      with socket.socket() as probe:
        try:
          probe.bind(('127.0.0.1', self.next))
          return self.next
        except OSError:
          continue


def answers(port):
  try:
    socket.create_connection(('127.0.0.1', port), timeout=1).close()
    return True
  except OSError:
    return False


class Disk:
  """A file system of its own that can be full. Needs root."""

  ROOM_MIB = 6144

  def __init__(self, path):
    self.path = path
    os.makedirs(path, exist_ok=True)
    self.mounted = os.getuid() == 0 and subprocess.run(
        ['mount', '-t', 'tmpfs', '-o', f'size={self.ROOM_MIB}m', 'tmpfs', path],
        stderr=subprocess.DEVNULL, check=False).returncode == 0

  def _resize(self, kib):
    subprocess.run(['mount', '-o', f'remount,size={kib}k', self.path], check=True)

  def fill(self):
    """No byte more: the file system ends where its files end now."""
    while True:
      stat = os.statvfs(self.path)
      used = (stat.f_blocks - stat.f_bfree) * stat.f_frsize // 1024
      try:
        # Refused when something was written meanwhile.
        self._resize(used + 64)
        return
      except subprocess.CalledProcessError:
        continue

  def free(self):
    self._resize(self.ROOM_MIB * 1024)

  def close(self):
    if self.mounted:
      subprocess.run(['umount', '-l', self.path], check=False)


class Server:
  """A process that can be killed, stopped and started again."""

  name = ''

  def __init__(self, port):
    self.port = port
    self.process = None
    # Whoever takes it down or up holds this; the supervisor then looks away.
    self.lock = threading.Lock()

  def pids(self):
    return [self.process.pid]

  def signal_all(self, number):
    for pid in self.pids():
      try:
        os.kill(pid, number)
      except ProcessLookupError:
        pass

  def kill(self):
    self.signal_all(signal.SIGKILL)
    self.process.wait()

  def is_running(self):
    return self.process is not None and self.process.poll() is None

  def stop(self):
    if self.is_running():
      self.signal_all(signal.SIGCONT)
      self.process.terminate()
      try:
        self.process.wait(20)
      except subprocess.TimeoutExpired:
        self.kill()

  # Faults. When each returns, its cause is gone. Those that other servers must make
  # good, as a failover does, return when they struck.

  def die(self, seconds):
    self.kill()
    time.sleep(seconds)
    self.start()

  def hang(self, seconds):
    self.signal_all(signal.SIGSTOP)
    time.sleep(seconds)
    self.signal_all(signal.SIGCONT)


class Redis(Server):
  """Every write goes to the append-only file; kill -9 loses none of it."""

  name = 'redis'

  def __init__(self, folder, port):
    super().__init__(port)
    self.folder = folder
    os.makedirs(folder)

  def start(self):
    self.process = subprocess.Popen(
        ['redis-server', '--port', str(self.port), '--bind', '127.0.0.1',
         '--dir', self.folder, '--appendonly', 'yes', '--save', '',
         '--auto-aof-rewrite-min-size', '16mb',
         '--maxmemory-policy', 'noeviction'],
        stdout=open(self.folder + '.log', 'a'), stderr=subprocess.STDOUT)

  def url(self, port):
    return f'redis://127.0.0.1:{port}'

  def healthy(self):
    return cli(self.port, 'ping') == 'PONG'

  def flush(self):
    # Another fault may hold it down right now.
    while cli(self.port, 'flushall') != 'OK':
      time.sleep(0.2)

  def roll_back(self, seconds):
    """As a failover that lost the last seconds."""
    self._snapshot()
    time.sleep(seconds)
    self.kill()
    shutil.rmtree(self.folder)
    shutil.copytree(self.folder + '.old', self.folder)
    self.start()

  def _snapshot(self):
    while True:
      old = self.folder + '.old'
      shutil.rmtree(old, ignore_errors=True)
      try:
        shutil.copytree(self.folder, old)
      except shutil.Error:
        continue  # it was being rewritten
      files = old + '/appendonlydir/'
      try:
        with open(files + 'appendonly.aof.manifest') as parts:
          names = [line.split()[1] for line in parts]
      except FileNotFoundError:
        continue
      if all(os.path.exists(files + name) for name in names):
        return


class PatientGroup(RedisGroup):
  """Asks again: amid a failover nobody may answer."""

  def members(self):
    def ask():
      try:
        return super(PatientGroup, self).members()
      except (AssertionError, IndexError):
        return None
    return wait_for('the Redis group says who its masters are', ask, 30)


class RedisServers(Server):
  """Servers with sentinels, or a cluster, in the place of one Redis. A fault
  strikes one of the masters, each in turn; they follow one another by themselves."""

  name = 'redis'

  def __init__(self, kind, folder):
    super().__init__(port=None)
    self.kind = kind
    self.folder = folder
    self.group = None

  def start(self):
    subprocess.run([os.path.join(TESTS, 'support/servers.sh'), 'start', self.folder],
                   env={**os.environ, 'SERVERS': self.kind}, check=True)
    with open(os.path.join(self.folder, self.kind + '.url'), encoding='ascii') as file:
      self.group = PatientGroup(self.kind, file.read().strip())

  def url(self, _):
    return self.group.url

  def healthy(self):
    try:
      return self.group.is_whole()
    except AssertionError:  # nobody said for long
      return False

  def is_running(self):
    return True  # nothing but its group makes good for a server that ended

  def stop(self):
    for path in glob.glob(os.path.join(self.folder, '*', 'redis.pid')):
      with open(path, encoding='ascii') as file:
        process = int(file.read())
      try:
        os.kill(process, signal.SIGKILL)
      except ProcessLookupError:
        pass

  def die(self, _):
    return self.group.lose_master()

  def hang(self, seconds):
    process = self.group.process_of(self.group.next_master())
    os.kill(process, signal.SIGSTOP)
    time.sleep(seconds)
    os.kill(process, signal.SIGCONT)

  def flush(self):
    for port in self.group.masters():
      cli(port, 'flushall')

  def roll_back(self, seconds):
    return self.group.lose_master(behind=seconds)


class Postgres(Server):
  """Durable, as in production: fsync is on."""

  name = 'postgres'

  def __init__(self, disk, port):
    super().__init__(port)
    self.data = os.path.join(disk.path, 'data')
    self.log = disk.path + '.log'
    binaries = sorted(glob.glob('/usr/lib/postgresql/*/bin/initdb'))
    if not binaries:
      raise RuntimeError('no PostgreSQL server: apt-get install postgresql')
    self.bin = os.path.dirname(binaries[-1])
    # initdb and the server refuse to run as root.
    self.user = {}
    if os.getuid() == 0:
      entry = pwd.getpwnam('postgres')
      self.user = {'user': entry.pw_uid, 'group': entry.pw_gid, 'extra_groups': []}
      os.chown(disk.path, entry.pw_uid, entry.pw_gid)
    subprocess.run(
        [self.bin + '/initdb', '-D', self.data, '-U', 'postgres', '-A', 'trust',
         '-E', 'UTF8', '--locale=C', '--no-sync'],
        stdout=subprocess.DEVNULL, check=True, cwd='/', **self.user)

  def start(self):
    self.process = subprocess.Popen(
        [self.bin + '/postgres', '-D', self.data, '-p', str(self.port),
         '-h', '127.0.0.1', '-k', self.data, '-c', 'max_connections=400',
         '-c', 'shared_buffers=64MB', '-c', 'max_wal_size=256MB'],
        stdout=open(self.log, 'a'), stderr=subprocess.STDOUT, cwd='/', **self.user)

  def pids(self):
    """The postmaster first: what it would start meanwhile must not escape."""
    pids = [self.process.pid]
    for path in glob.glob('/proc/[0-9]*/stat'):
      try:
        with open(path, encoding='ascii', errors='replace') as file:
          fields = file.read().rsplit(')', 1)[1].split()
      except OSError:
        continue
      if int(fields[1]) == self.process.pid:
        pids.append(int(path.split('/')[2]))
    return pids

  def signal_all(self, number):
    if number == signal.SIGKILL and self.is_running():
      os.kill(self.process.pid, signal.SIGSTOP)
    super().signal_all(number)

  def url(self, database, port=None):
    return f'postgresql://postgres@127.0.0.1:{port or self.port}/{database}'

  def query(self, database, sql):
    """Rows of text."""
    done = subprocess.run(
        [self.bin + '/psql', '-X', '-q', '-A', '-t', '-F', '\t',
         self.url(database), '-c', sql], capture_output=True, text=True, check=True)
    return [line.split('\t') for line in done.stdout.splitlines()]

  def healthy(self):
    if not answers(self.port):
      return False
    done = subprocess.run(
        [self.bin + '/pg_isready', '-q', '-t', '1', '-h', '127.0.0.1', '-p',
         str(self.port)], check=False)
    return done.returncode == 0
