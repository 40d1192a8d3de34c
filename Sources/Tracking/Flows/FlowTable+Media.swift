internal import Protocols
internal import Values

/// What the stream table keeps in a flow and asks of it.
extension FlowTable {
  /// What matters of a flow for its RTP.
  struct MediaState {
    let id: Int64
    /// Number of the stream that the direction's last RTP packet belonged to; it may have ended since.
    let recent: Int32
    let appProtocol: AppProtocol
    /// Whether a handshake on it has agreed on keys for SRTP.
    let hasKeys: Bool
  }

  /// The state for a packet's direction.
  @inline(__always)
  func mediaState(_ match: Match) -> MediaState {
    let number = match.number
    return MediaState(
      id: flows[number].id,
      recent: match.toServer ? flows[number].streamToServer : flows[number].streamToClient,
      appProtocol: flows[number].appProtocol, hasKeys: flows[number].handshake.isOver)
  }

  /// The numbers of the streams that both directions' last RTP packets belonged to, or -1.
  func recentStreams(_ match: Match) -> (toServer: Int32, toClient: Int32) {
    (flows[match.number].streamToServer, flows[match.number].streamToClient)
  }

  /// Remembers the stream of a direction's last RTP packet.
  mutating func setRecentStream(_ stream: Int, _ match: Match) {
    let stream = Int32(truncatingIfNeeded: stream)
    if match.toServer {
      flows[match.number].streamToServer = stream
    } else {
      flows[match.number].streamToClient = stream
    }
  }

  /// Looks at one more header of a direction that was not decided to be RTP.
  ///
  /// - Parameter mark: of the peer of a relay; 0 without a relay.
  mutating func probe(_ header: RTPHeader, _ match: Match, of mark: UInt32) -> RTPProbe.Verdict {
    match.toServer
      ? flows[match.number].probeToServer.process(header, of: mark)
      : flows[match.number].probeToClient.process(header, of: mark)
  }
}
