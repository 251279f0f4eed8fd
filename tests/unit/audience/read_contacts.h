#pragma once
// Reads contacts from a text and keeps what came of it, for tests.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "audience/contact_reader.h"

namespace clarion {

// What came of reading a text: contacts as they were handed over, refusals as text.
struct Outcome {
  std::vector<Contact> contacts;
  std::string rejected;  // "line column value: reason\n" for each
  std::vector<std::int64_t> rejected_rows;
  ImportSummary summary;
  [[nodiscard]] std::string counts() const {
    return fmt::format("read {} imported {} replaced {} merged {} rejected {}", summary.read, summary.imported,
                       summary.replaced, summary.merged, summary.rejected);
  }
};

inline Outcome read(std::string_view text, ContactFormat format = ContactFormat::Auto,
                    std::size_t chunk_bytes = 1U << 20U) {
  Outcome outcome;
  std::set<std::string> ids;
  ContactReader reader(format, {.contact =
                                    [&](const Contact& contact) {
                                      outcome.contacts.push_back(contact);
                                      return ids.insert(contact.id).second;
                                    },
                                .rejected =
                                    [&](const RejectedRow& row) {
                                      outcome.rejected +=
                                          fmt::format("{} {} {}: {}\n", row.line, row.column, row.value, row.reason);
                                      outcome.rejected_rows.push_back(row.row);
                                    }});
  for (std::size_t i = 0; i < text.size(); i += chunk_bytes) reader.feed(text.substr(i, chunk_bytes));
  outcome.summary = reader.finish();
  EXPECT_TRUE(outcome.summary.adds_up()) << outcome.counts();
  return outcome;
}

}  // namespace clarion
