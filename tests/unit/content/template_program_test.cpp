#include "content/template_program.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <kainjow/mustache.hpp>

#include <map>

#include "base/hash.h"

namespace clarion {
namespace {

using Values = std::map<std::string, std::string>;

std::string compile_error(std::string_view text) {
  TemplateNames names;
  const auto program = TemplateProgram::compile("sms.text", text, names);
  return program ? "" : program.error().message;
}

// The rendered text, or "missing: name".
std::string render(std::string_view text, const Values& values, Escaping escaping = Escaping::None) {
  TemplateNames names;
  const auto program = TemplateProgram::compile("t", text, names);
  if (!program) return "error: " + program.error().message;
  std::vector<std::string_view> slots;
  for (const TemplateNames::Use& use : names.all()) {
    const auto it = values.find(use.name);
    slots.push_back(it == values.end() ? std::string_view() : std::string_view(it->second));
  }
  std::string out;
  const auto missing = program->render(slots, escaping, out);
  return missing ? "missing: " + names.all()[*missing].name : out;
}

// The same by the library, where no value and an empty value are both false.
std::string render_by_library(const std::string& text, const Values& values, bool is_html) {
  namespace mustache = kainjow::mustache;
  mustache::mustache program(text);
  if (!is_html) program.set_custom_escape([](const std::string& value) { return value; });
  mustache::data data;
  for (const auto& [name, value] : values)
    data.set(name, value.empty() ? mustache::data(false) : mustache::data(value));
  return program.render(data);
}

TEST(TemplateProgram, PutsValuesIn) {
  EXPECT_EQ(render("Hi {{name}}, {{ name }}!", {{"name", "Ana"}}), "Hi Ana, Ana!");
  EXPECT_EQ(render("", {}), "");
  EXPECT_EQ(render("no tags } { }} here", {}), "no tags } { }} here");
  EXPECT_EQ(render("{{a.b}}{{! not shown }}.", {{"a.b", "x"}}), "x.");
}

TEST(TemplateProgram, ShowsSectionsOnlyWithAValue) {
  const std::string_view text = "{{#code}}Use {{code}}{{/code}}{{^code}}No code{{/code}}";
  EXPECT_EQ(render(text, {{"code", "A1"}}), "Use A1");
  EXPECT_EQ(render(text, {{"code", ""}}), "No code");
  EXPECT_EQ(render(text, {}), "No code");
}

TEST(TemplateProgram, NamesTheMissingValueOnlyWhereItIsPrinted) {
  EXPECT_EQ(render("{{a}} {{b}}", {{"a", "1"}}), "missing: b");
  EXPECT_EQ(render("{{#b}}{{b}}{{/b}}ok", {}), "ok");
  EXPECT_EQ(render("{{#a}}{{b}}{{/a}}", {{"a", "1"}}), "missing: b");
  EXPECT_EQ(render("[{{a}}]", {{"a", ""}}), "[]") << "an empty fallback is a value";
}

TEST(TemplateProgram, EscapesWhereItIsHtmlAndNowhereElse) {
  const Values values{{"v", "<b> & \"x\" 'y'"}};
  EXPECT_EQ(render("<i>{{v}}</i>", values, Escaping::Html), "<i>&lt;b&gt; &amp; &quot;x&quot; &apos;y&apos;</i>");
  EXPECT_EQ(render("{{{v}}}|{{&v}}", values, Escaping::Html), "<b> & \"x\" 'y'|<b> & \"x\" 'y'");
  EXPECT_EQ(render("{{v}}", values), "<b> & \"x\" 'y'");
  EXPECT_EQ(render("/u/{{v}}", {{"v", "a/b?c d&é"}}, Escaping::Url), "/u/a%2Fb%3Fc%20d%26%C3%A9");
}

TEST(TemplateProgram, KeepsALineOneLine) {
  const Values values{{"v", "x\r\nBcc: all@example.com\t   y"}};
  EXPECT_EQ(render("{{v}}", values, Escaping::Line), "x Bcc: all@example.com y");
  EXPECT_EQ(render("{{{v}}}", values, Escaping::Line), "x Bcc: all@example.com y");
  EXPECT_EQ(render("{{{v}}}", values, Escaping::Url), "x Bcc: all@example.com y");
}

TEST(TemplateProgram, NeverReadsAValueAsMustache) {
  EXPECT_EQ(render("{{a}}{{b}}", {{"a", "{{b}}"}, {"b", "{{#a}}{{/a}}{{{"}}), "{{b}}{{#a}}{{/a}}{{{");
}

TEST(TemplateProgram, RefusesBrokenMustache) {
  EXPECT_EQ(compile_error("Hi {{name"), "sms.text has a tag that is not closed at byte 3; write {{name}}.");
  EXPECT_EQ(compile_error("{{"), "sms.text has a tag that is not closed at byte 0; write {{name}}.");
  EXPECT_EQ(compile_error("{{{a}}"), "sms.text has a tag that is not closed at byte 0; write {{name}}.");
  EXPECT_EQ(compile_error("{{#a}}x"), "sms.text is not valid Mustache: Unclosed section \"a\" at 0.");
  EXPECT_EQ(compile_error("x{{/a}}"), "sms.text is not valid Mustache: Unopened section \"a\" at 1.");
  EXPECT_EQ(compile_error("{{#a}}{{#b}}{{/a}}{{/b}}"), "sms.text is not valid Mustache: Unclosed section \"a\" at 0.");
  EXPECT_EQ(compile_error("{{> other}}"), "sms.text uses {{>…}} at byte 0; partials are not supported.");
  EXPECT_EQ(compile_error("{{=<% %>=}}"), "sms.text uses {{=…}} at byte 0; other delimiters are not supported.");
}

TEST(TemplateProgram, RefusesNamesThatCannotBeVariables) {
  for (const char* text : {"{{}}", "{{ }}", "{{.}}", "{{First}}", "{{first name}}", "{{a..b}}", "{{a.}}", "{{#}}{{/}}",
                           "{{{}}}", "{{é}}", "{{1a}}"}) {
    EXPECT_NE(compile_error(text).find("which is not a variable name"), std::string::npos) << text;
  }
}

TEST(TemplateProgram, RefusesWhatIsTooLargeOrNotText) {
  EXPECT_NE(compile_error(std::string(200'001, 'x')), "");
  EXPECT_EQ(compile_error(std::string(200'000, 'x')), "");
  EXPECT_EQ(compile_error("a\xff"), "sms.text is not valid UTF-8.");
  EXPECT_EQ(compile_error(std::string_view("a\0b", 3)), "sms.text contains a NUL character; remove it.");
  std::string deep;
  for (int i = 0; i < 20'000; ++i) deep += "{{#a}}";
  EXPECT_EQ(compile_error(deep), "sms.text nests sections deeper than 16.");
  std::string many;
  for (int i = 0; i < 49; ++i) many += "{{v" + std::to_string(i) + "}}";
  EXPECT_EQ(compile_error(many), "sms.text brings the template above 48 different variables.");
}

TEST(TemplateProgram, AgreesWithTheLibraryOnChosenTexts) {
  const Values values{{"a", "x"}, {"b", ""}, {"c", "<&>"}};
  for (const std::string text :
       {"", "plain\ntext\r\n", "{{a}}\n{{b}}\n{{c}}", "{{#a}}\nline\n{{/a}}\nend", "  {{#a}}  \n  {{/a}}  \n.",
        "{{#b}}\nhidden\n{{/b}}\nend", "{{^b}}\nshown {{c}}\n{{/b}}\n", "{{#a}}{{^b}}{{c}}{{/b}}{{/a}}\n\n",
        "{{! note }}\n{{a}}", "\n\n{{#a}} {{/a}}\n", "a {{#a}}\n b{{/a}} c\n", "{{{c}}} {{&c}} {{c}}"}) {
    for (const bool is_html : {false, true}) {
      EXPECT_EQ(render(text, values, is_html ? Escaping::Html : Escaping::None),
                render_by_library(text, values, is_html))
          << text;
    }
  }
}

// Draws texts from a small set of pieces, so that tags, lines and blanks meet in every way.
std::string draw_text(SeededRandom& random, int depth) {
  constexpr std::array<std::string_view, 14> pieces{"x",     " ",       "\n",      "\r\n",   "\t",    "{{a}}",  "{{b}}",
                                                    "{{c}}", "{{{c}}}", "{{! k}}", "{ } }}", "word ", "{{&a}}", "\r"};
  std::string text;
  for (std::uint64_t i = 0, count = random.below(6); i < count; ++i) {
    const std::uint64_t choice = random.below(pieces.size() + 3);
    if (choice < pieces.size() || depth == 3) {
      text += pieces[choice % pieces.size()];
      continue;
    }
    const std::string name(1, static_cast<char>('a' + static_cast<char>(random.below(3))));
    const char sign = random.below(2) == 0 ? '#' : '^';
    text += fmt::format("{{{{{}{}}}}}{}{{{{/{}}}}}", sign, name, draw_text(random, depth + 1), name);
  }
  return text;
}

TEST(TemplateProgram, AgreesWithTheLibraryOnDrawnTexts) {
  SeededRandom random(20261122);
  for (int i = 0; i < 4000; ++i) {
    const std::string text = draw_text(random, 0);
    Values values;
    for (const char* name : {"a", "b", "c"}) {
      constexpr std::array<std::string_view, 5> choices{"", "v", "<i>\"", "two words", " "};
      values[name] = choices[random.below(choices.size())];
    }
    const bool is_html = random.below(2) == 0;
    ASSERT_EQ(render(text, values, is_html ? Escaping::Html : Escaping::None), render_by_library(text, values, is_html))
        << text;
  }
}

TEST(CleanValue, ReplacesControlCharactersAndRefusesWhatIsNotUtf8) {
  std::string value = "a\r\nb\tc\x01\x7f";
  EXPECT_TRUE(clean_value(value));
  EXPECT_EQ(value, "a\nb c  ");
  std::string broken = "\xc3(";
  EXPECT_FALSE(clean_value(broken));
}

}  // namespace
}  // namespace clarion
