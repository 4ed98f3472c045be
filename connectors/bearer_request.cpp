#include "connectors/bearer_request.h"

namespace pw {

HttpRequest bearer_request(std::string url, const Query& query, const Allowance& allowance) {
  HttpRequest request{.url = std::move(url)};
  request.headers.push_back({"Accept", "application/json"});
  if (query.credential) {
    request.headers.push_back({"Authorization", "Bearer " + query.credential->token});
  }
  request.allowance = &allowance;
  return request;
}

}  // namespace pw
