#include "services/ticket/ticket_fields.h"

#include <utility>

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/unknown_field_set.h"
#include "google/protobuf/wire_format_lite.h"

namespace huifang::ticket {

FieldSet AllFields() { return FieldSet().set(); }

FieldSet AllButText() {
  return AllFields()
      .reset(v1::Ticket::kContentFieldNumber)
      .reset(v1::Ticket::kRepliesFieldNumber);
}

FieldSet FieldsOf(const v1::ExportTicketsRequest& request) {
  const FieldSet most = request.without_text() ? AllButText() : AllFields();
  if (request.read_mask().paths().empty()) return most;
  // A page ends with the name and one of these times.
  FieldSet fields;
  fields.set(v1::Ticket::kNameFieldNumber)
      .set(v1::Ticket::kCreateTimeFieldNumber)
      .set(v1::Ticket::kCloseTimeFieldNumber);
  for (const std::string& path : request.read_mask().paths()) {
    const auto* field = v1::Ticket::descriptor()->FindFieldByName(path);
    if (field != nullptr) fields.set(static_cast<std::size_t>(field->number()));
  }
  if (fields.test(v1::Ticket::kOverdueFieldNumber)) {
    fields.set(v1::Ticket::kStateFieldNumber)
        .set(v1::Ticket::kDueTimeFieldNumber);
  }
  return fields & most;
}

absl::StatusOr<std::string> KeepFields(const std::string& body,
                                       const FieldSet& fields) {
  using google::protobuf::internal::WireFormatLite;
  if (fields.all()) return body;
  google::protobuf::io::CodedInputStream in(
      reinterpret_cast<const std::uint8_t*>(body.data()),
      static_cast<int>(body.size()));
  std::string out;
  while (true) {
    const int start = in.CurrentPosition();
    const std::uint32_t tag = in.ReadTag();
    if (tag == 0) break;
    if (!WireFormatLite::SkipField(&in, tag)) {
      return absl::DataLossError("a stored ticket cannot be read");
    }
    const auto number =
        static_cast<std::size_t>(WireFormatLite::GetTagFieldNumber(tag));
    if (number < fields.size() && !fields.test(number)) continue;
    out.append(body, static_cast<std::size_t>(start),
               static_cast<std::size_t>(in.CurrentPosition() - start));
  }
  return out;
}

void AddSerialized(std::string ticket, v1::ExportTicketsResponse& response) {
  // Unknown fields are written to the wire as they are.
  *v1::ExportTicketsResponse::GetReflection()
       ->MutableUnknownFields(&response)
       ->AddLengthDelimited(v1::ExportTicketsResponse::kTicketsFieldNumber) =
      std::move(ticket);
}

}  // namespace huifang::ticket
