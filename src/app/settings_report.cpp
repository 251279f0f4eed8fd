#include "app/settings_report.h"

#include <boost/json.hpp>

#include <vector>

#include "app/terminal.h"

namespace clarion {

boost::json::array settings_to_json(const Settings& settings) {
  boost::json::array rows;
  for (const SettingValue& value : settings.values) {
    rows.push_back(boost::json::object{{"name", value.name}, {"value", value.value}, {"source", value.source}});
  }
  return rows;
}

std::string render_settings(const Settings& settings) {
  std::vector<std::vector<std::string>> rows{{"SETTING", "VALUE", "SOURCE"}};
  for (const SettingValue& value : settings.values) rows.push_back({value.name, value.value, value.source});
  return render_table(rows);
}

}  // namespace clarion
