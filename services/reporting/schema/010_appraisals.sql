-- runs-on: 6
-- Appeals against grades of tickets. Settled is final.
CREATE TABLE appeal_facts (
  court TEXT NOT NULL,
  appeal_id TEXT NOT NULL,
  ticket_id TEXT NOT NULL,
  open BIGINT NOT NULL,
  PRIMARY KEY (court, appeal_id)
);
CREATE INDEX appeal_facts_open ON appeal_facts (court, ticket_id)
  WHERE open = 1;

-- Tickets that appraisals do not count, once a second person has approved:
-- state 2. `body` is the exclusion as the API shows it.
CREATE TABLE appraisal_exclusions (
  court TEXT NOT NULL,
  exclusion_id TEXT NOT NULL,
  ticket_id TEXT NOT NULL,
  state BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  body {{bytes}} NOT NULL,
  PRIMARY KEY (court, exclusion_id)
);
CREATE INDEX appraisal_exclusions_by_time
  ON appraisal_exclusions (court, create_time, exclusion_id);
-- One that waits or holds for each ticket.
CREATE UNIQUE INDEX appraisal_exclusions_ticket
  ON appraisal_exclusions (court, ticket_id) WHERE state <> 3;

-- Appraisal sheets: written once, never changed. `body` is the sheet as the API
-- shows it.
CREATE TABLE appraisals (
  court TEXT NOT NULL,
  appraisal_id TEXT NOT NULL,
  period TEXT NOT NULL,
  version BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  body {{bytes}} NOT NULL,
  PRIMARY KEY (court, appraisal_id)
);
CREATE UNIQUE INDEX appraisals_by_period ON appraisals (court, period, version);
CREATE INDEX appraisals_by_time ON appraisals (court, create_time, appraisal_id);
