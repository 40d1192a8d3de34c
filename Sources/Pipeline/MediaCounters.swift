/// What media and handshakes were.
struct MediaCounters {
  /// RTP streams and their packets.
  var streams: UInt64 = 0
  var packets: UInt64 = 0
  /// RTCP compound packets.
  var controlPackets: UInt64 = 0
  var stunMessages: UInt64 = 0
  var tlsHandshakes: UInt64 = 0
  /// Hellos.
  var dtlsHandshakes: UInt64 = 0

  var named: [(name: String, value: UInt64)] {
    [
      ("rtp.streams", streams), ("rtp.packets", packets),
      ("rtcp.packets", controlPackets), ("stun.messages", stunMessages),
      ("tls.handshakes", tlsHandshakes), ("dtls.handshakes", dtlsHandshakes),
    ]
  }
}
