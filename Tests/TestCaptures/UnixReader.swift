import Foundation
import Values

/// Listens at a Unix socket, as who collects logs does; nothing of it waits.
public final class UnixReader {
  private let listener: Int32
  private let isStream: Bool
  private var connection: Int32?

  /// What the system refused.
  public struct Failure: Error {
    let call: String
    let number: Int32
  }

  /// Makes a socket at a path, in the place of one that was there.
  public init(_ path: String, isStream: Bool = true) throws {
    self.isStream = isStream
    _ = unsafe unlink(path)
    listener = UnixAddress.makeSocket(datagrams: !isStream)
    guard let address = UnixAddress(path) else { throw Failure(call: "bind", number: ENAMETOOLONG) }
    let status = address.bind(listener)
    guard status == 0 else { throw Failure(call: "bind", number: status) }
    if isStream, listen(listener, 4) != 0 { throw Failure(call: "listen", number: errno) }
    _ = fcntl(listener, F_SETFL, O_NONBLOCK)
  }

  deinit {
    if let connection { close(connection) }
    close(listener)
  }

  /// What is there: at most so many bytes of a stream, or the next datagram; empty when nothing is.
  public func read(_ limit: Int = 1 << 20) -> [UInt8] {
    if isStream, connection == nil {
      let accepted = accept(listener, nil, nil)
      guard accepted >= 0 else { return [] }
      _ = fcntl(accepted, F_SETFL, O_NONBLOCK)
      connection = accepted
    }
    var room = [UInt8](repeating: 0, count: limit)
    let count = unsafe recv(connection ?? listener, &room, room.count, 0)
    return count > 0 ? Array(room[..<count]) : []
  }

  /// All that is there.
  public func readAll() -> [UInt8] {
    var all: [UInt8] = []
    while true {
      let part = read()
      guard !part.isEmpty else { return all }
      all += part
    }
  }

  /// Texts of all datagrams that are there.
  public func datagrams() -> [String] {
    var all: [String] = []
    while true {
      let part = read()
      guard !part.isEmpty else { return all }
      all.append(String(decoding: part, as: UTF8.self))
    }
  }
}
