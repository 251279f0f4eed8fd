#include "api/work_metrics_text.h"

#include <fmt/format.h>

namespace clarion {

void append_work_metrics(std::string& out, const WorkStatus& status) {
  out += fmt::format(
      "# HELP clarion_work_queue_up Whether the work queue answered last; without it work is found in the ledger.\n"
      "# TYPE clarion_work_queue_up gauge\n"
      "clarion_work_queue_up {}\n"
      "# HELP clarion_work_references_held References of the work queue that this process holds.\n"
      "# TYPE clarion_work_references_held gauge\n"
      "clarion_work_references_held {}\n",
      status.outage.empty() ? 1 : 0, status.references_held);
  if (!status.depth) return;
  out += fmt::format(
      "# HELP clarion_work_queue_references References in the work queue, of all processes, as seen last.\n"
      "# TYPE clarion_work_queue_references gauge\n"
      "clarion_work_queue_references{{state=\"waiting\"}} {}\n"
      "clarion_work_queue_references{{state=\"held\"}} {}\n"
      "clarion_work_queue_references{{state=\"delayed\"}} {}\n",
      status.depth->waiting, status.depth->held, status.depth->delayed);
}

}  // namespace clarion
