#include "tests/bench/closed_tickets.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/common/clock.h"
#include "services/common/ids.h"
#include "services/common/proto_time.h"
#include "services/common/status_macros.h"
#include "tests/bench/ticket_server.h"

namespace huifang::bench {
namespace {

namespace v1 = ticket::v1;

constexpr std::int64_t kBatch = 5000;
// Of a sealed caller.
constexpr std::size_t kSealedBytes = 120;
constexpr char kContent[] =
    "来电人系本案原告，称立案后已两个月未收到开庭通知，多次拨打承办法官办公电话"
    "无人接听，请法官尽快回电，告知开庭时间、合议庭组成人员以及保全申请的办理进"
    "展，并询问是否可以线上开庭。";
constexpr char kReply[] =
    "已于当日下午电话联系当事人，告知案件已排期，开庭传票将于本周内送达；保全裁"
    "定已作出并移送执行，线上开庭需双方当事人同意，当事人表示清楚。";

void Must(const absl::Status& status) {
  if (status.ok()) return;
  std::cerr << status << "\n";
  std::exit(1);
}

std::string Name(const char* collection, absl::string_view id) {
  return absl::StrCat("courts/", kClosedCourt, "/", collection, "/", id);
}

v1::Ticket TicketOf(std::int64_t i, absl::Time closed) {
  const std::int64_t division = i % kClosedDivisions;
  const absl::Time created = closed - absl::Hours(20);
  v1::Ticket t;
  t.set_name(Name("tickets", NewUuid7(created)));
  t.set_source_id(absl::StrFormat("12345-%09d", i));
  t.set_channel(v1::CHANNEL_PHONE);
  t.set_kind(v1::KIND_CONTACT_JUDGE);
  t.set_category("审判执行/民事/联系法官");
  t.set_title("请法官回电说明案件进展");
  t.set_content(kContent);
  t.mutable_caller()->set_phone("138****1234");
  t.mutable_caller()->set_display_name("李**");
  t.mutable_caller()->set_caller_key(absl::StrFormat("%032x", i));
  t.set_case_number(absl::StrFormat("（2019）京0102民初%d号", i % 90000));
  t.set_division(Name("divisions", absl::StrCat("d", division)));
  t.set_team(Name("teams", absl::StrCat("d", division, "-", i % 3)));
  t.set_handler(Name("staff", absl::StrCat("s", i % 200)));
  t.set_agent(Name("staff", absl::StrCat("a", i % 12)));
  t.set_state(v1::Ticket::STATE_CLOSED);
  *t.mutable_create_time() = ToTimestamp(created);
  *t.mutable_dispatch_time() = ToTimestamp(closed - absl::Hours(19));
  *t.mutable_due_time() = ToTimestamp(closed + absl::Hours(5));
  *t.mutable_reply_time() = ToTimestamp(closed - absl::Hours(1));
  *t.mutable_close_time() = ToTimestamp(closed);
  *t.mutable_update_time() = ToTimestamp(closed);
  v1::Reply& reply = *t.add_replies();
  reply.set_text(kReply);
  reply.set_author(t.handler());
  *reply.mutable_reply_time() = t.reply_time();
  return t;
}

std::int64_t CountTickets(sql::Database& db) {
  std::int64_t count = 0;
  Must(db.Read([&](sql::Session& session) {
    return session.Query("SELECT count(*) FROM tickets", {},
                         [&](const sql::Row& row) {
                           count = row.Int(0);
                           return absl::OkStatus();
                         });
  }));
  return count;
}

void Fill(sql::Database& db, std::int64_t count, absl::CivilDay first,
          absl::CivilDay last) {
  const absl::Time begin = absl::FromCivil(first, CourtTimeZone());
  const absl::Time end = absl::FromCivil(last + 1, CourtTimeZone());
  for (std::int64_t from = 0; from < count; from += kBatch) {
    Must(db.Write(kClosedCourt, [&](sql::Session& session) -> absl::Status {
      for (std::int64_t i = from; i < std::min(from + kBatch, count); ++i) {
        ticket::StoredTicket stored;
        stored.ticket = TicketOf(i, begin + (end - begin) * i / count);
        stored.sealed = std::string(kSealedBytes, 's');
        ticket::TicketStore::Encode(stored);
        RETURN_IF_ERROR(ticket::TicketStore::Insert(session, stored));
      }
      return absl::OkStatus();
    }));
  }
}

// The other process: serves until its parent closes the socket, or is gone.
[[noreturn]] void Serve(int socket, const std::string& database,
                        std::int64_t count, absl::CivilDay first,
                        absl::CivilDay last) {
  {
    TicketServer server(database);
    const std::int64_t kept = CountTickets(server.db());
    if (kept == 0) Fill(server.db(), count, first, last);
    if (kept != 0 && kept != count) {
      std::cerr << database << " has " << kept << " tickets, not " << count
                << "\n";
      std::exit(1);
    }
    const std::string& address = server.address();
    if (write(socket, address.data(), address.size()) < 0) std::exit(1);
    char end = 0;
    while (read(socket, &end, 1) > 0) {
    }
  }
  std::exit(0);
}

}  // namespace

ClosedTickets::ClosedTickets(const std::string& database, std::int64_t count,
                             absl::CivilDay first, absl::CivilDay last) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0) std::abort();
  child_ = fork();
  if (child_ < 0) std::abort();
  if (child_ == 0) {
    close(ends[0]);
    Serve(ends[1], database, count, first, last);
  }
  close(ends[1]);
  socket_ = ends[0];
  std::array<char, 64> address{};
  const ssize_t size = read(socket_, address.data(), address.size());
  if (size <= 0) {
    std::cerr << "the ticket service did not start\n";
    std::exit(1);
  }
  address_.assign(address.data(), static_cast<std::size_t>(size));
}

ClosedTickets::~ClosedTickets() { Stop(); }

double ClosedTickets::CpuSeconds() const {
  clockid_t clock{};
  timespec used{};
  if (clock_getcpuclockid(child_, &clock) != 0 ||
      clock_gettime(clock, &used) != 0) {
    return 0;
  }
  return static_cast<double>(used.tv_sec) +
         static_cast<double>(used.tv_nsec) / 1e9;
}

double ClosedTickets::Stop() {
  if (child_ == 0) return 0;
  close(socket_);
  rusage usage{};
  wait4(child_, nullptr, 0, &usage);
  child_ = 0;
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

}  // namespace huifang::bench
