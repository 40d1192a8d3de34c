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

    /// Bytes of what is not complete.
    var bufferedByteCount: Int {
      sip.bufferedByteCount + webSocket.bufferedByteCount + hep.buffer.count + head.count
    }

    /// Gives up what is not complete. SIP and HEP are found again in what follows.
    mutating func giveUp() {
      sip.gap(byteCount: 1) { _, _ in }
      hep = HEPStreamFramer()
      if mode == .webSocket || mode == .beginning { mode = .ignored }
      webSocket = WebSocketFramer()
      head = []
      unfinished = nil
    }
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
  /// Whether bytes came since the budget of all streams last looked.
  var isFed = false
  /// Its place among all handshakes that are being read.
  var tlsPlace = 0

  /// Bytes of what is not complete.
  var bufferedByteCount: Int { forward.bufferedByteCount + backward.bufferedByteCount }

  /// Gives up what is not complete.
  mutating func giveUp() {
    forward.giveUp()
    backward.giveUp()
  }

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
