// Contacts: loading, filtering and reading them back, beside SQLite on the same people in the same run.
//
// CLARION_BENCH_CONTACTS sets how many (default 1,000,000). Everything is in memory; compare CPU, not rates.

#include <benchmark/benchmark.h>
#include <simdjson.h>
#include <sqlite3.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

#include "audience/contact_json.h"
#include "audience/contact_reader.h"
#include "audience/contact_table.h"
#include "audience/demo_contacts.h"

namespace clarion {
namespace {

std::size_t contact_count() {
  const char* text = std::getenv("CLARION_BENCH_CONTACTS");
  return text == nullptr ? 1'000'000 : std::strtoull(text, nullptr, 10);
}

// Lean rows say who and where somebody is, what they bought and whether they consented; full ones all that is known.
enum class Rows : std::uint8_t { Full, Lean };

std::string make_ndjson(Rows rows) {
  std::string made;
  generate_contacts(contact_count(), 1, [&](Contact contact) {
    if (rows == Rows::Lean) {
      contact.engagement = {};
      contact.browsed_skus.clear();
      contact.browse_count = 0;
      contact.sentiment.reset();
      contact.best_hour.reset();
      for (Consent& consent : contact.consent.values) consent = {.state = consent.state, .source = {}, .at = {}};
    }
    write_contact_json(contact, made);
    made += '\n';
  });
  return made;
}

const std::string& ndjson() {
  static const std::string text = make_ndjson(Rows::Full);
  return text;
}

std::shared_ptr<const ContactTable> load(std::string_view text) {
  ContactTable::Builder builder;
  builder.reserve(contact_count());  // load_contacts() knows from the size of the file
  ContactReader reader(ContactFormat::Auto,
                       {.contact = [&](const Contact& contact) { return builder.add(contact); }, .rejected = {}});
  constexpr std::size_t chunk_bytes = std::size_t{1} << 20U;
  for (std::size_t i = 0; i < text.size(); i += chunk_bytes) reader.feed(text.substr(i, chunk_bytes));
  const ImportSummary summary = reader.finish();
  if (!summary.adds_up() || summary.read != static_cast<std::int64_t>(contact_count())) {
    throw std::runtime_error("the rows do not add up");
  }
  return std::move(builder).build();
}

const ContactTable& table() {
  static const auto loaded = load(ndjson());
  return *loaded;
}

// city = Bangalore and age > 40 and has bought SKU-LAPTOP-1
Filter laptop_owners() {
  return all_of({compare(Field::City, Operator::Equal, std::string("bangalore")),
                 compare(Field::Age, Operator::Greater, 40.0),
                 compare(Field::PurchasedSkus, Operator::Contains, std::string("SKU-LAPTOP-1"))});
}

class Database {
 public:
  Database() {
    sqlite3* opened = nullptr;
    if (sqlite3_open(":memory:", &opened) != SQLITE_OK) throw std::runtime_error("sqlite3_open");
    handle_.reset(opened);
  }
  void run(const std::string& sql) {
    if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
      throw std::runtime_error(sqlite3_errmsg(handle_.get()));
    }
  }
  using Statement = std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)>;
  Statement prepare(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(handle_.get(), sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
      throw std::runtime_error(sqlite3_errmsg(handle_.get()));
    }
    return {statement, &sqlite3_finalize};
  }

 private:
  std::unique_ptr<sqlite3, decltype(&sqlite3_close)> handle_{nullptr, &sqlite3_close};
};

// The columns that the filter needs, and no more: SQLite's best case.
Database& database() {
  static const auto made = [] {
    auto db = std::make_unique<Database>();
    db->run("CREATE TABLE contacts(id INTEGER PRIMARY KEY, city TEXT, age INTEGER, skus TEXT)");
    db->run("CREATE TABLE purchased(sku TEXT, contact INTEGER, PRIMARY KEY(sku, contact)) WITHOUT ROWID");
    db->run("BEGIN");
    const auto contacts = db->prepare("INSERT INTO contacts VALUES(?, ?, ?, ?)");
    const auto purchased = db->prepare("INSERT OR IGNORE INTO purchased VALUES(?, ?)");
    Contact contact;
    for (std::uint32_t row = 0; row < table().size(); ++row) {
      table().get(ContactRow{row}, contact);
      std::string skus = ";";
      for (const std::string& sku : contact.purchased_skus) {
        skus += sku + ";";
        sqlite3_bind_text(purchased.get(), 1, sku.data(), static_cast<int>(sku.size()), SQLITE_TRANSIENT);
        sqlite3_bind_int64(purchased.get(), 2, row);
        sqlite3_step(purchased.get());
        sqlite3_reset(purchased.get());
      }
      sqlite3_bind_int64(contacts.get(), 1, row);
      sqlite3_bind_text(contacts.get(), 2, contact.city.data(), static_cast<int>(contact.city.size()),
                        SQLITE_TRANSIENT);
      contact.age ? sqlite3_bind_int(contacts.get(), 3, *contact.age) : sqlite3_bind_null(contacts.get(), 3);
      sqlite3_bind_text(contacts.get(), 4, skus.data(), static_cast<int>(skus.size()), SQLITE_TRANSIENT);
      sqlite3_step(contacts.get());
      sqlite3_reset(contacts.get());
    }
    db->run("COMMIT");
    return db;
  }();
  return *made;
}

std::size_t count_rows(sqlite3_stmt* statement) {
  std::size_t rows = 0;
  while (sqlite3_step(statement) == SQLITE_ROW) rows += sqlite3_column_int64(statement, 0) >= 0 ? 1U : 0U;
  sqlite3_reset(statement);
  return rows;
}

void check_count(std::size_t rows) {
  static const std::size_t expected = table().select(laptop_owners(), demo_as_of).size();
  if (rows != expected) throw std::runtime_error("SQLite and the columns disagree");
}

void load_rows(benchmark::State& state, const std::string& text) {
  std::size_t memory = 0;
  for (auto _ : state) memory = load(text)->memory_bytes();
  const auto contacts = static_cast<double>(contact_count());
  state.counters["file_bytes_per_contact"] = static_cast<double>(text.size()) / contacts;
  state.counters["table_bytes_per_contact"] = static_cast<double>(memory) / contacts;
}

void LoadFullNdjson(benchmark::State& state) {
  load_rows(state, ndjson());
}
BENCHMARK(LoadFullNdjson)->Unit(benchmark::kMillisecond)->Iterations(3);

void LoadLeanNdjson(benchmark::State& state) {
  load_rows(state, make_ndjson(Rows::Lean));
}
BENCHMARK(LoadLeanNdjson)->Unit(benchmark::kMillisecond)->Iterations(3);

// What simdjson alone takes for the full rows: the floor of LoadFullNdjson.
void ParseOnly(benchmark::State& state) {
  const std::string& text = ndjson();
  simdjson::dom::parser parser;
  for (auto _ : state) {
    std::string_view rest = text;
    while (!rest.empty()) {
      const std::size_t end = rest.find('\n');
      // Whatever follows a row is memory that may be read; the last row has the text's own end, so it is copied.
      benchmark::DoNotOptimize(parser.parse(rest.data(), end, rest.size() - end < simdjson::SIMDJSON_PADDING).error());
      rest.remove_prefix(end + 1);
    }
  }
}
BENCHMARK(ParseOnly)->Unit(benchmark::kMillisecond)->Iterations(3);

void FilterColumns(benchmark::State& state) {
  const Filter filter = laptop_owners();
  std::size_t found = table().select(filter, demo_as_of).size();
  for (auto _ : state) found = table().select(filter, demo_as_of).size();
  state.counters["found"] = static_cast<double>(found);
}
BENCHMARK(FilterColumns)->Unit(benchmark::kMillisecond);

void FilterSqliteWithoutIndex(benchmark::State& state) {
  const auto statement = database().prepare(
      "SELECT id FROM contacts NOT INDEXED WHERE city = 'Bangalore' AND age > 40 AND instr(skus, ';SKU-LAPTOP-1;') > "
      "0");
  for (auto _ : state) check_count(count_rows(statement.get()));
}
BENCHMARK(FilterSqliteWithoutIndex)->Unit(benchmark::kMillisecond);

void FilterSqliteWithIndexes(benchmark::State& state) {
  database().run("CREATE INDEX IF NOT EXISTS by_city_age ON contacts(city, age)");
  database().run("ANALYZE");
  const auto statement = database().prepare(
      "SELECT id FROM contacts JOIN purchased ON contact = id "
      "WHERE city = 'Bangalore' AND age > 40 AND sku = 'SKU-LAPTOP-1'");
  for (auto _ : state) check_count(count_rows(statement.get()));
}
BENCHMARK(FilterSqliteWithIndexes)->Unit(benchmark::kMillisecond);

// Conditions without postings: a number and a consent over every row.
void FilterColumnsByScan(benchmark::State& state) {
  const Filter filter = all_of({compare(Field::Age, Operator::Greater, 40.0),
                                compare(Field::ConsentSms, Operator::Equal, std::string("opted_in"))});
  for (auto _ : state) benchmark::DoNotOptimize(table().select(filter, demo_as_of));
}
BENCHMARK(FilterColumnsByScan)->Unit(benchmark::kMillisecond);

void GetContact(benchmark::State& state) {
  Contact contact;
  std::uint32_t row = 0;
  for (auto _ : state) {
    table().get(ContactRow{row}, contact);
    benchmark::DoNotOptimize(contact);
    row = (row + 1) % static_cast<std::uint32_t>(table().size());
  }
}
BENCHMARK(GetContact);

}  // namespace
}  // namespace clarion
