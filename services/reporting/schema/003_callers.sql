-- runs-on: 2
-- Equal for equal callers; empty where the call had been projected before, or
-- nothing is known of the caller. Such a call counts as a caller of its own.
ALTER TABLE call_facts ADD COLUMN caller TEXT NOT NULL DEFAULT '';
