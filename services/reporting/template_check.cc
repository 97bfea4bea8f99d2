#include "services/reporting/template_check.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "services/common/resource_name.h"
#include "services/common/status_macros.h"
#include "services/reporting/appraisal_file.h"
#include "services/reporting/report_docx.h"
#include "services/reporting/report_html.h"
#include "services/reporting/roll_up_file.h"

namespace huifang::reporting {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Sets every field so that it prints; lists grow by one. Values are such as
// break a template that does not escape them.
void Fill(Message& message) {
  const Reflection& set = *message.GetReflection();
  const google::protobuf::Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    const bool many = field->is_repeated();
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      Fill(*(many ? set.AddMessage(&message, field)
                  : set.MutableMessage(&message, field)));
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      constexpr char kText[] = "<字&\">";
      if (many) {
        set.AddString(&message, field, kText);
      } else {
        set.SetString(&message, field, kText);
      }
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
      if (many) {
        set.AddEnumValue(&message, field, 1);  // the first that means something
      } else {
        set.SetEnumValue(&message, field, 1);
      }
    } else if (many) {
      continue;
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE) {
      set.SetDouble(&message, field, 0.5);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_INT64) {
      set.SetInt64(&message, field, 1);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_INT32) {
      set.SetInt32(&message, field, 1);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
      set.SetBool(&message, field, true);
    }
  }
}

// Everything set, and lists of two.
template <typename Page>
Page Full() {
  Page page;
  Fill(page);
  Fill(page);
  return page;
}

absl::Status Try(const TemplateSet& templates, const std::string& court) {
  for (v1::Report report : {Full<v1::Report>(), v1::Report()}) {
    report.set_name(MakeResourceName(court, "reports", "trial"));
    RETURN_IF_ERROR(RenderHtml(report, Locale::kChinese, templates).status());
    RETURN_IF_ERROR(RenderDocx(report, Locale::kChinese, templates).status());
  }
  for (v1::RollUp roll_up : {Full<v1::RollUp>(), v1::RollUp()}) {
    roll_up.set_name(MakeResourceName(court, "rollUps", "trial"));
    RETURN_IF_ERROR(RenderHtml(roll_up, Locale::kChinese, templates).status());
    RETURN_IF_ERROR(RenderDocx(roll_up, Locale::kChinese, templates).status());
  }
  for (v1::Appraisal sheet : {Full<v1::Appraisal>(), v1::Appraisal()}) {
    sheet.set_name(MakeResourceName(court, "appraisals", "trial"));
    RETURN_IF_ERROR(AppraisalHtml(sheet, Locale::kChinese, templates).status());
    RETURN_IF_ERROR(AppraisalDocx(sheet, Locale::kChinese, templates).status());
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<TemplateSet> LoadTemplates(const std::string& folder) {
  if (folder.empty()) return TemplateSet();
  ASSIGN_OR_RETURN(TemplateSet templates, TemplateSet::Read(folder));
  std::vector<std::string> courts = templates.Courts();
  courts.push_back("000000");  // any court without templates of its own
  for (const std::string& court : courts) {
    const absl::Status printed = Try(templates, court);
    if (!printed.ok()) {
      return absl::Status(printed.code(),
                          absl::StrCat("--template_dir=", folder, ", court ",
                                       court, ": ", printed.message()));
    }
  }
  return templates;
}

}  // namespace huifang::reporting
