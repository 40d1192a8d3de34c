import ArgumentParser
import Capture
import Foundation
import Pipeline

/// `ringwatch control`: asks a running ringwatch, or tells it something.
struct ControlCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "control",
    abstract: "Asks a run that has a control socket, or tells it something.",
    discussion: """
      The answer is one line of JSON; of 'reload', 'reopen' and 'shutdown' the words for people without --json.
      Exits with 1 when the run refuses, for instance rules with errors, and with 2 when none can be reached.

      REQUESTS:
      \(ControlRequest.allCases.map { "  \($0.rawValue.padding(toLength: 10, withPad: " ", startingAt: 0))\($0.words)" }.joined(separator: "\n"))

      EXAMPLES:
        ringwatch run -i eth1 -S rules/ --control /run/ringwatch/control
        ringwatch control /run/ringwatch/control reload
        ringwatch control /run/ringwatch/control stats | jq .stats
      """)

  @Flag(help: "Always print the answer as it came.")
  var json = false

  @Argument(help: ArgumentHelp("The socket of 'run --control'.", valueName: "path"))
  var path: String

  @Argument(help: ArgumentHelp("What to ask or tell.", valueName: "request"), transform: Self.request)
  var request: ControlRequest

  @Sendable private static func request(named name: String) throws -> ControlRequest {
    if let request = ControlRequest(rawValue: name) { return request }
    throw ValidationError(ControlRequest.complaint(about: name))
  }

  /// What an answer has for people.
  private struct Words: Decodable {
    let ok: Bool
    let message: String?
    let text: String?
  }

  func run() throws {
    let client: ControlClient
    do throws(LocalSocketError) {
      client = try ControlClient(path: path)
    } catch {
      Terminal.complain("ringwatch: \(error)")
      throw ExitCode(2)
    }
    guard let answer = client.answer(to: request),
      let words = try? JSONDecoder().decode(Words.self, from: Data(answer.utf8))
    else {
      Terminal.complain("ringwatch: \(path): no answer; is that the control socket of a ringwatch?")
      throw ExitCode(1)
    }
    if json || words.message == nil {
      print(answer)
    } else {
      show(words)
    }
    guard words.ok else { throw ExitCode(1) }
  }

  private func show(_ words: Words) {
    if let text = words.text, !text.isEmpty { FileHandle.standardError.write(Data(text.utf8)) }
    guard let message = words.message else { return }
    if words.ok { print(message) } else { Terminal.complain("ringwatch: \(message)") }
  }
}
