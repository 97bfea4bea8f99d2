// Replies inspected per second on one core: normalise, rules, relevance,
// signature. Real rows where they are, generated ones else; prints which.
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/grading/inspection_rules.h"
#include "services/grading/relevance_model.h"
#include "tests/support/data_dir.h"
#include "tests/unit/grading/gov_replies.h"

namespace huifang::grading {
namespace {

constexpr double kTargetPerSecond = 10000;
constexpr double kSecondsMin = 3;

// CPU time of this thread, so that a neighbour's load does not count.
double ThreadSeconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

std::vector<testing::GovReply> Generated() {
  std::vector<testing::GovReply> rows;
  for (int i = 0; i < 1000; ++i) {
    testing::GovReply row;
    row.title = absl::StrCat("咨询第", i, "号案件诉讼费退费进度");
    for (int k = 0; k < 10; ++k) {
      absl::StrAppend(&row.content, "我的案件编号", i * 31 + k,
                      "已经判决生效，一直没有收到退费，请问什么时候能够退还。");
      absl::StrAppend(&row.reply, "经查，您的第", i * 31 + k,
                      "号申请已审批完成，请携带身份证到窗口核对账户信息。");
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

int Run() {
  const std::string path = testing::DataFile("gov_replies.csv");
  const std::vector<testing::GovReply> rows =
      path.empty() ? Generated() : testing::ReadGovReplies(path);
  RelevanceModel model;
  RelevanceModel::Scratch scratch;
  for (const testing::GovReply& row : rows) {
    model.Learn({NormalizedText(row.title), NormalizedText(row.content),
                 NormalizedText(row.reply)},
                scratch);
  }
  std::size_t inspected = 0;
  std::size_t findings = 0;
  const double start = ThreadSeconds();
  double seconds = 0;
  while (seconds < kSecondsMin) {
    for (const testing::GovReply& row : rows) {
      TicketFacts facts;
      facts.title = row.title;
      facts.content = row.content;
      facts.reply = row.reply;
      findings += InspectTicket(facts, model, scratch).findings.size();
    }
    inspected += rows.size();
    seconds = ThreadSeconds() - start;
  }
  const double rate = static_cast<double>(inspected) / seconds;
  std::printf(
      "inspection: %.0f replies/s/core on %zu %s rows (%.2f findings "
      "each); target %.0f: %s\n",
      rate, rows.size(), path.empty() ? "generated" : "real",
      static_cast<double>(findings) / static_cast<double>(inspected),
      kTargetPerSecond, rate >= kTargetPerSecond ? "met" : "MISSED");
  return rate >= kTargetPerSecond ? 0 : 1;
}

}  // namespace
}  // namespace huifang::grading

int main() { return huifang::grading::Run(); }
