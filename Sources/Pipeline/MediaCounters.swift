/// What media and handshakes were.
struct MediaCounters {
  /// RTP streams and their packets.
  var streams: UInt64 = 0
  var packets: UInt64 = 0
  /// Streams and candidates in the table now, and at the most.
  var active: UInt64 = 0
  var limit: UInt64 = 0
  /// Streams displaced because the table was full.
  var evicted: UInt64 = 0
  /// Bytes of the table of streams.
  var bytes: UInt64 = 0
  /// RTCP compound packets.
  var controlPackets: UInt64 = 0
  var stunMessages: UInt64 = 0
  var tlsHandshakes: UInt64 = 0
  /// TLS handshakes given up because too many were read at a time.
  var tlsEvicted: UInt64 = 0
  /// Hellos.
  var dtlsHandshakes: UInt64 = 0

  var named: [(name: String, value: UInt64)] {
    [
      ("rtp.streams", streams), ("rtp.packets", packets), ("rtp.active", active), ("rtp.limit", limit),
      ("rtp.evicted", evicted), ("rtp.memuse", bytes),
      ("rtcp.packets", controlPackets), ("stun.messages", stunMessages),
      ("tls.handshakes", tlsHandshakes), ("tls.evicted", tlsEvicted), ("dtls.handshakes", dtlsHandshakes),
    ]
  }
}
