#include "app/interrupt_counter.h"

#include <array>
#include <csignal>

namespace clarion {
namespace {

constexpr std::array counted{SIGINT, SIGTERM, SIGHUP};

volatile std::sig_atomic_t interrupts = 0;

void handle_all(void (*handler)(int)) {
  for (const int number : counted) {
    // Started by nohup: a terminal that closes is none of our business, before or after.
    if (std::signal(number, handler) == SIG_IGN && number == SIGHUP) std::signal(number, SIG_IGN);
  }
}

void count(int) {
  interrupts = interrupts + 1;
  if (interrupts >= 2) handle_all(SIG_DFL);
}

}  // namespace

InterruptCounter::InterruptCounter() {
  interrupts = 0;
  handle_all(&count);
}

InterruptCounter::~InterruptCounter() {
  handle_all(SIG_DFL);
}

bool InterruptCounter::is_interrupted() {
  return interrupts > 0;
}

void InterruptCounter::let_next_end() {
  handle_all(SIG_DFL);
}

}  // namespace clarion
