#pragma once
// Sending: what a process that opens the records sends.

namespace clarion {

enum class Sending : unsigned char {
  Nothing,     // it only looks; nobody can ask it over HTTP
  OnRequest,   // what it is asked to, over HTTP too; what an earlier process left running waits
  ContinueAll  // that goes on as well
};

}  // namespace clarion
