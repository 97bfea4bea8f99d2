// Targets of request validation: the first byte picks a message, the rest are
// its bytes on the wire. Mutations know the messages (see Mutate), as bytes
// changed blindly would rarely get past the parser.
#ifndef HUIFANG_TESTS_FUZZ_REQUESTS_H_
#define HUIFANG_TESTS_FUZZ_REQUESTS_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "tests/fuzz/fuzz.h"

namespace huifang::fuzz {

// A request and its validation.
struct Request {
  const google::protobuf::Message* prototype;
  std::function<absl::Status(const google::protobuf::Message&)> validate;
};

template <typename Message, typename Validate>
Request Of(Validate validate) {
  return {&Message::default_instance(),
          [validate](const google::protobuf::Message& message) {
            return validate(static_cast<const Message&>(message));
          }};
}

// All requests of the service; each target defines it.
const std::vector<Request>& AllRequests();

}  // namespace huifang::fuzz

#endif  // HUIFANG_TESTS_FUZZ_REQUESTS_H_
