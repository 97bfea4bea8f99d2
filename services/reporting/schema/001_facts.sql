-- Facts projected from the streams of the other services. Each row is an
-- upsert by (name, version): applying an event again changes nothing. Units are
-- stored by their id alone, "civil-1", not by resource name. Days count from
-- 1970-01-01 in court time, 0 means there is none; times are microseconds.

CREATE TABLE ticket_facts (
  court TEXT NOT NULL,
  ticket_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  source_id TEXT NOT NULL,
  created_day BIGINT NOT NULL,
  closed_day BIGINT NOT NULL,
  division TEXT NOT NULL,
  team TEXT NOT NULL,
  handler TEXT NOT NULL,
  channel BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  category TEXT NOT NULL,
  instant BIGINT NOT NULL,
  has_due BIGINT NOT NULL,
  on_time BIGINT NOT NULL,
  dispatched BIGINT NOT NULL,
  dispatches BIGINT NOT NULL,
  replied BIGINT NOT NULL,
  reply_us BIGINT NOT NULL,
  handling_us BIGINT NOT NULL,
  reopened BIGINT NOT NULL,
  repeated BIGINT NOT NULL,
  generated BIGINT NOT NULL,
  cancelled BIGINT NOT NULL,
  key_supervision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  due_time BIGINT NOT NULL,
  close_time BIGINT NOT NULL,
  matter TEXT NOT NULL,
  reply TEXT NOT NULL,
  PRIMARY KEY (court, ticket_id)
);
-- Holds all that a report counts, so that a count never reads the table.
CREATE INDEX ticket_facts_closed ON ticket_facts (
  court, closed_day, division, team, instant, has_due, on_time, dispatched,
  dispatches, replied, reply_us, handling_us, reopened, generated)
  WHERE closed_day > 0;
CREATE INDEX ticket_facts_created ON ticket_facts (
  court, created_day, division, team, repeated);
CREATE INDEX ticket_facts_due ON ticket_facts (
  court, due_time, closed_day, division, team) WHERE due_time > 0;
CREATE INDEX ticket_facts_open ON ticket_facts (
  court, due_time, division, team) WHERE closed_day = 0;
CREATE INDEX ticket_facts_supervised ON ticket_facts (
  court, due_time) WHERE key_supervision = 1;

-- The machine's inspection and the grade that counts, one row a ticket.
CREATE TABLE quality_facts (
  court TEXT NOT NULL,
  ticket_id TEXT NOT NULL,
  inspection_version BIGINT NOT NULL,
  closed_day BIGINT NOT NULL,
  division TEXT NOT NULL,
  team TEXT NOT NULL,
  handler TEXT NOT NULL,
  inspected BIGINT NOT NULL,
  flagged BIGINT NOT NULL,
  over_simplified BIGINT NOT NULL,
  proposed_tier TEXT NOT NULL,
  proposed_pass BIGINT NOT NULL,
  graded BIGINT NOT NULL,
  tier TEXT NOT NULL,
  passed BIGINT NOT NULL,
  grade_time BIGINT NOT NULL,
  inspection {{bytes}} NOT NULL,
  grade {{bytes}} NOT NULL,
  PRIMARY KEY (court, ticket_id)
);
CREATE INDEX quality_facts_closed ON quality_facts (
  court, closed_day, division, team, inspected, flagged, over_simplified,
  proposed_tier, proposed_pass, graded, tier, passed);

CREATE TABLE finding_facts (
  court TEXT NOT NULL,
  ticket_id TEXT NOT NULL,
  rule TEXT NOT NULL,
  closed_day BIGINT NOT NULL,
  division TEXT NOT NULL,
  team TEXT NOT NULL,
  PRIMARY KEY (court, ticket_id, rule)
);
CREATE INDEX finding_facts_closed ON finding_facts (
  court, closed_day, division, rule, team);

-- One drawn ticket's call.
CREATE TABLE call_facts (
  court TEXT NOT NULL,
  callback_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  ticket_id TEXT NOT NULL,
  draw TEXT NOT NULL,
  stratum TEXT NOT NULL,
  stratum_population BIGINT NOT NULL,
  division TEXT NOT NULL,
  team TEXT NOT NULL,
  close_day BIGINT NOT NULL,
  withdrawn BIGINT NOT NULL,
  disposition BIGINT NOT NULL,
  verdict BIGINT NOT NULL,
  judge_called BIGINT NOT NULL,
  in_time BIGINT NOT NULL,
  attitude BIGINT NOT NULL,
  clear BIGINT NOT NULL,
  solved BIGINT NOT NULL,
  simulated BIGINT NOT NULL,
  has_opinion BIGINT NOT NULL,
  body {{bytes}} NOT NULL,
  PRIMARY KEY (court, callback_id)
);
CREATE INDEX call_facts_closed ON call_facts (court, close_day, draw);
CREATE INDEX call_facts_draw ON call_facts (court, draw);
CREATE INDEX call_facts_ticket ON call_facts (court, ticket_id);

CREATE TABLE draw_facts (
  court TEXT NOT NULL,
  draw TEXT NOT NULL,
  version BIGINT NOT NULL,
  state BIGINT NOT NULL,
  frame_digest TEXT NOT NULL,
  population BIGINT NOT NULL,
  sampled BIGINT NOT NULL,
  PRIMARY KEY (court, draw)
);

CREATE TABLE conveyance_facts (
  court TEXT NOT NULL,
  callback_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  acknowledged BIGINT NOT NULL,
  PRIMARY KEY (court, callback_id)
);

-- Names for the reader: of the court, units, staff and inspection rules.
CREATE TABLE display_names (
  court TEXT NOT NULL,
  name TEXT NOT NULL,
  display_name TEXT NOT NULL,
  PRIMARY KEY (court, name)
);

-- Tiers of the newest ticket rubric, best first.
CREATE TABLE tiers (
  court TEXT NOT NULL,
  position BIGINT NOT NULL,
  code TEXT NOT NULL,
  display_name TEXT NOT NULL,
  passes BIGINT NOT NULL,
  PRIMARY KEY (court, position)
);
