#include "store/sqlite_database.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/log.h"
#include "store/sqlite_schema.h"

namespace clarion {
namespace {

// More jobs in one transaction would save little and make the first of them wait longer.
constexpr std::size_t jobs_per_commit = 64;

// Pages of 8 KiB measured fastest here: fewer page headers and WAL frames for rows written in plan order.
// WAL keeps readers and the writer out of each other's way; FULL, because a claim must survive a power cut.
constexpr const char* writer_settings = R"sql(
PRAGMA page_size = 8192;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA wal_autocheckpoint = 2000;
PRAGMA journal_size_limit = 67108864;
)sql";

std::unexpected<Error> cannot(std::string what, const std::filesystem::path& path) {
  return fail(ErrorKind::Unavailable, "cannot " + std::move(what) + " " + path.string() + ": " + std::strerror(errno) +
                                          "; check its owner and permissions, or choose another CLARION_DATA_DIR");
}

Result<void> make_private_directory(const std::filesystem::path& directory) {
  std::error_code error;
  if (std::filesystem::is_directory(directory, error)) return {};
  if (directory.has_parent_path()) std::filesystem::create_directories(directory.parent_path(), error);
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) return cannot("make the data directory", directory);
  return {};
}

// SQLite gives -wal and -shm the permissions of the database itself, so that is made first.
Result<void> make_private_file(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return cannot("open", file);
  const bool is_private = ::fchmod(descriptor, 0600) == 0;
  ::close(descriptor);
  if (!is_private) return cannot("set the permissions of", file);
  return {};
}

// Faults of the database, as against answers such as Conflict that were given before anything was touched.
bool is_fault(const Error& error) {
  return error.kind == ErrorKind::Unavailable || error.kind == ErrorKind::Internal;
}

}  // namespace

Result<std::unique_ptr<SqliteDatabase>> SqliteDatabase::open(const std::filesystem::path& directory, OpenMode mode) {
  const std::filesystem::path file = directory / "clarion.db";
  try {
    if (mode != OpenMode::ReadWrite) {
      if (!std::filesystem::exists(file)) {
        return fail(ErrorKind::NotFound, "there is no database in " + directory.string() +
                                             " yet; check CLARION_DATA_DIR, or start clarion there once");
      }
      SqliteConnection reader(file.string(), SqliteConnection::Access::Read);
      if (auto checked = check_schema(reader, schema_steps()); !checked) return std::unexpected(checked.error());
      auto database = std::unique_ptr<SqliteDatabase>(new SqliteDatabase(file.string(), std::nullopt));
      if (mode == OpenMode::Beside) {
        auto writer = std::make_unique<SqliteConnection>(file.string(), SqliteConnection::Access::ReadWrite);
        writer->execute("PRAGMA synchronous = FULL");
        database->start_writing(std::move(writer));
      }
      return database;
    }
    if (auto made = make_private_directory(directory); !made) return std::unexpected(made.error());
    auto lock = DataDirectoryLock::take(directory);
    if (!lock) return std::unexpected(lock.error());
    if (auto made = make_private_file(file); !made) return std::unexpected(made.error());
    auto writer = std::make_unique<SqliteConnection>(file.string(), SqliteConnection::Access::ReadWrite);
    writer->execute(writer_settings);
    if (auto migrated = migrate(*writer, schema_steps()); !migrated) return std::unexpected(migrated.error());
    auto database = std::unique_ptr<SqliteDatabase>(new SqliteDatabase(file.string(), std::move(*lock)));
    database->start_writing(std::move(writer));
    return database;
  } catch (const SqliteFault& fault) {
    return std::unexpected(to_error(fault));
  } catch (const std::filesystem::filesystem_error& fault) {
    return fail(ErrorKind::Unavailable, "cannot look into the data directory " + directory.string(), fault.what());
  }
}

SqliteDatabase::SqliteDatabase(std::string file, std::optional<DataDirectoryLock> lock)
    : file_(std::move(file)), lock_(std::move(lock)) {}

void SqliteDatabase::start_writing(std::unique_ptr<SqliteConnection> writer) {
  writer_ = std::move(writer);
  writer_thread_ = std::thread([this] { write_until_stopped(); });
}

SqliteDatabase::~SqliteDatabase() {
  {
    const std::lock_guard guard(mutex_);
    is_stopping_ = true;
  }
  has_work_.notify_all();
  if (writer_thread_.joinable()) writer_thread_.join();
  readers_.join();
}

void SqliteDatabase::set_undo_listener(std::function<void()> listener) {
  const std::lock_guard guard(mutex_);
  undo_listener_ = std::move(listener);
}

void SqliteDatabase::submit_write(std::unique_ptr<SqliteJob> job) {
  if (!writer_) {
    job->finish(Error{ErrorKind::Denied, "the data directory is open for reading only; another process writes to it"});
    return;
  }
  {
    const std::lock_guard guard(mutex_);
    queue_.push_back(std::move(job));
  }
  has_work_.notify_one();
}

void SqliteDatabase::submit_read(std::unique_ptr<SqliteJob> job) {
  asio::post(readers_, [this, job = std::move(job)] {
    try {
      auto reader = take_reader();
      reader->execute("BEGIN");
      auto error = job->run(*reader);
      if (reader->in_transaction()) reader->execute("COMMIT");
      job->finish(error);
      const std::lock_guard guard(mutex_);
      idle_readers_.push_back(std::move(reader));
    } catch (const SqliteFault& fault) {
      job->finish(to_error(fault));
    }
  });
}

std::unique_ptr<SqliteConnection> SqliteDatabase::take_reader() {
  {
    const std::lock_guard guard(mutex_);
    if (!idle_readers_.empty()) {
      auto reader = std::move(idle_readers_.back());
      idle_readers_.pop_back();
      return reader;
    }
  }
  return std::make_unique<SqliteConnection>(file_, SqliteConnection::Access::Read);
}

void SqliteDatabase::write_until_stopped() {
  std::vector<std::unique_ptr<SqliteJob>> jobs;
  while (true) {
    {
      std::unique_lock guard(mutex_);
      has_work_.wait(guard, [this] { return is_stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      const auto count = static_cast<std::ptrdiff_t>(std::min(queue_.size(), jobs_per_commit));
      jobs.assign(std::make_move_iterator(queue_.begin()), std::make_move_iterator(queue_.begin() + count));
      queue_.erase(queue_.begin(), queue_.begin() + count);
    }
    commit_together(jobs);
    jobs.clear();
  }
}

void SqliteDatabase::commit_together(std::vector<std::unique_ptr<SqliteJob>>& jobs) {
  const bool is_group = jobs.size() > 1;
  std::vector<std::optional<Error>> errors(jobs.size());
  std::optional<Error> lost;  // why the whole transaction is gone
  const auto tell_undone = [this] {
    std::function<void()> listener;
    {
      const std::lock_guard guard(mutex_);
      listener = undo_listener_;
    }
    if (listener) listener();
  };
  try {
    writer_->execute("BEGIN IMMEDIATE");
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      if (is_group) writer_->execute("SAVEPOINT job");
      errors[i] = jobs[i]->run(*writer_);
      if (errors[i]) {
        if (!writer_->in_transaction()) {
          lost = errors[i];
          break;
        }
        writer_->execute(is_group ? "ROLLBACK TO job" : "ROLLBACK");
        // At once: the next job of this transaction must not build on what is gone.
        if (is_fault(*errors[i])) tell_undone();
      }
      if (is_group) writer_->execute("RELEASE job");
    }
    if (writer_->in_transaction()) writer_->execute("COMMIT");
  } catch (const SqliteFault& fault) {
    lost = to_error(fault);
  }
  if (lost) {
    log_error("ledger_write_failed", {{"error", lost->message}, {"detail", lost->detail}});
    try {
      if (writer_->in_transaction()) writer_->execute("ROLLBACK");
    } catch (const SqliteFault&) {
      // The transaction is over either way; the next BEGIN says what is wrong.
    }
    tell_undone();
  }
  for (std::size_t i = 0; i < jobs.size(); ++i) jobs[i]->finish(lost ? lost : errors[i]);
}

}  // namespace clarion
