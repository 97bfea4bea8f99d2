// Who must not check whose work (回避).
#ifndef HUIFANG_SERVICES_CALLBACK_INDEPENDENCE_RULES_H_
#define HUIFANG_SERVICES_CALLBACK_INDEPENDENCE_RULES_H_

#include <string>
#include <vector>

namespace huifang::callback {

// All names are full resource names; empty where not known.
struct OfficerIdentity {
  std::string principal;
  std::string staff;
  std::string team;
};

struct CallSubject {
  std::string ticket;
  std::string handler;
  std::string team;
  // The handler's team in the directory, which the ticket may not name.
  std::string handler_team;
  std::string division;
  // Principals and staff who called before, where the call is made again.
  std::vector<std::string> callers_before = {};
};

// A tie that an officer declared: `officer` is a principal or a staff name,
// `subject` a staff, team, division or ticket name.
struct DeclaredRelation {
  std::string officer;
  std::string subject;
};

enum class Conflict {
  kNone,
  kIsHandler,
  kSameTeam,
  kDeclaredRelation,
  kCalledBefore,
};

Conflict FindConflict(const OfficerIdentity& officer,
                      const CallSubject& subject,
                      const std::vector<DeclaredRelation>& relations);

}  // namespace huifang::callback

#endif  // HUIFANG_SERVICES_CALLBACK_INDEPENDENCE_RULES_H_
