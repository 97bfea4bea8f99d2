#!/usr/bin/python3
"""TCP links between named processes that can be cut, reset and delayed.

Run as a program it is the proxy: one line of JSON a command on stdin, one a
reply on stdout. `Proxy` starts and commands it.
"""

import asyncio
import json
import os
import subprocess
import sys
import threading


class Link:
  """One listening port that forwards to one address."""

  def __init__(self, port, target):
    self.port = port
    self.target = target
    self.flowing = asyncio.Event()
    self.flowing.set()
    self.delay = 0.0
    self.writers = set()

  async def listen(self):
    # A backlog, so that connections made while the link is cut hang as they
    # would without the host.
    await asyncio.start_server(self.accept, '127.0.0.1', self.port, backlog=256)

  async def accept(self, reader, writer):
    await self.flowing.wait()
    try:
      there_reader, there_writer = await asyncio.open_connection(
          '127.0.0.1', self.target)
    except OSError:
      writer.transport.abort()
      return
    self.writers |= {writer, there_writer}
    await asyncio.gather(self.pump(reader, there_writer),
                         self.pump(there_reader, writer))
    for one in (writer, there_writer):
      self.writers.discard(one)
      one.close()

  async def pump(self, reader, writer):
    """Bytes one way, until either side ends."""
    try:
      while data := await reader.read(64 * 1024):
        if self.delay:
          await asyncio.sleep(self.delay)
        await self.flowing.wait()
        writer.write(data)
        await writer.drain()
      writer.write_eof()
    except OSError:
      writer.transport.abort()

  def set(self, mode, delay=0.0):
    self.delay = delay
    if mode == 'cut':
      self.flowing.clear()
    else:
      self.flowing.set()
    if mode == 'reset':
      for writer in list(self.writers):
        writer.transport.abort()


async def serve():
  links = {}
  loop = asyncio.get_running_loop()
  commands = asyncio.StreamReader()
  await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands),
                               sys.stdin)
  while line := await commands.readline():
    command = json.loads(line)
    if command['do'] == 'open':
      for name, port, target in command['links']:
        links[name] = Link(port, target)
        await links[name].listen()
    else:
      for name in command['links']:
        links[name].set(command['do'], command.get('delay', 0.0))
    print('{}', flush=True)


class Proxy:
  """The proxy's process. Names of links are "from>to"."""

  def __init__(self, log):
    self.process = subprocess.Popen(
        [sys.executable, os.path.abspath(__file__)], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=log, text=True)
    self.lock = threading.Lock()
    self.names = []

  def _send(self, **command):
    with self.lock:
      self.process.stdin.write(json.dumps(command) + '\n')
      self.process.stdin.flush()
      if not self.process.stdout.readline():
        raise RuntimeError('the proxy has ended; see proxy.log')

  def open(self, links):
    """`links`: (name, port to listen on, port to forward to)."""
    self.names += [name for name, _, _ in links]
    self._send(do='open', links=links)

  def set(self, mode, names, delay=0.0):
    """`mode`: pass, cut (nothing gets through), reset (connections break)."""
    self._send(do=mode, links=names, delay=delay)

  def close(self):
    self.process.stdin.close()
    self.process.wait()


if __name__ == '__main__':
  asyncio.run(serve())
