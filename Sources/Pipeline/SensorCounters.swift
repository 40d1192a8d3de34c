internal import Capture
internal import Packets
internal import Rules
internal import Tracking
internal import Values

/// Every counter of a sensor, in the shape of EVE's `stats`.
struct SensorCounters {
  /// Seconds of packet time since the first frame.
  var uptime: UInt64 = 0
  var capture = CaptureStatistics()
  var times = TimeCounters()
  var decoder = DecoderCounters()
  var mirrored = MirroredCounters()
  /// Datagrams that were captured before, under other VLAN tags.
  var vlanCopies: UInt64 = 0
  /// Packets that were captured on the other side of an address translation, too.
  var natCopies: UInt64 = 0
  var flows = FlowCounters()
  var streams = TCPCounters()
  var messages = MessageCounters()
  var transactions = TransactionCounters()
  var registrations = RegistrationCounters()
  var media = MediaCounters()
  var calls = CallCounters()
  var profiles = ProfileCounters()
  var scores = ScoreCounters()
  var scoreTables = ScoreStage.tableNames.map { (name: $0, usage: TableUsage()) }
  var engine = EngineCounters()
  var fragments = FragmentCounters()
  var sctp = SCTPCounters()
  var fragmentTables = (
    fragments: TableUsage(), sctpFragments: TableUsage(), sctpMessages: TableUsage()
  )
  var streamTables = (streams: TableUsage(), segments: TableUsage())
  /// The tables of messages and media, by the names of their counters.
  var tables = tableNames.map { (name: $0, usage: TableUsage()) }

  private static let tableNames = [
    "sip.repeats", "sip.nonces", "sip.ways", "sip.sender_ways", "sip.answers", "sip.asked", "sip.strangers",
    "sip.answerers",
    "app_layer.streams", "hep.mirrored", "tls.handshaking", "rtp",
    "rtp.announced", "dtls.fragmented", "turn.allocations", "turn.channels",
  ]

  /// Dotted names with values, always the same names in the same order; names of a group stand together.
  var named: [(name: String, value: UInt64)] {
    var list: [(name: String, value: UInt64)] = [
      ("uptime", uptime),
      ("capture.kernel_packets", capture.received),
      ("capture.kernel_drops", capture.droppedByKernel),
      ("capture.kernel_ifdrops", capture.droppedByInterface),
      ("capture.sensor_drops", capture.droppedBySensor),
      ("capture.time_pauses", times.pauses), ("capture.time_set_back", times.resets),
      ("capture.time_strays", times.strays), ("capture.late", times.late),
    ]
    list += capture.hep.named
    list += decoder.named.map { ("decoder." + $0.name, $0.value) }
    list += [
      ("decoder.hep_without_packet", mirrored.withoutPacket), ("decoder.hep_invalid", mirrored.invalid),
      ("decoder.vlan_copies", vlanCopies), ("decoder.nat_copies", natCopies),
    ]
    list += [("flow.total", flows.total)] + flows.usage.named("flow")
    list += flows.measured.named("flow.measured")
    list += defrag + reassembly
    list += Self.grouped(
      messages.named + transactions.named + registrations.named + media.named + calls.named
        + profiles.named + scores.named, tables + scoreTables)
    list += messages.namedBeside
    list += rules
    return list
  }

  /// Takes what scoring counted.
  mutating func take(_ scores: borrowing ScoreStage) {
    self.scores = scores.counters
    scoreTables = scores.tables
  }

  private var defrag: [(name: String, value: UInt64)] {
    [
      ("defrag.ipv4.fragments", fragments.fragmentsIPv4),
      ("defrag.ipv4.reassembled", fragments.reassembledIPv4),
      ("defrag.ipv6.fragments", fragments.fragmentsIPv6),
      ("defrag.ipv6.reassembled", fragments.reassembled &- fragments.reassembledIPv4),
      ("defrag.timeouts", fragments.timedOut), ("defrag.duplicates", fragments.duplicates),
      ("defrag.dropped", fragments.dropped),
    ] + fragmentTables.fragments.named("defrag") + [
      ("sctp.reassembled", sctp.reassembled), ("sctp.duplicates", sctp.duplicates),
      ("sctp.timeouts", sctp.timedOut),
    ] + fragmentTables.sctpFragments.named("sctp") + fragmentTables.sctpMessages.named("sctp.messages")
  }

  private var reassembly: [(name: String, value: UInt64)] {
    let segments = streamTables.segments
    return [
      ("tcp.sessions", streams.streams), ("tcp.midstream_pickups", streams.midstream),
      ("tcp.segments", streams.segments), ("tcp.out_of_order", streams.outOfOrder),
      ("tcp.retransmissions", streams.retransmissions), ("tcp.keep_alives", streams.keepAlives),
      ("tcp.overlap_diff_data", streams.conflicts), ("tcp.reassembly_gap", streams.gaps),
      ("tcp.reassembly_gap_bytes", streams.gapBytes), ("tcp.timeouts", streams.timedOut),
      ("tcp.active_sessions", UInt64(streamTables.streams.entries)),
    ] + streamTables.streams.named("tcp").dropFirst() + [
      ("tcp.reassembly_segments", UInt64(segments.entries)),
      ("tcp.reassembly_memuse", UInt64(segments.bytes)),
      ("tcp.reassembly_memcap", UInt64(segments.byteLimit)),
      ("tcp.reassembly_evicted", segments.evictions), ("tcp.segment_memcap_drop", streams.dropped),
    ]
  }

  private var rules: [(name: String, value: UInt64)] {
    [
      ("detect.alert", engine.alerts), ("detect.alerts_suppressed", engine.suppressed),
      ("detect.alerts_chained", engine.chained),
      ("detect.events", engine.events), ("detect.matches", engine.matches),
      ("detect.excepted", engine.excepted), ("detect.off_schedule", engine.offSchedule),
      ("detect.exceptions_idle", UInt64(engine.idleExceptions)),
      ("detect.exceptions_expired", UInt64(engine.expiredExceptions)),
      ("detect.missing_key", engine.missingKeys), ("detect.late", engine.late),
      ("detect.absences_pending", UInt64(engine.pendingAbsences)),
      ("detect.absences_unknown", engine.unknownAbsences),
      ("detect.sequences_pending", UInt64(engine.pendingSequences)),
      ("detect.sequences_unknown", engine.unknownSequences),
      ("detect.gauge_members", UInt64(engine.liveMembers)), ("detect.held_early", engine.heldEarly),
      ("detect.window_keys", UInt64(engine.windowKeys)),
      ("detect.suppressed_keys", UInt64(engine.suppressedKeys)),
      ("detect.list_entries", UInt64(engine.listEntries)),
      ("detect.memuse", UInt64(engine.bytes)), ("detect.memcap", UInt64(engine.byteLimit)),
      ("detect.evicted", engine.evictions),
    ]
  }

  /// Puts the counters of each table behind those of its group.
  private static func grouped(
    _ list: [(name: String, value: UInt64)], _ tables: [(name: String, usage: TableUsage)]
  ) -> [(name: String, value: UInt64)] {
    var groups: [(name: Substring, counters: [(name: String, value: UInt64)])] = []
    for counter in list + tables.flatMap({ $0.usage.named($0.name) }) {
      let group = counter.name.prefix { $0 != "." }
      if let index = groups.firstIndex(where: { $0.name == group }) {
        groups[index].counters.append(counter)
      } else {
        groups.append((group, [counter]))
      }
    }
    return groups.flatMap(\.counters)
  }
}

extension HEPStatistics {
  /// What listeners received and refused.
  var named: [(name: String, value: UInt64)] {
    [
      ("capture.hep_messages", messages), ("capture.hep_bytes", bytes),
      ("capture.hep_drops", droppedByKernel), ("capture.hep_rejected", rejected),
      ("capture.hep_untrusted", untrusted), ("capture.hep_connections", connections),
      ("capture.hep_connections_refused", refusedConnections),
      ("capture.hep_connections_broken", brokenConnections),
      ("capture.hep_connections_idle", idleConnections),
    ]
  }
}

/// The state of the flow table.
struct FlowCounters {
  var total: UInt64 = 0
  var usage = TableUsage()
  /// The measures of flows that cannot be read.
  var measured = TableUsage()

  init() {}

  init(_ table: borrowing FlowTable) {
    total = table.total
    usage = table.usage
    measured = table.trafficUsage
  }
}
