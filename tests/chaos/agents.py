"""The load: threads that work as the court's people and programs do."""

import random
import threading
import time
import traceback

from client import Refused, Unanswered


class Agent(threading.Thread):
  """Repeats `work` until told to stop. What it draws depends on its name and
  the seed alone; what it meets depends on the faults."""

  pause = 0.05  # seconds between two pieces of work, on average
  # Codes of refusals that no race with another agent explains.
  never = frozenset()

  def __init__(self, load, name):
    super().__init__(daemon=True, name=name)
    self.load = load
    self.client = load.client
    self.ledger = load.ledger
    self.random = random.Random(f'{load.seed}/{name}')
    self.count = 0

  def run(self):
    while not self.load.ending.is_set():
      try:
        self.work()
      except Unanswered as error:
        self.load.unanswered.append(str(error))
      except Refused as error:
        # Else a race with another agent: the ledger says what was acknowledged.
        if error.code in self.never:
          self.load.wronged.append(f'{self.name}: {error}')
      except Exception:  # pylint: disable=broad-except
        self.load.broken.append(f'{self.name}: {traceback.format_exc()}')
        return
      self.load.ending.wait(self.random.expovariate(1 / (self.pause * self.load.rest)))

  def work(self):
    raise NotImplementedError

  def court(self):
    return 'courts/' + self.random.choice(self.load.courts)

  def mark(self):
    """Words that no other piece of work has."""
    self.count += 1
    return f'{self.load.seed}.{self.name}.{self.count}'


class Load:
  """All agents, and what went wrong with them."""

  def __init__(self, client, ledger, courts, seed, rest):
    self.client = client
    self.ledger = ledger
    self.courts = courts
    self.seed = seed
    self.rest = rest  # times each agent's pause
    self.ending = threading.Event()
    self.agents = []
    self.unanswered = []
    self.hanging = []
    self.broken = []
    self.wronged = []
    self.turned_away = 0
    # Names that agents hand to each other; reading a random one is enough.
    self.closed_tickets = {court: [] for court in courts}
    self.grades = {court: [] for court in courts}

  def add(self, *agents):
    self.agents += agents

  def start(self):
    for agent in self.agents:
      agent.start()

  def finish(self, seconds):
    """Lets every call that is under way end; what does not is unanswered."""
    self.ending.set()
    self.client.give_up = time.monotonic() + seconds
    for agent in self.agents:
      agent.join(seconds + 30)
      if agent.is_alive():
        self.hanging.append(f'{agent.name} hangs in a call')

  def problems(self):
    """What must not be: a call without an answer, one refused or granted against
    the rules, an agent that fell over."""
    # A strict client counts its failed calls itself.
    unanswered = [] if self.client.strict else self.unanswered
    return ([f'never answered: {text}' for text in unanswered + self.hanging] +
            [f'against the rules: {text}' for text in self.wronged] +
            [f'agent broke: {text}' for text in self.broken])
