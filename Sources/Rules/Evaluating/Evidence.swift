internal import Events

/// The packets behind an alert: the numbers of the last ten, oldest first.
public struct Evidence: Sendable {
  /// More are not kept.
  public static let capacity = 10

  private var packets = InlineArray<10, UInt64>(repeating: 0)
  /// Number of packets.
  public private(set) var count = 0

  /// No packets.
  public init() {}

  /// The number of a packet in the input, from 1.
  public subscript(index: Int) -> UInt64 {
    precondition(index < count)
    return packets[index]
  }

  /// The numbers as an array, for tools and tests.
  public var array: [UInt64] { (0..<count).map { packets[$0] } }

  mutating func append(_ packet: UInt64) {
    guard count < Self.capacity, packet != 0 else { return }
    packets[count] = packet
    count += 1
  }

  /// Appends a packet; of more than there is room for the first one goes.
  mutating func push(_ packet: UInt64) {
    if count == Self.capacity, packet != 0 {
      for index in 1..<count { packets[index - 1] = packets[index] }
      count -= 1
    }
    append(packet)
  }
}

extension Evidence: Equatable {
  /// The same packets.
  public static func == (left: Evidence, right: Evidence) -> Bool { left.array == right.array }
}

/// Picks the ten most recent hits.
struct EvidenceCollector {
  private var times = InlineArray<10, Int64>(repeating: 0)
  private var packets = InlineArray<10, UInt64>(repeating: 0)
  private var count = 0

  /// Takes a hit; among the ten that stay they are in the order of time, then of packets.
  mutating func add(time: Int64, packet: UInt64) {
    guard packet != 0 else { return }
    if count == Evidence.capacity {
      guard (times[0], packets[0]) < (time, packet) else { return }
      for index in 1..<count {
        times[index - 1] = times[index]
        packets[index - 1] = packets[index]
      }
      count -= 1
    }
    var place = count
    while place > 0, (times[place - 1], packets[place - 1]) > (time, packet) {
      times[place] = times[place - 1]
      packets[place] = packets[place - 1]
      place -= 1
    }
    times[place] = time
    packets[place] = packet
    count += 1
  }

  /// Whether hits of a time could be among the ten.
  func wants(time: Int64) -> Bool { count < Evidence.capacity || time >= times[0] }

  var evidence: Evidence {
    var result = Evidence()
    for index in 0..<count { result.append(packets[index]) }
    return result
  }
}

extension Event {
  /// The number of the packet in the input, from 1; 0 when it has none.
  var packetNumber: UInt64 { UInt64(clamping: integer(.pcapCnt) ?? 0) }
}
