#pragma once
// LiveAudience: the contacts as they are now, read again when an import has changed them.
//
// Threads  current() from anywhere; the watcher is a thread of its own, which looks every two seconds.

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "api/audience_snapshot.h"
#include "app/contact_source.h"
#include "base/result.h"

namespace clarion {

struct AudienceOptions {
  std::filesystem::path data_dir;               // of the operator's prices
  PerChannel<bool> set_up{{true, true, true}};  // channels with a sender
};

class LiveAudience {
 public:
  // Reads the contacts and the operator's prices. Errors of the source; Invalid when a file of prices cannot be read.
  static Result<std::unique_ptr<LiveAudience>> load(std::unique_ptr<ContactSource> source, AudienceOptions options);
  ~LiveAudience();

  [[nodiscard]] std::shared_ptr<const AudienceSnapshot> current() const;
  // Begins to look for newer contacts.
  void watch();

 private:
  LiveAudience(std::unique_ptr<ContactSource> source, AudienceOptions options)
      : source_(std::move(source)), options_(std::move(options)) {}
  Result<void> read();
  Result<bool> read_if_changed();
  void watch_until_stopped();

  std::unique_ptr<ContactSource> source_;
  AudienceOptions options_;
  std::string version_;  // of what was read
  mutable std::mutex mutex_;
  std::shared_ptr<const AudienceSnapshot> snapshot_;  // guarded by mutex_
  bool is_stopping_ = false;                          // guarded by mutex_
  std::condition_variable stopping_;
  std::thread watcher_;
};

}  // namespace clarion
