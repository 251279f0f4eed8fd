// carrier_stand_in MOST_LATENCY_MS SEED: a CarrierStandIn in a process of its own. Prints its port, then serves until
// its standard input ends, which is when whoever started it ends.

#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <cstdio>
#include <cstdlib>
#include <thread>

#include "support/carrier_stand_in.h"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  boost::asio::io_context context{1};
  clarion::testing::CarrierStandIn carrier(context, std::chrono::milliseconds(std::atoi(argv[1])),
                                           static_cast<std::uint64_t>(std::atoll(argv[2])));
  std::printf("%u\n", static_cast<unsigned>(carrier.port()));
  std::fflush(stdout);
  boost::asio::co_spawn(context, carrier.serve(), boost::asio::detached);
  std::thread parent([&context] {
    char byte = 0;
    while (read(STDIN_FILENO, &byte, 1) > 0) {
    }
    context.stop();
  });
  context.run();
  parent.join();
  return 0;
}
