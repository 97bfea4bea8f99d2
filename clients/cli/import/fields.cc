#include "clients/cli/import/fields.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "huifang/ticket/v1/ticket_resources.pb.h"

namespace huifang::cli {
namespace {

void AddNames(const google::protobuf::EnumDescriptor& descriptor,
              absl::string_view prefix, std::vector<std::string>& names) {
  for (int i = 0; i < descriptor.value_count(); ++i) {
    const std::string& name = descriptor.value(i)->name();
    if (!absl::EndsWith(name, "_UNSPECIFIED")) {
      names.emplace_back(absl::StripPrefix(name, prefix));
    }
  }
}

}  // namespace

const std::vector<FieldInfo>& ImportFields() {
  static const auto* const kFields = new std::vector<FieldInfo>{
      {"source_id", FieldType::kText, "ticket.source_id",
       "工单编号 id in the old system"},
      {"channel", FieldType::kEnum, "ticket.channel", "来源渠道 channel"},
      {"kind", FieldType::kEnum, "ticket.kind", "诉求类型 what is wanted"},
      {"priority", FieldType::kEnum, "ticket.priority", "紧急程度 priority"},
      {"state", FieldType::kEnum, "ticket.state", "工单状态 state"},
      {"category", FieldType::kText, "ticket.category", "分类 category path"},
      {"title", FieldType::kText, "ticket.title", "标题 title"},
      {"content", FieldType::kText, "ticket.content", "诉求内容 the request"},
      {"caller_phone", FieldType::kText, "ticket.caller.phone",
       "来电号码 phone"},
      {"caller_name", FieldType::kText, "ticket.caller.display_name",
       "诉求人 caller"},
      {"party_id", FieldType::kText, "ticket.caller.party_id",
       "诉求人标识 caller's id"},
      {"case_number", FieldType::kText, "ticket.case_number",
       "案号 case number"},
      {"division", FieldType::kText, "division_label", "承办庭室 division"},
      {"handler", FieldType::kText, "handler_label", "承办人 handler"},
      {"reply", FieldType::kText, "ticket.replies", "答复内容 the reply"},
      {"create_time", FieldType::kTime, "ticket.create_time",
       "受理时间 taken in"},
      {"dispatch_time", FieldType::kTime, "ticket.dispatch_time",
       "派单时间 dispatched"},
      {"due_time", FieldType::kTime, "ticket.due_time",
       "应办结时间 target; empty means none"},
      {"reply_time", FieldType::kTime, "ticket.reply_time",
       "答复时间 first reply"},
      {"close_time", FieldType::kTime, "ticket.close_time", "办结时间 closed"},
      {"key_supervision", FieldType::kBool, "ticket.key_supervision",
       "重点督办 key supervision"},
      {"callback_consent", FieldType::kBool, "ticket.callback_consent",
       "同意回访 agreed to be called"},
      {"contact_recorded", FieldType::kBool, "ticket.contact_recorded",
       "已联系当事人 caller was contacted"},
      {"generated", FieldType::kBool, "ticket.generated",
       "生成数据 made by a generator"},
      {"forward_count", FieldType::kNumber, "ticket.forward_count",
       "流转次数 times forwarded"},
  };
  return *kFields;
}

const FieldInfo* FindField(absl::string_view name) {
  const std::vector<FieldInfo>& fields = ImportFields();
  const auto it =
      std::find_if(fields.begin(), fields.end(),
                   [name](const FieldInfo& info) { return info.name == name; });
  return it == fields.end() ? nullptr : &*it;
}

std::vector<std::string> EnumNames(absl::string_view field) {
  std::vector<std::string> names;
  if (field == "channel") {
    AddNames(*ticket::v1::Channel_descriptor(), "CHANNEL_", names);
  } else if (field == "kind") {
    AddNames(*ticket::v1::Kind_descriptor(), "KIND_", names);
  } else if (field == "priority") {
    AddNames(*ticket::v1::Priority_descriptor(), "PRIORITY_", names);
  } else if (field == "state") {
    AddNames(*ticket::v1::Ticket::State_descriptor(), "STATE_", names);
  }
  return names;
}

}  // namespace huifang::cli
