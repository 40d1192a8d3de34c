/// What an address, or a client and its server, have been seen to do.
struct AddressRelation: Sendable {
  /// What was seen.
  struct Flags: OptionSet, Sendable {
    let rawValue: UInt8

    /// Of an address: it was granted a registration.
    static let telephone = Flags(rawValue: 1)
    /// Of an address: it has granted one registration at least, two at least.
    static let registrar = Flags(rawValue: 2)
    static let registrarOfMany = Flags(rawValue: 4)
    /// Of a pair: the server has granted the client something, a registration.
    static let grant = Flags(rawValue: 8)
    static let registration = Flags(rawValue: 16)
    /// Of an address: it has said itself that it is no registrar (405, 501).
    static let refusesRegistrations = Flags(rawValue: 32)
    /// Of a pair: the server has answered a call of the client.
    static let call = Flags(rawValue: 64)
  }

  private var flags: Flags = []
  /// When it was first seen to be a telephone, in seconds of packet time.
  private var since: UInt32 = 0

  /// Whether it registers and is no registrar: who grants one registration only, or refuses others, may have been made to
  /// look like that.
  var isTelephone: Bool {
    flags.contains(.telephone) && (!flags.contains(.registrarOfMany) || flags.contains(.refusesRegistrations))
  }

  /// Whether all of this was seen.
  func contains(_ flags: Flags) -> Bool { self.flags.contains(flags) }

  /// Nanoseconds since it was first seen to be a telephone.
  func age(at time: Int64) -> Int64 { time &- Int64(since) &* 1_000_000_000 }

  /// Adds what was seen.
  mutating func insert(_ flags: Flags, at time: Int64) {
    if flags.contains(.telephone), !self.flags.contains(.telephone) {
      since = UInt32(truncatingIfNeeded: time / 1_000_000_000)
    }
    self.flags.formUnion(flags)
  }
}
