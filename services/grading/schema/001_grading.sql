-- What the grading service keeps.

-- One row for each closed ticket. `pending` 1: the machine has to look (again);
-- `generation` counts how often it was told to, so that a result made from
-- older texts is refused.
-- `learned` 0: its texts are not yet in the court's relevance model.
CREATE TABLE inspections (
  court TEXT NOT NULL,
  ticket TEXT NOT NULL,
  state BIGINT NOT NULL,
  version BIGINT NOT NULL,
  ticket_version BIGINT NOT NULL,
  fingerprint TEXT NOT NULL,
  generation BIGINT NOT NULL,
  pending BIGINT NOT NULL,
  provisional BIGINT NOT NULL,
  flagged BIGINT NOT NULL,
  learned BIGINT NOT NULL,
  division TEXT NOT NULL,
  handler TEXT NOT NULL,
  closed_time BIGINT NOT NULL,
  rules TEXT NOT NULL,
  body {{bytes}} NOT NULL,
  ticket_body {{bytes}} NOT NULL,
  callback_body {{bytes}} NOT NULL,
  PRIMARY KEY (court, ticket)
);
CREATE INDEX inspections_by_closed
  ON inspections (court, closed_time, ticket);
CREATE INDEX inspections_by_division
  ON inspections (court, division, closed_time, ticket);
CREATE INDEX inspections_pending
  ON inspections (court, ticket) WHERE pending = 1;
CREATE INDEX inspections_unlearned
  ON inspections (court, ticket) WHERE learned = 0;
CREATE INDEX inspections_provisional
  ON inspections (court, ticket) WHERE provisional = 1;

-- MinHash bands of the replies: equal values may be copies.
CREATE TABLE reply_bands (
  court TEXT NOT NULL,
  band BIGINT NOT NULL,
  value BIGINT NOT NULL,
  ticket TEXT NOT NULL,
  PRIMARY KEY (court, band, value, ticket)
);
CREATE INDEX reply_bands_by_ticket ON reply_bands (court, ticket);

CREATE TABLE relevance_models (
  court TEXT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  documents BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  body {{bytes}} NOT NULL
);

-- Who belongs to which team, from the directory: for independence.
CREATE TABLE staff (
  court TEXT NOT NULL,
  staff TEXT NOT NULL,
  team TEXT NOT NULL,
  PRIMARY KEY (court, staff)
);

CREATE TABLE rubrics (
  court TEXT NOT NULL,
  rubric TEXT NOT NULL,
  version BIGINT NOT NULL,
  subject BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  body {{bytes}} NOT NULL,
  PRIMARY KEY (court, rubric, version)
);

CREATE TABLE reviews (
  court TEXT NOT NULL,
  review TEXT NOT NULL,
  state BIGINT NOT NULL,
  reason BIGINT NOT NULL,
  subject BIGINT NOT NULL,
  ticket TEXT NOT NULL,
  ticket_version BIGINT NOT NULL,
  priority BIGINT NOT NULL,
  division TEXT NOT NULL,
  answered_by TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  lease_token TEXT NOT NULL,
  lease_expire_time BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  body {{bytes}} NOT NULL,
  PRIMARY KEY (court, review)
);
CREATE INDEX reviews_by_queue
  ON reviews (court, state, priority, create_time, review);
CREATE INDEX reviews_by_ticket ON reviews (court, ticket);
CREATE INDEX reviews_by_reviewer ON reviews (court, reviewer, state);

-- Grades are never updated and never deleted.
CREATE TABLE grades (
  court TEXT NOT NULL,
  grade TEXT NOT NULL,
  ticket TEXT NOT NULL,
  subject BIGINT NOT NULL,
  counts BIGINT NOT NULL,
  reason BIGINT NOT NULL,
  reviewer TEXT NOT NULL,
  compares TEXT NOT NULL,
  tier_rank BIGINT NOT NULL,
  ticket_version BIGINT NOT NULL,
  division TEXT NOT NULL,
  closed_time BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  body {{bytes}} NOT NULL,
  PRIMARY KEY (court, grade)
);
CREATE INDEX grades_by_time ON grades (court, create_time, grade);
CREATE INDEX grades_by_ticket ON grades (court, ticket, create_time);
CREATE INDEX grades_by_reason ON grades (court, reason, closed_time);

CREATE TABLE appeals (
  court TEXT NOT NULL,
  appeal TEXT NOT NULL,
  state BIGINT NOT NULL,
  ticket TEXT NOT NULL,
  review TEXT NOT NULL,
  precedent BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  body {{bytes}} NOT NULL,
  PRIMARY KEY (court, appeal)
);
CREATE INDEX appeals_by_time ON appeals (court, create_time, appeal);
CREATE INDEX appeals_by_ticket ON appeals (court, ticket);
CREATE INDEX appeals_by_review ON appeals (court, review);
