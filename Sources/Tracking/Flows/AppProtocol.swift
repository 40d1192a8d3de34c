/// The application protocol of a flow, decided by content.
public enum AppProtocol: UInt8, CaseIterable, Sendable {
  case unknown
  case sip, rtp, rtcp, stun, turn, dtls, tls, zrtp, t38, dns, http, rtsp, ssdp, mgcp, iax2, skinny, websocket

  /// The name in `app_proto`.
  public var name: StaticString {
    switch self {
    case .unknown: "unknown"
    case .sip: "sip"
    case .rtp: "rtp"
    case .rtcp: "rtcp"
    case .stun: "stun"
    case .turn: "turn"
    case .dtls: "dtls"
    case .tls: "tls"
    case .zrtp: "zrtp"
    case .t38: "t38"
    case .dns: "dns"
    case .http: "http"
    case .rtsp: "rtsp"
    case .ssdp: "ssdp"
    case .mgcp: "mgcp"
    case .iax2: "iax2"
    case .skinny: "skinny"
    case .websocket: "websocket"
    }
  }
}
