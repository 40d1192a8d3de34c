public import Capture

/// Asks a running sensor through its control socket.
public struct ControlClient {
  private let socket: LocalSocket

  /// Connects to the socket at a path.
  public init(path: String) throws(LocalSocketError) {
    socket = try LocalSocket.connected(to: path)
  }

  /// The answer to a request, one line of JSON without its end; nil when none came within two minutes.
  public func answer(to request: ControlRequest) -> String? {
    guard socket.write(Array((request.rawValue + "\n").utf8), milliseconds: 5000) else { return nil }
    var line: [UInt8] = []
    while case .bytes(let bytes) = socket.read(milliseconds: 120_000) {
      line += bytes
      if line.last == UInt8(ascii: "\n") { return String(decoding: line.dropLast(), as: UTF8.self) }
    }
    return nil
  }
}
