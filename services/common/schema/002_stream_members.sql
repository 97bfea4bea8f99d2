-- Which replicas follow a stream, with or without a shard: each takes its share.
-- A replica that knows no members goes on as before, and takes what is free.
-- runs-on: 1

CREATE TABLE stream_members (
  stream TEXT NOT NULL,
  owner TEXT NOT NULL,
  lease_time BIGINT NOT NULL,
  PRIMARY KEY (stream, owner)
);
