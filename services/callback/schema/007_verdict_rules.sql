-- runs-on: 6
-- Versions of plans' verdict rules (判定规则), from the first change on. An older
-- program judges by the rule of the draw; the next change judges that again.
CREATE TABLE verdict_rules (
  court TEXT NOT NULL,
  plan_id TEXT NOT NULL,
  number BIGINT NOT NULL,
  state BIGINT NOT NULL,
  body {{bytes}} NOT NULL,
  PRIMARY KEY (court, plan_id, number)
);
CREATE INDEX verdict_rules_open ON verdict_rules (state);
-- Number of the rule that gave the verdict; 0: that of the draw.
ALTER TABLE callbacks ADD COLUMN verdict_rule BIGINT NOT NULL DEFAULT 0;

-- When a re-call expires that nobody made; 0 of a first call.
ALTER TABLE callbacks ADD COLUMN expire_time BIGINT NOT NULL DEFAULT 0;
UPDATE callbacks SET expire_time = create_time + 1209600000000
  WHERE recall_of > '';
CREATE INDEX callbacks_expiring ON callbacks (state, expire_time)
  WHERE recall_of > '';
