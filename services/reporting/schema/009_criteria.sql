-- runs-on: 6
-- What figures were judged by, so that courts can be compared. Empty where the
-- row had been projected before: not known.
ALTER TABLE call_facts ADD COLUMN verdict_rule TEXT NOT NULL DEFAULT '';
ALTER TABLE call_facts ADD COLUMN script TEXT NOT NULL DEFAULT '';
ALTER TABLE draw_facts ADD COLUMN score_scale TEXT NOT NULL DEFAULT '';
-- Id and version, `ticket/2`: of the inspection and of the grade.
ALTER TABLE quality_facts ADD COLUMN rubric TEXT NOT NULL DEFAULT '';
ALTER TABLE quality_facts ADD COLUMN grade_rubric TEXT NOT NULL DEFAULT '';
CREATE INDEX quality_facts_rubric ON quality_facts (
  court, closed_day, graded, rubric, grade_rubric) WHERE inspected = 1;

-- What each published rubric says, as a digest; the built-in one has no row.
CREATE TABLE rubric_facts (
  court TEXT NOT NULL,
  rubric TEXT NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (court, rubric)
);
