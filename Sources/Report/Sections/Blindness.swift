/// One thing that could not be seen, with how much there was to see.
struct BlindSpot: Sendable {
  let name: String
  let count: Int
  /// How much there was altogether; nil when there is no such number.
  let of: Int?
  let unit: String
  let meaning: String

  var share: Double? { of.flatMap { $0 > 0 ? Double(count) / Double($0) : nil } }

  static let shape = Shape<BlindSpot>([
    .text("name", "What", "Name of the blind spot") { $0.name },
    .count("count", "Count", "How many") { $0.count },
    .integer("of", "Of", "How many there were altogether") { $0.of },
    .text("unit", "Unit", "What is counted") { $0.unit },
    .share("share", "Share", "Their share") { $0.share },
    .text("meaning", "What it means", "What may have been missed") { $0.meaning },
  ])
}

/// The section `blindness`: what this report cannot know.
struct Blindness: Sendable {
  let spots: [BlindSpot]
  let evictions: [Counted]
  /// Inputs that broke off and lines that were no log.
  let faults: [String]
  /// What was looked for, in how much, and how much of it was found.
  let statements: [Statement]
  let hasCounters: Bool

  /// A finding with its denominator.
  struct Statement: Sendable {
    let text: String
    let found: Int
    let of: Int

    static let shape = Shape<Statement>([
      .text("text", nil, "The sentence") { $0.text },
      .count("found", nil, "How many were found") { $0.found },
      .count("of", nil, "Among how many") { $0.of },
    ])
  }

  /// Spots at which something was not seen.
  var open: [BlindSpot] { spots.filter { $0.count > 0 } }

  static let shape = Shape<Blindness>([
    .rows("statements", "What was looked for and found, always with the denominator", Statement.shape) {
      $0.statements
    },
    .rows("spots", "What could not be seen; a count of 0 says that it was looked at", BlindSpot.shape) {
      $0.spots
    },
    .tally("evictions", "Tables that gave something up because they were full") { $0.evictions },
    .texts("faults", nil, "Inputs that broke off, and lines that could not be read") { $0.faults },
    .flag("has_counters", nil, "Whether the input told what it counted; a log without stats does not") {
      $0.hasCounters
    },
  ])
}

extension BlindSpot {
  /// The spots, in the order from the wire upward.
  static func spots(_ counters: Counters, _ facts: Facts) -> [BlindSpot] {
    let lost = ["capture.kernel_drops", "capture.kernel_ifdrops", "capture.hep_drops"]
    // The kernel handed these over, so they are among its packets.
    let handedOver = counters["capture.kernel_packets"]
    let packets = counters["decoder.pkts"]
    let rows: [(name: String, count: Int?, of: Int?, unit: String, meaning: String)] = [
      (
        "dropped", counters.sum(lost), counters.sum(["capture.kernel_packets"] + lost), "packets",
        "lost before they were read: anything may have been in them"
      ),
      (
        "left unread", counters["capture.sensor_drops"], handedOver, "packets",
        "passed over because the sensor was behind: anything may have been in them"
      ),
      (
        "untrusted", counters.sum(["capture.hep_untrusted", "capture.hep_rejected"]),
        counters["capture.hep_messages"],
        "HEP messages", "of unknown agents, or no HEP"
      ),
      (
        "undecoded", counters.sum(["decoder.unsupported_link_type", "decoder.unknown_ethertype"]), packets,
        "frames", "of a link type or protocol that is not decoded"
      ),
      (
        "without IP", counters.sum(["decoder.arp", "decoder.llc"]), packets, "frames",
        "ARP and IEEE 802.2, which carry no calls"
      ),
      ("broken", counters["decoder.invalid"], packets, "frames", "with a fault below the application"),
      ("truncated", facts.truncated, packets, "faults", "headers or messages that were cut"),
      (
        "unassembled", counters.sum(["defrag.timeouts", "defrag.dropped"]),
        counters.sum(["defrag.ipv4.fragments", "defrag.ipv6.fragments"]),
        "IP packets", "whose fragments did not all come"
      ),
      ("encrypted below", counters["decoder.esp"], packets, "packets", "in IPsec, which is not read"),
      (
        "TCP gaps", counters["tcp.reassembly_gap"], counters["tcp.segments"], "gaps",
        "segments that were never seen; messages in them are missing"
      ),
      (
        "TCP joined late", counters["tcp.midstream_pickups"], counters["tcp.sessions"], "connections",
        "whose beginning was not seen"
      ),
      (
        "time faults", counters.sum(["capture.time_pauses", "capture.time_set_back", "capture.time_strays"]),
        packets,
        "packets", "times that cannot be true; durations around them are doubtful"
      ),
    ]
    return (rows + facts.rows).compactMap { row in
      row.count.map {
        BlindSpot(name: row.name, count: $0, of: row.of, unit: row.unit, meaning: row.meaning)
      }
    }
  }

  /// What the builder counted itself.
  struct Facts {
    let truncated, flows, oneSided, encrypted, unrecognised: Int
    let streams, encryptedStreams, lonelyStreams: Int
    let faultyMessages: Int?
    let messages, calls, openCalls, leftOut: Int

    var rows: [(name: String, count: Int?, of: Int?, unit: String, meaning: String)] {
      [
        (
          "one-sided", oneSided, flows, "flows", "seen in one direction only: replies or requests are missing"
        ),
        ("encrypted flows", encrypted, flows, "flows", "whose content cannot be read"),
        ("unrecognised", unrecognised, flows, "flows", "of no protocol that is known here"),
        ("encrypted media", encryptedStreams, streams, "streams", "measured by their headers only"),
        (
          "media without call", lonelyStreams, streams, "streams",
          "whose signalling was not seen or could not be read"
        ),
        (
          "faulty messages", faultyMessages, messages, "SIP messages",
          "with a fault; parts of them may be missing here"
        ),
        ("unfinished calls", openCalls, calls, "calls and legs", "that went on when the input ended"),
        (
          "left out of the lists", leftOut, nil, "rows", "beyond the limits of this report; totals count them"
        ),
      ]
    }
  }
}
