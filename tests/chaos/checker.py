"""All checks on the state in which a run ended."""

import itertools

import check_admin
import check_events
import check_figures
import check_follow_up
import check_leases
import check_writes
from final import Final

SHOWN = 12  # violations of one check that are printed


def check_all(fleet, ledger, client, followers, courts, wrong_clocks, settled, report):
  """What is wrong, in words; empty when nothing is. `settled`: since when nothing
  was under way."""
  final = Final(fleet, client, courts)
  events = {follower.service: follower.events for follower in followers}
  tickets = check_events.by_resource(events['ticket'])
  checks = {
      'names are unique': check_writes.check_names(final),
      'directories, policies and plans': check_writes.check_setup(ledger, final),
      'acknowledged tickets': check_writes.check_tickets(ledger, final, tickets),
      'every step was asked for': check_writes.check_causes(ledger, final, tickets),
      'verbs happened once': check_writes.check_verbs(ledger, final, tickets),
      'imported rows': check_writes.check_imports(ledger, final),
      'notes and conveyances': check_writes.check_notes(ledger, final),
      'calls and their leases': check_writes.check_calls(ledger, final),
      'draws and their chain': check_writes.check_draws(ledger, final),
      'relations and grades': check_writes.check_plain(ledger, final),
      'reviews put in by hand': check_writes.check_reviews(ledger, final),
      'grades and their leases': check_writes.check_grades(ledger, final),
      'leases held by one at a time': check_leases.check_leases(ledger, wrong_clocks),
      'settled by the last holders': check_leases.check_fences(ledger),
      'what was given back': check_leases.check_given_back(ledger, final),
      'what follows from all that': check_follow_up.check_follow_up(ledger, final),
      'appeals and what decided them': check_follow_up.check_appeals(final),
      'reports as acknowledged': check_writes.check_reports(ledger, final),
      'event logs without gaps': check_events.check_logs(fleet, followers),
      'checkpoints at the heads': check_events.check_checkpoints(fleet),
      'legal steps of tickets': check_events.check_ticket_steps(tickets),
      'deadlines rang once': check_events.check_rings(tickets, final, settled),
      'legal steps of the others': check_events.check_other_steps(
          events['callback'], events['grading'], events['reporting']),
      'last events and what there is': check_events.check_last_events(final, events),
      'answers and events': check_events.check_acks(
          ledger, events['callback'], events['grading']),
      'databases as operators check them': check_admin.check_databases(fleet),
      'facts row by row': check_figures.check_facts(fleet, final),
      # These build reports of their own, so they come last.
      'figures of the reports': check_figures.check_reports(final),
      'queues without stuck work': check_figures.check_queues(final),
  }
  problems = []
  for name, found in checks.items():
    found = list(found)
    report(f'check {name}: {"ok" if not found else f"{len(found)} PROBLEMS"}')
    problems += itertools.islice(found, SHOWN)
    if len(found) > SHOWN:
      problems.append(f'… and {len(found) - SHOWN} more of: {name}')
  counts = ', '.join(f'{len(ones)} {kind}' for kind, ones in final.listed.items())
  report(f'checked {counts}; ' + ', '.join(
      f'{len(those)} events of {service}' for service, those in events.items()))
  return problems
