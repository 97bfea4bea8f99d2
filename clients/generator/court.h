#ifndef HUIFANG_CLIENTS_GENERATOR_COURT_H_
#define HUIFANG_CLIENTS_GENERATOR_COURT_H_

#include <string>
#include <vector>

#include "clients/generator/random.h"

namespace huifang::generator {

struct StaffMember {
  std::string id;
  std::string name;
  std::string role;  // as the directory file spells it: JUDGE, …
  std::string division;
  std::string team;
};

struct DivisionModel {
  std::string id;
  std::string name;
  std::string alias;
  std::string area;  // of matters
  int weight = 1;    // share of the dispatched tickets
  // How often a reply is poor, and how often the limit is missed. Divisions
  // differ, or a report would have nothing to say.
  double poor_share = 0;
  double late_share = 0;
  std::vector<std::string> teams;     // ids
  std::vector<StaffMember> handlers;  // judges and assistants
};

// A made-up court (生成的法院).
struct CourtModel {
  std::string code;
  std::string name;
  std::string case_code;
  std::vector<DivisionModel> divisions;
  std::vector<StaffMember> others;  // agents, officers, heads

  // The directory file that huifangctl directory import reads.
  std::string DirectoryJson() const;
};

CourtModel MakeCourt(const std::string& code, std::uint64_t seed);

// A person who does not exist: surname and given name.
struct PersonName {
  std::string surname;
  std::string given;
};
PersonName MakePerson(Random& random);

}  // namespace huifang::generator

#endif  // HUIFANG_CLIENTS_GENERATOR_COURT_H_
