"""A name server of our own, as operators run one: a name for each service, an address
for each replica that is up. Needs Debian's python3-dnslib."""

from dnslib import QTYPE, RR, A
from dnslib.server import BaseResolver, DNSLogger, DNSServer

TTL = 1  # seconds


class Names(BaseResolver):
  """Thread safe: an answer is made from the list as it was or as it is."""

  def __init__(self, port):
    self.addresses = {}
    self.port = port
    self.server = DNSServer(self, address='127.0.0.1', port=port,
                            logger=DNSLogger('-recv,-send,-request,-reply,-truncated,'
                                             '-error,-data'))

  def start(self):
    self.server.start_thread()

  def close(self):
    self.server.stop()
    self.server.server.server_close()

  def set(self, service, addresses):
    self.addresses[name_of(service)] = list(addresses)

  def target(self, service, port):
    """What a gRPC client is told to call."""
    return f'dns://127.0.0.1:{self.port}/{name_of(service)}:{port}'

  def resolve(self, request, handler):
    del handler
    reply = request.reply()
    if request.q.qtype == QTYPE.A:
      name = str(request.q.qname).rstrip('.')
      for address in self.addresses.get(name, ()):
        reply.add_answer(RR(name, QTYPE.A, rdata=A(address), ttl=TTL))
    return reply


def name_of(service):
  return f'{service}.huifang.test'
