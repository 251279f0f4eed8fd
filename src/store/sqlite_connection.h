#pragma once
// SqliteConnection and SqliteStatement: SQLite in C++ terms, one connection a thread at a time.
//
// Errors   every failed call throws SqliteFault, inside this layer only: SqliteDatabase turns it into an Error in one
//          place (to_error), so that the stores read as the SQL they are and no check can be forgotten.
// Texts    any bytes: NUL, invalid UTF-8 and quotes go in and come back unchanged.

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

#include "base/clock.h"
#include "base/result.h"
#include "domain/money.h"

namespace clarion {

class SqliteFault : public std::runtime_error {
 public:
  SqliteFault(int code, const std::string& message) : std::runtime_error(message), code_(code) {}
  [[nodiscard]] int code() const { return code_; }  // extended result code

 private:
  int code_;
};

// What the person who runs Clarion should do about it: Unavailable for disk, lock and damage; Internal for our faults.
[[nodiscard]] Error to_error(const SqliteFault& fault);

// A prepared statement on loan from its connection; given back, reset, when it goes out of scope.
// REQUIRES: at most one loan of the same SQL at a time.
class SqliteStatement {
 public:
  SqliteStatement(sqlite3* database, sqlite3_stmt* statement) : database_(database), statement_(statement) {}
  ~SqliteStatement();
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;

  // Binds the parameters from the first on. REQUIRES: texts live until the last step.
  template <class... Values>
  SqliteStatement& bind(const Values&... values) {
    return bind_at(1, values...);
  }
  // The same from parameter `first` on.
  template <class... Values>
  SqliteStatement& bind_at(int first, const Values&... values) {
    (bind_value(first++, values), ...);
    return *this;
  }
  // True while there is a row.
  bool step();
  // Runs to the end and makes it ready to be bound again.
  void run();
  void reset();

  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] double real(int column) const;
  // REQUIRES: read before the next step, reset or conversion of this column.
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] WallTime time(int column) const { return WallTime{std::chrono::milliseconds{integer(column)}}; }
  [[nodiscard]] std::optional<WallTime> optional_time(int column) const;

 private:
  void check(int code) const;
  void bind_integer(int index, std::int64_t value);
  void bind_real(int index, double value);
  void bind_text(int index, std::string_view value);
  void bind_null(int index);

  void bind_value(int index, WallTime value) { bind_integer(index, value.time_since_epoch().count()); }
  void bind_value(int index, Money value) { bind_integer(index, value.micros); }
  void bind_value(int index, std::nullopt_t) { bind_null(index); }
  template <class T>
  void bind_value(int index, const std::optional<T>& value) {
    if (value) {
      bind_value(index, *value);
    } else {
      bind_null(index);
    }
  }
  template <class T>
  void bind_value(int index, const T& value) {
    if constexpr (std::is_convertible_v<T, std::string_view>) {
      bind_text(index, value);
    } else if constexpr (std::is_floating_point_v<T>) {
      bind_real(index, value);
    } else {
      static_assert(std::is_enum_v<T> || std::is_integral_v<T>);
      bind_integer(index, static_cast<std::int64_t>(value));
    }
  }

  sqlite3* database_;
  sqlite3_stmt* statement_;
};

class SqliteConnection {
 public:
  enum class Access : std::uint8_t { ReadWrite, Read };

  // Opens an existing file; Read also refuses every statement that writes. Throws SqliteFault.
  SqliteConnection(const std::string& file, Access access);

  // Runs SQL text of one or more statements; their rows are dropped.
  void execute(const char* sql);
  // Prepared once a connection, then kept.
  [[nodiscard]] SqliteStatement prepare(std::string_view sql);
  // Rows touched by the last INSERT, UPDATE or DELETE.
  [[nodiscard]] std::int64_t changes() const;
  // False once SQLite has given up the transaction by itself, as it does when the disk is full.
  [[nodiscard]] bool in_transaction() const;

 private:
  struct CloseDatabase {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  std::unique_ptr<sqlite3, CloseDatabase> database_;
  std::unordered_map<std::string, std::unique_ptr<sqlite3_stmt, Finalize>, TextHash, std::equal_to<>> statements_;
};

}  // namespace clarion
