#include <iterator>
#include <memory>
#include <vector>

#include "huifang/callback/v1/callback_service.grpc.pb.h"
#include "huifang/callback/v1/callback_service_config.h"
#include "huifang/grading/v1/grading_service.grpc.pb.h"
#include "huifang/grading/v1/grading_service_config.h"
#include "huifang/ticket/v1/ticket_service.grpc.pb.h"
#include "huifang/ticket/v1/ticket_service_config.h"
#include "services/common/client.h"
#include "services/common/event_consumer.h"
#include "services/common/host.h"
#include "services/common/queue_handler.h"
#include "services/common/redis_lease_queue.h"
#include "services/common/status_macros.h"
#include "services/common/worker.h"
#include "services/reporting/agreement_client.h"
#include "services/reporting/alert_handler.h"
#include "services/reporting/alert_store.h"
#include "services/reporting/alert_worker.h"
#include "services/reporting/alert_writer.h"
#include "services/reporting/appraisal_handler.h"
#include "services/reporting/build_worker.h"
#include "services/reporting/config.h"
#include "services/reporting/court_tree.h"
#include "services/reporting/facts_store.h"
#include "services/reporting/look_worker.h"
#include "services/reporting/report_handler.h"
#include "services/reporting/report_store.h"
#include "services/reporting/report_writer.h"
#include "services/reporting/roll_up_handler.h"
#include "services/reporting/roll_up_reader.h"
#include "services/reporting/schema.h"
#include "services/reporting/statistics_handler.h"
#include "services/reporting/statistics_store.h"
#include "services/reporting/suggestion_handler.h"
#include "services/reporting/supervision_handler.h"
#include "services/reporting/template_check.h"
#include "services/reporting/timeline_handler.h"
#include "services/reporting/training_handler.h"

namespace huifang::reporting {
namespace {

using TicketConsumer = EventConsumer<ticket::v1::WatchTicketsRequest,
                                     ticket::v1::WatchTicketsResponse>;
using CallbackConsumer = EventConsumer<callback::v1::WatchCallbacksRequest,
                                       callback::v1::WatchCallbacksResponse>;
using GradeConsumer = EventConsumer<grading::v1::WatchGradesRequest,
                                    grading::v1::WatchGradesResponse>;

absl::Status Run(const Config& config) {
  if (!config.write_templates.empty()) {
    return WriteTemplates(config.write_templates);
  }
  RETURN_IF_ERROR(config.Check());
  ASSIGN_OR_RETURN(const std::string token,
                   ReadTokenFile(config.peer_token_file));
  ASSIGN_OR_RETURN(const TemplateSet templates,
                   LoadTemplates(config.template_dir));
  ASSIGN_OR_RETURN(const CourtTree courts, CourtTree::Read(config.courts_file));
  ASSIGN_OR_RETURN(
      const std::unique_ptr<Host> host,
      Host::Create("reporting", config.service,
                   {std::begin(kMigrations), std::end(kMigrations)}));
  ReportStore reports(host->db());
  StatisticsStore statistics(host->db());
  AlertStore alerts(host->db());
  SuggestionStore suggestions(host->db());
  SupervisionStore supervisions(host->db());
  TrainingStore trainings(host->db());
  TimelineStore timelines(host->db());
  TrainingWriter training_writer(host->db(), host->clock());
  SuggestionWriter suggestion_writer(host->db(), host->clock());
  AppraisalStore appraisals(host->db());
  ExclusionStore exclusions(host->db());
  AppraisalWriter appraisal_writer(host->db(), host->clock(), config.Policy(),
                                   config.Appraisal());
  const AlertPolicy alert_policy = config.Alerts();
  AlertWriter alert_writer(host->db(), host->clock(), config.Policy(),
                           alert_policy);
  const auto tickets = ticket::v1::TicketService::NewStub(
      MakeChannel(config.ticket_address, ticket::v1::kServiceConfig[0].text,
                  &host->metrics()));
  const auto calls = callback::v1::CallService::NewStub(
      MakeChannel(config.callback_address, callback::v1::kServiceConfig[0].text,
                  &host->metrics()));
  const auto grades = grading::v1::GradeService::NewStub(
      MakeChannel(config.grading_address, grading::v1::kServiceConfig[0].text,
                  &host->metrics()));
  AgreementClient agreement(*grades, *calls, token);
  ReportWriter writer(host->db(), host->clock(), config.Policy(), alert_policy,
                      [&agreement](const std::string& court, const Span& span) {
                        return agreement.Read(court, span);
                      });

  RedisLeaseQueue builds(host->redis(),
                         {.name = "build", .prefix = host->redis_prefix()});
  BuildWorker build_worker(
      builds, reports, writer, host->clock(), host->metrics(),
      static_cast<int>(config.service.worker_threads), config.settle);
  RedisLeaseQueue rings(host->redis(),
                        {.name = "alert", .prefix = host->redis_prefix()});
  AlertWorker alert_worker(rings, alerts, alert_writer, host->clock(),
                           host->metrics());
  RedisLeaseQueue looks(host->redis(),
                        {.name = "look", .prefix = host->redis_prefix()});
  LookWorker look_worker(looks, alerts, alert_writer, host->clock(),
                         host->metrics());
  Reconciler reconciler({&builds, &rings, &looks}, host->metrics(), [&] {
    absl::Status status = build_worker.EnqueueBuilding();
    status.Update(alert_worker.EnqueueSoon());
    status.Update(look_worker.EnqueueDue());
    return status;
  });

  TicketConsumer ticket_consumer(
      {.stream = "tickets", .token = token}, host->db(), host->clock(),
      host->metrics(),
      [&](grpc::ClientContext* context, const auto& request) {
        return tickets->WatchTickets(context, request);
      },
      ApplyTicketEvent);
  CallbackConsumer callback_consumer(
      {.stream = "callbacks", .token = token}, host->db(), host->clock(),
      host->metrics(),
      [&](grpc::ClientContext* context, const auto& request) {
        return calls->WatchCallbacks(context, request);
      },
      ApplyCallbackEvent);
  GradeConsumer grade_consumer(
      {.stream = "grades", .token = token}, host->db(), host->clock(),
      host->metrics(),
      [&](grpc::ClientContext* context, const auto& request) {
        return grades->WatchGrades(context, request);
      },
      ApplyGradeEvent);

  ReportHandler report_handler(host->runtime(), reports, writer, build_worker,
                               host->events(), templates);
  StatisticsHandler statistics_handler(host->runtime(), statistics,
                                       config.Policy());
  AlertHandler alert_handler(host->runtime(), alerts, alert_writer);
  QueueHandler queue_handler(host->runtime(), {&builds, &rings, &looks});
  SuggestionHandler suggestion_handler(host->runtime(), suggestions,
                                       suggestion_writer);
  SupervisionHandler supervision_handler(host->runtime(), supervisions);
  TrainingHandler training_handler(host->runtime(), trainings, training_writer);
  TimelineHandler timeline_handler(host->runtime(), timelines);
  RollUpReader roll_ups(host->db(), courts, config.Policy());
  RollUpHandler roll_up_handler(host->runtime(), roll_ups, templates);
  AppraisalHandler appraisal_handler(host->runtime(), appraisals, exclusions,
                                     appraisal_writer, templates);
  return host->Serve(
      {&report_handler, &statistics_handler, &queue_handler, &alert_handler,
       &suggestion_handler, &training_handler, &supervision_handler,
       &timeline_handler, &roll_up_handler, &appraisal_handler},
      [&] {
        ticket_consumer.Stop();
        callback_consumer.Stop();
        grade_consumer.Stop();
        reconciler.Stop();
        build_worker.Stop();
        alert_worker.Stop();
        look_worker.Stop();
      });
}

}  // namespace
}  // namespace huifang::reporting

int main(int argc, char** argv) {
  huifang::reporting::Config config;
  huifang::FlagSet flags("reporting",
                         "counts, compares and writes the reports "
                         "(周报, 月报).");
  config.Declare(flags);
  return huifang::RunMain("reporting", flags, argc, argv,
                          [&] { return huifang::reporting::Run(config); });
}
