-- runs-on: 2
-- What was done to a caller, whatever the ticket: the calls of one day, and until
-- when a refusal is respected.
CREATE TABLE contacts (
  court TEXT NOT NULL,
  caller_key TEXT NOT NULL,
  day TEXT NOT NULL,
  calls BIGINT NOT NULL,
  paused_until BIGINT NOT NULL,
  PRIMARY KEY (court, caller_key)
);

-- Callers who are not to be called. Rows stay: `until` is when an entry expires
-- or was taken back.
CREATE TABLE do_not_calls (
  court TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  caller_key TEXT NOT NULL,
  until BIGINT NOT NULL,
  body {{bytes}} NOT NULL,
  PRIMARY KEY (court, entry_id)
);
CREATE INDEX do_not_calls_by_caller ON do_not_calls (court, caller_key, until);
