public import Values

/// What sizes and times of a flow's payloads say, of both directions.
public struct TrafficMeasure: Sendable {
  /// How the payloads come.
  public enum Carrier: Sendable {
    /// Each with borders of its own.
    case datagrams
    /// Cut from a stream, so that sizes and times are also those of the transport.
    case stream
  }

  /// How the payloads come.
  public let carrier: Carrier
  /// From the client.
  public private(set) var toServer = DirectionMeasure()
  /// From the server.
  public private(set) var toClient = DirectionMeasure()
  /// Whether names in the handshake say that it is for SIP.
  public var isNamedForSIP = false
  /// How often the other side took the word, the first time included.
  private(set) var turns: UInt32 = 0
  private var isLastToServer = false
  private(set) var start = Timestamp(nanoseconds: 0)
  private(set) var last = Timestamp(nanoseconds: 0)
  /// Number of the flow that it belongs to.
  var flow: Int32 = -1

  /// A measure of nothing.
  public init(carrier: Carrier) {
    self.carrier = carrier
  }

  /// Adds the payload of a packet.
  public mutating func add(byteCount: Int, toServer isToServer: Bool, at time: Timestamp) {
    if turns == 0 { start = time }
    if turns == 0 || isToServer != isLastToServer { turns &+= 1 }
    isLastToServer = isToServer
    last = max(time, start)
    if isToServer {
      toServer.add(byteCount: byteCount, at: time)
    } else {
      toClient.add(byteCount: byteCount, at: time)
    }
  }
}
