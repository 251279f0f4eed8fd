#pragma once
// ResponseModel: how likely one contact is to respond on one channel, as a Beta distribution.
//
// Algorithm  beta-binomial with two levels of shrinkage. A contact's own counts decay with a half-life and are
//            shrunk to its segment (country x age band); a segment's to the whole; the whole to a stated prior. The
//            strength of each pull is estimated from the audience itself by the method of moments (Kleinman 1973,
//            "Proportions with extraneous variance", JASA 68), not chosen.
// Counts     what came of Clarion's own messages (response_evidence.h), and imported ones as what was known before.
// Scores     an imported preference in [0, 1] is no response rate: it moves the segment's rate by how far it is
//            from the channel's average preference, with the weight of a few messages.
// Opt-outs   the share of messages that were answered by an opt-out or a complaint, raised by what the contact got
//            this week.
// Threads    immutable once learned; share it.

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstdint>
#include <memory>

#include "base/clock.h"
#include "decision/contact_history.h"
#include "decision/response_evidence.h"
#include "domain/contact.h"

namespace clarion {

struct ResponsePriors {
  // What is assumed before any message was sent, worth `strength` messages. Assumptions of this program, not
  // measurements: a few hundred messages outweigh them.
  PerChannel<double> response{{0.05, 0.08, 0.02}};
  PerChannel<double> opt_out{{0.004, 0.004, 0.002}};
  double strength = 20;
  double half_life_days = 30;
  double preference_weight = 4;  // messages that one imported score is worth
  double fatigue = 0.25;         // opt-out risk grows by this for each message of the last 7 days
};

// A Beta distribution by its mean and the number of messages it is worth.
struct Posterior {
  double mean = 0;
  double effective_n = 0;  // alpha + beta
};

// What is expected of one contact on one channel, and from what.
struct ResponseEstimate {
  Posterior response;
  EvidenceCounts own;  // the contact's own messages and responses, decayed
  double segment = 0;  // the rate that they are shrunk to
};

class ResponseModel {
 public:
  // Learns nothing: every answer is the prior and the contact's own counts.
  explicit ResponseModel(ResponsePriors priors = {});

  // contact_hash is hash64(contact.id).
  [[nodiscard]] ResponseEstimate estimate(const Contact& contact, std::uint64_t contact_hash, Channel channel,
                                          WallTime now) const;
  [[nodiscard]] Posterior response(const Contact& contact, Channel channel, WallTime now) const;
  // Chance that this message makes the contact opt out. `messages_this_week` are those of the last 7 days.
  [[nodiscard]] double opt_out_risk(Channel channel, std::int32_t messages_this_week) const;

  [[nodiscard]] Posterior whole(Channel channel) const { return levels_[channel].whole; }
  // The segment's posterior; the whole's mean with no own evidence for an unseen segment.
  [[nodiscard]] Posterior segment(const Contact& contact, Channel channel) const;
  // How many messages of its own a contact or segment needs to count as much as the level above.
  [[nodiscard]] double contact_strength(Channel channel) const { return levels_[channel].contact_strength; }
  [[nodiscard]] double segment_strength(Channel channel) const { return levels_[channel].segment_strength; }
  [[nodiscard]] std::size_t contacts_seen() const { return contacts_seen_; }

 private:
  friend class ResponseLearner;
  struct Level {
    Posterior whole;
    double contact_strength = 0;
    double segment_strength = 0;
    double mean_preference = 0.5;
    double opt_out = 0;
  };
  using Segments = boost::unordered_flat_map<std::uint32_t, PerChannel<Posterior>>;

  ResponsePriors priors_;
  PerChannel<Level> levels_;
  Segments segments_;
  std::shared_ptr<const ResponseEvidence> evidence_;
  std::size_t contacts_seen_ = 0;
};

// Adds up contacts in one pass, then makes the model. A sample of some ten thousand teaches as much as a million.
class ResponseLearner {
 public:
  // Without evidence it learns from the contacts' imported counts alone.
  explicit ResponseLearner(WallTime now, ResponsePriors priors = {},
                           std::shared_ptr<const ResponseEvidence> evidence = nullptr)
      : priors_(priors), now_(now), evidence_(std::move(evidence)) {}
  void add(const Contact& contact);
  [[nodiscard]] ResponseModel finish() const;

 private:
  // What it takes to compare groups (contacts or segments) with the level above them.
  struct Moments {
    double groups = 0;
    double sent = 0;
    double responded = 0;
    double sent_squared = 0;      // sum of n^2
    double responded_over_n = 0;  // sum of r^2 / n

    void add(double group_sent, double group_responded);
    [[nodiscard]] double squares() const;  // n-weighted squares of the groups' rates around their common rate
    [[nodiscard]] double freedom() const;  // degrees of freedom of squares()
    [[nodiscard]] double growth() const;   // how fast squares() grows with the variance between groups
  };
  struct Sums {
    double preference = 0;
    double preferences = 0;
    double ever_sent = 0;
    double opted_out = 0;
  };

  ResponsePriors priors_;
  WallTime now_;
  std::shared_ptr<const ResponseEvidence> evidence_;
  std::size_t contacts_ = 0;
  boost::unordered_flat_map<std::uint32_t, PerChannel<Moments>> segments_;
  PerChannel<Sums> sums_;
};

// Country and age band (unknown, below 18, 18-24, 25-34, 35-44, 45-54, 55-64, 65 and over) in one number.
[[nodiscard]] std::uint32_t segment_key(const Contact& contact);

}  // namespace clarion
