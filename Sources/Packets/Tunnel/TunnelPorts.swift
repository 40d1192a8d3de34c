/// On which UDP ports an encapsulation is looked for.
///
/// A port only makes the decoder look: a payload whose header is not that of the encapsulation stays an
/// ordinary payload, so SIP on one of these ports is still found.
public struct TunnelPorts: Sendable {
  private var entries: [(port: UInt16, kind: Tunnel.Kind)] = []
  /// One bit for each port modulo 64, and one for each port divided by 64 modulo 64: what most packets
  /// need is to see that there is no entry.
  private var lowBits: UInt64 = 0
  private var highBits: UInt64 = 0

  /// The registered ports, and 8472 on which Linux speaks VXLAN.
  public init() {
    for (kind, ports) in Self.registered {
      for port in ports { add(kind, port: port) }
    }
  }

  /// No ports at all.
  public static var none: TunnelPorts {
    var ports = TunnelPorts()
    ports.entries = []
    ports.lowBits = 0
    ports.highBits = 0
    return ports
  }

  /// Looks for an encapsulation on one more port; only kinds that run over UDP have an effect.
  public mutating func add(_ kind: Tunnel.Kind, port: UInt16) {
    entries.append((port, kind))
    lowBits |= 1 << UInt64(port & 63)
    highBits |= 1 << UInt64(port >> 6 & 63)
  }

  /// The encapsulation to look for; that of the destination port comes first.
  @inline(__always)
  func kind(source: UInt16, destination: UInt16) -> Tunnel.Kind {
    guard mayHave(source) || mayHave(destination) else { return .none }
    return search(source: source, destination: destination)
  }

  @inline(__always)
  private func mayHave(_ port: UInt16) -> Bool {
    lowBits &>> UInt64(port & 63) & highBits &>> UInt64(port >> 6 & 63) & 1 != 0
  }

  private func search(source: UInt16, destination: UInt16) -> Tunnel.Kind {
    for entry in entries where entry.port == destination { return entry.kind }
    for entry in entries where entry.port == source { return entry.kind }
    return .none
  }

  private static let registered: [(Tunnel.Kind, [UInt16])] = [
    (.vxlan, [4789, 4790, 8472]), (.geneve, [6081]), (.gtpu, [2152]), (.l2tp, [1701]), (.tzsp, [37_008]),
    (.teredo, [3544]), (.mpls, [6635]), (.gre, [4754]), (.espNull, [4500]),
  ]
}
