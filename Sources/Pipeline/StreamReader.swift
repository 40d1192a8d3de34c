internal import Packets
internal import Protocols
internal import Tracking

/// What is known of one TCP connection that may carry SIP: a framer for each direction.
struct StreamReader {
  /// One direction.
  struct Half {
    var mode = Mode.beginning
    var sip = SIPStreamFramer()
    var webSocket = WebSocketFramer()
    var hep = HEPStreamFramer()
    /// The beginning of an HTTP head that is not complete.
    var head: [UInt8] = []
    /// The last packet, while a message waits for its end.
    var unfinished: Packet?
  }

  /// How a direction is read.
  enum Mode {
    /// Nothing came yet, or too little to tell.
    case beginning
    case sip
    case webSocket
    /// The handshake of TLS, which both directions share.
    case tls
    /// Packets that a server mirrors.
    case hep
    /// Something else.
    case ignored
  }

  var forward = Half()
  var backward = Half()
  /// While a TLS handshake is being read.
  var tls: TLSConnection?
  /// Its place among all handshakes that are being read.
  var tlsPlace = 0

  /// Forgets the connection that had the number before.
  mutating func reset() {
    self = StreamReader()
  }

  subscript(direction: TCPDirection) -> Half {
    get { direction == .forward ? forward : backward }
    set {
      if direction == .forward { forward = newValue } else { backward = newValue }
    }
  }

  /// Takes a direction out to work with it, so that its buffers have one owner.
  mutating func take(_ direction: TCPDirection) -> Half {
    var half = Half()
    if direction == .forward { swap(&half, &forward) } else { swap(&half, &backward) }
    return half
  }
}
