// The part of DrawOffice that takes seeds.
#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/callback/draw_office.h"
#include "services/callback/draw_rules.h"
#include "services/callback/store_util.h"
#include "services/common/error.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"

namespace huifang::callback {
namespace {

using Plan = v1::SamplingPlan;

bool IsSeededBy(const v1::Draw& draw, Plan::SeedSource source) {
  return draw.applied_plan().seed_source() == source;
}

// The part that `call` may act on. PERMISSION_DENIED unless the caller holds
// the party, or if the caller acts for another one: two parties in one hand are
// one party.
absl::StatusOr<v1::SeedPart*> PartOf(const rpc::Call& call,
                                     const std::string& party, v1::Draw& draw) {
  const auto& parties = draw.applied_plan().seed_parties();
  const auto held = std::find_if(
      parties.begin(), parties.end(),
      [&](const Plan::SeedParty& one) { return one.party() == party; });
  if (!IsSeededBy(draw, Plan::SEED_SOURCE_PARTIES) || held == parties.end()) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "NO_SUCH_PARTY",
                     absl::StrCat("party: the draw's seed does not wait for \"",
                                  party, "\""));
  }
  const bool holds = held->has_principal() ? held->principal() == call.principal
                                           : held->role() == call.role;
  if (!holds) {
    return MakeError(absl::StatusCode::kPermissionDenied, "FOREIGN_PARTY",
                     absl::StrCat("party: you do not act for ", party));
  }
  v1::SeedPart* mine = nullptr;
  for (v1::SeedPart& part : *draw.mutable_seed_parts()) {
    if (part.party() == party) {
      mine = &part;
    } else if (part.committer() == call.principal ||
               part.revealer() == call.principal) {
      return MakeError(
          absl::StatusCode::kPermissionDenied, "ONE_HAND",
          absl::StrCat("you act for ", part.party(),
                       " already; another person must act for ", party));
    }
  }
  if (draw.state() != v1::Draw::STATE_FROZEN || mine == nullptr) {
    return WrongState(draw, "given a part of its seed");
  }
  return mine;
}

bool AllCommitted(const v1::Draw& draw) {
  return std::all_of(
      draw.seed_parts().begin(), draw.seed_parts().end(),
      [](const v1::SeedPart& part) { return !part.commitment().empty(); });
}

// The public seed, once every party has revealed; else empty.
std::string MixedSeed(const v1::Draw& draw) {
  std::vector<SeedSecret> secrets;
  for (const v1::SeedPart& part : draw.seed_parts()) {
    if (part.secret().empty()) return "";
    secrets.push_back({part.party(), part.secret(), part.salt()});
  }
  return MixParties(secrets);
}

}  // namespace

std::string SilentParties(const v1::Draw& draw) {
  if (!draw.public_seed().empty()) return "";
  const bool committed = AllCommitted(draw);
  std::vector<std::string> silent;
  for (const v1::SeedPart& part : draw.seed_parts()) {
    if (committed ? part.secret().empty() : part.commitment().empty()) {
      silent.push_back(part.party());
    }
  }
  if (silent.empty()) return "";
  return absl::StrCat(committed ? " (not revealed by " : " (not committed by ",
                      absl::StrJoin(silent, ", "), ")");
}

absl::StatusOr<v1::Draw> DrawOffice::Change(
    const RequestKey& key, const std::string& name,
    const google::protobuf::Message& request,
    absl::FunctionRef<absl::Status(sql::Session&, StoredDraw&)> change) {
  ASSIGN_OR_RETURN(const ResourceName parsed, ParseResourceName(name, "draws"));
  v1::Draw changed;
  RETURN_IF_ERROR(
      parts_.db.Write(parsed.court, [&](sql::Session& session) -> absl::Status {
        return RunOnce(session, key, parts_.clock.Now(), request, changed,
                       [&]() -> absl::Status {
                         ASSIGN_OR_RETURN(
                             StoredDraw stored,
                             DrawStore::Load(session, parsed.court, parsed.id));
                         RETURN_IF_ERROR(change(session, stored));
                         RETURN_IF_ERROR(DrawStore::Save(session, stored));
                         changed = stored.draw;
                         return absl::OkStatus();
                       });
      }));
  return changed;
}

absl::StatusOr<v1::Draw> DrawOffice::Seed(const rpc::Call& call,
                                          const v1::SeedDrawRequest& request) {
  const auto seed = [&](sql::Session& session,
                        StoredDraw& stored) -> absl::Status {
    v1::Draw& draw = stored.draw;
    RETURN_IF_ERROR(CheckEtag(request.etag(), draw.etag(), "draw"));
    if (!IsSeededBy(draw, Plan::SEED_SOURCE_PUBLIC)) {
      return MakeError(
          absl::StatusCode::kFailedPrecondition, "OTHER_SEED_SOURCE",
          absl::StrCat("the plan's seed comes from ",
                       Plan::SeedSource_Name(draw.applied_plan().seed_source())
                           .substr(12)));
    }
    if (draw.state() != v1::Draw::STATE_FROZEN || !draw.public_seed().empty()) {
      return WrongState(draw, "given a seed");
    }
    draw.set_public_seed(request.public_seed());
    draw.set_seeder(call.principal);
    stored.job = true;
    return DrawStore::AppendLog(session, draw,
                                {"seed", call.principal, parts_.clock.Now()});
  };
  ASSIGN_OR_RETURN(v1::Draw seeded,
                   Change({call.court, "SeedDraw", request.request_id()},
                          request.name(), request, seed));
  Enqueue(seeded.name());
  return seeded;
}

absl::StatusOr<v1::Draw> DrawOffice::Commit(
    const rpc::Call& call, const v1::CommitSeedRequest& request) {
  const auto commit = [&](sql::Session& session,
                          StoredDraw& stored) -> absl::Status {
    ASSIGN_OR_RETURN(v1::SeedPart* const part,
                     PartOf(call, request.party(), stored.draw));
    if (!part->commitment().empty()) {
      return MakeError(absl::StatusCode::kFailedPrecondition, "COMMITTED",
                       "the party has committed; a commitment stays");
    }
    const absl::Time now = parts_.clock.Now();
    part->set_commitment(request.commitment());
    part->set_committer(call.principal);
    *part->mutable_commit_time() = ToProto(now);
    return DrawStore::AppendLog(
        session, stored.draw,
        {"commit", call.principal, now,
         absl::StrCat(request.party(), ":", request.commitment())});
  };
  return Change({call.court, "CommitSeed", request.request_id()},
                request.name(), request, commit);
}

absl::StatusOr<v1::Draw> DrawOffice::Reveal(
    const rpc::Call& call, const v1::RevealSeedRequest& request) {
  const SeedSecret secret{request.party(), request.secret(), request.salt()};
  const auto reveal = [&](sql::Session& session,
                          StoredDraw& stored) -> absl::Status {
    v1::Draw& draw = stored.draw;
    ASSIGN_OR_RETURN(v1::SeedPart* const part,
                     PartOf(call, request.party(), draw));
    // Who revealed early would let the others choose.
    if (!AllCommitted(draw)) {
      return MakeError(absl::StatusCode::kFailedPrecondition, "NOT_COMMITTED",
                       absl::StrCat("nothing is revealed before all have "
                                    "committed",
                                    SilentParties(draw)));
    }
    if (!part->secret().empty()) {
      return MakeError(absl::StatusCode::kFailedPrecondition, "REVEALED",
                       "the party has revealed its secret already");
    }
    if (SeedCommitment(secret, draw.frame_digest()) != part->commitment()) {
      FieldErrors errors;
      errors.Add("secret", "is not what the party committed to");
      return errors.ToStatus();
    }
    const absl::Time now = parts_.clock.Now();
    part->set_secret(request.secret());
    part->set_salt(request.salt());
    part->set_revealer(call.principal);
    *part->mutable_reveal_time() = ToProto(now);
    draw.set_public_seed(MixedSeed(draw));
    stored.job = !draw.public_seed().empty();
    if (stored.job) draw.set_seeder("parties");
    return DrawStore::AppendLog(
        session, draw, {"reveal", call.principal, now, MixParties({secret})});
  };
  ASSIGN_OR_RETURN(v1::Draw revealed,
                   Change({call.court, "RevealSeed", request.request_id()},
                          request.name(), request, reveal));
  if (!revealed.public_seed().empty()) Enqueue(revealed.name());
  return revealed;
}

}  // namespace huifang::callback
