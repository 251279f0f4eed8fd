#include "audience/demo_contacts.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "embedded/demo_products_json.h"

namespace clarion {
namespace {

using namespace std::chrono_literals;

struct DemoProduct {
  std::string sku;
  std::string category;
  double price_usd = 0;
};

struct DemoCountry {
  std::string_view code;
  std::string_view language;
  std::array<std::string_view, 8> first_names;
  std::array<std::string_view, 8> last_names;
};

constexpr std::array countries{
    DemoCountry{"IN",
                "en-IN",
                {"Aarav", "Priya", "Rohan", "Ananya", "Vikram", "Meera", "Arjun", "Kavya"},
                {"Sharma", "Rao", "Iyer", "Patel", "Nair", "Gupta", "Reddy", "Das"}},
    DemoCountry{"US",
                "en-US",
                {"James", "Emily", "Michael", "Sofia", "David", "Grace", "Daniel", "Olivia"},
                {"Smith", "Johnson", "Garcia", "Miller", "Davis", "Lopez", "Wilson", "Clark"}},
    DemoCountry{"GB",
                "en-GB",
                {"Oliver", "Amelia", "Harry", "Isla", "George", "Ava", "Noah", "Freya"},
                {"Jones", "Taylor", "Brown", "Evans", "Walker", "Hughes", "Green", "Hall"}},
    DemoCountry{"DE",
                "de-DE",
                {"Jonas", "Lena", "J\u00f6rg", "Mia", "Paul", "Hannah", "Felix", "Clara"},
                {"M\u00fcller", "Schmidt", "Fischer", "Weber", "Wagner", "Becker", "Sch\u00e4fer", "Koch"}},
    DemoCountry{"BR",
                "pt-BR",
                {"Jo\u00e3o", "Ana", "Pedro", "Beatriz", "Lucas", "Larissa", "Mateus", "Camila"},
                {"Silva", "Santos", "Oliveira", "Souza", "Lima", "Ara\u00fajo", "Costa", "Gomes"}},
    DemoCountry{"AE",
                "ar-AE",
                {"Omar", "Layla", "Khalid", "Noor", "Yusuf", "Mariam", "Hamad", "Salma"},
                {"Al Amiri", "Hassan", "Saleh", "Al Mansoori", "Khan", "Farouk", "Nasser", "Qasim"}},
    DemoCountry{"SG",
                "en-SG",
                {"Wei", "Li Ting", "Jun", "Hui Min", "Kai", "Mei", "Adi", "Siti"},
                {"Tan", "Lim", "Lee", "Ng", "Wong", "Goh", "Rahman", "Teo"}},
};

struct DemoCity {
  std::string_view name;
  std::size_t country;  // in `countries`
  std::string_view time_zone;
  std::uint64_t weight;
};

constexpr std::array cities{
    DemoCity{"Bangalore", 0, "Asia/Kolkata", 14},
    DemoCity{"Mumbai", 0, "Asia/Kolkata", 10},
    DemoCity{"Delhi", 0, "Asia/Kolkata", 9},
    DemoCity{"Chennai", 0, "Asia/Kolkata", 6},
    DemoCity{"New York", 1, "America/New_York", 9},
    DemoCity{"Seattle", 1, "America/Los_Angeles", 7},
    DemoCity{"Austin", 1, "America/Chicago", 5},
    DemoCity{"London", 2, "Europe/London", 9},
    DemoCity{"Manchester", 2, "Europe/London", 4},
    DemoCity{"Berlin", 3, "Europe/Berlin", 7},
    DemoCity{"Munich", 3, "Europe/Berlin", 4},
    DemoCity{"S\u00e3o Paulo", 4, "America/Sao_Paulo", 7},
    DemoCity{"Rio de Janeiro", 4, "America/Sao_Paulo", 3},
    DemoCity{"Dubai", 5, "Asia/Dubai", 3},
    DemoCity{"Singapore", 6, "Asia/Singapore", 3},
};

// Area codes of the North American plan in the United States, spread over its time zones.
constexpr std::array us_areas{206, 425, 253, 360, 509, 212, 646, 718, 917, 512, 737, 415, 510, 408, 213, 310, 619,
                              702, 303, 720, 602, 480, 214, 469, 713, 832, 312, 773, 313, 216, 614, 615, 404, 770,
                              305, 786, 407, 813, 202, 703, 301, 410, 215, 267, 412, 617, 857, 203, 518, 716};

// Ofcom, "Telephone numbers for use in TV and radio drama programmes", as of 2024: a thousand numbers each.
constexpr std::array<std::string_view, 13> uk_drama{"2079460", "1134960", "1144960", "1154960", "1164960",
                                                    "1174960", "1184960", "1214960", "1314960", "1414960",
                                                    "1514960", "1614960", "1914980"};

const std::vector<DemoProduct>& products() {
  static const auto list = [] {
    std::vector<DemoProduct> made;
    simdjson::dom::parser parser;
    for (const auto product : parser.parse(embedded::demo_products_json)["products"].get_array()) {
      made.push_back({std::string(product["sku"].get_string().value()),
                      std::string(product["category"].get_string().value()),
                      product["price_usd"].get_double().value()});
    }
    return made;
  }();
  return list;
}

std::string make_phone(std::string_view country, std::uint64_t n) {
  if (country == "US") {
    const std::uint64_t line = n / us_areas.size();
    // The hundred numbers for fiction first; then the rest of exchange 555, which has no ordinary subscribers.
    const std::uint64_t digits = line < 100 ? 100 + line : (line < 200 ? line - 100 : line);
    return fmt::format("+1{}555{:04}", us_areas[n % us_areas.size()], digits % 10'000);
  }
  if (country == "GB") {
    if (n < uk_drama.size() * 1000)
      return fmt::format("+44{}{:03}", uk_drama[n % uk_drama.size()], n / uk_drama.size());
    return fmt::format("+447400{:06}", n % 1'000'000);
  }
  if (country == "IN") return fmt::format("+919{:09}", n % 1'000'000'000);
  if (country == "DE") return fmt::format("+49151{:08}", n % 100'000'000);
  if (country == "BR") return fmt::format("+55119{:08}", n % 100'000'000);
  if (country == "AE") return fmt::format("+97150{:07}", n % 10'000'000);
  return fmt::format("+658{:07}", 1'000'000 + n % 7'000'000);
}

// Lower-case ASCII letters of a name, for an email address.
std::string plain(std::string_view name) {
  std::string letters;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') letters.push_back(static_cast<char>(c + 32));
    if (c >= 'a' && c <= 'z') letters.push_back(c);
  }
  return letters;
}

class ContactMaker {
 public:
  ContactMaker(std::uint64_t position, std::uint64_t seed, WallTime as_of)
      : position_(position), random_(mix64(seed) ^ mix64(position + 1)), as_of_(as_of) {}

  Contact make() {
    make_person();
    make_addresses();
    make_shopping();
    make_mood();
    for (const Channel channel : all_channels) make_channel(channel);
    return std::move(contact_);
  }

 private:
  bool chance(double probability) { return random_.uniform() < probability; }
  template <class List>
  const auto& pick(const List& list) {
    return list[random_.below(list.size())];
  }
  // Days ago, many recent and few long past; to the minute.
  WallTime past(double mean_days) {
    const double days = std::min(-std::log(1.0 - random_.uniform()) * mean_days, 720.0);
    return as_of_ - std::chrono::minutes{1 + static_cast<std::int64_t>(days * 1440)};
  }

  void make_person() {
    std::uint64_t total = 0;
    for (const DemoCity& city : cities) total += city.weight;
    std::uint64_t draw = random_.below(total);
    const DemoCity* city = cities.data();
    while (draw >= city->weight) draw -= (city++)->weight;
    const DemoCountry& country = countries[city->country];
    contact_.id = fmt::format("CUST-{:06}", position_ + 1);
    contact_.first_name = pick(country.first_names);
    contact_.last_name = pick(country.last_names);
    contact_.city = city->name;
    contact_.country = country.code;
    contact_.time_zone = city->time_zone;
    contact_.language = country.language;
    if (chance(0.92)) contact_.age = static_cast<std::int32_t>(18 + (random_.below(30) + random_.below(33)));
  }

  void make_addresses() {
    const double phone = random_.uniform();
    if (phone < 0.93) contact_.phone = make_phone(contact_.country, position_);
    if (phone >= 0.93 && phone < 0.94) contact_.phone = "+1425555";
    const double email = random_.uniform();
    const std::string name =
        fmt::format("{}.{}.{}", plain(contact_.first_name), plain(contact_.last_name), position_ + 1);
    constexpr std::array<std::string_view, 3> domains{"example.com", "example.net", "example.org"};
    if (email < 0.92) contact_.email = fmt::format("{}@{}", name, pick(domains));
    if (email >= 0.92 && email < 0.927) contact_.email = name + ".example.com";
  }

  void add_product(std::vector<std::string>& list) {
    // The square makes the first products the popular ones.
    const double draw = random_.uniform();
    const DemoProduct& product =
        products()[static_cast<std::size_t>(draw * draw * static_cast<double>(products().size()))];
    if (std::ranges::find(list, product.sku) != list.end()) return;
    list.push_back(product.sku);
    if (&list == &contact_.purchased_skus) contact_.total_spent_usd += product.price_usd;
    if (std::ranges::find(contact_.interests, product.category) == contact_.interests.end() && chance(0.5)) {
      contact_.interests.push_back(product.category);
    }
  }

  void make_shopping() {
    if (chance(0.72)) {
      const std::uint64_t bought = 1 + random_.below(2) + random_.below(3);
      for (std::uint64_t i = 0; i < bought; ++i) add_product(contact_.purchased_skus);
      const std::uint64_t again = random_.below(3);
      contact_.purchase_count = static_cast<std::int32_t>(contact_.purchased_skus.size() + again);
      contact_.total_spent_usd =
          std::round(contact_.total_spent_usd * (1.0 + 0.2 * static_cast<double>(again)) * 100) / 100;
      contact_.last_purchase_at = past(90);
    }
    for (std::uint64_t i = random_.below(5); i > 0; --i) add_product(contact_.browsed_skus);
    contact_.browse_count = static_cast<std::int32_t>(contact_.browsed_skus.size() * (1 + random_.below(6)));
    if (chance(0.28)) {
      for (std::uint64_t i = 1 + random_.below(2); i > 0; --i) add_product(contact_.cart_skus);
    }
    if (contact_.total_spent_usd > 2000) contact_.tags.emplace_back("vip");
    if (chance(0.4)) contact_.tags.emplace_back("newsletter");
    if (contact_.purchase_count == 0) contact_.tags.emplace_back("prospect");
  }

  void make_mood() {
    if (chance(0.55)) {
      const double mood = chance(0.15) ? -random_.uniform() : random_.uniform();
      contact_.sentiment = std::round(mood * 100) / 100;
    }
    if (chance(0.04)) {
      contact_.complaint_at = past(60);
      contact_.has_open_complaint = chance(0.5);
    }
    if (chance(0.45)) contact_.last_contacted_at = past(25);
    if (chance(0.7)) contact_.best_hour = static_cast<std::int32_t>(8 + random_.below(7) + random_.below(7));
    eagerness_ = random_.uniform();
  }

  void make_channel(Channel channel) {
    constexpr std::array<double, channel_count> opted_in{0.70, 0.58, 0.76};
    constexpr std::array<double, channel_count> reply{0.30, 0.55, 0.25};  // of an eager person
    constexpr std::array<std::string_view, 4> sources{"signup form", "checkout", "mobile app", "in store"};
    Consent& consent = contact_.consent[channel];
    const double draw = random_.uniform();
    const double yes = opted_in[index_of(channel)];
    if (draw < yes) consent.state = ConsentState::OptedIn;
    if (draw >= yes && draw < yes + 0.09) consent.state = ConsentState::OptedOut;
    if (consent.state != ConsentState::Unknown) {
      consent.source = consent.state == ConsentState::OptedIn ? pick(sources) : "unsubscribe link";
      consent.at = past(300);
    }
    Engagement& engagement = contact_.engagement[channel];
    // Everybody has a favourite channel: the same person is eager on one and deaf on another.
    const double liking = std::clamp(0.5 * eagerness_ + 0.8 * random_.uniform() - 0.15, 0.0, 1.0);
    if (chance(0.65)) engagement.preference = std::round(liking * 100) / 100;
    if (!chance(0.8)) return;
    engagement.sent = static_cast<std::int32_t>(random_.below(12) + random_.below(18));
    for (std::int32_t i = 0; i < engagement.sent; ++i) {
      if (chance(liking * reply[index_of(channel)])) ++engagement.responded;
    }
    if (engagement.sent > 0) engagement.last_at = past(40);
  }

  std::uint64_t position_;
  SeededRandom random_;
  WallTime as_of_;
  Contact contact_;
  double eagerness_ = 0;
};

}  // namespace

Contact make_demo_contact(std::uint64_t position, std::uint64_t seed, WallTime as_of) {
  return ContactMaker(position, seed, as_of).make();
}

void generate_contacts(std::size_t count, std::uint64_t seed, const std::function<void(const Contact&)>& take,
                       WallTime as_of) {
  for (std::size_t position = 0; position < count; ++position) take(make_demo_contact(position, seed, as_of));
}

}  // namespace clarion
