#pragma once
// LiveAudience: the contacts as they are now, read again when an import has replaced them.
//
// Source   contacts.ndjson in the data directory once something was imported; otherwise data/demo/contacts.json of the
//          working directory; otherwise demo contacts made in memory, so that an installed program shows something.
//          Without demo, in production, nobody is there before an import.
// Threads  current() from anywhere; the watcher is a thread of its own, which looks every two seconds.

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "api/audience_snapshot.h"
#include "base/result.h"

namespace clarion {

struct AudienceOptions {
  std::filesystem::path data_dir;
  bool has_demo = true;
  PerChannel<bool> set_up{{true, true, true}};  // channels with a sender
};

class LiveAudience {
 public:
  // Reads the contacts and the operator's prices. Invalid when a file cannot be read.
  static Result<std::unique_ptr<LiveAudience>> load(AudienceOptions options);
  ~LiveAudience();

  [[nodiscard]] std::shared_ptr<const AudienceSnapshot> current() const;
  // Begins to look for newer files.
  void watch();

 private:
  explicit LiveAudience(AudienceOptions options) : options_(std::move(options)) {}
  Result<void> read();
  void watch_until_stopped();

  AudienceOptions options_;
  std::filesystem::file_time_type read_at_{};  // of the imported file
  mutable std::mutex mutex_;
  std::shared_ptr<const AudienceSnapshot> snapshot_;  // guarded by mutex_
  bool is_stopping_ = false;                          // guarded by mutex_
  std::condition_variable stopping_;
  std::thread watcher_;
};

}  // namespace clarion
