public import Values

/// What a capture says about a frame, beside its bytes.
public struct FrameHeader: Hashable, Sendable {
  /// When the frame was captured.
  public var timestamp: Timestamp
  /// Number of the frame in this run: 1 is the first, over all files and interfaces.
  public var number: UInt64
  /// Bytes of the frame on the wire; more than were captured when a snap length cut it.
  public var originalLength: Int
  /// What the first bytes are.
  public var linkType: LinkType
  /// Index of the file or network interface among the run's inputs.
  public var interface: UInt16

  /// A header from its fields.
  public init(
    timestamp: Timestamp, number: UInt64, originalLength: Int, linkType: LinkType, interface: UInt16 = 0
  ) {
    self.timestamp = timestamp
    self.number = number
    self.originalLength = originalLength
    self.linkType = linkType
    self.interface = interface
  }
}
