-- The days each draw stands for. A day has one draw that neither failed nor was
-- aborted: whoever wants another must abort that one first, in the open.
CREATE TABLE draw_periods (
  court TEXT NOT NULL,
  first_day TEXT NOT NULL,
  last_day TEXT NOT NULL,
  draw_id TEXT NOT NULL,
  PRIMARY KEY (court, first_day, draw_id)
);
