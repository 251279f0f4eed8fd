#include "base/result.h"

namespace clarion {

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::Invalid: return "invalid";
    case ErrorKind::NotFound: return "not_found";
    case ErrorKind::Conflict: return "conflict";
    case ErrorKind::Denied: return "denied";
    case ErrorKind::Throttled: return "throttled";
    case ErrorKind::Unavailable: return "unavailable";
    case ErrorKind::Unknown: return "unknown";
    case ErrorKind::Internal: return "internal";
  }
  return "internal";
}

}  // namespace clarion
