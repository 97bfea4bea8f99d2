// draws export, verify and log: what an outsider checks.
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/callback_commands.h"
#include "huifang/callback/v1/callback_service.grpc.pb.h"
#include "services/callback/bundle_rules.h"
#include "services/callback/draw_rules.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

namespace v1 = callback::v1;
using Stub = v1::DrawService::Stub;

struct ExportOptions {
  std::shared_ptr<std::string> court;
  std::string draw, output;
};

absl::Status Export(Context& context, const ExportOptions& options) {
  v1::ExportDrawRequest request;
  request.set_name(CompleteName("draws", *options.court, options.draw));
  grpc::ClientContext call;
  RETURN_IF_ERROR(context.PrepareStream(call));
  const auto stub =
      v1::DrawService::NewStub(context.Channel(Service::kCallback));
  const auto reader = stub->ExportDraw(&call, request);
  const bool to_stdout = options.output == "-";
  // Written beside and renamed: a bundle that broke off must not look whole.
  const std::string part = options.output + ".part";
  std::ofstream file;
  if (!to_stdout) file.open(part, std::ios::binary);
  std::int64_t bytes = 0;
  v1::ExportDrawResponse response;
  while (reader->Read(&response)) {
    const std::string& data = response.data();
    bytes += static_cast<std::int64_t>(data.size());
    if (to_stdout) {
      std::fwrite(data.data(), 1, data.size(), stdout);
    } else {
      file.write(data.data(), static_cast<std::streamsize>(data.size()));
    }
  }
  const grpc::Status status = reader->Finish();
  if (to_stdout) return status.ok() ? absl::OkStatus() : FromGrpc(status);
  file.close();
  if (!status.ok()) {
    std::remove(part.c_str());
    return FromGrpc(status);
  }
  if (file.fail() || std::rename(part.c_str(), options.output.c_str()) != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(options.output, " cannot be written"));
  }
  std::fprintf(stderr, "%s bytes in %s\n", WithCommas(bytes).c_str(),
               options.output.c_str());
  return absl::OkStatus();
}

absl::Status Verify(Context& context, const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  const callback::BundleReport report = callback::VerifyBundle(text);
  auto rows = context.Rows({"check", "ok", "detail"});
  for (const callback::BundleCheck& check : report.checks) {
    rows->Add({check.name, check.ok, check.detail});
  }
  rows->Finish();
  if (!report.ok()) {
    return absl::DataLossError(
        "the bundle is damaged or forged; the checks that are not ok say "
        "where");
  }
  std::fprintf(stderr, "%s: %s of %s tickets, verified\n", report.draw.c_str(),
               WithCommas(report.sampled).c_str(),
               WithCommas(report.population).c_str());
  return absl::OkStatus();
}

absl::Status Log(Context& context, const std::string& court) {
  v1::ListDrawLogRequest request;
  request.set_parent(CourtName(court));
  const auto stub =
      v1::DrawService::NewStub(context.Channel(Service::kCallback));
  auto rows = context.Rows({"sequence", "chained", "hash", "json"});
  std::string previous = callback::FirstChainHash();
  bool whole = true;
  while (true) {
    ASSIGN_OR_RETURN(const v1::ListDrawLogResponse page,
                     context.Call(*stub, &Stub::ListDrawLog, request));
    for (const v1::DrawLogEntry& entry : page.entries()) {
      previous = callback::NextChainHash(previous, entry.json());
      const bool chained = previous == entry.hash();
      whole = whole && chained;
      rows->Add({entry.sequence(), chained, entry.hash(), entry.json()});
    }
    if (page.next_page_token().empty()) break;
    request.set_page_token(page.next_page_token());
  }
  rows->Finish();
  return whole ? absl::OkStatus()
               : absl::DataLossError("the chain of draws is broken");
}

}  // namespace

void AddDrawFileCommands(CLI::App& draws, Context& context) {
  CLI::App* write = AddCommand(
      draws, "export", "Writes everything that is needed to check a draw.",
      "huifangctl draws export --court 110102 DRAW -o bundle.json");
  auto options = std::make_shared<ExportOptions>();
  write->add_option("draw", options->draw, "Draw's name, or its id")
      ->required();
  // A full name says its court.
  options->court = std::make_shared<std::string>();
  write->add_option("--court", *options->court, "Court, if DRAW is an id")
      ->envname("HUIFANG_COURT");
  write->add_option("-o,--output", options->output, "File, or - for stdout")
      ->required();
  context.OnRun(*write,
                [&context, options] { return Export(context, *options); });

  CLI::App* verify =
      AddCommand(draws, "verify", "Checks a draw's bundle. Needs no server.",
                 "huifangctl draws verify bundle.json");
  const auto path = std::make_shared<std::string>();
  verify->add_option("bundle", *path, "File of draws export")->required();
  context.OnRun(*verify, [&context, path] { return Verify(context, *path); });

  CLI::App* log = AddCommand(
      draws, "log", "Lists and checks the chain of all draws of a court.",
      "huifangctl draws log --court 110102");
  const auto court = AddCourtOption(*log);
  context.OnRun(*log, [&context, court] { return Log(context, *court); });
}

}  // namespace huifang::cli
