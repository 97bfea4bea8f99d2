// Draws: what they counted, their frames, and the chain of their log.
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cli/admin/check.h"
#include "huifang/callback/v1/callback_resources.pb.h"
#include "services/callback/draw_rules.h"
#include "services/callback/frame_codec.h"
#include "services/common/status_macros.h"

namespace huifang::cli::admin {
namespace {

namespace v1 = callback::v1;

using DrawKey = std::pair<std::string, std::string>;  // court, draw id

struct Counts {
  std::int64_t callbacks = 0;
  std::int64_t frame = 0;
  std::int64_t left_out = 0;
};

void LookAtDraw(Check& check, const std::string& key, const v1::Draw& draw,
                const Counts& counts) {
  const auto expect = [&](std::int64_t got, std::int64_t wanted,
                          absl::string_view what) {
    if (got == wanted) return;
    check.findings.Add(Service::kCallback, "draws",
                       absl::StrCat(key, ": ", got, ", wanted ", wanted), what,
                       "do not report from this draw; abort it or restore");
  };
  std::int64_t population = 0;
  std::int64_t sampled = 0;
  std::int64_t taken = 0;
  for (const v1::Stratum& stratum : draw.strata()) {
    population += stratum.population();
    sampled += stratum.sampled();
    taken += stratum.reserve_used();
  }
  expect(population, draw.population(),
         "its strata do not add up to its population");
  expect(sampled, draw.sampled(), "its strata do not add up to its sample");
  expect(counts.frame, draw.population(),
         "its frame does not hold its population");
  expect(counts.left_out, draw.closed_count() - draw.population(),
         "its frame does not hold the tickets it left out");
  if (draw.state() == v1::Draw::STATE_DRAWN) {
    expect(counts.callbacks, draw.sampled() + taken,
           "it does not have the callbacks it counted");
  }
}

absl::Status CheckCounts(Check& check, sql::Session& session) {
  std::map<DrawKey, Counts> counts;
  RETURN_IF_ERROR(session.Scan(
      "SELECT court, draw_id, COUNT(*) FROM callbacks WHERE recall_of = '' "
      "GROUP BY court, draw_id",
      [&](const sql::Row& row) {
        counts[{row.Text(0), row.Text(1)}].callbacks = row.Int(2);
        return absl::OkStatus();
      }));
  RETURN_IF_ERROR(session.Scan(
      "SELECT f.court, f.draw_id, f.part, f.chunk, f.data FROM draw_frames f "
      "JOIN draws d ON d.court = f.court AND d.draw_id = f.draw_id AND "
      "d.frame_run = f.run",
      [&](const sql::Row& row) {
        Counts& mine = counts[{row.Text(0), row.Text(1)}];
        std::int64_t& part = row.Int(2) == 0 ? mine.frame : mine.left_out;
        const absl::Status read = callback::ReadRows(
            row.Blob(4), [&](absl::string_view, std::uint32_t) { ++part; });
        if (!read.ok()) {
          check.findings.Add(
              Service::kCallback, "draw_frames",
              absl::StrCat(row.Text(0), "/", row.Text(1), " part ", row.Int(2),
                           " chunk ", row.Int(3)),
              "cannot be read", kRestoreAll);
        }
        return absl::OkStatus();
      }));
  return session.Scan(
      "SELECT court, draw_id, body FROM draws", [&](const sql::Row& row) {
        v1::Draw draw;
        // CheckResources has told of a body that cannot be read.
        if (draw.ParseFromString(row.Blob(2)) &&
            (draw.state() == v1::Draw::STATE_FROZEN ||
             draw.state() == v1::Draw::STATE_DRAWN)) {
          LookAtDraw(check, absl::StrCat(row.Text(0), "/", row.Text(1)), draw,
                     counts[{row.Text(0), row.Text(1)}]);
        }
        return absl::OkStatus();
      });
}

struct Link {
  std::int64_t sequence = 0;
  std::string hash = callback::FirstChainHash();
};

absl::Status CheckChain(Check& check, sql::Session& session) {
  constexpr char kNext[] =
      "the log was altered or lost entries: compare it with published bundles, "
      "restore";
  std::map<std::string, Link> last;  // by court
  RETURN_IF_ERROR(session.Scan(
      "SELECT court, sequence, json, hash FROM draw_log "
      "ORDER BY court, sequence",
      [&](const sql::Row& row) {
        Link& link = last[row.Text(0)];
        const std::string key = absl::StrCat(row.Text(0), "/", row.Int(1));
        if (row.Int(1) != link.sequence + 1) {
          check.findings.Add(Service::kCallback, "draw_log", key,
                             "entries before it are missing", kNext);
        } else if (row.Text(3) !=
                   callback::NextChainHash(link.hash, row.Text(2))) {
          check.findings.Add(Service::kCallback, "draw_log", key,
                             "its hash does not follow from its text and the "
                             "entry before",
                             kNext);
        }
        link = {row.Int(1), row.Text(3)};
        return absl::OkStatus();
      }));
  std::map<std::string, Link> heads;
  RETURN_IF_ERROR(
      session.Query("SELECT court, sequence, hash FROM draw_log_heads", {},
                    [&](const sql::Row& row) {
                      heads[row.Text(0)] = {row.Int(1), row.Text(2)};
                      return absl::OkStatus();
                    }));
  for (const auto& [court, link] : last) heads.try_emplace(court);
  for (const auto& [court, head] : heads) {
    const Link& end = last[court];
    if (head.sequence == end.sequence && head.hash == end.hash) continue;
    check.findings.Add(Service::kCallback, "draw_log_heads", court,
                       "is not the last entry of its log", kNext);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckDraws(Check& check, sql::Session& session) {
  RETURN_IF_ERROR(CheckCounts(check, session));
  return CheckChain(check, session);
}

}  // namespace huifang::cli::admin
