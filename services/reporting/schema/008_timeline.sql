-- runs-on: 6
-- Who did what when about a suggestion, a training or a supervised ticket, the
-- `subject` by full name. What its own row tells is not repeated here. `entry_id`
-- makes an entry one, however often it is written.
CREATE TABLE timeline (
  court TEXT NOT NULL,
  subject TEXT NOT NULL,
  entry_time BIGINT NOT NULL,
  entry_id TEXT NOT NULL,
  body {{bytes}} NOT NULL,
  PRIMARY KEY (court, subject, entry_time, entry_id)
);
