-- `division` is empty for the whole court; `version` counts the builds of one
-- period and division. `body` is the report as the API shows it.
CREATE TABLE reports (
  court TEXT NOT NULL,
  report_id TEXT NOT NULL,
  division TEXT NOT NULL,
  period TEXT NOT NULL,
  version BIGINT NOT NULL,
  state BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  body {{bytes}} NOT NULL,
  PRIMARY KEY (court, report_id)
);
CREATE UNIQUE INDEX reports_by_period ON reports (
  court, period, division, version);
CREATE INDEX reports_by_time ON reports (court, create_time, report_id);
CREATE INDEX reports_building ON reports (create_time) WHERE state = 1;
