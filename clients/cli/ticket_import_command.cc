#include <algorithm>
#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/cli/import/importer.h"
#include "clients/cli/import/suggest.h"
#include "clients/cli/ticket_groups.h"
#include "services/common/status_macros.h"

namespace huifang::cli {
namespace {

// Rejects shown on stderr when no --rejects file takes them.
constexpr std::size_t kRejectsShown = 20;

struct Options {
  std::shared_ptr<std::string> court;
  std::string mapping;
  std::string rejects;
  std::string encoding;
  std::string file;
  bool suggest = false;
};

absl::Status Suggest(const Options& options) {
  ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> head,
                   OpenFile(options.file, options.encoding));
  std::string piece;
  RETURN_IF_ERROR(head->Next(piece));
  const char delimiter = GuessDelimiter(piece);
  ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> source,
                   OpenFile(options.file, options.encoding));
  ASSIGN_OR_RETURN(const std::unique_ptr<CsvReader> reader,
                   CsvReader::Open(std::move(source), delimiter));
  ASSIGN_OR_RETURN(const Suggestion suggestion,
                   SuggestMapping(*reader, options.encoding, delimiter));
  std::fputs(suggestion.json.c_str(), stdout);
  for (const std::string& note : suggestion.notes) {
    std::fprintf(stderr, "# %s\n", note.c_str());
  }
  return absl::OkStatus();
}

// Where refused rows go: a CSV file, or the first ones to stderr.
class Rejects {
 public:
  static absl::StatusOr<std::unique_ptr<Rejects>> Open(
      const std::string& path) {
    auto rejects = std::make_unique<Rejects>();
    if (path.empty()) return rejects;
    rejects->file_.reset(std::fopen(path.c_str(), "w"));
    if (rejects->file_ == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat("cannot write ", path));
    }
    rejects->rows_ =
        MakeRowWriter(Format::kCsv, {"line", "column", "reason", "message"},
                      rejects->file_.get());
    return rejects;
  }

  void Add(const Reject& reject) {
    if (rows_ != nullptr) {
      rows_->Add({reject.line, Column(reject), reject.reason, reject.message});
    } else if (shown_.size() < kRejectsShown) {
      shown_.push_back(reject);
    }
    ++count_;
  }

  // After the progress bar, so that the two do not mix.
  void Finish() {
    if (rows_ != nullptr) rows_->Finish();
    std::sort(shown_.begin(), shown_.end(),
              [](const Reject& a, const Reject& b) { return a.line < b.line; });
    for (const Reject& reject : shown_) {
      std::fprintf(stderr, "line %lld, %s: %s (%s)\n",
                   static_cast<long long>(reject.line), Column(reject).c_str(),
                   reject.message.c_str(), reject.reason.c_str());
    }
    if (rows_ == nullptr && count_ > shown_.size()) {
      std::fprintf(stderr, "… and %zu more; --rejects FILE lists all\n",
                   count_ - shown_.size());
    }
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  static std::string Column(const Reject& reject) {
    if (!reject.column.empty()) return reject.column;
    return reject.field.empty() ? "(row)" : reject.field;
  }

  std::unique_ptr<std::FILE, Close> file_;
  std::unique_ptr<RowWriter> rows_;
  std::vector<Reject> shown_;
  std::size_t count_ = 0;
};

std::string Summary(const ImportTotals& totals, absl::Duration spent) {
  const double seconds = std::max(absl::ToDoubleSeconds(spent), 0.001);
  return absl::StrCat(WithCommas(totals.rows),
                      " rows: ", WithCommas(totals.created), " created, ",
                      WithCommas(totals.updated), " updated, ",
                      WithCommas(totals.unchanged), " unchanged, ",
                      WithCommas(totals.rejected), " rejected; ",
                      WithCommas(static_cast<std::int64_t>(
                          static_cast<double>(totals.rows) / seconds)),
                      " rows/s");
}

absl::Status Import(Context& context, const Options& options) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(options.mapping));
  ASSIGN_OR_RETURN(const Mapping mapping, ParseMapping(text));
  const std::string& encoding =
      options.encoding.empty() ? mapping.encoding : options.encoding;
  ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> source,
                   OpenFile(options.file, encoding));
  ASSIGN_OR_RETURN(const std::unique_ptr<CsvReader> reader,
                   CsvReader::Open(std::move(source), mapping.delimiter));
  ASSIGN_OR_RETURN(const std::unique_ptr<Rejects> rejects,
                   Rejects::Open(options.rejects));
  const absl::Time start = absl::Now();
  Progress progress(absl::StrCat("import ", options.file), reader->size());
  ImportTotals last;
  const absl::StatusOr<ImportTotals> totals = ImportRows(
      *reader, mapping, *options.court,
      [&context](AnswerFn answer) {
        return OpenImport(context, std::move(answer));
      },
      [&rejects](const Reject& reject) { rejects->Add(reject); },
      [&](const ImportTotals& so_far) {
        last = so_far;
        progress.Set(reader->position(),
                     absl::StrCat(WithCommas(so_far.rows), " rows, ",
                                  WithCommas(so_far.rejected), " rejected"));
      });
  // A file refused before its first row has nothing to sum up.
  if (totals.ok() || last.rows > 0) {
    progress.Finish(Summary(totals.ok() ? *totals : last, absl::Now() - start));
  }
  rejects->Finish();
  RETURN_IF_ERROR(totals.status());
  const auto rows =
      context.Rows({"rows", "created", "updated", "unchanged", "rejected"});
  rows->Add({totals->rows, totals->created, totals->updated, totals->unchanged,
             totals->rejected});
  rows->Finish();
  // Who asked for the list of rejects knows what to do with them.
  if (totals->rejected > 0 && options.rejects.empty()) {
    return PartialError(absl::StrCat(
        WithCommas(totals->rejected),
        " rows were rejected, the others are in; mend them and import the file "
        "again: what is in already stays as it is"));
  }
  return absl::OkStatus();
}

}  // namespace

void AddTicketImport(CLI::App& tickets, Context& context) {
  CLI::App* command = AddCommand(
      tickets, "import",
      "Imports another system's export; lists each row that is refused.",
      "huifangctl tickets import --suggest old.csv > map.json\n"
      "huifangctl tickets import --court 110102 --mapping map.json old.csv\n"
      "huifangctl tickets import --court 110102 --mapping map.json --encoding "
      "GB18030 --rejects bad.csv old.csv");
  auto options = std::make_shared<Options>();
  options->court = AddCourtOption(*command, /*required=*/false);
  command->add_option("--mapping", options->mapping,
                      "Which column feeds which field (JSON)");
  command->add_option("--rejects", options->rejects,
                      "Lists refused rows in this CSV file; then they are no "
                      "error (exit code 0)");
  command->add_option("--encoding", options->encoding,
                      "The file's encoding, e.g. GB18030; wins over the "
                      "mapping's");
  command->add_flag("--suggest", options->suggest,
                    "Only propose a mapping for FILE, on stdout");
  command->add_option("FILE", options->file, "CSV with a header")->required();
  context.OnRun(*command, [&context, options]() {
    if (options->suggest) return Suggest(*options);
    if (options->court->empty() || options->mapping.empty()) {
      return absl::InvalidArgumentError(
          "give --court and --mapping; --suggest proposes a mapping");
    }
    return Import(context, *options);
  });
}

}  // namespace huifang::cli
