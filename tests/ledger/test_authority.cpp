#include "tests/ledger/test_authority.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace pw::test {
namespace {

void write(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TestAuthority::TestAuthority(std::string folder) : folder_(std::move(folder)) {
  write(folder_ + "/serial", "01\n");
  write(folder_ + "/ts.cnf",
        "[tsa]\ndefault_tsa = t\n[t]\nserial = " + folder_ + "/serial\nsigner_cert = " + folder_ +
            "/tsa.pem\nsigner_key = " + folder_ +
            "/tsa.key\ndefault_policy = 1.2.3.4.1\ndigests = sha256\nsigner_digest = sha256\n"
            "ess_cert_id_alg = sha256\ntsa_name = yes\n");
  write(folder_ + "/ext.cnf", "extendedKeyUsage = critical,timeStamping\n");
  const std::string ec = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes ";
  run("req -x509 " + ec + "-days 30 -subj '/CN=Test root' -keyout ca.key -out ca.pem");
  run("req " + ec + "-subj '/CN=Test authority' -keyout tsa.key -out tsa.csr");
  run("x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile ext.cnf "
      "-out tsa.pem");
}

std::string TestAuthority::reply(const std::string& query) const {
  write(folder_ + "/query.tsq", query);
  run("ts -reply -config ts.cnf -section t -queryfile query.tsq -out reply.tsr");
  return read(folder_ + "/reply.tsr");
}

std::string TestAuthority::certificate() const { return read(folder_ + "/ca.pem"); }

void TestAuthority::run(const std::string& arguments) const {
  const std::string command =
      "cd '" + folder_ + "' && openssl " + arguments + " >openssl.log 2>&1 </dev/null";
  if (std::system(command.c_str()) != 0)
    throw std::runtime_error("openssl " + arguments + ": " + read(folder_ + "/openssl.log"));
}

}  // namespace pw::test
