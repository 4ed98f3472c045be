// A notice as an e-mail: RFC 5322 with MIME (RFC 2045, 2047), ready for the wire.
// Pure. Plain text, because that is what no mail program garbles.
#pragma once

#include <string>
#include <string_view>

#include "daemon/core/mail_address.h"
#include "daemon/outbox/notice.h"
#include "daemon/outbox/service.h"

namespace pw {

// The message with CRLF line ends, every line of visible ASCII and, but for ids and
// addresses, at most 78 characters, so that nothing in a stranger's text can begin a header, end
// the message or be changed on its way. `sink.from` and `sink.to` parse as mailboxes.
//
// Message-ID is the delivery's id at the sender's domain, the same on every attempt:
// what arrives twice can be told. A correction answers the finding's own message
// (References), so that both stand in one thread. Auto-Submitted (RFC 3834) keeps
// holiday programs quiet.
std::string mail_message(const SinkTarget& sink, const Notice& notice, const Sending& sending,
                         Instant now);

// RFC 2047: visible ASCII as it is, folded at spaces, everything else as words of UTF-8 in base64,
// no longer than 75 characters each and cut between characters; folded after `used` characters of
// the first line.
std::string encoded_words(std::string_view text, std::size_t used);

// `text` in lines of at most `width` characters, broken at spaces where there are
// any; line breaks stay.
std::string wrapped(std::string_view text, std::size_t width);

}  // namespace pw
