#include "tests/store/support/older_store.h"

#include <filesystem>
#include <memory>
#include <set>
#include <stdexcept>
#include <vector>

#include <sqlite3.h>

#include "daemon/store/connection.h"
#include "daemon/store/schema.h"

namespace pw {
namespace {

using Rows = std::vector<std::vector<std::string>>;

class Tool {
 public:
  explicit Tool(const std::string& path) {
    if (sqlite3_open(path.c_str(), &handle_) != SQLITE_OK) fail("open " + path);
  }
  ~Tool() { sqlite3_close(handle_); }
  Tool(const Tool&) = delete;
  Tool& operator=(const Tool&) = delete;

  Rows ask(const std::string& sql) {
    Rows rows;
    const auto take = [](void* out, int count, char** values, char**) {
      auto& row = static_cast<Rows*>(out)->emplace_back();
      for (int i = 0; i < count; ++i) row.emplace_back(values[i] == nullptr ? "NULL" : values[i]);
      return 0;
    };
    if (sqlite3_exec(handle_, sql.c_str(), take, &rows, nullptr) != SQLITE_OK) fail(sql);
    return rows;
  }
  void run(const std::string& sql) { ask(sql); }

 private:
  void fail(const std::string& doing) const {
    throw std::runtime_error(doing + ": " + sqlite3_errmsg(handle_));
  }

  sqlite3* handle_ = nullptr;
};

void make_tables(int version, const std::string& path) {
  const auto database = connect(path, Access::read_write);
  if (!database) throw std::runtime_error(database.error().detail);
  const auto done = migrate(**database, version);
  if (!done) throw std::runtime_error(done.error().detail);
}

Rows tables_of(Tool& tool) {
  return tool.ask("SELECT name FROM main.sqlite_schema WHERE type = 'table' ORDER BY name");
}

// Names, and what stands in a column where nothing is said.
Rows columns_of(Tool& tool, const std::string& table) {
  return tool.ask("SELECT name, dflt_value FROM main.pragma_table_info('" + table + "')");
}

// Kinds of rows that came with a later program, in tables that it found.
void forget_kinds(Tool& tool, int version) {
  if (version >= 3) return;
  tool.run("DELETE FROM review WHERE act <> 'decide'");
  tool.run(
      "DELETE FROM attempt WHERE (sink, delivery) IN "
      "(SELECT sink, id FROM delivery WHERE state = 'withheld')");
  tool.run("DELETE FROM delivery WHERE state = 'withheld'");
}

}  // namespace

void forget_later_than(int version, const std::string& path) {
  const std::string model = path + ".model";
  make_tables(version, model);
  {
    Tool older(model);
    Tool tool(path);
    forget_kinds(tool, version);
    std::set<std::string> known;
    for (const auto& table : tables_of(older)) known.insert(table[0]);
    for (const auto& table : tables_of(tool)) {
      if (!known.contains(table[0])) {
        tool.run("DELETE FROM " + table[0]);
        continue;
      }
      std::set<std::string> columns;
      for (const auto& column : columns_of(older, table[0])) columns.insert(column[0]);
      for (const auto& column : columns_of(tool, table[0])) {
        if (columns.contains(column[0])) continue;
        tool.run("UPDATE " + table[0] + " SET " + column[0] + " = " + column[1]);
      }
    }
  }
  std::filesystem::remove(model);
}

void write_older_store(const std::string& newest, int version, const std::string& path) {
  const std::string copy = path + ".newest";
  std::filesystem::copy_file(newest, copy);
  forget_later_than(version, copy);
  make_tables(version, path);
  {
    Tool tool(path);
    tool.run("ATTACH '" + copy + "' AS newest");
    for (const auto& table : tables_of(tool)) {
      std::string names;
      for (const auto& column : columns_of(tool, table[0]))
        names += (names.empty() ? "" : ", ") + column[0];
      tool.run("INSERT INTO main." + table[0] + " (" + names + ") SELECT " + names +
               " FROM newest." + table[0]);
    }
  }
  std::filesystem::remove(copy);
}

void bring_to(int version, const std::string& path) { make_tables(version, path); }

std::string print_shape(const std::string& path) {
  Tool tool(path);
  std::string out;
  for (const auto& table : tables_of(tool))
    out += table[0] + ' ' + tool.ask("SELECT count(*) FROM " + table[0])[0][0] + '\n';
  for (const auto& row : tool.ask("SELECT type, name, sql FROM sqlite_schema ORDER BY name"))
    out += row[0] + ' ' + row[1] + ": " + row[2] + '\n';
  return out;
}

}  // namespace pw
