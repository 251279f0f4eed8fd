#include "app/live_audience.h"

#include <utility>

#include "app/price_files.h"
#include "audience/vocabulary.h"
#include "base/clock.h"
#include "base/log.h"
#include "embedded/demo_products_json.h"
#include "engine/plan_audience.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;

constexpr auto look_every = 2s;

}  // namespace

Result<std::unique_ptr<LiveAudience>> LiveAudience::load(std::unique_ptr<ContactSource> source,
                                                         AudienceOptions options) {
  std::unique_ptr<LiveAudience> audience(new LiveAudience(std::move(source), std::move(options)));
  if (auto read = audience->read(); !read) return std::unexpected(read.error());
  return audience;
}

LiveAudience::~LiveAudience() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  stopping_.notify_all();
  if (watcher_.joinable()) watcher_.join();
}

std::shared_ptr<const AudienceSnapshot> LiveAudience::current() const {
  const std::lock_guard lock(mutex_);
  return snapshot_;
}

void LiveAudience::watch() {
  watcher_ = std::thread([this] { watch_until_stopped(); });
}

Result<void> LiveAudience::read() {
  // Asked before reading: what changes meanwhile is read again.
  auto version = source_->version();
  if (!version) return std::unexpected(version.error());
  auto contacts = source_->read();
  if (!contacts) return std::unexpected(contacts.error());
  auto snapshot = std::make_shared<AudienceSnapshot>();
  snapshot->set_up = options_.set_up;
  snapshot->contacts = std::move(contacts->contacts);
  snapshot->source = std::move(contacts->source);
  auto products = parse_products(embedded::demo_products_json);
  if (!products) return std::unexpected(products.error());
  snapshot->vocabulary = std::make_shared<const Vocabulary>(make_vocabulary(snapshot->contacts, std::move(*products)));
  snapshot->responses = learn_responses(*snapshot->contacts, SystemClock().wall_now());
  auto prices = load_prices(options_.data_dir);
  if (!prices) return std::unexpected(prices.error());
  snapshot->prices = std::move(*prices);
  version_ = std::move(*version);
  const std::lock_guard lock(mutex_);
  snapshot_ = std::move(snapshot);
  return {};
}

Result<bool> LiveAudience::read_if_changed() {
  const auto version = source_->version();
  if (!version) return std::unexpected(version.error());
  if (*version == version_) return false;
  if (auto done = read(); !done) return std::unexpected(done.error());
  return true;
}

void LiveAudience::watch_until_stopped() {
  bool is_out = false;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      if (stopping_.wait_for(lock, look_every, [this] { return is_stopping_; })) return;
    }
    const auto changed = read_if_changed();
    if (!changed && !is_out) log_error("contacts_not_read", {{"message", changed.error().message}});
    is_out = !changed;
    if (changed && *changed) {
      log_info("contacts_read", {{"contacts", static_cast<std::int64_t>(current()->contacts->size())}});
    }
  }
}

}  // namespace clarion
