-- Sampling plans, draws, callbacks, conveyances. `body` is the resource's
-- message with personal data masked; the columns beside it are what queries
-- filter and sort by. No phone number is stored here: it is asked from the
-- ticket service when a call is leased.

CREATE TABLE plans (
  court TEXT NOT NULL,
  plan_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  -- 1: draws every week without being asked.
  weekly BIGINT NOT NULL,
  body {{bytes}} NOT NULL,
  PRIMARY KEY (court, plan_id)
);
CREATE INDEX plans_weekly ON plans (weekly);

CREATE TABLE draws (
  court TEXT NOT NULL,
  draw_id TEXT NOT NULL,
  create_time BIGINT NOT NULL,
  state BIGINT NOT NULL,
  version BIGINT NOT NULL,
  -- 1: a worker has something to do: to freeze, or to draw with a known seed.
  job BIGINT NOT NULL,
  -- Which run's chunks are the frame; empty until it is frozen.
  frame_run TEXT NOT NULL,
  body {{bytes}} NOT NULL,
  PRIMARY KEY (court, draw_id)
);
CREATE INDEX draws_by_time ON draws (court, create_time, draw_id);
CREATE INDEX draws_jobs ON draws (job);

-- Frames, some twenty thousand tickets a row. A run that lost the race to
-- freeze, or died, leaves chunks of its own; the winner removes them.
CREATE TABLE draw_frames (
  court TEXT NOT NULL,
  draw_id TEXT NOT NULL,
  run TEXT NOT NULL,
  -- 0: in the frame; 1: left out.
  part BIGINT NOT NULL,
  chunk BIGINT NOT NULL,
  data {{bytes}} NOT NULL,
  PRIMARY KEY (court, draw_id, run, part, chunk)
);

-- The chain of draws of each court, and its last link.
CREATE TABLE draw_log (
  court TEXT NOT NULL,
  sequence BIGINT NOT NULL,
  json TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (court, sequence)
);
CREATE TABLE draw_log_heads (
  court TEXT NOT NULL PRIMARY KEY,
  sequence BIGINT NOT NULL,
  hash TEXT NOT NULL
);

CREATE TABLE callbacks (
  court TEXT NOT NULL,
  callback_id TEXT NOT NULL,
  draw_id TEXT NOT NULL,
  ticket_id TEXT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  state BIGINT NOT NULL,
  version BIGINT NOT NULL,
  -- 1: may be handed out. 0 until the draw is complete.
  offered BIGINT NOT NULL,
  -- When it may be handed out next; of a held one, when its lease ends.
  due_time BIGINT NOT NULL,
  officer TEXT NOT NULL,
  lease_token {{bytes}} NOT NULL,
  stratum TEXT NOT NULL,
  division TEXT NOT NULL,
  handler TEXT NOT NULL,
  caller_key TEXT NOT NULL,
  verdict BIGINT NOT NULL,
  body {{bytes}} NOT NULL,
  PRIMARY KEY (court, callback_id)
);
CREATE INDEX callbacks_by_time ON callbacks (court, create_time, callback_id);
CREATE INDEX callbacks_by_draw ON callbacks (court, draw_id, state);
CREATE INDEX callbacks_by_ticket ON callbacks (court, ticket_id);
CREATE INDEX callbacks_by_due ON callbacks (court, state, due_time);
CREATE INDEX callbacks_by_caller ON callbacks (court, caller_key, create_time);
CREATE INDEX callbacks_by_update ON callbacks (state, update_time);

CREATE TABLE conveyances (
  court TEXT NOT NULL,
  conveyance_id TEXT NOT NULL,
  create_time BIGINT NOT NULL,
  state BIGINT NOT NULL,
  version BIGINT NOT NULL,
  division TEXT NOT NULL,
  handler TEXT NOT NULL,
  body {{bytes}} NOT NULL,
  PRIMARY KEY (court, conveyance_id)
);
CREATE INDEX conveyances_by_time
  ON conveyances (court, create_time, conveyance_id);
CREATE INDEX conveyances_by_state ON conveyances (state);

CREATE TABLE relations (
  court TEXT NOT NULL,
  relation_id TEXT NOT NULL,
  officer TEXT NOT NULL,
  body {{bytes}} NOT NULL,
  PRIMARY KEY (court, relation_id)
);
CREATE INDEX relations_by_officer ON relations (court, officer);
