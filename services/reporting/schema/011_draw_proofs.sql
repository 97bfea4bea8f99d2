-- runs-on: 6
-- What ties a report to a draw's bundle and says who gave its seed. Empty
-- where an older program wrote the row: not known.
ALTER TABLE draw_facts ADD COLUMN bundle_digest TEXT NOT NULL DEFAULT '';
ALTER TABLE draw_facts ADD COLUMN public_seed TEXT NOT NULL DEFAULT '';
ALTER TABLE draw_facts ADD COLUMN seeder TEXT NOT NULL DEFAULT '';
ALTER TABLE draw_facts ADD COLUMN seed_source TEXT NOT NULL DEFAULT '';
