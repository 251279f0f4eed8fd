#pragma once
// SqliteDatabase: clarion.db in a data directory; one writer thread, a few readers, group commit.
//
// Writing  every write is queued for the writer thread, which runs all that wait in one transaction and makes them
//          durable with one fsync (WAL, synchronous = FULL); each still succeeds or fails alone, behind a savepoint.
//          A Task returns when its transaction is committed.
// Reading  on a small pool, each read in its own snapshot; it sees every write whose Task has returned.
// Others   one process opens a directory for writing (DataDirectoryLock); any number may read meanwhile.
// Files    0600, in a directory that is made 0700.
// Threads  call from any executor; Tasks resume on the caller's. REQUIRES: callers' executors outlive it, for its
//          destructor finishes what is queued.

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "store/data_directory_lock.h"
#include "store/sqlite_connection.h"

namespace clarion {

// Beside: writes although another process may have the directory. Only for tables of which no process remembers
// anything, such as the tokens: whatever the ledger's owner keeps in memory must not change under it.
enum class OpenMode : std::uint8_t { ReadWrite, ReadOnly, Beside };

// One piece of work on a connection, and what to do with its result.
class SqliteJob {
 public:
  virtual ~SqliteJob() = default;
  // The error of the work, or nullopt. Never throws.
  virtual std::optional<Error> run(SqliteConnection& connection) = 0;
  // Hands over the result of run(), or `error` when it could not be made durable. Called once.
  virtual void finish(const std::optional<Error>& error) = 0;
};

class SqliteDatabase {
 public:
  // ReadWrite makes directory and file when they are missing and brings the schema up to date; Conflict when another
  // process has it open for writing. The others: NotFound when there is no database yet, Conflict when its schema is
  // not this program's.
  [[nodiscard]] static Result<std::unique_ptr<SqliteDatabase>> open(const std::filesystem::path& directory,
                                                                    OpenMode mode);
  ~SqliteDatabase();
  SqliteDatabase(const SqliteDatabase&) = delete;
  SqliteDatabase& operator=(const SqliteDatabase&) = delete;

  // Runs `work(SqliteConnection&) -> Result<T>` on the writer thread. An error it returns undoes what it did.
  // Denied when the database was opened ReadOnly. Once queued it is done, whether or not the caller still waits.
  template <class Work>
  auto write(Work work) -> Task<std::invoke_result_t<Work&, SqliteConnection&>>;
  // Runs `work(SqliteConnection&) -> Result<T>` on a reader, in one snapshot.
  template <class Work>
  auto read(Work work) -> Task<std::invoke_result_t<Work&, SqliteConnection&>>;

  // Called on the writer thread whenever work that had run was undone because of a fault of the database: what was
  // remembered of it is wrong. REQUIRES: set before the first write; cleared before what it refers to ends.
  void set_undo_listener(std::function<void()> listener);

 private:
  SqliteDatabase(std::string file, std::optional<DataDirectoryLock> lock);
  void start_writing(std::unique_ptr<SqliteConnection> writer);

  void submit_write(std::unique_ptr<SqliteJob> job);
  void submit_read(std::unique_ptr<SqliteJob> job);
  void write_until_stopped();
  void commit_together(std::vector<std::unique_ptr<SqliteJob>>& jobs);
  std::unique_ptr<SqliteConnection> take_reader();

  std::string file_;
  std::optional<DataDirectoryLock> lock_;     // ReadWrite has it
  std::unique_ptr<SqliteConnection> writer_;  // null: ReadOnly

  std::mutex mutex_;
  std::condition_variable has_work_;
  std::vector<std::unique_ptr<SqliteJob>> queue_;  // guarded by mutex_, like the three below
  std::vector<std::unique_ptr<SqliteConnection>> idle_readers_;
  std::function<void()> undo_listener_;
  bool is_stopping_ = false;

  asio::thread_pool readers_{2};
  std::thread writer_thread_;
};

// Runs the work, keeps its result, and resumes the waiting coroutine on its own executor.
template <class Work, class Handler>
class SqliteJobFor final : public SqliteJob {
 public:
  using Outcome = std::invoke_result_t<Work&, SqliteConnection&>;

  SqliteJobFor(Work work, Handler handler)
      : work_(std::move(work)),
        handler_(std::move(handler)),
        guard_(asio::make_work_guard(asio::get_associated_executor(handler_))) {}

  std::optional<Error> run(SqliteConnection& connection) override {
    try {
      outcome_.emplace(work_(connection));
    } catch (const SqliteFault& fault) {
      outcome_.emplace(std::unexpected(to_error(fault)));
    } catch (const std::exception& fault) {
      outcome_.emplace(fail(ErrorKind::Internal, "nothing was recorded: a fault in the ledger", fault.what()));
    }
    if (*outcome_) return std::nullopt;
    return outcome_->error();
  }

  void finish(const std::optional<Error>& error) override {
    if (error) outcome_.emplace(std::unexpected(*error));
    asio::post(guard_.get_executor(), [handler = std::move(handler_), outcome = std::move(*outcome_)]() mutable {
      std::move(handler)(std::move(outcome));
    });
    guard_.reset();
  }

 private:
  Work work_;
  Handler handler_;
  asio::executor_work_guard<asio::associated_executor_t<Handler>> guard_;
  std::optional<Outcome> outcome_;
};

template <class Work>
auto SqliteDatabase::write(Work work) -> Task<std::invoke_result_t<Work&, SqliteConnection&>> {
  using Outcome = std::invoke_result_t<Work&, SqliteConnection&>;
  const auto start = [this](auto handler, Work queued) {
    submit_write(std::make_unique<SqliteJobFor<Work, decltype(handler)>>(std::move(queued), std::move(handler)));
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Outcome)>(start, asio::use_awaitable,
                                                                                        std::move(work));
}

template <class Work>
auto SqliteDatabase::read(Work work) -> Task<std::invoke_result_t<Work&, SqliteConnection&>> {
  using Outcome = std::invoke_result_t<Work&, SqliteConnection&>;
  const auto start = [this](auto handler, Work queued) {
    submit_read(std::make_unique<SqliteJobFor<Work, decltype(handler)>>(std::move(queued), std::move(handler)));
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Outcome)>(start, asio::use_awaitable,
                                                                                        std::move(work));
}

}  // namespace clarion
