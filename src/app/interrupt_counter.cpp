#include "app/interrupt_counter.h"

#include <csignal>

namespace clarion {
namespace {

volatile std::sig_atomic_t interrupts = 0;

void count(int) {
  interrupts = interrupts + 1;
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

}  // namespace

InterruptCounter::InterruptCounter() {
  interrupts = 0;
  std::signal(SIGINT, &count);
  std::signal(SIGTERM, &count);
}

InterruptCounter::~InterruptCounter() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

bool InterruptCounter::is_interrupted() {
  return interrupts > 0;
}

}  // namespace clarion
