internal import Values

/// A machine that speaks SIP: a phone, a server, a trunk or an attacker's program.
final class Station {
  /// What the station is to the network.
  enum Role: Sendable {
    case phone, server, trunk, stranger
  }

  let role: Role
  /// The user part of its addresses.
  let user: String
  /// The name that displays show; empty for none.
  var displayName: String
  /// Where its packets come from, as the sensor sees them.
  let endpoint: Endpoint
  /// Where it believes to be; another address behind NAT.
  let local: Endpoint
  let agent: Agent
  /// The connection to the server; nil for UDP.
  let stream: StreamConnection?
  /// One way to the sensor, in nanoseconds.
  let distance: Int64
  /// What it authenticates with.
  var password = ""
  /// The codecs it offers, best first.
  var codecs: [Codec] = [.pcma]
  /// Until when it is in a call.
  var busyUntil: Int64 = 0
  /// The Call-ID and the last CSeq of its registrations.
  var registrationCallID = ""
  var registrationCSeq = 0
  private var nextPort: UInt16

  init(
    _ role: Role, user: String, displayName: String = "", endpoint: Endpoint, local: Endpoint? = nil,
    agent: Agent, stream: StreamConnection? = nil, distance: Int64 = 200_000, firstMediaPort: UInt16 = 11_780
  ) {
    self.role = role
    self.user = user
    self.displayName = displayName
    self.endpoint = endpoint
    self.local = local ?? endpoint
    self.agent = agent
    self.stream = stream
    self.distance = distance
    nextPort = firstMediaPort
  }

  /// Whether it is behind NAT.
  var isMapped: Bool { endpoint.address != local.address }

  /// `UDP` or `TCP`, as Via writes it.
  var transportName: String { stream == nil ? "UDP" : "TCP" }

  /// The URI where it can be reached.
  var contact: String {
    let target = user.isEmpty ? local.text : "\(user)@\(local.text)"
    return "<sip:\(target)\(stream == nil ? "" : ";transport=tcp")>"
  }

  /// A top Via of a request that it sends.
  func via(_ random: inout RandomSource) -> String {
    "SIP/2.0/\(transportName) \(local.text);branch=\(agent.branch(&random))\(role == .server ? "" : ";rport")"
  }

  /// An even port for the media of one more call.
  func takeMediaPort() -> UInt16 {
    let port = nextPort
    nextPort = nextPort >= 32_000 ? 10_000 : nextPort + 4
    return port
  }
}

/// A TCP connection between a client and the server.
final class StreamConnection {
  let client: Endpoint
  let server: Endpoint
  /// The next sequence numbers of both directions.
  private var clientSequence: UInt32
  private var serverSequence: UInt32

  init(client: Endpoint, server: Endpoint, _ random: inout RandomSource) {
    self.client = client
    self.server = server
    clientSequence = UInt32(truncatingIfNeeded: random.next())
    serverSequence = UInt32(truncatingIfNeeded: random.next())
  }

  /// The numbers for a segment from an address, which count on by its length.
  func advance(from source: Endpoint, by length: Int) -> (sequence: UInt32, acknowledgement: UInt32) {
    let count = UInt32(truncatingIfNeeded: length)
    if source == client {
      defer { clientSequence &+= count }
      return (clientSequence, serverSequence)
    }
    defer { serverSequence &+= count }
    return (serverSequence, clientSequence)
  }
}
