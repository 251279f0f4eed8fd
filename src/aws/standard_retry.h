#pragma once
// The standard retry mode of the AWS SDKs, rules of 2026: what a retry costs of a bucket of tokens, so that a broken
// service is not asked again by everybody. https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html

#include <chrono>
#include <cstdint>

namespace clarion::standard_retry {

inline constexpr std::int64_t most_tokens = 500;
inline constexpr std::int64_t fault_cost = 14;
inline constexpr std::int64_t throttle_cost = 5;
inline constexpr std::chrono::milliseconds longest_pause{20'000};

}  // namespace clarion::standard_retry
