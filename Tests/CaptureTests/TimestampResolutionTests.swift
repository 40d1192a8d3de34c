import Testing
import Values

@testable import Capture

/// How the interfaces of a pcapng file count time.
@Suite struct TimestampResolutionTests {
  @Test(arguments: [
    (UInt8(6), Int64(0), UInt64(1_772_403_247_000_001), Int64(1_772_403_247), Int64(1000)),
    (9, 0, 1_772_403_247_000_000_001, 1_772_403_247, 1), (0, -5, 12, 7, 0), (0x81, 10, 3, 11, 500_000_000),
    (0, -5_364_662_400, 0, -5_364_662_400, 0), (0, 7_258_118_400, 0, 7_258_118_400, 0),
  ])
  func `ticks and offset make an instant`(
    exponent: UInt8, offset: Int64, ticks: UInt64, seconds: Int64, nanoseconds: Int64
  ) {
    let resolution = TimestampResolution(exponent: exponent, offsetSeconds: offset)
    #expect(resolution.timestamp(ticks: ticks) == Timestamp(seconds: seconds, nanoseconds: nanoseconds))
  }

  @Test(
    arguments: [Int64.min, -9_223_372_036, -5_364_662_401], [UInt8(0), 6, 9, 19, 20, 127, 0x80, 0xbf, 0xff])
  func `nothing is before 1800`(offset: Int64, exponent: UInt8) {
    let resolution = TimestampResolution(exponent: exponent, offsetSeconds: offset)
    #expect(resolution.timestamp(ticks: 0) == Timestamp(seconds: -5_364_662_400, nanoseconds: 0))
  }

  @Test(arguments: [Int64.max, 9_223_372_036, 7_258_118_401, 0])
  func `nothing is after 2200`(offset: Int64) {
    let resolution = TimestampResolution(exponent: 0, offsetSeconds: offset)
    #expect(resolution.timestamp(ticks: .max) == Timestamp(seconds: 7_258_118_400, nanoseconds: 0))
  }
}
