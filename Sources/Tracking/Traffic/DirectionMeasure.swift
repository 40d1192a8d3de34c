internal import Values

/// Sizes and times of the payloads that one direction of a flow carried, in constant space.
///
/// Times are in microseconds, sizes in bytes. A packet less than 4 ms behind another belongs to the same
/// burst; a silence of two seconds is a pause and no interval. After 2^22 packets nothing more is added, so
/// that no sum can overflow.
public struct DirectionMeasure: Sendable {
  /// Packets measured.
  public private(set) var packets: UInt32 = 0
  /// Payload bytes.
  public private(set) var bytes: UInt64 = 0
  private var sizeSquares: UInt64 = 0
  /// Intervals that are no pauses.
  private(set) var intervals: UInt32 = 0
  private var intervalSum: UInt64 = 0
  private var intervalSquares: UInt64 = 0
  /// Intervals by their `Pace`.
  private var paces = SIMD8<UInt32>(repeating: 0)
  /// Silences of two seconds and more.
  private(set) var pauses: UInt32 = 0
  /// Packets of at least `largeSize` bytes.
  private(set) var largePackets: UInt32 = 0
  /// Bursts that began 12–80 ms after the one before, as pictures of 12–80 Hz do.
  private(set) var picturePaces: UInt32 = 0
  /// Bursts of more than one packet.
  private(set) var longBursts: UInt32 = 0
  private var burstPackets: UInt32 = 0
  private var burstStart = Timestamp(nanoseconds: 0)
  private var last = Timestamp(nanoseconds: 0)

  /// How far apart two packets are.
  enum Pace: Int {
    /// Less than 4 ms: one burst.
    case burst
    /// Less than 80 ms, but none of the usual packet times.
    case odd
    case ten, twenty, thirty, forty, sixty
    /// 80 ms and more.
    case slow

    /// The pace of an interval in microseconds.
    init(_ interval: UInt64) {
      switch interval {
      case ..<4_000: self = .burst
      case 8_000..<13_000: self = .ten
      case 15_000..<25_000: self = .twenty
      case 25_000..<35_000: self = .thirty
      case 35_000..<46_000: self = .forty
      case 54_000..<66_000: self = .sixty
      case ..<80_000: self = .odd
      default: self = .slow
      }
    }
  }

  static let largeSize = 600
  private static let packetLimit: UInt32 = 1 << 22
  private static let pause: UInt64 = 2_000_000
  private static let picturePace: Range<UInt64> = 12_000..<80_000

  /// A measure of nothing.
  public init() {}

  /// Adds a payload; one that is older than the one before counts as simultaneous.
  mutating func add(byteCount: Int, at time: Timestamp) {
    guard packets < Self.packetLimit else { return }
    // No payload of IP is longer, and hostile lengths must not overflow the squares.
    let size = UInt64(min(max(byteCount, 0), 0xffff))
    bytes &+= size
    sizeSquares &+= size &* size
    if size >= Self.largeSize { largePackets &+= 1 }
    if packets == 0 {
      beginBurst(at: time)
    } else {
      add(interval: Self.microseconds(from: last, to: time), at: time)
    }
    packets &+= 1
    last = max(last, time)
    if packets == 1 { last = time }
  }

  private mutating func add(interval: UInt64, at time: Timestamp) {
    if interval >= Self.pause {
      pauses &+= 1
    } else {
      intervals &+= 1
      intervalSum &+= interval
      intervalSquares &+= interval &* interval
      paces[Pace(interval).rawValue] &+= 1
    }
    guard Pace(interval) != .burst else {
      burstPackets &+= 1
      if burstPackets == 2 { longBursts &+= 1 }
      return
    }
    if Self.picturePace.contains(Self.microseconds(from: burstStart, to: time)) { picturePaces &+= 1 }
    beginBurst(at: time)
  }

  private mutating func beginBurst(at time: Timestamp) {
    burstStart = time
    burstPackets = 1
  }

  private static func microseconds(from start: Timestamp, to end: Timestamp) -> UInt64 {
    UInt64(max(0, end.nanoseconds(since: start))) / 1_000
  }
}

// MARK: - What follows from the sums

extension DirectionMeasure {
  /// Mean payload size in bytes; 0 without packets.
  public var meanSize: UInt64 { packets > 0 ? bytes / UInt64(packets) : 0 }

  /// Standard deviation of the payload sizes in bytes.
  public var sizeDeviation: UInt64 { Self.deviation(packets, bytes, sizeSquares) }

  /// Mean interval in microseconds, or nil without two packets that are no pause apart.
  public var meanInterval: UInt64? { intervals > 0 ? intervalSum / UInt64(intervals) : nil }

  /// Standard deviation of the intervals in microseconds.
  public var intervalDeviation: UInt64 { Self.deviation(intervals, intervalSum, intervalSquares) }

  /// Intervals that are no bursts and shorter than 80 ms.
  var steadyIntervals: UInt32 { pacedIntervals &+ paces[Pace.odd.rawValue] }

  /// Intervals of a usual packet time.
  var pacedIntervals: UInt32 {
    var sum: UInt32 = 0
    for pace in Pace.ten.rawValue...Pace.sixty.rawValue { sum &+= paces[pace] }
    return sum
  }

  /// Intervals of the most frequent usual packet time.
  var commonestIntervals: UInt32 {
    var most: UInt32 = 0
    for pace in Pace.ten.rawValue...Pace.sixty.rawValue { most = max(most, paces[pace]) }
    return most
  }

  /// Packets that followed another within 4 ms.
  var burstIntervals: UInt32 { paces[Pace.burst.rawValue] }

  /// Intervals that are no bursts, pauses included.
  var separateIntervals: UInt32 { intervals &- burstIntervals &+ pauses }

  /// Whole numbers, with the product in full width: the same on every machine, and nothing is cancelled out.
  private static func deviation(_ count: UInt32, _ sum: UInt64, _ squares: UInt64) -> UInt64 {
    let count = UInt64(count)
    guard count > 1 else { return 0 }
    let product = sum.multipliedFullWidth(by: sum)
    guard product.high < count else { return 0 }
    let (quotient, remainder) = count.dividingFullWidth(product)
    let square = remainder == 0 ? quotient : quotient &+ 1
    return squares > square ? UInt64((Double(squares &- square) / Double(count)).squareRoot().rounded()) : 0
  }
}
