import Foundation
import Testing
import Values

@testable import Output

@Suite struct LineBufferTests {
  private func text(_ write: (inout LineBuffer) -> Void) -> String {
    var line = LineBuffer(capacity: 1)
    write(&line)
    return line.withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
  }

  private func quoted(_ bytes: [UInt8], limit: Int = 1024) -> String {
    let alone = text { $0.append(quoted: ByteRange(0, bytes.count), of: bytes.span, limit: limit) }
    // What stands around a text makes no difference.
    let around: [UInt8] = Array(repeating: 0x22, count: 20)
    let whole = around + bytes + around
    let range = ByteRange(around.count, around.count + bytes.count)
    let within = text { $0.append(quoted: range, of: whole.span, limit: limit) }
    #expect(within == alone)
    return within
  }

  @Test func `numbers print in full`() {
    #expect(text { $0.append(integer: .min) } == "-9223372036854775808")
    #expect(text { $0.append(unsigned: .max) } == "18446744073709551615")
    #expect(text { $0.append(integer: 0) } == "0")
    #expect(text { $0.append(7, digits: 3) } == "007")
    #expect(text { $0.append(decimal: 4.410) } == "4.41")
    #expect(text { $0.append(decimal: -0.5) } == "-0.5")
    #expect(text { $0.append(decimal: 1.9999999) } == "2")
    #expect(text { $0.append(decimal: .infinity) } == "null")
    #expect(text { $0.append(seconds: 1_500_000_000) } == "1.5")
    #expect(text { $0.append(seconds: -20_000) } == "-0.00002")
  }

  @Test func `numbers of every length print as Swift prints them`() {
    var numbers = Array(UInt64(0)...20_000)
    var power: UInt64 = 1
    for _ in 0..<19 {
      power *= 10
      numbers += [power - 1, power, power + 1, power / 10 * 7, power / 3]
    }
    for number in numbers { #expect(text { $0.append(unsigned: number) } == "\(number)") }
  }

  @Test func `what could act on a terminal or a page is escaped`() {
    #expect(quoted(Array("a\"b\\c\n\r\t".utf8)) == #""a\"b\\c\n\r\t""#)
    #expect(quoted([0x1b, 0x5b, 0x00, 0x7f]) == #""\u001b[\u0000\u007f""#)
    #expect(quoted(Array("\u{9b}31m".utf8)) == #""\u009b31m""#)
    #expect(quoted(Array("\u{202e}x\u{2028}".utf8)) == #""\u202ex\u2028""#)
    #expect(quoted(Array("\u{061c}x".utf8)) == #""\u061cx""#)
    #expect(quoted(Array("Jürgen 電話 😀".utf8)) == "\"Jürgen 電話 😀\"")
  }

  @Test func `invalid UTF-8 becomes U+FFFD as Swift's own decoder does it`() {
    let cases: [[UInt8]] = [
      [0xff], [0xc3], [0xc3, 0x28], [0xe2, 0x82], [0xf0, 0x9f, 0x98], [0xed, 0xa0, 0x80], [0xc0, 0x80],
      [0xf4, 0x90, 0x80, 0x80], [0x80, 0x80, 0x41], [0xe2, 0x28, 0xa1],
    ]
    for bytes in cases {
      #expect(quoted(bytes) == "\"" + String(decoding: bytes, as: UTF8.self) + "\"", "\(bytes)")
    }
  }

  @Test func `a long text is cut between characters and the cut is marked`() {
    #expect(quoted(Array("abcdef".utf8), limit: 4) == "\"abcd…(+2 bytes)\"")
    #expect(quoted(Array("aé😀z".utf8), limit: 5) == "\"aé…(+5 bytes)\"")
    #expect(quoted(Array(repeating: 0x80, count: 9), limit: 4).hasSuffix("…(+5 bytes)\""))
  }

  @Test func `any bytes give JSON that Foundation reads back as Swift decodes them`() throws {
    var generator = SeededGenerator(seed: 20_260_301)
    for _ in 0..<20_000 {
      let count = Int(generator.next() % 40)
      let bytes = (0..<count).map { _ in
        generator.next() % 3 == 0
          ? UInt8(truncatingIfNeeded: generator.next()) : UInt8(generator.next() % 128)
      }
      let json = "[" + quoted(bytes) + "]"
      let back = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String]
      #expect(back == [String(decoding: bytes, as: UTF8.self)], "seed 20260301, bytes \(bytes)")
    }
  }

  @Test func `every octet of an address prints as Swift prints it`() {
    for octet in UInt8.min ... .max { #expect(text { $0.append(octet: octet) } == "\(octet)") }
    #expect(text { $0.append(quoted: IPAddress(v4: 0xc000_02ff)) } == "\"192.0.2.255\"")
  }

  @Test func `timestamps have six decimals and an offset without a colon`() {
    var clock = TimestampText()
    let instant = Timestamp(seconds: 1_772_403_247, nanoseconds: 123_999)
    #expect(text { clock.append(instant, to: &$0) } == "\"2026-03-01T22:14:07.000123+0000\"")
    #expect(
      text { clock.append(Timestamp(nanoseconds: -1), to: &$0) } == "\"1969-12-31T23:59:59.999999+0000\"")
  }

  @Test func `the first and the last instant are written`() {
    var clock = TimestampText()
    let first = text { clock.append(Timestamp(nanoseconds: .min), to: &$0) }
    let last = text { clock.append(Timestamp(nanoseconds: .max), to: &$0) }
    #expect(first == "\"1677-09-21T00:12:43.145224+0000\"")
    #expect(last == "\"2262-04-11T23:47:16.854775+0000\"")
  }
}

/// SplitMix64: the same stream for the same seed on every machine.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }
}
