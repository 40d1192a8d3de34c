import Packets
import Protocols
import Testing

/// What a framer delivered, as text.
struct FramedStream: Equatable {
  struct Message: Equatable {
    var text: String
    var faults: [String]
    var skipped: Int
    var isCut: Bool
  }

  var messages: [Message] = []
  var keepAlives = 0
  var skipped = 0
  var verdict = SIPStreamVerdict.undecided

  var starts: [String] { messages.map { String($0.text.prefix { $0 != "\r\n" && $0 != "\n" }) } }

  mutating func append(_ bytes: Bytes, _ note: SIPFrameNote) {
    var text: [UInt8] = []
    for index in bytes.indices { text.append(bytes[index]) }
    messages.append(
      Message(
        text: String(decoding: text, as: UTF8.self), faults: note.faults.map { String($0.name.dropFirst(4)) },
        skipped: note.skippedByteCount, isCut: note.isCut))
  }

  mutating func take(_ framer: SIPStreamFramer) {
    (keepAlives, skipped, verdict) = (framer.keepAliveCount, framer.skippedByteCount, framer.verdict)
  }

  /// Feeds chunks to a new framer and ends the stream.
  static func framing(
    _ chunks: [ArraySlice<UInt8>], limits: SIPStreamLimits = SIPStreamLimits(), finish: Bool = true
  ) -> FramedStream {
    var framer = SIPStreamFramer(limits: limits)
    var result = FramedStream()
    for chunk in chunks { framer.feed(Array(chunk).span) { result.append($0, $1) } }
    if finish { framer.finish { result.append($0, $1) } }
    result.take(framer)
    return result
  }

  static func framing(_ text: String, limits: SIPStreamLimits = SIPStreamLimits()) -> FramedStream {
    framing([Array(text.utf8)[...]], limits: limits)
  }
}

struct StreamFramerTests {
  private func message(_ method: String, body: String = "", lengthName: String = "Content-Length") -> String {
    let lines = ExampleMessages.request(method).dropLast() + ["\(lengthName): \(body.utf8.count)"]
    return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
  }

  /// All that a stream may carry between its messages, and messages of every shape.
  private var stream: String {
    let response = "SIP/2.0 200 OK\r\nCSeq: 1 MESSAGE\r\nl : \r\n 3\r\n\r\nabc"
    return "\r\n\r\n" + message("MESSAGE", body: "hello")
      + message("INVITE", body: ExampleMessages.description)
      + "\r\n\r\n" + response + "garbage of some kind\r\nand more\r\n" + message("OPTIONS", lengthName: "L")
      + "INVITE sip:broken\r\nVia: SIP/2.0/TCP h\r\nl: 2\r\n\r\nxy"
      + "INFO 12:00 is no message\r\n\r\n" + message("BYE").replacing("\r\n", with: "\n")
      + "REGISTER sip:cut SIP/2.0\r\nVia: SIP/2.0/TCP h\r\n" + message("ACK") + "\r\n"
  }

  @Test
  func `a stream gives its messages by Content-Length`() {
    let result = FramedStream.framing(stream)
    #expect(
      result.starts == [
        "MESSAGE sip:bob@example.com SIP/2.0", "INVITE sip:bob@example.com SIP/2.0", "SIP/2.0 200 OK",
        "OPTIONS sip:bob@example.com SIP/2.0", "INVITE sip:broken", "BYE sip:bob@example.com SIP/2.0",
        "REGISTER sip:cut SIP/2.0", "ACK sip:bob@example.com SIP/2.0",
      ])
    #expect(result.messages[0].text.hasSuffix("\r\n\r\nhello"))
    #expect(result.messages[1].text.hasSuffix(ExampleMessages.description))
    #expect(result.messages[2].text.hasSuffix("abc"))
    #expect(result.messages[4].text.hasSuffix("xy"))
    #expect(
      result.messages.map(\.faults) == [[], [], [], ["stream_garbage"], [], ["stream_garbage"], [], []])
    #expect(result.messages[3].skipped == 32)
    #expect(result.messages[5].skipped == 28)
    #expect(result.skipped == 60)
    #expect(result.keepAlives == 3)
    #expect(result.verdict == .sip)
  }

  @Test
  func `every cut of a stream into two chunks gives the same messages`() {
    let bytes = Array(stream.utf8)
    let whole = FramedStream.framing(stream)
    for cut in 0...bytes.count {
      #expect(FramedStream.framing([bytes[..<cut], bytes[cut...]]) == whole, "cut at \(cut)")
    }
  }

  @Test(arguments: [1, 2, 3, 5, 7, 16, 61, 256])
  func `chunks of any size give the same messages`(size: Int) {
    let bytes = Array(stream.utf8)
    let chunks = stride(from: 0, to: bytes.count, by: size).map { bytes[$0..<min($0 + size, bytes.count)] }
    #expect(FramedStream.framing(chunks) == FramedStream.framing(stream))
  }

  @Test
  func `random chunks give the same messages`() {
    let bytes = Array(stream.utf8)
    let whole = FramedStream.framing(stream)
    var random = SeededGenerator(seed: 20_260_301)
    for _ in 0..<300 {
      var cuts = (0..<6).map { _ in Int.random(in: 0...bytes.count, using: &random) }
      cuts = [0] + cuts.sorted() + [bytes.count]
      let chunks = zip(cuts, cuts.dropFirst()).map { bytes[$0..<$1] }
      #expect(FramedStream.framing(chunks) == whole, "seed 20260301, cuts \(cuts)")
    }
  }

  @Test
  func `a stream picked up in the middle finds the next message without blaming it`() {
    let result = FramedStream.framing("tail of a body\r\nmore\r\n" + message("OPTIONS"))
    #expect(result.starts == ["OPTIONS sip:bob@example.com SIP/2.0"])
    #expect(result.messages[0].faults == [])
    #expect(result.messages[0].skipped == 22)
  }

  @Test
  func `a stream picked up anywhere in a message finds the next one`() {
    let programs = ["User-Agent: Yate/6.4", "Server: a b/1 Phone/1.0"]
    let lines = ExampleMessages.request("OPTIONS", extra: programs)
    let first = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    for start in 1..<first.count {
      for size in [1, 10_000] {
        let bytes = first[start...] + Array(message("BYE").utf8)
        let chunks = stride(from: start, to: start + bytes.count, by: size).map {
          bytes[$0..<min($0 + size, bytes.endIndex)]
        }
        let result = FramedStream.framing(chunks)
        #expect(result.starts.last == "BYE sip:bob@example.com SIP/2.0", "picked up at \(start)")
      }
    }
  }

  @Test(arguments: ["User-Agent: HTTP/1.1", "X-Gateway : http/1.1", " b RTSP/1.0", "Server: x ICAP/1.0"])
  func `no header of a message makes its stream that of another protocol`(header: String) {
    let result = FramedStream.framing(header + "\r\nSubject: x\r\n\r\n" + message("BYE"))
    #expect(result.starts == ["BYE sip:bob@example.com SIP/2.0"])
  }

  @Test(arguments: [
    "GET / HTTP/1.1\r\nHost: x\r\n", "HTTP/1.1 200 OK\r\n", "OPTIONS rtsp://x RTSP/1.0\r\n", "SSH-2.0-x\r\n",
    "OPTIONS * HTTP/1.1\r\n", "OPTIONS icap://x/y ICAP/1.0\r\n", "\u{16}\u{3}\u{1}\u{2}",
  ])
  func `another protocol is given up at its first line`(text: String) {
    var framer = SIPStreamFramer()
    let bytes = Array((text + message("OPTIONS")).utf8)
    framer.feed(bytes.span) { _, _ in Issue.record("nothing to deliver") }
    #expect(framer.verdict == .notSIP)
    #expect(framer.bufferedByteCount == 0)
  }

  @Test
  func `a stream that never shows a message is given up, with or without lines`() {
    for unit in ["no message\r\n", "x", "\u{0}", "INFO 1\r\n", "SIP/2.0\r\n", "INVITE ", "\r\n"] {
      var framer = SIPStreamFramer()
      let bytes = Array(String(repeating: unit, count: 400).utf8)
      for _ in 0..<400 {
        framer.feed(bytes.span) { _, _ in Issue.record("nothing to deliver") }
        #expect(framer.bufferedByteCount <= framer.limits.header + bytes.count)
      }
      let isQuiet = unit == "\r\n" || unit == "\u{0}"
      #expect(framer.verdict == (isQuiet ? .undecided : .notSIP), "\(unit)")
    }
  }

  @Test
  func `a message without a length has no body and its body is no garbage`() {
    let lines = ExampleMessages.request("MESSAGE").dropLast() + ["Content-Type: text/plain"]
    let text = lines.joined(separator: "\r\n") + "\r\n\r\nhello\r\n" + message("OPTIONS")
    let result = FramedStream.framing(text)
    #expect(result.messages.count == 2)
    #expect(result.messages[0].text.hasSuffix("\r\n\r\n"))
    #expect(result.messages[1].faults == [])
    #expect(result.messages[1].skipped == 7)
  }

  @Test(arguments: ["-5", "x", "99999999999999999999", "4294967295", "300000"])
  func `a length that cannot be believed does not swallow the next message`(length: String) {
    let lines =
      ExampleMessages.request("MESSAGE").dropLast() + ["c: text/plain", "Content-Length: \(length)"]
    let text = lines.joined(separator: "\r\n") + "\r\n\r\nhello\r\n" + message("OPTIONS")
    let result = FramedStream.framing(text)
    #expect(result.starts.last == "OPTIONS sip:bob@example.com SIP/2.0")
    #expect(result.messages.count == 2)
  }

  @Test
  func `a header section without end is cut at the limit`() {
    var limits = SIPStreamLimits()
    limits.header = 2000
    let endless = "OPTIONS sip:x SIP/2.0\r\n" + String(repeating: "X-Y: z\r\n", count: 500)
    for size in [10, 100_000] {
      let bytes = Array((endless + "\r\n" + message("BYE")).utf8)
      let chunks = stride(from: 0, to: bytes.count, by: size).map { bytes[$0..<min($0 + size, bytes.count)] }
      let result = FramedStream.framing(chunks, limits: limits)
      #expect(result.messages.count == 2)
      #expect(result.messages[0].faults == ["oversized_message"])
      #expect(result.messages[0].isCut)
      #expect(result.starts[1] == "BYE sip:bob@example.com SIP/2.0")
    }
  }

  @Test
  func `a gap within a body keeps the framing when it is small enough`() {
    let body = String(repeating: "b", count: 100)
    let bytes = Array((message("MESSAGE", body: body) + message("BYE")).utf8)
    let bodyStart = message("MESSAGE", body: body).utf8.count - 100
    var framer = SIPStreamFramer()
    var result = FramedStream()
    framer.feed(Array(bytes[..<(bodyStart + 10)]).span) { result.append($0, $1) }
    framer.gap(byteCount: 50) { result.append($0, $1) }
    framer.feed(Array(bytes[(bodyStart + 60)...]).span) { result.append($0, $1) }
    #expect(result.starts == ["MESSAGE sip:bob@example.com SIP/2.0", "BYE sip:bob@example.com SIP/2.0"])
    #expect(result.messages.map(\.faults) == [["stream_gap"], []])
    #expect(result.messages.map(\.isCut) == [true, false])
  }

  @Test
  func `a gap that ends anywhere is followed by the next whole message`() {
    let one = message("MESSAGE", body: "hello")
    let bytes = Array((one + message("INVITE", body: "offer") + message("BYE")).utf8)
    for start in one.utf8.count..<bytes.count {
      for length in [1, 40, 300] where start + length < bytes.count - message("BYE").utf8.count {
        var framer = SIPStreamFramer()
        var result = FramedStream()
        framer.feed(Array(bytes[..<start]).span) { result.append($0, $1) }
        framer.gap(byteCount: length) { result.append($0, $1) }
        framer.feed(Array(bytes[(start + length)...]).span) { result.append($0, $1) }
        #expect(result.starts.last == "BYE sip:bob@example.com SIP/2.0", "gap of \(length) at \(start)")
        #expect(result.messages.allSatisfy { !$0.faults.contains("stream_garbage") })
      }
    }
  }

  @Test
  func `a stream that ends within a message delivers what there is`() {
    let result = FramedStream.framing("INVITE sip:x SIP/2.0\r\nVia: SIP/2.0/TCP h\r\nFro")
    #expect(result.messages.map(\.faults) == [["stream_truncated"]])
    #expect(result.messages.map(\.isCut) == [true])
    #expect(FramedStream.framing("INVITE sip:x SIP/2.").messages.isEmpty)
  }
}
