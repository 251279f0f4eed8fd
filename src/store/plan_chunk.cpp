#include "store/plan_chunk.h"

#include "store/byte_stream.h"
#include "store/unit_rows.h"

namespace clarion {
namespace {

constexpr std::uint8_t chunk_version = 1;

}  // namespace

std::string pack_names(const std::vector<PlannedDelivery>& rows) {
  ByteWriter out;
  out.byte(chunk_version);
  out.number(rows.size());
  for (const PlannedDelivery& row : rows) out.text(row.contact_id);
  return out.take();
}

std::optional<std::vector<std::string>> unpack_names(std::string_view bytes) {
  ByteReader in(bytes);
  if (in.byte() != chunk_version) return std::nullopt;
  const std::uint64_t count = in.number();
  if (count > chunk_rows) return std::nullopt;
  std::vector<std::string> names(count);
  for (std::string& name : names) name = in.text();
  if (!in.is_whole()) return std::nullopt;
  return names;
}

std::string pack_bodies(const std::vector<PlannedDelivery>& rows) {
  ByteWriter out;
  out.byte(chunk_version);
  out.number(rows.size());
  for (const PlannedDelivery& row : rows) {
    out.text(row.destination);
    out.text(row.payload);
    out.text(row.why);
    out.signed_number(row.parts);
  }
  return out.take();
}

std::optional<std::vector<PlanBody>> unpack_bodies(std::string_view bytes) {
  ByteReader in(bytes);
  if (in.byte() != chunk_version) return std::nullopt;
  const std::uint64_t count = in.number();
  if (count > chunk_rows) return std::nullopt;
  std::vector<PlanBody> bodies(count);
  for (PlanBody& body : bodies) {
    body.destination = in.text();
    body.payload = in.text();
    body.why = in.text();
    body.parts = static_cast<std::int32_t>(in.signed_number());
  }
  if (!in.is_whole()) return std::nullopt;
  return bodies;
}

}  // namespace clarion
