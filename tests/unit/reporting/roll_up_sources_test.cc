#include "services/reporting/roll_up_sources.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/reporting/roll_up_rules.h"
#include "tests/unit/reporting/sample_courts.h"
#include "tests/unit/reporting/sample_facts.h"

namespace huifang::reporting {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

v1::RollUp RollUpOf(const std::vector<v1::CourtFigures>& courts) {
  return AssembleRollUp(courts, *ParseSpan("2019-W30"), FigurePolicy());
}

TEST(RollUpResponse, OfAllCourtsIsMadeOfSumsNotOfRates) {
  const v1::RollUp roll_up = RollUpOf(
      {SampleCourt({.strata = {WholeStratum(100, 30, 24)}, .unreached = 10}),
       SampleCourt({.court = "110102",
                    .strata = {WholeStratum(900, 10, 8)},
                    .unreached = 50})});
  EXPECT_DOUBLE_EQ(roll_up.lines(0).court().response().rates().rr1(), 0.75);
  EXPECT_EQ(roll_up.response().completed(), 40);
  EXPECT_EQ(roll_up.response().eligible(), 100);
  EXPECT_DOUBLE_EQ(roll_up.response().rates().rr1(), 0.4);
  EXPECT_EQ(roll_up.response().dispositions().non_contact(), 60);
  EXPECT_EQ(roll_up.response_courts(), 2);
}

TEST(RollUpResponse, IsWhatTheReportPrints) {
  const v1::Report report = SampleReport("2019-W30", false);
  const v1::CourtFigures court = CourtFiguresOf(report);
  for (const v1::Figure& figure : report.figures()) {
    if (figure.measure() != v1::MEASURE_RESPONSE_RATE) continue;
    EXPECT_EQ(court.response().completed(), figure.current().numerator());
    EXPECT_EQ(court.response().eligible(), figure.current().denominator());
    EXPECT_DOUBLE_EQ(court.response().rates().rr1(), figure.current().value());
    EXPECT_GT(court.response().eligible(), court.response().completed());
  }
}

TEST(RollUpResponse, ACourtThatDrewNobodyIsNotInIt) {
  v1::CourtFigures nobody = SampleCourt({.court = "110102"});
  nobody.clear_response();
  const v1::RollUp roll_up =
      RollUpOf({SampleCourt({}), nobody,
                MissingFigures("110107", "", *ParseSpan("2019-W30"))});
  EXPECT_EQ(roll_up.response_courts(), 1);
  EXPECT_EQ(roll_up.response().completed(), 60);
  EXPECT_FALSE(RollUpOf({nobody}).response().rates().has_rr1());
}

TEST(RollUpDraws, ComeWithTheirBundlesAndWithoutWhoGaveTheSeed) {
  const v1::Report report = SampleReport("2019-W30", false);
  const v1::CourtFigures court = CourtFiguresOf(report);
  ASSERT_EQ(court.draws_size(), report.method().draws_size());
  ASSERT_GT(court.draws_size(), 0);
  EXPECT_FALSE(court.draws(0).bundle_digest().empty());
  EXPECT_EQ(court.draws(0).bundle_digest(),
            report.method().draws(0).bundle_digest());
  EXPECT_EQ(court.draws_omitted(), 0);
  EXPECT_THAT(SampleCourt({}).SerializeAsString(),
              Not(HasSubstr("officer-yang")));
}

TEST(RollUpDraws, ThatAreTooManyAreCounted) {
  v1::MethodNote method;
  for (int i = 0; i < 20; ++i) {
    method.add_draws()->set_draw(absl::StrCat("courts/110101/draws/", i));
  }
  v1::CourtFigures court;
  TellCallbacks(method, court);
  EXPECT_EQ(court.draws_size(), kToldDraws);
  EXPECT_EQ(court.draws_omitted(), 20 - kToldDraws);
  EXPECT_EQ(court.draws(0).draw(), "courts/110101/draws/0");
}

TEST(SourcesDigest, CanBeReckonedFromWhatIsPrinted) {
  v1::CourtFigures corrected = SampleCourt({.court = "110102"});
  corrected.set_serial_number("西法回访周报〔2019〕30号（第2版）");
  corrected.set_version(2);
  const v1::RollUp roll_up =
      RollUpOf({SampleCourt({}), corrected,
                MissingFigures("110107", "", *ParseSpan("2019-W30"))});
  EXPECT_EQ(SourcesText(roll_up),
            "110101|法回访周报〔2019〕30号|1\n"
            "110102|西法回访周报〔2019〕30号（第2版）|2\n"
            "110107||0\n");
  // By sha256sum.
  EXPECT_EQ(roll_up.sources_digest(),
            "4cc5632599ffed852677f415aa77cab7027af7290d1251f01e56fc3383612175");
}

TEST(SourcesDigest, TellsACorrectionAndAnotherOrderApart) {
  const v1::CourtFigures one = SampleCourt({});
  const v1::CourtFigures two = SampleCourt({.court = "110102"});
  v1::CourtFigures corrected = two;
  corrected.set_version(2);
  const std::string digest = RollUpOf({one, two}).sources_digest();
  EXPECT_EQ(RollUpOf({one, two}).sources_digest(), digest);
  EXPECT_NE(RollUpOf({one, corrected}).sources_digest(), digest);
  EXPECT_NE(RollUpOf({two, one}).sources_digest(), digest);
}

}  // namespace
}  // namespace huifang::reporting
