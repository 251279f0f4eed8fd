#include "app/live_audience.h"

#include <fmt/format.h>

#include <utility>

#include "app/imported_contacts.h"
#include "app/price_files.h"
#include "audience/demo_contacts.h"
#include "audience/vocabulary.h"
#include "base/clock.h"
#include "base/log.h"
#include "embedded/demo_products_json.h"
#include "engine/plan_audience.h"
#include "store/file_contact_source.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr auto look_every = 2s;
// As `clarion seed` makes them.
constexpr std::size_t demo_count = 2000;
constexpr std::uint64_t demo_seed = 1;

fs::file_time_type changed_at(const fs::path& file) {
  std::error_code error;
  const auto time = fs::last_write_time(file, error);
  return error ? fs::file_time_type{} : time;
}

// The demo file has bad rows on purpose, so they are logged with less noise than one's own.
Result<std::shared_ptr<const ContactTable>> read_contacts(const fs::path& file, LogLevel rejected_level) {
  auto loaded = load_contacts(file, {.format = ContactFormat::Clarion});
  if (!loaded) return std::unexpected(loaded.error());
  const ImportSummary& summary = loaded->summary;
  if (!summary.stopped.empty()) {
    return fail(ErrorKind::Invalid, fmt::format("cannot read the contacts in {}: {}", file.string(), summary.stopped));
  }
  if (summary.rejected > 0) {
    log(rejected_level, "contacts_rejected", {{"file", file.string()}, {"rows", summary.rejected}});
  }
  return std::move(loaded->contacts);
}

std::shared_ptr<const ContactTable> make_demo_table() {
  ContactTable::Builder builder;
  generate_contacts(demo_count, demo_seed, [&builder](const Contact& contact) { builder.add(contact); });
  return std::move(builder).build();
}

}  // namespace

Result<std::unique_ptr<LiveAudience>> LiveAudience::load(AudienceOptions options) {
  std::unique_ptr<LiveAudience> audience(new LiveAudience(std::move(options)));
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
  const fs::path imported = imported_contacts_file(options_.data_dir);
  const fs::path demo = fs::path("data") / "demo" / "contacts.json";
  // Taken before reading: a file replaced meanwhile is read again.
  const auto time = changed_at(imported);
  auto snapshot = std::make_shared<AudienceSnapshot>();
  snapshot->set_up = options_.set_up;
  std::error_code error;
  const bool is_own = fs::exists(imported, error);
  if (is_own || (options_.has_demo && fs::exists(demo, error))) {
    const fs::path& file = is_own ? imported : demo;
    auto contacts = read_contacts(file, is_own ? LogLevel::Warn : LogLevel::Info);
    if (!contacts) return std::unexpected(contacts.error());
    snapshot->contacts = std::move(*contacts);
    snapshot->source = file.string();
  } else if (!options_.has_demo) {
    snapshot->contacts = ContactTable::Builder().build();
    snapshot->source = "no import yet";
  } else {
    snapshot->contacts = make_demo_table();
    snapshot->source = "the built-in demo data";
  }
  auto products = parse_products(embedded::demo_products_json);
  if (!products) return std::unexpected(products.error());
  snapshot->vocabulary = std::make_shared<const Vocabulary>(make_vocabulary(snapshot->contacts, std::move(*products)));
  snapshot->responses = learn_responses(*snapshot->contacts, SystemClock().wall_now());
  auto prices = load_prices(options_.data_dir);
  if (!prices) return std::unexpected(prices.error());
  snapshot->prices = std::move(*prices);
  const std::lock_guard lock(mutex_);
  snapshot_ = std::move(snapshot);
  read_at_ = time;
  return {};
}

void LiveAudience::watch_until_stopped() {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      if (stopping_.wait_for(lock, look_every, [this] { return is_stopping_; })) return;
      if (changed_at(imported_contacts_file(options_.data_dir)) == read_at_) continue;
    }
    if (auto done = read(); !done) {
      log_error("contacts_not_read", {{"message", done.error().message}});
    } else {
      log_info("contacts_read", {{"contacts", static_cast<std::int64_t>(current()->contacts->size())}});
    }
  }
}

}  // namespace clarion
