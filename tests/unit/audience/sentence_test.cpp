#include "audience/sentence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "audience/filter_json.h"
#include "audience/filter_text.h"
#include "audience/sentence_tokens.h"
#include "base/hash.h"
#include "sample_vocabulary.h"

namespace clarion {
namespace {

using testing::HasSubstr;

const WallTime now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};

ParsedSentence parse(std::string_view text) {
  auto parsed = parse_sentence(text, sample_vocabulary(), now);
  EXPECT_TRUE(parsed.has_value()) << text << ": " << (parsed ? "" : parsed.error().message);
  return parsed ? std::move(*parsed) : ParsedSentence{};
}

std::string sql(std::string_view text) {
  return to_sql(parse(text).filter);
}

std::string error_of(std::string_view text) {
  const auto parsed = parse_sentence(text, sample_vocabulary(), now);
  return parsed ? "accepted" : parsed.error().message;
}

std::string join(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) joined += (joined.empty() ? "" : " | ") + text;
  return joined;
}

std::string reported(const ParsedSentence& parsed) {
  std::vector<std::string> words;
  for (const Unsupported& each : parsed.unsupported) words.push_back(each.words);
  return join(words);
}

struct Row {
  std::string sentence, sql, reported, candidates;
};

std::vector<Row> read_table() {
  std::ifstream file(CLARION_SOURCE_DIR "/tests/data/sentences.tsv");
  std::vector<Row> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    std::vector<std::string> cells{""};
    for (const char c : line) {
      if (c == '\t') {
        cells.emplace_back();
      } else {
        cells.back() += c;
      }
    }
    cells.resize(4);
    rows.push_back({cells[0], cells[1], cells[2], cells[3]});
  }
  return rows;
}

TEST(Sentence, ReadsEverySentenceOfTheTableAsItSays) {
  const std::vector<Row> rows = read_table();
  EXPECT_GE(rows.size(), 150U);
  for (const Row& row : rows) {
    const ParsedSentence parsed = parse(row.sentence);
    std::vector<std::string> candidates;
    for (const Ambiguity& each : parsed.ambiguities) {
      candidates.insert(candidates.end(), each.candidates.begin(), each.candidates.end());
    }
    EXPECT_EQ(to_sql(parsed.filter), row.sql) << row.sentence;
    EXPECT_EQ(reported(parsed), row.reported) << row.sentence;
    EXPECT_EQ(join(candidates), row.candidates) << row.sentence;
  }
}

// Every word is in the words of a condition, joins or negates them, is a known filler, or reported.
void expect_all_words_accounted_for(const std::string& text) {
  const auto parsed = parse_sentence(text, sample_vocabulary(), now);
  if (!parsed) return;
  std::string conditions;
  for (const Dimension& dimension : parsed->dimensions) conditions += " " + dimension.words;
  const std::string reports = reported(*parsed);
  for (const auto& [word, use] : parsed->words) {
    if (use == WordUse::Reported) {
      EXPECT_THAT(reports, HasSubstr(word)) << text;
    } else if (use == WordUse::Filler) {
      const std::string plain = plain_words(word);
      EXPECT_TRUE(plain.empty() || sample_vocabulary().is_filler(plain)) << word << " in: " << text;
    } else if (use == WordUse::Grammar) {
      // Nothing that could be a condition: no name, no number.
      EXPECT_TRUE(sample_vocabulary().find(plain_words(word), true).terms.empty()) << word << " in: " << text;
      EXPECT_EQ(word.find_first_of("0123456789"), std::string::npos) << word << " in: " << text;
    } else {
      EXPECT_THAT(conditions, HasSubstr(word)) << text;
    }
  }
}

TEST(Sentence, UsesKnowsOrReportsEveryWord) {
  std::vector<std::string> words{"zqxv",       "gizmos", "Atlantis", "42",     "$7",
                                 "2026-01-01", "%",      "#",        "émigré", "SKU-NOPE-1"};
  for (const Row& row : read_table()) {
    expect_all_words_accounted_for(row.sentence);
    for (std::string& word : split_words(row.sentence)) words.push_back(std::move(word));
  }
  SeededRandom random(7);
  constexpr int sentences = 2000;
  for (int i = 0; i < sentences; ++i) {
    std::string text;
    const std::uint64_t length = 1 + random.below(12);
    for (std::uint64_t k = 0; k < length; ++k) text += words[random.below(words.size())] + " ";
    expect_all_words_accounted_for(text);
    if (HasFailure()) break;
  }
}

TEST(Sentence, ReportsANoiseWordWhereverItStands) {
  for (const Row& row : read_table()) {
    const std::vector<std::string> words = split_words(row.sentence);
    for (std::size_t at = 0; at <= words.size(); ++at) {
      std::string text;
      for (std::size_t i = 0; i < words.size(); ++i) text += (i == at ? "zqxvk " : "") + words[i] + " ";
      if (at == words.size()) text += "zqxvk";
      const ParsedSentence parsed = parse(text);
      const bool is_name = std::ranges::any_of(
          parsed.dimensions, [](const Dimension& each) { return each.comparison.field == Field::FirstName; });
      if (!is_name) EXPECT_THAT(reported(parsed), HasSubstr("zqxvk")) << text;
    }
  }
}

bool holds(const std::vector<std::string>& words, const std::string& word) {
  return std::ranges::find(words, word) != words.end();
}

// A negation that cannot be understood must not leave its clause standing as if it were not there.
TEST(Sentence, ReportsANegationWithWhatItStandsBeforeWhenAWordIsUnknown) {
  const std::vector<std::string> negations{"not",     "never",   "no",      "without", "except", "excluding",
                                           "neither", "nobody",  "skip",    "rarely",  "don't",  "haven't",
                                           "hasn't",  "outside", "exclude", "lacking", "avoid",  "minus"};
  const std::vector<std::string> ends{"but", "and", "or", "other", "all", "anyone"};
  int checked = 0;
  for (const Row& row : read_table()) {
    const std::vector<std::string> words = split_words(row.sentence);
    const bool is_one_clause =
        row.sentence.find_first_of(".;!?:()") == std::string::npos &&
        std::ranges::none_of(words, [&](const std::string& word) {
          return holds(negations, plain_words(word)) || holds(negations, word) || holds(ends, word);
        });
    if (is_one_clause && row.sql != "TRUE") {
      EXPECT_EQ(sql("not zqxvk " + row.sentence), "TRUE") << row.sentence;
      EXPECT_EQ(sql("everyone except zqxvk " + row.sentence), "TRUE") << row.sentence;
    }
    for (std::size_t at = 0; at < words.size(); ++at) {
      if (!holds(negations, words[at])) continue;
      std::string text;
      for (std::size_t i = 0; i < words.size(); ++i) text += words[i] + (i == at ? " zqxvk " : " ");
      EXPECT_THAT(reported(parse(text)), HasSubstr(words[at] + " zqxvk")) << text;
      ++checked;
    }
  }
  EXPECT_GE(checked, 60);
}

TEST(Sentence, MakesFiltersThatCanBeStoredAndReadBack) {
  for (const Row& row : read_table()) {
    const ParsedSentence parsed = parse(row.sentence);
    const auto again = parse_filter(to_json_text(parsed.filter));
    ASSERT_TRUE(again.has_value()) << row.sentence << ": " << again.error().message;
    EXPECT_EQ(to_json_text(*again), to_json_text(parsed.filter)) << row.sentence;
    EXPECT_EQ(normalise(parsed.filter), parsed.filter) << row.sentence;
  }
}

TEST(Sentence, GivesEveryComparisonTheWordsItCameFrom) {
  const ParsedSentence parsed = parse("Run campaign for laptops in Bangalore with at least 2 purchases, not in Pune");
  std::string shown;
  for (const Dimension& each : parsed.dimensions) {
    shown += to_label(each.comparison, each.is_negated) + " <- " + each.words + "\n";
  }
  EXPECT_EQ(shown,
            "Bought SKU-LAPTOP-1 or SKU-LAPTOP-2 <- laptops\n"
            "Viewed SKU-LAPTOP-1 or SKU-LAPTOP-2 <- laptops\n"
            "In the cart SKU-LAPTOP-1 or SKU-LAPTOP-2 <- laptops\n"
            "City is Bangalore <- Bangalore\n"
            "Purchases at least 2 <- at least 2 purchases\n"
            "City is not Pune <- Pune\n");
  EXPECT_EQ(
      boost::json::serialize(dimensions_json({parsed.dimensions.back()})),
      R"([{"field":"city","operator":"=","value":"Pune","negated":true,"label":"City is not Pune","text":"Pune","group":)" +
          std::to_string(parsed.dimensions.back().group) + "}]");
}

TEST(Sentence, SaysWhatToSayInsteadOfWhatItDoesNotUnderstand) {
  const auto suggestion = [](std::string_view text) { return parse(text).unsupported.at(0).suggestion; };
  EXPECT_EQ(suggestion("loyal customers"), "say how many, such as \"at least 5 purchases\"");
  EXPECT_EQ(suggestion("in Chenai beach"),
            "name a place, a product, a category, an age, purchases, spending, a cart, "
            "a time, a channel or a tag");
  EXPECT_EQ(suggestion("SKU-LAPTOP-9"), "did you mean \"sku laptop 1\"?");
  EXPECT_THAT(suggestion("women"), HasSubstr("gender is not known"));
  EXPECT_EQ(boost::json::serialize(unsupported_json({{"w", "r", "s"}})),
            R"([{"words":"w","reason":"r","suggestion":"s"}])");
}

TEST(Sentence, ReportsAnUnfinishedOne) {
  for (const std::string text : {"people who", "customers with", "laptops in Pune that.", "everyone whose"}) {
    EXPECT_EQ(parse(text).unsupported.size(), 1U) << text;
    EXPECT_THAT(parse(text).unsupported.at(0).reason, HasSubstr("the sentence ends")) << text;
  }
  EXPECT_EQ(reported(parse("people who bought laptops")), "");
  EXPECT_EQ(reported(parse("all of our customers")), "");
}

std::string read_file(const std::string& path) {
  std::ifstream file(CLARION_SOURCE_DIR "/" + path);
  EXPECT_TRUE(file.is_open()) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

// What the program tells people to say instead, it has to understand.
TEST(Sentence, UnderstandsEverythingItRecommends) {
  std::string texts = read_file("data/query/words.json");
  for (const char* const part :
       {"", "_ages", "_names", "_people", "_quantity", "_reader", "_time", "_topics", "_tree"}) {
    texts += read_file("src/audience/sentence" + std::string(part) + ".cpp");
  }
  // Quoted within a text: \"over 40 years old\".
  const std::regex quoted(R"re(\\"([A-Za-z0-9$][^"\\{}]+|[a-z ]+\{0\}[a-z ]*)\\")re");
  int recommended = 0;
  for (std::sregex_iterator each(texts.begin(), texts.end(), quoted); each != std::sregex_iterator(); ++each) {
    std::string sentence = (*each)[1];
    if (const auto channel = sentence.find("{0}"); channel != std::string::npos) sentence.replace(channel, 3, "email");
    const ParsedSentence parsed = parse(sentence);
    EXPECT_EQ(reported(parsed), "") << sentence;
    if (sentence != "everyone") EXPECT_NE(to_sql(parsed.filter), "TRUE") << sentence;
    ++recommended;
  }
  EXPECT_GE(recommended, 30);
}

// The shops of the tests and of the demonstration, so that no list of products is the reason.
TEST(Sentence, MakesNoConditionOfACommonWord) {
  Vocabulary::Source demo = sample_source();
  demo.products = *parse_products(read_file("data/demo/products.json"));
  // A contact of every country and language that a slip could lead to.
  demo.countries.insert(demo.countries.end(), {"NU", "MF", "CL", "BJ", "FI", "HR", "CN", "TD", "ML", "OM", "PE"});
  demo.languages.insert(demo.languages.end(), {"fi", "hr", "th", "da"});
  const Vocabulary demo_vocabulary(std::move(demo));
  std::set<std::string> allowed;
  std::istringstream lines(read_file("tests/data/common_words_allowed.tsv"));
  for (std::string line; std::getline(lines, line);) allowed.insert(line.substr(0, line.find('\t')));
  std::istringstream words(read_file("tests/data/common_words.txt"));
  int checked = 0;
  for (std::string line; std::getline(words, line);) {
    if (line.starts_with('#')) continue;
    for (const std::string& word : split_words(line)) {
      ++checked;
      if (allowed.contains(word)) continue;
      for (const std::string& sentence : {word, "customers " + word, word + " customers"}) {
        for (const Vocabulary* const vocabulary : {&sample_vocabulary(), &demo_vocabulary}) {
          const auto parsed = parse_sentence(sentence, *vocabulary, now);
          ASSERT_TRUE(parsed.has_value()) << sentence;
          EXPECT_EQ(to_sql(parsed->filter), "TRUE") << sentence;
        }
      }
    }
  }
  EXPECT_GE(checked, 1000);
}

TEST(Sentence, GuessesOnlyAtNamesThatAreCalledFor) {
  // Five letters, one of them wrong.
  EXPECT_EQ(reported(parse("Punne")), "Punne");
  EXPECT_EQ(parse("Punne").unsupported.at(0).suggestion, "did you mean \"Pune\"?");
  EXPECT_EQ(sql("in Punne"), "city = 'Pune'");
  EXPECT_EQ(sql("in Pune or Dehli"), "city IN ('Delhi', 'Pune')");
  EXPECT_EQ(reported(parse("lapto in Pune")), "lapto");
  EXPECT_EQ(sql("bought lapto"), sql("bought laptops"));
  EXPECT_EQ(sql("viewed phonse"), sql("viewed phones"));
  // Nobody lives in Chile or Finland, or speaks Croatian.
  EXPECT_EQ(reported(parse("in Chille")), "Chille");
  EXPECT_EQ(reported(parse("in Finnland")), "Finnland");
  EXPECT_EQ(reported(parse("Croatain")), "Croatain");
  // A part of a product's name that is a word of its own is no product, but behind a verb.
  EXPECT_EQ(reported(parse("smart customers")), "smart");
  EXPECT_EQ(sql("bought smart"), "'SKU-WATCH-1' IN purchased_skus");
}

// "prospect" may be what nobody has bought yet, or the tag that contacts have.
TEST(Sentence, AsksWhetherATagIsMeant) {
  Vocabulary::Source source = sample_source();
  source.tags.emplace_back("prospect");
  const Vocabulary vocabulary(std::move(source));
  const auto parsed = parse_sentence("who are not prospects", vocabulary, now);
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(to_sql(parsed->filter), "NOT (purchase_count = 0 OR 'prospect' IN tags)");
  ASSERT_EQ(parsed->ambiguities.size(), 1U);
  EXPECT_EQ(join(parsed->ambiguities.front().candidates), "Purchases is 0 | prospect (tag)");
}

TEST(Sentence, SaysHowItReadAMisspelling) {
  EXPECT_THAT(join(parse("people in Banglore").suggestions), HasSubstr("read \"Banglore\" as Bangalore, IN (city)"));
  EXPECT_EQ(sql("Mumbia"), "city = 'Mumbai'");
  // A common word is no slip for Thailand.
  EXPECT_EQ(reported(parse("laptops than phones")), "than");
  // Three letters are too few to guess at.
  EXPECT_EQ(reported(parse("vop customers")), "vop");
}

TEST(Sentence, AsksWhichOfSeveralIsMeant) {
  const ParsedSentence parsed = parse("in Hyderabad");
  ASSERT_EQ(parsed.ambiguities.size(), 1U);
  EXPECT_EQ(boost::json::serialize(ambiguities_json(parsed.ambiguities)),
            R"json([{"words":"Hyderabad","candidates":["Hyderabad, IN (city)","Hyderabad, PK (city)"]}])json");
  EXPECT_TRUE(parse("in Hyderabad, India").ambiguities.empty());
  EXPECT_TRUE(parse("laptops").ambiguities.empty());
}

TEST(Sentence, RefusesWhatIsNoSentence) {
  EXPECT_THAT(error_of(""), HasSubstr("query must not be empty"));
  EXPECT_THAT(error_of(" \t\r\n\u00a0"), HasSubstr("query must not be empty"));
  EXPECT_EQ(error_of("in P\xfcne"), "query must be UTF-8 text");
  EXPECT_EQ(error_of(std::string("\xff\xfei\0n\0", 6)), "query must be UTF-8 text");
  EXPECT_EQ(error_of(std::string(2001, 'a')), "query must be at most 2000 bytes, not 2001; say it in fewer words");
  EXPECT_EQ(error_of(std::string(2000, 'a')), "accepted");
}

TEST(Sentence, ReportsANumberThatNoFilterHolds) {
  EXPECT_EQ(reported(parse("spent more than $99999999999")), "spent | more than | $99999999999");
}

TEST(Sentence, EndsInGoodTimeOnHostileText) {
  for (const std::string& part : {"(", "not ", ")", "zqxvw ", "or ", "laptops or ", "1,", "between 1 and ", "\"",
                                  "Pone ", "in their cart ", "aaaaaaa-", "over ", "¼", "(not "}) {
    std::string text;
    while (text.size() + part.size() <= 2000) text += part;
    const auto start = std::chrono::steady_clock::now();
    (void)parse_sentence(text, sample_vocabulary(), now);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2)) << part;
  }
}

// Another vocabulary of the same names has its own addresses and hash order.
TEST(Sentence, IsTheSameWithEveryVocabularyOfTheSameNames) {
  const Vocabulary other(sample_source());
  for (const Row& row : read_table()) {
    const auto parsed = parse_sentence(row.sentence, other, now);
    ASSERT_TRUE(parsed.has_value());
    EXPECT_EQ(to_sql(parsed->filter), row.sql);
    EXPECT_EQ(parsed->suggestions, parse(row.sentence).suggestions);
  }
}

}  // namespace
}  // namespace clarion
