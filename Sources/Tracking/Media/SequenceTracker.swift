/// Follows the sequence numbers of one RTP stream (RFC 3550 §A.1, §A.3): loss, duplicates, order.
///
/// A step of at most 3000 ahead is loss, one of at most 100 back is a late packet or a duplicate. Anything
/// else is a *stray*, until the next number follows it: then the sender has started anew, which opens a
/// new segment and is no loss. Late packets and duplicates are told apart exactly, by a window of the last
/// 128 numbers, so the number of lost packets is never negative, and runs of losses are counted exactly
/// although late packets shorten, close or part them.
///
/// Two senders of one SSRC conflict: a number comes twice with different contents, or a run of numbers that was left
/// goes on where it was left.
struct SequenceTracker: Sendable {
  /// What a number is to those before it.
  enum Place {
    /// It goes on with the segment, late or with a gap perhaps.
    case regular
    /// It came before.
    case repeated
    /// It is far from the others, and may be the first of a new segment.
    case stray
    /// It follows a stray: the sender has started anew.
    case restart
  }

  private static let largestStep = 3000
  private static let largestReturn = 100
  /// A step of more leaves a run of numbers.
  private static let largestGap = 16

  /// First number of the segment.
  private(set) var base: Int64
  /// Highest number of the segment, with the wraps counted in.
  private(set) var highest: Int64
  /// Packets that came again.
  private(set) var duplicates: UInt64 = 0
  /// Packets that came behind a later one.
  private(set) var reordered: UInt64 = 0
  /// Runs of lost packets: what their mean length, and so the burst ratio, follows from.
  private(set) var lossRuns: Int64 = 0
  /// Packets that have the number of another one and not its content, or that go on with a run that was left.
  private(set) var conflicting: UInt64 = 0
  private var received: UInt64 = 1
  private var strays: UInt64 = 0
  /// Numbers below the base that came late: expected, although the segment does not span them.
  private var early: Int64 = 0
  private var earlierSegments: Int64 = 0
  /// Bit n stands for the number n below the highest.
  private var window: UInt128 = 1
  private var awaited: UInt16?
  /// Highest number of the run that was left last.
  private var left: UInt16?
  private var contents = RecentContents()

  /// The state after the first packet.
  init(first sequence: UInt16, content: UInt8 = RecentContents.unknown) {
    base = Int64(sequence)
    highest = Int64(sequence)
    contents[sequence] = content
  }

  /// Packets that the sender sent as far as the numbers tell, RFC 3550 §A.3.
  var expected: Int64 { earlierSegments &+ highest &- base &+ 1 &+ early }

  /// Expected packets that did not come; never negative.
  var lost: Int64 {
    max(0, expected &- Int64(clamping: received &- duplicates &- strays))
  }

  /// Takes the next packet's number, and the digest of what it carries.
  @inline(__always) @discardableResult
  mutating func add(_ sequence: UInt16, content: UInt8 = RecentContents.unknown) -> Place {
    received &+= 1
    let step = Int(Int16(bitPattern: sequence &- UInt16(truncatingIfNeeded: highest)))
    if step == 1 {
      highest &+= 1
      window = window << 1 | 1
      contents[sequence] = content
      return .regular
    }
    return addOutOfStep(sequence, step, content)
  }

  private mutating func addOutOfStep(_ sequence: UInt16, _ step: Int, _ content: UInt8) -> Place {
    if !(-Self.largestReturn...Self.largestGap ~= step), content != RecentContents.unknown {
      leave(for: sequence)
    }
    switch step {
    case 1...Self.largestStep:
      contents[sequence] = content
      lossRuns &+= 1
      highest &+= Int64(step)
      window = window << UInt128(step) | 1
      return .regular
    case -Self.largestReturn...0: return addLate(sequence, -step, content)
    default: return addStray(sequence, content)
    }
  }

  /// Leaves the present run of numbers, for the one that was left before perhaps.
  private mutating func leave(for sequence: UInt16) {
    if let left, 1...UInt16(Self.largestGap) ~= sequence &- left { conflicting &+= 1 }
    left = UInt16(truncatingIfNeeded: highest)
  }

  private mutating func addLate(_ sequence: UInt16, _ distance: Int, _ content: UInt8) -> Place {
    let bit: UInt128 = 1 << UInt128(distance)
    guard window & bit == 0 else {
      duplicates &+= 1
      noteRepeat(of: sequence, content)
      return .repeated
    }
    window |= bit
    contents[sequence] = content
    reordered &+= 1
    guard highest &- Int64(distance) > base else {
      // Nothing in front of the first packet was missed before it came.
      early &+= 1
      return .regular
    }
    let neighbours = window & (bit << 1 | bit >> 1)
    // A hole that stood alone closes; one in the middle of a run makes two of it.
    if neighbours == bit << 1 | bit >> 1 { lossRuns &-= 1 }
    if neighbours == 0 { lossRuns &+= 1 }
    return .regular
  }

  /// Compares a packet with the one that bore its number before; once, since a number that never changes is a fault.
  private mutating func noteRepeat(of sequence: UInt16, _ content: UInt8) {
    let known = contents[sequence]
    guard known != RecentContents.unknown, content != RecentContents.unknown, known != content else { return }
    conflicting &+= 1
    contents[sequence] = RecentContents.unknown
  }

  /// Begins a new segment with a packet: where those before it went was agreed on, so they are no loss.
  mutating func resume(at sequence: UInt16) {
    received &+= 1
    awaited = nil
    left = nil
    earlierSegments = expected
    early = 0
    base = Int64(sequence)
    highest = Int64(sequence)
    window = 1
    contents[sequence] = RecentContents.unknown
  }

  private mutating func addStray(_ sequence: UInt16, _ content: UInt8) -> Place {
    guard awaited == sequence else {
      strays &+= 1
      awaited = sequence &+ 1
      return .stray
    }
    // The stray before this one was the first of the new segment.
    strays &-= 1
    awaited = nil
    earlierSegments = expected
    early = 0
    base = Int64(sequence) &- 1
    highest = Int64(sequence)
    window = 3
    contents[sequence &- 1] = RecentContents.unknown
    contents[sequence] = content
    return .restart
  }
}
