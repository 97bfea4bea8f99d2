-- runs-on: 5
-- Trainings (专题培训). `day` is the day planned or held, from 1970-01-01 in
-- court time; `body` is the training as the API shows it, without its effect.
CREATE TABLE trainings (
  court TEXT NOT NULL,
  training_id TEXT NOT NULL,
  state BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  day BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  body {{bytes}} NOT NULL,
  PRIMARY KEY (court, training_id)
);
CREATE INDEX trainings_by_time ON trainings (court, create_time, training_id);

-- What a training is found by: the full names of its divisions, or of the court
-- where it is for all of them, and its rules as `rules/over_simplified`.
CREATE TABLE training_links (
  court TEXT NOT NULL,
  link TEXT NOT NULL,
  training_id TEXT NOT NULL,
  PRIMARY KEY (court, link, training_id)
);

-- Inspected tickets by who handled them: all that an effect counts, but for the
-- findings.
CREATE INDEX quality_facts_handled ON quality_facts (
  court, handler, closed_day, inspected, graded, passed, proposed_pass,
  ticket_id);
