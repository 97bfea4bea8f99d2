-- runs-on: 2
-- Alerts. `series` is rule, measure and division: what a mute holds for.
-- `due_time` is when it escalates, or a mute ends; 0: nothing is due. `body` is
-- the alert as the API shows it.
CREATE TABLE alerts (
  court TEXT NOT NULL,
  alert_id TEXT NOT NULL,
  series TEXT NOT NULL,
  division TEXT NOT NULL,
  period TEXT NOT NULL,
  state BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  due_time BIGINT NOT NULL,
  body {{bytes}} NOT NULL,
  PRIMARY KEY (court, alert_id)
);
CREATE INDEX alerts_by_time ON alerts (court, create_time, alert_id);
CREATE INDEX alerts_muted ON alerts (court, series) WHERE state = 4;
CREATE INDEX alerts_due ON alerts (due_time) WHERE due_time > 0;

-- Weeks whose charts were looked at after they had closed.
CREATE TABLE watched_weeks (
  court TEXT NOT NULL,
  period TEXT NOT NULL,
  watch_time BIGINT NOT NULL,
  PRIMARY KEY (court, period)
);
