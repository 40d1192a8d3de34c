/// What a flow on a VoIP port carries, with the names that the log uses for `app_proto`.
public enum AppProtocol: UInt8, Sendable, CaseIterable {
  case unknown, sip, rtp, rtcp, stun, turn, dtls, zrtp, t38, tls, http, rtsp, ssdp, dns, mgcp, megaco
  case iax2, quic, hep

  /// The name in lower case, as Suricata writes those that it knows; `failed` for unknown.
  public var name: StaticString {
    switch self {
    case .unknown: "failed"
    case .sip: "sip"
    case .rtp: "rtp"
    case .rtcp: "rtcp"
    case .stun: "stun"
    case .turn: "turn"
    case .dtls: "dtls"
    case .zrtp: "zrtp"
    case .t38: "t38"
    case .tls: "tls"
    case .http: "http"
    case .rtsp: "rtsp"
    case .ssdp: "ssdp"
    case .dns: "dns"
    case .mgcp: "mgcp"
    case .megaco: "megaco"
    case .iax2: "iax2"
    case .quic: "quic"
    case .hep: "hep"
    }
  }
}
