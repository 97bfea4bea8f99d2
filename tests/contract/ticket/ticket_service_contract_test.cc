// The ticket service as its callers see it, on SQLite and on PostgreSQL.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "huifang/ticket/v1/directory_service.grpc.pb.h"
#include "huifang/ticket/v1/ticket_service.grpc.pb.h"
#include "services/common/crypto.h"
#include "services/common/event_log.h"
#include "services/common/proto_time.h"
#include "services/common/schema.h"
#include "services/ticket/case_store.h"
#include "services/ticket/deadline_handler.h"
#include "services/ticket/directory_handler.h"
#include "services/ticket/directory_store.h"
#include "services/ticket/ring_worker.h"
#include "services/ticket/schema.h"
#include "services/ticket/ticket_handler.h"
#include "services/ticket/ticket_store.h"
#include "services/ticket/ticket_writer.h"
#include "tests/support/backends.h"
#include "tests/support/fake_lease_queue.h"
#include "tests/support/matchers.h"
#include "tests/support/source_dir.h"
#include "tests/support/test_runtime.h"

namespace huifang::ticket {
namespace {

using ::huifang::testing::HasReason;
using ::huifang::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kCourt[] = "courts/110102";
constexpr char kDivision[] = "courts/110102/divisions/civil-1";
constexpr char kOther[] = "courts/110102/divisions/civil-2";
constexpr char kJudge[] = "courts/110102/staff/wang";
constexpr char kHead[] = "courts/110102/staff/head";
constexpr char kRequestId[] = "0197f9d8-1111-7000-8000-000000000001";

// PostgreSQL with its tables split by hash of the court.
constexpr char kByCourt[] = "postgres_by_court";

std::vector<std::string> Engines() {
  std::vector<std::string> engines = testing::SqlEngines();
  if (engines.back() == "postgres") engines.push_back(kByCourt);
  return engines;
}

bool PartitionByCourt(const std::string& url) {
  const std::string command = absl::StrCat(
      HUIFANG_SOURCE_DIR, "/deploy/partition-by-court --partitions 4 '", url,
      "' 2>/dev/null");
  return std::system(command.c_str()) == 0;
}

class TicketServiceContract : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    const std::string url = testing::FreshDatabase(GetParam());
    ASSERT_OK_AND_ASSIGN(db_, sql::Database::Open({.url = url}));
    ASSERT_OK(db_->Migrate("common", {std::begin(kCommonMigrations),
                                      std::end(kCommonMigrations)}));
    ASSERT_OK(db_->Migrate("ticket",
                           {std::begin(kMigrations), std::end(kMigrations)}));
    if (GetParam() == kByCourt) {
      ASSERT_TRUE(PartitionByCourt(url));
    }
    events_ = std::make_unique<EventLog>(*db_, host_.hub());
    ASSERT_OK_AND_ASSIGN(Sealer sealer,
                         Sealer::FromJson(testing::kTestKeysJson));
    sealer_ = std::make_unique<Sealer>(std::move(sealer));
    directory_ = std::make_unique<DirectoryStore>(*db_, host_.clock());
    store_ = std::make_unique<TicketStore>(*db_);
    cases_ = std::make_unique<CaseStore>(*db_, *sealer_);
    writer_ = std::make_unique<TicketWriter>(*db_, *directory_, *sealer_,
                                             host_.clock());
    handler_ = std::make_unique<TicketHandler>(
        host_.runtime(), *db_, *store_, *writer_, *cases_, *events_, *sealer_);
    directory_handler_ =
        std::make_unique<DirectoryHandler>(host_.runtime(), *db_, *directory_);
    deadline_handler_ = std::make_unique<DeadlineHandler>(
        host_.runtime(), *db_, *directory_, *store_, *writer_);
    const auto channel = host_.Start(
        {handler_.get(), directory_handler_.get(), deadline_handler_.get()});
    stub_ = v1::TicketService::NewStub(channel);
    directory_stub_ = v1::DirectoryService::NewStub(channel);
    deadline_stub_ = v1::DeadlineService::NewStub(channel);
    ImportDirectory();
  }
  void TearDown() override { host_.Stop(); }

  void ImportDirectory() {
    v1::ImportDirectoryRequest request;
    request.set_parent(kCourt);
    auto& directory = *request.mutable_directory();
    for (const auto& [name, shown] :
         {std::pair{kDivision, "民一庭"}, {kOther, "民二庭"}}) {
      auto* division = directory.add_divisions();
      division->set_name(name);
      division->set_display_name(shown);
    }
    for (const auto& [name, shown] :
         {std::pair{kJudge, "王法官"}, {kHead, "李庭长"}}) {
      auto* staff = directory.add_staff();
      staff->set_name(name);
      staff->set_display_name(shown);
      staff->set_role(v1::Staff::ROLE_JUDGE);
      staff->set_division(kDivision);
    }
    grpc::ClientContext context;
    v1::ImportDirectoryResponse response;
    ASSERT_OK(rpc::FromGrpcStatus(
        directory_stub_->ImportDirectory(&context, request, &response)));
    ASSERT_EQ(response.created_count(), 4);
  }

  // One call of any unary method.
  template <typename Response, typename Request>
  absl::StatusOr<Response> Call(grpc::Status (v1::TicketService::Stub::*method)(
                                    grpc::ClientContext*, const Request&,
                                    Response*),
                                const Request& request) {
    grpc::ClientContext context;
    Response response;
    const grpc::Status status =
        (stub_.get()->*method)(&context, request, &response);
    if (!status.ok()) return rpc::FromGrpcStatus(status);
    return response;
  }
  using Stub = v1::TicketService::Stub;

  static v1::CreateTicketRequest NewTicket() {
    v1::CreateTicketRequest request;
    request.set_parent(kCourt);
    auto& ticket = *request.mutable_ticket();
    ticket.set_channel(v1::CHANNEL_PHONE);
    ticket.set_kind(v1::KIND_CONTACT_JUDGE);
    ticket.set_content("请承办法官回电，想知道何时开庭。");
    ticket.mutable_caller()->set_phone("138 0000 1234");
    ticket.mutable_caller()->set_display_name("杨小明");
    ticket.set_case_number("（2021）京0102民初7664号");
    return request;
  }
  v1::Ticket Created() {
    return Call(&Stub::CreateTicket, NewTicket()).value();
  }
  absl::StatusOr<v1::Ticket> Get(const std::string& name) {
    v1::GetTicketRequest request;
    request.set_name(name);
    return Call(&Stub::GetTicket, request);
  }
  absl::StatusOr<v1::Ticket> Dispatch(const std::string& name,
                                      const std::string& etag = "") {
    v1::DispatchTicketRequest request;
    request.set_name(name);
    request.set_division(kDivision);
    request.set_handler(kJudge);
    request.set_etag(etag);
    return Call(&Stub::DispatchTicket, request);
  }
  v1::Ticket Closed(const std::string& name) {
    EXPECT_OK(Dispatch(name));
    v1::AcceptTicketRequest accept;
    accept.set_name(name);
    EXPECT_OK(Call(&Stub::AcceptTicket, accept));
    v1::ReplyTicketRequest reply;
    reply.set_name(name);
    reply.mutable_reply()->set_text("已电话告知，定于8月5日上午开庭。");
    EXPECT_OK(Call(&Stub::ReplyTicket, reply));
    v1::CloseTicketRequest close;
    close.set_name(name);
    return Call(&Stub::CloseTicket, close).value();
  }

  v1::ImportTicketsResponse Import(const std::vector<v1::ImportRow>& rows) {
    grpc::ClientContext context;
    const auto stream = stub_->ImportTickets(&context);
    v1::ImportTicketsRequest request;
    request.set_parent(kCourt);
    for (const v1::ImportRow& row : rows) *request.add_rows() = row;
    EXPECT_TRUE(stream->Write(request));
    stream->WritesDone();
    v1::ImportTicketsResponse response;
    EXPECT_TRUE(stream->Read(&response));
    EXPECT_TRUE(stream->Finish().ok());
    return response;
  }
  v1::ImportRow Row(const std::string& id, int line) {
    v1::ImportRow row;
    row.set_line(line);
    auto& ticket = *row.mutable_ticket();
    ticket.set_source_id(id);
    ticket.set_title(absl::StrCat("咨询", id));
    ticket.set_channel(v1::CHANNEL_WEB);
    ticket.set_kind(v1::KIND_CONSULT);
    ticket.set_state(v1::Ticket::STATE_CLOSED);
    const absl::Time created = host_.clock().Now() - absl::Hours(90);
    *ticket.mutable_create_time() = ToTimestamp(created);
    *ticket.mutable_close_time() = ToTimestamp(created + absl::Hours(1));
    row.set_division_label("民一庭");
    return row;
  }

  testing::TestRuntime host_{"ticket"};
  std::unique_ptr<sql::Database> db_;
  std::unique_ptr<EventLog> events_;
  std::unique_ptr<Sealer> sealer_;
  std::unique_ptr<DirectoryStore> directory_;
  std::unique_ptr<TicketStore> store_;
  std::unique_ptr<CaseStore> cases_;
  std::unique_ptr<TicketWriter> writer_;
  std::unique_ptr<TicketHandler> handler_;
  std::unique_ptr<DirectoryHandler> directory_handler_;
  std::unique_ptr<DeadlineHandler> deadline_handler_;
  std::unique_ptr<v1::TicketService::Stub> stub_;
  std::unique_ptr<v1::DirectoryService::Stub> directory_stub_;
  std::unique_ptr<v1::DeadlineService::Stub> deadline_stub_;
};

TEST_P(TicketServiceContract, PersonalDataIsMaskedAndSealedAtRest) {
  const v1::Ticket ticket = Created();
  EXPECT_EQ(ticket.caller().phone(), "138****1234");
  EXPECT_EQ(ticket.caller().display_name(), "杨**");
  ASSERT_OK(db_->Read([&](sql::Session& session) {
    return session.Query(
        "SELECT body, sealed FROM tickets UNION ALL "
        "SELECT payload, payload FROM events",
        {}, [&](const sql::Row& row) {
          for (const int column : {0, 1}) {
            EXPECT_THAT(row.Blob(column), Not(HasSubstr("13800001234")));
            EXPECT_THAT(row.Blob(column), Not(HasSubstr("小明")));
          }
          return absl::OkStatus();
        });
  }));
  v1::RevealCallerRequest reveal;
  reveal.set_name(ticket.name());
  EXPECT_THAT(Call(&Stub::RevealCaller, reveal), HasReason("INVALID_FIELDS"));
  reveal.set_reason("回访");
  EXPECT_EQ(Call(&Stub::RevealCaller, reveal)->phone(), "13800001234");
}

TEST_P(TicketServiceContract, RepeatedCreateIsTheSameTicket) {
  v1::CreateTicketRequest request = NewTicket();
  request.set_request_id(kRequestId);
  const v1::Ticket first = Call(&Stub::CreateTicket, request).value();
  EXPECT_EQ(Call(&Stub::CreateTicket, request)->name(), first.name());
  request.mutable_ticket()->set_content("别的");
  EXPECT_THAT(Call(&Stub::CreateTicket, request),
              HasReason("REQUEST_ID_REUSED"));
}

TEST_P(TicketServiceContract, LifeRunsFromDispatchToClosure) {
  const v1::Ticket ticket = Created();
  v1::CloseTicketRequest early;
  early.set_name(ticket.name());
  EXPECT_THAT(Call(&Stub::CloseTicket, early),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  const v1::Ticket closed = Closed(ticket.name());
  EXPECT_EQ(closed.state(), v1::Ticket::STATE_CLOSED);
  EXPECT_TRUE(closed.has_close_time());
  EXPECT_FALSE(closed.overdue());
  v1::GetTicketTimelineRequest timeline;
  timeline.set_name(ticket.name());
  EXPECT_THAT(Call(&Stub::GetTicketTimeline, timeline)->entries(),
              SizeIs(5));  // created, dispatched, accepted, reply, closed
}

TEST_P(TicketServiceContract, StaleEtagIsRefused) {
  const v1::Ticket ticket = Created();
  EXPECT_OK(Dispatch(ticket.name(), ticket.etag()));
  EXPECT_THAT(Dispatch(ticket.name(), ticket.etag()), HasReason("STALE_ETAG"));
}

TEST_P(TicketServiceContract, UnknownDivisionIsNotFound) {
  v1::DispatchTicketRequest request;
  request.set_name(Created().name());
  request.set_division("courts/110102/divisions/nowhere");
  EXPECT_THAT(Call(&Stub::DispatchTicket, request),
              HasReason("NOT_IN_DIRECTORY"));
}

TEST_P(TicketServiceContract, ForeignCourtSeesNothing) {
  const v1::Ticket ticket = Created();
  host_.admission().SetCaller(host_.CallAs("admin", "110105"));
  EXPECT_THAT(Get(ticket.name()),
              StatusIs(absl::StatusCode::kPermissionDenied));
  host_.admission().SetCaller(host_.CallAs("admin", ""));
  const std::string id = ticket.name().substr(ticket.name().rfind('/'));
  EXPECT_THAT(Get("courts/110105/tickets" + id), HasReason("NO_TICKET"));
}

TEST_P(TicketServiceContract, WrongRoleIsRefused) {
  host_.admission().SetCaller(host_.CallAs("leader", "110102"));
  EXPECT_THAT(Call(&Stub::CreateTicket, NewTicket()),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_P(TicketServiceContract, PagesCoverAllOnceAndTokensFitTheirQuery) {
  for (int i = 0; i < 7; ++i) {
    Created();
    host_.clock().Advance(absl::Seconds(i % 2));  // equal times too
  }
  v1::ListTicketsRequest request;
  request.set_parent(kCourt);
  request.set_page_size(3);
  std::set<std::string> names;
  int pages = 0;
  do {
    const auto page = Call(&Stub::ListTickets, request);
    ASSERT_OK(page);
    for (const v1::Ticket& ticket : page->tickets()) {
      EXPECT_TRUE(names.insert(ticket.name()).second);
    }
    request.set_page_token(page->next_page_token());
    ++pages;
    if (pages == 1) {
      v1::ListTicketsRequest other = request;
      other.mutable_filter()->set_division(kDivision);
      EXPECT_THAT(Call(&Stub::ListTickets, other),
                  StatusIs(absl::StatusCode::kInvalidArgument));
    }
  } while (!request.page_token().empty());
  EXPECT_EQ(pages, 3);
  EXPECT_THAT(names, SizeIs(7));
}

TEST_P(TicketServiceContract, RepeatCallerIsFoundByPhoneAndByCase) {
  const v1::Ticket first = Created();
  host_.clock().Advance(absl::Hours(5));
  const v1::Ticket second = Created();
  EXPECT_EQ(second.repeat_of(), first.name());
  v1::GetCallerTimelineRequest by_phone;
  by_phone.set_parent(kCourt);
  by_phone.set_phone("+86 138-0000-1234");
  const auto found = Call(&Stub::GetCallerTimeline, by_phone);
  ASSERT_OK(found);
  ASSERT_THAT(found->tickets(), SizeIs(2));
  EXPECT_EQ(found->tickets(0).name(), second.name());
  v1::GetCallerTimelineRequest by_case;
  by_case.set_parent(kCourt);
  by_case.set_case_number("(2021)京0102民初7664号");
  EXPECT_THAT(Call(&Stub::GetCallerTimeline, by_case)->tickets(), SizeIs(2));
  by_phone.set_phone("138000012AB");
  EXPECT_THAT(Call(&Stub::GetCallerTimeline, by_phone),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_P(TicketServiceContract, CancelNeedsASecondPerson) {
  const v1::Ticket ticket = Created();
  v1::CancelTicketRequest cancel;
  cancel.set_name(ticket.name());
  cancel.set_reason("重复登记");
  cancel.set_approver(kHead);
  host_.admission().SetCaller(host_.CallAs("head", "110102", kHead));
  EXPECT_THAT(Call(&Stub::CancelTicket, cancel),
              StatusIs(absl::StatusCode::kInvalidArgument));
  host_.admission().SetCaller(host_.CallAs("head", "110102", kJudge));
  EXPECT_EQ(Call(&Stub::CancelTicket, cancel)->state(),
            v1::Ticket::STATE_CANCELLED);
}

TEST_P(TicketServiceContract, DeadlineRingsOnceAndShowsOnTheTimeline) {
  const v1::Ticket ticket = Created();
  const std::string id = ticket.name().substr(ticket.name().rfind('/') + 1);
  ASSERT_OK(Dispatch(ticket.name()));
  host_.clock().Set(FromTimestamp(ticket.due_time()) + absl::Seconds(1));
  ASSERT_OK_AND_ASSIGN(const std::vector<DueRing> due,
                       store_->DueRings(host_.clock().Now(), 10));
  ASSERT_THAT(due, SizeIs(1));
  ASSERT_OK(writer_->Ring("110102", id, due[0].stage));
  const v1::Ticket after = Get(ticket.name()).value();
  EXPECT_TRUE(after.overdue());
  ASSERT_OK(writer_->Ring("110102", id, due[0].stage));
  EXPECT_EQ(Get(ticket.name())->version(), after.version());
}

// Answering, moving or importing an overdue ticket again is no news of its
// deadline.
TEST_P(TicketServiceContract, ALadderThatHasRungOutStaysSilent) {
  const v1::Ticket ticket = Created();
  const std::string id = ticket.name().substr(ticket.name().rfind('/') + 1);
  host_.clock().Set(FromTimestamp(ticket.due_time()) + absl::Hours(24 * 60));
  int rings = 0;
  const auto ring_all = [&] {
    while (true) {
      const auto due = store_->DueRings(host_.clock().Now(), 10).value();
      if (due.empty()) return;
      ASSERT_OK(writer_->Ring("110102", id, due[0].stage));
      ASSERT_LT(++rings, 10);
    }
  };
  ring_all();
  const int rung = rings;
  EXPECT_GT(rung, 0);
  ASSERT_OK(Dispatch(ticket.name()));
  ring_all();
  EXPECT_EQ(rings, rung);
}

TEST_P(TicketServiceContract, AnImportAgainRingsNothingAgain) {
  v1::ImportRow row = Row("a", 2);
  row.mutable_ticket()->set_state(v1::Ticket::STATE_OPEN);
  row.mutable_ticket()->clear_close_time();
  ASSERT_EQ(Import({row}).created_count(), 1);
  host_.clock().Advance(absl::Hours(24 * 60));
  int rings = 0;
  for (const auto state :
       {v1::Ticket::STATE_DISPATCHED, v1::Ticket::STATE_ACCEPTED}) {
    while (true) {
      const auto due = store_->DueRings(host_.clock().Now(), 10).value();
      if (due.empty()) break;
      ASSERT_OK(writer_->Ring("110102", due[0].ticket_id, due[0].stage));
      ASSERT_LT(++rings, 10);
    }
    EXPECT_GT(rings, 0);
    EXPECT_LT(rings, 5);
    row.mutable_ticket()->set_state(state);
    ASSERT_EQ(Import({row}).updated_count(), 1);
    EXPECT_TRUE(store_->DueRings(host_.clock().Now(), 10)->empty());
  }
}

TEST_P(TicketServiceContract, AHolidayMovesDeadlinesThatHaveRungOut) {
  const v1::Ticket ticket = Created();
  const std::string id = ticket.name().substr(ticket.name().rfind('/') + 1);
  const absl::Time due_time = FromTimestamp(ticket.due_time());
  const std::string day =
      absl::FormatTime("%Y-%m-%d", due_time, CourtTimeZone());
  host_.clock().Set(due_time + absl::Hours(24 * 60));
  for (auto due = store_->DueRings(host_.clock().Now(), 10).value();
       !due.empty(); due = store_->DueRings(host_.clock().Now(), 10).value()) {
    ASSERT_OK(writer_->Ring("110102", id, due[0].stage));
  }
  v1::UpdateCalendarRequest request;
  request.set_parent(kCourt);
  auto* holiday = request.add_days();
  holiday->set_date(day);
  holiday->set_reason("本院停电检修");
  grpc::ClientContext context;
  v1::GetCalendarResponse response;
  ASSERT_OK(rpc::FromGrpcStatus(
      deadline_stub_->UpdateCalendar(&context, request, &response)));
  EXPECT_GT(FromTimestamp(Get(ticket.name())->due_time()), due_time);
}

// 500 tickets of a page, with everything that people wrote, may be more than a
// client takes.
TEST_P(TicketServiceContract, LargeTicketsComeInMorePages) {
  std::vector<v1::ImportRow> rows;
  for (int i = 1; i <= 5; ++i) {
    v1::ImportRow& row = rows.emplace_back(Row(absl::StrCat("t", i), i));
    for (int k = 0; k < 15; ++k) {
      row.mutable_ticket()->add_replies()->set_text(std::string(20'000, 'x'));
    }
    row.mutable_ticket()->set_content(std::string(20'000, 'y'));
    ASSERT_EQ(Import({row}).created_count(), 1);
  }
  // Nine of these have more than 2 MiB.
  for (int i = 6; i <= 12; ++i) {
    v1::ImportRow row = rows.front();
    row.set_line(i);
    row.mutable_ticket()->set_source_id(absl::StrCat("t", i));
    ASSERT_EQ(Import({row}).created_count(), 1);
  }
  v1::ListTicketsRequest list;
  list.set_parent(kCourt);
  list.set_page_size(500);
  ASSERT_OK_AND_ASSIGN(v1::ListTicketsResponse page,
                       Call(&Stub::ListTickets, list));
  EXPECT_LT(page.ByteSizeLong(), std::size_t{4} << 20);
  int seen = page.tickets_size();
  EXPECT_LT(seen, 12);
  while (!page.next_page_token().empty()) {
    list.set_page_token(page.next_page_token());
    page = Call(&Stub::ListTickets, list).value();
    seen += page.tickets_size();
  }
  EXPECT_EQ(seen, 12);
  v1::ExportTicketsRequest request;
  request.set_parent(kCourt);
  grpc::ClientContext context;
  const auto reader = stub_->ExportTickets(&context, request);
  v1::ExportTicketsResponse response;
  int exported = 0;
  while (reader->Read(&response)) exported += response.tickets_size();
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(exported, 12);
}

// Many courts' deadlines end with the working day.
TEST_P(TicketServiceContract, DeadlinesThatEndTogetherAreQueuedTogether) {
  constexpr int kTickets = 1200;
  std::vector<v1::ImportRow> rows;
  for (int i = 1; i <= kTickets; ++i) {
    v1::ImportRow& row = rows.emplace_back(Row(absl::StrCat("t", i), i));
    row.mutable_ticket()->set_state(v1::Ticket::STATE_OPEN);
    row.mutable_ticket()->clear_close_time();
    if (rows.size() < 400) continue;
    ASSERT_EQ(Import(rows).created_count(), 400);
    rows.clear();
  }
  host_.clock().Advance(absl::Hours(24 * 30));
  testing::FakeLeaseQueue queue(/*max_attempts=*/5);
  RingWorker worker(queue, *store_, *writer_, host_.clock(),
                    host_.runtime().metrics, /*threads=*/0);
  ASSERT_OK(worker.EnqueueSoon());
  EXPECT_EQ(queue.Stats()->due, kTickets);
}

TEST_P(TicketServiceContract, ImportTakesGoodRowsAndNamesBadOnes) {
  std::vector<v1::ImportRow> rows = {Row("a", 2), Row("b", 3), Row("c", 4),
                                     Row("d", 5)};
  rows[1].set_division_label("不存在的庭");
  *rows[2].mutable_ticket()->mutable_close_time() =
      ToTimestamp(host_.clock().Now() - absl::Hours(100));
  const v1::ImportTicketsResponse first = Import(rows);
  EXPECT_EQ(first.created_count(), 2);
  ASSERT_THAT(first.results(), SizeIs(2));
  EXPECT_EQ(first.results(0).line(), 3);
  EXPECT_EQ(first.results(0).reason(), "UNKNOWN_DIVISION");
  EXPECT_EQ(first.results(1).reason(), "CLOSED_BEFORE_CREATED");
  const v1::ImportTicketsResponse again = Import({rows[0], rows[3]});
  EXPECT_EQ(again.unchanged_count(), 2);
  rows[0].mutable_ticket()->set_title("另一件事");
  EXPECT_EQ(Import({rows[0]}).results(0).reason(), "DUPLICATE_SOURCE_ID");
}

// Batches that come faster than they are written share a commit, but never one
// of two courts.
TEST_P(TicketServiceContract, BatchesOfAStreamAreAnsweredInTheirOrder) {
  constexpr int kBatches = 24;
  grpc::ClientContext context;
  const auto stream = stub_->ImportTickets(&context);
  std::thread sender([&] {
    for (int i = 0; i < kBatches; ++i) {
      v1::ImportTicketsRequest request;
      request.set_parent(i % 4 == 3 ? "courts/110105" : kCourt);
      for (int line = 0; line <= i; ++line) {
        v1::ImportRow row = Row(absl::StrCat("r", line), line);
        row.clear_division_label();
        *request.add_rows() = row;
      }
      EXPECT_TRUE(stream->Write(request));
    }
    stream->WritesDone();
  });
  std::map<std::string, int> known;
  for (int i = 0; i < kBatches; ++i) {
    v1::ImportTicketsResponse response;
    EXPECT_TRUE(stream->Read(&response)) << i;
    int& there = known[i % 4 == 3 ? "courts/110105" : kCourt];
    EXPECT_EQ(response.unchanged_count(), there) << i;
    EXPECT_EQ(response.created_count(), i + 1 - there) << i;
    there = i + 1;
  }
  sender.join();
  EXPECT_TRUE(stream->Finish().ok());
  for (const auto& [court, count] : known) {
    v1::ListTicketsRequest list;
    list.set_parent(court);
    list.set_page_size(100);
    EXPECT_EQ(Call(&Stub::ListTickets, list)->tickets_size(), count) << court;
  }
}

TEST_P(TicketServiceContract, ImportedTicketMayMoveOnButNotBack) {
  v1::ImportRow open = Row("a", 2);
  open.mutable_ticket()->set_state(v1::Ticket::STATE_DISPATCHED);
  open.mutable_ticket()->clear_close_time();
  EXPECT_EQ(Import({open}).created_count(), 1);
  EXPECT_EQ(Import({Row("a", 2)}).updated_count(), 1);
  EXPECT_EQ(Import({open}).rejected_count(), 1);
}

TEST_P(TicketServiceContract, ImportedRepeatIsLinkedToTheTicketBefore) {
  v1::ImportRow first = Row("a", 1);
  v1::ImportRow second = Row("b", 2);
  for (v1::ImportRow* row : {&first, &second}) {
    row->mutable_ticket()->mutable_caller()->set_phone("13800001234");
    row->mutable_ticket()->set_case_number("(2021)京0102民初7664号");
  }
  *second.mutable_ticket()->mutable_create_time() = ToTimestamp(
      FromTimestamp(first.ticket().create_time()) + absl::Minutes(30));
  EXPECT_EQ(Import({first, second}).created_count(), 2);
  v1::ListTicketsRequest list;
  list.set_parent(kCourt);
  const auto found = Call(&Stub::ListTickets, list);
  ASSERT_OK(found);
  ASSERT_THAT(found->tickets(), SizeIs(2));
  EXPECT_EQ(found->tickets(0).repeat_of(), found->tickets(1).name());
  EXPECT_EQ(found->tickets(1).repeat_of(), "");
}

TEST_P(TicketServiceContract, ImportedRowCannotClaimToBeARepeat) {
  v1::ImportRow row = Row("a", 1);
  row.mutable_ticket()->set_repeat_of("courts/110102/tickets/of-somebody");
  Import({row});
  v1::ListTicketsRequest list;
  list.set_parent(kCourt);
  const auto found = Call(&Stub::ListTickets, list);
  ASSERT_OK(found);
  ASSERT_THAT(found->tickets(), SizeIs(1));
  EXPECT_EQ(found->tickets(0).repeat_of(), "");
}

TEST_P(TicketServiceContract, ExportIsTheFrameOfAWeek) {
  Import({Row("a", 1), Row("b", 2), Row("c", 3)});
  Created();  // open: not in the frame
  v1::ExportTicketsRequest request;
  request.set_parent(kCourt);
  *request.mutable_filter()->mutable_close_time_from() =
      ToTimestamp(host_.clock().Now() - absl::Hours(200));
  request.set_without_text(true);
  grpc::ClientContext context;
  const auto stream = stub_->ExportTickets(&context, request);
  v1::ExportTicketsResponse response;
  int tickets = 0;
  while (stream->Read(&response)) tickets += response.tickets_size();
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(tickets, 3);
}

TEST_P(TicketServiceContract, AnExportReadsOnlyTheFieldsAskedFor) {
  v1::ImportRow row = Row("a", 1);
  row.mutable_ticket()->set_title("标题");
  Import({row});
  v1::ExportTicketsRequest request;
  request.set_parent(kCourt);
  request.mutable_read_mask()->add_paths("kind");
  // What is searched in need not come along.
  request.mutable_filter()->set_text(row.ticket().content());
  const auto read = [&](v1::ExportTicketsResponse& response) {
    grpc::ClientContext context;
    const auto stream = stub_->ExportTickets(&context, request);
    stream->Read(&response);
    v1::ExportTicketsResponse rest;
    while (stream->Read(&rest)) {
    }
    return rpc::FromGrpcStatus(stream->Finish());
  };
  v1::ExportTicketsResponse response;
  ASSERT_OK(read(response));
  ASSERT_THAT(response.tickets(), SizeIs(1));
  const v1::Ticket& ticket = response.tickets(0);
  EXPECT_NE(ticket.name(), "");
  EXPECT_EQ(ticket.kind(), row.ticket().kind());
  EXPECT_TRUE(ticket.has_close_time());
  EXPECT_EQ(ticket.title(), "");
  EXPECT_EQ(ticket.content(), "");
  EXPECT_FALSE(ticket.has_caller());
  request.mutable_read_mask()->add_paths("no_such_field");
  EXPECT_EQ(read(response).code(), absl::StatusCode::kInvalidArgument);
}

TEST_P(TicketServiceContract, CourtHolidayMovesOpenDeadlines) {
  host_.clock().SetCourtTime(absl::CivilSecond(2019, 7, 22, 9));
  const v1::Ticket ticket = Created();
  v1::UpdateCalendarRequest request;
  request.set_parent(kCourt);
  auto* day = request.add_days();
  day->set_date("2019-07-23");
  day->set_reason("本院停电检修");
  grpc::ClientContext context;
  v1::GetCalendarResponse response;
  ASSERT_OK(rpc::FromGrpcStatus(
      deadline_stub_->UpdateCalendar(&context, request, &response)));
  EXPECT_EQ(FromTimestamp(Get(ticket.name())->due_time()),
            FromTimestamp(ticket.due_time()) + absl::Hours(24));
  grpc::ClientContext explain_context;
  v1::ExplainDeadlineRequest explain;
  explain.set_ticket(ticket.name());
  v1::ExplainDeadlineResponse why;
  ASSERT_OK(rpc::FromGrpcStatus(
      deadline_stub_->ExplainDeadline(&explain_context, explain, &why)));
  bool shown = false;
  for (const auto& one : why.days()) {
    shown = shown || (one.date() == "2019-07-23" && !one.counted());
  }
  EXPECT_TRUE(shown);
}

INSTANTIATE_TEST_SUITE_P(Engines, TicketServiceContract,
                         ::testing::ValuesIn(Engines()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace huifang::ticket
