#ifndef HUIFANG_CLIENTS_GENERATOR_STORY_H_
#define HUIFANG_CLIENTS_GENERATOR_STORY_H_

#include <string>

#include "absl/time/civil_time.h"
#include "clients/generator/court.h"
#include "clients/generator/grammar.h"
#include "clients/generator/matters.h"

namespace huifang::generator {

// One made-up caller and their case. A caller who calls again keeps it.
class Story {
 public:
  Story(const CourtModel& court, std::size_t division, Random& random);

  // New dates and particulars around `today`; person and case stay.
  void Refresh(absl::CivilDay today, Random& random);

  std::string Content(const Matter& matter, Random& random) const;
  // The reply of `day`. In how many ways it is poor, see matters.h.
  std::string Reply(const Matter& matter, absl::CivilDay day, bool poor,
                    bool at_desk, Random& random);

  const Slots& slots() const { return slots_; }
  const std::string& phone() const { return phone_; }
  const std::string& caller() const { return caller_; }
  const std::string& case_number() const { return case_number_; }
  const StaffMember& handler() const { return handler_; }
  // Whether the ticket carries the case number.
  bool has_case(const Matter& matter) const;

  std::size_t division = 0;

 private:
  std::string GoodReply(const Matter& matter, const Slots& slots, bool at_desk,
                        Random& random) const;
  std::string PoorReply(const Matter& matter, Random& random) const;
  void FillCase(const CourtModel& court, Random& random);

  std::string phone_;
  std::string caller_;
  std::string case_number_;
  StaffMember handler_;
  Slots slots_;
};

}  // namespace huifang::generator

#endif  // HUIFANG_CLIENTS_GENERATOR_STORY_H_
