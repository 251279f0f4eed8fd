#include "store/known_consents.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "base/hash.h"

namespace clarion {
namespace {

constexpr std::size_t buffer_bytes = std::size_t{256} * 1024;
// Of contacts without any consent on record, who are many, nothing is written.
constexpr std::uint64_t nowhere = (std::uint64_t{1} << 63U) - 1;
// The longest record: per channel a head and a source as long as the reader allows, with room to spare.
constexpr std::size_t most_record_bytes = 4096;

struct Head {
  std::int64_t at;
  std::uint16_t source_bytes;
  ConsentState state;
  bool has_time;
};

}  // namespace

Result<KnownConsents> KnownConsents::create() {
  std::error_code error;
  const auto folder = std::filesystem::temp_directory_path(error);
  std::string name = ((error ? std::filesystem::path("/tmp") : folder) / "clarion-consents-XXXXXX").string();
  const int file = ::mkstemp(name.data());  // 0600
  if (file < 0) {
    return fail(ErrorKind::Unavailable, fmt::format("cannot write a temporary file {}: {}; TMPDIR says where they go",
                                                    name, std::generic_category().message(errno)));
  }
  ::unlink(name.c_str());
  return KnownConsents(file);
}

KnownConsents::KnownConsents(KnownConsents&& other) noexcept
    : file_(std::exchange(other.file_, -1)),
      error_(other.error_),
      kept_(other.kept_),
      written_(other.written_),
      buffer_(std::move(other.buffer_)),
      places_(std::move(other.places_)) {}

KnownConsents::~KnownConsents() {
  if (file_ >= 0) ::close(file_);
}

KnownConsents::IdHash KnownConsents::hash_of(const Contact& contact) {
  return {hash64(contact.id, 1), hash64(contact.id, 2)};
}

void KnownConsents::add(const Contact& contact) {
  places_.insert_or_assign(hash_of(contact), write(contact.consent, false));
}

KnownConsents::Merged KnownConsents::merge(const Contact& contact, WallTime now) {
  const auto [found, is_new] = places_.try_emplace(hash_of(contact), Place{nowhere, 1});
  MergedConsent merged = merge_consent(is_new ? PerChannel<Consent>{} : read(found->second), contact.consent, now);
  found->second = write(merged.consent, true);
  if (merged.is_opt_out_kept) ++kept_.opt_outs;
  if (merged.is_opt_in_kept) ++kept_.opt_ins;
  return {.is_new = is_new, .consent = std::move(merged.consent)};
}

bool KnownConsents::is_merged(const Contact& contact) const {
  const auto found = places_.find(hash_of(contact));
  return found != places_.end() && found->second.is_merged == 1;
}

Result<void> KnownConsents::check() const {
  if (error_ == 0) return {};
  return fail(ErrorKind::Unavailable, fmt::format("a temporary file cannot be used: {}; TMPDIR says where they go",
                                                  std::generic_category().message(error_)));
}

KnownConsents::Place KnownConsents::write(const PerChannel<Consent>& consent, bool is_merged) {
  const std::uint64_t is_from_merge = is_merged ? 1 : 0;
  if (consent == PerChannel<Consent>{}) return {nowhere, is_from_merge};
  const Place place{written_ + buffer_.size(), is_from_merge};
  for (const Channel channel : all_channels) {
    const Consent& each = consent[channel];
    const Head head{.at = each.at ? each.at->time_since_epoch().count() : 0,
                    .source_bytes = static_cast<std::uint16_t>(each.source.size()),
                    .state = each.state,
                    .has_time = each.at.has_value()};
    buffer_.append(reinterpret_cast<const char*>(&head), sizeof(head));
    buffer_.append(each.source, 0, head.source_bytes);
  }
  if (buffer_.size() >= buffer_bytes) flush();
  return place;
}

PerChannel<Consent> KnownConsents::read(Place place) {
  PerChannel<Consent> consent;
  if (place.offset == nowhere) return consent;
  std::string bytes;
  if (place.offset >= written_) {
    bytes = buffer_.substr(place.offset - written_, most_record_bytes);
  } else {
    // A record never lies half in the file: the buffer is written whole.
    bytes.resize(most_record_bytes);
    const ssize_t count = ::pread(file_, bytes.data(), bytes.size(), static_cast<off_t>(place.offset));
    if (count < 0) error_ = errno;
    bytes.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
  }
  std::string_view rest(bytes);
  for (const Channel channel : all_channels) {
    Head head{};
    if (rest.size() < sizeof(head)) break;
    std::memcpy(&head, rest.data(), sizeof(head));
    rest.remove_prefix(sizeof(head));
    consent[channel].state = head.state;
    consent[channel].source = rest.substr(0, head.source_bytes);
    if (head.has_time) consent[channel].at = WallTime(WallTime::duration(head.at));
    rest.remove_prefix(std::min<std::size_t>(rest.size(), head.source_bytes));
  }
  return consent;
}

void KnownConsents::flush() {
  std::string_view rest = buffer_;
  while (error_ == 0 && !rest.empty()) {
    const ssize_t count = ::write(file_, rest.data(), rest.size());
    if (count > 0) rest.remove_prefix(static_cast<std::size_t>(count));
    if (count < 0 && errno != EINTR) error_ = errno;
  }
  written_ += buffer_.size();
  buffer_.clear();
}

}  // namespace clarion
