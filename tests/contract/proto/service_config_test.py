#!/usr/bin/python3
"""The service configs that are shipped against the services they are for."""

import glob
import importlib
import json
import os
import re
import sys
import unittest

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(SOURCE, 'tests/chaos'))
from need_stubs import stubs  # pylint: disable=wrong-import-position

SECONDS = {'Seconds': 1, 'Minutes': 60}
# A method that is declared with more than the ten seconds of the others.
DURATION = re.compile(
    r'rpc::Method \w+\{\s*"(\w+)"[^}]*?absl::(Seconds|Minutes)\((\d+)\)')


def methods_of(process):
  """What the process serves: full name of the service, descriptor of the method."""
  files = [f'huifang.{process}.v1.' + os.path.basename(path)[:-len('.proto')]
           for path in glob.glob(f'{stubs.PROTO}/huifang/{process}/v1/*_service.proto')]
  for file in files + ['huifang.common.v1.queue_service']:
    descriptor = importlib.import_module(file + '_pb2').DESCRIPTOR
    for service in descriptor.services_by_name.values():
      for method in service.methods:
        yield service.full_name, method


def is_stream(method):
  return method.client_streaming or method.server_streaming


class Config:
  """One config, read as gRPC reads it."""

  def __init__(self, process):
    with open(f'{stubs.PROTO}/huifang/{process}/v1/{process}_service_config.json',
              encoding='utf-8') as file:
      self.root = json.load(file)
    self.names = [((name['service'], name.get('method')), entry)
                  for entry in self.root['methodConfig'] for name in entry['name']]
    self.entries = dict(self.names)

  def entry(self, service, method):
    """The most exact name counts, and nothing of the other is inherited."""
    return self.entries.get((service, method), self.entries.get((service, None)))


class ServiceConfigTest(unittest.TestCase):

  def each(self):
    for process in stubs.STUBS:
      with self.subTest(process):
        yield process, Config(process)

  def test_calls_go_to_replicas_that_say_they_serve(self):
    for _, config in self.each():
      self.assertEqual(config.root['loadBalancingConfig'], [{'round_robin': {}}])
      self.assertEqual(config.root['healthCheckConfig'], {'serviceName': ''})
      self.assertIn('retryThrottling', config.root)

  def test_every_call_ends_and_is_retried_and_no_watch_ends(self):
    for process, config in self.each():
      for service, method in methods_of(process):
        entry = config.entry(service, method.name)
        self.assertIsNotNone(entry, f'{service}/{method.name}')
        if method.name.startswith(('Watch', 'Import', 'Export')) and is_stream(method):
          self.assertNotIn('timeout', entry, method.name)
          continue
        self.assertRegex(entry.get('timeout', ''), r'^\d+s$', method.name)
        self.assertEqual(entry.get('retryPolicy', {}).get('retryableStatusCodes'),
                         ['UNAVAILABLE'], method.name)

  def test_a_client_waits_as_long_as_a_method_may_take(self):
    for process, config in self.each():
      source = ''
      for path in glob.glob(f'{SOURCE}/services/{process}/*.cc'):
        with open(path, encoding='utf-8') as file:
          source += file.read()
      takes = {name: int(count) * SECONDS[unit]
               for name, unit, count in DURATION.findall(source)}
      for service, method in methods_of(process):
        timeout = config.entry(service, method.name).get('timeout')
        if timeout:
          self.assertGreaterEqual(int(timeout[:-1]), takes.get(method.name, 10),
                                  method.name)

  def test_every_name_is_a_method_there_and_named_once(self):
    for process, config in self.each():
      served = {(service, method.name) for service, method in methods_of(process)}
      served |= {(service, None) for service, _ in served}
      for name, _ in config.names:
        self.assertIn(name, served)
      self.assertEqual(len(config.names), len(config.entries))


if __name__ == '__main__':
  unittest.main()
