#pragma once
// The commands of the program, one file each; main.cpp is their table of contents.
//
// Exit codes  0 done, 1 failed, 2 wrong use, 3 finished with failures.

#include <CLI/CLI.hpp>

#include <functional>

namespace clarion {

inline constexpr int exit_done = 0;
inline constexpr int exit_failed = 1;
inline constexpr int exit_wrong_use = 2;
inline constexpr int exit_with_failures = 3;

// What the command line asks for; run after it has been read whole. Returns the exit code.
using Command = std::function<int()>;

// Each adds its subcommand, which sets `chosen` when it is the one given.
void add_serve_command(CLI::App& app, Command& chosen);
void add_seed_command(CLI::App& app, Command& chosen);
void add_import_command(CLI::App& app, Command& chosen);
void add_query_command(CLI::App& app, Command& chosen);
void add_send_command(CLI::App& app, Command& chosen);
void add_campaigns_command(CLI::App& app, Command& chosen);
void add_deliveries_command(CLI::App& app, Command& chosen);
void add_export_command(CLI::App& app, Command& chosen);
void add_doctor_command(CLI::App& app, Command& chosen);
void add_token_command(CLI::App& app, Command& chosen);
void add_settings_command(CLI::App& app, Command& chosen);

}  // namespace clarion
