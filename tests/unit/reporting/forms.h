#ifndef HUIFANG_TESTS_UNIT_REPORTING_FORMS_H_
#define HUIFANG_TESTS_UNIT_REPORTING_FORMS_H_

#include <map>
#include <string>

#include "huifang/reporting/v1/reporting_resources.pb.h"
#include "services/reporting/labels.h"

namespace huifang::reporting {

// The parts of a ZIP file by name, read by another library call than wrote it.
std::map<std::string, std::string> Unzip(const std::string& bytes);

// Expects of the parts of a Word document that they are there, well formed, and
// name no picture and no style that there is not.
void ExpectSoundDocx(const std::map<std::string, std::string>& parts);

// What a reader can get out of each form of a report, by the form's name: HTML,
// CSV and the parts of DOCX and XLSX but for when they were written, in both
// languages, and the message itself.
std::map<std::string, std::string> Forms(const v1::Report& report);

}  // namespace huifang::reporting

#endif  // HUIFANG_TESTS_UNIT_REPORTING_FORMS_H_
