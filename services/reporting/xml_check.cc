#include "services/reporting/xml_check.h"

#include <expat.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "services/common/error.h"

namespace huifang::reporting {

absl::Status CheckXml(absl::string_view file, absl::string_view text) {
  struct Free {
    void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
  };
  // With namespaces, so that a prefix nobody declared is found too.
  const std::unique_ptr<XML_ParserStruct, Free> parser(
      XML_ParserCreateNS("UTF-8", ' '));
  if (XML_Parse(parser.get(), text.data(), static_cast<int>(text.size()),
                XML_TRUE) == XML_STATUS_OK) {
    return absl::OkStatus();
  }
  return MakeError(
      absl::StatusCode::kInvalidArgument, "BAD_TEMPLATE",
      absl::StrCat("template ", file, ": prints no XML, line ",
                   XML_GetCurrentLineNumber(parser.get()),
                   " of what it prints: ",
                   XML_ErrorString(XML_GetErrorCode(parser.get()))));
}

}  // namespace huifang::reporting
