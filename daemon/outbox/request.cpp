#include "daemon/outbox/request.h"

#include "daemon/outbox/mail.h"
#include "daemon/outbox/service.h"
#include "daemon/outbox/webhook_signature.h"

namespace pw {
namespace {

HttpRequest mail_request(const SinkTarget& target, const Notice& notice, const Sending& sending,
                         Instant now) {
  HttpRequest request;
  request.method = "MAIL";
  request.url = target.url;
  request.body = mail_message(target, notice, sending, now);
  return request;
}

HttpRequest program_request(const SinkTarget& target, const Delivery& delivery) {
  HttpRequest request;
  request.method = "RUN";
  request.url = target.url;
  request.headers = {{"pledgewatch-delivery", delivery.row.id}};
  if (delivery.maybe_duplicate) request.headers.push_back({"pledgewatch-maybe-duplicate", "true"});
  request.body = delivery.row.body;
  return request;
}

}  // namespace

Result<HttpRequest> delivery_request(const SinkTarget& target, const std::vector<WebhookKey>& keys,
                                     const Delivery& delivery, Instant now) {
  if (target.type == SinkType::exec) return program_request(target, delivery);
  if (target.type != SinkType::webhook) {
    const Result<Notice> notice = parse_notice(delivery.row.body);
    if (!notice) return notice.error();
    const Sending sending{delivery.row.id, delivery.maybe_duplicate};
    if (target.type == SinkType::email) return mail_request(target, *notice, sending, now);
    return service_request(target, *notice, sending);
  }
  HttpRequest request;
  request.method = "POST";
  request.url = target.url;
  const bool plain = target.cloud_source.empty();
  request.body = plain ? delivery.row.body
                       : cloud_event(delivery.row.body, delivery.row.id, target.cloud_source);
  request.redirects = Redirects::refuse;
  request.allowance = &target.allowance;
  auto headers = sign_webhook(keys, delivery.row.id, now, request.body);
  if (!headers) return headers.error();
  request.headers = *std::move(headers);
  request.headers.push_back(
      {"content-type", plain ? "application/json" : "application/cloudevents+json"});
  if (delivery.maybe_duplicate) request.headers.push_back({"pledgewatch-maybe-duplicate", "true"});
  return request;
}

}  // namespace pw
