// Contracts of CampaignStore, SegmentStore, TemplateStore, SuppressionStore, ConsentLog, MessageIndex and TokenStore,
// over every storage alike.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "contract/ledger_text.h"
#include "support/sample_consent.h"

namespace clarion::testing {
namespace {

class StoreContract : public ::testing::TestWithParam<Storage> {
 protected:
  CampaignNumber create_campaign(const std::string& id) {
    return run(stores_->campaigns().create(definition_of(id), CampaignStatus::Draft, at_second(0)))->number;
  }

  std::unique_ptr<StoreSet> stores_ = GetParam().make();
};

class CampaignStoreContract : public StoreContract {
 protected:
  Campaign create(const std::string& id, CampaignStatus status = CampaignStatus::Draft) {
    return run(stores_->campaigns().create(definition_of(id), status, at_second(0))).value();
  }
};
class SegmentStoreContract : public StoreContract {};
class TemplateStoreContract : public StoreContract {};
class SuppressionStoreContract : public StoreContract {};
class ConsentLogContract : public StoreContract {
 protected:
  // "sms opted_out reason source at recorded_at; " lines, sorted.
  std::string entries(std::vector<std::string> subjects) {
    std::set<std::string> lines;
    const auto second = [](const std::optional<WallTime>& time) {
      return time ? std::to_string((*time - at_second(0)) / std::chrono::seconds(1)) : "-";
    };
    const auto all = run(stores_->consents().list(std::move(subjects))).value();
    for (const ConsentEntry& one : all) {
      lines.insert(one.subject + " " + std::string(to_string(one.channel)) + " " + std::string(to_string(one.event)) +
                   " " + one.reason + " " + one.source + " " + second(one.at) + " " + second(one.recorded_at) + "\n");
    }
    EXPECT_EQ(lines.size(), all.size()) << "none is there twice";
    std::string text;
    for (const std::string& line : lines) text += line;
    return text;
  }
};
class MessageIndexContract : public StoreContract {};
class TokenStoreContract : public StoreContract {};
class RunHistoryStoreContract : public StoreContract {};

const std::string hostile("a\0'\";--\xff\xc3(", 10);

TEST_P(CampaignStoreContract, EverythingSaidAtCreationIsReadBack) {
  CampaignDefinition definition = definition_of("spring.sale_1-A");
  definition.name = hostile;
  definition.request_hash = "hash";
  definition.throughput_tps = 12.5;
  definition.audience = std::string(1'000'000, 'a');
  definition.content = hostile;
  definition.rules = R"({"decision": {"holdout": 0.1}, "x": ")" + std::string(50'000, 'r') + "\"}";
  definition.respects_caps = false;
  definition.on_unknown = OnUnknown::Resend;
  definition.seed = 0xffff'ffff'ffff'fff0ULL;
  definition.start_at = at_second(77);
  definition.budget = Money{123456};
  ASSERT_TRUE(run(stores_->campaigns().create(definition, CampaignStatus::Scheduled, at_second(5))));
  stores_->reopen();
  const Campaign back = run(stores_->campaigns().find("spring.sale_1-A")).value();
  EXPECT_EQ(back.definition.name, hostile);
  EXPECT_EQ(back.definition.request_hash, "hash");
  EXPECT_EQ(back.definition.throughput_tps, 12.5);
  EXPECT_EQ(back.definition.audience, definition.audience);
  EXPECT_EQ(back.definition.content, hostile);
  EXPECT_EQ(back.definition.rules, definition.rules);
  EXPECT_FALSE(back.definition.respects_caps);
  EXPECT_EQ(back.definition.on_unknown, OnUnknown::Resend);
  EXPECT_EQ(back.definition.seed, definition.seed);
  EXPECT_EQ(back.definition.start_at, at_second(77));
  EXPECT_EQ(back.definition.budget, Money{123456});
  EXPECT_EQ(back.status, CampaignStatus::Scheduled);
  EXPECT_EQ(back.created_at, at_second(5));
  EXPECT_EQ(back.started_at, std::nullopt);
  EXPECT_FALSE(back.is_planned);
}

TEST_P(CampaignStoreContract, AnIdIsTakenOnce) {
  create("one");
  CampaignDefinition other = definition_of("one");
  other.name = "other";
  const auto again = run(stores_->campaigns().create(other, CampaignStatus::Running, at_second(9)));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::Conflict);
  EXPECT_EQ(run(stores_->campaigns().find("one"))->definition.name, "");
  EXPECT_EQ(run(stores_->campaigns().find("two")).error().kind, ErrorKind::NotFound);
}

TEST_P(CampaignStoreContract, TheListIsNewestFirstAndPages) {
  for (const char* id : {"a", "b", "c", "d"}) create(id);
  std::string seen;
  std::uint32_t before = 0;
  while (true) {
    const auto page = run(stores_->campaigns().list(before, 3)).value();
    if (page.empty()) break;
    for (const Campaign& one : page) seen += one.definition.id;
    seen += '|';
    before = static_cast<std::uint32_t>(page.back().number);
  }
  EXPECT_EQ(seen, "dcb|a|");
  EXPECT_TRUE(run(stores_->campaigns().list(0, 0))->empty());
}

TEST_P(CampaignStoreContract, AStatusChangesOnlyFromWhereItMay) {
  const Campaign made = create("one", CampaignStatus::Scheduled);
  const auto change = [&](std::vector<CampaignStatus> from, CampaignStatus to, std::int64_t second) {
    return run(stores_->campaigns().change_status(
        made.number, StatusChange{.from = std::move(from), .to = to, .reason = "why", .at = at_second(second)}));
  };
  const auto wrong = change({CampaignStatus::Running, CampaignStatus::Paused}, CampaignStatus::Cancelled, 10);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, ErrorKind::Conflict);
  EXPECT_NE(wrong.error().message.find("scheduled"), std::string::npos) << wrong.error().message;
  EXPECT_EQ(change({CampaignStatus::Scheduled}, CampaignStatus::Running, 20)->started_at, at_second(20));
  EXPECT_EQ(change({CampaignStatus::Running}, CampaignStatus::Paused, 30)->status_reason, "why");
  EXPECT_EQ(change({CampaignStatus::Paused}, CampaignStatus::Running, 40)->started_at, at_second(20));
  EXPECT_EQ(change({CampaignStatus::Running}, CampaignStatus::Completed, 50)->finished_at, at_second(50));
  stores_->reopen();
  EXPECT_EQ(run(stores_->campaigns().find("one"))->status, CampaignStatus::Completed);
  EXPECT_EQ(run(stores_->campaigns().change_status(CampaignNumber{99}, {})).error().kind, ErrorKind::NotFound);
}

TEST_P(CampaignStoreContract, TheThroughputChangesAndAnUnknownCampaignIsNotFound) {
  const Campaign made = create("one");
  ASSERT_TRUE(run(stores_->campaigns().set_throughput(made.number, 0.25)));
  EXPECT_EQ(run(stores_->campaigns().find("one"))->definition.throughput_tps, 0.25);
  EXPECT_EQ(run(stores_->campaigns().set_throughput(CampaignNumber{99}, 1)).error().kind, ErrorKind::NotFound);
  EXPECT_EQ(run(stores_->campaigns().counts(CampaignNumber{99})).error().kind, ErrorKind::NotFound);
  EXPECT_EQ(run(stores_->campaigns().counts(made.number)).value(), CampaignCounts{});
}

TEST_P(SegmentStoreContract, SavingAgainUpdatesCountAndUseAndTheNameThatIsGiven) {
  const auto save = [&](std::string id, std::string name, std::int64_t count, std::int64_t used,
                        bool is_named = false) {
    ASSERT_TRUE(run(stores_->segments().save(Segment{.id = std::move(id),
                                                     .name = std::move(name),
                                                     .is_named = is_named,
                                                     .filter = R"({"kind":"everyone"})",
                                                     .sql = hostile,
                                                     .last_count = count,
                                                     .created_at = at_second(used),
                                                     .last_used_at = at_second(used)})));
  };
  save("seg-1", "first", 10, 1);
  save("seg-2", "second", 20, 2);
  save("seg-1", "renamed", 11, 3);
  stores_->reopen();
  const auto listed = [&](std::size_t limit) {
    const SegmentList list = run(stores_->segments().list(limit)).value();
    std::string text = std::to_string(list.total) + ": ";
    for (const Segment& one : list.segments) {
      text += one.id + " " + one.name + (one.is_named ? " named " : " ") + std::to_string(one.last_count) + "; ";
    }
    return text;
  };
  EXPECT_EQ(listed(10), "2: seg-1 first 11; seg-2 second 20; ");
  const Segment one = run(stores_->segments().find("seg-1")).value();
  EXPECT_EQ(one.created_at, at_second(1));
  EXPECT_EQ(one.last_used_at, at_second(3));
  EXPECT_EQ(one.sql, hostile);
  EXPECT_EQ(run(stores_->segments().find("seg-3")).error().kind, ErrorKind::NotFound);

  save("seg-2", "given", 21, 2, true);
  EXPECT_EQ(listed(10), "2: seg-2 given named 21; seg-1 first 11; ") << "a name that was given comes first";
  save("seg-2", "a query again", 22, 4);
  save("seg-3", "new", 1, 9, true);
  stores_->reopen();
  EXPECT_EQ(listed(2), "3: seg-3 new named 1; seg-2 given named 22; ");
}

TEST_P(TemplateStoreContract, SavingMakesVersionsAndTheLatestTextMakesNone) {
  const auto save = [&](std::string name, Channel channel, std::string definition) {
    return run(stores_->templates().save(StoredTemplate{.name = std::move(name),
                                                        .channel = channel,
                                                        .version = 77,
                                                        .definition = std::move(definition),
                                                        .created_at = at_second(1)}))
        ->version;
  };
  EXPECT_EQ(save("welcome", Channel::Sms, "one"), 1);
  EXPECT_EQ(save("welcome", Channel::Sms, "one"), 1);
  EXPECT_EQ(save("welcome", Channel::Sms, "two"), 2);
  EXPECT_EQ(save("welcome", Channel::Sms, "one"), 3) << "an older text is taken up again";
  EXPECT_EQ(save("welcome", Channel::Sms, hostile), 4);
  EXPECT_EQ(save("welcome", Channel::Email, "one"), 1);
  EXPECT_EQ(save("bye", Channel::Sms, "one"), 1);
  stores_->reopen();
  EXPECT_EQ(run(stores_->templates().find("welcome", Channel::Sms))->definition, hostile);
  EXPECT_EQ(run(stores_->templates().find("welcome", Channel::WhatsApp)).error().kind, ErrorKind::NotFound);
  std::string text;
  const auto all = run(stores_->templates().list()).value();
  for (const StoredTemplate& one : all) {
    text += one.name + " " + std::string(to_string(one.channel)) + " " + std::to_string(one.version) + "; ";
  }
  EXPECT_EQ(text, "bye sms 1; welcome sms 4; welcome email 1; ");
}

TEST_P(TemplateStoreContract, EveryVersionStaysTheNewestFirst) {
  // Ten and more: versions are ordered as numbers.
  for (int version = 1; version <= 11; ++version) {
    ASSERT_TRUE(run(stores_->templates().save(StoredTemplate{.name = "welcome",
                                                             .channel = Channel::Email,
                                                             .definition = "text " + std::to_string(version),
                                                             .created_at = at_second(version)})));
  }
  ASSERT_TRUE(run(
      stores_->templates().save(StoredTemplate{.name = "welcome2", .channel = Channel::Email, .definition = "other"})));
  stores_->reopen();
  const auto versions = run(stores_->templates().list_versions("welcome", Channel::Email)).value();
  ASSERT_EQ(versions.size(), 11U);
  for (int i = 0; i < 11; ++i) {
    const StoredTemplate& one = versions[static_cast<std::size_t>(i)];
    EXPECT_EQ(one.version, 11 - i);
    EXPECT_EQ(one.definition, "text " + std::to_string(11 - i));
    EXPECT_EQ(one.created_at, at_second(11 - i));
  }
  EXPECT_TRUE(run(stores_->templates().list_versions("welcome", Channel::Sms)).value().empty());
}

TEST_P(SuppressionStoreContract, TheOlderEntryStaysAndRemovalSaysWhetherItWasThere) {
  const auto entry = [](Channel channel, std::string address, std::string reason) {
    return Suppression{channel, std::move(address), std::move(reason), "test", at_second(1)};
  };
  ASSERT_TRUE(run(stores_->suppressions().add(
      {entry(Channel::Sms, "+14255550156", "opt_out"), entry(Channel::Email, hostile, "hard_bounce")})));
  ASSERT_TRUE(run(stores_->suppressions().add(
      {entry(Channel::Sms, "+14255550156", "operator"), entry(Channel::WhatsApp, "+14255550156", "complaint")})));
  stores_->reopen();
  const auto entries = [&] {
    std::string text;
    const auto all = run(stores_->suppressions().list()).value();
    for (const Suppression& one : all) {
      text += std::string(to_string(one.channel)) + " " + one.reason + "; ";
    }
    return text;
  };
  EXPECT_EQ(entries(), "sms opt_out; whatsapp complaint; email hard_bounce; ");
  EXPECT_EQ(run(stores_->suppressions().remove({.channel = Channel::Email, .address = hostile})), true);
  EXPECT_EQ(run(stores_->suppressions().remove({.channel = Channel::Email, .address = hostile})), false);
  EXPECT_EQ(entries(), "sms opt_out; whatsapp complaint; ");
}

TEST_P(SuppressionStoreContract, FindsAddressesOnEveryChannelInAnyCase) {
  SuppressionStore& store = stores_->suppressions();
  std::vector<Suppression> added;
  for (int i = 0; i < 150; ++i) {
    const std::string number = "+1425555" + std::to_string(1000 + i);
    added.push_back({Channel::Sms, number, "opt_out", "test", at_second(i)});
  }
  added.push_back({Channel::WhatsApp, "+14255551000", "complaint", "test", at_second(1)});
  added.push_back({Channel::Email, "Ana.Diaz@example.com", "hard_bounce", "test", at_second(2)});
  ASSERT_TRUE(run(store.add(added)));
  ASSERT_TRUE(run(store.add({{Channel::Email, "ANA.DIAZ@example.com", "operator", "test", at_second(9)}})));
  stores_->reopen();
  const auto found = [&](const std::vector<std::string>& addresses) {
    std::set<std::string> lines;
    std::size_t count = 0;
    for (const Channel channel : all_channels) {
      const auto some = run(stores_->suppressions().find(channel, addresses)).value();
      count += some.size();
      for (const Suppression& one : some) {
        lines.insert(std::string(to_string(one.channel)) + " " + one.address + " " + one.reason + " " + one.source +
                     " " + std::to_string((one.at - at_second(0)) / std::chrono::seconds(1)) + "; ");
      }
    }
    EXPECT_EQ(lines.size(), count) << "none is there twice";
    std::string text;
    for (const std::string& line : lines) text += line;
    return text;
  };
  EXPECT_EQ(found({}), "");
  EXPECT_EQ(found({"+14255559999", "", "diaz@example.com"}), "");
  EXPECT_EQ(found({"+14255551000", "+14255551001", "+14255551000"}),
            "sms +14255551000 opt_out test 0; sms +14255551001 opt_out test 1; "
            "whatsapp +14255551000 complaint test 1; ");
  EXPECT_EQ(found({"ana.diaz@example.com", "ana.DIAZ@example.com"}), "email Ana.Diaz@example.com hard_bounce test 2; ");
  std::vector<std::string> many;
  for (const Suppression& one : added) many.push_back(one.address);
  EXPECT_EQ(run(stores_->suppressions().find(Channel::Sms, many))->size(), 150U);
  EXPECT_EQ(run(stores_->suppressions().remove({.channel = Channel::Email, .address = "ana.diaz@example.com"})), true);
  EXPECT_EQ(found({"Ana.Diaz@example.com"}), "");
}

TEST_P(ConsentLogContract, EveryEntryStaysAsItWasAppended) {
  using enum ConsentEvent;
  const std::string ana = contact_subject("A");
  ASSERT_TRUE(run(stores_->consents().append({})));
  // An import: several channels of one contact, twice the same contact, and one consent that is older than the log.
  ASSERT_TRUE(run(stores_->consents().append(
      {said(ana, Channel::Sms, OptedIn, "form", at_second(1), std::nullopt),
       said(ana, Channel::Email, OptedIn, "form", at_second(1), at_second(9)),
       said(contact_subject(hostile), Channel::Sms, OptedOut, hostile, std::nullopt, at_second(9)),
       said(ana, Channel::Sms, OptedOut, "", at_second(2), at_second(9))})));
  ASSERT_TRUE(run(stores_->consents().append(
      {said(ana, Channel::Sms, OptedIn, "form", at_second(3), at_second(9)),
       said(address_subject("+14255550156"), Channel::Sms, Suppressed, "event", at_second(4), at_second(10))})));
  ASSERT_TRUE(run(stores_->consents().append(
      {said(address_subject("+14255550156"), Channel::Sms, Released, "operator", at_second(11), at_second(11))})));
  stores_->reopen();
  EXPECT_EQ(entries({ana, contact_subject("nobody")}),
            "contact:A email opted_in  form 1 9\n"
            "contact:A sms opted_in  form 1 -\n"
            "contact:A sms opted_in  form 3 9\n"
            "contact:A sms opted_out   2 9\n");
  EXPECT_EQ(entries({address_subject("+14255550156")}),
            "address:+14255550156 sms released  operator 11 11\n"
            "address:+14255550156 sms suppressed opt_out event 4 10\n");
  EXPECT_EQ(entries({contact_subject(hostile)}), contact_subject(hostile) + " sms opted_out  " + hostile + " - 9\n");
  EXPECT_EQ(entries({}), "");
}

TEST_P(ConsentLogContract, ManyEntriesOfManyPeopleAreAllThere) {
  std::vector<ConsentEntry> many;
  std::vector<std::string> subjects;
  for (int i = 0; i < 130; ++i) {
    subjects.push_back(contact_subject("C-" + std::to_string(i)));
    for (const Channel channel : all_channels) {
      many.push_back(said(subjects.back(), channel, ConsentEvent::OptedIn, "form", at_second(i), at_second(1000)));
    }
  }
  ASSERT_TRUE(run(stores_->consents().append(many)));
  auto back = run(stores_->consents().list(subjects)).value();
  EXPECT_EQ(back.size(), many.size());
  EXPECT_TRUE(std::ranges::is_permutation(back, many));
}

TEST_P(MessageIndexContract, AMessageIsFoundByTheCarriersOwnIdAndWhatIsUnknownIsLeftOut) {
  const DeliveryId one = make_delivery_id(CampaignNumber{7}, 1);
  const DeliveryId two = make_delivery_id(CampaignNumber{8}, 2);
  MessageIndex& index = stores_->messages();
  ASSERT_TRUE(run(index.add({{"862a8790-60c0", one}, {hostile, two}, {"862a8790-60c0", one}})));
  ASSERT_TRUE(run(index.add({})));
  stores_->reopen();
  EXPECT_EQ(run(stores_->messages().find({"862a8790-60c0", "unknown", hostile, hostile})).value(),
            (std::map<std::string, DeliveryId>{{"862a8790-60c0", one}, {hostile, two}}));
  EXPECT_TRUE(run(stores_->messages().find({})).value().empty());
  ASSERT_TRUE(run(stores_->messages().add({{"862a8790-60c0", two}})));
  EXPECT_EQ(run(stores_->messages().find({"862a8790-60c0"}))->begin()->second, two);
}

TEST_P(TokenStoreContract, ATokenIsFoundByItsIdUntilItIsRevokedByItsName) {
  const auto create = [&](std::string id, std::string name, ScopeSet scopes) {
    return run(stores_->tokens().create(StoredToken{.id = std::move(id),
                                                    .name = std::move(name),
                                                    .scopes = scopes,
                                                    .secret_hash = "$scrypt$" + hostile,
                                                    .created_at = at_second(7)}));
  };
  ASSERT_TRUE(create("id-b", "beta", {Scope::Send, Scope::Read}));
  ASSERT_TRUE(create("id-a", "alpha", {Scope::Write}));
  EXPECT_EQ(create("id-c", "beta", {Scope::Read}).error().kind, ErrorKind::Conflict);
  EXPECT_EQ(create("id-a", "gamma", {Scope::Read}).error().kind, ErrorKind::Conflict);
  stores_->reopen();
  const StoredToken back = run(stores_->tokens().find("id-b")).value();
  EXPECT_EQ(back.name, "beta");
  EXPECT_EQ(back.scopes, (ScopeSet{Scope::Read, Scope::Send}));
  EXPECT_EQ(back.secret_hash, "$scrypt$" + hostile);
  EXPECT_EQ(back.created_at, at_second(7));
  EXPECT_EQ(run(stores_->tokens().find("id-c")).error().kind, ErrorKind::NotFound);
  const auto listed = [&] {
    std::string text;
    const auto all = run(stores_->tokens().list()).value();
    for (const StoredToken& one : all) text += one.id + " " + one.name + " " + to_string(one.scopes) + "; ";
    return text;
  };
  EXPECT_EQ(listed(), "id-a alpha write; id-b beta read,send; ");
  EXPECT_EQ(run(stores_->tokens().revoke("beta")), true);
  EXPECT_EQ(run(stores_->tokens().revoke("beta")), false);
  EXPECT_EQ(run(stores_->tokens().find("id-b")).error().kind, ErrorKind::NotFound);
  EXPECT_EQ(listed(), "id-a alpha write; ");
  EXPECT_TRUE(create("id-d", "beta", {Scope::Read})) << "the name is free again";
}

TEST_P(RunHistoryStoreContract, WhatWasSavedLastIsThereAfterARestart) {
  const CampaignNumber campaign = create_campaign("one");
  EXPECT_TRUE(run(stores_->runs().load(campaign))->empty());
  ASSERT_TRUE(run(stores_->runs().save(campaign, "first")));
  const std::string longest(100'000, 'h');
  ASSERT_TRUE(run(stores_->runs().save(campaign, longest)));
  ASSERT_TRUE(run(stores_->runs().save(create_campaign("two"), "other")));
  stores_->reopen();
  const auto runs = run(stores_->runs().load(campaign)).value();
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs.at(0).history, longest);
  EXPECT_TRUE(runs.at(0).is_own);
}

const auto name_of = [](const auto& test) { return test.param.name; };
INSTANTIATE_TEST_SUITE_P(Stores, CampaignStoreContract, ::testing::ValuesIn(all_storages()), name_of);
INSTANTIATE_TEST_SUITE_P(Stores, SegmentStoreContract, ::testing::ValuesIn(all_storages()), name_of);
INSTANTIATE_TEST_SUITE_P(Stores, TemplateStoreContract, ::testing::ValuesIn(all_storages()), name_of);
INSTANTIATE_TEST_SUITE_P(Stores, SuppressionStoreContract, ::testing::ValuesIn(all_storages()), name_of);
INSTANTIATE_TEST_SUITE_P(Stores, ConsentLogContract, ::testing::ValuesIn(all_storages()), name_of);
INSTANTIATE_TEST_SUITE_P(Stores, MessageIndexContract, ::testing::ValuesIn(all_storages()), name_of);
INSTANTIATE_TEST_SUITE_P(Stores, TokenStoreContract, ::testing::ValuesIn(all_storages()), name_of);
INSTANTIATE_TEST_SUITE_P(Stores, RunHistoryStoreContract, ::testing::ValuesIn(all_storages()), name_of);

}  // namespace
}  // namespace clarion::testing
