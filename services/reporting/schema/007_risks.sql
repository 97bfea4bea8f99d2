-- runs-on: 6
-- When the ticket's warning rang, or a later step of its ladder where that came
-- first; 0: none has since it was opened, or it rang before this was projected.
ALTER TABLE ticket_facts ADD COLUMN warn_time BIGINT NOT NULL DEFAULT 0;
-- Equal for equal callers; empty where nothing is known of the caller, or the
-- ticket has not changed since this is projected. So is the case's number.
ALTER TABLE ticket_facts ADD COLUMN caller TEXT NOT NULL DEFAULT '';
ALTER TABLE ticket_facts ADD COLUMN case_number TEXT NOT NULL DEFAULT '';

-- Since when warnings are projected: earlier backlogs cannot be told.
CREATE INDEX ticket_facts_warned ON ticket_facts (court, warn_time)
  WHERE warn_time > 0;

-- Alert.Rule, so that alerts that last can be found; 0: raised before it was
-- kept, when none lasted.
ALTER TABLE alerts ADD COLUMN rule BIGINT NOT NULL DEFAULT 0;
CREATE INDEX alerts_lasting ON alerts (court, rule) WHERE state <> 3;

-- The last hour for which a court's open tickets were looked at.
CREATE TABLE alert_looks (
  court TEXT NOT NULL,
  look_time BIGINT NOT NULL,
  PRIMARY KEY (court)
);
