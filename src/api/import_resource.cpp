// Contacts by upload: a file in, its counts and its refused rows out.

#include "api/query_reader.h"
#include "api/resources.h"

namespace clarion {
namespace {

namespace json = boost::json;

// So that an answer stays readable: the counts cover every row, the rejected rows may be cut here.
constexpr std::size_t most_rejected_bytes = 4U << 20U;

std::string cut_at_line(std::string text) {
  if (text.size() <= most_rejected_bytes) return text;
  text.resize(text.rfind('\n', most_rejected_bytes) + 1);
  return text;
}

}  // namespace

Reply import_contacts_upload(Api api, HttpRequest& request) {
  QueryReader reader(request);
  const auto format = parse_contact_format(reader.one_of("format", {"auto", "clarion", "csv", "pinpoint", "listmonk"}));
  const std::string dry_run = reader.one_of("dry_run", {"false", "true"});
  if (auto checked = reader.finish(); !checked) co_return std::unexpected(checked.error());
  if (request.body.empty()) {
    co_return fail(ErrorKind::Invalid, "the body is empty; send the bytes of a JSON, NDJSON or CSV file");
  }
  auto result = co_await api->upload_contacts({.file = std::move(request.body),
                                               .format = format.value_or(ContactFormat::Auto),
                                               .is_dry_run = dry_run == "true"});
  if (!result) co_return std::unexpected(result.error());
  const ImportSummary& summary = result->summary;
  if (!summary.stopped.empty()) {
    co_return fail(ErrorKind::Invalid, "nothing was imported: " + summary.stopped);
  }
  const auto& ignored = summary.ignored_columns;
  const auto& repeated = summary.repeated_columns;
  const std::size_t bytes = result->rejected_csv.size();
  std::string rejected = cut_at_line(std::move(result->rejected_csv));
  co_return json_response(json::object{{"format", to_string(summary.format)},
                                       {"is_dry_run", dry_run == "true"},
                                       {"read", summary.read},
                                       {"imported", summary.imported},
                                       {"replaced", summary.replaced},
                                       {"merged", summary.merged},
                                       {"rejected", summary.rejected},
                                       {"opt_outs_kept", summary.opt_outs_kept},
                                       {"opt_ins_kept", summary.opt_ins_kept},
                                       {"ignored_columns", json::array(ignored.begin(), ignored.end())},
                                       {"repeated_columns", json::array(repeated.begin(), repeated.end())},
                                       {"is_rejected_cut", rejected.size() < bytes},
                                       {"rejected_csv", std::move(rejected)}});
}

}  // namespace clarion
