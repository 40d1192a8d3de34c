internal import Capture
internal import Packets
internal import Values

/// What comes with the bytes of a frame or of a received message.
enum FrameHeading {
  case frame(FrameHeader)
  case received(ReceivedHeader)

  var timestamp: Timestamp {
    get {
      switch self {
      case .frame(let header): header.timestamp
      case .received(let header): header.timestamp
      }
    }
    set {
      switch self {
      case .frame(var header):
        header.timestamp = newValue
        self = .frame(header)
      case .received(var header):
        header.timestamp = newValue
        self = .received(header)
      }
    }
  }

  /// Number of the frame in the run.
  var number: UInt64 {
    get {
      switch self {
      case .frame(let header): header.number
      case .received(let header): header.number
      }
    }
    set {
      switch self {
      case .frame(var header):
        header.number = newValue
        self = .frame(header)
      case .received(var header):
        header.number = newValue
        self = .received(header)
      }
    }
  }
}

/// What is known of a frame before it is read in its turn.
enum FrameReading {
  /// Nothing.
  case none
  /// It is one whole packet, whose payload is a range of the frame.
  case packet(Packet, payload: ByteRange)
  /// Its layers were walked.
  case unfinished(UnfinishedFrame)

  /// The same at another time.
  func moved(to time: Timestamp) -> FrameReading {
    switch self {
    case .none: return .none
    case .packet(var packet, let payload):
      packet.timestamp = time
      return .packet(packet, payload: payload)
    case .unfinished(var frame):
      frame.setTime(time)
      return .unfinished(frame)
    }
  }
}

/// Frames whose time is in doubt, in the order in which they came, until later ones decide.
struct UndecidedFrames {
  /// So many frames in a row are no accident.
  static let capacity = 32
  private static let byteLimit = 1 << 20

  /// One of them.
  struct Entry {
    let bytes: [UInt8]
    var heading: FrameHeading
    var reading: FrameReading
  }

  private(set) var entries: [Entry] = []

  var isEmpty: Bool { entries.isEmpty }
  var count: Int { entries.count }
  /// Whether the bytes leave no room for more.
  var isLarge: Bool { entries.reduce(0) { $0 + $1.bytes.count } >= Self.byteLimit }
  /// Times in the order of the frames.
  var times: some Sequence<Timestamp> { entries.lazy.map(\.heading.timestamp) }

  /// Keeps a frame.
  mutating func append(_ frame: Bytes, _ heading: FrameHeading, _ reading: FrameReading) {
    var bytes: [UInt8] = []
    bytes.append(copying: frame)
    entries.append(Entry(bytes: bytes, heading: heading, reading: reading))
  }

  /// Takes the first frame out.
  mutating func removeFirst() -> Entry { entries.removeFirst() }
}
