#ifndef HUIFANG_SERVICES_COMMON_REDIS_LEASE_SCRIPTS_H_
#define HUIFANG_SERVICES_COMMON_REDIS_LEASE_SCRIPTS_H_

#include "services/common/redis.h"

namespace huifang {

// The Lua of RedisLeaseQueue. Arguments and results are described beside each
// script's text.
struct LeaseScripts {
  redis::Script enqueue;
  redis::Script turn;
  redis::Script take_task;
  redis::Script cancel;
  redis::Script stats;
  redis::Script list_dead;
  redis::Script on_dead;
  redis::Script mark;

  static const LeaseScripts& All();
};

}  // namespace huifang

#endif  // HUIFANG_SERVICES_COMMON_REDIS_LEASE_SCRIPTS_H_
