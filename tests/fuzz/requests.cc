#include "tests/fuzz/requests.h"

#include <algorithm>
#include <limits>
#include <random>
#include <utility>

#include "google/protobuf/stubs/logging.h"
#include "services/common/text.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size,
                                        std::size_t max_size);

namespace huifang::fuzz {
namespace {

namespace pb = google::protobuf;
using Random = std::minstd_rand;

constexpr std::size_t kTextMax = 400;
constexpr int kRepeatedMax = 8;
constexpr int kDepthMax = 6;

std::size_t Below(Random& random, std::size_t end) {
  return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
}

// What requests often hold; the mutator changes it further.
std::string SomeText(Random& random) {
  static constexpr const char* kTexts[] = {
      "",
      "courts/110102",
      "courts/110102/tickets/0190a3f0-0000-7000-8000-000000000001",
      "courts/110102/staff/yang",
      "courts/110102/callbacks/c1",
      "0190a3f0-0000-7000-8000-000000000001",
      "2021-07-01",
      "2021-02-29",
      "Asia/Shanghai",
      "*",
      "(2021)京0102民初7664号",
      "13800138000",
      "网友您好，您的留言已收悉",
      "v3"};
  return kTexts[Below(random, std::size(kTexts))];
}

std::string MutatedText(std::string text, Random& random) {
  if (text.empty() || Below(random, 4) == 0) text = SomeText(random);
  if (Below(random, 3) == 0) return text;
  const std::size_t size = std::min(text.size(), kTextMax);
  text.resize(kTextMax);
  text.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(text.data()),
                               size, kTextMax));
  return text;
}

template <typename Number>
Number MutatedNumber(Number number, Random& random) {
  static constexpr Number kEdges[] = {Number(0),
                                      Number(1),
                                      Number(2),
                                      Number(100),
                                      Number(-1),
                                      std::numeric_limits<Number>::max(),
                                      std::numeric_limits<Number>::lowest()};
  if (Below(random, 2) == 0) return kEdges[Below(random, std::size(kEdges))];
  LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(&number), sizeof(number),
                   sizeof(number));
  return number;
}

void MutateField(pb::Message& message, const pb::FieldDescriptor& field,
                 Random& random, int depth);

void MutateMessage(pb::Message& message, Random& random, int depth) {
  const pb::Descriptor& type = *message.GetDescriptor();
  if (type.field_count() == 0) return;
  const auto index = static_cast<int>(
      Below(random, static_cast<std::size_t>(type.field_count())));
  MutateField(message, *type.field(index), random, depth);
}

// One scalar, set if single, added or changed in place if repeated.
template <typename Value, typename Change>
void Put(pb::Message& message, const pb::FieldDescriptor& field, Random& random,
         Value (pb::Reflection::*get)(const pb::Message&,
                                      const pb::FieldDescriptor*) const,
         void (pb::Reflection::*set)(pb::Message*, const pb::FieldDescriptor*,
                                     Value) const,
         void (pb::Reflection::*add)(pb::Message*, const pb::FieldDescriptor*,
                                     Value) const,
         Change change) {
  const pb::Reflection& reflection = *message.GetReflection();
  if (field.is_repeated()) {
    (reflection.*add)(&message, &field, change(Value(), random));
  } else {
    (reflection.*set)(&message, &field,
                      change((reflection.*get)(message, &field), random));
  }
}

void MutateNested(pb::Message& message, const pb::FieldDescriptor& field,
                  Random& random, int depth) {
  if (depth >= kDepthMax) return;
  const pb::Reflection& reflection = *message.GetReflection();
  pb::Message* nested = nullptr;
  if (!field.is_repeated()) {
    nested = reflection.MutableMessage(&message, &field);
  } else if (const int size = reflection.FieldSize(message, &field);
             size > 0 && Below(random, 2) == 0) {
    nested = reflection.MutableRepeatedMessage(
        &message, &field,
        static_cast<int>(Below(random, static_cast<std::size_t>(size))));
  } else {
    nested = reflection.AddMessage(&message, &field);
  }
  MutateMessage(*nested, random, depth + 1);
}

void MutateField(pb::Message& message, const pb::FieldDescriptor& field,
                 Random& random, int depth) {
  const pb::Reflection& reflection = *message.GetReflection();
  const bool full = field.is_repeated() &&
                    reflection.FieldSize(message, &field) >= kRepeatedMax;
  if (full || Below(random, 8) == 0) {
    reflection.ClearField(&message, &field);
    return;
  }
  using R = pb::Reflection;
  const auto number = [](auto value, Random& r) {
    return MutatedNumber(value, r);
  };
  switch (field.cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_INT32:
      return Put(message, field, random, &R::GetInt32, &R::SetInt32,
                 &R::AddInt32, number);
    case pb::FieldDescriptor::CPPTYPE_INT64:
      return Put(message, field, random, &R::GetInt64, &R::SetInt64,
                 &R::AddInt64, number);
    case pb::FieldDescriptor::CPPTYPE_UINT32:
      return Put(message, field, random, &R::GetUInt32, &R::SetUInt32,
                 &R::AddUInt32, number);
    case pb::FieldDescriptor::CPPTYPE_UINT64:
      return Put(message, field, random, &R::GetUInt64, &R::SetUInt64,
                 &R::AddUInt64, number);
    case pb::FieldDescriptor::CPPTYPE_DOUBLE:
      return Put(message, field, random, &R::GetDouble, &R::SetDouble,
                 &R::AddDouble, number);
    case pb::FieldDescriptor::CPPTYPE_FLOAT:
      return Put(message, field, random, &R::GetFloat, &R::SetFloat,
                 &R::AddFloat, number);
    case pb::FieldDescriptor::CPPTYPE_BOOL:
      return Put(message, field, random, &R::GetBool, &R::SetBool, &R::AddBool,
                 [](bool value, Random&) { return !value; });
    case pb::FieldDescriptor::CPPTYPE_ENUM:
      // Proto3 enums are open: a number no name has must be refused, too.
      return Put(message, field, random, &R::GetEnumValue, &R::SetEnumValue,
                 &R::AddEnumValue, [](int, Random& r) {
                   return static_cast<int>(Below(r, 40)) - 1;
                 });
    case pb::FieldDescriptor::CPPTYPE_STRING: {
      std::string text = MutatedText(
          field.is_repeated() ? "" : reflection.GetString(message, &field),
          random);
      // Else protobuf refuses the whole request before we see it.
      if (field.type() == pb::FieldDescriptor::TYPE_STRING) {
        text.resize(FindInvalidUtf8(text).value_or(text.size()));
      }
      if (field.is_repeated()) {
        reflection.AddString(&message, &field, std::move(text));
      } else {
        reflection.SetString(&message, &field, std::move(text));
      }
      return;
    }
    case pb::FieldDescriptor::CPPTYPE_MESSAGE:
      return MutateNested(message, field, random, depth);
  }
}

// The message in `data`, or an empty one of the kind the first byte picks.
std::unique_ptr<pb::Message> MessageOf(absl::string_view bytes,
                                       std::size_t& kind) {
  kind = TakeChoice(bytes, AllRequests().size());
  std::unique_ptr<pb::Message> message(AllRequests()[kind].prototype->New());
  if (!message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    message->Clear();
  }
  return message;
}

}  // namespace
}  // namespace huifang::fuzz

// Protobuf writes a line about each message it refuses.
extern "C" int LLVMFuzzerInitialize(int*, char***) {
  google::protobuf::SetLogHandler(nullptr);
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data,
                                               std::size_t size,
                                               std::size_t max_size,
                                               unsigned int seed) {
  using namespace huifang::fuzz;
  std::minstd_rand random(seed);
  std::size_t kind = 0;
  std::unique_ptr<google::protobuf::Message> message =
      MessageOf(Text(data, size), kind);
  if (Below(random, 50) == 0) {
    kind = Below(random, AllRequests().size());
    message.reset(AllRequests()[kind].prototype->New());
  }
  const std::size_t changes = 1 + Below(random, 4);
  for (std::size_t i = 0; i < changes; ++i) MutateMessage(*message, random, 0);
  const std::string bytes = message->SerializePartialAsString();
  if (bytes.size() + 1 > max_size) return size;
  data[0] = static_cast<std::uint8_t>(kind);
  std::copy(bytes.begin(), bytes.end(), data + 1);
  return bytes.size() + 1;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace huifang::fuzz;
  std::size_t kind = 0;
  const std::unique_ptr<google::protobuf::Message> message =
      MessageOf(Text(data, size), kind);
  const std::string before = message->SerializeAsString();
  const absl::Status status = AllRequests()[kind].validate(*message);
  Require(status.ok() || absl::IsInvalidArgument(status),
          "validation accepts or says INVALID_ARGUMENT");
  Require(status == AllRequests()[kind].validate(*message),
          "validation says the same twice");
  Require(message->SerializeAsString() == before, "validation changes nothing");
  return 0;
}
