#include "tests/bench/ticket_server.h"

#include <cstdlib>
#include <iostream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "services/common/proto_time.h"
#include "services/common/schema.h"
#include "services/common/text.h"
#include "services/ticket/schema.h"
#include "tests/support/data_dir.h"
#include "tests/unit/grading/gov_replies.h"

namespace huifang::bench {
namespace {

constexpr rpc::Method kEcho{"Echo", "", "*"};

void Must(const absl::Status& status) {
  if (status.ok()) return;
  std::cerr << status << "\n";
  std::exit(1);
}
template <typename T>
T Must(absl::StatusOr<T> value) {
  Must(value.status());
  return *std::move(value);
}

}  // namespace

grpc::ServerUnaryReactor* EchoHandler::Echo(
    grpc::CallbackServerContext* context, const v1::EchoMessage* request,
    v1::EchoMessage* response) {
  return rpc::RunUnary(
      runtime_, context, kEcho, request, response,
      [](const rpc::Call&, const v1::EchoMessage& asked)
          -> absl::StatusOr<v1::EchoMessage> { return asked; });
}

TicketServer::TicketServer(const std::string& database) {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  admission_ = Must(TokenAdmission::FromJson(
      absl::StrCat(R"({"tokens": [{"sha256": ")", Sha256Hex(kToken),
                   R"(", "principal": "bench", "role": "admin", )",
                   R"("courts": ["*"]}]})"),
      clock_));
  db_ = Must(sql::Database::Open({.url = database, .read_sessions = 32}));
  Must(db_->Migrate(
      "common", {std::begin(kCommonMigrations), std::end(kCommonMigrations)}));
  Must(db_->Migrate("ticket", {std::begin(ticket::kMigrations),
                               std::end(ticket::kMigrations)}));
  db_->SetExecutor(&reply_executor_);
  events_ = std::make_unique<EventLog>(*db_, hub_);
  sealer_ = std::make_unique<Sealer>(Must(Sealer::FromJson(absl::StrCat(
      R"({"keys": {"1": ")", std::string(64, 'a'), R"("}, "current": "1"})"))));
  runtime_.reset(new rpc::Runtime{"ticket", *admission_, executor_, metrics_,
                                  clock_, hub_});
  directory_ = std::make_unique<ticket::DirectoryStore>(*db_, clock_);
  store_ = std::make_unique<ticket::TicketStore>(*db_);
  cases_ = std::make_unique<ticket::CaseStore>(*db_, *sealer_);
  writer_ = std::make_unique<ticket::TicketWriter>(*db_, *directory_, *sealer_,
                                                   clock_);
  handler_ = std::make_unique<ticket::TicketHandler>(
      *runtime_, *db_, *store_, *writer_, *cases_, *events_, *sealer_);
  directories_ =
      std::make_unique<ticket::DirectoryHandler>(*runtime_, *db_, *directory_);
  echo_ = std::make_unique<EchoHandler>(*runtime_);
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                           &port);
  builder.RegisterService(handler_.get());
  builder.RegisterService(directories_.get());
  builder.RegisterService(echo_.get());
  server_ = builder.BuildAndStart();
  address_ = absl::StrCat("127.0.0.1:", port);
}

TicketServer::~TicketServer() {
  runtime_->draining = true;
  server_->Shutdown(absl::ToChronoTime(absl::Now() + absl::Seconds(2)));
}

std::shared_ptr<grpc::Channel> TicketServer::Channel() const {
  return grpc::CreateChannel(address_, grpc::InsecureChannelCredentials());
}

std::vector<ticket::v1::ImportRow> RealRows() {
  std::vector<testing::GovReply> texts;
  const std::string path = testing::DataFile("gov_replies.csv");
  if (path.empty()) {
    std::cout << "gov_replies.csv is absent: one made-up text instead\n";
    texts.push_back({"1", "咨询", "请问何时开庭？", "已电话告知开庭时间。"});
  } else {
    texts = testing::ReadGovReplies(path);
  }
  std::vector<ticket::v1::ImportRow> rows;
  const absl::Time now = absl::Now();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    ticket::v1::ImportRow& row = rows.emplace_back();
    auto& ticket = *row.mutable_ticket();
    ticket.set_source_id(texts[i].id);
    ticket.set_title(std::string(FirstCodePoints(texts[i].title, 200)));
    ticket.set_content(texts[i].content);
    ticket.set_channel(ticket::v1::CHANNEL_WEB);
    ticket.set_kind(ticket::v1::KIND_CONSULT);
    ticket.set_state(ticket::v1::Ticket::STATE_CLOSED);
    ticket.mutable_caller()->set_phone(
        absl::StrCat("138", 10000000 + i % 100000000));
    const absl::Time created = now - absl::Hours(24 * 30) + absl::Minutes(i);
    *ticket.mutable_create_time() = ToTimestamp(created);
    *ticket.mutable_close_time() = ToTimestamp(created + absl::Hours(20));
    ticket.add_replies()->set_text(texts[i].reply);
  }
  return rows;
}

}  // namespace huifang::bench
