#pragma once
// AudienceQuestion: whom a request means, whichever way it says so: a sentence, the structured form, a filter or a
// saved segment.

#include <boost/json.hpp>

#include <optional>
#include <string>
#include <vector>

#include "api/json_body.h"
#include "api/resources.h"
#include "audience/filter.h"
#include "audience/sentence.h"

namespace clarion {

struct AudienceQuestion {
  Filter filter;  // normalised
  std::vector<Dimension> dimensions;
  std::vector<Unsupported> unsupported;
  std::vector<Ambiguity> ambiguities;
  std::vector<std::string> suggestions;
  std::string words;  // the sentence, if there was one
};

// Invalid as parse_sentence says it.
[[nodiscard]] Result<AudienceQuestion> ask_sentence(const AudienceSnapshot& audience, const std::string& sentence,
                                                    WallTime now);
// The body of POST /api/query: location, sku, filters and natural_language_query, all of which have to hold.
[[nodiscard]] Result<AudienceQuestion> ask_form(const AudienceSnapshot& audience, const boost::json::object& body,
                                                WallTime now);
[[nodiscard]] AudienceQuestion ask_filter(const Filter& filter);

// The members segment_id, query and filter, of which a request gives exactly one.
struct AudienceSource {
  std::string segment_id;
  std::string words;
  std::optional<Filter> filter;
};
// REQUIRES: the caller asks reader.finish(), which names what is wrong; only a filter's own errors are returned.
[[nodiscard]] Result<AudienceSource> read_audience_source(MemberReader& reader);
// NotFound when there is no such segment.
[[nodiscard]] Task<Result<AudienceQuestion>> ask_source(Api api, AudienceSource source,
                                                        std::shared_ptr<const AudienceSnapshot> audience);

// The product the question is about: the first SKU it names that has a promotion now, otherwise the first it names;
// empty when it names none.
[[nodiscard]] std::string product_of(const ApiContext& context, const AudienceQuestion& question);
// Saves the filter as a segment, or renews the one that exists, which takes the name when one is given. Returns the id.
[[nodiscard]] Task<Result<std::string>> save_segment(Api api, const AudienceQuestion& question, std::string name,
                                                     std::int64_t matched);

}  // namespace clarion
