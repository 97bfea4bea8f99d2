-- runs-on: 4
-- The interview that a call makes again; empty for a first call. An older
-- program may hand such a call out to the first officer, and tells of it as of a
-- callback; readers leave it out all the same.
ALTER TABLE callbacks ADD COLUMN recall_of TEXT NOT NULL DEFAULT '';
-- 1: the second interview had other answers.
ALTER TABLE callbacks ADD COLUMN recall_differs BIGINT NOT NULL DEFAULT 0;
CREATE INDEX callbacks_recalls ON callbacks (court, create_time, callback_id)
  WHERE recall_of > '';
