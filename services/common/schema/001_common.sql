-- What every service's database holds beside its own tables.

CREATE TABLE event_heads (
  shard BIGINT NOT NULL PRIMARY KEY,
  sequence BIGINT NOT NULL
);

CREATE TABLE events (
  shard BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  court TEXT NOT NULL,
  event_time BIGINT NOT NULL,
  payload {{bytes}} NOT NULL,
  PRIMARY KEY (shard, sequence)
);

-- Answers by request id, so that a repeat returns the first one.
CREATE TABLE requests (
  court TEXT NOT NULL,
  method TEXT NOT NULL,
  request_id TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  response {{bytes}} NOT NULL,
  create_time BIGINT NOT NULL,
  PRIMARY KEY (court, method, request_id)
);
CREATE INDEX requests_by_time ON requests (create_time);

-- Where this service stands in the streams it follows.
CREATE TABLE checkpoints (
  stream TEXT NOT NULL,
  shard BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  owner TEXT NOT NULL,
  lease_time BIGINT NOT NULL,
  PRIMARY KEY (stream, shard)
);
