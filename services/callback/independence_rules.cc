#include "services/callback/independence_rules.h"

namespace huifang::callback {
namespace {

bool Same(const std::string& a, const std::string& b) {
  return !a.empty() && a == b;
}

}  // namespace

Conflict FindConflict(const OfficerIdentity& officer,
                      const CallSubject& subject,
                      const std::vector<DeclaredRelation>& relations) {
  if (Same(officer.staff, subject.handler)) return Conflict::kIsHandler;
  if (Same(officer.team, subject.team) ||
      Same(officer.team, subject.handler_team)) {
    return Conflict::kSameTeam;
  }
  for (const std::string& before : subject.callers_before) {
    if (Same(officer.principal, before) || Same(officer.staff, before)) {
      return Conflict::kCalledBefore;
    }
  }
  for (const DeclaredRelation& relation : relations) {
    const bool mine = Same(relation.officer, officer.principal) ||
                      Same(relation.officer, officer.staff);
    if (!mine) continue;
    if (Same(relation.subject, subject.ticket) ||
        Same(relation.subject, subject.handler) ||
        Same(relation.subject, subject.team) ||
        Same(relation.subject, subject.handler_team) ||
        Same(relation.subject, subject.division)) {
      return Conflict::kDeclaredRelation;
    }
  }
  return Conflict::kNone;
}

}  // namespace huifang::callback
