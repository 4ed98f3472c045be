#include <random>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "daemon/http/answer_reader.h"

namespace pw {
namespace {

// Offers `bytes` in pieces, keeping what the reader leaves, then closes. The
// outcome as one line: "200 body, keep", "cut", "malformed"; "+3" are bytes
// behind the answer.
std::string read_in_pieces(std::string_view bytes, std::size_t piece, const AnswerLimits& limits,
                           Question question) {
  AnswerReader reader(limits);
  HttpResponse response;
  reader.begin(question, response);
  std::string held;
  while (!bytes.empty() && !reader.is_done()) {
    held += bytes.substr(0, piece);
    bytes.remove_prefix(std::min(piece, bytes.size()));
    const auto taken = reader.feed(held);
    if (!taken) return taken.error().code == Errc::malformed ? "malformed" : "another error";
    held.erase(0, *taken);
  }
  const bool was_done = reader.is_done();
  if (!was_done) {
    const auto ended = reader.end_of_stream();
    if (!ended) return ended.error().code == Errc::transient ? "cut" : "malformed";
  }
  std::string line = std::to_string(response.status) + " " + response.body;
  line += was_done && reader.keeps_alive() ? ", keep" : ", close";
  const std::size_t behind = held.size() + bytes.size();
  if (behind > 0) line += " +" + std::to_string(behind);
  return line;
}

std::string read_whole(std::string_view bytes, Question question = Question::ordinary) {
  return read_in_pieces(bytes, bytes.size() + 1, AnswerLimits{}, question);
}

struct Row {
  std::string_view bytes;
  std::string_view is;
};

constexpr Row rows[] = {
    {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "200 hello, keep"},
    {"HTTP/1.1 200 OK\r\ncontent-length:5\r\n\r\nhello", "200 hello, keep"},
    {"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", "malformed"},
    {"HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", "200 , keep"},
    {"HTTP/1.1 999 x\r\nContent-Length: 0\r\n\r\n", "999 , keep"},
    {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello", "200 hello, close"},
    {"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", "200 hello, close"},
    {"HTTP/1.0 200 OK\r\nContent-Length: 1\r\nConnection: keep-alive\r\n\r\nx", "200 x, keep"},
    // Without a length the close is the end.
    {"HTTP/1.1 200 OK\r\n\r\nhello", "200 hello, close"},
    {"HTTP/1.1 200 OK\r\n\r\n", "200 , close"},
    {"HTTP/1.0 200 OK\r\n\r\nhello", "200 hello, close"},
    // Chunks.
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
     "200 hello, keep"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
     "200 hello, keep"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "200 , keep"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: CHUNKED\r\n\r\n005;a=\"b\"\r\nhello\r\n0\r\nX: "
     "y\r\n\r\n",
     "200 hello, keep"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n", "cut"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", "cut"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello0\r\n\r\n", "malformed"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n", "malformed"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\nhello\r\n0\r\n\r\n", "malformed"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n", "malformed"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n", "malformed"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5 \r\nhello\r\n0\r\n\r\n", "malformed"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nhello", "malformed"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000000\r\nhello",
     "malformed"},
    // Two lengths, or a length that is none: what request smuggling is made of.
    {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     "malformed"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
     "malformed"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello", "malformed"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "malformed"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\nhello", "malformed"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
     "malformed"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: \x0b"
     "chunked\r\n\r\n0\r\n\r\n",
     "malformed"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", "malformed"},
    {"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "malformed"},
    {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", "malformed"},
    {"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nhello!", "malformed"},
    {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello", "200 hello, keep"},
    {"HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello", "malformed"},
    {"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello", "malformed"},
    {"HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\nhello", "malformed"},
    {"HTTP/1.1 200 OK\r\nContent-Length: 5 5\r\n\r\nhello", "malformed"},
    {"HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nhello", "malformed"},
    {"HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551616\r\n\r\nhello", "malformed"},
    {"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\nhello", "malformed"},
    {"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello", "cut"},
    {"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhello", "200 hell, keep +1"},
    // No body, whatever is said of it.
    {"HTTP/1.1 204 No Content\r\n\r\n", "204 , keep"},
    {"HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n", "204 , keep"},
    {"HTTP/1.1 304 Not Modified\r\nContent-Length: 30\r\n\r\n", "304 , keep"},
    {"HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n", "304 , keep"},
    // Interim answers.
    {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", "200 x, keep"},
    {"HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 103 Early\r\n\r\nHTTP/1.1 204 x\r\n\r\n",
     "204 , keep"},
    {"HTTP/1.1 100 Continue\r\n\r\n", "cut"},
    {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "malformed"},
    // Heads that two readers may understand differently.
    {"HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 0\r\n\r\n", "malformed"},
    {"HTTP/1.1 200 OK\r\nA: b\r\n\tc\r\nContent-Length: 0\r\n\r\n", "malformed"},
    {"HTTP/1.1 200 OK\r\n A: b\r\nContent-Length: 0\r\n\r\n", "malformed"},
    {"HTTP/1.1 200 OK\r\nA : b\r\nContent-Length: 0\r\n\r\n", "malformed"},
    {"HTTP/1.1 200 OK\r\nA b: c\r\nContent-Length: 0\r\n\r\n", "malformed"},
    {"HTTP/1.1 200 OK\r\n: b\r\nContent-Length: 0\r\n\r\n", "malformed"},
    {"HTTP/1.1 200 OK\r\nA\r\nContent-Length: 0\r\n\r\n", "malformed"},
    {"HTTP/1.1 200 OK\nContent-Length: 0\n\n", "cut"},
    {"HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n", "malformed"},
    {"HTTP/1.1 200 OK\r\nA: b\nContent-Length: 0\r\n\r\n", "malformed"},
    {"HTTP/1.1 200 OK\r\nA: b\rc\r\nContent-Length: 0\r\n\r\n", "malformed"},
    {"HTTP/1.1 200 OK\r\nA: \x01\r\nContent-Length: 0\r\n\r\n", "malformed"},
    {"HTTP/1.1 200 OK\r\nA: \x7f\r\nContent-Length: 0\r\n\r\n", "malformed"},
    {"HTTP/1.1 200 OK\r\nA: \xff\tb\r\nContent-Length: 0\r\n\r\n", "200 , keep"},
    {"HTTP/1.1 099 x\r\nContent-Length: 0\r\n\r\n", "malformed"},
    {"HTTP/1.1 20 x\r\nContent-Length: 0\r\n\r\n", "malformed"},
    {"HTTP/1.1 2000 x\r\nContent-Length: 0\r\n\r\n", "malformed"},
    {"HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n", "malformed"},
    {"HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n", "malformed"},
    {"HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n", "malformed"},
    {"http/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "malformed"},
    {"\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "malformed"},
    {"SSH-2.0-OpenSSH\r\n", "malformed"},
    {"\x16\x03\x01", "malformed"},
    {"HTTP/1.", "cut"},
    {"", "cut"},
    // Content codings that we did not ask for, or twice.
    {"HTTP/1.1 200 OK\r\nContent-Encoding: compress\r\nContent-Length: 1\r\n\r\nx", "malformed"},
    {"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\nContent-Length: 1\r\n\r\nx", "malformed"},
    {"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Encoding: br\r\nContent-Length: "
     "1\r\n\r\nx",
     "malformed"},
    {"HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nContent-Length: 1\r\n\r\nx", "200 x, keep"},
    {"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx", "malformed"},
    {"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n", "200 , keep"},
};

TEST_CASE("an answer is read as its row says") {
  for (const Row& row : rows) {
    INFO(row.bytes);
    CHECK(read_whole(row.bytes) == row.is);
  }
}

TEST_CASE("it does not matter in which pieces an answer comes") {
  for (const Row& row : rows) {
    for (const std::size_t piece : {1u, 2u, 3u, 4u, 5u, 7u, 16u}) {
      INFO(piece << " bytes at a time: " << row.bytes);
      CHECK(read_in_pieces(row.bytes, piece, AnswerLimits{}, Question::ordinary) == row.is);
    }
  }
}

TEST_CASE("damaged bytes never do more than fail") {
  std::mt19937 random(20200916);
  int whole = 0;
  for (int round = 0; round < 40; ++round) {
    for (const Row& row : rows) {
      std::string bytes(row.bytes);
      for (int flips = 0; flips < 3 && !bytes.empty(); ++flips) {
        bytes[random() % bytes.size()] = static_cast<char>(random());
      }
      const std::string outcome = read_in_pieces(bytes, 1 + random() % 8, {}, Question::ordinary);
      whole += outcome.find("keep") != std::string::npos ? 1 : 0;
    }
  }
  CHECK(whole > 0);
}

TEST_CASE("the answer to HEAD has no body, and neither has an opened tunnel") {
  CHECK(read_whole("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", Question::head) == "200 , keep");
  CHECK(read_whole("HTTP/1.1 200 OK\r\n\r\n", Question::connect) == "200 , keep");
  CHECK(read_whole("HTTP/1.1 200 OK\r\n\r\n\x16", Question::connect) == "200 , keep +1");
}

TEST_CASE("limits end an answer that passes them, by one byte or one field") {
  const AnswerLimits limits{
      .header_bytes_max = 100, .header_count_max = 3, .raw_bytes_max = 10, .decoded_bytes_max = 8};
  const auto read = [&](const std::string& bytes) {
    return read_in_pieces(bytes, 1000, limits, Question::ordinary);
  };
  const std::string start = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nA: ";
  const auto head = [&](std::size_t size) {
    return start + std::string(size - start.size() - 4, 'x') + "\r\n\r\n";
  };
  CHECK(read(head(100)) == "200 , keep");
  CHECK(read(head(101)) == "malformed");
  CHECK(read("HTTP/1.1 200 OK\r\n" + std::string(200, 'x')) == "malformed");
  CHECK(read("HTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n") == "200 , close");
  CHECK(read("HTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\n\r\n") == "malformed");
  CHECK(read("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n12345678") == "200 12345678, keep");
  CHECK(read("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n123456789") == "malformed");
  CHECK(read("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n") == "malformed");
  CHECK(read("HTTP/1.1 200 OK\r\n\r\n12345678") == "200 12345678, close");
  CHECK(read("HTTP/1.1 200 OK\r\n\r\n12345678901") == "malformed");
  CHECK(
      read(
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n1234\r\n4\r\n5678\r\n3\r\n") ==
      "malformed");
  CHECK(read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(200, 'x')) ==
        "malformed");
}

TEST_CASE("at most eight interim answers come before the answer") {
  std::string interim;
  for (int i = 0; i < 8; ++i) interim += "HTTP/1.1 102 Processing\r\n\r\n";
  CHECK(read_whole(interim + "HTTP/1.1 204 x\r\n\r\n") == "204 , keep");
  CHECK(read_whole(interim + "HTTP/1.1 102 x\r\n\r\nHTTP/1.1 204 x\r\n\r\n") == "malformed");
}

TEST_CASE("headers are kept verbatim and in order; trailers and interim ones are not") {
  AnswerReader reader(AnswerLimits{});
  HttpResponse response;
  response.body = "of an earlier answer";
  response.headers.add("Earlier", "answer");
  reader.begin(Question::ordinary, response);
  const std::string_view bytes =
      "HTTP/1.1 103 Early\r\nLink: x\r\n\r\n"
      "HTTP/1.1 200 OK\r\nETag: W/\"a b\"\r\nLast-Modified:  Sat, 01 Jan 2000 00:00:00 GMT \r\n"
      "X: 1\r\nx: 2\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nETag: late\r\n\r\n";
  REQUIRE(*reader.feed(bytes) == bytes.size());
  REQUIRE(reader.is_done());
  CHECK(response.body == "x");
  REQUIRE(response.headers.size() == 5);
  CHECK(response.headers.name(0) == "ETag");
  CHECK(response.headers.value(0) == "W/\"a b\"");
  CHECK(response.headers.value(1) == "Sat, 01 Jan 2000 00:00:00 GMT");
  CHECK(response.headers.find("X") == "1");
  CHECK(response.headers.value(3) == "2");
}

}  // namespace
}  // namespace pw
