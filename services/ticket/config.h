#ifndef HUIFANG_SERVICES_TICKET_CONFIG_H_
#define HUIFANG_SERVICES_TICKET_CONFIG_H_

#include "services/common/config.h"

namespace huifang::ticket {

struct Config {
  ServiceConfig service;

  void Declare(FlagSet& flags) { service.Declare(flags); }
};

}  // namespace huifang::ticket

#endif  // HUIFANG_SERVICES_TICKET_CONFIG_H_
