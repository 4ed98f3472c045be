// What a command beside the service makes of secrets that it does not get.
#include <cstdlib>

#include <catch2/catch.hpp>

#include "daemon/app/setup.h"
#include "tests/store/support/temp_folder.h"

using namespace pw;

TEST_CASE("a credential of the service's is stood in for; what can be read is read") {
  using Kind = SecretName::Kind;
  unsetenv("CREDENTIALS_DIRECTORY");
  const auto first = secret_beside_service({Kind::credential, "token"});
  const auto second = secret_beside_service({Kind::credential, "token"});
  REQUIRE(first);
  REQUIRE(second);
  CHECK(*first != *second);  // nobody can know it, and no two people share one
  CHECK(first->starts_with("https://credential.invalid/"));  // RFC 2606: resolves nowhere
  CHECK_FALSE(secret_beside_service({Kind::file, "/nonexistent/secret"}));

  const TempFolder folder;
  setenv("CREDENTIALS_DIRECTORY", folder.path().c_str(), /*overwrite=*/1);
  CHECK_FALSE(is_for_service_alone({Kind::credential, "token"}));
  CHECK_FALSE(secret_beside_service({Kind::credential, "token"}));  // the service would miss it too
  unsetenv("CREDENTIALS_DIRECTORY");
}
