-- runs-on: 7
-- Versions of what officers explain by (知识话术). Words never change; a row
-- does when its text is verified again.
CREATE TABLE snippets (
  court TEXT NOT NULL,
  snippet_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  body {{bytes}} NOT NULL,
  PRIMARY KEY (court, snippet_id, version)
);
