/// A set of faults: one bit each, iterated in the order of the enumeration.
public struct SIPFaultSet: Sendable, Equatable, Sequence, ExpressibleByArrayLiteral {
  /// One bit for each fault, the bit index being the raw value.
  public private(set) var bits: UInt128 = 0

  /// The empty set.
  @inline(__always)
  public init() {}

  /// The set of the faults given.
  public init(arrayLiteral faults: SIPFault...) {
    for fault in faults { insert(fault) }
  }

  /// Whether there is no fault.
  @inline(__always)
  public var isEmpty: Bool { bits == 0 }

  /// Number of different faults.
  public var count: Int { bits.nonzeroBitCount }

  /// Whether a fault is among them.
  @inline(__always)
  public func contains(_ fault: SIPFault) -> Bool { bits &>> UInt128(fault.rawValue) & 1 == 1 }

  /// Adds a fault.
  @inline(__always)
  public mutating func insert(_ fault: SIPFault) { bits |= 1 &<< UInt128(fault.rawValue) }

  /// Adds all faults of another set.
  @inline(__always)
  public mutating func formUnion(_ other: SIPFaultSet) { bits |= other.bits }

  /// Those of the faults that break a rule of the protocol.
  public var violations: SIPFaultSet {
    var result = SIPFaultSet()
    for fault in self where fault.isViolation { result.insert(fault) }
    return result
  }

  /// The faults one by one, without allocating.
  public func makeIterator() -> Iterator { Iterator(rest: bits) }

  /// Yields the faults from the lowest bit to the highest.
  public struct Iterator: IteratorProtocol {
    fileprivate var rest: UInt128

    /// The next fault.
    public mutating func next() -> SIPFault? {
      guard rest != 0 else { return nil }
      let index = rest.trailingZeroBitCount
      rest &= rest &- 1
      return SIPFault(rawValue: UInt8(truncatingIfNeeded: index))
    }
  }
}
