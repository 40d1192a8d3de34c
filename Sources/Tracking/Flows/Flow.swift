public import Packets
public import Protocols
public import Values

/// One conversation: the counters and facts of both directions of a 5-tuple.
public struct Flow: Sendable {
  /// Addresses, ports, transport and VLANs without direction.
  public internal(set) var key: FlowKey
  /// Whether the lower end of the key sent the first packet and so is the client.
  public internal(set) var clientIsLower: Bool
  /// Identity in the log: positive, below 2^51, the same in every run over the same packets.
  public internal(set) var id: Int64
  /// When the first packet was captured.
  public internal(set) var start: Timestamp
  /// When the last packet was captured; not before `start`.
  public internal(set) var last: Timestamp
  /// Number of the first packet.
  public internal(set) var firstNumber: UInt64
  /// Input that the first packet came from.
  public internal(set) var interface: UInt16
  /// IP version, 4 or 6.
  public internal(set) var ipVersion: UInt8

  /// Frames from the client.
  public internal(set) var packetsToServer: UInt64 = 0
  /// Frames from the server.
  public internal(set) var packetsToClient: UInt64 = 0
  /// Bytes of frames from the client.
  public internal(set) var bytesToServer: UInt64 = 0
  /// Bytes of frames from the server.
  public internal(set) var bytesToClient: UInt64 = 0

  /// How far it has come.
  public internal(set) var state = State.new
  /// What it carries.
  public internal(set) var appProtocol = AppProtocol.unknown
  /// Looks for RTP in what the client sends.
  var probeToServer = RTPProbe()
  /// Looks for RTP in what the server sends.
  var probeToClient = RTPProbe()
  /// Number of the stream that the client's last RTP packet belonged to.
  var streamToServer: Int32 = -1
  /// Number of the stream that the server's last RTP packet belonged to.
  var streamToClient: Int32 = -1
  /// Number of the measure of what cannot be read; negative when there is none.
  var measure: Int32 = -1
  /// Whether keys were agreed on it, so that its content is encrypted.
  public internal(set) var isEncrypted = false
  /// How far a handshake for the keys of its media has come.
  var handshake: MediaHandshake = []
  /// Whether media were announced on it without keys.
  var isAnnouncedInClear = false
  /// The Community ID, once an event asked for it.
  var communityID: CommunityID?
  /// Control bits seen from the client.
  var flagsToServer: TCPFlags = []
  /// Control bits seen from the server.
  var flagsToClient: TCPFlags = []

  /// In place of a measure's number: what it carries is readable, so nothing is to be measured.
  static let isNotMeasured: Int32 = -2

  /// The states of Suricata's flow log.
  public enum State: UInt8, Sendable {
    /// Packets in one direction only.
    case new
    /// Packets in both directions.
    case established
    /// A TCP connection that was reset or finished by both sides.
    case closed

    /// The name in `flow.state`.
    public var name: StaticString {
      switch self {
      case .new: "new"
      case .established: "established"
      case .closed: "closed"
      }
    }
  }

  /// Why a flow's record was closed.
  public enum EndReason: UInt8, Sendable {
    /// No packet for as long as its state allows.
    case timeout
    /// The run ended.
    case shutdown
    /// The table was full and this was its least valuable flow.
    case forced

    /// The name in `flow.reason`.
    public var name: StaticString {
      switch self {
      case .timeout: "timeout"
      case .shutdown: "shutdown"
      case .forced: "forced"
      }
    }
  }

  /// The client's address.
  public var clientAddress: IPAddress { clientIsLower ? key.lowerAddress : key.upperAddress }
  /// The server's address.
  public var serverAddress: IPAddress { clientIsLower ? key.upperAddress : key.lowerAddress }
  /// The client's port.
  public var clientPort: UInt16 { clientIsLower ? key.lowerPort : key.upperPort }
  /// The server's port.
  public var serverPort: UInt16 { clientIsLower ? key.upperPort : key.lowerPort }
}

extension Flow {
  /// The record of a first packet.
  init(_ packet: borrowing Packet, key: FlowKey, isForward: Bool) {
    self.key = key
    clientIsLower = isForward
    start = packet.timestamp
    last = packet.timestamp
    firstNumber = packet.number
    interface = packet.interface
    ipVersion = packet.ipVersion
    id = Self.identity(key, start: packet.timestamp, number: packet.number)
  }

  /// Accounts one packet, with all frames that it was put together from.
  mutating func add(_ packet: borrowing Packet, toServer: Bool) {
    if packet.timestamp > last { last = packet.timestamp }
    let frames = 1 &+ UInt64(packet.earlierFrames)
    let length = UInt64(truncatingIfNeeded: packet.originalLength) &+ UInt64(packet.earlierBytes)
    if toServer {
      packetsToServer &+= frames
      bytesToServer &+= length
      flagsToServer.formUnion(packet.tcpFlags)
    } else {
      packetsToClient &+= frames
      bytesToClient &+= length
      flagsToClient.formUnion(packet.tcpFlags)
      if state == .new { state = .established }
    }
    if packet.transport == .tcp { closeIfFinished() }
  }

  private mutating func closeIfFinished() {
    let isReset = flagsToServer.contains(.rst) || flagsToClient.contains(.rst)
    if isReset || flagsToServer.contains(.fin) && flagsToClient.contains(.fin) { state = .closed }
  }

  /// The seed is fixed on purpose: the identity is part of the log and must not change between runs.
  private static func identity(_ key: FlowKey, start: Timestamp, number: UInt64) -> Int64 {
    var hash = SeededHash(seed: key.hash(seed: 0x52_49_4e_47))
    hash.combine(UInt64(bitPattern: start.nanoseconds))
    hash.combine(number)
    return max(1, Int64(hash.value >> 13))
  }
}
