"""The services' gRPC clients, generated from proto/ when this is imported.

Needs Debian's python3-grpcio, protobuf-compiler, protobuf-compiler-grpc and
libgoogle-common-protos-java.
"""

import atexit
import glob
import importlib
import os
import shutil
import subprocess
import sys
import tempfile
import types
import zipfile

os.environ.setdefault('GRPC_ENABLE_FORK_SUPPORT', '0')
import grpc  # pylint: disable=wrong-import-position

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROTO = os.path.join(SOURCE, 'proto')
GOOGLE_JAR = '/usr/share/java/proto-google-common-protos.jar'


def _generate():
  folder = tempfile.mkdtemp(prefix='huifang-stubs-')
  atexit.register(shutil.rmtree, folder, ignore_errors=True)
  google = os.path.join(folder, 'google-protos')
  needed = ['google/api/field_behavior.proto', 'google/api/resource.proto']
  with zipfile.ZipFile(GOOGLE_JAR) as jar:
    for name in needed:
      jar.extract(name, google)
  ours = glob.glob('huifang/*/v1/*.proto', root_dir=PROTO)
  subprocess.run(
      ['protoc', '-I', PROTO, '-I', google, '--python_out=' + folder,
       '--grpc_out=' + folder,
       '--plugin=protoc-gen-grpc=' + shutil.which('grpc_python_plugin'),
       *ours, *needed], check=True)
  sys.path.insert(0, folder)


def _package(name, *files):
  """All messages, enums and stubs of huifang.<name>.v1 under one roof."""
  merged = types.SimpleNamespace()
  for file in files:
    for suffix in ('_pb2', '_pb2_grpc'):
      module = importlib.import_module(f'huifang.{name}.v1.{file}{suffix}')
      for key, value in vars(module).items():
        if not key.startswith('_'):
          setattr(merged, key, value)
  return merged


_generate()
common = _package('common', 'queue_service')
ticket = _package('ticket', 'ticket_resources', 'ticket_events', 'ticket_service',
                  'directory_service')
callback = _package('callback', 'callback_resources', 'callback_events',
                    'callback_service')
grading = _package('grading', 'grading_resources', 'grading_events', 'grading_service')
reporting = _package('reporting', 'reporting_resources', 'reporting_events',
                     'reporting_service')

# One stub class for each gRPC service, by the service's process.
STUBS = {
    'ticket': (ticket.TicketServiceStub, ticket.DirectoryServiceStub,
               ticket.DeadlineServiceStub),
    'callback': (callback.SamplingPlanServiceStub, callback.DrawServiceStub,
                 callback.CallServiceStub, callback.ConveyanceServiceStub),
    'grading': (grading.InspectionServiceStub, grading.ReviewServiceStub,
                grading.GradeServiceStub, grading.AppealServiceStub),
    'reporting': (reporting.ReportServiceStub, reporting.SuggestionServiceStub,
                  reporting.TrainingServiceStub),
}


def channel(service, target):
  """A channel to all replicas with the service config that is shipped."""
  with open(os.path.join(PROTO, f'huifang/{service}/v1/{service}_service_config.json'),
            encoding='utf-8') as file:
    config = file.read()
  # The settings of services/common/client.cc.
  return grpc.insecure_channel(target, options=[
      ('grpc.service_config', config),
      ('grpc.keepalive_time_ms', 15_000),
      ('grpc.keepalive_timeout_ms', 10_000),
      ('grpc.keepalive_permit_without_calls', 1),
      ('grpc.min_reconnect_backoff_ms', 100),
      ('grpc.initial_reconnect_backoff_ms', 100),
      ('grpc.max_reconnect_backoff_ms', 2_000),
      ('grpc.dns_min_time_between_resolutions_ms', 1_000),
      ('grpc.max_receive_message_length', 16 * 1024 * 1024),
      # A channel of its own, or all agents would share one connection's fate.
      ('grpc.use_local_subchannel_pool', 1),
  ])


def is_serving(address, seconds=1.0):
  """The health service's answer, asked on a connection of its own."""
  with grpc.insecure_channel(address, options=[
      ('grpc.use_local_subchannel_pool', 1)]) as one:
    check = one.unary_unary('/grpc.health.v1.Health/Check',
                            request_serializer=lambda _: b'',
                            response_deserializer=lambda reply: reply)
    try:
      return check(None, timeout=seconds) == b'\x08\x01'  # status: SERVING
    except grpc.RpcError:
      return False
