-- runs-on: 4
-- Suggestions across departments. `update_time` is the last answer, or the
-- creation; `body` is the suggestion as the API shows it.
CREATE TABLE suggestions (
  court TEXT NOT NULL,
  suggestion_id TEXT NOT NULL,
  state BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  body {{bytes}} NOT NULL,
  PRIMARY KEY (court, suggestion_id)
);
CREATE INDEX suggestions_by_time
  ON suggestions (court, create_time, suggestion_id);

-- What a suggestion is found by: the departments it is put to and the reports,
-- tickets and callbacks it rests on, by full name.
CREATE TABLE suggestion_links (
  court TEXT NOT NULL,
  link TEXT NOT NULL,
  suggestion_id TEXT NOT NULL,
  PRIMARY KEY (court, link, suggestion_id)
);
