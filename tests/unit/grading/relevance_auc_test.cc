#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <random>
#include <utility>
#include <vector>

#include "services/common/text.h"
#include "services/grading/inspection_rules.h"
#include "services/grading/relevance_model.h"
#include "tests/support/data_dir.h"
#include "tests/unit/grading/gov_replies.h"

namespace huifang::grading {
namespace {

constexpr double kAllRows = 0.95;
constexpr double kLongReplies = 0.985;
constexpr std::size_t kLongChars = 60;

struct Pair {
  NormalizedText title;
  NormalizedText content;
  NormalizedText reply;
  std::size_t reply_chars = 0;
};

std::vector<Pair> ReadPairs(const std::string& path) {
  std::vector<Pair> pairs;
  for (const testing::GovReply& row : testing::ReadGovReplies(path)) {
    pairs.push_back({NormalizedText(row.title), NormalizedText(row.content),
                     NormalizedText(row.reply), CodePointCount(row.reply)});
  }
  std::shuffle(pairs.begin(), pairs.end(), std::mt19937(20190722));
  return pairs;
}

RelevanceModel LearnFrom(const std::vector<Pair>& pairs) {
  RelevanceModel model;
  RelevanceModel::Scratch scratch;
  for (const Pair& p : pairs)
    model.Learn({p.title, p.content, p.reply}, scratch);
  return model;
}

// Chance that a ticket's own reply scores higher than a random other's, over
// pairs with replies of at least `chars_min` characters (Mann-Whitney, ties
// count half).
double AreaUnderRoc(const RelevanceModel& model, const std::vector<Pair>& pairs,
                    std::size_t chars_min) {
  constexpr int kForeignEach = 5;
  std::vector<const Pair*> chosen;
  for (const Pair& p : pairs) {
    if (p.reply_chars >= chars_min) chosen.push_back(&p);
  }
  RelevanceModel::Scratch scratch;
  std::mt19937 random(42);
  std::vector<std::pair<double, bool>> scores;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const auto score = [&](const Pair& reply) {
      return model
          .Score({chosen[i]->title, chosen[i]->content, reply.reply}, scratch)
          .value_or(0);
    };
    scores.emplace_back(score(*chosen[i]), true);
    for (int k = 0; k < kForeignEach; ++k) {
      std::size_t j = i;
      while (j == i) j = random() % chosen.size();
      scores.emplace_back(score(*chosen[j]), false);
    }
  }
  std::sort(scores.begin(), scores.end());
  double rank_sum = 0;
  for (std::size_t i = 0; i < scores.size();) {
    std::size_t j = i;
    while (j < scores.size() && scores[j].first == scores[i].first) ++j;
    const double rank = static_cast<double>(i + 1 + j) / 2.0;
    for (; i < j; ++i) rank_sum += scores[i].second ? rank : 0.0;
  }
  const auto own = static_cast<double>(chosen.size());
  const double foreign = own * kForeignEach;
  return (rank_sum - own * (own + 1) / 2) / (own * foreign);
}

void ExpectSeparates(const char* what, const RelevanceModel& model,
                     const std::vector<Pair>& pairs) {
  const double all = AreaUnderRoc(model, pairs, 0);
  const double longer = AreaUnderRoc(model, pairs, kLongChars);
  std::printf("%s: AUC %.4f over all, %.4f over replies of >= 60 characters\n",
              what, all, longer);
  EXPECT_GE(all, kAllRows) << what;
  EXPECT_GE(longer, kLongReplies) << what;
}

TEST(RelevanceAuc, OwnRepliesStandOutFromForeignOnes) {
  HUIFANG_DATA_OR_SKIP(path, "gov_replies.csv");
  const std::vector<Pair> pairs = ReadPairs(path);
  ExpectSeparates("learned from all rows", LearnFrom(pairs), pairs);
}

TEST(RelevanceAuc, HoldsOnRowsNeverSeen) {
  HUIFANG_DATA_OR_SKIP(path, "gov_replies.csv");
  const std::vector<Pair> pairs = ReadPairs(path);
  const auto middle =
      pairs.begin() + static_cast<std::ptrdiff_t>(pairs.size() / 2);
  const std::vector<Pair> first(pairs.begin(), middle);
  const std::vector<Pair> second(middle, pairs.end());
  ExpectSeparates("learned from one half, other half", LearnFrom(first),
                  second);
  ExpectSeparates("learned from the other half, first half", LearnFrom(second),
                  first);
}

TEST(RelevanceAuc, HoldsAfterTwoHundredTickets) {
  HUIFANG_DATA_OR_SKIP(path, "gov_replies.csv");
  const std::vector<Pair> pairs = ReadPairs(path);
  const std::vector<Pair> first(pairs.begin(), pairs.begin() + 200);
  const std::vector<Pair> rest(pairs.begin() + 200, pairs.end());
  ExpectSeparates("learned from 200 tickets", LearnFrom(first), rest);
}

// A third of the corpus answered with another ticket's reply.
TEST(RelevanceAuc, WrongPairsInTheCorpusDoNoHarm) {
  HUIFANG_DATA_OR_SKIP(path, "gov_replies.csv");
  const std::vector<Pair> pairs = ReadPairs(path);
  std::vector<Pair> spoiled = pairs;
  for (std::size_t i = 0; i + 3 < spoiled.size(); i += 3) {
    std::swap(spoiled[i].reply, spoiled[i + 3].reply);
  }
  ExpectSeparates("learned from a corpus with wrong pairs", LearnFrom(spoiled),
                  pairs);
}

// One reply in twenty swapped with a stranger's: what is flagged as off topic
// is mostly what was swapped.
TEST(RelevanceAuc, OffTopicFlagsMostlySwappedReplies) {
  HUIFANG_DATA_OR_SKIP(path, "gov_replies.csv");
  std::vector<testing::GovReply> rows = testing::ReadGovReplies(path);
  std::shuffle(rows.begin(), rows.end(), std::mt19937(7));
  std::vector<bool> swapped(rows.size(), false);
  for (std::size_t i = 0; i + 40 < rows.size(); i += 40) {
    std::swap(rows[i].reply, rows[i + 20].reply);
    swapped[i] = swapped[i + 20] = true;
  }
  RelevanceModel model;
  RelevanceModel::Scratch scratch;
  for (const testing::GovReply& row : rows) {
    model.Learn({NormalizedText(row.title), NormalizedText(row.content),
                 NormalizedText(row.reply)},
                scratch);
  }
  int flagged = 0;
  int right = 0;
  int planted = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    TicketFacts facts;
    facts.title = rows[i].title;
    facts.content = rows[i].content;
    facts.reply = rows[i].reply;
    const RuleResult result = InspectTicket(facts, model, scratch);
    planted += swapped[i] ? 1 : 0;
    for (const RuleFinding& finding : result.findings) {
      if (finding.rule->id != "off_topic") continue;
      ++flagged;
      right += swapped[i] ? 1 : 0;
    }
  }
  std::printf("off_topic: %d of %d flagged were swapped; %d were planted\n",
              right, flagged, planted);
  EXPECT_GE(right, flagged * 9 / 10);
  EXPECT_GE(right, planted / 3);
}

TEST(RelevanceModel, SurvivesStorage) {
  HUIFANG_DATA_OR_SKIP(path, "gov_replies.csv");
  const std::vector<Pair> pairs = ReadPairs(path);
  const RelevanceModel model = LearnFrom(pairs);
  const std::string blob = model.Serialize();
  EXPECT_LE(blob.size(), 512u * 1024u);
  const absl::StatusOr<RelevanceModel> back = RelevanceModel::Parse(blob);
  ASSERT_TRUE(back.ok()) << back.status();
  RelevanceModel::Scratch scratch;
  const Exchange exchange{pairs[0].title, pairs[0].content, pairs[0].reply};
  EXPECT_EQ(model.Score(exchange, scratch), back->Score(exchange, scratch));
  EXPECT_EQ(model.documents(), back->documents());
}

}  // namespace
}  // namespace huifang::grading
