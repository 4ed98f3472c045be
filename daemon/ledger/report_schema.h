// What report.json and report.csv hold, for programs that read them: published
// beside every report, and installed.
#pragma once

#include <string_view>

namespace pw {

// JSON Schema, draft 2020-12.
inline constexpr std::string_view json_schema_file = "report.schema.json";
std::string_view report_json_schema();

// CSV on the Web (W3C, Metadata Vocabulary for Tabular Data, 17 December 2015); the
// name is the one that its section 5.2 looks for.
inline constexpr std::string_view csv_schema_file = "report.csv-metadata.json";
std::string_view report_csv_schema();

}  // namespace pw
