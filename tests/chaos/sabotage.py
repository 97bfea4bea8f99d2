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


KINDS = {'lose': lose, 'double': double, 'gap': gap, 'alter': alter}


def _id(name):
  return name.rsplit('/', 1)[1]
