-- runs-on: 2
-- When the next reminder is due; 0: none.
ALTER TABLE conveyances ADD COLUMN reminder_time BIGINT NOT NULL DEFAULT 0;
ALTER TABLE conveyances ADD COLUMN reminders BIGINT NOT NULL DEFAULT 0;
-- 1: the ticket was not taken up again although that was asked for.
ALTER TABLE conveyances ADD COLUMN reopen_refused BIGINT NOT NULL DEFAULT 0;
CREATE INDEX conveyances_by_reminder ON conveyances (state, reminder_time);
