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
    switch self {
    case .frame(let header): header.number
    case .received(let header): header.number
    }
  }
}

/// Frames whose time is in doubt, in the order in which they came, until later ones decide.
struct UndecidedFrames {
  /// So many frames in a row are no accident.
  static let capacity = 32
  private static let byteLimit = 1 << 20

  private(set) var entries: [(bytes: [UInt8], heading: FrameHeading)] = []

  var isEmpty: Bool { entries.isEmpty }
  var count: Int { entries.count }
  /// Whether the bytes leave no room for more.
  var isLarge: Bool { entries.reduce(0) { $0 + $1.bytes.count } >= Self.byteLimit }
  /// Times in the order of the frames.
  var times: some Sequence<Timestamp> { entries.lazy.map(\.heading.timestamp) }

  /// Keeps a frame.
  mutating func append(_ frame: Bytes, _ heading: FrameHeading) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(frame.count)
    for index in frame.indices { bytes.append(frame[index]) }
    entries.append((bytes, heading))
  }

  /// Takes the first frame out.
  mutating func removeFirst() -> (bytes: [UInt8], heading: FrameHeading) { entries.removeFirst() }
}
