"""Damage done behind the services' back, to see that the checker finds it."""


def lose(fleet, ledger):
  """An acknowledged ticket is gone."""
  name = ledger.by_method('CreateTicket')[-1].name
  fleet.query('ticket', f"DELETE FROM tickets WHERE ticket_id = '{_id(name)}'")
  return name


def double(fleet, ledger):
  """A grade is there twice."""
  name = ledger.by_method('SubmitGrade')[-1].name
  columns = ('court, ticket, subject, counts, reason, reviewer, compares, tier_rank, '
             'ticket_version, division, closed_time, create_time, body')
  fleet.query('grading', f"INSERT INTO grades (grade, {columns}) SELECT 'copy', "
                         f"{columns} FROM grades WHERE grade = '{_id(name)}'")
  return name


def gap(fleet, ledger):
  """An event is missing in the middle of its shard."""
  del ledger
  [[shard]] = fleet.query('callback', 'SELECT MIN(shard) FROM events')
  fleet.query('callback', f'DELETE FROM events WHERE shard = {shard} AND sequence = 2')
  return f'gap: callback shard {shard}'


def alter(fleet, ledger):
  """An acknowledged interview says something else."""
  name = ledger.by_method('CompleteCallback')[-1].name
  other = fleet.query('callback', 'SELECT callback_id FROM callbacks WHERE callback_id '
                                  f"<> '{_id(name)}'")[0][0]
  fleet.query('callback', 'UPDATE callbacks SET body = (SELECT body FROM callbacks '
                          f"WHERE callback_id = '{other}') "
                          f"WHERE callback_id = '{_id(name)}'")
  return name


def drift(fleet, ledger):
  """A conveyance is not what its last event said: a field that follows replaces."""
  del ledger
  [[row]] = fleet.query('callback', 'SELECT MIN(conveyance_id) FROM conveyances')
  more = '900161'  # remind_after_days: 97
  body = (f"body || '\\x{more}'::bytea" if fleet.postgres else
          f"CAST(body || x'{more}' AS BLOB)")
  fleet.query('callback', f'UPDATE conveyances SET body = {body} '
                          f"WHERE conveyance_id = '{row}'")
  return f'conveyances/{row} is not what its last event says'


def invent(fleet, ledger):
  """A step of a ticket that nobody asked for."""
  del fleet
  ack = ledger.by_method('AcceptTicket')[-1]
  ledger.acks.remove(ack)
  return f'doubled: version {ack.version} of {ack.name}'


KINDS = {'lose': lose, 'double': double, 'gap': gap, 'alter': alter, 'drift': drift,
         'invent': invent}
# What huifangctl admin check must see, too.
IN_THE_TABLES = {'lose', 'double', 'gap', 'alter'}


def _id(name):
  return name.rsplit('/', 1)[1]
