/// What can happen to a sensor itself; raw values are the names that logs and rules use and never change.
enum SensorFault: String, CaseIterable {
  /// Other rules were taken.
  case rulesReloaded = "rules.reloaded"
  /// Other rules cannot be used.
  case rulesRejected = "rules.rejected"
  /// A list file changed and cannot be used.
  case listRejected = "rules.list_rejected"
  /// A list has no entry any more.
  case listEmptied = "rules.list_emptied"
  /// Rules had to forget keys.
  case keysEvicted = "rules.keys_evicted"
  /// The source lost packets.
  case packetsLost = "capture.packets_lost"
  /// An interface or a listener broke off.
  case inputLost = "capture.input_lost"
  /// Packet time jumped forward.
  case timePause = "capture.time_pause"
  /// Packet time went back for good.
  case timeSetBack = "capture.time_set_back"
  /// A time stamp cannot be true.
  case timeStray = "capture.time_stray"
  /// Many entities are strange in the same way.
  case populationChanged = "scores.population_changed"

  /// What is named before the dot.
  var layer: String { String(rawValue.prefix { $0 != "." }) }

  /// What happened, in one sentence or two.
  var meaning: String {
    switch self {
    case .rulesReloaded:
      "The rules were loaded again and are taken from here on. `anomaly.detail` says what changed and which "
        + "rules forget what they counted."
    case .rulesRejected:
      "The rules were loaded again and cannot be used; the old ones stay. `anomaly.detail` is the first fault "
        + "with its place."
    case .listRejected:
      "A list file changed and cannot be used; the old list stays. `anomaly.detail` says why."
    case .listEmptied:
      "A list that had entries was loaded again and has none: nothing is in it from here on. `anomaly.detail` is "
        + "its name. Was its file written as a whole?"
    case .keysEvicted:
      "What rules remember is full, and keys were given up or turned away: a flood of sources, or too little "
        + "memory (`limits.rule_memory_mib`); or one key has more than is kept of it (16 chains of a `sequence`, 256 "
        + "values of `first_seen`). `anomaly.detail` says how many; once a minute at the most."
    case .packetsLost:
      "The kernel, the network interface or the capture program lost packets: whether events that a rule with "
        + "`absence` waits for came is unknown. `anomaly.detail` says how many; once a minute at the most."
    case .inputLost:
      "An interface or a listener broke off, as one does that is taken away; nothing comes from it any more, and the others "
        + "are read on. `anomaly.detail` says which one and why."
    case .timePause:
      "Packet time jumped forward by more than an hour: a pause, or a clock that was set. `anomaly.detail` "
        + "says by how much."
    case .timeSetBack:
      "Packet time went back for good: a clock that was set, or another recording. Everything that was open "
        + "has ended, and the windows of rules are empty. `anomaly.detail` says by how much."
    case .timeStray:
      "A time stamp was more than an hour ahead of the packets around it, and was replaced by the time of the "
        + "packet before. `anomaly.detail` says which; once a minute at the most."
    case .populationChanged:
      "So many entities are strange in one feature of one hour that it is nobody's own doing: an outage, a "
        + "holiday, a campaign. That feature is left out of their scores for the hour. `anomaly.detail` says which "
        + "feature and how many."
    }
  }
}
