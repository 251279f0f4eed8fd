#pragma once
// ContactUpload: a file of contacts that came over HTTP, and what became of its rows. The same reader and the same
// rules as `clarion import FILE`.

#include <functional>
#include <string>

#include "audience/contact_reader.h"
#include "base/result.h"
#include "base/task.h"

namespace clarion {

struct ContactUpload {
  std::string file;  // its bytes
  ContactFormat format = ContactFormat::Auto;
  bool is_dry_run = false;  // read and count, keep nothing
};

struct ContactUploadResult {
  ImportSummary summary;
  std::string rejected_csv;  // refused rows with line, row, column and reason; empty when there are none
};

// Errors as an import's: Conflict while another one is under way, Invalid for a file that is none.
using ContactUploader = std::function<Task<Result<ContactUploadResult>>(ContactUpload)>;

}  // namespace clarion
