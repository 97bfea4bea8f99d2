-- Every table starts with the court, so that a distributed engine can shard by
-- it. `body` is the resource as the API shows it, personal data masked.

CREATE TABLE directories (
  court TEXT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  body {{bytes}} NOT NULL
);

-- A court's own days, laid over the national calendar.
CREATE TABLE calendar_days (
  court TEXT NOT NULL,
  date TEXT NOT NULL,
  working BIGINT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (court, date)
);

CREATE TABLE deadline_policies (
  court TEXT NOT NULL,
  policy_id TEXT NOT NULL,
  body {{bytes}} NOT NULL,
  PRIMARY KEY (court, policy_id)
);

CREATE TABLE cases (
  court TEXT NOT NULL,
  case_number TEXT NOT NULL,
  case_id TEXT NOT NULL,
  body {{bytes}} NOT NULL,
  sealed {{bytes}} NOT NULL,
  PRIMARY KEY (court, case_number)
);
CREATE UNIQUE INDEX cases_by_id ON cases (court, case_id);

-- Times are microseconds since the epoch; 0 means there is none. `sealed` is
-- the caller as given. `import_hash` tells a repeated import from a new one.
-- `ring_time` is when the next step of the deadline's ladder is due.
CREATE TABLE tickets (
  court TEXT NOT NULL,
  ticket_id TEXT NOT NULL,
  source_id TEXT NOT NULL,
  state BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  close_time BIGINT NOT NULL,
  division TEXT NOT NULL,
  handler TEXT NOT NULL,
  caller_key TEXT NOT NULL,
  case_number TEXT NOT NULL,
  overdue BIGINT NOT NULL,
  version BIGINT NOT NULL,
  ring_time BIGINT NOT NULL,
  ring_stage BIGINT NOT NULL,
  import_hash TEXT NOT NULL,
  body {{bytes}} NOT NULL,
  sealed {{bytes}} NOT NULL,
  PRIMARY KEY (court, ticket_id)
);
CREATE UNIQUE INDEX tickets_by_source ON tickets (court, source_id)
  WHERE source_id <> '';
CREATE INDEX tickets_by_create_time ON tickets (court, create_time, ticket_id);
CREATE INDEX tickets_by_close_time ON tickets (court, close_time, ticket_id)
  WHERE close_time > 0;
CREATE INDEX tickets_by_caller ON tickets (court, caller_key, create_time)
  WHERE caller_key <> '';
CREATE INDEX tickets_by_case ON tickets (court, case_number, create_time)
  WHERE case_number <> '';
CREATE INDEX tickets_by_ring ON tickets (ring_time) WHERE ring_time > 0;

-- What happened to a ticket beyond what its body tells: notes, conveyances,
-- state changes, rung deadlines. Append-only.
CREATE TABLE timeline (
  court TEXT NOT NULL,
  ticket_id TEXT NOT NULL,
  entry_time BIGINT NOT NULL,
  entry_id TEXT NOT NULL,
  body {{bytes}} NOT NULL,
  PRIMARY KEY (court, ticket_id, entry_time, entry_id)
);
