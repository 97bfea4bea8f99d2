#ifndef HUIFANG_SERVICES_CALLBACK_COURT_INFO_H_
#define HUIFANG_SERVICES_CALLBACK_COURT_INFO_H_

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "huifang/ticket/v1/ticket_events.pb.h"
#include "services/callback/ticket_client.h"
#include "services/common/clock.h"

namespace huifang::callback {

// A court's staff, by name.
struct StaffBook {
  struct Member {
    std::string team;
    ticket::v1::Staff::Role role = ticket::v1::Staff::ROLE_UNSPECIFIED;
    std::vector<std::string> languages;   // beside Mandarin, BCP 47
    std::vector<ticket::v1::Kind> kinds;  // known about; empty: all
  };
  std::map<std::string, Member> members;

  // Empty if not known.
  std::string TeamOf(const std::string& staff) const;
};

// What the ticket service knows of a court, kept for a minute. Thread safe.
class CourtInfo {
 public:
  CourtInfo(TicketClient& tickets, Clock& clock)
      : tickets_(tickets), clock_(clock) {}

  // Empty if the court has no directory. UNAVAILABLE if it cannot be asked and
  // was not asked before: who may check whom is not guessed.
  absl::StatusOr<std::shared_ptr<const StaffBook>> Staff(
      const std::string& court);

  // Whether the court works that day. Without an answer from the ticket
  // service, weekdays do: calls can wait for a calendar less well than they
  // can go out on a holiday's morning.
  bool IsWorkingDay(const std::string& court, absl::CivilDay day);

 private:
  using Days = std::map<absl::CivilDay, bool>;
  struct KeptStaff {
    std::shared_ptr<const StaffBook> book;
    absl::Time until;
  };
  struct KeptDays {
    Days days;
    absl::Time until;
  };
  bool IsKept(absl::Time until) const;

  TicketClient& tickets_;
  Clock& clock_;
  absl::Mutex mutex_;
  std::map<std::string, KeptStaff> staff_ ABSL_GUARDED_BY(mutex_);
  std::map<std::pair<std::string, int>, KeptDays> days_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_COURT_INFO_H_
