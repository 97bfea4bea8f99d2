-- runs-on: 5
-- Versions of questionnaires (回访问卷); a row never changes.
CREATE TABLE scripts (
  court TEXT NOT NULL,
  script_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  body {{bytes}} NOT NULL,
  PRIMARY KEY (court, script_id, version)
);
