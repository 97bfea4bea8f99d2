// Draws, callbacks and conveyances, as WatchCallbacks tells them.
#include <string>

#include "absl/strings/strip.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/reporting/criteria_facts.h"
#include "services/reporting/fact_columns.h"
#include "services/reporting/facts_store.h"

namespace huifang::reporting {
namespace {

namespace callback = huifang::callback::v1;

constexpr char kUpsert[] = R"(
INSERT INTO call_facts (court, callback_id, version, ticket_id, draw, stratum,
  stratum_population, division, team, close_day, withdrawn, disposition,
  verdict, judge_called, in_time, attitude, clear, solved, simulated,
  has_opinion, caller, verdict_rule, script, body)
VALUES (:court, :callback_id, :version, :ticket_id, :draw, :stratum,
  :stratum_population, :division, :team, :close_day, :withdrawn, :disposition,
  :verdict, :judge_called, :in_time, :attitude, :clear, :solved, :simulated,
  :has_opinion, :caller, :verdict_rule, :script, :body)
ON CONFLICT (court, callback_id) DO UPDATE SET
  version = excluded.version, withdrawn = excluded.withdrawn,
  division = excluded.division, team = excluded.team,
  close_day = excluded.close_day, disposition = excluded.disposition,
  verdict = excluded.verdict, judge_called = excluded.judge_called,
  in_time = excluded.in_time, attitude = excluded.attitude,
  clear = excluded.clear, solved = excluded.solved,
  simulated = excluded.simulated, has_opinion = excluded.has_opinion,
  caller = excluded.caller, verdict_rule = excluded.verdict_rule,
  script = excluded.script, body = excluded.body
WHERE excluded.version > call_facts.version)";

absl::Status UpsertCall(sql::Session& session, const std::string& court,
                        const callback::Callback& call) {
  const callback::Items& items = call.items();
  return session
      .Run(kUpsert,
           {{"court", court},
            {"callback_id", IdOf(call.name())},
            {"version", call.version()},
            {"ticket_id", IdOf(call.ticket())},
            {"draw", IdOf(call.draw())},
            {"stratum", call.stratum().key()},
            {"stratum_population", call.stratum().population()},
            {"division", IdOf(call.division())},
            {"team", IdOf(call.team())},
            {"close_day", DayNumberOf(call.ticket_close_time())},
            {"withdrawn", call.state() == callback::Callback::STATE_WITHDRAWN},
            {"disposition", static_cast<int>(call.disposition())},
            {"verdict", static_cast<int>(call.verdict())},
            {"judge_called", static_cast<int>(items.judge_called())},
            {"in_time", static_cast<int>(items.in_time())},
            {"attitude", static_cast<int>(items.attitude())},
            {"clear", static_cast<int>(items.clear())},
            {"solved", static_cast<int>(items.solved())},
            {"simulated", call.simulated()},
            {"has_opinion", !call.opinion().empty()},
            {"caller", call.caller_key()},
            {"verdict_rule", call.verdict_rule_version()},
            {"script", IdOf(call.script())},
            {"body", sql::Bytes{call.SerializeAsString()}}})
      .status();
}

std::string SeedSourceOf(const callback::Draw& draw) {
  return std::string(absl::StripPrefix(callback::SamplingPlan::SeedSource_Name(
                                           draw.applied_plan().seed_source()),
                                       "SEED_SOURCE_"));
}

absl::Status UpsertDraw(sql::Session& session, const std::string& court,
                        const callback::Draw& draw) {
  return session
      .Run(
          "INSERT INTO draw_facts (court, draw, version, state, "
          "frame_digest, population, sampled, score_scale, bundle_digest, "
          "public_seed, seeder, seed_source) VALUES (:court, :draw, "
          ":version, :state, :frame_digest, :population, :sampled, "
          ":score_scale, :bundle_digest, :public_seed, :seeder, "
          ":seed_source) "
          "ON CONFLICT (court, draw) DO UPDATE SET "
          "version = excluded.version, state = excluded.state, "
          "frame_digest = excluded.frame_digest, "
          "population = excluded.population, sampled = excluded.sampled, "
          "score_scale = excluded.score_scale, "
          "bundle_digest = excluded.bundle_digest, "
          "public_seed = excluded.public_seed, seeder = excluded.seeder, "
          "seed_source = excluded.seed_source "
          "WHERE excluded.version > draw_facts.version",
          {{"court", court},
           {"draw", IdOf(draw.name())},
           {"version", draw.version()},
           {"state", static_cast<int>(draw.state())},
           {"frame_digest", draw.frame_digest()},
           {"population", draw.population()},
           {"sampled", draw.sampled()},
           {"score_scale", ScoreScaleOf(draw.applied_plan().verdict_rule())},
           {"bundle_digest", draw.bundle_digest()},
           {"public_seed", draw.public_seed()},
           {"seeder", draw.seeder()},
           {"seed_source", SeedSourceOf(draw)}})
      .status();
}

absl::Status UpsertConveyance(sql::Session& session, const std::string& court,
                              const callback::Conveyance& conveyance) {
  return session
      .Run(
          "INSERT INTO conveyance_facts (court, callback_id, version, "
          "acknowledged) VALUES (:court, :callback_id, :version, "
          ":acknowledged) ON CONFLICT (court, callback_id) DO UPDATE SET "
          "version = excluded.version, "
          "acknowledged = excluded.acknowledged "
          "WHERE excluded.version > conveyance_facts.version",
          {{"court", court},
           {"callback_id", IdOf(conveyance.callback())},
           {"version", conveyance.version()},
           {"acknowledged", conveyance.has_acknowledge_time()}})
      .status();
}

}  // namespace

absl::Status ApplyCallbackEvent(sql::Session& session,
                                const callback::CallbackEvent& event) {
  if (event.has_draw()) {
    RETURN_IF_ERROR(UpsertDraw(session, event.court(), event.draw()));
  }
  // The first interview of a ticket counts. Programs of before re-calls may
  // tell of one as of a callback.
  if (event.has_callback() && event.callback().recall_of().empty()) {
    RETURN_IF_ERROR(UpsertCall(session, event.court(), event.callback()));
  }
  if (event.has_conveyance()) {
    RETURN_IF_ERROR(
        UpsertConveyance(session, event.court(), event.conveyance()));
  }
  return absl::OkStatus();
}

}  // namespace huifang::reporting
