/// How to capture from a network interface.
public struct LiveCaptureOptions: Sendable {
  /// Interfaces by name, in the order that `FrameHeader.interface` numbers them.
  public var interfaces: [String]
  /// Bytes kept of each frame.
  public var snapLength = 262_144
  /// Bytes of the kernel's ring buffer for each interface.
  public var bufferSize = 64 * 1024 * 1024
  /// Whether to see frames for other stations.
  public var isPromiscuous = true
  /// Milliseconds that the kernel may hold frames back to give them in batches.
  public var batchDelayMilliseconds = 100
  /// BPF expression (pcap-filter(7)); nil captures everything.
  public var filter: String?

  /// Options for some interfaces; the rest has defaults that suit a span port.
  public init(interfaces: [String]) {
    self.interfaces = interfaces
  }
}
