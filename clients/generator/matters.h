#ifndef HUIFANG_CLIENTS_GENERATOR_MATTERS_H_
#define HUIFANG_CLIENTS_GENERATOR_MATTERS_H_

#include "absl/types/span.h"

namespace huifang::generator {

// What a made-up caller may bring up. The texts are templates; the reply is
// the one a careful handler would give.
struct Matter {
  const char* area;  // of divisions: see court.cc; "any": every division
  const char* kind;  // as the mapping's map spells it: 联系法官, …
  int weight;        // how often, relative to the others of its area
  bool at_desk;      // an agent can answer it at once
  const char* category;
  const char* title;
  const char* content;
  const char* reply;
};

absl::Span<const Matter> Matters();

// Replies that a reviewer would not let pass, by what is wrong with them.
absl::Span<const char* const> AcknowledgementReplies();
absl::Span<const char* const> ForwardReplies();
absl::Span<const char* const> BriefReplies();
absl::Span<const char* const> PromiseReplies();
absl::Span<const char* const> ShirkingReplies();
// Fixed texts, used again and again whatever was asked.
absl::Span<const char* const> CopiedReplies();

// Around the matter: how a caller begins and ends, how a handler does.
absl::Span<const char* const> ContentOpenings();
absl::Span<const char* const> ContentClosings();
absl::Span<const char* const> ReplyOpenings();
absl::Span<const char* const> ReplyClosings();

}  // namespace huifang::generator

#endif  // HUIFANG_CLIENTS_GENERATOR_MATTERS_H_
