// The whole ticket service on SQLite, on PostgreSQL, and on PostgreSQL with its
// tables partitioned by court, with a clock moved by hand.
#ifndef HUIFANG_TESTS_CONTRACT_TICKET_TICKET_SERVICE_FIXTURE_H_
#define HUIFANG_TESTS_CONTRACT_TICKET_TICKET_SERVICE_FIXTURE_H_

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
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
#include "services/ticket/schema.h"
#include "services/ticket/ticket_handler.h"
#include "services/ticket/ticket_store.h"
#include "services/ticket/ticket_writer.h"
#include "tests/support/backends.h"
#include "tests/support/matchers.h"
#include "tests/support/source_dir.h"
#include "tests/support/test_runtime.h"

namespace huifang::ticket {

inline constexpr char kCourt[] = "courts/110102";
inline constexpr char kDivision[] = "courts/110102/divisions/civil-1";
inline constexpr char kOther[] = "courts/110102/divisions/civil-2";
inline constexpr char kJudge[] = "courts/110102/staff/wang";
inline constexpr char kHead[] = "courts/110102/staff/head";
inline constexpr char kRequestId[] = "0197f9d8-1111-7000-8000-000000000001";

// PostgreSQL with its tables split by hash of the court.
inline constexpr char kByCourt[] = "postgres_by_court";

inline std::vector<std::string> Engines() {
  std::vector<std::string> engines = testing::SqlEngines();
  if (engines.back() == "postgres") engines.push_back(kByCourt);
  return engines;
}

inline bool PartitionByCourt(const std::string& url) {
  const std::string command = absl::StrCat(
      HUIFANG_SOURCE_DIR, "/deploy/partition-by-court --partitions 4 '", url,
      "' 2>/dev/null");
  return std::system(command.c_str()) == 0;
}

class TicketServiceTest : public ::testing::TestWithParam<std::string> {
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

}  // namespace huifang::ticket

#endif  // HUIFANG_TESTS_CONTRACT_TICKET_TICKET_SERVICE_FIXTURE_H_
