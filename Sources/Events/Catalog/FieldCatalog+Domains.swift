extension FieldCatalog {
  /// The values that a field can have; tests hold the words against those of the code that sets them.
  public static func domain(of field: Field) -> FieldDomain {
    switch field {
    case .callEvent: .words(kindNames(of: .call))
    case .registrationEvent: .words(kindNames(of: .registration))
    case .rtpEvent: .words(kindNames(of: .rtp))
    case .srcCountry, .destCountry, .clientCountry, .serverCountry, .sourceCountry, .callCallerCountry,
      .callCalleeCountry, .callDialledCountry:
      .countries
    case .sipCode, .transactionCode, .callCode, .registrationCode: .numbers(100...699)
    case .transactionProvisional: .numbers(100...199)
    case .alertSeverity: .numbers(Int64(Severity.high.rawValue)...Int64(Severity.info.rawValue))
    case .rtpPayloadType, .rtpPreviousPayloadType: .numbers(0...127)
    default: definition(of: field).type == .port ? .numbers(0...65535) : domainOfWords(field)
    }
  }

  private static func domainOfWords(_ field: Field) -> FieldDomain {
    switch field {
    case .proto: .wordsOrNumbers(transportProtocols, digits: 3)
    case .stunMethod: .wordsOrNumbers(stunMethods)
    case .rtcpTypes: .wordsOrNumbers(["SR", "RR", "SDES", "BYE", "APP", "RTPFB", "PSFB", "XR"])
    default: words(of: field).map { .words($0) } ?? .any
    }
  }

  private static func words(of field: Field) -> [String]? {
    switch field {
    case .appProto: appProtocols
    case .direction: ["to_server", "to_client"]
    case .tunnelProto: tunnelProtocols
    case .sourceThreatLevel, .accountThreatLevel: ["elevated", "high", "severe"]
    case .flowState: ["new", "established", "closed"]
    case .flowReason: ["timeout", "shutdown", "forced"]
    case .flowTraffic: ["voice", "video", "signalling", "unknown"]
    case .sipTransport: ["udp", "tcp", "sctp", "ws"]
    case .anomalyType: ["decode", "stream", "applayer"]
    case .callCalleeType, .callDialledType:
      ["mobile", "fixed", "premium", "satellite", "toll-free", "emergency", "unknown"]
    case .callState: ["calling", "proceeding", "ringing", "waiting", "talking", "held", "ended"]
    case .callCause:
      [
        "answered", "busy", "no-answer", "cancelled", "rejected", "failed", "redirected", "timeout",
        "challenge-unanswered",
      ]
    case .callLegEvidence:
      ["session-id", "header", "icid", "call-id", "sdp-origin", "replaces", "refer", "numbers", "callee"]
    case .callSilentParty: ["caller", "callee"]
    case .callEndedBy: ["caller", "callee", "timeout", "other"]
    case .registrationReason:
      [
        "bad-credentials", "challenge-unanswered", "forbidden", "not-found", "rejected", "server-error",
        "timeout",
      ]
    case .callMOSSource, .rtpMOSSource: ["published", "proxy", "assumed"]
    case .callMOSScale, .rtpMOSScale: ["nb", "wb", "fb"]
    case .rtpDelaySource: ["rtcp", "none"]
    case .rtpCorrelatedBy: ["sdp", "ice", "learned", "none"]
    case .tlsVersion, .dtlsVersion: tlsVersions
    case .dtlsHandshake: ["client_hello", "hello_verify_request", "server_hello", "certificate"]
    case .stunClass: ["request", "indication", "success", "error"]
    case .stunICERole: ["controlling", "controlled"]
    case .scoreEntityType: ["source", "account", "prefix"]
    case .scoreFamily: scoreFamilies
    case .alertAction: ["allowed"]
    default: nil
    }
  }

  /// What the kinds of an event are called behind the dot.
  private static func kindNames(of type: EventType) -> [String] {
    EventKindSet(type).kinds.map { String($0.name.dropFirst(type.name.count + 1)) }
  }

  /// Protocols above IP, by Suricata's names; others are their number.
  private static let transportProtocols = [
    "TCP", "UDP", "SCTP", "ICMP", "IPv6-ICMP", "IGMP", "IP-in-IP", "EGP", "DCCP", "IPv6", "RSVP", "GRE",
    "ESP", "AH", "EIGRP", "OSPFIGP", "ETHERIP", "PIM", "IPComp", "VRRP", "L2TP", "UDPLite", "MPLS-in-IP",
  ]

  /// Application protocols; `failed` is what none of them fits, `unknown` an alert of no packet.
  private static let appProtocols = [
    "sip", "rtp", "rtcp", "stun", "turn", "dtls", "zrtp", "t38", "tls", "http", "rtsp", "ssdp", "dns",
    "mgcp", "megaco", "iax2", "quic", "hep", "failed", "unknown",
  ]

  private static let tunnelProtocols = [
    "ipv4_in_ipv4", "ipv6_in_ipv4", "ipv4_in_ipv6", "ipv6_in_ipv6", "gre", "erspan", "vxlan", "geneve",
    "gtpu", "l2tp", "tzsp", "teredo", "etherip", "mpls", "esp_null", "ethernet", "hep",
  ]

  /// Versions as Suricata writes them; a record may claim to be of any.
  private static let tlsVersions = [
    "SSLv2", "SSLv3", "TLSv1", "TLS 1.1", "TLS 1.2", "TLS 1.3", "DTLS 1.0", "DTLS 1.2", "DTLS 1.3",
    "UNDETERMINED",
  ]

  private static let stunMethods = [
    "binding", "shared_secret", "allocate", "refresh", "send", "data", "create_permission", "channel_bind",
    "connect", "connection_bind", "connection_attempt",
  ]

  private static let scoreFamilies = [
    "volume", "registration", "scan", "failure", "destination", "premium", "outcome", "duration", "media",
    "timing", "identity",
  ]
}
