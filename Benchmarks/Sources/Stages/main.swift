import Capture
import Events
import Foundation
import Output
import Packets
import Protocols
import Rules
import Values

/// What the command line asks for.
struct Arguments {
  var capture = ""
  var rules = "../rules"
  var packets = 200_000
  var rounds = 5
  var json = false

  init(_ words: [String]) throws {
    var places: [String] = []
    var rest = words.makeIterator()
    while let word = rest.next() {
      switch word {
      case "--json": json = true
      case "--packets", "--rounds":
        guard let number = rest.next().flatMap({ Int($0) }), number > 0 else { throw Usage() }
        if word == "--packets" { packets = number } else { rounds = number }
      default: places.append(word)
      }
    }
    guard let capture = places.first, places.count <= 2 else { throw Usage() }
    self.capture = capture
    if places.count == 2 { rules = places[1] }
  }

  struct Usage: Error {}
}

/// The least time of one item over several rounds.
struct Stage: Codable {
  var name: String
  var items: Int
  var nanoseconds: Double

  init(_ name: String, items: Int, rounds: Int, _ body: () throws -> Void) rethrows {
    (self.name, self.items) = (name, items)
    var least = Double.infinity
    for _ in 0..<rounds {
      let start = ContinuousClock.now
      try body()
      let time = (ContinuousClock.now - start).components
      least = min(least, Double(time.seconds) * 1e9 + Double(time.attoseconds) * 1e-9)
    }
    nanoseconds = least / Double(max(1, items))
  }
}

/// Measures all stages over one capture.
func measure(_ arguments: Arguments, _ rules: CompiledRuleSet) throws -> [Stage] {
  var recording = Recording()
  var reader = try PcapReader([arguments.capture])
  while recording.frames.count < arguments.packets {
    let rest = min(4096, arguments.packets - recording.frames.count)
    if try reader.read(upTo: rest, visitor: &recording) == .ended { break }
  }
  var payloads = Payloads()
  decode(recording, &payloads)
  let rounds = arguments.rounds
  var stages = [
    try Stage("read", items: recording.frames.count, rounds: rounds) {
      var counted = Counted()
      var reader = try PcapReader([arguments.capture])
      var rest = recording.frames.count
      while rest > 0 {
        let batch = min(4096, rest)
        if try reader.read(upTo: batch, visitor: &counted) == .ended { break }
        rest -= batch
      }
      precondition(counted.count > 0)
    },
    Stage("decode", items: recording.frames.count, rounds: rounds) {
      var counted = Counted()
      decode(recording, &counted)
    },
    Stage("sip", items: payloads.messages.count, rounds: rounds) {
      var message = SIPMessage()
      let bytes = payloads.bytes.span
      for range in payloads.messages { _ = message.parse(bytes.extracting(range), transport: .datagram) }
    },
    Stage("rtp", items: payloads.media.count, rounds: rounds) {
      let bytes = payloads.bytes.span
      var sum: UInt32 = 0
      for range in payloads.media {
        if let header = try? RTPHeader(parsing: bytes.extracting(range)) { sum &+= header.ssrc }
      }
      precondition(payloads.media.isEmpty || sum != 1)
    },
  ]
  let events = try loggedEvents(arguments.capture, rules, limit: 20_000)
  var engine = RuleEngine(rules)
  stages.append(
    Stage("rules", items: events.count, rounds: rounds) {
      engine.restart()
      var alerts: [Alert] = []
      for kept in events { engine.process(kept.event, into: &alerts) }
    })
  var writer = EVEWriter()
  stages.append(
    Stage("log", items: events.count, rounds: rounds) {
      for kept in events {
        writer.write(kept.event)
        if writer.pendingCount > 1 << 20 { writer.takePending { _ in } }
      }
      writer.takePending { _ in }
    })
  return stages
}

func decode<Visitor: PacketVisitor>(_ recording: Recording, _ visitor: inout Visitor) {
  var decoder = PacketDecoder()
  let bytes = recording.bytes.span
  for (range, header) in recording.frames {
    decoder.decode(bytes.extracting(range), header, visitor: &visitor)
  }
}

do {
  let arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))
  let outcome = RuleSetLoader.load([arguments.rules])
  guard let rules = outcome.ruleSet else {
    print("the rules in \(arguments.rules) are not right: ringwatch check \(arguments.rules) says why")
    exit(2)
  }
  let stages = try measure(arguments, rules)
  if arguments.json {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    print(String(decoding: try encoder.encode(stages), as: UTF8.self))
  } else {
    for stage in stages {
      print(stage.name, stage.items, String(format: "%.1f ns", stage.nanoseconds), separator: "\t")
    }
  }
} catch is Arguments.Usage {
  print("usage: Stages CAPTURE [RULES] [--packets N] [--rounds N] [--json]")
  exit(2)
} catch {
  print(error)
  exit(1)
}
