#include "services/reporting/disclosure_rules.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace huifang::reporting {
namespace {

// A linear combination of the sums: the coefficients of the cells that are not
// printed, of which a reader knows the right-hand side, and then how often each
// sum was taken.
using Row = std::vector<double>;

constexpr double kZero = 1e-9;

class Discloser {
 public:
  Discloser(const std::vector<Cell>& cells, const std::vector<CellSum>& sums,
            std::int64_t min_people)
      : cells_(cells),
        sums_(sums),
        min_people_(min_people),
        disclosed_(cells.size(), Disclosure::kShown),
        hidden_(cells.size(), false) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (cells[i].printing == Printing::kAlready) continue;
      hidden_[i] = cells[i].printing == Printing::kNever;
      if (cells[i].people > 0 && cells[i].people < min_people) {
        disclosed_[i] = Disclosure::kTooFew;
        hidden_[i] = true;
      }
    }
  }

  std::vector<Disclosure> Run() {
    while (const std::optional<std::size_t> cell = FindToHide()) {
      disclosed_[*cell] = Disclosure::kWouldTell;
      hidden_[*cell] = true;
    }
    return disclosed_;
  }

 private:
  std::vector<Row> KnownSums() const {
    std::vector<Row> rows;
    for (std::size_t s = 0; s < sums_.size(); ++s) {
      Row row(cells_.size() + sums_.size(), 0);
      for (const std::size_t part : sums_[s].parts) {
        row[part] += hidden_[part] ? 1 : 0;
      }
      row[sums_[s].total] -= hidden_[sums_[s].total] ? 1 : 0;
      row[cells_.size() + s] = 1;
      rows.push_back(std::move(row));
    }
    return rows;
  }

  // Whether the row is a plain sum of hidden cells about too few people.
  bool TellsOfTooFew(const Row& row) const {
    std::int64_t people = 0;
    double scale = 0;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      // Nobody in the cell: it hides nothing and protects nothing.
      if (std::abs(row[i]) < kZero || cells_[i].people == 0) continue;
      if (scale == 0) scale = row[i];
      if (std::abs(row[i] - scale) > kZero) return false;
      people += cells_[i].people;
    }
    return people > 0 && people < min_people_;
  }

  // For the first combination that tells of too few and can be kept from it:
  // what readers have already cannot be hidden any more.
  std::optional<std::size_t> FindToHide() const {
    std::vector<Row> rows = KnownSums();
    for (const bool reduced : {false, true}) {
      if (reduced) Reduce(rows);
      for (const Row& row : rows) {
        if (!TellsOfTooFew(row)) continue;
        if (const std::optional<std::size_t> cell = CellToHide(row)) {
          return cell;
        }
      }
    }
    return std::nullopt;
  }

  // Gauss and Jordan, over the cells.
  void Reduce(std::vector<Row>& rows) const {
    std::size_t done = 0;
    for (std::size_t c = 0; c < cells_.size() && done < rows.size(); ++c) {
      const auto pivot =
          std::max_element(rows.begin() + static_cast<std::ptrdiff_t>(done),
                           rows.end(), [c](const Row& a, const Row& b) {
                             return std::abs(a[c]) < std::abs(b[c]);
                           });
      if (std::abs((*pivot)[c]) < kZero) continue;
      std::swap(rows[done], *pivot);
      const double scale = rows[done][c];
      for (double& value : rows[done]) value /= scale;
      for (std::size_t r = 0; r < rows.size(); ++r) {
        const double factor = rows[r][c];
        if (r == done || std::abs(factor) < kZero) continue;
        for (std::size_t k = 0; k < rows[r].size(); ++k) {
          rows[r][k] -= factor * rows[done][k];
        }
      }
      ++done;
    }
  }

  // The smallest printed cell that the combination needs: without it the
  // reader has one unknown more.
  std::optional<std::size_t> CellToHide(const Row& told) const {
    Row needed(cells_.size(), 0);
    for (std::size_t s = 0; s < sums_.size(); ++s) {
      const double times = told[cells_.size() + s];
      for (const std::size_t part : sums_[s].parts) needed[part] += times;
      needed[sums_[s].total] -= times;
    }
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      if (std::abs(needed[i]) < kZero || hidden_[i] || cells_[i].people == 0 ||
          cells_[i].printing != Printing::kNow) {
        continue;
      }
      if (!best.has_value() || cells_[i].people < cells_[*best].people) {
        best = i;
      }
    }
    return best;
  }

  const std::vector<Cell>& cells_;
  const std::vector<CellSum>& sums_;
  const std::int64_t min_people_;
  std::vector<Disclosure> disclosed_;
  std::vector<bool> hidden_;
};

}  // namespace

std::vector<Disclosure> Disclose(const std::vector<Cell>& cells,
                                 const std::vector<CellSum>& sums,
                                 std::int64_t min_people) {
  return Discloser(cells, sums, min_people).Run();
}

}  // namespace huifang::reporting
