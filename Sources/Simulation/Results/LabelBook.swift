/// Who did something that is labelled.
struct LabelledEntity: Sendable {
  /// Names and values, such as `src_ip` and `account`, in order.
  var values: [(name: String, value: String)] = []

  init(_ values: (String, String)...) {
    self.values = values.map { ($0.0, $0.1) }
  }
}

extension LabelledEntity {
  /// Each name once, in order, with all its values.
  var grouped: [(name: String, values: [String])] {
    var groups: [(name: String, values: [String])] = []
    for (name, value) in values {
      if let index = groups.firstIndex(where: { $0.name == name }) {
        groups[index].values.append(value)
      } else {
        groups.append((name, [value]))
      }
    }
    return groups
  }
}

/// All that a simulation knows about its attacks and oddities.
struct LabelBook {
  /// One attack or oddity.
  struct Label: Sendable {
    let attack: String
    /// Honest traffic that goes wrong, no attack.
    let isBenign: Bool
    fileprivate(set) var entity: LabelledEntity
    /// Rules that are right to fire.
    let rules: [String]
    var packets = 0
    var firstPacket = 0
    var lastPacket = 0
    var start: Int64 = 0
    var end: Int64 = 0
  }

  private(set) var labels: [Label] = []

  /// Opens a label; its number, from 1 on, goes along with its packets.
  mutating func open(
    _ attack: String, isBenign: Bool = false, _ entity: LabelledEntity, rules: [String]
  ) -> Int32 {
    labels.append(Label(attack: attack, isBenign: isBenign, entity: entity, rules: rules))
    return Int32(labels.count)
  }

  /// Adds to whom a label is about, such as one more call.
  mutating func add(_ name: String, _ value: String, to label: Int32) {
    labels[Int(label) - 1].entity.values.append((name, value))
  }

  /// Counts a packet, whose number in the file begins with 1.
  mutating func count(_ label: Int32, packet: Int, at time: Int64) {
    let index = Int(label) - 1
    if labels[index].packets == 0 {
      labels[index].firstPacket = packet
      labels[index].start = time
    }
    labels[index].packets += 1
    labels[index].lastPacket = packet
    labels[index].end = time
  }

  /// The comment of a packet.
  func comment(_ label: Int32) -> String? {
    label > 0 ? "label \(label): \(labels[Int(label) - 1].attack)" : nil
  }
}
