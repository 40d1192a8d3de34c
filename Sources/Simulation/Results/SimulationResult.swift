package import Values

/// What a simulation did: the truth about its capture.
package struct SimulationResult: Sendable {
  /// Name of the scenario.
  package let scenario: String
  /// The seed.
  package let seed: UInt64
  /// The time that was simulated.
  package let start: Timestamp
  package let end: Timestamp
  /// What is in the capture.
  package let counts: TrafficCounts
  let labels: [LabelBook.Label]

  /// How many attacks and how many benign oddities there are.
  package var attackCount: Int { labels.count { !$0.isBenign } }
  package var oddityCount: Int { labels.count { $0.isBenign } }
  /// One line about each attack, for the terminal.
  package var attackLines: [String] {
    labels.filter { !$0.isBenign }.map { label in
      let entity = label.entity.grouped.map { "\($0.name) \($0.values.joined(separator: " "))" }
        .joined(separator: ", ")
      return "\(label.attack): \(label.packets) packets, \(entity)"
    }
  }

  /// `labels.jsonl`: one line for each attack and each oddity, in the order of their beginnings.
  package var labelLines: String {
    let ordered = labels.enumerated().sorted {
      ($0.element.start, $0.offset) < ($1.element.start, $1.offset)
    }
    return ordered.map { line($0.element) + "\n" }.joined()
  }

  private func line(_ label: LabelBook.Label) -> String {
    let entity = label.entity.grouped.map { "\(Self.quoted($0.name)):\(Self.json($0.values))" }
    let rules = label.rules.map(Self.quoted)
    return "{\"start\":\"\(Self.instant(label.start))\",\"end\":\"\(Self.instant(label.end))\","
      + "\"first_packet\":\(label.firstPacket),\"last_packet\":\(label.lastPacket),"
      + "\"packets\":\(label.packets),\"scenario\":\(Self.quoted(scenario)),"
      + "\(label.isBenign ? "\"oddity\"" : "\"attack\""):\(Self.quoted(label.attack)),"
      + "\"entity\":{\(entity.joined(separator: ","))},\"rules\":[\(rules.joined(separator: ","))]}"
  }

  /// `metadata.json`: what was simulated and how much came out.
  ///
  /// - Parameter version: the version of the program.
  package func metadata(version: String) -> String {
    let messages = counts.messages.sorted { $0.key < $1.key }
      .map { "    \(Self.quoted($0.key)): \($0.value)" }.joined(separator: ",\n")
    return """
      {
        "scenario": \(Self.quoted(scenario)),
        "seed": \(seed),
        "version": \(Self.quoted(version)),
        "start": "\(Self.instant(start.nanoseconds))",
        "end": "\(Self.instant(end.nanoseconds))",
        "packets": \(counts.packets),
        "bytes": \(counts.bytes),
        "calls": \(counts.calls),
        "answered": \(counts.answered),
        "attack_calls": \(counts.attackCalls),
        "rtp_packets": \(counts.rtpPackets),
        "rtcp_packets": \(counts.rtcpPackets),
        "retransmissions": \(counts.retransmissions),
        "attacks": \(attackCount),
        "oddities": \(oddityCount),
        "messages": {
      \(messages)
        }
      }

      """
  }

  /// One text, or a list of several.
  private static func json(_ values: [String]) -> String {
    values.count == 1
      ? values.map(quoted).joined() : "[" + values.map(quoted).joined(separator: ",") + "]"
  }

  private static func quoted(_ text: String) -> String {
    var bytes: [UInt8] = [0x22]
    for byte in text.utf8 {
      if byte == 0x22 || byte == 0x5c { bytes.append(0x5c) }
      bytes.append(byte < 0x20 ? 0x20 : byte)
    }
    return String(decoding: bytes + [0x22], as: UTF8.self)
  }

  /// RFC 3339 with microseconds, as the log writes it, in coordinated universal time.
  static func instant(_ time: Int64) -> String {
    let seconds = time.floorDivided(by: 1_000_000_000)
    let civil = CivilTime(secondsSinceEpoch: seconds)
    func padded(_ value: Int, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let date = "\(padded(civil.year, 4))-\(padded(civil.month, 2))-\(padded(civil.day, 2))"
    let clock = "\(padded(civil.hour, 2)):\(padded(civil.minute, 2)):\(padded(civil.second, 2))"
    return "\(date)T\(clock).\(padded(Int(time - seconds * 1_000_000_000) / 1000, 6))Z"
  }
}
