import Testing
import Values

@testable import Anomaly

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Numbers in tables, compared with the C library's.
@Suite struct DecimalNumberTests {
  private static func read(_ text: String) -> DecimalNumber.Reading {
    DecimalNumber.read(Array(text.utf8).span)
  }

  private static func expectExact(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    // Safety: the text is a Swift string that lives through the call.
    let expected = unsafe strtod(text, nil)
    let reading = read(text)
    if expected.isInfinite {
      #expect(reading == .infinite, "\(text)", sourceLocation: sourceLocation)
    } else if case .number(let value) = reading {
      #expect(value.bitPattern == expected.bitPattern, "\(text)", sourceLocation: sourceLocation)
    } else {
      Issue.record("\(text) is read as \(reading)", sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: [
    "0", "-0", "+7", "1.", ".5", "-.5", "1e22", "1e23", "1e-22", "1e-23", "9007199254740992",
    "9007199254740993",
    "9007199254740993.0000000000000000000000000001", "1.7976931348623157e308", "1.7976931348623159e308",
    "1e309",
    "2.2250738585072011e-308", "2.2250738585072014e-308", "4.9e-324", "2.4703282292062327e-324",
    "2.4703282292062328e-324", "1e-400", "1e999999999999999999", "1e-999999999999999999", "0e999999",
    "-0.0e5",
    "123456789012345678901234567890", "0.000000000000000000000000000000000000000000001",
    "1000000000000000000",
    "9999999999999999999", "99999999999999999999", "18446744073709551616", "0.1", "0.30000000000000004",
    "1E5",
    "1e+5", "00000000000000000000000000012.5", "8.41",
  ])
  func `the ends of what doubles hold are read as the C library reads them`(text: String) {
    Self.expectExact(text)
  }

  @Test func `random numbers are read as the C library reads them`() {
    let seed: UInt64 = 20_081
    var random = RandomSource(seed: seed)
    for _ in 0..<40_000 {
      let whole = random.next() >> UInt64(random.below(64))
      let digits = String(random.next() >> UInt64(random.below(64)))
      let exponent = random.below(3) == 0 ? "e\(random.below(660) - 340)" : ""
      Self.expectExact("\(random.below(2) == 0 ? "-" : "")\(whole).\(digits)\(exponent)")
      let double = Double(bitPattern: random.next())
      if double.isFinite { Self.expectExact("\(double)") }
    }
  }

  @Test(arguments: [
    "", " ", "\t ", "nan", "NaN", " NAN ",
  ])
  func `nothing and nan are undefined`(text: String) {
    #expect(Self.read(text) == .undefined)
  }

  @Test(arguments: ["inf", "-Inf", "+infinity", "-INFINITY", "1e400", "-2e308"])
  func `infinities are told apart`(text: String) {
    #expect(Self.read(text) == .infinite)
  }

  @Test(arguments: [
    "x", "1x", "1 2", "--1", "+-1", "1e", "1e+", "e5", ".", "-", "+", "-.", "1.2.3", "0x10", "1,5", "1_000",
    "١", "nan1",
    "infinit", "1e5.5", "\u{feff}1", "\0",
  ])
  func `everything else is no number`(text: String) {
    #expect(Self.read(text) == .malformed)
  }

  @Test func `blanks around a number do not matter`() {
    #expect(Self.read("  -2.5\t") == .number(-2.5))
  }
}
