// The body of POST /api/send-campaign from any bytes: cut up without a crash, and never accepted when a whole-document
// parser refuses it; every entry can be read.

#include <boost/json/parse.hpp>

#include <cstdlib>
#include <string>

#include "engine/list_recipient.h"
#include "engine/send_request.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  using namespace clarion;
  namespace json = boost::json;
  const std::string body(reinterpret_cast<const char*>(bytes), size);
  const auto request = parse_send_request(body, 1000);
  if (!request) return 0;
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = 256;
  const json::value whole = json::parse(body, error, {}, options);
  if (error || !whole.is_object()) std::abort();
  if (request->user_count() != whole.at("eligible_users").as_array().size()) std::abort();
  for (std::size_t i = 0; i < request->user_count(); ++i) {
    const json::value user = json::parse(request->user(i), error);
    if (error) std::abort();
    const ListRecipient recipient = read_list_recipient(user);
    if (recipient.json == nullptr) continue;
    for (const Channel channel : all_channels) (void)make_list_message(*recipient.json, channel);
  }
  return 0;
}
