"""Calls as a careful client makes them: the same request id until answered."""

import threading
import time
import uuid

import grpc
import stubs

Code = grpc.StatusCode

# Nothing is known of the call, or it was not served: ask again.
_AGAIN = {Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED, Code.RESOURCE_EXHAUSTED,
          Code.CANCELLED}
# The call failed for good, and changed nothing.
_REFUSED = {Code.NOT_FOUND, Code.FAILED_PRECONDITION, Code.ALREADY_EXISTS,
            Code.ABORTED}


class Refused(Exception):
  """The service said no; nothing was written."""

  def __init__(self, method, code, details):
    super().__init__(f'{method}: {code.name}: {details}')
    self.code = code


class Unanswered(Exception):
  """No definite answer, and no more time to ask."""


class Client:
  """One channel a service; `as_` says on whose behalf a call is made.

  A strict client does not ask again: what fails for it has failed for a client
  that has the shipped service config and nothing else.
  """

  # Of one attempt. Short, so that a second attempt often meets the first one
  # still at work in another replica.
  SECONDS = 4

  def __init__(self, fleet, ledger, strict=False):
    self.tokens = fleet.tokens
    self.ledger = ledger
    self.strict = strict
    self.failed = []
    self.calls = 0
    self.give_up = float('inf')  # time.monotonic()
    self.lock = threading.Lock()
    self.methods = {}
    self.channels = []
    for service, classes in stubs.STUBS.items():
      # A strict client is about the services alone, without a network of ours.
      channel = stubs.channel(service, fleet.target(service, '' if strict else 'client'))
      self.channels.append(channel)
      for stub in classes:
        self.methods.update(vars(stub(channel)))
      queues = stubs.common.QueueServiceStub(channel)
      self.methods[service, 'ListQueues'] = queues.ListQueues
      self.methods[service, 'ListDeadTasks'] = queues.ListDeadTasks

  def close(self):
    for channel in self.channels:
      channel.close()

  def metadata(self, as_):
    return (('authorization', 'Bearer ' + self.tokens[as_]),)

  def call(self, method, request, as_='admin', seconds=None):
    """The answer of a unary call. `method` is a name, or (service, name)."""
    if seconds is None:
      # None leaves it to the service config.
      seconds = None if self.strict else self.SECONDS
    return self._repeat(
        method, lambda: self.methods[method](
            request, timeout=seconds, metadata=self.metadata(as_)))

  def stream(self, method, request, as_='admin', seconds=120):
    """All answers of a stream that ends. `request` may be a list of requests."""
    def once():
      asked = iter(request) if isinstance(request, list) else request
      return list(self.methods[method](asked, timeout=seconds,
                                       metadata=self.metadata(as_)))
    return self._repeat(method, once)

  def _repeat(self, method, once):
    pause = 0.05
    while True:
      with self.lock:
        self.calls += 1
      try:
        return once()
      except grpc.RpcError as error:
        code, details = error.code(), error.details() or ''
      if code in _REFUSED:
        self.ledger.note_refusal(method, code)
        raise Refused(method, code, details)
      if self.strict:
        with self.lock:
          self.failed.append(f'{time.strftime("%T")} {method}: {code.name}: {details}')
        raise Unanswered(f'{method}: {code.name}')
      if code in _AGAIN:
        self.ledger.note_retry(method, code)
      else:
        # INVALID_ARGUMENT is the harness's own fault and never ends.
        self.ledger.note_odd(method, code, details)
        if code not in (Code.INTERNAL, Code.UNKNOWN):
          raise Refused(method, code, details)
      if time.monotonic() > self.give_up:
        raise Unanswered(f'{method}: {code.name}: {details}')
      time.sleep(pause)
      pause = min(pause * 1.6, 1.0)


def new_id():
  return str(uuid.uuid4())
