internal import CPcap

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// The kernel's groups in which several captures share the frames of their interfaces.
///
/// Linux gives each frame to one member of its group, by a hash that is the same for both directions of a
/// conversation, so that each flow stays with one member (packet(7), PACKET_FANOUT).
public struct SharingGroups: Sendable {
  /// The group of each interface, by its index; empty before the first member.
  var identities: [UInt16] = []

  /// No groups yet: the first member makes them.
  public init() {}
}

extension LiveInterface {
  private static var packetLevel: Int32 { 263 }
  private static var fanout: Int32 { 18 }
  /// By a hash of the flow, after fragments were put together.
  private static var kind: UInt32 { 0x8000 }
  /// The kernel chooses a group that nobody has.
  private static var newGroup: UInt32 { 0x2000 }

  /// Becomes a member of a group, or of a new one without it; gives the group.
  func share(in group: UInt16?) throws(CaptureError) -> UInt16 {
    var value = UInt32(group ?? 0) | (Self.kind | (group == nil ? Self.newGroup : 0)) << 16
    var size = socklen_t(MemoryLayout<UInt32>.size)
    // Safety: the option is a number of four bytes, as is announced.
    guard unsafe setsockopt(descriptor, Self.packetLevel, Self.fanout, &value, size) == 0 else {
      throw notShared(errno)
    }
    if let group { return group }
    guard unsafe getsockopt(descriptor, Self.packetLevel, Self.fanout, &value, &size) == 0 else {
      throw notShared(errno)
    }
    return UInt16(truncatingIfNeeded: value)
  }

  private func notShared(_ number: Int32) -> CaptureError {
    CaptureError(
      input: name, cause: "several lanes cannot share it: \(CaptureError.words(of: number))",
      remedy: "capture in one lane (--lanes 1)")
  }
}
