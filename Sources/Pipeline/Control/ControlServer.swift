public import Capture
internal import Foundation
internal import Synchronization

/// A Unix socket through which a running sensor is asked and told: a command a line, an answer a line.
///
/// Each client has a thread; the sensor sees none of them, only what they leave in its mailbox.
public final class ControlServer: Sendable {
  private let socket: LocalSocket
  private let answers: ControlAnswers
  private let clients = Atomic<Int>(0)
  private let isStopped = Atomic<Bool>(false)

  /// Clients at a time.
  static let maximumClients = 8
  /// Bytes of a command at the most.
  static let maximumLine = 256
  /// Milliseconds after which a silent client, or one that takes no answer, is let go.
  private static let patience: Int32 = 60_000

  /// Listens at a path, which becomes a socket for the own user only.
  public init(path: String, answers: ControlAnswers) throws(LocalSocketError) {
    socket = try LocalSocket.listening(at: path)
    self.answers = answers
  }

  /// Begins to take clients.
  public func start() {
    let thread = Thread { [self] in
      while !isStopped.load(ordering: .relaxed) {
        if let client = socket.accept(milliseconds: 200) { take(client) }
      }
    }
    thread.name = "control"
    thread.start()
  }

  /// Takes no more clients, and removes the socket.
  public func stop() {
    isStopped.store(true, ordering: .relaxed)
    socket.removeFile()
  }

  private func take(_ client: LocalSocket) {
    guard clients.wrappingAdd(1, ordering: .relaxed).newValue <= Self.maximumClients else {
      clients.wrappingSubtract(1, ordering: .relaxed)
      say(ControlAnswers.refusal("there are \(Self.maximumClients) clients already"), to: client)
      return
    }
    let thread = Thread { [self] in
      serve(client)
      clients.wrappingSubtract(1, ordering: .relaxed)
    }
    thread.name = "control"
    thread.start()
  }

  private func serve(_ client: LocalSocket) {
    var line: [UInt8] = []
    while !isStopped.load(ordering: .relaxed),
      case .bytes(let bytes) = client.read(milliseconds: Self.patience)
    {
      for byte in bytes {
        guard byte == UInt8(ascii: "\n") else {
          line.append(byte)
          continue
        }
        let text = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespaces)
        line.removeAll()
        guard say(answers.answer(to: text), to: client) else { return }
      }
      guard line.count <= Self.maximumLine else {
        say(ControlAnswers.refusal("a command has at most \(Self.maximumLine) bytes"), to: client)
        return
      }
    }
  }

  @discardableResult
  private func say(_ answer: String, to client: LocalSocket) -> Bool {
    client.write(Array((answer + "\n").utf8), milliseconds: 5000)
  }
}
