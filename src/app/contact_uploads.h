#pragma once
// ContactUploads: imports files that came over HTTP, off the event loops.
//
// Threads  one thread of its own, one import after the other; a client that goes away does not stop its import.
// Lifetime outlives every call of uploader().

#include <boost/asio/thread_pool.hpp>

#include "api/contact_upload.h"
#include "app/settings.h"

namespace clarion {

class ContactUploads {
 public:
  explicit ContactUploads(Settings settings) : settings_(std::move(settings)) {}

  [[nodiscard]] ContactUploader uploader();

 private:
  Settings settings_;
  boost::asio::thread_pool thread_{1};
};

}  // namespace clarion
