#include "services/callback/draw_maker.h"

#include <algorithm>
#include <map>
#include <set>
#include <thread>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/callback/draw_rules.h"
#include "services/callback/events.h"
#include "services/callback/frame_codec.h"
#include "services/common/crypto.h"
#include "services/common/ids.h"
#include "services/common/log.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::callback {
namespace {

// Callbacks written in one transaction.
constexpr std::size_t kBatch = 200;

// Who does what no person does, in the chain of draws.
constexpr char kServer[] = "server";

// Who must not ask whether the answer was good; the handler is another rule's.
std::set<std::string> AnsweredBy(const ticket::v1::Ticket& ticket) {
  std::set<std::string> people;
  for (const ticket::v1::Reply& reply : ticket.replies()) {
    people.insert(reply.author());
  }
  if (ticket.state() == ticket::v1::Ticket::STATE_ANSWERED_AT_DESK) {
    people.insert(ticket.agent());
  }
  people.erase("");
  return people;
}

// Whether the server takes a seed where nobody gave one.
bool ServerSeeds(const v1::SamplingPlan& plan) {
  return plan.seed_source() == v1::SamplingPlan::SEED_SOURCE_SERVER ||
         plan.seed_source() == v1::SamplingPlan::SEED_SOURCE_GIVEN;
}

absl::StatusOr<Period> PeriodOf(const v1::Draw& draw) {
  Period period;
  ASSIGN_OR_RETURN(period.from, ParseDate(draw.from_date()));
  ASSIGN_OR_RETURN(period.to, ParseDate(draw.to_date()));
  return period;
}

void CountExclusions(const BuiltFrame& built, v1::Draw& draw) {
  std::map<Exclusion, std::int64_t> counts;
  for (const ExcludedTicket& ticket : built.excluded) ++counts[ticket.reason];
  draw.clear_exclusions();
  for (const auto& [reason, count] : counts) {
    v1::ExclusionCount& added = *draw.add_exclusions();
    added.set_reason(static_cast<v1::ExclusionCount::Reason>(reason));
    added.set_count(count);
  }
}

}  // namespace

absl::Status DrawMaker::Advance(const std::string& court,
                                const std::string& draw_id) {
  ASSIGN_OR_RETURN(StoredDraw stored, draws_.Get(court, draw_id));
  if (stored.draw.state() == v1::Draw::STATE_FREEZING) {
    RETURN_IF_ERROR(Freeze(stored));
    ASSIGN_OR_RETURN(stored, draws_.Get(court, draw_id));
  }
  if (stored.draw.state() == v1::Draw::STATE_FROZEN &&
      stored.draw.public_seed().empty() &&
      ServerSeeds(stored.draw.applied_plan())) {
    RETURN_IF_ERROR(TakeServerSeed(court, draw_id));
    ASSIGN_OR_RETURN(stored, draws_.Get(court, draw_id));
  }
  if (stored.draw.state() == v1::Draw::STATE_FROZEN &&
      !stored.draw.public_seed().empty()) {
    RETURN_IF_ERROR(Sample(stored));
    ASSIGN_OR_RETURN(stored, draws_.Get(court, draw_id));
  }
  const bool ended = stored.draw.state() == v1::Draw::STATE_ABORTED ||
                     stored.draw.state() == v1::Draw::STATE_FAILED;
  if (ended && stored.job) {
    return Withdraw(court, draw_id);
  }
  return absl::OkStatus();
}

absl::Status DrawMaker::Fail(const std::string& court,
                             const std::string& draw_id,
                             const std::string& why) {
  return db_.Write(court, [&, why](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(StoredDraw stored,
                     DrawStore::Load(session, court, draw_id));
    v1::Draw& draw = stored.draw;
    if (draw.state() != v1::Draw::STATE_FREEZING &&
        draw.state() != v1::Draw::STATE_FROZEN) {
      return absl::OkStatus();
    }
    // Some of its calls may be queued: they are to be withdrawn.
    stored.job = draw.state() == v1::Draw::STATE_FROZEN;
    draw.set_state(v1::Draw::STATE_FAILED);
    draw.set_failure(why);
    RETURN_IF_ERROR(DrawStore::Save(session, stored));
    RETURN_IF_ERROR(
        DrawStore::AppendLog(session, draw, {"fail", kServer, clock_.Now()}));
    EmitDraw(session, v1::CallbackEvent::TYPE_DRAW_ENDED, draw, clock_.Now());
    return absl::OkStatus();
  });
}

absl::Status DrawMaker::Freeze(const StoredDraw& stored) {
  const std::string court = CourtOfName(stored.draw.name());
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(stored.draw.name(), "draws"));
  ASSIGN_OR_RETURN(const Period period, PeriodOf(stored.draw));
  const absl::Time start = clock_.Now();
  ASSIGN_OR_RETURN(const PlannedFrame planned,
                   planner_.Plan(court, stored.draw.applied_plan(), period));
  const BuiltFrame& built = planned.built;
  if (built.frame.size() == 0) {
    return Fail(court, name.id,
                built.closed_count == 0
                    ? "nothing to draw from: no ticket was closed in the period"
                    : absl::StrCat("nothing to draw from: ", built.closed_count,
                                   " tickets were closed in the period, all of "
                                   "them left out by the plan"));
  }
  const std::string run = NewUuid7(clock_.Now());
  // Each takes half a second for a million tickets.
  std::string digest;
  std::string strata_digest;
  std::thread digests([&] {
    digest = FrameDigest(built.frame);
    strata_digest = FrameSectionDigest(built.frame);
  });
  const absl::Status written = WriteFrame(court, name.id, run, built);
  digests.join();
  RETURN_IF_ERROR(written);

  RETURN_IF_ERROR(db_.Write(court, [&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(StoredDraw now, DrawStore::Load(session, court, name.id));
    v1::Draw& draw = now.draw;
    // Another replica was faster, or somebody gave the draw up.
    if (draw.state() != v1::Draw::STATE_FREEZING) return absl::OkStatus();
    draw.set_state(v1::Draw::STATE_FROZEN);
    *draw.mutable_applied_plan() = planned.plan;
    draw.set_wanted(planned.wanted);
    draw.set_closed_count(built.closed_count);
    draw.set_population(static_cast<std::int64_t>(built.frame.size()));
    draw.set_sampled(planned.sampled);
    CountExclusions(built, draw);
    draw.clear_strata();
    for (const v1::Stratum& stratum : planned.strata) {
      *draw.add_strata() = stratum;
    }
    draw.set_frame_digest(digest);
    draw.set_strata_digest(strata_digest);
    draw.set_allocation_digest(StrataSectionDigest(BundleStrataOf(draw)));
    *draw.mutable_freeze_time() = ToProto(clock_.Now());
    now.frame_run = run;
    if (draw.applied_plan().seed_source() ==
        v1::SamplingPlan::SEED_SOURCE_PARTIES) {
      for (const auto& party : draw.applied_plan().seed_parties()) {
        draw.add_seed_parts()->set_party(party.party());
      }
    }
    now.job = !draw.public_seed().empty() || ServerSeeds(draw.applied_plan());
    RETURN_IF_ERROR(DrawStore::Save(session, now));
    RETURN_IF_ERROR(DrawStore::DropOtherRuns(session, court, name.id, run));
    RETURN_IF_ERROR(
        DrawStore::AppendLog(session, draw, {"freeze", kServer, clock_.Now()}));
    EmitDraw(session, v1::CallbackEvent::TYPE_FRAME_FROZEN, draw, clock_.Now());
    return absl::OkStatus();
  }));
  log::Info("frame_frozen",
            {{"draw", stored.draw.name()},
             {"tickets", static_cast<std::int64_t>(built.frame.size())},
             {"took_ms", absl::ToInt64Milliseconds(clock_.Now() - start)}});
  return absl::OkStatus();
}

absl::Status DrawMaker::WriteFrame(const std::string& court,
                                   const std::string& draw_id,
                                   const std::string& run,
                                   const BuiltFrame& built) {
  const auto write = [&](FramePart part, std::size_t count, auto row) {
    for (std::size_t from = 0; from < count; from += kChunkRows) {
      std::string data;
      const std::size_t to = std::min(count, from + kChunkRows);
      for (std::size_t i = from; i < to; ++i) row(i, data);
      const int chunk = static_cast<int>(from / kChunkRows);
      RETURN_IF_ERROR(db_.Write(court, [&](sql::Session& session) {
        return DrawStore::PutChunk(session, court, draw_id, run, part, chunk,
                                   data);
      }));
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(write(FramePart::kFrame, built.frame.size(),
                        [&](std::size_t i, std::string& data) {
                          AppendRow(data, built.frame.id(i),
                                    built.frame.stratum(i));
                        }));
  return write(FramePart::kExcluded, built.excluded.size(),
               [&](std::size_t i, std::string& data) {
                 AppendRow(
                     data, built.excluded[i].id,
                     static_cast<std::uint32_t>(built.excluded[i].reason));
               });
}

absl::Status DrawMaker::TakeServerSeed(const std::string& court,
                                       const std::string& draw_id) {
  const std::string seed = absl::BytesToHexString(RandomBytes(16));
  return db_.Write(court, [&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(StoredDraw stored,
                     DrawStore::Load(session, court, draw_id));
    // The first seed stays: trying for another would be choosing.
    if (stored.draw.state() != v1::Draw::STATE_FROZEN ||
        !stored.draw.public_seed().empty()) {
      return absl::OkStatus();
    }
    stored.draw.set_public_seed(seed);
    stored.draw.set_seeder(kServer);
    stored.job = true;
    RETURN_IF_ERROR(DrawStore::Save(session, stored));
    return DrawStore::AppendLog(session, stored.draw,
                                {"seed", kServer, clock_.Now()});
  });
}

absl::StatusOr<Frame> DrawMaker::LoadFrame(const StoredDraw& stored) {
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(stored.draw.name(), "draws"));
  Frame frame;
  RETURN_IF_ERROR(
      draws_.ReadFrame(name.court, name.id, stored.frame_run, FramePart::kFrame,
                       [&](absl::string_view id, std::uint32_t stratum) {
                         frame.Add(id, stratum);
                       }));
  if (static_cast<std::int64_t>(frame.size()) != stored.draw.population()) {
    return absl::DataLossError("the stored frame is not complete");
  }
  return frame;
}

absl::StatusOr<StoredCallback> DrawMaker::MakeCallback(
    const v1::Draw& draw, int stratum, absl::string_view ticket_id,
    std::int64_t order) {
  const std::string court = CourtOfName(draw.name());
  ASSIGN_OR_RETURN(
      const ticket::v1::Ticket ticket,
      tickets_.GetTicket(MakeResourceName(court, "tickets", ticket_id)));
  const google::protobuf::Timestamp now = ToProto(clock_.Now());
  StoredCallback stored;
  stored.offered = false;
  v1::Callback& callback = stored.callback;
  // Derived, so that a step run again makes the same callbacks.
  callback.set_name(
      MakeResourceName(court, "callbacks",
                       DerivedUuid(absl::StrCat(draw.name(), "|", ticket_id))));
  callback.set_ticket(ticket.name());
  callback.set_ticket_source_id(ticket.source_id());
  callback.set_draw(draw.name());
  callback.set_period_label(draw.period_label());
  callback.set_from_date(draw.from_date());
  callback.set_to_date(draw.to_date());
  *callback.mutable_stratum() = draw.strata(stratum);
  callback.set_draw_order(order);
  callback.set_reserve_order(
      std::max<std::int64_t>(0, order - draw.strata(stratum).sampled()));
  callback.set_division(ticket.division());
  callback.set_team(ticket.team());
  callback.set_handler(ticket.handler());
  for (const std::string& person : AnsweredBy(ticket)) {
    callback.add_excluded_officers(person);
  }
  callback.set_channel(ticket.channel());
  callback.set_kind(ticket.kind());
  *callback.mutable_ticket_close_time() = ticket.close_time();
  callback.set_ticket_generated(ticket.generated());
  callback.set_contact_recorded(ticket.contact_recorded());
  callback.set_masked_phone(ticket.caller().phone());
  callback.set_masked_display_name(ticket.caller().display_name());
  callback.set_caller_key(ticket.caller().caller_key());
  callback.set_language_code(ticket.caller().language_code());
  callback.set_state(v1::Callback::STATE_WAITING);
  *callback.mutable_next_attempt_time() = now;
  *callback.mutable_create_time() = now;
  *callback.mutable_update_time() = now;
  return stored;
}

absl::Status DrawMaker::Sample(const StoredDraw& stored) {
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(stored.draw.name(), "draws"));
  StoredDraw seeded = stored;
  v1::Draw& draw = seeded.draw;
  draw.set_seed(
      MixSeed(draw.period_label(), draw.frame_digest(), draw.public_seed()));
  // The frame is put in order once, for the calls and for the bundle.
  ASSIGN_OR_RETURN(BundleContent content, LoadBundle(seeded));

  std::vector<StoredCallback> batch;
  for (std::size_t h = 0; h < content.sample.size(); ++h) {
    for (std::size_t i = 0; i < content.sample[h].size(); ++i) {
      ASSIGN_OR_RETURN(
          StoredCallback made,
          MakeCallback(draw, static_cast<int>(h), content.sample[h][i],
                       static_cast<std::int64_t>(i) + 1));
      batch.push_back(std::move(made));
      if (batch.size() == kBatch) {
        RETURN_IF_ERROR(Queue(stored, std::exchange(batch, {})));
      }
    }
  }
  RETURN_IF_ERROR(Queue(stored, std::move(batch)));
  const std::string digest = BundleDigest(std::move(content));

  return db_.Write(name.court, [&](sql::Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(StoredDraw now,
                     DrawStore::Load(session, name.court, name.id));
    if (now.draw.state() != v1::Draw::STATE_FROZEN) return absl::OkStatus();
    now.draw.set_seed(draw.seed());
    now.draw.set_bundle_digest(digest);
    now.draw.set_state(v1::Draw::STATE_DRAWN);
    *now.draw.mutable_draw_time() = ToProto(clock_.Now());
    now.job = false;
    RETURN_IF_ERROR(DrawStore::Save(session, now));
    RETURN_IF_ERROR(CallbackStore::OfferAll(session, name.court, name.id));
    RETURN_IF_ERROR(DrawStore::AppendLog(session, now.draw,
                                         {"draw", kServer, clock_.Now()}));
    EmitDraw(session, v1::CallbackEvent::TYPE_DRAWN, now.draw, clock_.Now());
    return absl::OkStatus();
  });
}

absl::Status DrawMaker::Queue(const StoredDraw& stored,
                              std::vector<StoredCallback> batch) {
  if (batch.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const ResourceName name,
                   ParseResourceName(stored.draw.name(), "draws"));
  return db_.Write(name.court, [&](sql::Session& session) -> absl::Status {
    // Locks the draw: an abort at the same time finds these callbacks, or
    // keeps them from being written.
    ASSIGN_OR_RETURN(const bool still_frozen,
                     DrawStore::LockInState(session, name.court, name.id,
                                            v1::Draw::STATE_FROZEN));
    if (!still_frozen) return absl::OkStatus();
    for (const StoredCallback& made : batch) {
      StoredCallback callback = made;
      ASSIGN_OR_RETURN(const bool is_new,
                       CallbackStore::Insert(session, callback));
      if (!is_new) continue;
      EmitCallback(session, v1::CallbackEvent::TYPE_QUEUED, callback.callback,
                   clock_.Now());
    }
    return absl::OkStatus();
  });
}

absl::Status DrawMaker::Withdraw(const std::string& court,
                                 const std::string& draw_id) {
  bool more = true;
  while (more) {
    RETURN_IF_ERROR(
        db_.Write(court, [&](sql::Session& session) -> absl::Status {
          ASSIGN_OR_RETURN(
              std::vector<StoredCallback> open,
              CallbackStore::OpenOfDraw(session, court, draw_id, kBatch));
          more = !open.empty();
          for (StoredCallback& stored : open) {
            stored.callback.set_state(v1::Callback::STATE_WITHDRAWN);
            stored.callback.clear_lease_expire_time();
            *stored.callback.mutable_update_time() = ToProto(clock_.Now());
            stored.lease_token.clear();
            RETURN_IF_ERROR(CallbackStore::Save(session, stored));
            EmitCallback(session, v1::CallbackEvent::TYPE_WITHDRAWN,
                         stored.callback, clock_.Now());
          }
          if (more) return absl::OkStatus();
          ASSIGN_OR_RETURN(StoredDraw draw,
                           DrawStore::Load(session, court, draw_id));
          draw.job = false;
          return DrawStore::Save(session, draw);
        }));
  }
  return absl::OkStatus();
}

}  // namespace huifang::callback
