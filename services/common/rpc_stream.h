// Server streams: one writer reactor for Watch, exports and bytes.
#ifndef HUIFANG_SERVICES_COMMON_RPC_STREAM_H_
#define HUIFANG_SERVICES_COMMON_RPC_STREAM_H_

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "services/common/rpc.h"

namespace huifang::rpc {

// What a source has to say now, and what comes after it.
template <typename Message>
struct Pulled {
  enum class Next { kMore, kEnd, kWait };
  std::vector<Message> messages;
  Next next = Next::kMore;
};

// Where a stream's messages come from. Pull runs on the executor and may
// block; it is never called twice at once.
template <typename Message>
class Source {
 public:
  virtual ~Source() = default;
  virtual absl::StatusOr<Pulled<Message>> Pull() = 0;
};

// Writes what a source gives, one message in flight, until it ends, fails or
// the caller leaves. A source that waits holds no thread: it parks in the hub.
// Only one of {executor task, write in flight, parked} exists at a time, and
// whoever it is finishes the call; so OnDone may delete.
template <typename Message>
class StreamReactor final : public grpc::ServerWriteReactor<Message> {
 public:
  using MakeSource =
      absl::AnyInvocable<absl::StatusOr<std::unique_ptr<Source<Message>>>()>;

  StreamReactor(Runtime& runtime, grpc::CallbackServerContext* context,
                const Method& method, absl::StatusOr<Call> call,
                MakeSource make)
      : runtime_(runtime),
        context_(context),
        method_(method),
        start_(runtime.clock.Now()),
        call_(std::move(call)),
        make_(std::move(make)) {
    absl::Status status = call_.status();
    if (status.ok() && runtime_.streams != nullptr) {
      status = runtime_.streams->Take(call_->principal);
      counted_ = status.ok();
    }
    if (!status.ok()) {
      End(status);
    } else {
      Submit();
    }
  }

  void OnWriteDone(bool ok) override {
    if (!ok) {
      End(absl::CancelledError("the caller left"));
    } else {
      Step();
    }
  }
  void OnDone() override {
    if (counted_) runtime_.streams->Release(call_->principal);
    delete this;
  }

 private:
  using Next = typename Pulled<Message>::Next;

  void Submit() {
    Executor* own =
        method_.watch ? runtime_.watch_executor : runtime_.bulk_executor;
    Executor& executor = own != nullptr ? *own : runtime_.executor;
    if (!executor.TrySubmit([this] { Pull(); })) {
      End(Overloaded("BACKLOG_FULL"));
    }
  }

  void Pull() {
    if (Leaving()) return;
    const absl::Status status = Guard([this]() -> absl::Status {
      if (source_ == nullptr) {
        absl::StatusOr<std::unique_ptr<Source<Message>>> source = make_();
        if (!source.ok()) return source.status();
        source_ = *std::move(source);
      }
      seen_ = runtime_.hub.Wakes();
      absl::StatusOr<Pulled<Message>> pulled = source_->Pull();
      if (!pulled.ok()) return pulled.status();
      pulled_ = *std::move(pulled);
      return absl::OkStatus();
    });
    written_ = 0;
    if (!status.ok()) {
      End(status);
    } else {
      Step();
    }
  }

  // Writes the next message, or does what the source said comes after.
  void Step() {
    if (written_ < pulled_.messages.size()) {
      this->StartWrite(&pulled_.messages[written_++]);
      return;
    }
    if (pulled_.next == Next::kEnd) {
      End(absl::OkStatus());
    } else if (pulled_.next == Next::kMore) {
      Submit();
    } else if (!Leaving()) {
      runtime_.hub.Park(seen_, [this] { Submit(); });
    }
  }

  bool Leaving() {
    if (context_->IsCancelled()) {
      End(absl::CancelledError("the caller left"));
      return true;
    }
    if (runtime_.draining.load()) {
      End(absl::UnavailableError("the server is shutting down"));
      return true;
    }
    return false;
  }

  void End(const absl::Status& status) {
    FinishCall(runtime_, method_, call_.ok() ? &*call_ : nullptr, start_,
               status);
    this->Finish(ToGrpcStatus(status, runtime_.service));
  }

  Runtime& runtime_;
  grpc::CallbackServerContext* context_;
  const Method& method_;
  const absl::Time start_;
  const absl::StatusOr<Call> call_;
  MakeSource make_;
  std::unique_ptr<Source<Message>> source_;
  Pulled<Message> pulled_;
  std::size_t written_ = 0;
  std::uint64_t seen_ = 0;  // the hub's wakes before the last Pull
  bool counted_ = false;    // holds one of runtime_.streams
};

// Admits the call and streams what `make`'s source gives. `make` is
// (const Call&, const Request&) -> StatusOr<unique_ptr<Source<Message>>>.
template <typename Message, typename Request, typename Make>
grpc::ServerWriteReactor<Message>* RunStream(
    Runtime& runtime, grpc::CallbackServerContext* context,
    const Method& method, const Request* request, Make make) {
  absl::StatusOr<Call> call = Admit(runtime, *context, method, *request);
  Call admitted = call.ok() ? *call : Call{};
  return new StreamReactor<Message>(
      runtime, context, method, std::move(call),
      [request, admitted = std::move(admitted),
       make = std::move(make)]() mutable
      -> absl::StatusOr<std::unique_ptr<Source<Message>>> {
        return make(admitted, *request);
      });
}

}  // namespace huifang::rpc

#endif  // HUIFANG_SERVICES_COMMON_RPC_STREAM_H_
