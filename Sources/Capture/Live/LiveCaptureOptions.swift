/// How to capture from network interfaces, and what else to listen to.
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
  /// BPF expression (pcap-filter(7)) for the interfaces; nil captures everything.
  public var filter: String?
  /// Where to listen for HEP; the endpoints are numbered behind the interfaces.
  public var hep = HEPListenerOptions()

  /// Options for some interfaces, or none; the rest has defaults that suit a span port.
  public init(interfaces: [String]) {
    self.interfaces = interfaces
  }

  /// What the inputs are called: the interfaces, then the endpoints of HEP.
  public var inputNames: [String] { interfaces + hep.endpoints.map(\.description) }
}
