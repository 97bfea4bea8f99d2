#include "services/grading/relevance_model.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace huifang::grading {
namespace {

// Counters are 16 bits; well before they could overflow all of them are
// halved, which also forgets what occurred only once, long ago.
constexpr std::int64_t kDocumentsMax = 60000;

// Fixed weights, chosen on one half of a public data set and checked on the
// other (docs/methods/inspection.md).
//
// A word of the question is echoed by a reply that answers it with this
// probability, one of the title more often.
constexpr double kEchoContent = 0.05;
constexpr double kEchoTitle = 0.55;
// Evidence from the title counts more: it names the matter.
constexpr double kTitleWeight = 2.5;
// Neighbouring grams overlap, so their evidence is far from independent; the
// scale damps their sum.
constexpr double kEvidenceScale = 10.0;
constexpr double kEvidenceWeight = 0.3;
// Keeps a cosine of nearly nothing from deciding by itself.
constexpr double kCosineFloor = 0.02;
// Logistic calibration of the combined score on own against foreign replies.
constexpr double kSlope = 4.53;
constexpr double kOffset = 17.29;

// Rare grams share buckets; a tenth of a document stands in for the unseen.
constexpr double kSmoothing = 0.3;
constexpr double kLengthRatioMax = 4.0;
constexpr double kProbabilityMin = 1e-6;
constexpr std::size_t kLevelsMax = 192;
constexpr std::size_t kRaritiesKept = 512;

constexpr char kMagic[] = "HFRM1";

std::uint64_t Mix(std::uint64_t key) { return key * 0x9E3779B97F4A7C15ULL; }

std::uint32_t Bucket(std::uint64_t key) {
  return static_cast<std::uint32_t>(Mix(key) >>
                                    (64 - RelevanceModel::kBucketBits));
}

// Calls `visit(key)` for every pair and triple of neighbouring word
// characters. A key is never 0.
template <typename Visit>
void ForEachGram(const NormalizedText& text, Visit visit) {
  std::uint64_t before = 0;
  std::uint64_t last = 0;
  for (const char16_t c : text.chars()) {
    if (!IsWordChar(c)) {
      before = last = 0;
      continue;
    }
    if (last != 0) visit((last << 16) | c);
    if (before != 0) visit((before << 32) | (last << 16) | c);
    before = last;
    last = c;
  }
}

double DampedCount(std::uint16_t count) {
  static const std::array<double, 64> table = [] {
    std::array<double, 64> t{};
    for (std::size_t i = 1; i < t.size(); ++i) {
      t[i] = 1.0 + std::log(static_cast<double>(i));
    }
    return t;
  }();
  return table[std::min<std::size_t>(count, table.size() - 1)];
}

// Document counts in classes: exact up to 63, then eight to the octave, so that
// a table per class replaces a logarithm per gram.
std::size_t Level(std::uint16_t count) {
  if (count < 64) return count;
  const int octave = std::bit_width(count) - 1;
  const int eighth = (count >> (octave - 3)) & 7;
  return static_cast<std::size_t>(64 + (octave - 6) * 8 + eighth);
}

double LevelCount(std::size_t level) {
  if (level < 64) return static_cast<double>(level);
  const std::size_t octave = (level - 64) / 8 + 6;
  const std::size_t eighth = (level - 64) % 8;
  return std::ldexp(1.0 + (static_cast<double>(eighth) + 0.5) / 8.0,
                    static_cast<int>(octave));
}

void PutVarint(std::uint64_t value, std::string& out) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

bool TakeVarint(absl::string_view& in, std::uint64_t& value) {
  value = 0;
  for (int shift = 0; shift < 64 && !in.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(in[0]);
    in.remove_prefix(1);
    value |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

// Runs of zeros as (0, length), other counters as themselves.
void PutCounters(const std::vector<std::uint16_t>& counters, std::string& out) {
  for (std::size_t i = 0; i < counters.size();) {
    PutVarint(counters[i], out);
    if (counters[i] != 0) {
      ++i;
      continue;
    }
    std::size_t run = i;
    while (run < counters.size() && counters[run] == 0) ++run;
    PutVarint(run - i, out);
    i = run;
  }
}

bool TakeCounters(absl::string_view& in, std::vector<std::uint16_t>& counters) {
  for (std::size_t i = 0; i < counters.size();) {
    std::uint64_t value = 0;
    if (!TakeVarint(in, value) || value > 0xFFFF) return false;
    if (value != 0) {
      counters[i++] = static_cast<std::uint16_t>(value);
      continue;
    }
    std::uint64_t run = 0;
    if (!TakeVarint(in, run) || run == 0 || run > counters.size() - i) {
      return false;
    }
    i += run;
  }
  return true;
}

}  // namespace

RelevanceModel::Scratch::Scratch() { Reset(1024); }

void RelevanceModel::Scratch::Reset(std::size_t grams_max) {
  const std::size_t wanted =
      std::bit_ceil(std::max<std::size_t>(2 * grams_max, 2048));
  if (wanted > slots_.size()) {
    slots_.assign(wanted, Slot{});
    stamp_ = 0;
  }
  shift_ = 65 - static_cast<int>(std::bit_width(slots_.size()));
  used_.clear();
  if (++stamp_ == 0) {
    slots_.assign(slots_.size(), Slot{});
    stamp_ = 1;
  }
}

RelevanceModel::Scratch::Slot& RelevanceModel::Scratch::Find(
    std::uint64_t key) {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = Mix(key) >> shift_;; i = (i + 1) & mask) {
    Slot& slot = slots_[i];
    if (slot.stamp != stamp_) {
      slot = Slot{.key = key, .stamp = stamp_};
      used_.push_back(static_cast<std::uint32_t>(i));
      return slot;
    }
    if (slot.key == key) return slot;
  }
}

double RelevanceModel::Scratch::Rarity(std::size_t uses,
                                       std::int64_t documents) {
  const auto rarity = [documents](std::size_t count) {
    const double all = static_cast<double>(documents) + 1.0;
    return std::max(0.0,
                    std::log(all / (0.5 * static_cast<double>(count) + 0.5)));
  };
  if (rarity_documents_ != documents) {
    rarity_.resize(kRaritiesKept);
    for (std::size_t i = 0; i < kRaritiesKept; ++i) rarity_[i] = rarity(i);
    rarity_documents_ = documents;
  }
  return uses < kRaritiesKept ? rarity_[uses] : rarity(uses);
}

RelevanceModel::RelevanceModel()
    : in_questions_(kBuckets, 0), in_replies_(kBuckets, 0) {}

// Fills `scratch` with the grams of both sides; returns how many different ones
// the reply has.
std::size_t RelevanceModel::Gather(const Exchange& exchange, Scratch& scratch) {
  scratch.Reset(2 * (exchange.title.size() + exchange.content.size() +
                     exchange.reply.size()));
  ForEachGram(exchange.title, [&](std::uint64_t key) {
    Scratch::Slot& slot = scratch.Find(key);
    slot.in_title = true;
    ++slot.in_question;
  });
  ForEachGram(exchange.content,
              [&](std::uint64_t key) { ++scratch.Find(key).in_question; });
  std::size_t different = 0;
  ForEachGram(exchange.reply, [&](std::uint64_t key) {
    Scratch::Slot& slot = scratch.Find(key);
    if (slot.in_reply++ == 0) ++different;
  });
  return different;
}

void RelevanceModel::Learn(const Exchange& exchange, Scratch& scratch) {
  const std::size_t different = Gather(exchange, scratch);
  for (const std::uint32_t index : scratch.used_) {
    const Scratch::Slot& slot = scratch.slots_[index];
    const std::uint32_t bucket = Bucket(slot.key);
    if (slot.in_question > 0 && in_questions_[bucket] < 0xFFFF) {
      ++in_questions_[bucket];
    }
    if (slot.in_reply > 0 && in_replies_[bucket] < 0xFFFF) {
      ++in_replies_[bucket];
    }
  }
  reply_grams_ += static_cast<double>(different);
  if (++documents_ >= kDocumentsMax) Halve();
}

void RelevanceModel::Halve() {
  documents_ /= 2;
  reply_grams_ /= 2;
  for (std::uint16_t& count : in_questions_) count /= 2;
  for (std::uint16_t& count : in_replies_) count /= 2;
}

void RelevanceModel::Merge(const RelevanceModel& other) {
  const auto add = [](std::uint16_t& to, std::uint16_t count) {
    to = static_cast<std::uint16_t>(std::min(0xFFFF, to + count));
  };
  for (std::size_t i = 0; i < kBuckets; ++i) {
    add(in_questions_[i], other.in_questions_[i]);
    add(in_replies_[i], other.in_replies_[i]);
  }
  documents_ += other.documents_;
  reply_grams_ += other.reply_grams_;
  while (documents_ >= kDocumentsMax) Halve();
}

// The two measures that make up the score.
struct RelevanceModel::Evidence {
  // Log-likelihood ratio of the echoes: this question's reply against a reply
  // of the same length to any question.
  double log_ratio = 0;
  double dot = 0;
  double question_norm = 0;
  double reply_norm = 0;
};

std::optional<double> RelevanceModel::Score(const Exchange& exchange,
                                            Scratch& scratch) const {
  const std::size_t reply_grams = Gather(exchange, scratch);
  if (reply_grams == 0 || reply_grams == scratch.used_.size()) {
    // No reply, or a question none of whose grams were seen: without words.
    bool question = false;
    for (const std::uint32_t index : scratch.used_) {
      question = question || scratch.slots_[index].in_question > 0;
    }
    if (reply_grams == 0 || !question) return std::nullopt;
  }
  const double all = static_cast<double>(documents_) + 1.0;
  const double average =
      documents_ > 0 ? reply_grams_ / static_cast<double>(documents_) : 500.0;
  const double length =
      std::min(kLengthRatioMax,
               static_cast<double>(reply_grams) / std::max(1.0, average));
  const double speaks = 1.0 - std::exp(-2.0 * length);

  // Hit and miss evidence by count class, filled as classes turn up.
  struct Ratio {
    bool ready = false;
    double hit = 0;
    double miss = 0;
  };
  std::array<std::array<Ratio, kLevelsMax>, 2> ratios{};
  const auto ratio = [&](bool in_title, std::size_t level) -> const Ratio& {
    Ratio& r = ratios[in_title ? 1 : 0][level];
    if (r.ready) return r;
    const double share = std::min(1.0, (LevelCount(level) + kSmoothing) / all);
    const double chance = std::clamp(1.0 - std::pow(1.0 - share, length),
                                     kProbabilityMin, 1.0 - kProbabilityMin);
    const double echo = (in_title ? kEchoTitle : kEchoContent) * speaks;
    const double expected = echo + (1.0 - echo) * chance;
    const double weight = in_title ? kTitleWeight : 1.0;
    r = {true, weight * std::log(expected / chance),
         weight * std::log((1.0 - expected) / (1.0 - chance))};
    return r;
  };

  Evidence evidence;
  for (const std::uint32_t index : scratch.used_) {
    const Scratch::Slot& slot = scratch.slots_[index];
    const std::uint32_t bucket = Bucket(slot.key);
    const double rarity = scratch.Rarity(
        std::size_t{in_questions_[bucket]} + in_replies_[bucket], documents_);
    const double in_reply =
        slot.in_reply > 0 ? rarity * DampedCount(slot.in_reply) : 0.0;
    evidence.reply_norm += in_reply * in_reply;
    if (slot.in_question == 0) continue;
    const double in_question = rarity * DampedCount(slot.in_question) *
                               (slot.in_title ? kTitleWeight : 1.0);
    evidence.question_norm += in_question * in_question;
    evidence.dot += in_question * in_reply;
    const Ratio& r = ratio(slot.in_title, Level(in_replies_[bucket]));
    evidence.log_ratio += slot.in_reply > 0 ? r.hit : r.miss;
  }
  const double norms = std::sqrt(evidence.question_norm * evidence.reply_norm);
  const double cosine = norms > 0 ? evidence.dot / norms : 0.0;
  const double score =
      std::log(cosine + kCosineFloor) +
      kEvidenceWeight * std::asinh(evidence.log_ratio / kEvidenceScale);
  return 1.0 / (1.0 + std::exp(-(kSlope * score + kOffset)));
}

std::string RelevanceModel::Serialize() const {
  std::string out(kMagic);
  PutVarint(kBucketBits, out);
  PutVarint(static_cast<std::uint64_t>(documents_), out);
  PutVarint(static_cast<std::uint64_t>(std::llround(reply_grams_)), out);
  PutCounters(in_questions_, out);
  PutCounters(in_replies_, out);
  return out;
}

absl::StatusOr<RelevanceModel> RelevanceModel::Parse(absl::string_view blob) {
  const absl::Status broken =
      absl::DataLossError("the stored relevance model cannot be read");
  const std::size_t magic = std::strlen(kMagic);
  if (blob.substr(0, magic) != kMagic) return broken;
  blob.remove_prefix(magic);
  RelevanceModel model;
  std::uint64_t bits = 0;
  std::uint64_t documents = 0;
  std::uint64_t reply_grams = 0;
  if (!TakeVarint(blob, bits) || bits != kBucketBits ||
      !TakeVarint(blob, documents) || !TakeVarint(blob, reply_grams) ||
      !TakeCounters(blob, model.in_questions_) ||
      !TakeCounters(blob, model.in_replies_) || !blob.empty()) {
    return broken;
  }
  // More than a model keeps, or than a double counts, is no model of ours.
  if (documents >= std::uint64_t{kDocumentsMax} ||
      reply_grams > std::uint64_t{1} << 53) {
    return broken;
  }
  model.documents_ = static_cast<std::int64_t>(documents);
  model.reply_grams_ = static_cast<double>(reply_grams);
  return model;
}

}  // namespace huifang::grading
