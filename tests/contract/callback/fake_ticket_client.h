#ifndef HUIFANG_TESTS_CONTRACT_CALLBACK_FAKE_TICKET_CLIENT_H_
#define HUIFANG_TESTS_CONTRACT_CALLBACK_FAKE_TICKET_CLIENT_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "services/callback/store_util.h"
#include "services/callback/ticket_client.h"
#include "services/common/deadline.h"

namespace huifang::callback {

// A ticket service in memory. Thread safe.
class FakeTicketClient final : public TicketClient {
 public:
  struct Conveyed {
    std::string ticket, text, request_id;
  };

  void Add(ticket::v1::Ticket ticket) {
    absl::MutexLock lock(&mutex_);
    tickets_[ticket.name()] = std::move(ticket);
  }
  void SetDirectory(ticket::v1::Directory directory) {
    absl::MutexLock lock(&mutex_);
    directory_ = std::move(directory);
  }
  // The next `count` calls work, later ones fail until it is set again.
  void FailAfter(int count) {
    absl::MutexLock lock(&mutex_);
    left_ = count;
  }
  void Heal() { FailAfter(1 << 30); }
  // How the next verbs on tickets end.
  void SetVerdict(absl::Status status) {
    absl::MutexLock lock(&mutex_);
    verdict_ = std::move(status);
  }
  // How the next reopenings end.
  void RefuseReopening(absl::Status status) {
    absl::MutexLock lock(&mutex_);
    reopening_ = std::move(status);
  }
  // Until when the last export was waited for.
  absl::Time export_deadline() {
    absl::MutexLock lock(&mutex_);
    return export_deadline_;
  }
  std::vector<Conveyed> conveyed() {
    absl::MutexLock lock(&mutex_);
    return conveyed_;
  }
  std::vector<std::string> reopened() {
    absl::MutexLock lock(&mutex_);
    return reopened_;
  }

  absl::Status ExportClosed(
      const std::string& court, absl::Time from, absl::Time to,
      absl::FunctionRef<absl::Status(const ticket::v1::Ticket&)> each)
      override {
    std::vector<ticket::v1::Ticket> found;
    {
      absl::MutexLock lock(&mutex_);
      export_deadline_ = CurrentDeadline();
      if (absl::Status status = Spend(); !status.ok()) return status;
      const std::string prefix = absl::StrCat("courts/", court, "/");
      for (const auto& [name, ticket] : tickets_) {
        const absl::Time closed = FromProto(ticket.close_time());
        if (name.compare(0, prefix.size(), prefix) == 0 && closed >= from &&
            closed < to) {
          found.push_back(ticket);
        }
      }
    }
    for (const ticket::v1::Ticket& ticket : found) {
      if (absl::Status status = each(ticket); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::StatusOr<ticket::v1::Ticket> GetTicket(
      const std::string& name) override {
    absl::MutexLock lock(&mutex_);
    if (absl::Status status = Spend(); !status.ok()) return status;
    const auto it = tickets_.find(name);
    if (it == tickets_.end()) return absl::NotFoundError("no such ticket");
    return it->second;
  }

  absl::StatusOr<ticket::v1::Caller> RevealCaller(
      const std::string& ticket, const std::string& /*reason*/) override {
    absl::MutexLock lock(&mutex_);
    if (absl::Status status = Spend(); !status.ok()) return status;
    ticket::v1::Caller caller;
    if (!tickets_[ticket].caller().phone().empty()) {
      caller.set_phone("13800001234");
    }
    caller.set_display_name("杨小明");
    return caller;
  }

  absl::Status AddConveyance(const std::string& ticket, const std::string& text,
                             const std::string& /*conveyance*/,
                             const std::string& request_id) override {
    absl::MutexLock lock(&mutex_);
    if (absl::Status status = Spend(); !status.ok()) return status;
    if (!verdict_.ok()) return verdict_;
    conveyed_.push_back({ticket, text, request_id});
    return absl::OkStatus();
  }

  absl::Status ReopenTicket(const std::string& ticket,
                            const std::string& /*reason*/,
                            const std::string& /*conveyance*/,
                            const std::string& /*request_id*/) override {
    absl::MutexLock lock(&mutex_);
    if (absl::Status status = Spend(); !status.ok()) return status;
    if (!reopening_.ok()) return reopening_;
    reopened_.push_back(ticket);
    return absl::OkStatus();
  }

  absl::StatusOr<ticket::v1::Directory> GetDirectory(
      const std::string& /*court*/) override {
    absl::MutexLock lock(&mutex_);
    return directory_;
  }

  absl::StatusOr<std::vector<ticket::v1::CalendarDay>> GetCalendar(
      const std::string& /*court*/, int year) override {
    ticket::v1::CalendarDay day;
    day.set_date(absl::StrCat(year, "-10-01"));
    return std::vector<ticket::v1::CalendarDay>{day};
  }

 private:
  absl::Status Spend() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return left_-- > 0 ? absl::OkStatus()
                       : absl::UnavailableError("the ticket service is away");
  }

  absl::Mutex mutex_;
  absl::Time export_deadline_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, ticket::v1::Ticket> tickets_ ABSL_GUARDED_BY(mutex_);
  ticket::v1::Directory directory_ ABSL_GUARDED_BY(mutex_);
  std::vector<Conveyed> conveyed_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> reopened_ ABSL_GUARDED_BY(mutex_);
  absl::Status verdict_ ABSL_GUARDED_BY(mutex_);
  absl::Status reopening_ ABSL_GUARDED_BY(mutex_);
  int left_ ABSL_GUARDED_BY(mutex_) = 1 << 30;
};

}  // namespace huifang::callback

#endif  // HUIFANG_TESTS_CONTRACT_CALLBACK_FAKE_TICKET_CLIENT_H_
